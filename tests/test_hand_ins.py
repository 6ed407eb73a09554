"""What a class hands in: spellings, damage, copies, versions, archives of platforms, and who is missing."""

import io
import os
import tempfile
import zipfile
from collections import Counter
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from test_teach_score import CODES, DRAWN, command, opendocument, read, read_here, rows, text, workbook

from embedgov_teach import report, score, sheet, sheet_reader, submissions
from embedgov_teach.errors import TeachingError

FIRST = DRAWN.index[0]
OWN = {FIRST: {"SOC": 1 - int(DRAWN["SOC"].iloc[0])}}  # one code that is not the consensus's


def spelt(yes, no, learner="Ada"):
    """A sheet in which 1 is written as ``yes`` and 0 as ``no``."""
    table = rows(learner)
    for row in table[1:]:
        row[4:12] = [yes if code == 1 else no for code in row[4:12]]
    return table


def taken(tmp_path, files, **how):
    """The sheets of a folder of its own, each file a second later than the one before."""
    folder = Path(tempfile.mkdtemp(dir=tmp_path))
    for at, (name, content) in enumerate(files.items()):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text(content), encoding="utf-8")
        os.utime(path, (at, at))
    sheets = {one.file: one for one in read_here([folder], **how)}
    return [sheets[name] for name in files]


# ---- spellings


@pytest.mark.parametrize(
    ("yes", "no"),
    [
        ("是", "不是"), ("是", "否"), ("对", "错"), ("有", "无"), ("√", "×"), ("✔️", "✗"), ("T", "F"),
        ("WAHR", "FALSCH"), ("vrai", "faux"), ("Oui", "Non"),
    ],
)  # fmt: skip
def test_yes_and_no_are_read_in_the_words_of_programs_and_people(yes, no):
    found = read(text(spelt(yes, no)))
    assert not found.refused and not found.findings
    assert found.answers == {item: [int(row[code]) for code in CODES] for item, row in DRAWN.iterrows()}
    assert {
        f"“{yes}” was read as 1" in told or f"“{no}” was read as 0" in told for told in found.messages
    } == {
        True,
        False,
    }


def test_a_sheet_of_which_more_than_a_tenth_cannot_be_read_is_refused():
    table = rows()
    cells = [(row, at) for row in table[1:] for at in range(4, 12)]
    for row, at in cells[:4]:  # of 48
        row[at] = "perhaps"
    assert len(read(text(table)).findings) == 4 and not read(text(table)).refused
    cells[4][0][cells[4][1]] = "2"
    found = read(text(table))
    assert found.refused.startswith("5 of 48 filled cells cannot be read (4 hold “perhaps”, 1 hold “2”)")
    assert not found.answers


@pytest.mark.parametrize(("yes", "no"), [("1", "2"), ("2", "0"), ("是", "nope")])
def test_a_sheet_of_which_one_value_only_can_be_read_is_refused(yes, no):
    assert "filled cells cannot be read" in read(text(spelt(yes, no))).refused


@pytest.mark.parametrize("mark", ["x", "X", "√", "×", "●", "v"])
def test_marks_with_empty_cells_are_read_only_if_the_teacher_says_so(tmp_path, mark):
    table = spelt(mark, "")
    table[1][13] = "none applies"
    refused = read(text(table)).refused
    assert "--marks" in refused or mark == "×"
    (found,) = taken(tmp_path, {"a.csv": table}, marks=True)
    ticked = DRAWN[DRAWN[CODES].sum(axis=1) > 0]
    assert not found.refused and not found.findings
    for item, row in ticked.iterrows():
        assert found.answers[item] == [int(row[code]) for code in CODES]
    for item in set(DRAWN.index) - set(ticked.index):  # a row without a mark may be skipped, or none
        assert found.answers[item] == [None] * 8


