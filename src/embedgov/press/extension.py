"""Sphinx extension of the book: pages are made from executed chapters.

A chapter's source has no outputs.
When Sphinx reads it, the executed copy takes its place, with an overview made from its metadata.
"""

import nbformat
from sphinx.application import Sphinx
from sphinx.util import logging

from .. import paths

logger = logging.getLogger(__name__)


def setup(app: Sphinx) -> dict:
    """Register with Sphinx."""
    app.connect("source-read", _read_executed)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _read_executed(app: Sphinx, docname: str, source: list[str]) -> None:
    if app.env.doc2path(docname, base=False).suffix != ".ipynb":
        return
    executed = paths.EXECUTED / f"{docname.removeprefix('notebooks/')}.ipynb"
    if not executed.is_file():
        logger.warning(
            "there is no executed copy of this chapter; run `embedgov book`", location=docname
        )
        return
    app.env.note_dependency(str(executed))
    notebook = nbformat.read(executed, as_version=4)
    overview = nbformat.v4.new_markdown_cell(_overview(notebook.metadata["embedgov"]))
    overview.id = "overview"
    notebook.cells.insert(1, overview)
    source[0] = nbformat.writes(notebook)


def _overview(chapter: dict) -> str:
    def listed(items: list[str]) -> str:
        return "\n".join(f"- {item}" for item in items)

    minutes = chapter["minutes"]
    return (
        ":::{admonition} Overview\n:class: overview\n"
        f"**Questions**\n\n{listed(chapter['questions'])}\n\n"
        f"**Objectives**\n\n{listed(chapter['objectives'])}\n\n"
        f"**Time** {minutes['teaching']} minutes of reading or teaching, "
        f"{minutes['exercises']} minutes of exercises\n:::"
    )
