"""Agreement between coders, code by code: three coefficients with their intervals."""

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from ..errors import PlottingError
from .key import draw_head, head_height
from .labels import label, require_language
from .palette import INK, MUTED, PALE, PAPER
from .rows import require_numbers, require_rows
from .scale import AXIS, Scale, draw_scale, number
from .text import sentence, text_width, widest, wrapped, write, write_lines
from .theme import BASE, SMALL, Style, axes_in_points

_MARKS: dict[str, Style] = {
    "agreement": {"marker": "o", "markersize": 5.5, "markerfacecolor": PAPER},
    "alpha": {"marker": "s", "markersize": 5.5, "markerfacecolor": INK},
    "ac1": {"marker": "D", "markersize": 5, "markerfacecolor": MUTED},
}
_LANE = 12.5  # height of one coefficient, points
_LINE = 12
_PAD = 4  # above and below the lanes of a code
_ASIDE = 0.24  # of the width, the most that the names of the codes may take
_BETWEEN = 9


@dataclass(frozen=True)
class _Lane:
    coefficient: str
    value: float | None  # None: undefined
    low: float | None  # None: without an interval
    high: float | None
    text: str  # the numbers, or why there are none


class _AgreementForest:
    """What a forest of coefficients shows: lanes in order, their texts and the scale."""

    def __init__(self, data: pd.DataFrame, language: str):
        name, reason = f"code_{require_language(language)}", f"reason_{language}"
        measures = ("value", "low", "high")
        require_rows(
            data,
            (name, "coefficient", *measures, reason),
            key=(name, "coefficient"),
            known={"coefficient": tuple(_MARKS)},
            optional=(*measures, reason),
        )
        require_numbers(data, measures, most=1, optional=measures)
        self.codes = {code: [] for code in data[name]}
        for record in data.to_dict("records"):
            lane = _lane(record, name, reason, language)
            self.codes[record[name]].append(lane)
        for lanes in self.codes.values():
            lanes.sort(key=lambda lane: list(_MARKS).index(lane.coefficient))
        used = {lane.coefficient for lanes in self.codes.values() for lane in lanes}
        self.key = [
            (label(f"agreement_forest.{each}", language), _style(each)) for each in _MARKS if each in used
        ]
        lows = [lane.low for lanes in self.codes.values() for lane in lanes if lane.low is not None]
        values = [lane.value for lanes in self.codes.values() for lane in lanes if lane.value is not None]
        self.low = min([0, *lows, *values])
        self.note = label(f"agreement_forest.{'note' if lows else 'bare'}", language)

    def aside(self, width: float) -> float:
        """Width of the names of the codes when the forest is `width` points wide."""
        return 3 + widest(self.name_lines(width)) + _BETWEEN

    def name_lines(self, width: float) -> list[list[str]]:
        return [wrapped(sentence(name), width * _ASIDE, BASE) for name in self.codes]

    def values_width(self) -> float:
        """Width of the numbers at the right."""
        texts = [lane.text for lanes in self.codes.values() for lane in lanes if lane.value is not None]
        return max((text_width(text, SMALL) for text in texts), default=0) + 3

    def scale(self, width: float) -> Scale:
        """From 0, or the least value if that is negative, to 1."""
        return Scale(self.low, 1, self.aside(width), width - self.values_width() - _BETWEEN)

    def ticks(self, width: float) -> list[float]:
        """Values with a line: as many as leave room for their numbers."""
        scale = self.scale(width)
        return scale.ticks(max(2, int((scale.end - scale.start) / 34)), whole=False)

    def reason_lines(self, lane: _Lane, width: float) -> list[str]:
        """Lines of the reason why a coefficient is undefined; none if it is defined."""
        if lane.value is not None:
            return []
        return wrapped(lane.text, width - self.aside(width) - 14, SMALL)

    def lanes(self, width: float) -> list[list[float]]:
        """Height of each lane of each code."""
        return [
            [max(_LANE, _LINE * len(self.reason_lines(lane, width)) + 1) for lane in lanes]
            for lanes in self.codes.values()
        ]

    def heights(self, width: float) -> list[float]:
        """Height of each code."""
        return [
            2 * _PAD + max(sum(lanes), _LINE * len(lines))
            for lanes, lines in zip(self.lanes(width), self.name_lines(width))
        ]

    def top(self, width: float) -> float:
        """Where the first code begins."""
        return head_height(self.note, self.key, width) + 6

    def height(self, width: float) -> float:
        return self.top(width) + sum(self.heights(width)) + AXIS + 2


def _style(coefficient: str) -> Style:
    return {"color": INK, "linewidth": 1.4, "markeredgewidth": 1.2, **_MARKS[coefficient]}


