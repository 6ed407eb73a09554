"""Claim tiles: what they decide, refuse and put on paper."""

import itertools
import re
from collections import Counter

import matplotlib.colors as mcolors
import matplotlib.pyplot as plt
import paper
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from paper import contents
from samples.claim_tiles import claims

from embedgov.errors import PlottingError
from embedgov.ledger import VERDICTS
from embedgov.plotting.palette import INK, MUTED, PAPER, RULE, SHADES
from embedgov_study.figures.labels import label
from embedgov_study.palette import COLOURS

pytestmark = pytest.mark.usefixtures("theme")
FIGURE = "claim_tiles"


LOOKS = {  # fill, edge, whether it is hatched, whether it is dashed
    "reproduced": (INK, INK, False, False),
    "replicated": (PAPER, INK, True, False),
    "announced": (PAPER, INK, True, False),
    "counted": (PAPER, INK, False, False),
    "bounded": (SHADES[2], INK, False, False),
    "differs": (PAPER, COLOURS["differs"], True, False),
    "not recoverable": (PAPER, MUTED, False, True),
    "interpretation": (RULE, RULE, False, False),
}


def tiles(ax):
    """Every tile in the order in which it is read, without the handles of the key."""
    found = paper.patches(ax, key=False)
    return paper.read(each for each in found if each.is_square)


def test_every_verdict_has_a_style_of_its_own_that_needs_no_colour(draw):
    data = claims()
    found = dict(zip(data["verdict"], tiles(draw(data=data))))
    assert set(found) == {*VERDICTS, "interpretation"}
    looks = {
        (tile.hatch, tile.dashed, *(round(lightness(each), 1) for each in (tile.fill, tile.edge)))
        for tile in found.values()
    }
    assert len(looks) == len(found)
    with pytest.raises(PlottingError) as refused:
        draw(data=data.assign(verdict="true"))
    assert {*str(refused.value).partition("expected one of ")[2].split(", ")} == set(found)


def lightness(colour):
    return sum(mcolors.to_rgb(colour)) / 3


def test_a_tile_for_each_claim_in_order_with_its_style(draw):
    data = claims()
    ax = draw(data=data)
    found, handles = tiles(ax), dict(paper.key(ax))
    assert len(found) == len(data)
    for tile, verdict in zip(found, data["verdict"]):
        assert (tile.fill, tile.edge, bool(tile.hatch), tile.dashed) == LOOKS[verdict]
        name = label(f"claim_tiles.{verdict.replace(' ', '_')}")
        assert handles[f"{name} ({sum(data['verdict'] == verdict)})"].look == tile.look


def test_a_ring_marks_each_claim_that_hangs_on_a_reading(draw):
    data = claims()
    ax = draw(data=data)
    rings = [(ring.x, ring.y) for ring in paper.dots(ax, "o", key=False)]
    at_corners = [
        any((tile.right, tile.top) == pytest.approx(ring, abs=1) for ring in rings) for tile in tiles(ax)
    ]
    assert at_corners == list(data["open"]) and len(rings) == data["open"].sum()
    assert dict(paper.key(ax))["Another reading changes the verdict"].marker == "o"
    settled = draw(data=data.assign(open=False))
    assert not paper.dots(settled)
    assert not any("reading" in text for text in contents(settled))


def test_parts_of_a_section_share_a_row_but_each_dimension_has_its_own(draw):
    ax = draw(data=claims(more=0))
    edge = paper.frame(ax).left + 1
    names = [each for each in paper.paragraphs(ax) if each.left < edge]
    counts = {name.text: sum(abs(tile.top - name.top) < 6 for tile in tiles(ax)) for name in names}
    assert counts == {
        "Title (1)": 1,
        "I The problem (1)": 1,
        "II Data and method (2)": 2,
        "III Cases: preamble (1)": 1,
        "III Cases: subject (2)": 2,
        "III Cases: technique (1)": 1,
        "IV Results and limits (1)": 1,
        "V Conclusion (1)": 1,
    }


def test_the_key_counts_what_there_is_and_names_nothing_else(draw):
    data = claims(more=0)
    data["verdict"] = "reproduced"
    data.loc[0, "verdict"] = "not recoverable"
    written = contents(draw(data=data.assign(open=False)))
    assert "Reproduced (9)" in written and "Not recoverable (1)" in written
    assert not any(text.startswith(("Differs", "Bounded", "Replicated")) for text in written)


@settings(max_examples=8)
@example(1)
@example(120)
@given(st.integers(1, 120))
def test_tiles_stay_on_the_paper_and_apart(draw, count):
    ax = draw(data=claims([*["2.1"] * count, "3.1"], 0))
    *section, after = tiles(ax)
    assert len(section) == count
    assert all(paper.frame(ax).holds(tile) for tile in section)
    for one, other in itertools.combinations(section, 2):
        assert not one.meets(other, 0)
    # Every line but the last is full, and the next section begins below them.
    *full, last = Counter(round(tile.y, 1) for tile in section).values()
    assert len(set(full)) <= 1 and last <= max([*full, 25])
    assert max(tile.bottom for tile in section) < after.top
    assert after.left == pytest.approx(section[0].left)
    plt.close("all")


@pytest.mark.parametrize(
    "change, message",
    [
        ({"verdict": "true"}, "'verdict': 'true' is unknown; expected one of reproduced"),
        ({"open": "yes"}, "'open': 'yes'; expected True or False"),
        ({"claim": "C1"}, "claim 'C1' occurs before"),
        ({"section": None}, "'section': the value is missing"),
        ({"section": "7.1"}, "'section': '7.1' is unknown; expected a section from 0 to 5"),
        ({"section": "10"}, "'section': '10' is unknown"),  # which is not the first
    ],
)
def test_what_cannot_be_drawn_is_refused(draw, change, message):
    with pytest.raises(PlottingError, match=re.escape(message)):
        draw(data=claims().assign(**change))
