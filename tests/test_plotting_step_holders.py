"""The steps and their holders: what the figure decides, refuses and puts on paper."""

from functools import cache

import matplotlib.colors as mcolors
import pandas as pd
import pytest
from matplotlib.patches import Rectangle

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

from embedgov import data, plotting
from embedgov.errors import PlottingError
from embedgov.plotting.palette import SHADES
from embedgov.plotting.step_holders import SPHERES, _StepHolders

STAGES = {"agenda": ("agenda", "议题"), "check": ("means and return", "资源与回报")}
CASES = {"a": ("Zhuhai Xiangzhou", "珠海市香洲区"), "b": ("Suzhou Gusu", "苏州市姑苏区")}
HOLDERS = {
    "party": ("Party organisation", "党组织", "Party and state", "党政"),
    "residents": ("residents", "居民", "self-governing", "自治"),
    None: (None, None, None, None),
}


def row(stage, case, step_en, step_zh, holder):
    holder_en, holder_zh, sphere_en, sphere_zh = HOLDERS[holder]
    return {
        "stage_en": STAGES[stage][0], "stage_zh": STAGES[stage][1],
        "case_en": CASES[case][0], "case_zh": CASES[case][1],
        "step_en": step_en, "step_zh": step_zh, "holder_en": holder_en, "holder_zh": holder_zh,
        "sphere": sphere_en, "sphere_en": sphere_en, "sphere_zh": sphere_zh,
    }  # fmt: skip


DATA = pd.DataFrame([
    row("agenda", "a", "screening of what may be put on the agenda", "议题审核", "party"),
    row("agenda", "b", "gathering of needs", "需求征集", None),
    row("agenda", "b", "voting", "表决", "residents"),
    row("check", "b", "evaluation", "评估", None),
])


@pytest.fixture(autouse=True, scope="module")
def _theme():
    plotting.set_theme()


@pytest.fixture(scope="module")
def draw():
    def draw(**options):
        return plotting.step_holders(options.pop("data", DATA), **options)

    draw.smallest, draw.once = 9, cache(lambda language: draw(language=language))
    return draw


def boxes(ax):
    """The box around each step, by the text of the step's first line."""
    large = [p for p in ax.patches if isinstance(p, Rectangle) and p.get_height() > 15]
    found = {}
    for box in large:
        left, top = box.get_xy()
        inside = [text for text in ax.texts
                  if left < text.get_position()[0] < left + box.get_width()
                  and top < text.get_position()[1] < top + box.get_height()]  # fmt: skip
        found[inside[0].get_text()] = box, [text.get_text() for text in inside]
    return found


def test_a_step_stands_in_its_cell_with_its_holder():
    found = boxes(plotting.step_holders(DATA))
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
    found = boxes(plotting.step_holders(DATA))
    looks = {text: (mcolors.to_hex(box.get_facecolor()), box.get_linestyle() not in ("-", "solid"))
             for text, (box, _) in found.items()}  # fmt: skip
    assert looks["Voting"] == (SHADES[3], False)
    assert looks["Gathering of needs"] == looks["Evaluation"]
    assert [dashed for _, dashed in looks.values()] == [False, True, False, True]


def test_the_key_has_what_is_drawn_and_no_more():
    assert [text for text, _ in _StepHolders(DATA, "en").key] == [
        "Party and state", "Self-governing", "Holder not told",
    ]  # fmt: skip
    told = DATA.dropna(subset=["holder_en"])
    assert len(_StepHolders(told, "en").key) == 2
    nobody = DATA[DATA["holder_en"].isna()]
    assert [text for text, _ in _StepHolders(nobody, "en").key] == ["Holder not told"]


def test_a_stage_without_a_step_has_a_dash():
    assert contents(plotting.step_holders(DATA)).count("–") == 1  # the check in Xiangzhou


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
        plotting.step_holders(broken)


def test_every_sphere_looks_different():
    spheres = pd.DataFrame([row("agenda", "a", f"step {s}", "步", "party") for s in SPHERES])
    spheres["sphere"] = spheres["sphere_en"] = SPHERES
    fills = [style["facecolor"] for _, style in _StepHolders(spheres, "en").key]
    assert len(set(fills)) == len(SPHERES)
