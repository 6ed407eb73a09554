"""Read the coding sheets that learners hand in, and find what is wrong with each, row by row.

What cannot be read safely or without guessing is refused with a reason; a cell that cannot be
understood is named and counts as not decided. This module knows nothing of the other sheets, so
that a pool of processes can read.
"""

import faulthandler
import os
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from embedgov.lookalike import seen

from .table_files import AGAIN, HEADER_WITHIN, Refused, Table, Wanted, header_key, one_line, read_tables

ROWS = 500  # that are not empty; there are not that many items
_NAME = 80  # characters

_TRUE, _FALSE = {"TRUE", "YES", "Y", "是"}, {"FALSE", "NO", "N", "否"}
_NUMBER = re.compile(r"([0-9])(?:[.,]0+)?")
_SHEETS = {".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".ods", ".numbers"}


class Layout(NamedTuple):
    """What a sheet for one kind of item should hold."""

    of: str
    codes: tuple[str, ...]
    chinese: dict[str, str]  # the Chinese of each item, by which an encoding is recognised


class Finding(NamedTuple):
    """A fault in a sheet: where it is, what stands there, and what to do."""

    row: int | None  # as the program shows it, counted from 1
    column: str
    value: str
    advice: str


@dataclass
class Sheet:
    """The content of a file: answers, or the reason why it was refused."""

    file: str  # as shown to people
    learner: str = ""
    of: str = ""
    set: str = ""
    answers: dict[str, list[int | None]] = field(default_factory=dict)  # by item, in order of codes
    rows: dict[str, int] = field(default_factory=dict)  # row of each item
    confidence: dict[str, int] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)  # how the file was read
    refused: str = ""


def find_sheets(paths: Sequence[Path], but: Path | None = None) -> list[tuple[Path, str]]:
    """List the files to read: the given files, and the files in the given folders.

    Parameters
    ----------
    paths : sequence of Path
        Files and folders. In folders, names that begin with a dot or with ``~$`` and files that
        macOS and Windows put there are skipped.
    but : Path, optional
        A folder within them that is skipped, too: that of the reports.

    Returns
    -------
    list of (Path, str)
        Each file once, with the name by which people know it, ordered by that name.
    """
    known, but = {}, but and but.resolve()
    for given in map(Path, paths):
        path = given.resolve()
        if not path.is_dir():
            known.setdefault(path, one_line(given.name))
            continue
        for file in path.rglob("*"):
            parts = file.relative_to(path).parts
            looks_like_sheet = [Path(part).suffix.lower() in _SHEETS for part in parts]
            if any(map(_passed_over, parts)) or any(looks_like_sheet[:-1]) or but in file.parents:
                continue
            if not file.is_dir() or file.is_symlink() or looks_like_sheet[-1]:
                known.setdefault(file, one_line("/".join(parts)))
    times = Counter(known.values())
    listed, taken = [], set()
    for file, shown in sorted(known.items(), key=lambda pair: (pair[1], str(pair[0]))):
        name = within = shown if times[shown] == 1 else one_line(f"{file.parent.name}/{shown}")
        number = 1
        while name in taken:  # reports are found by these names
            number += 1
            name = f"{number}: {within}"
        taken.add(name)
        listed.append((file, name))
    return sorted(listed, key=lambda pair: pair[1])


def _passed_over(name: str) -> bool:
    return name.startswith((".", "~$")) or name in {"__MACOSX", "Thumbs.db", "desktop.ini"}


def read(path: Path, shown: str, layouts: Sequence[Layout]) -> Sheet:
    """Read one sheet; whatever is wrong with the file is part of the result, never an exception.

    Parameters
    ----------
    path : Path
        A file, by its content and not its name an XLSX or ODS workbook or a CSV.
    shown : str
        What to call it.
    layouts : sequence of Layout
        The kinds of sheets that there are.

    Returns
    -------
    Sheet

    Notes
    -----
    A code is 1 or 0, also 1.0 and 1,0, full-width digits, and TRUE, YES, Y, 是 and FALSE, NO, N, 否
    in letters of any case; each of these readings is noted in the messages. Nothing else is guessed:
    of a tick or an x it is not known what an empty cell beside it means.
    """
    sheet = Sheet(shown, one_line(Path(shown).stem))
    try:
        columns = tuple(code for layout in layouts for code in layout.codes)
        chinese = tuple(text for layout in layouts for text in layout.chinese.values())
        tables = read_tables(path, shown, Wanted("item", columns, chinese), sheet.messages)
        _understand(tables, layouts, sheet)
    except Refused as reason:
        sheet.refused = str(reason)
    except Exception as error:  # nobody else's sheet may stop for what this one holds
        sheet.refused = f"cannot be read ({type(error).__name__}); {AGAIN}"
    if sheet.refused:
        sheet.answers = {}
    return sheet


