"""What a class takes away from the site without installing anything: hand-outs, worksheets, slides, sheets.

The build asks for them as for other downloads (see `embedgov_press.providers`): they are made from the
chapters that it has just executed.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path

from markdown_it import MarkdownIt
from markupsafe import Markup

from embedgov_press.directives import Directive, blocks
from embedgov_study import data
from embedgov_study.language import say
from embedgov_study.project import here

from . import lab, pack, question_bank, sheet
from .handout_notebook import Chapter, chapters_of_book, read_chapter
from .ingredients import ingredients
from .page_templates import templates
from .plain_markdown import Plain

FOLDER = "teach"  # below the downloads of the site
SEEDS = (101, 102)  # of the sets that no page of the lab shows
_POINTS = 3  # key points on a slide


def chapter_links() -> dict[str, list[tuple[str, str]]]:
    """What can be taken away of each chapter: words and address below the downloads, by the chapter."""
    forms = {
        ".zip": say("notebook that runs"),
        "-worksheet.html": say("worksheet"),
        "-slides.html": say("slides"),
    }
    return {
        name: [(words, f"{FOLDER}/{name}{ending}") for ending, words in forms.items()]
        for name in chapters_of_book()
    }


def downloads() -> Iterator[tuple[str, bytes]]:
    """Make two sets of each kind of item for a class to code: sheet, codebook and how to use them."""
    for of in sheet.KINDS:
        for number, seed in enumerate(SEEDS, 1):
            yield f"{FOLDER}/{set_file(of, number)}", _archive(sheet.files(of, lab.N, seed))


def set_file(of: str, number: int) -> str:
    """The name of the archive of a set."""
    return f"coding-{of}-{number}.zip"


def plan_file(name: str) -> str:
    """The name of the worksheets of a syllabus."""
    return f"plan-{name}.html"


def chapter_files(executed: Path, instructor: bool) -> Iterator[tuple[str, str, Callable[[], bytes]]]:
    """List what can be taken away of each chapter.

    Parameters
    ----------
    executed : Path
        The folder of the executed chapters.
    instructor : bool
        Whether the edition is the instructor's: its slides have discussion and board, and it has the
        keys, all solutions on one page, and the exercises of computing for learning platforms.

    Yields
    ------
    name, made_of, make : str, str, callable
        The file's name, a hash of all that it is made of, and what makes its content.
    """
    made_of = ingredients(executed)
    for name in chapters_of_book():
        files = {
            f"{name}.zip": partial(pack.archive, name, executed=executed),
            f"{name}-worksheet.html": partial(pack.chapter_worksheet, name, executed),
            f"{name}-slides.html": partial(_slides, name, instructor, executed),
        }
        if instructor:
            files[f"{name}-key.zip"] = partial(pack.archive, name, True, executed=executed)
        for file, make in files.items():
            yield f"{FOLDER}/{file}", made_of[name], make
    whole = "".join(made_of.values())
    for name in data.table("syllabi")["syllabus"]:
        yield f"{FOLDER}/{plan_file(name)}", whole, partial(pack.plan_worksheets, name, executed)
    if instructor:
        yield f"{FOLDER}/solutions.html", whole, partial(_solutions_page, executed)
        yield f"{FOLDER}/questions-moodle.xml", whole, lambda: question_bank.moodle(_questions(executed))
        yield f"{FOLDER}/questions-qti.zip", whole, lambda: question_bank.qti(_questions(executed))


def _archive(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as opened:
        for name, content in files.items():
            opened.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _made(template: str, **content: object) -> bytes:
    return f"{templates().get_template(template).render(content)}\n".encode()


_markdown = MarkdownIt("commonmark").enable("table")


def _inline(plain: Plain, text: str) -> Markup:
    return Markup(_markdown.renderInline(plain(text)))


# ---- slides


def _slides(name: str, instructor: bool, executed: Path) -> bytes:
    """A deck that scrolls from slide to slide, prints one on a page, and needs no script."""
    chapter = read_chapter(chapters_of_book()[name].page)
    plain = pack.plain(chapter, executed)
    points = [_inline(plain, each) for each in chapter.about.key_points]
    notes, on_board = _notes(chapter) if instructor else {}, say("On the board")
    return _made(
        "slides.html",
        about=chapter.about,
        questions=[_inline(plain, each) for each in chapter.about.questions],
        figures=list(_figures(chapter, plain, executed)),
        discussion=[
            _inline(plain, each)
            for each in re.findall(r"^- \*(.+?)\*$", notes.get(say("To discuss"), ""), re.M)
        ],
        board=Markup(_markdown.render(plain(notes[on_board]))) if on_board in notes else "",
        points=[points[at : at + _POINTS] for at in range(0, len(points), _POINTS)],
        exercises=[(plain.exercises[one.label], one) for one in chapter.about.exercises],
    )


def _figures(chapter: Chapter, plain: Plain, executed: Path) -> Iterator[dict[str, str]]:
    """The figures of a chapter: name, caption and what they show in words."""
    for cell in pack.executed_cells(chapter.about.name, executed) if chapter.code else ():
        shown = cell.metadata.get("mystnb", {})
        if "figure" in shown:
            yield {
                "name": shown["figure"]["name"],
                "caption": _inline(plain, shown["figure"]["caption"]),
                "alt": shown["image"]["alt"],
            }


def _notes(chapter: Chapter) -> dict[str, str]:
    """The notes for instructors on a chapter by their headings."""
    path = here().instructor / f"{chapter.about.name}.md"
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    return dict(re.findall(r"^## (.+)\n+((?:(?!## ).*\n?)*)", text, re.M))


# ---- solutions


def _all_solutions(chapter: Chapter) -> dict[str, str]:
    """The text of each solution, kept or not, by the exercise's label."""
    known = dict(chapter.kept)
    for cell in chapter.cells:
        for block in blocks(cell.source) if cell.cell_type == "markdown" else ():
            if isinstance(block, Directive) and block.name == "solution":
                known.setdefault(block.argument, block.body)
    return known


