"""The register's and the selection's figures: what they decide, refuse and put on paper."""

import itertools
import re

import matplotlib.colors as mcolors
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.patches import Rectangle

from embedgov.errors import PlottingError
from embedgov.plotting import margin_bars
from embedgov.plotting.margin_bars import _MarginBars
from embedgov.plotting.palette import COLOURS, RULE
from embedgov.plotting.text import text_width
from embedgov_study.figures import selection_flow, tile_map, timeline
from embedgov_study.figures.selection_flow import _SelectionFlow
from embedgov_study.figures.tile_map import _TileMap
from embedgov_study.figures.timeline import _Timeline

from drawn import contents, texts
from samples import selection
from samples.selection import MARGINS, STEPS

pytestmark = pytest.mark.usefixtures("theme")

WIDTH = 395  # points, the Axes of a figure of the book


@pytest.fixture(scope="module")
def provinces():
    return selection.provinces()


@pytest.fixture(scope="module")
def milestones():
    return selection.milestones()


def rectangles(ax, fill):
    """Filled rectangles of a colour as (left, top, width, height)."""
    wanted = mcolors.to_hex(fill)
    return [
        (patch.get_x(), patch.get_y(), patch.get_width(), patch.get_height())
        for patch in ax.patches
        if isinstance(patch, Rectangle) and mcolors.to_hex(patch.get_facecolor()) == wanted
    ]


def test_a_dollar_sign_is_a_dollar_sign():
    named = STEPS.assign(label_en=["a $x$ b"] * 4)
    ax = selection_flow(named)
    found = [text for text in texts(ax) if text.get_text() == "a $x$ b"]
    assert len(found) == 4 and not any(text.get_parse_math() for text in found)


# Tile map

TILES = pd.DataFrame(
    {
        "province_id": ["AA", "AA", "BB", "BB", "CC", "CC"],
        "batch": [2, 3, 2, 3, 2, 3],
        "short_en": ["Aa", "Aa", "Bb", "Bb", "Cc", "Cc"],
        "tile_row": [3, 3, 3, 3, 4, 4],
        "tile_col": [2, 2, 3, 3, 2, 2],
        "designations": [2, 1, 0, 3, 0, 0],
    }
)


def test_tiles_stand_where_the_data_say_and_carry_their_totals():
    plan = _TileMap(TILES, None, "en")
    assert [(t.name, t.row, t.col, t.count, t.pale) for t in plan.tiles] == [
        ("Aa", 0, 0, 3, False),
        ("Bb", 0, 1, 3, False),
        ("Cc", 1, 0, 0, True),
    ]
    assert [text for text, _ in plan.key] == ["Batch 2 (2)", "Batch 3 (4)"]


def test_a_block_is_a_designation():
    ax = tile_map(TILES)
    for batch, expected in ((2, 2), (3, 4)):
        blocks = rectangles(ax, COLOURS[batch])
        assert len(blocks) == expected + 1  # and one in the key
        assert len(set(blocks)) == len(blocks)


def test_a_batch_brought_out_gives_the_numbers_and_the_only_colour():
    plan = _TileMap(TILES, 3, "en")
    assert [(t.count, t.pale) for t in plan.tiles] == [(1, False), (3, False), (0, True)]
    assert plan.colours == {2: RULE, 3: COLOURS[3]}
    assert [text for text, _ in plan.key] == ["Batch 3 (4)", "Other batches (2)"]
    ax = tile_map(TILES, batch=3)
    assert len(rectangles(ax, COLOURS[3])) == 4 + 1 and not rectangles(ax, COLOURS[2])


def test_the_real_map_has_the_numbers_of_the_programme(provinces):
    # 12 + 31 + 40 + 31 = 114 designations; 28 provincial units, 25 of them in batch 3.
    ax = tile_map(provinces)
    drawn = [len(rectangles(ax, COLOURS[batch])) - 1 for batch in (1, 2, 3, 4)]
    assert drawn == [12, 31, 40, 31]
    for batch, total, reached in ((None, 114, 28), (3, 40, 25)):
        counts = [tile.count for tile in _TileMap(provinces, batch, "en").tiles]
        assert (sum(counts), sum(count > 0 for count in counts)) == (total, reached)


def test_blocks_stay_inside_their_tile_below_the_name_and_beside_the_number():
    many = TILES.assign(designations=[30, 12, 0, 30, 0, 0])
    plan = _TileMap(many, None, "en")
    for tile in plan.tiles:
        for x, y, wide, high, _ in plan.blocks(tile, 100, 200, 55):
            assert 100 <= x and x + wide <= 155 - text_width("42", 12, "bold")
            assert 212 <= y and y + high <= 241 and wide > 0 and high > 0


