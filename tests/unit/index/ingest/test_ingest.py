"""Files and folders go into the catalogue; what cannot be read is named and stops nothing."""

import json
from datetime import date
from pathlib import Path

import pytest

from index.catalogue import Catalogue
from index.document import RelationKind, TextKind, Validity
from index.errors import UnreadableSource
from index.ingest.markdown import read_markdown
from index.ingest.run import ingest

FIXTURES = Path(__file__).parents[3] / "fixtures"
CORPUS_ROW = {
    "number": "161/2026/NĐ-CP",
    "type": "Nghị định",
    "title": "Quy định mức lương cơ sở",
    "issuing_body": "Chính phủ",
    "issued_on": "2026-05-15",
    "effective_on": None,
    "summary": "Lương tăng.",
    "aliases": ["lương cơ sở"],
    "relations": [{"kind": "replaces", "number": "73/2024/NĐ-CP", "issued_on": "2024-06-30"}],
    "evidence": "F",
    "source": "congbao.chinhphu.vn",
    "checked_on": "2026-07-01",
}


@pytest.fixture
def catalogue(tmp_path):
    opened = Catalogue.open(f"sqlite:///{tmp_path}/catalogue.db")
    yield opened
    opened.close()


def write(path, *rows):
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    return path


def test_questions_and_translated_titles_of_a_row_come_in(catalogue, tmp_path):
    asked = {"vi": ["Lương cơ sở bao nhiêu?", "lương  tối thiểu"], "en": ["How much?"], "zh": []}
    row = CORPUS_ROW | {"questions": asked, "title_en": "Base salary", "title_zh": ""}
    ingest([write(tmp_path / "corpus.jsonl", row)], catalogue=catalogue)
    document = catalogue.get("161/2026/NĐ-CP@2026-05-15")
    assert document.questions == ("Lương cơ sở bao nhiêu?", "lương tối thiểu", "How much?")
    assert document.translated_titles == (("en", "Base salary"),)
    assert list(catalogue.questions()) == [(document.id, text) for text in (*document.questions, "Base salary")]


@pytest.mark.parametrize("questions", [["ai"], {"vi": "ai"}, {"vi": [1]}])
def test_questions_of_another_shape_make_a_row_unreadable(catalogue, tmp_path, questions):
    report = ingest([write(tmp_path / "corpus.jsonl", CORPUS_ROW | {"questions": questions})], catalogue=catalogue)
    assert len(report.unreadable) == 1


def test_gazette_records_come_with_every_relation_and_without_placeholder_dates(catalogue):
    report = ingest([FIXTURES / "gazette"], catalogue=catalogue)
    assert (len(report.created), report.unreadable) == (5, [])
    circular = catalogue.get("10/2015/TT-BXD@2015-03-02")
    assert circular.title == "Quy định về biển báo công trình"
    assert circular.issuing_body == "Bộ Xây dựng"
    assert circular.signer == "Trần Văn Mẫu"
    assert circular.checked_on == date(2026, 7, 1)
    assert [relation.kind for relation in circular.relations] == [
        RelationKind.REPLACED_BY,
        RelationKind.CITES,
        RelationKind.CITES,
    ]
    assert [document.effective_on for document in catalogue.find(key="7/ct-ttg")] == [None, None]
    assert catalogue.get("12/2022/QH15@2022-06-16").issuing_body == "Quốc hội"
    assert {passage.text_kind for passage in catalogue.passages()} == {TextKind.TITLE}
    assert report.inverted == ["12/2022/QH15 replaced_by 03/2011/QH13"]
    assert catalogue.validity(circular, date(2019, 6, 30)).validity is Validity.IN_FORCE
    assert catalogue.validity(circular, date(2019, 7, 1)).validity is Validity.EXPIRED


def test_taking_the_same_files_in_again_changes_nothing(catalogue):
    first = ingest([FIXTURES / "gazette", FIXTURES / "fulltext"], catalogue=catalogue)
    again = ingest([FIXTURES / "gazette", FIXTURES / "fulltext"], catalogue=catalogue)
    assert (len(again.created), len(again.updated)) == (0, 0)
    assert len(again.unchanged) == len(first.created) + len(first.updated)


