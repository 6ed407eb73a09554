"""Four counts and how far they range."""

import pandas as pd

NAMES = {
    "en": {
        "LAW": "rule of law",
        "RES": "resource",
        "placed": "zones in which the placement of the article, and no other dimension, is most over-represented",
        "INT": "smart governance",
    },
    "zh": {"LAW": "法治化", "RES": "资源", "placed": "论文归类独占首位的实验区", "INT": "智能化"},
}
COUNTS = pd.DataFrame(
    {
        "result": ["LAW", "RES", "placed", "INT"],
        "value": [8, 3, 12, 0],
        "low": [2, 3, 0, 0],
        "high": [20, 9, 12, 10],
        "slip_low": [6, 0, 12, 1],
        "slip_high": [12, 6, 12, 4],
        "total": [40, 12, 12, 40],
    }
)
REFERENCE = {"LAW": 18, "INT": 0, "RES": None}
KEYS = {"en": {"reference": "The article"}, "zh": {"reference": "论文"}}
