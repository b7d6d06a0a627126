"""What has to be said to one event after another of a conversation: the rules of handing over, once more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from channels.agency import Agency
from tests.simulation.cast import CALL_BACK, LEAVE_MESSAGE, OFFICER_PLEASE, START, WORDING, answer_mark, at

ANSWERED_WITHIN = timedelta(hours=2)
"""Older messages go to an officer who is at the desk, or are asked for again."""

LATE_AFTER = timedelta(minutes=15)
"""The answer to an older message says that it is late."""

LATE = "đến hệ thống muộn, xin lỗi vì trả lời chậm"

TURN_ATTEMPTS = 16
"""After so many, within two minutes, a turn is given up."""

MACHINE_NOTICE = WORDING.text("gateway.machine_notice", "vi")
"""Said first of all, and again after an officer."""


@dataclass
class Manners:
    """One conversation. Rows of the gateway's inbox go in, in the order in which they were worked off."""

    agency: Agency
    left: Counter[str] = field(default_factory=Counter)  # messages to the closed office
    _is_new: bool = True
    _silent_until: datetime | None = None
    _is_leaving: bool = False

    def expected(self, event: Mapping[str, Any]) -> tuple[str, ...] | None:
        """Return words that have to be in what is said to an event, in this order; None: nothing may be said."""
        if event["kind"] == "aside" and not event["text"]:
            return None  # for whoever has the conversation
        now, came = _instant(event["changed_at"]), _instant(event["occurred_at"])
        is_back = self._silent_until is not None and self._silent_until <= now
        if is_back:
            self._silent_until = None
        introduces_itself = is_back or self._is_new
        self._is_new = False
        if event["kind"] in ("officer_spoke", "taken_over"):
            joined = self._officer_spoke(came + self.agency.silence, now)
            return joined if event["kind"] == "officer_spoke" else None
        if event["kind"] == "returned" or event["text"] == CALL_BACK:
            if self._silent_until is not None:
                self._silent_until = None
                self._is_leaving = False
                return (_words("machine_back"),)
            if event["kind"] == "returned":
                return None
        if self._silent_until is not None:
            return None
        notice = (MACHINE_NOTICE,) if introduces_itself else ()
        said = self._said_to_person(event, now, came)
        return None if said is None else (*notice, *said)

    def _said_to_person(self, event: Mapping[str, Any], now: datetime, came: datetime) -> tuple[str, ...] | None:
        is_leaving, self._is_leaving = self._is_leaving, False
        if now - came > ANSWERED_WITHIN:
            if not self.agency.has_officers or not self.agency.is_open(now):
                return ("quá muộn",)
            self._silent_until = now + self.agency.silence
            if event["kind"] == "aside":
                return None  # the officers have it already
            return ("Hệ thống đã chuyển tin để cán bộ xem",)
        if event["kind"] not in ("text", "aside"):
            return ("",)  # some words, whatever they are
        words, is_turn = self._said_to_text(event, now, is_leaving=is_leaving)
        return (LATE, words) if is_turn and now - came > LATE_AFTER else (words,)

    def _officer_spoke(self, until: datetime, now: datetime) -> tuple[str, ...] | None:
        if until <= now:
            return None
        was_silent, self._silent_until = self._silent_until is not None, max(until, self._silent_until or until)
        if was_silent:
            return None
        self._is_leaving = False
        return (_words("officer_joined"),)

    def _said_to_text(self, event: Mapping[str, Any], now: datetime, *, is_leaving: bool) -> tuple[str, bool]:
        """Return the words, and whether the bot was asked for them."""
        if is_leaving:
            self.left[event["text"]] += 1
            return _words("message_left"), False
        if event["text"] == LEAVE_MESSAGE and self.agency.has_officers:
            self._is_leaving = True
            return _words("write_message"), False
        if at(16, 21) <= (now - START).total_seconds() <= at(16, 25) and event["attempts"] == TURN_ATTEMPTS:
            return _words("error_bot"), True  # the bot's five minutes
        if event["text"] != OFFICER_PLEASE or not self.agency.has_officers:
            return answer_mark(event["message_id"]), True
        if not self.agency.is_open(now):
            return "Hiện ngoài giờ làm việc", True
        self._silent_until = now + self.agency.silence
        return _words("officer_called"), True


def _instant(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _words(key: str) -> str:
    return WORDING.text(f"gateway.{key}", "vi")
