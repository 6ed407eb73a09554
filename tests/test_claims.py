"""The ledger: the rule of its verdicts, each function against values counted by hand, every row."""

import csv
import json
import math
import shutil
from collections import Counter
from fractions import Fraction

import nbformat
import pandas as pd
import pytest
from click.testing import CliRunner
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st

from embedgov.errors import ClaimError
from embedgov.ledger import FUNCTIONS, VERDICTS, Found, exactly, nothing, verdict
from embedgov_cli import main
from embedgov_study import claims, data
from embedgov_study.claim_tables import INVENTORY, Tables

DATA = ROOT / "data"


@pytest.fixture(scope="module")
def ledger():
    return claims.ledger(DATA)


@pytest.fixture(scope="module")
def tables():
    return Tables(DATA)


@pytest.fixture
def copy(tmp_path):
    return shutil.copytree(DATA, tmp_path / "data")


def found(tables, name, *arguments):
    return FUNCTIONS[name](tables, *arguments)


def small(**frames):
    """Tables made by hand in place of those of the folder."""
    made = Tables(DATA)
    made._read = {name: pd.DataFrame(frame) for name, frame in frames.items()}.__getitem__
    return made


# ---- the rule

UP = math.inf


@pytest.mark.parametrize(
    "kind, expected, tolerance, low, high, judged",
    [
        ("list", "6", 0, 6, 6, "reproduced"),
        ("arithmetic", "92.5", 0, Fraction(185, 2), Fraction(185, 2), "reproduced"),
        ("register", "114", 0, 114, 114, "replicated"),
        ("coding", "11", 0, 11, 11, "replicated"),
        ("coding", "18", 0, 17, 17, "differs"),
        ("coding", "18", 1, 17, 17, "replicated"),
        ("coding", "18", 1, 16, 16, "differs"),
        ("list", "7", 0, 3, 7, "bounded"),
        ("list", "5", 0, 5, UP, "bounded"),
        ("list", "5", 0, 6, UP, "differs"),  # of five at least six are known
        ("arithmetic", ">=1", 0, 15, 39, "reproduced"),  # whatever the value, the claim holds
        ("register", ">=2", 0, 1, UP, "bounded"),
        ("arithmetic", ">=16", 0, 0, 15, "differs"),
        ("coding", "SUB", 0, "SUB", "SUB", "replicated"),
        ("coding", "SUB", 0, "INS;SUB", "INS;SUB", "differs"),  # not alone on top
        ("register", "2011", 0, 2011, 2012, "bounded"),
        ("list", "6", 0, None, None, "not recoverable"),
        ("coding", "SUB", 0, None, None, "not recoverable"),
        ("interpretation", "", 0, 3, 3, None),
        ("register", "2015-07", 0, "2015-07-15", "2015-07-15", "replicated"),  # the day lies in the month
        ("register", "2015-07", 0, "2015-08", "2015-08", "differs"),
        ("register", "2015-07", 0, Fraction(2015), Fraction(2015), "bounded"),  # only the year is known
        ("register", "2015", 0, "2015-07", "2015-07", "replicated"),
        ("register", "2015-01..2015-06", 0, "2015-03-10", "2015-03-10", "replicated"),
        ("register", "2015 H1", 0, "2015-03-10", "2015-06", "replicated"),
        ("register", "2015 H2", 0, "2015-06", "2015-07", "bounded"),
        ("register", "2015-01..2015-06", 0, "2015-05", "2015-08", "bounded"),
        ("register", "2015-01..2015-06", 0, "2014-12", "2014-12", "differs"),
        ("register", "2015-07..2018-06", 0, "2015-07-01..2018-06-30", "2015-07-01..2018-06-30", "replicated"),
        ("register", "2015-07..2018-06", 0, "2015-08..2018-06", "2015-08..2018-06", "differs"),
    ],
)
def test_the_rule_of_the_verdicts(kind, expected, tolerance, low, high, judged):
    assert verdict(kind, expected, tolerance, Found(low, high, "")) == judged


