"""The loaders: what the tables hold, how they are typed, and that no bad value slips through."""

import csv
import io
import json
import re

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embedgov.errors import DataError
from embedgov_study import data
from embedgov_study.spreadsheet import damage

# ---- the tables


def test_the_register_holds_the_counts_of_the_programme():
    register = data.designations()
    assert len(register) == 12 + 31 + 40 + 31 == 114
    assert register["batch"].value_counts().to_dict() == {1: 12, 2: 31, 3: 40, 4: 31}
    assert register["unit_id"].nunique() == 112
    twice = register[register["unit_id"].duplicated(keep=False)].sort_values("designation_id")
    assert set(twice["zone_zh"]) == {"上海市徐汇区", "江苏省南京市雨花台区"}
    assert twice["batch"].tolist() == [2, 2, 4, 4]


def test_28_provinces_hold_only_with_the_corps_beside_xinjiang():
    register = data.designations()
    assert register["province_id"].nunique() == 28
    assert register["province_code"].nunique() == 27
    assert register.loc[register["kind"] == "corps", "zone_zh"].tolist() == ["新疆生产建设兵团石河子市"]
    assert register.loc[register["batch"] == 3, "province_id"].nunique() == 25


def test_the_joined_register_keeps_order_and_columns():
    register, plain = data.designations(), data.table("designations")
    assert register["designation_id"].tolist() == plain["designation_id"].tolist()
    for name in ("designations", "units", "provinces"):
        assert set(data.table(name).columns) <= set(register.columns)
    assert not register.isna().any(axis=None)


def test_the_tile_map_has_one_tile_per_province():
    provinces = data.table("provinces")
    assert provinces["kind"].value_counts().to_dict() == {
        "province": 22,
        "autonomous region": 5,
        "municipality": 4,
        "corps": 1,
    }
    assert not provinces.duplicated(["tile_row", "tile_col"]).any()
    at = provinces.set_index("province_id")
    assert at.loc["HL", "tile_row"] == at["tile_row"].min()  # northernmost
    assert at.loc["HI", "tile_row"] == at["tile_row"].max()  # southernmost
    assert at.loc["XJ", "tile_col"] == at["tile_col"].min()  # westernmost
    assert at.loc["HL", "tile_col"] == at["tile_col"].max()  # easternmost


def test_the_third_batch_has_its_whole_life():
    life = data.table("milestones").query("batch == 3").set_index("kind")
    assert life.loc["application", ["start", "end"]].tolist() == ["2015-01", "2015-06"]
    assert life.loc["confirmation", "start"] == "2015-07"
    start, end = life.loc["experiment", ["start", "end"]]
    assert len(pd.period_range(start, end, freq="M")) == 36
    assert life.loc["acceptance", "start"] == "2018-12"
    assert life["end"].isna().tolist() == [False, True, False, True]


def test_zones_are_designations_of_batch_3_and_own_their_segments():
    zones, segments = data.table("zones"), data.table("segments")
    register = data.designations().set_index("designation_id").loc[zones["designation_id"]]
    assert len(zones) == 15 and (register["batch"] == 3).all()
    for full, short in zip(register["zone_zh"], zones["zone_zh"]):
        assert full.endswith(short)
    assert register["province_en"].tolist() == zones["province_en"].tolist()
    assert len(segments) == 118 and segments["zone_id"].isna().sum() == 7
    counts = segments["zone_id"].value_counts().reindex(zones["zone_id"], fill_value=0)
    assert counts.tolist() == zones["n_segments"].tolist()
    assert (counts > 0).sum() == 12
    assert (segments["seg_id"].str[:3] == segments["zone_id"].fillna("ALL")).all()


@pytest.mark.parametrize(
    "codebook_id, groups",
    [
        ("statements_pilot", {"direction": 4, "dimension": 4, "theme": 6, "cross-cutting": 0}),
        ("statements_final", {"direction": 4, "dimension": 4, "theme": 6, "cross-cutting": 0}),
        ("segments", {"direction": 0, "dimension": 4, "theme": 0, "cross-cutting": 3}),
        ("segments_draft", {"direction": 0, "dimension": 13, "theme": 0, "cross-cutting": 3}),
    ],
)
def test_codebooks_hold_their_codes(codebook_id, groups):
    book = data.codebook(codebook_id)
    assert book["group"].value_counts().to_dict() == groups
    assert codebook_id in set(data.table("codebooks")["codebook_id"])


