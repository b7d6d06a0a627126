"""What guides a document, and what it guides itself: "có thông tư hướng dẫn chưa", "nó hướng dẫn luật nào"."""

from __future__ import annotations

import re

from actions.citing import as_of, cite, line_of, name_of, title_in
from actions.desk import Desk
from actions.question import Question
from actions.words import DOCUMENT, THING
from bot.reply import AnswerStatus, Reply
from index.document import Document, RelationKind

_GUIDE = r"(?:huong dan|quy dinh chi tiet)"
_WHAT = r"(?: ve)?(?: (?:nhung|cac|cai))* gi\b(?!.*\b(?:khong|chua)\b)| (?:nhu )?the nao| ra sao"
"""Folded words after those by which a message asks what is said, not which document says it."""

_FORWARDS = re.compile(
    rf"\b{THING}(?: (?:nao|gi))?(?: (?:da|se))? {_GUIDE}\b(?!{_WHAT})|"
    r"\b(?:guiding|implementing)\b|\b(?:any|which|what|is there)\b.{0,30}\bguidance\b|"
    r"\b(?:guides|implements) (?:it|this|that)\b|细则|指导|实施办法"
)
"""Folded words that ask for what guides the document talked about, and not for what is said in detail."""

_BACKWARDS = re.compile(
    rf"(?<!duoc )\b{_GUIDE}(?: thi hanh)?(?: cho)? (?:{DOCUMENT} (?:nao|gi)|cai nao)\b|"
    r"\b(?:what|which)\b.{0,30}\b(?:does|did) (?:it|this|that)\b.{0,20}\b(?:guide|implement)\b"
)
"""Folded words that ask for what it guides."""

GUIDED_AT_MOST = 5
"""Documents that are named."""


def tell_guidance(document: Document, question: Question, desk: Desk) -> Reply | None:
    """Name and cite what guides a document, or what it guides; None for a message that asks for neither."""
    folded = desk.read(question.text).folded
    if _BACKWARDS.search(folded):
        return _tell(document, RelationKind.GUIDES, question, desk)
    return _tell(document, RelationKind.GUIDED_BY, question, desk) if _FORWARDS.search(folded) else None


def _tell(document: Document, kind: RelationKind, question: Question, desk: Desk) -> Reply:
    wording, lang = desk.wording, question.lang
    source = desk.source(document, question.as_of)
    named = {"document": name_of(document, wording=wording, lang=lang), "title": title_in(document, lang)}
    numbers = list(dict.fromkeys(each.number for each in document.relations if each.kind is kind))[:GUIDED_AT_MOST]
    if not numbers:
        read_on = as_of(document, wording=wording, lang=lang)
        text = wording.text(f"actions.{kind.value}_none", lang, **named, as_of=read_on)
        return Reply(AnswerStatus.ANSWERED, text, (cite(document, source.validity),), lang=lang)
    lines = [wording.text(f"actions.{kind.value}_lead", lang, **named)]
    others = []
    for number in numbers:
        held = desk.sources(number, question.as_of)[:1]
        lines.append(line_of(held[0].document, wording=wording, lang=lang) if held else f"• {number}.")
        others += held
    citations = tuple(cite(each.document, each.validity) for each in (*others, source))
    return Reply(AnswerStatus.ANSWERED, "\n".join(lines), citations, lang=lang)
