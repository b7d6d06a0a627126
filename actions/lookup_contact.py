"""`action_lookup_contact`: how to reach a body, and what became of a former one; only from the table of bodies."""

from __future__ import annotations

from actions.agencies import Contact, FormerBody
from actions.answer import explain
from actions.base import InformingAction
from actions.citing import show_date
from actions.policy import Sureness
from actions.question import Question
from actions.search import answer_from_index
from actions.topic import Kind
from bot.reply import AnswerStatus, Reply
from index.text.bodies import BodyMatch, find_bodies
from index.text.unicode import fold, normalise

REACHING = (
    *("dien thoai", "sdt", "hotline", "duong day", "tong dai", "phone", "contact", "lien he", "lien lac"),
    *("website", "trang web", "web", "link", "cong thong tin", "email", "zalo", "facebook", "fanpage"),
    *("dia chi", "o dau"),
)
"""Folded words by which a question asks how to reach a body."""


_REACHING_WORDS = frozenset(" ".join((*REACHING, "dia chi", "so may", "tru so", "gio lam")).split())
"""The same syllable by syllable."""


class LookupContact(InformingAction):
    """Give what the table holds, with its source and whether anybody has confirmed it; never a guess."""

    action_name = "action_lookup_contact"
    of_this_country = True
    intent = "ask_agency_contact"
    kind = Kind.CONTACT

    def reply_to(self, question: Question) -> Reply:
        """Answer for the bodies that are named; what asks for no contact is looked up in the index first."""
        bodies = find_bodies(question.text, self.desk.bodies) or self._talked_about(question)
        for match in bodies:
            former = self.desk.directory.former.get(match.old_name or "")
            if former:
                return self._tell_successor(former, question)
        contact = next(filter(None, (self._contact(match.name) for match in bodies)), None)
        folded = fold(normalise(question.text))
        if not any(word in folded for word in REACHING):
            answer = answer_from_index(question, self.desk)
            if answer.status is AnswerStatus.ANSWERED or contact is None:
                return answer
        if contact:
            return self._show(contact, question)
        text = self.desk.wording.text("actions.contact_not_found", question.lang)
        return Reply(AnswerStatus.NO_ANSWER_NOT_FOUND, text, lang=question.lang)

    def gives_way(self, question: Question) -> Sureness | None:
        """Return that the index may answer instead where no former body is named: the table tells what became of it."""
        is_former = any(match.old_name for match in find_bodies(question.text, self.desk.bodies))
        return None if is_former else Sureness.CERTAIN

    def _talked_about(self, question: Question) -> list[BodyMatch]:
        """Return the bodies that the question before named, or the body in charge of what it was about."""
        topic = question.topic
        own = self.desk.own_words(question.text)
        if topic is None or topic.kind is not Kind.CONTACT or not _REACHING_WORDS.issuperset(own):
            return []
        named = find_bodies(topic.question, self.desk.bodies)
        fields = self.desk.directory.in_charge(topic.question)
        return named or [match for field in fields for match in find_bodies(field.body, self.desk.bodies)]

    def _contact(self, name: str) -> Contact | None:
        contact = self.desk.directory.find(name)
        return contact if contact and (contact.website or contact.phone) else None

    def _tell_successor(self, former: FormerBody, question: Question) -> Reply:
        lang = question.lang
        text = self.desk.wording.text(
            "actions.former_body",
            lang,
            old=former.name,
            now=former.now,
            moved=former.moved,
            since=show_date(former.since, lang),
        )
        basis = self.desk.sources(former.basis, question.as_of)[:1]
        return explain([text], basis, wording=self.desk.wording, lang=lang)

    def _show(self, contact: Contact, question: Question) -> Reply:
        wording, lang = self.desk.wording, question.lang
        lines = []
        if contact.website:
            lines.append(wording.text("actions.contact_website", lang, name=contact.name, website=contact.website))
        if contact.phone:
            lines.append(wording.text("actions.contact_phone", lang, name=contact.name, phone=contact.phone))
        else:
            lines.append(wording.text("actions.contact_partly", lang, name=contact.name))
        if contact.checked_on:
            day = show_date(contact.checked_on, lang)
            lines.append(wording.text("actions.contact_source_checked", lang, source=contact.source, checked_on=day))
        else:
            lines.append(wording.text("actions.contact_source_unchecked", lang, source=contact.source))
        return Reply(AnswerStatus.ANSWERED, "\n".join(lines), lang=lang)
