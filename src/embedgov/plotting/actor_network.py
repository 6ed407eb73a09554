"""Who takes part in which mechanism of a case."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from .key import draw_key, key_height
from .labels import label, require_language
from .palette import INK, PALE, PAPER, SHADES
from .rows import require_numbers, require_rows
from .scale import number
from .text import sentence, wrapped, write, write_lines
from .theme import BASE, SMALL, axes_in_points

_SIDES = ("actor", "mechanism")
_BOX = 0.36  # of the width, for a column
_PAD = 6
_LINE = 12.5
_GAP = 7  # between boxes, at least
_HEAD = 18
_THICK = 5.0  # the heaviest link, points
_THIN = 1.0
_CASING = 1.6  # paper on both sides of a link, so that crossings can be followed
_APART = 2 * _CASING  # between links at a box, at least
_HANDLE = 22
_SWEEPS = 8


@dataclass(frozen=True)
class _Link:
    actor: str
    mechanism: str
    weight: float


class _ActorNetwork:
    """What a network of two columns shows: their order, the boxes and the paths of links."""

    def __init__(self, data: pd.DataFrame, language: str):
        columns = [f"{side}_{require_language(language)}" for side in _SIDES]
        require_rows(data, (*columns, "weight"), key=columns)
        require_numbers(data, ["weight"], least=0)
        self.links = [
            _Link(actor, mechanism, float(weight))
            for actor, mechanism, weight in zip(*(data[c] for c in (*columns, "weight")))
            if weight
        ]
        linked = [(link.actor, link.mechanism) for link in self.links]
        self.actors, self.mechanisms = ordered(
            list(dict.fromkeys(data[columns[0]])), list(dict.fromkeys(data[columns[1]])), linked
        )
        self.heads = [label(f"actor_network.{side}", language) for side in _SIDES]
        weights = sorted({link.weight for link in self.links})
        self.most = weights[-1] if weights else 1
        self.key = []
        if len(weights) > 1:
            self.key = [
                (
                    label("actor_network.weight", language, weight=number(weight)),
                    {
                        "color": SHADES[-1], "linewidth": self.thickness(weight),
                        "solid_capstyle": "butt",
                    },
                )
                for weight in (weights[0], weights[-1])
            ]

    def thickness(self, weight: float) -> float:
        """Width of a link in points: in proportion to its weight, but never too thin to see."""
        return max(_THIN, _THICK * weight / self.most) if self.most else _THIN

    def lines(self, name: str, width: float) -> list[str]:
        return wrapped(sentence(name), width * _BOX - 2 * _PAD, BASE)

    def top(self, width: float) -> float:
        """Where the first boxes begin."""
        return key_height([text for text, _ in self.key], width, _HANDLE) + _HEAD

    def _heights(self, side: str, width: float) -> list[float]:
        """Height of each box of a side: room for its text and for its links."""
        heights = []
        for name in getattr(self, f"{side}s"):
            links = [
                self.thickness(link.weight) + _APART
                for link in self.links
                if getattr(link, side) == name
            ]
            text = _LINE * len(self.lines(name, width)) + 2 * _PAD
            heights.append(max(text, sum(links) + _APART))
        return heights

    def height(self, width: float) -> float:
        columns = [self._heights(side, width) for side in _SIDES]
        return self.top(width) + max(sum(c) + _GAP * (len(c) - 1) for c in columns)

    def boxes(self, width: float) -> list[dict[str, tuple[float, float, float, float]]]:
        """Left edge, upper edge, width and height of each box, column by column."""
        columns, room = [], self.height(width) - self.top(width)
        for side, left in zip(_SIDES, (0, width * (1 - _BOX))):
            names, heights = getattr(self, f"{side}s"), self._heights(side, width)
            gap = (room - sum(heights)) / len(names)
            y, boxes = self.top(width) + gap / 2, {}
            if len(names) > 1 and gap < _GAP:  # the fuller column, which has no room to spare
                gap, y = (room - sum(heights)) / (len(names) - 1), self.top(width)
            for name, high in zip(names, heights):
                boxes[name] = left, y, width * _BOX, high
                y += high + gap
            columns.append(boxes)
        return columns

    def paths(self, width: float) -> list[Path]:
        """The path of each link; at a box, links leave in the order of their other ends."""
        starts, ends = (
            self._ports(boxes, side, other)
            for boxes, side, other in zip(self.boxes(width), _SIDES, _SIDES[::-1])
        )
        left, right = width * _BOX, width * (1 - _BOX)
        middle = (left + right) / 2
        curve = [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4]
        return [
            Path([(left, start), (middle, start), (middle, end), (right, end)], curve)
            for start, end in zip(starts, ends)
        ]

    def _ports(self, boxes: dict, side: str, other: str) -> list[float]:
        """Where the middle of each link meets its box of a side."""
        ports, order = {}, getattr(self, f"{other}s")
        for name, (_, top, _, high) in boxes.items():
            links = [link for link in self.links if getattr(link, side) == name]
            links.sort(key=lambda link: order.index(getattr(link, other)))
            thick = [self.thickness(link.weight) for link in links]
            apart = (high - sum(thick)) / (len(links) + 1)
            for place, link in enumerate(links):
                before = sum(thick[:place]) + apart * (place + 1)
                ports[link] = top + before + thick[place] / 2
        return [ports[link] for link in self.links]


def crossings(
    left: Sequence[Hashable], right: Sequence[Hashable], links: Sequence[tuple]
) -> int:
    """How many pairs of links cross when the two columns have these orders."""
    places = [(left.index(one), right.index(other)) for one, other in links]
    return sum(
        (a[0] - b[0]) * (a[1] - b[1]) < 0 for i, a in enumerate(places) for b in places[:i]
    )


def ordered(
    left: Sequence[Hashable], right: Sequence[Hashable], links: Sequence[tuple]
) -> tuple[list, list]:
    """Order two columns so that few links cross.

    Each column in turn is sorted by the mean place of what its members are linked to (the
    barycentre method); of all orders seen the one with fewest crossings is kept. As the method
    stops at different orders from different beginnings, it begins with every rotation of the
    left column. The result depends on nothing but the order given.

    References
    ----------
    Sugiyama, K., Tagawa, S. and Toda, M. (1981). Methods for visual understanding of
    hierarchical system structures. IEEE Transactions on Systems, Man, and Cybernetics 11(2),
    109-125.
    """
    best, fewest = (list(left), list(right)), crossings(left, right, links)
    for start in range(len(left)):
        columns = [[*left[start:], *left[:start]], list(right)]
        for sweep in range(_SWEEPS):
            side = 1 - sweep % 2
            places = {name: place for place, name in enumerate(columns[1 - side])}
            means = {}
            for name in columns[side]:
                linked = [places[link[1 - side]] for link in links if link[side] == name]
                means[name] = sum(linked) / len(linked) if linked else len(places)
            columns[side].sort(key=means.get)
            found = crossings(*columns, links)
            if found < fewest:
                fewest, best = found, (list(columns[0]), list(columns[1]))
    return best


def actor_network(data: pd.DataFrame, *, language: str = "en", ax: Axes | None = None) -> Axes:
    """Draw which actors of a case take part in which of its mechanisms.

    Actors stand at the left, mechanisms at the right, both in an order in which few links
    cross. A link is the thicker the greater its weight; who has none keeps a box without links.

    Parameters
    ----------
    data : pandas.DataFrame
        One row per actor and mechanism, with ``weight`` (from 0; 0 draws no link) and, as
        `language` says, ``actor_en`` and ``mechanism_en`` or ``actor_zh`` and ``mechanism_zh``.
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
    argument_links : Links between the parts of the article's argument.

    Examples
    --------
    >>> network = pd.DataFrame({
    ...     "actor_en": ["residents", "committee"], "mechanism_en": ["forum", "forum"],
    ...     "weight": [1, 3],
    ... })
    >>> ax = actor_network(network)
    """
    plan = _ActorNetwork(data, language)
    ax, width = axes_in_points(ax, plan.height)
    draw_key(ax, 0, 0, plan.key, width, _HANDLE)
    boxes = plan.boxes(width)
    for text, left in zip(plan.heads, (0, width * (1 - _BOX))):
        write(ax, left, plan.top(width) - 6, text, size=SMALL, weight="bold")
    links = sorted(zip(plan.links, plan.paths(width)), key=lambda each: -each[0].weight)
    for link, path in links:
        thick = plan.thickness(link.weight)
        line = {"facecolor": "none", "capstyle": "butt"}
        ax.add_patch(PathPatch(path, edgecolor=PAPER, linewidth=thick + 2 * _CASING, **line))
        ax.add_patch(PathPatch(path, edgecolor=SHADES[-1], linewidth=thick, **line))
    for column in boxes:
        for name, (left, top, wide, high) in column.items():
            ax.add_patch(Rectangle((left, top), wide, high, facecolor=PALE))
            lines = plan.lines(name, width)
            style = {"at": "middle", "size": BASE, "color": INK}
            write_lines(ax, left + _PAD, top + high / 2, lines, _LINE, **style)
    return ax
