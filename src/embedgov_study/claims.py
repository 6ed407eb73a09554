"""The claims of the article, and what the tables say of each.

A row of ``claims.csv`` is a claim: where the article makes it, our statement of it, the
value that it publishes, and the function that works the value out again: `claims_on_text`,
`claims_on_register` and `claims_on_codes` have them. The
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
from pathlib import Path

import pandas as pd

from embedgov.errors import ClaimError
from embedgov.ledger import STATED, Found, evaluate, number_text, verdict

from . import claims_on_codes, claims_on_register, claims_on_text  # noqa: F401  they enter their functions
from .claim_tables import INVENTORY, RULES, Tables
from .language import say


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
        return _words(found), judged, how, None, None
    other = evaluate(tables, claim, claim.other_arguments)
    return _words(found), judged, how, _words(other), _judged(claim, other)[0]


def _words(found: Found) -> str | None:
    """The value or interval in words; None if there is none."""
    if found.low is None or found.low == found.high:
        return found.text or None
    if found.high == math.inf:
        return say("at least {low}", low=number_text(found.low))
    return say("{low} to {high}", low=number_text(found.low), high=number_text(found.high))


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
    return judged, say(
        "{found}; {against}", found=found.how, against=found.against
    ) if found.against else found.how
