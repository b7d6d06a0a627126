"""Pages and what was parsed, as bytes between the process that asks and the one that parses: JSON, nothing that runs.

What comes back was written by a process that has read hostile bytes, so it is checked field by field against the nouns.
Millions of tiny records, or of faults in them, would need a hundred times their size to check: they are counted first,
and the first fault is enough.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date
from enum import Enum
from functools import cache
from typing import Annotated, TypeVar

from pydantic import FailFast, Field, TypeAdapter

from index.document import Document
from index.errors import UnreadableSource
from index.ingest.parsers.page import Link, Page, Parsed

MOST_BYTES = 16 << 20
"""Of an answer. A sitemap of 50,000 addresses, the most that one may have, takes 10 MB; the longest text 1 MB."""
MOST_RECORDS = 100_000
"""Documents, relations, links and problems of an answer."""
MOST_VALUES = 500_000
"""Fields and elements of an answer, commas in its texts included."""

_Record = TypeVar("_Record")
_Records = Annotated[tuple[_Record, ...], FailFast(), Field(max_length=MOST_RECORDS)]


@dataclass(frozen=True, slots=True)
class _Problem:
    where: str
    reason: str


@dataclass(frozen=True, slots=True)
class _Answer:
    documents: _Records[Document] = ()
    links: _Records[Link] = ()
    problems: _Records[_Problem] = ()
    refused: _Problem | None = None


def pack_page(page: Page) -> tuple[bytes, bytes]:
    """A page as a header (JSON) and its body."""
    facts = {name: value for name, value in _fields(page).items() if name != "body"}
    return json.dumps(facts, default=_plain).encode(), page.body


def unpack_page(header: bytes, body: bytes) -> Page:
    """The page of `pack_page`; the sender is trusted."""
    facts = json.loads(header)
    return Page(**(facts | {"body": body, "fetched_on": date.fromisoformat(facts["fetched_on"])}))


def pack_answer(answer: Parsed | UnreadableSource) -> bytes:
    """What a parser returned or raised."""
    if isinstance(answer, UnreadableSource):
        return _bytes({"refused": _problem(answer)})
    body = {
        "documents": [asdict(document) for document in answer.documents],
        "links": [asdict(link) for link in answer.links],
        "problems": [_problem(problem) for problem in answer.problems],
    }
    return _bytes(body)


def unpack_answer(payload: bytes) -> Parsed:
    """The parsed page of `pack_answer`; the sender is not trusted.

    Raises `UnreadableSource` where the parser refused the page, and `ValueError` where the bytes are no such answer,
    are more than an answer may have, or hold a NUL, which no catalogue keeps.
    """
    records = max(payload.count(b"{"), payload.count(b"["))
    if len(payload) > MOST_BYTES or records > MOST_RECORDS or payload.count(b",") > MOST_VALUES:
        raise ValueError("more than any page holds")
    if b"\\u0000" in payload:
        raise ValueError("a NUL in a text")
    answer = _adapter().validate_json(payload)  # pydantic's ValidationError is a ValueError
    if answer.refused is not None:
        raise UnreadableSource(answer.refused.where, answer.refused.reason)
    if any(link.published is not None and link.published.tzinfo is None for link in answer.links):
        raise ValueError("a link's date has no zone")
    problems = tuple(UnreadableSource(problem.where, problem.reason) for problem in answer.problems)
    return Parsed(answer.documents, answer.links, problems)


@cache
def _adapter() -> TypeAdapter[_Answer]:
    return TypeAdapter(_Answer)


def _bytes(body: object) -> bytes:
    """JSON with its letters as they are: escaped, a Vietnamese text has twice the bytes."""
    return json.dumps(body, default=_plain, ensure_ascii=False).encode(errors="replace")


def _fields(page: Page) -> dict[str, object]:
    return {name: getattr(page, name) for name in Page.__dataclass_fields__}


def _problem(problem: UnreadableSource) -> dict[str, str]:
    return {"where": problem.where, "reason": problem.reason}


def _plain(value: object) -> str:
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is not part of a page or an answer")
