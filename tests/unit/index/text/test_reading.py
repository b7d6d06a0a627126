"""The whole path from what is typed to what is computed with, and stretched letters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.reading import LONGEST, Reader
from index.text.repeats import shorten
from index.text.unicode import fold, normalise


@pytest.mark.parametrize(
    ("raw", "written_out", "restored", "lang"),
    [
        ("nghij ddinhj 168 cos hieeuj luwcj chuwa", "nghị định 168 có hiệu lực chưa", None, "vi"),
        ("hs lam cccd gom j", "hồ sơ lam căn cước công dân gom gì", "hồ sơ làm căn cước công dân gồm gì", "vi"),
        ("luong toi thieu vunggg bn", "luong toi thieu vung bao nhieu", "lương tối thiểu vùng bao nhiêu", "vi"),
        ("nđ 168/2024 còn hiệu lực ko", "nđ 168/2024 còn hiệu lực không", None, "vi"),
        ("What is the law on land?", "What is the law on land?", None, "en"),
        ("最低工资是多少？", "最低工资是多少?", None, "zh"),
        ("", "", None, "vi"),
    ],
)
def test_a_message_is_read_step_by_step(
    raw: str, written_out: str, restored: str | None, lang: str, reader: Reader
) -> None:
    reading = reader.read(raw)
    assert reading.raw == raw
    assert reading.normalised == normalise(raw)
    assert fold(reading.written_out) == fold(written_out) == reading.folded
    assert reading.restored == (restored or written_out)
    assert reading.lang == lang


def test_all_ways_of_typing_a_question_read_alike(reader: Reader) -> None:
    meant = "nghị định này còn hiệu lực không"
    for raw in (
        "nghi dinh nay con hieu luc khong", "nghị dinh này con hiệu lực khong", "nđ này còn hl ko",
        "NGHỊ ĐỊNH NÀY CÒN HIỆU LỰC KHÔNG",
        "nghij ddinhj nayf conf hieeuj luwcj khoong", "nghi5 d9i5nh na2y co2n hie65u lu75c kho6ng",
        "nghị địnhhhh này còn hiệu lực khônggg",
    ):  # fmt: skip
        assert reader.read(raw).restored.lower() == meant


@pytest.mark.parametrize(
    "text",
    ["161/2026/NĐ-CP", "66.17/2026/NQ-CP", "https://www.chinhphu.vn/aaa?ddinhj=ko", "ko@bnv.gov.vn", "0912 345 678"],
)
def test_numbers_and_addresses_pass_untouched(text: str, reader: Reader) -> None:
    reading = reader.read(f"cho e hoi {text} nghij")
    assert text in reading.written_out
    assert text in reading.restored


@pytest.mark.parametrize(
    ("typed", "short"),
    [
        ("quaaaa", "qua"), ("điii", "đi"), ("okkkk", "ok"), ("quáá ạạ", "quá ạ"), ("AAAA", "A"), ("nhaa", "nha"),
        ("quý III", "quý III"), ("www.a.vn/ooo", "www.a.vn/ooo"), ("too see all", "too see all"),
        ("1000000", "1000000"), ("pccc", "pccc"),
    ],
)  # fmt: skip
def test_letters_held_down_are_shortened(typed: str, short: str) -> None:
    assert shorten(typed, {"qua", "đi", "quá", "ạ", "nha", "pccc"}) == short


def test_what_is_too_long_is_cut(reader: Reader) -> None:
    raw = "điều kiện " * 20_000
    reading = reader.read(raw)
    assert reading.raw == raw
    assert len(reading.normalised) < LONGEST + 1


@given(st.text(max_size=300))
def test_any_text_can_be_read(reader: Reader, text: str) -> None:
    reading = reader.read(text)
    assert reading.raw == text
    assert reading.folded == fold(reading.written_out)
