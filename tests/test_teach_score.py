"""The coding lab: what is drawn, what is read from learners' sheets, what is said about them."""

import base64
import csv
import hashlib
import io
import os
import random
import re
import tempfile
import zipfile
from html import escape
from itertools import groupby
from pathlib import Path
from unittest.mock import patch

import broken_reader
import openpyxl
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner
from conftest import ROOT, embedgov
from entity_bomb import entity_bomb
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st

from embedgov_cli import main
from embedgov_teach import report, score, sheet, sheet_reader
from embedgov_teach.errors import TeachingError

CODES = ["SOC", "LAW", "INT", "PRO", "SUB", "INS", "RES", "TEC"]
DRAWN = sheet.draw("statements", 6, 1)
LAYOUTS = [
    sheet_reader.Layout(of, tuple(sheet.codebook(of).index), dict(sheet.items(of)["text_zh"]))
    for of in sheet.KINDS
]


def rows(learner="Ada", change=None, confidence=""):
    """The rows of a sheet of six statements that copies the consensus, but for ``change``."""
    table = [sheet.columns("statements")]
    for item, row in DRAWN.iterrows():
        codes = {code: int(row[code]) for code in CODES} | (change or {}).get(item, {})
        table.append(
            [learner, item, row["text_en"], row["text_zh"], *codes.values(), confidence, "", "statements-6-1"]
        )
        learner = ""
    return table


def text(table, delimiter=",", quoting=csv.QUOTE_MINIMAL, end="\r\n"):
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, quoting=quoting, lineterminator=end).writerows(table)
    return out.getvalue()


