"""Letters held down for emphasis, shortened: "quaaaa" → "qua", "điii" → "đi", "okkkk" → "ok"."""

from __future__ import annotations

import re
from collections.abc import Collection

from index.text.edits import replaced
from index.text.kept import Kept
from index.text.unicode import fold

_TOKEN = re.compile(r"[^\W\d_]+")
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}", re.IGNORECASE)
_DOUBLED_END = re.compile(
    r"([aiuyàáảãạăắằẳẵặâấầẩẫậèéẻẽẹêếềểễệìíỉĩịòóỏõọôốồổỗộơớờởỡợùúủũụưứừửữựỳýỷỹỵ])\1$", re.IGNORECASE
)
_NOT_STRETCHED = re.compile("[ivxlcdm]+|w+", re.IGNORECASE)  # Roman numerals, www


def shorten(text: str, lexicon: Collection[str]) -> str:
    """Return normalised `text` with stretched letters shortened; everything else as it was.

    Three of a letter or more are always one; two at the end only where one makes a syllable of `lexicon` (accented, or
    folded) and two do not. What is in the lexicon, Roman numerals, document numbers and addresses stay.
    """
    candidates = [
        (token, short) for token in _TOKEN.finditer(text) if (short := _shortened(token.group(), lexicon)) is not None
    ]
    if not candidates:
        return text
    kept = Kept(text)
    return replaced(text, ((token.span(), short) for token, short in candidates if not kept.holds(*token.span())))


def _shortened(token: str, lexicon: Collection[str]) -> str | None:
    if _STRETCHED.search(token):
        is_meant = token.lower() in lexicon or _NOT_STRETCHED.fullmatch(token)
        return None if is_meant else _STRETCHED.sub(r"\1", token)
    if not _DOUBLED_END.search(token) or token.lower() in lexicon:
        return None
    short = token[:-1].lower()
    return token[:-1] if short in lexicon or (short != token[:-1] and fold(short) in lexicon) else None
