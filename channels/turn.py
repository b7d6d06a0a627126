"""What to do about one event, and what to say around the bot's answer: pure."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.reply import AnswerStatus, Button, Reply, Turn, TurnResult
from bot.wording import DEFAULT_LANGUAGE, Wording
from channels.agency import VIETNAM, Agency
from channels.event import BY_PERSON, Claim, EventKind, InboundEvent, Standing, TurnOutcome
from channels.handover import LIVE_CHANNELS, asks_for_machine, said_when_asked_for_officer, wants_to_leave_message
from channels.places import Communes
from channels.text import MAX_QUESTION_CHARS, is_wordless

LATE = timedelta(minutes=15)
"""An answer to an older message says so (reference/zalo-oa.md section 4, down-time trap)."""

DECLARED_BY_PAGE = frozenset({"web"})
"""Channels whose pages say above every conversation that a machine answers: no answer says it again."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A turn to ask the bot, or a reply of our own, or neither: silence. And how the conversation stands after it."""

    turn: Turn | None = None
    reply: Reply | None = None
    notices: tuple[str, ...] = ()  # keys of sentences
    standing: Standing = field(default_factory=Standing)
    left_message: str | None = None
    hands_over: bool = False
    takes_back: bool = False
    late_since: datetime | None = None  # when the message was written, where its answer comes late


@dataclass(frozen=True, slots=True)
class Spoken:
    """What goes back for one event, and how the conversation stands then."""

    outcome: TurnOutcome
    standing: Standing


class Planner:
    """Decides about claimed events; `answer_within` is the age beyond which the machine answers no more.

    An officer answers instead while one is at the desk, else the person is asked to ask again.
    """

    def __init__(self, *, wording: Wording, communes: Communes, answer_within: timedelta) -> None:
        self._wording = wording
        self._communes = communes
        self._answer_within = answer_within

    def plan(self, claim: Claim, agency: Agency, now: datetime) -> Plan:
        """Decide about one claimed event: only visible text becomes a turn.

        A number of the choices offered last stands for that choice. A text over 2,000 characters is read to that
        length, and the person is told. While an officer answers, the machine keeps silent unless it is called back.
        """
        if claim.event.kind is EventKind.ASIDE:
            return self._aside(claim, agency, now)
        return self._plan(claim, agency, now)

    def _aside(self, claim: Claim, agency: Agency, now: datetime) -> Plan:
        """Another app owns the conversation, which is taken back only to say something.

        What asks nothing is not worth it, and what came too late lies before the officers already.
        """
        if is_wordless(claim.event.text):  # in a new conversation the notice that a machine answers is still owed
            return Plan(standing=claim.standing or Standing(silent_until=now))
        planned = self._plan(replace(claim, event=replace(claim.event, kind=EventKind.TEXT)), agency, now)
        if planned.hands_over:
            return Plan(standing=planned.standing)
        return replace(planned, takes_back=planned.turn is not None or planned.reply is not None)

    def _plan(self, claim: Claim, agency: Agency, now: datetime) -> Plan:
        event = claim.event
        standing = claim.standing or Standing()
        is_back = standing.silent_until is not None and standing.silent_until <= now
        if is_back:
            standing = replace(standing, silent_until=None)
        if event.kind not in BY_PERSON:
            return self._stepped(event, agency, standing, now)
        lang = event.lang or agency.lang
        text = _chosen(event.text, standing.choices)
        if standing.silent_until is not None:
            return self._while_silent(text, lang, standing)
        is_owed = is_back or (claim.is_first and event.channel not in DECLARED_BY_PAGE)
        notices = ("gateway.machine_notice",) if is_owed else ()
        asks_to_leave = agency.has_officers and wants_to_leave_message(text, self._wording)
        if standing.is_leaving_message and not is_wordless(text) and not asks_to_leave:
            return Plan(reply=self._said("gateway.message_left", lang), notices=notices, left_message=event.text)
        late = now - event.occurred_at
        if late > self._answer_within:
            return self._too_late(event, lang, agency, notices, now)
        # Neither a picture nor a second press of the button is the message: that may follow yet.
        kept = Standing(is_leaving_message=standing.is_leaving_message and event.kind is not EventKind.OPENED)
        if event.kind is not EventKind.TEXT:
            return Plan(reply=self._about(event, lang), notices=notices, standing=kept)
        if asks_to_leave:
            return Plan(
                reply=self._said("gateway.write_message", lang), notices=notices,
                standing=Standing(is_leaving_message=True),
            )  # fmt: skip
        if is_wordless(text):
            reply = self._said("gateway.empty_text", lang, status=AnswerStatus.CLARIFY_VAGUE)
            return Plan(reply=reply, notices=notices, standing=kept)
        if len(text) > MAX_QUESTION_CHARS:
            text = text[:MAX_QUESTION_CHARS]
            notices = (*notices, "gateway.question_cut")
        if late > LATE:
            notices = (*notices, "gateway.answered_late")
        return Plan(turn=_turn(event, text, agency), notices=notices, late_since=event.occurred_at)

    def outcome(self, planned: Plan, result: TurnResult, event: InboundEvent, agency: Agency, now: datetime) -> Spoken:
        """Return what goes back: the notices, in the language of the first reply, and the replies.

        Where the bot hands over, the agency's own way to an officer takes the place of the bot's general sentence.
        """
        replies, standing, hands_over = result.replies, planned.standing, planned.hands_over
        lang = replies[0].lang
        if planned.turn is not None and agency.has_officers and _hands_over(replies):
            live = event.channel in LIVE_CHANNELS
            replies = (said_when_asked_for_officer(agency, now, lang, self._wording, is_live=live),)
            hands_over = live and agency.is_open(now)
            if hands_over:
                standing = Standing(silent_until=now + agency.silence)
        spoken = TurnOutcome(
            replies=replies,
            notices=tuple(self._notice(key, lang, planned) for key in planned.notices),
            intent=result.intent,
            snapshot=result.snapshot,
            hands_over=hands_over,
            takes_back=planned.takes_back,
        )
        return Spoken(spoken, replace(standing, choices=choices(spoken)))

    def _stepped(self, event: InboundEvent, agency: Agency, standing: Standing, now: datetime) -> Plan:
        """An officer wrote, or gave the conversation back: the machine says so once."""
        if event.kind is EventKind.RETURNED:
            if standing.silent_until is None:
                return Plan(standing=standing)
            return Plan(reply=self._said("gateway.machine_back", agency.lang))
        until = event.occurred_at + agency.silence
        if until <= now:
            return Plan(standing=standing)
        if standing.silent_until is not None:
            return Plan(standing=replace(standing, silent_until=max(until, standing.silent_until)))
        if event.kind is EventKind.TAKEN_OVER:  # the platform would refuse the notice
            return Plan(standing=Standing(silent_until=until))
        return Plan(reply=self._said("gateway.officer_joined", agency.lang), standing=Standing(silent_until=until))

    def _while_silent(self, text: str, lang: str, standing: Standing) -> Plan:
        if asks_for_machine(text, self._wording):
            return Plan(reply=self._said("gateway.machine_back", lang))
        return Plan(standing=standing)

    def _too_late(
        self, event: InboundEvent, lang: str, agency: Agency, notices: tuple[str, ...], now: datetime
    ) -> Plan:
        at = _clock(event.occurred_at)
        if not agency.has_officers or event.channel not in LIVE_CHANNELS or not agency.is_open(now):
            return Plan(reply=self._said("gateway.came_too_late", lang, at=at), notices=notices)
        reply = self._said("gateway.late_to_officer", lang, status=AnswerStatus.HANDED_OVER, at=at)
        standing = Standing(silent_until=now + agency.silence)
        return Plan(reply=reply, notices=notices, standing=standing, hands_over=True)

    def _about(self, event: InboundEvent, lang: str) -> Reply:
        """A useful word about what cannot be read; nothing that was sent along is ever fetched."""
        if event.kind is EventKind.OPENED:
            return self._said("gateway.welcome", lang)
        if event.kind is EventKind.LOCATION and event.place is not None:
            commune = self._communes.nearest(event.place)
            if commune is not None:
                values = {"commune": commune.name, "province": commune.province}
                title = self._wording.text("gateway.place_button", lang, **values)
                text = self._wording.text("gateway.got_place", lang, **values)
                return Reply(AnswerStatus.CHATTED, text, buttons=(Button(title, title),), lang=lang)
        return self._said(f"gateway.got_{event.kind.value}", lang)

    def _said(self, key: str, lang: str, *, status: AnswerStatus = AnswerStatus.CHATTED, **values: str) -> Reply:
        return Reply(status, self._wording.text(key, lang, **values), lang=lang)

    def _notice(self, key: str, lang: str, planned: Plan) -> str:
        at = _clock(planned.late_since) if planned.late_since else ""
        return self._wording.text(key, lang, limit=_grouped(MAX_QUESTION_CHARS, lang), at=at)


