"""The look that every figure shares: fonts, sizes, paper."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.font_manager import fontManager

from ..errors import PlottingError
from .fonts import FONT_FILES
from .palette import INK, MUTED, PAPER, RULE, set_palette

FAMILY = ["Noto Sans SC", "DejaVu Sans"]  # the second only for what the first lacks
WIDTH = 5.4 * 72  # points; on a phone 390 pixels wide a point is then a pixel
NARROWEST = 3.5 * 72  # points, the narrowest Axes on which the figures hold together
PAD = 4  # points of paper around a figure
BASE = 10.5  # points, the size of text
SMALL = 10  # points, the smallest text: on a phone as many pixels
STRONG = 12  # points, numbers that carry the argument

_NO_LOOK = ("backend", "backend_fallback", "toolbar")  # of matplotlib's settings

Style = dict[str, Any]  # how matplotlib is to draw something: its arguments by name

# Known to matplotlib before any text is measured, and first in its list, since of two fonts
# of one name it takes the first: the reader's machine may have another Noto Sans SC.
for _path in FONT_FILES.values():
    fontManager.addfont(_path)
    fontManager.ttflist.insert(0, fontManager.ttflist.pop())


_before: dict[Any, Any] = {}  # what `reset_theme` goes back to


def set_theme(
    palette: Mapping[Hashable, str] | None = None,
    *,
    style: str = "whitegrid",
    font: str | Sequence[str] = FAMILY,
    rc: Mapping[str, Any] | None = None,
) -> None:
    """Give all figures that follow the look of the book.

    Sets seaborn's theme and, after it, our own settings: the fonts that come with the package,
    white paper (a card of its own on a dark page), a grid that steps back,
    and SVG files whose text is outlines and that are the same at every run.
    No figure of this package needs it, but for Chinese texts the fonts must be set.

    Parameters
    ----------
    palette : mapping of hashable to str, optional
        The colours of a study's concepts, as of `embedgov.plotting.palette.set_palette`; without
        it, no concept has a colour of its own.
    style : str
        A style of `seaborn.set_theme`.
    font : str or sequence of str
        The family, or families in the order in which a character is looked for.
    rc : mapping, optional
        Settings of matplotlib that override ours.

    See Also
    --------
    reset_theme : Take it back.
    require_glyphs : Refuse a figure with characters that the fonts cannot draw.

    Examples
    --------
    >>> from embedgov import plotting
    >>> plotting.set_theme({"roads": "#0072b2"}, rc={"axes.grid": False})
    >>> import matplotlib.pyplot as plt
    >>> plt.rcParams["font.family"], plt.rcParams["axes.grid"]
    (['Noto Sans SC', 'DejaVu Sans'], False)
    >>> plotting.reset_theme()
    """
    set_palette(palette or {})
    if not _before:
        _before.update({name: plt.rcParams[name] for name in plt.rcParams if name not in _NO_LOOK})
    import seaborn as sns  # it takes longer to import than all else, and only some figures need it

    family = [font] if isinstance(font, str) else list(font)
    sns.set_theme(
        style=style,
        rc={
            "font.family": family,
            "font.size": BASE,
            "axes.unicode_minus": True,  # the fonts have U+2212
            "mathtext.fontset": "custom",
            **{f"mathtext.{face}": family[0] for face in ("rm", "it", "cal", "sf", "tt")},
            **{f"mathtext.{face}": f"{family[0]}:bold" for face in ("bf", "bfit")},
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
            **(rc or {}),
        },
    )


def reset_theme() -> None:
    """Take `set_theme` back: all settings of matplotlib as they were before it, and no palette.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> from embedgov import plotting
    >>> before = plt.rcParams["figure.facecolor"]
    >>> plotting.set_theme(rc={"figure.facecolor": "black"})
    >>> plotting.reset_theme()
    >>> plt.rcParams["figure.facecolor"] == before
    True
    """
    set_palette({})
    plt.rcParams.update(_before)
    _before.clear()


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


def new_axes(width: float = WIDTH, height: float = WIDTH) -> Axes:
    """Axes of a new figure that keep a narrow margin of paper, whatever the settings are.

    Parameters
    ----------
    width, height : float
        Size of the figure in points.

    Returns
    -------
    matplotlib.axes.Axes
        The Axes.
    """
    figure, ax = plt.subplots(figsize=(width / 72, height / 72))
    figure.set_layout_engine("constrained", w_pad=PAD / 72, h_pad=PAD / 72, wspace=0, hspace=0)
    return ax


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
        ax = new_axes(height=height(WIDTH - 2 * PAD) + 2 * PAD)
    ax.set_axis_off()
    width, has = points(ax)
    require_width(width)
    require_height(width, has, height(width))
    ax.set(xlim=(0, width), ylim=(has, 0))
    return ax, width


def require_width(width: float, least: float = NARROWEST) -> None:
    """Refuse Axes that are too narrow for any figure.

    Parameters
    ----------
    width : float
        Width of the Axes in points.
    least : float
        The least that they may have.

    Raises
    ------
    PlottingError
        Naming both widths in inches.
    """
    if width < least:
        raise PlottingError(
            f"ax is {width / 72:.1f} inches wide, the figure needs {least / 72:.1f}: "
            "pass larger Axes or leave ax out"
        )


def require_height(width: float, has: float, needs: float) -> None:
    """Refuse Axes that are too low for what is to be drawn.

    Parameters
    ----------
    width, has : float
        Size of the Axes in points.
    needs : float
        Height that the drawing needs, in points.

    Raises
    ------
    PlottingError
        Naming both heights in inches.
    """
    if has < needs - 0.5:
        raise PlottingError(
            f"ax is {has / 72:.1f} inches high, the figure needs {needs / 72:.1f} "
            f"at its width of {width / 72:.1f}: pass larger Axes or leave ax out"
        )
