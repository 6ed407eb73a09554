"""The messages of the project: what a reader sees of it and a translator gives in another language."""

import ast
import functools
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
import yaml
from babel.messages.extract import extract_javascript
from jinja2.ext import babel_extract

from embedgov_study.data_package import fields, resources
from embedgov_study.project import here
from embedgov_study.table import read

from . import code, markdown

CODE, VALUES = "code", "code with values"  # how the kinds of texts in the code of a chapter begin
SAID = "text of a page"  # and of the texts of our packages
PACKAGE = Path("package.po")  # the catalogue of what our own packages say
DATA = Path("data")  # the folder with a catalogue for each table
DESCRIPTOR = DATA / "descriptions.po"
_LATIN = re.compile("[A-Za-z]{2}")
SRC = Path(__file__).resolve().parents[1]
_SAYING = {"say", "said", "translated"}  # functions of `embedgov_study.language` and of pages
_CONFIG = ("title", "project", "author")
_SPHINX = ("embedgov_study", "nb_code_prompt_show", "nb_code_prompt_hide")
_THEME = ("search_bar_text",)


@dataclass(frozen=True)
class Message:
    """One message: its words in English, what it is, and the file, with the cell or row, that has it."""

    text: str
    kind: str
    place: str


def all_messages() -> dict[Path, list[Message]]:
    """The messages of the project by their catalogue, which is a path below the folder of a language.

    A page or chapter has a catalogue of the same path, a table one of its name in ``data``; of what our
    packages say, all is in one. Catalogues that would be empty are left out.
    """
    project = here()
    found = {}
    for page in pages():
        name = page.relative_to(project.root)
        found[name.with_suffix(".po")] = list(page_messages(page))
    for toc in (project.toc, project.instructor / "_toc.yml"):
        if toc.is_file():
            name = toc.relative_to(project.root)
            found[name.with_suffix(".po")] = [
                Message(each, "caption of a part", name.as_posix()) for each in captions(toc)
            ]
    config = yaml.safe_load(project.config.read_text(encoding="utf-8"))
    found[Path("_config.po")] = [
        Message(part[key].strip(), key, "_config.yml") for part, key in configured(config)
    ]
    for name, resource in resources(project.data).items():
        found[DATA / f"{name}.po"] = list(_cells(resource))
    found[DESCRIPTOR] = list(_descriptions())
    found[PACKAGE] = [*package_messages(SRC), *script_messages()]
    return {name: messages for name, messages in found.items() if messages}


def pages() -> list[Path]:
    """The sources of all pages: prose and chapters."""
    return [*sorted(here().book.rglob("*.md")), *sorted(here().notebooks.glob("*.ipynb"))]


def page_messages(page: Path) -> Iterator[Message]:
    """The messages of a page, in their order."""
    name = page.relative_to(here().root).as_posix()
    found: list[Message] = []
    if page.suffix == ".md":
        text, heading = page.read_text(encoding="utf-8"), ""

        def note(message: str, kind: str) -> str:
            nonlocal heading
            heading = message if kind == "title" else heading
            under = f' under "{heading}"' if heading and kind != "title" else ""
            found.append(Message(message, f"{kind}{under}", name))
            return message

        markdown.translated(text, note)
        yield from found
        return
    notebook = nbformat.read(page, as_version=4)
    for key, texts in front(notebook).items():
        yield from (Message(text, key[:-1], name) for text in texts)
    for cell in notebook.cells:
        place = f"{name}#{cell.id}"
        if cell.cell_type == "markdown":
            found = []
            markdown.translated(cell.source, lambda m, kind, to=found, at=place: _noted(to, m, kind, at))
            yield from found
        else:
            for text, use, has_values in code.texts(cell.source, ids(here().data)):
                kind = VALUES if has_values else CODE
                yield Message(text, f"{kind}: {use}" if use else kind, place)


