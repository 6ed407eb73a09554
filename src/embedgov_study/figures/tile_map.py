"""The provinces as tiles, each with its designations as blocks."""

import re
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from embedgov.errors import PlottingError
from embedgov.plotting.key import draw_key, key_height
from embedgov.plotting.labels import require_language
from embedgov.plotting.layout import documented
from embedgov.plotting.palette import INK, MUTED, PALE, PAPER, RULE
from embedgov.plotting.rows import plain, require_rows
from embedgov.plotting.text import text_width, wrapped, write, write_lines
from embedgov.plotting.theme import SMALL, STRONG, axes_in_points

from ..palette import BATCHES, colour
from .labels import label

_HEIGHT = 29  # of a tile below its name, points
_NAME = 11.5  # height of a line of a name
_GAP = 2.5
_PAD = 2.5
_KEY_COLUMNS = 6  # tiles above which the key stands
_LINE = 13
_SYLLABLE = re.compile(r"[^aeiou\s]*[aeiou]+(?:ng|n(?![aeiou])|r$)?|\S", re.IGNORECASE)  # of pinyin


@dataclass(frozen=True)
class _Tile:
    province_id: str
    name: str
    row: int  # from 0, at the top
    col: int
    count: int  # the number on the tile
    blocks: dict[int, int]  # designations by batch

    @property
    def pale(self) -> bool:
        return self.count == 0


class _TileMap:
    """What a tile map shows: tiles, numbers, colours and key."""

    def __init__(self, data: pd.DataFrame, batch: int | None, language: str):
        name = f"short_{require_language(language)}"
        require_rows(
            data,
            ("province_id", "batch", name, "tile_row", "tile_col", "designations"),
            key=("province_id", "batch"),
            counts=("designations", "tile_row", "tile_col"),
            known={"batch": BATCHES},
        )
        self.batches = sorted({int(b) for b in data["batch"]})
        if batch is not None and batch not in self.batches:
            raise PlottingError(
                f"batch is {batch!r}, but data['batch'] holds {', '.join(map(str, self.batches))}"
            )
        top, left = int(data["tile_row"].min()), int(data["tile_col"].min())
        self.tiles, taken = [], {}
        for province, rows in data.groupby("province_id", sort=False, observed=True):
            for column in (name, "tile_row", "tile_col"):
                if rows[column].nunique() > 1:
                    one, other = map(plain, rows[column].unique()[:2])
                    raise PlottingError(
                        f"data, province_id {province!r}, column {column!r}: "
                        f"{one!r} and {other!r}; expected one value"
                    )
            blocks = {int(b): int(n) for b, n in zip(rows["batch"], rows["designations"])}
            for missing in (b for b in self.batches if b not in blocks):
                raise PlottingError(
                    f"data, province_id {province!r}: no row for batch {missing}; "
                    "add it, with designations 0 if there are none"
                )
            first = rows.iloc[0]
            place = int(first["tile_row"]) - top, int(first["tile_col"]) - left
            if place in taken:
                raise PlottingError(
                    f"data: province_id {taken[place]!r} and {province!r} both have "
                    f"tile_row {first['tile_row']}, tile_col {first['tile_col']}"
                )
            taken[place] = province
            count = sum(blocks.values()) if batch is None else blocks[batch]
            self.tiles.append(_Tile(province, first[name], *place, count, dict(sorted(blocks.items()))))
        self.rows = 1 + max(tile.row for tile in self.tiles)
        self.cols = 1 + max(tile.col for tile in self.tiles)
        self.most = max(1, *(n for tile in self.tiles for n in tile.blocks.values()))
        self.colours = {b: colour(b) if batch in (None, b) else RULE for b in self.batches}
        totals = {b: sum(tile.blocks[b] for tile in self.tiles) for b in self.batches}
        shown = self.batches if batch is None else [batch]
        self.key = [
            (
                label("with_count", language, text=label(f"batch_{b}", language), count=totals[b]),
                {"facecolor": self.colours[b]},
            )
            for b in shown
        ]
        if batch is None:
            self.note = label("tile_map.note", language)
        else:
            self.note = label("tile_map.note_batch", language)
            rest = sum(totals.values()) - totals[batch]
            others = label("tile_map.other_batches", language)
            self.key.append((label("with_count", language, text=others, count=rest), {"facecolor": RULE}))

    def note_lines(self, total: float) -> list[str]:
        return wrapped(self.note, self.key_width(total), SMALL)

    def key_width(self, total: float) -> float:
        return min(_KEY_COLUMNS, self.cols) * (self.width(total) + _GAP) - 3 * _GAP

    def top(self, total: float) -> float:
        """Where the first row of tiles begins: the key takes the upper left corner if free."""
        entries = key_height([text for text, _ in self.key], self.key_width(total))
        needs = _LINE * len(self.note_lines(total)) + entries + 3 * _GAP
        free = min(tile.row for tile in self.tiles if tile.col < _KEY_COLUMNS)
        return max(0, needs - free * (self.high(total) + _GAP))

    def height(self, total: float) -> float:
        return self.top(total) + self.rows * (self.high(total) + _GAP) - _GAP

    def width(self, total: float) -> float:
        """Width of a tile when the map is `total` points wide."""
        return (total + _GAP) / self.cols - _GAP

    def name_lines(self, tile: _Tile, total: float) -> list[str]:
        """Lines of a province's name."""
        return name_lines(tile.name, self.width(total) - 2 * _PAD)

    def high(self, total: float) -> float:
        """Height of a tile, the same for all."""
        return _HEIGHT + _NAME * max(len(self.name_lines(tile, total)) for tile in self.tiles)

    def blocks(self, tile: _Tile, x: float, floor: float, width: float) -> list[tuple]:
        """Rectangles (x, y, width, height, colour) of a tile whose lower left corner is given."""
        floor -= _PAD + 1
        number = max(text_width(str(tile.count), STRONG, "bold") for tile in self.tiles)
        pitch = min(8, (width - 2 * _PAD - number - 4) / len(self.batches))
        step = min(5, (_HEIGHT - 7) / self.most)
        return [
            (x + _PAD + i * pitch, floor - (n + 1) * step, 0.8 * pitch, 0.8 * step, self.colours[b])
            for i, b in enumerate(self.batches)
            for n in range(tile.blocks[b])
        ]


