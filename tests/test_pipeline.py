"""The pipeline: a fault anywhere stops it, says why, and keeps the last good site."""

import fcntl
import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import copy_of_project, embedgov

from embedgov_press import pages


def tree(folder):
    """Contents of a folder, to compare."""
    return {
        str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in folder.rglob("*")
        if p.is_file()
    }


@pytest.fixture
def warm(built, tmp_path):
    """A copy of a project that has been built before."""
    return shutil.copytree(built, tmp_path / "warm")


def only_chapter(project, name="selection"):
    """Leave one chapter of the book, since a test of what stops it need not run them all."""
    for path in (*project.glob("notebooks/*.ipynb"), *project.glob("book/*.md")):
        if path.stem not in (name, "intro"):
            path.unlink()
    chapter = project / "notebooks" / f"{name}.ipynb"
    notebook = json.loads(chapter.read_text())
    notebook["metadata"]["embedgov"]["prerequisites"] = []
    chapter.write_text(json.dumps(notebook))
    toc = f"format: jb-book\nroot: book/intro\nchapters:\n  - file: notebooks/{name}\n"
    (project / "_toc.yml").write_text(toc)


def break_cell(project, name="selection"):
    only_chapter(project, name)
    path = project / "notebooks" / f"{name}.ipynb"
    notebook = json.loads(path.read_text())
    cell = next(c for c in notebook["cells"] if c["id"] == "setup")
    cell["source"] = [*cell["source"], "\nraise RuntimeError('the cell is broken')"]
    path.write_text(json.dumps(notebook))


def test_a_failing_cell_stops_a_warm_build_each_time(warm):
    before = tree(warm / "_build" / "html")
    break_cell(warm)
    for attempt in ("first", "again"):
        done = embedgov("book", cwd=warm)
        assert done.returncode == 1, attempt
        assert "notebooks/selection.ipynb, cell" in done.stderr
        assert "RuntimeError: the cell is broken" in done.stderr
        assert "Traceback (most recent call last):\n  File" not in done.stderr
        assert tree(warm / "_build" / "html") == before


def test_a_failing_cell_stops_a_cold_build_and_leaves_no_site(tmp_path):
    cold = copy_of_project(tmp_path)
    break_cell(cold)
    done = embedgov("book", cwd=cold)
    assert done.returncode == 1
    assert "RuntimeError: the cell is broken" in done.stderr
    assert not (cold / "_build" / "html").exists()


def test_a_warning_of_sphinx_stops_the_build_each_time(warm):
    before = tree(warm / "_build" / "html")
    page = warm / "book" / "intro.md"
    page.write_text(page.read_text() + "\nSee {doc}`nowhere`.\n")
    for attempt in ("first", "again"):
        done = embedgov("book", cwd=warm)
        assert done.returncode == 1, attempt
        reason = done.stderr.partition("BuildError: ")[2]
        assert reason.startswith("book/intro.md") and "nowhere" in reason
        assert tree(warm / "_build" / "html") == before


def test_an_invalid_table_stops_the_build_before_anything_runs(warm):
    before = tree(warm / "_build"), tree(warm / "_executed")
    path = warm / "data" / "registry" / "units.csv"
    path.write_text(path.read_text().replace("U002,", "U001,", 1))
    done = embedgov("book", cwd=warm)
    assert done.returncode == 1
    assert "registry/units.csv:3" in done.stderr and "kernel" not in done.stderr
    assert (tree(warm / "_build"), tree(warm / "_executed")) == before


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
    assert (warm / "_build" / "html" / "notebooks" / "register.html").is_file()


def test_without_executed_chapters_sphinx_is_told_what_to_do(tmp_path):
    project = copy_of_project(tmp_path)
    only_chapter(project)
    done = subprocess.run(
        [Path(sys.executable).with_name("jupyter-book"), "build", ".", "-W", "--keep-going"],
        cwd=project,
        capture_output=True,
        text=True,
    )
    assert done.returncode != 0
    assert "no executed copy of this chapter; run `embedgov book`" in done.stdout + done.stderr


def test_a_page_that_no_reader_would_find_stops_the_build(warm):
    before = tree(warm / "_build" / "html")
    shutil.copy(warm / "notebooks" / "register.ipynb", warm / "notebooks" / "stray.ipynb")
    done = embedgov("book", cwd=warm)
    assert done.returncode == 1
    assert "notebooks/stray.ipynb is not in _toc.yml; list it there or remove it" in done.stderr
    assert tree(warm / "_build" / "html") == before


def test_two_builds_of_one_book_do_not_meet(warm):
    before = tree(warm / "_build" / "html")
    with open(warm / "_build" / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = embedgov("book", cwd=warm)
    assert done.returncode == 1
    assert "another build of this book is at work" in done.stderr
    assert tree(warm / "_build" / "html") == before


def test_what_a_killed_build_left_is_cleared_and_its_site_restored(warm):
    published = warm / "_build" / "html"
    before = tree(published)
    published.rename(warm / "_build" / "html.old")
    (warm / "_build" / "executed-killed").mkdir()
    (warm / "data" / "registry" / "units.csv").write_text("")
    assert embedgov("book", cwd=warm).returncode == 1  # it stops at the table, after clearing up
    assert tree(published) == before
    assert not (warm / "_build" / "executed-killed").exists()


def test_outside_a_book_nothing_is_built(tmp_path):
    done = embedgov("book", cwd=tmp_path)
    assert done.returncode == 1
    assert "this folder holds no book" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "image, reason",
    [
        ('<img src="a.svg" alt="Three bars, the first the longest">', None),
        ('<img src="a.svg">', "no alternative text"),
        ('<img src="a.svg" alt=" ">', "no alternative text"),
        ('<img src="_images/1f.svg" alt="../_images/1f.svg">', "no alternative text"),
        ('<img src="https://example.org/a.svg" alt="Three bars">', "lies elsewhere"),
        ('<img src="//example.org/a.svg" alt="Three bars">', "lies elsewhere"),
    ],
)
def test_an_image_without_text_or_from_elsewhere_is_refused(image, reason):
    found = pages.faulty_images(f"<html><body><main>{image}</main></body></html>")
    assert bool(found) == bool(reason)
    assert not reason or reason in found[0]
