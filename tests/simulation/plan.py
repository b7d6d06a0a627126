"""What people do and when, written down before the day begins: the same for the same seed, and nothing that they
hear changes it, but for the buttons that they press."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum

from tests.simulation.cast import (
    AGENCIES,
    CALL_BACK,
    DANANG_OA,
    HANOI_OA,
    HANOI_PAGE,
    HUE_OA,
    HUE_PAGE,
    LEAVE_MESSAGE,
    OFFICER_PLEASE,
    at,
    is_zalo,
)

PEOPLE = 5_000

STEP = 120
"""Seconds of the grid on which people act: those who act together share the work of a step."""

_SHARES = {HUE_OA: 0.34, DANANG_OA: 0.26, HANOI_OA: 0.06, HUE_PAGE: 0.26, HANOI_PAGE: 0.08}
_BUSY = {6: 1, 7: 3, 8: 6, 9: 6, 10: 6, 11: 4, 12: 2, 13: 3, 14: 5, 15: 5, 16: 4, 17: 2, 18: 2, 19: 3, 20: 3, 21: 2}
_SLOTS = [second for hour in _BUSY for second in range(at(hour), at(hour + 1), STEP)]
_WEIGHTS = [_BUSY[5 + second // 3_600] for second in _SLOTS]
_OTHER_DAYS = (*range(at(6, day=2), at(20, day=2), 5 * STEP), *range(at(8, day=3), at(17, day=3), 15 * STEP))


class What(str, Enum):
    """One action of a person, or of an officer in a person's conversation."""

    ASKS = "asks"
    OPENS = "opens"  # follows, gets started
    SENDS_IMAGE = "sends image"
    SENDS_STICKER = "sends sticker"
    SENDS_PLACE = "sends place"
    SENDS_OTHER = "sends other"
    PRESSES = "presses"  # the first button that was offered last, or asks where there is none
    NUMBERS = "numbers"  # types "1"
    READS = "reads"
    REACTS = "reacts"
    BLOCKS = "blocks"
    WITHDRAWS = "withdraws"
    OFFICER_WRITES = "officer writes"
    OFFICER_TAKES = "officer takes"  # Messenger: the conversation goes to the Page inbox
    OFFICER_RETURNS = "officer returns"  # Messenger: and comes back


@dataclass(frozen=True, slots=True)
class Act:
    """An action, and what becomes of its webhook."""

    at_s: int
    account: str
    person: str
    what: What
    text: str = ""
    delayed_s: int = 0  # its webhook comes so much later
    doubled_s: int | None = None  # a second copy comes so much later than it would


def plan(seed: int) -> list[Act]:
    """Return everything that will be done, in order."""
    rng = random.Random(seed)
    people = [_person(number, rng) for number in range(PEOPLE)]
    at_hue = [who for who in people if AGENCIES[who.account].id == "hue"]
    served = [who for who in people if AGENCIES[who.account].has_officers]
    free = set(people)

    def pick(some: list[_Person], number: int) -> list[_Person]:
        chosen = rng.sample([who for who in some if who in free], number)
        free.difference_update(chosen)
        return chosen

    acts: list[Act] = []
    for who in pick(at_hue, 110):
        acts += who.wants_officer(rng, rng.choice((at(7, 40), at(8, 30), at(10, 20), at(13, 40), at(15, 44))))
    for who in pick(at_hue, 70):
        acts += who.wants_officer_at_night(rng)
    for who in pick([who for who in people if who.account == DANANG_OA], 30):
        acts += [who.asks(_slot(rng), OFFICER_PLEASE)]
    for who in pick(served, 140):
        acts += who.meets_officer(rng)
    for who in pick(people, 90):
        acts += who.is_heard_late(rng)
    for who in pick(people, 150):
        acts += who.is_heard_in_another_order(rng)
    for who in pick(people, 40):
        acts += who.blocks(rng)
    for who in pick([who for who in people if is_zalo(who.account)], 12):
        acts += who.withdraws(rng)
    for who in pick([who for who in people if who.account == HUE_OA], 260):
        acts += [who.asks(at(8)), *who.goes_on(rng, at(8), rng.randint(0, 1))]  # the morning's news sent them all
    for who in pick(people, 110):
        acts += who.chats(rng)
    for who in sorted(free):
        acts += who.is_curious(rng)
    return sorted(acts, key=lambda act: act.at_s)


def _slot(rng: random.Random) -> int:
    return rng.choices(_SLOTS, _WEIGHTS)[0]


