"""Make the evidence pages: one for each designation, each described zone and each table.

A statement in the book leads to the row that it rests on.
The pages are made from the tables at each build; every value becomes text, never markup.
"""

import functools
import re
from collections import defaultdict
from collections.abc import Iterator

import pandas as pd

from embedgov import coding

from . import data, vocabulary
from .data_package import fields, resources
from .errors import NotebookError
from .html_tables import kind, templates
from .language import in_language, items_told, language, say
from .project import here
from .table import read

# The page on which a row is shown, by the form of the row's id.
_PAGES = {
    r"B\d-\d\d": "evidence/{0}",
    r"Z\d\d": "evidence/{0}",
    r"(Z\d\d|ALL)-\d\d": "evidence/{1}#{0}",
    r"Y\d\d": "tables/zones#{0}",
    r"N\d{3}": "tables/numbers#{0}",
    r"D\d\d": "tables/definitions#{0}",
    r"Q\d\d": "tables/issues#{0}",
    r"R\d\d": "tables/literature#{0}",
    r"E\d\d": "tables/practice_evidence#{0}",
    r"[FLD]\d": "tables/findings_limits_directions#{0}",
    r"C\d{3}": "notebooks/claims#{0}",
}


def address(row_id: str) -> str:
    """The address at which the book shows a row, relative to a chapter.

    Parameters
    ----------
    row_id : str
        The id of a designation (``B3-02``), a zone of the article (``Z01``), a segment
        (``Z01-02``), a public report (``E05``), a number (``N016``), a definition (``D04``),
        an issue (``Q02``), a work (``R05``), a finding, limit or direction (``F1``),
        or a claim (``C001``).

    Returns
    -------
    str
        A relative address, for `embedgov_study.display.table`.

    Raises
    ------
    NotebookError
        If no row has an id of this form.
    """
    page, place = _place(row_id)
    return f"../{page}.html" + (f"#{place}" if place else "")


def labels() -> dict[str, tuple[str, str, str]]:
    """The labels for ``{ref}``: each row's id in lower case, with page, anchor and title."""
    titles = {row.designation_id: row.zone for row in in_language(data.designations()).itertuples()}
    titles |= {row.zone_id: row.zone for row in in_language(data.table("zones")).itertuples()}
    for name in (
        "segments",
        "numbers",
        "definitions",
        "issues",
        "literature",
        "practice_evidence",
        "findings_limits_directions",
        "claims",
    ):
        titles |= {row_id: row_id for row_id in data.table(name).iloc[:, 0]}
    return {row_id.lower(): (*_place(row_id), title) for row_id, title in titles.items()}


def pages() -> Iterator[tuple[str, str, str]]:
    """Make the evidence pages.

    Yields
    ------
    name, title, body : str
        The page's address without ending, its title (plain text) and its body (HTML).
    """
    templates().filters |= {
        "address": address,
        "label": functools.cache(vocabulary.label),
        "labels": vocabulary.labels,
    }
    for what, made in (
        ("index", _index()),
        ("designation", _designations()),
        ("zone", _zones()),
        ("table", _tables()),
    ):
        template = templates().get_template(f"{what}.html")
        for name, title, content in made:
            yield name, title, template.render(title=title, **content)


def _place(row_id: str) -> tuple[str, str]:
    for form, page in _PAGES.items():
        if found := re.fullmatch(form, row_id):
            page, _, place = page.format(row_id, *found.groups()).partition("#")
            return page, place
    raise NotebookError(f"no row of the tables has an id like {row_id!r}")


def _index() -> Iterator[tuple[str, str, dict]]:
    register = in_language(data.designations())
    described = data.table("zones").dropna(subset=["dimension_article"])
    yield (
        "evidence/index",
        say("The evidence, place by place"),
        {
            "zones": list(in_language(described).itertuples()),
            "provinces": [
                (own["province"].iloc[0], list(own.itertuples()))
                for _, own in register.groupby("province_en")
            ],
        },
    )


def _designations() -> Iterator[tuple[str, str, dict]]:
    register = in_language(data.designations())
    batches = data.table("batches").set_index("batch")
    sources = data.table("sources").set_index("source_id")
    cited = data.table("designation_sources").groupby("designation_id")["source_id"].agg(list)
    reports = list(in_language(data.table("practice_evidence")).itertuples())
    zones = in_language(data.table("zones")).set_index("designation_id")
    names = in_language(data.statement_labels())["label"]
    books, published = vocabulary.rounds(), vocabulary.published_round()
    codes = vocabulary.codes(books[published])
    directions = vocabulary.codes(books[published], "direction")
    rounds = {name: data.statement_codes(name) for name in books}
    decided = coding.consensus(
        rounds[published], unit="designation_id", codes=directions, rule="majority"
    ).values
    decided = decided.to_dict("index")
    coded = {name: _coded(own, "designation_id", codes) for name, own in rounds.items()}
    codebooks = in_language(data.table("codebooks")).set_index("codebook_id")
    others = [  # the latest first
        (name, _codebook_name(codebooks.loc[book]))
        for name, book in reversed(books.items())
        if name != published
    ]
    searched = _coded(data.word_codes(), "designation_id", codes)
    everyone = list(register.itertuples())
    for row in everyone:
        pattern = decided[row.designation_id]
        neighbours = [other for other in everyone if other is not row]
        yield (
            f"evidence/{row.designation_id}",
            f"{row.designation_id} {row.zone}" + (f" {row.zone_zh}" if language() == "en" else ""),
            {
                "row": row,
                "batch": batches.loc[row.batch],
                "sources": [(name, sources.loc[name]) for name in cited[row.designation_id]],
                "rounds": {name: own[row.designation_id] for name, own in coded.items()},
                "published": published,
                "searched": searched[row.designation_id],
                "others": others,
                "names": names,
                "pattern": [names[code] for code in directions if pattern[code]],
                "reports": [
                    (report, sources.loc[report.source_id])
                    for report in reports
                    if report.designation_id == row.designation_id
                ],
                "zone": zones.loc[row.designation_id] if row.designation_id in zones.index else None,
                "near": [other for other in neighbours if other.province_id == row.province_id],
                "alike": [
                    other
                    for other in neighbours
                    if other.batch == row.batch and decided[other.designation_id] == pattern
                ],
            },
        )


