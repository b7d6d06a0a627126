"""No reply, however long or odd, renders into a message that breaks a platform's limit."""

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reply import AnswerStatus, Button, Citation, Reply
from bot.wording import Wording
from channels.citation import source_line, validity_words, with_sources
from channels.event import TurnOutcome
from channels.messenger import limits as messenger_limits
from channels.messenger.render import render as render_messenger
from channels.text import length
from channels.web.render import render as render_web
from channels.zalo import limits as zalo_limits
from channels.zalo.render import render as render_zalo

WORDING = Wording.load(Path(__file__).parents[3] / "data" / "wording")

TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=5_000).filter(lambda text: text.strip())
LINE = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)
CITATIONS = st.builds(
    Citation, number=LINE, type=LINE, title=LINE, issuing_body=LINE, issued_on=st.none() | st.dates(),
    effective_on=st.none() | st.dates(), validity=st.sampled_from(["in_force", "expired", "unknown", "odd"]),
    replaced_by=st.lists(LINE, max_size=3).map(tuple), checked_on=st.none() | st.dates(),
    text_kind=st.just("official"), location=st.none() | LINE, quote=st.none() | TEXT, url=st.none() | LINE,
)  # fmt: skip
REPLIES = st.builds(
    Reply, status=st.just(AnswerStatus.ANSWERED), text=TEXT, citations=st.lists(CITATIONS, max_size=4).map(tuple),
    buttons=st.lists(st.builds(Button, title=LINE, text=LINE), max_size=20).map(tuple),
    lang=st.sampled_from(["vi", "en", "zh", "fr"]),
)  # fmt: skip
OUTCOMES = st.builds(
    TurnOutcome, replies=st.lists(REPLIES, min_size=1, max_size=3).map(tuple),
    notices=st.lists(TEXT, max_size=2).map(tuple),
)  # fmt: skip


def citation(**changes: object) -> Citation:
    fields: dict[str, object] = dict(  # noqa: C408 - reads like the constructor
        number="161/2026/NĐ-CP", type="Nghị định", title="Mức lương cơ sở", issuing_body="Chính phủ",
        issued_on=date(2026, 5, 15), effective_on=date(2026, 7, 1), validity="in_force", replaced_by=(),
        checked_on=date(2026, 7, 1), text_kind="official", location="Điều 3", quote="…",
        url="https://congbao.chinhphu.vn/1",
    )  # fmt: skip
    return Citation(**{**fields, **changes})


@given(OUTCOMES)
def test_no_zalo_message_breaks_a_limit(outcome: TurnOutcome) -> None:
    messages = [json.loads(message) for message in render_zalo(outcome, WORDING)]
    assert all(set(message) == {"text"} for message in messages)
    assert all(
        message["text"].strip() and length(message["text"]) <= zalo_limits.MAX_TEXT_CHARS for message in messages
    )


@given(OUTCOMES)
def test_no_messenger_message_breaks_a_limit(outcome: TurnOutcome) -> None:
    messages = [json.loads(message) for message in render_messenger(outcome, WORDING)]
    for message in messages:
        assert message["text"].strip() and length(message["text"]) <= messenger_limits.MAX_TEXT_CHARS
        choices = message.get("quick_replies", [])
        assert len(choices) <= messenger_limits.MAX_QUICK_REPLIES
        for choice in choices:
            assert 0 < length(choice["title"]) <= messenger_limits.MAX_QUICK_REPLY_TITLE_CHARS
            assert 0 < length(choice["payload"]) <= messenger_limits.MAX_PAYLOAD_CHARS
    assert all("quick_replies" not in message for message in messages[:-1])


@given(OUTCOMES)
def test_the_api_gets_one_message_with_the_bots_own_text(outcome: TurnOutcome) -> None:
    [message] = [json.loads(found) for found in render_web(outcome)]
    assert message["text"] == "\n\n".join(reply.text for reply in outcome.replies)
    assert len(message["citations"]) == sum(len(reply.citations) for reply in outcome.replies)


