"""What operators do from the command line."""

from argparse import ArgumentParser
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from bot.wording import Wording
from channels.agency import Agency, Directory
from channels.buttons import Buttons
from channels.commands import COMMANDS, Desk, add_commands, desk
from channels.configuration import Configuration, configure
from channels.event import Consent, EventKind, InboundEvent, Pause, Standing
from channels.settings import GatewaySettings
from channels.testing import ManualClock, MemoryInbox
from channels.thread import Feedback
from channels.tokens.oauth import ZaloOAuth
from channels.tokens.store import TokenStore
from channels.vault import Vault
from channels.zalo.token import ZaloTokens

WORDING = Wording.load(Path(__file__).parents[3] / "data" / "wording")
SECRET = b"a secret key of tests"


@dataclass
class Office:
    """A desk over a store in memory, with what it told."""

    folder: Path
    clock: ManualClock = field(default_factory=ManualClock)
    told: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.inbox = MemoryInbox(clock=self.clock)
        settings = GatewaySettings(_env_file=None)  # type: ignore[call-arg]
        with httpx.Client() as http:
            tokens = ZaloTokens(
                (), store=TokenStore(self.folder / "t.db", vault=Vault(SECRET)),
                oauth=ZaloOAuth(http, oauth_url="", api_url=""), clock=self.clock,
            )  # fmt: skip
        configuration = Configuration(settings, Directory((), default=Agency(id="default")))
        self.desk = Desk(
            configuration, self.inbox, tokens, httpx.AsyncClient(), WORDING, Buttons(SECRET), self.clock,
            self.told.append,
        )  # fmt: skip

    async def run(self, *arguments: str) -> int:
        parser = ArgumentParser()
        add_commands(parser)
        chosen = parser.parse_args(arguments)
        self.told.clear()
        return await COMMANDS[chosen.command](self.desk, chosen)

    async def give_up(self, key: str, *, in_outbox: bool) -> None:
        event = InboundEvent("zalo", "9", key, key, key, EventKind.TEXT, "hỏi", self.clock.now())
        await self.inbox.accept(event)
        [claim] = await self.inbox.claim(owner="w", limit=1, lease_s=60)
        if not in_outbox:
            await self.inbox.fail(claim, retry_at=None, reason="a bug")
            return
        await self.inbox.finish(claim, messages=["x"], standing=Standing())
        [message] = await self.inbox.claim_outbox(owner="s", limit=1, lease_s=60)
        await self.inbox.mark_unsent(message, retry_at=None, reason="window closed")


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


async def test_dead_letters_are_listed_by_queue_and_offered_again_by_name(office: Office) -> None:
    await office.give_up("1", in_outbox=False)
    office.clock.advance(1)
    await office.give_up("2", in_outbox=True)
    assert await office.run("dead-letters") == 0
    assert office.told[0] == "zalo: 2"
    assert "outbox#" in office.told[1]
    assert "window closed" in office.told[1]
    name = next(word for word in office.told[1].split() if word.startswith("outbox#"))
    await office.run("dead-letters", "--resend", name)
    assert office.told == ["outbox: 1 offered again"]
    await office.run("dead-letters", "--resend", "all")
    assert office.told == ["inbox: 1 offered again"]
    assert (await office.inbox.depth()).dead == 0


@pytest.mark.parametrize("name", ["17", "outbox#", "outbox#x", "somewhere#1"])
async def test_a_letter_that_is_no_letter_is_refused_by_its_name(office: Office, name: str) -> None:
    with pytest.raises(ValueError, match="is not a dead letter"):
        await office.run("dead-letters", "--resend", name)


async def test_left_messages_are_shown_with_their_hour_in_vietnam(office: Office) -> None:
    event = InboundEvent("zalo", "9", "1", "k", "k", EventKind.TEXT, "x", office.clock.now())
    await office.inbox.accept(event)
    [claim] = await office.inbox.claim(owner="w", limit=1, lease_s=60)
    await office.inbox.finish(claim, messages=[], standing=Standing(), left_message="gọi lại\ncho tôi")
    await office.run("left-messages")
    assert office.told == ["2026-11-22 10:00 zalo:9:1", "    gọi lại\n    cho tôi"]


async def test_a_conversation_is_deleted_for_a_person_who_asks_for_it(office: Office) -> None:
    await office.give_up("1", in_outbox=False)
    await office.give_up("2", in_outbox=False)
    assert await office.run("forget", "zalo:9:1", "zalo:9:7") == 1
    assert [line.split()[0] for line in office.told] == ["2", "0"]  # the event and the conversation
    assert [erasure.conversation for erasure in await office.inbox.erasures()] == ["zalo:9:1", "zalo:9:7"]
    assert (await office.inbox.depth()).dead == 1
    assert await office.run("forget", "zalo:9:2") == 0


@pytest.mark.parametrize("key", ["", "zalo", "zalo:91:", "zalo:91:71 ", f"zalo:91:{'7' * 250}"])
def test_what_is_no_key_of_a_conversation_is_not_forgotten(key: str) -> None:
    parser = ArgumentParser()
    add_commands(parser)
    with pytest.raises(SystemExit):
        parser.parse_args(["forget", key])


