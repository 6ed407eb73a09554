"""Four codes with their agreement, worked out by hand."""

import pandas as pd

# By hand: of 40 units 35 yes-yes, 4 split, 1 no-no; 74 of 80 codes are 1.
# alpha = 1 - (4 / 40) / (2 * 74 * 6 / (80 * 79)) = 32 / 111, AC1 = (0.9 - 0.13875) / 0.86125.
CASES = pd.DataFrame(
    [
        ("hand", 0.9, 0.925, 80, 0.2883, 0.8839),
        ("rare", 17 / 18, 1 / 18, 36, 0.4853, 0.9379),
        ("balanced", 0.9, 0.5, 80, 0.8025, 0.8),
        ("full", 1, 0.3, 80, 1, 1),
    ],
    columns=["code", "agreement", "prevalence", "given", "alpha", "ac1"],
)
NAMES = {
    "en": {
        "hand": "forty statements by hand",
        "rare": "a rare code with quite a long name that has to be broken",
        "balanced": "balanced",
        "full": "full",
    },
    "zh": {"hand": "四十条手算例", "rare": "少见的代码", "balanced": "均衡", "full": "完全一致"},
}
