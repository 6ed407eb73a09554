"""Make the pages of the coding lab, on which a reader codes items and compares with the published codes.

A page holds all its data, so that nothing is asked of a server: ``book/_static/lab.js`` is its
program, and ``book/_static/agreement.js`` computes the coefficients. The items are drawn by
`embedgov_teach.sheet`, and what a reader saves is a coding sheet of that draw.
"""

from collections.abc import Iterator

import pandas as pd
from jinja2.utils import htmlsafe_json_dumps

from embedgov import coding
from embedgov_study import data
from embedgov_study.evidence import address

from . import sheet
from .page_templates import templates

N, SEED = 20, 7  # the set on the pages
# Per kind of item: the page, and what one item and several are called.
_PAGES = {
    "statements": ("lab/statements", "statement", "statements"),
    "segments": ("lab/passages", "passage", "passages"),
}
_GROUPS = {
    "direction": "Directions: what the community is to become",
    "dimension": "Dimensions: what is embedded",
    "cross-cutting": "Across the dimensions",
}


def labels() -> dict[str, tuple[str, str, str]]:
    """The labels for ``{ref}``, such as ``lab-statements``, each with page, anchor and title."""
    return {page.replace("/", "-"): (page, "", _title(nouns)) for page, _, nouns in _PAGES.values()}


def pages() -> Iterator[tuple[str, str, str]]:
    """Make the two pages of the lab: one for statements, one for passages.

    Yields
    ------
    name, title, body : str
        The page's address without ending, its title (plain text) and its body (HTML).
    """
    template = templates().get_template("lab.html")
    books = data.table("codebooks").set_index("codebook_id")
    for of, (name, noun, nouns) in _PAGES.items():
        codes, drawn = sheet.codebook(of).fillna(""), sheet.draw(of, N, SEED)
        coders, items = _published(of, drawn["row_id"], list(codes.index))
        for item, row in zip(items, drawn.itertuples()):
            item |= {"item": row.Index, "text_en": row.text_en, "text_zh": row.text_zh}
        yield (
            name,
            _title(nouns),
            template.render(
                title=_title(nouns),
                noun=noun,
                nouns=nouns,
                coders=coders,
                items=items,
                rule=books.at[sheet.codebook_id(of), "general_rule"],
                groups=[
                    (_GROUPS[group], list(own.itertuples()))
                    for group, own in codes.groupby("group", sort=False)
                ],
                # Chinese as such, so that the book's web font gets its characters.
                held=htmlsafe_json_dumps(
                    {
                        "noun": noun,
                        "nouns": nouns,
                        "coders": coders,
                        "items": items,
                        "codes": [{"code": row.Index, "label": row.label_en} for row in codes.itertuples()],
                        "columns": sheet.columns(of),
                        "set": sheet.set_name(of, N, SEED),
                    },
                    ensure_ascii=False,
                ),
            ),
        )


def _title(nouns: str) -> str:
    return f"Code {N} {nouns}"


def _published(of: str, rows: pd.Series, codes: list[str]) -> tuple[list[str], list[dict]]:
    """The published coders; and for each row its address, its codes and the terms that they rest on."""
    unit, long = sheet.KINDS[of].unit, sheet.published(of)
    given = {"consensus": coding.consensus(long, unit=unit, codes=codes).values}
    by = {coder: own.set_index(unit) for coder, own in long.groupby("coder", observed=True)}
    given |= {coder: own[codes] for coder, own in by.items()}
    terms = [f"{code}_term" for code in codes]
    return list(by), [
        {
            "row": row,
            "address": address(row),
            "codes": {who: [int(code) for code in own.loc[row]] for who, own in given.items()},
            "terms": {
                who: own.loc[row].reindex(terms).fillna("").tolist()
                for who, own in by.items()
                if terms[0] in own
            },
        }
        for row in rows
    ]
