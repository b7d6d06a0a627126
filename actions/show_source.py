"""`action_show_source`: where an answer comes from, as of when, and in whose words it was."""

from __future__ import annotations

from actions.about_document import AboutDocument
from actions.citing import cite, name_of, say_validity, show_date, title_in
from actions.question import Question
from actions.referents import Meant, passage_shown
from actions.routing import action_for
from actions.told import Told
from actions.topic import Kind
from actions.whereabouts import where_to_read
from bot.reply import AnswerStatus, Reply
from index.document import Document, Passage, TextKind


class ShowSource(AboutDocument):
    """Name the document behind an answer, where it was read and when."""

    action_name = "action_show_source"
    follow_up = "source"

    def answer(self, question: Question) -> Told:
        """Find the document; an answer from a table of ours names its source itself."""
        topic = question.topic
        if topic and topic.kind in (Kind.CONTACT, Kind.PLACES) and not topic.documents:
            action = action_for(topic.intent, self.desk)
            if action and not self.desk.own_words(question.text):
                return action.answer(question.asking(topic.question))
        return super().answer(question)

    def tell(self, meant: Meant, question: Question) -> Told:
        """Tell the source of what was shown of a document, or of the document."""
        passage = None if meant.is_named else passage_shown(question.topic, meant.document, self.desk)
        reply = self._tell(meant.document, passage, question)
        return Told(
            reply,
            about=question if meant.is_named else None,
            intent=self.intent,
            passage=passage.id if passage else None,
        )

    def _tell(self, document: Document, passage: Passage | None, question: Question) -> Reply:
        wording, lang = self.desk.wording, question.lang
        source = self.desk.source(document, question.as_of, passage)
        name = name_of(document, wording=wording, lang=lang)
        lines = [wording.text("actions.source_document", lang, document=name, title=title_in(document, lang))]
        if passage is not None:
            key = f"actions.source_{passage.text_kind.value}"
            if passage.text_kind is TextKind.OFFICIAL and passage.location:
                lines.append(wording.text("actions.source_official_at", lang, location=passage.location))
            else:
                lines.append(wording.text(key, lang))
        key = "source_read" if document.checked_on else "source_read_undated"
        checked_on = show_date(document.checked_on, lang)
        lines.append(wording.text(f"actions.{key}", lang, source=document.source, checked_on=checked_on))
        lines.append(where_to_read(document, wording=wording, lang=lang))
        lines.append(say_validity(document, source.validity, wording=wording, lang=lang))
        citation = cite(document, source.validity, passage)
        return Reply(AnswerStatus.ANSWERED, "\n".join(lines), (citation,), lang=lang)