def name_lines(name: str, room: float) -> list[str]:
    """Lines of the name on a tile, a word that is too wide for it being broken after a syllable."""
    lines = [""]
    for word in name.split():
        if lines[-1] and text_width(f"{lines[-1]} {word}", SMALL) <= room:
            lines[-1] += f" {word}"
            continue
        lines += [word] if lines[-1] else []
        lines[-1] = lines[-1] or word
        if text_width(word, SMALL) <= room:
            continue
        lines[-1], parts = "", _SYLLABLE.findall(word)
        for i, part in enumerate(parts):
            hyphen = "-" if i + 1 < len(parts) else ""
            if text_width(part + hyphen, SMALL) > room:
                raise PlottingError(
                    f"the name {name!r} does not fit a tile {room + 2 * _PAD:.0f} points wide; "
                    "shorten it or pass wider Axes"
                )
            if lines[-1] and text_width(lines[-1] + part + hyphen, SMALL) > room:
                lines[-1:] = [lines[-1] + "-", ""]
            lines[-1] += part
    return lines


@documented
def tile_map(
    data: pd.DataFrame, *, batch: int | None = None, language: str = "en", ax: Axes | None = None
) -> Axes:
    """Draw the provinces as tiles with their designations.

    Each tile stands roughly where its province lies.
    A block is one designation, a column of blocks is a batch, the number is the total;
    with `batch`, the number and the colour are that batch's and the others turn grey.
    A province without any is pale.

    Parameters
    ----------
    data : pandas.DataFrame
        One row per province and batch, with ``province_id``, ``batch``,
        ``short_en`` or ``short_zh`` (as `language` says), ``tile_row``, ``tile_col``
        and ``designations`` (a count; a province without any has a row with 0).
    batch : int, optional
        The batch to bring out.
    <texts>
    <ax>

    Returns
    -------
    <points>

    Raises
    ------
    PlottingError
        If a column, a row for a batch or a name is missing, a key occurs twice, a value is
        no count or unknown, two provinces share a tile, `batch` is not in the data,
        or a name does not fit its tile.

    See Also
    --------
    timeline : The same batches in time.

    Examples
    --------
    >>> tiles = pd.DataFrame({
    ...     "province_id": ["BJ", "TJ"], "batch": [3, 3], "short_en": ["Beijing", "Tianjin"],
    ...     "tile_row": [1, 1], "tile_col": [1, 2], "designations": [2, 0],
    ... })
    >>> ax = tile_map(tiles, batch=3)
    """
    plan = _TileMap(data, batch, language)
    ax, total = axes_in_points(ax, plan.height)
    width = plan.width(total)
    high = plan.high(total)
    for tile in plan.tiles:
        x = tile.col * (width + _GAP)
        y = plan.top(total) + tile.row * (high + _GAP)
        fill, edge = (PAPER, RULE) if tile.pale else (PALE, PALE)
        ax.add_patch(
            Rectangle(
                (x + 0.3, y + 0.3),
                width - 0.6,
                high - 0.6,
                facecolor=fill,
                edgecolor=edge,
                linewidth=0.6,
            )
        )
        ink = MUTED if tile.pale else INK
        write_lines(ax, x + _PAD, y + 11, plan.name_lines(tile, total), _NAME, size=SMALL, color=ink)
        write(
            ax,
            x + width - _PAD - 1,
            y + high - _PAD - 2,
            str(tile.count),
            size=SMALL if tile.pale else STRONG,
            color=ink,
            ha="right",
            weight="normal" if tile.pale else "bold",
        )
        for left, top, wide, tall, fill in plan.blocks(tile, x, y + high, width):
            ax.add_patch(Rectangle((left, top), wide, tall, facecolor=fill))
    for i, line in enumerate(plan.note_lines(total)):
        write(ax, 0, 9 + i * _LINE, line, size=SMALL, color=MUTED)
    draw_key(ax, 0, 3 + (i + 1) * _LINE, plan.key, plan.key_width(total))
    return ax
