"""Turn values and tables into HTML: every value is escaped, and what is in the other language is marked."""

from __future__ import annotations

import functools
import html
import re
from typing import TYPE_CHECKING

import jinja2
from markupsafe import Markup

from .errors import NotebookError
from .language import language, say, translated

if TYPE_CHECKING:
    import pandas as pd

_ADDRESS = re.compile(r"https?://\S+|(?:\.\./)*[\w/-]+\.(?:html(?:#[\w-]+)?|zip)|#[\w-]+")
TALL = 15  # rows beyond which a table scrolls in its box

_ENGLISH = re.compile(r"[A-Za-z]{2,}[,;:]? [A-Za-z]{2,}")  # more than a name or an id
_QUOTED = re.compile("“([A-Za-z][^“”<>\u3400-\u9fff]*)”")
_WORD = re.compile("[A-Za-z]{3,}")
# An English wording that is frozen, behind its translation, up to the next heading within the text.
FROZEN = re.compile(
    r"(?<=[\u201d\u3000-\u9fff\uff00-\uffef]) / (.*?[A-Za-z]{2}.*?)(?= [\u3400-\u9fff]+：|$)", re.S
)
_CHINESE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+(?:[“”、，。（）·]*[\u3400-\u9fff\uf900-\ufaff]+)*")


@functools.cache
def templates(package: str = "embedgov_study") -> jinja2.Environment:
    """The templates of a package for pages that have no source, such as evidence pages."""
    found = jinja2.Environment(
        loader=jinja2.PackageLoader(package),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters["marked"] = lambda value: Markup(marked(value))
    found.filters["as_filed"] = as_filed
    found.globals |= {"_": said, "language": language}
    return found


def said(message: str, **values: object) -> Markup:
    """Give a text that is HTML in the language of the project, as `say` does; its values are escaped.

    This is ``_`` in the templates of pages.
    """
    return Markup(translated(message)).format(**values)


def box(
    data: pd.DataFrame, *, caption: str, name: str, links: dict | None = None, ids: str | None = None
) -> tuple[str, str]:
    """Turn a table into HTML and into CSV."""
    if not data.columns.is_unique:
        raise NotebookError(f"table {caption!r}: two columns have the same name; rename one")
    links = links or {}
    missing = [c for c in (*links, *links.values()) if c not in data.columns]
    if missing:
        raise NotebookError(
            f"table {caption!r}: links name the column {missing[0]!r}, "
            f"the table has {', '.join(map(str, data.columns))}"
        )
    rows = _ids(data, caption, ids)
    shown = [c for c in data.columns if c not in links.values()]
    kinds = {c: kind(data[c]) for c in shown}
    head = "\n".join(f'<th scope="col" class="{kinds[c]}">{marked(c)}</th>' for c in shown)
    body = "".join(
        f"<tr{row_id}>"
        + "\n".join(
            f'<td class="{kinds[c]}">{_link(marked(row[c]), row[links[c]] if c in links else None)}</td>'
            for c in shown
        )
        + "</tr>\n"
        for row_id, row in zip(rows, data.to_dict("records"))
    )
    label = f"{name}-caption"
    box = (
        f'<p class="table-caption" id="{label}">{marked(caption)}</p>\n'
        f'<p class="take"><a href="../downloads/{name}.csv" download>'
        f"{say('Take away as CSV')}</a></p>\n"
        f'<div class="table-box{" tall" if len(data) > TALL else ""}" role="region" tabindex="0" '
        f'aria-labelledby="{label}"><table aria-labelledby="{label}">\n'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody></table></div>"
    )
    return box, data[shown].to_csv(index=False)


def _ids(data: pd.DataFrame, caption: str, column: str | None) -> list[str]:
    """The HTML attribute with the id of each row, if the table has ids."""
    if column is None:
        return [""] * len(data)
    if column not in data.columns:
        raise NotebookError(
            f"table {caption!r}: ids names the column {column!r}, the table has "
            f"{', '.join(map(str, data.columns))}"
        )
    ids = data[column].astype(str)
    for value, again in zip(ids, ids.duplicated()):
        if again or not re.fullmatch(r"[A-Za-z][\w-]*", value, re.ASCII):
            raise NotebookError(
                f"table {caption!r}, column {column!r}: {value!r} "
                f"{'occurs twice' if again else 'is no word'}; an id is a word of "
                "letters, digits and hyphens that occurs once"
            )
    return [f' id="{value}"' for value in ids]


def marked(value: object) -> str:
    """Escape a value for a page, and mark what is in the other language: Chinese runs, an English text."""
    if isinstance(value, float):
        value = "" if value != value else f"{value:.6g}"
    text = "" if value is None or type(value).__name__ == "NAType" else html.escape(str(value))
    if language() == "zh":
        if not _CHINESE.search(text):
            return f'<span lang="en">{text}</span>' if _ENGLISH.search(text) else text
        text = _QUOTED.sub(r'“<span lang="en">\1</span>”', text)
        return FROZEN.sub(r' / <span lang="en">\1</span>', text)
    return _CHINESE.sub(lambda run: f'<span lang="zh">{run[0]}</span>', text)


def as_filed(value: str, column: str, labels: dict[tuple[str, str], str]) -> Markup:
    """Give a value as the file of its table has it; on a Chinese page with its label, and with English marked.

    Parameters
    ----------
    value, column : str
        The value and its column.
    labels : dict
        What values are called, as `embedgov_study.vocabulary.labels` gives it.
    """
    if language() == "en" or not value:
        return Markup(marked(value))
    if label := labels.get((column, value)):
        return Markup('{} <span lang="en">{}</span>').format(label, value)
    if column.endswith("_en"):
        return Markup('<span lang="en">{}</span>').format(value)
    if FROZEN.search(value):
        return Markup(marked(value))
    parts = [  # of a list of words in both languages
        Markup('<span lang="en">{}</span>').format(part)
        if _WORD.search(part) and not _CHINESE.search(part)
        else Markup(marked(part))
        for part in value.split("; ")
    ]
    return Markup("; ").join(parts)


def kind(column: pd.Series) -> str:
    """Name the style of a column: numbers to the right, names on one line, sentences wide."""
    from pandas.api.types import is_numeric_dtype  # pandas takes a while to import

    if is_numeric_dtype(column):
        return "number"
    cells = [str(cell) for cell in column.dropna()]
    longest = max(map(len, cells), default=0)
    short = longest <= 12 or longest <= 18 and all(re.match(r"[\d.,–-]", cell) for cell in cells)
    return "short" if short else "long" if longest > 60 else "text"


def _link(text: str, address) -> str:
    if not text or not isinstance(address, str) or not _ADDRESS.fullmatch(address):
        return text
    outside = ' rel="noopener"' if address.startswith("http") else ""
    return f'<a href="{html.escape(address)}"{outside}>{text}</a>'
