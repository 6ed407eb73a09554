"""Four chapters and what they need."""

import pandas as pd

CHAPTERS = {
    "a": ("The sample", "样本", 10),
    "b": ("The framework", "框架", 20),
    "c": ("A very long name of a chapter on the cases", "案例", 40),
    "d": ("Findings", "发现", 80),
}
DATA = pd.DataFrame(
    [(name, *rest) for name, rest in CHAPTERS.items()],
    columns=["chapter", "label_en", "label_zh", "minutes"],
)
NEEDS = pd.DataFrame({"chapter": ["b", "c", "d"], "needed": ["a", "b", "c"]})