@pytest.mark.parametrize(
    "stated, found, judged",
    [
        ("yes", exactly(5, ""), "replicated"),
        ("implied", exactly(5, ""), "replicated"),
        ("counted", exactly(5, ""), "counted"),
        ("counted", Found(5, UP, ""), "counted"),  # a list without an end: still only our count
        ("counted", exactly(4, ""), "differs"),  # two tables of ours are at odds
        ("counted", nothing(""), "not recoverable"),
        ("implied", Found(5, 5, "", announced=True), "announced"),
        ("implied", Found(6, 6, "", announced=True), "differs"),
        ("yes", Found(5, 5, "", against="leaves out one that must be in"), "differs"),
    ],
)
def test_a_plan_a_count_of_ours_and_a_refuted_set_do_not_confirm(stated, found, judged):
    assert verdict("register", "5", 0, found, stated) == judged
    with pytest.raises(ClaimError, match="stated is 'no'"):
        verdict("register", "5", 0, found, "no")


@given(st.integers(0, 9), st.integers(0, 3), st.integers(0, 9), st.integers(0, 4))
def test_a_verdict_says_how_many_of_the_possible_values_fit(expected, tolerance, low, more):
    possible = range(low, low + more + 1)
    fitting = [value for value in possible if abs(value - expected) <= tolerance]
    judged = verdict("list", str(expected), tolerance, Found(low, low + more, ""))
    right = {0: "differs", len(possible): "reproduced"}.get(len(fitting), "bounded")
    assert judged == right


@pytest.mark.parametrize("expected, value", [("6", "six"), ("SUB", 3)])
def test_a_number_is_not_compared_with_text(expected, value):
    with pytest.raises(ClaimError, match="cannot be compared"):
        verdict("list", expected, 0, exactly(value, ""))


@pytest.mark.parametrize(
    "expected, value",
    [
        ("7+7", "at least 7+7"),
        ("SUB", "7"),
    ],
)
def test_texts_that_say_the_same_in_other_words_do_not_differ(expected, value):
    with pytest.raises(ClaimError, match="not written alike"):
        verdict("register", expected, 0, exactly(value, ""))
    assert verdict("list", "7+7", 0, exactly("7+10", "")) == "differs"


def test_values_are_written_as_a_reader_expects():
    assert exactly(Fraction(185, 2), "").text == "92.5"
    assert Found(15, 39, "").text == "15 to 39"
    assert Found(5, UP, "").text == "at least 5"
    assert nothing("why").text == ""


# ---- the functions, against counts made by reading the article


@pytest.mark.parametrize(
    "list_id, count, is_open",
    [
        ("perspectives3", 3, False),
        ("themes", 5, True),
        ("application", 5, True),
        ("acceptance", 4, True),
        ("materials", 7, True),
        ("directions4", 4, False),
        ("haidian6", 6, False),
        ("beilin6", 6, False),
        ("beilin4", 4, False),
        ("karamay7actors", 7, False),
        ("karamay7mech", 7, False),
        ("xiangzhou4", 4, False),
        ("gusu5", 5, False),
        ("gusu_roles", 4, False),
        ("gusu_docs", 3, True),
        ("lixia_tiers", 3, False),
        ("lixia_four", 4, False),
        ("foundation_forms", 3, False),
        ("matters_nanan", 3, False),
        ("fund_mix_nanan", 3, False),
        ("gulou_1NX", 3, False),
        ("gulou5", 5, False),
        ("actors10", 10, True),
        ("lists3", 3, False),
        ("topics11", 11, True),
        ("foundation_cities", 7, True),
        ("foundation_modes", 4, False),
        ("it_aspects", 2, False),
        ("directions_concl", 4, False),
        ("absorption3", 3, False),
        ("meetings5", 5, False),
        ("shangcheng_bodies", 2, False),
        ("resource_kinds", 3, True),
    ],
)
def test_lists_have_the_length_that_a_reader_counts(tables, list_id, count, is_open):
    assert found(tables, "list_length", list_id)[:2] == (count, UP if is_open else count)


def test_only_one_form_of_foundation_is_a_foundation(tables):
    assert found(tables, "list_length", "foundation_forms", "基金会").text == "1"


