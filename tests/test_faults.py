"""Faults of all kinds while a small book is built: no mixture is published, nothing good is lost.

What kills, interrupts or refuses does so to a command of its own. What stops a build before a
chapter runs, and what only has to be noticed, is tried in this process.
"""

import ctypes
import fcntl
import os
import pickle
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import nullcontext
from pathlib import Path

import pytest
from conftest import move_to
from small_book import FIRST, tree

from embedgov.errors import EmbedgovError
from embedgov_cli import main
from embedgov_press import build_plan, dependencies, site
from embedgov_study.project import here

pytestmark = pytest.mark.book

SECONDS = 1200  # when a build or an awaited moment is given up
TERMS = "data/registry/terms.csv"  # what the first chapter and an evidence page show
SECOND = "_executed/second.ipynb"
NOTHING = "pages: nothing to do"
MEANWHILE = "was changed while the book was built, so its parts may not fit together; nothing was published"


# ---- a small book, with another content to change to


def edit(project):
    """Change what a page and a chapter show."""
    for name, old, new in (("book/start.md", "# Start", "# Begin"), (FIRST, "Rows of", "All rows of")):
        text = (project / name).read_text(encoding="utf-8")
        (project / name).write_text(text.replace(old, new), encoding="utf-8")


def change(project):
    """Change what a page, a chapter and an evidence page show."""
    edit(project)
    table = project / TERMS
    table.write_text("".join(table.read_text(encoding="utf-8").splitlines(True)[:-1]), encoding="utf-8")


class Book:
    """A book in a folder, and the command at work on it."""

    def __init__(self, path, tmp):
        self.path, self.tmp, self.build, self.log = path, tmp, path / "_build", path.parent / "said"
        self.executed = path / "_executed"

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
        """Run the command in a process of its own; return what it said."""
        self.start(*arguments, child=child)
        return self.finish()

    def wait_until(self, moment):
        """Wait until something holds of this book; fail if the command ends before."""
        while not moment(self):
            assert self.process.poll() is None, f"it ended before: {self.log.read_text()}"
            time.sleep(0.01)

    def site(self):
        """Contents of the site, but for the page that says when it was made."""
        published = self.build / "html"
        # A kill between two renames leaves it aside, and the next command puts it back.
        files = tree(published if published.exists() else self.build / "html.old").items()
        return {name: content for name, content in files if not name.startswith("certificate.")}

    def made(self):
        """What Sphinx may use again, what says that it may, and all else that builds left."""
        made = tree(self.build) | tree(self.executed)
        work = {name: made.pop(name) for name in [*made] if name.startswith("work/")}
        made.pop("lock")
        return [work, made.pop("work.json", None), made]

    def sources(self):
        return tree(self.path / "book") | tree(self.path / "data") | tree(self.path / "notebooks")

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


@pytest.fixture(scope="module")
def cold(small, tmp_path_factory):
    """Build the sources of a book from nothing, in a folder of its own, and each only once."""
    built = [Book(small, None)]

    def cold(book):
        sources = book.sources()
        if same := [one for one in built if one.sources() == sources]:
            return same[0]
        but = shutil.ignore_patterns("_build", "_executed")
        built.append(Book(tmp_path_factory.mktemp("cold") / "book", book.tmp))
        shutil.copytree(book.path, built[-1].path, ignore=but)
        said = built[-1].run()
        assert built[-1].process.returncode == 0, said
        return built[-1]

    return cold


@pytest.fixture
def book(small, tmp_path, monkeypatch):
    """A copy of the book that was built, in which this process and its commands work."""
    tmp = Path(tempfile.mkdtemp(prefix="f"))  # a short name, since sockets lie in it
    copy = Book(shutil.copytree(small, tmp_path / "book", symlinks=True), tmp)
    move_to(copy.path, monkeypatch)
    yield copy
    assert not copy.left_processes() and not any(tmp.iterdir())
    tmp.rmdir()


