"""Shares of equal codes of four coders."""

import pandas as pd

# Two pairs of like coders, two with nothing to compare; named in no language of the figures.
SHARES = {
    ("α", "β"): 0.95,
    ("α", "γ"): 0.55,
    ("α", "δ"): 0.65,
    ("β", "γ"): None,
    ("β", "δ"): 0.7,
    ("γ", "δ"): 0.9,
}


def pairs(shares=SHARES):
    return pd.DataFrame(
        [(*pair, share) for pair, share in shares.items()], columns=["coder_a", "coder_b", "share"]
    )
