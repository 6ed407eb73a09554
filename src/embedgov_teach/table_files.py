"""Read the tables of a file, a workbook (XLSX, ODS) or text, as rows of text.

Files come from Excel, LibreOffice or Numbers, or from somebody who means harm. What cannot be read
safely or without guessing is refused with a reason.
"""

import csv
import io
import itertools
import re
import unicodedata
import warnings
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from xml.etree.ElementTree import Element

from embedgov.errors import DataError
from embedgov.lookalike import seen
from embedgov_study.language import say

LARGEST = 5 * 2**20  # bytes of a file; a sheet has about 20 thousand
UNPACKED = 20 * 2**20  # bytes of all that a workbook holds
RATIO = 200  # unpacked to packed, above which a part of more than a megabyte is a bomb
COLUMNS = 100
_ROWS = 100_000  # of a table of codes
_MERGED = 2000  # rows that one merged cell may cover
# The level of common characters: an encoding that has these only, and its first and last lead byte.
_COMMON_GB, _COMMON_BIG5 = ("gb2312", 0xB0, 0xD7), ("big5", 0xA4, 0xC6)
_WESTERN = "‘’“”–—…«»°€£§·¿¡"
HEADER_WITHIN = 10  # rows; Numbers puts the title of a table above its header

# What a file is that is neither a workbook nor text, by how it begins.
_OTHER = (
    (b"\xd0\xcf\x11\xe0", ""),  # told apart in _kept_apart
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"%PDF", "PDF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7z"),
    (b"\x1f\x8b", "gzip"),
    (b"{\\rtf", "RTF"),
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
)
_ACTIVE = re.compile(r"vbaProject|macrosheets/|activeX/|^Basic/|^Scripts/", re.I)
_FOREIGN = re.compile(r"externalLinks/|embeddings/|/connections\.xml|queryTables/", re.I)
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_OFFICE, _TABLE, _WORDS = (
    f"{{urn:oasis:names:tc:opendocument:xmlns:{name}:1.0}}" for name in ("office", "table", "text")
)


def again() -> str:
    """What is to be done with most files that cannot be read."""
    return say("save the sheet again as XLSX or as CSV UTF-8")


class Refused(Exception):
    """The file cannot be read, for the reason given."""


class Wanted(NamedTuple):
    """The columns by which the right table of a file is recognised."""

    key: str  # the column that names what a row is about
    columns: tuple[str, ...]  # the others
    chinese: tuple[str, ...] = ()  # texts of which one is in the file, by which its encoding is told
    rows: int = 2000  # of a worksheet, most of which may be empty


@dataclass
class Table:
    """The cells of a worksheet or of a text, as text."""

    title: str
    rows: list[list[str]]
    merged: dict[tuple[int, int], int] = field(default_factory=dict)
    """The row that a merged cell shows, by its own row and column; rows count from 1, columns from 0."""


def read_tables(path: Path, shown: str, wanted: Wanted, messages: list[str]) -> list[Table]:
    """Read a file; whether it is an XLSX or ODS workbook or text, its content tells and not its name.

    Parameters
    ----------
    path : Path
        The file.
    shown : str
        Its name.
    wanted : Wanted
        What the table that is sought has.
    messages : list of str
        How the file was read is added.

    Returns
    -------
    list of Table
        The worksheets of a workbook, or one table.

    Raises
    ------
    Refused
        The file cannot be read safely or without guessing.
    """
    content = _bytes(path)
    if not content.startswith(b"PK"):
        return [_text(content, wanted, messages)]
    if Path(shown).suffix.lower() == ".xlsm":
        raise Refused(say("a workbook with macros (.xlsm); save it again as XLSX, without macros"))
    return _workbook(content, wanted)


