"""Button payloads: only what we signed, for the account for which we signed it, stands for a text."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.buttons import OVERHEAD_CHARS, PREFIX, Buttons
from channels.text import tidy

SECRET = b"a secret of sixteen bytes"
BUTTONS = Buttons(SECRET)
ANY_TEXT = st.text(st.characters(), max_size=60)  # half surrogate pairs included: JSON can spell them
IDS = st.text(st.sampled_from("0123456789:"), max_size=20)


@given(IDS, ANY_TEXT)
def test_a_signed_payload_is_read_back_and_as_long_as_promised(account: str, text: str) -> None:
    payload = BUTTONS.sign("zalo", account, text)
    assert BUTTONS.read("zalo", account, payload) == text
    assert payload.startswith(PREFIX)
    assert len(payload) == len(text) + OVERHEAD_CHARS


def test_the_form_of_a_payload_stays_as_it_is_because_buttons_stay_in_chats() -> None:
    assert BUTTONS.sign("zalo", "9", "xem thêm") == "#btn:j6V1DZQ-1k8L_DGA:xem thêm"


@given(st.tuples(IDS, IDS, ANY_TEXT), st.tuples(IDS, IDS, ANY_TEXT))
def test_a_mark_holds_for_one_channel_one_account_and_one_text(
    signed: tuple[str, str, str], asked: tuple[str, str, str]
) -> None:
    mark = BUTTONS.sign(*signed)[: OVERHEAD_CHARS - 1]
    channel, account, text = asked
    is_same = (*asked[:2], tidy(text)) == (*signed[:2], tidy(signed[2]))
    assert BUTTONS.read(channel, account, f"{mark}:{text}") == (text if is_same else None)


def test_a_mark_survives_a_platform_that_recomposes_letters_and_trims() -> None:
    payload = BUTTONS.sign("zalo", "9", "Điều kiện\r\n ")
    assert BUTTONS.read("zalo", "9", unicodedata.normalize("NFD", payload).strip()) is not None


def test_parts_cannot_be_moved_from_one_field_to_the_next() -> None:
    mark = BUTTONS.sign("zalo", "12", "3")[: OVERHEAD_CHARS - 1]
    assert BUTTONS.read("zalo", "1", f"{mark}:23") is None
    assert BUTTONS.read("zalo", "123", f"{mark}:") is None


def test_another_secret_signs_otherwise() -> None:
    assert BUTTONS.read("zalo", "9", Buttons(b"another secret, long").sign("zalo", "9", "a")) is None


def test_buttons_signed_before_the_secret_was_rotated_still_work() -> None:
    rotated = Buttons(b"another secret, long", older=(SECRET,))
    assert rotated.read("zalo", "9", BUTTONS.sign("zalo", "9", "a")) == "a"
    assert BUTTONS.read("zalo", "9", rotated.sign("zalo", "9", "a")) is None


@pytest.mark.parametrize(
    "payload",
    ["", "#btn:", "#btn::", "#btn::a", "#btn:a", "btn:AAAAAAAAAAAAAAAA:a", "#btn:AAAAAAAAAAAAAAAA:a", "#btn:é:a",
     "#btn:\ud800:a", " " + BUTTONS.sign("zalo", "9", "a"), BUTTONS.sign("zalo", "9", "a").upper()],
)  # fmt: skip
def test_what_was_typed_is_no_button(payload: str) -> None:
    assert BUTTONS.read("zalo", "9", payload) is None


@given(ANY_TEXT)
def test_no_payload_raises(payload: str) -> None:
    assert BUTTONS.read("zalo", "9", payload) is None
    assert BUTTONS.read("zalo", "9", PREFIX + payload) is None


def test_the_secret_is_not_shown() -> None:
    assert "secret" not in repr(BUTTONS) + str(vars(BUTTONS))
