"""Real full texts beside the shipped corpus, the real encoder: the official article answers, not our summary of it."""

from __future__ import annotations

import json
import os
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from actions.__main__ import open_desk
from actions.answer_question import AnswerQuestion
from actions.question import Question
from actions.settings import ActionSettings
from index import opening, snapshot
from index.catalogue import Catalogue
from index.ingest.run import ingest
from index.settings import IndexSettings

pytestmark = [pytest.mark.integration, pytest.mark.model, pytest.mark.timeout(900)]

ROOT = Path(__file__).resolve().parents[2]
ON = date(2026, 11, 22)


def a_desk(folder: Path, texts: list[Path]):
    """An information desk over the shipped corpus and `texts`."""
    settings = IndexSettings(
        catalogue_url=f"sqlite:///{folder}/catalogue.db", index_dir=folder / "index", corpus_dir=None
    )
    catalogue = Catalogue.open(settings.catalogue_url)
    report = ingest([ROOT / "data/corpus", *texts], catalogue=catalogue)
    assert not report.unreadable
    snapshot.build(catalogue, opening.open_encoder(settings), settings.index_dir)
    return open_desk(ActionSettings(), settings)


def answer(desk, text: str):
    return AnswerQuestion(desk).reply_to(Question(text=text, lang="vi", as_of=ON, today=datetime.now(UTC).date()))


@pytest.mark.parametrize(
    "typed", ["mức lương cơ sở từ 1/7/2026 là bao nhiêu", "muc luong co so tu 1/7/2026 la bao nhieu"]
)
def test_a_real_decree_answers_with_its_article_however_the_question_is_typed(real_desk, typed):
    reply = answer(real_desk, typed)
    best = reply.citations[0]
    assert (best.number, best.text_kind) == ("161/2026/NĐ-CP", "official")
    assert best.location is not None
    assert best.location.startswith("Điều 3")
    assert best.quote is not None
    assert "2.530.000" in best.quote


@pytest.mark.parametrize(
    "typed", ["phí cấp thẻ thư viện làng Mẫu là bao nhiêu", "phi cap the thu vien lang Mau la bao nhieu"]
)
def test_an_ingested_text_of_our_own_answers_the_same_way(tmp_path, typed):
    text = tmp_path / "nghi-dinh-thu-vien.md"
    shutil.copy(ROOT / "tests/fixtures/answers/nghi-dinh-thu-vien.md", text)
    foreign = tmp_path / "xa.jsonl"
    row = {"number": "9902/2026/QĐ-UBND", "title": "Chợ làng Mẫu", "text": "Điều 1. Chợ họp sáng.", "source": "xã Mẫu"}
    foreign.write_text(json.dumps({**row, "url": "https://chinhphu.vn.evil.example/9902"}))
    desk = a_desk(tmp_path, [text, foreign])
    reply = answer(desk, typed)
    best = reply.citations[0]
    assert (best.number, best.text_kind) == ("9901/2026/NĐ-CP", "official")
    assert best.location == "Điều 2"
    assert "12.000 đồng" in (best.quote or "")
    assert [found.url for found in desk.catalogue.find(number="9902")] == [None]  # nobody is sent to a foreign host


@pytest.fixture(scope="module")
def real_desk(tmp_path_factory):
    shared = os.environ.get("GOVCHAT_SHARED_DATA")
    if not shared:
        pytest.skip("GOVCHAT_SHARED_DATA is not set: the real documents are not at hand")
    texts = sorted(Path(shared, "fulltext_2026").glob("*.md"))
    assert len(texts) == 20, f"GOVCHAT_SHARED_DATA names {shared}, which does not hold the 20 full texts"
    return a_desk(tmp_path_factory.mktemp("real"), texts)
