"""An official text becomes passages that know their place; nothing of it is lost."""

import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.document import Document, TextKind
from index.passages import MOST_CHARACTERS, split
from index.weighing import BOILERPLATE, DIRT

DECREE = Document(
    number="161/2026/NĐ-CP",
    type="Nghị định",
    title="Quy định mức lương cơ sở",
    issuing_body="Chính phủ",
    issued_on=date(2026, 5, 15),
    effective_on=date(2026, 7, 1),
    text_kind=TextKind.OFFICIAL,
    text="",
    source="vanban.chinhphu.vn",
    checked_on=None,
    aliases=("lương cơ sở",),
)
LONG = "Nội dung của khoản này được viết dài để phải chia ra. " * 15


def passages(text):
    return split(replace(DECREE, text=text))


def locations(text):
    return [passage.location for passage in passages(text)]


def test_a_short_article_is_one_passage_under_its_headings():
    (only,) = passages("Chương I\nQUY ĐỊNH CHUNG\nĐiều 3. Mức lương cơ sở\n1. Là 2.530.000 đồng.\n2. Trừ khoản 1.")
    assert only.id == "161/2026/NĐ-CP@2026-05-15#dieu-3"
    assert only.location == "Điều 3"
    assert only.headings == ("Chương I. QUY ĐỊNH CHUNG", "Điều 3. Mức lương cơ sở")
    assert only.text == "1. Là 2.530.000 đồng.\n2. Trừ khoản 1."
    assert only.context == "Nghị định 161/2026/NĐ-CP\nQuy định mức lương cơ sở\nlương cơ sở"


def test_a_long_article_is_divided_at_its_clauses_and_the_lead_in_goes_with_each():
    first, second = passages(f"Điều 3. Giải thích\nCác từ ngữ được hiểu như sau:\n1. {LONG}\n2. {LONG}")
    assert [first.location, second.location] == ["Điều 3, khoản 1", "Điều 3, khoản 2"]
    assert first.text.startswith("Các từ ngữ được hiểu như sau:\n1. Nội dung")
    assert second.text.startswith("2. Nội dung")
    assert second.headings == ("Điều 3. Giải thích", "Các từ ngữ được hiểu như sau:")


def test_a_long_clause_is_divided_at_its_points_including_the_letter_đ():
    text = f"Điều 5. Kinh phí\n1. Nguồn gồm:\na) {LONG}\nd) {LONG}\nđ) {LONG}\n2. Hết."
    found = passages(text)
    assert [passage.location for passage in found] == [
        "Điều 5, khoản 1, điểm a",
        "Điều 5, khoản 1, điểm d",
        "Điều 5, khoản 1, điểm đ",
        "Điều 5, khoản 2",
    ]
    assert len({passage.id for passage in found}) == 4
    assert found[1].headings[-1] == "1. Nguồn gồm:"


def test_what_has_no_structure_is_divided_between_sentences():
    found = passages("Điều 1. Dài\n" + LONG * 3)
    assert [passage.location for passage in found][:2] == ["Điều 1", "Điều 1, đoạn 2"]
    assert all(len(passage.text) <= MOST_CHARACTERS for passage in found)
    assert all(passage.text.endswith(".") for passage in found)


def test_a_quoted_article_belongs_to_the_article_that_amends():
    text = (
        "Điều 1. Sửa đổi\n1. Bổ sung như sau:\n“Điều 19a. Mới\n1. Phạt tiền.\n2. Phạt thêm.”\n"
        "### Điều 19b. Mới nữa\n2. Bãi bỏ điểm c.\nĐiều 2. Hiệu lực\nTừ ngày ký."
    )
    first, second = passages(text)
    assert (first.location, second.location) == ("Điều 1", "Điều 2")
    assert "Điều 19a" in first.text
    assert "Điều 19b. Mới nữa" in first.text


