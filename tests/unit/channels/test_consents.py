"""Consents in SQLite: looked up for every message of a page where they are required."""

import sqlite3
from contextlib import closing

from channels.event import Consent
from channels.inbox import consents, schema
from channels.testing import ManualClock


def test_a_consent_is_found_without_reading_those_of_everybody() -> None:
    read = 0

    def step() -> None:
        nonlocal read
        read += 1

    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(schema.STEPS[0])
        given = Consent("hue", ManualClock().now(), "vi", None, None)
        for number in range(2_000):
            consents.record(connection, f"web:hue:{number}", given)
        connection.set_progress_handler(step, 100)  # instructions of SQLite's machine
        assert consents.stands(connection, "web:hue:1999")
        assert read <= 2
