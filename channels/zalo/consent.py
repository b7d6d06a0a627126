"""An administrator of an OA allows the app to act for it: a link to Zalo's page, and the way back.

Source: reference/zalo-oa.md section 11 (consent link, PKCE, callback, exchange), read 2026-11-29.
"""

from __future__ import annotations

import asyncio
import secrets
from datetime import timedelta
from enum import Enum

from channels.errors import ChannelError, RetryLater, StoreUnavailable
from channels.ports import Clock
from channels.tokens.oauth import AnswerLost, GrantRefused, NotSent, ZaloOAuth, new_verifier
from channels.tokens.store import TokenStore
from channels.vault import SealBroken
from channels.zalo.token import ZaloTokens

STATE_LIFE = timedelta(minutes=10)
"""How long a link may be used: as long as the code that it leads to (official)."""

_STATE_BYTES = 32


class Fault(str, Enum):
    """Why a consent came to nothing."""

    DECLINED = "declined"  # the platform sent nobody's code back
    UNKNOWN_STATE = "unknown_state"  # never begun here, used before, or too old
    OTHER_OA = "other_oa"  # another OA than the link was made for
    REFUSED = "refused"  # the platform does not take the code
    UNREACHABLE = "unreachable"  # platform, lock or store cannot be had; the code may be used up


class ConsentFailed(ChannelError):
    """A consent came to nothing; `fault` says why."""

    def __init__(self, fault: Fault, reason: str = "") -> None:
        super().__init__(reason or fault.value)
        self.fault = fault


class ZaloConsent:
    """Begins consents and completes them, each once."""

    def __init__(self, tokens: ZaloTokens, *, store: TokenStore, oauth: ZaloOAuth, clock: Clock) -> None:
        """Keep what was begun in `store`, so that a restart or another process may complete it."""
        self._tokens = tokens
        self._store = store
        self._oauth = oauth
        self._clock = clock

    async def begin(self, oa_id: str, *, redirect_uri: str) -> str:
        """Return the address at which an administrator of the OA consents. Raises KeyError or StoreUnavailable."""
        account = self._tokens.accounts[oa_id]
        state, verifier, now = secrets.token_urlsafe(_STATE_BYTES), new_verifier(), self._clock.now()
        await asyncio.to_thread(
            self._store.begin_consent,
            state,
            app_id=account.app_id,
            oa_id=oa_id,
            verifier=verifier,
            expires_at=now + STATE_LIFE,
            at=now,
        )
        return self._oauth.permission_url(account, redirect_uri=redirect_uri, verifier=verifier, state=state)

    async def complete(self, *, state: str, oa_id: str, code: str) -> str:
        """Take what Zalo's redirection brought, store the pair, and return the OA's id. Raises ConsentFailed."""
        try:
            begun = await asyncio.to_thread(self._store.take_consent, state, at=self._clock.now())
            if begun is None or begun[1] not in self._tokens.accounts:
                raise ConsentFailed(Fault.UNKNOWN_STATE)
            _, expected, verifier = begun
            if not code:
                raise ConsentFailed(Fault.DECLINED)
            if oa_id != expected:
                raise ConsentFailed(Fault.OTHER_OA)
            await self._tokens.connect(expected, code=code, verifier=verifier)
        except SealBroken as error:
            raise ConsentFailed(Fault.UNKNOWN_STATE, str(error)) from None
        except GrantRefused as error:
            raise ConsentFailed(Fault.REFUSED, str(error)) from None
        except (NotSent, AnswerLost, RetryLater, StoreUnavailable) as error:
            raise ConsentFailed(Fault.UNREACHABLE, str(error)) from None
        return expected
