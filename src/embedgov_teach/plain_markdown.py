"""Translate the book's MyST text into plain Markdown, which Jupyter, VS Code and Colab can show.

The book is written in MyST: roles such as ``{ref}`words <place>` `` within a sentence, and directives
such as ``{exercise}`` around whole paragraphs.
Jupyter would show them as they are typed.
"""

import functools
import posixpath
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

import nbformat
import pybtex.database
from pybtex.backends import BaseBackend
from pybtex.plugin import find_plugin
from pybtex.richtext import Text
from pybtex.style.formatting import BaseStyle

from embedgov_press.directives import Code, Directive, blocks
from embedgov_study import evidence
from embedgov_study.language import language, say
from embedgov_study.project import here

from . import lab
from .errors import TeachingError

ROLE = re.compile(r"\{([\w:.-]+)\}`([^`]+)`")
_ADMONITIONS = ("note", "hint", "tip", "important", "warning", "caution", "seealso")
_TITLED = re.compile(r"^(?P<text>.+?)\s*<(?P<target>[^<>]+)>$", re.S)


@dataclass(frozen=True)
class Plain:
    """Translates the text of one page into plain Markdown.

    Parameters
    ----------
    page : str
        The page, as the table of contents names it.
    base : str
        The address of the published book, or nothing; with it references become links.
    number : callable
        Gives the text of a number for the name in a ``{glue:text}`` role.
    figures : mapping
        The number of each figure of the page.
    exercises : mapping
        The number of each exercise of the book, as the book counts them.
    brought : collection of str
        Targets of links that the hand-out brings along; without `base` a link to one shows its id.
    cut : list of str
        Gets the words of each link that without `base` leads nowhere.
    """

    page: str
    base: str
    number: Callable[[str], str]
    figures: Mapping[str, int]
    exercises: Mapping[str, int]
    brought: Collection[str] = ()
    cut: list[str] = field(default_factory=list, compare=False)

    def __call__(self, source: str) -> str:
        """Turn a text into plain Markdown.

        Raises
        ------
        TeachingError
            For a directive, a role or a reference that has no plain form.
        """
        return "\n\n".join(filter(None, map(self.block, blocks(source))))

    def block(self, block: str | Code | Directive) -> str:
        """Turn one of `blocks` into plain Markdown."""
        if isinstance(block, Directive):
            return self._directive(block)
        if isinstance(block, Code):
            return block
        text = self._prose(block)
        if left := re.search(r"^.*(`{3,}|:{3,})\{.*$", text, re.M):
            raise self._fault(f"the directive {left[0].strip()!r} within a list or quotation")
        return text

    def _directive(self, block: Directive) -> str:
        body = self(block.body)
        title = self._prose(block.argument) or block.name.capitalize()
        if block.name == "dropdown" or "dropdown" in block.options.get("class", "").split():
            return f"<details><summary>{title}</summary>\n\n{body}\n\n</details>"
        if block.name == "admonition" or block.name in _ADMONITIONS:
            quoted = "\n".join(f"> {line}".rstrip() for line in body.splitlines())
            return f"> **{title}**\n>\n{quoted}"
        raise self._fault(f"the directive {block.name!r}")

    def _prose(self, text: str) -> str:
        text = re.sub(r"^\([\w-]+\)=\n", "", text, flags=re.M)
        return ROLE.sub(lambda role: self._role(role[1], role[2]), text).strip()

    def _role(self, role: str, content: str) -> str:
        try:
            return self._words(role, content)
        except KeyError:  # no such number, work, page or place
            raise self._fault(f"{{{role}}}`{content}`") from None

    def _words(self, role: str, content: str) -> str:
        if role == "glue:text":
            return self.number(content)
        if role in ("cite:p", "cite:t"):
            keys = [key.strip() for key in content.split(",")]
            shown = [self._link(cited(key, role), "book/bibliography.html") for key in keys]
            if role == "cite:p":
                return say("({works})", works=say("; ").join(shown))
            return say(", ").join(shown)
        titled = _TITLED.match(content)
        words, target = (titled["text"], titled["target"]) if titled else (None, content)
        if role == "term":
            return self._link(words or target, "book/glossary.html")
        if role == "doc":
            page = posixpath.join("/", posixpath.dirname(self.page), target)  # as from the root
            page = posixpath.normpath(page).lstrip("/")
            return self._link(words or titles()[page], f"{page}.html")
        if role in ("ref", "numref") and target in self.figures:
            number = say("Figure {number}", number=self.figures[target])
            return (words or "%s").replace("%s", number).replace("{number}", number)
        if role in ("ref", "numref") and target in self.exercises:
            return words or say("exercise {number}", number=self.exercises[target])
        if role in ("ref", "numref"):
            address, title = labels()[target]
            if not self.base and target in self.brought:
                return f"{words or title} [{target.upper()}]" if words else target.upper()
            return self._link(words or title, address)
        raise KeyError(role)

    def _link(self, text: str, address: str) -> str:
        if self.base:
            return f"[{text}]({self.base}/{address})"
        self.cut.append(text)
        return text

    def _fault(self, what: str) -> TeachingError:
        return TeachingError(
            f"{self.page}: a hand-out has no plain form for {what}; write it otherwise there, "
            "or add it to embedgov_teach.plain_markdown"
        )


