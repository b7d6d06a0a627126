"""Announcements and watching: who may say what, what becomes of it, and when it is answerable."""

from __future__ import annotations

import json
import os
from concurrent.futures import wait
from datetime import date, datetime, timedelta, timezone
from threading import Event
from uuid import uuid4

import pytest

from index import snapshot
from index.catalogue import Catalogue
from index.errors import CatalogueUnavailable, NothingToIndex, UnreadableSource
from index.ingest.announced import Desk
from index.ingest.announcements import Result, Spool
from index.ingest.intake import Intake, as_it_is
from index.ingest.parsers.page import Page
from index.ingest.parsers.registry import PARSERS
from index.ingest.publishers import Publisher
from index.ingest.report import SyncReport
from index.ingest.watch import KEPT, AlreadyWatching, Watch, only_watcher
from index.testing import HashEmbedder
from tests.unit.index.ingest.https_site import Answer, https_site
from tests.unit.index.ingest.sync_parts import NOW, source

ROW = {
    "number": "13/2026/TT-BTP",
    "type": "Thông tư",
    "title": "Quy định thử về đăng ký trực tuyến",
    "issuing_body": "Bộ Tư pháp",
    "issued_on": "2026-06-30",
    "effective_on": "2026-08-15",
    "text": "Điều 1. Phạm vi\nThông tư này quy định việc đăng ký trực tuyến.\n"
    "Điều 2. Thời hạn\nThời hạn giải quyết là ba ngày làm việc kể từ ngày nhận đủ hồ sơ.",
    "url": "https://moj.gov.vn/van-ban/13",
}
ID = "13/2026/TT-BTP@2026-06-30"


def parse(parser, page):
    return PARSERS[parser](page)


class Parts:
    """A watch with a real catalogue and real snapshots, its steps taken one by one."""

    def __init__(self, folder, site):
        self.folder, self.site = folder, site
        self.announcements = folder / "announcements"
        self.catalogue = Catalogue.open(f"sqlite:///{folder / 'catalogue.db'}")
        self.spool, self.stop = Spool(self.announcements), Event()
        self.now, self.seconds, self.builds = NOW, 0.0, 0
        self.reports = []
        moj = Publisher("moj", source(), ("Bộ Tư pháp",))
        self.desk = Desk(
            publishers={"moj": moj, "mod": Publisher("mod", source(id="mod"), ("Bộ Quốc phòng",))},
            catalogue=self.catalogue,
            intake=Intake(catalogue=self.catalogue, parse=parse, enrich=as_it_is),
            fetcher=site.fetcher(),
            now=lambda: self.now,
        )
        self.watch = self.new_watch()

    def new_watch(self, **changes):
        given = {
            "spool": self.spool,
            "desk": self.desk,
            "page_desk": self.desk,
            "sync": lambda: self.reports.append(1) or SyncReport(),
            "revision": self.catalogue.revision,
            "build": self.build,
            "stop": self.stop,
            "now": lambda: self.now,
            "clock": lambda: self.seconds,
        }
        return Watch(**{**given, **changes})

    def steps(self) -> None:
        """A step, the reading of the pages that it asked for, and a step that takes them in."""
        self.watch.step()
        for asked in list(self.watch._pages.values()):
            wait([asked.ids], timeout=60)
        self.watch.step()

    def build(self) -> str:
        self.builds += 1
        return snapshot.build(self.catalogue, HashEmbedder(), self.folder / "index")

    def announce(self, **fields) -> str:
        name = uuid4().hex
        new = self.announcements / "new"
        new.mkdir(parents=True, exist_ok=True)
        given = {"id": name, "publisher": "moj", "received_at": self.now.isoformat(), "kind": "document"}
        given |= dict.fromkeys(("document", "url", "number", "issued_on", "reason"))
        path = new / f"{self.now:%Y%m%dT%H%M%S%f}-{name}.json"
        path.write_text(json.dumps({**given, **fields}, ensure_ascii=False), encoding="utf-8")
        self.now += timedelta(seconds=1)
        return name

    def result(self, name: str) -> dict:
        (path,) = self.announcements.glob(f"*/*-{name}.json")
        return {"folder": path.parent.name, **json.loads(path.read_text(encoding="utf-8"))}


