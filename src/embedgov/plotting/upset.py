"""Every combination of codes that occurs, and how often."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from ..errors import PlottingError
from .labels import label, require_language
from .layout import Names, Palette, colours, documented, named
from .palette import INK, MUTED, PALE, RULE
from .rows import require_rows
from .text import text_width, widest, wrapped, write, write_lines
from .theme import BASE, SMALL, Style, axes_in_points

_BARS = 84  # height of the bars of the patterns, points
_HIGH = 20  # of the row of a code
_LINE = 12
_ASIDE = 0.27  # of the width, the most that the names of the codes may take
_TOTALS = 62  # width of the totals of the codes
_PITCH = 24  # the most from one pattern to the next
_BETWEEN = 10
_DOT = 7.5


@dataclass(frozen=True)
class _Pattern:
    codes: tuple[int, ...]  # rows with a dot
    count: int


class _Upset:
    """What an UpSet plot shows: patterns in order, totals of the codes, and the scales."""

    def __init__(self, data: pd.DataFrame, count: str, names: Names, palette: Palette, language: str):
        require_language(language)
        data, flags = _patterns(data, count), [column for column in data.columns if column != count]
        self.names = {flag: named(flag, names) for flag in flags}
        order = list(self.names)
        self.patterns = [
            _Pattern(tuple(i for i, code in enumerate(order) if record[code]), record[count])
            for record in data.astype({count: int}).to_dict("records")
        ]
        self.patterns.sort(key=lambda p: (-p.count, len(p.codes), p.codes))
        self.totals = [
            sum(pattern.count for pattern in self.patterns if i in pattern.codes) for i in range(len(order))
        ]
        self.colours = list(colours(order, palette).values())
        total = sum(pattern.count for pattern in self.patterns)
        self.note = label("upset.note", language, total=total)

    def aside(self, width: float) -> float:
        """Width of the names of the codes when the plot is `width` points wide."""
        return widest(self.name_lines(width)) + _BETWEEN

    def name_lines(self, width: float) -> list[list[str]]:
        return [wrapped(name, width * _ASIDE, BASE) for name in self.names.values()]

    def left(self, width: float) -> float:
        """Where the first pattern begins."""
        return self.aside(width) + _TOTALS + _BETWEEN

    def pitch(self, width: float) -> float:
        """From one pattern to the next."""
        pitch = min(_PITCH, (width - self.left(width)) / len(self.patterns))
        longest = max(text_width(str(p.count), SMALL) for p in self.patterns)
        if pitch < max(longest + 2, _DOT + 2):
            raise PlottingError(
                f"{len(self.patterns)} patterns leave {pitch:.0f} points for each, too few for "
                "its count; draw fewer codes or pass wider Axes"
            )
        return pitch

    def heights(self) -> list[float]:
        """Height of the bar of each pattern."""
        most = max(1, *(pattern.count for pattern in self.patterns))
        return [_BARS * pattern.count / most for pattern in self.patterns]

    def lengths(self) -> list[float]:
        """Length of the bar of each code; the number stands after it."""
        most = max(1, *self.totals)
        room = _TOTALS - text_width(str(most), SMALL) - 3
        return [room * total / most for total in self.totals]

    def rows(self, width: float) -> list[float]:
        """Height of the row of each code."""
        return [max(_HIGH, _LINE * len(lines) + 5) for lines in self.name_lines(width)]

    def top(self, width: float) -> float:
        """Where the bars of the patterns stand: the top of the first row."""
        return _LINE * len(wrapped(self.note, width, SMALL)) + 18 + _BARS

    def height(self, width: float) -> float:
        return self.top(width) + 5 + sum(self.rows(width))


def _patterns(data: pd.DataFrame, count: str) -> pd.DataFrame:
    """One row per pattern with its count; units are put together first."""
    flags = [column for column in data.columns if column != count]
    if not flags:
        raise PlottingError(f"data has no column but {count!r}; expected one for each code")
    if count in data:
        require_rows(data, (*flags, count), key=flags, counts=(count,))
    elif data.empty:
        raise PlottingError("data has no rows: there is nothing to draw")
    for flag in flags:
        for row, value in data[flag].items():
            if not (isinstance(value, (bool, np.bool_, int, np.integer)) and value in (0, 1)):
                raise PlottingError(
                    f"data, row {row}, column {flag!r}: {value!r}; expected True or False, "
                    f"and no other columns than the codes and {count!r}"
                )
    if count in data:
        return data
    return data[flags].astype(bool).value_counts(sort=False).rename(count).reset_index()


@documented
def upset(
    data: pd.DataFrame,
    *,
    count: str = "count",
    names: Names = None,
    palette: Palette = None,
    language: str = "en",
    ax: Axes | None = None,
) -> Axes:
    """Draw how often each combination of codes occurs (an UpSet plot).

    A column is one exact pattern: its dots are the codes that apply, its bar says how many units
    have these codes and no others. Patterns are sorted by count; one without dots is that of
    units without any code. The bars at the left say how many units have the code at all.

    Parameters
    ----------
    data : pandas.DataFrame
        Units x codes, 0 and 1 or True and False, as `embedgov.coding.consensus` gives; or one row
        per pattern, with its count. Codes stand in the order of the columns.
    count : str
        Column with the count of a pattern, if there is one.
    <names>
    <palette>
    <language>
    <ax>

    Returns
    -------
    matplotlib.axes.Axes
        The Axes; a data unit is a point, counted from the upper left corner.

    Raises
    ------
    PlottingError
        If a value is neither 0 nor 1, a pattern occurs twice, or there are too many patterns.

    See Also
    --------
    co_occurrence : Pairs of codes, whatever else applies.

    References
    ----------
    Lex, A. et al. (2014). UpSet: visualization of intersecting sets. IEEE Transactions on
    Visualization and Computer Graphics 20(12), 1983-1992.

    Examples
    --------
    >>> import pandas as pd
    >>> from embedgov import plotting
    >>> codes = pd.DataFrame({"cost": [1, 1, 0, 1], "trust": [0, 1, 0, 1]})
    >>> ax = plotting.upset(codes, palette="#0072b2")
    """
    plan = _Upset(data, count, names, palette, language)
    ax, width = axes_in_points(ax, plan.height)
    top, left, pitch = plan.top(width), plan.left(width), plan.pitch(width)
    notes = wrapped(plan.note, width, SMALL)
    write_lines(ax, 0, 9, notes, _LINE, size=SMALL, color=MUTED)
    middles, y = [], top + 5
    for i, (high, lines) in enumerate(zip(plan.rows(width), plan.name_lines(width))):
        if i % 2 == 0:
            ax.add_patch(Rectangle((0, y), width, high, facecolor=PALE, zorder=0))
        middles.append(y + high / 2)
        write_lines(ax, 3, middles[-1], lines, _LINE, at="middle", size=BASE)
        y += high
    aside = plan.aside(width)
    for middle, total, length, fill in zip(middles, plan.totals, plan.lengths(), plan.colours):
        _draw_bar(ax, aside, middle - 5, length, 10, fill)
        write(ax, aside + length + 3, middle, str(total), size=SMALL, va="center_baseline")
    for i, (pattern, high) in enumerate(zip(plan.patterns, plan.heights())):
        x = left + (i + 0.5) * pitch
        wide = min(13, pitch - 3)
        _draw_bar(ax, x - wide / 2, top - high, wide, high, INK)
        write(ax, x, top - high - 4, str(pattern.count), size=SMALL, ha="center")
        dotted = [middles[row] for row in pattern.codes]
        style: Style = {"marker": "o", "markersize": _DOT, "markeredgewidth": 0}
        ax.plot([x] * len(middles), middles, color=RULE, linestyle="none", **style)
        ax.plot([x] * len(dotted), dotted, color=INK, linewidth=1.8, **style)
    ax.plot([left, left + pitch * len(plan.patterns)], [top, top], color=RULE, linewidth=0.8)
    return ax


def _draw_bar(ax: Axes, x: float, y: float, wide: float, high: float, fill: str) -> None:
    if wide and high:
        style: Style = {"facecolor": fill, "edgecolor": fill, "linewidth": 0}
        ax.add_patch(Rectangle((x, y), wide, high, **style))
