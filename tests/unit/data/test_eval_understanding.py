"""The understanding sets (issue 4) are well formed, and hold what their README says."""

import json
import re
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

from tools.evaluate.apart import likeness, training_examples

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "data" / "eval" / "understanding"
STYLES = {"accented", "none", "half", "teencode", "telex", "regional", "english", "chinese"}
LARGER = {"ask_policy", "ask_document_by_number", "ask_validity", "out_of_scope"}
ENTITIES = {"document_number", "document_type", "issuing_body", "place", "period", "article"}
KEYS = {"id", "q", "style", "intent", "entities"}
OPTIONAL = {"intents", "document", "now"}
ARTICLE = re.compile(r"(Điều \d+)?(, )?(khoản \d+)?(, điểm [a-zđ])?")
NUMBER = re.compile(r"[\d.]+/(\d{4}/)?[A-ZĐ][A-ZĐ0-9-]+(-\w+)?|(NĐ|TT|QĐ|NQ|CT) \d+(/\d{4})?")


def load(name: str) -> list[dict[str, Any]]:
    path = FOLDER / f"{name}.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def names(path: str, key: str) -> set[str]:
    return {json.loads(line)[key] for line in (ROOT / "data" / path).read_text(encoding="utf-8").splitlines()}


TEST, VALIDATION, FRESH = load("test"), load("validation"), load("fresh")
ROWS = TEST + VALIDATION
PROVINCES = names("provinces.jsonl", "name")
AGENCIES = names("agencies.jsonl", "name")
CORPUS = names("corpus/gazette.jsonl", "number") | names("corpus/further.jsonl", "number")


def base(row: dict[str, Any]) -> str:
    return str(row["id"]).rsplit("-", 1)[0]


def well_formed(kind: str, value: str) -> bool:
    if kind == "place":
        return value.split(", ")[-1] in PROVINCES
    if kind == "issuing_body":
        return value in AGENCIES
    if kind == "period":
        first, last = map(date.fromisoformat, value.split("/"))
        return first <= last
    if kind == "article":
        return bool(value) and ARTICLE.fullmatch(value) is not None
    if kind == "document_number":
        return NUMBER.fullmatch(value) is not None
    return value in {"Luật", "Nghị định", "Nghị quyết", "Quyết định", "Chỉ thị", "Công điện", "Thông tư"}


def test_rows() -> None:
    for row in ROWS:
        assert KEYS <= set(row) <= KEYS | OPTIONAL, row["id"]
        assert row["style"] in STYLES and row["q"].strip() == row["q"] != "", row["id"]
        assert row.get("intents", [row["intent"]])[0] == row["intent"], row["id"]
        for entity in row["entities"]:
            assert entity["entity"] in ENTITIES and entity["text"] and entity["text"] in row["q"], row["id"]
            assert well_formed(entity["entity"], entity["value"]), row["id"]
        assert set(row.get("document", [])) <= CORPUS, row["id"]


def test_ids_are_unique_and_no_message_is_in_both_sets() -> None:
    assert len({row["id"] for row in ROWS}) == len(ROWS)
    assert not {base(row) for row in TEST} & {base(row) for row in VALIDATION}


def test_counts() -> None:
    accented = [row for row in ROWS if row["style"] == "accented"]
    intents = Counter(row["intent"] for row in accented)
    assert all(count >= (45 if intent in LARGER else 24) for intent, count in intents.items())
    styles = Counter(row["style"] for row in ROWS)
    assert all(styles[style] > 0.95 * len(accented) for style in ("none", "half", "teencode", "telex"))
    assert styles["regional"] >= len(accented) / 3
    assert min(styles["english"], styles["chinese"]) >= len(accented) / 4
    assert sum(bool(row["entities"]) for row in accented) >= 200
    assert sum("document" in row for row in accented) >= 120


def test_the_fresh_set_asks_for_every_intent_in_five_ways() -> None:
    assert all(set(row) == {"id", "q", "style", "intent"} and row["q"].strip() == row["q"] != "" for row in FRESH)
    assert len({row["id"] for row in FRESH}) == len(FRESH)
    assert {row["intent"] for row in FRESH} == {row["intent"] for row in ROWS} | {"ask_own_data"}
    assert {row["style"] for row in FRESH} == {"accented", "teencode", "regional", "english", "chinese"}


def test_no_message_is_a_training_example() -> None:
    examples = training_examples(ROOT / "data" / "nlu")
    assert len(examples) > 100
    assert [(row["id"], examples[like]) for row in ROWS + FRESH if (like := likeness(row["q"])) in examples] == []
