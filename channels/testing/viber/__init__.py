"""The fake Viber: several bots, the people who write to them, and the calls of the bot API."""

from __future__ import annotations

from channels.testing.viber.people import ViberPhone
from channels.testing.viber.platform import FakeViber
from channels.testing.viber.world import Bot, Subscriber

__all__ = ["Bot", "FakeViber", "Subscriber", "ViberPhone"]
