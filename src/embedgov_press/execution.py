"""Execute the chapters, which are notebooks, and prepare the executed copies for publication."""

import ast
import math
import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from pathlib import Path
from types import MappingProxyType

import nbformat
from tqdm import tqdm

from embedgov.errors import EmbedgovError
from embedgov_study import vocabulary
from embedgov_study.errors import NotebookError
from embedgov_study.project import here

from . import dependencies
from .scratch import scratch

# papermill and the kernels are imported where a chapter is executed: it takes a while,
# and a build that executes none does without them.

TRACEBACK_LINES = 12  # how much of a failing cell's traceback the message repeats
CELL_SECONDS, START_SECONDS = 600, 120  # when a cell or a kernel's start is given up

FOLDERS = "home|tmp|root|Users|var|private|opt|mnt|srv|work|workspace"  # of absolute paths


def chapters() -> list[str]:
    """List the names of the notebooks, in alphabetical order."""
    return sorted(path.stem for path in here().notebooks.glob("*.ipynb"))


def declared_parameters(name: str) -> dict[str, str]:
    """Read the parameters that a chapter declares, each with its default as written.

    Parameters
    ----------
    name : str
        A chapter's name, as in ``notebooks/NAME.ipynb``.

    Raises
    ------
    NotebookError
        If there is no such chapter.
    """
    import papermill

    inspected = papermill.inspect_notebook(str(_source(name)))
    return {key: str(parameter["default"]) for key, parameter in inspected.items()}


def run(name: str, into: Path, parameters: Mapping[str, object] | None = None) -> Path:
    """Execute one chapter, perhaps with other parameters, and write the executed copy to a folder.

    Parameters
    ----------
    name : str
        The chapter's name.
    into : Path
        The folder for the executed copy; made if missing.
        Where the chapter fails, the copy up to the failing cell is left there.
    parameters : mapping, optional
        Values for parameters that the chapter declares.
        Where one is not the published value, the copy says so below its title.

    Returns
    -------
    Path
        The executed copy; its record lies beside it.

    Raises
    ------
    NotebookError
        If the chapter or a parameter does not exist or may not have this value,
        `into` belongs to the book, a cell raises,
        or the result may not be published (see `faults`).
    """
    root = here().root
    ours = [root / name for name in ("book", "data", "notebooks", "src", "_build", "_executed")]
    if into.resolve() == root or any(into.resolve().is_relative_to(folder) for folder in ours):
        raise NotebookError(f"{into} belongs to the book; name a folder of your own")
    parameters = _allowed(name, parameters or {})
    into.mkdir(parents=True, exist_ok=True)
    return _execute(name, into, parameters)


def _execute(name: str, into: Path, parameters: Mapping[str, object] = MappingProxyType({})) -> Path:
    """Execute a chapter as `run` does."""
    import papermill
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    from . import kernels

    source = _source(name)
    target = into / source.name
    start = time.monotonic()
    with tempfile.TemporaryDirectory(dir=scratch()) as folder:
        reads = Path(folder) / "reads"
        try:
            papermill.execute_notebook(
                str(source),
                str(target),
                parameters=dict(parameters),
                kernel_name="python3",
                kernel_manager_class=kernels.WarmKernelManager,
                extra_arguments=[f"--reads={reads}"],
                resources={"metadata": {"path": str(here().notebooks)}},  # where the kernel runs
                shutdown_kernel="immediate",
                request_save_on_cell_execute=False,
                progress_bar=False,
                execution_timeout=CELL_SECONDS,
                iopub_timeout=CELL_SECONDS,  # 4 by default, which a busy machine may need
                start_timeout=START_SECONDS,
            )
        except PapermillExecutionError as error:
            raise NotebookError(_failure(name, target, error)) from None
        except (CellTimeoutError, DeadKernelError, RuntimeError) as error:
            raise NotebookError(
                f"notebooks/{name}.ipynb: the kernel stopped: {error}; "
                "run the chapter in Jupyter to see at which cell"
            ) from None
        read = [source, *kernels.read_files(reads)]
    notebook = normalised(nbformat.read(target, as_version=4))
    if parameters and (note := _note(name, parameters)):
        _put_below_title(notebook, note)
    nbformat.write(notebook, target)
    found = faults(notebook)
    if found:
        raise NotebookError("\n".join(f"notebooks/{name}.ipynb, {fault}" for fault in found))
    dependencies.write_record(target, parameters=parameters, reads=read, seconds=time.monotonic() - start)
    return target


