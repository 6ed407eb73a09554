"""What every figure rests on: fonts, glyphs, labels, colours, lines of text, checks of the data."""

import csv
import doctest
import importlib
import itertools
import pkgutil
import re
import shutil

import matplotlib.colors as mcolors
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
import seaborn as sns
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.font_manager import FontProperties, findfont, fontManager, get_font

from embedgov import plotting
from embedgov.errors import EmbedgovError, PlottingError
from embedgov.plotting import missing_glyphs, palette, require_glyphs, theme
from embedgov.plotting.labels import LANGUAGES
from embedgov.plotting.palette import INK, MUTED, PALE, PAPER, RULE, contrast, luminance, text_colour
from embedgov.plotting.rows import require_rows
from embedgov.plotting.text import text_width, wrapped
from embedgov.plotting.theme import axes_in_points
from embedgov_study import figures, vocabulary
from embedgov_study.figures.labels import label
from embedgov_study.palette import BATCHES, COLOURS, DIMENSIONS, DIRECTIONS, colour

LABELS = sorted((ROOT / "src").rglob("labels.csv"))


@pytest.fixture(autouse=True)
def _theme():
    plotting.set_theme()


# Fonts and glyphs


@pytest.mark.parametrize("face", ["regular", "bold"])
def test_fonts_hold_every_character_of_the_tables_and_labels(face):
    tables = [*(ROOT / "data").rglob("*.csv"), *LABELS]
    assert len(tables) > 10
    drawable = get_font(plotting.FONT_FILES[face]).get_charmap()
    used = set("".join(table.read_text("utf-8") for table in tables)) - set("\n\r\t")
    assert sorted(c for c in used if ord(c) not in drawable) == []
    assert all(ord(c) in drawable for c in "−→↓≤≥①·“”…—？《》αβ─│")


@pytest.mark.parametrize("weight, face", [("normal", "regular"), ("bold", "bold")])
def test_the_vendored_fonts_are_the_ones_in_use(weight, face):
    used = findfont(FontProperties(family="Noto Sans SC", weight=weight))
    assert used == str(plotting.FONT_FILES[face])


def test_another_font_of_the_same_name_on_the_machine_does_not_count(tmp_path):
    other = shutil.copy(plotting.FONT_FILES["regular"], tmp_path / "installed.ttf")
    listed = list(fontManager.ttflist)
    try:
        fontManager.addfont(other)
        fontManager.ttflist.insert(0, fontManager.ttflist.pop())
        assert findfont("Noto Sans SC") == str(other)
        importlib.reload(theme)
        assert findfont("Noto Sans SC") == str(plotting.FONT_FILES["regular"])
    finally:
        fontManager.ttflist[:] = listed


def test_the_theme_holds_after_another_theme_and_twice():
    sns.set_theme(style="dark", font="DejaVu Serif")
    plotting.set_theme()
    plotting.set_theme()
    assert plt.rcParams["font.family"] == ["Noto Sans SC", "DejaVu Sans"]
    assert plt.rcParams["figure.facecolor"] == "#ffffff"
    assert plt.rcParams["svg.hashsalt"] and plt.rcParams["svg.fonttype"] == "path"


def titled(text, **style):
    figure, ax = plt.subplots()
    ax.set_title(text, **style)
    return figure


@pytest.mark.parametrize(
    "text, missing",
    [
        ("社区治理 community −1 → 2", ""),
        ("社区𠮷治理", "𠮷"),
        ("喆 and 㙍", "㙍喆"),
        (r"$\alpha \leq \frac{1}{2}$ 社区 $社区$", ""),
        (r"$\alpha_喆$", "喆"),
        (r"喆 $\alpha$", "喆"),
        ("costs $5 喆 or 6$ 社", "喆"),
        ("¤ $¤$", ""),
    ],
)
def test_missing_glyphs_in_plain_text_and_mathtext(text, missing):
    found = missing_glyphs(titled(text))
    assert found == ({text: missing} if missing else {})


