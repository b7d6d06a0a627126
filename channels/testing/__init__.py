"""Public doubles of everything that the gateway talks to; `python -m channels.testing` runs the fake platforms."""

from __future__ import annotations

from bot.testing import ScriptedBot
from channels.testing.doubles import ManualClock, RecordingSender
from channels.testing.memory import MemoryInbox
from channels.testing.platforms import FakeGraph, FakeZalo
from channels.testing.serving import serve
from channels.testing.signing import messenger_event, sign_messenger, sign_zalo, zalo_event

__all__ = [
    "FakeGraph",
    "FakeZalo",
    "ManualClock",
    "MemoryInbox",
    "RecordingSender",
    "ScriptedBot",
    "messenger_event",
    "serve",
    "sign_messenger",
    "sign_zalo",
    "zalo_event",
]
