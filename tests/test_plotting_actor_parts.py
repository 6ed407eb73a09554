"""The chart of actors and their parts: what it decides, refuses and puts on paper."""

import itertools

import matplotlib.pyplot as plt
import pandas as pd
import paper
import pytest
from samples.actor_parts import ACTORS, CASES, DATA, rows

from embedgov.errors import PlottingError
from embedgov.plotting.palette import INK, PAPER
from embedgov_study import data, figures

pytestmark = pytest.mark.usefixtures("theme")


PARTS = list(data.table("actors")["part"].cat.categories)  # from deciding to being named


def marks(ax):
    """Each mark by the number in it."""
    texts = paper.texts(ax)
    return {
        text.text: mark
        for mark in paper.dots(ax, key=False)
        for text in texts
        if abs(text.x - mark.x) < 1 and abs(text.y - mark.y) < 2
    }


def places(ax):
    """Places of the marks along and down the figure, by their numbers."""
    found = marks(ax).items()
    return {n: round(mark.x, 2) for n, mark in found}, {n: round(mark.y, 2) for n, mark in found}


def test_a_mark_stands_in_the_row_of_its_actor_and_the_column_of_its_part():
    ax = figures.actor_parts(DATA)
    x, y = places(ax)
    assert set(x) == {"1", "3", "12", "2", "7", "4"}  # none for a count of 0
    assert y["1"] == y["3"] == y["12"] < y["2"] == y["4"] < y["7"]
    assert x["7"] < x["1"] < x["2"]  # named, leads, decides
    names = {each.text: each for each in paper.paragraphs(ax)}
    actors = ("Party organisation", "Residents", "Others, unnamed or together")
    heights = [names[actor].y for actor in actors]
    assert [y["1"], y["2"], y["7"]] == pytest.approx(heights, abs=3)
    assert x["3"] == pytest.approx(names["Leads"].x, abs=1)  # the second of three cases
    # The next column, the same case.
    assert x["2"] - x["1"] == pytest.approx(names["Decides"].x - names["Leads"].x, abs=1)


def test_a_case_has_the_same_place_and_look_in_every_column():
    ax = figures.actor_parts(DATA)
    x, _ = places(ax)
    assert x["4"] == x["12"]
    assert x["12"] - x["3"] == pytest.approx(x["3"] - x["1"], abs=0.03)
    looks = {number: (mark.marker, mark.fill) for number, mark in marks(ax).items()}
    assert looks["1"] == looks["2"] == ("o", INK)
    assert looks["12"] == looks["7"] == looks["4"] == ("H", PAPER)
    assert len(set(looks.values())) == 3
    handles = [(handle.marker, handle.fill) for _, handle in paper.key(ax)]
    assert handles == [looks[number] for number in ("1", "3", "12")]


def test_actors_stand_under_their_sphere_even_without_a_mark():
    ax = figures.actor_parts(DATA)
    edge = paper.frame(ax).left + 1
    _, *names = [(each.text, each.bold) for each in paper.paragraphs(ax) if each.left < edge]
    assert names == [
        ("Party and state", True),
        ("Party organisation", False),
        ("Self-governing", True),
        ("Residents", False),
        ("Residents' committee", False),
        ("Mixed or unclear", True),
        ("Others, unnamed or together", False),
    ]


def test_parts_are_those_of_the_table_of_actors():
    data = rows(*(("party", "a", part, i) for i, part in enumerate(PARTS, 1)))
    x, _ = places(figures.actor_parts(data))
    assert sorted(x, key=x.get) == ["6", "5", "4", "3", "2", "1"]
    known = f"'rules' is unknown; expected one of {', '.join(PARTS[::-1])}$"
    with pytest.raises(PlottingError, match=known):
        figures.actor_parts(rows(("party", "a", "rules", 1)))


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
    found = paper.dots(figures.actor_parts(full), key=False)
    assert len(found) == 4 * 3 * 6
    for one, other in itertools.combinations(found, 2):
        assert not one.meets(other, 0)
