"""The demo page's server: what a phone shows, what can be done there, and who may ask."""

import httpx
import pytest

from channels.testing import FakeGraph, FakeZalo, PageIds, ZaloIds, serve
from channels.testing.graph import INBOX_APP_ID
from channels.testing.ledger import Author, Line
from channels.testing.phone import phone_app
from channels.testing.phone.acts import MESSENGER, ZALO, NoSuchAct, Place, Stage
from channels.testing.phone.view import conversation, starters, zalo_menu

OURS, PAGE = ZaloIds(), PageIds()
ON_ZALO = Place("zalo", OURS.oa_id, "7000000000000000001")
ON_PAGE = Place("messenger", PAGE.page_id, "200000000000002")


@pytest.fixture
def stage(zalo: FakeZalo, graph: FakeGraph) -> Stage:
    return Stage(zalo, graph)


@pytest.fixture
async def page(stage: Stage):
    async with serve(phone_app(stage)) as url, httpx.AsyncClient(base_url=url, timeout=10) as http:
        yield http


def shown(line: Line, *earlier: Line) -> dict:
    return conversation([*earlier, line], after=len(earlier))[0]


@pytest.fixture
def line(clock):
    def make(message: dict, author: Author = Author.APP, **more: object) -> Line:
        return Line("m1", "a", "p", author, clock.now(), message, **more)

    return make


def test_zalo_buttons_are_shown_by_what_they_do(line) -> None:
    buttons = [
        {"title": "Hỏi", "type": "oa.query.show", "payload": "hỏi"},
        {"title": "Trang", "type": "oa.open.url", "payload": {"url": "https://example.vn/"}},
        {"title": "Gọi", "type": "oa.open.phone", "payload": {"phone_code": "8428"}},
    ]
    message = {"text": "Chọn", "attachment": {"type": "template", "payload": {"buttons": buttons}}}
    assert shown(line(message))["buttons"] == [
        {"kind": "reply", "title": "Hỏi", "payload": "hỏi"},
        {"kind": "link", "title": "Trang", "url": "https://example.vn/"},
        {"kind": "link", "title": "Gọi", "url": "tel:+8428"},
    ]


def test_what_a_hidden_button_sends_is_not_shown_on_the_phone(line) -> None:
    button = {"title": "Hỏi", "type": "oa.query.hide", "payload": "#btn:x"}
    card = line({"text": "Chọn", "attachment": {"type": "template", "payload": {"buttons": [button]}}})
    pressed, typed = line({"text": "#btn:x"}, Author.PERSON), line({"text": "khác"}, Author.PERSON)
    assert [each["text"] for each in conversation([card, pressed, typed], after=0)] == ["Chọn", "khác"]


def test_messenger_templates_and_quick_replies_are_shown(line) -> None:
    buttons = [
        {"type": "postback", "title": "Hỏi", "payload": "p"},
        {"type": "web_url", "title": "Trang", "url": "https://example.vn/"},
        {"type": "phone_number", "title": "Gọi", "payload": "+8428"},
    ]
    payload = {"template_type": "button", "text": "Chọn", "buttons": buttons}
    card = shown(line({"attachment": {"type": "template", "payload": payload}}))
    assert card["text"] == "Chọn"
    assert [button["kind"] for button in card["buttons"]] == ["reply", "link", "link"]
    element = {"title": "Điều 1", "subtitle": "…", "image_url": "https://example.vn/a.png", "buttons": buttons[:1]}
    generic = {"template_type": "generic", "elements": [element]}
    [found] = shown(line({"attachment": {"type": "template", "payload": generic}}))["cards"]
    assert (found["title"], found["url"], len(found["buttons"])) == ("Điều 1", "https://example.vn/a.png", 1)
    quick = [{"content_type": "text", "title": "Một", "payload": "1"}]
    assert shown(line({"text": "a", "quick_replies": quick}))["quick"] == [{"title": "Một", "payload": "1"}]


def test_what_a_person_sent_is_named_by_its_kind_and_money_is_mentioned(line) -> None:
    assert shown(line({"text": "", "attachments": [{"type": "sticker"}]}, Author.PERSON))["kinds"] == ["sticker"]
    assert shown(line({"text": "a"}, is_billed=True))["billed"]


