"""A matter on its way: who does what to it, step by step."""

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch, Rectangle

from embedgov.errors import PlottingError
from embedgov.plotting.labels import require_language
from embedgov.plotting.layout import documented
from embedgov.plotting.palette import INK, MUTED, PALE, PAPER, SHADES, text_colour
from embedgov.plotting.rows import require_rows
from embedgov.plotting.text import sentence, wrapped, write_lines
from embedgov.plotting.theme import BASE, SMALL, axes_in_points

from .labels import label

_GAP = 6  # between lanes
_PAD = 5
_LINE = 12
_BETWEEN = 15  # steps, for the arrow


@dataclass(frozen=True)
class _Step:
    lane: int
    text: str
    told: bool


class _Swimlanes:
    """What the figure shows: steps from above to below, each in the lane of who takes it."""

    def __init__(self, data: pd.DataFrame, language: str):
        step, holder = columns = [f"{each}_{require_language(language)}" for each in ("step", "holder")]
        require_rows(data, columns, key=(step,), optional=(holder,))
        told = list(dict.fromkeys(data[holder].dropna()))
        if not told:
            raise PlottingError("data: no step has a holder; expected at least one")
        self.lanes = [sentence(name) for name in told]
        if data[holder].isna().any():
            self.lanes.append(label("step_holders.untold", language))
        self.steps = [
            _Step(
                told.index(row[holder]) if pd.notna(row[holder]) else len(told),
                f"{i}. {sentence(row[step])}",
                bool(pd.notna(row[holder])),
            )
            for i, row in enumerate(data.to_dict("records"), 1)
        ]

    def wide(self, width: float) -> float:
        return (width - 1 + _GAP) / len(self.lanes) - _GAP

    def left(self, lane: int, width: float) -> float:
        return lane * (self.wide(width) + _GAP)

    def headers(self, width: float) -> list[list[str]]:
        return [wrapped(name, self.wide(width) - 2 * _PAD, BASE, "bold") for name in self.lanes]

    def lines(self, step: _Step, width: float) -> list[str]:
        return wrapped(step.text, self.wide(width) - 4 * _PAD, SMALL)

    def tops(self, width: float) -> list[float]:
        """Upper edges of the steps and, last, where the lanes end."""
        tops = [_LINE * max(map(len, self.headers(width))) + 14]
        for step in self.steps:
            tops.append(tops[-1] + _LINE * len(self.lines(step, width)) + 2 * _PAD + _BETWEEN)
        return tops

    def height(self, width: float) -> float:
        return self.tops(width)[-1] - _BETWEEN + 8


@documented
def swimlanes(data: pd.DataFrame, *, language: str = "en", ax: Axes | None = None) -> Axes:
    """Draw the steps that a matter goes through, each in the lane of who takes it.

    A lane is a holder; the last is for steps whose holder is not told, and these are dashed.

    Parameters
    ----------
    data : pandas.DataFrame
        One row per step, in order, with ``step_en`` and ``holder_en`` or the same with ``_zh``, as
        `language` says. A holder is missing where none is told.
    <texts>
    <ax>

    Returns
    -------
    <points>

    Raises
    ------
    PlottingError
        If a column or all holders are missing, or a step occurs twice.

    See Also
    --------
    step_holders : Several procedures beside each other, by their stages.

    Examples
    --------
    >>> steps = pd.DataFrame({
    ...     "step_en": ["propose a topic", "screen it"],
    ...     "holder_en": ["residents", "Party organisation"],
    ... })
    >>> ax = swimlanes(steps)
    """
    plan = _Swimlanes(data, language)
    ax, width = axes_in_points(ax, plan.height)
    wide, tops = plan.wide(width), plan.tops(width)
    for lane, lines in enumerate(plan.headers(width)):
        left = plan.left(lane, width)
        ax.add_patch(
            Rectangle((left, 0), wide, plan.height(width) - 1, facecolor=PALE, edgecolor=PALE, zorder=0)
        )
        write_lines(ax, left + wide / 2, 12, lines, _LINE, size=BASE, weight="bold", ha="center")
    last = None
    for step, top in zip(plan.steps, tops):
        left, lines = plan.left(step.lane, width), plan.lines(step, width)
        high = _LINE * len(lines) + 2 * _PAD
        look = (
            {"facecolor": SHADES[2], "edgecolor": INK, "linewidth": 0.8}
            if step.told
            else {"facecolor": PAPER, "edgecolor": MUTED, "linewidth": 1, "linestyle": (0, (3, 2.5))}
        )
        ax.add_patch(Rectangle((left + _PAD, top), wide - 2 * _PAD, high, **look))
        ink = text_colour(look["facecolor"])
        write_lines(ax, left + 2 * _PAD, top + _PAD + 8, lines, _LINE, size=SMALL, color=ink)
        middle = left + wide / 2
        if last:
            ax.add_patch(
                FancyArrowPatch(
                    last,
                    (middle, top),
                    arrowstyle="-|>",
                    mutation_scale=8,
                    shrinkA=0,
                    shrinkB=0,
                    color=INK,
                    linewidth=1.1,
                )
            )
        last = middle, top + high
    return ax
