"""Claims of every section and verdict."""

import pandas as pd

from embedgov.ledger import VERDICTS

SECTIONS = ["0.0", "1", "2.0", "2.1", "3.0", "3.1", "3.1", "3.4", "4.2", "5.0"]


def claims(sections=SECTIONS, more=30):
    """A claim of each section, and many more of the last; every verdict occurs."""
    sections = [*sections, *[sections[-1]] * more]
    verdicts = [*VERDICTS, "interpretation"]
    return pd.DataFrame(
        {
            "claim": [f"C{i:03d}" for i in range(len(sections))],
            "section": sections,
            "verdict": [verdicts[i % len(verdicts)] for i in range(len(sections))],
            "open": [i % 7 == 3 for i in range(len(sections))],
        }
    )
