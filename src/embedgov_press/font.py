"""Cut fonts down to the characters that are needed, so that Chinese is shown on every computer."""

import io
import re
from pathlib import Path

from embedgov.plotting.fonts import FONT_FILES

CHINESE_SIGNS = "·—‘’“”…"  # which are as wide as a character in Chinese, and narrower elsewhere


def chinese_characters(text: str) -> str:
    """The Chinese characters and punctuation of a text, each once, in the order of Unicode."""
    return "".join(sorted(set(re.findall(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]", text))))


def web_font(characters: str) -> bytes:
    """Cut the regular font down to these characters; in the format WOFF."""
    return subset(FONT_FILES["regular"], characters, flavor="woff")


def subset(font: Path, characters: str, **options) -> bytes:
    """Cut a font down to these characters; the same characters give the same bytes.

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
