"""The Sphinx extension of the book: it swaps in executed chapters and adds overviews, citations and a font.

A chapter's source has no outputs.
When Sphinx reads it, the executed copy takes its place, with an overview made from its metadata.
The evidence pages are added to the pages that Sphinx writes, and their labels to those that it knows.
When all are written, the Chinese characters that they hold become a small web font,
so that they show on a computer that has no Chinese font.
"""

import functools
import gc
import hashlib
import os
import re
import shutil
import signal
import sys
import threading
import time
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import nbformat
from nbformat import NotebookNode
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from embedgov.plotting.fonts import FONT_FILES
from embedgov_study.language import say, tag
from embedgov_study.project import Project

from . import (
    anchors,
    builder,
    chinese,
    code_links,
    glossary,
    language,
    packages,
    postprocess,
    providers,
    scripts,
    search,
    stale,
)
from .chapter_structure import overviews
from .font import CHINESE_SIGNS, chinese_characters, web_font

logger = logging.getLogger(__name__)


class Build(NamedTuple):
    """The build that started this process to write its pages."""

    executed: Path  # where it puts the chapters as it executes them
    process: int  # its number


# Set by `embedgov_press.sphinx_process`; None where somebody runs jupyter-book by hand.
started_by: Build | None = None


def setup(app: Sphinx) -> dict:
    """Register the extension with Sphinx."""
    usual = Path.cwd()
    os.chdir(app.srcdir)  # from where all else looks for the project
    app.connect("build-finished", lambda *_: os.chdir(usual), priority=900)  # after `_finish`
    executed = Project(Path(app.srcdir)).executed
    if started_by:
        executed = started_by.executed
        _end_with(started_by.process)
        gc.disable()  # Sphinx holds what it needs to its end; to look for garbage takes a second
        sys.stdin.read()  # until we are told to go on
    app.add_config_value("embedgov_executed", str(executed), "")  # the folder of the executed chapters
    app.add_config_value("embedgov_study", "", "env")  # the study, as it is cited beside each page
    app.add_config_value("embedgov_providers", [], "env")  # names of modules, see `providers`
    app.connect("config-inited", _offer_launch)
    app.connect("config-inited", _word_buttons, priority=100)  # before their extension
    if tag() != "en":
        app.add_js_file(scripts.FILE, priority=700, loading_method="defer")  # before our scripts, at 800
        chinese.setup(app)
    app.connect("builder-inited", _require_executed_chapters)
    app.connect("builder-inited", _let_exercises_be_printed)
    app.connect("source-read", _read_source)
    app.connect("env-updated", _label_provided)
    builder.setup(app)
    app.add_search_language(search.Search)
    app.add_transform(anchors.KeepAnchors)
    app.add_post_transform(glossary.LinkTerms)
    app.add_post_transform(language.MarkLanguage)
    app.connect("build-finished", _finish)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _offer_launch(app: Sphinx, config: Config) -> None:
    """Where the repository is named in ``_config.yml``, link every chapter to Binder.

    Not to Colab, which opens a chapter alone: without the package and the tables it cannot run.
    """
    options = config.html_theme_options
    if address := (options.get("repository_url") or "").rstrip("/").removesuffix(".git").rstrip("/"):
        options["repository_url"] = address  # it is continued by the path of a chapter
        options.setdefault("launch_buttons", {}).update(binderhub_url="https://mybinder.org")


def _word_buttons(app: Sphinx, config: Config) -> None:
    """What the buttons of folded parts say; their extension finds no catalogue of Chinese."""
    config.togglebutton_hint = say("Click to show")
    config.togglebutton_hint_hide = say("Click to hide")


def _require_executed_chapters(app: Sphinx) -> None:
    """Where somebody runs jupyter-book by hand, refuse to build a book without its figures and values.

    The process ends, since jupyter-book would bury the reason of an error under its own traceback.
    """
    if started_by:
        return
    pages = app.project.discover(app.config.exclude_patterns, app.config.include_patterns)
    chapters = [name for name in sorted(pages) if str(app.env.doc2path(name)).endswith(".ipynb")]
    lacking = [name for name in chapters if not builder.executed_copy(app.config, name).is_file()]
    if lacking:
        sys.exit(
            f"{len(lacking)} chapters have not been executed ({lacking[0]} is the first), and without that "
            "they have no figure, table or value: run `make book`, which executes the chapters and builds "
            "the same site"
        )


