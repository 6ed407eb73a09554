"""The real programme by province and in time, and the selection of the study's cases."""

import pandas as pd

from embedgov_study import data as tables


def provinces():
    """The real provinces and counts: one row per province and batch."""
    counts = tables.designations().groupby(["province_id", "batch"], observed=True).size()
    batches = pd.DataFrame({"batch": [1, 2, 3, 4]})
    crossed = tables.table("provinces").merge(batches, how="cross")
    keys = pd.MultiIndex.from_frame(crossed[["province_id", "batch"]])
    return crossed.assign(designations=counts.reindex(keys, fill_value=0).to_numpy())


def milestones():
    """The real milestones of the programme."""
    return tables.table("milestones")


STEPS = pd.DataFrame(
    {
        "step": ["register", "batch", "sample", "described"],
        "label_en": [
            "designations in four batches",
            "zones of the third batch",
            "zones with signs of socialisation",
            "zones described",
        ],
        "label_zh": ["四批实验区", "第三批实验区", "具有社会化特征的实验区", "加以描述的实验区"],
        "kept": [114, 40, 37, 12],
        "left_out": [None, 74, 3, 25],
        "known_en": [
            "All can be listed by name; two of the places were designated twice.",
            "Confirmed in July 2015, all accepted in December 2018.",
            "Looked for in four respects: actors, institutions, resources, technique.",
            None,
        ],
        "known_zh": ["均可逐一列名，其中两处先后两次入选。", "均通过验收。", "从四个方面寻找。", None],
        "unknown_en": [
            "The letter of the second batch was not seen.",
            None,
            "Which three were left out, by which rule, and who decided it.",
            "How the twelve were chosen; the others are not described anywhere.",
        ],
        "unknown_zh": ["第二批批复未见。", None, "哪三个被剔除，依据何种规则，由谁决定。", "如何选出。"],
    }
)


MARGINS = pd.DataFrame(
    {"code": ["SOC", "LAW", "INT", "PRO"], "count": [37, 18, 11, 13], "basis": ["any"] + 3 * ["main"]}
)
DIRECTIONS = {
    "en": {
        "SOC": "Socialisation",
        "LAW": "Rule of law",
        "INT": "Smart governance",
        "PRO": "Professionalisation",
    },
    "zh": {"SOC": "社会化", "LAW": "法治化", "INT": "智能化", "PRO": "专业化"},
}
BASES = {
    "en": {"any": "features in any aspect", "main": "main direction"},
    "zh": {"any": "任一方面的特征", "main": "主要方向"},
}
