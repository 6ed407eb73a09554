"""Turn a chapter into the notebook of a hand-out, with room for answers, or into its key with solutions."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from types import MappingProxyType

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from embedgov_press.chapter_structure import FRONT, Exercise, Overview, overview, overviews
from embedgov_press.directives import Directive, blocks
from embedgov_study.language import say
from embedgov_study.project import here

from .answers import Question
from .errors import TeachingError
from .plain_markdown import Plain, references
from .self_check import form

NUMBER = re.compile(r"\{glue:text\}`(\w+)`")  # of the chapter itself
SOLUTION = "solution"  # the tag of a cell that computes numbers for solutions only
FOLDED = {"jupyter": {"source_hidden": True}}  # JupyterLab and VS Code fold the code of such a cell
COLAB = """\
# {what}
import os
import sys
from pathlib import Path

if "google.colab" in sys.modules and Path.cwd().name != "{folder}":
    import shutil
    import subprocess

    for archive in Path().glob("*.zip"):
        shutil.unpack_archive(archive)
    if not Path("{folder}").is_dir():
        raise FileNotFoundError(
            "{upload}"
        )
    os.chdir("{folder}")
    # {ranges}
    subprocess.run([sys.executable, "-m", "pip", "install", "-q", "-r", "requirements.txt"], check=True)
    sys.path.insert(0, os.getcwd())"""

SELF_CHECK = """\
# {what}
from embedgov_teach.self_check import check

