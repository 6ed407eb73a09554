"""How long the book takes to build, beside what it would take otherwise, on the same chapters.

In one run: our cold build; plain ``jupyter-book build`` with execution forced; papermill chapter
by chapter and then jupyter-book; and the floor, which is the time of the cells alone in one warm
kernel, divided by the cores, plus the time of our pages alone.
Then what a change costs, and how the cost grows with the number of chapters.
"""

import json
import os
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import papermill
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))
from conftest import copy_of_project  # noqa: E402
from small_book import small_book  # noqa: E402

JUPYTER_BOOK = str(Path(sys.executable).with_name("jupyter-book"))
# What is aimed at: ratios, and seconds.
PLAIN, FLOOR, NOTHING, SPHINX, EDIT = 0.55, 1.3, 2.0, 1.2, 3.0


def seconds(do, *arguments, **options):
    """How long something takes."""
    start = time.perf_counter()
    do(*arguments, **options)
    return time.perf_counter() - start


def book(project):
    """Build, until the prompt is back; fail with what was said."""
    with open(project / "said", "w+") as said:  # a pipe would wait for the server of the kernels to end, too
        done = subprocess.run(
            [sys.executable, "-m", "embedgov", "book"], cwd=project, stdout=said, stderr=said
        )
        said.seek(0)
        assert done.returncode == 0, said.read()


def pages(project):
    """Build the pages alone, as Sphinx does it, with our extension."""
    command = [JUPYTER_BOOK, "build", ".", "--path-output", f"{project}-alone"]
    environment = os.environ | {"PYTHONHASHSEED": "0"}
    subprocess.run(command, cwd=project, check=True, capture_output=True, env=environment)


def plain_book(project, folder):
    """The same chapters and pages for jupyter-book alone: its own execution, none of our extension."""
    shutil.copytree(project / "book", folder / "book", ignore=shutil.ignore_patterns("_static", "instructor"))
    for name in ("notebooks", "data"):
        shutil.copytree(project / name, folder / name)
    for name in ("_toc.yml", "requirements.txt"):
        shutil.copy(project / name, folder / name)
    given = yaml.safe_load((project / "_config.yml").read_text(encoding="utf-8"))
    config = {key: given[key] for key in ("title", "author", "parse", "bibtex_bibfiles")} | {
        "execute": {"execute_notebooks": "force", "timeout": 600},
        "only_build_toc_files": True,
        "sphinx": {"extra_extensions": ["sphinx_exercise"]},
    }
    (folder / "_config.yml").write_text(yaml.safe_dump(config))
    return folder


def jupyter_book(folder):
    subprocess.run([JUPYTER_BOOK, "build", ".", "--all"], cwd=folder, check=True, capture_output=True)


def papermill_in_a_row(folder):
    """Execute each notebook in place by papermill, one after the other, then build without execution."""
    for notebook in sorted((folder / "notebooks").glob("*.ipynb")):
        papermill.execute_notebook(
            str(notebook),
            str(notebook),
            cwd=str(folder / "notebooks"),
            kernel_name="python3",
            progress_bar=False,
        )
    config = folder / "_config.yml"
    config.write_text(config.read_text().replace("execute_notebooks: force", "execute_notebooks: 'off'"))
    jupyter_book(folder)


def cells_in_one_warm_kernel(project, tmp_path):
    """Seconds that the code cells of all chapters take, in one kernel that has imported everything."""
    run = (
        "get_ipython().reset(new_session=False)  # no chapter sees the names of another\n"
        "for source in {!r}:\n    get_ipython().run_cell(source).raise_error()"
    )
    chapters = [
        run.format([cell.source for cell in nbformat.read(file, 4).cells if cell.cell_type == "code"])
        for file in sorted((project / "notebooks").glob("*.ipynb"))
    ]
    # The first chapter runs twice: once more before the others, for the imports.
    cells = [nbformat.v4.new_code_cell(chapter) for chapter in [chapters[0], *chapters]]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "all.ipynb")
    done = papermill.execute_notebook(
        str(tmp_path / "all.ipynb"),
        None,
        cwd=str(project / "notebooks"),
        kernel_name="python3",
        progress_bar=False,
    )
    return sum(cell.metadata.papermill.duration for cell in done.cells[1:])


