"""The shared real documents: 3,004 gazette records and 20 collected full texts go in whole.

They are found through GOVCHAT_SHARED_DATA; where it is set and the folder is absent these tests fail, where it is not
set they are skipped. tests/unit/index/ingest holds the smaller twins on fixtures of our own, which always run.
"""

import json
import os
import re
from collections import Counter, defaultdict
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest

from index.catalogue import Catalogue
from index.document import TextKind, Validity
from index.ingest.markdown import read_markdown
from index.ingest.run import ingest
from index.passages import split
from index.text.number import number_key
from index.text.unicode import normalise
from index.validity import OUT_OF_FORCE

pytestmark = pytest.mark.integration

AS_OF = [date(2009, 1, 1), date(2013, 6, 1), date(2020, 1, 1), date(2025, 3, 1), date(2026, 7, 1), date(2030, 1, 1)]
FULL_TEXTS = 20
CODIFICATION = "thong-tin-bao-chi-xuat-ban__tiep-can-thong-tin.md"
_ARTICLE_LINE = re.compile(r"^[#*_ ]*Điều (\d+)(?:[.:]|[* ]*$)", re.M)
_ORIGIN = re.compile(r"^\(Điều (\d+) [^()]*? số ([^\s,]+)", re.M)
_AFTER_THE_TEXT = re.compile(
    r"^[#*\s]*(?:N[Ơơ][Ii] [Nn][Hh][Ậậ][Nn]|TM\. |G[Hh][Ii] [Cc][Hh][Úú]\b|PHỤ LỤC|Phụ lục|Tài liệu)", re.M
)

_NO_WORDING = re.compile(r"[#_ ]*Chương [IVXHÌ]+\b|\$\$")  # counted anew, or written as a formula
_SEVERAL_IN_ONE_LINE = re.compile(r"\s+(?=\d{1,2}[.,] )|(?<=[.;!?…])\s+")


@pytest.fixture(scope="module")
def shared() -> Path:
    folder = os.environ.get("GOVCHAT_SHARED_DATA")
    if not folder:
        pytest.skip("GOVCHAT_SHARED_DATA is not set: the real documents are not at hand")
    assert Path(folder, "gazette").is_dir(), f"GOVCHAT_SHARED_DATA names {folder}, which holds no gazette folder"
    return Path(folder)


@pytest.fixture(scope="module")
def full_texts(shared):
    files = sorted((shared / "fulltext_2026").glob("*.md"))
    assert len(files) == FULL_TEXTS
    return files


