"""Find characters that the fonts cannot draw, before a figure shows boxes instead."""

import re
import warnings

from matplotlib.cbook import is_math_text
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.mathtext import MathTextParser
from matplotlib.text import Text

from ..errors import PlottingError

_DUMMY = 0xA4  # mathtext draws the currency sign for whatever it cannot draw
_SYMBOL = re.compile(r"\\[A-Za-z]+|[^\x00-\x7f]")
_parse = MathTextParser("path").parse


def missing_glyphs(figure: Figure) -> dict[str, str]:
    """Texts of a figure that hold characters no font can draw, plain or mathtext.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The figure, with everything drawn on it.

    Returns
    -------
    dict of str to str
        For each such text, its characters that cannot be drawn.

    See Also
    --------
    require_glyphs : Raise an error instead.

    Examples
    --------
    >>> from embedgov import plotting
    >>> from matplotlib.figure import Figure
    >>> plotting.missing_glyphs(Figure())
    {}
    """
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing")  # what is missing is returned
        figure.draw_without_rendering()  # tick labels have no text before
    found = {}
    for text in figure.findobj(Text):
        content = text.get_text()
        if not (text.get_visible() and content.strip()):
            continue
        is_math = text.get_parse_math() and is_math_text(content)
        find = _missing_in_math if is_math else _missing_in_plain
        characters = find(content, text.get_fontproperties())
        if characters:
            found[content] = "".join(characters)
    return found


def require_glyphs(figure: Figure) -> None:
    """Refuse a figure that holds characters no font can draw.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The figure, with everything drawn on it.

    Raises
    ------
    PlottingError
        Naming each text and its characters.

    See Also
    --------
    missing_glyphs : List them instead.

    Examples
    --------
    >>> from embedgov import plotting
    >>> from matplotlib.figure import Figure
    >>> plotting.require_glyphs(Figure())
    """
    found = missing_glyphs(figure)
    if found:
        listed = "; ".join(
            f"{text!r} holds {', '.join(f'{c} (U+{ord(c):04X})' for c in characters)}"
            if "\\" not in characters
            else f"{text!r} holds {characters}"
            for text, characters in found.items()
        )
        raise PlottingError(
            f"the fonts cannot draw: {listed}. Call embedgov.plotting.set_theme() before drawing; "
            "if that does not help, add the characters to the fonts (plotting/fonts/README.md)"
        )


def _missing_in_plain(content: str, font: FontProperties) -> list[str]:
    drawable = set().union(*(get_font(path).get_charmap() for path in _files(font)))
    return sorted({c for c in content if not c.isspace() and ord(c) not in drawable})


def _files(font: FontProperties) -> list[str]:
    paths = []
    for family in font.get_family():
        single = font.copy()
        single.set_family(family)
        try:
            paths.append(findfont(single, fallback_to_default=False))
        except ValueError:
            continue  # matplotlib, too, passes over a family that is not installed
    return paths or [findfont(font)]


def _missing_in_math(content: str, font: FontProperties) -> list[str]:
    if not _has_dummy(content, font):
        return []
    symbols = sorted(set(_SYMBOL.findall(content)))
    missing = []
    for symbol in symbols:
        try:
            in_math, outside = f"${symbol}$", "" if symbol[0] == "\\" else symbol
            if _has_dummy(in_math, font) or _has_dummy(outside, font):
                missing.append(symbol)
        except ValueError:
            continue  # a command that takes an argument is no symbol
    return missing or symbols


def _has_dummy(content: str, font: FontProperties) -> bool:
    drawn = sum(glyph[2] == _DUMMY for glyph in _parse(content, prop=font).glyphs)
    return drawn > content.count(chr(_DUMMY))
