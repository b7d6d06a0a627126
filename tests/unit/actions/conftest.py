"""A small information desk: real catalogue, snapshot and search, a hashing encoder instead of the model."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from actions.agencies import Directory
from actions.desk import Desk
from actions.own_words import ConversationWords
from actions.question import Question
from actions.words import read_function_words
from bot.wording import Wording
from index import passages, snapshot
from index.catalogue import Catalogue
from actions.policy import Policy
from index.document import Document, Relation, RelationKind, TextKind
from index.search import SearchEngine
from index.snapshot import Snapshot
from index.testing import AsTyped, HashEmbedder
from index.text import abbreviations, bodies, places
from index.text.language import detect
from index.text.reading import Reading
from index.text.unicode import fold, normalise

ROOT = Path(__file__).resolve().parents[3]
CHECKED_ON = date(2026, 7, 23)


def spelled_out(table: Path) -> Callable[[str], Reading]:
    """A reader that writes short forms out and restores nothing."""
    known = abbreviations.load(table)

    def read(raw: str) -> Reading:
        plain = normalise(raw)
        lang = detect(plain)
        written_out = abbreviations.expand(plain, known) if lang == "vi" else plain
        return Reading(raw, plain, written_out, written_out, fold(written_out), lang)

    return read


def a_document(number: str, title: str, text: str, *, issued: str, effective: str | None = None, **facts) -> Document:
    return Document(
        number=number,
        type=facts.pop("type", "Nghị định"),
        title=title,
        issuing_body=facts.pop("issuing_body", "Chính phủ"),
        issued_on=date.fromisoformat(issued),
        effective_on=date.fromisoformat(effective) if effective else None,
        text_kind=facts.pop("text_kind", TextKind.SUMMARY),
        text=text,
        source="thử nghiệm",
        checked_on=CHECKED_ON,
        **facts,
    )


DOCUMENTS = (
    a_document(
        "161/2026/NĐ-CP",
        "Mức lương cơ sở",
        "Điều 3. Mức lương cơ sở\n1. Từ ngày 01 tháng 7 năm 2026, mức lương cơ sở là 2.530.000 đồng/tháng.",
        issued="2026-05-15",
        effective="2026-07-01",
        text_kind=TextKind.OFFICIAL,
        relations=(Relation(RelationKind.REPLACES, "73/2024/NĐ-CP"),),
    ),
    a_document(
        "73/2024/NĐ-CP",
        "Lương cơ sở năm 2024",
        "Nghị định quy định mức lương cơ sở áp dụng từ năm 2024.",
        issued="2024-06-30",
        effective="2024-07-01",
    ),
    a_document(
        "26/CT-TTg",
        "Kế hoạch kinh tế - xã hội năm 2027",
        "Chỉ thị về xây dựng kế hoạch phát triển kinh tế - xã hội và dự toán ngân sách năm 2027.",
        issued="2026-06-12",
        type="Chỉ thị",
        issuing_body="Thủ tướng Chính phủ",
    ),
    a_document(
        "04/CT-TTg",
        "Đô thị ứng phó biến đổi khí hậu",
        "Chỉ thị về phát triển đô thị thích ứng với biến đổi khí hậu.",
        issued="2026-02-13",
        type="Chỉ thị",
        issuing_body="Thủ tướng Chính phủ",
    ),
    a_document("74/NQ-CP", "Hội nghị năm 2014", "Nghị quyết năm 2014.", issued="2014-10-04", type="Nghị quyết"),
    a_document("74/NQ-CP", "Sắp xếp đơn vị hành chính", "Nghị quyết năm 2025.", issued="2025-04-07", type="Nghị quyết"),
    a_document("168/2024/NĐ-CP", "Xử phạt giao thông", "Xử phạt vi phạm giao thông đường bộ.", issued="2024-12-26"),
    a_document("168/2025/NĐ-CP", "Đăng ký doanh nghiệp", "Thủ tục đăng ký doanh nghiệp.", issued="2025-06-30"),
    a_document(
        "202/2025/QH15",
        "Sắp xếp đơn vị hành chính cấp tỉnh",
        "Cả nước có 34 đơn vị hành chính cấp tỉnh.",
        issued="2025-06-12",
        type="Nghị quyết",
        issuing_body="Quốc hội",
    ),
)


@pytest.fixture(scope="session")
def desk(tmp_path_factory) -> Desk:
    folder = tmp_path_factory.mktemp("desk")
    catalogue = Catalogue.open(f"sqlite:///{folder}/catalogue.db")
    catalogue.put_all((document, passages.split(document)) for document in DOCUMENTS)
    embedder = HashEmbedder()
    snapshot.build(catalogue, embedder, folder / "index")
    engine = SearchEngine(
        snapshot=Snapshot.open(folder / "index", embedder),
        embedder=embedder,
        reader=AsTyped(),
        catalogue=catalogue,
    )
    data = ROOT / "data"
    function_words = read_function_words(data / "function_words.txt")
    return Desk(
        engine=engine,
        catalogue=catalogue,
        gazetteer=places.load(data / "provinces.jsonl"),
        bodies=bodies.load(data / "agencies.jsonl"),
        directory=Directory.load(data / "agencies.jsonl"),
        wording=Wording.load(data / "wording"),
        policy=Policy(lexical_weight=1.0, answers_from=0.6, hints_from=0.5),  # the hashing encoder's scale, not e5's
        function_words=function_words,
        conversation_words=ConversationWords.load(data / "conversation_words.toml", function_words),
        read=spelled_out(data / "abbreviations.tsv"),
        now=lambda: datetime(2026, 11, 22, 3, tzinfo=UTC),
    )


@pytest.fixture
def ask():
    """A question as of 2026-11-22, in Vietnamese unless said otherwise."""

    def ask(text: str, lang: str = "vi", as_of: date = date(2026, 11, 22), **facts) -> Question:
        return Question(text=text, lang=lang, as_of=as_of, today=date(2026, 11, 22), **facts)

    return ask


@pytest.fixture
def root() -> Path:
    """The repository's root."""
    return ROOT
