"""The manifest: it lists everything, and a difference is explained or is a fault."""

import csv
import io
import json
import random
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import ROOT

from embedgov_press import manifest
from embedgov_press.errors import BuildError
from embedgov_study.data_package import resources

CELLS = [(None, "1 + 1")]
MADE_WITH = {
    "Python": "3.11.7",
    "packages": "requirements.lock",
    "platform": "Linux x86_64 glibc 2.36",
    "processor": "X86_V2 X86_V3",
}


@pytest.fixture
def finished(notebook_project):
    """A project of one notebook, as a build leaves it: what was made is stood in for by words."""
    project = notebook_project(one=CELLS)
    for path, text in {
        "_executed/one.ipynb": "executed",
        "_build/html/index.html": "page",
        "_build/html/downloads/fig-a.svg": "figure",
        "_build/html/certificate.html": "today",
    }.items():
        (project / path).parent.mkdir(parents=True, exist_ok=True)
        (project / path).write_text(text)
    rebuilt(project)
    return project


def rebuilt(project):
    """Note the inputs that a build has seen, as its certificate does."""
    sums = manifest.of_project(project).sums
    inputs = {path: total for path, total in sums.items() if manifest.group(path) == "inputs"}
    (project / "_build/html/certificate.json").write_text(json.dumps({"inputs": inputs}))