def with_deadline(seconds: float, read: Callable[..., Sheet], *given: object) -> Sheet:
    """Read a sheet, and kill this process if that takes longer than a deadline.

    It stands in this module, which imports little, since the new process imports the module.

    Parameters
    ----------
    seconds : float
        Of the clock.
    read : callable
        Is given `given` and reads one sheet, as `read` does.
    *given
        What `read` takes.
    """
    with open(os.devnull, "w") as nowhere:
        faulthandler.dump_traceback_later(seconds, exit=True, file=nowhere)
        try:
            return read(*given)
        finally:
            faulthandler.cancel_dump_traceback_later()


def crashed_sheet(shown: str) -> Sheet:
    """Make the refused sheet of a file whose reader ran out of memory or time, or crashed."""
    return Sheet(
        shown,
        one_line(Path(shown).stem),
        refused="the program that read it broke down, as when "
        "memory is short, or found no end; copy the codes into the sheet that you were given, "
        f"and {AGAIN}",
    )


# ---- meaning


def _understand(tables: Sequence[Table], layouts: Sequence[Layout], sheet: Sheet) -> None:
    """Find the table of codes and fill the sheet with its content."""
    fitting, lacking = [], []
    for table in tables:
        for number, row in enumerate(table.rows[:HEADER_WITHIN], 1):
            header = [header_key(cell) for cell in row]
            for layout in layouts:
                needed = ["item", *(code.casefold() for code in layout.codes)]
                lacks = [name for name in needed if name not in header]
                if not lacks:
                    fitting.append((table, number, header, layout))
                lacking.append((len(lacks) / len(needed), lacks))
    fitting = [fit for fit in fitting if fit[0].title == "Coding"] or fitting
    if not fitting:
        _, lacks = min(lacking, key=lambda pair: pair[0], default=(1, ["item"]))
        lacks = [name.upper() if name != "item" else name for name in lacks]
        raise Refused(
            "its columns are not those of a coding sheet: "
            f"{', '.join(lacks)} missing; keep the columns of the sheet that you were "
            "given, with their names in the first row"
        )
    if len(fitting) > 1:
        raise Refused("two tables or headers could hold the codes; keep one of them")
    table, start, header, layout = fitting[0]
    rows = table.rows
    names = ["item", *layout.codes, "confidence", "note", "learner", "set"]
    for name in names:
        if header.count(name.casefold()) > 1:
            raise Refused(f"the column {name} occurs twice; keep one of them")
    place = {name: header.index(name.casefold()) for name in names if name.casefold() in header}
    sheet.of = layout.of
    known = {name.casefold() for name in names} | {"text_en", "text_zh", ""}
    if more := [one_line(rows[start - 1][i])[:40] for i, name in enumerate(header) if name not in known]:
        sheet.messages.append(f"Columns that are not asked for were not read: {', '.join(more[:10])}.")
    filled = [
        (number, row)
        for number, row in enumerate(rows[start:], start + 1)
        if any(cell.strip() for cell in row)
    ]
    if len(filled) > ROWS:
        raise Refused(
            f"{len(filled)} rows, more than the {ROWS} that a sheet may have; keep those that you were given"
        )
    for number, row in filled:
        for cell in row:
            if cell.lstrip().startswith("="):
                raise Refused(f"row {number} holds a formula ({one_line(cell)[:40]}); write the value itself")
    _name(sheet, filled, place)
    _codes(sheet, filled, place, layout, len(header), table.merged)
    if not any(answer is not None for answers in sheet.answers.values() for answer in answers):
        raise Refused(
            "no code could be read in any row; fill in 1 or 0, and check that the item ids are "
            "those of the sheet that you were given"
        )