def test_our_corpus_is_summaries_and_plain_rows_with_text_are_official(catalogue, tmp_path):
    plain = {"number": "2/2026/NĐ-CP", "text": "Điều 1. A\nB.", "issued_on": "2026-01-02"}
    ingest([write(tmp_path / "corpus.jsonl", CORPUS_ROW, plain)], catalogue=catalogue)
    summary = catalogue.get("161/2026/NĐ-CP@2026-05-15")
    assert (summary.text_kind, summary.text, summary.aliases) == (TextKind.SUMMARY, "Lương tăng.", ("lương cơ sở",))
    assert summary.relations[0].issued_on == date(2024, 6, 30)
    official = catalogue.get("2/2026/NĐ-CP@2026-01-02")
    assert (official.text_kind, official.type, official.source) == (TextKind.OFFICIAL, "Nghị định", "corpus.jsonl")


def test_what_cannot_be_read_is_named_with_its_line_and_the_others_go_in(catalogue, tmp_path):
    good = json.dumps(CORPUS_ROW, ensure_ascii=False).encode()
    bad_date = json.dumps(CORPUS_ROW | {"issued_on": "mai"}).encode()
    bad_kind = json.dumps(CORPUS_ROW | {"relations": [{"kind": "marries", "number": "1/CT-TTg"}]}).encode()
    lines = [b'{"number": ', b"\xff\xfe", b"[1]", b'{"title": "no number"}', bad_date, bad_kind, b"", good]
    (tmp_path / "mixed.jsonl").write_bytes(b"\n".join(lines))
    (tmp_path / "binary.md").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "nameless.md").write_text("# Thông báo\n\nKhông có số.", encoding="utf-8")
    (tmp_path / "front.md").write_text("---\na: [\n---\n# X", encoding="utf-8")
    (tmp_path / "README.md").write_text("about this folder", encoding="utf-8")
    report = ingest([tmp_path, tmp_path / "none.md", tmp_path / "image.png"], catalogue=catalogue)
    assert report.created == ["161/2026/NĐ-CP@2026-05-15"]
    named = {Path(where).name: reason for where, reason in report.unreadable}
    assert set(named) == {
        *(f"mixed.jsonl:{line}" for line in range(1, 7)),
        *("binary.md", "nameless.md", "front.md", "none.md", "image.png"),
    }
    assert "JSON" in named["mixed.jsonl:1"]
    assert "UTF-8" in named["mixed.jsonl:2"]
    assert "number" in named["mixed.jsonl:4"]
    assert "mixed.jsonl:5" in str(report)


def test_a_collected_full_text_keeps_the_official_words_and_drops_the_collectors(catalogue):
    report = ingest([FIXTURES / "fulltext" / "nghi-dinh-mau.md"], catalogue=catalogue)
    (document,) = [catalogue.get(name) for name in report.created]
    assert document.id == "901/2026/NĐ-CP@2026-05-15"
    assert (document.title, document.effective_on) == ("Quy định về vườn hoa công cộng", date(2026, 7, 1))
    assert (document.source, document.checked_on) == ("vanban.chinhphu.vn", date(2026, 6, 2))
    stated = [each for each in document.relations if not each.is_extracted]
    assert [(relation.kind, relation.number, relation.issued_on) for relation in stated] == [
        (RelationKind.REPLACES, "11/2019/NĐ-CP", date(2019, 3, 5))
    ]
    extracted = [each for each in document.relations if each.is_extracted]
    assert {each.kind for each in extracted} == {
        RelationKind.BASED_ON,
        RelationKind.AMENDS,
        RelationKind.PARTLY_ABOLISHES,
    }
    assert "12/2022/QH15" in {each.number for each in extracted}
    passages = list(catalogue.passages(document.id))
    assert [passage.location for passage in passages] == ["Điều 1", "Điều 2", "Điều 3", "Điều 4", "Phụ lục I"]
    words = "\n".join(passage.text for passage in passages)
    assert passages[0].text == "Nghị định này quy định việc trồng và chăm sóc vườn hoa công cộng."
    assert "Điều 5a. Vườn hoa trường học" in passages[2].text
    assert passages[2].headings[0] == "Chương II. ĐIỀU KHOẢN THI HÀNH"
    assert "| 1 | Hoa sen |" in passages[4].text
    for foreign in ("NGƯỜI SƯU TẦM", "Nơi nhận", "Căn cứ Luật", "TM. CHÍNH PHỦ"):
        assert foreign not in words


