"""The colours of the book: every concept has one, the same in every figure."""

from collections.abc import Hashable

from ..errors import PlottingError

INK = "#1f3a4d"  # text and whatever carries the argument
MUTED = "#5b6770"  # text of the second rank
RULE = "#c9d1d7"  # lines that only guide the eye, marks that step back
PALE = "#f1f4f6"  # surfaces
PAPER = "#ffffff"
SHADES = (PAPER, "#e0e9ee", "#b5cbd6", "#8cafc0", "#2c5b73")  # of shares, up to each of STEPS
STEPS = (0, 0.25, 0.5, 0.75, 1)

DIRECTIONS = ("SOC", "LAW", "INT", "PRO")
DIMENSIONS = ("SUB", "INS", "RES", "TEC")
BATCHES = (1, 2, 3, 4)

COLOURS = {
    # Directions: four of the colours of Okabe and Ito.
    "SOC": "#0072b2",
    "LAW": "#d55e00",
    "INT": "#009e73",
    "PRO": "#cc79a7",
    # Dimensions: four of Paul Tol's "muted" scheme, so that none is taken for a direction.
    "SUB": "#332288",
    "INS": "#cc6677",
    "RES": "#999933",
    "TEC": "#882255",
    # Batches follow one another, so their lightness does, too.
    1: "#b7d3c6",
    2: "#6baaa4",
    3: "#2c7a86",
    4: "#123f59",
    # Kinds of milestones of the programme.
    "application": "#d9a441",
    "confirmation": "#12405e",
    "experiment": "#86b6d3",
    "acceptance": "#b4513a",
    "policy": MUTED,
    # What contradicts the article.
    "differs": "#a3261c",
}


def colour(concept: Hashable) -> str:
    """Colour of a direction, a dimension, a batch or a kind of milestone.

    Parameters
    ----------
    concept : hashable
        A key of `COLOURS`: a code such as ``"SOC"``, a batch number, a kind of milestone.

    Returns
    -------
    str
        The colour as ``#rrggbb``.

    Raises
    ------
    PlottingError
        If the concept has no colour.

    Examples
    --------
    >>> colour("SOC")
    '#0072b2'
    """
    if concept not in COLOURS:
        raise PlottingError(f"no colour for {concept!r}: expected one of {', '.join(map(str, COLOURS))}")
    return COLOURS[concept]


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
