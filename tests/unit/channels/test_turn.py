"""What becomes of one event before and after the bot."""

from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.reply import AnswerStatus, Button, Reply, TurnResult
from bot.wording import LANGUAGES, Wording
from channels import turn
from channels.agency import Agency, Hours
from channels.event import Claim, EventKind, InboundEvent, Place, Standing, TurnOutcome
from channels.places import Communes

DATA = Path(__file__).parents[3] / "data"
WORDING = Wording.load(DATA / "wording")
PLANNER = turn.Planner(wording=WORDING, communes=Communes.load(DATA), answer_within=timedelta(hours=2))
NOW = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)  # a Tuesday, 9:00 in Vietnam
PLAIN = Agency(id="plain")
WORKDAYS = Hours(frozenset(range(5)), time(7, 30), time(17, 0))
STAFFED = Agency(id="staffed", hours=(WORKDAYS,), has_officers=True, hotline="0236 1022", silence=timedelta(minutes=30))


def claim(
    text: str = "chào",
    kind: EventKind = EventKind.TEXT,
    *,
    standing: Standing | None = Standing(),  # noqa: B008 - it is frozen
    age: timedelta = timedelta(0),
    channel: str = "zalo",
    place: Place | None = None,
) -> Claim:
    event = InboundEvent(channel, "9", "7", "k", "m", kind, text, NOW - age, place=place)
    return Claim(1, "o", event, 1, standing)


def planned(of: Claim, agency: Agency = PLAIN) -> turn.Plan:
    return PLANNER.plan(of, agency, NOW)


def said(plan: turn.Plan) -> str:
    assert plan.reply is not None
    return plan.reply.text


def test_text_becomes_a_turn_as_it_was_typed_even_when_it_looks_like_a_command() -> None:
    plan = planned(claim("/restart"))
    assert plan.turn is not None
    assert (plan.turn.text, plan.turn.conversation) == ("/restart", "zalo:9:7")


def test_an_agency_asks_its_own_sources() -> None:
    plan = planned(claim("hỏi"), Agency(id="a", sources=("congbao.chinhphu.vn",)))
    assert plan.turn is not None
    assert plan.turn.sources == ("congbao.chinhphu.vn",)


@pytest.mark.parametrize(
    "kind",
    [
        EventKind.IMAGE, EventKind.AUDIO, EventKind.VIDEO, EventKind.FILE, EventKind.STICKER, EventKind.LOCATION,
        EventKind.CONTACT, EventKind.LINK, EventKind.OTHER,
    ],
)  # fmt: skip
def test_what_is_not_text_gets_a_useful_sentence_of_its_own_without_a_turn(kind: EventKind) -> None:
    plan = planned(claim("", kind))
    assert plan.turn is None
    assert said(plan) == WORDING.text(f"gateway.got_{kind.value}", "vi")


def test_a_picture_is_refused_as_it_may_show_an_identity_paper() -> None:
    assert "giấy tờ tùy thân" in said(planned(claim("", EventKind.IMAGE)))


def test_who_opens_the_conversation_is_welcomed() -> None:
    assert said(planned(claim("", EventKind.OPENED, standing=None))) == WORDING.text("gateway.welcome", "vi")


def test_a_location_is_answered_with_the_commune_nearby_and_a_question_about_it() -> None:
    plan = planned(claim("", EventKind.LOCATION, place=Place(10.7769, 106.7009)))
    assert "Phường Sài Gòn, Thành phố Hồ Chí Minh" in said(plan)
    assert plan.reply is not None
    [button] = plan.reply.buttons
    assert "Phường Sài Gòn" in button.text
    abroad = planned(claim("", EventKind.LOCATION, place=Place(48.85, 2.35)))
    assert said(abroad) == WORDING.text("gateway.got_location", "vi")


@pytest.mark.parametrize("text", ["", "\u200b", "\u2028"])
def test_invisible_text_gets_a_friendly_sentence_without_a_turn(text: str) -> None:
    plan = planned(claim(text))
    assert plan.turn is None
    assert plan.reply is not None
    assert plan.reply.status is AnswerStatus.CLARIFY_VAGUE


def outcome(plan: turn.Plan, *replies: Reply, agency: Agency = PLAIN, channel: str = "zalo") -> turn.Spoken:
    event = claim("x", channel=channel).event
    return PLANNER.outcome(plan, TurnResult(replies, intent="i", snapshot="s"), event, agency, NOW)