def run_all(names: list[str], into: Path, watch: Callable[[], None] = lambda: None) -> None:
    """Execute chapters in parallel, the longest first; move each to a folder once it is sound.

    Parameters
    ----------
    names : list of str
        The chapters.
    into : Path
        A folder for the executed copies.
    watch : callable, optional
        Polled twice a second; an exception from it cancels the run.

    Raises
    ------
    NotebookError
        With the reason of each chapter that failed.
        What the failing chapters got to is in ``_build/failed/``.
    """
    build = here().build
    failed = build / "failed"
    shutil.rmtree(failed, ignore_errors=True)
    reasons = {}
    with (
        tempfile.TemporaryDirectory(prefix="executed-", dir=build) as folder,
        ThreadPoolExecutor(os.cpu_count()) as pool,
        tqdm(total=len(names), desc="chapters", unit="chapter", disable=not names) as bar,
    ):
        running = {pool.submit(_execute, name, Path(folder)): name for name in _longest_first(names)}
        try:
            waiting = set(running)
            while waiting:
                done, waiting = wait(waiting, timeout=0.5, return_when=FIRST_COMPLETED)
                watch()
                for one in done:
                    name = running[one]
                    try:
                        executed = one.result()
                        # The record first: whoever waits for the copy then finds both.
                        for file in (executed.with_suffix(".json"), executed):
                            file.replace(into / file.name)
                    except NotebookError as error:
                        reasons[name] = str(error)
                    bar.set_postfix_str(name)
                    bar.update()
        except BaseException:
            from . import kernels

            for one in waiting:
                one.cancel()
            while wait(waiting, timeout=0.1).not_done:
                kernels.stop_all()  # again and again, since one may just be starting
            raise
        if reasons:
            failed.mkdir()
            for name in reasons:
                partial = Path(folder) / f"{name}.ipynb"
                if partial.exists():
                    shutil.move(partial, failed)
            raise NotebookError("\n\n".join(reasons[name] for name in sorted(reasons)))


def _longest_first(names: list[str]) -> list[str]:
    """Sort by the last run's duration, the slowest first; unknown ones by file size."""
    executed = here().executed
    known = {name: dependencies.read_record(executed / f"{name}.ipynb").get("seconds") for name in names}
    return sorted(names, key=lambda name: (known[name] or 0, _source(name).stat().st_size), reverse=True)


def replace_folder(fresh: Path, target: Path) -> None:
    """Replace the folder `target` by the folder `fresh`, by renaming, so that it is never half-written."""
    old = target.with_name(f"{target.name}.old")
    _remove(old)
    if target.exists():
        target.rename(old)
    try:
        fresh.rename(target)
    finally:
        restore_folder(target)
    _remove(old)


def _remove(path: Path) -> None:
    if path.is_file():  # in the place of a folder
        path.unlink()
    shutil.rmtree(path, ignore_errors=True)


def restore_folder(target: Path) -> None:
    """Rename `target` back, if `replace_folder` was killed after it had moved it away."""
    old = target.with_name(f"{target.name}.old")
    if old.exists() and not target.exists():
        old.rename(target)


