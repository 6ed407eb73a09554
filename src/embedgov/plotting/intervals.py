"""What is known of counts that only have bounds: each attainable value, and each hole."""

from dataclasses import dataclass
from numbers import Integral

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from ..errors import PlottingError
from .key import draw_key, key_height
from .labels import label, require_language
from .palette import INK, MUTED, PALE, PAPER
from .rows import require_numbers, require_rows
from .scale import AXIS, Scale, draw_scale
from .text import sentence, text_width, wrapped, write, write_lines
from .theme import BASE, SMALL, Style, axes_in_points

_TRACK = 13  # height of the scale of a row, points
_LINE = 13
_ROW_GAP = 9
_EDGE = 4  # half a mark, so that the ends of the scale are not cut
_MOST_DOT = 5.6  # diameter of a mark, points
_LEAST_DOT = 2.5  # below it, values are drawn as segments only
_ATTAINABLE: Style = {"color": INK, "marker": "o", "linewidth": 1.8, "markeredgewidth": 0}
_HOLE: Style = {
    "color": MUTED,
    "marker": "o",
    "markerfacecolor": PAPER,
    "markeredgewidth": 0.8,
    "linestyle": "none",
}
_SEGMENT: Style = {"color": INK, "linewidth": 5, "solid_capstyle": "butt"}
_REFERENCE: Style = {
    "color": INK,
    "marker": "v",
    "markersize": 6,
    "markerfacecolor": PAPER,
    "markeredgewidth": 1.1,
    "linestyle": "none",
}
_KNOWN: Style = {"color": INK, "marker": "|", "markeredgewidth": 2.4, "linestyle": "none"}


@dataclass(frozen=True)
class _Interval:
    name: str
    value: str
    runs: list[tuple[int, int]]  # first and last of consecutive attainable values
    holes: list[tuple[int, int]]  # the same of those between them
    reference: float | None
    known: int | None


class _Intervals:
    """What intervals show: runs of values, holes, points and their texts."""

    def __init__(self, data: pd.DataFrame, total: int, language: str):
        name = f"quantity_{require_language(language)}"
        if isinstance(total, bool) or not isinstance(total, Integral) or total < 1:
            raise PlottingError(f"total is {total!r}: expected a whole number from 1")
        self.total = int(total)
        points = [column for column in ("reference", "known") if column in data.columns]
        require_rows(
            data,
            (name, "low", "high", "attainable"),
            key=(name,),
            counts=["low", "high", *(column for column in points if column == "known")],
        )
        require_numbers(data, ["low", "high"], least=0, most=total)
        require_numbers(data, points, least=0, most=total, optional=points)
        self.rows = [self._row(row, name, language) for _, row in data.iterrows()]
        self.language = language
        self.axis = label("intervals.axis", language, total=self.total)

    def _row(self, row: pd.Series, name: str, language: str) -> _Interval:
        where = f"data, {name} {row[name]!r}"
        values = row["attainable"]
        try:
            found = sorted({int(value) for value in values})
            is_whole = all(int(value) == value for value in values)
        except (TypeError, ValueError):
            found, is_whole = [], False
        if not found or not is_whole:
            raise PlottingError(
                f"{where}: attainable is {values!r}; expected a list of whole numbers, at least one"
            )
        for end, value in (("low", found[0]), ("high", found[-1])):
            if row[end] != value:
                raise PlottingError(
                    f"{where}: {end} is {row[end]}, but attainable goes from {found[0]} to {found[-1]}"
                )
        runs, holes = [(found[0], found[0])], []
        for value in found[1:]:
            first, last = runs[-1]
            if value == last + 1:
                runs[-1] = first, value
            else:
                holes.append((last + 1, value - 1))
                runs.append((value, value))
        reference, known = (row.get(column) for column in ("reference", "known"))
        return _Interval(
            sentence(row[name]),
            _value(runs, holes, language),
            runs,
            holes,
            None if pd.isna(reference) else float(reference),
            None if pd.isna(known) else int(known),
        )

    def scale(self, width: float) -> Scale:
        """The scale from 0 to the total when the figure is `width` points wide."""
        return Scale(0, self.total, _EDGE, width - _EDGE)

    def dot(self, width: float) -> float:
        """Diameter of the mark of a value; 0 if values lie too close for marks."""
        scale = self.scale(width)
        dot = min(_MOST_DOT, 0.68 * (scale.at(1) - scale.at(0)))
        return dot if dot >= _LEAST_DOT else 0

    def ticks(self, width: float) -> list[float]:
        """Values with a line; the total is one of them."""
        scale = self.scale(width)
        room = text_width(str(self.total), SMALL) * 1.5 + 8
        return [tick for tick in scale.ticks() if scale.at(self.total) - scale.at(tick) > room] + [self.total]

    def key(self, width: float) -> list[tuple[str, Style]]:
        """What the marks stand for; single values have none if they lie too close."""
        dot = self.dot(width)
        entries = (
            ("attainable", _ATTAINABLE | {"markersize": 5} if dot else _SEGMENT, True),
            ("hole", _HOLE | {"markersize": 5}, dot and any(row.holes for row in self.rows)),
            ("known", _KNOWN | {"markersize": 9}, any(row.known is not None for row in self.rows)),
            ("reference", _REFERENCE, any(row.reference is not None for row in self.rows)),
        )
        return [
            (label(f"intervals.{name}", self.language), style) for name, style, is_used in entries if is_used
        ]

    def name_lines(self, row: _Interval, width: float) -> list[str]:
        return wrapped(row.name, width - text_width(row.value, BASE, "bold") - 12, BASE)

    def row_height(self, row: _Interval, width: float) -> float:
        return _LINE * len(self.name_lines(row, width)) + 5 + _TRACK + _ROW_GAP

    def top(self, width: float) -> float:
        """Where the first row begins."""
        return key_height([text for text, _ in self.key(width)], width) + 8

    def height(self, width: float) -> float:
        rows = sum(self.row_height(row, width) for row in self.rows)
        return self.top(width) + rows + AXIS + _LINE