def _name(sheet: Sheet, filled, place) -> None:
    """Set the learner's name, from the sheet or else from the file's name."""

    def written(column):
        """What stands in the column beside items; below the table a remark may stand there."""
        if column not in place:
            return []
        beside, elsewhere = {}, {}
        for _, row in filled:
            cells = [*row, *[""] * (max(place.values()) + 1 - len(row))]
            if cell := _unguarded(one_line(cells[place[column]])):
                (beside if cells[place["item"]].strip() else elsewhere)[cell] = None
        return list(beside or elsewhere)

    names = written("learner")
    if len({name_key(name) for name in names}) > 1:
        raise Refused(
            f"two names in the column learner ({names[0][:_NAME]}, {names[1][:_NAME]}); "
            "one sheet holds the codes of one learner"
        )
    if names:
        sheet.learner = names[0][:_NAME]
    else:
        sheet.learner = sheet.learner[:_NAME]
        sheet.messages.append("There is no name in the column learner, so the name is that of the file.")
    sets = written("set")
    sheet.set = sets[0] if len(sets) == 1 else ""


def _unguarded(text: str) -> str:
    """Remove the apostrophe that the lab puts before a text that looks like a formula."""
    return re.sub(r"^'(?=['=+\-@])", "", text)


def name_key(name: str) -> str:
    """The form in which two learners' names are compared, without case and width of letters."""
    return unicodedata.normalize("NFKC", name).casefold()


def _codes(sheet: Sheet, filled, place, layout: Layout, width: int, merged: dict) -> None:
    read_as, first, blank = Counter(), {}, {}
    for number, row in filled:
        cells = [*row, *[""] * (width - len(row))]
        item = seen(cells[place["item"]]).upper()
        values = {code: one_line(cells[place[code]]) for code in layout.codes}
        if any(cell.strip() for cell in cells[width:]):
            sheet.findings.append(
                Finding(
                    number,
                    "",
                    one_line(next(cell for cell in cells[width:] if cell.strip()))[:40],
                    "More cells than there are columns, so it is not known which belongs where; the row "
                    "is left out. Put a text with the delimiter in it between quotation marks.",
                )
            )
            continue
        if not item and not any(values.values()):
            continue  # a remark or a name below the table
        if item not in layout.chinese:
            sheet.findings.append(
                Finding(
                    number,
                    "item",
                    item[:40],
                    "No such item; the row is left out. Copy the id from the sheet that you were given.",
                )
            )
            continue
        if item in first:
            sheet.findings.append(
                Finding(
                    number,
                    "item",
                    item,
                    f"The same item as in row {first[item]}; neither row is scored. Keep one of them.",
                )
            )
            sheet.answers.pop(item, None)
            sheet.confidence.pop(item, None)
            continue
        first[item] = sheet.rows[item] = number
        answers, covered = [], 0
        for code, value in values.items():
            answer = _answer(value)
            if not value and (shown := merged.get((number, place[code]))):
                covered += 1
                sheet.findings.append(
                    Finding(
                        number,
                        code,
                        "",
                        f"Merged with a cell of row {shown}, to which alone its value belongs; it counts as "
                        "not decided. Take the cells apart and write the code into each row.",
                    )
                )
            if answer is None and value:
                sheet.findings.append(
                    Finding(
                        number,
                        code,
                        value[:40],
                        "Not a code; it counts as not decided. Write 1 (applies) or 0 (does not).",
                    )
                )
            elif answer is not None and value not in ("0", "1"):
                read_as[value, answer] += 1
            answers.append(answer)
        sheet.answers[item] = answers
        blank[item] = sum(not value for value in values.values()) - covered
        sheet.notes[item] = _unguarded(one_line(cells[place["note"]]))[:500] if "note" in place else ""
        sure = one_line(cells[place["confidence"]]) if "confidence" in place else ""
        if (degree := _number(sure)) in (1, 2, 3):
            sheet.confidence[item] = degree
        elif sure:
            sheet.findings.append(
                Finding(
                    number,
                    "confidence",
                    sure[:40],
                    "Not a degree of confidence; it is left out. Write 1, 2 or 3.",
                )
            )
    for (value, answer), times in sorted(read_as.items()):
        sheet.messages.append(
            f"“{value}” was read as {answer} in {times} {'cell' if times == 1 else 'cells'}."
        )
    if empty := sum(blank[item] for item in sheet.answers):
        sheet.messages.append(
            f"{empty} {'cell is' if empty == 1 else 'cells are'} empty and "
            f"{'counts' if empty == 1 else 'count'} as not decided."
        )


def _answer(value: str) -> int | None:
    word = unicodedata.normalize("NFKC", value).upper()
    if word in _TRUE or word in _FALSE:
        return int(word in _TRUE)
    number = _number(value)
    return number if number in (0, 1) else None


def _number(value: str) -> int | None:
    number = _NUMBER.fullmatch(unicodedata.normalize("NFKC", value))
    return int(number[1]) if number else None
