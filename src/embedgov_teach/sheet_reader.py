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
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from embedgov.lookalike import seen
from embedgov_study.language import say

from .table_files import HEADER_WITHIN, Refused, Table, Wanted, again, header_key, one_line, read_tables

ROWS = 500  # that are not empty; there are not that many items
_NAME = 80  # characters

# What people and programs write for yes and no, in capitals; the page of the lab reads the same.
YES = ("TRUE", "T", "YES", "Y", "WAHR", "JA", "VRAI", "OUI", *"是对對有√✓✔")
NO = ("FALSE", "F", "NO", "N", "FALSCH", "NEIN", "FAUX", "NON", "不是", "没有", *"否错錯无無×✗✘")
TICKS, CROSSES = {*"√✓✔"}, {*"X×✗✘"}  # a cross beside ticks is a no, else it may be a mark
MARKS = CROSSES | {*"V*●■"}  # what may mark that a code applies, if an empty cell says that it does not
UNREAD = 0.1  # share of the filled cells above which a sheet is refused and not scored in part
_NUMBER = re.compile(r"([0-9])(?:[.,]0+)?")
_SHEETS = {".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".ods", ".numbers"}


class Layout(NamedTuple):
    """What a sheet for one kind of item should hold."""

    of: str
    codes: tuple[str, ...]
    chinese: dict[str, str]  # the Chinese of each item, by which an encoding is recognised


class Submission(NamedTuple):
    """Whose file it is by the name that a learning platform gave it or its folder."""

    learner: str
    id: str  # of the participant (Moodle) or user (Canvas)
    back: str  # the name under which the platform takes a file of feedback, without ending


# Moodle: a folder, or the start of a file's name; Canvas: the start of a file's name.
_MOODLE = re.compile(r"(?P<learner>[^/]+)_(?P<id>\d+)_assignsubmission_file_?")
_CANVAS = re.compile(r"(?P<learner>[^_/]+)_(?:LATE_)?(?P<id>\d+)_\d+_.")


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
    compared: int = 0  # rows that were compared with the published codes before the sheet was saved
    findings: list[Finding] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)  # how the file was read
    refused: str = ""
    aside: str = ""  # more of why it was refused, for the teacher only, since it names others
    superseded: str = ""  # why it does not count: a copy, or an older version, of the file named
    submission: Submission | None = None  # where a learning platform put it
    changed: float = 0  # when the file was, in seconds


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


def submission_of(shown: str) -> Submission | None:
    """Find in the name of a file who handed it in, if a learning platform made the name.

    Moodle writes ``Name_ID_assignsubmission_file``, as the name of a folder or before the file's own;
    Canvas ``name_ID_FILE_`` or ``name_LATE_ID_FILE_`` before the file's own.
    """
    *folders, name = shown.split("/")
    for folder in folders:
        if found := _MOODLE.fullmatch(folder):
            return Submission(found["learner"], found["id"], f"{folder}/{Path(name).stem}")
    for form in (_MOODLE, _CANVAS):
        if found := form.match(name):
            return Submission(found["learner"], found["id"], Path(name).stem)
    return None


def _passed_over(name: str) -> bool:
    return name.startswith((".", "~$")) or name in {"__MACOSX", "Thumbs.db", "desktop.ini"}


