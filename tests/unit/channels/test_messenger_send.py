"""What one send to the Graph API says, and what is made of every shape of answer."""

import contextlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.doubt import ECHO_PATIENCE
from channels.errors import InDoubt, NotOurs, Reaction, Refused, RetryLater
from channels.event import OutboxMessage
from channels.messenger.limits import MAX_ATTEMPTS, PAGE_INBOX_APP_ID
from channels.messenger.send import appsecret_proof, find_sent, send, versioned

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
PAGE, PERSON = "100000000000001", "200000000000002"
TOKEN, SECRET = "EAAdemo0Page1Token2Of3Tests4", "fbAppSecretDemo123"
PAYLOAD = json.dumps({"message": {"text": "Xin chào"}})
CARD = json.dumps({"message": {"attachment": {"type": "template", "payload": {"template_type": "generic"}}}})
CONTROL = json.dumps({"control": "pass_thread_control"})
TAKE = json.dumps({"control": "take_thread_control"})
MESSAGE = OutboxMessage(
    id=7, owner="o", channel="messenger", account=PAGE, person=PERSON, in_reply_to="m1", payload=PAYLOAD, attempts=1
)
DOUBTFUL = replace(MESSAGE, doubtful_since=NOW)
TAKEN = {"recipient_id": PERSON, "message_id": "m_out1"}

Handler = Callable[[httpx.Request], httpx.Response]


def answering(answer: Any, *, status: int = 200, **headers: str) -> tuple[Handler, list[httpx.Request]]:
    """A platform that always gives this answer, and what it was asked."""
    seen: list[httpx.Request] = []

    def handle(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        if isinstance(answer, Exception):
            raise answer
        content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return httpx.Response(status, content=content, headers=named)

    return handle, seen


def error(code: object, subcode: object = None, **more: object) -> dict[str, object]:
    body = {"message": "told to fail", "type": "OAuthException", "code": code, "fbtrace_id": "AbC-1_2", **more}
    return {"error": body if subcode is None else {**body, "error_subcode": subcode}}


async def sends(handler: Handler, message: OutboxMessage = MESSAGE, *, api_url: str = "https://graph.test") -> str:
    async with httpx.AsyncClient(transport=httpx.MockTransport(handler)) as http:
        return await send(http, message, api_url=api_url, page_token=TOKEN, app_secret=SECRET)


async def finds(handler: Handler, message: OutboxMessage = DOUBTFUL, *, now: datetime = NOW) -> str | None:
    async with httpx.AsyncClient(transport=httpx.MockTransport(handler)) as http:
        return await find_sent(
            http, message, api_url="https://graph.test", page_token=TOKEN, app_secret=SECRET, now=now
        )


async def failure(handler: Handler, message: OutboxMessage = MESSAGE) -> RetryLater | Refused:
    with pytest.raises((RetryLater, Refused)) as caught:
        await sends(handler, message)
    return caught.value


async def test_a_send_keeps_the_token_out_of_the_address_and_carries_proof_and_outbox_id() -> None:
    handler, seen = answering(TAKEN)
    assert await sends(handler) == "m_out1"
    [request] = seen
    assert request.url.path == f"/v26.0/{PAGE}/messages"
    assert dict(request.url.params) == {"appsecret_proof": appsecret_proof(TOKEN, SECRET)}
    assert request.headers["authorization"] == f"Bearer {TOKEN}"
    assert json.loads(request.content) == {
        "recipient": {"id": PERSON},
        "messaging_type": "RESPONSE",
        "message": {"text": "Xin chào", "metadata": "7"},
    }


async def test_a_conversation_is_passed_on_to_the_page_inbox() -> None:
    handler, seen = answering({"success": True})
    assert await sends(handler, replace(MESSAGE, payload=CONTROL)) == ""
    assert seen[0].url.path == f"/v26.0/{PAGE}/pass_thread_control"
    body = json.loads(seen[0].content)
    assert body == {"recipient": {"id": PERSON}, "target_app_id": PAGE_INBOX_APP_ID, "metadata": "7"}


async def test_a_conversation_that_is_with_somebody_else_already_need_not_be_passed_on() -> None:
    handler, _ = answering(error(10, 2018300), status=403)
    assert await sends(handler, replace(MESSAGE, payload=CONTROL)) == ""
    assert isinstance(await failure(handler), NotOurs)


async def test_a_conversation_is_taken_back_from_whoever_has_it() -> None:
    handler, seen = answering({"success": True})
    assert await sends(handler, replace(MESSAGE, payload=TAKE)) == ""
    assert seen[0].url.path == f"/v26.0/{PAGE}/take_thread_control"
    assert json.loads(seen[0].content) == {"recipient": {"id": PERSON}, "metadata": "7"}


@pytest.mark.parametrize("code", [(10, 2018300), (10, None), (200, None), (10, 77)])
async def test_where_meta_does_not_let_us_take_it_nothing_waits_and_no_page_is_paused(
    code: tuple[int, int | None],
) -> None:
    raised = await failure(answering(error(*code), status=403)[0], replace(MESSAGE, payload=TAKE))
    assert (type(raised), raised.reaction) == (NotOurs, Reaction.STOP_PERSON)


@pytest.mark.parametrize("code", [(613, None), (190, 463), (1, None)])
async def test_what_has_nothing_to_do_with_the_conversation_delays_its_taking(code: tuple[int, int | None]) -> None:
    assert isinstance(await failure(answering(error(*code), status=400)[0], replace(MESSAGE, payload=TAKE)), RetryLater)


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("https://graph.test", "https://graph.test/v26.0"), ("https://graph.test/", "https://graph.test/v26.0"),
        ("https://graph.test/v27.0", "https://graph.test/v27.0"), ("https://graph.test/v1", "https://graph.test/v1"),
        ("https://graph.test/vn", "https://graph.test/vn/v26.0"),
    ],
)  # fmt: skip
def test_the_version_is_pinned_unless_the_address_names_one(given: str, used: str) -> None:
    assert versioned(given) == used


