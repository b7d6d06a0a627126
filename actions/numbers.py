"""Questions that name a document by its number: find it, ask back which one, or say that it is not known."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from itertools import pairwise

from actions.answer import Source, ask_which, list_documents, show
from actions.citing import cite, name_of, say_validity, title_in
from actions.desk import Desk
from actions.question import Question
from actions.search import best_hit_in
from actions.words import subject_of, without
from bot.reply import AnswerStatus, Reply
from index.document import Document, Passage, TextKind
from index.number import resolve
from index.series import place_of, slug, unit_of
from index.text.bodies import find_bodies
from index.text.dates import find_period
from index.text.number import TYPE_NAMES, ParsedNumber, canonical, find_numbers, type_of
from index.text.places import find_places
from index.text.unicode import fold, normalise, syllables

_ISSUED_BY = re.compile(r"(?:\bcua|ubnd|hdnd|nhan dan)(?: tinh| thanh pho| tp\.?)? ?$")
CHOICES_AT_MOST = 4
"""Documents offered when a number is ambiguous; more would not be read."""

AMENDING_AT_MOST = 2
"""Amending documents that are cited beside the one amended."""


def named_documents(question: Question, desk: Desk) -> tuple[ParsedNumber | None, list[Document]]:
    """Return the first number in the question and the documents it can mean, newest first.

    A day in the question ("74/NQ-CP ngày 07/04/2025") decides between documents of the same number, and so do type
    and body ("thông tư của Bộ Công an, 37/2026") and the subject ("nghị định 168 về giao thông").
    """
    numbers = find_numbers(question.text)
    if not numbers:
        return None, []
    documents = resolve(numbers[0], desk.catalogue)
    rest = without(question.text, numbers[:1])
    documents = _of_bodies_named(documents, rest, desk)
    if len(documents) < 2:
        return numbers[0], documents
    period = find_period(rest, question.today)
    if period:
        dated = [d for d in documents if d.issued_on and period.start <= d.issued_on <= period.end]
        documents = dated or documents
    type_name, bodies = type_of(rest), [match.name for match in find_bodies(rest, desk.bodies)]
    for fits in (
        lambda document: document.type == type_name,
        lambda document: any(body in document.issuing_body for body in bodies),
        lambda document: _is_about(rest, document, desk.function_words),
    ):
        documents = list(filter(fits, documents)) or documents
    return numbers[0], documents


def answer_by_number(question: Question, desk: Desk, *, about_validity: bool = False) -> Reply | None:
    """Answer a question that names a document; None when it names none.

    One document: shown, or its validity told. Several of the same full number: all listed with their dates. Several
    that a partial number can mean, or that local bodies gave one number: asked back. None known: said so, with the
    number as it was understood.
    """
    parsed, documents = named_documents(question, desk)
    if parsed is None:
        return None
    wording, lang = desk.wording, question.lang
    if not documents:
        return number_not_found(parsed, question, desk)
    if len(documents) == 1:
        return (tell_validity if about_validity else show_document)(documents[0], question, desk)
    is_of_one_body = not any(document.series for document in documents)
    names_type_and_body = parsed.type is not None and parsed.org is not None and is_of_one_body
    if names_type_and_body and len(documents) <= CHOICES_AT_MOST:
        sources = [desk.source(document, question.as_of) for document in documents]
        return list_documents(wording.text("actions.same_number", lang), sources, more=0, wording=wording, lang=lang)
    return ask_which(documents[:CHOICES_AT_MOST], wording=wording, lang=lang)


def number_not_found(parsed: ParsedNumber, question: Question, desk: Desk) -> Reply:
    """Say that no document of a number is held, with the number as it was understood."""
    number = canonical(parsed)
    if parsed.type and "/" not in number:  # "NĐ 14" is how we note it, not how people say it
        number = f"{TYPE_NAMES.get(parsed.type, parsed.type)} {parsed.number}"
    checked_on = desk.checked_on(question.lang)
    text = desk.wording.text("actions.number_not_found", question.lang, number=number, checked_on=checked_on)
    return Reply(AnswerStatus.NO_ANSWER_NOT_FOUND, text, lang=question.lang)


def show_document(document: Document, question: Question, desk: Desk) -> Reply:
    """Show the part of a document that the question is about, else its beginning or our summary of it."""
    source = desk.source(document, question.as_of, _passage_about(document, question, desk))
    return show(source, acting_on(source, question, desk), wording=desk.wording, lang=question.lang)


def tell_validity(document: Document, question: Question, desk: Desk) -> Reply:
    """Say whether a document holds on the day asked about, and what replaced or amended it."""
    source = desk.source(document, question.as_of)
    name = name_of(document, wording=desk.wording, lang=question.lang)
    sentence = say_validity(document, source.validity, wording=desk.wording, lang=question.lang)
    others = acting_on(source, question, desk) or amending(source, question, desk)
    citations = [cite(each.document, each.validity) for each in (source, *others)]
    return Reply(
        AnswerStatus.ANSWERED,
        f"{name}: {title_in(document, question.lang)}.\n\n{sentence}",
        tuple(citations),
        lang=question.lang,
    )


def acting_on(source: Source, question: Question, desk: Desk) -> list[Source]:
    """Return the documents we hold that replaced this one: they are what holds instead."""
    return successors_of(source.validity.replaced_by, source.document, question, desk)


def amending(source: Source, question: Question, desk: Desk) -> list[Source]:
    """Return the documents we hold that amended this one: whoever asks whether it holds needs them beside it."""
    return successors_of(source.validity.amended_by, source.document, question, desk)[:AMENDING_AT_MOST]


def successors_of(numbers: Iterable[str], document: Document, question: Question, desk: Desk) -> list[Source]:
    """Return the documents we hold that these numbers mean as successors of one, in their order."""
    found = (successor_of(number, document, question, desk) for number in numbers)
    return [successor for successor in found if successor is not None]


def successor_of(number: str, document: Document, question: Question, desk: Desk) -> Source | None:
    """Return the document that a number means as a successor: of its own type rather, then the nearest after it.

    Numbers without a year come again, and a law and a resolution may share one.
    """
    issued_on = document.issued_on or date.min
    oldest_first = sorted(desk.sources(number, question.as_of), key=lambda one: one.document.issued_on or date.max)
    later = [one for one in oldest_first if (one.document.issued_on or date.max) >= issued_on]
    others = [one for one in later if one.document.id != document.id and one.document.series in ("", document.series)]
    return next(iter([one for one in others if one.document.type == document.type] or others), None)


def _of_bodies_named(documents: list[Document], text: str, desk: Desk) -> list[Document]:
    """Return those that the text does not contradict: of the local ones, those of the body or the province it names.

    A province named as the issuer ("quyết định 30/2024 của Hà Nội") leaves out central documents too where it has one.
    """
    local = [document for document in documents if document.series]
    if not local:
        return documents
    units = [each for each in local if unit_of(each.series) and f"-{unit_of(each.series)}-" in f"-{slug(text)}-"]
    if places := find_places(text, desk.gazetteer):
        named, today = {slug(match.name) for match in places}, {match.now.name for match in places}
        fitting = [each for each in units or local if place_of(each.series) in named]
        fitting = fitting or [each for each in units or local if each.place in today]
        own = units or [each for each in fitting if not unit_of(each.series)]
        local = [each for each in own if each in fitting] or fitting
        is_issuer = any(_ISSUED_BY.search(fold(normalise(text[: match.start]))) for match in places)
        return local if local and is_issuer else [each for each in documents if not each.series or each in local]
    return units or documents


def _is_about(text: str, document: Document, function_words: frozenset[str]) -> bool:
    """Say whether the title shares two neighbouring syllables with the text, function words alone not counted."""
    pairs = {pair for pair in _pairs(text) if not function_words.issuperset(pair)}
    return not pairs.isdisjoint(_pairs(document.title))


def _pairs(text: str) -> set[tuple[str, str]]:
    return set(pairwise(syllables(fold(normalise(text)))))


def _passage_about(document: Document, question: Question, desk: Desk) -> Passage | None:
    """Return the passage of a document that a question is about, its opening where the question has no subject."""
    if question.lang == "vi" and not subject_of(
        without(question.text, find_numbers(question.text)), desk.function_words
    ):
        return opening(document, desk)
    hit = best_hit_in(document.id, question, desk)
    return hit.passage if hit else opening(document, desk)


def opening(document: Document, desk: Desk) -> Passage | None:
    """Return what tells most about a whole document: its first article, which says what it governs."""
    passages = list(desk.catalogue.passages(document.id))
    official = [passage for passage in passages if passage.text_kind is TextKind.OFFICIAL]
    articles = [passage for passage in official if f"{passage.location},".startswith("Điều 1,")]
    return next(iter(articles or official or passages), None)
