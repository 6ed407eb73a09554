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

VERDICTS = ("reproduced", "replicated", "differs", "bounded", "not recoverable")
OWN = ("register", "coding")  # the kinds of claim that data of our own decide
FUNCTIONS: dict[str, Callable[..., "Found"]] = {}  # by the name that claims.csv uses
DECIDES: dict[str, tuple[str, ...]] = {}  # the kinds of claim that a function decides


class Found(NamedTuple):
    """The values that the tables leave possible, from the least to the greatest."""

    low: Fraction | int | str | None  # None: the tables say nothing
    high: Fraction | int | float | str | None  # infinite: the low is a minimum
    how: str  # what was counted, or why nothing could be

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
    """Write a number as a reader expects it, with at most six digits; a text stays as it is."""
    return value if isinstance(value, str) else f"{float(value):g}"


def exactly(value: Fraction | int | str, how: str) -> Found:
    """The tables give this one value."""
    return Found(value, value, how)


def nothing(why: str) -> Found:
    """The tables give no value, for this reason."""
    return Found(None, None, why)


# ---- the ledger


def verdict(kind: str, expected: str, tolerance: int, found: Found) -> str | None:
    """Compare the values that were found with the published one, and give the verdict.

    Parameters
    ----------
    kind : str
        Kind of the claim.
    expected : str
        The published value: a number, ``>=`` and a number, or text.
    tolerance : int
        How far a number may lie from the published one.
    found : Found
        What the tables leave possible.

    Returns
    -------
    str or None
        One of `VERDICTS`: *reproduced*, or *replicated* where the data are our own, if every
        possible value fits the published one; *differs* if none does; *bounded* if some do.
        None for a claim of interpretation.

    Raises
    ------
    ClaimError
        A number is published and text was found, or the other way round; or two texts with
        numbers are not written alike, such as a month and a day.

    Examples
    --------
    >>> verdict("coding", "11", 0, exactly(11, "petitions"))
    'replicated'
    >>> verdict("list", "5", 0, Found(5, math.inf, "items of an open list"))
    'bounded'
    """
    if kind == "interpretation":
        return None
    if found.low is None:
        return "not recoverable"
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
        return "replicated" if kind in OWN else "reproduced"
    return "bounded" if found.low <= high and low <= found.high else "differs"


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

    Raises
    ------
    ClaimError
        There is no such function, it does not decide claims of this kind, or it cannot take the
        arguments.
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
    """Register the decorated function under its name, for claims of these kinds."""

    def enter(function: FunctionType) -> FunctionType:
        FUNCTIONS[function.__name__], DECIDES[function.__name__] = function, kinds
        return function

    return enter
