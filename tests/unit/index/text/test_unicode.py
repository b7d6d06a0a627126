"""Normalising, folding and tokens."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.unicode import accents_agree, fold, normalise, syllables


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("hoà bình, uỷ ban, thuý kiều, sức khoẻ", "hòa bình, ủy ban, thúy kiều, sức khỏe"),
        ("HOÀ UỶ", "HÒA ỦY"),
        ("quý vị, quỳ, toàn, hoàn", "quý vị, quỳ, toàn, hoàn"),
        ("N\u00d0-CP \u0189 \u00f0", "NĐ-CP Đ đ"),
        ("a\u00a0b\u3000c\td", "a b c d"),
        ("a \r\n b\u2028c", "a\nb\nc"),
        ("căn\u200bcước\u202e\ufeff", "căncước"),
        ("\U000e0041\U000e0042x\x00y", "xy"),
        ("１６１／２０２６", "161/2026"),
        ("  a  ", "a"),
        ("a\u2800b", "a b"),
        ("сăn сướс, КНÔNG, mộт, ко", "căn cước, KHÔNG, một, ko"),
        ("42/2022/NĐ-СР", "42/2022/NĐ-CP"),
        ("νà, nghị địnη κhông", "và, nghị địnη không"),
        ("𝐍𝐠𝐡𝐢̣ đ𝑖̣𝓃𝒽 ⓝⓖ 🅽🅳 ʙᴏ̣̂ ﬁle quý Ⅲ", "Nghị định ng ND bộ file quý III"),
        ("hệ số ρ, αmax, 50℃, №5, m²", "hệ số ρ, αmax, 50℃, №5, m²"),
        ("Москва, привет; Ελλάδα", "Москва, привет; Ελλάδα"),
        ("tòan qúy khỏan gía hùynh nứơc đựơc ngừơi tíêng", "toàn quý khoản giá huỳnh nước được người tiếng"),
        ("cuả nghiã giưã QÚY", "của nghĩa giữa QUÝ"),
        (
            "của mùa núi tùy chịu rượu khuỷu giếng gì giỏi quở lúa thuở café",
            "của mùa núi tùy chịu rượu khuỷu giếng gì giỏi quở lúa thuở café",
        ),
    ],
)
def test_each_text_has_one_spelling(raw: str, expected: str) -> None:
    assert normalise(raw) == expected


def test_decomposed_text_becomes_composed() -> None:
    assert normalise(unicodedata.normalize("NFD", "Nghị định của Chính phủ")) == "Nghị định của Chính phủ"


def test_folding_drops_accents_and_case() -> None:
    assert fold("NGHỊ ĐỊNH số 42") == "nghi dinh so 42"


def test_a_document_number_is_a_token_whole_and_in_parts() -> None:
    assert syllables(fold("theo 161/2026/NĐ-CP.")) == ["theo", "161/2026/nd-cp", "161", "2026", "nd", "cp"]
    assert syllables("2.530.000 dong va/hoac") == ["2", "530", "000", "dong", "va", "hoac"]


def test_accents_may_be_missing_but_not_wrong() -> None:
    assert accents_agree("nghi đinh", "nghị định")
    assert accents_agree("CHI THI", "chỉ thị")
    assert not accents_agree("chị thi", "chỉ thị")
    assert not accents_agree("chi th", "chỉ thị")


@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(st.text(alphabet=st.sampled_from("oauyeqOAUhđÐ \n\u0300\u0301\u0323\u0302\u031b\u1dca\u20d0àạỷ\u200b")))
def test_normalising_twice_changes_nothing_in_stacks_of_marks(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_tokens_are_never_empty(text: str) -> None:
    assert all(syllables(fold(text)))
