"""What a teacher uses: chapters as data, syllabi, the instructor's edition kept out of the site."""

import json
import re
import shutil
import zlib

import pytest
import yaml
from conftest import ROOT, embedgov

from embedgov.errors import DataError
from embedgov_press import site as press
from embedgov_press.chapter_structure import Exercise, Overview, needed, overview, overviews
from embedgov_press.errors import BuildError
from embedgov_study.errors import NotebookError
from embedgov_teach.syllabi import sessions

PAGES = sorted((ROOT / "book" / "instructor").glob("*.md"))
PUBLIC = [*ROOT.glob("book/*.md"), *ROOT.glob("notebooks/*.ipynb")]
HEADINGS = "\n".join(
    line for path in PUBLIC for line in path.read_text(encoding="utf-8").splitlines() if "# " in line
)


def markers(page):
    """What only this page says: its title, and its runs of plain words but for names of sections."""
    text = page.read_text(encoding="utf-8")
    runs = re.findall(r"[A-Za-z][A-Za-z ,;]{38,}[a-z]", text)
    return [re.search(r"^# (.+)$", text, re.M)[1], *(run for run in runs if run not in HEADINGS)]


def texts(folder):
    """Every file of a site as text; the inventory of Sphinx and archives are unpacked first."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            content = path.read_bytes()
            if path.name == "objects.inv":
                content = zlib.decompress(content.split(b"\n", 4)[4])
            yield path, content.decode("utf-8", "replace")


def test_the_public_site_holds_nothing_of_the_instructors_pages(site):
    public = list(texts(site))
    assert len(public) > 100
    for page in PAGES:
        for marker in markers(page)[page.stem == "index" :]:
            found = [path.name for path, text in public if marker in text]
            assert not found, (page.name, marker, found)
    for path, text in public:
        assert "book/instructor" not in text and "instructor" not in path.parts, path


@pytest.fixture(scope="module")
def edition(built, tmp_path_factory):
    """The instructor's edition, built from chapters that were executed before."""
    project = tmp_path_factory.mktemp("edition") / "book"
    shutil.copytree(built, project, ignore=shutil.ignore_patterns("_build"))
    done = embedgov("book", "--instructor", cwd=project)
    assert done.returncode == 0, done.stderr
    assert not (project / "_build" / "html").exists()
    return project / "_build" / "instructor"


def test_the_instructors_edition_holds_the_book_and_every_page_of_theirs(edition):
    whole = dict(texts(edition))
    assert (edition / "notebooks" / "register.html") in whole
    for page in PAGES:
        # The markers by which the public site is judged: they do find what is there.
        html = whole[edition / "book" / "instructor" / f"{page.stem}.html"]
        source = whole[edition / "_sources" / "book" / "instructor" / f"{page.stem}.md"]
        title, *runs = markers(page)
        assert title in html and all(run in source for run in runs), page.name
    assert "book/instructor/register" in whole[edition / "searchindex.js"]
    index = edition / "book" / "instructor" / "index.html"
    offered = re.findall(r'href="(\.\./\.\./downloads/[^"]+)"', whole[index])
    assert {link.rpartition("/")[2] for link in offered} == {
        "solutions.html",
        "questions-moodle.xml",
        "questions-qti.zip",
    }
    assert all((index.parent / link).resolve().is_file() for link in offered)


def test_the_instructors_edition_holds_the_keys_that_the_command_writes(edition, tmp_path):
    key = tmp_path / "selection-key.zip"
    done = embedgov("teach", "pack", "selection", key, "--solutions", cwd=edition.parents[1])
    assert done.returncode == 0, done.stderr
    assert key.read_bytes() == (edition / "downloads" / "teach" / key.name).read_bytes()


