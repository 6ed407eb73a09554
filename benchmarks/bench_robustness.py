"""Coder noise on one core and on two: 100,000 draws over the 118 segments and three coders.

``python benchmarks/bench_robustness.py`` times both by turns in one run and prints the ratio of
the time on two cores to half the time on one, and the peak memory of the whole run. Exit status 1
when the draws differ, the ratio is above 1.3, or the memory is 500 MB or more. Both cores have to
be free of other work; what others used of them is printed.
"""

import os
import resource
import sys
from functools import partial
from pathlib import Path
from time import perf_counter

import pandas as pd

from embedgov import data
from embedgov.paths import DATA
from embedgov.robustness import Segments, coder_noise, universe

DRAWS, P, RUNS, AT_MOST, MEMORY = 100_000, 0.05, 5, 1.3, 500  # runs: the best of so many; MB


def busy():
    """Seconds that all cores have worked, and that this process has; only Linux tells the first."""
    stat, own = Path("/proc/stat"), sum(os.times()[:4])
    if not stat.exists():
        return float("nan"), own
    user, nice, system, _, _, *interrupts = map(int, stat.read_text().split("\n")[0].split()[1:8])
    return (user + nice + system + sum(interrupts)) / os.sysconf("SC_CLK_TCK"), own


def main():
    forks = pd.read_csv(DATA / "robustness" / "forks.csv", dtype="str")
    forks = forks[forks["multiverse"] == "dimensions"].astype({"published": int})
    study, chosen = Segments(data.segment_codes(), data.table("segments"), forks), universe(forks)
    codes, result = study.codes(chosen), partial(study.results, universe=chosen)
    print(f"{DRAWS:,} draws of {codes.shape[1]} segments x {codes.shape[0]} coders, p = {P}")

    times, draws = {1: [], 2: []}, {}
    (all_before, own_before), start = busy(), perf_counter()
    for _ in range(RUNS):
        for cores, taken in times.items():
            began = perf_counter()
            draws[cores] = coder_noise(codes, result, P, draws=DRAWS, seed=1, n_jobs=cores)
            taken.append(perf_counter() - began)
    (all_after, own_after), seconds = busy(), perf_counter() - start
    others = (all_after - all_before - own_after + own_before) / (seconds * os.cpu_count())

    one, two = min(times[1]), min(times[2])
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # bytes on macOS
    peak = kilobytes / (1024 if sys.platform != "darwin" else 1024**2)
    ratio, same = two / (one / 2), draws[1].equals(draws[2])
    print(f"one core {one:.2f} s, two cores {two:.2f} s, ratio {ratio:.2f} (at most {AT_MOST})")
    print(f"peak memory {peak:.0f} MB (under {MEMORY}); the same draws: {same}")
    print(f"others used {max(others, 0):.0%} of {os.cpu_count()} cores meanwhile")
    return 0 if same and ratio <= AT_MOST and peak < MEMORY else 1


if __name__ == "__main__":
    sys.exit(main())
