"""The language of a question: Vietnamese unless it is clearly English or Chinese."""

from __future__ import annotations

import re
from typing import Literal

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
# English words that no Vietnamese syllable looks like, or that people asking in Vietnamese do not write.
_ENGLISH = frozenset(
    """
    about above after again all also any application apply are article at because been before being below best
    between both but by card certificate change child children circular citizen citizens city contact could country
    date deadline decision decree decrees department did directive district document documents does driver driving
    each effect effective email employee english every fee fees find fine for force foreign foreigner foreigners
    form free from get give government had has have hello help her here his holiday house household how human
    identity if income information insurance into is issue issued it its job know land latest law laws legal licence
    license list marriage means minimum minister ministry money more most must my name national need new news next
    no not number of office official old one online only open or other our over passport pay pension people permit
    person personal place please police policy portal prime procedure province provinces public register
    registration regulation rent replace replaced request require required resolution retirement right rights rule
    rules salary school service services should show since some someone speak start state status still student such
    support talk tax taxes tell text than thank thanks that their them there these they this those time today
    traffic translate under until up us use valid validity vehicle vietnam vietnamese visa wage wages want was way
    we website were what when where which who why will with work worker would year years yes you your
    """.split()  # noqa: SIM905 (a list of 250 words reads better so)
)
# Syllables that are words in both languages, and names of places, tell nothing.
_NEUTRAL = frozenset(
    """
    a am an can chi da do dong go gon ha hai hanoi he ho hue i in lay man may me men minh nai nam nang noi on pay
    phong q sai saigon so song sun tan the thing tho to viet
    """.split()  # noqa: SIM905
)
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
    words = _WORD.findall(plain)
    if any(_VIETNAMESE_LETTER.search(word) for word in words):
        accented = sum(bool(_VIETNAMESE_LETTER.search(word)) for word in words)
        if accented * 4 > len(words):
            return "vi"
    english = sum(word in _ENGLISH for word in words)
    vietnamese = sum(
        word not in _ENGLISH and word not in _NEUTRAL and _SYLLABLE.fullmatch(word) is not None for word in words
    )
    enough = 1 if len(words) <= 3 else 2
    return "en" if english >= enough and english >= _CLEAR_SHARE * (english + vietnamese) else "vi"