def _lane(record: dict, name: str, reason: str, language: str) -> _Lane:
    where = f"data, {name} {record[name]!r}, coefficient {record['coefficient']!r}"
    value, low, high = (
        None if pd.isna(record[column]) else float(record[column]) for column in ("value", "low", "high")
    )
    why = "" if pd.isna(record[reason]) else record[reason]
    if (value is None) != bool(why):
        raise PlottingError(
            f"{where}: value is {record['value']}, {reason} is {record[reason]!r}; "
            "expected a value, or the reason why there is none"
        )
    if (low is None) != (high is None):
        raise PlottingError(
            f"{where}: low is {record['low']}, high is {record['high']}; expected both or neither"
        )
    if value is None:
        text = label("agreement_forest.undefined", language, reason=why)
        return _Lane(record["coefficient"], None, None, None, text)
    text = number(value, 2)
    if low is not None and high is not None:
        if low > high:
            raise PlottingError(f"{where}: low is {low}, high is {high}; expected low <= high")
        text = label(
            "agreement_forest.value",
            language,
            value=text,
            low=number(low, 2),
            high=number(high, 2),
        )
    return _Lane(record["coefficient"], value, low, high, text)


def agreement_forest(data: pd.DataFrame, *, language: str = "en", ax: Axes | None = None) -> Axes:
    """Draw the agreement between coders on each code, with its uncertainty.

    A row is a code; its lanes are percent agreement, Krippendorff's alpha and Gwet's AC1, which
    belong together: where nearly every unit has a code, alpha collapses although the coders
    hardly differ. A line is the interval of a coefficient; one that is undefined says why.

    Parameters
    ----------
    data : pandas.DataFrame
        One row per code and coefficient, codes in the order of their first rows, with
        ``coefficient`` (agreement, alpha, ac1), ``value`` (at most 1, missing if undefined),
        ``low`` and ``high`` (ends of the 95% interval, both may be missing) and, as `language`
        says, ``code_en`` and ``reason_en`` or ``code_zh`` and ``reason_zh`` (why the
        coefficient is undefined; missing if it is not).
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
    case_matrix : What the coders found.

    Examples
    --------
    >>> coefficients = pd.DataFrame({
    ...     "code_en": ["subject", "subject"], "coefficient": ["agreement", "alpha"],
    ...     "value": [1, None], "low": [1, None], "high": [1, None],
    ...     "reason_en": [None, "no variation"],
    ... })
    >>> ax = agreement_forest(coefficients)
    """
    plan = _AgreementForest(data, language)
    ax, width = axes_in_points(ax, plan.height)
    scale = plan.scale(width)
    draw_head(ax, plan.note, plan.key, width)
    y = top = plan.top(width)
    rows = zip(plan.codes.values(), plan.name_lines(width), plan.lanes(width), plan.heights(width))
    for i, (lanes, lines, lane_heights, high) in enumerate(rows):
        if i % 2 == 0:
            ax.add_patch(Rectangle((0, y), width, high, facecolor=PALE, zorder=-1))
        write_lines(ax, 3, y + high / 2, lines, _LINE, at="middle", size=BASE)
        lane_top, fill = y + (high - sum(lane_heights)) / 2, PAPER if i % 2 else PALE
        for lane, lane_high in zip(lanes, lane_heights):
            _draw_lane(ax, plan, lane, width, lane_top + lane_high / 2, fill)
            lane_top += lane_high
        y += high
    draw_scale(ax, scale, plan.ticks(width), top, y + 3, width)
    return ax


def _draw_lane(ax: Axes, plan: _AgreementForest, lane: _Lane, width: float, middle: float, fill: str) -> None:
    style, scale = _style(lane.coefficient), plan.scale(width)
    if lane.value is None:
        left, lines = plan.aside(width), plan.reason_lines(lane, width)
        top = middle - (len(lines) - 1) / 2 * _LINE
        wide, high = max(text_width(line, SMALL) for line in lines), _LINE * len(lines)
        ax.add_patch(Rectangle((left, middle - high / 2), wide + 12, high, facecolor=fill))
        hollow: Style = style | {"markeredgecolor": MUTED, "markerfacecolor": PAPER}
        ax.plot([left + 3], [top], **hollow)
        for i, line in enumerate(lines):
            write(
                ax,
                left + 10,
                top + i * _LINE,
                line,
                size=SMALL,
                color=MUTED,
                va="center_baseline",
            )
        return
    if lane.low is not None and lane.high is not None:
        ends = [scale.at(lane.low), scale.at(lane.high)]
        ax.plot(ends, [middle, middle], color=INK, linewidth=1.4, solid_capstyle="butt")
    ax.plot([scale.at(lane.value)], [middle], **style)
    left = width - plan.values_width()
    write(ax, left, middle, lane.text, size=SMALL, va="center_baseline")
