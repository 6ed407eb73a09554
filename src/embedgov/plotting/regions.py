"""What one count leaves open of another: the values that the two can take together."""

from dataclasses import dataclass
from numbers import Integral

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection
from matplotlib.patches import Rectangle

from ..errors import PlottingError
from .key import draw_head, head_height
from .labels import label, require_language
from .palette import INK, MUTED, PALE, PAPER, RULE
from .rows import require_numbers, require_rows
from .scale import AXIS, Scale, draw_scale, number
from .text import sentence, text_width, wrapped, write
from .theme import BASE, SMALL, Style, axes_in_points

_COLUMNS = 2
_BETWEEN = 18  # columns
_HIGH = 92  # of the region of a panel, points
_LINE = 12
_ROW_GAP = 10
_EACH: Style = {"facecolor": PALE, "edgecolor": RULE, "linewidth": 0.6}
_TOGETHER: Style = {"facecolor": INK, "edgecolor": PAPER, "linewidth": 0.3}


@dataclass(frozen=True)
class _Panel:
    name: str
    left: str  # how many values the known one leaves
    runs: list[tuple[int, int, int]]  # a known value, first and last of consecutive asked ones
    known: tuple[int, int]
    asked: tuple[int, int]


class _Regions:
    """What regions show: panels with their runs of values and texts, and the scales."""

    def __init__(self, data: pd.DataFrame, asked: str, total: int, language: str):
        name = f"known_{require_language(language)}"
        if isinstance(total, bool) or not isinstance(total, Integral) or total < 1:
            raise PlottingError(f"total is {total!r}: expected a whole number from 1")
        if not isinstance(asked, str) or not asked:
            raise PlottingError(f"asked is {asked!r}: expected the name of the count asked for")
        require_rows(
            data,
            (name, "known", "asked"),
            key=(name, "known", "asked"),
            counts=("known", "asked"),
        )
        require_numbers(data, ["known", "asked"], least=0, most=total)
        self.total, self.language = int(total), language
        self.panels = [self._panel(str(known), pairs) for known, pairs in data.groupby(name, sort=False)]
        self.note = label("regions.note", language, asked=asked, total=self.total)
        self.key = [
            (label("regions.together", language), _TOGETHER),
            (label("regions.each", language), _EACH),
        ]

    def _panel(self, name: str, pairs: pd.DataFrame) -> _Panel:
        runs, sizes = [], []
        for known, asked in pairs.groupby("known")["asked"]:
            values = sorted(map(int, asked))
            sizes.append(len(values))
            first = values[0]
            for value, after in zip(values, [*values[1:], None]):
                if after != value + 1:
                    runs.append((int(known), first, value))  # ty: ignore[invalid-argument-type]
                    first = after
        left = label(
            "regions.left" if min(sizes) < max(sizes) else "regions.left_always",
            self.language,
            low=min(sizes),
            high=max(sizes),
            count=pairs["asked"].nunique(),
        )
        ends = [(int(pairs[each].min()), int(pairs[each].max())) for each in ("known", "asked")]
        return _Panel(sentence(name), left, runs, *ends)

    def wide(self, width: float) -> float:
        """Width of a panel."""
        return (width - _BETWEEN * (_COLUMNS - 1)) / _COLUMNS

    def aside(self) -> float:
        """Room for the numbers at the left of a panel."""
        return text_width(str(self.total), SMALL) + 5

    def x(self, left: float, width: float) -> Scale:
        """Known values, each as wide as a step, from the left edge of a panel."""
        return Scale(-0.5, self.total + 0.5, left + self.aside(), left + self.wide(width) - 1)

    def y(self, top: float) -> Scale:
        """Asked values, upwards, in a region with this top."""
        return Scale(-0.5, self.total + 0.5, top + _HIGH, top)

    def ticks(self) -> list[float]:
        """Values with a line; the total is one of them."""
        scale = Scale(0, self.total, 0, _HIGH)
        return [tick for tick in scale.ticks(4) if self.total - tick > 0.12 * self.total] + [self.total]

    def lines(self, panel: _Panel, width: float) -> list[tuple[str, str]]:
        """Lines above a panel, and the weight of each."""
        texts = (panel.name, BASE, "bold"), (panel.left, SMALL, "normal")
        return [
            (line, weight)
            for text, size, weight in texts
            for line in wrapped(text, self.wide(width), size, weight)
        ]

    def rows(self, width: float) -> list[tuple[list[_Panel], float]]:
        """Panels side by side, and the height of the lines above them."""
        rows = [self.panels[i : i + _COLUMNS] for i in range(0, len(self.panels), _COLUMNS)]
        return [(row, _LINE * max(len(self.lines(panel, width)) for panel in row) + 6) for row in rows]

    def top(self, width: float) -> float:
        """Where the first row begins."""
        return head_height(self.note, self.key, width) + 8

    def height(self, width: float) -> float:
        rows = self.rows(width)
        panels = sum(head + _HIGH + AXIS for _, head in rows)
        return self.top(width) + panels + _ROW_GAP * (len(rows) - 1)


