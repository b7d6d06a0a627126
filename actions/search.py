"""Questions about what official texts say: search, judge, and show the passage or say that nothing was found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from actions.another_country import is_about_another_country
from actions.answer import Found, compose, is_lapsed, standing
from actions.desk import Desk
from actions.policy import Policy
from actions.question import Question
from bot.reply import Reply
from index.document import Document, TextKind, Validity
from index.duplicates import are_near
from index.search import Hit, SearchQuery
from index.text.dates import Period, find_period
from index.text.number import type_of
from index.text.unicode import fold

MONTH = timedelta(days=31)
"""The longest period that names when a document was issued; a year is rather when something held."""

CANDIDATES = 30
"""Documents compared for one answer: enough that those which lapsed, and stand back, do not fill the list."""


def find(
    question: Question,
    desk: Desk,
    *,
    type: str | None = None,  # noqa: A002 - the field's word
    issuing_body: str | None = None,
) -> Iterator[Found]:
    """Yield the best passage of each document near enough to be named, best first, with its validity.

    A question about a past period ("năm 2025") is ranked by what held at its end, so that neither what had lapsed
    nor what came later answers it first; the validity told is that of the day asked for. Of another country's rules
    nothing is found.
    """
    if is_about_another_country(question, desk):
        return
    query = SearchQuery(
        question.text,
        lang=question.written_in,
        type=type,
        issuing_body=issuing_body,
        limit=CANDIDATES,
        one_per_document=True,
    )
    period = find_period(question.text, question.today)
    asked_about = period.end if period and period.end < question.as_of else question.as_of
    for hit in _hits(query, asked_about, desk):
        document = desk.catalogue.get(hit.document_id) if desk.policy.considers(hit) else None
        if document is not None:  # it may have left the catalogue meanwhile
            source = desk.source(document, question.as_of, hit.passage)
            then = source.validity if asked_about == question.as_of else desk.catalogue.validity(document, asked_about)
            is_too_new = asked_about < question.as_of and then.validity is Validity.NOT_YET_IN_FORCE
            if is_too_new and find_period(document.title, question.today) == period:
                is_too_new = False  # the resolution of a meeting in May is issued in June
            if is_too_new and period and _was_issued_in(document, period):
                is_too_new = False  # "nghị quyết ngày 11/12/2025" takes effect later
            yield Found(hit, source, is_lapsed(then) or is_too_new)


def _was_issued_in(document: Document, period: Period) -> bool:
    """Say whether a period is short enough to be the day or month of issue, and is that of a document."""
    is_short = period.end - period.start <= MONTH
    return is_short and document.issued_on is not None and period.start <= document.issued_on <= period.end


def _hits(query: SearchQuery, on: date, desk: Desk) -> list[Hit]:
    """Search, and put beside a passage that no longer holds on a day those that hold and say the same.

    Of official near-duplicates a search gives the best alone: the article of a decree that lapsed would hide that of
    the decree which replaced it and says the same. They get its score.
    """
    hits = desk.engine.search(query)
    over = desk.catalogue.not_in_force(on)
    lapsed = [
        hit
        for hit in hits
        if hit.document_id in over and hit.passage.text_kind is TextKind.OFFICIAL and desk.policy.considers(hit)
    ]
    if not lapsed:
        return hits
    holding = desk.engine.search(replace(query, as_of=on, one_per_document=False))
    twins = [
        replace(hit, score=max(hit.score, hidden_by.score))
        for hidden_by in lapsed
        for hit in holding
        if hit.passage.text_kind is TextKind.OFFICIAL and are_near(hit.passage, hidden_by.passage)
    ]
    first: dict[str, Hit] = {}
    for hit in sorted([*twins, *hits], key=lambda hit: -hit.score):
        first.setdefault(hit.document_id, hit)
    return list(first.values())


def answer_from_index(question: Question, desk: Desk) -> Reply:
    """Answer from the best passage, or say honestly that there is none."""
    return compose(
        _contenders(find(question, desk), desk.policy),
        policy=desk.policy,
        wording=desk.wording,
        lang=question.lang,
        checked_on=desk.checked_on(question.lang),
        lists_titles=_asks_for_documents(question),
    )


def best_hit(question: Question, desk: Desk) -> Hit | None:
    """Return the best hit of all documents; None where nothing is found at all, or another country is asked about."""
    if is_about_another_country(question, desk):
        return None
    hits = desk.engine.search(SearchQuery(question.text, lang=question.written_in, limit=1))
    return hits[0] if hits else None


def best_hit_in(document_id: str, question: Question, desk: Desk) -> Hit | None:
    """Return the best hit of one document; None where nothing of it is found."""
    query = SearchQuery(question.text, lang=question.written_in, document_id=document_id, limit=1)
    return next(iter(desk.engine.search(query)), None)


def _asks_for_documents(question: Question) -> bool:
    """Say whether a question in Vietnamese asks which documents there are: "thông tư nào …", "văn bản về …"."""
    return question.written_in == "vi" and (type_of(question.text) is not None or "van ban" in fold(question.text))


def _contenders(found: Iterator[Found], policy: Policy) -> list[Found]:
    """Take hits, best first, while they can still answer or be named beside the answer: looking one up costs a query.

    A hit never stands higher than its score, and scores only fall.
    """
    taken: list[Found] = []
    best = 0.0
    for candidate in found:
        if candidate.hit.score < best * policy.related_from:
            break
        taken.append(candidate)
        if policy.accepts(candidate.hit):
            best = max(best, standing(candidate, policy))
    return taken
