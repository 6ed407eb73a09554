"""What all tests share: copies of the project, the site in a browser, closed figures, fixed seeds."""

import fcntl
import functools
import http.server
import json
import multiprocessing
import os
import random
import resource
import shutil
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path

import hypothesis
import matplotlib
import numpy as np
import pytest

matplotlib.use("agg")
# The same examples in every run, and no verdict on how fast this machine happens to be.
hypothesis.settings.register_profile("same", deadline=None, derandomize=True)
hypothesis.settings.load_profile("same")

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(autouse=True)
def _same_start():
    random.seed(0)
    np.random.seed(0)
    yield
    import matplotlib.pyplot as plt

    plt.close("all")


def pytest_xdist_auto_num_workers(config):
    """One more than there are cores: tests wait for browsers, kernels and builds."""
    return len(os.sched_getaffinity(0)) + 1 if hasattr(os, "sched_getaffinity") else os.cpu_count() + 1


# Files of tests that take longest; a file's tests run in one process, one after another.
# The first builds the book; the next two do without it meanwhile.
LONGEST = (
    *("pages", "faults", "records", "teach_pack", "pages_behind", "browser", "notebooks", "lab"),
    *("pipeline", "teaching", "pdf"),
)
BOOK, BROWSER = {"built", "site", "small"}, {"program", "browser"}  # fixtures that tell what a test needs
CPU_SECONDS = 5  # what a test may take that needs neither a book nor a browser


def pytest_collection_modifyitems(items):
    """Mark what needs a book or a browser, and put the files that take longest first."""
    rank = {name: place for place, name in enumerate(LONGEST)}
    for item in items:
        fixtures = set(item.fixturenames)
        item.add_marker("book") if fixtures & BOOK else None
        item.add_marker("browser") if fixtures & BROWSER else None

    def place(item):
        return rank.get(item.path.stem.removeprefix("test_"), len(rank))

    items.sort(key=place)


def _processor_seconds():
    """Of this process and of all processes that it started and that have ended."""
    return sum(
        used.ru_utime + used.ru_stime
        for used in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item):
    item.processor_seconds = _processor_seconds()
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    """Fail a test that takes too long to be run at every edit, however busy the machine is."""
    done = yield
    used = _processor_seconds() - item.processor_seconds
    if used > CPU_SECONDS and not {"book", "browser"} & {mark.name for mark in item.iter_markers()}:
        pytest.fail(
            f"it took {used:.1f} s of processor time, {CPU_SECONDS} are allowed; make it faster, "
            "or mark it with `book` if it builds one"
        )
    return done


@pytest.fixture(scope="module")
def theme():
    """The look of all figures."""
    from embedgov import plotting
    from embedgov_study.palette import COLOURS

    plotting.set_theme(COLOURS)


@pytest.fixture(scope="module")
def draw(request, theme):
    """The figure that a file of tests names as ``FIGURE``, over its sample data."""
    from figures import FIGURES

    return FIGURES[request.module.FIGURE]