@functools.cache
def ids(data: Path) -> frozenset[str]:
    """Strings by which chapters name something to our packages: values of tables, kinds and states."""
    found = set()
    for resource in resources(data).values():
        header, rows, _ = read(resource["path"], data)
        for name, field in fields(resource).items():
            found |= set(field.get("constraints", {}).get("enum", []))
            if not name.endswith(("_en", "_zh")) and not field.get("translated"):
                found |= {value for value in (cells[header.index(name)] for cells in rows) if " " in value}
        if resource["name"] == "labels":
            found |= {cells[header.index("value")] for cells in rows}
    for file in (SRC / "embedgov" / "bounds.py", *(SRC / "embedgov_study" / "figures").glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                if node.value == node.value.strip() and _LATIN.search(node.value):  # else it joins words
                    found.add(node.value)
    for file in (SRC / "embedgov" / "example").glob("*.csv"):
        found |= set(re.split("[,\n]", file.read_text(encoding="utf-8")))
    return frozenset(found)


def _noted(found: list[Message], message: str, kind: str, place: str) -> str:
    found.append(Message(message, kind, place))
    return message


def front(notebook: nbformat.NotebookNode) -> dict[str, list[str]]:
    """The texts in the metadata of a chapter."""
    about = notebook.metadata.get("embedgov", {})
    return {key: about[key] for key in markdown.FRONT if key in about}


def captions(toc: Path) -> list[str]:
    """The captions of the parts in a table of contents, which may be a single part."""
    whole = yaml.safe_load(toc.read_text(encoding="utf-8"))
    return [part["caption"] for part in whole.get("parts", [whole]) if "caption" in part]


def configured(config: dict) -> Iterator[tuple[dict, str]]:
    """Each part of the configuration with a text, and the key of the text."""
    own = config.get("sphinx", {}).get("config", {})
    for keys, part in ((_CONFIG, config), (_SPHINX, own), (_THEME, own.get("html_theme_options", {}))):
        yield from ((part, key) for key in keys if part.get(key))


def translated_fields(resource: dict) -> dict[str, str]:
    """The columns of a table that are translated, each with the column that then holds the Chinese."""
    columns = fields(resource)
    return {
        name: f"{name.removesuffix('_en')}_zh" if name.endswith("_en") else name
        for name, field in columns.items()
        if field.get("translated")
    }


def _cells(resource: dict) -> Iterator[Message]:
    """The texts of a table that have no Chinese beside them."""
    columns = translated_fields(resource)
    if not columns:
        return
    header, rows, lines = read(resource["path"], here().data)
    key = resource["schema"].get("primaryKey", [])
    for column, other in columns.items():
        for cells in rows:
            row = dict(zip(header, cells))
            if _LATIN.search(row[column]) and not (other != column and row.get(other)):
                which = " ".join(row[part] for part in key)
                yield Message(row[column], column, f"data/{resource['path']}#{which.replace(' ', '-')}")


def _descriptions() -> Iterator[Message]:
    """The titles and descriptions in the descriptor of the tables and in the schemas."""
    data = here().data
    for file in (data / "datapackage.json", *sorted((data / "schemas").glob("*.json"))):
        place = file.relative_to(here().root).as_posix()
        for part, key, where in described(json.loads(file.read_text(encoding="utf-8"))):
            yield Message(part[key], f"{key} of {where}" if where else key, place)


def described(part: dict, where: str = "") -> Iterator[tuple[dict, str, str]]:
    """Each part of a descriptor with a text, the key of the text, and the names that lead to it."""
    for key in ("title", "description"):
        if part.get(key):
            yield part, key, where
    for inner in part.get("resources", []):
        yield from described(inner, inner["name"])
    schema = part.get("schema")
    for field in (schema if isinstance(schema, dict) else part).get("fields", []):
        yield from described(field, f"{where} {field['name']}".strip())


def package_messages(src: Path) -> Iterator[Message]:
    """What the packages in a folder say: ``say("...")`` in code, ``_("...")`` in templates and scripts."""
    for file in sorted(src.glob("embedgov*/**/*.py")):
        place, source = file.relative_to(src.parent).as_posix(), file.read_text(encoding="utf-8")
        if not any(name in source for name in _SAYING):
            continue
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Call) and _called(node) in _SAYING and node.args:
                text = node.args[0]
                if isinstance(text, ast.Constant) and isinstance(text.value, str):
                    yield Message(text.value, SAID, place)
    for file in sorted(src.glob("embedgov*/templates/*")):
        with open(file, "rb") as content:
            for _, _, text, _ in babel_extract(content, ("_",), (), _TEMPLATES):
                text = text if isinstance(text, str) else text[0]
                yield Message(text, SAID, file.relative_to(src.parent).as_posix())


def script_messages() -> Iterator[Message]:
    """What the scripts of the pages say: ``say("...")`` in ``book/_static``."""
    project = here()
    for script in sorted((project.book / "_static").glob("*.js")):
        with open(script, "rb") as content:
            for _, _, text, _ in extract_javascript(content, ("say",), (), {"parse_template_string": True}):
                text = text if isinstance(text, str) else text[0]
                yield Message(text, SAID, script.relative_to(project.root).as_posix())


_TEMPLATES = {"trimmed": "true", "silent": "false", "newstyle_gettext": "true"}


def _called(node: ast.Call) -> str:
    return getattr(node.func, "attr", getattr(node.func, "id", ""))
