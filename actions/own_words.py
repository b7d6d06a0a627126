"""Which words of a message name a subject of its own, and whether it points back to what was said before."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import tomllib

from actions.words import without
from index.text.articles import without_articles
from index.text.number import find_numbers
from index.text.reading import Reading
from index.text.unicode import fold, normalise

_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
_WORD = re.compile(r"[^\W\d_]+")

_NOUN = (
    r"(?:cái|văn bản|vb|nghị định|thông tư|luật|bộ luật|quyết định|nghị quyết|chỉ thị|công điện|pháp lệnh|quy định|"
    r"chương trình|kế hoạch|quy chế|điều|khoản|điểm|phần|đoạn|mục|mức|việc|chuyện|vụ|vấn đề|trường hợp|chính sách|"
    r"chế độ|khoản tiền|câu|thông tin|tài liệu|bản|thứ|loại|nội dung)"
)
_POINTS_BACK = re.compile(
    rf"(?<!\w)(?:nó|(?:{_NOUN}) ?(?:\w+ )?(?:này|đó|ấy|đấy|kia|trên|vừa rồi|vừa nêu)|(?:ở|như|nói|nêu) trên|"
    r"vừa (?:nói|nêu|rồi)|trên đây)(?!\w)"
)
"""Accented words that stand for what was said before; "này" alone does not, it also stands in "tháng này"."""

_POINTS_BACK_FOLDED = re.compile(
    r"(?<!\w)(?:cai|van ban|vb|nghi dinh|thong tu|luat|quyet dinh|nghi quyet|chi thi|quy dinh) (?:nay|do|ay|kia)(?!\w)|"
    r"(?<!\w)(?:thay the|thay cho|cua|ve) no(?!\w)|^no (?:con|co|la|bi|duoc|het|ap dung|noi|quy dinh)(?!\w)"
)
"""The same without accents, as far as they leave no doubt."""

_POINTS_BACK_ENGLISH = re.compile(
    r"\b(?:its|these|those)\b|\bthis\b(?! (?:year|month|week|quarter))|"
    r"\bit\b(?! (?:legal|illegal|true|possible|allowed|necessary|mandatory|compulsory|required|take|cost)\b)|"
    r"\bthat (?:one|decree|law|circular|decision|document|rule|article|fine)\b|"
    r"\bthat[?.! ]*$|\bthe (?:above|previous|same)\b"
)
_POINTS_BACK_CHINESE = re.compile(
    "它|[这那](?:个|份|项|条|部|些)|[这那该此](?:文件|法令|议定|法律|规定|法|标准|政策)|上述|上面"
)


@dataclass(frozen=True, slots=True)
class ConversationWords:
    """Words that are no subject, by language (data/conversation_words.toml)."""

    follow_up: dict[str, frozenset[str]]  # as written, and of Vietnamese ones the folded forms too
    aspects: dict[str, frozenset[str]]

    @classmethod
    def load(cls, path: Path) -> ConversationWords:
        """Read the table. Raises OSError, KeyError or ValueError where it cannot be read."""
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        return cls(
            {lang: _read(lang, words["follow_up"]) for lang, words in table.items()},
            {lang: _read(lang, words["aspects"]) for lang, words in table.items()},
        )

    def own_words(self, reading: Reading, *, with_aspects: bool = True) -> list[str]:
        """Return the words of a message that name a subject of its own, in order and folded.

        Document numbers, articles and figures are none. Without `with_aspects`, neither is what is asked of any
        subject ("mức phạt là bao nhiêu", "áp dụng từ ngày nào"). Of Chinese every character counts as a word.
        """
        text = without_articles(without(reading.written_out, find_numbers(reading.written_out)))
        no_subject = self.follow_up[reading.lang]
        if not with_aspects:
            no_subject |= self.aspects[reading.lang]
        if reading.lang == "zh":
            return [character for character in _HAN.findall(text) if character not in no_subject]
        words = _WORD.findall(normalise(text).lower())
        return [fold(word) for word in words if len(word) > 1 and word not in no_subject]


def points_back(reading: Reading) -> bool:
    """Say whether a message has a word that stands for what was said before: "nó", "văn bản đó", "it", "它"."""
    if reading.lang == "zh":
        return _POINTS_BACK_CHINESE.search(reading.normalised) is not None
    if reading.lang == "en":
        return _POINTS_BACK_ENGLISH.search(reading.folded) is not None
    restored = reading.restored.lower()
    return _POINTS_BACK.search(restored) is not None or _POINTS_BACK_FOLDED.search(reading.folded) is not None


def _read(lang: str, words: str) -> frozenset[str]:
    if lang == "zh":
        return frozenset("".join(words.split()))
    written = words.split()
    return frozenset((*written, *map(fold, written)))
