"""May this browser ask? Servers name no origin and may; pages of other sites may not."""

from __future__ import annotations

from channels.errors import BadRequest


def verify(*, origin: str | None, host: str) -> None:
    """Return when the request comes from a server or from our own page. Raises BadRequest (403) for another site.

    `host` is the Host header; an `origin` of null (sandboxed pages, files) is another site.
    """
    if origin is None:
        return
    site = origin.lower().partition("://")[2]
    if not site or site != host.lower():
        raise BadRequest("foreign_origin", "pages of other sites may not use this API", http_status=403)
