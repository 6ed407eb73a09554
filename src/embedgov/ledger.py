"""Check published claims: recompute each value from tables, and judge the published one.

A function that recomputes a value is registered by name, with the kinds of claim that it decides.
"""

import inspect
import math
import re
from collections.abc import Callable
from fractions import Fraction
from types import FunctionType
from typing import NamedTuple

import pandas as pd

from .errors import ClaimError

VERDICTS = ("reproduced", "replicated", "announced", "counted", "bounded", "differs", "not recoverable")
STATED = ("yes", "implied", "counted")  # what of a claim its text has: the value, its gist, or neither
OWN = ("register", "coding")  # the kinds of claim that data of our own decide
FUNCTIONS: dict[str, Callable[..., "Found"]] = {}  # by the name that claims.csv uses
DECIDES: dict[str, tuple[str, ...]] = {}  # the kinds of claim that a function decides


class Found(NamedTuple):
    """The values that the tables leave possible, from the least to the greatest.

    Parameters
    ----------
    low : Fraction, int, str or None
        None if the tables say nothing.
    high : Fraction, int, float, str or None
        Infinite if the low is a minimum.
    how : str
        What was counted, or why nothing could be.
    announced : bool
        Whether only a plan says so, no report of what was done.
    against : str
        A fact that every one of these values contradicts.

    Examples
    --------
    >>> import math
    >>> from embedgov.ledger import Found
    >>> Found(3, 5, "items of two lists").text, Found(3, math.inf, "items of an open list").text
    ('3 to 5', 'at least 3')
    """

    low: Fraction | int | str | None
    high: Fraction | int | float | str | None
    how: str
    announced: bool = False
    against: str = ""

    @property
    def text(self) -> str:
        """The value or interval in words, empty if there is none."""
        if self.low is None:
            return ""
        if self.low == self.high:
            return number_text(self.low)
        if self.high == math.inf:
            return f"at least {number_text(self.low)}"
        return f"{number_text(self.low)} to {number_text(self.high)}"  # ty: ignore[invalid-argument-type]


def number_text(value: Fraction | float | str) -> str:
    """Write a number as a reader expects it, with at most six digits; a text stays as it is.

    Parameters
    ----------
    value : Fraction, float or str

    Returns
    -------
    str

    Examples
    --------
    >>> from embedgov.ledger import number_text
    >>> number_text(12), number_text(1 / 3), number_text("2015-07")
    ('12', '0.333333', '2015-07')
    """
    return value if isinstance(value, str) else f"{float(value):g}"


def exactly(value: Fraction | int | str, how: str) -> Found:
    """The tables give this one value.

    Parameters
    ----------
    value : Fraction, int or str
    how : str
        What was counted.

    Returns
    -------
    Found

    Examples
    --------
    >>> from embedgov.ledger import exactly
    >>> exactly(11, "petitions").text
    '11'
    """
    return Found(value, value, how)


def nothing(why: str) -> Found:
    """The tables give no value, for this reason.

    Parameters
    ----------
    why : str

    Returns
    -------
    Found

    Examples
    --------
    >>> from embedgov.ledger import nothing, verdict
    >>> verdict("list", "5", 0, nothing("the list is lost"))
    'not recoverable'
    """
    return Found(None, None, why)


# ---- the ledger


def verdict(kind: str, expected: str, tolerance: int, found: Found, stated: str = "yes") -> str | None:
    """Judge what was found against what is published.

    Parameters
    ----------
    kind : str
        Kind of the claim.
    expected : str
        The published value: a number, ``>=`` and a number, a date such as ``2015-07`` or ``2015 H1``,
        a period with two dots between its ends, or other text.
    tolerance : int
        How far a number may lie from the published one.
    found : Found
        What the tables leave possible.
    stated : str
        One of `STATED`. A value that the text does not have, or that nothing here could
        contradict, is *counted*: nothing published is at stake in it.

    Returns
    -------
    str or None
        One of `VERDICTS`: *reproduced*, or *replicated* where the data are our own, or *announced*
        where only a plan is known, if every possible value fits the published one; *differs* if
        none does, or if a fact contradicts it; *bounded* if some do. None for a claim of
        interpretation.

    Raises
    ------
    ClaimError
        ``stated`` is unknown; a number is published and text was found, or the other way round; or
        two texts with numbers are not written alike.

    Examples
    --------
    >>> import math
    >>> from embedgov.ledger import Found, exactly, verdict
    >>> verdict("coding", "11", 0, exactly(11, "petitions"))
    'replicated'
    >>> verdict("list", "5", 0, Found(5, math.inf, "items of an open list"))
    'bounded'
    >>> verdict("register", "2015-07", 0, exactly("2015-07-22", "date of a letter"))
    'replicated'
    """
    if stated not in STATED:
        raise ClaimError(f"stated is {stated!r}; expected one of {', '.join(STATED)}")
    if kind == "interpretation":
        return None
    if found.low is None:
        return "not recoverable"
    fits = _fits(expected, tolerance, found)
    if found.against or fits == "none":
        return "differs"
    if stated == "counted":
        return "counted"
    if fits == "some":
        return "bounded"
    return "announced" if found.announced else "replicated" if kind in OWN else "reproduced"


