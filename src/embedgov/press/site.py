"""The site: build the HTML book from executed chapters, and publish it only when sound."""

import fcntl
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import yaml
from bs4 import BeautifulSoup
from sphinx_external_toc.parsing import parse_toc_yaml

from .. import paths
from ..check import check
from ..errors import BuildError, DataError
from .chapters import replace_folder, restore_folder, run_all
from .overview import overviews


def publish(instructor: bool = False) -> Path:
    """Check the data, execute every chapter, build the book and put it in ``_build/html``.

    Every step starts afresh, so a fault cannot hide behind what an earlier build left.

    Parameters
    ----------
    instructor : bool
        Build the instructor's edition instead: the same book with the pages of
        ``book/instructor/``, in ``_build/instructor``.

    Returns
    -------
    Path
        The folder of the finished site.

    Raises
    ------
    DataError, NotebookError, BuildError
        With the reason; the site that was there before is then untouched.
    """
    if not Path.cwd().is_relative_to(paths.ROOT):
        raise BuildError(f"this folder holds no book; to build the one in {paths.ROOT}, go there")
    with only_build():
        problems = check(paths.DATA)
        if problems:
            raise DataError("\n".join(map(str, problems)))
        _require_listed()
        overviews()
        run_all()
        return build(instructor)


def build(instructor: bool = False) -> Path:
    """Build the site from the executed chapters and put it in its place (see `publish`).

    Raises
    ------
    BuildError
        With the warnings and errors of Sphinx, or the images that may not be published.
    """
    paths.BUILD.mkdir(exist_ok=True)
    target = paths.INSTRUCTOR_SITE if instructor else paths.SITE
    with tempfile.TemporaryDirectory(prefix="site-", dir=paths.BUILD) as scratch:
        toc = _instructor_toc(Path(scratch)) if instructor else paths.TOC
        fresh = sphinx("html", Path(scratch), toc)
        _write_entrance(fresh)
        if faulty := _faulty_images(fresh):
            raise BuildError("\n".join(faulty))
        replace_folder(fresh, target)
    return target


def sphinx(builder: str, into: Path, toc: Path | None = None) -> Path:
    """Let jupyter-book build the book from scratch; every warning is an error.

    Parameters
    ----------
    builder : str
        ``html``, or ``singlehtml`` for one page.
    into : Path
        A folder to build in.
    toc : Path, optional
        The table of contents; ``_toc.yml`` if none is named. What it does not list is no page.

    Returns
    -------
    Path
        The folder of what was built.

    Raises
    ------
    BuildError
        With the warnings and errors of Sphinx.
    """
    command = [
        str(Path(sys.executable).with_name("jupyter-book")), "build", str(paths.ROOT),
        "--path-output", str(into), "--toc", str(toc or paths.TOC),
        "--builder", builder, "-W", "--keep-going", "-n",
    ]  # fmt: skip
    environment = {k: v for k, v in os.environ.items() if k != "SOURCE_DATE_EPOCH"}
    done = subprocess.run(
        command,
        cwd=paths.ROOT,
        env=environment | {"PYTHONHASHSEED": "0"},
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise BuildError(_reasons(done.stdout + done.stderr))
    return into / "_build" / builder


@contextmanager
def only_build() -> Iterator[None]:
    """Keep other builds of this book away, and clear up after one that was killed."""
    paths.BUILD.mkdir(exist_ok=True)
    with open(paths.BUILD / "lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BuildError("another build of this book is at work; wait until it ends") from None
        for folder in (paths.EXECUTED, paths.SITE, paths.INSTRUCTOR_SITE):
            restore_folder(folder)
        for pattern in ("executed-*", "site-*"):
            for left in paths.BUILD.glob(pattern):
                shutil.rmtree(left, ignore_errors=True)
        yield


def _require_listed() -> None:
    """Refuse a page that no table of contents lists, or an instructor's page in the public one."""
    public = set(parse_toc_yaml(paths.TOC))
    for_instructors = {chapter["file"] for chapter in _instructor_part()["chapters"]}
    for folder, pattern in ((paths.BOOK, "**/*.md"), (paths.NOTEBOOKS, "*.ipynb")):
        for page in sorted(folder.glob(pattern)):
            where = page.relative_to(paths.ROOT)
            name = where.with_suffix("").as_posix()
            kept = page.is_relative_to(paths.INSTRUCTOR)
            if kept and name in public:
                raise BuildError(f"{where} is for instructors only; take it out of _toc.yml")
            if name not in (for_instructors if kept else public):
                toc = paths.INSTRUCTOR / "_toc.yml" if kept else paths.TOC
                raise BuildError(
                    f"{where} is not in {toc.relative_to(paths.ROOT)}; list it there or remove it"
                )


def _instructor_part() -> dict:
    """The part of the book that only the instructor's edition has."""
    toc = paths.INSTRUCTOR / "_toc.yml"
    return yaml.safe_load(toc.read_text(encoding="utf-8")) if toc.is_file() else {"chapters": []}


def _instructor_toc(into: Path) -> Path:
    """Write the table of contents of the instructor's edition: the public one and a part more."""
    whole = yaml.safe_load(paths.TOC.read_text(encoding="utf-8"))
    whole["parts"].append(_instructor_part())
    (into / "_toc.yml").write_text(yaml.safe_dump(whole), encoding="utf-8")
    return into / "_toc.yml"


def _write_entrance(site: Path) -> None:
    """Lead from the site's address to its first page, for every browser and without a script."""
    first = f"{parse_toc_yaml(paths.TOC).root.docname}.html"
    (site / "index.html").write_text(
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="refresh" content="0; url={first}">\n'
        '<link rel="icon" href="_static/favicon.svg">\n<title>Embedded Governance</title>\n'
        f'</head>\n<body>\n<p><a href="{first}">Embedded Governance</a></p>\n</body>\n</html>\n',
        encoding="utf-8",
    )


def _faulty_images(site: Path) -> list[str]:
    """Images without an alternative text, or that would be loaded from elsewhere."""
    found = []
    for path in sorted(site.rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        if "<img" not in text:
            continue
        page = BeautifulSoup(text, "html.parser")
        for image in page.select("main img"):
            where = f"{path.relative_to(site)}, image {image.get('src')}"
            if not image.get("alt", "").strip() or "_images" in image["alt"]:
                found.append(f"{where}: no alternative text; say what it shows")
            if re.match(r"(?:\w+:)?//", image.get("src", "")):
                found.append(f"{where}: lies elsewhere; put it into book/")
    return found


def _reasons(log: str) -> str:
    log = re.sub(r"\x1b\[[0-9;]*m", "", log).replace(f"{paths.ROOT}{os.sep}", "")
    told = [line for line in log.splitlines() if "WARNING:" in line or "ERROR:" in line]
    if told:
        return "\n".join(told)
    # Sphinx itself failed: what it said stands before the traceback of jupyter-book's command.
    said = log.split("\nTraceback (most recent call last):\n")
    return "jupyter-book failed:\n" + "\n".join("\n".join(said[:-1] or said).splitlines()[-20:])
