"""The pairs on disk: sealed, versioned, never replaced by the settings; and the lock of one that is renewed."""

import sqlite3
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from channels.errors import RetryLater, StoreUnavailable
from channels.inbox.sqlite import SqliteInbox
from channels.testing.doubles import START, ManualClock
from channels.tokens.lock import exclusive
from channels.tokens.pair import Alarm, Pair
from channels.tokens.store import TokenStore
from channels.vault import SealBroken, Vault

APP, OA = "4100000000000000001", "9000000000000000001"
PAIR, NEXT = Pair("access-secret-1", "refresh-secret-1"), Pair("access-secret-2", "refresh-secret-2")
SECRET = b"0123456789abcdef"


@pytest.fixture
def store(tmp_path: Path):
    store = TokenStore(tmp_path / "govchat.db", vault=Vault(SECRET))
    store.open()
    yield store
    store.close()


def test_nothing_is_read_before_something_is_stored(store):
    assert store.read(APP, OA) is None


def test_the_settings_seed_once_and_never_overwrite(store):
    assert store.seed(APP, OA, PAIR, at=START)
    assert not store.seed(APP, OA, NEXT, at=START)
    stored = store.read(APP, OA)
    assert store.unseal(stored) == PAIR
    assert (stored.version, stored.expires_at, stored.has_refresh_token) == (1, None, True)


def test_a_new_pair_has_the_next_version_and_ends_mark_and_alarm(store):
    store.seed(APP, OA, PAIR, at=START)
    store.mark_pending(APP, OA, since=START)
    assert store.read(APP, OA).pending_since == START
    store.raise_alarm(APP, OA, Alarm.LOST, reason="why", is_dead=True, at=START)
    lost = store.read(APP, OA)
    assert (lost.alarm, lost.reason, lost.pending_since, lost.expires_at) == (Alarm.LOST, "why", None, START)
    later = START + timedelta(hours=25)
    store.commit(APP, OA, NEXT, expires_at=later, at=START)
    stored = store.read(APP, OA)
    assert store.unseal(stored) == NEXT
    assert (stored.version, stored.expires_at, stored.alarm, stored.reason) == (2, later, None, "")


def test_accounts_do_not_touch_each_other(store):
    store.seed(APP, OA, PAIR, at=START)
    store.seed(APP, "9000000000000000002", NEXT, at=START)
    store.raise_alarm(APP, OA, Alarm.REFUSED, reason="", is_dead=False, at=START)
    assert store.read(APP, "9000000000000000002").alarm is None


def test_the_former_pair_is_kept_and_neither_is_readable_in_the_file(store, tmp_path):
    store.seed(APP, OA, PAIR, at=START)
    store.commit(APP, OA, NEXT, expires_at=START, at=START)
    with sqlite3.connect(store.path) as connection:
        previous = connection.execute("SELECT previous FROM zalo_tokens").fetchone()[0]
    connection.close()
    assert "access-secret-1" in Vault(SECRET).unseal(previous, purpose=f"zalo tokens {APP} {OA}")
    store.close()
    everything = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"secret-" not in everything


def test_a_row_that_was_put_in_anothers_place_does_not_open(store):
    store.seed(APP, OA, PAIR, at=START)
    with sqlite3.connect(store.path) as connection:
        connection.execute("UPDATE zalo_tokens SET oa_id = '1'")
    connection.close()
    with pytest.raises(SealBroken):
        store.unseal(store.read(APP, "1"))


def test_a_consent_is_taken_once_and_within_its_time(store):
    begun = {"app_id": APP, "oa_id": OA, "verifier": "secret-verifier", "expires_at": START + timedelta(minutes=10)}
    store.begin_consent("state", **begun, at=START)
    assert store.take_consent("other", at=START) is None
    assert store.take_consent("state", at=START) == (APP, OA, "secret-verifier")
    assert store.take_consent("state", at=START) is None
    store.begin_consent("late", **begun, at=START)
    assert store.take_consent("late", at=START + timedelta(minutes=10)) is None


def test_consents_that_came_to_nothing_are_forgotten(store):
    begun = {"app_id": APP, "oa_id": OA, "verifier": "v"}
    store.begin_consent("a", **begun, expires_at=START, at=START)
    store.begin_consent("b", **begun, expires_at=START + timedelta(minutes=1), at=START)
    with sqlite3.connect(store.path) as connection:
        assert connection.execute("SELECT COUNT(*) FROM zalo_consents").fetchone() == (1,)
    connection.close()


def test_a_closed_or_broken_file_is_unavailable(store, tmp_path):
    store.close()
    with pytest.raises(StoreUnavailable):
        store.read(APP, OA)
    (tmp_path / "text").write_text("this is no database, whatever it may look like to somebody")
    with pytest.raises(StoreUnavailable):
        TokenStore(tmp_path / "text", vault=Vault(SECRET)).open()


def test_what_fails_within_a_transaction_leaves_the_store_as_it_was(store):
    store.seed(APP, OA, PAIR, at=START)
    with sqlite3.connect(store.path) as connection:
        connection.execute(
            "CREATE TRIGGER full BEFORE UPDATE ON zalo_tokens BEGIN SELECT RAISE(ABORT, 'disk full'); END"
        )
    connection.close()
    with pytest.raises(StoreUnavailable, match="disk full"):
        store.commit(APP, OA, NEXT, expires_at=START, at=START)
    assert store.unseal(store.read(APP, OA)) == PAIR


async def test_the_inbox_opens_the_same_file_before_and_after(tmp_path):
    path = tmp_path / "govchat.db"
    store = TokenStore(path, vault=Vault(SECRET))
    store.open()
    store.seed(APP, OA, PAIR, at=START)
    inbox = SqliteInbox(path, clock=ManualClock())
    await inbox.open()
    store.mark_pending(APP, OA, since=START)
    assert (await inbox.depth()).inbox_open == 0
    await inbox.close()
    store.close()
    store.open()
    assert store.read(APP, OA).pending_since == START
    store.close()


def test_the_lock_keeps_others_out_and_is_free_afterwards(tmp_path):
    path = tmp_path / "x.lock"
    refused = pytest.raises(RetryLater, match=r"somebody else holds x\.lock")
    with exclusive(path, patience_s=1), refused, exclusive(path, patience_s=0):
        pass
    with pytest.raises(ZeroDivisionError), exclusive(path, patience_s=0):
        raise ZeroDivisionError
    with exclusive(path, patience_s=0):
        pass


def test_a_lock_that_cannot_be_made_is_a_store_that_is_unavailable(tmp_path):
    with pytest.raises(StoreUnavailable), exclusive(tmp_path / "nowhere" / "x.lock", patience_s=0):
        pass


def test_who_waits_for_the_lock_gets_it_when_it_is_released(tmp_path):
    path, taken = tmp_path / "x.lock", threading.Event()

    def wait() -> None:
        with exclusive(path, patience_s=30):
            taken.set()

    waiting = threading.Thread(target=wait)
    with exclusive(path, patience_s=0):
        waiting.start()
        assert not taken.wait(0.05)
    assert taken.wait(30)
    waiting.join()


def test_an_access_token_given_by_hand_gives_way_to_the_next_one(store):
    assert store.seed("a", "9", Pair("one", ""), at=START)
    assert not store.seed("a", "9", Pair("one", ""), at=START)
    assert store.seed("a", "9", Pair("two", ""), at=START)
    assert store.unseal(store.read("a", "9")) == Pair("two", "")
    assert store.read("a", "9").version == 2
