"""`watch` in a process of its own: stopped and killed, and no announcement is lost."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from uuid import uuid4

import pytest

from index.catalogue import Catalogue
from index.snapshot import Snapshot
from index.testing import HashEmbedder

pytestmark = pytest.mark.integration

PROGRAM = """
import sys
from pathlib import Path
from index import snapshot
from index.catalogue import Catalogue
from index.ingest import sandbox as ingest_sandbox
from index.ingest.commands import Places, watch_command
from index.ingest.fetch import Fetched, Fetcher
from index.ingest.sandbox import Sandbox
from index.ingest.watch import Pace
from index.testing import HashEmbedder

folder = Path(sys.argv[1])
catalogue = Catalogue.open(f"sqlite:///{folder / 'catalogue.db'}")
places = Places(
    sources_file=folder / "sources.toml",
    state_file=folder / "sources.db",
    contact="mailto:webmaster@example.vn",
    publishers_file=folder / "publishers.toml",
    announcements_dir=folder / "announcements",
    lock_file=folder / "watch.lock",
)
class SlowPages(Fetcher):
    "Every page is there, and none comes to an end of being read."

    def fetch(self, url, **_):
        body = b"<html><body><p>" + b"<a>" * 10
        return Fetched(url=url, content_type="text/html", body=body, etag=None, last_modified=None)


parse = Sandbox.parse


def slowly(self, parser, page, **changes):
    if parser == "article":
        with self._lock:
            self._child = ingest_sandbox._Child((sys.executable, "-c", "import os; os.write(1, b'H'); os.read(0, 9); "
                                                 "[0 for _ in iter(lambda: os.read(0, 65536), b\\"\\")]"))
    return parse(self, parser, page, **changes)


is_slow = sys.argv[2:] == ["slow"]
if is_slow:
    Sandbox.parse = slowly
print("ready", flush=True)
watch_command(
    places,
    catalogue=catalogue,
    build=lambda: snapshot.build(catalogue, HashEmbedder(), folder / "index"),
    pace=Pace(announcements_s=0.05),
    open_fetcher=SlowPages if is_slow else Fetcher,
)
"""
SOURCES = """
[[source]]
id = "moj"
owner = "Bộ Tư pháp"
hosts = ["moj.gov.vn"]
addresses = ["https://moj.gov.vn/rss"]
parser = "rss"
every = "1h"
evidence = "K"
"""
PUBLISHERS = f'[moj]\nkey_sha256 = "{"0" * 64}"\nsource = "moj"\nissuing_bodies = ["Bộ Tư pháp"]\n'


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "sources.toml").write_text(SOURCES, encoding="utf-8")
    (tmp_path / "publishers.toml").write_text(PUBLISHERS, encoding="utf-8")
    (tmp_path / "announcements" / "new").mkdir(parents=True)
    return tmp_path


@pytest.fixture
def start(folder):
    running: list[subprocess.Popen[str]] = []

    def start(*how: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(folder), *how],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])},
            start_new_session=True,
        )
        running.append(process)
        assert process.stdout.readline() == "ready\n"
        return process

    yield start
    for process in running:
        process.kill()
        process.wait()
        process.stdout.close()


def announce(folder: Path, number: int) -> None:
    """As the gateway does it: written aside, then renamed."""
    name = uuid4().hex
    row = {
        "number": f"{number}/2026/TT-BTP",
        "type": "Thông tư",
        "title": f"Quy định thử số {number}",
        "issuing_body": "Bộ Tư pháp",
        "issued_on": "2026-06-30",
        "text": f"Điều 1. Phạm vi\nThông tư này quy định việc thứ {number}.",
    }
    fields = {"id": name, "publisher": "moj", "received_at": "2026-07-01T00:00:00+00:00", "kind": "document"}
    aside = folder / "announcements" / f".{name}"
    aside.write_text(json.dumps({**fields, "document": row}, ensure_ascii=False), encoding="utf-8")
    aside.rename(folder / "announcements" / "new" / f"20260701T{number:06}-{name}.json")


def results(folder: Path, kind: str) -> list[dict]:
    found = (folder / "announcements" / kind).glob("[!.]*.json")
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(found)]


def until(condition: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    end = time.monotonic() + 120
    while not condition():
        assert process.poll() is None, process.stdout.read()
        assert time.monotonic() < end, "it takes too long"
        time.sleep(0.02)


def test_an_announced_document_is_answerable_and_the_watch_ends_when_asked(folder, start):
    process = start()
    announce(folder, 1)
    until(lambda: len(results(folder, "done")) == 1, process)
    (result,) = results(folder, "done")
    assert result["document_ids"] == ["1/2026/TT-BTP@2026-06-30"]
    assert result["answerable_at"]
    served = Snapshot.open(folder / "index", HashEmbedder())
    assert any("việc thứ 1" in served.passages.passage(row).text for row in range(len(served.passages)))
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=60) == 0


def test_no_announcement_is_lost_when_the_watch_is_killed(folder, start):
    chance = random.Random(7)
    announced = 0
    for _ in range(5):
        for _ in range(8):
            announced += 1
            announce(folder, announced)
        process = start()
        if chance.random() < 0.7:  # in the middle of its work, else before it
            before = len(results(folder, "done"))
            until(lambda before=before: len(results(folder, "done")) > before, process)
        time.sleep(chance.random() / 3)
        process.kill()
        process.wait()
    process = start()
    until(lambda: not list((folder / "announcements" / "new").glob("*.json")), process)
    process.send_signal(signal.SIGTERM)
    process.wait(timeout=60)

    expected = sorted(f"{number}/2026/TT-BTP@2026-06-30" for number in range(1, announced + 1))
    assert sorted(one for result in results(folder, "done") for one in result["document_ids"]) == expected
    assert results(folder, "refused") == []
    catalogue = Catalogue.open(f"sqlite:///{folder / 'catalogue.db'}", read_only=True)
    assert sorted(catalogue.ids()) == expected
    catalogue.close()
    served = Snapshot.open(folder / "index", HashEmbedder())
    assert len(served.passages) == announced


def test_a_page_that_is_being_read_holds_up_neither_documents_nor_the_end_and_is_not_lost(folder, start):
    fields = {"id": uuid4().hex, "publisher": "moj", "received_at": "2026-07-01T00:00:00+00:00", "kind": "url"}
    page = folder / "announcements" / "new" / f"20260630T000000-{fields['id']}.json"
    text = json.dumps({**fields, "received_at": datetime.now(timezone.utc).isoformat(), "url": "https://moj.gov.vn/1"})
    page.write_text(text, encoding="utf-8")
    process = start("slow")
    announce(folder, 1)
    until(lambda: len(results(folder, "done")) == 1, process)
    assert page.exists()
    process.kill()
    process.wait()
    process = start("slow")
    announce(folder, 2)
    until(lambda: len(results(folder, "done")) == 2, process)
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=60) == 0
    assert page.read_text(encoding="utf-8") == text


def test_a_second_watch_does_not_start(folder, start):
    first = start()
    until(lambda: (folder / "index").exists(), first)
    second = start()
    assert second.wait(timeout=60) != 0
    assert "another process watches already" in second.stdout.read()
    assert first.poll() is None
