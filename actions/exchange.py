"""A question made anew: what a message names takes the place of its like in the question before, or is added to it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from actions.desk import Desk
from actions.list_latest import ISSUING
from actions.question import Question
from actions.topic import Kind
from actions.words import Span, without
from index.text.bodies import find_bodies
from index.text.communes import find_communes
from index.text.dates import find_period
from index.text.names import NameTable
from index.text.number import TYPE_NAMES, find_numbers
from index.text.places import find_places
from index.text.skeleton import skeleton

_TYPES: NameTable[str] = NameTable((name, name) for name in TYPE_NAMES.values())

_FILLERS = frozenset(
    """
    thế còn thì sao vậy dậy zậy à ạ a ở nhỉ nhé nha ha hen hả với vs và như nào của tại cho đối so nếu là gì rứa răng
    and what how about in for of the at with or then from
    """.split()  # noqa: SIM905 - a list of words reads better so
)
"""Folded words that join a new place or period to the old question and say nothing."""

_CHINESE_FILLERS = "那呢么吗在的和怎样"

_TIME = frozenset("thang nam quy tuan ngay tu den trong mung month year week quarter in of".split())  # noqa: SIM905 - a list of words reads better so
"""Folded words that belong to a date."""

_JOINED_ON = re.compile(r"(?:cua|con|the|vay|o|tai|in|at|of|from|and|那)\b")
"""Folded words by which a message is joined on to the one before."""

PERIODS_AT_MOST = 3
"""Periods that are taken out of one question."""

MOST_WORDS = 12
"""Words of a message that does nothing but name something else; a longer one says more."""


def _places(text: str, desk: Desk) -> list[Span]:
    communes = find_communes(text, desk.gazetteer)
    provinces = find_places(text, desk.gazetteer)
    return [*communes, *provinces]


def _bodies(text: str, desk: Desk) -> list[Span]:
    return [match for match in find_bodies(text, desk.bodies) if match.body.kind in ISSUING]


def _numbers(text: str, desk: Desk) -> list[Span]:  # noqa: ARG001 - one shape for all kinds
    return list(find_numbers(text))


def _types(text: str, desk: Desk) -> list[Span]:  # noqa: ARG001 - one shape for all kinds
    numbers = find_numbers(text)
    return [
        match
        for match in _TYPES.find(text)
        if not any(number.start < match.end and match.start < number.end for number in numbers)
    ]


KINDS = (_numbers, _places, _bodies, _types)
"""What may be exchanged, apart from a period."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """The new question."""

    text: str
    base: str = ""  # the same without words that were only added, where some were: the next ones take their place


def only_exchanges(question: Question, desk: Desk) -> bool:
    """Say whether a message does nothing but name something else for the list or place before: "của Bộ Công an".

    A period alone, "tháng 5/2026", is one for a list.
    """
    topic = question.topic
    if topic is None or not topic.question or topic.kind not in (Kind.LIST, Kind.PLACES):
        return False
    reading = desk.read(question.text)
    rest = reading.written_out
    if len(rest.split()) > MOST_WORDS:
        return False
    if topic.kind is Kind.LIST:
        rest = _without_period(rest, question)
    if rest == reading.written_out and _JOINED_ON.match(reading.folded) is None:
        return False
    rest = without_named(rest, desk)
    return rest != reading.written_out and not telling(rest, desk)


def without_named(text: str, desk: Desk) -> str:
    """Return `text` without what it names that may be exchanged."""
    for find in KINDS:
        text = without(text, find(text, desk))
    return text


def names_only_places(text: str, desk: Desk) -> bool:
    """Say whether a message names places and says nothing else: "Bình Dương", "ở huyện Bắc Tân Uyên ạ"."""
    named = _places(text, desk)
    return bool(named) and not telling(without(text, named), desk)


def exchanged(before: str, question: Question, desk: Desk) -> Exchange:
    """Return the question `before` with what the new message names in the place of its like, else added to it."""
    new = question.text
    rest = new
    for find in KINDS:
        named = find(rest, desk)
        if not named:
            continue
        words = _around(rest, named)
        old = find(before, desk)
        before = _replaced(before, old, words) if old else f"{before} {words}"
        rest = without(rest, named)
    if find_period(rest, question.today) is not None:
        before = _without_period(before, question)
        anew = f"{before} {telling(rest, desk)}"
        if find_period(anew, question.today) is None:  # "in 2024" is a period, "2024" may be any number
            anew = f"{before} {rest.strip()}"
        return Exchange(anew)
    told = telling(rest, desk)
    if not told:
        return Exchange(before)
    return Exchange(told) if _has_same_subject(told, before, desk) else Exchange(f"{before} {told}", base=before)


def _has_same_subject(told: str, before: str, desk: Desk) -> bool:
    """Say whether both name a subject of one kind: "lương cơ sở", "lương tối thiểu"."""
    old, new = (desk.own_words(text, with_aspects=False) for text in (before, told))
    return not set(old).isdisjoint(new)


def _around(text: str, spans: Sequence[Span]) -> str:
    return " ".join(text[span.start : span.end] for span in sorted(spans, key=lambda span: span.start))


def _replaced(text: str, spans: Sequence[Span], words: str) -> str:
    """Put `words` in the place of the first span, and nothing in that of the others."""
    first, *others = sorted(spans, key=lambda span: span.start)
    for span in reversed([other for other in others if other.start >= first.end]):
        text = f"{text[: span.start]} {text[span.end :]}"
    return f"{text[: first.start]}{words}{text[first.end :]}"


def telling(text: str, desk: Desk) -> str:
    """Return the words of a message that say something, written out; accents tell "ô" from "ở", typed or restored."""
    reading = desk.read(text)
    words = reading.written_out.split()
    restored = reading.restored.split()
    kept = []
    for word, accented in zip(words, restored if len(restored) == len(words) else words, strict=True):
        letters = "".join(filter(str.isalnum, accented.lower()))
        if letters and letters not in _FILLERS and not all(letter in _CHINESE_FILLERS for letter in letters):
            kept.append(word.strip("?!.,;:？！。，"))
    return " ".join(kept)


def _without_period(text: str, question: Question) -> str:
    """Return `text` without the words that name periods; the text as it is where it names none."""

    def names_one(part: list[str]) -> bool:
        return find_period(" ".join(part), question.today) is not None

    words = text.split()
    if not names_one(words):
        return text
    for _ in range(PERIODS_AT_MOST):
        # Halving, for each look at 500 characters takes a millisecond: words are added until a period is named, then
        # taken away in front while it is.
        end = 1 + bisect_left(range(1, len(words)), True, key=lambda count: names_one(words[:count]))
        start = end - 1 - bisect_left(range(1, end), True, key=lambda count: names_one(words[end - count : end]))
        words = _without_dates([*words[:start], *words[end:]], start)
        if not names_one(words):
            break
    return " ".join(words)


def _without_dates(words: list[str], place: int) -> list[str]:
    """Drop what is left of a date around a place: figures after it, "tháng" and "năm" on either side."""
    start = end = place
    while end < len(words) and (any(map(str.isdigit, words[end])) or skeleton(words[end]).text in _TIME):
        end += 1
    while start > 0:
        if skeleton(words[start - 1]).text in _TIME:
            start -= 1
        elif start > 1 and words[start - 1].isdigit() and skeleton(words[start - 2]).text in _TIME:  # "ngày 1 tháng 7"
            start -= 2
        else:
            break
    return [*words[:start], *words[end:]]
