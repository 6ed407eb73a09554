"""The lists of actors by their parts: what they decide, refuse and put on paper."""

import paper
import pytest
from samples.actor_parts import CASES, DATA, rows

from embedgov.errors import PlottingError
from embedgov.plotting.palette import PALE
from embedgov_study import data, figures
from embedgov_study.figures.actor_parts import PARTS

pytestmark = pytest.mark.usefixtures("theme")


def lists(ax):
    """For each case its parts with their actors, as they stand from top to bottom."""
    said = paper.paragraphs(ax)
    found, edge = {}, min(each.left for each in said)
    for each in said:
        if each.bold:
            found[each.text] = []
        elif each.left < edge + 6:
            case = list(found)[-1]
            actors = [a for a in said if a.left > each.right - 1 and abs(a.top - each.top) < 4]
            found[case].append((each.text, actors[0].text))
    return found


def test_each_case_lists_its_parts_from_deciding_to_being_named():
    found = lists(figures.actor_parts(DATA))
    assert found == {
        "Beijing Haidian": [("Decides", "Residents (in 2 passages)"), ("Leads", "Party organisation")],
        "Xi'an Beilin": [("Leads", "Party organisation (in 3 passages)")],
        "Karamay Karamay": [
            ("Leads", "Party organisation (in 12 passages), residents (in 4 passages)"),
            ("Only named", "Others, unnamed or together (in 7 passages)"),
        ],
    }
    assert list(found) == [names[0] for names in CASES.values()]


def test_a_duty_that_is_not_told_is_apart_from_a_task_and_from_a_name():
    ax = figures.actor_parts(
        rows(
            ("party", "a", "has a task", 1),
            ("residents", "a", "duty untold", 1),
            ("committee", "a", "named", 1),
        )
    )
    (parts,) = lists(ax).values()
    assert [part for part, _ in parts] == ["Has a task", "Has a fixed duty, not told which", "Only named"]
    grounds = paper.patches(ax, PALE)
    on = [text.text for text in paper.texts(ax) if any(ground.holds(text) for ground in grounds)]
    assert on == ["Has a task", "Party organisation"]


def test_the_parts_are_those_of_the_table_and_the_duty_that_is_not_told():
    assert set(PARTS) - {"duty untold"} == set(data.table("actors")["part"].cat.categories)


@pytest.mark.parametrize(
    "cells, message",
    [
        ([("party", "a", "rules", 1)], "'rules' is unknown; expected one of decides, leads"),
        ([("party", "a", "leads", -1)], "-1 is no count"),
        ([("party", "a", "leads", 1)] * 2, "part 'leads' occurs before"),
    ],
)
def test_lists_that_make_no_sense_are_refused(cells, message):
    with pytest.raises(PlottingError, match=message):
        figures.actor_parts(rows(*cells))
