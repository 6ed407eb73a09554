"""Nothing that the packages say to a reader stays English in a project in another language.

Every text has its English in brackets for its translation; what then stands outside of brackets was forgotten.
"""

import json
import re
import subprocess
import sys

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from bs4 import BeautifulSoup
from conftest import ROOT, copy_of_project

from embedgov_edition import bibliography
from embedgov_edition.messages import package_messages, script_messages

pytestmark = pytest.mark.book  # it makes pages of every kind, which takes some seconds

# Words of an English page that are no text of ours: names of columns, files and commands, and proper names.
ALLOWED = re.compile(
    r"[\w./-]*[_.][\w.-]+|[a-z]+(?:-\w+)+|Python|SHA-256|(?:MIT|UTF|CSV|XLSX|Numbers|MASI)\b|[A-Z]{2,}\b"
)
MADE = """
import json, sys
from embedgov_press import certificate, exhibits
from embedgov_study import evidence, display
from embedgov_study.html_tables import box
from embedgov_teach import lab, sheet, worksheet
from embedgov_teach.page_templates import page, templates
import pandas as pd

wanted = {"evidence/index", "evidence/B3-02", "evidence/B1-01", "evidence/Z01", "evidence/ALL", "tables/zones"}
made = {name: body for name, _, body in evidence.pages() if name in wanted}
made |= {name: body for name, _, body in lab.pages() if name in ("lab/statements", "lab/passages")}
for of in sheet.KINDS:
    files = sheet.files(of, 5, 7)
    made[f"codebook of {of}"] = files["codebook.html"].decode()
    made[f"readme of {of}"] = files["README.txt"].decode()
run = {
    "finished": "2026", "version": "1", "commit": "0", "machine": "", "made_with": {"Python": "3", "packages": ""},
    "checks": certificate.checks(), "deviations": [], "verdicts": {"reproduced": 1}, "inputs": {},
    "manifest": {"inputs": {"listed": 1, "differing": ["a"], "reasons": []}},
    "notebooks": {"one": {"seconds": 1, "sha256": "0"}},
}
made["certificate"], made["no certificate"] = certificate._body(run), certificate._body(None)
body = templates().get_template
shared = {"one": {"of": "segments", "noun": sheet.words("segments")["noun"], "nouns": "", "coders": ["G"]}}
row = dict.fromkeys((f"{c}{e}" for c in ("agreement", "alpha", "ac1") for e in ("", "_low", "_high")), 0.5)
code = {"code": "SUB", "label": "", "label_zh": "", "definition": "", "rule": "", "open": 1, "parted": []}
item = {"text_en": "", "text_zh": "", "item": "ABCDE", "row": 2, "row_id": "Z01-01", "terms": ["a"], "note": "n",
        "confidence": 1, "own": 1, "consensus": 0, "coders": [1]}
learner = shared | {
    "name": "N", "file": "f.csv", "refused": "", "findings": [], "n": 5, "set": "s", "messages": [], "labels": {},
    "decided": 3, "alike": 2, "differ": 1, "whole": 1, "draws": 1000, "masi": row | {"reason": ""},
    "against": [("SUB", row | {"units": 5})], "each": [("G", [])],
    "codes": [code | {"cross": [[1, 0], [0, 1]]}, code | {"cross": [[1, 1], [0, 1]], "parted": [item]}],
}
made["learner"] = page("learner.html", **learner)
made["refused"] = page("learner.html", **learner | {"refused": "r"})
made["worksheet"] = worksheet.page("t", [worksheet.sheet("t", {}, [], "")], {"author": "a", "year": 1, "base": ""}).decode()
made["table"], _ = box(pd.DataFrame({"a": [1]}), caption="c", name="n")
json.dump(made, open(sys.argv[1], "w"))
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A copy of the project in a language in which every text of ours stands in brackets."""
    project = copy_of_project(tmp_path_factory.mktemp("said") / "project")
    config = (project / "_config.yml").read_text(encoding="utf-8")
    (project / "_config.yml").write_text(config.replace("language: en", "language: zh_CN"), encoding="utf-8")
    catalogue = Catalog(fuzzy=False)
    for message in (*package_messages(ROOT / "src"), *script_messages()):
        catalogue.add(message.text, f"〔{message.text}〕")
    (project / "locale" / "zh").mkdir(parents=True)
    with open(project / "locale" / "zh" / "package.po", "wb") as file:
        write_po(file, catalogue)
    return project


@pytest.fixture(scope="module")
def pages(project):
    """Pages of every kind, by name."""
    subprocess.run([sys.executable, "-c", MADE, project / "pages.json"], cwd=project, check=True)
    return json.loads((project / "pages.json").read_text(encoding="utf-8"))


def forgotten(page):
    """The words of a page that stand in no brackets."""
    whole = BeautifulSoup(page, "html.parser")
    for element in whole.select(
        "[lang=en], code, pre, style, script, dl.rules dd, .table-box td, .item, svg"
    ):
        element.decompose()
    texts = [whole.get_text()]
    texts += [
        element.get(name, "") for name in ("alt", "aria-label", "title", "placeholder") for element in whole()
    ]
    found = []
    for text in texts:
        while text != (text := re.sub("〔[^〔〕]*〕", "", text)):
            pass
        found += re.findall("[A-Za-z]{3,}", ALLOWED.sub("", text))
    return found


