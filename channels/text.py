"""What people typed, made safe to store: NFC, no control characters; and cutting long text into parts."""

from __future__ import annotations

import re
import unicodedata

MAX_QUESTION_CHARS = 2_000
"""A question is read to this length (design, section 3)."""

_UNWANTED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_PARAGRAPH = re.compile(r"\n\n")
_LINE = re.compile(r"\n")
_SENTENCE = re.compile(r"(?<=[.!?…;。!?;])\s+")
_WORD = re.compile(r"\s")


def tidy(text: str) -> str:
    """Return `text` in NFC, without control characters and lone surrogates, line ends as newline, ends stripped."""
    return unicodedata.normalize("NFC", _UNWANTED.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))).strip()


def is_blank(text: str) -> bool:
    """Tell whether nothing visible is left: only blanks, control, zero-width and other invisible characters."""
    return all(unicodedata.category(character)[0] in "ZC" for character in text)


def is_wordless(text: str) -> bool:
    """Tell whether a text says nothing: blank, or punctuation alone ("?", "..."). An emoji says something."""
    return all(unicodedata.category(character)[0] in "ZCP" for character in text)


def length(text: str) -> int:
    """Return the length in UTF-16 units: the strictest way in which a platform may count characters."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def split(text: str, limit: int) -> list[str]:
    """Cut `text` into as few parts of at most `limit` UTF-16 units as a left-to-right reading gives.

    Cuts fall between paragraphs where they can, else between lines, sentences, words, and inside a word only when
    the word alone is too long. Parts are stripped and never empty; a `limit` below 2 cannot hold every character.
    """
    parts: list[str] = []
    rest = text.strip()
    while length(rest) > limit:
        at = _cut(rest, limit)
        if head := rest[:at].rstrip():
            parts.append(head)
        rest = rest[at:].lstrip()
    return [*parts, rest] if rest else parts


def shorten(text: str, limit: int) -> str:
    """Return `text` when it fits `limit` UTF-16 units, else its beginning and an ellipsis."""
    if length(text) <= limit:
        return text
    return text[: _longest_prefix(text, limit - 1)].rstrip() + "…"


def _cut(text: str, limit: int) -> int:
    end = _longest_prefix(text, limit)
    for boundary in (_PARAGRAPH, _LINE, _SENTENCE, _WORD):
        # A cut in the first half would waste the message: the next finer boundary does better.
        places = [match.start() for match in boundary.finditer(text[: end + 1]) if end // 2 <= match.start() <= end]
        if places:
            return places[-1]
    return end


def _longest_prefix(text: str, limit: int) -> int:
    units = 0
    end = 0
    for position, character in enumerate(text):
        units += 2 if character > "\uffff" else 1
        if units > limit:
            break
        end = position + 1
    back = end
    while 0 < back < len(text) and (unicodedata.combining(text[back]) or text[back] in "\u200d\ufe0f"):
        back -= 1
    return back or end
