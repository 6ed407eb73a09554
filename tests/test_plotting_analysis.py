"""The analysis's figures: what they decide, refuse and put on paper."""

import itertools
import re

import matplotlib.colors as mcolors
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from drawn import (
    anchor,
    around,
    as_number,
    box,
    centre,
    contents,
    fill,
    from_the_top,
    ground,
    handle,
    in_rows,
    is_dashed,
    level_lines,
    marks,
    patches,
    scale,
    stairs,
    texts,
    vertices,
    written,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.patches import PathPatch
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

from embedgov import bounds, plotting
from embedgov.errors import PlottingError
from embedgov.plotting.codes import code_names
from embedgov.plotting.key import draw_key, key_height
from embedgov.plotting.palette import INK, PAPER, RULE, SHADES, contrast, shade
from embedgov.plotting.rows import require_numbers, require_one_value
from embedgov.plotting.scale import Scale, number
from embedgov.plotting.text import sentence, text_width
from embedgov.plotting.theme import axes_in_points
from embedgov_study import figures
from embedgov_study.palette import COLOURS, DIMENSIONS

pytestmark = pytest.mark.usefixtures("theme")


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


def cells(ax):
    """The texts of the cells in rows from the top, each from left to right."""
    found = [text for text in texts(ax) if re.fullmatch(r"\d+/\d+|–", text.get_text())]
    placed = {centre(text): text for text in found}
    return [[placed[place] for place in row] for row in in_rows(placed, apart=5)]


def test_cells_are_shaded_by_share_and_say_the_counts():
    rows = cells(plotting.case_matrix(matrix()))
    assert [[text.get_text() for text in row] for row in rows] == [
        ["0/8", "2/8", "3/8", "4/8", "8/8"],
        ["6/8", "7/8", "5/8", "–", "1/8"],
    ]
    fills = [[SHADES.index(fill(ground(text))) for text in row] for row in rows]
    assert fills == [[0, 1, 2, 2, 4], [3, 4, 3, 0, 1]]
    for text in itertools.chain(*rows):
        assert contrast(mcolors.to_hex(text.get_color()), fill(ground(text))) >= 4.5


MATRIX_KEY = ["0", "≤ 25%", "≤ 50%", "≤ 75%", "≤ 100%", "Placement by the article", "No value"]


def test_a_missing_share_is_dashed_and_never_0():
    ax = plotting.case_matrix(matrix())
    dashed = [text for row in cells(ax) for text in row if is_dashed(ground(text))]
    assert [text.get_text() for text in dashed] == ["–"]
    assert [text for text in contents(ax) if text in MATRIX_KEY] == MATRIX_KEY
    assert [name for name in MATRIX_KEY if is_dashed(handle(ax, name))] == ["No value"]
    assert [fill(handle(ax, name)) for name in MATRIX_KEY[:5]] == list(SHADES)
    whole = plotting.case_matrix(matrix().query("row == 'Z03'"))
    assert [text for text in contents(whole) if text in MATRIX_KEY] == MATRIX_KEY[:-1]


def test_the_articles_placement_is_outlined_around_its_cell():
    ax = plotting.case_matrix(matrix(), language="zh")
    outlined = {}
    for text in itertools.chain(*cells(ax)):
        for patch in around(text):
            if not fill(patch):
                outlined[text.get_text()] = patch
                (x0, y0), (x1, y1) = box(ground(text)).get_points()
                assert box(patch).contains(x0, y0) and box(patch).contains(x1, y1)
    assert sorted(outlined) == ["0/8", "7/8"]
    none = matrix().assign(marked=False)
    assert "Placement by the article" not in contents(plotting.case_matrix(none))


def test_rows_and_columns_keep_their_order():
    ax = plotting.case_matrix(matrix().iloc[::-1], language="zh")
    rows = cells(ax)
    for row, name in zip(rows, ["苏州市姑苏区", "克拉玛依市克拉玛依区"], strict=True):
        cell, (x, y) = box(ground(row[0])), centre(written(ax, name))
        assert cell.y0 < y < cell.y1 and x < cell.x0
    headers = {"协商": "DELIB", "技术": "TEC", "资源": "RES", "制度": "INS", "主体": "SUB"}
    for cell, (name, code) in zip(rows[0], headers.items(), strict=True):
        cell, (x, y) = box(ground(cell)), centre(written(ax, name))
        assert cell.x0 < x < cell.x1 and y > cell.y1
        (stripe,) = [
            patch
            for patch in patches(ax)
            if box(patch).x0 < x < box(patch).x1 and cell.y1 < box(patch).y0 < y
        ]
        assert fill(stripe) == COLOURS.get(code, RULE)
    assert rows[1][4].get_text() == "0/8"


def test_headers_turn_only_when_a_word_is_too_wide():
    def turned(data, language="en"):
        shown = texts(plotting.case_matrix(data, language=language))
        return len([text for text in shown if text.get_rotation() == 90])

    many = pd.concat([matrix().assign(code=matrix()["code"] + suffix, marked=False) for suffix in ("", "2")])
    assert turned(matrix()[matrix()["code"].isin(["SUB", "INS"])]) == 0
    assert turned(many) == 10 and turned(many, "zh") == 0


def test_too_many_codes_are_refused_rather_than_crammed():
    many = pd.concat([matrix().assign(code=matrix()["code"] + str(i)) for i in range(3)])
    refused(plotting.case_matrix, "does not fit a cell", many)


@pytest.mark.parametrize(
    "column, value, message",
    [
        (
            "share",
            0.5,
            "row 'Z03', code 'SUB': share is 0.5, but count 0.0 of total 8; expected share = count / total",
        ),
        ("count", 9, "row 'Z03', code 'SUB': share is 0.0, but count 9.0 of total 8"),
        ("count", None, "share is 0.0, count is nan, total is 8; expected all three or no share"),
        ("row_en", "Beilin", "row 'Z03', column 'row_en': 'Beilin' and 'Karamay Karamay'"),
        ("marked", "yes", "column 'marked': 'yes' is unknown; expected one of True, False"),
        ("share", 1.2, "column 'share': 1.2; expected a number from 0 to 1"),
        ("code", "TEC", "row 'Z03', code 'TEC' occurs before"),
    ],
)
def test_a_matrix_that_contradicts_itself_is_refused(column, value, message):
    data = matrix().astype({"marked": object})
    data.loc[0, column] = value
    refused(plotting.case_matrix, message, data)


def test_a_cell_without_a_row_is_refused():
    refused(plotting.case_matrix, "row 'Z05': no row for code 'RES'", matrix().drop(index=7))


# Intervals


BOUNDS_KEY = ("Attainable", "Not attainable", "Known", "Reference point, not an estimate")


def key_of(ax, names):
    """What the key says of what it could say."""
    return [name for name in names if name in contents(ax)]


def values(ax, marker="o", colour=None):
    """The values of marks, row by row from the top."""
    value, rows = scale(ax), in_rows(marks(ax, marker, colour, key_of(ax, BOUNDS_KEY)))
    return [[value(x) for x, _ in row] for row in rows]


def joined(ax):
    """The values that a line joins to the next, row by row from the top."""
    value, lines = scale(ax), level_lines(ax, INK, key_of(ax, BOUNDS_KEY))
    return [
        [n for start, _, end in row for n in range(round(value(start)), round(value(end)))]
        for row in in_rows(lines)
    ]


@settings(max_examples=8)
@given(st.lists(st.sets(st.integers(0, 40), min_size=1), min_size=8, max_size=8))
def test_dots_and_rings_are_exactly_the_values_and_the_holes(rows):
    data = pd.DataFrame(
        {
            "quantity_en": [f"q{i}" for i in range(8)],
            "low": [*map(min, rows)],
            "high": [*map(max, rows)],
            "attainable": [*map(sorted, rows)],
        }
    )
    ax = plotting.intervals(data, total=40)
    holes = [sorted(set(range(min(row), max(row))) - row) for row in rows]
    pairs = [[n for n in sorted(row) if n + 1 in row] for row in rows]
    assert values(ax, colour=INK) == [pytest.approx(sorted(row), abs=0.02) for row in rows]
    assert values(ax, colour=PAPER) == [pytest.approx(row, abs=0.02) for row in holes if row]
    assert joined(ax) == [row for row in pairs if row]
    plt.close(ax.figure)


def test_values_are_dots_and_holes_are_rings_between_them():
    ax = plotting.intervals(BOUNDS, total=40)
    assert values(ax, colour=INK) == [
        pytest.approx(attainable, abs=0.02) for attainable in BOUNDS["attainable"]
    ]
    assert values(ax, colour=PAPER) == [
        pytest.approx([38], abs=0.02),
        pytest.approx([*range(3, 9), *range(10, 20), *range(22, 30)], abs=0.02),
    ]
    assert joined(ax) == [[*range(37)], [*range(11)], [1, 20]]  # and none over a hole
    assert values(ax, "v") == [pytest.approx([17.6], abs=0.02), pytest.approx([4.95], abs=0.02)]
    assert values(ax, "|") == [pytest.approx([37], abs=0.02)]


def test_the_texts_say_bounds_holes_and_reference():
    ax = plotting.intervals(BOUNDS, total=40)
    said = ["37", "0 to 39, not 38", "0 to 11", "1 to 30, 6 values"]
    assert [text for text in from_the_top(ax) if text in said] == said
    assert "Reference point, not an estimate" in contents(ax)
    assert "Number, out of 40" in contents(ax)
    bare = BOUNDS.drop(columns=["reference", "known"]).iloc[[2]]
    shown = contents(plotting.intervals(bare, total=40))
    assert not {"Reference point, not an estimate", "Known", "Not attainable"} & set(shown)


def test_real_bounds_with_their_hole():
    article = bounds.Margins(40, {"SOC": 37, "LAW": 18, "INT": 11, "PRO": 13}, cover=True)
    found = bounds.bound(article, bounds.Quantity("exactly", tuple(article.counts), 2))
    data = pd.DataFrame(
        {
            "quantity_en": [found.quantity.name],
            "low": [found.low],
            "high": [found.high],
            "attainable": [found.attainable],
        }
    )
    assert values(plotting.intervals(data, total=40), colour=PAPER) == [[pytest.approx(38)]]


def test_a_large_total_is_drawn_in_segments():
    data = pd.DataFrame(
        {"quantity_en": ["q"], "low": [3], "high": [90], "attainable": [[3, 4, 5, *range(60, 91)]]}
    )
    ax = plotting.intervals(data, total=400)
    assert marks(ax, "o") == [] and key_of(ax, BOUNDS_KEY) == ["Attainable"]
    value, lines = scale(ax), level_lines(ax, INK, key=["Attainable"])
    ends = [(value(start), value(end)) for start, _, end in lines]
    assert ends == [pytest.approx((2.5, 5.5), abs=0.2), pytest.approx((59.5, 90.5), abs=0.2)]


@pytest.mark.parametrize(
    "column, value, message",
    [
        ("low", 1, "quantity_en 'rule of law and intelligence': low is 1, but attainable goes from 0 to 11"),
        ("high", 12, "high is 12, but attainable goes from 0 to 11"),
        ("attainable", [0.5, 11], "attainable is [0.5, 11]; expected a list of whole numbers"),
        ("attainable", [], "attainable is []"),
        ("reference", 41.0, "column 'reference': 41.0; expected a number from 0 to 40"),
        ("known", 2.5, "column 'known': 2.5 is no count"),
        ("high", 41, "column 'high': 41; expected a number from 0 to 40"),
    ],
)
def test_bounds_that_contradict_themselves_are_refused(column, value, message):
    data = BOUNDS.astype({"attainable": object}).copy()
    data.at[2, column] = value
    refused(plotting.intervals, message, data, total=40)


def test_a_total_that_is_none_is_refused():
    refused(plotting.intervals, "total is 0: expected a whole number from 1", BOUNDS, total=0)


# Co-occurrence


def triangle(ax):
    """The cells in rows from the top: each as its ground and the texts on it, from the top."""
    found = {}
    for text in sorted(texts(ax), key=lambda text: -anchor(text)[1]):
        if ground(text):
            found.setdefault(ground(text), []).append(text.get_text())
    placed = {centre(cell): (cell, *said) for cell, said in found.items()}
    return [[placed[place] for place in row] for row in in_rows(placed)]


def test_only_the_lower_triangle_is_drawn_in_the_order_of_the_codebook():
    ax = plotting.co_occurrence(PAIRS, codes=CODES)
    rows = triangle(ax)
    assert [[said for _, *said in row] for row in rows] == [
        [["44"]],
        [["20", "0.25"], ["56"]],
        [["0", "0.00"], ["25", "0.50"], ["19"]],
        [["0", "0.00"], ["0", "0.00"], ["0", "0.00"], ["0"]],
    ]
    names = ["Subject (actor)", "Institution", "Resource", "Deliberation"]
    for row, name in zip(rows, names, strict=True):
        diagonal, (x, y) = box(row[-1][0]), centre(written(ax, name))
        assert diagonal.y0 < y < diagonal.y1 and x > diagonal.x1
    lefts = [[box(cell).x0 for cell, *_ in row] for row in rows]
    assert all(lower[:-1] == pytest.approx(row) for row, lower in itertools.pairwise(lefts))
    fills = [fill(rows[i][j][0]) for i, j in ((1, 0), (2, 1), (2, 0))]
    assert fills == [SHADES[1], SHADES[2], SHADES[0]]


def test_codes_without_a_codebook_name_themselves():
    names = ["SUB", "INS", "RES", "DELIB"]
    shown = from_the_top(plotting.co_occurrence(PAIRS, language="zh"))
    assert [text for text in shown if re.search("[A-Z]", text)] == names


def test_codes_that_never_occur_have_no_coefficient():
    data = PAIRS.astype(object)
    data.loc[5, ["either", "jaccard"]] = [0, None]
    ax = plotting.co_occurrence(data)
    dashed = {
        (i, j): said
        for i, row in enumerate(triangle(ax))
        for j, (cell, *said) in enumerate(row)
        if is_dashed(cell) or "–" in said
    }
    assert dashed == {(2, 0): ["0", "–"]}
    assert is_dashed(triangle(ax)[2][0][0]) and is_dashed(handle(ax, "No unit with either"))


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


def patterns(ax):
    """Each column as its count and the rows with a dot, from left to right; totals of the rows."""
    places = in_rows(marks(ax, "o", RULE))  # pale, where a dot may be
    columns, rows = [x for x, _ in places[0]], [row[0][1] for row in places]
    dots = [set() for _ in columns]
    for x, y in marks(ax, "o", INK):
        dots[nearest(x, columns)].add(nearest(y, rows))
    counts, totals = [None] * len(columns), [None] * len(rows)
    for text in texts(ax):
        if text.get_text().isdigit():
            x, y = anchor(text)
            if y > rows[0] + 5:
                counts[nearest(x, columns)] = int(text.get_text())
            else:
                totals[nearest(y, rows)] = int(text.get_text())
    return [(n, *sorted(rows)) for n, rows in zip(counts, dots)], totals


def nearest(place, places):
    return int(np.argmin(np.abs(np.subtract(places, place))))


def test_patterns_are_sorted_by_count_then_size():
    ax = plotting.upset(PATTERNS, codes=CODES)
    found, totals = patterns(ax)
    assert found == [(20, 1), (12, 2), (12, 0, 1), (3,), (3, 0, 1, 2), (0, 0)]
    assert totals == [15, 35, 15] and " ".join(contents(ax)).count("50") == 1
    names = ["Subject (actor)", "Institution", "Resource"]
    assert [text for text in from_the_top(ax) if text in names] == names
    shuffled = PATTERNS.sample(frac=1, random_state=1)
    assert patterns(plotting.upset(shuffled, codes=CODES)) == (found, totals)


def test_bars_are_as_long_as_the_counts():
    ax = plotting.upset(PATTERNS, codes=CODES)
    first_row = in_rows(marks(ax, "o", RULE))[0]
    bars = [patch for patch in patches(ax) if patch.get_hatch()]
    assert {fill(bar) for bar in bars} == {PAPER}
    steps = np.diff([x for x, _ in first_row])
    assert steps == pytest.approx(np.full(5, steps[0]))
    standing = [box(bar) for bar in bars if centre(bar)[1] > first_row[0][1]]
    lying = [box(bar) for bar in bars if centre(bar)[0] < first_row[0][0] - 5]
    assert len(bars) == 5 + 3  # a count of 0 has no bar
    middles = [(bar.x0 + bar.x1) / 2 for bar in standing]
    assert middles == pytest.approx([x for x, _ in first_row[:5]], abs=0.2)
    assert {round(bar.y0, 3) for bar in standing} == {round(standing[0].y0, 3)}
    assert {round(bar.x0, 3) for bar in lying} == {round(lying[0].x0, 3)}
    heights, lengths = [bar.height for bar in standing], [bar.width for bar in lying]
    assert heights == pytest.approx([heights[0] * n / 20 for n in (20, 12, 12, 3, 3)])
    assert lengths == pytest.approx([lengths[1] * n / 35 for n in (15, 35, 15)])


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


FOREST_KEY = ("Percent agreement", "Krippendorff's alpha", "Gwet's AC1")


def lanes(ax):
    """Shape and place of each mark from the top."""
    key = key_of(ax, FOREST_KEY)
    found = [(shape, place) for shape in "osD" for place in marks(ax, shape, key=key)]
    return sorted(found, key=lambda lane: -lane[1][1])


def test_lanes_have_a_fixed_order_and_words_for_what_is_undefined():
    ax = plotting.agreement_forest(COEFFICIENTS)
    found = lanes(ax)
    assert [shape for shape, _ in found] == ["o", "s", "D", "o", "s"]
    said = ["0.95 (0.90 to 0.98)", "0.05 (−0.31 to 0.40)", "0.94 (0.90 to 1.00)", "1.00"]
    for (_, (x, y)), numbers in zip(found, said):
        assert abs(centre(written(ax, numbers))[1] - y) < 3 and x < box(written(ax, numbers)).x0
    undefined = "Undefined: no variation: every code that can be compared is 1, so that chance"
    assert undefined in " ".join(contents(ax)) and undefined not in contents(ax)  # in two lines
    (reason,) = [text for text in texts(ax) if text.get_text().startswith("Undefined")]
    last = found[-1][1]
    assert abs(centre(reason)[1] - last[1]) < 3 and last not in marks(ax, "s", INK)
    names = ["Claimed effect or", "Institution"]
    assert [text for text in from_the_top(ax) if text in names] == names
    chinese = contents(plotting.agreement_forest(COEFFICIENTS, language="zh"))
    assert "无定义：没有差异：可比较的编码均为1" in "".join(chinese)


def test_marks_and_intervals_stand_at_their_values():
    ax = plotting.agreement_forest(COEFFICIENTS)
    value, found = scale(ax), lanes(ax)
    assert [value(x) for _, (x, _) in found[:4]] == pytest.approx([0.95, 0.05, 0.942, 1], abs=0.002)
    lines = sorted(level_lines(ax, INK, FOREST_KEY), key=lambda line: -line[1])
    ends = [(value(start), value(end)) for start, _, end in lines]
    assert ends == [  # none for what has no interval
        pytest.approx(each, abs=0.002) for each in ((0.9, 0.98), (-0.31, 0.4), (0.9, 1))
    ]
    heights = [y for _, (_, y) in found[:3]]
    assert [y for _, y, _ in lines] == pytest.approx(heights)
    names = box(written(ax, "Claimed effect or"))
    assert names.x1 < min(start for start, *_ in lines)  # the scale reaches to the least value
    ticks = [as_number(text) for text in contents(ax) if as_number(text) is not None]
    assert -0.31 <= min(ticks) < 0 and max(ticks) == 1


def test_the_scale_begins_at_0_and_the_key_has_what_is_used():
    ax = plotting.agreement_forest(COEFFICIENTS[COEFFICIENTS["coefficient"] == "agreement"])
    ticks = [as_number(text) for text in contents(ax) if as_number(text) is not None]
    assert min(ticks) == 0 and key_of(ax, FOREST_KEY) == ["Percent agreement"]
    assert any("95%" in text for text in contents(ax))
    bare = plotting.agreement_forest(COEFFICIENTS.assign(low=None, high=None))
    assert not any("95%" in text for text in contents(bare))


@pytest.mark.parametrize(
    "column, value, message",
    [
        (
            "value",
            None,
            "coefficient 'alpha': value is nan, reason_en is None; expected a value, or the reason",
        ),
        ("reason_en", "none", "value is 0.05, reason_en is 'none'"),
        ("low", None, "low is nan, high is 0.4; expected both or neither"),
        ("low", 0.5, "low is 0.5, high is 0.4; expected low <= high"),
        ("value", 1.5, "column 'value': 1.5; expected a number"),
        ("coefficient", "kappa", "'kappa' is unknown; expected one of agreement, alpha, ac1"),
    ],
)
def test_coefficients_that_contradict_themselves_are_refused(column, value, message):
    data = COEFFICIENTS.astype({"reason_en": object})
    data["reason_en"] = data["reason_en"].where(data["reason_en"].notna(), None)
    data.loc[0, column] = value
    refused(plotting.agreement_forest, message, data)


# Specification curve


def curve(ax):
    """The places of the universes, from left to right."""
    return marks(ax, "o", SHADES[-1])


def taken(ax):
    """The universes that take each option, counted from the left, by the option's name."""
    columns = [x for x, _ in curve(ax)]
    names = [text for text in texts(ax) if box(text).x1 < columns[0]]
    found = {}
    for row in in_rows(marks(ax, "o", INK)):
        name = names[nearest(row[0][1], [centre(text)[1] for text in names])]
        found[name.get_text()] = [nearest(x, columns) for x, _ in row]
    return found


def test_universes_are_sorted_by_result_then_by_options():
    options = {"forks": FORKS, "result": "LAW", "published": 18}
    ax = plotting.specification_curve(UNIVERSES, **options)
    value = scale(ax, "y")
    assert [value(y) for _, y in curve(ax)] == pytest.approx([8, 8, 12, 12, 18, 21])
    assert taken(ax) == {
        "Majority": [2, 4, 5],
        "Any coder": [0, 1, 3],
        "Law or stated rules": [3, 5],
        "As coded": [0, 4],
        "Law is named": [1, 2],
    }
    shuffled = UNIVERSES.sample(frac=1, random_state=3).astype({"law": "category"})
    assert taken(plotting.specification_curve(shuffled, **options)) == taken(ax)


def test_every_universe_has_a_dot_per_fork_and_the_published_value_a_line():
    ax = plotting.specification_curve(UNIVERSES, forks=FORKS, result="LAW", published=18)
    assert len(marks(ax, "o", INK)) == 2 * 6 and len(curve(ax)) == 6
    ((start, height, end),) = level_lines(ax, INK)
    assert height == pytest.approx(curve(ax)[4][1])  # that of the universe with 18
    assert start < curve(ax)[0][0] and curve(ax)[-1][0] < end
    assert centre(written(ax, "The article: 18"))[1] == pytest.approx(height, abs=3)
    heights = [y for _, y in curve(ax)]
    assert heights[0] == heights[1] < heights[2] < heights[4] < heights[5]
    assert "The article's value occurs in 1." in " ".join(contents(ax))
    plain = plotting.specification_curve(UNIVERSES, forks=FORKS, result="LAW")
    assert not any("article" in text for text in contents(plain)) and not level_lines(plain, INK)


def many_universes():
    rules, laws = [f"r{i}" for i in range(40)], [f"l{i}" for i in range(25)]
    rows = [
        (fork, fork, option, option)
        for fork, options in (("rule", rules), ("law", laws))
        for option in options
    ]
    forks = pd.DataFrame(rows, columns=["fork", "fork_en", "option", "option_en"])
    data = pd.DataFrame(itertools.product(rules, laws), columns=["rule", "law"])
    return data, forks


def universes_at(edges):
    """The number of universes up to each edge, of 1,000 that stand side by side."""
    return 1000 * (edges - edges[0]) / (edges[-1] - edges[0])


@pytest.mark.parametrize(
    "results",
    [np.arange(1000) % 7, np.arange(1000) / 8, np.arange(1000) ** 2 % 301],
    ids=["few results", "all different", "some equal"],
)
def test_many_universes_share_places_without_splitting_equal_results(results):
    data, forks = many_universes()
    ax = plotting.specification_curve(data.assign(y=results), forks=forks, result="y")
    assert marks(ax, "o") == []
    line, *options = stairs(ax)
    distinct, counts = np.unique(results, return_counts=True)
    assert scale(ax, "y")(line.tops) == pytest.approx(distinct, abs=0.01 * distinct[-1])
    assert universes_at(line.edges) == pytest.approx([0, *np.cumsum(counts)])
    ends = set(np.cumsum(counts))  # of equal results
    for option in options:
        assert option.edges[[0, -1]] == pytest.approx(line.edges[[0, -1]])
        assert len(option.edges) - 1 <= 120
        assert set(np.round(universes_at(option.edges)[1:], 6)) <= ends
    options.sort(key=lambda option: -option.floor)
    for fork in (options[:40], options[40:]):
        whole = sum(option.tops - option.floor for option in fork)
        assert whole == pytest.approx(np.full(len(whole), whole[0]))
    if len(distinct) == 7:  # each a place; the first is that of every seventh universe
        assert np.diff(universes_at(options[0].edges)) == pytest.approx([143] * 6 + [142])
        r3 = options[3].tops[0] - options[3].floor
        assert r3 / whole[0] == pytest.approx((data[results == 0]["rule"] == "r3").mean())


def test_ticks_make_room_for_the_published_value():
    options = {"forks": FORKS, "result": "LAW"}
    shown = contents(plotting.specification_curve(UNIVERSES, **options, published=15.2))
    assert "15" not in shown and {"10", "20"} <= set(shown)
    assert "15" in contents(plotting.specification_curve(UNIVERSES, **options))


def test_a_result_that_never_varies_is_drawn():
    ax = plotting.specification_curve(UNIVERSES.assign(LAW=5), forks=FORKS, result="LAW")
    assert len(curve(ax)) == 6 and len({round(y, 6) for _, y in curve(ax)}) == 1


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


def boxes(ax, language="en"):
    """The box of each node."""
    found = {}
    for node, label in zip(NODES["node"], NODES[f"label_{language}"]):
        begin = [text for text in texts(ax) if sentence(label).startswith(text.get_text())]
        found[node] = box(ground(max(begin, key=lambda text: len(text.get_text()))))
    return found


def links(ax):
    """Each link by the nodes at its ends: it leaves the right of one, meets the left of other."""
    found, places = {}, boxes(ax).items()
    for patch in patches(ax):
        if isinstance(patch, PathPatch):
            (x, y), (to_x, to_y) = vertices(patch)[[0, -1]]
            (source,) = [
                node for node, room in places if x == pytest.approx(room.x1) and room.y0 < y < room.y1
            ]
            (target,) = [
                node for node, room in places if to_x == pytest.approx(room.x0) and room.y0 < to_y < room.y1
            ]
            found[source, target] = patch
    return found


def test_links_have_the_style_of_their_strength_and_the_colour_of_their_dimension():
    ax = figures.argument_links(LINKS, nodes=NODES)
    found, styles = links(ax), {}
    assert set(found) == set(zip(LINKS["source"], LINKS["target"]))
    for *link, strength in LINKS.itertuples(index=False):
        styles.setdefault(strength, set()).add(found[tuple(link)].get_linestyle())
    assert all(len(style) == 1 for style in styles.values())
    assert len(set.union(*styles.values())) == 3
    for (source, _), patch in found.items():
        colour = mcolors.to_hex(patch.get_edgecolor())
        if source in DIMENSIONS:
            assert colour == COLOURS[source]
        else:
            assert colour not in {COLOURS[code] for code in DIMENSIONS}
    assert "Weak" in contents(ax)
    explicit = LINKS.assign(strength="explicit")
    assert "Weak" not in contents(figures.argument_links(explicit, nodes=NODES))


def along(patch):
    """Points on a path of cubic Bézier curves, 40 on each."""
    path, t = vertices(patch), np.linspace(0, 1, 40)[:, None]
    return np.vstack(
        [
            (1 - t) ** 3 * p + 3 * (1 - t) ** 2 * t * q + 3 * (1 - t) * t**2 * r + t**3 * s
            for p, q, r, s in (path[i : i + 4] for i in range(0, len(path) - 1, 3))
        ]
    )


def test_links_run_around_the_boxes():
    ax = figures.argument_links(LINKS, nodes=NODES)
    places = boxes(ax)
    for link, patch in links(ax).items():
        points = along(patch)
        for node, room in places.items():
            if node not in link:
                inside = (points > room.get_points()[0]) & (points < room.get_points()[1])
                assert not inside.all(axis=1).any(), (link, node)


def test_links_below_a_row_do_not_touch_one_another():
    ax = figures.argument_links(LINKS, nodes=NODES)
    found, places = links(ax), boxes(ax)
    middle = (places["L1"].x0 + places["L1"].x1) / 2  # of a column that links pass
    rows = [("SUB", "F1", "L1", "D1"), ("INS", "F2", "L2", "D2"), ("L0", "D3")]
    passing = {0: [], 1: [], 2: []}
    for link, patch in found.items():
        points = along(patch)
        if points[0, 0] < middle < points[-1, 0]:
            height = np.interp(middle, *points.T)
            above = [height < min(places[node].y0 for node in row) for row in rows]
            below = [height > max(places[node].y1 for node in row) for row in rows[1:]]
            row = above.index(False) - 1 if False in above else 2
            assert row == 2 or below[row], link
            passing[row].append((height, *link))
    order = {row: [link for _, *link in sorted(here)[::-1]] for row, here in passing.items()}
    assert order == {0: [["SUB", f"D{i}"] for i in (1, 2, 3)], 1: [["INS", "D1"]], 2: []}
    assert min(np.diff(sorted(height for height, *_ in passing[0]))) >= 3
    leaving = [vertices(found["SUB", target])[0, 1] for target in ("F1", "D1", "D2", "D3")]
    assert leaving == sorted(leaving, reverse=True)


def test_nodes_stand_in_their_column_in_the_order_given():
    ax = figures.argument_links(LINKS, nodes=NODES, language="zh")
    places = boxes(ax, "zh")
    lefts = sorted({round(room.x0, 3) for room in places.values()})
    tops = sorted({round(room.y1, 3) for room in places.values()}, reverse=True)
    found = {
        node: (lefts.index(round(room.x0, 3)), tops.index(round(room.y1, 3))) for node, room in places.items()
    }
    assert found == {
        "SUB": (0, 0),
        "INS": (0, 1),
        "F1": (1, 0),
        "F2": (1, 1),
        "L1": (2, 0),
        "L2": (2, 1),
        "L0": (2, 2),
        "D1": (3, 0),
        "D2": (3, 1),
        "D3": (3, 2),
    }
    heads = [written(ax, head) for head in ("维度", "发现", "局限", "方向")]
    assert [anchor(head)[0] for head in heads] == pytest.approx(lefts, abs=1)
    assert min(anchor(head)[1] for head in heads) > tops[0]


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
    refused(figures.argument_links, message, data, nodes=NODES)


def test_nodes_of_another_kind_are_refused():
    nodes = NODES.replace({"kind": {"limit": "problem"}})
    refused(figures.argument_links, "nodes, row 4, column 'kind': 'problem'", LINKS, nodes=nodes)
