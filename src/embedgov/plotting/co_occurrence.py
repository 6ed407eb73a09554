"""Codes by codes: how often two apply to the same unit."""

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes

from .. import coding
from ..errors import PlottingError
from .heat import MISSING, HeatMap, shades
from .labels import label, require_language
from .layout import Names, Palette, colours, documented, named, ordered
from .palette import RULE, STEPS
from .scale import number
from .text import text_width, wrapped
from .theme import BASE, Style

_HIGH = 34  # of a cell, points
_AFTER = 11  # room between the diagonal and the end of the name of its code


@documented
def co_occurrence(
    data: coding.CoOccurrence | pd.DataFrame,
    *,
    names: Names = None,
    palette: Palette = None,
    order: Sequence | None = None,
    title: str = "",
    language: str = "en",
    ax: Axes | None = None,
    **kwargs,
) -> Axes:
    """Draw how often two codes apply to the same unit.

    A cell says how many units have both codes and, below, what share that is of the units that
    have either (Jaccard's coefficient); it is the darker the larger that share.
    The diagonal says how many units have the code, whose name stands beside it.
    Only the lower triangle is drawn, since the upper one is the same.

    Parameters
    ----------
    data : embedgov.coding.CoOccurrence or pandas.DataFrame
        What `embedgov.coding.co_occurrence` gives, or the units x codes that it takes.
    <names>
    <palette>
    <order>
    <title>
    <language>
    <ax>
    **kwargs
        For `seaborn.heatmap`, such as ``cmap``.

    Returns
    -------
    <returns>

    Raises
    ------
    PlottingError
        If a code has no name, or there are too many codes for their texts.

    See Also
    --------
    upset : Every combination of codes, not only pairs.

    Examples
    --------
    >>> import pandas as pd
    >>> from embedgov import plotting
    >>> codes = pd.DataFrame({"cost": [1, 1, 0, 1], "trust": [0, 1, 0, 1], "time": [0, 0, 1, 0]})
    >>> ax = plotting.co_occurrence(codes)
    >>> [text.get_text() for text in ax.texts][:3]
    ['3', '2\\n0.67', '2']
    """
    require_language(language)
    found = data if isinstance(data, coding.CoOccurrence) else coding.co_occurrence(data)
    codes = ordered(found.counts.columns, order)
    counts, jaccard = found.counts.loc[codes, codes], found.jaccard.loc[codes, codes]
    n = len(codes)
    if n < 2:
        raise PlottingError(f"data has {n} codes to be drawn: expected two or more")
    texts, shares = counts.astype(str), jaccard.astype(float)
    dashed = []
    for i in range(n):
        shares.iloc[i, i:] = float("nan")
        texts.iloc[i, i + 1 :] = ""
        for j in range(i):
            ratio = jaccard.iat[i, j]
            dashed += [(i, j)] if pd.isna(ratio) else []
            texts.iat[i, j] += "\n" + ("–" if pd.isna(ratio) else number(ratio, 2))
    texts_of = [named(code, names) for code in codes]
    layout = HeatMap(ax, [""] * n, [""] * n)
    layout.beside = min(text_width(texts_of[-1], BASE) + _AFTER, 0.3 * layout.width)
    wide = (layout.width - layout.beside) / n
    layout.draw(shares, texts, _HIGH, dashed=dashed, **kwargs)
    fills = colours(codes, palette, [RULE])
    for i, (code, text) in enumerate(zip(codes, texts_of)):
        lines = wrapped(text, layout.width - (i + 1) * wide - _AFTER, BASE)
        at = layout.ax.transData + layout.shift(_AFTER - 3)
        layout.ax.text(
            i + 1, i + 0.5, "\n".join(lines), transform=at, va="center", size=BASE, parse_math=False
        )
        style: Style = {"color": fills[code], "linewidth": 2.5, "solid_capstyle": "butt", "scalex": False}
        at = layout.ax.transData + layout.shift(2)
        layout.ax.plot([i + 1] * 2, [i + 0.06, i + 0.94], transform=at, scaley=False, **style)
    key = shades(["0", *(f"≤ {step:g}" for step in STEPS[1:])], kwargs.get("cmap"))
    if dashed:
        key.append((label("co_occurrence.missing", language), MISSING))
    layout.key(key, title=title or label("co_occurrence.note", language), gap=8)
    return layout.fit(_HIGH * n)
