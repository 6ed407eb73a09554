"""Figures of the book: each function draws one on Axes and returns them.

Call `set_theme` once, as with seaborn; then ``tile_map(data)``, ``timeline(data, batch=3)`` ...
Every function takes the data first, everything else by name, and draws in English or Chinese.
A function's module is imported when the function is first asked for, so that a chapter depends on
the figures that it draws and on no others.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "actor_parts": ["actor_parts"],
        "agreement_forest": ["agreement_forest"],
        "argument_links": ["argument_links"],
        "case_matrix": ["case_matrix"],
        "claim_tiles": ["claim_tiles"],
        "co_occurrence": ["co_occurrence"],
        "cover": ["cover"],
        "evidence_map": ["evidence_map"],
        "glyphs": ["missing_glyphs", "require_glyphs"],
        "intervals": ["intervals"],
        "item_grid": ["item_grid"],
        "likeness": ["likeness"],
        "margin_bars": ["margin_bars"],
        "prerequisites": ["prerequisites"],
        "prevalence": ["prevalence"],
        "ranges": ["ranges"],
        "regions": ["regions"],
        "selection_flow": ["selection_flow"],
        "shares": ["shares"],
        "specification_curve": ["specification_curve"],
        "step_holders": ["step_holders"],
        "theme": ["FONT_FILES", "set_theme"],
        "tile_map": ["tile_map"],
        "timeline": ["timeline"],
        "upset": ["upset"],
    },
)
