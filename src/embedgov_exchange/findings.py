"""Shared by the checks against the sources: the rows of the tables, and the mismatches that are found."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from embedgov.errors import DataError
from embedgov_study.data_package import fields, resources
from embedgov_study.table import defects, read

CHINESE = "[\u3400-\u9fff]"
LOCATOR = {
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
    left: int = 0  # items that rest on a source of which there is no copy


class Tables:
    """The rows of the tables as text, each with its line."""

    def __init__(self, data: Path):
        self.data, self.resources = data, resources(data)
        self._read: dict[str, list] = {}

    def __contains__(self, name: str) -> bool:
        return name in self.resources

    def __getitem__(self, name: str) -> list[tuple[int, dict[str, str]]]:
        if name not in self._read:
            self._read[name] = self._rows(name)
        return self._read[name]

    def _rows(self, name: str) -> list[tuple[int, dict[str, str]]]:
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

    def columns(self, *origins: str) -> dict[str, list[dict]]:
        """For each table the columns whose cells come from one of these origins."""
        found = {
            name: [field for field in fields(resource).values() if field.get("origin") in origins]
            for name, resource in self.resources.items()
        }
        return {name: columns for name, columns in found.items() if columns}

    def by(self, name: str, column: str) -> dict[str, dict[str, str]]:
        """Index the rows of a table by the value of a column; empty if there is no such table."""
        return {row[column]: row for _, row in self[name]} if name in self else {}


def terms(column: str, cell: str) -> list[str]:
    """The Chinese of a cell: all of a Chinese column, every run of characters of another."""
    if column.endswith("_zh"):
        return [cell] if cell else []
    return re.findall(f"{CHINESE}+", cell)


def checked(file: str, items: str, results: Iterable[list[Mismatch]], left: int = 0) -> Checked:
    """Count the items, of each of which the mismatches are given."""
    results = list(results)
    mismatches = [mismatch for result in results for mismatch in result]
    return Checked(file, items, len(results), sum(not result for result in results), mismatches, left)
