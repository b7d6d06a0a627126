"""Bodies, what they follow, and the fields they are in charge of."""

import json

import pytest

from actions.lookup_contact import LookupContact
from index.text.unicode import fold


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("bộ nào quản lý tiền lương", "Bộ Nội vụ"),
        ("ai phụ trách bảo hiểm xã hội", "Bộ Nội vụ"),
        ("cơ quan nào phụ trách giao thông", "Bộ Xây dựng"),
        ("bộ nào lo về môi trường", "Bộ Nông nghiệp và Môi trường"),
        ("bộ nào quản lý kế hoạch và đầu tư", "Bộ Tài chính"),
        ("ai lo chuyện tôn giáo", "Bộ Dân tộc và Tôn giáo"),
    ],
)
def test_a_field_leads_to_the_body_in_charge(desk, text, body):
    for typed in (text, fold(text)):
        (field,) = desk.directory.in_charge(typed)
        assert field.body == body
        assert field.source


def test_what_is_only_background_knowledge_is_not_told(desk, root):
    rows = map(json.loads, (root / "data/agencies.jsonl").read_text("utf-8").splitlines())
    unchecked = {each["name"] for row in rows for each in row.get("fields", ()) if each["evidence"] == "K"}
    assert unchecked
    assert [name for name in unchecked if any(field.name == name for field in desk.directory.in_charge(name))] == []


def test_every_ministry_has_a_field_with_evidence(desk, root):
    rows = map(json.loads, (root / "data/agencies.jsonl").read_text("utf-8").splitlines())
    ministries = [row for row in rows if row["kind"] == "bộ"]
    assert all({"P", "F"} & {each["evidence"] for each in row["fields"]} for row in ministries)


def test_the_committee_of_a_merged_province_leads_to_that_of_today_with_its_own_basis(desk, ask):
    reply = LookupContact(desk).reply_to(ask("website ubnd tỉnh bình dương"))
    assert "Ủy ban nhân dân Thành phố Hồ Chí Minh" in reply.text
    assert [citation.number for citation in reply.citations] == ["202/2025/QH15"]
