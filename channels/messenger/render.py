"""From an outcome to Messenger messages within its limits: pure.

What the answer needs to have chosen stays on the screen as buttons where three or fewer do, else it becomes quick
replies, which vanish with the next message, as optional choices always are. Titles hold 20 characters: longer ones
stand in full, and numbered, in the text, and so does what thirteen quick replies do not hold. A list of documents is
followed by cards that open them. Source of the shapes: reference/messenger.md section 7.1, read 2026-11-29.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from bot.reply import AnswerStatus, Reply
from bot.wording import Wording
from channels.buttons import Buttons
from channels.choices import Choice, numbered, offered
from channels.citation import address, document_line, only_address, standing, with_sources
from channels.event import TurnOutcome
from channels.messenger.limits import (
    MAX_BUTTON_TITLE_CHARS,
    MAX_BUTTONS,
    MAX_CARD_LINE_CHARS,
    MAX_CARDS,
    MAX_PAYLOAD_CHARS,
    MAX_QUICK_REPLIES,
    MAX_QUICK_REPLY_TITLE_CHARS,
    MAX_TEMPLATE_TEXT_CHARS,
    MAX_TEXT_CHARS,
)
from channels.messenger.parse import CHANNEL
from channels.parts import Block, pack
from channels.text import is_blank, length, shorten, tidy

Fields = dict[str, object]

MAX_TITLE_CHARS = min(MAX_QUICK_REPLY_TITLE_CHARS, MAX_BUTTON_TITLE_CHARS)
"""Of a choice that needs no number, whichever of the two it becomes."""


def render(outcome: TurnOutcome, wording: Wording, *, account: str, buttons: Buttons) -> tuple[str, ...]:
    """Return the messages as JSON `{"message": {…}}`.

    Where the conversation is taken back `{"control": "take_thread_control"}` comes before them, at a hand-over
    `{"control": "pass_thread_control"}` after them.

    Notices stand in messages of their own before the answer, which takes as few as can be; the last has the sources,
    the choices and the buttons. No text is blank.
    """
    last = outcome.replies[-1]
    needed, optional = offered(last, sign=lambda text: buttons.sign(CHANNEL, account, text))
    is_short = len(needed) <= MAX_QUICK_REPLIES and all(_is_short(choice) for choice in needed)
    cards = _cards(last, wording)
    notices = [Block(tidy(notice)) for notice in outcome.notices]
    answer = [block for reply in outcome.replies[:-1] for block in with_sources(reply, wording)]
    answer += [Block(tidy(last.text))] if cards else with_sources(last, wording)
    if not is_short:
        answer.append(Block(numbered(needed, last.lang, wording), is_whole=True))
    texts = [part for blocks in (notices, answer) for part in pack(blocks, MAX_TEXT_CHARS)]
    messages: list[Fields] = [{"text": text} for text in texts]
    if cards:
        messages.append(_template(template_type="generic", elements=cards))
    elif texts and length(texts[-1]) <= MAX_TEMPLATE_TEXT_CHARS:
        staying = needed if is_short and len(needed) <= MAX_BUTTONS else []
        messages[-1] = _above_buttons(texts[-1], staying, last, wording)
        needed = needed[len(staying) :]
    quick_replies = [
        _quick_reply(choice, is_numbered=not is_short)
        for choice in (*needed, *optional)
        if length(choice.payload) <= MAX_PAYLOAD_CHARS
    ]
    if messages and quick_replies:
        messages[-1]["quick_replies"] = quick_replies[:MAX_QUICK_REPLIES]
    payloads: list[Fields] = [{"message": message} for message in messages]
    if outcome.takes_back:
        payloads.insert(0, {"control": "take_thread_control"})
    if outcome.hands_over:
        payloads.append({"control": "pass_thread_control"})
    return tuple(json.dumps(payload, ensure_ascii=False) for payload in payloads)


def _is_short(choice: Choice) -> bool:
    return length(choice.title) <= MAX_TITLE_CHARS and length(choice.payload) <= MAX_PAYLOAD_CHARS


def _above_buttons(text: str, staying: Sequence[Choice], reply: Reply, wording: Wording) -> Fields:
    """Return a text with buttons for some choices and for the one source of its reply; the text alone without any."""
    shown = [_postback(choice) for choice in staying]
    if len(shown) < MAX_BUTTONS and (url := only_address(reply)):
        shown.append(_link(url, reply.lang, wording))
    return _template(template_type="button", text=text, buttons=shown) if shown else {"text": text}


def _cards(reply: Reply, wording: Wording) -> list[Fields]:
    """Return a card for each document of a list, where they say all that source lines would; else none at all."""
    urls = [address(citation) for citation in reply.citations]
    if reply.status is not AnswerStatus.LISTED or len(urls) > MAX_CARDS or len(set(urls) - {None}) < 2:
        return []
    cards: list[Fields] = []
    for citation, url in zip(reply.citations, urls, strict=True):
        title = document_line(citation)
        subtitle = standing(citation, reply.lang, wording, told=reply.text)
        fits = length(title) <= MAX_CARD_LINE_CHARS and length(subtitle) <= MAX_CARD_LINE_CHARS
        if not fits or is_blank(title) or (citation.url and not url):
            return []
        card: Fields = {"title": title, "subtitle": subtitle}
        cards.append(card | {"buttons": [_link(url, reply.lang, wording)]} if url else card)
    return cards


def _template(**payload: object) -> Fields:
    return {"attachment": {"type": "template", "payload": payload}}


def _link(url: str, lang: str, wording: Wording) -> Fields:
    return {"type": "web_url", "url": url, "title": wording.text("gateway.open_source", lang)}


def _postback(choice: Choice) -> Fields:
    return {"type": "postback", "title": choice.title, "payload": choice.payload}


def _quick_reply(choice: Choice, *, is_numbered: bool) -> Fields:
    title = f"{choice.number}. {choice.title}" if is_numbered and choice.number else choice.title
    return {"content_type": "text", "title": shorten(title, MAX_QUICK_REPLY_TITLE_CHARS), "payload": choice.payload}
