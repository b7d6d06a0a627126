"""Facts are read as people write them."""

from datetime import date

import pytest

from index.document import RelationKind
from index.ingest.facts import body_name, body_of_number, dates_in, number_in, relations_to, type_in, type_of_number


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-07-01", [date(2026, 7, 1)]),
        ("15/05/2026", [date(2026, 5, 15)]),
        ("29-05-2026", [date(2026, 5, 29)]),
        ("20/6/2026 (cùng ngày ký)", [date(2026, 6, 20)]),
        ("Từ 15 tháng 8 năm 2026 đến 28 tháng 2 năm 2027", [date(2026, 8, 15), date(2027, 2, 28)]),
        ("06/2026", []),
        ("31/02/2026", []),
        ("01/01/1900", []),
        ("Đang cập nhật", []),
    ],
)
def test_dates_are_read_in_every_usual_form(written, meant):
    assert dates_in(written) == meant


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("CHÍNH PHỦ", "Chính phủ"),
        ("THỦ TƯỚNG CHÍNH PHỦ", "Thủ tướng Chính phủ"),
        ("BỘ NÔNG NGHIỆP VÀ PHÁT TRIỂN NÔNG THÔN", "Bộ Nông nghiệp và Phát triển nông thôn"),
        ("BỘ LAO ĐỘNG - THƯƠNG BINH VÀ XÃ HỘI", "Bộ Lao động - Thương binh và Xã hội"),
        ("NGÂN HÀNG NHÀ NƯỚC VIỆT NAM", "Ngân hàng Nhà nước Việt Nam"),
        ("BỘ CÔNG AN - BỘ TÀI CHÍNH", "Bộ Công an - Bộ Tài chính"),
        ("VĂN BẢN HỢP NHẤT - VĂN PHÒNG QUỐC HỘI", "Văn phòng Quốc hội"),
        ("Bộ Nội vụ", "Bộ Nội vụ"),
    ],
)
def test_a_body_in_capitals_gets_ordinary_letters(printed, name):
    assert body_name(printed) == name


def test_types_and_bodies_follow_from_words_and_numbers():
    assert type_in("Quyết định của Thủ tướng Chính phủ") == "Quyết định"
    assert type_in("Nghị quyết liên tịch") == "Nghị quyết liên tịch"
    assert type_in("Đang cập nhật") is None
    assert type_of_number("161/2026/NĐ-CP") == "Nghị định"
    assert type_of_number("104/2016/QH13") is None
    assert body_of_number("161/2026/NĐ-CP") == "Chính phủ"
    assert body_of_number("1255/QĐ-TTg") == "Thủ tướng Chính phủ"
    assert body_of_number("1/2026/TT-XYZ") is None


def test_relations_take_the_date_beside_their_number():
    text = "Nghị định số 39/2022/NĐ-CP ngày 18/06/2022; 07/2024/TT-BNV"
    assert [(relation.number, relation.issued_on) for relation in relations_to(RelationKind.REPLACES, text)] == [
        ("39/2022/NĐ-CP", date(2022, 6, 18)),
        ("07/2024/TT-BNV", None),
    ]
    assert number_in("Đang cập nhật") is None
