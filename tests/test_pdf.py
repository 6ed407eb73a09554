"""The book as one PDF: complete, findable, with its Chinese and its links."""

import re
import shutil

import pytest
import yaml
from conftest import ROOT, embedgov
from pypdf import PdfReader

from embedgov_press import pdf
from embedgov_press.errors import BuildError
from embedgov_study import data


@pytest.fixture(scope="module")
def project(built, tmp_path_factory):
    """A copy of the built project, since to print it writes into it."""
    return shutil.copytree(built, tmp_path_factory.mktemp("pdf") / "book")


@pytest.fixture(scope="module")
def printed(project):
    if not any(map(pdf.shutil.which, pdf.BROWSERS)):
        pytest.skip("no Chromium on this machine (Debian: apt install chromium)")
    done = embedgov("pdf", cwd=project)
    assert done.returncode == 0, done.stdout + done.stderr
    return PdfReader(project / "_build" / "embedded-governance.pdf")


def titles(outline):
    for entry in outline:
        yield from titles(entry) if isinstance(entry, list) else [entry.title]


def test_every_chapter_is_in_the_outline(printed):
    parts = yaml.safe_load((ROOT / "_toc.yml").read_text())["parts"]
    found = " ".join(titles(printed.outline))
    assert sum(len(part["chapters"]) for part in parts) == 34
    for title in (
        "The question",
        "The register",
        "From 114 to 37",
        "Subject embedding",
        "Across the cases",
        "Do coders agree?",
        "The coding lab",
        "Teach with this book",
        "Findings and limits",
        "What stands",
        "Glossary",
        "The evidence",
    ):
        assert title in found, title


def test_the_text_and_its_chinese_can_be_read(printed):
    def text(pages):
        found = "".join("".join(page.extract_text().split()) for page in pages)
        assert not re.search("[\u2e80-\u2fdf]", found), "radicals in the place of characters"
        return found

    assert "三社联动" in text(printed.pages[1:20])
    last = data.designations().iloc[-1]
    assert last["zone_zh"] in text(printed.pages[-4:])
    assert "".join(last["zone_en"].split()) in text(printed.pages[-4:])


def test_links_lead_within_the_book_or_out_of_it(printed):
    inside, outside = 0, set()
    for page in printed.pages:
        for note in page.get("/Annots", []):
            action = note.get_object().get("/A", {})
            inside += "/Dest" in note.get_object() or action.get("/S") == "/GoTo"
            if "/URI" in action:
                outside.add(action["/URI"])
    assert inside > 500
    assert outside and all(link.startswith("http") for link in outside), outside


def test_pages_are_numbered(printed):
    for number in (10, 100):
        assert str(number) in printed.pages[number - 1].extract_text().splitlines()


def test_it_is_small_enough_to_send(project, printed):
    assert (project / "_build" / "embedded-governance.pdf").stat().st_size < 20_000_000


def test_new_words_are_not_printed_with_old_numbers(project, printed):
    page, text = project / "book" / "question.md", (project / "book" / "question.md").read_bytes()
    page.write_bytes(text + b"\nOne more sentence.\n")
    try:
        done = embedgov("pdf", cwd=project)
    finally:
        page.write_bytes(text)
    assert done.returncode == 1 and "has to be built first" in done.stderr


def test_without_a_browser_or_a_build_it_says_what_to_do(notebook_project, monkeypatch):
    notebook_project(one=[(None, "1")])
    monkeypatch.setattr(pdf.shutil, "which", lambda name: "/usr/bin/true")
    with pytest.raises(BuildError, match="has to be built first, by `embedgov book` .never built"):
        pdf.write()
    monkeypatch.setattr(pdf.shutil, "which", lambda name: None)
    with pytest.raises(BuildError, match="apt install chromium"):
        pdf.write()
