"""What the tests of figures read back, on ordinary Axes of matplotlib."""

import matplotlib.pyplot as plt
import paper
import pytest
from matplotlib.collections import PatchCollection
from matplotlib.patches import Circle, Rectangle
from paper import contents


@pytest.fixture
def ax():
    """Two bars of 20 and 40 on a scale to 50, a mark, a circle and a legend."""
    ax = plt.subplots(figsize=(5, 3))[1]
    ax.barh([1, 0], [20, 40], height=0.5, color=["#0072b2", "#d55e00"], label="bars")
    ax.plot([30], [0.5], "s", color="black", label="mark")
    ax.set(xlim=(0, 50), xticks=range(0, 60, 10), yticks=[0, 1], yticklabels=["below", "above"])
    ax.legend(loc="upper right")
    return ax


def test_bars_lie_where_the_tick_labels_say(ax):
    (scale,), _ = paper.scales(ax)
    assert list(scale.ticks) == [0, 10, 20, 30, 40, 50]
    (above,), (below,) = (paper.patches(ax, fill, key=False) for fill in ("#0072b2", "#d55e00"))
    assert above.bottom < below.top and above.left == below.left
    assert scale.value(above.right) == pytest.approx(20)
    assert below.right == pytest.approx(scale.at(40))
    (mark,) = paper.dots(ax, key=False)
    assert mark.x == pytest.approx(scale.at(30)) and mark.y == pytest.approx((above.y + below.y) / 2)


def test_a_legend_is_a_key_and_no_bar(ax):
    handles = {text: handle.fill for text, handle in paper.key(ax)}
    assert handles == {"mark": "#000000", "bars": "#0072b2"}
    assert len(paper.patches(ax)) == len(paper.patches(ax, key=False)) + 1 == 3


def test_tick_labels_are_texts_unless_they_are_hidden(ax):
    assert {"below", "above", "50"} <= set(contents(ax))
    ax.set_xlim(0, 35)
    assert "40" not in contents(ax)
    ax.set_axis_off()
    assert set(contents(ax)) == {"bars", "mark"}


def test_collections_count_like_patches_and_circles_like_marks():
    ax = plt.subplots()[1]
    squares = [Rectangle((0.1, 0.1), 0.2, 0.2), Rectangle((0.6, 0.6), 0.2, 0.2)]
    ax.add_collection(PatchCollection(squares, facecolor="red", edgecolor="none"))
    ax.add_patch(
        Circle((0.5, 0.5), 0.1, facecolor="white", edgecolor="red", linewidth=1, linestyle=(0, (2, 1)))
    )
    lower, upper = paper.patches(ax, "red")
    assert lower.right < upper.left and lower.top > upper.bottom and lower.edge is None
    (circle,) = paper.dots(ax)
    assert circle.look == ("#ffffff", "#ff0000", None, True, "o") and not circle.meets(lower)
    assert paper.frame(ax).holds(circle) and paper.sheet(ax).holds(paper.frame(ax))


def test_lines_that_are_broken_are_joined():
    ax = plt.subplots()[1]
    for i, text in enumerate(("one line", "and another", "apart")):
        ax.text(0.1, 0.9 - 0.05 * i - 0.3 * (i == 2), text)
    joined = [each.text for each in paper.paragraphs(ax)]
    assert "one line and another" in joined and "apart" in joined