def test_the_first_reply_and_a_cut_question_are_noticed_in_the_language_of_the_answer() -> None:
    plan = planned(claim("a" * 2_001, standing=None))
    assert plan.turn is not None
    assert len(plan.turn.text) == 2_000
    spoken = outcome(plan, Reply(AnswerStatus.ANSWERED, "yes", lang="en")).outcome
    assert spoken.notices[0] == WORDING.text("gateway.machine_notice", "en")
    assert "2,000" in spoken.notices[1]
    assert (spoken.intent, spoken.snapshot) == ("i", "s")


def test_where_the_page_says_all_the_time_that_a_machine_answers_the_first_reply_does_not() -> None:
    assert planned(claim("hỏi", standing=None, channel="web")).notices == ()
    assert planned(claim("hỏi", standing=None, channel="api")).notices == ("gateway.machine_notice",)


@pytest.mark.parametrize(("typed", "asked"), [("2", "hai"), ("1.", "một"), ("3", "3"), ("0", "0"), ("²", "²")])
def test_the_number_of_a_choice_stands_for_it(typed: str, asked: str) -> None:
    plan = planned(claim(typed, standing=Standing(choices=("một", "hai"))))
    assert plan.turn is not None
    assert plan.turn.text == asked


def test_the_choices_remembered_are_those_of_the_last_reply() -> None:
    first = Reply(AnswerStatus.CHATTED, "a", buttons=(Button("x", "x"),))
    last = Reply(AnswerStatus.CHATTED, "b", buttons=(Button("Một", "một"), Button("Hai", "hai")))
    assert turn.choices(TurnOutcome((first, last))) == ("một", "hai")
    assert outcome(planned(claim()), first, last).standing.choices == ("một", "hai")


def test_an_optional_button_has_no_number() -> None:
    buttons = (Button("Một", "một"), Button("Nguồn", "nguồn", is_optional=True))
    assert turn.choices(TurnOutcome((Reply(AnswerStatus.CHATTED, "a", buttons=buttons),))) == ("một",)


@pytest.mark.parametrize("status", [AnswerStatus.ERROR_BOT, AnswerStatus.ERROR_TIMEOUT])
@pytest.mark.parametrize("lang", [None, "vi", "en", "zh"])
def test_a_failure_has_an_honest_sentence_in_each_language(status: AnswerStatus, lang: str | None) -> None:
    assert turn.failure(status, lang, WORDING).status is status


class TestAge:
    """Messages that an outage held up."""

    def test_an_older_message_is_answered_with_a_word_about_its_age(self) -> None:
        plan = planned(claim("hỏi", age=timedelta(minutes=40)))
        assert plan.turn is not None
        notices = outcome(plan, Reply(AnswerStatus.ANSWERED, "đáp")).outcome.notices
        assert notices == (WORDING.text("gateway.answered_late", "vi", at="08:20 01/12"),)

    def test_a_much_older_one_is_an_officers_where_there_is_one(self) -> None:
        plan = planned(claim("hỏi", age=timedelta(hours=5)), STAFFED)
        assert plan.reply is not None
        assert (plan.turn, plan.hands_over, plan.reply.status) == (None, True, AnswerStatus.HANDED_OVER)
        assert plan.standing.silent_until == NOW + STAFFED.silence

    def test_nobody_is_promised_an_officer_who_is_not_at_the_desk(self) -> None:
        closed = Agency(id="c", hours=(Hours(frozenset({0}), time(8), time(9)),), has_officers=True)
        for kind in (EventKind.TEXT, EventKind.ASIDE):
            plan = planned(claim("hỏi", kind, age=timedelta(hours=5), channel="messenger"), closed)
            assert said(plan) == WORDING.text("gateway.came_too_late", "vi", at="04:00 01/12")
            assert (plan.hands_over, plan.standing, plan.takes_back) == (False, Standing(), kind is EventKind.ASIDE)

    def test_a_message_to_a_closed_office_is_kept_however_late_it_comes(self) -> None:
        leaving = Standing(is_leaving_message=True)
        plan = planned(claim("gọi lại cho tôi", standing=leaving, age=timedelta(hours=5)), STAFFED)
        assert plan.left_message == "gọi lại cho tôi"

    def test_without_officers_the_person_is_asked_to_ask_again(self) -> None:
        plan = planned(claim("hỏi", age=timedelta(hours=5)))
        assert said(plan) == WORDING.text("gateway.came_too_late", "vi", at="04:00 01/12")
        assert not plan.hands_over


