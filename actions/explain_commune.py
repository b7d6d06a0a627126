"""`action_explain_commune`: which commune a former commune or district is now, what a commune was formed from."""

from __future__ import annotations

import re

from actions.base import InformingAction
from actions.communes import tell_communes, tell_levels
from actions.explain_province import ExplainProvince, asks_of_own_commune
from actions.policy import Sureness
from actions.question import Question
from actions.topic import Kind
from bot.reply import Reply
from index.text.communes import find_communes
from index.text.unicode import fold, normalise

_LEVELS = re.compile(
    r"\b(?:cap (?:quan )?huyen|(?:quan|huyen|thi xa)\b.{0,20}\b(?:bo|con khong|con ton tai|giai the)|"
    r"bo (?:quan|huyen|cap)|hai cap|2 cap|bao nhieu (?:don vi cap )?(?:xa|phuong|dac khu)|"
    r"district level|districts?\b.{0,30}\b(?:abolished|exist|left)|how many (?:communes|wards))\b"
)
"""Folded words by which a question is about the levels themselves, not about one place."""


class ExplainCommune(InformingAction):
    """Explain communes and former districts from data/communes.jsonl; asks back where a name means several."""

    action_name = "action_explain_commune"
    of_this_country = True
    intent = "ask_commune_merger"
    kind = Kind.PLACES

    is_easily_mistaken = True  # "sắp xếp thôn, tổ dân phố"

    def reply_to(self, question: Question) -> Reply:
        """Explain what is named; a province alone is explained as one, a question about the levels in general."""
        matches = find_communes(question.text, self.desk.gazetteer, eager=True)
        if matches:
            return tell_communes(matches, question, self.desk)
        provinces = ExplainProvince(self.desk)
        if not provinces.names_one(question) and _LEVELS.search(fold(normalise(question.text))):
            return tell_levels(question, self.desk)
        return provinces.reply_to(question)

    def gives_way(self, question: Question) -> Sureness | None:
        """Return that the index may answer instead, unless somebody's own commune is asked about without its name."""
        is_unnamed = asks_of_own_commune(question.text) and not find_communes(question.text, self.desk.gazetteer)
        return None if is_unnamed else super().gives_way(question)
