"""One line for each document that an answer stands on, and its address where a button can open it."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlsplit

from bot.reply import AnswerStatus, Citation, Reply
from bot.wording import Wording
from channels.parts import Block
from channels.text import one_line, tidy


def with_sources(reply: Reply, wording: Wording) -> list[Block]:
    """Return the reply's text and, where it cites, its sources as a block that stays whole."""
    text = Block(tidy(reply.text))
    return [text, Block(source_block(reply, wording), is_whole=True)] if reply.citations else [text]


def source_block(reply: Reply, wording: Wording) -> str:
    """Return the sources of a reply that cites: one beside their heading, several below it.

    The heading points to the original where the answer is our summary; that it is one, the text itself says.
    """
    lines = [source_line(citation, reply.lang, wording, told=reply.text) for citation in reply.citations]
    is_summary = reply.status is AnswerStatus.ANSWERED and reply.citations[0].text_kind == "summary"
    heading = wording.text("gateway.original" if is_summary else "gateway.source", reply.lang)
    listed = f" {lines[0]}" if len(lines) == 1 else "".join(f"\n• {line}" for line in lines)
    return f"{heading}{listed}"


def source_line(citation: Citation, lang: str, wording: Wording, *, told: str = "") -> str:
    """Return "<document_line> – <standing> – <address>", whatever is known; see there for `told`."""
    parts = [document_line(citation), standing(citation, lang, wording, told=told), one_line(citation.url or "")]
    return " – ".join(filter(None, parts))


def document_line(citation: Citation) -> str:
    """Return "<type> <number> (<issued>), <location>", whatever is known."""
    document = f"{citation.type} {citation.number}".strip()
    if citation.issued_on:
        document += f" ({_day(citation.issued_on)})"
    if citation.location:
        document += f", {citation.location}"
    return one_line(document)


def standing(citation: Citation, lang: str, wording: Wording, *, told: str = "") -> str:
    """Return the validity in words and the successors, unless the answer has `told` them."""
    words = validity_words(citation, lang, wording)
    successors = list(filter(None, map(one_line, citation.replaced_by)))
    if all(number in told for number in successors):
        return words
    return f"{words} – {wording.text('gateway.replaced_by', lang, numbers=', '.join(successors))}"


def validity_words(citation: Citation, lang: str, wording: Wording) -> str:
    """Return the validity as a careful sentence: never a bare "in force", always "as of" when the day is known."""
    key = f"gateway.validity_{citation.validity}"
    if key not in wording.keys("gateway") or citation.validity == "unknown":
        return wording.text("gateway.validity_unknown", lang)
    if citation.checked_on is None:
        return wording.text(f"{key}_undated", lang)
    return wording.text(key, lang, date=_day(citation.checked_on))


def address(citation: Citation) -> str | None:
    """Return the document's address where a button can open it: https, printable ASCII; None otherwise."""
    url = citation.url or ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    is_plain = url.isascii() and url.isprintable() and " " not in url
    return url if is_plain and parts.scheme == "https" and parts.hostname else None


def only_address(reply: Reply) -> str | None:
    """Return the one address to which all citations of a reply lead; None where there is none or more than one."""
    addresses = {address(citation) for citation in reply.citations}
    return addresses.pop() if len(addresses) == 1 else None


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"
