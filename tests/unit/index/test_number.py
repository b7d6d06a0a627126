"""A typed number leads to the document it means, to the candidates, or to nothing; never to another one."""

from dataclasses import replace
from datetime import date

import pytest

from index.catalogue import Catalogue
from index.document import Document, TextKind
from index.number import resolve
from index.text.number import find_numbers

BASE = Document(
    number="42/2022/NĐ-CP",
    type="Nghị định",
    title="Dịch vụ công trực tuyến",
    issuing_body="Chính phủ",
    issued_on=date(2022, 6, 24),
    effective_on=None,
    text_kind=TextKind.SUMMARY,
    text="",
    source="congbao.chinhphu.vn",
    checked_on=None,
)
DOCUMENTS = [
    BASE,
    replace(BASE, number="42/2022/TT-BTC", type="Thông tư", issuing_body="Bộ Tài chính"),
    replace(BASE, number="42/2012/NĐ-CP", issued_on=date(2012, 5, 11)),
    replace(BASE, number="05/CT-TTg", type="Chỉ thị", issued_on=date(2025, 3, 1)),
    replace(BASE, number="05/CT-TTg", type="Chỉ thị", issued_on=date(2026, 3, 1)),
    replace(BASE, number="66.17/2026/NQ-CP", type="Nghị quyết", issued_on=date(2026, 5, 15)),
    replace(BASE, number="17/2026/NQ-CP", type="Nghị quyết", issued_on=date(2026, 4, 1)),
    replace(BASE, number="104/CĐ-TTg", type="Công điện", issued_on=date(2024, 10, 8)),
    replace(BASE, number="204/2025/QH15", type="Nghị quyết", issued_on=date(2025, 6, 17)),
]


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory):
    opened = Catalogue.open(f"sqlite:///{tmp_path_factory.mktemp('number')}/catalogue.db")
    opened.put_all([(document, []) for document in DOCUMENTS])
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("42/2022/nd-cp", ["42/2022/NĐ-CP@2022-06-24"]),
        ("nghị định 42 năm 2022", ["42/2022/NĐ-CP@2022-06-24"]),
        ("nd 42 2022", ["42/2022/NĐ-CP@2022-06-24"]),
        ("nd 42", ["42/2022/NĐ-CP@2022-06-24", "42/2012/NĐ-CP@2012-05-11"]),
        ("thông tư 42/2022", ["42/2022/TT-BTC@2022-06-24"]),
        ("5/CT-TTg", ["05/CT-TTg@2026-03-01", "05/CT-TTg@2025-03-01"]),
        ("ct05", ["05/CT-TTg@2026-03-01", "05/CT-TTg@2025-03-01"]),
        ("nq 66-17 2026", ["66.17/2026/NQ-CP@2026-05-15"]),
        ("66.17/2026/NQ-CP", ["66.17/2026/NQ-CP@2026-05-15"]),
        ("17/2026/NQ-CP", ["17/2026/NQ-CP@2026-04-01"]),
        ("công điện 104", ["104/CĐ-TTg@2024-10-08"]),
        ("204/2025/QH15", ["204/2025/QH15@2025-06-17"]),
        ("43/2022/NĐ-CP", []),
        ("42/2023/NĐ-CP", []),
        ("42/2022/TT-BYT", []),
        ("chỉ thị 42 năm 2022", []),
    ],
)
def test_a_spelling_resolves_to_what_it_means_and_nothing_else(catalogue, typed, meant):
    (parsed,) = find_numbers(typed)
    assert [document.id for document in resolve(parsed, catalogue)] == meant


def test_a_short_form_that_names_everything_finds_a_number_printed_without_its_year(catalogue):
    (parsed,) = find_numbers("CĐ104/TTg năm 2024")
    assert [document.number for document in resolve(parsed, catalogue)] == ["104/CĐ-TTg"]


def test_a_blank_inside_the_assemblys_symbol_changes_nothing(catalogue):
    (parsed,) = find_numbers("nghi quyet 204 2025 qh 15")
    assert [document.number for document in resolve(parsed, catalogue)] == ["204/2025/QH15"]