def explained():
    """What a build would do; to ask changes nothing."""
    before = tree(Path("."))
    told = str(site.explain())
    assert tree(Path(".")) == before
    return told


def build(capsys):
    """Build in this process; return what was said."""
    capsys.readouterr()
    site.publish()
    return capsys.readouterr().err


def require_sound(book, cold):
    """The site, the executed copies and the names of all files are those of a build from nothing."""
    same = cold(book)
    assert book.site() == same.site()
    for copy in same.path.glob("_executed/*.ipynb"):
        assert (book.executed / copy.name).read_bytes() == copy.read_bytes()
    for place in (".", "_build", "_executed"):
        names = [{path.name for path in (each.path / place).iterdir()} for each in (book, same)]
        assert names[0] <= names[1]
    assert explained() == NOTHING


def require_recovery(book, before, cold, capsys):
    """The site is as before or that of a build from nothing, which is what the next build makes without help."""
    assert book.site() in [before, cold(book).site()]
    build(capsys)
    require_sound(book, cold)


def lost(book, before):
    """What is not as before, once the next build has cleared up, but for what Sphinx may not use again."""
    with site.only_build():
        pass
    work, usable, made = book.made()
    changed = {name for name in {*made, *before[-1]} if made.get(name) != before[-1].get(name)}
    if usable is not None and [work, usable] != before[:-1]:
        changed.add("work")
    own = {"lock", "html", "html.json", "work", "work.json"}
    return changed | ({path.name for path in book.build.iterdir()} - own)


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


# ---- a command is killed or interrupted


def end(book, moment, by, group=False, wait=0.2):
    """End the command at a moment of its build, or a little later; return what it said."""
    book.start()
    book.wait_until(moment)
    time.sleep(random.Random(f"{moment.__name__} {by}").uniform(0, wait))
    (os.killpg if group else os.kill)(book.process.pid, by)
    said = book.finish()
    assert not book.left_processes()
    with open(book.build / "lock") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # a process that is about to end may hold it a moment longer
    return said


@pytest.mark.parametrize(
    ("moment", "group"),
    [(planned, False), (executing, False), (executed, False), (reading, False), (reading, True)],
    ids=[
        "when it has just begun",
        "while chapters are executed",
        "when chapters are executed",
        "while pages are read",
        "with all its processes",
    ],
)
def test_a_build_killed_before_it_writes_loses_nothing(book, cold, capsys, moment, group):
    before, published = book.made(), book.site()
    edit(book.path)
    end(book, moment, signal.SIGKILL, group)
    if lost(book, before):  # on a busy machine the kill may come too late
        require_recovery(book, published, cold, capsys)


@pytest.mark.parametrize(
    ("moment", "wait"),
    [(writing, 0.2), (publishing, 0.05)],
    ids=["while pages are written", "while the site is published"],
)
def test_after_a_kill_the_site_is_one_of_two_good_ones_and_the_next_build_needs_no_help(
    book, cold, capsys, moment, wait
):
    published = book.site()
    change(book.path)
    end(book, moment, signal.SIGKILL, wait=wait)
    require_recovery(book, published, cold, capsys)


def test_a_first_build_that_is_killed_leaves_nothing_that_counts(book):
    remove(book.build)
    remove(book.executed)
    end(book, reading, signal.SIGKILL)
    with site.only_build():
        pass
    assert {path.name for path in book.build.iterdir()} == {"lock", "work"} and not book.executed.exists()
    assert explained().endswith("pages: never built")


def test_what_a_kill_between_two_renames_left_is_put_back_and_its_scratch_is_cleared(book, cold, capsys):
    scratch = Path(tempfile.mkdtemp(prefix="embedgov-", dir=book.tmp))
    (book.build / "lock").write_text(str(scratch))
    for folder in (book.build / "html", book.executed):
        folder.rename(folder.with_name(f"{folder.name}.old"))
    for name in ("executed-killed", "site-killed"):
        (book.build / name / "left").mkdir(parents=True)
    assert build(capsys) == f"{NOTHING}\n"
    require_sound(book, cold)


