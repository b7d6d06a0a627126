"""When another attempt is made, and how long it waits."""

from hypothesis import given
from hypothesis import strategies as st

from bot.reply import BotRefused, BotUnavailable
from channels.errors import Reaction, Refused, RetryLater, send_error
from channels.messenger import limits as messenger
from channels.retry import SEND_POLICY, TURN_POLICY, RetryPolicy, decide
from channels.zalo import limits as zalo

POLICY = RetryPolicy(first_s=0.5, cap_s=10.0, max_attempts=5)


def test_the_wait_doubles_up_to_the_cap() -> None:
    waits = [decide(BotUnavailable(), attempt, TURN_POLICY, jitter=0.5).delay_s for attempt in range(1, 8)]
    assert waits == [0.5, 1.0, 2.0, 4.0, 8.0, 10.0, 10.0]


def test_what_will_never_succeed_is_given_up_at_once_and_the_rest_after_the_last_attempt() -> None:
    assert decide(BotRefused(), 1, POLICY, jitter=0.5).delay_s is None
    assert decide(Refused("no"), 1, POLICY, jitter=0.5).delay_s is None
    assert decide(BotUnavailable(), 4, POLICY, jitter=0.5).delay_s is not None
    assert decide(BotUnavailable(), 5, POLICY, jitter=0.5).delay_s is None


@given(st.integers(1, 15), st.floats(0, 1, exclude_max=True))
def test_jitter_stays_within_a_quarter(attempt: int, jitter: float) -> None:
    nominal = min(10.0, 0.5 * 2 ** (attempt - 1))
    delay = decide(BotUnavailable(), attempt, TURN_POLICY, jitter=jitter).delay_s
    assert delay is not None
    assert 0.75 * nominal <= delay <= 1.25 * nominal


def test_a_turn_is_tried_for_about_two_minutes_and_a_message_for_about_an_hour() -> None:
    for policy, at_least_s, at_most_s in ((TURN_POLICY, 90, 150), (SEND_POLICY, 3_000, 4_500)):
        waits = [decide(RetryLater("x"), n, policy, jitter=0.5).delay_s for n in range(1, policy.max_attempts)]
        assert at_least_s <= sum(wait or 0 for wait in waits) <= at_most_s


def test_every_error_code_of_the_references_has_a_reaction() -> None:
    known = {-32, -100, -200, -201, -204, -205, -209, -210, -211, -212, -213, -214, -216, -217, -218, -219, -220, -221,
             -223, -224, -227, -230, -232, -233, -234, -235, -237, -238, -240, -241, -242, -244, -248, -249, -320, -321,
             -403, -1340, -1341}  # fmt: skip
    assert known <= set(zalo.REACTIONS)
    assert messenger.reaction_to(10, 2018278) is Reaction.STOP_PERSON
    assert messenger.reaction_to(190, 463) is Reaction.RENEW_TOKEN
    assert messenger.reaction_to(123456, None) is Reaction.RETRY


def test_a_token_or_a_stopped_channel_waits_for_the_operator_and_a_lost_person_does_not() -> None:
    assert isinstance(send_error("", Reaction.RENEW_TOKEN), RetryLater)
    assert isinstance(send_error("", Reaction.STOP_CHANNEL), RetryLater)
    assert isinstance(send_error("", Reaction.STOP_PERSON), Refused)
    assert isinstance(send_error("", Reaction.BUG), Refused)
