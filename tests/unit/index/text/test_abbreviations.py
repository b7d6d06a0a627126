"""Short forms written out."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.abbreviations import AbbreviationTable, BadAbbreviations, expand, load
from index.text.unicode import normalise

LIST = Path(__file__).parents[4] / "data" / "abbreviations.tsv"


@pytest.fixture(scope="module")
def table() -> AbbreviationTable:
    return load(LIST)


@pytest.mark.parametrize(
    ("typed", "written_out"),
    [
        ("hs làm cccd gồm j", "hồ sơ làm căn cước công dân gồm gì"),
        ("hs lớp 1 có dc miễn học phí ko", "học sinh lớp 1 có được miễn học phí không"),
        ("công điện của tt về bão", "công điện của thủ tướng về bão"),
        ("tt bnv mới nhất", "thông tư bộ nội vụ mới nhất"),
        ("bh mk rút bhxh 1 lần thì ntn", "bây giờ mình rút bảo hiểm xã hội 1 lần thì như thế nào"),
        ("mức đóng bh thất nghiệp bn", "mức đóng bảo hiểm thất nghiệp bao nhiêu"),
        ("dk ket hon o dau", "đăng ký ket hon o dau"),
        ("co dk ko", "co được không"),
        ("UBND tphcm", "ủy ban nhân dân thành phố hồ chí minh"),
        ("theo qđ thì phạt bn", "theo quy định thì phạt bao nhiêu"),
        ("gặp ca xã ở đâu", "gặp công an xã ở đâu"),
        ("sở gd và đt", "sở giáo dục và đào tạo"),
        ("csgt và cs khu vực", "cảnh sát giao thông và cảnh sát khu vực"),
        ("thuế thu nhập cn, khu cn", "thuế thu nhập cá nhân, khu công nghiệp"),
        ("tp hcm hay hcm", "thành phố hồ chí minh hay thành phố hồ chí minh"),
        ("mất cà vẹt xe, làm lại cavet hết nhiu", "mất giấy đăng ký xe, làm lại giấy đăng ký xe hết bao nhiêu"),
        ("cảm ơn nha", "cảm ơn nhé"),
    ],
)
def test_short_forms_are_written_out_by_their_context(typed: str, written_out: str, table: AbbreviationTable) -> None:
    assert expand(typed, table) == written_out


@pytest.mark.parametrize(
    ("typed", "standard"),
    [
        ("hồ sơ gồm chi rứa", "hồ sơ gồm gì vậy"),
        ("chừ nộp ở mô", "bây giờ nộp ở đâu"),
        ("khi mô có hiệu lực, văn bản mô nói", "khi nào có hiệu lực, văn bản nào nói"),
        ("làm răng để xin giấy nớ", "làm sao để xin giấy kia"),
        ("răng rứa", "sao vậy"),
        ("năm ni lương tăng không hỉ", "năm này lương tăng không nhỉ"),
        ("mần giấy khai sanh cho con", "làm giấy khai sinh cho con"),
        ("tui hổng biết, coi giùm tui", "tôi không biết, xem giùm tôi"),
        ("cho coi cái nghị định", "cho xem cái nghị định"),
        ("vô trang nào, đăng nhập vô đâu", "vào trang nào, đăng nhập vào đâu"),
        ("tụi tui lãnh bhxh 1 lần chừng nào", "chúng tôi nhận bảo hiểm xã hội 1 lần khi nào"),
        ("hông đội nón bảo hiểm phạt nhiêu dzậy", "không đội mũ bảo hiểm phạt bao nhiêu vậy"),
        ("ổng ở bển, ly dị được hôn", "ông ấy ở bên đó, ly hôn được không"),
        ("nhậu xong chạy xe hơi", "uống rượu bia xong chạy ô tô"),
        ("chánh sách của chánh phủ bữa nay", "chính sách của chính phủ hôm nay"),
        ("tui hoi cai ni o mo", "tôi hoi cai này ở đâu"),
    ],
)
def test_regional_words_are_read_as_the_standard_has_them(typed: str, standard: str, table: AbbreviationTable) -> None:
    assert expand(typed, table) == standard


@pytest.mark.parametrize(
    "text",
    [
        "quy mô, mô hình, vĩ mô", "bảo hiểm y tế chi trả làm răng sứ", "chi nhánh, chi tiết, mức chi, thu chi",
        "coi như, coi thường, trẻ mồ côi", "vô hiệu, vô tội, vô số", "túi xách, tui xach", "thiệt hại", "quán nhậu",
        "tê liệt, chân tê", "kết hôn, ly hôn, cuộc hôn nhân", "nha khoa, toa nha", "chương V, phụ lục v", "sụt lún",
        "làm ca đêm", "cả nước, ca nuoc", "rửa tiền, rua tien", "mỗi kg thịt", "bằng b cho xe", "hong hoc", "đặc sản",
        "so hong", "chị Lan Chi", "khi mo tai khoan", "bi nhieu nguoi", "cau hoi nao",
    ],
)  # fmt: skip
def test_words_of_the_standard_are_left_alone(text: str, table: AbbreviationTable) -> None:
    assert expand(text, table) == text


def test_words_of_an_entry_stand_side_by_side(table: AbbreviationTable) -> None:
    assert expand("khi, mô hình", table) == "khi, mô hình"
    assert expand("bây - chừ", table) == "bây - bây giờ"


@pytest.mark.parametrize(
    "text",
    [
        "161/2026/nđ-cp", "tt 37/2026 bca", "ct 21 ttg 2026", "https://bhxh.gov.vn/ko", "hs@bnv.gov.vn", "bhxh.gov.vn",
        "điểm k khoản 2", "200 k", "5 kg", "Căn cước công dân, thẻ; «ổn»!",
    ],
)  # fmt: skip
def test_numbers_addresses_and_everything_else_stay_as_they_are(text: str, table: AbbreviationTable) -> None:
    assert expand(text, table) == text


def test_the_list_is_normalised_and_has_no_unreachable_line() -> None:
    rows = [line.split("\t") for line in LIST.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    closed: set[str] = set()
    for short, long, context, _ in rows:
        assert normalise(long) == long
        for form in short.split():
            assert form in (form.lower(), form.upper())
            assert form not in closed, f"{form}: a line above always fits"
            if not context:
                closed.add(form)


def test_a_short_form_in_capitals_is_read_only_so(table: AbbreviationTable) -> None:
    assert expand("Luật AI có hiệu lực chưa", table) == "Luật trí tuệ nhân tạo có hiệu lực chưa"
    assert expand("ai được hưởng", table) == "ai được hưởng"
    assert expand("AI ĐƯỢC HƯỞNG", table) == "AI ĐƯỢC HƯỞNG"
    assert expand("luật ai số mấy", table) == "luật trí tuệ nhân tạo số mấy"
    assert expand("luật ai ban hành", table) == "luật ai ban hành"


def test_a_malformed_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "list.tsv"
    path.write_text("ko\tkhông\t\t\nnđ\tnghị định\n", "utf-8")
    with pytest.raises(BadAbbreviations, match=r"list\.tsv:2"):
        load(path)


@given(
    st.one_of(
        st.text(), st.lists(st.sampled_from(["ko", " ", "k", "nđ", "42", "/", "đk", ".vn", "@", "\n"])).map("".join)
    )
)
def test_any_text_can_be_written_out(text: str) -> None:
    written_out = expand(text, load(LIST))
    assert sum(map(str.isdigit, written_out)) == sum(map(str.isdigit, text))
