"""Export the coding in the REFI-QDA standard, for QualCoder, NVivo, MAXQDA and ATLAS.ti.

The standard is QDA-XML 1.0 (2019, https://www.qdasoftware.org): a ``.qdc`` file is a codebook, a
``.qdpx`` file a project: a zip archive of ``project.qde`` and the texts that it refers to. What
the importers of these programs are known to lose or to refuse, this writer avoids; the comments
say where.

A text is made of our paraphrases, one for each described zone and one for each designation. One
selection in it is one row of a coder's table: it covers exactly the passage or statement, belongs
to the coder, holds the codes that the coder gave, and describes the rest of the row.
"""

import io
import tempfile
import uuid
import xml.etree.ElementTree as ET
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from embedgov.errors import DataError
from embedgov_study.check import check
from embedgov_study.data import codebook, designations, segment_codes, statement_codes, table
from embedgov_study.data_package import CODEBOOKS, CODING, Problem, fields, resources
from embedgov_study.palette import COLOURS
from embedgov_study.project import here
from embedgov_study.table import read

from .errors import ExchangeError
from .refi_faults import FOREIGN, faults

ORIGIN = "Embedded Governance"  # QualCoder does not open a project that does not say whence it is
DATE = "2026-11-23T00:00:00Z"  # of the tables, and the same in every run

_SPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "embedded-governance")  # ids in it depend on ours only
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
_TABLES = ("designations", "units", "provinces", "zones", "segments")  # besides codes and codebooks
_ABOUT = """\
The coding of the compendium Embedded Governance, which re-does a multi-case study: Tang Ming and Li Menglan, Socialism Studies 2019(4), in Chinese.
Coders {first} to {last} are independent passes of a large language model, not people; their agreement shows that a rule is stable, not that it is valid.
The coders read the Chinese texts, but for S, T and U, who had the English paraphrases and Chinese terms of passages alone. The texts here are English paraphrases and gists in our own words, since the originals are not ours to publish; anchor terms lead to the originals.
The codes under "Cases" tie each case to its texts, as some programs need; where a program shows them beside the codebooks, they can be deleted.
Licence: CC BY 4.0."""


class _Row(NamedTuple):
    """What one coder said of one passage or statement."""

    coder: str
    codebook_id: str
    codes: list[str]
    memo: str


# ---- the files


def write(path: str | Path, data: Path | None = None) -> Path:
    """Write the coding as a project, or the codebooks alone.

    Parameters
    ----------
    path
        File to write: a project if it ends in ``.qdpx``, the codebooks if it ends in ``.qdc``.
        What stood there is replaced when the new file is complete.
    data
        Folder that holds ``datapackage.json``; that of the project by default.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    ExchangeError
        The file has another ending or cannot be written; what stood there is as it was.
    DataError
        With every problem that `embedgov_study.check.check` finds in the tables, or as for `project`.
    """
    path = Path(path)
    makers = {".qdpx": project, ".qdc": codebooks}
    if path.suffix not in makers:
        raise ExchangeError(
            f"{path}: its ending must say what it is to be: .qdpx for a project "
            "with texts and codings, .qdc for the codebooks alone"
        )
    if problems := check(data):
        raise DataError("\n".join(map(str, problems)))
    content = makers[path.suffix](data)
    try:
        with tempfile.TemporaryDirectory(prefix=".refi-", dir=path.parent) as scratch:
            fresh = Path(scratch) / path.name
            fresh.write_bytes(content)
            fresh.replace(path)
    except OSError as error:
        raise ExchangeError(
            f"{path}: not written: {error.strerror}; choose a file in a folder "
            "that exists and that you may write to"
        ) from error
    return path


def downloads() -> Iterator[tuple[str, bytes]]:
    """Yield the file that the site offers for download, as name and content."""
    yield "embedded-governance.qdpx", project()


