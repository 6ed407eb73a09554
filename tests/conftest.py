"""What all tests share: copies of the project, the site in a browser, closed figures, fixed seeds."""

import functools
import http.server
import json
import os
import random
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
pytest.register_assert_rewrite("figure_laws")
# The same examples in every run, and no verdict on how fast this machine happens to be.
hypothesis.settings.register_profile("same", deadline=None, derandomize=True)
hypothesis.settings.load_profile("same")

ROOT = Path(__file__).resolve().parents[1]

# What is looked for in pages by axe.
AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],  # the rest is much and slow to hand over
    "preload": False,  # axe would fetch imported style sheets from where they are not
}


@pytest.fixture(autouse=True)
def _same_start():
    random.seed(0)
    np.random.seed(0)
    yield
    import matplotlib.pyplot as plt

    plt.close("all")


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
        cwd=cwd, capture_output=True, text=True,
    )  # fmt: skip


def copy_of_project(target):
    """Copy the sources of the book, and nothing that a build made."""
    for name in ("book", "data", "notebooks"):
        shutil.copytree(ROOT / name, target / name)
    for name in ("_config.yml", "_toc.yml", "requirements.txt", "LICENSE", "LICENSE-TEXT"):
        shutil.copy(ROOT / name, target / name)
    return target


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """A copy of the project, built from scratch by the command."""
    project = copy_of_project(tmp_path_factory.mktemp("book"))
    done = embedgov("book", cwd=project)
    assert done.returncode == 0, done.stdout + done.stderr
    return project


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


@pytest.fixture
def notebook_project(tmp_path, monkeypatch):
    """Make a project of small notebooks: ``{name: [(tag or None, source), ...]}``."""
    from embedgov import paths

    def make(**notebooks):
        (tmp_path / "data").mkdir()
        (tmp_path / "data" / "datapackage.json").write_text("{}")
        (tmp_path / "_toc.yml").write_text("format: jb-book\nroot: index\n")
        (tmp_path / "notebooks").mkdir()
        for name, cells in notebooks.items():
            write_notebook(tmp_path / "notebooks" / f"{name}.ipynb", cells)
        monkeypatch.chdir(tmp_path)
        for constant, value in {
            "ROOT": tmp_path, "DATA": tmp_path / "data", "BOOK": tmp_path / "book",
            "NOTEBOOKS": tmp_path / "notebooks", "EXECUTED": tmp_path / "_executed",
            "BUILD": tmp_path / "_build", "SITE": tmp_path / "_build" / "html",
            "TOC": tmp_path / "_toc.yml", "MANIFEST": tmp_path / "MANIFEST.sha256",
        }.items():  # fmt: skip
            monkeypatch.setattr(paths, constant, value)
        return tmp_path

    return make


def write_notebook(path, cells):
    """Write a notebook of code cells; each is ``(tag or None, source)``."""
    content = {
        "cells": [
            {
                "cell_type": "code", "id": f"cell-{i}", "source": source, "outputs": [],
                "execution_count": None, "metadata": {"tags": [tag]} if tag else {},
            }
            for i, (tag, source) in enumerate(cells, 1)
        ],
        "metadata": {
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
            "language_info": {"name": "python"},
            "embedgov": {
                "questions": ["What?"], "objectives": ["Know it"],
                "minutes": {"teaching": 1, "exercises": 1}, "prerequisites": [],
            },
        },
        "nbformat": 4, "nbformat_minor": 5,
    }  # fmt: skip
    path.write_text(json.dumps(content))
