"""Sphinx extension of the book: executed chapters, evidence pages, a font for Chinese text.

A chapter's source has no outputs.
When Sphinx reads it, the executed copy takes its place, with an overview made from its metadata.
The evidence pages are added to the pages that Sphinx writes, and their labels to those that it knows.
When all are written, the Chinese characters that they hold become a small web font,
so that they show on a computer that has no Chinese font.
"""

import functools
import html
import re
from collections.abc import Iterator
from pathlib import Path

import nbformat
from fontTools import subset
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from .. import paths
from ..plotting import FONT_FILES
from . import evidence, pages, search, takeaway, terms

logger = logging.getLogger(__name__)


def setup(app: Sphinx) -> dict:
    """Register with Sphinx."""
    app.connect("source-read", _read_executed)
    app.connect("env-updated", _label_evidence)
    app.connect("html-collect-pages", _evidence_pages)
    app.add_search_language(search.Search)
    app.add_post_transform(terms.LinkTerms)
    app.connect("build-finished", _finish)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _read_executed(app: Sphinx, docname: str, source: list[str]) -> None:
    if not str(app.env.doc2path(docname)).endswith(".ipynb"):
        return
    executed = paths.EXECUTED / f"{docname.removeprefix('notebooks/')}.ipynb"
    if not executed.is_file():
        logger.warning(
            "there is no executed copy of this chapter; run `embedgov book`", location=docname
        )
        return
    app.env.note_dependency(str(executed))
    notebook = nbformat.read(executed, as_version=4)
    about = notebook.metadata["embedgov"]
    if "reference" not in about:
        overview = nbformat.v4.new_markdown_cell(_overview(about))
        overview.id = "overview"
        notebook.cells.insert(1, overview)
    source[0] = nbformat.writes(notebook)


def _label_evidence(app: Sphinx, environment: BuildEnvironment) -> None:
    labels, standard = evidence.labels(), environment.get_domain("std")
    standard.labels.update(labels)
    standard.anonlabels.update({name: label[:2] for name, label in labels.items()})


@functools.cache
def _made() -> list[tuple[str, str, str]]:
    return list(evidence.pages())


def _evidence_pages(app: Sphinx) -> Iterator[tuple[str, dict, str]]:
    for name, title, body in _made():
        yield name, {"title": html.escape(title), "body": body}, "page.html"


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


def _finish(app: Sphinx, exception: Exception | None) -> None:
    if not exception and app.builder.format == "html":
        search.add_pages(app, _made())
        _write_web_font(app)
        takeaway.write(Path(app.outdir))
        for path in Path(app.outdir).rglob("*.html"):
            page = path.read_text(encoding="utf-8")
            path.write_text(pages.finished(page), encoding="utf-8")


def _write_web_font(app: Sphinx) -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in Path(app.outdir).rglob("*.html"))
    chinese = set(re.findall(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]", text))
    options = subset.Options(flavor="woff", recalc_timestamp=False, notdef_outline=True)
    font = subset.load_font(str(FONT_FILES["regular"]), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(text="".join(sorted(chinese)))
    subsetter.subset(font)
    subset.save_font(font, str(Path(app.outdir) / "_static" / "book-chinese.woff"), options)
