"""Read a reader's own copies of the two sources: the text of the article, the tables of the Word file.

Copies of one text differ in what no reader looks at: line ends and widths of lines, spaces, kinds of
quotation marks, full-width and half-width signs. Both sides are folded before they are compared.

A Word file is a zip archive with XML in it. Of that only the text of the cells is wanted, which the
standard library gives in a few lines; a library for Word files would not limit what is unpacked.
"""

import bisect
import codecs
import functools
import itertools
import lzma
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from .errors import SourceError

_LARGEST = 50_000_000  # bytes; sixty times the text of the Word file
_SAME = str.maketrans(
    {
        **dict.fromkeys("“”„‟‘’‚‛「」『』〝〞〟'", '"'),
        **dict.fromkeys("‐‑‒–—―─━−", "-"),
        **dict.fromkeys("•・‧∙⋅", "·"),
        "。": ".",
        "、": ",",
    }
)


@functools.cache
def _folded(char: str) -> str:
    if char.isspace() or unicodedata.category(char) in ("Cc", "Cf"):
        return ""
    plain = unicodedata.normalize("NFKC", char)
    return (plain if len(plain) == 1 else char).translate(_SAME)


@functools.lru_cache(maxsize=10_000)  # the same terms are looked up again and again
def fold(text: str) -> str:
    """Fold a text to a form that all faithful copies of it have in common.

    Spaces, line ends, zero-width and control characters go; full-width signs become half-width
    ones; all quotation marks become one, and so do all dashes. Every other character stays, so
    that a place in the result is a count of the characters before it that are no spaces.
    """
    return "".join(map(_folded, text))


@dataclass(frozen=True)
class Text:
    """A folded text, as lines and as one string."""

    lines: list[str]
    whole: str
    starts: list[int]  # place in ``whole`` at which each line starts
    spaces: list[list[int]]  # places of the spaces in each line, among all signs that are seen

    @classmethod
    def of(cls, text: str) -> "Text":
        """Fold a text."""
        given = re.split(r"\r\n?|\n", text)
        lines = [fold(line) for line in given]
        starts = itertools.accumulate(map(len, lines[:-1]), initial=0)
        seen = ([sign for sign in line if sign.isspace() or _folded(sign)] for line in given)
        spaces = [[place for place, sign in enumerate(line) if sign.isspace()] for line in seen]
        return cls(lines, "".join(lines), list(starts), spaces)

    def line(self, place: int) -> int:
        """The number of the line, counted from 1, in which a place of ``whole`` lies."""
        return bisect.bisect_right(self.starts, place)


def read_article(path: Path, terms: Collection[str]) -> Text:
    """Read a copy of the article.

    Parameters
    ----------
    path
        A text file in UTF-8, UTF-16 or GB18030.
    terms
        Terms that the article has: they tell the right encoding from one that only happens to
        fit, and the article from another text.

    Raises
    ------
    SourceError
        The file cannot be read, is no text, or has not even half of the terms.
    """
    raw = _bytes(path)
    if raw.startswith((b"PK\3\4", codecs.BOM_UTF8 + b"<", b"<", b"%PDF")):
        raise SourceError(
            f"{path} is not plain text but a web page, a PDF or a Word file: save the "
            "text of the article in a .txt file (a Word file of the statements is "
            "given by --statements)"
        )
    wanted = {fold(term) for term in terms}
    best, most = None, -1
    for encoding in ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"):
        try:
            text = Text.of(raw.decode(encoding))
        except UnicodeDecodeError:
            continue
        found = sum(term in text.whole for term in wanted)
        if found > most:
            best, most = text, found
    if best is None or most < len(wanted) / 2:
        raise SourceError(
            f"{path} does not look like the article: {max(most, 0)} of its "
            f"{len(wanted)} terms are in the file; give the text of the reprint, as "
            "UTF-8, UTF-16 or GB18030"
        )
    return best


@dataclass(frozen=True)
class Document:
    """The tables and paragraphs of a Word file."""

    tables: list[list[list[str]]]  # the text of every cell, by table and row
    paragraphs: list[str]  # every paragraph, those in cells as well


def read_document(path: Path) -> Document:
    """Read a Word file.

    Parameters
    ----------
    path
        A file of the format .docx.

    Raises
    ------
    SourceError
        The file cannot be read, is no such file, or unpacks to more than any such file needs.
    """
    _bytes(path)
    try:
        with zipfile.ZipFile(path) as archive, archive.open("word/document.xml") as member:
            xml = member.read(_LARGEST + 1)
    except (zipfile.BadZipFile, KeyError, EOFError, RuntimeError, zlib.error, lzma.LZMAError) as error:
        raise SourceError(
            f"{path} is not a Word file of the format .docx ({error}): fetch it by "
            "`embedgov fetch-sources`, or save it as .docx, without a password"
        ) from error
    if len(xml) > _LARGEST:
        raise SourceError(
            f"{path} unpacks to more than {_LARGEST // 1_000_000} MB, as no Word file of statements does: "
            "it was not read"
        )
    try:
        root = fromstring(xml, forbid_dtd=True)
    except DefusedXmlException as error:
        raise SourceError(
            f"{path} declares entities, as no Word file of statements does: it was not read"
        ) from error
    except (ParseError, LookupError, ValueError) as error:  # the last two: its encoding
        raise SourceError(
            f"{path}: its word/document.xml is broken ({error}); fetch the file anew"
        ) from error
    tables = [
        [["\n".join(_paragraphs(cell)) for cell in row.iterfind("{*}tc")] for row in table.iterfind("{*}tr")]
        for table in root.iterfind(".//{*}tbl")
    ]
    return Document(tables, _paragraphs(root))


def _paragraphs(element: Element) -> list[str]:
    return [
        "".join(part.text or "" for part in paragraph.iterfind(".//{*}t"))
        for paragraph in element.iterfind(".//{*}p")
    ]


def _bytes(path: Path) -> bytes:
    """Read a file that is neither missing nor empty nor far too large."""
    try:
        size = path.stat().st_size
        if size > _LARGEST:
            raise SourceError(
                f"{path} has {size:,} bytes, far more than either source: give the "
                "text of the article, or the Word file of the statements"
            )
        raw = path.read_bytes()
    except OSError as error:
        raise SourceError(f"{path} cannot be read ({error.strerror}): give another file") from error
    if not raw.strip():
        raise SourceError(f"{path} is empty: save the source again")
    return raw
