"""Counts of a coding, and how far other rules or slips of the coders would move them."""

from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from ..errors import PlottingError
from .key import draw_key, key_height
from .labels import label, require_language
from .palette import INK, MUTED, PALE, PAPER, SHADES
from .rows import require_numbers, require_rows
from .scale import AXIS, Scale, draw_scale
from .text import sentence, text_width, wrapped, write, write_lines
from .theme import BASE, SMALL, Style, axes_in_points

_TRACK = 13  # height of the scale of a row, points
_NARROW = 4  # height of the range of slips
_LINE = 13
_ROW_GAP = 9
_EDGE = 5  # half a mark, so that the ends of the scale are not cut
_COUNTS = ("value", "low", "high", "slip_low", "slip_high", "total")
_RULES: Style = {"facecolor": SHADES[2]}
_SLIPS: Style = {"facecolor": SHADES[4]}
_OWN: Style = {
    "color": INK,
    "marker": "o",
    "markersize": 6.5,
    "markerfacecolor": PAPER,
    "markeredgewidth": 1.6,
    "linestyle": "none",
}
_ARTICLE: Style = {"color": INK, "marker": "|", "markeredgewidth": 2.4, "linestyle": "none"}


@dataclass(frozen=True)
class _Range:
    name: str
    text: str
    value: float  # this and the following per cent of the total
    rules: tuple[float, float]
    slips: tuple[float, float]
    article: float | None


class _Ranges:
    """What ranges show: rows in per cent of their totals, their texts and the scale."""

    def __init__(self, data: pd.DataFrame, language: str):
        name = f"result_{require_language(language)}"
        article = ["article"] if "article" in data.columns else []
        require_rows(data, (name, *_COUNTS), key=(name,), counts=(*_COUNTS, *article), optional=article)
        require_numbers(data, _COUNTS, least=0)
        self.rows = [_row(record, name, language) for record in data.to_dict("records")]
        used = {"article": any(row.article is not None for row in self.rows)}
        self.key = [
            (label(f"ranges.{each}", language), style)
            for each, style in (
                ("rules", _RULES),
                ("slips", _SLIPS),
                ("own", _OWN),
                ("article", _ARTICLE | {"markersize": 9}),
            )
            if used.get(each, True)
        ]
        self.axis = label("ranges.axis", language)

    def scale(self, width: float) -> Scale:
        """Per cent of the total."""
        return Scale(0, 100, _EDGE, width - _EDGE)

    def name_lines(self, row: _Range, width: float) -> list[str]:
        return wrapped(row.name, width - text_width(row.text, BASE, "bold") - 12, BASE)

    def row_height(self, row: _Range, width: float) -> float:
        return _LINE * len(self.name_lines(row, width)) + 5 + _TRACK + _ROW_GAP

    def top(self, width: float) -> float:
        """Where the first row begins."""
        return key_height([text for text, _ in self.key], width) + 8

    def height(self, width: float) -> float:
        rows = sum(self.row_height(row, width) for row in self.rows)
        return self.top(width) + rows + AXIS + _LINE


def _row(record: dict, name: str, language: str) -> _Range:
    where = f"data, {name} {record[name]!r}"
    total = record["total"]
    article = None if pd.isna(record.get("article")) else record["article"]
    if not total:
        raise PlottingError(f"{where}: total is 0; expected a whole number from 1")
    if not record["low"] <= record["value"] <= record["high"]:
        raise PlottingError(
            f"{where}: value is {record['value']}, low is {record['low']}, high is "
            f"{record['high']}; expected low <= value <= high"
        )
    if record["slip_low"] > record["slip_high"]:
        raise PlottingError(
            f"{where}: slip_low is {record['slip_low']}, slip_high is {record['slip_high']}; "
            "expected slip_low <= slip_high"
        )
    for column, count in (*record.items(), ("article", article or 0)):
        if column in (*_COUNTS, "article") and count is not None and count > total:
            raise PlottingError(f"{where}: {column} is {count}, total is {total}; expected at most the total")

    def share(count: float) -> float:
        return 100 * count / total

    counts: dict[str, Any] = {each: int(record[each]) for each in ("value", "low", "high", "total")}
    return _Range(
        sentence(record[name]),
        label("ranges.value", language, **counts),
        share(counts["value"]),
        (share(counts["low"]), share(counts["high"])),
        (share(record["slip_low"]), share(record["slip_high"])),
        None if article is None else share(article),
    )


def ranges(data: pd.DataFrame, *, language: str = "en", ax: Axes | None = None) -> Axes:
    """Draw counts of a coding with two ranges: what other rules and what slips would give.

    A row is a count, drawn in per cent of its own total. The wide range is that of all universes
    of a multiverse, the narrow one holds 95% of draws in which coders slip; the circle is the
    coding as it is. An upright bar is the article's count, which rests on other material.

    Parameters
    ----------
    data : pandas.DataFrame
        One row per count, in order, with ``value``, ``low`` and ``high`` (over all universes),
        ``slip_low`` and ``slip_high`` (ends of the middle 95% of draws of slips), ``total``,
        optionally ``article`` (may be missing), all whole numbers, and, as `language` says,
        ``result_en`` or ``result_zh`` (a key).
    language : {"en", "zh"}
        Language of the texts.
    ax : matplotlib.axes.Axes, optional
        Axes to draw on; a new figure by default.

    Returns
    -------
    matplotlib.axes.Axes
        The Axes; a data unit is a point, counted from the upper left corner.

    Raises
    ------
    PlottingError
        If a column or value is missing, a range does not hold its value, or a count exceeds
        its total.

    See Also
    --------
    specification_curve : All universes of one count, and the options that lead there.

    Examples
    --------
    >>> counts = pd.DataFrame({
    ...     "result_en": ["rule of law"], "value": [8], "low": [2], "high": [21],
    ...     "slip_low": [6], "slip_high": [11], "total": [40], "article": [18],
    ... })
    >>> ax = ranges(counts)
    """
    plan = _Ranges(data, language)
    ax, width = axes_in_points(ax, plan.height)
    scale = plan.scale(width)
    draw_key(ax, 0, 0, plan.key, width)
    y = plan.top(width)
    for row in plan.rows:
        lines = plan.name_lines(row, width)
        write_lines(ax, 0, y + 10, lines, _LINE, size=BASE)
        write(ax, width, y + 10, row.text, size=BASE, weight="bold", ha="right")
        y += _LINE * len(lines) + 5
        ax.add_patch(Rectangle((0, y), width, _TRACK, facecolor=PALE))
        for (low, high), high_points, style in (
            (row.rules, _TRACK - 2, _RULES),
            (row.slips, _NARROW, _SLIPS),
        ):
            start, wide = scale.at(low), max(1.5, scale.at(high) - scale.at(low))
            corner = start, y + (_TRACK - high_points) / 2
            ax.add_patch(Rectangle(corner, wide, high_points, **style))
        middle = [y + _TRACK / 2]
        if row.article is not None:
            ax.plot([scale.at(row.article)], middle, markersize=_TRACK + 2, **_ARTICLE)
        ax.plot([scale.at(row.value)], middle, **_OWN)
        y += _TRACK + _ROW_GAP
    draw_scale(ax, scale, scale.ticks(4), y - _ROW_GAP, y - _ROW_GAP + 5, width)
    write(ax, width / 2, y + AXIS + 6, plan.axis, size=SMALL, color=MUTED, ha="center")
    return ax
