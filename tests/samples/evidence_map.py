"""Passages on three claims in two zones and in none."""

import pandas as pd

ZONES = {
    "Z02": ("Xi'an Beilin", "西安市碑林区"),
    "Z03": ("Karamay Karamay", "克拉玛依市克拉玛依区"),
    "ALL": ("no single zone", "不涉及单一实验区"),
}
CLAIMS = {
    "SUB": ("co-governance pattern takes first shape", "多元共治初步形成"),
    "INS": ("institutional system improves", "制度体系渐趋完善"),
    "x": ("a claim on no dimension", "其他"),
}
# Of each zone and claim: what the author names, passages on practice, passages that claim.
CELLS = {
    "Z02": [("named", 5, 2), ("none", 6, 0), ("nearby", 0, 0)],
    "Z03": [("none", 3, 1), ("none", 14, 3), ("none", 1, 0)],
    "ALL": [(None, 0, 1), (None, 2, 0), (None, 0, 0)],
}


def cells(counts=CELLS):
    return pd.DataFrame(
        [
            {
                "row": zone,
                "row_en": ZONES[zone][0],
                "row_zh": ZONES[zone][1],
                "column": claim,
                "column_en": CLAIMS[claim][0],
                "column_zh": CLAIMS[claim][1],
                "cited": cited,
                "practice": practice,
                "claimed": claimed,
            }
            for zone, row in counts.items()
            for claim, (cited, practice, claimed) in zip(CLAIMS, row)
        ]
    )