def test_a_line_that_only_begins_like_an_article_is_text():
    text = "Điều 1. A\nTheo khoản 2\nĐiều 9. Luật Mẫu thì thôi.\n" + "".join(f"Điều {n}. B\nC.\n" for n in range(2, 12))
    assert locations(text) == [f"Điều {number}" for number in range(1, 12)]
    assert "Điều 9. Luật Mẫu thì thôi." in passages(text)[0].text


def test_an_article_number_that_is_missing_is_not_made_up():
    assert locations("Điều 8. A\nB.\nĐiều 10. C\nD.") == ["Điều 8", "Điều 10"]


def test_an_article_written_in_one_line_is_read_as_one():
    (only,) = passages("Điều 2. Nghị định này có hiệu lực từ ngày ký.")
    assert only.text == "Nghị định này có hiệu lực từ ngày ký."
    long_line = f"Điều 2. Nguyên tắc 1. {LONG} 2. {LONG} a) một; b) hai."
    assert locations(long_line) == ["Điều 2, khoản 1", "Điều 2, khoản 2"]
    assert passages(long_line)[0].headings == ("Điều 2. Nguyên tắc",)


def test_a_misread_clause_number_between_two_good_ones_is_repaired():
    text = "Điều 2. Nhiệm vụ\n" + "".join(f"{number}. {LONG}\n" for number in ("1", "2", "39", "4"))
    assert locations(text) == [f"Điều 2, khoản {number}" for number in (1, 2, 3, 4)]


def test_a_regulation_issued_with_a_decree_keeps_its_articles_apart():
    text = (
        "Điều 1. Ban hành Quy chế.\nĐiều 2. Hiệu lực.\nQUY CHẾ LÀM VIỆC\n(Kèm theo Nghị định số 161/2026/NĐ-CP)\n"
        "Chương I - CHUNG\nĐiều 1. Phạm vi\nLàm việc.\nĐiều 2. Nguyên tắc\nĐúng giờ."
    )
    assert locations(text) == ["Điều 1", "Điều 2", "Quy chế, Điều 1", "Quy chế, Điều 2"]
    assert passages(text)[2].headings == ("Quy chế", "Chương I. CHUNG", "Điều 1. Phạm vi")


def test_annexes_keep_their_tables_and_their_numbers():
    text = "Điều 1. A\nB.\n## PHỤ LỤC I — DANH MỤC\n| STT | Tên |\n|---|---|\n| 1 | Hoa |\n## Phụ lục II\nMẫu đơn."
    article, first, second = passages(text)
    assert (first.location, first.headings) == ("Phụ lục I", ("Phụ lục I. DANH MỤC",))
    assert "| 1 | Hoa |" in first.text
    assert (second.id.rpartition("#")[2], second.text) == ("phu-luc-ii", "Mẫu đơn.")
    assert article.text == "B."


HEADER = "| STT | Hành vi | Mức phạt |\n|---|---|---|"
ROWS = [f"| {number} | {'Không dừng lại ở trạm kiểm soát ' * 4}| {number}.000.000 đồng |" for number in range(1, 31)]


def test_each_part_of_a_divided_table_begins_with_its_header_and_no_row_is_cut():
    found = passages("Điều 1. A\nB.\nPHỤ LỤC I\n" + "\n".join(["Bảng mức phạt:", HEADER, *ROWS]))[1:]
    assert len(found) > 2
    first, *others = (passage.text for passage in found)
    assert first.startswith(f"Bảng mức phạt:\n{HEADER}\n| 1 |")
    assert all(text.startswith(f"{HEADER}\n| ") for text in others)
    assert [row for text in (first, *others) for row in text.split("\n") if row in ROWS] == ROWS


def test_a_row_longer_than_a_passage_stays_whole_and_column_numbers_are_part_of_the_header():
    header = "| TT | Nội dung |\n|---|---|\n| (1) | (2) |"
    long_row = f"| 2 | {'rất dài ' * 300}|"
    found = passages(f"Điều 1. A\nB.\nPhụ lục\n{header}\n| 1 | Ngắn |\n{long_row}\n| 3 | Cuối |")[1:]
    assert [passage.text.split("\n")[3:] for passage in found] == [["| 1 | Ngắn |"], [long_row], ["| 3 | Cuối |"]]
    assert all(passage.text.startswith(header) for passage in found)


