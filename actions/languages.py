"""Wishes for a language in what people type: "trả lời bằng tiếng Anh giúp", "in Chinese please", "用越南语回答"."""

from __future__ import annotations

import re

from index.text.skeleton import skeleton

_NAMES = {
    "en": r"tieng anh|anh ngu|english|英文|英语",
    "zh": r"tieng trung(?: quoc)?|tieng hoa|hoa ngu|chinese|mandarin|中文|汉语|华语",
    "vi": r"tieng viet|viet ngu|vietnamese|越南语|越南文|越语",
}
_ANY = "|".join(_NAMES.values())
_ASKING = r"(?:tra loi|tl|rep|reply|giai thich|answer|respond|explain|回答|回复|解释)"
_BETWEEN = r"(?: (?:giup|dum|cho|em|toi|minh|anh|chi|tui|lai|cau|nay|hoi|me|us|this|it|that|question|the|my|your))"
_AFTERWARDS = r"(?: (?:giup|dum|nhe|nha|di|duoc khong|please|me|to me|for me|cho (?:toi|minh|em|anh|chi|tui)))"
_WISH = re.compile(
    rf"(?:\b(?:hay |vui long |xin |please |can you |could you )?{_ASKING}{_BETWEEN}{{0,4}} ?"
    rf"(?:bang|sang|qua|=|in|into) ?(?:{_ANY})|"
    rf"^\W*(?:in|bang) (?:{_ANY})(?= ?(?:please|giup|nhe)? ?[,:])|"
    rf"\b(?:in )?(?:english|chinese|mandarin|vietnamese),? please\b|"
    rf"(?:请|麻烦)?(?:用|以)(?:{_ANY})(?:来)?(?:回答|回复|解释|告诉我)(?:我)?)"
    rf"{_AFTERWARDS}{{0,3}} ?[:,.，：]?"
)
"""Folded. The language must be wished for: "thi bằng tiếng Anh" and "chứng chỉ tiếng Anh" are no wish."""

_REPEATS = re.compile(
    r"\b(?:phan (?:o )?tren|o tren|cau tra loi|cau vua roi|vua roi|vua xong|noi dung (?:tren|nay|do)|"
    r"cai (?:tren|nay|do)|ban (?:tieng|english)|dich|translat|(?:that|the|last|previous|above) answer|repeat)|"
    r"翻译|上面|刚才|上述"
)
"""Folded words by which the last answer is wanted again in the language."""


def named_language(text: str) -> str | None:
    """Return vi, en or zh: the language that raw `text` names first; None where it names none."""
    folded = skeleton(text).text
    found = [(match.start(), lang) for lang, names in _NAMES.items() if (match := re.search(names, folded))]
    return min(found)[1] if found else None


def find_wish(text: str) -> tuple[str, str] | None:
    """Return the language that raw `text` wishes the answer in, and the text without the wish; None without one."""
    form = skeleton(text)
    match = _WISH.search(form.text)
    if match is None:
        return None
    lang = named_language(match.group())
    start, end = form.raw_span(*match.span())
    return (lang, f"{text[:start]} {text[end:]}".strip(" :,.，：-–\n")) if lang else None


def wants_repetition(text: str) -> bool:
    """Say whether a wish for a language is one for the last answer in it."""
    return _REPEATS.search(skeleton(text).text) is not None