def test_a_codification_gives_its_articles_back_to_their_documents():
    law, decree = read_markdown(FIXTURES / "fulltext" / "phap-dien-mau.md")
    assert (law.id, law.title, law.effective_on) == ("12/2022/QH15@2022-06-16", "Luật Mẫu", date(2023, 1, 1))
    assert law.text.split("\n") == [
        "Điều 1. Phạm vi điều chỉnh",
        "Luật này quy định về vườn hoa.",
        "Điều 2. Hiệu lực thi hành",
        "Luật này có hiệu lực từ ngày 01 tháng 01 năm 2023.",
    ]
    assert (decree.number, decree.issuing_body) == ("31/2023/NĐ-CP", "Chính phủ")
    assert decree.text == "Điều 1. Hồ sơ\n1. Hồ sơ gồm đơn đề nghị."


def test_a_text_that_only_retells_a_document_is_a_summary(tmp_path):
    (tmp_path / "phien-hop.md").write_text(
        "---\ntitle: Phiên họp tháng 5\n---\n# Nghị quyết 148/NQ-CP\n\n"
        "## PHẦN I — CHUNG\n\n### 1. Yêu cầu\n\n- Làm nhanh",
        encoding="utf-8",
    )
    (document,) = read_markdown(tmp_path / "phien-hop.md")
    assert (document.number, document.text_kind, document.evidence) == ("148/NQ-CP", TextKind.SUMMARY, None)


OFFICIAL_ROW = {"number": "2/2026/NĐ-CP", "text": "Điều 1. A\nB.", "issued_on": "2026-01-02"}
ARTICLES = "Điều 1. Phạm vi\n\nNghị định này quy định việc **trồng hoa** ở công viên.\n\nĐiều 2. Hiệu lực\n\nTừ mai."


def kind_of(tmp_path, body, front=""):
    (tmp_path / "tap.md").write_text(f"---\nso_hieu: 2/2026/NĐ-CP\n{front}---\n{body}", encoding="utf-8")
    return [document.text_kind.value for document in read_markdown(tmp_path / "tap.md")]


def test_articles_alone_are_official_wording_but_not_when_somebody_stresses_words_in_them(tmp_path):
    assert kind_of(tmp_path, ARTICLES.replace("**", "")) == ["official"]
    assert kind_of(tmp_path, ARTICLES) == ["summary"]


@pytest.mark.parametrize("frame", ["Căn cứ Luật Mẫu số 1/2020/QH14;\n\n{}", "{}\n\nNơi nhận:\n- Các bộ."])
def test_legal_grounds_or_recipients_show_that_a_text_is_the_document_itself(tmp_path, frame):
    assert kind_of(tmp_path, frame.format(ARTICLES)) == ["official"]
    assert kind_of(tmp_path, frame.format("1. Các bộ thực hiện.")) == ["official"]


def test_a_letterhead_does_not_make_a_report_about_a_document_official(tmp_path):
    body = "Số: 2/2026/NĐ-CP\n\n### I. Giá xăng\n\nNghị định quy định giá xăng."
    assert kind_of(tmp_path, body) == ["summary"]


def test_front_matter_says_whose_words_a_file_holds_before_any_look(tmp_path):
    assert kind_of(tmp_path, ARTICLES.replace("**", ""), "text_kind: summary\n") == ["summary"]
    assert kind_of(tmp_path, ARTICLES, "text_kind: official\n") == ["official"]
    codified = (FIXTURES / "fulltext" / "phap-dien-mau.md").read_text(encoding="utf-8")
    assert kind_of(tmp_path, codified, "text_kind: summary\n") == ["summary", "summary"]
    with pytest.raises(UnreadableSource, match="text_kind"):
        kind_of(tmp_path, ARTICLES, "text_kind: offical\n")


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"number": 5}, '"number" is not a text'),
        ({"number": ""}, '"number" is missing'),
        ({"title": ["a"]}, '"title" is not a text'),
        ({"issued_on": 20260102}, "is not a date"),
        ({"aliases": "bằng lái"}, '"aliases" is not a list'),
        ({"aliases": [1]}, "not a document"),
        ({"relations": {"kind": "replaces"}}, '"relations" is not a list'),
        ({"relations": [1]}, "not a document"),
        ({"relations": [{"kind": "replaces"}]}, "'number' is missing"),
        ({"text_kind": "offical"}, "offical"),
        ({"text": "", "text_kind": "official"}, "there is no text"),
    ],
)
def test_a_row_with_a_wrong_type_is_named_with_what_is_wrong(catalogue, tmp_path, fields, complaint):
    report = ingest([write(tmp_path / "rows.jsonl", OFFICIAL_ROW | fields, CORPUS_ROW)], catalogue=catalogue)
    ((where, reason),) = report.unreadable
    assert where.endswith("rows.jsonl:1")
    assert complaint in reason
    assert len(report.created) == 1


