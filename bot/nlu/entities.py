"""What a message names: documents, types, articles, bodies, places and periods, by the grammar of `index.text`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from index.text import bodies, places
from index.text.articles import find_articles
from index.text.bodies import BodyTable, find_bodies
from index.text.communes import find_communes
from index.text.dates import find_period
from index.text.number import canonical, find_numbers, type_of
from index.text.places import Gazetteer, find_places


@dataclass(frozen=True, slots=True)
class Entity:
    """One thing named; offsets into the raw text (the whole text where the grammar gives no place)."""

    kind: str  # document_number | document_type | article | issuing_body | place | period
    value: str
    start: int
    end: int
    sort: str = ""  # a finer kind, where there is one: province | commune; else the kind itself

    def __post_init__(self) -> None:
        if not self.sort:
            object.__setattr__(self, "sort", self.kind)


@dataclass(frozen=True, slots=True)
class Tables:
    """The names that the grammar looks for."""

    places: Gazetteer
    bodies: BodyTable

    @classmethod
    def load(cls, folder: Path) -> Tables:
        """Read provinces, communes and agencies in `folder`. Raises OSError or ValueError where one is unreadable."""
        return cls(places=places.load(folder / "provinces.jsonl"), bodies=bodies.load(folder / "agencies.jsonl"))


def find_entities(text: str, tables: Tables, *, today: date) -> list[Entity]:
    """Return what raw `text` names; `today` in Vietnam turns "tháng này" into days.

    Values: the printed number ("161/2026/NĐ-CP"), the type's name ("Nghị định"), the place in a document ("Điều 5,
    khoản 2"), the body's id in agencies.jsonl, the province as it is or was called ("Bình Dương") or the commune of
    today with its province ("Phường Sài Gòn, Thành phố Hồ Chí Minh"; of a former district the province), the first and
    last day of a period ("2026-05-01/2026-05-31").
    """
    entities = [Entity("document_number", canonical(found), found.start, found.end) for found in find_numbers(text)]
    if kind := type_of(text):
        entities.append(Entity("document_type", kind, 0, len(text)))
    entities += [Entity("article", found.canonical, found.start, found.end) for found in find_articles(text)]
    entities += [
        Entity("issuing_body", found.body.id, found.start, found.end) for found in find_bodies(text, tables.bodies)
    ]
    entities += [
        Entity("place", found.name, found.start, found.end, "province") for found in find_places(text, tables.places)
    ]
    entities += [
        Entity("place", name, found.start, found.end, "commune")
        for found in find_communes(text, tables.places)
        if (name := found.place_today)
    ]
    if period := find_period(text, today):
        entities.append(Entity("period", f"{period.start}/{period.end}", 0, len(text)))
    return entities
