"""Consensus, disagreements, sets and matrices against enumeration, hand calculation and laws."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2_contingency

from embedgov.coding import (
    NONE,
    case_matrix,
    co_occurrence,
    consensus,
    correspondence,
    disagreements,
    read_coders,
    sets,
    validated,
)
from embedgov.errors import DataError
from embedgov_study import data

DIMENSIONS = ["SUB", "INS", "RES", "TEC"]


def table(*rows, codes="AB", unit="unit") -> pd.DataFrame:
    """A long table from texts such as "D u1 1."; a full stop is a missing code."""
    cells = []
    for row in rows:
        coder, name, given = row.split()
        cells.append([coder, name, *({"1": 1, "0": 0, ".": None}[x] for x in given)])
    return pd.DataFrame(cells, columns=["coder", unit, *codes])


def values(rows: dict[str, str], codes="ABC") -> pd.DataFrame:
    cells = [[{"1": 1, "0": 0, ".": None}[x] for x in row] for row in rows.values()]
    return pd.DataFrame(cells, list(rows), list(codes), dtype=object)


# Three coders, four units: agreement, majority, and what a missing code decides.
LONG = table(
    "D u1 11",
    "D u2 10",
    "D u3 1.",
    "D u4 00",
    "E u1 11",
    "E u2 10",
    "E u3 1.",
    "E u4 .1",
    "F u1 11",
    "F u2 01",
    "F u3 ..",
    "F u4 .0",
)
HOW = {"unit": "unit", "codes": ["A", "B"]}


def plain(frame: pd.DataFrame) -> list[list]:
    return [[None if pd.isna(x) else x for x in row] for row in frame.to_numpy(object)]


class TestConsensus:
    @pytest.mark.parametrize(
        "rule, expected, status",
        [
            (
                "majority",
                [[1, 1], [1, 0], [1, None], [None, 0]],
                "agreed agreed decided decided decided missing missing decided",
            ),
            (
                "any",
                [[1, 1], [1, 1], [1, None], [None, 1]],
                "agreed agreed decided decided decided missing missing decided",
            ),
            (
                "all",
                [[1, 1], [0, 0], [None, None], [0, 0]],
                "agreed agreed decided decided missing missing decided decided",
            ),
            (
                "E",
                [[1, 1], [1, 0], [1, None], [None, 1]],
                "agreed agreed decided decided decided missing missing decided",
            ),
        ],
    )
    def test_by_hand(self, rule, expected, status):
        result = consensus(LONG, rule=rule, **HOW)
        assert plain(result.values) == expected
        assert result.status.to_numpy().ravel().tolist() == status.split()
        assert list(result.values.index) == ["u1", "u2", "u3", "u4"]

    def test_the_column_of_the_coder_may_have_any_name(self):
        long = LONG.rename(columns={"coder": "who"})
        for name, expected in zip(("values", "status"), consensus(LONG, **HOW)):
            found = getattr(consensus(long, coder="who", **HOW), name)
            pd.testing.assert_frame_equal(found, expected)
        pd.testing.assert_frame_equal(disagreements(long, coder="who", **HOW), disagreements(LONG, **HOW))

    def test_codes_are_whole_numbers_that_may_be_missing(self):
        assert (validated(LONG, **HOW)[["A", "B"]].dtypes == "Int8").all()
        assert (consensus(LONG, **HOW).values.dtypes == "Int8").all()

    def test_a_tie_is_no_value(self):
        result = consensus(table("D u1 1", "E u1 0", codes="A"), unit="unit", codes=["A"])
        assert plain(result.values) == [[None]] and plain(result.status) == [["tie"]]

    @pytest.mark.parametrize("rule", ["majority", "any", "all", "b"])
    @pytest.mark.parametrize("coders", ["a b", "a b c", "a b c d"])
    def test_every_pattern_of_codes(self, rule, coders):
        """A value stands if and only if every way to fill in the missing codes gives it."""
        coders = coders.split()
        patterns = list(product([1, 0, None], repeat=len(coders)))
        rows = [
            [coder, str(unit), code]
            for unit, pattern in enumerate(patterns)
            for coder, code in zip(coders, pattern)
        ]
        long = pd.DataFrame(rows, columns=["coder", "unit", "A"])
        result = consensus(long, unit="unit", codes=["A"], rule=rule)

        def outcome(full):
            if rule == "majority":
                return "tie" if 2 * sum(full) == len(full) else int(2 * sum(full) > len(full))
            return {"any": max(full), "all": min(full), "b": full[1]}[rule]

        for unit, pattern in enumerate(patterns):
            ways = product(*([x] if x is not None else [0, 1] for x in pattern))
            outcomes = {outcome(full) for full in ways}
            only = outcomes.pop() if len(outcomes) == 1 else "missing"
            expected = only if only in (0, 1) else None
            status = "agreed" if len({*pattern}) == 1 and None not in pattern else "decided"
            found = result.values.loc[str(unit), "A"]
            assert (None if pd.isna(found) else found) == expected, pattern
            assert result.status.loc[str(unit), "A"] == (only if expected is None else status)

    @given(st.permutations(list(LONG.index)))
    @settings(max_examples=20)
    def test_the_order_of_rows_does_not_matter(self, order):
        shuffled = consensus(LONG.loc[order], **HOW)
        expected = consensus(LONG, **HOW)
        pd.testing.assert_frame_equal(shuffled.values.sort_index(), expected.values)
        pd.testing.assert_frame_equal(shuffled.status.sort_index(), expected.status)

    def test_an_unknown_rule_names_the_coders(self):
        with pytest.raises(DataError, match=r"rule 'G': expected majority.*\['D', 'E', 'F'\]"):
            consensus(LONG, rule="G", **HOW)

    def test_segments(self):
        """Counted straight from the coder tables: two of three, one, or all three say yes."""
        codes = data.segment_codes()
        yes = codes.groupby("seg_id")[DIMENSIONS].sum()
        for rule, least in (("majority", 2), ("any", 1), ("all", 3)):
            result = consensus(codes, unit="seg_id", codes=DIMENSIONS, rule=rule)
            assert (result.values.sum() == (yes >= least).sum()).all()
            assert result.status.isin(["agreed", "decided"]).all(axis=None)


class TestDisagreements:
    def test_by_hand(self):
        result = disagreements(LONG, **HOW)
        assert result.to_dict("split")["data"] == [
            ["u2", "A", "D, E", "F", ""],
            ["u2", "B", "F", "D, E", ""],
            ["u4", "B", "E", "D, F", ""],
        ]
        assert list(result) == ["unit", "code", "yes", "no", "missing"]

    def test_units_and_codes_keep_their_order(self):
        result = disagreements(LONG[::-1], unit="unit", codes=["B", "A"])
        assert result[["unit", "code"]].to_numpy().tolist() == [["u4", "B"], ["u2", "B"], ["u2", "A"]]

    def test_a_missing_code_is_named_and_is_no_disagreement(self):
        rows = table("D u1 11", "E u1 0.", "F u1 .1")
        result = disagreements(rows, **HOW)
        assert result.to_numpy().tolist() == [["u1", "A", "D", "E", "F"]]

    def test_none(self):
        assert disagreements(table("D u1 11", "E u1 1."), **HOW).empty

    def test_statements(self):
        """As many as there are sums of three codes that are neither 0 nor 3."""
        codes = data.statement_codes("final")
        sums = codes.groupby("designation_id")[DIMENSIONS].sum()
        result = disagreements(codes, unit="designation_id", codes=DIMENSIONS)
        assert len(result) == sums.isin([1, 2]).sum().sum() > 0
        assert set(result["yes"].str.len() + result["no"].str.len()) == {len("D, E") + len("F")}


class TestReadCoders:
    def write(self, folder, **files):
        for name, text in files.items():
            content = text if isinstance(text, bytes) else text.encode()
            (folder / f"{name}.csv").write_bytes(content)
        return [folder / f"{name}.csv" for name in files]

    def test_reads_what_the_files_say(self, tmp_path):
        """Own order of columns and rows, a byte order mark, CRLF, a quoted comma, empty codes."""
        files = self.write(
            tmp_path,
            d='unit,note,A,B\n01,"a, b",1,\n2,,0,1\n',
            e="\ufeffB,A,unit\r\n1,0,2\r\n0,,01\r\n",
        )
        result = read_coders(files, "unit", ["A", "B"])
        assert list(result) == ["coder", "unit", "A", "B"]
        assert plain(result) == [
            ["d", "01", 1, None],
            ["d", "2", 0, 1],
            ["e", "2", 0, 1],
            ["e", "01", None, 0],
        ]

    @pytest.mark.parametrize(
        "text, words",
        [
            ("unit,A,B\nu1,1,2\nu2,0,0\n", ["e.csv, row 2", "column B", "'2'", "write 1"]),
            ("unit,A,B\nu1,1,1\nu2,yes,0\n", ["e.csv, row 3", "column A", "'yes'"]),
            ("unit,A,B\nu1,1, 1\nu2,0,0\n", ["e.csv, row 2", "column B", "' 1'"]),
            (
                "unit,A,B\nu1,1,1\nu2,0,0\nu1,1,0\n",
                ["e.csv, row 4", "column unit", "u1", "e.csv, row 2", "keep one"],
            ),
            ("unit,A,B\nu1,1,1\n", ["column unit", "coder e", "u2", "d.csv, row 3", "add them"]),
            ("unit,A,B\nu1,1,1\nu2,0,0\nu3,0,0\n", ["coder d", "u3", "e.csv, row 4"]),
            ("unit,A,B\n,1,1\nu2,0,0\n", ["e.csv, row 2", "column unit", "empty"]),
            ("unit,A\nu1,1\nu2,0\n", ["e.csv, row 1", "column B 0 times"]),
            ("unit,A,B,A\nu1,1,1,1\n", ["e.csv, row 1", "column A 2 times"]),
            ("unit,A,B\nu1,1\nu2,0,0\n", ["e.csv, row 2", "2 cells; expected 3"]),
            ("unit,A,B\nu1,1,1\n\nu2,0,0\n", ["e.csv, row 3", "0 cells"]),
            ("unit,A,B\n", ["e.csv", "no rows"]),
            ("", ["e.csv", "no rows"]),
            (b"unit,A,B\nu1,1,\xff\n", ["e.csv, row 2, byte 6", "cannot be read", "UTF-8"]),
            ('unit,A,B\nu1,1,"1\n', ["e.csv", "cannot be read"]),
        ],
    )
    def test_names_file_row_column_value_and_remedy(self, tmp_path, text, words):
        files = self.write(tmp_path, d="unit,A,B\nu1,1,0\nu2,0,1\n", e=text)
        with pytest.raises(DataError) as error:
            read_coders(files, "unit", ["A", "B"])
        for word in words:
            assert word in str(error.value)

    def test_no_such_file(self, tmp_path):
        with pytest.raises(DataError, match="nobody.csv: cannot be read"):
            read_coders([tmp_path / "nobody.csv"], "unit", ["A"])

    def test_one_coder_in_two_files(self, tmp_path):
        (tmp_path / "again").mkdir()
        files = self.write(tmp_path, d="unit,A\nu1,1\n")
        files += self.write(tmp_path / "again", d="unit,A\nu1,1\n")
        with pytest.raises(DataError) as error:
            read_coders(files, "unit", ["A"])
        assert f"{files[1]} and {files[0]} are both coder d" in str(error.value)

    def test_the_project_s_own_files(self):
        files = sorted((ROOT / "data" / "coding" / "segments").glob("*.csv"))
        read = read_coders(files, "seg_id", DIMENSIONS)
        loaded = data.segment_codes()
        assert (read[DIMENSIONS].to_numpy(int) == loaded[DIMENSIONS].to_numpy()).all()
        assert list(read["seg_id"]) == list(loaded["seg_id"])


@pytest.mark.parametrize(
    "change, codes, words",
    [
        (lambda t: t, ["A", "C"], ["no column C", "'A', 'B'"]),
        (lambda t: t, ["A", "A"], ["column A occurs twice"]),
        (lambda t: t, [], ["nothing is selected"]),
        (lambda t: t[:0], ["A"], ["nothing is selected"]),
        (lambda t: t.assign(A=[2] + [0] * 11), ["A"], ["coder D, row 0", "column A", "2 is not"]),
        (lambda t: t.assign(A=[0, 0.5] + [0] * 10), ["A"], ["coder D, row 1", "0.5 is not"]),
        (lambda t: t.assign(A=["1"] * 12), ["A"], ["row 0", "'1' is not"]),
        (lambda t: t.assign(coder=[None] + ["E"] * 11), ["A"], ["row 0", "column coder: empty"]),
        (lambda t: t.assign(unit=[""] + ["u"] * 11), ["A"], ["row 0", "column unit: empty"]),
        (
            lambda t: t.replace({"unit": {"u2": "u1"}}),
            ["A"],
            ["coder D, row 1", "column unit", "has coded 'u1' before, in coder D, row 0"],
        ),
        (lambda t: t.drop(5), ["A"], ["coder E has no row for 'u2' (coder D, row 1) and 0 more"]),
    ],
)
def test_bad_input_names_coder_row_column_value(change, codes, words):
    for function in (validated, consensus, disagreements):
        with pytest.raises(DataError) as error:
            function(change(LONG), unit="unit", codes=codes)
        for word in words:
            assert word in str(error.value)


def test_rows_with_the_same_label_are_told_apart():
    """Coder tables put under each other keep their own row labels."""
    stacked = pd.concat([part.reset_index(drop=True) for _, part in LONG.groupby("coder")])
    assert plain(consensus(stacked, **HOW).values) == plain(consensus(LONG, **HOW).values)
    stacked.iloc[5, 2] = 7
    with pytest.raises(DataError, match="coder E, row 1, column A: 7.0 is not"):
        consensus(stacked, **HOW)


class TestSets:
    def test_none_is_not_unknown(self):
        result = sets(values({"u1": "101", "u2": "000", "u3": "1.0", "u4": "..."}))
        assert result.tolist() == [frozenset("AC"), NONE, None, None]
        assert list(result.index) == ["u1", "u2", "u3", "u4"]

    def test_per_coder_and_unit(self):
        wide = sets(LONG.set_index(["unit", "coder"])[["A", "B"]]).unstack()
        assert wide.loc["u2"].tolist() == [frozenset("A"), frozenset("A"), frozenset("B")]
        assert wide.loc["u4"].tolist() == [NONE, None, None]


class TestCaseMatrix:
    # Case x: units 1 to 4; case y: unit 5; unit 6 belongs to none; no unit of case z is there.
    known = values({"1": "110", "2": "10.", "3": "000", "4": "0..", "5": "0.1", "6": "111"})
    cases = {"1": "x", "2": "x", "3": "x", "4": "x", "5": "y", "6": None, "7": "z"}

    def test_counts(self):
        result = case_matrix(self.known, self.cases)
        assert plain(result.counts) == [[2, 1, 0], [0, 0, 1], [0, 0, 0]]
        assert plain(result.unknown) == [[0, 1, 2], [0, 1, 0], [0, 0, 0]]
        assert result.units.to_dict() == {"x": 4, "y": 1, "z": 0}
        assert list(result.left_out) == ["6"]

    @pytest.mark.parametrize(
        "rule, x, y",
        [
            ({}, [True, True, None], [False, None, True]),
            ({"segments": 2}, [True, None, None], [False, False, False]),
            ({"segments": 3}, [False, False, False], [False, False, False]),
            ({"share": 0.25}, [True, True, None], [False, None, True]),
            ({"share": 0.5}, [True, None, None], [False, None, True]),
            ({"share": 0.51}, [False, False, False], [False, None, True]),
            ({"share": 1}, [False, False, False], [False, None, True]),
            ({"share": 0.5, "segments": 2}, [True, None, None], [False, False, False]),
        ],
    )
    def test_presence(self, rule, x, y):
        """By hand: present from so many units, absent if the unknown ones do not suffice."""
        result = case_matrix(self.known, self.cases, **rule)
        assert plain(result.present) == [x, y, [None] * 3]

    def test_seven_per_cent_of_a_hundred_units_are_seven(self):
        units = pd.DataFrame({"A": [1] * 7 + [0] * 93})
        assert 0.07 * 100 > 7  # in floats, which would ask for eight
        assert case_matrix(units, dict.fromkeys(range(100), "x"), share=0.07).present.loc["x", "A"]

    def test_cases_keep_their_order_whatever_their_type(self):
        cases = pd.Series(self.cases).astype(pd.CategoricalDtype(["z", "y", "x"]))
        result = case_matrix(self.known, cases)
        assert list(result.present.index) == list(result.units.index) == ["x", "y", "z"]
        assert plain(result.counts) == [[2, 1, 0], [0, 0, 1], [0, 0, 0]]

    def test_segments_in_zones(self):
        """118 segments: 111 in 12 zones, 7 in none; the share rule contains the count rule."""
        codes = consensus(data.segment_codes(), unit="seg_id", codes=DIMENSIONS).values
        zones = data.table("segments").set_index("seg_id")["zone_id"]
        result = case_matrix(codes, zones)
        assert (len(result.units), result.units.sum(), len(result.left_out)) == (12, 111, 7)
        strict = case_matrix(codes, zones, segments=2, share=0.25)
        assert (result.present | ~strict.present).all(axis=None)
        assert (result.present == (result.counts > 0)).all(axis=None)

    @pytest.mark.parametrize(
        "call, words",
        [
            (lambda k, c: case_matrix(k, {"1": "x"}), ["no entry for unit 2 and 4 more"]),
            (lambda k, c: case_matrix(k[:0], c), ["nothing is selected"]),
            (lambda k, c: case_matrix(k, c, segments=0), ["segments=0"]),
            (lambda k, c: case_matrix(k, c, segments=1.5), ["segments=1.5"]),
            (lambda k, c: case_matrix(k, c, share=25), ["share=25", "0 to 1"]),
            (lambda k, c: case_matrix(k.replace({1: 3}), c), ["row 1, column A: 3 is not"]),
            (lambda k, c: case_matrix(pd.concat([k, k]), c), ["values: unit 1 occurs twice"]),
        ],
    )
    def test_bad_input(self, call, words):
        with pytest.raises(DataError) as error:
            call(self.known, self.cases)
        for word in words:
            assert word in str(error.value)


class TestCoOccurrence:
    def test_by_hand(self):
        result = co_occurrence(values({"u1": "110", "u2": "11.", "u3": "100", "u4": "0.0"}))
        assert plain(result.counts) == [[3, 2, 0], [2, 2, 0], [0, 0, 0]]
        # A or B: u1, u2, u3 (u4 left out); A or C: u1, u3; B or C: u1
        assert plain(result.jaccard) == [[1, 2 / 3, 0], [2 / 3, 1, 0], [0, 0, None]]
        assert plain(result.left_out) == [[0, 1, 1], [1, 1, 2], [1, 2, 1]]

    @given(st.lists(st.tuples(*[st.sampled_from([0, 1, None])] * 3), min_size=1, max_size=8))
    @settings(max_examples=40)
    def test_against_sets_of_units(self, rows):
        table = pd.DataFrame(rows, columns=list("ABC"), dtype=object)
        result = co_occurrence(table)
        for a, b in product("ABC", repeat=2):
            both_known = table[table[a].notna() & table[b].notna()]
            with_a, with_b = (set(both_known.index[both_known[x] == 1]) for x in (a, b))
            assert result.counts.loc[a, b] == len(with_a & with_b)
            assert result.left_out.loc[a, b] == len(table) - len(both_known)
            if with_a | with_b:
                expected = len(with_a & with_b) / len(with_a | with_b)
                assert result.jaccard.loc[a, b] == pytest.approx(expected)
            else:
                assert np.isnan(result.jaccard.loc[a, b])


# Greenacre's smokers: staff of a firm by how much they smoke.
SMOKE = pd.DataFrame(
    [[4, 2, 3, 2], [4, 3, 7, 4], [25, 10, 12, 4], [18, 24, 33, 13], [10, 6, 7, 2]],
    ["SM", "JM", "SE", "JE", "SC"],
    ["none", "light", "medium", "heavy"],
)


class TestCorrespondence:
    def test_smoke(self):
        """Inertias and standard coordinates as the R package ca prints them; axes up to sign."""
        result = correspondence(SMOKE)
        assert result.inertias.to_numpy() == pytest.approx([0.074759, 0.010017, 0.000414], abs=5e-7)
        size = np.sqrt(result.inertias.to_numpy())
        rows, columns = result.rows / size, result.columns / size
        expected = {
            1: (
                [-0.240539, 0.947105, -1.391973, 0.851989, -0.735456],
                [-1.438471, 0.363746, 0.718017, 1.074445],
            ),
            2: (
                [-1.935708, -2.430958, -0.106508, 0.576944, 0.788435],
                [-0.304659, 1.409433, 0.073528, -1.975960],
            ),
        }
        for axis, (row, column) in expected.items():
            # both have to be turned: none and heavy, the farthest columns, lie at positive ends
            assert -rows[axis].to_numpy() == pytest.approx(row, abs=2e-6)
            assert -columns[axis].to_numpy() == pytest.approx(column, abs=2e-6)

    def test_total_inertia_is_chi_square_over_n(self):
        chi2 = chi2_contingency(SMOKE, correction=False).statistic
        assert correspondence(SMOKE).inertias.sum() == pytest.approx(chi2 / SMOKE.to_numpy().sum())

    def test_two_by_two_by_hand(self):
        """Rows 3, 1 and 1, 3: phi is 1/2; profiles lie at plus and minus 1/2 on the one axis."""
        result = correspondence(pd.DataFrame([[3, 1], [1, 3]], ["r", "s"], ["c", "d"]))
        assert result.inertias.tolist() == pytest.approx([0.25])
        assert result.columns[1].tolist() == pytest.approx([0.5, -0.5])
        assert result.rows[1].tolist() == pytest.approx([0.5, -0.5])

    def test_chi_square_distances_between_row_profiles(self):
        result = correspondence(SMOKE)
        profiles = SMOKE.div(SMOKE.sum(axis=1), axis=0)
        mass = SMOKE.sum() / SMOKE.to_numpy().sum()
        for a, b in product(SMOKE.index, repeat=2):
            direct = np.sqrt((((profiles.loc[a] - profiles.loc[b]) ** 2) / mass).sum())
            found = np.linalg.norm(result.rows.loc[a] - result.rows.loc[b])
            assert found == pytest.approx(direct, abs=1e-12)

    @given(st.permutations(range(5)), st.permutations(range(4)))
    @settings(max_examples=20)
    def test_the_sign_does_not_depend_on_the_order(self, rows, columns):
        turned = correspondence(SMOKE.iloc[list(rows), list(columns)])
        straight = correspondence(SMOKE)
        for part in ("rows", "columns"):
            expected = getattr(straight, part)
            found = getattr(turned, part).loc[expected.index]
            assert found.to_numpy() == pytest.approx(expected.to_numpy(), abs=1e-9)

    def test_equal_rows_lie_in_one_place(self):
        doubled = pd.DataFrame([[3, 1, 2], [6, 2, 4], [1, 5, 0]], list("abc"), list("xyz"))
        result = correspondence(doubled)
        assert result.rows.loc["a"].to_numpy() == pytest.approx(result.rows.loc["b"].to_numpy())
        assert result.inertias[2] == pytest.approx(0, abs=1e-12)

    @pytest.mark.parametrize(
        "change, words",
        [
            (lambda m: m.assign(light=0), ["columns ['light']", "leave them out"]),
            (lambda m: m.mul([0, 1, 1, 1, 0], axis=0), ["rows ['SM', 'SC']"]),
            (lambda m: m.astype(float).replace(33, np.nan), ["row JE, column medium", "nan"]),
            (lambda m: m.replace(33, -1), ["row JE, column medium", "-1"]),
            (lambda m: m[["none"]], ["5 rows and 1 columns"]),
        ],
    )
    def test_bad_input(self, change, words):
        with pytest.raises(DataError) as error:
            correspondence(change(SMOKE))
        for word in words:
            assert word in str(error.value)
