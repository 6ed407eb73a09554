"""What the new rounds show, counted again from the files by code that shares nothing with the package."""

import csv
from collections import Counter, defaultdict

import pandas as pd
import pytest
from conftest import ROOT

from embedgov.coding import consensus
from embedgov.comparison import compare_rounds
from embedgov_study import data, passes

CODING = ROOT / "data" / "coding"
STATEMENT_CODES = "SOC LAW INT PRO SUB INS RES TEC".split()
SEGMENT_CODES = "SUB INS RES TEC DELIB STEER CLAIM".split()
FILES = {
    "pilot": [CODING / "statements" / "pilot" / f"coder_{c}.csv" for c in "abc"],
    "final": [CODING / "statements" / "final" / f"coder_{c}.csv" for c in "def"],
    "repeat": [CODING / "statements" / "repeat" / f"coder_{c}.csv" for c in "jkl"],
    "definitions": [CODING / "statements" / "definitions" / f"coder_{c}.csv" for c in "mno"],
    "words": [CODING / "words" / "word_codes.csv"],
    "segments": [CODING / "segments" / f"coder_{c}.csv" for c in "ghi"],
    "context": [CODING / "segments" / "context" / f"coder_{c}.csv" for c in "pqr"],
    "gloss": [CODING / "segments" / "gloss" / f"coder_{c}.csv" for c in "stu"],
}


def votes(name):
    """Yes of each coder, by unit and code, straight from the files."""
    found = defaultdict(list)
    for path in FILES[name]:
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                unit = row.get("designation_id") or row["seg_id"]
                for code in dict.fromkeys(STATEMENT_CODES + SEGMENT_CODES):
                    if code in row:
                        found[unit, code].append(row[code] == "1")
    return found


def by_hand(one, other):
    """Counts by majority, moves and disputes of each code between two rounds."""
    first, second = votes(one), votes(other)
    table = defaultdict(Counter)
    for (unit, code), said in first.items():
        then = second[unit, code]
        before, after = 2 * sum(said) > len(said), 2 * sum(then) > len(then)
        split, parted = len(set(said)) > 1, len(set(then)) > 1
        table[code].update(
            one=before,
            other=after,
            given=after and not before,
            withdrawn=before and not after,
            disputed_one=split and not parted,
            disputed_other=parted and not split,
            alike=sum(a == b for a in said for b in then),
            pairs=len(said) * len(then),
        )
    return table


def codes_of(name):
    if name == "words":
        return data.word_codes()
    return data.statement_codes(name) if name in data.vocabulary.rounds() else data.segment_codes(name)


@pytest.mark.parametrize(
    "one, other",
    [
        ("final", "repeat"),
        ("final", "definitions"),
        ("definitions", "words"),
        ("final", "words"),
        ("pilot", "final"),
        ("segments", "context"),
        ("segments", "gloss"),
        ("context", "gloss"),
    ],
)
def test_rounds_compare_as_their_files_do(one, other):
    segments = one in ("segments", "context")
    unit, codes = ("seg_id", SEGMENT_CODES) if segments else ("designation_id", STATEMENT_CODES)
    found = compare_rounds(codes_of(one), codes_of(other), unit=unit, codes=codes, draws=0).set_index("code")
    for code, expected in by_hand(one, other).items():
        for name in ("one", "other", "given", "withdrawn", "disputed_one", "disputed_other"):
            assert found.at[code, name] == expected[name], (code, name)
        assert found.at[code, "across"] == pytest.approx(expected["alike"] / expected["pairs"])


def third(name):
    """Statements of the third batch with each code by majority."""
    return [
        sum(
            2 * sum(said) > len(said)
            for (unit, own), said in votes(name).items()
            if own == code and unit[:2] == "B3"
        )
        for code in STATEMENT_CODES
    ]


def test_the_counts_of_the_third_batch_are_those_that_the_book_discusses():
    batch = data.designations().query("batch == 3")["designation_id"]
    for name in ("final", "repeat", "definitions", "words"):
        table = codes_of(name)
        own = table[table["designation_id"].isin(batch)]
        found = consensus(own, unit="designation_id", codes=STATEMENT_CODES).values.sum()
        assert found.tolist() == third(name), name
    # in the order of the codes; without the lists professionalisation and resource fall
    assert third("final") == [33, 8, 11, 15, 30, 15, 10, 15]
    assert third("repeat") == [33, 8, 11, 15, 29, 15, 8, 15]
    assert third("definitions") == [33, 8, 11, 11, 29, 14, 5, 17]
    assert third("words") == [30, 7, 11, 15, 27, 13, 11, 18]


def test_passages_with_their_own_heading_by_what_the_coders_saw():
    with (ROOT / "data" / "article" / "segments.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    headings = data.table("segments").set_index("seg_id")["dimension_article"]
    for name, own in {"segments": 59, "context": 57, "gloss": 61}.items():
        said = votes(name)
        counted = sum(sum(said.get((row["seg_id"], row["dimension_article"]), [])) >= 2 for row in rows)
        codes = consensus(data.segment_codes(name), unit="seg_id", codes=["SUB", "INS", "RES", "TEC"]).values
        assert counted == own == passes.own_heading(codes, headings).sum()
    told = [row["dimension_article"] in row["codes_proposed"].split(";") for row in rows]
    blind = [sum(votes_of(row)) >= 2 for row in rows]
    pairs = Counter(zip(told, blind))
    assert (sum(told), pairs[True, False], pairs[False, True]) == (79, 27, 7)
    assert passes.own_heading(passes.proposed(), headings).sum() == 79


SEGMENTS = votes("segments")


def votes_of(row):
    return SEGMENTS.get((row["seg_id"], row["dimension_article"]), [])


def test_terms_that_coders_name_alike():
    codes = pd.DataFrame(
        {
            "coder": list("abc") * 3,
            "designation_id": ["u"] * 3 + ["v"] * 3 + ["w"] * 3,
            "X": [1] * 6 + [1, 1, 0],
            "X_term": ["依法", "依法", "依法", "社区自治", "居民自治", "自治", "法治", "法治", None],
        }
    )
    assert passes.named_alike(codes, ["X"]).loc["X"].tolist() == [2, 1, 2]
    final = passes.named_alike(data.statement_codes("final"), STATEMENT_CODES)
    assert final[["given", "same"]].sum().tolist() == [282, 175]
    assert final.loc["LAW", ["given", "same"]].tolist() == [13, 5]
    assert final.loc["RES", ["given", "same"]].tolist() == [21, 15]
