"""Every error code of both references is answered to a real send, and the gateway's reaction is followed to its end.

What each code has to lead to is written here from the words of the references (zalo-oa.md section 9, messenger.md
section 9, read 2026-11-29), and on purpose not taken from the tables of the code.
"""

import json
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.reply import AnswerStatus, Button, Reply, Turn, TurnResult
from channels.messenger import limits as messenger_limits
from channels.sender import PAUSE
from channels.testing import FakeGraph, ManualClock, ScriptedBot
from channels.testing.graph.world import FIELDS, INBOX_APP_ID
from channels.zalo import limits as zalo_limits
from tests.integration.street import (
    ACCOUNT,
    NEIGHBOUR,
    OA,
    OTHER_ACCOUNT,
    OURS,
    PAGE,
    PAGES,
    PERSON,
    Street,
    says,
    street,
)

pytestmark = pytest.mark.integration

VIETNAM = timezone(timedelta(hours=7))
DAY_S, PAUSE_S = 86_400.0, PAUSE.total_seconds()

ZALO = {
    "again": (-32, -200, -99_999, 404),  # -234 has its own tests
    "token": (-124, -216, -220),
    "unreachable": (-211, -213, -217, -218, -227, -230, -232, -244),
    "waits": (-204, -205, -209, -212, -219, -221, -223, -224, -235, -242, -248, -249, -320, -321),
    "bug": (-100, -201, -210, -214, -233, -237, -238, -240, -241, -403, -1340, -1341),
}
MESSENGER: dict[str, tuple[tuple[int, int | None], ...]] = {
    "again": (
        (1, None), (1, 1), (2, None), (2, 5), (4, None), (17, None), (32, None), (613, None), (1200, None),
        (80006, None), (80007, None), (99_999, None), (99_999, 1),
    ),
    "doubt": ((1, 1357046),),
    "waits_for_token": ((190, None), (190, 460), (190, 463), (190, 467), (230, None)),
    "unreachable": (
        (4, 2018354), (9, 2018352), (10, 2018278), (10, 2018065), (10, 2018108), (10, 2018300), (100, 2018001),
        (100, 33), (551, None), (551, 1545041),
    ),
    "waits": (
        (1, 99), (2, 2018344), (10, None), (10, 1), (10, 1893063), (200, None), (200, 2018028), (200, 2018021),
        (368, None),
    ),
    "bug": ((100, None), (100, 2018109), (100, 2018218), (100, 7)),
}  # fmt: skip


def of(platform: str, reaction: str) -> list[Any]:
    """Return the (channel, code) pairs of a reaction, for one platform or "both"."""
    pairs: list[Any] = []
    if platform in ("zalo", "both"):
        pairs += [("zalo", code) for code in ZALO.get(reaction, ())]
    if platform in ("messenger", "both"):
        pairs += [("messenger", code) for code in MESSENGER.get(reaction, ())]
    return pairs


def text(words: str) -> str:
    return json.dumps({"message": {"text": words}})


def fails(at: Street, channel: str, code: Any, *, times: int = 1) -> None:
    """Let the platform answer the next sends with this code."""
    (at.zalo.api if channel == "zalo" else at.graph.api).fail_next(code, times=times)


def refusals(at: Street, channel: str) -> int:
    return len((at.zalo if channel == "zalo" else at.graph).ledger.refused)


async def reasons(at: Street) -> list[str]:
    return [letter.reason for letter in await at.whole.inbox.dead_letters()]


async def is_open(at: Street) -> bool:
    return bool((await at.whole.inbox.depth()).outbox_open)


def sends(at: Street) -> int:
    return sum(call.endswith(("/oa/message/cs", "/messages")) for call in at.wire.calls)


def looks(at: Street) -> int:
    """How often the history of a conversation was asked for."""
    return sum(call.endswith(("/oa/conversation", "/conversations")) for call in at.wire.calls)


