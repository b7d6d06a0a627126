"""What may be written into logs: pseudonyms in place of conversation keys, masked platform messages."""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass

_LONG_NUMBER = re.compile(r"\d[\d .-]{4,}\d")


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """Names conversations in logs so that two lines of one conversation can be joined, and nobody identified."""

    secret: bytes

    def of(self, conversation: str) -> str:
        """Return "<channel>:<12 hex digits>", the same for the same conversation and secret."""
        channel = conversation.partition(":")[0]
        digest = hmac.new(self.secret, conversation.encode(), hashlib.sha256).hexdigest()
        return f"{channel}:{digest[:12]}"


def mask(text: str, *, max_chars: int = 200) -> str:
    """Return a platform's message with runs of six digits and more (ids, phones, tokens) replaced, and cut."""
    return _LONG_NUMBER.sub("[…]", text)[:max_chars]
