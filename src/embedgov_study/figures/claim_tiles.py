"""Claims of a text, one tile each, by their verdict."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from embedgov.errors import PlottingError
from embedgov.plotting.key import draw_key, key_height
from embedgov.plotting.labels import require_language
from embedgov.plotting.layout import documented
from embedgov.plotting.palette import INK, MUTED, PAPER, RULE, SHADES
from embedgov.plotting.rows import require_rows
from embedgov.plotting.text import widest, wrapped, write_lines
from embedgov.plotting.theme import BASE, axes_in_points

from ..palette import COLOURS
from .labels import label

_TILE = 12  # points
_STEP = 15.5  # from one tile to the next
_ASIDE = 0.36  # of the width, the most that the names of the sections may take
_LINE = 13
_BETWEEN = 10
_GAP = 8  # between sections
_DOT = 4.6
_SECTIONS = ("0", "1", "2", "3", "4", "5")
_DIMENSIONS = ("3.1", "3.2", "3.3", "3.4")
_HATCHED = {"facecolor": PAPER, "linewidth": 1}
_STYLES = {
    "reproduced": {"facecolor": INK, "edgecolor": INK, "linewidth": 1},
    "replicated": _HATCHED | {"edgecolor": INK, "hatch": "//////"},
    "announced": _HATCHED | {"edgecolor": INK, "hatch": "......"},
    "counted": _HATCHED | {"edgecolor": INK},
    "bounded": {"facecolor": SHADES[2], "edgecolor": INK, "linewidth": 1},
    "differs": _HATCHED | {"edgecolor": COLOURS["differs"], "hatch": "xxxxxx"},
    "not recoverable": {"facecolor": PAPER, "edgecolor": MUTED, "linewidth": 0.9, "linestyle": (0, (2, 1.6))},
    "interpretation": {"facecolor": RULE, "edgecolor": RULE, "linewidth": 1},
}


@dataclass(frozen=True)
class _Tile:
    verdict: str
    open: bool


class _ClaimTiles:
    """What claim tiles show: the tiles of each section, their names, and the key."""

    def __init__(self, data: pd.DataFrame, language: str):
        require_language(language)
        require_rows(
            data,
            ("claim", "section", "verdict", "open"),
            key=("claim",),
            known={"verdict": tuple(_STYLES)},
        )
        self.sections: dict[str, list[_Tile]] = {}
        for row, record in zip(data.index, data.to_dict("records")):
            if not isinstance(record["open"], (bool, np.bool_)):
                raise PlottingError(
                    f"data, row {row}, column 'open': {record['open']!r}; expected True or False"
                )
            # The four dimensions have a row each, other sections one with all their parts.
            section = str(record["section"])
            section = section if section in _DIMENSIONS else section.partition(".")[0]
            if section not in _SECTIONS + _DIMENSIONS:
                raise PlottingError(
                    f"data, row {row}, column 'section': {record['section']!r} is unknown; "
                    f"expected a section from {_SECTIONS[0]} to {_SECTIONS[-1]}"
                )
            tile = _Tile(record["verdict"], bool(record["open"]))
            self.sections.setdefault(section, []).append(tile)
        self.names = {
            section: label(
                "with_count",
                language,
                text=label(f"claim_tiles.section_{section}", language),
                count=len(tiles),
            )
            for section, tiles in self.sections.items()
        }
        tiles = [tile for tiles in self.sections.values() for tile in tiles]
        counts = {name: sum(tile.verdict == name for tile in tiles) for name in _STYLES}
        self.key = [
            (
                label(
                    "with_count",
                    language,
                    count=count,
                    text=label(f"claim_tiles.{name.replace(' ', '_')}", language),
                ),
                _STYLES[name],
            )
            for name, count in counts.items()
            if count
        ]
        if any(tile.open for tile in tiles):
            self.key.append((label("claim_tiles.open", language), _dot()))

    def lines(self, width: float) -> list[list[str]]:
        """Lines of the name of each section."""
        return [wrapped(name, width * _ASIDE, BASE) for name in self.names.values()]

    def left(self, width: float) -> float:
        """Left edge of the tiles."""
        return widest(self.lines(width)) + _BETWEEN

    def per_line(self, width: float) -> int:
        """Tiles in a line."""
        return int((width - self.left(width) - _TILE - _DOT) // _STEP) + 1

    def heights(self, width: float) -> list[float]:
        """Height of each section, without the gap that follows."""
        per_line = self.per_line(width)
        return [
            max(-(-len(tiles) // per_line) * _STEP, len(lines) * _LINE)
            for tiles, lines in zip(self.sections.values(), self.lines(width))
        ]

    def top(self, width: float) -> float:
        """Where the first section begins."""
        return key_height([text for text, _ in self.key], width - 1) + 12

    def height(self, width: float) -> float:
        return self.top(width) + sum(self.heights(width)) + _GAP * (len(self.sections) - 1)


@documented
def claim_tiles(data: pd.DataFrame, *, language: str = "en", ax: Axes | None = None) -> Axes:
    """Draw the claims of a text as tiles, in its order, by their verdict.

    A tile is a claim. Full tiles are settled by the text itself, hatched ones by other data, dotted
    ones are known as plans, empty ones are our own counts, light ones are settled only within bounds; crossed ones are contradicted, dashed ones have nothing that could
    decide, and grey ones are interpretations, which have no verdict. A ring marks a claim of which
    another reading has another verdict.

    Parameters
    ----------
    data : pandas.DataFrame
        One row per claim, in order, with ``claim``, ``section`` (of the article, such as ``3.1``),
        ``verdict`` (a verdict of `embedgov_study.claims`, or ``interpretation``) and ``open`` (True if
        another reading changes the verdict).
    <texts>
    <ax>

    Returns
    -------
    <points>

    Raises
    ------
    PlottingError
        If a column or value is missing, a claim occurs twice, or a verdict or section is unknown.

    Examples
    --------
    >>> claims = pd.DataFrame({
    ...     "claim": ["C1", "C2"], "section": ["1", "3.1"],
    ...     "verdict": ["reproduced", "differs"], "open": [False, True],
    ... })
    >>> ax = claim_tiles(claims)
    """
    plan = _ClaimTiles(data, language)
    ax, width = axes_in_points(ax, plan.height)
    draw_key(ax, 0.5, 0, plan.key, width - 1)
    left, per_line, y = plan.left(width), plan.per_line(width), plan.top(width)
    for tiles, lines, high in zip(plan.sections.values(), plan.lines(width), plan.heights(width)):
        write_lines(ax, 0, y + 10, lines, _LINE, size=BASE)
        for i, tile in enumerate(tiles):
            x, top = left + i % per_line * _STEP, y + i // per_line * _STEP
            ax.add_patch(Rectangle((x, top), _TILE, _TILE, **_STYLES[tile.verdict]))
            if tile.open:
                ax.plot([x + _TILE], [top], **_dot())
        y += high + _GAP
    return ax


def _dot() -> dict:
    return {
        "marker": "o",
        "linestyle": "none",
        "color": INK,
        "markersize": _DOT,
        "markerfacecolor": PAPER,
        "markeredgewidth": 1,
    }
