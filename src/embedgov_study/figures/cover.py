"""The cover: every designation of the programme as a tile, and how few are described."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from embedgov.errors import PlottingError
from embedgov.plotting.key import draw_key, key_height
from embedgov.plotting.labels import require_language
from embedgov.plotting.layout import documented
from embedgov.plotting.palette import INK, MUTED, PAPER, RULE
from embedgov.plotting.rows import require_rows
from embedgov.plotting.text import text_width, write
from embedgov.plotting.theme import BASE, SMALL, STRONG, axes_in_points

from ..palette import BATCHES, DIMENSIONS, colour
from .labels import label

_ROWS = 4  # of tiles, so that three cases of each dimension share a row
_BETWEEN = 0.9  # batches, in tiles
_FILL = 0.84  # of the room of a tile that it takes
_HEADER = 18
_LINE = 22  # from one count to the next
_BEFORE_COUNTS = 9
_PARTS = ("outside", *DIMENSIONS, "sample", "left out")


class _Cover:
    """What the cover shows: the tiles of each batch, the counts and the key."""

    def __init__(self, data: pd.DataFrame, language: str):
        name = f"label_{require_language(language)}"
        require_rows(
            data,
            ("batch", "part", name, "count"),
            key=("batch", "part"),
            counts=("count",),
            known={"batch": BATCHES, "part": _PARTS},
        )
        studied = data[data["part"] != "outside"]
        if studied["batch"].nunique() != 1:
            raise PlottingError(
                f"data: parts of the study in {studied['batch'].nunique()} batches; "
                "expected one batch, all others with the single part 'outside'"
            )
        self.batch = int(studied["batch"].iloc[0])
        outside = data[(data["batch"] == self.batch) & (data["part"] == "outside")]["count"].sum()
        if outside:
            raise PlottingError(
                f"data: batch {self.batch} has tiles outside the study: {outside}; expected none"
            )
        if not studied["count"].sum():
            raise PlottingError(f"data: no tile in batch {self.batch}; expected a count above 0")
        self.tiles: dict[int, list[str]] = {}
        for batch in BATCHES:
            counts = data[data["batch"] == batch].set_index("part")["count"].to_dict()
            most = max((counts.get(code, 0) for code in DIMENSIONS), default=0)
            described = [code for i in range(most) for code in DIMENSIONS if counts.get(code, 0) > i]
            rest = [part for part in ("sample", "left out", "outside") for _ in range(counts.get(part, 0))]
            if described or rest:
                self.tiles[batch] = described + rest
        self.names = {batch: label(f"batch_{batch}", language) for batch in self.tiles}
        chosen = self.tiles[self.batch]
        sample = len(chosen) - chosen.count("left out")
        described = sum(part in DIMENSIONS for part in chosen)
        self.total = sum(map(len, self.tiles.values()))
        self.counts = [
            (len(chosen), label("cover.batch", language)),
            (sample, label("cover.sample", language)),
            (described, label("cover.described", language)),
        ]
        self.all = label("cover.all", language)
        self.styles = {
            "outside": {"facecolor": RULE},
            **{code: {"facecolor": colour(code)} for code in DIMENSIONS},
            "sample": {"facecolor": colour(self.batch)},
            "left out": {
                "facecolor": PAPER,
                "edgecolor": colour(self.batch),
                "linewidth": 0.9,
                "linestyle": (0, (2, 1.4)),
            },
        }
        labels = dict(zip(studied["part"], studied[name]))
        self.key = [(labels[part], self.styles[part]) for part in _PARTS if part in labels]

    def columns(self, batch: int) -> int:
        return -(-len(self.tiles[batch]) // _ROWS)

    def step(self, width: float) -> float:
        """From one tile to the next."""
        columns = sum(map(self.columns, self.tiles)) + _BETWEEN * (len(self.tiles) - 1)
        return width / (columns - 1 + _FILL)

    def left(self, batch: int, width: float) -> float:
        """Left edge of a batch."""
        before = [other for other in self.tiles if other < batch]
        return self.step(width) * (sum(map(self.columns, before)) + _BETWEEN * len(before))

    def counts_top(self, width: float) -> float:
        return _HEADER + _ROWS * self.step(width) + _BEFORE_COUNTS

    def key_width(self, width: float) -> float:
        return self.left(self.batch, width) - 12

    def key_top(self, width: float) -> float:
        return self.counts_top(width) + _LINE + 1

    def height(self, width: float) -> float:
        key = key_height([text for text, _ in self.key], self.key_width(width))
        counts = self.counts_top(width) + _LINE * (1 + len(self.counts)) - 4
        return max(counts, self.key_top(width) + key)


@documented
def cover(data: pd.DataFrame, *, language: str = "en", ax: Axes | None = None) -> Axes:
    """Draw every designation as a tile, batch by batch, and set off the few that are described.

    Tiles are grey but for the batch of the study, where each case has the colour of the
    dimension under which it is told, the rest of the sample that of the batch, and what was
    left out only an outline.
    Within that batch the order of the tiles is that of the parts: who was left out is not known.
    Below are the counts, each with a line as long as the columns that its tiles fill.

    Parameters
    ----------
    data : pandas.DataFrame
        One row per batch and part, with ``batch``, ``part`` (the code of a dimension, for the
        cases; ``"sample"``, for what is in the sample and no case; ``"left out"``; or, in all
        batches but one, ``"outside"``), ``count`` and, as `language` says, ``label_en`` or
        ``label_zh`` (the name of the part in the key).
    <texts>
    <ax>

    Returns
    -------
    <points>

    Raises
    ------
    PlottingError
        If a column is missing, a batch and part occur twice, a value is unknown or no count,
        or parts of the study stand in several batches.

    See Also
    --------
    selection_flow : The same counts with what is known and unknown of each step.

    Examples
    --------
    >>> parts = pd.DataFrame({
    ...     "batch": [2, 3, 3, 3], "part": ["outside", "SUB", "sample", "left out"],
    ...     "label_en": ["another batch", "subject", "not described", "left out"],
    ...     "count": [31, 12, 25, 3],
    ... })
    >>> ax = cover(parts)
    """
    plan = _Cover(data, language)
    ax, width = axes_in_points(ax, plan.height)
    step = plan.step(width)
    side = _FILL * step
    for batch, parts in plan.tiles.items():
        left = plan.left(batch, width)
        strong = {"color": INK, "weight": "bold"} if batch == plan.batch else {"color": MUTED}
        write(ax, left, 9, plan.names[batch], size=SMALL, **strong)
        for i, part in enumerate(parts):
            x, y = left + i // _ROWS * step, _HEADER + i % _ROWS * step
            inset = plan.styles[part].get("linewidth", 0) / 2
            ax.add_patch(
                Rectangle(
                    (x + inset, y + inset),
                    side - 2 * inset,
                    side - 2 * inset,
                    **plan.styles[part],
                )
            )
    left, top = plan.left(plan.batch, width), plan.counts_top(width)
    _draw_count(ax, 0, top, width, plan.total, plan.all)
    for i, (count, text) in enumerate(plan.counts, 1):
        _draw_count(ax, left, top + i * _LINE, count / _ROWS * step - (step - side), count, text)
    draw_key(ax, 0, plan.key_top(width), plan.key, plan.key_width(width))
    return ax


def _draw_count(ax: Axes, x: float, y: float, long: float, count: int, text: str) -> None:
    ax.plot([x, x + long], [y, y], color=INK, linewidth=1.2, solid_capstyle="butt")
    write(ax, x, y + 14, str(count), size=STRONG, weight="bold")
    write(ax, x + text_width(str(count), STRONG, "bold") + 5, y + 14, text, size=BASE)
