"""The pipeline: a fault anywhere stops it, says why, and keeps the last good site."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import copy_of_project, embedgov, move_to
from small_book import FIRST, SECOND, small_book, tree

from embedgov.errors import EmbedgovError
from embedgov_press import postprocess, site

built = pytest.mark.book


@pytest.fixture
def warm(small, tmp_path, monkeypatch):
    """A copy of a small book that has been built before, in which this process works."""
    project = shutil.copytree(small, tmp_path / "warm")
    move_to(project, monkeypatch)
    return project


def break_cell(project):
    path = project / FIRST
    notebook = json.loads(path.read_text())
    cell = next(cell for cell in notebook["cells"] if cell["id"] == "cell-2")
    cell["source"] += "\nraise RuntimeError('the cell is broken')"
    path.write_text(json.dumps(notebook))


@built
def test_a_failing_cell_stops_a_warm_build_each_time(warm):
    before = tree(warm / "_build" / "html")
    break_cell(warm)
    for attempt in ("first", "again"):
        with pytest.raises(EmbedgovError) as caught:
            site.publish()
        assert f"{FIRST}, cell 3 (cell-2) raised RuntimeError" in str(caught.value), attempt
        assert "RuntimeError: the cell is broken" in str(caught.value)
        assert tree(warm / "_build" / "html") == before


@built
def test_a_failing_cell_stops_a_cold_build_and_leaves_no_site(tmp_path):
    cold = small_book(tmp_path)
    break_cell(cold)
    done = embedgov("book", cwd=cold)
    assert done.returncode == 1
    assert "RuntimeError: the cell is broken" in done.stderr
    assert "Traceback (most recent call last):\n  File" not in done.stderr
    assert not (cold / "_build" / "html").exists()


@built
def test_a_warning_of_sphinx_stops_the_build_each_time(warm):
    before = tree(warm / "_build" / "html")
    page = warm / "book" / "start.md"
    page.write_text(page.read_text() + "\nSee {doc}`nowhere`.\n")
    for attempt in ("first", "again"):
        with pytest.raises(EmbedgovError) as caught:
            site.publish()
        reason = str(caught.value)
        assert reason.startswith("book/start.md") and "nowhere" in reason, attempt
        assert tree(warm / "_build" / "html") == before


@built
def test_an_invalid_table_stops_the_build_before_anything_runs(warm):
    def made():
        files = tree(warm / "_build") | tree(warm / "_executed")
        return {name: content for name, content in files.items() if name != "lock"}

    before, path = made(), warm / "data" / "registry" / "units.csv"
    first, second = (line.partition(",")[0] for line in path.read_text().splitlines()[1:3])
    path.write_text(path.read_text().replace(f"{second},", f"{first},", 1))
    with pytest.raises(EmbedgovError, match=f"registry/units.csv:3.*{first}") as caught:
        site.publish()
    assert "kernel" not in str(caught.value)
    assert made() == before


@built
def test_an_invalid_table_of_the_whole_book_stops_it_before_anything_runs(tmp_path):
    project = copy_of_project(tmp_path)
    path = project / "data" / "registry" / "units.csv"
    path.write_text(path.read_text().replace("U002,", "U001,", 1))
    done = embedgov("book", cwd=project)
    assert done.returncode == 1
    assert "registry/units.csv:3" in done.stderr and "kernel" not in done.stderr
    assert not (project / "_build" / "html").exists() and not (project / "_executed").exists()


@built
def test_jupyter_book_alone_builds_from_the_executed_chapters(warm):
    shutil.rmtree(warm / "_build")
    done = subprocess.run(
        [Path(sys.executable).with_name("jupyter-book"), "build", "."],
        cwd=warm,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stderr
    assert "Rows of terms" in (warm / "_build" / "html" / "notebooks" / "first.html").read_text()


@built
def test_without_executed_chapters_sphinx_is_told_what_to_do(tmp_path):
    done = subprocess.run(
        [Path(sys.executable).with_name("jupyter-book"), "build", ".", "-W", "--keep-going"],
        cwd=small_book(tmp_path),
        capture_output=True,
        text=True,
    )
    assert done.returncode != 0
    assert "2 chapters have not been executed (notebooks/first is the first)" in done.stderr
    assert "run `make book`" in done.stderr and "Traceback" not in done.stderr
    assert not list(tmp_path.rglob("first.html"))


@built
def test_a_page_that_no_reader_would_find_stops_the_build(warm):
    before = tree(warm / "_build" / "html")
    shutil.copy(warm / SECOND, warm / "notebooks" / "stray.ipynb")
    with pytest.raises(EmbedgovError) as caught:
        site.publish()
    assert "notebooks/stray.ipynb is not in _toc.yml; list it there or remove it" in str(caught.value)
    assert tree(warm / "_build" / "html") == before


def test_outside_a_book_nothing_is_built(tmp_path):
    done = embedgov("book", cwd=tmp_path)
    assert done.returncode == 1
    assert "is in no checkout of Embedded Governance" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "image, reason",
    [
        ('<img src="a.svg" alt="Three bars, the first the longest">', None),
        ('<img src="a.svg">', "no alternative text"),
        ("<IMG alt='more > less' src='//example.org/a.svg'>", "lies elsewhere"),
        ('<img alt="a bar > another" src="a.svg">', None),
        ('<img src="a.svg alt="Three bars>, the first', "no alternative text"),
        ('<img src="a.svg" alt=" ">', "no alternative text"),
        ('<img src="_images/1f.svg" alt="../_images/1f.svg">', "no alternative text"),
        ('<img src="https://example.org/a.svg" alt="Three bars">', "lies elsewhere"),
        ('<img src="//example.org/a.svg" alt="Three bars">', "lies elsewhere"),
    ],
)
def test_an_image_without_text_or_from_elsewhere_is_refused(image, reason):
    found = postprocess.faulty_images(f"<html><body><main>{image}</main></body></html>")
    assert bool(found) == bool(reason)
    assert not reason or reason in found[0]
