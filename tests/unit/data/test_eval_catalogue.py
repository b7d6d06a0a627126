"""The sets that measure the catalogue are well formed; with the shared data at hand they also agree with it."""

import json
import os
import re
import unicodedata
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from index.document import RelationKind, Validity

EVAL = Path(__file__).parents[3] / "data" / "eval"
SHARED = os.environ.get("GOVCHAT_SHARED_DATA")

FORMS = {
    "printed", "no_accents", "blanks", "dots", "dashes", "two_digit_year", "leading_zeros", "short_type",
    "spelled_out", "number_only_with_type", "with_body", "decimal", "looks_like_year", "cyrillic", "nfd",
    "fullwidth", "upper", "lower", "missing_year", "with_title", "with_date", "in_sentence", "unknown",
    "not_a_number",
}  # fmt: skip
KINDS = {
    "replaces", "partly_replaces", "abolishes", "partly_abolishes", "amends", "corrects", "suspends",
    "partly_suspends", "guides", "based_on",
}  # fmt: skip
BACKGROUND = {"guides", "based_on"}
FILES = 20
FILES_WITHOUT_RELATIONS = 3  # two retellings and the codification
LEAST_SPELLINGS, LEAST_OF_A_FORM, LEAST_DOCUMENTS, DATES = 320, 8, 70, 3
NUMBER = re.compile(r"\d{2,5}(\.\d{1,3})?[a-z]?/[\w.&/-]*\w")
SLIPS = {"66/2026/NĐ-CP": "66/2026NĐ-CP"}  # the one number that is read otherwise than it is printed

Row = dict[str, Any]


