"""Messenger's limits and error codes. Source of each: reference/messenger.md, read 2026-11-22."""

from __future__ import annotations

from types import MappingProxyType

from channels.errors import Reaction

MAX_TEXT_CHARS = 2_000
"""Characters of one text message (section 7.1)."""

MAX_QUICK_REPLIES = 13
"""Quick replies under one message (section 7.1, official)."""

MAX_QUICK_REPLY_TITLE_CHARS = 20
"""Characters of a quick reply's title; longer ones are cut by the platform (section 7.1, official)."""

MAX_PAYLOAD_CHARS = 1_000
"""Characters of a quick reply's payload (section 7.1)."""

MAX_METADATA_CHARS = 1_000
"""Characters of a message's metadata (section 7.1)."""

GRAPH_VERSION = "v26.0"
"""Latest version in the documentation (head of the reference); always pinned."""

REACTIONS: MappingProxyType[tuple[int, int | None], Reaction] = MappingProxyType(
    {
        (1, None): Reaction.RETRY,
        (1, 99): Reaction.STOP_CHANNEL,  # unknown; often a missing permission
        (1, 1357046): Reaction.RETRY,  # invalid JSON reply: outcome unknown
        (2, None): Reaction.RETRY,  # temporary, or the person blocked the Page
        (2, 2018344): Reaction.STOP_CHANNEL,  # privacy terms not accepted by the Page's admin
        (4, None): Reaction.RETRY,  # app request limit
        (4, 2018354): Reaction.STOP_PERSON,  # marketing frequency
        (9, 2018352): Reaction.STOP_PERSON,  # the person's marketing limit
        (10, None): Reaction.STOP_CHANNEL,  # permission missing
        (10, 2018278): Reaction.STOP_PERSON,  # outside the allowed window
        (10, 2018065): Reaction.STOP_PERSON,  # the same, older
        (10, 2018108): Reaction.STOP_PERSON,  # not receiving messages from this Page
        (10, 2018300): Reaction.STOP_PERSON,  # another app controls the thread
        (10, 1893063): Reaction.STOP_CHANNEL,  # Page temporarily restricted
        (17, None): Reaction.RETRY,  # call limit
        (32, None): Reaction.RETRY,  # call limit of the Page
        (100, None): Reaction.BUG,  # invalid parameter
        (100, 33): Reaction.STOP_PERSON,  # not addressable with this token
        (100, 2018001): Reaction.STOP_PERSON,  # no matching person
        (100, 2018109): Reaction.BUG,  # attachment too large
        (100, 2018218): Reaction.BUG,  # profile not available
        (190, None): Reaction.RENEW_TOKEN,  # token invalid, expired or password changed
        (200, None): Reaction.STOP_CHANNEL,  # not allowed before review
        (230, None): Reaction.RENEW_TOKEN,  # pages_messaging missing on the token
        (368, None): Reaction.STOP_CHANNEL,  # temporarily blocked for policy
        (551, None): Reaction.STOP_PERSON,  # person not available
        (613, None): Reaction.RETRY,  # API call limit
        (1200, None): Reaction.RETRY,  # temporary send failure
        (80006, None): Reaction.RETRY,  # over limit
        (80007, None): Reaction.RETRY,  # over limit
    }
)
"""(code, subcode) of section 9; None stands for every other subcode of that code."""


def reaction_to(code: int, subcode: int | None) -> Reaction:
    """Return the class of an error; codes that nobody has described are taken as transient."""
    return REACTIONS.get((code, subcode)) or REACTIONS.get((code, None)) or Reaction.RETRY
