"""Draw the note and the legend above a figure, wrapped to its width."""

from collections.abc import Iterable, Sequence

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from ..errors import PlottingError
from .palette import MUTED
from .text import text_width, wrapped, write, write_lines
from .theme import SMALL, Style

_NOTE = 12  # from one line of the note to the next, points
_LINE = 14  # from one line to the next, points
_HANDLE = 10  # its width, points, unless it is a line that needs more
_AFTER = 4  # a handle
_BETWEEN = 14  # entries


def _places(texts: Iterable[str], width: float, handle: float) -> list[tuple[float, float]]:
    """Left edge and baseline of each entry, from the upper left corner of the key."""
    places, x, y = [], 0.0, 10.0
    for text in texts:
        wide = handle + _AFTER + text_width(text, SMALL)
        if wide > width:
            raise PlottingError(
                f"the text {text!r} does not fit a key {width:.0f} points wide: shorten it, or "
                "pass wider Axes"
            )
        if x and x + wide > width:
            x, y = 0.0, y + _LINE
        places.append((x, y))
        x += wide + _BETWEEN
    return places


def key_height(texts: Iterable[str], width: float, handle: float = _HANDLE) -> float:
    """Height of a key whose entries have these texts.

    Parameters
    ----------
    texts : iterable of str
        What the handles stand for, in order.
    width : float
        Width of the key in points.
    handle : float
        Width of a handle in points.

    Returns
    -------
    float
        Height in points; 0 without texts.

    Raises
    ------
    PlottingError
        If a text is wider than the key.
    """
    places = _places(texts, width, handle)
    return places[-1][1] + 4 if places else 0


def draw_key(
    ax: Axes,
    x: float,
    y: float,
    entries: Sequence[tuple[str, Style]],
    width: float,
    handle: float = _HANDLE,
) -> None:
    """Draw a key; an entry that does not fit begins a new line.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Axes whose data unit is a point.
    x, y : float
        Upper left corner.
    entries : sequence of (str, dict)
        Text and style of the handle: of a `matplotlib.lines.Line2D` if it has a ``color``,
        otherwise of a `matplotlib.patches.Rectangle`. A marker stands in the middle.
    width : float
        Width of the key in points.
    handle : float
        Width of a handle in points.
    """
    places = _places((text for text, _ in entries), width, handle)
    for (text, style), (left, base) in zip(entries, places):
        left, base = x + left, y + base
        if "color" in style:
            xs = [left, left + handle / 2, left + handle]
            ax.add_line(Line2D(xs, [base - 3.5] * 3, markevery=[1], **style))
        else:
            ax.add_patch(Rectangle((left, base - 7.5), handle, 8, **style))
        write(ax, left + handle + _AFTER, base, text, size=SMALL)


def head_height(
    note: str, entries: Sequence[tuple[str, Style]], width: float, handle: float = _HANDLE
) -> float:
    """Height of a note with a key below it.

    Parameters
    ----------
    note : str
        What a reader has to know first.
    entries : sequence of (str, dict)
        As of `draw_key`.
    width : float
        Width of the figure in points.
    handle : float
        Width of a handle in points.

    Returns
    -------
    float
        Height in points.
    """
    lines = wrapped(note, width, SMALL)
    return _NOTE * len(lines) + key_height((text for text, _ in entries), width - 1, handle)


def draw_head(
    ax: Axes,
    note: str,
    entries: Sequence[tuple[str, Style]],
    width: float,
    handle: float = _HANDLE,
) -> None:
    """Draw a note and a key below it at the top of a figure.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Axes whose data unit is a point.
    note, entries, width, handle
        As of `head_height`.
    """
    lines = wrapped(note, width, SMALL)
    write_lines(ax, 0, 9, lines, _NOTE, size=SMALL, color=MUTED)
    draw_key(ax, 1, 2 + _NOTE * len(lines), entries, width - 1, handle)
