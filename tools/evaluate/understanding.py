"""What the trained Rasa model makes of messages, asked in its own environment (bot.nlu.measure)."""

from __future__ import annotations

import json
import os
import subprocess
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO, Any

from tqdm import tqdm

from tools.evaluate.sets import Message, Named
from tools.evaluate.values import Names, in_words_of_the_sets
from tools.stack import ROOT

PYTHON = ROOT / "bot" / ".venv" / "bin" / "python"


class ModelUnusable(RuntimeError):
    """The model could not be asked; the error output says why."""


@dataclass(frozen=True, slots=True)
class Understood:
    """What was made of one message."""

    intent: str  # most probable, before the fallback
    acted_on: str  # after it
    entities: tuple[Named, ...]  # in the words of the sets; text is empty where the grammar gives no place
    also: tuple[str, ...]  # further wants


def understand(messages: Sequence[Message], names: Names) -> list[Understood]:
    """Ask the model in models/; raises ModelUnusable."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}
    with subprocess.Popen(
        [str(PYTHON), "-m", "bot.nlu.measure"],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as process:
        assert process.stdin is not None and process.stdout is not None
        writer = threading.Thread(target=_write, args=(process.stdin, messages), daemon=True)
        writer.start()
        found = [
            _understood(json.loads(line), message.question, names)
            for message, line in zip(
                messages, tqdm(process.stdout, desc="understanding", total=len(messages)), strict=False
            )
        ]
        writer.join()
    if process.returncode or len(found) != len(messages):
        raise ModelUnusable(f"bot.nlu.measure ended with {process.returncode} after {len(found)} messages")
    return found


def _understood(row: dict[str, Any], question: str, names: Names) -> Understood:
    found = [
        Named(each["entity"], each["value"], _words(question, each["start"], each["end"])) for each in row["entities"]
    ]
    return Understood(
        intent=row["ranking"][0][0] if row["ranking"] else row["intent"],
        acted_on=row["intent"],
        entities=in_words_of_the_sets(found, names),
        also=tuple(row["also"]),
    )


def _words(question: str, start: int, end: int) -> str:
    """Return the words of a span; nothing for one that is the whole message: the grammar gave no place."""
    return "" if (start, end) == (0, len(question)) else question[start:end]


def _write(stream: IO[str], messages: Sequence[Message]) -> None:
    """Write what is asked while answers come, so that neither side waits for the other with a full pipe."""
    try:
        for message in messages:
            stream.write(json.dumps({"q": message.question, "now": message.now}) + "\n")
        stream.close()
    except BrokenPipeError:
        pass  # the model is gone; its exit status tells
