"""The claims of the article, and what the tables say of each.

A row of ``claims.csv`` is a claim: where the article makes it, our statement of it, the
value that it publishes, and the function of this module that works the value out again. The
verdict is computed, never stored:

- *reproduced*: the article's own numbers, lists and passages give the value
- *replicated*: data of our own, the register or the coders' codes, give it
- *announced*: an official task has the practice as a plan; no report says that it was done
- *counted*: the article does not print the value, or nothing here could contradict it; it is ours
- *bounded*: what is known leaves the value open, and other values too
- *differs*: what is known excludes it
- *not recoverable*: what would decide is in no table, as the function found by looking there

A claim of interpretation has no value and gets no verdict; it lists its evidence.
"""

import math
import re
from fractions import Fraction
from functools import cache, cached_property
from pathlib import Path

import pandas as pd

from embedgov import coding, multiverse
from embedgov.bounds import Margins, Quantity, bound
from embedgov.errors import ClaimError
from embedgov.ledger import STATED, Found, evaluate, exactly, nothing, number_text, recomputes, verdict

from . import data as tables_of
from . import robustness, vocabulary
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


def ledger(data: Path | None = None, rule: str = "majority") -> pd.DataFrame:
    """Work out every claim again.

    Parameters
    ----------
    data
        Folder that holds ``datapackage.json``; that of the project by default.
    rule : str
        How the codes of three coders become one: ``majority``, ``any`` or ``all``.

    Returns
    -------
    DataFrame
        One row per claim, in the order of the article: the columns of ``claims.csv``, then
        ``found``, ``verdict`` and ``how``; where another reading is named, also
        ``found_otherwise`` and ``verdict_otherwise``. What does not apply is missing.

    Raises
    ------
    ClaimError
        The rule is unknown, or of a claim: a cell is empty, the function is unknown, decides
        no claim of the kind or takes other arguments, a row that the claim names is in no table,
        or the values cannot be compared.
    DataError
        As for `embedgov_study.data.table`.
    """
    if rule not in RULES:
        raise ClaimError(f"rule is {rule!r}: expected one of {', '.join(RULES)}")
    tables = Tables(data, rule)
    claims = tables("claims")
    rows = []
    for claim in claims.itertuples():
        try:
            rows.append(_checked(tables, claim))
        except ClaimError as error:
            raise ClaimError(f"claims.csv, {claim.claim_id}: {error}") from error
    names = ["found", "verdict", "how", "found_otherwise", "verdict_otherwise"]
    return claims.join(pd.DataFrame(rows, claims.index, names, dtype="str"))


def _checked(tables: "Tables", claim) -> tuple:
    tables.row(claim.source_table, claim.source_id)
    counted = ("function", "expected", "tolerance", "stated")
    interpreted = claim.kind == "interpretation"
    for name in ("evidence",) if interpreted else counted:
        if pd.isna(getattr(claim, name)):
            raise ClaimError(f"kind is {claim.kind}, but {name} is empty: fill it in")
    if interpreted:
        if not pd.isna(claim.function):
            raise ClaimError("an interpretation has no function: delete it, or correct the kind")
        for row_id in claim.evidence.split(";"):
            if row_id not in tables.ids:
                raise ClaimError(
                    f"evidence {row_id!r} is in none of {', '.join(INVENTORY)}; "
                    "correct the id, or add the row"
                )
        return (None,) * 5
    if pd.isna(claim.other_reading) != pd.isna(claim.other_arguments):
        raise ClaimError("one of other_reading and other_arguments is empty: fill in both, or none")
    found = evaluate(tables, claim, claim.arguments)
    judged, how = _judged(claim, found)
    if pd.isna(claim.other_reading):
        return found.text or None, judged, how, None, None
    other = evaluate(tables, claim, claim.other_arguments)
    return found.text or None, judged, how, other.text or None, _judged(claim, other)[0]


def _judged(claim, found: Found) -> tuple[str | None, str]:
    """The verdict on what was found, and what was counted.

    A value of a source that is written like nothing published decides nothing; it does not take
    the other claims with it.
    """
    try:
        judged = verdict(claim.kind, claim.expected, claim.tolerance, found, claim.stated)
    except ClaimError as error:
        if claim.stated not in STATED:
            raise
        return "not recoverable", f"{found.how}; {error}"
    return judged, f"{found.how}; {found.against}" if found.against else found.how


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


