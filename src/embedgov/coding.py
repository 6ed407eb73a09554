"""Combine the codes of several coders: consensus, disagreements, sets of codes, matrices.

A *long* table has one row per coder and unit, a column that names the coder, one that names the
unit, and one column per binary code: 1 the code applies, 0 it does not, missing it was not
decided. Every coder has a row for every unit. *Values* are a table of units by codes with such
values. Nothing is imputed: a result that a missing code could change is itself missing.
"""

import csv
import io
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from .errors import DataError
from .lookalike import lookalike

NONE = frozenset()  # the set of a unit to which no code applies; a set that is not known is None


class Consensus(NamedTuple):
    """One value per unit and code, and how it came about (both units x codes).

    Parameters
    ----------
    values : DataFrame
        1, 0 or missing, as Int8.
    status : DataFrame
        ``agreed``, ``decided``, ``tie`` or ``missing``.

    Examples
    --------
    >>> import pandas as pd
    >>> from embedgov.coding import consensus
    >>> codes = pd.DataFrame({"report": [1, 1], "coder": ["A", "B"], "cost": [1, 0]})
    >>> found = consensus(codes, unit="report", codes=["cost"])
    >>> found.values.loc[1, "cost"], found.status.loc[1, "cost"]
    (<NA>, 'tie')
    """

    values: pd.DataFrame
    status: pd.DataFrame


class CaseMatrix(NamedTuple):
    """Which codes are present in which case, and the counts that this rests on.

    Parameters
    ----------
    present : DataFrame, cases x codes
        Boolean, missing where it cannot be decided.
    counts : DataFrame, cases x codes
        Units with the code.
    unknown : DataFrame, cases x codes
        Units whose code is missing.
    units : Series
        Units of each case.
    left_out : Index
        Units that belong to no case.

    Examples
    --------
    >>> import pandas as pd
    >>> from embedgov.coding import case_matrix
    >>> values = pd.DataFrame({"cost": [1, 1, 0, 0], "trust": [1, 0, 1, 0]})
    >>> found = case_matrix(values, pd.Series(["north", "north", "south", None]))
    >>> found.units.to_dict(), found.left_out.tolist()
    ({'north': 2, 'south': 1}, [3])
    """

    present: pd.DataFrame
    counts: pd.DataFrame
    unknown: pd.DataFrame
    units: pd.Series
    left_out: pd.Index


class CoOccurrence(NamedTuple):
    """How often two codes apply to the same unit (all codes x codes).

    Parameters
    ----------
    counts : DataFrame
        Units with both; on the diagonal, units with the code.
    jaccard : DataFrame
        Units with both, of those with either; missing if there is none.
    left_out : DataFrame
        Units for which one of the two is missing.

    Examples
    --------
    >>> import pandas as pd
    >>> from embedgov.coding import co_occurrence
    >>> values = pd.DataFrame({"cost": [1, 1, 0, 0], "trust": [1, 0, 1, 0]})
    >>> float(co_occurrence(values).jaccard.loc["cost", "trust"])
    0.3333333333333333
    """

    counts: pd.DataFrame
    jaccard: pd.DataFrame
    left_out: pd.DataFrame


class Correspondence(NamedTuple):
    """Principal coordinates of rows and columns on each axis, and the inertia of each axis.

    Parameters
    ----------
    rows, columns : DataFrame
        Coordinates, one column per axis.
    inertias : Series

    Examples
    --------
    >>> import pandas as pd
    >>> from embedgov.coding import correspondence
    >>> found = correspondence(pd.DataFrame({"cost": [5, 0], "trust": [0, 5]}, ["north", "south"]))
    >>> found.columns[1].abs().round(6).to_dict()
    {'cost': 1.0, 'trust': 1.0}
    """

    rows: pd.DataFrame
    columns: pd.DataFrame
    inertias: pd.Series


