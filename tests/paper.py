"""What lies on the paper of a figure, as the tests of figures read it back.

Places are points from the upper left corner, whatever the units of the Axes, and grid lines and
legends of matplotlib count like the lines and keys that a figure draws itself. So a test that
looks here holds however a figure comes to what it shows.
"""

import re
from dataclasses import dataclass, field

import matplotlib.colors as mcolors
import numpy as np
from matplotlib.axis import Axis, Tick
from matplotlib.collections import PatchCollection
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, FancyArrowPatch, Patch
from matplotlib.path import Path
from matplotlib.spines import Spine

SOLID = ("-", "solid")


@dataclass(frozen=True)
class Thing:
    """Something on the paper: its edges in points, what it says and how it looks."""

    left: float
    top: float
    right: float
    bottom: float
    text: str = ""
    size: float = 0  # of a text or a marker
    bold: bool = False
    fill: str | None = None  # of a text or a line its colour
    edge: str | None = None
    hatch: str | None = None
    dashed: bool = False
    marker: str | None = None
    path: np.ndarray = field(default=None, compare=False, repr=False)

    @property
    def width(self):
        return self.right - self.left

    @property
    def height(self):
        return self.bottom - self.top

    @property
    def x(self):
        return (self.left + self.right) / 2

    @property
    def y(self):
        return (self.top + self.bottom) / 2

    @property
    def is_square(self):
        return abs(self.width - self.height) < 0.05

    @property
    def look(self):
        """All that tells it from others of its size."""
        return self.fill, self.edge, self.hatch, self.dashed, self.marker

    def holds(self, other, slack=0.5):
        """Whether the other lies inside, give or take some points."""
        return (
            self.left - slack <= other.left
            and other.right <= self.right + slack
            and self.top - slack <= other.top
            and other.bottom <= self.bottom + slack
        )

    def meets(self, other, slack=0.1):
        """Whether the two share more than an edge."""
        return (
            self.left < other.right - slack
            and other.left < self.right - slack
            and self.top < other.bottom - slack
            and other.top < self.bottom - slack
        )


def sheet(ax):
    """The whole paper."""
    width, height = ax.figure.get_size_inches() * 72
    return Thing(0, 0, width, height)


def frame(ax):
    """The Axes, without what stands outside of them."""
    return _thing(ax.figure, ax.get_window_extent().get_points())


def settle(artist):
    """Let everything take its place in the figure of an artist; without axes it has it."""
    if artist.figure.stale and any(axes.axison for axes in artist.figure.axes):
        artist.figure.draw_without_rendering()


def text_artists(ax):
    """The texts that are not blank, in the order in which they were written."""
    found = []
    for axes in ax.figure.axes:
        found += axes.texts
        if axes.get_legend():
            found += [axes.get_legend().get_title(), *axes.get_legend().get_texts()]
        if axes.axison:
            settle(ax)
            found += [axes.title, axes.xaxis.label, axes.yaxis.label]
            for axis in (axes.xaxis, axes.yaxis):
                low, high = sorted(axis.get_view_interval())
                found += [t.label1 for t in axis.get_major_ticks() if low <= t.get_loc() <= high]
    return [text for text in found if text.get_visible() and text.get_text().strip()]


def contents(ax):
    """What the texts say."""
    return [text.get_text() for text in text_artists(ax)]


def texts(ax):
    """Texts in the order in which they are read; a line's edges are those of its letters."""
    settle(ax)
    found = []
    for artist in text_artists(ax):
        size = artist.get_fontsize()
        # The box of a line is as high as the tallest glyphs of the font, with room to spare.
        extent = artist.get_window_extent().padded(0, -0.12 * size * ax.figure.dpi / 72)
        found.append(
            _thing(
                ax.figure,
                extent.get_points(),
                text=artist.get_text().strip(),
                size=size,
                fill=_hex(artist.get_color()),
                bold=artist.get_fontweight() == "bold",
            )
        )
    return read(found)


def paragraphs(ax):
    """Texts whose lines are joined: those of one size and weight at one edge, close together."""
    entries = [text for text, _ in key(ax)]
    found = []
    for line in texts(ax):
        for i, (first, lines) in enumerate(found):
            if (
                line.text not in entries
                and _number(line) is None
                and (line.size, line.bold) == (first.size, first.bold)
                and 0 < line.top - lines[-1].top <= 1.5 * line.size
                and any(abs(getattr(line, at) - getattr(first, at)) < 0.5 for at in ("left", "x", "right"))
            ):
                found[i] = first, [*lines, line]
                break
        else:
            found.append((line, [line]))
    return read(
        Thing(
            min(line.left for line in lines),
            first.top,
            max(line.right for line in lines),
            lines[-1].bottom,
            text=" ".join(line.text for line in lines),
            size=first.size,
            bold=first.bold,
            fill=first.fill,
        )
        for first, lines in found
    )


