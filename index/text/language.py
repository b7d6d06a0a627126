"""The language of a question: Vietnamese unless it is clearly English or Chinese."""

from __future__ import annotations

import re
from typing import Literal

from index.text.english import ENGLISH, LOANS
from index.text.unicode import normalise

Language = Literal["vi", "en", "zh"]

_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_OTHER_EAST_ASIAN = re.compile("[\u3040-\u30ff\uac00-\ud7af\u1100-\u11ff]")  # kana and hangul: neither zh nor handled
_VIETNAMESE_LETTER = re.compile("[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]")
_WORD = re.compile(r"[^\W\d_]+")
# The shape of a Vietnamese syllable without accents: initial, vowels, final.
_SYLLABLE = re.compile(
    "(?:b|c|ch|d|g|gh|gi|h|k|kh|l|m|n|ng|ngh|nh|p|ph|q|qu|r|s|t|th|tr|v|x)?"
    "(?:a|ai|ao|au|ay|e|eo|eu|i|ia|ie|ieu|iu|o|oa|oai|oao|oay|oe|oeo|oi|oo|u|ua|uay|uau|ue|ueu|ui|uo|uoi|uou|uu|uy|uya|"
    "uye|uyu|y|ye|yeu)(?:c|ch|m|n|ng|nh|p|t)?"
)
# Syllables that are words in both languages, and names of places, tell nothing.
_NEUTRAL = frozenset(
    """
    a am an can chi da do dong go gon ha hai hanoi he ho hue i in lay man may me men minh nai nam nang noi on pay
    phong q sai saigon so song sun tan the thing tho to viet
    """.split()  # noqa: SIM905
)
# Names of provinces, which stand in English questions as in Vietnamese ones.
_PLACES = re.compile(
    r"\b(?:an giang|ba ria|bac (?:giang|kan|lieu|ninh)|ben tre|binh (?:dinh|duong|phuoc|thuan)|ca mau|can tho|cao bang|"
    r"da nang|dak (?:lak|nong)|dien bien|dong (?:nai|thap)|gia lai|ha (?:giang|nam|noi|tinh)|hai (?:duong|phong)|"
    r"hau giang|ho chi minh|hoa binh|hung yen|khanh hoa|kien giang|kon tum|lai chau|lam dong|lang son|lao cai|long an|"
    r"nam dinh|nghe an|ninh (?:binh|thuan)|phu (?:quoc|tho|yen)|quang (?:binh|nam|ngai|ninh|tri)|soc trang|son la|"
    r"tay ninh|thai (?:binh|nguyen)|thanh hoa|thua thien|tien giang|tra vinh|tuyen quang|vinh (?:long|phuc)|vung tau|"
    r"yen bai)\b"
)
_THANKS = frozenset(("hello", "thanks", "thank", "you", "a", "lot", "so", "much", "very", "bye", "goodbye"))
_CLEAR_SHARE = 0.6
"""Share of English among the telling words from which a text counts as English."""


def detect(text: str) -> Language:
    """Return the language of `text`; "vi" by default and in doubt, never raises.

    Chinese by its script; English only where English words clearly outnumber what may be Vietnamese syllables.
    Accents, document numbers and short forms never make a text English.
    """
    plain = normalise(text).lower()
    letters = sum(character.isalpha() for character in plain)
    han = len(_HAN.findall(plain))
    if han and not _OTHER_EAST_ASIAN.search(plain) and han * 3 >= letters:
        return "zh"
    words = _WORD.findall(_PLACES.sub(" ", plain))
    if any(_VIETNAMESE_LETTER.search(word) for word in words):
        accented = sum(bool(_VIETNAMESE_LETTER.search(word)) for word in words)
        if accented * 4 > len(words):
            return "vi"
    vietnamese = sum(
        word not in ENGLISH and word not in LOANS and word not in _NEUTRAL and _SYLLABLE.fullmatch(word) is not None
        for word in words
    )
    english = sum(word in ENGLISH for word in words)
    if english:
        english += sum(word in LOANS for word in words)
    elif words and _THANKS.issuperset(words):
        return "en"
    enough = 1 if len(words) <= 3 else 2
    return "en" if english >= enough and english >= _CLEAR_SHARE * (english + vietnamese) else "vi"
