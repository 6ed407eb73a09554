"""The statistical figures: what they decide, refuse and put on their scales, in units of the data."""

import itertools
import re

import matplotlib.colors as mcolors
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from figures import FIGURES
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from matplotlib.patches import Rectangle
from paper import contents, text_artists
from samples.analysis import (
    ATTAINABLE,
    BOUNDS,
    COEFFICIENTS,
    DIFFERENCES,
    NAMES,
    PATTERNS,
    UNITS,
    UNIVERSES,
    matrix,
)
from samples.prevalence import CASES
from samples.ranges import COUNTS
from samples.regions import PAIRS
from samples.selection import MARGINS
from samples.shares import BARS

from embedgov import agreement, bounds, coding, multiverse, plotting, tables
from embedgov.errors import PlottingError
from embedgov.plotting.palette import INK, PALE, PAPER, SHADES, contrast
from embedgov_study.palette import COLOURS

pytestmark = pytest.mark.usefixtures("theme")
DATA_UNITS = {
    "agreement_forest",
    "case_matrix",
    "co_occurrence",
    "disagreements",
    "intervals",
    "margin_bars",
    "prevalence",
    "ranges",
    "regions",
    "shares",
    "specification_curve",
}


def refused(function, message, data, **options):
    with pytest.raises(PlottingError, match=re.escape(message)):
        function(data, **options)


def bars(ax, *colours):
    """Filled bars as (left, right, middle), without the grounds of rows; of some colours if given."""
    found = []
    for patch in ax.patches:
        fill = mcolors.to_hex(patch.get_edgecolor() if patch.get_hatch() else patch.get_facecolor())
        if isinstance(patch, Rectangle) and patch.get_zorder() >= 2 and (not colours or fill in colours):
            left, low = patch.get_xy()
            found.append((left, left + patch.get_width(), low + patch.get_height() / 2))
    return found


def marks(ax, marker, colour=None):
    """Marks of a shape as (x, y), and of a colour if it is given, row by row from the top."""
    return sorted(
        (
            (float(x), float(y))
            for line in ax.lines
            if line.get_marker() == marker
            and (colour is None or mcolors.same_color(line.get_markerfacecolor(), colour))
            for x, y in zip(line.get_xdata(), line.get_ydata())
        ),
        key=lambda place: (place[1], place[0]),
    )


