"""Cases by claims: what an author cites for a claim, and what could have been cited."""

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Circle, Rectangle

from embedgov.errors import PlottingError
from embedgov.plotting.key import draw_key, key_height
from embedgov.plotting.labels import require_language
from embedgov.plotting.layout import documented
from embedgov.plotting.palette import INK, MUTED, PAPER, RULE
from embedgov.plotting.rows import require_one_value, require_rows
from embedgov.plotting.text import sentence, widest, wrapped, write_lines
from embedgov.plotting.theme import SMALL, axes_in_points

from ..palette import COLOURS
from .labels import label

_ASIDE = 0.27  # of the width, the most that the names of the rows may take
_LINE = 12
_PAD = 4  # above and below what stands in a row
_SQUARE = 8
_DOT = 5.4
_STEP = 7.2  # from one dot to the next
_AFTER = 7  # a square
_BETWEEN = 8  # columns
_CITED = {
    "named": {"facecolor": INK, "edgecolor": INK, "linewidth": 1},
    "nearby": {"facecolor": PAPER, "edgecolor": INK, "linewidth": 0.8, "hatch": "//////"},
    "none": {"facecolor": PAPER, "edgecolor": MUTED, "linewidth": 0.8, "linestyle": (0, (2, 2))},
}


@dataclass(frozen=True)
class _Cell:
    row: int
    column: int
    cited: str | None  # a key of _CITED; None where nothing can be cited
    practice: int
    claimed: int