def test_names_are_as_large_as_the_longest_allows():
    plan = _TileMap(TILES, None, "en")
    assert plan.name_size(55) == 10
    longer = _TileMap(TILES.replace({"short_en": {"Bb": "Heilongjiang"}}), None, "en")
    assert 7.5 <= longer.name_size(55) < 10
    assert text_width("Heilongjiang", longer.name_size(55)) < 55
    with pytest.raises(PlottingError, match="'Heilongjiang' does not fit a tile 30 points wide"):
        longer.name_size(30)


@pytest.mark.parametrize(
    "data, batch, message",
    [
        (TILES, 4, "batch is 4, but data['batch'] holds 2, 3"),
        (TILES.iloc[:0], None, "no rows"),
        (TILES.assign(batch=[2, 3, 2, 5, 2, 3]), None, "column 'batch': 5 is unknown"),
        (TILES.assign(batch=2), None, "province_id 'AA', batch 2 occurs before"),
        (TILES.iloc[:5], None, "province_id 'CC': no row for batch 3"),
        (TILES.assign(designations=-1), None, "column 'designations': -1 is no count"),
        (
            TILES.assign(tile_row=3, tile_col=[2, 2, 3, 3, 2, 2]),
            None,
            "province_id 'AA' and 'CC' both have tile_row 3, tile_col 2",
        ),
        (TILES.assign(tile_row=[3, 9, 3, 3, 4, 4]), None, "column 'tile_row': 3 and 9"),
    ],
)
def test_tile_map_refuses(data, batch, message):
    with pytest.raises(PlottingError, match=re.escape(message)):
        tile_map(data, batch=batch)


# Timeline


def milestone(start, end=None, kind="confirmation", batch=1, text="Event"):
    return {
        "milestone_id": f"{kind}{batch}{start}",
        "batch": batch,
        "kind": kind,
        "start": start,
        "end": end,
        "label_en": text,
        "label_zh": "事件",
    }


def marks(*rows, batch=None, language="en"):
    return _Timeline(pd.DataFrame(rows), batch, language)


@pytest.mark.parametrize(
    "start, end, days, dates",
    [
        ("2011", None, 365, "2011"),
        ("2012", None, 366, "2012"),  # a leap year
        ("2011", "2012", 731, "2011–2012"),
        ("2012-02", None, 29, "Feb 2012"),
        ("2015-12", None, 31, "Dec 2015"),
        ("2015-07", "2018-06", 1096, "Jul 2015–Jun 2018"),
        ("2019-03-25", None, 1, "25 Mar 2019"),
        ("2019-03-25", "2019-03-26", 2, "25 Mar 2019–26 Mar 2019"),
        ("2015-07", "2015", 184, "Jul 2015–2015"),
    ],
)
def test_a_mark_is_as_long_as_its_date_is_wide(start, end, days, dates):
    plan = marks(milestone(start, end), milestone("2010", batch=2))
    mark = next(mark for mark in plan.marks if mark.batch == 1)
    assert mark.end - mark.start == days and mark.dates == dates
    drawn = plan.x(mark.end, WIDTH) - plan.x(mark.start, WIDTH)
    year = plan.x(plan.first + 365, WIDTH) - plan.x(plan.first, WIDTH)
    assert drawn == pytest.approx(year * days / 365)


@pytest.mark.parametrize(
    "kind, start, end, uncertain",
    [
        ("confirmation", "2011", "2012", True),
        ("acceptance", "2015-09", "2015-10", True),
        ("confirmation", "2014-01", None, False),
        ("confirmation", "2019-03-25", None, False),
        ("experiment", "2015-07", "2018-06", False),  # it lasts; nothing is uncertain
        ("application", "2015-01", "2015-06", True),  # when it was opened
    ],
)
def test_what_happened_once_within_a_span_is_in_outline(kind, start, end, uncertain):
    plan = marks(milestone(start, end, kind))
    assert plan.marks[0].uncertain == uncertain
    assert any(style.get("hatch") for _, style in plan.key) == uncertain


def test_chinese_dates():
    plan = marks(milestone("2015-07", "2018-06"), language="zh")
    assert plan.marks[0].dates == "2015年7月至2018年6月"
    assert marks(milestone("2019-03-25"), language="zh").marks[0].dates == "2019年3月25日"