def names(code: Any) -> str:
    """Return how a reason names a code."""
    if isinstance(code, int):
        return f"zalo error {code}:"
    return f"messenger error {code[0]}/{code[1]} (" if code[1] is not None else f"messenger error {code[0]} ("


@pytest.mark.parametrize(("channel", "code"), of("both", "again"))
async def test_a_passing_trouble_is_tried_again_after_one_second_then_two(
    tmp_path: Path, channel: str, code: Any
) -> None:
    async with street(tmp_path) as at:
        await at.put(channel, text("một"))
        times = 1 if code == -200 else 2
        fails(at, channel, code, times=times)
        await at.send()
        for number, wait_s in enumerate((1, 2)[:times], start=1):
            await at.send(after_s=wait_s - 0.1)
            assert refusals(at, channel) == number
            assert at.arrived(channel) == []
            await at.send(after_s=0.1)
        assert at.arrived(channel) == ["một"]
        assert at.all_of("sends", channel) == {"retried": times, "sent": 1}
        assert at.all_of("send_alerts", channel) == {}
        assert await at.whole.inbox.pauses() == []


@pytest.mark.parametrize(("channel", "code", "most"), [("zalo", -200, 2), ("messenger", (2, None), 20)])
async def test_what_may_be_for_good_is_given_up_after_a_few_attempts(
    tmp_path: Path, channel: str, code: Any, most: int
) -> None:
    async with street(tmp_path) as at:
        await at.put(channel, text("một"), text("hai"))
        fails(at, channel, code, times=most)
        for _ in range(most):
            assert await reasons(at) == []
            await at.send(after_s=301)
        assert refusals(at, channel) == most
        [reason] = await reasons(at)
        assert reason.startswith(names(code))
        assert at.arrived(channel) == ["hai"]


@pytest.mark.parametrize(("channel", "code"), [("zalo", -32), ("zalo", -99_999), ("messenger", (613, None))])
async def test_an_outage_is_sat_out_as_long_as_the_window_is_open(tmp_path: Path, channel: str, code: Any) -> None:
    async with street(tmp_path) as at:
        await at.put(channel, text("một"))
        fails(at, channel, code, times=1_000)
        for _ in range(320):  # more than 26 hours
            await at.send(after_s=301)
            if channel == "messenger" and await reasons(at):
                break
        assert refusals(at, channel) == (320 if channel == "zalo" else 287)  # Messenger's window is 24 hours
        await at.send(after_s=DAY_S)
        assert await reasons(at) == [f"{channel} window closed"]
        assert at.all_of("sends", channel)["dead"] == 1


@pytest.mark.parametrize(("channel", "code"), [*of("both", "unreachable"), *of("both", "bug")])
async def test_a_message_that_will_never_arrive_is_a_dead_letter_at_once_and_harms_no_other(
    tmp_path: Path, channel: str, code: Any
) -> None:
    async with street(tmp_path) as at:
        await at.put(channel, text("một"), text("hai"))
        await at.put(channel, text("láng giềng"), person=NEIGHBOUR[channel])
        fails(at, channel, code)
        await at.send()
        [reason] = await reasons(at)
        assert reason.startswith(names(code))
        assert refusals(at, channel) == 1
        assert at.arrived(channel) == ["hai"]
        assert at.arrived(channel, NEIGHBOUR[channel]) == ["láng giềng"]
        assert at.all_of("sends", channel) == {"dead": 1, "sent": 2}
        assert at.all_of("send_alerts", channel) == {}
        await at.send(after_s=DAY_S)
        assert at.arrived(channel) == ["hai"]


