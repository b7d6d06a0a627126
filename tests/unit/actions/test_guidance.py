"""What guides a document and what it guides: told where that is asked, and not where its content or help is."""

from __future__ import annotations

import pytest

from actions.guidance import tell_guidance
from index.document import Relation, RelationKind
from tests.unit.actions.conftest import GUIDE, Conversation, a_document, make_desk

DECREE = a_document(
    "161/2026/NĐ-CP",
    "Mức lương cơ sở",
    "Nghị định quy định mức lương cơ sở là 2.530.000 đồng/tháng.",
    issued="2026-05-15",
    effective="2026-07-01",
    relations=(Relation(RelationKind.GUIDED_BY, "13/2026/TT-BNV"),),
)


@pytest.fixture(scope="module")
def small_desk(tmp_path_factory):
    return make_desk(tmp_path_factory.mktemp("small_desk"), (DECREE, GUIDE))


@pytest.fixture
def told(small_desk, ask):
    """The lines told of what guides a document, or of what it guides; empty where neither is asked."""

    def told(document, text):
        reply = tell_guidance(document, ask(text), small_desk)
        return reply.text.splitlines()[1:] if reply else []

    return told


@pytest.mark.parametrize(
    "text",
    [
        "luật quy định chi tiết thế nào",
        "nghị định quy định chi tiết những gì",
        "nghị định quy định chi tiết về những gì",
        "văn bản hướng dẫn như thế nào",
        "nó hướng dẫn cái gì",
        "can you give me guidance",
        "I need guidance",
    ],
)
def test_what_a_document_says_in_detail_is_no_question_for_what_guides_it(small_desk, ask, text):
    assert tell_guidance(DECREE, ask(text), small_desk) is None


@pytest.mark.parametrize(
    "text",
    [
        "có thông tư hướng dẫn chưa",
        "có văn bản hướng dẫn gì không",
        "thông tư nào quy định chi tiết",
        "thông tư hướng dẫn quy định gì",
        "is there any guidance?",
        "which guidance is there for it",
        "guiding circular?",
    ],
)
def test_what_guides_it_is_told(told, text):
    assert "13/2026/TT-BNV" in "".join(told(DECREE, text))


@pytest.mark.parametrize(
    "text", ["nó hướng dẫn nghị định nào", "hướng dẫn thi hành cho luật gì", "nó hướng dẫn cái nào"]
)
def test_what_it_guides_is_told(told, text):
    assert "161/2026/NĐ-CP" in "".join(told(GUIDE, text))


def test_a_wish_for_guidance_in_a_conversation_is_none_for_the_circulars(small_desk):
    talk = Conversation(small_desk)
    talk.say("lookup_document", "nghị định 161/2026/NĐ-CP")
    wish = {"intent_ranking": [{"name": "ask_help", "confidence": 0.98}]}
    assert talk.say("give_fixed_reply", "can you give me guidance", **wish) == "utter_help"
