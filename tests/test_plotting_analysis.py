"""The analysis's figures: what they decide, refuse and put on paper."""

import itertools
import re

import matplotlib.colors as mcolors
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.patches import PathPatch, Rectangle

from embedgov import bounds, plotting
from embedgov.errors import PlottingError
from embedgov.plotting.agreement_forest import _AgreementForest
from embedgov.plotting.argument_links import _ArgumentLinks
from embedgov.plotting.case_matrix import _CaseMatrix
from embedgov.plotting.co_occurrence import _CoOccurrence
from embedgov.plotting.codes import code_names
from embedgov.plotting.intervals import _Intervals
from embedgov.plotting.key import draw_key, key_height
from embedgov.plotting.palette import COLOURS, INK, PAPER, SHADES, contrast, shade
from embedgov.plotting.rows import require_numbers, require_one_value
from embedgov.plotting.scale import Scale, number
from embedgov.plotting.specification_curve import _SpecificationCurve
from embedgov.plotting.text import text_width
from embedgov.plotting.theme import axes_in_points
from embedgov.plotting.upset import _Upset

from drawn import contents
from samples.analysis import (
    BOUNDS,
    CODES,
    COEFFICIENTS,
    FORKS,
    LINKS,
    NODES,
    PAIRS,
    PATTERNS,
    UNIVERSES,
    matrix,
)

pytestmark = pytest.mark.usefixtures("theme")

WIDTH = 395  # points, the Axes of a figure of the book
DASHED = (0, (2, 2))


def marks(ax, marker, colour=None, of="markerfacecolor"):
    """Places of the marks of a shape, and of a colour if one is given."""
    lines = [line for line in ax.lines if line.get_marker() == marker]
    if colour:
        lines = [
            line for line in lines
            if mcolors.to_hex(plt.getp(line, of)) == mcolors.to_hex(colour)
        ]  # fmt: skip
    return [point for line in lines for point in line.get_xydata().tolist()]


def rectangles(ax, **wanted):
    return [
        patch for patch in ax.patches
        if isinstance(patch, Rectangle)
        and all(plt.getp(patch, name) == value for name, value in wanted.items())
    ]  # fmt: skip


def refused(function, message, data, **options):
    with pytest.raises(PlottingError, match=re.escape(message)):
        function(data, **options)


# Shared parts


def test_a_key_begins_a_new_line_only_when_the_line_is_full():
    texts = ["first entry", "second entry", "third entry"]
    wide = sum(text_width(text, 9) + 14 for text in texts) + 2 * 14
    assert key_height(texts, wide + 0.1) == key_height(texts[:1], wide)
    narrow = text_width(texts[1], 9) + 14
    two, three = key_height(texts, wide - 0.1), key_height(texts, narrow)
    assert three - two == two - key_height(texts[:1], wide) > 9
    assert key_height([], 100) == 0
    ax, _ = axes_in_points(None, lambda width: 60)
    styles = [{"facecolor": INK}, {"color": INK, "marker": "o"}, {"facecolor": PAPER}]
    draw_key(ax, 0, 0, list(zip(texts, styles)), narrow)
    places = [text.get_position() for text in ax.texts]
    assert len({x for x, _ in places}) == 1 and len({y for _, y in places}) == 3
    assert len(ax.patches) == 2 and len(ax.lines) == 1
    assert max(y for _, y in places) < three
    with pytest.raises(PlottingError, match="the text 'second entry' does not fit a key"):
        key_height(texts, narrow - 0.1)


def test_a_scale_is_linear_and_its_ticks_are_round():
    scale = Scale(-0.31, 1, 100, 300)
    assert scale.at(-0.31) == 100 and scale.at(1) == 300
    assert scale.at(0.345) == pytest.approx(200)
    assert scale.ticks(whole=False) == [0, 0.5, 1]
    assert scale.ticks(7, whole=False) == [-0.2, 0, 0.2, 0.4, 0.6, 0.8, 1]
    assert Scale(0, 40, 0, 1).ticks() == [0, 10, 20, 30, 40]
    assert all(tick == int(tick) for tick in Scale(0, 3, 0, 1).ticks(9))


