"""Hostile pages are refused or made harmless, each alone: the asking process and the run go on."""

from __future__ import annotations

import gzip
import io
import json
import os
import struct
import sys
import time
import zipfile
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import UnreadableSource
from index.ingest.parsers.page import PARSER_NAMES, Page
from index.ingest.parsers.registry import PARSERS
from index.ingest.sandbox import Limits, Sandbox, parse_safely
from index.text.unicode import normalise

from .conftest import PORTAL, READ_ON, pdf_of, stream

LAUGHS = "<!DOCTYPE x [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY {new} '{('&' + old + ';') * 10}'>" for old, new in zip("abcdefghi", "bcdefghij", strict=True)
) + "]>"  # fmt: skip
FEED = "<rss version='2.0'><channel><title>{}</title><item><title>{}</title><link>https://a.vn/1</link></item></channel></rss>"
SITEMAP = "<urlset><url><loc>https://a.vn/{}</loc></url></urlset>"
OUTSIDE = "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>"


def zeros(size: int) -> bytes:
    """A raw deflate stream of `size` zero bytes, made without packing them all."""
    packer = zlib.compressobj(9, wbits=-15)
    part = packer.compress(bytes(10_000_000)) + packer.flush(zlib.Z_FULL_FLUSH)
    return part * (size // 10_000_000) + packer.flush()


def docx_with(name: bytes, packed: bytes, *, declared: int) -> bytes:
    """A ZIP of one packed member that says it unpacks to `declared` bytes (ZIP64)."""
    sizes = struct.pack("<HHQQ", 1, 16, declared, len(packed))
    local = (
        struct.pack("<4s5H3L2H", b"PK\3\4", 45, 0, 8, 0, 0, 0, 2**32 - 1, 2**32 - 1, len(name), len(sizes))
        + name
        + sizes
    )
    entry = struct.pack(
        "<4s6H3L5H2L", b"PK\1\2", 45, 45, 0, 8, 0, 0, 0, 2**32 - 1, 2**32 - 1, len(name), len(sizes), 0, 0, 0, 0, 0
    )
    central = entry + name + sizes
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, len(central), len(local) + len(packed), 0)
    return local + packed + central + end


def docx_saying(xml: bytes) -> bytes:
    """A DOCX whose text is `xml`."""
    import docx

    file = io.BytesIO()
    docx.Document().save(file)
    out = io.BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            new.writestr(member, xml if member == "word/document.xml" else old.read(member))
    return out.getvalue()


