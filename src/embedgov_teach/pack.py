"""Pack a chapter as a hand-out: an archive with a notebook that runs on its own.

The archive holds the chapter, the tables and the code that a run of it reads, a worksheet to print,
what to install, and the licences.
"""

import ast
import functools
import importlib.metadata
import io
import json
import tempfile
import zipfile
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import nbformat
import yaml
from myst_nb.core.variables import format_plain_text

from embedgov.plotting.fonts import FONT_FILES
from embedgov_press import dependencies, execution, packages
from embedgov_press.font import subset
from embedgov_study import data
from embedgov_study.language import in_language, language, say
from embedgov_study.project import here

from . import answers, lab, self_check, sheet, worksheet
from .answers import Question
from .errors import TeachingError
from .handout_notebook import (
    Chapter,
    book_context,
    chapters_of_book,
    exercise_numbers,
    make_notebook,
    read_chapter,
    title,
)
from .material import ROW, asked_for, material
from .page_templates import templates
from .plain_markdown import Plain
from .syllabi import sessions

MADE = b"made by embedgov teach pack"  # the archive's comment, by which it may be replaced
# The oldest versions with which the hand-outs were run: Google Colab has some of them.
OLDEST = {
    "pandas": "2.2",
    "matplotlib": "3.10",
    "scipy": "1.14",
    "seaborn": "0.13.2",
    "joblib": "1.3",
    "lazy-loader": "0.4",
}
# What the packed code imports and a hand-out never uses: it carries numbers into the book's pages.
UNUSED = {"myst_nb"}
TRANSLATING = {"babel"}  # what only a hand-out in another language than English uses


@dataclass(frozen=True)
class Run:
    """One run of a chapter: the numbers that it gave to the text, and the files that it read."""

    numbers: dict[str, str]  # by name, as Python writes them
    numbers_of_cell: dict[str, set[str]]  # by cell, the names of its numbers
    tables: frozenset[str]  # relative to data/
    code: frozenset[str]  # relative to where the packages lie
    cells: list[nbformat.NotebookNode]


def pack(name: str, out: Path, *, solutions: bool = False, cut: list[str] | None = None) -> Path:
    """Write the hand-out of a chapter.

    The executed copy of the last build gives the numbers in its text and says which files it reads;
    where that is out of date, the chapter is executed.
    The same sources give the same bytes.

    Parameters
    ----------
    name : str
        The chapter: a notebook, or a page of prose that has questions and objectives.
    out : Path
        The archive to write, ``.zip``. A hand-out that is there already is replaced.
    solutions : bool
        Make the key: the same with the solutions, those of the book and those that are kept in
        ``book/instructor/``.
    cut : list of str, optional
        Gets the words of each link into the book that the hand-out shows without its target.

    Returns
    -------
    Path
        The archive.

    Raises
    ------
    TeachingError
        If there is no such chapter, `out` is another file, or a text has no plain form.
    NotebookError
        If the chapter cannot be executed.
    """
    out = Path(out)
    _require_place(out)
    content = archive(name, solutions, cut)
    with tempfile.TemporaryDirectory(prefix=f".{out.stem}-", dir=out.parent) as beside:
        fresh = Path(beside) / out.name
        fresh.write_bytes(content)
        return fresh.replace(out)


def archive(
    name: str, solutions: bool = False, cut: list[str] | None = None, executed: Path | None = None
) -> bytes:
    """Make the hand-out of a chapter, as `pack` writes it.

    Parameters
    ----------
    name, solutions, cut
        See `pack`.
    executed : Path, optional
        The folder of the executed chapters, if that is not the one of the last build; they are up to
        date.
    """
    known = chapters_of_book()
    if name not in known:
        raise TeachingError(f"there is no chapter {name!r} to hand out; there are: {', '.join(known)}")
    chapter = read_chapter(known[name].page)
    made = _files(chapter, solutions, [] if cut is None else cut, executed)
    folder = f"embedgov-{name}{'-key' if solutions else ''}"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as opened:
        for path, content in sorted(made.items()):
            entry = zipfile.ZipInfo(f"{folder}/{path}", date_time=(1980, 1, 1, 0, 0, 0))
            entry.external_attr, entry.create_system = 0o644 << 16, 3  # on Windows the same bytes
            opened.writestr(entry, content, zipfile.ZIP_DEFLATED, compresslevel=9)
        opened.comment = MADE
    return packed.getvalue()


def plain(chapter: Chapter, executed: Path | None = None) -> Plain:
    """What turns the text of a chapter into plain Markdown, for other hand-outs than the notebook."""
    return _plain(chapter, [], executed)


