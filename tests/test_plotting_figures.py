"""The register's and the selection's figures: what they decide, refuse and put on paper."""

import itertools
import re
from datetime import date

import matplotlib.pyplot as plt
import pandas as pd
import paper
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paper import contents, text_artists
from samples import selection
from samples.selection import STEPS

from embedgov.errors import PlottingError
from embedgov.plotting.palette import PALE, PAPER, RULE
from embedgov_study.figures import selection_flow, tile_map, timeline
from embedgov_study.figures.labels import label
from embedgov_study.palette import COLOURS

pytestmark = pytest.mark.usefixtures("theme")


@pytest.fixture(scope="module")
def provinces():
    return selection.provinces()


@pytest.fixture(scope="module")
def milestones():
    return selection.milestones()


def test_a_dollar_sign_is_a_dollar_sign():
    named = STEPS.assign(label_en=["a $x$ b"] * 4)
    ax = selection_flow(named)
    found = [text for text in text_artists(ax) if text.get_text() == "a $x$ b"]
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


def tiles(ax):
    """Each tile by the name on it, with the texts of its name and its number."""
    found, texts = {}, paper.texts(ax)
    for tile in paper.patches(ax):
        said = [text for text in texts if tile.holds(text)]
        if said:
            *names, number = sorted(said, key=lambda text: text.text.isdigit())
            found[" ".join(name.text for name in names)] = tile, names[-1], number
    return found


def numbers(ax):
    """The number on each tile, and whether it is strong."""
    return {name: (number.text, number.bold) for name, (_, _, number) in tiles(ax).items()}


def blocks(ax, fill):
    return paper.patches(ax, fill, key=False)


def key(ax):
    """Texts of the key with the colours of their handles."""
    return [(text, handle.fill) for text, handle in paper.key(ax)]


def test_tiles_stand_where_the_data_say_and_carry_their_totals():
    ax = tile_map(TILES)
    assert numbers(ax) == {"Aa": ("3", True), "Bb": ("3", True), "Cc": ("0", False)}
    first, beside, below = (tiles(ax)[name][0] for name in ("Aa", "Bb", "Cc"))
    assert (first.top, first.left) == pytest.approx((beside.top, below.left))
    assert first.right < beside.left and first.bottom < below.top
    whole = paper.frame(ax)  # filled: the first row and column of the data are the map's first
    assert (first.left, beside.right, below.bottom) == pytest.approx(
        (whole.left, whole.right, whole.bottom), abs=1
    )
    assert first.fill == beside.fill == PALE and (below.fill, below.edge) == (PAPER, RULE)
    assert key(ax) == [("Batch 2 (2)", COLOURS[2]), ("Batch 3 (4)", COLOURS[3])]


def test_a_block_is_a_designation():
    ax = tile_map(TILES)
    for batch, expected in ((2, 2), (3, 4)):
        found = blocks(ax, COLOURS[batch])
        assert len(found) == len(set(found)) == expected


def test_a_batch_brought_out_gives_the_numbers_and_the_only_colour():
    ax = tile_map(TILES, batch=3)
    assert numbers(ax) == {"Aa": ("1", True), "Bb": ("3", True), "Cc": ("0", False)}
    assert [len(blocks(ax, fill)) for fill in (COLOURS[2], RULE, COLOURS[3])] == [0, 2, 4]
    assert key(ax) == [("Batch 3 (4)", COLOURS[3]), ("Other batches (2)", RULE)]


def test_the_real_map_has_the_numbers_of_the_programme(provinces):
    # 12 + 31 + 40 + 31 = 114 designations; 28 provincial units, 25 of them in batch 3.
    ax = tile_map(provinces)
    assert [len(blocks(ax, COLOURS[batch])) for batch in (1, 2, 3, 4)] == [12, 31, 40, 31]
    for batch, total, reached in ((None, 114, 28), (3, 40, 25)):
        counts = [int(text) for text, _ in numbers(tile_map(provinces, batch=batch)).values()]
        assert (sum(counts), sum(count > 0 for count in counts)) == (total, reached)


SEVEN = TILES.assign(tile_col=[2, 2, 8, 8, 2, 2])  # columns, so that a tile is 54 points wide


def test_blocks_stay_inside_their_tile_below_the_name_and_beside_the_number():
    ax = tile_map(SEVEN.assign(designations=[30, 12, 0, 30, 0, 0]))
    every = blocks(ax, COLOURS[2]) + blocks(ax, COLOURS[3])
    counted = {}
    for tile, name, number in tiles(ax).values():
        own = [block for block in every if tile.holds(block, 0)]
        counted[name.text] = len(own)
        for block in own:
            assert block.top >= name.bottom and block.right <= number.left
            assert block.width > 0 and block.height > 0
    assert counted == {"Aa": 42, "Bb": 30, "Cc": 0} and len(every) == 42 + 30


