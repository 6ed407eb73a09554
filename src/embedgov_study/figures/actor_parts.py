"""What part the cases give to each actor."""

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from embedgov.errors import PlottingError
from embedgov.plotting.key import draw_head, head_height
from embedgov.plotting.labels import require_language
from embedgov.plotting.palette import INK, MUTED, PALE, PAPER, RULE, SHADES, text_colour
from embedgov.plotting.rows import require_one_value, require_rows
from embedgov.plotting.text import sentence, widest, wrapped, write, write_lines
from embedgov.plotting.theme import BASE, SMALL, axes_in_points

from .labels import label

PARTS = ("named", "acted on", "takes part", "has a task", "leads", "decides")

_ASIDE = 0.3  # of the width, the most that the names of the actors may take
_HIGH = 20  # of a row with one line, points
_LINE = 12
_SPHERE = 19  # of the line with the name of a sphere
_MARK = 13  # width of a mark
_SLOT = _MARK + 1
_CASES = (  # marker, fill
    ("o", INK),
    ("s", SHADES[2]),
    ("H", PAPER),
)
_SIZES = {"o": _MARK, "s": _MARK - 1, "H": _MARK + 1}  # look equally large


@dataclass(frozen=True)
class _Mark:
    row: int
    part: int
    case: int
    text: str


class _ActorParts:
    """What the figure shows: actors by sphere, parts, and a mark per case with its number."""

    def __init__(self, data: pd.DataFrame, language: str):
        actor, sphere, case = (f"{name}_{require_language(language)}" for name in ("actor", "sphere", "case"))
        require_rows(
            data,
            (actor, sphere, case, "part", "count"),
            key=(actor, case, "part"),
            counts=("count",),
            known={"part": PARTS},
        )
        require_one_value(data, actor, [sphere])
        self.cases = list(dict.fromkeys(data[case]))
        if len(self.cases) > len(_CASES):
            raise PlottingError(
                f"data, column {case!r}: {len(self.cases)} cases; "
                f"a reader can tell {len(_CASES)} marks apart: draw fewer"
            )
        self.spheres = {}
        for name, group in zip(data[actor], data[sphere]):
            members = self.spheres.setdefault(group, [])
            if name not in members:
                members.append(name)
        self.actors = [name for members in self.spheres.values() for name in members]
        self.marks = [
            _Mark(self.actors.index(a), PARTS.index(part), self.cases.index(c), str(int(n)))
            for a, c, part, n in zip(data[actor], data[case], data["part"], data["count"])
            if n
        ]
        self.parts = [label(f"actor_parts.{part.replace(' ', '_')}", language) for part in PARTS]
        self.note = label("actor_parts.note", language)
        self.key = [
            (sentence(name), _handle(marker, fill)) for name, (marker, fill) in zip(self.cases, _CASES)
        ]

    def names(self, width: float) -> list[list[str]]:
        """Lines of the name of each actor."""
        return [wrapped(sentence(name), width * _ASIDE, BASE) for name in self.actors]

    def aside(self, width: float) -> float:
        """Width of the names of the actors."""
        return widest(self.names(width)) + 6

    def wide(self, width: float) -> float:
        """Width of the column of a part."""
        wide = (width - self.aside(width)) / len(PARTS)
        if wide < _SLOT * len(self.cases):
            raise PlottingError(
                f"the marks of {len(self.cases)} cases do not fit a column {wide:.0f} points "
                "wide; draw fewer cases or pass wider Axes"
            )
        return wide

    def headers(self, width: float) -> list[list[str]]:
        """Lines of the name of each part."""
        return [wrapped(sentence(part), self.wide(width) - 3, SMALL) for part in self.parts]

    def top(self, width: float) -> float:
        """Where the first sphere begins."""
        head = head_height(self.note, self.key, width, _MARK)
        return head + 8 + _LINE * max(map(len, self.headers(width))) + 2

    def tops(self, width: float) -> tuple[list[float], list[float], float]:
        """Upper edges of spheres and of actors, and where the last actor ends."""
        y, spheres, actors = self.top(width), [], []
        lines = iter(self.names(width))
        for members in self.spheres.values():
            spheres.append(y)
            y += _SPHERE
            for _ in members:
                actors.append(y)
                y += max(_HIGH, _LINE * len(next(lines)) + 6)
        return spheres, actors, y

    def height(self, width: float) -> float:
        return self.tops(width)[2] + 1

    def place(self, mark: _Mark, width: float) -> tuple[float, float]:
        """Middle of a mark: each case has the same place in every column."""
        _, actors, end = self.tops(width)
        bottom = [*actors[1:], end][mark.row]
        if mark.row + 1 < len(actors) and mark.row + 1 in self._firsts():
            bottom -= _SPHERE
        wide = self.wide(width)
        offset = (mark.case - (len(self.cases) - 1) / 2) * _SLOT
        return self.aside(width) + (mark.part + 0.5) * wide + offset, (actors[mark.row] + bottom) / 2

    def _firsts(self) -> set[int]:
        return {self.actors.index(members[0]) for members in self.spheres.values()}


