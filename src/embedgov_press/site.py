"""Build the site: execute chapters, let Sphinx write the pages, publish only if everything succeeded.

A build, from the left to the right; what stands below each other runs at the same time::

    this process   plan > check tables > run chapters, a thread for each core > certificate > rename
                                   |        |             |                      ^
    kernel server                  |     imports once,    |                      |
                                   |     then forks a     |                      |
                                   |     kernel a chapter |                      |
                                   |                      v                      |
    executed copies                |            NAME.ipynb, NAME.json            |
                                   |                      |                      |
                                   v                      v                      |
    Sphinx                      imports > reads a chapter when its copy is there > writes pages
                                                                      |
    a fork of Sphinx                                               evidence pages, downloads

Everything is made in a temporary folder below ``_build``: a build that fails or is killed leaves
the last site as it was.
"""

import fcntl
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import yaml
from sphinx_external_toc.parsing import MalformedError, parse_toc_yaml

from embedgov.errors import DataError
from embedgov_study.check import check
from embedgov_study.project import here

from . import build_plan, dependencies, editions
from .chapter_structure import overviews
from .errors import BuildError
from .execution import chapters, replace_folder, restore_folder, run_all
from .scratch import PREFIX, scratch


def publish(instructor: bool = False, force: bool = False, only_english: bool = False) -> Path:
    """Check the data, execute the chapters, build the book and put it in ``_build/html``.

    What an earlier build made is used again if nothing that it depends on has changed
    (see `embedgov_press.dependencies`); the site is the same as if everything were made afresh.

    Parameters
    ----------
    instructor : bool
        Build the instructor's edition instead: the same book with the pages of
        ``book/instructor/``, in ``_build/instructor``.
    force : bool
        Use nothing that an earlier build made.
    only_english : bool
        Build no edition in another language; else there is one for each folder of ``locale``.

    Returns
    -------
    Path
        The folder of the finished site.

    Raises
    ------
    DataError, NotebookError, BuildError
        With the reason; the site that was there before is then untouched.
    """
    target = _target(instructor)
    with _in_plain_words(target), only_build() as lock:
        _require_listed()
        overviews()
        todo = build_plan.plan(target, force, only_english or instructor)
        _say(todo)
        if todo.pages or not todo.joined:
            _require_sound()
            _build(todo, target, lock, force)
    return target


def explain(instructor: bool = False, force: bool = False, only_english: bool = False) -> build_plan.Plan:
    """Plan what `publish` would do, and why, without doing it."""
    target = _target(instructor)
    with _in_plain_words(target):
        return build_plan.plan(target, force, only_english or instructor)


@contextmanager
def _in_plain_words(target: Path) -> Iterator[None]:
    """Turn an interruption or an error of the system into one that says what became of the site."""
    try:
        yield
    except KeyboardInterrupt:
        raise BuildError(f"interrupted; {_as_it_was(target)}, start again when you like") from None
    except OSError as error:
        raise BuildError(
            f"{error.filename or 'the build'}: {error.strerror or error}; {_as_it_was(target)}, "
            "mend this and start again"
        ) from error


def _target(instructor: bool) -> Path:
    """The folder of an edition's site."""
    return here().instructor_site if instructor else here().site


def _as_it_was(target: Path) -> str:
    where = target.relative_to(here().root).as_posix()
    return f"{where} is as it was" if target.is_dir() else f"there is no {where} yet"


def _require_sound() -> None:
    if problems := check(here().data):
        raise DataError("\n".join(map(str, problems)))


def _build(todo: build_plan.Plan, target: Path, lock: int, force: bool) -> None:
    """Build into a temporary folder, and publish it by rename only if everything succeeded."""
    start, project = time.monotonic(), here()
    if todo.chapters:
        from . import kernels

        kernels.warm_up()  # while the rest is prepared
    from . import certificate

    with (
        ThreadPoolExecutor(1) as beside,
        tempfile.TemporaryDirectory(prefix="site-", dir=project.build) as folder,
    ):
        scratch_folder = Path(folder)
        if target == project.site:
            verdicts = beside.submit(certificate.count_verdicts)
        with editions.building(list(todo.editions), scratch_folder, lock, force) as copies:
            executed, into = scratch_folder / "executed", scratch_folder / "html"
            executed.mkdir()
            if todo.pages:
                into = _build_pages(todo, target, executed, scratch_folder, lock, start)
            else:
                editions.without_others(target, into)
                for file in project.executed.iterdir():
                    shutil.copy(file, executed / file.name)
            editions.join(into, copies.finished())
        if target == project.site:
            certificate.issue(into, executed, verdicts.result())
        _require_unchanged(todo.inputs)
        # All that may fail comes first.
        build_plan.write(target, todo, executed, into)
        if target == project.site:
            dependencies.save(project.work.with_suffix(".json"), _settings(todo, into))
        replace_folder(executed, project.executed)
        replace_folder(into, target)
    _say(f"pages written, {time.monotonic() - start:.1f} s in all")


