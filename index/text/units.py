"""Administrative units as the tables hold them: provinces, communes, and the communes and districts that are gone."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

COMMUNES_AS_OF = date(2025, 7, 1)
"""Day of data/communes.jsonl, and the day on which its communes began and the district level ended."""

COMMUNE_KINDS = frozenset({"phường", "xã", "đặc khu", "thị trấn"})
DISTRICT_KINDS = frozenset({"quận", "huyện", "thị xã", "thành phố"})


@dataclass(frozen=True, slots=True)
class Unit:
    """A provincial unit of today (đơn vị hành chính cấp tỉnh)."""

    code: str  # "79"
    name: str  # "Thành phố Hồ Chí Minh"
    short: str  # "Hồ Chí Minh"
    kind: str  # "thành phố" or "tỉnh"
    formed_from: tuple[str, ...]  # names of the units before 2025-07-01, its own old one included
    communes: int | None
    since: date | None  # None where the unit was not changed in 2025
    resolution: str | None  # number of the document that formed it
    note: str | None


@dataclass(frozen=True, slots=True)
class Origin:
    """What one former district gave to a commune of today."""

    province: str  # as it was called: "Bình Dương"
    district: str  # "Huyện Củ Chi"
    communes: tuple[str, ...]  # whole former communes: "Phường Bến Nghé"
    parts: tuple[str, ...]  # former communes of which a share went here


@dataclass(frozen=True, slots=True, eq=False)
class Commune:
    """A commune of today (xã, phường, đặc khu); one object a commune."""

    code: str
    short: str  # "Bến Nghé"
    kind: str  # "phường", "xã" or "đặc khu"
    province: Unit
    formed_from: tuple[Origin, ...]

    @property
    def name(self) -> str:
        """Name with its kind: "Phường Sài Gòn"."""
        return f"{self.kind.capitalize()} {self.short}"


@dataclass(frozen=True, slots=True, eq=False)
class Former:
    """A commune or district that ended on 2025-07-01; one object a unit."""

    short: str  # "Củ Chi"
    kind: str  # "huyện"
    district: str | None  # of a commune: "Huyện Củ Chi"; None for a district
    province: str  # as it was called: "Hồ Chí Minh"
    now: tuple[Commune, ...]  # the communes of today that its area belongs to, by code; several where it was divided

    @property
    def name(self) -> str:
        """Name with its kind: "Huyện Củ Chi"."""
        return f"{self.kind.capitalize()} {self.short}"

    @property
    def is_district(self) -> bool:
        """Tell whether this was a district (quận, huyện, thị xã, thành phố thuộc tỉnh)."""
        return self.district is None


Area = Commune | Former


def read_communes(path: Path, units: Mapping[str, Unit]) -> tuple[tuple[Commune, ...], tuple[Former, ...]]:
    """Read data/communes.jsonl: the communes of today, then the former communes and districts.

    `units`: provinces by code. Raises OSError, KeyError or ValueError where the file cannot be read.
    """
    communes: list[Commune] = []
    heirs: dict[tuple[str, str | None, str], list[Commune]] = {}
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        origins = tuple(
            Origin(each["province"], each["district"], tuple(each.get("communes", ())), tuple(each.get("parts", ())))
            for each in row["formed_from"]
        )
        commune = Commune(row["code"], row["name"], row["kind"], units[row["province"]], origins)
        communes.append(commune)
        for origin in origins:
            heirs.setdefault((origin.province, None, origin.district), []).append(commune)
            for name in (*origin.communes, *origin.parts):
                heirs.setdefault((origin.province, origin.district, name), []).append(commune)
    return tuple(communes), tuple(_former(*key, now) for key, now in heirs.items())


def _former(province: str, district: str | None, name: str, now: Sequence[Commune]) -> Former:
    kinds = DISTRICT_KINDS if district is None else COMMUNE_KINDS
    words = name.split(" ")
    length = 1 if words[0].lower() in kinds else 2
    kind = " ".join(words[:length]).lower()
    if kind not in kinds:
        raise ValueError(name)
    return Former(" ".join(words[length:]), kind, district, province, tuple(now))
