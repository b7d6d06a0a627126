"""What acts upon each document, and when it is out of force: reckoned on writing, so that reading is one look-up.

A write touches the document itself, those its relations name, those whose relations name it, others of its number (a
relation without a date means the nearest of them), and laws of its name.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from index.acting import ACTED_UPON, PASSIVE, Act, Dated, Inverted, acts_upon
from index.document import Document, Relation, RelationKind, id_of
from index.rows import relation_of
from index.schema import ACTS, DOCUMENTS, NAMESAKE, RELATIONS, SOURCES, SPANS, VERSIONS
from index.series import is_named, series_of
from index.text.number import number_key
from index.validity import ALWAYS, name_of_law, out_of_force

RULES = "4"
"""Version of the rules of `index.acting` and `index.validity`: another one than in the database reckons all anew."""

AT_ONCE = 500  # values in one query: older builds of SQLite allow 999

_T = TypeVar("_T")
_DATED = tuple(DOCUMENTS.c[name] for name in ("number", "type", "issued_on", "effective_on", "expires_on", "series"))
_NAMED = DOCUMENTS.alias()
_ACTIVE = [kind.value for kind in PASSIVE]
_PASSIVE = [kind.value for kind in ACTED_UPON]


@dataclass(slots=True)
class Touched:
    """What a transaction has written, as far as the validity of documents may depend on it."""

    keys: set[str] = field(default_factory=set)  # of the documents written
    targets: set[str] = field(default_factory=set)  # keys of the documents that they act on
    law_names: set[str] = field(default_factory=set)

    def add(self, key: str, law_name: str | None, targets: Iterable[str]) -> None:
        """Enter a document as it was, or as it is now."""
        self.keys.add(key)
        self.targets.update(targets)
        self.law_names |= {law_name} if law_name else set()

    def __bool__(self) -> bool:
        return bool(self.keys)


@dataclass(frozen=True, slots=True)
class Subject:
    """A document whose validity is reckoned."""

    id: str
    key: str
    dated: Dated
    issuing_body: str
    law_name: str | None
    is_withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What acts upon a document, newest first."""

    acts: list[Act]
    inverted: list[Inverted]
    namesake: Dated | None  # the first newer law of its name and body with a known first day


def reckon(connection: Connection, touched: Touched) -> None:
    """Reckon every document anew whose validity may have changed; the caller owns the transaction."""
    queries = [
        *_in(sa.select(DOCUMENTS.c.id), DOCUMENTS.c.key, touched.keys | touched.targets),
        *_in(sa.select(DOCUMENTS.c.id), DOCUMENTS.c.law_name, touched.law_names),
        *_in(sa.select(RELATIONS.c.document_id).where(RELATIONS.c.kind.in_(_PASSIVE)), RELATIONS.c.key, touched.keys),
    ]
    _reckon(connection, {document_id for query in queries for document_id in connection.execute(query).scalars()})


def reckon_all(connection: Connection) -> None:
    """Reckon every document anew, after the rules or the schema have changed."""
    _name_anew(connection)
    laws = sa.select(DOCUMENTS.c.id, DOCUMENTS.c.type, DOCUMENTS.c.title).where(DOCUMENTS.c.type == "Luật")
    for row in connection.execute(laws).all():
        named = DOCUMENTS.update().where(DOCUMENTS.c.id == row.id)
        connection.execute(named.values(law_name=name_of_law(row.type, row.title)))
    _reckon(connection, connection.execute(sa.select(DOCUMENTS.c.id)).scalars().all())


def _name_anew(connection: Connection) -> None:
    """Give each document the id that its series makes (`Document.id`); what hangs on it follows."""
    named = sa.select(*(DOCUMENTS.c[name] for name in ("id", "number", "issued_on", "place", "issuing_body", "series")))
    for row in connection.execute(named).all():
        series = series_of(row.number, row.place, row.issuing_body)
        own_id = id_of(row.number, row.issued_on, series)
        if (own_id, series) == (row.id, row.series):
            continue
        old = DOCUMENTS.c.id == row.id
        if own_id == row.id:
            connection.execute(DOCUMENTS.update().where(old).values(series=series))
            continue
        whole = dict(connection.execute(sa.select(DOCUMENTS).where(old)).mappings().one())
        connection.execute(DOCUMENTS.insert(), whole | {"id": own_id, "series": series})
        for table in (SOURCES, RELATIONS, VERSIONS):
            connection.execute(table.update().where(table.c.document_id == row.id).values(document_id=own_id))
        connection.execute(DOCUMENTS.delete().where(old))