def read(path: Path, shown: str, layouts: Sequence[Layout], marks: bool = False) -> Sheet:
    """Read one sheet; whatever is wrong with the file is part of the result, never an exception.

    Parameters
    ----------
    path : Path
        A file, by its content and not its name an XLSX or ODS workbook or a CSV.
    shown : str
        What to call it.
    layouts : sequence of Layout
        The kinds of sheets that there are.
    marks : bool
        Whether a tick or x is yes and an empty cell of a row that has anything in it no.

    Returns
    -------
    Sheet

    Notes
    -----
    A code is 1 or 0, also 1.0 and 1,0, full-width digits, and one of `YES` and `NO` in letters of any
    case; each of these readings is noted in the messages. Nothing else is guessed: of an x it is not
    known whether it is yes or no, nor of an empty cell what it means, unless `marks` says so. A sheet
    is refused if more than `UNREAD` of its filled cells cannot be read, or if it has one value and
    empty cells only.
    """
    # By its place, too: of a file that is named itself people see no folder.
    submission = submission_of(shown) or submission_of(f"{one_line(path.parent.name)}/{one_line(path.name)}")
    sheet = Sheet(shown, submission.learner if submission else one_line(Path(shown).stem))
    sheet.submission = submission
    try:
        columns = tuple(code for layout in layouts for code in layout.codes)
        chinese = tuple(text for layout in layouts for text in layout.chinese.values())
        tables = read_tables(path, shown, Wanted("item", columns, chinese), sheet.messages)
        sheet.changed = path.stat().st_mtime
        _understand(tables, layouts, sheet, marks)
    except Refused as reason:
        sheet.refused = str(reason)
    except Exception as error:  # nobody else's sheet may stop for what this one holds
        sheet.refused = say("cannot be read ({error}); {again}", error=type(error).__name__, again=again())
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
        refused=say(
            "the program that read it broke down, as when memory is short, or found no end; copy the codes "
            "into the sheet that you were given, and {again}",
            again=again(),
        ),
    )


# ---- meaning


def _understand(tables: Sequence[Table], layouts: Sequence[Layout], sheet: Sheet, marks: bool) -> None:
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
    fitting = [fit for fit in fitting if fit[0].title in ("Coding", say("Coding"))] or fitting
    if not fitting:
        _, lacks = min(lacking, key=lambda pair: pair[0], default=(1, ["item"]))
        lacks = [name.upper() if name != "item" else name for name in lacks]
        raise Refused(
            say(
                "its columns are not those of a coding sheet: {columns} missing; keep the columns of the sheet "
                "that you were given, with their names in the first row",
                columns=say(", ").join(lacks),
            )
        )
    if len(fitting) > 1:
        raise Refused(say("two tables or headers could hold the codes; keep one of them"))
    table, start, header, layout = fitting[0]
    rows = table.rows
    names = ["item", *layout.codes, "confidence", "note", "learner", "set", "compared"]
    for name in names:
        if header.count(name.casefold()) > 1:
            raise Refused(say("the column {column} occurs twice; keep one of them", column=name))
    place = {name: header.index(name.casefold()) for name in names if name.casefold() in header}
    sheet.of = layout.of
    known = {name.casefold() for name in names} | {"text_en", "text_zh", ""}
    if more := [one_line(rows[start - 1][i])[:40] for i, name in enumerate(header) if name not in known]:
        sheet.messages.append(
            say("Columns that are not asked for were not read: {columns}.", columns=say(", ").join(more[:10]))
        )
    filled = [
        (number, row)
        for number, row in enumerate(rows[start:], start + 1)
        if any(cell.strip() for cell in row)
    ]
    if len(filled) > ROWS:
        raise Refused(
            say(
                "{n} rows, more than the {most} that a sheet may have; keep those that you were given",
                n=len(filled),
                most=ROWS,
            )
        )
    _require_values(filled, place)
    _name(sheet, filled, place)
    _codes(sheet, filled, place, layout, len(header), table.merged, marks)


def _require_values(filled, place) -> None:
    """Refuse a formula in a column that counts: the value stored beside it may be another's."""
    for number, row in filled:
        if not "".join(row[place["item"] : place["item"] + 1]).strip():
            continue  # a sum below the table
        for name, at in place.items():
            if name != "note" and at < len(row) and row[at].lstrip().startswith("="):
                raise Refused(
                    say(
                        "row {row}, column {column} holds a formula ({formula}); write the value itself",
                        row=number,
                        column=name,
                        formula=one_line(row[at])[:40],
                    )
                )


