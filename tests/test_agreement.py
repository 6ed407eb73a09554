"""Coefficients of agreement against published values, other packages, hand calculation and laws."""

from fractions import Fraction
from functools import partial

import krippendorff
import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from nltk.metrics.agreement import AnnotationTask
from nltk.metrics.distance import jaccard_distance, masi_distance
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats import inter_rater

from embedgov.agreement import (
    ac1,
    agreement_table,
    agreement_with,
    alpha,
    cohen_kappa,
    fleiss_kappa,
    percent_agreement,
)
from embedgov.errors import DataError
from embedgov.ratings import jaccard, masi
from embedgov_study import data

COEFFICIENTS = [percent_agreement, alpha, ac1, fleiss_kappa]
DISTANCES = ["nominal", "ordinal", "interval", "ratio"]
STATEMENT_CODES = ["SOC", "LAW", "INT", "PRO", "SUB", "INS", "RES", "TEC"]


def coders(*rows) -> pd.DataFrame:
    """Ratings from one text per coder, a character per unit; a full stop is a missing code."""
    cells = [[None if x == "." else int(x) if x.isdigit() else x for x in row] for row in rows]
    return pd.DataFrame(cells, dtype=object).T


# Krippendorff (2011), section C: four observers, twelve units. The same table is cac.raw4raters in
# the R package irrCAC (Gwet 2014, p. 120), whose vignette "overview" prints the other values.
CANONICAL = coders("123321412...", "1233224125.3", ".3332342251.", "12332441251.")

# Fleiss (1971), 30 patients, 6 psychiatrists: raters per diagnosis.
FLEISS = """
00060 03003 01401 00006 03030 20400 00402 20310 20040 00006 10050 11040 03300 10050 02031
00501 30012 51000 02040 10203 00006 01050 02013 20040 10041 05010 40002 02040 10500 00006
""".split()


def from_counts(counts) -> pd.DataFrame:
    return pd.DataFrame([[v for v, n in enumerate(row) for _ in range(int(n))] for row in counts])


def from_table(table) -> pd.DataFrame:
    """Ratings of two coders from a table of how often each pair of values occurs."""
    return pd.DataFrame([[a, b] for a, row in enumerate(table) for b, n in enumerate(row) for _ in range(n)])


ABSTRACTORS = from_table([[13, 0, 0], [0, 20, 7], [0, 4, 56]])  # irrCAC cont3x3abstractors