def test_numbers_have_a_minus_sign_but_no_negative_zero():
    assert [number(x) for x in (-0.5, 20.0, -0.0)] == ["−0.5", "20", "0"]
    assert [number(x, 2) for x in (-0.001, 1, -0.314)] == ["0.00", "1.00", "−0.31"]


@pytest.mark.parametrize(
    "share, step",
    [(0, 0), (0.001, 1), (0.25, 1), (3 / 8, 2), (0.5, 2), (0.51, 3), (0.76, 4), (1, 4)],
)
def test_a_shade_ends_with_every_quarter(share, step):
    assert shade(share) == SHADES[step]


def test_shades_grow_darker_and_bear_text():
    steps = [contrast(fill, PAPER) for fill in SHADES]
    assert all(later / earlier > 1.2 for earlier, later in itertools.pairwise(steps))


def test_codes_are_named_in_the_order_of_the_codebook():
    names = code_names(CODES, ["TEC", "SUB"], "en")
    assert list(names.items()) == [("SUB", "Subject (actor)"), ("TEC", "Technique")]
    assert list(code_names(None, ["TEC", "SUB"], "zh").items()) == [("TEC", "TEC"), ("SUB", "SUB")]
    with pytest.raises(PlottingError, match="the code 'ENV', but codes.* holds only SUB, INS"):
        code_names(CODES, ["ENV"], "en")
    with pytest.raises(PlottingError, match="codes has no column 'label_zh'"):
        code_names(CODES.drop(columns="label_zh"), ["SUB"], "zh")


@pytest.mark.parametrize("value", [1.01, -0.1, float("inf"), "0.5", True, None])
def test_a_measure_out_of_range_is_refused_by_row_and_value(value):
    frame = pd.DataFrame({"share": [0.5, value]}, dtype=object)
    with pytest.raises(PlottingError, match="row 1, column 'share': .*; expected a number from 0"):
        require_numbers(frame, ["share"], least=0, most=1)
    require_numbers(frame.iloc[:1], ["share"], least=0.5, most=0.5)


def test_a_key_with_two_values_is_refused():
    frame = pd.DataFrame({"row": ["a", "b", "a"], "row_en": ["x", "x", "y"]})
    with pytest.raises(PlottingError, match="row 'a', column 'row_en': 'x' and 'y'; expected one"):
        require_one_value(frame, "row", ["row_en"])
    require_one_value(frame.iloc[:2], "row", ["row_en"])


# Case matrix


def cell_texts(plan):
    return {(cell.row, cell.column): cell.text for cell in plan.cells}


def test_cells_are_shaded_by_share_and_say_the_counts():
    plan = _CaseMatrix(matrix(), "en")
    fills = [SHADES.index(cell.style["facecolor"]) for cell in plan.cells]
    assert fills == [0, 1, 2, 2, 4, 3, 4, 3, 0, 1]  # 0, 2, 3, 4, 8 / 6, 7, 5, none, 1 of 8
    assert cell_texts(plan)[0, 1] == "2/8" and cell_texts(plan)[0, 0] == "0/8"
    assert all(contrast(c.ink, c.style["facecolor"]) >= 4.5 for c in plan.cells)


def test_a_missing_share_is_dashed_and_never_0():
    plan = _CaseMatrix(matrix(), "en")
    missing = [cell for cell in plan.cells if cell.style.get("linestyle") == DASHED]
    assert [(c.row, c.column, c.text) for c in missing] == [(1, 3, "–")]
    assert [text for text, _ in plan.key][-2:] == ["Placement by the article", "No value"]
    ax = plotting.case_matrix(matrix())
    assert len([p for p in ax.patches if p.get_linestyle() == DASHED]) == 2  # a cell and the key
    whole = matrix().dropna()
    assert [text for text, _ in _CaseMatrix(whole[whole["row"] == "Z03"], "en").key] == [
        "0", "≤ 25%", "≤ 50%", "≤ 75%", "≤ 100%", "Placement by the article",
    ]  # fmt: skip


def test_the_articles_placement_is_outlined_around_its_cell():
    ax = plotting.case_matrix(matrix(), language="zh")
    outlines = rectangles(ax, fill=False) or rectangles(ax, facecolor=(0, 0, 0, 0))
    around = [patch for patch in outlines if patch.get_width() > 20]  # not the one in the key
    inside = [
        text.get_text() for patch in around for text in ax.texts
        if patch.get_bbox().contains(*text.get_position())
    ]  # fmt: skip
    assert sorted(inside) == ["0/8", "7/8"]
    none = matrix().assign(marked=False)
    assert "Placement by the article" not in contents(plotting.case_matrix(none))


