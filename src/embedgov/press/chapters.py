"""Chapters: execute the notebooks, and make their executed copies fit to publish."""

import multiprocessing
import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

import nbformat
import papermill
from papermill.exceptions import PapermillExecutionError
from tqdm import tqdm

from .. import paths
from ..errors import NotebookError

TRACEBACK_LINES = 12  # how much of a failing cell's traceback the message repeats

# What a kernel is started with, so that a chapter does not depend on who runs it and where.
KERNEL_ENVIRONMENT = {
    "PYTHONHASHSEED": "0",
    "OMP_NUM_THREADS": "1",
    "TZ": "UTC",
    "LC_ALL": "C.UTF-8",
    "JUPYTER_PREFER_ENV_PATH": "1",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}


def chapters() -> list[str]:
    """Names of the notebooks, in alphabetical order."""
    return sorted(path.stem for path in paths.NOTEBOOKS.glob("*.ipynb"))


def declared_parameters(name: str) -> dict[str, str]:
    """Parameters that a chapter declares, each with its default as written.

    Parameters
    ----------
    name : str
        A chapter's name, as in ``notebooks/NAME.ipynb``.

    Raises
    ------
    NotebookError
        If there is no such chapter.
    """
    inspected = papermill.inspect_notebook(str(_source(name)))
    return {key: str(parameter["default"]) for key, parameter in inspected.items()}


def run(name: str, into: Path, parameters: Mapping[str, object] | None = None) -> Path:
    """Execute one chapter and write its normalised copy to `into`.

    Parameters
    ----------
    name : str
        The chapter's name.
    into : Path
        The folder for the executed copy; made if missing.
        Where the chapter fails, the copy up to the failing cell is left there.
    parameters : mapping, optional
        Values for parameters that the chapter declares.

    Returns
    -------
    Path
        The executed copy.

    Raises
    ------
    NotebookError
        If the chapter or a parameter does not exist, a cell raises,
        or the result may not be published (see `faults`).
    """
    source = _source(name)
    parameters = dict(parameters or {})
    declared = declared_parameters(name)
    for key in parameters:
        if key not in declared:
            known = ", ".join(f"{k} (default {v})" for k, v in declared.items()) or "none"
            raise NotebookError(
                f"notebooks/{name}.ipynb declares no parameter {key!r}; it declares: {known}"
            )
    into.mkdir(parents=True, exist_ok=True)
    target = into / source.name
    with tempfile.TemporaryDirectory(prefix="embedgov-ipython-") as ipython:
        os.environ.update(KERNEL_ENVIRONMENT, IPYTHONDIR=ipython)
        try:
            papermill.execute_notebook(
                str(source),
                str(target),
                parameters=parameters,
                cwd=str(paths.NOTEBOOKS),
                kernel_name="python3",
                progress_bar=False,
            )
        except PapermillExecutionError as error:
            raise NotebookError(_failure(name, target, error)) from None
    notebook = normalised(nbformat.read(target, as_version=4))
    nbformat.write(notebook, target)
    found = faults(notebook)
    if found:
        raise NotebookError("\n".join(f"notebooks/{name}.ipynb, {fault}" for fault in found))
    return target


def run_all() -> None:
    """Execute every chapter once, in parallel, and replace ``_executed/`` when all succeeded.

    Raises
    ------
    NotebookError
        With the reason of each chapter that failed; ``_executed/`` is then as it was.
        What the failing chapters got to is in ``_build/failed/``.
    """
    names = chapters()
    paths.BUILD.mkdir(exist_ok=True)
    failed = paths.BUILD / "failed"
    shutil.rmtree(failed, ignore_errors=True)
    reasons = {}
    with tempfile.TemporaryDirectory(prefix="executed-", dir=paths.BUILD) as scratch:
        fresh = Path(scratch) / "executed"
        fresh.mkdir()
        workers = min(len(names), os.cpu_count() or 1) or 1
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(workers, mp_context=context) as pool:
            running = {pool.submit(run, name, fresh): name for name in names}
            with tqdm(total=len(names), desc="chapters", unit="chapter") as bar:
                for done in as_completed(running):
                    name = running[done]
                    bar.set_postfix_str(name)
                    bar.update()
                    try:
                        done.result()
                    except NotebookError as error:
                        reasons[name] = str(error)
        if reasons:
            failed.mkdir()
            for name in reasons:
                partial = fresh / f"{name}.ipynb"
                if partial.exists():
                    shutil.move(partial, failed)
            raise NotebookError("\n\n".join(reasons[name] for name in sorted(reasons)))
        replace_folder(fresh, paths.EXECUTED)


