"""What to say to a question, given what the index found: pure decisions, no reading and no writing.

An answer is a passage of one document with its source. Where the best hit is too weak, the answer is that nothing was
found: a wrong passage costs a citizen more than a missing one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from actions.citing import cite, name_of, say_validity, show_date, title_in, type_in
from actions.policy import Policy
from bot.reply import AnswerStatus, Button, Reply
from bot.wording import Wording
from index.document import Document, Passage, TextKind, Validity, ValidityOn
from index.search import Hit
from index.series import slug

RELATED_AT_MOST = 2
"""Further documents that are named beside the one that answers."""

OVER = (Validity.EXPIRED, Validity.SUSPENDED)
"""States in which a document binds nobody."""

CHOICES = ("latest", "decrees", "wage", "provinces")
"""What is offered when a question says nothing: keys of the wording."""


@dataclass(frozen=True, slots=True)
class Source:
    """What an answer can stand on: a document, its validity on the day asked about, and the part to show."""

    document: Document
    validity: ValidityOn
    passage: Passage | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A hit, with the source it gives."""

    hit: Hit
    source: Source
    has_lapsed: bool = False  # or came later, on the day that the question is about: that may lie before today


def compose(
    found: Sequence[Found],
    *,
    policy: Policy,
    wording: Wording,
    lang: str,
    checked_on: str,
    lists_titles: bool = False,
) -> Reply:
    """Answer from the best document that is strong enough, naming near ones; else say that nothing was found.

    `found` is best first. A document that no longer holds answers only where it is clearly better than every one that
    does: its score is lowered by the policy's handicap before the two are compared. It is never named as perhaps
    related, where nothing would say that it lapsed.

    A document held by its title alone cannot be quoted. Where the question is which documents there are
    (`lists_titles`), the ones known on the subject are listed; else they are named as perhaps related.
    """
    strong = sorted(
        (
            candidate
            for candidate in found
            if policy.accepts(candidate.hit) and (lists_titles or not is_title(candidate))
        ),
        key=lambda candidate: -standing(candidate, policy),
    )
    if not strong:
        hinted = [candidate.source for candidate in found if policy.hints(candidate.hit)]
        near = [source for source in hinted if source.validity.validity not in OVER]
        return not_found(near[:RELATED_AT_MOST], wording=wording, lang=lang, checked_on=checked_on)
    best = strong[0]
    floor = standing(best, policy) * policy.related_from
    related: dict[str, Source] = {}
    for candidate in strong[1:]:
        document_id = candidate.source.document.id
        if document_id != best.source.document.id and standing(candidate, policy) >= floor:
            related.setdefault(document_id, candidate.source)
    others = list(related.values())[:RELATED_AT_MOST]
    if is_title(best):
        lead = wording.text("actions.titles_lead", lang)
        return list_documents(lead, [best.source, *others], more=0, wording=wording, lang=lang)
    return show(best.source, others, wording=wording, lang=lang, tells_validity=best.has_lapsed)


def show(
    source: Source, related: Sequence[Source] = (), *, wording: Wording, lang: str, tells_validity: bool = False
) -> Reply:
    """Show one document: the official passage, or our summary marked as such, or its title alone; lapses are said.

    With `tells_validity` it is said of one that holds too from when on it does: it came after the time asked about.
    """
    document, validity = source.document, source.validity
    paragraphs = [_body(source, wording=wording, lang=lang)]
    if tells_validity or validity.validity is not Validity.IN_FORCE or validity.amended_by or validity.corrected_by:
        sentence = say_validity(document, validity, wording=wording, lang=lang)
        paragraphs.append(wording.text("actions.validity_note", lang, validity=sentence))
    if related:
        names = "; ".join(_short_name(other.document, wording, lang) for other in related)
        paragraphs.append(wording.text("actions.see_also", lang, documents=names))
    citations = tuple(cite(each.document, each.validity, each.passage) for each in (source, *related))
    return Reply(AnswerStatus.ANSWERED, "\n\n".join(paragraphs), citations, lang=lang)


def not_found(near: Sequence[Source], *, wording: Wording, lang: str, checked_on: str) -> Reply:
    """Say that no document answers, what to do next, and which ones may still be worth a look."""
    text = wording.text("actions.not_found", lang, checked_on=checked_on)
    if near:
        names = "; ".join(
            f"{_short_name(source.document, wording, lang)} ({title_in(source.document, lang)})" for source in near
        )
        text += "\n\n" + wording.text("actions.perhaps_related", lang, documents=names)
    return Reply(AnswerStatus.NO_ANSWER_NOT_FOUND, text, lang=lang)


