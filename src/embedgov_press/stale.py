"""In an edition in another language, mark what is still in English, and count it at the top of the page.

A page in Markdown has its untranslated texts marked already. What code, tables and our packages show
is found by its words, which the copy of the project lists (see `embedgov_edition.copy`).
"""

import html
import json
import re
from collections.abc import Iterable

from embedgov_study.language import say
from embedgov_study.project import here

_SEGMENT = re.compile(r"(?<=>)([^<>]*[A-Za-z]{2}[^<>]*)(?=<)")
_MARKED = re.compile(r'class="(?:[^"]* )?stale(?: [^"]*)?"')
_MAIN = re.compile(r"<main\b.*</main>", re.S)


def texts(page: str) -> set[str]:
    """What a page may show in English: of the tables, and of its own code if it is a chapter.

    Parameters
    ----------
    page : str
        Its path in the site without the ending, such as ``notebooks/zones``.
    """
    listed = here().book / "stale.json"
    found = set(json.loads(listed.read_text(encoding="utf-8"))) if listed.is_file() else set()
    chapter = here().root / f"{page}.ipynb"
    if chapter.is_file():
        about = json.loads(chapter.read_text(encoding="utf-8"))["metadata"].get("embedgov", {})
        found |= set(about.get("stale", []))
    return found


def mark(page: str, english: Iterable[str]) -> str:
    """Mark these texts in the HTML of a page, and say below its title how many there are."""
    plain = {text.strip() for text in english}
    forms = [text for text in plain if re.search(r"\{.+?\}", text)]
    pattern = re.compile("|".join(map(_form, forms)) or r"(?!)", re.S)

    def marked(segment: re.Match) -> str:
        words = html.unescape(segment[1]).strip()
        if words in plain or pattern.fullmatch(words):
            return f'<span class="stale" lang="en">{segment[1]}</span>'
        return segment[1]

    page = _MAIN.sub(lambda main: _SEGMENT.sub(marked, main[0]), page)
    if not (number := len(_MARKED.findall(page))):
        return page
    note = say(
        "{n} texts of this page are not translated yet, or were changed after they were translated; "
        "they stand here in English.",
        n=number,
    )
    return page.replace("</h1>", f'</h1>\n<p class="stale-note" role="note">{note}</p>', 1)


def _form(text: str) -> str:
    """A pattern for a text with values."""
    parts = re.split(r"(?<!\{)\{[^{}]+\}(?!\})", text)
    return ".*?".join(re.escape(part.replace("{{", "{").replace("}}", "}")) for part in parts)
