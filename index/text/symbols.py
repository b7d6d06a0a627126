"""Symbols in document numbers (ký hiệu): document types and issuing bodies, as printed and as typed.

Types: Nghị định 30/2020/NĐ-CP, article 7 and annex III, and Luật 64/2025/QH15. Bodies: those seen in 3,004 numbers of
the official gazette (congbao.chinhphu.vn, 2010 to June 2026) and the ministries of 2025 and 2026.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.text.unicode import fold


@dataclass(frozen=True, slots=True)
class TypeSymbol:
    """One type of document and how people write it."""

    symbol: str  # as printed in a number: "NĐ"
    name: str  # "Nghị định"
    stands_alone: bool = False  # "nd 42" with nothing else means a document; "kh 42" does not
    may_look_like_a_year: bool = False  # its numbers run past 1,900: 2023/QĐ-TTg


TYPES = (
    TypeSymbol("TTLT", "Thông tư liên tịch", stands_alone=True),
    TypeSymbol("NQLT", "Nghị quyết liên tịch", stands_alone=True),
    TypeSymbol("VBHN", "Văn bản hợp nhất", stands_alone=True),
    TypeSymbol("NĐ", "Nghị định", stands_alone=True),
    TypeSymbol("NQ", "Nghị quyết", stands_alone=True),
    TypeSymbol("QĐ", "Quyết định", stands_alone=True, may_look_like_a_year=True),
    TypeSymbol("TT", "Thông tư", stands_alone=True),
    TypeSymbol("CT", "Chỉ thị", stands_alone=True),
    TypeSymbol("CĐ", "Công điện", stands_alone=True),
    TypeSymbol("PL", "Pháp lệnh"),
    TypeSymbol("L", "Lệnh"),
    TypeSymbol("TB", "Thông báo", may_look_like_a_year=True),
    TypeSymbol("KH", "Kế hoạch", may_look_like_a_year=True),
    TypeSymbol("HD", "Hướng dẫn"),
    TypeSymbol("KL", "Kết luận"),
    TypeSymbol("BC", "Báo cáo", may_look_like_a_year=True),
    TypeSymbol("TTr", "Tờ trình", may_look_like_a_year=True),
    TypeSymbol("CTr", "Chương trình"),
    TypeSymbol("ĐA", "Đề án"),
    TypeSymbol("DA", "Dự án"),
    TypeSymbol("PA", "Phương án"),
    TypeSymbol("QC", "Quy chế"),
    TypeSymbol("QyĐ", "Quy định"),
    TypeSymbol("TC", "Thông cáo"),
    TypeSymbol("HĐ", "Hợp đồng"),
    TypeSymbol("ĐC", "Đính chính"),
    TypeSymbol("SL", "Sao lục"),  # a copy of a treaty; in the 1940s and 50s the same letters meant Sắc lệnh
    TypeSymbol("CV", "Công văn", may_look_like_a_year=True),
)

LAW = TypeSymbol("Luật", "Luật")
"""A law has no type symbol (148/2025/QH15); its name stands for it where a person gives a number only."""

TYPE_NAMES: dict[str, str] = {kind.symbol: kind.name for kind in (*TYPES, LAW)}
"""Type symbol → Vietnamese name: "NĐ" → "Nghị định"."""

BODY_NAMES: dict[str, str] = {
    "thủ tướng chính phủ": "TTg",
    "thủ tướng": "TTg",
    "chính phủ": "CP",
    "chủ tịch nước": "CTN",
    "văn phòng chính phủ": "VPCP",
    "thanh tra chính phủ": "TTCP",
    "ngân hàng nhà nước": "NHNN",
    "kiểm toán nhà nước": "KTNN",
    "tòa án nhân dân tối cao": "TANDTC",
    "viện kiểm sát nhân dân tối cao": "VKSNDTC",
    "ủy ban thường vụ quốc hội": "UBTVQH",
    "bộ quốc phòng": "BQP",
    "bộ công an": "BCA",
    "bộ ngoại giao": "BNG",
    "bộ nội vụ": "BNV",
    "bộ tư pháp": "BTP",
    "bộ tài chính": "BTC",
    "bộ công thương": "BCT",
    "bộ nông nghiệp và môi trường": "BNNMT",
    "bộ nông nghiệp và phát triển nông thôn": "BNNPTNT",
    "bộ tài nguyên và môi trường": "BTNMT",
    "bộ xây dựng": "BXD",
    "bộ giao thông vận tải": "BGTVT",
    "bộ văn hóa": "BVHTTDL",
    "bộ khoa học và công nghệ": "BKHCN",
    "bộ thông tin và truyền thông": "BTTTT",
    "bộ giáo dục và đào tạo": "BGDĐT",
    "bộ giáo dục": "BGDĐT",
    "bộ y tế": "BYT",
    "bộ dân tộc và tôn giáo": "BDTTG",
    "bộ kế hoạch và đầu tư": "BKHĐT",
    "bộ lao động - thương binh và xã hội": "BLĐTBXH",
    "bộ lao động thương binh xã hội": "BLĐTBXH",
    "bộ lao động": "BLĐTBXH",
    "trung ương": "TW",
}
"""Spelled-out issuing body, in lower case → symbol. Old ministries keep their own symbols, as their documents do."""

_BODIES = """
CP TTg CTN BQP BCA BNG BNV BTP BTC BCT BNNMT BXD BVHTTDL BKHCN BGDĐT BYT BDTTG NHNN NHNNVN TTCP VPCP VPQH VPCTN
BTTTT BKHĐT BGTVT BLĐTBXH BNNPTNT BTNMT BNN BKH BTTTT UBDT KTNN TANDTC VKSNDTC VKSTC HĐTP HĐTVĐX LPQT
UBTVQH UBANHK UBQGVTE CA ĐCTUBTWMTTQVN ĐCTUBTƯMTTQVN UBTWMTTQVN UBTƯMTTQVN BCHTWĐTN HĐĐHTTTC HĐND UBND
BCĐ BCĐNO BCĐTKHNQT BCĐPTDS BCĐSPQG BCĐHNQT BCĐIUU BCĐCP BCĐPKNDTW BCĐXDNTM BCĐPTCNBD BCĐPPP BCĐTW BCĐTWCQĐT
TW TƯ BBT BTCTW BTGTW UBKTTW VPTW TU
"""

PARTY_BODIES = ("TW", "TƯ", "BBT", "BTCTW", "BTGTW", "UBKTTW", "VPTW", "TU")
"""Bodies of the Party, whose numbers read num-TYPE/ORG: 66-NQ/TW."""

_ASSEMBLY = re.compile(r"(?:ubtv)?qh\d{1,2}")


def _by_folded(symbols: list[str]) -> dict[str, str]:
    table: dict[str, str] = {}
    for symbol in symbols:
        table.setdefault(fold(symbol), symbol)  # first listed wins: HD before HĐ
    return table


_TYPE_BY_FOLDED = _by_folded([kind.symbol for kind in TYPES])
_TYPE_BY_LOWER = {kind.symbol.lower(): kind.symbol for kind in TYPES}
_BODY_BY_FOLDED = _by_folded(_BODIES.split())
_BODY_BY_LOWER = {symbol.lower(): symbol for symbol in _BODIES.split()}


def type_symbol(typed: str) -> str | None:
    """Return the printed type symbol for `typed`: "nd" and "NĐ" → "NĐ"; None when it is no type."""
    return _TYPE_BY_LOWER.get(typed.lower()) or _TYPE_BY_FOLDED.get(fold(typed))


def stands_alone(symbol: str) -> bool:
    """Tell whether this type's symbol and a number mean a document with nothing else said: "NĐ 42", not "KH 42"."""
    return any(kind.symbol == symbol and kind.stands_alone for kind in TYPES)