def key(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


def ticks(ax, along="x"):
    axis = getattr(ax, f"{along}axis")
    low, high = sorted(axis.get_view_interval())
    return [
        (round(float(tick.get_loc()), 6), tick.label2.get_text() or tick.label1.get_text())
        for tick in axis.get_major_ticks()
        if low <= tick.get_loc() <= high
    ]


# What holds for all of them


@pytest.fixture(params=sorted(DATA_UNITS))
def statistical(request):
    return FIGURES[request.param]


def test_other_artists_can_be_added_in_units_of_the_data(statistical):
    ax = statistical()
    limits = ax.get_xlim(), ax.get_ylim()
    line = ax.axvline(ticks(ax)[0][0])
    ax.set_title("A title")
    ax.figure.draw_without_rendering()
    assert (ax.get_xlim(), ax.get_ylim()) == limits
    (start, _), _ = ax.transData.transform(list(zip(line.get_xdata(), (0, 0))))
    assert ax.bbox.x0 - 1 <= start <= ax.bbox.x1 + 1
    assert ax.axison and ticks(ax) and ticks(ax, "y")


def test_a_figure_needs_no_theme_and_measures_its_texts_as_they_are_drawn(statistical):
    plotting.reset_theme()
    try:
        sizes = []
        for family in ("DejaVu Sans", "Noto Sans SC"):
            with plt.rc_context({"font.family": [family]}):
                ax = statistical()
                ax.figure.draw_without_rendering()
                assert {text.get_fontfamily()[0] for text in ax.findobj(plt.Text)} == {family}
                paper = ax.figure.bbox.padded(1)
                for text in (*ax.texts, *ax.get_yticklabels(), *ax.get_legend().get_texts()):
                    box = text.get_window_extent()
                    assert box.width == 0 or paper.x0 <= box.x0 and box.x1 <= paper.x1, text
                sizes.append(ax.figure.get_size_inches()[1])
        assert statistical().figure.get_facecolor() == (1, 1, 1, 1)
    finally:
        plotting.set_theme(COLOURS)


def test_a_theme_takes_arguments_and_is_undone():
    plotting.reset_theme()
    before = dict(plt.rcParams)
    try:
        plotting.set_theme({"roads": "#0072b2"}, font="DejaVu Serif", rc={"font.size": 13})
        plotting.set_theme(rc={"font.size": 14}, style="dark")
        assert plt.rcParams["font.size"] == 14 and plt.rcParams["axes.grid"] is False
        plotting.reset_theme()
        assert {name for name in before if plt.rcParams[name] != before[name]} == set()
        plotting.reset_theme()  # nothing is left to undo
    finally:
        plotting.set_theme(COLOURS)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", sorted(DATA_UNITS))
def test_a_figure_in_data_units_fits_half_a_page(name, language):
    def axes(wide):
        figure = plt.figure(figsize=(wide + 1.5, 10), layout="none")
        return figure.add_axes((1.2 / (wide + 1.5), 0.1, wide / (wide + 1.5), 0.7))

    ax = FIGURES[name](ax=axes(2.51), language=language)
    ax.figure.draw_without_rendering()
    boxes = []
    for text in text_artists(ax):  # as in the law of texts on a whole page
        across = (0.7, 1) if text.get_rotation() else (1, 0.7)
        boxes.append((text.get_text(), text.get_window_extent().shrunk(*across).padded(-0.2)))
    assert all(ax.figure.bbox.containsx(x) for _, box in boxes for x in (box.x0, box.x1))
    for (one, first), (other, second) in itertools.combinations(boxes, 2):
        assert not first.overlaps(second), (one, other)
    with pytest.raises(PlottingError, match="ax is 2.4 inches wide, the figure needs 2.5"):
        FIGURES[name](ax=axes(2.4))


def test_a_palette_is_a_mapping_a_list_a_colour_or_a_name():
    def fills(palette):
        ax = plotting.margin_bars({"a": 1, "b": 2}, total=3, palette=palette)
        return [mcolors.to_hex(p.get_facecolor()) for p in ax.patches if p.get_zorder() >= 2]

    assert fills({"b": "#00ff00", "a": "#ff0000"}) == fills(["#ff0000", "#00ff00"]) == ["#ff0000", "#00ff00"]
    assert fills("#0000ff") == ["#0000ff"] * 2
    assert len(set(fills("colorblind"))) == 2
    with pytest.raises(PlottingError, match="palette: the colour of 'b' is None"):
        fills({"a": "red"})
    with pytest.raises(PlottingError, match="palette: the colour of 'a' is 'rouge'"):
        fills(["rouge", "red"])


def test_a_name_that_is_missing_is_asked_for():
    with pytest.raises(
        PlottingError, match="names has no text for 'b'; it has 'a': add one, or leave names out"
    ):
        plotting.margin_bars({"a": 1, "b": 2}, total=3, names={"a": "first"})
    ax = plotting.margin_bars({"a": 1, "b": 2}, total=3, names=pd.Series({"a": "first", "b": "second"}))
    assert [text for _, text in ticks(ax, "y")] == ["First", "Second"]


def test_an_order_takes_some_and_none_that_is_not_there():
    ax = plotting.margin_bars({"a": 1, "b": 2, "c": 3}, total=3, order=["c", "a"])
    assert [text for _, text in ticks(ax, "y")] == ["c", "a"]
    assert [right for _, right, _ in bars(ax)] == [3, 1]
    with pytest.raises(
        PlottingError, match="order holds 'd', which the data do not; they have 'a', 'b', 'c'"
    ):
        plotting.margin_bars({"a": 1, "b": 2, "c": 3}, total=3, order=["d"])


def test_styles_are_passed_on():
    ax = plotting.margin_bars({"a": 1}, total=3, alpha=0.5)
    assert [patch.get_alpha() for patch in ax.patches if patch.get_zorder() >= 2] == [0.5]
    ax = plotting.case_matrix(matrix(), cmap="viridis")
    shades = {mcolors.to_hex(colour) for colour in ax.collections[0].get_facecolors() if colour[3]}
    viridis = {mcolors.to_hex(plt.get_cmap("viridis")(i / 4)) for i in range(5)}
    assert shades <= viridis and len(shades) == 5


# Margin bars


def test_bars_start_at_0_end_at_their_counts_and_stand_one_below_the_other():
    ax = plotting.margin_bars(MARGINS, total=40, hue="basis")
    assert bars(ax) == [(0, 37, 0), (0, 18, 1), (0, 11, 2), (0, 13, 3)]
    grounds = [p for p in ax.patches if mcolors.to_hex(p.get_facecolor()) == PALE]
    assert [(p.get_x(), p.get_width()) for p in grounds] == [(0, 40)] * 4
    assert ax.yaxis_inverted() and ax.get_xlabel() == "Number, out of 40"
    said = [text.get_text() for text in ax.texts]
    assert said == ["37 of 40 (92.5%)", "18 of 40 (45.0%)", "11 of 40 (27.5%)", "13 of 40 (32.5%)"]
    hatches = [p.get_hatch() for p in ax.patches if p.get_zorder() >= 2]
    assert hatches[0] is None and hatches[1] and hatches[1:] == [hatches[1]] * 3


def test_each_value_of_the_hue_has_a_pattern_and_an_entry():
    ax = plotting.margin_bars(MARGINS.assign(basis=["a", "b", "c", "a"]), total=40, hue="basis")
    looks = [
        (p.get_facecolor() == p.get_edgecolor(), p.get_hatch()) for p in ax.patches if p.get_zorder() >= 2
    ]
    assert len(set(looks)) == 3 and looks[0] == looks[3] and key(ax) == ["a", "b", "c"]


def test_margins_bring_their_total():
    margins = bounds.Margins(9, {"roads": 4, "parks": 6})
    ax = plotting.margin_bars(margins)
    assert bars(ax) == [(0, 4, 0), (0, 6, 1)] and ticks(ax)[-1] == (9, "9")
    counts = pd.DataFrame({"roads": [1, 1], "parks": [0, pd.NA]}, dtype="Int8").sum()
    assert bars(plotting.margin_bars(counts, total=2)) == [(0, 2, 0), (0, 0, 1)]
    refused(plotting.margin_bars, "total is None: expected a whole number from 1", {"roads": 4})


@pytest.mark.parametrize("total", [1, 2, 7, 37, 40, 114, 999])
def test_the_scale_ends_at_the_total(total):
    shown = ticks(plotting.margin_bars(MARGINS.assign(count=1), total=total))
    assert shown[0] == (0, "0") and shown[-1] == (total, str(total))
    assert 2 <= len(shown) <= 8 and all(value == float(text) for value, text in shown)


def test_a_code_without_a_colour_is_drawn_in_ink():
    ax = plotting.margin_bars(MARGINS.assign(code=["SOC", "LAW", "INT", "ENV"]), total=40)
    assert bars(ax, COLOURS["SOC"]) == [(0, 37, 0)] and bars(ax, INK) == [(0, 13, 3)]


@pytest.mark.parametrize(
    "change, total, message",
    [
        ({}, 36, "code 'SOC': count is 37, total is 36"),
        ({}, 0, "total is 0: expected a whole number from 1"),
        ({}, 40.5, "total is 40.5: expected a whole number from 1"),
        ({"count": [37, -18, 11, 13]}, 40, "row 1, column 'count': -18 is no count"),
        ({"code": ["SOC", "LAW", "LAW", "PRO"]}, 40, "code 'LAW', hue 'main' occurs before"),
        ({"basis": ["a", "b", "c", "d"]}, 40, "data['basis'] holds 4 values (a, b, c, d)"),
    ],
)
def test_margin_bars_refuse(change, total, message):
    refused(plotting.margin_bars, message, MARGINS.assign(**change), total=total, hue="basis")


# Case matrix


def cells(ax):
    """The text of each cell by row and column."""
    places = {(int(t.get_position()[1]), int(t.get_position()[0])): t for t in ax.texts}
    return {place: places[place].get_text() for place in sorted(places)}


def filled(ax, place):
    """The colour on which a cell's text stands."""
    row, column = place
    over = [
        p
        for p in ax.patches
        if p.get_fill()
        and mcolors.to_rgba(p.get_facecolor())[3]
        and p.get_x() < column + 0.5 < p.get_x() + p.get_width()
        and p.get_y() < row + 0.5 < p.get_y() + p.get_height()
    ]
    if over:
        return mcolors.to_hex(over[-1].get_facecolor())
    mesh = ax.collections[0]
    columns = mesh.get_array().shape[1]
    return mcolors.to_hex(mesh.get_facecolors()[row * columns + column])


def test_cells_are_shaded_by_share_and_say_the_counts():
    ax = FIGURES["case_matrix"].once("en")
    said = ["0/8", "2/8", "3/8", "4/8", "8/8", "6/8", "7/8", "5/8", "–", "1/8"]
    assert list(cells(ax).values()) == said
    steps = [SHADES.index(filled(ax, place)) for place, text in cells(ax).items() if text != "–"]
    assert steps == [0, 1, 2, 2, 4, 3, 4, 3, 1]
    for text in ax.texts:
        x, y = text.get_position()
        assert contrast(mcolors.to_hex(text.get_color()), filled(ax, (int(y), int(x)))) >= 4.5


def test_a_case_without_units_is_dashed_and_never_0():
    ax = FIGURES["case_matrix"].once("en")
    dashed = [p.get_xy() for p in ax.patches if p.get_linestyle() not in ("-", "solid")]
    assert [(int(y), int(x)) for x, y in dashed] == [(1, 3)]
    assert key(ax) == ["0", "≤ 25%", "≤ 50%", "≤ 75%", "≤ 100%", "Placement by the article", "No unit"]
    whole = plotting.case_matrix(matrix().query("case == 'Z03'"))
    assert key(whole) == ["0", "≤ 25%", "≤ 50%", "≤ 75%", "≤ 100%"]


def test_marked_cells_have_an_outline():
    def outlined(**options):
        ax = plotting.case_matrix(matrix(), **options)
        found = [p.get_xy() for p in ax.patches if not mcolors.to_rgba(p.get_facecolor())[3]]
        return sorted((int(y), int(x)) for x, y in found)

    assert outlined(marked={"Z03": "SUB", "Z05": "INS"}) == [(0, 0), (1, 1)]
    assert outlined(marked=pd.Series({"Z05": "TEC"})) == [(1, 3)]
    assert outlined(marked=[("Z03", "SUB"), ("Z03", "INS")]) == [(0, 0), (0, 1)] and outlined() == []
    refused(plotting.case_matrix, "marked holds ('Z09', 'SUB')", matrix(), marked={"Z09": "SUB"})


def test_rows_columns_and_their_stripes_keep_their_order():
    ax = plotting.case_matrix(matrix().iloc[::-1])
    assert [text for _, text in ticks(ax, "y")] == ["Z05", "Z03"]
    assert [text for _, text in ticks(ax)] == ["DELIB", "TEC", "RES", "INS", "SUB"]
    stripes = [(np.mean(line.get_xdata()), line.get_color()) for line in ax.lines]
    assert stripes == [(1.5 + i, COLOURS[code]) for i, code in enumerate(["TEC", "RES", "INS", "SUB"])]
    ax = plotting.case_matrix(matrix(), order=["TEC", "SUB"], case_order=["Z05"])
    assert list(cells(ax).values()) == ["–", "6/8"]


def test_headers_turn_only_when_a_word_is_too_wide():
    def turned(data, language="en"):
        ax = plotting.case_matrix(data, names=NAMES[language])
        return len([t for t in ax.get_xticklabels() if t.get_rotation() == 90])

    assert turned(matrix()[matrix()["code"].isin(["SUB", "INS"])]) == 0
    long = matrix().assign(case="A case with a name that takes all of its room" + matrix()["case"])
    assert turned(long) == 5 and turned(long, "zh") == 0


def test_a_case_matrix_fits_as_it_stands():
    values = pd.DataFrame({"A": [1, 0, pd.NA, 1], "B": [0, 0, 1, 0]}, index=list("wxyz"), dtype="Int8")
    found = coding.case_matrix(values, {"w": "N", "x": "N", "y": "N", "z": "S"})
    assert list(cells(plotting.case_matrix(found)).values()) == ["1/2", "1/3", "1/1", "0/1"]  # y is not known


def test_too_many_codes_are_refused_rather_than_crammed():
    many = pd.concat([matrix().assign(code=matrix()["code"] + str(i)) for i in range(4)])
    refused(plotting.case_matrix, "does not fit a cell", many)


@pytest.mark.parametrize(
    "column, value, message",
    [
        ("count", 9, "case 'Z03', code 'SUB': count is 9, total is 8"),
        ("count", None, "row 0, column 'count': the value is missing"),
        ("code", "TEC", "case 'Z03', code 'TEC' occurs before"),
    ],
)
def test_a_matrix_that_contradicts_itself_is_refused(column, value, message):
    data = matrix().astype({"count": object})
    data.loc[0, column] = value
    refused(plotting.case_matrix, message, data)
    refused(plotting.case_matrix, "case 'Z05': no row for code 'RES'", matrix().drop(index=7))


# Intervals


@settings(max_examples=8)
@given(st.lists(st.sets(st.integers(0, 40), min_size=1), min_size=4, max_size=4))
def test_dots_and_rings_are_exactly_the_values_and_the_holes(rows):
    holes = [sorted(set(range(min(row), max(row))) - row) for row in rows]
    data = pd.DataFrame(
        {"quantity": list("abcd"), "low": [*map(min, rows)], "high": [*map(max, rows)], "holes": holes}
    )
    ax = plotting.intervals(data, total=40, holes="holes")
    expected = [(value, y) for y, row in enumerate(rows) for value in sorted(row)]
    assert marks(ax, "o", INK) == expected
    assert marks(ax, "o", PAPER) == [(value, y) for y, row in enumerate(holes) for value in row]
    joined = {
        (n, line.get_ydata()[0])
        for line in ax.lines
        if line.get_linestyle() == "-"
        for n in list(line.get_xdata())[:-1]
    }
    assert joined == {(n, y) for y, row in enumerate(rows) for n in row if n + 1 in row}
    plt.close(ax.figure)


def test_points_and_texts_of_intervals():
    ax = FIGURES["intervals"].once("en")
    assert marks(ax, "o", INK) == [(v, y) for y, values in enumerate(ATTAINABLE) for v in values]
    assert [x for x, _ in marks(ax, "v")] == [17.6, 4.95] and marks(ax, "|") == [(37, 0)]
    said = [text.get_text() for text in ax.texts]
    assert said == ["37", "0 to 39, not 38", "0 to 11", "1 to 30, 6 values"]
    assert key(ax) == ["Attainable", "Not attainable", "Known", "Reference point, not an estimate"]
    assert key(plotting.intervals(BOUNDS.iloc[[2]], total=40)) == ["Attainable"]


def test_intervals_are_drawn_in_the_order_and_the_colours_asked_for():
    last, first = BOUNDS["quantity"].iloc[[-1, 0]]
    ax = plotting.intervals(BOUNDS, total=40, holes="holes", order=[last, first], palette=["C0", "C1"])
    assert [text for _, text in ticks(ax, "y")] == [last, first]
    assert marks(ax, "o", "C0") == [(v, 0) for v in ATTAINABLE[-1]]
    assert marks(ax, "o", "C1") == [(v, 1) for v in ATTAINABLE[0]]
    assert mcolors.same_color(ax.get_legend().get_lines()[0].get_color(), INK)  # neither of the two
    one = plotting.intervals(BOUNDS, total=40, palette="C2")
    assert mcolors.same_color(one.get_legend().get_lines()[0].get_color(), "C2")
    refused(plotting.intervals, "order holds 'none', which the data do not", BOUNDS, total=40, order=["none"])


def test_bounds_fit_as_they_stand():
    margins = bounds.Margins(40, {"SOC": 37, "LAW": 18, "INT": 11, "PRO": 13}, cover=True)
    found = bounds.bound(margins, bounds.Quantity("exactly", tuple(margins.counts), 2))
    ax = plotting.intervals(found)
    assert marks(ax, "o", PAPER) == [(38, 0)] and ticks(ax)[-1] == (40, "40")
    table = bounds.bounds(bounds.Margins(5, {"A": 3, "B": 4}))
    ax = plotting.intervals(table, total=5, holes="holes")
    assert len(ticks(ax, "y")) == len(table)
    other = bounds.bound(bounds.Margins(5, {"A": 3}), bounds.Quantity("pattern", ()))
    refused(plotting.intervals, "bounds of different totals, [5, 40]", [found, other])
    refused(plotting.intervals, "data is neither a frame nor bounds", [])


def test_a_large_total_is_drawn_in_segments():
    data = pd.DataFrame({"quantity": ["q"], "low": [3], "high": [90], "holes": [list(range(6, 60))]})
    ax = plotting.intervals(data, total=400, holes="holes")
    assert [list(line.get_xdata()) for line in ax.lines] == [[2.5, 5.5], [59.5, 90.5]]
    assert marks(ax, "o") == [] and key(ax) == ["Attainable"]


@pytest.mark.parametrize(
    "change, options, message",
    [
        ({"low": 13}, {}, "quantity 'LAW and INT': low is 13, high is 11, holes are []"),
        ({"holes": [0, 3]}, {}, "low is 0, high is 11, holes are [0, 3]; expected low <= high, and holes"),
        ({"high": 41}, {}, "column 'high': 41; expected a number from 0 to 40"),
        ({}, {"reference": {"far": 41.0}}, "reference: 41.0 of 'far'; expected a number from 0 to 40"),
        ({}, {"known": {"far": 2.5}}, "known: 2.5 of 'far'; expected a count from 0 to 40"),
        ({}, {"known": {"near": 2}}, "known: 2 of 'near'"),
        ({}, {"total": 0}, "total is 0: expected a whole number from 1"),
    ],
)
def test_bounds_that_contradict_themselves_are_refused(change, options, message):
    data = BOUNDS.astype({"holes": object})
    for column, value in change.items():
        data.at[2, column] = value
    refused(plotting.intervals, message, data, **{"total": 40, "holes": "holes"} | options)


# Co-occurrence


def test_the_triangle_says_counts_and_coefficients():
    ax = FIGURES["co_occurrence"].once("en")
    shown = {place: text for place, text in cells(ax).items() if place[1] <= place[0]}
    # By hand: SUB has 4 units, INS 4, both 3; RES 1, alone; DELIB and TEC none.
    assert [shown[i, i] for i in range(5)] == ["4", "4", "1", "0", "0"]
    assert shown[1, 0] == "3\n0.60" and shown[2, 0] == "0\n0.00" and shown[4, 3] == "0\n–"
    assert filled(ax, (1, 0)) == SHADES[3] and filled(ax, (2, 0)) == SHADES[0]
    assert filled(ax, (0, 0)) == PALE and key(ax)[-1] == "No unit with either"
    names = [t.get_text() for t in ax.texts if int(t.get_position()[0]) > int(t.get_position()[1])]
    assert [name.replace("\n", " ") for name in names] == [
        "Subject (actor)",
        "Institution",
        "Resource",
        "Deliberation",
        "Technique",
    ]


def test_co_occurrence_fits_as_it_stands():
    whole, counted = plotting.co_occurrence(UNITS), plotting.co_occurrence(coding.co_occurrence(UNITS))
    assert contents(whole) == contents(counted)
    few = plotting.co_occurrence(UNITS, order=["INS", "SUB"])
    assert cells(few)[1, 0] == "3\n0.60"
    refused(plotting.co_occurrence, "data has 1 codes to be drawn", UNITS, order=["INS"])


# Upset


def test_patterns_of_units_are_those_that_were_counted():
    counted = UNITS[["SUB", "INS", "RES"]].astype(bool).value_counts().reset_index()
    texts = contents(plotting.upset(UNITS[["SUB", "INS", "RES"]].astype("Int8")))
    assert texts == contents(plotting.upset(counted))
    assert texts[:1] == [t for t in texts if "out of 6" in t]
    refused(plotting.upset, "row 0, column 'SUB': 2; expected True or False", UNITS.assign(SUB=2))
    refused(plotting.upset, "SUB True, INS True, RES False occurs before", pd.concat([PATTERNS] * 2))


def test_a_pattern_has_a_bar_and_dots_and_a_code_its_total():
    ax = plotting.upset(PATTERNS)
    counts = [int(t.get_text()) for t in ax.texts if t.get_text().isdigit()]
    assert counts[:3] == [15, 35, 15]  # of the codes, by hand
    assert counts[3:] == [20, 12, 12, 3, 3, 0]
    dots = [line for line in ax.lines if line.get_marker() == "o" and line.get_color() == INK]
    assert [len(line.get_xdata()) for line in dots] == [1, 1, 2, 0, 3, 1]


# Agreement


def test_coefficients_lie_on_their_values_with_their_intervals():
    ax = FIGURES["agreement_forest"].once("en")
    places = {marker: marks(ax, marker) for marker in "osD"}
    assert [x for x, _ in places["o"]] == [0.95, 1] and [x for x, _ in places["D"]] == [0.942, 1]
    assert [x for x, _ in places["s"]][0] == 0.05
    ends = [tuple(line.get_xdata()) for line in ax.lines if len(line.get_xdata()) == 2]
    assert set(ends) == {(0.9, 0.98), (-0.31, 0.4), (0.9, 1), (1, 1)}
    assert [text for _, text in ticks(ax, "y")] == ["Claimed effect or aim", "Institution"]
    assert "0.05 (−0.31 to 0.40)" in contents(ax) and contents(ax).count("undefined") == 1
    hollow = [line for line in ax.lines if line.get_marker() == "s" and line.get_markerfacecolor() == PAPER]
    assert [tuple(line.get_xdata()) for line in hollow] == [(ax.get_xlim()[0],)]


def test_an_interval_that_does_not_hold_its_value_is_drawn():
    data = COEFFICIENTS.iloc[[0]].assign(agreement=1, agreement_low=0.8, agreement_high=0.97)
    ax = plotting.agreement_forest(data, coefficients=["agreement"])
    assert marks(ax, "o")[0][0] == 1
    assert [list(line.get_xdata()) for line in ax.lines if len(line.get_xdata()) == 2] == [[0.8, 0.97]]


def test_a_table_of_agreement_fits_as_it_stands():
    codes = pd.DataFrame(
        {
            "unit": [1, 1, 2, 2, 3, 3],
            "coder": ["A", "B"] * 3,
            "x": [1, 1, 0, 0, 1, 0],
            "y": [0, 0, 1, 1, 0, 1],
        }
    )
    table = agreement.agreement_table(codes, unit="unit", codes=["x", "y"], draws=50)
    ax = plotting.agreement_forest(table, coefficients=["alpha"])
    assert len(table) == 4 and [text for _, text in ticks(ax, "y")] == ["x", "y"]
    assert [x for x, _ in marks(ax, "s")] == pytest.approx(table["alpha"][:2]) and marks(ax, "o") == []


def test_a_table_by_a_distance_of_sets_fits_as_it_stands():
    units = {"unit": [1, 1, 2, 2, 3, 3], "coder": ["A", "B"] * 3}
    codes = pd.DataFrame(units | {"x": [1, 1, 0, 0, 1, 0], "y": [0, 0, 1, 1, 0, 1]})
    table = agreement.agreement_table(codes, unit="unit", codes=["x", "y"], draws=0, distance="masi")
    ax = plotting.agreement_forest(table)
    assert [text for _, text in ticks(ax, "y")] == ["ALL"]
    assert key(ax) == ["Percent agreement", "Krippendorff's alpha"]  # AC1 is not defined of sets
    assert [x for x, _ in marks(ax, "o")] == pytest.approx([2 / 3])
    # Coincidences {x}{x} 2, {y}{y} 2, {x}{y} 2 of 6: alpha = 1 - 5 * 2 / (2 * 3 * 3).
    assert [x for x, _ in marks(ax, "s")] == pytest.approx([4 / 9])
    refused(plotting.agreement_forest, "coefficients holds none that is defined", table, coefficients=["ac1"])


def test_each_coefficient_has_the_colour_of_the_palette():
    ax = plotting.agreement_forest(COEFFICIENTS, palette={"agreement": "C0", "alpha": "C1", "ac1": "C2"})
    assert len(marks(ax, "o", PAPER)) == 2 and len(marks(ax, "D", "C2")) == 2
    assert {mcolors.to_hex(line.get_color()) for line in ax.lines} == {
        mcolors.to_hex(each) for each in ("C0", "C1", "C2")
    }
    handles = ax.get_legend().get_lines()
    assert [mcolors.same_color(line.get_color(), f"C{i}") for i, line in enumerate(handles)] == [True] * 3
    refused(plotting.agreement_forest, "the colour of 'ac1' is None", COEFFICIENTS, palette=["C0", "C1"])


@pytest.mark.parametrize(
    "change, options, message",
    [
        ({"alpha": 1.2}, {}, "column 'alpha': 1.2; expected a number to 1"),
        ({"alpha_low": None}, {}, "code 'CLAIM', alpha: from None to 0.4"),
        ({"code": "INS"}, {}, "code 'INS' occurs before"),
        ({}, {"coefficients": ["kappa"]}, "coefficients holds 'kappa'; expected some of agreement"),
    ],
)
def test_a_forest_that_contradicts_itself_is_refused(change, options, message):
    data = COEFFICIENTS.astype(object)
    for column, value in change.items():
        data.at[0, column] = value
    refused(plotting.agreement_forest, message, data, **options)


def test_disagreements_are_counted_and_parted_by_who_said_yes():
    ax = FIGURES["disagreements"].once("en")
    assert key(ax) == ["2 yes, 1 no", "1 yes, 1 no", "1 yes, 2 no"]
    assert bars(ax, SHADES[4]) == [(0, 1, 0), (0, 0, 1), (0, 0, 2)]
    assert bars(ax, SHADES[3]) == [(1, 1, 0), (0, 1, 1), (0, 0, 2)]
    assert bars(ax, SHADES[2]) == [(1, 3, 0), (1, 1, 1), (0, 0, 2)]
    assert [text.get_text() for text in ax.texts] == ["3", "1", "0"]
    none = plotting.disagreements(DIFFERENCES.iloc[:0], codes=["SUB"])
    assert [text.get_text() for text in none.texts] == ["0"]
    refused(
        plotting.disagreements, "data has the codes ['INS'], which codes= lacks", DIFFERENCES, codes=["SUB"]
    )
    refused(
        plotting.disagreements,
        "units is 2, but coders differ on 3",
        DIFFERENCES,
        codes=["SUB", "INS"],
        units=2,
    )


# Specification curve


def runs(ax):
    """The bars as first universe, last universe and result."""
    found = [p for p in ax.patches if isinstance(p, Rectangle) and p.get_zorder() == 2]
    return [
        (p.get_x(), p.get_x() + p.get_width(), p.get_height(), mcolors.to_hex(p.get_facecolor()))
        for p in found
    ]


def test_universes_are_sorted_by_result_and_coloured_by_their_option():
    ax = FIGURES["specification_curve"].once("en")
    stated, as_coded, named = (mcolors.to_hex(h.get_facecolor()) for h in ax.get_legend().legend_handles)
    # any: 8, 8, 12; majority: 18, 12, 21, in the order as coded, named, stated.
    expected = [
        (0, 1, 8, named),
        (1, 2, 8, as_coded),
        (2, 3, 12, named),
        (3, 4, 12, stated),
        (4, 5, 18, as_coded),
        (5, 6, 21, stated),
    ]
    assert runs(ax) == expected and len({stated, as_coded, named}) == 3
    assert key(ax) == ["Law or stated rules", "As coded", "Law is named"]
    assert ax.get_legend().get_title().get_text() == "Rule of law"
    shuffled = UNIVERSES.sample(frac=1, random_state=3).astype({"law": "category"})
    again = plotting.specification_curve(shuffled, result="LAW", hue="law")
    assert [run[:3] for run in runs(again)] == [run[:3] for run in expected]


def test_the_axes_are_named_and_what_was_chosen_is_marked():
    ax = FIGURES["specification_curve"].once("en")
    assert ax.get_ylabel() == "Zones with rule of law" and "6 universes" in ax.get_xlabel()
    assert [text for _, text in ticks(ax)] == ["1", "6"]
    ((x, y),) = marks(ax, "o")
    assert (x, y) == (1.5, 8)  # among the universes with 8, that which codes as coded
    (line,) = [line for line in ax.lines if line.get_marker() == "None"]
    assert set(line.get_ydata()) == {18}
    assert {"The article: 18", "Published here: 8"} <= set(contents(ax))
    bare = plotting.specification_curve(UNIVERSES, result="LAW")
    assert not marks(bare, "o") and bare.get_ylabel() == "Result"
    own = {"rule": "any", "law": "as coded"}
    assert "Chosen: 8" in contents(plotting.specification_curve(UNIVERSES, result="LAW", own=own))


def test_the_fork_that_decides_gives_the_colours_and_a_multiverse_fits_as_it_stands():
    forks = pd.DataFrame(
        {
            "fork": ["a", "a", "b", "b", "b"],
            "option": ["a0", "a1", "b0", "b1", "b2"],
            "published": [1, 0, 1, 0, 0],
        }
    )
    found = multiverse.multiverse(
        forks, lambda u: {"n": 10 * (u["b"] == "b1") + 2 * (u["a"] == "a1")}, n_jobs=1
    )
    ax = plotting.specification_curve(found)
    assert ax.get_legend().get_title().get_text() == "b" and set(key(ax)) == {"b0", "b1", "b2"}
    assert runs(ax)[-1][:3] == (5, 6, 12)
    share = multiverse.shares(found, forks, ["n"])["n"].drop("interactions")
    assert share.idxmax() == "b"


@pytest.mark.parametrize("results", [[5] * 6, [-3, -1, 0, 2, 4, 5]])
def test_results_that_never_vary_or_are_negative_are_drawn(results):
    ax = plotting.specification_curve(UNIVERSES.assign(LAW=results), result="LAW", hue="law")
    (low, high), drawn = sorted(ax.get_ylim()), [run[2] for run in runs(ax)]
    assert sorted(set(drawn)) == sorted(set(results)) and low <= min(0, *results) and max(results) < high


@pytest.mark.parametrize(
    "change, options, message",
    [
        ({"LAW": "many"}, {}, "column 'LAW': 'many'; expected a number"),
        ({}, {"result": "INT"}, "data has no column 'INT' (result=)"),
        ({"INT": 1}, {"result": None}, "data has the results 'LAW', 'INT'; name one: result="),
        ({}, {"reference": {"x": "18"}}, "reference: '18'; expected a number"),
        ({}, {"own": {"rule": "any"}}, "own: 3 universes have {'rule': 'any'}, with 2 results"),
        ({}, {"own": {"rule": "all"}}, "own: 0 universes have"),
        ({}, {"own": {"role": "all"}}, "own names the fork 'role'; data has rule, law"),
        ({}, {"hue": "law", "hue_order": ["named"]}, "hue_order lacks ['as coded', 'stated']"),
    ],
)
def test_universes_that_cannot_be_drawn_are_refused(change, options, message):
    refused(plotting.specification_curve, message, UNIVERSES.assign(**change), **{"result": "LAW"} | options)


# Regions


def boxes(ax):
    """Cells as first and last known value with the first and last asked one."""
    found = []
    for collection in ax.collections:
        for path in collection.get_paths():
            (left, low), (right, high) = path.get_extents().get_points()
            found.append((left + 0.5, right - 0.5, low + 0.5, high - 0.5))
    return sorted(found)


def test_a_hole_parts_the_values_and_an_impossible_pair_is_not_joined():
    ax = FIGURES["regions"].once("en")
    assert boxes(ax) == [(0, 0, 7, 9), (0, 0, 12, 12), (3, 3, 9, 9)]
    (ground,) = [p for p in ax.patches if mcolors.to_hex(p.get_facecolor()) == PALE]
    assert (*ground.get_xy(), ground.get_width(), ground.get_height()) == (-0.5, 6.5, 4, 6)
    assert ax.get_xlabel() == "If this many of 40 units had exactly one label"
    assert ax.get_ylabel().replace("\n", " ") == "This many could have two labels or more"


def test_the_scales_and_colours_of_regions_are_those_asked_for():
    ax = plotting.regions(PAIRS, total=40, reading=0, palette=["C0", "C1"], xlabel="One", ylabel="Several")
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("One", "Several")
    together, read = (mcolors.to_hex(each.get_facecolor()[0]) for each in ax.collections)
    assert (together, read) == (mcolors.to_hex("C0"), mcolors.to_hex("C1"))
    assert mcolors.same_color(ax.get_legend().get_patches()[0].get_facecolor(), "C0")
    bare = plotting.regions(PAIRS, total=40, palette=["C0"])
    assert mcolors.same_color(bare.collections[0].get_facecolor()[0], "C0")


def test_one_column_is_brought_out_and_read():
    ax = FIGURES["regions"].once("en")
    (read,) = [c for c in ax.collections if mcolors.to_hex(c.get_facecolor()[0]) == INK]
    assert len(read.get_paths()) == 2 and "If it were 0, then 7 to 12" in contents(ax)
    assert "If it were 3, then 9" in contents(plotting.regions(PAIRS, total=40, reading=3))
    margins = bounds.Margins(9, {"A": 4, "B": 6})
    pairs = tables.joint(
        margins, [bounds.Quantity("intersection", ("A", "B")), bounds.Quantity("pattern", ())]
    )
    assert boxes(plotting.regions(pairs, total=9)) == [(n, n, n - 1, n - 1) for n in range(1, 5)]


@pytest.mark.parametrize(
    "change, options, message",
    [
        (lambda d: d, {"total": 11}, "column 'asked': 12; expected a number from 0 to 11"),
        (lambda d: d, {"total": 0}, "total is 0: expected a whole number from 1"),
        (lambda d: d, {"reading": 1}, "reading is 1: expected one of 0, 3"),
        (lambda d: d + 0.5, {}, "column 'known': 0.5 is no count"),
        (lambda d: d.iloc[:0], {}, "data has no rows"),
        (lambda d: d[["one"]], {}, "data has the columns one; expected two counts"),
    ],
)
def test_pairs_that_are_none_are_refused(change, options, message):
    refused(plotting.regions, message, change(PAIRS), **{"total": 40} | options)


# Ranges


def test_ranges_are_shares_of_their_own_totals():
    ax = FIGURES["ranges"].once("en")
    said = [text.get_text() for text in ax.texts]
    assert said == ["8 of 40 (2 to 20)", "3 of 12 (3 to 9)", "12 of 12 (0 to 12)", "0 of 40 (0 to 10)"]
    assert [x for x, _ in marks(ax, "o")] == pytest.approx([0.2, 0.25, 1, 0])
    assert marks(ax, "|") == [(0.45, 0), (0, 3)]  # 0 is a count; where there is none is no mark
    wide, narrow = (bars(ax, fill) for fill in (SHADES[2], SHADES[4]))
    assert np.allclose([each[:2] for each in wide], [(0.05, 0.5), (0.25, 0.75), (0, 1), (0, 0.25)])
    assert np.allclose([each[:2] for each in narrow], [(0.15, 0.3), (0, 0.5), (1, 1), (0.025, 0.1)])
    assert [each[2] for each in wide] == pytest.approx([each[2] for each in narrow])
    assert ticks(ax)[0] == (0, "0%") and ticks(ax)[-1] == (1, "100%")


def test_ranges_are_drawn_in_the_order_and_the_colours_asked_for():
    ax = plotting.ranges(COUNTS, order=["placed", "LAW"], palette=["#ff0000", "#00ff00"])
    assert [text for _, text in ticks(ax, "y")] == ["placed", "LAW"]
    assert np.allclose([each[:2] for each in bars(ax, "#ff0000")], [(0, 1), (0.05, 0.5)])
    assert np.allclose([each[:2] for each in bars(ax, "#00ff00")], [(1, 1), (0.15, 0.3)])
    handles = [mcolors.to_hex(each.get_facecolor()) for each in ax.get_legend().get_patches()]
    assert handles == ["#ff0000", "#00ff00"]


def test_the_key_says_what_it_is_told():
    assert key(FIGURES["ranges"].once("en"))[-1] == "The article"
    ax = plotting.ranges(COUNTS, keys={"wide": "All universes"})
    assert key(ax) == ["All universes", "Slips, 95% of draws", "As published"]


@pytest.mark.parametrize(
    "column, value, message",
    [
        ("value", 1, "result 'LAW': 1 with 2 to 20 and 6 to 12; expected the value in the wide range"),
        ("slip_low", 13, "8 with 2 to 20 and 13 to 12"),
        ("total", 19, "20 exceeds the total, 19"),
        ("total", 0, "total is 0; expected a whole number from 1"),
        ("low", -1, "column 'low': -1 is no count"),
        ("result", "RES", "result 'RES' occurs before; expected once"),
    ],
)
def test_ranges_that_contradict_themselves_are_refused(column, value, message):
    data = COUNTS.astype({column: object})
    data.at[0, column] = value
    refused(plotting.ranges, message, data)
    refused(plotting.ranges, "41 exceeds the total, 40", COUNTS, reference={"LAW": 41})
    refused(plotting.ranges, "reference has ['SOC'], which are no results", COUNTS, reference={"SOC": 4})


# Shares


def test_a_bar_is_as_long_as_the_share_and_says_the_count():
    ax = FIGURES["shares"].once("en")
    assert [right for _, right, _ in bars(ax)] == pytest.approx([0.25, 1, 0.1, 0, 0.25, 0.25, 1, 0.5, 0.5])
    middles = [middle for *_, middle in bars(ax)]
    assert middles == sorted(middles) and [round(m) for m in middles] == [0] * 3 + [1] * 3 + [2] * 3
    said = ["3/12", "40/40", "10/100", "0/12", "10/40", "25/100", "12/12", "20/40", "50/100"]
    assert [text.get_text() for text in ax.texts] == said
    groups = [patch for patch in ax.patches if patch.get_zorder() >= 2]
    assert [bool(patch.get_hatch()) for patch in groups] == [True, False, False] * 3
    assert [mcolors.to_hex(patch.get_edgecolor()) for patch in groups[:2]] == [COLOURS[1], COLOURS[3]]
    assert key(ax) == ["Batch 1, title only", "Batch 3", "All"]


@pytest.mark.parametrize(
    "change, options, message",
    [
        (lambda d: d.assign(count=101), {}, "code 'SOC', group 1: count is 101, total is 12"),
        (lambda d: d.assign(total=0, count=0), {}, "count is 0, total is 0"),
        (lambda d: pd.concat([d, d]), {}, "code 'SOC', group 1 occurs before"),
        (lambda d: d.drop(index=4), {}, "code 'INS': no row for group 3; add it"),
        (lambda d: d, {"apart": [2]}, "apart has ['2'], which are no groups"),
        (lambda d: d, {"hue_order": [2]}, "hue_order holds 2"),
    ],
)
def test_bars_that_contradict_themselves_are_refused(change, options, message):
    refused(plotting.shares, message, change(BARS), **options)


# Prevalence


@settings(max_examples=30)
@given(st.integers(2, 4), st.lists(st.integers(0, 4), min_size=2, max_size=12))
def test_the_curves_are_the_coefficients(coders, yes):
    """Whatever the coders say: agreement and prevalence make alpha and AC1."""
    yes = [min(number, coders) for number in yes]
    assume(0 < sum(yes) < coders * len(yes))
    ratings = pd.DataFrame([[1] * n + [0] * (coders - n) for n in yes])
    case = {
        "code": "a",
        "coders": coders,
        "units": len(yes),
        "agreement": float(agreement.percent_agreement(ratings).value),
        "prevalence": sum(yes) / ratings.size,
        "alpha": float(agreement.alpha(ratings).value),
        "ac1": float(agreement.ac1(ratings).value),
    }
    for coefficient in ("alpha", "ac1"):
        wrong = pd.DataFrame([case | {coefficient: case[coefficient] - 0.5}])
        with pytest.raises(PlottingError) as found:
            plotting.prevalence(wrong)
        made = float(re.search(rf"{coefficient} is .* make it (-?[0-9.]+);", str(found.value))[1])
        assert made == pytest.approx(case[coefficient], abs=0.00051)


def curves(ax, dashed):
    return [
        line for line in ax.lines if len(line.get_xdata()) > 100 and (line.get_linestyle() == "--") == dashed
    ]


def test_a_case_lies_on_the_curve_of_its_agreement():
    ax = FIGURES["prevalence"].once("en")
    for marker, coefficient, dashed in (("s", "alpha", False), ("D", "ac1", True)):
        assert len(curves(ax, dashed)) == len({*zip(CASES["agreement"], CASES["given"])})
        assert sorted(marks(ax, marker)) == sorted(zip(CASES["prevalence"], CASES[coefficient]))
        for x, y in marks(ax, marker):
            heights = [np.interp(x, line.get_xdata(), line.get_ydata()) for line in curves(ax, dashed)]
            assert min(abs(height - y) for height in heights) < 0.01
    numbers = [text.get_text() for text in ax.texts]
    assert numbers == ["1", "2", "3", "4"]
    assert "1 Forty statements by hand: agreement 0.90, α 0.29" in [t.replace("\n", " ") for t in key(ax)]


def test_curves_are_drawn_in_the_order_and_the_colours_asked_for():
    ax = plotting.prevalence(CASES, values="given", order=["full", "rare"], palette=["C0", "C1"])
    said = [text.get_text() for text in ax.texts]
    assert said == ["1", "2"] and key(ax)[2].startswith("1 full") and key(ax)[3].startswith("2 rare")
    assert [x for x, _ in marks(ax, "s", "C0")] == pytest.approx([1 / 18, 0.3])
    colours = {mcolors.to_hex(line.get_color()) for line in ax.lines if len(line.get_xdata()) > 1}
    assert colours == {mcolors.to_hex("C0"), mcolors.to_hex("C1")} and len(marks(ax, "D", "C1")) == 2


def test_a_curve_goes_from_the_rarest_code_to_the_commonest():
    ax = plotting.prevalence(CASES.head(1), values="given")
    # With an agreement of 0.9, at least one code in twenty is a 1; by hand as in the sample:
    # alpha = 1 - (79 / 80) * 0.1 / (2 * 0.05 * 0.95), AC1 = (0.9 - 0.095) / 0.905.
    for dashed, end, middle in ((False, -0.0395, 0.8025), (True, 0.8895, 0.8)):
        (line,) = curves(ax, dashed)
        x, y = line.get_xdata(), line.get_ydata()
        assert (x[0], x[-1]) == pytest.approx((0.05, 0.95)) and (y[0], y[-1]) == pytest.approx(
            (end, end), abs=1e-3
        )
        assert np.interp(0.5, x, y) == pytest.approx(middle, abs=1e-3)


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"alpha": 0.9}, "alpha is 0.9, but agreement, prevalence and values make it 0.288"),
        ({"ac1": 0.5}, "ac1 is 0.5, but agreement, prevalence and values make it 0.884"),
        ({"prevalence": 1.0}, "prevalence is 1.0 of 80 values; expected both values to occur"),
        (
            {"prevalence": 0.99},
            "so rare a value leaves no room for so many disagreements: expected prevalence from 0.05",
        ),
        ({"agreement": 1.5}, "row 0, column 'agreement': 1.5; expected a number from 0 to 1"),
        ({"given": 1.5}, "column 'values': 1.5 is no count"),
        ({"alpha": 7.5}, "column 'alpha': 7.5; expected a number to 1"),
    ],
)
def test_a_case_that_cannot_be_is_refused(changes, message):
    refused(plotting.prevalence, message, CASES.head(1).assign(**changes), values="given")


def test_every_figure_in_units_of_the_data_is_tested_here():
    drawn = {name.split()[0].rstrip(",") for name in FIGURES}
    assert drawn >= DATA_UNITS
    assert {name for name in DATA_UNITS if not FIGURES[name].once("en").axison} == set()