def test_codes_come_in_codebook_order():
    order = ["SOC", "LAW", "INT", "PRO", "SUB", "INS", "RES", "TEC"]
    assert data.codebook("statements_final")["code"].tolist()[:8] == order
    assert data.statement_codes().columns.tolist()[2:10] == order


# ---- the loaders


@pytest.mark.parametrize(
    "round, coders", [("pilot", "ABC"), ("final", "DEF"), ("repeat", "JKL"), ("definitions", "MNO")]
)
def test_statement_codes_has_a_row_per_coder_and_designation(round, coders):
    codes = data.statement_codes(round)
    assert codes["coder"].cat.categories.tolist() == list(coders)
    assert (codes["coder"].value_counts() == 114).all()
    assert set(codes["designation_id"]) == set(data.table("designations")["designation_id"])
    alone = data.table(f"statements-{round}-{coders[1].lower()}")
    second = codes[codes["coder"] == coders[1]].drop(columns="coder").reset_index(drop=True)
    pd.testing.assert_frame_equal(second, alone)


def test_segment_codes_has_a_row_per_coder_and_segment():
    codes = data.segment_codes()
    assert codes.groupby("coder")["seg_id"].nunique().to_dict() == {"G": 118, "H": 118, "I": 118}
    assert len(codes) == 3 * 118
    names = ["SUB", "INS", "RES", "TEC", "DELIB", "STEER", "CLAIM"]
    assert codes[names].isin([0, 1]).all(axis=None)


def test_types_follow_the_schema():
    codes = data.statement_codes()
    assert codes["SOC"].dtype == codes["confidence"].dtype == "int64"
    themes = codes["call_theme"]
    assert themes.cat.ordered
    assert list(themes.cat.categories) == ["PARTY", "SANSHE", "CONSULT", "BURDEN", "INFO", "OTHER"]
    assert (codes["SOC_term"].isna() == (codes["SOC"] == 0)).all()  # empty is missing
    assert (data.table("issues")["severity"] < "low").sum() == 3  # none, below low
    milestones = data.table("milestones")
    assert milestones["batch"].dtype == "Int64" and milestones["batch"].isna().sum() == 2
    assert milestones["start"].dtype == "str"
    sections = data.table("sections")["section"]
    assert sections.dtype == "str" and {"1", "2.0", "3.0"} <= set(sections)


@pytest.mark.parametrize(
    "ask, words",
    [
        (lambda: data.table("designation"), "designations"),
        (lambda: data.statement_codes("second"), "pilot, final"),
        (lambda: data.statement_codes("segments"), "pilot, final"),
        (lambda: data.codebook("statements"), "codebook-statements_final"),
    ],
)
def test_an_unknown_name_says_what_there_is(ask, words):
    with pytest.raises(DataError, match=words):
        ask()


# ---- bad values, in a folder with one small table

SCHEMA = {
    "fields": [
        {"name": "id", "type": "string", "constraints": {"required": True, "pattern": "[A-M]|[N-Z]"}},
        {"name": "n", "type": "integer", "constraints": {"required": True, "maximum": 9}},
        {"name": "size", "type": "string", "constraints": {"enum": ["small", "large"]}},
        {"name": "word", "type": "string", "constraints": {"maxLength": 3}},
    ],
    "primaryKey": ["id"],
}


