"""The bot for tests does what it is told."""

import pytest

from bot.reply import BotUnavailable, Turn
from bot.testing import ScriptedBot, saying


def turn(text):
    return Turn(conversation="c", message_id="m", text=text, channel="web")


async def test_it_answers_by_script_echoes_the_rest_and_remembers_the_turns():
    bot = ScriptedBot({"chào": saying("Xin chào", intent="greet"), "hỏng": BotUnavailable("down")})
    assert (await bot.ask(turn("chào"))).intent == "greet"
    assert (await bot.ask(turn("gì đó"))).replies[0].text == "gì đó"
    with pytest.raises(BotUnavailable):
        await bot.ask(turn("hỏng"))
    assert [asked.text for asked in bot.asked] == ["chào", "gì đó", "hỏng"]
