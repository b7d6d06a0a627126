"""Zalo's signature over the raw bytes, by the test vector of reference/zalo-oa.md section 3 (read 2026-11-29)."""

import json
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.agency import Agency, ZaloAccount
from channels.errors import BadSignature
from channels.zalo.verify import mac, verify

APP = "4100000000000000001"
SECRET = "oaSecretDemo123"
BODY = (
    '{"app_id":"4100000000000000001","sender":{"id":"7000000000000000001"},"user_id_by_app":"8000000000000000001",'
    '"recipient":{"id":"9000000000000000001"},"event_name":"user_send_text","message":{"text":"Xin chào",'
    '"msg_id":"demo0001"},"timestamp":"1767225600000"}'
).encode()
MAC = "4d0fff3d84246cb3ed63b1a72f2a7188f1aa06b0bc0d3abd1ff9d8baa9ef085b"


OTHER_APP = "4100000000000000002"


def account(oa_id: str = "9000000000000000001", *, app_id: str = APP, secret: str = SECRET) -> ZaloAccount:
    return ZaloAccount(agency=Agency(id="a"), app_id=app_id, oa_id=oa_id, oa_secret_key=secret)


ONE = (account(),)


def check(body: bytes, *signatures: str, accounts: tuple[ZaloAccount, ...] = ONE) -> object:
    headers = {"x-zevent-signature": list(signatures)} if signatures else {}
    return verify(body, headers, accounts=accounts)


def signed(body: bytes, secret: str, app_id: str = APP) -> str:
    return "mac=" + mac(app_id=app_id, body=body, timestamp="1767225600000", secret_key=secret)


def test_the_reference_vector_holds() -> None:
    assert len(BODY) == 259
    assert mac(app_id=APP, body=BODY, timestamp="1767225600000", secret_key=SECRET) == MAC
    dumped = json.dumps(json.loads(BODY)).encode()
    assert mac(app_id=APP, body=dumped, timestamp="1767225600000", secret_key=SECRET).startswith("ca1e54d8")


@pytest.mark.parametrize("header", [f"mac={MAC}", f"mac = {MAC}", MAC, f"mac={MAC.upper()}"])
def test_each_way_of_writing_the_header_is_accepted(header: str) -> None:
    verified = check(BODY, header)
    assert verified is not None
    assert verified.body == BODY


@pytest.mark.parametrize("signatures", [(), ("mac=",), ("",), (f"mac={MAC}", f"mac={MAC}"), ("mac=" + "é" * 64,)])
def test_an_unsigned_doubly_signed_or_odd_header_is_refused(signatures: tuple[str, ...]) -> None:
    with pytest.raises(BadSignature):
        check(BODY, *signatures)


@given(st.integers(0, len(BODY) - 1), st.integers(1, 255))
def test_a_body_with_one_byte_changed_is_refused(position: int, change: int) -> None:
    altered = bytearray(BODY)
    altered[position] ^= change
    with pytest.raises(BadSignature):
        check(bytes(altered), f"mac={MAC}")


def test_a_reserialised_body_is_refused() -> None:
    with pytest.raises(BadSignature):
        check(json.dumps(json.loads(BODY)).encode(), f"mac={MAC}")


def test_another_app_is_refused_though_its_signature_would_hold() -> None:
    body = BODY.replace(APP.encode(), OTHER_APP.encode())
    with pytest.raises(BadSignature, match="another app"):
        check(body, signed(body, SECRET, OTHER_APP))


class WatchedKey(str):
    """A key that notes when it is hashed."""

    used: ClassVar[list[str]] = []

    def encode(self, *args: str) -> bytes:
        self.used.append(str(self))
        return super().encode(*args)


@pytest.mark.parametrize("app_id", [b'"4100000000000000002"', b"4100000000000000002", b'""', b"null", b"[]", b"true"])
def test_nothing_is_hashed_for_an_app_that_is_not_ours(app_id: bytes) -> None:
    WatchedKey.used.clear()
    with pytest.raises(BadSignature, match="another app"):
        check(BODY.replace(b'"4100000000000000001"', app_id, 1), "mac=0", accounts=(account(secret=WatchedKey("k")),))
    assert WatchedKey.used == []


