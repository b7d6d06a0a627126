"""The language most passages of a snapshot are in: it decides whether the lexical leg can help a question."""

from __future__ import annotations

import re
from collections import Counter

from index.passage_store import PassageStore
from index.text.unicode import normalise

SAMPLE = 200
"""Passages looked at, evenly spaced."""

MOST = 0.8
"""Share of the sample from which a language counts as the corpus' own."""

_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
_WORD = re.compile(r"[^\W\d_]+")
_ACCENTED = re.compile("[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹàáãèéìíòóõùúýĩũ]")
_LEAST_ACCENTED = 0.15  # of words; Vietnamese has about 0.8, French about 0.2 of these letters and is not asked for


def language_of(text: str) -> str:
    """ "zh" by its script, "vi" by its accents, else "en": what is written in Latin letters without accents."""
    plain = normalise(text).lower()
    words = _WORD.findall(plain)
    if len(_HAN.findall(plain)) * 3 >= sum(map(len, words)) > 0:
        return "zh"
    accented = sum(_ACCENTED.search(word) is not None for word in words)
    return "vi" if accented > _LEAST_ACCENTED * len(words) else "en"


def main_language(store: PassageStore) -> str | None:
    """The language of at least `MOST` of the passages; None where there is no such language."""
    step = max(1, len(store) // SAMPLE)
    found = Counter(language_of(store.passage(row).text) for row in range(0, len(store), step))
    if not found:
        return None
    language, count = found.most_common(1)[0]
    return language if count >= MOST * found.total() else None
