"""Periods that people name."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.dates import Period, find_period

TODAY = date(2026, 7, 15)  # a Wednesday


def _days(start: str, end: str) -> Period:
    return Period(date.fromisoformat(start), date.fromisoformat(end))


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("tuần này", "2026-07-13", "2026-07-19"),
        ("tuan truoc", "2026-07-06", "2026-07-12"),
        ("hôm nay có gì mới", "2026-07-15", "2026-07-15"),
        ("9h sáng mai", "2026-07-16", "2026-07-16"),
        ("tháng này", "2026-07-01", "2026-07-31"),
        ("thang truoc", "2026-06-01", "2026-06-30"),
        ("tháng 5/2026", "2026-05-01", "2026-05-31"),
        ("tháng 12 năm 2025", "2025-12-01", "2025-12-31"),
        ("5/2026", "2026-05-01", "2026-05-31"),
        ("quý III", "2026-07-01", "2026-09-30"),
        ("quy 3/2025", "2025-07-01", "2025-09-30"),
        ("6 tháng đầu năm 2026", "2026-01-01", "2026-06-30"),
        ("năm 2025", "2025-01-01", "2025-12-31"),
        ("năm ngoái", "2025-01-01", "2025-12-31"),
        ("7 ngày qua", "2026-07-08", "2026-07-15"),
        ("ngày 15 tháng 5 năm 2026", "2026-05-15", "2026-05-15"),
        ("mùng 5 tháng 3", "2026-03-05", "2026-03-05"),
        ("2026-05-15", "2026-05-15", "2026-05-15"),
        ("từ 1/7/2026", "2026-07-01", "2026-07-15"),
        ("có hiệu lực từ ngày 1/7/2026", "2026-07-01", "2026-07-01"),
        ("từ 1/7 đến 31/12/2026", "2026-07-01", "2026-12-31"),
        ("nđ 42/2022 trong tuần này", "2026-07-13", "2026-07-19"),
        ("từ 1/7", "2026-07-01", "2026-07-15"),
        ("thứ hai tuần sau", "2026-07-20", "2026-07-20"),
        ("thu hai tuan sau", "2026-07-20", "2026-07-20"),
        ("thứ 6 tuần này", "2026-07-17", "2026-07-17"),
        ("chủ nhật tuần trước", "2026-07-12", "2026-07-12"),
        ("thứ bảy này", "2026-07-18", "2026-07-18"),
        ("tiền thu năm nay", "2026-01-01", "2026-12-31"),
        ("đầu năm", "2026-01-01", "2026-03-31"),
        ("từ đầu năm đến nay", "2026-01-01", "2026-07-15"),
        ("cuối năm ngoái", "2025-10-01", "2025-12-31"),
        ("cuoi thang 5", "2026-05-21", "2026-05-31"),
        ("giữa tháng 3/2025", "2025-03-11", "2025-03-20"),
        ("cuối tuần này", "2026-07-18", "2026-07-19"),
        ("6 tháng cuối năm", "2026-07-01", "2026-12-31"),
        ("6 thang dau nam ngoai", "2025-01-01", "2025-06-30"),
        ("nửa đầu năm 2025", "2025-01-01", "2025-06-30"),
        ("tháng bảy", "2026-07-01", "2026-07-31"),
        ("tháng sáu", "2026-06-01", "2026-06-30"),
        ("thang sau", "2026-08-01", "2026-08-31"),
        ("mồng năm tháng ba", "2026-03-05", "2026-03-05"),
        ("sang năm", "2027-01-01", "2027-12-31"),
        ("ngày kia", "2026-07-17", "2026-07-17"),
        ("chiều qua", "2026-07-14", "2026-07-14"),
        ("7 ngày tới", "2026-07-15", "2026-07-22"),
        ("từ tháng 11/2025 đến tháng 2/2026", "2025-11-01", "2026-02-28"),
        ("đến hết 2026", "2026-01-01", "2026-12-31"),
        ("bão số 5 tháng này", "2026-07-01", "2026-07-31"),
        ("what changed last month", "2026-06-01", "2026-06-30"),
        ("from 1 July 2026", "2026-07-01", "2026-07-01"),
        ("in May 2025", "2025-05-01", "2025-05-31"),
        ("本月的新法令", "2026-07-01", "2026-07-31"),
        ("2026年5月", "2026-05-01", "2026-05-31"),
        ("去年", "2025-01-01", "2025-12-31"),
    ],
)
def test_a_period_is_read_from_what_is_said(text: str, start: str, end: str) -> None:
    assert find_period(text, TODAY) == _days(start, end)


@pytest.mark.parametrize(
    "text",
    ["nghị định 5/2022", "168/2024/NĐ-CP", "3/4 người", "số 15/2 Nguyễn Trãi", "32/13/2026", "tháng 13", "khuyến mại",
     "lương hưu trước 1995", "văn bản mới nhất", "t5 này", "you may go", "30 Feb 2026", "13月",
     "thứ bảy xã có làm việc không"],
)  # fmt: skip
def test_numbers_and_impossible_days_are_no_period(text: str) -> None:
    assert find_period(text, TODAY) is None


@given(
    st.one_of(
        st.text(),
        st.lists(st.sampled_from(["từ", "đến", " ", "1", "31", "/", "2", "2026", "tháng", "năm", "quý", "999"])).map(
            "".join
        ),
    )
)
def test_any_text_gives_an_ordered_period_or_none(text: str) -> None:
    period = find_period(text, TODAY)
    assert period is None or period.start <= period.end
