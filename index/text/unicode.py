"""One spelling for every text (NFC, visible characters only, one tone-mark placement) and its form without accents."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from index.text.lookalikes import unmask
from index.text.syllable import is_syllable, split_tone, with_tone

# Characters nobody sees: controls, soft hyphen, joiners, fillers, bidi marks, variation selectors, tags, lone
# surrogates. They split words or hide instructions in a text, and mean nothing in Vietnamese.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]"
)
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_BLANKS = re.compile(r"(?:[^\S\n]|\u2800)+")  # and the Braille cell without dots
_AROUND_LINE_END = re.compile(" ?\n ?")
# A Vietnamese letter carries at most two marks; long stacks are noise, and slow to put in order.
_ANY_MARK = "[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
_STACKED_MARKS = re.compile(f"({_ANY_MARK}{{4}}){_ANY_MARK}+")
_MARKS = re.compile("[\u0300-\u036f]+")

_LOOK_ALIKES: dict[int, str] = {
    **{code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},  # full-width forms of ASCII
    **dict.fromkeys((0x00D0, 0x0189), "Đ"),  # Eth and African D print like Đ and come out of old fonts
    **dict.fromkeys((0x00F0, 0x0256), "đ"),
    **dict.fromkeys((0x2010, 0x2011), "-"),  # hyphen and non-breaking hyphen
}

# Open syllables in oa, oe, uy take the mark on the first vowel ("hòa", "khỏe", "ủy"), as official texts mostly print
# it; the other habit ("hoà", "khoẻ", "uỷ") and slips of the hand ("khỏan", "qúy", "nứơc") are rewritten. Here is what
# may be one: a vowel with a tone mark beside another vowel.
_VOWEL = "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY"
_MARKED = "àáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ"
_MARKED += _MARKED.upper()
_TWO_VOWELS = re.compile(
    rf"(?<![^\W\d_])(?<!{_ANY_MARK})[^\W\d_]{{0,6}}(?:[{_VOWEL}][{_MARKED}]|[{_MARKED}][{_VOWEL}])[^\W\d_]{{0,5}}"
    rf"(?![^\W\d_]|{_ANY_MARK})"
)

_TOKEN = re.compile(r"[\w./&-]+")
_WORD = re.compile(r"[^\W_]+")


def normalise(text: str) -> str:
    """Give `text` its one spelling; what every other function here expects and what is compared.

    NFC; invisible characters removed; full-width forms and letters that only look like ours replaced; tone marks where
    they belong ("hoà" → "hòa", "khỏan" → "khoản"); runs of blanks made one space, line ends kept as one newline each.
    Idempotent, never raises. Offsets change, so the raw text is kept beside it by whoever shows it.
    """
    text = _LINE_ENDS.sub("\n", text)
    text = _STACKED_MARKS.sub(r"\1", _INVISIBLE.sub("", text)).translate(_LOOK_ALIKES)
    text = unicodedata.normalize("NFC", unmask(text))
    return _squeeze(_TWO_VOWELS.sub(lambda match: _toned(match.group()), text))


def fold(text: str) -> str:
    """Return `text` normalised, in lower case and without accents: "Nghị định" → "nghi dinh". Idempotent."""
    decomposed = unicodedata.normalize("NFD", normalise(text).lower())
    plain = _MARKS.sub("", decomposed).replace("đ", "d")
    return _squeeze(unicodedata.normalize("NFC", plain))


def syllables(folded: str) -> list[str]:
    """Return the tokens of folded text for lexical search, in order of appearance.

    Runs of letters and digits; a token with a slash and a digit (a document number, a date) comes whole, then in
    parts: "161/2026/nd-cp" → ["161/2026/nd-cp", "161", "2026", "nd", "cp"].
    """
    tokens: list[str] = []
    for match in _TOKEN.finditer(folded):
        run = match.group().strip("./&-_")
        parts = _WORD.findall(run)
        if "/" in run and len(parts) > 1 and any(part[0].isdigit() for part in parts):
            tokens.append(run)
        tokens.extend(parts)
    return tokens


def accents_agree(typed: str, accented: str) -> bool:
    """Tell whether `typed` can be a way of writing `accented`: same letters, and no mark that `accented` lacks.

    People leave accents out, wholly or in part, but do not put wrong ones: "nghi đinh" agrees with "nghị định",
    "chị thi" does not agree with "chỉ thị". Both are normalised and compared without case.
    """
    left, right = _letters(typed), _letters(accented)
    return len(left) == len(right) and all(
        base == other and marks <= allowed for (base, marks), (other, allowed) in zip(left, right, strict=True)
    )


def _letters(text: str) -> list[tuple[str, frozenset[str]]]:
    letters: list[tuple[str, frozenset[str]]] = []
    for character in normalise(text).lower():
        decomposed = unicodedata.normalize("NFD", character)
        base, marks = decomposed[0], list(decomposed[1:])
        if base == "đ":
            base, marks = "d", ["stroke"]
        letters.append((base, frozenset(marks)))
    return letters


@lru_cache(maxsize=4096)
def _toned(word: str) -> str:
    """Return a syllable with its tone mark where it belongs; anything else as it is."""
    plain, tone = split_tone(word)
    lower = plain.lower()
    if not is_syllable(lower):
        return word
    right = with_tone(lower, tone)
    return "".join(letter.upper() if other.isupper() else letter for letter, other in zip(right, plain, strict=True))


def _squeeze(text: str) -> str:
    return _AROUND_LINE_END.sub("\n", _BLANKS.sub(" ", text)).strip()
