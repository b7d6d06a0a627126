"""A collected full text in Markdown → the document, with the collector's own words left out.

Such files begin with front matter in some dialect or with a table "THÔNG TIN VĂN BẢN", and surround the official text
with summaries, highlights, notes on sources and on machine reading. Those are dropped by their headings; so are the
letterhead, the legal grounds and the list of recipients, which answer nobody. Articles, tables and annexes stay.

Some such files retell a document: those with neither articles nor legal grounds nor recipients, and those in articles
that lack both of the latter and stress words in mid-sentence, as no official text does. Their words are nobody's to
quote, so they are kept as a summary, with no evidence label of their own. What is retold inside a complete official
frame cannot be told from the wording; `text_kind: summary` in the front matter says so, whatever the file looks like.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from index.document import Document, RelationKind, TextKind
from index.errors import UnreadableSource
from index.ingest import codification
from index.ingest.facts import (
    body_name,
    body_of_number,
    date_in,
    dates_in,
    number_in,
    relations_to,
    type_in,
    type_of_number,
)
from index.relations import based_on
from index.structure import bare
from index.text.unicode import fold, normalise

# Folded beginnings of headings over the collector's own sections and over parts of the document that answer nobody.
_LEFT_OUT = re.compile(
    r"(thong tin (van ban|chung)|tom tat|trich yeu|diem (nhan|noi bat|moi)|ghi chu|phuong phap|tham khao|tai lieu tham"
    r"|nguon\b|van ban (lien quan|thay the|huong dan)|can cu|noi nhan|bang tong hop|danh sach dieu khoan)"
)
_TEXT_BEGINS = re.compile(r"(van ban|noi dung( toan van| chi tiet)?|toan van)$")
# Single lines of the collector between official ones.
_REMARK = re.compile(r"(nguon:|tai lieu duoc ocr|noi dung duoc trich xuat|tai lieu tham khao:|da biet$|&nbsp;$)")
_LETTERHEAD = re.compile(
    r"(chinh phu|thu tuong chinh phu|quoc hoi|bo [a-z ]+)?\s*(cong hoa xa hoi chu nghia viet nam)?$"
    r"|\W*doc lap\W+tu do\W+hanh phuc|so:|ha noi,|cong thong tin dien tu|(nghi (dinh|quyet)|quyet (dinh|nghi|nghị)"
    r"|thong tu|luat|chi thi|cong dien)\s*:?$|[\W_]*$|(can cu|theo de nghi|tren co so|xet de nghi)\b"
)
_SIGNATURE = re.compile(r"\W*(noi nhan\b|tm\. |kt\. |tl\. |tuq\. |tai lieu tham khao:|nguon tham chieu:)")
_UNIT = re.compile(r"(điều \d|chương |mục \d|phần |phụ lục|mẫu số|\d{1,3}[.,] |[-+~] |[a-zđ]\) |\||#|>|\*|“|\")", re.I)
_UNFINISHED = re.compile(r"[^.;:!?…”\"|]$")
_HEADING = re.compile(r"(#{1,6})\s+(.*)")
_SEVERAL_PAGES = 3_000  # characters; a printed page of a decree holds about 2,500
_PROMULGATED = re.compile(r"^[#*_ ]*Căn cứ [A-ZĐ].*;|(?i:\bnơi nhận\b)", re.M)  # legal grounds, recipients
_IN_ARTICLES = re.compile(r"^[#*_ ]*Điều \d+[.:]", re.M)
_MATTER = re.compile(r"\b(?:sửa đổi|bổ sung|bãi bỏ|thay thế|đính chính|ngưng|quy định|hướng dẫn|về)\b", re.I)
_STRESSED = re.compile(r"(?<=[\w,:;] )\*\*[^*\n]+\*\*")  # bold in the middle of a sentence
_GOVERNMENT_PAGE = re.compile(r"(?<![a-z0-9.-])[a-z0-9.-]*\bchinhphu\.vn\b")
_HEADS = re.compile(r"#|[*_ ]*(?:Điều \d|Chương |Mục \d)")  # goes on in the next line only where that is in lower case
_NEVER_GOES_ON = re.compile(r"(phụ lục|chương|mục) ?[ivxlc\d]*$", re.I)
_FORMULA = ((r"\\text\{([^{}]*)\}", r"\1"), (r"\\times", "×"), (r"\\(?:left|right)", ""), (r"\\%", "%"), (r"\$\$", ""))

# Names under which front matter and tables give a fact, folded, in order of trust.
_NAMES = {
    "number": ("so hieu", "so ky hieu", "so_hieu", "so-hieu", "sohieu", "code"),
    "type": ("loai van ban", "loai_van_ban", "loaivanban"),
    "body": ("co quan ban hanh", "co_quan_ban_hanh", "cquanbanhanh", "co-quan-ban-hanh", "co_quan", "issuer", "org"),
    "issued": ("ngay ban hanh", "ngay_ban_hanh", "ngaybanhanh"),
    "effective": (
        *("ngay co hieu luc", "ngay hieu luc", "ngay_hieu_luc", "ngay-hieu-luc", "ngayhieuluc", "hieu_luc"),
        *("effective_date", "effect"),
    ),
    "expires": ("ngay het hieu luc", "hieu_luc_end"),
    "signer": ("nguoi ky", "nguoi_ky", "nguoi-ky", "nguoiky"),
    "title": ("trich_yeu", "trichyeu", "trich yeu", "digest", "title"),
    "replaces": ("thay the", "thay_the"),
    "source": ("nguon", "nguon tham chieu", "source", "source_url"),
    "checked": ("lastedit", "modified"),
}
_UNKNOWN = ("", "-", "—", "dang cap nhat", "khong")


def read_markdown(path: Path) -> list[Document]:
    """The documents in a file: one, or several where it is a codification of several documents' articles.

    Raises `UnreadableSource` when the bytes are not UTF-8, the front matter is no YAML or names an unknown `text_kind`,
    or no document number or no text can be found.
    """
    return read_markdown_bytes(path.read_bytes(), path)


def read_markdown_bytes(content: bytes, path: Path) -> list[Document]:
    """`read_markdown` for a file's bytes that are already here; `path` only names them."""
    try:
        text = normalise(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise UnreadableSource(str(path), "not UTF-8") from error
    front, body = _front_matter(text, path)
    if codification.is_codification(text):
        found = codification.read(text, source=path.name)
        return [replace(one, text_kind=_declared_kind(front, path) or one.text_kind) for one in found]
    facts = _table_facts(body) | {name: value for name, value in front.items() if value not in _UNKNOWN}
    known = {fact: _known(facts, names) for fact, names in _NAMES.items()}
    title_line = next((match.group(2) for line in body.split("\n") if (match := _HEADING.match(line))), "")
    number = (
        number_in(known["number"]) or _own_number(known["title"]) or _own_number(title_line) or number_in(path.stem)
    )
    if number is None:
        raise UnreadableSource(str(path), "no document number in front matter, table, title or file name")
    wording = official_text(body)
    if not wording:
        raise UnreadableSource(str(path), "no text of a document found")
    title = _title(known["title"] or title_line, number)
    effective = dates_in(known["effective"])
    kind = _declared_kind(front, path) or _kind_by_looks(body, wording)
    return [
        Document(
            number=number,
            type=type_of_number(number) or type_in(known["type"]) or "",
            title=title,
            issuing_body=_body(known["body"]) or body_of_number(number) or "",
            issued_on=date_in(known["issued"]) or _signed_on(body),
            effective_on=effective[0] if effective else None,
            expires_on=date_in(known["expires"]) or (effective[1] if len(effective) > 1 else None),
            text_kind=kind,
            text=wording,
            source=_host(known["source"]) or _host(" ".join(_GOVERNMENT_PAGE.findall(text))) or path.name,
            checked_on=date_in(known["checked"]),
            signer=known["signer"] or None,
            evidence="F" if kind is TextKind.OFFICIAL else None,
            relations=(
                *relations_to(RelationKind.REPLACES, known["replaces"]),
                *(based_on(body) if kind is TextKind.OFFICIAL else ()),  # the grounds are left out of the wording
            ),
        )
    ]


def official_text(body: str) -> str:
    """The official wording in a collected text: sections and lines of the collector dropped, broken lines joined."""
    lines = [part for line in body.split("\n") for part in _pages_apart(line)]
    start = next(
        (place + 1 for place, line in enumerate(lines) if (head := _HEADING.match(line)) and _begins(head.group(2))), 0
    )
    kept: list[str] = []
    dropping: int | None = None  # level of the heading whose section is being dropped
    is_signed = False  # recipients and signatures until the next heading
    is_in_annex = False
    for line in lines[start:]:
        head, folded = _HEADING.match(line), fold(bare(line))
        is_in_annex = is_in_annex or folded.startswith("phu luc")
        if head or folded.startswith("phu luc"):
            is_signed = False
            level = len(head.group(1)) if head else 6
            if dropping is None or level <= dropping:
                dropping = level if head and _LEFT_OUT.match(folded) else None
        if _SIGNATURE.match(folded) and (not is_in_annex or line.startswith("**")):  # forms in annexes are signed too
            is_signed = True
        is_title = head is not None and len(head.group(1)) == 1 and number_in(line) is not None
        if dropping is None and not is_signed and not is_title and not _REMARK.match(folded):
            kept.append(line)
    return "\n".join(_joined(_without_letterhead(kept))).strip()


def _declared_kind(front: dict[str, str], path: Path) -> TextKind | None:
    if "text_kind" not in front:
        return None
    try:
        return TextKind(front["text_kind"])
    except ValueError as error:
        raise UnreadableSource(str(path), f"text_kind is {front['text_kind']!r}, not official or summary") from error


def _kind_by_looks(body: str, wording: str) -> TextKind:
    is_retold = _IN_ARTICLES.search(body) is None or _STRESSED.search(wording) is not None
    return TextKind.SUMMARY if is_retold and not _PROMULGATED.search(body) else TextKind.OFFICIAL


def _pages_apart(line: str) -> list[str]:
    """A line that several pages ran into: the recipients and the annexes behind them on lines of their own."""
    if len(line) < _SEVERAL_PAGES:
        return [line]
    line = re.sub(r"\s+(?=Nơi nhận:)", "\n", line)
    return re.sub(r"(Lưu: VT\b[^;.\n]{0,20}\(\w{1,3}\))\s+(?=\S)", r"\1\nPhụ lục\n", line).split("\n")


def _begins(heading: str) -> bool:
    return _TEXT_BEGINS.match(fold(bare(heading))) is not None


def _without_letterhead(lines: list[str]) -> list[str]:
    first = next(
        (place for place, line in enumerate(lines) if _UNIT.match(bare(line)) and not _is_letterhead(line)), len(lines)
    )
    return ["" if _is_letterhead(line) else line for line in lines[:first]] + lines[first:]


def _is_letterhead(line: str) -> bool:
    return _LETTERHEAD.match(fold(bare(line))) is not None


def _joined(lines: list[str]) -> list[str]:
    """Paragraphs that machine reading broke into lines, whole again; a page break may stand in between."""
    joined: list[str] = []
    for line in lines:
        for pattern, shown in _FORMULA:
            line = re.sub(pattern, shown, line)
        plain = bare(line)
        last = next((place for place in range(len(joined) - 1, -1, -1) if joined[place].strip()), None)
        if last is None or not plain:
            joined.append(line)
            continue
        is_adjacent = last == len(joined) - 1
        is_doubtful = not is_adjacent or _is_upper(joined[last]) or _HEADS.match(joined[last]) is not None
        goes_on = (plain[0].islower() or not is_doubtful) and not _NEVER_GOES_ON.match(bare(joined[last]))
        if goes_on and _UNFINISHED.search(joined[last]) and not _UNIT.match(line.lstrip()) and not _is_upper(plain):
            joined[last:] = [f"{joined[last]} {line.strip()}"]
        else:
            joined.append(line)
    return joined


def _is_upper(line: str) -> bool:
    return bare(line).isupper()


def _front_matter(text: str, path: Path) -> tuple[dict[str, str], str]:
    match = re.match(r"---\n(.*?)\n---\n", text, re.S)
    if match is None:
        return {}, text
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(match.group(1))):
            raise UnreadableSource(str(path), "front matter refers to itself")  # a few lines can stand for gigabytes
        values: Any = yaml.safe_load(match.group(1))
    except yaml.YAMLError as error:
        raise UnreadableSource(str(path), f"front matter is not YAML: {' '.join(str(error).split())}") from error
    fields = values if isinstance(values, dict) else {}
    return {str(name): _plain(value) for name, value in fields.items()}, text[match.end() :]


