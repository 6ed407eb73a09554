"""The article's argument: from dimensions to findings, limits and directions."""

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from embedgov.errors import PlottingError
from embedgov.plotting.key import draw_key, key_height
from embedgov.plotting.labels import require_language
from embedgov.plotting.palette import INK, MUTED, PALE
from embedgov.plotting.rows import require_rows
from embedgov.plotting.text import sentence, wrapped, write, write_lines
from embedgov.plotting.theme import SMALL, axes_in_points

from ..palette import COLOURS
from .labels import label

_KINDS = ("dimension", "finding", "limit", "direction")
_STRENGTHS = {
    "explicit": {"linestyle": "solid", "linewidth": 1.7},
    "implied": {"linestyle": (0, (4, 2)), "linewidth": 1.3},
    "weak": {"linestyle": (0, (1, 1.8)), "linewidth": 1.3},
}
_NARROW = 0.155  # of the width, for the dimensions, whose names are short
_GUTTERS = (16, 13, 44)  # points between columns; links fan out in the last
_PAD = 5
_LINE = 11.5
_HEAD = 19
_CHANNEL = 4  # from one link that passes below a row to the next
_ROW_GAP = 8
_HANDLE = 22


@dataclass(frozen=True)
class _Node:
    name: str
    kind: int  # column
    row: int
    label: str
    stripe: str | None


@dataclass(frozen=True)
class _Link:
    source: str
    target: str
    strength: str
    colour: str
    passes: bool  # skips a column, so that it runs below the row of its source


class _ArgumentLinks:
    """What the links of an argument show: boxes on a grid, and the paths between them."""

    def __init__(self, data: pd.DataFrame, nodes: pd.DataFrame, language: str):
        name = f"label_{require_language(language)}"
        require_rows(nodes, ("node", "kind", name), key=("node",), known={"kind": _KINDS}, called="nodes")
        require_rows(
            data,
            ("source", "target", "strength"),
            key=("source", "target"),
            known={"strength": tuple(_STRENGTHS)},
        )
        self.nodes, filled = {}, [0] * len(_KINDS)
        for node, kind, text in zip(nodes["node"], nodes["kind"], nodes[name]):
            column = _KINDS.index(kind)
            self.nodes[node] = _Node(node, column, filled[column], sentence(text), COLOURS.get(node))
            filled[column] += 1
        self.rows = max(filled)
        self.links = []
        for source, target, strength in zip(data["source"], data["target"], data["strength"]):
            for column, node in (("source", source), ("target", target)):
                if node not in self.nodes:
                    raise PlottingError(
                        f"data[{column!r}] holds {node!r}, but nodes['node'] only "
                        f"{', '.join(map(str, self.nodes))}"
                    )
            start, end = self.nodes[source], self.nodes[target]
            if end.kind <= start.kind:
                raise PlottingError(
                    f"data: source {source!r} is a {_KINDS[start.kind]}, target {target!r} a "
                    f"{_KINDS[end.kind]}; expected links from left to right: {', '.join(_KINDS)}"
                )
            colour = start.stripe or MUTED
            passes = end.kind > start.kind + 1
            self.links.append(_Link(source, target, strength, colour, passes))
        self.heads = [label(f"argument_links.{kind}", language) for kind in _KINDS]
        used = {link.strength for link in self.links}
        self.key = [
            (label(f"argument_links.{strength}", language), {"color": INK, **style})
            for strength, style in _STRENGTHS.items()
            if strength in used
        ]

    def columns(self, width: float) -> list[tuple[float, float]]:
        """Left edge and width of each column."""
        narrow = width * _NARROW
        others = (width - narrow - sum(_GUTTERS)) / (len(_KINDS) - 1)
        places, x = [], 0.0
        for wide, gutter in zip((narrow, others, others, others), (*_GUTTERS, 0)):
            places.append((x, wide))
            x += wide + gutter
        return places

    def lines(self, node: _Node, width: float) -> list[str]:
        return wrapped(node.label, self.columns(width)[node.kind][1] - 2 * _PAD, SMALL)

    def passing(self, row: int) -> list[_Link]:
        """Links that run below a row, the highest target first, so that none cross there."""
        links = [link for link in self.links if link.passes and self.nodes[link.source].row == row]
        return sorted(links, key=lambda link: self.nodes[link.target].row)

    def tops(self, width: float) -> list[float]:
        """Upper edge of each row and, at the end, of what follows the last."""
        tops = [key_height([text for text, _ in self.key], width, _HANDLE) + _HEAD]
        for row in range(self.rows):
            here = [node for node in self.nodes.values() if node.row == row]
            high = max(_LINE * len(self.lines(node, width)) for node in here) + 2 * _PAD
            below = _ROW_GAP + _CHANNEL * len(self.passing(row))
            tops.append(tops[-1] + high + below)
        return tops

    def boxes(self, width: float) -> dict[str, tuple[float, float, float, float]]:
        """Left edge, upper edge, width and height of the box of each node."""
        tops, columns = self.tops(width), self.columns(width)
        boxes = {}
        for node in self.nodes.values():
            left, wide = columns[node.kind]
            below = _ROW_GAP + _CHANNEL * len(self.passing(node.row))
            high = tops[node.row + 1] - tops[node.row] - below
            boxes[node.name] = left, tops[node.row], wide, high
        return boxes

    def height(self, width: float) -> float:
        return self.tops(width)[-1]

    def paths(self, width: float) -> list[Path]:
        """The path of each link, from the right of its source to the left of its target."""
        boxes, columns = self.boxes(width), self.columns(width)
        starts = self._ports(boxes, "source")
        ends = self._ports(boxes, "target")
        paths = []
        for i, link in enumerate(self.links):
            (x, y), (to_x, to_y) = starts[i], ends[i]
            path = [(x, y)]
            if link.passes:
                row = self.nodes[link.source].row
                _, top, _, high = boxes[link.source]
                y = top + high + _ROW_GAP / 2 + _CHANNEL * (self.passing(row).index(link) + 0.5)
                first = columns[self.nodes[link.source].kind + 1][0]
                path += [((x + first) / 2, path[0][1]), ((x + first) / 2, y), (first, y)]
                before, wide = columns[self.nodes[link.target].kind - 1]
                x = before + wide
                path += [(first, y), (x, y), (x, y)]
            path += [((x + to_x) / 2, y), ((x + to_x) / 2, to_y), (to_x, to_y)]
            paths.append(Path(path, [Path.MOVETO, *[Path.CURVE4] * (len(path) - 1)]))
        return paths

    def _ports(self, boxes: dict, end: str) -> list[tuple[float, float]]:
        """Where each link leaves its source or meets its target, in the order of its other end."""
        other = "target" if end == "source" else "source"
        ports = {}
        for name, (left, top, wide, high) in boxes.items():
            here = [i for i, link in enumerate(self.links) if getattr(link, end) == name]
            here.sort(key=lambda i: self._coming(self.links[i], getattr(self.links[i], other)))
            for place, i in enumerate(here):
                x = left + wide if end == "source" else left
                ports[i] = x, top + high * (place + 1) / (len(here) + 1)
        return [ports[i] for i in range(len(self.links))]

    def _coming(self, link: _Link, other: str) -> tuple:
        node = self.nodes[other]
        if link.passes:  # comes from, or goes to, the channel below the row of its source
            return self.nodes[link.source].row + 0.5, node.row
        return node.row, node.kind


