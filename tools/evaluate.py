"""How many questions of the development set end as they should: `make evaluate`.

Asks every question of `questions_dev.jsonl` (GOVCHAT_SHARED_DATA, by default ../shared/data) through
`POST /api/v1/answers` of the real stack and scores the answers by the table in that folder's README. Prints figures by
category with 95 % Wilson intervals, and every miss.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import re
import sys
import tempfile
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from tqdm import tqdm

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from index.text.number import number_key
from tools.stack import ROOT, Stack

NUMBER = re.compile(r"[\d.]+[^\s;,:]*/[^\s;,:]+")

# What `expected` names when it is no document number → statuses of a right answer (README of the data, table).
STATUSES: dict[str, frozenset[str]] = {
    "list_latest": frozenset({"listed"}),
    "list_effective": frozenset({"listed"}),
    "contact_lookup": frozenset({"answered", "no_answer_not_found"}),
    "ask_clarify": frozenset({"clarify_vague", "clarify_ambiguous", "chatted"}),
    "affirm": frozenset({"clarify_vague", "clarify_ambiguous", "chatted"}),
    "affirm_or_ignore": frozenset({"clarify_vague", "clarify_ambiguous", "chatted"}),
    "deny_repair": frozenset({"clarify_vague", "clarify_ambiguous", "chatted"}),
    "answer_or_not_found": frozenset({"answered", "signposted", "no_answer_not_found"}),
    "procedure_or_source": frozenset({"answered", "signposted", "no_answer_not_found"}),
    "rumour_check": frozenset({"answered", "signposted", "no_answer_not_found"}),
    "rumour_or_policy_check": frozenset({"answered", "signposted", "no_answer_not_found"}),
    "not_found": frozenset({"no_answer_not_found"}),
    "petition_channel": frozenset({"signposted"}),
    "scam_warn": frozenset({"signposted"}),
    "emergency": frozenset({"signposted"}),
    "crisis_protocol": frozenset({"signposted"}),
    "threat_protocol": frozenset({"signposted"}),
    "out_of_scope": frozenset({"no_answer_out_of_scope"}),
    "refuse_injection": frozenset({"no_answer_declined", "signposted"}),
    "refuse_legal_advice": frozenset({"no_answer_declined", "signposted"}),
    "privacy_warn": frozenset({"no_answer_declined", "signposted"}),
    "sanitize": frozenset({"no_answer_declined", "signposted"}),
    "deescalate": frozenset({"chatted", "no_answer_declined"}),
    "greet": frozenset({"chatted"}),
    "thanks": frozenset({"chatted"}),
    "goodbye": frozenset({"chatted"}),
    "capabilities": frozenset({"chatted"}),
    "bot_challenge": frozenset({"chatted"}),
    "handoff_human": frozenset({"handed_over"}),
}
REFUSALS = frozenset({"no_answer_declined", "signposted"})  # of every refuse_… label


@dataclass(frozen=True)
class Outcome:
    """One question, what was expected of it and what came."""

    question: str
    category: str
    expected: str
    status: str
    cited: tuple[str, ...]
    is_right: bool


def is_right(expected: str, answer: Mapping[str, Any]) -> bool:
    """Say whether an answer is what `expected` describes."""
    numbers = [number_key(number) for number in NUMBER.findall(expected)]
    cited = {number_key(citation["number"]) for citation in answer["citations"]}
    if numbers:
        return any(number in cited for number in numbers)
    label, _, filters = expected.partition(":")
    allowed = REFUSALS if label.startswith("refuse_") else STATUSES[label]
    return answer["status"] in allowed and (not label.startswith("list_") or fits_filters(filters, answer["citations"]))


def fits_filters(filters: str, citations: list[Mapping[str, Any]]) -> bool:
    """Say whether a list keeps to type, issuer and effective date, newest first; subjects are left to the reader."""
    wanted = dict(part.split("=", 1) for part in filters.split(",") if "=" in part)
    bare = "" if "=" in filters or filters[:1].isdigit() else filters  # a type or a body by its name alone
    month = filters if re.fullmatch(r"\d{4}-\d{2}", filters) else ""
    dates = [citation["issued_on"] or "" for citation in citations]
    return (
        all(bare in ("", citation["type"], citation["issuing_body"]) for citation in citations)
        and all(citation["type"] == wanted.get("type", citation["type"]) for citation in citations)
        and all(citation["issuing_body"] == wanted.get("issuer", citation["issuing_body"]) for citation in citations)
        and all(citation["effective_on"] == wanted.get("date", citation["effective_on"]) for citation in citations)
        and all((citation["effective_on"] or "").startswith(month) for citation in citations)
        and dates == sorted(dates, reverse=True)
    )


def ask_all(url: str, questions: list[dict[str, str]]) -> list[Outcome]:
    """Ask every question in a conversation of its own."""
    outcomes = []
    with httpx.Client(base_url=url, timeout=30) as client:
        for row in tqdm(questions, desc="asking"):
            response = client.post("/api/v1/answers", json={"question": row["q"]})
            answer = response.json() if response.status_code == 200 else {"status": f"HTTP {response.status_code}"}
            answer.setdefault("citations", [])
            cited = tuple(citation["number"] for citation in answer["citations"])
            right = response.status_code == 200 and is_right(row["expected"], answer)
            outcomes.append(Outcome(row["q"], row["category"], row["expected"], answer["status"], cited, right))
    return outcomes


def wilson(right: int, count: int) -> tuple[float, float]:
    """Return the 95 % Wilson score interval of a proportion (Wilson 1927)."""
    z = 1.959964
    share = right / count
    centre = share + z * z / (2 * count)
    spread = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    scale = 1 + z * z / count
    return (centre - spread) / scale, (centre + spread) / scale


def report(outcomes: list[Outcome]) -> str:
    """Return the table by category and the misses as text."""
    by_category: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        by_category[outcome.category].append(outcome)
    lines = [f"{'category':<24}{'right':>7}{'of':>5}{'share':>8}   95 % interval"]
    for name, members in [*sorted(by_category.items()), ("all", outcomes)]:
        right = sum(outcome.is_right for outcome in members)
        low, high = wilson(right, len(members))
        lines.append(f"{name:<24}{right:>7}{len(members):>5}{right / len(members):>8.3f}   {low:.3f}-{high:.3f}")
    by_document = [outcome for outcome in outcomes if NUMBER.search(outcome.expected)]
    if by_document:
        named = sum(outcome.is_right for outcome in by_document)
        lines.append(f"expected document named: {named} of {len(by_document)}")
    lines.append("misses:")
    for outcome in outcomes:
        if not outcome.is_right:
            cited = ", ".join(outcome.cited) or "nothing"
            lines.append(f"  [{outcome.category}] {outcome.question!r}")
            lines.append(f"      expected {outcome.expected}; got {outcome.status}, citing {cited}")
    return "\n".join(lines)


def main() -> int:
    """Evaluate and print; exit status 1 only when the questions are not there."""
    shared = Path(os.environ.get("GOVCHAT_SHARED_DATA", ROOT.parent / "shared" / "data"))
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("questions", nargs="?", type=Path, default=shared / "questions_dev.jsonl")
    parser.add_argument("--url", help="a running gateway; by default one is started for the evaluation")
    parser.add_argument("--json", type=Path, help="also write every outcome to this file")
    arguments = parser.parse_args()
    if not arguments.questions.exists():
        print(f"evaluate: {arguments.questions} is not there (GOVCHAT_SHARED_DATA names its folder)", file=sys.stderr)
        return 1
    rows = [json.loads(line) for line in arguments.questions.read_text(encoding="utf-8").splitlines() if line.strip()]
    if arguments.url:
        outcomes = ask_all(arguments.url, rows)
    else:
        with tempfile.TemporaryDirectory() as folder, Stack(Path(folder)) as stack:
            outcomes = ask_all(stack.url, rows)
    print(report(outcomes))
    if arguments.json:
        arguments.json.write_text(
            json.dumps([vars(outcome) for outcome in outcomes], ensure_ascii=False, indent=1), encoding="utf-8"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
