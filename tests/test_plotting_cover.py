"""The cover: what it counts, refuses and puts on paper."""

from collections import Counter

import matplotlib.colors as mcolors
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.patches import Rectangle

from figure_laws import (  # noqa: F401  (the tests among them run here)
    contents,
    test_texts_are_large_enough_apart_and_on_the_paper,
    test_texts_follow_the_language,
    test_every_glyph_is_there,
    test_another_language_is_refused,
    test_axes_are_made_or_used_and_returned,
    test_axes_that_are_too_low_are_refused,
    test_svg_files_are_the_same_at_every_run,
    test_a_missing_column_is_named,
)

from embedgov import plotting
from embedgov.errors import PlottingError
from embedgov.plotting import cover
from embedgov.plotting.cover import _PARTS, _Cover
from embedgov.plotting.palette import COLOURS, DIMENSIONS, PAPER, RULE

NAMES = {
    "outside": ("Another batch", "其他批次"), "SUB": ("Subject", "主体"),
    "INS": ("Institution", "制度"), "RES": ("Resource", "资源"), "TEC": ("Technique", "技术"),
    "sample": ("Not described", "未论述"), "left out": ("Left out, not named", "未纳入，未列名"),
}  # fmt: skip


def parts(*counts):
    """Rows of (batch, part, count); by default those of the programme and the study."""
    rows = counts or (
        (1, "outside", 12), (2, "outside", 31), *((3, code, 3) for code in DIMENSIONS),
        (3, "sample", 25), (3, "left out", 3), (4, "outside", 31),
    )  # fmt: skip
    return pd.DataFrame({
        "batch": [batch for batch, _, _ in rows], "part": [part for _, part, _ in rows],
        "label_en": [NAMES[part][0] for _, part, _ in rows],
        "label_zh": [NAMES[part][1] for _, part, _ in rows],
        "count": [count for _, _, count in rows],
    })  # fmt: skip


@pytest.fixture(autouse=True, scope="module")
def _theme():
    plotting.set_theme()


@pytest.fixture
def draw():
    def draw(**options):
        return cover(options.pop("data", parts()), **options)

    draw.once = lambda language: draw(language=language)
    draw.smallest = 9
    return draw


def tiles(ax):
    """Every tile as (left edge, upper edge, colour), without the handles of the key."""
    squares = [
        patch for patch in ax.patches
        if isinstance(patch, Rectangle) and patch.get_width() == pytest.approx(patch.get_height())
    ]  # fmt: skip
    return [
        (round(patch.get_x(), 1), round(patch.get_y(), 1), mcolors.to_hex(patch.get_facecolor()))
        for patch in squares
    ]


def test_there_is_a_tile_for_every_designation_in_the_colour_of_its_part(draw):
    colours = Counter(fill for _, _, fill in tiles(draw()))
    assert colours == {
        RULE: 74, COLOURS[3]: 25, PAPER: 3, **{COLOURS[code]: 3 for code in DIMENSIONS}
    }  # fmt: skip


def test_the_cases_of_a_dimension_share_a_row(draw):
    for code in DIMENSIONS:
        assert len({y for _, y, fill in tiles(draw()) if fill == COLOURS[code]}) == 1


def test_the_counts_are_sums_of_the_tiles(draw):
    texts = contents(draw())
    assert [text for text in texts if text.isdigit()] == ["114", "40", "37", "12"]
    told = draw(data=parts((2, "outside", 5), (4, "RES", 2), (4, "left out", 7)))
    assert [text for text in contents(told) if text.isdigit()] == ["14", "9", "2", "2"]


def test_lines_are_as_long_as_the_columns_that_their_tiles_fill(draw):
    lines = [line.get_xdata() for line in draw().lines]
    long = [end - start for start, end in lines[1:]]
    step = (long[0] - long[2]) / 7  # 40 tiles fill 10 columns, 12 fill 3
    assert long[1] == pytest.approx(long[2] + (37 - 12) / 4 * step)


def test_batches_and_parts_that_do_not_occur_are_left_out(draw):
    texts = contents(draw(data=parts((2, "outside", 5), (3, "INS", 4))))
    assert {"Batch 2", "Batch 3", "Institution"} <= set(texts)
    assert not {"Batch 1", "Batch 4", "Subject", "Another batch", "Not described"} & set(texts)


@given(st.lists(st.integers(0, 30), min_size=6, max_size=6).filter(any))
def test_no_tile_is_lost(counts):
    data = parts(*((3, part, n) for part, n in zip(_PARTS[1:], counts)), (1, "outside", 7))
    plan = _Cover(data, "en")
    assert Counter(plan.tiles[3]) == Counter(dict(zip(_PARTS[1:], counts)))
    assert plan.total == sum(counts) + 7


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([(3, "SUB", 3), (4, "sample", 2)], "parts of the study in 2 batches; expected one"),
        ([(3, "outside", 3)], "parts of the study in 0 batches"),
        ([(3, "SUB", 3), (3, "outside", 2)], "batch 3 has tiles outside the study: 2"),
        ([(3, "SUB", 3), (3, "SUB", 3)], "occurs before"),
        ([(3, "SUB", 2.5)], "no count"),
        ([(5, "SUB", 3)], "5"),
        ([(3, "SUB", 0)], "no tile in batch 3"),
    ],
)
def test_what_cannot_be_drawn_rightly_is_refused(draw, rows, message):
    with pytest.raises(PlottingError, match=message):
        draw(data=parts(*rows))
