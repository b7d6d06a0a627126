"""The build of a Vietnamese syllable: initial, rime, tone; telling syllables from other letters, putting tones on."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

TONES: Final = "\u0301\u0300\u0309\u0303\u0323"
"""Acute, grave, hook, tilde, dot below: sắc, huyền, hỏi, ngã, nặng."""

VOWELS: Final = frozenset("aăâeêioôơuưy")

_INITIALS = "ngh|ng|nh|gh|gi|kh|ch|ph|qu|q(?=uy)|th|tr|b|c|d|đ|g|h|k|l|m|n|p|r|s|t|v|x"
_INITIAL = re.compile(_INITIALS)
_RIMES = """
a ai ao au ay ac ach am an ang anh ap at ăk ăc ăm ăn ăng ăp ăt âu ây âc âm ân âng âp ât e eo ec em en eng ep et
ê êu êch êm ên ênh êng êp êt i ia iu ich im in inh ip it iêu iêc iêm iên iêng iêp iêt o oi oc om on ong op ot
oa oai oao oay oac oach oam oan oang oanh oap oat oăc oăm oăn oăng oăt oe oeo oen oet ô ôi ôc ôm ôn ông ôp ôt
ơ ơi ơm ơn ơp ơt u ua ui uc um un ung up ut uê uêch uênh uên uêu uơ uy uya uych uyn uynh uyt uyp uyu uyên uyêt
uây uân uâng uât uôi uôc uôm uôn uông uôt ư ưa ưi ưu ưc ưm ưn ưng ưt ươi ươu ươc ươm ươn ương ươp ươt
y yêu yêm yên yêng yêt
"""
_RIME = "|".join(sorted(_RIMES.split(), key=len, reverse=True))
_BUILD = re.compile(f"(?P<initial>{_INITIALS}|)(?P<rime>{_RIME})")
_FOREIGN_RIMES = frozenset("xoong boong coong goòng soóc moóc".split())  # noqa: SIM905 (Vietnamese all the same)
_STOP = re.compile("(?:c|ch|p|t)$")
_STOP_TONES = frozenset(TONES[0] + TONES[4])
_QUALITY_FIRST = re.compile("[ơôêâă]|ư(?!ơ)")
_TONE = re.compile(f"[{TONES}]")


def split_tone(word: str) -> tuple[str, str]:
    """Return `word` (NFC) without its first tone mark, and that mark; an empty one where it has none."""
    decomposed = unicodedata.normalize("NFD", word)
    found = _TONE.search(decomposed)
    if found is None:
        return word, ""
    return unicodedata.normalize("NFC", decomposed.replace(found.group(), "", 1)), found.group()


def split_initial(word: str) -> str:
    """Return the consonants that a syllable begins with: "ngh", "tr", "qu"; empty where it begins with a vowel."""
    found = _INITIAL.match(word)
    return found.group() if found else ""


def is_syllable(word: str) -> bool:
    """Tell whether `word` (lower case, NFC) is built as Vietnamese syllables are; accents that are left out count."""
    plain, tone = split_tone(word)
    if word in _FOREIGN_RIMES:
        return True
    match = _BUILD.fullmatch(plain)
    if match is None:
        return False
    return not _STOP.search(match["rime"]) or not tone or tone in _STOP_TONES


def with_tone(plain: str, tone: str) -> str:
    """Return the toneless syllable `plain` with `tone` (one of TONES or empty) where `normalise` would have it."""
    if not tone:
        return plain
    place = _place_of_tone(plain)
    if place is None:
        return plain
    return plain[:place] + unicodedata.normalize("NFC", plain[place] + tone) + plain[place + 1 :]


def _place_of_tone(plain: str) -> int | None:
    first = 0
    while first < len(plain) and plain[first] not in VOWELS:
        first += 1
    if plain[:2] in ("qu", "gi") and len(plain) > 2 and plain[2] in VOWELS:
        first = 2
    last = first
    while last < len(plain) and plain[last] in VOWELS:
        last += 1
    if first == last:
        return None
    if (quality := _QUALITY_FIRST.search(plain, first, last)) is not None:
        return quality.start()
    if last < len(plain):
        return last - 1
    return first + 1 if last - first == 3 else first