def test_an_annex_takes_its_title_from_the_lines_in_capitals_below_its_label():
    title = "MỨC PHÍ SÁT HẠCH\nLÁI XE"
    annex = passages(f"Điều 1. A\nB.\nPHỤ LỤC II\n\n{title}\n(Kèm theo Thông tư này)\nHạng A: 70.000 đồng.")[1]
    assert annex.headings == ("Phụ lục II. MỨC PHÍ SÁT HẠCH LÁI XE",)
    assert annex.text == "(Kèm theo Thông tư này)\nHạng A: 70.000 đồng."


def test_the_forms_of_an_annex_are_passages_of_their_own_under_their_names():
    text = (
        "Điều 1. A\nB.\nPhụ lục I. Biểu mẫu\n- Mẫu số 01: Đơn\n- Mẫu số 02: Tờ khai\nMẫu số 01\n"
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐƠN ĐỀ NGHỊ CẤP HỌC BỔNG\nKính gửi: nhà trường.\n"
        "Mẫu số 02. Tờ khai\nHọ và tên của tôi."
    )
    listed, first, second = passages(text)[1:]
    assert listed.text == "- Mẫu số 01: Đơn\n- Mẫu số 02: Tờ khai"
    assert (first.location, first.id.rpartition("#")[2]) == ("Phụ lục I, Mẫu số 01", "phu-luc-i/mau-so-01")
    assert first.headings == ("Phụ lục I. Biểu mẫu", "Mẫu số 01. ĐƠN ĐỀ NGHỊ CẤP HỌC BỔNG")
    assert second.headings[-1] == "Mẫu số 02. Tờ khai"
    assert second.text.endswith("Họ và tên của tôi.")


def test_a_list_of_forms_is_text():
    text = "Điều 1. A\nB.\nPhụ lục\nMẫu số 01\nMẫu số 02"
    assert [passage.text for passage in passages(text)[1:]] == ["Mẫu số 01\nMẫu số 02"]


@pytest.mark.parametrize(
    ("read", "meant"), [("abed", "abcd"), ("abe", "abc"), ("abcđđe", "abcdđe"), ("abcdđe", "abcdđe")]
)
def test_a_letter_that_machine_reading_took_for_another_is_put_right(read, meant):
    text = "Điều 5. Kinh phí\n1. Nguồn gồm:\n" + "\n".join(f"{letter}) {LONG}" for letter in read)
    assert [location[-1] for location in locations(text)] == list(meant)


def weights(text):
    return [passage.weight for passage in passages(text)]


def test_final_articles_weigh_less_and_transitional_ones_do_not():
    text = (
        "Điều 1. Mức phạt\nPhạt 5 triệu đồng.\nĐiều 2. Hiệu lực thi hành\nTừ ngày 01 tháng 7 năm 2026.\n"
        "Điều 3. Điều khoản chuyển tiếp\nHồ sơ đã nộp thì xử lý theo quy định cũ.\n"
        "Điều 4. Trách nhiệm tổ chức thực hiện\nBộ trưởng chịu trách nhiệm.\n"
        "Điều 5. Hiệu lực của giấy phép\nGiấy phép có hiệu lực 05 năm.\n"
        "Điều 6. Thông tư này có hiệu lực thi hành kể từ ngày 01 tháng 8 năm 2026.\n"
        "Điều 7. Các Bộ trưởng, Chủ tịch Ủy ban nhân dân các tỉnh chịu trách nhiệm thi hành Nghị định này."
    )
    assert weights(text) == [1, BOILERPLATE, 1, BOILERPLATE, 1, BOILERPLATE, BOILERPLATE]


def test_a_blank_form_and_a_list_of_recipients_weigh_less():
    form = "Kính gửi: ........................\nTôi tên là: ..................... Sinh ngày: ...../...../........"
    assert weights(f"Điều 1. A\nB.\nPhụ lục\n{form}") == [1, BOILERPLATE]
    assert weights("Điều 1. A\nB.\nPhụ lục\nNơi nhận:\n- Ban Bí thư;\n- Lưu: VT.") == [1, BOILERPLATE]


