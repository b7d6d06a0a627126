"""`action_list_latest`: the newest documents of a type, a body, a period or a subject."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from actions.answer import Found, Source, ask_what, list_documents
from actions.base import FollowUp
from actions.citing import show_date
from actions.desk import Desk
from actions.policy import Sureness
from actions.question import Question
from actions.search import answer_from_index, find
from actions.told import Told
from actions.words import subject_of, without
from bot.reply import AnswerStatus, Reply
from index.document import Document
from index.queries import Filters
from index.text.bodies import find_bodies
from index.text.dates import Period, find_period
from index.text.number import type_of
from index.text.unicode import fold, normalise

LISTED_AT_MOST = 5
"""Documents in one list: what a phone shows at once."""

ISSUING = frozenset({"quốc hội", "chủ tịch nước", "chính phủ", "bộ", "cơ quan ngang bộ"})
"""Kinds of body that issue documents; portals and short numbers do not."""

_DOCUMENTS = re.compile(r"\bvan ban\b|\bdocuments?\b|文件")
"""Whoever asks for new documents, and names no kind, asks for the newest of all kinds."""

_LIST_WORDS = re.compile(
    r"\b(?:moi|gan (?:day|nhat)|vua (?:ra|ban hanh|ky|co|thong qua)|danh sach|liet ke|tong hop|nhung|cac|tuan|"
    r"hom (?:nay|qua)|"
    r"latest|newest|recent(?:ly)?|new|list|all|this (?:week|month|year))\b|最新|最近|新|哪些|列|所有"
)
"""Folded words of which a wish for a list has one; a period alone may belong to the subject."""

_NO_SUBJECT = frozenset(
    """
    thang nam quy tuan ngay dau cuoi giua roi qua nay truoc moi nghi dinh quyet thong tu luat chi thi cong dien van ban
    phap lenh hanh ra ky co may bao nhieu nhung cac nao gi
    """.split()  # noqa: SIM905 - a list of words reads better so
)
"""Folded words of a wish for the documents of a period that tell no subject."""

EFFECT = ("hieu luc", "ap dung", "effect")
"""Folded words that turn a period into one of effect instead of issue."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list was asked for."""

    type: str | None
    body: str | None  # of today
    is_former_body: bool  # a body that was merged away was named: what it issued is listed too
    period: Period | None
    is_about_effect: bool  # the period is when documents take effect, not when they were issued
    subject: str | None  # what they are about, folded words

    @property
    def is_empty(self) -> bool:
        """Say whether the question named nothing at all to go by."""
        return not (self.type or self.body or self.period or self.subject)


