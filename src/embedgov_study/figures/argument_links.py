"""How the limits of a study lead to its directions: each direction with what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch, Rectangle

from embedgov.plotting.key import draw_head, head_height
from embedgov.plotting.labels import require_language
from embedgov.plotting.layout import documented, named
from embedgov.plotting.palette import INK, MUTED, PALE
from embedgov.plotting.rows import require_rows
from embedgov.plotting.text import wrapped, write_lines
from embedgov.plotting.theme import BASE, SMALL, Style, axes_in_points

from .labels import label

_STRENGTHS: dict[str, Style] = {
    "explicit": {"color": INK, "linestyle": "solid", "linewidth": 2.2},
    "implied": {"color": MUTED, "linestyle": (0, (4, 2)), "linewidth": 1.2},
    "weak": {"color": MUTED, "linestyle": (0, (1, 1.8)), "linewidth": 1.2},
}
_LEFT, _GUTTER = 0.5, 46  # of the width, for the limits; points for the arrows
_PAD = 6  # around a text in its box
_LINE = 13
_GAP = 5  # between two limits of one direction
_BETWEEN = 14  # between two directions
_HANDLE = 24


@dataclass(frozen=True)
class _Row:
    direction: str
    limits: list[tuple[str, str]]  # text and strength


class _ArgumentLinks:
    """What the drawing shows: a row per direction, with its limits in order of their strength."""

    def __init__(self, data: pd.DataFrame, names: Mapping, order: list, language: str):
        require_language(language)
        require_rows(
            data,
            ("source", "target", "strength"),
            key=("source", "target"),
            known={"strength": tuple(_STRENGTHS), "target": tuple(order)},
        )
        rank = list(_STRENGTHS)
        self.rows = [
            _Row(
                named(target, names),
                sorted(
                    (
                        (named(row.source, names), row.strength)
                        for row in data.itertuples()
                        if row.target == target
                    ),
                    key=lambda each: rank.index(each[1]),
                ),
            )
            for target in order
        ]
        used = [strength for strength in rank if strength in set(data["strength"])]
        self.key = [(label(f"argument_links.{each}", language), _STRENGTHS[each]) for each in used]
        self.note = label("argument_links.note", language)

    def left(self, width: float) -> float:
        """Width of the column of limits."""
        return width * _LEFT

    def limits(self, row: _Row, width: float) -> list[tuple[list[str], str]]:
        """Lines of each limit, and its strength."""
        room = self.left(width) - 2 * _PAD
        return [(wrapped(text, room, SMALL), strength) for text, strength in row.limits]

    def direction(self, row: _Row, width: float) -> list[str]:
        """Lines of the direction."""
        return wrapped(row.direction, width - self.left(width) - _GUTTER - 2 * _PAD, BASE, "bold")

    def row_height(self, row: _Row, width: float) -> float:
        boxes = [_LINE * len(lines) + 2 * _PAD for lines, _ in self.limits(row, width)]
        own = _LINE * len(self.direction(row, width)) + 2 * _PAD
        return max(sum(boxes) + _GAP * (len(boxes) - 1), own)

    def top(self, width: float) -> float:
        """Where the first row begins."""
        return head_height(self.note, self.key, width, _HANDLE) + 8

    def height(self, width: float) -> float:
        rows = sum(self.row_height(row, width) for row in self.rows)
        return self.top(width) + rows + _BETWEEN * (len(self.rows) - 1) + 1


@documented
def argument_links(
    data: pd.DataFrame,
    *,
    names: Mapping[str, str],
    order: list,
    language: str = "en",
    ax: Axes | None = None,
) -> Axes:
    """Draw how the limits of a study lead to its directions.

    A row is a direction, at the right; at the left are the limits that it answers, each with an
    arrow that says how plainly. A limit that several directions answer stands in several rows.

    Parameters
    ----------
    data : pandas.DataFrame
        One row per link, with ``source`` (a limit), ``target`` (a direction) and ``strength``
        (explicit, implied, weak).
    names : mapping of str to str
        What limits and directions are called, in the language.
    order : list
        The directions from top to bottom; one without a link stands alone.
    language : {"en", "zh"}
        Language of the fixed texts.
    <ax>

    Returns
    -------
    <points>

    Examples
    --------
    >>> links = pd.DataFrame({
    ...     "source": ["L1", "L2"], "target": ["D1", "D1"], "strength": ["explicit", "weak"],
    ... })
    >>> names = {"L1": "dependence", "L2": "disorder", "D1": "publicness", "D2": "sharing"}
    >>> ax = argument_links(links, names=names, order=["D1", "D2"])
    """
    plan = _ArgumentLinks(data, names, order, language)
    ax, width = axes_in_points(ax, plan.height)
    draw_head(ax, plan.note, plan.key, width, _HANDLE)
    left, y = plan.left(width), plan.top(width)
    for row in plan.rows:
        high = plan.row_height(row, width)
        right = left + _GUTTER
        ax.add_patch(Rectangle((right, y), width - right, high, facecolor=PALE))
        lines = plan.direction(row, width)
        style: Style = {"at": "middle", "size": BASE, "weight": "bold"}
        write_lines(ax, right + _PAD, y + high / 2, lines, _LINE, **style)
        limits = plan.limits(row, width)
        taken = sum(_LINE * len(lines) + 2 * _PAD for lines, _ in limits) + _GAP * (len(limits) - 1)
        top = y + (high - taken) / 2 if limits else y
        for lines, strength in limits:
            box = _LINE * len(lines) + 2 * _PAD
            ax.add_patch(Rectangle((0, top), left, box, facecolor=PALE))
            write_lines(ax, _PAD, top + box / 2, lines, _LINE, at="middle", size=SMALL)
            ends = (left + 3, top + box / 2), (right - 3, top + box / 2)
            arrow: Style = {"arrowstyle": "-|>", "mutation_scale": 10, "shrinkA": 0, "shrinkB": 0}
            ax.add_patch(FancyArrowPatch(*ends, **arrow, **_STRENGTHS[strength]))
            top += box + _GAP
        y += high + _BETWEEN
    return ax
