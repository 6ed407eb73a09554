"""Draw a matrix of cells shaded by share, with seaborn's heat map."""

from collections.abc import Iterable, Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import BoundaryNorm, Colormap, ListedColormap, to_hex
from matplotlib.patches import Rectangle

from ..errors import PlottingError
from .layout import Grid
from .palette import INK, MUTED, PALE, PAPER, RULE, SHADES, STEPS, text_colour
from .text import text_width
from .theme import BASE, SMALL, Style

MISSING: Style = {"facecolor": PAPER, "edgecolor": MUTED, "linewidth": 0.8, "linestyle": (0, (2, 2))}
NONE: Style = {"facecolor": PAPER, "edgecolor": RULE, "linewidth": 0.6}
OUTLINE: Style = {"facecolor": "none", "edgecolor": INK, "linewidth": 1.8, "joinstyle": "miter"}
_GAP = 3  # points between cells
_FINE = 1e-9  # a share that is exactly a quarter belongs to the shade that ends there
QUARTERS = [-1, _FINE, *(step + _FINE for step in STEPS[1:-1]), 2]  # the first shade is for none


def fills(cmap: str | Colormap | None) -> tuple[str, ...]:
    """The shades of cells: ours, or five of a colour map, from the least share to the greatest."""
    if cmap is None:
        return SHADES
    found = plt.get_cmap(cmap)
    return tuple(to_hex(found(i / (len(SHADES) - 1))) for i in range(len(SHADES)))


def shades(steps: Sequence[str], cmap: str | Colormap | None) -> list[tuple[str, Style]]:
    """Entries of a key, one per shade, with these texts."""
    return [(text, NONE | {"facecolor": fill}) for text, fill in zip(steps, fills(cmap))]


class HeatMap(Grid):
    """Names by names, and a shaded cell with a text for every pair; the middle of the first at 0.5.

    Parameters
    ----------
    ax : matplotlib.axes.Axes or None
        Axes to draw on; None makes a new figure.
    rows, columns : sequence of str
        Their names, in order; without names of columns, none stand above them.
    """

    def __init__(self, ax: Axes | None, rows: Sequence[str], columns: Sequence[str]):
        super().__init__(ax, rows, columns, at=0.5)

    def draw(
        self,
        shares: pd.DataFrame,
        texts: pd.DataFrame,
        high: float,
        *,
        edges: Sequence[float] = tuple(QUARTERS),
        dashed: Iterable[tuple[int, int]] = (),
        marked: Iterable[tuple[int, int]] = (),
        **kwargs,
    ) -> None:
        """Draw the cells.

        Parameters
        ----------
        shares : pandas.DataFrame
            Rows by columns; a cell without a share has no shade.
        texts : pandas.DataFrame
            The same, as text; empty for a cell that is not drawn.
        high : float
            Height of a cell in points.
        edges : sequence of float
            Where each shade begins, and where the last ends.
        dashed, marked : iterable of (int, int)
            Row and column of cells that are empty and dashed, and of cells with an outline.
        **kwargs
            For `seaborn.heatmap`.

        Raises
        ------
        PlottingError
            If a text is wider than a cell.
        """
        import seaborn as sns

        wide = self.head()
        cells = [line for text in texts.to_numpy().ravel() for line in text.split("\n")]
        longest = max(cells, key=text_width)
        size = next((s for s in (BASE, SMALL) if text_width(longest, s) <= wide - _GAP - 1), None)
        if size is None:
            raise PlottingError(
                f"the text {longest!r} does not fit a cell {wide:.0f} points wide; "
                f"draw fewer than {shares.shape[1]} columns or pass wider Axes"
            )
        options = {
            "norm": BoundaryNorm(edges, len(SHADES)),
            "linewidths": _GAP,
            "linecolor": PAPER,
            "cbar": False,
        } | kwargs
        options["cmap"] = ListedColormap(fills(kwargs.get("cmap")))
        values = shares.astype(float).to_numpy()
        sns.heatmap(values, ax=self.ax, xticklabels=False, yticklabels=False, **options)
        self.ax.collections[-1].set_zorder(0.5)
        drawn = np.reshape(self.ax.collections[-1].get_facecolor(), (*shares.shape, 4))
        self.side()
        self.head()
        inset = _GAP / 2 / wide, _GAP / 2 / high

        def box(row: int, column: int, style: Style, zorder: float = 1) -> None:
            size = 1 - 2 * inset[0], 1 - 2 * inset[1]
            corner = column + inset[0], row + inset[1]
            self.ax.add_patch(Rectangle(corner, *size, zorder=zorder, **style))

        for place in (dashed := set(dashed)):
            box(*place, MISSING)
        for place in marked:
            box(*place, OUTLINE, 2)
        for i, j in ((i, j) for i in range(len(texts)) for j in range(texts.shape[1]) if texts.iat[i, j]):
            fill = PAPER if (i, j) in dashed else to_hex(drawn[i, j]) if drawn[i, j, 3] else PALE
            if (i, j) not in dashed and fill in (PAPER, PALE):
                box(i, j, NONE if fill == PAPER else {"facecolor": PALE})
            ink = MUTED if (i, j) in dashed else text_colour(fill)
            style: Style = {"size": size, "color": ink, "ha": "center", "va": "center"}
            self.ax.text(j + 0.5, i + 0.5, texts.iat[i, j], parse_math=False, **style)
