"""Faults of all kinds while a small book is built: no mixture is published, nothing good is lost."""

import ctypes
import os
import pickle
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from small_book import FIRST, small_book
from test_pipeline import tree

SECONDS = 1200  # when a build or an awaited moment is given up
TERMS = "data/registry/terms.csv"  # what the first chapter and an evidence page show


# ---- a small book, with another content to change to


def change(project):
    """Give the book another content: what a chapter, an evidence page and a page show."""
    table = project / TERMS
    table.write_text("".join(table.read_text(encoding="utf-8").splitlines(True)[:-1]), encoding="utf-8")
    page = project / "book" / "start.md"
    page.write_text(page.read_text() + "\nIt was changed.\n")


class Book:
    """A book in a folder, and the command at work on it."""

    def __init__(self, path, tmp):
        self.path, self.tmp, self.build, self.log = path, tmp, path / "_build", path.parent / "said"

    def start(self, *arguments, child=lambda: None):
        """Start the command; `child` is called in the new process before the command."""

        def prepare():
            signal.signal(signal.SIGINT, signal.SIG_DFL)  # a shell may start the tests without it
            child()

        self.started = time.time()
        with open(self.log, "w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "embedgov", "book", *arguments],
                cwd=self.path,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=prepare,
                env=os.environ | {"TMPDIR": str(self.tmp)},
            )
        return self.process

    def finish(self):
        """Wait for the command's end; return what it said."""
        try:
            self.process.wait(SECONDS)
        finally:
            self.process.kill()
        return self.log.read_text()

    def run(self, *arguments, child=lambda: None):
        self.start(*arguments, child=child)
        return self.finish()

    def wait_until(self, moment):
        """Wait until something holds of this book; fail if the command ends before."""
        while not moment(self):
            assert self.process.poll() is None, f"it ended before: {self.log.read_text()}"
            time.sleep(0.005)

    def site(self):
        """Contents of the site, but for the page that says when it was made."""
        site = self.build / "html"
        # A kill between two renames leaves it aside, and the next command puts it back.
        files = tree(site if site.exists() else self.build / "html.old").items()
        return {name: content for name, content in files if not name.startswith("certificate.")}

    def left_processes(self):
        """Processes of this book that still live a while later."""
        for _ in range(600):  # the server may still be importing, and ends when it has
            found = [
                file.parent.name
                for file in Path("/proc").glob("[0-9]*/environ")
                if f"TMPDIR={self.tmp}".encode() in _bytes(file)
            ]
            if not found:
                break
            time.sleep(0.1)
        return found


def _bytes(file):
    try:
        return file.read_bytes()
    except OSError:
        return b""


# ---- moments of a build


def planned(book):
    return "pages: " in book.log.read_text()


def executing(book):
    return any(book.build.glob("executed-*/first.ipynb"))


def executed(book):
    return any(book.build.glob("site-*/executed/first.ipynb"))


def reading(book):
    return executed(book) and any(log.stat().st_size for log in book.build.glob("site-*/log"))


def writing(book):
    page = book.build / "work" / "_build" / "html" / "book" / "start.html"
    return page.is_file() and page.stat().st_mtime > book.started


def publishing(book):
    return any(book.build.glob("site-*/html"))


# ---- ways to do harm; each leaves the sources as they were or changed, and returns what was said


def ended(moment, by, group=False, fresh=False, wait=0.2):
    """End a build at a moment, or a little later."""

    def inject(book):
        change(book.path)
        if fresh:
            shutil.rmtree(book.build)
            shutil.rmtree(book.path / "_executed")
        book.start()
        book.wait_until(moment)
        time.sleep(random.Random(f"{moment.__name__} {by}").uniform(0, wait))
        (os.killpg if group else os.kill)(book.process.pid, by)
        return book.finish()

    return inject


