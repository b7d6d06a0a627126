"""Announcements: keys, bodies and the spool."""

import json
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from channels.errors import BadRequest, StoreUnavailable
from channels.publishing.parse import MAX_BODY_BYTES, parse
from channels.publishing.publishers import Publishers, PublishersUnreadable, new_key
from channels.publishing.spool import Spool

NOW = datetime(2026, 7, 1, 8, 0, 0, 5, tzinfo=UTC)
ID = "0123456789abcdef0123456789abcdef"
DOCUMENT = {"number": "1/2026/NĐ-CP", "title": "Về một việc", "text": "Điều 1. Một việc."}


def digest(key: str) -> str:
    return sha256(key.encode()).hexdigest()


def publishers_file(folder: Path, text: str) -> Path:
    path = folder / "publishers.toml"
    path.write_text(text)
    return path


def test_a_publisher_is_known_by_its_key(tmp_path):
    key, shown = new_key()
    publishers = Publishers.load(publishers_file(tmp_path, f'[bnv]\nkey_sha256 = "{shown}"\nsource = "bo-noi-vu"\n'))
    assert publishers.identify(f"Bearer {key}") == "bnv"
    assert key not in (tmp_path / "publishers.toml").read_text()


@pytest.mark.parametrize(
    "header", [None, "", "Bearer ", "Bearer wrong", "Basic right", "right", "bearer right", "Bearer right "]
)
def test_any_other_key_is_refused(tmp_path, header):
    publishers = Publishers.load(publishers_file(tmp_path, f'[bnv]\nkey_sha256 = "{digest("right")}"\n'))
    with pytest.raises(BadRequest) as refused:
        publishers.identify(header)
    assert (refused.value.http_status, refused.value.code) == (401, "unknown_key")


def test_without_the_file_nobody_publishes(tmp_path):
    publishers = Publishers.load(tmp_path / "none.toml")
    assert not publishers
    with pytest.raises(BadRequest):
        publishers.identify("Bearer anything")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[bnv]\n", "[bnv] needs key_sha256"),
        ('[bnv]\nkey_sha256 = "secret"\n', "[bnv] needs key_sha256"),
        (f'[bnv]\nkey_sha256 = "{digest("a").upper()}"\n', "lower case"),
        ("bnv = 1\n", "[bnv] needs key_sha256"),
        ("[bnv\n", "not a readable TOML file"),
        (f'[a]\nkey_sha256 = "{digest("k")}"\n[b]\nkey_sha256 = "{digest("k")}"\n', "the same key"),
    ],
)
def test_a_faulty_file_is_named_without_its_values(tmp_path, text, fault):
    with pytest.raises(PublishersUnreadable) as problem:
        Publishers.load(publishers_file(tmp_path, text))
    assert fault in str(problem.value)
    assert "secret" not in str(problem.value)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"document": DOCUMENT}, "document"),
        ({"url": "https://example.gov.vn/a.htm"}, "url"),
        ({"withdraw": {"number": "1/2026/NĐ-CP", "issued_on": "2026-01-02", "reason": "đăng nhầm"}}, "withdraw"),
        ({"withdraw": {"number": "1/2026/NĐ-CP", "reason": "đăng nhầm"}}, "withdraw"),
    ],
)
def test_an_announcement_is_one_of_three_things(body, kind):
    announced = parse(json.dumps(body).encode())
    assert announced["kind"] == kind
    assert set(announced) == {"kind", "document", "url", "number", "issued_on", "reason"}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "invalid_announcement"),
        ({"document": DOCUMENT, "url": "https://a"}, "invalid_announcement"),
        ({"document": DOCUMENT, "priority": 1}, "invalid_announcement"),
        ({"document": []}, "invalid_document"),
        ({"document": DOCUMENT | {"text": " "}}, "invalid_document"),
        ({"document": DOCUMENT | {"number": 7}}, "invalid_document"),
        ({"document": DOCUMENT | {"number": "1" * 501}}, "invalid_document"),
        ({"url": "http://example.gov.vn/"}, "invalid_url"),
        ({"url": "https://example.gov.vn/" + "a" * 2_000}, "invalid_url"),
        ({"url": 7}, "invalid_url"),
        ({"withdraw": "1/2026/NĐ-CP"}, "invalid_withdrawal"),
        ({"withdraw": {"number": "1/2026/NĐ-CP"}}, "invalid_withdrawal"),
        ({"withdraw": {"number": "1", "reason": "a", "issued_on": "1/2/2026"}}, "invalid_withdrawal"),
        ({"withdraw": {"number": "1", "reason": "a", "issued_on": "2026-02-30"}}, "invalid_withdrawal"),
    ],
)
def test_each_fault_of_an_announcement_has_its_own_code(body, code):
    with pytest.raises(BadRequest) as refused:
        parse(json.dumps(body).encode())
    assert (refused.value.http_status, refused.value.code) == (400, code)


