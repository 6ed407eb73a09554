"""The evidence map: what it decides, refuses and puts on paper."""

import re
from collections import Counter
from functools import cache

import matplotlib.colors as mcolors
import matplotlib.pyplot as plt
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.patches import Circle, Rectangle

from figure_laws import (  # noqa: F401  (the tests among them run here)
    contents,
    test_texts_are_large_enough_apart_and_on_the_paper,
    test_texts_follow_the_language,
    test_every_glyph_is_there,
    test_another_language_is_refused,
    test_axes_are_made_or_used_and_returned,
    test_axes_that_are_too_low_are_refused,
    test_svg_files_are_the_same_at_every_run,
    test_a_missing_column_is_named,
)

from embedgov import plotting
from embedgov.errors import PlottingError
from embedgov.plotting import evidence_map
from embedgov.plotting.evidence_map import _DOT, _EvidenceMap
from embedgov.plotting.palette import COLOURS, INK, PAPER

ZONES = {
    "Z02": ("Xi'an Beilin", "西安市碑林区"), "Z03": ("Karamay Karamay", "克拉玛依市克拉玛依区"),
    "ALL": ("no single zone", "不涉及单一实验区"),
}  # fmt: skip
CLAIMS = {
    "SUB": ("co-governance pattern takes first shape", "多元共治初步形成"),
    "INS": ("institutional system improves", "制度体系渐趋完善"),
    "x": ("a claim on no dimension", "其他"),
}
# Of each zone and claim: what the author names, passages on practice, passages that claim.
CELLS = {
    "Z02": [("named", 5, 2), ("none", 6, 0), ("nearby", 0, 0)],
    "Z03": [("none", 3, 1), ("none", 14, 3), ("none", 1, 0)],
    "ALL": [(None, 0, 1), (None, 2, 0), (None, 0, 0)],
}


def cells(counts=CELLS):
    return pd.DataFrame([
        {
            "row": zone, "row_en": ZONES[zone][0], "row_zh": ZONES[zone][1],
            "column": claim, "column_en": CLAIMS[claim][0], "column_zh": CLAIMS[claim][1],
            "cited": cited, "practice": practice, "claimed": claimed,
        }
        for zone, row in counts.items() for claim, (cited, practice, claimed) in zip(CLAIMS, row)
    ])  # fmt: skip


@pytest.fixture(autouse=True, scope="module")
def _theme():
    plotting.set_theme()


@pytest.fixture(scope="module")
def draw():
    def draw(**options):
        return evidence_map(options.pop("data", cells()), **options)

    draw.smallest, draw.once = 9, cache(lambda language: draw(language=language))
    return draw


def dots(ax):
    """Each dot as (x, y, colour of its edge, whether it is full)."""
    return [
        (*patch.center, mcolors.to_hex(patch.get_edgecolor()),
         mcolors.to_hex(patch.get_facecolor()) != PAPER)
        for patch in ax.patches if isinstance(patch, Circle)
    ]  # fmt: skip


def test_a_dot_is_a_passage_full_for_practice_in_the_colour_of_its_claim():
    counted = Counter((colour, full) for *_, colour, full in dots(evidence_map(cells())))
    assert counted == {
        (COLOURS["SUB"], True): 8, (COLOURS["SUB"], False): 4,
        (COLOURS["INS"], True): 22, (COLOURS["INS"], False): 3, (INK, True): 1,
    }  # fmt: skip


def test_squares_say_what_is_named_and_there_is_none_where_nothing_can_be():
    plan = _EvidenceMap(cells(), "en")
    assert [cell.cited for cell in plan.cells] == [
        "named", "none", "nearby", "none", "none", "none", None, None, None
    ]  # fmt: skip
    ax = evidence_map(cells())
    squares = [
        (patch.get_hatch(), mcolors.to_hex(patch.get_facecolor()), patch.get_linestyle() != "solid")
        for patch in ax.patches
        if isinstance(patch, Rectangle) and patch.get_width() == patch.get_height()
    ]
    # Full, hatched or dashed: three looks that do not rest on colour.
    assert Counter(squares) == {
        (None, INK, False): 1, ("//////", PAPER, False): 1, (None, PAPER, True): 4
    }  # fmt: skip


def test_the_key_explains_what_is_drawn_and_nothing_else():
    assert [text for text, _ in _EvidenceMap(cells(), "en").key] == [
        "Article names the zone", "Article names its city only", "Article names neither",
        "Passage on practice", "Passage that claims an effect or aim",
    ]  # fmt: skip
    bare = cells().assign(cited="none", claimed=0)
    assert [text for text, _ in _EvidenceMap(bare, "en").key] == [
        "Article names neither", "Passage on practice",
    ]  # fmt: skip


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=9, max_size=9),
    st.floats(252, 600),
)
def test_dots_stay_in_their_cell_apart_and_practice_comes_first(counts, width):
    data = cells().assign(practice=[a for a, _ in counts], claimed=[b for _, b in counts])
    plan = _EvidenceMap(data, "en")
    heights = plan.heights(width)
    for cell in plan.cells:
        left = plan.left(cell.column, width)
        placed = plan.dots(cell, left, heights[cell.row] / 2, width)
        fulls = [full for *_, full in placed]
        assert fulls == [True] * cell.practice + [False] * cell.claimed
        assert len({(x, y) for x, y, _ in placed}) == len(placed)
        for x, y, _ in placed:
            assert left + 8 < x - _DOT / 2 and x + _DOT / 2 <= left + plan.room(width) + 0.01
            assert 0 < y - _DOT / 2 and y + _DOT / 2 < heights[cell.row]


def test_rows_grow_with_their_passages():
    plan = _EvidenceMap(cells(), "en")
    few, many, _ = plan.heights(395)
    assert many > few
    low = plt.subplots(figsize=(5.6, plan.height(395) / 72 - 0.2))[1]
    with pytest.raises(PlottingError, match="inches high, the figure needs"):
        evidence_map(cells(), ax=low)


def test_names_begin_with_a_capital_and_are_all_there():
    said = " ".join(contents(evidence_map(cells())))
    for text in ("No single zone", "Institutional system", "Karamay Karamay"):
        assert text in said


@pytest.mark.parametrize(
    "data, message",
    [
        (cells().iloc[:-1], "row 'ALL': no row for column 'x'"),
        (cells().assign(cited="perhaps"), "column 'cited': 'perhaps' is unknown"),
        (cells().assign(practice=-1), "column 'practice': -1 is no count"),
        (cells().assign(claimed=0.5), "column 'claimed': 0.5 is no count"),
        (pd.concat([cells(), cells()]), "row 'Z02', column 'SUB' occurs before"),
        (cells().assign(row_en=[*"aaabbbccd"]), "row 'ALL', column 'row_en': 'c' and 'd'"),
        (cells().assign(column_en=[*"abcabcabd"]), "column 'x', column 'column_en': 'c' and 'd'"),
    ],
)
def test_evidence_map_refuses(data, message):
    with pytest.raises(PlottingError, match=re.escape(message)):
        evidence_map(data)


def test_the_data_stay_as_they_are():
    data = cells()
    evidence_map(data)
    pd.testing.assert_frame_equal(data, cells())
