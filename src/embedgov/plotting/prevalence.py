"""Agreement held fixed: what the coefficients become as a code gets rare or common."""

from collections.abc import Sequence
from math import isclose

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ..errors import PlottingError
from .labels import label, require_language
from .layout import Layout, Names, Palette, colours, documented, mapped, named, ordered
from .palette import INK, MUTED, PAPER, RULE
from .rows import require_numbers, require_rows
from .scale import number
from .theme import SMALL, Style

_HIGH = 200  # of the curves, points
_ALPHA: Style = {"color": INK, "linewidth": 1.4}
_AC1: Style = {"color": MUTED, "linewidth": 1.2, "linestyle": (0, (3, 2))}
_MARKS: dict[str, Style] = {  # as in the forest of coefficients
    "alpha": {"marker": "s", "markersize": 5.5, "markerfacecolor": INK, "markeredgecolor": INK},
    "ac1": {"marker": "D", "markersize": 5, "markerfacecolor": MUTED, "markeredgecolor": MUTED},
}


def _alpha(agreement, prevalence, values):
    """Alpha of a binary code, from percent agreement, prevalence and the number of values."""
    return 1 - (1 - 1 / values) * (1 - agreement) / (2 * prevalence * (1 - prevalence))


def _ac1(agreement, prevalence):
    """AC1 of a binary code, from percent agreement and prevalence."""
    chance = 2 * prevalence * (1 - prevalence)
    return (agreement - chance) / (1 - chance)


def _require_sense(row: dict) -> None:
    where = f"data, code {row['code']!r}"
    agreement, share, values = row["agreement"], row["prevalence"], row["values"]
    if values < 2 or not 0 < share < 1:
        raise PlottingError(
            f"{where}: prevalence is {share} of {values} values; expected both values to "
            "occur, since without variation no coefficient is defined"
        )
    if (1 - agreement) / 2 > min(share, 1 - share) + 1e-9:
        raise PlottingError(
            f"{where}: agreement is {agreement}, prevalence is {share}; so rare a value "
            "leaves no room for so many disagreements: expected prevalence from "
            f"{(1 - agreement) / 2:g} to {(1 + agreement) / 2:g}"
        )
    for what, expected in (("alpha", _alpha(agreement, share, values)), ("ac1", _ac1(agreement, share))):
        if not isclose(row[what], expected, abs_tol=0.005):
            raise PlottingError(
                f"{where}: {what} is {row[what]}, but agreement, prevalence and values make it "
                f"{expected:.3f}; expected a binary code that all coders gave to every unit"
            )


