"""Codes by groups: which share of each group has each code."""

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from ..errors import PlottingError
from .key import draw_head, head_height
from .labels import label, require_language
from .palette import MUTED, PALE, PAPER, RULE, colour
from .rows import require_one_value, require_rows
from .text import sentence, text_width, widest, wrapped, write, write_lines
from .theme import BASE, SMALL, Style, axes_in_points

_FULL = 20  # height of a share of 1, points
_COUNT = 12  # of the line with the count above it
_ROW_GAP = 9
_GAP = 8  # between columns
_LINE = 12
_ASIDE = 0.3  # of the width, the most that the names of the codes may take


@dataclass(frozen=True)
class _Cell:
    row: int
    column: int
    text: str
    share: float


class _Shares:
    """What the figure shows: cells with their shares, names of rows and columns, the key."""

    def __init__(self, data: pd.DataFrame, language: str):
        code, group = f"code_{require_language(language)}", f"group_{language}"
        basis = f"basis_{language}"
        require_rows(
            data,
            ("code", code, "group", group, "apart", basis, "count", "total"),
            key=("code", "group", "apart"),
            counts=("count", "total"),
            known={"apart": (True, False)},
        )
        require_one_value(data, "code", [code])
        require_one_value(data, "group", [group])
        require_one_value(data, "apart", [basis])
        require_one_value(data, basis, ["apart"])
        self.rows = dict(zip(data["code"], map(sentence, data[code])))
        places = list(zip(data["group"], data["apart"]))
        self.columns = dict(zip(places, map(sentence, data[group])))
        found = dict(zip(zip(data["code"], places), data.to_dict("records")))
        self.cells = []
        for i, row in enumerate(self.rows):
            for j, (name, apart) in enumerate(self.columns):
                if (row, (name, apart)) not in found:
                    raise PlottingError(
                        f"data, code {row!r}: no row for group {name!r}, apart {apart}; "
                        "add it, with a count of 0 if no unit has the code"
                    )
                self.cells.append(_cell(i, j, found[row, (name, apart)]))
        bases = dict(zip(data[basis], data["apart"]))
        self.key = [(sentence(text), _style(MUTED, apart)) for text, apart in bases.items()]
        self.note = label("shares.note", language)

    def style(self, cell: _Cell) -> Style:
        """Of the bar: the colour of its group, hatched if its basis is set apart."""
        group, apart = list(self.columns)[cell.column]
        return _style(colour(group), apart)

    def names(self, width: float) -> list[list[str]]:
        """Lines of the name of each code."""
        return [wrapped(name, width * _ASIDE, BASE) for name in self.rows.values()]

    def aside(self, width: float) -> float:
        """Where the first column begins when the figure is `width` points wide."""
        return widest(self.names(width)) + _GAP

    def wide(self, width: float) -> float:
        """Width of a column."""
        wide = (width - self.aside(width) + _GAP) / len(self.columns) - _GAP
        longest = max((cell.text for cell in self.cells), key=lambda text: text_width(text, SMALL))
        if text_width(longest, SMALL) > wide + _GAP - 3:
            raise PlottingError(
                f"the text {longest!r} does not fit a column {wide:.0f} points wide; "
                f"draw fewer than {len(self.columns)} groups or pass wider Axes"
            )
        return wide

    def headers(self, width: float) -> list[list[str]]:
        """Lines of the name of each group."""
        return [wrapped(name, self.wide(width) + _GAP - 3, SMALL) for name in self.columns.values()]

    def row_height(self, width: float) -> float:
        """From one row to the next; the same for all, so that heights compare."""
        most = max(map(len, self.names(width)))
        return max(_COUNT + _FULL, _LINE * most + 2) + _ROW_GAP

    def top(self, width: float) -> float:
        """Where the first row begins."""
        head = head_height(self.note, self.key, width)
        return head + _LINE * max(map(len, self.headers(width))) + 8

    def height(self, width: float) -> float:
        return self.top(width) + self.row_height(width) * len(self.rows)


def _cell(row: int, column: int, record: dict) -> _Cell:
    count, total = int(record["count"]), int(record["total"])
    if count > total or not total:
        raise PlottingError(
            f"data, code {record['code']!r}, group {record['group']!r}: count is {count}, "
            f"total is {total}; expected a total from 1 and a count of at most the total"
        )
    return _Cell(row, column, f"{count}/{total}", count / total)


def _style(fill: str, apart: bool) -> Style:
    hatched = {"facecolor": PAPER, "hatch": "/////"} if apart else {"facecolor": fill}
    return hatched | {"edgecolor": fill, "linewidth": 1}


def shares(data: pd.DataFrame, *, language: str = "en", ax: Axes | None = None) -> Axes:
    """Draw which share of each group has each code, group beside group.

    A row is a code, a column a group.
    A bar fills its pale ground in proportion to the share of the group's units with the code,
    so that heights compare along a row and along a column; the count stands above it.
    Columns that compare with the others only with care are set apart by hatching; a group may
    have one of each.

    Parameters
    ----------
    data : pandas.DataFrame
        One row per bar, codes and columns in the order of their first rows, with ``code`` and
        ``group`` (keys; a group may have a colour), ``apart`` (whether the column is hatched),
        ``count`` and ``total`` (units), and, as `language` says, ``code_en``, ``group_en`` and
        ``basis_en`` (what the units of a column are) or ``code_zh``, ``group_zh`` and
        ``basis_zh``.
    language : {"en", "zh"}
        Language of the texts.
    ax : matplotlib.axes.Axes, optional
        Axes to draw on; a new figure by default.

    Returns
    -------
    matplotlib.axes.Axes
        The Axes; a data unit is a point, counted from the upper left corner.

    Raises
    ------
    PlottingError
        If a column, a value or a bar is missing, a bar occurs twice, there are more than two
        bases or one is both set apart and not, or a count exceeds its total.

    See Also
    --------
    case_matrix : Many cases by codes, with shades for shares.

    Examples
    --------
    >>> bars = pd.DataFrame({
    ...     "code": ["roads", "roads"], "code_en": ["roads"] * 2, "group": [2030, 2031],
    ...     "group_en": ["2030", "2031"], "basis_en": ["title only", "whole petition"],
    ...     "apart": [True, False], "count": [19, 33], "total": [31, 40],
    ... })
    >>> ax = shares(bars)
    """
    plan = _Shares(data, language)
    ax, width = axes_in_points(ax, plan.height)
    aside, wide, top = plan.aside(width), plan.wide(width), plan.top(width)
    draw_head(ax, plan.note, plan.key, width)
    for i, lines in enumerate(plan.headers(width)):
        x = aside + i * (wide + _GAP) + wide / 2
        write_lines(ax, x, top - 5, lines, _LINE, at="last", size=SMALL, ha="center")
    high = plan.row_height(width)
    for i, lines in enumerate(plan.names(width)):
        middle = top + i * high + (high - _ROW_GAP) / 2 + _COUNT / 2 * (len(lines) < 3)
        write_lines(ax, 0, middle, lines, _LINE, at="middle", size=BASE)
    for cell in plan.cells:
        x, base = aside + cell.column * (wide + _GAP), top + (cell.row + 1) * high - _ROW_GAP
        write(ax, x + wide / 2, base - _FULL - 3, cell.text, size=SMALL, ha="center")
        ax.add_patch(Rectangle((x, base - _FULL), wide, _FULL, facecolor=PALE))
        if cell.share:
            part = cell.share * _FULL
            ax.add_patch(Rectangle((x, base - part), wide, part, **plan.style(cell)))
        ax.plot([x, x + wide], [base, base], color=RULE, linewidth=0.8)
    return ax