class TestOfficers:
    """A person of the agency steps in and out."""

    SILENT = Standing(silent_until=NOW + timedelta(minutes=10))

    def test_an_officer_who_writes_silences_the_machine_which_says_so_once(self) -> None:
        plan = planned(claim("", EventKind.OFFICER_SPOKE), STAFFED)
        assert said(plan) == WORDING.text("gateway.officer_joined", "vi")
        assert plan.standing.silent_until == NOW + STAFFED.silence
        again = planned(claim("", EventKind.OFFICER_SPOKE, standing=plan.standing), STAFFED)
        assert again.reply is None
        assert again.standing.silent_until == NOW + STAFFED.silence

    def test_where_the_platform_took_the_conversation_away_the_machine_falls_silent_without_a_word(self) -> None:
        plan = planned(claim("", EventKind.TAKEN_OVER), STAFFED)
        assert (plan.reply, plan.standing.silent_until) == (None, NOW + STAFFED.silence)

    def test_an_echo_that_comes_too_late_silences_nobody(self) -> None:
        plan = planned(claim("", EventKind.OFFICER_SPOKE, age=timedelta(hours=1)), STAFFED)
        assert (plan.reply, plan.standing.silent_until) == (None, None)

    @pytest.mark.parametrize("kind", [EventKind.TEXT, EventKind.IMAGE, EventKind.OPENED])
    def test_while_an_officer_answers_the_machine_says_nothing(self, kind: EventKind) -> None:
        plan = planned(claim("còn hiệu lực không", kind, standing=self.SILENT), STAFFED)
        assert (plan.turn, plan.reply, plan.standing) == (None, None, self.SILENT)

    @pytest.mark.parametrize("word", ["trợ lý", "Tro ly!", "assistant", "助手", "BOT"])
    def test_the_machine_comes_back_when_it_is_called(self, word: str) -> None:
        plan = planned(claim(word, standing=self.SILENT), STAFFED)
        assert said(plan) == WORDING.text("gateway.machine_back", "vi")
        assert plan.standing.silent_until is None

    def test_the_machine_comes_back_by_itself_and_says_that_it_is_one(self) -> None:
        plan = planned(claim("hỏi", standing=Standing(silent_until=NOW)), STAFFED)
        assert plan.turn is not None
        assert plan.notices == ("gateway.machine_notice",)

    def test_the_platform_may_give_the_conversation_back(self) -> None:
        plan = planned(claim("", EventKind.RETURNED, standing=self.SILENT), STAFFED)
        assert said(plan) == WORDING.text("gateway.machine_back", "vi")
        assert planned(claim("", EventKind.RETURNED), STAFFED).reply is None

    ASKED = Reply(AnswerStatus.HANDED_OVER, "gọi 1022")

    def test_who_asks_for_an_officer_during_office_hours_is_passed_on(self) -> None:
        spoken = outcome(planned(claim("gặp cán bộ"), STAFFED), self.ASKED, agency=STAFFED)
        assert spoken.outcome.hands_over
        assert spoken.standing.silent_until == NOW + STAFFED.silence
        assert "0236 1022" in spoken.outcome.replies[0].text

    def test_outside_office_hours_a_message_may_be_left_which_the_next_text_is(self) -> None:
        closed = Agency(id="c", hours=(Hours(frozenset({0}), time(8), time(9)),), has_officers=True)
        spoken = outcome(planned(claim("gặp cán bộ"), closed), self.ASKED, agency=closed)
        assert not spoken.outcome.hands_over
        assert "08:00 07/12/2026" in spoken.outcome.replies[0].text
        [leave] = spoken.standing.choices
        asked = planned(claim("1", standing=spoken.standing), closed)
        assert said(asked) == WORDING.text("gateway.write_message", "vi")
        left = planned(claim("gọi lại cho tôi", standing=asked.standing), closed)
        assert left.left_message == "gọi lại cho tôi"
        assert not left.standing.is_leaving_message
        assert leave == WORDING.text("gateway.leave_message", "vi")

    @pytest.mark.parametrize(
        ("text", "kind"),
        [("", EventKind.STICKER), ("", EventKind.IMAGE), ("...", EventKind.TEXT), ("Để lại lời nhắn", EventKind.TEXT)],
    )
    def test_who_sends_something_else_first_may_still_leave_their_message(self, text: str, kind: EventKind) -> None:
        plan = planned(claim(text, kind, standing=Standing(is_leaving_message=True)), STAFFED)
        assert plan.left_message is None
        assert outcome(plan, Reply(AnswerStatus.CHATTED, said(plan))).standing.is_leaving_message

    def test_who_opens_the_conversation_anew_leaves_no_message_any_more(self) -> None:
        plan = planned(claim("", EventKind.OPENED, standing=Standing(is_leaving_message=True)), STAFFED)
        assert not plan.standing.is_leaving_message

    @pytest.mark.parametrize("channel", ["api", "viber"])
    def test_where_nobody_can_step_in_a_message_may_be_left(self, channel: str) -> None:
        spoken = outcome(planned(claim("gặp cán bộ"), STAFFED), self.ASKED, agency=STAFFED, channel=channel)
        assert not spoken.outcome.hands_over
        assert spoken.standing.silent_until is None
        assert spoken.outcome.replies[0].text.startswith(WORDING.text("gateway.no_officer_here", "vi"))

    def test_an_agency_without_officers_keeps_the_bots_own_sentence(self) -> None:
        spoken = outcome(planned(claim("gặp cán bộ")), self.ASKED)
        assert (spoken.outcome.replies, spoken.outcome.hands_over) == ((self.ASKED,), False)