@pytest.fixture(scope="module")
def records(shared):
    files = sorted((shared / "gazette").glob("*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def gazette(shared, tmp_path_factory):
    catalogue = Catalogue.open(f"sqlite:///{tmp_path_factory.mktemp('gazette')}/catalogue.db")
    report = ingest(sorted((shared / "gazette").glob("*.jsonl")), catalogue=catalogue)
    yield catalogue, report
    catalogue.close()


def test_every_gazette_document_is_loaded_with_every_relation(gazette, records):
    catalogue, report = gazette
    assert (len(report.created), report.unreadable) == (len(records), [])
    assert catalogue.count() == len(records) == 3_004
    loaded = catalogue.latest(limit=10_000)
    stated = Counter(kind for record in records for kind, others in record["relations"].items() for _ in others)
    relations = [relation for document in loaded for relation in document.relations]
    assert Counter(relation.kind.value for relation in relations if not relation.is_extracted) == stated
    assert sum(stated.values()) == 10_532
    assert all(document.effective_on != date(1900, 1, 1) for document in loaded)


def test_no_gazette_document_with_a_dated_successor_is_in_force_after_that_date(gazette, records):
    catalogue, report = gazette
    out_of_force = cache(catalogue.not_in_force)
    dates = defaultdict(list)
    for record in records:
        dates[record["number"]].append((record["issued"], record["effective"]))
    checked = inverted = 0
    for record in records:
        for other in record["relations"].get("replaced_by", []):
            known = dates.get(other["number"], [])
            if len(known) != 1 or other["number"] == record["number"]:
                continue
            ((issued, effective),) = known
            if issued < record["issued"]:
                inverted += 1
                assert f"{record['number']} replaced_by {other['number']}" in report.inverted
                continue
            start = date.fromisoformat(effective if effective and effective > "1900-01-01" else issued)
            document = catalogue.get(f"{normalise(record['number'])}@{record['issued']}")
            for days in (0, 1, 30, 365, 3_650, 36_500):
                day = start + timedelta(days=days)
                assert catalogue.validity(document, day).validity is Validity.EXPIRED, document.id
                assert document.id in out_of_force(day)
            checked += 1
    assert inverted == 15
    assert checked > 150


def test_a_successor_outside_the_gazette_ends_a_document_at_an_unknown_date(gazette, records):
    catalogue, _ = gazette
    numbers = {record["number"] for record in records}
    seen = 0
    for record in records:
        outside = [other for other in record["relations"].get("replaced_by", []) if other["number"] not in numbers]
        year = re.search(r"/(\d{4})/", outside[0]["number"]) if outside else None
        if year and year.group(1) > record["issued"][:4]:
            document = catalogue.get(f"{normalise(record['number'])}@{record['issued']}")
            for day in AS_OF:
                state = catalogue.validity(document, day).validity
                assert state in (Validity.EXPIRED, Validity.NOT_YET_IN_FORCE), document.id
            assert catalogue.validity(document, date(2026, 11, 22)).validity is Validity.EXPIRED
            seen += 1
    assert seen > 100


def test_inverted_relations_of_the_gazette_end_nothing(gazette):
    catalogue, report = gazette
    assert len(report.inverted) == len(set(report.inverted)) >= 45  # stated ones, of all kinds; some are read in titles
    for wrong in catalogue.inverted():
        used_again = {other.issued_on for other in catalogue.find(key=number_key(wrong.by))}
        for document in catalogue.find(key=number_key(wrong.number)):
            if max(used_again, default=date.min) >= document.issued_on:
                continue  # of two documents of that number one is newer, and may act
            for day in AS_OF:
                state = catalogue.validity(document, day)
                assert wrong.by not in (*state.replaced_by, *state.abolished_by, *state.amended_by)


def test_the_documents_out_of_force_are_those_whose_validity_says_so(gazette):
    catalogue, _ = gazette
    documents = catalogue.latest(limit=10_000)
    for day in AS_OF:
        found = catalogue.not_in_force(day)
        expected = {document.id for document in documents if catalogue.validity(document, day).validity in OUT_OF_FORCE}
        assert found == expected
        assert expected


def test_every_full_text_is_indexed(full_texts, tmp_path):
    catalogue = Catalogue.open(f"sqlite:///{tmp_path}/catalogue.db")
    report = ingest(full_texts, catalogue=catalogue)
    assert report.unreadable == []
    assert len(report.created) == FULL_TEXTS - 1 + 4  # the codification holds articles of four documents
    for document_id in report.created:
        document = catalogue.get(document_id)
        assert document.issued_on is not None
        assert document.issuing_body
        assert document.type
        assert document.title
        assert next(catalogue.passages(document_id), None) is not None
    catalogue.close()


def test_every_article_of_the_full_texts_has_its_passages(full_texts):
    accounted = 0
    for file in full_texts:
        text = normalise(file.read_text(encoding="utf-8"))
        documents = read_markdown(file)
        found = [  # a retelling has no locations, only headings
            (document.number, place)
            for document in documents
            for passage in split(document)
            for place in ([passage.location] if passage.location else passage.headings)
        ]
        if file.name == CODIFICATION:
            expected = {(number, article) for article, number in _ORIGIN.findall(text)}
        else:
            expected = {(documents[0].number, article) for article in _ARTICLE_LINE.findall(text)}
        located = {
            (number, match.group(1))
            for number, location in found
            if location and (match := re.search(r"Điều (\d+)\b", location))
        }
        assert located == expected, file.name
        accounted += len(expected)
    assert accounted == 341


def test_the_regulation_issued_with_decree_191_has_all_its_28_articles(full_texts):
    (file,) = [file for file in full_texts if "191-2026" in file.name]
    (document,) = read_markdown(file)
    locations = [passage.location for passage in split(document)]
    attached = {re.match(r"Quy chế, (Điều \d+)", location).group(1) for location in locations if "Quy chế" in location}
    assert attached == {f"Điều {number}" for number in range(1, 29)}
    assert {location for location in locations if location.startswith("Điều")} == {"Điều 1", "Điều 2", "Điều 3"}


def test_every_line_between_the_first_article_and_the_signatures_is_in_a_passage(full_texts):
    def squeezed(text):
        return re.sub(r"[\W_]+", "", text)

    missing = []
    for file in full_texts:
        text = normalise(file.read_text(encoding="utf-8"))
        first = _ARTICLE_LINE.search(text)
        if file.name == CODIFICATION or first is None:
            continue
        end = _AFTER_THE_TEXT.search(text, first.end())
        (document,) = read_markdown(file)
        passages = split(document)
        shown = squeezed("".join(passage.text for passage in passages))
        shown += "\n" + squeezed("\n".join(heading for passage in passages for heading in passage.headings))
        wording = text[first.start() : end.start() if end else len(text)]
        lines = re.sub(r" Nơi nhận: .*?Lưu: VT, \w+ \(\d\)", "\n", wording).split("\n")
        parts = [part for line in lines if not _NO_WORDING.match(line) for part in _SEVERAL_IN_ONE_LINE.split(line)]
        missing += [(file.name, part[:80]) for part in parts if squeezed(part) not in shown]
    assert missing == []


def test_the_base_salary_stands_in_its_clause(full_texts):
    (file,) = [file for file in full_texts if "__161-2026" in file.name]
    (document,) = read_markdown(file)
    (passage,) = [passage for passage in split(document) if passage.location == "Điều 3, khoản 2"]
    assert "2.530.000 đồng/tháng" in passage.text
    assert passage.text_kind is TextKind.OFFICIAL
    assert passage.headings == ("Điều 3. Mức lương cơ sở",)


def test_the_digests_among_the_full_texts_are_not_taken_for_the_official_wording(full_texts):
    documents = [document for file in full_texts for document in read_markdown(file)]
    retold = {document.number for document in documents if document.text_kind is TextKind.SUMMARY}
    assert retold == {"148/NQ-CP", "29/2026/NQ-CP", "66.18/2026/NQ-CP", "13/2026/TT-BNV"}


def test_no_collectors_word_is_in_a_passage(full_texts):
    for file in full_texts:
        for document in read_markdown(file):
            words = "\n".join(passage.text for passage in split(document))
            for foreign in ("Điểm nhấn", "HEARTBEAT", "pdftotext", "tesseract", "Lưu: VT", "docid", "lastedit"):
                assert foreign not in words.split("Mẫu số 01/TCD")[0], (file.name, foreign)