def _name(sheet: Sheet, filled, place) -> None:
    """Set the learner's name, from the sheet or else from the file's name."""

    def written(column):
        """What stands in the column beside items; below the table a remark may stand there."""
        if column not in place:
            return []
        beside, elsewhere = {}, {}
        for number, row in filled:
            cells = [*row, *[""] * (max(place.values()) + 1 - len(row))]
            if cell := _unguarded(one_line(cells[place[column]])):
                (beside if cells[place["item"]].strip() else elsewhere).setdefault(cell, number)
        return list((beside or elsewhere).items())

    names = written("learner")
    for name, number in names:
        if name_key(name) != name_key(names[0][0]):  # a page of one learner names no other
            raise Refused(
                say(
                    "two names in the column learner, in rows {first} and {second}; one sheet holds the codes of "
                    "one learner",
                    first=names[0][1],
                    second=number,
                )
            )
    if names:
        sheet.learner = names[0][0][:_NAME]
    else:
        sheet.learner = sheet.learner[:_NAME]
        sheet.messages.append(
            say("There is no name in the column learner, so the name is that of the submission.")
            if sheet.submission
            else say("There is no name in the column learner, so the name is that of the file.")
        )
    sets = written("set")
    sheet.set = sets[0][0] if len(sets) == 1 else ""


def _unguarded(text: str) -> str:
    """Remove the apostrophe that the lab puts before a text that looks like a formula."""
    return re.sub(r"^'(?=['=+\-@])", "", text)


def name_key(name: str) -> str:
    """The form in which two learners' names are compared, without case and width of letters."""
    return unicodedata.normalize("NFKC", name).casefold()


def _codes(sheet: Sheet, filled, place, layout: Layout, width: int, merged: dict, marks: bool) -> None:
    read_as, unread, first, blank, cells_filled = Counter(), Counter(), {}, {}, 0
    written = {_word(row[at]) for _, row in filled for at in place.values() if at < len(row)}
    yes = MARKS if marks and not written & TICKS else set()
    given = {
        _answer(one_line(row[place[code]]), yes)
        for _, row in filled
        for code in layout.codes
        if place[code] < len(row)
    }
    marks = marks and 0 not in given  # who says no in a cell says nothing with an empty one
    for number, row in filled:
        cells = [*row, *[""] * (width - len(row))]
        item = seen(cells[place["item"]]).upper()
        values = {code: one_line(cells[place[code]]) for code in layout.codes}
        cells_filled += sum(map(bool, values.values()))
        if not item and not any(values.values()):
            continue  # a remark or a name below the table
        if any(cell.strip() for cell in cells[width:]):
            sheet.findings.append(
                Finding(
                    number,
                    "",
                    one_line(next(cell for cell in cells[width:] if cell.strip()))[:40],
                    say(
                        "More cells than there are columns, so it is not known which belongs where; the row is "
                        "left out. Put a text with the delimiter in it between quotation marks."
                    ),
                )
            )
            continue
        if item not in layout.chinese:
            sheet.findings.append(
                Finding(
                    number,
                    "item",
                    item[:40],
                    say("No such item; the row is left out. Copy the id from the sheet that you were given."),
                )
            )
            continue
        if item in first:
            sheet.findings.append(
                Finding(
                    number,
                    "item",
                    item,
                    say(
                        "The same item as in row {row}; neither row is scored. Keep one of them.",
                        row=first[item],
                    ),
                )
            )
            sheet.answers.pop(item, None)
            sheet.confidence.pop(item, None)
            continue
        first[item] = sheet.rows[item] = number
        sure = one_line(cells[place["confidence"]]) if "confidence" in place else ""
        answers, covered, of_marks = [], 0, marks and bool(sure or any(values.values()))
        for code, value in values.items():
            answer = 0 if of_marks and not value else _answer(value, yes)
            if not value and (shown := merged.get((number, place[code]))):
                covered += 1
                sheet.findings.append(
                    Finding(
                        number,
                        code,
                        "",
                        say(
                            "Merged with a cell of row {row}, to which alone its value belongs; it counts as not "
                            "decided. Take the cells apart and write the code into each row.",
                            row=shown,
                        ),
                    )
                )
            if answer is None and value:
                unread[value] += 1
                sheet.findings.append(
                    Finding(
                        number,
                        code,
                        value[:40],
                        say("Not a code; it counts as not decided. Write 1 (applies) or 0 (does not)."),
                    )
                )
            elif answer is not None and value not in ("0", "1"):
                read_as[value, answer] += 1
            answers.append(answer)
        sheet.answers[item] = answers
        blank[item] = 0 if of_marks else sum(not value for value in values.values()) - covered
        sheet.compared += "compared" in place and _answer(one_line(cells[place["compared"]])) == 1
        sheet.notes[item] = _unguarded(one_line(cells[place["note"]]))[:500] if "note" in place else ""
        if (degree := _number(sure)) in (1, 2, 3):
            sheet.confidence[item] = degree
        elif sure:
            sheet.findings.append(
                Finding(
                    number,
                    "confidence",
                    sure[:40],
                    say("Not a degree of confidence; it is left out. Write 1, 2 or 3."),
                )
            )
    _require_whole(sheet, unread, cells_filled, sum(blank.values()))
    for (value, answer), times in sorted(read_as.items()):
        shown = say("“{value}”", value=value) if value else say("Beside marks, an empty cell")
        sheet.messages.append(
            say("{what} was read as {answer} in {n} cell.", what=shown, answer=answer, n=times)
            if times == 1
            else say("{what} was read as {answer} in {n} cells.", what=shown, answer=answer, n=times)
        )
    if sheet.compared:
        sheet.messages.append(
            say(
                "The sheet says that {n} of its rows were compared with the published codes before it was saved, "
                "so these are no blind codes.",
                n=sheet.compared,
            )
        )
    if empty := sum(blank[item] for item in sheet.answers):
        sheet.messages.append(
            say("{n} cell is empty and counts as not decided.", n=empty)
            if empty == 1
            else say("{n} cells are empty and count as not decided.", n=empty)
        )


