"""A raw text in plain lower-case ASCII-like letters, each of which knows where in the raw text it stands."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from index.text.lookalikes import CYRILLIC, GREEK, ODD_LATIN

# Portals and phones put Cyrillic letters that print like Latin ones into numbers ("42/2022/NĐ-СР" with С and Р).
_PLAIN = {
    **{letter: latin.lower() for letter, latin in (GREEK | CYRILLIC | ODD_LATIN).items()},
    "đ": "d", "ð": "d", "ɖ": "d",
    "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "−": "-", "⁄": "/", "∕": "/",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Skeleton:
    """Text for patterns to run on; `raw_span` leads back to the raw text."""

    raw: str
    text: str
    offsets: tuple[int, ...]  # of each character of `text` in `raw`

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """Return where `text[start:end]` (not empty) stands in the raw text, trailing combining marks included."""
        stop = self.offsets[end - 1] + 1
        while stop < len(self.raw) and unicodedata.combining(self.raw[stop]):
            stop += 1
        return self.offsets[start], stop

    def slice(self, start: int, end: int) -> str:
        """Return the raw text behind `text[start:end]`; empty for an empty range."""
        if start >= end:
            return ""
        left, right = self.raw_span(start, end)
        return self.raw[left:right]


def skeleton(raw: str) -> Skeleton:
    """Reduce `raw` to lower-case letters without accents, look-alikes of Latin letters, dashes and slashes replaced.

    Invisible characters and combining marks vanish, runs of blanks become one blank, line ends stay "\\n".
    """
    text: list[str] = []
    offsets: list[int] = []
    for position, character in enumerate(raw):
        for plain in character.lower() if character.isascii() else _plain(character):
            if plain.isspace():
                plain = "\n" if plain in "\n\r\u2028\u2029" else " "
                if plain == " " and text and text[-1] == " ":
                    continue
            elif plain < " " or plain == "\x7f":
                continue
            text.append(plain)
            offsets.append(position)
    return Skeleton(raw, "".join(text), tuple(offsets))


def _plain(character: str) -> str:
    plain: list[str] = []
    for part in unicodedata.normalize("NFKD", character):
        if unicodedata.category(part) in ("Mn", "Cf", "Cc", "Cs"):
            continue
        lower = part.lower()[0]
        plain.append(_PLAIN.get(lower, _PLAIN.get(part, lower)))
    return "".join(plain)
