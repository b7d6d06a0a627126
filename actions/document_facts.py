"""Who signed a document, who issued it and when: questions that its data answer, not its text."""

from __future__ import annotations

import re

from actions.citing import cite, name_of, title_in
from actions.desk import Desk
from actions.question import Question
from actions.referents import document_meant
from actions.told import Told
from bot.reply import AnswerStatus, Reply
from index.document import Document

_ASKS = re.compile(
    r"\b(?:ai (?:la nguoi )?ky|nguoi ky|do ai ky|ky (?:boi|(?:ngay|khi|hom|bua|luc|thang|nam) nao)|ban hanh bao gio|"
    r"ban hanh (?:khi|ngay|luc|nam|thang|hom|bua|hoi) nao|"
    r"(?:ai|co quan nao|noi nao|bo nao|don vi nao) (?:la noi )?(?:da )?ban hanh|"
    r"do (?:ai|dau|co quan nao) ban hanh|who (?:signed|issued)|when was (?:it|this|that) (?:issued|signed))\b|"
    r"谁(?:签|发布|颁布)|(?:何时|什么时候)(?:发布|颁布|签)"
)
"""Folded words that ask for one of these."""


def tell_facts(question: Question, desk: Desk) -> Told | None:
    """Tell signer, body and day of the document meant; None for a question that asks for none of them."""
    if _ASKS.search(desk.read(question.text).folded) is None:
        return None
    meant = document_meant(question, desk)
    if isinstance(meant, Reply):
        return None
    reply = facts_of(meant.document, question, desk)
    return Told(reply, about=question if meant.is_named else None, intent="ask_document_by_number")


def facts_of(document: Document, question: Question, desk: Desk) -> Reply:
    """Tell name, day, body and signer of a document."""
    wording, lang = desk.wording, question.lang
    name = name_of(document, wording=wording, lang=lang)
    lines = [f"{name}: {title_in(document, lang)}."]
    key = "signed_by" if document.signer else "signer_unknown"
    lines.append(wording.text(f"actions.{key}", lang, signer=document.signer))
    validity = desk.source(document, question.as_of).validity
    return Reply(AnswerStatus.ANSWERED, "\n".join(lines), (cite(document, validity),), lang=lang)
