"""Who there is: three agencies, three Official Accounts of two apps, two Pages of two apps, and a bot of few words."""

from __future__ import annotations

import zlib
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from bot.reply import AnswerStatus, BotUnavailable, Button, Citation, Reply, Turn, TurnResult
from bot.wording import Wording
from channels.agencies_file import Agencies
from channels.agency import Agency, Hours, MessengerPage, ZaloAccount
from channels.configuration import Configuration, configure
from channels.settings import GatewaySettings
from channels.testing import FakeGraph, FakeZalo, ManualClock
from channels.testing.delivery import Post

WORDING = Wording.load(Path(__file__).parents[2] / "data" / "wording")

START = datetime(2026, 11, 30, 22, 0, tzinfo=UTC)
"""05:00 of Tuesday, 1 December 2026 in Vietnam: everything here is counted in seconds from then."""


def at(hour: int, minute: int = 0, *, day: int = 1) -> int:
    """Return the seconds from START to a time of day in Vietnam; day 1 is the day of the story."""
    return ((day - 1) * 24 + hour - 5) * 3_600 + minute * 60


_WORKDAYS = frozenset(range(5))
HUE = Agency(
    id="hue", name="UBND thành phố Huế", hotline="1900 1075", has_officers=True, silence=timedelta(minutes=60),
    hours=(Hours(_WORKDAYS, time(7, 30), time(11, 30)), Hours(_WORKDAYS, time(13, 30), time(17, 0))),
)  # fmt: skip
DANANG = Agency(id="danang", name="UBND thành phố Đà Nẵng")
HANOI = Agency(id="hanoi", name="UBND thành phố Hà Nội", has_officers=True, silence=timedelta(minutes=30))

HUE_OA, DANANG_OA, HANOI_OA = "9000000000000000001", "9000000000000000002", "9000000000000000003"
HUE_PAGE, HANOI_PAGE = "100000000000001", "100000000000002"
AGENCIES = {HUE_OA: HUE, DANANG_OA: DANANG, HANOI_OA: HANOI, HUE_PAGE: HUE, HANOI_PAGE: HANOI}
ZALO_APPS = {HUE_OA: "4100000000000000001", DANANG_OA: "4100000000000000001", HANOI_OA: "4100000000000000002"}
META_APPS = {HUE_PAGE: "300000000000001", HANOI_PAGE: "300000000000002"}


def is_zalo(account: str) -> bool:
    return account in ZALO_APPS


def channel_of(account: str) -> str:
    return "zalo" if is_zalo(account) else "messenger"


def configuration() -> Configuration:
    """Return what the operator of this gateway has set."""
    oas = [
        ZaloAccount(
            agency=AGENCIES[oa], app_id=app, oa_id=oa, oa_secret_key=f"oa-{app}", app_secret=f"app-{app}",
            access_token=f"access-{oa}", refresh_token=f"refresh-{oa}",
        )
        for oa, app in ZALO_APPS.items()
    ]  # fmt: skip
    pages = [
        MessengerPage(
            agency=AGENCIES[page], page_id=page, page_token=f"EAA{page}", app_secrets=(f"app-{app}",),
            verify_token="verify", app_id=app,
        )
        for page, app in META_APPS.items()
    ]  # fmt: skip
    return configure(GatewaySettings(_env_file=None), Agencies((HUE, DANANG, HANOI), (*oas, *pages)))


def fake_zalo(clock: ManualClock, post: Post) -> FakeZalo:
    """Return Zalo with the three OAs; Hà Nội's takes no buttons beside a text."""
    zalo = FakeZalo(clock=clock)
    for app in dict.fromkeys(ZALO_APPS.values()):
        zalo.add_app(app, secret=f"app-{app}", oa_secret_key=f"oa-{app}", post=post)
    for oa, app in ZALO_APPS.items():
        zalo.add_account(oa, AGENCIES[oa].name)
        zalo.grant(app, oa, access_token=f"access-{oa}", refresh_token=f"refresh-{oa}")
    zalo.accounts[HANOI_OA].accepts_cards = False
    return zalo


def fake_graph(clock: ManualClock, post: Post) -> FakeGraph:
    """Return Messenger with the two Pages: in batches, and with echoes that are faster than the answers to calls."""
    graph = FakeGraph(clock=clock, batch=50, echo_first=True)
    for page, app in META_APPS.items():
        graph.add_app(app, secret=f"app-{app}", post=post)
        graph.add_page(page, AGENCIES[page].name, default_app=app)
        graph.connect(app, page, token=f"EAA{page}")
    return graph


def chance(*what: object) -> float:
    """Return a number from 0 to below 1 that depends on nothing but `what`: the same in every run, in any order."""
    return zlib.crc32(":".join(map(str, what)).encode()) / 2**32


OFFICER_PLEASE = "Cho tôi gặp cán bộ"
LEAVE_MESSAGE = WORDING.text("gateway.leave_message", "vi")
CALL_BACK = "trợ lý"


def answer_mark(message_id: str) -> str:
    """Return the words by which an answer is known for that to a message."""
    return f"Về tin {message_id}:"


@dataclass
class Script:
    """What the bot says: short and long answers, lists, choices, hand-overs; some questions take it four tries."""

    answered: Counter[str] = field(default_factory=Counter)  # message id -> answers given
    _tries: Counter[str] = field(default_factory=Counter)

    def __call__(self, turn: Turn) -> TurnResult:
        self._tries[turn.message_id] += 1
        if self._tries[turn.message_id] <= (chance("stumbles", turn.text) < 0.02) * 3:
            raise BotUnavailable("the bot is busy")
        self.answered[turn.message_id] += 1
        return TurnResult((_reply(turn),), intent="ask_policy", snapshot="s1")


def _reply(turn: Turn) -> Reply:
    text = f"{answer_mark(turn.message_id)} quy định như sau."
    if turn.text == OFFICER_PLEASE:
        return Reply(AnswerStatus.HANDED_OVER, f"{text} Mời gọi 1022.")
    form = chance("form", turn.text)
    if form < 0.04:
        paragraphs = (
            f"Khoản {number}. " + "Người nộp hồ sơ xuất trình giấy tờ bản chính. " * 10 for number in range(5)
        )
        return Reply(AnswerStatus.ANSWERED, "\n\n".join([text, *paragraphs]), tuple(map(_citation, range(5))))
    if form < 0.12:
        return Reply(AnswerStatus.LISTED, text, tuple(map(_citation, range(4))))
    if form < 0.30:
        buttons = tuple(Button(f"Trường hợp {number}", f"{turn.text} – trường hợp {number}") for number in (1, 2, 3))
        return Reply(AnswerStatus.CLARIFY_AMBIGUOUS, text, buttons=buttons)
    more = (Button("Xem nguồn", f"{turn.text} – nguồn", is_optional=True),) if form < 0.5 else ()
    return Reply(AnswerStatus.ANSWERED, text, (_citation(0),), buttons=more)


def _citation(number: int) -> Citation:
    return Citation(
        number=f"{161 + number}/2026/NĐ-CP", type="Nghị định", title="Quy định mức lương cơ sở",
        issuing_body="Chính phủ", issued_on=date(2026, 5, 15), effective_on=date(2026, 7, 1), validity="in_force",
        replaced_by=(), checked_on=date(2026, 7, 1), text_kind="official", location=f"Điều {number + 1}",
        quote="Mức lương cơ sở …", url=f"https://congbao.chinhphu.vn/{161 + number}",
    )  # fmt: skip
