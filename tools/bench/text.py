"""How long the text path takes for a message, step by step and as a whole, and how long its tables take to load.

    python -m tools.bench.text

The messages are our own counted sentences: as typed, without accents, with Telex keystrokes left in half of the words.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import perf_counter, thread_time
from typing import TypeVar

from index.settings import IndexSettings
from index.text import abbreviations, bodies, places
from index.text.articles import find_articles
from index.text.bodies import find_bodies
from index.text.chat_spelling import ChatSpelling
from index.text.communes import find_communes
from index.text.dates import find_period
from index.text.language import detect
from index.text.number import find_numbers
from index.text.places import find_places
from index.text.reading import LONGEST, Reader
from index.text.repeats import shorten
from index.text.restore import Restorer
from index.text.syllable import TONES, is_syllable, split_tone
from index.text.telex import TelexDecoder
from index.text.unicode import fold, normalise

T = TypeVar("T")

MESSAGES = 600
WARM_UP = 30
GOAL_STEP_MS, GOAL_RESTORE_MS, GOAL_PATH_MS = 1.0, 5.0, 8.0
"""p95 of one step, of accent restoration and of the whole path (issue 4)."""
GOAL_LONG_MS = 100.0
"""p95 of the longest message that is read: thirty times a usual one."""

_KEYS = {"ă": "aw", "â": "aa", "ê": "ee", "ô": "oo", "ơ": "ow", "ư": "uw", "đ": "dd"}
_TONE_KEYS = dict(zip(TONES, "sfrxj", strict=True))


@dataclass(frozen=True, slots=True)
class StepSpeed:
    """One step; milliseconds of CPU a message, which other programs on the machine do not add to."""

    name: str
    p50_ms: float
    p95_ms: float
    goal_ms: float  # for the p95

    @property
    def is_met(self) -> bool:
        """Whether the p95 is within the goal."""
        return self.p95_ms <= self.goal_ms


@dataclass(frozen=True, slots=True)
class TextSpeed:
    """What one run found."""

    messages: int
    characters: int  # of the longest message
    load_restorer_s: float
    load_reader_s: float  # restorer and short forms
    load_names_s: float  # provinces, communes and bodies
    steps: tuple[StepSpeed, ...]  # in the order in which a message takes them, the whole path last


def measure(settings: IndexSettings) -> TextSpeed:
    """Time each step on MESSAGES messages, every third accented, without accents, in keystrokes."""
    restorer, load_restorer_s = _timed(lambda: Restorer.load(settings.restorer_file))
    reader, load_reader_s = _timed(lambda: Reader.load(settings.data_dir, settings.restorer_file))
    (gazetteer, table), load_names_s = _timed(
        lambda: (
            places.load(settings.data_dir / "provinces.jsonl"),
            bodies.load(settings.data_dir / "agencies.jsonl"),
        )
    )
    lexicon = frozenset(filter(is_syllable, restorer.syllables))
    shapes = lexicon | frozenset(map(fold, lexicon))
    telex = TelexDecoder(lexicon, known=reader.table)
    chat = ChatSpelling(shapes, known=reader.table)
    today = date(2026, 7, 15)

    named: dict[str, Callable[[str], object]] = {
        "numbers": find_numbers,
        "places": lambda text: find_places(text, gazetteer),
        "communes": lambda text: find_communes(text, gazetteer),
        "bodies": lambda text: find_bodies(text, table),
        "dates": lambda text: find_period(text, today),
        "articles": find_articles,
    }

    def path(text: str) -> None:
        written_out = reader.read(text).written_out
        for step in named.values():
            step(written_out)

    raw = messages(settings.data_dir / "ngrams" / "own_sentences.txt")
    normal = [normalise(text) for text in raw]
    short = [shorten(text, shapes) for text in normal]
    decoded = [telex.decode(text) for text in short]
    written_out = [abbreviations.expand(text, reader.table) for text in decoded]
    steps = [
        _speed("normalise", normalise, raw),
        _speed("repeats", lambda text: shorten(text, shapes), normal),
        _speed("telex", telex.decode, short),
        _speed("language", detect, decoded),
        _speed("abbreviations", lambda text: abbreviations.expand(text, reader.table), decoded),
        _speed("chat spelling", chat.decode, decoded),
        _speed("restore", restorer.restore, written_out, GOAL_RESTORE_MS),
        _speed("fold", fold, written_out),
        *(_speed(name, step, written_out) for name, step in named.items()),
        _speed("whole path", path, raw, GOAL_PATH_MS),
        _speed(
            "whole path, short forms", path, short_forms(settings.data_dir / "eval" / "short_forms.tsv"), GOAL_PATH_MS
        ),
        _speed("whole path, 2,000 characters", path, _joined(raw, LONGEST), GOAL_LONG_MS),
    ]
    return TextSpeed(
        len(raw),
        max(map(len, raw)),
        round(load_restorer_s, 3),
        round(load_reader_s, 3),
        round(load_names_s, 3),
        tuple(steps),
    )


def messages(sentences: Path) -> list[str]:
    """Return MESSAGES lines of `sentences`: accented, without accents and with Telex left in them, in turn."""
    lines = [line for line in sentences.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    writings: tuple[Callable[[str], str], ...] = (str, fold, _half_telex)
    return [writings[number % 3](line) for number, line in enumerate(lines[-MESSAGES:])]


def short_forms(path: Path) -> list[str]:
    """Return the messages of data/eval/short_forms.tsv as they were typed."""
    return [line.split("\t")[0] for line in path.read_text("utf-8").splitlines() if not line.startswith("#")]


def show(speed: TextSpeed) -> None:
    """Print one line a step."""
    print(f"\nText path ({speed.messages} messages, the longest of {speed.characters} characters; CPU time)")
    print(f"{'':<28}{'p50 ms':>9}{'p95 ms':>9}{'goal':>7}")
    for step in speed.steps:
        missed = "" if step.is_met else "  missed"
        print(f"{step.name:<28}{step.p50_ms:>9.3f}{step.p95_ms:>9.3f}{step.goal_ms:>7.1f}{missed}")
    print(
        f"load: restorer {speed.load_restorer_s} s, reader {speed.load_reader_s} s, "
        f"provinces, communes and bodies {speed.load_names_s} s"
    )


def _joined(texts: list[str], length: int) -> list[str]:
    whole = ". ".join(texts)
    return [whole[start : start + length] for start in range(0, len(whole) - length, length)]


def _half_telex(line: str) -> str:
    words = line.split()
    return " ".join(re.sub(r"\w+", _keys, word) if number % 2 else word for number, word in enumerate(words))


def _keys(match: re.Match[str]) -> str:
    plain, tone = split_tone(match.group().lower())
    return "".join(_KEYS.get(letter, letter) for letter in plain) + _TONE_KEYS.get(tone, "")


def _timed(work: Callable[[], T]) -> tuple[T, float]:
    begun = perf_counter()
    result = work()
    return result, perf_counter() - begun


def _speed(name: str, work: Callable[[str], object], texts: list[str], goal_ms: float = GOAL_STEP_MS) -> StepSpeed:
    for text in texts[:WARM_UP]:
        work(text)
    times = []
    for text in texts:
        begun = thread_time()
        work(text)
        times.append(1000 * (thread_time() - begun))
    times.sort()
    return StepSpeed(name, round(times[len(times) // 2], 3), round(times[int(len(times) * 0.95)], 3), goal_ms)


if __name__ == "__main__":
    show(measure(IndexSettings(data_dir=Path("data"))))
