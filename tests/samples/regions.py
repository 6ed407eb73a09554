"""Pairs of counts that occur together."""

import pandas as pd

ASKED = {"en": "zones with two labels or more", "zh": "有两个以上方向的实验区"}
NAMES = {
    "all four": "四个方向俱全",
    "rule of law, smart governance and professionalisation": "法治化、智能化与专业化",
    "always as much": "始终一样多",
}
# Of the first: 7, 8 and 9 with a hole before 12 at 0; 9 at 3. Of the last: one value each.
PAIRS = pd.DataFrame(
    [
        ("all four", 0, 9),
        ("all four", 0, 7),
        ("all four", 3, 9),
        ("all four", 0, 8),
        ("all four", 0, 12),
        *(
            ("rule of law, smart governance and professionalisation", known, asked)
            for known in range(12)
            for asked in range(15 + known, 40)
        ),
        ("always as much", 5, 5),
        ("always as much", 6, 4),
    ],
    columns=["known_en", "known", "asked"],
)
PAIRS["known_zh"] = PAIRS["known_en"].map(NAMES)
