"""The tables of ``data/`` as DataFrames, typed as their schemas in ``datapackage.json`` say."""

from pathlib import Path

import pandas as pd

from embedgov.errors import DataError

from . import vocabulary
from .data_package import fields
from .language import say
from .table import coder_table, sound


def table(name: str, data: Path | None = None) -> pd.DataFrame:
    """Read one table.

    Parameters
    ----------
    name
        Name of the resource: the file's stem; ``statements-final-d`` or ``segments-g`` for the
        codes of a coder; ``codebook-segments`` for a codebook.
    data
        Folder that holds ``datapackage.json``; that of the project by default.

    Returns
    -------
    DataFrame
        One row per row of the file. A column with an enumeration is an ordered categorical in
        the order of the schema; whole numbers are ``int64``, or ``Int64`` where they may be
        missing; everything else is ``str``. An empty cell is missing.

    Raises
    ------
    DataError
        The columns are not those of the schema, a required value is missing, a value is not of
        its type or is outside its enumeration, range, length or pattern, or a primary key occurs
        twice. Foreign keys are judged by `embedgov_study.check.check`.
    """
    found = sound(name, data)
    columns = fields(found.resource).items()
    return pd.DataFrame({name: _typed(field, [row[name] for row in found.rows]) for name, field in columns})


def designations(data: Path | None = None) -> pd.DataFrame:
    """Read the register.

    Parameters
    ----------
    data
        Folder that holds ``datapackage.json``; that of the project by default.

    Returns
    -------
    DataFrame
        One row per designation, in the order of the notices, with the columns of its unit and of
        its province.

    Raises
    ------
    DataError
        As for `table`, and where a unit or a province has no row.
    """
    frame = table("designations", data)
    for name, key in (("units", "unit_id"), ("provinces", "province_id")):
        other = table(name, data)
        for value in frame[key][~frame[key].isin(other[key])]:
            raise DataError(
                f"{name}: no row has the {key} {value!r}, which the register uses; "
                "correct it in the register, or add the row"
            )
        frame = frame.merge(other, on=key, validate="many_to_one")
    return frame


def statement_codes(round: str | None = None, data: Path | None = None) -> pd.DataFrame:
    """Read the codes that the coders of one round gave to the statements.

    The coders are independent passes of a large language model.

    Parameters
    ----------
    round
        A round of ``coders.csv`` that coded statements; by default the published one.
    data
        Folder that holds ``datapackage.json``; that of the project by default.

    Returns
    -------
    DataFrame
        One row per coder and designation: ``coder``, ``designation_id``, eight codes (0 or 1),
        ``call_theme``, ``confidence`` (1 to 3), and the anchor term of each code.

    Raises
    ------
    DataError
        As for `table`, and where there is no such round.
    """
    return _codes("statement", round or vocabulary.published_round(data), data)


def word_codes(data: Path | None = None) -> pd.DataFrame:
    """Read what a search of the statements for the codebook's words finds.

    The patterns are those of ``words.csv``, taken from the lists of what the final codebook
    includes. A search is no coder: it is kept apart from the rounds, and has no theme of the call.

    Parameters
    ----------
    data
        Folder that holds ``datapackage.json``; that of the project by default.

    Returns
    -------
    DataFrame
        As of `statement_codes`, with ``W`` as the coder and without theme and confidence.

    Raises
    ------
    DataError
        As for `table`.
    """
    return table("word_codes", data).assign(coder=pd.Categorical(["W"] * len(sound("word_codes", data).rows)))


def segment_codes(round: str = "segments", data: Path | None = None) -> pd.DataFrame:
    """Read the codes that the coders of one round gave to the segments.

    The coders are independent passes of a large language model.

    Parameters
    ----------
    round
        A round of ``coders.csv`` that coded segments.
    data
        Folder that holds ``datapackage.json``; that of the project by default.

    Returns
    -------
    DataFrame
        One row per coder and segment: ``coder``, ``seg_id``, seven codes (0 or 1) and
        ``confidence`` (1 to 3).

    Raises
    ------
    DataError
        As for `table`, and where there is no such round.
    """
    return _codes("segment", round, data)


def codebook(codebook_id: str, data: Path | None = None) -> pd.DataFrame:
    """Read one codebook.

    Parameters
    ----------
    codebook_id
        An id of ``codebooks.csv``.
    data
        Folder that holds ``datapackage.json``; that of the project by default.

    Returns
    -------
    DataFrame
        One row per code, in the order of the codebook.

    Raises
    ------
    DataError
        As for `table`.
    """
    return table(f"codebook-{codebook_id}", data)


def rules(codes: pd.DataFrame) -> pd.Series:
    """Say in one text per code when it is to be used and when not.

    Parameters
    ----------
    codes
        A codebook, as `codebook` gives it.

    Returns
    -------
    Series
        The text of each code, empty where the codebook has no such rule.
    """
    use = codes["include"].map(lambda text: say("Use: {rule}", rule=text), na_action="ignore")
    excluded = codes["exclude"].str.replace("^Not ", "", regex=True)
    avoid = excluded.map(lambda text: say("Not: {rule}", rule=text), na_action="ignore")
    return (use.fillna("") + " " + avoid.fillna("")).str.strip()


def statement_labels(data: Path | None = None) -> pd.DataFrame:
    """Names of the codes of statements, as the book uses them.

    The frozen codebooks call one direction *intelligence*; the book calls it *smart governance*,
    as the table of the article's counts does.

    Parameters
    ----------
    data
        Folder that holds ``datapackage.json``; that of the project by default.

    Returns
    -------
    DataFrame
        ``label_en`` and ``label_zh``, one row per code of the codebook of the published round.

    Raises
    ------
    DataError
        As for `table`.
    """
    names = ["label_en", "label_zh"]
    labels = codebook(vocabulary.rounds(data=data)[vocabulary.published_round(data)], data).set_index("code")[
        names
    ]
    labels.update(table("direction_counts", data).set_index("code")[names])
    return labels


def _codes(unit: str, round: str, data: Path | None) -> pd.DataFrame:
    coders = [row for row in sound("coders", data).rows if row["unit_of_coding"] == unit]
    chosen = [row for row in coders if row["round"] == round]
    if not chosen:
        rounds = ", ".join(dict.fromkeys(row["round"] for row in coders))
        raise DataError(f"coding/coders.csv: no coder of round {round!r}; take one of {rounds}")
    frames = {row["coder"]: table(coder_table(row), data) for row in chosen}
    codes = pd.concat(frames, names=["coder"]).reset_index("coder").reset_index(drop=True)
    return codes.assign(coder=pd.Categorical(codes["coder"], list(frames), ordered=True))


def _typed(field: dict, cells: list[str]) -> pd.Series:
    """Give the cells of a column the type of their field."""
    rules, values = field.get("constraints", {}), [value or None for value in cells]
    if "enum" in rules:
        return pd.Series(pd.Categorical(values, rules["enum"], ordered=True))
    if field["type"] == "integer":
        integers = [value and int(value) for value in values]
        return pd.Series(integers, dtype="int64" if rules.get("required") else "Int64")
    return pd.Series(values, dtype="str")
