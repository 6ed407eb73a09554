"""Read the Data Package of ``data/``: its tables, their schemas, and what a fault in it is.

Each table has a Table Schema (https://specs.frictionlessdata.io/table-schema/). Of what such a schema
may say, the words below are judged; any other is refused, because a rule that nobody judges protects
nothing.
"""

import csv
import io
import json
import pickle
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from embedgov.errors import DataError

CODING = "coding/"  # where the coders' tables are, and the list of coders
CODEBOOKS = "codebooks/"  # and the codebooks
_SCHEMA = ("fields", "primaryKey", "foreignKeys")
_FIELD = ("name", "type", "title", "description", "format", "constraints", "origin", "ours", "translated")
# Where the cells of a column come from, which `embedgov verify` compares: the article, the paragraph of
# it in which the row rests, the statements, other tables, the coders, a source without a copy, or us.
_ORIGINS = ("article", "paragraph", "statements", "tables", "coders", "elsewhere", "ours")
_TRANSLATED = (None, True, "beside")  # whether an edition in another language has the column in that
_CONSTRAINTS = {  # by the type of the field
    "string": ("required", "enum", "pattern", "minLength", "maxLength"),
    "integer": ("required", "minimum", "maximum"),
}
_FORMATS = {"string": ("default", "uri"), "integer": ("default",)}


@dataclass(frozen=True)
class Problem:
    """One defect of the data; ``str()`` is one line that says where, what, and what to do."""

    file: str  # relative to the data folder
    row: int | None  # line of the file, the header being line 1; None: the whole file
    column: str | None
    value: str | None  # None: something is missing
    expected: str
    remedy: str

    def __str__(self):
        value = "missing" if self.value is None else json.dumps(self.value, ensure_ascii=False)
        value = value if len(value) <= 80 else f'{value[:75]}..."'
        where = f"{self.file}:{self.row or '-'}:{self.column or '-'}"
        text = f"{where}: value {value}; expected {self.expected}; do: {self.remedy}"
        return " ".join(text.splitlines())


def resources(data: Path) -> dict[str, dict]:
    """Read ``datapackage.json``.

    Parameters
    ----------
    data
        Folder that holds it.

    Returns
    -------
    dict
        The resources by name, each with its schema in place of a path to it.

    Raises
    ------
    DataError
        The descriptor or a schema is missing, is no JSON, lacks what the loaders need, or says of
        a field what is not judged here.
    """
    schemas = sorted(path.relative_to(data).as_posix() for path in (data / "schemas").glob("*.json"))
    texts = [(path, text_of(data, path)) for path in ("datapackage.json", *schemas)]
    return pickle.loads(_resources(data, tuple(texts)))


@lru_cache(maxsize=4)  # every table that is read asks for them; they change with the texts only
def _resources(data: Path, texts: tuple[tuple[str, str], ...]) -> bytes:
    """The same as bytes, so that nobody changes what the next one gets."""
    package = _json(data, "datapackage.json")
    found, place = {}, "resources"
    try:
        for place, resource in enumerate(package["resources"], 1):
            file = "datapackage.json"
            if isinstance(resource["schema"], str):
                file = resource["schema"]
                resource["schema"] = _json(data, file)
            columns = fields(resource)
            texts = [resource["name"], resource["path"], *columns]
            texts += [field["type"] for field in columns.values()]
            if not all(isinstance(text, str) for text in texts) or resource["name"] in found:
                raise TypeError("path, names and types must be text, and the name its own")
            _types(resource, "primaryKey", resource["schema"].get("primaryKey", []))
            for column, value, expected in _unjudged(resource["schema"]):
                place = ".".join(filter(None, [resource["name"], column]))
                raise DataError(Problem(file, None, place, value, expected, "mend the descriptor"))
            found[resource["name"]] = resource
        for place, resource in found.items():
            for key in resource["schema"].get("foreignKeys", []):
                target = key["reference"]["resource"]
                target = found[place if target == "" else target]
                own = _types(resource, "foreign key", key["fields"])
                if own != _types(target, "foreign key to", key["reference"]["fields"]) or not own:
                    raise TypeError(f"foreign key {key['fields']} to fields of other types or number")
    except (KeyError, TypeError, AttributeError) as error:
        raise DataError(
            Problem(
                "datapackage.json",
                None,
                f"resource {place}",
                str(error.args[0]),
                "resources that each have a name, a path and a schema, fields that each have a name "
                "and a type, and keys that are lists of declared fields",
                "mend the descriptor",
            )
        ) from error
    return pickle.dumps(found)