def test_rows_are_batches_and_the_one_brought_out_has_a_lane_for_each_milestone(milestones):
    plan = _Timeline(milestones, 3, "en")
    assert [batch for batch, _, _ in plan.rows(WIDTH)] == [1, 2, 3, 4]
    assert [[mark.kind for mark in lane] for lane in plan.lanes(3, WIDTH)] == [
        ["application"],
        ["confirmation"],
        ["experiment"],
        ["acceptance"],
    ]
    assert len(plan.lanes(1, WIDTH)) == 1
    ax = timeline(milestones, batch=3)
    said = contents(ax)
    assert "Batch 3 experiment, Jul 2015–Jun 2018" in said
    assert not any("Batch 1 " in text for text in said)
    assert len(rectangles(ax, COLOURS["experiment"])) == 2  # the bar and the key
    assert not rectangles(ax, RULE) == []  # the other batches turn grey


def test_drawn_bars_lie_on_one_scale_of_time(milestones):
    ax = timeline(milestones)
    (experiment, _), (acceptance, _) = (
        sorted(rectangles(ax, COLOURS[kind]), key=lambda box: box[1]) for kind in ("experiment", "acceptance")
    )
    # July 2015 to June 2018 is 1096 days, the five months to December 153, and December 31.
    assert experiment[2] / acceptance[2] == pytest.approx(1096 / 31)
    assert acceptance[0] - experiment[0] == pytest.approx(experiment[2] * (1096 + 153) / 1096)


def test_policies_run_through_all_rows_and_are_labelled(milestones):
    ax = timeline(milestones, language="zh")
    lines = [box for box in rectangles(ax, COLOURS["policy"]) if box[3] > 100]
    assert len(lines) == 2
    assert {"党的十八大", "2012年11月", "党的十九大", "2017年10月"} <= set(contents(ax))


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(st.integers(2008, 2024), st.integers(1, 12), st.integers(1, 40)),
        min_size=1,
        max_size=8,
    )
)
def test_labels_of_policies_never_meet_each_other_or_another_line(events):
    rows = [
        milestone(f"{year}-{month:02}", None, "policy", None, "o" * length) | {"milestone_id": f"P{i}"}
        for i, (year, month, length) in enumerate(events)
    ]
    plan = marks(*rows)
    boxes = []
    for mark, level in zip(plan.policies, plan.levels(WIDTH)):
        left = plan.x(mark.start, WIDTH)
        right = plan.x(mark.end, WIDTH) + max(text_width(line, 9) for line in plan.flag(mark))
        assert right <= WIDTH
        boxes.append((left, right, level))
    for (left, right, level), (other_left, _, other_level) in itertools.permutations(boxes, 2):
        if left <= other_left < right and (left, level) != (other_left, other_level):
            assert level > other_level or left == other_left
    assert len(set((left, level) for left, _, level in boxes)) == len(boxes)


def test_text_beside_a_mark_is_kept_whole_and_inside():
    text = "a long label that says a good deal about what was done at that time by everyone"
    rows = [milestone(f"{year}-05", text=text) for year in (2010, 2013, 2016)]
    plan = marks(*rows, batch=1)
    for mark in plan.marks:
        x, align, lines = plan.note(mark, WIDTH)
        assert " ".join(lines) == f"{text}, {mark.dates}"
        widest = max(text_width(line, 9) for line in lines)
        left, right = (x, x + widest) if align == "left" else (x - widest, x)
        assert plan.gutter <= left + 1 and right <= WIDTH + 1
        assert right < plan.x(mark.start, WIDTH) or left > plan.x(mark.end, WIDTH)


@pytest.mark.parametrize(
    "rows, batch, message",
    [
        ([milestone("2015")], 3, "batch is 3, but data['batch'] holds 1"),
        ([milestone("2015-13")], None, "column 'start': '2015-13' is no date; expected YYYY"),
        ([milestone("July 2015")], None, "column 'start': 'July 2015' is no date"),
        ([milestone("2015", "then")], None, "column 'end': 'then' is no date"),
        ([milestone("2015-07", "2015-06")], None, "start is '2015-07', end is '2015-06'"),
        ([milestone("2015", kind="party")], None, "column 'kind': 'party' is unknown"),
        ([milestone("2015", batch=9)], None, "column 'batch': 9 is unknown"),
        ([milestone("2015", kind="policy")], None, "kind is 'policy', batch is 1"),
        ([milestone("2015", batch=None)], None, "kind is 'confirmation', batch is"),
        ([milestone("2015")] * 2, None, "milestone_id 'confirmation12015' occurs before"),
        ([milestone("2015", text="")], None, "column 'label_en': the value is missing"),
    ],
)
def test_timeline_refuses(rows, batch, message):
    with pytest.raises(PlottingError, match=re.escape(message)):
        timeline(pd.DataFrame(rows).astype({"batch": object}), batch=batch)


