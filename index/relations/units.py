"""The parts of an official text that speak about other documents: final and amending articles (pure)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.document import Document
from index.relations.quotations import without_quotations
from index.structure import Article, Item, bare, clauses, inline_items, parse, points
from index.text.unicode import fold

LAST_ARTICLES = 4  # of a document are read whatever they are called
LONGEST_HEADING = 200  # characters of an article's title; a longer line holds the article itself
LONGEST_SENTENCE = 10_000  # characters; longer ones are cut, which bounds the work on a text made to be slow

_TITLE = re.compile(
    r"(hieu luc|thi hanh|chuyen tiep|bai bo|huy bo|sua doi|bo sung|thay the|dinh chinh|ngung|dinh chi"
    r"|to chuc thuc hien|dieu khoan cuoi|pham vi)"
)
_TASKS = re.compile(r"^(?!.*(?:hieu luc|bai bo|huy bo|sua doi|thay the)).*(?:to chuc thuc hien|trach nhiem|phan cong)")
_YEAR = re.compile(r"/(?:19|20)\d{2}/")
_LABEL = re.compile(r"(?:\d{1,3}(?:\.\d{1,2})*[.,)]\s+|[a-zđ]\)\s+|[-+•–]\s*|Điều\s+\d+[a-zđ]?\s*[.:]\s*)+")
_SENTENCE_END = re.compile(r"[.!?](?=\s+[A-ZĐÀ-Ỹ‹])")
_GOES_ON = re.compile(r"(?:\b(?:của|và|về|tại|theo|số|ngày|các|bởi|do|là)|(?:^|\s)[A-ZĐ]{1,4})$")
_PAUSES = (".", ";", ":", "!", "?")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph without its label, in sentences."""

    sentences: tuple[str, ...]
    depth: int  # 0: title of an article, 1: of the article, 2: of a khoản, 3: of a điểm, 4: below a dash
    is_labelled: bool
    location: str | None  # "Điều 90, khoản 2, điểm a"; None where the text has no articles

    @property
    def leads_in(self) -> bool:
        """Whether a list follows."""
        return self.sentences[-1].endswith(":") or self.sentences[-1].endswith("sau")


@dataclass(frozen=True, slots=True)
class Section:
    """An article, or a whole text without articles, as paragraphs in order."""

    paragraphs: tuple[Paragraph, ...]
    is_first: bool  # the article on scope, where the text says what it guides
    may_instruct: bool  # whether "Bãi bỏ …" is done here, and not a task given to somebody


def is_consolidation(document: Document) -> bool:
    """Whether a document repeats another as amended (văn bản hợp nhất) and does nothing of its own."""
    return "/VBHN-" in document.number or document.type == "Văn bản hợp nhất"


def wording(document: Document) -> str:
    """The text of a document in NFC, in which its own number reads "này", as in "Nghị định này".

    A number that carries no year stays: another year's document may have it too.
    """
    text = unicodedata.normalize("NFC", document.text)
    if not _YEAR.search(document.number):
        return text
    return re.sub(rf"(?:\s+số)?\s*\b{re.escape(document.number)}(?![\w/-])(?!\s*ngày)", " này", text)


def sections(text: str) -> tuple[tuple[str, ...], tuple[Section, ...]]:
    """The lines before the first article, and the articles that may act on other documents; annexes never do.

    Without articles the second part is the whole text as one section.
    """
    structure = parse(without_quotations(text))
    own = [article for article in structure.articles if article.attached is None]
    found = [
        Section(
            tuple(_paragraphs(article)),
            is_first=place == 0,
            may_instruct=len(article.title) > LONGEST_HEADING or not _TASKS.search(fold(article.title)),
        )
        for place, article in enumerate(own)
        if place >= len(own) - LAST_ARTICLES or not article.title or _speaks(article.title)
    ]
    if not structure.articles:
        lines = [paragraph for line in structure.preamble for paragraph in _of_lines([line], 1, None)]
        found = [Section(tuple(lines), is_first=True, may_instruct=False)]
    return structure.preamble, tuple(found)


def _speaks(title: str) -> bool:
    return len(title) > LONGEST_HEADING or _TITLE.search(fold(title)) is not None


def _paragraphs(article: Article) -> Iterator[Paragraph]:
    title, lines = article.title, list(article.lines)
    location = f"Điều {article.label}"
    if len(title) > LONGEST_HEADING or title.endswith(".") or not any(bare(line) for line in lines):
        lines, title = [*inline_items(title), *lines], ""
    if title:
        yield from _of_lines([title], 0, location)
    for item, inner in _items(clauses(article.label, lines), location, "khoản"):
        depth = 1 + bool(item.label)
        for point, place in _items(points(item.lines), inner, "điểm"):
            yield from _of_lines(point.lines, depth + bool(point.label), place)


def _items(items: Sequence[Item], location: str, kind: str) -> Iterator[tuple[Item, str]]:
    for item in items:
        yield item, f"{location}, {kind} {item.label}" if item.label else location


def _of_lines(lines: Sequence[str], depth: int, location: str | None) -> Iterator[Paragraph]:
    """Paragraphs of lines; a line that stops in mid-sentence goes on in the next where that has no label."""
    whole: list[tuple[list[str], bool, bool]] = []
    for line in lines:
        plain = bare(line)
        label = _LABEL.match(plain)
        words = plain[label.end() :] if label else plain
        if not words or plain.startswith("|"):
            continue
        last = whole[-1][0][-1] if whole else "."
        if not label and (not last.endswith(_PAUSES) or _GOES_ON.search(last[-12:].rstrip("."))):
            whole[-1][0][-1] = last.rstrip(".")
            whole[-1][0].append(words)
        else:
            whole.append(([words], label is not None, label is not None and plain[0] in "-+•–"))
    for parts, is_labelled, is_dashed in whole:
        yield Paragraph(tuple(_sentences(" ".join(parts))), 4 if is_dashed else depth, is_labelled, location)


def _sentences(paragraph: str) -> Iterator[str]:
    start = 0
    for match in _SENTENCE_END.finditer(paragraph):
        if not _GOES_ON.search(paragraph[max(start, match.start() - 12) : match.start()]):
            yield from _bounded(paragraph[start : match.end()].strip())
            start = match.end()
    if paragraph[start:].strip() or not start:
        yield from _bounded(paragraph[start:].strip())


def _bounded(sentence: str) -> Iterator[str]:
    return (sentence[at : at + LONGEST_SENTENCE] for at in range(0, max(len(sentence), 1), LONGEST_SENTENCE))
