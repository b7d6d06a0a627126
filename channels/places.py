"""The commune whose centre is nearest to a place: where somebody who sends a location lives or stands."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from math import cos, hypot, radians
from pathlib import Path

from channels.event import Place

MAX_KM = 40.0
"""Farther from every centre a place is taken to lie abroad or at sea; the largest communes are some 30 km across."""

_KM_PER_DEGREE = 111.2


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune (xã, phường, đặc khu) of 2025-07-01, its name with its kind, and its province's."""

    name: str
    province: str
    centre: Place


class Communes:
    """All communes by their centres. Sources: data/communes.jsonl, provinces.jsonl, commune_centres.tsv."""

    def __init__(self, communes: list[Commune]) -> None:
        self._communes = communes

    @classmethod
    def load(cls, folder: Path) -> Communes:
        """Read the three files of `folder`. Raises OSError."""
        provinces = {row["code"]: row["name"] for row in _rows(folder / "provinces.jsonl")}
        names = {
            row["code"]: (f"{row['kind'].capitalize()} {row['name']}", provinces[row["province"]])
            for row in _rows(folder / "communes.jsonl")
        }
        with (folder / "commune_centres.tsv").open(encoding="utf-8") as file:
            table = csv.DictReader((line for line in file if not line.startswith("#")), delimiter="\t")
            return cls(
                [
                    Commune(*names[row["code"]], Place(float(row["latitude"]), float(row["longitude"])))
                    for row in table
                    if row["code"] in names
                ]
            )

    def nearest(self, place: Place) -> Commune | None:
        """Return the commune with the nearest centre, None where none is within `MAX_KM`; about 2 ms.

        A centre is not a border: near one, the neighbour may be named, and the answer says "near".
        """
        shrink = cos(radians(place.latitude))  # a degree of longitude is shorter away from the equator

        def kilometres(commune: Commune) -> float:
            north = commune.centre.latitude - place.latitude
            east = (commune.centre.longitude - place.longitude) * shrink
            return hypot(north, east) * _KM_PER_DEGREE

        best = min(self._communes, key=kilometres, default=None)
        return best if best is not None and kilometres(best) <= MAX_KM else None


def _rows(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
