"""The cover: what it counts, refuses and puts on paper."""

import itertools
from collections import Counter

import matplotlib.pyplot as plt
import paper
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paper import contents
from samples.cover import parts

from embedgov.errors import PlottingError
from embedgov.plotting.palette import PAPER, RULE
from embedgov_study.palette import COLOURS, DIMENSIONS

pytestmark = pytest.mark.usefixtures("theme")
FIGURE = "cover"


def tiles(ax):
    """Every tile, without the handles of the key."""
    found = paper.patches(ax, key=False)
    return [each for each in found if each.is_square]


def test_there_is_a_tile_for_every_designation_in_the_colour_of_its_part(draw):
    colours = Counter(tile.fill for tile in tiles(draw()))
    assert colours == {RULE: 74, COLOURS[3]: 25, PAPER: 3, **{COLOURS[code]: 3 for code in DIMENSIONS}}


def test_the_cases_of_a_dimension_share_a_row(draw):
    found = tiles(draw())
    for code in DIMENSIONS:
        assert len({round(tile.y, 1) for tile in found if tile.fill == COLOURS[code]}) == 1


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


@settings(max_examples=12)
@given(st.lists(st.integers(0, 30), min_size=6, max_size=6).filter(any))
def test_no_tile_is_lost(draw, counts):
    fills = {code: COLOURS[code] for code in DIMENSIONS}
    fills |= {"sample": COLOURS[3], "left out": PAPER}
    chosen = [(3, part, count) for part, count in zip(fills, counts)]
    others = [(batch, "outside", 25) for batch in (1, 2, 4)]
    ax = draw(data=parts(*others, *chosen).assign(label_en="tile"))
    found = tiles(ax)
    expected = Counter(dict(zip(fills.values(), counts))) + Counter({RULE: 75})
    assert Counter(tile.fill for tile in found) == expected
    assert not any(one.meets(other) for one, other in itertools.combinations(found, 2))
    assert str(sum(counts) + 75) in contents(ax)
    plt.close("all")


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
