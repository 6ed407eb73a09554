"""Who governs at which level, and what ties them."""

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch, Rectangle

from embedgov.errors import PlottingError
from embedgov.plotting.key import draw_head, head_height
from embedgov.plotting.labels import require_language
from embedgov.plotting.layout import documented
from embedgov.plotting.palette import INK, MUTED, RULE, text_colour
from embedgov.plotting.rows import require_one_value, require_rows
from embedgov.plotting.text import sentence, widest, wrapped, write_lines
from embedgov.plotting.theme import SMALL, axes_in_points

from .labels import label
from .step_holders import SPHERES, sphere_style

TIES = ("leads", "pays", "chooses")

_ASIDE = 0.17  # of the width, the most that the names of the levels may take
_GAP = 13  # between columns: an arrow between neighbours has to fit
_PAD = 3
_LINE = 12
_BETWEEN = 24  # levels, for the arrows
_APART = 9  # ties of the same two bodies
_LOOKS = {
    "leads": {"color": INK, "linestyle": "-", "linewidth": 1.4},
    "pays": {"color": "#b4513a", "linestyle": (0, (3, 1.5)), "linewidth": 1.4},
    "chooses": {"color": "#2c7a86", "linestyle": (0, (1, 1.2)), "linewidth": 1.8},
}


@dataclass(frozen=True)
class _Body:
    level: int  # from 0, at the top
    column: int
    span: int
    name: str
    style: dict


class _Levels:
    """What the figure shows: bodies in levels and columns, and ties between neighbours."""

    def __init__(self, data: pd.DataFrame, ties: pd.DataFrame, language: str):
        level, name, sphere = columns = [
            f"{each}_{require_language(language)}" for each in ("level", "body", "sphere")
        ]
        require_rows(
            data,
            ("body", *columns, "sphere", "column", "span"),
            key=("body",),
            counts=("column", "span"),
            known={"sphere": SPHERES},
        )
        require_rows(
            ties,
            ("source", "target", "tie"),
            key=("source", "target", "tie"),
            known={"source": set(data["body"]), "target": set(data["body"]), "tie": TIES},
            called="ties",
        )
        require_one_value(data, "sphere", [sphere])
        self.levels = list(dict.fromkeys(data[level]))
        self.columns = int((data["column"] + data["span"]).max())
        self.bodies = {
            row["body"]: _Body(
                self.levels.index(row[level]),
                int(row["column"]),
                int(row["span"]),
                sentence(row[name]),
                sphere_style(row["sphere"]),
            )
            for row in data.to_dict("records")
        }
        self.ties = list(ties[["source", "target", "tie"]].itertuples(index=False, name=None))
        for source, target, _ in self.ties:
            one, other = self.bodies[source], self.bodies[target]
            beside = one.level == other.level and (
                one.column + one.span == other.column or other.column + other.span == one.column
            )
            if not (beside or abs(one.level - other.level) == 1):
                raise PlottingError(
                    f"ties: {source!r} and {target!r} are no neighbours; expected the next level, or the "
                    "next column of the same one"
                )
        names = dict(zip(data["sphere"], data[sphere]))
        self.key = [(sentence(names[each]), sphere_style(each)) for each in SPHERES if each in names]
        drawn = {tie for *_, tie in self.ties}
        self.key += [(label(f"levels.{tie}", language), _LOOKS[tie]) for tie in TIES if tie in drawn]
        self.note = label("levels.note", language)

    def names(self, width: float) -> list[list[str]]:
        return [wrapped(sentence(name), width * _ASIDE, SMALL, "bold") for name in self.levels]

    def wide(self, width: float) -> float:
        """Width of one column."""
        return (width - 1 - self.aside(width) + _GAP) / self.columns - _GAP

    def aside(self, width: float) -> float:
        return widest(self.names(width), SMALL) * 1.1 + 10

    def lines(self, body: _Body, width: float) -> list[str]:
        room = body.span * (self.wide(width) + _GAP) - _GAP - 2 * _PAD
        return wrapped(body.name, room, SMALL)

    def tops(self, width: float) -> list[float]:
        """Upper edges of the levels and, last, where the figure ends."""
        tops = [head_height(self.note, self.key, width) + 12]
        for i, name in enumerate(self.names(width)):
            most = max(len(self.lines(b, width)) for b in self.bodies.values() if b.level == i)
            tops.append(tops[-1] + _LINE * max(most, len(name)) + 2 * _PAD + _BETWEEN)
        return tops

    def height(self, width: float) -> float:
        return self.tops(width)[-1] - _BETWEEN + 2

    def box(self, body: _Body, width: float) -> tuple[float, float, float, float]:
        """Left, top, width and height of a body's box."""
        tops, wide = self.tops(width), self.wide(width)
        left = self.aside(width) + body.column * (wide + _GAP)
        high = tops[body.level + 1] - tops[body.level] - _BETWEEN
        return left, tops[body.level], body.span * (wide + _GAP) - _GAP, high

    def ends(self, source: str, target: str, width: float) -> tuple[tuple, tuple]:
        """Where the tie of two bodies begins and ends, in the middle of what they share."""
        one, other = (self.box(self.bodies[each], width) for each in (source, target))
        if self.bodies[source].level == self.bodies[target].level:
            y = one[1] + one[3] / 2
            right = one[0] < other[0]
            return (one[0] + one[2] * right, y), (other[0] + other[2] * (not right), y)
        x = (max(one[0], other[0]) + min(one[0] + one[2], other[0] + other[2])) / 2
        if not max(one[0], other[0]) < x < min(one[0] + one[2], other[0] + other[2]):
            starts, stops = one[0] + one[2] / 2, other[0] + other[2] / 2
        else:
            starts = stops = x
        down = one[1] < other[1]
        return (starts, one[1] + one[3] * down), (stops, other[1] + other[3] * (not down))


