"""What a title alone says, and what a retelling does not."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from index.document import Document, RelationKind, TextKind
from index.ingest.completing import complete
from index.ingest.markdown import read_markdown_bytes

RETOLD = "Điều 1. Hiệu lực thi hành\nThông tư này có hiệu lực từ ngày 01/02/2026 và thay thế Thông tư số 5/2020/TT-BTC."


def document(title: str, *, text: str = "", kind: TextKind = TextKind.SUMMARY) -> Document:
    return Document(
        number="9/2026/TT-BTC",
        type="Thông tư",
        title=title,
        issuing_body="Bộ Tài chính",
        issued_on=date(2026, 1, 5),
        effective_on=None,
        text_kind=kind,
        text=text,
        source="congbao.chinhphu.vn",
        checked_on=None,
    )


@pytest.mark.parametrize("text", ["", RETOLD], ids=["a record without text", "a retelling"])
def test_the_title_of_a_document_without_official_text_counts(text: str) -> None:
    found = complete(document("Bãi bỏ Thông tư số 7/2019/TT-BTC ngày 03 tháng 4 năm 2019", text=text))

    assert [(one.kind, one.number, one.is_extracted) for one in found.relations] == [
        (RelationKind.ABOLISHES, "07/2019/TT-BTC", True)
    ]
    assert (found.text, found.text_kind, found.effective_on) == (text, TextKind.SUMMARY, None)


def test_the_official_text_counts_beside_the_title() -> None:
    found = complete(document("Quy định về lệ phí", text=RETOLD, kind=TextKind.OFFICIAL))

    assert [(one.kind, one.number) for one in found.relations] == [(RelationKind.REPLACES, "05/2020/TT-BTC")]
    assert found.effective_on == date(2026, 2, 1)


AMENDING = (
    "Sửa đổi, bổ sung một số điều của Thông tư số 7/2019/TT-BTC đã được sửa đổi, bổ sung bởi Thông tư số 8/2021/TT-BTC"
)
COLLECTED = f"""---
trich_yeu: {AMENDING}
---
# Thông tư số 9/2026/TT-BTC

## NỘI DUNG

Điều 1. Lệ phí
Mức lệ phí là 1.000 đồng.

Nơi nhận: VT
"""


def test_a_collected_text_amends_what_its_title_amends_and_not_what_once_changed_that() -> None:
    (collected,) = read_markdown_bytes(COLLECTED.encode(), Path("a.md"))

    amended = [one.number for one in complete(collected).relations if one.kind is RelationKind.AMENDS]
    assert amended == ["07/2019/TT-BTC"]


def test_a_document_that_another_one_is_about_lends_it_no_number() -> None:
    (collected,) = read_markdown_bytes(COLLECTED.encode(), Path("a.md"))

    assert collected.number == "09/2026/TT-BTC"