def test_a_name_wider_than_its_tile_is_broken_after_a_syllable():
    longer = SEVEN.replace({"short_en": {"Bb": "Heilongjiang"}})
    low, broken = tiles(tile_map(SEVEN)), tiles(tile_map(longer))
    assert set(low) == {"Aa", "Bb", "Cc"} and set(broken) == {"Aa", "Heilong- jiang", "Cc"}
    assert broken["Aa"][0].height == pytest.approx(low["Aa"][0].height + 11.5)
    tile, name, number = broken["Heilong- jiang"]
    assert tile.holds(name, 0) and name.bottom <= number.top
    with pytest.raises(PlottingError, match="'Heilongjiang' does not fit a tile 2. points wide"):
        tile_map(longer.assign(tile_col=[2, 2, 16, 16, 2, 2]))


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


def bars(ax, kind):
    """Bars in the colour of a kind of milestone, or in outline."""
    found = paper.patches(ax, key=False)
    return [each for each in found if COLOURS[kind] in (each.fill, each.edge)]


def names(ax, pattern="Batch [1-4]"):
    """Names of the batches."""
    return {each.text: each for each in paper.texts(ax) if re.fullmatch(pattern, each.text)}


def notes(ax):
    return [each.text for each in paper.paragraphs(ax)]


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
    wide = plt.subplots(figsize=(100, 2))[1]  # so that a day is wider than the thinnest mark
    rows = [milestone("2010", kind="application"), milestone(start, end)]
    ax = timeline(pd.DataFrame(rows), batch=1, ax=wide)
    assert f"Event, {dates}" in notes(ax)
    first, last = date(2010, 1, 1), date(int((end or start)[:4]) + 1, 1, 1)
    years = sorted(line.x for line in paper.lines(ax) if line.width < 0.01)
    assert len(years) == last.year - first.year + 1
    day = (years[-1] - years[0]) / (last - first).days
    (bar,) = bars(ax, "confirmation")
    begins = date.fromisoformat(f"{start}-01-01"[:10]) - first
    assert bar.width == pytest.approx(day * days, abs=0.01)
    assert bar.left == pytest.approx(years[0] + day * begins.days, abs=0.01)


def test_the_shortest_mark_is_seen():
    (bar,) = bars(timeline(pd.DataFrame([milestone("2019-03-25")])), "confirmation")
    assert 1.5 < bar.width < 3


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
    ax = timeline(pd.DataFrame([milestone(start, end, kind)]))
    (bar,) = bars(ax, kind)
    assert bool(bar.hatch) == uncertain and (bar.fill == PAPER) == uncertain
    handles = dict(paper.key(ax))
    assert ("Some time within this span" in handles) == uncertain
    assert [handle.hatch for handle in handles.values() if handle.hatch] == [bar.hatch] * uncertain


def test_chinese_dates():
    def zh(*dates):
        ax = timeline(pd.DataFrame([milestone(*dates)]), batch=1, language="zh")
        return [text.replace(" ", "") for text in notes(ax)]  # where a line was broken

    assert "事件，2015年7月至2018年6月" in zh("2015-07", "2018-06")
    assert "事件，2019年3月25日" in zh("2019-03-25")


def test_rows_are_batches_and_the_one_brought_out_has_a_lane_for_each_milestone(milestones):
    ax = timeline(milestones, batch=3)
    first, second, third, fourth = names(ax).values()
    assert list(names(ax)) == [f"Batch {batch}" for batch in (1, 2, 3, 4)]
    lanes = [
        bar.y
        for kind in ("application", "confirmation", "experiment", "acceptance")
        for bar in bars(ax, kind)
    ]
    assert len(set(lanes)) == 4 and lanes == sorted(lanes)
    assert second.bottom < third.y == pytest.approx(lanes[0], abs=3) and lanes[3] < fourth.top
    # The other batches turn grey, each with a single lane.
    grey = [each for each in paper.patches(ax, key=False) if RULE in (each.fill, each.edge)]
    rows = {min((first, second, fourth), key=lambda name: abs(name.y - each.y)) for each in grey}
    assert len(rows) == len({each.y for each in grey}) == 3
    assert "Batch 3 experiment, Jul 2015–Jun 2018" in notes(ax)
    assert not any("Batch 1 " in text for text in notes(ax))
    assert ("Experiment", COLOURS["experiment"]) in key(ax)


def test_drawn_bars_lie_on_one_scale_of_time(milestones):
    ax = timeline(milestones)
    (experiment,), (acceptance,) = (
        [bar for bar in bars(ax, kind) if bar.fill == COLOURS[kind]]  # in outline: when is not known
        for kind in ("experiment", "acceptance")
    )
    # July 2015 to June 2018 is 1096 days, the five months to December 153, and December 31.
    assert experiment.width / acceptance.width == pytest.approx(1096 / 31)
    assert acceptance.left - experiment.left == pytest.approx(experiment.width * (1096 + 153) / 1096)


