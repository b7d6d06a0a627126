"""More training examples out of the written ones: the same sentence as somebody types it who leaves accents out."""

from __future__ import annotations

from collections.abc import Sequence

from index.text.unicode import fold


def augmented(examples: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return (text, intent) pairs: `examples`, then an accent-less copy of every text that has accents. No repeats."""
    pairs = [*examples, *((fold(text), intent) for text, intent in examples)]
    return list(dict.fromkeys(pairs))
