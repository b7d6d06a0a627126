"""channels.toml: which agencies are served under which accounts. Credentials are named in it, never written in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

import tomllib
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator

from channels.agency import MAX_VIBER_NAME_CHARS, SILENCE, Account, Agency, Hours, MessengerPage, ViberBot, ZaloAccount
from channels.credentials import Credential, CredentialReader, Named
from channels.origin import read_origin
from channels.settings import PHONE, NoticeVersion, SettingsFault, Url

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""Days of the week in datetime's order."""


@dataclass(frozen=True, slots=True)
class Agencies:
    """What the file says: agencies in its order, their accounts, and what an operator should put right."""

    agencies: tuple[Agency, ...] = ()
    accounts: tuple[Account, ...] = ()
    warnings: tuple[str, ...] = ()


Digits = Annotated[str, Field(pattern=r"^[0-9]{1,30}$")]
Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, hide_input_in_errors=True)


class _HoursTable(_Table):
    days: list[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]] = Field(min_length=1)
    begins: time = Field(alias="from")
    ends: time = Field(alias="to")

    @model_validator(mode="after")
    def _in_order(self) -> _HoursTable:
        self.noun()
        return self

    def noun(self) -> Hours:
        return Hours(frozenset(map(DAYS.index, self.days)), self.begins, self.ends)


class _ZaloTable(_Table):
    app_id: Digits
    oa_id: Digits
    oa_secret_key: Credential
    app_secret: Credential | None = None
    refresh_token: Credential | None = None
    access_token: Credential | None = None
    sends_paid: bool = False

    def noun(self, agency: Agency) -> ZaloAccount:
        return ZaloAccount(
            agency=agency,
            app_id=self.app_id,
            oa_id=self.oa_id,
            oa_secret_key=self.oa_secret_key.get_secret_value(),
            app_secret=_text(self.app_secret),
            refresh_token=_text(self.refresh_token),
            access_token=_text(self.access_token),
            sends_paid=self.sends_paid,
        )


class _MessengerTable(_Table):
    page_id: Digits
    page_token: Credential
    app_secrets: list[Credential] = Field(min_length=1, max_length=3)
    verify_token: Credential
    app_id: Digits | None = None

    def noun(self, agency: Agency) -> MessengerPage:
        return MessengerPage(
            agency=agency,
            page_id=self.page_id,
            page_token=self.page_token.get_secret_value(),
            app_secrets=tuple(secret.get_secret_value() for secret in self.app_secrets),
            verify_token=self.verify_token.get_secret_value(),
            app_id=self.app_id,
        )


class _ViberTable(_Table):
    account: Name
    auth_token: Credential
    name: str = Field(min_length=1, max_length=MAX_VIBER_NAME_CHARS)

    def noun(self, agency: Agency) -> ViberBot:
        return ViberBot(
            agency=agency, account=self.account, auth_token=self.auth_token.get_secret_value(), name=self.name
        )


