"""The chart of actors and their parts: what it decides, refuses and puts on paper."""

import matplotlib.colors as mcolors
import matplotlib.pyplot as plt
import pandas as pd
import pytest

from embedgov.errors import PlottingError
from embedgov.plotting.palette import INK, PAPER
from embedgov_study import data, figures
from embedgov_study.figures.actor_parts import PARTS, _ActorParts

from samples.actor_parts import ACTORS, CASES, DATA, rows

pytestmark = pytest.mark.usefixtures("theme")


def marks(ax):
    """Number in each mark, with its place."""
    places = {
        (line.get_xdata()[0], line.get_ydata()[0])
        for line in ax.lines
        if line.get_marker() in "osH" and len(line.get_xdata()) == 1
    }
    return {text.get_text(): text.get_position() for text in ax.texts if text.get_position() in places}


def test_a_mark_stands_in_the_row_of_its_actor_and_the_column_of_its_part():
    places = marks(figures.actor_parts(DATA))
    assert set(places) == {"1", "3", "12", "2", "7", "4"}  # none for a count of 0
    x, y = ({number: place[i] for number, place in places.items()} for i in (0, 1))
    assert y["1"] == y["3"] == y["12"] < y["2"] == y["4"] < y["7"]
    assert x["7"] < x["1"] < x["2"]  # named, leads, decides
    wide = _ActorParts(DATA, "en").wide(395)
    assert x["2"] - x["1"] == pytest.approx(wide, rel=0.02)  # the next column, the same case


def test_a_case_has_the_same_place_and_look_in_every_column():
    ax = figures.actor_parts(DATA)
    x = {number: place[0] for number, place in marks(ax).items()}
    assert x["4"] == x["12"] and x["12"] - x["3"] == pytest.approx(x["3"] - x["1"])
    looks = {
        line.get_xdata()[0]: (line.get_marker(), mcolors.to_hex(line.get_markerfacecolor()))
        for line in ax.lines
        if line.get_marker() in "osH"
    }
    assert looks[x["1"]] == looks[x["2"]] == ("o", INK)
    assert looks[x["12"]] == looks[x["7"]] == ("H", PAPER)
    assert len(set(looks.values())) == 3


def test_actors_stand_under_their_sphere_even_without_a_mark():
    plan = _ActorParts(DATA, "en")
    assert plan.spheres["self-governing"] == ["residents", "residents' committee"]
    assert plan.actors[-1] == "others, unnamed or together"
    spheres, actors, end = plan.tops(395)
    assert sorted([*spheres, *actors, end]) == [
        spheres[0],
        actors[0],
        spheres[1],
        actors[1],
        actors[2],
        spheres[2],
        actors[3],
        end,
    ]


def test_parts_are_those_of_the_table_of_actors():
    stored = data.table("actors")["part"].cat.categories
    assert list(stored) == list(PARTS[::-1])


@pytest.mark.parametrize(
    "column, value, message",
    [
        ("part", "rules", "row 1, column 'part': 'rules' is unknown"),
        ("count", 1.5, "row 1, column 'count': 1.5 is no count"),
        ("case_en", "Beijing Haidian", "occurs before; expected once"),
        ("sphere_en", "market", "column 'sphere_en': 'Party and state' and 'market'"),
        ("case_en", "A fourth case", "4 cases; a reader can tell 3 marks apart"),
    ],
)
def test_rows_that_would_be_drawn_wrongly_are_refused(column, value, message):
    broken = DATA.astype({"count": object})
    if message.startswith("4"):
        broken = pd.concat([broken, broken.loc[[1]]], ignore_index=True)
        broken.loc[7, column] = value
    else:
        broken.loc[1, column] = value
    with pytest.raises(PlottingError, match=message):
        figures.actor_parts(broken)


def test_marks_that_would_overlap_are_refused():
    with pytest.raises(PlottingError, match="marks of 3 cases do not fit a column"):
        figures.actor_parts(DATA, ax=plt.subplots(figsize=(3.7, 9))[1])


def test_no_two_marks_overlap():
    full = rows(*((a, c, p, 1) for a in ACTORS for c in CASES for p in PARTS))
    ax = figures.actor_parts(full)
    boxes = [
        line.get_window_extent()
        for line in ax.lines
        if line.get_marker() in "osH" and len(line.get_xdata()) == 1
    ]
    assert len(boxes) == 4 * 3 * 6
    for i, one in enumerate(boxes):
        assert not any(one.overlaps(other) for other in boxes[:i])
