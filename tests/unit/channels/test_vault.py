"""Secrets in the database: sealed under a key of their own purpose, readable through a rotation."""

import pytest

from channels.vault import SealBroken, Vault

SECRET, NEXT = b"0123456789abcdef", b"fedcba9876543210"


def test_what_was_sealed_is_read_again_and_does_not_show():
    vault = Vault(SECRET)
    sealed = vault.seal("bí mật", purpose="a")
    assert vault.unseal(sealed, purpose="a") == "bí mật"
    assert "bí mật".encode() not in sealed
    assert sealed != vault.seal("bí mật", purpose="a")


def test_another_purpose_another_key_and_damage_do_not_open_and_do_not_tell():
    vault = Vault(SECRET)
    sealed = vault.seal("bí mật", purpose="tokens of 1")
    for opener, purpose, given in [
        (vault, "tokens of 2", sealed),
        (Vault(NEXT), "tokens of 1", sealed),
        (vault, "tokens of 1", sealed[:-1]),
        (vault, "tokens of 1", b""),
        (vault, "tokens of 1", b"not sealed at all"),
    ]:
        with pytest.raises(SealBroken, match="sealed under another secret key") as broken:
            opener.unseal(given, purpose=purpose)
        assert "bí mật" not in str(broken.value)
        assert SECRET.decode() not in str(broken.value)


def test_through_a_rotation_the_older_key_opens_and_only_the_new_one_seals():
    old = Vault(SECRET).seal("x", purpose="p")
    rotating = Vault(NEXT, older=[SECRET])
    assert rotating.unseal(old, purpose="p") == "x"
    new = rotating.seal("x", purpose="p")
    assert Vault(NEXT).unseal(new, purpose="p") == "x"
    with pytest.raises(SealBroken):
        Vault(SECRET).unseal(new, purpose="p")


def test_a_short_secret_key_is_refused():
    with pytest.raises(ValueError, match="16 bytes"):
        Vault(b"0123456789abcde")
    with pytest.raises(ValueError, match="16 bytes"):
        Vault(SECRET, older=[b""])
