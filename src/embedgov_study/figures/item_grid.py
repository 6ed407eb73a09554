"""What is named, where: boxes in the cells of a grid, stacked or chained from left to right."""

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch, Rectangle

from embedgov.errors import PlottingError
from embedgov.plotting.key import draw_key, key_height
from embedgov.plotting.labels import require_language
from embedgov.plotting.layout import documented
from embedgov.plotting.palette import INK, MUTED, PAPER, RULE, SHADES
from embedgov.plotting.rows import require_one_value, require_rows
from embedgov.plotting.text import sentence, wrapped, write, write_lines
from embedgov.plotting.theme import SMALL, axes_in_points

_STATES = {
    "solid": {"facecolor": SHADES[1], "edgecolor": SHADES[1], "linewidth": 1},
    "open": {"facecolor": PAPER, "edgecolor": INK, "linewidth": 1},
    "dashed": {
        "facecolor": PAPER,
        "edgecolor": MUTED,
        "linewidth": 1,
        "linestyle": (0, (3, 2)),
    },
}
_GUTTER = 7  # points between columns
_CHAINED = 15  # the same, with room for an arrow
_PAD = 5
_LINE = 11.5
_APART = 4  # between boxes of a cell, and between rows
_HEADING = 20
_EDGE = 1


@dataclass(frozen=True)
class _Item:
    text: str
    state: str


class _ItemGrid:
    """What a grid of items shows: groups of rows, columns, and the boxes of each cell."""

    def __init__(self, data: pd.DataFrame, chained: bool, language: str):
        group, column, item, state = (
            f"{name}_{require_language(language)}" for name in ("group", "column", "item", "state")
        )
        require_rows(
            data,
            ("group", group, "row", "column", column, item, "state", state),
            key=("group", "row", "column", item),
            known={"state": tuple(_STATES)},
        )
        for name, text in (("group", group), ("column", column), ("state", state)):
            require_one_value(data, name, [text])
        self.groups = dict(zip(data["group"], map(sentence, data[group])))
        self.columns = dict(zip(data["column"], map(sentence, data[column])))
        texts = dict(zip(data["state"], data[state]))
        self.key = [(texts[name], style) for name, style in _STATES.items() if name in texts]
        cells = {}
        for each in zip(*(data[c] for c in ("group", "row", "column", item, "state"))):
            cells.setdefault(each[:2], {}).setdefault(each[2], []).append(_Item(sentence(each[3]), each[4]))
        self.rows = [  # group and cells of each row, the rows of a group together
            (group, [found.get(column, []) for column in self.columns])
            for group in self.groups
            for (of, _), found in cells.items()
            if of == group
        ]
        self.chained = chained
        if chained:
            for (group, row), found in cells.items():
                for column in self.columns:
                    if len(found.get(column, [])) != 1:
                        raise PlottingError(
                            f"data, group {group!r}, row {row!r}, column {column!r}: "
                            f"{len(found.get(column, []))} items; a chain needs exactly one: "
                            "add or merge items, or leave chained out"
                        )

    def places(self, width: float) -> list[tuple[float, float]]:
        """Left edge and width of each column."""
        gutter, count = _CHAINED if self.chained else _GUTTER, len(self.columns)
        wide = (width - 2 * _EDGE - gutter * (count - 1)) / count
        return [(_EDGE + i * (wide + gutter), wide) for i in range(count)]

    def lines(self, text: str, width: float) -> list[str]:
        return wrapped(text, self.places(width)[0][1] - 2 * _PAD, SMALL)

    def box_height(self, item: _Item, width: float) -> float:
        return _LINE * len(self.lines(item.text, width)) + 2 * _PAD - 2

    def row_height(self, cells: list[list[_Item]], width: float) -> float:
        return max(sum(self.box_height(item, width) + _APART for item in cell) - _APART for cell in cells)

    def header_lines(self, width: float) -> list[list[str]]:
        wide = self.places(width)[0][1]
        return [wrapped(name, wide, SMALL, "bold") for name in self.columns.values()]

    def top(self, width: float) -> float:
        """Where the first group begins."""
        key = key_height([text for text, _ in self.key], width - _EDGE)
        return key + 8 + _LINE * max(map(len, self.header_lines(width)))

    def tops(self, width: float) -> tuple[dict[str, float], list[float]]:
        """Upper edge of each group's heading and of each row, and at the end of what follows."""
        headings, rows, y = {}, [], self.top(width)
        for group, cells in self.rows:
            if group not in headings:
                headings[group] = y
                y += _HEADING
            rows.append(y)
            y += self.row_height(cells, width) + _APART
        return headings, [*rows, y]

    def height(self, width: float) -> float:
        return self.tops(width)[1][-1]

    def boxes(self, width: float) -> list[tuple[_Item, float, float, float, float]]:
        """Each item with left edge, upper edge, width and height of its box, row by row."""
        boxes = []
        for (_, cells), top in zip(self.rows, self.tops(width)[1]):
            for cell, (left, wide) in zip(cells, self.places(width)):
                y = top
                for item in cell:
                    high = self.box_height(item, width)
                    if self.chained:  # boxes of a chain are equally high
                        high = self.row_height(cells, width)
                    boxes.append((item, left, y, wide, high))
                    y += high + _APART
        return boxes