def _build_pages(
    todo: build_plan.Plan, target: Path, executed: Path, folder: Path, lock: int, start: float
) -> Path:
    """Execute chapters into a folder, and let Sphinx write the pages; return the folder of these."""
    names, project = list(todo.chapters), here()
    for name in set(chapters()) - set(names):
        for file in (f"{name}.ipynb", f"{name}.json"):
            shutil.copy(project.executed / file, executed / file)
    into = project.work if target == project.site else folder / "pages"
    toc = _instructor_toc(folder) if target == project.instructor_site else project.toc
    pages = _Sphinx("html", into, toc, executed, folder, lock)
    try:
        if target == project.site:
            _reuse_pages(todo, target, pages.folder)
        pages.release()
        run_all(names, executed, watch=pages.require_running)
        _say(f"chapters executed: {len(names)}, {time.monotonic() - start:.1f} s")
        built = pages.finished()
    finally:
        pages.stop()
    fresh = built.rename(folder / "html")
    (fresh / ".buildinfo").unlink()
    _write_entrance(fresh)
    return fresh


def _reuse_pages(todo: build_plan.Plan, target: Path, folder: Path) -> None:
    """Copy the last site to where Sphinx writes, if it can be reused; else clear that folder."""
    record = here().work.with_suffix(".json")
    kept = dependencies.load(record)
    record.unlink(missing_ok=True)  # until this build has succeeded
    if kept == _settings(todo, target):
        editions.without_others(target, folder, "_static")  # which is made anew
    else:
        for left in set(folder.parent.iterdir()) - {folder}:
            shutil.rmtree(left)


def _require_unchanged(inputs: dict[str, str]) -> None:
    now = dependencies.input_hashes()
    for name in sorted({*now, *inputs}):
        if now.get(name) != inputs.get(name):
            raise BuildError(
                f"{name} was changed while the book was built, so its parts may not fit together; "
                "nothing was published, start again"
            )


def _settings(todo: build_plan.Plan, site: Path) -> dict:
    """All on which every page depends; what single pages depend on, the builder knows."""
    files = {
        name: digest
        for name, digest in todo.inputs.items()
        if name in ("_config.yml", "_toc.yml") or name.startswith("book/") and not name.endswith(".md")
    }
    return {
        "files": files,
        "toolchain": dependencies.toolchain(),
        "pages": [
            dependencies.folder_hash(here().work),
            dependencies.folder_hash(site, but=editions.NAMES),
        ],
    }


def sphinx(builder: str, into: Path, lock: int) -> Path:
    """Run jupyter-book on the executed chapters and the pages; every warning is an error.

    Parameters
    ----------
    builder : str
        ``html``, or ``singlehtml`` for one page.
    into : Path
        A folder to build in.
    lock : int
        What `only_build` gave.

    Returns
    -------
    Path
        The folder of what was built.

    Raises
    ------
    BuildError
        With the warnings and errors of Sphinx.
    """
    project = here()
    pages = _Sphinx(builder, into, project.toc, project.executed, into, lock)
    pages.release()
    try:
        return pages.finished()
    finally:
        pages.stop()


