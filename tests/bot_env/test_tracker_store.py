"""Conversations are capped, keep their slots and form, and are forgotten after a day."""

import asyncio
import sqlite3

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.tracker_store import KEPT_EVENTS, KEPT_S, PURGED_EVERY_S, CappedTrackerStore

DOMAIN = Domain.from_yaml(
    """
version: "3.1"
intents: [greet]
slots:
  lang:
    type: text
    influence_conversation: false
    mappings: [{type: custom}]
  place:
    type: text
    mappings: [{type: custom}]
forms:
  some_form: {required_slots: [place]}
"""
)


class Clock:
    def __init__(self):
        self.seconds = 1_800_000_000.0

    def __call__(self):
        return self.seconds


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def store(clock):
    store = CappedTrackerStore(DOMAIN, path=":memory:", now=clock)
    yield store
    store.close()


def turn(clock, text="chào"):
    at = clock()
    return [
        UserUttered(text, {"name": "greet"}, timestamp=at),
        ActionExecuted("utter_greet", timestamp=at),
        BotUttered("Xin chào", timestamp=at),
        ActionExecuted("action_listen", timestamp=at),
    ]


def tracker_of(events, key="web:1"):
    return DialogueStateTracker.from_events(key, events, slots=DOMAIN.slots, domain=DOMAIN)


def back(store, tracker):
    asyncio.run(store.save(tracker))
    return asyncio.run(store.retrieve(tracker.sender_id))


def test_a_short_conversation_comes_back_event_by_event(store, clock):
    events = [
        ActionExecuted("action_session_start", timestamp=clock()),
        SessionStarted(timestamp=clock()),
        *turn(clock),
    ]
    assert list(back(store, tracker_of(events)).events) == events[1:]


def test_an_unknown_conversation_is_none(store):
    assert asyncio.run(store.retrieve("web:unknown")) is None


def test_a_long_conversation_keeps_its_last_events_its_slots_and_its_form(store, clock):
    events = [SessionStarted(timestamp=clock()), SlotSet("lang", "en", timestamp=clock())]
    events.append(ActiveLoop("some_form", timestamp=clock()))
    for count in range(100):
        events += turn(clock, f"câu {count}")
    tracker = back(store, tracker_of(events))
    assert len(tracker.events) <= KEPT_EVENTS + 2
    assert tracker.get_slot("lang") == "en"
    assert tracker.active_loop_name == "some_form"
    assert tracker.latest_message.text == "câu 99"
    for count in range(100):
        for event in turn(clock, f"tiếp {count}"):
            tracker.update(event, DOMAIN)
        tracker = back(store, tracker)
    assert len(tracker.events) <= KEPT_EVENTS + 2
    assert tracker.get_slot("lang") == "en"
    assert tracker.active_loop_name == "some_form"


def test_a_new_session_drops_the_old_one(store, clock):
    events = [SessionStarted(timestamp=clock()), SlotSet("lang", "en"), *turn(clock, "cũ")]
    events += [SessionStarted(timestamp=clock()), *turn(clock, "mới")]
    tracker = back(store, tracker_of(events))
    assert [event.text for event in tracker.events if isinstance(event, UserUttered)] == ["mới"]
    assert tracker.get_slot("lang") is None


def test_text_older_than_a_day_goes_even_from_a_session_that_goes_on(store, clock):
    events = [SessionStarted(timestamp=clock()), *turn(clock, "hôm qua")]
    clock.seconds += KEPT_S + 1
    tracker = back(store, tracker_of([*events, *turn(clock, "hôm nay")]))
    assert [event.text for event in tracker.events if isinstance(event, UserUttered)] == ["hôm nay"]


def test_a_conversation_is_forgotten_after_a_day(store, clock):
    asyncio.run(store.save(tracker_of(turn(clock))))
    clock.seconds += KEPT_S - 1
    assert list(asyncio.run(store.keys())) == ["web:1"]
    clock.seconds += 1
    assert asyncio.run(store.retrieve("web:1")) is None
    assert list(asyncio.run(store.keys())) == []


