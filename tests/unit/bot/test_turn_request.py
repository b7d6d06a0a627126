"""What the connector accepts as a turn."""

import json

import pytest

from bot.turn_request import MalformedTurn, read_conversation, read_turn

GOOD = {"conversation": "zalo:1:2", "message_id": "m1", "text": "chào", "channel": "zalo", "lang": None, "as_of": None}


def body(**changes):
    return json.dumps({**GOOD, **changes}).encode()


def test_a_turn_is_read_with_its_metadata():
    asked = read_turn(body(lang="en", as_of="2026-07-01", sources=["congbao.chinhphu.vn"]))
    assert (asked.conversation, asked.message_id, asked.text) == ("zalo:1:2", "m1", "chào")
    assert asked.metadata == {
        "channel": "zalo",
        "lang": "en",
        "as_of": "2026-07-01",
        "message_id": "m1",
        "sources": ["congbao.chinhphu.vn"],
    }


@pytest.mark.parametrize("raw", [body(), body(sources=None), body(sources=[])])
def test_without_a_scope_all_sources_answer(raw):
    assert read_turn(raw).metadata["sources"] == []


@pytest.mark.parametrize("text", ["/greet", "  /restart", '/ask_policy{"a": "b"}', "/"])
def test_text_that_begins_like_a_command_stays_text(text):
    asked = read_turn(body(text=text))
    assert not asked.text.startswith("/")
    assert asked.text[1:] == text.strip()[1:]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"[1]",
        b'"text"',
        b"\xff\xfe",
        b"[" * 100_000,
        body(text=""),
        body(text=" \n"),
        body(text=7),
        body(text="x" * 2001),
        body(conversation=None),
        body(conversation="c" * 256),
        body(message_id=1),
        body(channel=""),
        body(lang="fr"),
        body(lang=["vi"]),
        body(as_of="yesterday"),
        body(as_of=20260701),
        body(sources="congbao.chinhphu.vn"),
        body(sources={}),
        body(sources=""),
        body(sources=[""]),
        body(sources=[" "]),
        body(sources=[1]),
        body(sources=[["congbao.chinhphu.vn"]]),
        body(sources=["x" * 201]),
        body(sources=["x"] * 51),
    ],
)
def test_anything_else_is_malformed(raw):
    with pytest.raises(MalformedTurn):
        read_turn(raw)


def test_half_a_surrogate_pair_does_not_travel_on():
    assert read_turn(body(text="a\ud800b")).text == "a?b"


def test_what_is_to_be_forgotten_is_read():
    assert read_conversation(b'{"conversation": "zalo:1:2"}') == "zalo:1:2"


@pytest.mark.parametrize(
    "raw", [b"", b"[1]", b"{}", b'{"conversation": " "}', b'{"conversation": 7}', body(conversation="secret" * 50)]
)
def test_what_names_no_conversation_is_malformed_and_not_quoted(raw):
    with pytest.raises(MalformedTurn) as caught:
        read_conversation(raw)
    assert "secret" not in str(caught.value)
