"""The steps of several procedures, and who holds each."""

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from embedgov.plotting.key import draw_head, head_height
from embedgov.plotting.labels import require_language
from embedgov.plotting.layout import documented
from embedgov.plotting.palette import INK, MUTED, PAPER, RULE, SHADES, text_colour
from embedgov.plotting.rows import require_one_value, require_rows
from embedgov.plotting.text import sentence, widest, wrapped, write, write_lines
from embedgov.plotting.theme import BASE, SMALL, axes_in_points

from .labels import label

SPHERES = ("Party and state", "self-governing", "social", "market", "mixed or unclear")

_ASIDE = 0.2  # of the width, the most that the names of the stages may take
_GAP = 6  # between columns, and between boxes
_PAD = 5
_LINE = 12
_BETWEEN = 13  # stages
_UNTOLD = {"facecolor": PAPER, "edgecolor": MUTED, "linewidth": 1, "linestyle": (0, (3, 2.5))}
_FILLS = dict(zip(SPHERES, (*SHADES[:0:-1], PAPER)))


@dataclass(frozen=True)
class _Step:
    stage: int
    case: int
    step: str
    holder: str
    style: dict


class _StepHolders:
    """What the figure shows: steps in the cells of stages by cases, styled by their holders."""

    def __init__(self, data: pd.DataFrame, language: str):
        stage, case, step, holder, sphere = columns = [
            f"{name}_{require_language(language)}" for name in ("stage", "case", "step", "holder", "sphere")
        ]
        require_rows(
            data,
            (*columns, "sphere"),
            key=(case, stage, step),
            known={"sphere": SPHERES},
            optional=(holder, sphere, "sphere"),
        )
        held = data[data[holder].notna()]
        if len(held):
            require_rows(held, (sphere, "sphere"), key=(case, stage, step))
        require_one_value(held, "sphere", [sphere])
        self.stages = list(dict.fromkeys(data[stage]))
        self.cases = list(dict.fromkeys(data[case]))
        untold = label("step_holders.untold", language)
        self.steps = [
            _Step(
                self.stages.index(row[stage]),
                self.cases.index(row[case]),
                sentence(row[step]),
                untold if pd.isna(row[holder]) else sentence(row[holder]),
                _UNTOLD if pd.isna(row[holder]) else sphere_style(row["sphere"]),
            )
            for row in data.to_dict("records")
        ]
        names = dict(zip(held["sphere"], held[sphere]))
        self.key = [(sentence(names[name]), sphere_style(name)) for name in SPHERES if name in names]
        if len(held) < len(data):
            self.key.append((untold, _UNTOLD))
        self.note = label("step_holders.note", language)

    def names(self, width: float) -> list[list[str]]:
        """Lines of the name of each stage."""
        return [wrapped(sentence(name), width * _ASIDE, BASE) for name in self.stages]

    def aside(self, width: float) -> float:
        """Width of the names of the stages."""
        return widest(self.names(width)) + 10

    def wide(self, width: float) -> float:
        """Width of a box."""
        return (width - 1 - self.aside(width) + _GAP) / len(self.cases) - _GAP

    def headers(self, width: float) -> list[list[str]]:
        """Lines of the name of each case."""
        return [wrapped(name, self.wide(width), BASE, "bold") for name in self.cases]

    def lines(self, step: _Step, width: float) -> tuple[list[str], list[str]]:
        """Lines of a step and of its holder."""
        room = self.wide(width) - 2 * _PAD
        return wrapped(step.step, room, SMALL, "bold"), wrapped(step.holder, room, SMALL)

    def high(self, step: _Step, width: float) -> float:
        """Height of a box."""
        return _LINE * sum(map(len, self.lines(step, width))) + 2 * _PAD - 2

    def top(self, width: float) -> float:
        """Where the first stage begins."""
        head = head_height(self.note, self.key, width)
        return head + 10 + _LINE * max(map(len, self.headers(width))) + 4

    def tops(self, width: float) -> list[float]:
        """Upper edges of the stages and, last, where the figure ends."""
        tops, names = [self.top(width)], self.names(width)
        for i, name in enumerate(names):
            stacks = [_LINE * len(name)]
            for j in range(len(self.cases)):
                boxes = [self.high(step, width) for step in self.at(i, j)]
                stacks.append(sum(boxes) + _GAP * (len(boxes) - 1))
            tops.append(tops[-1] + max(stacks) + _BETWEEN)
        return tops

    def at(self, stage: int, case: int) -> list[_Step]:
        """The steps of a case in a stage."""
        return [step for step in self.steps if (step.stage, step.case) == (stage, case)]

    def height(self, width: float) -> float:
        return self.tops(width)[-1] - _BETWEEN / 2


