"""Terms, masks and further wants, from the real tables: what a name is called must not matter, what is wanted must."""

from datetime import date
from pathlib import Path

import pytest

from bot.nlu.terms import count_terms
from bot.nlu.understanding import Understanding
from bot.nlu.wants import split, wants
from index.text.unicode import fold

ROOT = Path(__file__).resolve().parents[2]
TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def read():
    understanding = Understanding.load(ROOT / "var/restorer.npz")
    return lambda text: understanding.read(text, today=TODAY)


def test_names_of_one_sort_look_alike(read):
    assert read("Tuyên Quang sáp nhập với tỉnh nào").masked == read("Bến Tre sáp nhập với tỉnh nào").masked
    assert "xprovincex" in read("Bến Tre sáp nhập với tỉnh nào").masked
    assert "xdocumentnumberx" in read("nghị định 168/2024/NĐ-CP nói gì").masked


def test_without_accents_the_same_terms_but_for_restored_letters(read):
    accented, bare = (count_terms(read(text)) for text in ("lương cơ sở là bao nhiêu", "luong co so la bao nhieu"))
    assert {term for term in accented if term[0] != "a"} == {term for term in bare if term[0] != "a"}


def test_what_short_forms_and_keystrokes_hide_is_found_and_said_to_stand_in_the_whole(read):
    for text in ("bộ y tees có gì mới", "Booj Noojij vuj"):
        understood = read(text)
        assert all(0 <= entity.start <= entity.end <= len(text) for entity in understood.entities)
    assert {e.value for e in read("thoong tuw cuar booj y tees").entities} >= {"Thông tư", "bo-y-te"}


@pytest.mark.parametrize("text", ["", " ", "?", "🙂", "\u200b", "x" * 2000, "ạ" * 2000, "1" * 2000, "a, " * 600])
def test_no_text_breaks_terms_or_parts(read, text):
    understood = read(text)
    count_terms(understood)
    assert len(split(understood)) <= 4


class Known:
    """Knows the whole and parts by their folded text; everything else is a policy question."""

    def __init__(self, whole_intent, answers, *, share=0.9, whole_share=0.9, others=0.3):
        self.answers = {text: (intent, share) for text, intent in answers.items()}
        self.whole = {
            "ask_policy": others,
            **dict.fromkeys(answers.values(), others),
            whole_intent: whole_share,
        }
        self.share = share
        self.ranked = []

    def guess(self, part):
        return self.answers.get(fold(part.reading.raw), ("ask_policy", self.share))

    def rank(self, message):
        self.ranked.append(message.reading.raw)
        is_whole = len(self.ranked) == 1
        return sorted(self.whole.items(), key=lambda each: -each[1]) if is_whole else [self.guess(message)]


def test_a_greeting_gives_way_to_the_question_behind_it(read):
    answers = {"chao em": "greet", "cho chi hoi nghi dinh 274 la gi": "ask_document_by_number"}
    main, also = wants(read("Chào em, cho chị hỏi nghị định 274 là gì"), Known("give_feedback", answers))
    assert main[0][0] == "ask_document_by_number"
    assert [(want.intent, want.text) for want in also] == [("greet", "Chào em")]


def test_danger_comes_before_the_question(read):
    answers = {"ma nha toi dang chay": "report_emergency", "cuu voi": "report_emergency"}
    whole = read("Chào em. Mà nhà tôi đang cháy, cứu với")
    main, also = wants(whole, Known("ask_policy", {**answers, "chao em": "greet"}))
    assert main[0][0] == "report_emergency"
    assert [want.intent for want in also] == ["greet"]


def test_danger_that_a_part_is_surer_of_counts_as_much_as_there(read):
    whole = read("Nhà em đang cháy cứu với, nghị định 168 phạt bao nhiêu")
    known = Known("report_emergency", {"nha em dang chay cuu voi": "report_emergency"}, share=1.0, whole_share=0.35)
    assert wants(whole, known)[0][0] == ("report_emergency", 1.0)


@pytest.mark.parametrize(
    ("others", "share", "main"),
    [(0.0001, 0.9, "goodbye"), (0.01, 0.9, "report_emergency"), (0.0001, 0.98, "report_emergency")],
)
def test_danger_is_none_where_the_whole_rules_it_out_and_the_part_is_not_certain(read, others, share, main):
    known = Known("goodbye", {"con day roi": "report_emergency"}, others=others, share=share)
    found, also = wants(read("Con dậy rồi, em phải đi đây, chào"), known)
    assert found[0][0] == main
    assert "report_emergency" not in {want.intent for want in also}


@pytest.mark.parametrize(("others", "main"), [(0.1, "greet"), (0.3, "ask_again_for_place")])
def test_small_talk_stays_where_the_whole_is_sure_of_it(read, others, main):
    known = Known("greet", {"chao em": "greet", "ben xa an khanh day": "ask_again_for_place"}, others=others)
    assert wants(read("Chào em, bên xã An Khánh đây"), known)[0][0][0] == main


def test_one_want_in_two_sentences_is_one_and_the_encoder_is_asked_once(read):
    known = Known("ask_policy", {})
    main, also = wants(read("Nhà em có hai con. Em được nghỉ mấy tháng?"), known)
    assert (main[0][0], also) == ("ask_policy", [])
    assert len(known.ranked) == 1


def test_an_unsure_part_is_no_want(read):
    whole = read("Lương cơ sở bao nhiêu, trời ơi là trời")
    assert wants(whole, Known("ask_policy", {"troi oi la troi": "insult"}, share=0.55))[1] == []