# Selection flow


def test_steps_stand_in_order_with_their_counts():
    plan = _SelectionFlow(STEPS, "en")
    assert [step.kept for step in plan.steps] == ["114", "40", "37", "12"]
    assert [step.left_out for step in plan.steps] == [None, "74 left out", "3 left out", "25 left out"]
    ax = selection_flow(STEPS)
    heights = {text.get_text(): text.get_position()[1] for text in texts(ax)}
    order = ["114", "74 left out", "40", "3 left out", "37", "25 left out", "12"]
    assert sorted(order, key=heights.get) == order


def test_a_missing_count_is_a_question_mark_and_never_zero():
    unknown = STEPS.assign(kept=[114, 40, None, 12], left_out=[None, 74, None, None])
    said = contents(selection_flow(unknown))
    assert said.count("?") == 1 and said.count("? left out") == 2
    assert not any(re.match("0|nan|None", text) for text in said)
    none_left = STEPS.assign(kept=[40, 40, 40, 12], left_out=[None, 0, 0, 28])
    assert contents(selection_flow(none_left)).count("0 left out") == 2


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("width", [252, WIDTH, 700])
def test_no_word_of_a_step_is_lost_and_every_line_fits(language, width):
    plan = _SelectionFlow(STEPS, language)
    box, _, wide = plan.columns(width)
    for step, (_, row) in zip(plan.steps, STEPS.iterrows()):
        lines = plan.label_lines(step, width)
        assert "".join(" ".join(lines).split()) == "".join(row[f"label_{language}"].split())
        assert all(text_width(line, 10) < box for line in lines)
        said = [row[f"{which}_{language}"] for which in ("known", "unknown")]
        said = [text for text in said if pd.notna(text)]
        for (_, lines, _), text in zip(plan.notes(step, width), said, strict=True):
            assert "".join(" ".join(lines).split()) == "".join(text.split())
            assert all(text_width(line, 9) < wide for line in lines)


def test_what_is_unknown_has_a_dashed_frame_and_what_is_known_has_none():
    ax = selection_flow(STEPS)
    dashed = [p for p in ax.patches if isinstance(p, Rectangle) and p.get_linestyle() != "-"]
    dashed = [p for p in dashed if p.get_linestyle() != "solid"]
    assert len(dashed) == 3  # three of the four steps have something unknown
    assert contents(ax).count("Unknown") == 3 and contents(ax).count("Known") == 3


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_text_of_a_flow_lies_in_its_box_or_clear_of_all(language):
    ax = selection_flow(STEPS, language=language)
    ax.figure.draw_without_rendering()
    boxes = [p.get_window_extent() for p in ax.patches if isinstance(p, Rectangle)]
    inside = 0
    for text in texts(ax):
        line = text.get_window_extent().shrunk(1, 0.7)
        met = [box for box in boxes if box.overlaps(line)]
        assert len(met) <= 1, text
        for box in met:
            assert box.x0 <= line.x0 and line.x1 <= box.x1, text
            assert box.y0 <= line.y0 and line.y1 <= box.y1, text
        inside += len(met)
    assert inside == len(texts(ax)) - 3  # all but what is left out at the three arrows


def test_boxes_do_not_meet():
    ax = selection_flow(STEPS)
    boxes = sorted(
        (
            (p.get_x(), p.get_y(), p.get_x() + p.get_width(), p.get_y() + p.get_height())
            for p in ax.patches
            if isinstance(p, Rectangle)
        )
    )
    for (a, b, c, d), (e, f, g, h) in itertools.combinations(boxes, 2):
        assert c <= e or g <= a or d <= f or h <= b


@pytest.mark.parametrize(
    "change, message",
    [
        (
            {"left_out": [None, 73, 3, 25]},
            "step 'batch': kept is 40 and left_out 73, together 113; the step before kept 114",
        ),
        ({"left_out": [2, 74, 3, 25]}, "step 'register': left_out is 2, but no step comes before"),
        ({"kept": [114, None, 37, 38], "left_out": None}, "step 'described': kept is 38, more than the 37"),
        ({"kept": [114, 40, -1, 12]}, "row 2, column 'kept': -1 is no count"),
        ({"step": ["a", "b", "b", "c"]}, "step 'b' occurs before"),
        ({"label_en": ["a", None, "b", "c"]}, "row 1, column 'label_en': the value is missing"),
    ],
)
def test_selection_flow_refuses(change, message):
    with pytest.raises(PlottingError, match=re.escape(message)):
        selection_flow(STEPS.assign(**change))


