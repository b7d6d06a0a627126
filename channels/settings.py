"""Settings of the gateway: environment variables GOVCHAT_*, or .env. Names are those of design section 5."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Annotated

from dotenv import dotenv_values
from pydantic import AfterValidator, Field, HttpUrl, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from channels.agency import MAX_VIBER_NAME_CHARS
from channels.origin import read_origins
from channels.text import tidy

DOTENV = ".env"

SQLITE = "sqlite:///"

PHONE = r"^[+0-9][0-9 .()-]{1,29}$"
"""A number as people read it: 1022, 1900 1234, +84 24 3804 1234."""


def _http_url(value: str) -> str:
    """In the form that browsers give it too: printable ASCII, so that a page may name it in a consent."""
    return str(HttpUrl(value)).rstrip("/")


Url = Annotated[str, AfterValidator(_http_url)]

MAX_VERSION_CHARS = 100

NoticeVersion = Annotated[str, Field(pattern=r"^\S(.*\S)?$", max_length=MAX_VERSION_CHARS), AfterValidator(tidy)]
"""What an agency calls the state of its notice about personal data: 2026-01, "lần 3"; NFC, as a consent names it."""


class GatewaySettings(BaseSettings):
    """Every setting of the gateway; a channel whose settings are incomplete is off."""

    model_config = SettingsConfigDict(
        env_prefix="GOVCHAT_", env_file=DOTENV, extra="ignore", env_ignore_empty=True, frozen=True
    )

    port: int = Field(default=8080, ge=1, le=65535)
    database_url: str = f"{SQLITE}var/govchat.db"
    bot_url: Url = "http://127.0.0.1:5005"
    actions_url: Url = "http://127.0.0.1:5055"
    proxy_count: int = Field(default=0, ge=0, le=10)
    worker_concurrency: int = Field(default=16, ge=1, le=512)
    wording_dir: Path = Path("data/wording")
    secret_key: SecretStr | None = Field(default=None, min_length=16)
    secret_key_old: SecretStr | None = Field(default=None, min_length=16)
    operator_key: SecretStr | None = Field(default=None, min_length=16)
    public_url: Url | None = None
    channels_file: Path = Path("channels.toml")
    answer_within_minutes: int = Field(default=120, ge=1, le=7 * 24 * 60)
    hand_over_within_hours: int = Field(default=24, ge=1, le=7 * 24)
    hotline: str | None = Field(default=None, pattern=PHONE)
    widget_origins: str | None = None
    privacy_url: Url | None = None
    privacy_version: NoticeVersion | None = None
    require_consent: bool = False
    demo: bool = False
    publishers_file: Path = Path("publishers.toml")
    announcements_dir: Path = Path("var/announcements")

    zalo_app_id: str | None = Field(default=None, pattern=r"^[0-9]+$")
    zalo_oa_id: str | None = Field(default=None, pattern=r"^[0-9]+$")
    zalo_oa_secret_key: SecretStr | None = None
    zalo_app_secret: SecretStr | None = None
    zalo_refresh_token: SecretStr | None = None
    zalo_access_token: SecretStr | None = None
    zalo_sends_paid: bool = False
    zalo_api_url: Url = "https://openapi.zalo.me"
    zalo_oauth_url: Url = "https://oauth.zaloapp.com"
    zalo_site_verification: str | None = Field(default=None, max_length=200)

    messenger_app_id: str | None = Field(default=None, pattern=r"^[0-9]+$")
    messenger_app_secret: SecretStr | None = None
    messenger_app_secret_old: SecretStr | None = None
    messenger_verify_token: SecretStr | None = None
    messenger_page_id: str | None = Field(default=None, pattern=r"^[0-9]+$")
    messenger_page_token: SecretStr | None = None
    messenger_api_url: Url = "https://graph.facebook.com"

    viber_token: SecretStr | None = None
    viber_name: str | None = Field(default=None, max_length=MAX_VIBER_NAME_CHARS)
    viber_api_url: Url = "https://chatapi.viber.com"

    @field_validator("database_url")
    @classmethod
    def _is_sqlite(cls, value: str) -> str:
        if not value.startswith(SQLITE) or len(value) == len(SQLITE):
            raise ValueError("only sqlite:///path is supported by this version")
        return value

    @field_validator("widget_origins")
    @classmethod
    def _are_origins(cls, value: str | None) -> str | None:
        return value and ", ".join(read_origins(value))

    @field_validator("hand_over_within_hours")
    @classmethod
    def _is_after_answering(cls, value: int, info: ValidationInfo) -> int:
        if value * 60 < info.data.get("answer_within_minutes", 0):
            raise ValueError("must not be shorter than GOVCHAT_ANSWER_WITHIN_MINUTES")
        return value

    @property
    def database_path(self) -> Path:
        """The SQLite file; three slashes before a relative path, four before an absolute one."""
        return Path(self.database_url.removeprefix(SQLITE))


class SettingsFault(Exception):
    """Settings that cannot be used; `faults` names each variable and what is wrong with it, never its value."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


def load() -> GatewaySettings:
    """Read the settings. Raises SettingsFault with all faults at once."""
    try:
        return GatewaySettings()
    except ValidationError as error:
        raise SettingsFault(
            [
                f"GOVCHAT_{'_'.join(str(part) for part in fault['loc']).upper()}: {fault['msg']}"
                for fault in error.errors(include_input=False)
            ]
        ) from None


def named(name: str) -> str | None:
    """Return what the environment, or else .env, says under a name of the operator's choice; empty counts as absent."""
    return os.environ.get(name) or dotenv_values(DOTENV).get(name) or None


def secret_key(settings: GatewaySettings) -> bytes:
    """Return the secret key; where none is set, the one kept beside the database, made on first start (mode 0600)."""
    if settings.secret_key is not None:
        return settings.secret_key.get_secret_value().encode()
    path = settings.database_path.with_name("secret_key")
    if not path.exists():
        _make_secret(path)
    return path.read_text().strip().encode()


def secret_keys(settings: GatewaySettings) -> tuple[bytes, ...]:
    """Return the secret key and, during a rotation, the one before it: what was made with either can be read."""
    old = reveal(settings.secret_key_old)
    return (secret_key(settings), *([old.encode()] if old else []))


def reveal(secret: SecretStr | None) -> str | None:
    """Return what a secret setting holds."""
    return None if secret is None else secret.get_secret_value()


def _make_secret(path: Path) -> None:
    """Write a fresh secret whole or not at all, so that of two processes that start at once both read the same."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile("w", dir=path.parent, prefix=path.name) as fresh:  # made with mode 0600
        fresh.write(secrets.token_hex(32))
        fresh.flush()
        os.fsync(fresh.fileno())  # tokens are sealed with it: after a power cut it must be as whole as they are
        try:
            path.hardlink_to(fresh.name)
        except FileExistsError:
            return
