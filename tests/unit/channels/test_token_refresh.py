"""An OA's tokens over their life: used, renewed by one at a time, looked into after a crash, given up with a reason."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs

import httpx
import pytest
from structlog.testing import capture_logs

from channels.agency import Agency, ZaloAccount
from channels.errors import Reaction, RetryLater, StoreUnavailable
from channels.testing.doubles import ManualClock
from channels.tokens.oauth import GrantRefused, ZaloOAuth
from channels.tokens.pair import Alarm, Pair
from channels.tokens.store import TokenStore
from channels.vault import Vault
from channels.zalo.token import NeedsConsent, Step, Token, ZaloTokens

SECRET = b"0123456789abcdef"
HOUR = 3600
ACCOUNT = ZaloAccount(
    agency=Agency(id="a"), app_id="4100000000000000001", oa_id="9000000000000000001",
    oa_secret_key="oaSecretDemo123", app_secret="appSecretDemo", refresh_token="refresh-1", access_token="access-1",
)  # fmt: skip
OA = ACCOUNT.oa_id


class Platform:
    """Zalo's token endpoint and its health check: one pair is good, and a refresh makes another."""

    def __init__(self) -> None:
        self.number = 1
        self.refreshes = 0
        self.health_checks = 0
        self.before: Callable[[httpx.Request], httpx.Response | None] = lambda request: None
        self.after: Callable[[httpx.Request], httpx.Response | None] = lambda request: None

    @property
    def pair(self) -> Pair:
        return Pair(f"access-{self.number}", f"refresh-{self.number}")

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer; `before` may answer instead and nothing happens, `after` when it has happened."""
        return self.before(request) or self._carried_out(request)

    def _carried_out(self, request: httpx.Request) -> httpx.Response:
        answer = self._health(request) if request.method == "GET" else self._tokens(request)
        return self.after(request) or httpx.Response(200, json=answer)

    def _health(self, request: httpx.Request) -> dict[str, object]:
        self.health_checks += 1
        return {"error": 0 if request.headers["access_token"] == self.pair.access else -216}

    def _tokens(self, request: httpx.Request) -> dict[str, object]:
        form = {name: values[0] for name, values in parse_qs(request.content.decode()).items()}
        if request.headers["secret_key"] != ACCOUNT.app_secret:
            return {"error": -14004, "error_name": "Invalid secret key"}
        if form["grant_type"] == "refresh_token":
            self.refreshes += 1
            if form["refresh_token"] != self.pair.refresh:
                return {"error": -14014, "error_name": "Invalid refresh token"}
        elif form["code"] != "code":
            return {"error": -14010, "error_name": "Invalid code"}
        self.number += 1
        return {"access_token": self.pair.access, "refresh_token": self.pair.refresh, "expires_in": "90000"}


class Bench:
    """One OA, its platform, its store and a clock; `tokens` may be made anew, as after a restart."""

    def __init__(self, folder: Path) -> None:
        self.clock = ManualClock()
        self.platform = Platform()
        self.store = TokenStore(folder / "govchat.db", vault=Vault(SECRET))
        self.alarms: list[str] = []
        self.tokens = self.process()

    def process(self, *, account: ZaloAccount = ACCOUNT, step: Callable[[Step], None] = lambda _: None) -> ZaloTokens:
        http = httpx.Client(transport=httpx.MockTransport(self.platform))
        oauth = ZaloOAuth(http, oauth_url="https://oauth.example", api_url="https://api.example")
        return ZaloTokens(
            [account], store=self.store, oauth=oauth, clock=self.clock, on_alarm=self.alarms.append, step=step,
            lock_patience_s=30,
        )  # fmt: skip

    async def refreshed(self) -> Token:
        """Bring the pair to an age that is known."""
        await self.tokens.refresh_ahead()
        return await self.tokens.access_token(OA)

    async def dies_at(self, step: Step) -> None:
        """Let a refresh be broken off at a step, as if the process had died there."""

        def die(reached: Step) -> None:
            if reached is step:
                raise KeyboardInterrupt

        try:
            self.process(step=die)._refresher.renew(ACCOUNT, (await self.tokens.access_token(OA)).version)
        except KeyboardInterrupt:
            return

    async def status(self):
        (status,) = await self.tokens.status()
        return status


@pytest.fixture
async def bench(tmp_path):
    bench = Bench(tmp_path)
    await bench.tokens.open()
    yield bench
    await bench.tokens.close()


async def test_the_settings_pair_is_used_at_first_and_renewed_at_once_because_its_age_is_unknown(bench):
    assert await bench.tokens.access_token(OA) == Token("access-1", 1)
    assert await bench.refreshed() == Token("access-2", 2)
    assert (await bench.status()).expires_at == bench.clock.now() + timedelta(hours=25)


async def test_after_the_first_refresh_the_settings_are_not_looked_at_any_more(bench):
    await bench.refreshed()
    await bench.tokens.seed()
    again = bench.process()
    await again.open()
    assert await again.access_token(OA) == Token("access-2", 2)


async def test_a_refresh_token_alone_is_enough_to_begin_with(bench, tmp_path):
    bench.store = TokenStore(tmp_path / "other.db", vault=Vault(SECRET))
    tokens = bench.process(account=replace(ACCOUNT, access_token=None))
    await tokens.open()
    assert await tokens.access_token(OA) == Token("access-2", 1 + 1)
    await tokens.close()


async def test_a_good_token_is_not_renewed_and_an_old_one_is_on_use(bench):
    token = await bench.refreshed()
    bench.clock.advance(24 * HOUR)
    assert await bench.tokens.access_token(OA) == token
    bench.clock.advance(HOUR - 59)
    assert await bench.tokens.access_token(OA) == Token("access-3", 3)


async def test_the_job_renews_with_less_than_four_hours_left(bench):
    await bench.refreshed()
    bench.clock.advance(21 * HOUR)
    await bench.tokens.refresh_ahead()
    assert bench.platform.refreshes == 1
    bench.clock.advance(1)
    await bench.tokens.refresh_ahead()
    assert bench.platform.refreshes == 2


async def test_a_token_that_the_platform_calls_bad_is_renewed_once_for_all_who_hold_it(bench):
    stale = await bench.refreshed()
    renewed = await asyncio.gather(*(bench.tokens.renew(OA, stale) for _ in range(20)))
    assert set(renewed) == {Token("access-3", 3)}
    assert bench.platform.refreshes == 2


async def test_two_processes_at_once_refresh_once(bench):
    stale = await bench.refreshed()
    other = bench.process()
    both = await asyncio.gather(bench.tokens.renew(OA, stale), other.renew(OA, stale))
    assert both[0] == both[1] == Token("access-3", 3)
    assert bench.platform.refreshes == 2


async def test_cancelling_who_waits_does_not_break_a_refresh_off(bench):
    stale = await bench.refreshed()
    entered = asyncio.Event()
    loop = asyncio.get_running_loop()
    process = bench.process(step=lambda step: step is Step.ANSWERED and loop.call_soon_threadsafe(entered.set))
    waiting = asyncio.create_task(process.renew(OA, stale))
    await entered.wait()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert await bench.tokens.renew(OA, stale) == Token("access-3", 3)
    assert bench.platform.refreshes == 2


async def test_closing_waits_for_a_refresh_in_hand(bench):
    stale = await bench.refreshed()
    entered, goes_on = threading.Event(), threading.Event()

    def hold(step: Step) -> None:
        if step is Step.ANSWERED:
            entered.set()
            goes_on.wait(30)

    process = bench.process(step=hold)
    waiting = asyncio.create_task(process.renew(OA, stale))
    await asyncio.to_thread(entered.wait, 30)
    waiting.cancel()
    closing = asyncio.create_task(process.close())
    await asyncio.sleep(0)
    goes_on.set()
    await closing
    again = bench.process()
    await again.open()
    assert await again.access_token(OA) == Token("access-3", 3)


async def test_the_new_pair_is_on_disk_before_it_is_used_and_marked_before_the_platform_is_asked(bench):
    stale = await bench.refreshed()
    seen = {}

    def look(step: Step) -> None:
        stored = bench.store.read(ACCOUNT.app_id, OA)
        seen[step] = (stored.version, stored.pending_since is not None)

    await bench.process(step=look).renew(OA, stale)
    assert seen == {
        Step.BEFORE_LOCK: (2, False),
        Step.LOCKED: (2, False),
        Step.MARKED: (2, True),
        Step.ANSWERED: (2, True),
        Step.COMMITTED: (3, False),
        Step.UNLOCKING: (3, False),
    }


async def test_a_refresh_that_could_not_be_sent_leaves_no_mark_and_is_made_later(bench):
    stale = await bench.refreshed()

    def refuse(request: httpx.Request) -> None:
        raise httpx.ConnectError("refused")

    bench.platform.before = refuse
    with pytest.raises(RetryLater) as failure:
        await bench.tokens.renew(OA, stale)
    assert failure.value.reaction is Reaction.RETRY
    assert (await bench.status()).pending_since is None
    bench.platform.before = lambda request: None
    assert await bench.tokens.renew(OA, stale) == Token("access-3", 3)
    assert bench.alarms == []


def lost(request: httpx.Request) -> None:
    if request.method == "POST":
        raise httpx.ReadTimeout("no answer")


async def test_a_lost_answer_to_a_refresh_that_never_happened_is_found_out_and_refreshed(bench):
    stale = await bench.refreshed()
    bench.platform.before = lost
    with pytest.raises(RetryLater):
        await bench.tokens.renew(OA, stale)
    assert (await bench.status()).pending_since == bench.clock.now()
    bench.platform.before = lambda request: None
    assert await bench.tokens.renew(OA, stale) == Token("access-3", 3)
    assert bench.platform.health_checks == 1
    assert bench.alarms == []


async def test_a_lost_answer_to_a_refresh_that_happened_is_an_alarm_and_never_a_second_try(bench):
    stale = await bench.refreshed()
    bench.platform.after = lost
    with pytest.raises(RetryLater):
        await bench.tokens.renew(OA, stale)
    bench.platform.after = lambda request: None
    for _ in range(3):
        with pytest.raises(NeedsConsent, match="answered and its answer lost") as needs:
            await bench.tokens.renew(OA, stale)
        assert needs.value.reaction is Reaction.STOP_CHANNEL
        with pytest.raises(NeedsConsent):
            await bench.tokens.access_token(OA)
        await bench.tokens.refresh_ahead()
    assert (bench.platform.refreshes, bench.alarms) == (2, ["lost"])
    status = await bench.status()
    assert (status.can_send, status.alarm, status.pending_since) == (False, Alarm.LOST, None)


@pytest.mark.parametrize("step", [Step.BEFORE_LOCK, Step.LOCKED, Step.MARKED])
async def test_who_dies_before_the_request_costs_nothing(bench, step):
    stale = await bench.refreshed()
    await bench.dies_at(step)
    assert await bench.tokens.renew(OA, stale) == Token("access-3", 3)
    assert bench.alarms == []


@pytest.mark.parametrize("step", [Step.COMMITTED, Step.UNLOCKING])
async def test_who_dies_after_the_commit_has_left_the_new_pair(bench, step):
    stale = await bench.refreshed()
    await bench.dies_at(step)
    assert await bench.tokens.renew(OA, stale) == Token("access-3", 3)
    assert (bench.platform.refreshes, bench.alarms) == (2, [])


async def test_who_dies_between_answer_and_commit_leaves_an_alarm_that_says_so(bench):
    stale = await bench.refreshed()
    await bench.dies_at(Step.ANSWERED)
    with capture_logs() as logs:
        await bench.tokens.refresh_ahead()
    assert bench.alarms == ["lost"]
    (alarm,) = [line for line in logs if line["event"] == "zalo_token_alarm"]
    assert (alarm["log_level"], alarm["oa_id"], alarm["alarm"]) == ("error", OA, "lost")
    with pytest.raises(NeedsConsent):
        await bench.tokens.renew(OA, stale)


async def test_a_mark_that_cannot_be_looked_into_waits_and_is_told_when_it_is_stale(bench):
    stale = await bench.refreshed()
    await bench.dies_at(Step.ANSWERED)
    bench.platform.before = lambda request: httpx.Response(502)
    with pytest.raises(RetryLater, match="cannot be asked"):
        await bench.tokens.renew(OA, stale)
    bench.platform.before = lambda request: httpx.Response(200, json={"error": -204})
    with pytest.raises(RetryLater, match="getoa error -204"):
        await bench.tokens.renew(OA, stale)
    await bench.tokens.refresh_ahead()
    assert bench.alarms == []
    bench.clock.advance(16 * 60)
    await bench.tokens.refresh_ahead()
    assert bench.alarms == ["pending"]
    assert (bench.platform.refreshes, (await bench.status()).pending_since is not None) == (2, True)


async def test_a_mark_on_a_token_whose_time_is_over_gets_one_try(bench):
    await bench.refreshed()
    await bench.dies_at(Step.MARKED)
    bench.clock.advance(26 * HOUR)
    assert await bench.tokens.access_token(OA) == Token("access-3", 3)
    assert bench.platform.health_checks == 0
    await bench.dies_at(Step.ANSWERED)
    bench.clock.advance(26 * HOUR)
    for _ in range(2):
        with pytest.raises(NeedsConsent, match="left no answer, and its refresh token is used up"):
            await bench.tokens.access_token(OA)
    assert (bench.platform.refreshes, bench.alarms) == (2 + 1 + 1, ["lost"])


async def test_a_mark_survives_a_try_that_could_not_be_sent(bench):
    await bench.refreshed()
    await bench.dies_at(Step.ANSWERED)
    begun = (await bench.status()).pending_since
    bench.clock.advance(26 * HOUR)

    def refuse(request: httpx.Request) -> None:
        raise httpx.ConnectError("refused")

    bench.platform.before = refuse
    with pytest.raises(RetryLater):
        await bench.tokens.access_token(OA)
    assert (await bench.status()).pending_since == begun


async def test_somebody_elses_newer_pair_under_a_mark_is_used_once_it_is_known_to_work(bench):
    old = await bench.refreshed()
    await bench.tokens.renew(OA, old)
    await bench.dies_at(Step.MARKED)
    assert await bench.tokens.renew(OA, old) == Token("access-3", 3)
    assert (bench.platform.refreshes, bench.platform.health_checks) == (2, 1)


async def test_a_refused_refresh_ahead_is_an_alarm_while_the_token_goes_on_to_serve(bench):
    await bench.refreshed()
    bench.clock.advance(22 * HOUR)
    bench.platform.before = lambda request: httpx.Response(200, json={"error": -14001})
    await bench.tokens.refresh_ahead()
    await bench.tokens.refresh_ahead()
    assert bench.alarms == ["refused"]
    status = await bench.status()
    assert (status.can_send, status.alarm, status.reason) == (True, Alarm.REFUSED, "zalo token error -14001: ")
    assert await bench.tokens.access_token(OA) == Token("access-2", 2)


async def test_after_a_refusal_one_more_try_is_made_when_the_token_is_over_and_then_none(bench):
    await bench.refreshed()
    bench.clock.advance(22 * HOUR)
    bench.platform.before = lambda request: httpx.Response(200, json={"error": -14001})
    await bench.tokens.refresh_ahead()
    bench.clock.advance(4 * HOUR)
    for _ in range(3):
        with pytest.raises(NeedsConsent, match="-14001"):
            await bench.tokens.access_token(OA)
    assert bench.alarms == ["refused", "refused"]
    bench.clock.advance(4 * HOUR)
    bench.platform.before = lambda request: None
    with pytest.raises(NeedsConsent):
        await bench.tokens.access_token(OA)


async def test_a_refusal_that_was_a_passing_fault_heals_when_the_token_is_over(bench):
    await bench.refreshed()
    bench.clock.advance(22 * HOUR)
    bench.platform.before = lambda request: httpx.Response(200, json={"error": -14001})
    await bench.tokens.refresh_ahead()
    bench.platform.before = lambda request: None
    bench.clock.advance(4 * HOUR)
    await bench.tokens.refresh_ahead()
    status = await bench.status()
    assert (status.can_send, status.alarm) == (True, None)


async def test_a_revoked_pair_is_an_alarm_and_no_call_is_made_for_it_any_more(bench):
    stale = await bench.refreshed()
    bench.platform.number = 99
    with pytest.raises(NeedsConsent, match="-14014"):
        await bench.tokens.renew(OA, stale)
    refreshes = bench.platform.refreshes
    for _ in range(3):
        with pytest.raises(NeedsConsent):
            await bench.tokens.access_token(OA)
        await bench.tokens.refresh_ahead()
    assert (bench.platform.refreshes, bench.alarms) == (refreshes, ["refused"])


async def test_a_standing_alarm_is_told_again_at_a_start(bench):
    stale = await bench.refreshed()
    bench.platform.number = 99
    with pytest.raises(NeedsConsent):
        await bench.tokens.renew(OA, stale)
    bench.alarms.clear()
    await bench.process().open()
    assert bench.alarms == ["refused"]


async def test_a_consent_ends_every_alarm(bench):
    stale = await bench.refreshed()
    await bench.dies_at(Step.ANSWERED)
    await bench.tokens.refresh_ahead()
    assert (await bench.status()).alarm is Alarm.LOST
    await bench.tokens.connect(OA, code="code", verifier="v")
    status = await bench.status()
    assert (status.can_send, status.alarm, status.version) == (True, None, 3)
    assert await bench.tokens.renew(OA, stale) == Token("access-4", 3)


async def test_a_refused_consent_changes_nothing(bench):
    token = await bench.refreshed()
    with pytest.raises(GrantRefused):
        await bench.tokens.connect(OA, code="another", verifier="v")
    assert await bench.tokens.access_token(OA) == token


async def test_an_oa_that_was_never_connected_needs_consent(bench, tmp_path):
    bench.store = TokenStore(tmp_path / "other.db", vault=Vault(SECRET))
    tokens = bench.process(account=replace(ACCOUNT, access_token=None, refresh_token=None))
    await tokens.open()
    with pytest.raises(NeedsConsent, match="never connected"):
        await tokens.access_token(OA)
    await tokens.refresh_ahead()
    (status,) = await tokens.status()
    assert (status.can_send, status.alarm, bench.alarms) == (False, Alarm.NEVER_CONNECTED, ["never_connected"])
    await tokens.connect(OA, code="code", verifier="v")
    assert await tokens.access_token(OA) == Token("access-2", 1)
    await tokens.close()


async def test_an_access_token_without_a_refresh_token_serves_until_it_is_refused(bench, tmp_path):
    bench.store = TokenStore(tmp_path / "other.db", vault=Vault(SECRET))
    tokens = bench.process(account=replace(ACCOUNT, refresh_token=None, app_secret=None))
    await tokens.open()
    await tokens.refresh_ahead()
    token = await tokens.access_token(OA)
    assert (token.value, bench.alarms) == ("access-1", [])
    with pytest.raises(NeedsConsent, match="without a refresh token"):
        await tokens.renew(OA, token)
    with pytest.raises(NeedsConsent):
        await tokens.access_token(OA)
    assert bench.platform.refreshes == 0
    await tokens.close()


async def test_without_the_app_secret_nothing_is_asked_and_the_channel_waits(bench):
    tokens = bench.process(account=replace(ACCOUNT, app_secret=None))
    with pytest.raises(RetryLater, match="no app secret") as failure:
        await tokens.renew(OA, await tokens.access_token(OA))
    assert failure.value.reaction is Reaction.STOP_CHANNEL
    assert bench.platform.refreshes == 0


async def test_a_pair_under_another_secret_key_is_told_apart_and_read_again_with_the_older_key(bench):
    token = await bench.refreshed()
    path = bench.store.path
    bench.store = TokenStore(path, vault=Vault(b"another secret key"))
    tokens = bench.process()
    await tokens.open()
    with pytest.raises(NeedsConsent, match="sealed under another secret key"):
        await tokens.access_token(OA)
    assert bench.alarms == ["unreadable"]
    await tokens.close()
    bench.store = TokenStore(path, vault=Vault(b"another secret key", older=[SECRET]))
    tokens = bench.process()
    await tokens.open()
    assert await tokens.access_token(OA) == token
    await tokens.close()


def fail_commits(path: Path, *, when: bool) -> None:
    """Let the disk take marks but no new pair."""
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TRIGGER IF EXISTS full")
        if when:
            connection.execute(
                "CREATE TRIGGER full BEFORE UPDATE OF version ON zalo_tokens"
                " BEGIN SELECT RAISE(ABORT, 'disk full'); END"
            )
    connection.close()


async def test_a_pair_that_the_disk_does_not_take_is_kept_and_stored_as_soon_as_it_does(bench):
    stale = await bench.refreshed()
    fail_commits(bench.store.path, when=True)
    with pytest.raises(StoreUnavailable):
        await bench.tokens.renew(OA, stale)
    with pytest.raises(StoreUnavailable):
        await bench.tokens.access_token(OA)
    assert set(bench.alarms) == {"not_stored"}
    fail_commits(bench.store.path, when=False)
    assert await bench.tokens.access_token(OA) == Token("access-3", 3)
    assert bench.platform.refreshes == 2


async def test_what_the_disk_did_not_take_is_tried_once_more_at_the_end(bench):
    stale = await bench.refreshed()
    fail_commits(bench.store.path, when=True)
    with pytest.raises(StoreUnavailable):
        await bench.tokens.renew(OA, stale)
    fail_commits(bench.store.path, when=False)
    await bench.tokens.close()
    again = bench.process()
    await again.open()
    assert await again.access_token(OA) == Token("access-3", 3)


async def test_one_oa_that_fails_does_not_stop_the_others(bench):
    other = replace(ACCOUNT, oa_id="9000000000000000002", access_token=None, refresh_token="dead")
    http = httpx.Client(transport=httpx.MockTransport(bench.platform))
    oauth = ZaloOAuth(http, oauth_url="https://oauth.example", api_url="https://api.example")
    tokens = ZaloTokens([other, ACCOUNT], store=bench.store, oauth=oauth, clock=bench.clock)
    await tokens.seed()
    await tokens.refresh_ahead()
    assert [status.alarm for status in await tokens.status()] == [Alarm.REFUSED, None]
    assert await tokens.access_token(OA) == Token("access-2", 2)


async def test_no_log_line_no_error_and_no_repr_shows_a_secret(bench):
    with capture_logs() as logs:
        stale = await bench.refreshed()
        bench.platform.after = lost
        with pytest.raises(RetryLater) as lost_answer:
            await bench.tokens.renew(OA, stale)
        bench.platform.after = lambda request: None
        await bench.tokens.refresh_ahead()
        with pytest.raises(NeedsConsent) as needs:
            await bench.tokens.access_token(OA)
    shown = f"{logs} {lost_answer.value!r} {needs.value!r} {stale!r} {bench.platform.pair!r} {await bench.status()!r}"
    assert "access-" not in shown
    assert "refresh-" not in shown
    assert "appSecretDemo" not in shown
