"""Which events arrive. No call shows the switches of a console, so what came tells, and where nothing came, a hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from channels.doctor.check import Check, State
from channels.doctor.tools import Tools
from channels.errors import StoreUnavailable
from channels.event import EventKind, SignalKind

RECENT = timedelta(days=7)
"""An event that came within this time shows that its switch is on."""

ZALO_SWITCHES = "the app's Webhook page at developers.zalo.me, where every event is off at first"
MESSENGER_SWITCHES = "the app's Webhooks page at developers.facebook.com"


@dataclass(frozen=True, slots=True)
class _Expected:
    """A group of events that stand or fall together."""

    name: str
    kinds: frozenset[str]  # one of them is enough; empty: nothing of these events is kept
    zalo: str  # how Zalo calls them
    messenger: str  # the fields that bring them; "" where Messenger has none
    without: str  # what does not work without them


EXPECTED = (
    _Expected(
        "events_text",
        frozenset({EventKind.TEXT.value}),
        "user_send_text",
        "messages",
        "no question is ever heard",
    ),
    _Expected(
        "events_opening",
        frozenset({EventKind.OPENED.value}),
        "follow, user_click_chatnow",
        "messaging_postbacks",
        "nobody is greeted",
    ),
    _Expected(
        "events_attachments",
        frozenset(
            kind.value
            for kind in (
                EventKind.IMAGE, EventKind.AUDIO, EventKind.VIDEO, EventKind.FILE, EventKind.STICKER,
                EventKind.LOCATION, EventKind.CONTACT, EventKind.LINK, EventKind.OTHER,
            )
        ),
        "user_send_image, _gif, _audio, _video, _file, _sticker, _location, _link, _business_card",
        "messages",
        "whoever sends a picture or a place gets no answer",
    ),
    _Expected(
        "events_echoes",
        frozenset({EventKind.OFFICER_SPOKE.value, SignalKind.ECHO.value}),
        "oa_send_text and every other oa_send_…",
        "message_echoes",
        "the machine does not notice that an officer answers, and a lost answer of the platform stays in doubt",
    ),
    _Expected(
        "events_withdrawal",
        frozenset(),
        "user_withdraw",
        "",
        "a person's wish that their data be deleted is never heard; rare, so look at the switch",
    ),
)  # fmt: skip


async def examine_events(tools: Tools, channel: str, account: str) -> list[Check]:
    """Say of each group of events when one last came."""
    subject = f"{channel}:{account}"
    seen = await _seen(tools, channel, account)
    now = tools.clock.now()
    checks = [
        _arrival(subject, expected, channel, _latest(seen, expected.kinds), now)
        for expected in EXPECTED
        if channel == "zalo" or expected.messenger
    ]
    if channel == "zalo":
        checks.append(_syntax_filter(subject, _latest(seen, frozenset({EventKind.TEXT.value})), now))
    return checks


async def _seen(tools: Tools, channel: str, account: str) -> Mapping[str, datetime]:
    try:
        return await tools.last_events(channel, account) if tools.last_events else {}
    except StoreUnavailable:
        return {}


def _latest(seen: Mapping[str, datetime], kinds: frozenset[str]) -> datetime | None:
    return max((at for kind, at in seen.items() if kind in kinds), default=None)


def _arrival(subject: str, expected: _Expected, channel: str, at: datetime | None, now: datetime) -> Check:
    names, where = (expected.zalo, ZALO_SWITCHES) if channel == "zalo" else (expected.messenger, MESSENGER_SWITCHES)
    if at is not None and now - at <= RECENT:
        return Check(subject, expected.name, State.OK, f"last came {at:%Y-%m-%d %H:%M} UTC")
    last = f"none since {at:%Y-%m-%d}" if at is not None else "none seen"
    sentence = f"{last} of {names}; without them {expected.without} (see {where})"
    return Check(subject, expected.name, State.CHECK_BY_HAND, sentence)


def _syntax_filter(subject: str, at: datetime | None, now: datetime) -> Check:
    """With the filter on only texts that begin with # arrive (zalo-oa.md section 2)."""
    name = "syntax_filter"
    if at is not None and now - at <= RECENT:
        return Check(subject, name, State.OK, "texts arrive; should all of them begin with #, “Lọc cú pháp” is on")
    sentence = "“Lọc cú pháp” on the app's Webhook page must be off: with it only texts that begin with # arrive"
    return Check(subject, name, State.CHECK_BY_HAND, sentence)