def test_missing_glyphs_in_tick_labels_but_not_in_what_is_hidden():
    figure, ax = plt.subplots()
    ax.set_yticks([0, 1], ["喆", "社"])
    ax.text(0, 0, "㙍").set_visible(False)
    assert missing_glyphs(figure) == {"喆": "喆"}


def test_a_text_of_another_family_is_judged_by_its_own_fonts():
    assert missing_glyphs(titled("社区", fontfamily="DejaVu Sans")) == {"社区": "区社"}


def test_mathtext_is_judged_where_it_stands():
    # Outside the dollars the text's own font counts, inside that of mathtext.
    own = missing_glyphs(titled("社喆 $x$", fontfamily="DejaVu Sans"))
    assert set(own["社喆 $x$"]) == {"社", "喆"}
    georgian = r"ა $ა \alpha$"  # DejaVu Sans has it, the fonts of mathtext do not
    assert missing_glyphs(titled(georgian, fontfamily="DejaVu Sans")) == {georgian: "ა"}


def test_require_glyphs_names_text_and_characters():
    with pytest.raises(PlottingError, match=r"'治理喆' holds 喆 \(U\+5586\).*set_theme"):
        require_glyphs(titled("治理喆"))
    require_glyphs(titled("治理"))
    assert issubclass(PlottingError, EmbedgovError)


# Labels


def test_every_label_has_both_languages_with_the_same_places():
    rows = [row for path in LABELS for row in csv.DictReader(path.read_text("utf-8").splitlines())]
    assert len({row["label_id"] for row in rows}) == len(rows)
    for row in rows:
        assert row["en"].strip() and row["zh"].strip(), row
        assert not re.search("[\u3400-\u9fff]", row["en"]), row
        places = [set(re.findall(r"{(\w+)}", row[language])) for language in LANGUAGES]
        assert places[0] == places[1], row


def test_label_in_both_languages_and_with_values():
    assert label("batch_3") == "Batch 3" and label("batch_3", "zh") == "第三批"
    assert label("with_count", "zh", text="第三批", count=40) == "第三批（40）"


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: label("batch_3", "fr"), "'fr': expected one of en, zh"),
        (lambda: label("batch_9"), "'batch_9': expected one of batch_1, batch_2"),
        (lambda: label("with_count", text="x"), "needs a value for 'count'; given: text"),
    ],
)
def test_label_errors_name_what_is_allowed(call, message):
    with pytest.raises(PlottingError, match=re.escape(message)):
        call()


# Colours

# Machado, Oliveira and Fernandes (2009), deuteranopia, on linear RGB.
DEUTERANOPIA = np.array(
    [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]]
)
XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.072175], [0.0193339, 0.119192, 0.9503041]]
)


def lab(hexadecimal, seen=np.eye(3)):
    rgb = np.array(mcolors.to_rgb(hexadecimal))
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    xyz = XYZ @ np.clip(seen @ linear, 0, 1) / [0.95047, 1, 1.08883]
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


KINDS = ("application", "confirmation", "experiment", "acceptance")


@pytest.mark.parametrize("seen", [np.eye(3), DEUTERANOPIA], ids=["full sight", "deuteranopia"])
@pytest.mark.parametrize(
    "family", [DIRECTIONS, DIMENSIONS, BATCHES, KINDS], ids=lambda family: str(family[0])
)
def test_colours_of_a_family_are_told_apart(family, seen):
    # A difference of 2.3 is just noticeable side by side; small separate patches need far more.
    for one, other in itertools.combinations(family, 2):
        distance = np.linalg.norm(lab(colour(one), seen) - lab(colour(other), seen))
        assert distance >= 15, (one, other, distance)


def test_no_two_concepts_share_a_colour():
    assert len(set(COLOURS.values())) == len(COLOURS)


def test_directions_and_dimensions_stand_out_from_paper():
    # WCAG 2, success criterion 1.4.11
    assert min(contrast(colour(code), PAPER) for code in DIRECTIONS + DIMENSIONS) >= 3


