"""Draw statements or segments for learners, and write their codebook and coding sheet.

Learners see what can be shown without giving the codes away: our English text, and our Chinese
gist of a statement or the anchor term of a segment. They see neither the place nor the row's id.
The id of an item in a sheet is made from that of its row, the same in every draw, so that sheets
of several draws can be scored without a key.
"""

import csv
import hashlib
import io
import re
import zipfile
from datetime import datetime
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from embedgov import coding
from embedgov_study import data, vocabulary
from embedgov_study.language import language, say

from .errors import TeachingError
from .glosses import glosser
from .page_templates import page, templates

if TYPE_CHECKING:
    from openpyxl import Workbook

TRIES = 1000  # draws looked at, until one has both values of every code
_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"  # no vowel, no digit: neither a word, nor a date or a number
_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the date of all that a workbook holds
_WIDTHS = {"learner": 18, "item": 9, "text_en": 62, "text_zh": 22, "note": 36, "confidence": 12}


class Kind(NamedTuple):
    """A kind of item that can be drawn: statements of the register, or segments of the article."""

    unit: str  # column of the row's id in the tables of codes
    coded: str  # unit of coding, as coders.csv has it
    strata: str  # what the draw is stratified by, in words


KINDS = {
    "statements": Kind(
        "designation_id",
        "statement",
        "batch, and how many codes apply by the majority: none, one or two, more",
    ),
    "segments": Kind(
        "seg_id", "segment", "the zone that a passage is about; a zone stands under one dimension"
    ),
}


def codebook_id(of: str) -> str:
    """The id of the codebook that learners use: that of the published round.

    Parameters
    ----------
    of : {"statements", "segments"}

    Raises
    ------
    TeachingError
        There is no such kind of item.
    """
    rounds = vocabulary.rounds(_kind(of).coded)
    return rounds[vocabulary.published_round() if of == "statements" else of]


def codebook(of: str) -> pd.DataFrame:
    """Read the codes that a sheet asks for, one row each: those that are given as 0 or 1.

    Parameters
    ----------
    of : {"statements", "segments"}

    Raises
    ------
    TeachingError
        There is no such kind of item.
    """
    codes = data.codebook(codebook_id(of)).set_index("code")
    if of == "statements":
        codes.update(data.statement_labels())
    return codes[codes["group"] != "theme"]


def columns(of: str) -> list[str]:
    """List the columns of a coding sheet."""
    return ["learner", "item", *_texts(), *codebook(of).index, "confidence", "note", "set"]


def words(of: str) -> dict[str, str]:
    """What one item of a kind and several are called, as templates take them: ``noun`` and ``nouns``."""
    return {
        "statements": {"noun": say("statement"), "nouns": say("statements")},
        "segments": {"noun": say("segment"), "nouns": say("segments")},
    }[of]


def _texts() -> list[str]:
    """The columns of a sheet that have what is to be coded: a Chinese one has it in Chinese only."""
    return ["text_en", "text_zh"] if language() == "en" else ["text_zh"]


def published(of: str) -> pd.DataFrame:
    """Read the codes of the published coders, one row per coder and unit."""
    _kind(of)
    return data.statement_codes() if of == "statements" else data.segment_codes()


