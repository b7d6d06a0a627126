"""The grounds of a document ("Căn cứ Luật … số …"), and the law it details or guides (pure)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from index.document import Relation, RelationKind
from index.relations.mentions import folded, mentions_in
from index.relations.objects import named_in
from index.structure import bare

_GROUND = re.compile(r"[-+•*\s]*Căn cứ\s+", re.I)
_LAW = re.compile(r"(?:Bộ luật|Luật|Pháp lệnh)\s+\S")
_FINISHED = (";", ",", ".", ":")
_MOST_LINES = 6  # of one ground that machine reading broke
_DETAILS = re.compile(
    r"(?:quy dinh )?chi tiet\b|huong dan (?:chi tiet )?(?:viec )?(?:thi hanh|thuc hien|ap dung)|huong dan\b"
    r"|bien phap (?:to chuc )?(?:, huong dan )?thi hanh"
)
_OWN = re.compile(r"(?:nghi dinh|thong tu|quyet dinh|nghi quyet)(?: lien tich)? nay\s+(?=quy dinh|huong dan|chi tiet)")
_LONGEST_REACH = 600  # characters from "quy định chi tiết" to the law
_RANKS = {"Luật": 0, "Bộ luật": 0, "Pháp lệnh": 0, "Nghị quyết": 1, "Nghị định": 1, "Quyết định": 2, "Thông tư": 3}
_SYMBOL_RANKS = {None: 0, "PL": 0, "NQ": 1, "NĐ": 1, "QĐ": 2, "TT": 3, "TTLT": 3}


def based_on(text: str) -> tuple[Relation, ...]:
    """A BASED_ON relation for each document with a number in the lines that begin "Căn cứ", laws with their name.

    What once changed a ground ("được sửa đổi, bổ sung bởi …") is no ground.
    """
    relations = []
    for words in _grounds(text.split("\n")):
        for named in named_in(words, mentions_in(words), 0, len(words)):
            mention = named.mention
            relations.append(
                Relation(
                    RelationKind.BASED_ON,
                    mention.number,
                    title=mention.name if _LAW.match(mention.name) else None,
                    issued_on=mention.issued_on,
                    is_extracted=True,
                )
            )
    return tuple(dict.fromkeys(relations))


def _grounds(lines: Sequence[str]) -> Iterator[str]:
    """What follows "Căn cứ", one ground after the other, broken lines joined."""
    for place, line in enumerate(lines):
        plain = bare(line)
        begun = _GROUND.match(plain)
        if begun is None:
            continue
        words = plain[begun.end() :]
        for further in map(bare, lines[place + 1 : place + _MOST_LINES]):
            if words.endswith(_FINISHED) or not further or _GROUND.match(further):
                break
            words = f"{words} {further}"
        yield words


def guided_by_text(sentence: str, bases: Sequence[Relation], type_: str) -> Iterator[Relation]:
    """What a title or a sentence of the first article says the document details or guides: documents of higher rank.

    A law named without its number is found among the grounds.
    """
    plain = folded(sentence)
    own = _OWN.match(plain)
    start = _DETAILS.match(plain) if own is None else _DETAILS.search(plain, own.end(), own.end() + 80)
    if start is None and not own:
        start = re.match(r"quy dinh chi tiet\b", plain)
    if start is None:
        return
    stop = min(len(sentence), start.end() + _LONGEST_REACH)
    rank = _RANKS.get(type_, 3)
    for named in named_in(sentence, mentions_in(sentence[:stop]), start.end(), stop):
        is_ministers = named.mention.type == "QĐ" and not named.mention.number.endswith("TTg")
        if not is_ministers and _SYMBOL_RANKS.get(named.mention.type, 3) < rank:
            yield Relation(
                RelationKind.GUIDES, named.mention.number, issued_on=named.mention.issued_on, is_extracted=True
            )
    for base in bases:
        if base.title and re.search(
            rf"\b{re.escape(folded(base.title))}(?=[.,;:]| va | so |$)", plain[start.end() : stop]
        ):
            yield Relation(
                RelationKind.GUIDES, base.number, title=base.title, issued_on=base.issued_on, is_extracted=True
            )