@dataclass(frozen=True, slots=True, order=True)
class _Person:
    account: str
    id: str

    def does(self, at_s: int, what: What, text: str = "") -> Act:
        return Act(at_s, self.account, self.id, what, text)

    def asks(self, at_s: int, text: str = "", *, delayed_s: int = 0) -> Act:
        text = text or f"Thủ tục {self.id[-5:]} lúc {at_s} cần giấy tờ gì?"
        return Act(at_s, self.account, self.id, What.ASKS, text, delayed_s)

    def goes_on(self, rng: random.Random, at_s: int, messages: int) -> Iterator[Act]:
        """Say more: in the same breath, soon, or much later."""
        for number in range(messages):
            at_s += rng.choice((0, 0, 1, 1, 2, 3, 15, 60)) * STEP
            if at_s >= at(22):
                return
            what = rng.choices(
                (What.ASKS, What.PRESSES, What.NUMBERS, What.SENDS_IMAGE, What.SENDS_STICKER, What.SENDS_PLACE,
                 What.SENDS_OTHER, What.REACTS, What.READS),
                (60, 14, 3, 3, 4, 2, 2, 4, 8),
            )[0]  # fmt: skip
            act = self.asks(at_s, f"Còn việc {self.id[-5:]} thứ {number} lúc {at_s} thì sao?")
            yield _unruly(rng, act if what is What.ASKS else replace(act, what=what))

    def is_curious(self, rng: random.Random) -> Iterator[Act]:
        at_s = _slot(rng)
        if rng.random() < 0.25:
            yield self.does(at_s, What.OPENS)
        yield _unruly(rng, self.asks(at_s))
        yield from self.goes_on(rng, at_s, rng.choice((0, 0, 0, 1, 1, 2)))
        if rng.random() < 0.06:
            yield self.asks(rng.choice(_OTHER_DAYS))

    def chats(self, rng: random.Random) -> Iterator[Act]:
        at_s = _slot(rng)
        yield self.asks(at_s)
        yield from self.goes_on(rng, at_s, rng.randint(8, 15))

    def wants_officer(self, rng: random.Random, at_s: int) -> Iterator[Act]:
        """Ask for an officer while the office is open; perhaps one comes, perhaps the machine is called back.

        Not every officer gives a conversation back.
        """
        yield self.asks(at_s)
        yield self.asks(at_s + STEP, OFFICER_PLEASE)
        if rng.random() < 0.7:
            yield self.does(at_s + 4 * STEP, What.OFFICER_WRITES, "Chào anh/chị, tôi xem hồ sơ ngay.")
        yield self.asks(at_s + 5 * STEP, "Cảm ơn anh, tôi chờ.")
        if rng.random() < 0.4:
            if rng.random() < 0.4:
                yield self.does(at_s + 8 * STEP, What.OFFICER_RETURNS)
            yield self.asks(at_s + 9 * STEP, CALL_BACK)
            yield self.asks(at_s + 10 * STEP)
        elif rng.random() < 0.6:
            if rng.random() < 0.4:
                yield self.does(at_s + 40 * STEP, What.OFFICER_RETURNS)
            yield self.asks(at_s + 50 * STEP)

    def wants_officer_at_night(self, rng: random.Random) -> Iterator[Act]:
        """Ask for an officer while the office is closed, and perhaps leave a message."""
        at_s = rng.choice((at(6, 10), at(12, 20), at(18), at(19, 30), at(20, 50)))
        yield self.asks(at_s, OFFICER_PLEASE)
        if rng.random() < 0.8:
            yield self.does(at_s + STEP, What.PRESSES, LEAVE_MESSAGE)
            yield self.asks(at_s + 2 * STEP, f"Xin gọi lại cho tôi, số của {self.id[-4:]}.")
            yield self.asks(at_s + 3 * STEP)

    def meets_officer(self, rng: random.Random) -> Iterator[Act]:
        """Be written to by an officer whom nobody called."""
        at_s = rng.choice([second for second in _SLOTS if second < at(18)])
        takes = not is_zalo(self.account) and rng.random() < 0.4
        yield self.asks(at_s)
        if takes:
            yield self.does(at_s + 2 * STEP, What.OFFICER_TAKES)
        for number in range(rng.randint(1, 3)):
            yield self.does(at_s + (2 + number) * STEP, What.OFFICER_WRITES, f"Hồ sơ của anh/chị thiếu tờ {number}.")
            yield self.asks(at_s + (2 + number) * STEP, f"Thế tờ {number} lấy ở đâu?")
        if takes and rng.random() < 0.6:
            yield self.does(at_s + 20 * STEP, What.OFFICER_RETURNS)
        if rng.random() < 0.5:
            yield self.asks(at_s + rng.choice((10, 25, 40, 70)) * STEP)

    def is_heard_late(self, rng: random.Random) -> Iterator[Act]:
        """Ask, and be heard after 20 minutes, three hours or more than a day; be heard at once the next time."""
        at_s = rng.choice([second for second in _SLOTS if second < at(12)])
        minutes = rng.choice((20, 20, 40, 180, 180, 25 * 60))
        yield self.asks(at_s, delayed_s=minutes * 60)
        if rng.random() < 0.5:
            yield self.asks(at_s + 20 * STEP)

    def is_heard_in_another_order(self, rng: random.Random) -> Iterator[Act]:
        at_s = _slot(rng)
        delays = rng.sample((0, 0, STEP, 2 * STEP, 3 * STEP), 3)
        for number, delayed_s in enumerate(delays):
            yield self.asks(at_s, f"Thứ {number}, {self.id[-5:]} phải nộp lệ phí nào?", delayed_s=delayed_s)

    def blocks(self, rng: random.Random) -> Iterator[Act]:
        """Ask and shut the door in the same breath."""
        at_s = _slot(rng)
        yield self.asks(at_s)
        yield self.does(at_s, What.BLOCKS)

    def withdraws(self, rng: random.Random) -> Iterator[Act]:
        """Ask, then have everything deleted, then be there again."""
        at_s = rng.choice([second for second in _SLOTS if second < at(18)])
        yield self.asks(at_s)
        yield self.does(at_s + 90 * STEP, What.WITHDRAWS)
        if rng.random() < 0.5:
            yield self.asks(at_s + 100 * STEP)


def _person(number: int, rng: random.Random) -> _Person:
    account = rng.choices(list(_SHARES), list(_SHARES.values()))[0]
    return _Person(account, f"7{number:018d}" if is_zalo(account) else f"2{number:014d}")


def _unruly(rng: random.Random, act: Act) -> Act:
    """Some webhooks come twice, some late."""
    fate = rng.random()
    if fate < 0.02:
        return replace(act, doubled_s=rng.choice((0, STEP, 3_600)))
    return replace(act, delayed_s=rng.choice((1, 2, 5)) * STEP) if fate < 0.03 else act