def test_rows_and_columns_keep_their_order():
    backwards = matrix().iloc[::-1]
    plan = _CaseMatrix(backwards, "zh")
    assert list(plan.rows.values()) == ["苏州市姑苏区", "克拉玛依市克拉玛依区"]
    assert list(plan.columns) == ["DELIB", "TEC", "RES", "INS", "SUB"]
    assert cell_texts(plan)[1, 4] == "0/8"
    assert plan.stripes[-1] == COLOURS["SUB"]


def test_headers_turn_only_when_a_word_is_too_wide():
    few = matrix()[matrix()["code"].isin(["SUB", "INS"])]
    assert not _CaseMatrix(few, "en").upright(WIDTH)
    many = pd.concat(
        [matrix().assign(code=matrix()["code"] + suffix, marked=False) for suffix in ("", "2")]
    )
    assert _CaseMatrix(many, "en").upright(WIDTH) and not _CaseMatrix(many, "zh").upright(WIDTH)
    rotated = [text for text in plotting.case_matrix(many).texts if text.get_rotation() == 90]
    assert len(rotated) == 10


def test_too_many_codes_are_refused_rather_than_crammed():
    many = pd.concat([matrix().assign(code=matrix()["code"] + str(i)) for i in range(3)])
    refused(plotting.case_matrix, "does not fit a cell", many)


@pytest.mark.parametrize(
    "column, value, message",
    [
        ("share", 0.5, "row 'Z03', code 'SUB': share is 0.5, but count 0.0 of total 8; "
                       "expected share = count / total"),
        ("count", 9, "row 'Z03', code 'SUB': share is 0.0, but count 9.0 of total 8"),
        ("count", None, "share is 0.0, count is nan, total is 8; expected all three or no share"),
        ("row_en", "Beilin", "row 'Z03', column 'row_en': 'Beilin' and 'Karamay Karamay'"),
        ("marked", "yes", "column 'marked': 'yes' is unknown; expected one of True, False"),
        ("share", 1.2, "column 'share': 1.2; expected a number from 0 to 1"),
        ("code", "TEC", "row 'Z03', code 'TEC' occurs before"),
    ],
)  # fmt: skip
def test_a_matrix_that_contradicts_itself_is_refused(column, value, message):
    data = matrix().astype({"marked": object})
    data.loc[0, column] = value
    refused(plotting.case_matrix, message, data)


def test_a_cell_without_a_row_is_refused():
    refused(plotting.case_matrix, "row 'Z05': no row for code 'RES'", matrix().drop(index=7))


# Intervals


@settings(max_examples=60)
@given(st.sets(st.integers(0, 40), min_size=1))
def test_runs_and_holes_are_exactly_the_values(values):
    data = pd.DataFrame({"quantity_en": ["q"], "low": [min(values)], "high": [max(values)],
                         "attainable": [sorted(values)]})  # fmt: skip
    (row,) = _Intervals(data, 40, "en").rows

    def unfold(spans):
        return [value for first, last in spans for value in range(first, last + 1)]

    assert unfold(row.runs) == sorted(values)
    assert set(unfold(row.holes)) == set(range(min(values), max(values))) - values
    assert all(later[0] > earlier[1] + 1 for earlier, later in itertools.pairwise(row.runs))


def test_values_are_dots_and_holes_are_rings_between_them():
    ax = plotting.intervals(BOUNDS, total=40)
    scale = _Intervals(BOUNDS, 40, "en").scale(WIDTH)
    in_key = 1
    assert len(marks(ax, "o", INK)) - 3 * in_key == sum(map(len, BOUNDS["attainable"]))
    rings = sorted(x for x, _ in marks(ax, "o", PAPER)[3 * in_key :])
    assert rings == pytest.approx(
        [scale.at(v) for v in sorted([38, *range(3, 9), *range(10, 20), *range(22, 30)])], abs=0.2
    )
    step = scale.at(1) - scale.at(0)
    for line in ax.lines:
        if line.get_marker() == "o" and line.get_linestyle() == "-" and len(line.get_xdata()) > 3:
            assert np.diff(line.get_xdata()) == pytest.approx(step, abs=0.01)  # none over a hole