class _Sphinx:
    """A running process of jupyter-book, which waits for chapters that are still being executed."""

    def __init__(self, builder: str, into: Path, toc: Path, executed: Path, folder: Path, lock: int):
        root = str(here().root)
        command = [
            sys.executable,
            "-P",  # the project's folder is no place to import from
            "-m",
            "embedgov_press.sphinx_process",
            str(executed),
            str(os.getpid()),
            "build",
            root,
            "--path-output",
            str(into),
            "--toc",
            str(toc),
            "--builder",
            builder,
            "-W",
            "--keep-going",
            "-n",
        ]
        environment = {k: v for k, v in os.environ.items() if k != "SOURCE_DATE_EPOCH"}
        self.folder = into / "_build" / builder
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        self.log = open(folder / "log", "w+", encoding="utf-8")
        self.process = subprocess.Popen(
            command,
            cwd=root,
            stdin=subprocess.PIPE,
            stdout=self.log,
            stderr=subprocess.STDOUT,
            pass_fds=(lock,),
            process_group=0,  # it has a process of its own beside, and both end together
            env=environment | {"PYTHONHASHSEED": "0", "TMPDIR": str(scratch())},
        )

    def release(self) -> None:
        """Release the Sphinx process, which waits on stdin after its imports."""
        self.process.stdin.close()

    def require_running(self) -> None:
        """Raise Sphinx's error if it has already failed."""
        if self.process.poll():
            self.finished()

    def finished(self) -> Path:
        """Wait until Sphinx has ended; return the folder of what it built."""
        if self.process.wait():
            self.log.seek(0)
            raise BuildError(_reasons(self.log.read()))
        return self.folder

    def stop(self) -> None:
        """Kill the process if it is still running."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.log.close()


def _say(text: object) -> None:
    print(text, file=sys.stderr, flush=True)


@contextmanager
def only_build() -> Iterator[int]:
    """Lock the book against other builds, and clean up after a build that was killed.

    Yields
    ------
    int
        The lock, for the processes that a build starts: they keep other builds away, too.
    """
    project = here()
    project.build.mkdir(exist_ok=True)
    with open(project.build / "lock", "a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BuildError("another build of this book is at work; wait until it ends") from None
        for folder in (project.executed, project.site, project.instructor_site, project.watched):
            restore_folder(folder)
        for pattern in ("executed-*", "site-*"):
            for left in project.build.glob(pattern):
                shutil.rmtree(left, ignore_errors=True)
        lock.seek(0)
        if (left := Path(lock.read())).name.startswith(PREFIX):
            shutil.rmtree(left, ignore_errors=True)
        lock.truncate(0)
        lock.write(str(scratch()))  # for the next build, should this one be killed
        lock.flush()
        try:
            yield lock.fileno()
        finally:
            lock.truncate(0)


def _require_listed() -> None:
    """Refuse a page that no table of contents lists, or an instructor's page in the public one."""
    project = here()
    try:
        public = set(parse_toc_yaml(project.toc))
    except (MalformedError, yaml.YAMLError, UnicodeDecodeError) as error:
        raise BuildError(f"_toc.yml is no table of contents: {error}; restore it") from error
    for_instructors = {chapter["file"] for chapter in _instructor_part()["chapters"]}
    for folder, pattern in ((project.book, "**/*.md"), (project.notebooks, "*.ipynb")):
        for page in sorted(folder.glob(pattern)):
            where = page.relative_to(project.root)
            name = where.with_suffix("").as_posix()
            kept = page.is_relative_to(project.instructor)
            if kept and name in public:
                raise BuildError(f"{where} is for instructors only; take it out of _toc.yml")
            if name not in (for_instructors if kept else public):
                toc = project.instructor / "_toc.yml" if kept else project.toc
                raise BuildError(
                    f"{where} is not in {toc.relative_to(project.root)}; list it there or remove it"
                )


def _instructor_part() -> dict:
    """The part of the book that only the instructor's edition has."""
    toc = here().instructor / "_toc.yml"
    return yaml.safe_load(toc.read_text(encoding="utf-8")) if toc.is_file() else {"chapters": []}


def _instructor_toc(into: Path) -> Path:
    """Write the table of contents of the instructor's edition: the public one and a part more."""
    whole = yaml.safe_load(here().toc.read_text(encoding="utf-8"))
    whole["parts"].append(_instructor_part())
    (into / "_toc.yml").write_text(yaml.safe_dump(whole), encoding="utf-8")
    return into / "_toc.yml"


def _write_entrance(site: Path) -> None:
    """Write ``index.html``, which forwards to the first page of the book without a script."""
    first = f"{parse_toc_yaml(here().toc).root.docname}.html"
    (site / "index.html").write_text(
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="refresh" content="0; url={first}">\n'
        '<link rel="icon" href="_static/favicon.svg">\n<title>Embedded Governance</title>\n'
        f'</head>\n<body>\n<p><a href="{first}">Embedded Governance</a></p>\n</body>\n</html>\n',
        encoding="utf-8",
    )


def _reasons(log: str) -> str:
    log = re.sub(r"\x1b\[[0-9;]*m", "", log).replace(f"{here().root}{os.sep}", "")
    messages = [line for line in log.splitlines() if re.search("(WARNING|ERROR|CRITICAL):", line)]
    if messages:
        return "\n".join(messages)
    # Sphinx itself failed: what it said stands before the traceback of jupyter-book's command.
    said = log.split("\nTraceback (most recent call last):\n")
    said = "\n".join(said[:-1] or said)
    errors = re.findall(r"^(?:\w+\.)*\w*(?:Error|Exception): .*", said, re.M)
    return "jupyter-book failed:\n" + "\n".join(errors[-1:] or said.splitlines()[-20:])
