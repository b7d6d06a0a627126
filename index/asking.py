"""A question as typed → what each way to a document looks for: words for BM25, vectors for meaning."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.embedder import Embedder
from index.fusion import DENSE_WEIGHT, TRANSLATED_DENSE_WEIGHT
from index.lexical import tokens
from index.text.glossary import Glossary
from index.text.reading import Reading

TRANSLATED = 0.3
"""Share of a question's vector that the terms of a glossary have, where it is in another language than the texts."""


class QuestionReader(Protocol):
    """Reads Vietnamese as people type it."""

    def read(self, raw: str) -> Reading:
        """The message in all its forms."""


QUESTIONS_KEPT = 32
"""Questions whose vectors are kept in memory."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question, ready to search with. Vectors are float32, shape (dim,), unit length."""

    lang: str  # "vi", "en" or "zh": the language it is read in
    words: list[str]  # tokens for BM25; none where chance overlap of syllables would mislead it
    vector: NDArray[np.float32]  # compared with passages
    own_vector: NDArray[np.float32]  # compared with known questions, whose language makes no difference
    dense_weight: float  # share of the cosine in fused scores


class QuestionPreparer:
    """Prepares questions for one encoder; safe to use from several threads."""

    def __init__(self, *, embedder: Embedder, reader: QuestionReader, glossary: Glossary | None = None) -> None:
        """`glossary` is what terms of English and Chinese questions are called in the texts."""
        self._embedder = embedder
        self._reader = reader
        self._glossary = glossary
        self._prepared = lru_cache(QUESTIONS_KEPT)(self._prepare)

    def prepare(self, question: str, lang: str, texts_in: str | None) -> Asked:
        """Prepare a normalised question in `lang` for texts in the language `texts_in` (None: nobody knows).

        The encoder sees a Vietnamese question with short forms written out and accents restored, BM25 the same without
        accents; a question given as Vietnamese that is clearly not is read in its own language. In another language
        the terms that the glossary knows are looked for beside the question's meaning, and without any the meaning
        decides alone. Where the texts are not Vietnamese nothing is rewritten. The last questions are kept: one message
        is searched for several times.
        """
        return self._prepared(question, lang, texts_in)

    def _prepare(self, question: str, lang: str, texts_in: str | None) -> Asked:
        if texts_in in ("vi", None):
            if lang == "vi":
                reading = self._reader.read(question)
                if reading.lang == "vi":
                    return self._plain("vi", tokens(reading.written_out), reading.restored)
                lang = reading.lang
            terms = self._glossary.vietnamese(question, lang) if self._glossary else []
            if terms:
                return self._translated(lang, question, " ".join(terms))
        return self._plain(lang, tokens(question) if lang in ("vi", texts_in) else [], question)

    def _plain(self, lang: str, words: list[str], text: str) -> Asked:
        vector = self._embedder.embed_queries([text])[0]
        return Asked(lang, words, vector, vector, DENSE_WEIGHT if words else 1.0)

    def _translated(self, lang: str, question: str, terms: str) -> Asked:
        own, translated = self._embedder.embed_queries([question, terms])
        mixed = (1 - TRANSLATED) * own + TRANSLATED * translated
        vector: NDArray[np.float32] = (mixed / np.linalg.norm(mixed)).astype(np.float32)
        return Asked(lang, tokens(terms), vector, own, TRANSLATED_DENSE_WEIGHT)