def executed_cells(name: str, executed: Path | None = None) -> list[nbformat.NotebookNode]:
    """The cells of a chapter as it was executed."""
    return _run(name, executed).cells


def chapter_worksheet(name: str, executed: Path | None = None) -> bytes:
    """Make the worksheet of a chapter by itself: its exercises on paper, without solutions."""
    chapter = read_chapter(chapters_of_book()[name].page)
    return _worksheet(
        chapter, plain(chapter, executed), _material(chapter.about.page, executed), _shown(chapter, False)
    )


def plan_worksheets(name: str, executed: Path | None = None) -> bytes:
    """Make the paper of a syllabus: a worksheet for each session, with the exercises that it has."""
    known = chapters_of_book()
    chapters = {each: read_chapter(about.page) for each, about in known.items()}
    texts = {each: plain(chapter, executed) for each, chapter in chapters.items()}
    title = in_language(data.table("syllabi")).set_index("syllabus").at[name, "title"]
    steps = in_language(sessions(known)).query("syllabus == @name")
    sheets = []
    for number, own in steps.groupby("session"):
        asked = [
            (step.chapter, label)
            for step in own.dropna(subset=["exercises"]).itertuples()
            for label in step.exercises.split(";")
        ]
        needs = [
            _material(known[each].page, executed, tuple(label for chapter, label in asked if chapter == each))
            for each in dict(asked)
        ]
        before = {
            heading: [
                say("*{chapter}*: {step}", chapter=known[step.chapter].title, step=step.do)
                for step in own[own["place"] == place].itertuples()
            ]
            for heading, place in ((say("Before the session"), "home"), (say("In the session"), "class"))
        }
        exercises = [(*chapters[each].exercises[label], texts[each]) for each, label in asked]
        sheets.append(
            worksheet.sheet(
                say("{title}, session {number}", title=title, number=number),
                before,
                exercises,
                "\n\n".join(filter(None, needs)),
            )
        )
    return worksheet.page(title, sheets, _shown(chapters[steps.iloc[0]["chapter"]], False))


@functools.cache
def questions(page: str, executed: Path | None = None) -> dict[str, list[Question]]:
    """The questions with numbers for the exercises of a chapter; a page of prose has none."""
    if not (here().root / f"{page}.ipynb").is_file():
        return {}
    number = functools.partial(_number, page, executed)
    return answers.questions(Path(page).name, chapters_of_book(), number)


def _require_place(out: Path) -> None:
    if out.suffix != ".zip":
        raise TeachingError(f"{out}: a hand-out is an archive; let its name end in .zip")
    if not out.parent.is_dir():
        raise TeachingError(f"{out}: there is no folder {out.parent}; make it first")
    if out.exists():
        try:
            with zipfile.ZipFile(out) as there:
                ours = there.comment == MADE
        except (OSError, zipfile.BadZipFile):
            ours = False
        if not ours:
            raise TeachingError(f"{out} is there and is no hand-out; give another name or remove it")


# ---- what a chapter tells and reads when it runs


@functools.cache
def _run(name: str, executed: Path | None) -> Run:
    """Read the run of a chapter; run it again if that of the last build is out of date."""
    copy = (executed or here().executed) / f"{name}.ipynb"
    with tempfile.TemporaryDirectory(prefix="embedgov-pack-") as scratch:
        if not executed and dependencies.stale_reason(copy, {}):
            copy = execution.run(name, Path(scratch))
        notebook, reads = nbformat.read(copy, as_version=4), dependencies.read_record(copy)["reads"]
    numbers, numbers_of_cell = {}, defaultdict(set)
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if number := output.get("metadata", {}).get("scrapbook"):
                numbers[number["name"]] = output.data[f"{number['mime_prefix']}text/plain"]
                numbers_of_cell[cell.id].add(number["name"])
    files = [dependencies.path_of(read) for read in reads if dependencies.path_of(read).is_file()]
    return Run(
        numbers,
        numbers_of_cell,
        *(
            frozenset(file.relative_to(folder).as_posix() for file in files if file.is_relative_to(folder))
            for folder in (here().data, packages.FOLDER)
        ),
        notebook.cells,
    )


def _number(here_page: str, executed: Path | None, content: str) -> str:
    """The text of a number that a page quotes, from its own chapter or another."""
    page, _, key = content.rpartition("::")
    name = Path(page or here_page).stem
    key, _, form = key.partition(":")
    return format_plain_text(_run(name, executed).numbers[key], form)


# ---- what the archive holds


