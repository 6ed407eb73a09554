"""Cases by codes: how much of each case has each code."""

from dataclasses import dataclass
from math import isclose

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from ..errors import PlottingError
from .key import draw_head, head_height
from .labels import label, require_language
from .palette import INK, MUTED, PAPER, RULE, SHADES, STEPS, colour, shade, text_colour
from .rows import require_numbers, require_one_value, require_rows
from .text import sentence, text_width, widest, wrapped, write, write_lines
from .theme import BASE, SMALL, Style, axes_in_points

_HIGH = 21  # of a cell, points
_GAP = 6  # room between cells, for the outline
_EDGE = 3  # and beside the last
_LINE = 12
_ASIDE = 0.32  # of the width, the most that the names of the rows may take
_UPRIGHT = 96  # points, the most that a header may rise when it is turned
_OUTLINE: Style = {"facecolor": "none", "edgecolor": INK, "linewidth": 1.8}
_MISSING: Style = {"facecolor": PAPER, "edgecolor": MUTED, "linewidth": 0.8, "linestyle": (0, (2, 2))}


@dataclass(frozen=True)
class _Cell:
    row: int
    column: int
    text: str
    style: Style
    ink: str
    marked: bool


class _CaseMatrix:
    """What a case matrix shows: cells, their texts and shades, names of rows and columns."""

    def __init__(self, data: pd.DataFrame, language: str):
        row, code = f"row_{require_language(language)}", f"code_{language}"
        require_rows(
            data,
            ("row", row, "code", code, "share", "count", "total", "marked"),
            key=("row", "code"),
            counts=("count", "total"),
            known={"marked": (True, False)},
            optional=("share", "count", "total"),
        )
        require_numbers(data, ["share"], least=0, most=1, optional=["share"])
        require_one_value(data, "row", [row])
        require_one_value(data, "code", [code])
        self.rows = dict(zip(data["row"], map(sentence, data[row])))
        self.columns = dict(zip(data["code"], map(sentence, data[code])))
        found = dict(zip(zip(data["row"], data["code"]), data.to_dict("records")))
        self.cells = []
        for i, name in enumerate(self.rows):
            for j, column in enumerate(self.columns):
                if (name, column) not in found:
                    raise PlottingError(
                        f"data, row {name!r}: no row for code {column!r}; "
                        "add it, with a missing share if there is none"
                    )
                self.cells.append(_cell(i, j, found[name, column]))
        self.stripes = [colour(column, RULE) for column in self.columns]
        steps = ["0", *(f"≤ {step:.0%}" for step in STEPS[1:])]
        self.key = [
            (text, {"facecolor": fill, "edgecolor": RULE, "linewidth": 0.6})
            for text, fill in zip(steps, SHADES)
        ]
        if any(cell.marked for cell in self.cells):
            self.key.append((label("case_matrix.marked", language), _OUTLINE))
        if any(cell.style is _MISSING for cell in self.cells):
            self.key.append((label("case_matrix.missing", language), _MISSING))
        self.note = label("case_matrix.note", language)

    def aside(self, width: float) -> float:
        """Width of the names of the rows when the matrix is `width` points wide."""
        return widest(self.names(width)) + 10

    def wide(self, width: float) -> float:
        """Width of a cell."""
        return (width - _EDGE - self.aside(width) + _GAP) / len(self.columns) - _GAP

    def size(self, width: float) -> float:
        """Largest size at which every text fits its cell."""
        longest = max((cell.text for cell in self.cells), key=text_width)
        for size in (BASE, SMALL):
            if text_width(longest, size) <= self.wide(width) - 4:
                return size
        raise PlottingError(
            f"the text {longest!r} does not fit a cell {self.wide(width):.0f} points wide; "
            f"draw fewer than {len(self.columns)} codes or pass wider Axes"
        )

    def upright(self, width: float) -> bool:
        """Whether headers are turned, since a word is wider than its column."""
        words = " ".join(self.columns.values()).split()
        return any(len(wrapped(word, self.wide(width) + _GAP - 2, SMALL)) > 1 for word in words)

    def headers(self, width: float) -> list[list[str]]:
        """Lines of each header."""
        room = _UPRIGHT if self.upright(width) else self.wide(width) + _GAP - 2
        return [wrapped(name, room, SMALL) for name in self.columns.values()]

    def header_height(self, width: float) -> float:
        headers = self.headers(width)
        if self.upright(width):
            return max(text_width(line, SMALL) for lines in headers for line in lines) + 10
        return _LINE * max(map(len, headers)) + 8

    def names(self, width: float) -> list[list[str]]:
        """Lines of the name of each row."""
        return [wrapped(name, width * _ASIDE, BASE) for name in self.rows.values()]

    def heights(self, width: float) -> list[float]:
        """Height of each row, without the gap that follows."""
        return [max(_HIGH, _LINE * len(lines) + 2) for lines in self.names(width)]

    def top(self, width: float) -> float:
        """Where the first row begins."""
        head = head_height(self.note, self.key, width)
        return head + 10 + self.header_height(width)

    def height(self, width: float) -> float:
        return self.top(width) + sum(self.heights(width)) + _GAP * (len(self.rows) - 1) + _EDGE


