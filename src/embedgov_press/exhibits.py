"""The list of exhibits: for every figure and table its cell, the functions that make it and its data."""

import ast
import functools
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from IPython.core.inputtransformer2 import TransformerManager

from embedgov_study.data_package import resources
from embedgov_study.html_tables import templates
from embedgov_study.language import say
from embedgov_study.project import here

from . import dependencies, packages
from .errors import BuildError

_SHOWING = (  # helpers of display, names and colours, not listed as functions behind an exhibit
    "embedgov_press",
    "embedgov_study.display",
    "embedgov_study.evidence",
    "embedgov_study.html_tables",
    "embedgov_study.palette",
    "embedgov_study.project",
    "embedgov_study.vocabulary",
    "embedgov.plotting.labels",
    "embedgov_study.figures.labels",
)
_OURS = re.compile(r"embedgov(_study)?\.|embedgov_(?=\w+\.)")  # what is left out of a module's name


class Exhibit(NamedTuple):
    """One figure or table of a chapter."""

    name: str  # and of its files among the downloads
    kind: str  # figure or table
    caption: str
    chapter: str
    cell: str
    functions: tuple[str, ...]  # of our packages, on which its cell depends
    loaders: tuple[tuple[str, str], ...]  # functions of `embedgov_study.data`, each with its argument
    shown: bool = True  # on its chapter's page; the cover is made in a chapter and shown elsewhere

    @property
    def title(self) -> str:
        """The first sentence of the caption."""
        return re.split(r"(?<=[.])\s+(?=[A-Z])|(?<=。)", self.caption)[0].rstrip(".。")

    @property
    def data(self) -> list[str]:
        """The names of the tables that it is made from; a loader that names no single table by itself."""
        named = {"table": "{}", "codebook": "codebook-{}"}
        return [named[how].format(asked) if asked and how in named else how for how, asked in self.loaders]

    @property
    def place(self) -> str:
        """The anchor of the exhibit on its chapter's page; empty if it is not shown there."""
        if not self.shown:
            return ""
        return self.name if self.kind == "figure" else f"{self.name}-caption"

    @property
    def file(self) -> str:
        """The file that is offered for download, as a path within the project."""
        return f"_build/html/downloads/{self.name}.{'svg' if self.kind == 'figure' else 'csv'}"


def exhibits(executed: Path) -> Iterator[Exhibit]:
    """List the figures and tables of the executed chapters, in alphabetical order of the chapters."""
    for path in sorted(executed.glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]  # nbformat would take long
        earlier: list[ast.stmt] = []
        for cell in (cell for cell in cells if cell["cell_type"] == "code"):
            own = _parsed("".join(cell["source"]))
            shown = "remove-cell" not in cell["metadata"].get("tags", [])
            about = path.stem, cell["id"], *_origins(earlier, own), shown
            earlier += own
            figure = cell["metadata"].get("mystnb", {}).get("figure", {})
            if figure:
                yield Exhibit(figure["name"], "figure", figure["caption"], *about)
            for output in cell["outputs"]:
                name = output.get("metadata", {}).get("embedgov", {}).get("name")
                if name and name != figure.get("name"):  # under which a figure's values are offered
                    text = "".join(output["data"]["text/plain"])
                    yield Exhibit(name, "table", re.fullmatch("<table: (.*)>", text, re.S)[1], *about)


def tables_read(executed: Path) -> Iterator[tuple[str, list[str]]]:
    """List for every executed chapter the tables that it read, from its dependency record."""
    tables = {f"data/{each['path']}": name for name, each in resources(here().data).items()}
    for path in sorted(executed.glob("*.ipynb")):
        files = dependencies.read_record(path).get("reads", {})
        yield path.stem, [name for file, name in tables.items() if file in files]


def page(executed: Path, described: Mapping[str, str] | None = None) -> tuple[str, str, str]:
    """Make the page that lists the exhibits.

    Parameters
    ----------
    executed : Path
        The folder of the executed copies.
    described : mapping of str to str, optional
        Full name of a function -> the address where the book describes it.

    Returns
    -------
    name, title, body : str
        The page's address without ending, its title and its body (HTML).
    """
    title = say("Exhibits")
    own = list(exhibits(executed))
    shown = {
        "exhibits": own,
        "read": list(tables_read(executed)),
        "tables": resources(here().data),
        "packages": _by_package(own),
        "described": described or {},
        "kinds": {"figure": say("figure"), "table": say("table")},
    }
    body = templates("embedgov_press").get_template("exhibits.html").render(title=title, **shown)
    return "exhibits", title, body


def _by_package(exhibits: list[Exhibit]) -> dict[str, list[str]]:
    """The modules of the functions that are listed, by the package in which they are."""
    found = {}
    for module in sorted({name.rpartition(".")[0] for each in exhibits for name in each.functions}):
        first, _, rest = module.partition(".")
        for package, name in (("embedgov", module), ("embedgov_study", module), (f"embedgov_{first}", rest)):
            path = packages.FOLDER / package / name.replace(".", "/")
            if name and (path.is_dir() or path.with_suffix(".py").is_file()):
                found.setdefault(package, []).append(module)
                break
    return dict(sorted(found.items()))


