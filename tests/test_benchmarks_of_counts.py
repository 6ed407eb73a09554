"""What the chapters say of counts and shares, beside values worked out here from the tables alone.

A share without what chance would give, a range beside another kind of range, or two intervals that
overlap can make a finding of nothing; each test below fails on such a statement.
"""

import csv
import re
from collections import Counter
from fractions import Fraction
from math import ceil, comb

import nbformat
import pytest
from conftest import ROOT

DIMENSIONS = ("SUB", "INS", "RES", "TEC")


def rows(name):
    with open(ROOT / "data" / name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


SEGMENTS = rows("article/segments.csv")
ZONES = [row["zone_id"] for row in rows("article/zones.csv") if row["dimension_article"]]


def majority(paths, key, code):
    votes = Counter(row[key] for path in paths for row in rows(path) if row[code] == "1")
    return {unit for unit, count in votes.items() if count >= 2}


CODED = {
    code: majority([f"coding/segments/coder_{c}.csv" for c in "ghi"], "seg_id", code) for code in DIMENSIONS
}


@pytest.fixture(scope="module")
def said(built):
    """The text of a chapter with its numbers, and the numbers alone."""

    def read(chapter):
        notebook = nbformat.read(built / "_executed" / f"{chapter}.ipynb", as_version=4)
        numbers = {}
        for cell in notebook.cells:
            for output in cell.get("outputs", []):
                name = output.get("metadata", {}).get("scrapbook", {}).get("name", "")
                for kind, value in output.get("data", {}).items() if name else ():
                    if kind.endswith("text/plain"):
                        numbers[name.rpartition("/")[2]] = value.strip("'\"")
        text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
        for name, value in numbers.items():
            text = text.replace(f"{{glue:text}}`{name}`", value)
        return text, numbers

    return read


def test_a_share_of_universes_in_the_text_is_that_of_its_conclusion_in_the_table(said, built):
    table = "table-in-how-many-universes-a-conclusion-holds-of-the-counts-in-th.csv"
    with open(built / "_build" / "html" / "downloads" / table, encoding="utf-8", newline="") as file:
        universes = {row["Conclusion"]: row["Universes"] for row in csv.DictReader(file)}
    _, numbers = said("robustness")
    for name, conclusion in {
        "order_share": "The directions have the order of the article",
        "top_share": "The article's placement comes out on top in more than half of the cases",
    }.items():
        some, every = (int(number.replace(",", "")) for number in universes[conclusion].split(" of "))
        assert numbers[name] == f"{some / every:.0%}", name


def test_key_points_name_what_chance_would_give(said):
    for chapter, share, chance in (
        ("findings", "n_cells_practice", "n_by_chance"),
        ("framework", "n_own", "n_dealt"),
    ):
        text, numbers = said(chapter)
        (point,) = (
            line for line in text.partition("Key points")[2].splitlines() if f"{numbers[share]} of " in line
        )
        assert re.search(rf"\b{numbers[chance]}\b", point), point


def test_two_dimensions_would_come_together_by_themselves(said):
    sizes = Counter(row["zone_id"] for row in SEGMENTS if row["zone_id"])
    n = sum(sizes.values())
    totals = [sum(row["seg_id"] in CODED[code] for row in SEGMENTS if row["zone_id"]) for code in DIMENSIONS]
    expected = Fraction(0)
    for size in sizes.values():
        none = [Fraction(comb(n - total, size), comb(n, size)) for total in totals]
        at_most_one = Fraction(0)
        for k in range(5):  # the one that may be there; 4: none
            chance = Fraction(1)
            for i, missing in enumerate(none):
                chance *= 1 - missing if i == k else missing
            at_most_one += chance
        expected += 1 - at_most_one
    text, numbers = said("cases")
    assert f"{float(expected):.2f}" == numbers["chance_two"] == "11.98"
    assert "these data do not test the weak sense" in text


def test_headings_dealt_at_random_are_the_benchmark_of_own_headings(said):
    dealt = sum(
        len(CODED[code]) * sum(row["dimension_article"] == code for row in SEGMENTS) / len(SEGMENTS)
        for code in DIMENSIONS
    )
    text, numbers = said("framework")
    assert dealt == pytest.approx(37.7, abs=0.05) and numbers["n_dealt"] == f"{dealt:.0f}"
    assert "in 38" in text and int(numbers["n_own"]) == 59


def test_cells_of_the_evidence_map_have_their_benchmark(said):
    text, numbers = said("findings")
    assert int(numbers["n_cells_practice"]) < int(numbers["n_by_chance"]) <= 48
    assert "practice that speaks to it" not in text and "practice that speaks to the finding" not in text


def test_a_share_is_reached_by_a_whole_number_of_statements_and_no_fewer(said):
    for code, least in (("TEC", 5), ("SOC", 7)):
        final = majority([f"coding/statements/final/coder_{c}.csv" for c in "def"], "designation_id", code)
        third, fourth = (sum(unit.startswith(f"B{b}-") for unit in final) for b in (3, 4))
        moved = ceil(abs(fourth - Fraction(third * 31, 40)))
        assert moved == least
        after = fourth - moved if fourth * 40 > third * 31 else fourth + moved
        assert (Fraction(after, 31) - Fraction(third, 40)) * (Fraction(fourth, 31) - Fraction(third, 40)) <= 0
    numbers = said("transfer")[1]
    assert (numbers["largest_moves"], numbers["soc_moves"]) == ("5", "7")


def test_rounds_are_compared_by_their_difference(said):
    split = [
        {
            unit
            for code in ("SOC", "LAW", "INT", "PRO", *DIMENSIONS)
            for unit, yes in Counter(
                row["designation_id"]
                for c in coders
                for row in rows(f"coding/statements/{name}/coder_{c}.csv")
                if row[code] == "1"
            ).items()
            if yes < 3
        }
        for name, coders in (("pilot", "abc"), ("final", "def"))
    ]
    one, other = len(split[0] - split[1]), len(split[1] - split[0])
    assert (len(split[0]), len(split[1]), one, other) == (16, 11, 15, 10)
    p = 2 * sum(comb(25, k) for k in range(11)) / 2**25
    text, numbers = said("agreement")
    assert numbers["split_p"] == f"{p:.2f}" == "0.42"
    assert "intervals of the two rounds overlap" not in text and "cannot be shown" in text


def test_readers_of_the_lab_are_told_apart_by_what_only_one_of_them_misses(said):
    text, numbers = said("lab")
    assert "whose intervals overlap can hardly be told apart" not in text
    named = {*numbers["apart"].split(", "), *numbers["overlapping"].split(", ")} - {"none"}
    assert named == {"5 and 10", "10 and 20", "20 and 30"} and numbers["apart"] != "none"


def test_rules_and_slips_are_compared_like_with_like(said):
    text, numbers = said("robustness")
    assert numbers["where_wider_shared"] == "in 8 of 9 results, all but resource"
    assert numbers["law_shared"] == "7 to 12" and numbers["law_slips"] == "7 to 9"
    assert float(numbers["reader_most"].rstrip("%")) <= 0.2
    assert int(numbers["n_outcomes"].replace(",", "")) < int(numbers["n_possible"].replace(",", "")) / 5
    assert "Round and adjudication explain" not in text


def test_the_candidates_are_as_firm_as_the_pilot_leaves_them(said):
    """In the pilot all three coders gave B3-24 the technique code, so that any aspect brings it in."""
    pilot = majority([f"coding/statements/pilot/coder_{c}.csv" for c in "abc"], "designation_id", "TEC")
    assert "B3-24" in pilot and "B3-29" not in pilot
    text, _ = said("statements")
    assert (
        "Gulou in Fuzhou, which is not the Gulou of the article's case, does not" in text
        and "what no reading brings in" not in text
    )
    assert "the authors must have had" not in text and "share their misses" in text


def test_the_bounds_say_what_they_assume(said):
    text, numbers = said("bounds")
    assert "no assumption, no estimate" not in text
    assert (numbers["tables_any"], numbers["tables_cover"], numbers["tables_within"]) == (
        "229,072",
        "148,753",
        "2,968",
    )
