"""The nouns of the fake Zalo: apps, Official Accounts and the people who write to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

FREE_WINDOW = timedelta(hours=48)
"""Messages are free for so long after the person's last interaction (reference/zalo-oa.md section 8)."""

HARD_WINDOW = timedelta(days=7)
"""After so long the OA may not write at all (section 8, official)."""

WELCOMES = 3
"""Free messages to somebody who follows and has not written yet (section 8)."""


@dataclass(slots=True)
class ZaloApp:
    """An app of developers.zalo.me."""

    app_id: str
    secret: str = field(repr=False)  # App Secret Key: token calls and appsecret_proof
    oa_secret_key: str = field(repr=False)  # signs webhooks
    callback_url: str | None = None  # the registered "Official Account Callback Url"; None: any is taken
    events: frozenset[str] | None = None  # toggles of the console that are on; None: all
    send_error: int | None = None  # -209 not active, -212 API not registered, -219 removed


@dataclass(slots=True)
class OfficialAccount:
    """An OA."""

    oa_id: str
    name: str
    accepts_cards: bool = True  # whether text with buttons is taken by /v3.0/oa/message/cs: not documented, section 7
    has_syntax_filter: bool = False  # "Lọc cú pháp": only texts that begin with # reach the webhook
    send_error: int | None = None  # -204 disabled, -221 not verified, -224 package, -248 standards violated
    menu: Mapping[str, Any] | None = None
    billed: int = 0  # messages that cost money


@dataclass(slots=True)
class ZaloUser:
    """A person as one OA knows them: the same person has another id at another OA."""

    oa_id: str
    user_id: str
    name: str = "Người dùng thử"
    follows: bool = False
    has_written: bool = False
    is_sensitive: bool = False  # under 18
    last_interaction_at: datetime | None = None
    send_error: int | None = None  # -213 does not follow, -217 blocked, -227 inactive, -244 restricted
    welcomes: int = 0

    @property
    def id_by_app(self) -> str:
        """Their id for the Social API, to which nobody can send."""
        return f"8{self.user_id[1:]}"

    def interacts(self, now: datetime) -> None:
        """Open the window."""
        self.last_interaction_at = now


@dataclass(frozen=True, slots=True)
class Leave:
    """Whether the OA may write to somebody now, and what it costs."""

    error: int = 0  # -230 when it may not
    quota_type: str | None = None  # reply | welcome_msg; None: billed

    @property
    def is_free(self) -> bool:
        """Tell whether it costs nothing."""
        return self.error == 0 and self.quota_type is not None


def leave_to_write(user: ZaloUser, now: datetime) -> Leave:
    """Judge a consultation message (cs); the night rule is not for these."""
    if user.send_error is not None:
        return Leave(user.send_error)
    if user.last_interaction_at is None or now - user.last_interaction_at > HARD_WINDOW:
        return Leave(-230)
    if not user.has_written and user.follows:
        return Leave(quota_type="welcome_msg" if user.welcomes < WELCOMES else None)
    return Leave(quota_type="reply" if now - user.last_interaction_at <= FREE_WINDOW else None)