def write_codecheck() -> Path:
    """List the files of the last build in ``codecheck.yml``, after the lines that are written by hand.

    Raises
    ------
    BuildError
        If the file does not end in its list of outputs.
    """
    project = here()
    head, start, _ = project.codecheck.read_text(encoding="utf-8").partition("\nmanifest:\n")
    if not start:
        raise BuildError(f"{project.codecheck.name} has no line 'manifest:'; put it back at the end")
    listed = "".join(
        f"  - file: {each.file}\n"
        f"    comment: {json.dumps(_comment(each), ensure_ascii=False)}\n"  # a text of YAML, too
        for each in exhibits(project.executed)
    )
    return dependencies.write_whole(project.codecheck, head + start + listed)


def write_readme() -> Path:
    """Write the table of exhibits of the last build into the README, between its two comments.

    Raises
    ------
    BuildError
        If the comments are not there.
    """
    project = here()
    head, start, rest = project.readme.read_text(encoding="utf-8").partition("<!-- exhibits -->\n")
    _, end, tail = rest.partition("<!-- end of exhibits -->\n")
    if not end:
        raise BuildError(f"{project.readme.name} lacks the comments around its exhibits; put them back")
    rows = [("Exhibit", "Kind", "Notebook", "Cell", "Functions", "Data"), ("---",) * 6]
    rows += [
        (
            each.title.replace("|", "\\|"),
            each.kind,
            each.chapter,
            f"`{each.cell}`",
            _codes(each.functions),
            _codes(each.data),
        )
        for each in exhibits(project.executed)
    ]
    table = "".join(f"| {' | '.join(row)} |\n" for row in rows)
    return dependencies.write_whole(project.readme, f"{head}{start}\n{table}\n{end}{tail}")


def _codes(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _comment(exhibit: Exhibit) -> str:
    """What an output is; without a per cent sign, which the R package codecheck hands on to LaTeX as it is."""
    text = (
        f"{exhibit.kind.capitalize()} of notebooks/{exhibit.chapter}.ipynb, cell {exhibit.cell}: "
        f"{exhibit.title}"
    )
    return re.sub(r" ?%", " per cent", text)


def _parsed(code: str) -> list[ast.stmt]:
    try:
        return ast.parse(code).body
    except SyntaxError:  # magics of IPython, whose translation takes a while
        return ast.parse(TransformerManager().transform_cell(code)).body


def _origins(earlier: list[ast.stmt], own: list[ast.stmt]) -> tuple[tuple, tuple]:
    """Package functions and data loaders that a cell's output depends on (found by slicing the code).

    They are called in the cell, or in a statement before it that makes a name that the cell uses,
    or a name that such a statement uses.
    """
    imported = {
        part.asname or part.name: _OURS.sub("", full)
        for statement in earlier
        if isinstance(statement, ast.ImportFrom)
        for part in statement.names
        if _OURS.match(full := f"{statement.module}.{part.name}") and not full.startswith(_SHOWING)
    }
    functions, loaders, needed = [], [], set()
    for statement in [*reversed(own), *reversed(earlier)]:
        if statement not in own and not needed & _names(statement, ast.Store):
            continue
        needed |= _names(statement, ast.Load)
        for node in _nodes(statement):
            match node:
                case ast.Call(func=ast.Attribute(value=ast.Name(id="data"), attr=name)):
                    asked = [part.value for part in node.args if isinstance(part, ast.Constant)]
                    loaders.append((name, *asked[:1]) if asked else (name, ""))
                case ast.Call(func=ast.Attribute(value=ast.Name(id=module), attr=name)):
                    if module in imported and name != "set_theme":
                        functions.append(f"{imported[module]}.{name}")
                case ast.Call(func=ast.Name(id=name)) if name in imported:
                    functions.append(imported[name])
    functions.sort(key=lambda name: not name.startswith(("plotting", "figures")))
    return tuple(dict.fromkeys(functions)), tuple(sorted(set(loaders)))


@functools.cache
def _nodes(statement: ast.stmt) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(statement))


@functools.cache
def _names(statement: ast.stmt, context: type) -> set[str]:
    """Names that a statement reads (context Load), or those that it sets or changes (context Store)."""
    inner = {
        name.id
        for node in _nodes(statement)
        if isinstance(node, ast.comprehension)
        for name in ast.walk(node.target)
        if isinstance(name, ast.Name)
    }
    names = set()
    for node in _nodes(statement):
        if isinstance(node, ast.Name) and isinstance(node.ctx, context):
            names.add(node.id)
        elif context is ast.Store and isinstance(node, ast.Subscript | ast.Attribute):
            if isinstance(node.ctx, ast.Store) and isinstance(node.value, ast.Name):
                names.add(node.value.id)
        elif context is ast.Store and isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
    return names - inner