def pdf_with_pages(kids: bytes, *more: bytes) -> bytes:
    return pdf_of([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count 1 /Kids [%s] >>" % kids, *more])


def pdf_of_hidden_objects() -> bytes:
    packed = zlib.compress(b"1 0 " + b"0" * 200_000_000)
    body = b"<< /Type /ObjStm /N 1 /First 4 /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (
        len(packed),
        packed,
    )
    head = b"%PDF-1.7\n5 0 obj\n" + body + b"\nendobj\n"
    table = struct.pack(">BHB", 2, 5, 0) * 1  # object 1 is in stream 5
    rows = struct.pack(">BHB", 0, 0, 0) + table + struct.pack(">BHB", 0, 0, 0) * 3 + struct.pack(">BHB", 1, 9, 0)
    xref = b"6 0 obj\n<< /Type /XRef /Size 6 /W [1 2 1] /Root 1 0 R /Length %d >>\nstream\n%s\nendstream\nendobj\n" % (
        len(rows),
        rows,
    )
    return head + xref + b"startxref\n%d\n%%%%EOF\n" % len(head)


def content_bomb() -> bytes:
    content = stream(b"BT /F1 9 Tf (chu) Tj ET " + bytes(300_000_000))
    font = b"/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"
    return pdf_with_pages(b"3 0 R", b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R %s >>" % font, content)


def deep_page_tree(depth: int = 20_000) -> bytes:
    nodes = [b"<< /Type /Pages /Count 1 /Kids [%d 0 R] >>" % (number + 4) for number in range(depth)]
    return pdf_with_pages(b"3 0 R", *nodes, b"<< /Type /Page >>")


BOMBS = {
    "gzip of 1 GB as a sitemap": lambda: ("sitemap", b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + zeros(1_000_000_000) + bytes(8)),
    "broken gzip": lambda: ("sitemap", gzip.compress(b"<urlset/>")[:-9]),
    "ZIP member of 10 GB": lambda: ("docx", docx_with(b"word/document.xml", zeros(10_000_000_000), declared=10**10)),
    "ZIP member that hides its size": lambda: ("docx", docx_with(b"[Content_Types].xml", zeros(10**9), declared=99)),
    "ZIP of 10,000 members": lambda: ("docx", many_members()),
    "ZIP in a ZIP": lambda: ("docx", docx_with(b"a.zip", zeros(2_000_000_000), declared=2 * 10**9)),
    "laughs in a DOCX": lambda: ("docx", docx_saying(f"{LAUGHS}<x>&j;</x>".encode())),
    "deep DOCX": lambda: ("docx", docx_saying(b"<a>" * 100_000 + b"</a>" * 100_000)),
    "old Word file": lambda: ("docx", b"\xd0\xcf\x11\xe0" + bytes(600)),
    "PDF object stream of 200 MB": lambda: ("pdf", pdf_of_hidden_objects()),
    "PDF content of 300 MB": lambda: ("pdf", content_bomb()),
    "PDF of 100,000 pages": lambda: ("pdf", pdf_with_pages(
        b" ".join(b"%d 0 R" % number for number in range(3, 100_003)), *[b"<< /Type /Page >>"] * 100_000)),
    "PDF of one page shown 100,000 times": lambda: ("pdf", pdf_with_pages(b"3 0 R " * 100_000, b"<< /Type /Page >>")),
    "PDF whose pages go in a circle": lambda: ("pdf", pdf_with_pages(b"2 0 R")),
    "PDF whose pages go in a wide circle": lambda: (
        "pdf", pdf_with_pages(b"3 0 R 3 0 R", b"<< /Type /Pages /Kids [2 0 R] >>")),
    "PDF with 20,000 levels of pages": lambda: ("pdf", deep_page_tree()),
    "PDF without anything": lambda: ("pdf", b"%PDF-1.7\n%%EOF"),
    "HTML 100,000 deep": lambda: ("article", b"<div>" * 100_000 + b"chu" + b"</div>" * 100_000),
    "HTML with 1,000,000 tags": lambda: ("article", b"<html><body>" + b"<b>x</b>" * 500_000),
    "table 100,000 deep": lambda: ("vanban_detail", b"<table><tr><td>" * 100_000),
    "laughs in a feed": lambda: ("rss", (LAUGHS + FEED.format("t", "&j;")).encode()),
    "laughs in a sitemap": lambda: ("sitemap", (LAUGHS + SITEMAP.format("&j;")).encode()),
    "laughs in UTF-16": lambda: ("rss", (LAUGHS + FEED.format("t", "&j;")).encode("utf-16")),
    "file of the machine in a feed": lambda: ("rss", (OUTSIDE + FEED.format("t", "&a;")).encode()),
    "file of the machine in a sitemap": lambda: ("sitemap", (OUTSIDE + SITEMAP.format("&a;")).encode()),
    "JSON 100,000 deep": lambda: ("congbao_search", b'{"data":' + b"[" * 100_000),
    "JSON with a number of a million digits": lambda: ("congbao_search", b'{"data":[' + b"9" * 1_000_000 + b"]}"),
    "JSON Lines 100,000 deep": lambda: ("jsonl", b'{"a":' * 100_000),
    "laughs in front matter": lambda: ("markdown", laughing_yaml()),
    "invalid UTF-8": lambda: ("text", (PORTAL / "decree.txt").read_bytes().replace("thẻ".encode(), b"th\xe1\xbb")),
    "two encodings in one page": lambda: (
        "vanban_detail", (PORTAL / "vanban_detail.html").read_bytes().replace("về".encode(), "về".encode("utf-16-le"))),
    "nothing": lambda: ("article", b""),
    "nothing but blanks and NUL": lambda: ("rss", b" \0\n" * 100),
    "a picture as a page": lambda: ("article", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20),
    "a page as a PDF": lambda: ("pdf", b"<html><body>Khong co</body></html>"),
    "a PDF as a page": lambda: ("vanban_list", pdf_with_pages(b"3 0 R", b"<< /Type /Page >>")),
    "undeclared legacy encoding": lambda: ("text", "Céng hßa".encode("latin-1")),
}  # fmt: skip


def many_members() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for number in range(10_000):
            archive.writestr(f"{number}", b"")
    return file.getvalue()


def laughing_yaml() -> bytes:
    lines = ["a: &a [ha,ha,ha,ha,ha,ha,ha,ha,ha]"]
    lines += [f"{new}: &{new} [{','.join(['*' + old] * 9)}]" for old, new in zip("abcdefgh", "bcdefghi", strict=True)]
    return ("---\n" + "\n".join(lines) + "\n---\n# Nghị định 901/2026/NĐ-CP\nĐiều 1. Thẻ\n").encode()


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox() as one:
        yield one


def page_of(body: bytes, **facts) -> Page:
    return Page(facts.pop("url", "https://baochinhphu.vn/tin-102260511103041123.htm"), None, body, READ_ON, **facts)


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_one_named_problem(sandbox, bomb):
    parser, body = BOMBS[bomb]()
    with pytest.raises(UnreadableSource) as refused:
        sandbox.parse(parser, page_of(body), limits=Limits(cpu_s=20, wall_s=60))
    assert refused.value.where.removesuffix(":1") == "https://baochinhphu.vn/tin-102260511103041123.htm"
    assert "failed" not in refused.value.reason, "a plain reason, not a fault of ours"


def test_a_run_over_good_bomb_good_gives_two_documents_and_one_problem():
    good = page_of((PORTAL / "decree.txt").read_bytes())
    documents, problems = [], []
    for parser, one in (("text", good), ("docx", page_of(BOMBS["ZIP member of 10 GB"]()[1])), ("text", good)):
        try:
            documents += parse_safely(parser, one).documents
        except UnreadableSource as problem:
            problems.append(problem)
    assert [document.number for document in documents] == ["901/2026/NĐ-CP"] * 2
    assert "unpacks to more" in problems[0].reason


HOSTILE = """
import ctypes, json, os, signal, struct, sys, time
sys.path.insert(0, {root!r})
import index.ingest.parsers.__main__ as child
from index.ingest.parsers.page import Link, Parsed

def parse(page):
    what = page.body.decode()
    if what == "crash": ctypes.string_at(0)
    if what == "loop":
        while True: pass
    if what == "sleep": time.sleep(60)
    if what == "memory": bytearray(3 << 30)
    if what == "recursion": return parse(page)
    if what == "fault": raise ZeroDivisionError(what)
    if what == "end": os._exit(3)
    if what == "flood": return Parsed(links=(Link("https://a.vn/", "x" * 1000, None, "pdf"),) * 3000)
    if what == "lie": return Parsed(links=(Link(7, None, None, "pdf"),))
    if what == "pickle":
        for file in range(3, 64):
            try: os.write(file, b"R" + (5).to_bytes(8, "big") + b"\\x80\\x04K\\x01.")
            except OSError: pass
        os._exit(0)
    if what.startswith("forge"):
        frame = sys._getframe()
        while frame.f_code.co_name != "main": frame = frame.f_back
        secret = bytes.fromhex(frame.f_locals["request"]["secret"])
        link = {{"url": "https://a.vn/", "title": None, "published": None, "kind": "lie"}}
        lie = json.dumps({{"links": [link]}}).encode()
        answer = b"R" + struct.pack(">Q", len(lie)) + lie + b"E" + secret + struct.pack(">I", 0)
        os.write(frame.f_locals["answers"], answer * 2)
        if what == "forge and stay":
            signal.alarm(0)
            time.sleep(60)
        os._exit(0)
    if what == "fork": os.fork()
    if what == "write":
        with open({file!r}, "wb", buffering=0) as file: file.write(b"x")
    return Parsed(links=(Link("https://a.vn/", None, None, what),))

child.PARSERS = {{"text": parse}}
child.main()
"""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    script = folder / "child.py"
    root = Path(__file__).resolve().parents[5]
    script.write_text(HOSTILE.format(root=str(root), file=str(folder / "written")), encoding="utf-8")
    with Sandbox((sys.executable, str(script))) as one:
        yield one


@pytest.mark.parametrize(
    ("does", "reason"),
    [
        ("crash", "crashed"),
        ("loop", "too long"),
        ("sleep", "too long"),
        ("memory", "memory"),
        ("recursion", "deep"),
        ("fault", "ZeroDivisionError"),
        ("end", "crashed"),
        ("flood", "more text"),
        ("lie", "hostile"),
        ("pickle", "hostile"),
        ("write", "failed|crashed"),
    ],
)
def test_a_parser_that_goes_wrong_is_one_named_problem_and_the_next_page_is_read(hostile, does, reason):
    limits = Limits(cpu_s=1, wall_s=2, output_bytes=1 << 20)
    with pytest.raises(UnreadableSource, match=reason):
        hostile.parse("text", page_of(does.encode()), limits=limits)
    assert hostile.parse("text", page_of(b"good"), limits=limits).links[0].kind == "good"


@pytest.mark.parametrize("does", ["forge", "forge and stay"])
@pytest.mark.parametrize("size", [0, 1 << 20], ids=["a small page", "a page larger than a pipe"])
def test_a_parser_that_a_page_took_over_says_nothing_about_the_next_page(hostile, does, size):
    limits = Limits(cpu_s=1, wall_s=2)
    assert hostile.parse("text", page_of(does.encode()), limits=limits).links[0].kind == "lie"
    with pytest.raises(UnreadableSource, match=r"ask again|too long"):
        hostile.parse("text", page_of(b"good" + b" " * size), limits=limits)
    assert hostile.parse("text", page_of(b"good"), limits=limits).links[0].kind == "good"


def test_a_page_that_is_being_read_can_be_interrupted_and_was_not_read(hostile):
    with Sandbox(hostile._command) as one, ThreadPoolExecutor(1) as pool:
        one.parse("text", page_of(b"good"))
        sleeping = pool.submit(one.parse, "text", page_of(b"sleep"))
        while not one._lock.locked():
            time.sleep(0.01)
        one.interrupt()
        with pytest.raises(InterruptedError):
            sleeping.result(timeout=30)
        with pytest.raises(InterruptedError):
            one.parse("text", page_of(b"good"))


def test_nothing_is_written_by_a_parser(hostile):
    with pytest.raises(UnreadableSource):
        hostile.parse("text", page_of(b"write"))
    written = Path(hostile._command[1]).with_name("written")
    assert not written.exists() or written.stat().st_size == 0


def test_a_child_that_does_not_start_is_named(tmp_path):
    with Sandbox((sys.executable, str(tmp_path / "none.py"))) as broken, pytest.raises(UnreadableSource, match="start"):
        broken.parse("text", page_of(b"x"))


def test_no_child_is_left_behind():
    import psutil

    with Sandbox() as one:
        one.parse("jsonl", page_of(b'{"number":"901/2026/N\xc4\x90-CP","text":"x"}'))
        (child,) = [found for found in psutil.Process().children() if found.pid == one._child._process.pid]
    assert not child.is_running()


def test_secrets_of_the_asking_process_are_not_in_the_child(monkeypatch):
    import psutil

    monkeypatch.setenv("GOVCHAT_SECRET_KEY", "tuyet-mat")
    with Sandbox() as one:
        one.parse("jsonl", page_of(b'{"number":"901/2026/N\xc4\x90-CP","text":"x"}'))
        environment = psutil.Process(one._child._process.pid).environ()
    assert "tuyet-mat" not in json.dumps(environment)


def test_every_parser_is_registered_under_its_name(sandbox):
    assert set(PARSERS) == set(PARSER_NAMES)
    with pytest.raises(ValueError, match="no parser"):
        sandbox.parse("exe", page_of(b""))


def test_a_page_larger_than_allowed_is_not_even_sent(sandbox):
    with pytest.raises(UnreadableSource, match="larger than"):
        sandbox.parse("text", page_of(bytes(2 << 20)), limits=Limits(input_bytes=1 << 20))


FILES = sorted(file for file in PORTAL.iterdir() if file.name != "README.md")


@given(st.sampled_from(PARSER_NAMES), st.binary(max_size=400), st.sampled_from(FILES), st.data())
@settings(max_examples=150)
def test_damaged_pages_and_noise_raise_nothing_but_unreadable_source(parser, noise, file, data):
    body = file.read_bytes()
    place = data.draw(st.integers(0, len(body)))
    body = data.draw(st.sampled_from([noise, body[:place] + noise + body[place:], body[:place], b"%PDF-1.7\n" + noise]))
    try:
        parsed = parse_safely(parser, page_of(body), limits=Limits(cpu_s=10, wall_s=30))
    except UnreadableSource as problem:
        assert "failed" not in problem.reason
        return
    for document in parsed.documents:
        assert document.number
        assert all(normalise(part) == part for part in document.text.split("\n"))
        assert "\ufffd" not in document.text


def test_a_feed_nested_100_000_deep_gives_nothing(sandbox):
    deep = page_of(b"<rss version='2.0'><channel>" + b"<a>" * 100_000)
    assert sandbox.parse("rss", deep).links == ()


@pytest.mark.skipif(os.geteuid() == 0, reason="root is above the limit on processes; in service nothing runs as root")
def test_a_parser_may_start_no_process(hostile):
    with pytest.raises(UnreadableSource, match="BlockingIOError"):
        hostile.parse("text", page_of(b"fork"))
