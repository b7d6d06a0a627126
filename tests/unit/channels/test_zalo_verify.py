"""Zalo's signature over the raw bytes, by the test vector of reference/zalo-oa.md section 3 (read 2026-11-22)."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

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


def check(body: bytes, *signatures: str, app_id: str | None = APP, secret: str | None = SECRET) -> object:
    headers = {"x-zevent-signature": list(signatures)} if signatures else {}
    return verify(body, headers, app_id=app_id, secret_key=secret)


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
    body = BODY.replace(APP.encode(), b"4100000000000000002")
    signature = mac(app_id="4100000000000000002", body=body, timestamp="1767225600000", secret_key=SECRET)
    with pytest.raises(BadSignature, match="another app"):
        check(body, f"mac={signature}")


def test_a_number_as_timestamp_is_hashed_by_its_decimal_text() -> None:
    body = BODY.replace(b'"1767225600000"', b"1767225600000")
    assert check(body, mac(app_id=APP, body=body, timestamp="1767225600000", secret_key=SECRET)) is not None


def test_the_timestamp_header_counts_only_where_the_body_has_none() -> None:
    body = b'{"app_id":"4100000000000000001"}'
    headers = {
        "x-zevent-signature": [mac(app_id=APP, body=body, timestamp="17", secret_key=SECRET)],
        "x-zevent-timestamp": ["17"],
    }
    assert verify(body, headers, app_id=APP, secret_key=SECRET) is not None


def test_a_timestamp_header_of_odd_bytes_is_refused() -> None:
    headers = {"x-zevent-signature": ["mac=0"], "x-zevent-timestamp": ["\udcff"]}  # as Sanic reads the byte 0xff
    with pytest.raises(BadSignature):
        verify(b'{"app_id":"4100000000000000001"}', headers, app_id=APP, secret_key=SECRET)


@pytest.mark.parametrize("body", [b"{}", b"", b" {\n} ", b"  "])
@pytest.mark.parametrize("secret", [SECRET, None])
def test_the_unsigned_probe_passes_before_and_after_the_secret_is_set(body: bytes, secret: str | None) -> None:
    assert check(body, secret=secret) is None


@pytest.mark.parametrize("body", [b"[]", b"null", b'{"a":1}', b"0", b'""', b"{", b"[" * 100_000, b"\xff"])
def test_nothing_else_unsigned_passes(body: bytes) -> None:
    with pytest.raises(BadSignature):
        check(body)


def test_without_a_secret_a_signed_event_is_refused() -> None:
    with pytest.raises(BadSignature, match="off"):
        check(BODY, f"mac={MAC}", secret=None)


@given(st.binary(max_size=300), st.text(max_size=80))
def test_no_bytes_raise_anything_but_bad_signature(body: bytes, header: str) -> None:
    try:
        check(body, header)
    except BadSignature:
        return