def rows_of(name: str) -> list[Row]:
    return [json.loads(line) for line in (EVAL / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def canonical(printed: str) -> str:
    """The number without blanks, with a leading zero below ten, NFC."""
    return re.sub(r"^(\d)(?!\d)", r"0\1", unicodedata.normalize("NFC", re.sub(r"\s", "", printed)))


def plain(text: str) -> str:
    """Lower case ASCII where there is one, as a reader would see the digits."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))


RELATIONS, NUMBERS, VALIDITY = rows_of("relations"), rows_of("numbers"), rows_of("validity")


def assert_fields(row: Row, required: set[str], optional: set[str]) -> None:
    assert required <= set(row) <= required | optional, row
    assert all(value != "" and value is not None for value in row.values()), row


def assert_canonical(number: str) -> None:
    assert NUMBER.fullmatch(number), number
    assert number == canonical(number), number


def test_a_relation_has_the_agreed_fields_and_a_known_kind() -> None:
    for row in RELATIONS:
        required = {"file", "document", "kind", "number", "location", "where", "core"}
        assert_fields(row, required, {"issued_on", "effective_on", "scope", "retelling", "doubtful"})
        assert row["kind"] in KINDS
        assert RelationKind(row["kind"])
        assert row["core"] is (row["kind"] not in BACKGROUND)
        assert len(row["where"].split()) <= 12
        assert_canonical(row["document"])
        assert_canonical(row["number"])
        assert row["number"] != row["document"]
        for name in ("issued_on", "effective_on"):
            if name in row:
                date.fromisoformat(row[name])


def test_a_relation_of_a_part_says_which_part() -> None:
    assert all("scope" in row for row in RELATIONS if row["kind"].startswith("partly_"))
    assert not any("scope" in row for row in RELATIONS if row["kind"] in {"replaces", "abolishes"})


def test_no_relation_is_listed_twice_and_a_file_is_one_document() -> None:
    assert max(Counter((row["document"], row["kind"], row["number"]) for row in RELATIONS).values()) == 1
    documents = {(row["file"], row["document"]) for row in RELATIONS}
    assert len(documents) == len({file for file, _ in documents}) == FILES - FILES_WITHOUT_RELATIONS


def test_there_are_spellings_of_every_form() -> None:
    assert len(NUMBERS) >= LEAST_SPELLINGS
    forms = Counter(row["form"] for row in NUMBERS)
    assert set(forms) == FORMS
    assert min(forms.values()) >= LEAST_OF_A_FORM


def test_a_spelling_names_canonical_documents_and_is_typed_once() -> None:
    assert max(Counter(row["typed"] for row in NUMBERS).values()) == 1
    for row in NUMBERS:
        assert set(row) == {"typed", "expected", "form"}
        assert bool(row["expected"]) is (row["form"] not in {"unknown", "not_a_number"}), row
        assert len(set(row["expected"])) == len(row["expected"])
        for document in row["expected"]:
            number, _, issued = document.partition("@")
            assert_canonical(number)
            date.fromisoformat(issued)


def test_a_spelling_is_of_its_form() -> None:
    def all_of(form: str) -> list[str]:
        return [row["typed"] for row in NUMBERS if row["form"] == form]

    assert all(re.search("[Ѐ-ӿ]", typed) for typed in all_of("cyrillic"))
    assert all(re.search("[！-～]", typed) for typed in all_of("fullwidth"))
    assert all(typed != unicodedata.normalize("NFC", typed) for typed in all_of("nfd"))
    assert all(typed == typed.lower() for typed in all_of("lower"))
    assert all(typed == typed.upper() for typed in all_of("upper"))
    assert all(typed.isascii() for typed in all_of("no_accents"))
    assert all(re.search(r"\d[.,]\d|\d-\d", typed) for typed in all_of("decimal"))


def test_an_expected_number_begins_with_digits_that_were_typed() -> None:
    for row in NUMBERS:
        typed = re.sub(r"[,-](?=\d)", ".", plain(row["typed"]))
        for document in row["expected"]:
            assert document.split("/")[0].lstrip("0").lower() in typed, row


def test_validity_is_asked_at_three_dates_of_enough_documents() -> None:
    days = Counter((row["number"], row["issued_on"]) for row in VALIDITY)
    assert len(days) >= LEAST_DOCUMENTS
    assert set(days.values()) == {DATES}
    assert max(Counter((row["number"], row["issued_on"], row["on"]) for row in VALIDITY).values()) == 1


def test_a_validity_row_has_the_agreed_fields_and_a_known_state() -> None:
    for row in VALIDITY:
        assert_fields(row, {"number", "issued_on", "on", "expected", "why"}, {"replaced_by"})
        assert Validity(row["expected"])
        assert date.fromisoformat(row["issued_on"]) <= date.fromisoformat(row["on"])
        assert ("replaced_by" in row) is (row["expected"] == "expired")
        for number in (row["number"], *row.get("replaced_by", ())):
            assert_canonical(number)


def test_a_document_never_comes_back_into_force() -> None:
    order = ["unknown", "not_yet_in_force", "in_force", "partly_expired", "expired"]
    last: dict[tuple[str, str], int] = {}
    for row in sorted(VALIDITY, key=lambda row: row["on"]):
        document, state = (row["number"], row["issued_on"]), order.index(row["expected"])
        assert state >= last.get(document, 0), row
        last[document] = state


@pytest.fixture(scope="module")
def shared() -> Path:
    if not SHARED:
        pytest.skip("GOVCHAT_SHARED_DATA is not set: the real documents are not at hand")
    assert Path(SHARED, "gazette").is_dir(), f"GOVCHAT_SHARED_DATA names {SHARED}, which holds no gazette folder"
    return Path(SHARED)


@pytest.fixture(scope="module")
def gazette(shared: Path) -> dict[str, Row]:
    files = sorted((shared / "gazette").glob("*.jsonl"))
    rows = [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    return {f"{canonical(row['number'])}@{row['issued']}": row for row in rows}


@pytest.mark.integration
def test_the_gold_relations_stand_in_the_texts(shared: Path) -> None:
    texts = {file.name: canonical(file.read_text(encoding="utf-8")) for file in (shared / "fulltext_2026").glob("*.md")}
    assert len(texts) == FILES
    for row in RELATIONS:
        number = str(row["number"])
        assert SLIPS.get(number, number) in texts[row["file"]], row
        assert row["document"] in texts[row["file"]], row


@pytest.mark.integration
def test_the_spelled_documents_are_in_the_gazette_and_repeated_numbers_are_complete(gazette: dict[str, Row]) -> None:
    same_number = Counter(document.split("@")[0] for document in gazette)
    for row in NUMBERS:
        assert set(row["expected"]) <= set(gazette), row
        if row["form"] == "printed" and "luật" not in row["typed"].lower():
            assert {same_number[document.split("@")[0]] for document in row["expected"]} == {len(row["expected"])}, row


@pytest.mark.integration
def test_the_states_agree_with_the_dates_of_the_gazette(gazette: dict[str, Row]) -> None:
    for row in VALIDITY:
        document = gazette[f"{row['number']}@{row['issued_on']}"]
        effective = document["effective"]
        if row["expected"] == "unknown":
            assert not effective, row
        elif row["expected"] == "not_yet_in_force":
            assert row["on"] < effective, row
        elif effective:
            assert row["on"] >= effective, row
        else:
            assert row["expected"] == "expired" or document["type"] in {"Chỉ thị", "Công điện"}, row


@pytest.mark.integration
def test_an_expired_document_is_replaced_by_what_either_page_names(gazette: dict[str, Row]) -> None:
    stated = {
        (canonical(other["number"]), canonical(row["number"]))
        for row in gazette.values()
        for other in row["relations"].get("replaces", ())
    } | {
        (canonical(row["number"]), canonical(other["number"]))
        for row in gazette.values()
        for other in row["relations"].get("replaced_by", ())
    }
    for row in VALIDITY:
        assert all((row["number"], successor) in stated for successor in row.get("replaced_by", ())), row
