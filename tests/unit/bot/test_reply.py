"""Replies keep everything on their way through JSON, and nothing that would mislead can be built."""

import json
from datetime import date

import pytest

from bot.reply import AnswerStatus, Button, Citation, Reply, TurnResult

OFFICIAL = Citation(
    number="161/2026/NĐ-CP",
    type="Nghị định",
    title="Quy định mức lương cơ sở",
    issuing_body="Chính phủ",
    issued_on=date(2026, 5, 15),
    effective_on=date(2026, 7, 1),
    validity="in_force",
    replaced_by=(),
    checked_on=date(2026, 7, 1),
    text_kind="official",
    location="Điều 3, khoản 2",
    quote="Mức lương cơ sở …",
    url=None,
)


def test_a_reply_comes_back_unchanged_through_json():
    reply = Reply(
        AnswerStatus.ANSWERED,
        "Theo …\n\n“…”",
        citations=(OFFICIAL,),
        buttons=(Button("Xem thêm", "xem thêm"), Button("Nguồn", "nguồn", is_optional=True)),
        lang="en",
    )
    assert Reply.from_wire(json.loads(json.dumps(reply.to_wire()))) == reply


def test_a_button_stored_before_some_were_optional_is_a_choice():
    wire = Reply(AnswerStatus.CHATTED, "Chào", buttons=(Button("Hỏi", "hỏi"),)).to_wire()
    wire["buttons"] = [{"title": "Hỏi", "text": "hỏi"}]
    assert Reply.from_wire(wire).buttons == (Button("Hỏi", "hỏi"),)


def test_a_summary_can_have_neither_quote_nor_location():
    with pytest.raises(ValueError, match="summary"):
        Citation.from_wire({**OFFICIAL.to_wire(), "text_kind": "summary"})


def test_citations_stand_only_with_answers_and_lists():
    with pytest.raises(ValueError, match="citations"):
        Reply(AnswerStatus.CHATTED, "Chào", citations=(OFFICIAL,))


@pytest.mark.parametrize("text", ["", " \n"])
def test_a_reply_without_text_cannot_be_built(text):
    with pytest.raises(ValueError, match="text"):
        Reply(AnswerStatus.CHATTED, text)


def test_a_turn_without_replies_cannot_be_built():
    with pytest.raises(ValueError, match="at least one reply"):
        TurnResult(replies=())


@pytest.mark.parametrize(
    "change", [{"version": 2}, {"status": "?"}, {"text": None}, {"citations": "x"}, {"buttons": [1]}]
)
def test_another_version_or_shape_is_refused(change):
    wire = {**Reply(AnswerStatus.CHATTED, "Chào").to_wire(), **change}
    with pytest.raises(ValueError, match=r"."):
        Reply.from_wire(wire)
