"""The command line: it passes on what the package finds, and speaks plainly when it refuses."""

import json
import shutil
import socket

import pytest
from conftest import ROOT, embedgov

ARTICLE = ("--margin", "SOC=37", "--margin", "LAW=18", "--margin", "INT=11", "--margin", "PRO=13")


def test_bounds_print_every_quantity_and_what_lies_between():
    done = embedgov("bounds", "--total", 40, *ARTICLE, "--cover", "--json", cwd=ROOT)
    assert done.returncode == 0, done.stderr
    found = {each["quantity"]: each for each in json.loads(done.stdout)}
    # 18 + 37 - 40 and min(18, 37): the closed form of an intersection
    assert (found["SOC and LAW"]["low"], found["SOC and LAW"]["high"]) == (15, 18)
    exactly_two = found["exactly two of SOC, LAW, INT, PRO"]
    # 79 labels: 38 zones with two leave three for the other two zones, which need one each;
    # the third makes it 39 zones with two, so 38 is never attained
    assert exactly_two["high"] == 39 and exactly_two["holes"] == [38]
    assert set(exactly_two["attainable"]) == set(range(40)) - {38}
    for table in (exactly_two["low_table"], exactly_two["high_table"]):
        assert sum(row["units"] for row in table) == 40
        assert sum(row["units"] for row in table if "LAW" in row["labels"]) == 18
    plain = embedgov("bounds", "--total", 40, *ARTICLE, "--cover", cwd=ROOT)
    assert "0 to 39, but never 38" in plain.stdout


@pytest.mark.parametrize(
    "arguments, reason",
    [
        (("--total", 40, "--margin", "SOC=41"), "the margin of SOC is 41"),
        (("--total", 40, "--margin", "SOC=10", "--cover"), "add up to 10"),
        (("--total", 40, "--margin", "SOC=-1"), "expected a label and a count"),
        (("--total", 40, "--margin", "A=1", "--margin", "A=2"), "given twice"),
    ],
)
def test_impossible_margins_are_refused_with_the_reason(arguments, reason):
    done = embedgov("bounds", *arguments, cwd=ROOT)
    assert done.returncode != 0 and reason in done.stderr and not done.stdout
    assert "Traceback" not in done.stderr


def test_agreement_of_two_files(tmp_path):
    # Krippendorff's (2011) two observers and ten binary units: alpha is .095
    for name, codes in (("meg", "0100000001"), ("owen", "0101011000")):
        rows = "\n".join(f"{i},{code}" for i, code in enumerate(codes, 1))
        (tmp_path / f"{name}.csv").write_text(f"unit,A\n{rows}\n")
    files = ("meg.csv", "owen.csv")
    done = embedgov("agreement", *files, "--unit", "unit", "--codes", "A", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    (row,) = json.loads(done.stdout)
    assert row["agreement"] == pytest.approx(0.6)
    assert row["alpha"] == pytest.approx(1 - 19 * 4 * 2 / (2 * 6 * 14), abs=1e-9)
    assert row["disagreements"] == 4 and row["coders"] == 2 and row["units"] == 10


def test_agreement_names_file_row_and_column_of_a_wrong_code(tmp_path):
    (tmp_path / "a.csv").write_text("unit,A\n1,0\n2,1\n")
    (tmp_path / "b.csv").write_text("unit,A\n1,0\n2,yes\n")
    done = embedgov("agreement", "a.csv", "b.csv", "--unit", "unit", "--codes", "A", cwd=tmp_path)
    assert done.returncode == 1
    assert "b.csv" in done.stderr and "row 3" in done.stderr and "'yes'" in done.stderr


@pytest.mark.parametrize(
    "options, reason",
    [(("--codes", "A,"), "one comma between"), (("--codes", "A", "--draws", -1), "draws is -1")],
)
def test_agreement_refuses_plainly(tmp_path, options, reason):
    for name in "ab":
        (tmp_path / f"{name}.csv").write_text("unit,A\n1,0\n2,1\n")
    done = embedgov("agreement", "a.csv", "b.csv", "--unit", "unit", *options, cwd=tmp_path)
    assert done.returncode != 0 and reason in done.stderr and "Traceback" not in done.stderr


def test_data_check_tells_sound_from_unsound(tmp_path):
    data = shutil.copytree(ROOT / "data", tmp_path / "data")
    assert embedgov("data", "check", "--data", data, cwd=tmp_path).returncode == 0
    units = data / "registry" / "units.csv"
    units.write_text(units.read_text().replace("U002,", "U001,", 1))
    done = embedgov("data", "check", "--data", data, cwd=tmp_path)
    assert done.returncode == 1
    assert "registry/units.csv:3:unit_id" in done.stdout
    assert all(line.count("; ") >= 2 for line in done.stdout.splitlines())


def test_serve_without_a_site_says_what_to_do(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "datapackage.json").write_text("{}")
    (tmp_path / "_toc.yml").write_text("")
    done = embedgov("serve", cwd=tmp_path)
    assert done.returncode == 1 and "run `make book` first" in done.stderr


def test_a_port_that_is_taken_is_named(tmp_path):
    for file in ("_config.yml", "_toc.yml", "_build/html/index.html", "data/datapackage.json"):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).touch()
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = embedgov("serve", "--port", port, cwd=tmp_path)
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert f"port {port} is taken by another program" in done.stderr
