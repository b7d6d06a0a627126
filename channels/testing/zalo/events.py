"""Every event of Zalo's catalogue as a body of the documented shape. Pure.

Source: reference/zalo-oa.md section 5, read 2026-11-29. `SAMPLES` holds what is particular to each event; the four
envelopes put ids and time around it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

MEDIA = "http://f1-zpc.zdn.vn/jpg/1234567890"
"""Links of media are on hosts of zdn.vn, http as seen in real payloads (section 5.1)."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Whose event it is, and when."""

    app_id: str
    oa_id: str
    user_id: str  # the person; empty where none is concerned
    user_id_by_app: str
    at_ms: int


def _attached(kind: str, **payload: Any) -> Mapping[str, Any]:
    return {"message": {"text": "", "attachments": [{"type": kind, "payload": payload}]}}


_TEXT: Mapping[str, Any] = {"message": {"text": "Cho tôi hỏi"}}
_THUMBNAIL = f"{MEDIA}/thumb.jpg"
_CARD = {"phone": "84900000001", "qrCodeUrl": "https://qr.zalo.me/demo"}

_CONTENTS: Mapping[str, Mapping[str, Any]] = {
    "text": _TEXT,
    "image": _attached("image", url=f"{MEDIA}/a.jpg", thumbnail=_THUMBNAIL),
    "gif": _attached("gif", url=f"{MEDIA}/a.gif", thumbnail=_THUMBNAIL),
    "link": _attached("link", url="https://vnexpress.net/a", thumbnail=_THUMBNAIL, description="Một bài báo"),
    "audio": _attached("audio", url=f"{MEDIA}/a.amr"),
    "video": _attached("video", url=f"{MEDIA}/a.mp4", thumbnail=_THUMBNAIL, description=""),
    "sticker": _attached("sticker", id="c1aed7e3edaa04f45dbb", url="https://zalo-api.zadn.vn/sticker.png"),
    "location": _attached("location", coordinates={"latitude": "10.7769", "longitude": "106.7009"}),
    "file": _attached(
        "file",
        url=f"{MEDIA}/a.pdf",
        name="don.pdf",
        size="20480",
        checksum="0cc175b9c0f1b6a831c399e269772661",
        type="pdf",
    ),
    "business_card": _attached(
        "link", url="https://zalo.me/84900000001", thumbnail=_THUMBNAIL, description=json.dumps(_CARD)
    ),
}
_TEMPLATE = _attached("template", zinstant_id="z1", text="Thông báo", link_url="https://zalo.me", checksum="c1")
_ECHOES: Mapping[str, Mapping[str, Any]] = {
    **{kind: _CONTENTS[kind] for kind in ("text", "image", "gif", "file", "sticker")},
    "list": _TEMPLATE,
    "template": _TEMPLATE,
}
_GROUP = {"group_id": "5000000000000000001"}
_MEMBERS = {**_GROUP, "data": {"user_ids": ["7000000000000000001"]}}
_PHONE_INFO = {"phone": "84900000001", "address": "12 Đường A", "district": "Quận 1", "city": "TP HCM"}