def test_of_a_class_only_sheets_of_marks_are_read_as_such(tmp_path):
    """A row with a degree of confidence was read, so it has no mark because nothing applies."""
    table = rows()
    table[1][5] = ""  # in a sheet of ones and noughts an empty cell is not decided
    ticked = spelt("√", "")
    none = [row for row in ticked[1:] if not any(row[4:12])]
    for row in none:
        row[12] = "3"
    found = {one.file: one for one in taken(tmp_path, {"a.csv": table, "b.csv": ticked}, marks=True)}
    assert [a for given in found["a.csv"].answers.values() for a in given].count(None) == 1
    assert none and found["b.csv"].answers == read(text(rows())).answers


def test_crosses_beside_ticks_are_no_and_an_x_is_then_not_guessed(tmp_path):
    (found,) = taken(tmp_path, {"a.csv": spelt("√", "×")}, marks=True)
    assert found.answers == read(text(rows())).answers
    (found,) = taken(tmp_path, {"b.csv": spelt("√", "x")}, marks=True)
    assert "filled cells cannot be read" in found.refused


def test_the_message_says_what_the_cells_hold():
    (refused,) = {read(text(spelt("x", ""))).refused}
    ones = int(DRAWN[CODES].to_numpy().sum())
    assert f"of {ones} filled cells {ones} hold “x”" in refused


# ---- what stands elsewhere in the sheet


def test_a_remark_below_the_table_is_no_second_name():
    table = [*rows("Ada"), ["PS: thank you teacher"], ["合计"]]
    found = read(text(table))
    assert (found.learner, found.refused) == ("Ada", "")


@pytest.mark.parametrize("made", [workbook, opendocument, text])
def test_formulas_outside_the_columns_that_count_do_no_harm(made):
    table = [[*row, ""] for row in rows("Ada")]
    table[0][-1] = "my sum"
    for row in table[1:]:
        row[-1] = "=SUM(E2:L2)"
    table[1][13] = "=same as above"
    table.append(["", "", "", "", "=SUM(E2:E7)"])  # a total, in a row without an item
    found = read(made(table))
    assert not found.refused
    assert found.answers == read(text(rows())).answers
    assert found.notes[FIRST] == "=same as above"


@pytest.mark.parametrize("column", ["learner", "item", "LAW", "confidence", "set"])
def test_a_formula_in_a_column_that_counts_is_refused_whatever_value_is_stored(column):
    table = rows("Ada")
    table[1][table[0].index(column)] = "=1+0"
    for content in (text(table), workbook(table)):
        assert f"row 2, column {column} holds a formula (=1+0)" in read(content).refused


def test_a_formula_on_another_worksheet_does_no_harm():
    book = openpyxl.load_workbook(io.BytesIO(workbook(rows("Ada"))))
    book.create_sheet("Mine").append(["=SUM(Coding!E2:E7)"])
    out = io.BytesIO()
    book.save(out)
    assert not read(out.getvalue()).refused


# ---- copies, versions, namesakes, sets


def test_the_same_codes_twice_count_once(tmp_path):
    one, copy = taken(tmp_path, {"Ada 1.csv": rows("Ada"), "Ada 1 (1).csv": rows("Ada")})
    assert not one.refused and not one.superseded
    assert copy.superseded == "the same codes as in Ada 1.csv, which counts"
    (compared,) = score.classes([one, copy])
    assert list(compared.values) == ["Ada"]


def test_of_two_versions_neither_or_the_latest_counts(tmp_path):
    files = {"v2.csv": rows("Vera"), "v1.csv": rows("Vera", OWN)}  # the second is the later
    sheets = taken(tmp_path, files)
    assert all(one.refused for one in sheets)
    assert not any(name in one.refused for one in sheets for name in files)
    assert "v1.csv" in sheets[0].aside and "--latest" in sheets[0].aside
    older, newer = taken(tmp_path, files, latest=True)
    assert "v1.csv, which counts" in older.superseded and not newer.refused
    same = [sheet_reader.Sheet(name, "Vera", answers={FIRST: [at]}) for at, name in enumerate(files)]
    submissions.settle(same, latest=True)
    assert all(one.refused and "same date" in one.aside for one in same)


