"""Check answers in the notebook of a hand-out, which holds no answer but only what answers are compared by.

``handout.json`` next to the notebook has of each answer a digest of the rounded number, salted with the
exercise's label. That keeps it from being read; whoever tries all numbers will find it.
"""

import functools
import hashlib
import json
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from math import floor

from embedgov_study.language import say
from embedgov_study.project import here

_EXACT = 6  # decimals to which a whole number is compared, so that 27.6 is not taken for 28


def check(exercise: str, answers: Sequence[object]) -> None:
    """Print of each answer to an exercise whether it is right.

    Parameters
    ----------
    exercise : str
        The exercise's label.
    answers : sequence
        Numbers, or texts such as ``"1/3"``, ``"0.50"``, ``".5"``, ``"0,5"`` or ``"50 %"``; three dots
        stand for an answer that is still missing.

    Raises
    ------
    ValueError
        If there are more or fewer answers than the exercise asks for.
    """
    expected = _sealed()[exercise]
    if len(answers) != len(expected):
        raise ValueError(
            say(
                "{expected} answers are expected, and {given} are here; leave the dots where you have no "
                "answer yet",
                expected=len(expected),
                given=len(answers),
            )
        )
    for place, (answer, (decimals, sealed)) in enumerate(zip(answers, expected)):
        print(f"{place + 1}. {_verdict(exercise, place, answer, decimals, sealed)}")


def form(decimals: int) -> str:
    """Say in what form an answer is expected."""
    if not decimals:
        return say("a whole number")
    if decimals == 1:
        return say("a number with one decimal")
    return say("a number with {n} decimals", n=decimals)


def seal(exercise: str, answers: Iterable[tuple[Decimal, int]]) -> list[tuple[int, str]]:
    """Make what answers to an exercise are compared by: of each its decimals and a digest of the number."""
    return [
        (decimals, _digest(exercise, place, Fraction(value), decimals))
        for place, (value, decimals) in enumerate(answers)
    ]


def _verdict(exercise: str, place: int, answer: object, decimals: int, sealed: str) -> str:
    if answer is ...:
        return say("No answer yet.")
    readings = list(_readings(str(answer)))
    if any(_digest(exercise, place, each, decimals) == sealed for each in readings):
        return say("Right.")
    if readings:
        return say("Not yet. Expected is {form}.", form=form(decimals))
    return say("This is no number. Expected is {form}.", form=form(decimals))


def _readings(text: str) -> Iterator[Fraction]:
    """The numbers that a text can stand for: a comma is a decimal point, or parts thousands."""
    text = unicodedata.normalize("NFKC", text).replace("\u2212", "-").replace(" ", "")
    number = text.removesuffix("%")
    for spelling in {number.replace(",", "."), number.replace(",", "")}:
        try:
            yield Fraction(spelling) / (100 if number != text else 1)
        except (ValueError, ZeroDivisionError):
            pass


def _digest(exercise: str, place: int, value: Fraction, decimals: int) -> str:
    rounded = floor(value * 10 ** (decimals or _EXACT) + Fraction(1, 2))
    return hashlib.sha256(f"{exercise}/{place}/{rounded}".encode()).hexdigest()


@functools.cache
def _sealed() -> dict[str, list[tuple[int, str]]]:
    return json.loads((here().root / "handout.json").read_text(encoding="utf-8"))["answers"]