SAMPLES: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        **{f"user_send_{kind}": content for kind, content in _CONTENTS.items()},
        **{f"oa_send_{kind}": content for kind, content in _ECHOES.items()},
        "user_received_message": {"message": {}},
        "user_seen_message": {"message": {"msg_ids": ["demo0001", "demo0002"]}},
        "user_reacted_message": {"message": {"msg_id": "demo0001", "react_icon": "/-heart"}},
        "oa_reacted_message": {"message": {"msg_id": "demo0001", "react_icon": "/-strong"}},
        "user_submit_info": {"info": {"name": "Lê An", **_PHONE_INFO}},
        "user_feedback": {"message": {"note": "", "rate": 5, "feedbacks": ["Nhanh"]}},
        "follow": {"source": "oa_profile"},
        "unfollow": {"source": "oa_profile"},
        "user_click_chatnow": {},
        "user_withdraw": {},
        "user_call_oa": {"call_id": "call0001"},
        "oa_call_user": {"call_id": "call0001"},
        "oa_send_consent": {"reason_code": 101},
        "user_reply_consent": {"user_consent": "ACCEPT"},
        "add_user_to_tag": {"tag": {"name": "khiếu nại", "user_ids": ["7000000000000000001"]}},
        "remove_user_from_tag": {"tag": {"name": "khiếu nại", "user_ids": ["7000000000000000001"]}},
        "remove_tag": {"tag": {"name": "khiếu nại"}},
        "update_user_info": {"data": {"method": "OA_UPDATE"}},
        **{f"anonymous_send_{kind}": content for kind, content in _CONTENTS.items() if kind != "business_card"},
        **{f"oa_send_anonymous_{kind}": _CONTENTS[kind] for kind in ("text", "image", "file", "sticker")},
        **{f"user_send_group_{kind}": content for kind, content in _CONTENTS.items()},
        **{f"oa_send_group_{kind}": _ECHOES[kind] for kind in ("text", "image", "gif", "file", "sticker")},
        **dict.fromkeys(("create_group", "delete_group", "update_group_info"), _GROUP),
        **dict.fromkeys(
            (
                "user_join_group", "user_request_join_group", "accept_request_join_group", "react_request_join_group",
                "reject_request_join_group", "add_group_admin", "remove_group_admin", "user_out_group",
            ),
            _MEMBERS,
        ),
        "change_oa_daily_quota": {"data": {"prev_quota": "500", "new_quota": "1000"}},
        "change_oa_template_tags": {"data": {"prev_tags": [], "new_tags": ["OTP"]}},
        "change_template_quality": {"data": {"template_id": "200607", "new_quality": "HIGH"}},
        "change_template_quota": {"data": {"template_id": "200607", "new_quota": "1000"}},
        "event_journey_time_out": {"data": {"journey_id": "j1"}},
        "event_journey_acknowledged": {"data": {"journey_id": "j1"}},
        "widget_interaction_accepted": {"data": {"user_external_id": "x1"}},
        "widget_failed_to_sync_user_external_id": {"data": {"user_external_id": "x1"}},
        "extension_purchased": {"data": {"extension_id": "e1"}},
        "shop_has_order": {"data": {"order_id": "o1"}},
    }
)  # fmt: skip
"""Every event of the catalogue with an invented content."""

OF_USER = frozenset(
    {"user_click_chatnow", "user_withdraw", "user_call_oa", "oa_call_user", "oa_send_consent", "user_reply_consent"}
)
"""Events of the third shape, which name the person at the top."""

OPENS_WINDOW = frozenset(
    {f"user_send_{kind}" for kind in _CONTENTS}
    | {f"user_send_group_{kind}" for kind in _CONTENTS}
    | {"follow", "user_click_chatnow", "user_call_oa", "user_reply_consent", "user_submit_info", "user_feedback"}
)
"""Interactions after which the OA may write (section 8); whether submitted data count is not said, so it is assumed."""


def event(name: str, frame: Frame, *, message_id: str = "", **details: Any) -> dict[str, Any]:
    """Return the body of an event; `details` replace the sample's fields, `admin_id` names an officer who wrote.

    `message_id` goes into a message that names no id itself, as all but receipts of many messages do.
    """
    admin_id = details.pop("admin_id", None)
    contents = {**SAMPLES.get(name, {}), **details}
    if "msg_ids" not in contents.get("message", {"msg_ids": ()}):
        contents["message"] = {"msg_id": message_id, **contents["message"]}
    if name.startswith(("anonymous_send_", "oa_send_anonymous_")):
        contents["message"] = {"conversation_id": f"c{frame.user_id}", **contents["message"]}
    common = {"app_id": frame.app_id, "event_name": name, "timestamp": str(frame.at_ms)}
    by_app = {"user_id_by_app": frame.user_id_by_app}
    if name in ("follow", "unfollow"):
        return {**common, **by_app, "oa_id": frame.oa_id, "follower": {"id": frame.user_id}, **contents}
    if name in OF_USER:
        return {**common, **by_app, "oa_id": frame.oa_id, "user_id": frame.user_id, **contents}
    if "message" in contents or "info" in contents:
        return {**common, **by_app, **_ends(name, frame, admin_id), **contents}
    return {**common, "oa_id": frame.oa_id, **contents}


def _ends(name: str, frame: Frame, admin_id: str | None) -> dict[str, dict[str, str]]:
    """Return sender and recipient; receipts count as written by the OA, as most implementations have seen them."""
    oa = {"id": frame.oa_id, **({"admin_id": admin_id} if admin_id else {})}
    user = {"id": frame.user_id}
    by_oa = name.startswith("oa_") or name in ("user_received_message", "user_seen_message")
    ends = {"sender": oa, "recipient": user} if by_oa else {"sender": user, "recipient": oa}
    if "_send_group_" in name:
        return {**ends, "group": {"id": "5000000000000000001"}}
    return ends
