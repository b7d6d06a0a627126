"""A pair of tokens, and what is known of it beside the tokens themselves."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum


class Alarm(str, Enum):
    """Why an administrator of the OA has to consent (again) before tokens can be renewed."""

    NEVER_CONNECTED = "never_connected"  # no pair was ever stored
    REFUSED = "refused"  # the platform refused the refresh token; the access token may live until it expires
    LOST = "lost"  # a new pair was made and never reached the store: the stored one is dead
    UNREADABLE = "unreadable"  # sealed under another secret key: the older key helps as well


@dataclass(frozen=True, slots=True)
class Pair:
    """An access token and the refresh token that renews it once; either may be "". Never shown by repr."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPair:
    """A row of the store, its tokens still sealed."""

    app_id: str
    oa_id: str
    version: int  # grows with every pair that is stored
    sealed: bytes = field(repr=False)
    has_refresh_token: bool
    expires_at: datetime | None  # of the access token; None: not known, the pair came from the settings
    stored_at: datetime
    pending_since: datetime | None  # a refresh was begun then and its outcome is not known
    alarm: Alarm | None
    reason: str  # of the alarm, for the operator
    alarmed_at: datetime | None

    def has_expired(self, now: datetime) -> bool:
        """Tell whether the access token cannot be counted on: its time is over, or was never known."""
        return self.expires_at is None or self.expires_at <= now
