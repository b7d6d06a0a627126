"""Leftovers of Telex and VNI."""

from __future__ import annotations

import re
from collections import Counter
from importlib.metadata import distributions
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text import abbreviations
from index.text.english import ENGLISH, LOANS, TELEX_LIKE
from index.text.telex import TelexDecoder, telex_readings, vni_readings
from index.text.unicode import fold

from .typing_keys import telex, vni

TABLE = abbreviations.load(Path(__file__).parents[4] / "data" / "abbreviations.tsv")


@pytest.fixture(scope="module")
def decoder(lexicon: list[str]) -> TelexDecoder:
    return TelexDecoder(lexicon, known=TABLE)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("nghij ddinhj 168 cos hieeuj luwcj chuwa", "nghị định 168 có hiệu lực chưa"),
        ("thoong tuw 37/2026 bca", "thông tư 37/2026 bca"),
        ("mức luwowng tối thiểu", "mức lương tối thiểu"),
        ("d9ie65n thoại", "điện thoại"),
        ("nghi5 d9i5nh co1 hie65u lu75c kho6ng", "nghị định có hiệu lực không"),
        ("TRUNG TAAM", "TRUNG TÂM"),
        ("Ngườif dân laf ai", "Người dân là ai"),
        ("toio muốn hỏi", "tôi muốn hỏi"),
        ("nhwng mà", "nhưng mà"),
        ("cawn cuwowcs coong daan", "căn cước công dân"),
        ("thuees vaf phis thur tuowngs", "thuế và phí thủ tướng"),
        ("ndd 168", "nđ 168"),
        ("ruwas thif hoongr bieets", "rứa thì hổng biết"),
        ("hair quan ddaauf tw", "hải quan đầu tw"),
    ],
)  # fmt: skip
def test_keystrokes_are_carried_out(typed: str, meant: str, decoder: TelexDecoder) -> None:
    assert decoder.decode(typed) == meant


@pytest.mark.parametrize(
    "text",
    [
        "quan3 thang5 lop1 dieu5 a4 covid19", "Quý III, q1, p5", "the law as new car taxes for his own box",
        "max 6 box",
        "https://nghij.vn/ddinhj",
        "ddinhj@bnv.gov.vn", "#ddinhj", "161/2026/nđ-cp", "nđ 168", "bhxh 1 lần", "momo zalo app",
        "xe buýt, tour, visa", "thu nhap ca nhan cua toi", "",
    ],
)  # fmt: skip
def test_what_is_no_leftover_stays(text: str, decoder: TelexDecoder) -> None:
    assert decoder.decode(text) == text


def test_words_that_may_be_english_are_read_by_their_company(decoder: TelexDecoder) -> None:
    assert decoder.decode("cos car") == "cos car"
    assert decoder.decode("nghij ddinhj cos conf hieeuj luwcj") == "nghị định có còn hiệu lực"
    assert decoder.decode("moon hocj anh vawn") == "moon học anh văn"  # one is no crowd
    assert decoder.decode("moon hocj tieengs vieetj") == "môn học tiếng việt"


@pytest.mark.parametrize("tone_inside", [False, True])
def test_every_syllable_comes_back_from_its_keystrokes(
    tone_inside: bool, lexicon: list[str], decoder: TelexDecoder
) -> None:
    known = set(lexicon)
    for keys, readings in ((telex, telex_readings), (vni, vni_readings)):
        typed = {syllable: keys(syllable, tone_inside=tone_inside) for syllable in lexicon}
        changed = {syllable: form for syllable, form in typed.items() if form != syllable}
        right = sum(
            next((one for one in readings(form) if one in known), None) == syllable
            for syllable, form in changed.items()
        )
        assert len(changed) > 3000
        assert right >= 0.99 * len(changed)
        among_others = " ".join(map(keys, ("điểm", "đúng", "điểm")))
        kept = sum(
            decoder.decode(f"{form} {among_others}") == f"{syllable} điểm đúng điểm"
            for syllable, form in changed.items()
        )
        assert kept >= 0.99 * len(changed)


def test_english_words_are_never_leftovers(decoder: TelexDecoder) -> None:
    counts: Counter[str] = Counter()
    for package in distributions():
        prose = package.metadata.get_payload()
        for paragraph in re.split(r"\n\s*\n", prose if isinstance(prose, str) else ""):
            words = re.findall(r"(?<![\w./@#`-])[a-z]{1,16}(?![\w/@`-])", paragraph)
            if len(words) > 7 and 5 * len({"the", "of", "and", "to", "in", "is"}.intersection(words)) > 5:
                counts.update(words)
    common = {word for word, count in counts.items() if count > 2} | ENGLISH | LOANS | TELEX_LIKE
    assert len(common) > 1500
    assert [word for word in sorted(common) if decoder.decode(word) != word] == []
    assert decoder.decode(" ".join(sorted(common))) == " ".join(sorted(common))


_KEYS = st.lists(st.sampled_from([*"aeoudwsfrxjz0123456789 nghtcđâéI", "/", ".vn", "@", "nghij", "d9i5nh", "42/2022"]))


@given(st.one_of(st.text(), _KEYS.map("".join)))
def test_any_text_can_be_decoded(decoder: TelexDecoder, text: str) -> None:
    decoded = decoder.decode(text)
    assert len(decoded.split()) == len(text.split())
    assert re.findall(r"\d+/\d+", decoded) == re.findall(r"\d+/\d+", text)


def test_syllables_and_short_forms_are_left_alone(lexicon: list[str], decoder: TelexDecoder) -> None:
    for word in (*lexicon, *map(fold, lexicon), *TABLE):
        assert decoder.decode(word) == word
