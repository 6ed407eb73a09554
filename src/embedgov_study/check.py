"""Check the tables of ``data/`` against their schemas and each other: one line per defect."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from embedgov.errors import DataError
from embedgov.lookalike import lookalike

from .data_package import CODING, Problem, fields, resources
from .project import here
from .table import Table, coder_table, defects, read

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