def text_of(data: Path, path: str) -> str:
    """Read a file of the data folder as text.

    Raises
    ------
    DataError
        The file is missing, or is not UTF-8.
    """
    try:
        raw = (data / path).read_bytes()
    except OSError as error:
        raise DataError(
            Problem(
                path,
                None,
                None,
                None,
                f"this file in {data}",
                "restore it, or take its resource out of datapackage.json",
            )
        ) from error
    try:
        return raw.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8")
        column = place = f"character {len(before) - before.rfind(chr(10))}"
        if path.endswith(".csv"):
            header, *rows = csv.reader(io.StringIO(f"{before}?", newline=""))
            if rows and len(rows[-1]) <= len(header):
                column = header[len(rows[-1]) - 1]
        raise DataError(
            Problem(
                path,
                before.count("\n") + 1,
                column,
                f"byte 0x{raw[error.start]:02x} at {place}",
                "UTF-8",
                "save the file as UTF-8",
            )
        ) from error


def _types(resource: dict, key: str, names: list) -> list[str]:
    """Return the types of the fields of a key."""
    columns = fields(resource)
    if not isinstance(names, list) or not set(names) <= set(columns):
        raise TypeError(f"{key} {names} must be a list of fields of {resource['name']}")
    return [columns[name]["type"] for name in names]


def _unjudged(schema: dict) -> Iterator[tuple[str, str, str]]:
    """Find what a schema says and the check does not judge: the field, the word, what is expected."""
    names = [field["name"] for field in schema["fields"]]
    yield from (("", word, f"only {', '.join(_SCHEMA)}") for word in schema if word not in _SCHEMA)
    yield from ((name, name, "a name of its own") for name in names if names.count(name) > 1)
    for field in schema["fields"]:
        name, kind, form = field["name"], field["type"], field.get("format", "default")
        known = _CONSTRAINTS.get(kind)
        if known is None:
            yield name, kind, f"one of the types {', '.join(_CONSTRAINTS)}"
            continue
        yield from ((name, word, f"only {', '.join(_FIELD)}") for word in field if word not in _FIELD)
        if (origin := field.get("origin", "ours")) not in _ORIGINS:
            yield name, str(origin), f"one of the origins {', '.join(_ORIGINS)}"
        if field.get("translated") not in _TRANSLATED:
            yield name, json.dumps(field["translated"]), 'true, or "beside" for Chinese beside the English'
        if form not in _FORMATS[kind]:
            yield name, str(form), f"one of the formats {', '.join(_FORMATS[kind])}"
        for rule, value in field.get("constraints", {}).items():
            if rule not in known:
                yield name, rule, f"for this type only the constraints {', '.join(known)}"
            elif expected := _otherwise(rule, value):
                yield name, str(value), f"{rule} to be {expected}"


def _otherwise(rule: str, value: object) -> str:
    """Say what the value of a constraint must be, if it is something else."""
    if rule == "required":
        return "" if isinstance(value, bool) else "true or false"
    if rule == "enum":
        texts = isinstance(value, list) and all(isinstance(one, str) for one in value)
        return "" if texts and len(set(value)) == len(value) > 0 else "a list of texts, each once"
    if rule == "pattern":
        try:
            re.compile(value)
        except (re.error, OverflowError, TypeError) as error:
            return f"a regular expression ({error})"
        return ""
    return "" if type(value) is int else "a whole number"


def fields(resource: dict) -> dict[str, dict]:
    """Return the fields of a resource by name, in the order of the columns."""
    return {field["name"]: field for field in resource["schema"]["fields"]}


def _json(data: Path, path: str) -> dict:
    text = text_of(data, path)
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        line = text.splitlines()[error.lineno - 1] if text else ""
        raise DataError(
            Problem(
                path,
                error.lineno,
                f"character {error.colno}",
                line.strip(),
                f"valid JSON ({error.msg})",
                "mend the file at this place or just before it",
            )
        ) from error
