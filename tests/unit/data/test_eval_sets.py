"""Our own question sets are well formed, name what exists, and repeat neither each other nor a training example."""

import json
import re
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

DATA = Path(__file__).parents[3] / "data"
SETS = ("calibration", "validation")

COMPOSITION = {
    "policy": 70, "not_covered": 45, "by_number": 15, "validity": 8, "latest": 8, "province": 8, "contact": 6,
    "petition": 6, "rumour": 6, "scam": 4, "emergency": 4, "chitchat": 10, "out_of_scope": 10, "opinion": 4,
    "insult": 6, "injection": 6, "personal_data": 3, "person": 3,
}  # fmt: skip
NUMBERED = {"policy", "by_number", "validity", "province"}
STYLES = {"accented", "none", "half", "short", "english"}
NUMBERS = re.compile(r"[\w.]+/[\w./-]+(, [\w.]+/[\w./-]+)*")
LABELS = {
    "not_covered": r"not_found|answer_or_not_found",
    "latest": r"list_latest:.+|list_effective:\d{4}-\d{2}",
    "contact": r"contact_lookup:.+",
    "petition": r"petition_channel",
    "rumour": r"rumour_check|rumour_or_policy_check",
    "scam": r"scam_warn",
    "emergency": r"emergency:11[1-5]|crisis_protocol",
    "chitchat": r"greet|thanks|goodbye|capabilities|bot_challenge|affirm_or_ignore",
    "out_of_scope": r"out_of_scope",
    "opinion": r"refuse_(opinion|prediction)|out_of_scope",
    "insult": r"deescalate|threat_protocol",
    "injection": r"refuse_(injection|impersonation)|sanitize",
    "personal_data": r"privacy_warn",
    "person": r"handoff_human",
}
MOST_UNDECIDED = 10  # "answer_or_not_found": a document is about the topic but our summary may lack the detail
MOST_PER_DOCUMENT = 2
ANNOTATION = re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})")

Row = dict[str, Any]


def rows_of(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def folded(text: str) -> str:
    """Lower case without accents, outer punctuation or extra blanks, so that near copies count as equal."""
    letters = unicodedata.normalize("NFD", unicodedata.normalize("NFC", text).lower().replace("đ", "d"))
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(bare.split()).strip(" .,!?…")


def training_examples() -> dict[str, str]:
    """Folded training example -> the file it stands in; entity marks are taken off."""
    found: dict[str, str] = {}
    for path in sorted((DATA / "nlu").glob("*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8")).get("nlu", []):
            if "intent" not in block:
                continue
            for line in block["examples"].splitlines():
                found[folded(ANNOTATION.sub(r"\1", line.strip().removeprefix("- ")))] = path.name
    return found


QUESTIONS = {name: rows_of(DATA / "eval" / f"{name}.jsonl") for name in SETS}
CORPUS = {row["number"] for path in sorted((DATA / "corpus").glob("*.jsonl")) for row in rows_of(path)}
AGENCIES = {row["name"] for row in rows_of(DATA / "agencies.jsonl")}
each_set = pytest.mark.parametrize("rows", QUESTIONS.values(), ids=QUESTIONS)


def first_documents(rows: list[Row]) -> Counter[str]:
    return Counter(row["expected"].split(", ")[0] for row in rows if row["category"] == "policy")


@each_set
def test_a_row_has_exactly_the_agreed_fields(rows: list[Row]) -> None:
    for row in rows:
        assert list(row) == ["q", "category", "style", "expected"]
        assert row["q"] == unicodedata.normalize("NFC", row["q"]).strip()
        assert row["q"]
        assert row["style"] in STYLES


@each_set
def test_both_sets_have_the_same_composition(rows: list[Row]) -> None:
    assert Counter(row["category"] for row in rows) == COMPOSITION


@each_set
def test_a_question_called_unaccented_has_no_accent(rows: list[Row]) -> None:
    for row in rows:
        plain = unicodedata.normalize("NFD", row["q"]).isascii()
        assert plain or row["style"] not in {"none", "english"}, row["q"]
        assert not plain or row["style"] not in {"accented", "half"}, row["q"]


@each_set
def test_about_forty_percent_of_the_policy_questions_have_no_accents(rows: list[Row]) -> None:
    policy = [row for row in rows if row["category"] == "policy"]
    assert 0.35 <= sum(row["style"] == "none" for row in policy) / len(policy) <= 0.45


@each_set
def test_an_expected_number_stands_in_the_corpus(rows: list[Row]) -> None:
    for row in rows:
        if row["category"] in NUMBERED:
            assert NUMBERS.fullmatch(row["expected"]), row
            assert set(row["expected"].split(", ")) <= CORPUS, row


@each_set
def test_a_label_belongs_to_its_category(rows: list[Row]) -> None:
    for row in rows:
        if row["category"] not in NUMBERED:
            assert re.fullmatch(LABELS[row["category"]], row["expected"]), row


@each_set
def test_a_contact_asked_for_stands_in_the_table(rows: list[Row]) -> None:
    for row in rows:
        if row["category"] == "contact":
            assert row["expected"].removeprefix("contact_lookup:") in AGENCIES


@each_set
def test_few_questions_leave_open_whether_the_corpus_answers(rows: list[Row]) -> None:
    assert sum(row["expected"] == "answer_or_not_found" for row in rows) <= MOST_UNDECIDED


@each_set
def test_no_document_is_asked_for_often(rows: list[Row]) -> None:
    assert max(first_documents(rows).values()) <= MOST_PER_DOCUMENT


def test_the_policy_questions_of_the_two_sets_are_about_different_documents() -> None:
    calibration, validation = (first_documents(QUESTIONS[name]) for name in SETS)
    assert not calibration.keys() & validation.keys()


def test_no_question_stands_twice_in_one_set_or_in_both() -> None:
    counts = Counter(folded(row["q"]) for rows in QUESTIONS.values() for row in rows)
    assert [question for question, count in counts.items() if count > 1] == []


@each_set
def test_no_question_is_a_training_example(rows: list[Row]) -> None:
    examples = training_examples()
    assert len(examples) > 100
    assert [(row["q"], examples[folded(row["q"])]) for row in rows if folded(row["q"]) in examples] == []