@pytest.fixture
def parts(tmp_path):
    with https_site() as site:
        parts = Parts(tmp_path, site)
        yield parts
        parts.catalogue.close()


class TestAnnouncements:
    def test_an_announced_document_is_answerable_after_one_step(self, parts):
        name = parts.announce(document=ROW)
        parts.watch.step()
        result = parts.result(name)
        assert (result["folder"], result["outcome"], result["document_ids"]) == ("done", "done", [ID])
        assert result["answerable_at"] == parts.now.isoformat()
        assert result["document"] == ROW
        document = parts.catalogue.get(ID)
        assert (document.source, document.checked_on) == ("moj.gov.vn", date(2026, 7, 1))
        served = snapshot.Snapshot.open(parts.folder / "index", HashEmbedder())
        texts = [served.passages.passage(row).text for row in range(len(served.passages))]
        assert any("ba ngày làm việc" in text for text in texts)
        assert parts.spool.waiting() == []

    def test_an_announced_page_is_fetched(self, parts):
        url = "https://moj.gov.vn/13.jsonl"
        parts.site.pages[url] = Answer(json.dumps(ROW, ensure_ascii=False).encode())
        parts.desk._publishers["moj"] = Publisher("moj", source(detail_parser="jsonl"), ("Bộ Tư pháp",))
        name = parts.announce(kind="url", url=url)
        parts.steps()
        assert parts.result(name)["document_ids"] == [ID]
        assert parts.watch._pages == {}

    def test_a_publisher_does_not_label_its_own_evidence(self, parts):
        url = "https://moj.gov.vn/14.jsonl"
        other = {**ROW, "number": "14/2026/TT-BTP", "evidence": "G"}
        parts.site.pages[url] = Answer(json.dumps(other, ensure_ascii=False).encode())
        parts.desk._publishers["moj"] = Publisher("moj", source(detail_parser="jsonl"), ("Bộ Tư pháp",))
        parts.announce(document={**ROW, "evidence": "G"})
        parts.announce(kind="url", url=url)
        parts.steps()
        held = [parts.catalogue.get(one) for one in (ID, "14/2026/TT-BTP@2026-06-30")]
        assert [document.evidence for document in held] == [None, None]

    def test_no_document_waits_for_a_page_and_pages_are_read_in_order(self, parts):
        is_slow = Event()

        def slow(_handler):
            assert is_slow.wait(60)
            return Answer(json.dumps(ROW, ensure_ascii=False).encode())

        parts.desk._publishers["moj"] = Publisher("moj", source(detail_parser="jsonl"), ("Bộ Tư pháp",))
        parts.site.pages["https://moj.gov.vn/first"] = slow
        first = parts.announce(kind="url", url="https://moj.gov.vn/first")
        second = parts.announce(kind="url", url="https://moj.gov.vn/second")
        document = parts.announce(document={**ROW, "number": "14/2026/TT-BTP"})
        parts.watch.step()
        folders = [parts.result(name)["folder"] for name in (first, second, document)]
        assert folders == ["new", "new", "done"]
        is_slow.set()
        parts.steps()
        assert parts.site.paths() == ["/first", "/second"]
        assert [parts.result(name)["folder"] for name in (first, second)] == ["done", "refused"]

    def test_what_is_withdrawn_after_its_page_waits_for_the_page_and_nothing_else_does(self, parts):
        is_slow = Event()

        def slow(_handler):
            assert is_slow.wait(60)
            return Answer(json.dumps(ROW, ensure_ascii=False).encode())

        parts.desk._publishers["moj"] = Publisher("moj", source(detail_parser="jsonl"), ("Bộ Tư pháp",))
        parts.site.pages["https://moj.gov.vn/13"] = slow
        parts.announce(document={**ROW, "number": "14/2026/TT-BTP"})
        page = parts.announce(kind="url", url="https://moj.gov.vn/13")
        known = parts.announce(kind="withdraw", number="14/2026/TT-BTP", reason="nhầm")
        unknown = parts.announce(kind="withdraw", number=ROW["number"], reason="nhầm")
        parts.watch.step()
        assert [parts.result(name)["folder"] for name in (page, known, unknown)] == ["new", "done", "new"]
        is_slow.set()
        parts.steps()
        assert [parts.result(name)["folder"] for name in (page, unknown)] == ["done", "done"]
        assert parts.catalogue.find(number="13", year=2026) == []

    def test_a_page_whose_documents_are_not_answerable_yet_stays_and_is_not_read_again(self, parts):
        url = "https://moj.gov.vn/13"
        parts.site.pages[url] = Answer(json.dumps(ROW, ensure_ascii=False).encode())
        parts.desk._publishers["moj"] = Publisher("moj", source(detail_parser="jsonl"), ("Bộ Tư pháp",))
        name = parts.announce(kind="url", url=url)
        builds = [parts.build, lambda: (_ for _ in ()).throw(CatalogueUnavailable("disk full")), parts.build]
        parts.watch = parts.new_watch(build=lambda: builds.pop(0)())
        parts.steps()
        assert parts.result(name)["folder"] == "new"
        parts.seconds += 31
        parts.watch.step()
        assert parts.result(name)["folder"] == "done"
        assert parts.site.paths() == ["/13"]

    def test_a_watch_that_is_stopped_leaves_its_pages_for_the_next(self, parts):
        reading = Event()

        class Slow:
            def take(self, announcement):
                reading.set()
                assert parts.stop.wait(60)
                raise InterruptedError

        names = [parts.announce(kind="url", url=f"https://moj.gov.vn/{number}") for number in (1, 2)]
        watch = parts.new_watch(page_desk=Slow(), sync=lambda: (reading.wait(60) and parts.stop.set()) or SyncReport())
        watch.run()
        assert [parts.result(name)["folder"] for name in names] == ["new", "new"]

    def test_a_page_that_does_not_answer_is_asked_for_again_and_in_the_end_refused(self, parts):
        url = "https://moj.gov.vn/13"
        parts.site.pages[url] = Answer(status=500)
        name = parts.announce(kind="url", url=url)
        other = parts.announce(document=ROW)
        parts.steps()
        assert parts.result(name)["folder"] == "new"
        assert parts.result(other)["folder"] == "done"
        assert parts.site.paths() == ["/13"]
        parts.seconds += 31
        parts.now += timedelta(hours=2)
        parts.steps()
        assert (parts.result(name)["folder"], parts.result(name)["reason"]) == ("refused", "the server says 500")

    def test_a_withdrawn_document_is_no_longer_given(self, parts):
        parts.announce(document=ROW)
        parts.watch.step()
        name = parts.announce(kind="withdraw", number=ROW["number"], issued_on=ROW["issued_on"], reason="đính chính")
        parts.watch.step()
        assert parts.result(name)["document_ids"] == [ID]
        assert parts.catalogue.find(number="13", year=2026) == []
        assert [one.reason for one in parts.catalogue.withdrawn()] == ["đính chính"]
        again = parts.announce(kind="withdraw", number=ROW["number"], issued_on=ROW["issued_on"], reason="đính chính")
        parts.watch.step()
        assert parts.result(again)["folder"] == "done"

    @pytest.mark.parametrize(
        ("fields", "reason"),
        [
            ({"publisher": "nobody", "document": ROW}, "unknown publisher"),
            ({"publisher": "mod", "document": ROW}, "not a document of this publisher's bodies"),
            ({"document": {**ROW, "issuing_body": "Chính phủ"}}, "not a document of this publisher's bodies"),
            ({"document": {**ROW, "number": "161/2026/NĐ-CP"}}, "not a document of this publisher's bodies"),
            ({"document": {**ROW, "number": "13/2026/QH16"}}, "not a document of this publisher's bodies"),
            ({"document": {**ROW, "number": "13/2026/UBTVQH16"}}, "not a document of this publisher's bodies"),
            (
                {"document": {**ROW, "relations": [{"kind": "replaces", "number": "161/2026/NĐ-CP"}]}},
                "cannot act on a document that it names",
            ),
            ({"document": {**ROW, "issuing_body": ""}}, "not a document of this publisher's bodies"),
            ({"document": {**ROW, "url": "https://evil.example/"}}, "not on the list"),
            ({"document": {**ROW, "url": "https://127.0.0.1/"}}, "not on the list"),
            ({"document": {**ROW, "text_kind": "summary"}}, "not the official wording"),
            ({"document": {**ROW, "text": ""}}, "not the official wording"),
            ({"document": {**ROW, "number": 13}}, "number"),
            ({"document": {**ROW, "issued_on": "yesterday"}}, "isoformat"),
            ({"document": {"text": "x"}}, "number"),
            ({"document": {**ROW, "number": "mười ba"}}, "no complete document number"),
            ({"document": {**ROW, "issued_on": "2062-06-30"}}, "different years"),
            ({"kind": "url", "url": "https://127.0.0.1/", "document": ROW}, "not on the list"),
            ({"document": None}, "there is none"),
            ({"kind": "url", "url": "https://127.0.0.1/"}, "not on the list"),
            ({"kind": "url", "url": "http://moj.gov.vn/"}, "not an https address"),
            ({"kind": "url", "url": "https://moj.gov.vn/nothing"}, "404"),
            ({"kind": "withdraw", "number": "99/2026/TT-BTP"}, "no such document"),
            ({"kind": "burn"}, "kind"),
        ],
        ids=lambda value: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)[:60],
    )
    def test_what_a_publisher_may_not_say_is_refused_with_the_reason(self, parts, fields, reason):
        name = parts.announce(**fields)
        parts.steps()
        result = parts.result(name)
        assert (result["folder"], result["outcome"]) == ("refused", "refused")
        assert reason in result["reason"]
        assert parts.catalogue.count() == 0

    def test_a_publisher_cannot_take_down_what_is_not_its_own(self, parts):
        parts.announce(document=ROW)
        parts.watch.step()
        name = parts.announce(publisher="mod", kind="withdraw", number=ROW["number"], reason="x")
        parts.watch.step()
        assert parts.result(name)["folder"] == "refused"
        assert parts.catalogue.get(ID) is not None

    def test_what_was_taken_down_is_not_called_answerable(self, parts):
        parts.announce(document=ROW)
        parts.watch.step()
        parts.catalogue.withdraw(ROW["number"], date(2026, 6, 30), reason="nhầm", by="ops")
        name = parts.announce(document=ROW)
        parts.watch.step()
        assert (parts.result(name)["folder"], parts.result(name)["answerable_at"]) == ("refused", None)
        assert "withdrawn" in parts.result(name)["reason"]

    @pytest.mark.parametrize("field", ["issued_on", "text_kind"])
    def test_a_fault_repeats_little_of_what_was_sent(self, parts, field):
        name = parts.announce(document={**ROW, field: "lời văn " * 1_000})
        parts.watch.step()
        assert len(parts.result(name)["reason"]) < 200

    def test_a_document_withdrawn_without_its_date_leaves_its_number_to_those_of_other_years(self, parts):
        row = {**ROW, "number": "13/QĐ-BTP", "type": "Quyết định"}
        parts.announce(document=row)
        withdrawal = {"kind": "withdraw", "number": "13/QĐ-BTP", "reason": "nhầm\0lẫn"}
        parts.announce(**withdrawal)
        parts.announce(document={**row, "issued_on": "2025-03-04"})
        parts.watch.step()
        assert [one.id for one in parts.catalogue.find(number="13")] == ["13/QĐ-BTP@2025-03-04"]
        assert [one.reason for one in parts.catalogue.withdrawn()] == ["nhầmlẫn"]  # PostgreSQL keeps no NUL

    def test_publishers_speak_and_withdraw_for_their_own_document_of_a_number_that_many_bodies_use(self, parts):
        bodies = {"hue": "Ủy ban nhân dân thành phố Huế", "hanoi": "Ủy ban nhân dân thành phố Hà Nội"}
        parts.desk._publishers.update({name: Publisher(name, source(id=name), (bodies[name],)) for name in bodies})
        row = {**ROW, "number": "30/2026/QĐ-UBND", "type": "Quyết định"}
        for name in bodies:
            parts.announce(publisher=name, document={**row, "issuing_body": bodies[name]})
        stolen = parts.announce(publisher="hanoi", document={**row, "issuing_body": bodies["hue"]})
        parts.watch.step()
        assert parts.result(stolen)["folder"] == "refused"
        assert {one.issuing_body for one in parts.catalogue.find(number="30", year=2026)} == set(bodies.values())
        withdrawal = {"kind": "withdraw", "number": row["number"], "reason": "nhầm"}
        names = [parts.announce(publisher="hue", **withdrawal) for _ in range(2)]  # the second time it is done already
        parts.watch.step()
        assert [parts.result(name)["folder"] for name in names] == ["done", "done"]
        assert [one.issuing_body for one in parts.catalogue.find(number="30", year=2026)] == [bodies["hanoi"]]
        assert [one.series for one in parts.catalogue.withdrawn()] == ["hue"]
        again = parts.announce(publisher="hanoi", document={**row, "issuing_body": bodies["hanoi"], "title": "Tên mới"})
        parts.watch.step()
        assert parts.result(again)["folder"] == "done"

    @pytest.mark.parametrize(
        "content", [b"", b"{", b"[]", b"null", b"\xff", b'{"id": 1}', b'{"id": "\\ud800"}', b"[" * 200_000]
    )
    def test_a_file_that_is_no_announcement_is_put_aside(self, parts, content):
        new = parts.announcements / "new"
        new.mkdir(parents=True)
        (new / "20260701T000000-abc.json").write_bytes(content)
        parts.watch.step()
        assert parts.spool.waiting() == []
        result = json.loads((parts.announcements / "refused" / "20260701T000000-abc.json").read_text())
        assert result["outcome"] == "refused"

    def test_a_link_in_the_folder_is_not_followed(self, parts, tmp_path):
        secret = tmp_path / "secret.json"
        secret.write_text('{"key": "secret"}')
        new = parts.announcements / "new"
        new.mkdir(parents=True)
        (new / "1-abc.json").symlink_to(secret)
        parts.watch.step()
        assert "secret" not in (parts.announcements / "refused" / "1-abc.json").read_text()
        assert secret.exists()

    def test_an_announcement_without_a_time_zone_is_none(self, parts):
        name = parts.announce(kind="url", url="https://moj.gov.vn/x", received_at="2026-07-01T00:00:00")
        parts.watch.step()
        assert "received_at" in parts.result(name)["reason"]

    def test_what_is_still_being_written_is_left_alone(self, parts):
        new = parts.announcements / "new"
        new.mkdir(parents=True)
        (new / "folder.json").mkdir()
        (new / ".1-abc.json").write_text("{")
        assert parts.spool.waiting() == []


