"""Document → passages along phần, chương, mục, điều, khoản and điểm (pure).

A short article is one passage, so that a rule is quoted with its conditions and exceptions. A longer one is divided at
its khoản, a long khoản at its điểm, and what is still too long between paragraphs, table rows or sentences. Nothing is
lost and nothing is cut out of the middle: a passage is a run of the official text as it stands, but that the header of
a table stands above each part of it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index import annexes, weighing
from index.chunks import chunks, shown
from index.document import Document, Passage, TextKind
from index.structure import Annex, Article, bare, clauses, inline_items, parse, points

MOST_CHARACTERS = 1_200  # of a passage; about 300 syllables, what the encoder reads without cutting
LONGEST_LEAD_IN = 300  # characters of a lead-in that are repeated as a heading of the passages below it
LONGEST_TITLE_WITH_STOP = 80  # characters; what is longer and ends in a full stop is a sentence of the article
LONGEST_HEADING = 200  # characters of an article's title; a longer line holds the article itself
SUMMARY_PATH = "tom-tat"

_HEADING = re.compile(r"#{1,6}\s+|\*\*(?!\s)[^*]+\*\*$")
_NUMBERED = re.compile(r"(?:(PHẦN|Phần)\s+([IVXLC]+)|([IVXLC]+|\d{1,2})\.(?=\s))")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a passage stands."""

    path: str
    location: str
    headings: tuple[str, ...]

    def below(self, path: str, location: str, *headings: str) -> _Place:
        return _Place(f"{self.path}/{path}", f"{self.location}, {location}", (*self.headings, *filter(None, headings)))


def context_of(number: str, type_: str, title: str, aliases: Sequence[str]) -> str:
    """What every passage of a document is searched with: its number, type, title and everyday names."""
    return "\n".join(part for part in (f"{type_} {number}".strip(), title, ", ".join(aliases)) if part)


def split(document: Document) -> list[Passage]:
    """The passages of a document in the order of its text; none for an empty text.

    A summary is one passage without a location, or one for each of its sections where it is long.
    """
    text = unicodedata.normalize("NFC", document.text)
    if not text.strip():
        return []
    is_official = document.text_kind is TextKind.OFFICIAL
    if not is_official and _fits([text]):
        return [_passage(document, SUMMARY_PATH, None, (), shown(text))]
    structure = parse(text)
    parts: list[tuple[_Place, str]] = []
    for article in structure.articles:
        parts += _article(article)
    if not structure.articles:
        parts += _sections(structure.preamble)
    for annex in structure.annexes:
        parts += _annex(annex)
    if not is_official:
        parts = [(_Place(f"{SUMMARY_PATH}/{place.path}", "", place.headings), words) for place, words in parts]
    taken: Counter[str] = Counter()
    passages = []
    for place, text in parts:
        taken[place.path] += 1
        path = place.path if taken[place.path] == 1 else f"{place.path}~{taken[place.path]}"
        passages.append(_passage(document, path, place.location or None, place.headings, text))
    return passages


def _article(article: Article) -> Iterator[tuple[_Place, str]]:
    label, title, lines = f"Điều {article.label}", article.title, list(article.lines)
    is_sentence = title.endswith(".") and len(title) > LONGEST_TITLE_WITH_STOP
    if len(title) > LONGEST_HEADING or is_sentence or not shown("\n".join(lines)):
        lines, title = [*inline_items(title), *lines], ""
        if len(lines) > 1 and len(lines[0]) <= LONGEST_HEADING:
            title = lines.pop(0).strip(" :-")
    heading = f"{label}. {title}" if title else label
    path, location, parents = f"dieu-{_slug(article.label)}", label, article.parents
    if article.attached:
        path, location = f"{_slug(article.attached)}/{path}", f"{article.attached}, {label}"
        parents = (article.attached, *parents)
    place = _Place(path, location, (*parents, heading))
    if _fits(lines):
        yield place, shown("\n".join(lines)) or heading
        return
    lead_in, *items = clauses(article.label, lines)
    yield from _divided(
        place, lead_in.lines, [(f"khoan-{_slug(item.label)}", f"khoản {item.label}", item.lines) for item in items]
    )


def _clause(place: _Place, lines: Sequence[str]) -> Iterator[tuple[_Place, str]]:
    lead_in, *items = points(lines)
    yield from _divided(
        place, lead_in.lines, [(f"diem-{_slug(item.label)}", f"điểm {item.label}", item.lines) for item in items]
    )


