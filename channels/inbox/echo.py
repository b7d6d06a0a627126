"""The texts by which an echo is known for one of ours."""

from __future__ import annotations

import json

from channels.text import tidy


def texts_of(payload: str) -> frozenset[str]:
    """Return the tidy texts that an outbox payload may show: its message's, and that of its fallback."""
    try:
        body = json.loads(payload)
    except ValueError:
        return frozenset()
    parts = (body.get("message"), body.get("fallback")) if isinstance(body, dict) else ()
    texts = (part.get("text") for part in parts if isinstance(part, dict))
    return frozenset(tidy(text) for text in texts if isinstance(text, str)) - {""}
