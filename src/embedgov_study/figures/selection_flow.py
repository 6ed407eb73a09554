"""The steps of a selection, each with what is left out, known and unknown."""

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch, Rectangle

from embedgov.errors import PlottingError
from embedgov.plotting.labels import require_language
from embedgov.plotting.layout import documented
from embedgov.plotting.palette import INK, MUTED, PALE, PAPER
from embedgov.plotting.rows import require_rows
from embedgov.plotting.text import sentence, wrapped, write
from embedgov.plotting.theme import BASE, SMALL, axes_in_points

from .labels import label

_BOX = 0.31  # of the width, for a step
_GUTTER = 12  # points between a step and what is said of it
_PAD = 7
_NUMBER = 20  # size of a count, points
_LINE = 12.5
_LABEL_LINE = 13
_ARROW = 34  # from a step to the next
_UNKNOWN = "?"


@dataclass(frozen=True)
class _Step:
    step: str
    label: str
    kept: str
    left_out: str | None  # None: the first step, before which there is nothing
    known: str
    unknown: str


class _SelectionFlow:
    """What a flow of a selection shows: steps, their texts and their heights."""

    def __init__(self, data: pd.DataFrame, language: str):
        require_language(language)
        texts = [f"{name}_{language}" for name in ("label", "known", "unknown")]
        require_rows(
            data,
            ("step", "kept", "left_out", *texts),
            key=("step",),
            counts=("kept", "left_out"),
            optional=("kept", "left_out", *texts[1:]),
        )
        self.known = label("selection_flow.known", language)
        self.unknown = label("selection_flow.unknown", language)
        self.steps = []
        before = least = None  # counts of the row before, and of the last row that has one
        for i, (_, row) in enumerate(data.iterrows()):
            kept, left_out = (_count(row[column]) for column in ("kept", "left_out"))
            where = f"data, step {row['step']!r}"
            if i == 0 and left_out is not None:
                raise PlottingError(
                    f"{where}: left_out is {left_out}, but no step comes before; "
                    "expected it missing in the first row"
                )
            if None not in (kept, least) and kept > least:
                raise PlottingError(f"{where}: kept is {kept}, more than the {least} of an earlier step")
            if None not in (kept, left_out, before) and kept + left_out != before:
                raise PlottingError(
                    f"{where}: kept is {kept} and left_out {left_out}, together "
                    f"{kept + left_out}; the step before kept {before}"
                )
            before, least = kept, least if kept is None else kept
            out = None
            if i:
                out = label("selection_flow.left_out", language, count=_written(left_out))
            known, unknown = ("" if pd.isna(row[text]) else sentence(row[text]) for text in texts[1:])
            self.steps.append(_Step(row["step"], row[texts[0]], _written(kept), out, known, unknown))

    def columns(self, width: float) -> tuple[float, float, float]:
        """Width of a step, left edge and width of what is said of it."""
        box = width * _BOX
        left = box + _GUTTER
        return box, left, width - left

    def label_lines(self, step: _Step, width: float) -> list[str]:
        """Lines of the label, of nearly the same length since they are centred."""
        room = self.columns(width)[0] - 2 * _PAD
        lines = wrapped(step.label, room, BASE)
        while room > 0 and len(narrower := wrapped(step.label, room, BASE)) == len(lines):
            lines, room = narrower, room - 4
        return lines

    def notes(self, step: _Step, width: float) -> list[tuple[str, list[str], bool]]:
        """Heading, lines and whether it is unknown, of each thing said of a step."""
        room = self.columns(width)[2] - 2 * _PAD
        said = [(self.known, step.known, False), (self.unknown, step.unknown, True)]
        return [(head, wrapped(text, room, SMALL), dim) for head, text, dim in said if text]

    @staticmethod
    def note_height(lines: list[str]) -> float:
        return 2 * _PAD + _LINE * (1 + len(lines)) - 3

    def text_height(self, step: _Step, width: float) -> float:
        return _NUMBER + _LABEL_LINE * len(self.label_lines(step, width))

    def step_height(self, step: _Step, width: float) -> float:
        box = 2 * _PAD + self.text_height(step, width)
        notes = [self.note_height(lines) for _, lines, _ in self.notes(step, width)]
        return max(box, sum(notes) + 5 * (len(notes) - 1))

    def height(self, width: float) -> float:
        heights = [self.step_height(step, width) for step in self.steps]
        return sum(heights) + _ARROW * (len(heights) - 1)


