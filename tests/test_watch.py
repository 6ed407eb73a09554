"""Watching: a save is built and shown, a fault is told and the last good page stays."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import pytest

pytestmark = pytest.mark.book


@pytest.fixture
def watched(small, tmp_path):
    project, log = shutil.copytree(small, tmp_path / "book"), tmp_path / "said"
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with open(log, "w") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "embedgov", "watch", "--port", str(port)],
            cwd=project,
            stdout=said,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    yield project, f"http://127.0.0.1:{port}/book/start.html", log
    os.killpg(process.pid, signal.SIGTERM)
    process.wait()


def until(text, read, seconds=180):
    """What can be read somewhere, once a text is in it."""
    end, found = time.monotonic() + seconds, ""
    while time.monotonic() < end:
        try:
            found = read()
        except OSError:
            pass
        if text in found:
            return found
        time.sleep(0.2)
    raise AssertionError(f"{text!r} never came up in {found!r}")


def test_a_save_is_built_and_shown_and_a_fault_is_not(watched):
    project, address, log = watched

    def page():
        return urllib.request.urlopen(address).read().decode()

    first = until("Start", page)
    assert "livereload.js" in first and "Content-Security-Policy" not in first
    source = project / "book" / "start.md"
    sound = source.read_text()
    source.write_text(sound + "\nSee {doc}`nowhere`, which is a fault.\n")
    assert "BuildError: book/start.md" in until("nowhere", log.read_text)
    assert page() == first
    source.write_text(sound + "\nA new sentence.\n")
    assert "which is a fault" not in until("A new sentence.", page)
    published = (project / "_build" / "html" / "book" / "start.html").read_text()
    assert "livereload.js" not in published and "Content-Security-Policy" in published