def _divided(
    place: _Place, lead_in: Sequence[str], items: Sequence[tuple[str, str, Sequence[str]]]
) -> Iterator[tuple[_Place, str]]:
    """A unit that is too long: its items one by one, the lead-in with the first where both fit, else on its own."""
    introduction = shown("\n".join(lead_in))
    if not items:
        yield from _chunks(place, lead_in)
        return
    repeated = introduction if len(introduction) <= LONGEST_LEAD_IN else ""
    is_joined = _fits([*lead_in, *items[0][2]])
    if introduction and not is_joined:
        yield from _chunks(place, lead_in)
    for position, (path, location, lines) in enumerate(items):
        if position == 0 and is_joined:
            yield place.below(path, location), shown("\n".join([*lead_in, *lines]))
            continue
        inner = place.below(path, location, repeated)
        if _fits(lines):
            yield inner, shown("\n".join(lines))
        elif path.startswith("khoan"):
            yield from _clause(inner, lines)
        else:
            yield from _chunks(inner, lines)


def _annex(annex: Annex) -> Iterator[tuple[_Place, str]]:
    label = f"Phụ lục {annex.label}" if annex.label else "Phụ lục"
    parts = annexes.parts(annex)
    heading = f"{label}. {parts.title}" if parts.title else label
    place = _Place(_slug(label), label, (heading,))
    has_text = bool(shown("\n".join(parts.lines)))
    if has_text or not parts.forms:
        yield from _chunks(place, parts.lines if has_text else (heading,))
    for form in parts.forms:
        name = f"Mẫu số {form.label}"
        below = place.below(f"mau-so-{_slug(form.label)}", name, f"{name}. {form.title}" if form.title else name)
        yield from _chunks(below, form.lines)


def _sections(lines: Sequence[str]) -> Iterator[tuple[_Place, str]]:
    """A text without articles (directives, telegrams): along its headings, or along numbered paragraphs."""
    if not any(_heads_section(line) for line in lines):
        lead_in, *items = clauses("", lines)
        if lead_in.lines:
            yield from _chunks(_Place("mo-dau", "", ()), lead_in.lines)
        for item in items:
            yield from _clause_or_whole(_Place(f"muc-{item.label}", f"Mục {item.label}", ()), item.lines)
        return
    place, own = _Place("mo-dau", "", ()), list[str]()
    part: _Place | None = None
    for line in lines:
        match = _heads_section(line)
        if match is None:
            own.append(line)
            continue
        if own:
            yield from _clause_or_whole(place, own)
        heading, own = bare(line), []
        if match.group(1):
            part = place = _Place(f"phan-{match.group(2).lower()}", f"Phần {match.group(2)}", (heading,))
        elif part:
            place = part.below(f"muc-{match.group(3).lower()}", f"mục {match.group(3)}", heading)
        else:
            place = _Place(f"muc-{match.group(3).lower()}", f"Mục {match.group(3)}", (heading,))
    yield from _clause_or_whole(place, own)


def _heads_section(line: str) -> re.Match[str] | None:
    return _NUMBERED.match(bare(line)) if _HEADING.match(line.strip()) else None


def _clause_or_whole(place: _Place, lines: Sequence[str]) -> Iterator[tuple[_Place, str]]:
    if not _fits(lines):
        yield from _clause(place, lines)
    elif shown("\n".join(lines)):
        yield place, shown("\n".join(lines))


def _chunks(place: _Place, lines: Sequence[str]) -> Iterator[tuple[_Place, str]]:
    for count, text in enumerate(chunks(lines, MOST_CHARACTERS), start=1):
        yield _numbered(place, count), text


def _numbered(place: _Place, count: int) -> _Place:
    if count == 1:
        return place
    location = f"{place.location}, đoạn {count}" if place.location else ""
    return _Place(f"{place.path}/doan-{count}", location, place.headings)


def _fits(lines: Sequence[str]) -> bool:
    return len(shown("\n".join(lines))) <= MOST_CHARACTERS


def _slug(label: str) -> str:
    plain = unicodedata.normalize("NFD", label.lower().replace("đ", "dd"))
    return re.sub(r"[^a-z0-9]+", "-", "".join(letter for letter in plain if not unicodedata.combining(letter))).strip(
        "-"
    )


def _passage(document: Document, path: str, location: str | None, headings: tuple[str, ...], text: str) -> Passage:
    return Passage(
        id=f"{document.id}#{path}",
        document_id=document.id,
        location=location,
        headings=headings,
        text=text,
        text_kind=document.text_kind,
        context=context_of(document.number, document.type, document.title, document.aliases),
        weight=weighing.weight(headings, text) if document.language == "vi" else 1.0,
    )
