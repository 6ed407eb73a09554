"""Values of claims worked out from the coders' codes of statements and passages."""

from embedgov.errors import ClaimError
from embedgov.ledger import Found, exactly, nothing, recomputes

from . import data as tables_of
from .claim_tables import Tables
from .language import in_language, say


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
    against = ""
    if among:
        described = tables("zones").dropna(subset="dimension_article").set_index("designation_id")
        described = in_language(described)["zone"]
        if lacking := [described[zone] for zone in described.index if not has[zone]]:
            against = say(
                "leaves out {zones}, described as part of the sample", zones=say("; ").join(lacking)
            )
    given = {"codes": codes, "n": len(values), "rule": tables.rule_said}
    how = (
        say("{codes} in {n} statements, {rule}", **given)
        if within == "all"
        else say("{codes} in {n} statements, {rule}, within {within}", **given, within=within)
    )
    return exactly(int(has.sum()), how)._replace(against=against)


@recomputes("coding")
def zones_with_directions(tables: Tables, least: str) -> Found:
    """Zones of the batch with several of the four directions."""
    carried = tables.statements[tables.directions].sum(axis=1)
    how = say(
        "statements with {least} or more of the four directions, {rule}", least=least, rule=tables.rule_said
    )
    return exactly(int((carried >= int(least)).sum()), how)


@recomputes("coding")
def zones_on_theme(tables: Tables, theme: str) -> Found:
    """Zones of the batch whose statement most coders put under a theme of the call."""
    codes = tables_of.statement_codes(data=tables.folder)
    codes = codes[codes["designation_id"].isin(tables.statements.index)]
    share = codes["call_theme"].eq(theme).groupby(codes["designation_id"]).mean()
    return exactly(int((share > 0.5).sum()), say("statements under {theme} by most coders", theme=theme))


@recomputes("coding")
def dominant(tables: Tables, zone_id: str, measure: str) -> Found:
    """The dimension that a zone shows most; several if they tie."""
    tables.row("zones", zone_id)
    counts = tables.cases("1").counts.loc[zone_id]
    top = {
        "over-represented": tables.over_represented[zone_id],
        "most frequent": ";".join(counts.index[(counts == counts.max()) & (counts > 0)]),
    }[measure]
    listed = say(", ").join(f"{code} {count}" for code, count in counts.items())
    if not top:
        return nothing(say("no passage of {zone} has a dimension", zone=zone_id))
    how = {
        "over-represented": say("over-represented of {counts}", counts=listed),
        "most frequent": say("most frequent of {counts}", counts=listed),
    }[measure]
    return exactly(top, how)


@recomputes("coding")
def zones_with_dimensions(tables: Tables, least: str, presence: str) -> Found:
    """Described zones that show several dimensions."""
    shown = tables.cases(presence).present.sum(axis=1)
    how = say(
        "of {n} zones, with {least} or more dimensions in {presence} of their passages",
        n=len(shown),
        least=least,
        presence=presence,
    )
    return exactly(int((shown >= int(least)).sum()), how)


@recomputes("coding")
def profiles(tables: Tables) -> Found:
    """Different sets of dimensions that the described zones show."""
    shown = tables.cases("1").present
    return exactly(len(shown.drop_duplicates()), say("sets of dimensions in {n} zones", n=len(shown)))


@recomputes("coding")
def carried_by(tables: Tables, code: str, least: str) -> Found:
    """Zones whose passages with a code have at least so many dimensions among them."""
    passages = tables.passages.loc[tables.passages[code] == 1, tables.dimensions]
    zones = tables("segments").set_index("seg_id")["zone_id"].reindex(passages.index)
    shown = passages.groupby(zones).any().sum(axis=1)
    if shown.empty:
        return nothing(say("no passage on a zone has {code}", code=code))
    how = say(
        "of {n} zones with passages on {code}, the most dimensions in one are {most}; added up over zones, "
        "of {passages} passages: {counts}",
        n=len(shown),
        code=code,
        most=shown.max(),
        passages=len(passages),
        counts=say(", ").join(f"{name} {count}" for name, count in passages.sum().items()),
    )
    return exactly(int((shown >= int(least)).sum()), how)
