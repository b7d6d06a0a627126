"""The log beside the database: moved by a thread of its own, and bounded under load without a pause."""

import sqlite3
from contextlib import closing
from pathlib import Path

from channels.inbox.checkpoint import EVERY_S, PASSES_BEHIND, Checkpointer


def opened(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA wal_autocheckpoint = 0")
    connection.execute("CREATE TABLE t (x TEXT)")
    return connection


def write(connection: sqlite3.Connection, checkpointer: Checkpointer) -> None:
    connection.execute("INSERT INTO t VALUES (?)", ("x" * 3_000,))
    checkpointer.wrote(connection)


def log_bytes(path: Path) -> int:
    return path.with_name(f"{path.name}-wal").stat().st_size


def test_what_was_written_is_moved_so_that_the_log_begins_again(tmp_path: Path) -> None:
    path = tmp_path / "g.db"
    with closing(opened(path)) as connection:
        checkpointer = Checkpointer(path)
        checkpointer.start()
        for _ in range(50):
            write(connection, checkpointer)
        written = log_bytes(path)
        checkpointer._stopping.wait(4 * EVERY_S)
        for _ in range(40):
            write(connection, checkpointer)
        assert log_bytes(path) == written
        checkpointer.stop()
        assert connection.execute("SELECT COUNT(*) FROM t").fetchone() == (90,)


def test_a_writer_that_is_never_caught_up_with_does_the_rest_itself(tmp_path: Path) -> None:
    path = tmp_path / "g.db"
    with closing(opened(path)) as connection:
        checkpointer = Checkpointer(path)  # whose thread never runs: it cannot keep up at all
        for _ in range(50):
            write(connection, checkpointer)
        written = log_bytes(path)
        checkpointer._behind = PASSES_BEHIND
        for _ in range(50):
            write(connection, checkpointer)
        assert log_bytes(path) < 1.1 * written


def test_a_log_that_cannot_be_moved_stops_nobody(tmp_path: Path) -> None:
    path = tmp_path / "g.db"
    with closing(opened(path)) as connection, closing(opened(tmp_path / "other.db")) as other:
        checkpointer = Checkpointer(path)
        checkpointer._behind = PASSES_BEHIND
        other.close()
        checkpointer.wrote(other)  # a connection that answers nothing but errors
        write(connection, checkpointer)
        assert connection.execute("SELECT COUNT(*) FROM t").fetchone() == (1,)


def test_after_a_deletion_the_log_is_emptied_as_soon_as_no_reader_stands_in_the_way(tmp_path: Path) -> None:
    path = tmp_path / "g.db"
    with closing(opened(path)) as connection, closing(sqlite3.connect(path, isolation_level=None)) as reader:
        checkpointer = Checkpointer(path)
        checkpointer.start()
        write(connection, checkpointer)
        reader.execute("BEGIN")
        reader.execute("SELECT COUNT(*) FROM t").fetchone()
        connection.execute("DELETE FROM t")
        checkpointer.wrote(connection, empties=True)
        checkpointer._stopping.wait(4 * EVERY_S)
        assert log_bytes(path) > 0
        reader.execute("COMMIT")
        checkpointer._stopping.wait(4 * EVERY_S)
        assert log_bytes(path) == 0
        write(connection, checkpointer)
        checkpointer.stop()
        assert connection.execute("SELECT COUNT(*) FROM t").fetchone() == (1,)


def test_a_program_that_ends_right_after_a_deletion_empties_the_log_beside_another_that_runs(tmp_path: Path) -> None:
    path = tmp_path / "g.db"
    with closing(opened(path)) as connection, closing(sqlite3.connect(path, isolation_level=None)) as running:
        running.execute("SELECT COUNT(*) FROM t").fetchone()
        checkpointer = Checkpointer(path)
        checkpointer.start()
        write(connection, checkpointer)
        connection.execute("DELETE FROM t")
        checkpointer.wrote(connection, empties=True)
        checkpointer.stop()
        assert log_bytes(path) == 0