def test_no_word_of_a_page_stands_outside_of_brackets(pages):
    assert {name: words for name, page in pages.items() if (words := forgotten(page))} == {}


def test_a_text_that_is_not_said_is_found():
    assert forgotten("<p>〔one 〔two〕 three〕 four</p><img alt='five'>") == ["four", "five"]


def test_no_chinese_is_marked_as_such_on_a_chinese_page(pages):
    assert [name for name, page in pages.items() if 'lang="zh"' in page] == []


def test_pages_declare_their_language(pages):
    assert '<html lang="zh-CN">' in pages["learner"] and '<html lang="zh-CN">' in pages["worksheet"]


def test_every_text_of_the_scripts_is_a_message():
    """Whatever a script says is found where catalogues are made; so many calls there are."""
    calls = [
        json.loads(f'"{text}"')
        for script in (ROOT / "book" / "_static").glob("*.js")
        for text in re.findall(r'\bsay\(\s*"((?:[^"\\]|\\.)*)"', script.read_text(encoding="utf-8"))
    ]
    assert len(calls) > 50
    assert {each.text for each in script_messages()} == set(calls)


def test_the_texts_of_the_scripts_are_written_for_a_chinese_site(project, tmp_path):
    code = "import sys; from pathlib import Path; from embedgov_press import scripts; scripts.write(Path(sys.argv[1]))"
    (tmp_path / "_static").mkdir()
    subprocess.run([sys.executable, "-c", code, tmp_path], cwd=project, check=True)
    held = (tmp_path / "_static" / "texts.js").read_text(encoding="utf-8")
    texts = json.loads(re.fullmatch(r"var TEXTS = (.*);\n", held, re.S)[1])
    assert texts["{shown} of {all} rows"] == "〔{shown} of {all} rows〕"
    assert set(texts) == {each.text for each in script_messages()}


# ---- works in Chinese


def test_a_work_takes_the_fields_of_the_language_and_the_others_stay():
    own = "@article{a,\n  author  = {Tang Ming, and Li Menglan,},\n  author_zh = {{唐鸣} and {李梦兰}},\n  year = {2019}\n}\n"
    other = "\n@book{b,\n  author = {Lin, Nan}\n}\n"
    assert bibliography.translated(own + other, "zh") == (
        "@article{a,\n  author = {{唐鸣} and {李梦兰}},\n  year = {2019}\n}\n" + other
    )


def test_a_chinese_article_is_listed_in_chinese_form():
    from pybtex.database import parse_string

    from embedgov_press.chinese import BibliographyStyle

    entry = (
        "@article{a, author = {{唐鸣} and {李梦兰}}, title = {题}, journal = {社会主义研究}, year = {2019}, "
        "note = {第4期}}"
    )
    (listed,) = BibliographyStyle().format_entries(parse_string(entry, "bibtex").entries.values())
    assert str(listed.text) == "唐鸣、李梦兰：《题》，《社会主义研究》，2019年，第4期。"


@pytest.mark.parametrize(
    "cell, html",
    [
        ("市辖区", "市辖区"),
        ("a district of a city", '<span lang="en">a district of a city</span>'),
        ("B3-02", "B3-02"),
        ("主体参与治理。 / actors take part", '主体参与治理。 / <span lang="en">actors take part</span>'),
        ("党/政", "党/政"),
        (
            "使用：平台。 / 平台, a platform 不用：网络。 / a network",
            '使用：平台。 / <span lang="en">平台, a platform</span> 不用：网络。 / <span lang="en">a network</span>',
        ),
        ("均无“loop”一类用语", '均无“<span lang="en">loop</span>”一类用语'),
    ],
)
def test_a_chinese_page_marks_the_english_that_it_holds(project, cell, html):
    code = "import sys; from embedgov_study.html_tables import marked; print(marked(sys.argv[1]))"
    done = subprocess.run(
        [sys.executable, "-c", code, cell], cwd=project, check=True, capture_output=True, text=True
    )
    assert done.stdout.strip() == html


@pytest.mark.parametrize(
    "value, column, html",
    [
        ("weak", "strength", '弱 <span lang="en">weak</span>'),  # with its label
        ("Z01", "zone_id", "Z01"),
        ("“网格” is named", "note_en", '<span lang="en">“网格” is named</span>'),
        ("B3-25; bank; 公益银行", "arguments", 'B3-25; <span lang="en">bank</span>; 公益银行'),
    ],
)
def test_a_table_in_chinese_has_the_values_of_its_file_with_their_labels(project, value, column, html):
    code = (
        "import sys; from embedgov_study.html_tables import as_filed; "
        "print(as_filed(*sys.argv[1:], {('strength', 'weak'): '弱'}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, value, column], cwd=project, check=True, capture_output=True, text=True
    )
    assert done.stdout.strip() == html
