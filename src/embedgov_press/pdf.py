"""Print the whole book as one PDF: Sphinx makes a single HTML page, Chromium prints it."""

import html
import os
import re
import shutil
import subprocess
import tempfile
from importlib.metadata import version
from pathlib import Path

from bs4 import BeautifulSoup

from embedgov_study import evidence
from embedgov_study.language import say, tag
from embedgov_study.project import here

from . import downloads
from .errors import BuildError
from .extension import write_web_font
from .site import explain, only_build, sphinx

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
SECONDS = 600  # when the printing is given up


def write() -> Path:
    """Print the executed chapters, the pages and the evidence pages into one PDF.

    Returns
    -------
    Path
        The PDF, in ``_build/``.

    Raises
    ------
    BuildError
        If the last build is not that of the sources as they are, there is no Chromium,
        or Sphinx or Chromium fails; an earlier PDF is then untouched.
    """
    project = here()
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        raise BuildError("the PDF is printed by Chromium; install it (Debian: apt install chromium)")
    if reason := explain().pages:
        raise BuildError(f"the book has to be built first, by `embedgov book` ({reason})")
    with only_build() as lock, tempfile.TemporaryDirectory(prefix="site-", dir=project.build) as scratch:
        folder = sphinx("singlehtml", Path(scratch), lock)
        downloads.write_exhibits(folder, project.executed)
        (folder / "print.html").write_text(_printable(folder), encoding="utf-8")
        write_web_font(folder)
        printed = Path(scratch) / "book.pdf"
        command = [
            browser,
            "--headless",
            "--disable-gpu",
            "--disable-background-networking",
            "--no-pdf-header-footer",
            "--generate-pdf-document-outline",
            f"--user-data-dir={scratch}/profile",
            f"--print-to-pdf={printed}",
            (folder / "print.html").as_uri(),
        ]
        if os.geteuid() == 0:
            command.insert(1, "--no-sandbox")  # Chromium refuses root otherwise
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS)
        except subprocess.TimeoutExpired:
            raise BuildError(
                f"Chromium did not print the book in {SECONDS} seconds; try again when the machine is less busy"
            ) from None
        if done.returncode or not printed.is_file():
            raise BuildError(f"Chromium did not print the book:\n{done.stderr[-2000:]}")
        target = project.build / "embedded-governance.pdf"
        printed.replace(target)
    return target


def _printable(folder: Path) -> str:
    """The single page prepared for print: without buttons and folded parts, with the evidence appended."""
    page = next(folder.glob("book/*.html")).read_text(encoding="utf-8")
    whole = BeautifulSoup(page, "html.parser")
    article = whole.select_one("article")
    # The zones with their passages come before the many designations.
    pages = sorted(
        (not name.startswith(("evidence/Z", "evidence/ALL")), body)
        for name, _, body in evidence.pages()
        if re.match("evidence/(B|Z|ALL)", name)
    )
    article.append(
        BeautifulSoup(
            '<span id="document-evidence"></span>'
            f'<section id="the-evidence"><h2>{say("The evidence")}</h2>'
            f"{''.join(body for _, body in pages)}</section>",
            "html.parser",
        )
    )
    # Folded code, data tables, downloads and paths through the site are for the screen.
    for element in article.select(
        "details.hide, .figure-data, .evidence details, .take, .trail, .headerlink, .cite-this, button"
    ):
        element.decompose()
    for details in article.select("details"):
        details["open"] = ""
    ids = {element["id"] for element in article.select("[id]")}
    for link in article.select("a[href]"):
        address, _, place = link["href"].partition("#")
        place = place or Path(address).stem
        if address.startswith(("http://", "https://")):
            continue
        if place in ids:
            link["href"] = f"#{place}"
        else:
            link.unwrap()
    contents = ""
    for start in article.select('span[id^="document-"] + section'):
        start["class"] = [*start.get("class", []), "chapter"]
        title = start.find(["h1", "h2", "h3"]).get_text()
        contents += f'<li><a href="#{start["id"]}">{html.escape(title)}</a></li>'
    for image in article.select('img[src^="../"]'):
        image["src"] = image["src"].removeprefix("../")
    for figure in article.select("figure[id] img"):
        # A hatched area would be printed as a large picture.
        if "<pattern" in (folder / figure["src"]).read_text(encoding="utf-8"):
            figure["src"] = f"downloads/{figure.find_parent('figure')['id']}.png"
    styles = "".join(map(str, whole.select('head link[rel="stylesheet"]')))
    return (
        f'<!DOCTYPE html><html lang="{tag()}" data-theme="light"><head><meta charset="utf-8">'
        f"<title>{say('Embedded Governance')}</title>{styles}"
        '<link rel="stylesheet" href="_static/print.css">'
        f'<style>@page {{ @top-center {{ content: "{say("Embedded Governance")}"; }} }}</style></head><body><article class="bd-article">'
        f'<section class="contents"><p class="booktitle">{say("Embedded Governance")}</p>'
        f"<p>{say('An executable companion to a study of community governance in China')}</p>"
        f"<p>{say('Version {version}', version=version('embedgov'))}</p><ol>{contents}</ol></section>"
        f"{article.decode_contents()}</article></body></html>"
    )
