"""100,000 mutated payloads: nothing is raised but MalformedEvent, and what is read keeps its promises.

Mutations are seeded, so a failure repeats; they start from the recorded shapes in tests/fixtures.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from enum import Enum
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.buttons import Buttons
from channels.errors import MalformedEvent
from channels.event import EventKind, InboundEvent, ParsedRequest, Signal, SignalKind
from channels.messenger.catalogue import MARKS
from channels.messenger.parse import parse as parse_messenger
from channels.ports import VerifiedRequest
from channels.text import tidy
from channels.zalo.catalogue import ECHOES, MESSAGES, OPENINGS, SIGNALS
from channels.zalo.parse import parse as parse_zalo

FIXTURES = Path(__file__).parents[2] / "fixtures"
TIMES = 50_000  # of each platform
OA, PAGE = "9000000000000000001", "100000000000001"
BUTTONS = Buttons(b"a secret of sixteen bytes")
ID = re.compile(r"[\x21-\x7e]{1,255}")
ZALO_NAMES = (*MESSAGES, *ECHOES, *OPENINGS, *SIGNALS)
MESSENGER_NAMES = (*MARKS, "message_echo", "changes")
DEEP = "the place of something nested too deep"

Parse = Callable[[bytes], ParsedRequest]


def zalo(body: bytes) -> ParsedRequest:
    return parse_zalo(VerifiedRequest(body), oa_ids=(OA,), buttons=BUTTONS)


def messenger(body: bytes) -> ParsedRequest:
    return parse_messenger(VerifiedRequest(body), app_ids={PAGE: "300000000000003"}, buttons=BUTTONS)


def zalo_seeds() -> list[str]:
    recorded = [each["body"] for each in json.loads((FIXTURES / "zalo/events.json").read_text())["events"]]
    return [json.dumps(body) for body in recorded]


def messenger_seeds() -> list[str]:
    recorded = json.loads((FIXTURES / "messenger/items.json").read_text())["items"]
    return [
        json.dumps({"object": "page", "entry": [{"id": PAGE, "time": 1, each["field"]: [each["item"]] * times}]})
        for each in recorded
        for times in (1, 2)
    ]


ODD = [
    json.dumps(odd)  # as text, so that each use is a value of its own
    for odd in (
        None, True, False, 0, -1, 1, 2**31, 2**63, 2**64, 10**300, -(10**300), 0.5, 1e308, float("nan"), float("inf"),
        float("-inf"), "", " ", "0", "-1", "1767225600000", 1767225600000, 4102444800001, "٣", "1e9", "nan", "\x00",
        "\ud800", "a\ud83d", "\udfff\ud800", "e\u0301", "\u0301", "\r\n", "\u202e", "\ufeff", "\u200b", "x" * 256,
        "7" * 255, "é" * 3_000, "#btn:", "#btn::", "#btn:AAAAAAAAAAAAAAAA:x", BUTTONS.sign("zalo", OA, "\x00e\u0301 "),
        BUTTONS.sign("zalo", OA, " \u0301a"),
        BUTTONS.sign("messenger", PAGE, "a\ud800"), "GET_STARTED", "/restart", "https://a.zdn.vn/x", OA, PAGE,
        int(PAGE), "263902037430900", "300000000000003", [], {}, [[]], [{}], [None], {"": {}}, {"id": None},
        {"id": "7"}, {"id": PAGE}, {"user_ref": "r"},
        [{"type": "location", "payload": {"coordinates": {"lat": "1e9", "long": 5}}}],
        {"latitude": "91", "longitude": float("inf")}, DEEP,
    )
]  # fmt: skip


def containers(value: object) -> Iterator[tuple[dict | list, object]]:
    """Every place of a tree at which something stands."""
    keys = value.keys() if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        yield from containers(value[key])


def mutate(tree: object, random: Random, words: list[str]) -> None:
    """Change one place of a tree, in place."""
    places = list(containers(tree))
    if not places:
        return
    holder, key = random.choice(places)
    match random.randrange(8):
        case 0:
            del holder[key]
        case 1:
            holder[key] = [holder[key]]
        case 2:
            holder[key] = {random.choice(words): holder[key]}
        case 3:  # something from elsewhere in the same payload
            other, at = random.choice(places)
            holder[key] = json.loads(json.dumps(other[at])) if at in other or isinstance(other, list) else None
        case 4 if isinstance(holder, dict):
            holder[random.choice(words)] = holder[key]
        case 5 if isinstance(holder[key], str):
            holder[key] = random.choice(words)
        case 6 if isinstance(holder[key], str) and holder[key].isdigit():
            holder[key] = int(holder[key])
        case _:
            holder[key] = json.loads(random.choice(ODD))


def body_of(tree: object, random: Random) -> bytes:
    """Write a tree as JSON, at times with duplicate keys, bottomless nesting, endless digits or broken bytes."""
    text = json.dumps(tree, ensure_ascii=random.random() < 0.5)
    if DEEP in text:
        depth = random.choice((5, 400, 900, 1_000, 30_000))
        text = text.replace(f'"{DEEP}"', "[" * depth + "]" * depth)
    roll = random.random()
    if roll < 0.05:
        text = re.sub(r'("\w+": )', r"\g<1>[1], \g<1>", text, count=random.randrange(1, 4))
    elif roll < 0.08:
        text = re.sub(r"\b[0-9]+\b", "9" * random.choice((20, 400, 5_000)), text, count=1)
    body = text.encode("utf-8", "surrogatepass")
    if roll > 0.85:
        altered = bytearray(body)
        for _ in range(random.randrange(1, 4)):
            at = random.randrange(len(altered) + 1)
            altered[at : at + random.randrange(3)] = random.randbytes(random.randrange(3))
        body = bytes(altered)
    return body


def kinds_of(parsed: ParsedRequest) -> set[Enum]:
    return {found.kind for found in (*parsed.events, *parsed.signals)}


def check(parsed: ParsedRequest, accounts: tuple[str, ...], names: tuple[str, ...]) -> None:
    assert set(parsed.ignored) <= {"unknown", "other_account"}
    for event in parsed.events:
        check_event(event, accounts)
    for signal in parsed.signals:
        check_signal(signal, accounts, names)


def check_event(event: InboundEvent, accounts: tuple[str, ...]) -> None:
    assert event.account in accounts
    assert all(ID.fullmatch(each) for each in (event.person, event.dedup_key, event.message_id))
    assert event.text == tidy(event.text)
    assert event.text == "" or event.kind in (EventKind.TEXT, EventKind.ASIDE)
    assert event.occurred_at.utcoffset() == timedelta(0)
    assert (event.lang, event.as_of) == (None, None)
    if event.place is not None:
        assert event.kind is EventKind.LOCATION
        assert -90 <= event.place.latitude <= 90
        assert -180 <= event.place.longitude <= 180


def check_signal(signal: Signal, accounts: tuple[str, ...], names: tuple[str, ...]) -> None:
    assert signal.name in names
    assert signal.account in (*accounts, "")
    assert all(ID.fullmatch(each) for each in (signal.person, signal.message_id, signal.outbox_id) if each)
    assert signal.text == tidy(signal.text)
    assert signal.detail in ("", "warning", "block", "unblock", "other")
    if signal.kind in (SignalKind.ECHO, SignalKind.INTERACTED, SignalKind.WITHDREW):
        assert signal.account
        assert signal.person
    if signal.kind is SignalKind.INTERACTED:
        assert signal.occurred_at is not None


@pytest.mark.parametrize(
    ("parse", "seeds", "account", "names"),
    [(zalo, zalo_seeds(), OA, ZALO_NAMES), (messenger, messenger_seeds(), PAGE, MESSENGER_NAMES)],
    ids=["zalo", "messenger"],
)
def test_mutated_payloads_raise_nothing_but_malformed_and_keep_every_promise(
    parse: Parse, seeds: list[str], account: str, names: tuple[str, ...]
) -> None:
    random = Random(20261129)
    words = [*names, *sorted({word for seed in seeds for word in re.findall(r"\w+", seed)})]
    ended: Counter[str] = Counter()
    kinds: set[Enum] = set()
    for _ in range(TIMES):
        tree = json.loads(random.choice(seeds))
        for _ in range(random.choice((1, 1, 1, 2, 3))):
            mutate(tree, random, words)
        body = body_of(tree, random)
        try:
            parsed = parse(body)
            check(parsed, (account,), names)
        except MalformedEvent:
            ended["malformed"] += 1
            continue
        except BaseException as error:
            error.add_note(f"payload: {body[:2_000]!r}")
            raise
        ended["read" if parsed.events or parsed.signals else "let go"] += 1
        kinds |= kinds_of(parsed)
    assert ended.total() == TIMES
    assert min(ended["read"], ended["malformed"], ended["let go"]) > TIMES // 50  # no mutation that only breaks JSON
    assert ended["read"] > TIMES // 4
    assert kinds >= {
        EventKind.TEXT,
        EventKind.LOCATION,
        EventKind.OFFICER_SPOKE,
        SignalKind.ECHO,
        SignalKind.INTERACTED,
    }


@pytest.mark.parametrize("parse", [zalo, messenger])
@given(body=st.binary(max_size=200))
def test_no_bytes_raise_anything_but_malformed(parse: Parse, body: bytes) -> None:
    with pytest.raises(MalformedEvent):
        parse(body)


@pytest.mark.parametrize("seed", [*zalo_seeds(), *messenger_seeds()])
def test_the_seeds_themselves_are_read(seed: str) -> None:
    parsed = (zalo if "event_name" in seed else messenger)(seed.encode())
    assert parsed.events or parsed.signals
    assert (parsed.ignored, parsed.malformed) == ((), 0)
