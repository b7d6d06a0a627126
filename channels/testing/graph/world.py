"""The nouns of the fake Graph API: apps, Pages, their tokens, and the people who write to them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

WINDOW = timedelta(hours=24)
"""A Page may answer for so long after the person's last action (reference/messenger.md section 7.4, official)."""

INBOX_APP_ID = "263902037430900"
"""App id of the Page inbox, where people of the Page answer by hand (section 1)."""

FIELDS = frozenset(
    {
        "messages", "messaging_postbacks", "message_echoes", "message_deliveries", "message_reads",
        "message_reactions", "message_edits", "messaging_referrals", "messaging_optins", "messaging_handovers",
        "standby", "messaging_policy_enforcement", "messaging_account_linking", "messaging_feedback",
        "message_template_status_update", "feed",
    }
)  # fmt: skip
"""Fields to which an app can be subscribed (section 2)."""

SCOPES = ("pages_messaging", "pages_manage_metadata", "pages_show_list")

Code = tuple[int, int | None]
"""An error's code and subcode."""


@dataclass(slots=True)
class MetaApp:
    """An app of developers.facebook.com."""

    app_id: str
    secret: str = field(repr=False)  # signs webhooks and proves calls
    requires_proof: bool = True  # "Require App Secret" in its settings
    callback_url: str = "https://example.vn/webhooks/messenger"
    fields: frozenset[str] = FIELDS  # subscribed for the app as a whole

    @property
    def access_token(self) -> str:
        """The app's own token."""
        return f"{self.app_id}|{self.secret}"


@dataclass(slots=True)
class FacebookPage:
    """A Page."""

    page_id: str
    name: str
    default_app: str | None = None  # answers conversations that nobody owns; None: every subscribed app
    subscribed: dict[str, frozenset[str]] = field(default_factory=dict)  # app id -> fields
    profile: dict[str, Any] = field(default_factory=dict)  # what messenger_profile holds
    send_error: Code | None = None  # 10/1893063 restricted, 368 blocked for policy


@dataclass(slots=True)
class PageToken:
    """A Page access token."""

    value: str = field(repr=False)
    page_id: str
    app_id: str
    expires_at: datetime | None = None  # None: never
    is_valid: bool = True
    scopes: tuple[str, ...] = SCOPES


@dataclass(slots=True)
class PageUser:
    """A person as one Page knows them."""

    page_id: str
    psid: str
    name: str = "Nguyễn Văn Thử"
    last_action_at: datetime | None = None
    owner: str | None = None  # app id of whoever owns the conversation; None: idle
    send_error: Code | None = None  # 551 blocked or deactivated, 10/2018108 not receiving
    typing: bool = False  # whether a typing sign stands on their phone
    has_seen_mark: bool = False

    def acts(self, now: datetime) -> None:
        """Open the window."""
        self.last_action_at = now

    def is_open(self, now: datetime) -> bool:
        """Tell whether the Page may answer."""
        return self.last_action_at is not None and now - self.last_action_at <= WINDOW
