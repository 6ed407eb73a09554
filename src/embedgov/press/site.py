"""The site: build the HTML book from executed chapters, and publish it only when sound."""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from .. import paths
from ..check import check
from ..errors import BuildError, DataError
from .chapters import replace_folder, restore_folder, run_all


def publish() -> Path:
    """Check the data, execute every chapter, build the book and put it in ``_build/html``.

    Every step starts afresh, so a fault cannot hide behind what an earlier build left.

    Returns
    -------
    Path
        The folder of the finished site.

    Raises
    ------
    DataError, NotebookError, BuildError
        With the reason; the site that was there before is then untouched.
    """
    for folder in (paths.EXECUTED, paths.SITE):
        restore_folder(folder)
    problems = check(paths.DATA)
    if problems:
        raise DataError("\n".join(map(str, problems)))
    run_all()
    return build()


def build() -> Path:
    """Build the site from the executed chapters and put it in ``_build/html``.

    Raises
    ------
    BuildError
        With the warnings and errors of Sphinx.
    """
    paths.BUILD.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="site-", dir=paths.BUILD) as scratch:
        command = [
            str(Path(sys.executable).with_name("jupyter-book")), "build", str(paths.ROOT),
            "--path-output", scratch, "-W", "--keep-going", "-n",
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
        replace_folder(Path(scratch) / "_build" / "html", paths.SITE)
    return paths.SITE


def _reasons(log: str) -> str:
    log = re.sub(r"\x1b\[[0-9;]*m", "", log).replace(f"{paths.ROOT}{os.sep}", "")
    told = [line for line in log.splitlines() if "WARNING:" in line or "ERROR:" in line]
    if told:
        return "\n".join(told)
    # Sphinx itself failed: what it said stands before the traceback of jupyter-book's command.
    said = log.split("\nTraceback (most recent call last):\n")
    return "jupyter-book failed:\n" + "\n".join("\n".join(said[:-1] or said).splitlines()[-20:])