def explain(paragraphs: Sequence[str], basis: Sequence[Source], *, wording: Wording, lang: str) -> Reply:
    """Answer in sentences of our own from a table, and name the documents that the table rests on."""
    told = list(paragraphs)
    if basis:
        names = "; ".join(_short_name(source.document, wording, lang) for source in basis)
        told.append(wording.text("actions.basis", lang, documents=names))
    citations = tuple(cite(source.document, source.validity) for source in basis)
    return Reply(AnswerStatus.ANSWERED, "\n\n".join(told), citations, lang=lang)


def list_documents(
    lead: str, sources: Sequence[Source], *, more: int, wording: Wording, lang: str, first: int = 1
) -> Reply:
    """List documents in the order given, each with number, date, title and a lapse; `more` is how many are left out.

    The lines are numbered from `first` on, which is more than 1 on a further page.
    """
    over = {
        Validity.EXPIRED: wording.text("actions.list_lapsed", lang),
        Validity.SUSPENDED: wording.text("actions.list_suspended", lang),
    }
    items = [
        wording.text(
            "actions.list_item",
            lang,
            position=position,
            type=type_in(source.document, wording=wording, lang=lang),
            number=source.document.number,
            issued_on=f" ({show_date(source.document.issued_on, lang)})" if source.document.issued_on else "",
            title=title_in(source.document, lang),
            lapsed=over.get(source.validity.validity, ""),
        )
        for position, source in enumerate(sources, start=first)
    ]
    paragraphs = [lead, "\n".join(items)]
    if more > 0:
        paragraphs.append(wording.text("actions.list_more", lang, count=more))
    citations = tuple(cite(source.document, source.validity) for source in sources)
    return Reply(AnswerStatus.LISTED, "\n\n".join(paragraphs), citations, lang=lang)


def ask_which(
    documents: Sequence[Document], *, wording: Wording, lang: str, lead: str = "actions.which_document"
) -> Reply:
    """Ask back which of several documents is meant, each with its date and title, newest first as given."""
    items = []
    buttons = []
    for document in documents:
        issued_on = show_date(document.issued_on, lang)
        body = _local_body(document)
        label = wording.text(
            "actions.which_document_item",
            lang,
            type=type_in(document, wording=wording, lang=lang),
            number=document.number,
            issued_on=issued_on,
            title=f"{title_in(document, lang)} ({body})" if body else title_in(document, lang),
        )
        items.append(f"• {label}")
        name = f"{document.type} {document.number} ({issued_on})"
        choice = Button(f"{document.number} ({issued_on})", name)
        buttons.append(Button(f"{document.number} ({body})", f"{name} của {body}") if body else choice)
    text = wording.text(lead, lang) + "\n\n" + "\n".join(items)
    return Reply(AnswerStatus.CLARIFY_AMBIGUOUS, text, buttons=tuple(buttons), lang=lang)


def _local_body(document: Document) -> str:
    """Return the body of a document whose number other bodies use as well, with its province; else ""."""
    place = document.place or ""
    is_told = slug(place) in slug(document.issuing_body)
    return ", ".join(filter(None, (document.issuing_body, "" if is_told else place))) if document.series else ""


def ask_what(*, wording: Wording, lang: str) -> Reply:
    """Ask back what a message without content is about, with a few things that people often want to know."""
    buttons = tuple(
        Button(wording.text(f"actions.choice_{choice}", lang), wording.text(f"actions.choice_{choice}_text", lang))
        for choice in CHOICES
    )
    return Reply(AnswerStatus.CLARIFY_VAGUE, wording.text("actions.which_question", lang), buttons=buttons, lang=lang)


def standing(candidate: Found, policy: Policy) -> float:
    """Return a hit's fused score, lowered where its document lapsed or has no text: the order in which they answer."""
    lapsed = policy.lapsed_handicap if candidate.has_lapsed else 0.0
    return candidate.hit.score - lapsed - (policy.title_handicap if is_title(candidate) else 0.0)


def is_title(candidate: Found) -> bool:
    """Say whether nothing but the title of a hit's document is held."""
    return candidate.hit.passage.text_kind is TextKind.TITLE


def is_lapsed(validity: ValidityOn) -> bool:
    """Say whether a document is not to answer before one that holds: it is over, or a law of its name followed it."""
    return validity.validity in OVER or validity.namesake is not None


def _short_name(document: Document, wording: Wording, lang: str) -> str:
    return f"{type_in(document, wording=wording, lang=lang)} {document.number}"


def _body(source: Source, *, wording: Wording, lang: str) -> str:
    document, passage = source.document, source.passage
    name = name_of(document, wording=wording, lang=lang)
    if passage is None or not passage.text.strip() or passage.text_kind is TextKind.TITLE:
        return wording.text("actions.title_answer", lang, document=name, title=title_in(document, lang))
    if passage.text_kind is TextKind.SUMMARY:
        return wording.text("actions.summary_answer", lang, document=name, summary=passage.text)
    key = "actions.official_answer" if passage.location else "actions.official_answer_whole"
    return wording.text(key, lang, document=name, location=passage.location, quote=passage.text)
