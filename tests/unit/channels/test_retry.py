"""When another attempt is made, and how long it waits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reply import BotRefused, BotUnavailable
from channels.errors import Reaction, Refused, RetryLater, send_error
from channels.retry import SEND_POLICY, TURN_POLICY, RetryPolicy, decide

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


def test_a_turn_is_tried_for_about_two_minutes_and_a_message_for_longer_than_any_window() -> None:
    for policy, at_least_s, at_most_s in ((TURN_POLICY, 90, 150), (SEND_POLICY, 7 * 86_400, 12 * 86_400)):
        waits = [decide(RetryLater("x"), n, policy, jitter=0.5).delay_s for n in range(1, policy.max_attempts)]
        assert at_least_s <= sum(wait or 0 for wait in waits) <= at_most_s


def test_a_message_that_waited_out_a_sanction_of_two_days_survives_a_broken_connection() -> None:
    attempts_of_two_days = 2 * 86_400 // 300
    assert decide(RetryLater("ConnectError"), attempts_of_two_days, SEND_POLICY, jitter=0.5).delay_s is not None


def test_what_may_never_go_through_is_tried_a_few_times_only() -> None:
    error = RetryLater("x", at_most=2)
    assert decide(error, 1, SEND_POLICY, jitter=0.5).delay_s is not None
    assert decide(error, 2, SEND_POLICY, jitter=0.5).delay_s is None


def test_attempts_that_ended_otherwise_are_not_held_against_it() -> None:
    error = RetryLater("x", at_most=2)
    assert decide(error, 30, SEND_POLICY, jitter=0.5, alike=1).delay_s is not None
    assert decide(error, 30, SEND_POLICY, jitter=0.5, alike=2).delay_s is None
    assert decide(error, SEND_POLICY.max_attempts, SEND_POLICY, jitter=0.5, alike=1).delay_s is None


def test_a_time_that_the_platform_names_is_kept_whatever_the_attempt() -> None:
    assert decide(RetryLater("night", after_s=3_600), 10_000, SEND_POLICY, jitter=0.5).delay_s == 3_600


@pytest.mark.parametrize("reaction", [Reaction.RENEW_TOKEN, Reaction.STOP_CHANNEL])
def test_what_stops_a_whole_account_never_spends_a_message(reaction: Reaction) -> None:
    assert decide(RetryLater("x", reaction), 10_000, SEND_POLICY, jitter=0.5).delay_s is not None


def test_a_token_or_a_stopped_channel_waits_for_the_operator_and_a_lost_person_does_not() -> None:
    assert isinstance(send_error("", Reaction.RENEW_TOKEN), RetryLater)
    assert isinstance(send_error("", Reaction.STOP_CHANNEL), RetryLater)
    assert isinstance(send_error("", Reaction.STOP_PERSON), Refused)
    assert isinstance(send_error("", Reaction.BUG), Refused)