def items(of: str) -> pd.DataFrame:
    """List all items that can be drawn.

    Parameters
    ----------
    of : {"statements", "segments"}

    Returns
    -------
    DataFrame
        One row per item, by its blind id ``item``: ``row_id`` (the designation or segment),
        ``text_en``, ``text_zh``, ``stratum``, and each code by the majority of the published
        coders.

    Raises
    ------
    TeachingError
        There is no such kind of item, or two rows would have the same blind id.
    """
    codes = list(codebook(of).index)
    unit = KINDS[of].unit
    majority = coding.consensus(published(of), unit=unit, codes=codes).values
    if of == "statements":
        rows = data.table("designations").set_index(unit)
        texts = _with_chinese(rows, "statement", "gist_zh")
        kinds = majority.sum(axis=1).map(lambda n: "none" if not n else "few" if n < 3 else "many")
        stratum = rows["batch"].astype(str) + " " + kinds.reindex(rows.index)
    else:
        rows = data.table("segments").set_index(unit)
        texts = _with_chinese(rows, "paraphrase", "anchor_zh")
        stratum = rows["zone_id"].fillna("ALL").astype(str)
    frame = texts.assign(stratum=stratum).join(majority)
    frame = frame.rename_axis("row_id").reset_index()
    frame.index = pd.Index([_blind(row) for row in frame["row_id"]], name="item")
    if frame.index.has_duplicates:
        raise TeachingError(
            f"{of}: two rows have the blind id "
            f"{frame.index[frame.index.duplicated()][0]}; make blind ids longer"
        )
    return frame


def _with_chinese(rows: pd.DataFrame, name: str, beside: str) -> pd.DataFrame:
    """Our English text and the Chinese that is shown with it: in a Chinese project our Chinese text, too."""
    chinese = rows[beside]
    if language() == "zh" and f"{name}_zh" in rows:
        chinese = rows[f"{name}_zh"] + "（" + chinese.where(chinese.notna(), "") + "）"
        chinese = chinese.str.removesuffix("（）")
    return pd.DataFrame({"text_en": rows[f"{name}_en"], "text_zh": chinese})


def draw(of: str = "statements", n: int = 20, seed: int = 7) -> pd.DataFrame:
    """Draw items for learners to code, the same for the same seed on every computer.

    The draw is stratified: statements by batch and by how many codes apply to them by the
    majority of the published coders (none, one or two, more), segments by the zone that they are
    about, which stands under one dimension. Every stratum gets its proportional share of ``n``,
    rounded by largest remainders (of equal ones, the larger stratum's first). Within a stratum,
    the items come first whose row id has the least SHA-256 together with the seed. Draws are
    made until one has both values of every code, at most `TRIES`, of which the first with the
    fewest values lacking is taken: a small draw cannot have both values of a rare code.

    Parameters
    ----------
    of : {"statements", "segments"}
        What to draw.
    n : int
        How many items, at least 2.
    seed : int
        Another seed, another draw.

    Returns
    -------
    DataFrame
        As of `items`, ``n`` rows in the order of the sheet, which is random.

    Raises
    ------
    TeachingError
        There is no such kind of item, or not so many.

    References
    ----------
    Neyman, J. (1934). On the two different aspects of the representative method. Journal of the
    Royal Statistical Society 97(4), 558-625.
    """
    pool = items(of)
    if not 2 <= n <= len(pool):
        raise TeachingError(f"n is {n}; expected 2 to {len(pool)}, the number of {of}")
    codes = list(codebook(of).index)
    sizes = _allocation(pool["stratum"].value_counts(), n)
    best, fewest = None, None
    for attempt in range(TRIES):
        ranked = pool.iloc[_order(pool["row_id"], f"{seed} {attempt}")]
        within = ranked.groupby("stratum").cumcount()
        chosen = ranked[within < ranked["stratum"].map(sizes)]
        values = int((pool[codes].nunique() - chosen[codes].nunique()).sum())
        if fewest is None or values < fewest:
            best, fewest = chosen, values
        if not fewest:
            break
    return best.iloc[_order(best["row_id"], f"{seed} order")]