@pytest.mark.parametrize(
    ("channel", "code", "alert"),
    [
        *((channel, code, "stop_channel") for channel, code in of("both", "waits")),
        *(("messenger", code, "renew_token") for _, code in of("messenger", "waits_for_token")),
    ],
)
async def test_what_concerns_the_account_alerts_rests_it_alone_and_loses_nothing(
    tmp_path: Path, channel: str, code: Any, alert: str
) -> None:
    async with street(tmp_path) as at:
        await at.put(channel, text("một"), text("hai"))
        fails(at, channel, code)
        await at.send()
        [pause] = await at.whole.inbox.pauses()
        assert (pause.channel, pause.account) == (channel, ACCOUNT[channel])
        assert pause.reason.startswith(names(code))
        assert at.all_of("send_alerts", channel) == {alert: 1}
        await at.put(channel, text("láng giềng"), person=NEIGHBOUR[channel])
        await at.put(channel, text("nơi khác"), account=OTHER_ACCOUNT[channel])
        await at.send(after_s=PAUSE_S - 1)
        assert at.arrived(channel) == at.arrived(channel, NEIGHBOUR[channel]) == []
        assert at.arrived(channel, account=OTHER_ACCOUNT[channel]) == ["nơi khác"]
        assert refusals(at, channel) == 1
        await at.send(after_s=1)
        assert at.arrived(channel) == ["một", "hai"]
        assert at.arrived(channel, NEIGHBOUR[channel]) == ["láng giềng"]
        assert at.all_of("send_alerts", channel) == {alert: 1}
        assert await reasons(at) == []


async def test_an_account_that_stays_stopped_is_tried_every_five_minutes_until_the_window_closes(
    tmp_path: Path,
) -> None:
    async with street(tmp_path) as at:
        at.zalo.accounts[OA].send_error = -204
        await at.put("zalo", text("một"))
        for minute in range(0, 60, 5):
            await at.send()
            assert at.count("send_alerts", channel="zalo", reaction="stop_channel") == minute // 5 + 1
            await at.send(after_s=PAUSE_S / 2)
            at.clock.advance(PAUSE_S / 2)
        assert await reasons(at) == []
        await at.send(after_s=2 * DAY_S)
        assert await reasons(at) == ["zalo window closed"]


@pytest.mark.parametrize("code", ZALO["token"])
async def test_a_token_that_zalo_refuses_is_renewed_and_the_message_sent_again_at_once(
    tmp_path: Path, code: int
) -> None:
    async with street(tmp_path) as at:
        await at.put("zalo", text("một"))
        fails(at, "zalo", code)
        await at.send()
        assert at.arrived("zalo") == ["một"]
        grant = at.zalo.grants.get(OURS.app_id, OA)
        assert grant is not None and grant.refreshes == 1
        assert at.all_of("sends", "zalo") == {"sent": 1}
        assert at.all_of("send_alerts", "zalo") == {}


@pytest.mark.parametrize("is_expired", [False, True])
async def test_a_dead_token_is_renewed_once_for_all_messages_that_meet_it(tmp_path: Path, is_expired: bool) -> None:
    async with street(tmp_path, is_durable=True) as at:
        people = [f"700000000000000010{number}" for number in range(8)]
        for person in people:
            await at.put("zalo", text(person), person=person)
        grant = at.zalo.grants.get(OURS.app_id, OA)
        assert grant is not None
        if is_expired:
            grant.access_until = at.clock.now()  # -220
        else:
            grant.access_token = "somebody-else-renewed-it"  # -216
        await at.send()
        assert [at.arrived("zalo", person) for person in people] == [[person] for person in people]
        renewed = at.zalo.grants.get(OURS.app_id, OA)
        assert renewed is not None and renewed.refreshes == 1
        assert at.all_of("sends", "zalo") == {"sent": 8}
        assert at.all_of("send_alerts", "zalo") == {}


