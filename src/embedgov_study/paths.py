"""Every path of the project, and nothing else builds one.

The project is the folder, at or above the current one, that holds ``data/datapackage.json`` and ``_toc.yml``;
a notebook that runs in a copy of the project therefore reads the copy's data.
Outside any project it is the checkout that the package is installed from.
"""

import functools
import os
import shutil
import tempfile
from multiprocessing.util import Finalize
from pathlib import Path


def _project() -> Path:
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / "data" / "datapackage.json").is_file() and (folder / "_toc.yml").is_file():
            return folder
    return SOURCE.parent


SOURCE = Path(__file__).resolve().parents[1]  # where the packages lie
PACKAGES = tuple(  # the code of the book
    SOURCE / name
    for name in (
        "embedgov",
        "embedgov_study",
        "embedgov_press",
        "embedgov_exchange",
        "embedgov_teach",
        "embedgov_cli",
    )
)
ROOT = _project()
DATA = ROOT / "data"  # the tables and their schemas
BOOK = ROOT / "book"  # prose pages, bibliography, style
INSTRUCTOR = BOOK / "instructor"  # pages that only the instructor's edition has
NOTEBOOKS = ROOT / "notebooks"  # executable chapters, stored without outputs
# The same chapters, executed and normalised; a build that is at work has them elsewhere at first.
EXECUTED = Path(os.environ.get("EMBEDGOV_EXECUTED", ROOT / "_executed"))
BUILD = ROOT / "_build"  # everything that a build leaves behind
SOURCES = ROOT / "_sources"  # copies of the sources, which are not ours to publish
WORK = BUILD / "work"  # where Sphinx builds the pages of the site, and what it will use again
WATCHED = BUILD / "watch"  # what `embedgov watch` shows
SITE = BUILD / "html"  # the last site that was built without fault
INSTRUCTOR_SITE = BUILD / "instructor"  # the last instructor's edition, likewise
TOC = ROOT / "_toc.yml"  # which pages the book has, in which order
MANIFEST = ROOT / "MANIFEST.sha256"  # sums of what the book is made from and of what is made
README = ROOT / "README.md"  # the recipe for a reviewer, with the list of all exhibits
CODECHECK = ROOT / "codecheck.yml"  # the outputs that a codechecker compares
SCRATCH = "embedgov-"  # what the names of folders of temporary files begin with


@functools.cache
def scratch() -> Path:
    """The folder of all temporary files of this process and of those that it starts; gone when it ends."""
    folder = Path(tempfile.mkdtemp(prefix=SCRATCH))
    # After multiprocessing has removed its own things in it, with priority -100.
    Finalize(None, shutil.rmtree, (folder,), {"ignore_errors": True}, exitpriority=-200)
    return folder
