"""Claim tiles: what they decide, refuse and put on paper."""

import re

import matplotlib.colors as mcolors
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.patches import Rectangle

from embedgov.errors import PlottingError
from embedgov.ledger import VERDICTS
from embedgov_study.figures.claim_tiles import _STEP, _STYLES, _TILE, _ClaimTiles

from drawn import contents
from samples.claim_tiles import claims

pytestmark = pytest.mark.usefixtures("theme")
FIGURE = "claim_tiles"

WIDTH = 395  # points, the Axes of a figure of the book


def tiles(ax):
    """Every tile as (row, left edge, style), without the handles of the key."""
    found = [
        (round(patch.get_y(), 3), round(patch.get_x(), 3), patch)
        for patch in ax.patches
        if isinstance(patch, Rectangle) and patch.get_width() == _TILE
    ]
    return sorted(found, key=lambda tile: tile[:2])


def test_every_verdict_has_a_style_of_its_own_that_needs_no_colour():
    assert set(_STYLES) == {*VERDICTS, "interpretation"}
    looks = [
        (
            style.get("hatch"),
            style.get("linestyle"),
            *(round(lightness(style[part]), 1) for part in ("facecolor", "edgecolor")),
        )
        for style in _STYLES.values()
    ]
    assert len(set(looks)) == len(looks)


def lightness(colour):
    return sum(mcolors.to_rgb(colour)) / 3


def test_a_tile_for_each_claim_in_order_with_its_style(draw):
    data = claims()
    drawn = tiles(draw(data=data))
    assert len(drawn) == len(data)
    for (_, _, patch), verdict in zip(drawn, data["verdict"]):
        assert mcolors.same_color(patch.get_facecolor(), _STYLES[verdict]["facecolor"])
        assert patch.get_hatch() == _STYLES[verdict].get("hatch")


def test_a_ring_marks_each_claim_that_hangs_on_a_reading(draw):
    data = claims()
    ax = draw(data=data)
    rings = sum(line.get_marker() == "o" for line in ax.lines)
    assert rings == data["open"].sum() + 1  # and the one in the key
    settled = draw(data=data.assign(open=False))
    assert not [line for line in settled.lines if line.get_marker() == "o"]
    assert not any("reading" in text for text in contents(settled))


def test_parts_of_a_section_share_a_row_but_each_dimension_has_its_own():
    plan = _ClaimTiles(claims(more=0), "en")
    assert {section: len(row) for section, row in plan.sections.items()} == {
        "0": 1,
        "1": 1,
        "2": 2,
        "3": 1,
        "3.1": 2,
        "3.4": 1,
        "4": 1,
        "5": 1,
    }
    assert plan.names["2"] == "II Data and method (2)"


def test_the_key_counts_what_there_is_and_names_nothing_else(draw):
    data = claims(more=0)
    data["verdict"] = "reproduced"
    data.loc[0, "verdict"] = "not recoverable"
    written = contents(draw(data=data.assign(open=False)))
    assert "Reproduced (9)" in written and "Not recoverable (1)" in written
    assert not any(text.startswith(("Differs", "Bounded", "Replicated")) for text in written)


@given(st.integers(1, 120))
def test_tiles_stay_on_the_paper_and_apart(count):
    plan = _ClaimTiles(claims(["2.1"], count - 1), "en")
    per_line = plan.per_line(WIDTH)
    assert plan.left(WIDTH) + (per_line - 1) * _STEP + _TILE <= WIDTH
    assert plan.heights(WIDTH)[0] >= -(-count // per_line) * _STEP
    assert _STEP > _TILE


@pytest.mark.parametrize(
    "change, message",
    [
        ({"verdict": "true"}, "'verdict': 'true' is unknown; expected one of reproduced"),
        ({"open": "yes"}, "'open': 'yes'; expected True or False"),
        ({"claim": "C1"}, "claim 'C1' occurs before"),
        ({"section": None}, "'section': the value is missing"),
        ({"section": "7.1"}, "'section': '7.1' is unknown; expected a section from 0 to 5"),
        ({"section": "10"}, "'section': '10' is unknown"),  # which is not the first
    ],
)
def test_what_cannot_be_drawn_is_refused(draw, change, message):
    with pytest.raises(PlottingError, match=re.escape(message)):
        draw(data=claims().assign(**change))
