"""The reference, the gallery and the page for a study of one's own: complete, and their examples run."""

import ast
import doctest
import importlib
import inspect
import json
import multiprocessing
import re
import subprocess
import sys

import pytest
from conftest import ROOT
from numpydoc.docscrape import NumpyDocString

from embedgov import plotting
from embedgov_study import figures

PAGES = sorted(path.stem for path in (ROOT / "book" / "reference").glob("*.md") if path.stem != "index")
SCRIPT = ROOT / "book" / "own_study.py"
NO_FIGURES = {"missing_glyphs", "require_glyphs", "reset_theme", "set_theme"}


def public(page):
    """The functions and classes that a page of the reference describes, by their names."""
    module = importlib.import_module(f"embedgov.{page}")
    names = getattr(module, "__all__", [name for name in vars(module) if not name.startswith("_")])
    found = {name: getattr(module, name) for name in names}
    return {
        name: each
        for name, each in found.items()
        if (inspect.isfunction(each) or inspect.isclass(each)) and each.__module__.startswith(module.__name__)
    }


EXAMPLES = [
    (page, name)
    for page in PAGES
    for name, each in public(page).items()
    if doctest.DocTestFinder().find(each, name) and ">>>" in (each.__doc__ or "")
]


def run(page, name):
    """Run the example of a function with nothing imported but what it imports itself."""
    each = public(page)[name]
    example = doctest.DocTestParser().get_doctest(each.__doc__, {}, name, None, None)
    sys.exit(doctest.DocTestRunner().run(example).failed)


@pytest.fixture(scope="module")
def processes():
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["matplotlib.pyplot", "pandas", "seaborn", "scipy.stats", __name__])
    return context


@pytest.mark.parametrize(("page", "name"), EXAMPLES)
def test_every_example_of_the_reference_runs_in_a_process_of_its_own(processes, page, name):
    process = processes.Process(target=run, args=(page, name))
    process.start()
    process.join()
    assert process.exitcode == 0


def test_the_reference_has_a_page_for_every_module_and_names_it():
    modules = {path.stem for path in (ROOT / "src" / "embedgov").glob("*.py")} - {
        "__init__",
        "__main__",
        "errors",
    }
    modules -= {"docstrings", "intervals", "lookalike", "ratings"}  # of which the others are made
    assert set(PAGES) == modules | {"plotting"}
    listed = (ROOT / "book" / "reference" / "index.md").read_text(encoding="utf-8")
    for page in PAGES:
        text = (ROOT / "book" / "reference" / f"{page}.md").read_text(encoding="utf-8")
        assert f".. automodule:: embedgov.{page}\n" in text and f"{{doc}}`{page}`" in listed


@pytest.mark.parametrize(("page", "name"), [(page, name) for page in PAGES for name in public(page)])
def test_what_the_reference_lists_is_documented_to_the_last_argument(page, name):
    each = public(page)[name]
    text = inspect.getdoc(each) or ""
    assert ">>>" in text.partition("Examples\n--------")[2] and not re.search(r"^\s*<\w+>$", text, re.M)
    sections = NumpyDocString(text)
    entries = [entry.name for part in ("Parameters", "Attributes") for entry in sections[part]]
    documented = [argument for entry in entries for argument in re.findall(r"\w+", entry)]
    assert sorted(documented) == sorted(inspect.signature(each).parameters)
    if inspect.isfunction(each):
        assert each.__annotations__.get("return", None) is None or sections["Returns"]
        assert "raise " not in inspect.getsource(each) or sections["Raises"]


def cells(name):
    notebook = json.loads((ROOT / "notebooks" / f"{name}.ipynb").read_text(encoding="utf-8"))
    return ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]


def test_the_gallery_has_every_general_figure_and_none_of_this_study():
    drawn = set(re.findall(r"plotting\.(\w+)\(", "\n".join(cells("gallery"))))
    assert drawn - {"set_theme"} == set(plotting.__all__) - NO_FIGURES - {"FONT_FILES"}
    assert not drawn & set(figures.__all__)


def statements(source, but):
    """The statements of a source one by one, without calls of some functions and some imports."""
    return [
        ast.unparse(node)
        for node in ast.parse(source).body
        if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call | ast.Constant))
        and not any(word in ast.unparse(node) for word in but)
    ]


def test_the_file_to_download_has_the_code_of_its_page_and_no_other():
    script = SCRIPT.read_text(encoding="utf-8")
    shown = statements("\n".join(cells("own_study")), ["embedgov_study", "single =", "script ="])
    # The page draws in the language of its edition.
    assert statements(script, []) == [each.replace(", language=language()", "") for each in shown]
    code = script.split('"""', 2)[2]
    assert sum(bool(line.strip()) for line in code.splitlines()) <= 40
    assert script.index("invented") < script.index("import") and "embedgov_study" not in script


# Run a file as a user does who has installed the library and nothing else of this project.
ALONE = """
import runpy, sys
sys.modules.update(dict.fromkeys(sys.argv[2:]))
runpy.run_path(sys.argv[1], run_name="__main__")
"""


def test_the_file_to_download_draws_five_figures_in_a_process_and_a_folder_of_its_own(tmp_path):
    script, folder = tmp_path / SCRIPT.name, tmp_path / "figures"
    script.write_text(SCRIPT.read_text(encoding="utf-8").replace("draws=1000", "draws=20"), encoding="utf-8")
    folder.mkdir()
    others = {path.parent.name for path in (ROOT / "src").glob("*/__init__.py")} - {"embedgov"}
    done = subprocess.run(
        [sys.executable, "-I", "-c", ALONE, script, *others], cwd=folder, capture_output=True, text=True
    )
    assert done.returncode == 0 and "embedgov_study" in others, done.stderr
    names = ("agreement", "bounds", "cases", "counts", "universes")
    assert sorted(path.name for path in folder.iterdir()) == [f"{name}.svg" for name in names]
    assert all("<path" in path.read_text(encoding="utf-8") for path in folder.iterdir())
