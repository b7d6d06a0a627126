"""Zalo's limits, window and error codes.

Source: reference/zalo-oa.md, read 2026-11-29 (material to October 2026); sections and confidence marks are its own.
Characters are counted in UTF-16 units, the strictest way in which a platform may count (see `channels.text.length`).
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from types import MappingProxyType

from channels.agency import VIETNAM
from channels.errors import Reaction

MAX_TEXT_CHARS = 2_000
"""Characters of one text message (section 7) [A]; taken to hold for the text of a button card too."""

MAX_BUTTONS = 5
"""Buttons of one card (section 7) [B]."""

MAX_BUTTON_TITLE_CHARS = 100
"""Characters of a button's title (section 7) [C]."""

MAX_BUTTON_PAYLOAD_CHARS = 1_000
"""Characters that a query button sends back (section 7) [C]."""

FREE_WINDOW = timedelta(hours=48)
"""After the person's last action: until then a message costs nothing, and there may be any number (section 8) [A]."""

MAX_WINDOW = timedelta(days=7)
"""After the person's last action: until then a message is taken, though billed after FREE_WINDOW (section 8) [A]."""

MAX_CALLS_PER_MINUTE = 4_000
"""Calls of the OA API by one app (section 10) [A]."""

NIGHT_BEGINS = time(22)
NIGHT_ENDS = time(6)
"""Vietnam time between which -234 may come; it is not certain that it ever does for our messages (section 8) [?]."""

MAX_ATTEMPTS = MappingProxyType({-200: 2})
"""Attempts with a code after which it is final though its class is RETRY: "send failed" is tried once more
(section 9) [B]."""

REACTIONS = MappingProxyType(
    {
        -32: Reaction.RETRY,  # rate limit of the app or the OA
        -100: Reaction.BUG,  # attachment id expired; we send none, and the same one would not do better next time
        -124: Reaction.RENEW_TOKEN,  # also reported for bad tokens [C]
        -200: Reaction.RETRY,  # send failed; see MAX_ATTEMPTS
        -201: Reaction.BUG,  # a field is invalid; a button card goes as text instead
        -204: Reaction.STOP_CHANNEL,  # OA disabled
        -205: Reaction.STOP_CHANNEL,  # OA does not exist
        -209: Reaction.STOP_CHANNEL,  # app not active
        -210: Reaction.BUG,  # parameter over its limit
        -211: Reaction.STOP_PERSON,  # out of feature quota
        -212: Reaction.STOP_CHANNEL,  # API not registered for the app
        -213: Reaction.STOP_PERSON,  # does not follow the OA
        -214: Reaction.BUG,  # article still processing; we send none
        -216: Reaction.RENEW_TOKEN,  # access token invalid
        -217: Reaction.STOP_PERSON,  # blocked invitations
        -218: Reaction.STOP_PERSON,  # the person's receive quota is used up
        -219: Reaction.STOP_CHANNEL,  # app removed or disabled
        -220: Reaction.RENEW_TOKEN,  # access token expired or removed
        -221: Reaction.STOP_CHANNEL,  # OA must be verified
        -223: Reaction.STOP_CHANNEL,  # OA has not granted this permission: an admin consents anew
        -224: Reaction.STOP_CHANNEL,  # needs a higher package
        -227: Reaction.STOP_PERSON,  # banned or inactive for 45 days
        -230: Reaction.STOP_PERSON,  # no interaction in 7 days
        -232: Reaction.STOP_PERSON,  # the interaction expired
        -233: Reaction.BUG,  # message type unsupported; likewise
        -234: Reaction.RETRY,  # not at night; see `night_ends_in_s`
        -235: Reaction.STOP_CHANNEL,  # OA type not supported
        -237: Reaction.BUG,  # group disabled; we never write to groups
        -238: Reaction.BUG,  # asset used or disabled; of groups
        -240: Reaction.BUG,  # the old send API
        -241: Reaction.BUG,  # free asset used; of groups
        -242: Reaction.STOP_CHANNEL,  # wrong appsecret_proof
        -244: Reaction.STOP_PERSON,  # the person restricted this type
        -248: Reaction.STOP_CHANNEL,  # platform standards violated
        -249: Reaction.STOP_CHANNEL,  # template cannot go by user id
        -320: Reaction.STOP_CHANNEL,  # no Zalo Cloud Account
        -321: Reaction.STOP_CHANNEL,  # Zalo Cloud Account out of money
        -403: Reaction.BUG,  # OA not in the group; we never write to groups
        -1340: Reaction.BUG,  # form not found; we send none
        -1341: Reaction.BUG,  # no access to the form
    }
)
"""Every code of section 9 [B]; one that is not here is taken as transient, as the reference advises."""


def night_ends_in_s(now: datetime) -> float | None:
    """Return the seconds until the next 06:00 in Vietnam, before which no attempt after -234 helps; None by day there.

    By day the two clocks differ or the rule is not what we think, and the ordinary delay does.
    """
    local = now.astimezone(VIETNAM)
    if NIGHT_ENDS <= local.time() < NIGHT_BEGINS:
        return None
    morning = local.replace(hour=NIGHT_ENDS.hour, minute=0, second=0, microsecond=0)
    return ((morning if local < morning else morning + timedelta(days=1)) - local).total_seconds()


def may_send(now: datetime, last_user_at: datetime | None, *, sends_paid: bool) -> bool:
    """Tell whether the window is open: free for 48 hours after the person's last action, to 7 days where paid for.

    It never opened for somebody who has done nothing yet (`last_user_at` None). Both instants are aware.
    """
    return last_user_at is not None and now - last_user_at < (MAX_WINDOW if sends_paid else FREE_WINDOW)
