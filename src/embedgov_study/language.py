"""The language of the project, and the texts of the packages in it.

A text is written in English where it is used. In a Chinese copy of the project it is looked up in the
catalogue ``locale/zh/package.po``, where its English is the key.
A catalogue is read when the first text is asked for; an English project opens none.
"""

import functools
import os
import re
import string
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import ProjectError
from .project import Project, here

if TYPE_CHECKING:
    import pandas as pd


def language() -> str:
    """Tell the language of the project that one stands in.

    Returns
    -------
    str
        ``zh`` if ``language`` in ``_config.yml`` is a Chinese one, such as ``zh_CN``; otherwise, and
        outside of any project, ``en``.
    """
    return "en" if _chinese(os.getcwd()) is None else "zh"


def tag() -> str:
    """Give the language of the project as HTML declares it: ``en`` or ``zh-CN``."""
    return {"en": "en", "zh": "zh-CN"}[language()]


def say(message: str, **values: object) -> str:
    """Give a text in the language of the project.

    Parameters
    ----------
    message : str
        The text in English, with places for values as `str.format` has them; a brace that is no
        place is doubled. Written as a literal, since catalogues are made by reading the code.
    **values
        What to put in the places.

    Returns
    -------
    str
        The text with its values; in English where there is no catalogue, and where the catalogue has
        no translation, or one that is marked as fuzzy.

    Raises
    ------
    KeyError
        A place has no value.
    ProjectError
        As for `translated`.
    """
    return translated(message).format(**values)


def translated(message: str) -> str:
    """Give a text in the language of the project, with its places still empty.

    Raises
    ------
    ProjectError
        The catalogue cannot be read, or a translation has other places than its text.
    """
    project = _chinese(os.getcwd())
    if project is None:
        return message
    try:
        stamp = project.catalogue.stat()
    except FileNotFoundError:
        return message
    return _translations(project.catalogue, stamp.st_mtime_ns, stamp.st_size).get(message, message)


def in_language(frame: "pd.DataFrame") -> "pd.DataFrame":
    """Add to a table the columns in the language of the project.

    Parameters
    ----------
    frame : DataFrame
        A table with columns that end in ``_en``, some with a counterpart in ``_zh``.

    Returns
    -------
    DataFrame
        The same with a column ``x`` for each ``x_en``: that of the language, and English where there
        is no Chinese.
    """
    added = {}
    for column in frame.columns[frame.columns.str.endswith("_en")]:
        name = column.removesuffix("_en")
        own = frame[column]
        if language() == "zh" and f"{name}_zh" in frame:
            own = frame[f"{name}_zh"].fillna(own)
        added[name] = own
    return frame.assign(**added)


def items_told(lists: "pd.DataFrame") -> "pd.DataFrame":
    """Give the items of a list in the language of the project, in the order in which they are told.

    In Chinese the last comes first: one after another as the article has them, its own words would
    make a line of the article.

    Parameters
    ----------
    lists : DataFrame
        Rows of ``lists``.

    Returns
    -------
    DataFrame
        As `in_language`; in Chinese from the last row to the first.
    """
    return in_language(lists.iloc[::-1] if language() == "zh" else lists)


def both_names(own: "str | pd.Series", other: "str | pd.Series") -> "str | pd.Series":
    """Give a name in the language of the project and, for readers of English, the Chinese one after it.

    Parameters
    ----------
    own, other : str or pandas.Series
        The name in the language of the project and in the other one; in a chapter ``name_en`` and
        ``name_zh``, which change places in the Chinese copy.

    Returns
    -------
    str or pandas.Series
        Both, or the Chinese name alone in a Chinese project.
    """
    return own if language() == "zh" else own + " " + other


def month(when: "str | pd.Period") -> str:
    """Say a month in the language of the project, as in ``April 2019``.

    Parameters
    ----------
    when : str or pandas.Period
        A month or a day, such as ``2019-04``.
    """
    import pandas as pd

    period = pd.Period(when, "M")
    return f"{period.year}年{period.month}月" if language() == "zh" else period.strftime("%B %Y")


@functools.cache  # the language of a folder's project does not change while a process runs
def _chinese(folder: str) -> Project | None:
    """The project around a folder if its language is Chinese, else None."""
    try:
        project = here()
        config = project.config.read_text(encoding="utf-8")
    except (ProjectError, FileNotFoundError):
        return None
    # Not with a library for YAML, since every kernel asks and the answer is a single line.
    found = re.search(r"^ +language: *[\"']?(\w+)", config, re.M)
    return project if found and found[1].startswith("zh") else None


@functools.lru_cache(4)
def _translations(catalogue: Path, *stamp: int) -> dict[str, str]:
    """Read a catalogue: each text that has a translation, with it."""
    from babel.messages.pofile import PoFileError, read_po  # only where something is translated

    try:
        with catalogue.open("rb") as file:
            entries = list(read_po(file, abort_invalid=True))
    except (PoFileError, UnicodeDecodeError) as error:
        raise ProjectError(f"{catalogue}: cannot be read ({error}); correct it") from error
    found = {entry.id: entry.string for entry in entries if entry.id and entry.string and not entry.fuzzy}
    for message, text in found.items():
        if (wanted := _places(message)) != (given := _places(text)):
            raise ProjectError(
                f"{catalogue}, {message!r}: its translation has the places {given}, and the text has "
                f"{wanted}; let both have the same"
            )
    return found


def _places(text: str) -> list[str]:
    """The names of the places of a text."""
    return sorted({name for _, name, _, _ in string.Formatter().parse(text) if name is not None})
