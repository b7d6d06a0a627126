"""Outcomes of every kind, for the property tests of rendering, and the ones that examples begin with."""

import unicodedata
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from bot.reply import AnswerStatus, Button, Citation, Reply
from bot.wording import Wording
from channels.buttons import Buttons
from channels.event import TurnOutcome

WORDING = Wording.load(Path(__file__).parents[3] / "data" / "wording")
BUTTONS = Buttons(b"a secret of sixteen bytes")

ANYTHING = st.characters()  # half surrogate pairs and control characters included
ODD = st.text(st.sampled_from("aế. \n\u0301\u200b\U0001f1fb\U0001f44d\U0001f3fd。;:/"), max_size=80)


def is_visible(text: str) -> bool:
    return any(unicodedata.category(character) not in ("Zs", "Zl", "Zp", "Cc", "Cf", "Cs") for character in text)


EDGES = st.sampled_from([near for limit in (20, 80, 100, 640, 978, 1_000, 2_000) for near in (limit, limit + 1)])
AT_A_LIMIT = st.builds(str.__mul__, st.sampled_from(["x", "字"]), EDGES)
LINE = (
    st.text(ANYTHING, max_size=120)
    | AT_A_LIMIT
    | ODD
    | st.builds(str.__mul__, st.text(ANYTHING, max_size=6), st.integers(1, 400))
)
TEXT = st.builds(str.__mul__, st.text(ANYTHING, min_size=1, max_size=40) | ODD, st.integers(1, 300)).filter(str.strip)
NUMBERS = st.sampled_from(["161/2026/NĐ-CP", "1/2026/QH16", "02/2025/TT-BNV"])
PAGES = st.integers(1, 20).map("https://vanban.chinhphu.vn/{}".format)
CITING = st.sampled_from([AnswerStatus.ANSWERED, AnswerStatus.LISTED])
LANGUAGES = st.sampled_from(["vi", "en", "zh", "fr"])


def _citations(
    names: st.SearchStrategy[str],
    places: st.SearchStrategy[str],
    urls: st.SearchStrategy[str | None],
    *,
    successors: int,
) -> st.SearchStrategy[Citation]:
    return st.builds(
        Citation, number=names, type=names, title=names, issuing_body=names,
        issued_on=st.none() | st.dates(), effective_on=st.none() | st.dates(),
        validity=st.sampled_from(["in_force", "expired", "unknown", "odd"]),
        replaced_by=st.lists(names, max_size=successors).map(tuple), checked_on=st.none() | st.dates(),
        text_kind=st.just("official"), location=st.none() | places, quote=st.none(), url=urls,
    )  # fmt: skip


def _replies(
    text: st.SearchStrategy[str], citations: st.SearchStrategy[Citation], titles: st.SearchStrategy[str]
) -> st.SearchStrategy[Reply]:
    buttons = st.builds(Button, title=titles, text=titles, is_optional=st.booleans())
    return st.builds(
        Reply, status=CITING, text=text, lang=LANGUAGES,
        citations=st.lists(citations, max_size=4).map(tuple) | st.lists(citations, max_size=12).map(tuple),
        buttons=st.lists(buttons, max_size=3).map(tuple) | st.lists(buttons, max_size=16).map(tuple),
    )  # fmt: skip


ANY_URL = st.none() | PAGES | LINE | st.sampled_from(["http://x.vn", "https://[", "https:"])
CITATIONS = _citations(NUMBERS | LINE, LINE, ANY_URL, successors=2)
LIKELY = _replies(
    st.builds(str.__mul__, st.sampled_from(["Đúng. ", "Điều 3 quy định như sau.\n\n"]), st.integers(1, 120))
    | AT_A_LIMIT,
    _citations(NUMBERS, AT_A_LIMIT, PAGES | st.none(), successors=1),
    st.sampled_from(["Nguồn", "Điều 1", "Toàn văn", "Nghị định 161/2026/NĐ-CP (15/05/2026)"]) | AT_A_LIMIT,
)
LISTS = _replies(  # a card's title has 80 characters, of which the two names and the day take some 40
    st.just("Các văn bản:"),
    _citations(NUMBERS, st.integers(20, 40).map("x".__mul__), PAGES, successors=0),
    st.sampled_from(["Nguồn", "Toàn văn"]) | AT_A_LIMIT,
)
WILD = _replies(TEXT, CITATIONS, LINE | st.sampled_from(["Nguồn", "Điều 1"]))
OUTCOMES = st.builds(
    TurnOutcome, replies=st.lists(LIKELY | LISTS | WILD, min_size=1, max_size=3).map(tuple),
    notices=st.lists(TEXT, max_size=2).map(tuple), hands_over=st.booleans(), takes_back=st.booleans(),
).filter(lambda outcome: any(is_visible(reply.text) for reply in outcome.replies))  # fmt: skip


def citation(**changes: object) -> Citation:
    fields: dict[str, Any] = dict(  # noqa: C408 - reads like the constructor
        number="161/2026/NĐ-CP", type="Nghị định", title="Mức lương cơ sở", issuing_body="Chính phủ",
        issued_on=date(2026, 5, 15), effective_on=date(2026, 7, 1), validity="in_force", replaced_by=(),
        checked_on=date(2026, 7, 1), text_kind="official", location="Điều 3", quote="…",
        url="https://congbao.chinhphu.vn/1",
    )  # fmt: skip
    return Citation(**{**fields, **changes})


def asking(*titles: str, text: str = "Văn bản nào?") -> Reply:
    """A reply that needs one of some choices; pressing one says its title in small letters."""
    buttons = tuple(Button(title, title.lower()) for title in titles)
    return Reply(AnswerStatus.CLARIFY_AMBIGUOUS, text, buttons=buttons)


def utf16(text: str) -> int:
    """Length as JavaScript, Java and the platforms' own forms count it."""
    return sum(1 + (ord(character) > 0xFFFF) for character in text)
