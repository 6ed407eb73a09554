"""Verification against the sources, with sources that are made here: an invented article of a few
lines, an invented Word file of two batches, and the tables that belong to them.
"""

import csv
import hashlib
import json
import shutil
import subprocess
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from xml.sax.saxutils import escape

import pytest
from conftest import ROOT, embedgov
from entity_bomb import entity_bomb
from hypothesis import given, settings
from hypothesis import strategies as st

from embedgov.errors import DataError
from embedgov_exchange import fetch, quotations, source_texts
from embedgov_exchange.errors import SourceError
from embedgov_exchange.verify import verify

# ---- the made sources

INDENT = "\xa0\xa0\xa0 "
LINES = [
    "首页 登录",
    "",
    "【2031.02】茶园里的邻居——一个虚构的故事",
    "2031-02-03 10:20:30 来源:《虚构月刊》 作者:甲乙 浏览:12次",
    "",
    f"{INDENT}一、开头",
    f"{INDENT}山坡上有三座茶园,每座茶园都请邻居喝茶。喝茶的人多了,“茶友会”便有了名字,也有了规矩。"
    "规矩一共五条,写在木板上:先来先坐、自己洗杯、轮流烧水。",
    f"{INDENT}二、中间",
    f"{INDENT}后来茶友会分成2组,一组种树,另一组修路。修路的那组借来“大铁锤”、独轮车和绳子,"
    "种树的那组只带绳子。下雨天两组都在棚里讲故事,讲完再洗杯(这是规矩)。",
    f"{INDENT}到了秋天,木板上又添了两条。有人说太多,有人说正好;最后大家举手,正好过半。",
    "",
    "关键词 茶园 邻居 责任编辑:某",
]
PARAGRAPHS = {
    ("0.0", "1"): 3,
    ("0.0", "2"): 4,
    ("1", "1"): 7,
    ("2.1", "1"): 9,
    ("2.1", "2"): 10,
    ("9", "1"): 12,
}
ANCHORS = {
    ("0.0", "1"): ["茶园里", "邻居", "2031.02", "虚构的故事"],
    ("0.0", "2"): ["2031-02-03", "虚构月刊", "甲乙", "12次"],
    ("1", "1"): ["三座茶园", "“茶友会”", "规矩", "轮流烧水", "先来先坐、自己"],
    ("2.1", "1"): ["2组", "“大铁锤”、", "绳子", "(这是规矩)", "讲故事"],
    ("2.1", "2"): ["木板上", "正好;最后", "举手", "秋天"],
    ("9", "1"): ["茶园", "邻居", "责任编辑"],
}
STATED = {"2031.02": "2031-02", "2031-02-03": "2031-02", "12次": "12", "三座茶园": "3", "2组": "2"}
REGISTER = [
    [["虚构省甲市", "种茶  修路"], ["虚构省乙市", "邻里茶会"]],
    [
        ["虚构省丙市东区", "推广 茶会", "在三个村办茶会,由邻居轮流烧水"],
        ["虚构省甲市", "再种一片茶园", "每家认养十棵茶树"],
        ["虚构省/丁市", "修一条山路", "把山路修到茶园,路边种树"],
    ],
]
AWARDS = [["茶会奖", "中共虚构省乙市委"], ["山路奖", "虚构省丁市人民政府"]]
TERMS = ["茶会", "茶园", "种", "路"]


