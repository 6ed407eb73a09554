"""A result in every universe of a multiverse, and the options that lead to it."""

from dataclasses import dataclass
from numbers import Real

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from ..errors import PlottingError
from .labels import label, require_language
from .palette import INK, MUTED, PALE, RULE, SHADES
from .rows import require_numbers, require_one_value, require_rows
from .scale import Scale, number
from .text import sentence, text_width, wrapped, write
from .theme import SMALL, axes_in_points

_CURVE = 120  # height of the curve, points
_ASIDE = 0.36  # of the width, the most that names may take
_FORK = 15  # height of the name of a fork
_OPTION = 13  # height of an option
_LINE = 12
_INDENT = 8
_BETWEEN = 8
_PLACES = 120  # up to so many universes have a dot each
_DOT = 4.5


@dataclass(frozen=True)
class _Option:
    fork: str
    option: str
    label: str
    shares: np.ndarray  # of the universes at each place


class _SpecificationCurve:
    """What a specification curve shows: results in order, options at each place, the scale."""

    def __init__(
        self,
        data: pd.DataFrame,
        forks: pd.DataFrame,
        result: str,
        published: float | None,
        language: str,
    ):
        fork_name, option_name = (f"{noun}_{require_language(language)}" for noun in ("fork", "option"))
        require_rows(
            forks,
            ("fork", fork_name, "option", option_name),
            key=("fork", "option"),
            called="forks",
        )
        require_one_value(forks, "fork", [fork_name])
        self.forks, options = dict(zip(forks["fork"], forks[fork_name])), {}
        for fork, option in zip(forks["fork"], forks["option"]):
            options.setdefault(fork, []).append(option)
        require_rows(
            data,
            (*self.forks, result),
            key=tuple(self.forks),
            known=options,
        )
        require_numbers(data, [result])
        if published is not None and (
            isinstance(published, bool) or not isinstance(published, Real) or published != published
        ):
            raise PlottingError(f"published is {published!r}: expected a number or None")
        self.published, self.language = published, language
        order = [data[fork].astype(object).map(options[fork].index) for fork in reversed(options)]
        data = data.iloc[np.lexsort([*order, data[result]])]
        self.results = data[result].to_numpy(float)
        self.places = self._places()
        self.edges = np.searchsorted(self.places, np.arange(self.places[-1] + 2))
        self.options = []
        for fork, option, text in zip(forks["fork"], forks["option"], forks[option_name]):
            taken = np.bincount(self.places, data[fork] == option)
            shares = taken / np.diff(self.edges)
            self.options.append(_Option(fork, option, sentence(text), shares))
        shown = [*self.results, *([] if published is None else [published])]
        self.low, self.high = min(shown), max(shown)
        if self.low == self.high:
            self.low, self.high = self.low - 1, self.high + 1
        self.note = self._note()

    def _places(self) -> np.ndarray:
        """Place of each universe: its own, or one that it shares with all equal results."""
        n = len(self.results)
        if self.has_dots:
            return np.arange(n)
        first_of_equals = np.searchsorted(self.results, self.results)
        return np.unique(first_of_equals * _PLACES // n, return_inverse=True)[1]

    def _note(self) -> str:
        count = len(self.results)
        kind = "dots" if self.has_dots else "shares"
        note = label(f"specification_curve.{kind}", self.language, count=f"{count:,}")
        if self.published is not None:
            hits = int(np.isclose(self.results, self.published).sum())
            note += label("specification_curve.hits", self.language, count=f"{hits:,}")
        return note

    @property
    def has_dots(self) -> bool:
        """Whether every universe has a dot of its own."""
        return len(self.results) <= _PLACES

    @property
    def published_text(self) -> str:
        """The published result in words, empty if there is none."""
        if self.published is None:
            return ""
        return label("specification_curve.published", self.language, value=number(self.published))

    def names(self, width: float) -> list[tuple[list[str], bool, _Option | None]]:
        """Lines of each fork and option from top to bottom, and whether it is a fork."""
        names, before = [], None
        for option in self.options:
            if option.fork != before:
                before = option.fork
                name = sentence(self.forks[before])
                names.append((wrapped(name, width * _ASIDE, SMALL, "bold"), True, None))
            lines = wrapped(option.label, width * _ASIDE - _INDENT, SMALL)
            names.append((lines, False, option))
        return names

    def heights(self, width: float) -> list[float]:
        """Height of each fork and option."""
        return [
            (_FORK if is_fork else _OPTION) + _LINE * (len(lines) - 1)
            for lines, is_fork, _ in self.names(width)
        ]

    def aside(self, width: float) -> float:
        """Where the curve begins: after the widest name."""
        widths = [
            text_width(line, SMALL, "bold" if is_fork else "normal") + _INDENT * (not is_fork)
            for lines, is_fork, _ in self.names(width)
            for line in lines
        ]
        if self.published is not None:
            widths.append(text_width(self.published_text, SMALL, "bold"))
        return max(widths) + _BETWEEN

    def x(self, width: float) -> Scale:
        """From the first universe to the last."""
        return Scale(0, len(self.results), self.aside(width), width)

    def y(self, top: float) -> Scale:
        """From the least result, at the bottom, to the greatest."""
        return Scale(self.low, self.high, top + _CURVE - 4, top + 4)

    def ticks(self) -> list[float]:
        """Values with a line; none where it would touch the published one."""
        scale = self.y(0)
        is_whole = bool((self.results == np.round(self.results)).all())
        return [
            tick
            for tick in scale.ticks(5, whole=is_whole)
            if self.published is None or abs(scale.at(tick) - scale.at(self.published)) > _LINE
        ]

    def top(self, width: float) -> float:
        """Where the curve begins."""
        return _LINE * len(wrapped(self.note, width, SMALL)) + 8

    def height(self, width: float) -> float:
        return self.top(width) + _CURVE + 6 + sum(self.heights(width))


def specification_curve(
    data: pd.DataFrame,
    *,
    forks: pd.DataFrame,
    result: str,
    published: float | None = None,
    language: str = "en",
    ax: Axes | None = None,
) -> Axes:
    """Draw a result in every universe of a multiverse, sorted, over the options taken there.

    With up to 120 universes, a dot below the curve is the option that a universe takes.
    With more, universes with the same result share a place, and the height of an option is the
    share of the universes there that take it: an option that matters is high at one end.
    The published value is a heavy line across.

    Parameters
    ----------
    data : pandas.DataFrame
        One row per universe, with a column per fork that holds its option, and the result.
    forks : pandas.DataFrame
        One row per option, in order, with ``fork`` and ``option`` (as in the data) and, as
        `language` says, ``fork_en`` and ``option_en`` or ``fork_zh`` and ``option_zh``.
    result : str
        Column of the data with the result, a number.
    published : float, optional
        The published value.
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
    intervals : What can be said without any coding.

    References
    ----------
    Simonsohn, U., Simmons, J. P. and Nelson, L. D. (2020). Specification curve analysis. Nature
    Human Behaviour 4, 1208-1214.

    Examples
    --------
    >>> forks = pd.DataFrame({
    ...     "fork": ["rule", "rule"], "fork_en": ["Adjudication", "Adjudication"],
    ...     "option": ["any", "all"], "option_en": ["any coder", "all coders"],
    ... })
    >>> universes = pd.DataFrame({"rule": ["any", "all"], "roads": [21, 14]})
    >>> ax = specification_curve(universes, forks=forks, result="roads", published=18)
    """
    plan = _SpecificationCurve(data, forks, result, published, language)
    ax, width = axes_in_points(ax, plan.height)
    for i, line in enumerate(wrapped(plan.note, width, SMALL)):
        write(ax, 0, 9 + i * _LINE, line, size=SMALL, color=MUTED)
    _draw_curve(ax, plan, width)
    x, y = plan.x(width), plan.top(width) + _CURVE + 6
    stripe = False
    for (lines, is_fork, option), high in zip(plan.names(width), plan.heights(width)):
        stripe = False if is_fork else not stripe
        if stripe:
            ax.add_patch(Rectangle((0, y), width, high, facecolor=PALE, zorder=0))
        for i, line in enumerate(lines):
            middle = y + high / 2 + (i - (len(lines) - 1) / 2) * _LINE + is_fork
            write(
                ax,
                0 if is_fork else _INDENT,
                middle,
                line,
                size=SMALL,
                va="center_baseline",
                weight="bold" if is_fork else "normal",
            )
        if option:
            _draw_option(ax, plan, option, x, y, high)
        y += high
    return ax


def _draw_curve(ax: Axes, plan: _SpecificationCurve, width: float) -> None:
    x, top = plan.x(width), plan.top(width)
    y = plan.y(top)
    for tick in plan.ticks():
        ax.plot([x.start, x.end], [y.at(tick)] * 2, color=RULE, linewidth=0.6, zorder=0)
        write(
            ax,
            x.start - 5,
            y.at(tick),
            number(tick),
            size=SMALL,
            color=MUTED,
            ha="right",
            va="center_baseline",
        )
    if plan.published is not None:
        ax.plot([x.start, x.end], [y.at(plan.published)] * 2, color=INK, linewidth=2)
        write(
            ax,
            x.start - 5,
            y.at(plan.published),
            plan.published_text,
            size=SMALL,
            weight="bold",
            ha="right",
            va="center_baseline",
        )
    heights = [y.at(value) for value in plan.results]
    if plan.has_dots:
        middles = [x.at(i + 0.5) for i in range(len(heights))]
        size = min(_DOT, 0.9 * (x.at(1) - x.at(0)))
        ax.plot(
            middles,
            heights,
            linestyle="none",
            marker="o",
            markersize=size,
            markeredgewidth=0,
            color=SHADES[-1],
        )
        return
    turns = [0, *(np.flatnonzero(np.diff(plan.results)) + 1), len(heights)]
    values = [heights[turn] for turn in turns[:-1]]
    edges = [x.at(turn) for turn in turns]
    ax.stairs(values, edges, baseline=None, color=SHADES[-1], linewidth=1.6)


def _draw_option(
    ax: Axes, plan: _SpecificationCurve, option: _Option, x: Scale, y: float, high: float
) -> None:
    if plan.has_dots:
        taken = [x.at(i + 0.5) for i in np.flatnonzero(option.shares)]
        size = min(_DOT, 0.9 * (x.at(1) - x.at(0)))
        ax.plot(
            taken,
            [y + high / 2] * len(taken),
            linestyle="none",
            marker="o",
            markersize=size,
            markeredgewidth=0,
            color=INK,
        )
        return
    floor = y + high - 1
    ax.stairs(
        floor - option.shares * (high - 2),
        [x.at(edge) for edge in plan.edges],
        baseline=floor,
        fill=True,
        color=SHADES[-1],
        linewidth=0,
    )
