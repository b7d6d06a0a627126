"""A catalogue of an earlier release is brought up to date without loss, and one of another kind is left alone."""

import json
import sqlite3
from datetime import date

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from index import database, migrations
from index.catalogue import Catalogue, Change
from index.document import RelationKind, TextKind, Validity
from index.errors import CatalogueUnavailable
from index.passages import split
from index.schema import METADATA

OLD = {  # as the first release wrote it, so without the fields of today
    "number": "73/2024/NĐ-CP",
    "type": "Nghị định",
    "title": "Quy định mức lương cơ sở",
    "issuing_body": "Chính phủ",
    "issued_on": "2024-06-30",
    "effective_on": "2024-07-01",
    "expires_on": None,
    "text_kind": "summary",
    "text": "Lương cơ sở tăng.",
    "source": "congbao.chinhphu.vn",
    "checked_on": "2026-07-01",
    "url": None,
    "signer": None,
    "evidence": "G",
    "aliases": ["lương cơ sở"],
    "relations": [
        {
            "kind": "replaced_by",
            "number": "161/2026/NĐ-CP",
            "title": None,
            "issued_on": None,
            "effective_on": "2026-07-01",
        }
    ],
}
OLD_ID = "73/2024/NĐ-CP@2024-06-30"
LAW = {"number": "1/2015/QH13", "type": "Luật", "title": "Luật Vườn hoa", "issuing_body": "Quốc hội", "relations": []}
LAW |= {"issued_on": "2015-06-30", "effective_on": "2016-01-01", "text": "", "source": "x", "aliases": []}
NEWER_LAW = LAW | {"number": "2/2025/QH15", "issued_on": "2025-06-30", "effective_on": "2026-01-01"}


def write_first_release(path, documents=(OLD, LAW, NEWER_LAW)):
    """A file as session 1 left it: revision 1 without Alembic's table, the version in `meta`."""
    engine = sa.create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        migrations.upgrade(connection, to="1")
        connection.execute(sa.text(f"DROP TABLE {migrations.VERSION_TABLE}"))
        connection.execute(sa.text("INSERT INTO meta VALUES ('schema', '1')"))
        for source_id, said in enumerate(documents, start=1):
            said = {"checked_on": None, "text_kind": "summary", "expires_on": None} | said
            said |= {name: said.get(name) for name in ("url", "signer", "evidence")}
            document_id = f"{said['number']}@{said['issued_on']}"
            key = said["number"].lower().replace("đ", "d")
            row = {name: value for name, value in said.items() if name != "relations"} | {
                "id": document_id, "key": key, "bare": key.partition("/")[0], "year": 2024, "topic": " luong ",
                "bodies": "|chinh phu|", "aliases": json.dumps(said["aliases"]),
            }  # fmt: skip
            insert(connection, "documents", row)
            source = {"id": source_id, "document_id": document_id, "origin": f"summary:{said['source']}"}
            insert(connection, "sources", source | {"digest": "old", "payload": json.dumps(said), "speaks": True})
            for position, other in enumerate(said["relations"]):
                insert(connection, "relations", other | {"document_id": document_id, "position": position,
                                                         "key": "161/2026/nd-cp"})  # fmt: skip
        passage = {"source_id": 1, "path": "tom-tat", "position": 0, "location": None, "headings": "[]"}
        insert(connection, "passages", passage | {"text": "Lương cơ sở tăng.", "text_kind": "summary"})
    engine.dispose()


def insert(connection, table, row):
    names = ", ".join(row)
    connection.execute(sa.text(f"INSERT INTO {table} ({names}) VALUES ({', '.join(f':{name}' for name in row)})"), row)


@pytest.fixture
def first_release(tmp_path):
    write_first_release(tmp_path / "catalogue.db")
    return f"sqlite:///{tmp_path}/catalogue.db"


def test_a_file_of_the_first_release_keeps_all_it_holds(first_release):
    catalogue = Catalogue.open(first_release)
    document = catalogue.get(OLD_ID)
    assert (document.title, document.aliases, document.language) == (OLD["title"], ("lương cơ sở",), "vi")
    assert (document.questions, document.translated_titles) == ((), ())
    [relation] = document.relations
    assert (relation.kind, relation.effective_on, relation.is_extracted) == (
        RelationKind.REPLACED_BY,
        date(2026, 7, 1),
        False,
    )
    [passage] = catalogue.passages(OLD_ID)
    assert (passage.text, passage.text_kind, passage.weight) == (OLD["text"], TextKind.SUMMARY, 1.0)
    [version] = catalogue.versions(OLD_ID)
    assert (version.first_seen, version.last_seen, version.is_current) == (date(2026, 7, 1), date(2026, 7, 1), True)
    assert version.payload == document
    assert catalogue.count() == 3
    catalogue.close()


def test_validity_is_reckoned_after_an_upgrade(first_release):
    catalogue = Catalogue.open(first_release)
    assert catalogue.not_in_force(date(2026, 7, 1)) == {OLD_ID}
    assert catalogue.validity(catalogue.get(OLD_ID), date(2026, 7, 1)).validity is Validity.EXPIRED
    law = catalogue.get("1/2015/QH13@2015-06-30")
    assert catalogue.validity(law, date(2026, 1, 1)).namesake == "2/2025/QH15"
    catalogue.close()