def table(path, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def located(key, term):
    """An anchor's row; the last occurrence is the one that is meant."""
    line = LINES[PARAGRAPHS[key] - 1]
    return {
        "section": key[0],
        "paragraph": key[1],
        "file_line": PARAGRAPHS[key],
        "anchor_zh": term,
        "anchor_char_offset": line.rindex(term),
        "anchor_occurrences_in_par": line.count(term),
    }


NAMES = {"U001": "虚构省甲市", "U002": "虚构省乙市", "U003": "虚构省丙市东区", "U004": "虚构省丁市"}
UNITS = {"B1-01": "U001", "B1-02": "U002", "B2-01": "U003", "B2-02": "U001", "B2-03": "U004"}
CODES = ["SOC", "LAW", "INT", "PRO", "SUB", "INS", "RES", "TEC"]


def coded(**terms):
    codes = {code: int(code in terms) for code in CODES} | {"call_theme": "OTHER", "confidence": 3}
    return codes | {f"{code}_term": terms.get(code, "") for code in CODES}


def data_folder(folder):
    """Write the tables of the made sources, with the schemas that the project's own have."""
    package = json.loads((ROOT / "data" / "datapackage.json").read_text(encoding="utf-8"))
    shutil.copytree(ROOT / "data" / "schemas", folder / "schemas")
    anchors = [(key, term) for key, terms in ANCHORS.items() for term in terms]
    tables = {
        "sections": [
            {
                "section": key[0],
                "paragraph": key[1],
                "file_line": number,
                "characters": len(LINES[number - 1].strip()),
                "spaces": ";".join(str(i) for i, c in enumerate(LINES[number - 1]) if c.isspace()),
                "title_en": "Part",
            }
            for key, number in PARAGRAPHS.items()
        ],
        "numbers": [
            {
                "num_id": f"N{i:03d}",
                "value": STATED.get(anchor[1], "1"),
                "unit": "x",
                "what_it_counts": "x",
                "kind": "count",
                "items_listed": "" if anchor[1] in STATED else "1",
                "check": "",
                **located(*anchor),
            }
            for i, anchor in enumerate(anchors, 1)
        ],
        "batches": [
            {
                "batch": batch,
                "designations": len(rows),
                "approved": "2031",
                "approval_document": "",
                "accepted": "",
                "acceptance_document": "",
            }
            for batch, rows in enumerate(REGISTER, 1)
        ],
        "units": [
            {
                "unit_id": key,
                "zone_zh": name,
                "zone_en": "Zone",
                "unit_level": "district",
                "province_id": "BJ",
                "prefecture_zh": name[3:5],
            }
            for key, name in NAMES.items()
        ],
        "names": [
            {
                "name_zh": "虚构省甲市社区茶园公益事业发展基金会",
                "name_en": "Tea Garden Foundation",
                "kind": "body",
                "source_id": "x",
            }
        ],
        "provinces": [
            {
                "province_id": "BJ",
                "province_zh": "虚构省",
                "province_en": "Invented",
                "province_code": "11",
                "short_zh": "虚构",
                "short_en": "Invented",
                "kind": "province",
                "tile_row": "1",
                "tile_col": "1",
            }
        ],
        "forks": [
            {
                "multiverse": "margins",
                "fork": "tea",
                "fork_en": "Tea",
                "fork_zh": "茶",
                "question_en": "Which tea?",
                "option": "all",
                "option_en": "all",
                "option_zh": "全部",
                "published": "1",
                "rationale_en": "Tea.",
                "codes": "",
                "terms": "茶会;山路",
            }
        ],
        "designations": [
            {
                "designation_id": key,
                "batch": key[1],
                "order_in_notice": int(key[3:]),
                "unit_id": unit,
                "statement_kind": "theme and task" if key[1] == "2" else "theme title",
                "statement_en": "Tea.",
                "gist_zh": "茶",
                "name_confidence": "secondary",
                "statement_confidence": "secondary",
            }
            for key, unit in UNITS.items()
        ],
        "terms": [{"term_zh": term, "term_en": "term", "kind": "theme"} for term in TERMS],
        "statement_parts": [  # counted by hand
            {"designation_id": key, "part": part, "characters": characters, "terms": terms}
            for key, part, characters, terms in [
                ("B1-01", "theme", 4, "种;路"),
                ("B1-02", "theme", 4, "茶会"),
                ("B2-01", "theme", 4, "茶会"),
                ("B2-01", "task", 15, "茶会"),
                ("B2-02", "theme", 6, "茶园;种"),
                ("B2-02", "task", 8, ""),
                ("B2-03", "theme", 5, "路"),
                ("B2-03", "task", 12, "茶园;种;路"),
            ]
        ],
        "practice_evidence": [
            {
                "evidence_id": "E01",
                "designation_id": "B1-02",
                "evidence_en": "A prize.",
                "anchor_zh": "茶会奖",
                "source_id": "exhibition-docx",
            },
            {
                "evidence_id": "E02",
                "designation_id": "B2-03",
                "evidence_en": "Press.",
                "anchor_zh": "别处的词",
                "source_id": "press-01",
            },
        ],
        "sources": [
            {
                "source_id": name,
                "kind": "press",
                "description": "A source.",
                "url": "",
                "retrieved": "",
                "sha256": sha256,
            }
            for name, sha256 in [("article", ""), ("exhibition-docx", "0" * 64), ("press-01", "")]
        ],
        "statements-final-d": [
            {"designation_id": key, **coded(**terms)}
            for key, terms in {
                "B1-01": {"TEC": "种茶修路"},
                "B1-02": {},
                "B2-01": {"SUB": "邻居轮流", "TEC": "茶会"},
                "B2-02": {"RES": "认养十棵"},
                "B2-03": {"TEC": "修一条山路"},
            }.items()
        ],
    }
    package["resources"] = [each for each in package["resources"] if each["name"] in tables]
    for resource in package["resources"]:
        if isinstance(resource["schema"], dict):
            resource["schema"].pop("foreignKeys", None)
        table(folder / resource["path"], tables[resource["name"]])
    schema = json.loads((folder / "schemas" / "statement_codes.json").read_text(encoding="utf-8"))
    schema.pop("foreignKeys", None)
    (folder / "schemas" / "statement_codes.json").write_text(json.dumps(schema))
    (folder / "datapackage.json").write_text(json.dumps(package))
    return folder


def docx(path, tables):
    def cell(text):
        lines = "".join(f"<w:p><w:r><w:t>{escape(line)}</w:t></w:r></w:p>" for line in text.split("/"))
        return f"<w:tc>{lines}</w:tc>"

    body = "".join(
        f"<w:p><w:r><w:t>表</w:t></w:r></w:p><w:tbl><w:tblPr/>"
        f"{''.join('<w:tr>' + ''.join(map(cell, row)) + '</w:tr>' for row in rows)}</w:tbl>"
        for rows in tables
    )
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "word/document.xml", f'<w:document xmlns:w="{word}"><w:body>{body}</w:body></w:document>'
        )
    return path


