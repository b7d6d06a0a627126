"""A portal announces a document: from the key to the answer, and out again, through every real part."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing

import httpx
import pytest

from channels.publishing.publishers import new_key
from tests.e2e.conftest import wait_until
from tools.stack import ROOT, Stack

pytestmark = pytest.mark.e2e

DOCUMENT = {
    "number": "987/2026/TT-BTP",
    "type": "Thông tư",
    "title": "Quy định về đăng ký giống hoa sen trong vườn công cộng",
    "issuing_body": "Bộ Tư pháp",
    "issued_on": "2026-07-10",
    "effective_on": "2026-07-20",
    "text": "Điều 1. Đăng ký giống hoa sen\n1. Người trồng hoa sen trong vườn công cộng đăng ký giống hoa với "
    "Ủy ban nhân dân cấp xã trong 47 ngày kể từ ngày trồng.\n2. Hồ sơ gồm đơn đăng ký và ảnh của hoa.\n"
    "Điều 2. Hiệu lực thi hành\nThông tư này có hiệu lực từ ngày 20 tháng 7 năm 2026.",
}
QUESTION = "trồng hoa sen trong vườn công cộng phải đăng ký giống hoa trong bao nhiêu ngày"


@pytest.fixture
def publishing(tmp_path):
    """A stack whose catalogue and snapshots are copies, with watch running, and the key of one publisher."""
    key, digest = new_key()
    (tmp_path / "publishers.toml").write_text(
        f'[tu-phap]\nkey_sha256 = "{digest}"\nsource = "bo-tu-phap"\nissuing_bodies = ["Bộ Tư pháp"]\n'
    )
    shutil.copytree(ROOT / "var" / "index", tmp_path / "index")
    with (
        closing(sqlite3.connect(ROOT / "var" / "catalogue.db")) as served,
        closing(sqlite3.connect(tmp_path / "catalogue.db")) as copy,
    ):
        served.backup(copy)
    settings = {
        "WATCH": "true",
        "PUBLISHERS_FILE": str(tmp_path / "publishers.toml"),
        "CATALOGUE_URL": f"sqlite:///{tmp_path}/catalogue.db",
        "INDEX_DIR": str(tmp_path / "index"),
        "SOURCES_STATE_FILE": str(tmp_path / "sources.db"),
    }
    headers = {"authorization": f"Bearer {key}"}
    with Stack(tmp_path, settings) as stack, httpx.Client(base_url=stack.url, headers=headers, timeout=30) as client:
        yield client


def announce(client, body):
    """Announce, wait until it was dealt with, and return what became of it."""
    response = client.post("/api/v1/documents", json=body)
    assert response.status_code == 202, response.text
    found = {}

    def is_dealt_with():
        found.update(client.get(response.json()["status_url"]).json())
        return found["state"] != "accepted"

    wait_until(is_dealt_with)
    return found


def ask(client, question):
    return client.post("/api/v1/answers", json={"question": question, "as_of": "2026-08-01"}).json()


def test_an_announced_document_is_answered_from_and_a_withdrawn_one_is_not(publishing):
    assert ask(publishing, "thông tư 987/2026/TT-BTP")["status"] == "no_answer_not_found"

    done = announce(publishing, {"document": DOCUMENT})
    assert (done["state"], done["document_ids"]) == ("done", ["987/2026/TT-BTP@2026-07-10"])
    assert done["answerable_at"] is not None
    answer = ask(publishing, QUESTION)
    assert answer["citations"][0]["number"] == "987/2026/TT-BTP"
    assert "47 ngày" in answer["citations"][0]["quote"]
    assert ask(publishing, "thông tư 987/2026 còn hiệu lực không")["citations"][0]["validity"] == "in_force"

    refused = announce(publishing, {"document": DOCUMENT | {"number": "988/2026/TT-BYT", "issuing_body": "Bộ Y tế"}})
    assert refused["state"] == "refused"
    assert refused["reason"]

    withdrawal = {"number": DOCUMENT["number"], "issued_on": DOCUMENT["issued_on"], "reason": "đăng nhầm"}
    assert announce(publishing, {"withdraw": withdrawal})["state"] == "done"
    assert ask(publishing, "thông tư 987/2026/TT-BTP")["status"] == "no_answer_not_found"
    assert "987/2026/TT-BTP" not in str(ask(publishing, QUESTION)["citations"])
