"""What every call of the fake Graph API has in common: version, token, proof, and the shape of errors.

Source: reference/messenger.md sections 7, 9 and 10, read 2026-11-29.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from channels.testing.exchange import Answer, Call
from channels.testing.graph.scene import GraphScene
from channels.testing.graph.world import FacebookPage, MetaApp, PageToken
from channels.testing.signing import proof

_PATH = re.compile(r"/v(\d+)\.\d+/([A-Za-z0-9_]+)(?:/([a-z_]+))?/?")

STATUSES = {1: 500, 2: 500, 4: 403, 10: 403, 200: 403, 368: 400, 1200: 500}
"""HTTP status of a code; 400 for the others."""


RATE_CODES = frozenset({4, 17, 32, 613, 80006, 80007})
"""Codes of a limit of calls; the answer may say how many minutes it lasts."""


class GraphFault(Exception):
    """The API answers with an error object."""

    def __init__(self, code: int, subcode: int | None, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.subcode = subcode
        self.reason = reason

    def as_answer(self, *, regain_minutes: int | None = None) -> Answer:
        """Return the error object of section 9, with the usage header where a limit is said to last so long."""
        error: dict[str, Any] = {
            "message": f"(#{self.code}) {self.reason}",
            "type": "OAuthException",
            "code": self.code,
        }
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        headers = {}
        if regain_minutes is not None and self.code in RATE_CODES:
            usage = {"0": [{"type": "messenger", "estimated_time_to_regain_access": regain_minutes}]}
            headers["x-business-use-case-usage"] = json.dumps(usage)
        return Answer(STATUSES.get(self.code, 400), {"error": {**error, "fbtrace_id": "AbCdEfGh"}}, headers)


@dataclass(frozen=True, slots=True)
class Asked:
    """A call that was understood: an object of the graph, one of its edges, and what was given along."""

    call: Call
    object_id: str
    edge: str  # "" for the object itself
    given: dict[str, Any]  # query and JSON body together

    def text(self, name: str) -> str:
        """Return a parameter as text, "" where it is absent."""
        value = self.given.get(name)
        return value if isinstance(value, str) else "" if value is None else json.dumps(value)


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who calls: an app with a token of a Page."""

    token: PageToken
    app: MetaApp
    page: FacebookPage


def read(call: Call) -> Asked:
    """Understand a call. Raises GraphFault."""
    match = _PATH.fullmatch(call.path)
    if match is None:
        raise GraphFault(2500, None, "Unknown path components, or no version")
    given: dict[str, Any] = dict(call.query)
    if call.body:
        try:
            body = json.loads(call.body)
        except ValueError:
            body = call.form()
        if not isinstance(body, dict):
            raise GraphFault(100, None, "Invalid parameter")
        given |= body
    return Asked(call, match.group(2), match.group(3) or "", given)


def bearer(scene: GraphScene, asked: Asked) -> Bearer:
    """Return who calls with a Page token. Raises GraphFault: 190 for the token, 100 for its proof."""
    value = _token_of(asked)
    token = scene.tokens.get(value)
    if token is None or not token.is_valid:
        raise GraphFault(190, 460 if token else None, "Invalid OAuth access token")
    if token.expires_at is not None and scene.clock.now() >= token.expires_at:
        raise GraphFault(190, 463, "Error validating access token: Session has expired")
    app = scene.apps[token.app_id]
    given = asked.text("appsecret_proof")
    if not given and app.requires_proof:
        raise GraphFault(100, None, "API calls from the server require an appsecret_proof argument")
    if given and given != proof(value, app.secret):
        raise GraphFault(100, None, "Invalid appsecret_proof provided in the API argument")
    return Bearer(token, app, scene.pages[token.page_id])


def app_of(scene: GraphScene, asked: Asked) -> MetaApp:
    """Return the app that calls with its own token, "id|secret". Raises GraphFault."""
    value = _token_of(asked)
    for app in scene.apps.values():
        if value == app.access_token:
            return app
    raise GraphFault(190, None, "Invalid OAuth access token")


def own_page(asked: Asked, caller: Bearer) -> FacebookPage:
    """Return the Page of which the call speaks. Raises GraphFault when the token is another Page's."""
    if asked.object_id not in ("me", caller.page.page_id):
        raise GraphFault(100, 33, "Unsupported request: the object does not exist or cannot be loaded with this token")
    return caller.page


def _token_of(asked: Asked) -> str:
    header = asked.call.headers.get("authorization", "")
    return header.removeprefix("Bearer ").strip() if header else asked.text("access_token")
