"""Every error code of both references has a reaction, and it is the one that the reference's words ask for."""

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.errors import Reaction
from channels.messenger import limits as messenger
from channels.zalo import limits as zalo

# What the references say to do (zalo-oa.md section 9, messenger.md sections 8 and 9), copied by hand and on purpose not
# taken from the tables under test.
WORDS = {
    "back off": Reaction.RETRY,
    "transient once, then fail": Reaction.RETRY,
    "delay to 06:00": Reaction.RETRY,
    "retry": Reaction.RETRY,
    "retry few times, then give up": Reaction.RETRY,
    "treat as unknown outcome": Reaction.RETRY,
    "token": Reaction.RENEW_TOKEN,
    "stop channel, re-connect": Reaction.RENEW_TOKEN,  # nothing renews a Page token, so this one tells the operator
    "re-connect": Reaction.RENEW_TOKEN,
    "stop for this user or day": Reaction.STOP_PERSON,
    "unreachable": Reaction.STOP_PERSON,
    "window closed, do not retry": Reaction.STOP_PERSON,
    "skip": Reaction.STOP_PERSON,
    "permanent for this user": Reaction.STOP_PERSON,
    "hand-over logic": Reaction.STOP_PERSON,
    "fatal, alert": Reaction.STOP_CHANNEL,
    "configuration": Reaction.STOP_CHANNEL,
    "re-authorise with scope": Reaction.STOP_CHANNEL,
    "permanent, alert": Reaction.STOP_CHANNEL,
    "billing alert": Reaction.STOP_CHANNEL,
    "fail, alert": Reaction.STOP_CHANNEL,
    "stop channel, alert": Reaction.STOP_CHANNEL,
    "permanent": Reaction.BUG,
    "upload again": Reaction.BUG,  # we upload nothing, so there is nothing to do again
    "group messages": Reaction.BUG,  # we write to none
    "code bug": Reaction.BUG,
    "use a fallback name": Reaction.BUG,  # we ask for no profile
    "n/a": Reaction.BUG,
}

ZALO = {
    -32: "back off", -100: "upload again", -124: "token", -200: "transient once, then fail", -201: "permanent",
    -204: "fatal, alert", -205: "fatal, alert", -209: "configuration", -210: "permanent",
    -211: "stop for this user or day", -212: "configuration", -213: "unreachable", -214: "n/a", -216: "token",
    -217: "unreachable", -218: "stop for this user or day", -219: "fatal, alert", -220: "token", -221: "configuration",
    -223: "re-authorise with scope", -224: "configuration", -227: "unreachable", -230: "window closed, do not retry",
    -232: "window closed, do not retry", -233: "permanent", -234: "delay to 06:00", -235: "configuration",
    -237: "group messages", -238: "group messages", -240: "code bug", -241: "group messages", -242: "configuration",
    -244: "unreachable", -248: "permanent, alert", -249: "configuration", -320: "billing alert",
    -321: "billing alert", -403: "group messages", -1340: "n/a", -1341: "n/a",
}  # fmt: skip

MESSENGER = {
    (1, None): "retry", (1, 99): "fail, alert", (1, 1357046): "treat as unknown outcome",
    (2, None): "retry few times, then give up", (2, 2018344): "configuration", (4, None): "back off",
    (4, 2018354): "skip", (9, 2018352): "skip", (10, 2018278): "window closed, do not retry",
    (10, 2018065): "window closed, do not retry", (10, 2018108): "unreachable", (10, 1893063): "stop channel, alert",
    (10, 2018300): "hand-over logic", (10, None): "configuration", (17, None): "back off", (32, None): "back off",
    (100, None): "permanent", (100, 2018001): "permanent for this user", (100, 33): "permanent for this user",
    (100, 2018109): "permanent", (100, 2018218): "use a fallback name", (190, None): "stop channel, re-connect",
    (190, 460): "stop channel, re-connect", (190, 463): "stop channel, re-connect",
    (190, 467): "stop channel, re-connect", (200, None): "configuration", (200, 2018028): "configuration",
    (200, 2018021): "configuration", (230, None): "re-connect", (368, None): "stop channel, alert",
    (551, None): "unreachable", (551, 1545041): "unreachable", (613, None): "back off", (1200, None): "retry",
    (80006, None): "back off", (80007, None): "back off",
}  # fmt: skip

VIETNAM = timezone(timedelta(hours=7))
NOON = datetime(2026, 11, 29, 5, tzinfo=timezone.utc)


@pytest.mark.parametrize(("code", "words"), ZALO.items())
def test_zalos_codes_have_the_reaction_that_the_reference_asks_for(code: int, words: str) -> None:
    assert zalo.REACTIONS[code] is WORDS[words]


