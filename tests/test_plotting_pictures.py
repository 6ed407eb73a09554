"""The pictures of the subject: what stands where, and what they refuse."""

import paper
import pytest
from samples.pictures import BODIES, CELLS, PROVINCES, STEPS, TIES, ZONES

from embedgov.errors import PlottingError
from embedgov_study import figures
from embedgov_study.palette import colour

pytestmark = pytest.mark.usefixtures("theme")


def place(ax, text):
    """The shortest line that begins with this text."""
    return min(
        (each for each in paper.texts(ax) if each.text.startswith(text)), key=lambda each: len(each.text)
    )


def box(ax, text):
    """The smallest patch that holds a text."""
    line = place(ax, text)
    return min(
        (patch for patch in paper.patches(ax) if patch.holds(line)),
        key=lambda patch: (patch.right - patch.left) * abs(patch.bottom - patch.top),
    )


def test_a_body_stands_at_its_level_and_as_wide_as_its_columns():
    ax = figures.levels(BODIES, ties=TIES)
    office, party, residents = (
        box(ax, text) for text in ("Subdistrict office", "Party organisation", "Residents")
    )
    assert office.bottom < party.top and party.bottom < residents.top
    assert office.left == pytest.approx(party.left) and office.right > party.right


def test_every_tie_is_an_arrow():
    ax = figures.levels(BODIES, ties=TIES)
    arrows = [patch for patch in ax.patches if hasattr(patch, "get_arrowstyle")]
    assert len(arrows) == len(TIES)


@pytest.mark.parametrize(
    "change, message",
    [
        ({"target": "nobody"}, "ties, row 0, column 'target': 'nobody' is unknown"),
        ({"target": "residents"}, "'office' and 'residents' are no neighbours"),
        ({"tie": "likes"}, "column 'tie': 'likes' is unknown; expected one of leads, pays, chooses"),
    ],
)
def test_a_tie_that_cannot_be_drawn_is_refused(change, message):
    ties = TIES.copy()
    for column, value in change.items():
        ties.loc[0, column] = value
    with pytest.raises(PlottingError, match=message):
        figures.levels(BODIES, ties=ties)


def test_steps_follow_one_another_downwards_in_the_lane_of_their_holder():
    ax = figures.swimlanes(STEPS)
    lanes, steps = ([place(ax, text) for text in texts] for texts in (("Residents", "Party"), ("1.", "2.")))
    assert steps[0].bottom < steps[1].top
    assert steps[0].left < lanes[1].left and lanes[0].right < steps[1].left


def test_a_step_without_holder_is_dashed_and_has_a_lane_of_its_own():
    ax = figures.swimlanes(STEPS)
    dashed = [patch for patch in paper.patches(ax) if patch.dashed]
    assert len(dashed) == STEPS["holder_en"].isna().sum() == 1
    assert any(text.text == "Holder not told" for text in paper.texts(ax))
    told = figures.swimlanes(STEPS.dropna())
    assert not any(text.text == "Holder not told" for text in paper.texts(told))


def test_steps_of_nobody_are_refused():
    with pytest.raises(PlottingError, match="no step has a holder"):
        figures.swimlanes(STEPS.assign(holder_en=None))


def test_a_cell_without_words_has_a_dash():
    ax = figures.board(CELLS)
    dashes = [text for text in paper.texts(ax) if text.text == "–"]
    assert len(dashes) == 2 * 3 - len(CELLS)


def test_a_board_of_an_unknown_dimension_is_refused():
    with pytest.raises(PlottingError, match="column 'dimension': 'ODD' is unknown"):
        figures.board(CELLS.assign(dimension=["ODD", "INS", "INS", "RES"]))


def test_a_zone_stands_on_its_province_in_the_colour_of_its_dimension():
    ax = figures.zone_map(PROVINCES, zones=ZONES)
    tile = box(ax, PROVINCES["short_en"].iloc[1])
    numbers = [text for text in paper.texts(ax) if text.text in "1234" and tile.holds(text)]
    assert [text.text for text in numbers] == ["2", "3"]
    fills = [patch.fill for patch in paper.patches(ax) if patch.fill in map(colour, ("INS", "TEC"))]
    assert set(fills) == {colour("INS"), colour("TEC")}


def test_a_zone_in_no_province_is_refused():
    with pytest.raises(PlottingError, match="zones, row 0, column 'province_id': 'XX' is unknown"):
        figures.zone_map(PROVINCES, zones=ZONES.assign(province_id=["XX", *ZONES["province_id"][1:]]))


def test_the_dimension_under_which_a_case_is_told_is_marked_with_words_or_without():
    for cells in (CELLS, CELLS.query("not (case_en == 'Lixia' and dimension == 'INS')")):
        ax = figures.board(cells)
        bars = [patch for patch in paper.patches(ax) if patch.fill in map(colour, ("SUB", "INS"))]
        assert [patch.fill for patch in sorted(bars, key=lambda patch: patch.top)] == [
            colour("SUB"),
            colour("INS"),
        ]
