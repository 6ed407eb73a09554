"""Read the tables in the file of a coding sheet: XLSX, ODS or text, whatever its encoding and delimiter.

Files come from Excel, LibreOffice or Numbers, or from somebody who means harm. What cannot be read
safely or without guessing is refused with a reason.
"""

import csv
import io
import re
import unicodedata
import warnings
import zipfile
from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple
from xml.etree.ElementTree import Element
from xml.sax import ContentHandler, SAXParseException

import openpyxl
from defusedxml import DefusedXmlException, sax
from defusedxml.ElementTree import fromstring

LARGEST = 5 * 2**20  # bytes of a file; a sheet has about 20 thousand
UNPACKED = 20 * 2**20  # bytes of all that a workbook holds
RATIO = 200  # unpacked to packed, above which a part of more than a megabyte is a bomb
COLUMNS = 100
_SCANNED = 2000  # rows of a worksheet, most of which may be empty
HEADER_WITHIN = 10  # rows; Numbers puts the title of a table above its header

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
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_OFFICE, _TABLE, _WORDS = (
    f"{{urn:oasis:names:tc:opendocument:xmlns:{name}:1.0}}" for name in ("office", "table", "text")
)
AGAIN = "save the sheet again as XLSX or as CSV UTF-8 and hand that in"


class Refused(Exception):
    """The file cannot be scored, for the reason given."""


class Table(NamedTuple):
    """One table of a file."""

    title: str  # of the worksheet; empty for a text file
    rows: list[list[str]]


def read_tables(
    path: Path, name: str, columns: Collection[str], chinese: Collection[str]
) -> tuple[list[Table], str]:
    """Read the tables of a file, by its content and not by its name.

    Parameters
    ----------
    path : Path
        The file.
    name : str
        What people call it; a workbook with macros is known by it.
    columns : collection of str
        Names that a header may have, as `header_key` gives them; they tell the delimiter of a text file.
    chinese : collection of str
        Chinese texts, of which a sheet has some; they tell the encoding of a text file.

    Returns
    -------
    tables : list of Table
    message : str
        How a text file was read; empty for a workbook.

    Raises
    ------
    Refused
        With the reason.
    """
    content = _bytes(path)
    if not content.startswith(b"PK"):
        return _text(content, columns, chinese)
    if Path(name).suffix.lower() == ".xlsm":
        raise Refused("a workbook with macros (.xlsm); save it again as XLSX, without macros")
    return _workbook(content), ""


def one_line(text: object) -> str:
    """Put text on one line, without control characters, such as those that change its direction."""
    text = str(text).encode("utf-8", "replace").decode()
    text = unicodedata.normalize("NFC", text)
    visible = (" " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c)[0] != "C")
    return " ".join("".join(visible).split())


def header_key(cell: str) -> str:
    """The form in which names of columns are compared, without case and width of letters."""
    return unicodedata.normalize("NFKC", cell).strip().casefold()


# ---- files


def _bytes(path: Path) -> bytes:
    try:
        if path.is_symlink():
            raise Refused("a link to another file; hand in the sheet itself")
        if path.is_dir():
            raise Refused(f"a folder and not a file; {AGAIN}")
        if not path.is_file():
            raise Refused(
                "there is no such file; check its name"
                if not path.exists()
                else "not an ordinary file; hand in the sheet itself"
            )
        if (size := path.stat().st_size) > LARGEST:
            raise Refused(
                f"{size / 2**20:.0f} MB, more than the {LARGEST / 2**20:.0f} MB that a "
                f"sheet may have; take out pictures and other sheets, and {AGAIN}"
            )
        with open(path, "rb") as file:
            content = file.read(LARGEST)
    except OSError as error:
        raise Refused(f"cannot be read ({error.strerror or error}); {AGAIN}") from error
    if not content.strip(b"\0 \r\n\t"):
        raise Refused(f"an empty file; {AGAIN}")
    for start, what in _OTHER:
        if content.startswith(start):
            raise Refused(f"{what or _kept_apart(content)}, and no sheet; {AGAIN}")
    return content


