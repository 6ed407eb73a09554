"""The project's copy in another language: what it holds, and that it has the same numbers."""

import ast
import csv
import datetime
import io
import json
import re
import shutil
from types import SimpleNamespace

import babel.messages.catalog
import nbformat
import pseudo
import pytest
import yaml
from conftest import ROOT, copy_of_project, move_to

from embedgov_edition import catalogue, copy, messages
from embedgov_press import execution
from embedgov_study.check import check


@pytest.fixture(scope="module")
def sources(tmp_path_factory):
    """The project with a translation of all its messages, and its copy."""
    folder = copy_of_project(tmp_path_factory.mktemp("pseudo") / "book")
    with pytest.MonkeyPatch.context() as patch:
        move_to(folder, patch)
        pseudo.write()
        shutil.copytree(ROOT / "locale" / "zh" / "theme", folder / "locale" / "zh" / "theme")
        copy.write("zh")
    return folder


def test_the_tables_of_the_copy_are_sound_and_have_the_translations(sources):
    data = sources / "_build" / "zh" / "data"
    assert check(data) == []
    with open(data / "registry" / "designations.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert all(row["statement_zh"] == f"〔译{row['statement_en']}〕" for row in rows)
    with open(data / "codebooks" / "segments.csv", encoding="utf-8", newline="") as file:
        definition = next(csv.DictReader(file))["definition"]
    chinese, english = definition.split(" / ")  # frozen: the English stays beside its translation
    assert chinese == f"〔译{english}〕"


def test_nothing_of_a_page_that_is_read_is_without_a_translation(sources):
    for page in sorted((sources / "_build" / "zh" / "book").glob("*.md")):
        text = page.read_text(encoding="utf-8")
        assert ".stale" not in text
    for chapter in sorted((sources / "_build" / "zh" / "notebooks").glob("*.ipynb")):
        assert json.loads(chapter.read_text(encoding="utf-8"))["metadata"]["embedgov"]["stale"] == []


def test_a_copy_that_is_written_again_is_not_touched_on_another_day_either(sources, monkeypatch):
    class Later(datetime.datetime):
        @classmethod
        def now(cls, tz=None):
            return super().now(tz) + datetime.timedelta(days=1)

    move_to(sources, monkeypatch)
    assert list(copy.folder("zh").rglob("*.mo"))
    monkeypatch.setattr(
        babel.messages.catalog, "datetime", SimpleNamespace(**vars(datetime) | {"datetime": Later})
    )
    catalogue._read.cache_clear()
    before = {path: path.stat().st_mtime_ns for path in copy.folder("zh").rglob("*") if path.is_file()}
    copy.write("zh")
    assert {
        path: path.stat().st_mtime_ns for path in copy.folder("zh").rglob("*") if path.is_file()
    } == before


def shown(file):
    """What a chapter tells its text, and its tables, each by name."""
    told, tables = {}, {}
    for cell in nbformat.read(file, as_version=4).cells:
        for output in cell.get("outputs", []):
            if about := output.metadata.get("scrapbook"):
                value = next(iter(output.data.values()))
                told[about["name"]] = ast.literal_eval(value) if value[0] in "'\"" else value
            if "csv" in (about := output.metadata.get("embedgov", {})):
                tables[about["name"]] = list(csv.reader(io.StringIO(about["csv"])))
    return told, tables


def numbers(text):
    """The numbers of a text but that of a batch, which Chinese has in words, as in 第三批."""
    return sorted(re.findall(r"\d+(?:[.,]\d+)*", re.sub(r"[Bb]atch \d|(?<=年)\d+(?=月)", "", text)))


def cells(tables):
    """The cells of each table that are numbers, row by row in an order of their own."""
    number = re.compile(r"[-−+]?\d[\d.,]*%?")
    return {
        name: sorted([each for each in row if number.fullmatch(each)] for row in rows)
        for name, rows in tables.items()
    }


# What differs on purpose: codebooks stand in both languages, the tables of the editions are not the same.
BOTH_LANGUAGES = {"codebooks": {"pilot_rule", "final_rule"}, "colophon": {"data_hash"}}


@pytest.mark.parametrize("chapter", sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb")))
def test_a_chapter_tells_the_same_numbers_in_both_editions(built, chapter):
    (told, tables), (told_zh, tables_zh) = (
        shown(folder / "_executed" / f"{chapter}.ipynb") for folder in (built, built / "_build" / "zh")
    )
    assert told_zh.keys() == told.keys() and tables_zh.keys() == tables.keys()
    compared = told.keys() - BOTH_LANGUAGES.get(chapter, set())
    assert {name: numbers(told_zh[name]) for name in compared} == {
        name: numbers(told[name]) for name in compared
    }
    if chapter == "tables":  # which counts the columns, and translated tables have more
        for every in (tables, tables_zh):
            every |= {name: [row[:3] for row in rows] for name, rows in every.items()}
    assert cells(tables_zh) == cells(tables)
    assert not tables or re.search("[一-鿿]", str(tables_zh))


@pytest.mark.parametrize("chapter", ("selection", "technique", "transfer", "tables"))
def test_a_chapter_has_the_same_numbers_in_a_translation_word_by_word(
    built, sources, tmp_path, monkeypatch, chapter
):
    """There, the numbers beside words are the same, too."""
    move_to(sources / "_build" / "zh", monkeypatch)
    told, tables = shown(built / "_executed" / f"{chapter}.ipynb")
    told_zh, tables_zh = shown(execution.run(chapter, tmp_path))
    assert told_zh.keys() == told.keys() and tables_zh.keys() == tables.keys()
    assert {name: numbers(told_zh[name]) for name in told} == {name: numbers(told[name]) for name in told}
    for name, rows in tables.items():
        if chapter == "tables":
            rows, tables_zh[name] = ([row[:3] for row in each] for each in (rows, tables_zh[name]))
        assert sorted(map(numbers, map(" ".join, tables_zh[name]))) == sorted(
            map(numbers, map(" ".join, rows))
        )
    assert sum("〔译" in cell for rows in tables_zh.values() for row in rows for cell in row) > 5


def test_what_has_no_translation_stays_english_is_marked_and_listed():
    known = {"Title": "标题", "A caption.": "图题。"}
    page = copy.translated_page("# Not yet\n\n## Title\n\nSome {ref}`words <x>` here.\n\n- 40\n", known)
    assert page == (
        "---\nanchors:\n- not-yet\n- title\nstale: []\n---\n# Not yet\n\n## 标题\n\n"
        "[Some {ref}`words <x>` here.]{.stale .language-en}\n\n- 40\n"
    )
    about = {"questions": ["A caption.", "Why so?"]}
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell('table(d, caption="A caption.", note="Two words", name="table-a")')],
        metadata={"embedgov": about},
    )
    made = nbformat.reads(copy.translated_chapter(nbformat.writes(notebook), known, "zh", []), as_version=4)
    assert made.cells[0].source == 'table(d, caption="图题。", note="Two words", name="table-a")'
    assert made.metadata["embedgov"]["questions"] == ["图题。", "Why so?"]
    assert made.metadata["embedgov"]["stale"] == ["Why so?", "Two words"]
    page = copy.translated_page(f"---\n{yaml.safe_dump({'embedgov': about})}---\n# Title\n", known)
    assert yaml.safe_load(page.split("---\n")[1])["stale"] == ["Why so?"]


def test_anchors_are_those_that_docutils_makes():
    assert copy.anchors("# One\n\n## One & two\n\n### One\n\n## 《三》\n") == ["one", "one-two", "id1", "id2"]


def test_a_changed_cell_of_a_table_is_listed_as_stale(sources, tmp_path, monkeypatch):
    project = copy_of_project(tmp_path / "book")
    move_to(project, monkeypatch)
    pseudo.write()
    file = project / "data" / "article" / "segments.csv"
    text = file.read_text(encoding="utf-8")
    old = next(csv.DictReader(io.StringIO(text)))["paraphrase_en"]
    file.write_text(text.replace(old, old.replace(" ", " very ", 1)), encoding="utf-8")
    copy.write("zh")
    assert json.loads((copy.folder("zh") / "book" / "stale.json").read_text("utf-8")) == [
        old.replace(" ", " very ", 1)
    ]


def test_every_message_of_the_project_is_in_a_catalogue():
    """Whoever changes a text runs `embedgov translate update`."""
    lacking = [
        (name, each.text)
        for name, found in messages.all_messages().items()
        for each in found
        if each.text not in {entry.id for entry in catalogue.read(ROOT / "locale" / "zh" / name)}
    ]
    assert lacking == []
