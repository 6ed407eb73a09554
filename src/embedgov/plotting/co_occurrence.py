"""Codes by codes: how often two apply to the same unit."""

from dataclasses import dataclass
from math import isclose

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from ..errors import PlottingError
from .codes import code_names
from .key import draw_head, head_height
from .labels import label, require_language
from .palette import INK, MUTED, PALE, PAPER, RULE, SHADES, STEPS, colour, shade, text_colour
from .rows import require_numbers, require_rows
from .scale import number
from .text import text_width, wrapped, write, write_lines
from .theme import BASE, SMALL, Style, axes_in_points

_HIGH = 31  # of a cell, points
_WIDEST = 58
_GAP = 3
_EDGE = 0.5  # half a line, so that the outer cells are not cut
_LINE = 12
_AFTER = 7  # room between the diagonal and the name of its code
_NAME = 0.3  # of the width, the least that is left for the last name
_MISSING: Style = {"facecolor": PAPER, "edgecolor": MUTED, "linewidth": 0.8, "linestyle": (0, (2, 2))}


@dataclass(frozen=True)
class _Cell:
    row: int
    column: int
    count: str
    jaccard: str  # empty on the diagonal
    style: Style
    ink: str


class _CoOccurrence:
    """What a matrix of codes shows: the cells of the lower triangle and the names of codes."""

    def __init__(self, data: pd.DataFrame, codes: pd.DataFrame | None, language: str):
        require_language(language)
        require_rows(
            data,
            ("code_a", "code_b", "both", "either", "jaccard"),
            key=("code_a", "code_b"),
            counts=("both", "either"),
            optional=("jaccard",),
        )
        require_numbers(data, ["jaccard"], least=0, most=1, optional=["jaccard"])
        self.names = code_names(codes, [*data["code_a"], *data["code_b"]], language)
        found = {}
        for record in data.to_dict("records"):
            one, other = record["code_a"], record["code_b"]
            _require_sense(record)
            before = found.setdefault(frozenset((one, other)), record)
            for column in ("both", "either"):
                if before[column] != record[column]:
                    raise PlottingError(
                        f"data, {one} and {other}: {column} is {record[column]}, but "
                        f"{before[column]} for {other} and {one}; expected one value"
                    )
        order = list(self.names)
        self.cells = []
        for i, one in enumerate(order):
            for j, other in enumerate(order[: i + 1]):
                if frozenset((one, other)) not in found:
                    raise PlottingError(
                        f"data: no row for code_a {one!r} and code_b {other!r}; "
                        "every pair of codes, and every code with itself, has one"
                    )
                self.cells.append(_cell(i, j, found[frozenset((one, other))]))
        self.stripes = [colour(code, RULE) for code in order]
        steps = ["0", *(f"≤ {step:g}" for step in STEPS[1:])]
        self.key = [
            (text, {"facecolor": fill, "edgecolor": RULE, "linewidth": 0.6})
            for text, fill in zip(steps, SHADES)
        ]
        if any(cell.style is _MISSING for cell in self.cells):
            self.key.append((label("co_occurrence.missing", language), _MISSING))
        self.note = label("co_occurrence.note", language)

    def wide(self, width: float) -> float:
        """Width of a cell when the matrix is `width` points wide."""
        names = list(self.names.values())
        last = min(text_width(names[-1], BASE) + _AFTER, width * _NAME)
        wide = min((width - _EDGE - last) / len(names) - _GAP, _WIDEST)
        widest = max((cell.count for cell in self.cells), key=text_width)
        if wide < max(text_width(widest, BASE, "bold"), text_width("0.00", SMALL)) + 4:
            raise PlottingError(
                f"{len(names)} codes leave cells {wide:.0f} points wide, too few for "
                f"{widest!r} and for a coefficient; draw fewer codes or pass wider Axes"
            )
        return wide

    def left(self, column: int, width: float) -> float:
        """Left edge of a column."""
        return _EDGE + column * (self.wide(width) + _GAP)

    def name_lines(self, width: float) -> list[list[str]]:
        """Lines of the name that stands after each cell of the diagonal."""
        return [
            wrapped(name, width - self.left(i + 1, width) + _GAP - _AFTER, BASE)
            for i, name in enumerate(self.names.values())
        ]

    def top(self, width: float) -> float:
        """Where the first row begins."""
        return head_height(self.note, self.key, width) + 12

    def height(self, width: float) -> float:
        return self.top(width) + len(self.names) * (_HIGH + _GAP) - _GAP + _EDGE


