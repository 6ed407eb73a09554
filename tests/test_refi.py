"""The REFI-QDA export: by its schema, by a second reader, and by what importers choke on."""

import csv
import io
import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
import zipfile
from collections import Counter

import pytest
from click.testing import CliRunner
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from embedgov.errors import DataError
from embedgov_cli import main
from embedgov_exchange import refi, refi_faults
from embedgov_exchange.errors import ExchangeError

DATA = ROOT / "data"
NEW = (
    2840 + 6 * 114
)  # of the rounds repeat, definitions, context and gloss: ones, and themes of the first two
NS = {"q": "urn:QDA-XML:project:1.0"}
CODERS = {  # coder: file, column of the unit, codebook
    **{c: (f"statements/pilot/coder_{c.lower()}", "designation_id", "statements_pilot") for c in "ABC"},
    **{c: (f"statements/final/coder_{c.lower()}", "designation_id", "statements_final") for c in "DEF"},
    **{c: (f"segments/coder_{c.lower()}", "seg_id", "segments") for c in "GHI"},
    **{c: (f"statements/repeat/coder_{c.lower()}", "designation_id", "statements_final") for c in "JKL"},
    **{
        c: (f"statements/definitions/coder_{c.lower()}", "designation_id", "statements_definitions")
        for c in "MNO"
    },
    **{c: (f"segments/context/coder_{c.lower()}", "seg_id", "segments") for c in "PQR"},
    **{c: (f"segments/gloss/coder_{c.lower()}", "seg_id", "segments") for c in "STU"},
}


