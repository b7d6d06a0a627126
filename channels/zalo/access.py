"""What it takes to act for OAs, put together once for the gateway, its commands and its tests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx

from channels.configuration import Configuration
from channels.ports import Clock
from channels.tokens.oauth import ZaloOAuth
from channels.tokens.store import TokenStore
from channels.vault import Vault
from channels.zalo.consent import ZaloConsent
from channels.zalo.token import ZaloTokens


@dataclass(frozen=True, slots=True)
class ZaloAccess:
    """Tokens to speak with, and the way to new ones."""

    tokens: ZaloTokens
    consent: ZaloConsent


def zalo_access(
    configuration: Configuration,
    *,
    database: Path,
    secrets: Sequence[bytes],
    http: httpx.Client,
    clock: Clock,
    on_alarm: Callable[[str], None] = lambda _: None,
) -> ZaloAccess:
    """Return the access to the OAs of `configuration`, not yet opened.

    Tokens lie in `database`, sealed under the first of `secrets`; the others still open what is older.
    """
    settings = configuration.settings
    secret, *older = secrets
    store = TokenStore(database, vault=Vault(secret, older=older))
    oauth = ZaloOAuth(http, oauth_url=settings.zalo_oauth_url, api_url=settings.zalo_api_url)
    accounts = configuration.directory.zalo.values()
    tokens = ZaloTokens(accounts, store=store, oauth=oauth, clock=clock, on_alarm=on_alarm)
    return ZaloAccess(tokens, ZaloConsent(tokens, store=store, oauth=oauth, clock=clock))
