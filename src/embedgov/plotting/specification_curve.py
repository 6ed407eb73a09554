"""A result in every universe of a multiverse, sorted and coloured by the fork that decides it."""

from collections.abc import Mapping, Sequence
from numbers import Real

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ..errors import PlottingError
from .labels import label, require_language
from .layout import Layout, Names, Palette, colours, documented, named
from .palette import CYCLE, INK, MUTED, PAPER, RULE
from .rows import require_numbers
from .scale import number
from .text import text_width, wrapped
from .theme import SMALL, Style

_HIGH = 190  # of the curve, points


def _strongest(data: pd.DataFrame, forks: Sequence[str], result: str) -> str:
    """The fork whose options differ most in their mean result (the greatest eta squared)."""

    def spread(fork: str) -> float:
        groups = data.groupby(data[fork].astype(object))[result]
        return float((groups.size() * (groups.mean() - data[result].mean()) ** 2).sum())

    return max(forks, key=spread)


def _number(value: object, called: str) -> float:
    if isinstance(value, bool) or not isinstance(value, Real) or value != value:
        raise PlottingError(f"{called}: {value!r}; expected a number")
    return float(value)


@documented
def specification_curve(
    data: pd.DataFrame,
    *,
    result: str | None = None,
    hue: str | None = None,
    reference: Mapping[str, float] | None = None,
    own: Mapping[str, str] | None = None,
    own_name: str = "",
    name: str = "",
    names: Names = None,
    palette: Palette = None,
    hue_order: Sequence | None = None,
    language: str = "en",
    ax: Axes | None = None,
    **kwargs,
) -> Axes:
    """Draw a result in every universe of a multiverse, sorted, coloured by one fork.

    Universes stand side by side from the least result to the greatest, equal ones in the order of
    their options. Where a colour fills one end, the choice at that fork decides the result.

    Parameters
    ----------
    data : pandas.DataFrame
        What `embedgov.multiverse.multiverse` gives: a row per universe, a column per fork, which
        holds text, and one per result, which holds numbers.
    result : str, optional
        Column with the result; can be left out if there is only one.
    hue : str, optional
        Column of the fork that gives the colours; by default that whose options differ most.
    reference : mapping of str to number, optional
        A name and a value to be compared with, drawn as a heavy line across: ``{"Survey": 18}``.
    own : mapping of str to str, optional
        The option that was chosen at each fork, or at some; these universes' result is marked.
    own_name : str
        What the mark of `own` is called; by default in general terms.
    name : str
        What the result counts or measures, beside the upright scale.
    <names>
    <palette>
    hue_order : sequence, optional
        The options in the order in which equal results and the key have them.
    <language>
    <ax>
    **kwargs
        For `matplotlib.axes.Axes.bar`.

    Returns
    -------
    <returns>

    Raises
    ------
    PlottingError
        If a column is missing, a result is no number, `own` fits no universe, or its universes
        have more than one result.

    See Also
    --------
    ranges : Many results, each with what other rules would give.

    References
    ----------
    Simonsohn, U., Simmons, J. P. and Nelson, L. D. (2020). Specification curve analysis. Nature
    Human Behaviour 4, 1208-1214.

    Examples
    --------
    >>> import pandas as pd
    >>> from embedgov import plotting
    >>> from embedgov.multiverse import multiverse
    >>> forks = pd.DataFrame({
    ...     "fork": ["rule", "rule", "scope", "scope"], "option": ["any", "all", "titles", "texts"],
    ...     "published": [0, 1, 1, 0],
    ... })
    >>> counts = multiverse(
    ...     forks,
    ...     lambda universe: {"roads": 12 + 6 * (universe["rule"] == "any") + (universe["scope"] == "texts")},
    ...     n_jobs=1,
    ... )
    >>> ax = plotting.specification_curve(counts, reference={"Survey": 18}, own={"rule": "all", "scope": "titles"})
    >>> ax.get_legend().get_texts()[0].get_text()
    'any'
    """
    require_language(language)
    numeric = [column for column in data.columns if pd.api.types.is_numeric_dtype(data[column])]
    numeric = [column for column in numeric if not pd.api.types.is_bool_dtype(data[column])]
    forks = [column for column in data.columns if column not in numeric and column != result]
    if result is None:
        if len(numeric) != 1:
            raise PlottingError(
                f"data has the results {', '.join(map(repr, numeric)) or 'none'}; name one: result="
            )
        result = numeric[0]
    for called, column in (("result", result), ("hue", hue)):
        if column is not None and column not in data.columns:
            raise PlottingError(
                f"data has no column {column!r} ({called}=); it has {', '.join(map(str, data.columns))}; "
                "needed are the forks and the result"
            )
    if data.empty or not forks:
        raise PlottingError("data has no universes or no forks: there is nothing to draw")
    require_numbers(data, [result])
    fork = _strongest(data, forks, result) if hue is None else hue
    means = data.groupby(data[fork].astype(object))[result].mean()
    options = (
        list(means.sort_values(ascending=False, kind="stable").index)
        if hue_order is None
        else list(hue_order)
    )
    if missing := set(data[fork]) - set(options):
        raise PlottingError(f"hue_order lacks {sorted(map(str, missing))}, options of {fork!r} in the data")
    place = data[fork].astype(object).map({option: -i for i, option in enumerate(options)})
    order = np.lexsort([place, data[result]])
    ranked = pd.DataFrame(
        {"result": data[result].to_numpy(float), "option": data[fork].astype(object).to_numpy()}
    )
    ranked = ranked.iloc[order].reset_index(drop=True)
    changes = (ranked != ranked.shift()).any(axis=1).to_numpy()
    starts = np.flatnonzero(changes)
    wide = np.diff([*starts, len(ranked)])
    fills = colours(options, palette, CYCLE)

    layout = Layout(ax)
    title = name or label("specification_curve.result", language)
    layout.ax.set_ylabel("\n".join(wrapped(title, _HIGH, SMALL)), size=SMALL, color=MUTED)
    lines = [(named(each, None), _number(value, "reference")) for each, value in (reference or {}).items()]
    low, high = (end([*ranked["result"], 0, *(value for _, value in lines)]) for end in (min, max))
    pad = 0.08 * (high - low or 1)
    layout.ax.set(xlim=(0, len(ranked)), ylim=(low - pad * (low < 0), high + 2 * pad))
    layout.ax.set_xticks([0.5, len(ranked) - 0.5], ["1", f"{len(ranked):,}"])
    layout.ax.tick_params(axis="y", labelcolor=INK)
    whole = bool((ranked["result"] % 1 == 0).all())
    layout.ax.yaxis.get_major_locator().set_params(integer=whole)  # ty: ignore[unknown-argument]
    layout.ax.grid(axis="y", color=RULE, linewidth=0.6)
    layout.ax.set_xlabel(
        "\n".join(
            wrapped(
                label("specification_curve.axis", language, count=f"{len(ranked):,}"), layout.width, SMALL
            )
        ),
        size=SMALL,
        color=MUTED,
    )
    first = ranked.iloc[starts]
    style: Style = {"width": wide, "align": "edge", "linewidth": 0, "zorder": 2} | kwargs
    layout.ax.bar(starts, first["result"], color=[fills[each] for each in first["option"]], **style)
    for text, value in lines:
        said = label("specification_curve.at", language, name=text, value=number(value))
        layout.ax.axhline(value, color=INK, linewidth=1.8, zorder=3)
        _say(layout, said, (0, value), (3, 3))
    if own is not None:
        said = own_name or label("specification_curve.own", language)
        _mark(layout, data, ranked, fork, result, own, said, language)
    layout.key(
        [(named(each, names), {"facecolor": fills[each]}) for each in options], title=named(fork, names)
    )
    return layout.fit(_HIGH)


