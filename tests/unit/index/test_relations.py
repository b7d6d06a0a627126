"""Relations are read from what an official text says itself; a wrong one would call valid law dead."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.document import Document, Relation, RelationKind, TextKind
from index.relations import based_on, effective_on, expires_on, extract, merge_extracted
from index.relations.quotations import without_quotations

K = RelationKind
DECREE = Document(
    number="99/2026/NĐ-CP",
    type="Nghị định",
    title="Quy định về đèn đường",
    issuing_body="Chính phủ",
    issued_on=date(2026, 5, 15),
    effective_on=date(2026, 7, 1),
    text_kind=TextKind.OFFICIAL,
    text="",
    source="example.gov.vn",
    checked_on=None,
)


def relations(text: str, **facts) -> tuple[Relation, ...]:
    return extract(replace(DECREE, text=text, **facts))


def final(*lines: str, title: str = "Hiệu lực thi hành", **facts) -> set[tuple[str, str, str | None]]:
    """What a final article of these lines says, as (kind, number, scope)."""
    text = "\n".join(["Điều 1. Phạm vi điều chỉnh", "Nghị định này quy định về đèn đường.", f"Điều 2. {title}", *lines])
    return {(found.kind.value, found.number, found.scope) for found in relations(text, **facts)}


A, B, C = "11/2019/NĐ-CP", "12/2021/NĐ-CP", "13/2023/NĐ-CP"


@pytest.mark.parametrize(
    "sentence",
    [
        f"Nghị định này thay thế Nghị định số {A} ngày 03 tháng 02 năm 2019 của Chính phủ quy định về đèn đường.",
        f"Nghị định này có hiệu lực thi hành từ ngày ký ban hành, thay thế Nghị định số {A}.",
        f"Nghị định này có hiệu lực thi hành kể từ ngày 01 tháng 7 năm 2026 và thay thế Nghị định số {A}.",
        f"Nghị định này có hiệu lực từ ngày 01/7/2026 và thay thế cho Nghị định số {A} ngày 03/02/2019.",
        f"Kể từ ngày Nghị định này có hiệu lực thi hành, thay thế Nghị định số {A}.",
        f"Nghị định số {A} được thay thế bằng Nghị định này.",
        f"Nghị định số 99/2026/NĐ-CP thay thế Nghị định số {A}.",
        f"Thay thế Nghị định số {A} ngày 03 tháng 02 năm 2019 của Chính phủ.",
        f"Nghị định nay thay thê Nghị định số {A}.",  # as machines misread it
    ],
)
def test_replacing_a_whole_document_is_read_in_many_phrasings(sentence):
    assert final(f"1. {sentence}") == {("replaces", A, None)}


@pytest.mark.parametrize(
    "sentence",
    [
        f"Nghị định số {A} ngày 03 tháng 02 năm 2019 của Chính phủ hết hiệu lực kể từ ngày Nghị định này có hiệu lực.",
        f"Nghị định số {A} hết hiệu lực thi hành kể từ ngày Nghị định này có hiệu lực thi hành.",
        f"Kể từ ngày Nghị định này có hiệu lực, Nghị định số {A} về đèn đường hết hiệu lực.",
        f"Khi Nghị định này có hiệu lực thi hành, Nghị định số {A} hết hiệu lực thi hành.",
        f"Nghị định này có hiệu lực từ ngày 01 tháng 7 năm 2026, Nghị định số {A} hết hiệu lực từ ngày đó.",
        f"Bãi bỏ Nghị định số {A} ngày 03 tháng 02 năm 2019 của Chính phủ.",
        f"Bãi bỏ toàn bộ Nghị định số {A}.",
        f"Nghị định này bãi bỏ Nghị định số {A}.",
        f"Nghị định số {A} bị bãi bỏ kể từ ngày Nghị định này có hiệu lực.",
        f"Nghị định số {A} chấm dứt hiệu lực kể từ ngày Nghị định này có hiệu lực thi hành.",
        f"Hủy bỏ Nghị định số {A}.",
        f"Nghị định số {A} hêt hiêu lực thi hành kể từ ngày Nghị định này có hiệu lực.",
    ],
)
def test_ending_a_whole_document_is_read_in_many_phrasings(sentence):
    assert final(f"1. {sentence}") == {("abolishes", A, None)}


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (f"Bãi bỏ Điều 5, khoản 2 Điều 7 của Nghị định số {A}.", {("partly_abolishes", A, "Điều 5, khoản 2 Điều 7")}),
        (f"Bãi bỏ một số điều của Nghị định số {A}.", {("partly_abolishes", A, "một số điều")}),
        (f"Điểm a khoản 1 Điều 3 Nghị định số {A} hết hiệu lực kể từ ngày Nghị định này có hiệu lực.",
         {("partly_abolishes", A, "Điểm a khoản 1 Điều 3")}),
        (f"Điều 6, Điều 12; khoản 4, 5, 6 Điều 35 của Nghị định số {A} ngày 12 tháng 6 năm 2019 của Chính phủ quy định "
         f"về cột đèn của Bộ Xây dựng và Điều 6 của Nghị định số {B} hết hiệu lực từ ngày Nghị định này có hiệu lực.",
         {("partly_abolishes", A, "Điều 6, Điều 12; khoản 4, 5, 6 Điều 35"), ("partly_abolishes", B, "Điều 6")}),
        (f"Nghị định này thay thế một phần Nghị định số {A}.", {("partly_replaces", A, "một phần")}),
        (f"Nghị định này thay thế Chương II Nghị định số {A}.", {("partly_replaces", A, "Chương II")}),
        (f"Bãi bỏ Quy chế ban hành kèm theo Nghị định số {A}.", {("partly_abolishes", A, "Quy chế")}),
        (f"Danh mục đèn quy định tại: Nghị định số {A} ngày 03 tháng 02 năm 2019; Nghị định số {B} hết hiệu lực.",
         {("partly_abolishes", A, "Danh mục đèn"), ("partly_abolishes", B, "Danh mục đèn")}),
        (f"Nghị định số {A} hết hiệu lực một phần kể từ ngày Nghị định này có hiệu lực.",
         {("partly_abolishes", A, "một phần")}),
        (f"Các quy định tại Nghị định số {A} trái với Nghị định này bị bãi bỏ.",
         {("partly_abolishes", A, "Các quy định")}),
    ],
)  # fmt: skip
def test_ending_parts_of_a_document_never_ends_the_whole(sentence, expected):
    assert final(f"1. {sentence}") == expected


def test_the_amendments_a_document_went_through_are_its_history():
    history = f"Nghị định số {A} đã được sửa đổi, bổ sung bởi Nghị định số {B} và Nghị định số {C}"
    assert final(f"1. {history} hết hiệu lực kể từ ngày Nghị định này có hiệu lực.") == {("abolishes", A, None)}
    assert final(f"1. Nghị định này thay thế {history}.") == {("replaces", A, None)}
    assert final(f"1. Bãi bỏ khoản 2 Điều 40 {history}.") == {("partly_abolishes", A, "khoản 2 Điều 40")}
    bracketed = f"Nghị định số {A} (được sửa đổi, bổ sung một số điều theo Nghị định số {B}, Nghị định số {C})"
    assert final(f"1. Nghị định này thay thế {bracketed}.") == {("replaces", A, None)}
    assert final(f"1. Nghị định này thay thế {bracketed} và Nghị định số 14/2024/NĐ-CP.") == {
        ("replaces", A, None),
        ("replaces", "14/2024/NĐ-CP", None),
    }


def test_a_document_and_the_one_that_amended_it_are_both_replaced_where_both_are_listed():
    both = {("replaces", A, None), ("replaces", B, None)}
    assert (
        final(
            f"1. Nghị định này thay thế Nghị định số {A} ngày 03 tháng 02 năm 2019 của Chính phủ về đèn đường và Nghị "
            f"định số {B} ngày 04 tháng 3 năm 2021 của Chính phủ sửa đổi, bổ sung một số điều của Nghị định số {A}."
        )
        == both
    )
    assert (
        final(
            f"1. Nghị định này thay thế Nghị định số {A} về đèn đường; Nghị định số {B} sửa đổi, bổ sung một số điều "
            f"của Nghị định số {A}."
        )
        == both
    )
    assert final(
        f"1. Nghị định này thay thế Nghị định số {A} về đèn, Nghị định số {B} sửa đổi, bổ sung một số điều của Nghị "
        f"định số {A}, Nghị định số {C} sửa đổi, bổ sung một số điều của Nghị định số {A}."
    ) == {*both, ("replaces", C, None)}


def test_documents_in_the_title_of_another_are_not_touched():
    assert final(
        f"1. Nghị định này thay thế Nghị định số {B} ngày 04 tháng 3 năm 2021 của Chính phủ sửa đổi, bổ sung một số "
        f"điều của Nghị định số {A} và Nghị định số {C} về đèn đường."
    ) == {("replaces", B, None)}
    assert final(f"1. Bãi bỏ khoản 9 Điều 1 Nghị định số {B} sửa đổi, bổ sung một số điều của Nghị định số {A}.") == {
        ("partly_abolishes", B, "khoản 9 Điều 1")
    }
    assert final(
        "1. Bãi bỏ Quyết định số 15/2019/QĐ-TTg hướng dẫn thi hành Luật Chiếu sáng số 12/2017/QH14 và Quyết định số "
        "16/2019/QĐ-TTg về cột đèn."
    ) == {("abolishes", "15/2019/QĐ-TTg", None), ("abolishes", "16/2019/QĐ-TTg", None)}
    assert final(
        f"1. Bãi bỏ Nghị định số {B} sửa đổi Điều 5 và Điều 6 của Nghị định số {A}."
    ) == {("abolishes", B, None)}  # fmt: skip


def test_a_list_below_a_lead_in_is_read_item_by_item():
    lead = "2. Các văn bản sau đây hết hiệu lực kể từ ngày Nghị định này có hiệu lực thi hành:"
    assert final(
        lead,
        f"a) Nghị định số {A} ngày 03 tháng 02 năm 2019 của Chính phủ về đèn đường;",
        f"b) Điều 3 và khoản 2 Điều 4 Nghị định số {B};",
        f"c) Nghị định số {C} sửa đổi, bổ sung một số điều của Nghị định số 10/2018/NĐ-CP.",
        "3. Nghị định số 20/2022/NĐ-CP tiếp tục có hiệu lực.",
    ) == {
        ("abolishes", A, None),
        ("partly_abolishes", B, "Điều 3 và khoản 2 Điều 4"),
        ("abolishes", C, None),
    }
    assert final("1. Nghị định này thay thế:", f"- Nghị định số {A};", f"- Nghị định số {B}.") == {
        ("replaces", A, None),
        ("replaces", B, None),
    }
    assert final(
        f"1. Nghị định số {A}.", f"2. Nghị định số {B}.", title="Bãi bỏ các văn bản quy phạm pháp luật sau đây"
    ) == {("abolishes", A, None), ("abolishes", B, None)}
    assert final(
        "1. Bãi bỏ một số điều, khoản của các nghị định sau đây:", f"a) Nghị định số {A}: Điều 5, Điều 6;",
        f"b) Nghị định số {B};", f"c) Khoản 3 Điều 4 Nghị định số {C}.",
    ) == {
        ("partly_abolishes", A, "Điều 5, Điều 6"),
        ("partly_abolishes", B, "một phần"),
        ("partly_abolishes", C, "Khoản 3 Điều 4"),
    }  # fmt: skip


def test_a_list_without_labels_is_read_too():
    assert final("Nghị định này thay thế các văn bản sau:", f"Nghị định số {A};", f"Nghị định số {B}.") == {
        ("replaces", A, None),
        ("replaces", B, None),
    }


def test_several_numbers_behind_one_type_are_all_meant():
    assert final(f"1. Bãi bỏ các Nghị định số {A}, số {B} và {C} của Chính phủ.") == {
        ("abolishes", A, None),
        ("abolishes", B, None),
        ("abolishes", C, None),
    }


def test_an_exception_leaves_the_document_partly_in_force():
    partly = {("partly_abolishes", A, "trừ khoản 3 Điều 8")}
    assert final(f"1. Nghị định số {A} hết hiệu lực từ ngày Nghị định này có hiệu lực, trừ khoản 3 Điều 8.") == partly
    assert final(f"1. Bãi bỏ Nghị định số {A}, trừ khoản 3 Điều 8.") == partly
    assert final(f"1. Nghị định này thay thế Nghị định số {A} (trừ khoản 3 Điều 8) và Nghị định số {B}.") == {
        ("partly_replaces", A, "một phần"),
        ("replaces", B, None),
    }


def test_the_documents_own_transitional_rules_are_no_exception():
    text = f"1. Nghị định số {A} hết hiệu lực từ ngày Nghị định này có hiệu lực, trừ trường hợp quy định tại "
    assert final(f"{text}Điều 3 Nghị định này.") == {("abolishes", A, None)}
    assert final(f"{text}khoản 2 Điều này.", "2. Hồ sơ đã nhận thì làm tiếp theo quy định cũ.") == {
        ("abolishes", A, None)
    }
    assert final(f"{text}khoản 2 Điều này.", f"2. Chương III Nghị định số {A} tiếp tục có hiệu lực đến hết năm.") == {
        ("partly_abolishes", A, "trừ trường hợp quy định tại khoản 2 Điều này")
    }


@pytest.mark.parametrize(
    "sentence",
    [
        f"Hồ sơ đã nhận trước ngày Nghị định này có hiệu lực thì tiếp tục thực hiện theo Nghị định số {A}.",
        f"Nghị định số {A} tiếp tục có hiệu lực cho đến khi hết hiệu lực theo quy định.",
        f"Trường hợp Nghị định số {A} hết hiệu lực thì áp dụng văn bản mới.",
        f"Trường hợp Nghị định số {A} được sửa đổi, bổ sung hoặc thay thế thì áp dụng văn bản thay thế.",
        f"Giấy phép cấp theo Nghị định số {A} hết hiệu lực kể từ ngày 01 tháng 7 năm 2026.",
        f"Bộ Xây dựng rà soát, sửa đổi, bổ sung, bãi bỏ Nghị định số {A} trước ngày 01 tháng 12 năm 2026.",
        f"Bộ Xây dựng trình Chính phủ bãi bỏ Nghị định số {A}.",
        f"Thực hiện theo Nghị định số {A} và các văn bản sửa đổi, bổ sung, thay thế (nếu có).",
        f"Nghị định số {A} chưa hết hiệu lực.",
        f"Điều 5 Nghị định số {A} đã được bãi bỏ bởi Nghị định số {B}.",
        f"Đèn LED thay thế đèn sợi đốt theo Nghị định số {A}.",
        "Nghị định này thay thế Nghị định số 99/2026/NĐ-CP.",
        "Nghị định này thay thế Nghị định số 120/2027/NĐ-CP ngày 03 tháng 02 năm 2027.",
        f"Nghị định này quy định chi tiết việc thay thế bóng đèn và cột đèn nêu tại Nghị định số {A}.",
    ],
)
def test_sentences_that_only_mention_an_end_say_nothing(sentence):
    assert {kind for kind, _, _ in final(f"1. {sentence}")} <= {"guides"}


@pytest.mark.parametrize(
    "lines",
    [
        ["1. Bộ Xây dựng có trách nhiệm:", f"a) Bãi bỏ Nghị định số {A};", f"b) Sửa đổi, bổ sung Nghị định số {B}."],
        [f"1. Sửa đổi, bổ sung Nghị định số {A} trong quý III năm 2026."],
        [f"1. Bãi bỏ Nghị định số {A} trước ngày 01 tháng 9 năm 2026."],
    ],
)
def test_tasks_given_to_others_are_not_yet_done(lines):
    assert final(*lines) == set()
    assert final("1. Bộ Xây dựng:", f"- Bãi bỏ Nghị định số {A}.", title="Tổ chức thực hiện") == set()
    text = f"1. Đèn đường.\n2. Sửa đổi, bổ sung Nghị định số {A}.\n- Bãi bỏ Nghị định số {B}."
    assert relations(text, number="12/CT-TTg", type="Chỉ thị") == ()


def test_parts_that_stay_in_force_may_be_listed_below():
    assert final(
        f"1. Nghị định số {A} hết hiệu lực từ ngày Nghị định này có hiệu lực, trừ trường hợp quy định tại khoản 1 Điều "
        "3 của Nghị định này và các quy định sau:",
        "a) Điều 5, Điều 6;",
    ) == {
        (
            "partly_abolishes",
            A,
            "trừ trường hợp quy định tại khoản 1 Điều 3 của Nghị định này và các quy định sau",
        )
    }


def test_sums_and_periods_fixed_by_another_document_do_not_amend_it():
    assert (
        final(f"1. Điều chỉnh tăng thêm 8% trên mức hưởng quy định tại Nghị định số {A}.", title="Mức hưởng") == set()
    )
    assert relations("", title=f"Quy định về cấp, sửa đổi, bổ sung giấy phép quy định tại Nghị định số {A}") == ()


def test_quoted_wording_of_another_document_says_nothing():
    lines = [
        f"1. Sửa đổi, bổ sung Điều 9 của Nghị định số {A} như sau:",
        "“Điều 9. Hiệu lực thi hành",
        f"1. Nghị định này thay thế Nghị định số {B}.",
        f"2. Nghị định số {C} hết hiệu lực kể từ ngày Nghị định này có hiệu lực.”.",
        "2. Nghị định này bãi bỏ Nghị định số 14/2024/NĐ-CP.",
    ]
    expected = {("amends", A, "Điều 9"), ("abolishes", "14/2024/NĐ-CP", None)}
    assert final(*lines) == expected
    assert final(*(line.replace("“", '"').replace("”", '"') for line in lines)) == expected
    assert final(f"1. Thay cụm từ “bãi bỏ Nghị định số {B}” tại Điều 3 Nghị định số {A} bằng “bỏ”.") == set()


def test_wording_that_lost_its_quotation_marks_is_not_taken_for_the_documents_own():
    assert final(
        f"1. Sửa đổi, bổ sung Điều 9 của Nghị định số {A} như sau:",
        f"a) Nghị định này thay thế Nghị định số {B};",
        f"b) Nghị định số {C} hết hiệu lực kể từ ngày Nghị định này có hiệu lực.",
    ) == {("amends", A, "Điều 9")}


def test_a_quotation_that_is_never_closed_ends_at_the_next_article():
    text = "\n".join(
        [
            f"Điều 1. Sửa đổi, bổ sung Điều 9 của Nghị định số {A} như sau:",
            "“Điều 9. Hiệu lực",
            f"Nghị định này thay thế Nghị định số {B}.",
            "Điều 2. Hiệu lực thi hành",
            f"Nghị định này thay thế Nghị định số {C}.",
        ]
    )
    assert {(found.kind, found.number) for found in relations(text)} == {(K.AMENDS, A), (K.REPLACES, C)}


def test_an_amending_article_gives_its_document_to_the_clauses_below():
    text = "\n".join(
        [
            f"Điều 1. Sửa đổi, bổ sung một số điều của Nghị định số {A}",
            "1. Sửa đổi, bổ sung khoản 3 Điều 5 như sau:",
            "“3. Đèn sáng từ 18 giờ.”.",
            "2. Bổ sung Điều 5a vào sau Điều 5 như sau:",
            "“Điều 5a. Cột đèn”.",
            "3. Thay thế cụm từ “đèn dầu” bằng cụm từ “đèn điện” tại Điều 6, Điều 7.",
            "4. Bãi bỏ khoản 2 Điều 8 và Điều 9.",
            "Điều 2. Hiệu lực thi hành",
            "Nghị định này có hiệu lực thi hành từ ngày 01 tháng 7 năm 2026.",
        ]
    )
    amends, abolishes = relations(text)
    assert (amends.kind, amends.number, amends.location) == (K.AMENDS, A, "Điều 1")
    assert amends.scope is not None
    assert "khoản 3 Điều 5" in amends.scope and "Điều 6, Điều 7" in amends.scope
    assert (abolishes.kind, abolishes.scope) == (K.PARTLY_ABOLISHES, "khoản 2 Điều 8 và Điều 9")
    assert abolishes.location == "Điều 1, khoản 4"


def test_exchanging_words_or_forms_amends_and_does_not_replace():
    for sentence in (
        f"Thay thế cụm từ “đèn dầu” bằng cụm từ “đèn điện” tại Điều 6 của Nghị định số {A}.",
        f"Thay thế Mẫu số 01 ban hành kèm theo Nghị định số {A} bằng Mẫu số 02 của Nghị định này.",
        f"Thay thế Phụ lục II của Nghị định số {A} bằng Phụ lục kèm theo Nghị định này.",
    ):
        assert [kind for kind, _, _ in final(f"1. {sentence}")] == ["amends"], sentence


def test_passive_amendments_count():
    assert final(f"1. Khoản 3 Điều 5 của Nghị định số {A} được sửa đổi, bổ sung như sau:", "“3. Đèn sáng.”") == {
        ("amends", A, "Khoản 3 Điều 5")
    }


def test_titles_act_too():
    for title, kind in (
        (f"Sửa đổi, bổ sung một số điều của Nghị định số {A} ngày 03 tháng 02 năm 2019 về đèn được sửa đổi, bổ sung "
         f"bởi Nghị định số {B} và Nghị định số {C}", K.AMENDS),
        (f"Về việc bãi bỏ Nghị định số {A}", K.ABOLISHES),
        (f"Bãi bỏ một số điều của Nghị định số {A}", K.PARTLY_ABOLISHES),
        (f"Đính chính Nghị định số {A}", K.CORRECTS),
        (f"Về việc đính chính lỗi kỹ thuật tại Nghị định số {A} về đèn", K.CORRECTS),
        (f"Ngưng hiệu lực thi hành Nghị định số {A}", K.SUSPENDS),
        (f"Quy định về cột đèn và sửa đổi, bổ sung một số điều của Nghị định số {A}", K.AMENDS),
    ):  # fmt: skip
        assert [(found.kind, found.number) for found in relations("", title=title)] == [(kind, A)], title
    law = relations("", title="Luật sửa đổi, bổ sung một số điều của Luật Chiếu sáng số 12/2017/QH14")
    assert [(found.kind, found.number) for found in law] == [(K.AMENDS, "12/2017/QH14")]
    assert relations("", title=f"Quy định về cấp, thay thế giấy phép theo Nghị định số {A}") == ()


def test_suspensions_have_a_last_day():
    (found,) = relations(
        "Điều 1. Ngưng hiệu lực\n"
        f"Ngưng hiệu lực thi hành Nghị định số {A} từ ngày 01 tháng 6 năm 2026 đến hết ngày 31 tháng 12 năm 2026."
    )
    assert (found.kind, found.effective_on, found.ends_on) == (K.SUSPENDS, date(2026, 6, 1), date(2026, 12, 31))
    assert final(f"1. Tạm ngưng hiệu lực thi hành khoản 2 Điều 5 của Nghị định số {A} đến hết ngày 31/12/2026.") == {
        ("partly_suspends", A, "khoản 2 Điều 5")
    }
    assert final(f"1. Nghị định số {A} ngưng hiệu lực thi hành đến hết ngày 31 tháng 12 năm 2026.") == {
        ("suspends", A, None)
    }
    assert final(f"1. Nghị định này quy định chi tiết thi hành Nghị định số {A}.") == set()


def test_dates_and_places_come_with_a_relation():
    (found,) = relations(
        "Điều 1. Phạm vi\nĐèn.\nĐiều 2. Hiệu lực thi hành\n1. Nghị định này có hiệu lực.\n"
        f"2. Nghị định số {A} ngày 0ó tháng 02 năm 2019 của Chính phủ hết hiệu lực kể từ ngày 01 tháng 01 năm 2027."
    )
    assert found == Relation(
        K.ABOLISHES,
        A,
        issued_on=date(2019, 2, 6),
        effective_on=date(2027, 1, 1),
        location="Điều 2, khoản 2",
        is_extracted=True,
    )
    (prefixed,) = relations(f"Điều 2. Hiệu lực\nKể từ ngày 01 tháng 01 năm 2027, Nghị định số {A} hết hiệu lực.")
    assert prefixed.effective_on == date(2027, 1, 1)
    (own,) = relations(f"Điều 2. Hiệu lực\nNghị định này có hiệu lực từ ngày 01/7/2026, thay thế Nghị định số {A}.")
    assert own.effective_on is None


def test_a_date_of_another_year_than_the_number_is_a_slip():
    (found,) = relations(f"Điều 2. Hiệu lực\nBãi bỏ Nghị định số {A} ngày 01 tháng 4 năm 2016 của Chính phủ.")
    assert (found.number, found.issued_on) == (A, None)


def test_a_date_given_once_serves_every_mention():
    text = (
        f"Điều 1. Sửa đổi, bổ sung một số điều của Nghị định số {A}\n"
        f"Chính phủ sửa đổi Nghị định số {A} ngày 03 tháng 02 năm 2019 về đèn đường như sau:\n1. Sửa đổi Điều 5."
    )
    assert {found.issued_on for found in relations(text)} == {date(2019, 2, 3)}


def test_numbers_that_restart_every_year_tell_an_old_document_from_this_one():
    decision = {"number": "468/QĐ-TTg", "type": "Quyết định", "issued_on": date(2026, 3, 1)}
    line = "Quyết định này thay thế Quyết định số 468/QĐ-TTg"
    assert [found.issued_on for found in relations(f"Điều 2. {line} ngày 05 tháng 4 năm 2016.", **decision)] == [
        date(2016, 4, 5)
    ]
    assert relations(f"Điều 2. {line}.", **decision) == ()
    (undated,) = relations("Điều 2. Quyết định này thay thế Quyết định số 1466/QĐ-TTg.", **decision)
    assert (undated.number, undated.issued_on) == ("1466/QĐ-TTg", None)


def test_a_replaced_document_is_not_abolished_as_well():
    assert final(
        f"1. Nghị định này thay thế Nghị định số {A}.",
        f"2. Nghị định số {A} hết hiệu lực kể từ ngày Nghị định này có hiệu lực.",
    ) == {("replaces", A, None)}


def test_laws_are_named_with_their_numbers():
    law = {"number": "10/2026/QH16", "type": "Luật", "title": "Luật Chiếu sáng"}
    assert final(
        "1. Luật này có hiệu lực thi hành từ ngày 01 tháng 01 năm 2027.",
        "2. Luật Chiếu sáng, điện và khí số 12/2017/QH14 và Luật số 15/2019/QH14 hết hiệu lực kể từ ngày Luật này có "
        "hiệu lực thi hành.",
        "3. Bãi bỏ Điều 5 của Luật Phòng, chống cháy số 27/2001/QH10.",
        **law,
    ) == {
        ("abolishes", "12/2017/QH14", None),
        ("abolishes", "15/2019/QH14", None),
        ("partly_abolishes", "27/2001/QH10", "Điều 5"),
    }


def test_grounds_are_documents_with_numbers_and_not_their_history():
    grounds = (
        "Căn cứ Luật Tổ chức Chính phủ số 63/2025/QH15;\n"
        "*Căn cứ Luật Chiếu sáng số 12/2017/QH14 được sửa đổi, bổ sung bởi Luật số 67/2020/QH14 và Luật số "
        "88/2025/QH15;*\n- Căn cứ Nghị định số 25/2025/NĐ-CP ngày 21 tháng 02 năm\n2025 của Chính phủ;\n"
        "Căn cứ Luật Điện lực ngày 30 tháng 11 năm 2024;\nTheo đề nghị của Bộ trưởng;"
    )
    assert [(found.number, found.title) for found in based_on(grounds)] == [
        ("63/2025/QH15", "Luật Tổ chức Chính phủ"),
        ("12/2017/QH14", "Luật Chiếu sáng"),
        ("25/2025/NĐ-CP", None),
    ]
    text = f"{grounds}\nĐiều 1. Đèn\nCăn cứ Nghị định số {A}, đèn được bật."
    assert {found.number for found in relations(text)} == {"63/2025/QH15", "12/2017/QH14", "25/2025/NĐ-CP"}


def test_a_document_guides_the_law_it_details_wherever_the_number_stands():
    circular = {"number": "07/2026/TT-BXD", "type": "Thông tư", "title": "Hướng dẫn đèn đường"}
    text = (
        "Điều 1. Phạm vi điều chỉnh\nThông tư này quy định chi tiết một số điều của Nghị định số "
        f"{A} ngày 03 tháng 02 năm 2019 của Chính phủ sửa đổi, bổ sung một số điều của Nghị định số {B}."
    )
    (found,) = relations(text, **circular)
    assert (found.kind, found.number, found.location) == (K.GUIDES, A, "Điều 1")
    title = "Quy định chi tiết một số điều của Luật Chiếu sáng"
    ground = "Căn cứ Luật Chiếu sáng số 12/2017/QH14;\nĐiều 1. Phạm vi\nĐèn."
    kinds = [(found.kind, found.number) for found in relations(ground, title=title)]
    assert kinds == [(K.GUIDES, "12/2017/QH14"), (K.BASED_ON, "12/2017/QH14")]
    stated = Relation(K.BASED_ON, "12/2017/QH14", title="Luật Chiếu sáng")
    assert [found.kind for found in relations("Điều 1. Đèn\nĐèn.", title=title, relations=(stated,))] == [K.GUIDES]
    other = relations(ground, title="Quy định chi tiết một số điều của Luật Chiếu sáng đô thị")
    assert [found.kind for found in other] == [K.BASED_ON]


def test_a_consolidation_does_nothing_of_its_own():
    text = f"Điều 1. Hiệu lực\nNghị định này có hiệu lực từ ngày 01 tháng 7 năm 2018, thay thế Nghị định số {A}."
    consolidation = replace(DECREE, number="34/VBHN-BXD", type="Văn bản hợp nhất", text=text)
    assert extract(consolidation) == ()
    assert effective_on(consolidation) is None


def test_a_day_in_the_title_of_an_amended_document_makes_no_task_of_it():
    title = f"Sửa đổi một số điều của Nghị định số {A} về trợ cấp của người nghỉ việc trước ngày 01 tháng 01 năm 1995"
    (found,) = relations(f"Điều 1. {title}\n1. Bổ sung Điều 5a.\nĐiều 2. Hiệu lực\nCó hiệu lực.")
    assert (found.kind, found.number) == (K.AMENDS, A)


def test_summaries_and_annexes_say_nothing():
    text = f"Điều 1. Hiệu lực\nNghị định này thay thế Nghị định số {A}."
    assert relations(text)
    assert relations(text, text_kind=TextKind.SUMMARY) == ()
    annex = f"Điều 1. Hiệu lực\nCó hiệu lực.\nPhụ lục I\nBãi bỏ Nghị định số {A}.\n1. Bãi bỏ Nghị định số {B}."
    assert relations(annex) == ()


def test_a_text_without_articles_is_read_by_its_paragraphs():
    text = "1. Đèn đường được bật.\n2. Nghị quyết này thay thế Nghị quyết số 12/NQ-CP ngày 03 tháng 02 năm 2019."
    (found,) = relations(text, number="50/NQ-CP", type="Nghị quyết")
    assert (found.kind, found.number, found.location) == (K.REPLACES, "12/NQ-CP", None)


def test_a_decision_whose_article_is_one_line_is_read():
    text = (
        "Điều 1. Ban hành kèm theo Quyết định này Quy chế chiếu sáng.\n"
        "Điều 2. Quyết định này có hiệu lực kể từ ngày ký và thay thế Quyết định số 12/2019/QĐ-TTg ngày 03 tháng 02 "
        "năm 2019 của Thủ tướng Chính phủ.\nĐiều 3. Các bộ chịu trách nhiệm thi hành Quyết định này."
    )
    (found,) = relations(text, number="20/2026/QĐ-TTg", type="Quyết định")
    assert (found.kind, found.number, found.location) == (K.REPLACES, "12/2019/QĐ-TTg", "Điều 2")


@pytest.mark.parametrize(
    ("sentence", "day"),
    [
        ("Nghị định này có hiệu lực thi hành từ ngày 01 tháng 7 năm 2026.", date(2026, 7, 1)),
        ("Nghị định này có hiệu lực kể từ ngày 01/07/2026.", date(2026, 7, 1)),
        ("Nghị định này có hiệu lực thi hành kể từ ngày ký ban hành.", date(2026, 5, 15)),
        ("Nghị định này có hiệu lực thi hành sau 45 ngày, kể từ ngày ký ban hành.", date(2026, 6, 29)),
        ("Nghị định số 99/2026/NĐ-CP có hiệu lực thi hành từ ngày 01 tháng 7 năm 2026.", date(2026, 7, 1)),
        ("Nghị định này có hiệu lực từ ngày 01 tháng 7 năm 2026, trừ Điều 5 có hiệu lực từ ngày 01/01/2027.",
         date(2026, 7, 1)),
        ("Hồ sơ nộp trước ngày Nghị định này có hiệu lực thi hành từ ngày 01/7/2026 thì làm tiếp.", None),
        ("Nghị định này có hiệu lực thi hành từ ngày 31 tháng 02 năm 2026.", None),
        ("Luật Chiếu sáng số 12/2017/QH14 có hiệu lực từ ngày 01/7/2018.", None),
        ("Thông tư có hiệu lực thi hành kể từ ngày 01 tháng 7 năm 2026.", date(2026, 7, 1)),
    ],
)  # fmt: skip
def test_the_first_day_is_read_from_the_text(sentence, day):
    document = replace(DECREE, text=f"Điều 1. Đèn\nĐèn.\nĐiều 2. Hiệu lực thi hành\n1. {sentence}")
    assert effective_on(document) == day


@pytest.mark.parametrize(
    ("sentence", "day"),
    [
        (
            "Nghị quyết này có hiệu lực từ ngày 15 tháng 8 năm 2026 đến hết ngày 28 tháng 02 năm 2027.",
            date(2027, 2, 28),
        ),
        ("Nghị quyết này có hiệu lực từ ngày 15 tháng 8 năm 2026 đến nigày 28 tháng 02 năm 2027.", date(2027, 2, 28)),
        ("Nghị quyết này hết hiệu lực kể từ ngày 01 tháng 3 năm 2027.", date(2027, 2, 28)),
        ("Nghị quyết này có hiệu lực từ ngày ký và được thực hiện đến hết năm 2028.", date(2028, 12, 31)),
        ("Nghị quyết này có hiệu lực từ ngày ký đến hết tháng 6 năm 2028.", date(2028, 6, 30)),
        ("Nghị quyết này có hiệu lực từ ngày 15 tháng 8 năm 2026.", None),
        ("Nghị quyết này có hiệu lực từ ngày ký, trừ Điều 5 có hiệu lực đến hết ngày 31/12/2026.", None),
        ("Luật Chiếu sáng số 12/2017/QH14 có hiệu lực từ ngày 01/7/2018 đến hết ngày 30/6/2026.", None),
        ("Trường hợp Nghị quyết này hết hiệu lực từ ngày 01 tháng 3 năm 2027 thì làm tiếp.", None),
    ],
)
def test_a_last_day_is_read_where_the_text_limits_its_term(sentence, day):
    document = replace(DECREE, text=f"Điều 1. Đèn\nĐèn.\nĐiều 2. Hiệu lực thi hành\n1. {sentence}")
    assert expires_on(document) == day
    assert extract(document) == ()


def test_a_stated_relation_wins_and_its_gaps_are_filled():
    stated = Relation(K.REPLACES, A, title="Nghị định về đèn")
    told = Relation(K.REPLACES, A, issued_on=date(2019, 2, 3), location="Điều 2", is_extracted=True)
    other = Relation(K.PARTLY_ABOLISHES, B, scope="Điều 5", is_extracted=True)
    merged = merge_extracted((stated,), (told, other))
    assert merged == (replace(stated, issued_on=date(2019, 2, 3), location="Điều 2"), other)
    abolished = replace(told, kind=K.ABOLISHES)
    assert merge_extracted((stated,), (abolished,))[0].kind is K.REPLACES
    part = replace(told, kind=K.PARTLY_ABOLISHES, scope="Điều 5")
    assert merge_extracted((stated,), (part,)) == (stated, part)


D = "14/2024/NĐ-CP"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([f"2. Kể từ ngày Nghị định này có hiệu lực thi hành, Nghị định số {A} ngày 30 tháng 12 năm 2019 của Chính phủ "
          f"quy định xử phạt (được sửa đổi, bổ sung bởi Nghị định số {B} ngày 28 tháng 12 năm 2021) hết hiệu lực."],
         {("abolishes", A, None)}),
        ([f"2. Nghị định này thay thế Nghị định số {A} về đèn; bãi bỏ Điều 4 Nghị định số {B}, đồng thời bãi bỏ Nghị "
          f"định số {C}."],
         {("replaces", A, None), ("partly_abolishes", B, "Điều 4"), ("abolishes", C, None)}),
        (["2. Nghị định này có hiệu lực kể từ ngày ký và thay thế các nghị định sau: Nghị định số "
          f"{A} ngày 03 tháng 02 năm 2019; Nghị định số {B}, Nghị định số {C}."],
         {("replaces", A, None), ("replaces", B, None), ("replaces", C, None)}),
        ([f"2. Nghị định số {A} hết hiệu lực kể từ ngày Nghị định này có hiệu lực; Nghị định số {B} hết hiệu lực kể từ "
          "ngày 01 tháng 01 năm 2027."],
         {("abolishes", A, None), ("abolishes", B, None)}),
        ([f"2. Nghị định này thay thế Nghị định số {A} về đèn; các quy định trước đây trái với Nghị định này đều bị "
          "bãi bỏ."],
         {("replaces", A, None)}),
        ([f"2. Bãi bỏ các nội dung về cột đèn tại Điều 3 Nghị định số {A}; các quy định về dây tại Nghị định số {B}."],
         {("partly_abolishes", A, "các nội dung về cột đèn tại Điều 3"),
          ("partly_abolishes", B, "các quy định về dây")}),
        ([f"2. Điều 3 Nghị định số {A} đã được sửa đổi, bổ sung tại khoản 2 Điều 1 Nghị định số {B} hết hiệu lực kể từ "
          "ngày Nghị định này có hiệu lực."],
         {("partly_abolishes", A, "Điều 3")}),
        ([f"2. Nghị định số {A} và các văn bản hướng dẫn thi hành hết hiệu lực kể từ ngày Nghị định này có hiệu lực."],
         {("abolishes", A, None)}),
        ([f"2. Các văn bản hướng dẫn Nghị định số {A} hết hiệu lực cùng với Nghị định này."], set()),
        ([f"2. Nghị định này không thay thế Nghị định số {A}."], set()),
        ([f"2. Bãi bỏ một phần Nghị định số {A}, Nghị định số {B} và bãi bỏ Nghị định số {C}."],
         {("partly_abolishes", A, "một phần"), ("partly_abolishes", B, "một phần"), ("abolishes", C, None)}),
        ([f"2. Sửa đổi, bổ sung một số quy định về cột đèn theo Nghị định số {A}."], set()),
        (["2. Các nghị định sau hết hiệu lực từ ngày Nghị định này có hiệu lực, trừ trường hợp quy định tại khoản 3 "
          "Điều này:", f"a) Nghị định số {A};", f"b) Nghị định số {B}.",
          f"3. Chương II Nghị định số {B} tiếp tục có hiệu lực đến hết ngày 31 tháng 12 năm 2026."],
         {("abolishes", A, None), ("partly_abolishes", B, "trừ trường hợp quy định tại khoản 3 Điều này")}),
        ([f"2. Bãi bỏ Nghị định số {A} quy định về việc đình chỉ, thay thế, bãi bỏ giấy phép theo Nghị định số {B}."],
         {("abolishes", A, None)}),
        ([f"2. Bãi bỏ Nghị định số {A} của Chính phủ; tiêu chuẩn TCVN 5:2017/BYT vẫn được áp dụng."],
         {("abolishes", A, None)}),
        ([f"2. Sửa đổi khổ thứ nhất khoản 3 Điều 15 Nghị định số {A}."],
         {("amends", A, "khổ thứ nhất khoản 3 Điều 15")}),
        ([f"2. Các Nghị định sau đây hết hiệu lực: Nghị định số {A}; Nghị định số {B} và Nghị định số {C}."],
         {("abolishes", A, None), ("abolishes", B, None), ("abolishes", C, None)}),
        (["2. Bãi bỏ:", f"a) Nghị định số {A};", f"b) Các nghị định: số {B}, số {C}."],
         {("abolishes", A, None), ("abolishes", B, None), ("abolishes", C, None)}),
        (["2. Kể từ ngày Bộ luật này có hiệu lực thi hành:", f"a) Nghị định số {A} hết hiệu lực;",
          f"b) Bãi bỏ Điều 3 Nghị định số {B}."],
         {("abolishes", A, None), ("partly_abolishes", B, "Điều 3")}),
        ([f"2. Đính chính lỗi kỹ thuật tại Phụ lục Nghị định số {A} như sau: tại Điều 5, “x” thành “y”."],
         {("corrects", A, "lỗi kỹ thuật tại Phụ lục")}),
        ([f"2. Bãi bỏ cụm từ “đèn dầu” tại Điều 3 Nghị định số {A}."],
         {("partly_abolishes", A, "cụm từ “…” tại Điều 3")}),
        ([f"2. Sửa đổi, bổ sung một số điều của Nghị định số {A} như sau:",
          "a) Sửa đổi khoản 1 Điều 2 như sau: “1. x”;",
          "b) Thay thế Điều 5;"],
         {("amends", A, "một số điều; khoản 1 Điều 2; Điều 5")}),
        ([f"2. Nghị định này thay thế Nghị định số {A} ngày 03/02/2019. Văn bản dẫn chiếu đến Nghị định số {A} thì "
          "thực hiện theo Nghị định này."],
         {("replaces", A, None)}),
        ([f"2. Không áp dụng Nghị định số {A} kể từ ngày Nghị định này có hiệu lực."], set()),
        ([f"2. Tiếp tục áp dụng Nghị định số {A} cho đến khi bị bãi bỏ."], set()),
        ([f"2. Bãi bỏ Nghị định của Chính phủ số {A}."], {("abolishes", A, None)}),
        ([f"2. Bãi bỏ quy định của Nghị định số {A}."], {("partly_abolishes", A, "quy định")}),
    ],
)  # fmt: skip
def test_clauses_as_drafters_write_them(lines, expected):
    assert final("1. Nghị định này có hiệu lực thi hành từ ngày 01 tháng 7 năm 2026.", *lines) == expected


def test_markdown_marks_do_not_hide_a_clause():
    assert final(f"### 2. Nghị định này **thay thế Nghị định số {A}** ngày 03 tháng 02 năm 2019.") == {
        ("replaces", A, None)
    }


def test_quotations_are_taken_out_and_lines_keep_their_places():
    text = 'a “b” c\n> d\n"e\nf”\ng "h" i'
    assert without_quotations(text).split("\n") == ["a ‹…› c", "", "‹…›", "", "g ‹…› i"]
    assert without_quotations("1. như sau: “a\nb “c” d\ne”.\n2. f") == "1. như sau: ‹…›\n\n.\n2. f"


_WORDS = st.sampled_from(
    ["Nghị định này", "thay thế", "bãi bỏ", "hết hiệu lực", f"Nghị định số {A}", f"số {B}", "Điều 5", "của", "và", ",",
     ";", ":", ".", "\n", "“", "”", '"', "(", ")", "trừ", "kể từ ngày", "01 tháng 7 năm 2026", "được sửa đổi", "bởi",
     "Luật", "số", "Điều 1. ", "1. ", "a) ", "- ", "> ", "### ", "Căn cứ ", "quy định chi tiết", "như sau", "đến hết",
     "ngưng hiệu lực", "đính chính", "Phụ lục", "một phần", "sau đây", "có hiệu lực"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(_WORDS, max_size=60).map(" ".join))
def test_no_order_of_words_raises_or_touches_the_document_itself(text):
    document = replace(DECREE, text=text, title=text[:80])
    for found in extract(document):
        assert found.is_extracted
        assert found.number != document.number
        assert found.kind not in (K.PARTLY_ABOLISHES, K.PARTLY_REPLACES, K.PARTLY_SUSPENDS) or found.scope
    effective_on(document)
    expires_on(document)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300))
def test_no_text_raises(text):
    document = replace(DECREE, text=text, title=text[:50])
    extract(document)
    effective_on(document)
    expires_on(document)
    assert len(without_quotations(text).split("\n")) == len(text.split("\n"))


@pytest.mark.parametrize(
    "unit",
    [
        f"Nghị định này thay thế Nghị định số {A} ngày 03 tháng 02 năm 2019. ",
        f"Nghị định số {A}, Nghị định số {B} hết hiệu lực; ",
        f"Điều 1. Bãi bỏ Nghị định số {A}\n",
        f"1. Sửa đổi Điều 2 Nghị định số {A} như sau: “ a\n",
        f"a) (Nghị định số {A} được sửa đổi, bổ sung bởi ",
        f"Căn cứ Nghị định số {A}\n",
        "“ a\nb ”\n",
    ],
)
def test_work_grows_with_the_length_of_a_text_and_no_faster(unit):
    calls = [_calls(unit * (length // len(unit))) for length in (6_000, 24_000)]
    assert calls[1] < 8 * calls[0]


def _calls(text: str) -> int:
    """How many functions extraction calls: a measure of work that no busy machine disturbs."""
    count = 0

    def counted(*_: object) -> None:
        nonlocal count
        count += 1

    document = replace(DECREE, text=f"Điều 1. Hiệu lực thi hành\n{text}")
    sys.setprofile(counted)
    try:
        extract(document)
        effective_on(document)
        expires_on(document)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize(
    "sentence",
    [
        "Nghị định này áp dụng đối với dự án được phê duyệt đến hết ngày 31 tháng 12 năm 2020.",
        "Nghị định này áp dụng cho các hợp đồng ký đến ngày 31/12/2025.",
        "Nghị định này thực hiện đối với các khoản thu phát sinh từ ngày 01/01/2020 đến hết ngày 31/12/2025.",
        "Nghị định này có hiệu lực từ ngày 01/7/2026 và áp dụng cho kỳ tính thuế đến hết năm 2025.",
        "Nghị định này quy định mức phí áp dụng đến hết ngày 31/12/2025.",
    ],
)
def test_the_last_day_of_some_cases_is_not_the_documents_own(sentence):
    assert expires_on(replace(DECREE, text=f"Điều 1. Hiệu lực thi hành\n1. {sentence}")) is None


@pytest.mark.parametrize(
    "sentence",
    [
        f"Nghị định số {A} chỉ hết hiệu lực khi có văn bản thay thế.",
        f"Nghị định số {A} hết hiệu lực thi hành nếu không được gia hạn.",
        f"Bãi bỏ các quy định trái với Nghị định số {A}.",
    ],
)
def test_an_end_under_a_condition_is_none_yet(sentence):
    assert final(f"1. {sentence}") == set()


def test_an_end_with_this_document_is_an_end():
    assert final(f"1. Nghị định số {A} hết hiệu lực khi Nghị định này có hiệu lực.") == {("abolishes", A, None)}


def test_an_end_on_a_day_begins_on_that_day():
    text = f"Điều 1. Hiệu lực thi hành\n1. Nghị định số {A} hết hiệu lực vào ngày 31/12/2026."
    assert [found.effective_on for found in relations(text)] == [date(2026, 12, 31)]


@pytest.mark.parametrize("number", ["15/2026/TT-BTC", "15/2026/TTLT-BTC-BTP", "15/2026/QĐ-UBND", "15/NQ-HĐND"])
@pytest.mark.parametrize("higher", [A, "45/2019/QH14", "12/2013/UBTVQH13", "10/2020/QĐ-TTg"])
def test_a_lower_document_ends_no_higher_one(number, higher):
    sentence = f"Văn bản này thay thế {higher}.\n2. Bãi bỏ Nghị định số {higher}."
    assert not {"replaces", "abolishes"} & {kind for kind, *_ in final(f"1. {sentence}", number=number)}


@pytest.mark.parametrize(
    ("words", "title"),
    [
        (" ngày 01 tháng 3 năm 2024 của Ủy ban nhân dân tỉnh Bình Dương.", "của Ủy ban nhân dân tỉnh Bình Dương"),
        (" ngày 01 tháng 3 năm 2024.", None),
    ],
)
def test_a_local_number_that_a_text_ends_is_told_with_the_body_it_names(words, title):
    text = "Điều 1. Hiệu lực thi hành\nQuyết định này thay thế Quyết định số 30/2024/QĐ-UBND" + words
    body = "Ủy ban nhân dân Thành phố Hồ Chí Minh"
    [found] = relations(text, number="77/2026/QĐ-UBND", type="Quyết định", issuing_body=body)
    assert (found.kind, found.number, found.issued_on) == (K.REPLACES, "30/2024/QĐ-UBND", date(2024, 3, 1))
    assert found.title is None if title is None else found.title.endswith(title)