def normalised(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Remove from an executed notebook what differs from run to run.

    Timestamps, durations, random cell ids and the interpreter's patch level go.
    The texts of a figure move from its output to the cell metadata that MyST-NB reads.
    """
    notebook.metadata.pop("papermill", None)
    notebook.metadata.pop("widgets", None)
    language = notebook.metadata.get("language_info", {})
    language.pop("version", None)
    for cell in notebook.cells:
        for key in ("papermill", "execution"):
            cell.metadata.pop(key, None)
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell.id = "injected-parameters"
        for output in cell.get("outputs", []):
            texts = output.get("metadata", {}).get("embedgov", {})
            if "alt" in texts:
                del output.metadata["embedgov"]
                cell.metadata["mystnb"] = {
                    "image": {"alt": texts["alt"]},
                    "figure": {"name": texts["name"], "caption": texts["caption"]},
                }
    return notebook


def faults(notebook: nbformat.NotebookNode) -> list[str]:
    """List the reasons why an executed notebook may not be published.

    Every cell must have run, without an error.
    A figure needs a name, a caption and an alternative text.
    An output must not hold what was written to standard error, a memory address, an absolute path
    or the inner name of a number: they differ from run to run, or tell a reader nothing.

    Returns
    -------
    list of str
        One reason each, with the cell and what to do; empty for a sound notebook.
    """
    found, root = [], str(here().root)
    for number, cell in enumerate(notebook.cells, 1):
        where = f"cell {number} ({cell.id})"
        outputs = cell.get("outputs", [])
        if any(output.output_type == "error" for output in outputs):
            found.append(f"{where}: stops the chapter; remove the error or the exit")
        elif cell.cell_type == "code" and cell.source.strip() and cell.execution_count is None:
            found.append(f"{where}: was never executed; an earlier cell stops the chapter")
        images = [o for o in outputs if any(k.startswith("image/") for k in o.get("data", {}))]
        texts = cell.metadata.get("mystnb", {})
        if images and not (
            texts.get("image", {}).get("alt")
            and all(texts.get("figure", {}).values())
            and {"name", "caption"} <= set(texts.get("figure", {}))
        ):
            found.append(
                f"{where}: a figure without name, caption or alternative text; "
                "show it with embedgov_study.display.figure"
            )
        if len(images) > 1:
            found.append(f"{where}: {len(images)} figures in one cell; give each a cell of its own")
        for output in outputs:
            if output.get("name") == "stderr":
                found.append(
                    f"{where}: writes to standard error: {_last_lines(output.text, 3)!r}; "
                    "mend what it warns of"
                )
            for text in _texts(output):
                address = re.search(r"<[^<>]* at 0x[0-9a-f]+>", text)
                number = re.search(r"\bnp\.\w+\([^)]*\)", text)
                path = re.search(rf"(?<![\w/:.<])/(?:{FOLDERS})/[\w./-]+", text)
                if address:
                    found.append(
                        f"{where}: shows the memory address {address[0]!r}; "
                        "end the cell with a semicolon or show something readable"
                    )
                if number:
                    found.append(f"{where}: shows {number[0]!r}; turn it into a plain number")
                if path or root in text:
                    shown = path[0] if path else root
                    found.append(f"{where}: shows the absolute path {shown!r}; show a relative one")
    return found


def _texts(output) -> list[str]:
    return (
        [output["text"]]
        if "text" in output
        else [
            value
            for kind, value in output.get("data", {}).items()
            if isinstance(value, str) and kind.startswith("text/")
        ]
    )


def _source(name: str) -> Path:
    source = here().notebooks / f"{name}.ipynb"
    if not source.is_file():
        raise NotebookError(f"there is no chapter {name!r}; there are: {', '.join(chapters())}")
    return source


def _allowed(name: str, parameters: Mapping[str, object]) -> dict[str, object]:
    """Check parameters against what a chapter declares and allows, and return them.

    A chapter says in its metadata what each parameter may be, in words of JSON Schema. Besides the
    values of an ``enum`` there may be those that a column holds: ``"values": {"table": "coders",
    "column": "round", "unit_of_coding": "statement"}``, the last for the rows with this cell only.
    """
    declared, allowed = declared_parameters(name), dict(parameters)
    about = nbformat.read(_source(name), as_version=4).metadata.get("embedgov", {}).get("parameters", {})
    for key, value in parameters.items():
        if key not in declared:
            known = ", ".join(f"{k} (default {v})" for k, v in declared.items()) or "none"
            raise NotebookError(f"notebooks/{name}.ipynb declares no parameter {key!r}; it declares: {known}")
        default = ast.literal_eval(declared[key])
        if type(default) is float and type(value) is int:
            allowed[key] = value = float(value)
        if type(value) is not type(default):
            raise NotebookError(
                f"notebooks/{name}.ipynb: the parameter {key} is {value!r}, "
                f"of type {type(value).__name__}; expected {type(default).__name__}, like {default!r}"
            )
        rule = about.get(key, {})
        least, most = rule.get("minimum", -math.inf), rule.get("maximum", math.inf)
        choice = list(rule.get("enum", []))
        if held := dict(rule.get("values", {})):
            choice += vocabulary.values(held.pop("table"), held.pop("column"), **held)
        if choice and value not in choice:
            expected = f"one of {', '.join(map(repr, choice))}"
        elif not choice and isinstance(value, int | float) and not least <= value <= most:
            expected = f"a number from {least}" + (f" to {most}" if most < math.inf else "")
        else:
            continue
        raise NotebookError(f"notebooks/{name}.ipynb: the parameter {key} is {value!r}; expected {expected}")
    return allowed


def _put_below_title(notebook: nbformat.NotebookNode, note: str) -> None:
    """Insert a text right below the title, in the title's cell."""
    cell = nbformat.v4.new_markdown_cell(note, id="other-parameters")
    first = notebook.cells[0]
    if first.cell_type != "markdown":
        notebook.cells.insert(0, cell)
        return
    first.source, _, opening = first.source.partition("\n")
    after = [nbformat.v4.new_markdown_cell(opening.strip(), id="opening")] if opening.strip() else []
    notebook.cells[1:1] = [cell, *after]


def _note(name: str, parameters: Mapping[str, object]) -> str:
    """The note on a copy that has other parameters than the published ones; else empty."""
    published = {key: ast.literal_eval(text) for key, text in declared_parameters(name).items()}
    other = [key for key, value in parameters.items() if value != published[key]]
    if not other:
        return ""
    lines = [
        f"> - `{key}` is `{parameters[key]!r}`; the published value is `{published[key]!r}`." for key in other
    ]
    text = "> **These are not the published values.**\n> This copy was executed with other parameters:\n>\n"
    return text + "\n".join(lines)


def _failure(name: str, executed: Path, error: Exception) -> str:
    added = {"injected-parameters", "papermill-error-cell-tag"}  # by papermill, not in the source
    cells = [
        cell
        for cell in nbformat.read(executed, as_version=4).cells
        if not added & set(cell.metadata.get("tags", []))
    ]
    where = next(
        (
            f", cell {number} ({cell.id})"
            for number, cell in enumerate(cells, 1)
            if any(output.output_type == "error" for output in cell.get("outputs", []))
        ),
        "",  # the copy could not be written so far
    )
    message = f"{error.ename}: {error.evalue}"
    ours = {one.__name__ for one in EmbedgovError.__subclasses__()}
    if error.ename not in ours:  # our own say all that is needed
        message = (
            "\n".join(error.traceback) or f"{message}\nThe kernel did not come to say why: is the disk full?"
        )
    return (
        f"notebooks/{name}.ipynb{where} raised {error.ename}:\n" + _last_lines(message, TRACEBACK_LINES)
    ).replace(f"{here().root}{os.sep}", "")


def _last_lines(text: str, count: int) -> str:
    plain = re.sub(r"\x1b\[[0-9;]*m", "", text)
    return "\n".join(plain.strip().splitlines()[-count:])
