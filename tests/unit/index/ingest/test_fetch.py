"""Fetching over real TLS on loopback: what comes back, what is refused on the way, what is tried again."""

from __future__ import annotations

import gzip
import time
import zlib
from itertools import count

import pytest

from index.ingest.errors import Gone, Refused, RetryLater
from index.ingest.fetch import Fetched, Limits, NotModified
from tests.unit.index.ingest.https_site import QUICK, Answer, https_site

PAGE = "https://chinhphu.vn/van-ban"


@pytest.fixture
def site():
    with https_site() as site:
        yield site


def limits(**changes) -> Limits:
    given = {name: getattr(QUICK, name) for name in QUICK.__slots__}
    return Limits(**{**given, **changes})


def endless(handler) -> None:
    handler.send_response(200)
    handler.end_headers()
    while True:
        handler.wfile.write(b"x" * 65_536)


def slowly(handler) -> None:
    handler.send_response(200)
    handler.end_headers()
    while True:
        handler.wfile.write(b"x")
        handler.wfile.flush()
        time.sleep(0.02)


def slow_headers(handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
    while True:
        handler.wfile.write(b"x")
        handler.wfile.flush()
        time.sleep(0.02)


class TestAnswers:
    def test_a_page_comes_with_what_is_needed_to_ask_again(self, site):
        head = {
            "Content-Type": "text/html; charset=utf-8",
            "ETag": '"1"',
            "Last-Modified": "Wed, 01 Jul 2026 00:00:00 GMT",
        }
        site.pages[PAGE] = Answer("Nghị định".encode(), headers=head)
        assert site.fetcher().fetch(PAGE) == Fetched(
            url=PAGE,
            content_type="text/html; charset=utf-8",
            body="Nghị định".encode(),
            etag='"1"',
            last_modified="Wed, 01 Jul 2026 00:00:00 GMT",
        )

    def test_the_server_is_told_who_asks_and_nothing_of_the_machine(self, site, monkeypatch):
        for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "REQUESTS_CA_BUNDLE"):
            monkeypatch.setenv(name, "http://127.0.0.1:9/nowhere")
        site.pages[PAGE] = Answer(b"x", headers={"Set-Cookie": "seen=1"})
        fetcher = site.fetcher()
        fetcher.fetch(PAGE)
        fetcher.fetch(PAGE)
        headers = site.asked[-1].headers
        assert headers["User-Agent"] == "gov-chat-test/1 (mailto:webmaster@example.vn)"
        assert {"Cookie", "Authorization", "Referer"}.isdisjoint(headers)

    def test_a_page_that_did_not_change_is_not_sent_again(self, site):
        site.pages[PAGE] = lambda handler: Answer(status=304 if handler.headers["If-None-Match"] == '"1"' else 200)
        assert site.fetcher().fetch(PAGE, etag='"1"', last_modified="Wed, 01 Jul 2026 00:00:00 GMT") == NotModified(
            PAGE
        )
        assert site.asked[-1].headers["If-Modified-Since"] == "Wed, 01 Jul 2026 00:00:00 GMT"

    @pytest.mark.parametrize("tag", ['"a\tb"', '"' + "x" * 5_000 + '"', '"\xff"', ""], ids=ascii)
    def test_a_tag_that_cannot_be_sent_back_is_forgotten(self, site, tag):
        site.pages[PAGE] = Answer(b"x", headers={"ETag": tag})
        assert site.fetcher().fetch(PAGE).etag is None

    def test_a_304_that_nobody_asked_for_is_no_page(self, site):
        site.pages[PAGE] = Answer(status=304)
        with pytest.raises(Refused):
            site.fetcher().fetch(PAGE)

    @pytest.mark.parametrize("status", [404, 410])
    def test_a_page_that_is_gone_is_said_to_be(self, site, status):
        site.pages[PAGE] = Answer(status=status)
        with pytest.raises(Gone):
            site.fetcher().fetch(PAGE)

    @pytest.mark.parametrize("status", [204, 401, 403, 451])
    def test_what_is_not_for_us_is_not_asked_for_again(self, site, status):
        site.pages[PAGE] = Answer(status=status)
        with pytest.raises(Refused):
            site.fetcher().fetch(PAGE)
        assert site.paths() == ["/van-ban"]

    def test_a_search_is_posted_as_json(self, site):
        site.pages["https://chinhphu.vn/search"] = Answer(b"{}")
        site.fetcher().fetch("https://chinhphu.vn/search", etag='"1"', post='{"page": 1}')
        assert "If-None-Match" not in site.asked[-1].headers
        assert (site.asked[-1].body, site.asked[-1].headers["Content-Type"]) == (b'{"page": 1}', "application/json")

    def test_packed_pages_are_unpacked(self, site):
        text = b"tr\xc3\xadch y\xe1\xba\xbfu " * 100
        for name, packed in {"gzip": gzip.compress(text), "deflate": zlib.compress(text)}.items():
            site.pages[PAGE] = Answer(packed, headers={"Content-Encoding": name})
            assert site.fetcher().fetch(PAGE).body == text


