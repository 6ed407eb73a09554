"""Multiverse and coder noise: hand-worked values, closed forms, slow independent recounts."""

import math
import os
import time
from fractions import Fraction
from functools import partial
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embedgov import coding
from embedgov.errors import DataError, EmbedgovError
from embedgov.multiverse import (
    coder_noise,
    conclusions,
    joblib,
    multiverse,
    shares,
    universe,
    universes,
)
from embedgov_study import data
from embedgov_study.robustness import Segments, Statements, _outside

DIRECTIONS, DIMENSIONS = ["SOC", "LAW", "INT", "PRO"], ["SUB", "INS", "RES", "TEC"]
THEMES = pd.CategoricalDtype(["BURDEN", "PARTY", "INFO", "OTHER"])


def forks_of(**forks):
    """A table of forks; the first option is published; it may be (name, codes, terms)."""
    rows = []
    for fork, options in forks.items():
        for place, option in enumerate(options):
            name, codes, terms = option if isinstance(option, tuple) else (option, None, None)
            rows.append((fork, name, int(place == 0), codes, terms))
    return pd.DataFrame(rows, columns=["fork", "option", "published", "codes", "terms"])


def look_up(values, chosen):
    return {"y": values[tuple(chosen[fork] for fork in sorted(chosen))]}


# --- the multiverse ---------------------------------------------------------------------------

TWO_BY_THREE = forks_of(a=["a0", "a1"], b=["b0", "b1", "b2"])
HAND = {("a0", "b0"): 1, ("a0", "b1"): 2, ("a0", "b2"): 3, ("a1", "b0"): 3, ("a1", "b1"): 4, ("a1", "b2"): 8}


def test_shares_of_two_by_three_worked_by_hand():
    # mean 3.5, sum of squares 29.5; means 2 and 5 of a give 3 (1.5² + 1.5²) = 13.5; means 2, 3
    # and 5.5 of b give 2 (1.5² + 0.5² + 2²) = 13; 3 are left
    results = multiverse(TWO_BY_THREE, partial(look_up, HAND), n_jobs=1)
    found = shares(results, TWO_BY_THREE, ["y"])["y"]
    assert found.to_dict() == pytest.approx({"a": 27 / 59, "b": 26 / 59, "interactions": 6 / 59})


def test_shares_of_a_binary_result():
    # true in one of four: sum of squares 3/4, each fork 4 (1/4)² = 1/4
    forks = forks_of(a="xy", b="xy")
    both = {each: each == ("y", "y") for each in product("xy", repeat=2)}
    either = {each: each[0] != each[1] for each in both}
    for values, expected in ((both, [1 / 3] * 3), (either, [0, 0, 1])):
        results = multiverse(forks, partial(look_up, values), n_jobs=1)
        assert list(shares(results, forks, ["y"])["y"]) == pytest.approx(expected)


def test_nothing_to_explain_is_missing_not_zero():
    forks = forks_of(a="xy", b="xy")
    results = multiverse(forks, lambda chosen: {"y": 7, "z": chosen["a"] == "x"}, n_jobs=1)
    found = shares(results, forks, ["y", "z"])
    assert found["y"].isna().all()
    assert found["z"].to_dict() == {"a": 1, "b": 0, "interactions": 0}


