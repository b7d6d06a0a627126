"""What one send to Zalo says, and what is made of every shape of answer."""

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
from channels.errors import InDoubt, Reaction, Refused, RetryLater
from channels.event import OutboxMessage
from channels.platform_call import MAX_ANSWER_BYTES
from channels.zalo.send import HISTORY_PAGES, appsecret_proof, find_sent, send

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
TOKEN, SECRET, PERSON = "zalo0Access1Token2Demo3Of4Tests", "appSecretDemo123", "7000000000000000001"
CARD = {"text": "Chọn:", "attachment": {"type": "template", "payload": {"buttons": []}}}
PAYLOAD = json.dumps({"message": {"text": "Xin chào"}})
CARD_PAYLOAD = json.dumps({"message": CARD, "fallback": {"text": "Chọn:\n1. Một"}})
MESSAGE = OutboxMessage(
    id=7, owner="o", channel="zalo", account="9", person=PERSON, in_reply_to="m1", payload=PAYLOAD, attempts=1
)
DOUBTFUL = replace(MESSAGE, doubtful_since=NOW)
TAKEN = {"error": 0, "message": "Success", "data": {"message_id": "z1", "user_id": PERSON}}

Handler = Callable[[httpx.Request], httpx.Response]


def answering(*answers: Any, status: int = 200) -> tuple[Handler, list[httpx.Request]]:
    """A platform that gives these answers in turn, the last of them again and again, and what it was asked."""
    seen: list[httpx.Request] = []

    def handle(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        answer = answers[min(len(seen), len(answers)) - 1]
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, bytes):
            return httpx.Response(status, content=answer)
        return httpx.Response(status, json=answer)

    return handle, seen


async def sends(handler: Handler, message: OutboxMessage = MESSAGE, *, app_secret: str | None = SECRET) -> str:
    async with httpx.AsyncClient(transport=httpx.MockTransport(handler)) as http:
        return await send(
            http, message, api_url="https://zalo.test/", access_token=TOKEN, app_secret=app_secret, now=NOW
        )


async def finds(handler: Handler, message: OutboxMessage = DOUBTFUL, *, now: datetime = NOW) -> str | None:
    async with httpx.AsyncClient(transport=httpx.MockTransport(handler)) as http:
        return await find_sent(
            http, message, api_url="https://zalo.test", access_token=TOKEN, app_secret=SECRET, now=now
        )


async def failure(handler: Handler, message: OutboxMessage = MESSAGE) -> Exception:
    with pytest.raises((RetryLater, Refused)) as caught:
        await sends(handler, message)
    return caught.value


async def test_a_send_carries_token_and_proof_in_headers_and_real_characters_in_its_body() -> None:
    handler, seen = answering(TAKEN)
    assert await sends(handler) == "z1"
    [request] = seen
    assert str(request.url) == "https://zalo.test/v3.0/oa/message/cs"
    assert request.headers["access_token"] == TOKEN
    assert request.headers["appsecret_proof"] == appsecret_proof(TOKEN, SECRET)
    assert request.headers["content-type"] == "application/json"
    assert "Xin chào".encode() in request.content
    assert json.loads(request.content) == {"recipient": {"user_id": PERSON}, "message": {"text": "Xin chào"}}


async def test_without_the_app_secret_no_proof_is_sent() -> None:
    handler, seen = answering(TAKEN)
    await sends(handler, app_secret=None)
    assert "appsecret_proof" not in seen[0].headers


@pytest.mark.parametrize("data", [None, [], "x", {}, {"message_id": None}])
async def test_a_success_without_an_id_is_still_a_success(data: object) -> None:
    assert await sends(answering({"error": 0, "data": data})[0]) == ""


@pytest.mark.parametrize("code", [-201, -233, "-201"])
async def test_a_refused_card_goes_as_numbered_text(code: object) -> None:
    handler, seen = answering({"error": code, "message": "no cards"}, TAKEN)
    assert await sends(handler, replace(MESSAGE, payload=CARD_PAYLOAD)) == "z1"
    assert [json.loads(request.content)["message"] for request in seen] == [CARD, {"text": "Chọn:\n1. Một"}]


async def test_a_refused_text_is_not_sent_a_second_time_and_a_fallback_not_a_third() -> None:
    for payload, calls in ((PAYLOAD, 1), (CARD_PAYLOAD, 2)):
        handler, seen = answering({"error": -201, "message": "user_id is invalid"})
        error = await failure(handler, replace(MESSAGE, payload=payload))
        assert isinstance(error, Refused) and error.reaction is Reaction.BUG
        assert "zalo error -201: user_id is invalid" in str(error)
        assert len(seen) == calls


@pytest.mark.parametrize("code", [-32, "-32"])
async def test_a_number_may_come_as_text(code: object) -> None:
    error = await failure(answering({"error": code})[0])
    assert type(error) is RetryLater and "zalo error -32" in str(error)


