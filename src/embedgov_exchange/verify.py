"""The tables against the sources: every anchor term, name and count where the tables say it is.

Places in the article are compared as places in its folded text (`source_texts.fold`). A paragraph starts
where its line starts, if the copy has the lines of the reprint. If not, it starts where most of
its anchor terms say: each stands somewhere, and its place in the line tells where that began.
"""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from embedgov.errors import DataError, SourceError
from embedgov_study.check import CODING, defects, fields, read, resources
from embedgov_study.project import here

from . import source_texts
from .quotations import LONGEST, Quotations, project_files, readable_texts
from .source_texts import fold

STATEMENTS = "exhibition-docx"  # the source, in sources.csv, that the statements were read in
_HEADER = ("序号", "实验单位", "实验主题")  # of the register's tables: number, unit, theme
_LOCATOR = {
    "section",
    "paragraph",
    "file_line",
    "anchor_zh",
    "anchor_char_offset",
    "anchor_occurrences_in_par",
}


@dataclass(frozen=True)
class Mismatch:
    """One cell, or one file, that is not as the source has it."""

    file: str  # relative to the data folder; of a quotation, to the project
    row: int | None  # line of the file, the header being line 1
    column: str | None
    value: str | None
    reason: str

    def __str__(self):
        where = f"{self.file}:{self.row or '-'}:{self.column or '-'}"
        return f"{where}: {self.value or '-'}: {self.reason}"


@dataclass(frozen=True)
class Checked:
    """How many items of one file were checked, and what does not match."""

    file: str
    items: str
    checked: int
    matching: int
    mismatches: list[Mismatch]


@dataclass
class Report:
    """What came out: what was checked, and what there is to know about the copies."""

    tables: list[Checked] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def mismatches(self) -> list[Mismatch]:
        return [mismatch for table in self.tables for mismatch in table.mismatches]

    def to_dict(self) -> dict:
        """Everything, in types that JSON knows."""
        return asdict(self)


def verify(
    article: Path | None = None,
    statements: Path | None = None,
    data: Path | None = None,
    root: Path | None = None,
) -> Report:
    """Compare the tables with copies of the sources.

    Parameters
    ----------
    article
        Text of the web reprint of the article.
    statements
        The Word file with the official statements.
    data
        Folder that holds ``datapackage.json``; that of the project by default.
    root
        A folder that is searched for quotations that are too long; the project by default.

    Returns
    -------
    Report
        One entry per table that rests on a given source, and one for the files of the project.

    Raises
    ------
    SourceError
        A copy cannot be read or is of something else, or none is given.
    DataError
        A table is not what its schema says.
    """
    if article is None and statements is None:
        raise SourceError("no copy of a source is given: give the article, the statements, or both")
    tables = _Tables(Path(data or here().data))
    report, known = Report(), []
    if article is not None:
        inventory = tables.having(_LOCATOR)
        text = source_texts.read_article(
            article, {row["anchor_zh"] for rows in inventory.values() for _, row in rows}
        )
        known.append(text.whole)
        report.tables += _article(text, tables, inventory, report.notes)
    if statements is not None:
        document = source_texts.read_document(statements)
        known.append("".join(document.paragraphs))
        report.tables += _statements(document, statements, tables, report.notes)
    names = [row["zone_zh"] for _, row in tables["units"]]
    given = {path.resolve() for path in (article, statements) if path}
    report.tables.append(_quotations(root or here().root, Quotations(known, names), given))
    return report


class _Tables:
    """The rows of the tables as text, each with its line."""

    def __init__(self, data: Path):
        self.data, self.resources = data, resources(data)

    def __getitem__(self, name: str) -> list[tuple[int, dict[str, str]]]:
        if name not in self.resources:
            raise DataError(f"{self.data}: there is no table {name!r}, which the check needs")
        resource = self.resources[name]
        header, rows, lines = read(resource["path"], self.data)
        for problem in defects(resource, header, rows, lines):
            raise DataError(problem)
        return [(line, dict(zip(header, row))) for line, row in zip(lines, rows)]

    def having(self, columns: set[str]) -> dict[str, list]:
        """The rows of every table with these columns, by name."""
        return {
            name: self[name] for name, resource in self.resources.items() if columns <= set(fields(resource))
        }

    def path(self, name: str) -> str:
        return self.resources[name]["path"]


def _checked(file: str, items: str, results: Iterable[list[Mismatch]]) -> Checked:
    results = list(results)
    mismatches = [mismatch for result in results for mismatch in result]
    return Checked(file, items, len(results), sum(not result for result in results), mismatches)


# ---- the article


