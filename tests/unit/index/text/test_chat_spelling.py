"""Chat spellings that follow rules become syllables; syllables, English and names stay."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.chat_spelling import ChatSpelling
from index.text.restore import Restorer
from index.text.syllable import is_syllable
from index.text.unicode import fold, normalise

ROOT = Path(__file__).resolve().parents[4]


@pytest.fixture(scope="module")
def decoder():
    restorer = Restorer.load(ROOT / "var/restorer.npz")
    lexicon = frozenset(filter(is_syllable, restorer.syllables))
    return ChatSpelling(lexicon | frozenset(map(fold, lexicon)), known=frozenset({"hs"}))


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("dùg", "dùng"),
        ("trog", "trong"),
        ("mìh", "mình"),
        ("fải", "phải"),
        ("kái", "cái"),
        ("wá", "quá"),
        ("đìu", "điều"),
        ("mún", "muốn"),
        ("nkưng", "nhưng"),
        ("ckuyện", "chuyện"),
        ("bjết", "biết"),
        ("đúnq", "đúng"),
        ("ngèo", "nghèo"),
    ],
)
def test_a_chat_spelling_is_read(decoder, typed, read):
    assert decoder.decode(f"cho em hỏi {typed} ạ") == f"cho em hỏi {read} ạ"


@pytest.mark.parametrize(
    "text",
    [
        "cho em hỏi lương cơ sở là bao nhiêu",
        "cho em hoi luong co so la bao nhieu",
        "train print stop blog trend facebook fan strong",
        "hs vneid etax bkav",
        "nđ 168/2024/NĐ-CP, xem vanban.chinhphu.vn",
        "a-fải #fải fải/1",
        "",
    ],
)
def test_syllables_english_short_forms_numbers_and_addresses_stay(decoder, text):
    assert decoder.decode(text) == text


def test_our_own_sentences_stay_as_they_are(decoder):
    sentences = (ROOT / "data/ngrams/own_sentences.txt").read_text("utf-8").splitlines()
    changed = [sentence for sentence in map(normalise, sentences) if decoder.decode(sentence) != sentence]
    assert len(sentences) > 500
    assert changed == []


@given(st.text(max_size=200))
def test_no_text_breaks_it_and_what_it_gives_is_a_text(decoder, text):
    assert isinstance(decoder.decode(normalise(text)), str)
