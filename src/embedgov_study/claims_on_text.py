"""Values of claims worked out from the article's own numbers, lists and passages."""

import math
from fractions import Fraction

import pandas as pd

from embedgov.bounds import Margins, Quantity, bound
from embedgov.errors import ClaimError
from embedgov.ledger import Found, exactly, nothing, number_text, recomputes

from . import vocabulary
from .claim_tables import Tables
from .language import items_told, say

# ---- arithmetic on the article's own numbers


@recomputes("arithmetic")
def same_number(tables: Tables, first: str, *others: str) -> Found:
    """The value of several numbers; the first that differs from the first, if one does."""
    values = {num_id: tables.number(num_id) for num_id in (first, *others)}
    value = next((value for value in values.values() if value != values[first]), values[first])
    return exactly(value, say(", ").join(f"{key} {number_text(value)}" for key, value in values.items()))


@recomputes("arithmetic")
def percent(tables: Tables, part: str, whole: str) -> Found:
    """One number in per cent of another."""
    one, other = tables.number(part), tables.number(whole)
    how = say("{part} of {whole}", part=number_text(one), whole=number_text(other))
    return exactly(100 * one / other, how)


@recomputes("arithmetic")
def years(tables: Tables, num_id: str) -> Found:
    """Length of a period of whole months, both ends included."""
    period = tables.row("numbers", num_id)["value"]
    start, end = (pd.Period(month, "M") for month in period.split(".."))
    months = (end - start).n + 1
    return exactly(
        Fraction(months, 12), say("{n} months from {start} to {end}", n=months, start=start, end=end)
    )


@recomputes("arithmetic")
def labels_at_least(tables: Tables, least: str) -> Found:
    """Bounds on the zones that carry several of the four directions, from their counts."""
    directions = tables("direction_counts").set_index("code")["num_id"]
    counts = {code: int(tables.number(num_id)) for code, num_id in directions.items()}
    given = Margins(int(tables.number("N034")), counts)
    found = bound(given, Quantity("at least", tuple(counts), int(least)))
    listed = say(", ").join(f"{code} {count}" for code, count in counts.items())
    how = say(
        "zones with {least} or more, from {counts} of {total}", least=least, counts=listed, total=given.total
    )
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
    words = say(", ").join(vocabulary.label(kind, "milestones", "kind", tables.folder) for kind in lacking)
    return exactly(0 if lacking else 1, say("events without a date: {events}", events=words or say("none")))


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
    listed = say("; ").join(items_told(items)["item"])
    how = say("open list: {items}", items=listed) if is_open else listed
    return Found(len(items), math.inf if is_open else len(items), how)


@recomputes("list")
def list_lengths(tables: Tables, one: str, other: str) -> Found:
    """Items of two lists, with a plus between them."""
    lengths = [list_length(tables, list_id).text for list_id in (one, other)]
    return exactly("+".join(lengths), say("items of {one} and {other}", one=one, other=other))


@recomputes("list")
def items_named(tables: Tables, num_id: str) -> Found:
    """Items that the article names beside a number which has no list of its own."""
    number = tables.row("numbers", num_id)
    named = 0 if pd.isna(number["items_listed"]) else int(number["items_listed"])
    about = {"number": num_id, "what": number["what_it_counts"]}
    if not named:
        return nothing(say("no item is named beside {number}, {what}", **about))
    return exactly(named, say("items beside {number}, {what}", **about))


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
    listed = say("; ").join(items_told(shown)["item"])
    how = say("described: {items}", items=listed or say("none"))
    return Found(len(shown), len(items), how)


def _quoted(words: list[str]) -> str:
    return say(", ").join(f"“{word}”" for word in words)


@recomputes("list", "register")
def terms_named(tables: Tables, where: str, term: str, *others: str) -> Found:
    """How many of some terms our paraphrase of the cases, or of one statement, has."""
    if where == "segments":
        texts = list(tables("segments")["paraphrase_en"])
    else:
        texts = [tables.row("designations", where)["statement_en"]]
    terms = term, *others
    named = [term for term in terms if any(term.lower() in text.lower() for text in texts)]
    return exactly(
        len(named),
        say(
            "in {where}: {terms}",
            where=say("passages") if where == "segments" else where,
            terms=_quoted(named) or say("none"),
        ),
    )


@recomputes("list")
def headings(tables: Tables) -> Found:
    """Dimensions under which the article files its cases."""
    dimensions = tables("zones")["dimension_article"].dropna().astype(str).unique()
    return exactly(len(dimensions), say(", ").join(dimensions))


@recomputes("list")
def zones_described(tables: Tables) -> Found:
    """Zones of which the article describes a practice."""
    zones = tables("zones")["zone_id"].isin(tables("segments")["zone_id"]).sum()
    return exactly(int(zones), say("zones with at least one passage"))


@recomputes("list")
def sample_named(tables: Tables, num_id: str) -> Found:
    """Zones of the sample that can be told by name: those that are described."""
    size, known = tables.number(num_id), zones_described(tables).low
    if known < size:
        return nothing(
            say(
                "{known} of {size} are known, since they are described; no table names the others, nor those "
                "that were left out",
                known=known,
                size=number_text(size),
            )
        )
    return exactly(known, say("zones with a description"))