def _kept_apart(content: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in content:
        return "a workbook that is locked by a password"
    return "an old Excel or other Office file (.xls)"


# ---- workbooks


def _workbook(content: bytes) -> list[Table]:
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
                rows = _rows(worksheet, HEADER_WITHIN)
                if any("item" in map(header_key, row) for row in rows):
                    rows = _rows(worksheet, _SCANNED)
                tables.append(Table(one_line(worksheet.title), rows))
    except Refused:
        raise
    except Exception as error:  # whatever a malformed file makes zipfile and openpyxl raise
        raise Refused(f"cannot be read as a workbook ({type(error).__name__}); {AGAIN}") from error
    return tables


def _require_harmless(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    names = [part.filename for part in parts]
    if any(part.flag_bits & 1 for part in parts):
        raise Refused(f"locked by a password; unlock it, and {AGAIN}")
    for part in parts:
        if part.file_size > 2**20 and part.file_size > RATIO * part.compress_size:
            raise Refused(
                f"a part of it unpacks to more than {RATIO} times its size, as in a zip bomb; {AGAIN}"
            )
    if (size := sum(part.file_size for part in parts)) > UNPACKED:
        raise Refused(
            f"unpacks to {size / 2**20:.0f} MB, more than the {UNPACKED / 2**20:.0f} MB "
            f"that a sheet may have; take out pictures and other sheets, and {AGAIN}"
        )
    if any(name.endswith(".iwa") for name in names):
        raise Refused("a Numbers document; export it as Excel or CSV (File, Export To) and hand that in")
    ours = archive.read("mimetype") == _ODS if "mimetype" in names else "[Content_Types].xml" in names
    if not ours:
        raise Refused(f"an archive or another kind of document, and no XLSX or ODS workbook; {AGAIN}")
    for name in names:
        if _ACTIVE.search(name):
            raise Refused(f"holds a macro or control ({one_line(name)}); {AGAIN}")
        if _FOREIGN.search(name):
            raise Refused(f"holds a link to other files or an object ({one_line(name)}); {AGAIN}")
    for part in parts:
        text = archive.read(part).replace(b"\0", b"")  # UTF-16 as well
        if text.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<"):  # XML, whatever it is called
            _require_plain_xml(part.filename, archive.read(part))
            if part.filename == "[Content_Types].xml" and re.search(rb"macroEnabled|vbaProject", text):
                raise Refused(f"a workbook with macros; {AGAIN}")
            if part.filename == "META-INF/manifest.xml" and b"encryption-data" in text:
                raise Refused(f"locked by a password; unlock it, and {AGAIN}")


def _require_plain_xml(name: str, content: bytes) -> None:
    """Refuse XML that declares entities, also where an encoding hides them."""
    try:
        sax.parseString(content, ContentHandler(), forbid_dtd=True)
    except DefusedXmlException:
        raise Refused(
            f"{one_line(name)} declares entities, which no spreadsheet program writes; {AGAIN}"
        ) from None
    except SAXParseException:
        pass  # a drawing of Excel need not be sound, and is not read
    except (LookupError, ValueError):
        raise Refused(
            f"{one_line(name)} is in an encoding that no spreadsheet program writes; {AGAIN}"
        ) from None


def _rows(worksheet, most: int) -> list[list[str]]:
    cells = worksheet.iter_rows(max_row=most, max_col=COLUMNS)
    return [[_cell(cell) for cell in row] for row in cells]


def _cell(cell) -> str:
    if cell.data_type == "f":
        value = cell.value if isinstance(cell.value, str) else "="
        raise Refused(
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


def _opendocument(content: bytes) -> list[Table]:
    """Read the worksheets of an ODS workbook, as LibreOffice saves it, as rows of text."""
    tables = []
    for table in fromstring(content, forbid_dtd=True).iter(f"{_TABLE}table"):
        rows = []
        for row in table.iter(f"{_TABLE}table-row"):
            cells = []
            for cell in row:
                if formula := cell.get(f"{_TABLE}formula"):
                    raise Refused(
                        f"row {len(rows) + 1} holds a formula ({one_line(formula)[:40]}); write the value itself"
                    )
                times = int(cell.get(f"{_TABLE}number-columns-repeated", 1))
                cells += [_spelt(cell)] * min(times, COLUMNS - len(cells))
            times = int(row.get(f"{_TABLE}number-rows-repeated", 1))
            rows += [cells] * min(times, _SCANNED - len(rows))
        tables.append(Table(one_line(table.get(f"{_TABLE}name", "")), rows))
    return tables


def _spelt(cell: Element) -> str:
    """The value or text of a cell of an ODS workbook, without its comments."""
    if value := cell.get(f"{_OFFICE}boolean-value"):
        return value.upper()
    if value := cell.get(f"{_OFFICE}value"):
        return _numeral(float(value))
    return "\n".join("".join(words.itertext()) for words in cell.findall(f"{_WORDS}p"))


# ---- text


def _text(content: bytes, columns: Collection[str], chinese: Collection[str]) -> tuple[list[Table], str]:
    """Read the rows of a text file; its encoding and delimiter are recognised."""
    if re.match(rb"\s*<(!doctype|html|\?xml)", content[:200], re.I):
        raise Refused(f"a web page or XML, and no sheet; {AGAIN}")
    text, encoding = _decoded(content, chinese)
    text = re.sub(r"\Asep=.[\r\n]+", "", text)  # a hint that only Excel understands
    best, most, named = None, -1, ""
    delimiters = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
    if other := re.search(r"""\bitem"?([^\w"'\r\n])""", text[:10_000], re.I):  # what the header has there
        delimiters.setdefault(other[1], f"the sign “{one_line(other[1]) or 'space'}”")
    for delimiter, name in delimiters.items():
        try:
            rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
        except csv.Error:
            continue
        headers = rows[:HEADER_WITHIN]
        hits = max(
            (len({header_key(cell) for cell in row}.intersection(columns)) for row in headers), default=0
        )
        if hits > most:
            best, most, named = rows, hits, name
    if best is None:
        raise Refused(f"cannot be read as CSV; {AGAIN}")
    message = f"The file was read as text with {named} between the columns, in {encoding}."
    return [Table("", best)], message


def _decoded(content: bytes, chinese: Collection[str]) -> tuple[str, str]:
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
        if any(words in text for words in chinese):
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
        raise Refused(f"is marked as {name} but is not; {AGAIN}") from error
