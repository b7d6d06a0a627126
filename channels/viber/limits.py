"""Viber's limits, session, event types and status codes.

Sources, read 2026-11-29: [V1] Viber's own documentation of bots, github.com/Viber/creators-hub, docs/bots-api (shown at
creators.viber.com/docs/bots-api); [V2] developers.viber.com, REST API 7.3.0 and FAQ; [V3] Viber's SDKs, repositories
Viber/viber-bot-python and viber-bot-node; [V4] help pages of resellers (gupshup, respond.io, leeloo, bothelp). Marks as
in the references: [A] documentation or named source, [B] several sources agree, [C] one source, [D] not re-confirmed,
[?] conflicting or not found. Characters are counted in UTF-16 units, as for every platform (`channels.text.length`).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from types import MappingProxyType

from channels.errors import Reaction

MAX_TEXT_CHARS = 7_000
"""Characters of one text message (data-models/message) [A V1]."""

MAX_REQUEST_BYTES = 30_000
"""Bytes of the JSON of any request (send-message; FAQ) [A V1, V2]: "30KB", taken as the smaller of its two meanings."""

ENVELOPE_BYTES = 1_000
"""Of them what `send` adds to a rendered message: receiver, sender and the braces around. The number is ours."""

MAX_BUTTONS = 12
"""Buttons of a keyboard, one in each of its rows: it shows at most 12 rows in portrait mode (FAQ) [A V2]."""

MAX_BUTTON_TEXT_CHARS = 250
"""Characters of a button's text; phones cut longer ones (keyboards) [A V1]."""

MAX_BUTTON_BODY_CHARS = 1_000
"""Characters of what a button sends back. No limit is documented [?]; the number is the other platforms'."""

SESSION = timedelta(hours=24)
"""Time in which answers are free: from the person's message [B V4]; from its first or its last one, sources differ
[?]. Later messages count against a monthly allowance or are billed [A V1], so none is sent."""

EVENT_TYPES = ("subscribed", "unsubscribed", "conversation_started", "failed")
"""Events that are asked for. `message`, `subscribed` and `unsubscribed` always come (web-hooks) [A V1]; `delivered` and
`seen` are left out: who reads what and when is nobody's business here."""

MAX_ATTEMPTS = MappingProxyType({12: 24})
"""Attempts with a code after which it is final though its class is RETRY: after 100 messages within an hour to somebody
who does not reply, more are refused until the hour is over (send-message) [A V1]. The number is ours: some 80
minutes."""

REACTIONS = MappingProxyType(
    {
        1: Reaction.BUG,  # invalidUrl: of set_webhook alone
        2: Reaction.RENEW_TOKEN,  # invalidAuthToken: tokens never expire, Viber's support gave out another one
        3: Reaction.BUG,  # badData
        4: Reaction.BUG,  # missingData
        5: Reaction.STOP_PERSON,  # receiverNotRegistered
        6: Reaction.STOP_PERSON,  # receiverNotSubscribed
        7: Reaction.STOP_CHANNEL,  # publicAccountBlocked
        8: Reaction.STOP_CHANNEL,  # publicAccountNotFound
        9: Reaction.STOP_CHANNEL,  # publicAccountSuspended
        10: Reaction.STOP_CHANNEL,  # webhookNotSet: `python -m channels setup viber`
        11: Reaction.STOP_PERSON,  # receiverNoSuitableDevice
        12: Reaction.RETRY,  # tooManyRequests
        13: Reaction.STOP_PERSON,  # apiVersionNotSupported: the person's app is older than what we send needs
        14: Reaction.BUG,  # incompatibleWithVersion: we declare a lower version than what we send needs
        15: Reaction.STOP_CHANNEL,  # publicAccountNotAuthorized
        16: Reaction.BUG,  # inchatReplyMessageNotAllowed: we send no inline messages
        17: Reaction.BUG,  # publicAccountIsNotInline: likewise
        18: Reaction.BUG,  # noPublicChat [A V3 alone]: we post to none
        19: Reaction.BUG,  # cannotSendBroadcast: we send none
        20: Reaction.BUG,  # broadcastNotAllowed: likewise
        21: Reaction.STOP_PERSON,  # unsupportedCountry: of the person's number
        22: Reaction.BUG,  # paymentUnsupported: we ask for no payments
        23: Reaction.STOP_CHANNEL,  # freeMessagesExceeded: the month's allowance outside sessions
        24: Reaction.STOP_CHANNEL,  # noBalance
    }
)
"""Every status code (errors) [A V1] but 0, which is success; one that is not here is taken as transient, as Viber's
page says of "other"."""


def may_send(now: datetime, last_user_at: datetime | None) -> bool:
    """Tell whether the session is open: for 24 hours after the person's last action.

    It never opened for somebody who has done nothing yet (`last_user_at` None). Both instants are aware.
    """
    return last_user_at is not None and now - last_user_at < SESSION
