"""The language of the project, and the texts of the packages in it."""

import subprocess
import sys

import pandas as pd
import pytest
from conftest import ROOT

from embedgov.errors import DataError
from embedgov.ledger import VERDICTS
from embedgov_study import data, vocabulary
from embedgov_study.errors import ProjectError
from embedgov_study.language import both_names, in_language, items_told, language, say, translated

CATALOGUE = """
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

msgid "{n} of {total} zones"
msgstr "{total}个实验区中的{n}个"

msgid "none"
msgstr ""

#, fuzzy
msgid "the old words"
msgstr "旧的说法"
"""


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A folder that is a Chinese project, in which one stands."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "datapackage.json").write_text("{}")
    (tmp_path / "_toc.yml").touch()
    (tmp_path / "_config.yml").write_text("title: 书\nsphinx:\n  config:\n    language: zh_CN\n")
    (tmp_path / "locale" / "zh").mkdir(parents=True)
    (tmp_path / "locale" / "zh" / "package.po").write_text(CATALOGUE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_chinese_project_speaks_chinese_with_the_values_in_the_order_of_the_translation(project):
    assert language() == "zh"
    assert say("{n} of {total} zones", n=3, total=40) == "40个实验区中的3个"
    assert translated("{n} of {total} zones") == "{total}个实验区中的{n}个"


def test_what_has_no_translation_or_a_fuzzy_one_stays_english(project):
    assert say("none") == "none"
    assert say("the old words") == "the old words"
    assert say("in no catalogue, {n}", n=1) == "in no catalogue, 1"


def test_a_folder_below_the_project_has_its_language(project, monkeypatch):
    monkeypatch.chdir(project / "data")
    assert language() == "zh"


def test_our_project_and_a_folder_without_one_are_english_and_open_no_catalogue(tmp_path):
    code = (
        "import sys; from embedgov_study.language import language, say\n"
        "assert (language(), say('{n} of {total} zones', n=3, total=40)) == ('en', '3 of 40 zones')\n"
        "assert 'babel' not in sys.modules and 'yaml' not in sys.modules and 'pandas' not in sys.modules"
    )
    for folder in (ROOT, tmp_path):
        subprocess.run([sys.executable, "-c", code], cwd=folder, check=True)


def test_a_catalogue_that_changed_is_read_again(project):
    assert say("none") == "none"
    changed = CATALOGUE.replace('msgid "none"\nmsgstr ""', 'msgid "none"\nmsgstr "无"')
    (project / "locale" / "zh" / "package.po").write_text(changed, encoding="utf-8")
    assert say("none") == "无"


@pytest.mark.parametrize("text", ["{n}个实验区", "{total}个实验区中的{n}个，{m}个", "{zones}个中的{n}个"])
def test_a_translation_with_other_places_is_refused(project, text):
    """It would lose a number, or ask for one that there is not."""
    changed = CATALOGUE.replace("{total}个实验区中的{n}个", text)
    (project / "locale" / "zh" / "package.po").write_text(changed, encoding="utf-8")
    with pytest.raises(ProjectError, match=r"package\.po.*of \{total\} zones.*let both have the same"):
        say("none")


def test_a_value_that_is_missing_is_refused_in_both_languages(project, monkeypatch):
    for folder in (project, ROOT):
        monkeypatch.chdir(folder)
        with pytest.raises(KeyError, match="total"):
            say("{n} of {total} zones", n=3)


def test_without_a_catalogue_everything_is_english(project):
    (project / "locale" / "zh" / "package.po").unlink()
    assert say("none") == "none"


def test_a_catalogue_that_cannot_be_read_is_named(project):
    (project / "locale" / "zh" / "package.po").write_text('msgid "none"\nnonsense\n')
    with pytest.raises(ProjectError, match=r"package\.po: cannot be read"):
        say("none")


def test_a_table_has_its_columns_in_the_language_and_english_where_there_is_no_chinese(project, monkeypatch):
    frame = pd.DataFrame({"zone_en": ["Beilin", "Hexi"], "zone_zh": ["碑林", None], "note_en": ["a", "b"]})
    chinese = in_language(frame)
    assert chinese["zone"].tolist() == ["碑林", "Hexi"]
    assert chinese["note"].tolist() == ["a", "b"]
    monkeypatch.chdir(ROOT)
    assert in_language(frame)["zone"].tolist() == ["Beilin", "Hexi"]


def test_a_list_in_chinese_is_told_in_no_order_that_repeats_a_line_of_the_article(project, monkeypatch):
    monkeypatch.chdir(ROOT)
    lists = data.table("lists").dropna(subset="item_zh")
    assert items_told(lists)["item"].tolist() == lists["item_en"].tolist()
    monkeypatch.chdir(project)
    told = items_told(lists)
    assert sorted(told["item"]) == sorted(lists["item_zh"])
    for name, items in told.groupby("list_id"):
        apart = items["item_no"].diff().ne(1).cumsum()  # a group of this: items as the article has them
        lengths = items["item"].str.findall(r"\w").str.len()
        assert lengths.groupby(apart).sum().max() <= 12, name


# ---- words for the values of columns


def test_a_value_has_a_label_in_the_language_of_the_project(project, monkeypatch):
    assert vocabulary.label("district", "units", "unit_level", ROOT / "data") == "区"
    monkeypatch.chdir(ROOT)
    assert vocabulary.label("named", "actors", "part") == "only named"


def test_a_value_without_a_label_is_refused():
    with pytest.raises(DataError, match=r"labels\.csv: no label for 'city' of units, column unit_level"):
        vocabulary.label("city", "units", "unit_level", ROOT / "data")


def test_every_verdict_has_a_label():
    for verdict in (*VERDICTS, "interpretation"):
        assert vocabulary.label(verdict, "ledger", "verdict", ROOT / "data")


def test_a_name_stands_in_both_languages_for_readers_of_english_only(project, monkeypatch):
    assert both_names("北京市海淀区", "Haidian, Beijing") == "北京市海淀区"
    monkeypatch.chdir(ROOT)
    assert both_names("Haidian, Beijing", "北京市海淀区") == "Haidian, Beijing 北京市海淀区"
