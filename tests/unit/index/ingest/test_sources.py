"""The file of sources: what is shipped, and what is said about one with faults."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from index.errors import BadInput
from index.ingest import publishers
from index.ingest.errors import FaultyFile
from index.ingest.sources import enabled, load, weights

SHIPPED = Path("data/sources.toml")
GOOD = """
[[source]]
id = "bo-tu-phap"
owner = "Bộ Tư pháp"
hosts = ["moj.gov.vn", "files.moj.gov.vn"]
addresses = ["https://moj.gov.vn/rss"]
parser = "rss"
detail_parser = "article"
every = "30m"
weight = 0.7
enabled = true
evidence = "K"
"""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "sources.toml"

    def write(text: str) -> Path:
        path.write_text(text, encoding="utf-8")
        return path

    return write


class TestShipped:
    sources = load(SHIPPED)

    def test_nothing_is_read_before_somebody_looked_at_the_live_site(self):
        assert [source.id for source in self.sources if source.enabled or source.checked_on] == []

    def test_it_names_the_portal_all_ministries_and_all_provinces(self):
        agencies = [json.loads(line) for line in Path("data/agencies.jsonl").read_text(encoding="utf-8").splitlines()]
        ministries = {agency["id"] for agency in agencies if agency["kind"] in ("bộ", "cơ quan ngang bộ")}
        provinces = [json.loads(line)["name"] for line in Path("data/provinces.jsonl").read_text("utf-8").splitlines()]
        hosts = {host for source in self.sources for host in source.hosts}
        assert len(ministries) == 17
        assert ministries <= {source.id for source in self.sources}
        assert sorted(source.place for source in self.sources if source.place) == sorted(provinces)
        assert {"chinhphu.vn", "vanban.chinhphu.vn", "congbao.chinhphu.vn", "baochinhphu.vn"} <= hosts
        assert "xaydungchinhsach.chinhphu.vn" in hosts

    def test_addresses_are_those_of_the_agencies_where_they_are_known(self):
        agencies = [json.loads(line) for line in Path("data/agencies.jsonl").read_text(encoding="utf-8").splitlines()]
        hosts = {source.id: source.hosts for source in self.sources}
        for agency in agencies:
            if agency["id"] in hosts and agency["website"]:
                assert agency["website"].removeprefix("https://") in hosts[agency["id"]]

    def test_every_source_is_official_and_says_how_sure_it_is(self):
        for source in self.sources:
            assert all(host.endswith((".gov.vn", "chinhphu.vn")) for host in source.hosts)
            assert source.evidence in "GFPRK"
            assert source.licence


def test_a_source_is_read_with_its_defaults(file):
    source = load(file(GOOD))[0]
    assert (source.every, source.recheck, source.languages) == (timedelta(minutes=30), timedelta(days=7), ("vi",))
    assert source.most_pages == 50


def test_every_fault_is_listed_with_the_sources_id(file):
    text = (
        GOOD
        + """
[[source]]
id = "bo-tu-phap"
owner = "again"
hosts = ["moj.gov.vn"]
addresses = ["https://moj.gov.vn/rss"]
parser = "rss"
every = "30m"
evidence = "K"

[[source]]
id = "faulty"
owner = ""
hosts = ["localhost", "10.0.0.1", "MOJ.gov.vn"]
addresses = ["https://moj.gov.vn/rss"]
parser = "crystal-ball"
detail_parser = "tea-leaves"
languages = ["fr"]
every = "sometimes"
recheck = "1s"
weight = 9.0
post = "{"
schedule = "1d"
evidence = "Z"

[[source]]
id = "plain"
owner = "x"
hosts = ["moj.gov.vn"]
addresses = ["http://moj.gov.vn/rss"]
parser = "rss"
every = "1m"
evidence = "K"

[[source]]
id = "elsewhere"
owner = "x"
hosts = ["moj.gov.vn"]
addresses = ["https://moj.gov.vn.evil.example/rss"]
parser = "rss"
every = "1h"
evidence = "K"

[[source]]
owner = "x"
hosts = []
addresses = []
parser = "rss"
every = "1h"
evidence = "K"
"""
    )
    with pytest.raises(FaultyFile) as faulty:
        load(file(text))
    faults = "\n".join(faulty.value.faults)
    for expected in (
        "bo-tu-phap: the id is used twice",
        "faulty: owner:",
        "faulty: hosts: localhost, 10.0.0.1, MOJ.gov.vn: not a host name",
        "faulty: parser: unknown parser 'crystal-ball'",
        "faulty: detail_parser: unknown parser 'tea-leaves'",
        "faulty: languages.0:",
        "faulty: every: a schedule",
        "faulty: recheck: a schedule",
        "faulty: weight:",
        "faulty: post:",
        "faulty: schedule: unknown key",
        "faulty: evidence:",
        "plain: every: a schedule",
        "elsewhere: https://moj.gov.vn.evil.example/rss: its host is not on the list",
        "source 6: id:",
        "source 6: hosts:",
        "source 6: addresses:",
    ):
        assert expected in faults


def test_plain_http_is_a_fault(file):
    with pytest.raises(FaultyFile, match="not an https address"):
        load(file(GOOD.replace("https://moj.gov.vn/rss", "http://moj.gov.vn/rss")))


@pytest.mark.parametrize("text", ["source = 3", "[source]\nid = 1", "[[quelle]]\nid = 'x'", "[[source]", "\x00"])
def test_a_file_of_another_form_is_a_fault(file, text):
    with pytest.raises(FaultyFile):
        load(file(text))


def test_a_missing_file_is_a_fault(tmp_path):
    with pytest.raises(FaultyFile):
        load(tmp_path / "sources.toml")


def test_only_enabled_sources_are_read_and_unknown_names_are_said(file):
    sources = load(file(GOOD + GOOD.replace("bo-tu-phap", "other").replace("enabled = true", "enabled = false")))
    assert [source.id for source in enabled(sources)] == ["bo-tu-phap"]
    assert [source.id for source in enabled(sources, only=["bo-tu-phap"])] == ["bo-tu-phap"]
    with pytest.raises(BadInput, match="other"):
        enabled(sources, only=["other"])


def test_the_weight_of_a_host_is_the_largest_of_its_sources(file):
    sources = load(file(GOOD + GOOD.replace("bo-tu-phap", "other").replace("0.7", "0.9")))
    assert weights(sources) == {"moj.gov.vn": 0.9, "files.moj.gov.vn": 0.9}


class TestPublishers:
    def test_without_a_file_nobody_may_publish(self, tmp_path):
        assert publishers.load(tmp_path / "publishers.toml", []) == {}

    def test_a_publisher_has_a_source_and_bodies(self, file, tmp_path):
        path = tmp_path / "publishers.toml"
        path.write_text('[moj]\nkey_sha256 = "00"\nsource = "bo-tu-phap"\nissuing_bodies = ["Bộ Tư pháp"]\n', "utf-8")
        found = publishers.load(path, load(file(GOOD)))
        assert found["moj"].source.id == "bo-tu-phap"
        assert found["moj"].issuing_bodies == ("Bộ Tư pháp",)

    def test_every_fault_is_listed_and_no_key_is_repeated(self, file, tmp_path):
        path = tmp_path / "publishers.toml"
        path.write_text(
            '[a]\nkey_sha256 = "feed"\nsource = "x"\n[b]\nsource = "bo-tu-phap"\nissuing_bodies = []\n', "utf-8"
        )
        with pytest.raises(FaultyFile) as faulty:
            publishers.load(path, load(file(GOOD)))
        assert len(faulty.value.faults) == 3
        assert "feed" not in str(faulty.value)
