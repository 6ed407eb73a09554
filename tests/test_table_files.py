"""Tables as programs and people save them: read rightly, or refused with the reason that is true."""

import csv
import io

import openpyxl
import pytest
from click.testing import CliRunner

from embedgov.errors import DataError
from embedgov_cli import main
from embedgov_teach import sheet_reader
from embedgov_teach.table_files import coder_rows

ITEMS = {"DBRFX": "打造三社联动", "GHJKL": "社区协商"}
LAYOUT = sheet_reader.Layout("statements", ("SOC", "LAW"), ITEMS)
SHEET = [
    ["learner", "item", "text_zh", "SOC", "LAW", "note", "set"],
    ["Li", "DBRFX", ITEMS["DBRFX"], "1", "0", "", "s-2-1"],
    ["", "GHJKL", ITEMS["GHJKL"], "0", "1", "so, so", "s-2-1"],
]
CODES = [["unit", "A"], ["u1", "1"], ["u2", "0"], ["u3", "1"]]


def text(table, delimiter=","):
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows(table)
    return out.getvalue()


def workbook(table, merge=None):
    book = openpyxl.Workbook()
    for row in table:
        book.active.append([int(cell) if cell in ("0", "1") else cell or None for cell in row])
    if merge:
        book.active.merge_cells(merge)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_row(*cells):
    return [*SHEET, list(cells)]


