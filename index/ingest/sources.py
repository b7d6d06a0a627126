"""The sources that are read: data/sources.toml, or an operator's own file of the same form."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import tomllib
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator, model_validator

from index.errors import BadInput
from index.ingest.address import checked, is_host
from index.ingest.errors import FaultyFile, Refused
from index.ingest.parsers.page import PARSER_NAMES

_INTERVAL = re.compile(r"([1-9]\d{0,3})(m|h|d)")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
_SHORTEST = timedelta(minutes=5)
_NAME = r"[a-z0-9]+(?:-[a-z0-9]+)*"


def _interval(value: object) -> timedelta:
    match = _INTERVAL.fullmatch(value) if isinstance(value, str) else None
    found = timedelta(**{_UNITS[match.group(2)]: int(match.group(1))}) if match else timedelta()
    if found < _SHORTEST:
        raise ValueError('a schedule is a number with m, h or d, such as "30m", "6h" or "1d", and 5m at least')
    return found


def _parser(value: object) -> object:
    if value not in PARSER_NAMES:
        raise ValueError(f"unknown parser {value!r}; there are {', '.join(PARSER_NAMES)}")
    return value


_Interval = Annotated[timedelta, BeforeValidator(_interval)]
_Parser = Annotated[str, BeforeValidator(_parser)]


class Source(BaseModel):
    """One source: whose it is, where it is, how it is read, and how often."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=f"^{_NAME}$")
    owner: str = Field(min_length=1)
    """Who runs it, in Vietnamese; the issuing body of its news."""
    hosts: tuple[str, ...] = Field(min_length=1)
    """Exact names; nothing else is asked for this source, and its documents carry one of them as `source`."""
    addresses: tuple[str, ...] = Field(min_length=1)
    """Lists, feeds, sitemaps or files that are read on schedule; https."""
    parser: _Parser
    """Of the addresses."""
    detail_parser: _Parser | None = None
    """Of the pages they lead to, where the kind of link does not say."""
    languages: tuple[Literal["vi", "en", "zh"], ...] = Field(default=("vi",), min_length=1)
    """Documents in another language are not taken."""
    weight: float = Field(default=1.0, gt=0.0, le=2.0)
    """How much its passages count in search beside others."""
    every: _Interval
    recheck: _Interval = timedelta(days=7)
    """How often a page that was read is looked at again, for changes and withdrawal."""
    most_pages: int = Field(default=50, ge=1, le=10_000)
    """New pages read in one visit, and old ones looked at again, at most."""
    enabled: bool = False
    post: str | None = None
    """JSON that is posted to the addresses, for searches."""
    encoding: Literal["tcvn3", "vni"] | None = None
    """Legacy encoding of its texts; never guessed."""
    place: str | None = None
    """The province it speaks for, as data/provinces.jsonl names it."""
    licence: str = ""
    evidence: Literal["G", "F", "P", "R", "K"]
    """How sure the addresses are, in the labels of data/agencies.jsonl; K: background knowledge, to be verified."""
    checked_on: date | None = None
    """When somebody saw the addresses answer on the live site."""

    @field_validator("hosts")
    @classmethod
    def _hosts_can_be_allowed(cls, hosts: tuple[str, ...]) -> tuple[str, ...]:
        wrong = [host for host in hosts if not is_host(host)]
        if wrong:
            raise ValueError(f"{', '.join(wrong)}: not a host name in lower case, such as congbao.chinhphu.vn")
        return hosts

    @field_validator("post")
    @classmethod
    def _post_is_json(cls, post: str | None) -> str | None:
        if post is not None:
            json.loads(post)
        return post

    @model_validator(mode="after")
    def _addresses_are_on_its_hosts(self) -> Self:
        for address in self.addresses:
            try:
                checked(address, self.hosts)
            except Refused as refusal:
                raise ValueError(str(refusal)) from refusal
        return self


def load(path: Path) -> list[Source]:
    """Every source of a file, in order, also those that are not enabled.

    Raises `FaultyFile` with all faults, each with the source's id (or its place where it has none).
    """
    faults: list[str] = []
    sources: list[Source] = []
    names: set[str] = set()
    for place, entry in enumerate(_entries(path), start=1):
        name = str(entry.get("id") or f"source {place}")
        try:
            sources.append(Source.model_validate(entry))
        except ValidationError as error:
            faults += [f"{name}: {_fault(one)}" for one in error.errors()]
        if name in names:
            faults.append(f"{name}: the id is used twice")
        names.add(name)
    if faults:
        raise FaultyFile(path, faults)
    return sources


def enabled(sources: Sequence[Source], *, only: Collection[str] = ()) -> list[Source]:
    """The sources that are switched on; of them those with the ids in `only`, where any is given.

    Raises `BadInput` for an id that no enabled source has.
    """
    chosen = [source for source in sources if source.enabled and (not only or source.id in only)]
    missing = sorted(set(only) - {source.id for source in chosen})
    if missing:
        raise BadInput(f"no enabled source is called {', '.join(missing)}")
    return chosen


def weights(sources: Sequence[Source]) -> dict[str, float]:
    """`Document.source` → weight in search. A host that several sources share has the largest of theirs."""
    found: dict[str, float] = {}
    for source in sources:
        for host in source.hosts:
            found[host] = max(found.get(host, 0.0), source.weight)
    return found


def _entries(path: Path) -> list[Mapping[str, Any]]:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise FaultyFile(path, [f"not readable as TOML: {' '.join(str(error).split())}"]) from error
    entries = content.get("source", [])
    if set(content) - {"source"} or not isinstance(entries, list):
        raise FaultyFile(path, ["only [[source]] tables may stand in it"])
    return entries


def _fault(error: Any) -> str:
    field = ".".join(str(part) for part in error["loc"])
    said = "unknown key" if error["type"] == "extra_forbidden" else error["msg"].removeprefix("Value error, ")
    return f"{field}: {said}" if field else str(said)
