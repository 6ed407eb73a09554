"""Counts of labels that overlap, each against the same total."""

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from ..errors import PlottingError
from .key import draw_key, key_height
from .labels import label, require_language
from .palette import MUTED, PALE, PAPER, colour
from .rows import is_count, require_rows
from .text import sentence, text_width, wrapped, write, write_lines
from .theme import BASE, SMALL, Style, axes_in_points

_BAR = 13  # points
_LINE = 13
_ROW_GAP = 9
_AXIS = 34
# A solid bar, a hatched one, an outline: one for each basis, in the order of their first rows.
_PATTERNS = (
    lambda fill: {"facecolor": fill, "edgecolor": fill, "linewidth": 1.2},
    lambda fill: {"facecolor": PAPER, "edgecolor": fill, "linewidth": 1.2, "hatch": "/////"},
    lambda fill: {"facecolor": PAPER, "edgecolor": fill, "linewidth": 1.2},
)


@dataclass(frozen=True)
class _Bar:
    code: str
    label: str
    count: int
    basis: str
    value: str
    style: Style


class _MarginBars:
    """What margin bars show: bars, their texts and patterns, and the scale."""

    def __init__(self, data: pd.DataFrame, total: int, language: str):
        name, basis = f"label_{require_language(language)}", f"basis_{language}"
        require_rows(
            data,
            ("code", name, "count", basis),
            key=("code", basis),
            counts=("count",),
        )
        if not is_count(total) or total < 1:
            raise PlottingError(f"total is {total!r}: expected a whole number from 1")
        self.total = int(total)
        bases = list(dict.fromkeys(data[basis]))
        if len(bases) > len(_PATTERNS):
            raise PlottingError(
                f"data[{basis!r}] holds {len(bases)} values ({', '.join(bases)}); "
                f"expected at most {len(_PATTERNS)}"
            )
        self.key = [(sentence(text), pattern(MUTED)) for text, pattern in zip(bases, _PATTERNS)]
        self.axis = label("margin_bars.axis", language, total=self.total)
        self.bars = []
        for _, row in data.iterrows():
            count = int(row["count"])
            if count > self.total:
                raise PlottingError(
                    f"data, code {row['code']!r}: count is {count}, total is {self.total}; "
                    "expected a count of at most the total"
                )
            value = label(
                "margin_bars.value",
                language,
                count=count,
                total=self.total,
                share=f"{100 * count / self.total:.1f}%",
            )
            style = _PATTERNS[bases.index(row[basis])](colour(row["code"]))
            self.bars.append(_Bar(row["code"], sentence(row[name]), count, row[basis], value, style))
        step = MaxNLocator(nbins=5, steps=[1, 2, 5, 10], integer=True).tick_values(0, self.total)[1]
        # The total always ends the scale; a round number too close to it gives way.
        round_ones = range(0, self.total, max(1, int(step)))
        self.ticks = [tick for tick in round_ones if self.total - tick > step / 2] + [self.total]

    def x(self, count: float, width: float) -> float:
        """Where a count stands on the common scale from 0 to the total."""
        return 1 + count / self.total * (width - 2)

    def label_lines(self, bar: _Bar, width: float) -> list[str]:
        return wrapped(bar.label, width - text_width(bar.value, BASE, "bold") - 12, BASE)

    def row_height(self, bar: _Bar, width: float) -> float:
        return _LINE * len(self.label_lines(bar, width)) + 4 + _BAR + _ROW_GAP

    def height(self, width: float) -> float:
        rows = sum(self.row_height(bar, width) for bar in self.bars)
        return rows + _AXIS + key_height([text for text, _ in self.key], width)


def margin_bars(data: pd.DataFrame, *, total: int, language: str = "en", ax: Axes | None = None) -> Axes:
    """Draw counts of labels that overlap as bars against one total.

    One unit may carry several labels, so the bars stand one below the other,
    each on the whole scale from 0 to the total, and never on top of one another.
    Counts that were taken on another basis have another pattern.

    Parameters
    ----------
    data : pandas.DataFrame
        One row per bar, in order, with ``code`` (which gives the colour), ``count``, and, as `language` says, ``label_en`` and ``basis_en`` or
        ``label_zh`` and ``basis_zh`` (what was counted; up to three).
    total : int
        How many units there are; the end of the scale.
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
        If a column or value is missing, a code occurs twice on one basis,
        a count exceeds `total`, or there are more than three bases.

    See Also
    --------
    selection_flow : Where the total comes from.

    Examples
    --------
    >>> margins = pd.DataFrame({
    ...     "code": ["schools", "roads"], "label_en": ["Schools", "Roads"],
    ...     "count": [37, 18], "basis_en": ["at all", "as the main topic"],
    ... })
    >>> ax = margin_bars(margins, total=40)
    """
    plan = _MarginBars(data, total, language)
    ax, width = axes_in_points(ax, plan.height)
    y = key_height([text for text, _ in plan.key], width)
    draw_key(ax, 0, 0, plan.key, width)
    y += 6
    for bar in plan.bars:
        lines = plan.label_lines(bar, width)
        write_lines(ax, 0, y + 10, lines, _LINE, size=BASE)
        write(ax, width, y + 10, bar.value, size=BASE, weight="bold", ha="right")
        y += _LINE * len(lines) + 4
        ends = plan.x(0, width), plan.x(plan.total, width)
        ax.add_patch(Rectangle((ends[0], y), ends[1] - ends[0], _BAR, facecolor=PALE))
        if bar.count:
            wide = plan.x(bar.count, width) - ends[0]
            ax.add_patch(Rectangle((ends[0], y), wide, _BAR, **bar.style))
        y += _BAR + _ROW_GAP
    for tick in plan.ticks:
        x = plan.x(tick, width)
        ax.plot([x, x], [y - 3, y + 2], color=MUTED, linewidth=0.8)
        align = "left" if tick == 0 else "right" if tick == plan.total else "center"
        write(ax, x, y + 12, str(tick), size=SMALL, color=MUTED, ha=align)
    write(ax, width / 2, y + 25, plan.axis, size=SMALL, color=MUTED, ha="center")
    return ax