MOODLE = "王伟_{}_assignsubmission_file/作业.csv"


def test_two_learners_of_one_name_are_told_apart_by_their_folders(tmp_path):
    files = {MOODLE.format(71): rows("王伟"), MOODLE.format(72): rows("王伟", OWN)}
    sheets = taken(tmp_path, files)
    assert [one.learner for one in sheets] == ["王伟 (71)", "王伟 (72)"]
    (one,) = score.classes(sheets)
    assert len(one.values) == 2
    sheets = taken(tmp_path, {"group 1/a.csv": rows("Li"), "group 2/a.csv": rows("Li", OWN)})
    assert [one.learner for one in sheets] == ["Li (group 1)", "Li (group 2)"]
    sheets = taken(tmp_path, {"a.csv": rows("Li"), "old/a.csv": rows("Li", OWN)})
    assert all(one.refused for one in sheets)  # may be two versions of one


def test_two_files_of_one_participant_are_one_learner_whatever_names_they_hold(tmp_path):
    folder = "Ada_7_assignsubmission_file"
    sheets = taken(tmp_path, {f"{folder}/a.csv": rows("Ada L."), f"{folder}/b.csv": rows("ada", OWN)})
    assert all("same id, 7" in one.refused for one in sheets)


def test_sheets_of_two_sets_are_compared_apart_and_one_without_finds_its_own(tmp_path):
    other = sheet.draw("statements", 5, 9)
    table = [rows()[0]] + [
        ["Bo", item, "", "", *(int(row[code]) for code in CODES), "", "", "statements-5-9"]
        for item, row in other.iterrows()
    ]
    unnamed = [row[:-1] + ["" if at else "set"] for at, row in enumerate(rows("Cy"))]
    sheets = taken(tmp_path, {"a.csv": rows("Ada"), "b.csv": table, "c.csv": unnamed})
    compared = score.classes(sheets)
    assert [(one.set, list(one.values)) for one in compared] == [
        ("statements-5-9", ["Bo"]),
        ("statements-6-1", ["Ada", "Cy"]),
    ]
    assert [len(one.published["consensus"]) for one in compared] == [5, 6]
    assert any("names no draw" in told for told in sheets[2].messages)
    lone = ("b.csv", "is the only sheet of the set statements-5-9, so it is scored apart")
    assert [one for one in report.doubts(sheets) if one[0] != "c.csv"] == [lone]
    assert report.doubts(sheets[1:2]) == []  # the whole class


# ---- archives of platforms, and the whole command


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (
            "Wang Wei_765_assignsubmission_file/a.xlsx",
            ("Wang Wei", "765", "Wang Wei_765_assignsubmission_file/a"),
        ),
        ("all/Wang_765_assignsubmission_file_/a.csv", ("Wang", "765", "Wang_765_assignsubmission_file_/a")),
        ("Wang_765_assignsubmission_file_a.csv", ("Wang", "765", "Wang_765_assignsubmission_file_a")),
        ("lovelaceada_12_3456_sheet-1.csv", ("lovelaceada", "12", "lovelaceada_12_3456_sheet-1")),
        ("lovelaceada_LATE_12_3456_sheet.csv", ("lovelaceada", "12", "lovelaceada_LATE_12_3456_sheet")),
        ("ada_sheet_2.csv", None),
        ("group 1/ada.csv", None),
    ],
)
def test_whose_a_submission_is_stands_in_the_name_that_a_platform_gives_it(shown, expected):
    assert sheet_reader.submission_of(shown) == (expected and sheet_reader.Submission(*expected))


