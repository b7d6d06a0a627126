"""The commands of the index, from files to answers, with the shipped data and an encoder without a model."""

import json
from pathlib import Path

import pytest

from index.__main__ import main
from index.testing import HashEmbedder

pytestmark = pytest.mark.integration

ROWS = [
    {
        "number": "161/2026/NĐ-CP",
        "type": "Nghị định",
        "title": "Quy định mức lương cơ sở",
        "issuing_body": "Chính phủ",
        "issued_on": "2026-05-15",
        "effective_on": "2026-07-01",
        "summary": "Mức lương cơ sở là 2.530.000 đồng một tháng từ ngày 01/7/2026.",
        "aliases": ["lương cơ sở"],
        "relations": [],
        "evidence": "G",
        "source": "congbao.chinhphu.vn",
        "checked_on": "2026-07-01",
    },
    {
        "number": "37/2026/TT-BCA",
        "type": "Thông tư",
        "title": "Sát hạch và cấp giấy phép lái xe",
        "issuing_body": "Bộ Công an",
        "issued_on": "2026-04-01",
        "effective_on": None,
        "summary": "Thông tư quy định việc sát hạch và cấp giấy phép lái xe.",
        "aliases": ["bằng lái"],
        "relations": [],
        "evidence": "P",
        "source": "congbao.chinhphu.vn",
        "checked_on": "2026-07-01",
    },
]


@pytest.fixture(scope="session")
def restorer_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Compiled once from the shipped counts."""
    target = tmp_path_factory.mktemp("restorer") / "restorer.npz"
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("GOVCHAT_RESTORER_FILE", str(target))
        assert main(["compile-restorer"]) == 0
    return target


@pytest.fixture
def workplace(tmp_path: Path, restorer_file: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings that point below `tmp_path`, and a small corpus there."""
    monkeypatch.setenv("GOVCHAT_CATALOGUE_URL", f"sqlite:///{tmp_path}/catalogue.db")
    monkeypatch.setenv("GOVCHAT_INDEX_DIR", str(tmp_path / "index"))
    monkeypatch.setenv("GOVCHAT_ENCODER_DIR", str(tmp_path / "encoder"))
    monkeypatch.setenv("GOVCHAT_RESTORER_FILE", str(restorer_file))
    for unset in ("GOVCHAT_CORPUS_DIR", "GOVCHAT_EMBEDDING_MODEL"):
        monkeypatch.delenv(unset, raising=False)
    (tmp_path / "corpus").mkdir()
    write(tmp_path / "corpus" / "documents.jsonl", ROWS)
    return tmp_path


def write(path: Path, rows: list[dict[str, object]]) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def run(*arguments: object) -> int:
    return main([str(argument) for argument in arguments], open_encoder=lambda _: HashEmbedder())


