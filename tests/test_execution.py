"""Executing notebooks: parameters, failures, normalisation, what may not be published."""

import subprocess

import nbformat
import pytest
from conftest import embedgov

from embedgov.errors import DataError
from embedgov_press import execution, kernels, site
from embedgov_study.errors import NotebookError

executes = pytest.mark.book  # with a kernel, whose start takes a while


@executes
def test_a_run_uses_the_given_parameter(notebook_project):
    project = notebook_project(one=[("parameters", "batch = 3"), (None, "print(batch * 2)")])
    executed = execution.run("one", project / "out", {"batch": 4})
    outputs = [o.text for c in nbformat.read(executed, 4).cells for o in c.get("outputs", [])]
    assert outputs == ["8\n"]
    assert not (project / "_executed").exists()


def test_an_undeclared_parameter_is_refused_before_anything_runs(notebook_project):
    project = notebook_project(one=[("parameters", "batch = 3"), (None, "open('ran', 'w')")])
    with pytest.raises(NotebookError, match=r"one\.ipynb declares no parameter 'bach'.*batch"):
        execution.run("one", project / "out", {"bach": 4})
    assert not (project / "notebooks" / "ran").exists()


def test_an_unknown_chapter_is_refused_with_the_known_ones(notebook_project):
    project = notebook_project(one=[(None, "1")])
    with pytest.raises(NotebookError, match="no chapter 'two'; there are: one"):
        execution.run("two", project / "out")


@executes
def test_a_failing_cell_is_named_with_the_end_of_its_traceback(notebook_project):
    project = notebook_project(one=[(None, "x = 0"), (None, "1 / x")])
    with pytest.raises(NotebookError) as caught:
        execution.run("one", project / "out")
    message = str(caught.value)
    assert "notebooks/one.ipynb, cell 2 (cell-2) raised ZeroDivisionError" in message
    assert message.endswith("ZeroDivisionError: division by zero")
    assert "\x1b" not in message


@executes
def test_two_runs_write_the_same_bytes(notebook_project):
    project = notebook_project(one=[("parameters", "n = 1"), (None, "print(n)"), (None, "{n}")])
    first, second = (execution.run("one", project / folder, {"n": 2}).read_bytes() for folder in ("a", "b"))
    assert first == second
    assert b"execution" not in first.replace(b"execution_count", b"")


FAULTS = {
    "stderr": ("import sys; print('careful', file=sys.stderr)", "writes to standard error"),
    "address": ("object()", "memory address '<object at 0x"),
    "path": ("print('/home/me/data.csv')", "absolute path '/home/me/data.csv'"),
    "bare figure": (
        "import matplotlib.pyplot as plt; plt.plot([1, 2]); plt.show()",
        "a figure without name, caption or alternative text",
    ),
}


@executes
@pytest.mark.parametrize("source, reason", FAULTS.values(), ids=FAULTS.keys())
def test_what_may_not_be_published_is_named(notebook_project, source, reason):
    project = notebook_project(one=[(None, source)])
    with pytest.raises(NotebookError) as caught:
        execution.run("one", project / "out")
    assert "notebooks/one.ipynb, cell 1 (cell-1)" in str(caught.value)
    assert reason in str(caught.value)


@executes
def test_each_named_chapter_runs_exactly_once_and_leaves_copy_and_record(notebook_project):
    note = "import pathlib; pathlib.Path('log').open('a').write('{}\\n')"
    names = ("one", "two", "three")
    project = notebook_project(**{name: [(None, note.format(name))] for name in names})
    (project / "_build").mkdir()
    (project / "into").mkdir()
    execution.run_all(["one", "three"], project / "into")
    log = (project / "notebooks" / "log").read_text().split()
    assert sorted(log) == ["one", "three"]
    assert {p.name for p in (project / "into").iterdir()} == {
        "one.ipynb",
        "one.json",
        "three.ipynb",
        "three.json",
    }


@executes
def test_a_failing_chapter_is_left_aside_and_the_sound_one_is_kept(notebook_project):
    project = notebook_project(good=[(None, "print('new')")], bad=[(None, "raise ValueError('x')")])
    (project / "_build").mkdir()
    (project / "into").mkdir()
    with pytest.raises(NotebookError, match="bad.ipynb, cell 1"):
        execution.run_all(["good", "bad"], project / "into")
    assert not (project / "into" / "bad.ipynb").exists()
    assert (project / "_build" / "failed" / "bad.ipynb").exists()
    assert [p.name for p in (project / "_build").iterdir()] == ["failed"]


def test_nothing_is_started_where_a_table_is_not_sound(notebook_project, monkeypatch):
    project = notebook_project(one=[(None, "print(1)")])
    (project / "_toc.yml").write_text("format: jb-book\nroot: notebooks/one\n")
    monkeypatch.setattr(subprocess, "Popen", lambda *_, **__: pytest.fail("Sphinx was started"))
    monkeypatch.setattr(kernels, "warm_up", lambda: pytest.fail("a kernel was started"))
    with pytest.raises(DataError, match="datapackage.json:-:resource resources"):
        site.publish()
    assert not (project / "_executed").exists() and not (project / "_build" / "html").exists()


@executes
def test_texts_of_a_figure_become_its_cell_metadata(notebook_project):
    show = (
        "from embedgov import plotting\n"
        "from embedgov_study.display import figure\n"
        "import matplotlib.pyplot as plt\n"
        "plotting.set_theme()\n"
        "import pandas as pd\n"
        "figure(plt.subplots()[1], name='fig-empty', caption='Nothing, {}.'.format(1),"
        " alt='An empty frame', data=pd.DataFrame({'a': [1]}))"
    )
    project = notebook_project(one=[(None, show)])
    cell = nbformat.read(execution.run("one", project / "out"), 4).cells[0]
    assert cell.metadata.mystnb == {
        "image": {"alt": "An empty frame"},
        "figure": {"name": "fig-empty", "caption": "Nothing, 1."},
    }
    image, table = cell.outputs
    assert "image/svg+xml" in image.data and "text/html" in table.data
    assert "embedgov" not in image.metadata and table.metadata.embedgov.csv == "a\n1\n"