def test_a_row_without_its_text_falls_back_to_our_summary(catalogue, tmp_path):
    for text in (None, ""):
        ingest([write(tmp_path / "rows.jsonl", CORPUS_ROW | {"text": text, "aliases": None})], catalogue=catalogue)
        found = catalogue.get("161/2026/NĐ-CP@2026-05-15")
        assert (found.text_kind, found.text) == (TextKind.SUMMARY, "Lương tăng.")


def test_byte_order_marks_carriage_returns_and_lone_surrogates_do_no_harm(catalogue, tmp_path):
    row = json.dumps(OFFICIAL_ROW | {"text": "Điều 1. A\ud800\x00B"}).encode()
    (tmp_path / "a.jsonl").write_bytes(b"\xef\xbb\xbf" + row + b"\r\n")
    text = "\ufeff---\nso_hieu: 13/2026/NĐ-CP\n---\nĐiều 1. Phạm vi\nMột.\n\nĐiều 2. Hiệu lực\nHai.\n"
    (tmp_path / "b.md").write_bytes(text.replace("\n", "\r\n").encode())
    report = ingest([tmp_path], catalogue=catalogue)
    assert report.unreadable == []
    assert [passage.location for passage in catalogue.passages("13/2026/NĐ-CP@")] == ["Điều 1", "Điều 2"]


def test_the_same_document_twice_in_one_run_is_one_document(catalogue, tmp_path):
    write(tmp_path / "a.jsonl", OFFICIAL_ROW, OFFICIAL_ROW)
    report = ingest([tmp_path, tmp_path / "a.jsonl"], catalogue=catalogue)
    assert (len(report.created), len(report.unchanged)) == (1, 3)
    assert len(list(catalogue.passages())) == 1


def test_an_empty_folder_gives_an_empty_report(catalogue, tmp_path):
    assert str(ingest([tmp_path], catalogue=catalogue)).startswith("0 created, 0 updated, 0 unchanged, 0 unreadable")


def test_links_in_circles_folders_named_like_files_and_capital_suffixes_are_no_obstacle(catalogue, tmp_path):
    (tmp_path / "folder.md").mkdir()
    write(tmp_path / "folder.md" / "rows.JSONL", OFFICIAL_ROW)
    (tmp_path / "folder.md" / "up").symlink_to(tmp_path)
    (tmp_path / "circle.md").symlink_to(tmp_path / "circle.md")
    (tmp_path / "gone.md").symlink_to(tmp_path / "nowhere.md")
    report = ingest([tmp_path], catalogue=catalogue)
    assert len(report.created) == 1
    assert [Path(where).name for where, _ in report.unreadable] == ["circle.md", "gone.md"]


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "filler", ["a" * 1_000_000, "chữ " * 200_000, "[" * 200_000, "“mở ngoặc mà không đóng\n" * 20_000]
)
def test_a_text_made_to_be_slow_is_taken_in(catalogue, tmp_path, filler):
    (tmp_path / "dai.md").write_text(f"---\nso_hieu: 14/2026/NĐ-CP\n---\nĐiều 1. Dài\n{filler}", encoding="utf-8")
    (tmp_path / "dai.jsonl").write_text("[" * 200_000, encoding="utf-8")
    report = ingest([tmp_path], catalogue=catalogue)
    assert report.created == ["14/2026/NĐ-CP@"]
    assert [reason for _, reason in report.unreadable] == ["not a document: nested too deep"]
