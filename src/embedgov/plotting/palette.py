"""The colours of all figures; those of its own concepts a study brings along."""

from collections.abc import Hashable, Mapping

from ..errors import PlottingError

INK = "#1f3a4d"  # text and whatever carries the argument
MUTED = "#5b6770"  # text of the second rank
RULE = "#c9d1d7"  # lines that only guide the eye, marks that step back
PALE = "#f1f4f6"  # surfaces
PAPER = "#ffffff"
CYCLE = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#8c8c8c")  # of Okabe and Ito
SHADES = (PAPER, "#e0e9ee", "#b5cbd6", "#8cafc0", "#2c5b73")  # of shares, up to each of STEPS
STEPS = (0, 0.25, 0.5, 0.75, 1)

_COLOURS: dict[Hashable, str] = {}  # of the concepts of a study, as `set_palette` was told


def set_palette(colours: Mapping[Hashable, str]) -> None:
    """Say which concept of a study has which colour, in all figures that follow.

    Parameters
    ----------
    colours : mapping of hashable to str
        The colour of a code, a group or whatever else a figure tells apart, as ``#rrggbb``. It
        replaces what was said before.

    Raises
    ------
    PlottingError
        If matplotlib knows no such colour.

    Examples
    --------
    >>> set_palette({"A": "#0072b2"})
    >>> colour("A"), colour("B")
    ('#0072b2', '#5b6770')
    """
    from matplotlib.colors import is_color_like  # as in `luminance`

    for concept, text in colours.items():
        if not is_color_like(text):
            raise PlottingError(f"the colour of {concept!r} is {text!r}: expected one such as '#0072b2'")
    _COLOURS.clear()
    _COLOURS.update(colours)


def colour(concept: Hashable, otherwise: str = MUTED) -> str:
    """Colour of a concept of the study.

    Parameters
    ----------
    concept : hashable
        A code, a group ...
    otherwise : str
        The colour of a concept that `set_palette` gave none.

    Returns
    -------
    str
        The colour.
    """
    return _COLOURS.get(concept, otherwise)


def shade(share: float) -> str:
    """Colour of a share: white for none, then darker with every quarter.

    Parameters
    ----------
    share : float
        From 0 to 1.

    Returns
    -------
    str
        One of `SHADES`: that of the first of `STEPS` that is not less than the share.

    Examples
    --------
    >>> shade(0.25) == SHADES[1], shade(0.26) == SHADES[2]
    (True, True)
    """
    return SHADES[next(i for i, step in enumerate(STEPS) if share <= step)]


def luminance(background: str) -> float:
    """Relative luminance of a colour, from 0 (black) to 1 (white).

    Parameters
    ----------
    background : str
        Any colour that matplotlib knows.

    Returns
    -------
    float
        Relative luminance after WCAG 2.

    Examples
    --------
    >>> luminance("white")
    1.0
    """
    from matplotlib.colors import to_rgb  # not above: who wants the colours needs no matplotlib

    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(background)]
    return float(round(sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear)), 12))


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, from 1 (none) to 21 (black on white).

    Parameters
    ----------
    one, other : str
        Any colours that matplotlib knows.

    Returns
    -------
    float
        Contrast ratio after WCAG 2.

    Examples
    --------
    >>> contrast("black", "white")
    21.0
    """
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def text_colour(background: str) -> str:
    """Colour for text on a background: ink, paper or black, the first that stands out enough.

    Enough is a contrast of 4.5, which WCAG 2 asks of small text.

    Parameters
    ----------
    background : str
        Any colour that matplotlib knows.

    Returns
    -------
    str
        `INK`, `PAPER` or black.

    Examples
    --------
    >>> text_colour("#123f59")
    '#ffffff'
    """
    for text in (INK, PAPER):
        if contrast(text, background) >= 4.5:
            return text
    return "#000000"
