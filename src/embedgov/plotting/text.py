"""Measure texts and break them into lines before they are drawn."""

import re
from collections.abc import Iterable
from functools import cache

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties
from matplotlib.text import Text
from matplotlib.textpath import text_to_path

from ..errors import PlottingError
from .theme import BASE

_OPENING = "（《〈“「【"
_CLOSING = "，。、；：？！）》〉”」】…—"
_HAN = "\u3400-\u9fff\uf900-\ufaff"
# What may not be broken: a Chinese character or a word, with the marks that cling to it.
_PIECE = re.compile(rf"[{_OPENING}]*(?:[{_HAN}]|[^\s{_HAN}{_OPENING}{_CLOSING}]+)[{_CLOSING}]*|\S")


def text_width(text: str, size: float = BASE, weight: str = "normal") -> float:
    """Width of one line of text in the family in which matplotlib draws.

    Parameters
    ----------
    text : str
        Plain text.
    size : float
        Size in points.
    weight : {"normal", "bold"}
        Weight of the font.

    Returns
    -------
    float
        Width in points.
    """
    return _text_width(text, size, weight, tuple(plt.rcParams["font.family"]))


@cache
def _text_width(text: str, size: float, weight: str, family: tuple[str, ...]) -> float:
    font = FontProperties(family=list(family), size=size, weight=weight)
    return text_to_path.get_text_width_height_descent(text, font, ismath=False)[0]


def wrapped(text: str, width: float, size: float = BASE, weight: str = "normal") -> list[str]:
    """Break text into lines: English between words, Chinese between characters.

    A closing mark never begins a line and an opening one never ends it.
    A word wider than a line is broken after a hyphen, or else inside; nothing is dropped.

    Parameters
    ----------
    text : str
        Plain text; every run of white space counts as one space.
    width : float
        Width of a line in points.
    size : float
        Size in points.
    weight : {"normal", "bold"}
        Weight of the font.

    Returns
    -------
    list of str
        The lines.

    Raises
    ------
    PlottingError
        If a line has no room for a character.
    """
    lines, line, end = [], "", 0
    for piece in _PIECE.finditer(text):
        space = " " if line and piece.start() > end else ""
        end = piece.end()
        whole = text_width(piece[0], size, weight) <= width
        for part in [piece[0]] if whole else re.findall(r"[^-]+-*|-+", piece[0]):
            if text_width(line + space + part, size, weight) <= width:
                line += space + part
                space = ""
                continue
            if line:
                lines.append(line)
            space = ""
            line = _broken(part, lines, text, width, size, weight)
    return [*lines, line] if line else lines


def _broken(part: str, lines: list[str], text: str, width: float, size: float, weight: str) -> str:
    """Begin a line with a part of a word; what does not fit is broken off and added to the lines."""
    line = ""
    for character in part:
        if text_width(character, size, weight) > width:
            raise PlottingError(
                f"a line {width:.0f} points wide has no room for {text!r}: draw fewer columns, "
                "or pass wider Axes"
            )
        if line and text_width(line + character, size, weight) > width:
            lines.append(line)
            line = ""
        line += character
    return line


def widest(texts: Iterable[list[str]], size: float = BASE) -> float:
    """Width of the widest line of several texts.

    Parameters
    ----------
    texts : iterable of list of str
        The lines of each text.
    size : float
        Size in points.

    Returns
    -------
    float
        Width in points.
    """
    return max(text_width(line, size) for lines in texts for line in lines)


def sentence(text: str) -> str:
    """Text with a capital first letter, as it begins a line of a figure."""
    return text[:1].upper() + text[1:]


def write(ax: Axes, x: float, y: float, text: str, **style) -> Text:
    """Put text on Axes as it stands: a dollar sign is a dollar sign.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Axes to draw on.
    x, y : float
        Place in data units.
    text : str
        Plain text.
    **style
        What `matplotlib.axes.Axes.text` takes.

    Returns
    -------
    matplotlib.text.Text
        The text.
    """
    return ax.text(x, y, text, parse_math=False, **style)


def write_lines(
    ax: Axes, x: float, y: float, lines: list[str], step: float, *, at: str = "first", **style
) -> None:
    """Put the lines of a text on Axes.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Axes whose data unit is a point, counted from the upper left corner.
    x, y : float
        Place of the text.
    lines : list of str
        The lines.
    step : float
        From one line to the next, in points.
    at : {"first", "middle", "last"}
        What stands at `y`: the baseline of the first line, the middle of all, or the baseline of
        the last.
    **style
        What `matplotlib.axes.Axes.text` takes.
    """
    if at == "middle":
        style["va"] = "center_baseline"
    before = {"first": 0, "middle": (len(lines) - 1) / 2, "last": len(lines) - 1}[at]
    for i, line in enumerate(lines):
        write(ax, x, y + (i - before) * step, line, **style)
