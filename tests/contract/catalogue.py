"""What a catalogue promises on every database; each one passes this suite."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from index.catalogue import Catalogue, Change
from index.document import Document, Relation, RelationKind, TextKind, Validity
from index.passages import split

RECORD = Document(
    number="161/2026/NĐ-CP",
    type="Nghị định",
    title="Quy định mức lương cơ sở",
    issuing_body="Chính phủ",
    issued_on=date(2026, 5, 15),
    effective_on=date(2026, 7, 1),
    text_kind=TextKind.SUMMARY,
    text="",
    source="congbao.chinhphu.vn",
    checked_on=date(2026, 7, 1),
    evidence="G",
)
SUMMARY = replace(
    RECORD,
    text="Lương cơ sở tăng từ tháng 7.",
    aliases=("lương cơ sở", "lương công chức"),
    evidence="F",
    effective_on=None,
    relations=(Relation(RelationKind.REPLACES, "73/2024/NĐ-CP"),),
)
OFFICIAL = replace(
    RECORD,
    text_kind=TextKind.OFFICIAL,
    text="Điều 1. Mức lương\nMức lương cơ sở là 2.530.000 đồng.",
    source="vanban.chinhphu.vn",
    issued_on=None,
    evidence="F",
    checked_on=date(2026, 7, 6),
    relations=(Relation(RelationKind.REPLACES, "73/2024/NĐ-CP", issued_on=date(2024, 6, 30)),),
)


def put(catalogue, *documents):
    return [catalogue.put(document, split(document)) for document in documents]


NOW = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)


class CatalogueContract:
    """Subclasses say where a new catalogue stands."""

    @pytest.fixture
    def address(self) -> str:
        raise NotImplementedError

    @pytest.fixture
    def catalogue(self, address: str) -> Iterator[Catalogue]:
        opened = Catalogue.open(address, clock=lambda: NOW)
        yield opened
        opened.close()

    def test_a_document_comes_back_as_it_went_in(self, catalogue):
        assert put(catalogue, SUMMARY) == [Change.CREATED]
        assert catalogue.get(SUMMARY.id) == SUMMARY
        assert catalogue.get("1/2026/NĐ-CP@") is None

    def test_the_same_content_again_changes_nothing_and_new_content_replaces_the_old(self, catalogue):
        assert put(catalogue, SUMMARY, SUMMARY) == [Change.CREATED, Change.UNCHANGED]
        assert put(catalogue, replace(SUMMARY, text="Đã sửa.")) == [Change.UPDATED]
        assert [passage.text for passage in catalogue.passages()] == ["Đã sửa."]

    @pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0), (2, 0, 1)])
    def test_sources_of_one_document_merge_whatever_order_they_come_in(self, catalogue, order):
        put(catalogue, *([RECORD, SUMMARY, OFFICIAL][position] for position in order))
        assert catalogue.count() == 1
        document = catalogue.get("161/2026/NĐ-CP@2026-05-15")
        assert document is not None
        assert (document.text_kind, document.text, document.source) == (
            TextKind.OFFICIAL,
            OFFICIAL.text,
            "vanban.chinhphu.vn",
        )
        assert document.effective_on == date(2026, 7, 1)
        assert document.checked_on == date(2026, 7, 6)
        assert document.aliases == SUMMARY.aliases
        assert document.relations == OFFICIAL.relations
        passages = list(catalogue.passages(document.id))
        assert {passage.text_kind for passage in passages} == {TextKind.OFFICIAL, TextKind.SUMMARY}
        assert all("lương công chức" in passage.context for passage in passages)
        assert all(catalogue.passage(passage.id) == passage for passage in passages)

    def test_of_two_summaries_only_the_better_evidenced_one_is_shown(self, catalogue):
        put(catalogue, replace(SUMMARY, source="báo", text="Theo báo."), replace(SUMMARY, evidence="G"))
        assert [passage.text for passage in catalogue.passages()] == [SUMMARY.text]

    def test_a_number_used_again_in_another_year_is_another_document(self, catalogue):
        put(
            catalogue,
            RECORD,
            replace(RECORD, number="74/NQ-CP"),
            replace(RECORD, number="74/NQ-CP", issued_on=date(2014, 8, 1)),
        )
        assert [document.issued_on for document in catalogue.find(key="74/nq-cp")] == [
            date(2026, 5, 15),
            date(2014, 8, 1),
        ]

    def test_a_law_and_a_resolution_of_one_year_and_number_stay_apart(self, catalogue):
        law = replace(RECORD, number="74/2014/QH13", type="Luật", issued_on=date(2014, 11, 27))
        put(catalogue, law, replace(law, type="Nghị quyết", issued_on=date(2014, 6, 24)))
        assert [document.type for document in catalogue.find(key="74/2014/qh13")] == ["Luật", "Nghị quyết"]

    def test_a_source_without_a_date_stays_apart_where_several_documents_have_its_number(self, catalogue):
        used_twice = [replace(RECORD, number="74/NQ-CP", issued_on=date(year, 4, 7)) for year in (2014, 2025)]
        put(catalogue, *used_twice, replace(OFFICIAL, number="74/NQ-CP"))
        assert {document.id for document in catalogue.find(key="74/nq-cp")} == {
            "74/NQ-CP@2014-04-07",
            "74/NQ-CP@2025-04-07",
            "74/NQ-CP@",
        }

    def test_a_document_is_found_by_any_part_of_its_number(self, catalogue):
        put(catalogue, RECORD, replace(RECORD, number="05/CT-TTg", type="Chỉ thị", issuing_body="Thủ tướng Chính phủ"))
        assert [document.number for document in catalogue.find(number="161", year=2026, type="Nghị định")] == [
            RECORD.number
        ]
        assert [document.number for document in catalogue.find(number="5", year=2026)] == ["05/CT-TTg"]
        assert catalogue.find(number="5", year=2025) == []
        assert catalogue.find(key="161/2026/nd-cp", type="Thông tư") == []

    def test_the_latest_documents_come_newest_first_and_fit_every_filter(self, catalogue):
        put(
            catalogue,
            SUMMARY,
            replace(
                RECORD, number="21/CT-TTg", type="Chỉ thị", issuing_body="Thủ tướng Chính phủ", title="Về cây xanh"
            ),
            replace(RECORD, number="9/2020/NĐ-CP", issued_on=date(2020, 1, 2), title="Quy định mức lương tối thiểu"),
            replace(
                RECORD, number="1/2020/TT-BYT", issuing_body="Bộ Y tế - Bộ Tài chính", issued_on=None, title="Thuốc"
            ),
        )

        def numbers(**filters):
            found = [document.number for document in catalogue.latest(**filters)]
            assert catalogue.count(**filters) == len(found)
            return found

        assert numbers() == ["161/2026/NĐ-CP", "21/CT-TTg", "9/2020/NĐ-CP", "1/2020/TT-BYT"]
        assert numbers(topic="muc luong") == ["161/2026/NĐ-CP", "9/2020/NĐ-CP"]
        assert numbers(topic="công chức") == ["161/2026/NĐ-CP"]
        assert numbers(topic="tháng 7") == ["161/2026/NĐ-CP"]
        assert numbers(issuing_body="thu tuong") == ["21/CT-TTg"]
        assert numbers(issuing_body="Chính phủ") == ["161/2026/NĐ-CP", "9/2020/NĐ-CP"]
        assert numbers(issuing_body="Bộ Tài chính") == ["1/2020/TT-BYT"]
        assert numbers(type="Chỉ thị", issued_from=date(2026, 5, 15), issued_to=date(2026, 5, 15)) == ["21/CT-TTg"]
        assert numbers(effective_from=date(2026, 7, 2)) == []
        assert [document.number for document in catalogue.latest(limit=1, offset=1)] == ["21/CT-TTg"]

    def test_a_percent_sign_in_a_topic_is_no_wildcard(self, catalogue):
        put(catalogue, SUMMARY)
        assert catalogue.count(issuing_body="%") == 0

    def test_validity_follows_what_other_documents_say(self, catalogue):
        old = replace(RECORD, number="73/2024/NĐ-CP", issued_on=date(2024, 6, 30), effective_on=date(2024, 7, 1))
        put(catalogue, old, OFFICIAL, RECORD)
        state = catalogue.validity(old, date(2026, 7, 1))
        assert (state.validity, state.since, state.replaced_by) == (
            Validity.EXPIRED,
            date(2026, 7, 1),
            ("161/2026/NĐ-CP",),
        )
        assert catalogue.validity(old, date(2026, 6, 30)).validity is Validity.IN_FORCE

    def test_inverted_relations_are_listed(self, catalogue):
        wrong = replace(RECORD, relations=(Relation(RelationKind.REPLACED_BY, "73/2024/NĐ-CP"),))
        put(catalogue, wrong)
        assert [(found.number, found.by) for found in catalogue.inverted()] == [("161/2026/NĐ-CP", "73/2024/NĐ-CP")]
        assert catalogue.validity(wrong, date(2026, 7, 1)).validity is Validity.IN_FORCE

    def test_the_newest_reading_of_a_source_is_the_as_of_date(self, catalogue):
        assert catalogue.checked_on() is None
        put(catalogue, RECORD, replace(RECORD, number="1/2020/NĐ-CP", checked_on=None))
        assert catalogue.checked_on() == date(2026, 7, 1)

    def test_several_documents_go_in_together_or_not_at_all(self, catalogue):
        def failing():
            yield RECORD, []
            raise OSError

        with pytest.raises(OSError):
            catalogue.put_all(failing())
        assert catalogue.count() == 0

    def test_ids_are_those_of_the_documents_that_a_search_with_the_same_filters_finds(self, catalogue):
        put(catalogue, RECORD, replace(RECORD, number="5/2026/TT-BNV", type="Thông tư", issuing_body="Bộ Nội vụ"))
        for filters in ({}, {"type": "Thông tư"}, {"issuing_body": "Chính phủ"}, {"type": "Luật"}):
            assert sorted(catalogue.ids(**filters)) == sorted(document.id for document in catalogue.find(**filters))

    def test_a_newer_law_of_the_same_name_casts_doubt_on_the_older_one_only_and_from_its_first_day(self, catalogue):
        old = replace(
            RECORD,
            number="104/2016/QH13",
            type="Luật",
            title="Tiếp cận thông tin",
            issuing_body="Quốc hội",
            issued_on=date(2016, 4, 6),
            effective_on=date(2018, 7, 1),
        )
        new = replace(
            old,
            number="01/2026/QH16",
            title="Luật Tiếp cận thông tin",
            issued_on=date(2026, 4, 23),
            effective_on=date(2026, 9, 1),
        )
        put(catalogue, old, new)
        assert catalogue.validity(old, date(2026, 8, 31)).validity is Validity.IN_FORCE
        assert catalogue.validity(old, date(2026, 9, 1)).validity is Validity.UNKNOWN
        assert catalogue.validity(old, date(2026, 9, 1)).namesake == "01/2026/QH16"
        assert catalogue.validity(new, date(2026, 9, 1)).validity is Validity.IN_FORCE
