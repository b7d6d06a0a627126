"""A question is prepared once, however often one message is searched for."""

import numpy as np

from index.asking import QUESTIONS_KEPT, QuestionPreparer
from index.testing import AsTyped, HashEmbedder


class Counting(HashEmbedder):
    """Counts the texts it is asked for."""

    asked = 0

    def embed_queries(self, texts):
        self.asked += len(texts)
        return super().embed_queries(texts)


def test_a_question_is_encoded_once():
    embedder = Counting()
    preparer = QuestionPreparer(embedder=embedder, reader=AsTyped())
    first = preparer.prepare("lương cơ sở", "vi", "vi")
    again = preparer.prepare("lương cơ sở", "vi", "vi")
    assert embedder.asked == 1
    assert np.array_equal(first.vector, again.vector)


def test_only_the_last_questions_are_kept():
    embedder = Counting()
    preparer = QuestionPreparer(embedder=embedder, reader=AsTyped())
    for number in range(QUESTIONS_KEPT + 1):
        preparer.prepare(f"câu {number}", "vi", "vi")
    preparer.prepare("câu 0", "vi", "vi")
    assert embedder.asked == QUESTIONS_KEPT + 2