def gather(
    connection: Connection, subjects: Sequence[Subject], stated: Mapping[str, Sequence[Relation]] | None = None
) -> list[Reckoned]:
    """What acts upon each of at most `AT_ONCE` documents, as far as the catalogue knows.

    `stated` gives what the documents say of themselves where that is not in the catalogue.
    """
    keys = {subject.key for subject in subjects}
    key_of = {subject.dated.number: subject.key for subject in subjects}
    if stated is None:
        in_catalogue: dict[str, list[Relation]] = {subject.id: [] for subject in subjects}
        stated = in_catalogue
        own = sa.select(RELATIONS).where(RELATIONS.c.kind.in_(_PASSIVE)).order_by(RELATIONS.c.position)
        for row in _mappings(connection, own, RELATIONS.c.document_id, [subject.id for subject in subjects]):
            in_catalogue[row["document_id"]].append(relation_of(row))
            key_of[row["number"]] = row["key"]
    else:
        key_of |= {one.number: number_key(one.number) for relations in stated.values() for one in relations}
    named: defaultdict[str, list[Dated]] = defaultdict(list)
    for key, *dated in _rows(connection, sa.select(DOCUMENTS.c.key, *_DATED), DOCUMENTS.c.key, set(key_of.values())):
        named[key].append(Dated(*dated))
    by_others: defaultdict[str, list[tuple[Dated, Relation]]] = defaultdict(list)
    reverse = (
        sa.select(RELATIONS, *(column.label(f"by_{column.name}") for column in _DATED))
        .join(DOCUMENTS, DOCUMENTS.c.id == RELATIONS.c.document_id)
        .where(RELATIONS.c.kind.in_(_ACTIVE))
    )
    for row in _mappings(connection, reverse, RELATIONS.c.key, keys):
        acting = Dated(*(row[f"by_{column.name}"] for column in _DATED))
        by_others[row["key"]].append((acting, relation_of(row)))
    laws = _newer_laws(connection, {subject.law_name for subject in subjects if subject.law_name})
    reckoned = []
    for subject in subjects:
        acts, inverted = acts_upon(
            subject.dated,
            stated=stated.get(subject.id, ()),
            named=lambda number: named[key_of[number]],
            stated_by_others=by_others[subject.key],
        )
        reckoned.append(Reckoned(acts, inverted, _namesake(subject, laws)))
    return reckoned


def subject_of(document: Document) -> Subject:
    """A document that may not be in the catalogue, as one whose validity is reckoned."""
    dates = document.issued_on, document.effective_on, document.expires_on
    return Subject(
        document.id,
        number_key(document.number),
        Dated(document.number, document.type, *dates, document.series),
        document.issuing_body,
        name_of_law(document.type, document.title),
    )


def _reckon(connection: Connection, ids: Iterable[str]) -> None:
    query = sa.select(
        *(DOCUMENTS.c[name] for name in ("id", "key", "issuing_body", "law_name", "is_withdrawn")), *_DATED
    )
    for few in _chunks(sorted(ids)):
        subjects = [
            Subject(own_id, key, Dated(*dated), body, law_name, is_withdrawn)
            for own_id, key, body, law_name, is_withdrawn, *dated in _rows(connection, query, DOCUMENTS.c.id, few)
        ]
        acts: list[dict[str, Any]] = []
        spans: list[dict[str, Any]] = []
        for subject, reckoned in zip(subjects, gather(connection, subjects), strict=True):
            acts += [
                row | {"document_id": subject.id, "position": position}
                for position, row in enumerate(_rows_of(reckoned))
            ]
            out = (
                [ALWAYS]
                if subject.is_withdrawn
                else out_of_force(subject.dated, reckoned.acts, namesake=reckoned.namesake)
            )
            spans += [{"document_id": subject.id, "starts_on": first, "ends_on": last} for first, last in out]
        for table, rows in ((ACTS, acts), (SPANS, spans)):
            connection.execute(table.delete().where(table.c.document_id.in_(few)))
            if rows:
                connection.execute(table.insert(), rows)