def test_after_an_upgrade_the_next_reading_is_an_update_once_and_no_other_version(first_release):
    catalogue = Catalogue.open(first_release)
    document = catalogue.get(OLD_ID)
    assert catalogue.put(document, split(document)) is Change.UPDATED
    assert catalogue.put(document, split(document)) is Change.UNCHANGED
    assert len(catalogue.versions(OLD_ID)) == 1
    catalogue.close()


def test_local_documents_of_an_older_file_get_the_id_that_tells_whose_they_are(tmp_path):
    address, old_id = f"sqlite:///{tmp_path}/catalogue.db", "30/2024/QĐ-UBND@2024-06-30"
    said = OLD | {"number": "30/2024/QĐ-UBND", "issuing_body": "Ủy ban nhân dân tỉnh Gia Lai"}
    write_first_release(tmp_path / "catalogue.db", (said, LAW))
    catalogue = Catalogue.open(address)
    assert sorted(catalogue.ids()) == ["1/2015/QH13@2015-06-30", f"{old_id}@gia-lai"]
    document = catalogue.get(f"{old_id}@gia-lai")
    assert (document.id, document.series, len(document.relations)) == (f"{old_id}@gia-lai", "gia-lai", 1)
    assert [passage.document_id for passage in catalogue.passages(document.id)] == [document.id]
    assert len(catalogue.versions(document.id)) == 1
    assert catalogue.not_in_force(date(2026, 7, 1)) == {document.id}
    assert catalogue.put(document, split(document)) is Change.UPDATED
    catalogue.close()


def test_an_upgrade_happens_once_and_a_second_opening_changes_nothing(first_release):
    Catalogue.open(first_release).close()
    catalogue = Catalogue.open(first_release)
    revision = catalogue.revision()
    catalogue.close()
    reader = Catalogue.open(first_release, read_only=True)
    assert (reader.revision(), reader.count()) == (revision, 3)
    reader.close()


def test_opening_an_up_to_date_file_waits_for_no_writer(first_release):
    catalogue = Catalogue.open(first_release)
    with catalogue._writing():
        Catalogue.open(first_release).close()
    catalogue.close()


def test_a_reader_of_an_older_file_is_told_what_to_do_and_changes_nothing(first_release):
    for _ in range(2):
        with pytest.raises(CatalogueUnavailable, match=r"older schema 1.*python -m index ingest"):
            Catalogue.open(first_release, read_only=True)


def test_a_file_of_a_newer_release_is_refused_by_readers_and_writers(tmp_path):
    address = f"sqlite:///{tmp_path}/catalogue.db"
    Catalogue.open(address).close()
    with sqlite3.connect(tmp_path / "catalogue.db") as connection:
        connection.execute(f"UPDATE {migrations.VERSION_TABLE} SET version_num = '99'")
    connection.close()
    for read_only in (True, False):
        with pytest.raises(CatalogueUnavailable, match="schema 99"):
            Catalogue.open(address, read_only=read_only)


def test_an_upgrade_that_fails_leaves_the_file_as_it_was(first_release, tmp_path):
    with sqlite3.connect(tmp_path / "catalogue.db") as connection:
        connection.execute("UPDATE sources SET payload = 'no JSON' WHERE id = 3")
    connection.close()
    with pytest.raises(ValueError, match="Expecting value"):
        Catalogue.open(first_release)
    with pytest.raises(CatalogueUnavailable, match="older schema 1"):
        Catalogue.open(first_release, read_only=True)
    with sqlite3.connect(tmp_path / "catalogue.db") as connection:
        columns = {row[1] for row in connection.execute("PRAGMA table_info(documents)")}
    connection.close()
    assert "language" not in columns


def test_other_rules_of_validity_reckon_a_file_anew(tmp_path, first_release):
    Catalogue.open(first_release).close()
    with sqlite3.connect(tmp_path / "catalogue.db") as connection:
        connection.execute("UPDATE meta SET value = 'of old' WHERE name = 'rules'")
        connection.execute("DELETE FROM spans")
    connection.close()
    with pytest.raises(CatalogueUnavailable, match="python -m index ingest"):
        Catalogue.open(first_release, read_only=True)
    catalogue = Catalogue.open(first_release)
    assert catalogue.not_in_force(date(2026, 7, 1)) == {OLD_ID}
    catalogue.close()


def test_the_migrations_make_the_tables_that_the_program_uses(tmp_path):
    engine = database.connect(f"sqlite:///{tmp_path}/catalogue.db", must_exist=False)
    with database.writing(engine).begin() as connection:
        assert not database.is_newest(connection)
        database.upgrade(connection)
        assert database.is_newest(connection)
        database.upgrade(connection)
        options = {"version_table": migrations.VERSION_TABLE}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), METADATA) == []
    engine.dispose()


def test_the_newest_revision_is_the_head_of_the_migrations():
    config = Config()
    config.set_main_option("script_location", str(migrations.__path__[0]))
    assert ScriptDirectory.from_config(config).get_current_head() == migrations.NEWEST
