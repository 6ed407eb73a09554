"""The figure of who codes like whom: what it decides, refuses and puts on paper."""

import itertools

import pytest
from paper import contents
from samples.likeness import pairs

from embedgov import plotting
from embedgov.errors import PlottingError

pytestmark = pytest.mark.usefixtures("theme")
FIGURE = "likeness"


def test_like_coders_stand_together_and_every_share_is_told_twice(draw):
    told = contents(draw.once("en"))
    names = [text for text in told if text in "αβγδ"]
    assert {frozenset(names[:2]), frozenset(names[2:])} == {frozenset("αβ"), frozenset("γδ")}
    numbers = [text for text in told if text.isdecimal()]
    assert sorted(numbers) == sorted(["95", "55", "65", "70", "90"] * 2)
    assert "Nothing to compare" in told


def test_a_large_class_is_drawn_without_names():
    names = [f"name {i}" for i in range(60)]
    shares = {pair: 0.5 + (i % 50) / 100 for i, pair in enumerate(itertools.combinations(names, 2))}
    ax = plotting.likeness(pairs(shares))
    assert not any("name" in text for text in contents(ax))
    assert ax.images[0].get_array().shape == (60, 60)


def test_a_long_name_is_shortened():
    shares = {("a" * 200, "b"): 0.5, ("a" * 200, "c"): 0.5, ("b", "c"): 0.5}
    told = contents(plotting.likeness(pairs(shares)))
    assert any(text.startswith("aaa") and text.endswith("…") for text in told)


@pytest.mark.parametrize(
    "change, reason",
    [
        (lambda data: data.drop(index=2), "no row for coder_a 'α' and coder_b 'δ'"),
        (lambda data: data.assign(share=1.5), "expected a number from 0 to 1"),
    ],
)
def test_data_that_make_no_matrix_are_refused(change, reason):
    with pytest.raises(PlottingError, match=reason):
        plotting.likeness(change(pairs()))
