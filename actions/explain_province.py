"""`action_explain_province`: which province a place belongs to now, and what a province was formed from."""

from __future__ import annotations

from actions.answer import explain
from actions.base import InformingAction
from actions.citing import show_date
from actions.lookup_contact import LookupContact
from actions.question import Question
from actions.search import answer_from_index
from bot.reply import AnswerStatus, Reply
from index.text.bodies import find_bodies
from index.text.places import Match, find_places
from index.text.unicode import fold, normalise, syllables

BASIS = "202/2025/QH15"  # the resolution that arranged the provinces in 2025
CITIES_BASIS = "30/2026/QH16"  # the one that made Đồng Nai a city under central rule
COMMUNE_WORDS = frozenset({"phuong", "xa"})


class ExplainProvince(InformingAction):
    """Explain a provincial unit from data/provinces.jsonl, citing the resolutions it rests on."""

    action_name = "action_explain_province"

    def reply_to(self, question: Question) -> Reply:
        """Explain each unit that is named; a commune alone is asked back, and a general question goes to the index."""
        bodies = find_bodies(question.text, self.desk.bodies)
        if any(match.old_name for match in bodies):
            return LookupContact(self.desk).reply_to(question)
        places = find_places(question.text, self.desk.gazetteer)
        if places:
            return self._explain(places, question)
        if not bodies and COMMUNE_WORDS & set(syllables(fold(normalise(question.text)))):
            text = self.desk.wording.text("actions.which_place", question.lang)
            return Reply(AnswerStatus.CLARIFY_VAGUE, text, lang=question.lang)
        return answer_from_index(question, self.desk)

    def _explain(self, places: list[Match], question: Question) -> Reply:
        paragraphs = list(dict.fromkeys(self._sentence(place, question) for place in places))
        basis = self.desk.sources(BASIS, question.as_of)[:1]
        if any(place.now.note for place in places):
            paragraphs.append(self.desk.wording.text("actions.place_city_note", question.lang))
            basis += self.desk.sources(CITIES_BASIS, question.as_of)[:1]
        return explain(paragraphs, basis, wording=self.desk.wording, lang=question.lang)

    def _sentence(self, place: Match, question: Question) -> str:
        unit, lang = place.now, question.lang
        if unit.since is None:
            return self.desk.wording.text("actions.place_unchanged", lang, now=unit.name)
        facts = {
            "now": unit.name,
            "formed_from": ", ".join(unit.formed_from),
            "since": show_date(unit.since, lang),
        }
        if place.is_old:
            return self.desk.wording.text("actions.place_merged", lang, old=place.name, **facts)
        return self.desk.wording.text("actions.place_formed", lang, **facts)
