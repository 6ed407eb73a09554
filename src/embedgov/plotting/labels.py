"""The fixed texts of the figures, in both languages, from ``labels.csv``."""

import csv
from functools import cache
from importlib.resources import files

from ..errors import PlottingError

LANGUAGES = ("en", "zh")


@cache
def _table() -> dict[str, dict[str, str]]:
    text = (files(__package__) / "labels.csv").read_text("utf-8")
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


def label(label_id: str, language: str = "en", **values) -> str:
    """One fixed text of a figure.

    Parameters
    ----------
    label_id : str
        A row of ``labels.csv``.
    language : {"en", "zh"}
        Column of ``labels.csv``.
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
    >>> label("batch_3", "zh")
    '第三批'
    """
    require_language(language)
    if label_id not in _table():
        raise PlottingError(f"labels.csv has no label_id {label_id!r}: expected one of {', '.join(_table())}")
    text = _table()[label_id][language]
    try:
        return text.format(**values)
    except KeyError as missing:
        raise PlottingError(
            f"label {label_id!r} ({language}) needs a value for {missing}; "
            f"given: {', '.join(values) or 'none'}"
        ) from None
