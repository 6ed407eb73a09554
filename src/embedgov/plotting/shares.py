"""Which share of each group has each code, group beside group."""

from collections.abc import Collection, Hashable, Sequence

import pandas as pd
from matplotlib.axes import Axes

from ..errors import PlottingError
from .labels import label, require_language
from .layout import Grid, Names, Palette, colours, documented, mapped, named, ordered
from .palette import CYCLE, INK, PALE, PAPER
from .rows import require_rows
from .text import text_width
from .theme import SMALL, Style

_BAR = 12.5  # points, so that the count of each bar has a line of its own
_PAD = 5  # above and below the bars of a code


def _style(fill: str, apart: bool) -> Style:
    ground: Style = {"facecolor": PAPER, "hatch": "/////"} if apart else {"facecolor": fill}
    return ground | {"edgecolor": fill, "linewidth": 1}


@documented
def shares(
    data: pd.DataFrame,
    *,
    code: str = "code",
    hue: str = "group",
    count: str = "count",
    total: str = "total",
    apart: Collection[Hashable] = (),
    names: Names = None,
    hue_names: Names = None,
    palette: Palette = None,
    order: Sequence | None = None,
    hue_order: Sequence | None = None,
    xlabel: str = "",
    language: str = "en",
    ax: Axes | None = None,
    **kwargs,
) -> Axes:
    """Draw which share of each group has each code, group beside group.

    A row is a code; it has a bar for each group, as long as the share of the group's units with
    the code, with the count at its end.

    Parameters
    ----------
    data : pandas.DataFrame
        One row per code and group.
    code, hue : str
        Columns with the code and the group.
    count, total : str
        Columns with how many of the group's units have the code, and how many units it has.
    apart : collection of hashable
        Groups that compare with the others only with care; their bars are hatched.
    <names>
    hue_names : mapping of hashable to str, optional
        The same for the groups.
    <palette>
    <order>
    hue_order : sequence, optional
        The same for the groups.
    <xlabel>
    <language>
    <ax>
    **kwargs
        For `matplotlib.axes.Axes.barh`.

    Returns
    -------
    <returns>

    Raises
    ------
    PlottingError
        If a column, a value or a bar is missing, a bar occurs twice, or a count exceeds its total.

    See Also
    --------
    case_matrix : Many cases by codes, with shades for shares.

    Examples
    --------
    >>> import pandas as pd
    >>> from embedgov import plotting
    >>> bars = pd.DataFrame({
    ...     "code": ["roads", "roads", "parks", "parks"], "year": [2030, 2031, 2030, 2031],
    ...     "count": [19, 33, 4, 9], "total": [31, 40, 31, 40],
    ... })
    >>> ax = plotting.shares(bars, hue="year", apart=[2030])
    """
    require_language(language)
    rows = mapped(data, {"code": code, "group": hue, "count": count, "total": total})
    require_rows(rows, rows.columns, key=("code", "group"), counts=("count", "total"))
    over = rows[(rows["count"] > rows["total"]) | (rows["total"] == 0)]
    if len(over):
        row = over.iloc[0]
        raise PlottingError(
            f"data, code {row['code']!r}, group {row['group']!r}: count is {row['count']}, total is "
            f"{row['total']}; expected a total from 1 and a count of at most the total"
        )
    codes, groups = ordered(rows["code"], order), ordered(rows["group"], hue_order, "hue_order")
    found = dict(zip(zip(rows["code"], rows["group"]), zip(rows["count"], rows["total"])))
    for pair in ((a, b) for a in codes for b in groups):
        if pair not in found:
            raise PlottingError(
                f"data, code {pair[0]!r}: no row for group {pair[1]!r}; add it, with a count of 0 if no "
                "unit has the code"
            )
    if unknown := set(apart) - set(groups):
        raise PlottingError(f"apart has {sorted(map(str, unknown))}, which are no groups of the data")
    fills = colours(groups, palette, CYCLE)
    layout = Grid(ax, [named(each, names) for each in codes], [], aside=0.34)
    high = layout.row_height(_BAR * len(groups) + 2 * _PAD)
    longest = max(text_width(f"{n}/{of}", SMALL) for n, of in found.values()) + 4
    layout.ax.set_xlim(0, 1 + longest / (layout.width - longest))
    layout.scale(0, 1, xlabel or label("shares.axis", language), whole=False, percent=True)
    layout.ax.set_xticks([0, 0.5, 1])
    thick = _BAR / high
    for i, key in enumerate(codes):
        if i % 2 == 0:
            layout.ax.axhspan(i - 0.5, i + 0.5, color=PALE, linewidth=0, zorder=0)
        for j, group in enumerate(groups):
            n, of = found[key, group]
            y = i + (j - (len(groups) - 1) / 2) * thick
            style: Style = (
                {"height": thick * 0.72, "zorder": 2} | _style(fills[group], group in apart) | kwargs
            )
            layout.ax.barh(y, n / of, **style)
            at = layout.ax.transData + layout.shift(4)
            layout.ax.text(n / of, y, f"{n}/{of}", transform=at, size=SMALL, va="center_baseline", color=INK)
    entries = [(named(each, hue_names, "hue_names"), _style(fills[each], each in apart)) for each in groups]
    layout.key(entries, aside=layout.aside)
    return layout.fit(high * len(codes))
