"""Never stale: what is used again follows from what is there, and a warm build equals a cold one."""

import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import papermill
import pytest
from conftest import ROOT, make_project, move_to
from small_book import small_book, tree

from embedgov_press import dependencies, execution
from embedgov_study.project import here

pytestmark = pytest.mark.book


@pytest.fixture(scope="module")
def executed_once(tmp_path_factory):
    """A project of two executed chapters, of which the first reads a table; to be copied."""
    project = tmp_path_factory.mktemp("executed")
    with pytest.MonkeyPatch.context() as monkeypatch:
        make_project(
            project,
            monkeypatch,
            one=[("parameters", "n = 1"), (None, "print(open('../data/a.csv').read())")],
            two=[(None, "print(2)")],
        )
        (project / "data" / "a.csv").write_text("old")
        (project / "data" / "b.csv").write_text("other")
        for name in ("one", "two"):
            execution.run(name, project / "copies")
    (project / "copies").rename(project / "_executed")
    return project


@pytest.fixture
def read_by_one(executed_once, tmp_path, monkeypatch):
    """A copy of the project of two executed chapters, in which this process works."""
    project = shutil.copytree(executed_once, tmp_path / "project")
    move_to(project, monkeypatch)
    return project


def reasons():
    return {name: dependencies.stale_reason(here().executed / f"{name}.ipynb", {}) for name in ("one", "two")}


def test_a_record_names_what_was_read_and_how_long_it_took(read_by_one):
    record = json.loads((read_by_one / "_executed" / "one.json").read_text())
    assert {"data/a.csv", "notebooks/one.ipynb"} <= set(record["reads"])
    assert "data/b.csv" not in record["reads"]
    assert record["seconds"] > 0


def test_what_was_not_read_changes_nothing_and_neither_does_a_time_stamp(read_by_one):
    (read_by_one / "data" / "b.csv").write_text("changed")
    os.utime(read_by_one / "data" / "a.csv", (2_000_000_000, 2_000_000_000))
    assert reasons() == {"one": "", "two": ""}


def test_what_an_editor_leaves_beside_a_source_is_no_input(read_by_one):
    before = dependencies.input_hashes()
    for name in ("data/.a.csv.swp", "notebooks/.ipynb_checkpoints/one-checkpoint.ipynb"):
        (read_by_one / name).parent.mkdir(exist_ok=True)
        (read_by_one / name).write_text("left")
    assert dependencies.input_hashes() == before
    (read_by_one / "data" / "c.csv").write_text("new")
    assert dependencies.input_hashes().keys() - before.keys() == {"data/c.csv"}


def test_a_change_makes_the_chapters_stale_that_read_it_also_with_an_old_time_stamp(read_by_one):
    table = read_by_one / "data" / "a.csv"
    table.write_text("new")
    os.utime(table, (0, 0))
    assert reasons() == {"one": "data/a.csv changed", "two": ""}
    table.unlink()
    assert reasons() == {"one": "data/a.csv changed", "two": ""}
    table.write_text("old")
    assert reasons() == {"one": "", "two": ""}


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda copies: (copies / "two.ipynb").write_text("{}"), "the executed copy was altered"),
        (lambda copies: (copies / "two.ipynb").unlink(), "never executed"),
        (lambda copies: (copies / "two.json").unlink(), "no record of its execution"),
        (lambda copies: (copies / "two.json").write_text("{"), "no record of its execution"),
    ],
)
def test_a_copy_that_was_tampered_with_is_not_used(read_by_one, damage, reason):
    damage(read_by_one / "_executed")
    assert reasons() == {"one": "", "two": reason}


@pytest.mark.parametrize("what", ["Python", "the installed packages", "how chapters are executed"])
def test_other_surroundings_make_every_chapter_stale(read_by_one, what, monkeypatch):
    now = dependencies.toolchain()
    monkeypatch.setattr(dependencies, "toolchain", lambda: now | {what: "another"})
    assert reasons() == {"one": f"{what} changed", "two": f"{what} changed"}


