"""What a class takes away of the site: hand-outs, worksheets, slides, sheets; and what exercises bring along."""

import io
import json
import re
import shutil
import subprocess
import sys
import zipfile

import pytest
from bs4 import BeautifulSoup
from conftest import ROOT
from nbformat.v4 import new_markdown_cell

from embedgov_press import downloads
from embedgov_press.chapter_structure import Exercise, Overview, overviews
from embedgov_study import data
from embedgov_teach import handout_notebook as notebook
from embedgov_teach import lab, material, pack, plain_markdown, sheet, take_away

CHAPTERS = list(overviews())


def chapter_with(exercise, hint="", kept=None):
    """A chapter of one exercise."""
    source = f"```{{exercise}} One\n:label: ex-one\n:class: code\n\n*Code, 10 minutes*\n\n{exercise}\n```\n\n"
    source += f"```{{hint}}\n:class: dropdown\n{hint}\n```\n\nElsewhere {{ref}}`it is told <z01-01>`.\n"
    about = Overview(
        "notebooks/own", "Own", ("Q?",), ("O.",), 1, 10, (), (), (Exercise("ex-one", "One", "code", 10),)
    )
    return notebook.Chapter([new_markdown_cell(source, id="text")], about, kept or {})


def number(page, content):
    return f"<{page}:{content}>"


# ---- the material of exercises


def test_an_exercise_brings_the_rows_to_which_it_and_its_hint_point():
    own = chapter_with("See {ref}`screens <z04-06>` and {ref}`f4`.", hint="Look at {ref}`a task <b3-02>`.")
    assert material.asked_for(own) == [("ref", "z04-06"), ("ref", "f4"), ("ref", "b3-02")]
    shown = material.material(own, number)
    segment = data.table("segments").set_index("seg_id").loc["Z04-06"]
    task = data.table("designations").set_index("designation_id").loc["B3-02"]
    finding = data.table("findings_limits_directions").set_index("item_id").loc["F4"]
    assert f"- **Z04-06** {segment['paraphrase_en']} ({segment['anchor_zh']})" in shown
    assert task["statement_en"] in shown and finding["paraphrase_en"] in shown
    assert "Z01-01" not in shown  # no exercise points to it


def test_an_exercise_about_a_zone_brings_all_its_passages():
    shown = material.material(chapter_with("Read {ref}`Beilin <z02>`."), number)
    own = data.table("segments").query("zone_id == 'Z02'")["seg_id"]
    assert len(own) > 3 and all(f"**{one}**" in shown for one in own)


def test_an_exercise_brings_rules_and_the_key_points_of_another_chapter_with_its_numbers():
    shown = material.material(chapter_with("See {doc}`codebooks` and {doc}`register`."), number)
    for of in sheet.KINDS:
        assert all(f"| {code} |" in shown for code in sheet.codebook(of).index)
    about = overviews()["register"]
    assert f"### From the chapter *{about.title}*" in shown and "`register.zip`" in shown
    assert "{glue:text}" not in shown and "<notebooks/register:" in shown


def test_an_exercise_that_needs_nothing_brings_nothing():
    assert material.material(chapter_with("Add up."), number) == ""


@pytest.mark.parametrize("name", CHAPTERS)
def test_every_row_to_which_an_exercise_points_is_in_the_material(name):
    chapter = notebook.read_chapter(overviews()[name].page)
    shown = material.material(chapter, number)
    for role, target in material.asked_for(chapter):
        if role == "ref" and material.ROW.fullmatch(target):
            assert f"**{target.upper()}" in shown, target


def test_a_link_to_what_is_brought_shows_its_id_and_others_are_said_to_be_cut():
    plain = plain_markdown.Plain("notebooks/cases", "", str, {}, {}, brought={"z04-06"})
    assert plain("{ref}`screens <z04-06>` and {doc}`agreement`") == (
        f"screens [Z04-06] and {overviews()['agreement'].title}"
    )
    assert plain.cut == [overviews()["agreement"].title]


def test_requirements_are_ranges_without_a_kernel():
    needed = pack._requirements(["import pandas\nimport ipykernel\nimport matplotlib.pyplot\nimport json"])
    assert "pandas>=2.2\n" in needed and "matplotlib>=" in needed
    assert "==" not in needed and "json" not in needed


