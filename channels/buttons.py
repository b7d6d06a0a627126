"""Signed button payloads: a button of ours stands for a text, and nobody can type one.

Zalo sends a pressed button back as an ordinary text and says no word of the press (reference/zalo-oa.md section 5.1,
read 2026-11-29); whoever knows a payload's form can type it. So a payload carries a mark that only we can make.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence

from channels.text import tidy

PREFIX = "#btn:"
"""How every payload of ours begins."""

MARK_CHARS = 16
"""URL-safe base64 characters of the mark: 96 bits of HMAC-SHA256."""

OVERHEAD_CHARS = len(PREFIX) + MARK_CHARS + 1
"""Characters that signing adds to a text; what is left of a platform's limit is the text's."""

_PURPOSE = b"govchat button"
_MARK_BYTES = MARK_CHARS * 3 // 4


class Buttons:
    """Signs texts for the buttons of one account and reads them back."""

    def __init__(self, secret: bytes, *, older: Sequence[bytes] = ()) -> None:
        """Sign under `secret`, the gateway's own key; what was signed under the `older` ones is still read.

        A mark made here holds nowhere else where the same key is used.
        """
        self._keys = tuple(hmac.digest(each, _PURPOSE, hashlib.sha256) for each in (secret, *older))

    def sign(self, channel: str, account: str, text: str) -> str:
        """Return the payload `#btn:<mark>:<text>`, `OVERHEAD_CHARS` longer than the text."""
        return f"{PREFIX}{_mark(self._keys[0], channel, account, text)}:{text}"

    def read(self, channel: str, account: str, payload: str) -> str | None:
        """Return the text of a payload that `sign` made for this account; None for everything else. Never raises."""
        mark, colon, text = payload.removeprefix(PREFIX).partition(":")
        if not payload.startswith(PREFIX) or not colon:
            return None
        given = mark.encode("utf-8", "replace")
        expected = [_mark(key, channel, account, text).encode() for key in self._keys]
        return text if any(hmac.compare_digest(each, given) for each in expected) else None


def _mark(key: bytes, channel: str, account: str, text: str) -> str:
    # The tidy text, because a platform may compose letters and trim ends on the way; each part preceded by its
    # length, so that no two triples are signed as the same bytes.
    parts = [part.encode() for part in (channel, account, tidy(text))]
    message = b"".join(len(part).to_bytes(8, "big") + part for part in parts)
    digest = hmac.digest(key, message, hashlib.sha256)
    return base64.urlsafe_b64encode(digest[:_MARK_BYTES]).decode()
