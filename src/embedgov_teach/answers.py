"""The numbers that answer the exercises of computing: which of the chapter's they are, and how they are asked for."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

from embedgov_press.chapter_structure import Overview
from embedgov_study import data
from embedgov_study.language import in_language

from .errors import TeachingError

TABLE = "teaching/answers.csv"
_NUMBER = re.compile(r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?|-?\d+(?:\.\d+)?|\bnone\b")


@dataclass(frozen=True)
class Question:
    """A question that one number or a list of numbers answers.

    Parameters
    ----------
    asks : str
        The question.
    decimals : int
        To how many decimals it is to be answered.
    answers : tuple of (str, Decimal)
        Each number and what it is of; nothing in words where there is but one.
        A share is a number from 0 to 1.
    """

    asks: str
    decimals: int
    answers: tuple[tuple[str, Decimal], ...]


def questions(
    name: str, chapters: Mapping[str, Overview], number: Callable[[str], str]
) -> dict[str, list[Question]]:
    """Read the questions with numbers that stand for the exercises of a chapter.

    Parameters
    ----------
    name : str
        The chapter.
    chapters : mapping
        All chapters by name, as `embedgov_press.chapter_structure.overviews` gives them.
    number : callable
        Gives the text of a number of the chapter by its name; raises `KeyError` if it has none.

    Returns
    -------
    dict
        By the exercise's label, in the order of the table.

    Raises
    ------
    TeachingError
        If a row of the table names an exercise that computes nothing or does not exist, a number
        that the chapter does not have, or as many parts as the number has not.
    """
    kind = {one.label: one.kind for each in chapters.values() for one in each.exercises}
    own = {one.label for one in chapters[name].exercises if one.kind == "compute"}
    if not own:
        return {}
    found: dict[str, list[Question]] = {}
    for row in in_language(data.table("answers")).itertuples():
        if kind.get(row.exercise) != "compute":
            raise TeachingError(
                f"{_place(row)}, exercise: {row.exercise!r} is no exercise of the kind compute; "
                "correct the label, or take the row out"
            )
        if row.exercise in own:
            found.setdefault(row.exercise, []).append(_question(row, chapters[name], number))
    return found


def _question(row, chapter: Overview, number: Callable[[str], str]) -> Question:
    try:
        text = number(row.number)
    except KeyError:
        raise TeachingError(
            f"{_place(row)}, number: {chapter.page} tells no number {row.number!r}; "
            "tell it in a cell with the tag 'solution', or correct the name"
        ) from None
    values = [_value(found, text) for found in _NUMBER.finditer(text)]
    parts = re.split("[;；]", row.parts) if pd.notna(row.parts) else [""]
    if len(parts) != len(values):
        raise TeachingError(
            f"{_place(row)}, parts_en: {len(parts)} parts, and {row.number} is {text!r}; "
            "name a part for each number in it"
        )
    return Question(row.asks, int(row.decimals), tuple(zip(parts, values)))


def _value(found: re.Match, text: str) -> Decimal:
    if found[0] == "none":
        return Decimal(0)
    value = Decimal(found[0].replace(",", ""))
    return value / 100 if text[found.end() :].startswith("%") else value


def _place(row) -> str:
    return f"{TABLE}:{row.Index + 2}"
