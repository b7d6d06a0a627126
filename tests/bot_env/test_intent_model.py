"""The classifier's mathematics: deterministic, stored without pickle, no different after loading."""

from collections import Counter

import numpy as np
import pytest

from bot.nlu.crossvalidate import Judged, calibration_error, costs, macro_f1, thresholds_by_cost
from bot.nlu.decision import is_too_uncertain
from bot.nlu.intent_model import Features, IntentModel

TEXTS = ["xin chào", "chào bạn", "lương cơ sở", "mức lương", "tạm biệt", "tạm biệt nhé"]
LABELS = ["greet", "greet", "ask", "ask", "bye", "bye"]
THRESHOLDS = {"looked_up": 0.1, "fixed_reply": 0.2, "no_question": 0.7}


def features(text, label=None):
    """Words as the terms of two blocks, and tokens that are right about the label where one is given."""
    vector = np.zeros(3, dtype=np.float32)
    vector[["greet", "ask", "bye"].index(label) if label else 0] = 1
    tokens = np.tile(vector, (1 + len(text.split()), 1)).astype(np.float16)
    return Features(Counter(block + word for block in "wm" for word in text.split()), tokens)


@pytest.fixture(scope="module")
def model():
    return IntentModel.fit([features(*pair) for pair in zip(TEXTS, LABELS, strict=True)], LABELS)


def test_it_recognises_what_it_learned_and_shares_add_up(model):
    for text, label in zip(TEXTS, LABELS, strict=True):
        ranking = model.rank(features(text, label))
        assert ranking[0][0] == label
        assert sum(share for _, share in ranking) == pytest.approx(1)
        assert [share for _, share in ranking] == sorted((share for _, share in ranking), reverse=True)


def test_it_is_the_same_after_storing_and_holds_no_pickle(model, tmp_path):
    model.save(tmp_path)
    loaded = IntentModel.load(tmp_path)
    for text in [*TEXTS, "luong", ""]:
        stored, fresh = loaded.rank(features(text)), model.rank(features(text))
        assert [label for label, _ in stored] == [label for label, _ in fresh]
        assert [share for _, share in stored] == pytest.approx([share for _, share in fresh], abs=2e-3)
    with np.load(tmp_path / "intents.npz", allow_pickle=False) as arrays:
        assert all(arrays[name].dtype.kind == "f" for name in arrays.files)


def test_parts_that_do_not_belong_together_are_refused(model, tmp_path):
    model.save(tmp_path)
    (tmp_path / "intents.json").write_text('{"labels": ["greet"], "terms": []}')
    with pytest.raises(ValueError, match="does not fit"):
        IntentModel.load(tmp_path)


def test_fitting_twice_gives_the_same_model(model):
    again = IntentModel.fit([features(*pair) for pair in zip(TEXTS, LABELS, strict=True)], LABELS)
    assert again.by_terms.column_of == model.by_terms.column_of
    assert np.array_equal(again.by_terms.weights, model.by_terms.weights)
    assert np.allclose(again.by_meaning.outer, model.by_meaning.outer, atol=1e-5)


def test_one_label_is_not_enough():
    with pytest.raises(ValueError, match="two intents"):
        IntentModel.fit([features("a"), features("b")], ["x", "x"])


@pytest.mark.parametrize("text", ["zzz", "000", ""])
def test_a_message_without_a_known_word_may_be_anything(model, text):
    ranking = model.rank(features(text, "bye"))
    assert [share for _, share in ranking] == pytest.approx([1 / 3] * 3)
    assert is_too_uncertain(ranking, {**THRESHOLDS, "looked_up": 0.4, "fixed_reply": 0.4})


def test_a_fixed_reply_needs_more_certainty_than_a_look_up():
    assert not is_too_uncertain([("ask_policy", 0.15), ("greet", 0.1)], THRESHOLDS)
    assert is_too_uncertain([("greet", 0.15), ("ask_policy", 0.1)], THRESHOLDS)
    assert is_too_uncertain([("insult", 0.5), ("ask_policy", 0.45)], THRESHOLDS)
    assert not is_too_uncertain([("insult", 0.5), ("threaten", 0.4)], THRESHOLDS)
    assert is_too_uncertain([], THRESHOLDS)


def judged(intent, *ranking):
    return Judged("", intent, ranking)


def test_macro_f1_is_the_mean_over_intents():
    cases = [judged("a", ("a", 0.9)), judged("a", ("b", 0.6)), judged("b", ("b", 0.8))]
    assert macro_f1(cases) == pytest.approx((2 / 3 + 2 / 3) / 2)


def test_the_error_of_calibration_is_the_distance_between_told_and_right():
    cases = [judged("a", ("a", 0.95)), judged("a", ("b", 0.95))]
    assert calibration_error(cases) == pytest.approx(0.45)


def test_thresholds_are_chosen_by_what_mistakes_cost():
    cases = [
        judged("ask_policy", ("insult", 0.55), ("ask_policy", 0.45)),
        judged("insult", ("insult", 0.95), ("ask_policy", 0.05)),
    ]
    cost, thresholds, refused, looked_up = thresholds_by_cost(cases)[0]
    assert (cost, refused, looked_up) == (0, 0, 0)
    assert 0.55 < thresholds["no_question"] <= 0.95
    assert costs(cases, {"looked_up": 0.1, "fixed_reply": 0.0, "no_question": 0.0}) == (1, 0)