async def test_consents_are_shown_with_their_hour_their_notice_and_their_end(office: Office) -> None:
    for person, version in (("p", "2026-01"), ("q", None)):
        given = Consent("hue", office.clock.now(), "vi", version and "https://hue.gov.vn/du-lieu", version)
        event = InboundEvent("web", "hue", person, person, person, EventKind.TEXT, "x", office.clock.now())
        await office.inbox.accept(replace(event, consent=given))
        office.clock.advance(60)
    assert await office.run("consents") == 0
    assert office.told == [
        "given: 2, withdrawn since: 0",
        "2026-11-22 10:01 hue vi no address, version unnamed",
        "2026-11-22 10:00 hue vi https://hue.gov.vn/du-lieu, version 2026-01",
    ]
    await office.run("forget", "web:hue:p")
    await office.run("consents", "web:hue:p")
    assert office.told == [
        "given: 1, withdrawn since: 1",
        "2026-11-22 10:00 hue vi https://hue.gov.vn/du-lieu, version 2026-01, withdrawn 2026-11-22 10:02",
    ]


async def test_counts_are_of_all_and_lists_of_the_newest(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("channels.testing.forgetting.MAX_LISTED", 1)
    monkeypatch.setattr("channels.testing.threads.MAX_LISTED", 1)
    for person in ("p", "q"):
        given = Consent("hue", office.clock.now(), "vi", None, None)
        event = InboundEvent("web", "hue", person, person, person, EventKind.TEXT, "x", office.clock.now())
        await office.inbox.accept(replace(event, consent=given))
        [claim] = await office.inbox.claim(owner="w", limit=1, lease_s=60)
        await office.inbox.finish(claim, messages=["{}"], standing=Standing())
        await office.inbox.give_feedback(
            Feedback(event.conversation, person, is_useful=True, why="", given_at=office.clock.now())
        )
    await office.run("consents")
    assert (office.told[0], len(office.told)) == ("given: 2, withdrawn since: 0", 2)
    await office.run("feedback")
    assert (office.told[0], len(office.told)) == ("useful: 2, not useful: 0", 2)


async def test_accounts_that_rest_are_resumed(office: Office) -> None:
    until = office.clock.now() + timedelta(minutes=5)
    await office.inbox.pause(Pause("zalo", "9", until, "error -216"))
    await office.run("resume")
    assert office.told == ["zalo 9: sending again (it rested: error -216)"]
    assert await office.inbox.pauses() == []


async def test_a_notice_is_pinned_listed_and_taken_off(office: Office) -> None:
    assert await office.run("notice") == 0
    assert office.told == []
    given = ("--text", "Bão số 12: không ra khơi", "--url", "https://tinh.gov.vn/12", "--until", "2026-11-22T18:00")
    await office.run("notice", *given)
    assert office.told == ["default until 2026-11-22 18:00: Bão số 12: không ra khơi https://tinh.gov.vn/12"]
    await office.run("notice", "--text", "Nghỉ lễ")
    assert office.told == ["default: Nghỉ lễ"]
    await office.run("notice", "--clear")
    assert await office.inbox.notices() == {}


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (["--agency", "nobody", "--clear"], "no agency"), (["--text", " \u200b"], "1 to 500"),
        (["--text", "x" * 501], "1 to 500"), (["--text", "x", "--url", "http://tinh.gov.vn"], "https"),
        (["--text", "x", "--url", "javascript:alert(1)"], "https"),
        (["--text", "x", "--until", "mai"], "until is a time"),
        (["--text", "x", "--until", "2026-11-22T09:59"], "over already"),
    ],
)  # fmt: skip
async def test_a_notice_that_cannot_be_shown_is_refused(office: Office, arguments: list[str], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        await office.run("notice", *arguments)
    assert await office.inbox.notices() == {}


async def test_feedback_is_shown_with_its_reason_the_newest_first(office: Office) -> None:
    for key, is_useful, why in (("k1", True, ""), ("k2", False, "thiếu mức phạt")):
        await office.inbox.accept(
            InboundEvent("web", "default", "p", key, key, EventKind.TEXT, "x", office.clock.now())
        )
        [claim] = await office.inbox.claim(owner="w", limit=1, lease_s=60)
        await office.inbox.finish(claim, messages=["{}"], standing=Standing())
        await office.inbox.give_feedback(Feedback("web:default:p", key, is_useful, why, office.clock.now()))
        office.clock.advance(60)
    await office.run("feedback")
    assert office.told == [
        "useful: 1, not useful: 1",
        "2026-11-22 10:01 web:default:p k2 not useful",
        "    thiếu mức phạt",
        "2026-11-22 10:00 web:default:p k1 useful",
    ]


async def test_the_doctor_and_the_set_up_run_over_a_desk_of_their_own(tmp_path: Path) -> None:
    settings = GatewaySettings(_env_file=None, database_url=f"sqlite:///{tmp_path}/g.db", port=1)  # type: ignore[call-arg]
    told: list[str] = []
    parser = ArgumentParser()
    add_commands(parser)
    async with desk(configure(settings), tell=told.append) as at:
        assert await COMMANDS["doctor"](at, parser.parse_args(["doctor", "--json"])) in (0, 1)
        assert await COMMANDS["setup"](at, parser.parse_args(["setup", "zalo"])) == 0
        assert await COMMANDS["setup"](at, parser.parse_args(["setup", "messenger"])) == 0
    assert told[0][:1] in ("[", "{")