def argument_links(
    data: pd.DataFrame, *, nodes: pd.DataFrame, language: str = "en", ax: Axes | None = None
) -> Axes:
    """Draw how an argument leads from dimensions to findings, limits and directions.

    Four columns stand side by side; a link is solid where the article makes it itself, dashed
    where it is implied, dotted where it is weak.
    A link that skips a column runs below the row of its source.

    Parameters
    ----------
    data : pandas.DataFrame
        One row per link, with ``source`` and ``target`` (nodes) and ``strength`` (explicit,
        implied, weak).
    nodes : pandas.DataFrame
        One row per node, in the order from top to bottom, with ``node`` (a key; a dimension
        gives its links their colour), ``kind`` (dimension, finding, limit, direction) and, as
        `language` says, ``label_en`` or ``label_zh``.
    language : {"en", "zh"}
        Language of the texts.
    ax : matplotlib.axes.Axes, optional
        Axes to draw on; a new figure by default.

    Returns
    -------
    matplotlib.axes.Axes
        The Axes; a data unit is a point, counted from the upper left corner.

    Examples
    --------
    >>> nodes = pd.DataFrame({
    ...     "node": ["SUB", "F1", "L1", "D1"],
    ...     "kind": ["dimension", "finding", "limit", "direction"],
    ...     "label_en": ["subject", "co-governance", "dependence", "publicness"],
    ... })
    >>> links = pd.DataFrame({
    ...     "source": ["SUB", "F1", "L1", "SUB"], "target": ["F1", "L1", "D1", "D1"],
    ...     "strength": ["explicit", "explicit", "implied", "weak"],
    ... })
    >>> ax = argument_links(links, nodes=nodes)
    """
    plan = _ArgumentLinks(data, nodes, language)
    ax, width = axes_in_points(ax, plan.height)
    draw_key(ax, 0, 0, plan.key, width, _HANDLE)
    head = plan.tops(width)[0] - 6
    for text, (left, _) in zip(plan.heads, plan.columns(width)):
        write(ax, left, head, text, size=SMALL, weight="bold")
    for link, path in zip(plan.links, plan.paths(width)):
        style = _STRENGTHS[link.strength]
        ax.add_patch(PathPatch(path, facecolor="none", edgecolor=link.colour, capstyle="butt", **style))
    for name, (left, top, wide, high) in plan.boxes(width).items():
        node = plan.nodes[name]
        ax.add_patch(Rectangle((left, top), wide, high, facecolor=PALE))
        if node.stripe:
            ax.add_patch(Rectangle((left, top), 2.5, high, facecolor=node.stripe))
        lines = plan.lines(node, width)
        write_lines(ax, left + _PAD + 1, top + high / 2, lines, _LINE, at="middle", size=SMALL)
    return ax