def replaced(file, old, new):
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.fixture(scope="module")
def ours(tmp_path_factory):
    return copy_of_project(tmp_path_factory.mktemp("ours"))


def test_cold(ours, tmp_path):
    book(ours)  # first, so that none of those below pays for reading the packages from the disk
    cold = seconds(book, copy_of_project(tmp_path / "again"))
    plain = seconds(jupyter_book, plain_book(ours, tmp_path / "plain"))
    row = seconds(papermill_in_a_row, plain_book(ours, tmp_path / "row"))
    alone, cells = seconds(pages, ours), cells_in_one_warm_kernel(ours, tmp_path)
    floor = cells / os.cpu_count() + alone
    print(
        f"\ncold build: {cold:.1f} s; jupyter-book alone {plain:.1f} s, ratio {cold / plain:.2f}; "
        f"papermill in a row, then jupyter-book {row:.1f} s, ratio {cold / row:.2f}"
    )
    print(
        f"floor: cells {cells:.1f} s on {os.cpu_count()} cores + pages {alone:.1f} s = {floor:.1f} s, "
        f"ratio {cold / floor:.2f}"
    )
    assert cold <= PLAIN * plain and cold <= FLOOR * floor


def test_changes(ours):
    book(ours)
    pages(ours)
    nothing, sphinx = seconds(book, ours), seconds(pages, ours)
    print(f"\nno change: {nothing:.1f} s; Sphinx with no change {sphinx:.1f} s, ratio {nothing / sphinx:.2f}")
    beyond = {}
    for what, file, old, new in (
        ("a prose page", "book/limits.md", "\n## ", "\nOne more sentence.\n\n## "),
        ("a chapter", "notebooks/framework.ipynb", "## Key points", "## The key points"),
        ("a table", "data/article/funds.csv", "charity fairs", "fairs"),
    ):
        for change in (
            (old, new),
            (new, old),
        ):  # taking it back is an edit, too; the less disturbed one counts
            before = {f.name: f.read_bytes() for f in (ours / "_executed").glob("*.json")}
            replaced(ours / file, *change)
            took = seconds(book, ours)
            again = [f for f in (ours / "_executed").glob("*.json") if f.read_bytes() != before[f.name]]
            own = max((json.loads(f.read_text())["seconds"] for f in again), default=0)
            beyond[what] = min(beyond.get(what, took), took - own)
            print(
                f"one edit of {what} ({file}): {took:.1f} s, of which the longest of "
                f"{len(again)} chapters {own:.1f} s"
            )
    print("seconds beyond the longest chapter:", {what: round(least, 1) for what, least in beyond.items()})
    assert nothing <= NOTHING and nothing <= SPHINX * sphinx and max(beyond.values()) <= EDIT


def test_growth(tmp_path):
    """Cold builds of 8, 16, 32 and 64 chapters: time per chapter and memory do not grow."""
    taken, memory = {}, {}
    for times in (1, 2, 4, 8):
        project = small_book(tmp_path / f"{times}")
        again = tmp_path / f"{times} again"
        toc = project / "_toc.yml"
        for name in ("first", "second"):
            for copy in range(1, 4 * times):
                shutil.copy(project / f"notebooks/{name}.ipynb", project / f"notebooks/{name}{copy}.ipynb")
                replaced(project / f"notebooks/{name}{copy}.ipynb", "Rows of", f"Rows, copy {copy}, of")
                toc.write_text(toc.read_text() + f"  - file: notebooks/{name}{copy}\n")
        shutil.copytree(project, again)
        taken[times] = min(seconds(book, project), seconds(book, again))  # the less disturbed one
        memory[times] = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000
        print(f"\n{8 * times} chapters: {taken[times]:.1f} s, largest process so far {memory[times]:.0f} MB")
    assert taken[8] <= 8 * taken[1] and taken[8] - taken[4] <= 2.2 * (taken[4] - taken[2])
    assert memory[8] <= 1.2 * memory[1]