def workbook(table, title="Coding"):
    book = openpyxl.Workbook()
    book.active.title = title
    for row in table:
        book.active.append([None if cell in ("", None) else cell for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def opendocument(table, title="Coding"):
    """The table as LibreOffice saves it: repeated cells and rows, and the rest of the worksheet empty."""

    def cell(value, times):
        empty = f' table:number-columns-repeated="{times}"' if times > 1 else ""
        if isinstance(value, str):
            return f'<table:table-cell{empty} office:value-type="string"><text:p>{escape(value)}</text:p></table:table-cell>'
        kind, name = ("boolean", "boolean-value") if isinstance(value, bool) else ("float", "value")
        return f'<table:table-cell{empty} office:value-type="{kind}" office:{name}="{str(value).lower()}"/>'

    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    rest = '<table:table-cell table:number-columns-repeated="16369"/>'
    rows = "".join(
        "<table:table-row>"
        + "".join(cell(value, len(list(same))) for value, same in groupby(row))
        + rest
        + "</table:table-row>"
        for row in table
    )
    rows += f'<table:table-row table:number-rows-repeated="1048569">{rest}</table:table-row>'
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces}><office:body><office:spreadsheet>'
        f'<table:table table:name="{title}">{rows}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    return out.getvalue()


def with_part(content, name, part):
    """The workbook with one more part, or with one replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for each in old.namelist():
            if each != name:
                new.writestr(each, old.read(each))
        new.writestr(name, part)
    return out.getvalue()


def command(*arguments):
    """Run ``embedgov teach`` in this process, which has imported everything already."""
    return CliRunner().invoke(main, ["teach", *map(str, arguments)])


def read(content, name="sheet.csv"):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "file")
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return sheet_reader.read(path, name, LAYOUTS)


# ---- the draw


@pytest.mark.parametrize("of", sheet.KINDS)
def test_a_draw_has_both_values_of_every_code_and_proportional_strata(of):
    pool, codes = sheet.items(of), sheet.codebook(of).index
    for seed in range(5):
        drawn = sheet.draw(of, 20, seed)
        assert len(drawn) == 20 and drawn.index.is_unique
        assert (drawn[codes].nunique() == 2).all()
        quotas = pool["stratum"].value_counts() * 20 / len(pool)
        off = drawn["stratum"].value_counts().reindex(quotas.index, fill_value=0) - quotas
        assert off.abs().max() < 1
        assert not drawn.index.isin(drawn["row_id"]).any()


def test_another_seed_is_another_draw_and_the_same_seed_is_the_same():
    assert sheet.draw(seed=1).index.tolist() == sheet.draw(seed=1).index.tolist()
    assert set(sheet.draw(seed=1).index) != set(sheet.draw(seed=2).index)


def test_ids_are_blind_letters_and_belong_to_one_row():
    ids = [item for of in sheet.KINDS for item in sheet.items(of).index]
    assert len(set(ids)) == len(ids) == 114 + 118
    assert all(len(item) == 5 and item.isalpha() and not set(item) & set("AEIOUY") for item in ids)


@given(sizes=st.dictionaries(st.text(max_size=3), st.integers(1, 50), min_size=1), share=st.floats(0, 1))
def test_shares_add_up_and_are_off_by_less_than_one(sizes, share):
    sizes = pd.Series(sizes)
    n = int(share * sizes.sum())
    shares = sheet._allocation(sizes, n)
    assert shares.sum() == n and (shares <= sizes).all()
    assert ((shares - sizes * n / sizes.sum()).abs() < 1).all()


@pytest.mark.parametrize("n", [1, 115])
def test_a_draw_of_too_few_or_too_many_is_refused(n):
    with pytest.raises(TeachingError, match=f"n is {n}; expected 2 to 114"):
        sheet.draw("statements", n)


def test_the_pack_is_the_same_at_every_run_and_no_filled_sheet_is_overwritten(tmp_path):
    done = embedgov("teach", "sheet", tmp_path / "a", "--n", 5, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    sheet.write(tmp_path / "b", n=5)
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()
    assert sheet.write(tmp_path / "b", n=5)  # nothing is lost by writing the same again
    filled = tmp_path / "b" / "coding-sheet.csv"
    filled.write_text("mine")
    (tmp_path / "b" / "README.txt").unlink()
    with pytest.raises(TeachingError, match="coding-sheet.csv is there with other content"):
        sheet.write(tmp_path / "b", n=5)
    assert filled.read_text() == "mine" and not (tmp_path / "b" / "README.txt").exists()


# ---- reading

SPELT = {  # what a program or a person makes of a code
    1: ["1", "1.0", "1,0", "TRUE", "yes", "Y", "１", " 1 ", "是"],
    0: ["0", "0.0", "0,0", "false", "No", "n", "０", "否"],
    None: ["", " ", "\u00a0"],
}
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"]


@settings(max_examples=30)
@given(data=st.data())
def test_the_same_answers_read_the_same_from_any_program(data):
    wanted = {item: [data.draw(st.sampled_from([0, 1, None])) for _ in CODES] for item in DRAWN.index}
    wanted[DRAWN.index[0]][0] = 1
    spelt = data.draw(st.booleans())
    table = rows("Zoë 王伟")
    for row in table[1:]:
        row[4:12] = [
            data.draw(st.sampled_from(SPELT[code])) if spelt else SPELT[code][0] for code in wanted[row[1]]
        ]
    if data.draw(st.booleans()):  # what programs leave at the end and at the right
        table = [[*row, "", ""] for row in table] + [[""] * len(table[0])] * 3
    if data.draw(st.booleans()):  # Numbers writes the title of a table above it
        table.insert(0, ["Coding"])
    form = data.draw(st.sampled_from(["workbook", "opendocument", "text"]))
    if form != "text":
        made = workbook if form == "workbook" else opendocument
        content = made(table, data.draw(st.sampled_from(["Coding", "Coding - Table 1"])))
    else:
        written = text(
            table,
            data.draw(st.sampled_from(",;\t|^:~ ")),
            data.draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])),
            data.draw(st.sampled_from(["\r\n", "\n", "\r"])),
        )
        content = written.encode(data.draw(st.sampled_from(ENCODINGS)))
    found = read(content)
    assert not found.refused and not found.findings
    assert found.answers == wanted
    assert (found.learner, found.of, found.set) == ("Zoë 王伟", "statements", "statements-6-1")


@pytest.mark.parametrize("made", [workbook, opendocument])
def test_numbers_and_truths_of_a_workbook_are_read(made):
    table = rows()
    table[1][4:12] = [1, 0, 1.0, 0.0, True, False, "1", "0"]
    found = read(made(table))
    assert found.answers[DRAWN.index[0]] == [1, 0, 1, 0, 1, 0, 1, 0]
    assert "“TRUE” was read as 1 in 1 cell." in found.messages


def test_windows_text_is_read_and_said_to_be_a_guess():
    found = read(text(rows("Jürgen")).encode("cp1252", "replace"))
    assert found.learner == "Jürgen" and len(found.answers) == 6
    assert "guess" in found.messages[0]


def test_a_sheet_without_a_name_takes_it_from_the_file_and_says_so():
    found = read(text(rows("")), "group 1/Grace Hopper.csv")
    assert found.learner == "Grace Hopper" and any("that of the file" in told for told in found.messages)


def test_what_the_page_of_the_lab_guards_is_read_as_it_was_written():
    table = rows("''t Hooft")
    table[1][13], table[2][13] = "'=1+1", "'so'"
    found = read(text(table))
    assert found.learner == "'t Hooft"
    assert [found.notes[item] for item in DRAWN.index[:2]] == ["=1+1", "'so'"]


def test_what_is_wrong_is_named_row_by_row_and_the_rest_is_scored():
    table = rows(confidence="2")
    items = list(DRAWN.index)
    table[1][4], table[2][5], table[2][12] = "x", "2", "7"
    table[3][1] = "ZZZZZ"
    table[4].append("more")
    table[6][1] = items[4]  # the fifth item twice, the sixth not at all
    found = read(text(table))
    told = {(one.row, one.column, one.value) for one in found.findings}
    assert told == {
        (2, "SOC", "x"),
        (3, "LAW", "2"),
        (3, "confidence", "7"),
        (4, "item", "ZZZZZ"),
        (5, "", "more"),
        (7, "item", items[4]),
    }
    assert list(found.answers) == items[:2]
    assert found.answers[items[0]][0] is None and found.answers[items[1]][1] is None
    assert found.confidence == {items[0]: 2}


# ---- comparing


def read_here(paths, **how):
    """Read sheets as the command does, but in this process, which has imported everything already."""

    def in_this_process(files, layouts, marks):
        return [sheet_reader.read(path, shown, layouts, marks) for path, shown in files]

    with patch.object(score, "_read_in_processes", in_this_process):
        return score.read(paths, **how)


def compare(*tables):
    """Read and compare sheets."""
    with tempfile.TemporaryDirectory() as folder:
        for i, table in enumerate(tables):
            Path(folder, f"{i}.csv").write_text(text(table), encoding="utf-8")
        sheets = read_here([Path(folder)])
    return sheets, score.classes(sheets)


def test_a_learner_who_copies_the_consensus_agrees_with_it():
    sheets, (one,) = compare(rows("Ada"))
    pairs = one.pairs[one.pairs["reference"] == "consensus"].set_index("code")
    varied = DRAWN[CODES].nunique() == 2
    assert (pairs["agreement"] == 1).all()
    assert (pairs["alpha"][varied] == 1).all() and (pairs["ac1"][varied] == 1).all()
    assert pairs["alpha"][~varied].isna().all()
    assert one.wholes["Ada"].value == 1 and one.among is None
    assert one.hardest["differ"].sum() == 0
    assert "On none: every code" in report._class(sheets, [one], report._addresses(sheets))


def test_a_tiny_class_by_hand():
    first, second = DRAWN.index[:2]
    soc = DRAWN["SOC"].astype(int)
    ada = rows("Ada", {first: {"SOC": 1 - soc[first]}})
    bob = rows("Bob", {second: {"SOC": ""}})
    sheets, (one,) = compare(ada, bob)
    pairs = one.pairs.set_index(["coder", "reference", "code"])
    assert pairs.loc[("Ada", "consensus", "SOC"), "agreement"] == pytest.approx(5 / 6)
    assert pairs.loc[("Bob", "consensus", "SOC"), ["units", "agreement"]].tolist() == [5, 1]
    # alpha of two coders and six units by its definition: 1 - (n - 1) o / e of the coincidences
    ones = int(soc.sum()) * 2 + (1 if soc[first] == 0 else -1)
    assert pairs.loc[("Ada", "consensus", "SOC"), "alpha"] == pytest.approx(
        1 - 11 * 2 / (2 * ones * (12 - ones))
    )
    alike = one.matches.set_index(["coder_a", "coder_b"]).loc[("Ada", "Bob")]
    assert (alike["same"], alike["decided"]) == (46, 47)  # six items by eight codes, one open, one apart
    row = one.hardest.loc[DRAWN["row_id"][first]]
    assert one.hardest.index[0] == DRAWN["row_id"][first]
    assert row.to_dict() == {"decided": 16, "differ": 1, "pairs": 8, "apart": 1}
    long = score.long_table([one])
    assert len(long) == 2 * 6 * 8
    mine = long[(long["learner"] == "Ada") & (long["code"] == "SOC")].set_index("item")
    assert (mine["value"] != mine["consensus"]).sum() == 1 and mine["value"][first] == 1 - soc[first]


def test_the_order_of_sheets_does_not_matter():
    tables = [rows(name, {DRAWN.index[i]: {"LAW": 1, "TEC": 0}}) for i, name in enumerate("dbac")]
    sheets, before = compare(*tables)
    random.shuffle(sheets)
    after = score.classes(sheets)
    for one, other in zip(before, after):
        for name in ("pairs", "matches", "among", "hardest"):
            pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name))
        assert one.wholes == other.wholes


def test_a_missing_row_is_named_and_counts_as_not_decided():
    sheets, (one,) = compare(rows()[:-1])
    (finding,) = sheets[0].findings
    assert (finding.column, finding.value) == ("item", DRAWN.index[-1])
    assert one.values["Ada"].loc[DRAWN["row_id"].iloc[-1]].isna().all()


def test_a_sheet_that_raises_kills_its_reader_or_never_ends_stops_no_other(tmp_path, monkeypatch):
    for name in ("Ada", "Bo", "Cy", "Di", "Ed"):
        (tmp_path / f"{name}.csv").write_text(text(rows(name)))
    monkeypatch.setattr(sheet_reader, "read", broken_reader.read)
    monkeypatch.setattr(score, "_AT_ONCE", 5)  # so that a sheet is read beside the one that kills
    monkeypatch.setattr(score, "_LONGEST", 2)  # seconds; a sheet takes hundredths
    sheets = score.read([tmp_path])
    assert [one.file for one in sheets] == ["Ada.csv", "Bo.csv", "Cy.csv", "Di.csv", "Ed.csv"]
    refused = {one.learner: one.refused.partition(";")[0] for one in sheets if one.refused}
    assert refused["Bo"] == "cannot be read (RecursionError)"
    assert set(refused) == {"Bo", "Cy", "Di"}
    assert all("broke down" in refused[name] for name in ("Cy", "Di"))
    assert list(score.classes(sheets)[0].values) == ["Ada", "Ed"]


def test_files_of_one_name_in_two_places_are_told_apart(tmp_path):
    for folder in ("x/class", "y/class"):
        (tmp_path / folder / "one").mkdir(parents=True)
        (tmp_path / folder / "one" / "a.csv").write_text(text(rows(folder[0])))
    sheets = score.read([tmp_path / "x" / "class", tmp_path / "y" / "class"])
    assert {one.learner for one in sheets} == {"x", "y"}
    assert len({one.file for one in sheets}) == len(set(report._addresses(sheets).values())) == 2


def test_namesakes_are_both_refused_and_both_named():
    other = {DRAWN.index[0]: {"SOC": 1 - int(DRAWN["SOC"].iloc[0])}}
    sheets, compared = compare(rows("Wang Wei"), rows("ＷＡＮＧ wei", other), rows("Ada"))
    assert [bool(one.refused) for one in sheets] == [True, True, False]
    assert "1.csv" in sheets[0].aside and "0.csv" in sheets[1].aside
    assert list(compared[0].values) == ["Ada"]


def test_learners_of_two_draws_and_two_kinds_are_compared_each_with_their_own():
    other = sheet.draw("segments", 20, 2)  # a smaller one takes long: no draw has both values of every code
    table = [sheet.columns("segments")]
    codes = list(sheet.codebook("segments").index)
    for item, row in other.iterrows():
        table.append(["Cy", item, "", "", *(int(row[code]) for code in codes), "", "", "segments-20-2"])
    sheets, compared = compare(rows("Ada"), table)
    assert [(one.of, list(one.values)) for one in compared] == [("statements", ["Ada"]), ("segments", ["Cy"])]
    assert compared[1].pairs["units"].unique().tolist() == [20]
    assert not any(one.findings for one in sheets)


# ---- sheets that nobody should open


def bad_sheets(folder):
    """Write one sheet of each kind that is refused; return the reason for each."""
    good = workbook(rows("somebody"))
    formula = rows("f")
    formula[1][4] = "=1+0"
    heap = good
    for i in range(25):
        heap = with_part(heap, f"xl/media/{i}.bin", bytes(2**20))
    content_types = zipfile.ZipFile(io.BytesIO(good)).read("[Content_Types].xml")
    office = opendocument(rows("o"))
    content = zipfile.ZipFile(io.BytesIO(office)).read("content.xml")
    strings = b'<?xml version="1.0"?><!DOCTYPE s [<!ENTITY a "b">]><sst>&a;</sst>'
    no_soc = [[cell for i, cell in enumerate(row) if i != 4] for row in rows("n")]
    twice = [[*row, row[4]] for row in rows("t")]
    strangers = [rows("s")[0]] + [[*row[:1], "QQQQQ", *row[2:]] for row in rows("s")[1:]]
    two = rows("one")
    two[3][0] = "another"
    blank = [row[:4] + [""] * 10 + row[14:] for row in rows("b")]
    blank[0] = rows()[0]
    many = rows("m") + [["", "QQQQQ", *["1"] * 13]] * 501
    files = {
        "formula.csv": (text(formula), "row 2, column SOC holds a formula (=1+0)"),
        "formula.xlsx": (workbook(formula), "row 2, column SOC holds a formula (=1+0)"),
        "macro.xlsm": (good, "macros"),
        "vba.xlsx": (with_part(good, "xl/vbaProject.bin", b"x"), "macro"),
        "types.xlsx": (
            with_part(
                good,
                "[Content_Types].xml",
                content_types.replace(b"sheet.main+xml", b"sheet.macroEnabled.main+xml"),
            ),
            "macros",
        ),
        "link.xlsx": (with_part(good, "xl/externalLinks/externalLink1.xml", b"<x/>"), "link to other files"),
        "bomb.xlsx": (with_part(good, "xl/worksheets/sheet1.xml", bytes(15 * 2**20)), "zip bomb"),
        "heap.xlsx": (heap, "unpacks to 25 MB, more than the 20 MB"),
        "entity.xlsx": (with_part(good, "xl/sharedStrings.xml", strings), "declares entities"),
        "entity16.xlsx": (
            with_part(good, "xl/sharedStrings.xml", strings.decode().encode("utf-16")),
            "declares entities",
        ),
        "billion.xlsx": (with_part(good, "xl/sharedStrings.xml", entity_bomb("sst")), "declares entities"),
        "billion.ods": (with_part(office, "content.xml", entity_bomb("content")), "declares entities"),
        "renamed.xlsx": (with_part(good, "xl/strings.dat", b"\xef\xbb\xbf" + strings), "declares entities"),
        "utf7.xlsx": (
            with_part(good, "xl/styles.xml", b'<?xml version="1.0" encoding="UTF-7"?><a/>'),
            "encoding that no",
        ),
        "torn.xlsx": (good[:2000], "cannot be read as a workbook"),
        "hollow.xlsx": (with_part(good, "xl/workbook.xml", b"<a/>"), "its columns are not those"),
        "formula.ods": (
            with_part(
                office,
                "content.xml",
                content.replace(b'office:value="1"', b'office:value="1" table:formula="of:=1+0"', 1),
            ),
            "row 2, column SOC holds a formula (=1+0)",
        ),
        "macro.ods": (with_part(office, "Basic/Standard/Module1.xml", b"<x/>"), "macro"),
        "locked.ods": (
            with_part(office, "META-INF/manifest.xml", b"<manifest><encryption-data/></manifest>"),
            "locked by a password",
        ),
        "torn.ods": (
            with_part(office, "content.xml", content[:900]),
            "cannot be read as a workbook (ParseError)",
        ),
        "text.odt": (
            with_part(office, "mimetype", b"application/vnd.oasis.opendocument.text"),
            "another kind of document",
        ),
        "own.numbers": (with_part(office, "Index/Document.iwa", b"x"), "a Numbers document; export it"),
        "document.xlsx": (with_part(good, "mimetype", b"application/vnd.oasis"), "another kind of document"),
        "locked.xlsx": (
            b"\xd0\xcf\x11\xe0" + bytes(99) + "EncryptedPackage".encode("utf-16-le"),
            "locked by a password",
        ),
        "old.xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(999), "old Excel"),
        "picture.xlsx": (b"\x89PNG\r\n\x1a\n" + bytes(99), "an image (PNG)"),
        "page.csv": ("<!DOCTYPE html><p>", "a web page"),
        "empty.csv": ("", "an empty file"),
        "spaces.csv": (" \r\n\t", "an empty file"),
        "columns.csv": (text(no_soc), "SOC missing"),
        "prose.txt": ("Dear teacher, here is my homework.", "its columns are not those of a coding sheet"),
        "twice.csv": (text(twice), "the column SOC occurs twice"),
        "strangers.csv": (text(strangers), "no code could be read in any row"),
        "blank.csv": (text(blank), "no code could be read in any row"),
        "two.csv": (text(two), "two names in the column learner, in rows 2 and 4"),
        "many.csv": (text(many), "507 rows, more than the 500"),
        "broken16.csv": (b"\xff\xfe" + b"abc", "is marked as UTF-16"),
    }
    for name, (content, _) in files.items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    with open(folder / "huge.csv", "wb") as huge:
        huge.truncate(200 * 2**20)
    (folder / "folder.csv").mkdir()
    (folder / "linked.csv").symlink_to("/etc/passwd")
    os.mkfifo(folder / "pipe.csv")
    more = {
        "huge.csv": "200 MB, more than the 5 MB",
        "folder.csv": "a folder and not a file",
        "linked.csv": "a link to another file",
        "pipe.csv": "not an ordinary file",
    }
    return {name: reason for name, (_, reason) in files.items()} | more


EVIL = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def scored(tmp_path_factory):
    """A folder with every kind of bad sheet and three good ones, scored by the command."""
    folder = tmp_path_factory.mktemp("class")
    handed_in = folder / "handed in"
    handed_in.mkdir()
    reasons = bad_sheets(handed_in)
    sneaky = rows("../../" + EVIL, {DRAWN.index[0]: {"SOC": 1 - int(DRAWN["SOC"].iloc[0])}})
    sneaky[1][13] = "Content-Security-Policy <img src=x onerror=alert(1)>"
    for name, table in (("a.csv", rows("@SUM(1)")), ("b.csv", rows("Ada")), ("c.csv", sneaky)):
        (handed_in / name).write_text(text(table), encoding="utf-8")
    (handed_in / ".DS_Store").write_text("x")
    (handed_in / "~$b.xlsx").write_text("x")
    done = command("score", handed_in, "--out", folder / "out")
    assert done.exit_code == 0, done.output
    return folder / "out", reasons, done


@pytest.mark.book  # a process reads each of some forty sheets
def test_each_bad_sheet_is_refused_by_its_reason_and_the_others_are_scored(scored):
    out, reasons, done = scored
    said = dict(line.split(": refused: ", 1) for line in done.stderr.splitlines() if ": refused: " in line)
    assert set(said) == set(reasons)
    for name, reason in reasons.items():
        assert reason in said[name], (name, said[name])
    assert f"3 of {len(reasons) + 3} sheets scored" in done.stdout and "Traceback" not in done.stderr
    pages = {path.name for path in (out / "learners").iterdir()}
    assert len(pages) == len(reasons) + 3
    page = BeautifulSoup((out / "index.html").read_text("utf-8"), "html.parser")
    assert {a.text for a in page.select("table a")} == {*reasons, "@SUM(1)", "Ada", f"../../{EVIL}"}
    assert all((out / a["href"]).is_file() for a in page.select("a[href$=html]"))


def test_what_a_learner_wrote_is_text_in_pages_and_tables(scored):
    out, *_ = scored
    for path in out.rglob("*.html"):
        source = path.read_text("utf-8")
        page = BeautifulSoup(source, "html.parser")
        assert not page.select("script, iframe, link, [onerror], [style]")
        assert page.select_one("meta[http-equiv=Content-Security-Policy]")["content"].startswith(
            "default-src 'none'"
        )
        assert all(
            image["src"].startswith("data:image/svg+xml") and image["alt"] for image in page.select("img")
        )
    (sneaky,) = out.glob("learners/script-*.html")
    shown = BeautifulSoup(sneaky.read_text("utf-8"), "html.parser").text
    assert EVIL in shown and "<img src=x onerror=alert(1)>" in shown
    for name in ("codes.csv", "agreement.csv"):
        for row in csv.reader(io.StringIO((out / name).read_text("utf-8-sig"))):
            assert not any(cell.startswith(("=", "+", "@")) for cell in row)
    codes = pd.read_csv(out / "codes.csv")
    assert set(codes["learner"]) == {"'@SUM(1)", "Ada", f"../../{EVIL}"}


def test_a_learners_report_shows_where_the_codes_part(scored):
    out, *_ = scored
    (sneaky,) = out.glob("learners/script-*.html")
    page = BeautifulSoup(sneaky.read_text("utf-8"), "html.parser")
    assert "Of 48 codes that you gave, 47 are those of the published consensus, and 1 is not" in " ".join(
        page.text.split()
    )
    cross = [int(cell.text) for cell in page.select("#SOC .cross td") if cell.text]
    soc = DRAWN["SOC"].astype(int)
    expected = [[0, 0], [0, 0]]  # by the learner's code and that of the consensus
    for item in DRAWN.index:
        expected[soc[item] ^ (item == DRAWN.index[0])][soc[item]] += 1
    assert cross == [expected[1][1], expected[1][0], expected[0][1], expected[0][0]]
    (parted,) = page.select("#SOC .box tbody tr")
    assert DRAWN["text_en"].iloc[0] in parted.text and "row 2" in parted.text
    assert "language model" in page.text
    (hardest,) = BeautifulSoup((out / "index.html").read_text("utf-8"), "html.parser").select("section.item")
    assert DRAWN["text_en"].iloc[0] in hardest.text  # the only statement that anybody read otherwise


def test_reports_bring_a_font_for_the_chinese_that_they_show_and_their_policy_lets_them(scored):
    page = (scored[0] / "learners" / "Ada.html").read_text("utf-8")
    style = re.search("<style>(.*?)</style>", page, re.S)[1]
    policy = BeautifulSoup(page, "html.parser").select_one("meta[http-equiv]")["content"]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in policy and "font-src data:" in policy
    font = TTFont(io.BytesIO(base64.b64decode(re.search(r"data:font/woff;base64,([\w+/=]+)", style)[1])))
    shown = {character for character in page if "\u4e00" <= character <= "\u9fff"}
    assert len(shown) > 50 and shown <= set(map(chr, font.getBestCmap()))


def test_reports_replace_only_reports(tmp_path, monkeypatch):
    (tmp_path / "a.csv").write_text(text(rows("Ada")), encoding="utf-8")
    sheets = score.read([tmp_path])
    compared = score.classes(sheets)
    out = tmp_path / "out"
    report.write(out, sheets, compared)
    assert len(score.read([tmp_path], but=out)) == 1  # reports among the sheets are no sheets
    before = {path.name: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    assert report.write(out, sheets, compared) == out.resolve() / "index.html"
    assert before == {path.name: path.read_bytes() for path in out.rglob("*") if path.is_file()}

    def fail(*_):
        raise RuntimeError

    with monkeypatch.context() as patched, pytest.raises(RuntimeError):
        patched.setattr(report, "_class", fail)
        report.write(out, sheets, compared)
    assert before == {path.name: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    assert {path.name for path in tmp_path.iterdir()} == {"a.csv", "out"}

    (out / "my notes.txt").write_text("keep me")
    with pytest.raises(TeachingError, match="my notes.txt is not ours"):
        report.write(out, sheets, compared)
    (out / "my notes.txt").rename(tmp_path / "my notes.txt")
    (out / "index.html").write_text("edited")
    with pytest.raises(TeachingError, match="index.html is not ours or was changed"):
        report.write(out, sheets, compared)
    with pytest.raises(TeachingError, match="is a folder that is not of reports"):
        report.write(tmp_path, sheets, compared)
    assert (out / "index.html").read_text() == "edited" and (tmp_path / "a.csv").exists()


def test_a_class_of_refused_sheets_is_reported_and_the_command_fails(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.csv").write_text("nothing")
    done = command("score", tmp_path / "in", "--out", tmp_path / "out")
    assert done.exit_code == 1 and "a.csv: refused" in done.stderr
    assert "its columns are not those" in (tmp_path / "out" / "learners" / "a.html").read_text("utf-8")
    (tmp_path / "empty").mkdir()
    none = command("score", tmp_path / "empty", "--out", tmp_path / "out")
    assert none.exit_code == 1 and "TeachingError: no sheets in" in none.stderr


def test_a_name_of_a_published_coder_or_of_windows_does_no_harm():
    names = ["Coder D", "Consensus", "consensus", "con", "a/b", "a-b", "😀"]
    sheets, (one,) = compare(*(rows(name) for name in names if name != "consensus"))
    coders = list(dict.fromkeys([*one.matches["coder_a"], *one.matches["coder_b"]]))
    assert {"Coder D", "Coder D (published)", "Consensus", "Consensus (published)"} <= set(coders)
    assert one.pairs.groupby("coder").size().eq(4 * 8).all()
    addresses = report._addresses(sheets)
    assert len({address.casefold() for address in addresses.values()}) == len(sheets)
    assert "learners/con-.html" in addresses.values()
    figure, alt = report._likeness_figure(one)
    assert figure and "6 learners" in alt
