"""Time grows no faster than the length of a text, for the whole path and for each of its regular expressions."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Iterator
from datetime import date
from time import process_time
from types import ModuleType

import pytest

from index.text.abbreviations import AbbreviationTable
from index.text.dates import find_period
from index.text.number import find_numbers
from index.text.reading import Reader

TODAY = date(2026, 7, 15)
SHORT, LONG = 1_000, 2_000
MOST = 2.6
"""Times the time of SHORT that LONG may take: twice as much, and what a busy machine adds."""
ROUNDS = 12
"""Rounds of which one must stay below MOST: a busy machine spoils some, what is slow by nature fails them all."""

TRAPS = [
    "a", "aa ", "1", "1 ", "1/", "1-", "1.", "/", "-", ".", " ", "\n", " \n ", "\u0301", "á", "ư ",
    "x\u0301\u0323\u0302\u0306",
    "nđ 1", "nđ 1/2026/", "1/2026/nđ-cp ", "1/2026/nđ-", "tt 1 tt ", "số 1 ", "1/1 ", "1 tháng ", "6 thang dau nam ",
    "tu thang 1 den ", "thu hai ", "quy i", "dau nam ", "1 may ", "in may, ", "2026年", "2026 ", "66-", "a-a",
    "a-", "&", "a&b-",
    "https://", "a@", "www.", ".vn ", "#a", "ddinhj ", "d9i5nh ", "uowuow", "cos car ", "aaa", "ạạ ",
    "ko k ", "tt tt ", "ct ", "nha ",
    "法", "the ", "thanks ", "ha noi ", "<s> ", "(", "_ ", "diem ", "0 _ ",
]  # fmt: skip


def _patterns(value: object) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, (tuple, list, frozenset)):
        for one in value:
            yield from _patterns(one)
    elif isinstance(value, dict):
        for one in value.values():
            yield from _patterns(one)


_MODULES = (
    "abbreviations",
    "dates",
    "foreign_dates",
    "kept",
    "language",
    "number",
    "repeats",
    "restore",
    "short_number",
    "syllable",
    "syllable_counts",
    "telex",
    "unicode",
)


def _modules() -> list[ModuleType]:
    return [importlib.import_module(f"index.text.{name}") for name in _MODULES]


def _all_patterns(table: AbbreviationTable) -> dict[str, re.Pattern[str]]:
    named = {
        f"{module.__name__}.{name}.{number}": pattern
        for module in _modules()
        for name, value in vars(module).items()
        for number, pattern in enumerate(_patterns(value))
    }
    for short, expansions in table.items():
        for number, expansion in enumerate(expansions):
            if expansion.context is not None:
                named[f"abbreviations.tsv: {short} {number}"] = expansion.context
    return named


def _grows_no_faster(work: Callable[[str], object], texts: list[str]) -> bool:
    """Whether the time of `work` for LONG texts is at most MOST times that for SHORT ones, in one of ROUNDS."""
    for _ in range(ROUNDS):
        times = []
        for length in (SHORT, LONG):
            cut = [text[:length] for text in texts]
            best = float("inf")
            for _ in range(3):
                begun = process_time()
                for text in cut:
                    work(text)
                best = min(best, process_time() - begun)
            times.append(best)
        if times[1] <= MOST * times[0]:
            return True
    return False


@pytest.fixture(scope="module")
def texts() -> list[str]:
    return [trap * (LONG // len(trap) + 1) for trap in TRAPS]


def test_reading_takes_time_in_proportion(reader: Reader, texts: list[str]) -> None:
    assert _grows_no_faster(reader.read, texts)


def test_each_trap_is_read_in_proportion(reader: Reader, texts: list[str]) -> None:
    assert [trap for trap, text in zip(TRAPS, texts, strict=True) if not _grows_no_faster(reader.read, [text])] == []


def test_numbers_and_periods_take_time_in_proportion(texts: list[str]) -> None:
    assert _grows_no_faster(find_numbers, texts)
    assert _grows_no_faster(lambda text: find_period(text, TODAY), texts)


def test_no_regular_expression_takes_more_than_its_share(reader: Reader, texts: list[str]) -> None:
    patterns = _all_patterns(reader.table)
    assert len(patterns) > 250
    slow = [
        name
        for name, pattern in patterns.items()
        if not _grows_no_faster(lambda text, pattern=pattern: sum(1 for _ in pattern.finditer(text)), texts)  # type: ignore[misc]
    ]
    assert slow == []
