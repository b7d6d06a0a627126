"""Limits of our own API: design sections 3 and 5."""

from __future__ import annotations

MAX_BODY_BYTES = 64 * 1024
"""Larger requests get 413."""

ANSWER_TIMEOUT_S = 15.0
"""How long a request waits for its answer before 504."""

MAX_CONVERSATION_ID_CHARS = 64
"""Longest conversation id that a client may choose."""
