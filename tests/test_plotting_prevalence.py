"""The figure of prevalence: its curves are the coefficients, and every case lies on its own."""

from fractions import Fraction
from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from figure_laws import (  # noqa: F401  (the tests among them run here)
    contents,
    test_another_language_is_refused,
    test_axes_are_made_or_used_and_returned,
    test_axes_that_are_too_low_are_refused,
    test_every_glyph_is_there,
    test_a_missing_column_is_named,
    test_svg_files_are_the_same_at_every_run,
    test_texts_are_large_enough_apart_and_on_the_paper,
    test_texts_follow_the_language,
)

from embedgov import agreement, plotting
from embedgov.errors import PlottingError
from embedgov.plotting.prevalence import _ac1, _alpha, _Prevalence
from embedgov.plotting.theme import SMALL

# By hand: of 40 units 35 yes-yes, 4 split, 1 no-no; 74 of 80 codes are 1.
# alpha = 1 - (4 / 40) / (2 * 74 * 6 / (80 * 79)) = 32 / 111, AC1 = (0.9 - 0.13875) / 0.86125.
CASES = pd.DataFrame([
    ("forty statements by hand", "四十条手算例", 0.9, 0.925, 80, 0.2883, 0.8839),
    ("a rare code with quite a long name that has to be broken", "少见的代码", 17 / 18, 1 / 18, 36,
     0.4853, 0.9379),
    ("balanced", "均衡", 0.9, 0.5, 80, 0.8025, 0.8),
    ("full", "完全一致", 1, 0.3, 80, 1, 1),
], columns=["name_en", "name_zh", "agreement", "prevalence", "values", "alpha", "ac1"])  # fmt: skip


@pytest.fixture(autouse=True, scope="module")
def _theme():
    plotting.set_theme()


@pytest.fixture(scope="module")
def draw():
    def draw(data=CASES, **options):
        return plotting.prevalence(data, **options)

    draw.once = cache(lambda language: draw(language=language))
    draw.smallest = SMALL
    return draw


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
        line.get_xydata()[0] for line in ax.lines
        if line.get_marker() in ("s", "D") and len(line.get_xdata()) == 1
    ]  # fmt: skip
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


@pytest.mark.parametrize("changes, message", [
    ({"alpha": 0.9}, "alpha is 0.9, but agreement, prevalence and values make it 0.288"),
    ({"ac1": 0.5}, "ac1 is 0.5, but agreement, prevalence and values make it 0.884"),
    ({"prevalence": 1.0}, "prevalence is 1.0 of 80 values; expected both values to occur"),
    ({"prevalence": 0.99}, "so rare a value leaves no room .* from 0.05 to 0.95"),
    ({"agreement": 1.5}, "row 0, column 'agreement': 1.5; expected a number from 0 to 1"),
    ({"values": 1.5}, "column 'values': 1.5 is no count"),
    ({"alpha": 7.5}, "column 'alpha': 7.5; expected a number to 1"),
    ({"name_en": 3}, "row 0, column 'name_en': 3; expected text"),
])  # fmt: skip
def test_a_case_that_cannot_be_is_refused(changes, message):
    data = CASES.head(1).assign(**changes)
    with pytest.raises(PlottingError, match=message):
        plotting.prevalence(data)
