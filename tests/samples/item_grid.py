"""Chains of money, and items stacked in cells."""

import pandas as pd


def frame(rows):
    """Rows of group, row, column, item in both languages and state as the figure wants them."""
    data = pd.DataFrame(rows, columns=["group", "row", "column", "item_en", "item_zh", "state"])
    chinese = {
        "Jing'an": "静安",
        "Nan'an": "南岸",
        "source": "来源",
        "holder": "载体",
        "use": "用途",
        "solid": "已说明",
        "open": "目标",
        "dashed": "未说明",
    }
    english = {"solid": "told", "open": "an aim", "dashed": "not told"}
    for name in ("group", "column", "state"):
        data[f"{name}_en"] = data[name].map(lambda key: english.get(key, key))
        data[f"{name}_zh"] = data[name].map(chinese)
    return data


CHAINS = frame(
    [
        (
            "Jing'an",
            1,
            "source",
            "government, donors, charity fairs and the residents themselves",
            "政府、捐赠与居民",
            "solid",
        ),
        ("Jing'an", 1, "holder", "an independent foundation", "独立基金会", "solid"),
        ("Jing'an", 1, "use", "projects", "项目", "solid"),
        ("Nan'an", 1, "source", "donors", "捐赠", "solid"),
        ("Nan'an", 1, "holder", "a foundation", "基金会", "solid"),
        ("Nan'an", 1, "use", "not told", "未说明", "dashed"),
        ("Jing'an", 2, "source", "residents", "居民", "solid"),
        ("Jing'an", 2, "holder", "money of a stairwell", "楼组自治金", "solid"),
        ("Jing'an", 2, "use", "needs", "需求", "open"),
    ]
)
STACKS = frame(
    [
        ("Jing'an", 1, "source", "government", "政府", "solid"),
        ("Jing'an", 1, "source", "charity fairs", "公益集市", "open"),
        ("Jing'an", 1, "source", "donors", "捐赠", "solid"),
        ("Jing'an", 1, "use", "projects", "项目", "dashed"),
        ("Nan'an", 1, "holder", "a foundation", "基金会", "solid"),
    ]
)
