"""What becomes of one event before and after the bot."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.reply import AnswerStatus, Button, Reply, TurnResult
from bot.wording import Wording
from channels import turn
from channels.event import Claim, EventKind, InboundEvent, TurnOutcome

WORDING = Wording.load(Path(__file__).parents[3] / "data" / "wording")


def claim(text: str = "chào", kind: EventKind = EventKind.TEXT, *, is_first: bool = False, **more: object) -> Claim:
    event = InboundEvent("zalo", "9", "7", "k", "m", kind, text, datetime(2026, 7, 1, tzinfo=UTC))
    return Claim(1, "o", event, 1, is_first, tuple(more.get("choices", ())))  # type: ignore[arg-type]


def test_text_becomes_a_turn_as_it_was_typed_even_when_it_looks_like_a_command() -> None:
    planned = turn.plan(claim("/restart"), WORDING)
    assert planned.turn is not None
    assert (planned.turn.text, planned.turn.conversation) == ("/restart", "zalo:9:7")


@pytest.mark.parametrize(
    ("kind", "key"), [(EventKind.OPENED, "gateway.welcome"), (EventKind.OTHER, "gateway.only_text")]
)
def test_what_is_not_text_gets_one_friendly_sentence_without_a_turn(kind: EventKind, key: str) -> None:
    planned = turn.plan(claim("", kind), WORDING)
    assert planned.turn is None
    assert planned.reply is not None
    assert planned.reply.text == WORDING.text(key, "vi")


@pytest.mark.parametrize("text", ["", "\u200b", "\u2028"])
def test_invisible_text_gets_a_friendly_sentence_without_a_turn(text: str) -> None:
    planned = turn.plan(claim(text), WORDING)
    assert planned.turn is None
    assert planned.reply is not None
    assert planned.reply.status is AnswerStatus.CLARIFY_VAGUE


def test_the_first_reply_and_a_cut_question_are_noticed_in_the_language_of_the_answer() -> None:
    planned = turn.plan(claim("a" * 2_001, is_first=True), WORDING)
    assert planned.turn is not None
    assert len(planned.turn.text) == 2_000
    result = TurnResult((Reply(AnswerStatus.ANSWERED, "yes", lang="en"),), intent="i", snapshot="s")
    outcome = turn.outcome(planned, result, WORDING)
    assert outcome.notices[0] == WORDING.text("gateway.machine_notice", "en")
    assert "2,000" in outcome.notices[1]
    assert (outcome.intent, outcome.snapshot) == ("i", "s")


@pytest.mark.parametrize(("typed", "asked"), [("2", "hai"), ("1.", "một"), ("3", "3"), ("0", "0"), ("²", "²")])
def test_the_number_of_a_choice_stands_for_it(typed: str, asked: str) -> None:
    planned = turn.plan(claim(typed, choices=("một", "hai")), WORDING)
    assert planned.turn is not None
    assert planned.turn.text == asked


def test_the_choices_remembered_are_those_of_the_last_reply() -> None:
    first = Reply(AnswerStatus.CHATTED, "a", buttons=(Button("x", "x"),))
    last = Reply(AnswerStatus.CHATTED, "b", buttons=(Button("Một", "một"), Button("Hai", "hai")))
    assert turn.choices(TurnOutcome((first, last))) == ("một", "hai")


def test_an_optional_button_has_no_number() -> None:
    buttons = (Button("Một", "một"), Button("Nguồn", "nguồn", is_optional=True))
    assert turn.choices(TurnOutcome((Reply(AnswerStatus.CHATTED, "a", buttons=buttons),))) == ("một",)


@pytest.mark.parametrize("status", [AnswerStatus.ERROR_BOT, AnswerStatus.ERROR_TIMEOUT])
@pytest.mark.parametrize("lang", [None, "vi", "en", "zh"])
def test_a_failure_has_an_honest_sentence_in_each_language(status: AnswerStatus, lang: str | None) -> None:
    assert turn.failure(status, lang, WORDING).status is status
