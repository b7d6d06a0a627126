"""The connector turns responses into replies and sees the failures that Rasa swallows."""

import asyncio

import pytest
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    BotUttered,
    SlotSet,
    UserUttered,
)

from bot.connector import GatewayOutput, silent_actions
from bot.reply import AnswerStatus, Button, Reply

ASKED = UserUttered("lương cơ sở?", {"name": "ask_policy"})
LISTEN = ActionExecuted("action_listen")


def sent(*messages):
    output = GatewayOutput()
    for message in messages:
        asyncio.run(output.send_response("web:1", message))
    return output


def test_a_fixed_response_becomes_a_reply_with_its_status_language_and_buttons():
    output = sent(
        {
            "text": "Hello",
            "custom": {"status": "chatted", "lang": "en"},
            "buttons": [{"title": "Salary", "payload": "base salary"}],
        }
    )
    assert output.replies == [
        Reply(AnswerStatus.CHATTED, "Hello", buttons=(Button("Salary", "base salary"),), lang="en")
    ]
    assert output.snapshot is None


def test_what_an_action_sends_passes_unchanged_with_its_snapshot():
    reply = Reply(AnswerStatus.CLARIFY_VAGUE, "Anh/chị hỏi về gì ạ?")
    output = sent({"text": None, "custom": {"reply": reply.to_wire(), "snapshot": "s7"}})
    assert output.replies == [reply]
    assert output.snapshot == "s7"


@pytest.mark.parametrize(
    "message",
    [
        {"text": "no mark"},
        {"text": "x", "custom": {"status": "unheard of"}},
        {"text": "", "custom": {"status": "chatted"}},
        {"custom": {"reply": {"version": 99}}},
    ],
)
def test_what_is_no_reply_of_ours_is_an_error(message):
    with pytest.raises(ValueError):
        sent(message)


@pytest.mark.parametrize(
    ("events", "silent"),
    [
        ([ASKED, ActionExecuted("utter_greet"), BotUttered("x"), LISTEN], []),
        ([ASKED, ActionExecuted("action_answer_question"), LISTEN], ["action_answer_question"]),
        ([ASKED, ActionExecuted("action_a"), BotUttered("x"), ActionExecuted("action_b"), LISTEN], ["action_b"]),
        ([ASKED, ActionExecuted("action_a"), BotUttered("x"), SlotSet("lang", "en"), BotUttered("y"), LISTEN], []),
        ([ASKED, ActionExecutionRejected("action_a"), LISTEN], ["action_a"]),
        (
            [ASKED, ActionExecuted("action_a"), ActionExecuted("utter_b"), BotUttered("x"), BotUttered("y"), LISTEN],
            ["action_a"],
        ),
        ([ASKED, ActionExecuted("action_a"), LISTEN, ASKED, ActionExecuted("action_b"), BotUttered("x"), LISTEN], []),
        ([ASKED, ActionExecuted("action_a"), ActionExecuted("utter_greet"), BotUttered("x"), LISTEN], ["action_a"]),
    ],
)
def test_an_action_that_said_nothing_has_failed(events, silent):
    assert silent_actions(events) == silent
