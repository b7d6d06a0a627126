"""Asking a gateway, reading the sets, and keeping them apart from training."""

import json
import os
import subprocess
import sys
from collections import defaultdict
from datetime import UTC, datetime

import httpx
import pytest

from tools.evaluate import records
from tools.evaluate.apart import apart, likeness, training_examples
from tools.evaluate.asking import Answer, Asked, Asker, GatewayGone
from tools.evaluate.layout import Part
from tools.evaluate.resampling import wilson
from tools.evaluate.sets import Message, evenly, read_dialogues, read_messages
from tools.stack import ROOT


class Gateway:
    """Answers every question with its own words as status; fails the first `failing` requests."""

    def __init__(self, *, failing=0):
        self.heard = defaultdict(list)
        self.as_of = []
        self.failing = failing

    def __call__(self, request):
        body = json.loads(request.content)
        self.heard[body["conversation_id"]].append(body["question"])
        self.as_of.append(body.get("as_of"))
        if self.failing:
            self.failing -= 1
            return httpx.Response(504, json={"error": {"code": "timeout"}})
        return httpx.Response(200, json={"status": body["question"], "lang": "vi", "snapshot": "s1", "citations": []})


def asker(gateway):
    return Asker("http://gateway.test", transport=httpx.MockTransport(gateway))


def test_answers_come_in_the_order_of_the_questions_each_from_a_conversation_of_its_own():
    gateway = Gateway()
    with asker(gateway) as client:
        answers = client.ask([Asked("a"), Asked("b", "2026-07-15"), Asked("c")], title="asking")
    assert [answer.status for answer in answers] == ["a", "b", "c"]
    assert len(gateway.heard) == 3
    assert sorted(filter(None, gateway.as_of)) == ["2026-07-15"]
    assert client.snapshots == {"s1"}


def test_a_question_is_asked_once_for_all_parts():
    gateway = Gateway()
    with asker(gateway) as client:
        client.ask([Asked("a"), Asked("a"), Asked("a", "2026-07-15")], title="first")
        client.ask([Asked("a")], title="second")
    assert len(gateway.heard) == 2


def test_the_turns_of_a_conversation_go_in_order_under_one_name():
    gateway = Gateway()
    with asker(gateway) as client:
        held = client.converse([[Asked("a"), Asked("b")], [Asked("c"), Asked("d"), Asked("e")]], title="talking")
    assert [[answer.status for answer in answers] for answers in held] == [["a", "b"], ["c", "d", "e"]]
    assert sorted(gateway.heard.values()) == [["a", "b"], ["c", "d", "e"]]


def test_a_conversation_in_which_a_request_fails_is_held_once_more_from_its_beginning():
    gateway = Gateway(failing=1)
    with asker(gateway) as client:
        held = client.converse([[Asked("a"), Asked("b")]], title="talking")
    assert [answer.status for answer in held[0]] == ["a", "b"]
    assert list(gateway.heard.values()) == [["a"], ["a", "b"]]
    assert client.failures == 0


def test_a_request_that_fails_again_is_counted_and_its_turns_have_no_answer():
    with asker(Gateway(failing=2)) as client:
        [answers] = client.converse([[Asked("a"), Asked("b")]], title="talking")
    assert client.failures == 1
    assert [answer.status for answer in answers] == ["http_504", "http_not_asked"]
    assert all(answer.has_failed for answer in answers)


def test_a_gateway_that_is_gone_ends_the_evaluation():
    def refuse(request):
        raise httpx.ConnectError("refused", request=request)

    with asker(refuse) as client, pytest.raises(GatewayGone, match=r"gateway\.test"):
        client.ask([Asked("a")], title="asking")


def test_a_failed_answer_cites_nothing():
    assert not Answer("http_504").cites_first(["161/2026/NĐ-CP"])
    assert not Answer("http_504").cites(["161/2026/NĐ-CP"])


def test_a_limit_takes_groups_evenly_with_all_their_rows():
    rows = [(group, style) for group in range(10) for style in "ab"]
    assert evenly(rows, 5, group=lambda row: row[0]) == [row for row in rows if row[0] % 2 == 0]
    assert evenly(rows, None, group=lambda row: row[0]) == rows
    assert evenly(rows, 99, group=lambda row: row[0]) == rows


def test_a_message_is_read_with_what_its_row_says(tmp_path):
    row = {"id": "u4-x-01-none", "q": "a", "style": "none", "intent": "x", "intents": ["x", "y"], "now": "2026-07-15"}
    row |= {"entities": [{"entity": "place", "value": "v", "text": "t"}], "document": ["1/2026/NĐ-CP"]}
    (tmp_path / "set.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    [message] = read_messages(tmp_path / "set.jsonl")
    assert (message.base, message.intent, message.intents) == ("u4-x-01", "x", ("x", "y"))
    assert (message.documents, message.now, message.entities[0].text) == (("1/2026/NĐ-CP",), "2026-07-15", "t")


def test_an_expectation_that_is_missing_is_not_judged(tmp_path):
    row = {"id": "d1", "style": "none", "about": "more", "turns": [{"q": "a", "expect": {"status": "answered"}}]}
    (tmp_path / "set.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    [turn] = read_dialogues(tmp_path / "set.jsonl")[0].turns
    assert (turn.status, turn.documents, turn.not_documents, turn.lang) == (("answered",), None, None, None)


def test_a_message_like_a_training_example_is_left_out_whatever_its_accents(tmp_path):
    examples = "nlu:\n- intent: greet\n  examples: |\n    - Xin chào [bạn](person)!\n"
    (tmp_path / "nlu.yml").write_text(examples, encoding="utf-8")
    messages = [Message(f"b-{style}", style, text, ("greet",)) for style, text in
                [("accented", "Xin chào bạn"), ("none", "xin chao ban"), ("teencode", "xin chào b")]]  # fmt: skip
    assert [message.style for message in apart(messages, training_examples(tmp_path))] == ["teencode"]
    assert likeness(" Đúng  rồi. ") == "dung roi"


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["not-there.jsonl"], 1, "not-there.jsonl not there"),
        (["--only", "development"], 1, "questions_dev.jsonl"),
        (["--limit", "0"], 2, "--limit"),
        (["--split", "training"], 2, "--split"),
    ],
)
def test_what_cannot_be_measured_is_said_before_anything_starts(tmp_path, arguments, status, said):
    environment = {**os.environ, "GOVCHAT_SHARED_DATA": str(tmp_path)}
    command = [sys.executable, "-m", "tools.evaluate", *arguments]
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == status
    assert said in ended.stderr


def test_results_are_written_without_a_question(tmp_path):
    part = Part("scope", "title", cases=[{"id": "u4-x-01-none", "status": "answered"}])
    part.add("recall", "all", wilson(9, 10))
    at = datetime(2026, 11, 23, 18, tzinfo=UTC)  # the 24th in Vietnam
    path = records.write(tmp_path / "results", [part], split="validation", model="m1", snapshots={"s1"}, at=at)
    assert path.name == "2026-11-24-validation.jsonl"
    run, figure, case = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert (run["record"], run["model"], run["snapshot"]) == ("run", "m1", ["s1"])
    assert (figure["measure"], figure["n"], figure["value"]) == ("recall", 10, 0.9)
    assert case == {"record": "case", "part": "scope", "id": "u4-x-01-none", "status": "answered"}
