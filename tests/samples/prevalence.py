"""Four codes with their agreement, worked out by hand."""

import pandas as pd

# By hand: of 40 units 35 yes-yes, 4 split, 1 no-no; 74 of 80 codes are 1.
# alpha = 1 - (4 / 40) / (2 * 74 * 6 / (80 * 79)) = 32 / 111, AC1 = (0.9 - 0.13875) / 0.86125.
CASES = pd.DataFrame(
    [
        ("forty statements by hand", "四十条手算例", 0.9, 0.925, 80, 0.2883, 0.8839),
        (
            "a rare code with quite a long name that has to be broken",
            "少见的代码",
            17 / 18,
            1 / 18,
            36,
            0.4853,
            0.9379,
        ),
        ("balanced", "均衡", 0.9, 0.5, 80, 0.8025, 0.8),
        ("full", "完全一致", 1, 0.3, 80, 1, 1),
    ],
    columns=["name_en", "name_zh", "agreement", "prevalence", "values", "alpha", "ac1"],
)
