"""Figures of `make evaluate` and their intervals, against cases worked out by hand."""

import math

import numpy as np
import pytest

from tools.evaluate.layout import Part, interval, number, verdict, verdict_below
from tools.evaluate.resampling import (
    Estimate,
    bootstrap,
    bootstrapped_share,
    macro_f1,
    micro_f1,
    paired_difference,
    precision,
    recall,
    resampled,
    share,
    wilson,
)


def test_the_interval_of_a_share_is_wilsons():
    estimate = wilson(9, 10)
    assert (estimate.value, estimate.cases) == (0.9, 10)
    assert (estimate.low, estimate.high) == (pytest.approx(0.596, abs=0.001), pytest.approx(0.982, abs=0.001))


def test_all_right_is_not_certain():
    assert wilson(10, 10).low == pytest.approx(0.722, abs=0.001)
    assert wilson(0, 10).high == pytest.approx(1 - 0.722, abs=0.001)


def test_rows_of_one_group_count_as_one_case_for_the_interval():
    estimate = wilson(90, 100, groups=10)
    assert estimate.cases == 100
    assert (estimate.low, estimate.high) == (pytest.approx(0.596, abs=0.001), pytest.approx(0.982, abs=0.001))


def test_nothing_asked_has_no_share():
    assert math.isnan(wilson(0, 0).value)


def test_the_first_round_is_the_sample_and_the_others_draw_as_many_groups():
    sums = resampled(np.ones((7, 1)))
    assert set(sums[:, 0]) == {7.0}
    assert resampled(np.arange(7.0)[:, None])[0, 0] == 21


def test_the_same_groups_are_drawn_in_every_call():
    counts = np.arange(12.0)[:, None]
    assert np.array_equal(resampled(counts), resampled(counts))


def test_f1_precision_and_recall_are_as_worked_out_by_hand():
    sums = np.array([[3.0, 4.0, 5.0]])  # right, wanted, given
    assert micro_f1(sums)[0] == pytest.approx(6 / 9)
    assert precision(sums)[0] == pytest.approx(3 / 5)
    assert recall(sums)[0] == pytest.approx(3 / 4)


def test_macro_f1_is_the_mean_over_the_classes_that_are_wanted():
    right, wanted, given = [2, 1, 0], [2, 2, 0], [3, 1, 1]  # nobody wants the third class
    sums = np.array([[right, wanted, given]], dtype=float)
    assert macro_f1(sums)[0] == pytest.approx((2 * 2 / 5 + 2 * 1 / 3) / 2)


def test_a_class_that_is_wanted_and_never_given_counts_as_zero():
    sums = np.array([[[1, 0], [1, 3], [4, 0]]], dtype=float)
    assert macro_f1(sums)[0] == pytest.approx((2 / 5 + 0) / 2)


def test_the_interval_of_the_bootstrap_holds_the_value_and_narrows_with_more_groups():
    few = bootstrap(np.array([[1, 1], [0, 1]] * 10, dtype=float), share, cases=20)
    many = bootstrap(np.array([[1, 1], [0, 1]] * 500, dtype=float), share, cases=1000)
    assert few.value == many.value == 0.5
    assert few.low < many.low < 0.5 < many.high < few.high
    assert few.high - few.low == pytest.approx(2 * 1.96 * math.sqrt(0.25 / 20), abs=0.06)


def test_few_groups_have_a_value_but_no_interval():
    estimate = bootstrap(np.array([[1, 2]] * 3, dtype=float), share, cases=6)
    assert estimate.value == 0.5
    assert math.isnan(estimate.low) and math.isnan(estimate.high)


def test_a_share_of_which_all_is_right_is_not_certain_either():
    assert bootstrapped_share(np.array([[2, 2]] * 10, dtype=float)) == wilson(20, 20, groups=10)
    assert bootstrapped_share(np.array([[0, 2]] * 10, dtype=float)) == wilson(0, 20, groups=10)
    assert bootstrapped_share(np.array([[1, 2]] * 10, dtype=float)) == Estimate(0.5, 0.5, 0.5, 20)


def test_pairs_that_agree_differ_by_nothing_however_hard_they_are():
    counts = np.array([[1, 1], [0, 1]] * 10, dtype=float)
    assert paired_difference(counts, counts, share, cases=20) == Estimate(0.0, 0.0, 0.0, 20)


def test_a_paired_difference_is_narrower_than_its_two_shares():
    hard = np.array([[place % 2, 1] for place in range(40)], dtype=float)
    worse = hard.copy()
    worse[1, 0] = 0
    difference = paired_difference(worse, hard, share, cases=40)
    alone = bootstrap(hard, share, cases=40)
    assert difference.value == pytest.approx(-1 / 40)
    assert difference.high - difference.low < alone.high - alone.low


def test_groups_that_are_no_pairs_are_refused():
    with pytest.raises(ValueError, match="no pairs"):
        paired_difference(np.ones((3, 2)), np.ones((4, 2)), share, cases=3)


@pytest.mark.parametrize(
    ("value", "low", "high", "said"),
    [
        (-0.03, -0.03, 0.01, "holds"),
        (-0.01, -0.05, 0.01, "holds?"),
        (-0.04, -0.06, -0.02, "fails?"),
        (-0.09, -0.12, -0.05, "fails"),
        (-0.01, math.nan, math.nan, "holds?"),
        (math.nan, math.nan, math.nan, ""),
    ],
)
def test_a_limit_holds_or_fails_and_is_open_where_the_interval_reaches_over_it(value, low, high, said):
    assert verdict(Estimate(value, low, high, 50), at_least=-0.03) == said


def test_an_upper_limit_is_judged_the_other_way_round():
    assert verdict_below(Estimate(0.01, 0.0, 0.02, 50), at_most=0.03) == "holds"
    assert verdict_below(Estimate(0.01, 0.0, 0.06, 50), at_most=0.03) == "holds?"
    assert verdict_below(Estimate(0.05, 0.04, 0.06, 50), at_most=0.03) == "fails"


def test_figures_are_written_with_three_digits_and_nothing_where_there_is_none():
    assert (number(0.9), number(0.01, signed=True), number(math.nan)) == ("0.900", "+0.010", "-")
    assert interval(Estimate(0.9, 0.8, 0.95, 10)) == "[0.800, 0.950]"
    assert interval(Estimate(0.9, math.nan, math.nan, 3)) == ""


def test_a_table_lines_its_columns_up():
    part = Part("part", "title")
    part.table(["style", "n"], [["none", "700"], ["half", "9"]])
    assert part.text() == "== title\nstyle    n\nnone   700\nhalf     9"


def test_a_figure_without_a_value_is_null_in_the_file():
    part = Part("part", "title")
    part.add("hit@1", "none", Estimate(0.123456, math.nan, math.nan, 4))
    assert part.figures[0].row("part") == {
        "record": "figure",
        "part": "part",
        "measure": "hit@1",
        "group": "none",
        "n": 4,
        "value": 0.1235,
        "low": None,
        "high": None,
    }
