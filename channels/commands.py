"""What an operator does from the command line, beside a gateway that runs or not."""

from __future__ import annotations

import re
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx

from bot.wording import Wording
from channels.agency import VIETNAM, ZaloAccount
from channels.buttons import Buttons
from channels.clock import SystemClock
from channels.configuration import DEFAULT_AGENCY, Configuration
from channels.doctor import Tools, doctor
from channels.event import Pause
from channels.inbox.sqlite import SqliteInbox
from channels.ports import Clock, Inbox
from channels.profile_setup import setup_messenger, setup_viber, setup_zalo
from channels.settings import secret_keys
from channels.web.notices import read_notice
from channels.zalo.access import zalo_access
from channels.zalo.token import ZaloTokens

QUEUES = ("inbox", "outbox")
"""Where a dead letter lies: a question that nobody could answer, or a message that nobody could deliver."""


_KEY = re.compile(r"(?=.{,255}$)[a-z]+(:[^\s:]+)+")


@dataclass(frozen=True, slots=True)
class Desk:
    """What commands work with; `tell` takes a line of their output."""

    configuration: Configuration
    inbox: Inbox
    tokens: ZaloTokens
    http: httpx.AsyncClient
    wording: Wording
    buttons: Buttons
    clock: Clock
    tell: Callable[[str], None]


@asynccontextmanager
async def desk(configuration: Configuration, *, tell: Callable[[str], None]) -> AsyncIterator[Desk]:
    """Open everything that a command may need. Raises StoreUnavailable, WordingError or OSError."""
    settings, clock = configuration.settings, SystemClock()
    secrets = secret_keys(settings)
    inbox = SqliteInbox(settings.database_path, clock=clock)
    await inbox.open()
    with httpx.Client(timeout=10) as oauth_http:
        tokens = zalo_access(
            configuration, database=settings.database_path, secrets=secrets, http=oauth_http, clock=clock
        ).tokens
        try:
            await tokens.open()
            async with httpx.AsyncClient(timeout=10) as http:
                wording = Wording.load(settings.wording_dir)
                buttons = Buttons(secrets[0], older=secrets[1:])
                yield Desk(configuration, inbox, tokens, http, wording, buttons, clock, tell)
        finally:
            await tokens.close()
            await inbox.close()


async def dead_letters(at: Desk, chosen: Namespace) -> int:
    """List what was given up: a count for each channel, then each letter, newest first; or offer letters again."""
    if chosen.resend:
        for queue, ids in (await _named(at.inbox, chosen.resend)).items():
            at.tell(f"{queue}: {await at.inbox.resend(queue, ids)} offered again")
        return 0
    letters = await at.inbox.dead_letters()
    for channel, count in sorted(Counter(letter.channel for letter in letters).items()):
        at.tell(f"{channel}: {count}")
    for letter in letters:
        died_at = f"{letter.died_at:%Y-%m-%dT%H:%M:%SZ}"
        at.tell(f"{died_at} {letter.channel} {letter.queue}#{letter.id} ({letter.attempts}) {letter.reason}")
    return 0


async def left_messages(at: Desk, _: Namespace) -> int:
    """Print what people wrote to closed offices, oldest first: the hour in Vietnam, the conversation, their words."""
    for message in await at.inbox.left_messages():
        at.tell(f"{_in_vietnam(message.left_at)} {message.conversation}")
        at.tell("    " + message.text.replace("\n", "\n    "))
    return 0


async def consents(at: Desk, chosen: Namespace) -> int:
    """Print what people agreed to: the count of all, then the newest 1,000, each with its hour in Vietnam."""
    given, withdrawn = await at.inbox.count_consents(chosen.conversation)
    at.tell(f"given: {given}, withdrawn since: {withdrawn}")
    for one in await at.inbox.consents(chosen.conversation):
        shown = f"{one.notice or 'no address'}, version {one.version or 'unnamed'}"
        end = "" if one.withdrawn_at is None else f", withdrawn {_in_vietnam(one.withdrawn_at)}"
        at.tell(f"{_in_vietnam(one.given_at)} {one.agency} {one.lang} {shown}{end}")
    return 0


