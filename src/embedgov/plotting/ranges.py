"""Counts of a coding, and how far other rules or slips of the coders would move them."""

from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.axes import Axes

from ..errors import PlottingError
from .labels import label, require_language
from .layout import MARK, Names, Palette, Rows, colours, documented, mapped, named, ordered
from .palette import INK, PAPER, SHADES
from .rows import require_numbers, require_rows
from .theme import Style

_NARROW = 0.3  # height of the narrow range, of that of the wide one
_OWN: Style = {
    "color": INK,
    "marker": "o",
    "markersize": 6.5,
    "markerfacecolor": PAPER,
    "markeredgewidth": 1.6,
    "linestyle": "none",
}
_REFERENCE: Style = {"color": INK, "marker": "|", "markeredgewidth": 2.4, "linestyle": "none"}


@documented
def ranges(
    data: pd.DataFrame,
    *,
    result: str = "result",
    value: str = "value",
    wide: tuple[str, str] = ("low", "high"),
    narrow: tuple[str, str] = ("slip_low", "slip_high"),
    total: str = "total",
    reference: Mapping | None = None,
    keys: Mapping[str, str] | None = None,
    names: Names = None,
    palette: Palette = None,
    order: Sequence | None = None,
    xlabel: str = "",
    language: str = "en",
    ax: Axes | None = None,
    **kwargs,
) -> Axes:
    """Draw counts with two ranges: what other rules and what slips would give.

    A row is a count, drawn as a share of its own total. The wide range is that of all universes
    of a multiverse, the narrow one that of draws in which coders slip; the circle is the coding
    as it is.

    Parameters
    ----------
    data : pandas.DataFrame
        One row per count, in order.
    result : str
        Column with what is counted, a key.
    value, total : str
        Columns with the count and with that of the units it is taken from, whole numbers.
    wide, narrow : tuple of (str, str)
        Columns with the ends of the two ranges, in units as well.
    reference : mapping, optional
        Result -> a count from elsewhere, drawn as an upright bar.
    keys : mapping of str to str, optional
        What the key says of ``wide``, ``narrow``, ``own`` and ``reference``, where it is to say
        something else than by default; of the reference it says nothing by itself.
    <names>
    palette : mapping, sequence of str or str, optional
        A colour for the ``wide`` and for the ``narrow`` ranges, in this order, or a palette of seaborn.
    <order>
    <xlabel>
    <language>
    <ax>
    **kwargs
        For `matplotlib.axes.Axes.plot`, which draws the circles.

    Returns
    -------
    <returns>

    Raises
    ------
    PlottingError
        If a column or value is missing, a count is none or exceeds its total, or a value lies
        outside the wide range.

    See Also
    --------
    specification_curve : All universes of one count.

    Examples
    --------
    >>> import pandas as pd
    >>> from embedgov import plotting
    >>> counts = pd.DataFrame({
    ...     "result": ["roads", "schools"], "value": [8, 33], "low": [2, 30], "high": [21, 37],
    ...     "slip_low": [6, 29], "slip_high": [10, 35], "total": [40, 40],
    ... })
    >>> ax = plotting.ranges(counts, reference={"roads": 18}, keys={"reference": "Survey"})
    """
    require_language(language)
    ours = dict(zip(("low", "high", "slip_low", "slip_high"), (*wide, *narrow)))
    rows = mapped(data, {"result": result, "value": value, "total": total} | ours)
    counts = ("value", "total", *ours)
    require_rows(rows, ("result", *counts), key=("result",), counts=counts)
    require_numbers(rows, counts, least=0)
    reference = {
        key: each for key, each in dict({} if reference is None else reference).items() if not pd.isna(each)
    }
    if unknown := set(reference) - set(rows["result"]):
        raise PlottingError(f"reference has {sorted(map(str, unknown))}, which are no results of the data")
    by_result = {row["result"]: row for row in rows.to_dict("records")}
    found = [by_result[key] for key in ordered(rows["result"], order)]
    for row in found:
        where = f"data, result {row['result']!r}"
        if not row["total"]:
            raise PlottingError(f"{where}: total is 0; expected a whole number from 1")
        if not row["low"] <= row["value"] <= row["high"] or row["slip_low"] > row["slip_high"]:
            raise PlottingError(
                f"{where}: {row['value']} with {row['low']} to {row['high']} and "
                f"{row['slip_low']} to {row['slip_high']}; expected the value in the wide range, low ends first"
            )
        most = max(row["high"], row["slip_high"], reference.get(row["result"], 0))
        if most > row["total"]:
            raise PlottingError(f"{where}: {most} exceeds the total, {row['total']}")
    texts = [
        label(
            "ranges.value",
            language,
            value=int(row["value"]),
            low=int(row["low"]),
            high=int(row["high"]),
            total=int(row["total"]),
        )
        for row in found
    ]
    layout = Rows(ax, [named(row["result"], names) for row in found], texts, 1)
    layout.ax.set_xlim(-0.012, 1.012)
    layout.scale(0, 1, xlabel or label("ranges.axis", language), whole=False, percent=True)
    layout.place()
    fills = colours(["wide", "narrow"], [SHADES[2], SHADES[4]] if palette is None else palette)
    for y, row in enumerate(found):
        n = row["total"]
        for each, (low, high), part in (
            ("wide", ("low", "high"), 1),
            ("narrow", ("slip_low", "slip_high"), _NARROW),
        ):
            high_bar: Style = {"height": layout.bar * part, "color": fills[each], "linewidth": 0, "zorder": 2}
            layout.ax.barh(y, (row[high] - row[low]) / n, left=row[low] / n, **high_bar)
        if row["result"] in reference:
            place = [reference[row["result"]] / n], [y]
            layout.ax.plot(*place, zorder=3, markersize=MARK, **_REFERENCE)
        own: Style = {"zorder": 4} | _OWN | kwargs
        layout.ax.plot([row["value"] / n], [y], **own)
    styles = {
        "wide": {"facecolor": fills["wide"]},
        "narrow": {"facecolor": fills["narrow"]},
        "own": _OWN | kwargs,
        "reference": _REFERENCE | {"markersize": 9},
    }
    said = {each: label(f"ranges.{each}", language) for each in ("wide", "narrow", "own")} | dict(keys or {})
    layout.key([(said[each], style) for each, style in styles.items() if said.get(each)])
    return layout.finish()
