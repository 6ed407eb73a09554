"""Worksheets: pages to print and write on, with exercises but without hints, code and solutions."""

import re
from collections.abc import Iterable, Mapping, Sequence

from markdown_it import MarkdownIt
from markupsafe import Markup

from embedgov_press.chapter_structure import Exercise
from embedgov_study.html_tables import marked
from embedgov_study.language import say

from .page_templates import templates
from .plain_markdown import Plain

MUCH = 2500  # characters of exercises, beyond which a worksheet is set smaller to stay one page
MATERIAL = 9000  # characters of material, beyond which a worksheet does not print it

_parser = MarkdownIt("commonmark").enable("table")


def sheet(
    title: str,
    before: Mapping[str, Iterable[str]],
    exercises: Iterable[tuple[Exercise, str, Plain]],
    appendix: str,
) -> dict[str, object]:
    """Make what a worksheet shows.

    Parameters
    ----------
    title : str
        Its title.
    before : mapping
        What stands above the exercises: lists of plain Markdown by their headings.
    exercises : iterable of (Exercise, str, Plain)
        Each exercise, its text as written, and what makes it plain.
    appendix : str
        What the exercises need, in Markdown; left out where it is longer than `MATERIAL`.
    """
    asked = [_exercise(*one) for one in exercises]
    return {
        "title": title,
        "minutes": sum(one["minutes"] for one in asked),
        "before": {
            heading: [_with_language(_parser.renderInline(one)) for one in listed]
            for heading, listed in before.items()
        },
        "exercises": asked,
        "material": _with_language(_parser.render(appendix)) if len(appendix) <= MATERIAL else "",
        "much": sum(len(one["text"]) for one in asked) > MUCH,
    }


def page(title: str, sheets: Sequence[Mapping[str, object]], shown: Mapping[str, object]) -> bytes:
    """Put worksheets into a page, each on paper of its own."""
    filled = templates().get_template("worksheet.html").render({**shown, "title": title, "sheets": sheets})
    return f"{filled}\n".encode()


def _exercise(about: Exercise, text: str, plain: Plain) -> dict[str, object]:
    lead = re.match(r"\*([^*\n]+)\*\n\n", text)  # its kind and minutes
    tokens = _parser.parse(plain(text[lead.end() :] if lead else text))
    for token in tokens:
        if token.type in ("fence", "code_block"):
            token.type, token.content = "html_block", f"<p>{say('(The code is in the notebook.)')}</p>"
    return {
        "number": plain.exercises[about.label],
        "title": about.title,
        "minutes": about.minutes,
        "lead": lead[1] if lead else "",
        "text": _with_language(_parser.renderer.render(tokens, _parser.options, {})),
        "room": max(10, about.minutes),  # millimetres
    }


def _with_language(html: str) -> Markup:
    """Mark the Chinese in the text of a piece of HTML, which has none of it marked yet."""
    pieces = re.split(r"(<[^>]*>)", html)  # texts and tags in turn; texts are escaped
    pieces[::2] = [marked(Markup(piece).unescape()) for piece in pieces[::2]]
    return Markup("".join(pieces))