async def test_a_token_that_ran_out_is_renewed_before_the_person_notices(tmp_path: Path) -> None:
    async with street(tmp_path) as at:
        await at.put("zalo", text("một"))
        await at.send()
        at.clock.advance(26 * 3_600)
        await at.put("zalo", text("hai"))
        await at.send()
        assert at.arrived("zalo") == ["một", "hai"]
        at.clock.advance(26 * 3_600)  # this pair's life is known: it is renewed without asking in vain
        calls = sends(at)
        await at.put("zalo", text("ba"))
        await at.send()
        assert at.arrived("zalo") == ["một", "hai", "ba"]
        assert sends(at) == calls + 1


async def test_a_token_that_is_refused_twice_rests_the_account_and_alerts(tmp_path: Path) -> None:
    async with street(tmp_path) as at:
        await at.put("zalo", text("một"))
        fails(at, "zalo", -216, times=2)
        await at.send()
        assert refusals(at, "zalo") == 2
        assert at.all_of("send_alerts", "zalo") == {"renew_token": 1}
        await at.send(after_s=PAUSE_S)
        assert at.arrived("zalo") == ["một"]


async def test_a_grant_that_was_taken_back_waits_for_the_administrator(tmp_path: Path) -> None:
    async with street(tmp_path) as at:
        at.zalo.grants.revoke(OURS.app_id, OA)
        await at.put("zalo", text("một"))
        await at.send()
        assert at.all_of("send_alerts", "zalo") == {"stop_channel": 1}
        assert await reasons(at) == []
        assert at.arrived("zalo") == []
        [status] = [each for each in await at.whole.tokens.status() if each.oa_id == OA]
        assert not status.can_send or status.alarm is not None


@pytest.mark.parametrize(
    ("now", "wait_s"), [("2026-12-01T23:30", 6.5 * 3_600), ("2026-12-01T22:00", 8 * 3_600), ("2026-12-02T05:59", 60)]
)
async def test_what_zalo_does_not_take_at_night_waits_for_six_in_the_morning(
    tmp_path: Path, now: str, wait_s: float
) -> None:
    async with street(tmp_path, clock=ManualClock(datetime.fromisoformat(now).replace(tzinfo=VIETNAM))) as at:
        await at.put("zalo", text("một"))
        fails(at, "zalo", -234)
        await at.send()
        await at.send(after_s=wait_s - 1)
        assert (at.arrived("zalo"), sends(at)) == ([], 1)
        await at.send(after_s=1)
        assert at.arrived("zalo") == ["một"]


async def test_by_day_the_night_rule_is_a_passing_trouble(tmp_path: Path) -> None:
    async with street(tmp_path) as at:
        await at.put("zalo", text("một"))
        fails(at, "zalo", -234)
        await at.send()
        await at.send(after_s=1)
        assert at.arrived("zalo") == ["một"]


@pytest.mark.parametrize("code", [4, 17, 32, 613, 80006, 80007])
async def test_a_limit_of_meta_lasts_as_long_as_it_says(tmp_path: Path, code: int) -> None:
    async with street(tmp_path) as at:
        at.graph.regain_minutes = 7
        await at.put("messenger", text("một"))
        fails(at, "messenger", (code, None))
        await at.send()
        await at.send(after_s=7 * 60 - 1)
        assert (at.arrived("messenger"), sends(at)) == ([], 1)
        await at.send(after_s=1)
        assert at.arrived("messenger") == ["một"]


CHOICES = (Button("Lương cơ sở của cán bộ, công chức", "cán bộ"), Button("Lương tối thiểu vùng", "vùng"))


def offers(turn: Turn) -> TurnResult:
    """The bot offers a choice, which both platforms can show as a card."""
    return TurnResult((Reply(AnswerStatus.CLARIFY_AMBIGUOUS, f"Về: {turn.text}", buttons=CHOICES),))


