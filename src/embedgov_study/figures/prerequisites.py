"""Which chapters need which, and how long it takes to get there."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from embedgov.errors import PlottingError
from embedgov.plotting.key import draw_head, head_height
from embedgov.plotting.labels import require_language
from embedgov.plotting.layout import documented
from embedgov.plotting.palette import INK, PALE, PAPER, RULE, SHADES
from embedgov.plotting.rows import require_rows
from embedgov.plotting.text import text_width, widest, wrapped, write, write_lines
from embedgov.plotting.theme import BASE, SMALL, axes_in_points

from .labels import label

_ASIDE = 0.36  # of the width, the most that the names of the chapters may take
_ROW = 18  # of a row with one line, points
_LINE = 12
_STEP = 6.5  # from the column of one chapter to that of the next
_MARK = 5  # a square or a dot
_BAR = 8  # height of a bar
_AFTER = 10  # between the columns and the bars
_LEAST = 24  # the least room for the longest bar


class _Prerequisites:
    """What the figure shows: chapters in order, what each needs, and minutes."""

    def __init__(self, data: pd.DataFrame, needs: pd.DataFrame, language: str):
        name = f"label_{require_language(language)}"
        require_rows(data, ("chapter", name, "minutes"), key=("chapter",), counts=("minutes",))
        order = list(data["chapter"])
        self.labels = list(data[name])
        self.minutes = [int(minutes) for minutes in data["minutes"]]
        self.direct = [set() for _ in order]
        for chapter, needed in zip(needs["chapter"], needs["needed"]):
            for each in (chapter, needed):
                if each not in order:
                    raise PlottingError(
                        f"needs holds {each!r}, but data['chapter'] only {', '.join(map(str, order))}"
                    )
            row, before = order.index(chapter), order.index(needed)
            if before >= row:
                raise PlottingError(
                    f"needs: {chapter!r} needs {needed!r}, which does not come "
                    "before it in data; put it there"
                )
            self.direct[row].add(before)
        self.all = []  # with what is needed by what is needed; all that comes before is known
        for own in self.direct:
            self.all.append(own.union(*(self.all[before] for before in own)))
        self.before = [sum(self.minutes[each] for each in needed) for needed in self.all]
        self.note = label("prerequisites.note", language)
        dot = {"color": "none", "marker": "o", "markersize": _MARK, "markeredgecolor": INK}
        self.key = [
            (label("prerequisites.needs", language), dot | {"markerfacecolor": INK}),
            (label("prerequisites.through", language), dot | {"markerfacecolor": PAPER}),
            (label("prerequisites.own", language), {"facecolor": INK}),
            (label("prerequisites.before", language), {"facecolor": SHADES[2]}),
        ]

    def names(self, width: float) -> list[list[str]]:
        """Lines of the name of each chapter."""
        return [wrapped(text, width * _ASIDE, BASE) for text in self.labels]

    def column(self, chapter: int, width: float) -> float:
        """Middle of the column of a chapter."""
        return widest(self.names(width)) + 8 + _STEP * (chapter + 0.5)

    def bars(self, width: float) -> tuple[float, float]:
        """Left edge of the bars, and points for a minute."""
        left = self.column(len(self.labels) - 1, width) + _STEP / 2 + _AFTER
        longest = max(own + before for own, before in zip(self.minutes, self.before))
        room = width - left - text_width(str(longest), SMALL) - 4
        if room < _LEAST:
            raise PlottingError(
                f"the columns of {len(self.labels)} chapters leave no room for bars "
                f"at a width of {width / 72:.1f} inches; pass wider Axes"
            )
        return left, room / max(longest, 1)

    def tops(self, width: float) -> list[float]:
        """Upper edge of each row and, at the end, of what follows the last."""
        tops = [head_height(self.note, self.key, width) + 8]
        for lines in self.names(width):
            tops.append(tops[-1] + _ROW + _LINE * (len(lines) - 1))
        return tops

    def height(self, width: float) -> float:
        return self.tops(width)[-1]


@documented
def prerequisites(
    data: pd.DataFrame, *, needs: pd.DataFrame, language: str = "en", ax: Axes | None = None
) -> Axes:
    """Draw which chapters need which, and the minutes of each with those of what it needs.

    A row is a chapter, in order; its square stands on the diagonal, and a line leads down from it.
    A dot on that line stands in the row of a chapter that needs it: full if it says so, open if it
    needs it through another.
    At the right are the minutes of the chapter, and before them those of all that it needs.

    Parameters
    ----------
    data : pandas.DataFrame
        One row per chapter, in order, with ``chapter`` (a key), ``minutes`` (a count) and, as
        `language` says, ``label_en`` or ``label_zh``.
    needs : pandas.DataFrame
        One row per ``chapter`` and ``needed``, a chapter that comes before it.
    <texts>
    <ax>

    Returns
    -------
    <points>

    Raises
    ------
    PlottingError
        If a column or label is missing, a chapter occurs twice or is unknown, or needs one that
        does not come before it.

    Examples
    --------
    >>> chapters = pd.DataFrame({
    ...     "chapter": ["one", "two"], "label_en": ["One", "Two"], "minutes": [10, 20],
    ... })
    >>> ax = prerequisites(chapters, needs=pd.DataFrame({"chapter": ["two"], "needed": ["one"]}))
    """
    plan = _Prerequisites(data, needs, language)
    ax, width = axes_in_points(ax, plan.height)
    draw_head(ax, plan.note, plan.key, width)
    tops, (left, minute) = plan.tops(width), plan.bars(width)
    middles = [(top + bottom) / 2 for top, bottom in zip(tops, tops[1:])]
    for row, (lines, y) in enumerate(zip(plan.names(width), middles)):
        if row % 2:
            high = tops[row + 1] - tops[row]
            ax.add_patch(Rectangle((0, tops[row]), width, high, facecolor=PALE, zorder=0))
        write_lines(ax, 0, y, lines, _LINE, at="middle", size=BASE)
        users = [later for later, needed in enumerate(plan.all) if row in needed]
        x = plan.column(row, width)
        if users:
            ax.add_line(Line2D([x, x], [y, middles[users[-1]]], color=RULE, linewidth=1, zorder=1))
        square = {"facecolor": INK, "zorder": 2}
        ax.add_patch(Rectangle((x - _MARK / 2, y - _MARK / 2), _MARK, _MARK, **square))
        for before in plan.all[row]:
            fill = INK if before in plan.direct[row] else PAPER
            ax.add_line(
                Line2D(
                    [plan.column(before, width)],
                    [y],
                    **plan.key[0][1] | {"markerfacecolor": fill, "zorder": 2},
                )
            )
        start = left + plan.before[row] * minute
        end = start + plan.minutes[row] * minute
        ax.add_patch(Rectangle((left, y - _BAR / 2), start - left, _BAR, facecolor=SHADES[2]))
        ax.add_patch(Rectangle((start, y - _BAR / 2), end - start, _BAR, facecolor=INK))
        total = str(plan.before[row] + plan.minutes[row])
        write(ax, end + 3, y, total, size=SMALL, va="center_baseline")
    return ax