def register_tables(register=REGISTER):
    header = ["序号", "实验单位", "实验主题"]
    header.append("实验内容")
    made = [
        [header[: len(rows[0]) + 1], *([str(i), *row] for i, row in enumerate(rows, 1))] for rows in register
    ]
    return [*made, [["序号", "成果", "主体"], *([str(i), *row] for i, row in enumerate(AWARDS, 1))]]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The made sources and tables; tests that change them take a copy."""
    folder = tmp_path_factory.mktemp("made")
    data_folder(folder / "data")
    (folder / "article.txt").write_text("\n".join(LINES), encoding="utf-8")
    docx(folder / "statements.docx", register_tables())
    (folder / "project").mkdir()
    return folder


def article_report(made, copy, data=None):
    return verify(copy, None, data or made / "data", made / "project")


def statements_report(made, copy=None, data=None):
    return verify(None, copy or made / "statements.docx", data or made / "data", made / "project")


def cells(report):
    """Where the mismatches are."""
    return [(each.file, each.row, each.column) for each in report.mismatches]


def edited(made, tmp_path, name, edit):
    """Copy the data, and let ``edit`` change the rows of one file."""
    data = tmp_path / "data"
    shutil.rmtree(data, ignore_errors=True)
    shutil.copytree(made / "data", data)
    with (data / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    edit(rows)
    table(data / name, rows)
    return data


# ---- the article

FULL = str.maketrans({c: chr(ord(c) + 0xFEE0) for c in ",:;()-.0123456789"})
MARKS = [str.maketrans("", ""), str.maketrans("“”", "「」"), str.maketrans("“”", '""')]
dressings = st.fixed_dictionaries(
    {
        "width": st.none() | st.integers(4, 120),
        "end": st.sampled_from(["\n", "\r\n", "\r"]),
        "encoding": st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"]),
        "full": st.booleans(),
        "marks": st.sampled_from(MARKS),
        "indent": st.sampled_from([INDENT, "", "\u3000\u3000", "\t"]),
        "zero_width": st.none() | st.integers(1, 9),
    }
)


def dressed(width, end, encoding, full, marks, indent, zero_width):
    """The made article as somebody else saved it."""
    lines = [line.replace(INDENT, indent) for line in LINES]
    if width:
        lines = [line[i : i + width] for line in lines for i in range(0, len(line) or 1, width)]
    if zero_width:
        lines = ["".join(c + "\u200b" * (i % zero_width == 0) for i, c in enumerate(line)) for line in lines]
    text = end.join(lines).translate(marks)
    return (text.translate(FULL) if full else text).encode(encoding)


def test_the_made_sources_agree_with_their_tables(made):
    report = verify(made / "article.txt", made / "statements.docx", made / "data", made / "project")
    assert not report.mismatches
    counts = {}
    for each in report.tables:
        checked, matching = counts.get(each.file, (0, 0))
        counts[each.file] = (checked + each.checked, matching + each.matching)
    assert counts == {
        "article/sections.csv": (6, 6),
        "article/numbers.csv": (50, 50),  # anchors and values
        "registry/batches.csv": (2, 2),
        "registry/designations.csv": (10, 10),  # names and batches
        "registry/units.csv": (4, 4),
        "registry/provinces.csv": (1, 1),
        "robustness/forks.csv": (1, 1),
        "registry/statement_parts.csv": (8, 8),
        "registry/terms.csv": (4, 4),
        "registry/practice_evidence.csv": (1, 1),
        "coding/statements/final/coder_d.csv": (5, 5),
        "the project": (0, 0),
    }
    # the made file is not the pinned one, and that is said without being a mismatch
    assert ["byte for byte" in note for note in report.notes] == [True]


@given(dressings)
@settings(max_examples=80)
def test_the_form_of_the_copy_changes_nothing(made, dressing):
    copy = made / "copy.txt"
    copy.write_bytes(dressed(**dressing))
    report = article_report(made, copy)
    assert not report.mismatches
    wrapped = dressing["width"] and dressing["width"] < max(map(len, LINES))
    assert len(report.notes) <= 1 and (wrapped or not report.notes)


@given(dressings, st.integers(0, 24), st.sampled_from(["anchor", "offset", "count"]), st.data())
@settings(max_examples=80)
def test_any_single_damage_is_found_in_any_form_of_the_copy(tmp_path_factory, made, dressing, i, kind, draw):
    def damage(rows):
        row = rows[i]
        term = row["anchor_zh"]
        if kind == "anchor":
            place = draw.draw(st.integers(0, len(term) - 1))
            row["anchor_zh"] = term[:place] + "龘" + term[place + 1 :]
        elif kind == "offset":
            line = LINES[int(row["file_line"]) - 1]
            wrong = [at for at in range(len(line) + 9) if not line.startswith(term, at)]
            row["anchor_char_offset"] = draw.draw(st.sampled_from(wrong))
        else:
            row["anchor_occurrences_in_par"] = int(row["anchor_occurrences_in_par"]) + 1

    folder = tmp_path_factory.mktemp("damaged")
    data = edited(made, folder, "article/numbers.csv", damage)
    (folder / "copy.txt").write_bytes(dressed(**dressing))
    report = article_report(made, folder / "copy.txt", data)
    column = {"anchor": "anchor_zh", "offset": "anchor_char_offset", "count": "anchor_occurrences_in_par"}[
        kind
    ]
    assert cells(report) == [("article/numbers.csv", i + 2, column)]
    numbers, _ = [each for each in report.tables if each.file == "article/numbers.csv"]
    assert (numbers.checked, numbers.matching) == (25, 24)


@pytest.mark.parametrize(
    "column, value, reason",
    [
        ("anchor_zh", "龘龘", "is not found at all"),
        ("anchor_zh", "大铁锤", "is not in its paragraph, but in line 9 of the copy"),
        ("anchor_char_offset", "6", "三座茶园 stands at 8 of the line"),
        ("anchor_char_offset", "2", "三座茶园 stands at 8 of the line"),  # where a space is
        ("anchor_occurrences_in_par", "3", "三座茶园 occurs 1 times in its paragraph"),
        ("file_line", "9", "三座茶园 has its paragraph in line 7"),
        ("value", "4", "does not stand at 三座茶园"),
        ("section", "4.1", "三座茶园 is placed in a paragraph that sections.csv does not have"),
    ],
)
def test_every_mismatch_has_its_place_and_its_reason(made, tmp_path, column, value, reason):
    i = [term for terms in ANCHORS.values() for term in terms].index("三座茶园")
    data = edited(made, tmp_path, "article/numbers.csv", lambda rows: rows[i].update({column: value}))
    (found,) = article_report(made, made / "article.txt", data).mismatches
    column = "paragraph" if column == "section" else column
    assert (found.file, found.row, found.column, found.reason) == (
        "article/numbers.csv",
        i + 2,
        column,
        reason,
    )
    assert str(found).startswith(f"article/numbers.csv:{i + 2}:{column}: ")


@pytest.mark.parametrize(
    "column, value, reason",
    [
        ("file_line", "8", "the paragraph stands in line 7"),
        ("characters", "71", "the paragraph has 72 characters"),
    ],
)
def test_a_wrong_paragraph_is_one_mismatch_where_the_lines_are_known(made, tmp_path, column, value, reason):
    assert len(LINES[6].strip()) == 72
    data = edited(made, tmp_path, "article/sections.csv", lambda rows: rows[2].update({column: value}))
    (found,) = article_report(made, made / "article.txt", data).mismatches
    assert (found.file, found.row, found.column, found.reason) == ("article/sections.csv", 4, column, reason)


def test_a_paragraph_that_the_copy_lacks_is_said_to_be_missing(made, tmp_path):
    copy = tmp_path / "copy.txt"
    copy.write_text("\n".join(line for i, line in enumerate(LINES) if i != 9), encoding="utf-8")
    report = article_report(made, copy)
    missing, moved, *lacking = report.mismatches
    assert (missing.row, missing.column) == (6, "file_line") and "not found" in missing.reason
    assert (moved.row, moved.reason) == (7, "the paragraph stands in line 11")
    assert [each.value for each in lacking] == ANCHORS["2.1", "2"]


@pytest.mark.parametrize(
    "content, reason",
    [
        (b"", "is empty"),
        (b" \n\r\n", "is empty"),
        ("别的文章,说的是别的事。".encode(), "0 of its 24 terms"),
        ("\n".join(LINES[:3]).encode(), "of its 24 terms"),
        ("\n".join(LINES).encode()[:-1] + b"\xff", "does not look like the article"),
        (b"<!DOCTYPE html><p>x", "not plain text"),
        (b"PK\3\4 and more", "not plain text"),
    ],
)
def test_another_file_than_the_article_is_one_clear_message(made, tmp_path, content, reason):
    copy = tmp_path / "copy.txt"
    copy.write_bytes(content)
    with pytest.raises(SourceError, match=reason) as refusal:
        article_report(made, copy)
    assert str(copy) in str(refusal.value) and "\n" not in str(refusal.value)


def test_a_name_that_the_table_lists_may_be_written_out(made, tmp_path):
    (tmp_path / "notes.md").write_text(LINES[6], encoding="utf-8")

    def quotations(names):
        data = edited(made, tmp_path, "registry/names.csv", lambda rows: rows[0].update(name_zh=names))
        report = verify(made / "article.txt", None, data, tmp_path)
        return [each.file for each in report.mismatches if each.file == "notes.md"]

    assert quotations("虚构省甲市社区茶园公益事业发展基金会") == ["notes.md"]
    assert quotations(LINES[6].strip()) == []


def test_no_copy_at_all_is_an_error(made):
    with pytest.raises(SourceError, match="give the article, the statements, or both"):
        verify(data=made / "data", root=made / "project")


def test_unsound_tables_are_refused_before_they_are_compared(made, tmp_path):
    data = edited(
        made, tmp_path, "article/numbers.csv", lambda rows: rows[0].update({"anchor_char_offset": "x"})
    )
    with pytest.raises(DataError, match="anchor_char_offset"):
        article_report(made, made / "article.txt", data)


# ---- the statements


@pytest.mark.parametrize(
    "name, row, changes, column, reason",
    [
        ("registry/batches.csv", 1, {"designations": "4"}, "designations", "table 2 of the file has 3"),
        (
            "registry/designations.csv",
            1,
            {"unit_id": "U004"},
            "unit_id",
            "the file has 虚构省乙市 here, and 虚构省丁市 B2-03",
        ),
        (
            "registry/designations.csv",
            4,
            {"statement_kind": "theme title"},
            "statement_kind",
            "the file has its theme and task",
        ),
        (
            "registry/designations.csv",
            0,
            {"designation_id": "B1-09"},
            "designation_id",
            "the file has no such row",
        ),
        (
            "registry/designations.csv",
            1,
            {"order_in_notice": "3"},
            "order_in_notice",
            "the file numbers it 2",
        ),
        ("registry/designations.csv", 4, {"batch": "1"}, "batch", "the tables give 2"),
        (
            "registry/units.csv",
            1,
            {"prefecture_zh": "甲市"},
            "prefecture_zh",
            "the names of the units in the file do not have it",
        ),
        (
            "registry/provinces.csv",
            0,
            {"province_zh": "虚设省"},
            "province_zh",
            "the names of the units in the file do not have it",
        ),
        ("robustness/forks.csv", 0, {"terms": "茶会;山桥"}, "terms", "no statement has 山桥"),
        ("registry/statement_parts.csv", 3, {"characters": "16"}, "characters", "the file has 15"),
        ("registry/statement_parts.csv", 0, {"terms": "路"}, "terms", "the file has 种;路"),
        ("registry/statement_parts.csv", 1, {"part": "task"}, "part", "the file has no task of B1-02"),
        (
            "registry/practice_evidence.csv",
            0,
            {"anchor_zh": "山路奖"},
            "anchor_zh",
            "no other table of the file has it beside 虚构省乙市",
        ),
        (
            "coding/statements/final/coder_d.csv",
            3,
            {"RES_term": "认养九棵"},
            "RES_term",
            "is not found at all",
        ),
        (
            "coding/statements/final/coder_d.csv",
            3,
            {"RES_term": "山路"},
            "RES_term",
            "is not in the statement of B2-02, but in that of B2-03",
        ),
        # the end of the theme and the beginning of the task are no term
        (
            "coding/statements/final/coder_d.csv",
            2,
            {"TEC_term": "茶会在三个村"},
            "TEC_term",
            "is not found at all",
        ),
    ],
)
def test_damage_to_the_register_and_the_codes_is_found(made, tmp_path, name, row, changes, column, reason):
    data = edited(made, tmp_path, name, lambda rows: rows[row].update(changes))
    first = statements_report(made, data=data).mismatches[0]
    assert (first.file, first.row, first.column, first.reason) == (name, row + 2, column, reason)


def test_the_terms_of_every_round_are_looked_up(made, tmp_path):
    folder = shutil.copytree(made / "data", tmp_path / "data")
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    (first,) = (each for each in package["resources"] if each["name"] == "statements-final-d")
    other = first | {"name": "statements-third-j", "path": "coding/statements/third/coder_j.csv"}
    package["resources"].append(other)
    (folder / "datapackage.json").write_text(json.dumps(package))
    text = (folder / first["path"]).read_text(encoding="utf-8")
    (folder / other["path"]).parent.mkdir()
    (folder / other["path"]).write_text(text.replace("认养十棵", "认养九棵"), encoding="utf-8")
    (found,) = statements_report(made, data=folder).mismatches
    assert (found.file, found.row, found.column) == (other["path"], 5, "RES_term")


def test_two_swapped_names_are_two_mismatches(made, tmp_path):
    def swap(rows):
        rows[2]["unit_id"], rows[4]["unit_id"] = rows[4]["unit_id"], rows[2]["unit_id"]

    report = statements_report(made, data=edited(made, tmp_path, "registry/designations.csv", swap))
    assert cells(report) == [("registry/designations.csv", row, "unit_id") for row in (4, 6)]


def test_a_place_that_is_designated_twice_is_one_unit(made, tmp_path):
    data = edited(made, tmp_path, "registry/designations.csv", lambda rows: rows[3].update(unit_id="U005"))
    with (data / "registry" / "units.csv").open("a", encoding="utf-8") as units:
        units.write("U005,虚构省甲市,Zone,district,BJ,甲市\n")
    report = statements_report(made, data=data)
    assert cells(report) == [("registry/designations.csv", row, "unit_id") for row in (2, 5)]
    assert "for B2-02 as well, which is another unit, U005" in report.mismatches[0].reason


def test_what_the_tables_leave_out_is_found(made, tmp_path):
    data = edited(made, tmp_path, "registry/designations.csv", lambda rows: rows.pop(2))
    (found,) = statements_report(made, data=data).mismatches
    assert (found.row, found.value) == (None, "B2-01") and "虚构省丙市东区" in found.reason
    data = edited(made, tmp_path, "registry/statement_parts.csv", lambda rows: rows.pop(5))
    (found,) = statements_report(made, data=data).mismatches
    assert found.row is None and found.reason == "there is no row for the task of B2-02"
    data = edited(
        made,
        tmp_path,
        "registry/terms.csv",
        lambda rows: rows.append({"term_zh": "船", "term_en": "boat", "kind": "theme"}),
    )
    (found,) = statements_report(made, data=data).mismatches
    assert (found.row, found.reason) == (6, "no statement has 船")


def test_full_width_signs_and_other_tables_in_the_word_file_change_nothing(made, tmp_path):
    register = [
        [[cell.replace(",", "，").replace(" ", "\u3000") for cell in row] for row in rows]
        for rows in REGISTER
    ]
    copy = docx(tmp_path / "copy.docx", [[["别的", "表"]], [], *register_tables(register)])
    assert not statements_report(made, copy).mismatches


def broken(kind, path):
    whole = docx(path, register_tables()).read_bytes()
    if kind == "text":
        path.write_text("茶", encoding="utf-8")
    elif kind == "empty":
        path.write_bytes(b"")
    elif kind == "cut":
        path.write_bytes(whole[: len(whole) // 2])
    elif kind == "other zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("x.txt", "x")
    elif kind in ("entities", "entities in UTF-16", "entity bomb", "no xml", "encoding", "no encoding"):
        text = {
            "entities": '<!DOCTYPE d [<!ENTITY a "x">]><d>&a;</d>',
            "entities in UTF-16": '<!DOCTYPE d [<!ENTITY a "x">]><d>&a;</d>'.encode("utf-16"),
            "entity bomb": entity_bomb("d"),
            "no xml": "<d>",
            "encoding": '<?xml version="1.0" encoding="gb18030"?><d/>',
            "no encoding": '<?xml version="1.0" encoding="none"?><d/>',
        }[kind]
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("word/document.xml", text)
    elif kind == "a cell short":
        whole = register_tables()
        whole[1][2].pop()
        docx(path, whole)
    elif kind == "a table short":
        docx(path, register_tables()[1:])
    return path


@pytest.mark.parametrize(
    "kind, reason",
    [
        ("text", "not a Word file"),
        ("empty", "is empty"),
        ("cut", "not a Word file"),
        ("other zip", "not a Word file"),
        ("entities", "declares entities"),
        ("entities in UTF-16", "declares entities"),
        ("entity bomb", "declares entities"),
        ("no xml", "is broken"),
        ("encoding", "is broken"),
        ("no encoding", "is broken"),
        ("a table short", "it has 1 tables headed 序号"),
        ("a cell short", "row 2 of the register's table 2 has 3 cells, its header 4"),
    ],
)
def test_another_file_than_the_statements_is_one_clear_message(made, tmp_path, kind, reason):
    with pytest.raises(SourceError, match=reason) as refusal:
        statements_report(made, broken(kind, tmp_path / "copy.docx"))
    assert str(tmp_path / "copy.docx") in str(refusal.value)


def test_a_file_that_unpacks_without_end_is_not_read(made, tmp_path, monkeypatch):
    copy = docx(tmp_path / "copy.docx", [[["茶" * 5000]] * 20, *register_tables()])
    assert copy.stat().st_size < 20_000
    monkeypatch.setattr(source_texts, "_LARGEST", 100_000)
    with pytest.raises(SourceError, match="unpacks to more than"):
        statements_report(made, copy)


# ---- long quotations

SOURCE = "山坡上有三座茶园,每座茶园都请邻居喝茶。喝茶的人多了"
LONG, SHORT = "有三座茶园,每座茶园都请邻居", "有三座茶园,每座茶园都请邻"  # 13 and 12 characters without signs


@pytest.fixture
def project(tmp_path):
    (tmp_path / "docs").mkdir()

    def found(names=(), **files):
        for name, text in files.items():
            path = tmp_path / "docs" / name.replace("__", ".")
            path.write_text(text, encoding="utf-8")
        forbidden = quotations.Quotations([SOURCE], names)
        return [
            (path.name, *quotation)
            for path in quotations.project_files(tmp_path)
            for first, text in quotations.readable_texts(path)
            for quotation in forbidden.find(text, first)
        ]

    return found


def test_twelve_characters_may_be_quoted_and_thirteen_may_not(project):
    whole = LONG.replace(",", "")
    assert len(whole) == 13
    assert project(a__md=f"one\n{LONG}\n", b__md=SHORT) == [("a.md", 2, whole)]
    longer = SOURCE.replace(",", "").replace("。", "")
    assert project(a__md=f"x{SOURCE}x {SHORT}", b__md="") == [("a.md", 1, longer)]


@given(st.integers(0, len(SOURCE)), st.integers(0, len(SOURCE)), st.sampled_from(["", "\n", " ", "*", "，"]))
def test_what_is_found_is_what_is_longer_than_twelve(start, length, between):
    part = SOURCE[start : start + length].lstrip(",。")
    plain = part.replace(",", "").replace("。", "")
    found = list(quotations.Quotations([SOURCE], []).find(f"龘\n{between.join(part)}龘"))
    assert found == ([(2, plain)] if len(plain) > 12 else [])


def test_escapes_of_notebooks_and_cells_of_tables_are_read(project):
    escaped = json.dumps({"source": [LONG[:7] + "\n", LONG[7:]]})
    assert "\\u" in escaped and LONG[0] not in escaped
    cells = f'a,b\n"{SHORT[:5]}","{SHORT[5:]}居"\nx,"{LONG}"\n'  # a row is no text, a cell is
    quoted = LONG.replace(",", "")
    assert project(a__ipynb=escaped, b__csv=cells) == [("a.ipynb", 1, quoted), ("b.csv", 3, quoted)]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a__md", "{0}{{ref}}`{1} <d05>`{2}"),
        ("a__md", "{0}{{glue:text}}`n_zones`{1}**{2}**"),
        ("a__md", '{0}<span class="note">{1}</span>{2}'),
        ("a__po", 'msgid "x"\nmsgstr ""\n"{0}"\n"{1}{{len(zones)}}{2}"\n'),
        ("a__html", "<p>{0}<a href='/x'>{1}</a>{2}</p>"),
        ("a__html", "<p><span lang='zh'>{0}</span>{1}\n<em>{2}</em></p>"),
        ("a__html", "<p>x <img alt='{0}{1}{2}'></p>"),
    ],
)
def test_what_is_not_seen_hides_no_quotation(project, name, text):
    written = text.format(LONG[:4], LONG[4:8], LONG[8:])
    assert [quoted for _, _, quoted in project(**{name: written})] == [LONG.replace(",", "")]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a__po", 'msgid "{0}"\nmsgstr "{1}"\n'),
        ("a__html", "<table><tr><td>{0}</td><td>{1}</td></tr></table>"),
        ("a__html", "<p title='{0}'>{1}</p>"),
        ("a__html", "<p>{0}</p><p>{1}</p>"),
    ],
)
def test_what_stands_apart_is_no_quotation(project, name, text):
    assert project(**{name: text.format(LONG[:6], LONG[6:])}) == []


@pytest.mark.parametrize("hidden", ["x = {{'a': '{0}'}}", "<img alt='{0}'>", "{{ref}}`x <{0}>`", "{{{0}}}"])
def test_chinese_within_a_tag_or_a_hole_is_read(project, hidden):
    assert len(project(a__md=hidden.format(LONG))) == 1


def test_names_of_places_may_be_longer(project):
    beyond = f"{LONG}喝".replace(",", "")[1:]
    assert project([LONG], a__md=LONG, b__md=f"{LONG}喝") == [("b.md", 1, beyond)]


def test_git_says_which_files_belong_to_the_project(tmp_path):
    for name in ("kept.md", "loose.md", "_build/page.md", ".hidden/x.md", "copy.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    names = [path.name for path in quotations.project_files(tmp_path, {tmp_path / "copy.txt"})]
    assert names == ["kept.md", "loose.md"]
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    subprocess.run(["git", "-C", tmp_path, "add", "kept.md", "copy.txt"], check=True)
    # a copy of a source that git tracks is published, whatever it was given for
    names = [path.name for path in quotations.project_files(tmp_path, {tmp_path / "copy.txt"})]
    assert names == ["copy.txt", "kept.md"]


# ---- the commands


def test_the_command_prints_counts_mismatches_and_status(made, tmp_path):
    project = tmp_path / "project"
    project.mkdir()
    (project / "_toc.yml").write_text("root: index\n")
    shutil.copytree(made / "data", project / "data")
    copies_given = ("--article", made / "article.txt", "--statements", made / "statements.docx")
    done = embedgov("verify", *copies_given, cwd=project)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "article/numbers.csv                  25 of 25 anchors match\n" in done.stdout
    assert "1 of 1 anchors match, 1 rest on sources without a copy\n" in done.stdout
    assert done.stdout.endswith("0 mismatches\n")
    (project / "notes.md").write_text(LINES[6], encoding="utf-8")
    done = embedgov("verify", *copies_given, "--json", cwd=project)
    assert done.returncode == 1
    *_, last = json.loads(done.stdout)["tables"]
    (mismatch,) = last["mismatches"]
    assert (mismatch["file"], mismatch["row"]) == ("notes.md", 1)
    done = embedgov("verify", "--article", made / "statements.docx", cwd=project)
    assert done.returncode == 1 and done.stderr.count("\n") == 1 and "SourceError" in done.stderr


@pytest.fixture
def server():
    """A server of one file on this computer; ``asked`` counts the requests."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.server.asked.append(self.path)
            self.send_response(self.server.status)
            self.send_header("Content-Length", str(len(self.server.content) + self.server.short))
            self.end_headers()
            self.wfile.write(self.server.content)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as made:
        made.content, made.status, made.short, made.asked = b"the file", 200, 0, []
        Thread(target=made.serve_forever, daemon=True).start()
        yield made
        made.shutdown()


