"""What a teacher uses: chapters as data, syllabi, the instructor's edition kept out of the site."""

import json
import re
import zlib

import pytest
import yaml
from conftest import ROOT

from embedgov.errors import BuildError, NotebookError
from embedgov.press import site as press
from embedgov.press.overview import needed, overview, overviews

PAGES = sorted((ROOT / "book" / "instructor").glob("*.md"))


def markers(page):
    """What only this page says: its runs of plain words, with its own title first."""
    text = page.read_text(encoding="utf-8")
    return [re.search(r"^# (.+)$", text, re.M)[1], *re.findall(r"[A-Za-z][A-Za-z ,;]{38,}[a-z]", text)]


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
        for marker in markers(page)[page.stem == "index":]:
            found = [path.name for path, text in public if marker in text]
            assert not found, (page.name, marker, found)
    for path, text in public:
        assert "book/instructor" not in text and "instructor" not in path.parts, path


@pytest.fixture
def pages_of_a_book(notebook_project, monkeypatch):
    """A book of one chapter with one instructor's page, each listed where it belongs."""
    from embedgov import paths

    project = notebook_project(one=[(None, "1")])
    for name, place in {"BOOK": "book", "INSTRUCTOR": "book/instructor"}.items():
        monkeypatch.setattr(paths, name, project / place)
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

```{exercise} Not so simple
:label: ex-prose
:class: criticise
Why?
```

:::{exercise} Bare
:label: ex-bare
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
    (project / "_toc.yml").write_text(f"format: jb-book\nroot: book/glossary\nchapters:\n{chapters}"
                                      .replace("  - file: book/glossary\n", ""))  # fmt: skip

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
    assert [(e.label, e.title, e.kind) for e in prose.exercises] == [
        ("ex-prose", "Not so simple", "criticise"), ("ex-bare", "Bare", None),
    ]  # fmt: skip
    assert needed("two", found) == ["one", "prose"] and needed("one", found) == []


@pytest.mark.parametrize("about, message", [
    ({"questions": None}, r"embedgov.questions is missing; every chapter has a list of sentences"),
    ({"objectives": []}, r"embedgov.objectives is \[\]; expected a list of sentences"),
    ({"minutes": {"teaching": 5}}, r"embedgov.minutes.exercises is missing"),
    ({"minutes": {"teaching": "5", "exercises": 5}}, r"minutes.teaching is '5'; expected a whole number"),
    ({"minutes": {"teaching": True, "exercises": 5}}, r"minutes.teaching is True; expected"),
    ({"prerequisites": None}, r"embedgov.prerequisites is missing"),
    ({"prerequisites": "two"}, r"embedgov.prerequisites is 'two'; expected a list of names"),
    ({"prerequisites": ["glossary"]}, r"names 'glossary', which is no chapter; take one of one, two"),
    ({"prerequisites": ["prose"]}, r"closes a circle: (one needs prose needs one|prose needs one needs)"),
])  # fmt: skip
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


def test_a_page_to_look_things_up_has_no_overview(book):
    book("one", reference="Things to look up")
    assert overview("notebooks/one") is None and overview("book/glossary") is None


def test_the_book_asks_for_nothing_that_comes_later():
    order = list(overviews())
    for name, chapter in overviews().items():
        for before in chapter.prerequisites:
            assert order.index(before) < order.index(name), (name, before)
    assert {"question", "limits"} <= set(order)
