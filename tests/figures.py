"""Every figure of the package over sample data: what the tests of figures draw.

A new figure is one entry of `FIGURES`; ``test_figure_laws.py`` runs every law over it.
What a figure draws here is in ``samples``, where the tests of that figure find it, too.
"""

from functools import cache

from samples import (
    actor_parts,
    analysis,
    claim_tiles,
    cover,
    evidence_map,
    item_grid,
    likeness,
    pictures,
    prerequisites,
    prevalence,
    ranges,
    regions,
    selection,
    shares,
    step_holders,
)

from embedgov import plotting
from embedgov_study import figures


class Figure:
    """A figure over sample data: ``figure(language="zh")`` draws it, ``figure(data=...)`` others.

    An option that is a dictionary by languages has a value for each.
    ``once(language)`` is drawn only once: a test may look at it, but not change it.
    ``tables`` are the tables that it is given, each with a copy made before anything was drawn.
    """

    def __init__(self, function, data, **options):
        self.function = function
        self.options = {"data": data} | options
        tables = [option for option in self.options.values() if hasattr(option, "columns")]
        self.tables = [(table, table.copy(deep=True)) for table in tables]
        self.once = cache(lambda language: self(language=language))

    def __call__(self, **options):
        language = options.get("language", "en")
        own = {
            name: value.get(language, value["en"]) if isinstance(value, dict) and "en" in value else value
            for name, value in self.options.items()
        }
        options = own | options
        return self.function(options.pop("data"), **options)


FIGURES = {
    "tile_map": Figure(figures.tile_map, selection.provinces()),
    "tile_map of batch 3": Figure(figures.tile_map, selection.provinces(), batch=3),
    "timeline": Figure(figures.timeline, selection.milestones()),
    "timeline of batch 1": Figure(figures.timeline, selection.milestones(), batch=1),
    "timeline of batch 3": Figure(figures.timeline, selection.milestones(), batch=3),
    "selection_flow": Figure(figures.selection_flow, selection.STEPS),
    "margin_bars": Figure(
        plotting.margin_bars,
        selection.MARGINS,
        total=40,
        hue="basis",
        names=selection.DIRECTIONS,
        hue_names=selection.BASES,
    ),
    "case_matrix": Figure(
        plotting.case_matrix,
        analysis.matrix(),
        names=analysis.NAMES,
        case_names=analysis.CASES,
        marked=[("Z03", "SUB"), ("Z05", "INS")],
        marks=analysis.MARKS,
    ),
    "intervals": Figure(
        plotting.intervals,
        analysis.BOUNDS,
        total=40,
        holes="holes",
        reference=analysis.REFERENCE,
        known=analysis.KNOWN,
        names=analysis.QUANTITY_NAMES,
    ),
    "co_occurrence": Figure(plotting.co_occurrence, analysis.UNITS, names=analysis.NAMES),
    "upset": Figure(plotting.upset, analysis.PATTERNS, names=analysis.NAMES),
    "agreement_forest": Figure(plotting.agreement_forest, analysis.COEFFICIENTS, names=analysis.CODE_NAMES),
    "disagreements": Figure(
        plotting.disagreements, analysis.DIFFERENCES, codes=["SUB", "INS", "RES"], names=analysis.NAMES
    ),
    "specification_curve": Figure(
        plotting.specification_curve,
        analysis.UNIVERSES,
        result="LAW",
        hue="law",
        reference=analysis.ARTICLE,
        own={"rule": "any", "law": "as coded"},
        own_name={"en": "Published here", "zh": "本书公布"},
        name=analysis.RESULT,
        names=analysis.OPTIONS,
    ),
    "argument_links": Figure(
        figures.argument_links, analysis.LINKS, names=analysis.POINTS, order=["D1", "D2", "D3"]
    ),
    "actor_parts": Figure(figures.actor_parts, actor_parts.DATA),
    "claim_tiles": Figure(figures.claim_tiles, claim_tiles.claims()),
    "cover": Figure(figures.cover, cover.parts()),
    "evidence_map": Figure(figures.evidence_map, evidence_map.cells()),
    "item_grid, chained": Figure(figures.item_grid, item_grid.CHAINS, chained=True),
    "item_grid, stacked": Figure(figures.item_grid, item_grid.STACKS, chained=False),
    "likeness": Figure(plotting.likeness, likeness.pairs()),
    "prerequisites": Figure(figures.prerequisites, prerequisites.DATA, needs=prerequisites.NEEDS),
    "prevalence": Figure(plotting.prevalence, prevalence.CASES, values="given", names=prevalence.NAMES),
    "ranges": Figure(
        plotting.ranges,
        ranges.COUNTS,
        reference=ranges.REFERENCE,
        keys=ranges.KEYS,
        names=ranges.NAMES,
    ),
    "regions": Figure(plotting.regions, regions.PAIRS, total=40, names=regions.NAMES, reading=0),
    "shares": Figure(plotting.shares, shares.BARS, apart=[1], names=shares.NAMES, hue_names=shares.GROUPS),
    "step_holders": Figure(figures.step_holders, step_holders.DATA),
    "levels": Figure(figures.levels, pictures.BODIES, ties=pictures.TIES),
    "swimlanes": Figure(figures.swimlanes, pictures.STEPS),
    "board": Figure(figures.board, pictures.CELLS),
    "zone_map": Figure(figures.zone_map, pictures.PROVINCES, zones=pictures.ZONES),
}