def replace_folder(fresh: Path, target: Path) -> None:
    """Put `fresh` in the place of `target` by renaming, so that `target` is never half-written."""
    old = target.with_name(f"{target.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.rename(old)
    fresh.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def restore_folder(target: Path) -> None:
    """Bring `target` back where a kill between the two renames of `replace_folder` left it aside."""
    old = target.with_name(f"{target.name}.old")
    if old.exists() and not target.exists():
        old.rename(target)


def normalised(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Take out of an executed notebook what differs from run to run.

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
            texts = output.get("metadata", {}).pop("embedgov", None)
            if texts:
                cell.metadata["mystnb"] = {
                    "image": {"alt": texts["alt"]},
                    "figure": {"name": texts["name"], "caption": texts["caption"]},
                }
    return notebook


def faults(notebook: nbformat.NotebookNode) -> list[str]:
    """Say why an executed and normalised notebook may not be published.

    A figure needs a name, a caption and an alternative text.
    An output must not hold what was written to standard error, a memory address
    or an absolute path: they differ from run to run, and a reader can do nothing with them.

    Returns
    -------
    list of str
        One reason each, with the cell and what to do; empty for a sound notebook.
    """
    found = []
    for number, cell in enumerate(notebook.cells, 1):
        where = f"cell {number} ({cell.id})"
        outputs = cell.get("outputs", [])
        images = [o for o in outputs if any(k.startswith("image/") for k in o.get("data", {}))]
        texts = cell.metadata.get("mystnb", {})
        if images and not (
            texts.get("image", {}).get("alt") and all(texts.get("figure", {}).values())
            and {"name", "caption"} <= set(texts.get("figure", {}))
        ):
            found.append(
                f"{where}: a figure without name, caption or alternative text; "
                "show it with embedgov.press.display.figure"
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
                path = re.search(r"(?<![\w/:.<])/(?:home|tmp|root|Users|var|private)/[\w./-]+", text)
                if address:
                    found.append(
                        f"{where}: shows the memory address {address[0]!r}; "
                        "end the cell with a semicolon or show something readable"
                    )
                if path or str(paths.ROOT) in text:
                    shown = path[0] if path else str(paths.ROOT)
                    found.append(f"{where}: shows the absolute path {shown!r}; show a relative one")
    return found


def _texts(output) -> list[str]:
    return [output["text"]] if "text" in output else [
        value for kind, value in output.get("data", {}).items()
        if isinstance(value, str) and kind.startswith("text/")
    ]


def _source(name: str) -> Path:
    source = paths.NOTEBOOKS / f"{name}.ipynb"
    if not source.is_file():
        raise NotebookError(f"there is no chapter {name!r}; there are: {', '.join(chapters())}")
    return source


def _failure(name: str, executed: Path, error: PapermillExecutionError) -> str:
    added = {"injected-parameters", "papermill-error-cell-tag"}  # by papermill, not in the source
    cells = [
        cell for cell in nbformat.read(executed, as_version=4).cells
        if not added & set(cell.metadata.get("tags", []))
    ]  # fmt: skip
    at = next(
        (number, cell) for number, cell in enumerate(cells, 1)
        if any(output.output_type == "error" for output in cell.get("outputs", []))
    )
    traceback = "\n".join(error.traceback) if error.traceback else f"{error.ename}: {error.evalue}"
    return (
        f"notebooks/{name}.ipynb, cell {at[0]} ({at[1].id}) raised {error.ename}:\n"
        + _last_lines(traceback, TRACEBACK_LINES)
    )


def _last_lines(text: str, count: int) -> str:
    plain = re.sub(r"\x1b\[[0-9;]*m", "", text)
    return "\n".join(plain.strip().splitlines()[-count:])
