"""Bodies, steps, a board and a map, as the pictures of the subject draw them."""

import pandas as pd

from .selection import provinces

BODIES = pd.DataFrame(
    [
        (
            "office",
            "subdistrict",
            "街道",
            "Subdistrict office",
            "街道办事处",
            "Party and state",
            "党政",
            0,
            2,
        ),
        ("party", "community", "社区", "Party organisation", "党组织", "Party and state", "党政", 0, 1),
        ("committee", "community", "社区", "residents' committee", "居委会", "self-governing", "自治", 1, 1),
        ("residents", "household", "住户", "residents", "居民", "self-governing", "自治", 0, 2),
    ],
    columns=[
        *("body", "level_en", "level_zh", "body_en", "body_zh"),
        *("sphere", "sphere_zh", "column", "span"),
    ],
)
BODIES["sphere_en"] = BODIES["sphere"]
TIES = pd.DataFrame(
    [
        ("office", "party", "leads"),
        ("office", "committee", "leads"),
        ("office", "committee", "pays"),
        ("party", "committee", "leads"),
        ("residents", "committee", "chooses"),
    ],
    columns=["source", "target", "tie"],
)
STEPS = pd.DataFrame(
    [
        ("propose a topic", "提出议题", "residents", "居民"),
        ("screen the topic", "审核议题", "Party organisation", "党组织"),
        ("deliberate together", "共同协商", "residents", "居民"),
        ("carry out what was agreed", "落实协商结果", None, None),
        ("supervise how it is carried out", "监督执行", "Party organisation", "党组织"),
    ],
    columns=["step_en", "step_zh", "holder_en", "holder_zh"],
)
CELLS = pd.DataFrame(
    [
        ("Haidian", "海淀", "SUB", "SUB", "subject", "主体", "six bodies, a duty each", "六个主体，各有职责"),
        ("Haidian", "海淀", "SUB", "INS", "institution", "制度", "duties are fixed", "职责确定"),
        ("Lixia", "历下", "INS", "INS", "institution", "制度", "points for service", "服务换积分"),
        ("Lixia", "历下", "INS", "RES", "resource", "资源", "labour saved up", "劳动储存"),
    ],
    columns=[
        *("case_en", "case_zh", "told", "dimension"),
        *("dimension_en", "dimension_zh", "words_en", "words_zh"),
    ],
)
PROVINCES = provinces().drop_duplicates("province_id")
ZONES = pd.DataFrame(
    [
        ("Haidian", "海淀", "SUB", "subject", "主体", PROVINCES["province_id"].iloc[0]),
        ("Gusu", "姑苏", "INS", "institution", "制度", PROVINCES["province_id"].iloc[1]),
        ("Gulou", "鼓楼", "TEC", "technique", "技术", PROVINCES["province_id"].iloc[1]),
        ("Xixiu", "西秀", "TEC", "technique", "技术", PROVINCES["province_id"].iloc[2]),
    ],
    columns=["zone_en", "zone_zh", "dimension", "dimension_en", "dimension_zh", "province_id"],
)
