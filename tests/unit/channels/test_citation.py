"""Sources in words: what a document is, whether it holds, where it is read."""

from datetime import date

import pytest
from hypothesis import given

from bot.reply import AnswerStatus, Citation, Reply
from channels.citation import address, only_address, source_block, source_line, validity_words, with_sources
from tests.unit.channels.outcomes import CITATIONS, WORDING, citation


def test_a_source_line_names_document_location_validity_and_address() -> None:
    assert source_line(citation(), "vi", WORDING) == (
        "Nghị định 161/2026/NĐ-CP (15/05/2026), Điều 3 – Còn hiệu lực, chưa thấy văn bản thay thế tính đến "
        "01/07/2026 – https://congbao.chinhphu.vn/1"
    )


@given(CITATIONS)
def test_a_source_line_is_one_line(cited: Citation) -> None:
    line = source_line(cited, "vi", WORDING)
    assert line == " ".join(line.split())


def test_a_replaced_document_names_its_successor_unless_the_answer_has_told_it() -> None:
    replaced = citation(validity="expired", replaced_by=("1/2026/NĐ-CP",))
    assert "được thay thế bởi 1/2026/NĐ-CP" in source_line(replaced, "vi", WORDING)
    assert "được thay thế" not in source_line(replaced, "vi", WORDING, told="Văn bản thay thế: 1/2026/NĐ-CP.")


def test_one_source_stands_beside_its_heading_and_several_below_it() -> None:
    one = Reply(AnswerStatus.ANSWERED, "Đáp.", (citation(),))
    several = Reply(AnswerStatus.LISTED, "Đáp.", (citation(text_kind="summary", quote=None, location=None),) * 2)
    assert source_block(one, WORDING).startswith("Nguồn: Nghị định 161")
    assert source_block(several, WORDING).startswith("Nguồn:\n• Nghị định 161")
    assert source_block(several, WORDING).count("\n• Nghị định 161") == 2


def test_a_summary_points_to_the_original() -> None:
    summary = Reply(AnswerStatus.ANSWERED, "Đáp.", (citation(text_kind="summary", quote=None, location=None),))
    assert source_block(summary, WORDING).startswith("Xem văn bản gốc: Nghị định 161")


def test_sources_stay_whole_and_an_answer_without_any_is_its_text() -> None:
    text, sources = with_sources(Reply(AnswerStatus.ANSWERED, " Đáp. ", (citation(),)), WORDING)
    assert (text.text, text.is_whole, sources.is_whole) == ("Đáp.", False, True)
    assert len(with_sources(Reply(AnswerStatus.CHATTED, "Chào."), WORDING)) == 1


@pytest.mark.parametrize("lang", ["vi", "en", "zh"])
@pytest.mark.parametrize("validity", ["in_force", "not_yet_in_force", "partly_expired", "expired", "unknown"])
@pytest.mark.parametrize("checked_on", [None, date(2026, 7, 1)])
def test_validity_is_never_a_bare_word(lang: str, validity: str, checked_on: date | None) -> None:
    words = validity_words(citation(validity=validity, checked_on=checked_on), lang, WORDING)
    assert len(words) > 8
    assert ("01/07/2026" in words) == (checked_on is not None and validity != "unknown")


@pytest.mark.parametrize(
    "url",
    [None, "", "http://a.vn", "https://", "https:a.vn", "https://[", "https://a.vn/ b", "https://a.vn/\n", "ftp://a.vn",
     "https://vănbản.vn", "javascript:alert(1)//https://a.vn"],
)  # fmt: skip
def test_what_a_button_cannot_open_is_no_address(url: str | None) -> None:
    assert address(citation(url=url)) is None


def test_several_citations_of_one_page_have_one_address() -> None:
    page, other = citation(), citation(url="https://a.vn/2")
    assert only_address(Reply(AnswerStatus.ANSWERED, "Đáp.", (page, page))) == "https://congbao.chinhphu.vn/1"
    assert only_address(Reply(AnswerStatus.ANSWERED, "Đáp.", (page, other))) is None
    assert only_address(Reply(AnswerStatus.ANSWERED, "Đáp.")) is None
