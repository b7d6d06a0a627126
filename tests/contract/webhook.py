"""What every channel promises of the requests that its platform sends."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from channels.errors import BadSignature, MalformedEvent
from channels.event import EventKind, InboundEvent, ParsedRequest
from channels.ports import VerifiedRequest, WebhookChannel

Headers = dict[str, list[str]]

IGNORED = {"unknown", "other_account"}
"""Names under which events are let go: labels of a counter, so nothing that a stranger could choose."""

JUNK: tuple[Any, ...] = (None, True, 0, -1, 1e300, "", "a b", "\ud800", "\x00", [], {}, [{}], {"id": {"id": []}})


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in items:
        yield from places(part, (*path, key))


def changed(value: Any, path: tuple[str | int, ...], junk: Any) -> Any:
    if not path:
        return junk
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = changed(value[path[0]], path[1:], junk)
    return copy


class WebhookContract:
    """Subclasses build a channel that serves one account and one that is off, and write their platform's requests."""

    account: str
    person: str

    def served(self) -> WebhookChannel:
        raise NotImplementedError

    def off(self) -> WebhookChannel:
        raise NotImplementedError

    def request(self, text: str, *, message_id: int) -> bytes:
        """A message of `person` to `account`."""
        raise NotImplementedError

    def unknown(self) -> bytes:
        """An event of a kind that is in no catalogue."""
        raise NotImplementedError

    def headers(self, body: bytes, *, secret: str | None = None) -> dict[str, str]:
        """The platform's headers of a body, signed with our secret or with another one."""
        raise NotImplementedError

    def button(self, text: str) -> str:
        """What a pressed button of ours sends for a text: see the channel's `buttons`."""
        raise NotImplementedError

    def received(self, body: bytes, *, secret: str | None = None) -> Headers:
        return {name.lower(): [value] for name, value in self.headers(body, secret=secret).items()}

    def parsed(self, body: bytes) -> ParsedRequest:
        channel = self.served()
        verified = channel.verify(body, self.received(body))
        assert verified is not None
        return channel.parse(verified)

    def event(self, text: str, *, message_id: int = 1) -> InboundEvent:
        [event] = self.parsed(self.request(text, message_id=message_id)).events
        return event

    def test_a_genuine_request_is_taken_and_read(self) -> None:
        event = self.event("  lương cơ sở?\r\n")
        assert (event.channel, event.account, event.person) == (self.served().name, self.account, self.person)
        assert (event.kind, event.text) == (EventKind.TEXT, "lương cơ sở?")
        assert event.occurred_at.utcoffset() is not None

    def test_an_altered_body_is_refused(self) -> None:
        body = self.request("lương cơ sở?", message_id=1)
        with pytest.raises(BadSignature):
            self.served().verify(body.replace(b"l", b"L", 1), self.received(body))

    def test_an_unsigned_request_is_refused(self) -> None:
        with pytest.raises(BadSignature):
            self.served().verify(self.request("lương cơ sở?", message_id=1), {})

    def test_a_request_with_two_signatures_is_refused(self) -> None:
        body = self.request("lương cơ sở?", message_id=1)
        doubled = {name: values * 2 for name, values in self.received(body).items()}
        with pytest.raises(BadSignature):
            self.served().verify(body, doubled)

    def test_another_secret_signs_nothing(self) -> None:
        body = self.request("lương cơ sở?", message_id=1)
        with pytest.raises(BadSignature) as caught:
            self.served().verify(body, self.received(body, secret="somebody else's"))
        assert "lương" not in str(caught.value)

    @pytest.mark.parametrize("value", ["", "ế" * 64, "\udcff" * 64, "0" * 1_000_000])
    def test_a_signature_that_is_none_is_refused_like_a_wrong_one(self, value: str) -> None:
        body = self.request("lương cơ sở?", message_id=1)
        spoilt = {name: [value] if "sig" in name else values for name, values in self.received(body).items()}
        with pytest.raises(BadSignature):
            self.served().verify(body, spoilt)

    def test_a_channel_that_is_off_takes_nothing_and_names_what_it_misses(self) -> None:
        body = self.request("lương cơ sở?", message_id=1)
        with pytest.raises(BadSignature):
            self.off().verify(body, self.received(body))
        assert self.off().missing
        assert self.served().missing == ()

    def test_a_resent_request_has_the_key_of_the_first_and_no_other_has(self) -> None:
        assert self.event("một").dedup_key == self.event("một").dedup_key
        assert self.event("một").dedup_key != self.event("một", message_id=2).dedup_key

    def test_an_event_of_no_known_kind_is_let_go_under_a_name_of_ours(self) -> None:
        parsed = self.parsed(self.unknown())
        assert (parsed.events, parsed.signals, parsed.malformed) == ((), (), 0)
        assert parsed.ignored
        assert set(parsed.ignored) <= IGNORED

    def test_whatever_is_wrong_with_a_body_is_a_malformed_event_and_nothing_else(self) -> None:
        channel = self.served()
        whole = json.loads(self.request("lương cơ sở?", message_id=1))
        spoilt = [changed(whole, path, junk) for path in places(whole) for junk in JUNK]
        bodies = [json.dumps(each).encode() for each in spoilt]
        bodies += [b"", b"\xff", b"nul", b"NaN", b'{"a":' * 3_000, b"[" * 100_000]
        for body in bodies:
            try:
                parsed = channel.parse(VerifiedRequest(body, account=self.account))
            except MalformedEvent as error:
                assert "lương" not in str(error)
            else:
                assert set(parsed.ignored) <= IGNORED

    def test_a_button_of_ours_is_its_text_and_a_typed_one_is_only_text(self) -> None:
        genuine = self.button("Điều 5 nói gì?")
        assert self.event(genuine).text == "Điều 5 nói gì?"
        forged = genuine.replace("Điều 5", "Điều 6")
        assert self.event(forged).text == forged
