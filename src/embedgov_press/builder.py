"""An HTML builder that decides by content hash, not by modification time, which pages to rewrite.

Sphinx rewrites a page whose source has a newer time stamp, and does not notice when the page shows
something of another page that changed: a figure's number, a title, a value.
Here a page is rewritten if its own content changed, or anything that pages share:
titles, tables of contents, numbers, labels, citations, the glossary.
The pages that providers make (evidence, tables, the coding lab) are made again when a table changes.
A second process writes those that changed, while the first writes the chapters.
"""

import hashlib
import html
import pickle
import re
import shutil
from pathlib import Path

from docutils import nodes
from jinja2 import FileSystemBytecodeCache
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.util.parallel import ParallelTasks

from embedgov_study.language import language
from embedgov_study.project import here

from . import certificate, code_links, dependencies, downloads, exhibits, packages, providers, scripts, search
from .postprocess import FIGURE_FILE

STATE = "embedgov.pickle"  # the state that a build leaves for the next one, among the doctrees
_INDEX = ("_titles", "_filenames", "_all_titles", "_mapping", "_title_mapping", "_index_entries")


def setup(app: Sphinx) -> None:
    """Register the builder with Sphinx."""
    app.add_builder(BookBuilder, override=True)
    app.connect("env-get-outdated", _by_content)


def executed_copy(config: Config, docname: str) -> Path:
    """The path of the executed copy of a chapter."""
    return Path(config.embedgov_executed, f"{docname.removeprefix('notebooks/')}.ipynb")


def _by_content(app: Sphinx, env: BuildEnvironment, *_) -> list[str]:
    """Pages whose source or executed copy has other content than at the last build."""
    if not isinstance(app.builder, BookBuilder):
        return []
    before = app.builder.state.get("sources", {})
    return [name for name, now in _sources(env).items() if name in env.all_docs and now != before.get(name)]


def _sources(env: BuildEnvironment) -> dict[str, str]:
    """The content hash of each page's source and, if it is there, of its executed copy."""
    return {
        name: _sum(
            b"\0".join(
                file.read_bytes()
                for file in (Path(env.doc2path(name)), executed_copy(env.config, name))
                if file.is_file()
            )
        )
        for name in env.found_docs
    }


def _sum_of(folder: Path, but: tuple[str, ...] = ()) -> str:
    """One content hash of all files of a folder, leaving out the folders named in `but`."""
    return _sum(
        b"\0".join(
            path.name.encode() + path.read_bytes()
            for path in dependencies.visible_files(folder)
            if path.relative_to(folder).parts[0] not in but
        )
    )


def _sum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


