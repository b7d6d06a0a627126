"""Every event of Messenger's catalogue as an item of the documented shape. Pure.

Source: reference/messenger.md sections 5 and 6, read 2026-11-29. `SAMPLES` holds what is particular to each event,
under the very key that marks its type.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

MEDIA = "https://scontent.xx.fbcdn.net/v/t1.15752-9"
"""Links of media are on Meta's CDN, signed, and expire."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One kind of event."""

    key: str  # under which the item holds it
    field: str  # to which an app has to be subscribed
    content: Mapping[str, Any]
    opens_window: bool = False  # which actions do so is not confirmed (section 14 e)
    names_nobody: bool = False  # the item has no sender
    has_time: bool = True


def _attached(kind: str, payload: Mapping[str, Any] | None = None, **beside: Any) -> dict[str, Any]:
    attachment = {"type": kind, **beside, **({"payload": dict(payload)} if payload is not None else {})}
    return {"attachments": [attachment]}


_PRODUCT = {
    "product": {"elements": [{"id": "p1", "retailer_id": "r1", "title": "Sách", "subtitle": "", "image_url": MEDIA}]}
}
CONTENTS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "text": {"text": "Cho tôi hỏi"},
        **{
            kind: _attached(kind, {"url": f"{MEDIA}/{kind}"})
            for kind in ("image", "audio", "video", "file", "reel", "ig_reel", "post", "ig_post")
        },
        "sticker": _attached("sticker", {"url": f"{MEDIA}/sticker.png", "sticker_id": 369239263222822}),
        "old_sticker": _attached("image", {"url": f"{MEDIA}/sticker.png", "sticker_id": 369239263222822}),
        "location": _attached(
            "location",
            {"coordinates": {"lat": 10.7769, "long": 106.7009}},
            title="Vị trí",
            url="https://facebook.com/l",
        ),
        "appointment_booking": _attached("appointment_booking", {"url": f"{MEDIA}/booking"}),
        "fallback": _attached("fallback", title="Một bài báo", url="https://vnexpress.net/a"),
        "template": _attached("template", _PRODUCT),
        "ad_message": {"text": "Tôi thấy quảng cáo", "referral": {"ref": "", "ad_id": "1", "source": "ADS"}},
    }
)
"""Everything that a person can put into a message."""

_OPTIN = {
    "type": "notification_messages", "payload": "news", "title": "Tin mới", "notification_messages_token": "t1",
    "notification_messages_timezone": "Asia/Ho_Chi_Minh", "token_expiry_timestamp": 1798761600000,
    "user_token_status": "NOT_REFRESHED", "notification_messages_status": "RESUME_NOTIFICATIONS",
}  # fmt: skip
_OPTINS = "messaging_optins"
_HANDOVER = "messaging_handovers"

SAMPLES: Mapping[str, Sample] = MappingProxyType(
    {
        **{f"message_{kind}": Sample("message", "messages", content, True) for kind, content in CONTENTS.items()},
        "message_echo": Sample("message", "message_echoes", {"is_echo": True, "mid": "m_out1", "text": "Chào anh/chị"}),
        "postback": Sample("postback", "messaging_postbacks", {"title": "Bắt đầu", "payload": "GET_STARTED"}, True),
        "referral": Sample(
            "referral",
            "messaging_referrals",
            {"ref": "poster-01", "source": "SHORTLINK", "type": "OPEN_THREAD"},
            opens_window=True,
        ),
        "referral_ad": Sample(
            "referral",
            "messaging_referrals",
            {"ref": "", "source": "ADS", "type": "OPEN_THREAD", "ad_id": "1", "ads_context_data": {"ad_title": "Tin"}},
            opens_window=True,
        ),
        "delivery": Sample("delivery", "message_deliveries", {"watermark": 1767225602000}, has_time=False),
        "read": Sample("read", "message_reads", {"watermark": 1767225602500}),
        "reaction": Sample(
            "reaction",
            "message_reactions",
            {"mid": "m_out1", "action": "react", "reaction": "smile", "emoji": "\U0001f600"},
            opens_window=True,
        ),
        "message_edit": Sample("message_edit", "message_edits", {"mid": "m_1", "text": "Đặt 2 bàn", "num_edit": 1}),
        "optin": Sample("optin", _OPTINS, _OPTIN),
        "optin_stop": Sample("optin", _OPTINS, {**_OPTIN, "notification_messages_status": "STOP_NOTIFICATIONS"}),
        "optin_checkbox": Sample("optin", _OPTINS, {"ref": "form-1", "user_ref": "u-1"}, names_nobody=True),
        "optin_once": Sample("optin", _OPTINS, {"type": "one_time_notif_req", "one_time_notif_token": "t1"}),
        "pass_thread_control": Sample(
            "pass_thread_control",
            _HANDOVER,
            {"previous_owner_app_id": None, "new_owner_app_id": "300000000000003", "metadata": ""},
        ),
        "take_thread_control": Sample(
            "take_thread_control",
            _HANDOVER,
            {"previous_owner_app_id": "300000000000003", "new_owner_app_id": "1", "metadata": ""},
        ),
        "request_thread_control": Sample(
            "request_thread_control", _HANDOVER, {"requested_owner_app_id": "1", "metadata": ""}
        ),
        "app_roles": Sample("app_roles", _HANDOVER, {"300000000000003": ["primary_receiver"]}, names_nobody=True),
        "account_linking": Sample(
            "account_linking", "messaging_account_linking", {"status": "linked", "authorization_code": "c1"}
        ),
        "policy-enforcement": Sample(
            "policy-enforcement",
            "messaging_policy_enforcement",
            {"action": "warning", "reason": "The Page sent spam."},
            names_nobody=True,
        ),
        "messaging_feedback": Sample(
            "messaging_feedback", "messaging_feedback", {"feedback_screens": [{"screen_id": 0, "questions": {}}]}
        ),
    }
)
"""Every kind of item with an invented content; `message_template_status_update` and `feed` come as `changes`."""

CHANGES: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "message_template_status_update": {"event": "APPROVED", "message_template_id": "1", "reason": None},
        "feed": {"item": "comment", "verb": "add", "comment_id": "1_1", "message": "Xin hỏi"},
    }
)
"""Changes of a Page, which are not about a conversation."""


def item(
    key: str,
    content: Mapping[str, Any],
    *,
    page_id: str,
    psid: str,
    at_ms: int | None,
    by_page: bool = False,
    user_ref: str | None = None,
) -> dict[str, Any]:
    """Return one item of `messaging` or `standby`; no sender where `psid` is empty and `user_ref` is none."""
    page = {"id": page_id}
    person = {"user_ref": user_ref} if user_ref else {"id": psid}
    ends: dict[str, Any] = {"sender": page, "recipient": person} if by_page else {"sender": person, "recipient": page}
    if not psid and not user_ref:
        del ends["sender"]
    return {**ends, **({} if at_ms is None else {"timestamp": at_ms}), key: dict(content)}
