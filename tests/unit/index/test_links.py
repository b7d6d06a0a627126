"""People are sent to a host of the document's own source, or nowhere; the document stays."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from index import opening
from index.catalogue import Catalogue
from index.document import Document, TextKind
from index.ingest.sources import load
from index.links import Links
from index.scope import ScopedCatalogue
from index.settings import IndexSettings

ROOT = Path(__file__).resolve().parents[3]
LINKS = Links(load(ROOT / "data" / "sources.toml"), own=["vanban.tinh.gov.vn"])
DECREE = Document(
    number="161/2026/NĐ-CP", type="Nghị định", title="Mức lương cơ sở", issuing_body="Chính phủ",
    issued_on=date(2026, 5, 15), effective_on=None, text_kind=TextKind.OFFICIAL, text="Điều 1.",
    source="vanban.chinhphu.vn", checked_on=None, url="https://vanban.chinhphu.vn/?pageid=27160&docid=1",
)  # fmt: skip


def shown(url: str | None, source: str = "vanban.chinhphu.vn") -> str | None:
    judged = LINKS.judged(replace(DECREE, url=url, source=source))
    assert replace(judged, url=url) == replace(DECREE, url=url, source=source)  # nothing else of it changes
    return judged.url


@pytest.mark.parametrize(
    ("url", "source"),
    [
        ("https://vanban.chinhphu.vn/?pageid=27160&docid=1", "vanban.chinhphu.vn"),
        ("https://datafiles.chinhphu.vn/cpp/files/1.pdf", "vanban.chinhphu.vn"),
        ("https://vanban.chinhphu.vn/", "datafiles.chinhphu.vn"),
        ("https://vanban.tinh.gov.vn/12", "quyet-dinh.jsonl"),
        ("https://vanban.tinh.gov.vn/12", "Sở Nội vụ"),
        (None, "vanban.chinhphu.vn"),
    ],
)
def test_an_address_on_a_host_of_its_source_stays(url: str | None, source: str) -> None:
    assert shown(url, source) == url


def test_an_address_is_shown_in_the_form_that_is_opened() -> None:
    assert shown("HTTPS://VanBan.ChinhPhu.vn:443/Điều?a=b#c") == "https://vanban.chinhphu.vn/%C4%90i%E1%BB%81u?a=b"


@pytest.mark.parametrize(
    "url",
    [
        # look-alikes
        "https://vanban.chinhphu.vn.evil.example/1", "https://chinhphu.vn.evil.example/", "https://xvanban.chinhphu.vn/",
        "https://evil.example/https://vanban.chinhphu.vn/", "https://evil.example?vanban.chinhphu.vn",
        "https://evil.example#@vanban.chinhphu.vn", "https://vanban-chinhphu.vn/", "https://vanban.chinhphu.vn./",
        "https://www.vanban.chinhphu.vn/", "https://chinhphu.vn/", "https://vn/", "https:///vanban.chinhphu.vn/",
        # users
        "https://user@vanban.chinhphu.vn/", "https://vanban.chinhphu.vn@evil.example/",
        "https://vanban.chinhphu.vn:x@evil.example/", "https://@vanban.chinhphu.vn/",
        # letters that look alike, and their punycode
        "https://vanban.chinhphu.v\u0578/", "https://v\u0430nban.chinhphu.vn/", "https://xn--vnban-3ve.chinhphu.vn/",
        "https://vanban.chinhphu\u3002vn/", "https://vanban\uff0echinhphu.vn/", "https://vănbản.chinhphu.vn/",
        # ports, schemes, numbers
        "https://vanban.chinhphu.vn:8443/", "https://vanban.chinhphu.vn:0443/", "https://vanban.chinhphu.vn:/",
        "http://vanban.chinhphu.vn/", "//vanban.chinhphu.vn/", "javascript:alert(1)//vanban.chinhphu.vn",
        "data:text/html,vanban.chinhphu.vn", "ftp://vanban.chinhphu.vn/", "https:vanban.chinhphu.vn", "https://127.0.0.1/",
        # what readers of addresses take apart differently
        "https://vanban.chinhphu.vn\\@evil.example/", "https://evil.example\\.vanban.chinhphu.vn/",
        "https://vanban.chinhphu.vn\t.evil.example/", " https://vanban.chinhphu.vn/", "https://vanban.chinhphu.vn/\n",
        "https://vanban.chinhphu.vn%2eevil.example/", "https://vanban.chinhphu.vn%00.evil.example/", "",
        f"https://vanban.chinhphu.vn/{'x' * 2_048}",
    ],
)  # fmt: skip
def test_an_address_that_only_looks_like_one_of_its_source_is_left_out(url: str) -> None:
    assert shown(url) is None


@pytest.mark.parametrize(
    ("url", "source"),
    [
        ("https://congbao.chinhphu.vn/1", "vanban.chinhphu.vn"),  # another source of the list
        ("https://vanban.tinh.gov.vn/1", "vanban.chinhphu.vn"),  # the operator's own, but not this source
        ("https://congbao.chinhphu.vn/1", "quyet-dinh.jsonl"),
        ("https://vanban.chinhphu.vn/1", "vanban.chinhphu.vn (bản sao)"),
        ("https://evil.example/1", "evil.example"),  # what a file says of its source makes no host known
    ],
)
def test_an_address_on_a_host_of_another_source_is_left_out(url: str, source: str) -> None:
    assert shown(url, source) is None


def test_a_catalogue_with_links_gives_every_document_judged_in_every_scope(tmp_path: Path) -> None:
    foreign = replace(DECREE, number="162/2026/NĐ-CP", url="https://evil.example/")
    address = f"sqlite:///{tmp_path}/c.db"
    with_all = Catalogue.open(address)
    for document in (DECREE, foreign):
        with_all.put(document, [])
    catalogue = Catalogue.open(address, read_only=True, links=LINKS)
    for each in (catalogue, ScopedCatalogue(catalogue, ["vanban.chinhphu.vn"])):
        found = [*each.find(number="161"), *each.find(number="162"), *each.latest(), each.get(foreign.id)]
        assert {(one.number, one.url) for one in found if one} == {
            (DECREE.number, DECREE.url),
            (foreign.number, None),
        }
    assert [one.url for one in with_all.find(number="162")] == ["https://evil.example/"]


def test_the_settings_name_the_operators_own_hosts() -> None:
    settings = IndexSettings(_env_file=None, link_hosts="vanban.tinh.gov.vn, tinh.gov.vn")  # type: ignore[call-arg]
    links = opening.open_links(settings.model_copy(update={"sources_file": ROOT / "data" / "sources.toml"}))
    own = replace(DECREE, source="tệp", url="https://tinh.gov.vn/1")
    assert links.judged(own) == own
    for hosts in ("*.gov.vn", "https://tinh.gov.vn", "tinh.gov.vn/x", "TINH.gov.vn", "10.0.0.1", "localhost"):
        with pytest.raises(ValidationError, match="link_hosts"):
            IndexSettings(_env_file=None, link_hosts=hosts)  # type: ignore[call-arg]
