"""Leftovers of Telex and VNI typing read as the letters that were meant: "nghij ddinhj", "d9ie6n", "luwowng".

A token is rewritten only where the lexicon says so: what it gives is a Vietnamese syllable, and as typed it is none.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import Final

from index.text.edits import replaced
from index.text.english import LEFTOVERS_IN_COMPANY, TELEX_LIKE
from index.text.kept import Kept, is_joined
from index.text.syllable import TONES, VOWELS, is_syllable, split_tone, with_tone
from index.text.unicode import fold

LONGEST: Final = 12
"""Characters of the longest token that is read: "nghieengf" has nine."""

_TELEX_TONES: Final = dict(zip("sfrxj", TONES, strict=True))
_VNI_TONES: Final = {"1": TONES[0], "2": TONES[1], "3": TONES[2], "4": TONES[3], "5": TONES[4], "0": ""}
_HATS: Final = {"a": "â", "e": "ê", "o": "ô"}
_HORNS: Final = {"o": "ơ", "u": "ư"}
_TOKEN = re.compile(r"[^\W_]+")
_DIGIT = re.compile(r"\d")
_DIGIT_INSIDE = re.compile(r"[^\W\d]\d[^\W\d]|\d\d|đ|[69]")
_BROKEN_PAIR = re.compile("ưo|uơ(?=[iucmnpt])")

# What people number: "quan 3", "thang 5", "lop 1" typed without the blank are no tones.
_NUMBERED: Final = frozenset(
    """
    quan phuong khu to ap dieu khoan thang quy lop so cap hang tang lo ky muc chuong phan dot nam ngay tuan thu bac nhom
    vung mau diem bang luc lan doi bai de cau tap duong hem ngo toa xa doc ma loai luat ca quyen ban the tu den gio la
    """.split()  # noqa: SIM905
)


def telex_readings(typed: str) -> list[str]:
    """Return what `typed` (lower case, NFC, at most LONGEST letters) gives when its Telex keystrokes are carried out.

    Several where a keystroke can go to several letters, the likeliest first; without the typed form itself.
    """
    letters, mark = split_tone(typed)
    states: list[tuple[str, str]] = [("", "")]
    for key in letters:
        states = list(dict.fromkeys(after for state in states for after in _press(*state, key)))[:8]
    return _finished(states, mark, typed)


def vni_readings(typed: str) -> list[str]:
    """Return the same for VNI, whose keystrokes are digits: "nghi5" → "nghị"."""
    letters, mark = split_tone(typed)
    states: list[tuple[str, str]] = [("", "")]
    for key in letters:
        states = list(dict.fromkeys(after for state in states for after in _press_digit(*state, key)))[:8]
    return [reading for reading in _finished(states, mark, typed) if not _DIGIT.search(reading)]


def _finished(states: list[tuple[str, str]], mark: str, typed: str) -> list[str]:
    readings = (with_tone(_BROKEN_PAIR.sub("ươ", letters), tone or mark) for letters, tone in states)
    plain = (with_tone(letters, tone or mark) for letters, tone in states)  # "thuở" has u beside ơ
    return [reading for reading in dict.fromkeys((*readings, *plain)) if reading != typed]


def _press(letters: str, tone: str, key: str) -> Iterator[tuple[str, str]]:
    has_vowel = not VOWELS.isdisjoint(letters)
    if has_vowel and key in _TELEX_TONES and not tone:  # twice the same key takes the tone off and is a letter
        yield letters, _TELEX_TONES[key]
    elif has_vowel and key == "z":
        yield letters, ""
    elif key == "w":
        yield from ((changed, tone) for changed in _horned(letters))
        if not has_vowel:
            yield letters + "ư", tone
    else:
        if key in _HATS and key in letters:
            yield _replaced_last(letters, key, _HATS[key]), tone
        if key == "d" and letters[:1] == "d":
            yield "đ" + letters[1:], tone
        elif key == "d" and letters[-1:] == "d":
            yield letters[:-1] + "đ", tone  # "ndd": nđ
        yield letters + key, tone


def _press_digit(letters: str, tone: str, key: str) -> Iterator[tuple[str, str]]:
    has_vowel = not VOWELS.isdisjoint(letters)
    if has_vowel and key in _VNI_TONES and not tone:
        yield letters, _VNI_TONES[key]
    elif key == "6":
        yield from ((_replaced_last(letters, plain, hat), tone) for plain, hat in _HATS.items() if plain in letters)
    elif key == "7":
        yield from ((changed, tone) for changed in _horned(letters, to="ou"))
    elif key == "8" and "a" in letters:
        yield _replaced_last(letters, "a", "ă"), tone
    elif key == "9" and letters[:1] == "d":
        yield "đ" + letters[1:], tone
    else:
        yield letters + key, tone


def _horned(letters: str, to: str = "oua") -> Iterator[str]:
    """Give `letters` with a horn (or breve) wherever the keystroke may belong."""
    if "uo" in letters and "o" in to:
        yield letters.replace("uo", "ươ", 1)
    if "ua" in letters:
        yield letters.replace("ua", "ưa", 1)
    for plain in to:
        if plain in letters:
            yield _replaced_last(letters, plain, "ă" if plain == "a" else _HORNS[plain])


def _replaced_last(letters: str, old: str, new: str) -> str:
    head, _, tail = letters.rpartition(old)
    return head + new + tail


class _Way(Enum):
    """How somebody types."""

    TELEX = "telex"
    VNI = "vni"

    @classmethod
    def of(cls, token: str) -> _Way:
        return cls.VNI if _DIGIT.search(token) else cls.TELEX


class _Trust(IntEnum):
    """What a leftover needs beside it to be read as one."""

    ALONE = 0  # nothing
    IN_COMPANY = 1  # another that is beyond doubt
    IN_A_CROWD = 2  # a text that is full of them


@dataclass(frozen=True)
class _Leftover:
    token: re.Match[str]
    way: _Way
    reading: str
    trust: _Trust


_CROWD = 3  # leftovers beyond doubt that make a crowd,
_CROWD_SHARE = 4  # if they are at least one word of so many


class TelexDecoder:
    """Carries out the keystrokes left in a text."""

    def __init__(self, lexicon: Collection[str], *, known: Collection[str] = ()) -> None:
        """`lexicon`: Vietnamese syllables, lower case, normalised; `known`: short forms, which are left alone and may
        be what keystrokes lead to ("ndd" → "nđ", "ruwas" → "rứa")."""
        self._lexicon = frozenset(lexicon)
        self._known = frozenset(known)
        # Short forms and regional words: "nđ", "rứa"; not "an" or "to", which English has too.
        self._targets = self._lexicon.union(
            one for one in known if VOWELS.isdisjoint(one) or (not one.isascii() and is_syllable(one))
        )
        self._folded = frozenset(map(fold, self._lexicon))

    def decode(self, text: str) -> str:
        """Return normalised `text` with its leftovers carried out; everything else as it was.

        Document numbers, addresses and English words stay. English words that look like Telex ("car", "his") and
        tokens with one digit at their end are read as leftovers only beside others that are beyond doubt.
        """
        leftovers = [
            _Leftover(token, _Way.of(token.group()), *read)
            for token in _TOKEN.finditer(text)
            if len(token.group()) <= LONGEST and (read := self._reading(token.group())) is not None
        ]
        if not leftovers:
            return text
        kept = Kept(text)
        leftovers = [
            one for one in leftovers if not kept.holds(*one.token.span()) and not is_joined(text, *one.token.span())
        ]
        words = len(text.split())
        reach = {way: _reach([one.trust for one in leftovers if one.way is way], way, words) for way in _Way}
        return replaced(
            text,
            (
                (one.token.span(), _in_case_of(one.token.group(), one.reading))
                for one in leftovers
                if one.trust <= reach[one.way]
            ),
        )

    def _reading(self, token: str) -> tuple[str, _Trust] | None:
        """Return what a token decodes to and how far that is to be trusted; None where it is no leftover."""
        typed = token.lower()
        if typed in self._known or typed in self._lexicon or typed in self._folded:
            return None
        if _DIGIT.search(typed):
            return self._vni_reading(typed)
        reading = next((one for one in telex_readings(typed) if one in self._targets), None)
        if reading is None or (reading.isascii() and "z" in typed):
            return None  # a "z" that takes off no tone is a letter
        if typed in LEFTOVERS_IN_COMPANY or len(typed) == 1 or (token.isupper() and len(typed) < 4):
            return reading, _Trust.IN_COMPANY
        return reading, _Trust.IN_A_CROWD if typed in TELEX_LIKE else _Trust.ALONE

    def _vni_reading(self, typed: str) -> tuple[str, _Trust] | None:
        if not typed[0].isalpha():
            return None
        reading = next((one for one in vni_readings(typed) if one in self._targets), None)
        if reading is None:
            return None
        letters = _DIGIT.sub("", typed)
        if len(letters) == 1 < 2 == len(typed):
            return reading, _Trust.IN_A_CROWD
        is_sure = _DIGIT_INSIDE.search(typed) or (len(letters) > 2 and fold(letters) not in _NUMBERED)
        return reading, _Trust.ALONE if is_sure else _Trust.IN_COMPANY


def _reach(found: list[_Trust], way: _Way, words: int) -> _Trust:
    """Return how doubtful a leftover may be in a text of so many words that holds those `found`."""
    sure = found.count(_Trust.ALONE)
    if sure >= _CROWD and sure * _CROWD_SHARE >= words:
        return _Trust.IN_A_CROWD
    if sure or (way is _Way.VNI and len(found) >= _CROWD):
        return _Trust.IN_COMPANY
    return _Trust.ALONE


def _in_case_of(typed: str, reading: str) -> str:
    if typed.isupper() and len(typed) > 1:
        return reading.upper()
    return reading.capitalize() if typed[0].isupper() else reading