@documented
def prevalence(
    data: pd.DataFrame,
    *,
    code: str = "code",
    values: str | None = None,
    names: Names = None,
    palette: Palette = None,
    order: Sequence | None = None,
    language: str = "en",
    ax: Axes | None = None,
    **kwargs,
) -> Axes:
    """Draw how agreement coefficients of binary codes depend on prevalence.

    For every agreement that occurs in the data, a line says what Krippendorff's alpha becomes as
    the share of codes that are 1 goes from its least to its greatest, and a dashed line the same
    of Gwet's AC1. Marks are the codes, each on the lines of its own agreement and with its number.

    Parameters
    ----------
    data : pandas.DataFrame
        One row per code with ``agreement`` (the share of pairs of coders who agree),
        ``prevalence`` (the share of codes that are 1), ``alpha`` and ``ac1``, as in the rows of
        `embedgov.agreement.agreement_table` for single codes. Every coder has coded every unit,
        and both values occur.
    code : str
        Column with the code, a key.
    values : str, optional
        Column with how many codes were given; by default ``coders`` times ``units``.
    <names>
    palette : mapping, sequence of str or str, optional
        A colour for ``alpha`` and for ``ac1``, in this order, one for both, or a palette of seaborn.
    <order>
    <language>
    <ax>
    **kwargs
        For `matplotlib.axes.Axes.plot`, which draws the lines.

    Returns
    -------
    <returns>

    Raises
    ------
    PlottingError
        If a column or value is missing, a code occurs twice, or the numbers of a row contradict
        one another.

    See Also
    --------
    agreement_forest : The coefficients of codes with their intervals.

    References
    ----------
    Feinstein, A. R. and Cicchetti, D. V. (1990). High agreement but low kappa: I. The problems
    of two paradoxes. Journal of Clinical Epidemiology 43(6), 543-549.

    Examples
    --------
    >>> import pandas as pd
    >>> from embedgov import plotting
    >>> codes = pd.DataFrame({
    ...     "code": ["rare", "even"], "agreement": [0.9, 0.9], "prevalence": [0.925, 0.5],
    ...     "given": [80, 80], "alpha": [0.288, 0.803], "ac1": [0.884, 0.8],
    ... })
    >>> ax = plotting.prevalence(codes, values="given")
    """
    require_language(language)
    coefficients = ("agreement", "prevalence", "alpha", "ac1")
    if values is None:
        counted = mapped(data, {"coders": "coders", "units": "units"})
        rows = mapped(data, {"code": code} | {each: each for each in coefficients})
        rows["values"] = counted["coders"] * counted["units"]
    else:
        rows = mapped(data, {"code": code, "values": values} | {each: each for each in coefficients})
    require_rows(rows, rows.columns, key=("code",), counts=("values",))
    require_numbers(rows, ("agreement", "prevalence"), least=0, most=1)
    require_numbers(rows, ("alpha", "ac1"), most=1)
    found = {case["code"]: case for case in rows.to_dict("records")}
    cases = [found[key] for key in ordered(rows["code"], order)]
    for case in cases:
        _require_sense(case)
    curves = sorted({(float(case["agreement"]), int(case["values"])) for case in cases})
    low = min([0, *(_alpha(a, (1 - a) / 2, n) for a, n in curves if a < 1)])
    lines, marks = {"alpha": _ALPHA, "ac1": _AC1}, _MARKS
    if palette is not None:
        fills = colours(list(lines), palette)
        lines = {each: line | {"color": fills[each]} for each, line in lines.items()}
        marks = {
            each: mark | {"markerfacecolor": fills[each], "markeredgecolor": fills[each]}
            for each, mark in marks.items()
        }
    layout = Layout(ax)
    ax = layout.ax
    ax.set(xlim=(-0.01, 1.01), ylim=(low - 0.03, 1.06))
    ax.set_ylabel(label("prevalence.upward", language), size=SMALL, color=MUTED)
    ax.grid(axis="y", color=RULE, linewidth=0.6)
    layout.scale(0, 1, label("prevalence.axis", language), whole=False)
    for agreement, n in curves:
        least = max((1 - agreement) / 2, 1e-6)
        x = np.linspace(least, 1 - least, 401)
        for y, each in ((_ac1(agreement, x), "ac1"), (_alpha(agreement, x, n), "alpha")):
            style: Style = {"zorder": 1} | lines[each] | kwargs
            ax.plot(x, y, **style)
    entries = [
        (label(f"agreement_forest.{each}", language), line | marks[each]) for each, line in lines.items()
    ]
    behind: Style = {"facecolor": PAPER, "edgecolor": "none", "pad": 0.4, "alpha": 0.8}
    for i, case in enumerate(cases, 1):
        for each in ("ac1", "alpha"):
            ax.plot([case["prevalence"]], [case[each]], linestyle="none", zorder=3, **marks[each])
        to_left = case["prevalence"] > 0.5
        at = ax.transData + layout.shift(-6 if to_left else 6, -6)
        style: Style = {"size": SMALL, "weight": "bold", "ha": "right" if to_left else "left", "va": "top"}
        ax.text(case["prevalence"], case["alpha"], str(i), transform=at, zorder=4, bbox=behind, **style)
        parts = {each: number(case[each], 2) for each in ("agreement", "alpha")}
        text = label("prevalence.case", language, name=f"{i}  {named(case['code'], names)}", **parts)
        entries.append((text, {"facecolor": "none", "linewidth": 0}))
    layout.key(entries)
    return layout.fit(_HIGH)
