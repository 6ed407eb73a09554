"""The described zones on the map of provinces."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from embedgov.errors import PlottingError
from embedgov.plotting.labels import require_language
from embedgov.plotting.layout import documented
from embedgov.plotting.palette import INK, MUTED, PALE, PAPER, RULE, text_colour
from embedgov.plotting.rows import require_one_value, require_rows
from embedgov.plotting.text import sentence, wrapped, write, write_lines
from embedgov.plotting.theme import SMALL, axes_in_points

from ..palette import DIMENSIONS, colour
from .labels import label
from .tile_map import name_lines

_HEIGHT = 17  # of a tile below its name, points
_GAP = 2.5
_PAD = 2.5
_LINE = 13
_MARK = 13  # of a zone's number
_NAME = 11.5  # height of a line of a province's name


class _ZoneMap:
    """What the map shows: tiles, the numbers of the zones on them, and the zones by dimension."""

    def __init__(self, data: pd.DataFrame, zones: pd.DataFrame, language: str):
        short, zone, dimension = (
            f"{each}_{require_language(language)}" for each in ("short", "zone", "dimension")
        )
        require_rows(
            data,
            ("province_id", short, "tile_row", "tile_col"),
            key=("province_id",),
            counts=("tile_row", "tile_col"),
        )
        require_rows(
            zones,
            (zone, dimension, "dimension", "province_id"),
            key=(zone,),
            known={"dimension": DIMENSIONS, "province_id": set(data["province_id"])},
            called="zones",
        )
        require_one_value(zones, "dimension", [dimension])
        twice = data[data.duplicated(["tile_row", "tile_col"], keep=False)]["province_id"]
        if len(twice):
            raise PlottingError(f"data: the provinces {', '.join(twice)} share a tile; expected one each")
        top, left = int(data["tile_row"].min()), int(data["tile_col"].min())
        self.tiles = [
            (
                row[short],
                int(row["tile_row"]) - top,
                int(row["tile_col"]) - left,
                [
                    (str(i), colour(code))
                    for i, (code, at) in enumerate(zip(zones["dimension"], zones["province_id"]), 1)
                    if at == row["province_id"]
                ],
            )
            for row in data.to_dict("records")
        ]
        self.rows, self.cols = (1 + max(tile[i] for tile in self.tiles) for i in (1, 2))
        names = dict(zip(zones["dimension"], zones[dimension]))
        self.columns = [
            (
                sentence(names[code]),
                colour(code),
                [
                    (str(i), name)
                    for i, (name, own) in enumerate(zip(zones[zone], zones["dimension"]), 1)
                    if own == code
                ],
            )
            for code in DIMENSIONS
            if code in names
        ]
        self.note = label("zone_map.note", language)

    def width(self, total: float) -> float:
        """Width of a tile."""
        return (total + _GAP) / self.cols - _GAP

    def names(self, total: float) -> list[list[str]]:
        """Lines of the provinces' names."""
        return [name_lines(tile[0], self.width(total) - 2 * _PAD) for tile in self.tiles]

    def high(self, total: float) -> float:
        """Height of a tile."""
        return _HEIGHT + _NAME * max(map(len, self.names(total)))

    def entries(self, total: float) -> list[list[list[str]]]:
        """Lines of each zone's name, by column of the key."""
        room = total / len(self.columns) - _MARK - 8
        return [[wrapped(name, room, SMALL) for _, name in zones] for *_, zones in self.columns]

    def foot(self, total: float) -> float:
        """Where the key begins."""
        lines = wrapped(self.note, total, SMALL)
        return _LINE * len(lines) + 5 + self.rows * (self.high(total) + _GAP) + 8

    def height(self, total: float) -> float:
        most = max(sum(max(16, _LINE * len(lines) + 3) for lines in zones) for zones in self.entries(total))
        return self.foot(total) + 18 + most + 2


@documented
def zone_map(
    data: pd.DataFrame, *, zones: pd.DataFrame, language: str = "en", ax: Axes | None = None
) -> Axes:
    """Draw the provinces as tiles with the described zones on them.

    A tile stands roughly where its province lies. A zone is a number in the colour of the dimension
    under which it is told; the key below gives the numbers their names.

    Parameters
    ----------
    data : pandas.DataFrame
        One row per province, with ``province_id``, ``tile_row``, ``tile_col`` and ``short_en`` or
        ``short_zh``, as `language` says.
    zones : pandas.DataFrame
        One row per zone, in order, with ``province_id``, ``dimension`` (a code) and ``zone_en`` and
        ``dimension_en`` or the same with ``_zh``.
    <texts>
    <ax>

    Returns
    -------
    <points>

    Raises
    ------
    PlottingError
        If a column is missing, a zone lies in no province or occurs twice, two provinces share a
        tile.

    See Also
    --------
    tile_map : The designations of the whole programme.

    Examples
    --------
    >>> tiles = pd.DataFrame({
    ...     "province_id": ["BJ", "TJ"], "short_en": ["Beijing", "Tianjin"],
    ...     "tile_row": [1, 1], "tile_col": [1, 2],
    ... })
    >>> zones = pd.DataFrame({
    ...     "zone_en": ["Haidian"], "province_id": ["BJ"], "dimension": ["SUB"],
    ...     "dimension_en": ["subject"],
    ... })
    >>> ax = zone_map(tiles, zones=zones)
    """
    plan = _ZoneMap(data, zones, language)
    ax, total = axes_in_points(ax, plan.height)
    width, high = plan.width(total), plan.high(total)
    lines = wrapped(plan.note, total, SMALL)
    write_lines(ax, 0, 9, lines, _LINE, size=SMALL, color=MUTED)
    for (_, row, col, marks), name in zip(plan.tiles, plan.names(total)):
        x, y = col * (width + _GAP), _LINE * len(lines) + 5 + row * (high + _GAP)
        fill, edge = (PALE, INK) if marks else (PAPER, RULE)
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
        write_lines(ax, x + _PAD, y + 11, name, _NAME, size=SMALL, color=INK if marks else MUTED)
        for i, (number, fill) in enumerate(marks):
            _mark(ax, x + _PAD + i * (_MARK + 2), y + high - _MARK - 2, number, fill)
    foot = plan.foot(total)
    for i, ((name, fill, zones_), texts) in enumerate(zip(plan.columns, plan.entries(total))):
        x, y = i * total / len(plan.columns), foot
        write(ax, x, y + 10, name, size=SMALL, weight="bold")
        y += 17
        for (number, _), entry in zip(zones_, texts):
            _mark(ax, x, y, number, fill)
            write_lines(ax, x + _MARK + 4, y + 10, entry, _LINE, size=SMALL)
            y += max(16, _LINE * len(entry) + 3)
    return ax


def _mark(ax: Axes, x: float, y: float, number: str, fill: str) -> None:
    ax.add_patch(Rectangle((x, y), _MARK, _MARK, facecolor=fill))
    write(
        ax,
        x + _MARK / 2,
        y + _MARK / 2,
        number,
        size=SMALL,
        color=text_colour(fill),
        ha="center",
        va="center_baseline",
        weight="bold",
    )
