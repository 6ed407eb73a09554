"""Four counts and how far they range."""

import pandas as pd

COUNTS = pd.DataFrame(
    {
        "result_en": [
            "rule of law",
            "resource",
            "zones in which the placement of the article, and no other dimension, is most over-represented",
            "smart governance",
        ],
        "result_zh": ["法治化", "资源", "论文归类独占首位的实验区", "智能化"],
        "value": [8, 3, 12, 0],
        "low": [2, 3, 0, 0],
        "high": [20, 9, 12, 10],
        "slip_low": [6, 0, 12, 1],
        "slip_high": [12, 6, 12, 4],
        "total": [40, 12, 12, 40],
        "article": [18, None, None, 0],
    }
)
