"""A hit answers by its own evidence, or because people are known to have asked the same."""

import pytest

from actions.policy import Policy, Sureness
from index.document import Passage, TextKind
from index.search import Hit

POLICY = Policy()


def a_hit(*, dense=0.85, lexical=0.0, asked=0.0, lang="vi") -> Hit:
    passage = Passage("1/2026/NĐ-CP@#tom-tat", "1/2026/NĐ-CP@", None, (), "Lương tăng.", TextKind.SUMMARY, "")
    return Hit(passage, passage.document_id, 1.0, dense, lexical, asked, lang=lang)


def test_near_enough_in_meaning_and_words_is_an_answer():
    assert POLICY.accepts(a_hit(dense=0.88, lexical=0.2))
    assert not POLICY.accepts(a_hit(dense=0.88, lexical=0.19))


def test_a_question_that_is_known_answers_with_weaker_evidence():
    assert POLICY.accepts(a_hit(dense=0.86, lexical=0.1, asked=0.935))
    assert not POLICY.accepts(a_hit(dense=0.86, lexical=0.1, asked=0.915))


@pytest.mark.parametrize(("lang", "asked", "alone"), [("en", 0.895, 0.88), ("zh", 0.915, 0.90)])
def test_in_another_language_a_known_question_or_the_meaning_decides_and_no_words(lang, asked, alone):
    assert POLICY.accepts(a_hit(asked=asked, lang=lang))
    assert POLICY.accepts(a_hit(dense=alone, lang=lang))
    assert not POLICY.accepts(a_hit(dense=alone - 0.001, lexical=1.0, asked=asked - 0.001, lang=lang))


def test_only_vietnamese_questions_get_hints():
    assert POLICY.hints(a_hit(dense=0.875))
    assert not POLICY.hints(a_hit(dense=0.875, lang="en"))
    assert POLICY.considers(a_hit(dense=0.875))


def test_overruling_the_nlu_takes_more_of_everything():
    for hit in (
        a_hit(dense=0.905),
        a_hit(dense=0.87, asked=0.935),
        a_hit(asked=0.90, lang="en"),
        a_hit(asked=0.92, lang="zh"),
        a_hit(dense=0.885, lang="en"),
    ):
        assert POLICY.accepts(hit)
        assert not POLICY.overruling.accepts(hit)
    assert POLICY.overruling.hints_from == POLICY.hints_from


def test_what_is_surely_outside_takes_more_again():
    for hit in (a_hit(dense=0.93), a_hit(dense=0.89, asked=0.95), a_hit(asked=0.93, lang="en")):
        assert POLICY.overruling.accepts(hit)
        assert not POLICY.surely_outside.accepts(hit)
    assert POLICY.surely_outside.accepts(a_hit(dense=0.91, asked=0.96))


def test_a_known_question_makes_up_for_weaker_evidence_and_strong_evidence_for_a_question_further_off():
    assert POLICY.is_certain(a_hit(dense=0.92, asked=0.93))
    assert POLICY.is_certain(a_hit(dense=0.95, asked=0.92))
    assert POLICY.is_certain(a_hit(dense=0.86, asked=0.95))
    assert not POLICY.is_certain(a_hit(dense=0.90, asked=0.93))
    assert not POLICY.is_certain(a_hit(dense=0.98, asked=0.89)), "no evidence is enough where nobody asks so"
    assert not POLICY.is_certain(a_hit(dense=0.835, asked=0.95)), "what does not answer is not certain"


def test_beyond_doubt_takes_more_than_certain():
    for hit in (a_hit(dense=0.92, asked=0.93), a_hit(dense=0.86, asked=0.95), a_hit(asked=0.92, lang="en")):
        assert POLICY.is_certain(hit)
        assert not POLICY.is_certain(hit, Sureness.BEYOND_DOUBT)
    for hit in (a_hit(dense=0.94, asked=0.94), a_hit(asked=0.94, lang="en"), a_hit(asked=0.96, lang="zh")):
        assert POLICY.is_certain(hit, Sureness.BEYOND_DOUBT)
