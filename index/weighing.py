"""How much a passage counts beside others: boilerplate, blank forms and dirt of machine reading weigh less (pure).

A weight multiplies a passage's fused score and nothing else: it moves a passage behind others that fit about as well,
and never out of reach. "Từ khi nào Nghị định này có hiệu lực?" still finds the final article of the decree it names.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

BOILERPLATE = 0.85
"""Weight of final articles, lists of recipients and blank forms: all documents have them, few questions want them."""

DIRT = 0.7
"""Weight of text that machine reading broke: what it says cannot be relied on, so a clean passage stands before it."""

MOST_DIRT = 0.025
"""Share of broken words and stray signs above which a passage counts as dirt, 0..1. Read on 20 real texts: machine
reading turns most words into others that exist, so few show; tables that nobody can follow have 0.03 to 0.08 of them,
clean pages less than 0.01."""

MOST_BLANKS = 0.08
"""Share of characters in dotted lines to be filled in above which a passage is a blank form, 0..1."""

_FEWEST_BROKEN = 4  # a passage with fewer is not called dirt: one slip of machine reading does not spoil a clause

_FINAL = re.compile(
    r"(?:điều khoản|hiệu lực|trách nhiệm|tổ chức)(?:\s+(?:và\s+)?(?:hiệu lực|trách nhiệm|tổ chức|điều khoản))*"
    r"(?:\s+(?:thi hành|thực hiện|(?:và\s+)?(?:hiệu lực|trách nhiệm|tổ chức)\s+(?:thi hành|thực hiện)))*"
    r"(?:\s+(?:của\s+)?(?:nghị định|thông tư|quyết định|nghị quyết|luật|văn bản)(?:\s+này)?)?\s*[.:]?",
    re.I,
)
_ARTICLE_LABEL = re.compile(r"Điều\s+\d+[a-zđ]?\s*\.?\s*")
_CHARGE = re.compile(
    r"(?:\d{1,2}\.\s*)?(?:Các\s+)?(?:Bộ trưởng|Thủ trưởng|Thành viên|Chánh|Chủ tịch|Giám đốc|Tổng Giám đốc)\b"
    r"[^.]{0,600}chịu trách nhiệm (?:tổ chức )?(?:thi hành|thực hiện)[^.]{0,60}\.?\s*",
    re.I,
)
_IN_FORCE = re.compile(
    r"(?:\d{1,2}\.\s*)?(?:Nghị định|Thông tư|Quyết định|Nghị quyết|Luật|Chỉ thị)(?: liên tịch)?(?: này)?"
    r" có hiệu lực[^.]{0,120}\.?"
)
_RECIPIENTS = re.compile(r"Nơi nhận\s*:?", re.I)
_BLANKS = re.compile(r"[.…_·]{3,}|(?:\.\s){3,}")
_WORD = re.compile(r"[^\W_]+")
_SYMBOLS = re.compile(r"(?<!\S)[^\w\s|]{1,4}(?!\S)")
_USUAL_SYMBOLS = frozenset(
    {"-", "–", "—", "+", "•", "*", "&", "=", "…", "...", "/", "|", "%", "×", "x", "(*)", "“", "”"}
)
_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|gh|kh|ph|th|tr|ch|qu|gi|[bcdđghklmnprstvx])?[aăâeêioôơuưy]{1,3}(?:ch|ng|nh|[cmnpt])?|gi|đ"
)
_AMOUNT = re.compile(r"\d+(?:đ|tr|m²|m³)")
_MARKS = str.maketrans(
    "àáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ",
    "aaaaaăăăăăâââââeeeeeêêêêêiiiiioooooôôôôôơơơơơuuuuuưưưưưyyyyy",
)


def weight(headings: Sequence[str], text: str) -> float:
    """The weight of a Vietnamese passage, 0..1: DIRT, BOILERPLATE or 1."""
    if dirt(text) > MOST_DIRT:
        return DIRT
    if is_final(headings, text) or _is_list_of_recipients(text) or blanks(text) > MOST_BLANKS:
        return BOILERPLATE
    return 1.0


def is_final(headings: Sequence[str], text: str) -> bool:
    """Whether a passage belongs to the articles that end a document: in force from, who carries it out.

    Transitional provisions (điều khoản chuyển tiếp) do not: whom the old rule still binds is a citizen's question.
    """
    articles = [_ARTICLE_LABEL.sub("", one, count=1) for one in headings if _ARTICLE_LABEL.match(one)]
    if any(_FINAL.fullmatch(title.strip()) for title in articles):
        return True
    whole = " ".join(_ARTICLE_LABEL.sub("", text, count=1).split())
    return _CHARGE.fullmatch(whole) is not None or _IN_FORCE.fullmatch(whole) is not None


def blanks(text: str) -> float:
    """Share of characters that are dots or lines to be filled in, 0..1."""
    return sum(len(match.group()) for match in _BLANKS.finditer(text)) / max(1, len(text))


def dirt(text: str) -> float:
    """Share of words that cannot be Vietnamese, nor a number or an abbreviation, and of stray signs, 0..1.

    0 where there are fewer than four of them.
    """
    words = _WORD.findall(text)
    strays = [one for one in _SYMBOLS.findall(text) if one not in _USUAL_SYMBOLS]
    broken = sum(map(_is_broken, words)) + len(strays)
    return broken / (len(words) + len(strays)) if broken >= _FEWEST_BROKEN else 0.0


def _is_broken(word: str) -> bool:
    if _AMOUNT.fullmatch(word):
        return False
    if word.isdigit() or (word.isupper() and len(word) <= 6) or word.isascii():
        return word.isascii() and not word.isupper() and word[:1].islower() and any(map(str.isupper, word))
    if not (word.islower() or word.isupper() or word.istitle()):
        return not any(map(str.isdigit, word)) or word[0].isdigit()
    return _SYLLABLE.fullmatch(word.lower().translate(_MARKS)) is None


def _is_list_of_recipients(text: str) -> bool:
    return _RECIPIENTS.match(text) is not None
