"""Agreement held fixed: what the coefficients become as a code gets rare or common."""

from dataclasses import dataclass
from math import isclose

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ..errors import PlottingError
from .key import draw_head, head_height
from .labels import label, require_language
from .palette import INK, MUTED, PAPER, RULE
from .rows import require_numbers, require_rows
from .scale import AXIS, Scale, draw_scale, number
from .text import sentence, wrapped, write
from .theme import BASE, SMALL, Style, axes_in_points

_PLOT = 190  # height of the curves, points
_LINE = 12
_GAP = 7  # between two names
_AFTER = 4  # a leader
_LEFT = 28  # room for the numbers of the coefficients
_RIGHT = 6  # half a mark
_ALPHA: Style = {"color": INK, "linewidth": 1.4}
_AC1: Style = {"color": MUTED, "linewidth": 1.2, "linestyle": (0, (3, 2))}
_MARKS: dict[str, Style] = {  # as in the forest of coefficients
    "alpha": {"marker": "s", "markersize": 5.5, "markerfacecolor": INK, "markeredgecolor": INK},
    "ac1": {"marker": "D", "markersize": 5, "markerfacecolor": MUTED, "markeredgecolor": MUTED},
}


def _alpha(agreement, prevalence, values):
    """Alpha of a binary code, from percent agreement, prevalence and the number of values."""
    return 1 - (1 - 1 / values) * (1 - agreement) / (2 * prevalence * (1 - prevalence))


def _ac1(agreement, prevalence):
    """AC1 of a binary code, from percent agreement and prevalence."""
    chance = 2 * prevalence * (1 - prevalence)
    return (agreement - chance) / (1 - chance)


@dataclass(frozen=True)
class _Case:
    name: str
    agreement: float
    prevalence: float
    values: int
    alpha: float
    ac1: float
    text: str


class _Prevalence:
    """What a figure of prevalence shows: cases, their curves, and where the names stand."""

    def __init__(self, data: pd.DataFrame, language: str):
        name = f"name_{require_language(language)}"
        shares, coefficients = ("agreement", "prevalence"), ("alpha", "ac1")
        require_rows(data, (name, *shares, "values", *coefficients), key=(name,), counts=("values",))
        require_numbers(data, shares, least=0, most=1)
        require_numbers(data, coefficients, most=1)
        self.cases = [_case(record, name, language) for record in data.to_dict("records")]
        self.curves = sorted({(case.agreement, case.values) for case in self.cases})
        ends = [_alpha(a, (1 - a) / 2, values) for a, values in self.curves if a < 1]
        self.low = min([0, *ends])
        # The nearer a case is to an edge, the lower its name: then no line crosses a name of the
        # same side.
        self.order = sorted(self.cases, key=lambda c: -min(c.prevalence, 1 - c.prevalence))
        self.note = label("prevalence.note", language)
        self.axis = label("prevalence.axis", language)
        self.key = [
            (label(f"agreement_forest.{each}", language), line | _MARKS[each])
            for each, line in (("alpha", _ALPHA), ("ac1", _AC1))
        ]

    def scale(self, width: float) -> Scale:
        """Prevalence, from left to right."""
        return Scale(0, 1, _LEFT, width - _RIGHT)

    def upward(self, width: float) -> Scale:
        """Coefficients, from the lowest that a curve reaches up to 1."""
        top = self.top(width)
        return Scale(self.low, 1, top + _PLOT, top)

    def lines(self, case: _Case, width: float) -> tuple[list[str], list[str]]:
        """Lines of the name of a case, and of its numbers."""
        room = 0.6 * (width - _LEFT)
        return wrapped(case.name, room, BASE), wrapped(case.text, room, SMALL)

    def heights(self, width: float) -> list[float]:
        """Height of each name with its numbers, in order."""
        return [_LINE * sum(map(len, self.lines(case, width))) + _GAP for case in self.order]

    def top(self, width: float) -> float:
        """Where the curves begin."""
        return head_height(self.note, self.key, width, handle=22) + 10

    def height(self, width: float) -> float:
        return self.top(width) + _PLOT + 8 + sum(self.heights(width)) + AXIS + _LINE + 4