def disk_full(book):
    """Build on a disk with half a megabyte left, where a disk can be mounted."""
    change(book.path)
    own, disk = book.build, book.path.parent / "disk"
    own.rename(disk)
    own.mkdir()
    size = sum(file.stat().st_size + 4096 for file in disk.rglob("*")) + 500_000
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", own], capture_output=True
    ).returncode
    try:
        shutil.copytree(disk, own, dirs_exist_ok=True)
        said = book.run(**({"child": files_below(100_000)} if mounted else {}))
        said = said.replace("File too large", "No space left on device") if mounted else said
        shutil.rmtree(disk)
        shutil.copytree(own, disk)
    finally:
        if not mounted:
            subprocess.run(["umount", own], check=True)
    shutil.rmtree(own)
    disk.rename(own)
    return said


def files_below(size):
    """Let no process of a build write a larger file."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def refused(size):
    """Let the system refuse to write any file beyond a size."""

    def inject(book):
        change(book.path)
        return book.run("--force", child=files_below(size))

    return inject


def record_not_written(book):
    """Let the disk be full when all is made and the record of the site is to be written."""
    change(book.path)
    (book.build / "html.json.fresh").symlink_to("/dev/full")
    said = book.run()
    (book.build / "html.json.fresh").unlink()
    return said


def unreadable(name):
    """Take away the right to read a file, from root as well."""

    def as_anybody():
        for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
            ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP

    def inject(book):
        (book.path / name).chmod(0)
        said = book.run(child=as_anybody)
        (book.path / name).chmod(0o644)
        return said

    return inject


def replaced(name, by):
    """Build with something else in the place of a source, and put it back."""

    def inject(book):
        source, aside = book.path / name, book.path.parent / "aside"
        source.rename(aside)
        by(source)
        said = book.run()
        shutil.rmtree(source) if source.is_dir() else source.unlink()
        aside.rename(source)
        return said

    return inject


def dangling_link(path):
    path.symlink_to("nowhere")


def halved(text):
    """Text of a file that was cut in the middle of a character."""
    return lambda path: path.write_bytes(text.encode()[:-1])


def dangling_include(path):
    path.write_text("# Start\n\n```{include} nowhere.md\n```\n")


def two_at_once(book):
    change(book.path)
    first = book.start()
    other = Book(book.path, book.tmp)
    other.log = book.path.parent / "said too"
    second = other.start()
    said = book.finish() + other.finish()
    assert sorted([first.returncode, second.returncode]) == [0, 1], said
    return said


def damaged(pattern, how, also=lambda project: None):
    """Damage something that an earlier build made, and change the sources, perhaps."""

    def inject(book):
        (file,) = book.path.glob(pattern)
        how(file)
        also(book.path)
        return book.run()

    return inject


def cut(file):
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def flip(file):
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def remove(path):
    shutil.rmtree(path) if path.is_dir() else path.unlink()


def to_folder(file):
    file.unlink()
    file.mkdir()


def other_object(file):
    file.write_bytes(pickle.dumps(["of", "another", "kind"]))


def to_file(folder):
    shutil.rmtree(folder)
    folder.write_text("no folder")


def put_aside(folder):
    folder.rename(folder.with_name(f"{folder.name}.old"))


def taken_from_other_run(book):
    """Put a copy with other parameters, and its record, in the place of the published one."""
    before, own = tree(book.build) | tree(book.path / "_executed"), book.path.parent / "own"
    run = subprocess.run(
        [sys.executable, "-m", "embedgov", "notebooks", "run", "first", "-p", "batch", "4", "--into", own],
        cwd=book.path,
        capture_output=True,
        text=True,
        env=os.environ | {"TMPDIR": str(book.tmp)},
    )
    assert run.returncode == 0, run.stderr
    assert before == tree(book.build) | tree(book.path / "_executed")
    names = {file.name for file in own.iterdir()}
    assert names == {"first.ipynb", "first.json", "table-rows-of-terms.csv"}
    for name in ("first.ipynb", "first.json"):
        (own / name).replace(book.path / "_executed" / name)
    return book.run()


def changed(moment, how=change, undo=lambda project: None):
    """Change the sources at a moment of a build."""

    def inject(book):
        book.start("--force")
        book.wait_until(moment)
        how(book.path)
        said = book.finish()
        undo(book.path)
        return said

    return inject


def lengthen(project):
    (project / FIRST).write_text((project / FIRST).read_text() + "\n")


def shorten(project):
    (project / FIRST).write_text((project / FIRST).read_text().removesuffix("\n"))


def add_page(project):
    (project / "book" / "more.md").write_text("# More\n")


def remove_page(project):
    (project / "book" / "more.md").unlink()


INTERRUPTED = "BuildError: interrupted; _build/html is as it was, start again when you like"
REFUSED = "_build/html is as it was, mend this and start again"
MEANWHILE = "was changed while the book was built, so its parts may not fit together; nothing was published"
KILLED = None  # it cannot say anything

# What happens, how, and what the command says.
FAULTS = {
    "killed while chapters are executed": (ended(executing, signal.SIGKILL), KILLED),
    "killed when it has just begun": (ended(planned, signal.SIGKILL), KILLED),
    "killed when chapters are executed": (ended(executed, signal.SIGKILL), KILLED),
    "killed while pages are read": (ended(reading, signal.SIGKILL), KILLED),
    "killed while pages are written": (ended(writing, signal.SIGKILL), KILLED),
    "killed while the site is published": (ended(publishing, signal.SIGKILL, wait=0.05), KILLED),
    "all processes killed at once": (ended(reading, signal.SIGKILL, group=True), KILLED),
    "killed at the first build": (ended(reading, signal.SIGKILL, fresh=True), KILLED),
    "killed between two renames": (damaged("_build/html", put_aside), "pages: "),
    "ended by SIGTERM while chapters are executed": (ended(executing, signal.SIGTERM), INTERRUPTED),
    "ended by SIGTERM while pages are written": (ended(writing, signal.SIGTERM), INTERRUPTED),
    "Ctrl-C while chapters are executed": (ended(executing, signal.SIGINT, group=True), INTERRUPTED),
    "Ctrl-C while pages are read": (ended(reading, signal.SIGINT, group=True), INTERRUPTED),
    "interrupted alone": (ended(executing, signal.SIGINT), INTERRUPTED),
    "disk full": (disk_full, "No space left on device"),
    "no room for a record": (record_not_written, f"No space left on device; {REFUSED}"),
    "no room for a page": (refused(100_000), "File too large"),
    "table not to be read": (unreadable(TERMS), f"{TERMS}: Permission denied; {REFUSED}"),
    "notebook not to be read": (unreadable(FIRST), f"{FIRST}: Permission denied; {REFUSED}"),
    "page not to be read": (unreadable("book/start.md"), f"start.md: Permission denied; {REFUSED}"),
    "copy not to be read": (unreadable("_executed/first.ipynb"), f"Permission denied; {REFUSED}"),
    "table a broken link": (replaced(TERMS, dangling_link), "registry/terms.csv"),
    "notebook a broken link": (replaced(FIRST, dangling_link), f"{FIRST}: No such file"),
    "notebook a folder": (replaced(FIRST, Path.mkdir), f"{FIRST}: Is a directory; {REFUSED}"),
    "notebook cut": (replaced(FIRST, halved('{"cells": []}')), f"{FIRST} is no notebook"),
    "page cut": (replaced("book/start.md", halved("# 区")), "book/start.md is not UTF-8"),
    "contents cut": (replaced("_toc.yml", halved("root: []")), "_toc.yml is no table of contents"),
    "page includes what is not there": (replaced("book/start.md", dangling_include), "nowhere.md"),
    "two builds at once": (two_at_once, "another build of this book is at work; wait until it ends"),
    "copy cut": (damaged("_executed/second.ipynb", cut), "second: the executed copy was altered"),
    "copy with one bit wrong": (
        damaged("_executed/second.ipynb", flip),
        "second: the executed copy was altered",
    ),
    "copy a folder": (damaged("_executed/second.ipynb", to_folder), "second: never executed"),
    "record with one bit wrong": (damaged("_executed/second.json", flip), "second: no record"),
    "copy with other parameters": (taken_from_other_run, "first: executed with other parameters"),
    "no executed copies": (damaged("_executed", remove), "second: never executed"),
    "environment of Sphinx another object": (
        damaged("_build/work/**/environment.pickle", other_object, change),
        "pages: ",
    ),
    "a page's doctree lost": (damaged("_build/work/**/second.doctree", remove, change), "pages: "),
    "state of the builder another object": (
        damaged("_build/work/**/embedgov.pickle", other_object, change),
        "pages: ",
    ),
    "page of the site altered": (damaged("_build/html/notebooks/second.html", flip), "pages: "),
    "page of the site altered, and the sources": (
        damaged("_build/html/notebooks/second.html", flip, change),
        "pages: ",
    ),
    "site lost": (damaged("_build/html", remove), "pages: never built"),
    "site a file": (damaged("_build/html", to_file), "pages: never built"),
    "record of the site wrong": (damaged("_build/html.json", flip), "pages: never built"),
    "everything that was built lost": (damaged("_build", remove), "pages: never built"),
    "sources changed after a chapter read": (changed(executed), MEANWHILE),
    "sources changed while pages are written": (changed(writing), MEANWHILE),
    "notebook changed": (changed(executed, lengthen, shorten), f"{FIRST} {MEANWHILE}"),
    "page added": (changed(executed, add_page, remove_page), f"book/more.md {MEANWHILE}"),
}


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    """The book as it was and changed, each built from nothing in a folder of its own."""
    books = {}
    for name in ("as it was", "changed"):
        book = Book(small_book(tmp_path_factory.mktemp("good") / "book"), tmp_path_factory.mktemp("tmp"))
        change(book.path) if name == "changed" else None
        said = book.run()
        assert book.process.returncode == 0, said
        books[name] = book
    assert books["as it was"].site() != books["changed"].site()
    return books


@pytest.fixture(scope="module")
def endured(good, tmp_path_factory, request):
    """All faults that are to be tested, two at a time."""
    names = [
        item.callspec.params["name"]
        for item in request.session.items
        if "endured" in getattr(item, "fixturenames", [])
    ]
    with ThreadPoolExecutor(2) as pool:
        yield {name: pool.submit(endure, name, good, tmp_path_factory.mktemp("fault")) for name in names}


def endure(name, good, folder):
    """Do one fault to a book that was built, and build it again."""
    tmp = Path(tempfile.mkdtemp(prefix="f"))  # a short name, since sockets lie in it
    book = Book(shutil.copytree(good["as it was"].path, folder / "book", symlinks=True), tmp)
    inject, says = FAULTS[name]
    said = inject(book)
    assert not book.left_processes()
    if says is not KILLED:
        assert says in said, said
        assert "Traceback" not in said, said
    if name != "killed at the first build":
        assert book.site() in [one.site() for one in good.values()], said
    if book.process.returncode:
        said = book.run()
        assert book.process.returncode == 0, said
    sources = tree(book.path / "book") | tree(book.path / "data")
    (same,) = (one for one in good.values() if sources == tree(one.path / "book") | tree(one.path / "data"))
    assert book.site() == same.site()
    for copy in same.path.glob("_executed/*.ipynb"):
        assert (book.path / "_executed" / copy.name).read_bytes() == copy.read_bytes()
    for place in (".", "_build", "_executed"):
        names = [{path.name for path in (each.path / place).iterdir()} for each in (book, same)]
        assert names[0] <= names[1]
    assert not book.left_processes() and not any(tmp.iterdir())
    tmp.rmdir()
    shutil.rmtree(book.path)


@pytest.mark.parametrize("name", FAULTS)
def test_after_a_fault_the_site_is_one_of_two_good_ones_and_the_next_build_needs_no_help(name, endured):
    endured[name].result()
