"""The check by two people, on readers that are made up and whose error is known."""

import csv
from math import comb

import pytest
from click.testing import CliRunner
from conftest import ROOT

from embedgov.coding import consensus
from embedgov_cli import main
from embedgov_exchange import validate
from embedgov_exchange.errors import ExchangeError
from embedgov_study import data

CODES = ["SOC", "LAW", "INT", "PRO", "SUB", "INS", "RES", "TEC"]


@pytest.fixture(scope="module")
def drawn():
    return validate.sample()


@pytest.fixture(scope="module")
def majority():
    return consensus(data.statement_codes("final"), unit="designation_id", codes=CODES).values.astype(int)


@pytest.fixture
def written(tmp_path, drawn):
    texts = {unit: {"theme": f"theme of {unit}", "task": "a task"} for unit in drawn["designation_id"]}
    return {path.name: path for path in validate.write(tmp_path / "out", texts, drawn)}


def rows(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def fill(path, key, said):
    """Fill a sheet by a rule from designation and code to 0 or 1."""
    of = {row["id"]: row["designation_id"] for row in rows(key)}
    filled = rows(path)
    for row in filled:
        row.update({code: said(of[row["id"]], code) for code in CODES})
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(filled[0]))
        writer.writeheader()
        writer.writerows(filled)


def test_the_sample_holds_all_disputed_statements_and_some_of_each_stratum(drawn):
    parted = set()
    final = data.statement_codes("final")
    for unit, own in final.groupby("designation_id"):
        if any(own[code].nunique() > 1 for code in CODES):
            parted.add(unit)
    assert len(parted) == 11 and len(drawn) == 11 + 29
    disputed = drawn[drawn["stratum"] == "disputed"]
    assert set(disputed["designation_id"]) == parted and disputed["weight"].eq(1).all()
    others = drawn[drawn["stratum"] != "disputed"]
    assert others.drop_duplicates("stratum")["in_stratum"].sum() == 114 - 11
    assert drawn["weight"].sum() == pytest.approx(114)
    assert validate.sample().equals(drawn) and not validate.sample(seed=8).equals(drawn)
    assert len(validate.sample(103)) == 114
    for number in (3, 104):
        with pytest.raises(ExchangeError, match=f"{number} undisputed statements are asked for"):
            validate.sample(number)


def test_the_sheets_hold_texts_in_two_orders_and_no_code_of_the_passes(written, drawn):
    one, other = (rows(written[f"reader_{reader}.csv"]) for reader in (1, 2))
    assert [row["id"] for row in one] != [row["id"] for row in other]
    assert {row["id"] for row in one} == {row["id"] for row in other} == set(drawn["id"])
    assert all(not row[code] and not row[f"{code}_term"] for row in one for code in CODES)
    assert "designation_id" not in one[0] and one[0]["theme"].startswith("theme of B")
    assert [row["code"] for row in rows(written["codebook.csv"])] == CODES
    assert not set(rows(written["key.csv"])[0]) & set(CODES)


def test_readers_who_agree_with_the_passes_change_nothing(written, majority):
    for reader in (1, 2):
        fill(written[f"reader_{reader}.csv"], written["key.csv"], lambda unit, code: majority.at[unit, code])
    found = validate.score([written["reader_1.csv"], written["reader_2.csv"]], written["key.csv"])
    assert (found["corrected"] == found["count"]).all() and found["used"].all()
    assert found[["disagreed", "errors_disputed", "errors_others"]].eq(0).all(axis=None)
    assert found["errors_at_most"].eq(8).all()  # of 103, with none in 29


