"""`action_find_successor`: what replaced, amended or abolished a document, or what it replaced itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from actions.answer import Source
from actions.answer_question import WHAT_IS_IT, AnswerQuestion
from actions.base import FollowUp
from actions.citing import as_of, cite, line_of, name_of, say_validity, title_in
from actions.numbers import successors_of
from actions.question import Question
from actions.referents import document_meant, documents_of
from actions.told import Told
from actions.words import THING
from bot.reply import AnswerStatus, Reply
from index.document import Document, RelationKind
from index.text.number import number_key

_BACKWARDS = re.compile(
    rf"(?<!bi )(?<!duoc )\b(?:thay(?: the)?|bai bo|sua(?: doi)?)(?: cho)?(?: (?:nhung|cac|may))? {THING} (?:nao|gi)\b|"
    r"(?<!bi )(?<!duoc )\bthay(?: the)?(?: cho)? (?:nao|gi)\b(?!.*\bkhong\b)|"
    r"\b(?:what|which)\b.{0,40}\b(?:does|did) (?:it|this|that|the)\b.{0,40}\b(?:replace|amend|repeal|abolish)\b|"
    r"(?<!被)(?:取代|代替|废止|修改)了?(?:哪|什么)"
)
"""Folded words by which the documents before this one are asked for: "thế cái này thay cái nào"."""

_CHANGES = re.compile(
    r"\b(?:thay|sua|bai bo|huy|bo sung|dinh chinh|ngung|dinh chi|moi|hien hanh|ke tiep|hop nhat|ban nao|cu|replac\w*|"
    r"amend\w*|repeal\w*|abolish\w*|supersed\w*|success\w*|newer|latest|revok\w*|chang\w*)\b|替|代|废|修|改|新|更正|暂停"
)
"""Folded words of which a question for what came after or before has one."""

ACTS = {
    RelationKind.REPLACES: "replaces",
    RelationKind.PARTLY_REPLACES: "partly_replaces",
    RelationKind.ABOLISHES: "abolishes",
    RelationKind.PARTLY_ABOLISHES: "partly_abolishes",
    RelationKind.AMENDS: "amends",
    RelationKind.SUSPENDS: "suspends",
    RelationKind.CORRECTS: "corrects",
}
"""What one document does to another, and the key of the wording that says so."""


class FindSuccessor(FollowUp):
    """Name and cite the documents that came after the one in question, or those before it."""

    action_name = "action_find_successor"
    intent = "ask_successor"

    def answer(self, question: Question) -> Told:
        """Answer for the document named, else for the one that the conversation is about."""
        if question.topic and not self._is_meant(question):
            return AnswerQuestion(self.desk).answer(question)  # "nó là gì" looks like it to the NLU
        meant = document_meant(question, self.desk)
        if isinstance(meant, Reply):
            return self.instead(meant, question)
        is_backwards = _BACKWARDS.search(self.desk.read(question.text).folded) is not None
        about = question if meant.is_named else None
        if not is_backwards:
            return Told(self._tell_after(meant.document, question), about=about, intent=self.intent)
        reply = self._tell_before(meant.document, question)
        return Told(reply, about=about, intent=self.intent, documents=(meant.document.id,))

    def _is_meant(self, question: Question) -> bool:
        """Say whether a message in a conversation has a word of change, or the document talked about is no more."""
        folded = self.desk.read(question.text).folded
        if _CHANGES.search(folded):
            return True
        if WHAT_IS_IT.search(folded):
            return False
        known = documents_of(question.topic, self.desk)[:1]
        return any(self.desk.source(document, question.as_of).validity.replaced_by for document in known)

    def _tell_after(self, document: Document, question: Question) -> Reply:
        wording, lang = self.desk.wording, question.lang
        source = self.desk.source(document, question.as_of)
        validity = source.validity
        numbers = dict.fromkeys(
            (
                *validity.replaced_by,
                *validity.abolished_by,
                *validity.suspended_by,
                *validity.amended_by,
                *validity.corrected_by,
                *filter(None, [validity.namesake]),
            )
        )
        name = name_of(document, wording=wording, lang=lang)
        title = title_in(document, lang)
        if not numbers:
            read_on = as_of(document, wording=wording, lang=lang)
            text = wording.text("actions.successor_none", lang, document=name, title=title, as_of=read_on)
            return Reply(AnswerStatus.ANSWERED, text, (cite(document, validity),), lang=lang)
        successors = successors_of(numbers, document, question, self.desk)
        said = say_validity(document, validity, wording=wording, lang=lang)
        paragraphs = [f"{name}: {title}.\n{said}"]
        if successors:
            paragraphs.append("\n".join(line_of(each.document, wording=wording, lang=lang) for each in successors))
        citations = tuple(cite(each.document, each.validity) for each in (*successors, source))
        return Reply(AnswerStatus.ANSWERED, "\n\n".join(paragraphs), citations, lang=lang)

    def _tell_before(self, document: Document, question: Question) -> Reply:
        wording, lang = self.desk.wording, question.lang
        source = self.desk.source(document, question.as_of)
        name = name_of(document, wording=wording, lang=lang)
        acts = _acts_of(document)
        if not acts:
            read_on = as_of(document, wording=wording, lang=lang)
            text = wording.text("actions.predecessor_none", lang, document=name, as_of=read_on)
            return Reply(AnswerStatus.ANSWERED, text, (cite(document, source.validity),), lang=lang)
        lines = []
        earlier: list[Source] = []
        for number, kind in acts.items():
            held = next(self._earlier(number, document, question), None)
            act = wording.text(f"actions.act_{ACTS[kind]}", lang)
            other = name_of(held.document, wording=wording, lang=lang) if held else number
            told = f"{other}: {title_in(held.document, lang)}" if held else number
            lines.append(f"• {act} {told}.")
            earlier += [held] if held else []
        lead = wording.text("actions.predecessor_lead", lang, document=name, title=title_in(document, lang))
        citations = tuple(cite(each.document, each.validity) for each in (*earlier, source))
        return Reply(AnswerStatus.ANSWERED, "\n".join([lead, *lines]), citations, lang=lang)

    def _earlier(self, number: str, document: Document, question: Question) -> Iterator[Source]:
        """Yield the documents of a number that were issued before this one, the nearest first."""
        issued_on = document.issued_on or date.max
        for other in self.desk.catalogue.find(key=number_key(number)):
            if other.id != document.id and (other.issued_on or date.min) <= issued_on:
                yield self.desk.source(other, question.as_of)


def _acts_of(document: Document) -> dict[str, RelationKind]:
    """Return what a document does to each other one by its number; the most that is said of it."""
    strength = list(ACTS)
    acts = [relation for relation in document.relations if relation.kind in ACTS]
    strongest_last = sorted(acts, key=lambda relation: -strength.index(relation.kind))
    by_number = {relation.number: relation.kind for relation in strongest_last}
    return {relation.number: by_number[relation.number] for relation in acts}
