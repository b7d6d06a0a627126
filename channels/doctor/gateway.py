"""What can be seen without an account: settings, the public address, the webhooks, the clock."""

from __future__ import annotations

import ipaddress
import shlex
from collections.abc import Iterator
from datetime import timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import httpx

from channels.doctor.check import Check, State
from channels.doctor.tools import Tools
from channels.settings import GatewaySettings

MAX_SKEW = timedelta(seconds=60)
"""A clock that is further off judges windows and tokens wrongly."""

GATEWAY = "gateway"


async def examine_gateway(tools: Tools) -> list[Check]:
    """Look at what all accounts share."""
    settings = tools.configuration.settings
    checks = [*_channels(tools), *_secrets(tools), *_scopes(tools), _public_url(settings)]
    if tools.configuration.directory.zalo:
        checks.append(await _site_tag(tools))
        checks.append(await _clock(tools, "zalo", settings.zalo_api_url))
    if tools.configuration.directory.messenger:
        checks.append(await _clock(tools, "messenger", settings.messenger_api_url))
    if tools.configuration.directory.viber:
        checks.append(await _clock(tools, "viber", settings.viber_api_url))
    return checks


def _channels(tools: Tools) -> Iterator[Check]:
    """A channel that is half set up fails; one of which nothing is set is off."""
    settings = tools.configuration.settings
    for channel, names in tools.configuration.missing.items():
        accounts = tools.configuration.directory.accounts(channel)
        name = f"{channel}_settings"
        if not names:
            yield Check(GATEWAY, name, State.OK, f"complete, accounts: {', '.join(accounts)}")
        elif any(getattr(settings, field) for field in _account_fields(channel)):
            yield Check(GATEWAY, name, State.FAILS, f"the channel is off: {', '.join(names)} missing")
        else:
            yield Check(GATEWAY, name, State.OFF, f"the channel is not set up; it needs {', '.join(names)}")


def _account_fields(channel: str) -> list[str]:
    return [
        name
        for name, field in GatewaySettings.model_fields.items()
        if name.startswith(f"{channel}_") and field.default is None and name != "zalo_site_verification"
    ]


def _secrets(tools: Tools) -> Iterator[Check]:
    settings = tools.configuration.settings
    for number, warning in enumerate(tools.configuration.warnings, start=1):
        yield Check(GATEWAY, f"secret_file_{number}", State.CHECK_BY_HAND, warning)
    if settings.operator_key is None:
        sentence = "GOVCHAT_OPERATOR_KEY is not set: the operator's pages and Zalo's consent page are closed"
        needs = any(account.app_secret for account in tools.configuration.directory.zalo.values())
        yield Check(GATEWAY, "operator_key", State.CHECK_BY_HAND if needs else State.OFF, sentence)
    else:
        yield Check(GATEWAY, "operator_key", State.OK, "set")
    if settings.secret_key_old is not None:
        sentence = (
            "GOVCHAT_SECRET_KEY_OLD is still set: take it away when every token has been renewed since the change"
        )
        yield Check(GATEWAY, "secret_key_rotation", State.CHECK_BY_HAND, sentence)


def _scopes(tools: Tools) -> Iterator[Check]:
    """A name that no document has as its source answers nothing; only the index knows them, perhaps elsewhere."""
    for agency in tools.configuration.directory.agencies:
        if agency.sources:
            command = shlex.join(["python", "-m", "index", "sources", *agency.sources])
            sentence = f"it answers from {len(agency.sources)} sources alone; `{command}` fails if one has no document"
            yield Check(GATEWAY, f"sources_{agency.id}", State.CHECK_BY_HAND, sentence)


def _public_url(settings: GatewaySettings) -> Check:
    """Both platforms want https and a name; Zalo refuses a port (zalo-oa.md section 2, messenger.md section 2)."""
    if settings.demo:
        return Check(GATEWAY, "public_url", State.OFF, "demo: the fake platforms call on this machine")
    if settings.public_url is None:
        return Check(GATEWAY, "public_url", State.CHECK_BY_HAND, "GOVCHAT_PUBLIC_URL is not set, so nothing was tried")
    url = urlsplit(settings.public_url)
    faults = [
        *(["it must begin with https://"] if url.scheme != "https" else []),
        *(["it must not name a port"] if url.port is not None else []),
        *(["it must be a domain name, not an address"] if _is_address(url.hostname or "") else []),
        *(["it must have no path"] if url.path not in ("", "/") or url.query else []),
    ]
    state = State.FAILS if faults else State.OK
    return Check(GATEWAY, "public_url", state, f"{settings.public_url}: {'; '.join(faults) or 'a form that both take'}")


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return "." not in host
    return True


async def _site_tag(tools: Tools) -> Check:
    """Zalo verifies the domain by a tag in the head of its first page, or by a DNS entry (zalo-oa.md section 2)."""
    name, token = "zalo_site_tag", tools.configuration.settings.zalo_site_verification
    if token is None:
        return Check(GATEWAY, name, State.OFF, "no tag is set: the domain is verified by another page or by DNS")
    url = _public_or_local(tools)
    try:
        page = await tools.http.get(f"{url}/")
    except httpx.HTTPError as error:
        return Check(GATEWAY, name, State.CHECK_BY_HAND, f"{url}/ cannot be read from here: {type(error).__name__}")
    if page.status_code == 200 and token in page.text:
        return Check(GATEWAY, name, State.OK, f"the tag stands in the head of {url}/")
    sentence = f"{url}/ does not show the tag: the proxy must hand `GET /` to the gateway, or carry the tag itself"
    return Check(GATEWAY, name, State.FAILS, sentence)


def _public_or_local(tools: Tools) -> str:
    settings = tools.configuration.settings
    return tools.local_url if settings.public_url is None or settings.demo else settings.public_url


async def _clock(tools: Tools, channel: str, api_url: str) -> Check:
    name = f"clock_{channel}"
    try:
        response = await tools.http.head(api_url)
    except httpx.HTTPError as error:
        return Check(GATEWAY, name, State.FAILS, f"{api_url} cannot be reached: {type(error).__name__}")
    try:
        skew = abs(parsedate_to_datetime(response.headers.get("date", "")) - tools.clock.now())
    except (ValueError, TypeError):
        return Check(GATEWAY, name, State.CHECK_BY_HAND, "the platform told no time; compare `date -u` with a clock")
    if skew > MAX_SKEW:
        sentence = f"this machine's clock is {skew.total_seconds():.0f} s off: switch time synchronisation on"
        return Check(GATEWAY, name, State.FAILS, sentence)
    return Check(GATEWAY, name, State.OK, f"within {MAX_SKEW.seconds} s of {channel}'s")