class _EvidenceMap:
    """What an evidence map shows: its cells, and the names of rows and columns."""

    def __init__(self, data: pd.DataFrame, language: str):
        row, column = f"row_{require_language(language)}", f"column_{language}"
        require_rows(
            data,
            ("row", row, "column", column, "cited", "practice", "claimed"),
            key=("row", "column"),
            counts=("practice", "claimed"),
            known={"cited": tuple(_CITED)},
            optional=("cited",),
        )
        require_one_value(data, "row", [row])
        require_one_value(data, "column", [column])
        self.rows = dict(zip(data["row"], map(sentence, data[row])))
        self.columns = dict(zip(data["column"], map(sentence, data[column])))
        found = {(r["row"], r["column"]): r for r in data.to_dict("records")}
        self.cells = []
        for i, name in enumerate(self.rows):
            for j, other in enumerate(self.columns):
                if (name, other) not in found:
                    raise PlottingError(
                        f"data, row {name!r}: no row for column {other!r}; "
                        "add it, with counts of 0 if there are no passages"
                    )
                record = found[name, other]
                cited = None if pd.isna(record["cited"]) else record["cited"]
                counts = int(record["practice"]), int(record["claimed"])
                self.cells.append(_Cell(i, j, cited, *counts))
        self.colours = [COLOURS.get(column, INK) for column in self.columns]
        used = {cell.cited for cell in self.cells}
        self.key = [
            (label(f"evidence_map.{cited}", language), style)
            for cited, style in _CITED.items()
            if cited in used
        ]
        dot = {"marker": "o", "linestyle": "none", "color": INK, "markersize": _DOT}
        for kind, style in (("practice", {}), ("claimed", {"markerfacecolor": PAPER})):
            if any(getattr(cell, kind) for cell in self.cells):
                self.key.append((label(f"evidence_map.{kind}", language), dot | style))

    def left(self, column: int, width: float) -> float:
        """Left edge of a column."""
        aside = widest(self.names(width), SMALL) + _BETWEEN
        return aside + column * (width - aside) / len(self.columns)

    def room(self, width: float) -> float:
        """Width of a column, without the gap that follows."""
        return self.left(1, width) - self.left(0, width) - _BETWEEN

    def per_line(self, width: float) -> int:
        """Dots in a line of a cell."""
        return max(1, int((self.room(width) - _SQUARE - _AFTER - _DOT) // _STEP) + 1)

    def names(self, width: float) -> list[list[str]]:
        """Lines of the name of each row."""
        return [wrapped(name, width * _ASIDE, SMALL) for name in self.rows.values()]

    def headers(self, width: float) -> list[list[str]]:
        """Lines of each header."""
        return [wrapped(name, self.room(width), SMALL) for name in self.columns.values()]

    def heights(self, width: float) -> list[float]:
        """Height of each row."""
        heights = []
        for i, lines in enumerate(self.names(width)):
            dots = max(c.practice + c.claimed for c in self.cells if c.row == i)
            high = max(-(-dots // self.per_line(width)) * _STEP, _SQUARE, _LINE * len(lines))
            heights.append(high + 2 * _PAD)
        return heights

    def top(self, width: float) -> float:
        """Where the first row begins."""
        key = key_height([text for text, _ in self.key], width - 1)
        return key + 12 + _LINE * max(map(len, self.headers(width))) + 10

    def height(self, width: float) -> float:
        return self.top(width) + sum(self.heights(width)) + 1

    def dots(self, cell: _Cell, left: float, middle: float, width: float) -> list[tuple]:
        """Centre of each dot of a cell, and whether it is full: line by line, practice first."""
        many, per_line = cell.practice + cell.claimed, self.per_line(width)
        first = middle - (-(-many // per_line) - 1) / 2 * _STEP
        x = left + _SQUARE + _AFTER + _DOT / 2
        return [
            (x + i % per_line * _STEP, first + i // per_line * _STEP, i < cell.practice) for i in range(many)
        ]


@documented
def evidence_map(data: pd.DataFrame, *, language: str = "en", ax: Axes | None = None) -> Axes:
    """Draw what an author cites for a claim, beside the passages that could have been cited.

    A row is a case, a column a claim. The square of a cell is the author's: full where the
    claim names the case, hatched where it names only the place that the case lies in, dashed
    where it names neither. The dots are ours, one for each passage of the case that speaks to
    the claim: full for practice, open for a claimed effect or aim.

    Parameters
    ----------
    data : pandas.DataFrame
        One row per cell, rows and columns in the order of their first cells, with ``row`` and
        ``column`` (keys; a dimension gives its dots their colour), ``cited`` (named, nearby,
        none; missing where there is no case to name), ``practice`` and ``claimed`` (counts of
        passages) and, as `language` says, ``row_en`` and ``column_en`` or ``row_zh`` and
        ``column_zh``.
    <texts>
    <ax>

    Returns
    -------
    <points>

    Raises
    ------
    PlottingError
        If a column, a value or a cell is missing, a cell occurs twice, or a count is none.

    See Also
    --------
    case_matrix : How much of each case has each code.
    argument_links : How claims hang together.

    Examples
    --------
    >>> cells = pd.DataFrame({
    ...     "row": ["Z01", "Z02"], "row_en": ["Haidian", "Beilin"],
    ...     "column": ["SUB", "SUB"], "column_en": ["co-governance", "co-governance"],
    ...     "cited": ["none", "none"], "practice": [8, 5], "claimed": [1, 2],
    ... })
    >>> ax = evidence_map(cells)
    """
    plan = _EvidenceMap(data, language)
    ax, width = axes_in_points(ax, plan.height)
    draw_key(ax, 1, 0, plan.key, width - 1)
    top, heights, room = plan.top(width), plan.heights(width), plan.room(width)
    for j, (lines, fill) in enumerate(zip(plan.headers(width), plan.colours)):
        left = plan.left(j, width)
        ax.add_patch(Rectangle((left, top - 6), room, 2.5, facecolor=fill))
        write_lines(ax, left, top - 10, lines, _LINE, at="last", size=SMALL)
    tops = [top + sum(heights[:i]) for i in range(len(heights) + 1)]
    for y in tops[1:]:
        ax.plot([0, width], [y, y], color=RULE, linewidth=0.6)
    for lines, y, high in zip(plan.names(width), tops, heights):
        write_lines(ax, 0, y + high / 2, lines, _LINE, at="middle", size=SMALL)
    for cell in plan.cells:
        left = plan.left(cell.column, width)
        middle = tops[cell.row] + heights[cell.row] / 2
        if cell.cited:
            corner = left + 0.5, middle - _SQUARE / 2
            ax.add_patch(Rectangle(corner, _SQUARE, _SQUARE, **_CITED[cell.cited]))
        fill = plan.colours[cell.column]
        for x, y, full in plan.dots(cell, left, middle, width):
            ax.add_patch(
                Circle(
                    (x, y),
                    _DOT / 2,
                    facecolor=fill if full else PAPER,
                    edgecolor=fill,
                    linewidth=1,
                )
            )
    return ax
