"""Text in the encodings before Unicode, TCVN3 (ABC) and VNI-Windows → Unicode, where a font or a person names them.

Both draw Vietnamese over Western code points, so the same characters mean different things in the two and in Unicode
("ò" is "ũ" in TCVN3 and "ị" in VNI): the encoding is never guessed. Tables: TCVN 5712:1993 (VN3), the fonts .VnTime
and VNI-Times.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from enum import Enum


class Legacy(str, Enum):
    """A Vietnamese encoding from before Unicode."""

    TCVN3 = "tcvn3"  # ABC: one byte a letter; capitals with a tone mark only by the fonts whose names end in H
    VNI = "vni"  # VNI-Windows: a letter, then a byte for its marks


TCVN3: Mapping[str, str] = dict(
    zip(
        "µ¶·¸¹" "¨»¼½¾Æ" "©ÇÈÉÊË" "®" "ÌÎÏÐÑ" "ªÒÓÔÕÖ" "×ØÜÝÞ" "ßáâãä" "«åæçèé" "¬êëìíî" "ïñòóô" "\u00adõö÷øù" "úûüýþ"
        "¡¢£¤¥¦§",
        "àảãáạ" "ăằẳẵắặ" "âầẩẫấậ" "đ" "èẻẽéẹ" "êềểễếệ" "ìỉĩíị" "òỏõóọ" "ôồổỗốộ" "ơờởỡớợ" "ùủũúụ" "ưừửữứự" "ỳỷỹýỵ"
        "ĂÂÊÔƠƯĐ",
        strict=True,
    )
)  # fmt: skip
"""Character of Windows-1252 as such text shows when read wrongly → the letter meant."""

# fmt: off
_VNI_PAIRS = {
    "a": dict(zip("ùøûõï" "êéèúüë" "âáàåãä", "áàảãạ" "ăắằẳẵặ" "âấầẩẫậ", strict=True)),
    "e": dict(zip("ùøûõï" "âáàåãä", "éèẻẽẹ" "êếềểễệ", strict=True)),
    "o": dict(zip("ùøûõï" "âáàåãä", "óòỏõọ" "ôốồổỗộ", strict=True)),
    "ô": dict(zip("ùøûõï", "ớờởỡợ", strict=True)),
    "u": dict(zip("ùøûõï", "úùủũụ", strict=True)),
    "ö": dict(zip("ùøûõï", "ứừửữự", strict=True)),
    "y": dict(zip("ùøûõ", "ýỳỷỹ", strict=True)),
}
_VNI_SINGLE = dict(zip("íìæóòôöîñ", "íìỉĩịơưỵđ", strict=True))
# fmt: on


def _vni_table() -> dict[str, str]:
    table = {letter + mark: meant for letter, marks in _VNI_PAIRS.items() for mark, meant in marks.items()}
    table |= _VNI_SINGLE
    upper = {shown.upper(): meant.upper() for shown, meant in table.items()}
    mixed = {shown[0].upper() + shown[1:]: meant.upper() for shown, meant in table.items()}  # "Aù", as people typed it
    return table | mixed | upper


VNI: Mapping[str, str] = _vni_table()
"""One or two characters as such text shows when read as Windows-1252 → the letter meant."""

_VNI_TOKEN = re.compile("|".join(sorted(map(re.escape, VNI), key=len, reverse=True)))
_TCVN3_FONT = re.compile(r"\.vn[a-z]", re.I)
_VNI_FONT = re.compile(r"vni[-\s]", re.I)
_NOT_LEGACY = re.compile(
    "[^\x00-\xff\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]"  # of cp1252
)
_WINDOWS_C1 = {code: bytes([code]).decode("cp1252", "replace") for code in range(0x80, 0xA0)}


def encoding_of_font(name: str | None) -> tuple[Legacy, bool] | None:
    """The encoding a font's name stands for, and whether it draws capitals only (".VnTimeH"); None for any other font.

    A PDF's subset prefix ("ABCDEF+.VnTime") is allowed.
    """
    plain = (name or "").rpartition("+")[2].strip("'\" /")
    if _TCVN3_FONT.match(plain):
        return Legacy.TCVN3, re.sub(r"[\s,-].*", "", plain).endswith("H")
    return (Legacy.VNI, False) if _VNI_FONT.match(plain) else None


def is_possible(text: str) -> bool:
    """Whether a text can be legacy text read as Windows-1252: False where it holds a letter of Unicode beyond that."""
    return _NOT_LEGACY.search(text) is None


def to_unicode(text: str, encoding: Legacy, *, is_capitals: bool = False) -> str:
    """Legacy text, read as Windows-1252 or Latin-1, in Unicode (NFC); `is_capitals` for fonts that draw only those.

    Raises `ValueError` for text that is Unicode already: converting it would corrupt it.
    """
    if not is_possible(text):
        raise ValueError("the text is Unicode already")
    text = text.translate(_WINDOWS_C1)
    if encoding is Legacy.TCVN3:
        meant = "".join(TCVN3.get(character, character) for character in text)
    else:
        meant = _VNI_TOKEN.sub(lambda match: VNI[match.group()], text)
    return unicodedata.normalize("NFC", meant.upper() if is_capitals else meant)
