"""Read the coding sheets that learners hand in, and find what is wrong with each, row by row.

Files come from Excel, LibreOffice or Numbers, or from somebody who means harm. What cannot be
read safely or without guessing is refused with a reason; a cell that cannot be understood is
named and counts as not decided. This module knows nothing of the other sheets, so that a pool of
processes can read.
"""

import csv
import faulthandler
import io
import os
import re
import unicodedata
import warnings
import zipfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import openpyxl

LARGEST = 5 * 2**20  # bytes of a file; a sheet has about 20 thousand
UNPACKED = 20 * 2**20  # bytes of all that a workbook holds
RATIO = 200  # unpacked to packed, above which a part of more than a megabyte is a bomb
ROWS = 500  # that are not empty; there are not that many items
COLUMNS = 100
_SCANNED = 2000  # rows of a worksheet, most of which may be empty
_HEADER_WITHIN = 10  # rows; Numbers puts the title of a table above its header
_NAME = 80  # characters

_TRUE, _FALSE = {"TRUE", "YES", "Y", "是"}, {"FALSE", "NO", "N", "否"}
_NUMBER = re.compile(r"([0-9])(?:[.,]0+)?")
# What a file is that is neither a workbook nor text, by how it begins.
_OTHER = (
    (b"\xd0\xcf\x11\xe0", ""),  # told apart in _kept_apart
    (b"\x89PNG", "an image (PNG)"),
    (b"\xff\xd8\xff", "an image (JPEG)"),
    (b"GIF8", "an image (GIF)"),
    (b"%PDF", "a PDF"),
    (b"Rar!", "an archive (RAR)"),
    (b"7z\xbc\xaf", "an archive (7z)"),
    (b"\x1f\x8b", "an archive (gzip)"),
    (b"{\\rtf", "a text document (RTF)"),
    (b"MZ", "a program"),
    (b"\x7fELF", "a program"),
)
_ACTIVE = re.compile(r"vbaProject|macrosheets/|activeX/|^Basic/|^Scripts/", re.I)
_FOREIGN = re.compile(r"externalLinks/|embeddings/|/connections\.xml|queryTables/", re.I)
_ENCODINGS = {b"utf-8", b"utf-16", b"us-ascii", b"iso-8859-1"}  # of the parts of a workbook
_SHEETS = {".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".ods", ".numbers"}
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_OFFICE, _TABLE, _WORDS = (
    f"{{urn:oasis:names:tc:opendocument:xmlns:{name}:1.0}}" for name in ("office", "table", "text")
)
_AGAIN = "save the sheet again as XLSX or as CSV UTF-8 and hand that in"


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


class _Refused(Exception):
    """The file cannot be scored, for the reason given."""


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
        content = _bytes(path)
        if content.startswith(b"PK"):
            if Path(shown).suffix.lower() == ".xlsm":
                raise _Refused("a workbook with macros (.xlsm); save it again as XLSX, without macros")
            tables = _workbook(content)
        else:
            tables = [_text(content, layouts, sheet.messages)]
        _understand(tables, layouts, sheet)
    except _Refused as reason:
        sheet.refused = str(reason)
    except Exception as error:  # nobody else's sheet may stop for what this one holds
        sheet.refused = f"cannot be read ({type(error).__name__}); {_AGAIN}"
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
        f"and {_AGAIN}",
    )


def one_line(text: object) -> str:
    """Put text on one line, without control characters, such as those that change its direction."""
    text = str(text).encode("utf-8", "replace").decode()
    text = unicodedata.normalize("NFC", text)
    visible = (" " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c)[0] != "C")
    return " ".join("".join(visible).split())


# ---- files


