"""Label and value as portals print a document's attributes, in table rows or in lists → a document's facts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from index.document import Document, Relation, TextKind
from index.errors import UnreadableSource
from index.ingest.facts import body_name, body_of_number, date_in, number_in, type_in, type_of_number
from index.ingest.parsers import html
from index.ingest.parsers.official import checked, sentence_case
from index.ingest.parsers.page import Page
from index.ingest.parsers.source import host_of
from index.text.unicode import fold, normalise

# Folded labels of each fact, in order of trust.
LABELS: Mapping[str, tuple[str, ...]] = {
    "number": ("so, ky hieu", "so ky hieu", "so/ky hieu", "so hieu", "so hieu van ban", "ky hieu"),
    "type": ("loai van ban", "the loai", "hinh thuc van ban"),
    "body": ("co quan ban hanh", "noi ban hanh", "co quan ban hanh/ chuc danh/ nguoi ky", "don vi ban hanh"),
    "issued": ("ngay ban hanh", "ban hanh", "ngay ky"),
    "effective": ("ngay co hieu luc", "ngay hieu luc", "hieu luc tu", "hieu luc"),
    "expires": ("ngay het hieu luc", "het hieu luc"),
    "title": ("trich yeu", "trich yeu noi dung", "ve viec"),
    "signer": ("nguoi ky",),
    "field": ("linh vuc", "nganh"),
}
_ALL = {label for labels in LABELS.values() for label in labels}


def labelled(root: Any) -> dict[str, str]:
    """The labels of a page that name a fact, folded → their values: from table rows, definition lists, and items."""
    found: dict[str, str] = {}
    for row in root.iter("tr"):
        cells = [cell for cell in row if cell.tag in ("td", "th")]
        for label, value in zip(cells[::2], cells[1::2], strict=False):
            _add(found, html.one_line(label), html.one_line(value))
    for term in root.iter("dt"):
        value = term.getnext()
        if value is not None and value.tag == "dd":
            _add(found, html.one_line(term), html.one_line(value))
    for item in root.iter("li", "p", "div"):
        if len(item) <= 3:
            label, colon, rest = html.one_line(item).partition(":")
            if colon:
                _add(found, label, rest)
    return found


def document_of_facts(
    page: Page,
    facts: Mapping[str, str],
    *,
    relations: tuple[Relation, ...] = (),
    evidence: str | None = None,
    text: str = "",
) -> Document:
    """The document of labelled facts. Raises `UnreadableSource` where no number is among them."""
    known = {name: next((facts[label] for label in labels if facts.get(label)), "") for name, labels in LABELS.items()}
    printed = normalise(known["number"])
    number = number_in(printed) or (printed if re.search(r"\d", printed) and len(printed) < 60 else None)
    if number is None:
        raise UnreadableSource(page.where, "no document number among its facts")
    fields = tuple(part.strip() for part in re.split(r"[;,]", known["field"]) if part.strip())
    document = Document(
        number=number,
        type=type_in(known["type"]) or type_of_number(number) or normalise(known["type"]),
        title=sentence_case(normalise(known["title"])),
        issuing_body=issuer(number, known["body"]),
        issued_on=date_in(known["issued"]),
        effective_on=date_in(known["effective"]),
        expires_on=date_in(known["expires"]),
        text_kind=TextKind.OFFICIAL if text else TextKind.SUMMARY,
        text=text,
        source=host_of(page),
        checked_on=page.fetched_on,
        url=page.url if host_of(page) else None,
        signer=signer(known["signer"]),
        evidence=evidence,
        fields=fields,
        relations=relations,
    )
    return checked(page, document)


def issuer(number: str, printed: str) -> str:
    """The issuing body as the catalogue names it: a law's is the Assembly, whoever is printed as promulgating it."""
    assembly = re.search(r"/(UBTV)?QH\d{1,2}$", number)
    if assembly:
        return "Ủy ban Thường vụ Quốc hội" if assembly.group(1) else "Quốc hội"
    return body_name(printed) if printed else body_of_number(number) or ""


def signer(printed: str) -> str | None:
    """A signer's name in ordinary letters: "NGUYỄN VĂN A" → "Nguyễn Văn A"."""
    return " ".join(normalise(printed).split()).title() or None


def _add(found: dict[str, str], label: str, value: str) -> None:
    name = fold(label).strip(" :*.")
    if name in _ALL and value.strip():
        found.setdefault(name, value.strip())