# ---- arithmetic on the article's own numbers


@recomputes("arithmetic")
def same_number(tables: Tables, first: str, *others: str) -> Found:
    """The value of several numbers; the first that differs from the first, if one does."""
    values = {num_id: tables.number(num_id) for num_id in (first, *others)}
    value = next((value for value in values.values() if value != values[first]), values[first])
    return exactly(value, ", ".join(f"{key} {number_text(value)}" for key, value in values.items()))


@recomputes("arithmetic")
def percent(tables: Tables, part: str, whole: str) -> Found:
    """One number in per cent of another."""
    one, other = tables.number(part), tables.number(whole)
    return exactly(100 * one / other, f"{number_text(one)} of {number_text(other)}")


@recomputes("arithmetic")
def years(tables: Tables, num_id: str) -> Found:
    """Length of a period of whole months, both ends included."""
    period = tables.row("numbers", num_id)["value"]
    start, end = (pd.Period(month, "M") for month in period.split(".."))
    months = (end - start).n + 1
    return exactly(Fraction(months, 12), f"{months} months from {start} to {end}")


@recomputes("arithmetic")
def labels_at_least(tables: Tables, least: str) -> Found:
    """Bounds on the zones that carry several of the four directions, from their counts."""
    directions = tables("direction_counts").set_index("code")["num_id"]
    counts = {code: int(tables.number(num_id)) for code, num_id in directions.items()}
    given = Margins(int(tables.number("N034")), counts)
    found = bound(given, Quantity("at least", tuple(counts), int(least)))
    listed = ", ".join(f"{code} {count}" for code, count in counts.items())
    how = f"zones with {least} or more, from {listed} of {given.total}"
    return Found(found.low, found.high, how)


@recomputes("arithmetic")
def rounds(tables: Tables, batch: str) -> Found:
    """Whole rounds of a batch: all four events of one are dated."""
    events = tables("milestones")
    dated = events["kind"][events["batch"] == int(batch)].astype(str).tolist()
    if not dated:
        raise ClaimError(f"table milestones has no row of batch {batch}; correct the claim")
    kinds = ("application", "confirmation", "experiment", "acceptance")
    lacking = [kind for kind in kinds if kind not in dated]
    return exactly(0 if lacking else 1, f"events without a date: {', '.join(lacking) or 'none'}")


# ---- lists and passages of the article


@recomputes("list")
def list_length(tables: Tables, list_id: str, term: str | None = None) -> Found:
    """Items of a list, or those whose Chinese has a term; of an open list a minimum."""
    tables.row("lists", list_id)
    items = tables("lists")
    items = items[items["list_id"] == list_id]
    is_open = (items["open_ended"] == "yes").any()
    if term:
        items = items[items["item_zh"].str.contains(term, regex=False, na=False)]
    how = ("open list: " if is_open else "") + "; ".join(items["item_en"])
    return Found(len(items), math.inf if is_open else len(items), how)


@recomputes("list")
def list_lengths(tables: Tables, one: str, other: str) -> Found:
    """Items of two lists, with a plus between them."""
    lengths = [list_length(tables, list_id).text for list_id in (one, other)]
    return exactly("+".join(lengths), f"items of {one} and {other}")


@recomputes("list")
def items_named(tables: Tables, num_id: str) -> Found:
    """Items that the article names beside a number which has no list of its own."""
    number = tables.row("numbers", num_id)
    named = 0 if pd.isna(number["items_listed"]) else int(number["items_listed"])
    if not named:
        return nothing(f"no item is named beside {num_id}, {number['what_it_counts']}")
    return exactly(named, f"items beside {num_id}, {number['what_it_counts']}")


@recomputes("list")
def items_shown(tables: Tables, list_id: str, dimension: str) -> Found:
    """Items of a list that the zones described under a dimension show; the others may exist."""
    tables.row("lists", list_id)
    zones, segments, lists = tables("zones"), tables("segments"), tables("lists")
    zones = zones[zones["dimension_article"] == dimension]
    if zones.empty:
        raise ClaimError(f"table zones has no row under {dimension!r}; correct the claim")
    segments = segments[segments["zone_id"].isin(zones["zone_id"])]
    said = [*zones["zone_zh"], *segments["anchor_zh"]]
    items = lists[lists["list_id"] == list_id]
    terms = items["anchor_zh"].str.strip("、在等“”")
    if terms.eq("").any():  # which every text would have
        raise ClaimError(f"table lists, {list_id}: an anchor has no term; correct the row")
    shown = items[[any(term in text for text in said) for term in terms]]
    how = f"described: {'; '.join(shown['item_en']) or 'none'}"
    return Found(len(shown), len(items), how)


