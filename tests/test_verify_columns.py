"""Every column of every table against what it comes from: nothing that stems from a source goes unread.

The article is not ours to publish. What stands in for it here is drawn up from the tables themselves:
paragraphs of their length, with every anchor at its place and the other terms in the gaps.
"""

import random
import re
from dataclasses import replace

import pytest
from conftest import ROOT

from embedgov_exchange import article, counts, numerals, source_texts
from embedgov_exchange.findings import CHINESE, LOCATOR, Tables, terms
from embedgov_study.data_package import fields

SEED = 18
FILLER, OTHER = "龘", "鱻"  # two characters that no table has


@pytest.fixture(scope="module")
def tables():
    return Tables(ROOT / "data")


# ---- every column says where it comes from


def undeclared(tables):
    """Columns with Chinese or digits that are neither keys nor one of a few words, and have no origin."""
    found = set()
    for name, resource in tables.resources.items():
        schema = resource["schema"]
        keys = {*schema.get("primaryKey", [])}
        keys |= {column for key in schema.get("foreignKeys", []) for column in key["fields"]}
        for column, field in fields(resource).items():
            if column in keys or "enum" in field.get("constraints", {}) or "origin" in field:
                continue
            if any(re.search(rf"{CHINESE}|\d", row[column]) for _, row in tables[name]):
                found.add((name, column))
    return found


def test_every_column_with_chinese_or_numbers_says_where_it_comes_from(tables):
    assert undeclared(tables) == set()


def test_a_column_that_does_not_say_it_is_found():
    bare = Tables(ROOT / "data")
    for name, column in [("rule_steps", "step_zh"), ("segments", "count_stated"), ("forks", "terms")]:
        del fields(bare.resources[name])[column]["origin"]
    assert undeclared(bare) == {
        ("rule_steps", "step_zh"),
        ("segments", "count_stated"),
        ("forks", "terms"),
    }


def test_what_is_declared_ours_within_a_column_of_a_source_is_in_the_column(tables):
    """A value that was mended may stay declared for ever, and then hide damage to another one."""
    for name, resource in tables.resources.items():
        for column, field in fields(resource).items():
            cells = [row[column] for _, row in tables[name]]
            used = {term for cell in cells for term in terms(column, cell)}
            assert set(field.get("ours", [])) <= used, (name, column)


# ---- a stand-in for the article


def put(line, term, place=None):
    """Write a term over fillers, between full stops."""
    if place is None:
        place = "".join(line).index(FILLER * (len(term) + 2)) + 1
        line[place - 1] = line[place + len(term)] = "。"
    line[place : place + len(term)] = term


def paragraph(section, rows, needed):
    spaces = {int(place) for place in section["spaces"].split(";") if place}
    indent = sum(place in spaces and all(i in spaces for i in range(place)) for place in spaces)
    line = [" " if i in spaces else FILLER for i in range(int(section["characters"]) + indent)]
    for row in rows:
        put(line, row["anchor_zh"], int(row["anchor_char_offset"]))
    for row in rows:  # each anchor in a sentence of its own, so that no number is read at another one
        place = int(row["anchor_char_offset"])
        for beside in (place - 1, place + len(row["anchor_zh"])):
            if beside < len(line) and line[beside] == FILLER:
                line[beside] = "。"
    for row in rows:
        more = int(row["anchor_occurrences_in_par"]) - "".join(line).count(row["anchor_zh"])
        for _ in range(more):
            put(line, row["anchor_zh"])
    for term in sorted(needed, key=len, reverse=True):
        if source_texts.fold(term) not in source_texts.fold("".join(line)):
            put(line, term)
    return "".join(line)


@pytest.fixture(scope="module")
def stand_in(tables):
    """The text that stands in for the article."""
    anchored, needed = {}, {}
    for rows in tables.having(LOCATOR).values():
        for _, row in rows:
            anchored.setdefault(row["file_line"], []).append(row)
    everywhere = []
    for name, columns in tables.columns("article", "paragraph").items():
        for field in columns:
            column = field["name"]
            if column in LOCATOR:
                continue
            for _, row in tables[name]:
                place = article._rests(row, name, tables) if field["origin"] == "paragraph" else None
                where = needed.setdefault(place["file_line"], []) if place else everywhere
                where += [term for term in terms(column, row[column]) if term not in field.get("ours", [])]
    lines = {}
    for _, section in tables["sections"]:
        number = section["file_line"]
        lines[int(number)] = paragraph(section, anchored.get(number, []), needed.get(number, []))
    lines[max(lines) + 1] = "。".join(everywhere)
    return [lines.get(i, "") for i in range(1, max(lines) + 1)]


def found(tables, lines):
    text = source_texts.Text.of("\n".join(lines))
    return [m for one in (*article.checks(text, tables, []), *counts.checks(tables)) for m in one.mismatches]


def cells(mismatches):
    return {(each.file, each.row, each.column) for each in mismatches}


