"""JSON Lines → documents: our corpus, the gazette's records, and plain rows with an official text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from index.document import Document, Relation, RelationKind, TextKind
from index.errors import UnreadableSource
from index.ingest.facts import NOT_GIVEN, body_name, body_of_number, date_in, type_of_number
from index.text.unicode import normalise

_LONGEST_FAULT = 120  # characters of a fault that is reported: Python's own messages repeat the value, of any length
_ASSEMBLY = re.compile(r"/(UBTV)?QH\d{1,2}$")


def read_jsonl(path: Path) -> Iterator[Document | UnreadableSource]:
    """The documents of a file, one a line, in order; a line that is none is given as the problem it is.

    Three shapes, told apart by their fields: gazette records ("gazette_issue"), our corpus ("summary"), and plain rows
    whose "text" is the official wording.
    """
    with path.open("rb") as file:
        yield from read_jsonl_lines(file, path)


def read_jsonl_lines(lines: Iterable[bytes], path: Path) -> Iterator[Document | UnreadableSource]:
    """`read_jsonl` for lines that are already here; `path` only names them."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        where = f"{path}:{number}"
        try:
            yield _document(json.loads(line.decode("utf-8-sig")), path)
        except UnicodeDecodeError:
            yield UnreadableSource(where, "not UTF-8")
        except json.JSONDecodeError as error:
            yield UnreadableSource(where, f"not JSON: {error.msg} at character {error.pos}")
        except KeyError as error:
            yield UnreadableSource(where, f"not a document: {error} is missing")
        except RecursionError:
            yield UnreadableSource(where, "not a document: nested too deep")
        except (AttributeError, TypeError, ValueError) as error:
            yield UnreadableSource(where, f"not a document: {str(error)[:_LONGEST_FAULT]}")


def _document(row: object, path: Path) -> Document:
    if not isinstance(row, dict):
        raise TypeError("expected an object")
    number = _text(row, "number")
    if not number:
        raise ValueError('"number" is missing')
    return _gazette(row, number) if "gazette_issue" in row else _corpus(row, number, path)


def _gazette(row: Mapping[str, Any], number: str) -> Document:
    body = body_of_number(number) if _ASSEMBLY.search(number) else None  # the page names who promulgated a law
    title = (_text(row, "summary") or _text(row, "title")).rstrip(". ")
    return Document(
        number=number,
        type=_text(row, "type"),
        title=title[:1].upper() + title[1:],
        issuing_body=body or body_name(_text(row, "issuer")),
        issued_on=_date(row.get("issued")),
        effective_on=_date(row.get("effective")),
        text_kind=TextKind.SUMMARY,
        text="",
        source=_text(row, "source"),
        checked_on=date_in(_text(row, "crawled_at")[:10]),
        signer=_text(row, "signer").title() or None,
        evidence="G",
        relations=tuple(
            Relation(RelationKind(kind), normalise(other["number"]), title=normalise(other["title"]) or None)
            for kind, others in row["relations"].items()
            for other in others
        ),
    )


def _corpus(row: Mapping[str, Any], number: str, path: Path) -> Document:
    text = _text(row, "text")
    kind = TextKind(row.get("text_kind") or (TextKind.OFFICIAL if text else TextKind.SUMMARY))
    if kind is TextKind.OFFICIAL and not text:
        raise ValueError("text_kind is official and there is no text")
    return Document(
        number=number,
        type=_text(row, "type") or type_of_number(number) or "",
        title=_text(row, "title"),
        issuing_body=_text(row, "issuing_body"),
        issued_on=_date(row.get("issued_on")),
        effective_on=_date(row.get("effective_on")),
        expires_on=_date(row.get("expires_on")),
        text_kind=kind,
        text=text or _text(row, "summary"),
        source=_text(row, "source") or path.name,
        checked_on=_date(row.get("checked_on")),
        url=_text(row, "url") or None,
        signer=_text(row, "signer") or None,
        evidence=_text(row, "evidence") or None,
        aliases=tuple(normalise(alias) for alias in _list(row, "aliases")),
        questions=_questions(row),
        translated_titles=tuple((lang, title) for lang in ("en", "zh") if (title := _text(row, f"title_{lang}"))),
        relations=tuple(_relation(other) for other in _list(row, "relations")),
    )


def _questions(row: Mapping[str, Any]) -> tuple[str, ...]:
    """Questions by language, Vietnamese first as a rule: {"vi": ["lương cơ sở là bao nhiêu"], "en": []}."""
    by_language = row.get("questions") or {}
    if not isinstance(by_language, dict):
        raise TypeError('"questions" is not an object')
    asked = (normalise(question) for lang in by_language for question in _list(by_language, lang))
    return tuple(dict.fromkeys(question for question in asked if question))


def _relation(other: Mapping[str, Any]) -> Relation:
    return Relation(
        RelationKind(other["kind"]),
        normalise(other["number"]),
        title=_text(other, "title") or None,
        issued_on=_date(other.get("issued_on")),
        effective_on=_date(other.get("effective_on")),
    )


def _text(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name) or ""
    if not isinstance(value, str):
        raise TypeError(f'"{name}" is not a text')
    return normalise(value).strip()


def _list(row: Mapping[str, Any], name: str) -> list[Any]:
    value = row.get(name) or []
    if not isinstance(value, list):
        raise TypeError(f'"{name}" is not a list')
    return value


def _date(value: object) -> date | None:
    if value in (None, ""):
        return None
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not a date")
    day = date.fromisoformat(value)
    return None if day == NOT_GIVEN else day
