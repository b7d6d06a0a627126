"""Zalo's access tokens of several OAs, for any number of tasks: always the one that works.

Whatever touches disk or platform runs in a thread: the loop never waits for it, and cancelling a task that waits
cannot come between the platform's answer and the commit.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

import structlog

from channels.agency import ZaloAccount
from channels.errors import ChannelError, StoreUnavailable
from channels.ports import Clock
from channels.tokens.oauth import ZaloOAuth
from channels.tokens.pair import Alarm, Pair
from channels.tokens.store import TokenStore
from channels.zalo.refresh import LOCK_PATIENCE_S, NeedsConsent, Refresher, Step, Token

STALE_PENDING = timedelta(minutes=15)
"""A refresh whose outcome is unknown for longer is an alarm: the platform cannot be asked, or nobody asks."""

_AT_ONCE = 8
"""So many OAs are renewed at once; reading a token never waits for a platform that is slow to renew another."""

__all__ = ["NeedsConsent", "Step", "Token", "TokenStatus", "ZaloTokens"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenStatus:
    """How the tokens of an OA stand, for operators; holds no secret."""

    app_id: str
    oa_id: str
    can_send: bool  # there is a token, or one can be had without a person
    version: int | None = None
    expires_at: datetime | None = None  # of the access token; None: not known
    stored_at: datetime | None = None  # of the last refresh or consent
    pending_since: datetime | None = None  # a refresh began then and its outcome is not known
    alarm: Alarm | None = None
    reason: str = ""  # of the alarm


class ZaloTokens:
    """The access tokens of several OAs. Every method but `close` may raise StoreUnavailable.

    An OA that was not given in `accounts` is a KeyError.
    """

    def __init__(
        self,
        accounts: Iterable[ZaloAccount],
        *,
        store: TokenStore,
        oauth: ZaloOAuth,
        clock: Clock,
        on_alarm: Callable[[str], None] = lambda _: None,
        step: Callable[[Step], None] = lambda _: None,
        lock_patience_s: float = LOCK_PATIENCE_S,
    ) -> None:
        """Serve `accounts`, one an OA.

        `on_alarm` hears the name of each alarm when it is raised and when it still stands at a start, from any thread:
        those of `Alarm`, "not_stored" (the disk does not take a new pair) and "pending" (see STALE_PENDING).
        """
        self.accounts = {account.oa_id: account for account in accounts}
        self._store = store
        self._clock = clock
        self._on_alarm = on_alarm
        self._refresher = Refresher(
            store=store, oauth=oauth, clock=clock, on_alarm=on_alarm, step=step, lock_patience_s=lock_patience_s
        )
        self._threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="zalo-token")
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)  # one waits for the file, not twenty

    async def open(self) -> None:
        """Open the store, put the settings' pairs where none is stored, and tell which alarms stand."""
        await asyncio.to_thread(self._store.open)
        await self.seed()
        for status in await self.status():
            if status.alarm is not None:
                self._tell(status.oa_id, status.alarm.value, status.reason)

    async def close(self) -> None:
        """Wait for refreshes in hand and close the store; a pair that the disk did not take is tried once more."""
        await asyncio.to_thread(self._threads.shutdown)
        for account in self.accounts.values():
            try:
                await asyncio.to_thread(self._refresher.store_unstored, account)
            except StoreUnavailable as error:
                structlog.get_logger().error("zalo_token_lost", oa_id=account.oa_id, reason=str(error))
        await asyncio.to_thread(self._store.close)

    async def seed(self) -> None:
        """Store what the settings hold for OAs that have no pair yet; a stored pair is never replaced."""
        for account in self.accounts.values():
            pair = Pair(account.access_token or "", account.refresh_token or "")
            if pair.access or pair.refresh:
                seed = partial(self._store.seed, account.app_id, account.oa_id, pair, at=self._clock.now())
                if await asyncio.to_thread(seed):
                    structlog.get_logger().info("zalo_token_seeded", oa_id=account.oa_id)

    async def access_token(self, oa_id: str) -> Token:
        """Return an access token of the OA, renewed first when its time is over.

        Raises NeedsConsent, or RetryLater when the platform or the lock cannot be had now.
        """
        token = await asyncio.to_thread(self._refresher.usable, self.accounts[oa_id])
        return token or await self._renew(oa_id, None)

    async def renew(self, oa_id: str, stale: Token) -> Token:
        """Return a token in place of one that the platform called invalid (-216) or expired (-220): to be tried once.

        Where somebody else has renewed it meanwhile, that one. Raises as `access_token` does.
        """
        return await self._renew(oa_id, stale.version)

    async def refresh_ahead(self) -> None:
        """Renew what will soon expire, and find out what became of refreshes that left no answer.

        Failures of one OA are logged and do not stop the others. To be called every few minutes.
        """
        for account in self.accounts.values():
            try:
                if await asyncio.to_thread(self._refresher.is_due, account):
                    await self._renew(account.oa_id, None)
            except ChannelError as error:
                structlog.get_logger().error("zalo_refresh_failed", oa_id=account.oa_id, reason=str(error))
        for status in await self.status():
            if status.pending_since is not None and self._clock.now() - status.pending_since > STALE_PENDING:
                self._tell(status.oa_id, "pending", f"a refresh of {status.pending_since} has no known outcome")

    async def connect(self, oa_id: str, *, code: str, verifier: str) -> None:
        """Exchange an administrator's authorization code for a pair and store it. Raises OAuthError or RetryLater."""
        async with self._turns[oa_id]:
            connect = partial(self._refresher.connect, self.accounts[oa_id], code=code, verifier=verifier)
            await asyncio.get_running_loop().run_in_executor(self._threads, connect)

    async def status(self) -> list[TokenStatus]:
        """Return how each OA stands, in the order of the accounts."""
        return [await asyncio.to_thread(self._status, account) for account in self.accounts.values()]

    async def _renew(self, oa_id: str, stale: int | None) -> Token:
        async with self._turns[oa_id]:
            renew = partial(self._refresher.renew, self.accounts[oa_id], stale)
            return await asyncio.get_running_loop().run_in_executor(self._threads, renew)

    def _status(self, account: ZaloAccount) -> TokenStatus:
        stored = self._store.read(account.app_id, account.oa_id)
        status = TokenStatus(app_id=account.app_id, oa_id=account.oa_id, can_send=True)
        if stored is not None:
            status = replace(
                status,
                version=stored.version,
                expires_at=stored.expires_at,
                stored_at=stored.stored_at,
                pending_since=stored.pending_since,
                alarm=stored.alarm,
                reason=stored.reason,
            )
        try:
            self._refresher.usable(account)
        except NeedsConsent as error:
            return replace(status, can_send=False, alarm=error.alarm, reason=error.reason)
        return status

    def _tell(self, oa_id: str, alarm: str, reason: str) -> None:
        structlog.get_logger().error("zalo_token_alarm", oa_id=oa_id, alarm=alarm, reason=reason)
        self._on_alarm(alarm)
