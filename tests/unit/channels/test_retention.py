"""What people had deleted is deleted in the bot's memory too, whatever fails on the way."""

from datetime import timedelta

import pytest
import structlog

from bot.reply import BotRefused, BotUnavailable
from channels.retention import KEEP, erase, purge
from channels.testing import ManualClock, MemoryInbox, ScriptedBot


class OldBot(ScriptedBot):
    """Knows how to forget one conversation only."""

    async def forget(self, conversation: str) -> None:
        if conversation != "zalo:9:2":
            raise BotRefused("the bot answered 404")
        await super().forget(conversation)


@pytest.fixture
def clock():
    return ManualClock()


@pytest.fixture
async def inbox(clock):
    inbox = MemoryInbox(clock=clock)
    for person in "123":
        await inbox.forget(f"zalo:9:{person}", before=clock.now())
    return inbox


async def test_the_bot_is_told_once_what_to_forget(inbox):
    bot = ScriptedBot()
    await erase(inbox, bot)
    await erase(inbox, bot)
    assert bot.forgotten == ["zalo:9:1", "zalo:9:2", "zalo:9:3"]


async def test_a_bot_that_is_down_is_told_when_it_is_back(inbox):
    bot = ScriptedBot()
    bot.is_up = False
    with pytest.raises(BotUnavailable):
        await erase(inbox, bot)
    bot.is_up = True
    await erase(inbox, bot)
    assert len(bot.forgotten) == 3


async def test_what_the_bot_refuses_is_kept_and_stops_nothing(inbox):
    old, new = OldBot(), ScriptedBot()
    with pytest.raises(BotRefused):
        await erase(inbox, old)
    assert old.forgotten == ["zalo:9:2"]
    await erase(inbox, new)
    assert new.forgotten == ["zalo:9:1", "zalo:9:3"]


async def test_no_key_of_a_conversation_is_logged(inbox):
    with structlog.testing.capture_logs() as logs:
        await erase(inbox, ScriptedBot())
    assert [log["event"] for log in logs] == ["bot_has_forgotten"] * 3
    assert "zalo:9" not in str(logs)


async def test_what_is_over_goes_after_a_week(clock):
    inbox = MemoryInbox(clock=clock)
    await inbox.note_interaction("zalo", "9", "1", clock.now())
    clock.advance((KEEP + timedelta(seconds=1)).total_seconds())
    with structlog.testing.capture_logs() as logs:
        await purge(inbox, clock)
    assert [(log["event"], log["rows"]) for log in logs] == [("purged", 1)]