@pytest.mark.parametrize("code", [-201, -233])
async def test_a_card_that_zalo_does_not_take_arrives_as_numbered_text_and_its_number_can_be_typed(
    tmp_path: Path, code: int
) -> None:
    async with street(tmp_path, bot=ScriptedBot(offers)) as at:
        phone = at.zalo.phone(OA, PERSON["zalo"])
        phone.sends_text("chào")
        await at.live()
        phone.sends_text("lương")
        fails(at, "zalo", code)
        await at.live()
        taken, refused = at.zalo.ledger.sent_to(PERSON["zalo"])[-2:]
        assert "attachment" in taken.message and "attachment" not in refused.message
        assert "1. Lương cơ sở của cán bộ, công chức\n2. Lương tối thiểu vùng" in refused.text
        assert [refusal.code for refusal in at.zalo.ledger.refused] == [code]
        assert await reasons(at) == []
        phone.sends_text("2")
        await at.live()
        assert at.bot.turns[-1].text == "vùng"


async def test_an_oa_that_takes_no_cards_at_all_gets_every_choice_as_text(tmp_path: Path) -> None:
    async with street(tmp_path, bot=ScriptedBot(offers)) as at:
        at.zalo.accounts[OA].accepts_cards = False
        at.zalo.phone(OA, PERSON["zalo"]).sends_text("lương")
        await at.live()
        assert "2. Lương tối thiểu vùng" in at.arrived("zalo")[-1]
        assert at.all_of("sends", "zalo") == {"sent": 2}


# What came of a send is not known.

BOTH = pytest.mark.parametrize("channel", ["zalo", "messenger"])
NO_ANSWERS: dict[str, Callable[[], httpx.Response | Exception]] = {
    "HTML of a proxy": lambda: httpx.Response(502, content=b"<html>502 Bad Gateway</html>"),
    "HTML with 200": lambda: httpx.Response(200, content=b"<html>maintenance</html>"),
    "empty body": lambda: httpx.Response(200, content=b""),
    "empty body with 500": lambda: httpx.Response(500, content=b""),
    "JSON without error": lambda: httpx.Response(200, json={"message": "Success"}),
    "another JSON": lambda: httpx.Response(200, json=["ok"]),
    "error that is none": lambda: httpx.Response(200, json={"error": True}),
    "redirect": lambda: httpx.Response(302, headers={"location": "https://elsewhere.test"}),
    "time-out": lambda: httpx.ReadTimeout("slow"),
    "torn connection": lambda: httpx.RemoteProtocolError("torn"),
    "time-out while writing": lambda: httpx.WriteTimeout("slow"),
}


@BOTH
@pytest.mark.parametrize("trouble", NO_ANSWERS)
async def test_what_had_not_arrived_is_looked_for_and_sent_again(tmp_path: Path, channel: str, trouble: str) -> None:
    async with street(tmp_path) as at:
        await at.put(channel, text("một"), text("hai"))
        at.wire.instead.append(NO_ANSWERS[trouble]())
        await at.send()
        await at.send(after_s=4.9)
        assert (at.arrived(channel), len(at.wire.calls), looks(at)) == ([], 1, 0)
        await at.send(after_s=0.1)
        assert at.arrived(channel) == ["một", "hai"]
        assert (looks(at), sends(at)) == (1, 3)


@BOTH
@pytest.mark.parametrize("trouble", NO_ANSWERS)
async def test_what_had_arrived_is_found_and_not_sent_again(tmp_path: Path, channel: str, trouble: str) -> None:
    async with street(tmp_path) as at:
        await at.put(channel, text("một"), text("hai"))
        at.wire.afterwards.append(NO_ANSWERS[trouble]())
        await at.send()
        await at.send(after_s=5)
        assert at.arrived(channel) == ["một", "hai"]
        assert (looks(at), sends(at)) == (1, 2)
        await at.deliver()
        assert at.all_of("sends", channel) == {"retried": 1, "sent": 2}
        assert at.count("events", channel=channel, outcome="new") == 0  # its echo is nobody else's word


