"""The tables that claims are worked out from, each read once, and the codes that a rule makes of them."""

from fractions import Fraction
from functools import cache, cached_property
from pathlib import Path

import pandas as pd

from embedgov import coding, multiverse
from embedgov.errors import ClaimError

from . import data as tables_of
from . import robustness, vocabulary
from .language import say
from .project import here

RULES = robustness.RULES
BATCH = 3  # whose statements are coded against the article's counts
INVENTORY = (
    "numbers",
    "definitions",
    "issues",
    "lists",
    "zones",
    "segments",
    "findings_limits_directions",
    "literature",
)


class Tables:
    """The tables of one folder, each read once, and the codes that a rule makes of them.

    Parameters
    ----------
    data
        Folder that holds ``datapackage.json``; that of the project by default.
    rule : str
        One of `RULES`.
    """

    def __init__(self, data: Path | None = None, rule: str = "majority"):
        self.folder, self.rule = Path(data or here().data), rule
        self._read = cache(lambda name: tables_of.table(name, self.folder))
        self.cases = cache(self._cases)

    def __call__(self, name: str) -> pd.DataFrame:
        return self._read(name)

    @cached_property
    def rule_said(self) -> str:
        """The rule as pages have it."""
        return {"majority": say("majority"), "any": say("any"), "all": say("all")}[self.rule]

    def row(self, name: str, key: str) -> pd.Series:
        """The first row of a table whose first column holds a key."""
        table = self(name)
        rows = table[table.iloc[:, 0] == key]
        if rows.empty:
            raise ClaimError(
                f"table {name} has no row with {table.columns[0]} {key!r}; correct the claim, or add the row"
            )
        return rows.iloc[0]

    def number(self, num_id: str) -> Fraction:
        """A number of the article."""
        value = self.row("numbers", num_id)["value"]
        try:
            return Fraction(value)
        except ValueError as error:
            raise ClaimError(
                f"table numbers, row {num_id}: {value!r} is no plain number; name another row"
            ) from error

    @cached_property
    def ids(self) -> set[str]:
        """The ids of all rows of the inventory."""
        return set().union(*(self(name).iloc[:, 0] for name in INVENTORY))

    @cached_property
    def designations(self) -> pd.DataFrame:
        """The register, with units and provinces."""
        return tables_of.designations(self.folder)

    def register(self, batches: str) -> pd.DataFrame:
        """The designations of some batches: one, or the first and the last with a hyphen."""
        first, _, last = batches.partition("-")
        chosen = self.designations["batch"].between(int(first), int(last or first))
        rows = self.designations[chosen]
        if rows.empty:
            raise ClaimError(f"table designations has no row of batch {batches}; correct the claim")
        return rows

    @cached_property
    def directions(self) -> list[str]:
        """Codes of the directions, as the codebook of the published round has them."""
        book = vocabulary.rounds(data=self.folder)[vocabulary.published_round(self.folder)]
        return vocabulary.codes(book, "direction", data=self.folder)

    @cached_property
    def dimensions(self) -> list[str]:
        """Codes of the dimensions, in the order of the article's framework."""
        return vocabulary.codes("segments", "dimension", data=self.folder)

    @cached_property
    def statements(self) -> pd.DataFrame:
        """Codes of the statements of the batch: one row per zone, 1 or 0 for each code."""
        codes = tables_of.statement_codes(data=self.folder)
        codes = codes[codes["designation_id"].isin(self.register(str(BATCH))["designation_id"])]
        names = [*self.directions, *self.dimensions]
        return coding.consensus(codes, unit="designation_id", codes=names, rule=self.rule).values

    @cached_property
    def passages(self) -> pd.DataFrame:
        """Codes of the segments: one row per segment, 1 or 0 for each code."""
        codes = tables_of.segment_codes(data=self.folder)
        names = [*self.dimensions, *robustness.READINGS.values()]
        return coding.consensus(codes, unit="seg_id", codes=names, rule=self.rule).values

    def _cases(self, least: str) -> coding.CaseMatrix:
        """Which dimensions a zone shows, from a number or a share of its segments."""
        zones = self("segments").set_index("seg_id")["zone_id"]
        share = least.endswith("%")
        rule = {"share": int(least[:-1]) / 100} if share else {"segments": int(least)}
        return coding.case_matrix(self.passages[self.dimensions], zones, **rule)

    @cached_property
    def over_represented(self) -> dict:
        """Per zone, the dimensions most over-represented, as `robustness.Segments` has them."""
        forks = self("forks")
        forks = forks[forks["multiverse"] == "dimensions"]
        rounds = {
            name: tables_of.segment_codes(name, self.folder)
            for name in vocabulary.rounds("segment", self.folder)
        }
        chosen = multiverse.universe(forks, adjudication=self.rule)
        return robustness.Segments(rounds, self("segments"), forks)(chosen)