@pytest.fixture(scope="module")
def scored(tmp_path_factory):
    """What the command makes of an archive as Moodle gives it, of files of Canvas, and of a list."""
    folder = tmp_path_factory.mktemp("hand-ins")
    half = spelt("是", "nope", "周八")
    compared = [
        [*row, "yes" if at == 1 else "compared" if at == 0 else "no"] for at, row in enumerate(rows("Evelyn"))
    ]
    moodle = {
        MOODLE.format(7101): text(rows("王伟")),
        MOODLE.format(7102): text(rows("王伟", OWN)),
        "Zhou Ba_73_assignsubmission_file/a.csv": text(half),
        "No Name_74_assignsubmission_file/sheet.csv": text(rows("", OWN)),
        "Evelyn_75_assignsubmission_file/e.csv": text(compared),
        "Twice_76_assignsubmission_file/a.csv": text(rows("Twice")),
        "Twice_76_assignsubmission_file/b.csv": text(rows("Twice", OWN)),
        "__MACOSX/x": "x",
    }
    with zipfile.ZipFile(folder / "moodle.zip", "w") as archive:
        for name, content in moodle.items():
            archive.writestr(name, content)
    (folder / "canvas").mkdir()
    (folder / "canvas" / "lovelaceada_12_3456_sheet.csv").write_text(text(rows("Ada Lovelace")))
    (folder / "canvas" / "plain.csv").write_text(text(rows("Plain", {FIRST: {"LAW": "?"}})))
    (folder / "class.csv").write_text(
        "Name,ID\nAda Lovelace,12\nPlain,\nGrace Hopper,99\nWang Wei,7101\n王伟,7102\nZhou Ba,73\nNo Name,74\nEvelyn,75\n",
        encoding="utf-8",
    )
    done = command(
        "score",
        folder / "moodle.zip",
        folder / "canvas",
        "--out",
        folder / "out",
        "--roster",
        folder / "class.csv",
    )
    assert done.exit_code == 0, done.output
    return folder / "out", done


@pytest.mark.book  # a process reads each of nine sheets
def test_no_learner_is_lost_and_each_doubt_is_named(scored):
    out, done = scored
    said = done.stderr
    table = pd.read_csv(out / "learners.csv", dtype={"id": str}).set_index("learner")
    assert Counter(table["status"]) == {"scored": 6, "refused": 3}
    assert {"王伟 (7101)", "王伟 (7102)", "No Name", "Evelyn", "Ada Lovelace", "Plain"} == set(
        table.query("status == 'scored'").index
    )
    assert table.loc["王伟 (7102)", ["decided", "differ"]].tolist() == [48, 1]
    assert table.loc["Plain", ["decided", "findings"]].tolist() == [47, 1]
    assert "another learner has this name: scored as 王伟 (7101)" in said
    assert "plain.csv: read in part: 1 places in LAW" in said
    assert "1 rows were compared before" in said
    assert "filled cells cannot be read" in said and "same id, 76" in said
    assert "Handed nothing in: Grace Hopper\n" in said
    assert "Not on the list: Twice_76" in said
    page = BeautifulSoup((out / "index.html").read_text("utf-8"), "html.parser").text
    assert "Of 8 on the list, 1 handed nothing in: Grace Hopper." in page
    assert "6 of 9 sheets scored" in done.stdout


def test_no_page_of_a_learner_names_another(scored):
    out, _ = scored
    table = pd.read_csv(out / "learners.csv", dtype={"id": str})
    pages = {
        path.name: BeautifulSoup(path.read_text("utf-8"), "html.parser").text
        for path in (out / "learners").iterdir()
    }
    assert len(pages) == len(table)
    own = ("Evelyn", "Plain", "Ada Lovelace", "No Name", "7101", "7102", "lovelaceada", "Twice")
    for name in own:
        naming = {page for page, shown in pages.items() if name in shown}
        assert len(naming) == (2 if name == "Twice" else 1), (name, naming)  # both files are his own
    twice = [shown for page, shown in pages.items() if "Twice" in shown]
    assert sum("a.csv" in shown for shown in twice) == sum("b.csv" in shown for shown in twice) == 1