@pytest.fixture
def pages_of_a_book(notebook_project):
    """A book of one chapter with one instructor's page, each listed where it belongs."""
    project = notebook_project(one=[(None, "1")])
    (project / "book" / "instructor").mkdir(parents=True)
    (project / "_toc.yml").write_text(
        "format: jb-book\nroot: book/intro\nparts:\n  - chapters:\n      - file: notebooks/one\n"
    )
    (project / "book" / "intro.md").write_text("# Book")
    (project / "book" / "instructor" / "one.md").write_text("# Notes")
    (project / "book" / "instructor" / "_toc.yml").write_text(
        "caption: For instructors\nchapters:\n  - file: book/instructor/one\n"
    )
    return project


def test_pages_are_listed_where_they_belong(pages_of_a_book):
    press._require_listed()
    (pages_of_a_book / "book" / "instructor" / "stray.md").write_text("# Stray")
    with pytest.raises(BuildError, match="book/instructor/stray.md is not in book/instructor/_toc"):
        press._require_listed()
    (pages_of_a_book / "book" / "instructor" / "stray.md").rename(pages_of_a_book / "book" / "x.md")
    with pytest.raises(BuildError, match=r"book/x.md is not in _toc.yml; list it there or remove it"):
        press._require_listed()


def test_the_public_contents_cannot_list_an_instructors_page(pages_of_a_book):
    toc = pages_of_a_book / "_toc.yml"
    toc.write_text(toc.read_text() + "      - file: book/instructor/one\n")
    with pytest.raises(BuildError, match="book/instructor/one.md is for instructors only"):
        press._require_listed()


def test_the_instructors_contents_are_the_public_ones_and_a_part_more(pages_of_a_book, tmp_path_factory):
    public = yaml.safe_load((pages_of_a_book / "_toc.yml").read_text())
    whole = yaml.safe_load(press._instructor_toc(tmp_path_factory.mktemp("toc")).read_text())
    assert whole["parts"][:-1] == public["parts"] and whole["root"] == public["root"]
    assert whole["parts"][-1]["chapters"] == [{"file": "book/instructor/one"}]


# ---- what a chapter says of itself


FRONT = """---
embedgov:
  questions: ["What?"]
  objectives: [Know it]
  minutes: {teaching: 5, exercises: 0}
  prerequisites: [one]
---
# Prose: a chapter

## Key points

- Not {glue:text}`so` simple.
- It depends.

## Exercises

- No key point.

```{exercise} Not so simple
:label: ex-prose
:class: criticise

*Criticise, 15 minutes*

Why?
```

:::{exercise} Colons
:label: ex-colons
:class: code
*Code, 5 minutes*
:::
"""


@pytest.fixture
def book(notebook_project):
    """A book of two notebooks, a prose chapter and a page without an overview."""
    project = notebook_project(one=[(None, "1")], two=[(None, "2")])
    (project / "book").mkdir()
    (project / "book" / "prose.md").write_text(FRONT)
    (project / "book" / "glossary.md").write_text("# Glossary")
    pages = ("notebooks/one", "notebooks/two", "book/prose", "book/glossary")
    chapters = "".join(f"  - file: {page}\n" for page in pages)
    (project / "_toc.yml").write_text(
        f"format: jb-book\nroot: book/glossary\nchapters:\n{chapters}".replace(
            "  - file: book/glossary\n", ""
        )
    )

    def change(name, **about):
        path = project / "notebooks" / f"{name}.ipynb"
        notebook = json.loads(path.read_text())
        for key, value in about.items():
            notebook["metadata"]["embedgov"][key] = value
            if value is None:
                del notebook["metadata"]["embedgov"][key]
        path.write_text(json.dumps(notebook))

    return change


def test_chapters_are_read_from_metadata_and_front_matter(book):
    book("two", prerequisites=["prose"])
    found = overviews()
    assert list(found) == ["one", "two", "prose"]
    prose = found["prose"]
    assert (prose.page, prose.title) == ("book/prose", "Prose: a chapter")
    assert (prose.teaching, prose.exercising, prose.prerequisites) == (5, 0, ("one",))
    assert prose.key_points == ("Not {glue:text}`so` simple.", "It depends.")
    assert prose.exercises == (
        Exercise("ex-prose", "Not so simple", "criticise", 15),
        Exercise("ex-colons", "Colons", "code", 5),
    )
    assert needed("two", found) == ["one", "prose"] and needed("one", found) == []