def _say(layout: Layout, said: str, place: tuple[float, float], offset: tuple[float, float]) -> None:
    behind: Style = {"facecolor": PAPER, "edgecolor": "none", "pad": 0.8, "alpha": 0.85}
    layout.ax.annotate(
        said,
        place,
        xytext=offset,
        textcoords="offset points",
        size=SMALL,
        weight="bold",
        color=INK,
        bbox=behind,
        zorder=5,
        parse_math=False,
    )


def _mark(
    layout: Layout,
    data: pd.DataFrame,
    ranked: pd.DataFrame,
    fork: str,
    result: str,
    own: Mapping,
    name: str,
    language: str,
) -> None:
    chosen = pd.Series(True, data.index)
    for each, option in own.items():
        if each not in data.columns:
            raise PlottingError(f"own names the fork {each!r}; data has {', '.join(map(str, data.columns))}")
        chosen &= data[each].astype(object) == option
    values = data.loc[chosen, result].unique()
    if len(values) != 1:
        raise PlottingError(
            f"own: {int(chosen.sum())} universes have {dict(own)}, with {len(values)} results; expected one result"
        )
    value = float(values[0])
    equal = ranked["result"] == value
    if fork in own:
        equal &= ranked["option"] == own[fork]
    x = float(np.flatnonzero(equal).mean() + 0.5)
    style: Style = {"markersize": 9, "markerfacecolor": PAPER, "markeredgecolor": INK, "markeredgewidth": 2}
    layout.ax.plot([x], [value], "o", zorder=6, clip_on=False, **style)
    said = label("specification_curve.at", language, name=name, value=number(value))
    end = layout.width * (1 - x / len(ranked))
    room = text_width(said, SMALL, "bold") + 12
    _say(layout, said, (x, value), (9, 8) if end > room else (end - room, 10))
