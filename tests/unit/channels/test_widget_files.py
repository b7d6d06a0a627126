"""The widget's files as they are served: small, whole, and without the ways in which markup could come in."""

import gzip
import json
import re
from pathlib import Path

import pytest

from bot.wording import LANGUAGES, Wording
from channels.web.files import load as load_served
from channels.web.files import with_former
from channels.web.widget import FOLDER, LOADER, integrity, load

LOADER_BYTES = 5_000
ALL_BYTES = 40_000


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return dict(load(Wording.load(Path("data/wording"))))


def packed(body: bytes) -> int:
    return len(gzip.compress(body, 9))


def test_the_loader_and_the_whole_keep_within_their_sizes(files: dict[str, bytes]) -> None:
    assert packed(files[LOADER]) <= LOADER_BYTES
    assert sum(packed(body) for body in files.values()) <= ALL_BYTES


def test_every_name_that_a_file_mentions_is_served(files: dict[str, bytes]) -> None:
    for body in files.values():
        assert set(re.findall(r"[\w-]+-[0-9a-f]{12}\.js", body.decode())) <= files.keys()
    everything = b"".join(files.values())
    assert all(name.encode() in everything for name in files if name != LOADER)


def test_nothing_is_left_to_be_filled_in(files: dict[str, bytes]) -> None:
    assert not [name for name, body in files.items() if re.search(rb"__[A-Z_]+__", body)]


def test_a_changed_sentence_changes_the_names_that_lead_to_it(files: dict[str, bytes]) -> None:
    wording = Wording.load(Path("data/wording"))
    sentences = {lang: {**wording.sentences[lang], "widget.send": "!"} for lang in LANGUAGES}
    changed = load(Wording(sentences))
    assert {name.partition("-")[0] for name in changed.keys() - files.keys()} == {"words", "panel"}
    assert changed[LOADER] != files[LOADER]


def test_nothing_reads_markup_or_runs_text_or_names_another_host() -> None:
    for path in FOLDER.glob("*.js"):
        source = path.read_text(encoding="utf-8")
        forbidden = re.findall(
            r"(?:inner|outer|insertAdjacent)HTML|document\.write\(|\beval\(|new Function|DOMParser|cookie|indexedDB",
            source,
        )
        assert forbidden == [], path.name
        assert set(re.findall(r"https?://[\w.]+", source)) <= {"http://www.w3.org"}, path.name


def test_the_code_says_nothing_of_its_own_to_people() -> None:
    """Sentences stand in data/wording; names of languages are the same in every language."""
    for path in FOLDER.glob("*.js"):
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if "LANGUAGES" not in line]
        assert not re.findall(r"[ăâđêôơưàáạảãèéẹẻẽìíịỉĩòóọỏõùúụủũỳýỵỷỹ]|[一-鿿]", "\n".join(lines)), path.name


def test_comments_and_indentation_are_left_out_and_nothing_else(files: dict[str, bytes]) -> None:
    assert b"* { box-sizing: border-box; }" in files[LOADER]  # within a string
    for body in files.values():
        code = re.sub(rb"`[^`]*`", b"", body)
        assert not re.search(rb"^\s+\S|/\*\*|^\s*//", code, re.MULTILINE)


def test_the_loader_holds_the_digest_of_every_other_file(files: dict[str, bytes]) -> None:
    others = {name: integrity(body, "sha256") for name, body in files.items() if name != LOADER}
    assert json.dumps(others, separators=(",", ":")).encode() in files[LOADER]


def test_a_page_that_pins_the_loader_is_served_the_same_files_after_an_upgrade(tmp_path: Path) -> None:
    wording = Wording.load(Path("data/wording"))
    before = with_former(load_served(wording), tmp_path / "widget")
    sentences = {lang: {**wording.sentences[lang], "widget.send": "!"} for lang in LANGUAGES}
    after = with_former(load_served(Wording(sentences)), tmp_path / "widget")
    pinned = {name for name in before if re.search("-[0-9a-f]{12}", name)}
    assert pinned <= after.keys()
    assert all(after[name].content == before[name].content for name in pinned)
    assert after[LOADER].content != before[LOADER].content
    assert set(with_former({}, tmp_path / "other")) == set()
