"""Cases by codes: how much of each case has each code."""

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd
from matplotlib.axes import Axes

from .. import coding
from ..errors import PlottingError
from .heat import MISSING, OUTLINE, HeatMap, shades
from .labels import label, require_language
from .layout import Names, Palette, colours, documented, mapped, named, ordered
from .palette import STEPS
from .rows import require_rows
from .theme import Style

_HIGH = 26  # of a row, points


@documented
def case_matrix(
    data: coding.CaseMatrix | pd.DataFrame,
    *,
    case: str = "case",
    code: str = "code",
    count: str = "count",
    total: str = "total",
    marked: Mapping | pd.Series | Iterable[tuple] | None = None,
    marks: str = "",
    names: Names = None,
    case_names: Names = None,
    palette: Palette = None,
    order: Sequence | None = None,
    case_order: Sequence | None = None,
    title: str = "",
    language: str = "en",
    ax: Axes | None = None,
    **kwargs,
) -> Axes:
    """Draw how much of each case has each code.

    A row is a case or a group of cases, a column a code.
    A cell says how many of the units of the case have the code, and is the darker the larger
    their share; where a case has no unit the cell is empty and dashed, not 0.

    Parameters
    ----------
    data : embedgov.coding.CaseMatrix or pandas.DataFrame
        What `embedgov.coding.case_matrix` gives; or one row per cell, rows and columns in the
        order of their first cells.
    case, code, count, total : str
        Of a frame, the columns with the case and the code, and with how many units have the code,
        of how many (0 if the case has none).
    marked : mapping, pandas.Series, or iterable of (case, code), optional
        The cells with a heavy outline; of a mapping, one code per case.
    marks : str
        What the outline means, for the key.
    <names>
    case_names : mapping of hashable to str, optional
        The same for the cases.
    <palette>
    <order>
    case_order : sequence, optional
        The same for the cases.
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
        If a column, a value or a cell is missing, a cell occurs twice, a count exceeds its total,
        or there are too many codes for their texts.

    See Also
    --------
    co_occurrence : Codes by codes.

    Examples
    --------
    >>> import pandas as pd
    >>> from embedgov import coding, plotting
    >>> codes = pd.DataFrame(
    ...     {"cost": [1, 1, 0, 1], "trust": [0, 0, 0, 1]}, index=["r1", "r2", "r3", "r4"]
    ... )
    >>> cases = {"r1": "North", "r2": "North", "r3": "South", "r4": "South"}
    >>> ax = plotting.case_matrix(coding.case_matrix(codes, cases), palette={"cost": "C0", "trust": "C1"})
    >>> [text.get_text() for text in ax.texts]
    ['2/2', '0/2', '1/2', '1/2']
    """
    require_language(language)
    counts, totals = _counts(data, {"case": case, "code": code, "count": count, "total": total})
    codes = ordered(counts.columns, order)
    cases = ordered(counts.index, case_order, "case_order")
    counts, totals = counts.loc[cases, codes], totals.loc[cases, codes]
    outlined = _places(marked, cases, codes)
    shares = (counts / totals.where(totals > 0)).astype(float)
    texts = counts.astype(str) + "/" + totals.astype(str)
    texts = texts.where(totals > 0, "–")
    layout = HeatMap(
        ax, [named(each, case_names, "case_names") for each in cases], [named(c, names) for c in codes]
    )
    dashed = [(i, j) for i in range(len(cases)) for j in range(len(codes)) if not totals.iat[i, j]]
    high = layout.row_height(_HIGH)
    layout.draw(shares, texts, high, dashed=dashed, marked=outlined, **kwargs)
    fills = colours(codes, palette, [""]) if palette is None else colours(codes, palette)
    layout.stripes([fills[each] or None for each in codes])
    key: list[tuple[str, Style]] = shades(["0", *(f"≤ {step:.0%}" for step in STEPS[1:])], kwargs.get("cmap"))
    if marks and outlined:
        key.append((marks, OUTLINE))
    if dashed:
        key.append((label("case_matrix.missing", language), MISSING))
    layout.key(
        key, title=title or label("case_matrix.note", language), aside=layout.aside, gap=layout.above()
    )
    return layout.fit(high * len(cases))


def _counts(data: coding.CaseMatrix | pd.DataFrame, columns: Mapping) -> tuple[pd.DataFrame, pd.DataFrame]:
    """How many units of each case have each code, and of how many (both cases x codes)."""
    if isinstance(data, coding.CaseMatrix):
        totals = pd.DataFrame(dict.fromkeys(data.counts.columns, data.units))
        return data.counts, totals - data.unknown
    rows = mapped(data, columns)
    require_rows(rows, ("case", "code", "count", "total"), key=("case", "code"), counts=("count", "total"))
    over = rows[rows["count"] > rows["total"]]
    if len(over):
        row = over.iloc[0]
        raise PlottingError(
            f"data, case {row['case']!r}, code {row['code']!r}: count is {row['count']}, total is "
            f"{row['total']}; expected a count of at most the total"
        )
    cases, codes = rows["case"].unique(), rows["code"].unique()
    whole = [rows.pivot(index="case", columns="code", values=each) for each in ("count", "total")]
    count, total = (each.reindex(index=cases, columns=codes) for each in whole)
    if (gaps := total.isna()).to_numpy().any():
        row, column = next((i, j) for i in cases for j in codes if gaps.at[i, j])
        raise PlottingError(
            f"data, case {row!r}: no row for code {column!r}; add it, with a total of 0 if there is no unit"
        )
    return count.astype(int), total.astype(int)


def _places(marked: Mapping | pd.Series | Iterable[tuple] | None, cases: list, codes: list) -> list:
    """Row and column of each marked cell."""
    if marked is None:
        return []
    pairs = list(marked.items()) if isinstance(marked, Mapping | pd.Series) else list(marked)
    for pair in pairs:
        if pair[0] not in cases or pair[1] not in codes:
            raise PlottingError(f"marked holds {pair!r}: expected a case and a code that are drawn")
    return [(cases.index(a), codes.index(b)) for a, b in pairs]
