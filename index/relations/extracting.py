"""Document → the relations that its own text states: its final and amending articles, its title, its grounds (pure).

Decision. Precision before recall: a wrong "replaces" tells citizens that valid law is dead. Only sentences that begin
with an act ("Bãi bỏ …"), whose subject is the document itself ("Nghị định này … thay thế …"), or that end in one
("… hết hiệu lực") count, only in articles that may act, never inside quotations; what is named in a title, in brackets
or as history is left out; so is an object that is newer than the document, and the document itself.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from index.document import Document, Relation, RelationKind, TextKind
from index.relations.acts import Act, Deed, Sentence, read
from index.relations.grounds import based_on, guided_by_text
from index.relations.mentions import Mention, folded
from index.relations.objects import PART, Named, named_in
from index.relations.tidying import dates_in, is_possible, tidied
from index.relations.units import LONGEST_SENTENCE, Paragraph, Section, is_consolidation, sections, wording

_WHOLE = {
    Deed.REPLACE: RelationKind.REPLACES,
    Deed.ABOLISH: RelationKind.ABOLISHES,
    Deed.AMEND: RelationKind.AMENDS,
    Deed.CORRECT: RelationKind.CORRECTS,
    Deed.SUSPEND: RelationKind.SUSPENDS,
}
_PARTLY = {
    RelationKind.REPLACES: RelationKind.PARTLY_REPLACES,
    RelationKind.ABOLISHES: RelationKind.PARTLY_ABOLISHES,
    RelationKind.SUSPENDS: RelationKind.PARTLY_SUSPENDS,
}
_TITLE_BEGINS = re.compile(
    r"(?:v/v:?\s+|về việc\s+|về\s+|thông báo\s+)*"
    r"(?:(?:bộ luật|luật|pháp lệnh|nghị định|nghị quyết|quyết định|thông tư)\s+(?=sửa|bổ sung|bãi|đính))?",
    re.IGNORECASE,
)
_OWN_ARTICLE = re.compile(r"(?:dieu|khoan|diem) [^;]{0,60}\bnay\b|chuyen tiep")
_STAYS = re.compile(r"tiep tuc co hieu luc|het hieu luc|bai bo")
_AGENCY = re.compile(  # "Bộ Xây dựng có trách nhiệm:"
    r"(?:cac )?(?:bo (?!luat)|uy ban|so |co quan|don vi|to chuc|giao )|.*\b(?:trach nhiem|chu tri|phoi hop|giao bo)\b"
)
_TASK = re.compile(  # what is still to be done by somebody: "… trước ngày 01 tháng 9 năm 2026."
    r"\b(?:trong|truoc) (?:ngay|thang|quy|nam) (?:[0-9ivx/ ]|thang|nam){1,25}[.;]*$"
)
_CONTENT_FOLLOWS = re.compile(r"nhu sau\s*:?$")


@dataclass(frozen=True, slots=True)
class _Spared:
    """What an exception refers to within the document: "trừ trường hợp quy định tại khoản 3 Điều này"."""

    exception: str
    wording: str  # of the khoản it names


@dataclass(frozen=True, slots=True)
class _Context:
    """What a paragraph leaves open for the list below it."""

    depth: int
    act: Act | None  # its objects follow
    targets: tuple[Relation, ...]  # what the items below are about: "Sửa đổi … của Nghị định số … như sau:"
    is_part: bool  # "Bãi bỏ một số điều của các nghị định sau:"
    exceptions: tuple[_Spared, ...]
    is_amended: bool = False  # wording of the other document may follow without quotation marks


def extract(document: Document) -> tuple[Relation, ...]:
    """The relations stated in the official text and title of a document, in the order of the text, each once.

    Every relation `is_extracted` and gives number and kind; date, first and last day, parts (`scope`) and location
    where the text says them. `effective_on` is None where an act begins with the document itself. Nothing for our own
    summaries and other retellings, nor for a consolidation (văn bản hợp nhất), whose "Nghị định này" is another
    document; of a record without text the title alone is read. Never raises.
    """
    if (document.text_kind is not TextKind.OFFICIAL and document.text) or is_consolidation(document):
        return ()
    text = wording(document)
    preamble, found = sections(text)
    bases = based_on("\n".join(preamble))
    names = (*bases, *(stated for stated in document.relations if stated.kind is RelationKind.BASED_ON))
    title = unicodedata.normalize("NFC", document.title).strip()
    begun = _TITLE_BEGINS.match(title)
    title = title[begun.end() :][:LONGEST_SENTENCE] if begun else title
    headline = read(title, in_title=True)
    relations = [
        *(_relation(deed, named, act, None) for act in headline.acts for deed, named in _objects(headline, act)),
        *(relation for section in found for relation in _of_section(section)),
        *guided_by_text(title, names, document.type),
        *(relation for section in found if section.is_first for relation in _guided(section, names, document.type)),
        *bases,
    ]
    return tidied([relation for relation in relations if is_possible(relation, document)], dates_in(text))


def _guided(section: Section, names: Sequence[Relation], type_: str) -> Iterator[Relation]:
    for paragraph in section.paragraphs:
        for sentence in paragraph.sentences:
            for relation in guided_by_text(sentence, names, type_):
                yield replace(relation, location=paragraph.location)


def _of_section(section: Section) -> Iterator[Relation]:
    open_: list[_Context] = []
    told: int | None = None  # depth of a lead-in that tells an agency what to do
    for paragraph in section.paragraphs:
        depth = paragraph.depth + (not paragraph.is_labelled)  # an item without label stands below its lead-in
        open_ = [context for context in open_ if context.depth < depth]
        told = None if told is not None and told >= depth else told
        for sentence in map(read, paragraph.sentences):
            context = open_[-1] if open_ else None
            if not section.may_instruct or (told is not None and context is None) or _is_task(sentence, paragraph):
                sentence = replace(sentence, acts=tuple(act for act in sentence.acts if not act.is_instruction))
            relations, left_open = _of_sentence(sentence, paragraph, context, section)
            yield from relations
            if left_open:
                open_ = [*open_, left_open]
            elif paragraph.leads_in and not sentence.acts and _AGENCY.match(sentence.plain):
                told = paragraph.depth


def _is_task(sentence: Sentence, paragraph: Paragraph) -> bool:
    return paragraph.depth > 0 and _TASK.search(sentence.plain) is not None


def _of_sentence(
    sentence: Sentence, paragraph: Paragraph, context: _Context | None, section: Section
) -> tuple[list[Relation], _Context | None]:
    if context and context.is_amended:  # only acts that begin the item are the document's own
        sentence = replace(sentence, acts=tuple(act for act in sentence.acts if act.is_instruction))
    relations = []
    targets: list[Relation] = []
    left_open: _Context | None = None
    for act in sentence.acts:
        found = list(_objects(sentence, act))
        if found:
            spared = _exceptions(act, section)
            relations += [_relation(deed, _limited(named, spared), act, paragraph.location) for deed, named in found]
            targets += relations[-len(found) :]
            continue
        scope = _own_scope(sentence, act)
        if context and context.targets and scope and len({target.number for target in context.targets}) == 1:
            relations += [
                _relation(_within(deed, context), Named(_mention(context.targets[0]), scope), act, paragraph.location)
                for deed in act.deeds
            ]
        elif paragraph.depth == 0 or paragraph.leads_in or not sentence.raw[act.start : act.stop].strip(" :."):
            is_part = PART.match(sentence.plain[act.start : act.stop].strip(" :")) is not None
            is_part = (is_part and "cua " in sentence.plain[act.start : act.stop]) or "mot so dieu" in sentence.plain
            left_open = _Context(
                paragraph.depth, act, context.targets if context else (), is_part, _exceptions(act, section)
            )
    if targets:
        is_amended = _CONTENT_FOLLOWS.search(sentence.plain) is not None or paragraph.depth == 0
        left_open = _Context(paragraph.depth, None, tuple(targets), False, (), is_amended)
    if not sentence.acts and context and context.act:
        relations += _listed(sentence, paragraph, context)
    return relations, left_open


def _within(deed: Deed, context: _Context) -> Deed:
    """In an article that amends, "Thay thế Điều 5" amends."""
    return Deed.AMEND if deed is Deed.REPLACE and context.is_amended else deed


def _listed(sentence: Sentence, paragraph: Paragraph, context: _Context) -> list[Relation]:
    """An item of a list whose lead-in said what is done to it."""
    act = context.act
    if act is None:
        return []
    again = read(f"Bãi bỏ {sentence.raw}")  # an item alone reads like the object of a verb
    found = [(named, other) for other in again.acts[:1] for _, named in _objects(again, other)]
    if not found and len(context.targets) == 1 and PART.match(sentence.plain):
        found = [(Named(_mention(context.targets[0]), sentence.raw.strip(" .;")), act)]
    relations = []
    for named, other in found:
        named = replace(named, scope=named.scope or "một phần") if context.is_part else named
        dated = replace(act, starts_on=act.starts_on or other.starts_on)
        relations += [
            _relation(deed, _limited(named, context.exceptions), dated, paragraph.location) for deed in act.deeds
        ]
    return relations


def _objects(sentence: Sentence, act: Act) -> Iterator[tuple[Deed, Named]]:
    for named in named_in(sentence.raw, sentence.mentions, act.start, act.stop):
        if act.is_part or named.is_excepted or (act.exception and not _is_transitional(act.exception)):
            named = replace(named, scope=named.scope or act.exception or "một phần")
        for deed in act.deeds:
            yield deed, named


def _is_transitional(exception: str) -> bool:
    """Whether an exception is the document's own rule for cases begun before; the other document ends all the same."""
    plain = folded(exception)
    return _OWN_ARTICLE.search(plain) is not None and not plain.endswith(("sau", "sau day"))


