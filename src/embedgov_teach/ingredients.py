"""What hand-outs are made of: a hash by which a build knows which of them to make anew."""

import importlib.metadata
import json
from pathlib import Path

from embedgov_press import dependencies
from embedgov_study.project import here

from . import plain_markdown
from .handout_notebook import chapters_of_book


def ingredients(executed: Path) -> dict[str, str]:
    """Hash all that the hand-outs of each chapter are made of.

    Beside the chapter itself this is what they may quote of other chapters: overviews, labels, titles
    and numbers. Their sentences are left out, so that who changes one makes one hand-out anew.

    Parameters
    ----------
    executed : Path
        The folder of the executed chapters.

    Returns
    -------
    dict of str to str
        A hash by chapter, in the order of the book.
    """
    project, inputs = here(), dependencies.input_hashes()
    folders, endings = ("book/", "notebooks/"), (".md", ".ipynb")
    pages = {name for name in inputs if name.startswith(folders) and name.endswith(endings)}
    sources = "".join((project.root / name).read_text(encoding="utf-8") for name in sorted(pages))
    others = [project.root / "LICENSE", project.root / "LICENSE-TEXT", project.catalogue]
    quoted = (chapters_of_book(), plain_markdown.titles(), plain_markdown.labels())
    shared = {name: digest for name, digest in inputs.items() if name not in pages} | {
        "others": repr([dependencies.digest(path) for path in others]),
        "version": importlib.metadata.version("embedgov"),
        "quoted": repr(quoted),
        "characters": repr(sorted(set(sources))),  # which the fonts of a hand-out have
        "numbers": repr([_numbers(copy) for copy in sorted(executed.glob("*.ipynb"))]),
    }
    first, found = dependencies.sum_of(shared), {}
    for name, about in chapters_of_book().items():
        copy = executed / f"{name}.ipynb"
        own = {
            "shared": first,
            "source": repr([inputs.get(f"{about.page}{ending}") for ending in endings]),
            "copy": dependencies.digest(copy),
            "reads": repr(sorted(dependencies.read_record(copy)["reads"])) if copy.is_file() else "",
            "kept": dependencies.digest(project.instructor / f"{name}.md"),
        }
        found[name] = dependencies.sum_of(own)
    return found


def _numbers(copy: Path) -> list[object]:
    """The numbers that a chapter told when it was executed."""
    cells = json.loads(copy.read_text(encoding="utf-8"))["cells"]
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    return [output["data"] for output in outputs if "scrapbook" in output.get("metadata", {})]