# Margin bars


def test_bars_share_one_scale_and_are_never_stacked():
    ax = margin_bars(MARGINS, total=40)
    tracks = sorted(rectangles(ax, "#f1f4f6"), key=lambda box: box[1])
    assert len(tracks) == 4
    bars = {
        code: next(
            p
            for p in ax.patches
            if mcolors.to_hex(p.get_edgecolor()) == COLOURS[code] and p.get_height() > 10
        )
        for code in MARGINS["code"]
    }
    assert len({bar.get_x() for bar in bars.values()}) == 1
    assert len({bar.get_y() for bar in bars.values()}) == 4
    for (_, _, whole, _), code, count in zip(tracks, MARGINS["code"], MARGINS["count"]):
        assert bars[code].get_width() / whole == pytest.approx(count / 40)
    patterns = [bars[code].get_hatch() for code in MARGINS["code"]]
    assert patterns[0] is None and patterns[1] and patterns[1:] == [patterns[1]] * 3


@pytest.mark.parametrize("language", ["en", "zh"])
def test_texts_and_bars_stay_clear_of_each_other(language):
    long = MARGINS.assign(**{f"label_{language}": 12 * "治理 zone "})
    ax = margin_bars(long, total=40, language=language)
    ax.figure.draw_without_rendering()
    bars = [p.get_window_extent() for p in ax.patches if p.get_height() > 10]
    for text in texts(ax):
        line = text.get_window_extent().shrunk(1, 0.7)
        assert not any(bar.overlaps(line) for bar in bars), text


def test_the_whole_fills_the_width():
    ax = margin_bars(MARGINS.assign(count=[40, 18, 11, 13]), total=40)
    whole = max(width for _, _, width, _ in rectangles(ax, COLOURS["SOC"]))
    assert whole == pytest.approx(ax.get_xlim()[1], rel=0.01)


def test_counts_and_shares_are_printed():
    assert [bar.value for bar in _MarginBars(MARGINS, 40, "en").bars] == [
        "37 of 40 (92.5%)",
        "18 of 40 (45.0%)",
        "11 of 40 (27.5%)",
        "13 of 40 (32.5%)",
    ]
    said = contents(margin_bars(MARGINS, total=40, language="zh"))
    assert "37/40（92.5%）" in said and {"任一方面的特征", "主要方向"} <= set(said)


def test_each_basis_has_its_own_pattern():
    three = MARGINS.assign(basis_en=["a few", "b", "c", "a few"])
    plan = _MarginBars(three, 40, "en")
    looks = [(style["facecolor"] == style["edgecolor"], style.get("hatch")) for _, style in plan.key]
    assert [text for text, _ in plan.key] == ["A few", "B", "C"] and len(set(looks)) == 3


def test_a_count_of_none_has_no_bar_but_its_number():
    ax = margin_bars(MARGINS.assign(count=[0, 18, 11, 13]), total=40)
    assert "0 of 40 (0.0%)" in contents(ax)
    assert not rectangles(ax, COLOURS["SOC"])


@pytest.mark.parametrize("total", [1, 2, 7, 37, 40, 114, 999])
def test_the_scale_ends_at_the_total(total):
    ticks = _MarginBars(MARGINS.assign(count=1), total, "en").ticks
    assert ticks[0] == 0 and ticks[-1] == total and ticks == sorted(set(ticks))
    assert 2 <= len(ticks) <= 8


@pytest.mark.parametrize(
    "change, total, message",
    [
        ({}, 36, "code 'SOC': count is 37, total is 36"),
        ({}, 0, "total is 0: expected a whole number from 1"),
        ({}, 40.5, "total is 40.5: expected a whole number from 1"),
        ({"count": [37, -18, 11, 13]}, 40, "row 1, column 'count': -18 is no count"),
        ({"code": ["SOC", "LAW", "INT", "ENV"]}, 40, "column 'code': 'ENV' is unknown"),
        ({"code": ["SOC", "LAW", "LAW", "PRO"]}, 40, "code 'LAW', basis_en 'Main direction' occurs before"),
        ({"basis_en": ["a", "b", "c", "d"]}, 40, "data['basis_en'] holds 4 values (a, b, c, d)"),
    ],
)
def test_margin_bars_refuse(change, total, message):
    with pytest.raises(PlottingError, match=re.escape(message)):
        margin_bars(MARGINS.assign(**change), total=total)
