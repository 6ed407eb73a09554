"""How heavy the site is, beside a plain jupyter-book build of the same executed chapters and pages.

The plain book has Jupyter Book's own theme and settings: no evidence pages, no search for Chinese,
no files to take away, no style or script of ours.
"""

import functools
import http.server
import os
import shutil
import statistics
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import yaml
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))
from conftest import copy_of_project, embedgov  # noqa: E402

KB, MB = 1000, 1_000_000
MEDIAN, ASSETS, SITE, PAINT = 150 * KB, 1 * MB, 25 * MB, 2.5  # seconds for the last
SLOW = 4  # times slower than this machine's processor
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="module")
def sites(tmp_path_factory):
    """Our site, and the plain one."""
    ours = copy_of_project(tmp_path_factory.mktemp("ours"))
    done = embedgov("book", cwd=ours)
    assert done.returncode == 0, done.stderr
    plain = tmp_path_factory.mktemp("plain")
    shutil.copytree(ours / "book", plain / "book", ignore=shutil.ignore_patterns("_static"))
    shutil.copytree(ours / "_executed", plain / "notebooks")
    shutil.copy(ours / "_toc.yml", plain / "_toc.yml")
    given = yaml.safe_load((ours / "_config.yml").read_text())
    config = {key: given[key] for key in ("title", "author", "parse", "bibtex_bibfiles")} | {
        "execute": {"execute_notebooks": "off"},
        "only_build_toc_files": True,
        "sphinx": {"extra_extensions": ["sphinx_exercise"]},
    }
    (plain / "_config.yml").write_text(yaml.safe_dump(config))
    program = str(Path(sys.executable).with_name("jupyter-book"))
    subprocess.run([program, "build", "."], cwd=plain, check=True, capture_output=True)
    return ours / "_build" / "html", plain / "_build" / "html"


def chapters(site):
    return sorted(str(p.relative_to(site)) for f in ("book", "notebooks") for p in (site / f).glob("*.html"))


def size(site):
    return sum(path.stat().st_size for path in site.rglob("*") if path.is_file())


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def loaded(sites):
    """Of each site, by chapter: the bytes that it loads beside its HTML, and how soon it is painted."""
    program = next(filter(None, map(shutil.which, BROWSERS)))
    measured = []
    with sync_playwright() as playwright:
        options = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=program, args=options)
        for site in sites:
            handler = functools.partial(_Quiet, directory=site)
            server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
            threading.Thread(target=server.serve_forever, daemon=True).start()
            measured.append({name: _load(browser, server.server_port, name) for name in chapters(site)})
            server.shutdown()
        browser.close()
    return measured


def _load(browser, port, name):
    page = browser.new_page()  # a context of its own, so nothing is cached
    sizes = {}

    def note(response):
        if "127.0.0.1" in response.url and not response.url.endswith(".html"):
            sizes[response.url] = len(response.body())

    page.on("response", note)
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOW})
    page.goto(f"http://127.0.0.1:{port}/{name}", wait_until="networkidle")
    painted = page.evaluate(
        "() => new Promise(done => new PerformanceObserver(list => done(list.getEntries().at(-1).startTime))"
        ".observe({type: 'largest-contentful-paint', buffered: true}))"
    )
    page.close()
    return sum(sizes.values()), painted / 1000


def test_weight(sites, loaded):
    ours, plain = sites
    pages = {str(p.relative_to(ours)): p.stat().st_size for p in ours.rglob("*.html")}
    plain_pages = [(plain / name).stat().st_size for name in chapters(plain)]
    median = statistics.median(pages.values())
    chapter = statistics.median(pages[name] for name in chapters(ours))
    print(
        f"\nHTML of a page, median: {median / KB:.0f} KB over {len(pages)} pages; of a chapter "
        f"{chapter / KB:.0f} KB, plain {statistics.median(plain_pages) / KB:.0f} KB"
    )
    heaviest = max(pages, key=pages.get)
    print(f"heaviest page: {heaviest}, {pages[heaviest] / KB:.0f} KB")
    more = {name: loaded[0][name][0] - loaded[1][name][0] for name in loaded[0]}
    worst = max(more, key=more.get)
    print(
        f"assets beyond the plain book's: at most {more[worst] / KB:.0f} KB ({worst}), "
        f"median {statistics.median(more.values()) / KB:.0f} KB"
    )
    print(f"whole site: {size(ours) / MB:.1f} MB, plain {size(plain) / MB:.1f} MB")
    assert median <= MEDIAN and more[worst] <= ASSETS and size(ours) <= SITE


def test_paint(sites, loaded):
    ours, plain = loaded
    slowest = max(ours, key=lambda name: ours[name][1])
    print(
        f"\nlargest contentful paint, processor {SLOW} times slower: at most {ours[slowest][1]:.2f} s "
        f"({slowest}), plain {plain[slowest][1]:.2f} s there"
    )
    assert ours[slowest][1] <= PAINT
