"""What is known of counts that only have bounds: each attainable value, and each hole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import pandas as pd
from matplotlib.axes import Axes

from ..bounds import Bound
from ..errors import PlottingError
from .labels import label, require_language
from .layout import MARK, Names, Palette, Rows, colours, documented, mapped, named, ordered
from .palette import INK, MUTED, PAPER
from .rows import is_count, require_numbers, require_rows
from .theme import Style

_MOST_DOT = 5.6  # diameter of a mark, points
_LEAST_DOT = 2.5  # below it, values are drawn as segments only


@dataclass(frozen=True)
class _Interval:
    quantity: str
    name: str
    values: list[int]
    reference: float | None
    known: int | None

    @property
    def runs(self) -> list[tuple[int, int]]:
        """First and last of consecutive attainable values."""
        ends = [*(value for value, after in pairwise(self.values) if after != value + 1), self.values[-1]]
        starts = [self.values[0], *(value for before, value in pairwise(self.values) if value != before + 1)]
        return list(zip(starts, ends))

    @property
    def holes(self) -> list[int]:
        """The values between them."""
        return sorted(set(range(self.values[0], self.values[-1])) - set(self.values))


def _value(row: _Interval, language: str) -> str:
    low, high, runs = row.values[0], row.values[-1], row.runs
    if low == high:
        return str(low)
    if len(runs) == 1:
        return label("intervals.range", language, low=low, high=high)
    if len(row.holes) < 3:
        holes = {"en": ", ", "zh": "、"}[language].join(map(str, row.holes))
        return label("intervals.without", language, low=low, high=high, holes=holes)
    return label("intervals.values", language, low=low, high=high, count=len(row.values))


def _frame(
    data: pd.DataFrame | Bound | Sequence[Bound], total: int | None, columns: Mapping
) -> tuple[pd.DataFrame, int | None]:
    """The rows under our names, and the total of the margins if there are some."""
    if isinstance(data, Bound):
        data = [data]
    if isinstance(data, pd.DataFrame):
        rows = mapped(data, columns)
        return rows, total
    bounds = list(data)
    if not bounds or not all(isinstance(each, Bound) for each in bounds):
        raise PlottingError("data is neither a frame nor bounds of embedgov.bounds.bound, at least one")
    if len(totals := {each.margins.total for each in bounds}) > 1:
        raise PlottingError(f"data: bounds of different totals, {sorted(totals)}; draw a figure for each")
    rows = pd.DataFrame(
        {
            "quantity": [each.quantity.name for each in bounds],
            "low": [each.low for each in bounds],
            "high": [each.high for each in bounds],
            "holes": [each.holes for each in bounds],
        }
    )
    return rows, totals.pop() if total is None else total


def _intervals(
    rows: pd.DataFrame, total: int, names: Names, points: Mapping[str, Mapping], order: Sequence | None
) -> list[_Interval]:
    require_rows(rows, ("quantity", "low", "high"), key=("quantity",), counts=("low", "high"))
    require_numbers(rows, ["low", "high"], least=0, most=total)
    for what, values in points.items():
        for key, value in values.items():
            fits = pd.isna(value) or 0 <= value <= total and (what == "reference" or is_count(value))
            if key not in set(rows["quantity"]) or not fits:
                raise PlottingError(
                    f"{what}: {value!r} of {key!r}; expected a {'number' if what == 'reference' else 'count'} "
                    f"from 0 to {total} for one of {', '.join(map(repr, rows['quantity']))}"
                )
    found = []
    by_quantity = {row["quantity"]: row for row in rows.to_dict("records")}
    for row in [by_quantity[key] for key in ordered(rows["quantity"], order)]:
        low, high, holes = int(row["low"]), int(row["high"]), set(row.get("holes", ()))
        if low > high or not holes <= set(range(low + 1, high)):
            raise PlottingError(
                f"data, quantity {row['quantity']!r}: low is {low}, high is {high}, holes are "
                f"{sorted(holes)}; expected low <= high, and holes between them"
            )
        at = [values.get(row["quantity"]) for values in (points["reference"], points["known"])]
        reference, known = (None if each is None or pd.isna(each) else each for each in at)
        values = [value for value in range(low, high + 1) if value not in holes]
        found.append(_Interval(row["quantity"], named(row["quantity"], names), values, reference, known))
    return found


@documented
def intervals(
    data: pd.DataFrame | Bound | Sequence[Bound],
    *,
    total: int | None = None,
    quantity: str = "quantity",
    low: str = "low",
    high: str = "high",
    holes: str | None = None,
    reference: Mapping | None = None,
    known: Mapping | None = None,
    names: Names = None,
    palette: Palette = None,
    order: Sequence | None = None,
    xlabel: str = "",
    language: str = "en",
    ax: Axes | None = None,
    **kwargs,
) -> Axes:
    """Draw bounds of counts with every value that can be attained.

    A dot is a value that some table with the same margins attains, a ring one between the bounds
    that none does. Where values lie too close for dots, segments are drawn.

    Parameters
    ----------
    data : pandas.DataFrame, embedgov.bounds.Bound, or a sequence of them
        One row per quantity, in order, such as `embedgov.bounds.bounds` gives; or what
        `embedgov.bounds.bound` gives.
    total : int, optional
        How many units there are, the end of the scale; bounds bring their own.
    quantity, low, high : str
        Columns with the quantity, a key, and its bounds, whole numbers.
    holes : str, optional
        Column with the values between the bounds that are not attained; by default there are none.
    reference : mapping, optional
        Quantity -> a number to read its bounds against, drawn as a triangle; it is no estimate.
    known : mapping, optional
        Quantity -> a count that is known, drawn as an upright bar.
    <names>
    palette : mapping, sequence of str or str, optional
        A colour for the values of each quantity, colours in order, one for all, or a palette of seaborn.
    <order>
    <xlabel>
    <language>
    <ax>
    **kwargs
        For `matplotlib.axes.Axes.plot`, which draws the values.

    Returns
    -------
    <returns>

    Raises
    ------
    PlottingError
        If a column or value is missing, a quantity occurs twice, or bounds, holes and total
        contradict one another.

    See Also
    --------
    margin_bars : The counts that the bounds follow from.
    regions : What one count leaves open of another.

    Examples
    --------
    >>> from embedgov import bounds, plotting
    >>> margins = bounds.Margins(40, {"schools": 37, "roads": 18, "parks": 11})
    >>> asked = bounds.Quantity("intersection", ("schools", "roads")), bounds.Quantity("pattern", ())
    >>> ax = plotting.intervals([bounds.bound(margins, each) for each in asked])
    >>> len(ax.get_yticks())
    2
    """
    require_language(language)
    columns = {"quantity": quantity, "low": low, "high": high, "holes": holes}
    rows, total = _frame(data, total, columns)
    if total is None or not is_count(total) or total < 1:
        raise PlottingError(f"total is {total!r}: expected a whole number from 1")
    points = {
        each: dict({} if values is None else values)
        for each, values in (("reference", reference), ("known", known))
    }
    found = _intervals(rows, total, names, points, order)
    asked = [row.quantity for row in found]
    fills = dict.fromkeys(asked, INK) if palette is None else colours(asked, palette)
    ink = fills[asked[0]] if len(set(fills.values())) == 1 else INK  # of the key
    layout = Rows(ax, [row.name for row in found], [_value(row, language) for row in found], total + 1)
    layout.ax.set_xlim(-0.02 * total - 0.2, 1.02 * total + 0.2)
    layout.scale(0, total, xlabel or label("intervals.axis", language, total=total), end=True)
    layout.place()
    step = layout.width / (1.04 * total + 0.4)
    dot = min(_MOST_DOT, 0.68 * step)
    has_dots = dot >= _LEAST_DOT
    attainable: Style = {"color": ink, "linewidth": 1.8, "markeredgewidth": 0} | kwargs
    if has_dots:
        attainable = {"marker": "o", "markersize": dot} | attainable
    hole: Style = {
        "color": MUTED,
        "marker": "o",
        "markersize": dot,
        "markerfacecolor": PAPER,
        "markeredgewidth": 0.8,
        "linestyle": "none",
    }
    segment: Style = {"color": ink, "linewidth": 5, "solid_capstyle": "butt"} | kwargs
    triangle: Style = {
        "color": INK,
        "marker": "v",
        "markersize": 6,
        "markerfacecolor": PAPER,
        "markeredgewidth": 1.1,
        "linestyle": "none",
    }
    upright: Style = {
        "color": INK,
        "marker": "|",
        "markersize": MARK,
        "markeredgewidth": 2.4,
        "linestyle": "none",
    }
    for y, row in enumerate(found):
        own: Style = {"color": fills[row.quantity]} | kwargs
        for first, last in row.runs:
            if has_dots:
                values = range(first, last + 1)
                layout.ax.plot(values, [y] * len(values), **attainable | own)
            else:
                layout.ax.plot([first - 0.5, last + 0.5], [y, y], **segment | own)
        if has_dots and row.holes:
            layout.ax.plot(row.holes, [y] * len(row.holes), **hole)
        if row.known is not None:
            layout.ax.plot([row.known], [y], **upright)
        if row.reference is not None:
            layout.ax.plot([row.reference], [y - layout.bar / 2], **triangle)
    key = [
        ("attainable", attainable if has_dots else segment, True),
        ("hole", hole, has_dots and any(row.holes for row in found)),
        ("known", upright | {"markersize": 9}, any(row.known is not None for row in found)),
        ("reference", triangle, any(row.reference is not None for row in found)),
    ]
    layout.key([(label(f"intervals.{each}", language), style) for each, style, used in key if used])
    return layout.finish()
