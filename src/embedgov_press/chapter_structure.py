"""Read the overview of each chapter: questions, objectives, minutes, prerequisites, key points, exercises.

A notebook has this in its metadata under ``embedgov``, a prose chapter in its front matter;
key points and exercises are read from the text.
A page without an overview is a reference page, such as the glossary, and no chapter.
"""

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import nbformat
import yaml
from sphinx_external_toc.parsing import parse_toc_yaml

from embedgov_study.errors import NotebookError
from embedgov_study.language import say
from embedgov_study.project import here

from .directives import Directive, blocks

KINDS = ("compute", "code", "criticise")  # of exercises, as their directive's class says


FRONT = re.compile(r"\A---\n(.*?\n)---\n", re.S)
_POINTS = re.compile(r"^## (.+)\n+((?:- .*\n?)+)", re.M)
_MINUTES = re.compile(r"\W*\w+(?:, |，)(\d+)(?: minutes|分钟)\W*$", re.M)


def kinds() -> dict[str, str]:
    """The kinds of exercises, each with what readers are shown."""
    return {"compute": say("compute"), "code": say("code"), "criticise": say("criticise")}


@dataclass(frozen=True)
class Exercise:
    """One exercise: its label, its title, its kind (one of `KINDS`) and its minutes."""

    label: str
    title: str
    kind: str
    minutes: int


@dataclass(frozen=True)
class Overview:
    """The overview of one chapter.

    Minutes are whole numbers and prerequisites names of chapters; a key point is a sentence as the
    source has it, with the names of the numbers that its chapter computes.
    """

    page: str  # as _toc.yml has it: notebooks/register
    title: str
    questions: tuple[str, ...]
    objectives: tuple[str, ...]
    teaching: int
    exercising: int
    prerequisites: tuple[str, ...]
    key_points: tuple[str, ...]
    exercises: tuple[Exercise, ...]

    @property
    def name(self) -> str:
        """The last part of the page's path, such as ``register``."""
        return self.page.rpartition("/")[2]


def overviews() -> dict[str, Overview]:
    """Read the overviews of all chapters, by name and in the order of the book.

    Raises
    ------
    NotebookError
        As for `overview`; if a prerequisite is no chapter, or chapters need each other in a circle.
    """
    pages = parse_toc_yaml(here().toc)
    found = {each.name: each for each in map(overview, pages) if each is not None}
    for each in found.values():
        for name in each.prerequisites:
            if name not in found:
                raise _refusal(
                    each.page,
                    "prerequisites",
                    f"names {name!r}, which is no chapter",
                    f"take one of {', '.join(found)}",
                )
    try:
        TopologicalSorter({name: each.prerequisites for name, each in found.items()}).prepare()
    except CycleError as error:
        circle = error.args[1][::-1]
        raise _refusal(
            found[circle[0]].page,
            "prerequisites",
            f"closes a circle: {' needs '.join(circle)}",
            "take one of them out",
        ) from None
    return found


def overview(page: str) -> Overview | None:
    """Read the overview of one page; None for a reference page.

    Parameters
    ----------
    page : str
        As ``_toc.yml`` has it, as in ``notebooks/register`` or ``book/question``.

    Raises
    ------
    NotebookError
        If something is missing or not of its form, with the file and the key.
    """
    root = here().root
    notebook = root / f"{page}.ipynb"
    if os.path.lexists(notebook):
        source = _notebook(notebook)
        about = source.metadata.get("embedgov", {})
        parts = [cell.source for cell in source.cells if cell.cell_type == "markdown"]
    else:
        text = _prose(root / f"{page}.md")
        about = _front_matter(page, text).get("embedgov", {"reference": "prose"})
        parts = re.split(r"\n(?=## )", FRONT.sub("", text))
    if about.get("reference"):
        return None
    minutes = about.get("minutes") or {}
    for key, value, sound, expected in (
        *(
            (key, about.get(key), _texts(about.get(key)) and about[key], "a list of sentences")
            for key in ("questions", "objectives")
        ),
        *(
            (
                f"minutes.{key}",
                minutes.get(key),
                type(minutes.get(key)) is int and minutes[key] >= 0,
                "a whole number",
            )
            for key in ("teaching", "exercises")
        ),
        (
            "prerequisites",
            about.get("prerequisites"),
            _texts(about.get("prerequisites")),
            "a list of names of chapters, which may be empty",
        ),
    ):
        if value is None:
            raise _refusal(page, key, "is missing", f"every chapter has {expected} there")
        if not sound:
            raise _refusal(page, key, f"is {value!r}", f"expected {expected}")
    text = "\n\n".join(parts)
    title, headed = re.search(r"^# (.+)$", text, re.M), dict(_POINTS.findall(text))
    return Overview(
        page,
        title[1] if title else page,
        tuple(about["questions"]),
        tuple(about["objectives"]),
        minutes["teaching"],
        minutes["exercises"],
        tuple(about["prerequisites"]),
        tuple(re.findall(r"^- (.+)$", headed.get(say("Key points"), ""), re.M)),
        _exercises(page, parts),
    )


def needed(name: str, chapters: dict[str, Overview]) -> list[str]:
    """List the prerequisites of a chapter and theirs in turn, in the order of the book."""
    open_, found = [name], set()
    while open_:
        new = set(chapters[open_.pop()].prerequisites) - found
        found |= new
        open_ += new
    return [each for each in chapters if each in found]


def _notebook(path: Path) -> nbformat.NotebookNode:
    try:
        return nbformat.read(path, as_version=4)
    except OSError:
        raise
    except Exception as error:  # of many kinds
        reason = str(error).partition("\n")[0]
        raise NotebookError(
            f"{path.relative_to(here().root)} is no notebook: {reason}; restore it"
        ) from error


def _prose(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise NotebookError(
            f"{path.relative_to(here().root)} is not UTF-8: byte {error.start} is "
            f"0x{error.object[error.start]:02x}; save the file as UTF-8"
        ) from error


def _front_matter(page: str, text: str) -> dict:
    found = FRONT.match(text)
    try:
        return yaml.safe_load(found[1]) if found else {}
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 2
        raise NotebookError(
            f"{page}.md:{line}: the front matter is no YAML: {error.problem}; put the value in quotes"
        ) from None


def _exercises(page: str, parts: Iterable[str]) -> tuple[Exercise, ...]:
    found = []
    for block in (block for part in parts if "{exercise}" in part for block in blocks(part)):
        if not isinstance(block, Directive) or block.name != "exercise":
            continue
        label, kind = block.options.get("label"), block.options.get("class")
        minutes = _MINUTES.match(block.body)
        lacking = (
            "label"
            if not label
            else f"class; take one of {', '.join(KINDS)}"
            if kind not in KINDS
            else "line *Kind, N minutes* at its beginning"
            if not minutes
            else None
        )
        if lacking:
            raise NotebookError(f"{_file(page)}: the exercise {block.argument!r} lacks a {lacking}")
        found.append(Exercise(label, block.argument, kind, int(minutes[1])))
    return tuple(found)


def _texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) and each for each in value)


def _refusal(page: str, key: str, what: str, remedy: str) -> NotebookError:
    return NotebookError(f"{_file(page)}: embedgov.{key} {what}; {remedy}")


def _file(page: str) -> str:
    return f"{page}{'.ipynb' if (here().root / f'{page}.ipynb').is_file() else '.md'}"
