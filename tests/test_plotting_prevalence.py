"""The figure of prevalence: its curves are the coefficients, and every case lies on its own."""

import re

import numpy as np
import pandas as pd
import paper
import pytest
from drawn import contents
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from samples.prevalence import CASES

from embedgov import agreement, plotting
from embedgov.errors import PlottingError

pytestmark = pytest.mark.usefixtures("theme")
FIGURE = "prevalence"


def made(case, coefficient):
    """What agreement, prevalence and values make of a coefficient, as the refusal of another."""
    wrong = case.assign(**{coefficient: case[coefficient] - 0.5})
    with pytest.raises(PlottingError) as refused:
        plotting.prevalence(wrong)
    return float(re.search(rf"{coefficient} is .* make it (-?[0-9.]+);", str(refused.value))[1])


@settings(max_examples=50)
@given(st.integers(2, 4), st.lists(st.integers(0, 4), min_size=2, max_size=12))
def test_the_curves_are_the_coefficients(coders, yes):
    """Whatever the coders say: agreement and prevalence make alpha and AC1."""
    yes = [min(number, coders) for number in yes]
    assume(0 < sum(yes) < coders * len(yes))
    ratings = pd.DataFrame([[1] * n + [0] * (coders - n) for n in yes])
    case = pd.DataFrame(
        [
            {
                "name_en": "a code",
                "values": ratings.size,
                "agreement": float(agreement.percent_agreement(ratings).value),
                "prevalence": sum(yes) / ratings.size,
                "alpha": float(agreement.alpha(ratings).value),
                "ac1": float(agreement.ac1(ratings).value),
            }
        ]
    )
    for coefficient in ("alpha", "ac1"):
        assert made(case, coefficient) == pytest.approx(case.at[0, coefficient], abs=0.00051)


def curves(ax):
    """The curves, whose lines have many points."""
    return [line for line in paper.lines(ax) if len(line.path) > 100]


def test_a_case_lies_on_the_curve_of_its_agreement(draw):
    ax = draw()
    assert len(curves(ax)) == 2 * len({*zip(CASES["agreement"], CASES["values"])})
    (across,), (upward,) = paper.scales(ax)
    for marker, coefficient, dashed in (("s", "alpha", False), ("D", "ac1", True)):
        marks = paper.dots(ax, marker, key=False)
        assert len(marks) == len(CASES)
        for share, value in zip(CASES["prevalence"], CASES[coefficient]):
            place = across.at(share), upward.at(value)
            assert min(np.hypot(mark.x - place[0], mark.y - place[1]) for mark in marks) < 0.5
        for mark in marks:
            nearest = min(
                np.hypot(*(curve.path - (mark.x, mark.y)).T).min()
                for curve in curves(ax)
                if curve.dashed == dashed
            )
            assert nearest < 1, (mark, nearest)  # points


def test_a_curve_goes_from_the_rarest_code_to_the_commonest(draw):
    ax = draw(data=CASES.head(1))
    (across,), (upward,) = paper.scales(ax)
    # With an agreement of 0.9, at least one code in twenty is a 1; by hand as in the sample:
    # alpha = 1 - (79 / 80) * 0.1 / (2 * 0.05 * 0.95), AC1 = (0.9 - 0.095) / 0.905.
    ends = {False: -0.0395, True: 0.8895}
    middles = {False: 0.8025, True: 0.8}
    assert len(curves(ax)) == 2
    for curve in curves(ax):
        places = [(across.value(x), upward.value(y)) for x, y in curve.path]
        assert places[0] == pytest.approx((0.05, ends[curve.dashed]), abs=0.005)
        assert places[-1] == pytest.approx((0.95, ends[curve.dashed]), abs=0.005)
        middle = min(places, key=lambda place: abs(place[0] - 0.5))
        assert middle == pytest.approx((0.5, middles[curve.dashed]), abs=0.005)


def test_names_nearer_an_edge_stand_lower(draw):
    names = [each.text for each in paper.paragraphs(draw()) if each.size == 10]
    assert names == [
        "Balanced",
        "Full",
        "Forty statements by hand",
        "A rare code with quite a long name that has to be broken",
    ]


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
