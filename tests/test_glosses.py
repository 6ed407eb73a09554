"""Glosses: every Chinese word in the rules that learners read is explained, once a page."""

import io
import re

import openpyxl
import pytest
from bs4 import BeautifulSoup

from embedgov_study import data
from embedgov_teach import glosses, lab, sheet

CHINESE = re.compile(r"[\u4e00-\u9fff]+")
GLOSSES = data.table("glosses").set_index("word_zh")["gloss_en"]


def rules(of):
    """All text of the rules of a codebook."""
    codes = sheet.codebook(of)
    return " ".join([*codes["definition"], *data.rules(codes)])


def test_every_word_of_the_rules_has_a_gloss_and_every_gloss_a_word():
    words = {word for of in sheet.KINDS for word in CHINESE.findall(rules(of))}
    assert words == set(GLOSSES.index)


def test_a_word_is_explained_at_its_first_use_only_and_not_within_a_longer_one():
    gloss = glosses.glosser()
    assert gloss("Use: 协商, 协商制度; 不协商") == (
        f"Use: 协商 ({GLOSSES['协商']}), 协商制度 ({GLOSSES['协商制度']}); 不协商"
    )
    assert gloss("协商 again") == "协商 again"
    assert glosses.html_glosser()("<b>云") == f'&lt;b&gt;<span lang="zh">云</span> ({GLOSSES["云"]})'


@pytest.mark.parametrize("of", sheet.KINDS)
def test_the_codebook_and_the_sheet_explain_each_word(of):
    files = sheet.files(of, 20, 7)
    page = BeautifulSoup(files["codebook.html"].decode(), "html.parser").get_text()
    book = openpyxl.load_workbook(io.BytesIO(files["coding-sheet.xlsx"]))
    cells = " ".join(str(cell.value) for row in book["Codebook"] for cell in row if cell.value)
    for word in set(CHINESE.findall(rules(of))):
        for shown in (page, cells):
            assert shown.count(f"{word} ({GLOSSES[word]})") == 1, word
    assert "If you read no Chinese" in page
    assert all(one.print_options.gridLines and one.sheet_properties.pageSetUpPr.fitToPage for one in book)


def test_the_page_of_the_lab_explains_each_word_once():
    (body,) = (body for name, _, body in lab.pages() if name == "lab/statements")
    page = BeautifulSoup(body, "html.parser")
    shown = page.get_text()
    assert all(
        shown.count(f"{word} ({GLOSSES[word]})") == 1 for word in set(CHINESE.findall(rules("statements")))
    )
    assert "If you read no Chinese" in shown
