"""Figures of the book: each function draws one on Axes and returns them.

Call `set_theme` once, as with seaborn; then ``tile_map(data)``, ``timeline(data, batch=3)`` ...
Every function takes the data first, everything else by name, and draws in English or Chinese.
"""

from .case_matrix import case_matrix
from .errors import PlottingError
from .glyphs import missing_glyphs, require_glyphs
from .margin_bars import margin_bars
from .selection_flow import selection_flow
from .theme import FONT_FILES, set_theme
from .tile_map import tile_map
from .timeline import timeline

__all__ = [
    "FONT_FILES",
    "PlottingError",
    "case_matrix",
    "margin_bars",
    "missing_glyphs",
    "require_glyphs",
    "selection_flow",
    "set_theme",
    "tile_map",
    "timeline",
]
