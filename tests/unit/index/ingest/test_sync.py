"""Reading sources over real https on loopback: what is new, changed, the same, gone, or broken."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date, timedelta
from threading import Barrier

import pytest

from index.catalogue import Catalogue
from index.errors import CatalogueUnavailable, UnreadableSource
from index.ingest.intake import Intake, as_it_is
from index.ingest.parsers.page import Page, Parsed
from index.ingest.report import SyncReport
from index.ingest.sandbox import Sandbox
from index.ingest.state import State
from index.ingest.sync import sync
from index.ingest.visit import SourceVisit
from index.merging import origin_of
from index.storing import Change
from index.text.number import number_key
from tests.unit.index.ingest.https_site import Answer, https_site
from tests.unit.index.ingest.sync_parts import NOW, RememberingShelf, parse, source

HOST = "https://moj.gov.vn"


@pytest.fixture
def site():
    with https_site() as site:
        yield site


@pytest.fixture
def run(site, tmp_path):
    shelf, state = RememberingShelf(), State(tmp_path / "sources.db")
    fetcher = site.fetcher()
    clock = [NOW]

    def run(*sources, after=timedelta(0), **changes):
        clock[0] += after
        given = {"parse": parse, "now": lambda: clock[0], "jitter": lambda: 0.0}
        return sync(sources or (source(),), catalogue=shelf, fetcher=fetcher, state=state, **{**given, **changes})

    run.shelf, run.state, run.clock = shelf, state, clock
    yield run
    state.close()


def page(number: int, text: str = "Điều 1. Nội dung", *, language: str = "vi") -> bytes:
    return f"{number}/2026/TT-BTP|2026-06-{number:02}|{language}|{text}".encode()


def listed(*names: str, kind: str = "article") -> Answer:
    return Answer("\n".join(f"{kind} {HOST}/{name}" for name in names).encode())


def set_up(site, count: int, **head) -> None:
    site.pages[f"{HOST}/rss"] = listed(*(f"p{number}" for number in range(1, count + 1)))
    for number in range(1, count + 1):
        site.pages[f"{HOST}/p{number}"] = Answer(page(number), headers=head)


@pytest.mark.parametrize("kind", ["in memory", "the catalogue"])
def test_the_shelf_of_these_tests_does_what_the_catalogue_does(kind, tmp_path):
    shelf = RememberingShelf() if kind == "in memory" else Catalogue.open(f"sqlite:///{tmp_path / 'catalogue.db'}")
    body = page(1)
    (document,) = parse(
        "article", Page(url=f"{HOST}/p1", content_type=None, body=body, fetched_on=date(2026, 7, 1))
    ).documents
    changed = replace(document, text="Điều 1. Đã sửa")
    changes = [*shelf.put_all([(document, ())]), *shelf.put_all([(document, ()), (changed, ())])]
    assert changes == [Change.CREATED, Change.UNCHANGED, Change.UPDATED]
    shelf.checked(origin_of(document), [document.id], date(2026, 7, 2))
    assert [one.id for one in shelf.find(key=number_key(document.number))] == [document.id]
    assert shelf.remove_source("official:elsewhere.vn", document.id) is Change.UNCHANGED
    assert shelf.remove_source(origin_of(document), document.id) is Change.WITHDRAWN
    assert shelf.remove_source(origin_of(document), document.id) is Change.UNCHANGED
    assert list(shelf.find(key=number_key(document.number))) == []
    if kind == "the catalogue":
        shelf.close()


def test_an_undated_document_that_joined_a_dated_one_is_withdrawn_from_it(tmp_path):
    catalogue = Catalogue.open(f"sqlite:///{tmp_path / 'catalogue.db'}")
    (dated,) = parse(
        "article", Page(url=f"{HOST}/p1", content_type=None, body=page(1), fetched_on=date(2026, 7, 1))
    ).documents
    undated = replace(dated, issued_on=None, source="moj.gov.vn")
    intake = Intake(catalogue=catalogue, parse=parse, enrich=as_it_is)
    report = SyncReport()
    intake.store(Parsed(documents=(replace(dated, source="congbao.chinhphu.vn"), undated)), report)
    intake.unchanged(intake.holdings(Parsed(documents=(undated,))), date(2026, 7, 5), report)
    assert catalogue.get(dated.id).checked_on == date(2026, 7, 5)
    intake.withdraw(intake.holdings(Parsed(documents=(undated,))), report)
    assert (report.withdrawn, report.updated[-1]) == ([], dated.id)
    assert catalogue.get(dated.id).source == "congbao.chinhphu.vn"
    catalogue.close()


class TestTakingIn:
    def test_pages_that_a_list_names_become_documents_of_the_source(self, site, run):
        set_up(site, 2)
        report = run()
        assert report.created == ["1/2026/TT-BTP@2026-06-01", "2/2026/TT-BTP@2026-06-02"]
        assert (report.unreadable, report.pages) == ([], 3)
        document = run.shelf.held["official:moj.gov.vn", "1/2026/TT-BTP@2026-06-01"]
        assert (document.source, document.url, document.checked_on) == ("moj.gov.vn", f"{HOST}/p1", date(2026, 7, 1))

    def test_the_place_of_a_source_is_that_of_its_documents(self, site, run):
        set_up(site, 1)
        run(source(place="Tỉnh Cà Mau"))
        assert [document.place for document in run.shelf.held.values()] == ["Tỉnh Cà Mau"]

    def test_what_enriches_a_document_is_asked_for_each(self, site, run):
        set_up(site, 1)
        seen = []
        run(enrich=lambda document: seen.append(document.id) or document)
        assert seen == ["1/2026/TT-BTP@2026-06-01"]

    def test_files_that_a_page_leads_to_are_read_in_the_same_visit(self, site, run):
        site.pages[f"{HOST}/rss"] = listed("p1")
        site.pages[f"{HOST}/p1"] = Answer(f"pdf {HOST}/f.pdf".encode())
        site.pages[f"{HOST}/f.pdf"] = Answer(page(7))
        run()
        assert run.shelf.numbers() == ["7/2026/TT-BTP"]

    def test_links_to_other_hosts_and_unknown_kinds_are_not_followed(self, site, run):
        lines = [
            "article https://evil.example/x",
            "article https://127.0.0.1/",
            f"magic {HOST}/m",
            f"article {HOST}/p1",
        ]
        site.pages[f"{HOST}/rss"] = Answer("\n".join(lines).encode())
        site.pages[f"{HOST}/p1"] = Answer(page(1))
        assert run().unreadable == []
        assert site.paths() == ["/rss", "/p1"]

    def test_a_link_that_still_says_http_is_asked_for_over_https(self, site, run):
        site.pages[f"{HOST}/rss"] = Answer(f"article http://moj.gov.vn/p1\narticle {HOST}/p1".encode())
        site.pages[f"{HOST}/p1"] = Answer(page(1))
        run()
        assert site.paths() == ["/rss", "/p1"]

    def test_a_scan_is_given_to_the_reader_of_scans(self, site, run):
        site.pages[f"{HOST}/rss"] = listed("f.pdf", kind="pdf")
        site.pages[f"{HOST}/f.pdf"] = Answer(page(1))
        asked = []

        def scanned(parser, page):
            asked.append(parser)
            if parser == "pdf":
                raise UnreadableSource(page.where, "a scan: read it with the parser pdf_ocr")
            return parse(parser, page)

        assert run(parse=scanned).unreadable == []
        assert asked == ["rss", "pdf", "pdf_ocr"]

    def test_a_list_of_lists_is_followed_and_read_in_full_every_time(self, site, run):
        given = source(parser="sitemap", addresses=[f"{HOST}/sitemap.xml"])
        site.pages[f"{HOST}/sitemap.xml"] = Answer(listed("s1", kind="sitemap").body, headers={"ETag": '"1"'})
        site.pages[f"{HOST}/s1"] = listed("p1")
        site.pages[f"{HOST}/p1"] = Answer(page(1))
        run(given)
        site.pages[f"{HOST}/s1"] = listed("p2", "p1")
        site.pages[f"{HOST}/p2"] = Answer(page(2))
        run(given, after=timedelta(hours=1))
        assert run.shelf.numbers() == ["1/2026/TT-BTP", "2/2026/TT-BTP"]

    def test_lists_that_lead_to_each_other_come_to_an_end(self, site, run):
        site.pages[f"{HOST}/rss"] = listed("s1", kind="sitemap")
        site.pages[f"{HOST}/s1"] = listed("rss", "s1", kind="sitemap")
        run()
        assert site.paths() == ["/rss", "/s1"]

    def test_the_newest_are_read_first_and_the_others_in_the_visits_after(self, site, run):
        lines = [f"article {HOST}/p{number} 2026-06-{number:02}" for number in range(1, 6)]
        site.pages[f"{HOST}/rss"] = Answer("\n".join(lines).encode(), headers={"ETag": '"1"'})
        for number in range(1, 6):
            site.pages[f"{HOST}/p{number}"] = Answer(page(number))
        run(source(most_pages=2))
        assert site.paths() == ["/rss", "/p5", "/p4"]
        run(source(most_pages=2), after=timedelta(hours=1))
        assert site.paths()[4:] == ["/p3", "/p2"]

    def test_documents_in_a_language_that_the_source_does_not_name_are_left_out_and_said(self, site, run):
        site.pages[f"{HOST}/rss"] = listed("p1")
        site.pages[f"{HOST}/p1"] = Answer(page(1) + b"\n" + page(2, language="en"))
        report = run()
        assert run.shelf.numbers() == ["1/2026/TT-BTP"]
        assert report.unreadable == [(f"{HOST}/p1", "in 'en', which is not read here")]

    def test_a_search_is_posted(self, site, run):
        site.pages[f"{HOST}/rss"] = listed("p1")
        site.pages[f"{HOST}/p1"] = Answer(page(1))
        run(source(post='{"page": 1}'))
        assert [one.body for one in site.asked if one.path in ("/rss", "/p1")] == [b'{"page": 1}', b""]


class TestAgain:
    def test_a_source_is_visited_when_it_is_due(self, site, run):
        set_up(site, 1)
        run()
        assert run(after=timedelta(minutes=59)).pages == 0
        assert run(after=timedelta(minutes=1)).pages == 1
        assert run(is_forced=True).pages == 1

    def test_unchanged_pages_are_only_marked_as_checked(self, site, run):
        set_up(site, 1)
        run()
        report = run(after=timedelta(days=7))
        assert (report.created, report.updated, report.unchanged) == ([], [], ["1/2026/TT-BTP@2026-06-01"])
        assert run.shelf.checks == [("official:moj.gov.vn", ("1/2026/TT-BTP@2026-06-01",), date(2026, 7, 8))]

    def test_a_page_with_an_etag_is_not_sent_again(self, site, run):
        site.pages[f"{HOST}/rss"] = listed("p1")
        site.pages[f"{HOST}/p1"] = lambda handler: (
            Answer(status=304)
            if handler.headers["If-None-Match"] == '"1"'
            else Answer(page(1), headers={"ETag": '"1"'})
        )
        run()
        report = run(after=timedelta(days=7))
        assert (report.not_modified, report.unchanged) == (2, ["1/2026/TT-BTP@2026-06-01"])

    def test_a_changed_page_updates_its_document(self, site, run):
        set_up(site, 1)
        run()
        site.pages[f"{HOST}/p1"] = Answer(page(1, "Điều 1. Đã sửa"))
        assert run(after=timedelta(days=7)).updated == ["1/2026/TT-BTP@2026-06-01"]

    def test_a_list_that_says_that_a_page_is_newer_has_it_read_at_once(self, site, run):
        site.pages[f"{HOST}/rss"] = Answer(f"article {HOST}/p1 2026-06-01".encode())
        site.pages[f"{HOST}/p1"] = Answer(page(1))
        run()
        site.pages[f"{HOST}/rss"] = Answer(f"article {HOST}/p1 2026-07-01T03:30".encode())
        site.pages[f"{HOST}/p1"] = Answer(page(1, "Điều 1. Đã sửa"))
        assert run(after=timedelta(hours=1)).updated == ["1/2026/TT-BTP@2026-06-01"]

    def test_a_document_that_a_page_no_longer_gives_is_withdrawn(self, site, run):
        site.pages[f"{HOST}/rss"] = listed("p1")
        site.pages[f"{HOST}/p1"] = Answer(page(1) + b"\n" + page(2))
        run()
        site.pages[f"{HOST}/p1"] = Answer(page(2))
        assert run(after=timedelta(days=7)).withdrawn == ["1/2026/TT-BTP@2026-06-01"]
        assert run.shelf.numbers() == ["2/2026/TT-BTP"]

    def test_a_list_that_drops_what_is_old_withdraws_nothing(self, site, run):
        set_up(site, 2)
        run()
        site.pages[f"{HOST}/rss"] = listed("p2")
        assert run(after=timedelta(hours=1)).withdrawn == []
        assert len(run.shelf.held) == 2


class TestGone:
    @pytest.mark.parametrize("status", [404, 410])
    def test_a_page_that_is_gone_withdraws_its_documents(self, site, run, status):
        set_up(site, 3)
        run()
        site.pages[f"{HOST}/p1"] = Answer(status=status)
        report = run(after=timedelta(days=7))
        assert report.withdrawn == ["1/2026/TT-BTP@2026-06-01"]
        assert run.shelf.numbers() == ["2/2026/TT-BTP", "3/2026/TT-BTP"]

    def test_what_another_page_gives_as_well_stays(self, site, run):
        set_up(site, 2)
        site.pages[f"{HOST}/p2"] = Answer(page(1))
        run()
        site.pages[f"{HOST}/p1"] = Answer(status=404)
        assert run(after=timedelta(days=7)).withdrawn == []
        assert run.shelf.numbers() == ["1/2026/TT-BTP"]

    def test_a_page_that_never_was_is_said_and_nothing_is_withdrawn(self, site, run):
        site.pages[f"{HOST}/rss"] = listed("p1")
        report = run()
        assert report.unreadable == [(f"{HOST}/p1", "the server says 404")]

    def test_a_site_that_moved_loses_nothing(self, site, run):
        set_up(site, 8)
        run()
        for number in range(1, 7):
            del site.pages[f"{HOST}/p{number}"]
        report = run(after=timedelta(days=7))
        assert report.withdrawn == []
        assert report.unreadable == [
            ("bo-tu-phap", "6 of 8 pages are gone at once, nothing is withdrawn: has it moved?")
        ]
        assert len(run.shelf.held) == 8

    def test_a_small_source_whose_pages_are_all_gone_loses_them_only_when_it_is_so_again(self, site, run):
        set_up(site, 4)
        run()
        for number in range(1, 5):
            del site.pages[f"{HOST}/p{number}"]
        assert run(after=timedelta(days=7)).withdrawn == []
        assert run(after=timedelta(days=6)).withdrawn == []
        assert len(run.shelf.held) == 4
        assert len(run(after=timedelta(days=1)).withdrawn) == 4

    def test_a_small_source_that_is_back_loses_nothing(self, site, run):
        set_up(site, 2)
        run()
        pages = dict(site.pages)
        for number in (1, 2):
            del site.pages[f"{HOST}/p{number}"]
        run(after=timedelta(days=7))
        site.pages.update(pages)
        run(after=timedelta(days=7))
        for number in (1, 2):
            del site.pages[f"{HOST}/p{number}"]
        assert run(after=timedelta(days=7)).withdrawn == []
        assert len(run.shelf.held) == 2

    def test_an_error_page_that_says_200_does_not_overwrite_a_story(self, site, run):
        def story(title, text):
            def told(parser, page):
                parsed = parse(parser, page)
                kept = tuple(replace(one, title=title, text=text, issued_on=None) for one in parsed.documents)
                return replace(parsed, documents=kept)

            return told

        first = story("Thủ tướng chủ trì phiên họp về chuyển đổi số", "Ngày 30/6, phiên họp diễn ra tại Hà Nội.")
        set_up(site, 1)
        run(parse=first)
        site.pages[f"{HOST}/p1"] = Answer(page(1) + b" ")
        report = run(parse=story("Không tìm thấy nội dung", "Trang bạn cần đã bị xóa."), after=timedelta(days=7))
        assert (report.updated, report.withdrawn) == ([], [])
        assert ["nothing in common" in reason for _, reason in report.unreadable] == [True]
        site.pages[f"{HOST}/p1"] = Answer(page(1) + b"  ")
        corrected = story("Thủ tướng chủ trì phiên họp chuyển đổi số quốc gia", "Phiên họp được lùi lại.")
        assert len(run(parse=corrected, after=timedelta(days=7)).updated) == 1

    def test_pages_that_all_lead_to_the_front_page_now_lose_nothing(self, site, run):
        set_up(site, 8)
        run()
        site.pages[f"{HOST}/"] = Answer(page(30))
        for number in range(1, 9):
            site.pages[f"{HOST}/p{number}"] = Answer(status=302, headers={"Location": "/"})
        report = run(after=timedelta(days=7))
        assert (report.withdrawn, report.created) == ([], [])
        assert len(run.shelf.held) == 8

    def test_a_page_that_moved_with_its_document_stays(self, site, run):
        set_up(site, 1)
        run()
        site.pages[f"{HOST}/new"] = site.pages[f"{HOST}/p1"]
        site.pages[f"{HOST}/p1"] = Answer(status=301, headers={"Location": "/new"})
        assert run(after=timedelta(days=7)).withdrawn == []

    def test_a_part_of_a_page_that_cannot_be_read_now_is_not_withdrawn(self, site, run):
        site.pages[f"{HOST}/rss"] = listed("p1")
        site.pages[f"{HOST}/p1"] = Answer(page(1) + b"\n" + page(2))
        run()
        site.pages[f"{HOST}/p1"] = Answer(page(1) + b"\n" + page(2, language="en"))
        assert run(after=timedelta(days=7)).withdrawn == []
        site.pages[f"{HOST}/p1"] = Answer(page(1))
        assert run(after=timedelta(days=7)).withdrawn == ["2/2026/TT-BTP@2026-06-02"]

    def test_nothing_is_withdrawn_while_the_lists_are_out_of_order(self, site, run):
        set_up(site, 1)
        run()
        site.pages.clear()
        report = run(after=timedelta(days=7))
        assert report.withdrawn == []
        assert len(run.shelf.held) == 1


class TestSideBySide:
    def test_sources_that_share_a_host_ask_it_one_thing_at_a_time(self, site, run):
        at_once, most = [], []

        def counted(handler):
            at_once.append(1)
            most.append(len(at_once))
            time.sleep(0.05)  # long enough for another request to come in
            at_once.pop()
            return Answer()

        names = ["one", "two", "three", "four"]
        for name in names:
            site.pages[f"{HOST}/{name}"] = counted
        run(*(source(id=name, addresses=[f"{HOST}/{name}"]) for name in names))
        assert most == [1, 1, 1, 1]

    def test_sources_on_different_hosts_do_not_wait_for_each_other(self, site, run):
        both = Barrier(2)

        def met(handler):
            both.wait(30)
            return Answer()

        other = "https://hanoi.gov.vn"
        site.pages[f"{HOST}/rss"] = site.pages[f"{other}/rss"] = met
        report = run(source(), source(id="other", hosts=["hanoi.gov.vn"], addresses=[f"{other}/rss"]))
        assert report.unreadable == []

    def test_each_visit_counts_for_itself_and_the_report_is_their_sum(self, site, run, monkeypatch):
        set_up(site, 2)
        reports = []

        class Watched(SourceVisit):
            def __init__(self, source, tools, report):
                super().__init__(source, tools, report)
                reports.append(report)

        monkeypatch.setattr("index.ingest.sync.SourceVisit", Watched)
        site.pages["https://hanoi.gov.vn/rss"] = Answer(b"broken")
        other = source(id="other", hosts=["hanoi.gov.vn"], addresses=["https://hanoi.gov.vn/rss"])
        report = run(source(), other)
        assert sorted(one.pages for one in reports) == [1, 3]
        assert (report.pages, len(report.created), len(report.unreadable)) == (4, 2, 1)


class TestFaults:
    def test_one_bad_page_never_stops_a_run(self, site, run):
        set_up(site, 6)
        site.pages[f"{HOST}/p1"] = Answer(b"broken")
        site.pages[f"{HOST}/p2"] = Answer(status=403)
        site.pages[f"{HOST}/p3"] = Answer(status=302, headers={"Location": "https://127.0.0.1/"})
        site.pages[f"{HOST}/p4"] = Answer(b"x", headers={"Content-Length": "99999999999"})
        site.pages[f"{HOST}/p5"] = Answer(status=500)
        report = run()
        assert run.shelf.numbers() == ["6/2026/TT-BTP"]
        assert dict(report.unreadable) == {
            f"{HOST}/p1": "broken",
            f"{HOST}/p2": "the server says 403",
            f"{HOST}/p3": "its host is not on the list of this source",
            f"{HOST}/p4": "larger than 64000000 bytes",
            f"{HOST}/p5": "the server says 500",
        }

    def test_real_parsers_in_their_child_survive_broken_xml(self, site, run):
        site.pages[f"{HOST}/rss"] = Answer(b"<rss><channel><item><title>" + b"<a>" * 50_000)
        with Sandbox() as sandbox:
            report = run(parse=sandbox.parse)
        assert report.created == []
        assert [where for where, _ in report.unreadable if where.startswith(HOST)] in ([], [f"{HOST}/rss"])

    def test_a_document_that_our_own_code_stumbles_over_is_said(self, site, run):
        set_up(site, 2)

        def stumble(document):
            if document.number.startswith("1/"):
                raise RecursionError
            return document

        report = run(enrich=stumble)
        assert run.shelf.numbers() == ["2/2026/TT-BTP"]
        assert report.unreadable == [(f"{HOST}/p1", "1/2026/TT-BTP could not be split: RecursionError")]

    def test_a_site_that_our_own_code_stumbles_over_does_not_stop_the_others(self, site, run):
        set_up(site, 1)
        other = source(id="other", hosts=["hanoi.gov.vn"], addresses=["https://hanoi.gov.vn/rss"])
        site.pages["https://hanoi.gov.vn/rss"] = Answer(b"article https://hanoi.gov.vn/x")

        def stumble(parser, page):
            if "hanoi" in page.url:
                raise ZeroDivisionError
            return parse(parser, page)

        report = run(other, source(), parse=stumble)
        assert report.unreadable == [("other", "the visit ended: ZeroDivisionError")]
        assert run.shelf.numbers() == ["1/2026/TT-BTP"]
        assert run.state.visit("other").failures == 1

    def test_a_page_that_failed_is_tried_again_when_it_is_due(self, site, run):
        set_up(site, 2)
        site.pages[f"{HOST}/p1"] = Answer(status=500)
        run()
        site.pages[f"{HOST}/p1"] = Answer(page(1))
        run(after=timedelta(hours=1))
        assert run.shelf.numbers() == ["2/2026/TT-BTP"]
        run(after=timedelta(hours=1))
        assert run.shelf.numbers() == ["1/2026/TT-BTP", "2/2026/TT-BTP"]

    def test_a_page_that_could_not_be_read_is_read_again_also_where_it_did_not_change(self, site, run):
        set_up(site, 1)
        site.pages[f"{HOST}/p1"] = Answer(b"broken", headers={"ETag": '"1"'})
        run()
        run(after=timedelta(days=7))
        assert [dict(one.headers).get("If-None-Match") for one in site.asked if one.path == "/p1"] == [None, None]

    def test_a_server_that_fails_again_and_again_is_left_until_the_next_visit(self, site, run):
        set_up(site, 10)
        for number in range(1, 11):
            site.pages[f"{HOST}/p{number}"] = Answer(status=500)
        run()
        assert len(site.paths()) == 4

    def test_a_source_that_cannot_be_read_waits_longer_each_time(self, site, run):
        site.pages[f"{HOST}/rss"] = Answer(status=500)
        run()
        assert run.state.visit("bo-tu-phap").problem == f"{HOST}/rss: the server says 500"
        waits = []
        for _ in range(8):
            due = run.state.visit("bo-tu-phap").due_at
            waits.append((due - run.clock[0].timestamp()) / 3600)
            run(after=timedelta(seconds=due - run.clock[0].timestamp()))
        assert waits == [2, 4, 8, 16, 24, 24, 24, 24]
        site.pages[f"{HOST}/rss"] = listed()
        run(after=timedelta(days=1))
        assert run.state.visit("bo-tu-phap").failures == 0

    def test_a_source_that_fails_does_not_stop_the_others(self, site, run):
        set_up(site, 1)
        other = source(id="other", hosts=["hanoi.gov.vn"], addresses=["https://hanoi.gov.vn/rss"])
        report = run(other, source())
        assert report.unreadable == [("https://hanoi.gov.vn/rss", "the server says 404")]
        assert run.shelf.numbers() == ["1/2026/TT-BTP"]

    def test_a_catalogue_that_fails_is_not_kept_quiet(self, site, run):
        set_up(site, 1)

        def fail(items):
            raise CatalogueUnavailable("disk full")

        run.shelf.put_all = fail
        with pytest.raises(CatalogueUnavailable):
            run()

    def test_a_run_that_is_stopped_goes_on_where_it_was(self, site, run):
        set_up(site, 5)
        asked = []
        run(stopped=lambda: len(asked) >= 2, enrich=lambda document: asked.append(1) or document)
        assert len(run.shelf.held) == 2
        run(is_forced=True)
        assert len(run.shelf.held) == 5
        assert sorted(site.paths()) == ["/p1", "/p2", "/p3", "/p4", "/p5", "/rss", "/rss"]