class _Paragraph:
    """A row of sections.csv: a paragraph, and what its line was in the reprint."""

    def __init__(self, row: dict[str, str]):
        self.line = int(row["file_line"])
        self.spaces = [int(place) for place in row["spaces"].split(";") if place]
        indent = sum(place == i for i, place in enumerate(self.spaces))
        self.characters = int(row["characters"])
        self.length = self.characters - len(self.spaces) + indent  # without any space
        self.start: int | None = None  # place in the copy
        self.found = self.line  # line in the copy, if it has the lines of the reprint

    def folded(self, offset: int) -> int | None:
        """Turn a place in the line into one in the folded line; None if a space stands there."""
        if offset in self.spaces:
            return None
        return offset - sum(space < offset for space in self.spaces)

    def unfolded(self, place: int) -> int:
        """Turn a place in the folded line into one in the line."""
        for space in self.spaces:
            place += space <= place
        return place


def _article(
    text: source_texts.Text, tables: _Tables, inventory: dict, notes: list[str]
) -> Iterator[Checked]:
    sections = tables["sections"]
    paragraphs = {_key(row): _Paragraph(row) for _, row in sections}
    anchors = defaultdict(list)
    for rows in inventory.values():
        for _, row in rows:
            anchors[_key(row)].append((fold(row["anchor_zh"]), int(row["anchor_char_offset"])))
    own = [
        paragraph
        for paragraph in paragraphs.values()
        if paragraph.line <= len(text.lines) and len(text.lines[paragraph.line - 1]) == paragraph.length
    ]
    has_lines = len(own) > len(paragraphs) / 2
    if not has_lines:
        notes.append(
            "the copy of the article has other lines than the reprint: its paragraphs "
            "were found by their anchor terms, and line numbers and lengths could not be "
            "checked"
        )
    for key, paragraph in paragraphs.items():
        if has_lines and paragraph in own:
            paragraph.start = text.starts[paragraph.line - 1]
        else:
            paragraph.start = _start(text.whole, paragraph, anchors[key])
        if has_lines and paragraph.start is not None:
            paragraph.found = text.line(paragraph.start)
    path = tables.path("sections")
    yield _checked(
        path,
        "paragraphs",
        (list(_paragraph(text, paragraphs[_key(row)], has_lines, path, line)) for line, row in sections),
    )
    for name, rows in inventory.items():
        path = tables.path(name)
        yield _checked(
            path,
            "anchors",
            (list(_anchor(text, paragraphs.get(_key(row)), row, path, line)) for line, row in rows),
        )


def _key(row: dict[str, str]) -> tuple[str, str]:
    return row["section"], row["paragraph"]


def _places(text: str, term: str) -> list[int]:
    return [found.start() for found in re.finditer(f"(?={re.escape(term)})", text)]


def _start(text: str, paragraph: _Paragraph, anchors: list[tuple[str, int]]) -> int | None:
    """Where a paragraph starts, as a third of its anchor terms say at least; otherwise None."""
    votes = Counter(
        place - paragraph.folded(offset)
        for anchor, offset in anchors
        if paragraph.folded(offset) is not None
        for place in _places(text, anchor)
    )
    start = max(votes, key=lambda start: (votes[start], -start), default=-1)
    return start if start >= 0 and 3 * votes[start] >= len(anchors) else None


def _paragraph(
    text: source_texts.Text, paragraph: _Paragraph, has_lines: bool, path: str, row: int
) -> Iterator[Mismatch]:
    if paragraph.start is None:
        yield Mismatch(
            path,
            row,
            "file_line",
            str(paragraph.line),
            "the paragraph is not found: nowhere do its anchor terms stand together",
        )
    elif paragraph.found != paragraph.line:
        yield Mismatch(
            path, row, "file_line", str(paragraph.line), f"the paragraph stands in line {paragraph.found}"
        )
    elif has_lines and (more := len(text.lines[paragraph.line - 1]) - paragraph.length):
        yield Mismatch(
            path,
            row,
            "characters",
            str(paragraph.characters),
            f"the paragraph has {paragraph.characters + more} characters",
        )


