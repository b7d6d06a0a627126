"""Every event of Zalo and what it is to us. Source: reference/zalo-oa.md section 5, read 2026-11-29."""

from __future__ import annotations

from types import MappingProxyType

from channels.event import EventKind, SignalKind

MESSAGES = MappingProxyType(
    {
        "user_send_text": EventKind.TEXT,
        "user_send_image": EventKind.IMAGE,
        "user_send_gif": EventKind.IMAGE,
        "user_send_link": EventKind.LINK,
        "user_send_audio": EventKind.AUDIO,
        "user_send_video": EventKind.VIDEO,
        "user_send_sticker": EventKind.STICKER,
        "user_send_location": EventKind.LOCATION,
        "user_send_file": EventKind.FILE,
        "user_send_business_card": EventKind.CONTACT,
    }
)
"""Messages of a person (section 5.1)."""

OPENINGS = frozenset({"follow", "user_click_chatnow"})
"""The person has come but asked nothing yet (section 5.4)."""

_MEDIA = ("image", "gif", "link", "audio", "video", "sticker", "location", "file", "business_card")

ECHOES = frozenset(f"oa_send_{kind}" for kind in ("text", "list", "template", *_MEDIA))
"""What the account wrote to a person (section 5.2, and the kinds that a person can send, for an officer can too)."""

SIGNALS = MappingProxyType(
    {
        "user_received_message": SignalKind.DELIVERED,
        "user_seen_message": SignalKind.READ,
        "unfollow": SignalKind.UNFOLLOWED,
        "user_withdraw": SignalKind.WITHDREW,
        **dict.fromkeys(
            (
                "user_submit_info", "user_feedback", "user_call_oa", "widget_interaction_accepted",
            ),
            SignalKind.INTERACTED,
        ),
        "user_reacted_message": SignalKind.REACTED,
        **dict.fromkeys(("add_user_to_tag", "remove_user_from_tag", "remove_tag"), SignalKind.TAGGED),
        **dict.fromkeys(("oa_call_user", "oa_send_consent", "user_reply_consent"), SignalKind.CALLED),
        **dict.fromkeys((f"anonymous_send_{kind}" for kind in ("text", *_MEDIA)), SignalKind.ANONYMOUS),
        **dict.fromkeys((f"oa_send_anonymous_{kind}" for kind in ("text", *_MEDIA)), SignalKind.ANONYMOUS),
        **dict.fromkeys(
            (
                "create_group", "delete_group", "update_group_info", "add_group_admin", "remove_group_admin",
                "user_join_group", "user_out_group", "user_request_join_group", "react_request_join_group",
                "accept_request_join_group", "reject_request_join_group",
                *(f"{who}_send_group_{kind}" for who in ("user", "oa") for kind in ("text", *_MEDIA)),
            ),
            SignalKind.GROUP,
        ),
        **dict.fromkeys(
            (
                "change_oa_daily_quota", "change_oa_template_tags", "change_template_quality", "change_template_quota",
                "event_journey_time_out", "event_journey_acknowledged",
            ),
            SignalKind.TEMPLATE,
        ),
        **dict.fromkeys(
            (
                "oa_reacted_message", "update_user_info", "widget_failed_to_sync_user_external_id",
                "extension_purchased", "shop_has_order",
            ),
            SignalKind.ADMINISTRATION,
        ),
    }
)  # fmt: skip
"""Everything else of sections 5.3 to 5.6: it gets no answer."""
