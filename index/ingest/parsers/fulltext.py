"""The full text of a document with nothing around it (PDF, DOCX, plain text) → the document.

Its facts stand in its own frame, as Nghị định 30/2020/NĐ-CP (annex I) lays it out: the body and the number at the top,
place and date, type and title, the grounds; the signer at the end. What its articles say of other documents and of
its term is read by `index.ingest.completing`, for every kind of source alike.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from index.document import Document, TextKind
from index.errors import UnreadableSource
from index.ingest.facts import body_of_number, date_in, number_in, type_in, type_of_number
from index.ingest.markdown import official_text
from index.ingest.parsers.facts_table import issuer
from index.ingest.parsers.letters import LOWER, UPPER
from index.ingest.parsers.official import checked, sentence_case
from index.ingest.parsers.page import Page
from index.ingest.parsers.source import host_of
from index.relations import based_on
from index.structure import bare
from index.text.unicode import normalise

_HEAD_LINES = 60  # the frame's upper part ends before this
_MOTTO = re.compile(
    r"CỘNG\s+H[ÒO]A\s+XÃ\s+HỘI\s+CHỦ\s+NGHĨA\s+VIỆT\s+NAM|Độc lập\s*[-–]\s*Tự do\s*[-–]\s*Hạnh phúc", re.I
)
# "Số: 12/2026/NĐ-CP" alone on its line or right of the letterhead; the colon keeps numbers in sentences out.
_NUMBER_LINE = re.compile(rf"(?:^|[^{LOWER}]\s)(?:Luật |Pháp lệnh |Nghị quyết )?[Ss][ốỐ]\s*:\s*(?=\S*\d)(.{{3,80}})")
_PLACE_AND_DATE = re.compile(r"(?:^|\s)[A-ZĐ][\w. -]{1,30},\s*ngày\s+(\d{1,2}\s+tháng\s+\d{1,2}\s+năm\s+\d{4})")
_PASSED = re.compile(r"thông qua\s+ngày\s+(\d{1,2}\s+tháng\s+\d{1,2}\s+năm\s+\d{4})")
_TYPE_LINE = re.compile(
    r"(HIẾN PHÁP|BỘ LUẬT|LUẬT|PHÁP LỆNH|LỆNH|NGHỊ QUYẾT LIÊN TỊCH|NGHỊ QUYẾT|NGHỊ ĐỊNH|QUYẾT ĐỊNH|CHỈ THỊ"
    r"|THÔNG TƯ LIÊN TỊCH|THÔNG TƯ|CÔNG ĐIỆN|THÔNG BÁO|KẾ HOẠCH|HƯỚNG DẪN|KẾT LUẬN|BÁO CÁO|TỜ TRÌNH|CHƯƠNG TRÌNH"
    r"|VĂN BẢN HỢP NHẤT|QUY CHẾ|QUY ĐỊNH|ĐỀ ÁN|PHƯƠNG ÁN|THÔNG CÁO)$"
)
_SUBJECT = re.compile(r"V/v[:\s]+(.*)", re.I)
_AFTER_TITLE = re.compile(
    r"(?:Căn cứ|Theo đề nghị|Xét|Trên cơ sở|Thực hiện|Để |Kính gửi|Nhằm|Qua |Ngày |Điều \d|Chương [IVX\d]|Phần "
    r"|[IVX]+\. |\d+\. |_+$|-{3,}$|(?:Quốc hội|Chính phủ|Bộ trưởng|Thủ tướng|Ủy ban|Hội đồng|Chủ tịch|Thống đốc|Tổng"
    r"|Chánh án|Viện trưởng).{0,200}ban hành|(?:THỦ TƯỚNG|CHÍNH PHỦ|BỘ TRƯỞNG|ỦY BAN|HỘI ĐỒNG|CHỦ TỊCH|THỐNG ĐỐC"
    rf"|QUỐC HỘI)\b[{UPPER} ,-]*$)"
)
_BODY_LINE = re.compile(
    r"(?:BỘ|CHÍNH PHỦ|THỦ TƯỚNG|QUỐC HỘI|ỦY BAN|UBND|HỘI ĐỒNG|HĐND|NGÂN HÀNG|THANH TRA|VĂN PHÒNG|TÒA ÁN|VIỆN|BAN|CỤC|SỞ"
    rf"|KIỂM TOÁN|TỔNG CỤC|CHỦ TỊCH|BẢO HIỂM|TỈNH|THÀNH PHỐ|XÃ|PHƯỜNG|ĐẶC KHU)\b[{UPPER} ,–-]*$"
)
_SIGNED_FOR = re.compile(
    r"(?:TM|KT|TL|TUQ|Q)\s*\.\s|(?:THỦ TƯỚNG|BỘ TRƯỞNG|THỨ TRƯỞNG|CHỦ TỊCH|CHỦ NHIỆM|THỐNG ĐỐC|TỔNG THANH TRA)\b"
)
_NAME = re.compile(rf"(?:\(?[đĐ]ã ký\)?[:.]?\s*)?((?:[{UPPER}][\w’']*\s+){{1,4}}[{UPPER}][\w’']*)$")
_ATTACHED = re.compile(
    rf"(?:QUY CHẾ|QUY ĐỊNH|ĐIỀU LỆ|CHƯƠNG TRÌNH|KẾ HOẠCH|CHIẾN LƯỢC|ĐỀ ÁN|DANH MỤC|QUY CHUẨN)\b[^{LOWER}]*$"
)
_ISSUED_WITH = re.compile(r"\(?\s*(?:[Bb]an hành\s+)?[Kk]èm theo|Chương [I1]\b|Điều 1[.:]")
_FORM = re.compile(r"(?:Mẫu|MẪU|Biểu mẫu)\s+(?:số\s+|SỐ\s+)?\d+[\w/.-]{0,20}$")
_ARTICLE = re.compile(r"Điều \d")
_PAGE_NUMBER = re.compile(r"[-–]?\s*\d{1,4}\s*[-–]?$")


def document_of_text(page: Page, text: str) -> Document:
    """The document of a full text. Raises `UnreadableSource` where its number or its wording cannot be found."""
    lines = [line for line in normalise(text).split("\n") if line and not _PAGE_NUMBER.fullmatch(line)]
    head = lines[:_HEAD_LINES]
    start = next((place for place, line in enumerate(head) if _is_text(line)), len(head))
    number = _number(head[:start], page)
    if number is None:
        raise UnreadableSource(page.where, "no document number at the top of the text")
    kind, title, end = _type_and_title(head)
    title = title or _subject(head)
    issued_on = _issued(head[:start]) or _passed(lines)
    wording = official_text("\n".join(_with_headings(lines[end:])))
    if not wording:
        raise UnreadableSource(page.where, "no text below the title")
    articles = next((place for place, line in enumerate(lines) if _ARTICLE.match(bare(line))), len(lines))
    document = Document(
        number=number,
        type=type_of_number(number) or kind or "",
        title=_with_its_name(kind, title),
        issuing_body=issuer(number, _body(head[:start])) or body_of_number(number) or "",
        issued_on=issued_on,
        effective_on=None,  # in its final articles: index.ingest.completing reads it there
        text_kind=TextKind.OFFICIAL,
        text=wording,
        source=host_of(page) or page.where,
        checked_on=page.fetched_on,
        url=page.url if host_of(page) else None,
        signer=_signer(lines),
        relations=based_on("\n".join(lines[:articles])),
    )
    return checked(page, document)


def _with_headings(lines: Sequence[str]) -> list[str]:
    """What stands behind the recipients and is no annex by name (a regulation issued with the document, a form) marked.

    `official_text` takes what follows the recipients for signatures until a heading comes.
    """
    marked = []
    for place, line in enumerate(lines):
        is_attached = _ATTACHED.match(line) and any(
            _ISSUED_WITH.search(below) for below in lines[place + 1 : place + 8]
        )
        marked.append(f"## {line}" if is_attached or _FORM.match(line) else line)
    return marked


def _is_text(line: str) -> bool:
    return re.match(r"[-+ ]*(?:Căn cứ|Điều \d|Chương [IVX\d]|Theo đề nghị|Kính gửi)", bare(line)) is not None


def _number(head: Sequence[str], page: Page) -> str | None:
    for line in head:
        match = _NUMBER_LINE.search(bare(line))
        number = number_in(match.group(1)) if match else None
        if number:
            return number
    name = re.split(r"[/\\]", page.url or "")[-1]
    return number_in(re.sub(r"\.(signed|pdf|docx|txt)\b", "", name))


def _issued(head: Sequence[str]) -> date | None:
    """The day beside the place, on a line of its own or after the number."""
    for line in head:
        match = _PLACE_AND_DATE.search(bare(line))
        if match:
            return date_in(match.group(1))
    return None


def _passed(lines: Sequence[str]) -> date | None:
    """The day the Assembly passed a law: laws have no date at the top."""
    match = _PASSED.search(" ".join(lines[-60:]))
    return date_in(match.group(1)) if match else None


def _type_and_title(head: Sequence[str]) -> tuple[str | None, str, int]:
    """Type, title and the place of the line behind them; without a line that names a type, the whole head is text."""
    for place, line in enumerate(head):
        plain = bare(line)
        if _MOTTO.search(plain) or not _TYPE_LINE.match(plain):
            continue
        words: list[str] = []
        end = place + 1
        while end < len(head) and len(words) < 12 and not _AFTER_TITLE.match(bare(head[end])):
            words.append(bare(head[end]))
            end += 1
        return type_in(plain), " ".join(word for word in words if word), end
    return None, "", 0


def _with_its_name(kind: str | None, title: str) -> str:
    """A law's title is in capitals and goes with its type: "LUẬT" "TIẾP CẬN THÔNG TIN" → "Luật Tiếp cận thông tin"."""
    title = " ".join(title.split())
    if title.isupper():
        title = title.capitalize()
    return sentence_case(f"{kind} {title}" if kind in ("Luật", "Bộ luật", "Pháp lệnh") else title)


