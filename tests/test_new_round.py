"""One more round of coding: its files, their declaration, a row for each of its coders, and its name.

Nothing else is changed in a copy of the project, and everything that speaks of rounds has it.
"""

import csv
import io
import json
import subprocess
import sys
import xml.etree.ElementTree as ET
import zipfile

import nbformat
import pytest
from bs4 import BeautifulSoup
from conftest import copy_of_project, embedgov

ROUND, CODERS = "third", dict(zip("XYZ", "DEF"))  # each new coder, and of whom the rows are at first
UNIT, CODE, TERM = "B1-01", "LAW", "依法"  # the statement that all three new coders code otherwise


def rewritten(path, edit):
    """Change the rows of a table, which are lists; return them."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    edit(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    return rows


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A copy of the project with the round."""
    project = copy_of_project(tmp_path_factory.mktemp("round") / "project")
    coding = project / "data" / "coding"
    (coding / "statements" / ROUND).mkdir()
    descriptor = project / "data" / "datapackage.json"
    package = json.loads(descriptor.read_text(encoding="utf-8"))
    for coder, other in CODERS.items():
        path = f"statements/{ROUND}/coder_{coder.lower()}.csv"
        text = (coding / "statements" / "final" / f"coder_{other.lower()}.csv").read_text(encoding="utf-8")
        (coding / path).write_text(text, encoding="utf-8")

        def edit(rows):
            (row,) = (row for row in rows if row[0] == UNIT)
            assert row[rows[0].index(CODE)] == "0"
            row[rows[0].index(CODE)], row[rows[0].index(f"{CODE}_term")] = "1", TERM

        rewritten(coding / path, edit)
        package["resources"].append(
            {
                "name": f"statements-{ROUND}-{coder.lower()}",
                "path": f"coding/{path}",
                "description": f"Codes of coder {coder}, {ROUND} round.",
                "schema": "schemas/statement_codes.json",
            }
        )
    descriptor.write_text(json.dumps(package), encoding="utf-8")
    kind = "independent pass of a large language model"
    new = [[coder, ROUND, "statement", "statements_final", kind] for coder in CODERS]
    rewritten(coding / "coders.csv", lambda rows: rows.extend(new))
    name = ["coders", "round", ROUND, ROUND, "第三轮"]
    rewritten(project / "data" / "labels.csv", lambda rows: rows.append(name))
    return project


