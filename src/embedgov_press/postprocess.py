"""Post-process every HTML page: theme fixes, download links, Content-Security-Policy."""

import base64
import hashlib
import re

from bs4 import BeautifulSoup

from embedgov_study.language import say

# Faults of the theme and its extensions: a pattern, and what to put in its place, with a text or without.
_MENDS = (
    (r'(<a class="navbar-brand logo".*?</a>)', r'<nav aria-label="{book}">\1</nav>'),  # in no landmark
    (r'<div role="list" class="citation-list">', '<div class="citation-list">'),  # without items
    (r'(<div class="citation"[^>]*?) role="doc-biblioentry"', r"\1"),  # deprecated
    (r'(<section) id="(?:exercise|solution)-content"', r"\1"),  # several times on a page
    (r'(<span class="caption-number">[^<]*?) </span>（', r"\1</span>（"),  # no space before a wide bracket
    (r'(<p class="admonition-title">[^<]*：<a [^>]*>) ', r"\1"),  # and none after a wide colon
    (r"<h1></h1>", ""),  # of the theme's print view, where a page has no contents
    (
        r'<summary>(<span class="toctree-toggle")',
        r'<summary aria-label="{below}">\1',
    ),  # without a name
    (r'title="Toggle primary sidebar"', 'title="{primary}"'),
    (r'title="Toggle secondary sidebar"', 'title="{secondary}"'),
    (
        r'<nav class="bd-links bd-docs-nav" aria-label="Main">',
        '<nav class="bd-links bd-docs-nav" aria-label="{main}">',
    ),
    (r'<nav aria-label="Page">', '<nav aria-label="{page}">'),
    (r'<summary aria-label="Toggle hidden content">', '<summary aria-label="{hidden}">'),
    (r' onclick="window\.print\(\)"', " data-print"),  # a script in an attribute
)
# What only the search page needs: the index is larger than any page. The marks are made in embedgov.js.
_SEARCH = re.compile(
    r'\s*<script src="[^"]*\b(?:searchtools|language_data|searchindex|sphinx_highlight)\.js[^"]*"></script>'
)
_FIGURE = r'(<figure [^>]*\bid="(fig-[\w-]+)">(?:(?!</figure>).)*)(</figcaption>)'
FIGURE_FILE = re.compile(r"[0-9a-f]{64}\.svg")  # what MyST-NB calls the image of a cell
_TABLE = r'(<p class="take"><a href="\.\./downloads/(table-[\w-]+)\.csv" download>[^<]*</a>)(</p>)'
# To read these alone takes a hundredth of the time of reading a page.
_IMAGE = re.compile(r"""<img\b(?:"[^"]*"|'[^']*'|[^>])*>""", re.I)
# The style that the theme's icons (Font Awesome) add when a page opens.
_ICONS = "'sha256-7oERheaqPgauHfP5d4xw0v6p4MUYc+/Quwioe/4rjOI='"


def is_processed(page: str) -> bool:
    """Whether a page has been post-processed, in this build or in an earlier one."""
    return "Content-Security-Policy" in page


def process(page: str) -> str:
    """Post-process a page; one that has been post-processed stays as it is.

    The policy allows what the site itself holds, and those scripts and styles within the page
    that were there when it was made.

    Parameters
    ----------
    page : str
        The HTML of a whole page.
    """
    if is_processed(page):
        return page
    words = {
        "book": say("Book"),
        "below": say("The pages below"),
        "primary": say("Toggle primary sidebar"),
        "secondary": say("Toggle secondary sidebar"),
        "main": say("Main"),
        "page": say("Page"),
        "hidden": say("Toggle hidden content"),
    }
    for pattern, mend in _MENDS:
        page = re.sub(pattern, mend.format(**words), page, flags=re.S)
    if 'id="search-results"' not in page:
        page = _SEARCH.sub("", page)
    page = re.sub(_FIGURE, _with_downloads, page, flags=re.S)
    page = re.sub(_TABLE, _with_origin, page)
    scripts = _digests(re.findall(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", page, re.S))
    styles = _digests(re.findall(r"<style[^>]*>(.*?)</style>", page, re.S))
    policy = "; ".join(
        (
            "default-src 'none'",
            " ".join(["script-src 'self'", *scripts]),
            " ".join(["style-src 'self'", *styles, _ICONS]),
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
        )
    )
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    return re.sub(r'<meta charset="utf-8"\s*/?>', lambda found: f"{found[0]}\n    {meta}", page, count=1)


def _with_downloads(figure: re.Match) -> str:
    """A figure shown from its file, with links to its files and to the cell that makes it."""
    start, name, end = figure.groups()
    start = re.sub(rf'src="\.\./_images/{FIGURE_FILE.pattern}"', f'src="../downloads/{name}.svg"', start)
    take = say(
        "Take away: {svg}, {png}. {made}",
        svg=f'<a href="../downloads/{name}.svg" download>SVG</a>',
        png=f'<a href="../downloads/{name}.png" download>PNG</a>',
        made=_origin(name),
    )
    return f'{start}<p class="take">{take}</p>{end}'


def _with_origin(table: re.Match) -> str:
    """The links of a table with one to the cell that makes it."""
    take, name, end = table.groups()
    return say("{take}. {made}", take=take, made=_origin(name)) + end


def _origin(name: str) -> str:
    return f'<a href="../exhibits.html#{name}">{say("How it was made")}</a>'


def faulty_images(page: str) -> list[str]:
    """List the images of a page that have no alternative text or lie on another server.

    Parameters
    ----------
    page : str
        The HTML of a whole page.
    """
    found = []
    for image in BeautifulSoup("".join(_IMAGE.findall(page)), "html.parser"):
        alt, source = image.get("alt", ""), image.get("src", "")
        if not alt.strip() or "_images" in alt:
            found.append(f"image {source}: no alternative text; say what it shows")
        if re.match(r"(?:\w+:)?//", source):
            found.append(f"image {source}: lies elsewhere; put it into book/")
    return found


def _digests(inline: list[str]) -> list[str]:
    """CSP hashes of inline scripts and styles."""
    sums = {base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in inline}
    return [f"'sha256-{digest}'" for digest in sorted(sums)]