def _let_exercises_be_printed(app: Sphinx) -> None:
    """Let the single-page builder render exercises, which sphinx-exercise registers for HTML only."""
    handlers = app.registry.translation_handlers
    if app.builder.name in handlers:
        handlers[app.builder.name] = handlers.get("html", {}) | handlers[app.builder.name]


def _read_source(app: Sphinx, docname: str, source: list[str]) -> None:
    """Replace a chapter's source by its executed copy, and add the overview and the citation to each page."""
    if not str(app.env.doc2path(docname)).endswith(".ipynb"):
        anchors.note(app, source[0])
        opening, heading, rest = source[0].partition("\n## ")
        source[0] = f"{opening}\n{_overview(docname, app.config)}\n{heading}{rest}"
        source[0] += "\n\n" + _citation(app.config, docname, source[0])
        return
    executed = builder.executed_copy(app.config, docname)
    while started_by and not executed.is_file():
        time.sleep(0.02)  # the build that started this one is still executing it
    notebook = nbformat.read(executed, as_version=4)
    anchors.note(app, notebook)
    if box := _overview(docname, app.config):
        overview = nbformat.v4.new_markdown_cell(box)
        overview.id = "overview"
        notebook.cells.insert(1, overview)
    notebook.cells = [part for cell in notebook.cells for part in _with_table_apart(cell)]
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    citation = nbformat.v4.new_markdown_cell(_citation(app.config, docname, text))
    citation.id = "citation"
    notebook.cells.append(citation)
    source[0] = nbformat.writes(notebook)


def _end_with(build: int) -> None:
    """End this process as soon as the build that started it is gone, since it was killed then."""

    def watch() -> None:
        while os.getppid() == build:
            time.sleep(0.1)
        os.killpg(0, signal.SIGKILL)  # with the process that writes pages beside this one

    threading.Thread(target=watch, daemon=True).start()


def _with_table_apart(cell: NotebookNode) -> list[NotebookNode]:
    """Give the table of a figure a cell of its own; MyST-NB makes every output of a cell a figure."""
    if "figure" not in cell.metadata.get("mystnb", {}):
        return [cell]
    apart = nbformat.v4.new_code_cell(
        source="# the figure as a table",  # MyST-NB passes over a cell without a source
        id=f"{cell.id}-table",
        metadata={
            "tags": [t for t in cell.metadata.get("tags", []) if t == "remove-cell"] or ["remove-input"]
        },
        outputs=[output for output in cell.outputs if "text/html" in output.get("data", {})],
    )
    cell.outputs = [output for output in cell.outputs if output not in apart.outputs]
    return [cell, apart]


def _citation(config: Config, docname: str, text: str) -> str:
    """How to cite a page, in words and as BibTeX, and the study that it rests on.

    It has the address of the page if ``html_baseurl`` is set.
    """
    title = re.search(r"^# (.+)$", text, re.M)[1]
    year, number = config.copyright, version("embedgov")
    address = f"{config.html_baseurl}/{docname}.html" if config.html_baseurl else ""
    fields = {
        "author": f"{{{config.author}}}",
        "title": title,
        "booktitle": config.project,
        "year": year,
        "note": say("Version {version}", version=number),
        "url": address,
    }
    entry = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items() if value)
    cited = {"author": config.author, "year": year, "title": title, "book": config.project, "version": number}
    return (
        f":::{{dropdown}} {say('Cite this page')}\n:class-container: cite-this\n"
        + say(
            "{author} ({year}). {title}. In *{book}*, version {version}. {address}", **cited, address=address
        )
        + "\n\n"
        + (f"{say('The study: {study}', study=config.embedgov_study)}\n\n" if config.embedgov_study else "")
        + f"```bibtex\n@incollection{{embedgov_{Path(docname).name},\n{entry}\n}}\n```\n:::"
    )


def _label_provided(app: Sphinx, environment: BuildEnvironment) -> None:
    """Register the labels of the providers with Sphinx, so that ``{ref}`` finds them."""
    labels = app.builder.labels if app.builder.name == "html" else providers.labels(app.config)
    standard = environment.get_domain("std")
    standard.labels.update(labels)
    standard.anonlabels.update({name: label[:2] for name, label in labels.items()})


_chapters = functools.cache(overviews)


