"""Hand-outs: what they hold and hide, and that each runs where nothing of the repository is."""

import functools
import importlib.metadata
import io
import json
import os
import re
import subprocess
import sys
import sysconfig
import unicodedata
import zipfile
from concurrent.futures import ThreadPoolExecutor

import accessibility
import nbformat
import openpyxl
import papermill
import pytest
from conftest import ROOT, embedgov
from nbformat.v4 import new_code_cell, new_markdown_cell
from pypdf import PdfReader

from embedgov_press.chapter_structure import overviews
from embedgov_press.directives import Directive, blocks
from embedgov_study.check import check
from embedgov_teach import handout_display, handout_notebook, pack, plain_markdown
from embedgov_teach.errors import TeachingError
from embedgov_teach.plain_markdown import ROLE, Plain

CHAPTERS = list(overviews())
# Parameters by which a chapter reads tables that it does not read with the published ones.
OTHERWISE = {
    "framework": {"codebook": "statements_final"},
    "statements": {"rule": "any", "round": "pilot"},
    "transfer": {"round": "pilot"},
}


# ---- the text


def plainly(base=""):
    numbers = {
        "n_zones": "12",
        "../notebooks/register.ipynb::n_places:d": "112",
        "n": "1",
        "answer": "2",
    }
    return Plain(
        "notebooks/cases",
        base,
        numbers.__getitem__,
        figures={"fig-cases": 1, "fig-together": 2},
        exercises={"ex-one": 1, "ex-two": 2},
    )


def made_plain(text, base=""):
    return plainly(base)(text)


@pytest.mark.parametrize(
    "written, shown, linked",
    [
        ("{glue:text}`n_zones` zones", "12 zones", "12 zones"),
        ("of {glue:text}`../notebooks/register.ipynb::n_places:d`", "of 112", "of 112"),
        (
            "{doc}`The next chapter <agreement>` asks",
            "The next chapter asks",
            "[The next chapter](https://b.org/notebooks/agreement.html) asks",
        ),
        (
            "see {doc}`../book/limits`",
            "see What stands",
            "see [What stands](https://b.org/book/limits.html)",
        ),
        (
            "{ref}`six bodies\nin Haidian <z01-02>`",
            "six bodies\nin Haidian",
            "[six bodies\nin Haidian](https://b.org/evidence/Z01.html#Z01-02)",
        ),
        (
            "{ref}`codebook-final`",
            "Official statements, final round",
            "[Official statements, final round](https://b.org/notebooks/codebooks.html#codebook-final)",
        ),
        ("{numref}`fig-together` and {ref}`ex-two`", "Figure 2 and exercise 2", "Figure 2 and exercise 2"),
        ("{term}`zones <experimental zone>`", "zones", "[zones](https://b.org/book/glossary.html)"),
        (
            "so {cite:t}`read_2012`, too",
            "so Read (2012), too",
            "so [Read (2012)](https://b.org/book/bibliography.html), too",
        ),
        (
            "{cite:p}`geddes_1990,collier_mahoney_1996`",
            "(Geddes 1990; Collier and Mahoney 1996)",
            "([Geddes 1990](https://b.org/book/bibliography.html); "
            "[Collier and Mahoney 1996](https://b.org/book/bibliography.html))",
        ),
        ("(a-place)=\n## Here", "## Here", "## Here"),
        (
            ":::{hint}\n:class: dropdown\nLook at {numref}`fig-cases`.\n:::",
            "<details><summary>Hint</summary>\n\nLook at Figure 1.\n\n</details>",
            "<details><summary>Hint</summary>\n\nLook at Figure 1.\n\n</details>",
        ),
        (
            "```{note}\nOne.\n\nTwo.\n```",
            "> **Note**\n>\n> One.\n>\n> Two.",
            "> **Note**\n>\n> One.\n>\n> Two.",
        ),
        (
            "```python\nx = '{glue:text}`n_zones`'\n```",
            "```python\nx = '{glue:text}`n_zones`'\n```",
            "```python\nx = '{glue:text}`n_zones`'\n```",
        ),
    ],
)
def test_a_text_becomes_plain_markdown(written, shown, linked):
    assert made_plain(written) == shown
    assert made_plain(written, "https://b.org") == linked