def _subject(head: Sequence[str]) -> str:
    for place, line in enumerate(head):
        match = _SUBJECT.search(bare(line))
        if match:
            below = head[place + 1] if place + 1 < len(head) else ""
            goes_on = below[:1].islower()
            return f"{match.group(1)} {below}" if goes_on else match.group(1)
    return ""


def _body(head: Sequence[str]) -> str:
    """The issuing body in the letterhead, which stands left of the motto or above it."""
    names: list[str] = []
    for line in head:
        plain = _MOTTO.sub("", bare(line)).strip(" -–_|*")
        if _TYPE_LINE.match(plain) or (names and not plain.isupper()):
            break
        if _BODY_LINE.match(plain):
            names.append(plain)
    return " ".join(names)


def _signer(lines: Sequence[str]) -> str | None:
    """The name below the lines that say for whom it is signed ("TM. CHÍNH PHỦ", "KT. THỦ TƯỚNG"), behind an article."""
    articles = next((place for place, line in enumerate(lines) if _ARTICLE.match(bare(line))), len(lines))
    first = next((place for place in range(articles, len(lines)) if _is_signed_for(lines[place])), len(lines))
    for line in lines[first + 1 : first + 12]:
        plain = bare(line).strip(" .|")
        match = _NAME.search(plain)
        if match and not _is_signed_for(line) and not plain.startswith(("-", "+")) and len(plain) < 60:
            return match.group(1).title()
    return None


def _is_signed_for(line: str) -> bool:
    plain = bare(line)
    return plain.isupper() and len(plain) < 80 and _SIGNED_FOR.search(plain) is not None