def test_what_machine_reading_broke_weighs_least_and_numbers_abbreviations_and_names_are_no_dirt():
    broken = "| thành lập ^~ kêtf hợp vàhình thức „ dục đại hòc PhụC vụ ` Ìpo 3lsinh ˆ lệ phí cấp đổi thẻ"
    clean = "UBND xã thu 35.000đ/thẻ theo TT-BTC, qua VNeID hoặc e-mail; ông Đắk Lắk, Internet, 12m², 24 tháng."
    assert weights(f"Điều 1. A\n{clean}\nĐiều 2. B\n{broken}") == [1, DIRT]


def test_texts_in_other_languages_are_not_weighed_as_vietnamese():
    text = "Article 1. Scope applies naïvely to façade coöperation, crème, jalapeño and piñata résumés."
    assert [passage.weight for passage in split(replace(DECREE, text=text, language="en"))] == [1]


def test_a_directive_without_articles_is_divided_at_its_numbered_paragraphs():
    text = f"Để chống bão, yêu cầu:\n1. Bộ Công an: {LONG}\n2. Bộ Y tế: {LONG}"
    assert locations(text) == [None, "Mục 1", "Mục 2"]


def test_sections_under_headings_serve_where_there_are_no_articles():
    text = "## PHẦN I — CHUNG\n### 1. Yêu cầu\nLàm nhanh.\n### 2. Mục tiêu\nTăng trưởng."
    assert locations(text) == ["Phần I, mục 1", "Phần I, mục 2"]


def test_a_summary_has_no_location_and_an_empty_text_no_passage():
    summary = replace(DECREE, text_kind=TextKind.SUMMARY, text="Lương tăng.")
    (only,) = split(summary)
    assert (only.location, only.text, only.id.rpartition("#")[2]) == (None, "Lương tăng.", "tom-tat")
    assert split(replace(summary, text=" \n ")) == []


def test_markdown_marks_are_not_shown_but_letters_are():
    (only,) = passages("### Điều 1. A\n\n> **a)** *Phạt* 5 * 3 và 2*4_x_ theo **Điều 2**.\n\n---\n")
    assert only.text == "a) Phạt 5 * 3 và 2*4_x_ theo Điều 2."


words = st.text(alphabet="abcđêôư ,;0123456789", min_size=1, max_size=60).map(str.strip).filter(bool)
sentences = st.builds("{}.".format, st.builds("Câu {}".format, words))
points = st.lists(sentences, max_size=8)
clauses = st.lists(st.tuples(sentences, points), max_size=6)
articles = st.lists(st.tuples(sentences, clauses), min_size=1, max_size=6)


def written(article_list, repeated):
    lines = []
    for number, (lead_in, its_clauses) in enumerate(article_list, start=1):
        lines += [f"Điều {number}. Tiêu đề {number}", " ".join([lead_in] * repeated)]
        for clause, (sentence, its_points) in enumerate(its_clauses, start=1):
            lines.append(f"{clause}. " + " ".join([sentence] * repeated))
            lines += [f"{letter}) {point}" for letter, point in zip("abcdđegh", its_points, strict=False)]
    return "\n".join(lines)


@settings(max_examples=60, deadline=None)
@given(articles, st.sampled_from([1, 3, 40]))
def test_the_passages_together_hold_every_word_of_the_text_in_order(article_list, repeated):
    text = written(article_list, repeated)
    found = passages(text)
    shown = " ".join(passage.text for passage in found).split()
    expected = re.sub(r"^Điều \d+\. Tiêu đề \d+$", "", text, flags=re.M).split()
    assert shown == expected
    assert len({passage.id for passage in found}) == len(found)
    assert all(len(passage.text) <= MOST_CHARACTERS for passage in found)
    assert {re.match(r"Điều \d+", passage.location).group() for passage in found} == {
        f"Điều {number}" for number in range(1, len(article_list) + 1)
    }
