"""What to do about one event, and what to say around the bot's answer: pure."""

from __future__ import annotations

from dataclasses import dataclass

from bot.reply import AnswerStatus, Reply, Turn, TurnResult
from bot.wording import DEFAULT_LANGUAGE, Wording
from channels.event import Claim, EventKind, TurnOutcome
from channels.text import MAX_QUESTION_CHARS, is_wordless


@dataclass(frozen=True, slots=True)
class Plan:
    """Either a turn to ask the bot, or a reply of our own; and the notices that go before it."""

    turn: Turn | None
    reply: Reply | None
    notices: tuple[str, ...]  # keys of sentences


def plan(claim: Claim, wording: Wording) -> Plan:
    """Decide about one claimed event: only visible text becomes a turn.

    A number of the choices offered last stands for that choice. A text over 2,000 characters is read to that
    length, and the person is told.
    """
    event = claim.event
    lang = event.lang or DEFAULT_LANGUAGE
    notices = ("gateway.machine_notice",) if claim.is_first else ()
    if event.kind is EventKind.OPENED:
        return Plan(None, Reply(AnswerStatus.CHATTED, wording.text("gateway.welcome", lang), lang=lang), notices)
    if event.kind is EventKind.OTHER:
        return Plan(None, Reply(AnswerStatus.CHATTED, wording.text("gateway.only_text", lang), lang=lang), notices)
    if is_wordless(event.text):
        empty = Reply(AnswerStatus.CLARIFY_VAGUE, wording.text("gateway.empty_text", lang), lang=lang)
        return Plan(None, empty, notices)
    text = _chosen(event.text, claim.choices)
    if len(text) > MAX_QUESTION_CHARS:
        text = text[:MAX_QUESTION_CHARS]
        notices = (*notices, "gateway.question_cut")
    turn = Turn(
        conversation=event.conversation,
        message_id=event.message_id,
        text=text,
        channel=event.channel,
        lang=event.lang,
        as_of=event.as_of,
    )
    return Plan(turn, None, notices)


def outcome(planned: Plan, result: TurnResult, wording: Wording) -> TurnOutcome:
    """Return what goes back: the notices, in the language of the first reply, and the replies."""
    lang = result.replies[0].lang
    return TurnOutcome(
        replies=result.replies,
        notices=tuple(wording.text(key, lang, limit=_grouped(MAX_QUESTION_CHARS, lang)) for key in planned.notices),
        intent=result.intent,
        snapshot=result.snapshot,
    )


def failure(status: AnswerStatus, lang: str | None, wording: Wording) -> Reply:
    """Return the honest sentence for a turn that brought no answer; `status` is error_bot or error_timeout."""
    language = lang or DEFAULT_LANGUAGE
    return Reply(status, wording.text(f"gateway.{status.value}", language), lang=language)


def choices(result: TurnOutcome) -> tuple[str, ...]:
    """Return what the numbers of the choices just offered stand for; all channels number the last reply's.

    Optional buttons have none: "2" under a list is its second line, not the second button.
    """
    return tuple(button.text for button in result.replies[-1].buttons if not button.is_optional)


def _chosen(text: str, offered: tuple[str, ...]) -> str:
    number = text.strip().rstrip(".)")
    if number.isascii() and number.isdigit() and len(number) <= 2 and 1 <= int(number) <= len(offered):
        return offered[int(number) - 1]
    return text


def _grouped(number: int, lang: str) -> str:
    """Write a number with its thousands apart, as the language does: 2.000 in Vietnamese, 2,000 elsewhere."""
    return f"{number:,}".replace(",", "." if lang == "vi" else ",")
