"""`action_show_full_text`: where the whole document stands, how much of it is held here, how to print it."""

from __future__ import annotations

from actions.about_document import AboutDocument
from actions.articles import articles_held
from actions.citing import cite, name_of
from actions.question import Question
from actions.referents import Meant, passage_shown
from actions.told import Told
from actions.whereabouts import where_to_read
from bot.reply import AnswerStatus, Reply
from index.document import Document, TextKind


class ShowFullText(AboutDocument):
    """Give the address of the full text; the text itself is too long for a chat."""

    action_name = "action_show_full_text"
    follow_up = "full_text"

    def tell(self, meant: Meant, question: Question) -> Told:
        """Tell where the whole text stands."""
        passage = None if meant.is_named else passage_shown(question.topic, meant.document, self.desk)
        return Told(
            self._tell(meant.document, question),
            about=question if meant.is_named else None,
            intent=self.intent,
            passage=passage.id if passage else None,
        )

    def _tell(self, document: Document, question: Question) -> Reply:
        wording, lang = self.desk.wording, question.lang
        passages = list(self.desk.catalogue.passages(document.id))
        official = [passage for passage in passages if passage.text_kind is TextKind.OFFICIAL]
        articles = articles_held(official)
        name = name_of(document, wording=wording, lang=lang)
        lines = [wording.text("actions.full_text", lang, document=name)]
        lines.append(where_to_read(document, wording=wording, lang=lang))
        if articles:
            facts = {"count": len(articles), "first": articles[0]}
            lines.append(wording.text("actions.full_text_articles", lang, **facts))
        elif official:
            lines.append(wording.text("actions.full_text_parts", lang, count=len(official)))
        else:
            lines.append(wording.text("actions.full_text_not_held", lang))
        lines.append(wording.text("actions.full_text_print", lang))
        validity = self.desk.source(document, question.as_of).validity
        return Reply(AnswerStatus.ANSWERED, "\n".join(lines), (cite(document, validity),), lang=lang)