def _cell(row: int, column: int, record: dict) -> _Cell:
    share, count, total = (record[name] for name in ("share", "count", "total"))
    where = f"data, row {record['row']!r}, code {record['code']!r}"
    if pd.isna(share):
        return _Cell(row, column, "–", _MISSING, MUTED, bool(record["marked"]))
    if pd.isna(count) or pd.isna(total):
        raise PlottingError(
            f"{where}: share is {share!r}, count is {count!r}, total is {total!r}; "
            "expected all three or no share"
        )
    if count > total or not total or not isclose(share, count / total, abs_tol=0.005):
        raise PlottingError(
            f"{where}: share is {share!r}, but count {count} of total {total}; expected share = count / total"
        )
    fill = shade(count / total)
    style: Style = {"facecolor": fill, "edgecolor": RULE, "linewidth": 0 if count else 0.6}
    text = f"{int(count)}/{int(total)}"
    return _Cell(row, column, text, style, text_colour(fill), bool(record["marked"]))


def case_matrix(data: pd.DataFrame, *, language: str = "en", ax: Axes | None = None) -> Axes:
    """Draw how much of each case has each code.

    A row is a case or a group of cases, a column a code.
    A cell says how many of the units of the case have the code, and is the darker the larger
    their share; where there is no share the cell is empty and dashed, not 0.
    A heavy outline is where a publication places the case.

    Parameters
    ----------
    data : pandas.DataFrame
        One row per cell, rows and columns in the order of their first cells, with ``row`` and
        ``code`` (keys; a code that has a colour shows it above the column), ``share``
        (count / total, may be missing), ``count``, ``total``, ``marked`` (whether the publication
        places the case there) and, as `language` says, ``row_en`` and ``code_en`` or
        ``row_zh`` and ``code_zh``.
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
    co_occurrence : Codes by codes.

    Examples
    --------
    >>> cells = pd.DataFrame({
    ...     "row": ["N", "N"], "row_en": ["North", "North"],
    ...     "code": ["schools", "roads"], "code_en": ["schools", "roads"],
    ...     "share": [1, 0.25], "count": [8, 2], "total": [8, 8], "marked": [True, False],
    ... })
    >>> ax = case_matrix(cells)
    """
    plan = _CaseMatrix(data, language)
    ax, width = axes_in_points(ax, plan.height)
    aside, wide, size = plan.aside(width), plan.wide(width), plan.size(width)
    draw_head(ax, plan.note, plan.key, width)
    top, heights = plan.top(width), plan.heights(width)
    _draw_headers(ax, plan, width, top)
    tops = [top + sum(heights[:i]) + _GAP * i for i in range(len(heights))]
    for lines, y, high in zip(plan.names(width), tops, heights):
        write_lines(ax, 0, y + high / 2, lines, _LINE, at="middle", size=BASE)
    for cell in plan.cells:
        x, y, high = aside + cell.column * (wide + _GAP), tops[cell.row], heights[cell.row]
        ax.add_patch(Rectangle((x, y), wide, high, **cell.style))
        if cell.marked:
            around = (x - 1.75, y - 1.75), wide + 3.5, high + 3.5
            ax.add_patch(Rectangle(*around, **_OUTLINE, joinstyle="miter"))
        write(
            ax,
            x + wide / 2,
            y + high / 2,
            cell.text,
            size=size,
            color=cell.ink,
            ha="center",
            va="center_baseline",
        )
    return ax


def _draw_headers(ax: Axes, plan: _CaseMatrix, width: float, top: float) -> None:
    aside, wide = plan.aside(width), plan.wide(width)
    upright = plan.upright(width)
    for i, (lines, stripe) in enumerate(zip(plan.headers(width), plan.stripes)):
        left = aside + i * (wide + _GAP)
        ax.add_patch(Rectangle((left, top - 7), wide, 2.5, facecolor=stripe))
        for j, line in enumerate(lines):
            if upright:
                x = left + wide / 2 + (j - (len(lines) - 1) / 2) * _LINE
                write(
                    ax,
                    x,
                    top - 10,
                    line,
                    size=SMALL,
                    rotation=90,
                    ha="center",
                    va="bottom",
                    rotation_mode="default",
                )
            else:
                y = top - 11 - (len(lines) - 1 - j) * _LINE
                write(ax, left + wide / 2, y, line, size=SMALL, ha="center")
