"""The steps and their holders: what the figure decides, refuses and puts on paper."""

import pandas as pd
import paper
import pytest
from paper import contents
from samples.step_holders import DATA, row

from embedgov.errors import PlottingError
from embedgov.plotting.palette import SHADES
from embedgov.plotting.text import sentence
from embedgov_study import data, figures

pytestmark = pytest.mark.usefixtures("theme")


SPHERES = list(data.table("actor_kinds")["sphere_en"].cat.categories)


def boxes(ax):
    """The box around each step, by the text of the step's first line, with all its lines."""
    texts, found = paper.texts(ax), {}
    for box in paper.patches(ax, key=False):
        inside = [text.text for text in texts if box.holds(text)]
        found[inside[0]] = box, inside
    return found


def test_a_step_stands_in_its_cell_with_its_holder():
    found = boxes(figures.step_holders(DATA))
    assert len(found) == len(DATA)
    screening = next(box for text, box in found.items() if text.startswith("Screening"))
    needs, vote, check = (found[text] for text in ("Gathering of needs", "Voting", "Evaluation"))
    assert screening[1][-1] == "Party organisation" and vote[1][-1] == "Residents"
    assert needs[1][-1] == check[1][-1] == "Holder not told"
    (screening, _), (needs, _), (vote, _), (check, _) = screening, needs, vote, check
    assert screening.right < needs.left == pytest.approx(vote.left) == pytest.approx(check.left)
    assert screening.top == pytest.approx(needs.top)
    assert needs.bottom < vote.top and vote.bottom < check.top


def test_only_a_step_without_a_holder_is_dashed():
    found = boxes(figures.step_holders(DATA))
    looks = {text: (box.fill, box.dashed) for text, (box, _) in found.items()}
    assert looks["Voting"] == (SHADES[3], False)
    assert looks["Gathering of needs"] == looks["Evaluation"]
    assert {text.split()[0]: dashed for text, (_, dashed) in looks.items()} == {
        "Screening": False,
        "Gathering": True,
        "Voting": False,
        "Evaluation": True,
    }


def key(told):
    """What the key of some steps says."""
    return [text for text, _ in paper.key(figures.step_holders(told))]


def test_the_key_has_what_is_drawn_and_no_more():
    assert key(DATA) == ["Party and state", "Self-governing", "Holder not told"]
    assert key(DATA.dropna(subset=["holder_en"])) == ["Party and state", "Self-governing"]
    assert key(DATA[DATA["holder_en"].isna()]) == ["Holder not told"]
    ax = figures.step_holders(DATA)
    handles = dict(paper.key(ax))
    for box, lines in boxes(ax).values():
        holder = {"Party organisation": "Party and state", "Residents": "Self-governing"}
        assert box.look == handles[holder.get(lines[-1], "Holder not told")].look


def test_a_stage_without_a_step_has_a_dash():
    assert contents(figures.step_holders(DATA)).count("–") == 1  # the check in Xiangzhou


def every_sphere():
    """A step of each sphere, in another order than that of the table."""
    spheres = pd.DataFrame([row("agenda", "a", f"step {s}", "步", "party") for s in SPHERES])
    spheres["sphere"] = spheres["sphere_en"] = SPHERES
    return spheres.iloc[::-1]


def test_spheres_are_those_of_the_table_of_kinds():
    assert key(every_sphere()) == [sentence(sphere) for sphere in SPHERES]
    known = f"'church' is unknown; expected one of {', '.join(SPHERES)}$"
    with pytest.raises(PlottingError, match=known):
        figures.step_holders(DATA.fillna({"sphere": "church"}))


@pytest.mark.parametrize(
    "row, column, value, message",
    [
        (0, "sphere", "church", "row 0, column 'sphere': 'church' is unknown"),
        (0, "sphere_en", None, "row 0, column 'sphere_en': the value is missing"),
        (0, "sphere", None, "row 0, column 'sphere': the value is missing"),
        (2, "step_en", "gathering of needs", "occurs before; expected once"),
        (1, "stage_en", None, "row 1, column 'stage_en': the value is missing"),
    ],
)
def test_rows_that_would_be_drawn_wrongly_are_refused(row, column, value, message):
    broken = DATA.copy()
    broken.loc[row, column] = value
    with pytest.raises(PlottingError, match=message):
        figures.step_holders(broken)


def test_every_sphere_looks_different():
    fills = {handle.fill for _, handle in paper.key(figures.step_holders(every_sphere()))}
    assert len(fills) == len(SPHERES)
