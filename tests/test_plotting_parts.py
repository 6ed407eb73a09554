"""What several figures are made of: keys, numbers, shades, and checks of numbers."""

import itertools

import pandas as pd
import pytest

from embedgov.errors import PlottingError
from embedgov.plotting.key import draw_key, key_height
from embedgov.plotting.palette import INK, PAPER, SHADES, contrast, shade
from embedgov.plotting.rows import require_numbers, require_one_value
from embedgov.plotting.scale import number
from embedgov.plotting.text import text_width
from embedgov.plotting.theme import axes_in_points

pytestmark = pytest.mark.usefixtures("theme")


def test_a_key_begins_a_new_line_only_when_the_line_is_full():
    texts = ["first entry", "second entry", "third entry"]
    wide = sum(text_width(text, 10) + 14 for text in texts) + 2 * 14
    assert key_height(texts, wide + 0.1) == key_height(texts[:1], wide)
    narrow = text_width(texts[1], 10) + 14
    two, three = key_height(texts, wide - 0.1), key_height(texts, narrow)
    assert three - two == two - key_height(texts[:1], wide) > 9
    assert key_height([], 100) == 0
    ax, _ = axes_in_points(None, lambda width: 60)
    styles = [{"facecolor": INK}, {"color": INK, "marker": "o"}, {"facecolor": PAPER}]
    draw_key(ax, 0, 0, list(zip(texts, styles)), narrow)
    places = [text.get_position() for text in ax.texts]
    assert len({x for x, _ in places}) == 1 and len({y for _, y in places}) == 3
    assert len(ax.patches) == 2 and len(ax.lines) == 1
    assert max(y for _, y in places) < three
    with pytest.raises(PlottingError, match="the text 'second entry' does not fit a key"):
        key_height(texts, narrow - 0.1)


def test_numbers_have_a_minus_sign_but_no_negative_zero():
    assert [number(x) for x in (-0.5, 20.0, -0.0)] == ["−0.5", "20", "0"]
    assert [number(x, 2) for x in (-0.001, 1, -0.314)] == ["0.00", "1.00", "−0.31"]


@pytest.mark.parametrize(
    "share, step",
    [(0, 0), (0.001, 1), (0.25, 1), (3 / 8, 2), (0.5, 2), (0.51, 3), (0.76, 4), (1, 4)],
)
def test_a_shade_ends_with_every_quarter(share, step):
    assert shade(share) == SHADES[step]


def test_shades_grow_darker_and_bear_text():
    steps = [contrast(fill, PAPER) for fill in SHADES]
    assert all(later / earlier > 1.2 for earlier, later in itertools.pairwise(steps))


@pytest.mark.parametrize("value", [1.01, -0.1, float("inf"), "0.5", True, None])
def test_a_measure_out_of_range_is_refused_by_row_and_value(value):
    frame = pd.DataFrame({"share": [0.5, value]}, dtype=object)
    with pytest.raises(PlottingError, match="row 1, column 'share': .*; expected a number from 0"):
        require_numbers(frame, ["share"], least=0, most=1)
    require_numbers(frame.iloc[:1], ["share"], least=0.5, most=0.5)


def test_a_key_with_two_values_is_refused():
    frame = pd.DataFrame({"row": ["a", "b", "a"], "row_en": ["x", "x", "y"]})
    with pytest.raises(PlottingError, match="row 'a', column 'row_en': 'x' and 'y'; expected one"):
        require_one_value(frame, "row", ["row_en"])
    require_one_value(frame.iloc[:2], "row", ["row_en"])