def test_a_source_line_names_document_location_validity_and_address() -> None:
    assert source_line(citation(), "vi", WORDING) == (
        "Nghị định 161/2026/NĐ-CP (15/05/2026), Điều 3 – Còn hiệu lực, chưa thấy văn bản thay thế tính đến "
        "01/07/2026 – https://congbao.chinhphu.vn/1"
    )


def test_a_replaced_document_names_its_successor_unless_the_answer_has_told_it() -> None:
    replaced = citation(validity="expired", replaced_by=("1/2026/NĐ-CP",))
    assert "được thay thế bởi 1/2026/NĐ-CP" in source_line(replaced, "vi", WORDING)
    assert "được thay thế" not in source_line(replaced, "vi", WORDING, told="Văn bản thay thế: 1/2026/NĐ-CP.")


def test_one_source_stands_beside_its_heading_and_several_below_it() -> None:
    one = Reply(AnswerStatus.ANSWERED, "Đáp.", (citation(),))
    several = Reply(AnswerStatus.LISTED, "Đáp.", (citation(text_kind="summary", quote=None, location=None),) * 2)
    assert with_sources(one, WORDING).startswith("Đáp.\n\nNguồn: Nghị định 161")
    assert "\n\nNguồn:\n•" in with_sources(several, WORDING)
    assert with_sources(several, WORDING).count("\n• Nghị định 161") == 2


def test_a_summary_points_to_the_original() -> None:
    summary = Reply(AnswerStatus.ANSWERED, "Đáp.", (citation(text_kind="summary", quote=None, location=None),))
    assert "\n\nXem văn bản gốc: Nghị định 161" in with_sources(summary, WORDING)


@pytest.mark.parametrize("lang", ["vi", "en", "zh"])
@pytest.mark.parametrize("validity", ["in_force", "not_yet_in_force", "partly_expired", "expired", "unknown"])
@pytest.mark.parametrize("checked_on", [None, date(2026, 7, 1)])
def test_validity_is_never_a_bare_word(lang: str, validity: str, checked_on: date | None) -> None:
    words = validity_words(citation(validity=validity, checked_on=checked_on), lang, WORDING)
    assert len(words) > 8
    assert ("01/07/2026" in words) == (checked_on is not None and validity != "unknown")


def test_short_choices_become_quick_replies_and_long_ones_are_written_out_too() -> None:
    short = Reply(AnswerStatus.CLARIFY_AMBIGUOUS, "Văn bản nào?", buttons=(Button("Nghị định 1", "nghị định 1"),))
    long = Reply(AnswerStatus.CLARIFY_AMBIGUOUS, "Văn bản nào?", buttons=(Button("Nghị định " * 9, "nghị định 1"),))
    [message] = [json.loads(found) for found in render_messenger(TurnOutcome((short,)), WORDING)]
    assert message["quick_replies"][0]["title"] == "Nghị định 1"
    messages = [json.loads(found) for found in render_messenger(TurnOutcome((long,)), WORDING)]
    assert "1. Nghị định Nghị định" in messages[-1]["text"]
    assert messages[-1]["quick_replies"][0]["title"].startswith("1. ")
    [numbered] = [json.loads(found) for found in render_zalo(TurnOutcome((short,)), WORDING)]
    assert numbered["text"].endswith("1. Nghị định 1")


def test_optional_buttons_are_quick_replies_and_never_numbered_text() -> None:
    source = Button("Nguồn", "Nguồn của thông tin này", is_optional=True)
    reply = Reply(AnswerStatus.ANSWERED, "Đây.", buttons=(source,))
    [message] = [json.loads(found) for found in render_messenger(TurnOutcome((reply,)), WORDING)]
    assert (message["text"], message["quick_replies"][0]["payload"]) == ("Đây.", "Nguồn của thông tin này")
    [plain] = [json.loads(found) for found in render_zalo(TurnOutcome((reply,)), WORDING)]
    assert plain["text"] == "Đây."


def test_a_long_answer_keeps_its_source_on_the_last_part() -> None:
    reply = Reply(AnswerStatus.ANSWERED, "Một câu khá dài về chính sách. " * 150, (citation(),))
    messages = render_zalo(TurnOutcome((reply,)), WORDING)
    assert len(messages) == 3
    assert "Nguồn: Nghị định 161/2026/NĐ-CP" in messages[-1]
