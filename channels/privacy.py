"""What may be written into logs: pseudonyms for conversation keys, masked platform messages, errors by their kind."""

from __future__ import annotations

import hashlib
import hmac
import logging
import re
from dataclasses import dataclass
from types import TracebackType

_LONG_NUMBER = re.compile(r"\d[\d .-]{4,}\d")
_LONG_WORD = re.compile(r"[\w|.~+-]{20,}")


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """Names conversations in logs so that two lines of one conversation can be joined, and nobody identified."""

    secret: bytes

    def of(self, conversation: str) -> str:
        """Return "<channel>:<12 hex digits>", the same for the same conversation and secret."""
        channel = conversation.partition(":")[0]
        digest = hmac.new(self.secret, conversation.encode(), hashlib.sha256).hexdigest()
        return f"{channel}:{digest[:12]}"


class DiscreetFormatter(logging.Formatter):
    """Names the kind of an error that a library logs, without traceback or words: those may quote a request."""

    def formatException(  # noqa: N802 - the name is logging's
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> str:
        """Return the error's class; the system's own (files, ports) are told whole."""
        kind, error, _ = ei
        if kind is None:
            return ""
        return f"{kind.__name__}: {error}" if issubclass(kind, OSError) else kind.__name__


def mask(text: str, *, max_chars: int = 200) -> str:
    """Return a platform's message with long numbers (ids, phones) and long opaque words (tokens) replaced, and cut.

    Long is six digits, or 20 characters of which one is a digit.
    """
    text = text[: 10 * max_chars]  # searching takes the square of it
    return _LONG_NUMBER.sub("[…]", _LONG_WORD.sub(_without_digits, text))[:max_chars]


def _without_digits(word: re.Match[str]) -> str:
    """Tokens are long words with digits, names of permissions are without."""
    return "[…]" if any(character.isdigit() for character in word[0]) else word[0]