def patches(ax, fill=None, key=True):
    """Filled shapes, without arrows: of one colour if it is given, without the key's if asked."""
    every = _patches(ax)
    handles = [] if key else [handle for _, handle in _entries(ax, every + _markers(ax))]
    return [each for each in every if each not in handles and (fill is None or each.fill == _hex(fill))]


def dots(ax, markers=None, key=True):
    """Markers and circles: those among `markers` if it is given, without the key's if asked."""
    every = _patches(ax) + _markers(ax)
    handles = [] if key else [handle for _, handle in _entries(ax, every)]
    return [
        each
        for each in every
        if each.marker and each not in handles and (markers is None or each.marker in markers)
    ]


def lines(ax):
    """Lines with the points of their paths; markers do not count."""
    return [
        _thing(
            ax.figure,
            _pixels(artist),
            fill=_hex(artist.get_color()),
            dashed=artist.get_linestyle() not in SOLID,
            path=_in_points(ax.figure, _pixels(artist)),
        )
        for artist in _shown(ax, Line2D)
        if artist.get_linestyle() not in ("None", " ", "") and len(artist.get_xdata()) > 1
    ]


def arrows(ax):
    """Arrows; the path has two points, the tail and the tip."""
    found = []
    for artist in _shown(ax, FancyArrowPatch):
        outline = _pixels(artist)
        tip = max(outline, key=lambda point: np.hypot(*(point - outline[0])))
        path = _in_points(ax.figure, [outline[0], tip])
        found.append(_thing(ax.figure, outline, path=path, fill=_hex(artist.get_facecolor())))
    return found


def key(ax):
    """Entries of the key as text and handle: a small mark just before a text."""
    return _entries(ax, _patches(ax) + _markers(ax))


def inside(box, things):
    """What lies in a box, of what is drawn; of texts with the lines joined to one."""
    found = [each for each in things if box.holds(each)]
    return " ".join(each.text for each in found) if found and found[0].text else found


def read(things):
    """In the order in which it is read: from the left in lines from the top."""
    lines = _grouped(things, lambda each: each.y, 4)
    return [each for line in lines for each in sorted(line, key=lambda each: each.left)]


def _grouped(things, place, within):
    """In groups of which no two have places further apart than some points."""
    groups = []
    for each in sorted(things, key=place):
        if groups and place(each) - place(groups[-1][0]) < within:
            groups[-1].append(each)
        else:
            groups.append([each])
    return groups


@dataclass(frozen=True)
class Scale:
    """Numbers in a row or a column, with the place of each, and by them of any value."""

    ticks: dict[float, float]

    def at(self, value):
        """Place of a value."""
        (low, start), *_, (high, end) = self.ticks.items()
        return start + (value - low) / (high - low) * (end - start)

    def value(self, place):
        """Value at a place."""
        (low, start), *_, (high, end) = self.ticks.items()
        return low + (place - start) / (end - start) * (high - low)

    @property
    def is_linear(self):
        return all(abs(self.at(value) - place) < 0.5 for value, place in self.ticks.items())


def scales(ax):
    """Scales from left to right, and scales upwards: three numbers or more at even distances.

    A number stands for the place of its line, or its own if there is none.
    """
    numbers = [each for each in texts(ax) if _number(each) is not None]
    straight = lines(ax)

    def across(number):
        near = [
            line.x
            for line in straight
            if line.width < 0.01
            and number.left - 2 < line.x < number.right + 2
            and number.top - 12 < line.bottom < number.bottom
        ]
        return min(near, key=lambda x: abs(x - number.x), default=number.x)

    def upwards(number):
        near = [
            line.y
            for line in straight
            if line.height < 0.01
            and number.top < line.y < number.bottom
            and number.right - 2 < line.left < number.right + 12
        ]
        return min(near, key=lambda y: abs(y - number.y), default=number.y)

    def found(lines, order, place):
        runs = [run for line in lines for run in _runs(sorted(line, key=order)) if len(run) > 2]
        ordered = read(run[-1] for run in runs)
        runs.sort(key=lambda run: ordered.index(run[-1]))
        made = [Scale({_number(each): float(place(each)) for each in run}) for run in runs]
        return [scale for scale in made if scale.is_linear]

    return (
        found(_grouped(numbers, lambda each: each.top, 1), lambda each: each.left, across),
        found(_grouped(numbers, lambda each: each.right, 1), lambda each: -each.top, upwards),
    )