def _fits(expected: str, tolerance: int, found: Found) -> str:
    """Whether ``all``, ``some`` or ``none`` of the possible values are the published one."""
    texts = (expected, number_text(found.low), number_text(found.high))  # ty: ignore[invalid-argument-type]
    dates = [span for text in texts if (span := _span(text))]
    if len(dates) == len(texts) and any("-" in text or "H" in text for text in texts):
        if ".." in expected and ".." in texts[1]:  # two periods; else a date within one
            ends = zip(*(text.split("..") for text in texts[:2]))
            pairs = [[span for end in each if (span := _span(end))] for each in ends]
        else:
            pairs = [[dates[0], (dates[1][0], dates[2][1])]]
        if all(wide[0] <= narrow[0] and narrow[1] <= wide[1] for wide, narrow in pairs):
            return "all"
        return "some" if all(one[0] <= other[1] and other[0] <= one[1] for one, other in pairs) else "none"
    low, high = _published(expected, tolerance)
    if isinstance(low, str) != isinstance(found.low, str):
        raise ClaimError(
            f"expected is {expected!r}, found is {found.text!r}; a number and a text "
            "cannot be compared: correct expected, or choose another function"
        )
    if isinstance(found.low, str) and not _alike(expected, found.low):
        raise ClaimError(
            f"expected is {expected!r}, found is {found.text!r}; they are not written "
            "alike: bring both to the same form"
        )
    if low <= found.low and found.high <= high:
        return "all"
    return "some" if found.low <= high and low <= found.high else "none"


def _span(text: str) -> tuple[str, str] | None:
    """The first and the last day that a year, month, day or period leaves open; None of other text."""
    if half := re.fullmatch(r"(\d{4}) H([12])", text):
        text = f"{half[1]}-01..{half[1]}-06" if half[2] == "1" else f"{half[1]}-07..{half[1]}-12"
    start, _, end = text.partition("..")
    if not all(re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", each) for each in (start, end or start)):
        return None
    return f"{start}-01-01"[:10], (end or start) + "-12-31"[len(end or start) - 4 :]


def _published(expected: str, tolerance: int) -> tuple:
    """The least and the greatest value that the published one allows."""
    try:
        if expected.startswith(">="):
            return Fraction(expected.removeprefix(">=")) - tolerance, math.inf
        return Fraction(expected) - tolerance, Fraction(expected) + tolerance
    except ValueError:
        return expected, expected


def _alike(one: str, other: str) -> bool:
    """Whether two texts are words, or differ in their numbers only."""
    one, other = (re.sub(r"\d+", "0", text) for text in (one, other))
    return one == other or "0" not in one + other


def evaluate(tables: object, claim, arguments: str) -> Found:
    """Call the function that a claim names.

    Parameters
    ----------
    tables : object
        What the function takes first.
    claim : row with ``function`` and ``kind``
        A claim of the ledger.
    arguments : str
        The further arguments, separated by semicolons; missing where there are none.

    Returns
    -------
    Found

    Raises
    ------
    ClaimError
        There is no such function, it does not decide claims of this kind, or it cannot take the
        arguments.

    Examples
    --------
    >>> import pandas as pd
    >>> from embedgov.ledger import evaluate, exactly, recomputes
    >>> @recomputes("coding")
    ... def petitions_about(table, topic):
    ...     return exactly(int(table[topic].sum()), f"petitions about {topic}")
    >>> claim = pd.Series({"function": "petitions_about", "kind": "coding"})
    >>> evaluate(pd.DataFrame({"roads": [1, 0, 1]}), claim, "roads")
    Found(low=2, high=2, how='petitions about roads', announced=False, against='')
    """
    name = claim.function
    if name not in FUNCTIONS:
        raise ClaimError(f"there is no function {name!r}; take one of {', '.join(FUNCTIONS)}")
    if claim.kind not in DECIDES[name]:
        raise ClaimError(
            f"kind is {claim.kind}, but {name} decides claims of kind "
            f"{' or '.join(DECIDES[name])}: correct the kind, or the function"
        )
    given = [] if pd.isna(arguments) else [text.strip() for text in arguments.split(";")]
    try:
        inspect.signature(FUNCTIONS[name]).bind(tables, *given)
        return FUNCTIONS[name](tables, *given)
    except (TypeError, ValueError, LookupError, ArithmeticError) as error:
        raise ClaimError(
            f"{name} cannot take {given} ({type(error).__name__}: {error}); correct "
            "the arguments, or the row that they name"
        ) from error


def recomputes(*kinds: str) -> Callable:
    """Register the decorated function under its name, for claims of these kinds.

    Parameters
    ----------
    *kinds : str

    Returns
    -------
    callable
        The decorator, which leaves the function as it is.

    Examples
    --------
    >>> from embedgov.ledger import DECIDES, exactly, recomputes
    >>> @recomputes("coding")
    ... def petitions_about(table, topic):
    ...     return exactly(int(table[topic].sum()), f"petitions about {topic}")
    >>> DECIDES["petitions_about"]
    ('coding',)
    """

    def enter(function: FunctionType) -> FunctionType:
        FUNCTIONS[function.__name__], DECIDES[function.__name__] = function, kinds
        return function

    return enter