@pytest.mark.parametrize("status", [200, 302, 404, 500, 502])
@pytest.mark.parametrize(
    "content",
    [b"", b"<html>502</html>", b"[]", b"null", b"{}", b"\xff", b"[" * 200_000, b'{"error":"x"}', b'{"error":[]}',
     b'{"error":true}', b'{"message_id":""}', b'{"message_id":null}'],
)  # fmt: skip
async def test_an_answer_that_is_none_leaves_the_message_in_doubt(content: bytes, status: int) -> None:
    raised = await failure(answering(content, status=status)[0])
    assert isinstance(raised, InDoubt) and str(status) in str(raised)


async def test_an_id_that_comes_with_a_failing_status_proves_nothing() -> None:
    assert isinstance(await failure(answering(TAKEN, status=500)[0]), InDoubt)


@pytest.mark.parametrize(("code", "subcode"), [(True, None), (None, None), ("x", None), ([], {}), (1.5, None)])
async def test_a_code_that_is_no_number_is_of_no_known_class(code: object, subcode: object) -> None:
    raised = await failure(answering(error(code, subcode), status=400)[0])
    assert type(raised) is RetryLater and raised.reaction is Reaction.RETRY


@pytest.mark.parametrize(("code", "subcode"), [("10", "2018278"), (10, "2018278"), ("551", 1545041), (551, True)])
async def test_codes_may_come_as_text(code: object, subcode: object) -> None:
    raised = await failure(answering(error(code, subcode), status=400)[0])
    assert isinstance(raised, Refused) and raised.reaction is Reaction.STOP_PERSON


async def test_an_error_with_status_200_is_an_error() -> None:
    assert (await failure(answering(error(190))[0])).reaction is Reaction.RENEW_TOKEN


@pytest.mark.parametrize(
    ("trace", "told"),
    [("AbC-1_2", "(AbC-1_2)"), (TOKEN + " " + PERSON, "()"), (5, "()"), ("x" * 65, "()"), (None, "()")],
)
async def test_the_trace_is_told_where_it_can_be_one(trace: object, told: str) -> None:
    raised = await failure(answering(error(10, 2018278, fbtrace_id=trace), status=400)[0])
    assert str(raised) == f"messenger error 10/2018278 {told}: told to fail"


async def test_no_error_holds_the_token_the_secret_the_person_or_the_text() -> None:
    said = f"Malformed access token {TOKEN} of {PERSON}"
    illegal = httpx.LocalProtocolError(f"Illegal header value b'{TOKEN}'")
    for answer in (error(190, message=said), illegal, f"<p>{said}".encode(), {"error": said}):
        chain: BaseException | None = await failure(answering(answer, status=400)[0])
        while chain is not None:
            for secret in (TOKEN, SECRET, PERSON, "Xin chào", appsecret_proof(TOKEN, SECRET)):
                assert secret not in str(chain)
            chain = chain.__cause__