class ListLatest(FollowUp):
    """List documents, newest first, with the day up to which the catalogue was read."""

    action_name = "action_list_latest"
    of_this_country = True
    intent = "ask_latest_documents"
    looks_up = True

    def answer(self, question: Question) -> Told:
        """List what was asked for; an empty period is said so, with the nearest documents instead."""
        return self.page(question, skip=0)

    def gives_way(self, question: Question) -> Sureness | None:
        """Return how sure the index must be to answer with one document: less where no word asks for a list.

        A period and no subject ask for what was issued in it, whatever meeting of that month is known.
        """
        if find_period(question.text, question.today) and not self._names_subject(question):
            return None
        return Sureness.CERTAIN if self._asks_for_one(question) else Sureness.BEYOND_DOUBT

    def _names_subject(self, question: Question) -> bool:
        bodies = find_bodies(question.text, self.desk.bodies)
        own = self.desk.own_words(without(question.text, bodies), with_aspects=False)
        return not _NO_SUBJECT.issuperset(own)

    def _asks_for_one(self, question: Question) -> bool:
        """Say whether no word asks for a list, so that one document may be meant."""
        return _LIST_WORDS.search(self.desk.read(question.text).folded) is None

    def page(self, question: Question, *, skip: int) -> Told:
        """Give the part of a list that follows the first `skip` documents; NO_ANSWER_NOT_FOUND after the last."""
        wanted = read_wanted(question, self.desk)
        if wanted.subject and not skip and self._asks_for_one(question):
            answer = answer_from_index(question, self.desk)
            if answer.status is AnswerStatus.ANSWERED:
                return Told(answer, about=question)
        if wanted.is_empty and not _DOCUMENTS.search(self.desk.read(question.text).folded):
            reply = ask_what(wording=self.desk.wording, lang=question.lang)
            return Told(reply, about=question, intent=self.intent)
        by_subject = self._about_subject(wanted, question, skip) if wanted.subject else None
        return by_subject or self._by_filters(wanted, question, skip)

    def _about_subject(self, wanted: Wanted, question: Question, skip: int) -> Told | None:
        found = [
            each
            for each in find(question, self.desk, type=wanted.type, issuing_body=wanted.body)
            if self.desk.policy.accepts(each.hit) and _is_within(each.source.document, wanted)
        ]
        if not found:
            return None
        others = sorted(found[1:], key=_day, reverse=True)
        first_page = [found[0], *others[: LISTED_AT_MOST - 1]]  # what fits best is there, however old it is
        newest = [*sorted(first_page, key=_day, reverse=True), *others[LISTED_AT_MOST - 1 :]]
        sources = [each.source for each in newest[skip : skip + LISTED_AT_MOST]]
        return self._list(self._say("latest_topic_lead", question), sources, question, skip, len(newest))

    def _by_filters(self, wanted: Wanted, question: Question, skip: int) -> Told:
        catalogue = self.desk.catalogue
        start, end = (wanted.period.start, wanted.period.end) if wanted.period else (None, None)
        filters: Filters = {
            "type": wanted.type,
            "issuing_body": wanted.body,
            "with_related_bodies": wanted.is_former_body,
        }
        nearest: Filters = {"type": wanted.type, "issuing_body": wanted.body}
        if wanted.is_about_effect:
            filters |= {"effective_from": start, "effective_to": end}
        else:
            filters |= {"issued_from": start, "issued_to": end}
        count = catalogue.count(**filters)
        period = {"start": show_date(start, question.lang), "end": show_date(end, question.lang)}
        if count and wanted.period:
            key = "effective_lead" if wanted.is_about_effect else "window_lead"
            lead = self._say(key, question, count=count, **period)
        elif count:
            lead = self._say("latest_other_lead" if wanted.subject else "latest_lead", question)
        else:
            lead = self._say("window_empty", question, **period)
            filters, count = nearest, catalogue.count(**nearest)
        documents = catalogue.latest(**filters, limit=LISTED_AT_MOST, offset=skip)
        sources = [self.desk.source(document, question.as_of) for document in documents]
        return self._list(lead, sources, question, skip, count)

    def _list(self, lead: str, sources: list[Source], question: Question, skip: int, count: int) -> Told:
        """List one page of `count` documents; an empty one says that there is nothing."""
        if not sources:
            reply = Reply(AnswerStatus.NO_ANSWER_NOT_FOUND, self._say("nothing_listed", question), lang=question.lang)
            return Told(reply, about=question, intent=self.intent)
        shown = skip + len(sources)
        reply = list_documents(
            lead, sources, more=count - shown, first=skip + 1, wording=self.desk.wording, lang=question.lang
        )
        return Told(reply, about=question, intent=self.intent, shown=shown, has_more=count > shown)

    def _say(self, key: str, question: Question, **values: object) -> str:
        checked_on = self.desk.checked_on(question.lang)
        return self.desk.wording.text(f"actions.{key}", question.lang, checked_on=checked_on, **values)


def _day(found: Found) -> date:
    return found.source.document.issued_on or date.min


def read_wanted(question: Question, desk: Desk) -> Wanted:
    """Read type, body, period and subject from a question; the body's own words are not its subject."""
    bodies = [match for match in find_bodies(question.text, desk.bodies) if match.body.kind in ISSUING]
    rest = without(question.text, bodies)
    folded = fold(normalise(question.text))
    return Wanted(
        type=type_of(question.text),
        body=bodies[0].name if bodies else None,
        is_former_body=bool(bodies) and bodies[0].old_name is not None,
        period=find_period(question.text, question.today),
        is_about_effect=any(word in folded for word in EFFECT),
        subject=" ".join(subject_of(rest, desk.function_words)) or None if question.lang == "vi" else None,
    )


def _is_within(document: Document, wanted: Wanted) -> bool:
    if wanted.period is None:
        return True
    day = document.effective_on if wanted.is_about_effect else document.issued_on
    return day is not None and wanted.period.start <= day <= wanted.period.end
