"""Articles, clauses and points (điều, khoản, điểm) that people name: "đ5 k2", "khoản 2 Điều 5", "article 5(2)(a)"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from index.text.article_items import Item, Level, find_items
from index.text.number import find_numbers
from index.text.skeleton import Skeleton, skeleton


def place_name(article: str | None, clause: str | None, point: str | None) -> str:
    """Return a place as passages are located: "Điều 5, khoản 2, điểm a"; "khoản 2" without its article."""
    named = (("Điều", article), ("khoản", clause), ("điểm", point))
    return ", ".join(f"{word} {label}" for word, label in named if label)


@dataclass(frozen=True, slots=True)
class ArticleMatch:
    """A place in a document that a text names; offsets into the raw text. Two that share an article may overlap."""

    text: str
    start: int
    end: int
    article: str | None  # điều: "5", "12a"; None where only a clause or point is named
    clause: str | None  # khoản: "2"
    point: str | None  # điểm: "a", "đ"

    @property
    def canonical(self) -> str:
        """The place as passages are located; see `place_name`."""
        return place_name(self.article, self.clause, self.point)


class _Place:
    """A place under construction: at most one item a level."""

    def __init__(self, item: Item) -> None:
        self.items: dict[Level, Item] = {item.level: item}


_BETWEEN = re.compile(
    r"[ ,;.:()\n–-]{0,3}(?:(?:cua|of(?: the)?|in|tai|thuoc|va|hoac|and|or|den|to|的|和|及|、)(?![a-z]) ?)?"
)
"""What may stand between the parts of one place, or between places named together."""

_PARTED = re.compile("[,;、和及]|va|hoac|and|or")


def find_articles(text: str) -> list[ArticleMatch]:
    """Return the articles, clauses and points that raw `text` names, in order; never raises.

    Vietnamese with or without accents, in full or short ("đ5 k2"), in either order; English and Chinese. Of a list
    ("khoản 1, 2 Điều 5") every one. Counts ("điều 5 người"), sums ("khoản 5 triệu") and "điều này" are none.
    """
    form = skeleton(text)
    items = find_items(form)
    if not items:
        return []
    numbers = [(number.start, number.end) for number in find_numbers(text)]
    matches: list[ArticleMatch] = []
    for chain in _chains(form, items):
        if len(chain) == 1 and not chain[0].alone:
            continue
        for place in _places(form, chain):
            match = _match(form, place)
            if not any(start < match.end and match.start < end for start, end in numbers):
                matches.append(match)
    return matches


def without_articles(text: str) -> str:
    """Return raw `text` with a blank in place of each article, clause and point it names."""
    parts: list[str] = []
    position = 0
    for match in sorted(find_articles(text), key=lambda match: match.start):
        if match.start >= position:
            parts += (text[position : match.start], " ")
        position = max(position, match.end)
    return "".join([*parts, text[position:]])


def _chains(form: Skeleton, items: list[Item]) -> list[list[Item]]:
    """Group the items that belong together: only a comma, "của" or the like parts them."""
    chains: list[list[Item]] = []
    for item in items:
        if chains and _BETWEEN.fullmatch(form.text, chains[-1][-1].end, item.start):
            chains[-1].append(item)
        else:
            chains.append([item])
    return chains


def _places(form: Skeleton, chain: list[Item]) -> list[_Place]:
    """Read a run of items from the whole to the part ("Điều 5, khoản 2") or the other way round, lists included."""
    places: list[_Place] = []
    for at, item in enumerate(chain):
        if places and min(places[-1].items) > item.level:
            for place in reversed(places):  # the article that clauses before it lie in
                if min(place.items) <= item.level:
                    break
                place.items[item.level] = item
        elif places and _takes(places[-1], item) and not _begins(form, chain, at):
            places[-1].items[item.level] = item
        else:
            places.append(_Place(item))
    for before, place in pairwise(places):  # "Điều 5, khoản 1, khoản 2"
        missing = {level: item for level, item in before.items.items() if level < min(place.items)}
        place.items = missing | place.items
    return places


def _takes(place: _Place, item: Item) -> bool:
    """Tell whether an item is a part of a place, or the clause between its article and the point named before it."""
    if item.level in place.items:
        return False
    return item.level > max(place.items) or set(place.items) == {Level.ARTICLE, Level.POINT}


def _begins(form: Skeleton, chain: list[Item], at: int) -> bool:
    """Tell whether an item belongs to the one after it: "Điều 12 và khoản 2 Điều 14"."""
    if at + 1 == len(chain) or chain[at + 1].level > chain[at].level:
        return False
    before, after = (form.text[chain[at + one - 1].end : chain[at + one].start] for one in (0, 1))
    return _PARTED.search(before) is not None and _PARTED.search(after) is None


def _match(form: Skeleton, place: _Place) -> ArticleMatch:
    start, end = form.raw_span(
        min(item.start for item in place.items.values()), max(item.end for item in place.items.values())
    )
    labels = {level: item.label for level, item in place.items.items()}
    return ArticleMatch(form.raw[start:end], start, end, *(labels.get(level) for level in Level))
