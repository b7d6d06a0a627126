"""How `make evaluate` scores intents, entities, documents, conversations and labels."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from bot.nlu.measure import understood as told_of
from bot.reply import Citation
from tools.evaluate import dialogues, labelled, paraphrases, scope, writing
from tools.evaluate.asking import Answer
from tools.evaluate.resampling import macro_f1, micro_f1
from tools.evaluate.sets import Dialogue, Labelled, Message, Named, Paraphrase, Turn
from tools.evaluate.understanding import Understood
from tools.evaluate.values import Names, in_words_of_the_sets

NAMES = Names.load(Path(__file__).parents[3] / "data")


def citation(number, *, replaced_by=(), issued_on=None, effective_on=None, kind="Nghị định", body="Chính phủ"):
    return Citation(
        number=number,
        type=kind,
        title="",
        issuing_body=body,
        issued_on=issued_on,
        effective_on=effective_on,
        validity="in_force",
        replaced_by=tuple(replaced_by),
        checked_on=None,
        text_kind="summary",
        location=None,
        quote=None,
        url=None,
    )


def answer(*numbers, status="answered", lang="vi"):
    return Answer(status, lang, tuple(citation(number) for number in numbers))


def form(base, style, wanted, given, *, entities=(), found=(), documents=(), reply=None, acted_on=None, also=()):
    intents = (wanted,) if isinstance(wanted, str) else wanted
    message = Message(f"{base}-{style}", style, "?", intents, tuple(entities), tuple(documents))
    return writing.Form(message, Understood(given, acted_on or given, tuple(found), tuple(also)), reply)


# --- values in the words of the sets


@pytest.mark.parametrize(
    ("kind", "value", "told"),
    [
        ("issuing_body", "bo-noi-vu", "Bộ Nội vụ"),
        ("place", "Bình Dương", "Thành phố Hồ Chí Minh"),
        ("place", "Huế", "Thành phố Huế"),
        ("place", "Tỉnh Lào Cai", "Tỉnh Lào Cai"),
        ("place", "Phường Hải Châu, Thành phố Đà Nẵng", "Phường Hải Châu, Thành phố Đà Nẵng"),
        ("document_number", "TT 06/2023", "TT 06/2023"),
        ("document_number", "161/2026/NĐ-CP", "161/2026/NĐ-CP"),
        ("period", "2026-05-01/2026-05-31", "2026-05-01/2026-05-31"),
    ],
)
def test_values_are_told_in_the_names_of_today(kind, value, told):
    assert in_words_of_the_sets([Named(kind, value, "x")], NAMES) == (Named(kind, told, "x"),)


@pytest.mark.parametrize(
    ("kind", "number", "is_left_out"),
    [
        ("Nghị định", "NĐ 168", True),
        ("Luật", "134/2025/QH15", True),
        ("Thông tư", "NĐ 168", False),
    ],
)
def test_a_type_that_a_number_says_already_is_left_out(kind, number, is_left_out):
    found = [Named("document_number", number, number), Named("document_type", kind, "")]
    kinds = {each.kind for each in in_words_of_the_sets(found, NAMES)}
    assert ("document_type" not in kinds) is is_left_out


# --- part 1


def test_intents_are_counted_by_base_message():
    forms = [form("b1", "accented", "greet", "greet"), form("b1", "none", "greet", "thank")]
    forms += [form("b2", "accented", "thank", "thank")]
    counts = writing.intent_counts(forms, ["greet", "thank"])
    assert counts["b1"].tolist() == [[1, 0], [2, 0], [1, 1]]
    assert counts["b2"].tolist() == [[0, 1], [0, 1], [0, 1]]
    both = np.stack([counts["b1"], counts["b2"]]).sum(axis=0)[None]
    assert macro_f1(both)[0] == pytest.approx((2 * 1 / 3 + 2 * 1 / 3) / 2)


def test_the_fallback_is_no_intent_that_somebody_wanted():
    forms = [form("b1", "accented", "greet", "greet", acted_on="nlu_fallback")]
    assert writing.intent_counts(forms, ["greet"])["b1"].tolist() == [[1], [1], [1]]
    assert writing.intent_counts(forms, ["greet"], after_fallback=True)["b1"].tolist() == [[0], [1], [0]]


def test_an_entity_is_right_by_kind_and_value_and_counts_once():
    wanted = [Named("place", "Tỉnh An Giang", "Kiên Giang"), Named("place", "Tỉnh An Giang", "An Giang")]
    found = [Named("place", "Tỉnh An Giang", "An Giang"), Named("period", "2026-05-01/2026-05-31", "")]
    counts = writing.entity_counts([form("b1", "accented", "greet", "greet", entities=wanted, found=found)])["b1"]
    assert counts.tolist() == [1, 1, 2]
    assert micro_f1(counts[None])[0] == pytest.approx(2 / 3)


@pytest.mark.parametrize(("words", "is_right"), [("Huế", True), ("", True), ("ở Huế", False)])
def test_the_words_of_an_entity_count_where_the_grammar_says_which(words, is_right):
    forms = [
        form(
            "b1",
            "accented",
            "greet",
            "greet",
            entities=[Named("place", "Thành phố Huế", "Huế")],
            found=[Named("place", "Thành phố Huế", words)],
        )
    ]
    assert writing.entity_counts(forms, with_words=True)["b1"].tolist() == [is_right, 1, 1]


def test_the_first_citation_must_be_a_right_document_however_its_number_is_printed():
    reply = answer("5/CT-TTg", "161/2026/NĐ-CP")
    forms = [
        form("b1", "accented", "greet", "greet", documents=["05/CT-TTg"], reply=reply),
        form("b2", "accented", "greet", "greet", documents=["161/2026/NĐ-CP"], reply=reply),
    ]
    counts, anywhere = writing.hit_counts(forms), writing.hit_counts(forms, anywhere=True)
    assert (counts["b1"].tolist(), counts["b2"].tolist()) == ([1, 1], [0, 1])
    assert (anywhere["b1"].tolist(), anywhere["b2"].tolist()) == ([1, 1], [1, 1])


def test_a_style_is_compared_with_accented_forms_of_the_same_messages_only():
    forms = [form("b1", "accented", "greet", "greet"), form("b1", "english", "greet", "thank")]
    forms += [form("b2", "accented", "thank", "greet")]  # has no English form
    scale = writing.Scale("F1", lambda some: writing.intent_counts(some, ["greet", "thank"]), macro_f1, {}, {})
    difference = writing.behind_accented(forms, "english", scale)
    assert (difference.value, difference.cases) == (-1.0, 1)


def test_the_tables_name_every_style_that_has_forms_and_mark_the_limits():
    forms = []
    for base in range(20):
        reply = answer("161/2026/NĐ-CP")
        forms.append(form(f"b{base}", "accented", "greet", "greet", documents=["161/2026/NĐ-CP"], reply=reply))
        forms.append(form(f"b{base}", "none", "greet", "thank", documents=["161/2026/NĐ-CP"], reply=answer()))
    text = writing.part(forms, name="a set").text()
    assert "telex" not in text
    lines = [line.split() for line in text.splitlines() if line.startswith("none")]
    assert [line[-2] for line in lines] == ["fails", "-", "fails"]


def test_two_wants_are_both_found_where_the_further_one_is_told():
    forms = [
        form("b1", "accented", ("ask_policy", "greet"), "ask_policy", also=["greet"]),
        form("b1", "none", ("ask_policy", "greet"), "ask_policy"),
    ]
    assert "2 forms: the main one found 2, both 1." in writing.part(forms, name="a set").text()


def test_what_the_model_says_is_told_without_fallback_in_the_ranking_and_without_the_language():
    parsed = {
        "intent": {"name": "nlu_fallback", "confidence": 0.3},
        "intent_ranking": [
            {"name": name, "confidence": share}
            for name, share in [("nlu_fallback", 0.3), ("greet", 0.3), ("thank", 0.2), ("deny", 0.1), ("affirm", 0.1)]
        ],
        "entities": [
            {"entity": "place", "value": "Huế", "start": 0, "end": 3, "extractor": "GrammarEntityExtractor"},
            {"entity": "reply_lang", "value": "vi", "start": 0, "end": 3},
        ],
        "also": [{"intent": "thank", "text": "cảm ơn", "confidence": 0.9}],
    }
    assert told_of(parsed) == {
        "intent": "nlu_fallback",
        "ranking": [["greet", 0.3], ["thank", 0.2], ["deny", 0.1]],
        "entities": [{"entity": "place", "value": "Huế", "start": 0, "end": 3}],
        "also": ["thank"],
    }


# --- part 2


def test_refusals_are_counted_by_final_status():
    cases = [
        scope.Case("b1-accented", "b1", "accented", "understanding", answer(status="answered")),
        scope.Case("b1-none", "b1", "none", "understanding", answer(status="chatted")),
        scope.Case("b2-none", "b2", "none", "understanding", answer(status="no_answer_not_found")),
        scope.Case("b3-none", "b3", "none", "understanding", answer(status="signposted")),
    ]
    assert scope.ends_in(cases, scope.REFUSALS).value == 0.5
    assert scope.ends_in(cases, ["answered"]).value == 0.25


def test_out_of_scope_is_recalled_by_its_own_status_and_a_decline_is_shown_beside_it():
    outside = [
        scope.Case("o1-accented", "o1", "accented", "out_of_scope", answer(status="no_answer_out_of_scope")),
        scope.Case("o2-accented", "o2", "accented", "out_of_scope", answer(status="no_answer_declined")),
    ]
    figures = {(each.measure, each.group): each.estimate.value for each in scope.part(outside, []).figures}
    assert figures["recall of out_of_scope", "all"] == 0.5
    assert figures["out_of_scope refused", "all"] == 1.0


# --- part 3


def test_a_question_is_consistent_when_every_row_cites_one_of_its_documents():
    rows = [("p1", "accented", "1/2026/NĐ-CP"), ("p1", "none", "2/2026/NĐ-CP"), ("p2", "accented", "9/2026/NĐ-CP")]
    asked = [
        (Paraphrase(name, 1, style, "?", ("1/2026/NĐ-CP", "2/2026/NĐ-CP")), answer(number))
        for name, style, number in rows
    ]
    assert paraphrases.consistency(asked).value == pytest.approx(2 / 3)
    assert paraphrases.all_right(asked).value == 0.5
    assert "2 questions, 3 rows" in paraphrases.part(asked).text()


# --- part 4


@pytest.mark.parametrize(
    ("expected", "reply", "missed"),
    [
        ({"status": ("answered", "listed")}, answer(status="listed"), []),
        ({"status": ("answered",)}, answer(status="listed"), ["status"]),
        ({"documents": ("1/2026/NĐ-CP", "2/2026/NĐ-CP")}, answer("9/2026/NĐ-CP", "02/2026/NĐ-CP"), []),
        ({"documents": ("1/2026/NĐ-CP",)}, answer(), ["documents"]),
        ({"not_documents": ("1/2026/NĐ-CP",)}, answer("01/2026/NĐ-CP"), ["not_documents"]),
        ({"lang": "en"}, answer(lang="vi"), ["lang"]),
        ({}, answer(), []),
    ],
)
def test_a_turn_is_right_when_every_key_that_is_given_is(expected, reply, missed):
    keys = {"status": None, "documents": None, "not_documents": None, "lang": None} | expected
    assert dialogues.faults(Turn("?", **keys), reply) == missed


def test_turns_follow_ups_and_whole_conversations_are_counted_apart():
    turns = tuple(Turn("?", ("answered",), None, None, None) for _ in range(3))
    held = [
        dialogues.Held(Dialogue("d1", "accented", "place", turns), (answer(), answer(), answer())),
        dialogues.Held(Dialogue("d2", "none", "place", turns), (answer(), answer(), answer(status="chatted"))),
    ]
    figures = {(each.measure, each.group): each.estimate for each in dialogues.part(held).figures}
    assert (figures["turns right", "all"].value, figures["turns right", "all"].cases) == (pytest.approx(5 / 6), 6)
    assert (figures["follow-ups right", "all"].value, figures["follow-ups right", "all"].cases) == (0.75, 4)
    assert figures["conversations right", "all"].value == 0.5
    assert figures["conversations right", "place"].cases == 2


def test_a_document_only_named_as_successor_is_wrong_and_told():
    turn = Turn("?", None, ("2/2026/NĐ-CP",), None, None)
    reply = Answer("answered", "vi", (citation("1/2025/NĐ-CP", replaced_by=["2/2026/NĐ-CP"]),))
    held = [dialogues.Held(Dialogue("d1", "accented", "successor", (turn,)), (reply,))]
    assert not held[0].right[0]
    assert "1 name one in replaced_by" in dialogues.part(held).text()


# --- part 5


@pytest.mark.parametrize(
    ("expected", "reply", "is_right"),
    [
        ("161/2026/NĐ-CP, 13/2026/TT-BNV", answer("13/2026/TT-BNV"), True),
        ("161/2026/NĐ-CP", answer("42/2022/NĐ-CP"), False),
        ("not_found", answer(status="no_answer_not_found"), True),
        ("not_found", answer(status="answered"), False),
        ("refuse_opinion", answer(status="no_answer_declined"), True),
        ("emergency:114", answer(status="signposted"), True),
        ("list_latest:Nghị định", answer("1/2026/NĐ-CP", status="listed"), True),
        ("list_latest:Thông tư", answer("1/2026/NĐ-CP", status="listed"), False),
        ("list_latest:type=Nghị định,issuer=Chính phủ", answer("1/2026/NĐ-CP", status="listed"), True),
        ("greet", Answer("http_504"), False),
    ],
)
def test_a_label_says_which_answer_is_right(expected, reply, is_right):
    assert labelled.is_right(expected, reply) is is_right


def test_a_list_runs_from_the_newest_and_keeps_to_its_month():
    newer = citation("2/2026/NĐ-CP", issued_on=date(2026, 5, 2), effective_on=date(2026, 7, 1))
    older = citation("1/2026/NĐ-CP", issued_on=date(2026, 5, 1), effective_on=date(2026, 7, 15))
    assert labelled.is_right("list_effective:2026-07", Answer("listed", "vi", (newer, older)))
    assert not labelled.is_right("list_effective:2026-07", Answer("listed", "vi", (older, newer)))
    assert not labelled.is_right("list_effective:2026-06", Answer("listed", "vi", (newer, older)))


def test_misses_are_shown_with_what_came_where_they_are_wanted():
    outcomes = [labelled.Outcome(Labelled("a question", "policy", "not_found"), answer("1/2026/NĐ-CP"))]
    shown = labelled.part("development", "title", outcomes, with_misses=True).text()
    assert "'a question'" in shown and "got answered, citing 1/2026/NĐ-CP" in shown
    assert "a question" not in labelled.part("validation", "title", outcomes, with_misses=False).text()
