from __future__ import annotations

import pytest

from actions.picking import LAST, find_pick

PICKS = [
    ("cái thứ hai", 2),
    ("cai thu 2", 2),
    ("văn bản thứ ba còn hiệu lực không", 3),
    ("số 3", 3),
    ("so 3 nha", 3),
    ("cái số 2", 2),
    ("cái 2 trong danh sách", 2),
    ("chọn cái 4", 4),
    ("2", 2),
    ("cái đầu tiên", 1),
    ("cái đầu", 1),
    ("cái cuối", LAST),
    ("cái cuối cùng", LAST),
    ("the second one", 2),
    ("the first", 1),
    ("the last one", LAST),
    ("number 3 please", 3),
    ("the 2nd", 2),
    ("第二个", 2),
    ("第3个", 3),
    ("最后一个", LAST),
]


@pytest.mark.parametrize(("text", "pick"), PICKS)
def test_a_pick_is_read_in_every_way_of_writing(full_desk, text, pick):
    assert find_pick(full_desk.read(text)) == pick


@pytest.mark.parametrize(
    "text",
    [
        "mức 2 triệu còn đúng không",
        "mức 10% từ khi nào",
        "cái 3.5 này",
        "điều 5 nói gì",
        "第五条说什么",
        "thứ hai tuần sau có họp không",
        "nó còn hiệu lực không",
        "lương cơ sở 2026",
        "",
    ],
)
def test_what_is_no_pick_picks_nothing(full_desk, text):
    assert find_pick(full_desk.read(text)) is None