def body_symbol(typed: str) -> str:
    """Return the printed symbol of an issuing body, part by part: "blđtbxh-btc" → "BLĐTBXH-BTC", "ttg" → "TTg".

    An unknown part comes back in capitals with the accents it was typed with.
    """
    return "-".join(
        _BODY_BY_LOWER.get(part.lower()) or _BODY_BY_FOLDED.get(fold(part)) or part.upper() for part in typed.split("-")
    )


def is_body(typed: str) -> bool:
    """Tell whether `typed` (one part, any case, accents or not) is a known issuing body's symbol."""
    folded = fold(typed)
    return folded in _BODY_BY_FOLDED or _ASSEMBLY.fullmatch(folded) is not None


def folded_types() -> list[str]:
    """Return every type symbol in folded form, longest first."""
    return sorted(_TYPE_BY_FOLDED, key=len, reverse=True)


def folded_bodies() -> list[str]:
    """Return every body symbol in folded form, longest first."""
    return sorted(_BODY_BY_FOLDED, key=len, reverse=True)


ENGLISH_TYPES = {
    "decree": "Nghị định",
    "directive": "Chỉ thị",
    "circular": "Thông tư",
    "resolution": "Nghị quyết",
    "decision": "Quyết định",
    "law": "Luật",
}
"""English words for document types, as the Government's English pages use them."""
