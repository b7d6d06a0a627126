"""The paraphrases and conversations of issue 4 are well formed, name what exists, and repeat no training example."""

import json
import re
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest
import yaml

DATA = Path(__file__).parents[3] / "data"
PARAPHRASES = DATA / "eval" / "paraphrases.jsonl"
DIALOGUES = DATA / "eval" / "dialogues.jsonl"
TO_DEVELOP_ON = DATA / "eval" / "dialogues_development.jsonl"

WORDINGS = [1, 2, 3, 4, 5]
EVERY_QUESTION = {"accented": 5, "none": 5, "half": 5, "teencode": 2, "telex": 2}
SOME_QUESTIONS = {"regional": 50, "english": 50, "chinese": 50}
STYLES = EVERY_QUESTION.keys() | SOME_QUESTIONS.keys()
FEWEST_QUESTIONS = 110
FEWEST_CONVERSATIONS = 60
STATUSES = {
    "answered", "listed", "chatted", "clarify_vague", "clarify_ambiguous", "no_answer_not_found",
    "no_answer_out_of_scope", "no_answer_declined", "signposted", "handed_over",
}  # fmt: skip
HOW_RIGHT = {"status", "documents", "not_documents", "lang"}
ANNOTATION = re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})")

Row = dict[str, Any]


