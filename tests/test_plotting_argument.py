"""The drawing of an argument: what it decides, refuses and puts on paper."""

import re

import paper
import pytest
from matplotlib.patches import FancyArrowPatch
from samples.analysis import LINKS, POINTS

from embedgov.errors import PlottingError
from embedgov.plotting.palette import PALE
from embedgov_study.figures import argument_links

pytestmark = pytest.mark.usefixtures("theme")
FIGURE = "argument_links"
KEY = ("Named in the same word", "Left to the reader", "The word in another sense")


def boxes(ax):
    """The text of each box from top to bottom, limits and directions."""
    found = [(box, paper.inside(box, paper.paragraphs(ax))) for box in paper.patches(ax, PALE, key=False)]
    middle = paper.frame(ax).x
    return [(b, text) for b, text in found if b.x < middle], [(b, text) for b, text in found if b.x > middle]


def test_each_direction_stands_beside_its_limits_the_plainest_first(draw):
    limits, directions = boxes(draw.once("en"))
    assert [text for _, text in directions] == [
        "Publicness grows",
        "Autonomy develops",
        "Sharing is realised",
    ]
    beside = [[text for box, text in limits if d.top - 1 < box.y < d.bottom + 1] for d, _ in directions]
    assert beside == [
        ["Dependence on government; residents neglected"],
        ["Dependence on government; residents neglected", "Top-down push", "Fragmented elements"],
        [],
    ]


def test_an_arrow_goes_from_each_limit_to_its_direction_in_the_style_of_its_strength(draw):
    ax = draw.once("en")
    limits, directions = boxes(ax)
    arrows = sorted(paper.arrows(ax), key=lambda arrow: arrow.y)
    assert len(arrows) == len(LINKS) == len(limits)
    for arrow, (box, _) in zip(arrows, limits):
        (start, y), (end, to) = arrow.path
        assert box.right < start < box.right + 6 and box.top < y < box.bottom
        (target,) = [d for d, _ in directions if d.top - 1 < to < d.bottom + 1]
        assert target.left - 6 < end < target.left
    styles = [p.get_linestyle() for p in ax.patches if isinstance(p, FancyArrowPatch)]
    assert styles[1] == styles[2] != styles[0] and styles[3] not in styles[:3]
    assert [text for text in paper.contents(ax) if text in KEY] == list(KEY)
    few = argument_links(LINKS[1:2], names=POINTS["en"], order=["D1"])
    assert [text for text in paper.contents(few) if text in KEY] == ["Left to the reader"]


@pytest.mark.parametrize(
    "row, message",
    [
        ({"target": "D9"}, "column 'target': 'D9' is unknown; expected one of D1, D2, D3"),
        ({"source": "L9"}, "names has no text for 'L9'"),
        ({"strength": "maybe"}, "'maybe' is unknown; expected one of explicit, implied, weak"),
        ({"source": "L1"}, "source 'L1', target 'D2' occurs before"),
    ],
)
def test_links_that_lead_nowhere_are_refused(draw, row, message):
    data = LINKS.copy()
    data.loc[0, list(row)] = list(row.values())
    with pytest.raises(PlottingError, match=re.escape(message)):
        draw(data=data)