def test_what_is_forgotten_leaves_the_file(tmp_path, clock):
    path = tmp_path / "new" / "tracker.db"
    store = CappedTrackerStore(DOMAIN, path=str(path), now=clock)
    asyncio.run(store.save(tracker_of(turn(clock, "bí mật"), key="web:old")))
    clock.seconds += KEPT_S + PURGED_EVERY_S
    asyncio.run(store.save(tracker_of(turn(clock), key="web:new")))
    store.close()
    with sqlite3.connect(path) as rows:
        assert rows.execute("SELECT sender_id FROM conversations").fetchall() == [("web:new",)]
    assert "bí mật".encode() not in path.read_bytes()


def test_what_was_to_be_forgotten_is_gone_from_the_file_and_its_log_at_once(tmp_path, clock):
    path = tmp_path / "tracker.db"
    store = CappedTrackerStore(DOMAIN, path=str(path), now=clock)
    asyncio.run(store.save(tracker_of(turn(clock, "bí mật"), key="web:mine")))
    asyncio.run(store.save(tracker_of(turn(clock, "của người khác"), key="web:other")))
    store.forget("web:mine")
    store.forget("web:unknown")
    assert asyncio.run(store.retrieve("web:mine")) is None
    assert list(asyncio.run(store.keys())) == ["web:other"]
    written = b"".join(file.read_bytes() for file in tmp_path.iterdir())  # while it is open
    assert "bí mật".encode() not in written
    assert b"web:mine" not in written
    store.close()


def test_a_deletion_whose_words_somebody_elses_reading_keeps_in_the_log_says_so_and_is_done_the_next_time(
    tmp_path, clock
):
    path = tmp_path / "tracker.db"
    store = CappedTrackerStore(DOMAIN, path=str(path), now=clock)
    asyncio.run(store.save(tracker_of(turn(clock, "bí mật"), key="web:mine")))
    reader = sqlite3.connect(path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM conversations").fetchall()
    with pytest.raises(sqlite3.OperationalError, match="log"):
        store.forget("web:mine")
    assert asyncio.run(store.retrieve("web:mine")) is None
    clock.seconds += PURGED_EVERY_S
    asyncio.run(store.save(tracker_of(turn(clock), key="web:other")))  # a clean-up has no need of it
    assert list(asyncio.run(store.keys())) == ["web:other"]
    reader.close()
    store.forget("web:mine")
    written = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert "bí mật".encode() not in written
    store.close()


def test_what_cannot_be_saved_is_let_go_and_not_kept_in_rasas_memory(store, clock, caplog):
    from rasa.core.tracker_store import FailSafeTrackerStore

    around = FailSafeTrackerStore(store)
    store._rows.execute("PRAGMA query_only = ON")  # as a disk that is full
    asyncio.run(around.save(tracker_of(turn(clock, "bí mật"))))
    assert around._fallback_tracker_store is None
    assert "OperationalError" in caplog.text
    assert "bí mật" not in caplog.text
    store._rows.execute("PRAGMA query_only = OFF")
    assert asyncio.run(around.retrieve("web:1")) is None
    with pytest.raises(sqlite3.Error):  # a deletion that fails says so
        store._rows.execute("PRAGMA query_only = ON")
        store.forget("web:1")


def test_rasa_finds_the_store_by_its_name_in_endpoints_yml(tmp_path, monkeypatch):
    from rasa.core.tracker_store import TrackerStore
    from rasa.core.utils import AvailableEndpoints

    endpoints = AvailableEndpoints.read_endpoints("endpoints.yml")
    endpoints.tracker_store.kwargs["path"] = str(tmp_path / "tracker.db")
    assert isinstance(TrackerStore.create(endpoints.tracker_store, DOMAIN), CappedTrackerStore)
