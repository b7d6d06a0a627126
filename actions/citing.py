"""From a document, its validity and a passage to a citation and the sentences around it."""

from __future__ import annotations

import re
from datetime import date

from bot.reply import Citation
from bot.wording import Wording
from index.document import Document, Passage, TextKind, Validity, ValidityOn
from index.text.unicode import fold

_NO_LETTER = re.compile("[^a-z0-9]+")


def cite(document: Document, validity: ValidityOn, passage: Passage | None = None) -> Citation:
    """Return the citation of a document; `passage` is the part shown, if any.

    Quote and location are filled from official passages only: our own wording is never presented as the official one.
    """
    official = passage is not None and passage.text_kind is TextKind.OFFICIAL
    return Citation(
        number=document.number,
        type=document.type,
        title=document.title,
        issuing_body=document.issuing_body,
        issued_on=document.issued_on,
        effective_on=document.effective_on,
        validity=validity.validity.value,
        replaced_by=(*validity.replaced_by, *validity.abolished_by),
        checked_on=document.checked_on,
        text_kind=TextKind.OFFICIAL.value if official else TextKind.SUMMARY.value,
        location=passage.location if official and passage else None,
        quote=passage.text if official and passage else None,
        url=document.url,
    )


def show_date(day: date | None, lang: str) -> str:
    """Return a date as it is written in that language: 01/07/2026 (vi), 2026-07-01 (en, zh); an ellipsis for None."""
    if day is None:
        return "…"
    return day.strftime("%d/%m/%Y") if lang == "vi" else day.isoformat()


def type_in(document: Document, *, wording: Wording, lang: str) -> str:
    """Return a document's type as it is called in that language; as the document itself has it where we have no word.

    Shown in sentences only: a citation names the type as it is printed.
    """
    return _called("types", document.type, wording=wording, lang=lang)


def _called(section: str, name: str, *, wording: Wording, lang: str) -> str:
    """Return what a section of the wording calls a Vietnamese name in that language; the name itself where nothing."""
    key = f"{section}.{_NO_LETTER.sub('_', fold(name))}"
    return name if lang == "vi" or key not in wording.keys(section) else wording.text(key, lang)


def title_in(document: Document, lang: str) -> str:
    """Return a document's title in that language where we have a translation, else as it is printed."""
    return document.title_in(lang) or document.title


def name_of(document: Document, *, wording: Wording, lang: str) -> str:
    """Return how a document is named in a sentence: type, number, date and issuing body."""
    key = "document_name" if document.issued_on else "document_name_undated"
    return wording.text(
        f"actions.{key}",
        lang,
        type=type_in(document, wording=wording, lang=lang),
        number=document.number,
        issued_on=show_date(document.issued_on, lang),
        body=_called("bodies", document.issuing_body, wording=wording, lang=lang),
    )


def line_of(document: Document, *, wording: Wording, lang: str) -> str:
    """Return the line of a list that names a document and from when it holds."""
    key = "successor_item" if document.effective_on else "successor_item_undated"
    return wording.text(
        f"actions.{key}",
        lang,
        document=name_of(document, wording=wording, lang=lang),
        title=title_in(document, lang),
        effective_on=show_date(document.effective_on, lang),
    )


def as_of(document: Document, *, wording: Wording, lang: str) -> str:
    """Return the words for when the facts of a document were last read."""
    if document.checked_on is None:
        return wording.text("actions.as_of_unknown", lang)
    return wording.text("actions.as_of", lang, checked_on=show_date(document.checked_on, lang))


def say_validity(document: Document, validity: ValidityOn, *, wording: Wording, lang: str) -> str:
    """Say in one or two sentences whether a document holds; never a bare «in force», since the sources lag."""
    state = validity.validity
    key = f"validity_{state.value}"
    if state in (Validity.EXPIRED, Validity.SUSPENDED) and validity.since is None:
        key += "_undated"
    if state is Validity.IN_FORCE and document.effective_on is None:
        key = "validity_in_force_undated"
    if validity.namesake:
        key = "validity_unknown_namesake"
    sentences = [
        wording.text(
            f"actions.{key}",
            lang,
            since=show_date(validity.since, lang),
            effective_on=show_date(document.effective_on, lang),
            as_of=as_of(document, wording=wording, lang=lang),
            namesake=validity.namesake,
        )
    ]
    for act in ("replaced_by", "abolished_by", "suspended_by", "amended_by", "corrected_by"):
        numbers: tuple[str, ...] = getattr(validity, act)
        if numbers:
            sentences.append(wording.text(f"actions.{act}", lang, numbers=", ".join(numbers)))
    return " ".join(sentences)
