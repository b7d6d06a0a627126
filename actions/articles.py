"""Articles, clauses and points (điều, khoản, điểm) as people name them, and the passages that hold them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.document import Passage, TextKind
from index.text.unicode import normalise

_NUMERALS = "一二三四五六七八九十"

_ARTICLE = re.compile(
    r"(?<![\w/])(?:điều|điêu|đièu|dieu|điéu|article|art\.?)\s{0,2}(?:số |so |thứ |thu )?(\d{1,3}[a-zđ]?)(?![\w/])",
    re.IGNORECASE,
)
_SHORT_ARTICLE = re.compile(
    r"(?<![\w/])[dđ](\d{1,3})(?=\s{0,2}(?:k\d|,|$|của|cua|nói|noi|nd|nđ|luật|luat|tt))", re.IGNORECASE
)
_CLAUSE = re.compile(
    r"(?<![\w/])(?:khoản|khoan|khỏan|clause|paragraph|k(?=\d))\s{0,2}(?:số |so |thứ |thu )?(\d{1,2}[a-zđ]?)(?![\w/])",
    re.IGNORECASE,
)
_POINT = re.compile(r"(?<![\w/])(?:điểm|điêm|diem|point)\s{0,2}([a-zđ])(?!\w)", re.IGNORECASE)
_ENGLISH_CLAUSE = re.compile(r"(?<=\d)\((\d{1,2})\)(?:\(([a-zđ])\))?")
_CHINESE_ARTICLE = re.compile(rf"第\s?([{_NUMERALS}\d]{{1,3}})\s?条")
_CHINESE_CLAUSE = re.compile(rf"第\s?([{_NUMERALS}\d]{{1,3}})\s?款")
_CHINESE_POINT = re.compile(r"(?:第\s?)?([a-zđ])\s?[项点]", re.IGNORECASE)
_ALL = (_ARTICLE, _SHORT_ARTICLE, _CLAUSE, _POINT, _CHINESE_ARTICLE, _CHINESE_CLAUSE, _CHINESE_POINT)

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
        named = (("Điều", self.article), ("khoản", self.clause), ("điểm", self.point))
        return ", ".join(f"{word} {label}" for word, label in named if label)


def find_article(text: str, entities: Sequence[str] = ()) -> ArticleRef | None:
    """Return the place that raw `text` names, or the first of the `entities` that the NLU found; None without one."""
    for entity in entities:
        if (found := ArticleRef.of(entity)) != ArticleRef():
            return found
    plain = normalise(text)
    in_english = _ENGLISH_CLAUSE.search(plain)
    found = ArticleRef(
        _first(plain, _ARTICLE, _SHORT_ARTICLE, _CHINESE_ARTICLE),
        _first(plain, _CLAUSE, _CHINESE_CLAUSE) or (in_english.group(1) if in_english else None),
        _first(plain, _POINT, _CHINESE_POINT) or (in_english.group(2) if in_english else None),
    )
    return found if found != ArticleRef() else None


def without_articles(text: str) -> str:
    """Return `text` with a blank in place of each article, clause and point."""
    for pattern in _ALL:
        text = pattern.sub(" ", text)
    return text


def passages_at(ref: ArticleRef, passages: Sequence[Passage]) -> list[Passage]:
    """Return the official passages that hold a place, in order; empty where none does.

    A whole article holds its clauses and points; of an article that was divided, those parts are given that lie in the
    place named. An article of an attached regulation ("Quy chế, Điều 3") is given only where the document has none.
    """
    official = [passage for passage in passages if passage.text_kind is TextKind.OFFICIAL and passage.location]
    found = [passage for passage in official if _holds(ArticleRef.of(passage.location), ref)]
    own = [passage for passage in found if (passage.location or "").startswith(("Điều", "khoản"))]
    return own or found


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


def _first(text: str, *patterns: re.Pattern[str]) -> str | None:
    for pattern in patterns:
        if match := pattern.search(text):
            return _arabic(match.group(1)).lower()
    return None


def _arabic(numeral: str) -> str:
    """Write a Chinese numeral up to 99 in digits; leave anything else alone."""
    if not numeral or any(character not in _NUMERALS for character in numeral):
        return numeral
    tens, is_tens, ones = numeral.rpartition("十") if "十" in numeral else ("", "", numeral)
    value = (_NUMERALS.index(tens) + 1 if tens else 1) * 10 if is_tens else 0
    return str(value + (_NUMERALS.index(ones) + 1 if ones else 0))