def test_a_profile_becomes_what_stands_in_an_empty_conversation() -> None:
    profile = {
        "get_started": {"payload": "GET_STARTED"},
        "greeting": [{"locale": "en_US", "text": "Hi"}, {"locale": "default", "text": "Xin chào"}],
        "ice_breakers": [{"locale": "default", "call_to_actions": [{"question": "Hỏi gì?", "payload": "p"}]}],
        "persistent_menu": [
            {"locale": "default", "call_to_actions": [{"type": "web_url", "title": "Trang", "url": "https://a.vn"}]}
        ],
    }
    assert starters(profile) == {
        "greeting": "Xin chào",
        "starts": True,
        "questions": [{"title": "Hỏi gì?", "payload": "p"}],
        "menu": [{"kind": "link", "title": "Trang", "url": "https://a.vn"}],
    }
    assert starters({}) == {"greeting": "", "starts": False, "questions": [], "menu": []}


def test_a_zalo_menu_is_shown_where_it_looks_like_buttons() -> None:
    item = {"title": "Hỏi", "type": "oa.query.show", "payload": "hỏi"}
    assert zalo_menu({"data": [item, {"x": 1}]}) == [{"kind": "reply", "title": "Hỏi", "payload": "hỏi"}]
    assert zalo_menu(None) == []


@pytest.mark.parametrize("name", [*ZALO, "text", "press", "officer"])
def test_everything_on_the_page_can_be_done_on_zalo(stage: Stage, name: str) -> None:
    stage.act(ON_ZALO, name, text="a")
    assert stage.zalo.delivery.next_due() is not None


@pytest.mark.parametrize("name", [*MESSENGER, "text", "press", "quick", "officer", "take", "give"])
def test_everything_on_the_page_can_be_done_on_messenger(stage: Stage, name: str) -> None:
    stage.act(ON_PAGE, name, text="a", title="A")
    assert stage.graph.delivery.next_due() is not None


@pytest.mark.parametrize(
    ("place", "name"),
    [(ON_ZALO, "dance"), (ON_PAGE, "dance"), (Place("zalo", "1", "1"), "text"), (Place("viber", "1", "1"), "text")],
)
def test_nothing_else_can_be_done(stage: Stage, place: Place, name: str) -> None:
    with pytest.raises(NoSuchAct):
        stage.act(place, name)


async def test_the_page_comes_with_a_policy_that_runs_no_script_of_others(page: httpx.AsyncClient) -> None:
    for path in ("/", "/phone.css", "/phone.js", "/phone.svg"):
        response = await page.get(path)
        assert response.status_code == 200
        assert response.headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'")
    assert 'lang="vi"' in (await page.get("/")).text


async def test_a_text_goes_into_the_conversation_and_is_shown_from_a_place_on(page: httpx.AsyncClient) -> None:
    where = {"channel": "zalo", "account": OURS.oa_id, "person": "7000000000000000001"}
    for text in ("một", "hai"):
        assert (await page.post("/api/acts", json={**where, "act": "text", "text": text})).status_code == 200
    found = (await page.get("/api/conversation", params={**where, "after": "1"})).json()
    assert [(line["place"], line["text"], line["who"]) for line in found["lines"]] == [(1, "hai", "person")]
    assert found["delivery"] == {"sent": 0, "status": None, "waits": True, "unsubscribed": False}


async def test_typing_and_the_owner_are_shown_on_messenger(page: httpx.AsyncClient, stage: Stage) -> None:
    where = {"channel": "messenger", "account": PAGE.page_id, "person": "200000000000002"}
    user = stage.graph.user(PAGE.page_id, "200000000000002")
    user.typing, user.owner = True, INBOX_APP_ID
    found = (await page.get("/api/conversation", params=where)).json()
    assert (found["typing"], found["owner"]) == (True, "inbox")


async def test_accounts_of_both_platforms_are_listed(page: httpx.AsyncClient) -> None:
    found = (await page.get("/api/accounts")).json()
    assert [(each["channel"], each["account"]) for each in found] == [
        ("zalo", OURS.oa_id), ("messenger", PAGE.page_id),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "body",
    [{}, [], {"act": "text"}, {"channel": "zalo", "account": OURS.oa_id, "person": "x", "act": "text"}, "x"],
)
async def test_a_request_that_makes_no_sense_is_refused(page: httpx.AsyncClient, body: object) -> None:
    assert (await page.post("/api/acts", json=body)).status_code == 400


async def test_pages_of_other_sites_cannot_act(page: httpx.AsyncClient) -> None:
    assert (await page.post("/api/acts", content=b"{}", headers={"content-type": "text/plain"})).status_code == 415
    assert (await page.get("/api/accounts", headers={"host": "evil.example"})).status_code == 421
