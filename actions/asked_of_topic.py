"""What a message that says nothing by itself asks of the document talked about, whatever the NLU took it for.

"Ra đời khi nào" looks like a question about the bot, "có bản mới hơn không" like one for a list: after an answer from a
document they are about that document.
"""

from __future__ import annotations

import re
from dataclasses import replace

from actions.another_subject import another_document
from actions.answer import Source
from actions.desk import Desk
from actions.document_facts import facts_of, tell_facts
from actions.find_successor import FindSuccessor
from actions.guidance import tell_guidance
from actions.numbers import acting_on, tell_validity
from actions.own_words import points_back
from actions.pointing_back import Leaning, are_of_title
from actions.question import Question
from actions.referents import documents_of
from actions.told import Told
from actions.topic import Kind
from actions.words import THING
from index.document import Document, RelationKind
from index.text.number import find_numbers, type_of
from index.text.reading import Reading

_NEWER = re.compile(
    r"\b(?:bản|ban|cái|cai)(?: n[àa]o)? (?:mới|moi)\b(?! nh[ấa]t)|\b(?:mới|moi) h[ơo]n\b|\bnewer\b|更新的|新版"
)
"""Restored words that ask whether something newer took the place of a document: "bản mới", and not "bạn mới nói"."""

_THE_NEW_ONE = re.compile(
    rf"\b{THING} (?:mới|moi)\b(?! nh[aấ]t)|\bthe new(?:er)? (?:one|decree|law|circular|decision)\b"
)
"""Restored words for the document that replaced the one talked about, where one did: "mới", and not "mỗi" or "mọi"."""

_THE_OLD_ONE = re.compile(
    rf"\b{THING} (?:cũ|cu(?! the\b)|trước đó|truoc do)\b|\bthe (?:old|previous) (?:one|decree|law|circular|decision)\b"
)
"""Words for the one that it replaced, restored or as typed: "cũ" and a bare "cu", and not "cụ thể"."""

_ISSUED = re.compile(
    r"\bten (?:day du|chinh thuc)\b|\bra(?: doi)? (?:(?:khi|ngay|luc|nam|thang|hom|bua|hoi) nao|bao gio)\b"
)
"""Folded words that ask for name or day, of a document as of anything else."""

_ISSUED_BY = re.compile(
    rf"\b(?:ai|bo nao|co quan nao|noi nao)(?: da)? (?:dua )?ra"
    rf"(?: (?:{THING}|no|nay|do|ay|day|vay|the|ha|a|nhi|ban|oi))*\W*$"
)
"""Folded words that ask for the body, and for nothing that it decides."""

_OF_THE_BOT = re.compile(
    r"\bcủa (?:bạn|bot|mày)\b|"
    r"^(?:(?:thế|vậy|còn|mà) )?(?:bạn|mày)\b(?! (?:ơi|à|ạ|cho|có thể|có biết|biết|giúp|nói|bảo|xem)\b)(?=\W+\w)|"
    r"^(?:bản|ban) (?:ra|tên|ten)\b|\b(?:chat)?bot\b(?! ơi\b)(?=\W+\w)|\byou\b"
)
"""Restored words whose subject is the bot, and not who is spoken to: "bạn ra đời khi nào", not "ra khi nào vậy bạn"."""

_WHEN = re.compile(
    r"\b(?:(?:tu|toi|den|cho toi|khi|luc|ngay|hom|bua|nam) (?:nao|may)|bao gio|chung nao|khi mo)\b|"
    r"\b(?:since|until|till|from) when\b"
)
"""Folded words that ask from when or until when, and of nothing in particular."""


def turned_to(question: Question, desk: Desk) -> Question:
    """Return a question with the one meant before the document talked about: what replaced it, or what it replaced.

    As it is where the message says neither "the new one" nor "the old one", or no such document is held.
    """
    topic = question.topic
    if topic is None or topic.kind is not Kind.DOCUMENT:
        return question
    reading = desk.read(question.text)
    restored, typed = reading.restored.lower(), reading.written_out.lower()
    meant: list[Source] = []
    for document in documents_of(topic, desk)[:1]:
        if _THE_NEW_ONE.search(restored):
            meant = acting_on(desk.source(document, question.as_of), question, desk)
        elif _THE_OLD_ONE.search(restored) or _THE_OLD_ONE.search(typed):
            numbers = (each.number for each in document.relations if each.kind is RelationKind.REPLACES)
            meant = [source for number in numbers for source in desk.sources(number, question.as_of)[:1]]
    documents = tuple(dict.fromkeys((*(source.document.id for source in meant), *topic.documents)))
    return replace(question, topic=replace(topic, documents=documents))


def answer_of_topic(question: Question, desk: Desk) -> Told | None:
    """Tell what guides the document talked about, what came after it, who issued it and when, or from when it holds.

    None where none of that is asked.
    """
    topic = question.topic
    if topic is None or topic.kind not in (Kind.DOCUMENT, Kind.PLACES) or find_numbers(question.text):
        return None
    document = next(iter(documents_of(topic, desk)), None)
    if document is None or not Leaning.of(question, desk).is_elliptical:
        return None
    told = _asked_of(document, question, desk)
    return told if told is not None and another_document(question, desk) is None else None


def _asked_of(document: Document, question: Question, desk: Desk) -> Told | None:
    guidance = tell_guidance(document, question, desk)
    if guidance is not None:
        return Told(guidance, intent="ask_document_by_number", documents=(document.id,))
    reading = desk.read(question.text)
    folded = reading.folded
    if _NEWER.search(reading.restored.lower()):
        return FindSuccessor(desk).answer(question)
    is_of_bot = _OF_THE_BOT.search(reading.restored.lower()) is not None
    if _is_issuing(reading, document) and not is_of_bot:
        return Told(facts_of(document, question, desk), intent="ask_document_by_number")
    facts = tell_facts(question, desk)
    is_when = _WHEN.search(folded) is not None and not is_of_bot
    if facts is None and is_when and are_of_title(desk.own_words(question.text), reading, document):
        return Told(tell_validity(document, question, desk), intent="ask_validity")
    return facts


def _is_issuing(reading: Reading, document: Document) -> bool:
    """Say whether a message asks for name, day or body of a document; "ai ra quyết định" does of a Quyết định only."""
    if _ISSUED.search(reading.folded):
        return True
    is_its_type = points_back(reading) or type_of(reading.restored) in (None, document.type)
    return is_its_type and _ISSUED_BY.search(reading.folded) is not None