class TestAddresses:
    def test_the_certificate_must_be_the_sites_own(self, site):
        with https_site(names=["evil.example"]) as other:
            other.pages[PAGE] = Answer(b"x")
            with pytest.raises(RetryLater, match="certificate"):
                site.fetcher(dial=other.dial).fetch(PAGE)
            assert other.asked == []

    def test_an_unknown_authority_is_not_trusted(self, site):
        with pytest.raises(RetryLater, match="certificate"):
            site.fetcher(certificates=None).fetch(PAGE)
        assert site.asked == []

    @pytest.mark.parametrize(
        "answers",
        [
            ["127.0.0.1"],
            ["10.0.0.8"],
            ["169.254.169.254"],
            ["::1"],
            ["::ffff:192.168.0.1"],
            ["64:ff9b::a9fe:a9fe"],
            ["1.1.1.1", "127.0.0.1"],
            ["2606:4700::1111", "fd00::1"],
            ["0.0.0.0"],
            [],
        ],
        ids=str,
    )
    def test_a_name_that_leads_to_an_address_that_is_not_public_is_refused(self, site, answers):
        with pytest.raises(Refused):
            site.fetcher(resolve=lambda host: answers).fetch(PAGE)
        assert site.dialled == []

    def test_a_second_answer_of_the_resolver_changes_nothing(self, site):
        site.pages[PAGE] = Answer(b"x")
        site.pages["https://chinhphu.vn/robots.txt"] = Answer(b"")
        answers = iter([["1.1.1.1"], ["1.0.0.1"], ["127.0.0.1"], ["127.0.0.1"]])
        fetcher = site.fetcher(resolve=lambda host: next(answers))
        fetcher.fetch(PAGE)  # robots.txt, then the page: one look-up for each connection
        assert site.dialled == [("1.1.1.1", 443), ("1.0.0.1", 443)]
        with pytest.raises(Refused):
            fetcher.fetch(PAGE)
        assert len(site.dialled) == 2

    def test_the_next_address_is_tried_where_the_first_does_not_answer(self, site):
        site.pages[PAGE] = Answer(b"x")

        def dial(address, port, timeout_s):
            if address == "1.1.1.1":
                raise ConnectionRefusedError
            return site.dial(address, port, timeout_s)

        assert site.fetcher(resolve=lambda host: ["1.1.1.1", "1.0.0.1"], dial=dial).fetch(PAGE).body == b"x"

    def test_a_source_may_narrow_the_hosts(self, site):
        with pytest.raises(Refused):
            site.fetcher().fetch(PAGE, hosts=["moj.gov.vn"])
        with pytest.raises(Refused):
            site.fetcher(["chinhphu.vn"]).fetch("https://moj.gov.vn/", hosts=["moj.gov.vn"])


