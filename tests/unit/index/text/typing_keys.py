"""The keystrokes with which Telex and VNI type a syllable: the other way round than index.text.telex."""

from __future__ import annotations

from index.text.syllable import TONES, split_tone

_TELEX = {"ă": "aw", "â": "aa", "ê": "ee", "ô": "oo", "ơ": "ow", "ư": "uw", "đ": "dd"}
_VNI = {"ă": "a8", "â": "a6", "ê": "e6", "ô": "o6", "ơ": "o7", "ư": "u7", "đ": "d9"}


def telex(syllable: str, *, tone_inside: bool = False) -> str:
    """The Telex keystrokes of `syllable`, its tone at the end or right after the vowel that carries it."""
    return _typed(syllable, _TELEX, dict(zip(TONES, "sfrxj", strict=True)), tone_inside)


def vni(syllable: str, *, tone_inside: bool = False) -> str:
    """The same for VNI."""
    return _typed(syllable, _VNI, dict(zip(TONES, "12345", strict=True)), tone_inside)


def _typed(syllable: str, letters: dict[str, str], tones: dict[str, str], tone_inside: bool) -> str:
    keys: list[str] = []
    last = ""
    for character in syllable:
        plain, tone = split_tone(character)
        keys.append(letters.get(plain, plain))
        if tone and tone_inside:
            keys.append(tones[tone])
        elif tone:
            last = tones[tone]
    return "".join([*keys, last])
