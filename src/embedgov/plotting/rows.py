"""Validate the DataFrame that a figure is given."""

from collections.abc import Collection, Iterable, Sequence
from math import inf, isfinite
from numbers import Real

import numpy as np
import pandas as pd

from ..errors import PlottingError


def require_rows(
    data: pd.DataFrame,
    columns: Iterable[str],
    *,
    key: Sequence[str],
    counts: Iterable[str] = (),
    known: dict[str, Collection] | None = None,
    optional: Collection[str] = (),
    called: str = "data",
) -> None:
    """Refuse a frame from which a figure would be drawn wrongly.

    Parameters
    ----------
    data : pandas.DataFrame
        The frame that a plotting function was given.
    columns : iterable of str
        Columns that must be there.
        Those whose names end in ``_en`` or ``_zh`` hold text.
    key : sequence of str
        Columns that together tell the rows apart.
    counts : iterable of str
        Columns of whole numbers from 0.
    known : dict, optional
        For a column of categories, the values that it may hold.
    optional : collection of str
        Columns in which a value may be missing.
    called : str
        Name of the frame in the call, for the messages.

    Raises
    ------
    PlottingError
        If there is no row, or a column is missing, or a key is missing or duplicated,
        or a value is missing, no text, no count, or not among the known ones.
    """
    columns = list(columns)
    for column in columns:
        if column not in data.columns:
            raise PlottingError(
                f"{called} has no column {column!r}; it has {', '.join(map(str, data.columns))}; "
                f"needed are {', '.join(columns)}"
            )
    if data.empty:
        raise PlottingError(f"{called} has no rows: there is nothing to draw")
    for column in (c for c in columns if c not in optional):
        for row, value in data[column].items():
            if _is_missing(value):
                raise PlottingError(f"{called}, row {row}, column {column!r}: the value is missing")
    for column in (c for c in columns if c.endswith(("_en", "_zh"))):
        for row, value in data[column].items():
            if not (isinstance(value, str) or pd.isna(value)):
                raise PlottingError(
                    f"{called}, row {row}, column {column!r}: {plain(value)!r}; expected text"
                )
    duplicated = data[data.duplicated(list(key))] if key else data.iloc[:0]
    if len(duplicated):
        values = ", ".join(f"{column} {plain(duplicated.iloc[0][column])!r}" for column in key)
        raise PlottingError(f"{called}, row {duplicated.index[0]}: {values} occurs before; expected once")
    for column in counts:
        for row, value in data[column].items():
            if not (pd.isna(value) or is_count(value)):
                raise PlottingError(
                    f"{called}, row {row}, column {column!r}: {plain(value)!r} is no count; "
                    "expected a whole number from 0"
                )
    for column, allowed in (known or {}).items():
        for row, value in data[column].items():
            if not pd.isna(value) and value not in allowed:
                raise PlottingError(
                    f"{called}, row {row}, column {column!r}: {plain(value)!r} is unknown; "
                    f"expected one of {', '.join(map(str, allowed))}"
                )


def require_one_value(data: pd.DataFrame, key: str, columns: Iterable[str]) -> None:
    """Refuse a frame in which rows with the same key differ where they must not.

    Parameters
    ----------
    data : pandas.DataFrame
        The frame that a plotting function was given, with the key and the columns.
    key : str
        Column that names what the other columns describe.
    columns : iterable of str
        Columns that hold one value for each value of the key.

    Raises
    ------
    PlottingError
        Naming the key, the column and two of its values.
    """
    for column in columns:
        first = {}
        for name, value in zip(data[key], data[column]):
            if first.setdefault(name, value) != value:
                raise PlottingError(
                    f"data, {key} {name!r}, column {column!r}: {first[name]!r} and {value!r}; "
                    "expected one value"
                )


def require_numbers(
    data: pd.DataFrame,
    columns: Iterable[str],
    *,
    least: float = -inf,
    most: float = inf,
    optional: Collection[str] = (),
) -> None:
    """Refuse a frame in which a measure is no number, or outside its range.

    Parameters
    ----------
    data : pandas.DataFrame
        The frame that a plotting function was given, with the columns.
    columns : iterable of str
        Columns of numbers.
    least, most : float
        The range, both ends included.
    optional : collection of str
        Columns in which a value may be missing.

    Raises
    ------
    PlottingError
        Naming row, column, value and range.
    """
    ends = (f" from {least:g}" if least > -inf else "", f" to {most:g}" if most < inf else "")
    expected = "a number" + "".join(ends)
    for column in columns:
        for row, value in data[column].items():
            if pd.isna(value) and column in optional:
                continue
            is_number = isinstance(value, Real) and not isinstance(value, (bool, np.bool_))
            if not (is_number and isfinite(value) and least <= value <= most):
                raise PlottingError(f"data, row {row}, column {column!r}: {value!r}; expected {expected}")


def plain(value):
    """Return a value of numpy as Python's own, which a message shows without its type."""
    return value.item() if hasattr(value, "item") else value


def _is_missing(value) -> bool:
    return pd.api.types.is_scalar(value) and bool(pd.isna(value) or value == "")


def is_count(value) -> bool:
    """Whether a value is a whole number from 0."""
    try:
        return not isinstance(value, (bool, str)) and int(value) == value and value >= 0
    except (TypeError, ValueError, OverflowError):
        return False
