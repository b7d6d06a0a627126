"""Time grows no faster than the length of a text, for the whole path and for each of our regular expressions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from time import process_time

import pytest

from index.text import bodies, places
from index.text.articles import find_articles
from index.text.bodies import find_bodies
from index.text.communes import find_communes
from index.text.dates import find_period
from index.text.language import detect
from index.text.number import find_numbers, type_of
from index.text.places import find_places
from index.text.reading import Reader
from index.text.unicode import fold

from .patterns import compiled_patterns, inline_patterns, traps

ROOT = Path(__file__).parents[4]
TODAY = date(2026, 7, 15)
SHORT, LONG = 1_000, 2_000
MOST = 2.6
"""Times the time of SHORT that LONG may take: twice as much, and what a busy machine adds."""
ROUNDS = 12
"""Rounds of which one must stay below MOST: a busy machine spoils some, what is slow by nature fails them all."""
NOTHING_S = 0.0003
"""CPU seconds for LONG that nobody would notice, and that no clock measures well."""

TRAPS = [
    "a", "aa ", "1", "1 ", "1/", "1-", "1.", "/", "-", ".", " ", "\n", " \n ", "\u0301", "á", "ư ",
    "x\u0301\u0323\u0302\u0306", "oà", "oà\u0301", "а", "аa", "ρa", "𝐚", "\u2800 ",
    "nđ 1", "nđ 1/2026/", "1/2026/nđ-cp ", "1/2026/nđ-", "tt 1 tt ", "số 1 ", "1/1 ", "1 tháng ", "6 thang dau nam ",
    "tu thang 1 den ", "thu hai ", "quy i", "dau nam ", "1 may ", "in may, ", "2026年", "2026 ", "66-", "a-a",
    "tu 1 den ", "nam nay ", "thang nam nam ", "mung 1 thang ", "hai tuan ", "gio to a", "二", "第一", "2026-", "last ",
    "a-", "&", "a&b-", "dieu 1, ", "khoan 1 ", "diem a, ", "d1k1", "1, ", "điều 1(1)(a)", "第一条第一款",
    "https://", "a@", "www.", ".vn ", "#a", "ddinhj ", "d9i5nh ", "uowuow", "cos car ", "aaa", "ạạ ",
    "ko k ", "tt tt ", "ct ", "nha ", "mô ", "khi mô ", "làm răng ", "tui ",
    "t r v ", "p 1 ", "t5/2026 ",
    "tn vc ", "kv bn hlực ", "giaykhaisinh ", "khaisinh", "huyenuyentuy ", "15t ", "k2 ", "p/á ", "# ",
    "phường 1 ", "xã an ", "q1 ", "hà nội ", "an cư ", "tân ", "p.", "bộ tài chính ", "bộ ", "sở ",
    "法", "the ", "thanks ", "ha noi ", "<s> ", "(", "_ ", "diem ", "0 _ ",
]  # fmt: skip


@pytest.fixture(scope="module")
def texts() -> list[str]:
    return [trap * (LONG // len(trap) + 1) for trap in TRAPS]


@pytest.fixture(scope="module")
def steps(reader: Reader) -> dict[str, Callable[[str], object]]:
    """Everything that is done to the raw text of a message."""
    gazetteer = places.load(ROOT / "data" / "provinces.jsonl")
    table = bodies.load(ROOT / "data" / "agencies.jsonl")
    return {
        "read": reader.read,
        "fold": fold,
        "detect": detect,
        "find_numbers": find_numbers,
        "type_of": type_of,
        "find_articles": find_articles,
        "find_period": lambda text: find_period(text, TODAY),
        "find_places": lambda text: find_places(text, gazetteer),
        "find_communes": lambda text: find_communes(text, gazetteer, eager=True),
        "find_bodies": lambda text: find_bodies(text, table),
    }


def _grows_no_faster(work: Callable[[str], object], texts: Iterable[str], *, unit: int = 1) -> bool:
    """Whether the time of `work` for LONG texts is at most MOST times that for SHORT ones, in one of ROUNDS.

    Texts are cut at multiples of `unit`: half a word at the end may be a short form, which costs a reading of its own.
    """
    for _ in range(ROUNDS):
        times = []
        for length in (SHORT, LONG):
            cut = [text[: length - length % unit] for text in texts]
            best = float("inf")
            for _ in range(3):
                begun = process_time()
                for text in cut:
                    work(text)
                best = min(best, process_time() - begun)
            times.append(best)
        if times[1] <= max(MOST * times[0], NOTHING_S):
            return True
    return False


def _matching(pattern: re.Pattern[str]) -> Callable[[str], object]:
    return lambda text: sum(1 for _ in pattern.finditer(text))


def test_every_step_takes_time_in_proportion(steps: dict[str, Callable[[str], object]], texts: list[str]) -> None:
    assert [name for name, work in steps.items() if not _grows_no_faster(work, texts)] == []


def test_each_trap_is_passed_in_proportion(steps: dict[str, Callable[[str], object]], texts: list[str]) -> None:
    slow = [
        (name, trap)
        for name, work in steps.items()
        for trap, text in zip(TRAPS, texts, strict=True)
        if not _grows_no_faster(work, [text], unit=len(trap))
    ]
    assert slow == []


def test_no_regular_expression_takes_more_than_its_share(reader: Reader, texts: list[str]) -> None:
    patterns = compiled_patterns() | inline_patterns(ROOT)
    contexts = {
        f"abbreviations.tsv: {short} {number}": expansion.context
        for short, expansions in reader.table.items()
        for number, expansion in enumerate(expansions)
        if expansion.context is not None
    }
    assert len(patterns) > 150
    assert len(contexts) > 280
    every = patterns | contexts
    slow = [name for name, pattern in every.items() if not _grows_no_faster(_matching(pattern), texts)]
    assert slow == []


def test_no_regular_expression_is_slow_on_what_it_repeats() -> None:
    slow = []
    tried = 0
    for name, pattern in (compiled_patterns() | inline_patterns(ROOT)).items():
        for text in traps(pattern, LONG):
            tried += 1
            if not _grows_no_faster(_matching(pattern), [text]):
                slow.append((name, text[:40]))
    assert tried > 700
    assert slow == []
