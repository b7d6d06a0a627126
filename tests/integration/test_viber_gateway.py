"""Viber through the whole gateway: callbacks in over loopback, set-up and doctor, a real SQLite inbox, the fake out."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx
import pytest

from bot.reply import AnswerStatus, Button, Reply, Turn, TurnResult
from bot.wording import Wording
from channels.agency import Agency, Directory, ViberBot
from channels.buttons import Buttons
from channels.clock import SystemClock
from channels.configuration import Configuration, configure
from channels.doctor import State, Tools, examine
from channels.profile_setup import setup_viber
from channels.settings import GatewaySettings
from channels.testing import FakeViber, PlatformTransport, ScriptedBot, ViberIds, in_process, sign_viber, viber_event
from channels.testing.gateway import SECRET, Assembled, assembled
from channels.testing.gateway import running as run_gateway
from channels.testing.viber import ViberPhone

pytestmark = pytest.mark.integration

WORDING = Wording.load(Path(__file__).parents[2] / "data" / "wording")
PUBLIC = "https://chat.example.vn"
HUE, HEALTH = Agency(id="hue", name="UBND thành phố Huế", has_officers=True), Agency(id="so-y-te", name="Sở Y tế")
PERSON = "jc9HsWTZ2Yf2NkRZ8KcNug=="
BOTS = [
    ViberBot(agency=HUE, account="hue", auth_token="token of hue", name="UBND Huế"),
    ViberBot(agency=HEALTH, account="health", auth_token="token of health", name="Sở Y tế Huế"),
]


def answer(turn: Turn) -> TurnResult:
    if turn.text == "gặp cán bộ":
        return TurnResult((Reply(AnswerStatus.HANDED_OVER, "Mời gọi tổng đài."),))
    buttons = () if turn.text.startswith("điều") else (Button("Điều 1", "điều 1"), Button("Điều 2", "điều 2"))
    return TurnResult((Reply(AnswerStatus.ANSWERED, f"Trả lời cho: {turn.text}", buttons=buttons),))


class Both(httpx.AsyncBaseTransport):
    """Viber and the public address lead to the fake and the gateway; all else goes to loopback itself."""

    def __init__(self, viber: FakeViber) -> None:
        self.gateway_url = ""
        self._viber: PlatformTransport = in_process(viber=viber)
        self._loopback = httpx.AsyncHTTPTransport()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.host == "chatapi.viber.com":
            return await self._viber.handle_async_request(request)
        if request.url.host == "chat.example.vn":
            gateway = httpx.URL(self.gateway_url)
            request.url = request.url.copy_with(scheme="http", host=gateway.host, port=gateway.port)
        return await self._loopback.handle_async_request(request)

    async def aclose(self) -> None:
        await self._loopback.aclose()


@dataclass
class Stack:
    viber: FakeViber
    http: httpx.AsyncClient
    transport: Both
    configuration: Configuration
    whole: Assembled
    told: list[str] = field(default_factory=list)

    def phone(self, account: int = 0) -> ViberPhone:
        return self.viber.phone(list(self.viber.bots.values())[account], PERSON)

    def texts(self) -> list[str]:
        return [line.text for line in self.viber.arrived]

    async def set_up(self) -> int:
        settings = self.configuration.settings
        return await setup_viber(
            BOTS, http=self.http, api_url=settings.viber_api_url, public_url=settings.public_url, tell=self.told.append
        )

    async def arrive(self, count: int) -> list[str]:
        end = time.monotonic() + 20
        while len(self.viber.arrived) < count:
            await self.viber.delivery.deliver_due()
            assert time.monotonic() < end, self.texts()
            await asyncio.sleep(0.01)
        return self.texts()

    async def post(self, body: bytes, token: str) -> int:
        headers = sign_viber(body, auth_token=token)
        return (await self.http.post(f"{PUBLIC}/webhooks/viber", content=body, headers=headers)).status_code


@contextlib.asynccontextmanager
async def running(folder: Path, *, respond: Callable[[Turn], TurnResult] = answer) -> AsyncIterator[Stack]:
    viber = FakeViber()
    transport = Both(viber)
    async with httpx.AsyncClient(transport=transport, timeout=30) as http:

        async def post(body: bytes, headers: Mapping[str, str]) -> int:
            return (await http.post(f"{PUBLIC}/webhooks/viber", content=body, headers=dict(headers))).status_code

        for bot in BOTS:
            viber.add_bot(bot.auth_token, name=bot.name, post=post)
        settings = GatewaySettings(_env_file=None, public_url=PUBLIC)
        configuration = replace(configure(settings), directory=Directory(BOTS, default=Agency(id="default")))
        configuration = replace(configuration, missing={**configuration.missing, "viber": ()})
        async with (
            assembled(configuration, folder=folder, bot=ScriptedBot(respond), clock=SystemClock(), http=http) as whole,
            run_gateway(whole) as url,
        ):
            transport.gateway_url = url
            yield Stack(viber, http, transport, configuration, whole)


async def test_set_up_points_the_callbacks_here_and_a_second_run_changes_nothing(tmp_path: Path) -> None:
    async with running(tmp_path) as stack:
        assert await stack.set_up() == 0
        assert {bot.webhook for bot in stack.viber.bots.values()} == {f"{PUBLIC}/webhooks/viber"}
        stack.told.clear()
        assert await stack.set_up() == 0
        assert stack.told == ["bot hue (hue)", "  webhook: unchanged", "bot health (so-y-te)", "  webhook: unchanged"]
        stack.viber.api.is_down = True
        assert await stack.set_up() == 1


async def test_a_question_is_answered_with_a_keyboard_whose_buttons_are_answered_too(tmp_path: Path) -> None:
    async with running(tmp_path) as stack:
        await stack.set_up()
        stack.viber.delivery.duplicate_next()
        stack.phone().sends_text("lương cơ sở?")
        notice, text = await stack.arrive(2)
        assert notice == WORDING.text("gateway.machine_notice", "vi")
        assert text.startswith("Trả lời cho: lương cơ sở?")
        _, second = stack.viber.arrived[1].message["keyboard"]["Buttons"]
        stack.phone().presses(second)
        assert (await stack.arrive(3))[2] == "Trả lời cho: điều 2"
        stack.phone().sends_text("mức đóng?")
        assert (await stack.arrive(4))[3].endswith("1. Điều 1\n2. Điều 2")
        stack.phone().sends_text("1")
        assert (await stack.arrive(5))[4] == "Trả lời cho: điều 1"
        assert stack.viber.ledger.repeated() == []
        assert {line.message["type"] for line in stack.viber.arrived} == {"text"}


async def test_two_bots_of_one_address_keep_their_people_apart(tmp_path: Path) -> None:
    async with running(tmp_path) as stack:
        await stack.set_up()
        stack.phone(0).sends_text("hỏi Huế")
        await stack.arrive(2)
        stack.phone(1).sends_text("hỏi Sở")
        await stack.arrive(4)
        first, second = (line.account for line in (stack.viber.arrived[1], stack.viber.arrived[3]))
        assert [first, second] == list(stack.viber.bots)


async def test_who_only_looks_in_hears_nothing_and_who_subscribes_is_greeted(tmp_path: Path) -> None:
    async with running(tmp_path) as stack:
        await stack.set_up()
        stack.phone().opens()
        await stack.viber.delivery.deliver_due()
        stack.phone().subscribes()
        assert await stack.arrive(2) == [
            WORDING.text("gateway.machine_notice", "vi"), WORDING.text("gateway.welcome", "vi")
        ]  # fmt: skip
        assert stack.viber.ledger.refused == []


async def test_nobody_is_promised_an_officer_where_officers_cannot_write(tmp_path: Path) -> None:
    async with running(tmp_path) as stack:
        await stack.set_up()
        stack.phone().sends_text("gặp cán bộ")
        texts = await stack.arrive(2)
        assert texts[1].startswith(WORDING.text("gateway.no_officer_here", "vi"))


async def test_an_answer_to_somebody_who_left_is_given_up(tmp_path: Path) -> None:
    async with running(tmp_path) as stack:
        await stack.set_up()
        stack.phone().sends_text("lương cơ sở?")
        stack.phone().unsubscribes()
        await stack.viber.delivery.deliver_due()
        end = time.monotonic() + 20
        while not await stack.whole.inbox.dead_letters():
            assert time.monotonic() < end
            await asyncio.sleep(0.01)
        assert {refusal.code for refusal in stack.viber.ledger.refused} == {6}
        assert (await stack.whole.inbox.dead_letters())[0].reason.startswith("viber status 6")


async def test_a_foreign_signature_is_refused_at_the_door(tmp_path: Path) -> None:
    async with running(tmp_path) as stack:
        await stack.set_up()
        body = viber_event("chào", user_id=PERSON, message_token=1, timestamp_ms=int(time.time() * 1000))
        assert await stack.post(body, ViberIds().auth_token) == 403
        assert await stack.post(body, BOTS[0].auth_token) == 200
        ready = (await stack.http.get(f"{PUBLIC}/health/ready")).json()
        assert ready["channels"]["viber"] == {"state": "on"}


async def test_the_doctor_sees_what_is_missing_before_and_nothing_after_set_up(tmp_path: Path) -> None:
    async with running(tmp_path) as stack:

        async def no_token(_: object) -> None:
            return None

        tools = Tools(
            configuration=stack.configuration, http=stack.http, clock=SystemClock(), wording=WORDING,
            buttons=Buttons(SECRET), access_token=no_token, gateway_url=stack.transport.gateway_url,
        )  # fmt: skip

        async def states() -> dict[str, State]:
            return {check.name: check.state for check in await examine(tools) if check.subject == "viber:hue"}

        sound = dict.fromkeys(("token", "webhook", "webhook_local", "webhook_public"), State.OK)
        assert await states() == {**sound, "webhook": State.FAILS}
        await stack.set_up()
        assert await states() == sound
        stack.viber.bots[next(iter(stack.viber.bots))].auth_token = "another"
        found = await states()
        assert found["token"] is State.FAILS
        assert "webhook" not in found
