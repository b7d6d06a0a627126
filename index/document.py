"""The nouns of the index: documents, relations between them, validity, and passages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum
from hashlib import sha256
from typing import NamedTuple

from index.series import series_of


class TextKind(str, Enum):
    """Whose words a passage is in."""

    OFFICIAL = "official"  # the wording of the document itself; may be quoted
    SUMMARY = "summary"  # our own words about it; never shown as the official wording
    TITLE = "title"  # the document's title alone, where no text of it is held; of passages only


class RelationKind(str, Enum):
    """How a document acts on another; read «this document <kind> the other one»."""

    REPLACES = "replaces"
    REPLACED_BY = "replaced_by"
    PARTLY_REPLACES = "partly_replaces"
    PARTLY_REPLACED_BY = "partly_replaced_by"
    ABOLISHES = "abolishes"  # bãi bỏ, hết hiệu lực: ends it and puts nothing in its place
    ABOLISHED_BY = "abolished_by"
    PARTLY_ABOLISHES = "partly_abolishes"
    PARTLY_ABOLISHED_BY = "partly_abolished_by"
    AMENDS = "amends"
    AMENDED_BY = "amended_by"
    CORRECTS = "corrects"  # đính chính
    CORRECTED_BY = "corrected_by"
    SUSPENDS = "suspends"  # ngưng hiệu lực, đình chỉ
    SUSPENDED_BY = "suspended_by"
    PARTLY_SUSPENDS = "partly_suspends"
    PARTLY_SUSPENDED_BY = "partly_suspended_by"
    GUIDES = "guides"
    GUIDED_BY = "guided_by"
    BASED_ON = "based_on"
    CITES = "cites"


class Validity(str, Enum):
    """Whether a document holds on a given day (hiệu lực), as far as its dates and relations tell."""

    IN_FORCE = "in_force"  # effective, and no replacement known
    NOT_YET_IN_FORCE = "not_yet_in_force"
    PARTLY_EXPIRED = "partly_expired"
    EXPIRED = "expired"  # replaced, abolished, or past its own last day
    SUSPENDED = "suspended"
    UNKNOWN = "unknown"  # no effective date known, or a newer law of the same name is in effect


@dataclass(frozen=True, slots=True)
class Relation:
    """One relation as a source states it."""

    kind: RelationKind
    number: str  # canonical number of the other document
    title: str | None = None
    issued_on: date | None = None  # of the other document, where the source gives it
    effective_on: date | None = None  # from when the relation acts, where it differs from the newer document's start
    ends_on: date | None = None  # last day on which it acts, where it is limited: suspensions
    scope: str | None = None  # which parts of the other document, where not the whole: "Điều 5; khoản 2 Điều 7"
    location: str | None = None  # where in this document's text it stands: "Điều 90, khoản 2"
    is_extracted: bool = False  # read by program from the text (index.relations), not stated by the source as data


@dataclass(frozen=True, slots=True)
class Document:
    """One official document (văn bản).

    Numbers restart every year, and every local body begins at 1, so number, issue date and, where it is a local one,
    the series of numbers together are the key (`id`).
    """

    number: str  # số, ký hiệu, canonical spelling, NFC: "161/2026/NĐ-CP"
    type: str  # loại văn bản: "Nghị định"
    title: str  # trích yếu
    issuing_body: str  # cơ quan ban hành: "Chính phủ"
    issued_on: date | None
    effective_on: date | None
    text_kind: TextKind  # of `text`
    text: str  # official full text (Markdown or plain), or our summary; may be empty
    source: str  # where the facts come from: "congbao.chinhphu.vn"
    checked_on: date | None  # when that source was last read
    expires_on: date | None = None  # last day in force where the document itself limits its term
    url: str | None = None
    signer: str | None = None
    evidence: str | None = None  # label of reference/government.md: G, F, P, R
    aliases: tuple[str, ...] = ()  # everyday words for what it is about: "bằng lái"
    questions: tuple[str, ...] = ()  # what people ask that it answers, in any language; searched, never shown
    translated_titles: tuple[tuple[str, str], ...] = ()  # our own: (language, title in it), each language once
    language: str = "vi"  # of title and text
    place: str | None = None  # the province it is made for, as data/provinces.jsonl names it; None: the whole country
    fields: tuple[str, ...] = ()  # lĩnh vực, as its source names them: "Tài chính"
    relations: tuple[Relation, ...] = ()

    @property
    def series(self) -> str:
        """Whose numbers these are (`index.series`): "ha-noi.quan-ba-dinh"; "" for central and unknown bodies."""
        return series_of(self.number, self.place, self.issuing_body)

    def title_in(self, lang: str) -> str | None:
        """The title in a language ("en"): its own, or our translation; None where there is none."""
        return self.title if lang == self.language else dict(self.translated_titles).get(lang)

    @property
    def id(self) -> str:
        """Number and issue date, of local documents the series too; the date is empty where it is not known.

        "161/2026/NĐ-CP@2026-05-15", "30/2024/QĐ-UBND@2024-03-01@ha-noi".
        """
        return id_of(self.number, self.issued_on, self.series)


def id_of(number: str, issued_on: date | None, series: str) -> str:
    """The id of a document (`Document.id`)."""
    day = issued_on.isoformat() if issued_on else ""
    return f"{number}@{day}@{series}" if series else f"{number}@{day}"


class IdParts(NamedTuple):
    """What a document's id is made of."""

    number: str
    issued_on: date | None
    series: str

    @classmethod
    def of(cls, document_id: str) -> IdParts:
        """Take an id apart; one that is no id of ours is all number."""
        number, _, rest = document_id.partition("@")
        day, _, series = rest.partition("@")
        try:
            return cls(number, date.fromisoformat(day) if day else None, series)
        except ValueError:
            return cls(document_id, None, "")


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of a document that can stand as an answer."""

    id: str  # document id and structural path: "161/2026/NĐ-CP@2026-05-15#dieu-3/khoan-2"
    document_id: str
    location: str | None  # "Điều 3, khoản 2"; None for a summary
    headings: tuple[str, ...]  # of the parents, outermost first, its own article's heading included
    text: str  # NFC; what an answer shows
    text_kind: TextKind
    context: str  # title, number and aliases of the document: searched with the text, never shown as it
    weight: float = 1.0  # 0..1, how much it counts in search beside others: boilerplate less; does not affect vectors

    @property
    def searched_text(self) -> str:
        """What the encoder and the lexical leg see: context, headings and text."""
        return "\n".join(part for part in (self.context, *self.headings, self.text) if part)

    @property
    def digest(self) -> str:
        """SHA-256 (hex) over everything that affects retrieval; unchanged digest means no new embedding."""
        return sha256(f"{self.id}\0{self.text_kind.value}\0{self.searched_text}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class ValidityOn:
    """A document's validity on one day, and why."""

    validity: Validity
    on: date
    since: date | None = None  # first day of this state, where known
    replaced_by: tuple[str, ...] = ()  # numbers, newest first
    amended_by: tuple[str, ...] = ()  # numbers, newest first
    abolished_by: tuple[str, ...] = ()  # numbers, newest first: ended (or, PARTLY_EXPIRED, in part) without replacement
    suspended_by: tuple[str, ...] = ()  # numbers, newest first
    corrected_by: tuple[str, ...] = ()  # numbers, newest first
    namesake: str | None = None  # number of a newer law of the same name in effect, which makes this one UNKNOWN