@BOTH
@pytest.mark.parametrize("error", [httpx.ConnectError("x"), httpx.ConnectTimeout("x"), httpx.PoolTimeout("x")])
async def test_what_never_left_us_is_simply_sent_again(tmp_path: Path, channel: str, error: Exception) -> None:
    async with street(tmp_path) as at:
        await at.put(channel, text("một"))
        at.wire.instead.append(error)
        await at.send()
        await at.send(after_s=1)
        assert at.arrived(channel) == ["một"]
        assert looks(at) == 0


@BOTH
async def test_a_refused_connection_for_an_hour_loses_nothing_and_keeps_the_order(tmp_path: Path, channel: str) -> None:
    async with street(tmp_path) as at:
        await at.put(channel, text("một"), text("hai"))
        api = at.zalo.api if channel == "zalo" else at.graph.api
        api.is_down = True
        for _ in range(12):
            await at.send(after_s=300)
        api.is_down = False
        await at.send(after_s=300)
        assert at.arrived(channel) == ["một", "hai"]


@BOTH
async def test_the_echo_settles_a_doubt_before_anybody_looks(tmp_path: Path, channel: str) -> None:
    async with street(tmp_path, is_durable=True) as at:
        await at.put(channel, text("một"), text("hai"))
        (at.zalo.api if channel == "zalo" else at.graph.api).lose_next()
        await at.send()
        assert at.arrived(channel) == ["một"]
        await at.deliver()
        await at.send()
        assert at.arrived(channel) == ["một", "hai"]
        await at.live(after_s=DAY_S)
        assert (looks(at), sends(at)) == (0, 2)
        assert at.bot.turns == []
        assert not await is_open(at)


@BOTH
@pytest.mark.parametrize("is_lost", [False, True])
async def test_an_echo_that_is_faster_than_the_answer_settles_it_too(
    tmp_path: Path, channel: str, is_lost: bool
) -> None:
    async with street(tmp_path, is_durable=True) as at:
        platform = at.zalo if channel == "zalo" else at.graph
        platform.echo_first = True
        await at.put(channel, text("một"))
        platform.api.lose_next(int(is_lost))
        await at.send()
        await at.live(after_s=DAY_S)
        assert at.arrived(channel) == ["một"]
        assert (looks(at), sends(at)) == (0, 1)
        assert not await is_open(at) and await reasons(at) == []
        assert at.count("events", channel=channel, outcome="new") == 0


@BOTH
async def test_while_the_history_cannot_be_read_a_doubt_stays_one(tmp_path: Path, channel: str) -> None:
    async with street(tmp_path) as at:
        await at.put(channel, text("một"))
        api = at.zalo.api if channel == "zalo" else at.graph.api
        api.loses_answers = True
        for _ in range(20):
            await at.send(after_s=300)
        assert (at.arrived(channel), sends(at)) == (["một"], 1)
        assert looks(at) == 19
        api.loses_answers = False
        await at.send(after_s=300)
        assert (at.arrived(channel), sends(at)) == (["một"], 1)
        assert not await is_open(at)


@BOTH
async def test_where_the_history_is_refused_for_good_the_echo_is_waited_for_ten_minutes(
    tmp_path: Path, channel: str
) -> None:
    refusal = {"error": -223} if channel == "zalo" else {"error": {"code": 200, "message": "no permission"}}
    async with street(tmp_path) as at:
        await at.put(channel, text("một"))
        at.wire.instead.append(httpx.ReadTimeout("slow"))
        await at.send()
        at.wire.instead.append(httpx.Response(200, json=refusal))
        await at.send(after_s=5)
        await at.send(after_s=594)
        assert (sends(at), looks(at)) == (1, 1)
        at.wire.instead.append(httpx.Response(200, json=refusal))
        await at.send(after_s=1)
        assert (at.arrived(channel), sends(at), looks(at)) == (["một"], 2, 2)
        assert await at.whole.inbox.pauses() == []


