from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.topic import CHOICES_AT_MOST, DOCUMENTS_AT_MOST, QUESTION_AT_MOST, Kind, Topic

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=10,
)
SLOT = st.fixed_dictionaries(
    {},
    optional={
        "kind": st.sampled_from([kind.value for kind in Kind]) | JSON,
        "question": JSON,
        "intent": JSON,
        "documents": JSON,
        "passage": JSON,
        "shown": JSON,
        "choices": JSON,
    },
)


@given(JSON | SLOT)
def test_any_slot_can_be_read(slot):
    topic = Topic.read(slot)
    if topic is not None:
        assert Topic.read(topic.to_slot()) == topic


def test_a_topic_comes_back_as_it_was_written():
    topic = Topic("lương cơ sở?", "lương", "ask_policy", Kind.LIST, ("a@",), ("b@",), "a@#dieu-1", 7, ("x",))
    assert Topic.read(topic.to_slot()) == topic


def test_a_topic_stays_small():
    topic = Topic.read(
        Topic("x" * 9_000, kind=Kind.LIST, documents=("d",) * 99, choices=("c",) * 99).to_slot()
        | {"documents": ["d"] * 99, "choices": ["c"] * 99}
    )
    assert topic is not None
    assert len(topic.question) == QUESTION_AT_MOST
    assert len(topic.documents) == DOCUMENTS_AT_MOST
    assert len(topic.choices) == CHOICES_AT_MOST


@pytest.mark.parametrize(
    ("shown", "pick", "result"), [(5, 1, "a"), (5, -1, "e"), (5, 6, None), (10, 7, "b"), (10, 2, "b"), (10, 11, None)]
)
def test_a_result_is_picked_by_its_number_or_by_its_line(shown, pick, result):
    assert Topic(kind=Kind.LIST, documents=("x",), listed=tuple("abcde"), shown=shown).picked(pick) == result


def test_nothing_is_picked_where_nothing_was_shown():
    assert Topic().picked(1) is None
    assert Topic().picked(-1) is None
