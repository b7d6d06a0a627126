"""May this page ask? Servers name no origin and may use the API; pages may where an agency has named their origin."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from channels.agency import Agency
from channels.errors import BadRequest
from channels.origin import origin_of, origin_of_url

_OWN_SITE = (None, "same-origin", "none")
"""What `Sec-Fetch-Site` says of requests of our own pages; older browsers say nothing."""


def verify(*, origin: str | None, host: str, requires_consent: bool = False) -> None:
    """Return when the request comes from a server or from our own page. Raises BadRequest (403) for another site.

    `host` is the Host header; an `origin` of null (sandboxed pages, files) is another site. Where people have to
    consent first our own page may not ask either (409): the widget does.
    """
    if origin is None:
        return
    site = origin.lower().partition("://")[2]
    if not site or site != host.lower():
        raise BadRequest("foreign_origin", "pages of other sites may not use this API", http_status=403)
    if requires_consent:
        raise BadRequest("consent_required", "pages use the widget, which asks for consent", http_status=409)


@dataclass(frozen=True, slots=True)
class Caller:
    """Where a request of a browser comes from, by its headers."""

    origin: str | None  # as sent; browsers leave it out when a page reads from its own origin
    own: str  # the origin under which the gateway was reached
    site: str | None = None  # Sec-Fetch-Site
    names_none: bool = False  # a reading or a form, which may come without an origin


class Origins:
    """Which origins may speak in the name of which agency: compared whole, letter by letter, never by parts."""

    def __init__(self, agencies: Iterable[Agency], *, public_url: str | None = None) -> None:
        self._of_agency = {agency.id: frozenset(agency.origins) for agency in agencies}
        self._known = frozenset(origin for origins in self._of_agency.values() for origin in origins)
        self._public = origin_of_url(public_url) if public_url else None

    def own(self, scheme: str, host: str) -> str:
        """Return the gateway's own origin as this request reached it.

        Under the host of the public address it is that address, whatever a proxy says of the scheme.
        """
        if self._public is not None and self._public.partition("://")[2] == host.lower():
            return self._public
        return origin_of(scheme, host)

    def admit(self, caller: Caller, agency_id: str) -> str:
        """Return the origin that speaks for an agency. Raises BadRequest (403) for any other."""
        if caller.origin is None and caller.names_none and caller.site in _OWN_SITE:
            return caller.own
        allowed = self._of_agency.get(agency_id, frozenset())
        if caller.origin is None or not (caller.origin == caller.own or caller.origin in allowed):
            raise BadRequest("foreign_origin", "this page may not speak for the agency", http_status=403)
        return caller.origin

    def headers(self, caller: Caller) -> dict[str, str]:
        """Return the headers by which a browser lets a page read an answer: none for a page that nobody named."""
        headers = {"vary": "origin"}
        if self.knows(caller):
            headers["access-control-allow-origin"] = str(caller.origin)
            headers["access-control-expose-headers"] = "retry-after"
        return headers

    def knows(self, caller: Caller) -> bool:
        """Tell whether the origin is our own or some agency's."""
        return caller.origin is not None and (caller.origin == caller.own or caller.origin in self._known)
