"""One document out of what several sources say about it (pure).

Decision. A document reaches us from up to three kinds of source: a gazette record (facts by program, no text), an
official full text (the wording; its table of facts is often typed by hand), and our own summary. They are one document
when number and type agree and the year of issue does not differ, or number and issue date are the same; a source that
gives no issue date joins the only document of that number, and stays apart where several exist. Local documents are one
only within a series of numbers (`index.series`); a source that does not tell whose the number is joins the only series
of that number, and stays apart where several exist. Each fact is taken from
the best source that has it: gazette record, then official full text, then our summary with evidence G, then the rest;
ties go to the newer `checked_on`. The text is the official one where there is one. Aliases, questions and relations are
united. Consequence: a summary of ours never hides an official wording, and a date missing in one source is filled from
another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar

from index.document import Document, IdParts, Relation, TextKind
from index.series import is_council_number, meant
from index.text.number import number_key

_T = TypeVar("_T")

Known = tuple[str, str, date | None]
"""Id, type and issue date of a document in the catalogue."""

_FILLED = ("title", "issued_on", "effective_on", "ends_on", "scope", "location")


def origin_of(document: Document) -> str:
    """Which source a document came from: the same origin again replaces what it said before."""
    kind = document.text_kind.value if document.text else "record"
    return f"{kind}:{document.source}"


def homes_of(document: Document, known: Sequence[Known]) -> list[str]:
    """Ids of the known documents of this number that are the same document (see the module's decision).

    Several ids mean that this source joins them into one.
    """
    alike = [
        (name, issued_on)
        for name, kind, issued_on in _of_series(document, known)
        if not (kind and document.type) or kind == document.type
    ]
    dated = [(name, issued_on.year) for name, issued_on in alike if issued_on]
    undated = [name for name, issued_on in alike if issued_on is None]
    if document.issued_on is None:
        return [name for name, _ in dated] + undated if len(dated) == 1 else undated
    same = [name for name, year in dated if year == document.issued_on.year]
    return same + undated if len(same) == len(dated) else same


def _of_series(document: Document, known: Sequence[Known]) -> list[Known]:
    series = {name: IdParts.of(name).series for name, _, _ in known}
    within_councils = is_council_number(document.number)
    one = meant(document.series, series.values(), within_councils=within_councils)
    return [other for other in known if series[other[0]] == one]


def merge(sources: Sequence[Document]) -> Document:
    """Unite what the sources (at least one) say; the order they come in does not matter."""
    best_first = ranked(sources)
    texts = sorted(best_first, key=lambda source: (source.text_kind is not TextKind.OFFICIAL, not source.text))
    first = best_first[0]
    return replace(
        first,
        type=_first(*(source.type for source in best_first)) or "",
        title=_first(*(source.title for source in best_first)) or "",
        issuing_body=_first(*(source.issuing_body for source in best_first)) or "",
        issued_on=_first(*(source.issued_on for source in best_first)),
        effective_on=_first(*(source.effective_on for source in best_first)),
        expires_on=_first(*(source.expires_on for source in best_first)),
        url=_first(*(source.url for source in texts)),
        signer=_first(*(source.signer for source in best_first)),
        evidence=_first(*(source.evidence for source in best_first)),
        checked_on=max((source.checked_on for source in sources if source.checked_on), default=None),
        text=texts[0].text,
        text_kind=texts[0].text_kind,
        source=texts[0].source if texts[0].text else first.source,
        place=_first(*(source.place for source in best_first)),
        fields=tuple(dict.fromkeys(name for source in best_first for name in source.fields)),
        questions=tuple(dict.fromkeys(question for source in best_first for question in source.questions)),
        translated_titles=_titles(best_first),
        aliases=tuple(dict.fromkeys(alias for source in best_first for alias in source.aliases)),
        relations=_united(best_first),
    )


def ranked(sources: Sequence[Document]) -> list[Document]:
    """Sources in the order in which their facts count, best first."""
    return sorted(sources, key=_rank)


def speaking(sources: Sequence[Document]) -> set[int]:
    """Positions of the sources whose passages are shown: the best official text, our best summary, the best retelling.

    A retelling is a summary somebody else collected; it has no evidence label (`index.ingest.markdown`).
    """
    order = sorted(range(len(sources)), key=lambda position: _rank(sources[position]))
    best: dict[tuple[TextKind, bool], int] = {}
    for position in order:
        if sources[position].text:
            best.setdefault((sources[position].text_kind, sources[position].evidence is None), position)
    return set(best.values())


def _rank(source: Document) -> tuple[int, int, str]:
    if source.text_kind is TextKind.OFFICIAL:
        trust = 1
    elif not source.text:
        trust = 0
    else:
        trust = 2 if source.evidence == "G" else 3
    return trust, -(source.checked_on or date.min).toordinal(), source.source


def _first(*values: _T | None) -> _T | None:
    return next((value for value in values if value), None)


def _titles(best_first: Sequence[Document]) -> tuple[tuple[str, str], ...]:
    """Each language once, from the best source that has it."""
    titles = {lang: title for source in reversed(best_first) for lang, title in source.translated_titles}
    return tuple(sorted(titles.items()))


def _united(best_first: Sequence[Document]) -> tuple[Relation, ...]:
    """All relations of the best source, and those of the others that it lacks; gaps in the first are filled."""
    united = list(best_first[0].relations)
    for source in best_first[1:]:
        known = len(united)
        for relation in source.relations:
            same = [place for place in range(known) if _is_same_relation(united[place], relation)]
            if not same:
                united.append(relation)
            elif len(same) == 1:
                united[same[0]] = _filled(united[same[0]], relation)
    return tuple(united)


def _is_same_relation(one: Relation, other: Relation) -> bool:
    if one.kind is not other.kind or number_key(one.number) != number_key(other.number):
        return False
    if one.scope and other.scope and one.scope != other.scope:
        return False
    return one.issued_on is None or other.issued_on is None or one.issued_on.year == other.issued_on.year


def _filled(relation: Relation, other: Relation) -> Relation:
    return replace(relation, **{name: getattr(relation, name) or getattr(other, name) for name in _FILLED})