check(
    "{label}",
    [
{answers}
    ],
)"""


@dataclass(frozen=True)
class Chapter:
    """The source of a chapter.

    Parameters
    ----------
    cells : list
        Its cells; of a page of prose, a cell for each section.
    about : Overview
        Its overview.
    kept : dict
        The solutions that the public book does not show, by the exercise's label.
    """

    cells: list[NotebookNode]
    about: Overview
    kept: dict[str, str]

    @property
    def code(self) -> list[str]:
        """The source of each cell of code."""
        return [cell.source for cell in self.cells if cell.cell_type == "code"]

    @property
    def figures(self) -> list[str]:
        """The names of the figures, in the order of the code that draws them."""
        return re.findall(r'\bname="(fig-[\w-]+)"', "\n".join(self.code))

    @cached_property
    def exercises(self) -> dict[str, tuple[Exercise, str]]:
        """The exercises by label and in order, each with its text as written."""
        texts = {
            block.options["label"]: block.body
            for cell in self.cells
            if cell.cell_type == "markdown"
            for block in blocks(cell.source)
            if isinstance(block, Directive) and block.name == "exercise"
        }
        return {one.label: (one, texts[one.label]) for one in self.about.exercises}

    def wording(self, solutions: bool) -> str:
        """All text of the chapter as it is written, with or without the solutions."""
        texts = list(self.kept.values()) if solutions else []
        for cell in self.cells:
            for block in blocks(cell.source) if cell.cell_type == "markdown" else ():
                if not isinstance(block, Directive):
                    texts.append(block)
                elif solutions or block.name != "solution":
                    texts.append(block.body)
        return "\n".join(texts)


@cache
def chapters_of_book() -> dict[str, Overview]:
    """The overviews of all chapters, read once: each hand-out needs them again and again."""
    return overviews()


@cache
def exercise_numbers() -> dict[str, int]:
    """The number of each exercise by its label, which is that on the pages of the book."""
    labels = [one.label for each in chapters_of_book().values() for one in each.exercises]
    return {label: number for number, label in enumerate(labels, 1)}


def read_chapter(page: str) -> Chapter:
    """Read the source of a page of the book, and the solutions kept for instructors.

    Raises
    ------
    TeachingError
        If a kept solution belongs to no exercise of the page.
    """
    project = here()
    if (source := project.root / f"{page}.ipynb").is_file():
        cells = nbformat.read(source, as_version=4).cells
    else:
        text = FRONT.sub("", (project.root / f"{page}.md").read_text(encoding="utf-8")).strip()
        sections = enumerate(re.split(r"\n(?=## )", text), 1)
        cells = [new_markdown_cell(part, id=f"section-{i}") for i, part in sections]
    about = overview(page)
    notes = project.instructor / f"{about.name}.md"
    kept = {
        block.argument: block.body
        for block in (blocks(notes.read_text(encoding="utf-8")) if notes.is_file() else ())
        if isinstance(block, Directive) and block.name == "solution"
    }
    labels = [exercise.label for exercise in about.exercises]
    for label in kept:
        if label not in labels:
            raise TeachingError(
                f"{notes.relative_to(project.root)}: the solution {label!r} belongs to no exercise of "
                f"{page}; there are: {', '.join(labels) or 'none'}"
            )
    return Chapter(cells, about, kept)


def title(chapter: Chapter, solutions: bool) -> str:
    """The title of a hand-out; that of a key begins with "Key"."""
    return say("Key: {title}", title=chapter.about.title) if solutions else chapter.about.title


def make_notebook(
    chapter: Chapter,
    plain: Plain,
    solutions: bool,
    folder: str,
    numbers_of_cell: Mapping[str, set[str]],
    appendix: str = "",
    questions: Mapping[str, Sequence[Question]] = MappingProxyType({}),
) -> NotebookNode:
    """Make the notebook of a hand-out.

    Parameters
    ----------
    chapter : Chapter
        The chapter.
    plain : Plain
        Turns its text into plain Markdown.
    solutions : bool
        Whether it is the key.
    folder : str
        The folder in which the notebook will lie.
    numbers_of_cell : mapping
        By id of a cell of code, the names of the numbers that it gives to the text.
    appendix : str
        What the exercises need of other pages, as `embedgov_teach.material` makes it.
    questions : mapping
        By the exercise's label what a learner can check, as `embedgov_teach.answers` reads it.

    Raises
    ------
    TeachingError
        If a text has no plain form, an exercise has no label, or a cell would give an answer away.
    """
    cells = []
    for cell in chapter.cells if solutions else _without_answers(chapter, numbers_of_cell):
        if cell.cell_type == "markdown":
            cells += _text_cells(cell, chapter, plain, solutions, questions)
        else:
            cells.append(_code_cell(cell))
    cells[0].source = cells[0].source.replace(chapter.about.title, title(chapter, solutions), 1)
    cells.insert(1, new_markdown_cell(_overview(chapter, plain, solutions), id="overview"))
    if chapter.code:
        cells.insert(2, new_code_cell(_colab(folder), id="colab", metadata=FOLDED))
    if appendix:
        cells.append(new_markdown_cell(appendix, id="material"))
    if works := references(chapter.wording(solutions)):
        listed = "\n".join(f"- {work}" for work in works)
        cells.append(new_markdown_cell(f"## {say('Works cited')}\n\n{listed}", id="works-cited"))
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return new_notebook(cells=cells, metadata=metadata)


def book_context(chapter: Chapter, plain: Plain, solutions: bool) -> dict:
    """Collect what `embedgov_teach.handout_display` needs to know of the book: the content of ``handout.json``."""

    def as_written(content: str) -> str:
        role = f"{{glue:text}}`{content}`"
        return role if NUMBER.fullmatch(role) else plain.number(content)

    wording = chapter.wording(solutions)
    keep = replace(plain, number=as_written)
    sentences = [
        keep(re.sub(r"^\s*(?:[-*>#]+|\d+\.)\s+", "", line))
        for line in wording.splitlines()
        if NUMBER.search(line)
    ]
    numbers = {name: plain.number(name) for name in sorted(set(NUMBER.findall(wording)))}
    return {"book": plain.base, "figures": chapter.figures, "numbers": numbers, "sentences": sentences}


def _without_answers(chapter: Chapter, numbers_of_cell: Mapping[str, set[str]]) -> list[NotebookNode]:
    """The cells for learners: without those that compute numbers for solutions only."""
    shown = set(NUMBER.findall(chapter.wording(solutions=False)))
    answered = set(NUMBER.findall(chapter.wording(solutions=True)))
    cells = [cell for cell in chapter.cells if SOLUTION not in cell.metadata.get("tags", [])]
    for cell in cells:
        if answers := (numbers_of_cell.get(cell.id, set()) & answered) - shown:
            raise TeachingError(
                f"{chapter.about.page}, cell {cell.id}: it tells {', '.join(sorted(answers))}, which no "
                f"text but a solution shows; tell it in a cell with the tag {SOLUTION!r}, or not at all"
            )
    return cells


def _code_cell(cell: NotebookNode) -> NotebookNode:
    """Adapt a cell of code to a hand-out: folded if the book hides it."""
    tags = cell.metadata.get("tags", [])
    metadata = dict(FOLDED) if {"hide-input", "remove-cell"} & set(tags) else {}
    if "parameters" in tags:
        metadata["tags"] = ["parameters"]
    source = cell.source.replace("embedgov_study.display", "embedgov_teach.handout_display")
    return new_code_cell(source, id=cell.id, metadata=metadata)


def _text_cells(
    cell: NotebookNode,
    chapter: Chapter,
    plain: Plain,
    solutions: bool,
    questions: Mapping[str, Sequence[Question]],
) -> list[NotebookNode]:
    """Turn a cell of text into plain Markdown, with separate cells for exercises, answers and solutions."""
    cells, exercise = [], None
    for block in blocks(cell.source):
        named = block.name if isinstance(block, Directive) else None
        if named == "exercise":
            about, text = chapter.exercises[block.options["label"]]
            exercise = new_markdown_cell(_exercise(about, text, plain), id=about.label)
            cells += [exercise, _answer(about)]
            if about.label in questions:
                cells.append(_self_check(about.label, questions[about.label], solutions))
            if solutions and about.label in chapter.kept:
                cells.append(_solution(about.label, chapter.kept[about.label], plain))
        elif named == "solution":
            if solutions:
                cells.append(_solution(block.argument, block.body, plain))
        elif text := plain.block(block):
            if named and exercise:  # a hint
                exercise.source += f"\n\n{text}"
                continue
            exercise = None
            if cells and cells[-1].id.startswith(cell.id):
                cells[-1].source += f"\n\n{text}"
            else:
                new = f"{cell.id}-{len(cells)}" if cells else cell.id
                cells.append(new_markdown_cell(text, id=new))
    return cells


def _colab(folder: str) -> str:
    return COLAB.format(
        folder=folder,
        what=say("This cell does nothing on your own computer. In Google Colab it unpacks the hand-out."),
        upload=say(
            "Upload the archive with this notebook, unopened, with the folder symbol at the left; then run "
            "this cell again."
        ),
        ranges=say("What Colab has already stays as it is: the requirements are ranges."),
    )


def _exercise(about: Exercise, text: str, plain: Plain) -> str:
    number = plain.exercises[about.label]
    heading = (
        say("Exercise {number}: {title}", number=number, title=about.title)
        if about.title
        else say("Exercise {number}", number=number)
    )
    return f"### {heading}\n\n{plain(text)}"


def _answer(about: Exercise) -> NotebookNode:
    label = f"{about.label}-answer"
    if about.kind == "compute":
        return new_code_cell(f"# {say('Your answer')}\n", id=label)
    return new_markdown_cell(f"*{say('Your answer')}*\n", id=label)


def _self_check(label: str, questions: Sequence[Question], solutions: bool) -> NotebookNode:
    """A cell in which a learner checks the numbers of an answer; in the key they stand in it."""
    lines = []
    for question in questions:
        lines.append(f"# {question.asks}")
        for part, value in question.answers:
            expected = say("{part}: ", part=part) * bool(part) + form(question.decimals)
            lines.append(f"{value if solutions else '...'},  # {expected}")
    answers = "\n".join(f"        {line}" for line in lines)
    return new_code_cell(
        SELF_CHECK.format(
            what=say("Check yourself: put your answers in the place of the dots, and run the cell."),
            label=label,
            answers=answers,
        ),
        id=f"{label}-check",
    )


def _solution(label: str, text: str, plain: Plain) -> NotebookNode:
    heading = f"#### {say('Solution of exercise {number}', number=plain.exercises[label])}"
    return new_markdown_cell(f"{heading}\n\n{plain(text)}", id=f"{label}-solution")


def _overview(chapter: Chapter, plain: Plain, solutions: bool) -> str:
    """The cell below the title: questions, objectives, time, and how to use the hand-out."""
    about = chapter.about
    key = say("This is the key. It holds the solutions; do not hand it out.")
    parts = [f"> **{key}**"] * solutions
    for heading, items in ((say("Questions"), about.questions), (say("Objectives"), about.objectives)):
        parts.append(f"**{heading}**\n\n" + "\n".join(f"- {item}" for item in items))
    if about.prerequisites:
        known = chapters_of_book()
        before = say(", ").join(f"{{doc}}`/{known[name].page}`" for name in about.prerequisites)
        parts.append(plain(f"**{say('Needs')}** {before}"))
    minutes = say(
        "{reading} minutes of reading or teaching, {exercises} minutes of exercises",
        reading=about.teaching,
        exercises=about.exercising,
    )
    parts.append(f"**{say('Time')}** {minutes}")
    book = say("*Embedded Governance*")
    home = f"[{book}]({plain.base})" if plain.base else book
    use = (
        say(
            "This is a chapter of {book}, handed out by itself. Run all cells from the top. The numbers in the "
            "text are the published ones. If you change a parameter, run all cells again: tables and figures "
            "follow, and where a sentence would read differently, the cell that computes its numbers says how.",
            book=home,
        )
        if chapter.code
        else say("This is a chapter of {book}, handed out by itself.", book=home)
    )
    return "\n\n".join([*parts, use])
