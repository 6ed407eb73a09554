"""The look that every figure shares: fonts, sizes, paper."""

from collections.abc import Callable, Hashable, Mapping
from typing import Any

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.font_manager import fontManager

from ..errors import PlottingError
from .fonts import FONT_FILES
from .palette import INK, MUTED, PAPER, RULE, set_palette

FAMILY = ["Noto Sans SC", "DejaVu Sans"]  # the second only for what the first lacks
WIDTH = 5.6 * 72  # points; on a phone 358 pixels wide a point is then 0.89 pixels
NARROWEST = 3.5 * 72  # points, the narrowest Axes on which the figures hold together
PAD = 4  # points of paper around a figure
BASE = 10  # points, the size of text
SMALL = 9  # points, the smallest text that a phone still shows
STRONG = 12  # points, numbers that carry the argument

Style = dict[str, Any]  # how matplotlib is to draw something: its arguments by name

# Known to matplotlib before any text is measured, and first in its list, since of two fonts
# of one name it takes the first: the reader's machine may have another Noto Sans SC.
for _path in FONT_FILES.values():
    fontManager.addfont(_path)
    fontManager.ttflist.insert(0, fontManager.ttflist.pop())


def set_theme(palette: Mapping[Hashable, str] | None = None) -> None:
    """Give all figures that follow the look of the book.

    Sets seaborn's theme and, after it, our own settings: the fonts that come with the package,
    white paper (a card of its own on a dark page), a grid that steps back,
    and SVG files whose text is outlines and that are the same at every run.

    Parameters
    ----------
    palette : mapping of hashable to str, optional
        The colours of a study's concepts, as of `embedgov.plotting.palette.set_palette`; without
        it, no concept has a colour of its own.

    See Also
    --------
    require_glyphs : Refuse a figure with characters that the fonts cannot draw.

    Examples
    --------
    >>> set_theme()
    >>> plt.rcParams["font.family"]
    ['Noto Sans SC', 'DejaVu Sans']
    """
    set_palette(palette or {})
    import seaborn as sns  # it takes longer to import than all else, and only the theme needs it

    sns.set_theme(
        style="whitegrid",
        rc={
            "font.family": FAMILY,
            "font.size": BASE,
            "axes.unicode_minus": True,  # the fonts have U+2212
            "mathtext.fontset": "custom",
            **{f"mathtext.{face}": FAMILY[0] for face in ("rm", "it", "cal", "sf", "tt")},
            **{f"mathtext.{face}": f"{FAMILY[0]}:bold" for face in ("bf", "bfit")},
            "mathtext.fallback": "stixsans",
            "axes.titlesize": BASE,
            "axes.labelsize": BASE,
            "xtick.labelsize": SMALL,
            "ytick.labelsize": BASE,
            "legend.fontsize": SMALL,
            "legend.title_fontsize": SMALL,
            "legend.frameon": False,
            "text.color": INK,
            "axes.labelcolor": INK,
            "axes.edgecolor": RULE,
            "xtick.color": MUTED,
            "ytick.color": INK,
            "grid.color": RULE,
            "grid.linewidth": 0.6,
            "axes.linewidth": 0.8,
            "patch.linewidth": 0,
            "hatch.linewidth": 1.0,
            "figure.figsize": (WIDTH / 72, WIDTH / 72 * 0.7),
            "figure.facecolor": PAPER,
            "savefig.facecolor": PAPER,
            "figure.constrained_layout.use": True,
            "figure.constrained_layout.w_pad": PAD / 72,
            "figure.constrained_layout.h_pad": PAD / 72,
            "text.hinting": "none",  # a line is as wide at any resolution as it was measured
            "savefig.dpi": 200,
            "svg.fonttype": "path",
            "svg.hashsalt": "embedgov",
        },
    )


def points(ax: Axes) -> tuple[float, float]:
    """Width and height of Axes in points, after the figure's layout.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Axes of a figure.

    Returns
    -------
    width, height : float
        Size in points (1/72 inch).

    Raises
    ------
    PlottingError
        If the Axes are in no figure.
    """
    figure = ax.get_figure(root=True)
    if figure is None:
        raise PlottingError("the Axes were taken out of their figure; pass Axes of a figure, or none")
    figure.draw_without_rendering()
    box, dpi = ax.get_window_extent(), figure.dpi
    return round(float(box.width) * 72 / dpi, 2), round(float(box.height) * 72 / dpi, 2)


def axes_in_points(ax: Axes | None, height: Callable[[float], float]) -> tuple[Axes, float]:
    """Axes without axis whose data unit is a point, counted from the upper left corner.

    Parameters
    ----------
    ax : matplotlib.axes.Axes or None
        Axes to draw on; None makes a new figure, as high as the drawing.
    height : callable
        Height in points that the drawing needs at a width in points.

    Returns
    -------
    ax : matplotlib.axes.Axes
        The Axes.
    width : float
        Their width in points.

    Raises
    ------
    PlottingError
        If the Axes are smaller than the drawing.
    """
    if ax is None:
        size = WIDTH / 72, (height(WIDTH - 2 * PAD) + 2 * PAD) / 72
        ax = plt.subplots(figsize=size)[1]
    ax.set_axis_off()
    width, has = points(ax)
    if width < NARROWEST:
        raise PlottingError(
            f"ax is {width / 72:.1f} inches wide, the figure needs {NARROWEST / 72:.1f}: "
            "pass larger Axes or leave ax out"
        )
    needs = height(width)
    if has < needs - 0.5:
        raise PlottingError(
            f"ax is {has / 72:.1f} inches high, the figure needs {needs / 72:.1f} "
            f"at its width of {width / 72:.1f}: pass larger Axes or leave ax out"
        )
    ax.set(xlim=(0, width), ylim=(has, 0))
    return ax, width
