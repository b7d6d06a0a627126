"""One line for each document that an answer stands on, for platforms that show plain text."""

from __future__ import annotations

from datetime import date

from bot.reply import AnswerStatus, Citation, Reply
from bot.wording import Wording
from channels.text import tidy


def with_sources(reply: Reply, wording: Wording) -> str:
    """Return the reply's text, a blank line, and its sources: one beside their heading, several below it.

    The heading points to the original where the answer is our summary; that it is one, the text itself says.
    """
    text = tidy(reply.text)
    if not reply.citations:
        return text
    lines = [source_line(citation, reply.lang, wording, told=text) for citation in reply.citations]
    is_summary = reply.status is AnswerStatus.ANSWERED and reply.citations[0].text_kind == "summary"
    heading = wording.text("gateway.original" if is_summary else "gateway.source", reply.lang)
    listed = f" {lines[0]}" if len(lines) == 1 else "".join(f"\n• {line}" for line in lines)
    return f"{text}\n\n{heading}{listed}"


def source_line(citation: Citation, lang: str, wording: Wording, *, told: str = "") -> str:
    """Return "<type> <number> (<issued>), <location> – <validity in words> – <address>", whatever is known.

    Successors are named unless the answer has `told` them.
    """
    document = f"{citation.type} {citation.number}".strip()
    if citation.issued_on:
        document += f" ({_day(citation.issued_on)})"
    if citation.location:
        document += f", {citation.location}"
    parts = [document, validity_words(citation, lang, wording)]
    if any(number not in told for number in citation.replaced_by):
        parts.append(wording.text("gateway.replaced_by", lang, numbers=", ".join(citation.replaced_by)))
    if citation.url:
        parts.append(citation.url)
    return tidy(" – ".join(parts)).replace("\n", " ")


def validity_words(citation: Citation, lang: str, wording: Wording) -> str:
    """Return the validity as a careful sentence: never a bare "in force", always "as of" when the day is known."""
    key = f"gateway.validity_{citation.validity}"
    if key not in wording.keys("gateway") or citation.validity == "unknown":
        return wording.text("gateway.validity_unknown", lang)
    if citation.checked_on is None:
        return wording.text(f"{key}_undated", lang)
    return wording.text(key, lang, date=_day(citation.checked_on))


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"
