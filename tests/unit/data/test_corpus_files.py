"""Every row of data/corpus is well formed, in our own words, and agrees with the collected gazette data."""

import json
import re
import unicodedata
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from index.document import RelationKind
from index.text.language import detect
from index.text.unicode import fold, syllables

ROOT = Path(__file__).parents[3]
FILES = sorted((ROOT / "data" / "corpus").glob("*.jsonl"))
SHARED = ROOT.parent / "shared"

REQUIRED = {
    "number", "type", "title", "issuing_body", "issued_on", "effective_on", "summary", "aliases", "relations",
    "evidence", "source", "checked_on", "questions", "title_en", "title_zh",
}  # fmt: skip
OPTIONAL = {"expires_on", "url"}
TYPES = {"Luật", "Nghị định", "Nghị quyết", "Quyết định", "Chỉ thị", "Công điện", "Thông tư"}
BODY = re.compile(r"Quốc hội|Chính phủ|Thủ tướng Chính phủ|Bộ \w.+")  # ministries of the past issued documents too
KINDS = {kind.value for kind in RelationKind}
RELATION_KEYS = {"kind", "number", "title", "issued_on", "effective_on"}
SENTENCE_END = re.compile(r"[.!?](?=\s|$)")

# number -> the type its symbol stands for; the National Assembly's numbers carry no type
SYMBOLS = {
    "NĐ": "Nghị định",
    "NQ": "Nghị quyết",
    "QĐ": "Quyết định",
    "CT": "Chỉ thị",
    "CĐ": "Công điện",
    "TT": "Thông tư",
}

Row = dict[str, Any]