def _rows_of(reckoned: Reckoned) -> Iterator[dict[str, Any]]:
    for act in reckoned.acts:
        dates = {"issued_on": act.issued_on, "starts_on": act.starts_on, "ends_on": act.ends_on}
        yield dates | {"kind": act.kind.value, "number": act.number, "scope": act.scope, "is_applied": True}
    empty = dict.fromkeys(("issued_on", "starts_on", "ends_on", "scope"))
    for wrong in reckoned.inverted:
        yield empty | {"kind": wrong.kind.value, "number": wrong.by, "is_applied": False}
    if (newer := reckoned.namesake) is not None:
        dates = {"issued_on": newer.issued_on, "starts_on": newer.effective_on}
        yield empty | dates | {"kind": NAMESAKE, "number": newer.number, "is_applied": True}


def unplaced(connection: Connection) -> list[Inverted]:
    """What documents without a series do to local numbers that are in the catalogue, without naming whose they are."""
    query = sa.select(RELATIONS.c.number, RELATIONS.c.kind, DOCUMENTS.c.number, RELATIONS.c.title, _NAMED.c.series)
    query = query.join(DOCUMENTS, DOCUMENTS.c.id == RELATIONS.c.document_id).join(
        _NAMED, _NAMED.c.key == RELATIONS.c.key
    )
    query = query.where(DOCUMENTS.c.series == "", _NAMED.c.series != "", RELATIONS.c.kind.in_(_ACTIVE))
    found: defaultdict[tuple[str, str, str], bool] = defaultdict(bool)
    for number, kind, by, title, series in connection.execute(query):
        found[number, kind, by] |= is_named(series, title or "")
    return [
        Inverted(number, RelationKind(kind), by) for (number, kind, by), is_told in sorted(found.items()) if not is_told
    ]


def acts_of(rows: Iterable[Row[Any]]) -> tuple[list[Act], Dated | None]:
    """Acts and namesake from the rows of `ACTS` of one document, in order."""
    acts: list[Act] = []
    namesake: Dated | None = None
    for row in rows:
        if row.kind == NAMESAKE:
            namesake = Dated(row.number, "Luật", row.issued_on, row.starts_on)
        elif row.is_applied:
            kind = RelationKind(row.kind)
            acts.append(Act(kind, row.number, row.issued_on, row.starts_on, row.ends_on, row.scope))
    return acts, namesake


def _newer_laws(connection: Connection, names: Collection[str]) -> dict[tuple[str, str], list[Dated]]:
    """Laws with a known first day by name and body, in the order of that day."""
    query = sa.select(DOCUMENTS.c.law_name, DOCUMENTS.c.issuing_body, *_DATED).where(
        DOCUMENTS.c.effective_on.is_not(None)
    )
    laws: defaultdict[tuple[str, str], list[Dated]] = defaultdict(list)
    for name, body, *dated in _rows(connection, query, DOCUMENTS.c.law_name, names):
        laws[name, body].append(Dated(*dated))
    for same in laws.values():
        same.sort(key=lambda law: (law.effective_on or date.max, law.number))
    return laws


def _namesake(subject: Subject, laws: dict[tuple[str, str], list[Dated]]) -> Dated | None:
    issued_on = subject.dated.issued_on
    if subject.law_name is None or issued_on is None:
        return None
    same = laws.get((subject.law_name, subject.issuing_body), [])
    return next((law for law in same if law.issued_on and law.issued_on > issued_on), None)


def _in(query: sa.Select[Any], column: sa.Column[Any], values: Collection[Any]) -> Iterator[sa.Select[Any]]:
    return (query.where(column.in_(few)) for few in _chunks(sorted(values)))


def _rows(
    connection: Connection, query: sa.Select[Any], column: sa.Column[Any], values: Collection[Any]
) -> Iterator[Any]:
    """Rows as tuples."""
    for part in _in(query, column, values):
        yield from connection.execute(part)


def _mappings(
    connection: Connection, query: sa.Select[Any], column: sa.Column[Any], values: Collection[Any]
) -> Iterator[sa.RowMapping]:
    for part in _in(query, column, values):
        yield from connection.execute(part).mappings()


def _chunks(values: Iterable[_T]) -> Iterator[list[_T]]:
    remaining = iter(values)
    while few := list(islice(remaining, AT_ONCE)):
        yield few
