"""Where coders differ: on how many units of each code, and how many of them said yes."""

from collections import Counter
from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes

from ..errors import PlottingError
from .labels import label, require_language
from .layout import Names, Palette, Rows, colours, documented, mapped, named
from .palette import SHADES
from .rows import is_count, require_rows
from .theme import Style


def _coders(said: object) -> int:
    return len([each for each in str(said).split(",") if each.strip()])


@documented
def disagreements(
    data: pd.DataFrame,
    *,
    codes: Sequence,
    units: int | None = None,
    code: str = "code",
    yes: str = "yes",
    no: str = "no",
    names: Names = None,
    palette: Palette = None,
    xlabel: str = "",
    language: str = "en",
    ax: Axes | None = None,
    **kwargs,
) -> Axes:
    """Draw on how many units coders differ about each code, and how they divide.

    A row is a code; its bar counts the units on which two coders differ, divided by how many
    coders gave the code and how many did not: a single dissenter reads otherwise than a split.

    Parameters
    ----------
    data : pandas.DataFrame
        What `embedgov.coding.disagreements` gives: one row per unit and code on which two coders
        differ, with the coders who gave the code and those who did not, as text with commas.
    codes : sequence
        All codes, in order, those on which nobody differs among them.
    units : int, optional
        How many units were coded, the end of the scale; by default the longest bar ends it.
    code, yes, no : str
        Columns with the code and the coders.
    <names>
    palette : mapping, sequence of str or str, optional
        A colour for each division of coders, in order.
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
        If a column is missing, or the data have a code that `codes` lacks.

    See Also
    --------
    agreement_forest : Coefficients of agreement.

    Examples
    --------
    >>> import pandas as pd
    >>> from embedgov import coding, plotting
    >>> codes = pd.DataFrame({
    ...     "report": [1, 1, 1, 2, 2, 2], "coder": ["A", "B", "C"] * 2,
    ...     "cost": [1, 1, 0, 0, 0, 0], "trust": [1, 0, 0, 0, 1, 1],
    ... })
    >>> found = coding.disagreements(codes, unit="report", codes=["cost", "trust"])
    >>> ax = plotting.disagreements(found, codes=["cost", "trust"])
    >>> [text.get_text() for text in ax.get_legend().get_texts()]
    ['2 yes, 1 no', '1 yes, 2 no']
    """
    require_language(language)
    rows = mapped(data, {"code": code, "yes": yes, "no": no})
    if len(rows):
        require_rows(rows, ("code", "yes", "no"), key=())
    if unknown := set(rows["code"]) - set(codes):
        raise PlottingError(f"data has the codes {sorted(map(str, unknown))}, which codes= lacks; add them")
    split = [(_coders(a), _coders(b)) for a, b in zip(rows["yes"], rows["no"])]
    divisions = sorted(set(split), key=lambda each: (-each[0] / sum(each), each))
    found = Counter(zip(rows["code"], split))
    counts = pd.DataFrame(
        [[found[key, each] for each in divisions] for key in codes], list(codes), range(len(divisions))
    )
    sums = counts.sum(axis=1).astype(int)
    end = max(1, int(sums.max())) if units is None else units
    if not is_count(end) or end < sums.max():
        raise PlottingError(f"units is {units!r}, but coders differ on {sums.max()} about {sums.idxmax()!r}")
    layout = Rows(ax, [named(each, names) for each in codes], [str(n) for n in sums], end)
    layout.ax.set_xlim(-0.004 * end, 1.004 * end)
    layout.scale(0, end, xlabel or label("disagreements.axis", language), end=units is not None)
    layout.place()
    fills = colours(divisions, palette, [SHADES[4], SHADES[3], SHADES[2], SHADES[1]])
    left = pd.Series(0, counts.index)
    for i, each in enumerate(divisions):
        style: Style = {"height": layout.bar, "color": fills[each], "linewidth": 0, "zorder": 2} | kwargs
        layout.ax.barh(range(len(counts)), counts[i], left=left, **style)
        left = left + counts[i]
    texts = [label("disagreements.split", language, yes=a, no=b) for a, b in divisions]
    if texts:
        layout.key([(text, {"facecolor": fills[each]}) for text, each in zip(texts, divisions)])
    return layout.finish()
