"""Steps of two cases and who holds them."""

import pandas as pd

STAGES = {"agenda": ("agenda", "议题"), "check": ("means and return", "资源与回报")}
CASES = {"a": ("Zhuhai Xiangzhou", "珠海市香洲区"), "b": ("Suzhou Gusu", "苏州市姑苏区")}
HOLDERS = {
    "party": ("Party organisation", "党组织", "Party and state", "党政"),
    "residents": ("residents", "居民", "self-governing", "自治"),
    None: (None, None, None, None),
}


def row(stage, case, step_en, step_zh, holder):
    holder_en, holder_zh, sphere_en, sphere_zh = HOLDERS[holder]
    return {
        "stage_en": STAGES[stage][0],
        "stage_zh": STAGES[stage][1],
        "case_en": CASES[case][0],
        "case_zh": CASES[case][1],
        "step_en": step_en,
        "step_zh": step_zh,
        "holder_en": holder_en,
        "holder_zh": holder_zh,
        "sphere": sphere_en,
        "sphere_en": sphere_en,
        "sphere_zh": sphere_zh,
    }


DATA = pd.DataFrame(
    [
        row("agenda", "a", "screening of what may be put on the agenda", "议题审核", "party"),
        row("agenda", "b", "gathering of needs", "需求征集", None),
        row("agenda", "b", "voting", "表决", "residents"),
        row("check", "b", "evaluation", "评估", None),
    ]
)