def write(into: Path, of: str = "statements", n: int = 20, seed: int = 7) -> list[Path]:
    """Write the files for a learner: codebook, sheet as XLSX and as CSV, and instructions.

    The same draw makes the same bytes. The CSV has commas, CRLF and a byte-order mark: without
    the mark Excel reads Chinese as Windows text, and LibreOffice and Numbers do not mind it.
    Excel puts it into one column where the list separator is a semicolon; the XLSX is therefore
    what learners are told to open.

    Parameters
    ----------
    into : Path
        A folder, made if need be. Other files in it stay as they are.
    of, n, seed
        See `draw`.

    Returns
    -------
    list of Path
        The files.

    Raises
    ------
    TeachingError
        As of `draw`; or one of the files is there with other content, as a sheet that somebody
        has filled in: nothing is then written.
    """
    made_files = files(of, n, seed)
    into = Path(into)
    if into.exists() and not into.is_dir():
        raise TeachingError(f"{into} is a file; name a folder to write into")
    for file, made in made_files.items():
        if (into / file).exists() and (into / file).read_bytes() != made:
            raise TeachingError(
                f"{into / file} is there with other content, perhaps filled in; "
                "nothing is overwritten: name another folder, or move it away"
            )
    into.mkdir(parents=True, exist_ok=True)
    for file, made in made_files.items():
        (into / file).write_bytes(made)
    return [into / file for file in made_files]


def files(of: str = "statements", n: int = 20, seed: int = 7) -> dict[str, bytes]:
    """The files that a learner gets, by name; see `write`."""
    drawn, codes, name = draw(of, n, seed), codebook(of), set_name(of, n, seed)
    rows = [
        ["", item, *texts, *[""] * (len(codes) + 2), name] for item, *texts in drawn[_texts()].itertuples()
    ]
    meta = data.table("codebooks").set_index("codebook_id").loc[codebook_id(of)]
    content = {
        "of": of,
        **words(of),
        "n": n,
        "set": name,
        "rule": meta["general_rule"],
        "codes": [
            (row.Index, row.label_en, row.label_zh, row.definition, rule)
            for row, rule in zip(codes.itertuples(), data.rules(codes))
        ],
    }
    return {
        "README.txt": templates().get_template("readme.txt").render(content).encode(),
        "codebook.html": page("codebook.html", **content).encode(),
        "coding-sheet.csv": _csv([columns(of), *rows]),
        "coding-sheet.xlsx": _workbook(rows, columns(of), content),
    }


def set_name(of: str, n: int, seed: int) -> str:
    """Name a draw, such as ``statements-20-7``, so that it can be drawn again."""
    return f"{of}-{n}-{seed}"


def _kind(of: str) -> Kind:
    if of not in KINDS:
        raise TeachingError(f"{of!r} cannot be drawn; expected one of {', '.join(KINDS)}")
    return KINDS[of]


def _digest(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest(), "big")