def usage(minutes: object) -> str:
    return json.dumps({PAGE: [{"type": "messenger", "call_count": 100, "estimated_time_to_regain_access": minutes}]})


@pytest.mark.parametrize(
    ("headers", "after_s"),
    [
        ({}, None), ({"x_business_use_case_usage": usage(7)}, 420), ({"x_business_use_case_usage": usage("7")}, 420),
        ({"x_business_use_case_usage": usage(0)}, None), ({"x_business_use_case_usage": usage(-5)}, None),
        ({"x_business_use_case_usage": usage(True)}, None), ({"x_business_use_case_usage": usage(10**12)}, 86_400),
        ({"x_business_use_case_usage": usage(float("inf"))}, None), ({"x_business_use_case_usage": "{"}, None),
        ({"x_business_use_case_usage": "[" * 50_000}, None), ({"x_business_use_case_usage": "[1]"}, None),
        ({"x_app_usage": '{"call_count":100,"total_time":25}'}, None), ({"x_app_usage": usage(2)}, 120),
        ({"x_app_usage": usage(2), "x_business_use_case_usage": usage(3)}, 180),
        ({"x_business_use_case_usage": '{"1":[5,null,{"estimated_time_to_regain_access":null}],"2":{}}'}, None),
    ],
)  # fmt: skip
@pytest.mark.parametrize("code", [4, 17, 32, 613, 80006, 80007])
async def test_a_limit_lasts_as_long_as_the_usage_headers_say(
    code: int, headers: dict[str, str], after_s: float | None
) -> None:
    raised = await failure(answering(error(code), status=403, **headers)[0])
    assert isinstance(raised, RetryLater) and not isinstance(raised, InDoubt)
    assert (raised.reaction, raised.after_s) == (Reaction.RETRY, after_s)


async def test_what_may_be_for_good_does_not_wait_for_a_limit_to_end() -> None:
    raised = await failure(answering(error(2), status=500, x_business_use_case_usage=usage(7))[0])
    assert isinstance(raised, RetryLater)
    assert (raised.after_s, raised.at_most) == (None, MAX_ATTEMPTS[2])


async def test_the_one_code_of_an_unknown_outcome_is_a_doubt() -> None:
    assert isinstance(await failure(answering(error(1, 1357046), status=500)[0]), InDoubt)
    assert type(await failure(answering(error(1, 5), status=500)[0])) is RetryLater


def history(*items: object) -> dict[str, object]:
    return {"data": [{"id": "t_1", "messages": {"data": list(items)}}]}


def item(text: object = "Xin chào", **fields: object) -> dict[str, object]:
    ours = {"id": PAGE, "name": "Trang"}
    return {"id": "m_h1", "message": text, "from": ours, "created_time": "2026-11-22T03:00:00+0000", **fields}


async def test_a_message_is_found_in_the_history_by_its_text() -> None:
    handler, seen = answering(history(item("khác"), item()))
    assert await finds(handler) == "m_h1"
    assert seen[0].url.path == f"/v26.0/{PAGE}/conversations"
    params = dict(seen[0].url.params)
    assert params["user_id"] == PERSON and params["fields"].startswith("messages.limit(50){")
    assert "access_token" not in params and seen[0].headers["authorization"] == f"Bearer {TOKEN}"


@pytest.mark.parametrize(
    "created",
    ["2026-11-22T03:00:00+0000", "2026-11-22T10:00:00+07:00", "2026-11-22T03:00:00Z", "2026-11-22T03:00:00",
     "2026-11-22T02:59:58+0000"],
)  # fmt: skip
async def test_the_time_of_a_message_may_name_its_zone_or_not(created: str) -> None:
    assert await finds(answering(history(item(created_time=created)))[0]) == "m_h1"


@pytest.mark.parametrize(
    "other",
    [
        item("Xin chào bạn"), item(None), item(5), item(**{"from": {"id": PERSON}}), item(**{"from": None}),
        item(**{"from": PAGE}), item(created_time="2026-11-22T02:59:57+0000"), item(created_time=None),
        item(created_time="0001-01-01T00:00:00+14:00"), item(created_time=1_795_000_000), {}, None, "x", 5, [item()],
    ],
)  # fmt: skip
async def test_what_is_not_the_message_is_not_taken_for_it(other: object) -> None:
    assert await finds(answering(history(other))[0]) is None


