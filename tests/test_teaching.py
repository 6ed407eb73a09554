"""What a teacher uses: the instructor's edition, and that the public site holds nothing of it."""

import re
import zlib

import pytest
import yaml
from conftest import ROOT

from embedgov.errors import BuildError
from embedgov.press import site as press

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
