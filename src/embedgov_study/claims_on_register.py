"""Values of claims worked out from the register, its sources and public reports."""

import math
import re
from fractions import Fraction

import pandas as pd

from embedgov.errors import ClaimError
from embedgov.ledger import Found, exactly, nothing, recomputes

from .claim_tables import BATCH, Tables
from .language import language, say


@recomputes("register")
def batches(tables: Tables) -> Found:
    """Batches in the register."""
    sizes = tables("designations")["batch"].value_counts().sort_index()
    return exactly(len(sizes), " + ".join(map(str, sizes)))


@recomputes("register")
def designations(tables: Tables, batches: str, unit: str = "designations") -> Found:
    """Designations of some batches, or their distinct places."""
    register = tables.register(batches)
    column, how = {
        "designations": (
            "designation_id",
            say("designations of batch {batches} in the register", batches=batches),
        ),
        "places": ("unit_id", say("places of batch {batches} in the register", batches=batches)),
    }[unit]
    return exactly(register[column].nunique(), how)


@recomputes("register")
def provinces(tables: Tables, batches: str, corps: str) -> Found:
    """Provincial units with a designation, the Corps ``beside`` Xinjiang or ``inside`` it."""
    column, how = {
        "beside": (
            "province_id",
            say("provincial units of batch {batches}, the Corps beside Xinjiang", batches=batches),
        ),
        "inside": (
            "province_code",
            say("provincial units of batch {batches}, the Corps inside Xinjiang", batches=batches),
        ),
    }[corps]
    return exactly(tables.register(batches)[column].nunique(), how)


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
    return exactly(
        sum(there), say("of {n} names, in the register of batch {batch}", n=len(there), batch=BATCH)
    )


@recomputes("register")
def batch_of_zones(tables: Tables) -> Found:
    """The batch of the zones that the article describes."""
    zones = tables("zones").dropna(subset="dimension_article")["designation_id"]
    found = [int(tables.row("designations", zone)["batch"]) for zone in zones]
    return Found(min(found), max(found), say("{n} zones in the register", n=len(zones)))


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
        rows = say(", ").join(events["milestone_id"])
        if papers.empty:
            return nothing(say("{rows}: the register has it from the article alone", rows=rows))
        return nothing(
            say(
                "{rows}: the register has it from the article alone; {sources}, of which we have only what "
                "sources.csv says, gives none",
                rows=rows,
                sources=say(", ").join(papers),
            )
        )
    if len(elsewhere) > 1:
        rows = say(", ").join(elsewhere["milestone_id"])
        return nothing(say("{rows}: several sources, which are not weighed here", rows=rows))
    row = elsewhere.iloc[0]
    how = say("{row}, from {source}", row=row["milestone_id"], source=row["source_id"])
    if what == "document":
        column = {"confirmation": "approval_document", "acceptance": "acceptance_document"}[kind]
        paper = tables("batches").set_index("batch")[column][int(batch)]
        if pd.isna(paper):
            return nothing(say("{found}, without a number", found=how))
        return exactly(re.sub(r"\D+", "-", paper).strip("-"), how)
    start, end = row["start"], row["start"] if pd.isna(row["end"]) else row["end"]
    if kind == "experiment":  # a span, not a date within one
        return exactly(f"{start}..{end}", how)
    if len(start) == len(end) == len("2011"):
        start, end = Fraction(start), Fraction(end)
    return Found(start, end, how)


@recomputes("register")
def place_in_batch(tables: Tables, designation: str) -> Found:
    """The place of a zone in the list of its batch."""
    row = tables.row("designations", designation)
    return exactly(
        int(row["order_in_notice"]),
        say("{zone} in the list of batch {batch}", zone=designation, batch=row["batch"]),
    )


@recomputes("register")
def official_text(tables: Tables, word: str, *others: str) -> Found:
    """Official sources described by some words; that there is one does not say what it has in it."""
    words = (word, *others)
    sources = tables("sources")
    sources = sources[sources["kind"].str.startswith("official")]
    described = sources["description"].str.lower()
    there = sources["source_id"][[all(each.lower() in text for each in words) for text in described]]
    if there.empty:
        how = say(
            "none of {n} official sources is described by {words}",
            n=len(sources),
            words=say(" and ").join(f"“{word}”" for word in words),
        )
        return nothing(how)
    return Found(0, len(there), say("{sources}, whose wording is in no table", sources=say(", ").join(there)))


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
            say(
                "no source is a plan or report of a zone; there are public reports on {n} of {total}",
                n=reports["designation_id"].nunique(),
                total=len(zones),
            )
        )
    how = say("zones with a document of their own")
    return Found(own["designation_id"].nunique(), len(zones), how)


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


def _said(term: str, *others: str) -> str:
    """Of terms in both languages the first in that of the project, if there is one."""
    own = (each for each in (term, *others) if language() == "zh" and not each.isascii())
    return next(own, term)


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
            say(
                "none of {n} announced tasks and public reports on {where} has a term such as {term}",
                n=len(tasks) + len(reports),
                where=where,
                term=_said(term, *others),
            )
        )
    how = say(
        "{planned} of {tasks} announced tasks and {reported} of {reports} public reports on {where}",
        planned=planned,
        tasks=len(tasks),
        reported=reported,
        reports=len(reports),
        where=where,
    )
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
            say(
                "none of {n} passages, tasks and reports on {zone} gives the amounts by source",
                n=len(texts),
                zone=designation,
            )
        )
    values = sorted(map(Fraction, shares))
    return Found(values[0], values[-1], say("shares given for {zone}", zone=designation))
