"""Every event of both references happens on the fake platform, comes signed to the gateway, and is asked after."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from channels.buttons import Buttons
from channels.clock import SystemClock
from channels.configuration import configure
from channels.settings import GatewaySettings
from channels.testing import ManualClock, PageIds, ScriptedBot, ZaloIds, http_post, one_oa, one_page, serve
from channels.testing.gateway import SECRET, assembled, running
from channels.testing.graph.events import CONTENTS
from channels.testing.graph.events import SAMPLES as GRAPH_SAMPLES
from channels.testing.zalo.events import SAMPLES as ZALO_SAMPLES
from tests.integration.street import NEIGHBOUR, OA, PAGE, PAGES, PERSON, Street, repeats, says, street, webhook

pytestmark = pytest.mark.integration

HOUR_S = 3_600
NEAR_SAIGON = says("got_place", commune="\0", province="\0").split("\0")[0]
OFFICER = says("officer_joined")
SIGN = Buttons(SECRET).sign

ZALO_NAMES = """
user_send_text user_send_image user_send_gif user_send_link user_send_audio user_send_video user_send_sticker
user_send_location user_send_file user_send_business_card
oa_send_text oa_send_image oa_send_gif oa_send_list oa_send_file oa_send_sticker oa_send_template
user_received_message user_seen_message
follow unfollow user_click_chatnow user_submit_info user_reacted_message oa_reacted_message add_user_to_tag
remove_user_from_tag remove_tag update_user_info user_feedback user_withdraw
anonymous_send_text anonymous_send_image anonymous_send_file anonymous_send_sticker anonymous_send_link
anonymous_send_gif anonymous_send_audio anonymous_send_video anonymous_send_location
oa_send_anonymous_text oa_send_anonymous_image oa_send_anonymous_file oa_send_anonymous_sticker
user_call_oa oa_call_user oa_send_consent user_reply_consent
create_group user_join_group user_request_join_group accept_request_join_group react_request_join_group
reject_request_join_group add_group_admin remove_group_admin update_group_info user_out_group delete_group
user_send_group_text user_send_group_image user_send_group_gif user_send_group_link user_send_group_audio
user_send_group_video user_send_group_sticker user_send_group_location user_send_group_file
user_send_group_business_card
oa_send_group_text oa_send_group_image oa_send_group_gif oa_send_group_file oa_send_group_sticker
change_oa_daily_quota change_oa_template_tags change_template_quality change_template_quota event_journey_time_out
event_journey_acknowledged
widget_interaction_accepted widget_failed_to_sync_user_external_id extension_purchased shop_has_order
""".split()  # noqa: SIM905 - easier to compare with the page
"""Every name in section 5 of reference/zalo-oa.md, copied by hand (read 2026-11-29); what is written there with a star
stands here once for each kind of message."""

MESSENGER_MARKS = """
message postback delivery read reaction message_edit referral optin pass_thread_control take_thread_control
request_thread_control app_roles account_linking policy-enforcement
messaging_feedback message_template_status_update
""".split()  # noqa: SIM905 - easier to compare with the page
"""Every key of sections 5 and 6.8 of reference/messenger.md, copied by hand (read 2026-11-29)."""

MESSENGER_ATTACHMENTS = """
image audio video file sticker reel ig_reel post ig_post appointment_booking fallback template location
""".split()  # noqa: SIM905 - easier to compare with the page
"""Every type of attachment of section 6.1."""


@dataclass(frozen=True)
class Expected:
    """What an event has to lead to."""

    said: str | None = None  # how the answer to the event begins; None: it gets none
    label: str | None = None  # under which it is counted among those that need no answer
    opens: bool = False  # the window
    forgets: bool = False
    silences: bool = False  # the machine, until it is called back
    alerts: bool = False


def gets(key: str) -> Expected:
    return Expected(said=says(key), opens=True)


def counted(label: str, *, opens: bool = False) -> Expected:
    return Expected(label=label, opens=opens)


ZALO: dict[str, Expected] = {
    "user_send_text": Expected(said="Về: Cho tôi hỏi", opens=True),
    "user_send_image": gets("got_image"),
    "user_send_gif": gets("got_image"),
    "user_send_link": gets("got_link"),
    "user_send_audio": gets("got_audio"),
    "user_send_video": gets("got_video"),
    "user_send_sticker": gets("got_sticker"),
    "user_send_location": Expected(said=NEAR_SAIGON, opens=True),
    "user_send_file": gets("got_file"),
    "user_send_business_card": gets("got_contact"),
    **{
        f"oa_send_{kind}": Expected(said=OFFICER, label=f"oa_send_{kind}", silences=True)
        for kind in ("text", "image", "gif", "list", "file", "sticker", "template")
    },
    "follow": gets("welcome"),
    "user_click_chatnow": gets("welcome"),
    "user_withdraw": Expected(label="user_withdraw", forgets=True),
    **{name: counted(name, opens=True) for name in ("user_submit_info", "user_feedback", "user_call_oa")},
}
ZALO |= {name: counted(name) for name in ZALO_NAMES if name not in ZALO}
"""All that is left is counted under its name and changes nothing."""


Cause = Callable[[Street, str], object]
"""What a person (by id) does, or what is done about them."""

ZALO_CAUSES: dict[str, tuple[Cause, Expected]] = {
    **{
        name: (lambda at, who, name=name: at.zalo.phone(OA, who).does(name), expected)
        for name, expected in ZALO.items()
    },
    "a button of ours": (
        lambda at, who: at.zalo.phone(OA, who).presses(SIGN("zalo", OA, "câu hỏi")),
        Expected("Về: câu hỏi", opens=True),
    ),
    "a button of somebody else": (
        lambda at, who: at.zalo.phone(OA, who).presses("#btn:xxxxxxxxxxxxxxxx:câu hỏi"),
        Expected("Về: #btn:", opens=True),
    ),
    "a caption beside a picture": (
        lambda at, who: at.zalo.phone(OA, who).sends_image("https://x.zdn.vn/a", caption="đây là gì"),
        Expected("Về: đây là gì", opens=True),
    ),
    "an officer": (
        lambda at, who: at.zalo.officer().sends_text(at.zalo.user(OA, who), "tôi xem"),
        Expected(OFFICER, silences=True),
    ),
    "a receipt of a template": (
        lambda at, who: at.zalo.phone(OA, who).does(
            "user_received_message", message={"msg_id": "1", "tracking_id": "t"}
        ),
        counted("user_received_message"),
    ),
    "an event that nobody knows": (
        lambda at, who: at.zalo.phone(OA, who).does("something_new", message={"text": "x"}),
        counted("unknown"),
    ),
}


def does(kind: str) -> Cause:
    return lambda at, who: at.graph.phone(PAGE, who).does(kind)


def control(verb: str, old: str | None, new: str | None) -> Cause:
    content = {"previous_owner_app_id": old, "new_owner_app_id": new, "metadata": ""}
    return lambda at, who: at.graph.phone(PAGE, who).does(verb, content)


def echoed(app_id: str | None) -> Cause:
    return lambda at, who: at.graph.officer(app_id).sends_text(at.graph.user(PAGE, who), "tôi xem")


def by_guest(kind: str) -> Cause:
    """Done by somebody who came by a checkbox and has no id."""
    content = GRAPH_SAMPLES[kind].content
    return lambda at, who: at.graph.emit(kind, at.graph.user(PAGE, who), content, user_ref="u-1")


def while_another_app_owns_it(cause: Cause) -> Cause:
    def happen(at: Street, who: str) -> None:
        user = at.graph.user(PAGE, who)
        user.owner = "999"
        cause(at, who)
        user.owner = None

    return happen


def sends(kind: str) -> Cause:
    return lambda at, who: at.graph.phone(PAGE, who).sends(kind)


OF_OTHERS = "999"
MESSENGER_CAUSES: dict[str, tuple[Cause, Expected]] = {
    "message text": (sends("text"), Expected("Về: Cho tôi hỏi", opens=True)),
    "message ad_message": (sends("ad_message"), Expected("Về: Tôi thấy quảng cáo", opens=True)),
    **{
        f"message {kind}": (sends(kind), gets(f"got_{kind}")) for kind in ("image", "audio", "video", "file", "sticker")
    },
    "message old_sticker": (sends("old_sticker"), gets("got_sticker")),
    "message location": (sends("location"), Expected(NEAR_SAIGON, opens=True)),
    **{
        f"message {kind}": (sends(kind), gets("got_link"))
        for kind in ("reel", "ig_reel", "post", "ig_post", "fallback", "template")
    },
    "message appointment_booking": (sends("appointment_booking"), gets("got_other")),
    "message with a caption": (
        lambda at, who: at.graph.phone(PAGE, who).sends_image(caption="đây là gì"),
        Expected("Về: đây là gì", opens=True),
    ),
    "message in reply": (
        lambda at, who: at.graph.phone(PAGE, who).sends_text("vậy à", reply_to="m_1"),
        Expected("Về: vậy à", opens=True),
    ),
    "message by quick reply of ours": (
        lambda at, who: at.graph.phone(PAGE, who).taps_quick_reply("Nút", SIGN("messenger", PAGE, "câu hỏi")),
        Expected("Về: câu hỏi", opens=True),
    ),
    "message by quick reply of others": (
        lambda at, who: at.graph.phone(PAGE, who).taps_quick_reply("Nút", "#btn:xxxxxxxxxxxxxxxx:câu hỏi"),
        Expected("Về: Nút", opens=True),
    ),
    "message in standby": (while_another_app_owns_it(sends("text")), Expected("Về: Cho tôi hỏi", opens=True)),
    "picture in standby": (while_another_app_owns_it(sends("image")), Expected(opens=True)),
    "message of a guest": (by_guest("message_text"), counted("message")),
    "message echo of the inbox": (echoed("263902037430900"), Expected(OFFICER, silences=True)),
    "message echo of another app": (echoed(OF_OTHERS), Expected(OFFICER, silences=True)),
    "message echo of no app": (echoed(None), Expected(OFFICER, silences=True)),
    "message echo of our app, by another program": (
        echoed(PAGES.app_id),
        Expected(OFFICER, "message_echo", silences=True),
    ),
    "message echo in standby": (while_another_app_owns_it(echoed(OF_OTHERS)), Expected(OFFICER, silences=True)),
    "postback get started": (lambda at, who: at.graph.phone(PAGE, who).gets_started(), gets("welcome")),
    "postback get started by a link": (
        lambda at, who: at.graph.phone(PAGE, who).gets_started(ref="poster-01"),
        gets("welcome"),
    ),
    "postback of ours": (
        lambda at, who: at.graph.phone(PAGE, who).presses("Nút", SIGN("messenger", PAGE, "câu hỏi")),
        Expected("Về: câu hỏi", opens=True),
    ),
    "postback of others": (
        lambda at, who: at.graph.phone(PAGE, who).presses("Nút", "OLD_PAYLOAD"),
        Expected("Về: Nút", opens=True),
    ),
    "postback without an id": (does("postback"), gets("welcome")),
    "postback in standby": (
        while_another_app_owns_it(lambda at, who: at.graph.phone(PAGE, who).presses("Nút", "x")),
        Expected("Về: Nút", opens=True),
    ),
    "postback of a guest": (by_guest("postback"), counted("postback")),
    "referral": (does("referral"), counted("referral", opens=True)),
    "referral by an ad": (does("referral_ad"), counted("referral", opens=True)),
    "referral of a guest": (by_guest("referral"), counted("referral")),
    "delivery": (does("delivery"), counted("delivery")),
    "read": (does("read"), counted("read")),
    "reaction": (does("reaction"), counted("reaction", opens=True)),
    "message_edit": (does("message_edit"), counted("message_edit")),
    "optin": (does("optin"), counted("optin")),
    "optin to stop": (does("optin_stop"), counted("optin")),
    "optin by a checkbox": (does("optin_checkbox"), counted("optin")),
    "optin once": (does("optin_once"), counted("optin")),
    "pass_thread_control to us": (control("pass_thread_control", None, PAGES.app_id), Expected()),
    "pass_thread_control to another app": (
        control("pass_thread_control", PAGES.app_id, OF_OTHERS),
        Expected(silences=True),
    ),
    "pass_thread_control from an idle conversation": (
        control("pass_thread_control", None, OF_OTHERS),
        Expected(silences=True),
    ),
    "take_thread_control from us": (does("take_thread_control"), Expected(silences=True)),
    "take_thread_control between others": (
        control("take_thread_control", "998", OF_OTHERS),
        counted("take_thread_control"),
    ),
    "request_thread_control": (does("request_thread_control"), counted("request_thread_control")),
    "app_roles": (does("app_roles"), counted("app_roles")),
    "account_linking": (does("account_linking"), counted("account_linking")),
    "policy-enforcement": (does("policy-enforcement"), Expected(label="policy-enforcement", alerts=True)),
    "messaging_feedback": (does("messaging_feedback"), counted("messaging_feedback")),
    "message_template_status_update": (
        lambda at, _: at.graph.change(PAGE, "message_template_status_update", {"event": "APPROVED"}),
        counted("message_template_status_update"),
    ),
    "feed": (
        lambda at, _: at.graph.change(PAGE, "feed", {"item": "comment", "message": "Xin hỏi"}),
        counted("changes"),
    ),
    "an item that nobody knows": (does("something_new"), counted("unknown")),
}


def writes(at: Street, channel: str, who: str, text: str) -> None:
    """Somebody types a text."""
    if channel == "zalo":
        at.zalo.phone(OA, who).sends_text(text)
    else:
        at.graph.phone(PAGE, who).sends_text(text)


async def outcome(at: Street, channel: str, cause: Cause) -> Expected:
    """Let an event happen in a conversation that goes on, and return what came of it, all but the window."""
    who = PERSON[channel]
    writes(at, channel, who, "trước")
    await at.live()
    heard, counts, alerts = at.arrived(channel), at.all_of("events_ignored", channel), at.all_of("send_alerts", channel)
    assert heard == [says("machine_notice"), "Về: trước"]
    at.clock.advance(600)
    cause(at, who)
    await at.deliver()
    new = {name: count - counts.get(name, 0) for name, count in at.all_of("events_ignored", channel).items()}
    labels = [name for name, count in new.items() for _ in range(count)]
    assert len(labels) <= 1
    await at.live()
    said = at.arrived(channel)[len(heard) :]
    assert len(said) <= 1
    asked, heard = len(at.bot.turns), at.arrived(channel)
    writes(at, channel, who, "sau")
    await at.live(after_s=60)
    assert at.all_of("sends", channel).keys() == {"sent"}
    return Expected(
        said=said[0] if said else None,
        label=labels[0] if labels else None,
        forgets=says("machine_notice") in at.arrived(channel)[len(heard) :],
        silences=len(at.bot.turns) == asked,
        alerts=at.all_of("send_alerts", channel) != alerts,
    )


async def opens_window(at: Street, channel: str, cause: Cause) -> bool:
    """Tell whether an event shortly before the window ends lets an answer out that waits until it would have ended."""
    api, ledger = (at.zalo.api, at.zalo.ledger) if channel == "zalo" else (at.graph.api, at.graph.ledger)
    window_s, who = (48 if channel == "zalo" else 24) * HOUR_S, NEIGHBOUR[channel]
    api.is_down = True
    writes(at, channel, who, "trước")
    await at.live()
    at.clock.advance(window_s - 2 * HOUR_S)
    cause(at, who)
    await at.live()
    assert at.arrived(channel, who) == []
    api.is_down = False
    await at.live(after_s=3 * HOUR_S)
    reasons = {letter.reason for letter in await at.whole.inbox.dead_letters()}
    was_tried = bool(at.arrived(channel, who)) or who in {refusal.person for refusal in ledger.refused}
    assert not was_tried or f"{channel} window closed" not in reasons
    return was_tried  # whether the platform thinks so too is known of few events (messenger.md section 14 e)


async def check(folder: Path, channel: str, cause: Cause, expected: Expected) -> None:
    async with street(folder) as at:
        found = await outcome(at, channel, cause)
        assert (found.said or "").startswith(expected.said or "")
        assert bool(found.said) == bool(expected.said)
        assert found == Expected(
            said=found.said, label=expected.label, forgets=expected.forgets, silences=expected.silences,
            alerts=expected.alerts,
        )  # fmt: skip
        assert await opens_window(at, channel, cause) is expected.opens


@pytest.mark.parametrize("name", ZALO_CAUSES)
async def test_zalos_event_leads_to_what_it_has_to(tmp_path: Path, name: str) -> None:
    await check(tmp_path, "zalo", *ZALO_CAUSES[name])


@pytest.mark.parametrize("name", MESSENGER_CAUSES)
async def test_messengers_event_leads_to_what_it_has_to(tmp_path: Path, name: str) -> None:
    await check(tmp_path, "messenger", *MESSENGER_CAUSES[name])


def test_no_event_of_the_references_is_missing_here_or_from_the_fakes() -> None:
    assert len(ZALO_NAMES) == len(set(ZALO_NAMES)) == 84
    assert set(ZALO_NAMES) <= ZALO_CAUSES.keys()
    assert set(ZALO_NAMES) <= ZALO_SAMPLES.keys()
    assert {name.split()[0] for name in MESSENGER_CAUSES} >= set(MESSENGER_MARKS)
    assert {f"message {kind}" for kind in MESSENGER_ATTACHMENTS} <= MESSENGER_CAUSES.keys()
    assert set(MESSENGER_ATTACHMENTS) <= CONTENTS.keys()
    assert {sample.key for sample in GRAPH_SAMPLES.values()} | {"message_template_status_update"} == set(
        MESSENGER_MARKS
    )


@pytest.mark.parametrize("channel", ["zalo", "messenger"])
async def test_after_an_officer_the_machine_comes_back_when_it_is_called(tmp_path: Path, channel: str) -> None:
    async with street(tmp_path, is_durable=True) as at:
        who = PERSON[channel]
        writes(at, channel, who, "trước")
        await at.live()
        if channel == "zalo":
            at.zalo.officer().sends_text(at.zalo.user(OA, who), "tôi xem")
        else:
            at.graph.officer().sends_text(at.graph.user(PAGE, who), "tôi xem")
        await at.live()
        for text in ("cảm ơn cán bộ", "Trợ lý!", "hỏi tiếp"):
            writes(at, channel, who, text)
            await at.live(after_s=60)
        assert at.arrived(channel)[2:] == [OFFICER, says("machine_back"), "Về: hỏi tiếp"]


async def test_a_conversation_that_the_inbox_gives_back_is_the_machines_again(tmp_path: Path) -> None:
    async with street(tmp_path, is_durable=True) as at:
        user, who = at.graph.user(PAGE, PERSON["messenger"]), PERSON["messenger"]
        writes(at, "messenger", who, "trước")
        await at.live()
        at.graph.officer().takes_over(user)
        await at.live(after_s=60)
        assert at.arrived("messenger")[2:] == []  # the Page's inbox owns the conversation: Meta takes nothing of ours
        at.graph.officer().gives_back(user, PAGES.app_id)
        writes(at, "messenger", who, "hỏi tiếp")
        await at.live(after_s=60)
        assert at.arrived("messenger")[2:] == [says("machine_back"), "Về: hỏi tiếp"]


ZALO_BODY = (
    '{"app_id":"4100000000000000001","sender":{"id":"7000000000000000001"},"user_id_by_app":"8000000000000000001",'
    '"recipient":{"id":"9000000000000000001"},"event_name":"user_send_text","message":{"text":"Xin chào",'
    '"msg_id":"demo0001"},"timestamp":"1767225600000"}'
).encode()
MESSENGER_BODY = (
    b'{"object":"page","entry":[{"id":"100000000000001","time":1767225600123,"messaging":[{"sender":{"id":'
    b'"200000000000002"},"recipient":{"id":"100000000000001"},"timestamp":1767225600000,"message":{"mid":"m_demo0001",'
    b'"text":"Xin ch\\u00e0o"}}]}]}'
)
WITH_REAL_CHARACTER = MESSENGER_BODY.replace(b"\\u00e0", "à".encode())
MAC = "4d0fff3d84246cb3ed63b1a72f2a7188f1aa06b0bc0d3abd1ff9d8baa9ef085b"
OF_DUMPED = "ca1e54d8f80e9adf94dc9d76d1f92e55342124d990c111c753881ffb6984ce06"
SHA256 = "2b02d6aadf48628d6367ff6018621c11a519851b55c8933e5a0dcadb0e93b40b"
SHA1 = "5787fb6b1014dd4e7bafae2c4f6959d6abe1649a"
OF_REAL_CHARACTER = "536e6c0acc0c4a0bc4e961aa4dc330b812a01c4d0dd1f01097c9cbb65dbc63f3"


@pytest.mark.parametrize(
    ("channel", "body", "headers", "status"),
    [
        ("zalo", ZALO_BODY, {"X-ZEvent-Signature": f"mac={MAC}"}, 200),
        ("zalo", ZALO_BODY, {"X-ZEvent-Signature": f"mac = {MAC.upper()}"}, 200),
        ("zalo", ZALO_BODY, {"X-ZEvent-Signature": f"mac={OF_DUMPED}"}, 403),
        ("messenger", MESSENGER_BODY, {"X-Hub-Signature-256": f"sha256={SHA256}"}, 200),
        ("messenger", MESSENGER_BODY, {"X-Hub-Signature": f"sha1={SHA1}"}, 403),
        ("messenger", MESSENGER_BODY, {"X-Hub-Signature-256": f"sha256={OF_REAL_CHARACTER}"}, 403),
        ("messenger", WITH_REAL_CHARACTER, {"X-Hub-Signature-256": f"sha256={SHA256}"}, 403),
    ],
)
async def test_the_signature_vectors_of_the_references_hold_at_the_door(
    tmp_path: Path, channel: str, body: bytes, headers: dict[str, str], status: int
) -> None:
    assert (len(ZALO_BODY), len(MESSENGER_BODY), len(WITH_REAL_CHARACTER)) == (259, 240, 236)
    async with street(tmp_path, clock=ManualClock(datetime(2026, 1, 1, tzinfo=UTC))) as at:
        assert await webhook(at.whole, channel)(body, headers) == status
        assert at.count("events", channel=channel, outcome="new") == (status == 200)


async def test_phones_of_both_platforms_are_answered_over_sockets(tmp_path: Path) -> None:
    clock, ours, pages = SystemClock(), ZaloIds(), PageIds()
    zalo, graph = one_oa(ours, knows_everybody=False), one_page(pages, knows_everybody=False)
    async with httpx.AsyncClient(timeout=30) as http, serve(zalo.app()) as zalo_url, serve(graph.app()) as graph_url:
        settings = GatewaySettings(
            _env_file=None, zalo_api_url=zalo_url, zalo_oauth_url=zalo_url, messenger_api_url=graph_url,
            zalo_app_id=ours.app_id, zalo_oa_id=ours.oa_id, zalo_oa_secret_key=ours.oa_secret_key,
            zalo_app_secret=ours.app_secret, zalo_access_token=ours.access_token,
            zalo_refresh_token=ours.refresh_token, messenger_app_id=pages.app_id,
            messenger_app_secret=pages.app_secret, messenger_verify_token=pages.verify_token,
            messenger_page_id=pages.page_id, messenger_page_token=pages.page_token,
        )  # fmt: skip
        bot = ScriptedBot(repeats)
        async with (
            assembled(configure(settings), folder=tmp_path, bot=bot, clock=clock, http=http) as whole,
            running(whole) as url,
        ):
            zalo.delivery.connect(ours.app_id, http_post(http, f"{url}/webhooks/zalo", timeout_s=5))
            graph.delivery.connect(pages.app_id, http_post(http, f"{url}/webhooks/messenger", timeout_s=5))
            zalo.phone(ours.oa_id, PERSON["zalo"]).sends_text("Xin chào")
            graph.phone(pages.page_id, PERSON["messenger"]).sends_text("Xin chào")
            for _ in range(1_000):
                await zalo.delivery.deliver_due()
                await graph.delivery.deliver_due()
                if len(zalo.arrived) == len(graph.arrived) == 2 and not (await whole.inbox.depth()).outbox_open:
                    break
                await asyncio.sleep(0.01)
    for fake in (zalo, graph):
        assert [line.text for line in fake.arrived] == [says("machine_notice"), "Về: Xin chào"]
        assert {attempt.status for attempt in fake.delivery.attempts} == {200}
        assert fake.ledger.refused == []
