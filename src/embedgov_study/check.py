"""Check the tables of ``data/`` against their schemas and each other: one line per defect.

The tables are a Data Package, and each has a Table Schema
(https://specs.frictionlessdata.io/table-schema/). Of what such a schema may say, the words below
are judged; any other is refused, because a rule that nobody judges protects nothing.
"""

import csv
import io
import json
import pickle
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from embedgov.errors import DataError
from embedgov.lookalike import lookalike

from .project import here
from .spreadsheet import damage

CODING = "coding/"  # where the coders' tables are, and the list of coders
CODEBOOKS = "codebooks/"  # and the codebooks
_CHINESE = ("_zh", "_term")  # how the names of columns end that hold Chinese
LEDGER = "ledger"  # what labels call the table of verdicts, which are computed
SEARCH = "word_codes"  # the table of a search for words, which codes every unit like a coder
ABOUT_CODERS = (
    "coders",
    "passes",
    "prompts",
    "orders",
    "words",
    "statement_terms",
    SEARCH,
)  # what is no coder's table
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
_URI = re.compile(  # RFC 3986, sections 2 and 3.1
    r"[A-Za-z][A-Za-z0-9+.-]*:([A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+"
)


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


@dataclass(frozen=True)
class Table:
    """The cells of one resource as text, and the line at which each row starts."""

    resource: dict
    rows: list[dict[str, str]]
    lines: list[int]

    @property
    def path(self) -> str:
        return self.resource["path"]


def check(data: Path | None = None) -> list[Problem]:
    """Check every table of a data folder.

    Parameters
    ----------
    data
        Folder that holds ``datapackage.json``; that of the project by default.

    Returns
    -------
    list of Problem
        By file and row; empty when the data are sound. One defect is one problem: a table whose
        columns are wrong is not judged further, a relation is not judged towards a column that
        is wrong itself, and the same value in the same column is reported once, with its rows.
    """
    data = Path(data or here().data)
    try:
        package = resources(data)
    except DataError as error:
        return [error.args[0]]
    problems = _undeclared(data, package)
    tables = {}
    for name, resource in package.items():
        try:
            header, rows, lines = read(resource["path"], data)
        except DataError as error:
            problems.append(error.args[0])
            continue
        found = defects(resource, header, rows, lines)
        problems += found
        if not any(problem.row == 1 for problem in found):
            whole = [i for i, row in enumerate(rows) if len(row) == len(header) and any(row)]
            cells = [dict(zip(header, rows[i])) for i in whole]
            tables[name] = Table(resource, cells, [lines[i] for i in whole])
    problems += _dangling(tables, problems)
    faulty = {problem.file for problem in problems}
    sound = {name: table for name, table in tables.items() if table.path not in faulty}
    return _merged([*problems, *_at_odds(package, sound)])


# ---- reading, for the check and for the loaders of embedgov_study.data


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
    texts = [(path, _text(data, path)) for path in ("datapackage.json", *schemas)]
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
    text = _text(data, path)
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


def _text(data: Path, path: str) -> str:
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


def _json(data: Path, path: str) -> dict:
    text = _text(data, path)
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


# ---- the parts of the check


def _undeclared(data: Path, package: dict) -> list[Problem]:
    """List the files that no resource declares; hidden ones and the schemas do not count."""
    declared = {"datapackage.json", "README.md", *(r["path"] for r in package.values())}
    files = (path.relative_to(data) for path in sorted(data.rglob("*")) if path.is_file())
    return [
        Problem(
            file.as_posix(),
            None,
            None,
            file.name,
            "only files that datapackage.json declares",
            "declare the file as a resource, or move it out of the folder",
        )
        for file in files
        if file.as_posix() not in declared
        and file.parts[0] != "schemas"
        and not any(part.startswith((".", "__")) for part in file.parts)
    ]


