"""The paths of a project: the only module that knows where everything lies.

The project is looked for when it is asked for, from the current folder upwards:
a notebook that runs in a copy of the project reads the copy's data.
"""

import functools
from dataclasses import dataclass
from pathlib import Path

from .errors import ProjectError


class _Within:
    """An attribute of `Project` that is a path within it."""

    def __init__(self, path: str):
        self.path = path

    def __get__(self, project: "Project", owner: type) -> Path:
        return project.root / self.path


@dataclass(frozen=True)
class Project:
    """A checkout of the book, or a folder of its form, such as a hand-out.

    Parameters
    ----------
    root : Path
        The folder that holds ``data/datapackage.json`` and ``_toc.yml``.
    """

    root: Path

    data = _Within("data")  # the tables and their schemas
    book = _Within("book")  # prose pages, bibliography, style
    instructor = _Within("book/instructor")  # pages that only the instructor's edition has
    notebooks = _Within("notebooks")  # executable chapters, stored without outputs
    executed = _Within("_executed")  # the same chapters, executed and normalised
    sources = _Within("_sources")  # copies of the sources, which are not ours to publish
    build = _Within("_build")  # everything else that a build leaves behind
    work = _Within("_build/work")  # where Sphinx builds the pages of the site, and what it will use again
    watched = _Within("_build/watch")  # what `embedgov watch` shows
    site = _Within("_build/html")  # the last site that was built without fault
    instructor_site = _Within("_build/instructor")  # the last instructor's edition, likewise
    config = _Within("_config.yml")  # how Sphinx builds the book
    catalogue = _Within("locale/zh/package.po")  # the Chinese of what the packages say
    toc = _Within("_toc.yml")  # which pages the book has, in which order
    manifest = _Within("MANIFEST.sha256")  # sums of what the book is made from and of what is made
    readme = _Within("README.md")  # the recipe for a reviewer, with the list of all exhibits
    codecheck = _Within("codecheck.yml")  # the outputs that a codechecker compares
    requirements = _Within("requirements.txt")  # what the book needs, pinned
    lock = _Within("requirements.lock")  # the same with all that these need in turn


def here() -> Project:
    """Find the project: the current folder, or the nearest folder above it that is a project.

    Raises
    ------
    ProjectError
        If there is none.
    """
    try:
        folder = Path.cwd()
    except FileNotFoundError as error:
        raise ProjectError("the current folder has been deleted; go to one in a clone") from error
    return _found(folder)


@functools.cache  # a project that was found stays one, also while somebody edits its files
def _found(folder: Path) -> Project:
    for root in (folder, *folder.parents):
        project = Project(root)
        if (project.data / "datapackage.json").is_file() and project.toc.is_file():
            return project
    raise ProjectError(
        f"{folder} is in no checkout of Embedded Governance, which this needs; clone the repository "
        "and run this there (`embedgov agreement` and `embedgov bounds` work in every folder)"
    )
