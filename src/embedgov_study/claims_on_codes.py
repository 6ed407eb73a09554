"""Values of claims worked out from the coders' codes of statements and passages."""

from embedgov.errors import ClaimError
from embedgov.ledger import Found, exactly, nothing, recomputes

from . import data as tables_of
from .claim_tables import Tables


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