@recomputes("list", "register")
def terms_named(tables: Tables, where: str, term: str, *others: str) -> Found:
    """How many of some terms our paraphrase of the cases, or of one statement, has."""
    if where == "segments":
        texts = list(tables("segments")["paraphrase_en"])
    else:
        texts = [tables.row("designations", where)["statement_en"]]
    terms = term, *others
    named = [term for term in terms if any(term.lower() in text.lower() for text in texts)]
    return exactly(len(named), f"in {where}: {', '.join(named) or 'none'}")


@recomputes("list")
def headings(tables: Tables) -> Found:
    """Dimensions under which the article tells its cases."""
    dimensions = tables("zones")["dimension_article"].dropna().astype(str).unique()
    return exactly(len(dimensions), ", ".join(dimensions))


@recomputes("list")
def zones_described(tables: Tables) -> Found:
    """Zones of which the article describes a practice."""
    zones = tables("zones")["zone_id"].isin(tables("segments")["zone_id"]).sum()
    return exactly(int(zones), "zones with at least one passage")


@recomputes("list")
def sample_named(tables: Tables, num_id: str) -> Found:
    """Zones of the sample that can be told by name: those that are described."""
    size, known = tables.number(num_id), zones_described(tables).low
    if known < size:
        return nothing(
            f"{known} of {number_text(size)} are known, since they are described; no table "
            "names the others, nor those that were left out"
        )
    return exactly(known, "zones with a description")


# ---- the register


@recomputes("register")
def batches(tables: Tables) -> Found:
    """Batches in the register."""
    sizes = tables("designations")["batch"].value_counts().sort_index()
    return exactly(len(sizes), " + ".join(map(str, sizes)))


@recomputes("register")
def designations(tables: Tables, batches: str, unit: str = "designations") -> Found:
    """Designations of some batches, or their distinct places."""
    register = tables.register(batches)
    column = {"designations": "designation_id", "places": "unit_id"}[unit]
    return exactly(register[column].nunique(), f"{unit} of batch {batches} in the register")


@recomputes("register")
def provinces(tables: Tables, batches: str, corps: str) -> Found:
    """Provincial units with a designation, the Corps ``beside`` Xinjiang or ``inside`` it."""
    column = {"beside": "province_id", "inside": "province_code"}[corps]
    count = tables.register(batches)[column].nunique()
    return exactly(count, f"provincial units of batch {batches}, the Corps {corps} Xinjiang")


@recomputes("register")
def zones_registered(tables: Tables, list_id: str | None = None) -> Found:
    """Zones that the article names and the register has in the batch, under name and province."""
    zones = tables("zones")
    if list_id:
        tables.row("lists", list_id)
        items = tables("lists")
        zones = zones[zones["zone_en"].isin(items["item_en"][items["list_id"] == list_id])]
    register = tables.register(str(BATCH)).set_index("designation_id")
    there = [
        zone.designation_id in register.index
        and register.at[zone.designation_id, "zone_zh"].endswith(zone.zone_zh)
        and register.at[zone.designation_id, "province_en"] == zone.province_en
        for zone in zones.itertuples()
    ]
    return exactly(sum(there), f"of {len(there)} names, in the register of batch {BATCH}")


@recomputes("register")
def batch_of_zones(tables: Tables) -> Found:
    """The batch of the zones that the article describes."""
    zones = tables("zones").dropna(subset="dimension_article")["designation_id"]
    found = [int(tables.row("designations", zone)["batch"]) for zone in zones]
    return Found(min(found), max(found), f"{len(zones)} zones in the register")