def folder(tmp_path, text, schema=SCHEMA):
    """Make a data folder whose only table is ``toy.csv``."""
    package = {"name": "toy", "resources": [{"name": "toy", "path": "toy.csv", "schema": schema}]}
    (tmp_path / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    content = text if isinstance(text, bytes) else text.encode("utf-8")
    (tmp_path / "toy.csv").write_bytes(content)
    return tmp_path


def test_categories_are_in_the_order_of_the_schema_not_of_the_rows(tmp_path):
    toy = data.table("toy", folder(tmp_path, "id,n,size,word\nB,2,large,\nA,-1,,甲乙丙\n"))
    assert toy["size"].max() == "large" and list(toy["size"].cat.codes) == [1, -1]
    assert toy["n"].tolist() == [2, -1]
    assert toy["word"].isna().tolist() == [True, False]


@pytest.mark.parametrize(
    "text, place",
    [
        ("id,n,size\nA,1,small\n", "toy.csv:1:word: "),
        ("id,n,size,word,more\nA,1,small,a,b\n", "toy.csv:1:more: "),
        ("n,id,size,word\n1,A,small,a\n", "toy.csv:1:-: "),
        ("id,n,size,size\nA,1,small,a\n", "toy.csv:1:word: "),
        ("id,n,size,word\nA,1,small,a\nB,2,small\n", "toy.csv:3:-: "),
        ("id,n,size,word\nA,1,small,a\nB,2,small,a,b\n", "toy.csv:3:-: "),
        ("id,n,size,word\nA,1,small,a\n\n", "toy.csv:3:-: "),
        ("id,n,size,word\n,1,small,a\n", "toy.csv:2:id: "),
        ("id,n,size,word\nA,,small,a\n", "toy.csv:2:n: "),
        ("id,n,size,word\nA,1.0,small,a\n", "toy.csv:2:n: "),
        ("id,n,size,word\nA,NaN,small,a\n", "toy.csv:2:n: "),
        ("id,n,size,word\nA,01,small,a\n", "toy.csv:2:n: "),
        ("id,n,size,word\nA,10,small,a\n", "toy.csv:2:n: "),
        ("id,n,size,word\nA,1,Small,a\n", "toy.csv:2:size: "),
        ("id,n,size,word\nA,1,small ,a\n", "toy.csv:2:size: "),
        ("id,n,size,word\nA,1,small,甲乙丙丁\n", "toy.csv:2:word: "),
        ("id,n,size,word\nA1,1,small,a\n", "toy.csv:2:id: "),
        ("id,n,size,word\nA,1,small,a\nB,1,,\nA,2,,\n", "toy.csv:4:id: "),
        ('id,n,size,word\nA,1,small,a\nB,1,,"b\n', "toy.csv:3:-: "),
        ("id,n,size,word\n", "toy.csv:-:-: "),
        ("", "toy.csv:-:-: "),
        ("id,n,size,word\nA,1,small,甲\n".encode("gbk"), "toy.csv:2:word: "),
    ],
)
def test_a_bad_table_is_an_error_that_says_where(tmp_path, text, place):
    with pytest.raises(DataError) as caught:
        data.table("toy", folder(tmp_path, text))
    assert str(caught.value).startswith(place)
    assert "expected" in str(caught.value) and "do: " in str(caught.value)


def test_a_unit_without_a_row_is_an_error_not_a_missing_value(tmp_path):
    row = {"designation_id": "B1-01", "unit_id": "U2"}
    tables = {"designations": row, "units": {"unit_id": "U1", "province_id": "BJ"}}
    resources = []
    for name, cells in tables.items():
        (tmp_path / f"{name}.csv").write_text(f"{','.join(cells)}\n{','.join(cells.values())}\n")
        fields = [{"name": column, "type": "string"} for column in cells]
        resources.append({"name": name, "path": f"{name}.csv", "schema": {"fields": fields}})
    (tmp_path / "datapackage.json").write_text(json.dumps({"resources": resources}))
    with pytest.raises(DataError, match="units: no row has the unit_id 'U2'"):
        data.designations(tmp_path)


texts = st.text(st.characters(codec="utf-8"), max_size=8).filter(lambda text: not damage(text, True))


@settings(max_examples=50)  # every example writes a file
@given(rows=st.lists(st.tuples(st.integers(-(2**40), 2**40), texts, texts), min_size=1))
def test_whatever_is_written_is_read_back(tmp_path_factory, rows):
    columns = {"n": "integer", "a": "string", "b": "string"}
    schema = {"fields": [{"name": name, "type": kind} for name, kind in columns.items()]}
    schema["fields"][0]["constraints"] = {"required": True}
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerows([list(columns), *rows])
    toy = data.table("toy", folder(tmp_path_factory.mktemp("toy"), out.getvalue(), schema))
    assert toy["n"].tolist() == [n for n, _, _ in rows]
    assert toy["a"].fillna("").tolist() == [a for _, a, _ in rows]
    assert toy["b"].fillna("").tolist() == [b for _, _, b in rows]


@settings(max_examples=50)  # every example writes a file
@given(cells=st.lists(st.text('a\n,"', max_size=6).map(str.strip), max_size=6))
def test_the_row_is_the_line_that_an_editor_shows(tmp_path_factory, cells):
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerows([["n", "text"], *([i, cell] for i, cell in enumerate(cells))])
    line = out.getvalue().count("\n") + 1
    writer.writerow(["bad", "here"])
    types = {"n": "integer", "text": "string"}
    schema = {"fields": [{"name": name, "type": kind} for name, kind in types.items()]}
    with pytest.raises(DataError) as caught:
        data.table("toy", folder(tmp_path_factory.mktemp("toy"), out.getvalue(), schema))
    assert str(caught.value).startswith(f"toy.csv:{line}:n: ")


# ---- tables of one reading, against the segments that they read


def test_who_holds_a_step_is_an_actor_of_its_passage():
    steps, actors = data.table("rule_steps").dropna(subset="holder"), data.table("actors")
    held = set(zip(steps["seg_id"], steps["holder"]))
    assert held and held <= set(zip(actors["seg_id"], actors["actor"]))


@pytest.mark.parametrize("name", ["funds", "techniques"])
def test_what_is_told_of_a_zone_is_told_in_a_passage_of_the_zone(name):
    table = data.table(name).merge(data.table("segments")[["seg_id", "zone_id"]], on="seg_id")
    assert len(table) >= 20 and (table["zone_id_x"] == table["zone_id_y"]).all()


def test_a_passage_is_named_where_and_only_where_something_is_told():
    funds, techniques = data.table("funds"), data.table("techniques")
    assert funds["seg_id"].isna().equals(funds["telling"] == "not told")
    assert techniques["seg_id"].isna().equals(techniques["item_id"].notna())
    assert techniques["item_id"].isna().equals(techniques["zone_id"].notna())


def test_an_item_of_a_list_stands_in_a_passage_of_its_paragraph():
    segments = data.table("segments").set_index("seg_id")["file_line"]
    lists = data.table("lists").dropna(subset="seg_id")
    assert len(lists) > 80 and (lists["seg_id"].map(segments) == lists["file_line"]).all()


@pytest.mark.parametrize(
    "name, key, columns",
    [
        ("funds", "stage", ["stage_en", "stage_zh"]),
        ("techniques", "kind", ["kind_zh"]),
        ("rule_steps", "stage_en", ["stage_zh"]),
        ("actor_kinds", "sphere_en", ["sphere_zh"]),
        ("lists", "list_id", ["list_name_en", "n_items_listed", "open_ended", "file_line"]),
    ],
)
def test_a_key_has_one_name_in_all_rows(name, key, columns):
    table = data.table(name).astype(str)
    assert (table.groupby(key)[columns].nunique() == 1).all(axis=None)


# ---- how the passes were made


def test_every_coder_is_a_pass_whose_making_is_told():
    passes, coders = data.table("passes").set_index("coder"), data.table("coders").set_index("coder")
    assert list(passes.index) == list(coders.index) == list("ABCDEFGHIJKLMNOPQRSTU")
    early = list("ABCDEFGHI")
    assert passes.loc[early, "not_kept"].eq("prompt; order of the texts").all()
    assert passes.loc[early, "prompt_id"].isna().all() and passes["not_kept"].drop(early).isna().all()
    prompts = set(data.table("prompts")["prompt_id"].astype(str))
    of = coders["unit_of_coding"].astype(str).map({"statement": "statements", "segment": "passages"})
    assert (passes["prompt_id"].drop(early).astype(str) == of.drop(early)).all() and prompts == set(of)


def test_every_pass_with_a_recorded_order_took_each_unit_once():
    orders, coders = data.table("orders"), data.table("coders").set_index("coder")
    units = {
        "statement": list(data.designations()["designation_id"]),
        "segment": list(data.table("segments")["seg_id"]),
    }
    assert set(orders["coder"]) == set("JKLMNOPQRSTU")
    for coder, own in orders.groupby("coder"):
        known = units[coders.at[coder, "unit_of_coding"]]
        in_order = own.sort_values("position")["unit_id"].tolist()
        assert sorted(own["position"]) == list(range(1, len(known) + 1)) and sorted(in_order) == sorted(known)
        kind = data.table("passes").set_index("coder").at[coder, "order"]
        if kind in ("register", "order of the article"):
            assert in_order == known
        elif kind.endswith("reversed"):
            assert in_order == known[::-1]
        else:
            assert kind == "random" and in_order not in (known, known[::-1])


def test_the_definitions_are_those_of_the_final_codebook_without_its_lists():
    final, bare = (data.codebook(f"statements_{name}").set_index("code") for name in ("final", "definitions"))
    codes = final.index[final["group"] != "theme"]
    assert bare.loc[codes, ["include", "exclude"]].isna().all(axis=None)
    same = final.loc[codes, "definition"] == bare.loc[codes, "definition"]
    assert list(codes[~same]) == ["TEC"] and "INT=1 implies TEC=1" in bare.at["TEC", "definition"]


def test_a_code_that_the_search_gives_has_a_pattern_that_its_term_matches():
    patterns = data.table("words").groupby("code", observed=True)["pattern_zh"].agg(list)
    found = data.word_codes()
    for code in patterns.index:
        for yes, term in zip(found[code], found[f"{code}_term"], strict=True):
            assert yes == (not pd.isna(term) and any(re.fullmatch(each, term) for each in patterns[code]))
