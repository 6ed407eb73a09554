"""What is noticed when a table or a module that a chapter reads has changed.

The same notebook, built twice by jupyter-book alone with its cache of executions, and planned by
`embedgov_press.dependencies`. The cache knows the notebook only and shows the old value; a record knows
what the run has read.
"""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))
from conftest import make_project, write_notebook  # noqa: E402

from embedgov_press import dependencies, execution  # noqa: E402

CELLS = [(None, "import helper\nprint('value', helper.WORD, open('../data/a.csv').read())")]


@pytest.mark.parametrize("changed", ["data/a.csv", "notebooks/helper.py"])
def test_the_default_stack_misses_a_changed_table_or_module_and_ours_does_not(changed, tmp_path, monkeypatch):
    project = make_project(tmp_path, monkeypatch, one=CELLS)
    plain = project / "plain"
    (plain / "notebooks").mkdir(parents=True)
    (plain / "data").mkdir()
    write_notebook(plain / "notebooks" / "one.ipynb", CELLS)
    (plain / "_toc.yml").write_text("format: jb-book\nroot: notebooks/one\n")
    (plain / "_config.yml").write_text("title: Plain\nexecute:\n  execute_notebooks: cache\n")
    for folder in (project, plain):
        (folder / "data" / "a.csv").write_text("WORD = 'old'")
        (folder / "notebooks" / "helper.py").write_text("WORD = 'old'")
    copy = execution.run("one", project / "copies")
    for word in ("old", "new"):
        for folder in (project, plain):
            (folder / changed).write_text(f"WORD = '{word}'")
        program = str(Path(sys.executable).with_name("jupyter-book"))
        subprocess.run([program, "build", "."], cwd=plain, check=True, capture_output=True)
    page = (plain / "_build" / "html" / "notebooks" / "one.html").read_text()
    assert "value old" in page and "new" not in page[page.index("value old") :][:60]
    assert dependencies.stale_reason(copy, {}) == f"{changed} changed"
