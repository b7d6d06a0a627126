"""Ways of typing a Vietnamese question, made by program from one with all its accents; the same every time."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable, Mapping
from types import MappingProxyType

from index.text.syllable import TONES, split_tone

_WORD = re.compile(r"\w+")
_KEYS = {"ă": "aw", "â": "aa", "ê": "ee", "ô": "oo", "ơ": "ow", "ư": "uw", "đ": "dd"}
_TONE_KEYS = dict(zip(TONES, "sfrxj", strict=True))
_SHORT = {
    "không": "ko",
    "được": "dc",
    "bao nhiêu": "bn",
    "gì": "j",
    "vậy": "v",
    "người": "ng",
    "mình": "mk",
    "thế nào": "tnao",
    "công ty": "cty",
    "nghị định": "nđ",
    "thông tư": "tt",
    "nghị quyết": "nq",
    "nhà nước": "nn",
    "bảo hiểm xã hội": "bhxh",
    "học sinh": "hs",
    "sinh viên": "sv",
    "phải": "fải",
}


def without_accents(text: str) -> str:
    """Return `text` without any accent."""
    decomposed = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return unicodedata.normalize("NFC", "".join(mark for mark in decomposed if not unicodedata.combining(mark)))


def half_accented(text: str) -> str:
    """Return `text` with every second syllable or so as it was, the others without accents."""
    return _some_words(text, 0.5, without_accents)


def in_teencode(text: str) -> str:
    """Return `text` in chat style: short forms, no capitals, most accents left out."""
    short = text.lower().rstrip("?.! ")
    for long, form in sorted(_SHORT.items(), key=lambda pair: -len(pair[0])):
        short = re.sub(rf"(?<!\w){long}(?!\w)", form, short)
    return _some_words(short, 0.6, without_accents)


def with_telex_left(text: str) -> str:
    """Return `text` with about three accented syllables of ten as the keystrokes that Telex makes them of."""
    return _some_words(text, 0.3, lambda word: word if without_accents(word) == word else _keystrokes(word.lower()))


STYLES: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {"none": without_accents, "half": half_accented, "teencode": in_teencode, "telex": with_telex_left}
)
"""What is made of accented questions, by name."""


def _some_words(text: str, share: float, change: Callable[[str], str]) -> str:
    drawn = random.Random(text)  # noqa: S311 - no secret: the same words of the same text, every time
    return _WORD.sub(lambda found: change(found.group()) if drawn.random() < share else found.group(), text)


def _keystrokes(word: str) -> str:
    plain, tone = split_tone(word)
    return "".join(_KEYS.get(letter, letter) for letter in plain) + _TONE_KEYS.get(tone, "")