class TestWatching:
    def test_an_announcement_stays_until_it_is_answerable(self, parts):
        name = parts.announce(document=ROW)

        def fail():
            raise CatalogueUnavailable("disk full")

        watch = parts.new_watch(build=fail)
        watch.step()
        assert parts.result(name)["folder"] == "new"
        parts.watch.step()
        assert parts.result(name)["folder"] == "done"

    def test_after_a_failure_it_waits_a_while(self, parts):
        calls = []

        def fail():
            calls.append(1)
            raise CatalogueUnavailable("disk full")

        watch = parts.new_watch(build=fail)
        watch.step()
        watch.step()
        parts.seconds += 31
        watch.step()
        assert len(calls) == 2

    def test_an_announcement_that_our_own_code_stumbles_over_holds_up_no_other(self, parts):
        first, second = parts.announce(document=ROW), parts.announce(document={**ROW, "number": "14/2026/TT-BTP"})
        take = parts.desk.take

        def stumble(announcement):
            if announcement.id == first:
                raise ZeroDivisionError
            return take(announcement)

        parts.desk.take = stumble
        parts.watch.step()
        assert parts.result(first)["reason"] == "it could not be taken in: ZeroDivisionError"
        assert parts.result(second)["folder"] == "done"

    def test_a_snapshot_is_built_at_the_start_and_then_only_for_changes_and_not_too_often(self, parts):
        parts.watch.step()
        parts.watch.step()
        assert parts.builds == 1
        intake = Intake(catalogue=parts.catalogue, parse=parse, enrich=as_it_is)
        intake.store(intake.read(source(), "jsonl", page_of(ROW)), SyncReport())
        parts.seconds += 59
        parts.watch.step()
        assert parts.builds == 1
        parts.seconds += 2
        parts.watch.step()
        parts.watch.step()
        assert parts.builds == 2

    def test_an_empty_catalogue_is_no_failure(self, parts):
        def nothing():
            raise NothingToIndex("nothing")

        watch = parts.new_watch(build=nothing)
        watch.step()
        watch.step()
        assert watch._built == parts.catalogue.revision()

    def test_it_watches_until_it_is_stopped(self, parts):
        def sync():
            parts.stop.set()
            return SyncReport()

        parts.new_watch(sync=sync).run()
        assert parts.stop.is_set()

    def test_sources_that_fail_do_not_end_the_watch(self, parts):
        calls = []

        def sync():
            calls.append(1)
            parts.stop.set()
            raise CatalogueUnavailable("locked")

        parts.new_watch(sync=sync).run()
        assert calls == [1]

    def test_only_one_process_watches(self, tmp_path):
        with (
            only_watcher(tmp_path / "watch.lock"),
            pytest.raises(AlreadyWatching),
            only_watcher(tmp_path / "watch.lock"),
        ):
            pass
        with only_watcher(tmp_path / "watch.lock"):
            pass


