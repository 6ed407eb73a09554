"""Counts of labels that overlap, each against the same total."""

from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.axes import Axes

from ..bounds import Margins
from ..errors import PlottingError
from .labels import label, require_language
from .layout import Names, Palette, Rows, colours, documented, mapped, named, ordered
from .palette import INK, MUTED, PAPER
from .rows import is_count, require_rows
from .theme import Style

# A solid bar, a hatched one, an outline: one for each value of the hue, in the order of their first rows.
_PATTERNS = (
    lambda fill: {"facecolor": fill, "edgecolor": fill, "linewidth": 1.2},
    lambda fill: {"facecolor": PAPER, "edgecolor": fill, "linewidth": 1.2, "hatch": "/////"},
    lambda fill: {"facecolor": PAPER, "edgecolor": fill, "linewidth": 1.2},
)


@documented
def margin_bars(
    data: pd.DataFrame | pd.Series | Mapping[str, int] | Margins,
    *,
    total: int | None = None,
    code: str = "code",
    count: str = "count",
    hue: str | None = None,
    names: Names = None,
    hue_names: Names = None,
    palette: Palette = None,
    order: Sequence | None = None,
    xlabel: str = "",
    language: str = "en",
    ax: Axes | None = None,
    **kwargs,
) -> Axes:
    """Draw counts of labels that overlap as bars against one total.

    One unit may carry several labels, so the bars stand one below the other,
    each on the whole scale from 0 to the total, and never on top of one another.

    Parameters
    ----------
    data : pandas.DataFrame, pandas.Series, mapping of str to int, or embedgov.bounds.Margins
        One row per bar, in order; or the count of each code.
    total : int, optional
        How many units there are, the end of the scale; margins bring their own.
    code, count : str
        Columns with the code, which has the name and the colour, and with its count.
    hue : str, optional
        Column that tells what was counted, with up to three values; each has a pattern.
    <names>
    hue_names : mapping of hashable to str, optional
        The same for the values of the hue.
    <palette>
    <order>
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
        If a column or value is missing, a code occurs twice with one value of the hue, a count
        exceeds `total`, or the hue has more than three values.

    See Also
    --------
    intervals : What the counts leave open.

    Examples
    --------
    >>> from embedgov import plotting
    >>> counts = {"schools": 37, "roads": 18, "parks": 11}
    >>> ax = plotting.margin_bars(counts, total=40, palette="#0072b2")
    >>> ax.get_xlabel()
    'Number, out of 40'

    Its columns may have any name; `hue` sets apart what was counted in another way.

    >>> import pandas as pd
    >>> counts = pd.DataFrame({
    ...     "topic": ["schools", "roads"], "n": [37, 18], "rule": ["at all", "as the main topic"],
    ... })
    >>> ax = plotting.margin_bars(counts, code="topic", count="n", hue="rule", total=40)
    """
    require_language(language)
    if isinstance(data, Margins):
        data, total = data.counts, data.total if total is None else total
    if not isinstance(data, pd.DataFrame):
        data = pd.DataFrame(dict(data).items(), columns=[code, count])
    rows = mapped(data, {"code": code, "count": count, "hue": hue})
    require_rows(rows, rows.columns, key=["code", *(["hue"] if hue else [])], counts=("count",))
    if total is None or not is_count(total) or total < 1:
        raise PlottingError(f"total is {total!r}: expected a whole number from 1")
    if (over := rows["count"] > total).any():
        row = rows[over].iloc[0]
        raise PlottingError(
            f"data, code {row['code']!r}: count is {row['count']}, total is {total}; "
            "expected a count of at most the total"
        )
    codes = ordered(rows["code"], order)
    rows = rows[rows["code"].isin(codes)]
    if order is not None:
        rows = rows.sort_values("code", key=lambda each: each.map(codes.index), kind="stable")
    hues = list(dict.fromkeys(rows["hue"])) if hue else [None]
    if len(hues) > len(_PATTERNS):
        raise PlottingError(
            f"data[{hue!r}] holds {len(hues)} values ({', '.join(map(str, hues))}); "
            f"expected at most {len(_PATTERNS)}"
        )
    texts = [named(each, names) for each in rows["code"]]
    values = [
        label("margin_bars.value", language, count=n, total=total, share=f"{100 * n / total:.1f}%")
        for n in rows["count"]
    ]
    fills = colours(codes, palette, [INK])
    layout = Rows(ax, texts, values, total)
    layout.ax.set_xlim(-0.004 * total, 1.004 * total)
    layout.scale(0, total, xlabel or label("margin_bars.axis", language, total=total), end=True)
    layout.place()
    for i, row in enumerate(rows.to_dict("records")):
        pattern = _PATTERNS[hues.index(row.get("hue"))](fills[row["code"]])
        style: Style = {"height": layout.bar, "zorder": 2} | pattern | kwargs
        layout.ax.barh(i, row["count"], **style)
    if hue:
        layout.key(
            [(named(each, hue_names, "hue_names"), pattern(MUTED)) for each, pattern in zip(hues, _PATTERNS)]
        )
    return layout.finish()
