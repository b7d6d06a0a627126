"""A small information desk: real catalogue, snapshot and search, a hashing encoder instead of the model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.__main__ import ACTIONS
from actions.agencies import Directory
from actions.desk import Desk
from actions.own_words import ConversationWords
from actions.policy import Policy
from actions.question import Question
from actions.shell import Shell
from actions.topic import Topic
from actions.words import read_function_words
from bot.reply import Reply
from bot.wording import Wording
from index import passages, snapshot
from index.catalogue import Catalogue
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

VEHICLES = a_document(
    "37/2026/TT-BCA",
    "Đăng ký xe và biển số",
    "\n".join(
        (
            "Điều 1. Phạm vi điều chỉnh",
            "Thông tư này quy định về đăng ký xe cơ giới và cấp biển số.",
            "Điều 2. Đối tượng áp dụng",
            "Chủ xe là cá nhân, tổ chức trong nước và nước ngoài.",
            "Điều 3. Hồ sơ đăng ký xe",
            *(
                f"{clause}. Giấy tờ thứ {clause} của chủ xe: {'bản chính, bản sao, ' * 20}nộp khi đăng ký."
                for clause in range(1, 9)
            ),
            "Điều 4. Hiệu lực thi hành",
            "Thông tư này có hiệu lực thi hành từ ngày 01 tháng 6 năm 2026.",
        )
    ),
    issued="2026-04-24",
    effective="2026-06-01",
    type="Thông tư",
    issuing_body="Bộ Công an",
    text_kind=TextKind.OFFICIAL,
    url="https://congbao.chinhphu.vn/37-2026",
)
FURTHER = (
    VEHICLES,
    replace(VEHICLES, text="Thông tư nói cách đăng ký xe.", text_kind=TextKind.SUMMARY, source="tóm tắt", url=None),
    a_document(
        "238/2026/NĐ-CP",
        "Sửa đổi Nghị định xử phạt giao thông",
        "Nâng một số mức phạt giao thông đường bộ.",
        issued="2026-06-26",
        effective="2026-08-15",
        relations=(Relation(RelationKind.AMENDS, "168/2024/NĐ-CP"),),
    ),
)
"""Documents for conversations: a circular with articles and a summary of ours, and a decree that amends another."""


GUIDE = a_document(
    "13/2026/TT-BNV",
    "Cách tính lương cơ sở",
    "Thông tư chỉ cách tính lương.",
    issued="2026-05-29",
    effective="2026-07-01",
    type="Thông tư",
    issuing_body="Bộ Nội vụ",
    relations=(Relation(RelationKind.GUIDES, "161/2026/NĐ-CP"),),
)
"""A circular that guides the decree on the base salary."""


class Conversation:
    """Talks to actions as Rasa does: slots live on from message to message."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.slots: dict[str, Any] = {}

    def say(self, action: str, text: str, **message: Any) -> Reply | str:
        """Send one message to `action_<action>`; the last reply, or the name of the response of domain.yml."""
        known = {each.action_name: each for each in ACTIONS}
        latest = {"text": text, **message}
        tracker = Tracker.from_dict({"sender_id": "api:1", "slots": dict(self.slots), "latest_message": latest})
        dispatcher = CollectingDispatcher()
        shell = Shell(known[f"action_{action}"](self.desk), self.desk)
        for event in shell.run(dispatcher, tracker, {}):
            self.slots[event["name"]] = event["value"]
        self.said = [
            Reply.from_wire(sent["custom"]["reply"]) if sent.get("custom") else str(sent["response"])
            for sent in dispatcher.messages
        ]
        return self.said[-1]

    @property
    def topic(self) -> Topic | None:
        """What the conversation is about."""
        return Topic.read(self.slots.get("topic"))


def make_desk(folder: Path, documents: Sequence[Document]) -> Desk:
    """A desk with these documents; its files stand in `folder`."""
    catalogue = Catalogue.open(f"sqlite:///{folder}/catalogue.db")
    catalogue.put_all((document, passages.split(document)) for document in documents)
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
        conversation_words=ConversationWords.load(data / "conversation_words.toml"),
        read=spelled_out(data / "abbreviations.tsv"),
        now=lambda: datetime(2026, 11, 22, 3, tzinfo=UTC),
    )


@pytest.fixture(scope="session")
def desk(tmp_path_factory) -> Desk:
    """The small desk."""
    return make_desk(tmp_path_factory.mktemp("desk"), DOCUMENTS)


@pytest.fixture(scope="session")
def full_desk(tmp_path_factory) -> Desk:
    """The small desk with the documents for conversations."""
    return make_desk(tmp_path_factory.mktemp("full_desk"), (*DOCUMENTS, *FURTHER))


@pytest.fixture
def talk(full_desk) -> Conversation:
    """A new conversation."""
    return Conversation(full_desk)


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


@pytest.fixture(scope="session")
def known_desk(tmp_path_factory) -> Desk:
    """A desk with one document, which is known to answer one question."""
    document = a_document(
        "380/NQ-CP",
        "Khắc phục hậu quả thiên tai ở miền Trung",
        "Nghị quyết về khắc phục hậu quả mưa lũ ở miền Trung.",
        issued="2025-11-25",
        type="Nghị quyết",
        questions=("miền trung lũ lụt chính phủ có nghị quyết khắc phục hậu quả không",),
    )
    desk = make_desk(tmp_path_factory.mktemp("known_desk"), [document])
    policy = Policy(lexical_weight=1.0, answers_from=0.6, hints_from=0.5, certain_from=0.5, certain_asked_from=0.9)
    return replace(desk, policy=policy)
