"""How documents and relations become rows of the catalogue's tables and lines of JSON, and are read back."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from datetime import date
from enum import Enum
from typing import Any

from sqlalchemy.engine import RowMapping

from index.acting import year_in
from index.document import Document, Relation, RelationKind, TextKind
from index.text.number import number_key
from index.text.unicode import fold
from index.validity import name_of_law

_LISTS = ("aliases", "questions", "translated_titles", "fields")
_OF_DOCUMENT = tuple(field.name for field in fields(Document))
_PLAIN = tuple(name for name in _OF_DOCUMENT if name not in ("text_kind", "relations", *_LISTS))
_OF_RELATION = tuple(field.name for field in fields(Relation) if field.name != "kind")


def document_row(document: Document, *, summary: str = "") -> dict[str, Any]:
    """The row of `DOCUMENTS` for a document, with its columns for searching; `summary` is ours, if there is one."""
    key = number_key(document.number)
    bare = re.match(r"\d+(?:\.\d+)?[a-z]?", key)
    return {name: getattr(document, name) for name in _PLAIN} | {
        "id": document.id,
        "series": document.series,
        "key": key,
        "bare": bare.group() if bare else key,
        "year": year_in(document.number) or (document.issued_on.year if document.issued_on else None),
        "bodies": f"|{folded_bodies(document.issuing_body)}|",
        "folded_fields": f"|{'|'.join(' '.join(topic_words(name)) for name in document.fields)}|",
        "law_name": name_of_law(document.type, document.title),
        "text_kind": document.text_kind.value,
        **{name: json.dumps(getattr(document, name), ensure_ascii=False) for name in _LISTS},
        "topic": f" {' '.join(topic_words(' '.join((document.title, *document.aliases, summary))))} ",
    }


def document_of(row: RowMapping, relations: tuple[Relation, ...]) -> Document:
    """The document a row of `DOCUMENTS` holds."""
    values: dict[str, Any] = {name: row[name] for name in _PLAIN}
    values |= _lists({name: json.loads(row[name]) for name in _LISTS})
    return Document(**values | {"text_kind": TextKind(row["text_kind"])}, relations=relations)


def relation_row(relation: Relation) -> dict[str, Any]:
    """The row of `RELATIONS` for a relation, without its place in the table."""
    return {name: getattr(relation, name) for name in _OF_RELATION} | {
        "kind": relation.kind.value,
        "key": number_key(relation.number),
    }


def relation_of(row: RowMapping) -> Relation:
    """The relation a row of `RELATIONS` holds."""
    return Relation(RelationKind(row["kind"]), **{name: row[name] for name in _OF_RELATION})


def folded_bodies(name: str) -> str:
    """A body's name for comparison; joint issuers ("Bộ Y tế - Bộ Tài chính") stand between strokes."""
    return "|".join(" ".join(topic_words(part)) for part in name.split(" - "))


def topic_words(text: str) -> list[str]:
    """Folded words of a text, in order."""
    return re.findall(r"[a-z0-9]+", fold(text))


def to_json(document: Document) -> str:
    """A document as one line of JSON; equal documents give equal lines."""
    values = {name: getattr(document, name) for name in _OF_DOCUMENT}
    values["relations"] = [
        {name: getattr(relation, name) for name in ("kind", *_OF_RELATION)} for relation in document.relations
    ]
    return json.dumps(values, ensure_ascii=False, sort_keys=True, default=_plain)


def from_json(line: str) -> Document:
    """The document `to_json` wrote, also before a field of today was known."""
    values = json.loads(line)
    relations = tuple(
        Relation(**_with_dates(row) | {"kind": RelationKind(row["kind"])}) for row in values.pop("relations")
    )
    values = _with_dates(values) | _lists({name: values[name] for name in _LISTS if name in values})
    return Document(**values | {"text_kind": TextKind(values["text_kind"])}, relations=relations)


def _lists(values: dict[str, list[Any]]) -> dict[str, Any]:
    """Lists as documents have them: tuples, and so their pairs."""
    return {
        name: tuple(tuple(item) if isinstance(item, list) else item for item in items) for name, items in values.items()
    }


def _with_dates(values: dict[str, Any]) -> dict[str, Any]:
    return {
        name: date.fromisoformat(value) if name.endswith("_on") and value else value for name, value in values.items()
    }


def _plain(value: object) -> str:
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)