def _codebook_name(codebook: pd.Series) -> str:
    """The edition of a codebook in words, or its title."""
    versions = {
        "1": say("the first codebook"),
        "2": say("the second codebook"),
        "3": say("the third codebook"),
        "4": say("the fourth codebook"),
        "5": say("the fifth codebook"),
    }
    return versions.get(codebook["version"], codebook["title"])


def _coded(codes_long: pd.DataFrame, unit: str, codes: list[str]) -> dict[str, dict]:
    """The codes of every unit by all coders: who gave each, whether coders differ, and the terms."""
    coded = {}
    given = defaultdict(list)
    for row in codes_long.to_dict("records"):
        given[row[unit]].append(row)
    for key, rows in given.items():
        coded[key] = {
            "coders": [row["coder"] for row in rows],
            "rows": [
                {
                    "code": code,
                    "by": [row["coder"] for row in rows if row[code]],
                    "parted": len({row[code] for row in rows}) > 1,
                    "cells": [(row[code], row.get(f"{code}_term")) for row in rows],
                }
                for code in codes
            ],
            "confidence": [row["confidence"] for row in rows if "confidence" in row],
            "themes": [row["call_theme"] for row in rows if "call_theme" in row],
        }
    return coded


def _zones() -> Iterator[tuple[str, str, dict]]:
    segments = in_language(data.table("segments"))
    zones = data.table("zones").dropna(subset=["dimension_article"])
    rounds = {
        name: _coded(data.segment_codes(name), "seg_id", vocabulary.codes("segments"))
        for name in vocabulary.rounds("segment")
    }
    coded = rounds.pop("segments")
    register = in_language(data.designations()).set_index("designation_id")["zone"]
    zones = zones.assign(name=zones["designation_id"].map(register)).set_index("zone_id")
    names = in_language(data.codebook("segments")).set_index("code")["label"]
    actors = data.table("actors").groupby("seg_id")["actor"].agg(list)
    kinds = in_language(data.table("actor_kinds")).set_index("actor")["label"]
    listed = list(items_told(data.table("lists")).itertuples())
    for key, own in [*segments.groupby("zone_id"), ("ALL", segments[segments["zone_id"].isna()])]:
        zone = None if key == "ALL" else zones.loc[key]
        name = say("Passages about no single zone") if zone is None else zone["name"]
        yield (
            f"evidence/{key}",
            f"{key} {name}" + ("" if zone is None or language() == "zh" else f" {zone.zone_zh}"),
            {
                "key": key,
                "zone": zone,
                "name": name,
                "names": names,
                "passages": [
                    (
                        row,
                        coded[row.seg_id],
                        [(name, own[row.seg_id]) for name, own in rounds.items()],
                        [kinds[actor] for actor in actors.get(row.seg_id, [])],
                        [one for one in listed if one.seg_id == row.seg_id],
                    )
                    for row in own.itertuples()
                ],
                "beside": []
                if zone is None
                else [
                    (other.Index, other.name)
                    for other in zones.itertuples()
                    if other.dimension_article == zone.dimension_article and other.Index != key
                ],
            },
        )


def _tables() -> Iterator[tuple[str, str, dict]]:
    folder = here().data
    for name, resource in resources(folder).items():
        header, rows, _ = read(resource["path"], folder)
        kinds = [kind(pd.Series(cells)) for cells in zip(*rows)]
        schema = resource["schema"]
        key = schema["primaryKey"]
        points = {
            relation["fields"][0]: relation["reference"]["resource"] or name  # empty: this table
            for relation in schema.get("foreignKeys", [])
            if len(relation["fields"]) == 1
        }
        yield (
            f"tables/{name}",
            resource["path"],
            {
                "resource": resource,
                "columns": list(fields(resource).values()),
                "header": header,
                "rows": [
                    (
                        row_id("-".join(row[header.index(part)] for part in key)),
                        [
                            (how, cell, _target(column, cell, points, key))
                            for how, column, cell in zip(kinds, header, row)
                        ],
                    )
                    for row in rows
                ],
            },
        )


def row_id(key: str) -> str:
    """The id of a row on the page of its table: its key without blanks and signs, which no id may have."""
    return re.sub(r"[^\w-]+", "-", key)


def _target(column: str, cell: str, points: dict, key: list[str]) -> str | None:
    """The address to which a cell of a table links: the page of the row that it names, or a source."""
    if column == "url":
        return cell if re.match(r"https?://", cell) else None
    named = column in points or [column] == key
    if not cell or not named:
        return None
    if any(re.fullmatch(form, cell) and not page.startswith("tables/") for form, page in _PAGES.items()):
        return address(cell)
    return f"../tables/{points[column]}.html#{row_id(cell)}" if column in points else None
