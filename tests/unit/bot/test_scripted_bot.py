"""The bot for tests does what it is told."""

import pytest

from bot.reply import AnswerStatus, BotUnavailable, Reply, Turn, TurnResult
from bot.testing import ScriptedBot


def turn(text: str) -> Turn:
    return Turn(conversation="c", message_id="m", text=text, channel="api")


async def test_it_fails_as_often_as_told_then_answers_by_script_and_remembers_the_turns() -> None:
    bot = ScriptedBot(
        lambda asked: TurnResult((Reply(AnswerStatus.CHATTED, asked.text.upper()),)), failures=[BotUnavailable("down")]
    )
    with pytest.raises(BotUnavailable):
        await bot.ask(turn("hỏng"))
    assert (await bot.ask(turn("chào"))).replies[0].text == "CHÀO"
    assert [asked.text for asked in bot.turns] == ["hỏng", "chào"]


async def test_it_is_unavailable_while_it_is_down() -> None:
    bot = ScriptedBot()
    await bot.check()
    bot.is_up = False
    with pytest.raises(BotUnavailable):
        await bot.ask(turn("chào"))
    with pytest.raises(BotUnavailable):
        await bot.forget("c")
    assert bot.forgotten == []


async def test_it_remembers_what_it_was_to_forget() -> None:
    bot = ScriptedBot()
    await bot.forget("c")
    assert bot.forgotten == ["c"]