def test_a_body_above_the_limit_is_too_large_and_no_json_is_malformed():
    with pytest.raises(BadRequest) as refused:
        parse(b" " * (MAX_BODY_BYTES + 1))
    assert refused.value.http_status == 413
    with pytest.raises(BadRequest) as refused:
        parse(b"[" * 100_000)
    assert refused.value.code == "malformed_json"


@pytest.mark.parametrize(
    "body",
    [
        rb'{"url": "https://a.gov.vn/\ud800"}',
        rb'{"withdraw": {"number": "1/2026/TT-BTP", "reason": "\udfff"}}',
        b'{"document": {"number": "1", "title": "t", "text": "x", "pages": 1e999}}',
    ],
)
def test_what_no_file_can_hold_is_refused_before_it_is_stored(body):
    with pytest.raises(BadRequest) as refused:
        parse(body)
    assert refused.value.code == "malformed_json"


def test_an_announcement_is_on_disk_under_its_time_and_id(tmp_path):
    spool = Spool(tmp_path)
    spool.put({"publisher": "bnv", "kind": "url", "url": "https://a"}, announcement_id=ID, received_at=NOW)
    (file,) = (tmp_path / "new").iterdir()
    assert file.name == f"20260701T080000000005-{ID}.json"
    stored = json.loads(file.read_text())
    assert (stored["id"], stored["publisher"], stored["received_at"]) == (ID, "bnv", NOW.isoformat())
    assert [path for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_publisher_sees_the_state_of_its_own_announcements_only(tmp_path):
    spool = Spool(tmp_path)
    spool.put({"publisher": "bnv"}, announcement_id=ID, received_at=NOW)
    assert spool.state(ID, publisher="other") is None
    assert spool.state("../" + ID, publisher="bnv") is None
    assert spool.state(ID, publisher="bnv")["state"] == "accepted"
    (file,) = (tmp_path / "new").iterdir()
    (tmp_path / "refused" / file.name).write_text(json.dumps({"publisher": "bnv", "reason": "a foreign host"}))
    file.unlink()
    state = spool.state(ID, publisher="bnv")
    assert (state["state"], state["reason"], state["document_ids"]) == ("refused", "a foreign host", [])


def test_a_spool_that_cannot_be_written_stores_nothing(tmp_path):
    (tmp_path / "spool").write_text("a file where the folder should be")
    with pytest.raises(StoreUnavailable):
        Spool(tmp_path / "spool").put({}, announcement_id=ID, received_at=NOW)


def test_nothing_unfinished_stays_of_what_could_not_be_stored(tmp_path):
    (tmp_path / "new" / f"20260701T080000000005-{ID}.json").mkdir(parents=True)  # in its way
    with pytest.raises(StoreUnavailable):
        Spool(tmp_path).put({"publisher": "bnv"}, announcement_id=ID, received_at=NOW)
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == []


def test_a_spool_is_full_when_as_many_wait_as_may(tmp_path):
    spool = Spool(tmp_path, most_waiting=2)
    assert not spool.is_full()
    for number in range(2):
        spool.put({}, announcement_id=f"{number:032x}", received_at=NOW)
    assert spool.is_full()