def test_policies_run_through_all_rows_and_are_labelled(milestones):
    ax = timeline(milestones, language="zh")
    lines = paper.patches(ax, COLOURS["policy"])
    rows = names(ax, "第.批").values()
    assert len(lines) == 2 and len(rows) == 4
    for line in lines:
        assert line.top < min(row.top for row in rows)
        assert line.bottom > max(row.bottom for row in rows)
    assert {"党的十八大", "2012年11月", "党的十九大", "2017年10月"} <= set(contents(ax))


@settings(max_examples=30)
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
    ax = timeline(pd.DataFrame(rows))
    lines = paper.patches(ax, COLOURS["policy"])
    labels = [each for each in paper.texts(ax) if not each.text.isdigit()]
    kept = sum(len(each.text) for each in labels if set(each.text) == {"o"})
    assert kept == sum(length for _, _, length in events)
    for one in labels:
        assert paper.sheet(ax).holds(one)
        assert any(0 < one.left - line.right < 5 and line.top < one.top for line in lines)
        assert not any(line.meets(one) for line in lines)
    for one, other in itertools.combinations(labels, 2):
        assert not one.meets(other)
    plt.close("all")


def test_text_beside_a_mark_is_kept_whole_and_inside():
    text = "a long label that says a good deal about what was done at that time by everyone"
    rows = [milestone(f"{year}-05", text=text) for year in (2010, 2013, 2016)]
    ax = timeline(pd.DataFrame(rows), batch=1)
    beside = [each for each in paper.paragraphs(ax) if each.text.startswith("a long")]
    assert [each.text for each in beside] == [f"{text}, May {y}" for y in (2010, 2013, 2016)]
    (name,) = names(ax).values()
    for note, bar in zip(beside, sorted(bars(ax, "confirmation"), key=lambda bar: bar.y)):
        assert note.y == pytest.approx(bar.y, abs=3)
        assert name.right <= note.left and note.right <= paper.frame(ax).right + 1
        assert note.right < bar.left or note.left > bar.right


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
    said = [text.text for text in paper.texts(selection_flow(STEPS))]
    counts = [text for text in said if re.fullmatch(r"\d+( left out)?", text)]
    assert counts == ["114", "74 left out", "40", "3 left out", "37", "25 left out", "12"]


def test_a_missing_count_is_a_question_mark_and_never_zero():
    unknown = STEPS.assign(kept=[114, 40, None, 12], left_out=[None, 74, None, None])
    said = contents(selection_flow(unknown))
    assert said.count("?") == 1 and said.count("? left out") == 2
    assert not any(re.match("0|nan|None", text) for text in said)
    none_left = STEPS.assign(kept=[40, 40, 40, 12], left_out=[None, 0, 0, 28])
    assert contents(selection_flow(none_left)).count("0 left out") == 2


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("width", [252, 395, 700])
def test_no_word_of_a_step_is_lost_and_every_line_fits(language, width):
    ax = plt.subplots(figsize=(width / 72 + 0.12, 14))[1]
    selection_flow(STEPS, language=language, ax=ax)
    boxes = sorted(paper.patches(ax), key=lambda box: (box.left, box.top))
    texts = paper.texts(ax)
    said = ["".join(paper.inside(box, texts).split()) for box in boxes]
    heads = {
        "known": label("selection_flow.known", language),
        "unknown": label("selection_flow.unknown", language),
    }
    steps = STEPS.astype(object).to_dict("records")
    assert said == [
        "".join(text.split())
        for text in [
            *(f"{step['kept']}{step[f'label_{language}']}" for step in steps),
            *(
                head + step[f"{which}_{language}"]
                for step in steps
                for which, head in heads.items()
                if pd.notna(step[f"{which}_{language}"])
            ),
        ]
    ]


def test_what_is_unknown_has_a_dashed_frame_and_what_is_known_has_none():
    ax = selection_flow(STEPS)
    dashed = [box for box in paper.patches(ax) if box.dashed]
    # Three of the four steps have something unknown.
    heads = [paper.inside(box, paper.texts(ax)).split()[0] for box in dashed]
    assert heads == ["Unknown"] * 3
    assert contents(ax).count("Unknown") == 3 and contents(ax).count("Known") == 3


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_text_of_a_flow_lies_in_its_box_or_clear_of_all(language):
    ax = selection_flow(STEPS, language=language)
    boxes, said, inside = paper.patches(ax), paper.texts(ax), 0
    for text in said:
        met = [box for box in boxes if box.meets(text)]
        assert len(met) <= 1 and all(box.holds(text, 0) for box in met), text
        inside += len(met)
    assert inside == len(said) - 3  # all but what is left out at the three arrows


def test_boxes_do_not_meet():
    boxes = paper.patches(selection_flow(STEPS))
    assert len(boxes) == 4 + 3 + 3
    for box, other in itertools.combinations(boxes, 2):
        assert not box.meets(other, 0)


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
