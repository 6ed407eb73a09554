"""Figures of this study alone, drawn as those of `embedgov.plotting` are.

A function's module is imported when the function is first asked for.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "actor_parts": ["actor_parts"],
        "argument_links": ["argument_links"],
        "claim_tiles": ["claim_tiles"],
        "cover": ["cover"],
        "evidence_map": ["evidence_map"],
        "item_grid": ["item_grid"],
        "prerequisites": ["prerequisites"],
        "selection_flow": ["selection_flow"],
        "step_holders": ["step_holders"],
        "tile_map": ["tile_map"],
        "timeline": ["timeline"],
    },
)