def project(data: Path | None = None) -> bytes:
    """Make the project: codebooks, coders, cases, texts and every code that a coder gave.

    The codebooks are those that some coder followed; a draft, which nobody coded with, stays out.

    Parameters
    ----------
    data
        Folder that holds ``datapackage.json``, whose tables are sound; that of the project by default.

    Returns
    -------
    bytes
        A ``.qdpx`` file; the same tables make the same bytes.

    Raises
    ------
    DataError
        As for `embedgov_study.data.table`, and where a cell has a character by which programs would
        place the codings differently.
    ExchangeError
        The project would have a fault that `faults` finds.
    """
    data = data or here().data
    _require_plain(data)
    makers = _guid("user", ORIGIN)
    root = ET.Element(
        "Project",
        xmlns="urn:QDA-XML:project:1.0",
        name=ORIGIN,
        origin=ORIGIN,
        creatingUserGUID=makers,
        creationDateTime=DATE,
    )
    users = _add(root, "Users")
    for coder in table("coders", data).itertuples():
        _add(
            users,
            "User",
            guid=_guid("user", coder.coder),
            id=coder.coder,
            name=f"Coder {coder.coder}, {coder.kind}",
        )
    _add(users, "User", guid=makers, name=ORIGIN)
    codes = _codes(_add(root, "CodeBook"), data)
    _cases(root, codes, data)
    texts = _sources(_add(root, "Sources"), data)
    coders = table("coders", data)["coder"]
    _add(root, "Description", _ABOUT.format(first=coders.min(), last=coders.max()))
    content = _archive({"project.qde": _xml(root)} | texts)
    if found := faults(content):
        raise ExchangeError("the project would not be sound:\n" + "\n".join(found))
    return content


def codebooks(data: Path | None = None) -> bytes:
    """Make the codebooks that were used for coding, without texts and codings.

    Parameters
    ----------
    data
        Folder that holds ``datapackage.json``, whose tables are sound; that of the project by default.

    Returns
    -------
    bytes
        A ``.qdc`` file; the same tables make the same bytes.

    Raises
    ------
    DataError
        As for `project`.
    """
    data = data or here().data
    _require_plain(data)
    root = ET.Element("CodeBook", xmlns="urn:QDA-XML:codebook:1.0", origin=ORIGIN)
    _codes(root, data)
    return _xml(root)


# ---- the parts


def _codes(parent: ET.Element, data: Path) -> ET.Element:
    """The codebooks, each a heading that cannot be given as a code, with its groups below it."""
    codes = _add(parent, "Codes")
    about = table("codebooks", data).set_index("codebook_id")
    for codebook_id, coders in table("coders", data).groupby("codebook_id", sort=False)["coder"]:
        one = about.loc[codebook_id]
        book = _add(
            codes, "Code", guid=_guid("codebook", codebook_id), name=one["title_en"], isCodable="false"
        )
        _describe(
            book, {"General rule": one["general_rule"], "Note": one["note"], "Coders": ", ".join(coders)}
        )
        for group, members in codebook(codebook_id, data).groupby("group", observed=True):
            heading = _add(
                book,
                "Code",
                guid=_guid("group", codebook_id, group),
                name=_named(group, codebook_id),
                isCodable="false",
            )
            for row in members.itertuples():
                code = _add(
                    heading,
                    "Code",
                    guid=_guid("code", codebook_id, row.code),
                    name=_named(f"{row.code} {row.label_en}", codebook_id),
                    isCodable="true",
                )
                if row.code in COLOURS:
                    code.set("color", COLOURS[row.code])
                # The standard has one place for everything that a codebook says of a code.
                _describe(
                    code,
                    {
                        "Code": row.code,
                        "Label": f"{row.label_en} {row.label_zh}",
                        "Definition": row.definition,
                        "When to use": row.include,
                        "When not to use": row.exclude,
                    },
                )
    return codes