def pytest_sessionfinish(session, exitstatus):
    """In CI a skipped test is a failed one: what is skipped is not proved."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and reporter and reporter.stats.get("skipped"):
        reporter.write_line("CI is set and tests were skipped: this run has failed", red=True)
        session.exitstatus = 1


def embedgov(*arguments, cwd):
    """Run the command in a folder; return the finished process."""
    return subprocess.run(
        [sys.executable, "-m", "embedgov", *map(str, arguments)],
        cwd=cwd,
        capture_output=True,
        text=True,
    )


def copy_of_project(target):
    """Copy the sources of the book, and nothing that a build made."""
    for name in ("book", "data", "notebooks"):
        shutil.copytree(ROOT / name, target / name)
    for name in ("_config.yml", "_toc.yml", "requirements.txt", "LICENSE", "LICENSE-TEXT"):
        shutil.copy(ROOT / name, target / name)
    return target


def made_once(tmp_path_factory, name, make):
    """A folder that `make` fills; all processes of a run share it, so no test may change it."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / name
    with open(folder.with_suffix(".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            fresh = folder.with_suffix(".fresh")
            shutil.rmtree(fresh, ignore_errors=True)  # of a process that failed
            make(fresh)
            fresh.rename(folder)
    return folder


def build(project):
    """Build a book by the command."""
    done = embedgov("book", cwd=project)
    assert done.returncode == 0, done.stdout + done.stderr


def move_to(project, monkeypatch):
    """Let the package and the kernels that it starts work in another project."""
    monkeypatch.chdir(project)
    monkeypatch.setattr(multiprocessing.process, "ORIGINAL_DIR", str(project))  # where a kernel begins


@pytest.fixture(scope="session")
def small(tmp_path_factory):
    """A small book, built from scratch by the command; copy it before you change it."""
    from small_book import small_book

    return made_once(tmp_path_factory, "small", lambda folder: build(small_book(folder)))


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """A copy of the project with its editions, built from scratch by the command."""

    def make(folder):
        shutil.copytree(ROOT / "locale", copy_of_project(folder) / "locale")
        build(folder)

    return made_once(tmp_path_factory, "book", make)


@pytest.fixture(scope="session")
def site(built):
    """The folder of the built site."""
    return built / "_build" / "html"


@contextmanager
def served(folder):
    """Serve a folder on this computer; the address is what is yielded."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    handler = functools.partial(Quiet, directory=folder)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@contextmanager
def chromium(program):
    """Open a browser."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        options = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=program, args=options)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def address(site):
    """Where the built site is served."""
    with served(site) as address:
        yield address


@pytest.fixture(scope="session")
def program():
    """The path of Chromium."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        pytest.skip("no Chromium on this machine (Debian: apt install chromium)")
    return found


@pytest.fixture(scope="module")
def browser(program):
    """An open browser."""
    with chromium(program) as opened:
        yield opened


@pytest.fixture(scope="module")
def visitor(browser, address, site):
    """Who looks at pages of the site in several ways."""
    import targets
    from visitor import DESKTOP, Visitor

    opened = browser.new_context(
        viewport={"width": DESKTOP, "height": 900}, bypass_csp=True, base_url=address
    )
    yield Visitor(opened.new_page(), address, targets.targets(site))
    opened.close()


def make_bare_project(folder, monkeypatch):
    """Make a project without a table, a page or a notebook, and work in it."""
    (folder / "data").mkdir()
    (folder / "data" / "datapackage.json").write_text("{}")
    (folder / "_toc.yml").write_text("format: jb-book\nroot: index\n")
    move_to(folder, monkeypatch)
    return folder


def make_project(folder, monkeypatch, **notebooks):
    """Make a project of small notebooks, ``{name: [(tag or None, source), ...]}``, and work in it."""
    make_bare_project(folder, monkeypatch)
    (folder / "notebooks").mkdir()
    for name, cells in notebooks.items():
        write_notebook(folder / "notebooks" / f"{name}.ipynb", cells)
    return folder


@pytest.fixture
def bare_project(tmp_path, monkeypatch):
    """Make a project as `make_bare_project` does, in a folder of the test's own."""
    return make_bare_project(tmp_path, monkeypatch)


@pytest.fixture
def notebook_project(tmp_path, monkeypatch):
    """Make a project as `make_project` does, in a folder of the test's own."""
    return functools.partial(make_project, tmp_path, monkeypatch)


def write_notebook(path, cells):
    """Write a notebook of code cells; each is ``(tag or None, source)``."""
    content = {
        "cells": [
            {
                "cell_type": "code",
                "id": f"cell-{i}",
                "source": source,
                "outputs": [],
                "execution_count": None,
                "metadata": {"tags": [tag]} if tag else {},
            }
            for i, (tag, source) in enumerate(cells, 1)
        ],
        "metadata": {
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
            "language_info": {"name": "python"},
            "embedgov": {
                "questions": ["What?"],
                "objectives": ["Know it"],
                "minutes": {"teaching": 1, "exercises": 1},
                "prerequisites": [],
            },
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    path.write_text(json.dumps(content))