def test_the_stand_in_agrees_with_nearly_all_cells(tables, stand_in):
    """Left are numbers that the article has beside their anchor, and anchors within other terms."""
    left = found(tables, stand_in)
    assert {each.column for each in left} <= {"value", "n_stated_in_text", "anchor_occurrences_in_par"}
    assert len(left) <= 12


# ---- damage


def damaged(cell, chance):
    """One Chinese character is another one; or else one of the numbers is one higher."""
    if places := [i for i, sign in enumerate(cell) if re.match(CHINESE, sign)]:
        place = chance.choice(places)
        return cell[:place] + OTHER + cell[place + 1 :]
    number = chance.choice(list(re.finditer(r"\d+", cell)))
    return cell[: number.start()] + str(int(number[0]) + 1) + cell[number.end() :]


def checked_cells(tables):
    """Every cell with Chinese or a number that is compared, but those of the paragraphs themselves."""
    for name, columns in tables.columns("article", "paragraph", "tables").items():
        for field in columns:
            column = field["name"]
            whole = column.endswith("_zh") or field["type"] == "integer"
            numbers = (name, column) in article._NUMBERS
            for line, row in tables[name]:
                if name == "sections" or not row[column]:
                    continue
                if numbers or (whole and row[column] != ">=1") or terms(column, row[column]):
                    yield name, line, row, column


def test_damage_to_any_cell_is_seen_in_that_cell(tables, stand_in):
    """200 cells of as many rows at once, since each is compared by itself; each must be named."""
    chance = random.Random(SEED)
    before = cells(found(tables, stand_in))
    drawn = [one for one in checked_cells(tables) if (tables.path(one[0]), one[1], one[3]) not in before]
    chance.shuffle(drawn)
    drawn = list({(name, line): (name, line, row, column) for name, line, row, column in drawn}.values())[
        :200
    ]
    kept = [(row, column, row[column]) for _, _, row, column in drawn]
    try:
        for _, _, row, column in drawn:
            row[column] = damaged(row[column], chance)
        seen = cells(found(tables, stand_in))
    finally:
        for row, column, cell in kept:
            row[column] = cell
    assert len({(name, column) for name, _, _, column in drawn}) > 20
    missed = {(tables.path(name), line, column) for name, line, _, column in drawn} - seen
    assert missed == set()


def test_whole_columns_that_are_one_higher_are_seen(tables, stand_in):
    before = found(tables, stand_in)
    for name, column in [
        ("numbers", "value"),
        ("lists", "n_items_listed"),
        ("lists", "n_stated_in_text"),
        ("segments", "count_stated"),
        ("zones", "n_practice"),
        ("zones", "n_RES"),
    ]:
        rows = [(line, row) for line, row in tables[name] if row[column]]
        kept = [row[column] for _, row in rows]
        try:
            for _, row in rows:
                row[column] = re.sub(r"\d+", lambda number: str(int(number[0]) + 1), row[column])
            seen = cells(found(tables, stand_in)) - cells(before)
        finally:
            for (_, row), cell in zip(rows, kept):
                row[column] = cell
        expected = {(tables.path(name), line, column) for line, _ in rows} - cells(before)
        assert expected <= seen, (name, column)


def test_damage_to_any_term_of_the_article_is_seen(tables, stand_in):
    """200 terms, each replaced throughout a copy of the article, one at a time."""
    known = {
        term
        for name, columns in tables.columns("article", "paragraph").items()
        for field in columns
        for _, row in tables[name]
        for term in terms(field["name"], row[field["name"]])
        if len(term) > 1 and term not in field.get("ours", [])
    }
    text = source_texts.Text.of("\n".join(stand_in))
    standing = sorted(term for term in map(source_texts.fold, known) if term in text.whole)
    assert len(standing) > 500 and "公益银行" in standing

    def missing(text):  # each by itself: damage may mend one that the stand-in had, beside making its own
        return {str(each) for one in article.checks(text, tables, []) for each in one.mismatches}

    def without(term):
        lines = [line.replace(term, OTHER * len(term)) for line in text.lines]
        return replace(text, lines=lines, whole="".join(lines))

    before = missing(text)
    drawn = ["公益银行", *random.Random(SEED).sample(standing, 199)]
    assert [term for term in drawn if not missing(without(term)) - before] == []


# ---- numbers in Chinese


@pytest.mark.parametrize(
    "text, numbers",
    [
        ("三年", ["3"]),
        ("第十八届三中", ["18", "3"]),
        ("二十", ["20"]),
        ("一百零五", ["105"]),
        ("一百一十四个", ["114"]),
        ("两万三千", ["23000"]),
        ("〔2015〕233号", ["2015", "233"]),
        ("2015年上半年", ["2015", "H1"]),
        ("92.5%", ["92", "5"]),
        ("“1+N+X”", ["1", "N", "X"]),
        ("2018-06", ["2018", "6"]),
        ("QQ群和微信", []),
        ("社区", []),
        ("一是区域化党建,二是两种", ["2"]),
    ],
)
def test_numbers_are_read_in_digits_and_in_characters(text, numbers):
    assert numerals.read(text) == numbers