def coder_rows(path: Path, columns: Sequence[str], messages: list[str]) -> list[list[str]]:
    """Read the rows of a coder's table, for `embedgov.coding.read_coders`.

    Parameters
    ----------
    path : Path
        A workbook or a text, as `read_tables` takes it.
    columns : sequence of str
        The columns that are sought, that of the units first.
    messages : list of str
        How the file was read is added, unless it is a CSV file in UTF-8.

    Returns
    -------
    list of list of str
        The header first, of the one table that has these columns or else of the first.

    Raises
    ------
    DataError
        The file cannot be read, or codes are merged.
    """
    lines: list[str] = []
    try:
        tables = read_tables(path, path.name, Wanted(columns[0], tuple(columns[1:]), rows=_ROWS), lines)
    except Refused as reason:
        raise DataError(f"{path}: {reason}") from reason
    except ModuleNotFoundError as error:
        raise DataError(
            f"{path} is a workbook, for which {error.name} is needed; "
            'run `pip install "embedgov[teach]"`, or save the table as CSV UTF-8'
        ) from error
    plain = _read_as(say("commas"), "UTF-8")
    messages += [f"{path}: {line}" for line in lines if line != plain]
    wanted = {seen(name): name for name in columns}
    fitting = [one for one in tables if one.rows and set(wanted) <= set(map(seen, one.rows[0]))]
    if len(fitting) > 1:
        raise DataError(f"{path}: {len(fitting)} worksheets have the column {columns[0]}; keep one of them")
    table = (fitting or tables)[0]
    header = [wanted.get(seen(cell), cell) for cell in table.rows[0]] if table.rows else []
    rows = [header, *table.rows[1:]]
    if path.suffix.lower() in (".xlsx", ".ods") or table.title:  # a worksheet ends where nobody says
        width = max((i for i, cell in enumerate(header, 1) if cell), default=0)
        rows = [[*row, *[""] * (width - len(row))] for row in rows]
        rows = [row[:width] if not any(row[width:]) else row for row in rows]
    while rows and not any(rows[-1]):
        rows.pop()
    places = {header.index(name): name for name in columns if name in header}
    for number, row in enumerate(rows, 1):
        for at, name in places.items():
            if at < len(row) and row[at].lstrip().startswith("="):
                raise DataError(
                    f"{path}, row {number}, column {name}: holds a formula ({one_line(row[at])[:40]}); "
                    "write the value itself"
                )
    for (row, column), shown in table.merged.items():
        if column in places and row <= len(rows):
            raise DataError(
                f"{path}, row {row}, column {places[column]}: merged with a cell of row {shown}, to which "
                "alone its value belongs; take the cells apart and write the value into each row"
            )
    return rows


def one_line(text: object) -> str:
    """Put text on one line, without control characters, such as those that change its direction."""
    text = str(text).encode("utf-8", "replace").decode()
    text = unicodedata.normalize("NFC", text)
    visible = (" " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c)[0] != "C")
    return " ".join("".join(visible).split())


def header_key(cell: str) -> str:
    """The form in which names of columns are compared: without case, width, blanks and invisible signs."""
    return seen(cell).casefold()


def _bytes(path: Path) -> bytes:
    try:
        if path.is_symlink():
            raise Refused(say("a link to another file; hand in the sheet itself"))
        if path.is_dir():
            raise Refused(say("a folder and not a file; {again}", again=again()))
        if not path.is_file():
            raise Refused(
                say("there is no such file; check its name")
                if not path.exists()
                else say("not an ordinary file; hand in the sheet itself")
            )
        if (size := path.stat().st_size) > LARGEST:
            raise Refused(
                say(
                    "{size} MB, more than the {most} MB that a sheet may have; take out pictures and other "
                    "sheets, and {again}",
                    size=f"{size / 2**20:.0f}",
                    most=f"{LARGEST / 2**20:.0f}",
                    again=again(),
                )
            )
        with open(path, "rb") as file:
            content = file.read(LARGEST)
    except OSError as error:
        raise Refused(
            say("cannot be read ({error}); {again}", error=error.strerror or error, again=again())
        ) from error
    if not content.strip(b"\0 \r\n\t"):
        raise Refused(say("an empty file; {again}", again=again()))
    for start, what in _OTHER:
        if content.startswith(start):
            what = _called(what) if what else _kept_apart(content)
            raise Refused(say("{what}, and no sheet; {again}", what=what, again=again()))
    return content


