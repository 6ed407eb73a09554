"""Shares of three codes in three groups."""

import pandas as pd

NAMES = {
    "en": {"SOC": "socialisation", "INS": "institution embedding that takes three lines", "X": "other"},
    "zh": {"SOC": "社会化", "INS": "制度嵌入", "X": "其他"},
}
GROUPS = {
    "en": {1: "Batch 1, title only", 3: "Batch 3", "all": "All"},
    "zh": {1: "第一批，仅标题", 3: "第三批", "all": "全部"},
}
TOTALS = {1: 12, 3: 40, "all": 100}
COUNTS = {"SOC": (3, 40, 10), "INS": (0, 10, 25), "X": (12, 20, 50)}
BARS = pd.DataFrame(
    [
        {"code": code, "group": group, "count": count, "total": total}
        for code, counts in COUNTS.items()
        for (group, total), count in zip(TOTALS.items(), counts)
    ]
)
