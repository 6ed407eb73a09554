"""An invented study to try things on: twenty reports, five codes, three coders, a CSV file of each.

Nothing in it is real. The reports do not exist; whether one is about the cost of a clinic (COST), the
distance (DIST), trust (TRUST), language (LANG) or waiting time (TIME) was drawn at random, region by
region, and each coder was made to slip at random now and then.

Examples
--------
>>> from embedgov import coding, example
>>> coded = coding.read_coders(example.FILES, unit="report", codes=example.CODES, cluster="region")
>>> len(coded), sorted(coded["coder"].unique())
(60, ['ada', 'ben', 'cleo'])
"""

from pathlib import Path

FILES = [Path(__file__).resolve().parent / f"{coder}.csv" for coder in ("ada", "ben", "cleo")]
CODES = ["COST", "DIST", "TRUST", "LANG", "TIME"]
