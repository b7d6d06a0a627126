"""Letters that print like Latin ones and are others: Cyrillic, Greek, mathematical, enclosed, small capitals."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from index.text.syllable import is_syllable

CYRILLIC: Final = dict(zip("аАвВсСеЕнНкКмМоОрРтТхХуУіІѕЅјЈһԁԛԜԝӏ", "aAbBcCeEhHkKmMoOpPtTxXyYiIsSjJhdqWwl", strict=True))
"""Cyrillic letters and the Latin ones they print like; portals and phones put them into Vietnamese texts."""

GREEK: Final = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαικνορυχω", "ABEZHIKMNOPTYXaikvopuxw", strict=True))
"""Greek letters and the Latin ones they print like."""

ODD_LATIN: Final = {
    **dict(zip("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnoprstuvwyz", strict=True)),
    "ı": "i", "ɑ": "a", "ɡ": "g", "ƅ": "b", "ʋ": "v",
    **{chr(first + n): chr(65 + n) for first in (0x1F150, 0x1F170) for n in range(26)},
}  # fmt: skip
"""Small capitals, phonetic letters and white letters on black: Latin letters that Unicode does not take apart."""

_STYLED = re.compile(
    "[\u2102-\u2134\u2160-\u217f\u24b6-\u24e9\ufb00-\ufb06\U0001d400-\U0001d7ff\U0001f130-\U0001f149]+"
)
_ODD_LATIN = re.compile("[" + "".join(ODD_LATIN) + "]")
_LETTER = r"(?:[^\W\d_]|[\u0300-\u036f])"
_FOREIGN_WORD = re.compile(rf"(?:(?![\u0370-\u052f]){_LETTER}){{0,24}}[\u0370-\u052f]{_LETTER}{{0,24}}")
_CYRILLIC = re.compile("[\u0400-\u052f]")
_FOREIGN = re.compile("[\u0370-\u052f]")
_OWN = re.compile("[a-zA-Z\u00c0-\u024f\u1e00-\u1eff]")
_TO_LATIN = str.maketrans({**CYRILLIC, **GREEK})
_SIGNS = frozenset("\u2103\u2109\u2116\u2120\u2121\u2122\u2126\u212e")
"""Degrees, numero, service and trade marks, ohm, estimated: signs, no letters."""


def unmask(text: str) -> str:
    """Return `text` with letters that only look like Latin ones replaced by those; Russian and Greek words stay.

    Cyrillic letters are replaced beside Latin ones ("сăn"), and in a text that has no other Cyrillic ("NĐ-СР"); a word
    with Greek ones only where that gives a Vietnamese syllable, for "ρ" and "αmax" stand in formulas. Idempotent.
    """
    if text.isascii():
        return text
    text = _STYLED.sub(_plain, text)
    text = _ODD_LATIN.sub(lambda match: ODD_LATIN[match.group()], text)
    if not _FOREIGN.search(text):
        return text
    is_our_script = _OWN.search(text) is not None and set(_CYRILLIC.findall(text)) <= CYRILLIC.keys()
    return _FOREIGN_WORD.sub(lambda match: _as_latin(match.group(), is_our_script=is_our_script), text)


def _plain(match: re.Match[str]) -> str:
    return "".join(one if one in _SIGNS else unicodedata.normalize("NFKC", one) for one in match.group())


def _as_latin(word: str, *, is_our_script: bool) -> str:
    latin = word.translate(_TO_LATIN)
    if len(word) < 2 or _FOREIGN.search(latin):
        return word
    if (is_our_script or _OWN.search(word)) and len(_CYRILLIC.findall(word)) == len(_FOREIGN.findall(word)):
        return latin
    return latin if is_syllable(unicodedata.normalize("NFC", latin).lower()) else word
