"""Watching: a save is built and shown, a fault is told and the last good page stays."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import pytest
from small_book import small_book


@pytest.fixture
def watched(tmp_path):
    project = small_book(tmp_path / "book")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "embedgov", "watch", "--port", str(port)],
        cwd=project,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    yield project, f"http://127.0.0.1:{port}/book/start.html"
    os.killpg(process.pid, signal.SIGTERM)
    process.communicate()


def page(address, until, seconds=180):
    """The page, once something is on it."""
    end, text = time.monotonic() + seconds, ""
    while time.monotonic() < end:
        try:
            text = urllib.request.urlopen(address).read().decode()
        except OSError:
            pass
        if until in text:
            return text
        time.sleep(0.2)
    raise AssertionError(f"{until!r} never came up at {address}")


def test_a_save_is_built_and_shown_and_a_fault_is_not(watched):
    project, address = watched
    first = page(address, "Start")
    assert "livereload.js" in first and "Content-Security-Policy" not in first
    source = project / "book" / "start.md"
    sound = source.read_text()
    source.write_text(sound + "\nSee {doc}`nowhere`, which is a fault.\n")
    time.sleep(2)
    source.write_text(sound + "\nA new sentence.\n")
    assert "which is a fault" not in page(address, "A new sentence.")
    published = (project / "_build" / "html" / "book" / "start.html").read_text()
    assert "livereload.js" not in published and "Content-Security-Policy" in published
