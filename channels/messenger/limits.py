"""Messenger's limits, window and error codes.

Source: reference/messenger.md, read 2026-11-29; sections and confidence marks are its own. Characters are counted in
UTF-16 units, the strictest way in which a platform is known to count (see `channels.text.length`); whether Meta counts
UTF-8 bytes instead is not confirmed (section 14).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from types import MappingProxyType

from channels.errors import Reaction

GRAPH_VERSION = "v26.0"
"""Latest version in the documentation (head of the reference) [A]; always pinned."""

PAGE_INBOX_APP_ID = "263902037430900"
"""The app under which officers write in Meta's inbox (sections 1 and 6.7) [B]."""

MAX_TEXT_CHARS = 2_000
"""Characters of one text message (section 7.1) [B]."""

MAX_QUICK_REPLIES = 13
"""Quick replies under one message (section 7.1) [A]; they vanish with the next message."""

MAX_QUICK_REPLY_TITLE_CHARS = 20
"""Characters of a quick reply's title; the platform cuts longer ones (section 7.1) [A]."""

MAX_PAYLOAD_CHARS = 1_000
"""Characters of the payload of a quick reply or a postback button (section 7.1) [A]."""

MAX_TEMPLATE_TEXT_CHARS = 640
"""Characters of the text above the buttons of a button template (section 7.1) [A]."""

MAX_BUTTONS = 3
"""Buttons of a button template, which has at least one, and of a card (section 7.1) [A]."""

MAX_BUTTON_TITLE_CHARS = 20
"""Characters of a button's title (section 7.1) [A from a library, D]."""

MAX_CARDS = 10
"""Elements of a generic template (section 7.1) [A]."""

MAX_CARD_LINE_CHARS = 80
"""Characters of a card's title and of its subtitle (section 7.1) [A]; a card has one more property than its title."""

WINDOW = timedelta(hours=24)
"""After the person's last action: until then a RESPONSE is taken (section 7.4) [A]. What a machine says has no other
window: HUMAN_AGENT is for persons."""

MAX_TEXTS_PER_SECOND = 300
"""Calls of the Send API for one Page, of text and links (section 8) [A]."""

IN_DOUBT = frozenset({(1, 1357046)})
"""(code, subcode) after which nobody knows whether the message went out: look for the echo first (section 9) [A]."""

MAX_ATTEMPTS = MappingProxyType({2: 20})
"""Attempts with a code after which it is final although its class is RETRY: 2 also means a person who blocked the Page,
so it is tried a few times only (section 9) [A]. The number is ours, about an hour: it is how outages look, too."""

REACTIONS: MappingProxyType[tuple[int, int | None], Reaction] = MappingProxyType(
    {
        (1, None): Reaction.RETRY,  # unknown
        (1, 99): Reaction.STOP_CHANNEL,  # often a missing permission or Advanced Access
        (1, 1357046): Reaction.RETRY,  # invalid JSON reply; see IN_DOUBT
        (2, None): Reaction.RETRY,  # temporary, or the person blocked the Page; see MAX_ATTEMPTS
        (2, 2018344): Reaction.STOP_CHANNEL,  # privacy terms not accepted by the Page's admin
        (4, None): Reaction.RETRY,  # app request limit
        (4, 2018354): Reaction.STOP_PERSON,  # marketing frequency
        (9, 2018352): Reaction.STOP_PERSON,  # the person's marketing limit [C]
        (10, None): Reaction.STOP_CHANNEL,  # permission missing
        (10, 2018065): Reaction.STOP_PERSON,  # outside the allowed window, older [D]
        (10, 2018108): Reaction.STOP_PERSON,  # the person receives no messages from this Page [D]
        (10, 2018278): Reaction.STOP_PERSON,  # outside the allowed window
        (10, 2018300): Reaction.STOP_PERSON,  # another app controls the thread [D]
        (10, 1893063): Reaction.STOP_CHANNEL,  # Page temporarily restricted from sending
        (17, None): Reaction.RETRY,  # call limit [D]
        (32, None): Reaction.RETRY,  # call limit of the Page [D]
        (100, None): Reaction.BUG,  # invalid parameter
        (100, 33): Reaction.STOP_PERSON,  # not addressable with this token [C]
        (100, 2018001): Reaction.STOP_PERSON,  # no matching person
        (100, 2018109): Reaction.BUG,  # attachment too large; we send none [D]
        (100, 2018218): Reaction.BUG,  # profile not available; we ask for none [D]
        (190, None): Reaction.RENEW_TOKEN,  # token invalid
        (190, 460): Reaction.RENEW_TOKEN,  # password changed [D]
        (190, 463): Reaction.RENEW_TOKEN,  # expired [D]
        (190, 467): Reaction.RENEW_TOKEN,  # invalid [D]
        (200, None): Reaction.STOP_CHANNEL,  # permission missing
        (200, 2018021): Reaction.STOP_CHANNEL,  # app in development [D]
        (200, 2018028): Reaction.STOP_CHANNEL,  # not allowed before review [D]
        (230, None): Reaction.RENEW_TOKEN,  # pages_messaging missing on the token [C]
        (368, None): Reaction.STOP_CHANNEL,  # temporarily blocked for policy [D]
        (551, None): Reaction.STOP_PERSON,  # person not available
        (551, 1545041): Reaction.STOP_PERSON,  # the same
        (613, None): Reaction.RETRY,  # API call limit
        (1200, None): Reaction.RETRY,  # temporary send failure [D]
        (80006, None): Reaction.RETRY,  # over limit (section 8)
        (80007, None): Reaction.RETRY,  # over limit (section 8)
    }
)
"""(code, subcode) of section 9, [A] or [B] unless marked; None stands for every other subcode of that code."""


def reaction_to(code: int, subcode: int | None) -> Reaction:
    """Return the class of an error; codes that nobody has described are taken as transient."""
    return REACTIONS.get((code, subcode)) or REACTIONS.get((code, None)) or Reaction.RETRY


def may_send(now: datetime, last_user_at: datetime | None) -> bool:
    """Tell whether the window is open: for 24 hours after the person's last action.

    It never opened for somebody who has done nothing yet (`last_user_at` None). Both instants are aware.
    """
    return last_user_at is not None and now - last_user_at < WINDOW