def _handle(marker: str, fill: str) -> dict:
    return {
        "color": "none",
        "marker": marker,
        "markersize": _SIZES[marker] - 3,
        "markerfacecolor": fill,
        "markeredgecolor": INK,
        "markeredgewidth": 0.9,
    }


def actor_parts(data: pd.DataFrame, *, language: str = "en", ax: Axes | None = None) -> Axes:
    """Draw what part the passages on each case give to each actor.

    A row is an actor, under its sphere; a column is a part, from being named at the left to
    deciding at the right. A case has a mark of its own; the number in it counts the passages.

    Parameters
    ----------
    data : pandas.DataFrame
        One row per actor, case and part, with ``part`` (one of `PARTS`), ``count`` (passages; 0
        draws no mark but keeps the actor) and, as `language` says, ``actor_en``, ``sphere_en``
        and ``case_en`` or ``actor_zh``, ``sphere_zh`` and ``case_zh``; at most three cases.
        Spheres, actors and cases keep the order of their first rows.
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
    step_holders : Who holds which step of a procedure.

    Examples
    --------
    >>> parts = pd.DataFrame({
    ...     "actor_en": ["residents", "residents"], "sphere_en": ["self-governing"] * 2,
    ...     "case_en": ["Haidian", "Beilin"], "part": ["decides", "takes part"], "count": [1, 2],
    ... })
    >>> ax = actor_parts(parts)
    """
    plan = _ActorParts(data, language)
    ax, width = axes_in_points(ax, plan.height)
    draw_head(ax, plan.note, plan.key, width, _MARK)
    aside, wide, top = plan.aside(width), plan.wide(width), plan.top(width)
    spheres, _, end = plan.tops(width)
    for i, lines in enumerate(plan.headers(width)):
        if i % 2:
            ax.add_patch(Rectangle((aside + i * wide, top), wide, end - top, facecolor=PALE))
        x = aside + (i + 0.5) * wide
        write_lines(ax, x, top - 6, lines, _LINE, at="last", size=SMALL, ha="center")
    for name, y in zip(plan.spheres, spheres):
        ax.add_line(Line2D([0, width], [y, y], color=RULE, linewidth=0.8))
        write(ax, 0, y + 13, sentence(name), size=SMALL, weight="bold", color=MUTED)
    for row, lines in enumerate(plan.names(width)):
        middle = plan.place(_Mark(row, 0, 0, ""), width)[1]
        write_lines(ax, 0, middle, lines, _LINE, at="middle", size=BASE)
    for mark in plan.marks:
        marker, fill = _CASES[mark.case]
        x, y = plan.place(mark, width)
        style = _handle(marker, fill) | {"markersize": _SIZES[marker]}
        ax.add_line(Line2D([x], [y], **style))
        write(
            ax,
            x,
            y,
            mark.text,
            size=SMALL,
            color=text_colour(fill),
            ha="center",
            va="center_baseline",
        )
    return ax
