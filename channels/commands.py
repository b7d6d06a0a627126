"""What an operator asks of the store from the command line, beside a gateway that runs or not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from channels.agency import VIETNAM
from channels.event import Pause
from channels.ports import Clock, Inbox

QUEUES = ("inbox", "outbox")
"""Where a dead letter lies: a question that nobody could answer, or a message that nobody could deliver."""


async def dead_letters(inbox: Inbox) -> list[str]:
    """Return the lines of what was given up: a count for each channel, then each letter, newest first."""
    letters = await inbox.dead_letters()
    counts = [f"{channel}: {count}" for channel, count in sorted(Counter(letter.channel for letter in letters).items())]
    return counts + [
        f"{letter.died_at:%Y-%m-%dT%H:%M:%SZ} {letter.channel} {letter.queue}#{letter.id} ({letter.attempts})"
        f" {letter.reason}"
        for letter in letters
    ]


async def resend(inbox: Inbox, names: Sequence[str]) -> list[str]:
    """Offer dead letters again: each named as "outbox#17", or "all". Raises ValueError for another name."""
    wanted: dict[str, list[int]] = {queue: [] for queue in QUEUES}
    if list(names) == ["all"]:
        for letter in await inbox.dead_letters():
            wanted[letter.queue].append(letter.id)
    else:
        for name in names:
            queue, _, number = name.partition("#")
            if queue not in QUEUES or not number.isdecimal():
                raise ValueError(f"{name!r} is not a dead letter; the list shows names such as outbox#17")
            wanted[queue].append(int(number))
    return [f"{queue}: {await inbox.resend(queue, ids)} offered again" for queue, ids in wanted.items() if ids]


async def left_messages(inbox: Inbox) -> list[str]:
    """Return what people wrote to closed offices, oldest first: the hour in Vietnam, the conversation, their words."""
    return [
        f"{_local(message.left_at)} {message.conversation}\n    " + message.text.replace("\n", "\n    ")
        for message in await inbox.left_messages()
    ]


async def resume(inbox: Inbox, clock: Clock) -> list[str]:
    """End the rest of every account that waits after an error, now that its cause is mended."""
    pauses = await inbox.pauses()
    for pause in pauses:
        await inbox.pause(Pause(pause.channel, pause.account, clock.now(), pause.reason))
    return [f"{pause.channel} {pause.account}: sending again (it rested: {pause.reason})" for pause in pauses]


def _local(at: datetime) -> str:
    return at.astimezone(VIETNAM).strftime("%Y-%m-%d %H:%M")