def _case(record: dict, name: str, language: str) -> _Case:
    where = f"data, {name} {record[name]!r}"
    agreement, prevalence, values, alpha, ac1 = (
        record[column] for column in ("agreement", "prevalence", "values", "alpha", "ac1")
    )
    if values < 2 or not 0 < prevalence < 1:
        raise PlottingError(
            f"{where}: prevalence is {prevalence} of {values} values; expected both values to "
            "occur, since without variation no coefficient is defined"
        )
    if (1 - agreement) / 2 > min(prevalence, 1 - prevalence) + 1e-9:
        raise PlottingError(
            f"{where}: agreement is {agreement}, prevalence is {prevalence}; so rare a value "
            "leaves no room for so many disagreements: expected prevalence from "
            f"{(1 - agreement) / 2:g} to {(1 + agreement) / 2:g}"
        )
    for what, given, expected in (
        ("alpha", alpha, _alpha(agreement, prevalence, values)),
        ("ac1", ac1, _ac1(agreement, prevalence)),
    ):
        if not isclose(given, expected, abs_tol=0.005):
            raise PlottingError(
                f"{where}: {what} is {given}, but agreement, prevalence and values make it "
                f"{expected:.3f}; expected a binary code that all coders gave to every unit"
            )
    text = label(
        "prevalence.values",
        language,
        agreement=number(agreement, 2),
        alpha=number(alpha, 2),
        ac1=number(ac1, 2),
    )
    return _Case(
        sentence(record[name]),
        float(agreement),
        float(prevalence),
        int(values),
        float(alpha),
        float(ac1),
        text,
    )


def prevalence(data: pd.DataFrame, *, language: str = "en", ax: Axes | None = None) -> Axes:
    """Draw how agreement coefficients of binary codes depend on prevalence.

    For every agreement that occurs in the data, a line says what Krippendorff's alpha becomes as
    the share of codes that are 1 goes from its least to its greatest, and a dashed line the same
    of Gwet's AC1. Marks are the cases, each on the lines of its own agreement.

    Parameters
    ----------
    data : pandas.DataFrame
        One row per case, with ``agreement`` (the share of pairs of coders who agree),
        ``prevalence`` (the share of codes that are 1), ``values`` (how many codes were given:
        coders times units), ``alpha``, ``ac1`` and, as `language` says, ``name_en`` or
        ``name_zh`` (a key). Every coder has coded every unit, and both values occur.
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
    agreement_forest : The coefficients of codes with their intervals.

    References
    ----------
    Feinstein, A. R. and Cicchetti, D. V. (1990). High agreement but low kappa: I. The problems
    of two paradoxes. Journal of Clinical Epidemiology 43(6), 543-549.

    Examples
    --------
    >>> cases = pd.DataFrame({
    ...     "name_en": ["rare code"], "agreement": [0.9], "prevalence": [0.925], "values": [80],
    ...     "alpha": [0.288], "ac1": [0.884],
    ... })
    >>> ax = prevalence(cases)
    """
    plan = _Prevalence(data, language)
    ax, width = axes_in_points(ax, plan.height)
    across, upward, y = plan.scale(width), plan.upward(width), 9
    draw_head(ax, plan.note, plan.key, width, handle=22)
    for tick in upward.ticks(whole=False):
        place = upward.at(tick)
        ax.plot([across.start, across.end], [place] * 2, color=RULE, linewidth=0.6, zorder=0)
        write(
            ax,
            _LEFT - 6,
            place,
            number(tick),
            size=SMALL,
            color=MUTED,
            ha="right",
            va="center_baseline",
        )
    for agreement, values in plan.curves:
        least = max((1 - agreement) / 2, 1e-6)
        shares = np.linspace(least, 1 - least, 401)
        places = [across.at(share) for share in shares]
        alpha, ac1 = _alpha(agreement, shares, values), _ac1(agreement, shares)
        ax.plot(places, [upward.at(value) for value in ac1], zorder=1, **_AC1)
        ax.plot(places, [upward.at(value) for value in alpha], zorder=1, **_ALPHA)
    y = upward.start + 8
    for case, high in zip(plan.order, plan.heights(width)):
        _draw_case(ax, plan, case, width, y)
        y += high
    draw_scale(ax, across, across.ticks(whole=False), plan.top(width), y, width)
    write(ax, width / 2, y + AXIS + 10, plan.axis, size=SMALL, color=MUTED, ha="center")
    return ax


def _draw_case(ax: Axes, plan: _Prevalence, case: _Case, width: float, y: float) -> None:
    upward, x = plan.upward(width), plan.scale(width).at(case.prevalence)
    names, numbers = plan.lines(case, width)
    bottom = y + _LINE * len(names + numbers) - 1
    ax.plot([x, x], [upward.at(case.alpha), bottom], color=MUTED, linewidth=0.8, zorder=0.5)
    for coefficient, value in (("ac1", case.ac1), ("alpha", case.alpha)):
        ax.plot([x], [upward.at(value)], linestyle="none", zorder=3, **_MARKS[coefficient])
    side, ha = (_AFTER, "left") if case.prevalence < 0.5 else (-_AFTER, "right")
    behind = {"facecolor": PAPER, "edgecolor": "none", "pad": 0.5}
    styles = [{"size": BASE, "color": INK}] * len(names)
    styles += [{"size": SMALL, "color": MUTED}] * len(numbers)
    for i, (line, style) in enumerate(zip(names + numbers, styles)):
        write(ax, x + side, y + 10 + i * _LINE, line, ha=ha, bbox=behind, zorder=2, **style)
