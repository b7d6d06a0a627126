"""Feeds, sitemaps and list pages become links."""

from __future__ import annotations

import gzip
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from index.errors import UnreadableSource
from index.ingest.parsers import feed, sitemap, vanban_list
from index.ingest.parsers.instants import instants

VIETNAM = timezone(timedelta(hours=7))


def rss(*dates: str) -> str:
    items = "".join(
        f"<item><title>Tin {n}</title><link>https://a.vn/{n}.htm</link><pubDate>{printed}</pubDate></item>"
        for n, printed in enumerate(dates)
    )
    return f"<rss version='2.0'><channel><title>t</title>{items}</channel></rss>"


def published(page, *dates: str) -> list[datetime | None]:
    return [link.published for link in feed.parse(page(rss(*dates))).links]


def test_a_feed_gives_each_article_once_with_its_title_and_hour(page):
    parsed = feed.parse(page("rss_home.rss", url="https://baochinhphu.vn/rss/home.rss"))
    assert [(link.url, link.title, link.kind) for link in parsed.links] == [
        (
            "https://baochinhphu.vn/xa-an-binh-mo-diem-doc-sach-102260511103041123.htm",
            "Xã An Bình mở điểm đọc sách & học nghề",
            "article",
        ),
        ("https://baochinhphu.vn/lich-tiep-cong-dan-102260510080000456.htm", "Lịch tiếp công dân tháng năm", "article"),
    ]
    assert parsed.links[0].published == datetime(2026, 5, 11, 10, 30, 41, tzinfo=VIETNAM)
    assert parsed.links[1].published == datetime(2026, 5, 10, 1, tzinfo=UTC)
    assert "1 entries" in parsed.problems[0].reason


def test_an_atom_feed_gives_links_and_titles_without_markup(page):
    (link,) = feed.parse(page("atom.xml")).links
    assert (link.url, link.title) == ("https://tinh.gov.vn/tin/khai-truong", "Khai trương trạm y tế mới")
    assert link.published == datetime(2026, 5, 11, 10, 30, tzinfo=VIETNAM)


def test_a_date_without_a_zone_is_vietnams(page):
    assert published(page, "2026-05-11 08:30:00") == [datetime(2026, 5, 11, 8, 30, tzinfo=VIETNAM)]


def test_month_comes_first_where_hours_have_halves(page):
    assert published(page, "05/04/2026 08:30:00 PM") == [datetime(2026, 5, 4, 20, 30, tzinfo=VIETNAM)]


def test_day_comes_first_where_hours_have_none(page):
    assert published(page, "05/04/2026 08:30:00") == [datetime(2026, 4, 5, 8, 30, tzinfo=VIETNAM)]


def test_one_date_of_a_feed_decides_the_order_for_all(page):
    assert published(page, "04/05/2026 08:00:00", "04/28/2026 08:00:00") == [
        datetime(2026, 4, 5, 8, tzinfo=VIETNAM),
        datetime(2026, 4, 28, 8, tzinfo=VIETNAM),
    ]
    assert published(page, "04/05/2026 08:00:00 AM", "28/04/2026 08:00:00 AM") == [
        datetime(2026, 5, 4, 8, tzinfo=VIETNAM),
        datetime(2026, 4, 28, 8, tzinfo=VIETNAM),
    ]


def test_an_order_that_puts_news_into_the_future_is_not_taken():
    assert instants(["03/11/2026 08:00:00"], not_after=date(2026, 5, 12))[0] == datetime(2026, 3, 11, 8, tzinfo=VIETNAM)


def test_noon_and_midnight_are_told_apart():
    hours = instants(["05/01/2026 12:00:00 AM", "05/01/2026 12:00:00 PM"], not_after=date(2026, 5, 12))
    assert [one.hour for one in hours] == [0, 12]


@pytest.mark.parametrize("printed", ["", None, "hôm qua", "99/99/2026 10:00:00", "2026-13-41 10:00:00", "Mon, 99 Zzz"])
def test_what_is_no_date_is_none(printed):
    assert instants([printed], not_after=date(2026, 5, 12)) == [None]


def test_a_sitemap_gives_pages_and_files_with_their_dates(page):
    links = sitemap.parse(page("sitemap.xml")).links
    assert [(link.title, link.kind, link.published and link.published.isoformat()) for link in links] == [
        ("Tin một", "article", "2026-05-11T10:30:00+07:00"),
        (None, "pdf", "2026-05-10T00:00:00+07:00"),
    ]


def test_a_sitemap_index_gives_sitemaps_and_may_be_packed(page):
    body = page("sitemap_index.xml").body
    links = sitemap.parse(page(gzip.compress(body))).links
    assert [(link.url.rpartition("/")[2], link.kind) for link in links] == [
        ("2026-05.xml", "sitemap"),
        ("2026-04.xml.gz", "sitemap"),
    ]


def test_a_list_of_documents_gives_their_pages_and_files(page):
    links = vanban_list.parse(page("vanban_list.html", url="https://vanban.chinhphu.vn/he-thong-van-ban")).links
    assert [(link.url, link.kind) for link in links] == [
        ("https://vanban.chinhphu.vn/?pageid=27160&docid=900001", "vanban_detail"),
        ("https://datafiles.chinhphu.vn/cpp/files/vbpq/2026/5/901-nd.signed.pdf", "pdf"),
        ("https://vanban.chinhphu.vn/?pageid=27160&docid=900002", "vanban_detail"),
    ]
    assert links[2].title == "Phê duyệt kế hoạch trồng cây ven đường"
    assert links[2].published == datetime(2026, 5, 6, tzinfo=VIETNAM)


@pytest.mark.parametrize("parser", [feed, sitemap])
@pytest.mark.parametrize("body", ["<html><body>không phải</body></html>", "chữ", "<", "{}"])
def test_another_kind_of_page_is_refused(page, parser, body):
    with pytest.raises(UnreadableSource):
        parser.parse(page(body))


NOT_PAGES = (
    "javascript:alert(1)",
    "data:text/html,x",
    "file:///etc/passwd",
    "https://",
    "//",
    "http://[",
    "mailto:a@b.vn",
)


@pytest.mark.parametrize("target", NOT_PAGES)
def test_a_link_that_is_no_web_page_is_left_out(page, target):
    body = rss("2026-05-11 08:30:00").replace("https://a.vn/0.htm", target)
    assert feed.parse(page(body, url=None)).links == ()
