"""Cases by dimensions, in words."""

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from embedgov.errors import PlottingError
from embedgov.plotting.labels import require_language
from embedgov.plotting.layout import documented
from embedgov.plotting.palette import INK, MUTED, PALE, RULE
from embedgov.plotting.rows import require_one_value, require_rows
from embedgov.plotting.text import sentence, wrapped, write, write_lines
from embedgov.plotting.theme import SMALL, axes_in_points

from ..palette import DIMENSIONS, colour
from .labels import label

_ASIDE = 0.19  # of the width, for the names of the cases
_GAP = 5  # between columns
_PAD = 4
_LINE = 11.5


@dataclass(frozen=True)
class _Cell:
    case: int
    column: int
    text: str


class _Board:
    """What the board shows: a few words in each cell that has any."""

    def __init__(self, data: pd.DataFrame, language: str):
        case, column, words = columns = [
            f"{each}_{require_language(language)}" for each in ("case", "dimension", "words")
        ]
        require_rows(
            data, (*columns, "dimension", "told"), key=(case, "dimension"), known={"dimension": DIMENSIONS}
        )
        require_one_value(data, case, ["told"])
        if not set(data["told"]) <= set(DIMENSIONS):
            raise PlottingError(
                f"data, column 'told': {sorted(set(data['told']) - set(DIMENSIONS))}; "
                f"expected one of {', '.join(DIMENSIONS)}"
            )
        self.codes = [code for code in DIMENSIONS if code in set(data["dimension"])]
        names = dict(zip(data["dimension"], data[column]))
        self.heads = [sentence(names[code]) for code in self.codes]
        self.cases = list(dict.fromkeys(data[case]))
        self.cells = [
            _Cell(
                self.cases.index(row[case]),
                self.codes.index(row["dimension"]),
                sentence(row[words]),
            )
            for row in data.to_dict("records")
        ]
        told = data.drop_duplicates(case).set_index(case)["told"]
        self.own = [told[name] for name in self.cases]  # under which dimension each is told
        self.note = label("board.note", language)

    def note_lines(self, width: float) -> list[str]:
        return wrapped(self.note, width, SMALL)

    def aside(self, width: float) -> float:
        return width * _ASIDE

    def wide(self, width: float) -> float:
        return (width - 1 - self.aside(width) + _GAP) / len(self.codes) - _GAP

    def left(self, column: int, width: float) -> float:
        return self.aside(width) + column * (self.wide(width) + _GAP)

    def names(self, width: float) -> list[list[str]]:
        return [wrapped(name, self.aside(width) - _PAD, SMALL, "bold") for name in self.cases]

    def lines(self, cell: _Cell, width: float) -> list[str]:
        return wrapped(cell.text, self.wide(width) - 2 * _PAD, SMALL)

    def tops(self, width: float) -> list[float]:
        """Upper edges of the rows and, last, where the board ends."""
        tops = [_LINE * len(self.note_lines(width)) + 26]
        for i, name in enumerate(self.names(width)):
            most = max((len(self.lines(c, width)) for c in self.cells if c.case == i), default=1)
            tops.append(tops[-1] + _LINE * max(most, len(name)) + 2 * _PAD)
        return tops

    def height(self, width: float) -> float:
        return self.tops(width)[-1] + 1


@documented
def board(data: pd.DataFrame, *, language: str = "en", ax: Axes | None = None) -> Axes:
    """Draw cases by dimensions, a few words in each cell.

    A row is a case, a column a dimension. The cell of the dimension under which the case is told
    has a bar of that dimension's colour; where a case has nothing, there is a dash.

    Parameters
    ----------
    data : pandas.DataFrame
        One row per cell that has words, with ``dimension`` and ``told`` (codes of dimensions) and, as
        `language` says, ``case_en``, ``dimension_en`` and ``words_en`` or the same with ``_zh``.
        Cases keep the order of their first rows.
    <texts>
    <ax>

    Returns
    -------
    <points>

    Raises
    ------
    PlottingError
        If a column or text is missing, a cell occurs twice, or a dimension is unknown.

    Examples
    --------
    >>> cells = pd.DataFrame({
    ...     "case_en": ["Haidian", "Haidian"], "told": ["SUB", "SUB"], "dimension": ["SUB", "INS"],
    ...     "dimension_en": ["subject", "institution"], "words_en": ["six bodies", "duties fixed"],
    ... })
    >>> ax = board(cells)
    """
    plan = _Board(data, language)
    ax, width = axes_in_points(ax, plan.height)
    wide, tops = plan.wide(width), plan.tops(width)
    write_lines(ax, 0, 9, plan.note_lines(width), _LINE, size=SMALL, color=MUTED)
    for column, (code, head) in enumerate(zip(plan.codes, plan.heads)):
        left = plan.left(column, width)
        write(ax, left + _PAD, tops[0] - 8, head, size=SMALL, weight="bold", color=INK)
        ax.plot([left, left + wide], [tops[0] - 3] * 2, color=colour(code), linewidth=2)
    taken = {(cell.case, cell.column): cell for cell in plan.cells}
    for i, name in enumerate(plan.names(width)):
        top, high = tops[i], tops[i + 1] - tops[i]
        if i:
            ax.plot([0, width], [top] * 2, color=RULE, linewidth=0.6)
        write_lines(ax, 0, top + _PAD + 8, name, _LINE, size=SMALL, weight="bold")
        for column, code in enumerate(plan.codes):
            left, cell = plan.left(column, width), taken.get((i, column))
            if plan.own[i] == code:
                ax.add_patch(Rectangle((left, top + 1), wide, high - 2, facecolor=PALE, zorder=0))
                ax.add_patch(Rectangle((left, top + 1), 2, high - 2, facecolor=colour(code)))
            if cell is None:
                write(ax, left + _PAD, top + _PAD + 8, "–", size=SMALL, color=MUTED)
                continue
            write_lines(ax, left + _PAD + 1, top + _PAD + 8, plan.lines(cell, width), _LINE, size=SMALL)
    return ax