def test_an_error_of_the_passes_is_found_and_weighted(written, drawn, majority):
    """The passes miss rule of law in every drawn statement of one stratum, and in one disputed statement."""
    stratum = drawn.loc[drawn["stratum"] != "disputed", "stratum"].value_counts().idxmax()
    lacking = drawn[(drawn["stratum"] == stratum) & (drawn["designation_id"].map(majority["LAW"]) == 0)]
    dispute = next(
        unit
        for unit in drawn.loc[drawn["stratum"] == "disputed", "designation_id"]
        if not majority.at[unit, "LAW"]
    )
    wrong = {*lacking["designation_id"], dispute}
    for reader in (1, 2):
        fill(
            written[f"reader_{reader}.csv"],
            written["key.csv"],
            lambda unit, code: 1 if code == "LAW" and unit in wrong else majority.at[unit, code],
        )
    found = validate.score([written["reader_1.csv"], written["reader_2.csv"]], written["key.csv"]).set_index(
        "code"
    )
    law = found.loc["LAW"]
    share = lacking["in_stratum"].iloc[0] / lacking["drawn"].iloc[0]
    assert law["corrected"] == pytest.approx(law["count"] + 1 + share * len(lacking))
    assert (law["errors_disputed"], law["errors_others"]) == (1, len(lacking))
    assert law["errors_at_most"] > len(lacking) and found.at["INT", "corrected"] == found.at["INT", "count"]


def test_a_code_on_which_the_readers_part_is_not_used_and_corrects_nothing(written, majority):
    fill(written["reader_1.csv"], written["key.csv"], lambda unit, code: majority.at[unit, code])
    fill(
        written["reader_2.csv"],
        written["key.csv"],
        lambda unit, code: 1 - majority.at[unit, code] if code == "RES" else majority.at[unit, code],
    )
    found = validate.score([written["reader_1.csv"], written["reader_2.csv"]], written["key.csv"]).set_index(
        "code"
    )
    assert not found.at["RES", "used"] and found.at["RES", "disagreed"] == 40 and found.at["RES", "alpha"] < 0
    assert found.at["RES", "corrected"] == found.at["RES", "count"]
    assert found.drop("RES")["used"].all()


@pytest.mark.parametrize(
    "found, drawn, whole, most",
    [(0, 29, 103, 8), (0, 49, 103, 4), (0, 20, 40, 4), (0, 30, 40, 2), (1, 29, 103, 14)],
)
def test_what_a_sample_can_exclude(found, drawn, whole, most):
    assert validate.at_most(found, drawn, whole) == most

    def chance(errors):
        return sum(comb(errors, x) * comb(whole - errors, drawn - x) for x in range(found + 1)) / comb(
            whole, drawn
        )

    assert chance(most) > 0.05 >= chance(most + 1)


def test_what_is_wrong_with_a_sheet_is_named(written, majority, tmp_path):
    for reader in (1, 2):
        fill(written[f"reader_{reader}.csv"], written["key.csv"], lambda unit, code: majority.at[unit, code])
    sheets = [written["reader_1.csv"], written["reader_2.csv"]]
    text = sheets[1].read_text(encoding="utf-8-sig")
    first = text.splitlines()[1].split(",")[0]
    sheets[1].write_text(text.replace(f"{first},", "T99,"), encoding="utf-8")
    with pytest.raises(ExchangeError, match="the ids are not those of the key"):
        validate.score(sheets, written["key.csv"])
    sheets[1].write_text(text, encoding="utf-8")
    fill(sheets[1], written["key.csv"], lambda unit, code: "yes")
    with pytest.raises(ExchangeError, match="reader_2.csv, row 2, column SOC: 'yes'"):
        validate.score(sheets, written["key.csv"])
    with pytest.raises(ExchangeError, match="lies in the project"):
        validate.write(ROOT / "human", {}, validate.sample())


def test_the_command_scores_two_sheets(written, majority):
    for reader in (1, 2):
        fill(written[f"reader_{reader}.csv"], written["key.csv"], lambda unit, code: majority.at[unit, code])
    names = [str(written[name]) for name in ("reader_1.csv", "reader_2.csv")]
    done = CliRunner().invoke(main, ["validate", "score", *names, "--key", str(written["key.csv"])])
    assert done.exit_code == 0, done.output
    assert done.output.splitlines()[-1].endswith("below 0.67: none")
