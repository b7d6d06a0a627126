"""What a catalogue promises on every database; each one passes this suite."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.acting import PASSIVE
from index.catalogue import Catalogue, Change
from index.document import Document, Relation, RelationKind, TextKind, Validity
from index.passages import split
from index.reckoning import gather, subject_of
from index.succession import Succession
from index.validity import OUT_OF_FORCE, validity_on

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


OLD = replace(RECORD, number="73/2024/NĐ-CP", issued_on=date(2024, 6, 30), effective_on=date(2024, 7, 1))
ORIGIN = "summary:congbao.chinhphu.vn"
RANDOM_DAYS = st.dates(date(2024, 1, 1), date(2026, 1, 1))
_PERHAPS = st.one_of(st.none(), RANDOM_DAYS)
_NUMBERS = st.sampled_from(["1/2024/QH15", "2/2025/QH15", "3/2024/NĐ-CP", "4/2025/NĐ-CP", "7/CT-TTg"])
RANDOM_DOCUMENTS = st.builds(
    Document,
    number=_NUMBERS,
    type=st.sampled_from(["Luật", "Nghị định", "Chỉ thị"]),
    title=st.sampled_from(["Luật Vườn hoa", "Vườn hoa", "Cây xanh"]),
    issuing_body=st.just("Quốc hội"),
    issued_on=_PERHAPS,
    effective_on=_PERHAPS,
    expires_on=st.one_of(st.none(), st.none(), RANDOM_DAYS),
    text_kind=st.just(TextKind.SUMMARY),
    text=st.just(""),
    source=st.sampled_from(["một", "hai"]),
    checked_on=_PERHAPS,
    relations=st.lists(
        st.builds(
            Relation,
            st.sampled_from(sorted({*PASSIVE, *PASSIVE.values()})),
            _NUMBERS,
            issued_on=st.one_of(st.none(), st.none(), RANDOM_DAYS),
            effective_on=_PERHAPS,
            ends_on=_PERHAPS,
            scope=st.sampled_from([None, None, "Điều 5"]),
        ),
        max_size=3,
    ).map(tuple),
)
SUCCESSION = Succession({"bo tai chinh": ("Bộ Kế hoạch và Đầu tư",), "bo ke hoach va dau tu": ("Bộ Tài chính",)})
ONE_TEST_FOR_ALL = [HealthCheck.function_scoped_fixture, HealthCheck.differing_executors]
NOW = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)


def emptied(catalogue, *, but=0):
    """Take sources back until only some documents are left."""
    for document in catalogue.latest(limit=1_000)[but:]:
        for version in catalogue.versions(document.id):
            catalogue.remove_source(version.origin, document.id)


class CatalogueContract:
    """Subclasses say where a new catalogue stands."""

    @pytest.fixture
    def address(self) -> str:
        raise NotImplementedError

    @pytest.fixture
    def catalogue(self, address: str) -> Iterator[Catalogue]:
        opened = Catalogue.open(address, succession=SUCCESSION, clock=lambda: NOW)
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

    def test_what_a_document_is_known_to_answer_is_united_over_its_sources_and_given_for_searching(self, catalogue):
        asked = replace(
            SUMMARY,
            questions=("lương cơ sở bao nhiêu", "how much is the base salary"),
            translated_titles=(("en", "Base salary"),),
        )
        more = replace(
            OFFICIAL, questions=("ai được tăng lương",), translated_titles=(("zh", "基本工资"), ("en", "Pay"))
        )
        put(catalogue, asked, more, OLD)
        document = catalogue.get(SUMMARY.id)
        assert set(document.questions) == {*asked.questions, *more.questions}
        assert [document.title_in(lang) for lang in ("vi", "en", "zh", "fr")] == [RECORD.title, "Pay", "基本工资", None]
        titles = [title for _, title in document.translated_titles]
        assert list(catalogue.questions()) == [(SUMMARY.id, text) for text in (*document.questions, *titles)]
        assert catalogue.versions(document.id)[0].payload.questions == asked.questions
        catalogue.withdraw(SUMMARY.number, None, reason="thử", by="văn thư")
        assert list(catalogue.questions()) == []

    def test_writers_wait_for_each_other_and_readers_for_nobody(self, catalogue, address):
        numbers = [f"{number}/2026/NĐ-CP" for number in range(1, 16)]

        def write(source):
            other = Catalogue.open(address)
            for number in numbers:
                put(other, replace(SUMMARY, number=number, source=source))
            other.close()

        with ThreadPoolExecutor(2) as pool:
            writers = [pool.submit(write, source) for source in ("một", "hai")]
            while not all(writer.done() for writer in writers):
                assert all(document.relations for document in catalogue.latest(limit=100))
            for writer in writers:
                writer.result()
        assert sorted(document.number for document in catalogue.latest(limit=100)) == sorted(numbers)
        assert all(len(catalogue.versions(document.id)) == 2 for document in catalogue.latest(limit=100))

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

    def test_provinces_share_numbers_and_neither_texts_nor_acts(self, catalogue):
        hue = replace(
            OFFICIAL,
            number="12/2026/QĐ-UBND",
            type="Quyết định",
            text="Điều 1. Giá đất\nỞ Huế.",
            issued_on=date(2026, 2, 20),
            place="Thành phố Huế",
            source="hue.gov.vn",
            relations=(),
        )
        ha_noi = replace(hue, text="Điều 1. Giá đất\nỞ Hà Nội.", place="Thành phố Hà Nội", source="hanoi.gov.vn")
        newer = replace(
            hue,
            number="30/2026/QĐ-UBND",
            issued_on=date(2026, 6, 1),
            relations=(Relation(RelationKind.REPLACES, hue.number),),
        )
        put(catalogue, hue, ha_noi, newer)
        nowhere = replace(hue, place=None, source="congbao.chinhphu.vn", text="")
        assert put(catalogue, nowhere) == [Change.CREATED]  # of which of them, nobody can tell
        texts = {document.place: document.text for document in catalogue.find(key="12/2026/qd-ubnd")}
        assert texts == {hue.place: hue.text, ha_noi.place: ha_noi.text, None: ""}
        states = {one.place: catalogue.validity(one, date(2026, 8, 1)).validity for one in (hue, ha_noi)}
        assert states == {hue.place: Validity.EXPIRED, ha_noi.place: Validity.IN_FORCE}
        assert catalogue.remove_source("official:hue.gov.vn", hue.id) is Change.WITHDRAWN
        assert catalogue.get(ha_noi.id) == ha_noi

    def test_a_local_document_whose_place_becomes_known_stays_one_document(self, catalogue):
        unplaced = replace(RECORD, number="12/2026/QĐ-UBND")
        placed = replace(unplaced, place="Thành phố Huế", text="Giá đất.", source="hue.gov.vn")
        assert put(catalogue, unplaced, placed, unplaced) == [Change.CREATED, Change.UPDATED, Change.UNCHANGED]
        assert catalogue.ids() == ["12/2026/QĐ-UBND@2026-05-15@hue"]

    def test_local_documents_of_one_number_and_day_act_within_their_body_or_the_one_that_a_title_names(self, catalogue):
        def decision(number, body, **said):
            local = replace(RECORD, number=number, type="Quyết định", issuing_body=f"Ủy ban nhân dân {body}")
            return replace(local, **{"issued_on": date(2024, 3, 1), "effective_on": date(2024, 4, 1)} | said)

        bodies = {
            "ha-noi": "thành phố Hà Nội",
            "ha-noi.quan-ba-dinh": "quận Ba Đình, thành phố Hà Nội",
            "binh-duong": "tỉnh Bình Dương",
            "gia-lai": "tỉnh Gia Lai",
            "hue": "thành phố Huế",
        }
        shared = {series: decision("30/2024/QĐ-UBND", body) for series, body in bodies.items()}
        acting = {"issued_on": date(2026, 2, 1), "effective_on": date(2026, 3, 1)}
        ends = Relation(RelationKind.REPLACES, "30/2024/QĐ-UBND")
        newer = decision("77/2026/QĐ-UBND", bodies["ha-noi"], **acting, relations=(ends,))
        named = replace(ends, title="Quyết định số 30/2024/QĐ-UBND của UBND tỉnh Bình Dương")
        joined = decision("80/2026/QĐ-UBND", "Thành phố Hồ Chí Minh", **acting, relations=(named,))
        central = replace(RECORD, number="5/2026/QĐ-TTg", **acting, relations=(ends,))
        of_hue = replace(ends, kind=RelationKind.ABOLISHES, title="Quyết định của Ủy ban nhân dân thành phố Huế")
        other = replace(RECORD, number="6/2026/QĐ-TTg", **acting, relations=(of_hue,))
        put(catalogue, newer, central, *shared.values(), joined, other)
        assert {one.id for one in catalogue.find(key="30/2024/qd-ubnd")} == {
            f"30/2024/QĐ-UBND@2024-03-01@{series}" for series in bodies
        }
        ended = {
            series: state.replaced_by + state.abolished_by
            for series, one in shared.items()
            if (state := catalogue.validity(one, date(2026, 8, 1))).validity is Validity.EXPIRED
        }
        assert ended == {"ha-noi": (newer.number,), "binh-duong": (joined.number,), "hue": (other.number,)}
        assert catalogue.not_in_force(date(2026, 4, 1)) == {shared[series].id for series in ended}
        assert [(one.number, one.kind, one.by) for one in catalogue.unplaced()] == [
            ("30/2024/QĐ-UBND", RelationKind.REPLACES, central.number)
        ]

    def test_a_take_down_of_one_body_leaves_the_documents_that_others_gave_the_same_number(self, catalogue):
        local = replace(RECORD, number="30/2024/QĐ-UBND", issuing_body="UBND tỉnh Gia Lai")
        other = replace(local, issuing_body="UBND thành phố Huế")
        put(catalogue, local, other)
        hidden = catalogue.withdraw(local.number, None, reason="thử", by="văn thư", series="gia-lai")
        assert hidden == [local.id]
        assert put(catalogue, replace(local, title="Tên mới")) == [Change.UPDATED]
        assert catalogue.ids() == [other.id]
        assert catalogue.reinstate(local.number, None, series="hue") == []
        assert catalogue.reinstate(local.number, None) == [local.id]

    def test_a_law_and_a_resolution_of_one_year_and_number_stay_apart(self, catalogue):
        law = replace(RECORD, number="74/2014/QH13", type="Luật", issued_on=date(2014, 11, 27))
        put(catalogue, law, replace(law, type="Nghị quyết", issued_on=date(2014, 6, 24)))
        assert [document.type for document in catalogue.find(key="74/2014/qh13")] == ["Luật", "Nghị quyết"]

    def test_sources_that_differ_in_the_type_alone_speak_of_one_document(self, catalogue):
        named_otherwise = replace(OFFICIAL, type="Nghị quyết", issued_on=RECORD.issued_on)
        assert put(catalogue, RECORD, named_otherwise) == [Change.CREATED, Change.UPDATED]
        assert put(catalogue, named_otherwise) == [Change.UNCHANGED]
        assert [document.type for document in catalogue.latest()] == ["Nghị định"]

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

    def test_a_document_without_shown_text_is_found_by_its_title(self, catalogue):
        put(catalogue, replace(RECORD, aliases=("lương cơ sở",)), replace(RECORD, number="1/2026/NĐ-CP", title=""))
        [passage] = catalogue.passages()
        assert (passage.id, passage.text, passage.text_kind) == (
            f"{RECORD.id}#trich-yeu",
            RECORD.title,
            TextKind.TITLE,
        )
        assert (passage.location, passage.headings) == (None, ())
        assert passage.searched_text == "Nghị định 161/2026/NĐ-CP\nlương cơ sở\nQuy định mức lương cơ sở"
        assert catalogue.passage(passage.id) == passage
        put(catalogue, OFFICIAL)
        assert {found.text_kind for found in catalogue.passages(RECORD.id)} == {TextKind.OFFICIAL}
        assert catalogue.passage(passage.id) is None

    def test_the_weight_of_a_passage_is_kept_and_a_new_weight_is_an_update(self, catalogue):
        [passage] = split(SUMMARY)
        catalogue.put(SUMMARY, [passage])
        assert catalogue.put(SUMMARY, [replace(passage, weight=0.25)]) is Change.UPDATED
        assert [found.weight for found in catalogue.passages()] == [0.25]
        assert len(catalogue.versions(SUMMARY.id)) == 1

    def test_every_part_of_a_document_and_of_a_relation_is_kept(self, catalogue):
        relation = Relation(
            RelationKind.SUSPENDS,
            "73/2024/NĐ-CP",
            title="Nghị định số 73/2024/NĐ-CP",
            issued_on=date(2024, 6, 30),
            effective_on=date(2026, 7, 1),
            ends_on=date(2026, 12, 31),
            scope="Điều 5; khoản 2 Điều 7",
            location="Điều 9, khoản 2",
            is_extracted=True,
        )
        whole = replace(
            OFFICIAL,
            issued_on=date(2026, 5, 15),
            expires_on=date(2030, 1, 1),
            url="https://vanban.chinhphu.vn/1",
            signer="Trần Văn Mẫu",
            language="en",
            place="Thành phố Huế",
            fields=("Tài chính", "Lao động"),
            relations=(relation,),
        )
        put(catalogue, whole)
        assert catalogue.get(whole.id) == whole

    def test_documents_are_filtered_by_place_field_language_and_days(self, catalogue):
        local = replace(RECORD, number="9/2026/QĐ-UBND", place="Thành phố Huế", fields=("Đất đai", "Nhà ở"))
        english = replace(RECORD, number="7/2026/NĐ-CP", language="en", effective_on=date(2027, 1, 1))
        put(catalogue, local, english, replace(RECORD, number="1/2020/NĐ-CP", issued_on=date(2020, 1, 2)))
        for filters, expected in (
            ({"place": "Thành phố Huế"}, {local.id}),
            ({"field": "nhà ở"}, {local.id}),
            ({"field": "nha"}, set()),
            ({"language": "en"}, {english.id}),
            ({"language": "en", "source": RECORD.source}, {english.id}),
            ({"source": "nơi khác"}, set()),
            ({"language": "en", "sources": ("nơi khác", RECORD.source)}, {english.id}),
            ({"sources": ("nơi khác",)}, set()),
            ({"language": "en", "sources": ()}, {english.id}),
            ({"issued_to": date(2020, 12, 31)}, {"1/2020/NĐ-CP@2020-01-02"}),
            ({"effective_from": date(2027, 1, 1)}, {english.id}),
            ({"language": "vi", "issued_from": date(2026, 1, 1)}, {local.id}),
        ):
            assert set(catalogue.ids(**filters)) == expected, filters
            assert catalogue.count(**filters) == len(expected)

    def test_sources_are_counted_by_the_documents_that_have_them(self, catalogue):
        put(
            catalogue,
            RECORD,
            replace(RECORD, number="1/2020/NĐ-CP"),
            replace(RECORD, number="2/2020/NĐ-CP", source="b"),
        )
        assert catalogue.sources() == {RECORD.source: 2, "b": 1}
        catalogue.withdraw("2/2020/NĐ-CP", None, reason="thử", by="người thử")
        assert catalogue.sources() == {RECORD.source: 2}

    def test_documents_of_a_bodys_predecessors_are_found_where_asked(self, catalogue):
        of_today = replace(RECORD, number="1/2026/TT-BTC", issuing_body="Bộ Tài chính")
        before = replace(RECORD, number="2/2024/TT-BKHĐT", issuing_body="Bộ Kế hoạch và Đầu tư")
        put(catalogue, of_today, before, RECORD)
        both = {of_today.id, before.id}
        assert set(catalogue.ids(issuing_body="Bộ Tài chính")) == {of_today.id}
        assert set(catalogue.ids(issuing_body="Bộ Tài chính", with_related_bodies=True)) == both
        assert set(catalogue.ids(issuing_body="bo ke hoach va dau tu", with_related_bodies=True)) == both

    def test_the_revision_rises_with_what_changes_and_with_nothing_else(self, catalogue):
        def rises(write):
            before = catalogue.revision()
            write()
            return catalogue.revision() > before

        assert rises(lambda: put(catalogue, SUMMARY))
        assert not rises(lambda: put(catalogue, SUMMARY))
        assert rises(lambda: put(catalogue, replace(SUMMARY, title="Tên khác")))
        assert rises(lambda: catalogue.checked(ORIGIN, [SUMMARY.id], date(2026, 9, 1)))
        assert not rises(lambda: catalogue.checked(ORIGIN, [SUMMARY.id], date(2026, 9, 1)))
        assert rises(lambda: catalogue.withdraw(SUMMARY.number, None, reason="thử", by="người thử"))
        assert rises(lambda: catalogue.reinstate(SUMMARY.number, None))
        assert not rises(lambda: catalogue.remove_source("record:nơi khác", SUMMARY.id))
        assert rises(lambda: catalogue.remove_source(ORIGIN, SUMMARY.id))

    def test_a_document_taken_down_is_in_no_list_look_up_or_passage_until_reinstated(self, catalogue):
        put(catalogue, SUMMARY, replace(RECORD, number="1/2020/NĐ-CP", issued_on=date(2020, 1, 2)))

        def is_shown():
            seen = {
                catalogue.get(SUMMARY.id) is not None,
                SUMMARY.id in {document.id for document in catalogue.find(key="161/2026/nd-cp")},
                SUMMARY.id in {document.id for document in catalogue.latest()},
                SUMMARY.id in catalogue.ids(),
                catalogue.count() == 2,
                SUMMARY.id in {passage.document_id for passage in catalogue.passages()},
                any(True for _ in catalogue.passages(SUMMARY.id)),
                catalogue.passage(f"{SUMMARY.id}#tom-tat") is not None,
                SUMMARY.id not in catalogue.not_in_force(date(2026, 7, 1)),
            }
            assert len(seen) == 1
            return seen.pop()

        assert is_shown()
        hidden = catalogue.withdraw("161/2026/NĐ-CP", date(2026, 5, 15), reason="lộ dữ liệu cá nhân", by="văn thư")
        assert hidden == [SUMMARY.id]
        assert not is_shown()
        [take_down] = catalogue.withdrawn()
        assert (take_down.key, take_down.issued_on, take_down.reason, take_down.by, take_down.at) == (
            "161/2026/nd-cp",
            date(2026, 5, 15),
            "lộ dữ liệu cá nhân",
            "văn thư",
            NOW,
        )
        put(catalogue, replace(SUMMARY, text="Lại gửi lên."), OFFICIAL, RECORD)
        assert not is_shown()
        assert catalogue.reinstate("161/2026/nd-cp", date(2026, 5, 15)) == [SUMMARY.id]
        assert is_shown()
        assert catalogue.withdrawn() == []

    def test_a_number_taken_down_before_it_comes_stays_hidden_when_it_comes(self, catalogue):
        assert catalogue.withdraw("74/NQ-CP", None, reason="thử", by="văn thư") == []
        put(catalogue, replace(RECORD, number="74/NQ-CP"), replace(RECORD, number="74/NQ-CP", issued_on=None))
        assert catalogue.count() == 0
        assert catalogue.reinstate("74/NQ-CP", date(2026, 5, 15)) == []
        assert len(catalogue.reinstate("74/NQ-CP", None)) == 1

    def test_a_document_taken_down_has_replaced_nonetheless(self, catalogue):
        put(catalogue, OLD, OFFICIAL, RECORD)
        catalogue.withdraw("161/2026/NĐ-CP", None, reason="thử", by="văn thư")
        assert catalogue.validity(OLD, date(2026, 7, 1)).replaced_by == ("161/2026/NĐ-CP",)

    def test_what_sources_said_before_is_kept_with_the_days_on_which_they_said_it(self, catalogue):
        first = replace(SUMMARY, effective_on=date(2026, 8, 1), checked_on=date(2026, 5, 20))
        second = replace(SUMMARY, effective_on=date(2026, 7, 1), checked_on=date(2026, 6, 20))
        put(catalogue, first, replace(first, checked_on=date(2026, 6, 1)), second, OFFICIAL)
        told = [
            (version.origin, version.payload.effective_on, version.first_seen, version.last_seen, version.is_current)
            for version in catalogue.versions(SUMMARY.id)
        ]
        assert told == [
            (ORIGIN, date(2026, 8, 1), date(2026, 5, 20), date(2026, 6, 1), False),
            (ORIGIN, date(2026, 7, 1), date(2026, 6, 20), date(2026, 6, 20), True),
            ("official:vanban.chinhphu.vn", date(2026, 7, 1), date(2026, 7, 6), date(2026, 7, 6), True),
        ]
        assert len({version.digest for version in catalogue.versions(SUMMARY.id)}) == 3

    def test_earlier_versions_follow_a_document_whose_date_becomes_known(self, catalogue):
        undated = replace(SUMMARY, issued_on=None)
        put(catalogue, replace(undated, title="Tên cũ"), undated, RECORD)
        assert [version.payload.title for version in catalogue.versions(RECORD.id)] == [
            "Tên cũ",
            SUMMARY.title,
            RECORD.title,
        ]
        assert catalogue.versions(undated.id) == []

    def test_sources_that_disagree_are_both_heard_and_the_better_one_speaks(self, catalogue):
        wrong = replace(OFFICIAL, issued_on=RECORD.issued_on, effective_on=date(2026, 8, 1))
        put(catalogue, wrong, RECORD)
        assert catalogue.get(RECORD.id).effective_on == date(2026, 7, 1)
        days = [fact for fact in catalogue.facts(RECORD.id) if fact.name == "effective_on"]
        assert [(fact.value, fact.source, fact.checked_on, fact.speaks) for fact in days] == [
            ("2026-07-01", "congbao.chinhphu.vn", date(2026, 7, 1), True),
            ("2026-08-01", "vanban.chinhphu.vn", date(2026, 7, 6), False),
        ]
        digests = {version.payload.source: version.digest for version in catalogue.versions(RECORD.id)}
        assert all(fact.digest == digests[fact.source] for fact in catalogue.facts(RECORD.id))
        relations = [fact.value for fact in catalogue.facts(RECORD.id) if fact.name == "relation"]
        assert relations == ["replaces 73/2024/NĐ-CP"]
        assert catalogue.facts("1/2026/NĐ-CP@") == []

    def test_a_source_read_again_is_newer_without_having_changed(self, catalogue):
        put(catalogue, SUMMARY)
        catalogue.checked(ORIGIN, [SUMMARY.id, "1/2026/NĐ-CP@"], date(2026, 9, 1))
        assert catalogue.get(SUMMARY.id).checked_on == catalogue.checked_on() == date(2026, 9, 1)
        catalogue.checked(ORIGIN, [SUMMARY.id], date(2026, 8, 1))
        assert put(catalogue, replace(SUMMARY, checked_on=date(2026, 9, 2))) == [Change.UNCHANGED]
        [version] = catalogue.versions(SUMMARY.id)
        assert (version.first_seen, version.last_seen) == (date(2026, 7, 1), date(2026, 9, 2))
        assert catalogue.get(SUMMARY.id).checked_on == date(2026, 9, 2)

    def test_of_two_equal_sources_the_one_read_last_speaks(self, catalogue):
        one = replace(SUMMARY, source="một", text="Theo một.", checked_on=date(2026, 7, 1))
        two = replace(SUMMARY, source="hai", text="Theo hai.", checked_on=date(2026, 7, 2))
        put(catalogue, one, two)
        assert [passage.text for passage in catalogue.passages()] == ["Theo hai."]
        catalogue.checked("summary:một", [SUMMARY.id], date(2026, 7, 3))
        assert [passage.text for passage in catalogue.passages()] == ["Theo một."]
        assert catalogue.get(SUMMARY.id).text == "Theo một."

    def test_a_source_that_is_gone_takes_back_what_only_it_said(self, catalogue):
        put(catalogue, OLD, RECORD, OFFICIAL)
        assert catalogue.remove_source("official:vanban.chinhphu.vn", RECORD.id) is Change.UPDATED
        document = catalogue.get(RECORD.id)
        assert (document.text, document.relations, document.checked_on) == ("", (), RECORD.checked_on)
        assert [passage.text_kind for passage in catalogue.passages(RECORD.id)] == [TextKind.TITLE]
        assert catalogue.validity(OLD, date(2026, 7, 1)).validity is Validity.IN_FORCE
        assert catalogue.not_in_force(date(2026, 7, 1)) == frozenset()

    def test_a_source_may_name_a_document_as_it_gave_it(self, catalogue):
        put(catalogue, RECORD, OFFICIAL)
        assert OFFICIAL.id != RECORD.id
        catalogue.checked("official:vanban.chinhphu.vn", [OFFICIAL.id], date(2026, 9, 1))
        assert catalogue.get(RECORD.id).checked_on == date(2026, 9, 1)
        assert catalogue.remove_source("official:vanban.chinhphu.vn", OFFICIAL.id) is Change.UPDATED
        assert catalogue.get(RECORD.id).text == ""

    def test_a_document_without_any_source_is_gone_but_not_forgotten(self, catalogue):
        put(catalogue, OLD, replace(OFFICIAL, issued_on=RECORD.issued_on))
        assert catalogue.remove_source("official:vanban.chinhphu.vn", RECORD.id) is Change.WITHDRAWN
        assert catalogue.get(RECORD.id) is None
        assert catalogue.validity(OLD, date(2026, 7, 1)).validity is Validity.IN_FORCE
        [version] = catalogue.versions(RECORD.id)
        assert (version.payload.text, version.is_current) == (OFFICIAL.text, False)
        assert catalogue.remove_source("official:vanban.chinhphu.vn", RECORD.id) is Change.UNCHANGED

    def test_a_relation_that_says_parts_fills_no_relation_about_other_parts(self, catalogue):
        said = [Relation(RelationKind.PARTLY_REPLACES, "73/2024/NĐ-CP", scope=scope) for scope in ("Điều 5", "Điều 7")]
        stated = replace(RECORD, relations=(Relation(RelationKind.PARTLY_REPLACES, "73/2024/NĐ-CP"),))
        put(catalogue, replace(OFFICIAL, relations=tuple(said)), stated)
        assert {relation.scope for relation in catalogue.get(RECORD.id).relations} == {"Điều 5", "Điều 7"}

    def test_a_document_that_is_not_in_the_catalogue_has_a_validity_all_the_same(self, catalogue):
        put(catalogue, OFFICIAL, RECORD)
        assert catalogue.get(OLD.id) is None
        assert catalogue.validity(OLD, date(2026, 7, 1)).validity is Validity.EXPIRED
        unknown = replace(OLD, number="8/2024/NĐ-CP", relations=(Relation(RelationKind.REPLACED_BY, RECORD.number),))
        assert catalogue.validity(unknown, date(2026, 7, 1)).replaced_by == (RECORD.number,)

    def test_the_documents_out_of_force_follow_every_write_that_they_depend_on(self, catalogue):
        day = date(2026, 7, 1)
        put(catalogue, OLD)
        assert catalogue.not_in_force(day) == frozenset()
        put(catalogue, OFFICIAL)  # names the old one, but has no date yet: when it replaced is not known
        assert catalogue.not_in_force(day) == {OLD.id}
        put(catalogue, RECORD)
        assert catalogue.not_in_force(day) == {OLD.id}
        assert catalogue.not_in_force(date(2026, 6, 30)) == {RECORD.id}
        put(catalogue, replace(OFFICIAL, relations=()))
        assert catalogue.not_in_force(day) == frozenset()
        put(catalogue, replace(OLD, expires_on=date(2025, 12, 31)))
        assert catalogue.not_in_force(day) == {OLD.id}

    @settings(max_examples=15, suppress_health_check=ONE_TEST_FOR_ALL)
    @given(st.data())
    def test_the_documents_out_of_force_are_those_whose_validity_says_so(self, catalogue, data):
        emptied(catalogue)
        for document in data.draw(st.lists(RANDOM_DOCUMENTS, max_size=6)):
            put(catalogue, document)
        emptied(catalogue, but=data.draw(st.integers(0, 6)))
        documents = catalogue.latest(limit=1_000)
        for day in data.draw(st.lists(RANDOM_DAYS, min_size=1, max_size=3)):
            states = {document.id: catalogue.validity(document, day) for document in documents}
            expected = {name for name, state in states.items() if state.validity in OUT_OF_FORCE}
            assert catalogue.not_in_force(day) == expected
            for document in documents:  # what is stored is what would be reckoned now
                with catalogue._engine.connect() as connection:
                    [now] = gather(connection, [subject_of(document)], {document.id: document.relations})
                assert states[document.id] == validity_on(document, now.acts, day, namesake=now.namesake)
