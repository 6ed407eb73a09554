"""The passages, tasks, rules and key points that a chapter's exercises point to elsewhere in the book.

A hand-out has no book around it, so it brings them along, found by the same links.
"""

import functools
import re
from collections.abc import Callable, Collection
from pathlib import Path

import pandas as pd

from embedgov_press.directives import Directive, blocks
from embedgov_study import data
from embedgov_study.language import in_language, say

from . import sheet
from .handout_notebook import Chapter, chapters_of_book
from .plain_markdown import ROLE, target_of

ROW = re.compile(r"(?:b\d-\d\d|(?:z\d\d|all)-\d\d|z\d\d|[nc]\d{3}|[dqre]\d\d|[fld]\d)", re.I)
# Of each table of rows that an exercise may point to: its text, and the Chinese beside it.
_TEXTS = {
    "segments": ("paraphrase", "anchor_zh"),
    "designations": ("statement", "gist_zh"),
    "findings_limits_directions": ("paraphrase", "anchor_zh"),
    "definitions": ("definition_paraphrase", "anchor_zh"),
    "numbers": ("what_it_counts", "anchor_zh"),
    "issues": ("description", "anchor_zh"),
}


def asked_for(chapter: Chapter, labels: Collection[str] = ()) -> list[tuple[str, str]]:
    """List the links in a chapter's exercises and their hints to other places of the book.

    Parameters
    ----------
    chapter : Chapter
        The chapter.
    labels : collection of str
        The labels of the exercises; all of them where there are none.

    Returns
    -------
    list of (role, target)
        Each once, in the order of the text: ``("ref", "z04-06")``, ``("doc", "codebooks")``.
    """
    found, texts = {}, []
    for cell in chapter.cells:
        exercise = False
        for block in blocks(cell.source) if cell.cell_type == "markdown" else ():
            named = block.name if isinstance(block, Directive) else ""
            if named == "exercise":
                exercise = not labels or block.options["label"] in labels
            if exercise and named and named != "solution":  # its hint, too
                texts.append(block.body)
            elif named or isinstance(block, str) and block.strip():
                exercise = False
    for role, content in ROLE.findall("\n".join(texts)):
        if role in ("ref", "doc"):
            found[role, target_of(content)] = None
    return list(found)


def material(chapter: Chapter, number: Callable[[str, str], str], labels: Collection[str] = ()) -> str:
    """Put into Markdown what the exercises of a chapter point to.

    Parameters
    ----------
    chapter : Chapter
        The chapter.
    number : callable
        Gives the text of a number of a page, for the page and what a ``{glue:text}`` role holds.
    labels : collection of str
        The labels of the exercises; all of them where there are none.

    Returns
    -------
    str
        Nothing if the exercises need nothing but the chapter.
    """
    rows, parts = [], []
    for role, target in asked_for(chapter, labels):
        if role == "ref" and ROW.fullmatch(target):
            rows += _rows(target.upper())
        elif role == "ref" and target.startswith("codebook-"):
            parts.append(_codebook("segments" if "segment" in target else "statements"))
        elif role == "doc" and Path(target).name == "codebooks":
            parts += [_codebook(of) for of in sheet.KINDS]
        elif (
            role == "doc" and (name := Path(target).name) in chapters_of_book() and name != chapter.about.name
        ):
            parts.append(_key_points(name, functools.partial(number, chapters_of_book()[name].page)))
    if rows:
        parts.insert(0, f"### {say('Passages, tasks and statements')}\n\n" + "\n".join(dict.fromkeys(rows)))
    return "\n\n".join([f"## {say('Material for the exercises')}", *dict.fromkeys(parts)]) if parts else ""


@functools.cache
def _table(name: str) -> pd.DataFrame:
    return in_language(data.table(name))


def _rows(row_id: str) -> list[str]:
    """A row as an item of a list; of a zone all passages on it."""
    if re.fullmatch(r"Z\d\d", row_id):
        own = _table("segments").query("zone_id == @row_id")["seg_id"]
        return [line for one in own for line in _rows(one)]
    for name, columns in _TEXTS.items():
        table = _table(name)
        for row in table[table.iloc[:, 0] == row_id].to_dict("records"):
            text, *chinese = (row[column] for column in columns)
            if chinese and isinstance(chinese[0], str):
                text = say("{name} ({id})", name=text, id=chinese[0])
            return [f"- **{row_id}** {text}"]
    return []


def _codebook(of: str) -> str:
    """The rules of a codebook as a table."""
    codes = in_language(sheet.codebook(of))
    lines = [
        f"| {row.Index} | {row.label} | {row.definition} | {rule or ''} |".replace("\n", " ")
        for row, rule in zip(codes.itertuples(), data.rules(codes))
    ]
    heading = {
        "statements": say("Rules of coding: official statements"),
        "segments": say("Rules of coding: passages"),
    }[of]
    return "\n".join(
        [
            f"### {heading}",
            "",
            f"| {say('Code')} | {say('Name')} | {say('It applies when')} | {say('Rule')} |",
            "| --- | --- | --- | --- |",
            *lines,
        ]
    )


def _key_points(name: str, number: Callable[[str], str]) -> str:
    """The key points of another chapter, with its numbers, and where its tables are."""
    about = chapters_of_book()[name]
    points = [
        re.sub(r"\{glue:text\}`([^`]+)`", lambda one: number(one[1]), each) for each in about.key_points
    ]
    points = [ROLE.sub(lambda role: role[2].partition(" <")[0], each) for each in points]
    heading = f"### {say('From the chapter *{title}*', title=about.title)}"
    where = say("Its tables and code are in its own hand-out, `{file}`.", file=f"{name}.zip")
    return "\n\n".join([heading, *(["\n".join(f"- {each}" for each in points)] if points else []), where])