def _count(value) -> int | None:
    return None if pd.isna(value) else int(value)


def _written(count: int | None) -> str:
    return _UNKNOWN if count is None else str(count)


@documented
def selection_flow(data: pd.DataFrame, *, language: str = "en", ax: Axes | None = None) -> Axes:
    """Draw the steps of a selection from top to bottom.

    Each step is a box with the number that is kept; the arrow to it says how many are left out.
    Beside the box stands what is known of the step and, in a dashed frame, what is not.
    A count that is missing is a question mark.

    Parameters
    ----------
    data : pandas.DataFrame
        One row per step, in order, with ``step`` (a key), ``kept`` (a count, may be missing),
        ``left_out`` (how many of the step before are not kept; may be missing, and is in the
        first row), and, as `language` says, ``label_en``, ``known_en``, ``unknown_en`` or
        ``label_zh``, ``known_zh``, ``unknown_zh`` (the last two may be missing).
    <texts>
    <ax>

    Returns
    -------
    <points>

    Raises
    ------
    PlottingError
        If a column or label is missing, a step occurs twice, a value is no count,
        or the counts of two steps disagree.

    See Also
    --------
    margin_bars : What is counted among those that are kept.

    Examples
    --------
    >>> steps = pd.DataFrame({
    ...     "step": ["all", "batch"], "label_en": ["designated", "in batch 3"],
    ...     "kept": [114, 40], "left_out": [None, 74],
    ...     "known_en": ["The four notices.", None], "unknown_en": [None, "Why this batch."],
    ... })
    >>> ax = selection_flow(steps)
    """
    plan = _SelectionFlow(data, language)
    ax, width = axes_in_points(ax, plan.height)
    box, left, wide = plan.columns(width)
    y = 0
    for step in plan.steps:
        if step.left_out is not None:
            _draw_arrow(ax, step.left_out, box, y)
            y += _ARROW
        height = plan.step_height(step, width)
        edges = {"edgecolor": INK, "linewidth": 1}
        ax.add_patch(Rectangle((1, y + 1), box - 2, height - 2, facecolor=PAPER, **edges))
        lines = plan.label_lines(step, width)
        text_top = y + (height - plan.text_height(step, width)) / 2
        write(
            ax,
            box / 2,
            text_top + _NUMBER * 0.75,
            step.kept,
            size=_NUMBER,
            weight="bold",
            ha="center",
        )
        for i, line in enumerate(lines):
            below = text_top + _NUMBER + 10 + i * _LABEL_LINE
            write(ax, box / 2, below, line, size=BASE, ha="center")
        _draw_notes(ax, plan, step, left, wide, y, width)
        y += height
    return ax


def _draw_arrow(ax: Axes, left_out: str, box: float, y: float) -> None:
    style = {"arrowstyle": "-|>", "mutation_scale": 8, "color": INK, "linewidth": 1}
    straight = {"shrinkA": 0, "shrinkB": 0}
    ax.add_patch(FancyArrowPatch((box / 2, y), (box / 2, y + _ARROW), **style, **straight))
    aside = y + _ARROW / 2 - 2
    style |= {"color": MUTED}
    ax.add_patch(FancyArrowPatch((box / 2, aside), (box + _GUTTER, aside), **style, **straight))
    write(ax, box + _GUTTER + 5, aside, left_out, size=BASE, color=MUTED, va="center_baseline")


def _draw_notes(
    ax: Axes, plan: _SelectionFlow, step: _Step, left: float, wide: float, y: float, width: float
) -> None:
    for head, lines, is_unknown in plan.notes(step, width):
        height = plan.note_height(lines)
        style = (
            {"facecolor": PAPER, "edgecolor": MUTED, "linewidth": 1, "linestyle": (0, (4, 3))}
            if is_unknown
            else {"facecolor": PALE, "edgecolor": PALE, "linewidth": 1}
        )
        ax.add_patch(Rectangle((left + 1, y + 1), wide - 2, height - 2, **style))
        write(ax, left + _PAD, y + _PAD + 8, head, size=SMALL, weight="bold")
        for i, line in enumerate(lines, 1):
            write(ax, left + _PAD, y + _PAD + 8 + i * _LINE, line, size=SMALL)
        y += height + 5
