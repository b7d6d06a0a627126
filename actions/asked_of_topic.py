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
from actions.pointing_back import Leaning, are_of_title
from actions.question import Question
from actions.referents import documents_of
from actions.told import Told
from actions.topic import Kind
from actions.words import THING
from index.document import RelationKind
from index.text.number import find_numbers

_NEWER = re.compile(r"\b(?:ban|cai)(?: nao)? moi(?! nhat)\b|\bmoi hon\b|\bnewer\b|更新的|新版")
"""Folded words that ask whether something newer took the place of a document."""

_THE_NEW_ONE = re.compile(
    rf"\b{THING} (?:mới|moi)\b(?! nh[aấ]t)|\bthe new(?:er)? (?:one|decree|law|circular|decision)\b"
)
"""Restored words for the document that replaced the one talked about, where one did: "mới", and not "mỗi" or "mọi"."""

_THE_OLD_ONE = re.compile(
    rf"\b{THING} (?:cũ|cu(?! the\b)|trước đó|truoc do)\b|\bthe (?:old|previous) (?:one|decree|law|circular|decision)\b"
)
"""Restored words for the one that it replaced: "cũ", and not "cụ thể"."""

_ISSUED = re.compile(
    r"\bten (?:day du|chinh thuc)\b|\bra(?: doi)? (?:(?:khi|ngay|luc|nam|thang|hom|bua|hoi) nao|bao gio)\b|"
    r"\b(?:ai|bo nao|co quan nao|noi nao)(?: da)? (?:dua )?ra(?: \w+){0,3}\W*$"
)
"""Folded words that ask for name, day or body, of a document as of anything else."""

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
    said = desk.read(question.text).restored.lower()
    meant: list[Source] = []
    for document in documents_of(topic, desk)[:1]:
        if _THE_NEW_ONE.search(said):
            meant = acting_on(desk.source(document, question.as_of), question, desk)
        elif _THE_OLD_ONE.search(said):
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
    if document is None or not Leaning.of(question, desk).is_elliptical or another_document(question, desk) is not None:
        return None
    guidance = tell_guidance(document, question, desk)
    if guidance is not None:
        return Told(guidance, intent="ask_document_by_number", documents=(document.id,))
    reading = desk.read(question.text)
    folded = reading.folded
    if _NEWER.search(folded):
        return FindSuccessor(desk).answer(question)
    is_of_bot = _OF_THE_BOT.search(reading.restored.lower()) is not None
    if _ISSUED.search(folded) and not is_of_bot:
        return Told(facts_of(document, question, desk), intent="ask_document_by_number")
    facts = tell_facts(question, desk)
    is_when = _WHEN.search(folded) is not None and not is_of_bot
    if facts is None and is_when and are_of_title(desk.own_words(question.text), reading, document):
        return Told(tell_validity(document, question, desk), intent="ask_validity")
    return facts
