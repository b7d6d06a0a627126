"""Which bodies took over from which is read from the table of agencies."""

import json
from pathlib import Path

import pytest

from index.succession import load


def test_names_of_a_body_over_time_are_related_in_both_directions(tmp_path):
    rows = [
        {"name": "Bộ Tài chính", "predecessors": [{"name": "Bộ Kế hoạch và Đầu tư", "symbols": []}]},
        {"name": "Chính phủ", "predecessors": []},
    ]
    file = tmp_path / "agencies.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    succession = load(file)
    assert succession.names("Bộ Tài chính") == ("Bộ Tài chính", "Bộ Kế hoạch và Đầu tư")
    assert succession.names("bo ke hoach va dau tu") == ("bo ke hoach va dau tu", "Bộ Tài chính")
    assert succession.names("Chính phủ") == ("Chính phủ",)


@pytest.mark.parametrize("body", ["Bộ Tài chính", "Bộ Nội vụ", "Bộ Nông nghiệp và Môi trường"])
def test_ministries_of_today_have_their_predecessors_in_the_shipped_table(body):
    succession = load(Path("data/agencies.jsonl"))
    _, *before = succession.names(body)
    assert before
    assert all(body in succession.names(name) for name in before)
