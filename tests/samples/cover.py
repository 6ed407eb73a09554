"""The batches of a programme and the parts of a study."""

import pandas as pd

from embedgov_study.palette import DIMENSIONS

NAMES = {
    "outside": ("Another batch", "其他批次"),
    "SUB": ("Subject", "主体"),
    "INS": ("Institution", "制度"),
    "RES": ("Resource", "资源"),
    "TEC": ("Technique", "技术"),
    "sample": ("Not described", "未论述"),
    "left out": ("Left out, not named", "未纳入，未列名"),
}


def parts(*counts):
    """Rows of (batch, part, count); by default those of the programme and the study."""
    rows = counts or (
        (1, "outside", 12),
        (2, "outside", 31),
        *((3, code, 3) for code in DIMENSIONS),
        (3, "sample", 25),
        (3, "left out", 3),
        (4, "outside", 31),
    )
    return pd.DataFrame(
        {
            "batch": [batch for batch, _, _ in rows],
            "part": [part for _, part, _ in rows],
            "label_en": [NAMES[part][0] for _, part, _ in rows],
            "label_zh": [NAMES[part][1] for _, part, _ in rows],
            "count": [count for _, _, count in rows],
        }
    )
