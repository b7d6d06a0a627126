"""`action_show_more`: the next results of a list, the next part of a document, then the documents around it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from actions.answer import Source, ask_what, list_documents, show
from actions.answer_question import AnswerQuestion
from actions.base import FollowUp
from actions.list_latest import ISSUING, LISTED_AT_MOST, ListLatest
from actions.question import Question
from actions.referents import documents_of
from actions.search import find
from actions.told import Told
from actions.topic import Kind, Topic
from bot.reply import AnswerStatus, Reply
from index.document import Passage, TextKind
from index.text.bodies import find_bodies
from index.text.number import find_numbers, type_of
from index.text.unicode import fold


class ShowMore(FollowUp):
    """Go on where the last answer stopped, and say so at the end."""

    action_name = "action_show_more"
    follow_up = None

    def answer(self, question: Question) -> Told:
        """A message with a subject of its own is a question; else the conversation tells what there is more of."""
        own = self.desk.own_words(question.text)
        if own or find_numbers(question.text):
            return self._about_itself(question)
        topic = question.topic
        if topic is None or not (topic.question or topic.documents):
            return Told(ask_what(wording=self.desk.wording, lang=question.lang), intent=self.intent)
        if topic.kind is Kind.LIST:
            return self._next_page(topic, question)
        if topic.kind is Kind.DOCUMENT:
            part = self._next_part(topic, question)
            if part is None and topic.listed:
                return self._next_page(topic, question)
            return part or self._related(topic, question, skip=0)
        return Told(self._end(question))

    def _about_itself(self, question: Question) -> Told:
        bodies = [match for match in find_bodies(question.text, self.desk.bodies) if match.body.kind in ISSUING]
        asks_for_list = type_of(question.text) or bodies or "van ban" in fold(question.text)
        if asks_for_list and not find_numbers(question.text):
            return ListLatest(self.desk).answer(question)
        return AnswerQuestion(self.desk).answer(question)

    def _next_page(self, topic: Topic, question: Question) -> Told:
        if topic.intent == ListLatest.intent:
            page = ListLatest(self.desk).page(question.asking(topic.question), skip=topic.shown)
            if isinstance(page.reply, Reply) and page.reply.status is AnswerStatus.LISTED:
                return page
            return Told(self._end(question))
        return self._related(topic, question, skip=topic.shown)

    def _next_part(self, topic: Topic, question: Question) -> Told | None:
        """Show the passage after the one shown last; None after the last one."""
        documents = documents_of(topic, self.desk)
        if not documents:
            return None
        passages = list(self.desk.catalogue.passages(documents[0].id))
        following = _after(topic.passage, [each for each in passages if each.text_kind is TextKind.OFFICIAL])
        if following is None:
            return None
        source = self.desk.source(documents[0], question.as_of, following)
        reply = show(source, wording=self.desk.wording, lang=question.lang)
        return Told(reply, passage=following.id)

    def _related(self, topic: Topic, question: Question, *, skip: int) -> Told:
        """List the documents that are near the question, without those shown; `skip` counts lines of the list."""
        if topic.intent != "ask_policy":
            return Told(self._end(question))
        asked = question.asking(topic.question)
        strong = [found.source for found in find(asked, self.desk) if self.desk.policy.accepts(found.hit)]
        shown = set(topic.documents[:1]) if topic.kind is Kind.DOCUMENT else set()
        rest: list[Source] = [source for source in strong if source.document.id not in shown]
        sources = rest[skip : skip + LISTED_AT_MOST]
        if not sources:
            return Told(self._end(question))
        total = skip + len(sources)
        reply = list_documents(
            self.desk.wording.text("actions.more_related", question.lang),
            sources,
            more=len(rest) - total,
            first=skip + 1,
            wording=self.desk.wording,
            lang=question.lang,
        )
        return Told(reply, shown=total, has_more=len(rest) > total)

    def _end(self, question: Question) -> Reply:
        text = self.desk.wording.text("actions.more_end", question.lang)
        return Reply(AnswerStatus.CHATTED, text, lang=question.lang)


def _after(shown: str | None, official: Sequence[Passage]) -> Passage | None:
    for passage, following in pairwise(official):
        if passage.id == shown:
            return following
    return None