@pytest.mark.parametrize("error", [False, True, None, "", "0x", 0.0, [], {}, "²"])
async def test_what_is_no_number_is_no_success_but_a_doubt(error: object) -> None:
    assert isinstance(await failure(answering({"error": error, "data": {}})[0]), InDoubt)


@pytest.mark.parametrize("status", [200, 302, 404, 502])
@pytest.mark.parametrize(
    "content",
    [b"", b"<html>502</html>", b"[]", b"null", b"{}", b"\xff\xfe", b"[" * 200_000, b'{"error":' + b"[" * 200_000],
)
async def test_an_answer_that_is_none_leaves_the_message_in_doubt(content: bytes, status: int) -> None:
    error = await failure(answering(content, status=status)[0])
    assert isinstance(error, InDoubt) and str(status) in str(error)


async def test_an_answer_without_an_end_is_not_read_to_it() -> None:
    read = 0

    async def endless() -> Any:
        nonlocal read
        for _ in range(1_000):
            read += 100_000
            yield b" " * 100_000

    error = await failure(lambda _: httpx.Response(200, content=endless()))
    assert isinstance(error, InDoubt)
    assert read <= MAX_ANSWER_BYTES + 100_000


async def test_a_redirect_is_not_followed_with_the_token() -> None:
    seen: list[str] = []

    def handle(request: httpx.Request) -> httpx.Response:
        seen.append(request.url.host)
        return httpx.Response(302, headers={"location": "https://elsewhere.test/"})

    assert isinstance(await failure(handle), InDoubt)
    assert seen == ["zalo.test"]


@pytest.mark.parametrize(
    ("error", "is_in_doubt"),
    [
        (httpx.ConnectError("x"), False), (httpx.ConnectTimeout("x"), False), (httpx.PoolTimeout("x"), False),
        (httpx.ProxyError("x"), False), (httpx.UnsupportedProtocol("x"), False), (httpx.WriteTimeout("x"), True),
        (httpx.WriteError("x"), True), (httpx.ReadTimeout("x"), True), (httpx.ReadError("x"), True),
        (httpx.RemoteProtocolError("x"), True), (httpx.DecodingError("x"), True),
    ],
)  # fmt: skip
async def test_a_lost_connection_is_a_doubt_unless_nothing_had_left_us(error: Exception, is_in_doubt: bool) -> None:
    raised = await failure(answering(error)[0])
    assert isinstance(raised, InDoubt) is is_in_doubt
    assert type(error).__name__ in str(raised)


async def test_no_error_holds_the_token_the_secret_the_person_or_the_text() -> None:
    said = f"Malformed access token {TOKEN} of user {PERSON}"
    illegal = httpx.LocalProtocolError(f"Illegal header value b'{TOKEN}'")
    for answer in ({"error": -216, "message": said}, illegal, {"error": "?"}, f"<p>{said}".encode()):
        error = await failure(answering(answer)[0])
        chain: BaseException | None = error
        while chain is not None:
            for secret in (TOKEN, SECRET, PERSON, "Xin chào"):
                assert secret not in str(chain)
            chain = chain.__cause__


def item(text: str = "Xin chào", **fields: object) -> dict[str, object]:
    return {"src": 0, "time": int(NOW.timestamp() * 1000), "message": text, "message_id": "h1", **fields}


async def test_a_message_is_found_in_the_history_by_its_text() -> None:
    handler, seen = answering({"error": 0, "data": [item("khác"), item()]})
    assert await finds(handler) == "h1"
    assert json.loads(seen[0].url.params["data"]) == {"user_id": PERSON, "offset": 0, "count": 10}
    assert seen[0].headers["access_token"] == TOKEN


@pytest.mark.parametrize("text", ["Chọn:", "Chọn:\n1. Một"])
async def test_a_card_is_found_as_card_and_as_its_fallback(text: str) -> None:
    handler, _ = answering({"error": 0, "data": [item(text)]})
    assert await finds(handler, replace(DOUBTFUL, payload=CARD_PAYLOAD)) == "h1"


@pytest.mark.parametrize(
    "other",
    [
        item(src=1), item(src=None), item(src=False), item("Xin chào bạn"), item(""), item(time=0),
        item(time=int((NOW - timedelta(seconds=3)).timestamp() * 1000)), {}, "Xin chào", None, 5, [item()],
        item(time=10**17), item(time="9" * 18), item(time=1e300), item(time=float("1e17")), item(message=None),
    ],
)  # fmt: skip
async def test_what_is_not_the_message_is_not_taken_for_it(other: object) -> None:
    handler, _ = answering({"error": 0, "data": [other]})
    assert await finds(handler) is None


