"""What the fake Graph API tells about tokens, people and conversations.

Source: reference/messenger.md sections 10 and 11, read 2026-11-29.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from channels.testing.graph.calls import Asked, Bearer, GraphFault, app_of, own_page
from channels.testing.graph.scene import GraphScene
from channels.testing.graph.world import PageUser
from channels.testing.ledger import Author, Line

_MESSAGES = re.compile(r"messages(?:\.limit\((\d+)\))?\{([^}]*)\}")

DEFAULT_LIMIT = 25


def debug_token(scene: GraphScene, asked: Asked) -> object:
    """Answer `GET /debug_token` for a call with the app's own token. Raises GraphFault."""
    app = app_of(scene, asked)
    token = scene.tokens.get(asked.text("input_token"))
    if token is None or token.app_id != app.app_id:
        error = {"code": 190, "message": "Invalid OAuth access token - Cannot parse access token"}
        return {"data": {"is_valid": False, "scopes": [], "error": error}}
    is_over = token.expires_at is not None and scene.clock.now() >= token.expires_at
    expires_at = 0 if token.expires_at is None else int(token.expires_at.timestamp())
    data: dict[str, object] = {
        "app_id": app.app_id,
        "type": "PAGE",
        "application": "govchat",
        "data_access_expires_at": 0,
        "expires_at": expires_at,
        "is_valid": token.is_valid and not is_over,
        "profile_id": token.page_id,
        "scopes": list(token.scopes),
        "user_id": "1",
    }
    if not data["is_valid"]:
        data["error"] = {"code": 190, "subcode": 463 if is_over else 460, "message": "The token is no longer good"}
    return {"data": data}


def app_subscriptions(scene: GraphScene, asked: Asked) -> object:
    """Answer `GET /{app}/subscriptions` for a call with the app's own token. Raises GraphFault."""
    app = app_of(scene, asked)
    if asked.object_id != app.app_id:
        raise GraphFault(100, 33, "Unsupported get request")
    fields = [{"name": name, "version": "v26.0"} for name in sorted(app.fields)]
    page = {"object": "page", "callback_url": app.callback_url, "active": True, "fields": fields}
    return {"data": [page] if fields else []}


def thing(scene: GraphScene, caller: Bearer, asked: Asked) -> object:
    """Answer `GET /{id}`: the Page itself, or somebody who wrote to it. Raises GraphFault."""
    if asked.object_id in ("me", caller.page.page_id):
        return {"id": caller.page.page_id, "name": caller.page.name}
    user = scene.known(caller.page.page_id, asked.object_id)
    if user is None or user.last_action_at is None:
        raise GraphFault(100, 33, "Unsupported get request")
    last_name, _, first_name = user.name.rpartition(" ")
    whole = {"first_name": first_name, "last_name": last_name, "name": user.name, "profile_pic": ""}
    fields = asked.text("fields").split(",") if asked.text("fields") else list(whole)
    return {**{name: whole[name] for name in fields if name in whole}, "id": user.psid}


def conversations(scene: GraphScene, caller: Bearer, asked: Asked) -> object:
    """Answer `GET /{page}/conversations`: one person's with `user_id`, else all, the last changed first.

    `fields` may hold `participants` and `messages{…}` or `messages.limit(n){…}`; `limit` and `after` turn pages.
    """
    page = own_page(asked, caller)
    keys = [key for key in scene.ledger.conversations() if key[0] == page.page_id]
    if user_id := asked.text("user_id"):
        keys = [key for key in keys if key[1] == user_id]
    threads = sorted((scene.ledger.conversation(*key) for key in keys), key=lambda lines: lines[-1].at, reverse=True)
    start, limit = _number(asked, "after", 0), _number(asked, "limit", DEFAULT_LIMIT)
    shown = [_conversation(scene, lines, asked.text("fields")) for lines in threads[start : start + limit]]
    answer: dict[str, object] = {"data": shown}
    if start + limit < len(threads):
        answer["paging"] = {"cursors": {"after": str(start + limit)}}
    return answer


def _number(asked: Asked, name: str, default: int) -> int:
    text = asked.text(name) or str(default)
    if not text.isdecimal():
        raise GraphFault(100, None, name)
    return int(text)


def _conversation(scene: GraphScene, lines: Sequence[Line], fields: str) -> dict[str, object]:
    user = scene.user(lines[0].account, lines[0].person)
    found: dict[str, object] = {"id": f"t_{user.page_id}_{user.psid}", "updated_time": _time(lines[-1].at)}
    if "participants" in fields:
        page = {"id": user.page_id, "name": scene.pages[user.page_id].name}
        found["participants"] = {"data": [{"id": user.psid, "name": user.name}, page]}
    if match := _MESSAGES.search(fields):
        names = [name.strip() for name in match.group(2).split(",")]
        newest = list(reversed(lines))[: int(match.group(1) or DEFAULT_LIMIT)]
        found["messages"] = {"data": [_message(scene, user, line, names) for line in newest]}
    return found


def _message(scene: GraphScene, user: PageUser, line: Line, names: Sequence[str]) -> dict[str, object]:
    page = {"id": user.page_id, "name": scene.pages[user.page_id].name}
    person = {"id": user.psid, "name": user.name}
    by_person = line.author is Author.PERSON
    whole: dict[str, object] = {
        "message": line.text,
        "created_time": _time(line.at),
        "from": person if by_person else page,
        "to": {"data": [page if by_person else person]},
    }
    return {"id": line.id, **{name: whole[name] for name in names if name in whole}}


def _time(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S+0000")
