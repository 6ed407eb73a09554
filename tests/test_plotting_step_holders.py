"""The steps and their holders: what the figure decides, refuses and puts on paper."""

import matplotlib.colors as mcolors
import pandas as pd
import pytest
from matplotlib.patches import Rectangle

from embedgov.errors import PlottingError
from embedgov.plotting.palette import SHADES
from embedgov_study import data, figures
from embedgov_study.figures.step_holders import SPHERES, _StepHolders

from drawn import contents
from samples.step_holders import DATA, row

pytestmark = pytest.mark.usefixtures("theme")


def boxes(ax):
    """The box around each step, by the text of the step's first line."""
    large = [p for p in ax.patches if isinstance(p, Rectangle) and p.get_height() > 15]
    found = {}
    for box in large:
        left, top = box.get_xy()
        inside = [
            text
            for text in ax.texts
            if left < text.get_position()[0] < left + box.get_width()
            and top < text.get_position()[1] < top + box.get_height()
        ]
        found[inside[0].get_text()] = box, [text.get_text() for text in inside]
    return found


def test_a_step_stands_in_its_cell_with_its_holder():
    found = boxes(figures.step_holders(DATA))
    assert len(found) == len(DATA)
    screening = next(box for text, box in found.items() if text.startswith("Screening"))
    needs, vote, check = (found[text] for text in ("Gathering of needs", "Voting", "Evaluation"))
    assert screening[1][-1] == "Party organisation" and vote[1][-1] == "Residents"
    assert needs[1][-1] == check[1][-1] == "Holder not told"
    assert screening[0].get_x() < needs[0].get_x() == vote[0].get_x() == check[0].get_x()
    bottom = needs[0].get_y() + needs[0].get_height()
    assert screening[0].get_y() == needs[0].get_y() and bottom < vote[0].get_y()
    assert vote[0].get_y() + vote[0].get_height() < check[0].get_y()


def test_only_a_step_without_a_holder_is_dashed():
    found = boxes(figures.step_holders(DATA))
    looks = {
        text: (mcolors.to_hex(box.get_facecolor()), box.get_linestyle() not in ("-", "solid"))
        for text, (box, _) in found.items()
    }
    assert looks["Voting"] == (SHADES[3], False)
    assert looks["Gathering of needs"] == looks["Evaluation"]
    assert [dashed for _, dashed in looks.values()] == [False, True, False, True]


def test_the_key_has_what_is_drawn_and_no_more():
    assert [text for text, _ in _StepHolders(DATA, "en").key] == [
        "Party and state",
        "Self-governing",
        "Holder not told",
    ]
    told = DATA.dropna(subset=["holder_en"])
    assert len(_StepHolders(told, "en").key) == 2
    nobody = DATA[DATA["holder_en"].isna()]
    assert [text for text, _ in _StepHolders(nobody, "en").key] == ["Holder not told"]


def test_a_stage_without_a_step_has_a_dash():
    assert contents(figures.step_holders(DATA)).count("–") == 1  # the check in Xiangzhou


def test_spheres_are_those_of_the_table_of_kinds():
    assert list(data.table("actor_kinds")["sphere_en"].cat.categories) == list(SPHERES)


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
    spheres = pd.DataFrame([row("agenda", "a", f"step {s}", "步", "party") for s in SPHERES])
    spheres["sphere"] = spheres["sphere_en"] = SPHERES
    fills = [style["facecolor"] for _, style in _StepHolders(spheres, "en").key]
    assert len(set(fills)) == len(SPHERES)