def regions(
    data: pd.DataFrame, *, asked: str, total: int, language: str = "en", ax: Axes | None = None
) -> Axes:
    """Draw what is left open of a count once another count is known.

    A panel is another count. To the right are its values, upwards those of the count asked for,
    both on the scale from 0 to the total; dark is what the two can be together, pale what each
    can be by itself. The lower the dark column over a value, the more that value would tell.

    Parameters
    ----------
    data : pandas.DataFrame
        One row per pair of values that is possible, with ``known`` and ``asked`` (whole numbers)
        and, as `language` says, ``known_en`` or ``known_zh`` (name of the other count; panels
        in the order of their first rows).
    asked : str
        Name of the count asked for, in the language.
    total : int
        How many units there are; the end of both scales.
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
        If a column or value is missing, a pair occurs twice, or a value exceeds `total`.

    See Also
    --------
    intervals : What is open of each count by itself.

    Examples
    --------
    >>> pairs = pd.DataFrame({
    ...     "known_en": ["all four"] * 3, "known": [0, 0, 1], "asked": [2, 3, 3],
    ... })
    >>> ax = regions(pairs, asked="two or more", total=5)
    """
    plan = _Regions(data, asked, total, language)
    ax, width = axes_in_points(ax, plan.height)
    draw_head(ax, plan.note, plan.key, width)
    top = plan.top(width)
    for panels, head in plan.rows(width):
        for i, panel in enumerate(panels):
            left = i * (plan.wide(width) + _BETWEEN)
            lines = plan.lines(panel, width)
            for j, (line, weight) in enumerate(lines):
                bold = weight == "bold"
                write(
                    ax,
                    left,
                    top + head - 6 - (len(lines) - 1 - j) * _LINE,
                    line,
                    weight=weight,
                    size=BASE if bold else SMALL,
                    color=INK if bold else MUTED,
                )
            _draw_region(ax, plan, panel, plan.x(left, width), plan.y(top + head), width)
        top += head + _HIGH + AXIS + _ROW_GAP
    return ax


def _draw_region(ax: Axes, plan: _Regions, panel: _Panel, x: Scale, y: Scale, width: float) -> None:
    for tick in plan.ticks():
        ax.plot([x.start, x.end], [y.at(tick)] * 2, color=RULE, linewidth=0.6, zorder=0)
        write(
            ax,
            x.start - 4,
            y.at(tick),
            number(tick),
            size=SMALL,
            color=MUTED,
            ha="right",
            va="center_baseline",
        )
    draw_scale(ax, x, plan.ticks(), y.end, y.start, width)

    def box(first: int, last: int, low: int, high: int) -> Rectangle:
        corner = x.at(first - 0.5), y.at(high + 0.5)
        return Rectangle(corner, x.at(last + 0.5) - corner[0], y.at(low - 0.5) - corner[1])

    each = [box(*panel.known, *panel.asked)]
    together = [box(known, known, low, high) for known, low, high in panel.runs]
    ax.add_collection(PatchCollection(each, zorder=1, **_EACH))
    ax.add_collection(PatchCollection(together, zorder=2, **_TOGETHER))