@pytest.fixture
def read(tmp_path):
    def one(content, name="sheet.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return sheet_reader.read(path, name, [LAYOUT])

    return one


RIGHT = {"DBRFX": [1, 0], "GHJKL": [0, 1]}


@pytest.mark.parametrize(
    "changed",
    [
        lambda sheet: "\ufeff\ufeff" + sheet,
        lambda sheet: sheet.replace("SOC,", "SOC\u200b,", 1),
        lambda sheet: sheet.replace("item,", "\u2060item,", 1),
        lambda sheet: sheet.replace("LAW,", "ＬＡＷ,", 1),
        lambda sheet: sheet.replace("DBRFX", "ＤＢＲＦＸ"),
        lambda sheet: sheet.replace("DBRFX", "DBR\u200bFX\u00a0"),
        lambda sheet: sheet.replace("SOC,", "SOC\ufe0f,", 1),
        lambda sheet: sheet.replace("LAW,", "LAW\u3164,", 1),
        lambda sheet: sheet.replace("set\r", "set\u2800\r", 1),
        lambda sheet: sheet + text([["done", "", "", "", "", "", ""]]),
        lambda sheet: sheet + text([["", "", "", "", "", "", "", "seen by Wang"]]),  # beside the columns
        lambda sheet: sheet + text([["", "", "", "", "", "a remark", "thanks"]]),
    ],
)
def test_signs_that_nobody_sees_and_remarks_below_change_nothing(read, changed):
    found = read(changed(text(SHEET)))
    assert (found.learner, found.set, found.answers, found.findings) == ("Li", "s-2-1", RIGHT, [])


@pytest.mark.parametrize("mark", ['"unclear', '"unclear”', '"so" so'])
def test_a_quotation_mark_that_is_not_closed_is_the_reason_and_has_its_row(read, mark):
    found = read(text(SHEET).replace("0,,s-2-1", f"0,{mark},s-2-1"))
    assert found.refused.startswith("row 2: a quotation mark is opened and not closed")
    assert found.answers == {}


@pytest.mark.parametrize(
    "merge, rows", [("D2:D3", {(3, "SOC")}), ("D2:E3", {(2, "LAW"), (3, "SOC"), (3, "LAW")})]
)
def test_merged_codes_are_named_with_their_rows(read, merge, rows):
    found = read(workbook(SHEET, merge), "sheet.xlsx")
    assert {(one.row, one.column) for one in found.findings} == rows
    assert all("Merged with a cell of row 2" in one.advice for one in found.findings)
    assert found.answers["DBRFX"][0] == 1 and found.answers["GHJKL"][0] is None
    assert not any("empty" in line for line in found.messages)


def test_merged_codes_of_an_open_document_are_named():
    from embedgov_teach.table_files import Wanted, _opendocument

    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    cell = '<table:table-cell office:value-type="string"{}><text:p>{}</text:p></table:table-cell>'
    two = ' table:number-rows-spanned="2"'
    content = (
        f"<d {spaces}><table:table table:name='Coding'>"
        f"<table:table-row>{cell.format('', 'item')}{cell.format('', 'SOC')}</table:table-row>"
        f"<table:table-row>{cell.format('', 'DBRFX')}"
        f"{cell.format(two, '1')}</table:table-row>"
        f"<table:table-row>{cell.format('', 'GHJKL')}<table:covered-table-cell/></table:table-row>"
        "</table:table></d>"
    )
    (table,) = _opendocument(content.encode(), Wanted("item", ("SOC",)))
    assert table.rows == [["item", "SOC"], ["DBRFX", "1"], ["GHJKL", ""]]
    assert table.merged == {(3, 1): 2}


# ---- encodings


@pytest.mark.parametrize(
    "learner, encoding, named",
    [
        ("陳大文", "big5", "Big5"),
        ("林美玲", "big5", "Big5"),
        ("王小明", "gb18030", "GB18030"),
        ("Jörg Müller", "cp1252", "a guess"),
        ("São João", "cp1252", "a guess"),
    ],
)
def test_a_name_is_read_in_its_encoding(read, learner, encoding, named):
    table = [[cell for i, cell in enumerate(row) if i != 2] for row in SHEET]  # no Chinese of ours tells it
    table[1][0] = learner
    found = read(text(table).encode(encoding))
    assert (found.learner, found.answers) == (learner, RIGHT)
    assert named in found.messages[0]


@pytest.mark.parametrize("raw", ["李雷".encode("gbk"), b"\xa4\xa4\x81", b"\xc5s\xe5", b"\x81\x8d\x8f"])
def test_what_cannot_be_told_is_refused_and_never_garbled(read, raw):
    table = text([[cell for i, cell in enumerate(row) if i != 2] for row in SHEET]).encode()
    found = read(table.replace(b"Li", raw))
    assert "encoding that cannot be told" in found.refused or "�" not in found.learner


# ---- the tables of `embedgov agreement`


@pytest.mark.parametrize(
    "name, content",
    [
        ("b.xlsx", workbook(CODES)),
        ("b.csv", text(CODES, ";").encode()),
        ("b.csv", text(CODES, "\t").encode("utf-16")),
        ("b.csv", ("\ufeff\ufeff" + text(CODES)).encode()),
        ("b.csv", text(CODES).replace("unit", "unit\u200b").encode()),
        ("b.txt", text(CODES, "|").encode()),
    ],
)
def test_agreement_reads_what_is_read_of_learners(tmp_path, name, content):
    (tmp_path / "a.csv").write_text(text(CODES))
    (tmp_path / name).write_bytes(content)
    files = [str(tmp_path / "a.csv"), str(tmp_path / name)]
    done = CliRunner().invoke(main, ["agreement", *files, "--unit", "unit", "--codes", "A", "--draws", "0"])
    assert done.exit_code == 0, done.output
    assert done.output.strip().splitlines()[-1].split()[:4] == ["A", "nominal", "2", "3"]


@pytest.mark.parametrize("encoding", ["gb18030", "big5", "utf-16", "utf-8-sig"])
def test_units_in_chinese_are_read_in_every_encoding(tmp_path, encoding):
    table = [["名字", "A"], ["大小", "1"], ["天地人", "0"]]  # written alike in both scripts
    (tmp_path / "a.csv").write_bytes(text(table, ";").encode(encoding))
    assert coder_rows(tmp_path / "a.csv", ["名字", "A"], []) == table


def test_merged_codes_stop_the_comparison(tmp_path):
    (tmp_path / "a.xlsx").write_bytes(workbook(CODES, "B2:B3"))
    with pytest.raises(DataError, match=r"a\.xlsx, row 3, column A: merged with a cell of row 2"):
        coder_rows(tmp_path / "a.xlsx", ["unit", "A"], [])


@pytest.mark.parametrize("other", ["u1 ", "u1\u00a0", "ｕ１", "u\u200b1"])
def test_units_that_look_alike_are_shown_and_said_to(tmp_path, other):
    (tmp_path / "a.csv").write_text(text(CODES))
    (tmp_path / "b.csv").write_text(text(CODES).replace("u1", other), encoding="utf-8")
    files = [str(tmp_path / "a.csv"), str(tmp_path / "b.csv")]
    done = CliRunner().invoke(main, ["agreement", *files, "--unit", "unit", "--codes", "A"])
    assert done.exit_code == 1
    assert f"no row for {other!r}" in done.output and "looks like 'u1'" in done.output
    assert "add them" not in done.output
