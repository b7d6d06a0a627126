"""Encrypts the few secrets that are kept in the database, under keys derived from the gateway's secret key."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from channels.errors import ChannelError

MIN_SECRET_BYTES = 16
"""Shorter secret keys are refused: whoever has a copy of the database could guess them."""


class SealBroken(ChannelError):
    """A sealed secret cannot be read: another secret key, another purpose, or damage. The message holds no secret."""


class Vault:
    """Seals short texts so that only the holder of the secret key reads them, and only for the purpose they are for."""

    def __init__(self, secret: bytes, *, older: Sequence[bytes] = ()) -> None:
        """Seal under `secret`; the `older` ones still open what was sealed before a rotation.

        Raises ValueError for a secret that is too short.
        """
        self._secrets = (secret, *older)
        if any(len(each) < MIN_SECRET_BYTES for each in self._secrets):
            raise ValueError(f"a secret key has at least {MIN_SECRET_BYTES} bytes")

    def seal(self, text: str, *, purpose: str) -> bytes:
        """Return `text` encrypted and authenticated. `purpose` is no secret: it names what the text is and whose."""
        return self._keys(purpose).encrypt(text.encode())

    def unseal(self, sealed: bytes, *, purpose: str) -> str:
        """Return what was sealed for the same purpose. Raises SealBroken."""
        try:
            return self._keys(purpose).decrypt(sealed).decode()
        except InvalidToken:
            raise SealBroken(
                f"{purpose}: sealed under another secret key, or damaged; the key that was used before is wanted too"
            ) from None

    def _keys(self, purpose: str) -> MultiFernet:
        # A key for each purpose: a sealed text that is moved to another row of the database does not open there.
        return MultiFernet([Fernet(urlsafe_b64encode(_derived(secret, purpose))) for secret in self._secrets])


def _derived(secret: bytes, purpose: str) -> bytes:
    """Return 32 bytes by HKDF (RFC 5869); no salt is needed where the input is a secret key and not a password."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"govchat vault 1: {purpose}".encode()).derive(secret)
