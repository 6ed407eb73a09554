"""The command line: it passes on what the package finds, and speaks plainly when it refuses."""

import json
import shutil
import socket
import sys

import click
import pytest
from click.testing import CliRunner
from conftest import ROOT, embedgov

from embedgov_cli import main
from embedgov_study.project import Project, here

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


def test_the_count_of_a_margin_stands_after_its_last_sign_of_equality():
    done = CliRunner().invoke(main, ["bounds", "--total", "9", "--margin", "age=old=4", "--json"])
    assert done.exit_code == 0, done.output
    assert ["age=old"] in [each["labels"] for each in json.loads(done.output)]
    bad = CliRunner().invoke(main, ["bounds", "--total", "9", "--margin", "=4"])
    assert bad.exit_code and "expected a label and a count" in bad.output


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


def test_agreement_takes_clusters_from_a_column(tmp_path):
    for name, codes in (("a", "1111100000"), ("b", "1110100010")):
        lines = [f"u{i},{code},z{i // 5}" for i, code in enumerate(codes)]
        (tmp_path / f"{name}.csv").write_text("unit,A,zone\n" + "\n".join(lines) + "\n", encoding="utf-8")
    options = ["a.csv", "b.csv", "--unit", "unit", "--codes", "A", "--json"]
    by_zone = json.loads(embedgov("agreement", *options, "--cluster", "zone", cwd=tmp_path).stdout)[0]
    by_unit = json.loads(embedgov("agreement", *options, cwd=tmp_path).stdout)[0]
    assert by_zone["alpha"] == by_unit["alpha"]
    # Each zone has four of five units alike, so every draw of zones agrees in 0.8.
    assert by_zone["agreement_low"] == by_zone["agreement_high"] == pytest.approx(0.8)
    assert by_unit["agreement_low"] < 0.6 and by_unit["agreement_high"] > 0.9


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


def commands(group=main, path=()):
    """The names of every command, as they are typed."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name)


ANYWHERE = {("agreement",), ("bounds",)}
ARGUMENTS = {
    ("agreement",): ["a.csv", "b.csv", "--unit", "u", "--codes", "A", "--draws", "0"],
    ("bounds",): ["--total", "2", "--margin", "A=1"],
    ("fetch-sources",): ["--into", "into"],
    ("notebooks", "run"): ["register", "--into", "into"],
    ("refi",): ["out.qdpx"],
    ("teach", "pack"): ["register", "out.zip"],
    ("teach", "score"): ["a.csv", "--out", "out"],
    ("teach", "sheet"): ["out"],
    ("validate", "score"): ["a.csv", "b.csv", "--key", "a.csv"],
    ("validate", "sheet"): ["out", "--statements", "a.csv"],
    ("verify",): ["--article", "a.csv"],
}


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """A folder that is in no checkout, with two tables in it; the current one."""
    monkeypatch.chdir(tmp_path)
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text("u,A\n1,0\n2,1\n")
    return tmp_path


@pytest.mark.parametrize("command", list(commands()), ids=" ".join)
def test_outside_a_checkout_a_command_works_or_says_in_one_line_what_it_lacks(command, elsewhere):
    assert CliRunner().invoke(main, [*command, "--help"]).exit_code == 0
    done = CliRunner().invoke(main, [*command, *ARGUMENTS.get(command, [])])
    if command in ANYWHERE:
        assert done.exit_code == 0, done.output
        return
    assert done.exit_code == 1 and isinstance(done.exception, SystemExit), done.exception
    assert f"ProjectError: {elsewhere} is in no checkout" in done.output and "clone" in done.output
    assert len(done.output.splitlines()) == 1
    assert {path.name for path in elsewhere.iterdir()} == {"a.csv", "b.csv"}


def test_in_a_folder_that_was_deleted_the_reason_is_named(tmp_path, monkeypatch):
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    done = CliRunner().invoke(main, ["data", "check"])
    assert done.exit_code == 1 and isinstance(done.exception, SystemExit), done.exception
    assert done.output == "ProjectError: the current folder has been deleted; go to one in a clone\n"
    done = CliRunner().invoke(main, ["bounds", "--total", "2", "--margin", "A=1"])
    assert done.exit_code == 0, done.output


def test_a_checkout_is_found_from_each_of_its_folders(monkeypatch):
    for folder in (ROOT, ROOT / "notebooks", ROOT / "data" / "article"):
        monkeypatch.chdir(folder)
        assert here() == Project(ROOT)


def test_the_nearest_project_is_taken(notebook_project, monkeypatch):
    outer = notebook_project()
    inner = outer / "notebooks" / "inner"
    for project in (inner, inner / "book"):
        (project / "data").mkdir(parents=True)
        (project / "data" / "datapackage.json").touch()
    (inner / "_toc.yml").touch()  # and none in the folder within it
    monkeypatch.chdir(inner / "book")
    assert here().root == inner


@pytest.mark.parametrize(
    ("module", "extra", "arguments"),
    [
        ("papermill", "book", ["notebooks", "run", "register", "--into", "into"]),
        ("pooch", "exchange", ["fetch-sources", "--into", "into"]),
        ("tqdm", "teach", ["teach", "score", "a.csv", "--out", "out"]),
    ],
)
def test_a_missing_package_is_named_with_the_extra_that_installs_it(
    module, extra, arguments, tmp_path, monkeypatch
):
    arguments = [str(tmp_path / one) if one in ("into", "a.csv", "out") else one for one in arguments]
    monkeypatch.chdir(ROOT)
    monkeypatch.setitem(sys.modules, module, None)
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 1 and isinstance(done.exception, SystemExit), done.exception
    assert f"needs {module}, which is not installed" in done.output
    assert f'pip install "embedgov[{extra}]"' in done.output and len(done.output.splitlines()) == 1


def test_a_module_of_ours_that_is_missing_is_a_fault_and_no_extra(monkeypatch):
    monkeypatch.chdir(ROOT)
    monkeypatch.setitem(sys.modules, "embedgov_exchange.fetch", None)
    assert isinstance(CliRunner().invoke(main, ["fetch-sources"]).exception, ModuleNotFoundError)


def test_a_file_that_cannot_be_written_is_named(tmp_path, monkeypatch):
    for name in ("book", "data", "notebooks"):
        (tmp_path / name).symlink_to(ROOT / name)
    for name in ("_toc.yml", "pyproject.toml", "CITATION.cff"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / "ro-crate-metadata.new").mkdir()
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(main, ["crate"])
    assert done.exit_code == 1 and isinstance(done.exception, SystemExit), done.exception
    assert "ro-crate-metadata.new: Is a directory; mend this" in done.output
