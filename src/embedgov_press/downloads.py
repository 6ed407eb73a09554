"""Files offered for download: every figure and table of the book, the data, the coding."""

import base64
import json
import shutil
import zipfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from embedgov_study.data_package import resources
from embedgov_study.project import here

from .errors import BuildError

ARCHIVE = "embedded-governance-data.zip"


def write_data(site: Path, others: Iterable[tuple[str, bytes]] = ()) -> None:
    """Write the folder ``downloads`` anew: the tables, an archive of them, and the files of providers.

    Parameters
    ----------
    site : Path
        The folder of the site.
    others : iterable of (str, bytes)
        Names and contents of further files, such as those of `embedgov_press.providers`.
    """
    data, folder = here().data, site / "downloads"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, content in others:
        _write(folder / name, content)
    files = [
        "README.md",
        "datapackage.json",
        *sorted(p.relative_to(data).as_posix() for p in data.glob("schemas/*")),
    ]
    files += [resource["path"] for resource in resources(data).values()]
    with zipfile.ZipFile(folder / ARCHIVE, "w") as archive:
        for file in files:
            content = (data / file).read_bytes()
            # A fixed date, so that the same tables make the same archive.
            entry = zipfile.ZipInfo(f"data/{file}", date_time=(1980, 1, 1, 0, 0, 0))
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
            (folder / "data" / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / "data" / file).write_bytes(content)


def write_chapter_files(
    site: Path, files: Iterable[tuple[str, str, Callable[[], bytes]]], known: Mapping[str, str]
) -> dict[str, str]:
    """Write the files that are made of the chapters, but those that the last build has made of the same.

    Parameters
    ----------
    site : Path
        The folder of the site.
    files : iterable of (str, str, callable)
        What `embedgov_press.providers.chapter_files` lists.
    known : mapping of str to str
        What this function gave at the last build.

    Returns
    -------
    dict of str to str
        By name, a hash of all that the file is made of.
    """
    folder, made = site / "downloads", {}
    for name, made_of, make in files:
        if known.get(name) != made_of or not (folder / name).is_file():
            _write(folder / name, make())
        made[name] = made_of
    for name in known.keys() - made:
        (folder / name).unlink(missing_ok=True)
    return made


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def write_exhibits(site: Path, executed: Path) -> None:
    """Write every figure and table of the executed chapters into the folder ``downloads`` of a site.

    Parameters
    ----------
    site : Path
        The folder of the site.
    executed : Path
        The folder of the chapters.

    Raises
    ------
    BuildError
        If two figures or tables of the book have the same name.
    """
    folder = site / "downloads"
    folder.mkdir(exist_ok=True)
    for file in folder.glob("*.*"):
        if file.suffix in (".svg", ".png", ".csv"):
            file.unlink()
    for chapter in sorted(executed.glob("*.ipynb")):
        for name, content in _exhibits(json.loads(chapter.read_text(encoding="utf-8"))):
            if (folder / name).exists():
                raise BuildError(
                    f"notebooks/{chapter.name}: {name} is offered by another chapter or cell, too; "
                    "give the figure another name or the table another caption"
                )
            (folder / name).write_bytes(content)


def write_exhibits_beside(copy: Path) -> None:
    """Write every figure and table of one executed chapter into the folder of the chapter."""
    for name, content in _exhibits(json.loads(copy.read_text(encoding="utf-8"))):
        (copy.parent / name).write_bytes(content)


def _exhibits(notebook: dict):
    """Yield the figures and tables of an executed chapter as names and contents of files."""
    for cell in notebook["cells"]:
        figure = cell["metadata"].get("mystnb", {}).get("figure", {}).get("name")
        for output in cell.get("outputs", []):
            shown = output.get("data", {})
            table = output.get("metadata", {}).get("embedgov")
            if table:
                yield f"{table['name']}.csv", table["csv"].encode()
            if figure and "image/svg+xml" in shown:  # long texts are stored as lists of lines
                yield f"{figure}.svg", "".join(shown["image/svg+xml"]).encode()
                yield f"{figure}.png", base64.b64decode("".join(shown["image/png"]))