class BookBuilder(StandaloneHTMLBuilder):
    """Rewrites the pages affected by a change."""

    def init(self) -> None:
        """Load the previous build's state, and clear ``_static``."""
        shutil.rmtree(Path(self.outdir, "_static"), ignore_errors=True)
        super().init()
        self.templates.environment.bytecode_cache = FileSystemBytecodeCache(str(self.doctreedir))
        try:
            self.state = pickle.loads(Path(self.doctreedir, STATE).read_bytes())
        except Exception:  # of whatever kind: what cannot be read is not used
            self.state = {}
        code = [_sum_of(folder, but=("plotting", "figures")) for folder in packages.PACKAGES]
        code += self.config.embedgov_providers
        if language() != "en" and here().catalogue.is_file():
            code.append(_sum(here().catalogue.read_bytes()))
        if self.state.get("code") != code:
            self.state = {"code": code}
        tables = _sum_of(here().data)
        if self.state.get("tables") != tables:
            downloads.write_data(Path(self.outdir), providers.downloads(self.config))
            self.state |= {
                "tables": tables,
                "provided": providers.pages(self.config),
                "labels": providers.labels(self.config),
            }
        self.provided, self.labels = self.state["provided"], self.state["labels"]

    def copy_html_static_files(self, context: dict) -> None:
        """Copy the scripts, and write what they say in another language than English."""
        super().copy_html_static_files(context)
        if language() != "en":
            scripts.write(Path(self.outdir))

    def get_outdated_docs(self) -> list[str]:
        """Return one page, so that Sphinx always goes on to `write`, which decides for itself."""
        return [self.config.root_doc]

    def write(self, build_docnames, updated_docnames, method="update") -> None:
        """Write the pages that may have changed: chapters in this process, provided pages in another."""
        updated = set(updated_docnames)
        shared, sources = _shared(self.env), _sources(self.env)
        bodies = {name: _sum(f"{title}\0{body}".encode()) for name, title, body in self.provided}
        known = self.state if self.state.get("shared") == shared else {}
        written = known.get("sources", {})
        again = {name for name in self.env.found_docs if name in updated or name not in written}
        again |= {name for name in self.env.found_docs if self._shows(name, updated)}
        self.changed = [
            page for page in self.provided if known.get("bodies", {}).get(page[0]) != bodies[page[0]]
        ]
        self.unchanged = set(bodies) - {name for name, *_ in self.changed}
        for name in {*self.state.get("sources", {}), *self.state.get("bodies", {})} - {*sources, *bodies}:
            Path(self.get_outfilename(name)).unlink(missing_ok=True)
        super().write(again, [], "specific")
        self.state |= {"shared": shared, "sources": sources, "bodies": bodies}

    def _shows(self, docname: str, updated: set[str]) -> bool:
        """Whether a page shows numbers that one of these chapters computes."""
        text = Path(self.env.doc2path(docname)).read_text(encoding="utf-8")
        return any(f"{Path(name).name}.ipynb::" in text for name in updated)

    def load_indexer(self, docnames) -> None:
        """Load the search index of the previous build, without the pages that will be rewritten."""
        for field in _INDEX:
            setattr(self.indexer, field, self.state.get("index", {}).get(field, {}))
        self.indexer.prune((set(self.env.all_docs) - set(docnames)) | self.unchanged)

    def _write_serial(self, docnames) -> None:
        """Write the chapters, while another process writes the provided pages and the downloads."""
        beside, done = ParallelTasks(1), []
        beside.add_task(self._write_provided, self.changed, lambda _, result: done.extend(result))
        super()._write_serial(docnames)
        beside.join()
        shown, self.state["files"] = done
        self.provided = [*self.provided, *shown]
        for page in [*self.changed, *shown]:
            search.add_page(self.indexer, *page)

    def _write_provided(
        self, pages: list[tuple[str, str, str]]
    ) -> tuple[list[tuple[str, str, str]], dict[str, str]]:
        """Write these pages and the files of the chapters, and two pages that are new at every build.

        Returns
        -------
        pages, files
            The exhibits and the certificate, and what the files are made of.
        """
        executed = Path(self.config.embedgov_executed)
        shown = [exhibits.page(executed, code_links.described(self.env)), certificate.blank()]
        for name, title, body in [*pages, *shown]:
            self.handle_page(name, {"title": html.escape(title), "body": body}, "page.html")
        downloads.write_exhibits(Path(self.outdir), executed)
        instructor = any(name.startswith("book/instructor/") for name in self.env.found_docs)
        files = providers.chapter_files(self.config, executed, instructor)
        return shown, downloads.write_chapter_files(Path(self.outdir), files, self.state.get("files", {}))

    def index_page(self, pagename: str, doctree: nodes.document, title: str) -> None:
        """Add a page to the search index, without how to cite it, which names the study on every page.

        The home page keeps it, so that whoever looks for the study finds the book.
        """
        boxes = [one for one in doctree.findall(nodes.Element) if "cite-this" in one.get("classes", [])]
        places = [
            (box.parent, box.parent.index(box), box) for box in boxes if pagename != self.config.root_doc
        ]
        for parent, at, _ in places:
            del parent[at]
        super().index_page(pagename, doctree, title)
        for parent, at, box in places:
            parent.insert(at, box)

    def dump_search_index(self) -> None:
        """Write the search index; its order does not depend on which pages were rewritten."""
        index = self.indexer
        index.prune(set(self.env.all_docs) | {name for name, *_ in self.provided})
        for field in ("_mapping", "_title_mapping"):
            setattr(index, field, {word: pages for word, pages in getattr(index, field).items() if pages})
        index._index_entries = dict(sorted(index._index_entries.items()))
        with open(Path(self.outdir, self.searchindex_filename), "w", encoding="utf-8") as file:
            index.dump(file, self.indexer_format)
        self.state["index"] = {field: getattr(index, field) for field in _INDEX}

    def copy_image_files(self) -> None:
        """Copy the images of the written pages, and remove images that no page shows.

        The figures of the chapters are among the downloads, and shown from there.
        """
        shown = {name for _, name in self.env.images.values() if not FIGURE_FILE.fullmatch(name)}
        self.images = {path: name for path, name in self.images.items() if name in shown}
        super().copy_image_files()
        for image in Path(self.outdir, self.imagedir).glob("*"):
            if image.name not in shown:
                image.unlink()

    def cleanup(self) -> None:
        """Save the state, unless Sphinx warned: then the next build must rebuild and warn again."""
        super().cleanup()
        if self.app.statuscode:
            self.state = {}
        Path(self.doctreedir, STATE).write_bytes(pickle.dumps(self.state))


def _shared(env: BuildEnvironment) -> str:
    """A content hash of all that a page may show of other pages."""
    glossary = Path(env.doc2path("book/glossary"))
    parts = [
        _plain(getattr(env, name, None))
        for name in (
            "titles",
            "longtitles",
            "toctree_includes",
            "toc_secnumbers",
            "toc_fignumbers",
            "sphinx_exercise_registry",
            "domaindata",
        )
    ]
    text = re.sub(r" at 0x[0-9a-f]+", "", repr(parts)).encode()  # of objects that say no more
    return _sum(text + (glossary.read_bytes() if glossary.is_file() else b""))


def _plain(value: object) -> object:
    """The value in a form that two builds of the same sources have in common: sorted, nodes as text."""
    if isinstance(value, nodes.Node):
        return value.pformat()
    if isinstance(value, dict):
        return sorted((repr(key), repr(_plain(inner))) for key, inner in value.items())
    if isinstance(value, list | tuple | set | frozenset):
        return sorted(repr(_plain(inner)) for inner in value)
    return value