@pytest.mark.parametrize(
    "written, named",
    [
        ("{download}`file <x.csv>`", r"\{download\}"),
        ("{ref}`nowhere`", r"\{ref\}`nowhere`"),
        ("{doc}`nowhere`", r"\{doc\}`nowhere`"),
        ("{cite:p}`read_2012,nobody_1900`", "nobody_1900"),
        ("{glue:text}`n_nothing`", "n_nothing"),
        ("```{mermaid}\na\n```", "'mermaid'"),
        ("- one\n\n  ```{note}\n  within a list\n  ```", "within a list"),
    ],
)
def test_what_has_no_plain_form_is_refused_with_its_page(written, named):
    with pytest.raises(TeachingError, match=rf"notebooks/cases: .*no plain form.*{named}"):
        made_plain(written)


def test_works_are_named_in_full_once_and_sorted():
    first, second = plain_markdown.references("{cite:p}`read_2012, bray_2006` and {cite:t}`read_2012`")
    assert "Bray" in first and "2006" in first and "Read" in second and "2012" in second


# ---- the code that gives answers away


def a_chapter(**tags):
    """A chapter that shows one number and answers with another, each told by a cell of its own."""
    cells = [
        new_markdown_cell(
            "# Title\n\nThere are {glue:text}`n`.\n\n```{solution} ex-one\n{glue:text}`answer`.\n```",
            id="text",
        ),
        new_code_cell("tell(n=1)", id="number"),
        new_code_cell("tell(answer=2)", id="answer-number", metadata=tags),
    ]
    return handout_notebook.Chapter(cells, overviews()["cases"], {})


TOLD = {"number": {"n"}, "answer-number": {"answer"}}


def test_numbers_of_solutions_are_not_computed_in_a_handout():
    chapter = a_chapter(tags=["remove-cell", "solution"])
    for solutions, told in ((False, ["tell(n=1)"]), (True, ["tell(n=1)", "tell(answer=2)"])):
        cells = handout_notebook.make_notebook(chapter, plainly(), solutions, "cases", TOLD).cells
        assert [cell.source for cell in cells if "tell" in cell.source] == told


def test_a_cell_that_would_give_an_answer_away_is_refused():
    with pytest.raises(TeachingError, match="notebooks/cases, cell answer-number: it tells answer, which no"):
        handout_notebook.make_notebook(a_chapter(), plainly(), False, "cases", TOLD)
    handout_notebook.make_notebook(a_chapter(), plainly(), True, "cases", TOLD)


# ---- what a learner who changes a parameter is told


@pytest.fixture
def told(bare_project, monkeypatch):
    """What `handout_display.tell` shows in a hand-out with three sentences."""
    about = {
        "book": "",
        "figures": ["fig-a"],
        "numbers": {"a": "1", "b": "2"},
        "sentences": ["No {glue:text}`a`.", "Both {glue:text}`a` and {glue:text}`b`.", "{glue:text}`b`!"],
    }
    (bare_project / "handout.json").write_text(json.dumps(about))
    shown = []
    monkeypatch.setattr(handout_display, "display", lambda text: shown.append(text.data))
    monkeypatch.setattr(handout_display, "_numbers", {})
    handout_display._about.cache_clear()
    yield shown
    handout_display._about.cache_clear()


def test_published_numbers_are_told_in_silence(told):
    handout_display.tell(a=1)
    handout_display.tell(b=2, only_in_the_key=3)
    assert told == []


def test_a_sentence_that_reads_differently_is_shown_when_all_its_numbers_are_known(told):
    handout_display.tell(a=5)
    handout_display.tell(b=2)
    intro = "With your parameters the text reads:\n\n"
    assert told == [f"{intro}- No **5**.", f"{intro}- Both **5** and 2."]


# ---- the archive


def test_an_unknown_chapter_is_refused_with_the_known_ones(tmp_path):
    done = embedgov("teach", "pack", "tables", tmp_path / "x.zip", cwd=ROOT)
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert f"no chapter 'tables' to hand out; there are: {', '.join(CHAPTERS)}" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"a thesis", None])
def test_another_file_is_never_replaced(tmp_path, content):
    there = tmp_path / "mine.zip"
    if content is None:
        with zipfile.ZipFile(there, "w") as archive:
            archive.writestr("thesis.txt", "a thesis")
    else:
        there.write_bytes(content)
    before = there.read_bytes()
    with pytest.raises(TeachingError, match="mine.zip is there and is no hand-out"):
        pack.pack("limits", there)
    assert there.read_bytes() == before


