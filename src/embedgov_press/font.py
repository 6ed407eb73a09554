"""Fonts that are small enough to come with a page, for computers that have no Chinese font."""

import io
import re
from pathlib import Path

from embedgov.plotting.fonts import FONT_FILES


def chinese_characters(text: str) -> str:
    """The Chinese characters and marks of a text, each once, in the order of their codes."""
    return "".join(sorted(set(re.findall(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]", text))))


def web_font(characters: str) -> bytes:
    """The part of our font that draws these characters, as WOFF."""
    return subset(FONT_FILES["regular"], characters, flavor="woff")


def subset(font: Path, characters: str, **options) -> bytes:
    """The part of a font that draws these characters, as far as it can; the same bytes at every run.

    Parameters
    ----------
    font : Path
        The font's file.
    characters : str
        Each as often as you like.
    **options
        Of `fontTools.subset.Options`.
    """
    from fontTools import subset as cutter  # takes a while to import, and a font is seldom made

    options = cutter.Options(recalc_timestamp=False, notdef_outline=True, **options)
    whole = cutter.load_font(str(font), options)
    subsetter = cutter.Subsetter(options)
    subsetter.populate(text=characters)
    subsetter.subset(whole)
    content = io.BytesIO()
    cutter.save_font(whole, content, options)
    return content.getvalue()
