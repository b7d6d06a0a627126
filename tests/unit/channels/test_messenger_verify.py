"""Messenger's signature, by the test vectors of reference/messenger.md sections 3 and 10 (read 2026-11-29)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.errors import BadSignature
from channels.messenger.send import appsecret_proof
from channels.messenger.verify import handshake, verify

SECRET = "fbAppSecretDemo123"
BODY = (
    b'{"object":"page","entry":[{"id":"100000000000001","time":1767225600123,"messaging":[{"sender":{"id":'
    b'"200000000000002"},"recipient":{"id":"100000000000001"},"timestamp":1767225600000,"message":{"mid":"m_demo0001",'
    b'"text":"Xin ch\\u00e0o"}}]}]}'
)
SIGNATURE = "sha256=2b02d6aadf48628d6367ff6018621c11a519851b55c8933e5a0dcadb0e93b40b"


def check(body: bytes, *signatures: str, secrets: tuple[str, ...] = (SECRET,)) -> bytes:
    return verify(body, {"x-hub-signature-256": list(signatures)}, app_secrets=secrets).body


def test_the_reference_vector_holds() -> None:
    assert len(BODY) == 240
    assert check(BODY, SIGNATURE) == BODY


def test_the_same_json_with_real_characters_is_refused() -> None:
    with pytest.raises(BadSignature):
        check(BODY.replace(b"\\u00e0", "à".encode()), SIGNATURE)


@pytest.mark.parametrize(
    "signatures",
    [
        (),
        ("",),
        (SIGNATURE, SIGNATURE),
        (SIGNATURE.removeprefix("sha256="),),
        ("sha1=5787fb6b1014dd4e",),
        ("sha256=é",),
    ],
)
def test_another_algorithm_no_prefix_or_no_signature_is_refused(signatures: tuple[str, ...]) -> None:
    with pytest.raises(BadSignature):
        check(BODY, *signatures)


def test_the_legacy_header_is_never_looked_at() -> None:
    with pytest.raises(BadSignature):
        verify(BODY, {"x-hub-signature": ["sha1=5787fb6b1014dd4e7bafae2c4f6959d6abe1649a"]}, app_secrets=(SECRET,))


@given(st.integers(0, len(BODY) - 1), st.integers(1, 255))
def test_a_body_with_one_byte_changed_is_refused(position: int, change: int) -> None:
    altered = bytearray(BODY)
    altered[position] ^= change
    with pytest.raises(BadSignature):
        check(bytes(altered), SIGNATURE)


def test_without_a_secret_everything_is_refused() -> None:
    with pytest.raises(BadSignature, match="off"):
        check(BODY, SIGNATURE, secrets=())


@pytest.mark.parametrize("secrets", [("new", SECRET), (SECRET, "new"), ("other app's", SECRET, SECRET, "new")])
def test_any_of_our_secrets_verifies_as_while_one_is_rotated(secrets: tuple[str, ...]) -> None:
    assert check(BODY, SIGNATURE, secrets=secrets) == BODY
    with pytest.raises(BadSignature):
        check(BODY + b" ", SIGNATURE, secrets=secrets)


def test_a_secret_that_is_no_longer_ours_verifies_nothing() -> None:
    with pytest.raises(BadSignature, match="does not match"):
        check(BODY, SIGNATURE, secrets=("new", "other app's"))


@given(st.binary(max_size=300), st.text(max_size=80))
def test_no_bytes_raise_anything_but_bad_signature(body: bytes, header: str) -> None:
    with pytest.raises(BadSignature):
        check(body, header, secrets=("a", "b"))


def test_the_handshake_needs_mode_and_the_token_of_one_of_our_apps() -> None:
    for token in ("t", "u"):
        assert handshake(mode="subscribe", token=token, challenge="42", verify_tokens={"t", "u"}) == "42"
    for mode, token, challenge, known in (
        ("other", "t", "42", {"t"}),
        ("subscribe", "x", "42", {"t", "u"}),
        ("subscribe", "é\udcff", "42", {"t"}),
        ("subscribe", "t", "42", set()),
        ("subscribe", "t", None, {"t"}),
        (None, None, "42", {"t"}),
    ):
        with pytest.raises(BadSignature):
            handshake(mode=mode, token=token, challenge=challenge, verify_tokens=known)


def test_the_proof_vector_holds() -> None:
    expected = "c17e2098ec29dd80770c47ab0ab1c585f320a614d30784c42ef6dc3058359acf"
    assert appsecret_proof("EAAdemoPageToken", SECRET) == expected
