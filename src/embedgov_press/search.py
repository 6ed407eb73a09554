"""Full-text search that finds English words, Chinese terms, pinyin and the ids of rows.

Chinese has no spaces between words, and a reader's browser has no dictionary: a run of Chinese
characters is indexed by its pairs of neighbours, and a query is cut in the same way.
Pinyin is found with and without tone marks and apostrophes; an id like ``B3-02`` is one word.
"""

import functools
import html
import re
import unicodedata
from pathlib import Path

from docutils import nodes
from docutils.utils import new_document
from sphinx.search import IndexBuilder
from sphinx.search.en import SearchEnglish

_WORDS = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+|[A-Za-z]+\d*-\d+|\w+")
_SYLLABLES = re.compile(r"([a-z])['’](?=[aoe])", re.I)  # the apostrophe of Xi'an


class Search(SearchEnglish):
    """The search language of the book: English words by their stems, Chinese by pairs of characters."""

    lang = "book"
    js_splitter_code = (Path(__file__).parent / "templates" / "search.js").read_text(encoding="utf-8")

    @functools.cache  # noqa: B019 - few words, often, and one object for a whole build
    def stem(self, word: str) -> str:
        """Cut a word to its stem."""
        return super().stem(word)

    def split(self, input: str) -> list[str]:
        """Cut a text into the words that are indexed."""
        plain = unicodedata.normalize("NFKD", input)
        plain = plain.translate({ord(c): None for c in set(plain) if unicodedata.combining(c)})
        found = []
        for word in _WORDS.findall(_SYLLABLES.sub(r"\1", plain)):
            chinese = "\u3400" <= word[0] <= "\u9fff" or "\uf900" <= word[0] <= "\ufaff"
            found += [a + b for a, b in zip(word, word[1:])] if chinese and word[1:] else [word]
        return found


def add_page(index: IndexBuilder, name: str, title: str, body: str) -> None:
    """Add to the search index a page that has no source, such as an evidence page.

    Parameters
    ----------
    index : sphinx.search.IndexBuilder
        The index of the site.
    name, title, body : str
        The page's address without ending, its title (plain text) and its body (HTML).
    """
    page = new_document(name)
    page += nodes.section("", nodes.title("", title))
    page += nodes.Text(html.unescape(re.sub("<[^>]*>", " ", body)))
    index.feed(name, f"{name}.html", title, page)