def test_batches_keep_their_order_in_greyscale():
    lightness = [lab(colour(batch))[0] for batch in BATCHES]
    assert all(early - late >= 12 for early, late in itertools.pairwise(lightness))
    assert lightness[0] <= 88  # and the lightest is not lost on paper


def test_texts_are_read_on_paper_and_tiles():
    for text, background in itertools.product((INK, MUTED), (PAPER, PALE)):
        assert contrast(text, background) >= 4.5


@settings(max_examples=50)
@given(st.tuples(*[st.integers(0, 255)] * 3))
def test_text_colour_is_read_on_any_background(rgb):
    background = "#{:02x}{:02x}{:02x}".format(*rgb)
    assert contrast(text_colour(background), background) >= 4.5


def test_contrast_of_known_pairs():
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
    assert luminance("#808080") == pytest.approx(0.2159, abs=0.0001)
    assert text_colour("white") == INK and text_colour("black") == PAPER


def test_whatever_the_tables_tell_apart_has_a_colour():
    concepts = {*vocabulary.codes("statements_final"), *vocabulary.codes("segments", "dimension")}
    concepts |= {*vocabulary.values("batches", "batch"), *vocabulary.values("milestones", "kind")}
    assert set(COLOURS) == {*concepts, "differs"}


def test_a_study_brings_the_colours_of_its_concepts():
    try:
        plotting.set_theme({"roads": "#0072b2"})
        assert (palette.colour("roads"), palette.colour("SOC")) == ("#0072b2", MUTED)
        assert palette.colour("SOC", RULE) == RULE
        with pytest.raises(PlottingError, match="the colour of 'roads' is 'azul'"):
            plotting.set_theme({"roads": "azul"})
        plotting.set_theme()
        assert palette.colour("roads") == MUTED
    finally:
        plotting.set_theme(COLOURS)


def test_an_unknown_concept_has_no_colour():
    with pytest.raises(PlottingError, match="'ENV': expected one of SOC, LAW"):
        colour("ENV")


# Lines of text

WORDS = st.lists(
    st.one_of(
        st.text("abcdefgXYZ'-,.;()$%", min_size=1, max_size=14),
        st.text("社区治理共建第三批，。：（）“”《》", min_size=1, max_size=14),
    ),
    max_size=12,
).map(" ".join)


def bare(text):
    return "".join(text.split())


@settings(max_examples=50)
@given(WORDS, st.floats(30, 300))
def test_wrapping_keeps_every_character_in_order(text, width):
    lines = wrapped(text, width)
    assert bare("".join(lines)) == bare(text)
    assert all(line.strip() == line and line for line in lines)


@pytest.mark.parametrize("width", [-20, 0, 6])
def test_a_line_without_room_for_a_character_is_refused(width):
    with pytest.raises(PlottingError, match=f"{width} points wide has no room for '街道 level'"):
        wrapped("街道 level", width)


@settings(max_examples=50)
@given(WORDS, st.floats(30, 300))
def test_wrapped_lines_fit(text, width):
    assert all(text_width(line) <= width for line in wrapped(text, width))


@settings(max_examples=50)
@given(st.lists(st.text("abcdefg-'", min_size=1, max_size=8), max_size=12))
def test_wrapping_breaks_no_word_that_fits_a_line(words):
    width = max(map(text_width, words), default=0) + 1
    assert " ".join(wrapped(" ".join(words), width)) == " ".join(words)


def test_a_word_too_wide_for_a_line_is_broken_after_its_hyphen():
    width = text_width("governance-")
    assert wrapped("of co-governance bodies", width) == ["of co-", "governance", "bodies"]
    assert wrapped("of co-governance", 2 * width) == ["of co-governance"]


def test_marks_stay_with_their_characters():
    for width in range(45, 130):
        for line in wrapped("党的报告提出，“共建共治共享”（社会化）。", width):
            assert line[0] not in "，。”）" and line[-1] not in "“（", (width, line)


def test_width_follows_size_and_weight():
    assert text_width("社区", 20) == pytest.approx(2 * text_width("社区", 10))
    assert text_width("zone", 10, "bold") > text_width("zone", 10)
    assert text_width("社区社区", 10) == pytest.approx(40, abs=2)  # a full-width character is an em