def sphere_style(sphere: str) -> dict:
    """Fill and edge of a box, by the sphere of who holds it."""
    return {"facecolor": _FILLS[sphere], "edgecolor": INK, "linewidth": 0.8}


@documented
def step_holders(data: pd.DataFrame, *, language: str = "en", ax: Axes | None = None) -> Axes:
    """Draw the steps of several procedures side by side, and who holds each.

    A column is a case, a row a stage; a box is a step with its holder, shaded by the holder's
    sphere, or dashed where no holder is told. A stage without a step has a dash.

    Parameters
    ----------
    data : pandas.DataFrame
        One row per step, with ``sphere`` (one of `SPHERES`) and, as `language` says,
        ``stage_en``, ``case_en``, ``step_en``, ``holder_en`` and ``sphere_en`` or the same
        with ``_zh``. Holder and spheres are missing where no holder is told. Stages and cases
        keep the order of their first rows.
    <texts>
    <ax>

    Returns
    -------
    <points>

    See Also
    --------
    actor_parts : What part the cases give to each actor.

    Examples
    --------
    >>> steps = pd.DataFrame({
    ...     "stage_en": ["agenda", "check"], "case_en": ["Xiangzhou", "Gusu"],
    ...     "step_en": ["screening", "evaluation"], "holder_en": ["Party organisation", None],
    ...     "sphere": ["Party and state", None], "sphere_en": ["Party and state", None],
    ... })
    >>> ax = step_holders(steps)
    """
    plan = _StepHolders(data, language)
    ax, width = axes_in_points(ax, plan.height)
    draw_head(ax, plan.note, plan.key, width)
    aside, wide, tops = plan.aside(width), plan.wide(width), plan.tops(width)
    lefts = [aside + case * (wide + _GAP) for case in range(len(plan.cases))]
    for left, lines in zip(lefts, plan.headers(width)):
        write_lines(ax, left, tops[0] - 10, lines, _LINE, at="last", size=BASE, weight="bold")
    for stage, (lines, top) in enumerate(zip(plan.names(width), tops)):
        ax.plot([0, width], [top - _BETWEEN / 2] * 2, color=RULE, linewidth=0.8)
        write_lines(ax, 0, top + 12, lines, _LINE, size=BASE)
        for case, left in enumerate(lefts):
            _draw_cell(ax, plan, plan.at(stage, case), left, top, width)
    return ax


def _draw_cell(
    ax: Axes, plan: _StepHolders, steps: list[_Step], left: float, top: float, width: float
) -> None:
    if not steps:
        write(ax, left + _PAD, top + 12, "–", size=SMALL, color=MUTED)
    for step in steps:
        high = plan.high(step, width)
        ax.add_patch(Rectangle((left, top), plan.wide(width), high, **step.style))
        names, holders = plan.lines(step, width)
        ink = text_colour(step.style["facecolor"])
        weights = ["bold"] * len(names) + ["normal"] * len(holders)
        for i, (line, weight) in enumerate(zip([*names, *holders], weights)):
            below = top + _PAD + 8 + i * _LINE
            write(ax, left + _PAD, below, line, size=SMALL, color=ink, weight=weight)
        top += high + _GAP
