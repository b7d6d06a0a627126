"""What people typed, made safe to store: NFC, no control characters; how long a text is, and what a reader sees."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

MAX_QUESTION_CHARS = 2_000
"""A question is read to this length (design, section 3)."""

_UNWANTED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")

_INVISIBLE = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf", "Cs"})
"""Unicode categories of which nothing is seen; what is unassigned (Cn) may be an emoji younger than Python's tables."""

_JOINER = "\u200d"
_EXTENDING = re.compile("[\u200c\u200d\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")
"""What belongs to the letter or emoji before it though it is no mark: joiners, skin tones, tags of regional flags."""

_REGIONAL = re.compile("[\U0001f1e6-\U0001f1ff]")
"""Letters of which two make a flag."""


def tidy(text: str) -> str:
    """Return `text` in NFC, without control characters and lone surrogates, line ends as newline, ends stripped."""
    return unicodedata.normalize("NFC", _UNWANTED.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))).strip()


def one_line(text: str) -> str:
    """Return `text` tidy and on one line: every run of blanks is one blank."""
    return " ".join(tidy(text).split())


def is_blank(text: str) -> bool:
    """Tell whether nothing visible is left: only blanks, control, zero-width and other invisible characters."""
    return all(unicodedata.category(character) in _INVISIBLE for character in text)


def is_wordless(text: str) -> bool:
    """Tell whether a text says nothing: blank, or punctuation alone ("?", "..."). An emoji says something."""
    categories = map(unicodedata.category, text)
    return all(category in _INVISIBLE or category[0] == "P" for category in categories)


def length(text: str) -> int:
    """Return the length in UTF-16 units: the strictest way in which a platform may count characters."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def shorten(text: str, limit: int) -> str:
    """Return `text` when it fits `limit` UTF-16 units, else its beginning and an ellipsis."""
    if length(text) <= limit:
        return text
    return text[: _longest_prefix(text, limit - 1)].rstrip() + "…"


def letters(text: str, limit: int) -> Iterator[str]:
    """Yield what a reader sees as single characters, in order; one longer than `limit` UTF-16 units is torn."""
    begin = 0
    for end in range(1, len(text) + 1):
        if _is_seam(text, begin, end) or length(text[begin : end + 1]) > limit:
            yield text[begin:end]
            begin = end


def _longest_prefix(text: str, limit: int) -> int:
    end = 0
    for letter in letters(text, limit):
        limit -= length(letter)
        if limit < 0:
            break
        end += len(letter)
    return end


def _is_seam(text: str, begin: int, at: int) -> bool:
    """Tell whether a reader sees what stands left and right of `at` as two characters, the left one from `begin` on.

    Of the rules of Unicode's annex 29 those that people meet here: combining marks, emoji joined, coloured or tagged,
    and flags, which are pairs. Conjoining jamo and Indic conjuncts are taken apart.
    """
    if at == len(text):
        return True
    before, after = text[at - 1], text[at]
    if unicodedata.category(after)[0] == "M" or _EXTENDING.match(after) or before == _JOINER:
        return False
    return not (at == begin + 1 and _REGIONAL.match(before) and _REGIONAL.match(after))
