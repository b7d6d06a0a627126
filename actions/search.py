"""Questions about what official texts say: search, judge, and show the passage or say that nothing was found."""

from __future__ import annotations

from collections.abc import Sequence

from actions.answer import Found, Source, compose
from actions.desk import Desk
from actions.question import Question
from bot.reply import Reply
from index.search import Hit, SearchQuery

CANDIDATES = 10
"""Documents compared for one answer."""


def find(question: Question, desk: Desk, *, type: str | None = None, issuing_body: str | None = None) -> list[Found]:  # noqa: A002
    """Return the best passage of each document that fits, best first, with its validity on the day asked about."""
    query = SearchQuery(
        question.text,
        lang=question.lang,
        type=type,
        issuing_body=issuing_body,
        limit=CANDIDATES,
        one_per_document=True,
    )
    return with_sources(desk.engine.search(query), question, desk)


def with_sources(hits: Sequence[Hit], question: Question, desk: Desk) -> list[Found]:
    """Join hits with their documents; a passage whose document has left the catalogue meanwhile is dropped."""
    found = []
    for hit in hits:
        document = desk.catalogue.get(hit.document_id)
        if document is not None:
            validity = desk.catalogue.validity(document, question.as_of)
            found.append(Found(hit, Source(document, validity, hit.passage)))
    return found


def answer_from_index(question: Question, desk: Desk) -> Reply:
    """Answer from the best passage, or say honestly that there is none."""
    return compose(
        find(question, desk),
        policy=desk.policy,
        wording=desk.wording,
        lang=question.lang,
        checked_on=desk.checked_on(question.lang),
    )
