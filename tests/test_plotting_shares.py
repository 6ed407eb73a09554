"""The figure of shares: what it decides, refuses and puts on paper."""

import pandas as pd
import pytest
from drawn import contents
from matplotlib.patches import Rectangle
from samples.shares import bars

from embedgov import plotting
from embedgov.errors import PlottingError
from embedgov.plotting.palette import PALE
from embedgov_study.palette import COLOURS

pytestmark = pytest.mark.usefixtures("theme")


def drawn(ax):
    """Grounds, and the bars by the ground on which they stand: (column, row) -> patch."""
    patches = [patch for patch in ax.patches if isinstance(patch, Rectangle)]
    grounds = [p for p in patches if p.get_facecolor() == Rectangle((0, 0), 1, 1, fc=PALE).get_fc()]
    xs = sorted({ground.get_x() for ground in grounds})
    ys = sorted({ground.get_y() for ground in grounds})
    return {
        (xs.index(ground.get_x()), ys.index(ground.get_y())): (
            ground,
            [
                bar
                for bar in patches
                if bar not in grounds
                and bar.get_x() == ground.get_x()
                and ground.get_y() <= bar.get_y() < ground.get_y() + ground.get_height()
            ],
        )
        for ground in grounds
    }


def test_a_bar_fills_its_ground_in_proportion_to_the_share():
    cells = drawn(plotting.shares(bars()))
    assert len(cells) == 9
    expected = {
        (0, 0): 0.25,
        (1, 0): 1,
        (2, 0): 0.1,
        (1, 1): 0.25,
        (2, 1): 0.25,
        (0, 2): 1,
        (1, 2): 0.5,
        (2, 2): 0.5,
    }
    assert cells.pop((0, 1))[1] == []  # none of 12: no bar, and the ground is there
    for place, share in expected.items():
        ground, (bar,) = cells[place]
        assert bar.get_height() / ground.get_height() == pytest.approx(share)
        bottoms = [patch.get_y() + patch.get_height() for patch in (bar, ground)]
        assert bottoms[0] == pytest.approx(bottoms[1])


def test_a_group_has_its_colour_and_one_set_apart_is_hatched():
    cells = drawn(plotting.shares(bars()))
    for column, (group, hatched) in enumerate([(1, True), (3, False)]):
        bar = cells[column, 0][1][0]
        assert bool(bar.get_hatch()) == hatched
        assert bar.get_edgecolor() == Rectangle((0, 0), 1, 1, ec=COLOURS[group]).get_ec()
        assert (bar.get_facecolor() == bar.get_edgecolor()) != hatched


def test_counts_and_names_stand_in_the_order_given():
    texts = contents(plotting.shares(bars()))
    assert [t for t in texts if "/" in t] == [
        "3/12",
        "40/40",
        "10/100",
        "0/12",
        "10/40",
        "25/100",
        "12/12",
        "20/40",
        "50/100",
    ]
    upside_down = contents(plotting.shares(bars().iloc[::-1]))
    assert [t for t in upside_down if "/" in t][:3] == ["50/100", "20/40", "12/12"]
    assert texts.index("Title only") < texts.index("Title and task")


@pytest.mark.parametrize(
    ("row", "column", "value", "message"),
    [
        (0, "count", 13, "code 'SOC', group 1: count is 13, total is 12"),
        (0, "total", 0, "count is 3, total is 0"),
        (0, "apart", False, "apart False, column 'basis_en': 'title only' and 'title and task'"),
        (0, "group_en", "Batch I", "group 1, column 'group_en': 'Batch I' and 'Batch 1'"),
        (0, "code", "INS", "INS"),
    ],
)
def test_bars_that_contradict_themselves_are_refused(row, column, value, message):
    data = bars()
    data.loc[row, column] = value
    with pytest.raises(PlottingError, match=message):
        plotting.shares(data)


def test_a_basis_is_set_apart_or_not():
    data = bars().assign(basis_en="title")
    with pytest.raises(PlottingError, match="basis_en 'title', column 'apart'"):
        plotting.shares(data)


def test_a_group_may_have_a_column_of_each_kind():
    titles = bars().query("group == 3").assign(apart=True, basis_en="title only", count=1)
    ax = plotting.shares(pd.concat([bars(), titles]))
    assert contents(ax).count("Batch 3") == 2
    cells = drawn(ax)
    assert len(cells) == 12
    solid, hatched = cells[1, 0][1][0], cells[3, 0][1][0]
    assert hatched.get_hatch() and not solid.get_hatch()
    assert solid.get_edgecolor() == hatched.get_edgecolor()


def test_a_bar_without_a_row_is_refused():
    with pytest.raises(PlottingError, match="code 'INS': no row for group 3, apart False; add"):
        plotting.shares(bars().drop(index=4))


def test_more_groups_than_have_room_are_refused():
    many = pd.concat([bars().query("group == 3").assign(group=i, group_en=f"G{i}") for i in range(14)])
    with pytest.raises(PlottingError, match="draw fewer than 14 groups"):
        plotting.shares(many)