def test_documents_go_in_and_are_found(workplace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("ingest", workplace / "corpus") == 0
    assert "2 created" in capsys.readouterr().out
    for question in ("mức lương cơ sở từ 1/7/2026 là bao nhiêu", "muc luong co so tu 1/7/2026 la bao nhieu"):
        assert run("search", question, "--json", "--limit", 1) == 0
        found = json.loads(capsys.readouterr().out)
        assert [hit["document"] for hit in found["hits"]] == ["161/2026/NĐ-CP@2026-05-15"]
        assert found["hits"][0]["text_kind"] == "summary"
        assert found["snapshot"].startswith("000001-")


def test_hits_are_printed_for_people_too(workplace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("ingest", workplace / "corpus")
    capsys.readouterr()
    assert run("search", "bằng lái", "--type", "Thông tư", "--issuing-body", "Bộ Công an") == 0
    assert capsys.readouterr().out.startswith("1. 37/2026/TT-BCA@2026-04-01#")


def test_sources_are_listed_and_a_name_that_no_document_has_fails(
    workplace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("ingest", workplace / "corpus", "--no-build")
    capsys.readouterr()
    assert run("sources") == run("sources", "congbao.chinhphu.vn") == 0
    assert capsys.readouterr().out.splitlines() == ["      2  congbao.chinhphu.vn"] * 2
    assert run("sources", "congbao.chinhphu.vn", "congbao") == 1
    assert capsys.readouterr().err == "error: no document has the source 'congbao'\n"


def test_ingesting_again_changes_nothing(workplace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("ingest", workplace / "corpus")
    first = (workplace / "index" / "CURRENT").read_text()
    capsys.readouterr()
    assert run("ingest", workplace / "corpus") == 0
    assert "0 created, 0 updated, 2 unchanged" in capsys.readouterr().out
    assert (workplace / "index" / "CURRENT").read_text() == first


def test_filling_the_catalogue_only_builds_no_snapshot_until_asked(workplace: Path) -> None:
    assert run("ingest", workplace / "corpus", "--no-build") == 0
    assert not (workplace / "index").exists()
    assert run("build") == 0
    assert (workplace / "index" / "CURRENT").exists()


def test_an_unreadable_file_is_named_and_the_others_go_in(workplace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (workplace / "corpus" / "broken.jsonl").write_bytes(b"{oops\n")
    assert run("ingest", workplace / "corpus") == 0
    printed = capsys.readouterr()
    assert "2 created" in printed.out
    assert "broken.jsonl" in printed.err


def test_nothing_readable_at_all_is_a_failure(workplace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (workplace / "corpus" / "documents.jsonl").write_bytes(b"{oops\n")
    assert run("ingest", workplace / "corpus") == 1
    assert "error: nothing was ingested" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["ingest", "/nowhere"], "/nowhere: no such file or folder"),
        (["search", "lương"], "python -m index build"),
        (["build"], "python -m index ingest"),
        (["evaluate", "--corpus", "/c", "--queries", "/q", "--qrels", "/r"], "/q: No such file"),
        (["evaluate", "--corpus", "/c", "--queries", "/q", "/p", "--qrels", "/r"], "they go with --compare"),
    ],
)
def test_what_is_missing_is_said_in_one_line(
    workplace: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], complaint: str
) -> None:
    assert run(*arguments) == 1
    printed = capsys.readouterr().err
    assert complaint in printed
    assert printed.count("\n") == 1


def test_without_an_encoder_the_command_that_makes_one_is_named(
    workplace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("ingest", workplace / "corpus", "--no-build")
    assert main(["build"]) == 1
    assert "make setup" in capsys.readouterr().err


def test_a_question_set_is_measured(workplace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    corpus = write(
        workplace / "c.jsonl",
        [
            {"_id": "a", "title": "Lương", "text": "Mức lương cơ sở"},
            {"_id": "b", "title": "Xe", "text": "Giấy phép lái xe"},
        ],
    )
    queries = write(workplace / "q.jsonl", [{"_id": "1", "text": "luong co so"}, {"_id": "2", "text": "gplx"}])
    (workplace / "r.tsv").write_text("query-id\tcorpus-id\tscore\n1\ta\t1\n2\tb\t1\n")
    arguments = ("evaluate", "--corpus", corpus, "--queries", queries, "--qrels", workplace / "r.tsv", "--json")
    assert run(*arguments) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures | {"p50_ms": 0, "p95_ms": 0} == {
        "hit@1": 1.0,
        "recall@10": 1.0,
        "mrr@10": 1.0,
        "ndcg@10": 1.0,
        "p50_ms": 0,
        "p95_ms": 0,
        "n": 2,
    }


def test_forms_of_questions_are_compared_with_each_leg_alone(
    workplace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        {"_id": "a", "title": "Lương", "text": "Mức lương cơ sở"},
        {"_id": "b", "title": "Xe", "text": "Giấy phép lái xe"},
    ]
    corpus = write(workplace / "c.jsonl", rows)
    accented = write(workplace / "accented.jsonl", [{"_id": "1", "text": "lương cơ sở"}])
    none = write(workplace / "none.jsonl", [{"_id": "1", "text": "luong co so"}])
    (workplace / "r.tsv").write_text("query-id\tcorpus-id\tscore\n1\ta\t1\n")
    arguments = ("evaluate", "--corpus", corpus, "--queries", accented, none, "--qrels", workplace / "r.tsv")
    assert run(*arguments, "--compare", "--json") == 0
    compared = json.loads(capsys.readouterr().out)
    assert [(one["form"], one["n"], one["fused"]["hit@1"]) for one in compared] == [
        ("accented", 1, 1.0),
        ("none", 1, 1.0),
    ]
    assert set(compared[0]["fused_minus_dense"]["hit@1"]) == {"mean", "low", "high"}


def test_snapshots_are_listed_rolled_back_and_documents_taken_down(
    workplace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("ingest", workplace / "corpus")
    run("withdraw", "161/2026/NĐ-CP", "--reason", "thử")
    run("withdrawn")
    assert "161/2026/nd-cp of any date: thử" in capsys.readouterr().out
    run("snapshots")
    first, second = capsys.readouterr().out.splitlines()
    assert (first[0], second[0]) == (" ", "*")
    run("rollback")
    assert capsys.readouterr().out.split()[1] == first.split()[0]
    run("reinstate", "161/2026/NĐ-CP")
    assert "161/2026/NĐ-CP@" in capsys.readouterr().out


def test_watching_with_a_source_and_no_contact_says_what_is_missing(
    workplace: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (workplace / "sources.toml").write_text(
        '[[source]]\nid = "a"\nowner = "A"\nhosts = ["example.gov.vn"]\naddresses = ["https://example.gov.vn/rss"]\n'
        'parser = "rss"\nevery = "1h"\nenabled = true\nevidence = "K"\n'
    )
    monkeypatch.setenv("GOVCHAT_SOURCES_FILE", str(workplace / "sources.toml"))
    assert main(["sync"]) == 1
    assert "GOVCHAT_CRAWLER_CONTACT is missing" in capsys.readouterr().err