@pytest.mark.parametrize(
    "name, arguments, text",
    [
        ("same_number", ("N016", "N037", "N042", "N043"), "37"),
        ("percent", ("N037", "N034"), "92.5"),
        ("years", ("N027",), "3"),
        # 18 zones of rule of law, of which 3 at most are outside the 37; 79 labels on 40 zones
        ("labels_at_least", ("2",), "15 to 39"),
        ("rounds", ("3",), "1"),
        ("rounds", ("4",), "0"),  # confirmed in 2019, nothing after it
        ("list_lengths", ("karamay7actors", "karamay7mech"), "7+7"),
        ("items_named", ("N049",), "2"),
        ("items_named", ("N056",), "3"),  # and not the three tiers of the same paragraph
        ("items_named", ("N054",), ""),  # the five hundreds
        ("items_named", ("N069",), ""),  # Gulou's six features
        ("items_shown", ("foundation_cities", "RES"), "3 to 7"),  # Shanghai, Chongqing, Chengdu
        ("items_shown", ("foundation_modes", "RES"), "1 to 4"),  # Qingyang's
        ("terms_named", ("B3-01", "community", "social organisations", "bank"), "2"),
        ("terms_named", ("segments", "four-society linkage", "five-society linkage"), "1"),
        ("headings", (), "4"),
        ("zones_described", (), "12"),
        ("sample_named", ("N042",), ""),
        ("batches", (), "4"),
        ("designations", ("1-4",), "114"),
        ("designations", ("1-4", "places"), "112"),  # Xuhui and Yuhuatai twice
        ("designations", ("3",), "40"),
        ("provinces", ("1-4", "beside"), "28"),
        ("provinces", ("1-4", "inside"), "27"),
        ("provinces", ("3", "beside"), "25"),
        ("zones_registered", ("named_units",), "4"),
        ("zones_registered", (), "15"),
        ("batch_of_zones", (), "3"),
        ("event", ("1", "confirmation"), "2011 to 2012"),
        ("event", ("4", "confirmation"), "2019-03-25"),
        ("event", ("4", "confirmation", "document"), "2019-41"),
        ("event", ("3", "acceptance"), ""),
        ("place_in_batch", ("B3-01",), "1"),
        ("place_in_batch", ("B3-40",), "40"),
        ("official_text", ("congress",), ""),
        ("official_text", ("acceptance", "batch-3"), ""),
        ("official_text", ("acceptance", "batch-1"), "0 to 1"),
        ("accepted", ("3",), ""),
        ("documents", ("3",), ""),
        ("named_elsewhere", ("B3-32", "三事分流"), "at least 3"),  # the task, E05 and E07
        ("carried_by", ("DELIB", "4"), "0"),  # Gulou has three, no zone four
        ("named_elsewhere", ("B3-25", "bank"), ""),
        ("share_of_money", ("B3-32", "donat"), ""),
    ],
)
def test_functions_find_what_a_reader_of_the_tables_finds(tables, name, arguments, text):
    assert found(tables, name, *arguments).text == text


def test_every_function_of_the_ledger_is_tried_here(ledger):
    source = (ROOT / "tests" / "test_claims.py").read_text(encoding="utf-8")
    used = set(ledger["function"].dropna())
    assert used == set(FUNCTIONS)
    assert not [name for name in used if f'"{name}"' not in source]


def test_items_of_another_number_in_the_paragraph_do_not_count():
    numbers = {
        "num_id": ["N1"],
        "value": ["3"],
        "items_listed": [None],
        "file_line": [27],
        "what_it_counts": ["control points"],
    }
    tiers = {"list_id": ["tiers"] * 3, "file_line": [27] * 3, "n_stated_in_text": ["3"] * 3}
    assert found(small(numbers=numbers, lists=tiers), "items_named", "N1").text == ""


def test_a_source_of_the_acceptance_does_not_say_that_all_were_accepted(copy):
    path = copy / "registry" / "milestones.csv"
    rows = path.read_text(encoding="utf-8")
    path.write_text(rows.replace("第三批验收,article", "第三批验收,press-01"), encoding="utf-8")
    assert found(Tables(copy), "accepted", "3").text == "1 to 40"


@pytest.mark.parametrize(
    "name, arguments, message",
    [
        ("zones_registered", ("named_unit",), "table lists has no row with list_id 'named_unit'"),
        ("rounds", ("5",), "table milestones has no row of batch 5"),
        ("event", ("4", "confirmation", "papers"), "'papers' of an event; expected date or"),
        ("items_shown", ("foundation_modes", "MON"), "table zones has no row under 'MON'"),
        ("named_elsewhere", ("B3-3", "three-way sorting"), "no row with designation_id 'B3-3'"),
    ],
)
def test_a_misspelt_argument_is_no_finding(tables, name, arguments, message):
    with pytest.raises(ClaimError, match=message):
        found(tables, name, *arguments)


