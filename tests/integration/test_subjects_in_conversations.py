"""What stays with the document talked about and what is another subject, by the real encoder and known questions.

A dozen documents of the shipped corpus: among them those whose known questions are put as follow-ups are.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from actions.__main__ import open_desk
from actions.settings import ActionSettings
from bot.reply import AnswerStatus, Reply
from index import opening, snapshot
from index.catalogue import Catalogue
from index.ingest.run import ingest
from index.settings import IndexSettings
from tests.unit.actions.conftest import Conversation

pytestmark = [pytest.mark.integration, pytest.mark.model, pytest.mark.timeout(900)]

CORPUS = Path(__file__).resolve().parents[2] / "data" / "corpus"
HELD = {
    "342/2025/NĐ-CP", "03/2026/QH16", "30/2026/NQ-CP", "111/CĐ-TTg", "78/2025/NĐ-CP", "229/NQ-CP", "293/2025/NĐ-CP",
    "66/2026/NĐ-CP", "351/2025/NĐ-CP", "142/2025/QH15", "189/2025/NĐ-CP", "75/2026/NĐ-CP",
}  # fmt: skip
FIRST = {
    "342/2025/NĐ-CP": "Nghị định hướng dẫn Luật Quảng cáo là cái nào?",
    "142/2025/QH15": "Luật Phục hồi, phá sản",
    "66/2026/NĐ-CP": "Học sinh được giảm giá vé xe buýt không?",
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    folder = tmp_path_factory.mktemp("subjects")
    rows = [line for path in sorted(CORPUS.glob("*.jsonl")) for line in path.read_text("utf-8").splitlines()]
    held = [line for line in rows if json.loads(line)["number"] in HELD]
    assert len(held) == len(HELD)
    (folder / "some.jsonl").write_text("\n".join(held), "utf-8")
    settings = IndexSettings(
        catalogue_url=f"sqlite:///{folder}/catalogue.db", index_dir=folder / "index", corpus_dir=None
    )
    catalogue = Catalogue.open(settings.catalogue_url)
    assert not ingest([folder / "some.jsonl"], catalogue=catalogue).unreadable
    snapshot.build(catalogue, opening.open_encoder(settings), settings.index_dir)
    return open_desk(ActionSettings(), settings)


def cited(desk, first, action, text):
    """The first document cited for a message after an answer from the document `first`."""
    talk = Conversation(desk)
    assert talk.say("answer_question", FIRST[first]).citations[0].number == first
    reply = talk.say(action, text)
    assert isinstance(reply, Reply)
    assert reply.status is AnswerStatus.ANSWERED
    return reply.citations[0].number


@pytest.mark.parametrize("first", FIRST)
@pytest.mark.parametrize(
    ("action", "text"),
    [
        ("check_validity", "Có hiệu lực từ hôm nào?"),
        ("check_validity", "bat dau co hieu luc hom nao"),
        ("check_validity", "Có hieeuj lực tuwf ngày nào?"),
        ("answer_question", "Bắt đầu từ hôm nào?"),
        ("answer_question", "Có nghị định hướng dẫn không?"),
        ("find_responsible_agency", "cơ quan nào chịu trách nhiệm"),
        ("answer_question", "Xử phạt thế nào?"),
        ("answer_question", "Phạt hành chính bao nhiêu?"),
    ],
)
def test_what_names_no_subject_stays_with_the_document_talked_about(desk, first, action, text):
    assert cited(desk, first, action, text) == first


@pytest.mark.parametrize(
    ("action", "text", "wanted"),
    [
        ("ask_again", "Còn lương tối thiểu vùng thì sao?", "293/2025/NĐ-CP"),
        ("ask_again", "còn hộ tịch thì văn bản nào", "03/2026/QH16"),
        ("answer_question", "con mien thi thuc thi theo quy dinh nao", "229/NQ-CP"),
        ("answer_question", "Ai có quyền xử phạt hành chính thì tra nghị định nào từ 01/7/2025?", "189/2025/NĐ-CP"),
    ],
)
def test_what_is_another_subject_is_not_answered_from_the_topic(desk, action, text, wanted):
    assert cited(desk, "342/2025/NĐ-CP", action, text) == wanted


@pytest.mark.parametrize("part", ["bảo tàng", "học bổng", "hộ nghèo"])
def test_what_the_document_talked_about_names_itself_is_no_other_subject(desk, part):
    assert cited(desk, "66/2026/NĐ-CP", "ask_again", f"còn {part} thì sao") == "66/2026/NĐ-CP"
