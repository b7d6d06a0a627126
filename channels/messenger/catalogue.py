"""Every event of Messenger and what it is to us. Source: reference/messenger.md sections 5 and 6, read 2026-11-29."""

from __future__ import annotations

from types import MappingProxyType

from channels.event import EventKind, SignalKind

GET_STARTED = "GET_STARTED"
"""Payload of the button with which a person opens the conversation."""

ATTACHMENTS = MappingProxyType(
    {
        "image": EventKind.IMAGE,
        "audio": EventKind.AUDIO,
        "video": EventKind.VIDEO,
        "file": EventKind.FILE,
        "sticker": EventKind.STICKER,
        "location": EventKind.LOCATION,
        **dict.fromkeys(("fallback", "template", "reel", "ig_reel", "post", "ig_post"), EventKind.LINK),
    }
)
"""Kinds of attachment (section 6.1); what is not here, such as appointment_booking, is OTHER."""

SIGNALS = MappingProxyType(
    {
        "delivery": SignalKind.DELIVERED,
        "read": SignalKind.READ,
        "message_edit": SignalKind.EDITED,
        "reaction": SignalKind.INTERACTED,
        "referral": SignalKind.INTERACTED,
        "optin": SignalKind.REACTED,
        "messaging_feedback": SignalKind.REACTED,
        "request_thread_control": SignalKind.OWNER,
        "app_roles": SignalKind.OWNER,
        "account_linking": SignalKind.LINKED,
        "policy-enforcement": SignalKind.POLICY,
        "message_template_status_update": SignalKind.TEMPLATE,
    }
)
"""Items that get no answer (sections 6.4 to 6.8), by the key that marks them."""

CONTROLS = ("pass_thread_control", "take_thread_control")
"""Items by which a conversation changes hands (section 6.7)."""

MARKS = ("message", "postback", *CONTROLS, *SIGNALS)
"""Keys of which an item has exactly one (section 5)."""
