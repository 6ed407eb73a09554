"""Actors of three cases and their parts."""

import pandas as pd

ACTORS = {
    "party": ("Party organisation", "党组织", "Party and state", "党政"),
    "residents": ("residents", "居民", "self-governing", "自治"),
    "committee": ("residents' committee", "居委会", "self-governing", "自治"),
    "others": ("others, unnamed or together", "其他或统称", "mixed or unclear", "混合或不明"),
}
CASES = {
    "a": ("Beijing Haidian", "北京市海淀区"),
    "b": ("Xi'an Beilin", "西安市碑林区"),
    "c": ("Karamay Karamay", "克拉玛依市克拉玛依区"),
}


def rows(*cells):
    return pd.DataFrame(
        [
            {
                "actor_en": ACTORS[actor][0],
                "actor_zh": ACTORS[actor][1],
                "sphere_en": ACTORS[actor][2],
                "sphere_zh": ACTORS[actor][3],
                "case_en": CASES[case][0],
                "case_zh": CASES[case][1],
                "part": part,
                "count": count,
            }
            for actor, case, part, count in cells
        ]
    )


DATA = rows(
    ("party", "a", "leads", 1),
    ("party", "b", "leads", 3),
    ("party", "c", "leads", 12),
    ("residents", "a", "decides", 2),
    ("others", "c", "named", 7),
    ("committee", "b", "takes part", 0),
    ("residents", "c", "leads", 4),
)
