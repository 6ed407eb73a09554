"""The published site: complete, linked, described, and sufficient unto itself."""

import functools
import http.server
import os
import re
import shutil
import threading
from urllib.parse import unquote, urlsplit

import pytest
import yaml
from bs4 import BeautifulSoup
from conftest import ROOT
from playwright.sync_api import sync_playwright


@pytest.fixture(scope="session")
def site(built):
    return built / "_build" / "html"


@pytest.fixture(scope="session")
def pages(site):
    """Every page of the book, parsed."""
    return {
        str(path.relative_to(site)): BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        for path in sorted(site.rglob("*.html"))
        if "_static" not in path.parts
    }


def in_contents():
    def files(node):
        if isinstance(node, dict):
            for key, value in node.items():
                if key in ("root", "file"):
                    yield value
                else:
                    yield from files(value)
        elif isinstance(node, list):
            for item in node:
                yield from files(item)

    return sorted(files(yaml.safe_load((ROOT / "_toc.yml").read_text())))


def test_contents_and_sources_agree(site):
    sources = [
        str(path.relative_to(ROOT).with_suffix(""))
        for pattern in ("book/**/*.md", "notebooks/*.ipynb") for path in ROOT.glob(pattern)
    ]  # fmt: skip
    assert in_contents() == sorted(sources)
    for name in in_contents():
        assert (site / f"{name}.html").is_file(), name


def test_every_internal_link_leads_somewhere(site, pages):
    broken = []
    for name, page in pages.items():
        for link in page.select("[href]"):
            address = urlsplit(link["href"])
            if address.scheme or address.netloc:
                continue
            here = site / name
            target = (here.parent / unquote(address.path)).resolve() if address.path else here
            if not target.exists():
                broken.append((name, link["href"]))
            elif address.fragment and target.suffix == ".html":
                goal = pages[str(target.relative_to(site.resolve()))]
                if not goal.find(id=unquote(address.fragment)):
                    broken.append((name, link["href"]))
    assert broken == []


def test_every_image_says_what_it_shows(pages):
    for name, page in pages.items():
        for image in page.select("main img"):
            alt = image.get("alt", "")
            assert len(alt.split()) >= 5, (name, image)
            assert "_images" not in alt


def test_every_figure_has_number_caption_and_stable_address(pages):
    count = 0
    for name, page in pages.items():
        for chapter_figure in page.select("main figure"):
            count += 1
            assert chapter_figure.get("id", "").startswith("fig-"), name
            caption = chapter_figure.select_one("figcaption")
            assert re.match(r"Fig\. \d+", caption.get_text().strip()), name
            assert len(caption.get_text().split()) > 6
    assert count >= 4


def test_no_trace_of_the_machine_or_of_a_failure_is_published(site, built):
    trace = re.compile(r"np\.\w+\(|at 0x[0-9a-f]{6,}|Traceback \(most recent|cell_output_stderr|output stderr")
    for path in site.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert not trace.search(text), path.name
        assert str(built) not in text and str(ROOT) not in text, path.name


def test_numbers_of_the_landing_page_are_those_of_the_chapters(pages):
    text = pages["book/intro.html"].select_one("main").get_text()
    for phrase in (
        "They took 40 places", "in 37, and described 12 of them",
        "114 designations", "112 places", "28 provinces", "37, 18, 11 and 13 zones", "At least 15 zones",
    ):  # fmt: skip
        assert phrase in re.sub(r"\s+", " ", text), phrase


@pytest.fixture(scope="session")
def address(site):
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    handler = functools.partial(Quiet, directory=site)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="session")
def browser():
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None:
        pytest.skip("no Chromium on this machine (Debian: apt install chromium)")
    with sync_playwright() as playwright:
        options = ["--no-sandbox"] if os.geteuid() == 0 else []
        chromium = playwright.chromium.launch(executable_path=program, args=options)
        yield chromium
        chromium.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_pages_open_offline_without_errors_and_fit_the_screen(browser, address, pages, width):
    page = browser.new_page(viewport={"width": width, "height": 900})
    requested, errors = [], []
    page.on("request", lambda request: requested.append(request.url))
    page.on(
        "console", lambda line: errors.append((line.text, line.location)) if line.type == "error" else None
    )
    page.on("pageerror", lambda error: errors.append(str(error)))
    for name in pages:
        page.goto(f"{address}/{name}", wait_until="networkidle")
        overflow = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert overflow <= 0, (name, overflow)
        unread = page.evaluate(
            "[...document.images].filter(i => !i.complete || !i.naturalWidth).map(i => i.src)"
        )
        assert unread == [], name
    page.close()
    assert errors == []
    elsewhere = {u for u in requested if not u.startswith((address, "data:", "blob:"))}
    assert elsewhere == set()
