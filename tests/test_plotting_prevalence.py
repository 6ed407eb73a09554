"""The figure of prevalence: its curves are the coefficients, and every case lies on its own."""

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from embedgov import agreement, plotting
from embedgov.errors import PlottingError
from embedgov.plotting.prevalence import _ac1, _alpha, _Prevalence

from drawn import contents
from samples.prevalence import CASES

pytestmark = pytest.mark.usefixtures("theme")
FIGURE = "prevalence"


@settings(max_examples=50)
@given(st.integers(2, 4), st.lists(st.integers(0, 4), min_size=2, max_size=12))
def test_the_curves_are_the_coefficients(coders, yes):
    """Whatever the coders say: agreement and prevalence make alpha and AC1."""
    yes = [min(number, coders) for number in yes]
    assume(0 < sum(yes) < coders * len(yes))
    ratings = pd.DataFrame([[1] * n + [0] * (coders - n) for n in yes])
    agreed = agreement.percent_agreement(ratings).value
    prevalence = Fraction(sum(yes), ratings.size)
    values = Fraction(ratings.size)
    assert _alpha(agreed, prevalence, values) == agreement.alpha(ratings).value
    assert _ac1(agreed, prevalence) == agreement.ac1(ratings).value
    assert (1 - agreed) / 2 <= prevalence <= (1 + agreed) / 2  # the ends of a curve


def test_a_case_lies_on_the_curve_of_its_agreement(draw):
    ax = draw()
    curves = [line.get_xydata() for line in ax.lines if len(line.get_xdata()) > 100]
    assert len(curves) == 2 * len({*zip(CASES["agreement"], CASES["values"])})
    marks = [
        line.get_xydata()[0]
        for line in ax.lines
        if line.get_marker() in ("s", "D") and len(line.get_xdata()) == 1
    ]
    assert len(marks) == 2 * len(CASES)
    for mark in marks:
        nearest = min(np.hypot(*(curve - mark).T).min() for curve in curves)
        assert nearest < 1, (mark, nearest)  # points


def test_names_nearer_an_edge_stand_lower():
    plan = _Prevalence(CASES, "en")
    assert [case.prevalence for case in plan.order] == [0.5, 0.3, 0.925, 1 / 18]


def test_the_numbers_of_a_case_are_written(draw):
    assert "agreement 0.90, α 0.29" in contents(draw())
    assert "一致率0.94，α 0.49" in contents(draw(language="zh"))


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"alpha": 0.9}, "alpha is 0.9, but agreement, prevalence and values make it 0.288"),
        ({"ac1": 0.5}, "ac1 is 0.5, but agreement, prevalence and values make it 0.884"),
        ({"prevalence": 1.0}, "prevalence is 1.0 of 80 values; expected both values to occur"),
        ({"prevalence": 0.99}, "so rare a value leaves no room .* from 0.05 to 0.95"),
        ({"agreement": 1.5}, "row 0, column 'agreement': 1.5; expected a number from 0 to 1"),
        ({"values": 1.5}, "column 'values': 1.5 is no count"),
        ({"alpha": 7.5}, "column 'alpha': 7.5; expected a number to 1"),
        ({"name_en": 3}, "row 0, column 'name_en': 3; expected text"),
    ],
)
def test_a_case_that_cannot_be_is_refused(changes, message):
    data = CASES.head(1).assign(**changes)
    with pytest.raises(PlottingError, match=message):
        plotting.prevalence(data)
