"""`sync` with nothing replaced but the network's last step: real parsers in their child, a real catalogue."""

from __future__ import annotations

import signal
import sqlite3
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Event

import pytest

from index.catalogue import Catalogue
from index.document import TextKind
from index.errors import BadInput
from index.ingest.commands import Places, sync_command, watch_command
from index.ingest.errors import FaultyFile
from index.ingest.watch import Pace
from tests.unit.index.ingest.https_site import QUICK, Answer, https_site

PORTAL = Path("tests/fixtures/portal")
SOURCES = """
[[source]]
id = "bao"
owner = "Báo Điện tử Chính phủ"
hosts = ["baochinhphu.vn"]
addresses = ["https://baochinhphu.vn/rss/home.rss"]
parser = "rss"
detail_parser = "article"
every = "15m"
enabled = true
evidence = "R"

[[source]]
id = "van-ban"
owner = "Cổng Thông tin điện tử Chính phủ"
hosts = ["vanban.chinhphu.vn", "datafiles.chinhphu.vn"]
addresses = ["https://vanban.chinhphu.vn/he-thong-van-ban?classid=1&mode=1"]
parser = "vanban_list"
detail_parser = "vanban_detail"
every = "30m"
enabled = true
evidence = "R"

[[source]]
id = "off"
owner = "x"
hosts = ["moj.gov.vn"]
addresses = ["https://moj.gov.vn/rss"]
parser = "rss"
every = "1h"
evidence = "K"
"""
BAO = "https://baochinhphu.vn"
STORY = "/xa-an-binh-mo-diem-doc-sach-102260511103041123.htm"
VAN_BAN = "https://vanban.chinhphu.vn"


@pytest.fixture
def site():
    with https_site(names=["baochinhphu.vn", "vanban.chinhphu.vn", "datafiles.chinhphu.vn"]) as site:
        yield site


@pytest.fixture
def places(tmp_path):
    (tmp_path / "sources.toml").write_text(SOURCES, encoding="utf-8")
    return Places(
        sources_file=tmp_path / "sources.toml",
        state_file=tmp_path / "sources.db",
        contact="mailto:webmaster@example.vn",
    )


@pytest.fixture
def catalogue(tmp_path):
    catalogue = Catalogue.open(f"sqlite:///{tmp_path / 'catalogue.db'}")
    yield catalogue
    catalogue.close()


def fixture(name: str, kind: str = "text/html; charset=utf-8") -> Answer:
    return Answer((PORTAL / name).read_bytes(), headers={"Content-Type": kind})


def opener(site):
    def open_fetcher(hosts, *, user_agent, certificates, sleep):
        assert user_agent == "gov-chat/1 (+mailto:webmaster@example.vn)"
        return site.fetcher(hosts, user_agent=user_agent, limits=QUICK)

    return open_fetcher


def test_feeds_and_lists_of_the_portal_become_documents(site, places, catalogue):
    site.pages[f"{BAO}/rss/home.rss"] = fixture("rss_home.rss", "application/rss+xml")
    site.pages[f"{BAO}{STORY}"] = fixture("article_older.html")
    site.pages[f"{VAN_BAN}/he-thong-van-ban?classid=1&mode=1"] = fixture("vanban_list.html")
    site.pages[f"{VAN_BAN}/?pageid=27160&docid=900001"] = fixture("vanban_detail.html")
    report = sync_command(places, catalogue=catalogue, open_fetcher=opener(site), shows_progress=False)

    decree = catalogue.get("901/2026/NĐ-CP@2026-05-07")
    assert (decree.issuing_body, decree.effective_on) == ("Chính phủ", date(2026, 7, 1))
    assert (decree.source, decree.url) == ("vanban.chinhphu.vn", f"{VAN_BAN}/?pageid=27160&docid=900001")
    (story,) = catalogue.find(type="Tin bài")
    assert (story.source, story.url, story.text_kind) == ("baochinhphu.vn", f"{BAO}{STORY}", TextKind.OFFICIAL)
    assert sorted(report.created) == sorted([decree.id, story.id])
    assert not any(one.host == "moj.gov.vn" for one in site.asked)
    # one entry leads nowhere; the other story, the second document and the files are not there; the run went on
    reasons = {reason for _, reason in report.unreadable}
    assert reasons == {"the server says 404", "1 entries without an address of a web page"}

    again = sync_command(places, catalogue=catalogue, open_fetcher=opener(site), only=["bao"], shows_progress=False)
    assert (again.created, again.updated, again.pages) == ([], [], 1)


def test_a_page_that_is_gone_takes_its_document_out_of_the_catalogue(site, places, catalogue):
    (places.sources_file).write_text(SOURCES.replace('every = "30m"', 'every = "5m"\nrecheck = "5m"'), encoding="utf-8")
    site.pages[f"{VAN_BAN}/he-thong-van-ban?classid=1&mode=1"] = fixture("vanban_list.html")
    site.pages[f"{VAN_BAN}/?pageid=27160&docid=900001"] = fixture("vanban_detail.html")
    sync_command(places, catalogue=catalogue, open_fetcher=opener(site), only=["van-ban"], shows_progress=False)
    assert catalogue.count() == 1
    del site.pages[f"{VAN_BAN}/?pageid=27160&docid=900001"]
    backdate(places.state_file)
    report = sync_command(
        places, catalogue=catalogue, open_fetcher=opener(site), only=["van-ban"], shows_progress=False
    )
    assert report.withdrawn == ["901/2026/NĐ-CP@2026-05-07"]
    assert catalogue.count() == 0


def backdate(state_file: Path) -> None:
    """As if everything had been read a day ago."""
    with sqlite3.connect(state_file) as connection:
        connection.execute("UPDATE pages SET due_at = due_at - 86400")
    connection.close()


def test_a_name_that_no_enabled_source_has_is_said(places, catalogue):
    with pytest.raises(BadInput, match="off"):
        sync_command(places, catalogue=catalogue, only=["off"], shows_progress=False)


def test_a_faulty_file_is_said_before_anything_is_asked(places, catalogue):
    places.sources_file.write_text("[[source]]\nid = 1", encoding="utf-8")
    with pytest.raises(FaultyFile):
        sync_command(places, catalogue=catalogue, shows_progress=False)


def test_watching_reads_the_sources_that_are_due_and_builds_what_they_bring(site, places, catalogue, tmp_path):
    site.pages[f"{VAN_BAN}/he-thong-van-ban?classid=1&mode=1"] = fixture("vanban_list.html")
    site.pages[f"{VAN_BAN}/?pageid=27160&docid=900001"] = fixture("vanban_detail.html")
    stop, counts = Event(), []

    def build():
        counts.append(catalogue.count())
        if counts[-1]:
            stop.set()
        return "snapshot"

    handlers = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)
    watch_command(
        replace(places, announcements_dir=tmp_path / "announcements", lock_file=tmp_path / "watch.lock"),
        catalogue=catalogue,
        build=build,
        open_fetcher=opener(site),
        pace=Pace(announcements_s=0.01, sources_s=0.01, build_s=0.0),
        stop=stop,
    )
    assert counts[-1] == 1
    assert (signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)) == handlers