@pytest.fixture
def pinned(made, tmp_path, server):
    """Tables that pin the file of the server, by an address as GitHub gives it."""

    def pin(rows):
        rows[1]["url"] = f"http://127.0.0.1:{server.server_port}/blob/0123/%E8%A1%A8/result.docx"
        rows[1]["sha256"] = hashlib.sha256(b"the file").hexdigest()

    return edited(made, tmp_path, "registry/sources.csv", pin)


def test_the_file_is_fetched_once_and_kept(pinned, server, tmp_path):
    (path,) = fetch.fetch(tmp_path / "into", pinned).values()
    assert path == tmp_path / "into" / "exhibition-docx.docx"
    assert path.read_bytes() == b"the file"
    (tmp_path / "_toc.yml").write_text("root: index\n")
    done = embedgov("fetch-sources", "--into", "into", cwd=tmp_path)
    assert done.returncode == 0 and f"exhibition-docx is in {path}" in done.stdout
    assert "article cannot be fetched: save the text" in done.stdout
    assert server.asked == ["/raw/0123/%E8%A1%A8/result.docx"]


@pytest.mark.parametrize(
    "changes, reason",
    [
        ({"content": b"another file"}, "gave another file than the one that was read"),
        ({"content": b""}, "gave another file"),
        ({"status": 404}, "answers 404"),
        ({"short": 99}, "broke off"),
    ],
)
def test_nothing_is_kept_of_a_download_that_went_wrong(pinned, server, tmp_path, changes, reason):
    vars(server).update(changes)
    with pytest.raises(SourceError, match=reason):
        fetch.fetch(tmp_path / "into", pinned)
    assert list((tmp_path / "into").iterdir()) == []


def test_without_a_network_the_message_says_so(pinned, server, tmp_path):
    server.shutdown()
    server.server_close()
    with pytest.raises(SourceError, match="cannot be reached .*; check the network"):
        fetch.fetch(tmp_path / "into", pinned)


def test_a_file_of_the_readers_is_not_overwritten(pinned, server, tmp_path):
    own = tmp_path / "exhibition-docx.docx"
    own.write_text("mine")
    with pytest.raises(SourceError, match="move it away"):
        fetch.fetch(tmp_path, pinned)
    assert own.read_text() == "mine" and not server.asked
    with pytest.raises(SourceError, match="could not be written"):
        fetch.fetch(own, pinned)
