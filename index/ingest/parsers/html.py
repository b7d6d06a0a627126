"""HTML of a page → its visible tree, and the text of a part of it; nothing hidden, nothing that runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree, html

from index.errors import UnreadableSource
from index.ingest.legacy_text import encoding_of_font, is_possible, to_unicode
from index.ingest.parsers.decoding import decode
from index.ingest.parsers.hidden import WHITE, Colour, colour_of, declarations, hides
from index.ingest.parsers.page import Page
from index.text.unicode import normalise

Element = Any  # lxml carries no types

_MOST_ELEMENTS = 200_000  # a 500-page decree as HTML has about 30,000
_NO_TEXT = frozenset(
    (
        *("script", "style", "template", "noscript", "iframe", "object", "embed", "applet", "svg", "canvas", "math"),
        *(
            "audio",
            "video",
            "map",
            "form",
            "button",
            "select",
            "input",
            "textarea",
            "datalist",
            "dialog",
            "nav",
            "title",
        ),
    )
)
_HIDING_CLASSES = re.compile(
    r"(?:^|\s)(?:sr-only|visually-?hidden|screen-reader-text|d-none|u-hidden|is-hidden|hidden|invisible)(?:\s|$)"
)
_BLOCKS = frozenset(
    (
        *(
            "p",
            "div",
            "br",
            "hr",
            "li",
            "ul",
            "ol",
            "dl",
            "dt",
            "dd",
            "table",
            "tr",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
        ),
        *("section", "article", "header", "footer", "main", "aside", "blockquote", "pre", "figure", "figcaption"),
    )
)
_CELLS = ("td", "th")
_RULE = re.compile(r"([^{}]{1,500})\{([^{}]{0,2000})\}")
_AT_BLOCK = re.compile(r"@[^{}]{0,500}\{(?:[^{}]{0,500}\{[^{}]{0,2000}\})*[^{}]{0,500}\}")
_SIMPLE = re.compile(r"(?:[\w*-]*)([.#])([\w-]+)$")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_MOST_STYLE = 200_000  # characters of style sheets inside a page that are read
_Inherited = tuple[Colour | None, Colour, str | None]  # colour of letters, of what is behind them, font


def visible(page: Page) -> Element:
    """The tree of a page with everything hidden or not text removed, and text of legacy fonts in Unicode.

    Raises `UnreadableSource` for a page that is no HTML, is nested deeper than the parser goes (2,048) or has more
    elements than any real page.
    """
    text = decode(page)
    if "<" not in text:
        raise UnreadableSource(page.where, "not HTML")
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    body = re.sub(r"^\s*<\?xml[^>]*\?>", "", _NOT_XML.sub("", text))
    try:
        root = html.document_fromstring(body.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, AssertionError, ValueError) as error:
        raise UnreadableSource(page.where, "not HTML") from error
    if any("depth" in entry.message.lower() for entry in parser.error_log):
        raise UnreadableSource(page.where, "nested too deep")
    if sum(1 for _ in root.iter()) > _MOST_ELEMENTS:
        raise UnreadableSource(page.where, f"more than {_MOST_ELEMENTS} elements")
    _clean(root)
    return root


def text_of(element: Element) -> str:
    """The text of a part of a tree: a line for each block, a Markdown row for each table row, no targets of links.

    Normalised (NFC, no invisible characters).
    """
    lines: list[str] = [""]
    rows = 0  # of the table being read; cells keep their blocks on one line
    tables = cells = 0
    for event, node in etree.iterwalk(element, events=("start", "end")):
        tag = node.tag
        if event == "start":
            if tag == "table":
                tables, rows = tables + 1, 0 if tables == 0 else rows
            if tag in _CELLS and tables == 1:
                cells += 1
                lines[-1] = f"{lines[-1]} | " if lines[-1].strip() else "| "
            elif tag in _BLOCKS:
                _break(lines, is_inside_cell=cells > 0)
            lines[-1] += _words(node.text)
        else:
            if tag in _CELLS and tables == 1:
                cells = max(0, cells - 1)
            elif tag == "tr" and tables == 1 and lines[-1].startswith("| "):
                rows += 1
                columns = lines[-1].count(" | ") + 1
                lines[-1] += " |"
                if columns == 1:
                    lines[-1] = lines[-1].strip("| ")  # a table of one column is a frame
                elif rows == 1:
                    lines.append("|" + " --- |" * columns)
                lines.append("")
            elif tag in _BLOCKS:
                _break(lines, is_inside_cell=cells > 0)
            tables -= tag == "table"
            if node is not element:
                lines[-1] += _words(node.tail)
    return "\n".join(line for line in (normalise(line) for line in lines) if line)


def one_line(element: Element) -> str:
    """The text of a part of a tree on one line."""
    return " ".join(text_of(element).split())


def _break(lines: list[str], *, is_inside_cell: bool) -> None:
    if is_inside_cell:
        lines[-1] += " "
    elif lines[-1].strip():
        lines.append("")
    else:
        lines[-1] = ""


def _words(text: str | None) -> str:
    return re.sub(r"\s+", " ", text.replace("|", "/")) if text else ""


def _clean(root: Element) -> None:
    sheet = _sheet(root)
    inherited: dict[Element, _Inherited] = {}
    doomed: list[Element] = []
    skipped: Element | None = None  # inside it nothing needs a look
    for event, node in etree.iterwalk(root, events=("start", "end")):
        if event == "end":
            if node is skipped:
                skipped = None
            continue
        if skipped is not None:
            continue
        above = inherited.get(node.getparent(), (None, WHITE, None))
        own, is_hidden = _seen(node, sheet, above)
        if is_hidden:
            doomed.append(node)
            skipped = node
            continue
        inherited[node] = own
        if encoding_of_font(own[2]):
            node.text = _in_unicode(node.text, own[2])
            for child in node:
                child.tail = _in_unicode(child.tail, own[2])
    for node in doomed:
        if node.getparent() is not None:
            node.drop_tree()  # keeps the text behind it


def _seen(node: Element, sheet: dict[str, dict[str, str]], above: _Inherited) -> tuple[_Inherited, bool]:
    """What a node hands down, and whether it is hidden."""
    attributes = node.attrib
    if node.tag in _NO_TEXT and not (node.tag == "form" and _holds_the_page(node)):
        return above, True
    classes = attributes.get("class", "")
    if "hidden" in attributes or attributes.get("aria-hidden", "").strip().lower() == "true":
        return above, True
    if _HIDING_CLASSES.search(classes):
        return above, True
    style: dict[str, str] = {}
    for name in (f".{word}" for word in classes.split()):
        style |= sheet.get(name, {})
    style |= sheet.get(f"#{attributes.get('id', '')}", {})
    style |= {"color": attributes["color"]} if node.tag == "font" and "color" in attributes else {}
    style |= {"background": attributes["bgcolor"].lower()} if "bgcolor" in attributes else {}
    style |= declarations(attributes.get("style", ""))
    if not style:
        return (above[0], above[1], attributes.get("face") or above[2]), False
    colour = colour_of(style.get("color")) or above[0]
    background = colour_of(style.get("background-color")) or colour_of(style.get("background")) or above[1]
    font = style.get("font-family") or attributes.get("face") or above[2]
    if "style" in attributes:  # declarations are in lower case, and the last letter of .VnTimeH tells
        written = re.search(r"font-family\s*:\s*([^;]+)", attributes["style"], re.I)
        font = written.group(1).split(",")[0] if written else font
    return (colour, background, font), hides(style, colour=colour, background=background)


def _holds_the_page(form: Element) -> bool:
    """ASP.NET wraps a whole page in one form."""
    parent = form.getparent()
    return parent is not None and parent.tag == "body" and len(form) > 0


def _in_unicode(text: str | None, font: str | None) -> str | None:
    encoding = encoding_of_font(font)
    text = _NOT_XML.sub("", text) if text else text  # character references bring them in, and no tree takes them back
    if not text or encoding is None or not is_possible(text):
        return text
    return to_unicode(text, encoding[0], is_capitals=encoding[1])


def _sheet(root: Element) -> dict[str, dict[str, str]]:
    """Rules of the page's own style elements for one class or id: "." or "#" and its name → declarations."""
    rules: dict[str, dict[str, str]] = {}
    for name, style in _rules("\n".join(node.text or "" for node in root.iter("style"))[:_MOST_STYLE]):
        rules[name] = rules.get(name, {}) | style
    return rules


def _rules(sheet: str) -> Iterator[tuple[str, dict[str, str]]]:
    for selectors, style in _RULE.findall(_AT_BLOCK.sub("", re.sub(r"/\*.*?\*/", "", sheet, flags=re.S))):
        for selector in selectors.split(","):
            simple = _SIMPLE.fullmatch(selector.strip())
            if simple:
                yield simple.group(1) + simple.group(2), declarations(style)