def test_a_result_written_twice_is_one_result(tmp_path):
    spool = Spool(tmp_path)
    (tmp_path / "new").mkdir()
    path = tmp_path / "new" / "1-a.json"
    for _ in range(2):  # the process died between writing the result and removing the announcement
        path.write_text('{"id": "a"}')
        spool.finish(path, Result("done", document_ids=["x"], answerable_at=datetime(2026, 7, 1, tzinfo=timezone.utc)))
    assert [one.name for one in (tmp_path / "done").iterdir()] == ["1-a.json"]
    assert spool.waiting() == []


def test_a_file_that_vanished_is_said(tmp_path):
    with pytest.raises(UnreadableSource):
        Spool(tmp_path).read(tmp_path / "gone.json")


def page_of(row):
    body = json.dumps(row, ensure_ascii=False).encode()
    return Page(url="https://moj.gov.vn/x", content_type=None, body=body, fetched_on=date(2026, 7, 1))


def test_what_was_dealt_with_is_forgotten_after_a_month_and_not_before(tmp_path):
    spool = Spool(tmp_path)
    for folder, days in (("done", 31), ("refused", 31), ("done", 29)):
        (tmp_path / folder).mkdir(exist_ok=True)
        path = tmp_path / folder / f"20260701T000000-{days}.json"
        path.write_text("{}")
        instant = (NOW - timedelta(days=days)).timestamp()
        os.utime(path, (instant, instant))
    spool.forget(NOW - KEPT)
    assert [path.name for path in tmp_path.rglob("*.json")] == ["20260701T000000-29.json"]