def told(project, code):
    """What a piece of code prints as JSON when it is run in the project."""
    done = subprocess.run([sys.executable, "-c", code], cwd=project, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_tables_are_sound(project):
    done = embedgov("data", "check", cwd=project)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_rules_of_its_codebook_hold_for_it(project):
    path = project / "data" / "coding" / "statements" / ROUND / "coder_x.csv"
    before = path.read_text(encoding="utf-8")

    def edit(rows):
        at = rows[0].index
        row = next(row for row in rows[1:] if row[at("INT")] == "1")
        row[at("TEC")], row[at("TEC_term")] = "0", ""

    try:
        rewritten(path, edit)
        done = embedgov("data", "check", cwd=project)
        assert done.returncode == 1 and "coder_x.csv" in done.stdout and "TEC to be 1 as well" in done.stdout
    finally:
        path.write_text(before, encoding="utf-8")


def test_its_codes_are_read(project):
    rows = told(
        project,
        "from embedgov_study import data\n"
        f"codes = data.statement_codes({ROUND!r})\n"
        f"print(codes.loc[codes['designation_id'] == {UNIT!r}, ['coder', {CODE!r}, '{CODE}_term']]"
        ".to_json(orient='values', force_ascii=False))",
    )
    assert rows == [[coder, 1, TERM] for coder in CODERS]


def test_the_page_of_a_statement_shows_its_codes(project):
    body = told(
        project,
        "import json\n"
        "from embedgov_study import evidence\n"
        f"print(json.dumps(next(body for name, _, body in evidence.pages() if name == 'evidence/{UNIT}')))",
    )
    page = BeautifulSoup(body, "html.parser")
    assert [box.text for box in page.select("summary")] == [
        f"The {ROUND} round, with the second codebook",
        "The definitions round, with Codebook v2, definitions only",
        "The repeat round, with the second codebook",
        "The pilot round, with the first codebook",
        "A search for the words of the codebook",
    ]
    table = page.find("table", attrs={"aria-labelledby": ROUND})
    assert [cell.text for cell in table.select("thead th")] == ["Code", *CODERS]
    (row,) = (row for row in table.select("tbody tr") if row.th.text == "rule of law")
    assert [cell.text for cell in row.select("td")] == [f"yes {TERM}"] * 3


def test_chapters_may_be_run_with_it(project):
    given = {
        "agreement": {"round": ROUND},
        "statements": {"round": ROUND, "rule": "Y"},
        "transfer": {"round": ROUND, "rule": "Z"},
    }
    assert given == told(
        project,
        "import json\n"
        "from embedgov_press import execution\n"
        f"print(json.dumps({{name: execution._allowed(name, own) for name, own in {given!r}.items()}}))",
    )


@pytest.mark.book
def test_the_chapter_on_agreement_reports_it(project, tmp_path):
    done = embedgov(
        *("notebooks", "run", "agreement", "-p", "round", ROUND, "-p", "draws", "100", "--into", tmp_path),
        cwd=project,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    chapter = nbformat.read(tmp_path / "agreement.ipynb", as_version=4)
    cells = {cell.id: json.dumps(cell) for cell in chapter.cells}
    assert f"Alpha, {ROUND}" in cells["rounds"] and "Alpha, pilot" in cells["rounds"]
    assert f"in the {ROUND} round, code by code: {', '.join(CODERS)}" in cells["fig-statements"]


def test_the_exported_project_has_its_coders_and_codes(project, tmp_path):
    done = embedgov("refi", tmp_path / "all.qdpx", cwd=project)
    assert done.returncode == 0, done.stdout + done.stderr
    with zipfile.ZipFile(tmp_path / "all.qdpx") as archive:
        root = ET.parse(io.BytesIO(archive.read("project.qde"))).getroot()
    q = {"q": "urn:QDA-XML:project:1.0"}
    users = {user.get("id"): user.get("guid") for user in root.iterfind("q:Users/q:User", q)}
    assert CODERS.keys() <= users.keys()
    assert "Coders A to Z are" in root.findtext("q:Description", namespaces=q)
    for coder in CODERS:
        texts = [
            selection.findtext("q:Description", namespaces=q)
            for selection in root.iterfind(".//q:PlainTextSelection", q)
            if selection.get("name") == UNIT and selection.get("creatingUser") == users[coder]
        ]
        assert len(texts) == 1 and f"{CODE}: {TERM}" in texts[0]


def test_what_is_published_moves_to_it_where_the_forks_say_so(project):
    path = project / "data" / "robustness" / "forks.csv"
    before = path.read_text(encoding="utf-8")

    def edit(rows):
        at = rows[0].index
        place, final = next((i, row) for i, row in enumerate(rows) if row[1:6:4] == ["round", "final"])
        new = list(final)
        new[at("option")], new[at("option_en")] = ROUND, ROUND
        final[at("published")] = "0"
        rows.insert(place, new)

    try:
        rewritten(path, edit)
        coders, page = told(
            project,
            "import json\n"
            "from embedgov_study import evidence\n"
            "from embedgov_teach import sheet\n"
            f"page = next(body for name, _, body in evidence.pages() if name == 'evidence/{UNIT}')\n"
            "print(json.dumps([list(sheet.published('statements')['coder'].unique()), page]))",
        )
    finally:
        path.write_text(before, encoding="utf-8")
    assert coders == list(CODERS)
    assert f"The {ROUND} round, by majority: rule of law" in page
    assert "The final round, with the second codebook" in page
