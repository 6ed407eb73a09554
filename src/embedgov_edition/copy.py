"""The project in another language: a copy whose texts are those of the catalogues, to be built like any.

The tables of the copy hold the translations where the project's own tables have English only: in the
column ``x_zh`` of an ``x_en``, and in the place of the English in a column without such an ending;
there both, where the schema says ``"translated": "beside"``.
So the repository holds no Chinese twice, and one file, the catalogue, says what was translated when.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import nbformat
import yaml
from babel.messages.mofile import write_mo
from docutils import nodes

from embedgov_study.data_package import fields, resources
from embedgov_study.project import Project, here
from embedgov_study.table import read

from . import bibliography, catalogue, code, markdown, messages

_KEPT = ("requirements.txt", "requirements-test.txt", "requirements.lock", "LICENSE", "LICENSE-TEXT")
_PLAIN = ("alt", "caption", "question", "objective", "term")  # kinds of texts that take no markup
_STRUCTURE = re.compile(r"Key points$|\*\w+, \d+ minutes\*$")  # what a chapter is read by
_WORDS = re.compile("[A-Za-z]{2}")
_THEME = Path("theme")  # catalogues of the words of Sphinx, of the theme and of extensions
_LOCALES = "book/locale"  # and where the copy has them, compiled


def folder(language: str) -> Path:
    """Where the copy of a language is."""
    return here().build / language


def write(language: str) -> Path:
    """Write the copy, but no file again that is as it was; return its folder.

    Where a message has no translation, or one that was made for other words, the copy has the words
    of the source. In a page they are marked as ``stale``; what stands in code or tables is listed, so
    that the build can mark it.

    Parameters
    ----------
    language : str
        The folder below ``locale``.
    """
    root = folder(language)
    wanted = {
        root / name: content.encode() if isinstance(content, str) else content
        for name, content in _files(language).items()
    }
    for file, content in wanted.items():
        if not file.is_file() or file.read_bytes() != content:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
    copy = Project(root)
    for part in (copy.data, copy.book, copy.notebooks):
        for file in part.rglob("*"):
            if file.is_file() and file not in wanted and "__pycache__" not in file.parts:
                file.unlink()
    return root


def _files(language: str) -> dict[str, bytes | str]:
    """All files of the copy, by their path in it."""
    project = here()
    found: dict[str, bytes | str] = {".gitignore": "*\n"}
    for name in _KEPT:
        if (project.root / name).is_file():
            found[name] = (project.root / name).read_bytes()
    for part in (project.data, project.book):
        for path in sorted(part.rglob("*")):
            page = part == project.book and path.suffix == ".md"
            if path.is_file() and not page and "__pycache__" not in path.parts:
                found[path.relative_to(project.root).as_posix()] = path.read_bytes()
    works = "book/references.bib"
    if works in found:
        found[works] = bibliography.translated(found[works].decode(), language)
    tables, stale = _tables(language)
    found |= tables
    found["book/stale.json"] = json.dumps(sorted(stale), ensure_ascii=False, indent=0)
    names = _names(tables["data/datapackage.json"])
    for page in messages.pages():
        name = page.relative_to(project.root)
        known = catalogue.translations(language, name.with_suffix(".po"))
        text = page.read_text(encoding="utf-8")
        translate = translated_page if page.suffix == ".md" else translated_chapter
        found[name.as_posix()] = translate(text, known, language, names)
    for toc in (project.toc, project.instructor / "_toc.yml"):
        if toc.is_file():
            name = toc.relative_to(project.root)
            found[name.as_posix()] = _contents(toc, catalogue.translations(language, name.with_suffix(".po")))
    found["_config.yml"] = _config(language)
    package = catalogue.folder(language) / messages.PACKAGE
    if package.is_file():
        found[f"locale/{language}/{messages.PACKAGE}"] = package.read_bytes()
    for theme in sorted((catalogue.folder(language) / _THEME).glob("*.po")):
        made, words = io.BytesIO(), catalogue.read(theme)
        words.creation_date = datetime(2000, 1, 1, tzinfo=UTC)  # else that of today, and every page anew
        write_mo(made, words)
        found[f"{_LOCALES}/{catalogue.LOCALES[language]}/LC_MESSAGES/{theme.stem}.mo"] = made.getvalue()
    return found


# ---- pages


class _Marker:
    """What stands for each message of a page; where there is no translation, the message, marked.

    What takes no mark is listed in ``stale``.
    """

    def __init__(self, known: Mapping[str, str]):
        self.known = known
        self.stale: list[str] = []

    def __call__(self, message: str, kind: str) -> str:
        if message in self.known:
            return self.known[message]
        if _STRUCTURE.match(message) or not _has_words(message):
            return message
        if kind.startswith(_PLAIN):
            self.stale.append(message)
            return message
        return f"[{message}]{{.stale .language-en}}"

    def page(self, text: str) -> str:
        """A text in Markdown, whose first title stays without a mark, since it is shown elsewhere as well."""
        return re.sub(
            r"^# \[(.*)\]\{\.stale \.language-en\}$", r"# \1", markdown.translated(text, self), flags=re.M
        )


def _has_words(message: str) -> bool:
    return bool(_WORDS.search(re.sub(r"\{[^}]*\}`[^`]*`", "", message)))


def translated_page(
    text: str, known: Mapping[str, str], language: str = "", names: Iterable[str] = ()
) -> str:
    """A page of prose in another language, with the anchors of the English one in its front matter."""
    marker = _Marker(known)
    new = marker.page(text)
    found = anchors(text)
    front = re.match(r"\A---\n(.*?\n)---\n", new, re.S)
    about = yaml.safe_load(front[1]) if front else {}
    about |= {"anchors": found, "stale": marker.stale}
    body = new[front.end() :] if front else new
    return f"---\n{yaml.safe_dump(about, allow_unicode=True, sort_keys=False, width=1000)}---\n{body}"


def translated_chapter(text: str, known: Mapping[str, str], language: str, names: Iterable[str]) -> str:
    """A chapter in another language, with the anchors of the English one in its metadata.

    Parameters
    ----------
    text : str
        The notebook.
    known : mapping
        What stands for each of its messages.
    language : str
        The language, which becomes the value of the parameter ``language``.
    names : iterable of str
        Names of columns, of which those that there are in both languages change places.
    """
    notebook = nbformat.reads(text, as_version=4)
    marker, stale = _Marker(known), []
    prose = "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    program = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    ids = messages.ids(here().data)
    stems = code.pairs([*names, *re.findall(r"\b\w+_(?:en|zh)\b", program)])
    about = notebook.metadata.get("embedgov", {})
    for key, texts in messages.front(notebook).items():
        about[key] = [marker(each, key[:-1]) for each in texts]
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = marker.page(cell.source)
            continue
        stale += [own for own, *_ in code.texts(cell.source, ids) if own not in known and _has_words(own)]
        cell.source = code.translated(cell.source, known, stems)
        if "parameters" in cell.metadata.get("tags", []):
            cell.source = re.sub(r'^language = "en"', f'language = "{language}"', cell.source, flags=re.M)
    stale = list(dict.fromkeys([*marker.stale, *stale]))
    notebook.metadata["embedgov"] = about | {"anchors": anchors(prose), "stale": stale}
    return f"{nbformat.writes(notebook)}\n"


def anchors(text: str) -> list[str]:
    """The anchors of the sections of a page, as docutils makes them of its titles."""
    found, taken = [], 0
    tokens = markdown.parser().parse(text)
    for token, after in zip(tokens, tokens[1:]):
        if token.type == "heading_open" and not token.level:
            plain = "".join(c.content for c in after.children or [] if c.type in ("text", "code_inline"))
            place = nodes.make_id(plain)
            if not place or place in found:
                taken += 1
                place = f"id{taken}"
            found.append(place)
    return found


# ---- tables


def _tables(language: str) -> tuple[dict[str, str], set[str]]:
    """The tables of the copy with their descriptor and schemas, and the texts that stay in English."""
    data, found, stale = here().data, {}, set()
    added: dict[str, dict[str, str]] = {}
    for name, resource in resources(data).items():
        columns = messages.translated_fields(resource)
        if not columns:
            continue
        known = catalogue.translations(language, messages.DATA / f"{name}.po")
        header, rows, _ = read(resource["path"], data)
        beside = {column for column in columns if fields(resource)[column]["translated"] == "beside"}
        new_header = list(header)
        for column, other in columns.items():
            if other not in new_header:
                new_header.insert(new_header.index(column) + 1, other)
                added.setdefault(name, {})[column] = other
        lines = []
        for cells in rows:
            row = dict(zip(header, cells))
            for column, other in columns.items():
                own = row[column]
                if other != column and row.get(other):
                    continue
                if own and own not in known and _has_words(own):
                    stale.add(own)
                string = known.get(own, own)
                row[other] = f"{string} / {own}" if column in beside and string != own else string
            lines.append(row)
        text = io.StringIO()
        writer = csv.DictWriter(text, new_header, lineterminator="\n")
        writer.writeheader()
        writer.writerows(lines)
        found[f"data/{resource['path']}"] = text.getvalue()
    known = catalogue.translations(language, messages.DESCRIPTOR)
    for file in (data / "datapackage.json", *sorted((data / "schemas").glob("*.json"))):
        whole = json.loads(file.read_text(encoding="utf-8"))
        for part, key, _ in messages.described(whole):
            part[key] = known.get(part[key], part[key])
        for resource in whole.get("resources", [{"schema": whole}]):
            _add_fields(resource, added.get(resource.get("name"), {}))
        found[file.relative_to(here().root).as_posix()] = (
            json.dumps(whole, ensure_ascii=False, indent=2) + "\n"
        )
    return found, stale


def _add_fields(resource: dict, added: Mapping[str, str]) -> None:
    """Declare the columns that a table of the copy has in addition, and free those of what binds terms."""
    if not isinstance(resource["schema"], dict):
        return
    own = resource["schema"]["fields"]
    translated = messages.translated_fields(resource)
    for field in list(own):
        if field["name"] in added:
            new = {"name": added[field["name"]], "type": "string", "description": field["description"]}
            own.insert(own.index(field) + 1, new)
        elif field["name"] in translated.values() and "constraints" in field:
            field["constraints"] = {k: v for k, v in field["constraints"].items() if k == "required"}


def _names(descriptor: str) -> set[str]:
    """Names of columns: of the tables of the copy, and of what our packages make of them."""
    found = set(re.findall(r'"name": "(\w+_(?:en|zh))"', descriptor))
    for file in messages.SRC.glob("embedgov*/**/*.py"):
        found |= set(re.findall(r"\b[a-z]\w*_(?:en|zh)\b", file.read_text(encoding="utf-8")))
    return found


# ---- contents and configuration


def _contents(toc: Path, known: Mapping[str, str]) -> str:
    whole = yaml.safe_load(toc.read_text(encoding="utf-8"))
    for part in whole.get("parts", [whole]):
        if "caption" in part:
            part["caption"] = known.get(part["caption"], part["caption"])
    return yaml.safe_dump(whole, allow_unicode=True, sort_keys=False)


def _config(language: str) -> str:
    whole = yaml.safe_load(here().config.read_text(encoding="utf-8"))
    known = catalogue.translations(language, Path("_config.po"))
    own = whole.setdefault("sphinx", {}).setdefault("config", {})
    for part, key in messages.configured(whole):
        part[key] = known.get(part[key].strip(), part[key])
    own["language"] = catalogue.LOCALES[language]
    own["locale_dirs"] = [_LOCALES]
    if base := whole.get("html", {}).get("baseurl"):
        whole["html"]["baseurl"] = f"{base.rstrip('/')}/{language}"
    return yaml.safe_dump(whole, allow_unicode=True, sort_keys=False)
