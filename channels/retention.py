"""What the gateway does not keep: finished work after a week, and in the bot's memory what people had deleted."""

from __future__ import annotations

from datetime import timedelta

import structlog

from bot.reply import BotRefused
from channels.ports import Bot, Clock, Inbox

KEEP = timedelta(days=7)
"""How long finished work is kept: longer than any platform resends (48 h), so that a duplicate is still known."""

PURGE_EVERY_S = 3600.0

ERASE_EVERY_S = 10.0
"""How often the bot is told what it has still to forget."""


async def purge(inbox: Inbox, clock: Clock) -> None:
    """Delete what is over. Raises StoreUnavailable."""
    rows = await inbox.purge(before=clock.now() - KEEP)
    structlog.get_logger().info("purged", rows=rows)


async def erase(inbox: Inbox, bot: Bot) -> None:
    """Let the bot forget what people had deleted; what it does not do now it is told again the next time.

    Raises StoreUnavailable; BotUnavailable at once; BotRefused, as a bot of an older version does, after the others
    were tried.
    """
    refused: BotRefused | None = None
    for erasure in await inbox.erasures():
        try:
            await bot.forget(erasure.conversation)
        except BotRefused as error:
            refused = error
            continue
        await inbox.end_erasure(erasure)
        structlog.get_logger().info("bot_has_forgotten", channel=erasure.conversation.partition(":")[0])
    if refused is not None:
        raise refused