@pytest.mark.parametrize(
    ("moment", "by", "group"),
    [
        (executing, signal.SIGTERM, False),
        (writing, signal.SIGTERM, False),
        (executing, signal.SIGINT, True),
        (reading, signal.SIGINT, True),
        (executing, signal.SIGINT, False),
    ],
    ids=[
        "SIGTERM while chapters are executed",
        "SIGTERM while pages are written",
        "Ctrl-C while chapters are executed",
        "Ctrl-C while pages are read",
        "SIGINT to it alone",
    ],
)
def test_an_interrupted_build_says_so_and_loses_nothing(book, moment, by, group):
    before = book.made()
    edit(book.path)
    said = end(book, moment, by, group)
    assert book.process.returncode == 1
    assert "BuildError: interrupted; _build/html is as it was, start again when you like" in said
    assert "Traceback" not in said, said
    assert not lost(book, before)


# ---- the disk is full, a right is missing, another build is at work

REFUSED = "_build/html is as it was, mend this and start again"


def files_below(size):
    """Let no process of a build write a larger file."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def without_rights():
    """Let a command of root read no more than what anybody may."""
    for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
        ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP


def require_refused(book, says, said):
    assert book.process.returncode == 1
    assert says in said, said
    assert "Traceback" not in said, said


def test_on_a_full_disk_a_build_says_so_and_loses_nothing(book):
    """With half a megabyte left, where a disk can be mounted; else with a limit for each file."""
    before = book.made()
    change(book.path)
    own, disk = book.build, book.path.parent / "disk"
    own.rename(disk)
    own.mkdir()
    size = sum(file.stat().st_size + 4096 for file in disk.rglob("*")) + 500_000
    mounted = not subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", own], capture_output=True
    ).returncode
    try:
        shutil.copytree(disk, own, dirs_exist_ok=True)
        said = book.run(**({} if mounted else {"child": files_below(100_000)}))
        shutil.rmtree(disk)
        shutil.copytree(own, disk)
    finally:
        if mounted:
            subprocess.run(["umount", own], check=True)
    shutil.rmtree(own)
    disk.rename(own)
    require_refused(book, "No space left on device" if mounted else "File too large", said)
    assert not lost(book, before)


def test_without_room_for_the_record_of_the_site_nothing_is_published(book):
    before = book.made()
    edit(book.path)
    (book.build / "html.json.fresh").symlink_to("/dev/full")
    said = book.run()
    (book.build / "html.json.fresh").unlink()
    require_refused(book, f"No space left on device; {REFUSED}", said)
    assert not lost(book, before)


def test_without_room_for_a_page_nothing_is_published(book):
    before = book.made()
    edit(book.path)
    said = book.run("--force", child=files_below(100_000))
    require_refused(book, "File too large", said)
    assert not lost(book, before)


@pytest.mark.parametrize(
    ("name", "says"),
    [(TERMS, TERMS), (FIRST, FIRST), ("book/start.md", "start.md"), ("_executed/first.ipynb", "")],
)
def test_a_file_that_may_not_be_read_is_named(book, name, says):
    before = book.made()
    (book.path / name).chmod(0)
    said = book.run(child=without_rights)
    (book.path / name).chmod(0o644)
    require_refused(book, f"{says}: Permission denied; {REFUSED}", said)
    assert not lost(book, before)
    assert explained() == NOTHING


def test_of_two_builds_at_once_one_is_refused_and_the_other_one_publishes(book, cold):
    change(book.path)
    first = book.start()
    other = Book(book.path, book.tmp)
    other.log = book.path.parent / "said too"
    second = other.start()
    said = book.finish() + other.finish()
    assert sorted([first.returncode, second.returncode]) == [0, 1], said
    assert "another build of this book is at work; wait until it ends" in said
    assert "Traceback" not in said, said
    require_sound(book, cold)


# ---- a source cannot be read, or changes while the book is built


def dangling_link(path):
    path.symlink_to("nowhere")


def halved(text):
    """Text of a file that was cut in the middle of a character."""
    return lambda path: path.write_bytes(text.encode()[:-1])


def dangling_include(path):
    path.write_text("# Start\n\n```{include} nowhere.md\n```\n")


@pytest.mark.parametrize(
    ("name", "by", "says"),
    [
        (TERMS, dangling_link, "registry/terms.csv"),
        (FIRST, dangling_link, f"{FIRST}: No such file"),
        (FIRST, Path.mkdir, f"{FIRST}: Is a directory; {REFUSED}"),
        (FIRST, halved('{"cells": []}'), f"{FIRST} is no notebook"),
        ("book/start.md", halved("# 区"), "book/start.md is not UTF-8"),
        ("_toc.yml", halved("root: []"), "_toc.yml is no table of contents"),
        ("book/start.md", dangling_include, "nowhere.md"),
    ],
    ids=[
        "table a broken link",
        "notebook a broken link",
        "notebook a folder",
        "notebook cut",
        "page cut",
        "contents cut",
        "page includes what is not there",
    ],
)
def test_a_source_that_cannot_be_read_stops_the_build_and_is_named(book, name, by, says):
    before = book.made()
    source, aside = book.path / name, book.path.parent / "aside"
    source.rename(aside)
    by(source)
    with pytest.raises(EmbedgovError) as caught:
        site.publish()
    source.rmdir() if source.is_dir() else source.unlink()
    aside.rename(source)
    assert says in str(caught.value)
    assert not lost(book, before)
    assert explained() == NOTHING


def remove(path):
    shutil.rmtree(path) if path.is_dir() else path.unlink()


def add_page(project):
    (project / "book" / "more.md").write_text("# More\n")


@pytest.mark.parametrize(
    ("moment", "how", "says"),
    [(executed, edit, "book/start.md "), (writing, add_page, "book/more.md ")],
    ids=["after a chapter read", "while pages are written"],
)
def test_sources_that_change_while_the_book_is_built_are_not_mixed(book, moment, how, says):
    before, ended = book.made(), threading.Event()

    def interfere():
        while not (ended.is_set() or moment(book)):
            time.sleep(0.01)
        how(book.path)

    book.started, beside = time.time(), threading.Thread(target=interfere)
    beside.start()
    with pytest.raises(EmbedgovError) as caught:
        site.publish(force=True)
    ended.set()
    beside.join()
    assert f"{says}{MEANWHILE}" in str(caught.value)
    assert not lost(book, before)


@pytest.mark.parametrize("name", [FIRST, TERMS, "book/start.md", "_toc.yml", "book/more.md", "data/more.csv"])
def test_a_build_notices_every_source_that_was_changed_added_or_removed(book, name):
    def require(noticed):
        with pytest.raises(EmbedgovError, match=f"^{name} {MEANWHILE}") if noticed else nullcontext():
            site._require_unchanged(before)

    path, before = book.path / name, dependencies.input_hashes()
    existed = path.exists()
    content = path.read_bytes() if existed else b""
    path.write_bytes(content + b"\n")
    require(noticed=True)
    path.unlink()
    require(noticed=existed)
    path.write_bytes(content)
    require(noticed=not existed)


# ---- what an earlier build made was damaged


def cut(file):
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def flip(file):
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def to_folder(file):
    file.unlink()
    file.mkdir()


def to_file(folder):
    shutil.rmtree(folder)
    folder.write_text("no folder")


def other_object(file):
    file.write_bytes(pickle.dumps(["of", "another", "kind"]))


@pytest.mark.parametrize(
    ("name", "how", "says"),
    [
        (SECOND, cut, "second: the executed copy was altered"),
        (SECOND, flip, "second: the executed copy was altered"),
        (SECOND, to_folder, "second: never executed"),
        ("_executed/second.json", flip, "second: no record"),
        ("_executed", remove, "second: never executed"),
        ("_build/html/notebooks/second.html", flip, "pages: the site was altered"),
        ("_build/html", remove, "pages: never built"),
        ("_build/html", to_file, "pages: never built"),
        ("_build/html.json", flip, "pages: never built"),
        ("_build", remove, "pages: never built"),
    ],
    ids=[
        "copy cut",
        "copy with one bit wrong",
        "copy a folder",
        "record with one bit wrong",
        "no executed copies",
        "page of the site altered",
        "site lost",
        "site a file",
        "record of the site wrong",
        "everything that was built lost",
    ],
)
def test_what_was_damaged_is_planned_anew_and_what_was_put_back_is_not(book, name, how, says):
    path, aside = book.path / name, book.path.parent / "aside"
    (shutil.copytree if path.is_dir() else shutil.copy)(path, aside)
    how(path)
    assert says in explained()
    remove(path) if path.exists() else None
    aside.rename(path)
    assert explained() == NOTHING


def test_a_copy_with_other_parameters_is_planned_anew(book):
    """Also where the run with other parameters lies in the place of the published copy."""
    before, own = tree(book.path), book.path.parent / "own"
    main(["notebooks", "run", "first", "-p", "batch", "4", "--into", str(own)], standalone_mode=False)
    assert tree(book.path) == before
    names = {file.name for file in own.iterdir()}
    assert names == {"first.ipynb", "first.json", "table-rows-of-terms.csv"}
    for name in ("first.ipynb", "first.json"):
        (own / name).replace(book.executed / name)
    assert "first: executed with other parameters" in explained()


@pytest.mark.parametrize(
    ("pattern", "how"),
    [
        ("_build/work/**/environment.pickle", other_object),
        ("_build/work/**/second.doctree", remove),
        ("_build/work/**/embedgov.pickle", other_object),
        ("_build/html/notebooks/second.html", flip),
    ],
    ids=[
        "environment of Sphinx another object",
        "a page's doctree lost",
        "state of the builder another object",
        "page of the site altered",
    ],
)
def test_sphinx_uses_nothing_again_of_which_a_part_was_damaged(book, pattern, how):
    def usable():
        todo = build_plan.plan(here().site)
        return dependencies.load(book.build / "work.json") == site._settings(todo, here().site)

    assert usable()
    (file,) = book.path.glob(pattern)
    how(file)
    assert not usable()


@pytest.mark.parametrize(
    ("damages", "also", "says"),
    [
        (
            {SECOND: flip, "_build/html.json": flip, "_build/html/evidence/index.html": flip},
            None,
            ["second: the executed copy was altered", "chapters used again: 1", "pages: never built"],
        ),
        (
            {
                "_build/work/**/environment.pickle": other_object,
                "_build/work/**/second.doctree": remove,
                "_build/work/**/embedgov.pickle": other_object,
            },
            change,
            ["first: ", "chapters used again: 1", "pages: chapters to execute: 1"],
        ),
    ],
    ids=["copy, site and its record", "doctrees, environment and state"],
)
def test_a_build_after_a_damage_gives_the_site_of_a_build_from_nothing(book, cold, damages, also, says):
    for pattern, how in damages.items():
        (file,) = book.path.glob(pattern)
        how(file)
    also(book.path) if also else None
    said = book.run()
    assert book.process.returncode == 0, said
    assert all(each in said for each in says), said
    require_sound(book, cold)


def test_what_is_lost_or_of_another_kind_is_made_again(book, cold, capsys):
    """All that was built but the copies, of which one is a folder; and there is a file for the site."""
    remove(book.build)
    book.build.mkdir()
    to_folder(book.path / SECOND)
    (book.build / "html").write_text("no folder")
    said = build(capsys)
    assert "second: never executed" in said and "pages: never built" in said
    require_sound(book, cold)