def _runs(numbers):
    """Neighbours of which each is greater than the one before."""
    runs = []
    for each in numbers:
        if runs and _number(runs[-1][-1]) < _number(each):
            runs[-1].append(each)
        else:
            runs.append([each])
    return runs


def _number(text):
    return float(text.text.replace("−", "-")) if re.fullmatch(r"−?\d+(\.\d+)?", text.text) else None


def _entries(ax, every):
    handles = [
        each for each in every if each.size < 12 and (each.size or 3 < each.height < 10.5 and each.width < 24)
    ]
    entries = []
    for text in texts(ax):
        before = [each for each in handles if 0 < text.left - each.right < 18 and abs(each.y - text.y) < 3]
        if before and _number(text) is None:
            entries.append((text.text, max(before, key=lambda each: each.right)))
    return entries


def _patches(ax):
    found, grounds = [], _grounds(ax)
    for artist in _shown(ax, (Patch, PatchCollection)):
        if isinstance(artist, FancyArrowPatch | Spine) or artist in grounds:
            continue
        paths = [artist.get_path()] if isinstance(artist, Patch) else artist.get_paths()
        look = _look(artist)
        found += [_thing(ax.figure, _pixels(artist, path), **look) for path in paths]
    return found


def _markers(ax):
    found = []
    for artist in _shown(ax, Line2D):
        if artist.get_marker() in (None, "None", " ", ""):
            continue
        places, every = _in_points(ax.figure, _pixels(artist)), artist.get_markevery()
        size, half = artist.get_markersize(), artist.get_markersize() / 2
        look = {
            "marker": artist.get_marker(),
            "fill": _hex(artist.get_markerfacecolor()),
            "edge": _hex(artist.get_markeredgecolor()),
        }
        for x, y in (places if every is None else places[every]).tolist():
            found.append(Thing(x - half, y - half, x + half, y + half, size=size, **look))
    return found


def _shown(ax, kind):
    """Artists of a kind that are visible."""
    settle(ax)

    def visible(artist):
        if not artist.get_visible():
            return
        if isinstance(artist, kind):
            yield artist
        for child in artist.get_children():
            if isinstance(child, Axis) and not artist.axison:
                continue
            if isinstance(child, Tick):
                low, high = sorted(artist.get_view_interval())
                if low <= child.get_loc() <= high:
                    yield from visible(child.gridline)
            else:
                yield from visible(child)

    return visible(ax.figure)


def _grounds(ax):
    """What texts, shapes and legends stand on."""
    legends = [each.get_frame() for each in ax.figure.findobj(Legend)]
    return [ax.figure.patch, *(each.patch for each in ax.figure.axes), *legends]


def _look(artist):
    """Look of a patch, or of a collection of patches that are alike."""
    fill, edge = (
        [_hex(each) for each in mcolors.to_rgba_array(colours)]
        for colours in (artist.get_facecolor(), artist.get_edgecolor())
    )
    return {
        "fill": fill[0],
        "edge": edge[0] if edge and np.max(artist.get_linewidth()) else None,
        "hatch": artist.get_hatch(),
        "dashed": artist.get_linestyle() not in (*SOLID, [(0, None)]),
        "marker": "o" if isinstance(artist, Circle) else None,
    }


def _hex(colour):
    colour = mcolors.to_rgba(colour)
    return mcolors.to_hex(colour) if colour[3] else None


def _pixels(artist, path=None):
    """The points of the path of a line or a shape, one per row, in pixels."""
    path = path or artist.get_path()
    points = path.vertices
    if path.codes is not None:
        points = points[path.codes != Path.CLOSEPOLY]  # which stands anywhere
    return artist.get_transform().transform(points)


def _in_points(figure, pixels):
    places = np.asarray(pixels) * 72 / figure.dpi
    return np.column_stack([places[:, 0], figure.get_size_inches()[1] * 72 - places[:, 1]])


def _thing(figure, pixels, **more):
    """What reaches to these places."""
    places = _in_points(figure, pixels)
    (left, top), (right, bottom) = places.min(axis=0).tolist(), places.max(axis=0).tolist()
    return Thing(left, top, right, bottom, **more)
