"""Questions that lean on the one before: "áp dụng từ ngày nào?", "nó áp dụng cho ai?", answered from its documents."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import pairwise

from actions.answer import show
from actions.desk import Desk
from actions.numbers import acting_on
from actions.own_words import points_back
from actions.question import Question
from actions.referents import documents_of
from actions.told import Told
from bot.reply import Reply
from index.document import Document
from index.search import Hit, SearchQuery
from index.text.reading import Reading
from index.text.unicode import fold, syllables

DOCUMENTS_AT_MOST = 2
"""Documents of the topic that are looked into: each costs two searches."""

PASSAGES_AT_MOST = 10
"""Passages of one document that are compared."""

NEARLY_AS_GOOD = 0.02
"""Cosine by which a passage of the topic may be farther from a message than the best passage of all."""


@dataclass(frozen=True, slots=True)
class Leaning:
    """How much a message leans on what was said before."""

    points_back: bool  # has a word that stands for it: "nó", "văn bản đó"
    has_subject: bool  # names a subject of its own, and not just words of the title of the document talked about

    @classmethod
    def of(cls, question: Question, desk: Desk) -> Leaning:
        """Read it from a question's words."""
        reading = desk.read(question.text)
        own = desk.conversation_words.own_words(reading, with_aspects=False)
        known = documents_of(question.topic, desk)[:1] if own else []
        is_of_topic = any(are_of_title(own, reading, document) for document in known)
        return cls(points_back(reading), bool(own) and not is_of_topic)

    @property
    def is_elliptical(self) -> bool:
        """Say whether the message says nothing without the one before."""
        return not self.has_subject


def answer_from_topic(question: Question, desk: Desk, *, leaning: Leaning) -> Told | None:
    """Answer from the documents that the conversation is about, where a passage fits; None where none does.

    A passage fits where the question before, with this one added, finds it strongly. A message with a subject of its
    own must be near the passage by itself as well, or the question before would answer anything.
    """
    topic = question.topic
    floor = _floor(question, desk) if leaning.has_subject else 0.0
    best: tuple[float, Hit, Document] | None = None
    joined = f"{topic.question} {question.text}".strip() if topic else question.text
    for document in documents_of(topic, desk)[:DOCUMENTS_AT_MOST]:
        alone = {hit.passage.id: hit for hit in _hits(question.text, document, question, desk)}
        for hit in _hits(joined, document, question, desk):
            own = alone.get(hit.passage.id)
            is_near = own is not None and own.dense >= floor and desk.policy.considers(own)
            if not desk.policy.accepts(hit) or (leaning.has_subject and not is_near):
                continue
            fit = hit.score + (own.score if own else 0.0)
            if best is None or fit > best[0]:
                best = fit, hit, document
    if best is None:
        return None
    _, hit, document = best
    source = desk.source(document, question.as_of, hit.passage)
    holding = acting_on(source, question, desk)
    reply: Reply = show(source, holding, wording=desk.wording, lang=question.lang)
    return Told(reply, passage=hit.passage.id)


def are_of_title(words: Collection[str], reading: Reading, document: Document) -> bool:
    """Say whether each of these folded words of a message stands beside the same word as in a document's title."""
    said, title = (list(pairwise(syllables(fold(text)))) for text in (reading.written_out, document.title))
    shared = {word for pair in set(said).intersection(title) for word in pair}
    return shared.issuperset(words)


def _hits(text: str, document: Document, question: Question, desk: Desk) -> list[Hit]:
    query = SearchQuery(text, lang=question.written_in, document_id=document.id, limit=PASSAGES_AT_MOST)
    return desk.engine.search(query)


def _floor(question: Question, desk: Desk) -> float:
    """Return how near a passage must be to a message by itself: nearly as near as the best of all documents."""
    best = desk.engine.search(SearchQuery(question.text, lang=question.written_in, limit=1))
    return best[0].dense - NEARLY_AS_GOOD if best else 0.0