def test_an_inconsistent_number_shows():
    numbers = {"num_id": ["N1", "N2", "N3"], "value": ["37", "37", "36"]}
    assert found(small(numbers=numbers), "same_number", "N1", "N2", "N3").text == "36"
    assert found(small(numbers=numbers), "percent", "N3", "N2").low == Fraction(3600, 37)


def test_money_counts_only_where_a_share_is_given_with_its_source():
    zones = {"zone_id": ["Z1"], "designation_id": ["B3-1"]}
    told = ["Donation is the main part; 40% of all agree."]
    segments = {"zone_id": ["Z1"], "paraphrase_en": told}
    task = {"statement_en": ["Raise 70%."], "gist_zh": ["筹资"]}
    designations = {"designation_id": ["B3-1"]} | task
    said = ["About 8 million yuan came in. Donations gave 55% of it; residents 12.5%."]
    reports = {"designation_id": ["B3-1"], "evidence_en": said, "anchor_zh": ["捐赠"]}
    frames = {"zones": zones, "segments": segments, "designations": designations}
    known = small(practice_evidence=reports, **frames)
    assert found(known, "share_of_money", "B3-1", "donat").text == "55"
    silent = small(practice_evidence=reports | {"evidence_en": ["8 million yuan."]}, **frames)
    assert found(silent, "share_of_money", "B3-1", "donat").text == ""


def test_documents_are_not_reports_about_a_zone(copy):
    rows = (copy / "registry" / "practice_evidence.csv").read_text(encoding="utf-8")
    (copy / "registry" / "practice_evidence.csv").write_text(
        rows.replace("三事分流,exhibition-docx", "三事分流,letter-2015-scan"), encoding="utf-8"
    )
    assert found(Tables(copy), "documents", "3").text == "1 to 40"


# ---- blind coding


def coded():
    made = Tables(DATA)
    made.statements = pd.DataFrame(
        [[1, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 0], [0, 1, 0, 0, 0, 1], [0, 0, 0, 0, 0, 0]],
        ["B3-01", "B3-02", "B3-03", "B3-04"],
        ["SOC", "LAW", "INT", "PRO", "SUB", "TEC"],
    )
    made.passages = pd.DataFrame(
        [[1, 1, 0, 0, 1], [0, 1, 0, 0, 1], [0, 0, 0, 1, 1], [0, 0, 1, 0, 0]],
        ["a", "b", "c", "d"],
        ["SUB", "INS", "RES", "TEC", "DELIB"],
    )
    segments = pd.DataFrame({"seg_id": ["a", "b", "c", "d"], "zone_id": ["Z1", "Z1", "Z2", "Z3"]})
    zones = pd.DataFrame({"zone_id": ["Z1", "Z2", "Z3"]})
    made._read = {"segments": segments, "zones": zones}.__getitem__
    made.over_represented = {"Z1": "SUB", "Z2": "TEC", "Z3": ""}
    return made


@pytest.mark.parametrize(
    "name, arguments, text",
    [
        ("zones_coded", ("LAW",), "2"),
        ("zones_coded", ("LAW", "SOC"), "1"),
        ("zones_coded", ("SUB or TEC",), "2"),
        ("zones_with_directions", ("2",), "1"),
        ("dominant", ("Z1", "over-represented"), "SUB"),
        ("dominant", ("Z1", "most frequent"), "INS"),
        ("dominant", ("Z3", "over-represented"), ""),
        ("zones_with_dimensions", ("2", "1"), "1"),
        ("zones_with_dimensions", ("2", "51%"), "0"),  # INS alone is in more than half
        ("profiles", (), "3"),
        ("carried_by", ("DELIB", "3"), "0"),  # the three of a, b and c lie in two zones
        ("carried_by", ("DELIB", "2"), "1"),  # a and b of Z1; c, of Z2, has one
    ],
)
def test_functions_on_codes_made_by_hand(name, arguments, text):
    assert found(coded(), name, *arguments).text == text