def _require_sense(record: dict) -> None:
    both, either, jaccard = (record[name] for name in ("both", "either", "jaccard"))
    where = f"data, {record['code_a']} and {record['code_b']}"
    if both > either:
        raise PlottingError(f"{where}: both is {both}, either is {either}; expected at most either")
    if record["code_a"] == record["code_b"] and both != either:
        raise PlottingError(
            f"{where}: both is {both}, either is {either}; "
            "expected the same number, that of units with the code"
        )
    if pd.isna(jaccard) != (either == 0) or either and not isclose(jaccard, both / either, abs_tol=0.005):
        raise PlottingError(
            f"{where}: jaccard is {jaccard}, but both is {both} and either is {either}; "
            "expected both / either, missing if either is 0"
        )


def _cell(row: int, column: int, record: dict) -> _Cell:
    both, either = int(record["both"]), int(record["either"])
    if row == column:
        return _Cell(row, column, str(both), "", {"facecolor": PALE}, INK)
    if not either:
        return _Cell(row, column, "0", "–", _MISSING, MUTED)
    fill = shade(both / either)
    style: Style = {"facecolor": fill, "edgecolor": RULE, "linewidth": 0 if both else 0.6}
    return _Cell(row, column, str(both), number(both / either, 2), style, text_colour(fill))


def co_occurrence(
    data: pd.DataFrame,
    *,
    codes: pd.DataFrame | None = None,
    language: str = "en",
    ax: Axes | None = None,
) -> Axes:
    """Draw how often two codes apply to the same unit.

    A cell says how many units have both codes and, below, what share that is of the units that
    have either (Jaccard's coefficient); it is the darker the larger that share.
    The diagonal says how many units have the code, whose name stands beside it.
    Only the lower triangle is drawn, since the upper one is the same.

    Parameters
    ----------
    data : pandas.DataFrame
        One row per pair of codes in one or both orders, and one per code with itself, with
        ``code_a``, ``code_b``, ``both``, ``either`` (counts of units) and ``jaccard``
        (both / either, missing if either is 0).
    codes : pandas.DataFrame, optional
        Codebook that gives order and names, with ``code`` and, as `language` says,
        ``label_en`` or ``label_zh``; by default codes are named by themselves.
    language : {"en", "zh"}
        Language of the texts.
    ax : matplotlib.axes.Axes, optional
        Axes to draw on; a new figure by default.

    Returns
    -------
    matplotlib.axes.Axes
        The Axes; a data unit is a point, counted from the upper left corner.

    See Also
    --------
    upset : Every combination of codes, not only pairs.

    Examples
    --------
    >>> pairs = pd.DataFrame({
    ...     "code_a": ["schools", "roads", "roads"], "code_b": ["schools", "schools", "roads"],
    ...     "both": [44, 20, 56], "either": [44, 80, 56], "jaccard": [1, 0.25, 1],
    ... })
    >>> ax = co_occurrence(pairs)
    """
    plan = _CoOccurrence(data, codes, language)
    ax, width = axes_in_points(ax, plan.height)
    wide, top = plan.wide(width), plan.top(width)
    draw_head(ax, plan.note, plan.key, width)
    for cell in plan.cells:
        x, y = plan.left(cell.column, width), top + cell.row * (_HIGH + _GAP)
        ax.add_patch(Rectangle((x, y), wide, _HIGH, **cell.style))
        centred = {"color": cell.ink, "ha": "center"}
        if cell.jaccard:
            write(ax, x + wide / 2, y + 13, cell.count, size=BASE, weight="bold", **centred)
            write(ax, x + wide / 2, y + 25, cell.jaccard, size=SMALL, **centred)
        else:
            middle = y + _HIGH / 2
            write(
                ax,
                x + wide / 2,
                middle,
                cell.count,
                size=BASE,
                weight="bold",
                va="center_baseline",
                **centred,
            )
    for i, (lines, stripe) in enumerate(zip(plan.name_lines(width), plan.stripes)):
        x, y = plan.left(i, width) + wide, top + i * (_HIGH + _GAP)
        ax.add_patch(Rectangle((x, y), 2.5, _HIGH, facecolor=stripe))
        write_lines(ax, x + _AFTER, y + _HIGH / 2, lines, _LINE, at="middle", size=BASE)
    return ax