def _exceptions(act: Act, section: Section) -> tuple[_Spared, ...]:
    """The exception as a limit of the act, unless it is the document's own transitional rule."""
    if not act.exception or not _is_transitional(act.exception):
        return ()
    named = re.search(r"khoản (\d+)\s*(?:,\s*(\d+)\s*)?(?:và\s*(?:khoản\s*)?(\d+)\s*)?Điều này", act.exception)
    if named is None:
        return ()
    labels = {f"khoản {label}" for label in named.groups() if label}
    wording = " ".join(
        sentence
        for paragraph in section.paragraphs
        if paragraph.location and labels & {part.strip() for part in paragraph.location.split(",")}
        for sentence in paragraph.sentences
    )
    return (_Spared(act.exception, wording),) if _STAYS.search(folded(wording)) else ()


def _limited(named: Named, spared: Sequence[_Spared]) -> Named:
    limits = (one.exception for one in spared if named.mention.number in one.wording or "/" not in one.wording)
    return replace(named, scope=named.scope or next(limits, None))


def _own_scope(sentence: Sentence, act: Act) -> str | None:
    """The parts an act names where it does not name their document: "Bãi bỏ khoản 2 Điều 7."."""
    plain = sentence.plain[act.start : act.stop]
    begin = len(plain) - len(plain.lstrip(" :"))
    if not (PART.match(plain, begin) or (Deed.AMEND in act.deeds and plain.strip(" :."))):
        return None
    words = re.sub(r"\s*như sau\b.*$", "", sentence.raw[act.start : act.stop])
    return re.sub(r"\s+", " ", words).strip(" :;.,") or None


def _mention(relation: Relation) -> Mention:
    return Mention(relation.number, None, relation.issued_on, "", 0, 0, relation.title)


def _relation(deed: Deed, named: Named, act: Act, location: str | None) -> Relation:
    kind = _WHOLE[deed]
    return Relation(
        kind=_PARTLY.get(kind, kind) if named.scope else kind,
        number=named.mention.number,
        title=named.mention.title,
        issued_on=named.mention.issued_on,
        effective_on=act.starts_on,
        ends_on=act.ends_on,
        scope=named.scope,
        location=location,
        is_extracted=True,
    )
