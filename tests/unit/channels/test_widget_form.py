"""The plain form: whatever stands in a conversation stands on the page as text."""

from __future__ import annotations

import json
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from bot.reply import AnswerStatus, Button, Citation, Reply
from bot.wording import LANGUAGES, Wording
from channels.agency import Agency
from channels.event import TurnOutcome
from channels.testing import ManualClock
from channels.thread import Cursor, Entry, Notice
from channels.web.plain import Form, PlainPage
from channels.web.render import render

WORDING = Wording.load(Path(__file__).parents[3] / "data" / "wording")
PAGE = PlainPage(WORDING)
NOW = ManualClock().now()
HOSTILE = [
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "'><svg/onload=alert(1)>", "</textarea><script>",
    "</title><script>", "javascript:alert(1)", "$text ${id}", "&lt;b&gt;", "<!--", "\u2028<b>",
]  # fmt: skip
TAGS = {
    "html", "head", "meta", "title", "link", "body", "main", "h1", "h2", "p", "strong", "form", "input", "label",
    "textarea", "button", "article", "div", "ul", "li", "br", "blockquote", "a",
}  # fmt: skip


class Reader(HTMLParser):
    """Collects tags, attributes and text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


def conversation(words: str, *, url: str = "https://congbao.chinhphu.vn/161") -> list[Entry]:
    citation = Citation(
        number=words, type="Nghị định", title=words, issuing_body=words, issued_on=date(2026, 5, 15), effective_on=None,
        validity="expired", replaced_by=(words,), checked_on=date(2026, 7, 1), text_kind="official", location=words,
        quote=words, url=url,
    )  # fmt: skip
    reply = Reply(AnswerStatus.ANSWERED, words, (citation,), (Button(words[:20], words),))
    [payload] = render(TurnOutcome((reply,), notices=(words,)))
    return [
        Entry(Cursor(1, 0), "m", NOW, text=words),
        Entry(Cursor(1, 1), "m", NOW, payload=payload),
    ]


@pytest.mark.parametrize("words", HOSTILE)
def test_nothing_that_anybody_wrote_becomes_a_tag_or_a_script(words: str) -> None:
    agency = Agency(id="hue", name=words, hotline="1900 1075", privacy_url="https://hue.gov.vn/x")
    notice = Notice(words, "https://tinh.gov.vn/12", None)
    form = Form(
        agency=agency, lang="vi", id=words, token=words, text=words, told=words,
        entries=conversation(words), notice=notice,
    )  # fmt: skip
    read = Reader(PAGE.render(form))
    assert read.tags <= TAGS
    assert not [name for name, _ in read.attributes if name.startswith("on") or name == "style"]
    assert all(
        (value or "").startswith(("https://", "/widget/v1/")) for name, value in read.attributes if name == "href"
    )
    assert read.text.count(words) >= 6


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "http://congbao.vn", "https://evil\u0430.vn", ""]
)
def test_only_a_plain_address_of_a_source_is_a_link(url: str) -> None:
    read = Reader(PAGE.render(Form(agency=Agency(id="a"), lang="vi", id="x", entries=conversation("w", url=url))))
    assert "a" not in read.tags


def test_an_answer_shows_document_validity_quotation_and_choices() -> None:
    shown = PAGE.render(Form(agency=Agency(id="a"), lang="vi", id="x", entries=conversation("Điều 3")))
    text = Reader(shown).text
    assert WORDING.text("gateway.validity_expired", "vi", date="01/07/2026") in text
    assert "Nghị định Điều 3 (15/05/2026), Điều 3" in text
    assert '<button type="submit" name="choice" value="Điều 3">' in shown


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_language_has_its_page_and_what_is_missing_leaves_no_trace(lang: str) -> None:
    shown = PAGE.render(Form(agency=Agency(id="a"), lang=lang, id="x"))
    assert f'<html lang="{lang}">' in shown
    assert WORDING.text("widget.title", lang) in shown
    assert "None" not in shown and "$" not in shown
    assert json.dumps(shown)