class TestAsides:
    """What a person writes while another app owns the conversation."""

    SILENT = Standing(choices=("một",), silent_until=NOW + timedelta(minutes=10))

    def test_while_an_officer_answers_nothing_is_said_and_nothing_taken(self) -> None:
        plan = planned(claim("còn hiệu lực không", EventKind.ASIDE, standing=self.SILENT), STAFFED)
        assert (plan.turn, plan.reply, plan.takes_back, plan.standing) == (None, None, False, self.SILENT)

    def test_who_calls_the_machine_gets_it_and_it_takes_the_conversation_back(self) -> None:
        plan = planned(claim("trợ lý", EventKind.ASIDE, standing=self.SILENT), STAFFED)
        assert said(plan) == WORDING.text("gateway.machine_back", "vi")
        assert (plan.takes_back, plan.standing.silent_until) == (True, None)
        assert plan.reply is not None
        assert outcome(plan, plan.reply, agency=STAFFED, channel="messenger").outcome.takes_back

    @pytest.mark.parametrize("standing", [Standing(silent_until=NOW), Standing(), None])
    def test_a_question_that_no_officer_is_there_for_is_answered(self, standing: Standing | None) -> None:
        plan = planned(claim("hỏi", EventKind.ASIDE, standing=standing), STAFFED)
        assert plan.turn is not None
        assert (plan.turn.text, plan.takes_back) == ("hỏi", True)
        assert plan.notices == (() if standing == Standing() else ("gateway.machine_notice",))
        assert outcome(plan, Reply(AnswerStatus.ANSWERED, "đáp"), channel="messenger").outcome.takes_back

    def test_who_asks_for_an_officer_again_is_taken_back_and_passed_on_again(self) -> None:
        plan = planned(claim("gặp cán bộ", EventKind.ASIDE, standing=Standing(silent_until=NOW)), STAFFED)
        asked = Reply(AnswerStatus.HANDED_OVER, "gọi 1022")
        spoken = outcome(plan, asked, agency=STAFFED, channel="messenger")
        assert (spoken.outcome.takes_back, spoken.outcome.hands_over) == (True, True)
        assert spoken.standing.silent_until == NOW + STAFFED.silence

    @pytest.mark.parametrize("standing", [Standing(silent_until=NOW), Standing(is_leaving_message=True), SILENT])
    def test_what_asks_nothing_is_left_to_the_officers_and_changes_nothing(self, standing: Standing) -> None:
        plan = planned(claim("", EventKind.ASIDE, standing=standing), STAFFED)
        assert (plan.turn, plan.reply, plan.takes_back, plan.standing) == (None, None, False, standing)

    def test_a_conversation_that_begins_with_a_picture_for_others_still_hears_that_a_machine_answers(self) -> None:
        plan = planned(claim("", EventKind.ASIDE, standing=None), STAFFED)
        assert planned(claim("hỏi", standing=plan.standing), STAFFED).notices == ("gateway.machine_notice",)

    def test_what_came_too_late_lies_before_the_officers_already(self) -> None:
        late = claim("hỏi", EventKind.ASIDE, age=timedelta(hours=5), channel="messenger")
        plan = planned(late, STAFFED)
        assert (plan.turn, plan.reply, plan.takes_back, plan.hands_over) == (None, None, False, False)
        assert plan.standing.silent_until == NOW + STAFFED.silence
        assert planned(late).takes_back  # without officers the person is asked to ask again


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_button_that_leaves_a_message_is_understood_in_each_language(lang: str) -> None:
    plan = planned(claim(WORDING.text("gateway.leave_message", lang)), STAFFED)
    assert plan.standing.is_leaving_message