@settings(max_examples=25)
@given(st.lists(st.integers(1, 4), min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_order_of_forks_and_options_does_not_matter(sizes, random):
    forks = forks_of(**{f"f{i}": [f"o{k}" for k in range(n)] for i, n in enumerate(sizes)})
    values = {each: random.randrange(9) for each in product(*([f"o{k}" for k in range(n)] for n in sizes))}
    rows = list(forks.index)
    random.shuffle(rows)
    evaluate = partial(look_up, values)
    one, other = (multiverse(each, evaluate, n_jobs=1) for each in (forks, forks.loc[rows]))
    names = sorted(set(forks["fork"]))
    assert len(one) == math.prod(sizes) == len(one[names].drop_duplicates())
    for found in (one, other):
        assert {tuple(row[names]): row["y"] for _, row in found.iterrows()} == values
    first = shares(one, forks, ["y"])["y"]
    second = shares(other, forks.loc[rows], ["y"])["y"]
    pd.testing.assert_series_equal(first.sort_index(), second.sort_index())
    assert universe(forks) == universe(forks.loc[rows])


def test_a_universe_is_the_published_one_but_for_what_is_named():
    assert universe(TWO_BY_THREE) == {"a": "a0", "b": "b0"}
    assert universe(TWO_BY_THREE, b="b2") == {"a": "a0", "b": "b2"}


def test_unknown_fork_or_option_is_refused():
    with pytest.raises(DataError, match=r"no fork 'c'; there are \['a', 'b'\]"):
        universe(TWO_BY_THREE, c="c0")
    with pytest.raises(DataError, match=r"'b' has no option 'b9'; expected .*'b2'.*declare it"):
        universe(TWO_BY_THREE, b="b9")


@pytest.mark.parametrize(
    "change, message",
    [
        (lambda f: pd.concat([f, f.iloc[[4]].set_axis([9])]), r"row 9: fork 'b' .*'b2'; delete"),
        (lambda f: f.drop(columns="published"), r"no columns \['published'\]"),
        (lambda f: f.assign(published=0), r"fork 'a': 0 options are published; mark exactly one"),
        (lambda f: f.assign(published=1), r"fork 'a': 2 options are published"),
        (lambda f: f.assign(published=["yes", 0, 1, 0, 0]), r"row 0, column 'published': 'yes'"),
        (lambda f: f.assign(option=["a0", None, "b0", "b1", "b2"]), r"row 1, column 'option': empty"),
        (lambda f: f.assign(fork=["", "a", "b", "b", "b"]), r"row 0, column 'fork': empty"),
        (lambda f: f.assign(multiverse=list("mmnnn")), r"5 rows; hand over all rows of one"),
        (lambda f: f.iloc[:0], r"0 rows; hand over"),
    ],
)
def test_forks_that_are_not_well_formed_are_refused(change, message):
    for call in (universe, universes, partial(multiverse, evaluate=lambda _: {"y": 1}, n_jobs=1)):
        with pytest.raises(DataError, match=message):
            call(change(TWO_BY_THREE))


def test_results_have_the_same_names_everywhere_and_none_of_a_fork():
    with pytest.raises(DataError, match=r"'b': 'b1'.*\['z'\]; expected \['y'\]"):
        multiverse(TWO_BY_THREE, lambda u: {"y" if u["b"] == "b0" else "z": 1}, n_jobs=1)
    with pytest.raises(DataError, match=r"results \['a'\].*no name of a fork"):
        multiverse(TWO_BY_THREE, lambda u: {"a": 1}, n_jobs=1)


@pytest.mark.parametrize(
    "change, message",
    [
        (lambda r: r.iloc[1:], r"5 rows are not the 6 universes"),
        (lambda r: pd.concat([r.iloc[1:], r.iloc[[1]]]), r"6 rows are not the 6 universes"),
        (lambda r: r.replace("b2", "b3"), r"6 rows are not the 6 universes"),
        (lambda r: r.drop(columns="b"), r"no column 'b'"),
        (lambda r: r.assign(y=r["y"].astype(str)), r"column 'y': not a number"),
        (lambda r: r.assign(y=r["y"].where(r["y"] > 1)), r"column 'y': not a number in every"),
    ],
)
def test_shares_of_anything_but_the_full_factorial_are_refused(change, message):
    results = multiverse(TWO_BY_THREE, partial(look_up, HAND), n_jobs=1)
    with pytest.raises(DataError, match=message):
        shares(change(results), TWO_BY_THREE, ["y"])


def test_verdicts_and_their_thresholds():
    holds = pd.DataFrame({n: [k < n for k in range(8)] for n in (8, 7, 6, 5, 4, 3, 2, 1, 0)})
    found = conclusions(holds)
    assert list(found["verdict"]) == ["all", "most", "most", "some", "some", "some", "few", "few", "none"]
    assert list(found["universes"]) == list(holds)
    assert found.loc[6, "share"] == 0.75
    stricter = conclusions(holds, most=0.8, few=0.2)["verdict"]
    assert (stricter[7], stricter[6], stricter[2], stricter[1]) == ("most", "some", "some", "few")


@pytest.mark.parametrize(
    "holds, thresholds, message",
    [
        (pd.DataFrame({"c": ["yes", "no"]}), {}, "conclusion 'c': not true or false"),
        (pd.DataFrame({"c": pd.array([True, None], "boolean")}), {}, "conclusion 'c'"),
        (pd.DataFrame({"c": []}), {}, "no universes"),
        (pd.DataFrame({"c": [True]}), {"most": 0.2}, "most=0.2, few=0.25"),
        (pd.DataFrame({"c": [True]}), {"few": -0.1}, "few=-0.1"),
    ],
)
def test_conclusions_that_are_not_true_or_false_are_refused(holds, thresholds, message):
    with pytest.raises(DataError, match=message):
        conclusions(holds, **thresholds)


# --- noise ------------------------------------------------------------------------------------

CODES = np.random.default_rng(5).random((3, 20, 2)) < 0.4


def majorities(codes):
    """Units with each code, by a majority of three."""
    return dict(zip("xy", (codes.sum(1) >= 2).sum(1).T))


def test_without_noise_every_draw_is_the_published_result():
    published = {name: int(value[0]) for name, value in majorities(CODES[None]).items()}
    found = coder_noise(CODES, majorities, 0, draws=2_001, n_jobs=1)
    assert len(found) == 2_001
    assert found.eq(pd.Series(published)).all(axis=None)


def test_certain_noise_flips_every_code():
    seen = []

    def result(codes):
        seen.append((codes == ~CODES).all())
        return {"ones": codes.sum((1, 2, 3))}

    found = coder_noise(CODES, result, 1, draws=1_600, n_jobs=1)
    assert seen == [True, True]
    assert found["ones"].eq(CODES.size - CODES.sum()).all()


def test_a_fair_coin_leaves_a_binomial_of_the_units():
    # three fair coins have a majority with probability 1/2: Bin(20, 1/2), mean 10, variance 5
    draws = 40_000
    found = coder_noise(CODES, majorities, 0.5, draws=draws, seed=2)["x"]
    assert abs(found.mean() - 10) < 4 * math.sqrt(5 / draws)
    assert abs(found.var() - 5) < 4 * 5 * math.sqrt(2 / draws)
    for k in range(5, 16):  # and not only two moments of it
        p = math.comb(20, k) / 2**20
        assert abs((found == k).mean() - p) < 4 * math.sqrt(p * (1 - p) / draws)


def test_small_noise_against_the_closed_form():
    # a unit with k of three ones keeps its majority with a probability that depends on k only
    p, draws = 0.1, 40_000
    lose, keep = (1 - p), p

    def majority(ones):  # probability that at least two of three are one afterwards
        chances = [lose if i < ones else keep for i in range(3)]
        a, b, c = chances
        return a * b + a * c + b * c - 2 * a * b * c

    each = [majority(int(ones)) for ones in CODES[..., 1].sum(0)]
    mean, variance = sum(each), sum(q * (1 - q) for q in each)
    found = coder_noise(CODES, majorities, p, draws=draws, seed=3)["y"]
    assert abs(found.mean() - mean) < 4 * math.sqrt(variance / draws)
    assert abs(found.var() - variance) < 5 * variance * math.sqrt(2 / draws)


def test_codes_are_flipped_independently():
    # of coders, of units and of codes: no pair of the flips is correlated
    codes = np.zeros((2, 2, 2), bool)
    found = coder_noise(
        codes, lambda c: {str(i): x for i, x in enumerate(c.reshape(len(c), -1).T)}, 0.3, draws=40_000, seed=4
    )
    correlation = found.astype(int).corr().to_numpy()
    assert abs(found.mean() - 0.3).max() < 4 * math.sqrt(0.21 / 40_000)
    assert abs(correlation - np.eye(8)).max() < 4 / math.sqrt(40_000)


@pytest.fixture(scope="module")
def cluster():
    """A scheduler and two workers, each a process of its own, on this computer."""
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=None
    ) as cluster:
        yield cluster


@pytest.fixture
def where():
    def where(chosen):  # a local function goes to the workers without this module
        time.sleep(0.0005)
        return {"pid": os.getpid()}

    return where


def test_same_draws_on_any_backend_and_number_of_workers(cluster):
    run = partial(coder_noise, CODES, lambda c: {"x": (c.sum(1) >= 2).sum((1, 2))}, 0.2, draws=2_345, seed=7)
    with cluster.get_client() as client:
        one, *others = (
            run(n_jobs=1),
            run(n_jobs=2),
            run(),
            run(n_jobs=2, backend="loky"),
            run(backend="dask", client=client),
        )
    assert one["x"].nunique() > 1
    assert not one.iloc[:1000].equals(one.iloc[1000:2000].reset_index(drop=True))
    for other in others:
        pd.testing.assert_frame_equal(one, other)
    assert not one.equals(run(n_jobs=1, seed=8))


def test_multiverse_on_a_cluster_runs_in_its_workers(cluster, where):
    forks = forks_of(a=[f"a{i}" for i in range(40)], b=[f"b{i}" for i in range(40)])
    with cluster.get_client() as client:
        pids = set(client.run(os.getpid).values())
        assert len(pids) == 2
        found = multiverse(forks, where, backend="dask", client=client)
        assert set(found["pid"]) == pids
        evaluate = lambda chosen: {"y": HAND[chosen["a"], chosen["b"]]}  # noqa: E731
        results = multiverse(TWO_BY_THREE, evaluate, backend="dask", client=client)
    pd.testing.assert_frame_equal(found[["a", "b"]], universes(forks))
    pd.testing.assert_frame_equal(results, multiverse(TWO_BY_THREE, evaluate, n_jobs=1))


def test_multiverse_runs_in_processes(where):
    forks = forks_of(a=[f"a{i}" for i in range(40)], b=[f"b{i}" for i in range(40)])
    found = multiverse(forks, where, n_jobs=2)
    assert os.getpid() not in set(found["pid"])
    pd.testing.assert_frame_equal(found[["a", "b"]], universes(forks))


def test_a_backend_that_is_not_installed_says_what_to_install(monkeypatch):
    def absent(*_, **__):
        raise ImportError("no module named distributed")

    monkeypatch.setattr(joblib, "parallel_config", absent)
    with pytest.raises(EmbedgovError, match=r"'dask' is not installed.*embedgov\[dask\]"):
        multiverse(TWO_BY_THREE, partial(look_up, HAND), backend="dask")


@pytest.mark.parametrize("p", [-0.1, 1.5, math.nan, math.inf, True, "0.1", None])
def test_p_that_is_no_probability_is_refused(p):
    with pytest.raises(DataError, match=r"p=.*expected a probability from 0 to 1"):
        coder_noise(CODES, majorities, p)


def test_other_bad_input_of_noise_is_refused():
    for wrong in ({"draws": 0}, {"draws": 2.5}, {"seed": -1}, {"seed": None}):
        with pytest.raises(DataError, match="expected a whole number from"):
            coder_noise(CODES, majorities, 0.1, **wrong)
    with pytest.raises(DataError, match="codes are int64; expected true or false"):
        coder_noise(CODES.astype(int), majorities, 0.1)
    with pytest.raises(DataError, match=r"'n' of 1000 draws has the shape \(\); return one value"):
        coder_noise(CODES, lambda codes: {"n": codes.sum()}, 0.1)


# --- statements -------------------------------------------------------------------------------

STATEMENT_FORKS = forks_of(
    round=["final", "pilot"],
    adjudication=["majority", "any", "all", "first", "second", "third"],
    socialisation=[
        ("as_coded", "SOC", None),
        ("strict", "SOC", "a;b"),
        ("wide", "SOC;SUB", None),
        ("wide_strict", "SOC;SUB", "a;b;s"),
    ],
    rule_of_law=[("as_coded", "LAW", None), ("theme", "BURDEN", None), ("both", "LAW;BURDEN", "l")],
    intelligence=[("as_coded", "INT", None)],
    professionalisation=[("as_coded", "PRO", None)],
    base=["all", "within_SOC"],
)


def statements(rows):
    """A table of the coders X, Y, Z; per unit and code, the anchor terms of those who gave it."""
    table = []
    for who in "XYZ":
        for unit, cells in rows.items():
            row = {"coder": who, "designation_id": unit, "call_theme": cells["theme"][who]}
            for code in ("SOC", "LAW", "INT", "PRO", "SUB"):
                terms = cells.get(code, {})
                row[code] = int(who in terms)
                row[f"{code}_term"] = terms.get(who)
            table.append(row)
    return pd.DataFrame(table).astype({"call_theme": THEMES})


OTHER = dict.fromkeys("XYZ", "OTHER")
THREE = statements(
    {
        "u1": {"SOC": dict(X="a", Y="b", Z="a"), "LAW": dict(X="l"), "theme": OTHER},
        "u2": {
            "SOC": dict(X="a", Y="c"),
            "SUB": dict(Z="s"),
            "theme": dict(X="BURDEN", Y="BURDEN", Z="INFO"),
        },
        "u3": {
            "SUB": dict(X="s", Y="t", Z="s"),
            "LAW": dict(X="k", Y="l", Z="l"),
            "INT": dict(Z="i"),
            "theme": dict(X="BURDEN", Y="PARTY", Z="INFO"),
        },
        "u4": {"SOC": dict(Z="b"), "PRO": dict(X="p", Y="p", Z="p"), "theme": OTHER},
    }
)
NOTHING = THREE.assign(**dict.fromkeys(("SOC", "LAW", "INT", "PRO", "SUB"), 0), call_theme="OTHER")
NOTHING = NOTHING.astype({"call_theme": THEMES})


@pytest.mark.parametrize(
    "options, expected",
    [
        # SOC by two of three in u1, u2; u3 has none
        ({}, (2, 1, 0, 1, "u3;u4")),
        ({"adjudication": "any"}, (3, 2, 1, 1, "u3")),
        ({"adjudication": "all"}, (1, 1, 0, 1, "u2;u3;u4")),
        ({"adjudication": "first"}, (2, 2, 0, 1, "u3;u4")),
        ({"adjudication": "third"}, (2, 1, 1, 1, "u2;u3")),
        ({"round": "pilot"}, (0, 0, 0, 0, "u1;u2;u3;u4")),
        # u1 rests on a and b only, u2 on c as well
        ({"socialisation": "strict"}, (1, 1, 0, 1, "u1;u3;u4")),
        # the third coder's u4 rests on b, which all coders of the round name no other term for
        ({"socialisation": "strict", "adjudication": "third"}, (0, 1, 1, 1, "u1;u2;u3;u4")),
        ({"socialisation": "wide"}, (3, 1, 0, 1, "u4")),
        # SUB of u3 rests on t as well as s, SUB of u2 on s alone
        ({"socialisation": "wide_strict", "adjudication": "any"}, (2, 2, 1, 1, "u1;u4")),
        ({"rule_of_law": "theme"}, (2, 1, 0, 1, "u3;u4")),
        ({"rule_of_law": "theme", "adjudication": "any"}, (3, 2, 1, 1, "u3")),
        # u1 has LAW from l alone, u3 also from k, u2 the theme
        ({"rule_of_law": "both", "adjudication": "any"}, (3, 2, 1, 1, "u3")),
        ({"base": "within_SOC"}, (2, 0, 0, 0, "u3;u4")),
        ({"base": "within_SOC", "socialisation": "wide"}, (3, 1, 0, 0, "u4")),
    ],
)
def test_margins_of_four_statements_counted_by_hand(options, expected):
    study = Statements({"final": THREE, "pilot": NOTHING}, STATEMENT_FORKS)
    found = study(universe(STATEMENT_FORKS, **options))
    assert tuple(found.values()) == expected
    assert list(found) == [*DIRECTIONS, "left_out"]


def test_noise_of_statements_starts_from_the_universe():
    study = Statements({"final": THREE, "pilot": NOTHING}, STATEMENT_FORKS)
    for options in ({}, {"round": "pilot"}, {"socialisation": "strict", "adjudication": "third"}):
        chosen = universe(STATEMENT_FORKS, **options)
        found = coder_noise(
            study.codes(chosen), lambda c, chosen=chosen: study.results(c, chosen), 0, draws=3
        )
        published = study(chosen)
        left_out = set(published.pop("left_out").split(";"))
        assert found[list(published)].eq(pd.Series(published)).all(axis=None)
        assert {unit for unit in study.units if not found[unit].any()} == left_out


def test_a_code_that_nobody_gave_has_no_term_that_speaks_against_it():
    study = Statements({"final": THREE, "pilot": NOTHING}, STATEMENT_FORKS)
    chosen = universe(STATEMENT_FORKS, socialisation="strict")
    found = coder_noise(study.codes(chosen), lambda c, chosen=chosen: study.results(c, chosen), 1, draws=1)
    # flipped, u3 has SOC from all three; u1 and u2 lose it; u4 keeps it from X and Y, but its only
    # anchor term is on the list
    assert found[list(study.units)].iloc[0].to_dict() == {"u1": 0, "u2": 0, "u3": 1, "u4": 0}


def test_order_and_index_of_the_rows_do_not_matter():
    chosen = [
        universe(STATEMENT_FORKS, adjudication=rule, socialisation="strict")
        for rule in ("majority", "any", "all", "first", "second", "third")
    ]
    mixed = THREE[::-1].set_index(np.zeros(len(THREE), int))
    one, other = (Statements({"final": table, "pilot": NOTHING}, STATEMENT_FORKS) for table in (THREE, mixed))
    for each in chosen:
        first, second = one(each), other(each)
        for found in (first, second):
            found["left_out"] = set(found["left_out"].split(";"))
        assert first == second


@pytest.mark.parametrize(
    "change, message",
    [
        (lambda t: t.drop(columns="SOC_term"), "no column 'SOC_term'"),
        (lambda t: t.assign(SOC_term=None), "column 'SOC_term': empty; write the anchor term of SOC"),
        (lambda t: t.assign(call_theme="PARK"), "'call_theme' does not say what it may hold"),
        (
            lambda t: t.assign(call_theme=t["call_theme"].mask(t.index == 0)),
            "row 0, column 'call_theme': nan; expected one of BURDEN",
        ),
        (lambda t: t.drop(columns="call_theme"), "no column 'call_theme'"),
        (lambda t: t.assign(SOC=t["SOC"].where(t.index != 5)), "'Y', .*'u2', column 'SOC': missing"),
        (lambda t: t.drop(columns="SUB"), "no column .?SUB"),
        (lambda t: t[t["coder"] != "Z"], r"cannot have \['third'\]"),
        (lambda t: t[t["designation_id"] != "u4"], "'u4' .and 0 more. is in one table"),
        (lambda t: pd.concat([t, t.iloc[[0]]]), "coder .?X.? has coded .?u1.? before"),
    ],
)
def test_tables_of_statements_that_cannot_be_counted_are_refused(change, message):
    with pytest.raises(DataError, match=message):
        Statements({"pilot": NOTHING, "final": change(THREE)}, STATEMENT_FORKS[::-1])


def test_a_majority_that_can_be_a_tie_is_refused():
    forks = STATEMENT_FORKS[STATEMENT_FORKS["option"] != "third"]
    with pytest.raises(DataError, match=r"majority of the coders \['X', 'Y'\] can be a tie"):
        Statements({"final": THREE[THREE["coder"] != "Z"], "pilot": NOTHING}, forks)


@pytest.mark.parametrize(
    "change, message",
    [
        (lambda f: f.replace("base", "basis"), r"\('basis', 'all'\) names no codes"),
        (lambda f: f[f["fork"] != "base"], r"\['base'\] unknown or lacking"),
        (lambda f: f[f["option"] != "within_SOC"], "fork 'base' names the directions .*; expected one"),
        (lambda f: f.replace("within_SOC", "within"), "'base' cannot have the option 'within'"),
        (lambda f: f.replace("pilot", "trial"), "'round' cannot have the option 'trial'"),
        (lambda f: f.replace("third", "fourth"), r"'adjudication' cannot have \['fourth'\]"),
        (lambda f: f.replace("SOC;SUB", "SOC;FOO"), "no column .?FOO"),
        (lambda f: f.replace("PRO", None), r"\('professionalisation', 'as_coded'\) names no codes"),
    ],
)
def test_forks_that_statements_do_not_know_are_refused(change, message):
    with pytest.raises(DataError, match=message):
        Statements({"final": THREE, "pilot": NOTHING}, change(STATEMENT_FORKS))


def test_a_universe_with_an_unknown_or_lacking_option_is_refused():
    study = Statements({"final": THREE, "pilot": NOTHING}, STATEMENT_FORKS)
    chosen = universe(STATEMENT_FORKS)
    for wrong, message in (
        ({**chosen, "round": "trial"}, "no option 'trial'"),
        ({**chosen, "title": "in"}, "no fork 'title'"),
        ({"round": "final"}, "no option for .*'base'"),
    ):
        for call in (study, study.codes, partial(study.results, study.codes(chosen)[None])):
            with pytest.raises(DataError, match=message):
                call(wrong)


# --- segments ---------------------------------------------------------------------------------

SEGMENT_FORKS = forks_of(
    stance=["all", "practice"],
    coding=["multi", "first", "last", "only"],
    presence=["1", "2", "50%"],
    adjudication=["majority", "any", "all", "X"],
    deliberation=["as_coded", ("institution", "INS", None), ("technique", "TEC", None)],
    steering=["as_coded", ("subject", "SUB", None), ("institution", "INS", None)],
)
PLACED = pd.DataFrame(
    [
        ("a1", "A", "practice", "SUB"),
        ("b1", "B", "practice", "INS"),
        ("b2", "B", "practice", "INS"),
        ("g1", None, "framing", "TEC"),
        ("a2", "A", "claimed effect", "SUB"),
        ("a3", "A", "practice", "SUB"),
    ],
    columns=["seg_id", "zone_id", "stance", "dimension_article"],
).astype({"dimension_article": pd.CategoricalDtype(DIMENSIONS)})


def segments(**rows):
    """Codes that all three coders gave to each segment."""
    codes = [*DIMENSIONS, "DELIB", "STEER"]
    table = [
        {"coder": who, "seg_id": name, **{code: int(code in given.split()) for code in codes}}
        for who in "XYZ"
        for name, given in rows.items()
    ]
    return pd.DataFrame(table)


CODED = segments(
    a1="SUB INS", a2="SUB TEC", a3="INS TEC DELIB", b1="SUB STEER", b2="INS DELIB STEER", g1="RES"
)


@pytest.mark.parametrize(
    "options, shown, top",
    [
        # A: SUB 2, INS 2, TEC 2; B: SUB 1, INS 1; all: 3, 3, 0, 2. A: 2/3, 2/3, 2/2; B: 1/3, 1/3
        ({}, (2, 2, 0, 1), ("TEC", "SUB;INS")),
        ({"presence": "2"}, (1, 1, 0, 1), ("TEC", "SUB;INS")),
        ({"presence": "50%"}, (2, 2, 0, 1), ("TEC", "SUB;INS")),
        # without a2: A: SUB 1, INS 2, TEC 1; all: 2, 3, 0, 1
        ({"stance": "practice"}, (2, 2, 0, 1), ("TEC", "SUB")),
        # one each: A: SUB, SUB, INS; B: SUB, INS; all: 3, 2. A: 2/3, 1/2; B: 1/3, 1/2
        ({"coding": "first"}, (2, 2, 0, 0), ("SUB", "INS")),
        # A: INS, TEC, TEC; B: SUB, INS; all: 1, 2, 0, 2
        ({"coding": "last"}, (1, 2, 0, 1), ("TEC", "SUB")),
        # only b1 and b2 have one dimension; A has none, so nothing is on top
        ({"coding": "only"}, (1, 1, 0, 0), ("", "SUB;INS")),
        # a3 INS TEC -> INS; b2 INS. A: SUB 2, INS 2, TEC 1; B: SUB 1, INS 1; all 3, 3, 0, 1
        ({"deliberation": "institution"}, (2, 2, 0, 1), ("TEC", "SUB;INS")),
        # a3 -> TEC; b2 INS -> TEC. A: SUB 2, INS 1, TEC 2; B: SUB 1, TEC 1; all 3, 1, 0, 3
        ({"deliberation": "technique"}, (2, 1, 0, 2), ("INS", "SUB;TEC")),
        # b2 INS -> SUB. A: 2, 2, 0, 2; B: SUB 2; all 4, 2, 0, 2
        ({"steering": "subject"}, (2, 1, 0, 1), ("INS;TEC", "SUB")),
        # b1 SUB -> INS. A: 2, 2, 0, 2; B: INS 2; all 2, 4, 0, 2
        ({"steering": "institution"}, (1, 2, 0, 1), ("SUB;TEC", "INS")),
        # b2: deliberation gives INS, which steering as subject does not take. A: 2, 2, 0, 1; B: 2, 1
        ({"deliberation": "institution", "steering": "subject"}, (2, 2, 0, 1), ("TEC", "SUB")),
    ],
)
def test_dimensions_of_two_zones_counted_by_hand(options, shown, top):
    study = Segments(CODED, PLACED, SEGMENT_FORKS)
    assert list(study.left_out) == ["g1"]
    assert study.zones.to_dict() == {"A": "SUB", "B": "INS"}
    found = study(universe(SEGMENT_FORKS, **options))
    assert tuple(found[name] for name in DIMENSIONS) == shown
    assert (found["A"], found["B"]) == top
    assert found["placed"] == (top[0] == "SUB") + (top[1] == "INS")
    assert found["tied"] == sum(";" in t and own in t for t, own in zip(top, ("SUB", "INS")))


@pytest.mark.parametrize(
    "codes, placed, message",
    [
        (CODED.assign(INS=None), PLACED, "coder 'X', .*'a1', column 'INS': missing"),
        (CODED[CODED["seg_id"] != "b1"], PLACED, "'b1' .and 0 more. is in one table"),
        (CODED, PLACED.drop(0), "'a1' .and 0 more. is in one table"),
        (CODED, pd.concat([PLACED, PLACED.iloc[[1]]]), "seg_id 'b1' has two rows"),
        (
            CODED,
            PLACED.assign(dimension_article=PLACED["dimension_article"].mask(PLACED.index == 1)),
            "column 'dimension_article': nan; expected one of SUB",
        ),
        (CODED, PLACED.astype({"dimension_article": str}), "'dimension_article' does not say what it may"),
        (
            CODED,
            PLACED.assign(dimension_article=pd.Categorical(["SUB", "SUB", "INS", *["SUB"] * 3], DIMENSIONS)),
            "'B' has several",
        ),
        (
            CODED,
            PLACED.assign(stance=["practice", "aim", "aim", *["practice"] * 3]),
            "'B' has no segment of practice; leave the zone out, and say so",
        ),
        (CODED, PLACED.drop(columns="stance"), "no column 'stance'"),
        (CODED, PLACED.assign(zone_id=None), "none belongs to a zone"),
        (CODED[CODED["coder"] != "X"], PLACED, r"cannot have \['X'\]"),
    ],
)
def test_tables_of_segments_that_cannot_be_counted_are_refused(codes, placed, message):
    with pytest.raises(DataError, match=message):
        Segments(codes, placed, SEGMENT_FORKS)


@pytest.mark.parametrize(
    "old, new, message",
    [
        ("2", "0", "'presence' cannot have the option '0'; expected a whole number of segments from 1"),
        ("2", "1.5", "'presence' cannot have the option '1.5'"),
        ("50%", "150%", "'presence' cannot have the option '150%'"),
        ("50%", "half", "'presence' cannot have the option 'half'"),
        ("TEC", "DELIB", r"fork 'deliberation': codes \['DELIB'\]; expected some of SUB"),
        ("only", "best", "'coding' cannot have the option 'best'"),
        ("stance", "view", r"\['stance', 'view'\] unknown or lacking"),
    ],
)
def test_forks_that_segments_do_not_know_are_refused(old, new, message):
    with pytest.raises(DataError, match=message):
        Segments(CODED, PLACED, SEGMENT_FORKS.replace(old, new))


# --- the forks and codes of the book ------------------------------------------------------------


def published_forks(name):
    forks = data.table("forks")
    return forks[forks["multiverse"] == name]


@pytest.fixture(scope="module")
def third_batch():
    tables = {name: data.statement_codes(name) for name in data.vocabulary.rounds()}
    return {name: t[t["designation_id"].str.startswith("B3-")] for name, t in tables.items()}


@pytest.fixture(scope="module")
def margins(third_batch):
    search = data.word_codes()
    return Statements(
        third_batch,
        published_forks("margins"),
        texts=data.table("statement_terms"),
        search=search[search["designation_id"].str.startswith("B3-")],
    )


@pytest.fixture(scope="module")
def dimensions():
    rounds = {name: data.segment_codes(name) for name in data.vocabulary.rounds("segment")}
    return Segments(rounds, data.table("segments"), published_forks("dimensions"))


def test_every_fork_is_declared_with_its_reasons(third_batch):
    forks = data.table("forks")
    assert set(forks["multiverse"]) == {"margins", "dimensions"}
    described = ["fork_en", "fork_zh", "question_en"]
    each = forks.groupby(["multiverse", "fork"], observed=True)
    assert (each[described].nunique() == 1).all(axis=None)
    assert forks[[*described, "option_en", "option_zh", "rationale_en"]].notna().all(axis=None)
    assert forks["rationale_en"].str.fullmatch(r"[A-Z][^.]*\.").all()  # one sentence
    assert forks["question_en"].str.endswith("?").all()
    texts = set(data.table("statement_terms")["anchor_term"])
    for row in forks.dropna(subset="terms").itertuples():
        for term in row.terms.split(";"):  # no term that stands in no statement: it would be a slip
            assert any(term in text for text in texts) and len(term) <= 12, (row.fork, row.option, term)


def test_what_a_coder_quotes_stands_in_the_index_of_terms(third_batch):
    texts = data.table("statement_terms").groupby("designation_id")["anchor_term"].agg(list)
    for table in (*third_batch.values(), data.word_codes()):
        for row in table[table["designation_id"].isin(texts.index)].itertuples():
            for code in (*DIRECTIONS, *DIMENSIONS):
                term = getattr(row, f"{code}_term")
                assert pd.isna(term) or any(term in text for text in texts[row.designation_id])


def test_an_option_judges_the_text_and_not_the_term_that_a_coder_wrote_down(margins):
    """Each beside its reason: what the Word file has of the statement besides the option's terms."""
    forks = published_forks("margins")
    left_out = set(margins(universe(forks, socialisation="governing"))["left_out"].split(";"))
    outside = set(margins(universe(forks))["left_out"].split(";"))
    # B3-17 and B3-36 name self-governance; these four name only supply, volunteers or a plural supply
    assert left_out - outside == {"B3-02", "B3-18", "B3-21", "B3-28"}
    results = multiverse(forks, margins, n_jobs=1)
    assert results.loc[results["adjudication"] != "words", "SOC"].min() == 29
    # professional services of B3-38, social workers of B3-33
    assert results["PRO"].min() == 7
    pilot = universe(forks, round="pilot", intelligence="named_system")
    shown = margins.results(margins.codes(pilot)[None], pilot)
    assert shown["INT"] > 0 and margins(pilot)["INT"] == shown["INT"][0]


def test_a_term_within_a_struck_one_is_no_other_term():
    assert not _outside("志愿", "社区志愿互助服务", ["志愿互助服务"])
    assert _outside("志愿", "志愿互助服务志愿", ["志愿互助服务"])
    assert _outside("社会化机制", "社会化机制", ["社会化"])
    assert not _outside("自治", "志愿互助服务", ["志愿互助服务"])


def test_a_search_takes_the_place_of_the_coders_but_for_the_theme():
    forks = pd.concat([STATEMENT_FORKS, forks_of(adjudication=["majority", "words"]).iloc[[1]]])
    search = pd.DataFrame(
        {"coder": "W", "designation_id": ["u1", "u2", "u3", "u4"], "SOC": [0, 1, 1, 1], "SUB": 0}
        | {"LAW": [1, 0, 0, 0], "INT": 0, "PRO": [0, 0, 0, 1]}
    )
    study = Statements({"final": THREE, "pilot": NOTHING}, forks, search=search)
    found = study(universe(forks, adjudication="words"))
    assert found == {"SOC": 3, "LAW": 1, "INT": 0, "PRO": 1, "left_out": "u1"}
    themes = study(universe(forks, adjudication="words", rule_of_law="theme"))
    assert themes["LAW"] == study(universe(forks, rule_of_law="theme"))["LAW"] == 1
    with pytest.raises(DataError, match=r"cannot have \['words'\]"):
        Statements({"final": THREE, "pilot": NOTHING}, forks)


def test_published_margins_are_those_of_the_consensus(margins, third_batch):
    found = margins(universe(published_forks("margins")))
    agreed = coding.consensus(third_batch["final"], unit="designation_id", codes=list(DIRECTIONS))
    assert len(margins.units) == 40
    assert {name: found[name] for name in DIRECTIONS} == agreed.values.sum().to_dict()
    without = agreed.values.index[agreed.values["SOC"] == 0]
    assert set(found["left_out"].split(";")) == set(without)
    assert len(without) == 40 - found["SOC"]


def test_margins_in_every_universe(margins, third_batch):
    forks = published_forks("margins")
    results = multiverse(forks, margins, n_jobs=1)
    options = forks.groupby("fork").size()
    assert len(results) == options.prod() == len(results[list(options.index)].drop_duplicates())
    assert (results["left_out"].str.count("B3-") == 40 - results["SOC"]).all()
    # what is stricter counts no more, in any universe
    names = list(options.index)
    for fork, code, smaller, larger in (
        ("socialisation", "SOC", "governing", "as_coded"),
        ("socialisation", "SOC", "as_coded", "any_aspect"),
        ("socialisation", "SOC", "any_aspect_beyond_it", "any_aspect"),
        ("rule_of_law", "LAW", "explicit", "as_coded"),
        ("rule_of_law", "LAW", "as_coded", "structural"),
        ("rule_of_law", "LAW", "structural", "institutional"),
        ("intelligence", "INT", "named_system", "as_coded"),
        ("base", "LAW", "within_SOC", "all"),
        ("professionalisation", "PRO", "named_profession", "without_standards"),
        ("professionalisation", "PRO", "named_profession", "without_linkage"),
        ("adjudication", "SOC", "all", "majority"),
        ("adjudication", "PRO", "majority", "any"),
    ):
        wide = results.pivot(index=[n for n in names if n != fork], columns=fork, values=code)
        assert (wide[smaller] <= wide[larger]).all(), (fork, smaller, larger)
    # one universe counted from the table itself
    table = third_batch["pilot"]
    one = table[table["coder"] == "B"].set_index("designation_id")
    aspects = one[["SOC", *DIMENSIONS]].any(axis=1)
    chosen = universe(
        forks,
        round="pilot",
        adjudication="second",
        socialisation="any_aspect",
        rule_of_law="theme",
        base="within_SOC",
    )
    row = results[(results[names] == pd.Series(chosen)[names]).all(axis=1)].iloc[0]
    assert row["SOC"] == aspects.sum()
    assert row["LAW"] == (aspects & (one["call_theme"] == "BURDEN")).sum()
    assert row["left_out"].split(";") == sorted(aspects.index[~aspects])


def recount(codes, table, chosen):
    """Zones by dimension, and the dimensions on top, one segment at a time."""
    coders = sorted(codes["coder"].astype(str).unique())
    place = {"first": 0, "second": 1, "third": 2}.get(chosen["adjudication"])
    rule = chosen["adjudication"] if place is None else coders[place]
    agreed = coding.consensus(codes, unit="seg_id", codes=[*DIMENSIONS, "DELIB", "STEER"], rule=rule).values
    rivals = {
        "deliberation": ("DELIB", {"institution": "INS", "technique": "TEC"}),
        "steering": ("STEER", {"institution": "INS", "subject": "SUB"}),
    }
    kept = {}
    for row in table.itertuples():
        if chosen["stance"] == "practice" and row.stance != "practice":
            continue
        mine = agreed.loc[row.seg_id]
        has = {name for name in DIMENSIONS if mine[name]}
        given = set()
        for fork, (code, readings) in rivals.items():
            if mine[code] and chosen[fork] != "as_coded":
                has -= set(readings.values())
                given.add(readings[chosen[fork]])
        has = [name for name in DIMENSIONS if name in has | given]
        if chosen["coding"] == "only":
            has = has if len(has) == 1 else []
        elif chosen["coding"] != "multi":
            has = has[:1] if chosen["coding"] == "first" else has[-1:]
        kept[row.seg_id] = {name: int(name in has) for name in DIMENSIONS}
    values = pd.DataFrame(kept).T
    rule = {"1": {}, "2": {"segments": 2}, "25%": {"share": 0.25}}[chosen["presence"]]
    zones = table.set_index("seg_id")["zone_id"].loc[values.index]
    matrix = coding.case_matrix(values, zones, **rule)
    counts, top = matrix.counts, {}
    for zone, row in counts.iterrows():
        ratios = {
            name: Fraction(int(row[name]), int(row.sum()))
            / Fraction(int(counts[name].sum()), int(counts.to_numpy().sum()))
            for name in DIMENSIONS
            if row[name]
        }
        top[zone] = ";".join(name for name in ratios if ratios[name] == max(ratios.values()))
    return {**matrix.present.sum().astype(int).to_dict(), **top}


def test_dimensions_against_a_slow_recount(dimensions):
    forks = published_forks("dimensions")
    results = multiverse(forks, dimensions, n_jobs=1)
    names = sorted(set(forks["fork"]))
    assert len(results) == forks.groupby("fork").size().prod()
    assert len(results[names].drop_duplicates()) == len(results)
    table = data.table("segments")
    assert len(dimensions.left_out) == table["zone_id"].isna().sum() == 7
    published = (results[names] == pd.Series(universe(forks))[names]).all(axis=1)
    for _, row in pd.concat([results[published], results.sample(25, random_state=1)]).iterrows():
        expected = recount(data.segment_codes(row["sight"]), table, row[names])
        assert {name: row[name] for name in expected} == expected, row[names].to_dict()
    article = dimensions.zones
    alone = results[list(article.index)].eq(article)
    assert (results["placed"] == alone.sum(axis=1)).all()
    top = results[list(article.index)]
    among = top.apply(lambda zone: [article[zone.name] in each.split(";") for each in zone])
    assert (results["tied"] == (among & ~alone).sum(axis=1)).all()


def test_noise_of_the_book_starts_from_the_published_counts(margins, dimensions):
    for study, name, counts in (
        (margins, "margins", list(DIRECTIONS)),
        (dimensions, "dimensions", [*DIMENSIONS, "placed", "tied"]),
    ):
        chosen = universe(published_forks(name))
        result = partial(study.results, universe=chosen)
        still = coder_noise(study.codes(chosen), result, 0, draws=5, n_jobs=1)
        published = study(chosen)
        assert still[counts].eq(pd.Series(published)[counts]).all(axis=None)
        # all codes flipped: the majority flips with them
        flipped = coder_noise(study.codes(chosen), result, 1, draws=5, n_jobs=1)
        expected = result(~study.codes(chosen)[None])
        assert flipped.eq(pd.Series({k: int(v[0]) for k, v in expected.items()})).all(axis=None)
        if study is margins:
            assert flipped[counts].eq(40 - pd.Series(published)[counts]).all(axis=None)
        noisy = coder_noise(study.codes(chosen), result, 0.05, draws=2_000)
        assert noisy[counts].nunique().max() > 3


def test_margins_under_a_fair_coin_are_binomial(margins):
    chosen, draws = universe(published_forks("margins")), 20_000
    found = coder_noise(
        margins.codes(chosen), partial(margins.results, universe=chosen), 0.5, draws=draws, seed=11
    )
    for name in DIRECTIONS:  # Bin(40, 1/2)
        assert abs(found[name].mean() - 20) < 4 * math.sqrt(10 / draws)
        assert abs(found[name].var() - 10) < 4 * 10 * math.sqrt(2 / draws)
