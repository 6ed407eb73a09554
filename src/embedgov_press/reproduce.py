"""Build the book twice under different circumstances, and compare the two builds byte by byte."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import click

from embedgov_study.project import here

from . import manifest
from .errors import BuildError

# Where and when each build is made, and in what surroundings.
CIRCUMSTANCES = (
    {
        "folder": "a",
        "days": -900,
        "PYTHONHASHSEED": "1",
        "TZ": "Pacific/Kiritimati",
        "LC_ALL": "C",
        "LANGUAGE": "zh_CN",
    },
    {
        "folder": "a longer path/to the same book/copied",
        "days": 1500,
        "PYTHONHASHSEED": "4242",
        "TZ": "America/St_Johns",
        "LC_ALL": "C.UTF-8",
        "LANGUAGE": "de",
    },
)
KEPT = ("PATH", "LD_LIBRARY_PATH", "TMPDIR")  # of the caller's environment; nothing else

# Runs first in every process of Python that a build starts, kernels and Sphinx among them.
_SHIFT = """\
import time
import time_machine
time_machine.travel(time.time() + {seconds}, tick=True).start()
"""
CONTEXT = 60  # characters or bytes that are shown on both sides of a difference


class Verdict(NamedTuple):
    """The result of comparing two builds with each other and with the manifest."""

    counts: dict[str, int]  # files made in either build, by group
    differing: dict[str, str]  # path: the first place at which the builds differ
    published: manifest.Comparison | None  # of the first build; None without a manifest

    @property
    def status(self) -> int:
        """0: all the same; 3: the builds are, the manifest's differ with a reason; 1: a fault."""
        return 1 if self.differing else self.published.status if self.published else 0

    def __str__(self):
        lines = [f"{'':20}{'files':>8}{'same in both':>14}{'as in the manifest':>20}"]
        for group, count in self.counts.items():
            same = count - sum(manifest.group(path) == group for path in self.differing)
            listed = (
                "no manifest"
                if self.published is None
                else (self.published.counts[group] - len(self.published.differing[group]))
            )
            lines.append(f"{group:20}{count:8}{same:14}{listed:>20}")
        for path, place in self.differing.items():
            lines += ["", f"{path} differs between the two builds", place]
        if self.published and self.published.status:
            lines += ["", "Held against the manifest:", manifest.summary(self.published)]
        return "\n".join(lines)


def reproduce() -> Verdict:
    """Build the book twice from copies of its sources, and compare the results.

    The copies lie in folders of different depth and length, with other times and another order of
    their files; the builds have another home, hash seed, time zone, language and date.

    Raises
    ------
    BuildError
        If one of the builds fails; what it said stands before.
    """
    listed = here().manifest
    published = manifest.read(listed) if listed.is_file() else None
    with tempfile.TemporaryDirectory(prefix="embedgov-") as scratch:
        projects = []
        for number, circumstances in enumerate(CIRCUMSTANCES, 1):
            settings = ", ".join(f"{key} {value}" for key, value in circumstances.items())
            click.echo(f"Build {number} of {len(CIRCUMSTANCES)}: {settings}", err=True)
            projects.append(_build(Path(scratch) / str(number), **circumstances))
        one, other = (manifest.of_project(project) for project in projects)
        files = sorted(one.sums.keys() | other.sums.keys())
        return Verdict(
            {group: sum(manifest.group(path) == group for path in files) for group in manifest.GROUPS},
            {
                path: first_difference(*(project / path for project in projects))
                for path in files
                if one.sums.get(path) != other.sums.get(path)
            },
            published and manifest.compare(published, one),
        )


def first_difference(one: Path, other: Path) -> str:
    """Show the first place at which two files differ, in its context.

    Returns
    -------
    str
        Line and character for text, the byte for anything else; or which of the two is missing.
    """
    for number, path in enumerate((one, other), 1):
        if not path.is_file():
            return f"  build {number} has no such file"
    contents = one.read_bytes(), other.read_bytes()
    try:
        contents = tuple(content.decode("utf-8") for content in contents)
        text = "\0" not in contents[0]
    except UnicodeDecodeError:
        text = False
    at = next((i for i, (a, b) in enumerate(zip(*contents)) if a != b), min(map(len, contents)))
    where = f"byte {at + 1}"
    if text:
        before = contents[0][:at]
        where = f"line {before.count(chr(10)) + 1}, character {at - before.rfind(chr(10))}"
    shown = (content[max(0, at - CONTEXT) : at + CONTEXT] for content in contents)
    return "\n".join([f"  first at {where}", *(f"  build {i}: {part!r}" for i, part in enumerate(shown, 1))])


def _build(place: Path, folder: str, days: int, **environment: str) -> Path:
    """Copy the sources to a folder and build the book there, with the clock moved by `days`."""
    project, home, first = place / folder, place / "home", place / "first"
    for made in (project, home, first):
        made.mkdir(parents=True)
    root = here().root
    sources, seconds = manifest.input_files(root), days * 24 * 60 * 60
    for path in sources if days < 0 else reversed(sources):  # the order in which folders list them
        target = project / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(root / path, target)
        moment = target.stat().st_mtime + seconds
        os.utime(target, (moment, moment))
    (first / "sitecustomize.py").write_text(_SHIFT.format(seconds=seconds), encoding="utf-8")
    environment |= {key: os.environ[key] for key in KEPT if key in os.environ} | {
        "HOME": str(home),
        "PYTHONPATH": os.pathsep.join([str(first), str(project / "src")]),
    }
    command = [sys.executable, "-m", "embedgov", "book"]
    done = subprocess.run(command, cwd=project, env=environment, stdout=sys.stderr)
    if done.returncode:
        raise BuildError("this build failed, as said above; `make book` must succeed first")
    return project