def rows(path):
    with open(DATA / f"{path}.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A project and a codebook as the command writes them, and the unpacked project."""
    folder = tmp_path_factory.mktemp("refi")
    for name in ("all.qdpx", "all.qdc"):
        done = CliRunner().invoke(main, ["refi", str(folder / name)])
        assert done.exit_code == 0, done.output
    zipfile.ZipFile(folder / "all.qdpx").extractall(folder / "unpacked")
    return folder


@pytest.fixture(scope="module")
def tree(folder):
    return etree.parse(folder / "unpacked" / "project.qde")


@pytest.fixture(scope="module")
def texts(folder):
    return {path.name: path.read_bytes() for path in (folder / "unpacked" / "sources").iterdir()}


@pytest.fixture(scope="module")
def readback(folder):
    """The project as an independent library reads it."""
    from pyrefiqda import RefiProject

    return RefiProject.load(folder / "all.qdpx", folder / "read")


@pytest.mark.parametrize("name, schema", [("unpacked/project.qde", "Project"), ("all.qdc", "Codebook")])
def test_valid_by_the_schema(folder, name, schema):
    valid = etree.XMLSchema(etree.parse(ROOT / "tests" / "refi_qda" / f"{schema}.xsd"))
    valid.assertValid(etree.parse(folder / name))


# ---- a second reader


def test_every_code_of_every_coder_is_there_once_and_no_other(readback, texts):
    statements = {r["designation_id"]: r["statement_en"] for r in rows("registry/designations")}
    passages = {r["seg_id"]: r["paraphrase_en"] for r in rows("article/segments")}
    expected, terms = Counter(), set()
    for coder, (path, key, codebook) in CODERS.items():
        codes = [row["code"] for row in rows(f"codebooks/{codebook}")]
        for row in rows(f"coding/{path}"):
            text = {**statements, **passages}[row[key]]
            for code in codes:
                if row.get(code) == "1" or row.get("call_theme") == code:
                    expected[coder, codebook, code, row[key], text] += 1
                    if row.get(f"{code}_term"):
                        terms.add((coder, row[key], f"{code}: {row[f'{code}_term']}"))
            terms.add((coder, row[key], f"Confidence {row['confidence']} of 3"))
    assert sum(expected.values()) == 2398 + 6 * 114 + NEW

    coders = {user.guid: user.id for user in readback.users.user}
    names = {code.guid: code.name for code in flat(readback.code_book.codes.code)}
    found, told = Counter(), set()
    for source in readback.sources.text_source:
        text = texts[source.plain_text_path.removeprefix("internal://")].decode()
        for selection in source.plain_text_selection:
            if coders[selection.creating_user] is None:
                continue  # not a coder: who made the file
            covered = text[selection.start_position : selection.end_position]
            for note in selection.description.split("; "):
                told.add((coders[selection.creating_user], selection.name, note))
            for coding in selection.coding:
                code, _, book = names[coding.code_ref.target_guid].partition(" ")
                book = re.search(r"\(([^()]*)\)$", book)[1].replace(" ", "_")
                found[coders[coding.creating_user], book, code, selection.name, covered] += 1
    assert found == expected
    assert told == terms


def flat(codes):
    for code in codes:
        yield code
        yield from flat(code.code)


def test_cases_have_their_values_and_their_texts(readback, texts):
    variables = {variable.guid: variable.name for variable in readback.variables.variable}
    sources = {source.guid: source for source in readback.sources.text_source}
    units = {r["unit_id"]: r for r in rows("registry/units")}
    provinces = {r["province_id"]: r["province_en"] for r in rows("registry/provinces")}
    labels = {r["code"]: r["label_en"] for r in rows("codebooks/segments")}
    zones = {r["designation_id"]: r for r in rows("article/zones") if r["dimension_article"]}
    cases = {case.name.split()[0]: case for case in readback.cases.case}
    guids = {case.guid for case in readback.cases.case}
    case_codes = {code.guid: code.name for code in flat(readback.code_book.codes.code)}
    for row in rows("registry/designations"):
        case, unit = cases.pop(row["designation_id"]), units[row["unit_id"]]
        zone = zones.get(row["designation_id"])
        values = {
            variables[held.variable_ref.target_guid]: held.text_value or held.integer_value
            for held in case.variable_value
        }
        assert values == {
            "Batch": int(row["batch"]),
            "Province": provinces[unit["province_id"]],
            "Level": unit["unit_level"],
            "Statement": row["statement_kind"],
            "Dimension": labels[zone["dimension_article"]] if zone else "not described",
        }
        assert case.name == f"{row['designation_id']} {unit['zone_en']}"
        own = [sources[one.target_guid] for one in case.source_ref]
        assert [source.name for source in own] == [
            case.name,
            *([f"{zone['zone_id']} {zone['zone_en']}"] if zone else []),
        ]
        statement = texts[own[0].plain_text_path.removeprefix("internal://")].decode()
        assert statement == f"{row['statement_en']} {row['gist_zh']}"
        for source in own:  # what makes QualCoder tie the text to the case
            length = len(texts[source.plain_text_path.removeprefix("internal://")].decode())
            assert [case.guid] == [
                coding.code_ref.target_guid
                for one in source.plain_text_selection
                for coding in one.coding
                if (one.start_position, one.end_position) == (0, length)
                and coding.code_ref.target_guid in guids
            ]
            assert case_codes[case.guid] == case.name
    assert not cases


@pytest.mark.parametrize("kind", ["qdpx", "qdc"])
def test_codebooks_say_all_that_they_say_and_the_draft_is_not_among_them(folder, readback, kind):
    from pyrefiqda import RefiCodebook

    codes = readback.code_book.codes if kind == "qdpx" else RefiCodebook.load(folder / "all.qdc").codes
    found = {code.name: code for code in flat(codes.code)}
    for codebook in ("statements_pilot", "statements_final", "statements_definitions", "segments"):
        for row in rows(f"codebooks/{codebook}"):
            name = f"{row['code']} {row['label_en']} ({codebook.replace('_', ' ')})"
            lines = found[name].description.split("\n")
            assert f"Definition: {row['definition']}" in lines
            for label, column in (("When to use", "include"), ("When not to use", "exclude")):
                assert (f"{label}: {row[column]}" in lines) == bool(row[column])
    given = [name for name, code in found.items() if code.is_codable and not re.match(r"B\d-", name)]
    assert len(given) == 14 + 14 + 14 + 7


# ---- what importers choke on


def test_the_project_says_where_it_comes_from(tree):
    assert tree.getroot().get("origin")  # QualCoder stops without


def test_texts_are_files_in_utf8_of_one_line(folder, tree, texts):
    with zipfile.ZipFile(folder / "all.qdpx") as archive:
        assert {name.split("/")[0] for name in archive.namelist()} == {"project.qde", "sources"}
    assert not tree.findall(".//q:PlainTextContent", NS)
    assert len(texts) == 12 + 1 + 114
    for content in texts.values():
        # Not even plain line ends: programs do not agree on how many characters one is.
        assert not {0x0A, 0x0D} & set(content) and not content.startswith(b"\xef\xbb\xbf")
        assert max(content.decode("utf-8")) <= "\uffff"
    for source in tree.iterfind(".//q:TextSource", NS):
        assert not re.search(r'[\\/:*?"<>|.]', source.get("name"))


def test_ids_have_one_form_and_names_are_unique(tree):
    form = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
    for element in tree.iter():
        for name in ("guid", "targetGUID", "creatingUser", "creatingUserGUID"):
            assert form.fullmatch(element.get(name, "0" * 8 + "-0000" * 3 + "-" + "0" * 12))
    for tag in ("Code", "Case", "TextSource", "Variable", "User"):
        names = [element.get("name").casefold() for element in tree.iterfind(f".//q:{tag}", NS)]
        assert len(names) == len(set(names))


def test_every_selection_says_who_coded(tree):
    users = {user.get("guid") for user in tree.iterfind(".//q:User", NS)}
    assert len(users) == 21 + 1
    for user in tree.iterfind(".//q:User", NS):
        assert user.get("id") is None or "language model" in user.get("name")
    for selection in tree.iterfind(".//q:PlainTextSelection", NS):
        makers = {selection.get("creatingUser")}
        makers |= {coding.get("creatingUser") for coding in selection.iterfind("q:Coding", NS)}
        assert len(makers) == 1 and makers <= users


def test_codes_with_codes_below_them_are_headings(tree):
    for code in tree.iterfind(".//q:Code", NS):
        assert (code.get("isCodable") == "false") == bool(code.findall("q:Code", NS))


# ---- the check


SOUND = """\
<Project xmlns="urn:QDA-XML:project:1.0" name="p" origin="o" creatingUserGUID="{user}">
<Users><User guid="{user}" name="U"/><User guid="{other}" name="V"/></Users>
<CodeBook><Codes><Code guid="{heading}" name="H" isCodable="false">
<Code guid="{code}" name="C" isCodable="true"/><Code guid="{case}" name="K" isCodable="true"/>
</Code></Codes></CodeBook>
<Variables><Variable guid="{variable}" name="W" typeOfVariable="Text"/></Variables>
<Cases><Case guid="{case}" name="K">
<VariableValue><VariableRef targetGUID="{variable}"/><TextValue>v</TextValue></VariableValue>
<SourceRef targetGUID="{source}"/><SelectionRef targetGUID="{selection}"/>
</Case></Cases>
<Sources><TextSource guid="{source}" name="T" plainTextPath="internal://t.txt" creatingUser="{user}">
<PlainTextSelection guid="{selection}" startPosition="0" endPosition="3" creatingUser="{user}">
<Coding guid="{coding}" creatingUser="{user}"><CodeRef targetGUID="{code}"/></Coding>
<Coding guid="{tie}" creatingUser="{user}"><CodeRef targetGUID="{case}"/></Coding>
</PlainTextSelection>
</TextSource></Sources>
</Project>"""
NAMES = re.findall(r'[gG][uU][iI][dD]="\{(\w+)\}"', SOUND)
IDS = {name: f"{i:08x}-ab00-4000-8000-000000000000" for i, name in enumerate(dict.fromkeys(NAMES), 10)}
SOUND = SOUND.format(**IDS)
REFERENCES = ("targetGUID", "creatingUser", "creatingUserGUID", "plainTextPath")


def packed(xml, text="一二 three", name="sources/t.txt"):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("project.qde", xml)
        archive.writestr(name, text)
    return content.getvalue()


def test_a_sound_project_has_no_fault(folder):
    assert refi_faults.faults(packed(SOUND)) == []
    assert refi_faults.faults((folder / "all.qdpx").read_bytes()) == []


PLACES = [
    (place, name)
    for place, element in enumerate(ET.fromstring(SOUND).iter())
    for name in REFERENCES
    if name in element.attrib
]


@pytest.mark.parametrize("place, name", PLACES)
@pytest.mark.parametrize(
    "damage",
    [
        str.upper,
        "{{{}}}".format,
        lambda _: "99999999-ab00-4000-8000-000000000000",
        lambda value: IDS["heading"],  # an id of something else
    ],
    ids=["other case", "braces", "dangling", "other kind"],
)
def test_every_damaged_reference_is_found(place, name, damage):
    root = ET.fromstring(SOUND)
    element = list(root.iter())[place]
    element.set(name, damage(element.get(name)))
    assert refi_faults.faults(packed(ET.tostring(root)))


@pytest.mark.parametrize("what", ["user", "code", "case", "variable", "source", "selection"])
def test_what_is_referred_to_cannot_go(what):
    root = ET.fromstring(SOUND)
    gone, parent = next(
        (child, parent) for parent in root.iter() for child in parent if child.get("guid") == IDS[what]
    )
    parent.remove(gone)
    assert refi_faults.faults(packed(ET.tostring(root)))


@pytest.mark.parametrize(
    "old, new",
    [
        ('name="V"', 'name="u"'),
        ('name="C"', 'name="h"'),
        ('name="T"', 'name="T/1"'),
        ('name="W"', 'name=""'),
        (f'"{IDS["tie"]}"', f'"{IDS["coding"]}"'),
        (f'<CodeRef targetGUID="{IDS["case"]}"', f'<CodeRef targetGUID="{IDS["code"]}"'),
        (f'<Coding guid="{IDS["tie"]}" creatingUser="{IDS["user"]}"', f'<Coding guid="{IDS["tie"]}"'),
        (
            f'<Coding guid="{IDS["tie"]}" creatingUser="{IDS["user"]}"',
            f'<Coding guid="{IDS["tie"]}" creatingUser="{IDS["other"]}"',
        ),
    ],
    ids=["user twice", "code twice", "slash", "no name", "id twice", "coding twice", "nobody", "other coder"],
)
def test_other_things_that_importers_lose_are_found(old, new):
    assert SOUND.count(old) == 1
    assert refi_faults.faults(packed(SOUND.replace(old, new)))


def test_a_text_that_nothing_refers_to_is_found():
    assert refi_faults.faults(packed(SOUND, name="Sources/t.txt"))


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff"), min_size=3))
@settings(max_examples=200)
def test_a_text_is_refused_where_programs_would_count_it_differently(text):
    counted_alike = len(text.encode("utf-16-le")) == 2 * len(text) and not re.search(
        "[\x00-\x1f\x7f-\x9f]", text
    )
    assert (refi_faults.faults(packed(SOUND, text)) == []) == counted_alike


@given(st.integers(-2, 12), st.integers(-2, 12), st.text("a一é", min_size=1, max_size=10))
def test_positions_are_within_the_text_and_count_characters(start, end, text):
    xml = SOUND.replace('startPosition="0" endPosition="3"', f'startPosition="{start}" endPosition="{end}"')
    inside = start in range(len(text)) and text[start:end] and end <= len(text) and end > start
    assert (refi_faults.faults(packed(xml, text)) == []) == bool(inside)


# ---- the file


def test_the_same_tables_make_the_same_bytes(folder):
    script = (
        "import sys; from embedgov_exchange import refi; "
        "open(sys.argv[1] + '.qdpx', 'wb').write(refi.project()); "
        "open(sys.argv[1] + '.qdc', 'wb').write(refi.codebooks())"
    )
    elsewhere = os.environ | {"PYTHONHASHSEED": "7", "TZ": "Asia/Shanghai", "LC_ALL": "C"}
    subprocess.run([sys.executable, "-c", script, folder / "again"], env=elsewhere, cwd=ROOT, check=True)
    for kind in ("qdpx", "qdc"):
        assert (folder / f"again.{kind}").read_bytes() == (folder / f"all.{kind}").read_bytes()


@pytest.mark.parametrize("name", ["coding.zip", "coding", "coding.QDPX.txt"])
def test_another_ending_is_refused(tmp_path, name):
    (tmp_path / name).write_text("mine")
    done = CliRunner().invoke(main, ["refi", str(tmp_path / name)])
    assert done.exit_code == 1
    assert name in done.output and ".qdpx" in done.output and ".qdc" in done.output
    assert (tmp_path / name).read_text() == "mine"


def test_a_file_is_kept_where_the_new_one_cannot_be_made(tmp_path):
    data = tmp_path / "data"
    shutil.copytree(DATA, data)
    codes = data / "codebooks" / "segments.csv"
    out = tmp_path / "mine.qdc"
    out.write_text("mine")
    sound = codes.read_text(encoding="utf-8")
    for old, new, problem in (
        ("SUB,", "SUBS,", "codebooks/segments.csv:2"),  # a code that no column has
        ("the point brings", "the \U0001f600 point brings", "codebooks/segments.csv:2:definition"),
    ):
        codes.write_text(sound.replace(old, new, 1), encoding="utf-8")
        with pytest.raises(DataError, match=re.escape(problem)):
            refi.write(out, data)
        assert out.read_text() == "mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "mine.qdc"]


def test_a_file_is_kept_where_the_new_one_cannot_be_written(tmp_path, monkeypatch):
    monkeypatch.setattr(refi, "check", lambda data: [])
    monkeypatch.setattr(refi, "codebooks", lambda data: b"<CodeBook/>")
    out = tmp_path / "mine.qdc"
    out.write_text("mine")

    def full(self, content):
        with open(self, "wb") as file:
            file.write(content[:3])
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr("pathlib.Path.write_bytes", full)
        with pytest.raises(ExchangeError, match="No space left"):
            refi.write(out)
    assert out.read_text() == "mine" and list(tmp_path.iterdir()) == [out]
    (tmp_path / "folder.qdc").mkdir()
    for wrong in ("missing/a.qdc", "folder.qdc"):
        with pytest.raises(ExchangeError, match=re.escape(str(tmp_path / wrong))):
            refi.write(tmp_path / wrong)
    assert refi.write(out).read_bytes() == b"<CodeBook/>"
