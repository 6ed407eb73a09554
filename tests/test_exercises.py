"""The exercises: their form, and that every number of an answer comes out when worked out again.

The answers are worked out here from the files, by counting and enumerating, and not by what the
chapters call.
"""

import ast
import csv
import functools
import re
from collections import Counter
from fractions import Fraction
from itertools import combinations, combinations_with_replacement, permutations, product
from math import comb
from typing import NamedTuple

import nbformat
import pytest
from conftest import ROOT

from embedgov_press.chapter_structure import KINDS, overviews
from embedgov_press.directives import Directive, blocks

CHAPTERS = overviews()
PAGES = {name: next((ROOT / each.page).parent.glob(f"{name}.*")) for name, each in CHAPTERS.items()}


def text_of(path):
    """The Markdown of a page."""
    if path.suffix == ".md":
        return path.read_text(encoding="utf-8")
    cells = nbformat.read(path, as_version=4).cells
    return "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")


TEXTS = {name: text_of(path) for name, path in PAGES.items()}
KEPT_TEXTS = {name: text_of(ROOT / "book" / "instructor" / f"{name}.md") for name in PAGES}


class Exercise(NamedTuple):
    chapter: str
    label: str
    options: dict
    body: str
    after: str | Directive  # what follows


class Solution(NamedTuple):
    chapter: str
    label: str
    options: dict
    body: str
    kept: bool


def exercises():
    for chapter, text in TEXTS.items():
        parts = [part for part in blocks(text) if str(part).strip()]
        for part, after in zip(parts, [*parts[1:], ""]):
            if isinstance(part, Directive) and part.name == "exercise":
                yield Exercise(chapter, part.options["label"], part.options, part.body, after)


def solutions():
    for texts, kept in ((TEXTS, False), (KEPT_TEXTS, True)):
        for chapter, text in texts.items():
            for part in blocks(text):
                if isinstance(part, Directive) and part.name == "solution":
                    yield Solution(chapter, part.argument, part.options, part.body, kept)


EXERCISES = list(exercises())
SOLUTIONS = list(solutions())
KIND = {each.label: each.options.get("class") for each in EXERCISES}
SOLVED = {each.label: each for each in SOLUTIONS}
every_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda each: each.label)


# --- form


def test_every_chapter_has_exercises_and_the_book_has_all_kinds():
    assert {each.chapter for each in EXERCISES} == set(CHAPTERS)
    assert len(EXERCISES) >= 24
    kinds = Counter(KIND.values())
    assert set(kinds) == set(KINDS) and min(kinds.values()) >= len(EXERCISES) / 5, kinds


def test_labels_are_unique_and_every_exercise_has_one_solution():
    labels = Counter(each.label for each in EXERCISES)
    assert set(labels.values()) == {1}, labels
    assert Counter(each.label for each in SOLUTIONS) == labels


@every_exercise
def test_an_exercise_says_its_kind_and_its_time_and_has_a_hint(exercise):
    kind = exercise.options["class"]
    assert kind in KINDS
    assert re.match(rf"\*{kind.capitalize()}, \d+ minutes\*\n\n", exercise.body)
    hint = exercise.after
    assert (hint.name, hint.options) == ("hint", {"class": "dropdown"}) and hint.body


def test_solutions_are_folded_and_stand_with_their_chapter():
    chapter = {each.label: each.chapter for each in EXERCISES}
    for solution in SOLUTIONS:
        assert solution.options == {"class": "dropdown"}, solution.label
        assert solution.chapter == chapter[solution.label], solution.label


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_shows_a_solution_and_keeps_one_if_it_has_three(chapter):
    kept = [each.kept for each in SOLUTIONS if each.chapter == chapter]
    assert not all(kept)
    assert any(kept) or len(kept) < 3


@pytest.mark.parametrize("chapter", CHAPTERS.values(), ids=lambda each: each.name)
def test_the_minutes_of_a_chapter_are_those_of_its_exercises(chapter):
    assert chapter.exercising == sum(each.minutes for each in chapter.exercises)


def test_no_public_page_holds_a_line_of_a_kept_solution():
    public = "\n".join(TEXTS.values()) + "\n".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "book").glob("*.md")
    )
    for solution in SOLUTIONS:
        for line in solution.body.splitlines() if solution.kept else ():
            assert len(line) < 20 or line not in public, solution.label