def test_the_page_for_the_projector_names_nobody(scored):
    out, _ = scored
    source = (out / "projector.html").read_text("utf-8")
    table = pd.read_csv(out / "learners.csv")
    for name in [*table["learner"], *table["file"]]:
        assert name not in source
    assert "Learner 1" not in (out / "index.html").read_text("utf-8")
    page = BeautifulSoup(source, "html.parser")
    assert not page.select("a[href^=learners]")
    assert "Learner" in page.img["alt"] and "6 of 9" in page.text


def test_feedback_goes_back_under_the_names_of_the_platform(scored):
    out, _ = scored
    with zipfile.ZipFile(out / "feedback.zip") as archive:
        names = set(archive.namelist())
        assert "王伟_7101_assignsubmission_file/作业-report.html" in names
        assert "lovelaceada_12_3456_sheet.html" in names
        assert len(names) == 8  # all but the file that no platform named
        back = archive.read("王伟_7102_assignsubmission_file/作业-report.html")
    assert any(back == path.read_bytes() for path in (out / "learners").iterdir())


def test_an_archive_that_leads_out_of_itself_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "evil.zip", "w") as archive:
        archive.writestr("../../evil.csv", "x")
    with pytest.raises(TeachingError, match="leads out of the archive"):
        submissions.unpacked([tmp_path / "evil.zip"], tmp_path / "into")
    assert not (tmp_path.parent / "evil.csv").exists()
    (tmp_path / "torn.zip").write_bytes(b"PK\x03\x04")
    with pytest.raises(TeachingError, match="torn.zip cannot be unpacked"):
        submissions.unpacked([tmp_path / "torn.zip"], tmp_path / "into")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("Ada\n王伟\n", [("Ada", ""), ("王伟", "")]),
        ("学号;姓名\n20;王伟\n", [("王伟", "20")]),
        ("Identifier,Full name\nParticipant 71,Wang Wei\n", [("Wang Wei", "71")]),
        ("First name,Last name\nAda,Lovelace\n", [("Ada Lovelace", "")]),
    ],
)
def test_lists_of_a_class_are_read_in_their_forms(tmp_path, content, expected):
    path = tmp_path / "class.csv"
    path.write_text(content, encoding="utf-8-sig")
    assert submissions.roster(path) == expected


def test_a_list_as_excel_in_china_saves_it_is_read(tmp_path):
    path = tmp_path / "class.csv"
    path.write_bytes("学号,姓名\n20,王伟\n".encode("gb18030"))
    assert submissions.roster(path) == [("王伟", "20")]


def test_of_two_namesakes_on_the_list_who_handed_nothing_in_is_missing(tmp_path):
    sheets = taken(tmp_path, {"a.csv": rows("Zhang Wei")})
    assert submissions.missing([("Zhang Wei", ""), ("Zhang Wei", "")], sheets) == (["Zhang Wei"], [])


def test_a_list_that_cannot_be_read_is_refused(tmp_path):
    (tmp_path / "empty.csv").write_text("\n")
    for name in ("empty.csv", "none.csv"):
        with pytest.raises(TeachingError, match=name):
            submissions.roster(tmp_path / name)


def test_a_sheet_of_the_labs_pages_is_said_to_be_one(tmp_path):
    assert "its codes can be seen" in command("sheet", tmp_path / "a", "--n", 20, "--seed", 7).stderr
    assert not command("sheet", tmp_path / "b", "--n", 20, "--seed", 12).stderr


def test_reports_of_a_refused_double_name_no_other_file(tmp_path):
    sheets = taken(tmp_path, {"Vera v1.csv": rows("Vera"), "Vera v2.csv": rows("Vera", OWN)})
    first, second = report._learners(sheets, [])
    assert "Vera v2.csv" not in first and "Vera v1.csv" not in second
