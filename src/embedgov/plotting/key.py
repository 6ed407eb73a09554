"""The key of a figure: handles with their texts, in as many lines as they need."""

from collections.abc import Iterable, Sequence

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from .text import text_width, write
from .theme import SMALL

_LINE = 14  # from one line to the next, points
_HANDLE = 10  # its width, points, unless it is a line that needs more
_AFTER = 4  # a handle
_BETWEEN = 14  # entries


def _places(texts: Iterable[str], width: float, handle: float) -> list[tuple[float, float]]:
    """Left edge and baseline of each entry, from the upper left corner of the key."""
    places, x, y = [], 0.0, 10.0
    for text in texts:
        wide = handle + _AFTER + text_width(text, SMALL)
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
    """
    places = _places(texts, width, handle)
    return places[-1][1] + 4 if places else 0


def draw_key(
    ax: Axes,
    x: float,
    y: float,
    entries: Sequence[tuple[str, dict]],
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
