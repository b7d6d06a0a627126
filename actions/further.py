"""Further wants in one message, beside the one that its action answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.reply import CITING, Button, Reply

FURTHER_AT_MOST = 4
"""Further parts of a message that are heard."""

POINTERS = {
    "submit_petition": "actions.also_petition",
    "ask_petition_status": "actions.also_petition",
    "ask_for_person": "actions.also_person",
    "report_scam": "actions.also_scam",
}
"""Wants beside a question that get a short pointer: intent → key of the wording."""

DANGERS = {"report_emergency": "utter_emergency", "express_crisis": "utter_crisis"}
"""Wants that come before whatever else was asked: intent → response of domain.yml, most urgent first."""


@dataclass(frozen=True, slots=True)
class Further:
    """One further part of a message."""

    intent: str
    text: str  # raw
    confidence: float = 0.0

    @classmethod
    def read_all(cls, value: object) -> tuple[Further, ...]:
        """Read `latest_message["also"]`; parts that are none are left out, anything but a list is none at all."""
        parts: list[Further] = []
        for part in value if isinstance(value, list) else []:
            if not isinstance(part, dict):
                continue
            intent, text, confidence = part.get("intent"), part.get("text"), part.get("confidence")
            if isinstance(intent, str) and isinstance(text, str) and text.strip():
                share = float(confidence) if isinstance(confidence, (int, float)) else 0.0
                parts.append(cls(intent, text, share))
        return tuple(parts[:FURTHER_AT_MOST])


def join(main: Reply, others: Sequence[Reply]) -> Reply:
    """Put the answers to further wants under the main one: texts joined, citations united.

    Status, buttons and language are those of the main reply. Where that found nothing and another one did, the status
    is the other's: what it cites is shown.
    """
    status = main.status
    if status not in CITING:
        status = next((other.status for other in others if other.citations), status)
    citations = dict.fromkeys(citation for reply in (main, *others) for citation in reply.citations)
    return replace(
        main,
        status=status,
        text="\n\n".join(reply.text for reply in (main, *others)),
        citations=tuple(citations) if status in CITING else (),
        buttons=_distinct((*main.buttons, *(button for other in others for button in other.buttons))),
    )


def _distinct(buttons: Sequence[Button]) -> tuple[Button, ...]:
    return tuple({button.text: button for button in reversed(buttons)}.values())[::-1]
