"""The chapters: what is stored, and that each runs with other parameters than the published ones."""

import ast

import nbformat
import pytest
from conftest import ROOT

from embedgov_press import execution
from embedgov_study.errors import NotebookError

NOTEBOOKS = sorted(p.stem for p in (ROOT / "notebooks").glob("*.ipynb"))

# Decisions other than the published ones, per chapter.
CHANGED = {
    "register": {"batch": 4, "language": "zh"},
    "selection": {"language": "zh"},
    "setting": {"language": "zh"},
    "zones": {"language": "zh"},
    "framework": {"codebook": "statements_final", "language": "zh"},
    "claims": {"rule": "all", "language": "zh"},
    "bounds": {"reading": "cover", "language": "zh"},
    "subject": {"rule": "any", "naming": False, "language": "zh"},
    "institution": {"rule": "all", "language": "zh"},
    "resource": {"rule": "any", "language": "zh"},
    "technique": {"rule": "all", "language": "zh"},
    "cases": {"rule": "any", "segments": 2, "language": "zh"},
    "agreement": {"round": "pilot", "draws": 200, "language": "zh"},
    "passes": {"draws": 200, "seed": 2, "language": "zh"},
    "lab": {"of": "segments", "n": 30, "seed": 3, "language": "zh"},
    "statements": {"rule": "any", "round": "pilot", "language": "zh"},
    "robustness": {"direction": "SOC", "p": 0.1, "draws": 2000, "language": "zh"},
    "transfer": {"rule": "any", "round": "pilot", "language": "zh"},
    "findings": {"rule": "any", "claims_by": "reading", "language": "zh"},
    "directions": {"strength": "explicit", "rule": "any", "language": "zh"},
}


def stored(name):
    return nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4)


def is_reference(name):
    """Whether a notebook is a page for looking things up and no chapter."""
    return "reference" in stored(name).metadata["embedgov"]


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def figures(notebook):
    return {
        cell.metadata["mystnb"]["figure"]["name"]: output.data["image/svg+xml"]
        for cell in code_cells(notebook)
        for output in cell.outputs
        if "image/svg+xml" in output.get("data", {})
    }


CHAPTERS = [name for name in NOTEBOOKS if not is_reference(name)]


def test_every_chapter_is_tried_with_other_parameters():
    assert sorted(CHANGED) == CHAPTERS


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_is_valid_and_stored_without_outputs(name):
    notebook = stored(name)
    nbformat.validate(notebook)
    assert all(not c.outputs and c.execution_count is None for c in code_cells(notebook))


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_says_what_it_is_for(name):
    notebook = stored(name)
    about = notebook.metadata["embedgov"]
    assert len(about["questions"]) >= 2 and len(about["objectives"]) >= 2
    assert {"teaching", "exercises"} == set(about["minutes"])
    tags = [tag for cell in notebook.cells for tag in cell.metadata.get("tags", [])]
    assert tags.count("parameters") == 1 and tags.count("key-points") == 1


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_chapter_writes_no_file(name):
    source = "\n".join(cell.source for cell in code_cells(stored(name)))
    for call in ("open(", "to_csv", "savefig", "write_text", "mkdir"):
        assert call not in source


def bodies(sources):
    """What the functions and classes of sources do, whatever they are called, without docstrings."""
    nodes = [node for source in sources for node in ast.walk(ast.parse(source))]
    functions = [node for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    return {
        ast.dump(ast.Module(node.body[ast.get_docstring(node) is not None :], [])): node.name
        for node in functions
    }


def test_no_chapter_defines_what_the_package_or_another_chapter_does():
    done = bodies(path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py"))
    for name in NOTEBOOKS:
        own = bodies(cell.source for cell in code_cells(stored(name)))
        assert not {own[body] for body in own.keys() & done.keys()}, name
        done |= own


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_value_that_a_chapter_cannot_have_is_refused_with_what_it_may_be(name, tmp_path):
    """Each parameter says what it may be; the published value is one, and others are named."""
    about = stored(name).metadata["embedgov"]["parameters"]
    published = {k: ast.literal_eval(v) for k, v in execution.declared_parameters(name).items()}
    assert about.keys() == published.keys()
    wrong = {str: "sometimes", int: -9, float: -0.5}
    for key, value in published.items():
        execution._allowed(name, {key: value, **CHANGED[name]})
        if value is True:
            continue
        with pytest.raises(NotebookError) as refusal:
            execution.run(name, tmp_path / "out", {key: wrong[type(value)]})
        assert f"{name}.ipynb: the parameter {key} is {wrong[type(value)]!r}; expected " in str(refusal.value)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_runs_with_other_parameters_and_shows_it(name, built, tmp_path):
    published = nbformat.read(built / "_executed" / f"{name}.ipynb", as_version=4)
    changed = nbformat.read(execution.run(name, tmp_path, CHANGED[name]), as_version=4)
    assert figures(published).keys() == figures(changed).keys() != set()
    for label, svg in figures(published).items():
        assert svg != figures(changed)[label], f"{label} ignores {CHANGED[name]}"
    for cell in code_cells(changed):
        assert not any(output.output_type == "error" for output in cell.outputs)