# The data of a figure

FRAME = pd.DataFrame({"key": ["a", "b"], "n": [0, 3], "batch": [1, 4], "text": ["x", "y"]})


def changed(column, value):
    return FRAME.astype(object).assign(**{column: ["a" if column == "key" else 1, value]})


@pytest.mark.parametrize(
    "data, message",
    [
        (FRAME.drop(columns="n"), "no column 'n'; it has key, batch, text; needed are key, n"),
        (FRAME.iloc[:0], "no rows"),
        (changed("key", "a"), "row 1: key 'a' occurs before"),
        (changed("n", -1), "row 1, column 'n': -1 is no count"),
        (changed("n", 2.5), "row 1, column 'n': 2.5 is no count"),
        (changed("n", float("inf")), "row 1, column 'n': inf is no count"),
        (changed("n", "3"), "row 1, column 'n': '3' is no count"),
        (changed("n", True), "row 1, column 'n': True is no count"),
        (changed("n", None), "row 1, column 'n': the value is missing"),
        (changed("text", ""), "row 1, column 'text': the value is missing"),
        (changed("batch", 5), "row 1, column 'batch': 5 is unknown; expected one of 1, 2, 3, 4"),
    ],
)
def test_bad_rows_are_refused_by_row_column_and_value(data, message):
    with pytest.raises(PlottingError, match=re.escape(message)):
        require_rows(
            data,
            ("key", "n", "batch", "text"),
            key=("key",),
            counts=("n",),
            known={"batch": BATCHES},
        )


def test_good_rows_pass_whatever_their_types():
    typed = FRAME.astype({"n": "Int64", "batch": pd.CategoricalDtype([1, 4], ordered=True)})
    typed.loc[0, "n"] = pd.NA
    asked = {"key": ("key",), "counts": ("n",), "known": {"batch": BATCHES}}
    require_rows(typed, ("key", "n", "batch"), optional=("n",), **asked)
    with pytest.raises(PlottingError, match="row 0, column 'n': the value is missing"):
        require_rows(typed, ("key", "n", "batch"), **asked)


# Axes in points


def test_a_unit_of_axes_in_a_part_of_a_figure_is_a_point():
    left, _ = plt.figure(figsize=(10, 3)).subfigures(1, 2)
    ax, _ = axes_in_points(left.subplots(), lambda width: 144)
    start, end = ax.transData.transform([(0, 0), (72, 0)])
    assert end - start == pytest.approx([left.dpi, 0], abs=0.5)


def test_axes_without_a_figure_are_refused():
    ax = plt.subplots()[1]
    ax.remove()
    with pytest.raises(PlottingError, match="taken out of their figure"):
        axes_in_points(ax, lambda width: 144)


def test_a_unit_of_the_axes_is_a_point():
    ax, width = axes_in_points(None, lambda width: width / 2)
    ax.figure.draw_without_rendering()
    pixels = ax.transData.transform([(0, 0), (72, 0), (0, 72)])
    dpi = ax.figure.dpi
    assert pixels[1] - pixels[0] == pytest.approx([dpi, 0], abs=0.5)
    assert pixels[2] - pixels[0] == pytest.approx([0, -dpi], abs=0.5)
    assert ax.figure.get_size_inches()[0] == pytest.approx(5.4)
    assert ax.get_ylim() == pytest.approx((width / 2, 0), abs=0.1)


@pytest.mark.parametrize(
    "size, message",
    [((2, 8), "inches wide, the figure needs 3.5"), ((6, 1), "the figure needs 2.0")],
)
def test_axes_that_are_too_small_are_refused(size, message):
    with pytest.raises(PlottingError, match=message):
        axes_in_points(plt.subplots(figsize=size)[1], lambda width: 144)


MODULES = [
    module.name
    for package in (plotting, figures)
    for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}.")
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_run(name):
    plotting.reset_theme()
    module = importlib.import_module(name)
    assert doctest.testmod(module).failed == 0
