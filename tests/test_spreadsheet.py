"""What a spreadsheet, a word processor or an input method does to the tables is named, in its cell."""

import calendar
import re

import pytest
from conftest import ROOT

from embedgov.lookalike import lookalike, seen
from embedgov_study.data_package import fields, resources
from embedgov_study.spreadsheet import damage
from embedgov_study.table import defects, read

DATA = ROOT / "data"


def opened(cell):
    """A cell as Excel (in English) writes it after the table was opened and saved."""
    months = [*calendar.month_abbr]
    if (found := re.fullmatch(r"(\d{4})-(\d\d)", cell)) and 1 <= int(found[2]) <= 12:
        return f"{months[int(found[2])]}-{found[1][2:]}"
    if found := re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)( .*)?", cell):
        return f"{int(found[2])}/{int(found[3])}/{found[1]}"
    if (found := re.fullmatch(r"(\d\d?)[-/](\d\d?)", cell)) and int(found[1]) <= 12:
        return f"{int(found[2])}-{months[int(found[1])]}"
    if found := re.fullmatch(r"(\d{4})年(\d\d?)月", cell):
        return f"{months[int(found[2])]}-{found[1][2:]}"
    if re.fullmatch(r"0\d+", cell):
        return str(int(cell))
    if re.fullmatch(r"\d+\.\d+", cell):
        return cell.rstrip("0").rstrip(".")
    return cell


def test_every_cell_that_excel_changes_is_named():
    changed = set()
    for name, resource in resources(DATA).items():
        header, rows, _ = read(resource["path"], DATA)
        for column in header:
            place = header.index(column)
            for row in rows:
                if (other := opened(row[place])) != row[place]:
                    changed.add((name, column))
                    found = defects(resource, header, [[*row[:place], other, *row[place + 1 :]]], [2])
                    assert [one.column for one in found][:1] == [column], (name, column, row[place], other)
    assert len(changed) >= 18


def test_columns_of_numbers_dates_and_ids_have_the_pattern_of_their_values():
    """Else a number that was shortened, or has lost its zeros, cannot be told from a right one."""
    bare = []
    for name, resource in resources(DATA).items():
        header, rows, _ = read(resource["path"], DATA)
        keys = {column for key in resource["schema"].get("foreignKeys", []) for column in key["fields"]}
        for column, field in fields(resource).items():
            cells = [row[header.index(column)] for row in rows if row[header.index(column)]]
            coded = [cell for cell in cells if re.match(r"(?:[\d<>=~]|[A-Z]\d).{,30}$", cell)]
            judged = {"pattern", "enum"} & set(field.get("constraints", {})) or field["type"] == "integer"
            if 2 * len(coded) > len(cells) and not judged and column not in keys:
                bare.append((name, column))
    assert bare == []


@pytest.mark.parametrize(
    "cell, expected",
    [
        ("Beijing ", "without a blank"),
        (" Beijing", "without a blank"),
        ("北京\u3000", "without a blank"),
        ("Beijing\xa0", "without a blank"),
        ("Tang\xa0Ming", "no-break space"),
        ("zone\u200b", "zero width space"),
        ("soft\u00adhyphen", "soft hyphen"),
        ("\ufeffid", "zero width no-break space"),
        ("two\twords", "U+0009"),
        ("Jan-14", "no date"),
        ("4-Jan", "no date"),
        ("15-Jul-2015", "no date"),
        ("7/1/2015", "no date"),
        ("2015/7/1", "no date"),
        ("1月4日", "no date"),
        ("1.23E+11", "all digits"),
        ("12e5", "all digits"),
        ("#NAME?", "a value"),
        ("########", "a value"),
        ("Z０1", "half width"),
        ("don’t", "straight"),
        ("a “b” c", "straight"),
        ("a，b", "half width"),
    ],
)
def test_what_was_done_to_a_cell_is_named(cell, expected):
    found, remedy = damage(cell, chinese=False)
    assert expected in found and remedy


@pytest.mark.parametrize(
    "cell, chinese",
    [
        ("", False),
        ("2015-07", False),
        ("2011/2012", False),
        ("1-4; inside", False),
        ("12e", False),
        ("E10", False),
        ("the word 整合, “as it stands”", False),
        ("“7+7”", True),
        ("名称与任务；据论文", True),
        ("2015年7月", True),
        ("Mayor", False),
        ("may 2015 be the year", False),
    ],
)
def test_what_is_right_is_left_alone(cell, chinese):
    assert damage(cell, chinese) is None


@pytest.mark.parametrize("other", ["u1 ", " u1", "u1\xa0", "ｕ１", "u\u200b1", "\ufeffu1", "u 1", "u1\u3000"])
def test_ids_that_look_alike_are_said_to_be_alike(other):
    assert seen(other) == "u1"
    assert "looks like 'u1'" in lookalike(other, ["u2", "u1"])


@pytest.mark.parametrize("sign", "\u034f\u3164\u2800\ufe0f\U000e0100")
def test_signs_without_a_form_that_are_no_format_characters_are_not_seen_either(sign):
    assert "looks like 'u1'" in lookalike(f"u1{sign}", ["u1"])


@pytest.mark.parametrize("dash", "–‑−﹣")  # what programs and keyboards make of a hyphen
def test_dashes_look_alike(dash):
    assert "looks like 'B3-02'" in lookalike(f"B3{dash}02", ["B3-02"])


@pytest.mark.parametrize("other", ["u1", "U1", "u11", "v1", "u-1"])
def test_ids_that_look_different_are_not(other):
    assert lookalike(other, ["u1"]) == ""
