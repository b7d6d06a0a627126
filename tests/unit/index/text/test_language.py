"""Telling Vietnamese, English and Chinese apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.language import detect

ACCENTLESS = """
luong toi thieu vung tu 1/7 la bao nhieu
nghi dinh 42 con hieu luc khong
toi muon hoi ve the can cuoc
cho e hoi bhxh 1 lan rut dc ko
ha noi co may phuong
sap nhap tinh nao voi tinh nao
cong dien 104 noi gi
an do o dau
do to con khong
can ho so gi de lam the
thu tuc do xe
in cho toi nghi dinh 168
to khai o dau
may me con bao lau thi het han
so do dat
co can di kham khong
bao gio luat moi co hieu luc
toi o da nang
thong tu 37 bca
ct 21 ttg
chao ad
hi ad
ok cam on
alo
the tam tru
xin hoi ve man on
do an tot nghiep
sao lau the
can bo xa thu tien co dung khong
ban an co hieu luc khi nao
muc phat nong do con
phat vuot den do bao nhieu
hoc phi nam nay
tro cap that nghiep tinh sao
doi bang lai xe o dau
xe may dien co can bang lai khong
nguoi gia tren 75 tuoi duoc tro cap gi
em be moi sinh lam giay khai sinh o dau
email cua bo noi vu la gi
website bo cong an
""".strip().splitlines()

ENGLISH = [
    "What is the minimum wage from 1 July 2026?", "how do I register temporary residence in Ho Chi Minh City",
    "Is decree 42/2022/ND-CP still valid?", "latest documents", "hello", "Which ministry handles social insurance now",
    "traffic fine for red light", "How can I contact the Ministry of Home Affairs?", "base salary 2026", "thank you",
    "I want to speak to a person", "can you help me with my passport",
]  # fmt: skip


@pytest.mark.parametrize("text", ACCENTLESS)
def test_vietnamese_without_accents_is_never_english(text: str) -> None:
    assert detect(text) == "vi"


def test_the_accentless_examples_are_forty() -> None:
    assert len(ACCENTLESS) == 40


@pytest.mark.parametrize("text", ENGLISH)
def test_clear_english_is_english(text: str) -> None:
    assert detect(text) == "en"


@pytest.mark.parametrize("text", ["最低工资是多少？", "越南政府 2026 年新法令", "第42/2022/NĐ-CP号法令还有效吗"])
def test_chinese_is_told_by_its_script(text: str) -> None:
    assert detect(text) == "zh"


@pytest.mark.parametrize(
    "text", ["", "161/2026/NĐ-CP", "123", "привет", "안녕하세요", "こんにちは世界", "từ 1/7 the ok", "👍"]
)
def test_everything_else_is_vietnamese(text: str) -> None:
    assert detect(text) == "vi"


@given(st.text())
def test_any_text_has_a_language(text: str) -> None:
    assert detect(text) in ("vi", "en", "zh")