def test_the_texts_say_bounds_holes_and_reference():
    values = [row.value for row in _Intervals(BOUNDS, 40, "en").rows]
    assert values == ["37", "0 to 39, not 38", "0 to 11", "1 to 30, 6 values"]
    shown = contents(plotting.intervals(BOUNDS, total=40))
    assert "Reference point, not an estimate" in shown and "Number, out of 40" in shown
    bare = BOUNDS.drop(columns=["reference", "known"]).iloc[[2]]
    shown = contents(plotting.intervals(bare, total=40))
    assert not {"Reference point, not an estimate", "Known", "Not attainable"} & set(shown)


def test_real_bounds_with_their_hole():
    article = bounds.Margins(40, {"SOC": 37, "LAW": 18, "INT": 11, "PRO": 13}, cover=True)
    found = bounds.bound(article, bounds.Quantity("exactly", tuple(article.counts), 2))
    data = pd.DataFrame({"quantity_en": [found.quantity.name], "low": [found.low],
                         "high": [found.high], "attainable": [found.attainable]})  # fmt: skip
    assert _Intervals(data, 40, "en").rows[0].holes == [(38, 38)]


def test_a_large_total_is_drawn_in_segments():
    data = pd.DataFrame({"quantity_en": ["q"], "low": [3], "high": [90],
                         "attainable": [[3, 4, 5, *range(60, 91)]]})  # fmt: skip
    plan = _Intervals(data, 400, "en")
    assert plan.dot(WIDTH) == 0 and "Not attainable" not in [t for t, _ in plan.key(WIDTH)]
    ax = plotting.intervals(data, total=400)
    scale = plan.scale(WIDTH)
    thick = [line.get_xdata() for line in ax.lines if line.get_linewidth() == 5][1:]
    assert np.concatenate(thick) == pytest.approx(
        [scale.at(v) for v in (2.5, 5.5, 59.5, 90.5)], abs=0.2
    )


@pytest.mark.parametrize(
    "column, value, message",
    [
        ("low", 1, "quantity_en 'rule of law and intelligence': low is 1, but attainable goes "
                   "from 0 to 11"),
        ("high", 12, "high is 12, but attainable goes from 0 to 11"),
        ("attainable", [0.5, 11], "attainable is [0.5, 11]; expected a list of whole numbers"),
        ("attainable", [], "attainable is []"),
        ("reference", 41.0, "column 'reference': 41.0; expected a number from 0 to 40"),
        ("known", 2.5, "column 'known': 2.5 is no count"),
        ("high", 41, "column 'high': 41; expected a number from 0 to 40"),
    ],
)  # fmt: skip
def test_bounds_that_contradict_themselves_are_refused(column, value, message):
    data = BOUNDS.astype({"attainable": object}).copy()
    data.at[2, column] = value
    refused(plotting.intervals, message, data, total=40)


def test_a_total_that_is_none_is_refused():
    refused(plotting.intervals, "total is 0: expected a whole number from 1", BOUNDS, total=0)


# Co-occurrence


def test_only_the_lower_triangle_is_drawn_in_the_order_of_the_codebook():
    plan = _CoOccurrence(PAIRS, CODES, "en")
    assert list(plan.names) == ["SUB", "INS", "RES", "DELIB"]
    cells = {(cell.row, cell.column): (cell.count, cell.jaccard) for cell in plan.cells}
    assert set(cells) == {(i, j) for i in range(4) for j in range(i + 1)}
    assert cells[0, 0] == ("44", "") and cells[1, 1] == ("56", "")
    assert cells[1, 0] == ("20", "0.25") and cells[2, 1] == ("25", "0.50")
    fills = {(cell.row, cell.column): cell.style["facecolor"] for cell in plan.cells}
    assert (fills[1, 0], fills[2, 1], fills[2, 0]) == (SHADES[1], SHADES[2], SHADES[0])


def test_codes_without_a_codebook_name_themselves():
    plan = _CoOccurrence(PAIRS, None, "zh")
    assert list(plan.names.values()) == ["SUB", "INS", "RES", "DELIB"]