def test_a_set_that_leaves_out_a_described_zone_is_not_the_sample():
    made = coded()
    zones = pd.DataFrame(
        {
            "designation_id": ["B3-01", "B3-02"],
            "dimension_article": ["SUB", "INS"],
            "zone_en": ["East", "West"],
        }
    )
    made._read = {"zones": zones}.__getitem__
    whole = found(made, "zones_coded", "SOC", "all", "described")
    assert (whole.text, whole.against) == ("2", "")
    partial = found(made, "zones_coded", "SUB or TEC", "all", "described")  # B3-01 and B3-03
    assert partial.text == "2" and "West" in partial.against and "East" not in partial.against
    assert (
        verdict("coding", "2", 0, partial) == "differs" and verdict("coding", "2", 0, whole) == "replicated"
    )


def test_a_practice_that_only_a_task_names_is_announced(tables):
    planned = found(tables, "named_elsewhere", "B3-37", "multi-party linkage", "多方联动")
    assert planned.announced and verdict("register", ">=1", 0, planned) == "announced"
    reported = found(tables, "named_elsewhere", "B3-32", "三事分流")
    assert not reported.announced and verdict("register", ">=1", 0, reported) == "replicated"


def rows_of(path):
    with (DATA / path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def majority(paths, key, code):
    votes = Counter(row[key] for path in paths for row in rows_of(path) if row[code] == "1")
    return {unit for unit, count in votes.items() if count >= 2}


FINAL = [f"coding/statements/final/coder_{coder}.csv" for coder in "def"]
SEGMENTS = [f"coding/segments/coder_{coder}.csv" for coder in "ghi"]


@pytest.mark.parametrize("code", ["SOC", "LAW", "INT", "PRO"])
def test_zones_are_counted_as_the_files_of_the_coders_have_them(tables, code):
    zones = {unit for unit in majority(FINAL, "designation_id", code) if unit.startswith("B3")}
    assert found(tables, "zones_coded", code).low == len(zones)


def test_themes_are_counted_as_the_files_of_the_coders_have_them(tables):
    votes = Counter(
        row["designation_id"] for path in FINAL for row in rows_of(path) if row["call_theme"] == "SANSHE"
    )
    zones = [unit for unit, count in votes.items() if count >= 2 and unit.startswith("B3")]
    assert found(tables, "zones_on_theme", "SANSHE").low == len(zones) > 0


def test_a_heading_is_replicated_only_where_its_code_is_alone_on_top(ledger):
    # By hand: share of each dimension's passages that lie in the zone.
    zone_of = {row["seg_id"]: row["zone_id"] for row in rows_of("article/segments.csv")}
    counts = {
        code: Counter(zone_of[seg] for seg in majority(SEGMENTS, "seg_id", code) if zone_of[seg])
        for code in ("SUB", "INS", "RES", "TEC")
    }
    placed = ledger[ledger["function"] == "dominant"].set_index("source_id")
    assert len(placed) == 12
    for zone in rows_of("article/zones.csv")[:12]:
        shares = {code: Fraction(n[zone["zone_id"]], sum(n.values())) for code, n in counts.items()}
        top = [code for code in shares if shares[code] == max(shares.values())]
        right = "replicated" if top == [zone["dimension_article"]] else "differs"
        assert placed.at[zone["zone_id"], "verdict"] == right


# ---- the ledger


def test_every_claim_is_judged_or_has_evidence(ledger):
    counted = ledger[ledger["kind"] != "interpretation"]
    others = ledger[ledger["kind"] == "interpretation"]
    assert len(counted) >= 60 and counted["verdict"].isin(VERDICTS).all()
    assert counted["how"].notna().all() and counted["stated"].notna().all()
    assert counted["found"].isna().equals(counted["verdict"] == "not recoverable")
    assert others["verdict"].isna().all() and others["evidence"].notna().all()
    for column in ("function", "expected", "found", "stated", "tolerance"):
        assert others[column].isna().all()
    # Ids stay; a claim that was added later has a later one, in the place of its sentence.
    assert sorted(ledger["claim_id"]) == [f"C{i:03d}" for i in range(1, len(ledger) + 1)]
    places = list(zip(ledger["file_line"], ledger["anchor_char_offset"]))
    assert places == sorted(places)


def test_the_verdicts_on_what_the_article_states_are_those_of_a_reader(ledger):
    """Counted in the review of the ledger by hand, less C051, whose three we look up in our own words."""
    stated = ledger.loc[ledger["stated"] == "yes", "verdict"].value_counts().to_dict()
    assert stated == {"reproduced": 24, "replicated": 7, "differs": 4, "bounded": 1, "not recoverable": 11}
    by_id = ledger.set_index("claim_id")
    plans = ["C056", "C084", "C096", "C099", "C106"]
    assert by_id.loc[plans, "verdict"].eq("announced").all()
    assert by_id.loc[["C073", "C089"], "verdict"].eq("replicated").all()  # with a report of their own
    cannot_fail = ["C013", "C042", "C043", "C050", "C051", "C141", "C142", "C149"]
    assert by_id.loc[cannot_fail, "verdict"].eq("counted").all()
    assert by_id.at["C143", "verdict"] == "differs" and by_id.at["C143", "found"] == "0"
    assert (by_id.at["C036", "found_otherwise"], by_id.at["C036", "verdict_otherwise"]) == ("37", "differs")
    assert not by_id["how"].str.contains("cannot be compared|not written alike", na=False).any()


@pytest.mark.parametrize(
    "path, before, after, claim, judged",
    [
        # what a letter could give, in the forms that a letter gives
        (
            "milestones",
            "2015-01,2015-06,Batch 3 call opens,第三批申报启动,article",
            "2015-03-09,,Batch 3 call opens,第三批申报启动,letter-2015-scan",
            "C017",
            "replicated",
        ),
        (
            "milestones",
            "2015-07,,Batch 3 confirmed,第三批确认,article",
            "2015-07-22,,Batch 3 confirmed,第三批确认,letter-2015-scan",
            "C020",
            "replicated",
        ),
        (
            "milestones",
            "2015-07,,Batch 3 confirmed,第三批确认,article",
            "2015,,Batch 3 confirmed,第三批确认,letter-2015-scan",
            "C020",
            "bounded",
        ),
        (
            "milestones",
            "2015-07,,Batch 3 confirmed,第三批确认,article",
            "summer,,Batch 3 confirmed,第三批确认,letter-2015-scan",
            "C020",
            "not recoverable",
        ),
    ],
)
def test_no_value_of_a_source_stops_the_ledger(copy, path, before, after, claim, judged):
    path = copy / "registry" / f"{path}.csv"
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")
    descriptor = copy / "datapackage.json"  # which would refuse the last of them
    package = json.loads(descriptor.read_text(encoding="utf-8"))
    for resource in package["resources"]:
        for field in resource["schema"]["fields"] if resource["name"] == "milestones" else []:
            field.pop("constraints", None)
    descriptor.write_text(json.dumps(package), encoding="utf-8")
    assert claims.ledger(copy).set_index("claim_id").at[claim, "verdict"] == judged


def test_items_that_are_found_beside_the_five_hundreds_are_compared(copy):
    path = copy / "article" / "numbers.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("five-hundred mechanism,count,0", "five-hundred mechanism,count,5"), encoding="utf-8"
    )
    assert claims.ledger(copy).set_index("claim_id").at["C064", "verdict"] == "differs"


