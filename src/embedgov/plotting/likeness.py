"""Coders by coders: how often two gave the same code, and who codes like whom."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.patches import Rectangle
from scipy.cluster.hierarchy import dendrogram, linkage
from scipy.spatial.distance import squareform

from ..errors import PlottingError
from .key import draw_head, head_height
from .labels import label, require_language
from .palette import INK, MUTED, PAPER, RULE, SHADES, text_colour
from .rows import require_numbers, require_rows
from .text import text_width, write
from .theme import BASE, SMALL, Style, axes_in_points

_STEPS = (0.6, 0.7, 0.8, 0.9)  # where the next shade begins
_MISSING: Style = {"facecolor": PAPER, "edgecolor": MUTED, "linewidth": 0.6, "linestyle": (0, (1, 1))}
NAMED = 40  # coders; of more, no names
_TREE = 54  # height of the tree, points
_WIDEST = 30  # of a cell, points
_NAMES = 0.34  # of the width, at most
_LINE = 12.5  # of a name
_GAP = 6


class _Likeness:
    """What the matrix shows: coders in the order of the tree, and the shares between them."""

    def __init__(self, data: pd.DataFrame, language: str):
        require_language(language)
        require_rows(data, ("coder_a", "coder_b", "share"), key=("coder_a", "coder_b"), optional=("share",))
        require_numbers(data, ["share"], least=0, most=1, optional=["share"])
        names = list(dict.fromkeys([*data["coder_a"], *data["coder_b"]]))
        place = {name: i for i, name in enumerate(names)}
        shares = np.full((len(names),) * 2, np.inf)
        a, b = data["coder_a"].map(place).to_numpy(), data["coder_b"].map(place).to_numpy()
        shares[a, b] = shares[b, a] = data["share"].to_numpy(float, na_value=np.nan)
        np.fill_diagonal(shares, 1)
        if np.isinf(shares).any():
            one, other = np.argwhere(np.isinf(shares))[0]
            raise PlottingError(
                f"data: no row for coder_a {names[one]!r} and coder_b "
                f"{names[other]!r}; every pair of coders has one"
            )
        # Who has nothing in common to compare is as far apart as can be.
        apart = squareform(1 - np.nan_to_num(shares), checks=False)
        self.tree = linkage(apart, "average", optimal_ordering=True)
        order = dendrogram(self.tree, no_plot=True)["leaves"]
        self.names, self.shares = [str(names[i]) for i in order], shares[np.ix_(order, order)]
        edge = {"edgecolor": RULE, "linewidth": 0.6}
        texts = [
            label("likeness.least", language),
            *(label("likeness.from", language, least=round(step * 100)) for step in _STEPS),
        ]
        self.key = [(text, {"facecolor": fill, **edge}) for text, fill in zip(texts, SHADES)]
        if np.isnan(shares).any():
            self.key.append((label("likeness.missing", language), _MISSING))
        self.note = label("likeness.note", language)

    def left(self, width: float) -> float:
        """Where the matrix begins, after the names."""
        if len(self.names) > NAMED:
            return 0.5
        return min(max(map(text_width, self.names)), width * _NAMES) + _GAP

    def cell(self, width: float) -> tuple[float, float]:
        """Width and height of a cell; a row has room for a name."""
        wide = min((width - self.left(width) - 0.5) / len(self.names), _WIDEST)
        return wide, wide if len(self.names) > NAMED else max(wide, _LINE)

    def top(self, width: float) -> float:
        """Where the first row begins."""
        return head_height(self.note, self.key, width) + _GAP + _TREE + 2

    def height(self, width: float) -> float:
        """Height that the drawing needs."""
        return self.top(width) + self.cell(width)[1] * len(self.names) + 1

    def shortened(self, name: str, width: float) -> str:
        """A name that fits before the matrix."""
        room = self.left(width) - _GAP + 0.01
        while text_width(name) > room:
            name = name.removesuffix("…")[:-1].rstrip() + "…"
        return name


def likeness(data: pd.DataFrame, *, language: str = "en", ax: Axes | None = None) -> Axes:
    """Draw how often two coders gave the same code, and a tree of who codes like whom.

    Rows and columns are the coders, in the order of the tree above them, which joins those first
    who code most alike (average linkage of the shares of codes that differ). A cell is the
    darker the more alike two coders are. Up to 40 coders are named; of few, cells say the share
    in percent.

    Parameters
    ----------
    data : pandas.DataFrame
        One row per pair of coders with ``coder_a``, ``coder_b`` and ``share``, the share of codes
        given alike, missing if there is nothing to compare.
    language : {"en", "zh"}
        Language of the texts.
    ax : matplotlib.axes.Axes, optional
        Axes to draw on; a new figure by default.

    Returns
    -------
    matplotlib.axes.Axes
        The Axes; a data unit is a point, counted from the upper left corner.

    See Also
    --------
    agreement_forest : Coefficients of agreement with their intervals.

    Examples
    --------
    >>> import pandas as pd
    >>> from embedgov import plotting
    >>> pairs = pd.DataFrame({
    ...     "coder_a": ["Ada", "Ada", "Bo"], "coder_b": ["Bo", "Cy", "Cy"], "share": [0.9, 0.7, 0.6],
    ... })
    >>> ax = plotting.likeness(pairs)
    """
    plan = _Likeness(data, language)
    ax, width = axes_in_points(ax, plan.height)
    left, top, n = plan.left(width), plan.top(width), len(plan.names)
    wide, high = plan.cell(width)
    draw_head(ax, plan.note, plan.key, width)
    tree = dendrogram(plan.tree, no_plot=True)  # a leaf is 10 wide there
    highest = max(max(ys) for ys in tree["dcoord"]) or 1
    for xs, ys in zip(tree["icoord"], tree["dcoord"]):
        places = [left + x / 10 * wide for x in xs]
        ax.plot(
            places,
            [top - 2 - y / highest * _TREE for y in ys],
            color=INK,
            linewidth=0.9 if n <= NAMED else 0.4,
        )
    shades = np.digitize(np.nan_to_num(plan.shares), _STEPS).astype(float)
    shades[np.isnan(plan.shares)] = np.nan
    ax.imshow(
        shades,
        cmap=ListedColormap(SHADES),
        vmin=-0.5,
        vmax=len(SHADES) - 0.5,
        aspect="auto",
        extent=(left, left + n * wide, top + n * high, top),
        interpolation="nearest",
    )
    ax.set(xlim=(0, width), ylim=(ax.get_ylim()[0], 0))
    ax.add_patch(Rectangle((left, top), n * wide, n * high, facecolor="none", edgecolor=RULE, linewidth=0.6))
    told = wide >= text_width("100", SMALL) + 2
    for i, name in enumerate(plan.names):
        middle = top + (i + 0.5) * high
        if n <= NAMED:
            write(ax, 0, middle, plan.shortened(name, width), size=BASE, va="center_baseline")
        for j in range(n if told else 0):
            share = plan.shares[i, j]
            if i != j and not np.isnan(share):
                fill = SHADES[int(shades[i, j])]
                write(
                    ax,
                    left + (j + 0.5) * wide,
                    middle,
                    f"{100 * share:.0f}",
                    size=SMALL,
                    color=text_colour(fill),
                    ha="center",
                    va="center_baseline",
                )
    return ax