def _blind(row_id: str) -> str:
    number = _digest(f"embedgov item {row_id}")
    return "".join(_LETTERS[number // len(_LETTERS) ** i % len(_LETTERS)] for i in range(5))


def _order(row_ids: pd.Series, salt: str) -> list[int]:
    digests = [_digest(f"{salt} {row_id}") for row_id in row_ids]
    return sorted(range(len(digests)), key=digests.__getitem__)


def _allocation(sizes: pd.Series, n: int) -> pd.Series:
    """Split n in proportion to the sizes, by largest remainders."""
    quotas = pd.DataFrame(
        {
            "whole": sizes * n // sizes.sum(),
            "rest": sizes * n % sizes.sum(),
            "size": sizes,
            "name": sizes.index,
        }
    )
    ranked = quotas.sort_values(["rest", "size", "name"], ascending=[False, False, True])
    more = ranked.index[: n - quotas["whole"].sum()]
    return quotas["whole"] + quotas.index.isin(more)


def _csv(rows: list[list[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def _workbook(rows: list[list[str]], header: list[str], content: dict) -> bytes:
    """Make the sheet as a workbook, in which each cell offers and checks its values."""
    from openpyxl import Workbook  # takes a while, and the coding lab needs none
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    book = Workbook()
    sheet, about = book.active, book.create_sheet(say("Codebook"))
    sheet.title = say("Coding")
    for row in (header, *rows):
        sheet.append([cell or None for cell in row])
    bold, wrapped = Font(bold=True), Alignment(wrap_text=True, vertical="top")
    centred = Alignment(horizontal="center", vertical="top")
    codes = {code: label for code, *labels in content["codes"] for label in [labels[language() == "zh"]]}
    widths = _WIDTHS if len(_texts()) > 1 else _WIDTHS | {"text_zh": _WIDTHS["text_en"]}
    to_fill = {"learner", *codes, "confidence", "note"}
    for number, name in enumerate(header, 1):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = widths.get(name, 20 if name == "set" else 8)
        for cell in sheet[letter]:
            cell.alignment = centred if name in {*codes, "confidence"} else wrapped
        sheet[f"{letter}1"].font = bold
        if name in to_fill:
            sheet[f"{letter}1"].fill = PatternFill("solid", fgColor="DCE8EE")
        if name in codes or name == "confidence":
            allowed = (0, 1) if name in codes else (1, 2, 3)
            rule = DataValidation(
                "list", formula1=f'"{",".join(map(str, allowed))}"', allow_blank=True, showErrorMessage=True
            )
            rule.errorTitle = say("Not a code")
            rule.error = (
                say("Write 0 or 1, or leave the cell empty.")
                if name in codes
                else say("Write 1, 2 or 3, or leave the cell empty.")
            )
            rule.promptTitle = f"{name} {codes.get(name, '')}".strip()[:32]
            rule.prompt = (
                say("1 it applies, 0 it does not, empty: not decided. The rule is in the sheet Codebook.")
                if name in codes
                else say("1 low, 2 middle, 3 high.")
            )
            sheet.add_data_validation(rule)
            rule.add(f"{letter}2:{letter}{len(rows) + 1}")
    for number, row in enumerate(rows, 2):
        lines = (
            max(ceil(len(row[2]) / 58), ceil(len(row[3]) / 10))
            if len(_texts()) > 1
            else ceil(len(row[2]) / 29)
        )
        sheet.row_dimensions[number].height = 15 * lines + 4
    sheet.freeze_panes = "D2"
    sheet.print_title_rows = "1:1"
    instructions = templates().get_template("readme.txt").render(content)
    paragraphs = [" ".join(part.split()) for part in re.split(r"\n\s*\n", instructions)]
    for text in [*paragraphs, content["rule"]]:
        about.append([text])
        about.merge_cells(start_row=about.max_row, end_row=about.max_row, start_column=1, end_column=5)
        about.row_dimensions[about.max_row].height = 15 * ceil(len(text) / 150) + 4
    about["A1"].font = bold
    about.append([say("code"), say("name"), say("Chinese"), say("the code applies when"), say("rule")])
    for cell in about[about.max_row]:
        cell.font = bold
    gloss = glosser()
    for row in content["codes"]:
        row = [gloss(text) if place > 2 else text for place, text in enumerate(row)]
        about.append(row)
        about.row_dimensions[about.max_row].height = 15 * max(ceil(len(text) / 58) for text in row) + 4
    for one in (sheet, about):
        one.print_options.gridLines = True
        one.page_setup.orientation, one.page_setup.fitToHeight = "landscape", 0
        one.sheet_properties.pageSetUpPr.fitToPage = True
    for letter, width in zip("ABCDE", (12, 22, 14, 62, 62)):
        about.column_dimensions[letter].width = width
    for line in about.iter_rows():
        for cell in line:
            cell.alignment = wrapped
    return _steady(book)


def _steady(book: "Workbook") -> bytes:
    """Save a workbook so that the same content makes the same bytes, whatever the time is."""
    book.properties.creator = say("Embedded Governance")
    book.properties.created = datetime(*_LONG_AGO)
    saved, steady = io.BytesIO(), io.BytesIO()
    book.save(saved)
    with zipfile.ZipFile(saved) as source, zipfile.ZipFile(steady, "w") as target:
        for name in sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            content = source.read(name)
            if name == "docProps/core.xml":  # openpyxl dates it when it saves
                content = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>1980-01-01T00:00:00Z", content)
            target.writestr(zipfile.ZipInfo(name, _LONG_AGO), content, zipfile.ZIP_DEFLATED)
    return steady.getvalue()
