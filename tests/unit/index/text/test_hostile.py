"""Texts made to break programs: all of them pass the whole path from what is typed to what is named in it."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from index.text import bodies, places
from index.text.articles import find_articles, without_articles
from index.text.bodies import find_bodies
from index.text.communes import find_communes
from index.text.dates import find_period
from index.text.language import detect
from index.text.number import canonical, find_numbers, type_of
from index.text.places import find_places
from index.text.reading import LONGEST, Reader
from index.text.unicode import fold, normalise, syllables

from .patterns import compiled_patterns, traps

DATA = Path(__file__).parents[4] / "data"
TODAY = date(2026, 7, 15)

# What has broken text programs before: controls, bidi marks, tags, joined emoji, stacked marks, lone surrogates, wide
# forms, other scripts, and runs that nested quantifiers could trip over.
_TRAPS = [
    "\x00", "\x07", "\x1b[31m", "\r\n", "\u2028", "\u202e", "\u2066", "\ufeff", "\u200b", "\u2800",
    "\U000e0041", "\ud800", "\udfff\ud83d", "\ufffd", "e\u0301\u0323\u0302" * 3, "\u0301" * 50,
    "o\u0302\u0323" * 20, "👨‍👩‍👧‍👦", "🇻🇳", "❤️", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "ＮＧＨỊ", "法令", "привет", "сăn сướс",
    "ελληνικά", "νà", "ไทย", "עברית", "العربية", "नमस्ते", "한국어", "ﬁ", "İ", "ß", "Ǆ", "ŉ", "K", "Å",
    "𝐍𝐠𝐡𝐢̣", "ⓝⓖ", "🅽", "ᴀ", "Ⅲ", "①", "²", "½", "٣", "৩", "௧", "/", "-", ".", "&", "@", "#", "://",
    "www.", ".vn", "42/2022/nđ-cp", "nđ", "tt", "số", " số ", "0", "1", "99999", "9" * 40, "1/1/",
    "6 tháng ", "từ ", "đến ", "thứ hai ", "quý ", "đầu năm ", "in may ", "2026年", "năm ngoái ",
    "mùng 5 tháng ", "hai tuần trước ", "từ 1 đến ", "âm lịch ", "last 3 ", "Q3/2026 ", "第三季度",
    "十十", "điều 5 ", "khoản ", "điểm đ ", "đ5k2", "5(2)(a)", "第五条", "article ", "phường 1 ", "q1 ",
    "xã An Cư ", "căn cước ", "tp.", "hà nội ", "Bà Rịa - Vũng Tàu", "huyện ", "bộ tài chính ",
    "ubnd ", "ko", "k", "ddinhj", "d9i5nh", "uow", "www", "ooo", "zzz", "sss", "mô ", "răng rứa ",
    "chi ", "khi mô ", " ", "  ", "\t", "\n", "a", "á", "ư", "đ", "Đ", "the", "thanks ", "<s>",
    "</s>", "\\", "(", "[", "{", "*", "+", "?", "|", "$", "^", "'; DROP TABLE", "${jndi:", "%s%n",
    "{{7*7}}", "<script>", "../../etc",
]  # fmt: skip


def _hostile(count: int) -> list[str]:
    chance = random.Random(20261129)
    own = [text for pattern in compiled_patterns().values() for text in traps(pattern, 60)]
    texts: list[str] = []
    for _ in range(count):
        few = chance.sample(_TRAPS, chance.randint(1, 5))
        kind = chance.random()
        if kind < 0.5:
            texts.append("".join(chance.choices(_TRAPS, k=chance.randint(1, 30))))
        elif kind < 0.65:
            texts.append("".join(few) * chance.randint(1, 12))
        elif kind < 0.8:
            texts.append(chance.choice(own) + chance.choice(_TRAPS) + chance.choice(own))
        else:
            texts.append(
                "".join(chr(chance.choice((chance.randint(0, 0x2FFF), chance.randint(0, 0x10FFFF)))) for _ in range(40))
            )
    return texts


@pytest.fixture(scope="module")
def steps() -> dict[str, Callable[[str], object]]:
    """Everything that is done with a text once it is read, and with the raw text too."""
    gazetteer = places.load(DATA / "provinces.jsonl")
    table = bodies.load(DATA / "agencies.jsonl")
    return {
        "numbers": lambda text: [canonical(found) for found in find_numbers(text)],
        "type": type_of,
        "articles": lambda text: [found.canonical for found in find_articles(text)],
        "without articles": without_articles,
        "period": lambda text: find_period(text, TODAY),
        "places": lambda text: find_places(text, gazetteer),
        "communes": lambda text: [found.place_today for found in find_communes(text, gazetteer, eager=True)],
        "bodies": lambda text: find_bodies(text, table),
        "language": detect,
        "tokens": lambda text: syllables(fold(text)),
    }


def test_ten_thousand_hostile_texts_pass_the_whole_path(
    reader: Reader, steps: dict[str, Callable[[str], object]]
) -> None:
    for text in _hostile(10_000):
        reading = reader.read(text)
        assert reading.raw == text
        for form in (reading.normalised, reading.written_out, reading.restored, reading.folded):
            assert "\x00" not in form
            form.encode("utf-8")
        assert normalise(reading.normalised) == reading.normalised
        for name, step in steps.items():
            for form in (text, reading.written_out):
                try:
                    step(form)
                except Exception as error:
                    raise AssertionError(f"{name}: {form!r}") from error


def test_what_is_found_stands_where_it_is_said_to_stand(reader: Reader) -> None:
    gazetteer = places.load(DATA / "provinces.jsonl")
    for text in _hostile(1_500):
        for found in (*find_numbers(text), *find_articles(text), *find_places(text, gazetteer)):
            assert text[found.start : found.end] == found.text


def test_a_line_of_100_kilobytes_costs_no_more_than_what_is_read_of_it(reader: Reader) -> None:
    for trap in ("a", "1/", "nđ 1/2026/", "ddinhj ", "\u0301", "á", "ko ", "từ 1/1 đến ", "điều 1, ", "mô ", "\ud800"):
        line = trap * (100_000 // len(trap))
        assert reader.read(line).folded == reader.read(line[:LONGEST]).folded
