"""Public doubles of everything that the gateway talks to; `python -m channels.testing` runs the fake platforms."""

from __future__ import annotations

from bot.testing import ScriptedBot
from channels.testing.delivery import Delivery, Disturbance, http_post
from channels.testing.doubles import ManualClock, RecordingSender
from channels.testing.exchange import PlatformTransport
from channels.testing.graph import FakeGraph
from channels.testing.ledger import Author, Ledger, Line
from channels.testing.memory import MemoryInbox
from channels.testing.platforms import PageIds, ViberIds, ZaloIds, in_process, one_bot, one_oa, one_page
from channels.testing.serving import serve
from channels.testing.signing import (
    messenger_event,
    sign_messenger,
    sign_viber,
    sign_zalo,
    viber_event,
    zalo_event,
)
from channels.testing.viber import FakeViber
from channels.testing.zalo import FakeZalo

__all__ = [
    "Author",
    "Delivery",
    "Disturbance",
    "FakeGraph",
    "FakeViber",
    "FakeZalo",
    "Ledger",
    "Line",
    "ManualClock",
    "MemoryInbox",
    "PageIds",
    "PlatformTransport",
    "RecordingSender",
    "ScriptedBot",
    "ViberIds",
    "ZaloIds",
    "http_post",
    "in_process",
    "messenger_event",
    "one_bot",
    "one_oa",
    "one_page",
    "serve",
    "sign_messenger",
    "sign_viber",
    "sign_zalo",
    "viber_event",
    "zalo_event",
]
