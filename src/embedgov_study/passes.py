"""What the passes of coding rest on: the terms that they name, and a reading by other rules."""

from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

import pandas as pd

from . import data as tables_of
from . import vocabulary


def named_alike(codes_long: pd.DataFrame, codes: Sequence[str]) -> pd.DataFrame:
    """Whether coders who all give a code to a statement name the same term for it.

    Parameters
    ----------
    codes_long
        Codes of one round of statements with their terms, as `data.statement_codes` gives them.
    codes
        The codes to look at.

    Returns
    -------
    DataFrame
        One row per code: ``given``, statements to which every coder gives it; ``same``, those for
        which all name one term; ``overlapping``, those for which every two terms have two
        characters in a row in common.
    """
    rows = []
    coders = codes_long["coder"].nunique()
    for code in codes:
        given = codes_long[codes_long[code] == 1].groupby("designation_id")[f"{code}_term"].agg(list)
        given = given[given.map(len) == coders]
        same = given.map(lambda terms: len(set(terms)) == 1)
        overlapping = given.map(lambda terms: all(_overlap(a, b) for a, b in combinations(terms, 2)))
        rows.append((code, len(given), int(same.sum()), int(overlapping.sum())))
    return pd.DataFrame(rows, columns=["code", "given", "same", "overlapping"]).set_index("code")


def _overlap(one: str, other: str) -> bool:
    return any(one[start : start + 2] in other for start in range(len(one) - 1))


def proposed(data: Path | None = None) -> pd.DataFrame:
    """Codes of the dimensions that one reader proposed for the passages, who knew their headings.

    The reader made the inventory of the article, followed a codebook of sixteen codes, and was not
    a coder of any round. These codes are results of nothing; they serve for comparison.

    Parameters
    ----------
    data
        Folder that holds ``datapackage.json``; that of the project by default.

    Returns
    -------
    DataFrame
        One row per segment, one column per dimension, 1 or 0.
    """
    given = tables_of.table("segments", data).set_index("seg_id")["codes_proposed"].fillna("").str.split(";")
    codes = vocabulary.codes("segments", "dimension", data=data)
    return pd.DataFrame({code: given.map(lambda own, code=code: int(code in own)) for code in codes})


def own_heading(codes: pd.DataFrame, headings: pd.Series) -> pd.Series:
    """Whether each passage has the code of the dimension under which the article tells it.

    Parameters
    ----------
    codes
        One row per segment, one column per dimension, 1 or 0.
    headings
        The dimension of each segment's heading, missing where it has none.

    Returns
    -------
    Series
        True or false per segment, in the order of ``codes``.
    """
    headings = headings.astype(object).reindex(codes.index)
    return pd.Series(
        [name in codes and codes.at[unit, name] == 1 for unit, name in headings.items()], codes.index
    )
