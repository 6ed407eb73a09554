"""Figures in data units: Axes made for a known width, names, keys, and rows on one scale."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator
from matplotlib.transforms import ScaledTranslation

from ..docstrings import filled
from ..errors import PlottingError
from .palette import INK, MUTED, PALE, RULE, colour
from .scale import number
from .text import sentence, text_width, wrapped
from .theme import BASE, SMALL, Style, new_axes, points, require_height, require_width

MARK = 13  # height of a bar, or of the ground of marks, points
_NAME = 4  # from a bar up to its name, points
_ROW = 9  # from a bar down to the next name
_AFTER = 0.5  # a handle, in units of the size of text
_BETWEEN = 1.3  # entries of a key
_NARROWEST = 2.5 * 72  # points, the narrowest Axes on which texts that are broken into lines stay apart

Names = Mapping[Any, str] | pd.Series | None  # what keys are called in a figure
Palette = Mapping[Any, str] | Sequence[str] | str | None  # what colours they have


def named(key: Hashable, names: Names, called: str = "names") -> str:
    """What a key is called in a figure.

    Parameters
    ----------
    key : hashable
        A code, a unit ...
    names : mapping or pandas.Series or None
        The names of keys; without it a key is its own name.
    called : str
        What `names` is called in the call, for the message.

    Returns
    -------
    str
        The name with a capital first letter; a key without a table of names as it stands.

    Raises
    ------
    PlottingError
        If `names` has no text for the key.

    Examples
    --------
    >>> named("roads", {"roads": "main roads"}), named("roads", None)
    ('Main roads', 'roads')
    """
    if names is None:
        return str(key)
    text = names.get(key)
    if not isinstance(text, str) or not text.strip():
        raise PlottingError(
            f"{called} has no text for {key!r}; it has {', '.join(map(repr, names.keys())) or 'nothing'}: "
            f"add one, or leave {called} out"
        )
    return sentence(text)


def ordered(keys: Iterable[Hashable], order: Sequence | None, called: str = "order") -> list:
    """The keys that are drawn, each once: in their own order or in the one asked for.

    Parameters
    ----------
    keys : iterable of hashable
        The keys of the data.
    order : sequence, optional
        Those to be drawn, in order.
    called : str
        What `order` is called in the call, for the message.

    Returns
    -------
    list
        The keys.

    Raises
    ------
    PlottingError
        If `order` names a key that the data do not have.

    Examples
    --------
    >>> ordered(["a", "b", "a"], None), ordered(["a", "b"], ["b"])
    (['a', 'b'], ['b'])
    """
    found = list(dict.fromkeys(keys))
    for key in order if order is not None else ():
        if key not in found:
            raise PlottingError(
                f"{called} holds {key!r}, which the data do not; they have {', '.join(map(repr, found))}"
            )
    return found if order is None else list(dict.fromkeys(order))


def colours(keys: Sequence[Hashable], palette: Palette, otherwise: Sequence[str] = (MUTED,)) -> dict:
    """The colour of each key.

    Parameters
    ----------
    keys : sequence of hashable
        The keys in order.
    palette : mapping, sequence of str, str or None
        A colour for each key, colours in their order, one for all (as matplotlib writes colours) or
        the name of a palette of seaborn; by default those of `embedgov.plotting.set_theme`.
    otherwise : sequence of str
        Colours, in order, of keys that have none in the theme.

    Returns
    -------
    dict
        Key -> colour.

    Raises
    ------
    PlottingError
        If the palette has no colour for a key, or matplotlib does not know one.
    """
    from matplotlib.colors import is_color_like

    if palette is None:
        return {key: colour(key, otherwise[i % len(otherwise)]) for i, key in enumerate(keys)}
    if isinstance(palette, Mapping):
        found = {key: palette.get(key) for key in keys}
    elif isinstance(palette, str) and is_color_like(palette):
        found = dict.fromkeys(keys, palette)
    else:
        if isinstance(palette, str):
            import seaborn as sns

            palette = sns.color_palette(palette, len(keys)).as_hex()
        found = dict(zip(keys, [*palette, *[None] * len(keys)]))
    for key, value in found.items():
        if value is None or not is_color_like(value):
            raise PlottingError(
                f"palette: the colour of {key!r} is {value!r}; expected one such as '#0072b2'"
            )
    return found


class Layout:
    """Axes in data units, on paper that is as high as the drawing needs.

    Parameters
    ----------
    ax : matplotlib.axes.Axes or None
        Axes to draw on; None makes a new figure.
    """

    def __init__(self, ax: Axes | None):
        self.own = ax is None
        self.ax: Axes = new_axes() if ax is None else ax
        for spine in self.ax.spines.values():
            spine.set_visible(False)
        self.ax.set_axisbelow(True)
        self.ax.grid(False)
        self.ax.tick_params(length=0, labelsize=SMALL, labelcolor=MUTED)
        require_width(self.width, _NARROWEST)

    @property
    def width(self) -> float:
        """Width of the Axes in points, beside what stands outside of them."""
        return points(self.ax)[0]

    def shift(self, x: float = 0, y: float = 0) -> ScaledTranslation:
        """A move by points, to the right and upwards."""
        figure = self.ax.get_figure(root=True)
        return ScaledTranslation(x / 72, y / 72, figure.dpi_scale_trans)  # ty: ignore

    def scale(
        self,
        low: float,
        high: float,
        label: str,
        *,
        whole: bool = True,
        end: bool = False,
        percent: bool = False,
    ) -> None:
        """Set the scale at the foot, with a line at each tick.

        ``end`` makes the greatest value a tick, whatever the distance to the round one before.
        """
        ax, room = self.ax, max(2, int(self.width / (4.5 * SMALL)))
        steps = MaxNLocator(nbins=min(room, 6), steps=[1, 2, 2.5, 5, 10], integer=whole)
        ticks = [t for t in steps.tick_values(low, high) if low <= t <= high]
        if end and ticks[-1] < high:
            step = ticks[1] - ticks[0] if len(ticks) > 1 else high
            ticks = [t for t in ticks if high - t > step / 2] + [high]
        ax.xaxis.set_major_locator(FixedLocator(ticks))
        sign = "%" if percent else ""
        ax.xaxis.set_major_formatter(
            FuncFormatter(lambda x, _: number(round(100 * x if percent else x, 9)) + sign)
        )
        ax.grid(axis="x", color=RULE, linewidth=0.6)
        lines = "\n".join(wrapped(label, self.width, SMALL))
        ax.set_xlabel(lines, size=SMALL, color=MUTED)

    def key(
        self, entries: Sequence[tuple[str, Style]], *, title: str = "", aside: float = 0, gap: float = 6
    ) -> None:
        """Put a key above the Axes, in as many columns as there is room for.

        Parameters
        ----------
        entries : sequence of (str, dict)
            Text and style of the handle: of a `matplotlib.lines.Line2D` if it has a ``color``,
            otherwise of a `matplotlib.patches.Patch`.
        title : str
            What the entries say.
        aside : float
            Points by which the key begins left of the Axes.
        gap : float
            Points between the Axes and the key.
        """
        width = self.width + aside
        lines = "\n".join(wrapped(title, width, SMALL))
        ax, entries = self.ax, list(entries)
        handles: list[Artist] = [
            Line2D([], [], **style) if "color" in style else Patch(**style) for _, style in entries
        ]
        room = 0.97 * width - (1.6 + _AFTER) * SMALL  # letters set on pixels are a little wider
        texts = [wrapped(text, room, SMALL) for text, _ in entries]
        widths = [max(text_width(line, SMALL) for line in each) + (1.6 + _AFTER) * SMALL for each in texts]

        def fits(columns: int) -> bool:
            per, more = divmod(len(widths), columns)
            parts, start = [], 0
            for i in range(columns):
                size = per + (i < more)
                parts.append(max(widths[start : start + size]))
                start += size
            return sum(parts) + _BETWEEN * SMALL * (columns - 1) <= width + 0.5

        columns = next((n for n in range(len(entries), 1, -1) if fits(n)), 1)
        legend = ax.legend(
            handles=handles,
            labels=["\n".join(each) for each in texts],
            loc="lower left",
            bbox_to_anchor=(0, 1),
            bbox_transform=ax.transAxes + self.shift(-aside, gap),
            ncols=columns,
            title=lines or None,
            title_fontsize=SMALL,
            alignment="left",
            fontsize=SMALL,
            frameon=False,
            borderpad=0,
            borderaxespad=0,
            handlelength=1.6,
            handletextpad=_AFTER,
            columnspacing=_BETWEEN,
            labelspacing=0.35,
        )
        legend.get_title().set_color(MUTED)

    def fit(self, high: float) -> Axes:
        """Give the Axes a height in points; refuse those of the caller if they are lower."""
        width, has = points(self.ax)
        if not self.own:
            require_height(width, has, high)
            return self.ax
        figure = self.ax.get_figure(root=True)
        figure.set_figheight(figure.get_figheight() + (high - has) / 72)  # ty: ignore
        before = None
        for _ in range(6):  # the layout settles step by step, and a drawing must not move it
            figure.draw_without_rendering()  # ty: ignore
            if before == (before := self.ax.get_position().bounds):
                break
        return self.ax


class Rows(Layout):
    """Rows on one scale: the name of each above its bar or its marks, a value at the right.

    Row ``i`` is at ``y = i``, the first on top; the names are the labels of the ticks there.

    Parameters
    ----------
    ax : matplotlib.axes.Axes or None
        Axes to draw on; None makes a new figure.
    names, values : sequence of str
        One per row.
    end : float
        Where the ground of the rows ends, in data units; it starts at 0.
    """

    def __init__(self, ax: Axes | None, names: Sequence[str], values: Sequence[str], end: float):
        super().__init__(ax)
        self.names, self.values, self.end = names, values, end

    @property
    def bar(self) -> float:
        """Height of a bar in data units."""
        return MARK / self.pitch

    def place(self) -> None:
        """Put names, values and grounds in their rows; the scale must have been set."""
        ax, width = self.ax, self.width
        lines = [
            wrapped(name, width - text_width(value, BASE, "bold") - 14, BASE)
            for name, value in zip(self.names, self.values)
        ]
        labels = ax.set_yticks(range(len(lines)), ["\n".join(each) for each in lines])
        ax.tick_params(axis="y", pad=0)
        up = self.shift(0, MARK / 2 + _NAME)
        for tick in ax.yaxis.get_major_ticks():
            tick.label1.set(ha="left", va="bottom", size=BASE, color=INK, parse_math=False)
            tick.label1.set_transform(tick.label1.get_transform() + up)
        figure = ax.get_figure(root=True)
        ratio = 72 / figure.dpi  # ty: ignore
        tallest = max(tick.label1.get_window_extent().height for tick in ax.yaxis.get_major_ticks()) * ratio
        self.pitch = tallest + _NAME + MARK + _ROW
        above = (tallest + _NAME + MARK / 2) / self.pitch
        ax.set_ylim(len(labels) - 1 + (MARK / 2 + 4) / self.pitch, -above)
        for i, value in enumerate(self.values):
            ax.annotate(
                value,
                (1, i),
                xycoords=("axes fraction", "data"),
                xytext=(0, MARK / 2 + _NAME),
                textcoords="offset points",
                ha="right",
                va="bottom",
                size=BASE,
                weight="bold",
                parse_math=False,
            )
        ax.barh(range(len(lines)), self.end, height=self.bar, color=PALE, linewidth=0, zorder=0)

    def finish(self) -> Axes:
        """Give the Axes the height of all rows."""
        high, low = self.ax.get_ylim()
        return self.fit((high - low) * self.pitch)


class Grid(Layout):
    """Names at the left of columns of cells, whose names stand above them.

    Parameters
    ----------
    ax : matplotlib.axes.Axes or None
        Axes to draw on; None makes a new figure.
    rows, columns : sequence of str
        Their names, in order.
    aside : float
        Of the width, the most that the names of the rows may take.
    at : float
        Where the middle of the first row and column is: 0, or 0.5 as in seaborn's heat maps.
    """

    def __init__(
        self,
        ax: Axes | None,
        rows: Sequence[str],
        columns: Sequence[str],
        *,
        aside: float = 0.32,
        at: float = 0,
    ):
        super().__init__(ax)
        self.rows = ["\n".join(wrapped(name, self.width * aside, BASE)) for name in rows]
        self.columns, self.at, self.beside = columns, at, 0.0  # points at the right without a column
        self.side()

    def side(self) -> None:
        """Put the names at the left of the rows."""
        ax, n = self.ax, len(self.rows)
        ax.set_ylim(n - 0.5 + self.at, -0.5 + self.at)
        ax.set_yticks([i + self.at for i in range(n)], self.rows, size=BASE, color=INK, rotation=0)
        for tick in ax.yaxis.get_major_ticks():
            tick.label1.set(parse_math=False, va="center")
        ax.tick_params(axis="y", pad=6)

    @property
    def aside(self) -> float:
        """Width of the names of the rows, with the gap after them."""
        return max(text_width(line, BASE) for name in self.rows for line in name.split("\n")) + 6

    def head(self, high: float = 96) -> float:
        """Put the names above the columns, upright if a word is wider than its column.

        Parameters
        ----------
        high : float
            The most that an upright name may rise, in points.

        Returns
        -------
        float
            Width of a column in points.
        """
        ax, n = self.ax, len(self.columns)
        places = [i + self.at for i in range(n)]
        ax.xaxis.tick_top()
        ax.set_xticks(places, [""] * n)
        wide = (self.width - self.beside) / n
        ax.set_xlim(self.at - 0.5, self.at - 0.5 + self.width / wide)
        words = " ".join(self.columns).split()
        upright = wide < 2 * SMALL or any(len(wrapped(word, wide - 2, SMALL)) > 1 for word in words)
        room = high if upright else wide - 2
        texts = ["\n".join(wrapped(name, room, SMALL)) for name in self.columns]
        ax.set_xticks(places, texts, size=SMALL, color=INK, rotation=90 if upright else 0)
        for tick in ax.xaxis.get_major_ticks():
            tick.label2.set(parse_math=False, va="bottom", ha="center")
        ax.tick_params(axis="x", pad=7, length=0)
        return wide

    def stripes(self, fills: Sequence[str | None]) -> None:
        """Put a stripe of colour between each column and its name; none for None."""
        transform = self.ax.get_xaxis_transform() + self.shift(0, 4)
        inset = 1.5 * len(fills) / self.width
        for i, fill in enumerate(fills):
            if fill is not None:
                ends = [i + self.at - 0.5 + inset, i + self.at + 0.5 - inset]
                style: Style = {"color": fill, "linewidth": 2.5, "solid_capstyle": "butt", "clip_on": False}
                self.ax.plot(ends, [1, 1], transform=transform, scalex=False, scaley=False, **style)

    def above(self) -> float:
        """Height of the names above the columns in points, measured, with the gaps around them."""
        figure = self.ax.get_figure(root=True)
        high = max(tick.label2.get_window_extent().height for tick in self.ax.xaxis.get_major_ticks())
        return high * 72 / figure.dpi + 16  # ty: ignore

    def row_height(self, least: float) -> float:
        """Height of a row in points: of the tallest name, or at least as given."""
        return max(least, 13 * max(name.count("\n") + 1 for name in self.rows) + 4)


def mapped(data: pd.DataFrame, columns: Mapping[str, str | None], called: str = "data") -> pd.DataFrame:
    """The columns that a call names, under the names that the function gives them.

    Parameters
    ----------
    data : pandas.DataFrame
        The frame.
    columns : mapping of str to str or None
        Our name -> its name; None if it is not asked for.
    called : str
        Name of the frame in the call, for the message.

    Returns
    -------
    pandas.DataFrame
        A copy with our names.

    Raises
    ------
    PlottingError
        If the frame lacks a column.

    Examples
    --------
    >>> mapped(pd.DataFrame({"theme": ["a"], "n": [3]}), {"code": "theme", "count": "n"}).columns.tolist()
    ['code', 'count']
    """
    asked = {ours: theirs for ours, theirs in columns.items() if theirs is not None}
    for ours, theirs in asked.items():
        if theirs not in data.columns:
            raise PlottingError(
                f"{called} has no column {theirs!r} ({ours}=); it has {', '.join(map(str, data.columns))}; "
                f"needed are {', '.join(map(str, asked.values()))}"
            )
    return pd.DataFrame({ours: data[theirs] for ours, theirs in asked.items()}, index=data.index)


SHARED = {
    "data": """data : pandas.DataFrame
    The rows; which column is which is said by the arguments that follow.""",
    "names": """names : mapping of hashable to str, optional
    What codes and other keys are called in the figure, in whatever language, for instance a
    codebook's column of labels by code; by default each is called by itself.""",
    "palette": """palette : mapping, sequence of str or str, optional
    The colour of each key, colours in order, one colour for all, or a palette of seaborn; by
    default the colours of `set_theme`.""",
    "order": """order : sequence, optional
    Which keys are drawn, in order; by default all, as they come.""",
    "xlabel": """xlabel : str, optional
    What the scale at the foot says; by default in general terms.""",
    "title": """title : str, optional
    What the key says of the cells; by default in general terms.""",
    "language": """language : {"en", "zh"}
    Language of the texts that the figure itself brings.""",
    "texts": """language : {"en", "zh"}
    Language of the texts.""",
    "ax": """ax : matplotlib.axes.Axes, optional
    Axes to draw on; a new figure by default.""",
    "returns": """matplotlib.axes.Axes
    The Axes, in units of the data.""",
    "points": """matplotlib.axes.Axes
    The Axes; a data unit is a point, counted from the upper left corner.""",
}


documented = partial(filled, SHARED)