@recomputes("register")
def event(tables: Tables, batch: str, kind: str, what: str = "date") -> Found:
    """Date or document of an event, if a source other than the article has it."""
    if what not in ("date", "document"):
        raise ClaimError(f"{what!r} of an event; expected date or document: correct the claim")
    events = tables("milestones")
    events = events[(events["batch"] == int(batch)) & (events["kind"] == kind)]
    if events.empty:
        raise ClaimError(f"table milestones has no row for {kind}, batch {batch}; correct the claim")
    elsewhere = events[events["source_id"] != "article"]
    if elsewhere.empty:
        papers = tables("batch_sources")
        papers = papers["source_id"][(papers["batch"] == int(batch)) & (papers["source_id"] != "article")]
        seen = (
            f"; {', '.join(papers)}, of which we have only what sources.csv says, gives none"
            if len(papers)
            else ""
        )
        rows = ", ".join(events["milestone_id"])
        return nothing(f"{rows}: the register has it from the article alone{seen}")
    if len(elsewhere) > 1:
        return nothing(f"{', '.join(elsewhere['milestone_id'])}: several sources, which are not weighed here")
    row = elsewhere.iloc[0]
    how = f"{row['milestone_id']}, from {row['source_id']}"
    if what == "document":
        column = {"confirmation": "approval_document", "acceptance": "acceptance_document"}[kind]
        paper = tables("batches").set_index("batch")[column][int(batch)]
        if pd.isna(paper):
            return nothing(f"{how}, without a number")
        return exactly(re.sub(r"\D+", "-", paper).strip("-"), how)
    start, end = row["start"], row["start"] if pd.isna(row["end"]) else row["end"]
    if kind == "experiment":  # a span, not a date within one
        return exactly(f"{start}..{end}", how)
    if len(start) == len(end) == len("2011"):
        start, end = Fraction(start), Fraction(end)
    return Found(start, end, how)


@recomputes("register")
def accepted(tables: Tables, batch: str) -> Found:
    """Accepted zones of a batch; a source of the acceptance does not say how many they are."""
    found = event(tables, batch, "acceptance")
    return found if found.low is None else Found(1, len(tables.register(batch)), found.how)


@recomputes("register")
def documents(tables: Tables, batch: str) -> Found:
    """Zones of a batch of which there is a document of their own, not a report about them."""
    kinds = tables("sources").set_index("source_id")["kind"]
    reports, zones = tables("practice_evidence"), tables.register(batch)["designation_id"]
    reports = reports[reports["designation_id"].isin(zones)]
    own = reports[~reports["source_id"].map(kinds).isin(["press", "secondary", "study"])]
    if own.empty:
        return nothing(
            f"no source is a plan or report of a zone; there are public reports on "
            f"{reports['designation_id'].nunique()} of {len(zones)}"
        )
    return Found(own["designation_id"].nunique(), len(zones), "zones with a document of their own")


def _texts_on(tables: Tables, where: str) -> tuple[list[str], list[str]]:
    """Announced tasks of a designation, or of a batch such as ``B3``, and public reports on it."""

    def on(name: str) -> pd.DataFrame:
        ids = tables(name)["designation_id"]
        return tables(name)[(ids == where) | ids.str.startswith(f"{where}-")]

    statements, reports = on("designations"), on("practice_evidence")
    if statements.empty:
        raise ClaimError(f"table designations has no row with designation_id {where!r}; correct the claim")
    return (
        (statements["statement_en"] + " " + statements["gist_zh"]).tolist(),
        (reports["evidence_en"] + " " + reports["anchor_zh"]).tolist(),
    )


@recomputes("register")
def named_elsewhere(tables: Tables, where: str, term: str, *others: str) -> Found:
    """Announced tasks and public reports that have one of some terms; there may be more.

    A task says what was planned. Where no report has a term, the practice is announced only.
    """
    terms = [each.lower() for each in (term, *others)]
    tasks, reports = _texts_on(tables, where)
    planned, reported = (
        sum(any(each in text.lower() for each in terms) for text in texts) for texts in (tasks, reports)
    )
    if not planned + reported:
        return nothing(
            f"none of {len(tasks) + len(reports)} announced tasks and public reports on {where} "
            f"has a term such as {term}"
        )
    how = f"{planned} of {len(tasks)} announced tasks and {reported} of {len(reports)} public reports on {where}"
    return Found(planned + reported, math.inf, how, announced=not reported)


@recomputes("register")
def share_of_money(tables: Tables, designation: str, word: str) -> Found:
    """The share of money, in per cent, that a sentence with a word gives to a source."""
    zone = tables("zones").set_index("designation_id")["zone_id"].get(designation)
    segments = tables("segments")
    tasks, reports = _texts_on(tables, designation)
    texts = [*segments["paraphrase_en"][segments["zone_id"] == zone], *tasks, *reports]
    sentences = [part for text in texts for part in re.split(r"[.;](?:\s|$)", text)]
    shares = [
        share
        for part in sentences
        if word in part.lower()
        for share in re.findall(r"(\d+(?:\.\d+)?) ?(?:%|per cent)", part)
    ]
    if not shares:
        return nothing(
            f"none of {len(texts)} passages, tasks and reports on {designation} gives the amounts by source"
        )
    values = sorted(map(Fraction, shares))
    return Found(values[0], values[-1], f"shares given for {designation}")


