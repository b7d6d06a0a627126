"""How long the whole NLU takes for a message, and how long of it the intents take: `python -m bot.nlu.bench`.

Prints one line of JSON, in milliseconds. The messages are our own counted sentences, half of them without accents, and
every third two sentences in one. `make bench` runs it in the bot's environment.
"""

# ruff: noqa: T201 - a command prints

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path
from time import perf_counter

from bot.nlu.prepared import restorer_file
from bot.nlu.trained import Parse, open_model
from bot.nlu.understanding import Understanding
from index.text.unicode import fold

MESSAGES = 300
WARM_UP = 20


def main() -> int:
    """Measure; return the exit status."""
    try:
        parse = open_model()
    except FileNotFoundError as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    print(json.dumps(asyncio.run(_measure(parse, messages()))))
    return 0


def messages() -> list[str]:
    """Return the messages, the same every time."""
    lines = Path("data/ngrams/own_sentences.txt").read_text("utf-8").splitlines()[-MESSAGES:]
    pairs = [f"{line}. {lines[number - 1]}" if number % 3 == 0 else line for number, line in enumerate(lines)]
    return [fold(text) if number % 2 else text for number, text in enumerate(pairs)]


async def _measure(model: Parse, texts: list[str]) -> dict[str, float]:
    reading = Understanding.load(restorer_file())

    async def parse(text: str) -> None:
        await model(text, {})

    async def read(text: str) -> None:
        reading.read(text, today=date(2026, 7, 15))

    whole, read_only = await _times(parse, texts), await _times(read, texts)
    return {
        "messages": len(texts),
        "nlu_p50_ms": _share(whole, 0.5),
        "nlu_p95_ms": _share(whole, 0.95),
        "reading_p50_ms": _share(read_only, 0.5),
        "reading_p95_ms": _share(read_only, 0.95),
    }


async def _times(work: Callable[[str], Awaitable[None]], texts: list[str]) -> list[float]:
    for text in texts[:WARM_UP]:
        await work(text)
    times = []
    for text in texts:
        begun = perf_counter()
        await work(text)
        times.append(1000 * (perf_counter() - begun))
    return sorted(times)


def _share(times: list[float], share: float) -> float:
    return round(times[min(len(times) - 1, int(len(times) * share))], 2)


if __name__ == "__main__":
    sys.exit(main())
