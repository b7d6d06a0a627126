"""What people do on the fake Messenger: the phone in a person's hand, and the officer at the Page inbox."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from channels.testing.graph.events import CONTENTS, MEDIA, SAMPLES
from channels.testing.graph.world import INBOX_APP_ID, PageUser
from channels.testing.ledger import Author


class GraphStage(Protocol):
    """What the people need of the platform."""

    def write(self, user: PageUser, author: Author, message: Mapping[str, Any], *, app_id: str = "") -> str:
        """Put a message into the conversation and return its id."""

    def emit(self, kind: str, user: PageUser, content: Mapping[str, Any], **how: Any) -> object:
        """Queue an event of the catalogue for every app of the Page that is subscribed to it."""

    def echo(self, user: PageUser, message_id: str, message: Mapping[str, Any], *, app_id: str | None) -> object:
        """Queue the echo of a message that the Page sent."""

    def move(self, user: PageUser, owner: str | None, *, verb: str, metadata: str = "") -> None:
        """Give the conversation to another owner, and tell the apps concerned."""


@dataclass(frozen=True, slots=True)
class MessengerPhone:
    """A person's phone, open at one Page. Every method is one action; messages return the platform's id."""

    stage: GraphStage
    user: PageUser

    def sends_text(self, text: str, *, reply_to: str | None = None) -> str:
        """Type a text, perhaps in reply to a message id."""
        quoted = {"reply_to": {"mid": reply_to, "is_self_reply": False}} if reply_to else {}
        return self._sends("text", {"text": text, **quoted})

    def taps_quick_reply(self, title: str, payload: str) -> str:
        """Tap a quick reply: the title comes as the text, the payload beside it."""
        return self._sends("text", {"text": title, "quick_reply": {"payload": payload}})

    def presses(self, title: str, payload: str) -> str:
        """Press a postback button, an ice breaker or an item of the menu."""
        message_id = self.stage.write(self.user, Author.PERSON, {"text": title})
        self.stage.emit("postback", self.user, {"mid": message_id, "title": title, "payload": payload})
        return message_id

    def gets_started(self, *, ref: str | None = None) -> str:
        """Tap "get started", perhaps after a link with a reference."""
        referral = {"referral": {"ref": ref, "source": "SHORTLINK", "type": "OPEN_THREAD"}} if ref else {}
        message_id = self.stage.write(self.user, Author.PERSON, {"text": "Bắt đầu"})
        content = {"mid": message_id, "title": "Bắt đầu", "payload": "GET_STARTED", **referral}
        self.stage.emit("postback", self.user, content)
        return message_id

    def sends_image(self, url: str = f"{MEDIA}/image", *, caption: str = "") -> str:
        """Send a picture."""
        message = {"attachments": [{"type": "image", "payload": {"url": url}}]}
        return self._sends("image", {**message, **({"text": caption} if caption else {})})

    def sends_sticker(self, sticker_id: int = 369239263222822) -> str:
        """Send a sticker."""
        payload = {"url": f"{MEDIA}/sticker.png", "sticker_id": sticker_id}
        return self._sends("sticker", {"attachments": [{"type": "sticker", "payload": payload}]})

    def sends_location(self, latitude: float, longitude: float) -> str:
        """Send where they are, in degrees, as old clients do."""
        payload = {"coordinates": {"lat": latitude, "long": longitude}}
        return self._sends("location", {"attachments": [{"type": "location", "title": "Vị trí", "payload": payload}]})

    def sends(self, kind: str) -> str:
        """Send any other thing of `CONTENTS`: audio, video, file, reel, post, fallback, template …"""
        return self._sends(kind, CONTENTS[kind])

    def edits(self, message_id: str, text: str, *, times: int = 1) -> None:
        """Edit a message of theirs."""
        self.stage.emit("message_edit", self.user, {"mid": message_id, "text": text, "num_edit": times})

    def reacts(self, message_id: str, reaction: str = "love", *, takes_back: bool = False) -> None:
        """React to a message."""
        content = {"mid": message_id, "action": "unreact" if takes_back else "react", "reaction": reaction}
        self.stage.emit("reaction", self.user, content)

    def receives(self, watermark_ms: int, *message_ids: str) -> None:
        """Have everything sent before the watermark on the phone."""
        mids = {"mids": list(message_ids)} if message_ids else {}
        self.stage.emit("delivery", self.user, {**mids, "watermark": watermark_ms})

    def reads(self, watermark_ms: int) -> None:
        """Read everything up to the watermark."""
        self.stage.emit("read", self.user, {"watermark": watermark_ms})

    def comes_by_link(self, ref: str) -> None:
        """Enter the conversation again through a link."""
        self.stage.emit("referral", self.user, {"ref": ref, "source": "SHORTLINK", "type": "OPEN_THREAD"})

    def does(self, kind: str, content: Mapping[str, Any] | None = None) -> None:
        """Cause any other event of `SAMPLES`, or one that is in no catalogue."""
        sample = SAMPLES.get(kind)
        self.stage.emit(kind, self.user, content if content is not None else (sample.content if sample else {}))

    def _sends(self, kind: str, message: Mapping[str, Any]) -> str:
        message_id = self.stage.write(self.user, Author.PERSON, message)
        self.stage.emit(f"message_{kind}", self.user, {"mid": message_id, **message})
        return message_id


@dataclass(frozen=True, slots=True)
class MessengerOfficer:
    """A person of the agency who answers by hand in the Page inbox."""

    stage: GraphStage
    app_id: str | None = INBOX_APP_ID  # None: the echo names no app, as has been seen

    def sends_text(self, user: PageUser, text: str) -> str:
        """Write to a person; the echo names the inbox as its app."""
        message_id = self.stage.write(user, Author.OFFICER, {"text": text}, app_id=self.app_id or "")
        self.stage.echo(user, message_id, {"text": text}, app_id=self.app_id)
        return message_id

    def takes_over(self, user: PageUser) -> None:
        """Take the conversation into the inbox; whoever owned it is told."""
        self.stage.move(user, INBOX_APP_ID, verb="take_thread_control")

    def gives_back(self, user: PageUser, app_id: str | None, *, metadata: str = "") -> None:
        """Mark the conversation as done: it goes to an app, or to whoever is the default."""
        self.stage.move(user, app_id, verb="pass_thread_control", metadata=metadata)
