"""Pairs of counts that occur together."""

import pandas as pd

NAMES = {
    "en": {"one": "exactly one label", "more": "two labels or more"},
    "zh": {"one": "恰好一个方向", "more": "两个以上方向"},
}
# 7, 8 and 9 with a hole before 12 at 0; 9 at 3.
PAIRS = pd.DataFrame([(0, 9), (0, 7), (3, 9), (0, 8), (0, 12), (3, 9)], columns=["one", "more"])
