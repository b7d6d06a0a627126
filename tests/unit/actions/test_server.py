from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.answer_question import AnswerQuestion
from actions.question import Question
from actions.shell import Shell
from bot.reply import AnswerStatus, Reply
from index.errors import SnapshotCorrupt

NOW = datetime(2026, 11, 22, 18, tzinfo=UTC)  # the 23rd in Vietnam


def a_tracker(text: str, **metadata: object) -> Tracker:
    return Tracker.from_dict({"sender_id": "api:1", "latest_message": {"text": text, "metadata": metadata}})


def answering(desk):
    return Shell(AnswerQuestion(desk), desk).run


def test_an_action_sends_one_reply_with_the_snapshot_it_came_from(desk):
    dispatcher = CollectingDispatcher()
    answering(desk)(dispatcher, a_tracker("mức lương cơ sở từ 1/7/2026"), {})
    (message,) = dispatcher.messages
    assert message["custom"]["snapshot"] == desk.engine.snapshot_id
    assert Reply.from_wire(message["custom"]["reply"]).status is AnswerStatus.ANSWERED


def test_a_failing_index_ends_as_a_named_status_without_the_words_of_the_citizen(desk, capsys):
    class Broken:
        snapshot_id = "s"

        def reload(self, wait_s: float | None = None) -> bool:
            return False

        def search(self, query) -> list:
            raise RuntimeError(query.text)

    dispatcher = CollectingDispatcher()
    answering(replace(desk, engine=Broken()))(dispatcher, a_tracker("mật khẩu của tôi là 123"), {})
    reply = Reply.from_wire(dispatcher.messages[0]["custom"]["reply"])
    assert reply.status is AnswerStatus.ERROR_INDEX
    printed = capsys.readouterr()
    assert "123" not in printed.out + printed.err


def test_today_is_the_day_in_vietnam(desk):
    assert Question.read({"text": "a"}, chosen_lang=None, now=NOW, read=desk.read).today == date(2026, 11, 23)


def test_a_bad_new_snapshot_is_reported_and_the_old_one_answers_on(desk, capsys):
    class Refusing:
        snapshot_id = desk.engine.snapshot_id
        search = desk.engine.search

        def reload(self, wait_s: float | None = None) -> bool:
            raise SnapshotCorrupt("vectors.faiss differs from its manifest")

    dispatcher = CollectingDispatcher()
    answering(replace(desk, engine=Refusing()))(dispatcher, a_tracker("mức lương cơ sở từ 1/7/2026"), {})
    reply = Reply.from_wire(dispatcher.messages[0]["custom"]["reply"])
    assert reply.status is AnswerStatus.ANSWERED
    assert "snapshot_refused" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("metadata", "chosen", "lang"),
    [
        ({"lang": "zh"}, "en", "zh"),
        ({"lang": None}, "en", "en"),
        ({"lang": "xx"}, None, "vi"),
        (None, None, "vi"),
    ],
)
def test_the_channel_names_the_language_before_the_conversation_does(desk, metadata, chosen, lang):
    question = Question.read({"text": "lương cơ sở", "metadata": metadata}, chosen_lang=chosen, now=NOW, read=desk.read)
    assert question.lang == lang


def test_an_unusable_as_of_day_counts_as_today(desk):
    question = Question.read({"text": "a", "metadata": {"as_of": "hôm nay"}}, chosen_lang=None, now=NOW, read=desk.read)
    assert question.as_of == question.today


@pytest.mark.parametrize(
    ("given", "read"),
    [
        (["congbao.chinhphu.vn", "hue.gov.vn"], ("congbao.chinhphu.vn", "hue.gov.vn")),
        ([], ()),
        (None, ()),
        ("congbao.chinhphu.vn", ()),
        ({"congbao.chinhphu.vn": 1}, ()),
        (["congbao.chinhphu.vn", 7], ()),
        ([""], ()),
    ],
)
def test_a_scope_is_a_list_of_names_and_anything_else_counts_as_none(desk, given, read):
    question = Question.read({"text": "a", "metadata": {"sources": given}}, chosen_lang=None, now=NOW, read=desk.read)
    assert question.sources == read
