"""Final articles weigh less, yet the question when a named document takes effect still finds its own."""

from datetime import date
from pathlib import Path

import pytest

from index.catalogue import Catalogue
from index.document import Document, TextKind
from index.passages import split
from index.search import SearchEngine, SearchQuery
from index.snapshot import Snapshot, build
from index.testing import AsTyped, HashEmbedder
from index.weighing import BOILERPLATE

SUBJECTS = {"161": "mức lương cơ sở", "162": "lương hưu hằng tháng", "168": "xử phạt giao thông", "171": "hộ chiếu"}


def decree(number: str, subject: str) -> Document:
    return Document(
        number=f"{number}/2026/NĐ-CP",
        type="Nghị định",
        title=f"Quy định về {subject}",
        issuing_body="Chính phủ",
        issued_on=date(2026, 5, 15),
        effective_on=date(2026, 7, 1),
        text_kind=TextKind.OFFICIAL,
        text=(
            f"Điều 1. Phạm vi điều chỉnh\nNghị định này quy định về {subject}.\n"
            f"Điều 2. Đối tượng áp dụng\nNgười có liên quan đến {subject}.\n"
            f"Điều 3. Mức áp dụng\nMức {subject} do Chính phủ quyết định.\n"
            f"Điều 4. Hiệu lực thi hành\nNghị định này có hiệu lực thi hành từ ngày {number[-1]} tháng 7 năm 2026.\n"
            "Điều 5. Trách nhiệm thi hành\nCác Bộ trưởng chịu trách nhiệm thi hành Nghị định này."
        ),
        source="tests",
        checked_on=None,
    )


@pytest.fixture
def engine(tmp_path: Path) -> SearchEngine:
    catalogue = Catalogue.open(f"sqlite:///{tmp_path}/catalogue.db")
    documents = [decree(number, subject) for number, subject in SUBJECTS.items()]
    catalogue.put_all([(document, split(document)) for document in documents])
    build(catalogue, HashEmbedder(), tmp_path / "index")
    return SearchEngine(
        snapshot=Snapshot.open(tmp_path / "index", HashEmbedder()),
        embedder=HashEmbedder(),
        reader=AsTyped(),
        catalogue=catalogue,
    )


@pytest.mark.parametrize("number", SUBJECTS)
def test_when_a_named_document_takes_effect_is_answered_by_its_own_final_article(
    engine: SearchEngine, number: str
) -> None:
    for question in (
        f"Nghị định {number}/2026/NĐ-CP có hiệu lực từ khi nào?",
        f"nghi dinh {number}/2026/nd-cp co hieu luc tu khi nao",
        f"Nghị định về {SUBJECTS[number]} có hiệu lực thi hành từ ngày nào?",
    ):
        best = engine.search(SearchQuery(question))[0]
        assert best.passage.id == f"{number}/2026/NĐ-CP@2026-05-15#dieu-4"
        assert best.passage.weight == pytest.approx(BOILERPLATE)


def test_a_question_about_the_subject_finds_what_is_ruled_and_no_final_article(engine: SearchEngine) -> None:
    best = engine.search(SearchQuery("mức lương cơ sở do ai quyết định"))[0]
    assert best.passage.location == "Điều 3"
