"""Check the tables against a copy of the official statements: names, counts, terms and codes."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from embedgov_study.data_package import CODING, fields

from . import source_texts
from .errors import SourceError
from .findings import Checked, Mismatch, Tables, checked, terms
from .source_texts import fold

SOURCE = "exhibition-docx"  # in sources.csv, that the statements were read in
_HEADER = ("序号", "实验单位", "实验主题")  # of the register's tables: number, unit, theme


@dataclass(frozen=True)
class _Statement:
    """A row of a table of the register, folded."""

    number: str
    name: str
    parts: dict[str, str]  # theme, and task if the table has tasks


def _read(
    document: source_texts.Document, path: Path, batches: int
) -> tuple[list[list[list[str]]], dict[str, "_Statement"]]:
    """The tables of the register in a copy of the file, and their rows by designation."""
    register = [table for table in document.tables if table and _is_register(table)]
    if len(register) != batches:
        raise SourceError(
            f"{path} is not the file of statements: it has {len(register)} tables "
            f"headed {', '.join(_HEADER)}, not one for each of {batches} "
            "batches; fetch it by `embedgov fetch-sources`"
        )
    known = {}  # the position of a table is the batch: the heading of the fourth names the third
    for batch, table in enumerate(register, 1):
        for order, row in enumerate(table[1:], 1):
            if len(row) != len(table[0]):
                raise SourceError(
                    f"{path}: row {order} of the register's table {batch} has "
                    f"{len(row)} cells, its header {len(table[0])}; fetch the file by "
                    "`embedgov fetch-sources`"
                )
            number, name, *parts = map(fold, row)
            key = f"B{batch}-{order:02d}"
            known[key] = _Statement(number, name, dict(zip(("theme", "task"), parts)))
    return register, known


def texts(document: source_texts.Document, path: Path, batches: int) -> dict[str, dict[str, str]]:
    """Theme, and task where there is one, of each designation, from a copy of the file.

    Parameters
    ----------
    document, path
        The copy, and where it is.
    batches : int
        How many batches there are.

    Returns
    -------
    dict of str to dict
        The parts of each designation's statement.

    Raises
    ------
    SourceError
        The file has not the tables of the register.
    """
    return {key: statement.parts for key, statement in _read(document, path, batches)[1].items()}


def checks(
    document: source_texts.Document, path: Path, tables: Tables, notes: list[str]
) -> Iterator[Checked]:
    """Compare what the tables say of the statements with a copy of the file.

    Parameters
    ----------
    document, path
        The copy, and where it is.
    tables
        The tables.
    notes
        What there is to know about the copy is added.

    Yields
    ------
    Checked
        Counts, names, parts, terms and codes of a table.

    Raises
    ------
    SourceError
        The file has not the tables of the register.
    """
    register, known = _read(document, path, len(tables["batches"]))
    if hashlib.sha256(path.read_bytes()).hexdigest() not in {
        row["sha256"] for _, row in tables["sources"] if row["source_id"] == SOURCE
    }:
        notes.append(
            "the file of statements is not byte for byte the one that was read, whose "
            "sha256 is in sources.csv"
        )
    others = [fold("".join(row)) for table in document.tables if table not in register for row in table]
    yield _batches(register, tables)
    yield _designations(known, tables)
    yield _parts(known, tables)
    yield from _places(tables)
    yield from _terms(known, tables)
    yield _evidence(others, known, tables)
    for name, resource in tables.resources.items():
        if resource["path"].startswith(CODING) and "designation_id" in fields(resource):
            yield _codes(name, known, tables)


def _is_register(table: list[list[str]]) -> bool:
    return tuple(map(fold, table[0][:3])) == _HEADER


def _batches(register: list, tables: Tables) -> Checked:
    path = tables.path("batches")
    sizes = {str(batch): len(table) - 1 for batch, table in enumerate(register, 1)}
    return checked(
        path,
        "counts",
        (
            []
            if int(row["designations"]) == sizes.get(row["batch"])
            else [
                Mismatch(
                    path,
                    line,
                    "designations",
                    row["designations"],
                    f"table {row['batch']} of the file has {sizes.get(row['batch'], 'no rows')}",
                )
            ]
            for line, row in tables["batches"]
        ),
    )


def _designations(known: dict[str, _Statement], tables: Tables) -> Checked:
    """Compare names, order and kinds; a name that the file has twice is one unit."""
    path = tables.path("designations")
    names = {row["unit_id"]: row["zone_zh"] for _, row in tables["units"]}
    rows = tables["designations"]
    units = {row["designation_id"]: row["unit_id"] for _, row in rows}
    places = defaultdict(list)
    for key, statement in known.items():
        places[statement.name].append(key)

    def judged(line, row):
        def mismatch(column, reason):
            return Mismatch(path, line, column, row[column], reason)

        key, unit = row["designation_id"], row["unit_id"]
        if key not in known:
            yield mismatch("designation_id", "the file has no such row")
            return
        statement, name = known[key], names.get(unit, "")
        if statement.name != fold(name):
            where = " and ".join(places[fold(name)]) or "nowhere"
            yield mismatch("unit_id", f"the file has {statement.name} here, and {name} {where}")
        for other in places[statement.name]:
            if units.get(other, unit) != unit and names.get(units[other]) == name:
                yield mismatch(
                    "unit_id",
                    f"the file has {name} for {other} as well, which is another unit, {units[other]}",
                )
        if statement.number != row["order_in_notice"]:
            yield mismatch("order_in_notice", f"the file numbers it {statement.number}")
        kind = "theme and task" if "task" in statement.parts else "theme title"
        if kind != row["statement_kind"]:
            yield mismatch("statement_kind", f"the file has its {kind}")

    results = [list(judged(line, row)) for line, row in rows]
    results += [
        [
            Mismatch(
                path, None, "designation_id", key, f"there is no row for it; the file has {known[key].name}"
            )
        ]
        for key in known
        if key not in units
    ]
    return checked(path, "names", results)


def _parts(known: dict[str, _Statement], tables: Tables) -> Checked:
    """Count characters and look for terms again, as the table was made."""
    path = tables.path("statement_parts")
    terms = [row["term_zh"] for _, row in tables["terms"]]
    rows = tables["statement_parts"]

    def judged(line, row):
        key = row["designation_id"]
        text = known[key].parts.get(row["part"]) if key in known else None
        if not text:
            yield Mismatch(path, line, "part", row["part"], f"the file has no {row['part']} of {key}")
            return
        found = ";".join(term for term in terms if fold(term) in text)
        for column, value in (("characters", str(len(text))), ("terms", found)):
            if row[column] != value:
                yield Mismatch(path, line, column, row[column], f"the file has {value or 'none'}")

    results = [list(judged(line, row)) for line, row in rows]
    listed = {(row["designation_id"], row["part"]) for _, row in rows}
    results += [
        [Mismatch(path, None, "part", part, f"there is no row for the {part} of {key}")]
        for key, statement in known.items()
        for part, text in statement.parts.items()
        if text and (key, part) not in listed
    ]
    return checked(path, "parts", results)


def _terms(known: dict[str, _Statement], tables: Tables) -> Iterator[Checked]:
    """Look up the terms that are looked for in the statements."""
    whole = [text for statement in known.values() for text in statement.parts.values()]
    for name, columns in tables.columns("statements").items():
        columns = [field["name"] for field in columns if field["name"] in ("term_zh", "terms")]
        if not columns or name == "statement_parts":
            continue
        path, results = tables.path(name), []
        for line, row in tables[name]:
            for column in columns:
                lacking = [
                    term
                    for term in terms(column, row[column])
                    if not any(fold(term) in text for text in whole)
                ]
                if terms(column, row[column]):
                    reason = f"no statement has {' or '.join(lacking)}"
                    results.append([Mismatch(path, line, column, row[column], reason)] if lacking else [])
        yield checked(path, "terms", results)


def _places(tables: Tables) -> Iterator[Checked]:
    """The name of a unit, which the file has, begins with its province and has its prefecture in it."""
    units, provinces = tables["units"], tables.by("provinces", "province_id")
    ours = {
        field["name"]: field.get("ours", [])
        for each in tables.columns("statements").values()
        for field in each
    }

    def misplaced(path, line, column, name, fits):
        if name in ours.get(column, []) or fits:
            return []
        return [Mismatch(path, line, column, name, "the names of the units in the file do not have it")]

    path = tables.path("units")
    yield checked(
        path,
        "prefectures",
        (
            misplaced(
                path, line, "prefecture_zh", row["prefecture_zh"], row["prefecture_zh"] in row["zone_zh"]
            )
            for line, row in units
        ),
    )
    if provinces:
        path = tables.path("provinces")
        names = {key: [row["zone_zh"] for _, row in units if row["province_id"] == key] for key in provinces}
        yield checked(
            path,
            "names",
            (
                misplaced(
                    path,
                    line,
                    "province_zh",
                    row["province_zh"],
                    names[row["province_id"]]
                    and all(name.startswith(row["province_zh"]) for name in names[row["province_id"]]),
                )
                for line, row in tables["provinces"]
            ),
        )


def _evidence(others: list[str], known: dict[str, _Statement], tables: Tables) -> Checked:
    """Look for what the file says of a zone outside the register, beside the zone's name."""
    path = tables.path("practice_evidence")

    def judged(line, row):
        name = known[row["designation_id"]].name if row["designation_id"] in known else ""
        if not any(name in text and fold(row["anchor_zh"]) in text for text in others):
            yield Mismatch(
                path, line, "anchor_zh", row["anchor_zh"], f"no other table of the file has it beside {name}"
            )

    return checked(
        path,
        "anchors",
        (list(judged(line, row)) for line, row in tables["practice_evidence"] if row["source_id"] == SOURCE),
        left=sum(row["source_id"] != SOURCE for _, row in tables["practice_evidence"]),
    )


def _codes(name: str, known: dict[str, _Statement], tables: Tables) -> Checked:
    path = tables.path(name)

    def judged(line, row, column):
        key, term = row["designation_id"], fold(row[column])
        having = [
            own for own, statement in known.items() if any(term in text for text in statement.parts.values())
        ]
        if key not in having:
            where = ", ".join(having[:5]) + (" and others" if having[5:] else "")
            yield Mismatch(
                path,
                line,
                column,
                row[column],
                f"is not in the statement of {key}, but in that of {where}"
                if having
                else "is not found at all",
            )

    return checked(
        path,
        "terms",
        (
            list(judged(line, row, column))
            for line, row in tables[name]
            for column in row
            if column.endswith("_term") and row[column]
        ),
    )