@pytest.mark.parametrize(
    "about, message",
    [
        ({"questions": None}, r"embedgov.questions is missing; every chapter has a list of sentences"),
        ({"objectives": []}, r"embedgov.objectives is \[\]; expected a list of sentences"),
        ({"minutes": {"teaching": 5}}, r"embedgov.minutes.exercises is missing"),
        ({"minutes": {"teaching": "5", "exercises": 5}}, r"minutes.teaching is '5'; expected a whole number"),
        ({"minutes": {"teaching": True, "exercises": 5}}, r"minutes.teaching is True; expected"),
        ({"prerequisites": None}, r"embedgov.prerequisites is missing"),
        ({"prerequisites": "two"}, r"embedgov.prerequisites is 'two'; expected a list of names"),
        ({"prerequisites": ["glossary"]}, r"names 'glossary', which is no chapter; take one of one, two"),
        ({"prerequisites": ["prose"]}, r"closes a circle: (one needs prose needs one|prose needs one needs)"),
    ],
)
def test_what_is_missing_unknown_or_circular_is_refused_by_file_and_key(book, about, message):
    book("one", **about)
    with pytest.raises(NotebookError, match=r"(notebooks/one.ipynb|book/prose.md): ") as refused:
        overviews()
    assert re.search(message, str(refused.value)), refused.value


def test_front_matter_that_is_no_yaml_is_refused_with_its_line(book, tmp_path):
    path = tmp_path / "book" / "prose.md"
    path.write_text(path.read_text().replace('["What?"]', "[What?]"))
    with pytest.raises(NotebookError, match="book/prose.md:3: the front matter is no YAML"):
        overviews()


@pytest.mark.parametrize(
    "line, instead, lacking",
    [
        (":label: ex-prose\n", "", "lacks a label"),
        (":class: criticise", ":class: think", "lacks a class; take one of compute, code, criticise"),
        ("*Criticise, 15 minutes*", "", r"lacks a line \*Kind, N minutes\* at its beginning"),
    ],
)
def test_an_exercise_without_label_kind_or_minutes_is_refused(book, tmp_path, line, instead, lacking):
    path = tmp_path / "book" / "prose.md"
    path.write_text(path.read_text().replace(line, instead))
    with pytest.raises(NotebookError, match=f"book/prose.md: the exercise 'Not so simple' {lacking}"):
        overviews()


def test_a_page_to_look_things_up_has_no_overview(book):
    book("one", reference="Things to look up")
    assert overview("notebooks/one") is None and overview("book/glossary") is None


def test_the_book_asks_for_nothing_that_comes_later():
    order = list(overviews())
    for name, chapter in overviews().items():
        for before in chapter.prerequisites:
            assert order.index(before) < order.index(name), (name, before)
    assert {"question", "limits"} <= set(order)
    assert all(len(chapter.key_points) >= 3 for chapter in overviews().values())


# ---- syllabi


@pytest.fixture
def tables(tmp_path):
    """A data folder with the syllabi alone; ``write(name, rows)`` replaces the rows of a table."""
    package = json.loads((ROOT / "data" / "datapackage.json").read_text(encoding="utf-8"))
    package["resources"] = [r for r in package["resources"] if r["name"].startswith("syllab")]
    folder = tmp_path / "tables"
    (folder / "teaching").mkdir(parents=True)
    (folder / "datapackage.json").write_text(json.dumps(package))
    heads = {
        "syllabi": "syllabus,title_en,sessions,minutes_class,minutes_home,course_en,level_en,needs_en",
        "syllabus_steps": "syllabus,session,step,place,chapter,exercises,do_en",
    }

    def write(**rows):
        for name, lines in rows.items():
            (folder / "teaching" / f"{name}.csv").write_text("\n".join([heads[name], *lines, ""]))
        return folder

    return write


