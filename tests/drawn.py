"""What a figure shows, read back from its artists.

Places are in points from the lower left corner of the paper, to the right and upwards, whatever
the units of the Axes are: a test asks what stands where, not how it was put there.
"""

import re
from dataclasses import dataclass

import matplotlib.colors as mcolors
import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.patches import StepPatch
from matplotlib.text import Text
from matplotlib.transforms import Bbox

SOLID = ("-", "solid")


def texts(ax):
    """The texts that are not blank, in the order in which they were written."""
    found = []
    for axes in ax.figure.axes:
        found += axes.texts
        if axes.get_legend():
            found += axes.get_legend().get_texts()
        if axes.axison:
            settle(ax)
            found += [axes.title, axes.xaxis.label, axes.yaxis.label]
            for axis in (axes.xaxis, axes.yaxis):
                low, high = sorted(axis.get_view_interval())
                found += [t.label1 for t in axis.get_major_ticks() if low <= t.get_loc() <= high]
    return [text for text in found if text.get_visible() and text.get_text().strip()]


def contents(ax):
    """What the texts say."""
    return [text.get_text() for text in texts(ax)]


def written(ax, content):
    """The only text that says this."""
    (text,) = [text for text in texts(ax) if text.get_text() == content]
    return text


def from_the_top(ax):
    """What the texts say, the highest first."""
    return [text.get_text() for text in sorted(texts(ax), key=lambda text: -centre(text)[1])]


def lines(ax):
    """The lines and rows of marks, without those of an axis."""
    return [line for axes in ax.figure.axes for line in axes.lines if line.get_visible()]


def patches(ax):
    """The patches, without those of the Axes themselves."""
    return [patch for axes in ax.figure.axes for patch in axes.patches if patch.get_visible()]


def settle(artist):
    """Let everything take its place in the figure of an artist; without axes it has it."""
    if artist.figure.stale and any(axes.axison for axes in artist.figure.axes):
        artist.figure.draw_without_rendering()


def in_points(artist, pixels):
    return np.asarray(pixels) * 72 / artist.figure.dpi


def vertices(artist):
    """The points of a line or of a patch, one per row."""
    settle(artist)
    path = artist.get_transform().transform_path(artist.get_path())
    return in_points(artist, path.vertices)


def box(artist):
    """The room that a text, a line or a patch takes, without the width of a stroke."""
    if isinstance(artist, Text):
        settle(artist)
        return Bbox(in_points(artist, artist.get_window_extent().get_points()))
    points = vertices(artist)
    return Bbox([points.min(axis=0), points.max(axis=0)])


def centre(artist):
    """The middle of the room that an artist takes."""
    room = box(artist)
    return (room.x0 + room.x1) / 2, (room.y0 + room.y1) / 2


def anchor(text):
    """The point to which a text is aligned: of a number on an axis, that of its value."""
    settle(text)
    return in_points(text, text.get_transform().transform(text.get_position()))


def fill(patch):
    """The colour of a patch; None if it has only an outline."""
    colour = patch.get_facecolor()
    return mcolors.to_hex(colour) if patch.get_fill() and colour[3] else None


def is_dashed(artist):
    return artist.get_linestyle() not in SOLID


def around(text):
    """The patches with the middle of a text in them, the smallest first."""
    place, found = centre(text), [(box(patch), patch) for patch in patches(text)]
    found = [(room, patch) for room, patch in found if room.contains(*place)]
    return [patch for _, patch in sorted(found, key=lambda each: each[0].width * each[0].height)]


def ground(text):
    """The patch on which a text stands; None if it is the paper."""
    return next((patch for patch in around(text) if fill(patch)), None)


def handle(ax, content):
    """What the key has before a text: a line or a patch."""
    text = written(ax, content)
    (_, y), right = centre(text), box(text).x0
    legends = [axes.get_legend() for axes in ax.figure.axes if axes.get_legend()]
    handles = [artist for legend in legends for artist in legend.legend_handles]
    found = [
        artist
        for artist in [*lines(ax), *patches(ax), *handles]
        if box(artist).y0 - 4 < y < box(artist).y1 + 4 and 0 < right - box(artist).x1 < 12
    ]
    return max(found, key=lambda artist: box(artist).x1)


def marks(ax, marker, colour=None, key=()):
    """Places of the marks of a shape, and of a colour if one is given, from left to right.

    ``key`` is what the key says: its handles are no marks.
    """
    handles = [handle(ax, content) for content in key]
    found = []
    for line in lines(ax):
        if line.get_marker() != marker or line in handles:
            continue
        if colour is None or mcolors.same_color(line.get_markerfacecolor(), colour):
            chosen = line.get_markevery()
            found += vertices(line)[slice(None) if chosen is None else chosen].tolist()
    return sorted(map(tuple, found))


def level_lines(ax, colour, key=()):
    """The level lines of a colour as start, height and end, from left to right."""
    settle(ax)
    handles, found = [handle(ax, content) for content in key], []
    for line in lines(ax):
        is_drawn = line.get_linestyle().lower() != "none" and line not in handles
        if is_drawn and mcolors.same_color(line.get_color(), colour):
            found.append(vertices(line))
    for axes in ax.figure.axes:
        for each in axes.collections:
            if isinstance(each, LineCollection) and mcolors.same_color(each.get_color()[0], colour):
                to = each.get_transform().transform
                found += [in_points(ax, to(segment)) for segment in each.get_segments()]
    return sorted(
        (float(points[:, 0].min()), float(points[0, 1]), float(points[:, 0].max()))
        for points in found
        if len(points) > 1 and np.ptp(points[:, 1]) < 0.01
    )


@dataclass
class Stairs:
    """A staircase: edges from left to right, the top of each step, and where all stand."""

    edges: np.ndarray
    tops: np.ndarray
    floor: float


def stairs(ax):
    """The staircases, in the order in which they were drawn."""
    settle(ax)
    found = []
    for patch in patches(ax):
        if isinstance(patch, StepPatch):
            tops, edges, floor = patch.get_data()
            floor = tops[0] if floor is None else floor
            corners = np.column_stack([edges, [*tops, floor]])
            x, y = in_points(ax, patch.get_transform().transform(corners)).T
            found.append(Stairs(x, y[:-1], y[-1]))
    return found


def in_rows(places, apart=1):
    """Places by their height, the highest row first, each row from left to right."""
    rows = []
    for place in sorted(places, key=lambda place: -place[1]):
        if not rows or rows[-1][-1][1] - place[1] > apart:
            rows.append([])
        rows[-1].append(place)
    return [sorted(row) for row in rows]


def as_number(content):
    """The number that a text is; None if it is none."""
    if re.fullmatch(r"−?\d+(\.\d+)?", content):
        return float(content.replace("−", "-"))
    return None


def scale(ax, along="x"):
    """What gives the value at a place along an axis, as read off the numbers there."""
    i, found = "xy".index(along), {}
    for text in texts(ax):
        if as_number(text.get_text()) is not None:
            place = anchor(text)
            found.setdefault(round(place[1 - i], 1), []).append((place[i], as_number(text.get_text())))
    ticks = sorted(max(found.values(), key=len))
    # The first and the last number may have been moved to stay on the paper.
    slope, start = np.polyfit(*zip(*(ticks[1:-1] if len(ticks) > 3 else ticks)), 1)
    return lambda place: slope * place + start
