"""What one count leaves open of another: the values that the two can take together."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection
from matplotlib.patches import Rectangle

from ..errors import PlottingError
from .labels import label, require_language
from .layout import Layout, Names, Palette, colours, documented, mapped
from .palette import INK, MUTED, PALE, PAPER, RULE, SHADES
from .rows import is_count, require_numbers, require_rows
from .text import sentence, wrapped
from .theme import BASE, SMALL, Style

_EACH: Style = {"facecolor": PALE, "edgecolor": RULE, "linewidth": 0.6}
_TOGETHER: Style = {"facecolor": SHADES[3], "edgecolor": PAPER, "linewidth": 0.5}
_READ: Style = {"facecolor": INK, "edgecolor": PAPER, "linewidth": 0.5}


def _runs(values: list[int]) -> list[tuple[int, int]]:
    """First and last of consecutive values, which are sorted."""
    runs = [(values[0], values[0])]
    for value in values[1:]:
        first, last = runs[-1]
        runs[-1:] = [(first, value)] if value == last + 1 else [runs[-1], (value, value)]
    return runs


@documented
def regions(
    data: pd.DataFrame,
    *,
    total: int,
    known: str | None = None,
    asked: str | None = None,
    reading: int | None = None,
    names: Names = None,
    palette: Palette = None,
    xlabel: str = "",
    ylabel: str = "",
    language: str = "en",
    ax: Axes | None = None,
    **kwargs,
) -> Axes:
    """Draw what is left open of a count once another count is known.

    To the right are the values of the count that might be known, upwards those of the count asked
    for; filled is what the two can be together, pale what each can be by itself. The lower a
    column, the more its value would tell.

    Parameters
    ----------
    data : pandas.DataFrame
        What `embedgov.tables.joint` gives: one row per pair of values that is possible, whole
        numbers; a pair may occur more than once.
    total : int
        How many units there are.
    known, asked : str, optional
        Columns with the two counts; by default the first and the second.
    reading : int, optional
        A known value whose column is brought out and read aloud.
    <names>
    palette : mapping, sequence of str or str, optional
        A colour for what is possible ``together`` and, if one is brought out, for the column of
        the ``reading``.
    <xlabel>
    ylabel : str, optional
        What the upright scale says; by default in general terms.
    <language>
    <ax>
    **kwargs
        For `matplotlib.collections.PatchCollection`, which draws the filled cells.

    Returns
    -------
    <returns>

    Raises
    ------
    PlottingError
        If a column or value is missing, a value is no count or exceeds `total`, or `reading` is
        no value that the known count can take.

    See Also
    --------
    intervals : What is open of each count by itself.

    Examples
    --------
    >>> from embedgov import bounds, plotting, tables
    >>> margins = bounds.Margins(20, {"schools": 12, "roads": 9, "parks": 4})
    >>> one, more = (bounds.Quantity(kind, tuple(margins.counts), k) for kind, k in (("exactly", 1), ("at least", 2)))
    >>> pairs = tables.joint(margins, [one, more])
    >>> ax = plotting.regions(pairs, total=20, names={one.name: "just one topic", more.name: "two or more"}, reading=5)
    """
    require_language(language)
    if (known is None or asked is None) and len(data.columns) < 2:
        raise PlottingError(f"data has the columns {', '.join(map(str, data.columns))}; expected two counts")
    known, asked = known or data.columns[0], asked or data.columns[1]
    if not is_count(total) or total < 1:
        raise PlottingError(f"total is {total!r}: expected a whole number from 1")
    pairs = mapped(data, {"known": known, "asked": asked})
    require_rows(pairs, ("known", "asked"), key=(), counts=("known", "asked"))
    require_numbers(pairs, ["known", "asked"], least=0, most=total)
    columns = {
        value: sorted({int(count) for count in pairs.loc[pairs["known"] == value, "asked"]})
        for value in sorted(map(int, pairs["known"].unique()))
    }
    if reading is not None and reading not in columns:
        raise PlottingError(f"reading is {reading!r}: expected one of {', '.join(map(str, columns))}")
    low, high = int(pairs["asked"].min()), int(pairs["asked"].max())

    def box(first: int, last: int, least: int, most: int) -> Rectangle:
        return Rectangle((first - 0.5, least - 0.5), last - first + 1, most - least + 1)

    styles = {"together": _TOGETHER} | ({} if reading is None else {"reading": _READ})
    if palette is not None:
        fills = colours(list(styles), palette)
        styles = {each: style | {"facecolor": fills[each]} for each, style in styles.items()}
    together, read = styles["together"] | kwargs, styles.get("reading", _READ)
    layout = Layout(ax)
    said_known, said_asked = (
        str(each) if names is None else names.get(each, each) for each in (known, asked)
    )
    label_x = xlabel or label("regions.known", language, name=said_known, total=total)
    label_y = ylabel or label("regions.asked", language, name=said_asked)
    layout.ax.set_ylabel("\n".join(wrapped(sentence(label_y), 215, SMALL)), size=SMALL, color=MUTED)
    layout.ax.set(xlim=(min(columns) - 1, max(columns) + 1), ylim=(max(-1, low - 3), high + 3))
    layout.ax.yaxis.get_major_locator().set_params(integer=True)  # ty: ignore[unknown-argument]
    layout.ax.grid(axis="y", color=RULE, linewidth=0.6)
    layout.ax.tick_params(labelcolor=INK)
    layout.scale(min(columns), max(columns), label_x)
    layout.ax.add_patch(box(min(columns), max(columns), low, high)).set(zorder=0.5, **_EACH)
    for style, chosen in (
        (together, [x for x in columns if x != reading]),
        (read, [x for x in columns if x == reading]),
    ):
        cells = [box(x, x, *run) for x in chosen for run in _runs(columns[x])]
        layout.ax.add_collection(PatchCollection(cells, zorder=2, **style), autolim=False)
    if reading is not None:
        values = columns[reading]
        spoken = (
            label("regions.range", language, low=values[0], high=values[-1])
            if len(values) > 1
            else str(values[0])
        )
        said = label("regions.reading", language, known=reading, asked=spoken)
        _read(layout, said, (reading, values), columns)
    layout.key([(label("regions.together", language), together), (label("regions.each", language), _EACH)])
    return layout.fit(220)


def _read(layout: Layout, said: str, at: tuple[int, list[int]], columns: dict[int, list[int]]) -> None:
    """Say what one column means, in the corner that has least in it."""
    (left, right), (low, high) = layout.ax.get_xlim(), layout.ax.get_ylim()

    def filled(corner: tuple[float, float]) -> int:
        x, y = left + corner[0] * (right - left), low + corner[1] * (high - low)
        near = [
            abs(v - y) < 0.2 * (high - low)
            for k, vs in columns.items()
            if abs(k - x) < 0.5 * (right - left)
            for v in vs
        ]
        return sum(near)

    x, y = min([(0.96, 0.1), (0.04, 0.92), (0.04, 0.1), (0.96, 0.92)], key=filled)
    known, values = at
    layout.ax.annotate(
        said,
        (known, values[0] - 0.5 if y < 0.5 else values[-1] + 0.5),
        xytext=(x, y),
        textcoords="axes fraction",
        ha="right" if x > 0.5 else "left",
        va="center",
        size=BASE,
        weight="bold",
        color=INK,
        arrowprops={"arrowstyle": "-", "color": INK, "linewidth": 1, "shrinkB": 0},
        zorder=5,
    )
