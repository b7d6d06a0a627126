"""Several wants in one message: which one is the main one, and what else is wanted."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from bot.nlu.understanding import Understood

Ranking = Sequence[tuple[str, float]]

DANGER = frozenset({"report_emergency", "express_crisis"})
"""Comes before everything else that a message says."""

SMALL_TALK = frozenset({"greet", "thank", "goodbye", "affirm", "give_feedback"})
"""Gives way to whatever else a message says."""

SURE = 0.6
"""Probability from which a part of a message is a want of its own."""

IN_THE_WHOLE = 0.2
"""Probability that the whole message gives a want of its part for that to be its main one: out of its sentence "xã An
Khánh đây" asks for a place, in a greeting it says who is there."""

DANGER_IN_THE_WHOLE = 0.001
"""Probability that the whole gives a danger of its part for that to be one: "con dậy rồi, em phải đi" is none."""

CERTAINLY_DANGER = 0.95
"""Probability from which a part is in danger whatever the whole says, which may be long and about something else."""

LIKELY = 0.5
"""Probability by words alone from which it is worth asking the encoder about a part."""

MOST_PARTS = 4
"""Parts of a message that are looked at; a letter of ten sentences has one want, and it is not found by counting."""

_SEPARATOR = re.compile(r"(?<![.?!;\n])[.?!;\n]+(?:\s+|$)|,\s+")


@dataclass(frozen=True, slots=True)
class Want:
    """A want beside the main one."""

    intent: str
    text: str  # raw, as typed
    confidence: float


class Ranker(Protocol):
    """Ranks intents of messages and of parts of messages."""

    def guess(self, part: Understood) -> tuple[str, float]:
        """Return the likeliest intent by words alone, which costs little."""

    def rank(self, message: Understood) -> Ranking:
        """Return intents with their probabilities, best first."""


def wants(whole: Understood, ranker: Ranker) -> tuple[Ranking, list[Want]]:
    """Return the ranking of the main want of a message, best intent first, and the other wants in their order.

    The main want is what the whole looks like, unless that is small talk or no danger and a part that is sure is a
    question or danger, which the whole does not rule out. A part is only ranked where its words alone make another want
    likely.
    """
    main = ranker.rank(whole)
    shares = dict(main)
    sure: list[tuple[Understood, Ranking]] = []
    for part in split(whole):
        intent, share = ranker.guess(part)
        if share >= LIKELY and (intent != main[0][0] or intent in DANGER):
            found = ranker.rank(part)
            if found[0][1] >= SURE and not _is_ruled_out(found, shares):
                sure.append((part, found))
    for _, found in sure:
        intent, share = found[0]
        is_surer_danger = intent in DANGER and (main[0][0] not in DANGER or main[0][1] < share)
        is_question = intent not in SMALL_TALK and shares[intent] >= IN_THE_WHOLE
        if is_surer_danger or (main[0][0] in SMALL_TALK and is_question):
            main = found
    also: list[Want] = []
    for part, found in sure:
        intent, share = found[0]
        if intent != main[0][0] and intent not in {want.intent for want in also}:
            also.append(Want(intent, part.reading.raw, share))
    return main, also


def _is_ruled_out(part: Ranking, whole: Mapping[str, float]) -> bool:
    """Say whether a part looks like danger, and neither it nor the whole message is sure enough of that."""
    intent, share = part[0]
    return intent in DANGER and share < CERTAINLY_DANGER and whole[intent] < DANGER_IN_THE_WHOLE


def split(whole: Understood) -> list[Understood]:
    """Return the parts of a message between full stops, question marks and commas, each in all its forms.

    [] where nothing parts it. Nothing is read anew: every form is cut at its own separators. Parts of one word go with
    their neighbour's want and are left out.
    """
    reading = whole.reading
    if _SEPARATOR.search(reading.raw) is None:
        return []
    forms = [
        [part.strip() for part in _SEPARATOR.split(form)]
        for form in (reading.raw, reading.written_out, reading.restored, reading.folded, whole.masked)
    ]
    if len({len(parts) for parts in forms}) > 1:  # a short form that was written out has brought a stop
        return []
    parts = [
        Understood(replace(reading, raw=raw, written_out=written_out, restored=restored, folded=folded), (), masked)
        for raw, written_out, restored, folded, masked in zip(*forms, strict=True)
        if len(raw.split()) > 1 or (reading.lang == "zh" and len(raw) > 1)
    ]
    return parts[:MOST_PARTS]
