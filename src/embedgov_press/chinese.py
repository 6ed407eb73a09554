"""What Sphinx's extensions have in English only, as a Chinese site has it: references, titles of exercises, words."""

import re
from dataclasses import dataclass, field

from docutils import nodes
from pybtex.database import Entry
from pybtex.plugin import register_plugin as register_with_pybtex
from pybtex.style.formatting.plain import Style as PlainStyle
from pybtex.style.template import field as field_of
from pybtex.style.template import first_of, join, names, optional
from sphinx import locale
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinxcontrib.bibtex.plugin import register_plugin
from sphinxcontrib.bibtex.style.referencing import BracketStyle, PersonStyle
from sphinxcontrib.bibtex.style.referencing.author_year import AuthorYearReferenceStyle

STYLE = "embedgov_chinese"  # of references in the text, and of the bibliography
_CATALOGUES = ("booktheme", "exercise")  # in which the theme and an extension look before they look into ours
_CHINESE = re.compile("[\u3400-\u9fff]")


def setup(app: Sphinx) -> None:
    """Register with Sphinx, for a site in Chinese."""
    register_plugin("sphinxcontrib.bibtex.style.referencing", STYLE, ReferenceStyle)
    register_with_pybtex("pybtex.style.formatting", STYLE, BibliographyStyle)
    app.connect("config-inited", _choose_styles)
    app.add_post_transform(WideBrackets)
    for name in _CATALOGUES:
        theirs = locale.translators.pop(("general", name), None)
        for folder in app.config.locale_dirs:
            app.add_message_catalog(name, str(app.srcdir / folder))
        if theirs:
            locale.translators["general", name].add_fallback(theirs)


def _choose_styles(app: Sphinx, config: Config) -> None:
    config.bibtex_reference_style = config.bibtex_default_style = STYLE


def _brackets() -> BracketStyle:
    return BracketStyle(left="（", right="）", sep="；", sep2="；", last_sep="；")


def _persons() -> PersonStyle:
    return PersonStyle(sep="、", sep2="、", last_sep="、", other="等")


@dataclass
class ReferenceStyle(AuthorYearReferenceStyle):
    """References by author and year with the signs of Chinese: 唐鸣、李梦兰（2019）."""

    bracket_textual: BracketStyle = field(default_factory=_brackets)
    bracket_parenthetical: BracketStyle = field(default_factory=_brackets)
    bracket_author: BracketStyle = field(default_factory=_brackets)
    bracket_label: BracketStyle = field(default_factory=_brackets)
    bracket_year: BracketStyle = field(default_factory=_brackets)
    person: PersonStyle = field(default_factory=_persons)
    author_year_sep: str = "，"
    text_reference_sep: str = ""
    post_text_sep: str = "，"


class BibliographyStyle(PlainStyle):
    """Works in Chinese as Chinese lists have them, others as in the English edition."""

    def get_article_template(self, entry: Entry):
        """How an article is written: authors, title, journal, year, and what is noted of it."""
        if not _CHINESE.search(entry.fields.get("journal", "")):
            return super().get_article_template(entry)
        title = field_of("title", raw=True)
        return join[
            names("author", sep="、", sep2="、", last_sep="、"),
            "：",
            join["《", title, "》"] if _CHINESE.search(entry.fields["title"]) else title,
            "，《",
            field_of("journal"),
            "》，",
            field_of("year"),
            "年",
            first_of[optional[join["，", field_of("note")]], ""],
            "。",
        ]


class WideBrackets(SphinxPostTransform):
    """Wide brackets in the titles of exercises and solutions; sphinx-exercise has narrow ones."""

    default_priority = 30  # after sphinx-exercise has put its titles together

    def run(self, **options) -> None:
        """Change the page that is about to be written."""
        for title in self.document.findall(nodes.title):
            if {"exercise", "solution"} & set(title.parent.get("classes", [])):
                for text in list(title.findall(nodes.Text)):
                    wide = text.replace(" (", "（").replace(")", "）").replace("： ", "：").replace("  ", " ")
                    if wide != text:
                        text.parent.replace(text, nodes.Text(wide))