def _solutions(chapter: Chapter, plain: Plain) -> dict[str, object]:
    """Every exercise of a chapter with its solution, those of the book and the kept ones."""
    known = _all_solutions(chapter)
    return {
        "name": chapter.about.name,
        "title": chapter.about.title,
        "exercises": [
            {
                "number": plain.exercises[one.label],
                "title": one.title,
                "kind": one.kind,
                "minutes": one.minutes,
                "solution": Markup(_markdown.render(plain(known[one.label]))) if one.label in known else "",
            }
            for one in chapter.about.exercises
        ],
    }


def _solutions_page(executed: Path) -> bytes:
    """All solutions of the book on one page."""
    chapters = [_solutions(chapter, pack.plain(chapter, executed)) for chapter in _chapters()]
    return _made("solutions.html", chapters=chapters)


def _chapters() -> Iterator[Chapter]:
    return (read_chapter(about.page) for about in chapters_of_book().values())


# ---- questions for learning platforms


@cache
def _questions(executed: Path) -> list[question_bank.BankItem]:
    """All exercises of the book that ask for numbers."""
    chapters = ((chapter, pack.plain(chapter, executed)) for chapter in _chapters())
    return [item for chapter, plain in chapters for item in _bank(chapter, plain, executed)]


def _bank(chapter: Chapter, plain: Plain, executed: Path) -> Iterator[question_bank.BankItem]:
    """The exercises of a chapter that ask for numbers."""
    known = _all_solutions(chapter)
    for label, questions in pack.questions(chapter.about.page, executed).items():
        about, text = chapter.exercises[label]
        yield question_bank.BankItem(
            label,
            f"{plain.exercises[label]}. {about.title}",
            chapter.about.title,
            Markup(_markdown.render(plain(text))),
            Markup(_markdown.render(plain(known[label]))),
            questions,
        )