def _bytes(path: Path) -> bytes:
    try:
        if path.is_symlink():
            raise _Refused("a link to another file; hand in the sheet itself")
        if path.is_dir():
            raise _Refused(f"a folder and not a file; {_AGAIN}")
        if not path.is_file():
            raise _Refused(
                "there is no such file; check its name"
                if not path.exists()
                else "not an ordinary file; hand in the sheet itself"
            )
        if (size := path.stat().st_size) > LARGEST:
            raise _Refused(
                f"{size / 2**20:.0f} MB, more than the {LARGEST / 2**20:.0f} MB that a "
                f"sheet may have; take out pictures and other sheets, and {_AGAIN}"
            )
        with open(path, "rb") as file:
            content = file.read(LARGEST)
    except OSError as error:
        raise _Refused(f"cannot be read ({error.strerror or error}); {_AGAIN}") from error
    if not content.strip(b"\0 \r\n\t"):
        raise _Refused(f"an empty file; {_AGAIN}")
    for start, what in _OTHER:
        if content.startswith(start):
            raise _Refused(f"{what or _kept_apart(content)}, and no sheet; {_AGAIN}")
    return content


def _kept_apart(content: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in content:
        return "a workbook that is locked by a password"
    return "an old Excel or other Office file (.xls)"


# ---- workbooks


def _workbook(content: bytes) -> list[tuple[str, list[list[str]]]]:
    """Read the worksheets of an XLSX or ODS workbook as rows of text; refuse macros, links and formulas."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _require_harmless(archive)
            if "mimetype" in archive.namelist():
                return _opendocument(archive.read("content.xml"))
        tables = []
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl's, of parts that are not read
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
            for worksheet in book.worksheets:
                rows = _rows(worksheet, _HEADER_WITHIN)
                if any("item" in map(_key, row) for row in rows):
                    rows = _rows(worksheet, _SCANNED)
                tables.append((one_line(worksheet.title), rows))
    except _Refused:
        raise
    except Exception as error:  # whatever a malformed file makes zipfile and openpyxl raise
        raise _Refused(f"cannot be read as a workbook ({type(error).__name__}); {_AGAIN}") from error
    return tables


def _require_harmless(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    names = [part.filename for part in parts]
    if any(part.flag_bits & 1 for part in parts):
        raise _Refused(f"locked by a password; unlock it, and {_AGAIN}")
    for part in parts:
        if part.file_size > 2**20 and part.file_size > RATIO * part.compress_size:
            raise _Refused(
                f"a part of it unpacks to more than {RATIO} times its size, as in a zip bomb; {_AGAIN}"
            )
    if (size := sum(part.file_size for part in parts)) > UNPACKED:
        raise _Refused(
            f"unpacks to {size / 2**20:.0f} MB, more than the {UNPACKED / 2**20:.0f} MB "
            f"that a sheet may have; take out pictures and other sheets, and {_AGAIN}"
        )
    if any(name.endswith(".iwa") for name in names):
        raise _Refused("a Numbers document; export it as Excel or CSV (File, Export To) and hand that in")
    ours = archive.read("mimetype") == _ODS if "mimetype" in names else "[Content_Types].xml" in names
    if not ours:
        raise _Refused(f"an archive or another kind of document, and no XLSX or ODS workbook; {_AGAIN}")
    for name in names:
        if _ACTIVE.search(name):
            raise _Refused(f"holds a macro or control ({one_line(name)}); {_AGAIN}")
        if _FOREIGN.search(name):
            raise _Refused(f"holds a link to other files or an object ({one_line(name)}); {_AGAIN}")
    for part in parts:
        text = archive.read(part).replace(b"\0", b"")  # UTF-16 as well
        if text.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<"):  # XML, whatever it is called
            encoding = re.search(rb"encoding\s*=\s*[\"']([^\"']*)", text[:200])
            if encoding and encoding[1].lower() not in _ENCODINGS:
                raise _Refused(
                    f"{one_line(part.filename)} is in an encoding that no spreadsheet program writes; {_AGAIN}"
                )
            if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
                raise _Refused(
                    f"{one_line(part.filename)} declares entities, which no spreadsheet program writes; {_AGAIN}"
                )
            if part.filename == "[Content_Types].xml" and re.search(rb"macroEnabled|vbaProject", text):
                raise _Refused(f"a workbook with macros; {_AGAIN}")
            if part.filename == "META-INF/manifest.xml" and b"encryption-data" in text:
                raise _Refused(f"locked by a password; unlock it, and {_AGAIN}")


def _rows(worksheet, most: int) -> list[list[str]]:
    cells = worksheet.iter_rows(max_row=most, max_col=COLUMNS)
    return [[_cell(cell) for cell in row] for row in cells]


def _cell(cell) -> str:
    if cell.data_type == "f":
        value = cell.value if isinstance(cell.value, str) else "="
        raise _Refused(
            f"cell {cell.coordinate} holds a formula ({one_line(value)[:40]}); write the value itself"
        )
    value = cell.value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return _numeral(value)
    return "" if value is None else str(value)


def _numeral(value: float) -> str:
    return str(int(value) if value.is_integer() else value)


def _opendocument(content: bytes) -> list[tuple[str, list[list[str]]]]:
    """Read the worksheets of an ODS workbook, as LibreOffice saves it, as rows of text."""
    tables = []
    for table in ElementTree.fromstring(content).iter(f"{_TABLE}table"):
        rows = []
        for row in table.iter(f"{_TABLE}table-row"):
            cells = []
            for cell in row:
                if formula := cell.get(f"{_TABLE}formula"):
                    raise _Refused(
                        f"row {len(rows) + 1} holds a formula ({one_line(formula)[:40]}); write the value itself"
                    )
                times = int(cell.get(f"{_TABLE}number-columns-repeated", 1))
                cells += [_spelt(cell)] * min(times, COLUMNS - len(cells))
            times = int(row.get(f"{_TABLE}number-rows-repeated", 1))
            rows += [cells] * min(times, _SCANNED - len(rows))
        tables.append((one_line(table.get(f"{_TABLE}name", "")), rows))
    return tables


def _spelt(cell: ElementTree.Element) -> str:
    """The value or text of a cell of an ODS workbook, without its comments."""
    if value := cell.get(f"{_OFFICE}boolean-value"):
        return value.upper()
    if value := cell.get(f"{_OFFICE}value"):
        return _numeral(float(value))
    return "\n".join("".join(words.itertext()) for words in cell.findall(f"{_WORDS}p"))


# ---- text


def _text(content: bytes, layouts, messages: list[str]) -> tuple[str, list[list[str]]]:
    """Read the rows of a text file; its encoding and delimiter are recognised."""
    if re.match(rb"\s*<(!doctype|html|\?xml)", content[:200], re.I):
        raise _Refused(f"a web page or XML, and no sheet; {_AGAIN}")
    text, encoding = _decoded(content, layouts)
    text = re.sub(r"\Asep=.[\r\n]+", "", text)  # a hint that only Excel understands
    known = {name.casefold() for layout in layouts for name in ("item", *layout.codes)}
    best, most, named = None, -1, ""
    delimiters = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
    if other := re.search(r"""\bitem"?([^\w"'\r\n])""", text[:10_000], re.I):  # what the header has there
        delimiters.setdefault(other[1], f"the sign “{one_line(other[1]) or 'space'}”")
    for delimiter, name in delimiters.items():
        try:
            rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
        except csv.Error:
            continue
        headers = rows[:_HEADER_WITHIN]
        hits = max((len(known & {_key(cell) for cell in row}) for row in headers), default=0)
        if hits > most:
            best, most, named = rows, hits, name
    if best is None:
        raise _Refused(f"cannot be read as CSV; {_AGAIN}")
    messages.append(f"The file was read as text with {named} between the columns, in {encoding}.")
    return "", best


def _decoded(content: bytes, layouts) -> tuple[str, str]:
    for mark, encoding, name in (
        (b"\xef\xbb\xbf", "utf-8-sig", "UTF-8"),
        (b"\xff\xfe", "utf-16", "UTF-16"),
        (b"\xfe\xff", "utf-16", "UTF-16"),
    ):
        if content.startswith(mark):
            return _strictly(content, encoding, name), name
    if b"\0" in content:
        odd = content[1:200:2].count(0) >= content[:200:2].count(0)
        return _strictly(content, "utf-16-le" if odd else "utf-16-be", "UTF-16"), "UTF-16"
    try:
        return content.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError:
        pass
    try:  # nearly everything is GB18030; the Chinese of our own items tells whether it makes sense
        text = content.decode("gb18030")
        if any(chinese in text for layout in layouts for chinese in layout.chinese.values()):
            return text, "GB18030"
    except UnicodeDecodeError:
        pass
    return content.decode("cp1252", "replace"), (
        "Windows-1252, which is a guess: if names or notes look wrong, save the sheet as CSV UTF-8"
    )


def _strictly(content: bytes, encoding: str, name: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise _Refused(f"is marked as {name} but is not; {_AGAIN}") from error


# ---- meaning


def _key(cell: str) -> str:
    return unicodedata.normalize("NFKC", cell).strip().casefold()


def _understand(tables, layouts, sheet: Sheet) -> None:
    """Find the table of codes and fill the sheet with its content."""
    fitting, lacking = [], []
    for title, rows in tables:
        for number, row in enumerate(rows[:_HEADER_WITHIN], 1):
            header = [_key(cell) for cell in row]
            for layout in layouts:
                needed = ["item", *(code.casefold() for code in layout.codes)]
                lacks = [name for name in needed if name not in header]
                if not lacks:
                    fitting.append((title, rows, number, header, layout))
                lacking.append((len(lacks) / len(needed), lacks))
    fitting = [fit for fit in fitting if fit[0] == "Coding"] or fitting
    if not fitting:
        _, lacks = min(lacking, key=lambda pair: pair[0], default=(1, ["item"]))
        lacks = [name.upper() if name != "item" else name for name in lacks]
        raise _Refused(
            "its columns are not those of a coding sheet: "
            f"{', '.join(lacks)} missing; keep the columns of the sheet that you were "
            "given, with their names in the first row"
        )
    if len(fitting) > 1:
        raise _Refused("two tables or headers could hold the codes; keep one of them")
    title, rows, start, header, layout = fitting[0]
    names = ["item", *layout.codes, "confidence", "note", "learner", "set"]
    for name in names:
        if header.count(name.casefold()) > 1:
            raise _Refused(f"the column {name} occurs twice; keep one of them")
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
        raise _Refused(
            f"{len(filled)} rows, more than the {ROWS} that a sheet may have; keep those that you were given"
        )
    for number, row in filled:
        for cell in row:
            if cell.lstrip().startswith("="):
                raise _Refused(
                    f"row {number} holds a formula ({one_line(cell)[:40]}); write the value itself"
                )
    _name(sheet, filled, place)
    _codes(sheet, filled, place, layout, len(header))
    if not any(answer is not None for answers in sheet.answers.values() for answer in answers):
        raise _Refused(
            "no code could be read in any row; fill in 1 or 0, and check that the item ids are "
            "those of the sheet that you were given"
        )


def _name(sheet: Sheet, filled, place) -> None:
    """Set the learner's name, from the sheet or else from the file's name."""

    def written(column):
        cells = [
            _unguarded(one_line(row[place[column]]))
            for _, row in filled
            if column in place and place[column] < len(row)
        ]
        return list(dict.fromkeys(cell for cell in cells if cell))

    names = written("learner")
    if len({name_key(name) for name in names}) > 1:
        raise _Refused(
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


def _codes(sheet: Sheet, filled, place, layout: Layout, width: int) -> None:
    read_as, first, blank = Counter(), {}, {}
    for number, row in filled:
        cells = [*row, *[""] * (width - len(row))]
        item = one_line(cells[place["item"]]).upper()
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
        answers = []
        for code, value in values.items():
            answer = _answer(value)
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
        blank[item] = sum(not value for value in values.values())
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
