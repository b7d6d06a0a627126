"""An official text becomes passages that know their place; nothing of it is lost."""

import re
from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from index.document import Document, TextKind
from index.passages import MOST_CHARACTERS, split

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