def test_another_reading_is_named_and_computed_together(ledger):
    named = ledger["other_reading"].notna()
    assert named.equals(ledger["other_arguments"].notna())
    assert named.equals(ledger["verdict_otherwise"].notna())
    changed = ledger[named & (ledger["verdict"] != ledger["verdict_otherwise"])]
    corps = changed[changed["function"] == "provinces"].iloc[0]
    assert (corps["found"], corps["found_otherwise"]) == ("28", "27")


def test_published_values_are_those_of_the_inventory(ledger):
    numbers = data.table("numbers", DATA).set_index("num_id")["value"]
    zones = data.table("zones", DATA).set_index("zone_id")["dimension_article"]
    lists = data.table("lists", DATA).drop_duplicates("list_id").set_index("list_id")
    compared = 0
    for claim in ledger.dropna(subset="expected").itertuples():
        known = {"numbers": numbers, "zones": zones, "lists": lists["n_items_listed"]}
        if claim.source_table in known:
            assert claim.expected == str(known[claim.source_table][claim.source_id]), claim.claim_id
            compared += 1
    assert compared >= 60


def prose(page):
    """The Markdown of a page of the book."""
    if page.startswith("book/"):
        return (ROOT / f"{page}.md").read_text(encoding="utf-8")
    cells = nbformat.read(ROOT / f"{page}.ipynb", as_version=4).cells
    return "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")