def target_of(content: str) -> str:
    """The target of a role that may have words of its own before it: of ``words <target>`` the latter."""
    titled = _TITLED.match(content)
    return titled["target"] if titled else content


def cited(key: str, role: str = "cite:t") -> str:
    """Cite a work by authors and year: *Read (2012)*, or *Read 2012* within parentheses."""
    entry = _works().entries[key]
    names = [
        " ".join(str(Text.from_latex(name)) for name in person.prelast_names + person.last_names)
        for person in entry.persons.get("author") or entry.persons["editor"]
    ]
    if language() == "zh":
        who = "、".join(names) if len(names) < 3 else f"{names[0]}等"
        return f"{who}，{entry.fields['year']}" if role == "cite:p" else f"{who}（{entry.fields['year']}）"
    who = names[0] if len(names) == 1 else " and ".join(names) if len(names) == 2 else f"{names[0]} et al."
    return f"{who} {entry.fields['year']}" if role == "cite:p" else f"{who} ({entry.fields['year']})"


def references(source: str) -> list[str]:
    """List the references of the works that a text cites, in alphabetical order of their keys."""
    keys = {
        key.strip()
        for role, content in ROLE.findall(source)
        if role.startswith("cite:")
        for key in content.split(",")
    }
    style, backend = _form()
    works = style.format_entries([_works().entries[key] for key in sorted(keys)])
    return [work.text.render(backend).replace("\n", " ") for work in works]


@functools.cache
def _form() -> tuple[BaseStyle, BaseBackend]:
    """The bibliography style and the Markdown writer of pybtex; to look them up takes a while."""
    if language() == "zh":
        from embedgov_press.chinese import BibliographyStyle as style  # with Sphinx, which takes a while
    else:
        style = find_plugin("pybtex.style.formatting", "plain")
    return style(), find_plugin("pybtex.backends", "markdown")()


@functools.cache
def _works() -> pybtex.database.BibliographyData:
    return pybtex.database.parse_file(here().book / "references.bib")


@functools.cache
def titles() -> dict[str, str]:
    """The title of every page."""
    return {page: re.search(r"^# (.+)$", text, re.M)[1] for page, text in _texts().items()}


@functools.cache
def labels() -> dict[str, tuple[str, str]]:
    """For every label of the book its address within the book, and its title."""
    found = {
        label: (f"{page}.html" + (f"#{place}" if place else ""), title)
        for label, (page, place, title) in (evidence.labels() | lab.labels()).items()
    }
    for page, text in _texts().items():
        for label, title in re.findall(r"^\(([\w-]+)\)=\n#+ (.+)$", text, re.M):
            found[label] = (f"{page}.html#{label}", title)
        for block in blocks(text):
            if isinstance(block, Directive) and "label" in block.options:
                label = block.options["label"]
                found[label] = (f"{page}.html#{label}", block.argument)
        for label in re.findall(r"\bname=\"(fig-[\w-]+)\"", text):
            found[label] = (f"{page}.html#{label}", say("a figure of *{page}*", page=titles()[page]))
    return found


@functools.cache
def _texts() -> dict[str, str]:
    """The source of every page as one text; the cells of a notebook are joined."""
    project = here()
    texts = {f"book/{path.stem}": path.read_text(encoding="utf-8") for path in project.book.glob("*.md")}
    for path in project.notebooks.glob("*.ipynb"):
        cells = nbformat.read(path, as_version=4).cells
        texts[f"notebooks/{path.stem}"] = "\n\n".join(cell.source for cell in cells)
    return texts
