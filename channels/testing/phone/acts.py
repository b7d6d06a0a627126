"""What can be done on the demo page: the person's taps and the officer's words, on either platform."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from channels.testing.graph import FakeGraph, MessengerPhone
from channels.testing.zalo import FakeZalo, ZaloPhone

HANOI = (21.0285, 105.8542)
"""Where the demo phone is, in degrees."""

_MEDIA = "https://f1-zpc.zdn.vn/demo"

ZALO: Mapping[str, Callable[[ZaloPhone], object]] = {
    "sticker": lambda phone: phone.sends_sticker(),
    "image": lambda phone: phone.sends_image(f"{_MEDIA}.jpg"),
    "audio": lambda phone: phone.sends_audio(f"{_MEDIA}.amr"),
    "file": lambda phone: phone.sends_file(f"{_MEDIA}.pdf"),
    "location": lambda phone: phone.sends_location(*HANOI),
    "follow": lambda phone: phone.follows(),
    "unfollow": lambda phone: phone.unfollows(),
    "withdraw": lambda phone: phone.withdraws(),
}

MESSENGER: Mapping[str, Callable[[MessengerPhone], object]] = {
    "sticker": lambda phone: phone.sends_sticker(),
    "image": lambda phone: phone.sends_image(),
    "audio": lambda phone: phone.sends("audio"),
    "file": lambda phone: phone.sends("file"),
    "location": lambda phone: phone.sends_location(*HANOI),
    "start": lambda phone: phone.gets_started(),
}


class NoSuchAct(Exception):
    """The page asked for something that cannot be done."""


@dataclass(frozen=True, slots=True)
class Place:
    """A conversation: which platform, which account, which person."""

    channel: str
    account: str
    person: str


@dataclass(frozen=True, slots=True)
class Stage:
    """Both platforms of the demo."""

    zalo: FakeZalo
    graph: FakeGraph

    def act(self, place: Place, name: str, *, text: str = "", title: str = "") -> None:
        """Do one thing. `text` is what is written, or a button's payload; `title` stands on it. Raises NoSuchAct."""
        if place.channel == "zalo" and place.account in self.zalo.accounts:
            self._on_zalo(self.zalo.phone(place.account, place.person), name, text)
        elif place.channel == "messenger" and place.account in self.graph.pages:
            self._on_messenger(self.graph.phone(place.account, place.person), name, text, title)
        else:
            raise NoSuchAct(place.channel)

    def _on_zalo(self, phone: ZaloPhone, name: str, text: str) -> None:
        if name in ("text", "press"):
            phone.sends_text(text)
        elif name == "officer":
            self.zalo.officer().sends_text(phone.user, text)
        elif name in ZALO:
            ZALO[name](phone)
        else:
            raise NoSuchAct(name)

    def _on_messenger(self, phone: MessengerPhone, name: str, text: str, title: str) -> None:
        if name == "text":
            phone.sends_text(text)
        elif name == "press":
            phone.presses(title, text)
        elif name == "quick":
            phone.taps_quick_reply(title, text)
        elif name == "officer":
            self.graph.officer().sends_text(phone.user, text)
        elif name == "take":
            self.graph.officer().takes_over(phone.user)
        elif name == "give":
            self.graph.officer().gives_back(phone.user, self.graph.pages[phone.user.page_id].default_app)
        elif name in MESSENGER:
            MESSENGER[name](phone)
        else:
            raise NoSuchAct(name)
