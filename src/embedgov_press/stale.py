"""In an edition in another language, mark what is still in English, and count it at the top of the page.

A page in Markdown has its untranslated texts marked already. What code, tables and our packages show
is found by its words, which the copy of the project lists (see `embedgov_edition.copy`).
"""

import html
import json
import re
from collections.abc import Iterable

import yaml

from embedgov_study.language import say
from embedgov_study.project import here

from .chapter_structure import FRONT

_SEGMENT = re.compile(r"(?<=>)([^<>]*[A-Za-z]{2}[^<>]*)(?=<)")
_IMAGE = re.compile(r'<img((?: (?!class=|lang=)[\w-]+="[^"]*")* alt="([^"]*)")')
_MARKED = re.compile(r'class="(?:[^"]* )?stale(?: [^"]*)?"')
_MAIN = re.compile(r"<main\b.*</main>", re.S)


def texts(page: str) -> set[str]:
    """What a page may show in English: of the tables, of its front matter and of its own code.

    Parameters
    ----------
    page : str
        Its path in the site without the ending, such as ``notebooks/zones``.
    """
    listed = here().book / "stale.json"
    found = set(json.loads(listed.read_text(encoding="utf-8"))) if listed.is_file() else set()
    chapter, prose = (here().root / f"{page}{ending}" for ending in (".ipynb", ".md"))
    about = {}
    if chapter.is_file():
        about = json.loads(chapter.read_text(encoding="utf-8"))["metadata"].get("embedgov", {})
    elif prose.is_file() and (front := FRONT.match(prose.read_text(encoding="utf-8"))):
        about = yaml.safe_load(front[1])
    return found | set(about.get("stale", []))


def mark(page: str, english: Iterable[str]) -> str:
    """Mark these texts in the HTML of a page, and say below its title how many there are."""
    plain = {text.strip() for text in english}
    forms = [text for text in plain if re.search(r"\{.+?\}", text)]
    pattern = re.compile("|".join(map(_form, forms)) or r"(?!)", re.S)

    def is_english(words: str) -> bool:
        words = html.unescape(words).strip()
        return words in plain or bool(pattern.fullmatch(words))

    def marked(segment: re.Match) -> str:
        return f'<span class="stale" lang="en">{segment[1]}</span>' if is_english(segment[1]) else segment[1]

    def marked_image(image: re.Match) -> str:
        return f'<img class="stale" lang="en"{image[1]}' if is_english(image[2]) else image[0]

    page = _MAIN.sub(lambda main: _IMAGE.sub(marked_image, _SEGMENT.sub(marked, main[0])), page)
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