def test_nothing_beside_a_handout_is_touched(tmp_path, monkeypatch):
    monkeypatch.setattr(pack, "_files", lambda *_: {"README.md": b"# A chapter"})
    (tmp_path / "limits.part").write_text("half a download")
    for _ in range(2):  # the second in the place of the first
        assert pack.pack("limits", tmp_path / "limits.zip") == tmp_path / "limits.zip"
    assert {path.name for path in tmp_path.iterdir()} == {"limits.part", "limits.zip"}
    assert (tmp_path / "limits.part").read_text() == "half a download"


def test_a_handout_needs_a_place(tmp_path):
    with pytest.raises(TeachingError, match="let its name end in .zip"):
        pack.pack("limits", tmp_path / "limits.docx")
    with pytest.raises(TeachingError, match="there is no folder"):
        pack.pack("limits", tmp_path / "none" / "limits.zip")


def test_the_cell_for_colab_unpacks_once_and_says_what_to_upload(tmp_path, monkeypatch):
    cell = handout_notebook._colab("embedgov-cases")
    installed = []
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setattr(subprocess, "run", lambda command, check: installed.append(command[-1]))
    exec(cell, {})  # elsewhere it does nothing
    monkeypatch.setitem(sys.modules, "google.colab", None)
    with pytest.raises(FileNotFoundError, match="Upload the archive with this notebook, unopened"):
        exec(cell, {})
    with zipfile.ZipFile(tmp_path / "cases (1).zip", "w") as archive:
        archive.writestr("embedgov-cases/requirements.txt", "pandas>=2.2\n")
    for _ in range(2):  # the second time in the folder already
        exec(cell, {})
        assert os.getcwd() == str(tmp_path / "embedgov-cases") == sys.path[0]
    assert installed == ["requirements.txt"]


def test_a_kept_solution_of_no_exercise_is_refused(bare_project):
    notes = bare_project / "book" / "instructor" / "cases.md"
    notes.parent.mkdir(parents=True)
    notes.write_text("## Kept solutions\n\n```{solution} ex-gone\nNo.\n```\n")
    (bare_project / "notebooks").symlink_to(ROOT / "notebooks")
    with pytest.raises(TeachingError, match=r"cases.md: the solution 'ex-gone' belongs to no exercise"):
        handout_notebook.read_chapter("notebooks/cases")


_MAKE = """
import functools, sys
from pathlib import Path
from embedgov_press import chapter_structure
chapter_structure.overviews = functools.cache(chapter_structure.overviews)  # nothing changes from pack to pack
from embedgov_teach.pack import pack
folder = Path(sys.argv[1])
for name in sys.argv[2:]:
    pack(name, folder / f"{name}.zip")
    pack(name, folder / f"{name}-key.zip", solutions=True)
"""


@pytest.fixture(scope="module")
def made(built, tmp_path_factory):
    """The folder of all hand-outs and keys, made by another process than the one that built the site."""
    folder = tmp_path_factory.mktemp("packs")
    subprocess.run([sys.executable, "-c", _MAKE, folder, *CHAPTERS], cwd=built, check=True)
    return folder


_ASK = """
import json
import embedgov
print(json.dumps([embedgov.__file__, sorted(__import__.noted)]))
"""


def _run(archive, folder, parameters):
    """Unpack a hand-out and execute its notebook."""
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(folder)
    (home,) = folder.iterdir()
    stored = nbformat.read(home / archive.with_suffix(".ipynb").name, as_version=4)
    if (home / "embedgov").exists():
        stored.cells.append(nbformat.v4.new_code_cell(_ASK))
    nbformat.write(stored, home / "asked.ipynb")
    papermill.execute_notebook(
        str(home / "asked.ipynb"),
        str(home / "ran.ipynb"),
        parameters=parameters,
        kernel_name="outside",
        resources={"metadata": {"path": str(home)}},  # where the kernel runs; threads share a folder
        progress_bar=False,
    )
    return home


