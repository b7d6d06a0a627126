"""Parts of a text replaced by others, all in one go."""

from __future__ import annotations

from collections.abc import Iterable


def replaced(text: str, edits: Iterable[tuple[tuple[int, int], str]]) -> str:
    """Return `text` with each span, (start, end), replaced by its words; edits come in the order of their places.

    An edit that begins within the one before is left out.
    """
    parts: list[str] = []
    position = 0
    for (start, end), new in edits:
        if start >= position:
            parts += (text[position:start], new)
            position = end
    return "".join([*parts, text[position:]])