def _table_facts(body: str) -> dict[str, str]:
    rows = re.findall(r"^\|([^|\n]+)\|(.+)\|[ \t]*$", body.split("Điều 1", 1)[0], flags=re.M)
    facts = {fold(bare(name)): bare(value.replace("**", "")) for name, value in rows}
    stated = re.search(r"^[-*\s]*Thay thế:[*\s]*(.+)$", body, flags=re.M)
    return facts | ({"thay the": stated.group(1)} if stated and "thay the" not in facts else {})


def _known(facts: dict[str, str], names: tuple[str, ...]) -> str:
    return next((facts[name] for name in names if name in facts and fold(facts[name]) not in _UNKNOWN), "")


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else normalise(str(value)).strip() if value is not None else ""


def _own_number(title: str) -> str | None:
    """The number that a title begins with; behind the first words on its matter stand those of other documents."""
    matter = _MATTER.search(title)
    return number_in(title[: matter.start()] if matter else title)


def _title(title: str, number: str) -> str:
    """The title without the type and number that some collectors put before it."""
    words = re.sub(rf"^.{{0,30}}?\b{re.escape(number)}\b(?: của Chính phủ)?\s*[-–—:]*\s*", "", title).strip(" .-—")
    words = words or title
    return words[:1].upper() + words[1:]


def _body(printed: str) -> str:
    return re.sub(r"\s+nước Cộng hòa xã hội chủ nghĩa Việt Nam$", "", body_name(printed))


def _signed_on(body: str) -> date | None:
    match = re.search(r"Hà Nội, ngày\s+(.{1,40}năm \d{4})", body)
    return date_in(match.group(1)) if match else None


def _host(source: str) -> str:
    match = re.search(r"(?<![a-z0-9.-])[a-z0-9-]+(?:\.[a-z0-9-]+)*\.vn\b", source)
    return match.group() if match else ""
