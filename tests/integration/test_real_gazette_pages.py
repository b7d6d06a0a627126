"""The six gazette pages of the shared data, against the gazette's records of the same documents.

They are found through GOVCHAT_SHARED_DATA; the twin on pages of our own is in tests/unit/index/ingest/parsers.
"""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path

import pytest

from index.ingest.jsonl import read_jsonl
from index.ingest.parsers.congbao_page import titles_below
from index.ingest.parsers.page import Page
from index.ingest.sandbox import Sandbox

pytestmark = pytest.mark.integration

ON_PAGES = 21  # 4 pages of one document, an issue with 7, a list of 10
RECORDED = 18  # of them have a record
HEADINGS = 4_191  # of the records' diagrams, with 10,532 titles


@pytest.fixture(scope="module")
def gazette() -> Path:
    shared = os.environ.get("GOVCHAT_SHARED_DATA")
    if not shared:
        pytest.skip("GOVCHAT_SHARED_DATA is not set: the real documents are not at hand")
    assert Path(shared, "gazette", "samples").is_dir(), f"GOVCHAT_SHARED_DATA names {shared}, which holds no pages"
    return Path(shared, "gazette")


def test_every_fact_on_the_pages_is_the_records(gazette):
    records = {one.id: one for file in sorted(gazette.glob("*.jsonl")) for one in read_jsonl(file)}
    found = []
    with Sandbox() as sandbox:
        for file in sorted((gazette / "samples").glob("*.txt")):
            page = Page("https://congbao.chinhphu.vn/trang.htm", "text/plain", file.read_bytes(), date(2026, 7, 1))
            parsed = sandbox.parse("congbao_page", page)
            assert parsed.problems == ()
            found += parsed.documents
    assert len(found) == ON_PAGES
    pairs = [(one, records[one.id]) for one in found if one.id in records]
    assert len(pairs) == RECORDED
    for one, record in pairs:
        assert (one.type, one.title, one.issuing_body) == (record.type, record.title, record.issuing_body)
        assert one.effective_on in (record.effective_on, None)  # an issue's contents give none
        assert one.signer in (record.signer, None)
        assert one.relations == ()  # no page at hand shows any, though records of later days may


def test_titles_run_together_are_told_apart_as_the_records_have_them(gazette):
    rows = [
        json.loads(line) for file in sorted(gazette.glob("*.jsonl")) for line in file.read_text("utf-8").splitlines()
    ]
    groups = [
        [" ".join(other["title"].split()) for other in others] for row in rows for others in row["relations"].values()
    ]
    read = [(group, titles_below(" ".join(group), len(group))) for group in groups]
    assert len(groups) == HEADINGS
    assert sum(len(titles) != len(group) for group, titles in read) <= 5  # named as problems, give no relation
    assert sum(len(titles) == len(group) and titles != group for group, titles in read) <= 2
