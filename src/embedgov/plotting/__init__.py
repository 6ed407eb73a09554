"""Figures of coded material: each function draws one on Axes and returns them.

Call `set_theme` once, as with seaborn; then ``upset(sets)``, ``shares(data, language="zh")`` ...
Every function takes the data first, everything else by name, and draws in English or Chinese.
A function's module is imported when the function is first asked for, so that a chapter depends on
the figures that it draws and on no others.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
