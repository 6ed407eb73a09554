"""Figures of coded material: each function draws one on Axes and returns them.

Call `set_theme` once, as with seaborn; then ``case_matrix(data)``, ``upset(data)`` ...
Every function takes the data first, everything else by name, and draws in English or Chinese.
A function's module is imported when the function is first asked for, so that a chapter depends on
the figures that it draws and on no others.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "agreement_forest": ["agreement_forest"],
        "case_matrix": ["case_matrix"],
        "co_occurrence": ["co_occurrence"],
        "glyphs": ["missing_glyphs", "require_glyphs"],
        "intervals": ["intervals"],
        "likeness": ["likeness"],
        "margin_bars": ["margin_bars"],
        "prevalence": ["prevalence"],
        "ranges": ["ranges"],
        "regions": ["regions"],
        "shares": ["shares"],
        "specification_curve": ["specification_curve"],
        "theme": ["FONT_FILES", "set_theme"],
        "upset": ["upset"],
    },
)
