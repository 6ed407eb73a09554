"""Figures of the book: each function draws one on Axes and returns them.

Call `set_theme` once, as with seaborn; then ``tile_map(data)``, ``timeline(data, batch=3)`` ...
Every function takes the data first, everything else by name, and draws in English or Chinese.
"""

from .actor_network import actor_network
from .agreement_forest import agreement_forest
from .argument_links import argument_links
from .case_matrix import case_matrix
from .co_occurrence import co_occurrence
from .glyphs import missing_glyphs, require_glyphs
from .intervals import intervals
from .margin_bars import margin_bars
from .selection_flow import selection_flow
from .specification_curve import specification_curve
from .theme import FONT_FILES, set_theme
from .tile_map import tile_map
from .timeline import timeline
from .upset import upset

__all__ = [
    "FONT_FILES",
    "actor_network",
    "agreement_forest",
    "argument_links",
    "case_matrix",
    "co_occurrence",
    "intervals",
    "margin_bars",
    "missing_glyphs",
    "require_glyphs",
    "selection_flow",
    "set_theme",
    "specification_curve",
    "tile_map",
    "timeline",
    "upset",
]
