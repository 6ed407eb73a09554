"""Figures of the book: each function draws one on Axes and returns them.

Call `set_theme` once, as with seaborn; then ``tile_map(data)``, ``timeline(data, batch=3)`` ...
Every function takes the data first, everything else by name, and draws in English or Chinese.
"""

from .actor_network import actor_network
from .actor_parts import actor_parts
from .agreement_forest import agreement_forest
from .argument_links import argument_links
from .case_matrix import case_matrix
from .claim_tiles import claim_tiles
from .co_occurrence import co_occurrence
from .cover import cover
from .evidence_map import evidence_map
from .glyphs import missing_glyphs, require_glyphs
from .intervals import intervals
from .item_grid import item_grid
from .margin_bars import margin_bars
from .prevalence import prevalence
from .ranges import ranges
from .regions import regions
from .selection_flow import selection_flow
from .shares import shares
from .specification_curve import specification_curve
from .step_holders import step_holders
from .theme import FONT_FILES, set_theme
from .tile_map import tile_map
from .timeline import timeline
from .upset import upset

__all__ = [
    "FONT_FILES",
    "actor_network",
    "actor_parts",
    "agreement_forest",
    "argument_links",
    "case_matrix",
    "claim_tiles",
    "co_occurrence",
    "cover",
    "evidence_map",
    "intervals",
    "item_grid",
    "margin_bars",
    "missing_glyphs",
    "prevalence",
    "ranges",
    "regions",
    "require_glyphs",
    "selection_flow",
    "set_theme",
    "shares",
    "specification_curve",
    "step_holders",
    "tile_map",
    "timeline",
    "upset",
]
