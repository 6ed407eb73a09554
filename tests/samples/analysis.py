"""Codes and how they occur, agreement, bounds, decisions, and an argument."""

import itertools

import pandas as pd

CODES = pd.DataFrame(
    {
        "code": ["SUB", "INS", "RES", "TEC", "DELIB"],
        "label_en": ["subject (actor)", "institution", "resource", "technique", "deliberation"],
        "label_zh": ["主体", "制度", "资源", "技术", "协商"],
    }
)
NAMES = {language: dict(zip(CODES["code"], CODES[f"label_{language}"])) for language in ("en", "zh")}
CASES = {
    "en": {"Z03": "Karamay Karamay", "Z05": "Suzhou Gusu"},
    "zh": {"Z03": "克拉玛依市克拉玛依区", "Z05": "苏州市姑苏区"},
}
MARKS = {"en": "Placement by the article", "zh": "论文的归类"}
# Counts out of 8: none, a quarter, just above, a half, three quarters, just above, all.
COUNTS = {"Z03": (0, 2, 3, 4, 8), "Z05": (6, 7, 5, None, 1)}


def matrix():
    return pd.DataFrame(
        [
            {"case": case, "code": code, "count": count or 0, "total": 0 if count is None else 8}
            for case, counts in COUNTS.items()
            for code, count in zip(CODES["code"], counts)
        ]
    )


QUANTITIES = {
    "SOC": ("socialisation", "社会化"),
    "two": ("exactly two directions of the four that the article counts", "恰有两个方向"),
    "LAW and INT": ("rule of law and intelligence", "法治化与智能化"),
    "far": ("scattered", "零散"),
}
QUANTITY_NAMES = {
    language: {key: texts[i] for key, texts in QUANTITIES.items()} for i, language in enumerate(("en", "zh"))
}
ATTAINABLE = [[37], [*range(38), 39], list(range(12)), [1, 2, 9, 20, 21, 30]]
BOUNDS = pd.DataFrame(
    {
        "quantity": list(QUANTITIES),
        "low": [min(values) for values in ATTAINABLE],
        "high": [max(values) for values in ATTAINABLE],
        "holes": [sorted(set(range(min(values), max(values))) - set(values)) for values in ATTAINABLE],
    }
)
REFERENCE, KNOWN = {"two": 17.6, "LAW and INT": 4.95}, {"SOC": 37}

# Three units with both of the first two codes, one with the third alone, none with the last.
UNITS = pd.DataFrame(
    {
        "SUB": [1, 1, 1, 1, 0, 0],
        "INS": [1, 1, 1, 0, 1, 0],
        "RES": [0] * 5 + [1],
        "DELIB": [0] * 6,
        "TEC": [0] * 6,
    },
)

PATTERNS = pd.DataFrame(
    [(1, 1, 0, 12), (0, 0, 0, 3), (0, 0, 1, 12), (0, 1, 0, 20), (1, 1, 1, 3), (1, 0, 0, 0)],
    columns=["SUB", "INS", "RES", "count"],
).astype({"SUB": bool, "INS": bool, "RES": bool})

COEFFICIENTS = pd.DataFrame(
    [
        ("CLAIM", "nominal", 0.95, 0.9, 0.98, 0.05, -0.31, 0.4, 0.942, 0.9, 1),
        ("INS", "nominal", 1, None, None, None, None, None, 1, 1, 1),
        ("ALL", "masi", 0.9, 0.8, 0.95, 0.9, 0.8, 0.95, None, None, None),
    ],
    columns=[
        "code",
        "distance",
        *(f"{each}{end}" for each in ("agreement", "alpha", "ac1") for end in ("", "_low", "_high")),
    ],
)
CODE_NAMES = {
    "en": NAMES["en"] | {"CLAIM": "claimed effect or aim"},
    "zh": NAMES["zh"] | {"CLAIM": "宣称效果"},
}

DIFFERENCES = pd.DataFrame(
    [
        (1, "SUB", "A, B", "C", ""),
        (2, "SUB", "A", "B, C", ""),
        (3, "SUB", "B", "A, C", ""),
        (1, "INS", "A", "B", "C"),
    ],
    columns=["unit", "code", "yes", "no", "missing"],
)

OPTIONS = {
    "en": {
        "law": "rule of law",
        "as coded": "as coded",
        "named": "law is named",
        "stated": "law or stated rules",
    },
    "zh": {"law": "法治化", "as coded": "按编码", "named": "明言法治", "stated": "法治或规则"},
}
UNIVERSES = pd.DataFrame(
    itertools.product(["any", "majority"], ["as coded", "named", "stated"]), columns=["rule", "law"]
).assign(LAW=[8, 8, 12, 18, 12, 21])
RESULT = {"en": "Zones with rule of law", "zh": "具有法治化的实验区"}
ARTICLE = {"en": {"The article": 18}, "zh": {"论文": 18}}

POINTS = {
    "en": {
        "L0": "fragmented elements",
        "L1": "dependence on government; residents neglected",
        "L2": "top-down push",
        "D1": "publicness grows",
        "D2": "autonomy develops",
        "D3": "sharing is realised",
    },
    "zh": {
        "L0": "要素碎片化",
        "L1": "依赖政府，居民退让",
        "L2": "行政主导",
        "D1": "公共性增长",
        "D2": "自主性发展",
        "D3": "共享性实现",
    },
}
LINKS = pd.DataFrame(
    [
        ("L0", "D2", "weak"),
        ("L1", "D1", "implied"),
        ("L1", "D2", "explicit"),
        ("L2", "D2", "explicit"),
    ],
    columns=["source", "target", "strength"],
)
