"""Accents put back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.restore import Restorer, main
from index.text.syllable_counts import BadCounts
from index.text.syllable_model import BadRestorer, compile_counts
from index.text.unicode import fold, normalise

DATA = Path(__file__).parents[4] / "data"


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    target = tmp_path_factory.mktemp("restorer") / "restorer.npz"
    assert main(["compile", str(DATA / "ngrams"), str(target)]) == 0
    yield target


@pytest.fixture(scope="module")
def restorer(compiled: Path) -> Restorer:
    return Restorer.load(compiled)


def test_the_compiled_file_is_small(compiled: Path) -> None:
    assert compiled.stat().st_size <= 10_000_000


def test_nineteen_syllables_of_twenty_come_back(restorer: Restorer) -> None:
    lines = (DATA / "eval" / "restoration.txt").read_text("utf-8").splitlines()
    sentences = [normalise(line) for line in lines if not line.startswith("#")]
    right = total = 0
    for sentence in sentences:
        pairs = list(zip(restorer.restore(fold(sentence)).split(), sentence.split(), strict=True))
        right += sum(restored == meant for restored, meant in pairs)
        total += len(pairs)
    assert (len(sentences), total) == (60, 764)
    assert right / total >= 0.95


@pytest.mark.parametrize(
    ("typed", "restored"),
    [
        ("nghi dinh cua chinh phu", "nghị định của chính phủ"),
        ("Nghi dinh so 42/2022/nd-cp, con hieu luc khong?", "Nghị định số 42/2022/nd-cp, còn hiệu lực không?"),
        ("BO NOI VU", "BỘ NỘI VỤ"),
        ("dang ky tai https://vanban.chinhphu.vn/?q=nghi-dinh", "đăng ký tại https://vanban.chinhphu.vn/?q=nghi-dinh"),
        ("lương toi thieu vung", "lương tối thiểu vùng"),
        ("wifi zalo 2026 👍", "wifi zalo 2026 👍"),
        ("", ""),
    ],
)
def test_what_lacks_accents_gets_them_and_the_rest_stays(typed: str, restored: str, restorer: Restorer) -> None:
    assert restorer.restore(typed) == restored


def test_accented_text_is_left_as_it_is(restorer: Restorer) -> None:
    for text in ("Tôi cho rằng nghị định này vẫn còn hiệu lực", "đi xe máy không mang bằng lái bị phạt bao nhiêu"):
        assert restorer.restore(text) == text


_WORDS = st.sampled_from(
    ["nghi", "dinh", "định", "Bo", "đinh", "xyz", "42", ",", "/", "\n", "\u0301", "nd-cp", "É", "法"]
)


@given(st.one_of(st.text(), st.lists(_WORDS).map(" ".join), st.lists(_WORDS).map("".join)))
def test_only_accents_change(restorer: Restorer, text: str) -> None:
    assert fold(restorer.restore(text)) == fold(text)


@given(st.lists(_WORDS).map(" ".join))
def test_syllables_with_marks_on_their_vowels_are_fixed_points(restorer: Restorer, text: str) -> None:
    assert restorer.restore(f"{text} định").endswith("định")


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "restorer.npz"
    np.savez(path, syllables=np.zeros(3, dtype=np.uint8))
    with pytest.raises(BadRestorer):
        Restorer.load(path)
    path.write_bytes(b"not an archive")
    with pytest.raises(BadRestorer):
        Restorer.load(path)


def test_missing_counts_are_named(tmp_path: Path) -> None:
    with pytest.raises(BadCounts):
        compile_counts(tmp_path, tmp_path / "restorer.npz")


def test_our_own_sentences_can_be_counted(tmp_path: Path) -> None:
    source = tmp_path / "own.txt"
    source.write_text("# của tôi\nthẻ căn cước\nthe can cuoc\nđổi thẻ, căn cước\n", "utf-8")
    examples = tmp_path / "own.yml"
    examples.write_text("- intent: ask\n  examples: |\n    - đổi [thẻ](thing) ở đâu\n", "utf-8")
    assert main(["count", str(tmp_path), str(source), str(examples)]) == 0
    assert main(["compile", str(tmp_path), str(tmp_path / "restorer.npz")]) == 0
    assert Restorer.load(tmp_path / "restorer.npz").restore("doi the can cuoc o dau") == "đổi thẻ căn cước ở đâu"


def test_a_wrong_command_says_how_it_is_called(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "usage" in capsys.readouterr().err
