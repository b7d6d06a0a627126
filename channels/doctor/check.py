"""What one look at a set-up found, and the report that an operator or a program reads."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum


class State(str, Enum):
    """How it stands with one thing."""

    OK = "ok"
    FAILS = "fails"
    CHECK_BY_HAND = "check_by_hand"  # no call can tell; the sentence says where to look
    OFF = "off"  # not set up, or nothing here depends on it


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    subject: str  # "gateway", "widget:<agency>", "zalo", "zalo:<OA id>", "messenger:<Page id>", "viber:<account>" …
    name: str  # steady, for programs: "token", "webhook_local"
    state: State
    sentence: str  # what was found, and what to do where something is to be done; no secret


MARKS = {State.OK: "ok", State.FAILS: "FAILS", State.CHECK_BY_HAND: "by hand", State.OFF: "off"}


def exit_status(checks: Sequence[Check]) -> int:
    """Return 1 when anything fails, else 0: what is left to a person's eye is no failure."""
    return int(any(check.state is State.FAILS for check in checks))


def as_text(checks: Sequence[Check]) -> str:
    """Return the report for a terminal, one heading a subject and the sum at the end."""
    lines: list[str] = []
    for position, check in enumerate(checks):
        if position == 0 or checks[position - 1].subject != check.subject:
            lines.append(f"\n{check.subject}" if lines else check.subject)
        lines.append(f"  {MARKS[check.state]:<8} {check.name}: {check.sentence}")
    counts = Counter(check.state for check in checks)
    summary = ", ".join(f"{counts[state]} {MARKS[state]}" for state in State)
    return "\n".join([*lines, "", summary])


def as_json(checks: Sequence[Check]) -> str:
    """Return the report as one JSON object: `status` as the exit status, and `checks` in order."""
    found = [
        {"subject": check.subject, "name": check.name, "state": check.state.value, "sentence": check.sentence}
        for check in checks
    ]
    return json.dumps({"status": exit_status(checks), "checks": found}, ensure_ascii=False, indent=2)