class _AgencyTable(_Table):
    id: Name
    name: str = Field(min_length=1, max_length=200)
    language: Literal["vi", "en", "zh"] = "vi"
    sources: list[Annotated[str, Field(pattern=r"\S", max_length=200)]] = Field(default=[], max_length=50)  # as the bot
    hours: list[_HoursTable] = []
    closed_on: list[date] = []
    hotline: str | None = Field(default=None, pattern=PHONE)
    officers: bool = False
    silence_minutes: int = Field(default=int(SILENCE.total_seconds()) // 60, ge=1, le=7 * 24 * 60)
    origins: list[Annotated[str, AfterValidator(read_origin)]] = Field(default=[], max_length=200)
    privacy_url: Url | None = None
    privacy_version: NoticeVersion | None = None
    require_consent: bool = False
    zalo: list[_ZaloTable] = []
    messenger: list[_MessengerTable] = []
    viber: list[_ViberTable] = []

    def noun(self) -> Agency:
        return Agency(
            id=self.id,
            name=self.name,
            lang=self.language,
            sources=tuple(self.sources),
            hours=tuple(hours.noun() for hours in self.hours),
            closed_on=frozenset(self.closed_on),
            hotline=self.hotline,
            has_officers=self.officers,
            silence=timedelta(minutes=self.silence_minutes),
            origins=tuple(dict.fromkeys(self.origins)),
            privacy_url=self.privacy_url,
            privacy_version=self.privacy_version,
            requires_consent=self.require_consent,
        )


class _File(_Table):
    agency: list[_AgencyTable] = Field(min_length=1)


def read_agencies(path: Path, *, named: Named) -> Agencies:
    """Read the file and the credentials that it names.

    Raises SettingsFault with every fault at once, each with its agency and key and none with the value of a secret.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsFault([f"{path}: cannot be read: {error.strerror}"]) from None
    except ValueError as error:  # UnicodeDecodeError too
        raise SettingsFault([f"{path}: not a TOML file: {error}"]) from None
    reader = CredentialReader(named)
    faults = [f"{path}: {fault}" for fault in _contradictions(document)]
    try:
        file = _File.model_validate(document, context=reader)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)
        raise SettingsFault(
            [f"{path}: {_place(document, fault['loc'])}: {_sentence(fault['msg'])}" for fault in found] + faults
        ) from None
    if faults:
        raise SettingsFault(faults)
    agencies: list[Agency] = []
    accounts: list[Account] = []
    for table in file.agency:
        agencies.append(agency := table.noun())
        accounts += [oa.noun(agency) for oa in table.zalo]
        accounts += [page.noun(agency) for page in table.messenger]
        accounts += [bot.noun(agency) for bot in table.viber]
    if twice := _shared_tokens(accounts):
        raise SettingsFault([f"{path}: the Viber bots {', '.join(twice)} have one auth_token, which tells bots apart"])
    return Agencies(tuple(agencies), tuple(accounts), tuple(reader.warnings))


def _contradictions(document: Mapping[str, Any]) -> Iterator[str]:
    """Yield what no single key shows: names given twice, and an OA that could never send."""
    agencies = _tables(document.get("agency"))
    for what, names in (
        ("the agency", [agency.get("id") for agency in agencies]),
        ("the Zalo OA", [oa.get("oa_id") for agency in agencies for oa in _tables(agency.get("zalo"))]),
        ("the Page", [page.get("page_id") for agency in agencies for page in _tables(agency.get("messenger"))]),
        ("the Viber bot", [bot.get("account") for agency in agencies for bot in _tables(agency.get("viber"))]),
    ):
        for name, count in Counter(name for name in names if isinstance(name, str)).items():
            if count > 1:
                yield f"{what} {name} is named twice"
    for position, agency in enumerate(agencies):
        for number, oa in enumerate(_tables(agency.get("zalo"))):
            place = _place(document, ("agency", position, "zalo", number))
            if "app_secret" not in oa and "access_token" not in oa:
                yield f"{place}: app_secret is missing (or access_token, which is then renewed by hand)"
            elif "refresh_token" in oa and "app_secret" not in oa:
                yield f"{place}: refresh_token is of no use without app_secret"


def _shared_tokens(accounts: Iterable[Account]) -> list[str]:
    """Return the names of the Viber bots whose token is another's too."""
    bots = [account for account in accounts if isinstance(account, ViberBot)]
    counts = Counter(bot.auth_token for bot in bots)
    return [bot.account for bot in bots if counts[bot.auth_token] > 1]


def _tables(value: object) -> list[Mapping[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _place(document: Mapping[str, Any], loc: tuple[int | str, ...]) -> str:
    """Return "agency hue, zalo 1, oa_id": positions are counted from 1, agencies are named where they have an id."""
    parts: list[str] = []
    for key in loc:
        if isinstance(key, str):
            parts.append(key)
        elif parts == ["agency"]:
            agency = document["agency"][key]
            name = agency.get("id") if isinstance(agency, dict) else None
            parts = [f"agency {name}" if isinstance(name, str) and name else f"agency number {key + 1}"]
        else:
            parts[-1] += f" {key + 1}"
    return ", ".join(parts)


def _sentence(message: str) -> str:
    """Return pydantic's message in the words of an operator."""
    message = message.removeprefix("Value error, ")
    return {"Field required": "is missing", "Extra inputs are not permitted": "is not a key of this table"}.get(
        message, message
    )


def _text(secret: SecretStr | None) -> str | None:
    return None if secret is None else secret.get_secret_value()
