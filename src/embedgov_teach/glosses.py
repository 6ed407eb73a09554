"""What the Chinese words in the rules of coding mean, said at their first use, for who reads no Chinese."""

import functools
import re
from collections.abc import Callable

from markupsafe import Markup

from embedgov_study import data
from embedgov_study.html_tables import marked
from embedgov_study.language import language


def glosser() -> Callable[[str], str]:
    """Make a function that adds to a text what each Chinese word in it means, once a page.

    Returns
    -------
    callable
        Takes a text and gives it back with a gloss in parentheses behind each word of
        ``teaching/glosses.csv`` that no text before had; of words within one another the longest counts.
        In a Chinese project nothing is added.
    """
    if language() == "zh":
        return lambda text: text or ""
    seen: set[str] = set()

    def add(word: re.Match) -> str:
        if word[0] in seen:
            return word[0]
        seen.add(word[0])
        return f"{word[0]} ({_glosses()[word[0]]})"

    return lambda text: _words().sub(add, text or "")


def html_glosser() -> Callable[[str], Markup]:
    """Make the same for a page: what it gives is HTML, with the Chinese marked as such."""
    gloss = glosser()
    return lambda text: Markup(marked(gloss(text)))


@functools.cache
def _glosses() -> dict[str, str]:
    return data.table("glosses").set_index("word_zh")["gloss_en"].to_dict()


@functools.cache
def _words() -> re.Pattern:
    """The words as they stand in lists: not within a longer run of Chinese."""
    longest_first = "|".join(map(re.escape, sorted(_glosses(), key=len, reverse=True)))
    return re.compile(rf"(?<![\u4e00-\u9fff])(?:{longest_first})(?![\u4e00-\u9fff])")
