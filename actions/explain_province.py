"""`action_explain_province`: which province a place belongs to now, and what a province was formed from."""

from __future__ import annotations

import re

from actions.answer import explain
from actions.base import InformingAction
from actions.citing import show_date
from actions.communes import tell_area, tell_communes
from actions.lookup_contact import LookupContact
from actions.policy import Sureness
from actions.question import Question
from actions.search import answer_from_index
from actions.topic import Kind
from bot.reply import AnswerStatus, Reply
from index.text.bodies import find_bodies
from index.text.communes import find_communes, find_district
from index.text.places import Match, find_places
from index.text.unicode import fold, normalise, syllables
from index.text.units import COMMUNES_AS_OF

BASIS = "202/2025/QH15"  # the resolution that arranged the provinces in 2025
CITIES_BASIS = "30/2026/QH16"  # the one that made Đồng Nai a city under central rule
COMMUNE_WORDS = frozenset({"phuong", "xa"})
_PLACE_WORDS = frozenset("tinh thanh pho xa phuong dac khu huyen quan sap nhap gop lap thuoc hanh chinh vi".split())  # noqa: SIM905 - a list of words reads better so
"""Folded words that a question about a place may hold without naming one."""

COMMUNES_AT_MOST = 4
"""Communes of a former town that are named beside its province."""

HOW_MANY_PROVINCES = re.compile(
    r"\b(?:bao nhieu|may|so luong|tong so) (?:don vi hanh chinh cap )?(?:tinh|thanh pho (?:truc thuoc|trung uong))\b|"
    r"\bhow many (?:provinces|provincial|cities)|(?:多少|几)个?(?:省|直辖市)"
)
"""Folded words that ask for the number of provincial units."""

HOW_MANY = re.compile(r"bao nhieu (?:don vi cap )?(?:xa|phuong|dac khu)|how many (?:communes|wards)")
"""Folded words that ask for the number of communes."""

_OWN_COMMUNE = re.compile(
    r"\b(?:xa|phuong|thi tran|huyen|que|lang|thon)(?: nha| cua)* "
    r"(?:toi|tui|minh|em|anh|chi|con|chau|bac|nha(?! nuoc)|ban tui|tao|choa)\b|"
    r"\b(?:my|our) (?:commune|ward|village|district|hometown)\b|我(?:们|家)?的?(?:坊|乡|社|村|县|老家)"
)
"""Folded words for a place below the province that is somebody's own, and not named."""


class ExplainProvince(InformingAction):
    """Explain a provincial unit from data/provinces.jsonl, citing the resolutions it rests on."""

    action_name = "action_explain_province"
    of_this_country = True
    intent = "ask_province_merger"
    kind = Kind.PLACES

    def reply_to(self, question: Question) -> Reply:
        """Explain each unit that is named; a commune alone is asked back, and a general question goes to the index."""
        bodies = find_bodies(question.text, self.desk.bodies)
        if any(match.old_name for match in bodies):
            return LookupContact(self.desk).reply_to(question)
        communes = find_communes(question.text, self.desk.gazetteer)
        if communes:
            return tell_communes(communes, question, self.desk)
        places = find_places(question.text, self.desk.gazetteer) or self._talked_about(question)
        folded = fold(normalise(question.text))
        if not places and asks_of_own_commune(question.text):
            return self._ask_back("actions.which_commune", question)
        if places:
            return self._explain(places, question, counts=bool(HOW_MANY.search(folded)))
        if HOW_MANY_PROVINCES.search(folded):
            return self._count_provinces(question)
        answer = answer_from_index(question, self.desk)
        if answer.status is not AnswerStatus.ANSWERED and not bodies and COMMUNE_WORDS & set(syllables(folded)):
            return self._ask_back("actions.which_place", question)
        return answer

    def gives_way(self, question: Question) -> Sureness | None:
        """Return that the index may answer instead where no unit is named: what became of one is in the table."""
        is_table = self.names_one(question) or HOW_MANY_PROVINCES.search(fold(normalise(question.text)))
        return None if is_table or asks_of_own_commune(question.text) else Sureness.CERTAIN

    def _ask_back(self, sentence: str, question: Question) -> Reply:
        text = self.desk.wording.text(sentence, question.lang)
        return Reply(AnswerStatus.CLARIFY_VAGUE, text, lang=question.lang)

    def _count_provinces(self, question: Question) -> Reply:
        wording, lang = self.desk.wording, question.lang
        units = self.desk.gazetteer.units
        cities = [unit.short for unit in units if unit.kind == "thành phố"]
        counts = {"total": len(units), "provinces": len(units) - len(cities), "cities": len(cities)}
        paragraphs = [
            wording.text("actions.place_count", lang, names=", ".join(cities), **counts),
            wording.text("actions.place_city_note", lang),
        ]
        basis = [*self.desk.sources(BASIS, question.as_of)[:1], *self.desk.sources(CITIES_BASIS, question.as_of)[:1]]
        return explain(paragraphs, basis, wording=wording, lang=lang)

    def _talked_about(self, question: Question) -> list[Match]:
        """Return the provinces that the question before named, for one that names no place: "nó có bao nhiêu xã?"."""
        topic = question.topic
        own = self.desk.own_words(question.text, with_aspects=False)
        if topic is None or topic.kind is not Kind.PLACES or not _PLACE_WORDS.issuperset(own):
            return []
        return find_places(topic.question, self.desk.gazetteer)

    def names_one(self, question: Question) -> bool:
        """Tell whether a question names a provincial unit, of today or a former one, or counts the communes of "it"."""
        if find_places(question.text, self.desk.gazetteer):
            return True
        return HOW_MANY.search(fold(normalise(question.text))) is not None and bool(self._talked_about(question))

    def _explain(self, places: list[Match], question: Question, *, counts: bool) -> Reply:
        sentences = ((self._town(place, question.lang), self._sentence(place, question)) for place in places)
        paragraphs = list(dict.fromkeys(sentence for pair in sentences for sentence in pair if sentence))
        if counts:
            paragraphs[:0] = dict.fromkeys(self._count(place, question.lang) for place in places)
        basis = self.desk.sources(BASIS, question.as_of)[:1]
        if any(place.now.note for place in places):
            paragraphs.append(self.desk.wording.text("actions.place_city_note", question.lang))
            basis += self.desk.sources(CITIES_BASIS, question.as_of)[:1]
        return explain(paragraphs, basis, wording=self.desk.wording, lang=question.lang)

    def _town(self, place: Match, lang: str) -> str | None:
        """Say in which province a former town lay that was named instead of it: "Đà Lạt"."""
        town = find_district(place, self.desk.gazetteer)
        if town is None:
            return None
        if len(town.now) <= COMMUNES_AT_MOST:
            return tell_area(town, lang, self.desk.wording)
        day = show_date(COMMUNES_AS_OF, lang)
        return self.desk.wording.text("actions.place_town", lang, town=town.name, old=place.name, since=day)

    def _count(self, place: Match, lang: str) -> str:
        as_of = show_date(COMMUNES_AS_OF, lang)
        count = place.now.communes
        return self.desk.wording.text("actions.place_commune_count", lang, now=place.now.name, count=count, as_of=as_of)

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


def asks_of_own_commune(text: str) -> bool:
    """Tell whether a text speaks of somebody's own commune, ward or district: "xã của tôi nay thuộc đâu"."""
    return _OWN_COMMUNE.search(fold(normalise(text))) is not None
