"""`action_lookup_contact`: how to reach a body, only from the table of contacts."""

from __future__ import annotations

from actions.agencies import Contact
from actions.base import InformingAction
from actions.citing import show_date
from actions.question import Question
from bot.reply import AnswerStatus, Reply
from index.text.bodies import find_bodies


class LookupContact(InformingAction):
    """Give what the table holds, with its source and whether anybody has confirmed it; never a guess."""

    action_name = "action_lookup_contact"

    def reply_to(self, question: Question) -> Reply:
        """Answer for the first body that is named and stands in the table."""
        for match in find_bodies(question.text, self.desk.bodies):
            contact = self.desk.directory.find(match.name)
            if contact and (contact.website or contact.phone):
                return self._show(contact, question)
        text = self.desk.wording.text("actions.contact_not_found", question.lang)
        return Reply(AnswerStatus.NO_ANSWER_NOT_FOUND, text, lang=question.lang)

    def _show(self, contact: Contact, question: Question) -> Reply:
        wording, lang = self.desk.wording, question.lang
        lines = []
        if contact.website:
            lines.append(wording.text("actions.contact_website", lang, name=contact.name, website=contact.website))
        if contact.phone:
            lines.append(wording.text("actions.contact_phone", lang, name=contact.name, phone=contact.phone))
        else:
            lines.append(wording.text("actions.contact_partly", lang, name=contact.name))
        if contact.checked_on:
            day = show_date(contact.checked_on, lang)
            lines.append(wording.text("actions.contact_source_checked", lang, source=contact.source, checked_on=day))
        else:
            lines.append(wording.text("actions.contact_source_unchecked", lang, source=contact.source))
        return Reply(AnswerStatus.ANSWERED, "\n".join(lines), lang=lang)
