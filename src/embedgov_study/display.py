"""Show figures and tables in a chapter, and give its numbers to its text."""

import base64
import io
import math
import re

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from IPython.display import display
from matplotlib.axes import Axes
from PIL import Image

from embedgov.plotting import require_glyphs

from .errors import NotebookError
from .html_tables import box as table_box
from .language import say


def tell(**values: object) -> None:
    """Give values to the text of a chapter, each under a name.

    The text shows one with ``{glue:text}`name```.

    Raises
    ------
    NotebookError
        If a value is missing or is neither a number nor text, so that it would not read as prose.
    """
    from myst_nb import glue  # here, as a hand-out shows figures and tables without the book's tools

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
    """Show a figure with name, caption and alternative text, and its data as a folded table.

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
    _require_name(name, "figure", "fig")
    for what, text in (("caption", caption), ("alternative text", alt)):
        if not text.strip():
            raise NotebookError(f"figure {name!r} has no {what}: say what it shows")
    box, csv = table_box(data, caption=say("The values that the figure shows"), links=links, name=name)
    require_glyphs(ax.figure)
    svg, png = io.StringIO(), io.BytesIO()
    ax.figure.savefig(svg, format="svg", metadata={"Date": None})
    ax.figure.savefig(png, format="png", dpi=200, metadata={"Software": None})
    plt.close(ax.figure)
    display(
        {
            "image/svg+xml": svg.getvalue(),
            "image/png": base64.b64encode(_with_256_colours(png)).decode(),
            "text/plain": f"<{name}: {alt}>",
        },
        metadata={"embedgov": {"name": name, "caption": caption, "alt": alt}},
        raw=True,
    )
    display(
        {
            "text/html": f'<details class="figure-data"><summary>{say("The figure as a table")}</summary>\n'
            f"{box}</details>",
            "text/plain": f"<{name} as a table>",
        },
        metadata={"embedgov": {"name": name, "csv": csv}},
        raw=True,
    )


def table(
    data: pd.DataFrame,
    *,
    name: str,
    caption: str,
    links: dict[str, str] | None = None,
    ids: str | None = None,
) -> None:
    """Show a table, which scrolls by itself when the page is narrow.

    Every value becomes text, never markup; runs of Chinese are marked as such.

    Parameters
    ----------
    data : pandas.DataFrame
        One row per line; column names are the headings, the index is not shown.
    name : str
        The address of the table and of its CSV, ``table-`` and lower-case words joined by hyphens.
        It stays when the caption changes, so that links to the table do not break.
    caption : str
        What a row is (plain text).
    links : dict, optional
        For a column to be linked, the column with its addresses, which is then not shown.
        Only ``http`` and ``https`` addresses, and pages and archives within the book are linked.
    ids : str, optional
        The column whose values are the ids of the rows, so that an address can lead to one.

    Raises
    ------
    NotebookError
        If the caption is empty, the name is not of the expected form, a column of `links` or `ids` is missing, or an id occurs twice
        or is no word of letters, digits and hyphens.
    """
    _require_name(name, "table", "table")
    if not caption.strip():
        raise NotebookError(f"table {name!r} has no caption: say what a row is")
    box, csv = table_box(data, caption=caption, links=links, ids=ids, name=name)
    display(
        {"text/html": box, "text/plain": f"<table: {caption}>"},
        metadata={"embedgov": {"name": name, "csv": csv}},
        raw=True,
    )


def _with_256_colours(picture: io.BytesIO) -> bytes:
    """A picture with its colours rounded to 256, which nobody sees: a third of its size."""
    rounded = io.BytesIO()
    Image.open(picture).convert("RGB").quantize(256, dither=Image.Dither.NONE).save(rounded, "PNG")
    return rounded.getvalue()


def _require_name(name: str, what: str, start: str) -> None:
    if not re.fullmatch(rf"{start}(-[a-z0-9]+)+", name):
        raise NotebookError(
            f"{what} name {name!r}: expected '{start}-' and lower-case words joined by hyphens"
        )
