"""Messages that are about another document than those talked about, though no word of theirs looks like a subject.

A syllable says little: "lệ", "phí" and "giảm" are asked of any subject, "miễn giảm lệ phí" is one. So the index is
asked whether it is certain of a document that fits much better than those of the conversation.
"""

from __future__ import annotations

import re

from actions.desk import Desk
from actions.own_words import points_back
from actions.policy import Sureness
from actions.question import Question
from actions.search import best_hit, best_hit_in
from actions.words import subject_of
from index.document import Document
from index.text.dates import find_period
from index.text.number import type_of

FAR_BETTER = 0.1
"""By how much stronger the hit of another document must be than that of a document talked about (docs/adr/0014)."""

COMPARED_AT_MOST = 2
"""Documents of the topic that are compared: each costs a search."""

_OF_ANY_DOCUMENT = re.compile(
    r"\b(?:(?:xu )?phat(?: vi pham)?(?: hanh chinh)?|(?:muc|tien) phat|phat tien|hieu luc|ap dung|huong dan|thi hanh|"
    r"quy dinh|vi pham|neu|hoi (?:thang|nam))\b"
)
"""Folded words that ask something of whatever document was talked about; some documents are called so too."""


def another_document(question: Question, desk: Desk, *, sure: Sureness = Sureness.CERTAIN) -> Document | None:
    """Return the document that a message is certainly about instead of those talked about; None for any other message.

    A message that points back is about those, whatever else it says. `sure` is how sure the index must be.
    """
    topic = question.topic
    if topic is None or not topic.documents or points_back(desk.read(question.text)):
        return None
    if not _says_something(question, desk):
        return None
    best = best_hit(question, desk)
    if best is None or best.document_id in topic.documents or not desk.policy.is_certain(best, sure):
        return None
    hits = (best_hit_in(document_id, question, desk) for document_id in topic.documents[:COMPARED_AT_MOST])
    known = max((desk.policy.strength(hit) for hit in hits if hit is not None), default=0.0)
    return desk.catalogue.get(best.document_id) if desk.policy.strength(best) >= known + FAR_BETTER else None


def _says_something(question: Question, desk: Desk) -> bool:
    """Say whether a message in Vietnamese names a day or month of a type of document, or has any word left."""
    if question.written_in != "vi":
        return True
    if type_of(question.text) is not None and find_period(question.text, question.today) is not None:
        return True
    return bool(subject_of(_OF_ANY_DOCUMENT.sub(" ", desk.read(question.text).folded), desk.function_words))
