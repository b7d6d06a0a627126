"""One line for each document that an answer stands on, for platforms that show plain text."""

from __future__ import annotations

from datetime import date

from bot.reply import Citation, Reply
from bot.wording import Wording
from channels.text import tidy


def with_sources(reply: Reply, wording: Wording) -> str:
    """Return the reply's text, a blank line and one line for each citation: document, location, validity, address."""
    lines = [source_line(citation, reply.lang, wording) for citation in reply.citations]
    return "\n\n".join([tidy(reply.text), "\n".join(lines)]) if lines else tidy(reply.text)


def source_line(citation: Citation, lang: str, wording: Wording) -> str:
    """Return "Nguồn: <type> <number> (<issued>), <location> – <validity in words> – <address>", whatever is known."""
    document = f"{citation.type} {citation.number}".strip()
    if citation.issued_on:
        document += f" ({_day(citation.issued_on)})"
    if citation.location:
        document += f", {citation.location}"
    parts = [document, validity_words(citation, lang, wording)]
    if citation.replaced_by:
        parts.append(wording.text("gateway.replaced_by", lang, numbers=", ".join(citation.replaced_by)))
    if citation.url:
        parts.append(citation.url)
    key = "gateway.source_official" if citation.text_kind == "official" else "gateway.source_summary"
    return tidy(wording.text(key, lang, document=" – ".join(parts))).replace("\n", " ")


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