@pytest.mark.parametrize(
    "answer",
    [
        {"data": None}, {"data": {}}, {"data": "x"}, {"data": [None, 5, "x", []]}, {"data": [{"messages": None}]},
        {"data": [{"messages": {"data": None}}]}, {"data": [{"messages": {"data": "x"}}]}, {"data": [{"messages": []}]},
        {"data": [{"messages": {"data": 7}}]}, {},
    ],
)  # fmt: skip
async def test_a_history_of_an_odd_shape_holds_nothing(answer: object) -> None:
    assert await finds(answering(answer)[0]) is None


@pytest.mark.parametrize(
    ("answer", "status", "reaction"),
    [
        (error(4), 403, Reaction.RETRY), (error(613), 400, Reaction.RETRY), (error(1), 500, Reaction.RETRY),
        (error(2), 500, Reaction.RETRY), (error(190, 463), 400, Reaction.RENEW_TOKEN), (b"<html>", 502, Reaction.RETRY),
        ({}, 503, Reaction.RETRY), (httpx.ReadTimeout("x"), 200, Reaction.RETRY),
        (httpx.ConnectError("x"), 200, Reaction.RETRY),
    ],
)  # fmt: skip
async def test_while_the_history_cannot_be_read_nothing_is_certain(
    answer: object, status: int, reaction: Reaction
) -> None:
    for now in (NOW, NOW + timedelta(hours=5)):
        with pytest.raises(RetryLater) as caught:
            await finds(answering(answer, status=status)[0], now=now)
        assert caught.value.reaction is reaction


async def test_a_limit_of_the_history_lasts_as_long_as_the_usage_headers_say() -> None:
    with pytest.raises(RetryLater) as caught:
        await finds(answering(error(613), status=400, x_business_use_case_usage=usage(3))[0])
    assert caught.value.after_s == 180


@pytest.mark.parametrize("code", [(10, None), (200, None), (100, 33), (100, None), (368, None), (283, None), (3, None)])
async def test_a_history_that_is_refused_for_good_makes_way_for_the_echo_and_stops_no_page(
    code: tuple[int, int | None],
) -> None:
    handler, _ = answering(error(*code), status=400)
    with pytest.raises(RetryLater) as caught:
        await finds(handler, now=NOW + timedelta(minutes=1))
    assert caught.value.reaction is Reaction.RETRY
    assert caught.value.after_s == (ECHO_PATIENCE - timedelta(minutes=1)).total_seconds()
    assert await finds(handler, now=NOW + ECHO_PATIENCE) is None


async def test_a_card_waits_for_its_echo_and_nobody_is_asked() -> None:
    handler, seen = answering({})
    card = replace(DOUBTFUL, payload=CARD)
    with pytest.raises(RetryLater) as caught:
        await finds(handler, card, now=NOW + timedelta(minutes=4))
    assert caught.value.after_s == 360
    assert await finds(handler, card, now=NOW + ECHO_PATIENCE) is None
    assert seen == []


@pytest.mark.parametrize("payload", [CONTROL, TAKE])
async def test_moving_a_conversation_is_simply_done_again(payload: str) -> None:
    handler, seen = answering({})
    assert await finds(handler, replace(DOUBTFUL, payload=payload)) is None
    assert seen == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["error", "code", "error_subcode", "data", "messages", "message", "from", "id", "created_time"]
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=20,
)


@given(JSON, st.sampled_from([200, 400, 500]))
async def test_no_answer_whatever_raises_anything_but_a_send_error(answer: Any, status: int) -> None:
    for body in (answer, {"error": answer}, {"error": {"code": answer, "error_subcode": answer}}, history(answer)):
        for ask in (sends, finds):
            with contextlib.suppress(RetryLater, Refused):
                assert isinstance(await ask(answering(body, status=status)[0]), (str, type(None)))


async def test_a_proof_by_another_secret_stops_the_account_and_not_the_message() -> None:
    raised = await failure(answering(error(100, message="Invalid appsecret_proof provided in the API argument"))[0])
    assert (type(raised), raised.reaction) == (RetryLater, Reaction.STOP_CHANNEL)