def test_sha256sum_reads_what_is_written(finished):
    manifest.write()
    command = [shutil.which("sha256sum") or "gsha256sum", "--check", "--strict", "MANIFEST.sha256"]
    done = subprocess.run(command, cwd=finished, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "_build/html/downloads/fig-a.svg: OK" in done.stdout
    assert "certificate" not in done.stdout
    (finished / "_build/html/downloads/fig-a.svg").write_text("another figure")
    done = subprocess.run(command, cwd=finished, capture_output=True, text=True)
    assert done.returncode == 1 and "fig-a.svg: FAILED" in done.stdout


def test_what_is_written_is_read_back_and_same_as_what_is_there(finished):
    written = manifest.read(manifest.write())
    assert written == manifest.of_project(finished)
    assert {manifest.group(path) for path in written.sums} == set(manifest.GROUPS)
    assert written.made_with.keys() == MADE_WITH.keys()
    found = manifest.check_build()
    assert found.status == 0
    assert manifest.summary(found).count("all as in the manifest") == len(manifest.GROUPS)


def differing(changed, made_with=None):
    """Compare a published manifest of four files with one in which some sums have changed."""
    sums = {
        "data/a.csv": "0",
        "_executed/one.ipynb": "0",
        "_build/html/downloads/fig-a.svg": "0",
        "_build/html/one.html": "0",
    }
    here = manifest.Manifest(MADE_WITH | (made_with or {}), sums | dict.fromkeys(changed, "1"))
    return manifest.compare(manifest.Manifest(MADE_WITH, sums), here)


EXECUTED, FIGURE, PAGE = ("_executed/one.ipynb", "_build/html/downloads/fig-a.svg", "_build/html/one.html")


@pytest.mark.parametrize(
    "changed, made_with, status, reason",
    [
        ([], {"Python": "3.12.1", "processor": "X86_V4"}, 0, None),
        (["data/a.csv"], {}, 3, "these files were changed, added or removed after"),
        (["data/a.csv", EXECUTED, FIGURE, PAGE], {}, 3, "the inputs differ"),
        ([EXECUTED], {"Python": "3.12.1"}, 3, "another Python: 3.12.1 here, 3.11.7 in the manifest"),
        ([PAGE], {"Python": "3.12.1"}, 3, "another Python"),
        ([FIGURE], {"packages": "requirements.lock, but numpy 2.4.5 instead of 2.4.6"}, 3, "numpy 2.4.5"),
        ([EXECUTED, FIGURE, PAGE], {"processor": "X86_V2 X86_V4"}, 3, "another processor: X86_V2 X86_V4"),
        ([EXECUTED, PAGE], {"platform": "Darwin arm64"}, 3, "the executed notebooks differ"),
        # Nothing is computed for a page that the executed notebooks do not hold.
        ([PAGE], {"processor": "X86_V2 X86_V4"}, 1, "a fault"),
        ([FIGURE], {"platform": "Darwin arm64"}, 1, "a fault"),
        ([EXECUTED], {}, 1, "a fault"),
        ([PAGE], {}, 1, "a fault"),
        ([EXECUTED, FIGURE, PAGE], {}, 1, "a fault"),
    ],
)
def test_a_difference_has_a_permitted_reason_or_is_a_fault(changed, made_with, status, reason):
    found = differing(changed, made_with)
    assert found.status == status
    text = manifest.summary(found)
    assert reason is None or reason in text
    assert all(f"differs    {path}" in text for path in changed)
    assert ("a fault" in text) == (status == 1)


def test_what_is_missing_and_what_is_new_is_listed(finished):
    manifest.write()
    (finished / "_build/html/index.html").rename(finished / "_build/html/start.html")
    found = manifest.check_build()
    assert found.status == 1
    assert found.differing["pages"] == {
        "_build/html/index.html": "is missing",
        "_build/html/start.html": "is new",
    }


def test_a_site_behind_its_inputs_is_neither_listed_nor_compared(finished):
    manifest.write()
    before = (finished / "MANIFEST.sha256").read_bytes()
    (finished / "data" / "extra.csv").write_text("a\n1\n")
    for refused in (manifest.write, manifest.check_build):
        with pytest.raises(BuildError, match="before data/extra.csv changed; run `make book` first"):
            refused()
    assert (finished / "MANIFEST.sha256").read_bytes() == before
    rebuilt(finished)
    found = manifest.check_build()
    assert found.status == 3 and found.differing["inputs"] == {"data/extra.csv": "is new"}


def test_without_a_site_or_a_manifest_one_is_told_what_to_run(notebook_project):
    notebook_project(one=CELLS)
    with pytest.raises(BuildError, match="no finished site in .*; run `make book` first"):
        manifest.write()
    with pytest.raises(BuildError, match="no MANIFEST.sha256; run `embedgov manifest`"):
        manifest.check_build()


def test_a_line_that_is_no_sum_is_named(finished):
    path = manifest.write()
    number = len(path.read_text().splitlines()) + 1
    path.write_text(path.read_text() + "<<<<<<< ours\n")
    with pytest.raises(BuildError, match=f"MANIFEST.sha256:{number}: '<<<<<<< ours' is no sum and path"):
        manifest.check_build()


def test_a_failing_disk_leaves_the_manifest_as_it_was(finished, monkeypatch):
    before = manifest.write().read_bytes()
    (finished / "_build/html/index.html").write_text("another page")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(OSError, match="No space left"):
        manifest.write()
    assert (finished / "MANIFEST.sha256").read_bytes() == before


def test_hidden_files_and_what_python_leaves_are_no_inputs(finished):
    before = manifest.input_files(finished)
    for name in ("data/.DS_Store", "src/__pycache__/a.pyc", "src/embedgov.egg-info/PKG-INFO"):
        (finished / name).parent.mkdir(parents=True, exist_ok=True)
        (finished / name).write_text("")
    (finished / "src" / "new.py").write_text("")
    assert set(manifest.input_files(finished)) - set(before) == {Path("src/new.py")}


def test_every_file_of_the_repository_that_a_build_reads_is_an_input():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("git does not know this folder")
    apart = ("tests/", "benchmarks/", "book/instructor/", ".", "requirements-test")
    others = {
        "README.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "CODE_OF_CONDUCT.md",
        "CITATION.cff",
        "codemeta.json",
        "paper.md",
        "Makefile",
        "MANIFEST.sha256",
        "codecheck.yml",
        "ro-crate-metadata.json",
    }
    read = {f for f in listed.stdout.splitlines() if not f.startswith(apart) and f not in others}
    read = {f for f in read if not re.match("locale/[a-z]+/book/instructor/", f)}
    assert read <= {path.as_posix() for path in manifest.input_files(ROOT)}


# ---- no damage passes unseen


def test_a_damaged_cell_of_any_table_never_passes_unseen(notebook_project):
    """500 cells, damaged one at a time: the manifest names the file, and nothing but the file."""
    project = notebook_project(one=CELLS)
    shutil.rmtree(project / "data")
    shutil.copytree(ROOT / "data", project / "data")
    chance = random.Random(20190825)
    tables = {}
    for resource in resources(project / "data").values():
        path = project / "data" / resource["path"]
        with open(path, encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        path.write_bytes(written(rows))  # so that a damage changes its cell alone
        tables[path] = rows
    sound = manifest.of_project(project)
    for number in range(500):
        path, rows = list(tables.items())[number % len(tables)]
        row, column = chance.randrange(1, len(rows)), chance.randrange(len(rows[0]))
        cell = damaged(rows, row, column, chance)
        broken = [[*each] for each in rows]
        broken[row][column] = cell
        path.write_bytes(written(broken))
        found = manifest.compare(sound, manifest.of_project(project))
        name = path.relative_to(project).as_posix()
        assert found.differing["inputs"] == {name: "differs"}, (name, row, column, cell)
        assert found.status == 3
        path.write_bytes(written(rows))
    assert manifest.compare(sound, manifest.of_project(project)).status == 0


def written(rows):
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def damaged(rows, row, column, chance):
    """Another content for a cell: emptied, from another row, a digit or letter off, a space more."""
    cell = rows[row][column]
    others = [each[column] for each in rows[1:] if each[column] != cell]
    place = chance.randrange(len(cell) + 1)
    return chance.choice(
        [
            *([""] if cell else []),
            *([chance.choice(others)] if others else []),
            cell[:place] + chance.choice("0123456789abcxyz社区\u00a0\u200b") + cell[place:],
            cell[:place] + cell[place + 1 :] if place < len(cell) else f"{cell} ",
        ]
    )