def _dangling(tables: dict[str, Table], known: list[Problem]) -> Iterator[Problem]:
    """Find the foreign keys that no row has; cells and columns with a known problem are left out.

    Where every cell of a key is empty, it points nowhere, and may. Where only some are, it must
    occur with the same empty cells: the standard leaves this open, and Frictionless has it so.
    """
    cells = {(problem.file, problem.row, problem.column) for problem in known}
    columns = {(file, name) for file, _, column in cells for name in (column or "*").split(", ")}
    for name, table in tables.items():
        for key in table.resource["schema"].get("foreignKeys", []):
            own, theirs = key["fields"], key["reference"]["fields"]
            target = tables.get(key["reference"]["resource"] or name)
            if target is None or not columns.isdisjoint((target.path, one) for one in ["*", *theirs]):
                continue
            there = {tuple(row[one] for one in theirs) for row in target.rows}
            for row, line in zip(table.rows, table.lines):
                value = tuple(row[one] for one in own)
                sound = cells.isdisjoint((table.path, line, one) for one in own)
                if any(value) and value not in there and sound:
                    yield Problem(
                        table.path,
                        line,
                        ", ".join(own),
                        ", ".join(value),
                        f"the {', '.join(theirs)} of a row of {target.path}"
                        + lookalike(", ".join(value), (", ".join(one) for one in there)),
                        f"correct it, or add the row to {target.path}",
                    )


def _at_odds(package: dict, tables: dict[str, Table]) -> Iterator[Problem]:
    """Find where tables that are sound themselves do not agree with one another."""
    if {"designations", "batches"} <= set(tables):
        yield from _register(tables["designations"], tables["batches"])
    if "labels" in tables:
        yield from _labels(tables["labels"], package, tables)
    if "coders" not in tables:
        return
    coders = tables["coders"]
    files, first = {}, {}
    for row, line in zip(coders.rows, coders.lines):
        name = coder_table(row)
        files[name] = row["codebook_id"]
        if name not in package:
            yield Problem(
                coders.path,
                line,
                "coder",
                row["coder"],
                f"a table {name}",
                "declare it in datapackage.json, or delete this row",
            )
        other = first.setdefault(row["round"], row)
        for column in ("unit_of_coding", "codebook_id"):
            if row[column] != other[column]:
                yield Problem(
                    coders.path,
                    line,
                    column,
                    row[column],
                    f"{other[column]}, as coder {other['coder']} of the same round has",
                    "correct it, or give the round another name",
                )
    for name, resource in package.items():
        if resource["path"].startswith(CODING) and name not in {*ABOUT_CODERS, *files}:
            yield Problem(
                resource["path"],
                None,
                None,
                name,
                f"a row for it in {coders.path}",
                "add the coder, or take the table out",
            )
    rules = defaultdict(list)
    if "rules" in tables:
        for row in tables["rules"].rows:
            rules[row["codebook_id"]].append((row["code"], row["at_least_one_of"].split(";")))
    for name, codebook_id in files.items():
        if name in tables:
            yield from _coder(tables[name], tables, codebook_id, rules[codebook_id])
    if SEARCH in tables:
        yield from _coder(tables[SEARCH], tables, "words", [])
    for codebook_id, name in {book: name for name, book in files.items()}.items():
        if {name, f"codebook-{codebook_id}"} <= set(tables):
            yield from _codebook(tables[f"codebook-{codebook_id}"], fields(package[name]))
    if "rules" in tables:
        yield from _rules(tables["rules"], tables)


def _register(designations: Table, batches: Table) -> Iterator[Problem]:
    """The designations of a batch are numbered from 1, and batches.csv counts them."""
    orders = defaultdict(set)
    for row, line in zip(designations.rows, designations.lines):
        orders[row["batch"]].add(int(row["order_in_notice"]))
        named = f"B{row['batch']}-{int(row['order_in_notice']):02d}"
        if row["designation_id"] != named:
            yield Problem(
                designations.path,
                line,
                "designation_id",
                row["designation_id"],
                f"{named}, after batch and order_in_notice",
                "correct one of the three",
            )
    for row, line in zip(batches.rows, batches.lines):
        found = orders[row["batch"]]
        for gap in sorted(set(range(1, max(found, default=0))) - found):
            yield Problem(
                designations.path,
                None,
                "order_in_notice",
                None,
                f"a row with order {gap} of batch {row['batch']}",
                "add the row, or renumber",
            )
        if max(found, default=0) != int(row["designations"]):
            yield Problem(
                batches.path,
                line,
                "designations",
                row["designations"],
                f"{len(found)}, the rows of the batch in {designations.path}",
                "correct the number, or the rows",
            )