def rows_of(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


ROWS: list[Row] = [row for path in FILES for row in rows_of(path)]
every_row = pytest.mark.parametrize("row", ROWS, ids=[f"{row['number']}@{row['issued_on']}" for row in ROWS])


def test_there_is_a_corpus() -> None:
    assert ROOT / "data" / "corpus" / "gazette.jsonl" in FILES


@every_row
def test_a_row_has_exactly_the_agreed_fields(row: Row) -> None:
    assert set(row) >= REQUIRED
    assert set(row) - REQUIRED <= OPTIONAL
    assert row["type"] in TYPES
    assert BODY.fullmatch(row["issuing_body"])
    assert all(isinstance(row[name], str) and row[name].strip() for name in ("number", "title", "summary", "source"))


@every_row
def test_a_row_is_nfc_and_free_of_invisible_characters(row: Row) -> None:
    text = json.dumps(row, ensure_ascii=False)
    assert unicodedata.is_normalized("NFC", text)
    assert not [char for char in text if unicodedata.category(char) in {"Cc", "Cf", "Co", "Cn"}]
    assert "\u00d0" not in text, "Icelandic Eth instead of Đ"
    assert "  " not in text


@every_row
def test_dates_are_iso_or_unknown(row: Row) -> None:
    dates = [row["issued_on"], row["effective_on"], row.get("expires_on"), row["checked_on"]]
    dates += [relation.get(name) for relation in row["relations"] for name in ("issued_on", "effective_on")]
    for value in dates:
        assert value is None or date.fromisoformat(value).isoformat() == value
        assert value is None or value > "1900-01-01", "the gazette's placeholder for «not given»"


@every_row
def test_the_type_is_the_one_the_number_names(row: Row) -> None:
    symbol = row["number"].rsplit("/", 1)[1].split("-")[0]
    if symbol in SYMBOLS:
        assert row["type"] == SYMBOLS[symbol]
    else:
        assert re.fullmatch(r"\d+/\d{4}/QH\d{2}", row["number"])
        assert row["type"] in {"Luật", "Nghị quyết"}


@every_row
def test_relations_say_what_acts_on_what(row: Row) -> None:
    for relation in row["relations"]:
        assert {"kind", "number"} <= set(relation) <= RELATION_KEYS
        assert relation["kind"] in KINDS
        assert relation["number"] != row["number"]
    pairs = [(relation["kind"], relation["number"]) for relation in row["relations"]]
    assert len(pairs) == len(set(pairs))


@every_row
def test_no_successor_is_older_than_what_it_succeeds(row: Row) -> None:
    for relation in row["relations"]:
        other, own = relation.get("issued_on"), row["issued_on"]
        if other is None or own is None:
            continue
        if relation["kind"] in {"replaced_by", "partly_replaced_by", "amended_by", "guided_by"}:
            assert other >= own
        if relation["kind"] in {"replaces", "partly_replaces", "amends", "guides"}:
            assert other <= own


@every_row
def test_a_summary_has_one_to_five_sentences_and_is_not_the_title(row: Row) -> None:
    summary = row["summary"]
    assert summary.endswith(".")
    assert 1 <= len(SENTENCE_END.findall(summary)) <= 5
    assert summary.rstrip(".").casefold() != row["title"].rstrip(".").casefold()


@every_row
def test_aliases_are_distinct_everyday_words(row: Row) -> None:
    aliases = row["aliases"]
    assert 1 <= len(aliases) <= 12
    assert all(alias == alias.strip() and alias for alias in aliases)
    assert len({alias.casefold() for alias in aliases}) == len(aliases)


@every_row
def test_people_are_known_to_ask_in_three_languages(row: Row) -> None:
    questions = row["questions"]
    assert list(questions) == ["vi", "en", "zh"]
    assert 20 <= len(questions["vi"]) <= 50
    assert all(3 <= len(questions[lang]) <= 8 for lang in ("en", "zh"))
    assert {detect(text) for text in questions["zh"]} == {"zh"}
    assert not any("?" in title or len(title) > 160 for title in (row["title_en"], row["title_zh"]))


def test_no_known_question_stands_in_an_evaluation_set() -> None:
    fields = re.compile(r'"(?:q|text|question)": ("(?:[^"\\]|\\.)*")')
    evaluated = {
        plain(json.loads(found))
        for path in (ROOT / "data" / "eval").rglob("*.jsonl")
        for found in fields.findall(path.read_text(encoding="utf-8"))
    }
    assert len(evaluated) > 5_000
    known = {plain(text) for row in ROWS for texts in row["questions"].values() for text in texts}
    assert sorted(known & evaluated) == []


def plain(text: str) -> str:
    return " ".join(syllables(fold(text)))


def test_no_known_question_leads_to_two_documents() -> None:
    asked = [text.casefold() for row in ROWS for texts in row["questions"].values() for text in texts]
    assert len(asked) == len(set(asked))


@every_row
def test_evidence_is_something_a_citizen_may_be_shown(row: Row) -> None:
    assert row["evidence"] in {"G", "F", "P", "R"}, "K is background knowledge and never shown"


def test_a_number_and_its_date_occur_once() -> None:
    keys = [(row["number"], row["issued_on"]) for row in ROWS]
    assert sorted({key for key in keys if keys.count(key) > 1}) == []


def test_every_document_of_the_reference_table_is_there_once() -> None:
    reference = SHARED / "reference" / "government.md"
    if not reference.exists():
        pytest.skip(f"{reference} is absent")
    table = reference.read_text(encoding="utf-8").split("### 7a")[1].split("### 7b")[0]
    wanted = sorted(re.findall(r"^\| (\S+/\S+) \| (\d{4}-\d\d-\d\d) \| (\d{4}-\d\d-\d\d|—) \|", table, re.MULTILINE))
    rows = rows_of(ROOT / "data" / "corpus" / "gazette.jsonl")
    assert sorted((row["number"], row["issued_on"], row["effective_on"] or "—") for row in rows) == wanted


def gazette() -> dict[tuple[str, str], Row]:
    folder = SHARED / "data" / "gazette"
    if not folder.exists():
        pytest.skip(f"{folder} is absent")
    records = (row for path in sorted(folder.glob("*.jsonl")) for row in rows_of(path))
    return {(record["number"], record["issued"]): record for record in records}


def test_dates_and_types_agree_with_the_gazette() -> None:
    records = gazette()
    known = [(row, records[key]) for row in ROWS if (key := (row["number"], row["issued_on"])) in records]
    assert len(known) >= 71
    for row, record in known:
        given = None if record["effective"] == "1900-01-01" else record["effective"]
        assert (row["number"], row["effective_on"], row["type"]) == (row["number"], given, record["type"])
        assert row["issuing_body"].casefold() == record["issuer"].casefold()


def test_no_summary_repeats_a_long_gazette_title() -> None:
    records = gazette()
    for row in ROWS:
        record = records.get((row["number"], row["issued_on"]))
        if record and len(record["summary"].split()) > 12:
            assert record["summary"].rstrip(". ").casefold() not in row["summary"].casefold()
