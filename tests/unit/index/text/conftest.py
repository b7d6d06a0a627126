"""What the tests of the text path share: the compiled counts and a reader over the shipped tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.text.reading import Reader
from index.text.restore import Restorer
from index.text.syllable import is_syllable
from index.text.syllable_model import compile_counts

DATA = Path(__file__).parents[4] / "data"


@pytest.fixture(scope="session")
def restorer_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("counts") / "restorer.npz"
    compile_counts(DATA / "ngrams", target)
    return target


@pytest.fixture(scope="session")
def reader(restorer_file: Path) -> Reader:
    return Reader.load(DATA, restorer_file)


@pytest.fixture(scope="session")
def lexicon(restorer_file: Path) -> list[str]:
    return list(filter(is_syllable, Restorer.load(restorer_file).syllables))
