"""The demo portal page with a plain chat and the widget, built per language from its template and the wording files."""

from __future__ import annotations

import html
import json
from pathlib import Path
from string import Template

from bot.wording import LANGUAGES, Wording

FOLDER = Path(__file__).with_name("page")

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Nothing inline, nothing from anybody else."""

ASSETS = {
    "chat.js": "text/javascript; charset=utf-8",
    "chat.css": "text/css; charset=utf-8",
    "embedding.js": "text/javascript; charset=utf-8",
    "emblem.svg": "image/svg+xml",
}
"""Files of the page and their media types."""


def pages(wording: Wording, *, site_verification: str | None, has_chat: bool = True) -> dict[str, str]:
    """Return the HTML of the page in each language; without the plain chat the widget alone takes questions.

    `site_verification` is the token by which Zalo recognises the owner of the domain (reference/zalo-oa.md section 2).
    """
    template = Template((FOLDER / "index.html").read_text(encoding="utf-8"))
    shown = {"chat": "" if has_chat else " hidden"}
    return {lang: template.substitute(_values(wording, lang, site_verification) | shown) for lang in LANGUAGES}


def embedding_pages(wording: Wording, *, gateway: str) -> dict[str, str]:
    """Return the HTML of the page for webmasters in each language; `gateway` is the address that pages see."""
    template = Template((FOLDER / "embedding.html").read_text(encoding="utf-8"))
    pages: dict[str, str] = {}
    for lang in LANGUAGES:
        keys = wording.keys("embedding")
        values = {key.partition(".")[2]: html.escape(wording.text(key, lang)) for key in keys}
        pages[lang] = template.substitute(values | _current(lang), lang=lang, gateway=html.escape(gateway))
    return pages


def asset(name: str) -> bytes:
    """Return a file of the page; `name` is one of ASSETS."""
    return (FOLDER / name).read_bytes()


def _values(wording: Wording, lang: str, site_verification: str | None) -> dict[str, str]:
    sentences = {key.partition(".")[2]: wording.text(key, lang) for key in wording.keys("page")}
    validity = {
        key.partition(".")[2]: wording.text(key, lang)
        for key in wording.keys("gateway")
        if key.startswith("gateway.validity_")
    }
    values = {name: html.escape(sentence) for name, sentence in sentences.items()}
    values |= _current(lang)
    values["lang"] = lang
    values["plain_form"] = html.escape(wording.text("widget.form", lang))
    values["words"] = html.escape(json.dumps(sentences | validity, ensure_ascii=False))
    values["site_verification"] = (
        f'<meta name="zalo-platform-site-verification" content="{html.escape(site_verification)}">'
        if site_verification
        else ""
    )
    return values


def _current(lang: str) -> dict[str, str]:
    """Attributes that tell which of the links to languages is the page's own."""
    return {f"current_{other}": ' aria-current="true"' if other == lang else "" for other in LANGUAGES}