async def forget(at: Desk, chosen: Namespace) -> int:
    """Delete everything of conversations, as if their people had; 1 where nothing was kept of one of them."""
    was_kept = True
    for conversation in chosen.conversations:
        rows = await at.inbox.forget(conversation, before=at.clock.now() + timedelta(seconds=1))
        was_kept = was_kept and rows > 0
        at.tell(f"{rows} rows deleted; the bot forgets within two minutes, once it and the gateway run")
    return 0 if was_kept else 1


async def resume(at: Desk, _: Namespace) -> int:
    """End the rest of every account that waits after an error, now that its cause is mended."""
    for pause in await at.inbox.pauses():
        await at.inbox.pause(Pause(pause.channel, pause.account, at.clock.now(), pause.reason))
        at.tell(f"{pause.channel} {pause.account}: sending again (it rested: {pause.reason})")
    return 0


async def notice(at: Desk, chosen: Namespace) -> int:
    """Pin an urgent notice over the conversations of an agency's pages, take it off, or list all that are pinned.

    Raises ValueError for an agency that is not served, and for a notice that cannot be shown.
    """
    if at.configuration.directory.named(chosen.agency) is None:
        raise ValueError(f"no agency has the id {chosen.agency!r}")
    if chosen.clear:
        await at.inbox.pin_notice(chosen.agency, None)
    elif chosen.text is not None:
        pinned = read_notice(chosen.text, url=chosen.url, until=chosen.until, now=at.clock.now())
        await at.inbox.pin_notice(chosen.agency, pinned)
    for agency, found in (await at.inbox.notices()).items():
        until = "" if found.until is None else f" until {_in_vietnam(found.until)}"
        at.tell(f"{agency}{until}: {found.text}{f' {found.url}' if found.url else ''}")
    return 0


async def feedback(at: Desk, _: Namespace) -> int:
    """Print what people think of answers: the count of all, then the newest 1,000 with hour in Vietnam and reason."""
    useful, other = await at.inbox.count_feedback()
    at.tell(f"useful: {useful}, not useful: {other}")
    for one in await at.inbox.feedback():
        opinion = "useful" if one.is_useful else "not useful"
        at.tell(f"{_in_vietnam(one.given_at)} {one.conversation} {one.message_id} {opinion}")
        if one.why:
            at.tell("    " + one.why.replace("\n", "\n    "))
    return 0


async def examine(at: Desk, chosen: Namespace) -> int:
    """Look at the whole set-up; 1 when something fails."""
    tools = Tools(
        configuration=at.configuration,
        http=at.http,
        clock=at.clock,
        wording=at.wording,
        buttons=at.buttons,
        access_token=lambda account: _access_token(at, account),
        last_events=at.inbox.last_events,
    )
    return await doctor(tools, tell=at.tell, writes_json=chosen.json)


async def set_up(at: Desk, chosen: Namespace) -> int:
    """Set what people see before they write, and where Viber's callbacks go; 1 when a platform refused."""
    settings, directory = at.configuration.settings, at.configuration.directory
    if chosen.channel == "messenger":
        return await setup_messenger(
            directory.messenger.values(),
            http=at.http,
            api_url=settings.messenger_api_url,
            wording=at.wording,
            buttons=at.buttons,
            tell=at.tell,
        )
    if chosen.channel == "viber":
        return await setup_viber(
            directory.viber.values(),
            http=at.http,
            api_url=settings.viber_api_url,
            public_url=settings.public_url,
            tell=at.tell,
        )
    return await setup_zalo(
        directory.zalo.values(),
        http=at.http,
        api_url=settings.zalo_api_url,
        wording=at.wording,
        access_token=lambda account: _access_token(at, account),
        tell=at.tell,
        tries_api=chosen.try_api,
    )


