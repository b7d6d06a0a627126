"""What people do on the fake Zalo: the phone in a person's hand, and the officer at OA Manager."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from channels.testing.ledger import Author
from channels.testing.zalo.world import ZaloUser


class ZaloStage(Protocol):
    """What the people need of the platform."""

    def emit(self, name: str, oa_id: str, user_id: str, **details: Any) -> str:
        """Queue an event for every app of the OA and return the message's id."""

    def write(self, user: ZaloUser, author: Author, message: Mapping[str, Any]) -> str:
        """Put a message into the conversation and return its id."""


@dataclass(frozen=True, slots=True)
class ZaloPhone:
    """A person's phone, open at one OA. Every method is one action, and returns the platform's message id."""

    stage: ZaloStage
    user: ZaloUser

    def sends_text(self, text: str, *, quoted: str | None = None) -> str:
        """Type a text, perhaps in reply to a message id."""
        return self._sends("text", {"text": text, **({"quote_msg_id": quoted} if quoted else {})})

    def presses(self, payload: str) -> str:
        """Press an `oa.query` button: it comes as a typed text, and nothing tells them apart."""
        return self.sends_text(payload)

    def sends_image(self, url: str, *, caption: str = "") -> str:
        """Send a picture."""
        return self._attaches("image", caption, url=url, thumbnail=url)

    def sends_gif(self, url: str) -> str:
        """Send a moving picture."""
        return self._attaches("gif", url=url, thumbnail=url)

    def sends_link(self, url: str, *, description: str = "", text: str = "") -> str:
        """Share a page."""
        return self._attaches("link", text, url=url, thumbnail="", description=description)

    def sends_audio(self, url: str) -> str:
        """Send a voice message."""
        return self._attaches("audio", url=url)

    def sends_video(self, url: str) -> str:
        """Send a film."""
        return self._attaches("video", url=url, thumbnail=url, description="")

    def sends_sticker(self, sticker_id: str = "c1aed7e3edaa04f45dbb") -> str:
        """Send a sticker."""
        url = f"https://zalo-api.zadn.vn/{sticker_id}.png"
        return self._attaches("sticker", id=sticker_id, url=url)

    def sends_location(self, latitude: float, longitude: float) -> str:
        """Send where they are, in degrees."""
        return self._attaches("location", coordinates={"latitude": str(latitude), "longitude": str(longitude)})

    def sends_file(self, url: str, *, name: str = "don.pdf", size: int = 20_480) -> str:
        """Send a file; `size` in bytes."""
        checksum, suffix = "0cc175b9c0f1b6a831c399e269772661", name.rpartition(".")[2]
        return self._attaches("file", url=url, name=name, size=str(size), checksum=checksum, type=suffix)

    def sends_business_card(self, phone: str) -> str:
        """Send somebody's business card."""
        description = f'{{"phone":"{phone}","qrCodeUrl":"https://qr.zalo.me/{phone}"}}'
        return self._sends(
            "business_card",
            {
                "text": "",
                "attachments": [_attachment("link", {"url": "", "thumbnail": "", "description": description})],
            },
        )

    def follows(self, source: str = "oa_profile") -> None:
        """Follow the OA."""
        self.user.follows = True
        self.stage.emit("follow", self.user.oa_id, self.user.user_id, source=source)

    def unfollows(self) -> None:
        """Stop following it."""
        self.user.follows = False
        self.stage.emit("unfollow", self.user.oa_id, self.user.user_id)

    def clicks_chat_now(self) -> None:
        """Press "Nhắn tin"; it is reported for people who never wrote."""
        if not self.user.has_written:
            self.stage.emit("user_click_chatnow", self.user.oa_id, self.user.user_id)

    def receives(self, message_id: str) -> None:
        """Have a message of the OA on the phone."""
        self._does("user_received_message", message={"msg_id": message_id})

    def sees(self, *message_ids: str) -> None:
        """Read messages of the OA."""
        self._does("user_seen_message", message={"msg_ids": list(message_ids)})

    def reacts(self, message_id: str, icon: str = "/-heart") -> None:
        """React to a message."""
        self._does("user_reacted_message", message={"msg_id": message_id, "react_icon": icon})

    def submits_info(self, **info: Any) -> None:
        """Answer a card that asks for personal data."""
        self._does("user_submit_info", **({"info": info} if info else {}))

    def withdraws(self) -> None:
        """Ask that their data be deleted."""
        self._does("user_withdraw")

    def calls(self) -> None:
        """Call the OA."""
        self._does("user_call_oa")

    def does(self, event_name: str, **details: Any) -> str:
        """Cause any other event of the catalogue, or one that is in none."""
        return self._does(event_name, **details)

    def _does(self, event_name: str, **details: Any) -> str:
        return self.stage.emit(event_name, self.user.oa_id, self.user.user_id, **details)

    def _attaches(self, kind: str, text: str = "", /, **payload: Any) -> str:
        return self._sends(kind, {"text": text, "attachments": [_attachment(kind, payload)]})

    def _sends(self, kind: str, message: Mapping[str, Any]) -> str:
        message_id = self.stage.write(self.user, Author.PERSON, message)
        self.user.has_written = True
        return self._does(f"user_send_{kind}", message={"msg_id": message_id, **message})


@dataclass(frozen=True, slots=True)
class ZaloOfficer:
    """An officer who answers by hand in OA Manager, where the window is a year."""

    stage: ZaloStage
    admin_id: str

    def sends_text(self, user: ZaloUser, text: str) -> str:
        """Write to a person; the echo names the officer."""
        message_id = self.stage.write(user, Author.OFFICER, {"text": text})
        message = {"msg_id": message_id, "text": text}
        return self.stage.emit("oa_send_text", user.oa_id, user.user_id, message=message, admin_id=self.admin_id)


def _attachment(kind: str, payload: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": kind, "payload": dict(payload)}