def test_codes_that_never_occur_have_no_coefficient():
    data = PAIRS.astype(object)
    data.loc[5, ["either", "jaccard"]] = [0, None]
    (cell,) = [c for c in _CoOccurrence(data, None, "en").cells if c.jaccard == "–"]
    assert (cell.row, cell.column) == (2, 0) and cell.style["linestyle"] == DASHED
    assert "No unit with either" in contents(plotting.co_occurrence(data))


@pytest.mark.parametrize(
    "row, column, value, message",
    [
        (3, "both", 21, "SUB and INS: jaccard is 0.25, but both is 21 and either is 80"),
        (3, "both", 81, "both is 81, either is 80; expected at most either"),
        (1, "either", 60, "INS and INS: both is 56, either is 60; expected the same number"),
        (5, "jaccard", None, "RES and SUB: jaccard is nan, but both is 0 and either is 63"),
        (0, "code_a", "ENV", "has the code 'ENV', but codes['code'] holds only"),
    ],
)
def test_pairs_that_contradict_themselves_are_refused(row, column, value, message):
    data = PAIRS.copy()
    data.loc[row, column] = value
    refused(plotting.co_occurrence, message, data, codes=CODES)


def test_a_pair_without_a_row_is_refused():
    message = "no row for code_a 'DELIB' and code_b 'RES'"
    refused(plotting.co_occurrence, message, PAIRS.drop(index=10), codes=CODES)


def test_a_pair_that_differs_in_its_two_orders_is_refused():
    data = PAIRS.copy()
    data.loc[4, ["both", "either", "jaccard"]] = [10, 40, 0.25]
    refused(plotting.co_occurrence, "both is 10, but 20 for SUB and INS", data)


# UpSet


def test_patterns_are_sorted_by_count_then_size():
    plan = _Upset(PATTERNS, CODES, "en")
    assert [(p.count, p.codes) for p in plan.patterns] == [
        (20, (1,)), (12, (2,)), (12, (0, 1)), (3, ()), (3, (0, 1, 2)), (0, (0,)),
    ]  # fmt: skip
    shuffled = PATTERNS.sample(frac=1, random_state=1)
    assert _Upset(shuffled, CODES, "en").patterns == plan.patterns
    assert plan.totals == [15, 35, 15] and plan.note.count("50") == 1
    assert plan.heights() == pytest.approx([84 * n / 20 for n in (20, 12, 12, 3, 3, 0)])


def test_dots_stand_for_codes_and_bars_for_counts():
    ax = plotting.upset(PATTERNS, codes=CODES)
    plan, dots = _Upset(PATTERNS, CODES, "en"), marks(ax, "o", INK)
    columns = sorted({round(x, 3) for x, _ in dots})
    ys = sorted({y for _, y in dots})
    left, pitch = plan.left(WIDTH), plan.pitch(WIDTH)
    assert columns == pytest.approx([left + (i + 0.5) * pitch for i in (0, 1, 2, 4, 5)], abs=0.2)
    found = [tuple(ys.index(y) for x, y in dots if abs(x - c) < 0.1) for c in columns]
    assert found == [(1,), (2,), (0, 1), (0, 1, 2), (0,)]
    bars = [patch for patch in ax.patches if patch.get_hatch()]
    assert len(bars) == 3 + 5  # a count of 0 has no bar
    assert {patch.get_facecolor() for patch in bars} == {mcolors.to_rgba(PAPER)}
    assert sorted(b.get_height() for b in bars)[-1] == pytest.approx(84)


@pytest.mark.parametrize(
    "change, message",
    [
        (lambda d: d.assign(n=3), "row 1, column 'n': 3; expected True or False"),
        (lambda d: d.assign(SUB=True, INS=True), "RES False occurs before; expected once"),
        (lambda d: d.assign(count=-1), "column 'count': -1 is no count"),
        (lambda d: d[["count"]], "data has no column but 'count'"),
    ],
)
def test_patterns_that_are_none_are_refused(change, message):
    refused(plotting.upset, message, change(PATTERNS.iloc[[1, 0, 5]]))