def _require_whole(sheet: Sheet, unread: Counter, filled: int, blank: int) -> None:
    """Refuse a sheet of which so much cannot be read that its codes would be a selection."""
    hold = say(", ").join(
        say("{n} hold “{value}”", n=times, value=value[:20]) for value, times in unread.most_common(3)
    )
    given = {answer for answers in sheet.answers.values() for answer in answers} - {None}
    if not given and unread:
        raise Refused(
            say(
                "no code could be read in any row: of {n} filled cells {values}; write 1 or 0, or tell your "
                "teacher that you marked what applies (teach score --marks)",
                n=filled,
                values=hold,
            )
        )
    if not given:
        raise Refused(
            say(
                "no code could be read in any row; fill in 1 or 0, and check that the item ids are those of the "
                "sheet that you were given"
            )
        )
    if unread.total() > UNREAD * filled:
        raise Refused(
            say(
                "{n} of {filled} filled cells cannot be read ({values}), too many to score the rest as if it "
                "were the whole; write 1 or 0 in each",
                n=unread.total(),
                filled=filled,
                values=hold,
            )
        )
    if given == {1} and blank:
        raise Refused(
            say(
                "{yes} cells say yes, {empty} are empty, and none says no, so it is not known whether an empty "
                "cell is a no; write 0 where a code does not apply, or tell your teacher that you marked what "
                "applies (teach score --marks)",
                yes=filled - unread.total(),
                empty=blank,
            )
        )


def _word(cell: str) -> str:
    """A cell as it is compared: without the sign that makes a tick a picture."""
    return unicodedata.normalize("NFKC", cell).strip().upper().replace("\ufe0f", "")


def _answer(value: str, marks: Collection[str] = ()) -> int | None:
    word = _word(value)
    if word in marks:
        return 1
    if word in YES or word in NO:
        return int(word in YES)
    number = _number(value)
    return number if number in (0, 1) else None


def _number(value: str) -> int | None:
    number = _NUMBER.fullmatch(unicodedata.normalize("NFKC", value))
    return int(number[1]) if number else None
