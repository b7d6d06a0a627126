"""Facts of the platforms that the references could not confirm: seen by a call where one can tell, else by a person.

Source: reference/zalo-oa.md section 15 (a) to (n), reference/messenger.md section 14 (a) to (j), read 2026-11-29.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from channels.doctor.check import Check, State


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """One fact, and how to find it out on a real account."""

    letter: str  # of the reference's list
    fact: str
    how: str  # what to do and what to look at; for one that does not matter, why it does not
    matters: bool = True


ZALO = (
    Unconfirmed(
        "a",
        "whether slow or failed answers are resent, and when",
        "stop the gateway for two minutes, write from a test account, and look in the proxy's log at what times the "
        "same body comes again and with which num_retry",
    ),
    Unconfirmed(
        "b",
        "buttons under consultation messages",
        "ask “Nghị định 168” from a test account: buttons must show, and a tap must be answered; where Zalo refuses "
        "them (-201, -233) the answer comes as numbered text",
    ),
    Unconfirmed("c", "list templates to one person", "none are sent", matters=False),
    Unconfirmed(
        "d",
        "whether the OA secret key is of the app or of each OA",
        "with two OAs under one app compare the key on the app's Webhook page after choosing each; both may be entered",
    ),
    Unconfirmed(
        "e",
        "the header X-ZEvent-Timestamp",
        "let the proxy log it for a day; it is used only where the body has no timestamp",
    ),
    Unconfirmed(
        "f",
        "error codes of the token endpoint",
        "set the app secret, then this is tried with a refresh token that never existed",
    ),
    Unconfirmed(
        "g",
        "whether consultation messages are refused at night (-234)",
        "write from a test account between 22:00 and 06:00: the answer must come at once; else it comes at 06:00",
    ),
    Unconfirmed("h", "transaction messages after 2026-03-01", "none are sent", matters=False),
    Unconfirmed("i", "who is sender and who recipient of a seen event", "both ways are read", matters=False),
    Unconfirmed("j", "how long links to media live", "inbound media is never fetched", matters=False),
    Unconfirmed(
        "k",
        "order of events",
        "send ten numbered messages quickly from a test account and compare the answers' order",
    ),
    Unconfirmed("l", "which package of the OA the API needs", "an answer that fails with -224 means a higher one"),
    Unconfirmed(
        "m",
        "several pictures chosen at once",
        "send three pictures at once from a test account: one answer is enough, three are what one event each gives",
    ),
    Unconfirmed(
        "n",
        "business cards in one-to-one chats",
        "send a business card from a test account: it must be answered as a card, not as a link",
    ),
)

MESSENGER = (
    Unconfirmed(
        "a",
        "how long Meta waits for an answer, and how long it resends",
        "stop the gateway for two minutes, write from a test account, and look in the proxy's log when the batch comes "
        "again; never stop it for an hour, then Meta unsubscribes the app",
    ),
    Unconfirmed(
        "b",
        "subcodes of errors",
        "look at the reasons of `python -m channels dead-letters` after a week; codes that nobody has described are "
        "tried again",
    ),
    Unconfirmed("c", "lengths of greeting, ice breakers and menu", "run `python -m channels setup messenger`"),
    Unconfirmed("d", "fields of opt-ins", "they are counted, none is used", matters=False),
    Unconfirmed(
        "e",
        "which actions open the window of 24 hours again",
        "react to a day-old answer with an emoji from a test account, then have an officer write: the Page's inbox "
        "shows whether the window is open",
    ),
    Unconfirmed("f", "whether UPDATE differs from RESPONSE", "only RESPONSE is sent", matters=False),
    Unconfirmed(
        "g",
        "sends while another app owns the conversation",
        "take a test conversation over in the Page's inbox and write from the test account: the machine must be "
        "silent, and no send may fail",
    ),
    Unconfirmed("h", "addresses from which Meta calls", "no list of addresses is used", matters=False),
    Unconfirmed(
        "i",
        "shared posts and links since 2026-04-27",
        "share a post of the Page into a test conversation: it must get the answer for links",
    ),
    Unconfirmed(
        "j",
        "whether 2,000 is of characters or bytes",
        "ask for the full text of a long article from a test account: no part may be refused (100) or be missing",
    ),
)


def unconfirmed(channel: str, facts: Sequence[Unconfirmed], seen: Mapping[str, Check]) -> list[Check]:
    """Return a check for each fact: the one that a call has `seen` by letter, else what a person is to do."""
    return [seen.get(fact.letter) or _unseen(channel, fact) for fact in facts]


def _unseen(channel: str, fact: Unconfirmed) -> Check:
    state = State.CHECK_BY_HAND if fact.matters else State.OFF
    return Check(channel, f"unconfirmed_{fact.letter}", state, f"{fact.fact}: {fact.how}")
