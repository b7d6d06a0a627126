"""Evaluation questions that stand among the training examples: they measure nothing, so they are left out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import yaml

from index.text.unicode import fold
from tools.evaluate.sets import Message

_ANNOTATION = re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})")


def likeness(text: str) -> str:
    """Return what near copies share: lower case without accents, outer punctuation or extra blanks."""
    return " ".join(fold(text).split()).strip(" .,!?…")


def training_examples(folder: Path) -> dict[str, str]:
    """Return the likeness of every example in Rasa's NLU files of `folder` → the file; entity marks are taken off."""
    found: dict[str, str] = {}
    for path in sorted(folder.glob("*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8")).get("nlu", []):
            if "intent" in block:
                lines = (line.strip().removeprefix("- ") for line in block["examples"].splitlines())
                found |= {likeness(_ANNOTATION.sub(r"\1", line)): path.name for line in lines if line}
    return found


def apart(messages: Iterable[Message], examples: Iterable[str]) -> list[Message]:
    """Return the messages that are like none of `examples`, likenesses of training examples."""
    known = frozenset(examples)
    return [message for message in messages if likeness(message.question) not in known]