def test_exercises_are_numbered_through_the_book():
    numbers = notebook.exercise_numbers()
    assert sorted(numbers.values()) == list(range(1, len(numbers) + 1))
    assert list(numbers) == [one.label for each in overviews().values() for one in each.exercises]


# ---- the files


def test_two_sets_to_code_are_no_sets_of_the_pages():
    made = dict(take_away.downloads())
    drawn = {}
    for of in sheet.KINDS:
        for place, seed in enumerate(take_away.SEEDS, 1):
            assert seed not in lab.SEEDS
            with zipfile.ZipFile(io.BytesIO(made[f"teach/{take_away.set_file(of, place)}"])) as packed:
                assert {"README.txt", "codebook.html", "coding-sheet.csv", "coding-sheet.xlsx"} == set(
                    packed.namelist()
                )
                drawn[of, place] = packed.read("coding-sheet.csv").decode("utf-8-sig")
            assert sheet.set_name(of, lab.N, seed) in drawn[of, place]
    assert len(set(drawn.values())) == 4


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_offers_what_can_be_taken_away(name, site):
    page_path = site / f"{overviews()[name].page}.html"
    page = BeautifulSoup(page_path.read_text("utf-8"), "html.parser")
    links = [a["href"] for a in page.select(".overview a") if "/downloads/teach/" in a["href"]]
    assert links == [
        f"../downloads/teach/{name}{ending}" for ending in (".zip", "-worksheet.html", "-slides.html")
    ]
    assert all((page_path.parent / link).resolve().is_file() for link in links)
    if (ROOT / "notebooks" / f"{name}.ipynb").exists():  # the toolbar's notebook is the one that runs
        assert [a["href"] for a in page.select(".dropdown-download-buttons a[href*=ipynb]")] == []
        assert page.select_one(f'.dropdown-download-buttons a[href="../downloads/teach/{name}.zip"]')
    shown = [int(found[1]) for found in re.finditer(r"Exercise (\d+)", page.get_text()) if found]
    assert {notebook.exercise_numbers()[one.label] for one in overviews()[name].exercises} <= set(shown)


def test_the_teachers_page_links_every_hand_out_and_every_set(site):
    page = BeautifulSoup((site / "notebooks" / "teach.html").read_text("utf-8"), "html.parser")
    links = {a["href"] for a in page.select("td a")}
    files = {f"../downloads/{file}" for offered in take_away.chapter_links().values() for _, file in offered}
    sets = {f"../downloads/teach/{take_away.set_file(of, n)}" for of in sheet.KINDS for n in (1, 2)}
    assert files | sets <= links
    plans = {f"../downloads/teach/{take_away.plan_file(each)}" for each in data.table("syllabi")["syllabus"]}
    assert plans <= {a["href"] for a in page.select("a")}


@pytest.mark.parametrize("name", data.table("syllabi")["syllabus"])
def test_a_plan_has_one_page_with_the_exercises_of_each_session(name, site):
    path = site / "downloads" / "teach" / take_away.plan_file(name)
    page = BeautifulSoup(path.read_text("utf-8"), "html.parser")
    steps = data.table("syllabus_steps").query("syllabus == @name")
    numbers = notebook.exercise_numbers()
    asked = {
        session: [str(numbers[label]) for text in own["exercises"].dropna() for label in text.split(";")]
        for session, own in steps.groupby("session")
    }
    sheets = page.select("main > .sheet")
    assert [each.h1.text.rpartition(" ")[2] for each in sheets] == list(map(str, asked))
    for own, (session, expected) in zip(sheets, asked.items()):
        assert [one.h2.text.partition(".")[0] for one in own.select(".exercise")] == expected
        assert len(own.select(".before li")) == (steps["session"] == session).sum()
    ids = [each["id"] for each in page.select("[id]")]
    assert len(set(ids)) == len(ids) and len(page.select("main")) == 1
    assert not page.select("script, link:not([rel=alternate])") and not re.search(r"\{[\w:]+\}`", page.text)


