"""The fixed texts of figures, in both languages, from the ``labels.csv`` of a package."""

import csv
from functools import cache
from importlib.resources import files

from ..errors import PlottingError

LANGUAGES = ("en", "zh")


@cache
def _table(package: str) -> dict[str, dict[str, str]]:
    text = (files(package) / "labels.csv").read_text("utf-8")
    return {row["label_id"]: row for row in csv.DictReader(text.splitlines())}


def require_language(language: str) -> str:
    """Return the language if figures can be drawn in it.

    Parameters
    ----------
    language : {"en", "zh"}
        English or Chinese.

    Returns
    -------
    str
        The same language.

    Raises
    ------
    PlottingError
        If it is any other.
    """
    if language not in LANGUAGES:
        raise PlottingError(f"language is {language!r}: expected one of {', '.join(LANGUAGES)}")
    return language


def label(label_id: str, language: str = "en", *, package: str = "embedgov.plotting", **values) -> str:
    """One fixed text of a figure.

    Parameters
    ----------
    label_id : str
        A row of ``labels.csv``.
    language : {"en", "zh"}
        Column of ``labels.csv``.
    package : str
        The package that holds the ``labels.csv``; by default this one.
    **values
        What replaces the places in braces, such as ``{total}``.

    Returns
    -------
    str
        The text.

    Raises
    ------
    PlottingError
        If there is no such language or text, or a value for a place in braces is missing.

    Examples
    --------
    >>> label("intervals.range", "zh", low=1, high=3)
    '1至3'
    """
    require_language(language)
    table = _table(package)
    if label_id not in table:
        raise PlottingError(f"labels.csv has no label_id {label_id!r}: expected one of {', '.join(table)}")
    text = table[label_id][language]
    try:
        return text.format(**values)
    except KeyError as missing:
        raise PlottingError(
            f"label {label_id!r} ({language}) needs a value for {missing}; "
            f"given: {', '.join(values) or 'none'}"
        ) from None