def _cases(root: ET.Element, codes: ET.Element, data: Path) -> None:
    """The designations as cases, each with what is known of it and with its texts."""
    zones = _zones(data).set_index("designation_id")
    labels = codebook("segments", data).set_index("code")["label_en"]
    variables = {
        "Batch": ("Integer", "Batch of the programme."),
        "Province": ("Text", "Provincial unit, or the Corps."),
        "Level": ("Text", "Level of administration of the unit."),
        "Statement": ("Text", "What the official statement consists of."),
        "Dimension": ("Text", "Under which dimension the article describes the zone."),
    }
    listed = _add(root, "Variables")
    for name, (kind, description) in variables.items():
        variable = _add(listed, "Variable", guid=_guid("variable", name), name=name, typeOfVariable=kind)
        _add(variable, "Description", description)
    heading = _add(codes, "Code", guid=_guid("cases"), name="Cases", isCodable="false")
    cases = _add(root, "Cases")
    for row in designations(data).itertuples():
        zone = zones.loc[row.designation_id] if row.designation_id in zones.index else None
        # The same id and name: by this code QualCoder and NVivo tie the case to its texts.
        who = {"guid": _guid("case", row.designation_id), "name": _case_name(row)}
        _add(heading, "Code", **who, isCodable="true")
        case = _add(cases, "Case", **who)
        values = {
            "Batch": row.batch,
            "Province": row.province_en,
            "Level": row.unit_level,
            "Statement": row.statement_kind,
            "Dimension": "not described" if zone is None else labels[zone["dimension_article"]],
        }
        for name, value in values.items():
            held = _add(case, "VariableValue")
            _add(held, "VariableRef", targetGUID=_guid("variable", name))
            _add(held, f"{variables[name][0]}Value", str(value))
        for source in [row.designation_id] if zone is None else [row.designation_id, zone["zone_id"]]:
            _add(case, "SourceRef", targetGUID=_guid("source", source))


def _sources(parent: ET.Element, data: Path) -> dict[str, str]:
    """The texts and what is coded in them; the texts themselves by their place in the archive."""
    rows, files = _rows(data), {}
    for name, description, case, pieces in _texts(data):
        guid = _guid("source", name.split()[0])
        # A text of its own: QualCoder reads no other. No ending in the name: it adds one itself.
        source = _add(
            parent,
            "TextSource",
            guid=guid,
            name=name,
            plainTextPath=f"internal://{guid}.txt",
            **_made_by(ORIGIN),
        )
        _add(source, "Description", description)
        text = " ".join(piece for _, piece, _ in pieces)
        if case:
            _select(source, name.split()[0], (0, len(text)), ORIGIN, "", [case])
        start = 0
        for unit, piece, memo in pieces:
            span, start = (start, start + len(piece)), start + len(piece) + 1
            if memo:
                _select(source, unit, span, ORIGIN, memo, [])
            for row in rows[unit]:
                codes = [_guid("code", row.codebook_id, code) for code in row.codes]
                if codes:
                    _select(source, unit, span, row.coder, row.memo, codes)
        files[f"sources/{guid}.txt"] = text
    return files


def _texts(data: Path) -> Iterator[tuple[str, str, str | None, list[tuple]]]:
    """Name, description, case and pieces of each text; a piece that is coded has the unit's id.

    A text is one line, since programs count the end of a line as one character or as two.
    """
    segments = table("segments", data)
    zones = [
        (
            f"{zone.zone_id} {zone.zone_en}",
            f"Passages of the article on {zone.zone_en} {zone.zone_zh}, in our words; "
            f"what it describes is the {zone.unit_described}.",
            _guid("case", zone.designation_id),
            segments["zone_id"] == zone.zone_id,
        )
        for zone in _zones(data).itertuples()
    ]
    generic = (
        "ALL about no single zone",
        "Passages of the article that speak of several zones or of all, in our words.",
        None,
        segments["zone_id"].isna(),
    )
    for name, description, case, which in [*zones, generic]:
        pieces = []
        for row in segments[which].itertuples():
            place = (
                f"Section {row.section}, paragraph {row.paragraph}, line {row.file_line} of "
                f"the web reprint, at the term {row.anchor_zh}"
            )
            pieces += [(None, f"[{row.seg_id}]", ""), (row.seg_id, row.paraphrase_en, place)]
        yield name, description, case, pieces
    for row in designations(data).itertuples():
        yield (
            _case_name(row),
            f"The {row.statement_kind} that {row.zone_en} {row.zone_zh} announced, in our words, "
            "with a gist in Chinese.",
            _guid("case", row.designation_id),
            [(row.designation_id, row.statement_en, ""), (None, row.gist_zh, "")],
        )


