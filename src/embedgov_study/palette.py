"""The colours of this study: each direction, dimension, batch and milestone has the same in all figures."""

from collections.abc import Hashable

from embedgov.errors import PlottingError
from embedgov.plotting.palette import MUTED

_DIRECTIONS = {  # four of the colours of Okabe and Ito
    "SOC": "#0072b2",
    "LAW": "#d55e00",
    "INT": "#009e73",
    "PRO": "#cc79a7",
}
_DIMENSIONS = {  # four of Paul Tol's "muted" scheme, so that none is taken for a direction
    "SUB": "#332288",
    "INS": "#cc6677",
    "RES": "#999933",
    "TEC": "#882255",
}
_BATCHES = {1: "#b7d3c6", 2: "#6baaa4", 3: "#2c7a86", 4: "#123f59"}  # ever darker: they follow one another
_MILESTONES = {
    "application": "#d9a441",
    "confirmation": "#12405e",
    "experiment": "#86b6d3",
    "acceptance": "#b4513a",
    "policy": MUTED,
}
_CONTRADICTION = {"differs": "#a3261c"}  # of the article

COLOURS = _DIRECTIONS | _DIMENSIONS | _BATCHES | _MILESTONES | _CONTRADICTION
DIRECTIONS, DIMENSIONS, BATCHES = tuple(_DIRECTIONS), tuple(_DIMENSIONS), tuple(_BATCHES)  # in order


def colour(concept: Hashable) -> str:
    """The colour of a direction, a dimension, a batch or a kind of milestone.

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
