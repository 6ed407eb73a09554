"""The scale of a figure in points: where a value stands, and which values have a tick."""

from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from .palette import MUTED, RULE
from .text import text_width, write
from .theme import SMALL

AXIS = 16  # height of the numbers under a scale, points


@dataclass(frozen=True)
class Scale:
    """A linear scale.

    Parameters
    ----------
    low, high : float
        Values at the two ends.
    start, end : float
        Places of the two ends, in points.
    """

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Place of a value."""
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)

    def ticks(self, most: int = 5, whole: bool = True) -> list[float]:
        """Round values on the scale, at most one more than `most`; whole numbers if `whole`."""
        locator = MaxNLocator(nbins=most, steps=[1, 2, 2.5, 5, 10], integer=whole)
        span = self.high - self.low
        ticks = (round(float(tick), 9) for tick in locator.tick_values(self.low, self.high))
        return [t for t in ticks if self.low - span / 1e6 <= t <= self.high + span / 1e6]


def number(value: float, places: int | None = None) -> str:
    """A number as figures write it.

    Parameters
    ----------
    value : float
        The number.
    places : int, optional
        Decimal places; as many as it needs by default.

    Returns
    -------
    str
        The number with a proper minus sign.

    Examples
    --------
    >>> number(-0.5)
    '−0.5'
    """
    text = f"{value:g}" if places is None else f"{value:.{places}f}"
    if not float(text):
        text = text.removeprefix("-")
    return text.replace("-", "\u2212")


def draw_scale(ax: Axes, scale: Scale, ticks: list[float], top: float, bottom: float, width: float) -> None:
    """Draw a line from top to bottom at each tick, and its number beneath.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Axes whose data unit is a point.
    scale : Scale
        From left to right.
    ticks : list of float
        Values with a line.
    top, bottom : float
        Ends of the lines.
    width : float
        Width of the figure in points; the labels of ticks are kept inside it.
    """
    for tick in ticks:
        x, half = scale.at(tick), text_width(number(tick), SMALL) / 2
        ax.plot([x, x], [top, bottom], color=RULE, linewidth=0.6, zorder=0)
        centre = min(max(x, half), width - half)
        write(ax, centre, bottom + 11, number(tick), size=SMALL, color=MUTED, ha="center")