@documented
def item_grid(
    data: pd.DataFrame, *, chained: bool = False, language: str = "en", ax: Axes | None = None
) -> Axes:
    """Draw what is named in each cell of a grid, a box for each item.

    Rows stand in groups under a heading. Items of one cell are stacked; a cell without any is
    blank. The style of a box is its state: solid, open or dashed, as the key explains.
    In a chained grid every cell holds one item and arrows lead along the row.

    Parameters
    ----------
    data : pandas.DataFrame
        One row per item, groups, rows and columns in the order of their first items, with
        ``group``, ``row`` and ``column`` (keys; a row belongs to its group), ``state`` (solid,
        open, dashed) and, as `language` says, ``group_en``, ``column_en``, ``item_en`` and
        ``state_en`` (what the state means, for the key), or the same with ``_zh``.
    chained : bool
        Whether arrows lead from each item to the next of its row.
    <texts>
    <ax>

    Returns
    -------
    <points>

    Raises
    ------
    PlottingError
        If a column or value is missing, an item occurs twice in a cell, a state is unknown or
        explained in two ways, or a cell of a chained grid does not hold exactly one item.

    See Also
    --------
    case_matrix : How much of each case has each code.

    Examples
    --------
    >>> items = pd.DataFrame({
    ...     "group": ["online", "online"], "group_en": ["online channels"] * 2, "row": [1, 1],
    ...     "column": ["Z10", "Z12"], "column_en": ["Gulou", "Xixiu"],
    ...     "item_en": ["WeChat circle", "QQ group"],
    ...     "state": ["solid", "open"], "state_en": ["coded", "not coded"],
    ... })
    >>> ax = item_grid(items)
    """
    plan = _ItemGrid(data, chained, language)
    ax, width = axes_in_points(ax, plan.height)
    draw_key(ax, _EDGE, 0, plan.key, width - _EDGE)
    headers, places = plan.header_lines(width), plan.places(width)
    for lines, (left, _) in zip(headers, places):
        style = {"size": SMALL, "weight": "bold", "color": MUTED}
        write_lines(ax, left, plan.top(width) - 4, lines, _LINE, at="last", **style)
    for group, top in plan.tops(width)[0].items():
        ax.plot([0, width], [top + 2, top + 2], color=RULE, linewidth=0.8)
        write(ax, _EDGE, top + 14, plan.groups[group], size=SMALL, weight="bold")
    boxes = plan.boxes(width)
    for item, left, top, wide, high in boxes:
        ax.add_patch(Rectangle((left, top), wide, high, **_STATES[item.state]))
        lines = plan.lines(item.text, width)
        ink = MUTED if item.state == "dashed" else INK
        style = {"at": "middle", "size": SMALL, "color": ink}
        write_lines(ax, left + _PAD, top + high / 2, lines, _LINE, **style)
    if chained:
        style = {"arrowstyle": "-|>", "mutation_scale": 7, "color": INK, "linewidth": 1}
        for (_, left, top, wide, high), (_, to, *_) in zip(boxes, boxes[1:]):
            if to > left:  # the next box is in the same row
                ends = (left + wide + 1, top + high / 2), (to - 1, top + high / 2)
                ax.add_patch(FancyArrowPatch(*ends, shrinkA=0, shrinkB=0, **style))
    return ax