@pytest.mark.parametrize("name", CHAPTERS)
def test_slides_need_no_script_and_show_what_the_chapter_has(name, site):
    path = site / "downloads" / "teach" / f"{name}-slides.html"
    page = BeautifulSoup(path.read_text("utf-8"), "html.parser")
    assert not page.select("script, [style], link:not([rel=alternate])")
    about = overviews()[name]
    chapter = notebook.read_chapter(about.page)
    assert [image["src"] for image in page.select("img")] == [f"../{one}.svg" for one in chapter.figures]
    assert all(
        (path.parent / image["src"]).resolve().is_file() and image["alt"] for image in page.select("img")
    )
    told = BeautifulSoup((site / f"{about.page}.html").read_text("utf-8"), "html.parser")
    for figure, one in zip(page.select("figure"), chapter.figures, strict=True):
        shown = told.find("figure", id=one)
        assert shown or one == "fig-cover"  # which is shown on another page
        caption = " ".join(shown.figcaption.text.split()).replace("’", "'") if shown else ""
        assert not shown or " ".join(figure.figcaption.text.split()) in caption
    assert len(page.select("section")) >= 3 and about.title in page.h1.text
    assert not re.search(r"\{[\w:]+\}`", page.text)
    assert "On the board" not in page.text  # which the instructor's edition has


def test_the_public_site_has_no_solutions_and_no_keys(site):
    names = {path.name for path in (site / "downloads" / "teach").iterdir()}
    assert "solutions.html" not in names and not [
        name for name in names if "key" in name or "questions" in name
    ]


# ---- which of them a build makes anew

_LIST = """
import hashlib, json, pathlib, sys
from embedgov_study.project import here
from embedgov_teach import take_away
for name, made_of, make in take_away.chapter_files(here().executed, False):
    made = hashlib.sha256(make()).hexdigest() if "make" in sys.argv else ""
    print(json.dumps([name, made_of, made]))
"""


def listed(project, *arguments):
    """The files of the chapters: by name, what they are made of and what comes of it."""
    done = subprocess.run(
        [sys.executable, "-c", _LIST, *arguments], cwd=project, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return {name: rest for name, *rest in map(json.loads, done.stdout.splitlines())}


def put(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.book
def test_a_sentence_makes_one_hand_out_anew_and_what_others_quote_makes_all(built, tmp_path):
    project = shutil.copytree(
        built, tmp_path / "book", ignore=shutil.ignore_patterns("_build", "locale", ".venv", ".git")
    )
    before = listed(project, "make")
    assert len(before) > 60
    for folder in (project / "notebooks", project / "_executed"):
        put(folder / "findings.ipynb", "What came of it all", "What came of all this")
    put(project / "book" / "rights.md", "Nearly everything", "Almost everything")
    after = listed(project, "make")
    again = {name for name in before if before[name][0] != after[name][0]}
    assert {name for name in before if before[name][1] != after[name][1]} <= again
    assert {name for name in again if "/plan-" not in name} == {
        f"teach/findings{ending}" for ending in (".zip", "-worksheet.html", "-slides.html")
    }
    put(project / "notebooks" / "agreement.ipynb", "{exercise} ", "{exercise} Now: ")  # as others' titles
    assert all(made_of != after[name][0] for name, (made_of, _) in listed(project).items())


def test_a_file_made_of_the_same_stays_one_that_is_lost_is_made_and_what_nobody_lists_goes(tmp_path):
    made = []

    def listing(*files):
        for name, made_of in files:
            yield name, made_of, lambda name=name: made.append(name) or name.encode()

    known = downloads.write_chapter_files(tmp_path, listing(("a", "1"), ("b/c", "1"), ("d", "1")), {})
    assert known == {"a": "1", "b/c": "1", "d": "1"} and made == ["a", "b/c", "d"]
    (tmp_path / "downloads" / "b" / "c").unlink()
    known = downloads.write_chapter_files(tmp_path, listing(("a", "2"), ("b/c", "1")), known)
    assert known == {"a": "2", "b/c": "1"} and made[3:] == ["a", "b/c"]
    there = [path for path in (tmp_path / "downloads").rglob("*") if path.is_file()]
    assert [path.read_text() for path in sorted(there)] == ["a", "b/c"]
