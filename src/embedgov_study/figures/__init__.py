"""Figures of this study alone, drawn as those of `embedgov.plotting` are.

A function's module is imported when the function is first asked for.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