def test_more_patterns_than_have_room_are_refused():
    flags = pd.DataFrame(itertools.product([True, False], repeat=5), columns=list("ABCDE"))
    refused(plotting.upset, "32 patterns leave", flags.assign(count=100))


# Agreement


def test_lanes_have_a_fixed_order_and_words_for_what_is_undefined():
    plan = _AgreementForest(COEFFICIENTS, "en")
    first, second = plan.codes.values()
    assert [lane.coefficient for lane in first] == ["agreement", "alpha", "ac1"]
    assert first[1].text == "0.05 (−0.31 to 0.40)" and second[0].text == "1.00"
    assert second[1].value is None and second[1].text.startswith("Undefined: no variation")
    assert len(plan.reason_lines(second[1], WIDTH)) > 1
    chinese = [lane.text for lane in _AgreementForest(COEFFICIENTS, "zh").codes["制度"]]
    assert chinese[1] == "无定义：没有差异：可比较的编码均为1"


def test_marks_and_intervals_stand_at_their_values():
    ax = plotting.agreement_forest(COEFFICIENTS)
    scale = _AgreementForest(COEFFICIENTS, "en").scale(WIDTH)
    assert (scale.low, scale.high) == (-0.31, 1)
    squares = [x for x, _ in marks(ax, "s", INK)]
    assert any(x == pytest.approx(scale.at(0.05), abs=0.2) for x in squares)
    ends = [line.get_xdata() for line in ax.lines if line.get_solid_capstyle() == "butt"]
    assert any(x == pytest.approx([scale.at(-0.31), scale.at(0.4)], abs=0.2) for x in ends)
    assert len(ends) == 3  # none for what has no interval


def test_the_scale_begins_at_0_and_the_key_has_what_is_used():
    plan = _AgreementForest(COEFFICIENTS[COEFFICIENTS["coefficient"] == "agreement"], "en")
    assert plan.low == 0 and [text for text, _ in plan.key] == ["Percent agreement"]
    assert "95%" in plan.note
    bare = COEFFICIENTS.assign(low=None, high=None)
    assert "95%" not in _AgreementForest(bare, "en").note


@pytest.mark.parametrize(
    "column, value, message",
    [
        ("value", None, "coefficient 'alpha': value is nan, reason_en is None; expected a value, "
                        "or the reason"),
        ("reason_en", "none", "value is 0.05, reason_en is 'none'"),
        ("low", None, "low is nan, high is 0.4; expected both or neither"),
        ("low", 0.5, "low is 0.5, high is 0.4; expected low <= high"),
        ("value", 1.5, "column 'value': 1.5; expected a number"),
        ("coefficient", "kappa", "'kappa' is unknown; expected one of agreement, alpha, ac1"),
    ],
)  # fmt: skip
def test_coefficients_that_contradict_themselves_are_refused(column, value, message):
    data = COEFFICIENTS.astype({"reason_en": object})
    data["reason_en"] = data["reason_en"].where(data["reason_en"].notna(), None)
    data.loc[0, column] = value
    refused(plotting.agreement_forest, message, data)


# Specification curve


def test_universes_are_sorted_by_result_then_by_options():
    plan = _SpecificationCurve(UNIVERSES, FORKS, "LAW", 18, "en")
    assert plan.results.tolist() == [8, 8, 12, 12, 18, 21]
    taken = {(o.fork, o.option): np.flatnonzero(o.shares).tolist() for o in plan.options}
    assert taken == {
        ("rule", "majority"): [2, 4, 5], ("rule", "any"): [0, 1, 3],
        ("law", "law or stated rules"): [3, 5], ("law", "as coded"): [0, 4],
        ("law", "named"): [1, 2],
    }  # fmt: skip
    shuffled = UNIVERSES.sample(frac=1, random_state=3).astype({"law": "category"})
    again = _SpecificationCurve(shuffled, FORKS, "LAW", 18, "en")
    assert [o.shares.tolist() for o in again.options] == [o.shares.tolist() for o in plan.options]