def _labels(labels: Table, package: dict, tables: dict[str, Table]) -> Iterator[Problem]:
    """Find labels of no column, and values of a column with labels that have none."""
    labelled = defaultdict(set)
    for row, line in zip(labels.rows, labels.lines):
        name, column = row["table"], row["column"]
        if name in package and column in fields(package[name]):
            labelled[name, column].add(row["value"])
        elif name != LEDGER:
            known = name not in package
            yield Problem(
                labels.path,
                line,
                "table" if known else "column",
                name if known else column,
                f"the name of a table, or {LEDGER}" if known else f"a column of {name}",
                "correct it, or delete this row",
            )
    for (name, column), values in labelled.items():
        for row, line in zip(tables[name].rows, tables[name].lines) if name in tables else ():
            if row[column] and row[column] not in values:
                yield Problem(
                    tables[name].path,
                    line,
                    column,
                    row[column],
                    f"a value that has a label in {labels.path}",
                    "correct it, or add a row with its labels there",
                )


def _coder(
    codes: Table, tables: dict[str, Table], codebook_id: str, rules: list[tuple[str, list[str]]]
) -> Iterator[Problem]:
    """A coder codes every unit, and keeps the rules of the codebook."""
    key = next(iter(fields(codes.resource)))
    for relation in codes.resource["schema"].get("foreignKeys", []):
        units = tables.get(relation["reference"]["resource"])
        if relation["fields"] != [key] or units is None:
            continue
        coded = {row[key] for row in codes.rows}
        of = relation["reference"]["fields"][0]
        absent = [row[of] for row in units.rows if row[of] not in coded]
        if absent:
            yield Problem(
                codes.path,
                None,
                key,
                None,
                f"a row for {', '.join(absent)}",
                "add it: every coder codes every unit once",
            )
    for row, line in zip(codes.rows, codes.lines):
        for term in (name for name in row if name.endswith("_term")):
            given = row[term.removesuffix("_term")]
            if (given == "1") != bool(row[term]):
                yield Problem(
                    codes.path,
                    line,
                    term,
                    row[term] or None,
                    f"an anchor term where the code is 1 and none where it is 0; it is {given}",
                    "correct the code or the term",
                )
        for code, others in rules:
            if row.get(code) == "1" and "1" not in [row.get(other) for other in others]:
                yield Problem(
                    codes.path,
                    line,
                    code,
                    "1",
                    f"{' or '.join(others)} to be 1 as well",
                    f"correct one of them (codebook {codebook_id})",
                )


def _codebook(book: Table, columns: dict[str, dict]) -> Iterator[Problem]:
    """The codes of a codebook are the columns and the call themes of the coders' tables."""
    themes = columns.get("call_theme", {}).get("constraints", {}).get("enum", [])
    codes = [name for name, field in columns.items() if field["type"] == "integer" and name != "confidence"]
    for row, line in zip(book.rows, book.lines):
        if row["code"] not in (themes if row["group"] == "theme" else codes):
            yield Problem(
                book.path,
                line,
                "code",
                row["code"],
                f"one of {', '.join([*codes, *themes])}, as in the coders' tables",
                "correct the code or its group",
            )
    for code in sorted({*codes, *themes} - {row["code"] for row in book.rows}):
        yield Problem(book.path, None, "code", None, f"a row for {code}, which coders used", "add the row")


def _rules(rules: Table, tables: dict[str, Table]) -> Iterator[Problem]:
    """A rule names codes of its codebook that are given as 0 or 1."""
    for row, line in zip(rules.rows, rules.lines):
        book = tables.get(f"codebook-{row['codebook_id']}")
        if book is None:
            continue
        codes = [own["code"] for own in book.rows if own["group"] != "theme"]
        for column in ("code", "at_least_one_of"):
            if unknown := [code for code in row[column].split(";") if code not in codes]:
                yield Problem(
                    rules.path,
                    line,
                    column,
                    row[column],
                    f"codes of {book.path}, not {', '.join(unknown)}",
                    f"name one or more of {', '.join(codes)}",
                )


def _merged(problems: list[Problem]) -> list[Problem]:
    """Make one problem of the same value in the same column, and sort by file and row."""
    same = {}
    for problem in sorted(problems, key=lambda p: (p.file, p.row or 0, p.column or "")):
        same.setdefault(replace(problem, row=problem.row and 1), []).append(problem)
    merged = []
    for first, *others in same.values():
        if others:
            rows = ", ".join(str(other.row) for other in others[:10])
            more = f" and {len(others) - 10} more" if len(others) > 10 else ""
            first = replace(first, remedy=f"{first.remedy}; the same in rows {rows}{more}")
        merged.append(first)
    return merged