class TestRedirects:
    def test_a_redirect_to_an_allowed_host_is_followed(self, site):
        site.pages[PAGE] = Answer(status=301, headers={"Location": "https://moj.gov.vn/x"})
        site.pages["https://moj.gov.vn/x"] = Answer(status=302, headers={"Location": "/y#part"})
        site.pages["https://moj.gov.vn/y"] = Answer(b"here")
        assert site.fetcher().fetch(PAGE) == Fetched("https://moj.gov.vn/y", None, b"here", None, None)

    @pytest.mark.parametrize(
        "target",
        [
            *("https://127.0.0.1/", "https://localhost/", "https://[::ffff:127.0.0.1]/", "https://169.254.169.254/"),
            *(
                "http://chinhphu.vn/",
                "file:///etc/passwd",
                "gopher://chinhphu.vn/",
                "//evil.example/",
                "https://evil.vn/",
            ),
            *(
                "https://chinhphu.vn@evil.example/",
                "https://chinhphu.vn:8443/",
                "\\\\evil.example",
                "javascript:alert(1)",
            ),
        ],
    )
    def test_a_redirect_is_checked_like_any_address(self, site, target):
        site.pages[PAGE] = Answer(status=302, headers={"Location": target})
        with pytest.raises(Refused):
            site.fetcher().fetch(PAGE)
        assert site.paths() == ["/van-ban"]

    def test_a_redirect_to_a_name_that_leads_inside_is_refused(self, site):
        site.pages[PAGE] = Answer(status=302, headers={"Location": "https://moj.gov.vn/"})
        inside = {"chinhphu.vn": ["1.1.1.1"], "moj.gov.vn": ["127.0.0.1"]}
        with pytest.raises(Refused):
            site.fetcher(resolve=inside.__getitem__).fetch(PAGE)
        assert {address for address, _ in site.dialled} == {"1.1.1.1"}

    def test_a_fourth_redirect_is_not_followed(self, site):
        for hop in range(4):
            site.pages[f"https://chinhphu.vn/{hop}"] = Answer(status=302, headers={"Location": f"/{hop + 1}"})
        site.pages["https://chinhphu.vn/4"] = Answer(b"here")
        assert site.fetcher().fetch("https://chinhphu.vn/1").body == b"here"
        with pytest.raises(Refused, match="redirects"):
            site.fetcher().fetch("https://chinhphu.vn/0")

    def test_the_body_of_a_redirect_is_not_read(self, site):
        def bottomless(handler):
            handler.send_response(302)
            handler.send_header("Location", "/y")
            handler.end_headers()
            while True:
                handler.wfile.write(b"x" * 65_536)

        site.pages[PAGE] = bottomless
        site.pages["https://chinhphu.vn/y"] = Answer(b"here")
        assert site.fetcher(limits=limits(most_bytes=1_000)).fetch(PAGE).body == b"here"

    def test_a_search_is_not_posted_again_elsewhere(self, site):
        site.pages[PAGE] = Answer(status=307, headers={"Location": "/y"})
        with pytest.raises(Refused):
            site.fetcher().fetch(PAGE, post="{}")


class TestLimits:
    def test_an_endless_body_is_cut(self, site):
        site.pages[PAGE] = endless
        with pytest.raises(Refused, match="larger"):
            site.fetcher(limits=limits(most_bytes=300_000)).fetch(PAGE)

    def test_a_body_that_says_it_is_too_large_is_not_begun(self, site):
        site.pages[PAGE] = Answer(b"x" * 100, headers={"Content-Length": "99999999999"})
        with pytest.raises(Refused, match="larger"):
            site.fetcher().fetch(PAGE)

    def test_a_body_shorter_than_declared_is_no_whole_page(self, site):
        site.pages[PAGE] = Answer(b"x" * 100, headers={"Content-Length": "200"})
        with pytest.raises(RetryLater, match="IncompleteRead"):
            site.fetcher().fetch(PAGE)

    def test_no_more_is_read_than_declared(self, site):
        site.pages[PAGE] = Answer(b"x" * 100 + b"HTTP/1.1 200 OK", headers={"Content-Length": "100"})
        assert site.fetcher().fetch(PAGE).body == b"x" * 100

    @pytest.mark.parametrize("layers", [1, 2])
    def test_a_packed_bomb_is_stopped_in_the_middle(self, site, layers):
        packed = b"\0" * 100_000_000
        for _ in range(layers):
            packed = gzip.compress(packed, 9)
        site.pages[PAGE] = Answer(packed, headers={"Content-Encoding": ", ".join(["gzip"] * layers)})
        with pytest.raises(Refused, match="times its size" if layers == 1 else "packed"):
            site.fetcher().fetch(PAGE)

    def test_a_page_that_unpacks_to_more_than_allowed_is_refused(self, site):
        text = bytes(range(256)) * 4_000
        site.pages[PAGE] = Answer(gzip.compress(text), headers={"Content-Encoding": "gzip"})
        with pytest.raises(Refused, match="larger"):
            site.fetcher(limits=limits(most_bytes=500_000)).fetch(PAGE)

    def test_a_packing_that_was_not_asked_for_is_refused(self, site):
        site.pages[PAGE] = Answer(b"x", headers={"Content-Encoding": "br"})
        with pytest.raises(Refused, match="packed"):
            site.fetcher().fetch(PAGE)

    def test_broken_packing_is_no_page(self, site):
        site.pages[PAGE] = Answer(b"not gzip", headers={"Content-Encoding": "gzip"})
        with pytest.raises(RetryLater):
            site.fetcher().fetch(PAGE)

    @pytest.mark.parametrize("page", [slowly, slow_headers])
    def test_the_time_of_the_whole_transfer_counts(self, site, page):
        site.pages[PAGE] = page
        with pytest.raises(RetryLater):
            site.fetcher(limits=limits(transfer_s=0.4)).fetch(PAGE)

    def test_a_silent_server_is_left(self, site):
        site.pages[PAGE] = lambda handler: time.sleep(1.5)
        with pytest.raises(RetryLater):
            site.fetcher(limits=limits(silence_s=0.3)).fetch(PAGE)

    def test_endless_headers_are_no_answer(self, site):
        def many(handler):
            handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
            for number in count():
                handler.wfile.write(b"X-%d: %s\r\n" % (number, b"x" * 1_000))

        site.pages[PAGE] = many
        with pytest.raises(RetryLater):
            site.fetcher().fetch(PAGE)

    def test_an_endless_chunk_length_is_cut(self, site):
        def chunked(handler):
            handler.send_response(200)
            handler.send_header("Transfer-Encoding", "chunked")
            handler.end_headers()
            while True:
                handler.wfile.write(b"0" * 65_536)

        site.pages[PAGE] = chunked
        with pytest.raises(RetryLater):
            site.fetcher().fetch(PAGE)

    def test_an_answer_that_is_no_http_is_no_page(self, site):
        site.pages[PAGE] = lambda handler: handler.wfile.write(b"SSH-2.0-OpenSSH_9.6\r\n")
        with pytest.raises(RetryLater):
            site.fetcher().fetch(PAGE)


