"""What no step of reading may rewrite: document numbers, addresses, mentions."""

from __future__ import annotations

import re
from bisect import bisect_right

from index.text.number import find_numbers

_CHUNK = re.compile(r"\S+")
_ADDRESS_SIGN = re.compile(r"://|@|^#\w|^www\.|\.(?:vn|com|net|org|gov|edu|info)\b", re.IGNORECASE)


class Kept:
    """The spans of one text that stay as typed."""

    def __init__(self, text: str) -> None:
        spans = [(parsed.start, parsed.end) for parsed in find_numbers(text)]
        spans += [chunk.span() for chunk in _CHUNK.finditer(text) if _ADDRESS_SIGN.search(chunk.group())]
        self._ends: list[int] = []
        self._starts: list[int] = []
        for start, end in sorted(spans):
            if self._ends and start <= self._ends[-1]:
                self._ends[-1] = max(end, self._ends[-1])
            else:
                self._starts.append(start)
                self._ends.append(end)

    def holds(self, start: int, end: int) -> bool:
        """Tell whether text[start:end] lies in one of the spans, or reaches into one."""
        after = bisect_right(self._ends, start)
        return after < len(self._starts) and self._starts[after] < end


def is_joined(text: str, start: int, end: int) -> bool:
    """Tell whether the token text[start:end] is part of something longer by a stroke, a dash, an underscore or @."""
    return text[max(0, start - 1) : start] in _JOINTS_BEFORE or text[end : end + 1] in _JOINTS_AFTER


_JOINTS_BEFORE = frozenset("/_-@#")
_JOINTS_AFTER = frozenset("/_-@")
