"""Tokens of pages: whose they are, how long they are good, and that nobody else can make or change one."""

from __future__ import annotations

import base64
import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.errors import BadRequest
from channels.testing import ManualClock
from channels.web.limits import TOKEN_LIFE
from channels.web.session import Session, Sessions

NOW = ManualClock().now()
ORIGIN = "https://tinh.gov.vn"
SESSIONS = Sessions(b"a secret")
TOKEN, SESSION = SESSIONS.issue("hue", "person", ORIGIN, NOW)
SENTENCES = {
    "the token is none of ours",
    "the token is no longer good",
    "the token is of a page on another origin",
}


def fault(token: str, *, origin: str = ORIGIN, sessions: Sessions = SESSIONS, after: timedelta = timedelta(0)) -> str:
    with pytest.raises(BadRequest) as caught:
        sessions.read(token, origin=origin, now=NOW + after)
    assert caught.value.http_status == (403 if caught.value.code == "foreign_token" else 401)
    assert str(caught.value) in SENTENCES  # fixed ones: nothing of what was sent stands in them
    return caught.value.code


def test_a_token_says_what_it_was_issued_for() -> None:
    assert SESSIONS.read(TOKEN, origin=ORIGIN, now=NOW) == SESSION
    assert Session("hue", "person", ORIGIN, NOW, NOW + TOKEN_LIFE) == SESSION
    assert SESSION.conversation == "web:hue:person"
    assert "person" not in repr(SESSION).replace("person=", "")


def test_a_token_ends_twelve_hours_after_it_was_issued_and_is_not_good_before() -> None:
    almost = TOKEN_LIFE - timedelta(seconds=1)
    assert SESSIONS.read(TOKEN, origin=ORIGIN, now=NOW + almost) == SESSION
    assert fault(TOKEN, after=TOKEN_LIFE) == "expired_token"
    assert fault(TOKEN, after=-timedelta(hours=1)) == "expired_token"


@pytest.mark.parametrize("origin", ["https://hue.gov.vn", "http://tinh.gov.vn", "https://tinh.gov.vn:8443", "null", ""])
def test_a_token_of_one_origin_is_of_no_use_on_another(origin: str) -> None:
    assert fault(TOKEN, origin=origin) == "foreign_token"


def test_what_the_secret_before_signed_is_read_and_what_another_signed_is_not() -> None:
    assert Sessions(b"new", older=[b"a secret"]).read(TOKEN, origin=ORIGIN, now=NOW) == SESSION
    assert fault(TOKEN, sessions=Sessions(b"new")) == "invalid_token"
    assert fault(Sessions(b"new").issue("hue", "person", ORIGIN, NOW)[0]) == "invalid_token"


@given(st.integers(0, len(TOKEN) - 1), st.characters(codec="utf-8"))
def test_a_token_of_which_one_letter_was_changed_is_none(place: int, letter: str) -> None:
    altered = TOKEN[:place] + letter + TOKEN[place + 1 :]
    if altered == TOKEN:
        return
    try:
        assert SESSIONS.read(altered, origin=ORIGIN, now=NOW) == SESSION
    except BadRequest as error:
        assert error.code == "invalid_token"
    else:
        raise AssertionError("an altered token was read")


@given(st.text(max_size=200))
def test_no_text_that_somebody_makes_up_is_a_token(text: str) -> None:
    assert fault(text) == "invalid_token"


def test_a_payload_of_ones_own_is_none_whatever_it_says() -> None:
    said = {"a": "hue", "p": "other", "o": ORIGIN, "i": int(NOW.timestamp()), "e": int(NOW.timestamp()) + 9_999}
    payload = base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")
    _, _, signature = TOKEN.split(".")
    for made_up in (f"v1.{payload}.{signature}", f"v1.{payload}.", f"v1.{payload}", f"v0.{payload}.{signature}"):
        assert fault(made_up) == "invalid_token"


def test_a_conversation_is_the_same_for_the_same_first_message_and_nobody_can_name_it() -> None:
    begun = SESSIONS.begin("hue", ORIGIN, "id-1")
    assert begun == SESSIONS.begin("hue", ORIGIN, "id-1")
    others = {
        SESSIONS.begin("hue", ORIGIN, "id-2"),
        SESSIONS.begin("hue", "https://hue.gov.vn", "id-1"),
        SESSIONS.begin("default", ORIGIN, "id-1"),
        Sessions(b"other").begin("hue", ORIGIN, "id-1"),
    }
    assert len(others | {begun}) == 5
    assert len(begun) == 24