class TestPublished:
    def test_canonical_alpha_is_exactly_113_of_152(self):
        result = alpha(CANONICAL)
        assert result.value == Fraction(113, 152)
        assert (result.coders, result.units, result.left_out) == (4, 11, 1)

    @pytest.mark.parametrize("distance, published", list(zip(DISTANCES, [0.743, 0.815, 0.849, 0.797])))
    def test_canonical_alpha(self, distance, published):
        assert float(alpha(CANONICAL, distance)) == pytest.approx(published, abs=5e-4)

    @pytest.mark.parametrize(
        "ratings, published",
        [
            (coders("0100000010", "1110010000"), 0.095),  # Krippendorff (2011), A: Meg and Owen
            (coders("aabbdcccedda", "babbbccceddd"), 0.692),  # Krippendorff (2011), B
        ],
    )
    def test_two_observers(self, ratings, published):
        assert float(alpha(ratings)) == pytest.approx(published, abs=5e-4)

    @pytest.mark.parametrize(
        "coefficient, published",
        [(percent_agreement, 0.8181818), (ac1, 0.77544), (fleiss_kappa, 0.76117)],
    )
    def test_canonical_data_in_irrcac(self, coefficient, published):
        assert float(coefficient(CANONICAL)) == pytest.approx(published, abs=5e-6)

    def test_fleiss_1971(self):
        ratings = from_counts(FLEISS)
        totals = pd.Series(ratings.to_numpy().ravel()).value_counts().sort_index()
        assert totals.tolist() == [26, 26, 30, 55, 43]  # as printed in the article
        assert float(fleiss_kappa(ratings)) == pytest.approx(0.430, abs=5e-4)

    @pytest.mark.parametrize(
        "coefficient, published",
        [(ac1, 0.4448007), (fleiss_kappa, 0.4139265), (alpha, 0.4204384)],
    )
    def test_first_half_of_fleiss_1971_in_irrcac(self, coefficient, published):
        ratings = from_counts(FLEISS[:15])  # distrib.6raters
        assert float(coefficient(ratings)) == pytest.approx(published, abs=5e-8)

    def test_cohen_1960(self):
        ratings = from_table([[88, 14, 18], [10, 40, 10], [2, 6, 12]])
        result = cohen_kappa(ratings)
        assert result.value == Fraction(29, 59)  # (.70 - .41) / (1 - .41), printed as .492
        assert (result.units, result.left_out) == (200, 0)

    @pytest.mark.parametrize(
        "coefficient, published",
        [
            (percent_agreement, 0.89),
            (cohen_kappa, 0.7964094),
            (fleiss_kappa, 0.7962397),  # Scott's pi for two coders
            (alpha, 0.7972585),
            (ac1, 0.8493305),
        ],
    )
    def test_abstractors_in_irrcac(self, coefficient, published):
        assert float(coefficient(ABSTRACTORS)) == pytest.approx(published, abs=5e-8)

    def test_artstein_and_poesio(self):
        """Two coders, 100 utterances: Scott's pi .799; in nltk's documentation .79953."""
        ratings = from_table([[46, 6, 0], [0, 32, 0], [0, 6, 10]])
        assert float(percent_agreement(ratings)) == 0.88
        assert float(fleiss_kappa(ratings)) == pytest.approx(0.79953, abs=5e-6)

    @pytest.mark.parametrize(
        "differ, expected",
        [(2, (0.95, 0.644, 0.942)), (4, (0.90, 0.288, 0.884)), (6, (0.85, -0.068, 0.826))],
    )
    def test_prevalence(self, differ, expected):
        """37 of 40 zones have a code: alpha collapses, AC1 follows the agreement."""
        ratings = from_table([[3 - differ // 2, differ // 2], [differ // 2, 37 - differ // 2]])
        assert len(ratings) == 40 and ratings.to_numpy().sum() == 74
        found = [float(c(ratings)) for c in (percent_agreement, alpha, ac1)]
        assert found == pytest.approx(expected, abs=6e-4)


class TestByHand:
    def test_alpha(self):
        """Units 11, 11, 00, 01: coincidences 11: 4, 00: 2, 10 and 01: 1 each; n1 = 5, n0 = 3.

        1 - (8 - 1) * 2 / (2 * 5 * 3) = 16/30.
        """
        assert alpha(coders("1100", "1101")).value == Fraction(8, 15)

    def test_ac1(self):
        """Same units: agreement 3/4, share of 1 is 5/8, chance 2 * 5/8 * 3/8 = 15/32.

        (24/32 - 15/32) / (17/32) = 9/17.
        """
        assert ac1(coders("1100", "1101")).value == Fraction(9, 17)

    def test_a_unit_with_one_code_counts_for_the_prevalence_in_ac1_only(self):
        """A fifth unit with one code 1: share of 1 is (1 + 1 + 0 + 1/2 + 1) / 5 = 7/10."""
        ratings = coders("11001", "1101.")
        chance = 2 * Fraction(7, 10) * Fraction(3, 10)
        assert ac1(ratings).value == (Fraction(3, 4) - chance) / (1 - chance)
        assert (ac1(ratings).units, ac1(ratings).left_out) == (4, 1)

    def test_agreement_weighs_units_equally(self):
        """Unit with 3 codes 1, 1, 0: one of three pairs; unit with codes 1, 1: all. Mean 2/3."""
        assert percent_agreement(coders("11", "11", "0.")).value == Fraction(2, 3)

    def test_decimals_are_taken_as_written(self):
        tenths = pd.DataFrame([[0.1, 0.2], [0.3, 0.3]])
        assert alpha(tenths, "interval").value == alpha(tenths * 10, "interval").value

    def test_distances_of_sets(self):
        a, ab, bc, abc = (frozenset(x) for x in ("a", "ab", "bc", "abc"))
        none = frozenset()
        assert [jaccard(x, y) for x, y in ((ab, ab), (a, ab), (ab, bc), (a, bc))] == [
            0,
            Fraction(1, 2),
            Fraction(2, 3),
            1,
        ]
        # Passonneau (2006): similarity is Jaccard times 1, 2/3 (subset), 1/3 (overlap) or 0
        assert masi(ab, ab) == 0
        assert masi(ab, abc) == masi(abc, ab) == 1 - Fraction(2, 3) * Fraction(2, 3)
        assert masi(ab, bc) == 1 - Fraction(1, 3) * Fraction(1, 3)
        assert masi(a, bc) == 1
        assert jaccard(none, none) == masi(none, none) == 0
        assert jaccard(none, a) == jaccard(a, none) == masi(none, a) == masi(a, none) == 1


class TestUndefined:
    @pytest.mark.parametrize("coefficient", [alpha, ac1, fleiss_kappa, cohen_kappa])
    def test_without_variation(self, coefficient):
        result = coefficient(coders("111", "111"), draws=10)
        assert result.value is None
        assert result.reason == "no variation: every code that can be compared is 1"
        assert np.isnan([float(result), result.low, result.high]).all()
        assert result.undefined_draws == 10

    @pytest.mark.parametrize("distance", DISTANCES)
    def test_alpha_without_variation_at_every_level(self, distance):
        assert alpha(coders("22", "22"), distance).value is None

    def test_agreement_needs_no_variation(self):
        result = percent_agreement(coders("111", "111"))
        assert (result.value, result.reason) == (1, "")

    @pytest.mark.parametrize("coefficient", [*COEFFICIENTS, cohen_kappa])
    @pytest.mark.parametrize("ratings", [coders("10..", "..10"), coders("..", "..")])
    def test_nothing_to_compare(self, coefficient, ratings):
        result = coefficient(ratings, draws=5)
        assert result.value is None and result.reason == "no unit has codes from two coders"
        assert (result.units, result.left_out) == (0, len(ratings))

    def test_variation_in_units_that_cannot_be_compared_is_none_for_alpha(self):
        assert alpha(coders("110", "11.")).value is None

    def test_undefined_draws_are_counted(self):
        """Of two units, 00 and 11, a draw that takes one of them twice has no variation."""
        ratings, draws = coders("01", "01"), 200
        taken = np.random.default_rng(4).integers(2, size=(draws, 2))
        result = alpha(ratings, draws=draws, seed=4, cluster=pd.Series([0, 1]))
        assert result.undefined_draws == (taken[:, 0] == taken[:, 1]).sum() > 0
        assert (result.low, result.high) == (1, 1)


def random_ratings(seed, values, missing=0.25, coders=4, units=15) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    truth = random.choice(len(values), size=(units, 1))
    own = random.choice(len(values), size=(units, coders))
    chosen = np.where(random.random((units, coders)) < 0.6, truth, own)
    cells = np.empty(chosen.shape, dtype=object)
    for cell in np.ndindex(chosen.shape):
        cells[cell] = None if random.random() < missing else values[chosen[cell]]
    return pd.DataFrame(cells)


@pytest.mark.parametrize("seed", range(8))
class TestAgainstOtherPackages:
    @pytest.mark.parametrize("distance", DISTANCES)
    def test_krippendorff(self, seed, distance):
        ratings = random_ratings(seed, [0, 1, 2, 5, 9])
        other = krippendorff.alpha(
            reliability_data=ratings.astype(float).T.to_numpy(), level_of_measurement=distance
        )
        assert float(alpha(ratings, distance)) == pytest.approx(other, abs=1e-12)

    @pytest.mark.parametrize("distance, other", [("masi", masi_distance), ("jaccard", jaccard_distance)])
    def test_nltk(self, seed, distance, other):
        """nltk cannot compare empty sets: there, NONE is a code of its own."""
        sets = [frozenset(x) for x in ((), "a", "b", "ab", "abc", "cd")]
        ratings = random_ratings(seed, sets)
        ratings = ratings[ratings.notna().sum(axis=1) > 1]
        triples = [
            (coder, unit, codes or frozenset({"NONE"}))
            for (unit, coder), codes in ratings.stack().items()
            if codes is not None
        ]
        task = AnnotationTask(triples, distance=other)
        assert float(alpha(ratings, distance)) == pytest.approx(task.alpha(), abs=1e-12)

    def test_statsmodels(self, seed):
        ratings = random_ratings(seed, [0, 1, 2], missing=0)
        counts, _ = inter_rater.aggregate_raters(ratings.astype(int).to_numpy())
        assert float(fleiss_kappa(ratings)) == pytest.approx(inter_rater.fleiss_kappa(counts))
        two = ratings[[0, 1]].astype(int)
        table = pd.crosstab(two[0], two[1]).reindex(range(3), columns=range(3), fill_value=0)
        other = inter_rater.cohens_kappa(table).kappa
        assert float(cohen_kappa(two)) == pytest.approx(other)

    def test_scikit_learn(self, seed):
        ratings = random_ratings(seed, ["x", "y", "z"], coders=2)
        both = ratings.dropna()
        result = cohen_kappa(ratings)
        assert float(result) == pytest.approx(cohen_kappa_score(both[0], both[1]))
        assert (result.units, result.left_out) == (len(both), len(ratings) - len(both))


@pytest.mark.parametrize("code", STATEMENT_CODES)
def test_krippendorff_on_the_statements(code):
    wide = data.statement_codes("final").pivot(index="designation_id", columns="coder", values=code)
    other = krippendorff.alpha(wide.T.to_numpy(float), level_of_measurement="nominal")
    assert float(alpha(wide)) == pytest.approx(other)


# Laws. Tables of up to 8 units and 4 coders with missing codes; exact, hence == and not approx.


@st.composite
def tables(draw, coders=None, missing=True):
    width = coders or draw(st.integers(2, 4))
    cell = st.sampled_from([0, 1, 2, 4] + [None] * missing)
    rows = draw(st.lists(st.lists(cell, min_size=width, max_size=width), min_size=2, max_size=8))
    return pd.DataFrame(rows, dtype=object)


def values(ratings):
    found = {c.__name__: c(ratings).value for c in COEFFICIENTS}
    found |= {distance: alpha(ratings, distance).value for distance in DISTANCES}
    if ratings.shape[1] == 2:
        found["cohen"] = cohen_kappa(ratings).value
    assert all(value is None or isinstance(value, Fraction) for value in found.values())
    return found


@settings(max_examples=40)
@given(tables(), st.randoms())
def test_the_order_of_units_and_coders_does_not_matter(ratings, random):
    rows, columns = list(ratings.index), list(ratings.columns)
    random.shuffle(rows), random.shuffle(columns)
    assert values(ratings.loc[rows, columns]) == values(ratings)


@settings(max_examples=40)
@given(tables(), st.permutations(["a", "b", "c", "d"]))
def test_nominal_codes_may_be_renamed(ratings, names):
    renamed = ratings.map(dict(zip([0, 1, 2, 4], names)).get)
    for coefficient in COEFFICIENTS:
        assert coefficient(renamed).value == coefficient(ratings).value


@settings(max_examples=40)
@given(tables())
def test_each_level_allows_its_transformations(ratings):
    def changed(function):
        return ratings.map(lambda x: None if x is None else function(x))

    assert alpha(changed(lambda x: x**3 - 7), "ordinal").value == alpha(ratings, "ordinal").value
    assert alpha(changed(lambda x: 7 - 3 * x), "interval").value == alpha(ratings, "interval").value
    assert alpha(changed(lambda x: 3 * x), "ratio").value == alpha(ratings, "ratio").value


@settings(max_examples=40)
@given(tables())
def test_nothing_exceeds_one_and_perfect_agreement_is_one(ratings):
    assert all(value is None or value <= 1 for value in values(ratings).values())
    agreed = ratings.apply(lambda row: row.notna().map({True: row.name % 3, False: None}), axis=1)
    assume((agreed.notna().sum(axis=1) > 1).sum() > 1)
    assert set(values(agreed.astype(object)).values()) <= {1, None}
    assert percent_agreement(agreed.astype(object)).value == 1


@settings(max_examples=40)
@given(tables(), st.sampled_from([0, 1, 2, 4]))
def test_a_unit_with_one_code_changes_no_coefficient_that_compares_pairs(ratings, code):
    more = pd.concat([ratings, pd.DataFrame([[code] + [None] * (ratings.shape[1] - 1)])])
    more = more.reset_index(drop=True).astype(object)
    before, after = values(ratings), values(more)
    for name in {*before} - {"ac1", "fleiss_kappa"}:
        assert after[name] == before[name]
    assert alpha(more).left_out == alpha(ratings).left_out + 1


@settings(max_examples=40)
@given(tables(missing=False))
def test_every_coder_twice(ratings):
    """Each code twice: of the 2m - 1 codes to compare a code with, one is its own copy.

    Observed disagreement falls by 2(m-1) / (2m-1). Chance is what it was for kappa and AC1; for
    alpha it is drawn without replacement from 2n instead of n codes.
    """
    m, n = ratings.shape[1], ratings.size
    twice = pd.concat([ratings, ratings], axis=1, ignore_index=True)
    factor = Fraction(2 * (m - 1), 2 * m - 1)
    for coefficient in (percent_agreement, ac1, fleiss_kappa):
        before, after = coefficient(ratings).value, coefficient(twice).value
        assert (before is None and after is None) or 1 - after == factor * (1 - before)
    for distance in DISTANCES:
        before, after = alpha(ratings, distance).value, alpha(twice, distance).value
        chance = Fraction(2 * n - 1, 2 * n - 2)
        assert (before is None and after is None) or 1 - after == factor * chance * (1 - before)


@settings(max_examples=40)
@given(tables())
def test_every_unit_twice(ratings):
    """Only alpha knows the size of the sample: n - 1 becomes 2n - 1 over 2."""
    twice = pd.concat([ratings, ratings], ignore_index=True)
    before, after = values(ratings), values(twice)
    counts = ratings.notna().sum(axis=1)
    n = int(counts[counts > 1].sum())
    for name, value in before.items():
        if value is not None and name in DISTANCES + ["alpha"]:
            assert 1 - after[name] == (1 - value) * Fraction(2 * n - 1, 2 * n - 2)
        else:
            assert after[name] == value


@settings(max_examples=40)
@given(tables(coders=2, missing=False))
def test_two_coders_without_missing_codes(ratings):
    """Scott's pi is Fleiss' kappa of two coders; alpha corrects it for the size of the sample."""
    pi, a = fleiss_kappa(ratings).value, alpha(ratings).value
    n = ratings.size
    assert (pi is None and a is None) or 1 - a == (1 - pi) * Fraction(n - 1, n)


class TestBootstrap:
    @pytest.mark.parametrize("distance", DISTANCES)
    @pytest.mark.parametrize("seed", range(5))
    def test_a_draw_is_the_coefficient_of_the_units_that_it_takes(self, distance, seed):
        """Draws (floats, weights) and values (fractions, rows) are two ways to one number."""
        ratings = random_ratings(seed, [0, 1, 3])
        drawn = alpha(ratings, distance, draws=1, seed=seed)
        taken = np.random.default_rng(seed).integers(len(ratings), size=len(ratings))
        exact = alpha(ratings.iloc[taken].reset_index(drop=True), distance)
        assert drawn.low == drawn.high == pytest.approx(float(exact), abs=1e-12)

    @pytest.mark.parametrize("coefficient", [percent_agreement, ac1, fleiss_kappa, cohen_kappa])
    def test_so_for_the_other_coefficients(self, coefficient):
        ratings = random_ratings(1, [0, 1, 2], coders=2, units=40)
        drawn = coefficient(ratings, draws=1, seed=6)
        taken = np.random.default_rng(6).integers(40, size=40)
        exact = coefficient(ratings.iloc[taken].reset_index(drop=True))
        assert drawn.low == pytest.approx(float(exact), abs=1e-12)

    @pytest.mark.parametrize(
        "coefficient",
        [percent_agreement, ac1, fleiss_kappa, cohen_kappa, *(partial(alpha, distance=d) for d in DISTANCES)],
    )
    def test_an_interval_lies_between_draws_that_are_worked_out_each_for_itself(self, coefficient):
        ratings = random_ratings(4, [1, 2, 3], coders=2, units=30)
        drawn = coefficient(ratings, draws=3, seed=8)
        taken = np.random.default_rng(8).integers(30, size=(3, 30))
        exact = [float(coefficient(ratings.iloc[units].reset_index(drop=True))) for units in taken]
        assert len(set(exact)) > 1
        least, middle, most = sorted(exact)
        # Of three values percentile 2.5 lies a twentieth of the way from the first to the second.
        assert drawn.low == pytest.approx(least + 0.05 * (middle - least), abs=1e-12)
        assert drawn.high == pytest.approx(most - 0.05 * (most - middle), abs=1e-12)

    def test_clusters_are_taken_whole(self):
        ratings = random_ratings(2, [0, 1], units=12)
        zone = pd.Series(list("ddaabbbbcccd"))
        drawn = alpha(ratings, draws=1, seed=3, cluster=zone[::-1])
        zones = np.random.default_rng(3).integers(4, size=4)
        taken = pd.concat([ratings[zone == "dabc"[z]] for z in zones], ignore_index=True)
        assert drawn.low == pytest.approx(float(alpha(taken)), abs=1e-12)

    def test_a_cluster_for_each_unit_is_a_draw_of_units(self):
        ratings = random_ratings(3, [0, 1, 2])
        by_cluster = alpha(ratings, draws=50, cluster=pd.Series(range(len(ratings))))
        assert by_cluster == alpha(ratings, draws=50)

    def test_the_seed_decides(self):
        one, same, other = (alpha(CANONICAL, draws=100, seed=seed) for seed in (1, 1, 2))
        assert one == same
        assert (one.low, one.high, one.draws) != (other.low, other.high, other.draws)
        assert one.value == other.value

    def test_canonical_interval(self):
        """10,000 draws by another programme gave .416 to 1; Gwet's interval is .419 to 1."""
        result = alpha(CANONICAL, draws=10_000)
        assert result.low == pytest.approx(0.416, abs=0.01)
        assert result.high == 1

    def test_no_draws_no_interval(self):
        result = alpha(CANONICAL)
        assert np.isnan([result.low, result.high]).all() and result.draws == 0


def long(ratings_by_code: dict[str, pd.DataFrame], **columns) -> pd.DataFrame:
    wide = pd.concat(ratings_by_code, axis=1)
    table = wide.stack(level=1).reset_index(names=["unit", "coder"])
    return table.assign(**{name: table["unit"].map(pd.Series(x)) for name, x in columns.items()})


class TestTable:
    A, B = coders("11001.", "11011.", "1100.1"), coders("111111", "111111", "111111")
    table = long({"A": A, "B": B})
    options = {"unit": "unit", "codes": ["A", "B"], "draws": 100, "seed": 5}

    def test_one_row_per_code_with_the_coefficients_of_the_code(self):
        result = agreement_table(self.table, **self.options).set_index(["code", "distance"])
        row = result.loc[("A", "nominal")]
        for name, c in (("agreement", percent_agreement), ("alpha", alpha), ("ac1", ac1)):
            one = c(self.A, draws=100, seed=5)
            assert (row[name], row[f"{name}_low"], row[f"{name}_high"]) == (
                float(one.value),
                one.low,
                one.high,
            )
        # by hand: 15 codes, 10 of them 1; the coders differ on the fourth unit only
        assert row[["coders", "units", "left_out", "missing", "disagreements"]].tolist() == [3, 5, 1, 3, 1]
        assert row["prevalence"] == 10 / 15

    def test_no_variation_is_said(self):
        row = agreement_table(self.table, **self.options).set_index("code").loc["B"]
        assert (row["agreement"], row["prevalence"]) == (1, 1)
        assert np.isnan([row["alpha"], row["ac1"], row["alpha_low"]]).all()
        assert row["alpha_undefined_draws"] == 100
        assert "alpha: no variation" in row["reason"] and "ac1: no variation" in row["reason"]

    @pytest.mark.parametrize("distance", ["jaccard", "masi"])
    def test_all_codes_together_compare_sets(self, distance):
        """B applies throughout, so a set is AB or B; a set with a missing code is missing."""
        result = agreement_table(self.table, **self.options).set_index(["code", "distance"])
        sets = self.A.map({1: frozenset("AB"), 0: frozenset("B")}.get)
        row = result.loc[("ALL", distance)]
        assert row["alpha"] == float(alpha(sets, distance))
        assert row["agreement"] == result.loc[("A", "nominal"), "agreement"]
        assert (row["units"], row["missing"], row["prevalence"]) == (5, 3, 1)
        assert np.isnan(row["ac1"])

    def test_one_code_has_no_row_for_all(self):
        assert agreement_table(self.table, unit="unit", codes=["A"], draws=0)["code"].eq("A").all()

    def test_clusters_come_from_a_column(self):
        zone = dict(enumerate("xxyyzz"))
        table = long({"A": self.A}, zone=zone)
        row = agreement_table(table, unit="unit", codes=["A"], cluster="zone", draws=80, seed=2)
        assert row.loc[0, "alpha_low"] == alpha(self.A, draws=80, seed=2, cluster=zone).low

    def test_statements(self):
        """Three coders, eight codes: disagreements counted again straight from the table."""
        codes = data.statement_codes("final")
        result = agreement_table(codes, unit="designation_id", codes=STATEMENT_CODES, draws=20)
        ones = codes.groupby("designation_id")[STATEMENT_CODES].sum()
        differ = ones.isin([1, 2])
        result = result.set_index("code")
        assert (result.loc[STATEMENT_CODES, "disagreements"] == differ.sum()).all()
        assert (result.loc[["ALL"], "disagreements"] == differ.any(axis=1).sum()).all()
        assert (result["units"] == 114).all() and (result["missing"] == 0).all()


class TestBadInput:
    @pytest.mark.parametrize(
        "call, words",
        [
            (lambda: alpha(CANONICAL, "cardinal"), ["'cardinal'", "nominal", "masi"]),
            (lambda: alpha(CANONICAL[[0]]), ["1 coders", "two coders"]),
            (lambda: alpha(CANONICAL[:0]), ["0 units", "widen"]),
            (lambda: cohen_kappa(CANONICAL), ["takes two", "alpha"]),
            (lambda: alpha(coders("12", "1x"), "interval"), ["row 1", "coder 1", "'x'", "number"]),
            (lambda: alpha(coders("12", "1x")), ["row 1", "coder 1", "'x'", "text"]),
            (lambda: alpha(pd.DataFrame([[1, -2]]), "ratio"), ["row 0", "coder 1", "-2", "from 0"]),
            (lambda: alpha(pd.DataFrame([[1, True]], dtype=object), "ordinal"), ["True", "number"]),
            (lambda: alpha(pd.DataFrame([["a", ""]])), ["coder 1", "''", "label"]),
            (lambda: alpha(pd.DataFrame([["a", "b"]]), "masi"), ["coder 0", "'a'", "frozenset"]),
            (lambda: alpha(pd.DataFrame([[1, 1], [1, 0]], [7, 7])), ["row 7", "twice"]),
            (
                lambda: alpha(CANONICAL, draws=1, cluster=pd.Series([1] * 5 + [2] * 6)),
                ["unit 11", "no cluster"],
            ),
            (
                lambda: alpha(CANONICAL, draws=1, cluster=pd.Series([1] * 12)),
                ["one unit or cluster only", "draws=0"],
            ),
        ],
    )
    def test_is_an_error_that_names_it(self, call, words):
        with pytest.raises(DataError) as error:
            call()
        for word in words:
            assert word in str(error.value)

    def test_a_unit_in_two_clusters(self):
        table = TestTable.table.assign(zone=[*"xy", *"x" * 16])
        with pytest.raises(DataError, match="column zone: unit 0 lies in .*'x', 'y'"):
            agreement_table(table, unit="unit", codes=["A"], cluster="zone")

    def test_an_unknown_column_of_clusters(self):
        with pytest.raises(DataError, match="no column zone; choose from"):
            agreement_table(TestTable.table, unit="unit", codes=["A"], cluster="zone")

    def test_a_single_coder(self):
        table = TestTable.table[TestTable.table["coder"] == 0]
        with pytest.raises(DataError, match="6 units by 1 coders"):
            agreement_table(table, unit="unit", codes=["A"])


class TestWith:
    """Many coders against references at once give what each pair gives by itself."""

    units, codes = [f"u{i}" for i in range(8)], ["A", "B"]

    def values(self, *columns):
        cells = dict(zip(self.codes, columns))
        return pd.DataFrame({c: list(x) for c, x in cells.items()}, self.units, dtype="Int8")

    column = st.lists(st.sampled_from([0, 1, None]), min_size=8, max_size=8)

    @pytest.mark.parametrize("code", codes)
    @settings(max_examples=25)
    @given(drawn=st.lists(st.tuples(column, column), min_size=5, max_size=5))
    def test_is_the_table_of_each_pair_with_the_same_draws(self, code, drawn):
        tables = [self.values(*columns) for columns in drawn]
        ours, theirs = dict(zip("abc", tables)), dict(zip("xy", tables[3:]))
        found = agreement_with(ours, theirs, draws=40, seed=2).query("code == @code")
        assert len(found) == 6
        for (coder, reference), row in found.set_index(["coder", "reference"]).iterrows():
            both = pd.concat({coder: ours[coder], reference: theirs[reference]}, names=["coder", "unit"])
            (single,) = agreement_table(
                both.reset_index(), unit="unit", codes=[code], draws=40, seed=2
            ).to_dict("records")
            for name, value in row.drop("code").items():
                assert value == pytest.approx(single[name], abs=1e-12, nan_ok=True), (name, coder, code)

    def test_sets_alone_by_one_distance(self):
        table = TestTable.table
        whole = agreement_table(table, unit="unit", codes=["A", "B"], draws=0)
        one = agreement_table(table, unit="unit", codes=["A", "B"], draws=0, distance="masi")
        assert one[["code", "distance"]].to_numpy().tolist() == [["ALL", "masi"]]
        assert one.loc[0, "alpha"] == whole.set_index("distance").at["masi", "alpha"]
        with pytest.raises(DataError, match="distance 'nominal': expected jaccard or masi"):
            agreement_table(table, unit="unit", codes=["A", "B"], distance="nominal")

    def test_a_pair_by_hand(self):
        # 6 of 8 units alike, 8 ones and 8 zeros in all. Alpha: 2 * 2 coincidences apart of 16, where
        # chance has 2 * 8 * 8 / 15; AC1: chance agreement is 2 * (8/16) * (8/16).
        a, b = [1, 1, 1, 1, 0, 0, 0, 0], [0, 1, 1, 1, 0, 0, 1, 0]
        one = agreement_with({"a": self.values(a, a)}, {"b": self.values(b, a)}, draws=0).set_index("code")
        assert one.loc["A", "agreement"] == 6 / 8
        assert one.loc["A", "alpha"] == pytest.approx(1 - 4 / (2 * 8 * 8 / 15))
        assert one.loc["A", "ac1"] == pytest.approx((6 / 8 - 1 / 2) / (1 - 1 / 2))
        assert one.loc["B", ["agreement", "alpha", "ac1"]].tolist() == [1, 1, 1]
        assert one[["alpha_low", "alpha_high"]].isna().all(axis=None)

    def test_what_does_not_fit_is_an_error_that_names_it(self):
        good = self.values([0] * 8, [1] * 8)
        for coder, reference, words in (
            ({"a": good}, {}, "1 coders and 0 references"),
            ({"a": good}, {"b": good[:5]}, "coder b has other units or codes than a"),
            ({"a": good}, {"b": good.replace(1, 3)}, "coder b, row u0, column B: .*3.* is not a code"),
        ):
            with pytest.raises(DataError, match=words):
                agreement_with(coder, reference)
        with pytest.raises(DataError, match="one unit or cluster only"):
            agreement_with({"a": good[:1]}, {"b": good[:1]}, draws=10)
        with pytest.raises(DataError, match="draws is -1"):
            agreement_with({"a": good}, {"b": good}, draws=-1)

    def test_counts_are_exact_for_many_units(self):
        ones = pd.DataFrame({"A": [1] * 200_000, "B": [1] * 200_000})
        other = ones.assign(B=[1] * 199_999 + [0])
        one = agreement_with({"a": ones}, {"b": other}, draws=0).set_index("code")
        assert one["agreement"].tolist() == [1, 199_999 / 200_000] and set(one["units"]) == {200_000}
