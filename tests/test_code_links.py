"""Functions in the code of a page lead to where the book describes them."""

from bs4 import BeautifulSoup
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from embedgov_press.code_links import link_functions

ADDRESSES = {"embedgov.bounds.bound": "b.html#bound", "embedgov.plotting.ranges": "p.html#ranges"}


def links(code):
    page = BeautifulSoup(
        link_functions(highlight(code, PythonLexer(), HtmlFormatter()), ADDRESSES), "html.parser"
    )
    return [(a.get_text(), a["href"]) for a in page.select("a")]


def test_what_is_imported_by_name_or_by_its_module_is_linked_where_it_stands():
    code = "from embedgov import plotting\nfrom embedgov.bounds import bound, total\nplotting.ranges(bound(total))\n"
    assert links(code) == [("bound", "b.html#bound"), ("ranges", "p.html#ranges"), ("bound", "b.html#bound")]


def test_the_same_name_of_something_else_is_not_linked():
    assert links("from scipy import bound\nbound()\n") == []
    code = "from embedgov import plotting\nfrom embedgov.bounds import bound\naxes.bound()\na.b.ranges()\n"
    assert links(code) == [("bound", "b.html#bound")]


def test_every_figure_function_in_the_code_of_a_chapter_is_linked(site):
    page = BeautifulSoup((site / "notebooks" / "gallery.html").read_text("utf-8"), "html.parser")
    used = [a["href"] for a in page.select(".highlight a")]
    assert "../book/reference/plotting.html#embedgov.plotting.ranges" in used
    for address in set(used):
        file, _, place = address.partition("#")
        target = BeautifulSoup((site / "notebooks" / file).read_text("utf-8"), "html.parser")
        assert target.find(id=place), address
