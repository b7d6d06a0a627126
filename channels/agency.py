"""An agency, its opening hours, and the accounts under which it is reached: what channels.toml says, as nouns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import ClassVar
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")

WEB = "web"
"""The channel of pages that embed the widget; its accounts are the ids of agencies."""

SILENCE = timedelta(minutes=60)
"""How long the machine keeps silent after an officer's last message, unless the agency says otherwise."""

MAX_VIBER_NAME_CHARS = 28
"""Characters of the sender's name above each message of a Viber bot ([A V1] of `channels.viber.limits`)."""


@dataclass(frozen=True, slots=True)
class Hours:
    """A stretch of Vietnam time in which somebody is at the desk, on some days of the week."""

    days: frozenset[int]  # 0 is Monday, as in datetime
    begins: time
    ends: time  # not included; later than `begins`

    def __post_init__(self) -> None:
        if not self.days or not self.days <= frozenset(range(7)):
            raise ValueError("days are 0 (Monday) to 6 (Sunday)")
        if self.begins >= self.ends:
            raise ValueError("opening hours end after they begin, on the same day")


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    """A body that is written to (cơ quan), and what its officers want of the machine."""

    id: str
    name: str = ""  # as citizens know it; "" where only one unnamed agency is served
    lang: str = "vi"  # of sentences that answer no text: vi | en | zh
    sources: tuple[str, ...] = ()  # names of the sources that may answer; empty: all
    hours: tuple[Hours, ...] = ()
    closed_on: frozenset[date] = frozenset()  # public holidays and the like
    hotline: str | None = None
    has_officers: bool = False  # somebody reads the platform's inbox and answers by hand
    silence: timedelta = SILENCE
    origins: tuple[str, ...] = ()  # of the pages that embed the widget in its name, as `channels.origin` reads them
    privacy_url: str | None = None  # of the notice about personal data
    privacy_version: str | None = None  # what the agency calls its present state
    requires_consent: bool = False  # pages take no message of who has not agreed to it

    def is_open(self, now: datetime) -> bool:
        """Tell whether somebody is at the desk at the instant `now`; an agency without hours never closes."""
        local = now.astimezone(VIETNAM)
        if local.date() in self.closed_on:
            return False
        return not self.hours or any(
            local.weekday() in hours.days and hours.begins <= local.time() < hours.ends for hours in self.hours
        )

    def opens_after(self, now: datetime) -> datetime | None:
        """Return the next instant after `now` at which the desk opens; None without hours, or closed for a month."""
        local = now.astimezone(VIETNAM)
        for ahead in range(32):
            day = local.date() + timedelta(days=ahead)
            if day in self.closed_on:
                continue
            begins = [
                datetime.combine(day, hours.begins, VIETNAM) for hours in self.hours if day.weekday() in hours.days
            ]
            later = [at for at in begins if at > local]
            if later:
                return min(later)
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class ZaloAccount:
    """One Official Account. Secrets are never shown by repr."""

    channel: ClassVar[str] = "zalo"

    agency: Agency
    app_id: str
    oa_id: str
    oa_secret_key: str = field(repr=False)  # signs webhooks
    app_secret: str | None = field(default=None, repr=False)  # renews tokens and proves sends; None: neither
    refresh_token: str | None = field(default=None, repr=False)  # of the first start only
    access_token: str | None = field(default=None, repr=False)  # of the first start only
    sends_paid: bool = False  # may send between 48 hours and 7 days, which Zalo bills

    @property
    def key(self) -> str:
        """The account in conversation keys."""
        return self.oa_id


@dataclass(frozen=True, slots=True, kw_only=True)
class MessengerPage:
    """One Page and the Meta app that serves it. Secrets are never shown by repr."""

    channel: ClassVar[str] = "messenger"

    agency: Agency
    page_id: str
    page_token: str = field(repr=False)
    app_secrets: tuple[str, ...] = field(repr=False)  # the first is used, the others verify too: a rotation
    verify_token: str = field(repr=False)
    app_id: str | None = None  # numeric; None: echoes are told apart by their metadata alone

    @property
    def key(self) -> str:
        """The account in conversation keys."""
        return self.page_id


@dataclass(frozen=True, slots=True, kw_only=True)
class ViberBot:
    """One Viber bot. Its token is never shown by repr."""

    channel: ClassVar[str] = "viber"

    agency: Agency
    account: str  # our own name of it, for Viber's webhooks hold none
    auth_token: str = field(repr=False)  # speaks for the bot and signs its webhooks
    name: str  # shown above each message, 1 to MAX_VIBER_NAME_CHARS characters

    @property
    def key(self) -> str:
        """The account in conversation keys."""
        return self.account


Account = ZaloAccount | MessengerPage | ViberBot


class Directory:
    """Who is written to under which account; accounts that belong to nobody are not served."""

    def __init__(self, accounts: Iterable[Account], *, default: Agency, agencies: Iterable[Agency] = ()) -> None:
        """Index the accounts; `default` is the agency of the API, `agencies` are those that may have no account.

        Raises ValueError for an account named twice.
        """
        self.default = default
        self._by_id = {agency.id: agency for agency in (default, *agencies)}
        self.zalo: dict[str, ZaloAccount] = {}
        self.messenger: dict[str, MessengerPage] = {}
        self.viber: dict[str, ViberBot] = {}
        self._agencies: dict[tuple[str, str], Agency] = {}
        for account in accounts:
            if (account.channel, account.key) in self._agencies:
                raise ValueError(f"the {account.channel} account {account.key} is named twice")
            self._agencies[account.channel, account.key] = account.agency
            self._by_id.setdefault(account.agency.id, account.agency)
            match account:
                case ZaloAccount():
                    self.zalo[account.key] = account
                case MessengerPage():
                    self.messenger[account.key] = account
                case ViberBot():
                    self.viber[account.key] = account

    def agency(self, channel: str, account: str) -> Agency:
        """Return the agency behind an account; the default one where there is none. On our pages ids are accounts."""
        if channel == WEB:
            return self._by_id.get(account, self.default)
        return self._agencies.get((channel, account), self.default)

    @property
    def agencies(self) -> tuple[Agency, ...]:
        """Everybody who is written to, each once: the default agency, then the others as they were given."""
        return tuple(dict.fromkeys((self.default, *self._agencies.values(), *self._by_id.values())))

    def named(self, agency_id: str) -> Agency | None:
        """Return the agency with this id, None where there is none."""
        return self._by_id.get(agency_id)

    def accounts(self, channel: str) -> tuple[str, ...]:
        """Return the keys of a channel's accounts, in the order in which they were given."""
        return tuple(key for served, key in self._agencies if served == channel)
