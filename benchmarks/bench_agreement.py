"""Bootstrap of alpha against a call of the package krippendorff for each draw.

114 units, 3 coders, 8 binary codes, made up from a fixed seed. Both sides get the same resampled
units and must give the same draws; the slow side makes every call, nothing is extrapolated.
"""

from time import perf_counter

import krippendorff
import numpy as np
import pandas as pd

from embedgov.agreement import alpha

UNITS, CODERS, CODES, DRAWS, AT_LEAST = 114, 3, 8, 10_000, 20


def test_alpha_is_faster_than_a_call_for_each_draw(benchmark):
    random = np.random.default_rng(1)
    truth = random.random((CODES, UNITS, 1)) < 0.4
    noise = random.random((CODES, UNITS, CODERS)) < 0.05
    ratings = (truth ^ noise).astype(int)
    tables = [pd.DataFrame(code) for code in ratings]

    ours = benchmark.pedantic(
        lambda: [alpha(table, draws=DRAWS, seed=1) for table in tables], rounds=3, warmup_rounds=1
    )

    start = perf_counter()
    chosen = np.random.default_rng(1).integers(UNITS, size=(DRAWS, UNITS))
    theirs = [
        [krippendorff.alpha(code[units].T, level_of_measurement="nominal") for units in chosen]
        for code in ratings
    ]
    slow = perf_counter() - start

    for one, draws in zip(ours, theirs):
        np.testing.assert_allclose([one.low, one.high], np.quantile(draws, [0.025, 0.975]))
    fast = benchmark.stats.stats.mean
    print(f"\nembedgov {fast:.3f} s, krippendorff {slow:.1f} s, ratio {slow / fast:.0f}")
    benchmark.extra_info["ratio"] = slow / fast
    assert slow / fast >= AT_LEAST
