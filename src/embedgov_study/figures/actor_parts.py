"""What part the cases give to each actor, as a list for each case."""

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from embedgov.plotting.labels import require_language
from embedgov.plotting.layout import documented
from embedgov.plotting.palette import INK, MUTED, PALE, RULE
from embedgov.plotting.rows import require_rows
from embedgov.plotting.text import sentence, widest, wrapped, write, write_lines
from embedgov.plotting.theme import BASE, SMALL, axes_in_points

from .labels import label

PARTS = ("decides", "leads", "has a task", "duty untold", "takes part", "acted on", "named")
_STRONG = ("decides", "leads", "has a task", "takes part")  # where the passage lets the actor do something

_ASIDE = 0.36  # of the width, the most that the names of the parts may take
_LINE = 13
_PAD = 4  # above and below the lines of a part
_CASE = 24  # of the line with the name of a case


@dataclass(frozen=True)
class _Part:
    part: str
    name: str
    actors: str


class _ActorParts:
    """What the lists show: for each case its parts, from deciding down to being named."""

    def __init__(self, data: pd.DataFrame, language: str):
        actor, case = (f"{name}_{require_language(language)}" for name in ("actor", "case"))
        require_rows(
            data,
            (actor, case, "part", "count"),
            key=(actor, case, "part"),
            counts=("count",),
            known={"part": PARTS},
        )
        comma = {"en": ", ", "zh": "、"}[language]
        drawn = data[data["count"] > 0]
        self.cases: dict[str, list[_Part]] = {name: [] for name in dict.fromkeys(data[case])}
        for name, parts in self.cases.items():
            for part in PARTS:
                rows = drawn[(drawn[case] == name) & (drawn["part"] == part)]
                if rows.empty:
                    continue
                said = [
                    text if n == 1 else label("actor_parts.times", language, text=text, count=n)
                    for text, n in zip(rows[actor], rows["count"])
                ]
                title = sentence(label(f"actor_parts.{part.replace(' ', '_')}", language))
                parts.append(_Part(part, title, sentence(comma.join(said))))

    def aside(self, width: float) -> float:
        """Where the actors begin: after the widest name of a part."""
        lines = [wrapped(each.name, width * _ASIDE, SMALL) for parts in self.cases.values() for each in parts]
        return (widest(lines, SMALL) if lines else 0) + 12

    def lines(self, part: _Part, width: float) -> tuple[list[str], list[str]]:
        """Lines of the name of a part, and of its actors."""
        room = width - self.aside(width) - 4
        return wrapped(part.name, width * _ASIDE, SMALL), wrapped(part.actors, room, BASE)

    def part_height(self, part: _Part, width: float) -> float:
        return _LINE * max(map(len, self.lines(part, width))) + 2 * _PAD

    def height(self, width: float) -> float:
        parts = sum(self.part_height(each, width) for case in self.cases.values() for each in case)
        return parts + _CASE * len(self.cases) + 1


@documented
def actor_parts(data: pd.DataFrame, *, language: str = "en", ax: Axes | None = None) -> Axes:
    """List what part the passages on each case give to which actors.

    A list for each case, from the actors that decide down to those that are only named. Parts in
    which a passage lets an actor do something stand on a ground; a duty that is said to be fixed
    and not told does not, and neither does a bare name.

    Parameters
    ----------
    data : pandas.DataFrame
        One row per actor, case and part, with ``part`` (one of `PARTS`), ``count`` (passages; 0
        leaves the actor out) and, as `language` says, ``actor_en`` and ``case_en`` or
        ``actor_zh`` and ``case_zh``. Cases and actors keep the order of their first rows.
    <texts>
    <ax>

    Returns
    -------
    <points>

    See Also
    --------
    step_holders : Who holds which step of a procedure.

    Examples
    --------
    >>> parts = pd.DataFrame({
    ...     "actor_en": ["residents", "residents"], "case_en": ["Haidian", "Beilin"],
    ...     "part": ["decides", "takes part"], "count": [1, 2],
    ... })
    >>> ax = actor_parts(parts)
    """
    plan = _ActorParts(data, language)
    ax, width = axes_in_points(ax, plan.height)
    aside, y = plan.aside(width), 0.0
    for case, parts in plan.cases.items():
        write(ax, 0, y + 17, sentence(case), size=BASE, weight="bold")
        y += _CASE
        ax.add_line(Line2D([0, width], [y, y], color=RULE, linewidth=0.8))
        for part in parts:
            high, strong = plan.part_height(part, width), part.part in _STRONG
            if strong:
                ax.add_patch(Rectangle((0, y), width, high, facecolor=PALE))
            name, actors = plan.lines(part, width)
            ink = INK if strong else MUTED
            write_lines(ax, 4, y + _PAD + 10, name, _LINE, size=SMALL, color=MUTED)
            write_lines(ax, aside, y + _PAD + 10, actors, _LINE, size=BASE, color=ink)
            y += high
    return ax