CHAPTERS = {
    chapter.name: chapter
    for chapter in (
        Overview(
            "book/a",
            "A",
            ("q",),
            ("o",),
            20,
            25,
            (),
            (),
            (Exercise("ex-a", "One", "code", 15), Exercise("ex-aa", "Two", "code", 10)),
        ),
        Overview("book/b", "B", ("q",), ("o",), 30, 0, ("a",), (), ()),
        Overview("book/c", "C", ("q",), ("o",), 40, 0, ("b",), (), ()),
    )
}
FRAME = ["s,S,2,60,30,c,l,n"]
STEPS = ["s,1,1,home,a,,Read", "s,1,2,class,a,ex-a;ex-aa,Do", "s,1,3,class,b,,Teach", "s,2,1,class,c,,Teach"]


def test_minutes_of_a_syllabus_are_those_of_chapters_and_exercises(tables):
    folder = tables(syllabi=FRAME, syllabus_steps=STEPS)
    assert list(sessions(CHAPTERS, folder)["minutes"]) == [20, 25, 30, 40]


@pytest.mark.parametrize(
    "line, step, message",
    [
        (0, "s,1,1,home,z,,Read", r"syllabus_steps.csv:2: there is no chapter 'z'; take one of a, b, c"),
        (1, "s,1,2,class,a,ex-z,Do", r"csv:3: the chapter 'a' has no exercise 'ex-z'; it has ex-a, ex-aa"),
        (0, "s,1,1,class,a,,Read", r"session 1: 75 minutes in class, allowed are 60"),
        (2, "s,1,3,home,b,,Read", r"session 1: 50 minutes at home, allowed are 30"),
        (2, "s,1,3,class,a,,Teach", r"csv:5: syllabus 's', session 2: 'c' needs the text of 'b'"),
        (0, "s,1,1,home,a,ex-a,Do", r"csv:2: syllabus 's', session 1: 'a' needs the text of 'a'"),
        (
            3,
            "s,3,1,class,c,,Teach",
            r"syllabus 's' has the sessions \[1, 3\]; syllabi.csv gives it 2, in order",
        ),
    ],
)
def test_a_syllabus_that_cannot_be_taught_is_refused(tables, line, step, message):
    steps = [*STEPS[:line], step, *STEPS[line + 1 :]]
    with pytest.raises(DataError, match=message):
        sessions(CHAPTERS, tables(syllabi=FRAME, syllabus_steps=steps))


def test_homework_after_class_is_refused(tables):
    steps = ["s,1,1,class,a,,Teach", "s,1,2,home,a,ex-a,Do", STEPS[3].replace(",c,", ",b,")]
    with pytest.raises(DataError, match="csv:3: .* a step at home stands after one in class"):
        sessions(CHAPTERS, tables(syllabi=FRAME, syllabus_steps=steps))


def test_our_syllabi_fit_their_sessions_and_leave_time_to_talk():
    steps = sessions(overviews())
    minutes = steps.groupby(["syllabus", "session", "place"], observed=True)["minutes"].sum().unstack()
    assert set(steps["syllabus"]) == {"session", "three", "week", "module"}
    assert minutes["class"].max() <= 80 and minutes["class"].min() >= 45
    # Counted by hand from the chapters: 10 + 30 at home; 10 + 25 and 35 in class.
    assert list(minutes.loc[("session", 1)]) == [40, 70]


# ---- the instructor's notes


@pytest.mark.parametrize("name", list(overviews()))
def test_the_notes_on_a_chapter_plan_its_minutes_and_have_their_parts(name):
    text = (ROOT / "book" / "instructor" / f"{name}.md").read_text(encoding="utf-8")
    planned = [int(minutes) for minutes in re.findall(r"^- \*\*(\d+) min\*\*", text, re.M)]
    assert sum(planned) == overviews()[name].teaching, planned
    parts = re.findall(r"^## (.+)$", text, re.M)
    assert parts[:5] == ["Plan", "Likely misreadings", "To discuss", "On the board", "To adapt"]
    discussion = text.partition("## To discuss")[2].partition("\n## ")[0]
    assert discussion.count("A good answer") == discussion.count("\n- *") >= 2