class TestPatience:
    def test_a_busy_server_is_asked_again_when_it_says(self, site):
        now, slept = [100.0], []

        def sleep(seconds):
            slept.append(seconds)
            now[0] += seconds

        answers = iter([Answer(status=503, headers={"Retry-After": "7"}), Answer(status=429), Answer(b"x")])
        site.pages[PAGE] = lambda handler: next(answers)
        fetcher = site.fetcher(sleep=sleep, clock=lambda: now[0], limits=limits(delay_s=1.0))
        assert fetcher.fetch(PAGE).body == b"x"
        assert slept == [1.0, 7.0, 4.0]  # after robots.txt; as it says; where it says nothing

    def test_a_server_that_asks_for_too_long_is_left_alone_until_then(self, site):
        now = [1000.0]
        site.pages[PAGE] = Answer(status=503, headers={"Retry-After": "3600"})
        fetcher = site.fetcher(clock=lambda: now[0])
        with pytest.raises(RetryLater) as later:
            fetcher.fetch(PAGE)
        assert later.value.after_s == 3600.0
        with pytest.raises(RetryLater):
            fetcher.fetch("https://chinhphu.vn/other")
        assert site.paths() == ["/van-ban"]
        now[0] += 3601
        site.pages[PAGE] = Answer(b"x")
        assert fetcher.fetch(PAGE).body == b"x"

    def test_a_server_that_stays_busy_is_asked_three_times(self, site):
        site.pages[PAGE] = Answer(status=503)
        with pytest.raises(RetryLater):
            site.fetcher().fetch(PAGE)
        assert site.paths() == ["/van-ban"] * 3

    def test_a_broken_server_is_asked_once(self, site):
        site.pages[PAGE] = Answer(status=500)
        with pytest.raises(RetryLater):
            site.fetcher().fetch(PAGE)
        assert site.paths() == ["/van-ban"]

    def test_where_nobody_answers_it_is_tried_again(self, site):
        site.pages[PAGE] = Answer(b"x")
        failures = [ConnectionRefusedError(), TimeoutError()]

        def dial(address, port, timeout_s):
            if failures:
                raise failures.pop()
            return site.dial(address, port, timeout_s)

        assert site.fetcher(dial=dial).fetch(PAGE).body == b"x"

    def test_where_nobody_answers_at_all_it_is_said(self, site):
        def resolve(host):
            raise OSError("no such name")

        with pytest.raises(RetryLater, match="no whole answer"):
            site.fetcher(resolve=resolve).fetch(PAGE)