@pytest.fixture(scope="module")
def ran(made, tmp_path_factory):
    """The folders in which the hand-outs were run, where no other `embedgov` can be found."""
    outside = tmp_path_factory.mktemp("outside")
    own = tmp_path_factory.mktemp("kernel")
    program, address = ROOT / "tests" / "kernel_server.py", str(own / "socket")
    (own / "kernels" / "outside").mkdir(parents=True)
    ask = [sys.executable, "-S", str(program), "ask", address, "{connection_file}"]
    (own / "kernels" / "outside" / "kernel.json").write_text(
        json.dumps({"argv": ask, "display_name": "", "language": ""})
    )
    server = subprocess.Popen(
        [sys.executable, "-S", program, "serve", address],
        cwd=outside,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ
        | {
            "PYTHONPATH": sysconfig.get_path("purelib"),
            "IPYTHONDIR": str(own),
            "MPLBACKEND": "module://matplotlib_inline.backend_inline",  # as a kernel sets it
        },
    )
    with server, pytest.MonkeyPatch.context() as patched, ThreadPoolExecutor(2) as pool:
        patched.setenv("JUPYTER_PATH", str(own))
        assert server.stdout.readline() == b"ready\n"
        running = {
            place: pool.submit(_run, made / f"{name}.zip", outside / place, parameters)
            for name in CHAPTERS
            for place, parameters in ((name, {}), (f"{name}-otherwise", OTHERWISE.get(name)))
            if parameters is not None
        }
        folders = {place: run.result() for place, run in running.items()}
        server.stdin.close()
    return folders


def texts(archive):
    """The text files of a hand-out by name; of a notebook what its cells say."""
    with zipfile.ZipFile(archive) as packed:
        content = {name: packed.read(name) for name in packed.namelist() if not name.endswith(".ttf")}
    return {name: _text(name, held) for name, held in content.items()}


def _text(name, content):
    if name.endswith(".ipynb"):
        return "\n".join(cell.source for cell in nbformat.reads(content.decode(), as_version=4).cells)
    if name.endswith(".xlsx"):
        rows = (row for sheet in openpyxl.load_workbook(io.BytesIO(content)) for row in sheet.values)
        return "\n".join(str(cell) for row in rows for cell in row if cell is not None)
    return content.decode()


def wordings(text):
    """Longer runs of words of a text, without roles, which a hand-out shows otherwise."""
    runs = {run.strip() for line in text.splitlines() for run in re.split(ROLE.pattern, line)[::3]}
    return {run for run in runs if len(run) > 30}


@functools.cache
def solutions():
    """The wordings of all solutions, those of the book and the kept ones, by chapter."""
    found = {}
    for name, about in overviews().items():
        chapter = handout_notebook.read_chapter(about.page)
        sources = [cell.source for cell in chapter.cells if cell.cell_type == "markdown"]
        public = [
            block.body
            for source in sources
            for block in blocks(source)
            if isinstance(block, Directive) and block.name == "solution"
        ]
        found[name] = wordings("\n".join([*public, *chapter.kept.values()]))
    return found


def test_there_are_solutions_to_hide():
    assert sum(map(len, solutions().values())) > 100


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_handout_holds_no_solution_and_the_key_all(name, made):
    learner, key = made / f"{name}.zip", made / f"{name}-key.zip"
    everything = "\n".join(texts(learner).values())
    assert [text for own in solutions().values() for text in own if text in everything] == []
    in_key = texts(key)[f"embedgov-{name}-key/{name}-key.ipynb"]
    assert [text for text in solutions()[name] if text not in in_key] == []
    assert in_key.startswith("# Key: ") and "do not hand it out" in in_key
    numbers = json.loads(texts(learner).get(f"embedgov-{name}/handout.json", '{"numbers": {}}'))["numbers"]
    written = handout_notebook.read_chapter(overviews()[name].page).wording(solutions=False)
    assert all(f"{{glue:text}}`{number}`" in written for number in numbers)


@pytest.mark.parametrize("name", CHAPTERS)
def test_each_exercise_has_room_for_an_answer(name, made):
    with zipfile.ZipFile(made / f"{name}.zip") as packed:
        handed = nbformat.reads(packed.read(f"embedgov-{name}/{name}.ipynb").decode(), as_version=4)
    nbformat.validate(handed)
    ids = [cell.id for cell in handed.cells]
    numbers = handout_notebook.exercise_numbers()
    for exercise in overviews()[name].exercises:
        number = numbers[exercise.label]
        place = ids.index(exercise.label)
        asked, answer = handed.cells[place : place + 2]
        assert asked.source.startswith(f"### Exercise {number}: {exercise.title}")
        assert answer.id == f"{exercise.label}-answer" and "Your answer" in answer.source
        assert answer.cell_type == ("code" if exercise.kind == "compute" else "markdown")
    said = "\n".join(cell.source for cell in handed.cells if cell.cell_type == "markdown")
    assert not re.search(r"\{[\w:]+\}`|^(```|:::)\{|\)=$|:class:", said, re.M)


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_handout_is_the_same_bytes_as_in_the_site_and_sound_data(name, made, site, tmp_path):
    learner = made / f"{name}.zip"
    assert learner.read_bytes() == (site / "downloads" / "teach" / learner.name).read_bytes()
    with zipfile.ZipFile(learner) as packed:
        names = packed.namelist()
        assert names == sorted(names) and {info.date_time[0] for info in packed.infolist()} == {1980}
        packed.extractall(tmp_path)
    home = tmp_path / f"embedgov-{name}"
    assert {"LICENSE", "LICENSE-TEXT", "README.md", "requirements.txt", "worksheet.html"} <= {
        path.name for path in home.iterdir()
    }
    if (home / "data").exists():
        assert (home / "embedgov" / "plotting" / "fonts" / "OFL.txt").exists()
        # The lists of coders and of words come whole, and of the tables that they are for only some.
        whole = {("coding/coders.csv", "a table "), ("labels.csv", "the name of a table")}
        assert not [
            one
            for one in check(home / "data")
            if not any(one.file == file and one.expected.startswith(start) for file, start in whole)
        ]


