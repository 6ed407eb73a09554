"""Agreement between coders, code by code: coefficients with their intervals."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes

from ..errors import PlottingError
from .labels import label, require_language
from .layout import Grid, Names, Palette, colours, documented, mapped, named, ordered
from .palette import INK, MUTED, PALE, PAPER
from .rows import require_numbers, require_rows
from .scale import number
from .text import text_width
from .theme import SMALL, Style

_MARKS: dict[str, Style] = {
    "agreement": {"marker": "o", "markersize": 5.5, "markerfacecolor": PAPER},
    "alpha": {"marker": "s", "markersize": 5.5, "markerfacecolor": INK},
    "ac1": {"marker": "D", "markersize": 5, "markerfacecolor": MUTED},
}
_LANE = 14  # height of one coefficient, points
_PAD = 4  # above and below the lanes of a code


@dataclass(frozen=True)
class _Lane:
    coefficient: str
    value: float | None  # None: undefined
    low: float | None  # None: without an interval
    high: float | None
    text: str  # the numbers, or why there are none


def _lane(row: dict, coefficient: str, language: str) -> _Lane:
    value, low, high = (
        None if pd.isna(row[name]) else float(row[name])
        for name in (coefficient, f"{coefficient}_low", f"{coefficient}_high")
    )
    where = f"data, code {row['code']!r}, {coefficient}"
    if (low is None) != (high is None) or low is not None and high is not None and low > high:
        raise PlottingError(f"{where}: from {low} to {high}; expected both ends of an interval or neither")
    if value is None:
        return _Lane(coefficient, None, None, None, label("agreement_forest.undefined", language))
    text = number(value, 2)
    if low is not None and high is not None:
        ends = {"low": number(low, 2), "high": number(high, 2)}
        text = label("agreement_forest.value", language, value=text, **ends)
    return _Lane(coefficient, value, low, high, text)


@documented
def agreement_forest(
    data: pd.DataFrame,
    *,
    coefficients: Sequence[str] = ("agreement", "alpha", "ac1"),
    code: str = "code",
    names: Names = None,
    palette: Palette = None,
    order: Sequence | None = None,
    language: str = "en",
    ax: Axes | None = None,
    **kwargs,
) -> Axes:
    """Draw the agreement between coders on each code, with its uncertainty.

    A row is a code; its lanes are percent agreement, Krippendorff's alpha and Gwet's AC1, which
    belong together: where nearly every unit has a code, alpha collapses although the coders
    hardly differ. A line is the interval of a coefficient; one that is undefined has a mark
    without a place on the scale.

    Parameters
    ----------
    data : pandas.DataFrame
        What `embedgov.agreement.agreement_table` gives: a row per code with a column per
        coefficient (at most 1, missing if undefined) and its ends of the interval, ``alpha_low``
        and ``alpha_high`` for ``alpha`` (both may be missing). Rows of all codes together, with
        another ``distance`` than nominal, are left out, unless there are no others; AC1, which is
        not defined for them, then is.
    coefficients : sequence of str
        Which are drawn: agreement, alpha, ac1.
    code : str
        Column with the code.
    <names>
    palette : mapping, sequence of str or str, optional
        A colour for each coefficient, colours in their order, one for all, or a palette of seaborn.
    <order>
    <language>
    <ax>
    **kwargs
        For `matplotlib.axes.Axes.plot`, which draws marks and intervals.

    Returns
    -------
    <returns>

    Raises
    ------
    PlottingError
        If a column or code is missing, a code occurs twice, or a coefficient is none of the three
        or above 1.

    See Also
    --------
    disagreements : Where coders differ, which says more if they hardly do.

    Examples
    --------
    >>> import pandas as pd
    >>> from embedgov import agreement, plotting
    >>> codes = pd.DataFrame({
    ...     "report": [1, 1, 2, 2, 3, 3, 4, 4], "coder": ["A", "B"] * 4,
    ...     "cost": [1, 1, 0, 0, 1, 0, 0, 0], "trust": [1, 1, 1, 1, 1, 1, 1, 1],
    ... })
    >>> table = agreement.agreement_table(codes, unit="report", codes=["cost", "trust"], draws=100)
    >>> ax = plotting.agreement_forest(table)
    >>> _ = ax.axvline(0.8, linestyle=":")
    """
    for each in coefficients:
        if each not in _MARKS:
            raise PlottingError(f"coefficients holds {each!r}; expected some of {', '.join(_MARKS)}")
    if "distance" in data:
        single = data["distance"].astype(str) == "nominal"
        if single.any():
            data = data[single]
        elif len(data):
            coefficients = [each for each in coefficients if each != "ac1"]
    if not coefficients:
        raise PlottingError("coefficients holds none that is defined for these rows; draw agreement or alpha")
    measures = [each + end for each in coefficients for end in ("", "_low", "_high")]
    rows = mapped(data, {"code": code} | {each: each for each in measures})
    require_rows(rows, ("code",), key=("code",))
    require_numbers(rows, measures, most=1, optional=measures)
    codes = ordered(rows["code"], order)
    found = {row["code"]: row for row in rows.to_dict("records")}
    require_language(language)
    fills = dict.fromkeys(coefficients) if palette is None else colours(coefficients, palette)
    styles = {each: _style(each, fill) for each, fill in fills.items()}
    lanes = [[_lane(found[key], each, language) for each in coefficients] for key in codes]
    every = [lane for each in lanes for lane in each]
    layout = Grid(ax, [named(key, names) for key in codes], [], aside=0.3)
    room = max(text_width(lane.text, SMALL) for lane in every) + 9
    low = min([0, *(each for lane in every for each in (lane.low, lane.value) if each is not None)])
    layout.ax.set_xlim(low, low + (1 - low) * layout.width / (layout.width - room))
    has = "note" if any(lane.low is not None for lane in every) else "bare"
    layout.scale(low, 1, label(f"agreement_forest.{has}", language))
    ticks = [t for t in (-1, -0.5, 0, 0.5, 1) if low <= t <= 1]
    layout.ax.set_xticks(ticks)
    high = layout.row_height(_LANE * len(coefficients) + 2 * _PAD)
    for y, each in enumerate(lanes):
        if y % 2 == 0:
            layout.ax.axhspan(y - 0.5, y + 0.5, color=PALE, linewidth=0, zorder=0)
        for i, lane in enumerate(each):
            style = styles[lane.coefficient] | kwargs
            _draw(layout.ax, lane, y + (i - (len(each) - 1) / 2) * _LANE / high, low, style)
    entries = [(label(f"agreement_forest.{each}", language), styles[each]) for each in coefficients]
    layout.key(entries, aside=layout.aside)
    return layout.fit(high * len(codes))


def _style(coefficient: str, fill: str | None) -> Style:
    style: Style = {"color": INK, "linewidth": 1.4, "markeredgewidth": 1.2, **_MARKS[coefficient]}
    if fill is None:
        return style
    inside = PAPER if style["markerfacecolor"] == PAPER else fill  # an open mark stays open
    return style | {"color": fill, "markerfacecolor": inside}


def _draw(ax: Axes, lane: _Lane, y: float, low: float, style: Style) -> None:
    at = ax.get_yaxis_transform()
    ax.text(1, y, lane.text, transform=at, ha="right", va="center_baseline", size=SMALL, color=INK)
    if lane.value is None:
        hollow: Style = style | {"markeredgecolor": MUTED, "markerfacecolor": PAPER}
        ax.plot([low], [y], clip_on=False, zorder=3, **hollow)
        return
    mark: Style = style | {"linestyle": "none"}
    if lane.low is not None:  # which need not hold the value: an interval may come from a posterior
        line: Style = style | {"marker": None}
        ax.plot([lane.low, lane.high], [y, y], zorder=2, clip_on=False, solid_capstyle="butt", **line)
    ax.plot([lane.value], [y], zorder=3, clip_on=False, **mark)
