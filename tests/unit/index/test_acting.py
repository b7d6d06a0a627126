"""Acts on a document come from relations on both sides, whatever order they are given in."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from index.acting import ACTED_UPON, PASSIVE, Act, Dated, Inverted, acts_upon
from index.document import Relation, RelationKind, Validity
from index.validity import out_of_force, validity_on

K = RelationKind
OWN = Dated("73/2024/NĐ-CP", "Nghị định", date(2024, 6, 30), date(2024, 7, 1))
NEWER = Dated("161/2026/NĐ-CP", "Nghị định", date(2026, 5, 15), date(2026, 7, 1))

DAYS = st.one_of(st.none(), st.dates(date(2023, 12, 30), date(2026, 1, 2)))
NUMBERS = st.sampled_from(["73/2024/NĐ-CP", "161/2026/NĐ-CP", "7/CT-TTg", "5/2019/QH14", "lạ"])
DATED = st.builds(Dated, NUMBERS, st.sampled_from(["Nghị định", "Chỉ thị", "Luật", ""]), DAYS, DAYS, DAYS)
RELATIONS = st.builds(
    Relation,
    st.sampled_from(list(K)),
    NUMBERS,
    title=st.sampled_from([None, "Nghị định số 73", "Luật"]),
    issued_on=DAYS,
    effective_on=DAYS,
    ends_on=DAYS,
    scope=st.sampled_from([None, "Điều 5"]),
)


def acts(document, others=(), *, stated=(), stated_by_others=()):
    return acts_upon(
        document,
        stated=stated,
        named=lambda number: [other for other in [document, *others] if other.number == number],
        stated_by_others=stated_by_others,
    )


def test_every_way_to_act_has_a_passive_form_that_acts_alike():
    for active, passive in PASSIVE.items():
        by_itself = acts(OWN, [NEWER], stated=[Relation(passive, NEWER.number)])
        by_other = acts(OWN, [NEWER], stated_by_others=[(NEWER, Relation(active, OWN.number))])
        assert by_itself == by_other == ([Act(passive, NEWER.number, NEWER.issued_on, NEWER.effective_on)], [])


def test_a_whole_relation_that_names_parts_acts_on_those_parts_only():
    for active, partly in (
        (K.REPLACES, K.PARTLY_REPLACED_BY),
        (K.ABOLISHES, K.PARTLY_ABOLISHED_BY),
        (K.SUSPENDS, K.PARTLY_SUSPENDED_BY),
    ):
        found, _ = acts(OWN, stated_by_others=[(NEWER, Relation(active, OWN.number, scope="Điều 5"))])
        assert [(act.kind, act.scope) for act in found] == [(partly, "Điều 5")]


def test_a_first_day_that_a_relation_gives_counts_before_the_acting_documents_own():
    later = date(2027, 1, 1)
    said = [(NEWER, Relation(K.REPLACES, OWN.number, effective_on=later)), (NEWER, Relation(K.REPLACES, OWN.number))]
    for order in (said, said[::-1]):
        found, _ = acts(OWN, [NEWER], stated=[Relation(K.REPLACED_BY, NEWER.number)], stated_by_others=order)
        assert [act.starts_on for act in found] == [later]


def test_a_number_that_carries_its_year_is_known_whatever_date_a_relation_gives():
    wrong_date = Relation(K.REPLACES, OWN.number, issued_on=date(2023, 6, 30))
    assert len(acts(OWN, stated_by_others=[(NEWER, wrong_date)])[0]) == 1
    undated = replace(OWN, issued_on=None)
    assert len(acts(undated, stated_by_others=[(NEWER, replace(wrong_date, issued_on=date(2024, 6, 30)))])[0]) == 1


def test_a_document_said_to_be_older_is_reported_for_every_kind():
    older = Dated("9/2015/NĐ-CP", "Nghị định", date(2015, 1, 1), None)
    for active, passive in PASSIVE.items():
        for found in (
            acts(OWN, [older], stated=[Relation(passive, older.number)]),
            acts(OWN, [older], stated_by_others=[(older, Relation(active, OWN.number))]),
        ):
            assert found == ([], [Inverted(OWN.number, passive, older.number)])


def test_years_tell_which_is_older_where_a_date_is_missing():
    undated = Dated("161/2026/NĐ-CP", "Nghị định", None, None)
    found, inverted = acts(undated, [OWN], stated=[Relation(K.REPLACED_BY, OWN.number)])
    assert (found, [wrong.by for wrong in inverted]) == ([], [OWN.number])
    found, inverted = acts(replace(OWN, issued_on=None), stated=[Relation(K.REPLACED_BY, undated.number)])
    assert ([act.number for act in found], inverted) == ([undated.number], [])


@given(DATED, st.lists(DATED, max_size=4), st.lists(RELATIONS, max_size=5), st.data())
def test_the_order_of_relations_and_of_documents_does_not_matter(document, others, stated, data):
    by_others = data.draw(st.lists(st.tuples(DATED, RELATIONS), max_size=5))
    straight = acts(document, others, stated=stated, stated_by_others=by_others)
    mixed = acts(
        document,
        data.draw(st.permutations(others)),
        stated=data.draw(st.permutations(stated)),
        stated_by_others=data.draw(st.permutations(by_others)),
    )
    assert straight == mixed


@given(DATED, st.lists(DATED, max_size=4), st.lists(RELATIONS, max_size=5), st.dates())
def test_anything_at_all_has_a_validity_and_no_act_is_inverted(document, others, stated, on):
    found, inverted = acts(document, others, stated=stated)
    validity_on(document, found, on)
    out_of_force(document, found)
    assert {act.kind for act in found} | {wrong.kind for wrong in inverted} <= ACTED_UPON
    for act in found:
        assert not (act.issued_on and document.issued_on and act.issued_on < document.issued_on)


@given(
    DATED.filter(lambda document: document.issued_on is not None),
    st.dates(date(2023, 12, 30), date(2026, 1, 2)),
    DAYS,
    DAYS,
    st.lists(DATED, max_size=4),
    st.lists(RELATIONS, max_size=4),
    st.sampled_from([K.REPLACES, K.ABOLISHES]),
    st.booleans(),
    st.integers(0, 1_000),
)
def test_a_document_whose_successor_has_a_date_never_holds_from_that_day_on(
    document, issued_on, effective_on, said_on, others, stated, kind, says_it_itself, later
):
    successor = Dated("99/2026/NĐ-CP", "Nghị định", issued_on, effective_on)
    relation = Relation(PASSIVE[kind], successor.number, issued_on=issued_on, effective_on=said_on)
    by_other = Relation(kind, document.number, issued_on=document.issued_on, effective_on=said_on)
    if says_it_itself:
        found, inverted = acts(document, [*others, successor], stated=[*stated, relation])
    else:
        others = [other for other in others if other.number != document.number]  # one that it may mean instead
        found, inverted = acts(document, [*others, successor], stated=stated, stated_by_others=[(successor, by_other)])
    starts_on = said_on or effective_on or issued_on
    is_inverted = issued_on < document.issued_on
    assert (Inverted(document.number, PASSIVE[kind], successor.number) in inverted) == is_inverted
    if not is_inverted:
        assert validity_on(document, found, starts_on + timedelta(days=later)).validity is Validity.EXPIRED
