"""Every provincial name of the tables, old and new, however it is typed: found, and explained by the action.

The real tables, wording and action; no network, no Rasa, no encoder.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from actions.explain_commune import ExplainCommune
from actions.explain_province import ExplainProvince
from actions.question import Question
from bot.reply import AnswerStatus
from index.text.communes import find_communes
from index.text.places import find_places
from index.text.reading import Reader
from index.text.syllable_model import compile_counts
from index.text.unicode import fold, normalise
from tests.unit.actions.conftest import DOCUMENTS, make_desk
from tests.unit.index.text.typing_keys import telex, vni

pytestmark = pytest.mark.integration

DATA = Path(__file__).resolve().parents[2] / "data"
DAY = date(2026, 11, 22)
ROWS = [json.loads(line) for line in (DATA / "provinces.jsonl").read_text("utf-8").splitlines()]
OFFICIAL = [(row["name"], row) for row in ROWS] + [(old["name"], row) for row in ROWS for old in row["formed_from"]]
ALIASES = [
    (alias, row)
    for row in ROWS
    for alias in (row["short"], *row["aliases"], *(alias for old in row["formed_from"] for alias in old["aliases"]))
]
SENTENCES = (
    "{}",
    "{} giờ là tỉnh nào",
    "cho em hỏi {} sáp nhập với tỉnh nào vậy ạ",
    "từ bao giờ {} nhập với tỉnh khác",
    "quê em ở {} nay thuộc tỉnh gì",
    "tỉnh mới của {} là tỉnh nào, trung tâm hành chính ở đâu",
)
KIND = re.compile("(?:phuong|xa|thi tran|dac khu|quan|huyen|thi xa|thanh pho|tp) ")
LETTERS = re.compile(r"[^\W\d_]+")


def _keys(press: Callable[[str], str]) -> Callable[[str], str]:
    return lambda text: LETTERS.sub(lambda word: press(word.group().lower()), normalise(text))


STYLES: dict[str, Callable[[str], str]] = {
    "accented": str,
    "none": fold,
    "upper": str.upper,
    "upper, none": lambda text: fold(text).upper(),
    "lower": str.lower,
    "late tones": lambda text: text.replace("òa", "oà").replace("óa", "oá").replace("ủy", "uỷ"),
}
KEYSTROKES = {"Telex": _keys(telex), "VNI": _keys(vni)}


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    return make_desk(tmp_path_factory.mktemp("desk"), DOCUMENTS)


@pytest.fixture(scope="module")
def reader(tmp_path_factory) -> Reader:
    target = tmp_path_factory.mktemp("counts") / "restorer.npz"
    compile_counts(DATA / "ngrams", target)
    return Reader.load(DATA, target)


def ask(text: str) -> Question:
    return Question(text=text, lang="vi", as_of=DAY, today=DAY)


def is_explained(text: str, row: dict, desk) -> bool:
    """Whether the action says which unit it is now, what that was formed from and since when."""
    reply = ExplainProvince(desk).reply_to(ask(text))
    facts = [row["name"]]
    if row["since"]:
        facts += [old["name"] for old in row["formed_from"]] + ["01/07/2025"]
    else:
        facts += ["không sáp nhập"]
    return reply.status is AnswerStatus.ANSWERED and all(fact in reply.text for fact in facts)


@pytest.mark.parametrize("style", STYLES)
def test_each_of_the_97_names_is_explained_in_every_style(style, desk):
    assert len(OFFICIAL) == 34 + 63
    missed = [
        text
        for name, row in OFFICIAL
        for sentence in SENTENCES
        if not is_explained(text := STYLES[style](sentence.format(name)), row, desk)
    ]
    assert missed == []  # of 582


@pytest.mark.parametrize("style", KEYSTROKES)
def test_each_name_left_in_keystrokes_is_explained_after_reading(style, desk, reader):
    texts = [(KEYSTROKES[style](sentence.format(name)), row) for name, row in OFFICIAL for sentence in SENTENCES]
    missed = [text for text, row in texts if not is_explained(reader.read(text).written_out, row, desk)]
    assert len(missed) <= 6, missed  # of 582; a name alone such as "hari phòng" may be English


@pytest.mark.parametrize("style", STYLES)
def test_each_alias_leads_to_the_unit_of_today(style, desk):
    missed = []
    for alias, row in ALIASES:
        for sentence in SENTENCES:
            text = STYLES[style](sentence.format(alias))
            if not any(match.now.code == row["code"] for match in find_places(text, desk.gazetteer)):
                missed.append(text)
    assert len(ALIASES) > 200
    assert missed == []


def test_no_name_hides_in_other_words_of_our_own_sentences(desk):
    """None of 3,321 communes, the former ones and 97 provinces is found in words that only hold its letters,
    and none is taken for a place without its kind word."""
    lines = [
        line
        for line in (DATA / "ngrams" / "own_sentences.txt").read_text("utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    gazetteer = desk.gazetteer
    names = {fold(unit.short) for unit in gazetteer.units}
    names |= {fold(old["name"]) for row in ROWS for old in row["formed_from"]}
    names |= {fold(area.short) for area in (*gazetteer.communes, *gazetteer.former)}
    assert len(names) > 5_000
    false = []
    for line in lines:
        for text in (line, fold(line)):
            named = find_communes(text, gazetteer)
            false += [(text, match.text) for match in named if not KIND.match(fold(match.text))]
            found = [*named, *find_communes(text, gazetteer, eager=True)]
            for match in (*found, *find_places(text, gazetteer)):
                before, after = text[: match.start], text[match.end :]
                if before[-1:].isalnum() or after[:1].isalnum():
                    false.append((text, match.text))
    assert false == []


@pytest.mark.parametrize("write", [str, fold], ids=["accented", "none"])
def test_no_commune_is_found_where_its_letters_run_through_other_words(write, desk):
    """ "An Cư" in "căn cước": each name of two words is put between letters that make other words of its ends."""
    gazetteer = desk.gazetteer
    shorts = {area.short for area in (*gazetteer.communes, *gazetteer.former) if area.short.count(" ") == 1}
    false = []
    for short in sorted(shorts):
        first, last = write(short).lower().split(" ")
        for text in (f"c{first} {last}oc", f"{first}h {last}", f"x{first}{last}y"):
            for match in find_communes(f"cho hỏi {text}", gazetteer, eager=True):
                if fold(match.text).endswith(fold(f"{first} {last}")) and f"{first} {last}" in match.text:
                    false.append((text, match.text))
    assert len(shorts) > 3_000
    assert false == []


@pytest.mark.parametrize(
    "text", ["làm căn cước ở đâu", "lam can cuoc o dau", "CĂN CƯỚC CÔNG DÂN", "căn cước gắn chíp", "can cuoc"]
)
def test_an_cu_is_not_in_can_cuoc(text, desk):
    assert find_communes(text, desk.gazetteer, eager=True) == []
    assert find_places(text, desk.gazetteer) == []


@pytest.mark.parametrize("text", ["phường Tân An thuộc tỉnh nào", "phuong tan an thuoc tinh nao"])
def test_a_name_of_several_communes_is_asked_back(text, desk):
    reply = ExplainCommune(desk).reply_to(ask(text))
    assert reply.status is AnswerStatus.CLARIFY_AMBIGUOUS
    assert 2 <= len(reply.buttons) <= 4