def test_the_page_that_treats_a_claim_leads_back_to_it_from_its_prose(ledger):
    """Whoever follows *Treated in* finds the claim on that page."""
    texts = {page: prose(page) for page in ledger["treated_in"].unique()}
    lost = [
        f"{claim.claim_id} on {claim.treated_in}"
        for claim in ledger.itertuples()
        if f"<{claim.claim_id.lower()}>`" not in texts[claim.treated_in]
    ]
    assert not lost


def test_every_number_has_a_claim_unless_it_claims_nothing(ledger):
    """Not in the ledger: page metadata, dates of history and policy, repeats, merged lists."""
    used = set(ledger["source_id"]) | {
        part.strip() for text in ledger["arguments"].dropna() for part in text.split(";")
    }
    left = set(data.table("numbers", DATA)["num_id"]) - used
    assert left == {
        "N002",
        "N003",
        "N004",
        "N005",
        "N006",
        "N008",
        "N009",
        "N010",
        "N011",
        "N070",
        "N090",
        "N091",
    }


def test_anchors_stand_where_the_inventory_has_them(ledger):
    places = {}
    for name in INVENTORY:
        for row in data.table(name, DATA).itertuples():
            places[row.file_line, row.anchor_zh] = row.anchor_char_offset
    shared = [c for c in ledger.itertuples() if (c.file_line, c.anchor_zh) in places]
    assert len(shared) > 100
    for claim in shared:
        assert claim.anchor_char_offset == places[claim.file_line, claim.anchor_zh], claim.claim_id


@pytest.mark.parametrize(
    "path, before, after, name, arguments, expected, verdicts",
    [
        (
            "article/lists.csv",
            "haidian6,Six responsible bodies,6",
            "fund,Six,6",
            "list_length",
            ("haidian6",),
            "6",
            ("reproduced", "differs"),
        ),
        (
            "article/numbers.csv",
            "N037,37",
            "N037,36",
            "percent",
            ("N037", "N034"),
            "92.5",
            ("reproduced", "differs"),
        ),
        (
            "article/numbers.csv",
            "model,count,0",
            "model,count,6",
            "items_named",
            ("N069",),
            "6",
            ("not recoverable", "reproduced"),
        ),
        (
            "registry/units.csv",
            ",XPCC,",
            ",GD,",
            "provinces",
            ("1-4", "beside"),
            "28",
            ("reproduced", "differs"),
        ),
        (
            "registry/milestones.csv",
            "第三批验收,article",
            "第三批验收,letter-2019-41",
            "event",
            ("3", "acceptance"),
            "2018-12",
            ("not recoverable", "reproduced"),
        ),
        (
            "registry/practice_evidence.csv",
            "the region's first",
            "the first 清单, the region's",
            "named_elsewhere",
            ("B3", "清单"),
            ">=2",
            ("not recoverable", "bounded"),
        ),
        (
            "article/segments.csv",
            "“企业主导+社会共建”",
            "“企业主导”",
            "items_shown",
            ("foundation_modes", "RES"),
            "4",
            ("bounded", "bounded"),
        ),
    ],
)
def test_a_damaged_row_changes_what_is_found(copy, path, before, after, name, arguments, expected, verdicts):
    def judged():
        value = found(Tables(copy), name, *arguments)
        return value.text, verdict("list", expected, 0, value)

    first = judged()
    text = (copy / path).read_text(encoding="utf-8")
    assert before in text
    (copy / path).write_text(text.replace(before, after), encoding="utf-8")
    second = judged()
    assert (first[1], second[1]) == verdicts and first[0] != second[0]


def test_codes_that_are_changed_change_the_ledger(copy, ledger):
    for coder in "def":
        path = copy / "coding" / "statements" / "final" / f"coder_{coder}.csv"
        frame = pd.read_csv(path, dtype=str, keep_default_na=False)
        frame.loc[frame["designation_id"].str.startswith("B3"), ["INT", "INT_term"]] = "0", ""
        frame.to_csv(path, index=False, lineterminator="\n")
    claim = ledger["statement_en"].str.startswith("11 zones").idxmax()
    assert (ledger.at[claim, "found"], ledger.at[claim, "verdict"]) == ("11", "replicated")
    changed = claims.ledger(copy)
    assert (changed.at[claim, "found"], changed.at[claim, "verdict"]) == ("0", "differs")


