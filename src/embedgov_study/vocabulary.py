"""The words of this study, as its tables have them: codes, rounds of coding, values of a column.

The tables are read as text and without pandas, which takes a while to import.
"""

from pathlib import Path

from embedgov.errors import DataError

from .data_package import fields
from .language import language
from .table import sound


def codes(codebook_id: str, *groups: str, data: Path | None = None) -> list[str]:
    """List the codes of a codebook.

    Parameters
    ----------
    codebook_id
        An id of ``codebooks.csv``.
    *groups
        Groups of codes, such as ``dimension``; without any, all codes but the themes of the call,
        of which each unit has one.
    data
        Folder that holds ``datapackage.json``; that of the project by default.

    Returns
    -------
    list of str
        The codes in the order of the codebook.

    Raises
    ------
    DataError
        There is no such codebook, it has no code of a group, or a table is not sound.
    """
    rows = sound(f"codebook-{codebook_id}", data).rows
    known = list(dict.fromkeys(row["group"] for row in rows))
    for group in groups:
        if group not in known:
            raise DataError(
                f"codebooks/{codebook_id}.csv: no code of the group {group!r}; take some of {', '.join(known)}"
            )
    return [row["code"] for row in rows if (row["group"] in groups if groups else row["group"] != "theme")]


def rounds(unit: str = "statement", data: Path | None = None) -> dict[str, str]:
    """Name the rounds of coding.

    Parameters
    ----------
    unit
        What was coded, as ``coders.csv`` has it.
    data
        Folder that holds ``datapackage.json``; that of the project by default.

    Returns
    -------
    dict of str to str
        The rounds in the order of ``coders.csv``, each with its codebook.

    Raises
    ------
    DataError
        A table is not sound.
    """
    coders = sound("coders", data).rows
    return {row["round"]: row["codebook_id"] for row in coders if row["unit_of_coding"] == unit}


def published_round(data: Path | None = None) -> str:
    """Name the round of statements that the published results rest on.

    Parameters
    ----------
    data
        Folder that holds ``datapackage.json``; that of the project by default.

    Returns
    -------
    str
        The published option of the fork ``round`` in ``forks.csv``.

    Raises
    ------
    DataError
        There is not exactly one, it is no round of statements, or a table is not sound.
    """
    options = [row for row in sound("forks", data).rows if row["fork"] == "round"]
    published, known = [row["option"] for row in options if row["published"] == "1"], rounds(data=data)
    if len(published) != 1 or published[0] not in known:
        raise DataError(
            f"robustness/forks.csv, fork round: published is {', '.join(published) or 'none'}; "
            f"mark exactly one of {', '.join(known)}"
        )
    return published[0]


def values(name: str, column: str, data: Path | None = None, **where: str) -> list[str | int]:
    """List the values that a column holds.

    Parameters
    ----------
    name, column
        A table and one of its columns.
    data
        Folder that holds ``datapackage.json``; that of the project by default.
    **where
        Only of rows with these cells, by column.

    Returns
    -------
    list of str or int
        Each value once, in the order of the table, of the type of the column; no empty ones.

    Raises
    ------
    DataError
        There is no such table or column, or the table is not sound.
    """
    table = sound(name, data)
    columns = fields(table.resource)
    for wanted in (column, *where):
        if wanted not in columns:
            raise DataError(f"{table.path}: there is no column {wanted!r}; take one of {', '.join(columns)}")
    rows = [row for row in table.rows if all(row[key] == cell for key, cell in where.items())]
    cells = dict.fromkeys(row[column] for row in rows if row[column])
    return [int(cell) if columns[column]["type"] == "integer" else cell for cell in cells]


def label(value: str, name: str, column: str, data: Path | None = None) -> str:
    """Say in words what a value of a column means, in the language of the project.

    Parameters
    ----------
    value
        The value.
    name, column
        The table and the column that hold it; ``ledger`` and ``verdict`` of a verdict.
    data
        Folder that holds ``datapackage.json``; that of the project by default.

    Returns
    -------
    str
        From ``labels.csv``.

    Raises
    ------
    DataError
        The value has no label, or the table of labels is not sound.
    """
    known = labels(name, data)
    if (column, value) not in known:
        path = sound("labels", data).path
        raise DataError(f"{path}: no label for {value!r} of {name}, column {column}; add a row")
    return known[column, value]


def labels(name: str, data: Path | None = None) -> dict[tuple[str, str], str]:
    """List what the values of a table's columns are called in the language of the project.

    Parameters
    ----------
    name
        The table.
    data
        Folder that holds ``datapackage.json``; that of the project by default.

    Returns
    -------
    dict of tuple of str to str
        The labels of ``labels.csv`` by column and value; empty if no column of the table has any.

    Raises
    ------
    DataError
        The table of labels is not sound.
    """
    rows = [row for row in sound("labels", data).rows if row["table"] == name]
    return {(row["column"], row["value"]): row[f"label_{language()}"] for row in rows}