def _value(runs: list[tuple[int, int]], holes: list[tuple[int, int]], language: str) -> str:
    low, high = runs[0][0], runs[-1][1]
    if low == high:
        return str(low)
    if not holes:
        return label("intervals.range", language, low=low, high=high)
    if len(holes) > 2:
        count = sum(last - first + 1 for first, last in runs)
        return label("intervals.values", language, low=low, high=high, count=count)
    listed = ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in holes)
    return label("intervals.without", language, low=low, high=high, holes=listed)


def intervals(data: pd.DataFrame, *, total: int, language: str = "en", ax: Axes | None = None) -> Axes:
    """Draw counts of which only bounds are known, against one total.

    A row is a quantity; each value that it can take is a dot, and dots are joined where values
    follow one another, so that a hole is a gap, with a ring for each value that is left out.
    Where the total is so large that dots would touch, only the joined segments are drawn.
    A reference point stands above the values and is called so, because it is no estimate.

    Parameters
    ----------
    data : pandas.DataFrame
        One row per quantity, in order, with ``low``, ``high``, ``attainable`` (a list of whole
        numbers), as `language` says ``quantity_en`` or ``quantity_zh`` (a key), and optionally
        ``reference`` (a number, may be missing) and ``known`` (a whole number, may be missing).
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

    See Also
    --------
    margin_bars : The counts that the bounds follow from.

    Examples
    --------
    >>> bounds = pd.DataFrame({
    ...     "quantity_en": ["schools and roads", "exactly two"], "low": [0, 36], "high": [3, 39],
    ...     "attainable": [[0, 1, 2, 3], [36, 37, 39]], "reference": [2.5, None],
    ... })
    >>> ax = intervals(bounds, total=40)
    """
    plan = _Intervals(data, total, language)
    ax, width = axes_in_points(ax, plan.height)
    scale, dot = plan.scale(width), plan.dot(width)
    draw_key(ax, 0, 0, plan.key(width), width)
    y = plan.top(width)
    for row in plan.rows:
        lines = plan.name_lines(row, width)
        write_lines(ax, 0, y + 10, lines, _LINE, size=BASE)
        write(ax, width, y + 10, row.value, size=BASE, weight="bold", ha="right")
        y += _LINE * len(lines) + 5
        ax.add_patch(Rectangle((0, y), width, _TRACK, facecolor=PALE))
        ticks = [scale.at(tick) for tick in plan.ticks(width)]
        ax.vlines(ticks, y, y + _TRACK, color=PAPER, linewidth=1)
        _draw_row(ax, row, scale, dot, y + _TRACK / 2)
        y += _TRACK + _ROW_GAP
    draw_scale(ax, scale, plan.ticks(width), y - _ROW_GAP, y - _ROW_GAP + 5, width)
    write(ax, width / 2, y + AXIS + 6, plan.axis, size=SMALL, color=MUTED, ha="center")
    return ax


def _draw_row(ax: Axes, row: _Interval, scale: Scale, dot: float, y: float) -> None:
    half = 0 if dot else 0.5  # a segment without dots covers its first and last value
    for first, last in row.runs:
        ends = scale.at(first - half), scale.at(last + half)
        if dot:
            places = [scale.at(value) for value in range(first, last + 1)]
            ax.plot(places, [y] * len(places), markersize=dot, **_ATTAINABLE)
        else:
            ax.plot(ends, [y, y], **_SEGMENT)
    if dot:
        for first, last in row.holes:
            places = [scale.at(value) for value in range(first, last + 1)]
            ax.plot(places, [y] * len(places), markersize=dot, **_HOLE)
    if row.known is not None:
        ax.plot([scale.at(row.known)], [y], markersize=_TRACK, **_KNOWN)
    if row.reference is not None:
        ax.plot([scale.at(row.reference)], [y - _TRACK / 2 + 1], **_REFERENCE)