@pytest.mark.parametrize(
    "shape", [{"src": "0"}, {"time": str(int(NOW.timestamp() * 1000))}, {"time": NOW.timestamp() * 1e3}]
)
async def test_numbers_of_the_history_may_come_as_text_or_with_a_point(shape: dict[str, object]) -> None:
    handler, _ = answering({"error": 0, "data": [item(**shape)]})
    assert await finds(handler) == "h1"


@pytest.mark.parametrize("data", [None, {}, "x", 7, []])
async def test_a_history_without_a_list_holds_nothing(data: object) -> None:
    assert await finds(answering({"error": 0, "data": data})[0]) is None


async def test_it_is_looked_for_behind_everything_that_the_person_has_written_since() -> None:
    chatter = [item("alo", src=1) for _ in range(10)]
    handler, seen = answering(
        {"error": 0, "data": chatter}, {"error": 0, "data": chatter}, {"error": 0, "data": [item()]}
    )
    assert await finds(handler) == "h1"
    assert [json.loads(request.url.params["data"])["offset"] for request in seen] == [0, 10, 20]
    handler, seen = answering({"error": 0, "data": chatter})
    assert await finds(handler) is None
    assert len(seen) == HISTORY_PAGES
    handler, seen = answering({"error": 0, "data": [*chatter[1:], item(time=1)]})
    assert await finds(handler) is None
    assert len(seen) == 1


@pytest.mark.parametrize(
    ("answer", "reaction"),
    [
        ({"error": -32}, Reaction.RETRY), ({"error": -216}, Reaction.RENEW_TOKEN),
        ({"error": -220}, Reaction.RENEW_TOKEN), (b"<html>", Reaction.RETRY), ({"data": []}, Reaction.RETRY),
        (httpx.ReadTimeout("x"), Reaction.RETRY),
        (httpx.ConnectError("x"), Reaction.RETRY),
    ],
)  # fmt: skip
async def test_while_the_history_cannot_be_read_nothing_is_certain(answer: object, reaction: Reaction) -> None:
    for now in (NOW, NOW + timedelta(hours=5)):
        with pytest.raises(RetryLater) as caught:
            await finds(answering(answer)[0], now=now)
        assert caught.value.reaction is reaction


@pytest.mark.parametrize("code", [-201, -204, -223, -224, -230, -240, 404, -99999])
async def test_a_history_that_is_refused_for_good_makes_way_for_the_echo_and_stops_no_account(code: int) -> None:
    with pytest.raises(RetryLater) as caught:
        await finds(answering({"error": code})[0], now=NOW + timedelta(minutes=1))
    assert caught.value.reaction is Reaction.RETRY
    assert caught.value.after_s == (ECHO_PATIENCE - timedelta(minutes=1)).total_seconds()
    assert await finds(answering({"error": code})[0], now=NOW + ECHO_PATIENCE) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["error", "data", "message", "src", "time", "message_id"]), inner, max_size=6)
    ),
    max_leaves=20,
)


@given(JSON)
async def test_no_answer_whatever_raises_anything_but_a_send_error(answer: Any) -> None:
    body = json.dumps(answer).encode()
    for ask in (sends, finds):
        with contextlib.suppress(RetryLater, Refused):
            assert isinstance(await ask(answering(body)[0]), (str, type(None)))
    with contextlib.suppress(RetryLater):
        await finds(answering(json.dumps({"error": 0, "data": [answer]}).encode())[0])


def test_the_proof_is_the_hmac_of_the_token() -> None:
    """Zalo's proof is Meta's (section 6), so the vector of the other reference serves."""
    expected = "c17e2098ec29dd80770c47ab0ab1c585f320a614d30784c42ef6dc3058359acf"
    assert appsecret_proof("EAAdemoPageToken", "fbAppSecretDemo123") == expected


async def test_an_account_that_takes_no_cards_is_told_of_once_and_gets_texts_at_once() -> None:
    seen: list[object] = []
    refused: list[None] = []

    def platform(request: httpx.Request) -> httpx.Response:
        message = json.loads(request.content)["message"]
        seen.append(message)
        return httpx.Response(200, json={"error": -201} if "attachment" in message else TAKEN)

    payload = {"message": {"text": "chọn", "attachment": {}}, "fallback": {"text": "chọn"}}
    card = replace(MESSAGE, payload=json.dumps(payload))
    async with httpx.AsyncClient(transport=httpx.MockTransport(platform)) as http:
        for takes_cards in (True, False):
            await send(
                http, card, api_url="https://zalo.test", access_token="t", app_secret=None, now=NOW,
                takes_cards=takes_cards, on_card_refused=lambda: refused.append(None),
            )  # fmt: skip
    assert seen == [payload["message"], payload["fallback"], payload["fallback"]]
    assert len(refused) == 1