class TestManners:
    def test_robots_txt_is_kept(self, site):
        site.pages["https://chinhphu.vn/robots.txt"] = Answer(b"User-agent: *\nDisallow: /van-ban\nAllow: /rss")
        site.pages[PAGE] = site.pages["https://chinhphu.vn/rss"] = Answer(b"x")
        fetcher = site.fetcher()
        with pytest.raises(Refused, match=r"robots\.txt"):
            fetcher.fetch(PAGE)
        assert fetcher.fetch("https://chinhphu.vn/rss").body == b"x"
        assert [one.path for one in site.asked] == ["/robots.txt", "/rss"]

    def test_a_rule_for_our_name_is_ours(self, site):
        site.pages["https://chinhphu.vn/robots.txt"] = Answer(
            b"User-agent: gov-chat-test\nDisallow: /\n\nUser-agent: *\nAllow: /"
        )
        with pytest.raises(Refused):
            site.fetcher().fetch(PAGE)

    def test_a_redirect_keeps_the_other_hosts_rules(self, site):
        site.pages["https://moj.gov.vn/robots.txt"] = Answer(b"User-agent: *\nDisallow: /")
        site.pages[PAGE] = Answer(status=302, headers={"Location": "https://moj.gov.vn/x"})
        with pytest.raises(Refused, match=r"robots\.txt"):
            site.fetcher().fetch(PAGE)

    @pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
    def test_without_robots_txt_everything_may_be_read(self, site, status):
        site.pages["https://chinhphu.vn/robots.txt"] = Answer(status=status)
        site.pages[PAGE] = Answer(b"x")
        assert site.fetcher().fetch(PAGE).body == b"x"

    @pytest.mark.parametrize("status", [429, 500, 503])
    def test_nothing_is_read_while_robots_txt_cannot_be(self, site, status):
        site.pages["https://chinhphu.vn/robots.txt"] = Answer(status=status)
        site.pages[PAGE] = Answer(b"x")
        with pytest.raises(RetryLater):
            site.fetcher().fetch(PAGE)
        assert site.paths() == []

    def test_robots_txt_holds_for_a_day(self, site):
        now = [0.0]
        site.pages[PAGE] = Answer(b"x")
        fetcher = site.fetcher(clock=lambda: now[0])
        for seconds in (0, 80_000, 5_000, 2_000):
            now[0] += seconds
            fetcher.fetch(PAGE)
        assert [one.path for one in site.asked].count("/robots.txt") == 2

    def test_a_robots_txt_that_sends_us_inside_is_refused(self, site):
        site.pages["https://chinhphu.vn/robots.txt"] = Answer(status=302, headers={"Location": "https://127.0.0.1/"})
        with pytest.raises(Refused):
            site.fetcher().fetch(PAGE)

    def test_a_host_is_asked_slowly_and_each_at_its_own_pace(self, site):
        now = [100.0]
        slept: list[float] = []

        def sleep(seconds):
            slept.append(seconds)
            now[0] += seconds

        site.pages["https://chinhphu.vn/robots.txt"] = Answer(b"User-agent: *\nCrawl-delay: 5")
        site.pages["https://moj.gov.vn/robots.txt"] = Answer(b"User-agent: *\nCrawl-delay: 99999")
        site.pages[PAGE] = site.pages["https://moj.gov.vn/x"] = site.pages["https://hanoi.gov.vn/x"] = Answer(b"x")
        fetcher = site.fetcher(sleep=sleep, clock=lambda: now[0], limits=limits(delay_s=2.0))
        for url in (
            PAGE,
            "https://hanoi.gov.vn/x",
            PAGE,
            "https://hanoi.gov.vn/x",
            "https://moj.gov.vn/x",
            "https://moj.gov.vn/x",
        ):
            fetcher.fetch(url)
        # after robots.txt 2 s each; chinhphu.vn asks for 5 s; hanoi.gov.vn's 2 s have passed; 120 s is the most
        assert slept == [2.0, 2.0, 3.0, 2.0, 120.0]


@pytest.mark.parametrize("target", ["https://[/", "//[x", "http://]"])
def test_a_redirect_to_what_is_no_address_is_refused(site, target):
    site.pages[PAGE] = Answer(status=302, headers={"Location": target})
    with pytest.raises(Refused, match="no address"):
        site.fetcher().fetch(PAGE)


@pytest.mark.parametrize(
    "said", ["9" * 5_000, "Fri, 31 Dec 999999999 23:59:59 GMT", "Fri, 31 Dec 99999999999999999999 23:59:59 GMT"]
)
def test_a_wait_that_nobody_can_count_is_as_none_given(site, said):
    site.pages[PAGE] = Answer(status=503, headers={"Retry-After": said})
    with pytest.raises(RetryLater, match="503"):
        site.fetcher().fetch(PAGE)
