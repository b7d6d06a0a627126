"""Document numbers as printed and as typed."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.text.number import TYPE_NAMES, Shape, canonical, find_numbers, number_key, type_of

PRINTED = [
    "154/2026/NĐ-CP", "12/2024/TT-BTC", "29/2026/QĐ-TTg", "10/2011/L-CTN", "21/CT-TTg", "05/CT-TTg", "34/CĐ-TTg",
    "74/NQ-CP", "34/VBHN-BCT", "36/2024/QH15", "03/2026/QH16", "08/2025/UBTVQH15", "2663/VPCP-NC", "164/TTg-KGVX",
    "72/2025/NQLT/UBTVQH15-CP-ĐCTUBTWMTTQVN", "66-NQ/TW", "207-KL/TW", "66.17/2026/NQ-CP", "2023/QĐ-TTg",
    "08a/2010/TT-BTP", "15/2013/TTLT-BTC-BLĐTBXH", "07/2019/VBHN-VPQH", "61/2022/NQ-UBTVQH15", "01/2017/NQ-HĐTP",
    "02/2014/TB-LPQT", "11/2012/HD-HĐTVĐX", "55/2014/TTLT-BCA-VKSNDTC-TANDTC", "20/2015/TT-BCA-A81", "1058/CĐ-TTg",
    "06/2020/TT-BGDĐT", "03/2021/QĐ-UBANHK", "12/2014/BNG-LPQT", "08/2011/HĐTVĐX", "01/2024/ĐC-BTNMT",
    "46/QĐ-BNN-PC", "03/QĐ-BCĐIUU", "01/2021/VBHN-BTTTT", "17/2025/TT-BDTTG", "05/2024/TT-BKHĐT", "30/2026/QH16",
]  # fmt: skip

TYPED = {
    "nd 42 2022": "42/2022/NĐ-CP",
    "42/2022/nd-cp": "42/2022/NĐ-CP",
    "nd 42/22": "42/2022/NĐ-CP",
    "nd 42.2022": "42/2022/NĐ-CP",
    "42.2022.nd-cp": "42/2022/NĐ-CP",
    "154-2026-nd-cp": "154/2026/NĐ-CP",
    "161 2026 nd cp": "161/2026/NĐ-CP",
    "nd154/2026": "154/2026/NĐ-CP",
    "nghi dinh so 42 nam 2022": "42/2022/NĐ-CP",
    "nghị định 161 ngày 15/5/2026": "161/2026/NĐ-CP",
    "ND-CP 42/2022": "42/2022/NĐ-CP",
    "42/2022/N\u00d0-\u0421\u0420": "42/2022/NĐ-CP",  # Eth, and Cyrillic Es and Er
    "42 / 2022 / NĐ - CP": "42/2022/NĐ-CP",
    "Nghi\u0323 \u0111i\u0323nh so\u0302\u0301 168": "NĐ 168",  # decomposed
    "Nghị định số 168": "NĐ 168",
    "NĐ168": "NĐ 168",
    "ct05": "CT 05",
    "ct 21 ttg 2026": "21/CT-TTg",
    "chi thi so 28 cua thu tuong": "28/CT-TTg",
    "công điện 104": "CĐ 104",
    "công điện 34 của thủ tướng": "34/CĐ-TTg",
    "nq 66-17 2026": "NQ 66.17/2026",
    "66-17/2026/nq-cp": "66.17/2026/NQ-CP",
    "nq 57 tw": "57-NQ/TW",
    "tt 37/2026 bo cong an": "37/2026/TT-BCA",
    "tt 13/2026/bnv": "13/2026/TT-BNV",
    "luat so 03/2026/QH16": "03/2026/QH16",
    "luật số 91": "Luật số 91",
    "qd 2023": "QĐ 2023",
    "qd 468/ttg": "QĐ 468 TTg",
    "168/2024 còn hiệu lực không": "168/2024",
    "21/CT-TTg năm 2026": "21/CT-TTg",
    "15 2013 ttlt btc bldtbxh": "15/2013/TTLT-BTC-BLĐTBXH",
    "01-2026-l-ctn": "01/2026/L-CTN",
    "lệnh số 5": "Lệnh số 05",
    "qd 426 ttcp": "QĐ 426 TTCP",
    "1034 nq ubtvqh15": "1034/NQ-UBTVQH15",
    "số12066/BTC-ĐT": "12066/BTC-ĐT",
    "01/2012/NQLT/CP- BCHTWĐTN": "01/2012/NQLT/CP-BCHTWĐTN",
    "nd 13/12": "13/2012/NĐ-CP",
    "tt 28/12": "TT 28/2012",
    "164 / TTg - KGVX": "164/TTg-KGVX",
    "20 / 2015 / TT - BCA - A81": "20/2015/TT-BCA-A81",
    "11.2015.TTLT-BVHTTDL-BTC-ABC": "11/2015/TTLT-BVHTTDL-BTC-ABC",
    "33 tb vpcp": "33/TB-VPCP",
    "012066/BTC-ĐT": "12066/BTC-ĐT",
    "sao lục số 72 năm 2010": "SL 72/2010",
    "sl 72/2010 lpqt": "SL 72/2010 LPQT",
    "đính chính số 3046 năm 2012": "ĐC 3046/2012",
    "tt 23/2010 bkh": "23/2010/TT-BKH",
}

NOT_NUMBERS = [
    "sl 20 chiec", "mua dc 10 cai", "nghị định 13/12", "nghị định ngày 13/12",
    "1/7/2026", "2.530.000", "ngày 15/05/2026", "điện thoại 0912345678", "0912.345.678", "điều 5 khoản 2", "5 triệu",
    "200 nghìn", "năm 2026", "quý 3/2026", "tháng 4 năm 2026", "lương hưu trước 1995", "khóa 16", "vùng 1", "24/7",
    "chị thi 5", "quyết định 5 nội dung", "thông báo 3 lần", "kế hoạch 5 năm 2026-2030", "tt 5 triệu", "ct 200 nghìn",
    "quyết định 1/7/2026", "thông tư 15/05/2026", "pháp luật số 5", "CMND 012345678", "60/km-h", "đường 3/2",
    "từ 1/7 đến 31/12/2026", "ubnd phường 14 quận 5", "số 15/2 nguyễn trãi", "9h30", "nghị định năm 2022",
    "nghị định 2022", "sắc lệnh số 4", "luật đất đai 2024", "5,31 triệu", "112", "quyết định 12 tháng",
    "hd 3", "kh 16", "2/9",
]  # fmt: skip


@pytest.mark.parametrize("printed", PRINTED)
def test_a_printed_number_is_read_and_printed_the_same(printed: str) -> None:
    (parsed,) = find_numbers(printed)
    assert canonical(parsed) == printed


@pytest.mark.parametrize("printed", PRINTED)
def test_a_number_without_accents_and_capitals_has_the_same_key(printed: str) -> None:
    (parsed,) = find_numbers(printed.lower().replace("đ", "d"))
    assert number_key(canonical(parsed)) == number_key(printed)


@pytest.mark.parametrize(("typed", "expected"), TYPED.items())
def test_what_people_type_is_understood(typed: str, expected: str) -> None:
    (parsed,) = find_numbers(typed)
    assert canonical(parsed) == expected


@pytest.mark.parametrize("text", NOT_NUMBERS)
def test_dates_money_and_articles_are_not_document_numbers(text: str) -> None:
    assert find_numbers(text) == []


def test_a_bare_type_and_number_leaves_year_and_body_open() -> None:
    (parsed,) = find_numbers("theo Nghị định số 168 thì sao?")
    assert (parsed.number, parsed.year, parsed.type, parsed.org, parsed.shape) == ("168", None, "NĐ", None, Shape.SHORT)
    assert parsed.text == "Nghị định số 168"


def test_a_year_beside_an_administrative_number_is_kept() -> None:
    (parsed,) = find_numbers("Nghị quyết 74/NQ-CP ngày 07/4/2025")
    assert (parsed.year, canonical(parsed)) == (2025, "74/NQ-CP")


def test_several_numbers_come_in_order() -> None:
    found = find_numbers("13/2026/TT-BNV thay cho nđ 168/2024/NĐ-CP,42/2022/NĐ-CP và ct 21 ttg")
    assert [canonical(parsed) for parsed in found] == [
        "13/2026/TT-BNV", "168/2024/NĐ-CP", "42/2022/NĐ-CP", "21/CT-TTg",
    ]  # fmt: skip


def test_leading_zeros_and_case_do_not_change_the_key() -> None:
    assert number_key("05/CT-TTg") == number_key("5/ct-ttg") == number_key("005 / CT - TTg") == "5/ct-ttg"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("nghị định mới nhất", "Nghị định"),
        ("nd moi nhat", "Nghị định"),
        ("cong dien ve bao", "Công điện"),
        ("tt 37/2026 bca", "Thông tư"),
        ("luật đất đai nói gì", "Luật"),
        ("pháp luật về đất đai", None),
        ("luật sư", None),
        ("chị thi trượt", None),
        ("xin chào", None),
    ],
)
def test_the_type_of_document_asked_for_is_recognised(text: str, expected: str | None) -> None:
    assert type_of(text) == expected


def test_every_type_has_a_name() -> None:
    assert TYPE_NAMES["NĐ"] == "Nghị định"
    assert all(TYPE_NAMES.values())


_PIECES = [
    "nđ", "nd", "nghị định", "qd", "ct", "cđ", "nq", "tt", "luật", "số", "so", "năm", "42", "66.17", "66-17", "2022",
    "05", "22", "8a", "/", "-", " ", ".", ",", "cp", "CP", "ttg", "qh15", "bca", "bộ công an", "của", "tw", "1/7/2026",
    "\u0301", "С", "c", "17", "\n", "ngày", "kh", "tb", "vpcp-nc", "ttlt", "lệnh",
]  # fmt: skip


_MESSAGES = st.one_of(st.lists(st.sampled_from(_PIECES)).map("".join), st.lists(st.sampled_from(_PIECES)).map(" ".join))


@given(st.one_of(st.text(), _MESSAGES))
@example("66-NQ/TW")
def test_any_text_is_read_and_offsets_slice_it(text: str) -> None:
    end = 0
    for parsed in find_numbers(text):
        assert text[parsed.start : parsed.end] == parsed.text
        assert parsed.start >= end
        end = parsed.end


@given(_MESSAGES)
def test_printing_and_reading_again_changes_nothing(text: str) -> None:
    for parsed in find_numbers(text):
        printed = canonical(parsed)
        assert [canonical(again) for again in find_numbers(printed)] == [printed]


def test_every_number_of_the_gazette_is_read() -> None:
    shared = os.environ.get("GOVCHAT_SHARED_DATA")
    if not shared:
        pytest.skip("GOVCHAT_SHARED_DATA is not set")
    files = sorted(Path(shared, "gazette").glob("documents_*.jsonl"))
    assert files, f"no gazette below {shared}"
    numbers = [json.loads(line)["number"] for path in files for line in path.read_text("utf-8").splitlines()]
    unread = [
        number
        for number in numbers
        if [number_key(canonical(parsed)) for parsed in find_numbers(number)] != [number_key(number)]
    ]
    assert len(numbers) == 3004
    assert unread == []
