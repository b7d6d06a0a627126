"""One refresh of an OA's tokens, step by step, alone among all processes; blocks, so it runs in a thread.

A refresh uses up the refresh token and kills the access token at once (reference/zalo-oa.md section 11, read
2026-11-29). So it is marked on disk before the platform is asked, and the new pair is on disk before anybody uses it.
A mark that nobody holds the lock of is a refresh whose outcome is unknown: the platform is asked whether the stored
access token still works. Where it does not, the pair is lost, and an administrator of the OA has to consent again.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

import structlog

from channels.agency import ZaloAccount
from channels.errors import Reaction, RetryLater, StoreUnavailable
from channels.ports import Clock
from channels.tokens.lock import exclusive
from channels.tokens.oauth import AnswerLost, Grant, GrantRefused, NotSent, ZaloOAuth
from channels.tokens.pair import Alarm, Pair, StoredPair
from channels.tokens.store import TokenStore
from channels.vault import SealBroken
from channels.zalo.limits import REACTIONS

REFRESH_AHEAD = timedelta(hours=4)
"""Access tokens with less life than this are renewed by the job (the reference's advice)."""

MARGIN = timedelta(minutes=1)
"""An access token this close to its end is not used any more: the platform's clock is not ours."""

LOCK_PATIENCE_S = 45.0
"""Longer than a refresh with all its time-outs, so that only a holder that hangs makes others give up."""


class NeedsConsent(RetryLater):
    """An administrator of the OA has to consent (again): messages wait meanwhile, and the operator is told."""

    def __init__(self, alarm: Alarm, reason: str) -> None:
        super().__init__(reason, Reaction.STOP_CHANNEL)
        self.alarm = alarm


class Step(str, Enum):
    """Moments of a refresh at which a process may die; a test kills it at each."""

    BEFORE_LOCK = "before lock"
    LOCKED = "after lock"
    MARKED = "after pending mark"
    SENT = "after request sent"
    ANSWERED = "after answer, before commit"
    COMMITTED = "after commit"
    UNLOCKING = "before unlock"


@dataclass(frozen=True, slots=True)
class Token:
    """An access token and the version of the pair it is of. The token is never shown by repr."""

    value: str = field(repr=False)
    version: int


class Refresher:
    """Tells whether the stored token can be used, and renews it where it cannot.

    Every method may raise StoreUnavailable.
    """

    def __init__(
        self,
        *,
        store: TokenStore,
        oauth: ZaloOAuth,
        clock: Clock,
        on_alarm: Callable[[str], None],
        step: Callable[[Step], None],
        lock_patience_s: float,
    ) -> None:
        self._store = store
        self._oauth = oauth
        self._clock = clock
        self._on_alarm = on_alarm
        self._step = step
        self._lock_patience_s = lock_patience_s
        self._unstored: dict[str, tuple[Grant, datetime]] = {}  # by OA: pairs that the disk did not take

    def usable(self, account: ZaloAccount) -> Token | None:
        """Return the stored access token, None when it must be renewed first. Raises NeedsConsent."""
        if account.oa_id in self._unstored:
            return None
        stored, pair = self._held(account)
        now = self._clock.now()
        if pair.access and (stored.expires_at is None or now + MARGIN < stored.expires_at):
            return Token(pair.access, stored.version)
        if stored.alarm is not None and _is_final(stored, now):
            raise NeedsConsent(stored.alarm, stored.reason)
        return None

    def is_due(self, account: ZaloAccount) -> bool:
        """Tell whether the job should renew the pair now."""
        if account.oa_id in self._unstored:
            return True
        stored, now = self._store.read(account.app_id, account.oa_id), self._clock.now()
        return stored is not None and _is_due(stored, now) and not _is_final(stored, now)

    def renew(self, account: ZaloAccount, stale: int | None) -> Token:
        """Return a token other than that of version `stale`; with None, renew only what is due.

        Raises NeedsConsent, or RetryLater when the lock or the platform cannot be had.
        """
        self._step(Step.BEFORE_LOCK)
        with self._alone(account):
            self._step(Step.LOCKED)
            self.store_unstored(account)
            token = self._renew_alone(account, stale)
            self._step(Step.UNLOCKING)
        return token

    def connect(self, account: ZaloAccount, *, code: str, verifier: str) -> None:
        """Exchange an authorization code and store the pair; whatever alarm stood is over. Raises OAuthError."""
        with self._alone(account):
            asked_at = self._clock.now()
            grant = self._oauth.exchange(account, code=code, verifier=verifier)
            self._unstored[account.oa_id] = (grant, asked_at)
            self.store_unstored(account)
        structlog.get_logger().info("zalo_connected", oa_id=account.oa_id)

    def _renew_alone(self, account: ZaloAccount, stale: int | None) -> Token:
        now = self._clock.now()
        stored, pair = self._held(account)
        is_wanted = _is_due(stored, now) if stale is None else stored.version == stale
        if not is_wanted and stored.pending_since is None:
            return Token(pair.access, stored.version)  # somebody else was faster
        if stored.alarm is not None and _is_final(stored, now):
            raise NeedsConsent(stored.alarm, stored.reason)
        is_dead = stored.version == stale
        if not pair.refresh:
            raise self._alarmed(account, Alarm.REFUSED, "the pair was set without a refresh token", is_dead=is_dead)
        if account.app_secret is None:
            raise RetryLater(f"no app secret is set for the OA {account.oa_id}", Reaction.STOP_CHANNEL)
        doubt = stored.pending_since
        if doubt is not None and not stored.has_expired(now):
            self._settle(account, stored, pair)
            if not is_wanted:
                return Token(pair.access, stored.version)
            doubt, is_dead = None, False
        return self._refresh(account, stored, pair, doubt=doubt, is_dead=is_dead)

    def _settle(self, account: ZaloAccount, stored: StoredPair, pair: Pair) -> None:
        """Find out what became of a refresh that left its mark. On return it never happened, and the mark is gone."""
        try:
            code = self._oauth.health(pair.access)
        except AnswerLost as error:
            raise RetryLater(f"a refresh was begun and its outcome cannot be asked: {error}") from None
        if code == 0:
            self._store.mark_pending(account.app_id, account.oa_id, since=None)
            structlog.get_logger().warning("zalo_refresh_never_happened", oa_id=account.oa_id)
            return
        if REACTIONS.get(code) is not Reaction.RENEW_TOKEN:
            raise RetryLater(f"a refresh was begun and its outcome cannot be asked: getoa error {code}")
        raise self._alarmed(
            account,
            Alarm.LOST,
            f"a refresh begun {stored.pending_since:%Y-%m-%dT%H:%M:%SZ} was answered and its answer lost:"
            f" the stored access token is dead before its time (getoa error {code})",
            is_dead=True,
        )

    def _refresh(
        self, account: ZaloAccount, stored: StoredPair, pair: Pair, *, doubt: datetime | None, is_dead: bool
    ) -> Token:
        """Ask for a new pair. `doubt` is when a former refresh began whose outcome nobody can tell any more."""
        now = self._clock.now()
        self._store.mark_pending(account.app_id, account.oa_id, since=doubt or now)
        self._step(Step.MARKED)
        try:
            grant = self._oauth.refresh(account, pair.refresh, on_sent=lambda: self._step(Step.SENT))
        except NotSent as error:
            self._store.mark_pending(account.app_id, account.oa_id, since=doubt)
            raise RetryLater(str(error)) from None
        except AnswerLost as error:
            raise RetryLater(f"{error}; what became of it is found out next time") from None
        except GrantRefused as error:
            return self._refused(account, stored, str(error), doubt=doubt, is_dead=is_dead)
        self._step(Step.ANSWERED)
        self._unstored[account.oa_id] = (grant, now)
        self.store_unstored(account)
        self._step(Step.COMMITTED)
        renewed, pair = self._held(account)
        structlog.get_logger().info("zalo_token_refreshed", oa_id=account.oa_id, version=renewed.version)
        return Token(pair.access, renewed.version)

    def _refused(
        self, account: ZaloAccount, stored: StoredPair, reason: str, *, doubt: datetime | None, is_dead: bool
    ) -> Token:
        again, pair = self._held(account)
        if again.version != stored.version:  # somebody who does not hold to the lock has won
            return Token(pair.access, again.version)
        if doubt is None:
            raise self._alarmed(account, Alarm.REFUSED, reason, is_dead=is_dead)
        reason = (
            f"a refresh begun {doubt:%Y-%m-%dT%H:%M:%SZ} left no answer, and its refresh token is used up: {reason}"
        )
        raise self._alarmed(account, Alarm.LOST, reason, is_dead=True)

    def store_unstored(self, account: ZaloAccount) -> None:
        """Store a pair that waits for the disk: the only copy there is, kept in memory until it is stored."""
        if account.oa_id not in self._unstored:
            return
        grant, asked_at = self._unstored[account.oa_id]
        try:
            self._store.commit(account.app_id, account.oa_id, grant.pair, expires_at=asked_at + grant.life, at=asked_at)
        except StoreUnavailable:
            structlog.get_logger().error("zalo_token_not_stored", oa_id=account.oa_id)
            self._on_alarm("not_stored")
            raise
        del self._unstored[account.oa_id]

    def _alarmed(self, account: ZaloAccount, alarm: Alarm, reason: str, *, is_dead: bool) -> NeedsConsent:
        at = self._clock.now()
        self._store.raise_alarm(account.app_id, account.oa_id, alarm, reason=reason, is_dead=is_dead, at=at)
        structlog.get_logger().error("zalo_token_alarm", oa_id=account.oa_id, alarm=alarm.value, reason=reason)
        self._on_alarm(alarm.value)
        return NeedsConsent(alarm, reason)

    def _held(self, account: ZaloAccount) -> tuple[StoredPair, Pair]:
        stored = self._store.read(account.app_id, account.oa_id)
        if stored is None:
            raise NeedsConsent(Alarm.NEVER_CONNECTED, f"the OA {account.oa_id} was never connected")
        try:
            return stored, self._store.unseal(stored)
        except SealBroken as error:
            raise NeedsConsent(Alarm.UNREADABLE, str(error)) from None

    def _alone(self, account: ZaloAccount) -> AbstractContextManager[None]:
        return exclusive(self._store.lock_file(account.app_id, account.oa_id), patience_s=self._lock_patience_s)


def _is_due(stored: StoredPair, now: datetime) -> bool:
    is_ending = stored.expires_at is None or stored.expires_at - now < REFRESH_AHEAD
    return stored.pending_since is not None or (stored.has_refresh_token and is_ending)


def _is_final(stored: StoredPair, now: datetime) -> bool:
    """Tell whether an alarm forbids asking again.

    A refusal while the access token lives leaves one more try, for when that has expired; a lost pair has none.
    """
    if stored.alarm is not Alarm.REFUSED or stored.alarmed_at is None or stored.expires_at is None:
        return stored.alarm is not None
    return not stored.alarmed_at < stored.expires_at <= now