# --- answers, worked out again


def rows(name):
    with open(ROOT / "data" / name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


ZONES = {row["zone_id"]: row for row in rows("article/zones.csv") if row["dimension_article"]}
SEGMENTS = {row["seg_id"]: row for row in rows("article/segments.csv")}
DIRECTIONS, DIMENSIONS = ("SOC", "LAW", "INT", "PRO"), ("SUB", "INS", "RES", "TEC")
NUMBERS = {row["num_id"]: row["value"] for row in rows("article/numbers.csv")}
TOTAL, SOC, LAW, INT, PRO = (int(NUMBERS[row]) for row in ("N024", "N037", "N039", "N040", "N041"))
REGISTER = [
    {**row, **unit, **province}
    for row in rows("registry/designations.csv")
    for unit in rows("registry/units.csv")
    if unit["unit_id"] == row["unit_id"]
    for province in rows("registry/provinces.csv")
    if province["province_id"] == unit["province_id"]
]
BATCH_3 = [row["designation_id"] for row in REGISTER if row["batch"] == "3"]
NEEDED = {"all": 3, "majority": 2, "any": 1}  # of three coders


@functools.cache
def votes(folder, unit, code):
    """Unit -> how many coders gave it a code."""
    found = Counter()
    for path in sorted((ROOT / "data" / "coding" / folder).glob("coder_*.csv")):
        for row in rows(path.relative_to(ROOT / "data")):
            found[row[unit]] += int(row[code])
    return found


def passages(code, rule="majority"):
    """The passages with a code."""
    return {seg for seg, n in votes("segments", "seg_id", code).items() if n >= NEEDED[rule]}


def statements(code, rule="majority", round="final"):
    """The statements of the third batch with a code."""
    found = votes(f"statements/{round}", "designation_id", code)
    return {unit for unit in BATCH_3 if found[unit] >= NEEDED[rule]}


def in_zone(found):
    """Zone -> how many of some passages are about it."""
    return Counter(SEGMENTS[seg]["zone_id"] for seg in found if SEGMENTS[seg]["zone_id"])


def under(found, heading):
    """How many of some passages are filed under a heading."""
    return sum(SEGMENTS[seg]["dimension_article"] == heading for seg in found)


def listed(values):
    *most, last = map(str, values)
    return f"{', '.join(most)} and {last}"


@functools.cache
def batches():
    """What the batches that give the published counts have of some quantities.

    Zones with no, exactly two, and two or more labels; with all four; and with each pair of the
    last three.
    """
    counts = {"LAW": LAW, "INT": INT, "PRO": PRO}
    sets = [each for k in range(4) for each in combinations(counts, k)]
    outside = [Counter(each) for each in combinations_with_replacement(sets, TOTAL - SOC)]
    outside = [(each.items(), sized(each)) for each in outside]  # the zones without the first label
    found = set()
    for several in product(range(PRO + 1), repeat=4):  # the zones with two or all of the last three
        zones = dict(zip(sets[4:], several))
        for label, count in counts.items():
            zones[label,] = count - sum(n for each, n in zones.items() if label in each)
        zones[()] = TOTAL - sum(zones.values())
        if min(zones.values()) < 0:
            continue
        size, pairs = sized(zones), tuple(n + several[3] for n in several[:3])
        for without, less in outside:
            if all(zones[each] >= n for each, n in without):
                one, two = less[1] + size[0] - less[0], less[2] + size[1] - less[1]
                found.add((less[0], two, TOTAL - less[0] - one, size[3] - less[3], *pairs))
    return found


def sized(zones):
    """How many zones have no, one, two and three of the last three labels."""
    return [sum(n for each, n in zones.items() if len(each) == k) for k in range(4)]


def provinces():
    by_id, by_code = (
        {
            batch: len({row[column] for row in REGISTER if row["batch"] in batch})
            for batch in ("1", "2", "3", "4", "1234")
        }
        for column in ("province_id", "province_code")
    )
    of = {row["province_id"]: row["batch"] for row in REGISTER if row["province_code"] == "65"}
    yield f"{listed(list(by_id.values())[:4])} for batches 1 to 4 with the Corps beside"
    yield f"{listed(list(by_code.values())[:4])} with the Corps inside"
    yield f"{by_id['1234']} against {by_code['1234']} in all"
    yield f"Shihezi (batch {of['XPCC']}) and Karamay (batch {of['XJ']})"


def territories():
    places = {row["unit_id"]: row for row in REGISTER}
    cities = {row["prefecture_zh"] for row in REGISTER if row["unit_level"] == "prefecture-level city"}
    nested = [
        unit
        for unit, row in places.items()
        if row["unit_level"] != "prefecture-level city" and row["prefecture_zh"] in cities
    ]
    assert (len(REGISTER) - len(places), len(nested)) == (2, 4)
    yield f"(a) {len(REGISTER)} designations"
    yield f"(b) {len(places)} places, since two were designated twice"
    yield f"(c) {len(places) - len(nested)}, since four lie inside a city"
    yield f"may have {len(places)}"
    yield f"Accept {len(places) - len(nested)}"


def fewest_and_most():
    least = {"SLIP": INT, "SLP": PRO - INT, "SL": LAW - PRO - (TOTAL - SOC), "L": TOTAL - SOC}
    least["S"] = TOTAL - sum(least.values())
    most = {"SL": SOC - (INT - 2) - PRO, "SI": INT - 2, "SP": PRO, "LI": 2, "L": 1}
    for table in (least, most):
        counts = [sum(n for labels, n in table.items() if label in labels) for label in "SLIP"]
        assert counts == [SOC, LAW, INT, PRO] and sum(table.values()) == TOTAL
    two = {several for _, _, several, *_ in batches()}
    for table, end in ((least, min(two)), (most, max(two))):
        assert sum(n for labels, n in table.items() if len(labels) > 1) == end
    yield f"there are {TOTAL - SOC} of them at most"
    yield f"at least {LAW} less {TOTAL - SOC}, that is {min(two)}, carry"
    yield f"{least['SLIP']} zones with all four labels"
    yield f"{least['SLP']} with socialisation, rule of law and professionalisation"
    yield f"{least['SL']} with socialisation and rule of law; {least['L']} with rule of law alone"
    yield f"There are {SOC + LAW + INT + PRO} labels"
    yield f"half as many zones, {max(two)}, can have two"
    yield f"{most['SL']} zones with socialisation and rule of law"
    yield f"{most['SI']} with socialisation and smart governance"
    yield f"{most['SP']} with socialisation and professionalisation"
    yield f"of the {most['LI'] + most['L']} zones without socialisation two have"


def one_value_too_few():
    covered = {two for none, two, *_ in batches() if none == 0}
    hole = max(covered) - 1
    labels = SOC + LAW + INT + PRO
    sums = sorted({a + b for a, b in product((1, 3, 4), repeat=2)})
    assert hole not in covered and hole in {two for _, two, *_ in batches()}
    assert labels - 2 * hole not in sums and labels - 2 * max(covered) == 1
    yield f"There are {labels} labels"
    yield f"If {hole} zones have two each, they use {2 * hole}, and {labels - 2 * hole} labels"
    yield f"the other {TOTAL - hole} zones"
    yield f"add up to {', '.join(map(str, sums))}, but never to {labels - 2 * hole}"
    yield f"With {max(covered)} zones of two"
    yield f"may have none, {hole} becomes possible again"


def worth_of_a_pair():
    left = [
        Counter(pair for pair, _ in {(row[place], row[3]) for row in batches()}).values()
        for place in (4, 5, 6)
    ]
    values = {four for _, _, _, four, *_ in batches()}
    assert {min(each) for each in left} == {1}
    (most,) = {max(each) for each in left}
    yield f"may leave all {most} of the {len(values)} values, and may leave a single one"


def heading_and_code():
    for code, name in zip(DIMENSIONS, ("subject", "institution", "resource", "technique")):
        both, given = under(passages(code), code), len(passages(code))
        told = under(SEGMENTS, code)
        yield f"{name} | {both} of {told}, {both / told:.0%} | {both} of {given}, {both / given:.0%}"


def without_bare_names():
    parts = rows("article/actors.csv")
    for zone, name in (("Z01", "Haidian"), ("Z02", "Beilin"), ("Z03", "Karamay")):
        own = [row for row in parts if row["seg_id"].startswith(zone)]
        lost = sum(row["part"] == "named" for row in own)
        yield f"{name} loses {lost} of {len(own)}{' parts' * (zone == 'Z01')} and keeps {len(own) - lost}"
    left = {
        zone: {row["actor"] for row in parts if row["seg_id"].startswith(zone) and row["part"] != "named"}
        for zone in ("Z01", "Z02", "Z03")
    }
    named = {row["actor"] for row in parts if row["seg_id"][:3] in left}
    assert named - set.union(*left.values()) == {"social worker"}
    yield "only social workers keep no mark in any zone"
    assert [zone for zone in left if "social organisation" in left[zone]] == ["Z03"]
    yield "social organisations keep theirs through a duty in Karamay"


def second_coder():
    own = [row for row in rows("article/actors.csv") if row["seg_id"].startswith("Z02")]
    told = [seg for seg in SEGMENTS if seg.startswith("Z02")]
    yield f"the table has {len(own)} pairs for Beilin from {len(told)} passages"


def silent_steps():
    holders = Counter(row["holder"] for row in rows("article/rule_steps.csv"))
    steps, untold = holders.total(), holders[""]
    state = holders["party"] + holders["government"]
    needed = state + 1 - holders["residents"]
    yield f"Residents hold {holders['residents']} of the steps"
    yield f"from {holders['residents']} to {holders['residents'] + untold} of the {steps}"
    yield f"holds {holders['party']}, so from {holders['party']} to {holders['party'] + untold}"
    yield f"hold {state}; with {needed} of the {untold} untold steps residents would have {state + 1}"


def bank_of_points():
    for rule in NEEDED:
        counts = [in_zone(passages(code, rule))["Z06"] for code in ("RES", "TEC", "INS")]
        yield "resource in {} of the {} passages and technique in {}".format(
            counts[0], in_zone(SEGMENTS)["Z06"], counts[1]
        )
        yield f"stands in {counts[2]}"


def led_by_enterprises():
    items = {
        name: [row["item_en"] for row in rows("article/lists.csv") if row["list_id"] == name]
        for name in ("foundation_modes", "foundation_cities")
    }
    modes, cities = items["foundation_modes"], items["foundation_cities"]
    enterprise, other = modes[1], modes[0]
    assert "enterprise" in enterprise

    def span(*known):
        found = [
            table.count(enterprise)
            for table in product(modes, repeat=len(cities))
            if table[: len(known)] == known and set(table) == set(modes)
        ]
        return min(found), max(found)

    low, high = span(enterprise)
    assert low == 1 and high == len(cities) - (len(modes) - 1)
    assert span(enterprise, enterprise) == (low + 1, high)
    assert span(enterprise, other) == (low, high)
    assert span(enterprise, other, other) == (low, high - 1)
    yield f"That gives {low} to {high}"


def wider_net():
    before, wide = passages("TEC"), passages("TEC") | passages("DELIB")
    own = under(SEGMENTS, "TEC")
    yield f"Under technique {under(wide, 'TEC')} of {own} carry it, where {under(before, 'TEC')} did"
    yield "it is {}, where it was {}".format(
        *(listed(under(found, code) for code in DIMENSIONS[:3]) for found in (wide, before))
    )
    talks = in_zone(passages("DELIB"))["Z04"]
    assert talks == in_zone(passages("DELIB") & wide)["Z04"]
    yield f"all {talks} passages on deliberation in Xiangzhou"


def technique_under_rules():
    zones = {rule: in_zone(passages("TEC", rule)) for rule in NEEDED}
    counts = {
        rule: [sum(n >= least for n in found.values()) for least in (1, 2, 3)]
        for rule, found in zones.items()
    }
    for rule, row in counts.items():
        yield f"{rule} | {' | '.join(map(str, row))}"
    yield f"of {len(ZONES)} zones"
    every = [n for row in counts.values() for n in row]
    yield f"between {min(every)} and {max(every)}"
    apart = [max(max(row) - min(row) for row in table) for table in (counts.values(), zip(*counts.values()))]
    assert apart == [3, 1]
    yield "two or three zones against one at most"
    least = {zone: min(found[zone] for found in zones.values()) for zone in ZONES}
    assert {zone for zone, n in least.items() if n >= 3} == {"Z05", "Z06", "Z10", "Z12"}
    assert [found["Z03"] for found in zones.values()] == [1, 1, 1]
    assert [found["Z08"] for found in zones.values()] == [1, 2, 2]
    assert [found["Z11"] for found in zones.values()] == [0, 0, 1]
    yield "Gusu and Lixia, filed under institution, stay under every rule, as do Gulou and Xixiu"


def presence_rules():
    about = {seg for seg in SEGMENTS if SEGMENTS[seg]["zone_id"]}
    sizes, given = in_zone(about), [passages(code) & about for code in DIMENSIONS]
    shown, scattered = {}, {}
    for least in (1, 2):
        shown[least] = sum(all(in_zone(each)[zone] >= least for each in given) for zone in ZONES)
        scattered[least] = 0
        for size in sizes.values():
            chance = Fraction(1)
            for each in given:
                fewer = sum(comb(len(each), k) * comb(len(about) - len(each), size - k) for k in range(least))
                chance *= 1 - Fraction(fewer, comb(len(about), size))
            scattered[least] += chance
    yield f"At one passage {shown[1]} zones show all four dimensions, at two {shown[2]}"
    yield f"from {float(scattered[1]):.1f} to {float(scattered[2]):.1f}"
    yield f"the shortest has {min(sizes.values())} passages and the longest {max(sizes.values())}"


def dealt_headings():
    ways = Counter(sum(a == b for a, b in zip(each, "AABB")) for each in set(permutations("AABB")))
    mean = Fraction(sum(fits * n for fits, n in ways.items()), ways.total())
    yield f"There are {ways.total()} ways"
    yield f"All fit in {ways[4]} of them, two fit in {ways[2]}, none in {ways[0]}"
    yield f"the probability is {Fraction(ways[4], ways.total())}, and the average is"
    yield f"({4 * ways[4]} + {ways[2]} · 2 + 0) / {ways.total()} = {mean}"
    dealt = Counter(row["dimension_article"] for row in ZONES.values())
    assert set(dealt.values()) == {len(ZONES) // 4}
    yield f"so {len(ZONES)} cases give {Fraction(len(ZONES), 4)}"


def alpha_by_hand():
    (text,) = (each.body for each in EXERCISES if each.label == "ex-agreement-alpha")
    table = [line.split("|")[2:-1] for line in text.splitlines() if re.match(r"\| [A-D] ", line)]
    units = [[cell.strip() for cell in unit if cell.strip() != "."] for unit in zip(*table)]
    dropped = [number for number, unit in enumerate(units, 1) if len(unit) < 2]
    units = [unit for unit in units if len(unit) > 1]
    values = Counter(value for unit in units for value in unit)
    n = values.total()
    equal = {
        value: sum(Fraction(unit.count(value) * (unit.count(value) - 1), len(unit) - 1) for unit in units)
        for value in values
    }
    drawn = sum(m * (m - 1) for m in values.values())
    alpha = 1 - (1 - sum(equal.values()) / n) / (1 - Fraction(drawn, n * (n - 1)))
    assert round(float(alpha), 3) == 0.743  # as Krippendorff (2011) has it
    order = sorted(values)
    yield f"Unit {dropped[0]} has one value only and drops out; {n} values remain"
    yield f"Of these, {listed(f'{values[each]} are {each}' for each in order)}"
    yield "holds m(m − 1) ordered pairs, each weighing 1/(m − 1)"
    yield f"{' + '.join(str(equal[each]) for each in order)} = {sum(equal.values())}"
    yield f"the observed disagreement is {n - sum(equal.values())} of {n}"
    yield f"Two of the {n} values"
    yield f"({' + '.join(f'{values[each]} · {values[each] - 1}' for each in order)}) / ({n} · {n - 1})"
    yield f"= {drawn}/{n * (n - 1)} of the draws"
    yield f"the expected disagreement is {n * (n - 1) - drawn}/{n * (n - 1)}"
    yield f"Alpha is 1 − ({n - sum(equal.values())}/{n}) / ({n * (n - 1) - drawn}/{n * (n - 1)})"
    yield f"= {alpha}, about {float(alpha):.3f}"


def coefficients(both, parted, neither):
    """Of two coders: agreement, alpha, what AC1 expects by chance, AC1, codes of yes and of no."""
    units = both + parted + neither
    yes, no = 2 * both + parted, 2 * neither + parted
    observed = Fraction(parted, units)
    share = Fraction(yes, 2 * units)
    alpha = 1 - observed / Fraction(2 * yes * no, 2 * units * (2 * units - 1))
    guessed = 2 * share * (1 - share)
    return 1 - observed, alpha, guessed, (1 - observed - guessed) / (1 - guessed), yes, no


def prevalence():
    agreed, alpha, guessed, ac1, yes, no = coefficients(35, 4, 1)
    codes = yes + no
    best = max(range(37), key=lambda both: coefficients(both, 4, 36 - both)[1])
    yield f"agree on {35 + 1} of {35 + 4 + 1}, {float(agreed):.2f}"
    yield f"Of the {codes} codes {yes} are yes and {no} no"
    yield f"2 · {yes} · {no} / ({codes} · {codes - 1}) = {2 * yes * no}/{codes * (codes - 1)}"
    yield f"1 − {1 - float(agreed):.1f} / ({2 * yes * no}/{codes * (codes - 1)}) = {float(alpha):.2f}"
    yield f"2 · {yes / codes:g} · {no / codes:g} = {float(guessed):g}"
    yield f"({float(agreed):g} − {float(guessed):g}) / (1 − {float(guessed):g}) = {float(ac1):.2f}"
    yield f"With {best} joint yes and {36 - best} joint no"
    yield f"alpha is then {float(coefficients(best, 4, 36 - best)[1]):.2f}"


def from_four_counts():
    parted = 4 + 1
    agreed, alpha, guessed, ac1, yes, no = coefficients(9, parted, 6)
    codes = yes + no
    differ = f"2 · {yes} · {no} / ({codes} · {codes - 1}) = {2 * yes * no}/{codes * (codes - 1)}"
    yield f"Of {codes // 2} statements the two read {codes // 2 - parted} alike, {float(agreed):.0%}"
    yield f"Of the {codes} codes {yes} are yes"
    yield f"{differ}, and alpha is 1 − ({parted}/{codes // 2}) / ({differ.rpartition(' ')[2]}) = {float(alpha):.2f}"
    yield f"2 · {yes / codes:g} · {no / codes:g} = {float(guessed):g}"
    yield f"({float(agreed):g} − {float(guessed):g}) / (1 − {float(guessed):g}) = {float(ac1):.2f}"
    agreed, alpha, guessed, ac1, yes, no = coefficients(1, parted, 14)
    yield f"With the rare code {yes} of the {codes} are yes"
    yield f"2 · {yes} · {no} / ({codes} · {codes - 1}) = {2 * yes * no}/{codes * (codes - 1)}, and alpha is {float(alpha):.2f}"
    yield f"2 · {yes / codes:g} · {no / codes:g} = {float(guessed):g} and is {float(ac1):.2f}"
    yield f"{parted} statements were read differently in both cases"


def walk():
    (terms,) = (
        set(row["terms"].split(";"))
        for row in rows("robustness/forks.csv")
        if (row["fork"], row["option"]) == ("rule_of_law", "explicit")
    )

    def counts(round):
        weak = set(BATCH_3)  # no coder named a law
        for path in (ROOT / "data" / "coding" / "statements" / round).glob("coder_*.csv"):
            weak -= {
                row["designation_id"]
                for row in rows(path.relative_to(ROOT / "data"))
                if row["LAW"] == "1" and row["LAW_term"] not in terms
            }
        found = {code: statements(code, round=round) for code in DIRECTIONS}
        return listed(len(found[code] - (weak if code == "LAW" else set())) for code in DIRECTIONS)

    law = counts("final").split(", ")[1]
    yield f"gives {law} zones of rule of law instead of {len(statements('LAW'))}"
    yield f"The four counts are then {counts('final')}"
    yield f"as well {counts('pilot')}"


def slips():
    (p,) = re.findall(r"^p = ([\d.]+)", code_of("robustness"), re.M)
    p = Fraction(p)
    wrong = sum(
        p ** sum(each) * (1 - p) ** (3 - sum(each)) for each in product((0, 1), repeat=3) if sum(each) >= 2
    )
    assert wrong == 3 * p**2 * (1 - p) + p**3
    yield f"3p²(1 − p) + p³, which is {float(wrong):g} for a probability of {float(p):g}"
    yield f"Of {len(BATCH_3)} zones that makes {float(len(BATCH_3) * wrong):.2f} on average"
    yield f"would give the code to {float(len(BATCH_3) * p):g}"


def findings_and_cases():
    findings = [row for row in rows("article/findings_limits_directions.csv") if row["kind"] == "finding"]
    lists = {
        "F1": ["lists3"],
        "F2": ["topics11"],
        "F3": ["foundation_cities", "foundation_modes"],
        "F4": ["it_platforms", "sw_methods"],
    }
    items = rows("article/lists.csv")
    words = {
        row["item_id"]: " ".join(
            [row["paraphrase_en"], *(i["item_en"] for i in items if i["list_id"] in lists[row["item_id"]])]
        )
        for row in findings
    }
    by_name = [sum(zone["zone_en"].split()[-1] in text for zone in ZONES.values()) for text in words.values()]
    by_city = [sum(zone["zone_en"].split()[0] in text for zone in ZONES.values()) for text in words.values()]
    # By our reading, in which a deliberation system, a linkage and a reward for volunteers are
    # topics of rules, a foundation stands in a named city, and Xixiu has the platforms.
    by_item = [set(), {"Z04", "Z03", "Z06"}, {"Z07", "Z08", "Z09"}, {"Z12"}]
    yield f"by (a) {listed(by_name)} zones"
    yield f"by (b) {listed(by_city)}"
    yield f"by (c) {listed(map(len, by_item))}"


def truth_table():
    shown = {zone: tuple(in_zone(passages(code))[zone] > 0 for code in DIMENSIONS) for zone in ZONES}
    zones = {code: sum(row[place] for row in shown.values()) for place, code in enumerate(DIMENSIONS)}
    names = dict(zip(DIMENSIONS, ("subject", "institution", "resource", "technique")))
    yield f"Of {2 ** len(DIMENSIONS)} possible rows the zones fill {len(set(shown.values()))}"
    yield f"a resource in {zones['RES']} zones, and no resource in {len(ZONES) - zones['RES']}"
    both_ways = [names[code] for code in DIMENSIONS if 0 < zones[code] < len(ZONES)]
    yield f"some zones have and others lack: {', '.join(both_ways)}"


def explicit_links():
    links = [row for row in rows("article/links.csv") if row["source"] != "deliberation example"]
    kept = [row for row in links if row["strength"].startswith("explicit")]
    points = {row["item_id"]: row["title_en"] for row in rows("article/findings_limits_directions.csv")}
    loose = [
        title.lower()
        for row, title in points.items()
        if row not in {end for link in kept for end in (link["source"], link["target"])}
    ]
    yield f"Of {len(links)} links {len(kept)} are left"
    struck = [row for row in links if row not in kept]
    assert [(row["source"], row["target"]) for row in struck] == [
        ("L0", "D4"),
        ("L1", "D3"),
        ("L4", "D3"),
        ("L4", "D4"),
    ]
    yield "; ".join(f"{points[r['source']]} → {points[r['target']]}".lower() for r in struck)
    assert loose == ["fragmented governance elements"]
    yield f"Left without any link of its own: {loose[0]}"


def other_rules():
    claims = rows("claims.csv")
    coding = sum(row["kind"] == "coding" for row in claims)
    yield f"rest on coding, {coding} of {sum(row['kind'] != 'interpretation' for row in claims)}"
    told = []
    for rule, words in {"majority": "majority", "any": "any coder", "all": "all coders"}.items():
        given = {code: in_zone(passages(code, rule)) for code in DIMENSIONS}
        alone = 0
        for zone, row in ZONES.items():
            ratios = {code: Fraction(n[zone], n.total()) for code, n in given.items()}
            top = [code for code in DIMENSIONS if ratios[code] == max(ratios.values())]
            alone += top == [row["dimension_article"]]
        counts = ", ".join(str(len(statements(code, rule))) for code in DIRECTIONS)
        told.append(f"{words}, {counts} and {alone}")
    yield "; ".join(told)


def parts_of_society():
    named = ("B3-02", "B3-08", "B3-14", "B3-24", "B3-29")
    given = votes("statements/final", "designation_id", "SOC")
    assert {unit: given[unit] for unit in named} == dict(zip(named, (3, 0, 3, 0, 0)))
    yield "give socialisation to B3-02 and B3-14 and not to the other three"


ANSWERS = {
    "ex-provinces": provinces,
    "ex-register-territories": territories,
    "ex-how-few": fewest_and_most,
    "ex-bounds-hole": one_value_too_few,
    "ex-bounds-ask": worth_of_a_pair,
    "ex-framework-heading": heading_and_code,
    "ex-subject-naming": without_bare_names,
    "ex-subject-second": second_coder,
    "ex-institution-silence": silent_steps,
    "ex-institution-bank": bank_of_points,
    "resource-bound": led_by_enterprises,
    "technique-wider": wider_net,
    "ex-technique-rules": technique_under_rules,
    "ex-cases-presence": presence_rules,
    "ex-cases-deal": dealt_headings,
    "ex-agreement-alpha": alpha_by_hand,
    "ex-agreement-prevalence": prevalence,
    "ex-lab-counts": from_four_counts,
    "ex-robustness-walk": walk,
    "ex-robustness-majority": slips,
    "ex-findings-sources": findings_and_cases,
    "ex-findings-csqca": truth_table,
    "ex-directions-explicit": explicit_links,
    "ex-claims-rule": other_rules,
    "ex-question-part": parts_of_society,
}


def code_of(chapter):
    cells = nbformat.read(PAGES[chapter], as_version=4).cells
    return "\n".join(cell.source for cell in cells if cell.cell_type == "code")


@functools.cache
def told(executed, chapter):
    """What an executed chapter tells its text: name -> value as text."""
    values = {}
    for cell in nbformat.read(executed / f"{chapter}.ipynb", as_version=4).cells:
        for output in cell.get("outputs", []):
            name = output.get("metadata", {}).get("scrapbook", {}).get("name")
            if name:
                value = output.data["application/papermill.record/text/plain"]
                values[name] = str(ast.literal_eval(value))
    return values


def plain(text):
    """Markdown without its marks, targets and code."""
    text = re.sub(r"\{(?:ref|doc|term)\}`([^`<]*)(?:<[^`]*>)?`|\{[\w:]+\}`[^`]*`", r"\1", text)
    return re.sub(r"\s+", " ", re.sub(r"`[^`]*`|\*", "", text))


def numbers_in(text):
    """The digits of a text, but for those of names."""
    return re.findall(r"\d+", re.sub(r"\bB\d-\d\d\b|\bAC1\b", "", text))


def rendered(solution, executed):
    """A solution as it is read, its numbers filled in."""

    def value(found):
        page, name, form = found.groups()
        assert bool(page) == bool(form), f"{found[0]}: a number of another page needs its form, :s or :d"
        chapter = re.sub(r".*/|\.ipynb", "", page or "") or solution.chapter
        return told(executed, chapter)[name]

    return plain(re.sub(r"\{glue:text\}`(?:(.+?)::)?(\w+)(:[sd])?`", value, solution.body))


def test_every_computed_answer_is_worked_out_again():
    assert {label for label, kind in KIND.items() if kind == "compute"} <= set(ANSWERS) <= set(KIND)


@pytest.mark.parametrize("label", ANSWERS)
def test_an_answer_holds_and_has_no_number_that_is_not_worked_out(label, built):
    left = answer = rendered(SOLVED[label], built / "_executed")
    for phrase in ANSWERS[label]():
        pattern = rf"(?<![\d.]){re.escape(phrase)}(?!\d|\.\d)"
        assert re.search(pattern, answer), f"{label}: expected {phrase!r} in {answer!r}"
        left = re.sub(pattern, " ", left)
    assert not numbers_in(left), f"{label}: not worked out: {left}"


@pytest.mark.parametrize("label", sorted(set(SOLVED) - set(ANSWERS)))
def test_another_solution_has_no_typed_number_and_the_chapter_tells_the_others(label, built):
    body = re.sub(r"^(\d+\.|\([a-c]\)) ", "", SOLVED[label].body, flags=re.M)
    assert not numbers_in(plain(body)), plain(body)
    assert "glue" not in rendered(SOLVED[label], built / "_executed")
