"""An invented study, from the files of three coders to five figures.

It runs with nothing but an installed `embedgov` and writes five pictures into the folder where it is run.
The twenty reports, what they are about and how they were coded are invented. To try it on a study of your
own, name your files, your columns and your codes.
"""

import pandas as pd

from embedgov import agreement, bounds, coding, example, multiverse, plotting

CODES = {"COST": "Cost", "DIST": "Distance", "TRUST": "Trust", "LANG": "Language", "TIME": "Waiting time"}
REGIONS = {"North": "the north", "East": "the east", "South": "the south", "West": "the west"}
plotting.set_theme()

coded = coding.read_coders(example.FILES, unit="report", codes=list(CODES), cluster="region")
decided = coding.consensus(coded, unit="report", codes=list(CODES), rule="majority").values
counts = decided.sum()
ax = plotting.margin_bars(counts, total=len(decided), names=CODES, xlabel="Reports, of 20")
ax.figure.savefig("counts.svg")

measured = agreement.agreement_table(coded, unit="report", codes=list(CODES), cluster="region", draws=1000)
ax = plotting.agreement_forest(measured, names=CODES)
ax.figure.savefig("agreement.svg")

regions = coded.drop_duplicates("report").set_index("report")["region"].map(REGIONS)
ax = plotting.case_matrix(coding.case_matrix(decided, regions), names=CODES)
ax.figure.savefig("cases.svg")

margins = bounds.Margins(len(decided), {CODES[code]: int(n) for code, n in counts.items()})
every = tuple(margins.counts)
asked = {
    "cost and distance": bounds.Quantity("intersection", (CODES["COST"], CODES["DIST"])),
    "at least two of the five": bounds.Quantity("at least", every, 2),
    "none of the five": bounds.Quantity("pattern", ()),
}
names = {each.name: words for words, each in asked.items()}
found = [bounds.bound(margins, each) for each in asked.values()]
ax = plotting.intervals(found, names=names, xlabel="Reports, of 20")
ax.figure.savefig("bounds.svg")

options = {"rule": ["majority", "any", "all"], "least": ["2", "3"], "without": ["nobody", "ada", "ben", "cleo"]}
forks = pd.DataFrame([(f, o, int(o == all_of[0])) for f, all_of in options.items() for o in all_of])
forks.columns = ["fork", "option", "published"]


def reports_with_several(universe):
    """Count the reports with at least so many codes, by the choices of one universe."""
    some = coded[coded["coder"] != universe["without"]]
    values = coding.consensus(some, unit="report", codes=list(CODES), rule=universe["rule"]).values
    return {"reports": int((values.sum(axis=1) >= int(universe["least"])).sum())}


results = multiverse.multiverse(forks, reports_with_several, n_jobs=1)
own = multiverse.universe(forks)
words = {"rule": "Rule of joining", "majority": "by majority", "any": "by any coder", "all": "by all coders"}
ax = plotting.specification_curve(results, own=own, name="Reports with several barriers", names=words)
ax.figure.savefig("universes.svg")