@functools.cache
def _config() -> dict:
    return yaml.safe_load(here().config.read_text(encoding="utf-8"))


def _base() -> str:
    """The address of the published site, or nothing."""
    return (_config().get("html", {}).get("baseurl") or "").rstrip("/")


def _plain(chapter: Chapter, cut: list[str], executed: Path | None) -> Plain:
    """What turns the text of a chapter into plain Markdown."""
    return Plain(
        chapter.about.page,
        _base(),
        functools.partial(_number, chapter.about.page, executed),
        figures={name: i for i, name in enumerate(chapter.figures, 1)},
        exercises=exercise_numbers(),
        brought={target for role, target in asked_for(chapter) if role == "ref" and ROW.fullmatch(target)},
        cut=cut,
    )


@functools.cache
def _material(page: str, executed: Path | None, labels: tuple[str, ...] = ()) -> str:
    """What the exercises of a chapter need, or those with some labels."""
    chapter = read_chapter(page)
    return material(chapter, lambda page, content: _number(page, executed, content), labels)


def _shown(chapter: Chapter, solutions: bool) -> dict[str, object]:
    """What the texts beside a notebook say of it."""
    config = _config()
    return {
        "title": title(chapter, solutions),
        "notebook": f"{chapter.about.name}{'-key' if solutions else ''}.ipynb",
        "solutions": solutions,
        "executable": bool(chapter.code),
        "version": importlib.metadata.version("embedgov"),
        "base": _base(),
        "author": config["author"],
        "year": config["copyright"],
    }


