"""`action_find_responsible_agency`: which body is in charge of a matter, and what became of one."""

from __future__ import annotations

import re

from actions.answer import explain
from actions.answer_question import AnswerQuestion
from actions.base import FollowUp
from actions.certain import answer_as_asked, is_empty_handed
from actions.citing import cite, show_date
from actions.document_facts import tell_facts
from actions.list_latest import ISSUING
from actions.lookup_contact import REACHING, LookupContact
from actions.numbers import answer_by_number
from actions.pointing_back import Leaning, answer_from_topic
from actions.policy import Sureness
from actions.question import Question
from actions.search import answer_from_index
from actions.told import Told
from actions.topic import Kind
from actions.words import without
from bot.reply import AnswerStatus, Reply
from index.text.bodies import BodyMatch, find_bodies
from index.text.number import canonical, find_numbers

_IN_CHARGE = frozenset("quan ly phu trach chiu trach nhiem giai quyet tham lo vu viec nganh so".split())  # noqa: SIM905 - a list of words reads better so
"""Folded words by which the body in charge is asked for."""


_ASKS = re.compile(
    r"\b(?:co quan|bo|so|ban|nganh|don vi|noi|phong|uy ban|toa|cap|phu trach|quan ly|giai quyet|tham quyen|trach nhiem|"
    r"chiu|lo|agency|agencies|ministr\w+|body|authority|department|office|charge|responsible|handles?|merged?)\b|"
    r"部|机关|机构|部门|主管|负责|管"
)
"""Folded words of which a question for the body in charge has one: "ai được hưởng" has none."""


class FindResponsibleAgency(FollowUp):
    """Answer from the table of bodies; what it does not hold is looked up, never guessed."""

    action_name = "action_find_responsible_agency"
    of_this_country = True
    intent = "ask_responsible_agency"
    kind = Kind.CONTACT

    def answer(self, question: Question) -> Told:
        """A message that asks for no body is looked for in the conversation and in the index before the table."""
        asks_otherwise = tell_facts(question, self.desk)
        if asks_otherwise is not None:
            return asks_otherwise
        if _ASKS.search(self.desk.read(question.text).folded) is None:
            told = AnswerQuestion(self.desk).answer(question)
            if question.topic or not is_empty_handed(told):
                return told
        return self._of_topic(question) or Told(
            self._tell(question), about=question, intent=self.intent, kind=self.kind
        )

    def gives_way(self, question: Question) -> Sureness | None:
        """Return that the index may answer instead of the table where no former body is named, as for contacts."""
        return LookupContact(self.desk).gives_way(question)

    def _of_topic(self, question: Question) -> Told | None:
        """Answer from the document talked about who is responsible for it; None where a field or a body is known."""
        leaning = Leaning.of(question, self.desk)
        topic = question.topic
        if topic is None or not topic.documents or not leaning.is_elliptical:
            return None
        if find_bodies(question.text, self.desk.bodies) or find_numbers(question.text):
            return None
        if self.desk.directory.in_charge(question.text) or self.desk.directory.in_charge(topic.question):
            return None
        return answer_from_topic(question, self.desk, leaning=leaning)

    def _tell(self, question: Question) -> Reply:
        """A former body leads to the one of today, a field to the body in charge; else the index is searched."""
        bodies = [match for match in find_bodies(question.text, self.desk.bodies) if match.body.kind in ISSUING]
        folded = self.desk.read(question.text).folded
        is_former = any(match.old_name in self.desk.directory.former for match in bodies)
        if is_former or (bodies and any(f" {word} " in f" {folded} " for word in REACHING)):
            return LookupContact(self.desk).reply_to(question)
        by_number = answer_by_number(question, self.desk)
        if by_number is not None:
            return by_number
        fields = self.desk.directory.in_charge(without(question.text, bodies))
        if not fields and not bodies and question.topic and self._only_points_back(question):
            fields = self.desk.directory.in_charge(question.topic.question)
        if bodies and not fields:
            return self._answer_beside(bodies, question) or self._tell_today(bodies, question)
        if fields:
            paragraphs = [
                self.desk.wording.text(
                    "actions.in_charge", question.lang, field=field.name, body=field.body, source=field.source
                )
                for field in fields
            ]
            paragraphs.append(self.desk.wording.text("actions.in_charge_locally", question.lang))
            numbers = dict.fromkeys(canonical(number) for field in fields for number in find_numbers(field.source))
            basis = [source for number in numbers for source in self.desk.sources(number, question.as_of)[:1]]
            citations = tuple(cite(source.document, source.validity) for source in basis)
            return Reply(AnswerStatus.ANSWERED, "\n\n".join(paragraphs), citations, lang=question.lang)
        answer = answer_from_index(question, self.desk)
        if answer.status is not AnswerStatus.NO_ANSWER_NOT_FOUND:
            return answer
        text = self.desk.wording.text("actions.agency_unknown", question.lang)
        return Reply(AnswerStatus.NO_ANSWER_NOT_FOUND, text, lang=question.lang)

    def _only_points_back(self, question: Question) -> bool:
        """Say whether the matter is the one talked about: "bộ nào quản lý vụ này"."""
        own = self.desk.own_words(question.text, with_aspects=False)
        return _IN_CHARGE.issuperset(own)

    def _answer_beside(self, bodies: list[BodyMatch], question: Question) -> Reply | None:
        """Answer from the index a question that says more than the name of a body: "cơ cấu của Bộ Nội vụ"."""
        rest = without(question.text, bodies)
        if _IN_CHARGE.issuperset(self.desk.own_words(rest, with_aspects=False)):
            return None
        told = answer_as_asked(question, self.desk)
        return told.reply if told and isinstance(told.reply, Reply) else None

    def _tell_today(self, bodies: list[BodyMatch], question: Question) -> Reply:
        """Say that a body of today is one, and which former bodies' work it took over."""
        wording, lang = self.desk.wording, question.lang
        paragraphs = []
        basis: dict[str, None] = {}
        for name in dict.fromkeys(match.name for match in bodies):
            paragraphs.append(wording.text("actions.body_today", lang, name=name))
            for former in self.desk.directory.former.values():
                if former.now == name:
                    basis[former.basis] = None
                    since = show_date(former.since, lang)
                    facts = {"name": name, "old": former.name, "moved": former.moved, "since": since}
                    paragraphs.append(wording.text("actions.body_took_over", lang, **facts))
        sources = [source for number in basis for source in self.desk.sources(number, question.as_of)[:1]]
        return explain(paragraphs, sources, wording=wording, lang=lang)
