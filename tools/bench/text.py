"""How long the text path takes for a message: forms, language, numbers, places, periods; and the restorer's load.

    python -m tools.bench.text

Prints one line of JSON. The messages are our own counted sentences as typed and without accents.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from time import perf_counter

from index.settings import IndexSettings
from index.text import places
from index.text.dates import find_period
from index.text.number import find_numbers
from index.text.places import find_places
from index.text.reading import Reader
from index.text.unicode import fold

MESSAGES = 400


@dataclass(frozen=True, slots=True)
class TextSpeed:
    """What one run found; milliseconds a message."""

    messages: int
    load_s: float  # tables and compiled counts
    reading_p50_ms: float
    reading_p95_ms: float
    path_p50_ms: float  # reading, numbers, places and periods
    path_p95_ms: float


def measure(settings: IndexSettings) -> TextSpeed:
    """Read the first MESSAGES of our own sentences, half of them without accents."""
    begun = perf_counter()
    reader = Reader.load(settings.data_dir, settings.restorer_file)
    load_s = perf_counter() - begun
    gazetteer = places.load(settings.data_dir / "provinces.jsonl")
    today = date(2026, 7, 15)

    def path(text: str) -> None:
        written_out = reader.read(text).written_out
        find_numbers(written_out)
        find_places(written_out, gazetteer)
        find_period(written_out, today)

    lines = (settings.data_dir / "ngrams" / "own_sentences.txt").read_text("utf-8").splitlines()[-MESSAGES:]
    texts = [fold(line) if number % 2 else line for number, line in enumerate(lines)]
    reading, whole = _times(reader.read, texts), _times(path, texts)
    return TextSpeed(
        len(texts),
        round(load_s, 3),
        _share(reading, 0.5),
        _share(reading, 0.95),
        _share(whole, 0.5),
        _share(whole, 0.95),
    )


def _times(work: Callable[[str], object], texts: list[str]) -> list[float]:
    for text in texts[:20]:
        work(text)
    times = []
    for text in texts:
        begun = perf_counter()
        work(text)
        times.append(1000 * (perf_counter() - begun))
    return sorted(times)


def _share(times: list[float], share: float) -> float:
    return round(times[min(len(times) - 1, int(len(times) * share))], 2)


if __name__ == "__main__":
    print(json.dumps(asdict(measure(IndexSettings(data_dir=Path("data"))))))
