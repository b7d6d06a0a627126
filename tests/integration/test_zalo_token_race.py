"""Two processes refresh one Zalo token at the same moment, 200 times, and die at every step of it.

After each round exactly one pair is good and it is the stored one, or an alarm says why not.
"""

import asyncio
import contextlib
import importlib.util
import json
import os
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from channels.testing import FakeZalo, ManualClock, serve
from channels.tokens.oauth import challenge_of, new_verifier
from channels.tokens.pair import Pair
from channels.tokens.store import TokenStore
from channels.vault import Vault
from channels.zalo.token import Step, ZaloTokens

pytestmark = pytest.mark.integration

SCRIPT = Path(__file__).with_name("zalo_refresher.py")
APP, OA, SECRET = "4100000000000000001", "9000000000000000001", "0123456789abcdef"
ROUNDS = 200
BEGINS_IN_S = 0.03  # both processes are ready by then, and begin together
MAY_LOSE = {Step.SENT, Step.ANSWERED}
"""From the one to the other the platform has changed the pair and the store cannot know: one can only say so."""

spec = importlib.util.spec_from_file_location("zalo_refresher", SCRIPT)
refresher = importlib.util.module_from_spec(spec)
spec.loader.exec_module(refresher)


class Process:
    """The refresher, waiting for orders."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def obey(self, *, stale: int, die_at: Step | None, at: float) -> dict:
        order = {"stale": stale, "die_at": die_at and die_at.value, "at": at}
        self._process.stdin.write(json.dumps(order).encode() + b"\n")
        return json.loads(await asyncio.wait_for(self._process.stdout.readline(), 60))


@contextlib.asynccontextmanager
async def started(*place: str) -> AsyncIterator[Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(SCRIPT), *place, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(SCRIPT.parents[2])},
    )  # fmt: skip
    try:
        assert await process.stdout.readline() == b"ready\n"
        yield Process(process)
    finally:
        process.kill()
        await process.wait()


class Race:
    """The stored pair, the platform's pair, and what became of each round."""

    def __init__(self, zalo: FakeZalo, tokens: ZaloTokens, database: Path) -> None:
        self.zalo = zalo
        self.tokens = tokens
        self.store = TokenStore(database, vault=Vault(SECRET.encode()))
        self.store.open()
        self.counts: dict[Step | None, Counter[str]] = {step: Counter() for step in (None, *Step)}

    def ledger(self, seconds: float) -> str:
        """Return what became of the rounds, by the step at which a process was killed."""
        lines = [f"{ROUNDS} rounds of two processes refreshing one token in {seconds:.0f} s, killed at:"]
        for step, counts in self.counts.items():
            figures = ", ".join(f"{name} {count}" for name, count in counts.items() if count)
            lines.append(f"  {step.value if step else 'no step':28} {figures}")
        return "\n".join(lines)

    async def consent(self) -> None:
        """An administrator consents, which makes a pair that is good."""
        verifier = new_verifier()
        code = self.zalo.grants.code(APP, OA, self.zalo.clock.now(), challenge=challenge_of(verifier))
        await self.tokens.connect(OA, code=code, verifier=verifier)

    @property
    def version(self) -> int:
        return self.store.read(APP, OA).version

    def is_stored_pair_good(self) -> bool:
        grant = self.zalo.grants.get(APP, OA)
        return self.store.unseal(self.store.read(APP, OA)) == Pair(grant.access_token, grant.refresh_token)

    async def round(self, both: tuple[Process, Process], die_at: Step | None, dying: set[int]) -> None:
        counts, stale, refreshes = self.counts[die_at], self.version, self.zalo.grants.get(APP, OA).refreshes
        at = time.monotonic() + BEGINS_IN_S
        told = await asyncio.gather(
            *(
                process.obey(stale=stale, die_at=die_at if number in dying else None, at=at)
                for number, process in enumerate(both)
            )
        )
        outcomes = Counter(each["outcome"] for each in told)
        await self.tokens.refresh_ahead()  # what a process that died left behind is found out
        (status,) = await self.tokens.status()
        assert status.pending_since is None
        assert not outcomes["later"], told
        assert not outcomes["failed"], told
        counts["rounds"] += 1
        counts["killed"] += outcomes["killed"]
        if status.alarm is None:
            assert self.is_stored_pair_good(), f"neither a good pair nor an alarm after dying {die_at}"
            counts["one good pair"] += 1
        else:
            assert die_at in MAY_LOSE, f"an alarm after dying {die_at}: {status.reason}"
            assert outcomes["killed"], "an alarm although nobody died"
            assert not self.is_stored_pair_good(), f"a false alarm: {status.reason}"
            assert status.reason
            counts[f"alarm: {status.alarm.value}"] += 1
            await self.consent()
        if not outcomes["killed"]:
            assert [each["version"] for each in told] == [stale + 1, stale + 1]
            assert {each["value"] for each in told} == {self.zalo.grants.get(APP, OA).access_token}
            assert self.zalo.grants.get(APP, OA).refreshes == refreshes + 1


async def test_two_processes_and_every_death_leave_one_good_pair_or_an_alarm(tmp_path, capsys) -> None:
    clock = ManualClock()
    zalo = FakeZalo(clock=clock)
    zalo.add_app(APP, secret="appSecretDemo", oa_secret_key="k")
    zalo.add_account(OA)
    zalo.rate.limit = None  # the clock stands still, so a minute never ends
    database = tmp_path / "govchat.db"
    began = time.monotonic()
    async with serve(zalo.app()) as url:
        http = httpx.Client(timeout=10, verify=False)
        place = (str(database), url, APP, OA, SECRET)
        tokens = refresher.zalo_tokens(place, http)
        await tokens.open()
        race = Race(zalo, tokens, database)
        await race.consent()
        async with started(*place) as first, started(*place) as second:
            steps = [None, *Step]
            for number in range(ROUNDS):
                dying = ({0}, {1}, {0, 1})[number // len(steps) % 3]
                await race.round((first, second), steps[number % len(steps)], dying)
        race.store.close()
        await tokens.close()
        http.close()
    with capsys.disabled():
        sys.stdout.write(f"\n{race.ledger(time.monotonic() - began)}\n")
    assert all(race.counts[step]["killed"] for step in Step)
    assert race.counts[Step.ANSWERED]["alarm: lost"]
