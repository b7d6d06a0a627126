"""The structure of an official text: which lines head a phần, chương, mục, điều, khoản, điểm or phụ lục (pure).

Texts come plain or as Markdown, typed or read by machine, so a line that looks like a heading need not be one: a
wrapped line may begin "Điều 9. Luật …", and an amending document quotes whole articles. Article numbers rise through a
text, so the heading lines are the longest rising run of the candidates; all others are text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.labels import repaired, repaired_letters, rising, roman

_ARTICLE = re.compile(r"Điều\s+(\d{1,4})([a-zđ]?)(?:\s*[.:]\s*(.*)|\s*$)")
_GROUP = re.compile(
    r"(PHẦN|Phần|CHƯƠNG|Chương|MỤC|Mục|TIỂU MỤC|Tiểu mục)\s+"
    r"(thứ\s+\w+|[IVXLCDM]+|[\dA-ZÌÍ]{1,5})(?:\s*[.:–—-]+\s*|\s+|$)(.*)"
)
_ANNEX = re.compile(r"(?:Phụ lục|PHỤ LỤC)(?:\s+(?:số\s+)?([IVXLC]+[A-Z]?(?:\.\d+)?|\d+[A-Z]?))?(?:\s*[.:–—-]\s*(.+))?$")
_ATTACHED = re.compile(r"(QUY CHẾ|QUY ĐỊNH|ĐIỀU LỆ|CHƯƠNG TRÌNH|KẾ HOẠCH|CHIẾN LƯỢC|ĐỀ ÁN)\b")
_ATTACHED_TO = re.compile(r"\(?\s*(?:ban hành\s+)?kèm theo", re.I)
_CLAUSE = re.compile(r"(\d{1,3}(?=[.,]\s)|\d{1,3}\.\d{1,2}(?=\.?\s))[.,]?\s+(?=\S)")
_POINT = re.compile(r"[-+]?\s*([a-zđ])\)\s+(?=\S)")
_MARKS = re.compile(r"^[#\s*_]+|[\s*_]+$")
_QUOTED = (">", '"', "“", "«")
_RANKS = {"phần": 0, "chương": 1, "mục": 2, "tiểu mục": 3}
_CLAUSES_MISSED = 2  # khoản that machine reading may swallow between two that were read
_SHORTEST_QUOTED_LINE = 10  # a shorter line that opens a quotation is dirt on the page
_MARKED = 1.25  # what a line marked as a heading weighs instead of 1


@dataclass(frozen=True, slots=True)
class Article:
    """One điều with the headings above it."""

    label: str  # "3", "19a"
    title: str  # "Mức lương cơ sở"; empty where it has none
    lines: tuple[str, ...]  # everything below the heading line
    parents: tuple[str, ...]  # "Chương II. …", outermost first
    attached: str | None  # "Quy chế" when it stands in a regulation issued with the document


@dataclass(frozen=True, slots=True)
class Annex:
    """One phụ lục."""

    label: str | None  # "I", "I.2"; None where the only annex has no number
    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Structure:
    """A text in its parts. `preamble` is what stands before the first article or, without articles, the whole text."""

    preamble: tuple[str, ...]
    articles: tuple[Article, ...]
    annexes: tuple[Annex, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """A khoản or a điểm: its label and its lines, its own first line included."""

    label: str  # "2", "a"; empty for what stands before the first one
    lines: tuple[str, ...]


def bare(line: str) -> str:
    """A line without the marks Markdown puts around it."""
    return _MARKS.sub("", line.replace("**", ""))


def parse(text: str) -> Structure:
    """Divide an official text into preamble, articles and annexes; every line lands in exactly one of them."""
    lines = text.split("\n")
    annexes = _annex_starts(lines)
    end = annexes[0] if annexes else len(lines)
    borders = [0, *_attachment_starts(lines, end), end]
    articles: list[Article] = []
    preamble: list[str] = []
    for start, stop in pairwise(borders):
        attached = _ATTACHED.match(bare(lines[start])) if start else None
        before, found = _articles(lines[start:stop], attached.group(1).capitalize() if attached else None)
        articles += found
        preamble += before
    return Structure(
        tuple(preamble),
        tuple(articles),
        tuple(_annex(lines[start:stop]) for start, stop in pairwise([*annexes, len(lines)])),
    )


def clauses(article_label: str, lines: Sequence[str]) -> list[Item]:
    """The khoản of an article, in order; the first item (label "") is the lead-in, and may be all there is."""
    quoted = _quoted(lines)
    found = []
    for place, line in enumerate(lines):
        match = _CLAUSE.match(bare(line))
        if match and place not in quoted and not line.lstrip().startswith("|"):
            found.append((place, match.group(1)))
    # "1.1", "1.2" under Điều 1: whole numbers below are then quoted ones
    is_decimal = bool(found) and "." in found[0][1]
    found = [(place, label) for place, label in found if label.startswith(f"{article_label}.") or not is_decimal]
    found = [(place, label) for place, label in found if ("." in label) is is_decimal]
    keys = [int(label.rpartition(".")[2]) for _, label in found]
    chosen = rising(keys, [1.0] * len(keys), largest_step=_CLAUSES_MISSED + 1)
    return _items(lines, repaired(found, keys, chosen))


def points(lines: Sequence[str]) -> list[Item]:
    """The điểm of a khoản, in order; the first item (label "") is the lead-in, and may be all there is."""
    quoted = _quoted(lines)
    found = []
    for place, line in enumerate(lines):
        match = _POINT.match(bare(line))
        if match and place not in quoted:
            found.append((place, match.group(1)))
    return _items(lines, repaired_letters(found))


def inline_items(line: str) -> list[str]:
    """Break a long line that holds several khoản and điểm ("… 1. … a) … 2. …") before each of them."""
    breaks = []
    expected = 1
    for match in re.finditer(r"(?<=\s)(?:(\d{1,2})[.,]\s(?=\D)|([a-zđ])\)\s)", line):
        number = match.group(1)
        if expected > 1 if number is None else int(number) == expected:
            breaks.append(match.start())
            expected += number is not None
    return [line[start:stop].strip() for start, stop in zip([0, *breaks], [*breaks, len(line)], strict=True)]


def _articles(lines: Sequence[str], attached: str | None) -> tuple[list[str], list[Article]]:
    candidates = []
    for place, line in enumerate(lines):
        match = None if line.lstrip().startswith(_QUOTED) else _ARTICLE.fullmatch(bare(line))
        if match:
            candidates.append((place, int(match.group(1)), match.group(2), match.group(3) or ""))
    keys = [number + (ord(suffix) / 1000 if suffix else 0.0) for _, number, suffix, _ in candidates]
    weights = [_MARKED if lines[place].lstrip().startswith(("#", "**")) else 1.0 for place, *_ in candidates]
    heads = [candidates[index] for index in rising(keys, weights)]
    if not heads:
        return list(lines), []
    groups = _groups(lines, {place for place, *_ in heads})
    articles = []
    preamble = [line for place, line in enumerate(lines[: heads[0][0]]) if place not in groups]
    stops = [place for place, *_ in heads[1:]] + [len(lines)]
    parents: dict[int, str] = {}
    read_to = 0
    for (place, number, suffix, title), stop in zip(heads, stops, strict=True):
        for above in range(read_to, place):
            rank, heading = groups.get(above, (-1, ""))
            if heading:
                parents = {kept: text for kept, text in parents.items() if kept < rank} | {rank: heading}
        own = [line for above, line in enumerate(lines[place + 1 : stop], place + 1) if above not in groups]
        chain = tuple(parents[rank] for rank in sorted(parents))
        articles.append(Article(f"{number}{suffix}", title.strip(), tuple(own), chain, attached))
        read_to = place
    return preamble, articles


def _groups(lines: Sequence[str], heads: set[int]) -> dict[int, tuple[int, str]]:
    """Lines that head a phần, chương or mục: place → (rank, heading); the line with its title has an empty heading.

    Such a line stands above an article, with nothing but other headings between. Chapters are counted, because their
    roman numerals suffer most in machine reading ("Chương HI").
    """
    groups: dict[int, tuple[int, str]] = {}
    chapters = 0
    for head in sorted(heads):
        block = []
        place = head - 1
        while place >= 0 and place not in heads and (not bare(lines[place]) or _may_head(lines[place])):
            block.append(place)
            place -= 1
        block.reverse()
        starts = [place for place in block if _GROUP.match(bare(lines[place]))]
        for start, stop in pairwise([*starts, head]):
            match = _GROUP.match(bare(lines[start]))
            if match is None:
                continue
            kind, title = match.group(1).capitalize(), match.group(3)
            chapters += kind == "Chương"
            label = roman(chapters) if kind == "Chương" and not match.group(2).isdigit() else match.group(2)
            below = [bare(lines[place]) for place in range(start + 1, stop) if bare(lines[place])]
            words = " ".join(" ".join([title, *below]).split()).strip(" :`ˆ")
            groups[start] = (_RANKS[kind.lower()], f"{kind} {label}. {words}" if words else f"{kind} {label}")
            groups.update(dict.fromkeys(range(start + 1, stop), (-1, "")))
    return groups


def _may_head(line: str) -> bool:
    plain = bare(line)
    letters = [letter for letter in plain if letter.isalpha()]
    is_upper = bool(letters) and sum(letter.isupper() for letter in letters) > 0.8 * len(letters)
    return is_upper or line.lstrip().startswith("#") or plain.strip("-") == "" or _GROUP.fullmatch(plain) is not None


def _annex_starts(lines: Sequence[str]) -> list[int]:
    last_article = max((place for place, line in enumerate(lines) if _ARTICLE.fullmatch(bare(line))), default=-1)
    return [
        place
        for place, line in enumerate(lines)
        if place > last_article and len(line) < 300 and not line.startswith(" ") and _ANNEX.match(bare(line))
    ]


def _annex(lines: Sequence[str]) -> Annex:
    match = _ANNEX.match(bare(lines[0]))
    return Annex(match.group(1) if match else None, (match.group(2) or "") if match else "", tuple(lines[1:]))


def _attachment_starts(lines: Sequence[str], end: int) -> list[int]:
    starts = []
    for place in range(1, end):
        if _ATTACHED.match(bare(lines[place])) and bare(lines[place]).isupper():
            below = [bare(line) for line in lines[place + 1 : place + 8] if bare(line)]
            if any(_ATTACHED_TO.match(line) for line in below[:3]):
                starts.append(place)
    return starts


def _items(lines: Sequence[str], starts: Sequence[tuple[int, str]]) -> list[Item]:
    borders = [0, *(place for place, _ in starts), len(lines)]
    labels = ["", *(label for _, label in starts)]
    return [Item(label, tuple(lines[a:b])) for label, (a, b) in zip(labels, pairwise(borders), strict=True)]


def _quoted(lines: Sequence[str]) -> set[int]:
    """Places of lines inside a quotation: Markdown's ">", and from a line that opens one to the line that closes it.

    A quotation mark that is never closed is taken for a slip.
    """
    quoted = {place for place, line in enumerate(lines) if line.lstrip().startswith(_QUOTED)}
    closings = {mark: [place for place, line in enumerate(lines) if mark in line] for mark in ("”", '"')}
    place = 0
    while place < len(lines):
        plain = bare(lines[place])
        opens = (plain.startswith("“") and "”" not in plain) or (plain.startswith('"') and plain.count('"') % 2 == 1)
        if opens and len(plain) > _SHORTEST_QUOTED_LINE:
            closing = closings["”" if plain.startswith("“") else '"']
            later = bisect_right(closing, place)
            end = closing[later] if later < len(closing) else place
            quoted.update(range(place, end + 1))
            place = end
        place += 1
    return quoted
