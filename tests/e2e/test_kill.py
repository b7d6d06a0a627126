"""`kill -9` of every process during 200 conversations: nothing accepted is lost, nothing is answered twice."""

from __future__ import annotations

import os
import signal
import sqlite3
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.e2e.conftest import running_platforms, settings_for, wait_until
from tools.stack import Stack

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(400)]

CONVERSATIONS = 200
MODULES = ("bot", "actions", "channels")
ANSWERED_WITHIN_S = 60
"""After the last kill (issue 2)."""

OPEN_WORK = ("SELECT COUNT(*) FROM inbox WHERE state < 2", "SELECT COUNT(*) FROM outbox WHERE state < 2")
GIVEN_UP = "SELECT (SELECT COUNT(*) FROM inbox WHERE state = 3) + (SELECT COUNT(*) FROM outbox WHERE state = 3)"
ANSWERED = "SELECT in_reply_to FROM outbox"


def test_killing_any_process_loses_no_accepted_message_and_answers_none_twice(tmp_path):
    with running_platforms(tmp_path) as platforms, Stack(tmp_path, settings_for(platforms)) as stack:
        accepted: set[str] = set()

        def write(number: int) -> None:
            message_id = f"kill-{number}"
            body = platforms.zalo_body(f"71000000000000{number:05d}", "xin chào", message_id=message_id)
            deadline = time.monotonic() + 120
            while message_id not in accepted and time.monotonic() < deadline:  # as the platform does: until a 200
                try:
                    if platforms.post_zalo(body).status_code == 200:
                        accepted.add(message_id)
                except httpx.HTTPError:
                    time.sleep(0.5)

        with httpx.Client(base_url=stack.url, timeout=10) as client, ThreadPoolExecutor(32) as people:
            platforms.gateway = client
            writing = [people.submit(write, number) for number in range(CONVERSATIONS)]
            for module in MODULES:
                wait_until(lambda module=module: stack.pid_of(module))
                os.kill(stack.pid_of(module), signal.SIGKILL)
                time.sleep(1.0)
            last_kill = time.monotonic()
            for each in writing:
                each.result()
        assert len(accepted) == CONVERSATIONS

        def open_work() -> int:
            with sqlite3.connect(f"file:{tmp_path}/govchat.db?mode=ro", uri=True) as connection:
                return sum(connection.execute(query).fetchone()[0] for query in OPEN_WORK)

        wait_until(lambda: open_work() == 0, within_s=max(1.0, last_kill + ANSWERED_WITHIN_S - time.monotonic()))
        with sqlite3.connect(f"file:{tmp_path}/govchat.db?mode=ro", uri=True) as connection:
            answers = Counter(row[0] for row in connection.execute(ANSWERED))
            assert connection.execute(GIVEN_UP).fetchone() == (0,)
        assert len(answers) == CONVERSATIONS
        # The notice that this is a machine and the greeting: two messages for each, never four.
        assert set(answers.values()) == {2}
    assert stack.pids() == []
