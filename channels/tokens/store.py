"""The pairs of tokens in the gateway's SQLite file: one row for each app and OA, sealed, every commit on disk.

A connection and tables of its own: the inbox's version and its writer know nothing of them.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from channels.errors import StoreUnavailable
from channels.tokens.pair import Alarm, Pair, StoredPair
from channels.vault import SealBroken, Vault

_BUSY_TIMEOUT_S = 20.0
"""How long to wait for the inbox's writer: it holds the file for milliseconds, a purge for longer."""

_CREATE = """
CREATE TABLE IF NOT EXISTS zalo_tokens (
    app_id TEXT NOT NULL, oa_id TEXT NOT NULL, version INTEGER NOT NULL,
    sealed BLOB NOT NULL, previous BLOB, has_refresh_token INTEGER NOT NULL,
    expires_at REAL, stored_at REAL NOT NULL, pending_since REAL,
    alarm TEXT, reason TEXT NOT NULL DEFAULT '', alarmed_at REAL,
    PRIMARY KEY (app_id, oa_id)
);
CREATE TABLE IF NOT EXISTS zalo_consents (
    state_sha256 TEXT PRIMARY KEY, app_id TEXT NOT NULL, oa_id TEXT NOT NULL,
    sealed_verifier BLOB NOT NULL, expires_at REAL NOT NULL
);
"""
# `previous` is for forensics alone: what was last known to work, sealed like the rest.

_COLUMNS = (
    "app_id, oa_id, version, sealed, has_refresh_token, expires_at, stored_at, pending_since, alarm, reason, alarmed_at"
)
_OF_ONE = "WHERE app_id = :app_id AND oa_id = :oa_id"