def _binary(values: pd.DataFrame, places: Sequence[str] | None = None) -> pd.DataFrame:
    """Values as Int8; an error says in which of ``places`` (by default, index labels)."""
    if values.empty:
        raise DataError(
            f"nothing is selected: {len(values)} rows and {values.shape[1]} codes; "
            "widen the filter, or name at least one code"
        )
    for code in values.columns:
        wrong = np.flatnonzero(~(values[code].isna() | values[code].isin([0, 1])))
        if wrong.size:
            place = places[wrong[0]] if places else f"row {values.index[wrong[0]]}"
            value = values[code].tolist()[wrong[0]]
            raise DataError(
                f"{place}, column {code}: {value!r} is not a code; write 1 (applies), "
                "0 (does not) or leave it empty (not decided)"
            )
    return values.astype("Int8")


def validated(
    codes_long: pd.DataFrame,
    *,
    unit: str,
    coder: str = "coder",
    codes: Sequence[str],
    places: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Check a long table and return the columns that matter.

    Parameters
    ----------
    codes_long : DataFrame
        One row per coder and unit.
    unit, coder : str
        Columns that name the unit and the coder.
    codes : sequence of str
        Columns of the binary codes.
    places : sequence of str, optional
        Where each row comes from, for the messages; by default its coder and index label.

    Returns
    -------
    DataFrame
        Columns coder, unit and the codes; the codes as Int8 with missing values.

    Raises
    ------
    DataError
        A column is absent or named twice, nothing is selected, a unit or coder is empty, a code
        is neither 0 nor 1, a coder coded a unit twice, or the coders have different units.

    Examples
    --------
    >>> import pandas as pd
    >>> from embedgov.coding import validated
    >>> from embedgov.errors import DataError
    >>> codes = pd.DataFrame({
    ...     "report": [1, 1, 1, 2, 2, 2], "coder": ["A", "B", "C"] * 2,
    ...     "cost": [1, 1, 0, 0, 0, 0], "trust": [1, 1, 1, 0, None, 1],
    ... })
    >>> validated(codes, unit="report", codes=["cost"]).columns.tolist()
    ['coder', 'report', 'cost']
    >>> try:
    ...     validated(codes.assign(cost=2), unit="report", codes=["cost"])
    ... except DataError as error:
    ...     print(error)  # doctest: +ELLIPSIS
    coder A, row 0, column cost: 2 is not a code; write 1 (applies), ...
    """
    columns = [coder, unit, *codes]
    for column in columns:
        if column not in codes_long.columns:
            raise DataError(f"there is no column {column}; choose from {list(codes_long)}")
        if columns.count(column) > 1 or list(codes_long).count(column) > 1:
            raise DataError(f"column {column} occurs twice; name every column once")
    if places is None:
        places = [f"coder {who}, row {row}" for row, who in codes_long[coder].items()]
    table = codes_long[columns].reset_index(drop=True)
    for column in (coder, unit):
        empty = np.flatnonzero(table[column].isna() | table[column].eq(""))
        if empty.size:
            raise DataError(
                f"{places[empty[0]]}, column {column}: empty; write whose codes these are, or delete the row"
            )
    table[list(codes)] = _binary(table[list(codes)], places)
    if (again := table.duplicated([coder, unit])).any():
        row = again.argmax()
        who, what = table.loc[row, [coder, unit]]
        first = (table[coder].eq(who) & table[unit].eq(what)).argmax()
        raise DataError(
            f"{places[row]}, column {unit}: coder {who} has coded {what!r} before, in "
            f"{places[first]}; keep one of the two rows"
        )
    for who, rows in table.groupby(coder, sort=False, observed=True):
        lacking = ~table[unit].isin(rows[unit])
        if lacking.any():
            row = lacking.argmax()
            what = table.loc[row, unit]
            alike = lookalike(str(what), map(str, rows[unit]))
            more = f" and {table.loc[lacking, unit].nunique() - 1} more"
            raise DataError(
                f"column {unit}: coder {who} has no row for {what!r} ({places[row]})"
                + (
                    f"{alike}; write them the same in both files"
                    if alike
                    else f"{more}; add them, with empty codes where nothing was decided, or keep only the "
                    "units that every coder has"
                )
            )
    return table


def _csv_rows(path: Path) -> list[list[str]]:
    """The rows of a CSV file in UTF-8."""
    try:
        raw = path.read_bytes()
        text = raw.decode("utf-8").removeprefix("\ufeff")
        return list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except UnicodeDecodeError as error:
        row, start = raw[: error.start].count(b"\n") + 1, raw.rfind(b"\n", 0, error.start) + 1
        raise DataError(
            f"{path}, row {row}, byte {error.start - start + 1}: cannot be read: "
            f"0x{raw[error.start]:02x} is not UTF-8; save the file again as CSV "
            "UTF-8"
        ) from error
    except (OSError, csv.Error) as error:
        raise DataError(
            f"{path}: cannot be read ({error}); expected a CSV file in UTF-8; "
            "check its name, or save it again as CSV UTF-8"
        ) from error


def read_coders(
    files: Iterable[str | Path],
    unit: str,
    codes: Sequence[str],
    cluster: str | None = None,
    read_rows: Callable[[Path], list[list[str]]] = _csv_rows,
) -> pd.DataFrame:
    """Read one file per coder into a long table; the coder is the file's stem.

    Parameters
    ----------
    files : iterable of path
        Tables with a header row. The codes are 1, 0 or empty; other columns are not read.
    unit : str
        Column that names the unit; kept as text.
    codes : sequence of str
        Columns of the codes.
    cluster : str, optional
        Column with the cluster of each unit; kept as text.
    read_rows : callable
        Gives the rows of a file as text, the header first; by default those of a CSV file in UTF-8.

    Returns
    -------
    DataFrame
        As of `validated`, the coder in the column ``coder``; and the cluster, if one is named.

    Raises
    ------
    DataError
        Naming file, row (the header is row 1), column, value and remedy.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> import pandas as pd
    >>> from embedgov.coding import read_coders
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     files = [Path(folder, f"{coder}.csv") for coder in ("Ana", "Ben")]
    ...     for file, cost in zip(files, (1, 0)):
    ...         pd.DataFrame({"report": ["r1"], "cost": [cost]}).to_csv(file, index=False)
    ...     codes = read_coders(files, unit="report", codes=["cost"])
    >>> codes.to_numpy().tolist()
    [['Ana', 'r1', 1], ['Ben', 'r1', 0]]
    """
    rows, places, stems = [], [], {}
    for path in map(Path, files):
        if path.stem in stems:
            raise DataError(
                f"{path} and {stems[path.stem]} are both coder {path.stem}; "
                "rename one of the files, or name it once"
            )
        stems[path.stem] = path
        lines = read_rows(path)
        if len(lines) < 2:
            raise DataError(f"{path}: no rows; expected a header and a row for each {unit}")
        header = lines[0]
        more = () if cluster is None else (cluster,)
        for column in (unit, *codes, *more):
            if (times := header.count(column)) != 1:
                raise DataError(
                    f"{path}, row 1: {header} has the column {column} {times} times; "
                    "expected once: correct the header or choose another column"
                )
        for number, line in enumerate(lines[1:], 2):
            if len(line) != len(header):
                raise DataError(
                    f"{path}, row {number}: {len(line)} cells; expected {len(header)}, "
                    "as in the header: complete or delete the row"
                )
            cells = dict(zip(header, line))
            answers = [{"1": 1, "0": 0, "": None}.get(cells[code], cells[code]) for code in codes]
            rows.append([path.stem, cells[unit], *answers, *(cells[name] or None for name in more)])
            places.append(f"{path}, row {number}")
    more = [] if cluster is None else [cluster]
    table = pd.DataFrame(rows, columns=["coder", unit, *codes, *more], dtype=object)
    return validated(table, unit=unit, codes=codes, places=places).join(table[more])


def consensus(
    codes_long: pd.DataFrame, *, unit: str, coder: str = "coder", codes: Sequence[str], rule: str = "majority"
) -> Consensus:
    """One value per unit and code from several coders.

    Parameters
    ----------
    codes_long, unit, coder, codes
        See `validated`.
    rule : str
        ``majority`` (more than half of all coders), ``any`` (at least one), ``all``, or the name
        of a coder, whose codes are taken.

    Returns
    -------
    Consensus
        A value stands only if no code that is missing could change it. Its status is ``agreed``
        (every coder gave it), ``decided`` (the rule gave it), or without a value ``tie`` (as many
        for as against, none missing) or ``missing`` (a missing code would decide).

    Raises
    ------
    DataError
        See `validated`; or the rule is neither a rule nor a coder.

    Examples
    --------
    >>> import pandas as pd
    >>> from embedgov.coding import consensus
    >>> codes = pd.DataFrame({
    ...     "report": [1, 1, 1, 2, 2, 2], "coder": ["A", "B", "C"] * 2,
    ...     "cost": [1, 1, 0, 0, 0, 0], "trust": [1, 1, 1, 0, None, 1],
    ... })
    >>> consensus(codes, unit="report", codes=["cost", "trust"]).values.to_numpy().tolist()
    [[1, 1], [0, <NA>]]
    >>> consensus(codes, unit="report", codes=["cost", "trust"], rule="any").values.to_numpy().tolist()
    [[1, 1], [0, 1]]
    """
    table = validated(codes_long, unit=unit, coder=coder, codes=codes)
    coders, codes = table[coder].unique(), list(codes)
    units = table.groupby(unit, sort=False)[codes]
    yes, given = units.sum().astype(int), units.count()
    no = given - yes
    if rule == "majority":
        one, zero = 2 * yes > len(coders), 2 * no > len(coders)
    elif rule == "any":
        one, zero = yes > 0, no == len(coders)
    elif rule == "all":
        one, zero = yes == len(coders), no > 0
    elif rule in coders:
        own = table[table[coder] == rule].set_index(unit)[codes].reindex(yes.index)
        one, zero = (own == 1).fillna(False), (own == 0).fillna(False)
    else:
        raise DataError(
            f"rule {rule!r}: expected majority, any, all or one of the coders {sorted(map(str, coders))}"
        )
    values = one.astype("Int8").where(one | zero)
    status = pd.DataFrame("missing", values.index, values.columns)
    status = status.mask(given == len(coders), "tie").mask(one | zero, "decided")
    return Consensus(values, status.mask((yes == len(coders)) | (no == len(coders)), "agreed"))


def disagreements(
    codes_long: pd.DataFrame, *, unit: str, coder: str = "coder", codes: Sequence[str]
) -> pd.DataFrame:
    """Every unit and code on which two coders differ, and who said what.

    Parameters
    ----------
    codes_long, unit, coder, codes
        See `validated`.

    Returns
    -------
    DataFrame
        Columns unit, code, yes, no and missing; the last three list coders, as text.

    Examples
    --------
    >>> import pandas as pd
    >>> from embedgov.coding import disagreements
    >>> codes = pd.DataFrame({
    ...     "report": [1, 1, 1, 2, 2, 2], "coder": ["A", "B", "C"] * 2,
    ...     "cost": [1, 1, 0, 0, 0, 0], "trust": [1, 1, 1, 0, None, 1],
    ... })
    >>> disagreements(codes, unit="report", codes=["cost", "trust"]).to_numpy().tolist()
    [[1, 'cost', 'A, B', 'C', ''], [2, 'trust', 'C', 'A', 'B']]
    """
    table = validated(codes_long, unit=unit, coder=coder, codes=codes)
    said = table.melt([coder, unit], list(codes), "code", "said")
    said["said"] = said["said"].map({1: "yes", 0: "no"}).fillna("missing")
    said[coder] = said[coder].astype(str)
    who = pd.DataFrame(said.groupby([unit, "code", "said"])[coder].agg(", ".join).unstack("said"))
    every = pd.MultiIndex.from_product([table[unit].unique(), codes], names=[unit, "code"])
    who = who.reindex(index=every, columns=["yes", "no", "missing"]).astype(object)
    return who.dropna(subset=["yes", "no"]).fillna("").rename_axis(columns=None).reset_index()


def sets(values: pd.DataFrame) -> pd.Series:
    """The set of codes that apply, per row.

    Parameters
    ----------
    values : DataFrame, rows x codes
        1, 0 or missing. Rows may be units, or coder and unit of a long table.

    Returns
    -------
    Series
        One frozenset per row: `NONE`, the empty set, where no code applies, and None where a
        code is missing, since the set is then not known.

    Raises
    ------
    DataError
        Nothing is selected, or a value is none of these.

    Examples
    --------
    >>> import pandas as pd
    >>> from embedgov.coding import sets
    >>> values = pd.DataFrame({"cost": [1, 1, 0, 0], "trust": [1, 0, 1, 0]})
    >>> [sorted(each) for each in sets(values)]
    [['cost', 'trust'], ['cost'], ['trust'], []]
    """
    known = _binary(values)
    sets = [
        None if pd.isna(row).any() else frozenset(code for code, x in zip(known, row) if x)
        for row in known.to_numpy(object)
    ]
    return pd.Series(sets, known.index, dtype=object)


def case_matrix(
    values: pd.DataFrame, cases: Mapping | pd.Series, *, segments: int = 1, share: float = 0
) -> CaseMatrix:
    """Which codes are present in which case.

    A code is present if at least ``segments`` units of the case, and at least ``share`` of its
    units, have it. To count practice segments only, hand over only their rows.

    Parameters
    ----------
    values : DataFrame, units x codes
        1, 0 or missing.
    cases : mapping or Series
        The case of every unit; missing for a unit that belongs to none. Cases whose units are
        not among ``values`` are kept, with 0 units and nothing known about them.
    segments : int
        At least 1.
    share : float
        From 0 to 1.

    Returns
    -------
    CaseMatrix

    Raises
    ------
    DataError
        A unit is not in ``cases``, nothing is selected, or the rule is out of range.

    Examples
    --------
    >>> import pandas as pd
    >>> from embedgov.coding import case_matrix
    >>> values = pd.DataFrame({"cost": [1, 1, 0, 0], "trust": [1, 0, 1, 0]})
    >>> found = case_matrix(values, pd.Series(["north", "north", "south", None]))
    >>> found.counts.to_numpy().tolist()
    [[2, 1], [0, 1]]
    >>> found.present.to_numpy().tolist()
    [[True, True], [False, True]]
    """
    known, cases = _binary(values), pd.Series(cases)
    if segments < 1 or segments != int(segments) or not 0 <= share <= 1:
        raise DataError(
            f"segments={segments}, share={share}: expected a whole number from 1 and a share from 0 to 1"
        )
    for index, name in ((known.index, "values"), (cases.index, "cases")):
        if index.has_duplicates:
            raise DataError(f"{name}: unit {index[index.duplicated()][0]} occurs twice; keep one")
    if not (found := known.index.isin(cases.index)).all():
        raise DataError(
            f"cases: no entry for unit {known.index[~found][0]} and "
            f"{(~found).sum() - 1} more; add them, missing for units of no case"
        )
    order, of = cases.dropna().unique(), cases.reindex(known.index)

    def count(table):
        return table.groupby(of, sort=False, observed=True).sum().reindex(order, fill_value=0)

    counts, unknown = count(known.fillna(0).astype(int)), count(known.isna().astype(int))
    units = of.value_counts().reindex(order, fill_value=0).rename("units")
    exact = Fraction(str(share))  # 0.07 of 100 units are 7; 0.07 * 100 is more
    least = units.map(lambda n: max(segments, math.ceil(exact * n)))
    yes, no = counts.ge(least, axis=0), (counts + unknown).lt(least, axis=0)
    decided = (yes | no).mul(units > 0, axis=0)
    return CaseMatrix(yes.astype("boolean").where(decided), counts, unknown, units, known.index[of.isna()])


def co_occurrence(values: pd.DataFrame) -> CoOccurrence:
    """How often two codes apply to the same unit, as a count and as Jaccard's coefficient.

    Parameters
    ----------
    values : DataFrame, units x codes
        1, 0 or missing. A unit counts for a pair of codes if it has both.

    Returns
    -------
    CoOccurrence

    Raises
    ------
    DataError
        Nothing is selected, or a value is none of these.

    References
    ----------
    Jaccard, P. (1912). The distribution of the flora in the alpine zone. New Phytologist 11(2).

    Examples
    --------
    >>> import pandas as pd
    >>> from embedgov.coding import co_occurrence
    >>> values = pd.DataFrame({"cost": [1, 1, 0, 0], "trust": [1, 0, 1, 0]})
    >>> co_occurrence(values).counts.to_numpy().tolist()
    [[2, 1], [1, 2]]
    """
    table = _binary(values)
    known, one = table.notna().to_numpy(int), table.fillna(0).to_numpy(int)
    both = one.T @ one
    either = one.T @ known + known.T @ one - both
    ratio = np.divide(both, either, out=np.full(both.shape, np.nan), where=either > 0)
    codes = table.columns
    return CoOccurrence(*(pd.DataFrame(x, codes, codes) for x in (both, ratio, len(table) - known.T @ known)))


def correspondence(matrix: pd.DataFrame) -> Correspondence:
    """Correspondence analysis of a table of counts.

    Parameters
    ----------
    matrix : DataFrame, rows x columns
        Counts, or 0 and 1; no row and no column is empty.

    Returns
    -------
    Correspondence
        Principal coordinates on the min(rows, columns) - 1 axes. The inertias add up to the chi
        square of the table divided by its total. The sign of an axis is arbitrary; here the
        column farthest from the origin lies on its positive side.

    Raises
    ------
    DataError
        A value is missing or negative, a row or column is empty, or there are fewer than two.

    References
    ----------
    Greenacre, M. (2017). Correspondence Analysis in Practice, 3rd ed. Chapman & Hall/CRC.

    Examples
    --------
    >>> import pandas as pd
    >>> from embedgov.coding import correspondence
    >>> found = correspondence(pd.DataFrame({"cost": [5, 0], "trust": [0, 5]}, ["north", "south"]))
    >>> found.inertias.round(6).to_dict()
    {1: 1.0}
    """
    if min(matrix.shape) < 2:
        raise DataError(
            f"a table of {matrix.shape[0]} rows and {matrix.shape[1]} columns has no "
            "axis; at least two of each are needed"
        )
    counts = matrix.to_numpy(float, na_value=np.nan)
    for row, column in np.argwhere(~(np.isfinite(counts) & (counts >= 0))):
        raise DataError(
            f"row {matrix.index[row]}, column {matrix.columns[column]}: "
            f"{matrix.iat[row, column]} is no count; correct it or leave the row out"
        )
    for axis, labels, name in ((1, matrix.index, "row"), (0, matrix.columns, "column")):
        if (empty := counts.sum(axis) == 0).any():
            raise DataError(
                f"{name}s {list(labels[empty])}: all counts are 0, so there is no "
                "profile; leave them out and say so"
            )
    shares = counts / counts.sum()
    r, c = shares.sum(1), shares.sum(0)
    residuals = (shares - np.outer(r, c)) / np.sqrt(np.outer(r, c))
    left, singular, right = np.linalg.svd(residuals, full_matrices=False)
    axes = pd.Index(range(1, min(counts.shape)), name="axis")
    rows = (left * singular / np.sqrt(r)[:, None])[:, : len(axes)]
    columns = (right.T * singular / np.sqrt(c)[:, None])[:, : len(axes)]
    farthest = np.isclose(abs(columns), abs(columns).max(0)).argmax(0)  # the first of equals
    sign = np.where(columns[farthest, range(len(axes))] < 0, -1, 1)
    return Correspondence(
        pd.DataFrame(rows * sign, matrix.index, axes),
        pd.DataFrame(columns * sign, matrix.columns, axes),
        pd.Series(singular[: len(axes)] ** 2, axes, name="inertia"),
    )