def _files(chapter: Chapter, solutions: bool, cut: list[str], executed: Path | None) -> dict[str, bytes]:
    """All files of the archive, by path within it."""
    plain, appendix = _plain(chapter, cut, executed), _material(chapter.about.page, executed)
    name = f"{chapter.about.name}{'-key' if solutions else ''}"
    numbers_of_cell = _run(chapter.about.name, executed).numbers_of_cell if chapter.code else {}
    asked = questions(chapter.about.page, executed)
    notebook = make_notebook(chapter, plain, solutions, f"embedgov-{name}", numbers_of_cell, appendix, asked)
    files = {f"{name}.ipynb": f"{nbformat.writes(notebook)}\n".encode()}
    if chapter.code:
        run = _run(chapter.about.name, executed)
        files |= _data(run.tables) | _code(run.code)
        files["_toc.yml"] = f"format: jb-book\nroot: {name}\n".encode()
        context = book_context(chapter, plain, solutions) | {"answers": _sealed(asked)}
        files["handout.json"] = json.dumps(context, ensure_ascii=False, indent=1).encode()
        files |= _fonts()
        if language() == "zh":
            files["_config.yml"] = b"sphinx:\n  config:\n    language: zh_CN\n"
            files["locale/zh/package.po"] = here().catalogue.read_bytes()
    for role, target in asked_for(chapter):
        if of := lab.kind_of(target) if role == "ref" else None:  # a page at which to code
            files |= {
                f"sheet-{of}/{file}": made for file, made in sheet.files(of, lab.N, lab.SEEDS[0]).items()
            }
    python = [content.decode() for path, content in files.items() if path.endswith(".py")]
    python += [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    files["requirements.txt"] = _requirements(python).encode()
    for licence in ("LICENSE", "LICENSE-TEXT"):
        files[licence] = (here().root / licence).read_bytes()
    shown = _shown(chapter, solutions)
    files["README.md"] = _rendered("README.md", **shown)
    files["worksheet.html"] = _worksheet(chapter, plain, appendix, shown)
    return files


def _sealed(asked: dict[str, list[Question]]) -> dict[str, list[tuple[int, str]]]:
    """What the answers of learners are compared by, by the exercise's label."""
    return {
        label: self_check.seal(label, [(value, each.decimals) for each in own for _, value in each.answers])
        for label, own in asked.items()
    }


def _data(read: frozenset[str]) -> dict[str, bytes]:
    """The tables that a run read, and those of the same kind, as a Data Package.

    Of tables that share a schema, such as the coders' of one round and of another, a parameter
    chooses; they come together. A relation to a table that does not come is left out.
    """
    data = here().data
    package = json.loads((data / "datapackage.json").read_text(encoding="utf-8"))
    every = package["resources"]
    kinds = {one["schema"] for one in every if one["path"] in read and isinstance(one["schema"], str)}
    package["resources"] = [
        one
        for one in every
        if one["path"] in read or isinstance(one["schema"], str) and one["schema"] in kinds
    ]
    names = {"", *(one["name"] for one in package["resources"])}
    files = {"data/README.md": (data / "README.md").read_bytes()}
    for one in package["resources"]:
        files[f"data/{one['path']}"] = (data / one["path"]).read_bytes()
        if isinstance(one["schema"], str):
            one["schema"] = json.loads((data / one["schema"]).read_text(encoding="utf-8"))
        keys = one["schema"].pop("foreignKeys", [])
        if keys := [key for key in keys if key["reference"]["resource"] in names]:
            one["schema"]["foreignKeys"] = keys
    files["data/datapackage.json"] = json.dumps(package, ensure_ascii=False, indent=1).encode()
    return files


def _code(read: frozenset[str]) -> dict[str, bytes]:
    """Package files to ship: those the run read, the hand-out's own modules, and their imports.

    A kernel may have imported a module before its chapter started, so imports are followed, too.
    """
    own = {Path(f"embedgov_teach/{name}.py") for name in ("handout_display", "self_check")}
    files, new = set(), {Path(path) for path in read} | own
    while new := {path for path in new if (packages.FOLDER / path).is_file()} - files:
        files |= new
        new = {found for path in new if path.suffix == ".py" for found in _imported(path)}
        starts = ("__init__.py", "__init__.pyi")
        new |= {folder / name for path in files for folder in path.parents for name in starts}
    return {path.as_posix(): (packages.FOLDER / path).read_bytes() for path in files}


@functools.cache
def _imported(module: Path) -> frozenset[Path]:
    """The paths of modules of our packages that a module imports, whether or not they exist."""
    own = {package.name for package in packages.PACKAGES}
    found = set()
    for node in ast.parse((packages.FOLDER / module).read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ImportFrom):
            names = [alias.name for alias in node.names]
            if node.module:
                names = [node.module, *(f"{node.module}.{name}" for name in names)]
            folder = module.parents[node.level - 1] if node.level else Path()
            for name in names:
                target = folder / name.replace(".", "/")
                if target.parts[0] in own:
                    found |= {Path(f"{target}.py"), target / "__init__.py"}
    return frozenset(found)


@functools.cache
def _fonts() -> dict[str, bytes]:
    """The fonts of the figures, with only the characters that the project uses, and their licence.

    All Latin letters, punctuation and symbols stay; whole, the fonts would be most of an archive.
    """
    project = here()
    used = [
        *project.data.rglob("*.csv"),
        *project.notebooks.glob("*.ipynb"),
        *(path for package in packages.PACKAGES for path in package.rglob("*.csv")),
    ]
    text = "".join(path.read_text(encoding="utf-8") for path in sorted(used))
    files = {}
    for path in FONT_FILES.values():
        content = subset(path, text + "".join(map(chr, range(0x2E80))), layout_features=[])
        files[path.relative_to(packages.FOLDER).as_posix()] = content
    licence = FONT_FILES["regular"].with_name("OFL.txt")
    files[licence.relative_to(packages.FOLDER).as_posix()] = licence.read_bytes()
    return files


def _requirements(sources: Iterable[str]) -> str:
    """The content of ``requirements.txt``: the packages that the code imports, from the oldest that do.

    They are ranges, so that nothing is installed over what is there, as in Colab; the kernel comes with
    whatever opens the notebook.
    """
    imported = set().union(*map(_libraries, sources)) - UNUSED
    if language() == "en":
        imported -= TRANSLATING
    providers = _providers()
    needed = {one.lower().replace("_", "-") for name in imported for one in providers.get(name, [])}
    pins = here().requirements.read_text(encoding="utf-8").splitlines()
    names = [pin.partition("==")[0] for pin in pins if "==" in pin]
    return "".join(
        f"{name}>={OLDEST[name]}\n" if name in OLDEST else f"{name}\n" for name in names if name in needed
    )


@functools.cache
def _libraries(source: str) -> frozenset[str]:
    """The names of the packages that code imports."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {name.name.partition(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add(node.module.partition(".")[0])
    return frozenset(found)


_providers = functools.cache(importlib.metadata.packages_distributions)


def _worksheet(chapter: Chapter, plain: Plain, appendix: str, shown: dict[str, object]) -> bytes:
    about = chapter.about
    before = {say("Questions"): about.questions, say("Afterwards you can"): about.objectives}
    one = worksheet.sheet(
        about.title,
        {heading: map(plain, listed) for heading, listed in before.items()},
        [(exercise, text, plain) for exercise, text in chapter.exercises.values()],
        appendix,
    )
    return worksheet.page(about.title, [one], shown)


def _rendered(template: str, **shown: object) -> bytes:
    return f"{templates().get_template(template).render(shown)}\n".encode()
