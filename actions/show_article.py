"""`action_show_article`: an article, clause or point of a document, quoted; or honestly that it is not held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from actions.answer import Source, show
from actions.articles import ArticleRef, articles_held, find_article, passages_at
from actions.base import FollowUp
from actions.citing import cite, name_of
from actions.numbers import show_document
from actions.question import Question
from actions.referents import document_meant, passage_shown
from actions.told import Told
from actions.whereabouts import where_to_read
from bot.reply import AnswerStatus, Reply
from index.document import Document, Passage, TextKind

QUOTED_AT_MOST = 2_400
"""Characters of one article that are shown at once: a phone's screen or two; the rest follows on "more"."""

ARTICLES_NAMED = 15
"""Labels of articles that are named where the one wanted is not held."""


class ShowArticle(FollowUp):
    """Quote the place that was asked for; never another one in its stead."""

    action_name = "action_show_article"
    intent = "ask_article"

    def answer(self, question: Question) -> Told:
        """Quote from the document named, else from the one that the conversation is about."""
        meant = document_meant(question, self.desk)
        if isinstance(meant, Reply):
            return self.instead(meant, question)
        document, about = meant.document, question if meant.is_named else None
        ref = self._place(question, document)
        if ref is None:  # "điều này nói gì": nothing but the document is named
            return Told(show_document(document, question, self.desk), about=about, intent="ask_document_by_number")
        passages = list(self.desk.catalogue.passages(document.id))
        found = passages_at(ref, passages)
        if not found:
            reply = self._not_held(ref, document, passages, question)
            return Told(reply, about=about, intent=self.intent, documents=(document.id,))
        shown = _first_part(found)
        joined = replace(shown[0], text="\n".join(each.text for each in shown), location=_span(ref, shown, found))
        source = self.desk.source(document, question.as_of, joined)
        reply = show(source, wording=self.desk.wording, lang=question.lang)
        has_more = len(shown) < len(found)
        return Told(reply, about=about, intent=self.intent, passage=shown[-1].id, has_more=has_more)

    def _place(self, question: Question, document: Document) -> ArticleRef | None:
        """Return the place that is meant; a clause alone is one of the article that was shown last."""
        ref = find_article(question.text)
        passage = passage_shown(question.topic, document, self.desk)
        if ref is None or ref.article is not None or passage is None:
            return ref
        before = ArticleRef.of(passage.location)
        return ArticleRef(before.article, ref.clause or before.clause, ref.point)

    def _not_held(self, ref: ArticleRef, document: Document, passages: Sequence[Passage], question: Question) -> Reply:
        wording, lang = self.desk.wording, question.lang
        name = name_of(document, wording=wording, lang=lang)
        where = where_to_read(document, wording=wording, lang=lang)
        source = self.desk.source(document, question.as_of)
        if any(passage.text_kind is TextKind.OFFICIAL for passage in passages):
            held = articles_held(passages)
            articles = ", ".join(held[:ARTICLES_NAMED]) + (", …" if len(held) > ARTICLES_NAMED else "")
            key = "article_not_among" if held else "article_not_divided"
            text = wording.text(f"actions.{key}", lang, document=name, place=ref.label, articles=articles or "–")
            return Reply(AnswerStatus.NO_ANSWER_NOT_FOUND, f"{text}\n\n{where}", lang=lang)
        summary = next((each for each in passages if each.text_kind is TextKind.SUMMARY), None)
        text = wording.text("actions.article_no_text", lang, document=name, place=ref.label)
        body = show(Source(document, source.validity, summary), wording=wording, lang=lang).text
        citation = cite(document, source.validity, summary)
        return Reply(AnswerStatus.ANSWERED, f"{text} {where}\n\n{body}", (citation,), lang=lang)


def _first_part(found: Sequence[Passage]) -> list[Passage]:
    """Take passages from the beginning while they fit one answer, at least one."""
    taken = [found[0]]
    length = len(found[0].text)
    for passage in found[1:]:
        length += len(passage.text)
        if length > QUOTED_AT_MOST:
            break
        taken.append(passage)
    return taken


def _span(ref: ArticleRef, shown: Sequence[Passage], found: Sequence[Passage]) -> str | None:
    """Name what is shown: the place itself where it is shown whole, else from where to where."""
    first, last = shown[0].location, shown[-1].location
    if len(shown) == 1:
        return first
    if len(shown) == len(found):
        return ref.label
    article = f"Điều {ref.article}, "
    return f"{first} – {(last or '').removeprefix(article)}"
