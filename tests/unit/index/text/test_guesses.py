"""What short forms may stand for, and the way through a row of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.text import abbreviations, letters
from index.text.guesses import Guesses
from index.text.lattice import BEAM, Edge, best_edges, edge
from index.text.syllable import is_syllable
from index.text.syllable_model import SyllableModel
from index.text.unicode import fold

DATA = Path(__file__).parents[4] / "data"


@pytest.fixture(scope="module")
def model(restorer_file: Path) -> SyllableModel:
    return SyllableModel.load(restorer_file)


@pytest.fixture(scope="module")
def guesses(model: SyllableModel) -> Guesses:
    lexicon = frozenset(filter(is_syllable, model.ids))
    return Guesses(
        model,
        shapes=lexicon | frozenset(map(fold, lexicon)),
        table=abbreviations.load(DATA / "abbreviations.tsv"),
        letters=letters.load(DATA / "letters.tsv"),
    )


def _meanings(guesses: Guesses, model: SyllableModel, word: str) -> list[str]:
    return [" ".join(model.tables.syllables[number] for number in one.ids) for one in guesses.of(word) if not one.stays]


@pytest.mark.parametrize(
    ("typed", "among"),
    [
        ("ptho", "phú thọ"),  # an initial in full, the second syllable in full
        ("hlực", "hiệu lực"),
        ("dtich", "diện tích"),
        ("vsinh", "vệ sinh"),
        ("hx", "hàng xóm"),  # two initials
        ("kq", "kết quả"),
        ("tn", "trách nhiệm"),  # listed by hand
        ("đkđt", "đăng ký đầu tư"),  # two short forms
        ("nhm", "nhằm"),  # consonants
    ],
)
def test_the_meaning_is_among_the_guesses(typed: str, among: str, guesses: Guesses, model: SyllableModel) -> None:
    assert among in _meanings(guesses, model, typed)


@pytest.mark.parametrize("word", ["nghị", "nghi", "facebook", "vtv", "gdp", "km", "website", "x", ""])
def test_words_and_brands_are_not_guessed_at(word: str, guesses: Guesses) -> None:
    assert guesses.of(word) == ()


def test_what_the_list_says_is_always_written_out(guesses: Guesses, model: SyllableModel) -> None:
    """A form with a line that always fits is left to its neighbours, so that they must know that line's meaning."""
    table = abbreviations.load(DATA / "abbreviations.tsv")
    for short, lines in table.items():
        if len(lines) > 1 and lines[-1].is_default and " " not in short and short.isalpha():
            assert lines[-1].long.replace(",", "") in _meanings(guesses, model, short), short
            assert not any(one.stays for one in guesses.of(short)), short


def test_the_neighbours_decide(model: SyllableModel) -> None:
    def row(*choices: tuple[str, ...]) -> list[list[Edge]]:
        return [[one for words in each if (one := edge(model, words.split(), 0.0))] for each in choices]

    places = row(("chịu",), ("thất nghiệp", "trách nhiệm", "tên"), ("hình sự",))
    assert best_edges(model, places) == [0, 1, 0]
    places = row(("trợ cấp",), ("thất nghiệp", "trách nhiệm", "tên"))
    assert best_edges(model, places) == [0, 0]


def test_a_row_of_many_choices_is_passed(model: SyllableModel) -> None:
    every = [Edge((number,), 0.0) for number in range(10, 10 + 2 * BEAM)]
    assert len(best_edges(model, [every] * 30)) == 30
    assert best_edges(model, []) == []


def test_what_was_never_counted_is_no_edge(model: SyllableModel) -> None:
    assert edge(model, ["trách", "xyzzy"], 0.0) is None
    assert edge(model, [], 0.0) is None