@pytest.mark.parametrize("is_taken", [False, True])
async def test_metas_own_code_for_an_unknown_outcome_is_looked_up(tmp_path: Path, is_taken: bool) -> None:
    [code] = MESSENGER["doubt"]
    async with street(tmp_path) as at:
        await at.put("messenger", text("một"))
        if is_taken:
            error = {"message": "x", "code": code[0], "error_subcode": code[1]}
            at.wire.afterwards.append(httpx.Response(500, json={"error": error}))
        else:
            fails(at, "messenger", code)
        await at.send()
        await at.send(after_s=5)
        assert at.arrived("messenger") == ["một"]
        assert (looks(at), sends(at)) == (1, 1 if is_taken else 2)


CARD = json.dumps(
    {
        "message": {
            "attachment": {
                "type": "template",
                "payload": {
                    "template_type": "generic",
                    "elements": [{"title": "Nghị định 161", "subtitle": "Còn hiệu lực"}],
                },
            }
        }
    }
)


def without_echoes(graph: FakeGraph) -> None:
    """Nobody has switched echoes on."""
    for page in (PAGE, "100000000000002"):
        graph.subscribe(PAGES.app_id, page, FIELDS - {"message_echoes"})


async def test_a_card_in_doubt_is_settled_by_its_echo(tmp_path: Path) -> None:
    async with street(tmp_path, is_durable=True) as at:
        await at.put("messenger", CARD)
        at.graph.api.lose_next()
        await at.send()
        await at.send(after_s=300)
        await at.live()
        await at.live(after_s=DAY_S)
        assert len(at.graph.arrived) == sends(at) == 1
        assert not await is_open(at)


async def test_a_card_in_doubt_without_an_echo_is_sent_again_after_ten_minutes_and_not_before(tmp_path: Path) -> None:
    async with street(tmp_path, on_graph=without_echoes) as at:
        await at.put("messenger", CARD)
        at.wire.instead.append(httpx.ReadTimeout("slow"))
        await at.live()
        await at.live(after_s=599)
        assert sends(at) == 1
        await at.live(after_s=10)
        assert (len(at.graph.arrived), sends(at), looks(at)) == (1, 2, 0)


@pytest.mark.parametrize("accepts_cards", [True, False])
async def test_a_card_of_zalo_in_doubt_is_found_in_either_form(tmp_path: Path, accepts_cards: bool) -> None:
    async with street(tmp_path, bot=ScriptedBot(offers)) as at:
        at.zalo.phone(OA, PERSON["zalo"]).sends_text("chào")
        await at.live()
        at.zalo.accounts[OA].accepts_cards = accepts_cards  # from now on: an OA that refused one gets texts at once
        at.zalo.phone(OA, PERSON["zalo"]).sends_text("lương")
        await at.deliver()
        await at.answer()
        if not accepts_cards:
            at.wire.instead.append(httpx.Response(200, json={"error": -201, "message": "no cards"}))
        at.wire.afterwards.append(httpx.ReadTimeout("slow"))
        await at.send()
        await at.send(after_s=5)
        assert len(at.arrived("zalo")) == 3
        assert looks(at) == 1
        assert not await is_open(at)


# A person takes the conversation.


def hands_over(turn: Turn) -> TurnResult:
    """The bot knows that an officer is wanted."""
    return TurnResult((Reply(AnswerStatus.HANDED_OVER, f"Gặp cán bộ: {turn.text}"),))


@pytest.mark.parametrize("is_lost", [False, True])
async def test_a_conversation_is_passed_to_the_page_inbox_once_however_its_answer_fares(
    tmp_path: Path, is_lost: bool
) -> None:
    async with street(tmp_path, bot=ScriptedBot(hands_over)) as at:
        at.graph.phone(PAGE, PERSON["messenger"]).sends_text("cho gặp cán bộ")
        await at.deliver()
        await at.answer()
        if is_lost:
            # The notice and the answer go out; the call that passes the conversation on loses its answer.
            at.wire.lose_answer_to = "/pass_thread_control"
        await at.send()
        await at.live(after_s=60)
        assert at.arrived("messenger")[-1].startswith(says("officer_called"))
        assert at.graph.user(PAGE, PERSON["messenger"]).owner == INBOX_APP_ID
        assert await reasons(at) == []
        assert not await is_open(at)
        passed = [call for call in at.wire.calls if call.endswith("/pass_thread_control")]
        assert len(passed) == 1 + is_lost


