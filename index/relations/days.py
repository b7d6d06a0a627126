"""Days as official texts write them, slips of machine reading included, and from and until when a text holds (pure)."""

from __future__ import annotations

import re
from datetime import date

_DAY = re.compile(
    r"\s*(?:ngày\s+)?([0-9oOlIóÓ]{1,2})\s*(?:tháng|[/.-])\s*([0-9oOlI]{1,2})\s*(?:,?\s*năm|[/.-])\s*([0-9oOlI]{4})(?!\d)"
)
_SLIPS = str.maketrans("oOlIóÓ", "001166")


def day_in(text: str, start: int = 0) -> tuple[date | None, int]:
    """The day written at `start` ("01 tháng 7 năm 2026", "1/7/2026") and where it ends; None and `start` if none is."""
    match = _DAY.match(text, start)
    if match is None:
        return None, start
    day, month, year = (int(part.translate(_SLIPS)) for part in match.groups())
    try:
        return date(year, month, day), match.end()
    except ValueError:
        return None, match.end()
