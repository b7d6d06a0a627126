"""The wording files: the same sentences in three languages."""

from pathlib import Path

import pytest

from bot.wording import LANGUAGES, Wording, WordingError

FOLDER = Path(__file__).parents[3] / "data" / "wording"


def write(folder: Path, **sentences: str) -> None:
    for language in LANGUAGES:
        (folder / f"{language}.toml").write_text(sentences.get(language, sentences["vi"]), encoding="utf-8")


def test_our_own_files_load_and_every_sentence_has_words() -> None:
    wording = Wording.load(FOLDER)
    assert all(wording.text(key, language) for language in LANGUAGES for key in wording.keys("gateway"))


def test_placeholders_are_filled_and_an_unknown_language_reads_vietnamese(tmp_path: Path) -> None:
    write(tmp_path, vi='[a]\nx = "chào {name}"', en='[a]\nx = "hello {name}"')
    wording = Wording.load(tmp_path)
    assert wording.text("a.x", "en", name="Lan") == "hello Lan"
    assert wording.text("a.x", "fr", name="Lan") == "chào Lan"
    with pytest.raises(KeyError):
        wording.text("a.y")


def test_a_sentence_missing_in_one_language_or_with_another_placeholder_is_refused(tmp_path: Path) -> None:
    write(tmp_path, vi='[a]\nx = "{name}"\ny = "1"', en='[a]\nx = "{nme}"\ny = "1"', zh='[a]\nx = "{name}"')
    with pytest.raises(WordingError, match=r"zh\.toml has no a\.y"):
        Wording.load(tmp_path)
    write(tmp_path, vi='[a]\nx = "{name}"', en='[a]\nx = "{nme}"')
    with pytest.raises(WordingError, match=r"a\.x has other placeholders"):
        Wording.load(tmp_path)
