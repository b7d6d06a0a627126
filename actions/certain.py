"""What the index knows so well that it does not matter what the NLU took the message for.

A question about a storm shares its words with a prediction, one about a rating with an opinion. Where a document is
known to answer a question that says nearly the same, it answers, and no refusal or list stands in its way.
"""

from __future__ import annotations

from actions.desk import Desk
from actions.pointing_back import Leaning
from actions.question import Question
from actions.search import answer_from_index
from actions.told import Told
from bot.reply import AnswerStatus
from index.search import SearchQuery
from index.text.number import find_numbers


def answer_certainly(question: Question, desk: Desk) -> Told | None:
    """Answer from the index where its best hit is certain; None for anything else.

    A document named by number, and a message that says nothing without the one before, are never certain.
    """
    if find_numbers(question.text) or Leaning.of(question, desk).is_elliptical:
        return None
    best = desk.engine.search(SearchQuery(question.text, lang=question.written_in, limit=1))
    if not best or not desk.policy.is_certain(best[0]):
        return None
    reply = answer_from_index(question, desk)
    return Told(reply, about=question) if reply.status is AnswerStatus.ANSWERED else None
