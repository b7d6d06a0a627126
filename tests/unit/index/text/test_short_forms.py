"""Short forms as people type them, read by what they can stand for and by their neighbours."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from pathlib import Path

import pytest

from index.text.reading import Reader
from index.text.unicode import normalise

LIST = Path(__file__).parents[4] / "data" / "eval" / "short_forms.tsv"


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", normalise(text).lower())


def test_ninety_six_words_of_a_hundred_are_read_as_they_were_meant(reader: Reader) -> None:
    rows = [line.split("\t") for line in LIST.read_text("utf-8").splitlines() if not line.startswith("#")]
    right = total = 0
    for typed, meant in rows:
        read, wanted = _words(reader.read(typed).restored), _words(meant)
        right += sum(block.size for block in SequenceMatcher(None, read, wanted, autojunk=False).get_matching_blocks())
        total += len(wanted)
    assert len(rows) == 311
    assert right / total >= 0.96


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ptho gộp những nơi nào", "phú thọ gộp những nơi nào"),
        ("bn hỏi kv 2 ở đâu vậy", "bạn hỏi khu vực 2 ở đâu vậy"),
        ("mđ sử dụng đất", "mục đích sử dụng đất"),
        ("lm vc ở đâu", "làm việc ở đâu"),
        ("nghị định hlực từ ngày nào", "nghị định hiệu lực từ ngày nào"),
        ("thủ tục đgiản hơn", "thủ tục đơn giản hơn"),
        ("được htrợ tiền", "được hỗ trợ tiền"),
        ("xin gcn đkđt cần gì", "xin giấy chứng nhận đăng ký đầu tư cần gì"),
        ("giaykhaisinh ghi sai", "giấy khai sinh ghi sai"),
        ("baohiemyte hết hạn", "bảo hiểm y tế hết hạn"),
        ("con e 15t, lương 5tr", "con em 15 tuổi, lương 5 triệu"),
        ("còn k2 thì sao", "còn khoản 2 thì sao"),
        ("t muốn p/á, y/c trả lời", "tôi muốn phản ánh, yêu cầu trả lời"),
        ("cái # cơ", "cái khác cơ"),
        ("lương tối thiu vùng", "lương tối thiểu vùng"),
        ("luong toi thiu vung", "lương tối thiểu vùng"),
        ("nghị quyết về kttn", "nghị quyết về kinh tế tư nhân"),
        ("nộp hồ sơ r mà chưa có", "nộp hồ sơ rồi mà chưa có"),
    ],
)
def test_a_short_form_is_read_by_its_neighbours(typed: str, meant: str, reader: Reader) -> None:
    assert reader.read(typed).restored == meant


@pytest.mark.parametrize(
    "text",
    [
        "xem trên VTV và HTV, mã SJC, WTO",
        "camera iphone samsung karaoke tiktok",
        "đọc 07/2024/TT-BNV và 15/2020/NĐ-CP",
        "nghị định 168/2024 và luật số 41/2024/QH15",
        "mở file pdf, tải app Facebook",
        "điểm k khoản 2, hạng B2, size m, lớp b",
        "thịt vịt, chín tháng, nuôi chó, cúi xuống",
        "công ty Vinfast, ngân hàng BIDV, xã Ea Kar",
        "căn cước, an cư, xã An Cư",
    ],
)
def test_names_numbers_and_foreign_words_stay(text: str, reader: Reader) -> None:
    assert reader.read(text).restored == text
