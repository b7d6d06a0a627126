"""What Zalo tells about people, conversations and quotas.

Source: reference/zalo-oa.md sections 8 and 12, read 2026-11-29.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from channels.testing.ledger import Author, Line
from channels.testing.zalo.messages import kind
from channels.testing.zalo.world import OfficialAccount, ZaloUser

MAX_PAGE = 10
"""Items of one page of the history (section 12; one source says 50)."""

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


class BadData(Exception):
    """What was given is not what the call takes: error -201."""


def json_object(given: str | bytes) -> dict[str, Any]:
    """Return the JSON object in the query parameter `data`, or in a body. Raises BadData."""
    try:
        data = json.loads(given)
    except ValueError:
        raise BadData from None
    if not isinstance(data, dict):
        raise BadData
    return data


def page_of(data: Mapping[str, Any]) -> slice:
    """Return the part of the history that is asked for. Raises BadData."""
    try:
        offset, count = int(data["offset"]), int(data["count"])
    except (KeyError, TypeError, ValueError):
        raise BadData from None
    if offset < 0 or not 1 <= count <= MAX_PAGE:
        raise BadData
    return slice(offset, offset + count)


def history(lines: Sequence[Line], page: slice) -> list[dict[str, object]]:
    """Return messages, newest first: `src` is 0 for the OA and 1 for the person."""
    return [_item(line) for line in list(reversed(lines))[page]]


def _item(line: Line) -> dict[str, object]:
    by_person = line.author is Author.PERSON
    ends = (line.person, line.account) if by_person else (line.account, line.person)
    attachments = line.message.get("attachments") or [{}]
    url = str((attachments[0].get("payload") or {}).get("url") or "")
    return {
        "src": int(by_person),
        "time": int(line.at.timestamp() * 1000),
        "sent_time": line.at.astimezone(VIETNAM).strftime("%H:%M:%S %d/%m/%Y"),
        "from_id": ends[0],
        "to_id": ends[1],
        "message_id": line.id,
        "type": str(attachments[0].get("type") or "text") if by_person else kind(line.message),
        "message": line.text,
        "url": url,
    }


def profile(user: ZaloUser) -> dict[str, object]:
    """Return `data` of `/v3.0/oa/user/detail`."""
    last = user.last_interaction_at
    return {
        "user_id": user.user_id,
        "user_id_by_app": user.id_by_app,
        "user_external_id": "",
        "display_name": user.name,
        "user_alias": user.name,
        "is_sensitive": user.is_sensitive,
        "user_last_interaction_date": last.astimezone(VIETNAM).strftime("%d/%m/%Y") if last else "",
        "user_is_follower": user.follows,
        "avatar": "",
        "avatars": {"120": "", "240": ""},
        "tags_and_notes_info": {"notes": [], "tag_names": []},
        "shared_info": {},
    }


def account(oa: OfficialAccount, *, followers: int) -> dict[str, object]:
    """Return `data` of `/v2.0/oa/getoa`; the id is `oaid` there, and 4 is the type of a government's OA."""
    return {
        "oaid": oa.oa_id,
        "name": oa.name,
        "description": "",
        "oa_alias": "",
        "is_verified": oa.send_error != -221,
        "oa_type": 4,
        "cate_name": "Cơ quan nhà nước",
        "num_follower": followers,
        "avatar": "",
        "cover": "",
        "package_name": "Nâng cao",
        "package_valid_through_date": "31/12/2027",
        "package_auto_renew_date": "",
        "linked_zca": "",
    }


def quota(user: ZaloUser) -> dict[str, object]:
    """Return `data` of `/v3.0/oa/quota/message` for one person; `cs_reply.remain` was frozen at 8."""
    last = user.last_interaction_at
    return {
        "last_interaction": str(int(last.timestamp() * 1000)) if last else "",
        "cs_reply": {"remain": 8, "total": 8},
        "promotion": {"daily_remain": 1, "daily_total": 1, "monthly_remain": 30, "monthly_total": 30},
    }


def assets(owner: str, quota_type: str) -> list[dict[str, object]]:
    """Return `data` of the same call for what an OA or an app has bought."""
    asset = {
        "asset_id": f"{owner.lower()}-{quota_type}",
        "valid_through": "31/12/2027",
        "total": 2_000,
        "remain": 2_000,
    }
    return [asset]