def rows_of(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def bare(text: str) -> str:
    """The text without accents, its case and punctuation kept."""
    letters = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return unicodedata.normalize("NFC", "".join(letter for letter in letters if not unicodedata.combining(letter)))


def folded(text: str) -> str:
    """Lower case without accents, outer punctuation or extra blanks, so that near copies count as equal."""
    return " ".join(bare(text).lower().split()).strip(" .,!?…")


@pytest.fixture(scope="module")
def paraphrases() -> list[Row]:
    return rows_of(PARAPHRASES)


@pytest.fixture(scope="module", params=[DIALOGUES, TO_DEVELOP_ON], ids=["frozen", "development"])
def dialogues(request: pytest.FixtureRequest) -> list[Row]:
    return rows_of(request.param)


@pytest.fixture(scope="module")
def accented(paraphrases: list[Row]) -> dict[tuple[str, int], str]:
    """The accented question of each question id and wording."""
    return {(row["id"], row["wording"]): row["q"] for row in paraphrases if row["style"] == "accented"}


@pytest.fixture(scope="module")
def shipped() -> set[str]:
    """The numbers of the shipped corpus."""
    return {row["number"] for path in sorted((DATA / "corpus").glob("*.jsonl")) for row in rows_of(path)}


@pytest.fixture(scope="module")
def training_examples() -> set[str]:
    """Every training example, folded; entity marks are taken off."""
    found = set()
    for path in sorted((DATA / "nlu").glob("*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            if "intent" in block:
                lines = [line.strip().removeprefix("- ") for line in block["examples"].splitlines()]
                found |= {folded(ANNOTATION.sub(r"\1", line)) for line in lines if line}
    return found


def test_paraphrase_rows_have_the_agreed_shape(paraphrases: list[Row]) -> None:
    for row in paraphrases:
        assert set(row) == {"id", "wording", "style", "q", "documents"}
        assert row["wording"] in WORDINGS, row
        assert row["style"] in STYLES, row
        assert row["q"] == unicodedata.normalize("NFC", row["q"]).strip() != "", row
        assert row["documents"] == list(dict.fromkeys(row["documents"])) != [], row


def test_no_paraphrase_stands_twice(paraphrases: list[Row]) -> None:
    keys = Counter((row["id"], row["wording"], row["style"]) for row in paraphrases)
    assert [key for key, count in keys.items() if count > 1] == []
    questions = Counter(folded(row["q"]) for row in paraphrases if row["style"] in {"accented", "teencode", "regional"})
    assert [question for question, count in questions.items() if count > 1] == []


def test_every_question_stands_in_five_wordings_and_in_each_way_of_writing(paraphrases: list[Row]) -> None:
    wordings: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for row in paraphrases:
        wordings[row["id"]][row["style"]].append(row["wording"])
    assert len(wordings) >= FEWEST_QUESTIONS
    for question, by_style in wordings.items():
        assert {style: len(by_style[style]) for style in EVERY_QUESTION} == EVERY_QUESTION, question
        assert by_style["accented"] == by_style["none"] == by_style["half"] == WORDINGS, question
    for style, fewest in SOME_QUESTIONS.items():
        counts = [len(by_style[style]) for by_style in wordings.values() if style in by_style]
        assert len(counts) >= fewest, style
        assert set(counts) == {1}, style


def test_the_five_wordings_of_a_question_share_its_documents_but_few_of_its_words(
    paraphrases: list[Row], accented: dict[tuple[str, int], str]
) -> None:
    documents: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for row in paraphrases:
        documents[row["id"]].add(tuple(row["documents"]))
    assert [question for question, sets in documents.items() if len(sets) > 1] == []
    for question in documents:
        words = [set(re.findall(r"\w+", folded(accented[question, wording]))) for wording in WORDINGS]
        for place, first in enumerate(words):
            for second in words[place + 1 :]:
                assert len(first & second) / len(first | second) < 0.6, (question, first, second)


def test_texts_without_accents_and_with_half_of_them_are_the_accented_text_otherwise(
    paraphrases: list[Row], accented: dict[tuple[str, int], str]
) -> None:
    for row in paraphrases:
        origin = accented.get((row["id"], row["wording"]), "")
        if row["style"] == "none":
            assert row["q"] == bare(origin), row
        if row["style"] == "half":
            assert bare(row["q"]) == bare(origin), row
            assert row["q"] != origin, row


def test_telex_texts_leave_keystrokes_in_some_syllables_only_of_those_that_had_accents(
    paraphrases: list[Row], accented: dict[tuple[str, int], str]
) -> None:
    for row in paraphrases:
        if row["style"] == "telex":
            pairs = list(zip(accented[row["id"], row["wording"]].split(" "), row["q"].split(" "), strict=True))
            typed = [(right, keys) for right, keys in pairs if right != keys]
            assert typed, row
            for right, keys in typed:
                assert bare(right) != right, row
                assert keys == bare(keys), row
                assert len(keys) > len(right), row


def test_every_number_expected_is_in_the_shipped_corpus(
    paraphrases: list[Row], dialogues: list[Row], shipped: set[str]
) -> None:
    for row in paraphrases:
        assert set(row["documents"]) <= shipped, row
    for row in dialogues:
        for turn in row["turns"]:
            numbers = turn["expect"].get("documents", []) + turn["expect"].get("not_documents", [])
            assert set(numbers) <= shipped, (row["id"], turn)


def test_no_paraphrase_is_a_training_example(paraphrases: list[Row], training_examples: set[str]) -> None:
    assert [row["q"] for row in paraphrases if folded(row["q"]) in training_examples] == []


def test_conversations_have_two_to_five_turns_with_expectations_that_can_be_judged(dialogues: list[Row]) -> None:
    assert len(dialogues) >= FEWEST_CONVERSATIONS
    assert len({row["id"] for row in dialogues}) == len(dialogues)
    for row in dialogues:
        assert set(row) == {"id", "turns", "style", "about"}
        assert 2 <= len(row["turns"]) <= 5, row["id"]
        for turn in row["turns"]:
            assert set(turn) == {"q", "expect"}
            expect = turn["expect"]
            assert set(expect) <= HOW_RIGHT, turn
            assert expect, turn
            status = expect.get("status", [])
            assert set([status] if isinstance(status, str) else status) <= STATUSES, turn
            assert expect.get("lang", "vi") in {"vi", "en", "zh"}, turn
            assert set(expect.get("documents", [])).isdisjoint(expect.get("not_documents", [])), turn


def test_conversations_are_held_in_every_way_of_writing(dialogues: list[Row]) -> None:
    counts = Counter(row["style"] for row in dialogues)
    assert set(counts) == STYLES
    assert min(counts.values()) >= 5, counts