@executes
def test_the_command_runs_one_chapter_into_a_folder_of_the_callers(notebook_project, tmp_path):
    project = notebook_project(one=[("parameters", "word = 'a'"), (None, "print(word, type(word))")])
    done = embedgov("notebooks", "run", "one", "-p", "word", "b", "--into", "mine", cwd=project)
    assert done.returncode == 0, done.stderr
    assert "b <class 'str'>" in (project / "mine" / "one.ipynb").read_text()
    refused = embedgov("notebooks", "run", "one", "-p", "wrod", "b", "--into", "mine", cwd=project)
    assert refused.returncode == 1
    assert "declares no parameter 'wrod'" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_folder_is_replaced_also_after_an_interrupted_replacement(tmp_path):
    (tmp_path / "site.old").mkdir()
    (tmp_path / "site.old" / "page").write_text("last good")
    execution.restore_folder(tmp_path / "site")
    assert (tmp_path / "site" / "page").read_text() == "last good"
    (tmp_path / "fresh").mkdir()
    (tmp_path / "fresh" / "page").write_text("new")
    execution.replace_folder(tmp_path / "fresh", tmp_path / "site")
    assert (tmp_path / "site" / "page").read_text() == "new"
    assert [p.name for p in tmp_path.iterdir()] == ["site"]


def test_a_folder_takes_the_place_of_a_file_and_of_what_an_interruption_left(tmp_path):
    (tmp_path / "site").write_text("no folder")
    (tmp_path / "site.old").mkdir()
    (tmp_path / "fresh").mkdir()
    execution.replace_folder(tmp_path / "fresh", tmp_path / "site")
    assert (tmp_path / "site").is_dir()
    assert [p.name for p in tmp_path.iterdir()] == ["site"]


@executes
def test_a_chapter_that_ends_early_is_not_published(notebook_project):
    early = "import sys, warnings; warnings.simplefilter('ignore'); sys.exit(0)"
    project = notebook_project(one=[(None, early), (None, "print('the conclusion')")])
    with pytest.raises(NotebookError) as caught:
        execution.run("one", project / "out")
    assert "cell 1 (cell-1): stops the chapter" in str(caught.value)
    assert "cell 2 (cell-2): was never executed" in str(caught.value)


@executes
def test_a_kernel_that_dies_is_told_with_its_notebook(notebook_project):
    project = notebook_project(one=[(None, "import os; os._exit(1)")])
    with pytest.raises(NotebookError, match="notebooks/one.ipynb: the kernel stopped"):
        execution.run("one", project / "out")


@pytest.mark.parametrize("folder", [".", "notebooks", "_executed/mine", "_build/mine", "book", "data/a/b"])
def test_a_run_never_writes_into_the_book(notebook_project, folder):
    project = notebook_project(one=[(None, "1")])
    before = (project / "notebooks" / "one.ipynb").read_bytes()
    with pytest.raises(NotebookError, match="belongs to the book; name a folder of your own"):
        execution.run("one", project / folder)
    assert (project / "notebooks" / "one.ipynb").read_bytes() == before


@executes
def test_a_copy_says_right_below_its_title_what_is_not_as_published(notebook_project):
    project = notebook_project(one=[("parameters", "batch = 3\np = 0.5\nrule = 'all'"), (None, "batch")])
    source = project / "notebooks" / "one.ipynb"
    notebook = nbformat.read(source, 4)
    notebook.cells.insert(0, nbformat.v4.new_markdown_cell("# One\n\nIt opens so.", id="title"))
    nbformat.write(notebook, source)
    run = nbformat.read(execution.run("one", project / "out", {"batch": 4, "p": 1, "rule": "all"}), 4)
    title, note, opening = (cell.source for cell in run.cells[:3])
    assert (title, opening) == ("# One", "It opens so.")
    assert "not the published values" in note
    assert "`batch` is `4`; the published value is `3`" in note
    assert "`p` is `1.0`; the published value is `0.5`" in note and "rule" not in note
    same = nbformat.read(execution.run("one", project / "same", {"batch": 3, "rule": "all"}), 4)
    assert same.cells[0].source == "# One\n\nIt opens so."
    assert "published" not in "".join(cell.source for cell in same.cells)


def test_a_parameter_of_another_type_is_refused(notebook_project):
    project = notebook_project(one=[("parameters", "batch = 3\nlanguage = 'en'")])
    with pytest.raises(NotebookError, match=r"batch is '4', of type str; expected int, like 3"):
        execution.run("one", project / "out", {"batch": "4"})
    with pytest.raises(NotebookError, match=r"language is False, of type bool; expected str, like 'en'"):
        execution.run("one", project / "out", {"language": False})


@executes
def test_settings_of_the_user_do_not_reach_a_chapter(notebook_project, tmp_path, monkeypatch):
    (tmp_path / "matplotlibrc").write_text("font.size: 33\n")
    monkeypatch.setenv("MATPLOTLIBRC", str(tmp_path / "matplotlibrc"))
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    show = "import os, matplotlib; print(matplotlib.rcParams['font.size'], os.environ['TZ'])"
    project = notebook_project(one=[(None, show)])
    (cell,) = nbformat.read(execution.run("one", project / "out"), 4).cells
    assert cell.outputs[0].text == "10.0 UTC\n"
    assert execution.os.environ["TZ"] == "Asia/Shanghai"
