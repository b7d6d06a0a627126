"""`action_check_validity`: does a document still hold."""

from __future__ import annotations

import re

from actions.answer import ask_what, not_found, standing
from actions.base import InformingAction
from actions.numbers import answer_by_number, tell_validity
from actions.question import Question
from actions.search import find
from actions.words import subject_of
from bot.reply import Reply
from index.text.number import type_of

YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
"""A year beside a document's name ("Luật Đất đai 2013") is the one in which it was issued."""

NEAR_AT_MOST = 2
"""Documents named where none is the one that was asked about."""


class CheckValidity(InformingAction):
    """Tell from when to when a document holds, as far as the catalogue knows."""

    action_name = "action_check_validity"

    def reply_to(self, question: Question) -> Reply:
        """Tell the validity of the document named by number, else of the one whose name, type and year fit best.

        The validity of another document would be taken for that of the one in question, so type and year must be right.
        """
        by_number = answer_by_number(question, self.desk, about_validity=True)
        if by_number is not None:
            return by_number
        wording, lang = self.desk.wording, question.lang
        if lang == "vi" and not subject_of(question.text, self.desk.function_words):
            return ask_what(wording=wording, lang=lang)
        years = {int(year) for year in YEAR.findall(question.text)}
        policy = self.desk.policy
        found = sorted(
            find(question, self.desk, type=type_of(question.text)),
            key=lambda candidate: -standing(candidate, policy),
        )
        strong = [candidate.source for candidate in found if policy.accepts(candidate.hit, lang)]
        for source in strong:
            issued_on = source.document.issued_on
            if not years or (issued_on and issued_on.year in years):
                return tell_validity(source.document, question, self.desk)
        checked_on = self.desk.checked_on(lang)
        return not_found(strong[:NEAR_AT_MOST], wording=wording, lang=lang, checked_on=checked_on)