def test_each_of_several_accounts_is_verified_with_its_own_key() -> None:
    accounts = (account(), account("92", secret="another"), account("93", app_id=OTHER_APP, secret="third"))
    for each in accounts:
        body = BODY.replace(b"9000000000000000001", each.oa_id.encode()).replace(APP.encode(), each.app_id.encode())
        assert check(body, signed(body, each.oa_secret_key, each.app_id), accounts=accounts) is not None
        with pytest.raises(BadSignature, match="does not match"):
            check(body, signed(body, "nobody's", each.app_id), accounts=accounts)


def test_the_key_of_an_app_is_no_key_of_another_app() -> None:
    accounts = (account(), account("93", app_id=OTHER_APP, secret="third"))
    with pytest.raises(BadSignature):
        check(BODY, signed(BODY, "third"), accounts=accounts)


def test_a_key_may_be_that_of_the_whole_app_and_stand_at_any_of_its_accounts() -> None:
    accounts = (account("91", secret="old"), account(secret="old"), account("92", secret=SECRET))
    assert check(BODY, f"mac={MAC}", accounts=accounts) is not None


NAMING_ITS_OA = BODY.replace(b'"recipient":{"id":', b'"x":{"id":').replace(b"{", b'{"oa_id":"9000000000000000001",', 1)


@pytest.mark.parametrize("body", [BODY, NAMING_ITS_OA])
def test_the_key_of_the_account_that_the_body_names_is_tried_first_and_a_shared_one_once(body: bytes) -> None:
    first, second = WatchedKey("first"), WatchedKey(SECRET)
    accounts = (account("91", secret=first), account(secret=second), account("92", secret=first))
    WatchedKey.used.clear()
    assert check(body, signed(body, SECRET), accounts=accounts) is not None
    assert WatchedKey.used == [SECRET]
    WatchedKey.used.clear()
    with pytest.raises(BadSignature):
        check(body, "mac=0", accounts=accounts)
    assert WatchedKey.used == [SECRET, "first"]


def test_a_signed_body_that_cannot_be_read_passes_so_that_it_is_not_sent_again() -> None:
    accounts = (account("93", app_id=OTHER_APP, secret="third"), account())
    for body in (b"[]", b"{", b"\xff", b'{"a":1}'):
        assert check(body, mac(app_id=APP, body=body, timestamp="", secret_key=SECRET), accounts=accounts) is not None


def test_a_number_as_timestamp_is_hashed_by_its_decimal_text() -> None:
    body = BODY.replace(b'"1767225600000"', b"1767225600000")
    assert check(body, mac(app_id=APP, body=body, timestamp="1767225600000", secret_key=SECRET)) is not None


def test_the_timestamp_header_counts_only_where_the_body_has_none() -> None:
    body = b'{"app_id":"4100000000000000001"}'
    headers = {
        "x-zevent-signature": [mac(app_id=APP, body=body, timestamp="17", secret_key=SECRET)],
        "x-zevent-timestamp": ["17"],
    }
    assert verify(body, headers, accounts=ONE) is not None


def test_a_timestamp_header_of_odd_bytes_is_refused() -> None:
    headers = {"x-zevent-signature": ["mac=0"], "x-zevent-timestamp": ["\udcff"]}  # as Sanic reads the byte 0xff
    with pytest.raises(BadSignature):
        verify(b'{"app_id":"4100000000000000001"}', headers, accounts=ONE)


@pytest.mark.parametrize("body", [b"{}", b"", b" {\n} ", b"  "])
@pytest.mark.parametrize("accounts", [ONE, ()])
def test_the_unsigned_probe_passes_before_and_after_an_account_is_set(
    body: bytes, accounts: tuple[ZaloAccount, ...]
) -> None:
    assert check(body, accounts=accounts) is None


@pytest.mark.parametrize("body", [b"[]", b"null", b'{"a":1}', b"0", b'""', b"{", b"[" * 100_000, b"\xff"])
@pytest.mark.parametrize("accounts", [ONE, ()])
def test_nothing_else_unsigned_passes(body: bytes, accounts: tuple[ZaloAccount, ...]) -> None:
    with pytest.raises(BadSignature):
        check(body, accounts=accounts)


def test_a_probe_that_carries_a_signature_is_no_probe() -> None:
    with pytest.raises(BadSignature):
        check(b"{}", f"mac={MAC}")


def test_without_an_account_a_signed_event_is_refused() -> None:
    with pytest.raises(BadSignature, match="off"):
        check(BODY, f"mac={MAC}", accounts=())


@given(st.binary(max_size=300), st.text(max_size=80))
def test_no_bytes_raise_anything_but_bad_signature(body: bytes, header: str) -> None:
    try:
        check(body, header)
    except BadSignature:
        return