# ---- coding


@recomputes("coding")
def zones_coded(tables: Tables, codes: str, within: str = "all", among: str = "") -> Found:
    """Zones of the batch with any of some codes, ``all`` of them or those with another code.

    If they are to be the sample, the zones that are ``described`` as part of it must be among them.
    """
    if among not in ("", "described"):
        raise ClaimError(f"{among!r} of {codes}; expected described, or nothing: correct the claim")
    values = tables.statements
    has = values[codes.split(" or ")].eq(1).any(axis=1)
    if within != "all":
        has &= values[within].eq(1)
    inside = "" if within == "all" else f", within {within}"
    against = ""
    if among:
        described = tables("zones").dropna(subset="dimension_article").set_index("designation_id")["zone_en"]
        if lacking := [described[zone] for zone in described.index if not has[zone]]:
            against = f"leaves out {'; '.join(lacking)}, described as part of the sample"
    how = f"{codes} in {len(values)} statements, {tables.rule}{inside}"
    return exactly(int(has.sum()), how)._replace(against=against)


@recomputes("coding")
def zones_with_directions(tables: Tables, least: str) -> Found:
    """Zones of the batch with several of the four directions."""
    carried = tables.statements[tables.directions].sum(axis=1)
    how = f"statements with {least} or more of the four directions, {tables.rule}"
    return exactly(int((carried >= int(least)).sum()), how)


@recomputes("coding")
def zones_on_theme(tables: Tables, theme: str) -> Found:
    """Zones of the batch whose statement most coders put under a theme of the call."""
    codes = tables_of.statement_codes(data=tables.folder)
    codes = codes[codes["designation_id"].isin(tables.statements.index)]
    share = codes["call_theme"].eq(theme).groupby(codes["designation_id"]).mean()
    return exactly(int((share > 0.5).sum()), f"statements under {theme} by most coders")


@recomputes("coding")
def dominant(tables: Tables, zone_id: str, measure: str) -> Found:
    """The dimension that a zone shows most; several if they tie."""
    tables.row("zones", zone_id)
    counts = tables.cases("1").counts.loc[zone_id]
    top = {
        "over-represented": tables.over_represented[zone_id],
        "most frequent": ";".join(counts.index[(counts == counts.max()) & (counts > 0)]),
    }[measure]
    listed = ", ".join(f"{code} {count}" for code, count in counts.items())
    if not top:
        return nothing(f"no passage of {zone_id} has a dimension")
    return exactly(top, f"{measure} of {listed}")


@recomputes("coding")
def zones_with_dimensions(tables: Tables, least: str, presence: str) -> Found:
    """Described zones that show several dimensions."""
    shown = tables.cases(presence).present.sum(axis=1)
    how = f"of {len(shown)} zones, with {least} or more dimensions in {presence} of their passages"
    return exactly(int((shown >= int(least)).sum()), how)


@recomputes("coding")
def profiles(tables: Tables) -> Found:
    """Different sets of dimensions that the described zones show."""
    shown = tables.cases("1").present
    return exactly(len(shown.drop_duplicates()), f"sets of dimensions in {len(shown)} zones")


@recomputes("coding")
def carried_by(tables: Tables, code: str, least: str) -> Found:
    """Zones whose passages with a code have at least so many dimensions among them."""
    passages = tables.passages.loc[tables.passages[code] == 1, tables.dimensions]
    zones = tables("segments").set_index("seg_id")["zone_id"].reindex(passages.index)
    shown = passages.groupby(zones).any().sum(axis=1)
    if shown.empty:
        return nothing(f"no passage on a zone has {code}")
    listed = ", ".join(f"{name} {count}" for name, count in passages.sum().items())
    how = (
        f"of {len(shown)} zones with passages on {code}, the most dimensions in one are {shown.max()}; "
        f"added up over zones, of {len(passages)} passages: {listed}"
    )
    return exactly(int((shown >= int(least)).sum()), how)