def failure(status: AnswerStatus, lang: str | None, wording: Wording) -> Reply:
    """Return the honest sentence for a turn that brought no answer; `status` is error_bot or error_timeout."""
    language = lang or DEFAULT_LANGUAGE
    return Reply(status, wording.text(f"gateway.{status.value}", language), lang=language)


def choices(result: TurnOutcome) -> tuple[str, ...]:
    """Return what the numbers of the choices just offered stand for; all channels number the last reply's.

    Optional buttons have none: "2" under a list is its second line, not the second button.
    """
    return tuple(button.text for button in result.replies[-1].buttons if not button.is_optional)


def _turn(event: InboundEvent, text: str, agency: Agency) -> Turn:
    return Turn(
        conversation=event.conversation,
        message_id=event.message_id,
        text=text,
        channel=event.channel,
        lang=event.lang,
        as_of=event.as_of,
        sources=agency.sources,
    )


def _hands_over(replies: tuple[Reply, ...]) -> bool:
    return any(reply.status is AnswerStatus.HANDED_OVER for reply in replies)


def _chosen(text: str, offered: tuple[str, ...]) -> str:
    number = text.strip().rstrip(".)")
    if number.isascii() and number.isdigit() and len(number) <= 2 and 1 <= int(number) <= len(offered):
        return offered[int(number) - 1]
    return text


def _clock(at: datetime) -> str:
    """Write an instant as people in Vietnam do: 09:05 29/11."""
    return at.astimezone(VIETNAM).strftime("%H:%M %d/%m")


def _grouped(number: int, lang: str) -> str:
    """Write a number with its thousands apart, as the language does: 2.000 in Vietnamese, 2,000 elsewhere."""
    return f"{number:,}".replace(",", "." if lang == "vi" else ",")
