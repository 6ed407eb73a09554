"""Read the syllabi: which chapters and exercises fill each session, and whether the minutes suffice."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from embedgov.errors import DataError
from embedgov_press.chapter_structure import Overview, needed
from embedgov_study.data import table

STEPS = "teaching/syllabus_steps.csv"


def sessions(chapters: Mapping[str, Overview], data: Path | None = None) -> pd.DataFrame:
    """Read the steps of all syllabi, each with the minutes that it takes.

    Parameters
    ----------
    chapters : mapping
        The chapters by name, as `embedgov_press.chapter_structure.overviews` gives them.
    data : Path
        Folder that holds ``datapackage.json``; that of the project by default.

    Returns
    -------
    DataFrame
        The rows of ``syllabus_steps`` with a column ``minutes``, from the chapter or its exercises.

    Raises
    ------
    DataError
        If a chapter or an exercise does not exist, a session takes longer than its syllabus allows,
        at home or in class, or a step comes before a text that it needs.
    """
    frames = table("syllabi", data).set_index("syllabus")
    steps = table("syllabus_steps", data)
    steps["minutes"] = [_minutes(step, chapters) for step in steps.itertuples()]
    for name, own in steps.groupby("syllabus", sort=False):
        numbers = own["session"].unique().tolist()
        if numbers != list(range(1, frames.at[name, "sessions"] + 1)):
            raise DataError(
                f"{STEPS}: syllabus {name!r} has the sessions {numbers}; "
                f"syllabi.csv gives it {frames.at[name, 'sessions']}, in order"
            )
        for (session, place), minutes in own.groupby(["session", "place"], observed=True)["minutes"]:
            allowed = frames.at[name, f"minutes_{place}"]
            if minutes.sum() > allowed:
                raise DataError(
                    f"{STEPS}: syllabus {name!r}, session {session}: {minutes.sum()} minutes "
                    f"{'in class' if place == 'class' else 'at home'}, allowed are {allowed}; "
                    "move a step to another session"
                )
        _require_order(name, own, chapters)
    return steps


def _minutes(step, chapters: Mapping[str, Overview]) -> int:
    where = f"{STEPS}:{step.Index + 2}"
    if step.chapter not in chapters:
        raise DataError(f"{where}: there is no chapter {step.chapter!r}; take one of {', '.join(chapters)}")
    chapter = chapters[step.chapter]
    if pd.isna(step.exercises):
        return chapter.teaching
    known = {exercise.label: exercise.minutes for exercise in chapter.exercises}
    for label in step.exercises.split(";"):
        if label not in known:
            raise DataError(
                f"{where}: the chapter {step.chapter!r} has no exercise {label!r}; it has {', '.join(known)}"
            )
    return sum(known[label] for label in step.exercises.split(";"))


def _require_order(name: str, steps: pd.DataFrame, chapters: Mapping[str, Overview]) -> None:
    """Refuse a step that comes before a text that it needs, and homework listed after class."""
    read, last = set(), (0, "home")
    for step in steps.itertuples():
        where = f"{STEPS}:{step.Index + 2}: syllabus {name!r}, session {step.session}"
        if (step.session, step.place) == (last[0], "home") and last[1] == "class":
            raise DataError(f"{where}: a step at home stands after one in class; put it first")
        last = step.session, step.place
        text = pd.isna(step.exercises)
        for before in [*needed(step.chapter, chapters), *([] if text else [step.chapter])]:
            if before not in read:
                raise DataError(
                    f"{where}: {step.chapter!r} needs the text of {before!r}, "
                    "which comes later or never; put it before"
                )
        if text:
            read.add(step.chapter)
