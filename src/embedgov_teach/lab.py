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
from embedgov_study.language import in_language, language, say

from . import sheet, sheet_reader
from .page_templates import templates

N, SEEDS = 20, (7, 8)  # the sets on the pages
_PAGES = {"statements": "lab/statements", "segments": "lab/passages"}  # by the kind of item


def _words(of: str) -> tuple[str, str]:
    """What one item and several are called on a page."""
    return {
        "statements": (say("statement"), say("statements")),
        "segments": (say("passage"), say("passages")),
    }[of]


def _groups() -> dict[str, str]:
    """The headings of the groups of codes."""
    return {
        "direction": say("Directions: what the community is to become"),
        "dimension": say("Dimensions: what is embedded"),
        "cross-cutting": say("Across the dimensions"),
    }


def is_on_a_page(n: int, seed: int) -> bool:
    """Whether the published codes of a set are one click away on a page."""
    return n == N and seed in SEEDS


def kind_of(label: str) -> str | None:
    """The kind of item that a page of the lab has, by the label of the page."""
    return next((of for of, page in _PAGES.items() if label == page.replace("/", "-")), None)


def labels() -> dict[str, tuple[str, str, str]]:
    """The labels for ``{ref}``, such as ``lab-statements``, each with page, anchor and title."""
    return {
        page.replace("/", "-"): (page, "", _title(of, number))
        for number in range(1, len(SEEDS) + 1)
        for page, of in [(_page(of, number), of) for of in _PAGES]
    }


def _page(of: str, number: int) -> str:
    """The address of the page of a set: of the first without a number."""
    return f"{_PAGES[of]}{'' if number == 1 else f'-{number}'}"


def pages() -> Iterator[tuple[str, str, str]]:
    """Make the two pages of the lab: one for statements, one for passages.

    Yields
    ------
    name, title, body : str
        The page's address without ending, its title (plain text) and its body (HTML).
    """
    for of in _PAGES:
        for number, seed in enumerate(SEEDS, 1):
            yield _made(of, number, seed)


def _made(of: str, number: int, seed: int) -> tuple[str, str, str]:
    """The page of one set."""
    noun, nouns = _words(of)
    books = data.table("codebooks").set_index("codebook_id")
    codes, drawn = in_language(sheet.codebook(of)).fillna(""), sheet.draw(of, N, seed)
    coders, items = _published(of, drawn["row_id"], list(codes.index))
    for item, row in zip(items, drawn.itertuples()):
        item |= {"item": row.Index, "text_en": row.text_en, "text_zh": row.text_zh}
    return (
        _page(of, number),
        _title(of, number),
        templates()
        .get_template("lab.html")
        .render(
            title=_title(of, number),
            of=of,
            noun=noun,
            nouns=nouns,
            coders=coders,
            items=items,
            others=[
                (f"../{_page(of, other)}.html", _title(of, other))
                for other in range(1, len(SEEDS) + 1)
                if other != number
            ],
            rule=books.at[sheet.codebook_id(of), "general_rule"],
            groups=[
                (_groups()[group], list(own.itertuples()))
                for group, own in codes.groupby("group", sort=False)
            ],
            # Chinese as such, so that the book's web font gets its characters.
            held=htmlsafe_json_dumps(
                {
                    "noun": noun,
                    "nouns": nouns,
                    "shown": ["text_en", "text_zh"] if language() == "en" else ["text_zh"],
                    "coders": coders,
                    "items": items,
                    "codes": [{"code": row.Index, "label": row.label} for row in codes.itertuples()],
                    "columns": [*sheet.columns(of), "compared"],
                    "set": sheet.set_name(of, N, seed),
                    "yes": sheet_reader.YES,
                    "no": sheet_reader.NO,
                },
                ensure_ascii=False,
            ),
        ),
    )


def _title(of: str, number: int) -> str:
    _, nouns = _words(of)
    if number == 1:
        return say("Code {n} {nouns}", n=N, nouns=nouns)
    return say("Code {n} {nouns}, set {number}", n=N, nouns=nouns, number=number)


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
