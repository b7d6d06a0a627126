"""What a person does on a phone, and the callbacks that follow. Source: docs/bots-api/events, read 2026-11-29."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Protocol

from channels.testing.viber.world import Subscriber

MEDIA = "https://dl-media.viber.com/1/share/2/long"

CONTENTS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "picture": {
            "media": f"{MEDIA}/picture.jpg",
            "thumbnail": f"{MEDIA}/small.jpg",
            "file_name": "a.jpg",
            "size": 9,
        },
        "video": {"media": f"{MEDIA}/video.mp4", "size": 9, "duration": 1},
        "file": {"media": f"{MEDIA}/file.pdf", "file_name": "đơn.pdf", "size": 9},
        "sticker": {"sticker_id": 46105},
        "contact": {"contact": {"name": "Trần Thị Thử", "phone_number": "+84900000000"}},
        "url": {"media": "https://vnexpress.net/a"},
        "location": {"location": {"lat": 16.4637, "lon": 107.5909}},
    }
)
"""Everything but text that a person can send."""


class ViberStage(Protocol):
    """Where it is played."""

    def received(self, user: Subscriber, message: Mapping[str, Any]) -> str:
        """Take a message of a person in and return its token."""

    def emit(self, name: str, user: Subscriber, more: Mapping[str, Any]) -> str:
        """Queue a callback about a person and return its message token."""


@dataclass(frozen=True, slots=True)
class ViberPhone:
    """A person's phone, open at a bot. What sends something returns its message token."""

    stage: ViberStage
    user: Subscriber

    def opens(self, *, context: str = "") -> None:
        """Open the conversation from the bot's page or by a link."""
        started = {"type": "open", "user": self.user.shown(), "subscribed": self.user.is_subscribed}
        self.stage.emit("conversation_started", self.user, {**started, **({"context": context} if context else {})})

    def subscribes(self) -> None:
        """Tap "receive messages"."""
        self.user.is_subscribed = True
        self.stage.emit("subscribed", self.user, {"user": self.user.shown()})

    def unsubscribes(self) -> None:
        """Tap "stop receiving messages"."""
        self.user.is_subscribed = False
        self.stage.emit("unsubscribed", self.user, {"user_id": self.user.id})

    def sends_text(self, text: str) -> str:
        """Type a text; the first one subscribes without a word."""
        return self.stage.received(self.user, {"type": "text", "text": text})

    def presses(self, button: Mapping[str, Any]) -> str:
        """Press a button of a keyboard: what it holds comes as a text."""
        return self.sends_text(str(button["ActionBody"]))

    def sends(self, kind: str, **more: Any) -> str:
        """Send anything of `CONTENTS`."""
        return self.stage.received(self.user, {"type": kind, **CONTENTS[kind], **more})

    def receives(self, token: str) -> None:
        """Have a message on one of the devices."""
        self.stage.emit("delivered", self.user, {"message_token": int(token), "user_id": self.user.id})

    def reads(self, token: str) -> None:
        """Read a message."""
        self.stage.emit("seen", self.user, {"message_token": int(token), "user_id": self.user.id})
