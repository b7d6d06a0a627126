"""`action_show_short`: a document in short, in our own summary where one is held; nothing is summed up on the spot."""

from __future__ import annotations

from actions.about_document import AboutDocument
from actions.answer import Source, show
from actions.citing import cite, name_of, say_validity, show_date, title_in
from actions.question import Question
from actions.referents import Meant
from actions.told import Told
from bot.reply import AnswerStatus, Reply
from index.document import Document, TextKind


class ShowShort(AboutDocument):
    """Show our summary, marked as ours; without one the title and the dates, and that there is none."""

    action_name = "action_show_short"
    follow_up = "short"

    def tell(self, meant: Meant, question: Question) -> Told:
        """Show the summary that is held."""
        document, about = meant.document, question if meant.is_named else None
        passages = self.desk.catalogue.passages(document.id)
        summary = next((passage for passage in passages if passage.text_kind is TextKind.SUMMARY), None)
        source = self.desk.source(document, question.as_of, summary)
        if summary is None:
            return Told(self._without(source, question), about=about, intent=self.intent)
        reply = show(source, wording=self.desk.wording, lang=question.lang)
        return Told(reply, about=about, intent=self.intent, passage=summary.id)

    def _without(self, source: Source, question: Question) -> Reply:
        wording, lang = self.desk.wording, question.lang
        document: Document = source.document
        text = wording.text(
            "actions.short_none",
            lang,
            document=name_of(document, wording=wording, lang=lang),
            title=title_in(document, lang),
            issued_on=show_date(document.issued_on, lang),
            effective_on=show_date(document.effective_on, lang),
            validity=say_validity(document, source.validity, wording=wording, lang=lang),
        )
        return Reply(AnswerStatus.ANSWERED, text, (cite(document, source.validity),), lang=lang)
