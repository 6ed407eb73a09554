"""Numbers, figures and tables as a chapter shows them, the latter two with their texts."""

import base64
import html
import io
import math
import re

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from IPython.display import display
from matplotlib.axes import Axes
from myst_nb import glue

from ..errors import NotebookError
from ..plotting import require_glyphs
from .pages import marked

_ADDRESS = re.compile(r"https?://\S+|(?:\.\./)*[\w/-]+\.html(?:#[\w-]+)?|#[\w-]+")
TALL = 15  # rows beyond which a table scrolls in its box


def tell(**values: object) -> None:
    """Make values available to the text of a chapter under their names.

    The text shows one with ``{glue:text}`name```.

    Raises
    ------
    NotebookError
        If a value is missing or is neither a number nor text, so that it would not read as prose.
    """
    for name, value in values.items():
        value = value.item() if isinstance(value, np.generic) else value
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not (number and math.isfinite(value) or isinstance(value, str) and value):
            raise NotebookError(f"the text is told {name} = {value!r}; tell it a number or words")
        glue(name, value, display=False)


def figure(
    ax: Axes,
    *,
    name: str,
    caption: str,
    alt: str,
    data: pd.DataFrame,
    links: dict[str, str] | None = None,
) -> None:
    """Show a figure with the texts that its readers need, and what it draws as a folded table.

    The texts are arguments, not cell metadata, so that every number in them is computed
    and follows the chapter's parameters.
    Publishing moves them to where MyST-NB looks for them.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Any Axes of the figure; the whole figure is shown and then closed.
    name : str
        The label to refer to, ``fig-`` and lower-case words joined by hyphens.
    caption : str
        What the figure is and how to read it (Markdown).
    alt : str
        What the figure shows, for readers who cannot see it (plain text).
    data : pandas.DataFrame
        What the figure draws, in rows and with headings that a reader understands.
    links : dict, optional
        Columns of `data` to be linked, as for `table`.

    Raises
    ------
    NotebookError
        If a text is missing, the name is not of the expected form, or the table is refused.
    PlottingError
        If the figure holds a character that the fonts cannot draw.
    """
    if not re.fullmatch(r"fig-[a-z0-9]+(-[a-z0-9]+)*", name):
        raise NotebookError(
            f"figure name {name!r}: expected 'fig-' and lower-case words joined by hyphens"
        )
    for what, text in (("caption", caption), ("alternative text", alt)):
        if not text.strip():
            raise NotebookError(f"figure {name!r} has no {what}: say what it shows")
    box, csv = _box(data, caption="The values that the figure shows", links=links, name=name)
    require_glyphs(ax.figure)
    svg, png = io.StringIO(), io.BytesIO()
    ax.figure.savefig(svg, format="svg", metadata={"Date": None})
    ax.figure.savefig(png, format="png", dpi=200, metadata={"Software": None})
    plt.close(ax.figure)
    display(
        {
            "image/svg+xml": svg.getvalue(),
            "image/png": base64.b64encode(png.getvalue()).decode(),
            "text/plain": f"<{name}: {alt}>",
        },
        metadata={"embedgov": {"name": name, "caption": caption, "alt": alt}},
        raw=True,
    )
    display(
        {
            "text/html": '<details class="figure-data"><summary>The figure as a table</summary>\n'
            f"{box}</details>",
            "text/plain": f"<{name} as a table>",
        },
        metadata={"embedgov": {"name": name, "csv": csv}},
        raw=True,
    )


def table(
    data: pd.DataFrame,
    *,
    caption: str,
    links: dict[str, str] | None = None,
    ids: str | None = None,
) -> None:
    """Show a table in a box of its own that scrolls when the page is narrow.

    Every value becomes text, never markup; runs of Chinese are marked as such.

    Parameters
    ----------
    data : pandas.DataFrame
        One row per line; column names are the headings, the index is not shown.
    caption : str
        What a row is (plain text).
    links : dict, optional
        For a column to be linked, the column with its addresses, which is then not shown.
        Only ``http`` and ``https`` addresses and addresses within the book are linked.
    ids : str, optional
        The column whose values are the ids of the rows, so that an address can lead to one.

    Raises
    ------
    NotebookError
        If the caption is empty, a column of `links` or `ids` is missing, or an id occurs twice
        or is no word of letters, digits and hyphens.
    """
    if not caption.strip():
        raise NotebookError("a table has no caption: say what a row is")
    name = "table-" + re.sub(r"\W+", "-", caption.lower()).strip("-")[:60].strip("-")
    box, csv = _box(data, caption=caption, links=links, ids=ids, name=name)
    display(
        {"text/html": box, "text/plain": f"<table: {caption}>"},
        metadata={"embedgov": {"name": name, "csv": csv}},
        raw=True,
    )


def _box(
    data: pd.DataFrame, *, caption: str, name: str, links: dict | None = None, ids: str | None = None
) -> tuple[str, str]:
    """A table as HTML and as CSV."""
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
            f'<td class="{kinds[c]}">'
            f"{_link(marked(row[c]), row[links[c]] if c in links else None)}</td>"
            for c in shown
        )
        + "</tr>\n"
        for row_id, row in zip(rows, data.to_dict("records"))
    )
    label = f"{name}-caption"
    box = (
        f'<p class="table-caption" id="{label}">{marked(caption)}</p>\n'
        f'<p class="take"><a href="../downloads/{name}.csv" download>Take away as CSV</a></p>\n'
        f'<div class="table-box{" tall" if len(data) > TALL else ""}" role="region" tabindex="0" '
        f'aria-labelledby="{label}"><table aria-labelledby="{label}">\n'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody></table></div>"
    )
    return box, data[shown].to_csv(index=False)


def _ids(data: pd.DataFrame, caption: str, column: str | None) -> list[str]:
    """The attribute that gives each row of a table its id, if it has one."""
    if column is None:
        return [""] * len(data)
    if column not in data.columns:
        raise NotebookError(f"table {caption!r}: ids names the column {column!r}, the table has "
                            f"{', '.join(map(str, data.columns))}")  # fmt: skip
    ids = data[column].astype(str)
    for value, again in zip(ids, ids.duplicated()):
        if again or not re.fullmatch(r"[A-Za-z][\w-]*", value, re.ASCII):
            raise NotebookError(f"table {caption!r}, column {column!r}: {value!r} "
                                f"{'occurs twice' if again else 'is no word'}; an id is a word of "
                                "letters, digits and hyphens that occurs once")  # fmt: skip
    return [f' id="{value}"' for value in ids]


def kind(column: pd.Series) -> str:
    """Say how a column is set: numbers to the right, names on one line, sentences with room."""
    if pd.api.types.is_numeric_dtype(column):
        return "number"
    cells = column.dropna().astype(str)
    longest = cells.str.len().max()
    short = longest <= 12 or longest <= 18 and cells.str.match(r"[\d.,–-]").all()
    return "short" if short else "long" if longest > 60 else "text"


def _link(text: str, address) -> str:
    if not text or not isinstance(address, str) or not _ADDRESS.fullmatch(address):
        return text
    outside = ' rel="noopener"' if address.startswith("http") else ""
    return f'<a href="{html.escape(address)}"{outside}>{text}</a>'
