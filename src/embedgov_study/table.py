"""Read one table, and say what is wrong with it by itself."""

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from embedgov.errors import DataError

from .data_package import Problem, fields, resources, text_of
from .project import here
from .spreadsheet import damage

_CHINESE = ("_zh", "_term")  # how the names of columns end that hold Chinese
_URI = re.compile(  # RFC 3986, sections 2 and 3.1
    r"[A-Za-z][A-Za-z0-9+.-]*:([A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+"
)


@dataclass(frozen=True)
class Table:
    """The cells of one resource as text, and the line at which each row starts."""

    resource: dict
    rows: list[dict[str, str]]
    lines: list[int]

    @property
    def path(self) -> str:
        return self.resource["path"]


def read(path: str, data: Path) -> tuple[list[str], list[list[str]], list[int]]:
    """Read a CSV file as text.

    Parameters
    ----------
    path
        Path of the file within the folder.
    data
        The folder.

    Returns
    -------
    header, rows, lines
        The cells of the header and of each row, and the line of the file at which each row
        starts, the header being line 1.

    Raises
    ------
    DataError
        The file is missing, is not UTF-8, has no row, or has an open quotation mark.
    """
    text = text_of(data, path)
    rows, lines = [], [1]
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for row in reader:
            rows.append(row)
            lines.append(reader.line_num + 1)
    except csv.Error as error:
        raise DataError(
            Problem(
                path,
                lines[-1],
                None,
                str(error),
                "quotation marks in pairs around a cell",
                "close, double or delete the quotation mark in this row",
            )
        ) from error
    if len(rows) < 2:
        raise DataError(
            Problem(path, None, None, text[:60], "a header and at least one row", "restore the file")
        )
    return rows[0], rows[1:], lines[1:-1]


def sound(name: str, data: Path | None = None) -> Table:
    """Read a table that must be sound by itself.

    Parameters
    ----------
    name
        Name of the resource.
    data
        Folder that holds ``datapackage.json``; that of the project by default.

    Returns
    -------
    Table
        All of its rows.

    Raises
    ------
    DataError
        There is no such table, or it is not what its schema says; foreign keys are not judged.
    """
    data = Path(data or here().data)
    known = resources(data)
    if name not in known:
        raise DataError(f"{data}: there is no table {name!r}; take one of {', '.join(known)}")
    resource = known[name]
    header, rows, lines = read(resource["path"], data)
    for problem in defects(resource, header, rows, lines):
        raise DataError(problem)
    return Table(resource, [dict(zip(header, row)) for row in rows], lines)


def coder_table(coder: Mapping[str, str]) -> str:
    """Name the table that holds the codes of a coder.

    Parameters
    ----------
    coder
        A row of ``coders.csv``.

    Returns
    -------
    str
        Unit of coding in the plural, round and letter, as in ``statements-pilot-a``; a round that
        is called like its units is not named twice, as in ``segments-g``.
    """
    units, name = f"{coder['unit_of_coding']}s", coder["round"]
    stem = units if name == units else f"{units}-{name}"
    return f"{stem}-{coder['coder'].lower()}"


def defects(resource: dict, header: list, rows: list, lines: list) -> list[Problem]:
    """List what is wrong with a table by itself.

    Parameters
    ----------
    resource
        The resource, as `resources` gives it.
    header, rows, lines
        The file, as `read` gives it.

    Returns
    -------
    list of Problem
        What is wrong with the columns; or else with the rows, the cells and the primary key.
    """
    columns = fields(resource)
    names = list(columns)

    def problem(row, column, value, expected, remedy):
        return Problem(resource["path"], row, column, value, expected, remedy)

    if not set(header) & set(names):
        return [
            problem(
                1,
                None,
                ",".join(header),
                f"the columns {','.join(names)}",
                "put the header back, with commas between the columns",
            )
        ]
    found = [
        problem(1, name, None, f"this column in place {names.index(name) + 1}", "put it back")
        for name in names
        if name not in header
    ]
    found += [
        problem(
            1,
            name,
            name,
            f"only the columns {','.join(names)}, each once",
            "remove the column, or declare it in datapackage.json",
        )
        for i, name in enumerate(header)
        if name not in names or name in header[:i]
    ]
    if header != names and not found:
        found = [
            problem(
                1, None, ",".join(header), f"the order {','.join(names)}", "put the columns into this order"
            )
        ]
    if found:
        return found
    key, first = [names.index(name) for name in resource["schema"].get("primaryKey", [])], {}
    for row, line in zip(rows, lines):
        if not any(row):
            found.append(problem(line, None, ",".join(row), "no empty row", "delete the row"))
            continue
        if len(row) != len(names):
            found.append(
                problem(
                    line,
                    None,
                    ",".join(row),
                    f"{len(names)} cells, not {len(row)}",
                    "add or remove cells; one with a comma needs quotation marks",
                )
            )
            continue
        for name, value in zip(names, row):
            if done := damage(value, name.endswith(_CHINESE)):
                found.append(problem(line, name, value, *done))
            elif not _fits(columns[name], value):
                found.append(_misfit(resource, line, name, value))
        value = ", ".join(row[i] for i in key)
        if all(row[i] for i in key) and key and first.setdefault(value, line) != line:
            found.append(
                problem(
                    line,
                    ", ".join(names[i] for i in key),
                    value,
                    f"a key that occurs once; row {first[value]} has it too",
                    "delete one of the two rows, or give it its own key",
                )
            )
    return found


def _fits(field: dict, value: str) -> bool:
    """Tell whether a cell is what its field allows."""
    rules = field.get("constraints", {})
    if value == "":
        return not rules.get("required", False)
    if field["type"] == "integer":
        if not re.fullmatch("0|-?[1-9][0-9]*", value):
            return False
        number = int(value)
        return rules.get("minimum", number) <= number <= rules.get("maximum", number)
    return (
        (field.get("format") != "uri" or _URI.fullmatch(value) is not None)
        and value in rules.get("enum", [value])
        and re.fullmatch(rules.get("pattern", "(?s:.*)"), value) is not None
        and rules.get("minLength", 0) <= len(value) <= rules.get("maxLength", len(value))
    )


def _misfit(resource: dict, line: int, name: str, value: str) -> Problem:
    """Say that a cell is not what its field allows."""
    field = fields(resource)[name]
    rules = field.get("constraints", {})
    words = {"string": "text", "integer": "a whole number"}[field["type"]]
    words = "a URI, as in https://example.org/a%20b" if field.get("format") == "uri" else words
    words += f" from {rules['minimum']}" if "minimum" in rules else ""
    words += f" to {rules['maximum']}" if "maximum" in rules else ""
    words += f" of the form {rules['pattern']}" if "pattern" in rules else ""
    if "maxLength" in rules:
        words += f" of {rules.get('minLength', 1)} to {rules['maxLength']} characters"
    if "enum" in rules:
        words = f"one of {', '.join(map(str, rules['enum']))}"
    remedy = "correct the cell" if value else "fill the cell in"
    return Problem(resource["path"], line, name, value, words, remedy)
