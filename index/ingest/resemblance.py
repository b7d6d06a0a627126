"""Whether a page still tells the story that it told: an error page that says 200 shares nothing with it."""

from __future__ import annotations

import re

from index.document import Document
from index.text.unicode import fold

_WORD = re.compile(r"\w+")
_NUMBER = re.compile(r"\d+(?:[/.,-]\w+)+|\d{2,}")  # with a mark, or of two digits: single ones are everywhere
_SHARED = 0.5  # of the words of the title


def is_like(now: Document, before: Document) -> bool:
    """Whether they share a date, a number in the text or half of the former title's words."""
    if now.issued_on is not None and now.issued_on == before.issued_on:
        return True
    new, old = fold(f"{now.title} {now.text}"), fold(f"{before.title} {before.text}")
    if not set(_NUMBER.findall(new)).isdisjoint(_NUMBER.findall(old)):
        return True
    title = set(_WORD.findall(fold(before.title)))
    return len(title & set(_WORD.findall(new))) >= _SHARED * len(title)