def _overview(docname: str, config: Config) -> str:
    """The overview box at the top of a chapter; empty for a page that is no chapter."""
    chapters = _chapters()
    chapter = chapters.get(Path(docname).name)
    if chapter is None or chapter.page != docname:
        return ""

    def listed(items: tuple[str, ...]) -> str:
        return "\n".join(f"- {item}" for item in items)

    before = say(", ").join(f"{{doc}}`/{chapters[name].page}`" for name in chapter.prerequisites)
    time_ = say(
        "{reading} minutes of reading or teaching, {exercises} minutes of exercises",
        reading=chapter.teaching,
        exercises=chapter.exercising,
    )
    return (
        f":::{{admonition}} {say('Overview')}\n:class: overview\n"
        f"**{say('Questions')}**\n\n{listed(chapter.questions)}\n\n"
        f"**{say('Objectives')}**\n\n{listed(chapter.objectives)}\n\n"
        + (f"**{say('Needs')}** {before}\n\n" if before else "")
        + f"**{say('Time')}** {time_}\n"
        + (f"\n**{say('To take away')}** {taken}\n" if (taken := _to_take_away(chapter.name, config)) else "")
        + ":::"
    )


def _to_take_away(name: str, config: Config) -> str:
    """The files that readers can take away of a chapter, as HTML: they are no pages that Sphinx knows."""
    links = providers.chapter_links(config).get(name, [])
    return say(", ").join(f'<a href="../downloads/{address}">{words}</a>' for words, address in links)


def _finish(app: Sphinx, exception: Exception | None) -> None:
    if not exception and app.builder.name == "html":
        write_web_font(Path(app.outdir), kept=Path(app.doctreedir))
        for source_map in Path(app.outdir, "_static").rglob("*.map"):
            source_map.unlink()  # of the theme, for its developers, and half of its weight
        shutil.rmtree(Path(app.outdir, "_static", "locales"), ignore_errors=True)  # for its translators
        described = code_links.described(app.env)
        for path in Path(app.outdir).rglob("*.html"):
            page = path.read_text(encoding="utf-8")
            if postprocess.is_processed(page):
                continue
            for fault in postprocess.faulty_images(page):
                logger.warning(fault, location=str(path.relative_to(app.outdir)))
            page = _with_notebook_that_runs(page, Path(app.outdir))
            name = path.relative_to(app.outdir).with_suffix("").as_posix()
            up = "../" * name.count("/")
            page = code_links.link_functions(
                page, {full: f"{up}{place}" for full, place in described.items()}
            )
            if tag() != "en":
                page = stale.mark(page, stale.texts(name))
            path.write_text(postprocess.process(page), encoding="utf-8")
    if started_by:
        gc.freeze()  # the process ends: to look through all of it once more takes another second


def _with_notebook_that_runs(page: str, site: Path) -> str:
    """Let the toolbar offer the hand-out of a chapter: its source runs in the repository only."""

    def instead(link: re.Match) -> str:
        hand_out = f"teach/{link[2]}.zip"
        return f'{link[1]}../downloads/{hand_out}"' if (site / "downloads" / hand_out).is_file() else link[0]

    return re.sub(r'(<a href=")\.\./_sources/notebooks/(\w+)\.ipynb"', instead, page)


def write_web_font(site: Path, kept: Path | None = None) -> None:
    """Write a web font with only those Chinese characters that the pages of a site contain.

    Parameters
    ----------
    site : Path
        The folder of the site.
    kept : Path, optional
        A folder in which the font is kept for the next time that it would be made of the same:
        the characters of the pages, our font, and the code that takes a part of it.
    """
    characters = chinese_characters(
        "".join(path.read_text(encoding="utf-8") for path in site.rglob("*.html"))
    )
    characters += CHINESE_SIGNS if tag() != "en" else ""
    target = site / "_static" / "book-chinese.woff"
    if kept is None:
        target.write_bytes(web_font(characters))
        return
    made_of = characters.encode() + b"".join(
        file.read_bytes() for file in (FONT_FILES["regular"], packages.FOLDER / "embedgov_press" / "font.py")
    )
    same = kept / f"{hashlib.sha256(made_of).hexdigest()}.woff"
    if not same.is_file():
        for old in kept.glob("*.woff"):
            old.unlink()
        same.write_bytes(web_font(characters))
    shutil.copy(same, target)
