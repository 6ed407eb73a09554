"""What holds for every figure."""

import io
import itertools
import re

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from figures import FIGURES
from paper import contents, text_artists

from embedgov import plotting
from embedgov.errors import PlottingError
from embedgov.plotting.theme import WIDTH
from embedgov_study import figures

NAMES = ("Krippendorff α", "Gwet AC1")  # in Latin letters in Chinese, too


@pytest.fixture(scope="module", params=FIGURES)
def draw(request, theme):
    return FIGURES[request.param]


def test_every_drawing_function_is_among_the_figures():
    others = {"FONT_FILES", "missing_glyphs", "require_glyphs", "reset_theme", "set_theme"}
    drawing = {
        getattr(module, name) for module in (plotting, figures) for name in set(module.__all__) - others
    }
    drawn = {figure.function for figure in FIGURES.values()}
    assert {function.__name__ for function in drawing - drawn} == set()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_texts_are_large_enough_apart_and_on_the_paper(draw, language):
    ax = draw.once(language)
    ax.figure.draw_without_rendering()
    point = ax.figure.dpi / 72
    size = ax.get_window_extent().size / point
    if ax.axison:
        ax.figure.draw_without_rendering()
        assert size == pytest.approx(ax.get_window_extent().size / point, abs=0.1), "layout moved"
    else:
        assert size == pytest.approx([ax.get_xlim()[1], ax.get_ylim()[0]], abs=0.1), "layout moved"
    paper = ax.figure.bbox.padded(0.5)
    boxes = []
    for text in text_artists(ax):
        assert text.get_fontsize() * 390 / WIDTH >= 10, text  # pixels on a phone
        box = text.get_window_extent()
        assert paper.containsx(box.x0) and paper.containsx(box.x1), text
        assert paper.containsy(box.y0) and paper.containsy(box.y1), text
        # The box of a line is as high as the tallest glyphs of the font, with room to spare.
        across = (0.7, 1) if text.get_rotation() else (1, 0.7)
        boxes.append((text.get_text(), box.shrunk(*across).padded(-0.2 * point)))
    assert len(boxes) > 5
    for (one, first), (other, second) in itertools.combinations(boxes, 2):
        assert not first.overlaps(second), (one, other)


def test_texts_follow_the_language(draw):
    english, chinese = contents(draw.once("en")), contents(draw.once("zh"))
    assert not any(re.search("[\u3400-\u9fff]", text) for text in english)
    assert not any(re.search("[A-Za-z]", text) for text in chinese if text not in NAMES)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_glyph_is_there(draw, language):
    plotting.require_glyphs(draw.once(language).figure)


def test_another_language_is_refused(draw):
    with pytest.raises(PlottingError, match="language is 'de': expected one of en, zh"):
        draw(language="de")


def test_axes_are_made_or_used_and_returned(draw):
    bystander = plt.subplots()[1]
    own = draw()
    assert own.figure is not bystander.figure and not bystander.has_data()
    assert own.figure.get_size_inches()[0] == pytest.approx(5.4)
    assert len(plt.get_fignums()) == 2
    given_axes = plt.subplots(figsize=(7, 10))[1]
    assert draw(ax=given_axes) is given_axes
    assert contents(given_axes) and not bystander.has_data()


def test_axes_that_are_too_low_are_refused(draw):
    with pytest.raises(PlottingError, match="ax is .* inches high, the figure needs"):
        draw(ax=plt.subplots(figsize=(5.6, 1))[1])


def test_svg_files_are_the_same_at_every_run(draw):
    def svg(ax):
        file = io.BytesIO()
        ax.figure.savefig(file, format="svg", metadata={"Date": None})
        return file.getvalue()

    first = svg(draw(language="en"))
    assert first == svg(draw())  # which is in English by default
    assert b"<text" not in first and b"<dc:date" not in first


def test_a_missing_column_is_named(draw):
    if draw.function in (plotting.co_occurrence, plotting.regions, plotting.upset):
        return  # whose columns are what they draw
    with pytest.raises(PlottingError, match="data has no column .*; it has foo; needed are"):
        draw(data=pd.DataFrame({"foo": [1]}))


def test_the_data_stay_as_they_are(draw):
    draw.once("en")
    for table, copy in draw.tables:
        pd.testing.assert_frame_equal(table, copy)