def _kept_apart(content: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in content:
        return say("a workbook that is locked by a password")
    return say("an old Excel or other Office file (.xls)")


def _called(what: str) -> str:
    """What a kind of file is called that is neither a workbook nor text."""
    return {
        "PNG": say("an image (PNG)"),
        "JPEG": say("an image (JPEG)"),
        "GIF": say("an image (GIF)"),
        "PDF": say("a PDF"),
        "RAR": say("an archive (RAR)"),
        "7z": say("an archive (7z)"),
        "gzip": say("an archive (gzip)"),
        "RTF": say("a text document (RTF)"),
        "program": say("a program"),
    }[what]


# ---- workbooks


def _workbook(content: bytes, wanted: Wanted) -> list[Table]:
    """The worksheets of a workbook, XLSX or ODS, that holds nothing but cells."""
    import openpyxl  # late, since text is read without it

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _require_harmless(archive)
            if "mimetype" in archive.namelist():
                return _opendocument(archive.read("content.xml"), wanted)
        tables = []
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl's, of parts that are not read
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
            for worksheet in book.worksheets:
                rows, merged = _rows(worksheet, HEADER_WITHIN), {}
                if any(header_key(wanted.key) in map(header_key, row) for row in rows):
                    rows = _rows(worksheet, wanted.rows)
                    merged = _merged(worksheet)
                tables.append(Table(one_line(worksheet.title), rows, merged))
    except Refused:
        raise
    except Exception as error:  # whatever a malformed file makes zipfile and openpyxl raise
        raise Refused(
            say("cannot be read as a workbook ({error}); {again}", error=type(error).__name__, again=again())
        ) from error
    return tables


def _merged(worksheet) -> dict[tuple[int, int], int]:
    """The merged cells, which openpyxl leaves out where it reads only."""
    from defusedxml.ElementTree import iterparse
    from openpyxl.utils import range_boundaries

    merged = {}
    with worksheet._get_source() as source:
        for _, element in iterparse(source):
            if element.tag.endswith("}mergeCell"):
                left, top, right, bottom = range_boundaries(element.get("ref"))
                _cover(merged, top, left - 1, bottom - top + 1, right - left + 1)
            element.clear()
    return merged


def _cover(merged: dict, top: int, left: int, rows: int, columns: int) -> None:
    """Add the cells that one merged cell covers, but not its first one, which has the value."""
    for row in range(top, min(top + rows, top + _MERGED)):
        for column in range(left, min(left + columns, COLUMNS)):
            if (row, column) != (top, left):
                merged[row, column] = top


def _require_harmless(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    names = [part.filename for part in parts]
    if any(part.flag_bits & 1 for part in parts):
        raise Refused(say("locked by a password; unlock it, and {again}", again=again()))
    for part in parts:
        if part.file_size > 2**20 and part.file_size > RATIO * part.compress_size:
            raise Refused(
                say(
                    "a part of it unpacks to more than {n} times its size, as in a zip bomb; {again}",
                    n=RATIO,
                    again=again(),
                )
            )
    if (size := sum(part.file_size for part in parts)) > UNPACKED:
        raise Refused(
            say(
                "unpacks to {size} MB, more than the {most} MB that a sheet may have; take out pictures and other "
                "sheets, and {again}",
                size=f"{size / 2**20:.0f}",
                most=f"{UNPACKED / 2**20:.0f}",
                again=again(),
            )
        )
    if any(name.endswith(".iwa") for name in names):
        raise Refused(say("a Numbers document; export it as Excel or CSV (File, Export To) and hand that in"))
    if any(name.startswith("word/") for name in names):
        raise Refused(say("a Word document, and no sheet; {again}", again=again()))
    ours = archive.read("mimetype") == _ODS if "mimetype" in names else "[Content_Types].xml" in names
    if not ours:
        raise Refused(
            say(
                "an archive or another kind of document, and no XLSX or ODS workbook; {again}; an archive that a "
                "learning platform gives is to be named by itself, and not within a folder",
                again=again(),
            )
        )
    for name in names:
        if _ACTIVE.search(name):
            raise Refused(
                say("holds a macro or control ({name}); {again}", name=one_line(name), again=again())
            )
        if _FOREIGN.search(name):
            raise Refused(
                say(
                    "holds a link to other files or an object ({name}); {again}",
                    name=one_line(name),
                    again=again(),
                )
            )
    for part in parts:
        text = archive.read(part).replace(b"\0", b"")  # UTF-16 as well
        if text.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<"):  # XML, whatever it is called
            _require_plain_xml(part.filename, archive.read(part))
            if part.filename == "[Content_Types].xml" and re.search(rb"macroEnabled|vbaProject", text):
                raise Refused(say("a workbook with macros; {again}", again=again()))
            if part.filename == "META-INF/manifest.xml" and b"encryption-data" in text:
                raise Refused(say("locked by a password; unlock it, and {again}", again=again()))


def _require_plain_xml(name: str, content: bytes) -> None:
    """Refuse XML that declares entities, also where an encoding hides them."""
    from xml.sax import ContentHandler, SAXParseException

    from defusedxml import DefusedXmlException, sax

    try:
        sax.parseString(content, ContentHandler(), forbid_dtd=True)
    except DefusedXmlException:
        raise Refused(
            say(
                "{name} declares entities, which no spreadsheet program writes; {again}",
                name=one_line(name),
                again=again(),
            )
        ) from None
    except SAXParseException:
        pass  # a drawing of Excel need not be sound, and is not read
    except (LookupError, ValueError):
        raise Refused(
            say(
                "{name} is in an encoding that no spreadsheet program writes; {again}",
                name=one_line(name),
                again=again(),
            )
        ) from None


def _rows(worksheet, most: int) -> list[list[str]]:
    cells = worksheet.iter_rows(max_row=most, max_col=COLUMNS)
    return [[_cell(cell) for cell in row] for row in cells]


def _cell(cell) -> str:
    if cell.data_type == "f":  # who reads a column that counts refuses it
        return cell.value if isinstance(cell.value, str) else "="
    value = cell.value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return _numeral(value)
    return "" if value is None else str(value)


def _numeral(value: float) -> str:
    return str(int(value) if value.is_integer() else value)


def _opendocument(content: bytes, wanted: Wanted) -> list[Table]:
    """The worksheets of an OpenDocument workbook, as LibreOffice saves it."""
    from defusedxml.ElementTree import fromstring  # late, since text is read without it

    tables = []
    for table in fromstring(content).iter(f"{_TABLE}table"):
        rows, merged = [], {}
        for row in table.iter(f"{_TABLE}table-row"):
            cells = []
            for cell in row:
                down = int(cell.get(f"{_TABLE}number-rows-spanned", 1))
                across = int(cell.get(f"{_TABLE}number-columns-spanned", 1))
                if down > 1 or across > 1:
                    _cover(merged, len(rows) + 1, len(cells), down, across)
                times = int(cell.get(f"{_TABLE}number-columns-repeated", 1))
                cells += [_spelt(cell)] * min(times, COLUMNS - len(cells))
            times = int(row.get(f"{_TABLE}number-rows-repeated", 1))
            rows += [cells] * min(times, wanted.rows - len(rows))
        tables.append(Table(one_line(table.get(f"{_TABLE}name", "")), rows, merged))
    return tables


def _spelt(cell: Element) -> str:
    """What a cell of an OpenDocument workbook holds, without what is noted beside it."""
    if formula := cell.get(f"{_TABLE}formula"):
        return f"={formula.partition('=')[2]}"
    if value := cell.get(f"{_OFFICE}boolean-value"):
        return value.upper()
    if value := cell.get(f"{_OFFICE}value"):
        return _numeral(float(value))
    return "\n".join("".join(words.itertext()) for words in cell.findall(f"{_WORDS}p"))


# ---- text


def _text(content: bytes, wanted: Wanted, messages: list[str]) -> Table:
    """The rows of a file of text, whatever its encoding and its delimiter."""
    if re.match(rb"\s*<(!doctype|html|\?xml)", content[:200], re.I):
        raise Refused(say("a web page or XML, and no sheet; {again}", again=again()))
    text, encoding = decoded(content, wanted.chinese)
    text = text.lstrip("\ufeff")  # programs that add a mark of their own leave two
    text = re.sub(r"\Asep=.[\r\n]+", "", text)  # a hint that only Excel understands
    known = {header_key(name) for name in (wanted.key, *wanted.columns)}
    best, most, named = "", -1, ""
    delimiters = {",": say("commas"), ";": say("semicolons"), "\t": say("tabs"), "|": say("bars")}
    key = re.escape(wanted.key)
    if other := re.search(rf"""\b{key}"?([^\w"'\r\n])""", text[:10_000], re.I):  # what the header has there
        if unicodedata.category(other[1]) != "Cf":
            sign = say("the sign “{sign}”", sign=one_line(other[1]) or say("space"))
            delimiters.setdefault(other[1], sign)
    for delimiter, name in delimiters.items():
        try:
            headers = list(itertools.islice(_records(text, delimiter), HEADER_WITHIN))
        except csv.Error:
            continue
        hits = max((len(known & set(map(header_key, row))) for row in headers), default=0)
        if hits > most:
            best, most, named = delimiter, hits, name
    if most < 0:
        raise Refused(say("cannot be read as CSV; {again}", again=again()))
    rows, line = [], 1
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=best, strict=True)
    try:
        for row in reader:
            rows.append(row)
            line = reader.line_num + 1
    except csv.Error as error:
        raise Refused(
            say(
                "row {row}: a quotation mark is opened and not closed, or stands within a cell that begins with "
                "one; close it, or write it twice within a cell, since no row after it can be told from the text "
                "of that cell",
                row=line,
            )
        ) from error
    messages.append(_read_as(named, encoding))
    return Table("", rows)


def _read_as(delimiters: str, encoding: str) -> str:
    return say(
        "The file was read as text with {delimiters} between the columns, in {encoding}.",
        delimiters=delimiters,
        encoding=encoding,
    )


def _records(text: str, delimiter: str):
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def decoded(content: bytes, chinese: Sequence[str]) -> tuple[str, str]:
    """Read text in any encoding that can be told.

    Parameters
    ----------
    content : bytes
        The file.
    chinese : sequence of str
        Texts of which one is in the file, if it is Chinese.

    Returns
    -------
    text, encoding : str

    Raises
    ------
    Refused
        If the encoding cannot be told.
    """
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
    fitting = {}
    for encoding, name, common in (("gb18030", "GB18030", _COMMON_GB), ("big5", "Big5", _COMMON_BIG5)):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if any(one in text for one in chinese):  # that of our own items
            return text, name
        if _common(text, *common):
            fitting[name] = text
    western = content.decode("cp1252", "replace")
    if len(fitting) > 1 or (fitting and _western(western)):
        raise Refused(
            say(
                "text in an encoding that cannot be told ({encodings}, or Windows-1252); {again}",
                encodings=say(" or ").join(fitting),
                again=again(),
            )
        )
    if fitting:
        ((name, text),) = fitting.items()
        return text, say("{encoding}, by its Chinese", encoding=name)
    if not _western(western):
        raise Refused(say("text in an encoding that cannot be told; {again}", again=again()))
    return western, (
        say("Windows-1252, which is a guess: if names or notes look wrong, save the sheet as CSV UTF-8")
    )


def _common(text: str, encoding: str, first: int, last: int) -> bool:
    """Whether a text has Chinese, nearly all of it of the level of common characters of its encoding."""
    foreign = [sign for sign in text if not sign.isascii()]
    level = 0
    for sign in foreign:
        try:
            lead = sign.encode(encoding)[0]
        except UnicodeEncodeError:
            continue
        level += first <= lead <= last or unicodedata.category(sign)[0] in "PSZ"
    chinese = any("\u3400" <= sign <= "\u9fff" for sign in foreign)
    return chinese and level >= 0.9 * len(foreign)


def _western(text: str) -> bool:
    """Whether every sign beyond ASCII is a letter or a usual sign of Western text, as in Jörg."""
    return all(sign.isascii() or sign.isalpha() and sign not in "ªº" or sign in _WESTERN for sign in text)


def _strictly(content: bytes, encoding: str, name: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise Refused(
            say("is marked as {encoding} but is not; {again}", encoding=name, again=again())
        ) from error
