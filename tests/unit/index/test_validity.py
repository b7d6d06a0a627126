"""Validity is a function of dates and relations, and never calls a lapsed document valid."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from index.acting import ACTED_UPON, Act, Dated, Inverted, acts_upon, year_in
from index.document import Document, Relation, RelationKind, TextKind, Validity
from index.validity import OUT_OF_FORCE, name_of_law, out_of_force, validity_on

K = RelationKind
DECREE = Document(
    number="73/2024/NĐ-CP",
    type="Nghị định",
    title="Quy định mức lương cơ sở",
    issuing_body="Chính phủ",
    issued_on=date(2024, 6, 30),
    effective_on=date(2024, 7, 1),
    text_kind=TextKind.SUMMARY,
    text="",
    source="congbao.chinhphu.vn",
    checked_on=None,
)
SUCCESSOR = Act(K.REPLACED_BY, "161/2026/NĐ-CP", date(2026, 5, 15), date(2026, 7, 1))


def acts(document: Document, others: list[Dated], stated_by_others=()):
    own = Dated(document.number, document.type, document.issued_on, document.effective_on)
    return acts_upon(
        own,
        stated=document.relations,
        named=lambda number: [other for other in [own, *others] if other.number == number],
        stated_by_others=stated_by_others,
    )


def test_a_document_is_not_yet_in_force_before_its_first_day():
    assert validity_on(DECREE, [], date(2024, 6, 30)).validity is Validity.NOT_YET_IN_FORCE
    state = validity_on(DECREE, [], date(2024, 7, 1))
    assert (state.validity, state.since) == (Validity.IN_FORCE, date(2024, 7, 1))


def test_a_dated_successor_ends_a_document_on_the_successors_first_day():
    assert validity_on(DECREE, [SUCCESSOR], date(2026, 6, 30)).validity is Validity.IN_FORCE
    state = validity_on(DECREE, [SUCCESSOR], date(2026, 7, 1))
    assert (state.validity, state.since, state.replaced_by) == (
        Validity.EXPIRED,
        date(2026, 7, 1),
        ("161/2026/NĐ-CP",),
    )


@given(st.integers(min_value=-2000, max_value=2000))
def test_a_successor_without_a_date_is_never_forgotten(days):
    state = validity_on(DECREE, [replace(SUCCESSOR, starts_on=None)], date(2024, 7, 1) + timedelta(days=days))
    assert state.validity in (Validity.EXPIRED, Validity.NOT_YET_IN_FORCE)
    assert state.since is None


def test_a_document_with_a_term_ends_the_day_after_its_last_day():
    pilot = replace(DECREE, expires_on=date(2025, 2, 28))
    assert validity_on(pilot, [], date(2025, 2, 28)).validity is Validity.IN_FORCE
    state = validity_on(pilot, [], date(2025, 3, 1))
    assert (state.validity, state.since) == (Validity.EXPIRED, date(2025, 3, 1))


def test_a_partial_successor_leaves_the_rest_in_force():
    partly = replace(SUCCESSOR, kind=K.PARTLY_REPLACED_BY)
    state = validity_on(DECREE, [partly], date(2026, 7, 1))
    assert (state.validity, state.replaced_by) == (Validity.PARTLY_EXPIRED, ("161/2026/NĐ-CP",))


def test_an_amended_document_stays_in_force_and_names_its_amendments_once_they_start():
    amending = Act(K.AMENDED_BY, "7/2025/NĐ-CP", date(2025, 1, 10), date(2025, 3, 1))
    assert validity_on(DECREE, [amending], date(2025, 2, 28)).amended_by == ()
    state = validity_on(DECREE, [amending], date(2025, 3, 1))
    assert (state.validity, state.amended_by) == (Validity.IN_FORCE, ("7/2025/NĐ-CP",))


def test_without_an_effective_date_a_decree_is_unknown_and_a_directive_acts_from_signing():
    undated = replace(DECREE, effective_on=None)
    assert validity_on(undated, [], date(2025, 1, 1)).validity is Validity.UNKNOWN
    assert validity_on(undated, [], date(2024, 1, 1)).validity is Validity.NOT_YET_IN_FORCE
    telegram = replace(undated, number="104/CĐ-TTg", type="Công điện")
    assert validity_on(telegram, [], date(2024, 6, 30)).validity is Validity.IN_FORCE
    session = replace(undated, number="122/NQ-CP", type="Nghị quyết")
    assert validity_on(session, [], date(2024, 6, 30)).validity is Validity.IN_FORCE
    assembly = replace(undated, number="203/2025/QH15", type="Nghị quyết")
    assert validity_on(assembly, [], date(2025, 8, 1)).validity is Validity.UNKNOWN


def test_a_relation_may_act_later_than_the_newer_document():
    document = replace(DECREE, relations=(Relation(K.REPLACED_BY, "161/2026/NĐ-CP", effective_on=date(2027, 1, 1)),))
    found, _ = acts(document, [Dated("161/2026/NĐ-CP", "Nghị định", date(2026, 5, 15), date(2026, 7, 1))])
    assert [act.starts_on for act in found] == [date(2027, 1, 1)]


def test_without_an_effective_date_the_successor_acts_from_its_issue():
    document = replace(DECREE, relations=(Relation(K.REPLACED_BY, "161/2026/NĐ-CP"),))
    found, _ = acts(document, [Dated("161/2026/NĐ-CP", "Nghị định", date(2026, 5, 15), None)])
    assert [act.starts_on for act in found] == [date(2026, 5, 15)]


def test_a_successor_outside_the_catalogue_acts_from_a_day_nobody_knows():
    document = replace(DECREE, relations=(Relation(K.REPLACED_BY, "161/2026/NĐ-CP"),))
    found, inverted = acts(document, [])
    assert found == [Act(K.REPLACED_BY, "161/2026/NĐ-CP", None, None)]
    assert inverted == []


def test_a_successor_older_than_the_document_is_reported_and_not_applied():
    document = replace(
        DECREE, relations=(Relation(K.REPLACED_BY, "12/2015/NĐ-CP"), Relation(K.AMENDED_BY, "9/2016/NĐ-CP"))
    )
    found, inverted = acts(document, [Dated("12/2015/NĐ-CP", "Nghị định", date(2015, 1, 1), date(2015, 2, 1))])
    assert found == []
    assert [wrong.by for wrong in inverted] == ["12/2015/NĐ-CP", "9/2016/NĐ-CP"]
    assert isinstance(inverted[0], Inverted)


def test_what_another_document_states_counts_like_what_this_one_states():
    newer = Dated("161/2026/NĐ-CP", "Nghị định", date(2026, 5, 15), date(2026, 7, 1))
    found, _ = acts(DECREE, [newer], [(newer, Relation(K.REPLACES, "73/2024/NĐ-CP"))])
    assert found == [SUCCESSOR]


def test_a_number_used_in_several_years_means_the_nearest_document_in_the_right_direction():
    document = replace(DECREE, relations=(Relation(K.REPLACED_BY, "7/CT-TTg"),))
    years = [Dated("7/CT-TTg", "Chỉ thị", date(year, 2, 3), None) for year in (2021, 2025, 2026)]
    found, inverted = acts(document, years)
    assert [act.issued_on for act in found] == [date(2025, 2, 3)]
    assert inverted == []

    first = replace(DECREE, number="7/CT-TTg", type="Chỉ thị", issued_on=date(2021, 2, 3), effective_on=None)
    newer = Dated("9/CT-TTg", "Chỉ thị", date(2025, 5, 1), None)
    reverse = [(newer, Relation(K.REPLACES, "7/CT-TTg"))]
    assert acts(first, [*years[1:], newer], reverse)[0] == []
    second = replace(first, issued_on=date(2025, 2, 3))
    assert [act.number for act in acts(second, [years[0], years[2], newer], reverse)[0]] == ["9/CT-TTg"]


def test_a_date_in_a_relation_decides_between_documents_of_one_number():
    document = replace(DECREE, relations=(Relation(K.REPLACED_BY, "7/CT-TTg", issued_on=date(2026, 2, 3)),))
    years = [Dated("7/CT-TTg", "Chỉ thị", date(year, 2, 3), None) for year in (2025, 2026)]
    assert [act.issued_on for act in acts(document, years)[0]] == [date(2026, 2, 3)]


def test_a_title_tells_a_law_from_a_resolution_of_the_same_number():
    document = replace(DECREE, relations=(Relation(K.REPLACED_BY, "74/2025/QH15", title="Luật số 74/2025/QH15"),))
    both = [
        Dated("74/2025/QH15", "Nghị quyết", date(2025, 6, 24), date(2025, 6, 24)),
        Dated("74/2025/QH15", "Luật", date(2025, 11, 27), date(2026, 7, 1)),
    ]
    assert [act.starts_on for act in acts(document, both)[0]] == [date(2026, 7, 1)]


def test_a_number_tells_its_year_only_where_it_carries_one():
    assert [year_in(number) for number in ("161/2026/NĐ-CP", "66.17/2026/NQ-CP", "2023/QĐ-TTg")] == [2026, 2026, None]


def test_a_law_is_no_longer_called_valid_once_a_newer_one_of_its_name_is_in_effect():
    law = replace(
        DECREE, number="104/2016/QH13", type="Luật", issued_on=date(2016, 4, 6), effective_on=date(2018, 7, 1)
    )
    newer = Dated("01/2026/QH16", "Luật", date(2026, 4, 23), date(2026, 9, 1))
    assert validity_on(law, [], date(2026, 8, 31), namesake=newer).validity is Validity.IN_FORCE
    state = validity_on(law, [], date(2026, 9, 1), namesake=newer)
    assert (state.validity, state.namesake, state.replaced_by) == (Validity.UNKNOWN, "01/2026/QH16", ())


def test_only_laws_that_do_not_amend_others_have_a_name_of_their_own():
    assert name_of_law("Luật", "Luật Tiếp cận thông tin.") == name_of_law("Luật", "Tiếp cận  thông tin")
    assert name_of_law("Luật", "Luật sửa đổi, bổ sung một số điều của Luật Thi đua") is None
    assert name_of_law("Nghị định", "Quy chế làm việc") is None


ABOLISHING = replace(SUCCESSOR, kind=K.ABOLISHED_BY)
SUSPENDING = Act(K.SUSPENDED_BY, "9/2025/NQ-CP", date(2025, 1, 5), date(2025, 2, 1), ends_on=date(2025, 3, 31))


def test_an_abolished_document_has_ended_and_nothing_stands_in_its_place():
    state = validity_on(DECREE, [ABOLISHING], date(2026, 7, 1))
    assert (state.validity, state.since, state.replaced_by, state.abolished_by) == (
        Validity.EXPIRED,
        date(2026, 7, 1),
        (),
        ("161/2026/NĐ-CP",),
    )
    undated = validity_on(DECREE, [replace(ABOLISHING, starts_on=None)], date(2025, 1, 1))
    assert (undated.validity, undated.since, undated.abolished_by) == (Validity.EXPIRED, None, ("161/2026/NĐ-CP",))


def test_a_suspension_holds_a_document_up_and_after_its_last_day_the_document_holds_again():
    days = [date(2025, 1, 31), date(2025, 2, 1), date(2025, 3, 31), date(2025, 4, 1)]
    states = [validity_on(DECREE, [SUSPENDING], day) for day in days]
    assert [(state.validity, state.since) for state in states] == [
        (Validity.IN_FORCE, date(2024, 7, 1)),
        (Validity.SUSPENDED, date(2025, 2, 1)),
        (Validity.SUSPENDED, date(2025, 2, 1)),
        (Validity.IN_FORCE, date(2025, 4, 1)),
    ]
    assert states[1].suspended_by == ("9/2025/NQ-CP",)
    assert states[3].suspended_by == ()
    without_end = validity_on(DECREE, [replace(SUSPENDING, ends_on=None)], date(2090, 1, 1))
    assert without_end.validity is Validity.SUSPENDED
    undated = validity_on(DECREE, [replace(SUSPENDING, starts_on=None)], date(2025, 1, 1))
    assert (undated.validity, undated.since) == (Validity.SUSPENDED, None)


def test_a_document_suspended_before_its_first_day_is_suspended_once_that_comes():
    early = replace(SUSPENDING, starts_on=date(2024, 6, 30))
    assert validity_on(DECREE, [early], date(2024, 6, 30)).validity is Validity.NOT_YET_IN_FORCE
    state = validity_on(DECREE, [early], date(2024, 7, 1))
    assert (state.validity, state.since) == (Validity.SUSPENDED, date(2024, 7, 1))


def test_a_correction_is_named_and_ends_nothing():
    correcting = Act(K.CORRECTED_BY, "80/ĐC-CP", date(2024, 8, 1), date(2024, 8, 1))
    state = validity_on(DECREE, [correcting], date(2024, 8, 1))
    assert (state.validity, state.since, state.corrected_by) == (Validity.IN_FORCE, date(2024, 7, 1), ("80/ĐC-CP",))


def test_what_is_abolished_or_suspended_in_part_holds_in_part():
    partly = replace(ABOLISHING, kind=K.PARTLY_ABOLISHED_BY, scope="Điều 5")
    state = validity_on(DECREE, [partly], date(2026, 7, 1))
    assert (state.validity, state.replaced_by, state.abolished_by) == (
        Validity.PARTLY_EXPIRED,
        (),
        ("161/2026/NĐ-CP",),
    )
    held_up = replace(SUSPENDING, kind=K.PARTLY_SUSPENDED_BY, scope="Điều 5")
    assert validity_on(DECREE, [held_up], date(2025, 2, 1)).validity is Validity.PARTLY_EXPIRED
    assert validity_on(DECREE, [held_up], date(2025, 2, 1)).suspended_by == ("9/2025/NQ-CP",)
    assert validity_on(DECREE, [held_up], date(2025, 4, 1)).validity is Validity.IN_FORCE


def test_a_partly_replaced_law_with_a_newer_namesake_is_in_doubt_as_a_whole():
    law = replace(DECREE, number="104/2016/QH13", type="Luật")
    newer = Dated("01/2026/QH16", "Luật", date(2026, 4, 23), date(2026, 9, 1))
    partly = replace(SUCCESSOR, kind=K.PARTLY_REPLACED_BY)
    assert validity_on(law, [partly], date(2026, 8, 31), namesake=newer).validity is Validity.PARTLY_EXPIRED
    assert validity_on(law, [partly], date(2026, 9, 1), namesake=newer).validity is Validity.UNKNOWN


DAYS = st.dates(date(2023, 1, 1), date(2027, 1, 1))
ANY_DAY = st.one_of(st.none(), DAYS, st.just(date.min), st.just(date.max))
ACTS = st.builds(
    Act, st.sampled_from(sorted(ACTED_UPON)), st.sampled_from(["1/2025/NĐ-CP", "2/2026/NĐ-CP"]),
    ANY_DAY, ANY_DAY, ends_on=ANY_DAY,
)  # fmt: skip
DOCUMENTS = st.builds(
    Dated, st.sampled_from(["73/2024/NĐ-CP", "7/CT-TTg"]), st.sampled_from(["Nghị định", "Chỉ thị", "Luật"]),
    ANY_DAY, ANY_DAY, ANY_DAY,
)  # fmt: skip
NAMESAKES = st.one_of(st.none(), DOCUMENTS)
HOLDS = {Validity.IN_FORCE, Validity.PARTLY_EXPIRED, Validity.UNKNOWN}


@given(DOCUMENTS, st.lists(ACTS, max_size=5), NAMESAKES, DAYS, st.sampled_from([K.REPLACED_BY, K.ABOLISHED_BY]), DAYS)
def test_a_document_with_a_dated_successor_never_holds_on_or_after_that_day(
    document, others, namesake, starts_on, kind, on
):
    ended = [*others, Act(kind, "3/2026/NĐ-CP", None, starts_on)]
    for day in (max(on, starts_on), starts_on, date.max):
        assert validity_on(document, ended, day, namesake=namesake).validity is Validity.EXPIRED


@given(DOCUMENTS, st.lists(ACTS, max_size=5), NAMESAKES, st.sampled_from([K.REPLACED_BY, K.ABOLISHED_BY]), DAYS)
def test_a_document_with_an_undated_successor_never_holds(document, others, namesake, kind, on):
    state = validity_on(document, [*others, Act(kind, "3/2026/NĐ-CP", None, None)], on, namesake=namesake)
    assert state.validity in (Validity.EXPIRED, Validity.NOT_YET_IN_FORCE)


@given(DOCUMENTS, st.lists(ACTS, max_size=5), NAMESAKES, DAYS, DAYS)
def test_what_has_expired_stays_expired_and_what_has_begun_does_not_begin_again(document, acts, namesake, one, other):
    earlier, later = sorted((one, other))
    before = validity_on(document, acts, earlier, namesake=namesake).validity
    after = validity_on(document, acts, later, namesake=namesake).validity
    if before is Validity.EXPIRED:
        assert after is Validity.EXPIRED
    if after is Validity.NOT_YET_IN_FORCE:
        assert before is Validity.NOT_YET_IN_FORCE


@given(DOCUMENTS, st.lists(ACTS, max_size=5), ACTS, NAMESAKES, DAYS)
def test_one_more_act_never_makes_a_document_hold(document, acts, more, namesake, on):
    if validity_on(document, acts, on, namesake=namesake).validity not in HOLDS:
        assert validity_on(document, [*acts, more], on, namesake=namesake).validity not in HOLDS
    if validity_on(document, [*acts, more], on, namesake=namesake).validity is Validity.IN_FORCE:
        assert validity_on(document, acts, on, namesake=namesake).validity is Validity.IN_FORCE


@given(DOCUMENTS, st.lists(ACTS, max_size=5), NAMESAKES, st.lists(DAYS, max_size=10))
def test_the_spans_out_of_force_are_the_days_out_of_force(document, acts, namesake, days):
    spans = out_of_force(document, acts, namesake=namesake)
    assert all(first <= last for first, last in spans)
    assert all(one[1] + timedelta(days=1) < other[0] for one, other in pairwise(spans))
    edges = [edge for span in spans for edge in span]
    edges += [edge + timedelta(days=1) for edge in edges if edge < date.max]
    edges += [edge - timedelta(days=1) for edge in edges if edge > date.min]
    for day in [*days, *edges]:
        is_out = validity_on(document, acts, day, namesake=namesake).validity in OUT_OF_FORCE
        assert is_out == any(first <= day <= last for first, last in spans)
