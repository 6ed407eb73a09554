"""Shares of three codes in three groups."""

import pandas as pd

CODES = {
    "SOC": ("socialisation", "社会化"),
    "INS": ("institution embedding that takes three lines", "制度嵌入"),
    "X": ("other", "其他"),
}
GROUPS = {1: ("Batch 1", "第一批", True), 3: ("Batch 3", "第三批", False), "all": ("All", "全部", False)}
COUNTS = {"SOC": (3, 40, 10), "INS": (0, 10, 25), "X": (12, 20, 50)}  # of 12, 40 and 100


def bars():
    return pd.DataFrame(
        [
            {
                "code": code,
                "code_en": english,
                "code_zh": chinese,
                "group": group,
                "group_en": title,
                "group_zh": title_zh,
                "apart": apart,
                "count": count,
                "total": total,
                "basis_en": "title only" if apart else "title and task",
                "basis_zh": "仅标题" if apart else "标题与任务",
            }
            for code, (english, chinese) in CODES.items()
            for (group, (title, title_zh, apart)), count, total in zip(
                GROUPS.items(), COUNTS[code], (12, 40, 100)
            )
        ]
    )