def test_what_a_kernel_imports_before_it_notes_counts_for_every_chapter():
    """Of our own package; packages without code and the command line have nothing that a chapter shows."""
    program = (
        "import sys, embedgov_cli, embedgov_press.kernels\n"
        "print(*(m.__file__ for n, m in sys.modules.items() if n.startswith('embedgov')))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    early = {Path(file) for file in done.stdout.split()}
    silent = {file for file in early if file.name in ("__init__.py", "cli.py", "commands.py")}
    assert early - silent <= set(dependencies._MAKERS)
    assert {"errors.py", "project.py"} <= {file.name for file in early}


def test_a_copy_with_other_parameters_is_never_taken_for_the_published_one(read_by_one):
    execution.run("one", read_by_one / "mine", {"n": 2})
    for file in ("one.ipynb", "one.json"):
        shutil.copy(read_by_one / "mine" / file, read_by_one / "_executed" / file)
    assert reasons()["one"] == "executed with other parameters"


def test_kernels_share_no_state_and_give_what_a_kernel_of_its_own_gives(notebook_project, tmp_path):
    leave = "import os, pandas; pandas.left = os.environ['LEFT'] = 'behind'; print('done')"
    find = "import os, pandas; print(hasattr(pandas, 'left'), 'LEFT' in os.environ, pandas.Series([1.5]))"
    project = notebook_project(leave=[(None, leave)], find=[(None, find)])
    execution.run("leave", project / "out")
    ours = nbformat.read(execution.run("find", project / "out"), 4).cells[0].outputs
    papermill.execute_notebook(
        str(project / "notebooks" / "find.ipynb"),
        str(tmp_path / "plain.ipynb"),
        kernel_name="python3",
        progress_bar=False,
    )
    assert ours[0].text.startswith("False False")
    assert ours == nbformat.read(tmp_path / "plain.ipynb", 4).cells[0].outputs


def test_a_module_beside_the_notebooks_is_an_input_as_a_table_is(notebook_project):
    project = notebook_project(one=[(None, "import helper\nprint(helper.WORD)")])
    helper = project / "notebooks" / "helper.py"
    helper.write_text("WORD = 'old'")
    copy = execution.run("one", project / "copies")
    assert dependencies.stale_reason(copy, {}) == ""
    helper.write_text("WORD = 'new'")
    assert dependencies.stale_reason(copy, {}) == "notebooks/helper.py changed"


# ---- sequences of edits on a small book with a package of its own ----

FIGURE = """\
from embedgov import plotting
from embedgov_study import data
from embedgov_study.display import figure, tell
plotting.set_theme()
counts = data.table("direction_counts")
numbers = data.table("numbers").set_index("num_id")["value"]
counts["count"] = counts["num_id"].map(numbers).astype(int)
tell(most=int(counts["count"].max()))
figure(plotting.margin_bars(counts, total=40), name="fig-counts", caption="Counts of zones.",
       alt="Four bars of counts", data=counts[["code", "count"]])"""


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    """A book of three pages and two chapters, built, with a copy of the package that can be edited."""
    project = small_book(tmp_path_factory.mktemp("base"), whole=True)
    write_cells(project / "notebooks" / "first.ipynb", "# Bars", FIGURE, "## Reading\n\nThe margin is told.")
    (project / "book" / "start.md").write_text(
        "# Start\n\nAt most {glue:text}`../notebooks/first.ipynb::most:d` in {numref}`fig-counts` "
        "{cite:p}`manski_2003`, by {doc}`../notebooks/second`.\n\n## More\n\nA codebook and alpha.\n"
    )
    (project / "book" / "glossary.md").write_text(
        "# Glossary\n\n```{glossary}\ncodebook\n  The rules.\n\nalpha\n  A coefficient.\n```\n"
    )
    (project / "book" / "works.md").write_text("# Works\n\n```{bibliography}\n```\n")
    pages = ("notebooks/first", "notebooks/second", "book/glossary", "book/works")
    toc = "format: jb-book\nroot: book/start\nchapters:\n" + "".join(f"  - file: {p}\n" for p in pages)
    (project / "_toc.yml").write_text(toc)
    shutil.copytree(ROOT / "src", project / "src", ignore=shutil.ignore_patterns("__pycache__"))
    build(project)
    return project


def write_cells(path, title, code, text):
    """Give a notebook a title, a code cell and a text."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    blank = {"metadata": {}, "outputs": [], "execution_count": None}
    notebook["cells"] = [
        {"cell_type": "markdown", "id": "title", "metadata": {}, "source": title},
        {"cell_type": "code", "id": "code", "source": code} | blank,
        {"cell_type": "markdown", "id": "text", "metadata": {}, "source": text},
    ]
    path.write_text(json.dumps(notebook), encoding="utf-8")


def run(project, *command):
    """Run Python with the package of a project."""
    environment = os.environ | {"PYTHONPATH": str(project / "src")}
    done = subprocess.run(
        [sys.executable, *command], cwd=project, capture_output=True, text=True, env=environment
    )
    assert done.returncode == 0, done.stderr
    return done.stderr + done.stdout


def build(project, *options):
    return run(project, "-m", "embedgov", "book", *options)


# Without the start of another process.
FORETELL_AND_BUILD = """
import sys
from embedgov_press import site
print(site.explain(), file=sys.stderr)
print("foretold", file=sys.stderr)
site.publish()
"""


def replaced(file, old, new):
    """Change the first occurrence of something in a file, and pretend that it happened long ago."""
    text = file.read_text(encoding="utf-8")
    assert old in text, (file, old)
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    os.utime(file, (0, 0))


EDITS = {
    "prose": ("book/start.md", "A codebook", "One more sentence. A codebook"),
    "title of a page": ("book/start.md", "# Start", "# Begin"),
    "explanation": ("book/glossary.md", "The rules.", "The rules of coding."),
    "title of a work": ("book/references.bib", "title = {", "title = {On "),
    "style": ("book/_static/embedgov.css", "{", "{ orphans: 3;"),
    "text of a chapter": ("notebooks/first.ipynb", "is told", "and {ref}`b3-02` are told in {doc}`second`"),
    "title of a chapter": ("notebooks/second.ipynb", "# On", "# Once more on"),
    "order of chapters": (
        "_toc.yml",
        "notebooks/first\n  - file: notebooks/second",
        "notebooks/second\n  - file: notebooks/first",
    ),
    "title of the book": ("_config.yml", "title: Embedded Governance", "title: Governance"),
    "statement": ("data/registry/designations.csv", "Implement ", "Really implement "),
    "name of a place": ("data/registry/units.csv", "Haidian", "Haidian-on-Sea"),
    "count": ("data/article/numbers.csv", ",37,", ",36,"),
    "label of a figure": ("src/embedgov/plotting/labels.csv", "{count} of {total}", "{count} out of {total}"),
    "figure": ("src/embedgov/plotting/margin_bars.py", "import ", "import  "),
    "template": ("src/embedgov_study/templates/designation.html", "<", "<!-- edited --><"),
    "module": ("src/embedgov_study/data.py", '"""', '"""Edited. '),
}


@pytest.fixture(scope="module")
def cold(base, tmp_path_factory):
    """The book after all edits, built from nothing."""
    project = tmp_path_factory.mktemp("cold") / "book"
    shutil.copytree(base, project, ignore=shutil.ignore_patterns("_build", "_executed"))
    for file, old, new in EDITS.values():
        replaced(project / file, old, new)
    build(project)
    return project


@pytest.mark.parametrize("seed", [1, 2])
def test_any_sequence_of_edits_and_warm_builds_gives_the_site_of_a_cold_one(base, cold, tmp_path, seed):
    """Each build says what it does as it was foretold."""
    draw = random.Random(seed)
    warm = shutil.copytree(base, tmp_path / "warm")
    edits = draw.sample(sorted(EDITS), len(EDITS))
    for some in (edits[:5], edits[5:10], edits[10:]):
        for name in some:
            file, old, new = EDITS[name]
            replaced(warm / file, old, new)
        foretold, said = run(warm, "-c", FORETELL_AND_BUILD).split("foretold\n")
        assert said.startswith(foretold)
    assert build(warm, "--explain") == "pages: nothing to do\n"
    for folder in ("book", "data", "notebooks", "src", "_build/html", "_executed"):
        made = [tree(project / folder) for project in (warm, cold)]
        differing = [name for name in {*made[0], *made[1]} if made[0].get(name) != made[1].get(name)]
        # Records and the certificate say how long it took.
        assert [n for n in differing if not n.endswith(".json") and n != "certificate.html"] == [], edits


def test_what_would_be_done_and_why_can_be_asked_and_asking_changes_nothing(base, tmp_path):
    project = shutil.copytree(base, tmp_path / "project")
    assert build(project, "--explain") == "pages: nothing to do\n"
    before = tree(project)
    file, old, new = EDITS["figure"]
    replaced(project / file, old, new)
    told = build(project, "--explain")
    assert told.splitlines()[0] == f"first: {file} changed"
    assert "second:" not in told and "executed chapters used again: 1" in told
    assert {name for name, content in tree(project).items() if before.get(name) != content} == {file}
    assert build(project, "--explain", "--force").count("asked for") == 3
