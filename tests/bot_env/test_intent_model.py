"""The classifier's mathematics: deterministic, stored without pickle, no different after loading."""

import numpy as np
import pytest

from bot.nlu.augment import augmented
from bot.nlu.crossvalidate import Judged, macro_f1
from bot.nlu.decision import is_too_uncertain
from bot.nlu.intent_model import IntentModel
from bot.nlu.terms import count_terms

TEXTS = ["xin chào", "chào bạn", "lương cơ sở", "mức lương", "tạm biệt", "tạm biệt nhé"]
LABELS = ["greet", "greet", "ask", "ask", "bye", "bye"]
THRESHOLDS = {"looked_up": 0.1, "fixed_reply": 0.2, "no_question": 0.7}


@pytest.fixture(scope="module")
def model():
    return IntentModel.fit(TEXTS, LABELS)


def test_it_recognises_what_it_learned_and_shares_add_up(model):
    for text, label in zip(TEXTS, LABELS, strict=True):
        ranking = model.rank(text)
        assert ranking[0][0] == label
        assert sum(share for _, share in ranking) == pytest.approx(1)
        assert [share for _, share in ranking] == sorted((share for _, share in ranking), reverse=True)


def test_it_is_the_same_after_storing_and_holds_no_pickle(model, tmp_path):
    model.save(tmp_path)
    loaded = IntentModel.load(tmp_path)
    for text in [*TEXTS, "luong", ""]:
        assert [label for label, _ in loaded.rank(text)] == [label for label, _ in model.rank(text)]
        assert [share for _, share in loaded.rank(text)] == pytest.approx(
            [share for _, share in model.rank(text)], abs=2e-3
        )
    with np.load(tmp_path / "intents.npz", allow_pickle=False) as arrays:
        assert all(arrays[name].dtype.kind == "f" for name in arrays.files)


def test_parts_that_do_not_belong_together_are_refused(model, tmp_path):
    model.save(tmp_path)
    (tmp_path / "intents.json").write_text('{"labels": ["greet"], "terms": []}')
    with pytest.raises(ValueError, match="does not fit"):
        IntentModel.load(tmp_path)


def test_fitting_twice_gives_the_same_model(model):
    again = IntentModel.fit(TEXTS, LABELS)
    assert again.column_of == model.column_of
    assert np.array_equal(again.weights, model.weights)


def test_one_label_is_not_enough():
    with pytest.raises(ValueError, match="two intents"):
        IntentModel.fit(["a", "b"], ["x", "x"])


def test_terms_see_through_accents_digits_and_stretched_letters():
    assert count_terms("alooooo") == count_terms("alo")
    assert count_terms("năm 2025") == count_terms("năm 2026")
    shared = set(count_terms("nghị định")) & set(count_terms("nghi dinh"))
    assert "fnghi" in shared
    assert "wnghi dinh" in shared
    assert "anghị" not in shared
    assert count_terms("nd 168")["nNĐ"] == 1


def test_augmenting_adds_accentless_copies_once():
    assert augmented([("chào", "greet"), ("chao", "greet"), ("ok", "affirm")]) == [
        ("chào", "greet"),
        ("chao", "greet"),
        ("ok", "affirm"),
    ]


@pytest.mark.parametrize(
    ("ranking", "uncertain"),
    [
        ([], True),
        ([("ask_policy", 0.15), ("insult", 0.14)], False),
        ([("ask_policy", 0.05)], True),
        ([("insult", 0.5), ("ask_policy", 0.4)], True),
        ([("insult", 0.4), ("threaten", 0.35), ("ask_policy", 0.1)], False),
        ([("insult", 0.19), ("threaten", 0.18), ("greet", 0.17), ("deny", 0.17)], True),
    ],
)
def test_a_fixed_reply_needs_more_certainty_than_a_look_up(ranking, uncertain):
    assert is_too_uncertain(ranking, THRESHOLDS) is uncertain


def test_macro_f1_counts_every_intent_alike():
    def case(intent, given):
        return Judged("", intent, ((given, 1.0),))

    assert macro_f1([case("a", "a"), case("a", "a"), case("b", "b")]) == 1
    assert macro_f1([case("a", "a"), case("b", "a")]) == pytest.approx((2 / 3 + 0) / 2)