@pytest.mark.parametrize("rule, with_int, with_pro", [("majority", 11, 15), ("any", 40, 15), ("all", 11, 0)])
def test_the_ledger_takes_the_rule_that_it_is_given(copy, rule, with_int, with_pro):
    path = copy / "coding" / "statements" / "final" / "coder_d.csv"
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    frame[["INT", "PRO"]] = "1", "0"  # one of three coders gives INT to everybody, PRO to nobody
    frame.to_csv(path, index=False, lineterminator="\n")
    found = claims.ledger(copy, rule).set_index("arguments")["found"]
    assert (found["INT"], found["PRO"]) == (str(with_int), str(with_pro))


def test_a_wider_rule_finds_no_fewer_zones(ledger):
    wider = claims.ledger(DATA, "any")
    counted = ledger["function"] == "zones_coded"
    assert (wider["found"][counted].astype(int) >= ledger["found"][counted].astype(int)).all()
    assert wider.loc[~ledger["kind"].isin(["coding"]), "found"].equals(
        ledger.loc[~ledger["kind"].isin(["coding"]), "found"]
    )
    with pytest.raises(ClaimError, match="'most': expected one of majority, any, all"):
        claims.ledger(DATA, "most")


@pytest.mark.parametrize(
    "column, value, reason",
    [
        ("expected", "", "kind is list, but expected is empty: fill it in"),
        ("tolerance", "", "kind is list, but tolerance is empty: fill it in"),
        ("kind", "coding", "kind is coding, but list_length decides claims of kind list"),
        ("other_reading", "another", "one of other_reading and other_arguments is empty"),
        ("arguments", "", r"list_length cannot take \[\]"),
        ("function", "list_size", "there is no function 'list_size'; take one of .*list_length"),
        ("source_id", "N999", "table numbers has no row with num_id 'N999'"),
        ("arguments", "perspectives9", "table lists has no row with list_id 'perspectives9'"),
        ("arguments", "a; b; c", r"list_length cannot take \['a', 'b', 'c'\]"),
    ],
)
def test_a_claim_that_cannot_be_checked_is_named(copy, column, value, reason):
    rows = pd.read_csv(copy / "claims.csv", dtype=str, keep_default_na=False)
    claim = rows["function"].eq("list_length").idxmax()
    rows.loc[claim, column] = value
    rows.to_csv(copy / "claims.csv", index=False, lineterminator="\n")
    with pytest.raises(ClaimError, match=f"claims.csv, {rows.at[claim, 'claim_id']}: {reason}"):
        claims.ledger(copy)


def test_evidence_that_is_nowhere_is_named(copy):
    rows = pd.read_csv(copy / "claims.csv", dtype=str, keep_default_na=False)
    claim = rows["kind"].eq("interpretation").idxmax()
    for column, value, reason in (
        ("evidence", "", "kind is interpretation, but evidence is empty"),
        ("evidence", "D01;Z99-01", "evidence 'Z99-01' is in"),
        ("function", "headings", "an interpretation has no function"),
    ):
        damaged = rows.copy()
        damaged.loc[claim, column] = value
        damaged.to_csv(copy / "claims.csv", index=False, lineterminator="\n")
        with pytest.raises(ClaimError, match=f"{rows.at[claim, 'claim_id']}: {reason}"):
            claims.ledger(copy)


# ---- the command


def test_the_command_prints_every_claim_and_exits_well_although_some_differ(ledger):
    run = CliRunner().invoke
    plain = run(main, ["claims"])
    assert plain.exit_code == 0, plain.output
    *lines, summary, stated = plain.stdout.splitlines()
    assert stated.startswith("on what the article states: 24 reproduced, 7 replicated, ")
    assert [line[:4] for line in lines] == ledger["claim_id"].tolist()
    differing = (ledger["verdict"] == "differs").sum()
    assert differing and f"{differing} differs" in summary
    printed = run(main, ["claims", "--json"])
    assert printed.exit_code == 0
    rows = json.loads(printed.stdout)
    assert rows == json.loads(ledger.to_json(orient="records"))  # another run, the same bytes
    assert list(rows[0]) == list(ledger)
    assert {"statement_en", "expected", "found", "how", "note"} <= set(rows[0])