def test_every_universe_has_a_dot_per_fork_and_the_published_value_a_line():
    ax = plotting.specification_curve(UNIVERSES, forks=FORKS, result="LAW", published=18)
    assert len(marks(ax, "o", INK)) == 2 * 6
    curve = marks(ax, "o", SHADES[-1])
    assert len(curve) == 6 and sorted(x for x, _ in curve) == [x for x, _ in curve]
    (line,) = [line for line in ax.lines if line.get_linewidth() == 2]
    assert line.get_ydata() == pytest.approx(curve[4][1])  # at the height of the universe with 18
    heights = [y for _, y in curve]
    assert heights[0] == heights[1] > heights[2] > heights[4] > heights[5]  # y runs downwards
    assert "The article's value occurs in 1." in " ".join(contents(ax))
    plain = plotting.specification_curve(UNIVERSES, forks=FORKS, result="LAW")
    assert not any("ublished" in text for text in contents(plain))


def many_universes():
    rules, laws = [f"r{i}" for i in range(40)], [f"l{i}" for i in range(25)]
    rows = [(fork, fork, option, option) for fork, options in (("rule", rules), ("law", laws))
            for option in options]  # fmt: skip
    forks = pd.DataFrame(rows, columns=["fork", "fork_en", "option", "option_en"])
    data = pd.DataFrame(itertools.product(rules, laws), columns=["rule", "law"])
    return data, forks


def test_many_universes_share_places_without_splitting_equal_results():
    data, forks = many_universes()
    for results in (np.arange(1000) % 7, np.arange(1000) / 8, np.arange(1000) ** 2 % 301):
        plan = _SpecificationCurve(data.assign(y=results), forks, "y", None, "en")
        assert not plan.has_dots and len(plan.edges) - 1 <= 120
        assert plan.edges[0] == 0 and plan.edges[-1] == 1000
        for value in np.unique(results):
            assert len(set(plan.places[plan.results == value])) == 1
        for fork in ("rule", "law"):
            shares = sum(option.shares for option in plan.options if option.fork == fork)
            assert shares == pytest.approx(1)
    # 7 results, each a place; the first is that of every seventh universe
    plan = _SpecificationCurve(data.assign(y=np.arange(1000) % 7), forks, "y", None, "en")
    assert np.diff(plan.edges).tolist() == [143] * 6 + [142]
    first = data[np.arange(1000) % 7 == 0]
    found = {option.option: option.shares[0] for option in plan.options}
    assert found["r3"] == pytest.approx((first["rule"] == "r3").mean())


def test_ticks_make_room_for_the_published_value():
    plan = _SpecificationCurve(UNIVERSES, FORKS, "LAW", 15.2, "en")
    assert 15 not in plan.ticks() and {10, 20} <= set(plan.ticks())
    without = _SpecificationCurve(UNIVERSES, FORKS, "LAW", None, "en")
    assert 15 in without.ticks()


def test_a_result_that_never_varies_is_drawn():
    ax = plotting.specification_curve(UNIVERSES.assign(LAW=5), forks=FORKS, result="LAW")
    assert len({round(y, 6) for _, y in marks(ax, "o", SHADES[-1])}) == 1


@pytest.mark.parametrize(
    "change, options, message",
    [
        ({"law": "x y z x y z".split()}, {}, "column 'law': 'x' is unknown; expected one of law"),
        ({"law": "named"}, {}, "rule 'any', law 'named' occurs before"),
        ({"LAW": "many"}, {}, "column 'LAW': 'many'; expected a number"),
        ({}, {"result": "INT"}, "data has no column 'INT'"),
        ({}, {"published": "18"}, "published is '18': expected a number or None"),
        ({}, {"forks": FORKS.drop(columns="option_en")}, "forks has no column 'option_en'"),
        ({}, {"forks": FORKS.assign(option="x")}, "forks, row 1: fork 'rule', option 'x' occurs"),
    ],
)
def test_universes_outside_the_forks_are_refused(change, options, message):
    options = {"forks": FORKS, "result": "LAW"} | options
    refused(plotting.specification_curve, message, UNIVERSES.assign(**change), **options)


# Argument


def curves(ax):
    return [patch for patch in ax.patches if isinstance(patch, PathPatch)]


