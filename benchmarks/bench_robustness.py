"""Coder noise on one core and on two: 100,000 draws over the 118 segments and three coders.

Run: python -m pytest benchmarks/bench_robustness.py -s
Both are timed by turns in one process of their own, which prints the ratio of the time on two
cores to half the time on one, and its peak memory. Both cores have to be free of other work; what
others used of them is printed too. The draws must be the same.
"""

import os
import resource
import subprocess
import sys
from functools import partial
from pathlib import Path
from time import perf_counter

from embedgov.multiverse import coder_noise, universe
from embedgov_study import data
from embedgov_study.robustness import Segments

DRAWS, P, RUNS, AT_MOST, MEMORY = 100_000, 0.05, 10, 1.3, 500  # runs: the best of so many; MB


def busy():
    """Seconds that all cores have worked, and that this process has; only Linux tells the first."""
    stat, own = Path("/proc/stat"), sum(os.times()[:4])
    if not stat.exists():
        return float("nan"), own
    user, nice, system, _, _, *interrupts = map(int, stat.read_text().split("\n")[0].split()[1:8])
    return (user + nice + system + sum(interrupts)) / os.sysconf("SC_CLK_TCK"), own


def measure():
    forks = data.table("forks")
    forks = forks[forks["multiverse"] == "dimensions"]
    rounds = {name: data.segment_codes(name) for name in ("segments", "context", "gloss")}
    study, chosen = Segments(rounds, data.table("segments"), forks), universe(forks)
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


def test_two_cores_take_half_the_time_of_one(benchmark):
    command = [sys.executable, __file__]
    done = benchmark.pedantic(subprocess.run, (command,), {"capture_output": True, "text": True})
    print(f"\n{done.stdout}")
    assert done.returncode == 0, done.stdout + done.stderr


if __name__ == "__main__":
    sys.exit(measure())
