"""Everything an operator has configured: the settings and channels.toml together, as the Directory of who is served."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from channels import settings as environment
from channels.agencies_file import Agencies, read_agencies
from channels.agency import Account, Agency, Directory, MessengerPage, ViberBot, ZaloAccount
from channels.origin import read_origins
from channels.settings import GatewaySettings, SettingsFault, reveal

DEFAULT_AGENCY = "default"
"""Id of the agency of the API and of the accounts in the environment; channels.toml may describe it under this id."""

DEFAULT_VIBER_ACCOUNT = "default"
"""Our name of the Viber bot in the environment."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """A whole set-up without a fault."""

    settings: GatewaySettings
    directory: Directory
    missing: Mapping[str, tuple[str, ...]] = field(
        default_factory=dict
    )  # by channel: settings for want of which it is off
    warnings: tuple[str, ...] = ()


def load() -> Configuration:
    """Read the environment, .env and channels.toml. Raises SettingsFault with the faults of all of them at once."""
    settings, faults = _settings()
    path = settings.channels_file if settings else Path(environment.named("GOVCHAT_CHANNELS_FILE") or "channels.toml")
    is_wanted = settings is not None and "channels_file" in settings.model_fields_set
    found = Agencies()
    if path.exists() or is_wanted:
        try:
            found = read_agencies(path, named=environment.named)
        except SettingsFault as error:
            faults += error.faults
    if settings is None or faults:
        raise SettingsFault(faults)
    configuration = configure(settings, found)
    unnoticed = [each.id for each in configuration.directory.agencies if each.requires_consent and not each.privacy_url]
    if unnoticed:
        raise SettingsFault(
            [f"agency {name}: consent is required, so privacy_url is: people agree to a notice" for name in unnoticed]
        )
    return configuration


def configure(settings: GatewaySettings, found: Agencies = Agencies()) -> Configuration:  # noqa: B008 - it is frozen
    """Put the default agency of the settings beside those of the file, which wins for every account that it names."""
    default = _default(settings, found)
    zalo, zalo_missing = _zalo(settings, default)
    page, page_missing = _page(settings, default)
    bot, bot_missing = _viber(settings, default)
    named = {name for account in found.accounts for name in _names(account)}
    of_settings = (account for account in (zalo, page, bot) if account is not None)
    of_file = [replace(one, agency=default) if one.agency.id == DEFAULT_AGENCY else one for one in found.accounts]
    accounts = [*of_file, *(account for account in of_settings if named.isdisjoint(_names(account)))]
    directory = Directory(accounts, default=default, agencies=_others(found))
    missing = {
        "zalo": () if directory.zalo else zalo_missing,
        "messenger": () if directory.messenger else page_missing,
        "viber": () if directory.viber else bot_missing,
    }
    return Configuration(settings, directory, missing, found.warnings)


def _default(settings: GatewaySettings, found: Agencies) -> Agency:
    """Return the agency of the settings, as the file describes it where it does."""
    agency = next(
        (agency for agency in found.agencies if agency.id == DEFAULT_AGENCY),
        Agency(id=DEFAULT_AGENCY, hotline=settings.hotline),
    )
    return replace(
        agency,
        origins=agency.origins or read_origins(settings.widget_origins or ""),
        privacy_url=agency.privacy_url or settings.privacy_url,
        privacy_version=agency.privacy_version or settings.privacy_version,
        requires_consent=agency.requires_consent or settings.require_consent,
    )


def _others(found: Agencies) -> list[Agency]:
    return [agency for agency in found.agencies if agency.id != DEFAULT_AGENCY]


def _settings() -> tuple[GatewaySettings | None, list[str]]:
    try:
        return environment.load(), []
    except SettingsFault as error:
        return None, list(error.faults)


def _names(account: Account) -> set[tuple[str, str]]:
    """What no two accounts may share: the key, and of a Viber bot its token too, for the key is only our name of it."""
    names = {account.key, account.auth_token} if isinstance(account, ViberBot) else {account.key}
    return {(account.channel, name) for name in names}


def _zalo(settings: GatewaySettings, agency: Agency) -> tuple[ZaloAccount | None, tuple[str, ...]]:
    """Return the OA of the environment, or the names of what it lacks."""
    app_id, oa_id = settings.zalo_app_id, settings.zalo_oa_id
    oa_secret_key = reveal(settings.zalo_oa_secret_key)
    app_secret = reveal(settings.zalo_app_secret)
    access_token, refresh_token = reveal(settings.zalo_access_token), reveal(settings.zalo_refresh_token)
    # With the app secret a token can be obtained and renewed; without it, one has to be given by hand every day.
    sends = {"GOVCHAT_ZALO_APP_SECRET": app_secret or (None if refresh_token else access_token)}
    needed = {
        "GOVCHAT_ZALO_APP_ID": app_id,
        "GOVCHAT_ZALO_OA_ID": oa_id,
        "GOVCHAT_ZALO_OA_SECRET_KEY": oa_secret_key,
    } | sends
    missing = tuple(name for name, value in needed.items() if not value)
    if missing or app_id is None or oa_id is None or oa_secret_key is None:
        return None, missing
    account = ZaloAccount(
        agency=agency,
        app_id=app_id,
        oa_id=oa_id,
        oa_secret_key=oa_secret_key,
        app_secret=app_secret,
        refresh_token=refresh_token,
        access_token=access_token,
        sends_paid=settings.zalo_sends_paid,
    )
    return account, ()


def _page(settings: GatewaySettings, agency: Agency) -> tuple[MessengerPage | None, tuple[str, ...]]:
    """Return the Page of the environment, or the names of what it lacks."""
    app_secret, verify_token = reveal(settings.messenger_app_secret), reveal(settings.messenger_verify_token)
    page_id, page_token = settings.messenger_page_id, reveal(settings.messenger_page_token)
    needed = {
        "GOVCHAT_MESSENGER_APP_SECRET": app_secret,
        "GOVCHAT_MESSENGER_VERIFY_TOKEN": verify_token,
        "GOVCHAT_MESSENGER_PAGE_ID": page_id,
        "GOVCHAT_MESSENGER_PAGE_TOKEN": page_token,
    }
    missing = tuple(name for name, value in needed.items() if not value)
    if missing or app_secret is None or verify_token is None or page_id is None or page_token is None:
        return None, missing
    old = reveal(settings.messenger_app_secret_old)
    page = MessengerPage(
        agency=agency,
        page_id=page_id,
        page_token=page_token,
        app_secrets=(app_secret, *([old] if old else [])),
        verify_token=verify_token,
        app_id=settings.messenger_app_id,
    )
    return page, ()


def _viber(settings: GatewaySettings, agency: Agency) -> tuple[ViberBot | None, tuple[str, ...]]:
    """Return the Viber bot of the environment, or the names of what it lacks."""
    auth_token, name = reveal(settings.viber_token), settings.viber_name
    needed = {"GOVCHAT_VIBER_TOKEN": auth_token, "GOVCHAT_VIBER_NAME": name}
    missing = tuple(setting for setting, value in needed.items() if not value)
    if missing or auth_token is None or name is None:
        return None, missing
    return ViberBot(agency=agency, account=DEFAULT_VIBER_ACCOUNT, auth_token=auth_token, name=name), ()