def _anchor(
    text: source_texts.Text, paragraph: _Paragraph | None, row: dict[str, str], path: str, line: int
) -> Iterator[Mismatch]:
    def mismatch(column, reason):
        subject = "" if column == "anchor_zh" else f"{row['anchor_zh']} "
        return Mismatch(path, line, column, row[column], subject + reason)

    anchor, offset = fold(row["anchor_zh"]), int(row["anchor_char_offset"])
    if paragraph is None:
        yield mismatch("paragraph", "is placed in a paragraph that sections.csv does not have")
        return
    if int(row["file_line"]) not in (paragraph.line, paragraph.found):
        yield mismatch("file_line", f"has its paragraph in line {paragraph.found}")
    start = len(text.whole) if paragraph.start is None else paragraph.start
    own = text.whole[start : start + paragraph.length]
    places = _places(own, anchor)
    if not places:
        elsewhere = sorted({text.line(place) for place in _places(text.whole, anchor)})
        lines = ", ".join(map(str, elsewhere[:5])) + (" and others" if elsewhere[5:] else "")
        yield mismatch(
            "anchor_zh",
            f"is not in its paragraph, but in line {lines} of the copy"
            if elsewhere
            else "is not found at all",
        )
        return
    if paragraph.folded(offset) not in places:
        found = " and ".join(str(paragraph.unfolded(place)) for place in places)
        yield mismatch("anchor_char_offset", f"stands at {found} of the line")
    if own.count(anchor) != int(row["anchor_occurrences_in_par"]):
        yield mismatch("anchor_occurrences_in_par", f"occurs {own.count(anchor)} times in its paragraph")


# ---- the statements


@dataclass(frozen=True)
class _Statement:
    """A row of a table of the register, folded."""

    number: str
    name: str
    parts: dict[str, str]  # theme, and task if the table has tasks


def _statements(
    document: source_texts.Document, path: Path, tables: _Tables, notes: list[str]
) -> Iterator[Checked]:
    batches = len(tables["batches"])
    register = [table for table in document.tables if table and _is_register(table)]
    if len(register) != batches:
        raise SourceError(
            f"{path} is not the file of statements: it has {len(register)} tables "
            f"headed {', '.join(_HEADER)}, not one for each of {batches} "
            "batches; fetch it by `embedgov fetch-sources`"
        )
    if hashlib.sha256(path.read_bytes()).hexdigest() not in {
        row["sha256"] for _, row in tables["sources"] if row["source_id"] == STATEMENTS
    }:
        notes.append(
            "the file of statements is not byte for byte the one that was read, whose "
            "sha256 is in sources.csv"
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
    others = [fold("".join(row)) for table in document.tables if table not in register for row in table]
    yield _batches(register, tables)
    yield _designations(known, tables)
    yield _parts(known, tables)
    yield _terms(known, tables)
    yield _evidence(others, known, tables)
    for name, resource in tables.resources.items():
        if resource["path"].startswith(CODING) and "designation_id" in fields(resource):
            yield _codes(name, known, tables)


def _is_register(table: list[list[str]]) -> bool:
    return tuple(map(fold, table[0][:3])) == _HEADER


def _batches(register: list, tables: _Tables) -> Checked:
    path = tables.path("batches")
    sizes = {str(batch): len(table) - 1 for batch, table in enumerate(register, 1)}
    return _checked(
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


def _designations(known: dict[str, _Statement], tables: _Tables) -> Checked:
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
    return _checked(path, "names", results)


def _parts(known: dict[str, _Statement], tables: _Tables) -> Checked:
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
    return _checked(path, "parts", results)


def _terms(known: dict[str, _Statement], tables: _Tables) -> Checked:
    path = tables.path("terms")
    whole = [text for statement in known.values() for text in statement.parts.values()]
    return _checked(
        path,
        "terms",
        (
            []
            if any(fold(row["term_zh"]) in text for text in whole)
            else [Mismatch(path, line, "term_zh", row["term_zh"], "no statement has this term")]
            for line, row in tables["terms"]
        ),
    )


def _evidence(others: list[str], known: dict[str, _Statement], tables: _Tables) -> Checked:
    """Look for what the file says of a zone outside the register, beside the zone's name."""
    path = tables.path("practice_evidence")

    def judged(line, row):
        name = known[row["designation_id"]].name if row["designation_id"] in known else ""
        if not any(name in text and fold(row["anchor_zh"]) in text for text in others):
            yield Mismatch(
                path, line, "anchor_zh", row["anchor_zh"], f"no other table of the file has it beside {name}"
            )

    return _checked(
        path,
        "anchors",
        (
            list(judged(line, row))
            for line, row in tables["practice_evidence"]
            if row["source_id"] == STATEMENTS
        ),
    )


def _codes(name: str, known: dict[str, _Statement], tables: _Tables) -> Checked:
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

    return _checked(
        path,
        "terms",
        (
            list(judged(line, row, column))
            for line, row in tables[name]
            for column in row
            if column.endswith("_term") and row[column]
        ),
    )


# ---- the project


def _quotations(root: Path, quotes: Quotations, given: set[Path]) -> Checked:
    def judged(path):
        for first, text in readable_texts(path):
            for line, shared in quotes.find(text, first):
                yield Mismatch(
                    path.relative_to(root).as_posix(),
                    line,
                    None,
                    shared,
                    f"quotes {len(shared)} characters of a source in a row, more than "
                    f"{LONGEST}: paraphrase it",
                )

    return _checked("the project", "files", (list(judged(path)) for path in project_files(root, given)))
