"""Entity values of ours in the words of data/eval/understanding: names of bodies and provinces as they are today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from index.text.number import TYPE_NAMES, ParsedNumber, Shape, canonical, find_numbers
from tools.evaluate.sets import Named, read_rows


@dataclass(frozen=True, slots=True)
class Names:
    """Our tables as far as values need them."""

    bodies: dict[str, str]  # id in agencies.jsonl → name
    provinces: dict[str, str]  # any of the 63 + 34 names → full name today

    @classmethod
    def load(cls, folder: Path) -> Names:
        """Read agencies.jsonl and provinces.jsonl in `folder`."""
        bodies = {row["id"]: row["name"] for row in read_rows(folder / "agencies.jsonl")}
        provinces: dict[str, str] = {}
        for row in read_rows(folder / "provinces.jsonl"):
            former = (old["name"] for old in row["formed_from"])
            provinces |= dict.fromkeys((row["name"], row["short"], *former), row["name"])
        return cls(bodies, provinces)


def in_words_of_the_sets(found: Sequence[Named], names: Names) -> tuple[Named, ...]:
    """Return what was found with the values that the sets use.

    A document type is left out where it only says again what a number of the message says: the sets mark a type where
    no number stands with it.
    """
    numbers = [number for each in found if each.kind == "document_number" for number in find_numbers(each.value)]
    return tuple(
        Named(each.kind, value_in_the_sets(each.kind, each.value, names), each.text)
        for each in found
        if not (each.kind == "document_type" and any(_says(number, each.value) for number in numbers))
    )


def value_in_the_sets(kind: str, value: str, names: Names) -> str:
    """Return one value as the sets write it; what is in no table stays as it is."""
    if kind == "issuing_body":
        return names.bodies.get(value, value)
    if kind == "place":
        return names.provinces.get(value, value)
    if kind == "document_number":
        return next((canonical(number) for number in find_numbers(value)), value)
    return value


def _says(number: ParsedNumber, type_name: str) -> bool:
    """Tell whether a number stands with this type: by its symbol, or as the Assembly's, which carry none."""
    return number.shape is Shape.ASSEMBLY or (number.type is not None and TYPE_NAMES[number.type] == type_name)