COMMANDS: Mapping[str, Callable[[Desk, Namespace], Awaitable[int]]] = {
    "dead-letters": dead_letters,
    "left-messages": left_messages,
    "consents": consents,
    "forget": forget,
    "resume": resume,
    "notice": notice,
    "feedback": feedback,
    "doctor": examine,
    "setup": set_up,
}
"""The commands by name; each returns its exit status."""


def add_commands(parser: ArgumentParser) -> None:
    """Teach `parser` the commands and their options."""
    commands = parser.add_subparsers(dest="command")
    parser.set_defaults(command="run")
    commands.add_parser("run", help="gateway, worker and sender in one process; the default")
    examining = commands.add_parser("doctor", help="look at the whole set-up and say what is missing")
    examining.add_argument("--json", action="store_true", help="write the checks as JSON")
    setting_up = commands.add_parser("setup", help="set greeting, first questions and menus, or Viber's webhook")
    setting_up.add_argument("channel", choices=["messenger", "viber", "zalo"])
    setting_up.add_argument(
        "--try", dest="try_api", action="store_true", help="zalo: post the menu, whose form is not confirmed"
    )
    letters = commands.add_parser("dead-letters", help="list what was given up")
    letters.add_argument("--resend", nargs="+", metavar="LETTER", help='offer letters again: "outbox#17" …, or "all"')
    commands.add_parser("left-messages", help="print what people wrote to closed offices")
    agreeing = commands.add_parser("consents", help="print what people agreed to before they wrote in the widget")
    agreeing.add_argument("conversation", nargs="?", help="one conversation; all of them when absent")
    forgetting = commands.add_parser(
        "forget", help="delete everything of conversations, because their people ask for it"
    )
    forgetting.add_argument(
        "conversations",
        nargs="+",
        type=_conversation,
        metavar="CONVERSATION",
        help="as left-messages and feedback show it: zalo:91:71 …",
    )
    pinning = commands.add_parser("notice", help="pin an urgent notice over the widget, or list those that are pinned")
    pinning.add_argument("--agency", default=DEFAULT_AGENCY, help="id of the agency; that of the settings when absent")
    pinning.add_argument("--text", help="what it says, up to 500 characters")
    pinning.add_argument("--url", help="where more stands: https://…")
    pinning.add_argument(
        "--until", help="when it ends, in Vietnam: 2026-12-01T18:00; until it is taken off when absent"
    )
    pinning.add_argument("--clear", action="store_true", help="take it off")
    commands.add_parser("feedback", help="print what people think of answers")
    commands.add_parser("resume", help="send again to accounts that rest after an error")
    commands.add_parser("new-publisher-key", help="make a key for a portal that announces documents")


def _conversation(key: str) -> str:
    """Return the key of a conversation: what is none would be deleted nowhere, and refused by the bot for ever."""
    if not _KEY.fullmatch(key):
        raise ArgumentTypeError("the key of a conversation is its channel, its account and its person: zalo:91:71")
    return key


def _in_vietnam(at: datetime) -> str:
    return f"{at.astimezone(VIETNAM):%Y-%m-%d %H:%M}"


async def _access_token(at: Desk, account: ZaloAccount) -> str:
    return (await at.tokens.access_token(account.oa_id)).value


async def _named(inbox: Inbox, names: Sequence[str]) -> dict[str, list[int]]:
    """Return the ids of letters named as "outbox#17", or of "all", by queue. Raises ValueError for another name."""
    wanted: dict[str, list[int]] = {}
    if list(names) == ["all"]:
        for letter in await inbox.dead_letters():
            wanted.setdefault(letter.queue, []).append(letter.id)
        return wanted
    for name in names:
        queue, _, number = name.partition("#")
        if queue not in QUEUES or not number.isdecimal():
            raise ValueError(f"{name!r} is not a dead letter; the list shows names such as outbox#17")
        wanted.setdefault(queue, []).append(int(number))
    return wanted