def test_links_have_the_style_of_their_strength_and_the_colour_of_their_dimension():
    ax = plotting.argument_links(LINKS, nodes=NODES)
    styles = {patch.get_linestyle() for patch in curves(ax)}
    assert len(curves(ax)) == len(LINKS) and len(styles) == 3
    by_strength = {}
    for strength, patch in zip(LINKS["strength"], curves(ax)):
        by_strength.setdefault(strength, set()).add(patch.get_linestyle())
    assert all(len(found) == 1 for found in by_strength.values())
    colours = [mcolors.to_hex(patch.get_edgecolor()) for patch in curves(ax)]
    assert colours[0] == colours[7] == COLOURS["SUB"] and colours[10] == COLOURS["INS"]
    assert colours[4] not in COLOURS.values() or colours[4] == COLOURS["policy"]
    explicit = LINKS.assign(strength="explicit")
    assert "Weak" not in contents(plotting.argument_links(explicit, nodes=NODES))


def along(vertices):
    """Points on a path of cubic Bézier curves, 40 on each."""
    t = np.linspace(0, 1, 40)[:, None]
    return np.vstack([
        (1 - t) ** 3 * p + 3 * (1 - t) ** 2 * t * q + 3 * (1 - t) * t**2 * r + t**3 * s
        for p, q, r, s in (vertices[i : i + 4] for i in range(0, len(vertices) - 1, 3))
    ])  # fmt: skip


def test_links_run_from_edge_to_edge_and_around_the_boxes():
    plan = _ArgumentLinks(LINKS, NODES, "en")
    boxes = plan.boxes(WIDTH)
    for link, path in zip(plan.links, plan.paths(WIDTH)):
        (x, y), (to_x, to_y) = path.vertices[0], path.vertices[-1]
        left, top, wide, high = boxes[link.source]
        assert x == pytest.approx(left + wide) and top < y < top + high
        left, top, wide, high = boxes[link.target]
        assert to_x == pytest.approx(left) and top < to_y < top + high
        points = along(path.vertices)
        for name, (left, top, wide, high) in boxes.items():
            if name not in (link.source, link.target):
                inside = (points > (left, top)) & (points < (left + wide, top + high))
                assert not inside.all(axis=1).any(), (link, name)


def test_links_below_a_row_do_not_touch_one_another():
    plan = _ArgumentLinks(LINKS, NODES, "en")
    assert [link.target for link in plan.passing(0)] == ["D1", "D2", "D3"]
    assert [link.target for link in plan.passing(1)] == ["D1"] and not plan.passing(2)
    by_pair = {(link.source, link.target): path.vertices for link, path in
               zip(plan.links, plan.paths(WIDTH))}  # fmt: skip
    channels = [by_pair["SUB", target][3][1] for target in ("D1", "D2", "D3")]
    assert min(np.diff(channels)) >= 3
    leaving = [by_pair["SUB", target][0][1] for target in ("F1", "D1", "D2", "D3")]
    assert leaving == sorted(leaving)
    tops = plan.tops(WIDTH)
    assert max(channels) < tops[1] and tops == sorted(tops)


def test_nodes_stand_in_their_column_in_the_order_given():
    plan = _ArgumentLinks(LINKS, NODES, "zh")
    places = {node.name: (node.kind, node.row) for node in plan.nodes.values()}
    assert places["INS"] == (0, 1) and places["L0"] == (2, 2) and places["D1"] == (3, 0)
    assert plan.heads == ["维度", "发现", "局限", "方向"]


@pytest.mark.parametrize(
    "row, message",
    [
        (("SUB", "F9", "weak"), "data['target'] holds 'F9', but nodes['node'] only SUB, INS"),
        (("L1", "F1", "weak"), "source 'L1' is a limit, target 'F1' a finding"),
        (("F1", "F2", "weak"), "source 'F1' is a finding, target 'F2' a finding"),
        (("SUB", "L0", "maybe"), "'maybe' is unknown; expected one of explicit, implied, weak"),
        (("SUB", "F1", "weak"), "source 'SUB', target 'F1' occurs before"),
    ],
)
def test_links_that_lead_nowhere_are_refused(row, message):
    data = pd.concat([LINKS, pd.DataFrame([row], columns=LINKS.columns)], ignore_index=True)
    refused(plotting.argument_links, message, data, nodes=NODES)


def test_nodes_of_another_kind_are_refused():
    nodes = NODES.replace({"kind": {"limit": "problem"}})
    refused(plotting.argument_links, "nodes, row 4, column 'kind': 'problem'", LINKS, nodes=nodes)
