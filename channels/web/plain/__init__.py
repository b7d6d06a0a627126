"""The last fallback: a conversation as a plain HTML page with a form, without script and without anything of others."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from string import Template
from typing import Any

from bot.reply import Citation
from bot.wording import Wording
from channels.agency import Agency
from channels.citation import address, document_line, standing
from channels.thread import Entry, Notice

FOLDER = Path(__file__).parent

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""No script at all, nothing inline, nothing from anybody else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What a page shows."""

    agency: Agency
    lang: str
    id: str  # of the message that will be sent, so that a form sent twice is one message
    token: str = field(default="", repr=False)
    text: str = field(default="", repr=False)  # what stands in the field
    told: str = ""  # a sentence above the form
    asks_consent: bool = False
    has_consented: bool = False  # the box is ticked already
    entries: Sequence[Entry] = ()
    notice: Notice | None = None


class PlainPage:
    """Renders forms; pure."""

    def __init__(self, wording: Wording) -> None:
        self._wording = wording
        self._template = Template((FOLDER / "form.html").read_text(encoding="utf-8"))

    def render(self, form: Form) -> str:
        """Return the page; whatever people, documents or operators wrote stands in it as text."""
        said = {
            name: escape(self._wording.text(f"widget.{name}", form.lang))
            for name in ("machine", "caution", "question", "send")
        }
        title = self._wording.text("widget.title", form.lang)
        return self._template.substitute(
            said,
            title=escape(f"{title} – {form.agency.name}" if form.agency.name else title),
            lang=form.lang,
            id=escape(form.id),
            agency=escape(form.agency.id),
            token=escape(form.token),
            text=escape(form.text),
            told=f'<p class="told" role="alert">{escape(form.told)}</p>' if form.told else "",
            consent=self._consent(form) if form.asks_consent else "",
            delete=self._delete(form) if form.token else "",
            urgent=self._urgent(form),
            entries="\n".join(self._entry(entry, form.lang) for entry in form.entries),
            choices=_choices(form.entries),
            links=self._links(form),
        )

    def _urgent(self, form: Form) -> str:
        if form.notice is None:
            return ""
        more = _link(form.notice.url, self._wording.text("widget.read_more", form.lang))
        heading = escape(self._wording.text("widget.urgent", form.lang))
        return f'<p class="urgent">{heading}: {escape(form.notice.text)} {more}</p>'

    def _entry(self, entry: Entry, lang: str) -> str:
        who = escape(self._wording.text("widget.bot" if entry.payload else "widget.you", lang))
        if not entry.payload:
            return f'<article><h2>{who}</h2><p class="text">{escape(entry.text)}</p></article>'
        answer = json.loads(entry.payload)
        texts = [text for text in (answer["notice"], answer["text"]) if text]
        said = "".join(f'<p class="text">{escape(text)}</p>' for text in texts)
        cited = "".join(f"<li>{self._citation(citation, lang)}</li>" for citation in answer["citations"])
        listed = f"<ul>{cited}</ul>" if cited else ""
        return f'<article><h2>{who}</h2><div lang="{escape(answer["lang"])}">{said}{listed}</div></article>'

    def _citation(self, wire: Mapping[str, object], lang: str) -> str:
        citation = Citation.from_wire(wire)
        quote = f"<blockquote>{escape(citation.quote)}</blockquote>" if citation.quote else ""
        lines = (document_line(citation), citation.title, standing(citation, lang, self._wording))
        link = _link(address(citation), self._wording.text("widget.open_source", lang))
        return f"{'<br>'.join(escape(line) for line in lines if line)}{quote}{link}"

    def _consent(self, form: Form) -> str:
        """The box without which the first message is not taken, and the notice that it speaks of."""
        agency = form.agency
        shown = {"notice": agency.privacy_url, "version": agency.privacy_version}
        hidden = "".join(
            f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in shown.items() if value
        )
        ticked = " checked" if form.has_consented else ""
        words = escape(self._wording.text("widget.consent_check", form.lang))
        link = _link(agency.privacy_url, self._wording.text("widget.privacy", form.lang))
        box = f'<input type="checkbox" name="consent" value="yes" required{ticked}>'
        return f'<p>{hidden}<label class="check">{box} {words}</label> {link}</p>'

    def _delete(self, form: Form) -> str:
        words = escape(self._wording.text("widget.delete", form.lang))
        return f'<p><button type="submit" name="delete" value="yes" formnovalidate>{words}</button></p>'

    def _links(self, form: Form) -> str:
        hotline = form.agency.hotline
        call = escape(self._wording.text("widget.hotline", form.lang, hotline=hotline)) if hotline else ""
        privacy = _link(form.agency.privacy_url, self._wording.text("widget.privacy", form.lang))
        return "".join(f"<p>{each}</p>" for each in (call, privacy) if each)


def _choices(entries: Sequence[Entry]) -> str:
    """The buttons of the last answer, each of which sends its text."""
    last = entries[-1].payload if entries else ""
    buttons: list[dict[str, Any]] = json.loads(last)["buttons"] if last else []
    shown = "".join(
        f'<button type="submit" name="choice" value="{escape(button["text"])}">{escape(button["title"])}</button> '
        for button in buttons
    )
    return f"<p>{shown}</p>" if shown else ""


def _link(url: str | None, title: str) -> str:
    if url is None or not url.startswith(("https://", "http://")):
        return ""
    return f'<a href="{escape(url)}" rel="noopener noreferrer">{escape(title)}</a>'
