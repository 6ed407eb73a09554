"""The chapters of the Chinese copy: they run, and tell the same numbers as the English ones."""

import re

import pytest
from conftest import ROOT, copy_of_project, move_to
from test_edition import numbers, shown

from embedgov_edition import copy
from embedgov_press import execution

CHAPTERS = ("framework", "claims", "register")


def differences(english, chinese):
    """What two executed folders tell otherwise: names, the digits of values, and cells that are numbers."""
    found = []
    for file in sorted(english.glob("*.ipynb")):
        (told, tables), (told_zh, tables_zh) = shown(file), shown(chinese / file.name)
        found += [f"{file.stem}: {name}" for name in (told.keys() ^ told_zh.keys())]
        found += [f"{file.stem}: {name}" for name in (tables.keys() ^ tables_zh.keys())]
        for name in told.keys() & told_zh.keys():
            if plain(told[name]) != plain(told_zh[name]):
                found.append(f"{file.stem}: {name} is {told[name]} and {told_zh[name]}")
        for name in tables.keys() & tables_zh.keys():
            if cells(tables[name]) != cells(tables_zh[name]):
                found.append(f"{file.stem}: numbers of {name}")
    return found


def plain(text):
    """The numbers of a text, without that of a month in Chinese, which English has in words."""
    return numbers(re.sub(r"\d+月", "", text))


def cells(rows):
    """The cells of a table that are numbers, row by row in an order of their own."""
    return sorted([cell for cell in row if re.fullmatch(r"[\d.,%]*\d[\d.,%]*", cell)] for row in rows)


@pytest.fixture(scope="module")
def chinese(tmp_path_factory):
    """The project with its Chinese copy."""
    folder = copy_of_project(tmp_path_factory.mktemp("chinese") / "book")
    with pytest.MonkeyPatch.context() as patch:
        move_to(folder, patch)
        return copy.write("zh")


@pytest.mark.book
def test_chapters_in_chinese_tell_the_same_numbers(chinese, tmp_path, monkeypatch):
    for project, into in ((ROOT, tmp_path / "en"), (chinese, tmp_path / "zh")):
        with monkeypatch.context() as patch:
            move_to(project, patch)
            for chapter in CHAPTERS:
                execution.run(chapter, into)
    assert differences(tmp_path / "en", tmp_path / "zh") == []