def _rows(data: Path) -> dict[str, list[_Row]]:
    """The rows of all coders, by the id of the passage or statement."""
    rows = defaultdict(list)
    rounds = ["round", "unit_of_coding", "codebook_id"]
    for round, unit, codebook_id in table("coders", data)[rounds].drop_duplicates().itertuples(index=False):
        codes = codebook(codebook_id, data)["code"]
        frame = (segment_codes if unit == "segment" else statement_codes)(round, data)
        for row in frame.to_dict("records"):
            given = [code for code in codes if row.get(code) == 1 or row.get("call_theme") == code]
            terms = [f"{code}: {row[f'{code}_term']}" for code in given if f"{code}_term" in row]
            memo = "; ".join([f"Confidence {row['confidence']} of 3", *terms])
            key = "seg_id" if unit == "segment" else "designation_id"
            rows[row[key]].append(_Row(row["coder"], codebook_id, given, memo))
    return rows


def _zones(data: Path):
    """The zones that the article describes."""
    return table("zones", data).dropna(subset="dimension_article")


def _select(source, unit, span, user, memo, codes) -> None:
    """Add a selection of a user, which is where QualCoder looks for who coded, with codings."""
    start, end = span
    selection = _add(
        source,
        "PlainTextSelection",
        guid=_guid("selection", user, unit),
        name=unit,
        startPosition=str(start),
        endPosition=str(end),
        **_made_by(user),
    )
    if memo:
        _add(selection, "Description", memo)
    for code in codes:
        coding = _add(selection, "Coding", guid=_guid("coding", user, unit, code), **_made_by(user))
        _add(coding, "CodeRef", targetGUID=code)


def _made_by(user: str) -> dict[str, str]:
    return {"creatingUser": _guid("user", user), "creationDateTime": DATE}


def _named(name: str, codebook_id: str) -> str:
    """A name that no other codebook has: of two codes with one name, QualCoder drops one."""
    return f"{name} ({codebook_id.replace('_', ' ')})"


def _case_name(row) -> str:
    return f"{row.designation_id} {row.zone_en}"


def _describe(code: ET.Element, lines: dict[str, str]) -> None:
    texts = [f"{label}: {text}" for label, text in lines.items() if isinstance(text, str)]
    _add(code, "Description", "\n".join(texts))


# ---- XML and the archive


def _guid(*what: str) -> str:
    """An id that is the same in every run, in the one form that all references have."""
    return str(uuid.uuid5(_SPACE, "/".join(what)))


def _add(parent: ET.Element, tag: str, text: str | None = None, **attributes: str) -> ET.Element:
    element = ET.SubElement(parent, tag, attributes)
    element.text = text
    return element


def _xml(root: ET.Element) -> bytes:
    ET.indent(root)
    return ET.tostring(root, encoding="utf-8", xml_declaration=True)


def _archive(files: dict[str, str | bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in files.items():
            entry = zipfile.ZipInfo(name, date_time=_ZIP_DATE)
            archive.writestr(entry, text, zipfile.ZIP_DEFLATED)
    return content.getvalue()


def _require_plain(data: Path) -> None:
    """Refuse a character that XML cannot hold or that programs count differently."""
    for name, resource in resources(data).items():
        if name not in _TABLES and not resource["path"].startswith((CODING, CODEBOOKS)):
            continue
        _, rows, lines = read(resource["path"], data)
        for row, line in zip(rows, lines):
            for column, value in zip(fields(resource), row):
                if found := FOREIGN.search(value):
                    raise DataError(
                        Problem(
                            resource["path"],
                            line,
                            column,
                            value,
                            f"one line without characters like U+{ord(found[0]):04X}, which programs "
                            "count differently or XML cannot hold",
                            "replace the character",
                        )
                    )
