"""Answers of the parsing child: as large as real pages need, and cheap to refuse."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, datetime, timezone
from pathlib import Path

import pytest

from index.document import Document, TextKind
from index.ingest.parsers.page import Link, Parsed
from index.ingest.parsers.wire import MOST_BYTES, pack_answer, unpack_answer

ROOT = Path(__file__).resolve().parents[5]
PROGRAM = """
import resource, sys
from index.ingest.parsers.wire import unpack_answer
start, unit, end, size = (*(part.encode() for part in sys.argv[1:4]), int(sys.argv[4]))
unpack_answer(b'{"links":[]}')
body = start + b",".join([unit] * (size // (len(unit) + 1))) + end
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
try:
    unpack_answer(body)
except ValueError:
    pass
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) >> 10)
"""
DOCUMENT = (
    '{"documents":[{"number":"","type":"","title":"","issuing_body":"","issued_on":null,"effective_on":null,'
    '"text_kind":"official","text":"","source":"","checked_on":null,"aliases":['
)


@pytest.mark.parametrize("size", [990_000, MOST_BYTES - 1_000])
@pytest.mark.parametrize(
    ("start", "unit", "end"),
    [
        ('{"links":[', "{}", "]}"),
        ('{"links":[', "[]", "]}"),
        ('{"links":[', "0", "]}"),
        ('{"problems":[', '{"where":"","reason":""}', "]}"),
        ('{"links":[', '{"url":"","title":null,"published":null,"kind":""}', "]}"),
        (DOCUMENT, '""', "]}]}"),
        (DOCUMENT, "0", "]}]}"),
    ],
    ids=["objects", "lists", "numbers", "problems", "links", "aliases", "wrong aliases"],
)
def test_an_answer_of_tiny_records_takes_little_memory(start, unit, end, size):
    command = [sys.executable, "-c", PROGRAM, start, unit, end, str(size)]
    done = subprocess.run(command, capture_output=True, cwd=ROOT, check=True, timeout=120)
    assert int(done.stdout) < 300  # MB


def test_the_largest_pages_of_today_pass():
    instant = datetime(2026, 7, 1, tzinfo=timezone.utc)
    url = "https://baochinhphu.vn/" + "mot-dia-chi-dai-" * 6
    links = tuple(Link(f"{url}{number}.htm", None, instant, "article") for number in range(50_000))
    assert unpack_answer(pack_answer(Parsed(links=links))).links == links
    text = "Người đề nghị nộp, tờ khai; " * 40_000
    law = Document("1/2026/QH16", "Luật", "Luật thử", "Quốc hội", None, None, TextKind.OFFICIAL, text, "a.vn",
                   date(2026, 7, 1))  # fmt: skip
    assert unpack_answer(pack_answer(Parsed(documents=(law,)))).documents == (law,)


def test_a_nul_is_refused():
    packed = pack_answer(Parsed(links=(Link("https://a.vn/", "x\0y", None, "pdf"),)))
    with pytest.raises(ValueError, match="NUL"):
        unpack_answer(packed)
