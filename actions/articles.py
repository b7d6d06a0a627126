"""Articles, clauses and points (điều, khoản, điểm) that a question names, and the passages that hold them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.document import Passage, TextKind
from index.text.articles import find_articles, place_name

_IN_LOCATION = re.compile(r"(Điều|khoản|điểm) ([0-9a-zđ]+)")


@dataclass(frozen=True, slots=True)
class ArticleRef:
    """A place in a document; what is None was not named."""

    article: str | None = None  # "5", "12a"
    clause: str | None = None  # "2"
    point: str | None = None  # "a", "đ"

    @classmethod
    def of(cls, location: str | None) -> ArticleRef:
        """Read a passage's location: "Điều 5, khoản 2, điểm a"; parts that it lacks are None."""
        parts = dict(_IN_LOCATION.findall(location or ""))
        return cls(parts.get("Điều"), parts.get("khoản"), parts.get("điểm"))

    @property
    def label(self) -> str:
        """The place as Vietnamese texts name it: "Điều 5, khoản 2"."""
        return place_name(self.article, self.clause, self.point)


def find_article(text: str) -> ArticleRef | None:
    """Return the first place that raw `text` names; None where it names none."""
    return next((ArticleRef(found.article, found.clause, found.point) for found in find_articles(text)), None)


def passages_at(ref: ArticleRef, passages: Sequence[Passage]) -> list[Passage]:
    """Return the official passages that hold a place, in order; empty where none does.

    A whole article holds its clauses and points; of an article that was divided, those parts are given that lie in the
    place named, with what stands above them; what stands above alone is not the place. An article of an attached
    regulation ("Quy chế, Điều 3") is given only where the document has none.
    """
    official = [passage for passage in passages if passage.text_kind is TextKind.OFFICIAL and passage.location]
    found = [passage for passage in official if _holds(ArticleRef.of(passage.location), ref)]
    own = [passage for passage in found if (passage.location or "").startswith(("Điều", "khoản"))]
    chosen = own or found
    divided = {place for passage in official for place in _above(ArticleRef.of(passage.location))}
    places = [ArticleRef.of(passage.location) for passage in chosen]
    return chosen if any(place not in divided or _names(place, ref) for place in places) else []


def articles_held(passages: Sequence[Passage]) -> list[str]:
    """Return the labels of the articles of which official text is held, in order: ["1", "2", "3"]."""
    labels = (ArticleRef.of(passage.location).article for passage in passages if passage.text_kind is TextKind.OFFICIAL)
    return list(dict.fromkeys(label for label in labels if label))


def _holds(place: ArticleRef, wanted: ArticleRef) -> bool:
    """Say whether the passage at `place` is the one wanted, a part of it, or a whole that is not divided so far."""
    if place.article != wanted.article:
        return False
    for own, named in ((place.clause, wanted.clause), (place.point, wanted.point)):
        if own and named and own != named:
            return False
    return True


def _above(place: ArticleRef) -> list[ArticleRef]:
    """Return the places that a place divides: its clause and its article."""
    above = []
    if place.point:
        above.append(ArticleRef(place.article, place.clause))
    if place.clause:
        above.append(ArticleRef(place.article))
    return above


def _names(place: ArticleRef, wanted: ArticleRef) -> bool:
    """Say whether a place names every level that the one wanted does."""
    return (place.clause is not None or wanted.clause is None) and (place.point is not None or wanted.point is None)