class TokenStore:
    """Reads and writes pairs, from any thread. Every method may raise StoreUnavailable, and then nothing changed."""

    def __init__(self, path: Path, *, vault: Vault) -> None:
        """Use the SQLite file `path`, made on opening where it is missing."""
        self.path = path
        self._vault = vault
        self._connection: sqlite3.Connection | None = None
        self._alone = threading.Lock()

    def open(self) -> None:
        """Open the file and make what is missing in it."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(
                self.path, isolation_level=None, check_same_thread=False, timeout=_BUSY_TIMEOUT_S
            )
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.executescript(_CREATE)
        except (sqlite3.Error, OSError) as error:
            raise StoreUnavailable(f"{self.path}: {error}") from error
        self._connection = connection

    def close(self) -> None:
        """Close the file."""
        with self._alone:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def lock_file(self, app_id: str, oa_id: str) -> Path:
        """Return the file whose holder alone may refresh this pair."""
        return self.path.with_name(f"{self.path.name}.zalo-{app_id}-{oa_id}.lock")

    def read(self, app_id: str, oa_id: str) -> StoredPair | None:
        """Return the row, None where no pair was ever stored."""
        with self._guarded() as connection:
            row = connection.execute(
                f"SELECT {_COLUMNS} FROM zalo_tokens {_OF_ONE}",  # noqa: S608 - names of this module
                {"app_id": app_id, "oa_id": oa_id},
            ).fetchone()
        return None if row is None else _stored(row)

    def unseal(self, stored: StoredPair) -> Pair:
        """Return the tokens of a row. Raises SealBroken."""
        access, refresh = json.loads(self._vault.unseal(stored.sealed, purpose=_purpose(stored.app_id, stored.oa_id)))
        return Pair(access, refresh)

    def seed(self, app_id: str, oa_id: str, pair: Pair, *, at: datetime) -> bool:
        """Store the first pair, of unknown age; tell whether it was. One that can be renewed is left as it is.

        A stored access token without a refresh token is one given by hand: another one given since takes its place.
        """
        is_first = self._write(
            "INSERT INTO zalo_tokens (app_id, oa_id, version, sealed, has_refresh_token, stored_at)"
            " VALUES (:app_id, :oa_id, 1, :sealed, :has_refresh_token, :at) ON CONFLICT DO NOTHING",
            app_id=app_id, oa_id=oa_id, at=at.timestamp(), **self._sealed(app_id, oa_id, pair),
        )  # fmt: skip
        stored = None if is_first else self.read(app_id, oa_id)
        if stored is None or stored.has_refresh_token or self._is_of(stored, pair):
            return is_first
        return self._write(
            "UPDATE zalo_tokens SET version = version + 1, sealed = :sealed, has_refresh_token = :has_refresh_token,"  # noqa: S608
            f" expires_at = NULL, stored_at = :at, alarm = NULL, reason = '', alarmed_at = NULL {_OF_ONE}",
            app_id=app_id, oa_id=oa_id, at=at.timestamp(), **self._sealed(app_id, oa_id, pair),
        )  # fmt: skip

    def _is_of(self, stored: StoredPair, pair: Pair) -> bool:
        try:
            return self.unseal(stored) == pair
        except SealBroken:
            return False

    def commit(self, app_id: str, oa_id: str, pair: Pair, *, expires_at: datetime, at: datetime) -> None:
        """Store a new pair over the old one, with the next version; no refresh is pending and no alarm stands then."""
        self._write(
            "INSERT INTO zalo_tokens (app_id, oa_id, version, sealed, has_refresh_token, expires_at, stored_at)"
            " VALUES (:app_id, :oa_id, 1, :sealed, :has_refresh_token, :expires_at, :at)"
            " ON CONFLICT DO UPDATE SET version = version + 1, previous = sealed, sealed = excluded.sealed,"
            " has_refresh_token = excluded.has_refresh_token, expires_at = excluded.expires_at,"
            " stored_at = excluded.stored_at, pending_since = NULL, alarm = NULL, reason = '', alarmed_at = NULL",
            app_id=app_id, oa_id=oa_id, expires_at=expires_at.timestamp(), at=at.timestamp(),
            **self._sealed(app_id, oa_id, pair),
        )  # fmt: skip

    def mark_pending(self, app_id: str, oa_id: str, *, since: datetime | None) -> None:
        """Remember that a refresh was begun, or with None that none is open."""
        self._write(
            f"UPDATE zalo_tokens SET pending_since = :since {_OF_ONE}",  # noqa: S608
            app_id=app_id, oa_id=oa_id, since=None if since is None else since.timestamp(),
        )  # fmt: skip

    def raise_alarm(self, app_id: str, oa_id: str, alarm: Alarm, *, reason: str, is_dead: bool, at: datetime) -> None:
        """Remember why this pair cannot be renewed; what was pending is thereby explained.

        `is_dead` says that the access token is known not to work any more either.
        """
        self._write(
            "UPDATE zalo_tokens SET alarm = :alarm, reason = :reason, alarmed_at = :at, pending_since = NULL,"  # noqa: S608
            f" expires_at = CASE WHEN :is_dead THEN :at ELSE expires_at END {_OF_ONE}",
            app_id=app_id, oa_id=oa_id, alarm=alarm.value, reason=reason, is_dead=is_dead, at=at.timestamp(),
        )  # fmt: skip

    def begin_consent(
        self, state: str, *, app_id: str, oa_id: str, verifier: str, expires_at: datetime, at: datetime
    ) -> None:
        """Keep the PKCE verifier of a consent under its state; those that expired before `at` are forgotten."""
        sealed = self._vault.seal(verifier, purpose=_consent_purpose(app_id, oa_id))
        with self._transaction() as connection:
            connection.execute("DELETE FROM zalo_consents WHERE expires_at <= ?", (at.timestamp(),))
            connection.execute(
                "INSERT INTO zalo_consents VALUES (?, ?, ?, ?, ?)",
                (_digest(state), app_id, oa_id, sealed, expires_at.timestamp()),
            )

    def take_consent(self, state: str, *, at: datetime) -> tuple[str, str, str] | None:
        """Return (app_id, oa_id, verifier) of a consent that was begun, once; None for another or an old state.

        Raises SealBroken.
        """
        with self._guarded() as connection:  # anybody may ask: a state that is not ours must not hold up the writers
            known = connection.execute(
                "SELECT 1 FROM zalo_consents WHERE state_sha256 = ?", (_digest(state),)
            ).fetchone()
        if known is None:
            return None
        with self._transaction() as connection:
            rows = connection.execute(
                "DELETE FROM zalo_consents WHERE state_sha256 = ? RETURNING app_id, oa_id, sealed_verifier, expires_at",
                (_digest(state),),
            ).fetchall()
        if not rows or rows[0][3] <= at.timestamp():
            return None
        app_id, oa_id, sealed, _ = rows[0]
        return app_id, oa_id, self._vault.unseal(sealed, purpose=_consent_purpose(app_id, oa_id))

    def _sealed(self, app_id: str, oa_id: str, pair: Pair) -> dict[str, object]:
        text = json.dumps([pair.access, pair.refresh])
        return {
            "sealed": self._vault.seal(text, purpose=_purpose(app_id, oa_id)),
            "has_refresh_token": bool(pair.refresh),
        }

    def _write(self, statement: str, **values: object) -> bool:
        with self._transaction() as connection:
            return connection.execute(statement, values).rowcount == 1

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._guarded() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")

    @contextmanager
    def _guarded(self) -> Iterator[sqlite3.Connection]:
        with self._alone:
            if self._connection is None:
                raise StoreUnavailable(f"{self.path} is not open")
            try:
                yield self._connection
            except sqlite3.Error as error:
                raise StoreUnavailable(f"{self.path}: {error}") from error


def _stored(row: tuple[object, ...]) -> StoredPair:
    app_id, oa_id, version, sealed, has_refresh, expires_at, stored_at, pending_since, alarm, reason, alarmed_at = row
    return StoredPair(
        app_id=str(app_id),
        oa_id=str(oa_id),
        version=int(str(version)),
        sealed=bytes(sealed) if isinstance(sealed, bytes) else b"",
        has_refresh_token=bool(has_refresh),
        expires_at=_instant(expires_at),
        stored_at=datetime.fromtimestamp(float(str(stored_at)), UTC),
        pending_since=_instant(pending_since),
        alarm=Alarm(alarm) if alarm else None,
        reason=str(reason),
        alarmed_at=_instant(alarmed_at),
    )


def _instant(seconds: object) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(float(str(seconds)), UTC)


def _purpose(app_id: str, oa_id: str) -> str:
    return f"zalo tokens {app_id} {oa_id}"


def _consent_purpose(app_id: str, oa_id: str) -> str:
    return f"zalo consent {app_id} {oa_id}"


def _digest(state: str) -> str:
    return sha256(state.encode("utf-8", "surrogateescape")).hexdigest()
