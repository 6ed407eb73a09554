"""Figures of coded material: each function draws one on Axes and returns them.

Every function takes the data first and everything else by name, draws on Axes in units of the data (but
for `likeness` and `upset`, whose unit is a point), passes styles on to matplotlib or seaborn and returns
the Axes. What codes and units are called comes from a mapping, in any language; the few texts that a
figure brings itself are English or Chinese. `set_theme` gives all figures one look, and none needs it.
A function's module is imported when the function is first asked for, so that a chapter depends on
the figures that it draws and on no others.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