@pytest.mark.parametrize("name", [*CHAPTERS, *(f"{name}-otherwise" for name in OTHERWISE)])
def test_a_handout_runs_where_nothing_of_the_repository_is(name, ran):
    home = ran[name]
    cells = nbformat.read(home / "ran.ipynb", as_version=4).cells
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    assert not any(output.output_type == "error" for output in outputs)
    assert not any(output.get("name") == "stderr" for output in outputs)
    said = [output.data["text/markdown"] for output in outputs if "text/markdown" in output.get("data", {})]
    differs = [text for text in said if text.startswith("With your parameters")]
    assert bool(differs) == name.endswith("-otherwise")
    if not (home / "embedgov").exists():
        return
    file, imported = json.loads(outputs[-1].text)
    assert file == str(home / "embedgov" / "__init__.py")
    assert sum(text.startswith("**Figure 1.**") for text in said) == 1
    # What it imported of the project's direct dependencies is among the requirements, as ranges.
    assert {"embedgov", "matplotlib", "pandas"} <= set(imported)
    providers = importlib.metadata.packages_distributions()
    ranges = (home / "requirements.txt").read_text().split()
    named = {one.partition(">=")[0] for one in ranges}
    ours = {pin.partition("==")[0] for pin in (ROOT / "requirements.txt").read_text().split()}
    needed = {one.lower() for module in imported for one in providers.get(module, [])} & ours
    assert needed - named - {"ipykernel"} == set()  # the kernel comes with what opens the notebook
    assert named <= ours and not named & {"ipykernel", "jupyter-book"} and "==" not in " ".join(ranges)


def test_no_page_of_a_handout_links_into_a_site_that_is_not_there(ran):
    for home in ran.values():
        for cell in nbformat.read(home / "ran.ipynb", as_version=4).cells:
            shown = [o.data.get("text/html", "") for o in cell.get("outputs", []) if "data" in o]
            assert not re.search(r'href="(?!https?://)|download', "".join(shown))


# ---- the worksheet


@pytest.fixture(scope="module")
def context(browser):
    opened = browser.new_context()
    yield opened
    opened.close()


@pytest.mark.parametrize("name", CHAPTERS)
def test_the_worksheet_prints_on_few_pages_and_is_accessible(name, made, context, tmp_path):
    with zipfile.ZipFile(made / f"{name}.zip") as packed:
        (tmp_path / "worksheet.html").write_bytes(packed.read(f"embedgov-{name}/worksheet.html"))
    page = context.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((tmp_path / "worksheet.html").as_uri())
    page.pdf(path=str(tmp_path / "sheet.pdf"), prefer_css_page_size=True)
    faults = accessibility.faults(page)
    page.close()
    assert faults == []
    assert asked == [(tmp_path / "worksheet.html").as_uri()]
    pages = PdfReader(tmp_path / "sheet.pdf").pages
    assert len(pages) <= 5  # exercises and, from a page of its own, what they need
    assert {tuple(round(float(side) / 72 * 25.4) for side in one.mediabox[2:]) for one in pages} == {
        (210, 297)
    }
    printed = "".join(one.extract_text() for one in pages)
    words = "".join(unicodedata.normalize("NFKC", printed).split())
    for exercise in overviews()[name].exercises:
        assert "".join(exercise.title.split()) in words
    assert words.endswith("CCBY4.0.")  # nothing was cut off at the foot
