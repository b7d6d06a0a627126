"""What goes wrong on a platform's side: outages, lost answers, errors answered on demand, and limits of calls."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar

from channels.testing.exchange import Answer, AnswerLost, PlatformDown

Error = TypeVar("Error")

BAD_GATEWAY = Answer(502, "<html><body><h1>502 Bad Gateway</h1></body></html>")
"""What a proxy of the platform says, and no JSON."""


@dataclass(slots=True)
class Faults(Generic[Error]):
    """Faults of one host. `Error` is how the platform names an error."""

    is_down: bool = False
    loses_answers: bool = False
    _errors: deque[Error] = field(default_factory=deque)
    _garbled: int = 0
    _lost: int = 0

    def fail_next(self, error: Error, *, times: int = 1) -> None:
        """Answer the next calls of the send endpoint with this error and do nothing."""
        self._errors.extend([error] * times)

    def garble_next(self, times: int = 1) -> None:
        """Answer the next calls with a proxy's HTML and do nothing."""
        self._garbled += times

    def lose_next(self, times: int = 1) -> None:
        """Do what the next calls ask, and lose the answers."""
        self._lost += times

    def take_error(self) -> Error | None:
        """Return the error that is next in turn."""
        return self._errors.popleft() if self._errors else None

    def before(self) -> Answer | None:
        """Return what is answered in place of the platform. Raises PlatformDown."""
        if self.is_down:
            raise PlatformDown
        if self._garbled:
            self._garbled -= 1
            return BAD_GATEWAY
        return None

    def after(self, answer: Answer) -> Answer:
        """Return the answer. Raises AnswerLost."""
        if self.loses_answers:
            raise AnswerLost
        if self._lost:
            self._lost -= 1
            raise AnswerLost
        return answer


@dataclass(slots=True)
class RateLimit:
    """So many calls in each stretch of `seconds` of the clock, counted by key; `limit` None: any number."""

    limit: int | None
    seconds: int
    _counts: dict[str, tuple[int, int]] = field(default_factory=dict)  # key -> (stretch, calls)

    def take(self, key: str, now: datetime) -> int:
        """Count a call and return how many are left in this stretch; negative: this one was too many."""
        calls = self.count(key, now)
        return 0 if self.limit is None else self.limit - calls

    def count(self, key: str, now: datetime) -> int:
        """Count a call and return how many there were in this stretch, this one included."""
        stretch = int(now.timestamp()) // self.seconds
        begun, calls = self._counts.get(key, (stretch, 0))
        calls = calls + 1 if begun == stretch else 1
        self._counts[key] = (stretch, calls)
        return calls
