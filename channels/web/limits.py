"""Limits of our own API and of the widget: design sections 3 and 5."""

from __future__ import annotations

from datetime import timedelta

from channels.rate import Rate

MAX_BODY_BYTES = 64 * 1024
"""Larger requests get 413."""

ANSWER_TIMEOUT_S = 15.0
"""How long a request waits for its answer before 504."""

MAX_CONVERSATION_ID_CHARS = 64
"""Longest conversation id that a client may choose."""

MAX_ADDRESS_CHARS = 2_000
"""Longest address of a notice about personal data that a page may name."""

MAX_WHY_CHARS = 500
"""Longest reason that feedback may give."""

TOKEN_LIFE = timedelta(hours=12)
"""How long a widget's token is good after its last use."""

RENEW_AFTER = timedelta(hours=1)
"""A token that is read from older than this comes back renewed."""

PING_S = 15.0
"""A stream is never silent for longer, so that proxies and both ends know that it lives."""

MAX_STREAM_S = 3600.0
"""A stream is ended after this; its reader comes back with a fresh connection, and a fresh token where it is old."""

MAX_WAIT_S = 25.0
"""Longest that a long poll is held: shorter than the 30 s after which many proxies give up."""

SEND_TIMEOUT_S = 30.0
"""A reader that takes nothing for so long is let go, what it has missed it reads when it comes back."""

BATCH = 200
"""Entries of a conversation that are read from the store at once."""

MAX_STREAMS_OF_SESSION = 4
"""Tabs of one person; the next one gets 429."""

MAX_STREAMS = 5_000
"""Streams and long polls of one process; the next one gets 503."""

SESSION_RATE = Rate(per_s=20 / 60, burst=20)
"""Messages and feedback of one conversation: 20 a minute."""

ADDRESS_RATE = Rate(per_s=1.0, burst=60)
"""Messages and feedback of one address: 60 a minute; whole offices and villages stand behind one."""

READ_RATE = Rate(per_s=1.0, burst=60)
"""Streams and long polls that one conversation opens: 60 a minute."""
