"""Who may announce documents: publishers.toml, which holds digests of their keys and never a key."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

import tomllib

from channels.errors import BadRequest

_BEARER = "Bearer "
_KEY_BYTES = 32


class PublishersUnreadable(Exception):
    """publishers.toml cannot be used; the message names the table and the fault, never a key."""


class Publishers:
    """The publishers by the SHA-256 of their keys. Keys are long and random, so a plain digest keeps them secret."""

    def __init__(self, names_by_digest: Mapping[str, str]) -> None:
        self._names_by_digest = dict(names_by_digest)

    @classmethod
    def load(cls, path: Path) -> Publishers:
        """Read `[<name>] key_sha256 = "…"` tables; without the file nobody may publish. Raises PublishersUnreadable.

        The tables' other entries (source, issuing_bodies) are for `python -m index watch`, which holds a publisher to
        what it may speak for.
        """
        if not path.exists():
            return cls({})
        try:
            tables = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise PublishersUnreadable(f"{path}: {type(error).__name__}: not a readable TOML file") from None
        names: dict[str, str] = {}
        for name, table in tables.items():
            digest = table.get("key_sha256") if isinstance(table, dict) else None
            if not isinstance(digest, str) or len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
                raise PublishersUnreadable(f"{path}: [{name}] needs key_sha256, 64 hexadecimal digits in lower case")
            if digest in names:
                raise PublishersUnreadable(f"{path}: [{name}] and [{names[digest]}] have the same key")
            names[digest] = name
        return cls(names)

    def __bool__(self) -> bool:
        return bool(self._names_by_digest)

    def identify(self, authorization: str | None) -> str:
        """Return the publisher whose key stands in the Authorization header ("Bearer …"). Raises BadRequest (401)."""
        key = (authorization or "").removeprefix(_BEARER) if (authorization or "").startswith(_BEARER) else ""
        digest = sha256(key.encode("utf-8", "surrogateescape")).hexdigest()
        found = [name for known, name in self._names_by_digest.items() if hmac.compare_digest(known, digest)]
        if not key or not found:
            raise BadRequest("unknown_key", "a publisher's key is wanted: Authorization: Bearer …", http_status=401)
        return found[0]


def new_key() -> tuple[str, str]:
    """Return a fresh key for a publisher and the digest that goes into publishers.toml."""
    key = secrets.token_urlsafe(_KEY_BYTES)
    return key, sha256(key.encode()).hexdigest()
