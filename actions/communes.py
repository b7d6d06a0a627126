"""What became of a commune or district, and what a commune was formed from: sentences from data/communes.jsonl."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from actions.answer import explain
from actions.citing import show_date
from actions.desk import Desk
from actions.question import Question
from bot.reply import AnswerStatus, Button, Reply
from bot.wording import Wording
from index.text.communes import CommuneMatch
from index.text.units import COMMUNES_AS_OF, Area, Commune, Former

TWO_LEVELS_BASIS = "203/2025/QH15"  # the amendment of the Constitution that ended the district level
CITY_OF_NEW_WARDS = "75"  # Đồng Nai: its ten wards of 2026-04-30 are not in the table
CHOICES_AT_MOST = 4
"""Choices in one question back, and areas explained in one answer."""


def tell_communes(matches: Sequence[CommuneMatch], question: Question, desk: Desk) -> Reply:
    """Explain what is named, or ask which one is meant where its name leaves that open."""
    paragraphs: list[str] = []
    areas: list[Area] = []
    for match in matches:
        meant = _distinct(match.areas)
        provinces = _grouped(meant, lambda area: _heirs(area)[0].province.short)
        if len(provinces) > 1:
            return _ask_which(meant, provinces, question, desk)
        if len(meant) > CHOICES_AT_MOST:
            return _ask_which(meant, _grouped(meant, _former_place), question, desk)
        areas += meant
    for area in areas[:CHOICES_AT_MOST]:
        paragraphs.append(tell_area(area, question.lang, desk.wording))
    paragraphs.append(_as_of(question.lang, desk))
    if any(heir.province.code == CITY_OF_NEW_WARDS for area in areas for heir in _heirs(area)):
        paragraphs.append(desk.wording.text("actions.commune_dong_nai", question.lang))
    basis = []
    if any(isinstance(area, Former) and area.is_district for area in areas):
        basis = desk.sources(TWO_LEVELS_BASIS, question.as_of)[:1]
    return explain(list(dict.fromkeys(paragraphs)), basis, wording=desk.wording, lang=question.lang)


def tell_levels(question: Question, desk: Desk) -> Reply:
    """Say that the district level is gone, and how many communes there were when it ended."""
    kinds = Counter(commune.kind for commune in desk.gazetteer.communes)
    text = desk.wording.text(
        "actions.commune_levels",
        question.lang,
        since=show_date(COMMUNES_AS_OF, question.lang),
        total=_number(kinds.total(), question.lang),
        wards=_number(kinds["phường"], question.lang),
        rural=_number(kinds["xã"], question.lang),
        zones=_number(kinds["đặc khu"], question.lang),
    )
    basis = desk.sources(TWO_LEVELS_BASIS, question.as_of)[:1]
    return explain([text], basis, wording=desk.wording, lang=question.lang)


def tell_area(area: Area, lang: str, wording: Wording) -> str:
    """Say in one sentence what a commune was formed from, or where a former commune or district belongs now."""
    since = show_date(COMMUNES_AS_OF, lang)
    if isinstance(area, Commune):
        now = f"{area.name}, {area.province.name}"
        if _is_unchanged(area):
            place = f"{area.formed_from[0].district}, {area.formed_from[0].province}"
            return wording.text("actions.commune_unchanged", lang, now=now, place=place)
        formed_from = _formed_from(area, lang, wording)
        return wording.text("actions.commune_formed", lang, now=now, since=since, formed_from=formed_from)
    province = area.now[0].province.name
    facts: dict[str, object] = {"old": area.name, "place": _former_place(area), "since": since}
    if area.is_district:
        communes = ", ".join(commune.name for commune in area.now)
        return wording.text(
            "actions.commune_district_gone", lang, now=province, count=len(area.now), communes=communes, **facts
        )
    now = ", ".join(commune.name for commune in area.now) + f" ({province})"
    if len(area.now) > 1:
        return wording.text("actions.commune_divided", lang, now=now, count=len(area.now), **facts)
    return wording.text("actions.commune_merged", lang, now=now, **facts)


def _formed_from(commune: Commune, lang: str, wording: Wording) -> str:
    origins = []
    for origin in commune.formed_from:
        parts = [wording.text("actions.commune_part", lang, name=name) for name in origin.parts]
        names = ", ".join([*origin.communes, *parts])
        place = f"{origin.district}, {origin.province}"
        origins.append(f"{names} ({place})" if names else place)
    return "; ".join(origins)


def _number(count: int, lang: str) -> str:
    """Write a number as it is read in `lang`: 3.321 (vi), 3,321."""
    return f"{count:,}".replace(",", "." if lang == "vi" else ",")


def _is_unchanged(commune: Commune) -> bool:
    return len(commune.formed_from) == 1 and (
        (commune.formed_from[0].communes, commune.formed_from[0].parts) == ((commune.name,), ())
    )


def _as_of(lang: str, desk: Desk) -> str:
    return desk.wording.text("actions.commune_as_of", lang, as_of=show_date(COMMUNES_AS_OF, lang))


def _ask_which(areas: Sequence[Area], groups: Sequence[str], question: Question, desk: Desk) -> Reply:
    name = areas[0].name if len({area.name for area in areas}) == 1 else areas[0].short
    key = "commune_which" if len(groups) <= CHOICES_AT_MOST else "commune_which_many"
    lead = desk.wording.text(f"actions.{key}", question.lang, name=name, count=len(groups))
    shown = groups[:CHOICES_AT_MOST]
    items = "\n".join(f"• {name}, {place}" for place in shown)
    buttons = tuple(
        Button(place, desk.wording.text("actions.commune_choice_text", question.lang, name=name, place=place))
        for place in shown
    )
    return Reply(AnswerStatus.CLARIFY_AMBIGUOUS, f"{lead}\n\n{items}", buttons=buttons, lang=question.lang)


def _distinct(areas: Sequence[Area]) -> list[Area]:
    """Leave out a former commune that went whole into one of today that is named too: that one's sentence tells it."""
    today = {area for area in areas if isinstance(area, Commune)}
    return [area for area in areas if isinstance(area, Commune) or len(area.now) > 1 or area.now[0] not in today]


def _grouped(areas: Iterable[Area], place_of: Callable[[Area], str]) -> list[str]:
    return list(dict.fromkeys(map(place_of, areas)))


def _heirs(area: Area) -> tuple[Commune, ...]:
    return area.now if isinstance(area, Former) else (area,)


def _former_place(area: Area) -> str:
    """Return where an area lay: "Huyện Củ Chi, Hồ Chí Minh", a district's province alone."""
    if isinstance(area, Commune):
        return area.province.short
    return f"{area.district}, {area.province}" if area.district else area.province
