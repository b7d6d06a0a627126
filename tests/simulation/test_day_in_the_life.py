"""A day in the life of the gateway: 5,000 people, three Official Accounts, two Pages, and all that can go wrong."""

from __future__ import annotations

import logging
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from tests.simulation.audit import Audit
from tests.simulation.day import a_day
from tests.simulation.plan import PEOPLE, plan

pytestmark = pytest.mark.integration

SEED = 20_261_201

TROUBLES = (
    "events met with silence", "written: answered, the conversation was taken back", "written: dead: window closed",
    "written: never told to us, consent was revoked", "written: told to us after more than a day",
    "written: dead: blocked by the person", "left for a closed office", "messages that waited for a token",
    "messages that waited for consent", "zalo: webhooks posted again", "messenger: webhooks posted again",
    "way in: answered too late", "way in: refused", "way in: refused while the gateway was down",
    "way in: taken again", "way in: echo refused whose answer was lost", "way out: answer lost",
    "way out: looked into the history", "way out: never left", "way out: met a proxy's error page",
    "way out: refused with -32", "way out: refused with -204", "way out: refused with -217",
    "way out: refused with -220", "way out: refused with 368", "way out: refused with 551",
    "way out: refused with 613", "outbox: proved by their echoes",
)  # fmt: skip
"""What must have happened, or the day proved nothing."""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """In memory where that can be had: what a disk does to the store is tested elsewhere."""
    shared = Path("/dev/shm")
    if not shared.is_dir():
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=shared) as name:
        yield Path(name)


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    yield
    structlog.reset_defaults()


async def test_nobody_is_forgotten_answered_twice_or_answered_where_a_person_answers(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with a_day(folder) as day:
        await day.live(plan(SEED))
        audit = Audit(day).run()
        tokens = await day.whole.tokens.status()
    with capsys.disabled():
        sys.stdout.write(f"\n{audit.table()}\n")
    kinds = Counter(fault.partition(":")[0] for fault in audit.faults)
    assert not audit.faults, "\n".join([f"{len(audit.faults)} faults: {dict(kinds)}", *audit.faults[:20]])
    assert all(status.can_send and status.alarm is None for status in tokens)
    assert audit.ledger["people"] == PEOPLE
    assert audit.ledger["tokens that ended unrenewed"] == 3
    assert not [trouble for trouble in TROUBLES if not audit.ledger[trouble]]
