"""What the trained model makes of messages: `bot/.venv/bin/python -m bot.nlu.measure < messages > understood`.

JSON lines in, `{"q", "lang"?, "now"?}`, and one line out for each, in order, as soon as it is known:

    {"intent": "nlu_fallback", "ranking": [["ask_policy", 0.31], …],
     "entities": [{"entity", "value", "start", "end"}, …], "also": ["greet"]}

`intent` is the one acted on, after the fallback; `ranking` the three most probable before it. `now` (YYYY-MM-DD)
travels as the `as_of` of a turn does. `also` names the intents of further wants of the message. `reply_lang`, which is
nothing that a person names, is left out. Exit status 1 where there is no model.
"""

# ruff: noqa: T201 - a command prints

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Mapping
from typing import Any, TextIO

from bot.nlu.trained import Parse, open_model
from bot.turn_request import MAX_TEXT, as_plain_text

RANKED = 3
"""Intents told of each message."""

_NOT_NAMED = frozenset({"reply_lang"})


def main() -> int:
    """Measure what stands on the standard input; return the exit status."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever a library prints is no answer
    try:
        parse = open_model()
    except FileNotFoundError as error:
        print(f"measure: {error}", file=sys.stderr)
        return 1
    asyncio.run(_measure(parse, sys.stdin, answers))
    return 0


def understood(parsed: Mapping[str, Any]) -> dict[str, object]:
    """Return what is told of a message, out of Rasa's own words for it."""
    ranking = [
        [intent["name"], round(float(intent["confidence"]), 4)]
        for intent in parsed.get("intent_ranking") or ()
        if intent["name"] != "nlu_fallback"
    ]
    return {
        "intent": parsed["intent"]["name"],
        "ranking": ranking[:RANKED],
        "entities": [
            {key: entity[key] for key in ("entity", "value", "start", "end")}
            for entity in parsed.get("entities") or ()
            if entity["entity"] not in _NOT_NAMED
        ],
        "also": [want["intent"] for want in parsed.get("also") or ()],
    }


async def _measure(parse: Parse, messages: TextIO, answers: TextIO) -> None:
    for line in messages:
        row = json.loads(line)
        metadata = {"lang": row.get("lang"), "as_of": row.get("now")}
        parsed = await parse(as_plain_text(row["q"][:MAX_TEXT]), metadata)
        answers.write(json.dumps(understood(parsed), ensure_ascii=False) + "\n")
        answers.flush()


if __name__ == "__main__":
    sys.exit(main())
