"""The texts by which an echo is known for one of ours."""

from __future__ import annotations

import json

from channels.text import tidy

RECENT_S = 600.0
"""How long after a send an echo with its text is taken for its own though it bears another id: that both ids are one
is what the reference says (zalo-oa.md section 6); if they are not, the machine must not fall silent at itself."""


def texts_of(payload: str) -> frozenset[str]:
    """Return the tidy texts that an outbox payload may show: its message's, and that of its fallback."""
    try:
        body = json.loads(payload)
    except ValueError:
        return frozenset()
    parts = (body.get("message"), body.get("fallback")) if isinstance(body, dict) else ()
    texts = (part.get("text") for part in parts if isinstance(part, dict))
    return frozenset(tidy(text) for text in texts if isinstance(text, str)) - {""}