@documented
def levels(data: pd.DataFrame, *, ties: pd.DataFrame, language: str = "en", ax: Axes | None = None) -> Axes:
    """Draw the bodies that govern, level by level, and what ties them.

    A row is a level; a box is a body, shaded by its sphere. An arrow runs from the body that
    leads, pays or chooses to the one that is led, paid or chosen.

    Parameters
    ----------
    data : pandas.DataFrame
        One row per body, with ``body`` (its id), ``sphere`` (one of `step_holders.SPHERES`),
        ``column`` (from 0) and ``span`` (columns that its box takes) and, as `language` says,
        ``level_en``, ``body_en`` and ``sphere_en`` or the same with ``_zh``. Levels keep the order
        of their first rows.
    ties : pandas.DataFrame
        One row per tie, with ``source``, ``target`` and ``tie`` (one of `TIES`).
    <texts>
    <ax>

    Returns
    -------
    <points>

    Raises
    ------
    PlottingError
        If a column is missing, a body, sphere or tie is unknown, or a tie joins bodies that are
        not neighbours.

    See Also
    --------
    swimlanes : What the bodies do, step by step.

    Examples
    --------
    >>> bodies = pd.DataFrame({
    ...     "body": ["office", "committee"], "level_en": ["subdistrict", "community"],
    ...     "body_en": ["subdistrict office", "residents' committee"],
    ...     "sphere": ["Party and state", "self-governing"],
    ...     "sphere_en": ["Party and state", "self-governing"], "column": [0, 0], "span": [1, 1],
    ... })
    >>> ties = pd.DataFrame({"source": ["office"], "target": ["committee"], "tie": ["pays"]})
    >>> ax = levels(bodies, ties=ties)
    """
    plan = _Levels(data, ties, language)
    ax, width = axes_in_points(ax, plan.height)
    draw_head(ax, plan.note, plan.key, width)
    tops = plan.tops(width)
    for lines, top, below in zip(plan.names(width), tops, tops[1:]):
        ax.plot([0, width], [top - 6] * 2, color=RULE, linewidth=0.6, zorder=0)
        middle = (top + below - _BETWEEN) / 2
        write_lines(ax, 0, middle, lines, _LINE, at="middle", size=SMALL, weight="bold", color=MUTED)
    for body in plan.bodies.values():
        left, top, wide, high = plan.box(body, width)
        ax.add_patch(Rectangle((left, top), wide, high, **body.style))
        lines, ink = plan.lines(body, width), text_colour(body.style["facecolor"])
        write_lines(
            ax, left + wide / 2, top + high / 2, lines, _LINE, at="middle", size=SMALL, color=ink, ha="center"
        )
    for source, target in dict.fromkeys((s, t) for s, t, _ in plan.ties):
        same = [tie for s, t, tie in plan.ties if {s, t} == {source, target}]
        start, end = plan.ends(source, target, width)
        level = start[1] == end[1]
        for tie in (tie for s, t, tie in plan.ties if (s, t) == (source, target)):
            off = (same.index(tie) - (len(same) - 1) / 2) * _APART
            shift = (0, off) if level else (off, 0)
            ax.add_patch(
                FancyArrowPatch(
                    (start[0] + shift[0], start[1] + shift[1]),
                    (end[0] + shift[0], end[1] + shift[1]),
                    arrowstyle="-|>",
                    mutation_scale=8,
                    shrinkA=0,
                    shrinkB=0,
                    **_LOOKS[tie],
                )
            )
    return ax
