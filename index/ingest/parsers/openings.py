"""What the portals put before the first word of a story: the name of the site, as agencies do (pure)."""

from __future__ import annotations

import re

_OPENING = re.compile(r"^\s*\(?\s*(?:[\w-]{2,30}\.)?(?:chinhphu|gov|[\w-]{2,30})\.vn\s*\)?\s*[-–—:]\s*", re.I)


def without_opening(text: str) -> str:
    """A text without "(Chinhphu.vn) - " at its beginning."""
    return _OPENING.sub("", text, count=1)