@pytest.mark.parametrize(("code", "words"), MESSENGER.items())
def test_messengers_codes_have_the_reaction_that_the_reference_asks_for(
    code: tuple[int, int | None], words: str
) -> None:
    assert code in messenger.REACTIONS
    assert messenger.reaction_to(*code) is WORDS[words]


def test_no_code_is_mapped_that_the_references_do_not_name() -> None:
    assert set(zalo.REACTIONS) == set(ZALO)
    assert set(messenger.REACTIONS) == set(MESSENGER)


@given(st.integers())
def test_a_code_that_nobody_described_is_taken_as_transient(code: int) -> None:
    assert (code, None) in MESSENGER or messenger.reaction_to(code, None) is Reaction.RETRY


@given(st.sampled_from(sorted(code for code, subcode in MESSENGER if subcode is None)), st.integers(min_value=1))
def test_a_subcode_that_nobody_described_counts_as_its_code(code: int, subcode: int) -> None:
    expected = WORDS[MESSENGER.get((code, subcode), MESSENGER[code, None])]
    assert messenger.reaction_to(code, subcode) is expected


def test_codes_with_a_detail_of_their_own_are_of_the_class_that_the_detail_is_about() -> None:
    assert {zalo.REACTIONS[code] for code in zalo.MAX_ATTEMPTS} == {Reaction.RETRY}
    assert {messenger.reaction_to(code, None) for code in messenger.MAX_ATTEMPTS} == {Reaction.RETRY}
    assert {messenger.reaction_to(*code) for code in messenger.IN_DOUBT} == {Reaction.RETRY}


@pytest.mark.parametrize(
    ("now", "morning"),
    [
        (datetime(2026, 11, 29, 22, 0, tzinfo=VIETNAM), datetime(2026, 11, 30, 6, tzinfo=VIETNAM)),
        (datetime(2026, 11, 29, 23, 59, tzinfo=VIETNAM), datetime(2026, 11, 30, 6, tzinfo=VIETNAM)),
        (datetime(2026, 11, 30, 0, 0, tzinfo=VIETNAM), datetime(2026, 11, 30, 6, tzinfo=VIETNAM)),
        (datetime(2026, 11, 30, 5, 59, 59, tzinfo=VIETNAM), datetime(2026, 11, 30, 6, tzinfo=VIETNAM)),
        (datetime(2026, 11, 29, 22, 30, tzinfo=timezone.utc), datetime(2026, 11, 30, 6, tzinfo=VIETNAM)),
    ],
)
def test_a_message_refused_at_night_waits_for_six_in_vietnam(now: datetime, morning: datetime) -> None:
    assert zalo.night_ends_in_s(now) == (morning - now).total_seconds()


@pytest.mark.parametrize("hour", [6, 12, 21])
def test_by_day_nobody_waits_for_the_morning(hour: int) -> None:
    assert zalo.night_ends_in_s(datetime(2026, 11, 30, hour, 59, tzinfo=VIETNAM)) is None


@pytest.mark.parametrize(
    ("age", "is_free", "is_open"),
    [
        (timedelta(0), True, True),
        (timedelta(hours=48) - timedelta(seconds=1), True, True),
        (timedelta(hours=48), False, True),
        (timedelta(days=7) - timedelta(seconds=1), False, True),
        (timedelta(days=7), False, False),
        (timedelta(days=300), False, False),
    ],
)
def test_zalo_is_free_for_48_hours_paid_to_7_days_and_then_closed(age: timedelta, is_free: bool, is_open: bool) -> None:
    assert zalo.may_send(NOON, NOON - age, sends_paid=False) is is_free
    assert zalo.may_send(NOON, NOON - age, sends_paid=True) is is_open


@pytest.mark.parametrize(
    ("age", "is_open"),
    [
        (timedelta(0), True),
        (timedelta(hours=24) - timedelta(seconds=1), True),
        (timedelta(hours=24), False),
        (timedelta(days=6), False),
    ],
)
def test_messenger_is_open_for_24_hours(age: timedelta, is_open: bool) -> None:
    assert messenger.may_send(NOON, NOON - age) is is_open


def test_who_has_done_nothing_yet_is_not_written_to() -> None:
    assert not zalo.may_send(NOON, None, sends_paid=True)
    assert not messenger.may_send(NOON, None)


def test_a_platform_whose_clock_is_ahead_of_ours_closes_no_window() -> None:
    assert zalo.may_send(NOON, NOON + timedelta(seconds=5), sends_paid=False)
    assert messenger.may_send(NOON, NOON + timedelta(seconds=5))
