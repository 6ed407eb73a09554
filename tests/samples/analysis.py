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
CASES = {"Z03": ("Karamay Karamay", "克拉玛依市克拉玛依区"), "Z05": ("Suzhou Gusu", "苏州市姑苏区")}
# Counts out of 8: none, a quarter, just above, a half, three quarters, just above, all.
COUNTS = {"Z03": (0, 2, 3, 4, 8), "Z05": (6, 7, 5, None, 1)}


def matrix():
    rows = []
    for case, (english, chinese) in CASES.items():
        for (_, code), count in zip(CODES.iterrows(), COUNTS[case]):
            rows.append(
                {
                    "row": case,
                    "row_en": english,
                    "row_zh": chinese,
                    "code": code["code"],
                    "code_en": code["label_en"],
                    "code_zh": code["label_zh"],
                    "share": None if count is None else count / 8,
                    "count": count,
                    "total": 8,
                    "marked": (case, code["code"]) in (("Z03", "SUB"), ("Z05", "INS")),
                }
            )
    return pd.DataFrame(rows)


BOUNDS = pd.DataFrame(
    {
        "quantity_en": [
            "socialisation",
            "exactly two directions of the four that the article counts",
            "rule of law and intelligence",
            "scattered",
        ],
        "quantity_zh": ["社会化", "恰有两个方向", "法治化与智能化", "零散"],
        "low": [37, 0, 0, 1],
        "high": [37, 39, 11, 30],
        "attainable": [[37], [*range(38), 39], list(range(12)), [1, 2, 9, 20, 21, 30]],
        "reference": [None, 17.6, 4.95, None],
        "known": [37, None, None, None],
    }
)

PAIRS = pd.DataFrame(
    [
        ("SUB", "SUB", 44, 44, 1.0),
        ("INS", "INS", 56, 56, 1.0),
        ("RES", "RES", 19, 19, 1.0),
        ("SUB", "INS", 20, 80, 0.25),
        ("INS", "SUB", 20, 80, 0.25),
        ("RES", "SUB", 0, 63, 0.0),
        ("RES", "INS", 25, 50, 0.5),
        ("DELIB", "DELIB", 0, 0, None),
        ("DELIB", "SUB", 0, 44, 0.0),
        ("DELIB", "INS", 0, 56, 0.0),
        ("RES", "DELIB", 0, 19, 0.0),
    ],
    columns=["code_a", "code_b", "both", "either", "jaccard"],
)

PATTERNS = pd.DataFrame(
    [(1, 1, 0, 12), (0, 0, 0, 3), (0, 0, 1, 12), (0, 1, 0, 20), (1, 1, 1, 3), (1, 0, 0, 0)],
    columns=["SUB", "INS", "RES", "count"],
).astype({"SUB": bool, "INS": bool, "RES": bool})

COEFFICIENTS = pd.DataFrame(
    [
        ("claimed effect or aim", "宣称效果", "alpha", 0.05, -0.31, 0.4, None, None),
        ("claimed effect or aim", "宣称效果", "agreement", 0.95, 0.9, 0.98, None, None),
        ("claimed effect or aim", "宣称效果", "ac1", 0.942, 0.9, 1, None, None),
        ("institution", "制度", "agreement", 1, None, None, None, None),
        (
            "institution",
            "制度",
            "alpha",
            None,
            None,
            None,
            "no variation: every code that can be compared is 1, so that chance alone explains all of it",
            "没有差异：可比较的编码均为1",
        ),
    ],
    columns=["code_en", "code_zh", "coefficient", "value", "low", "high", "reason_en", "reason_zh"],
)

FORKS = pd.DataFrame(
    [
        ("rule", "Adjudication", "裁定", "majority", "majority", "多数"),
        ("rule", "Adjudication", "裁定", "any", "any coder", "任一"),
        ("law", "Rule of law", "法治化", "law or stated rules", "law or stated rules", "法治或规则"),
        ("law", "Rule of law", "法治化", "as coded", "as coded", "按编码"),
        ("law", "Rule of law", "法治化", "named", "law is named", "明言法治"),
    ],
    columns=["fork", "fork_en", "fork_zh", "option", "option_en", "option_zh"],
)
UNIVERSES = pd.DataFrame(
    itertools.product(["any", "majority"], ["as coded", "named", "law or stated rules"]),
    columns=["rule", "law"],
).assign(LAW=[8, 8, 12, 18, 12, 21])

NODES = pd.DataFrame(
    [
        ("SUB", "dimension", "subject", "主体"),
        ("INS", "dimension", "institution", "制度"),
        ("F1", "finding", "co-governance takes first shape", "共治格局初步形成"),
        ("F2", "finding", "institutional system improves", "制度体系完善"),
        ("L1", "limit", "dependence on government", "依赖政府"),
        ("L2", "limit", "top-down push", "行政主导"),
        ("L0", "limit", "fragmented elements", "要素碎片化"),
        ("D1", "direction", "publicness grows", "公共性增长"),
        ("D2", "direction", "autonomy develops", "自主性发展"),
        ("D3", "direction", "participation rises", "参与度提升"),
    ],
    columns=["node", "kind", "label_en", "label_zh"],
)
LINKS = pd.DataFrame(
    [
        ("SUB", "F1", "explicit"),
        ("INS", "F2", "explicit"),
        ("F1", "L1", "explicit"),
        ("F2", "L2", "explicit"),
        ("L1", "D1", "implied"),
        ("L2", "D2", "implied"),
        ("L0", "D2", "weak"),
        ("SUB", "D2", "explicit"),
        ("SUB", "D3", "implied"),
        ("SUB", "D1", "implied"),
        ("INS", "D1", "explicit"),
    ],
    columns=["source", "target", "strength"],
)