def hands_over_once(turn: Turn) -> TurnResult:
    """The bot knows who wants an officer, and answers everybody else."""
    status = AnswerStatus.HANDED_OVER if turn.text == "cho gặp cán bộ" else AnswerStatus.ANSWERED
    return TurnResult((Reply(status, f"Về: {turn.text}"),))


async def hear(at: Street, text: str, *, after_s: float = 600) -> list[str]:
    """Return what a person gets who writes something after so long."""
    before = len(at.arrived("messenger"))
    at.clock.advance(after_s)
    at.graph.phone(PAGE, PERSON["messenger"]).sends_text(text)
    await at.live()
    await at.live(after_s=60)
    return at.arrived("messenger")[before:]


async def test_a_conversation_in_the_page_inbox_comes_back_when_the_machine_is_called(tmp_path: Path) -> None:
    async with street(tmp_path, bot=ScriptedBot(hands_over_once)) as at:
        await hear(at, "cho gặp cán bộ")
        assert await hear(at, "còn ai không?") == []
        assert at.graph.user(PAGE, PERSON["messenger"]).owner == INBOX_APP_ID
        assert await hear(at, "trợ lý") == [says("machine_back")]
        assert at.graph.user(PAGE, PERSON["messenger"]).owner == PAGES.app_id
        assert await hear(at, "lệ phí?") == ["Về: lệ phí?"]
        assert await reasons(at) == []


@pytest.mark.parametrize("by_officer", [False, True])
async def test_a_conversation_in_the_page_inbox_comes_back_when_the_silence_is_over(
    tmp_path: Path, by_officer: bool
) -> None:
    async with street(tmp_path, bot=ScriptedBot(hands_over_once)) as at:
        await hear(at, "lệ phí?" if by_officer else "cho gặp cán bộ")
        if by_officer:
            at.graph.officer().takes_over(at.graph.user(PAGE, PERSON["messenger"]))
            await at.live()
        assert await hear(at, "còn ai không?") == []
        assert await hear(at, "lệ phí?", after_s=2 * 3_600) == [says("machine_notice"), "Về: lệ phí?"]
        assert await hear(at, "giờ làm việc?") == ["Về: giờ làm việc?"]
        taken = [call for call in at.wire.calls if call.endswith("/take_thread_control")]
        assert len(taken) == 1
        assert await reasons(at) == []


async def test_where_our_app_may_not_take_a_conversation_it_keeps_silent_and_no_page_is_paused(tmp_path: Path) -> None:
    async with street(tmp_path, bot=ScriptedBot(hands_over_once)) as at:
        await hear(at, "cho gặp cán bộ")
        at.graph.pages[PAGE].default_app = INBOX_APP_ID
        assert await hear(at, "lệ phí?", after_s=2 * 3_600) == []
        assert all(reason.startswith("messenger error 10") for reason in await reasons(at))
        assert await at.whole.inbox.pauses() == []
        asked, tried = len(at.bot.turns), len(at.wire.calls)
        assert await hear(at, "còn ai không?") == []
        assert (len(at.bot.turns), len(at.wire.calls)) == (asked, tried)
        assert not await is_open(at)


def test_no_code_of_the_references_is_missing_here() -> None:
    """That the tables name all codes of the references is tested beside them."""
    assert {code for codes in ZALO.values() for code in codes} | {-234} >= set(zalo_limits.REACTIONS)
    assert {code for codes in MESSENGER.values() for code in codes} >= set(messenger_limits.REACTIONS)
