"""What an executed copy follows from: content hashes of all that its run read, kept beside it.

A copy is used again only while every one of them is unchanged.
Time stamps play no part: a file that is touched changes nothing, and one that is replaced by an
older one with other content does.
"""

import hashlib
import json
import sys
import sysconfig
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from embedgov_study.project import here

from . import packages

# How chapters are executed: another way may give other copies.
# What a kernel has imported before it notes what it reads is among it.
_MAKERS = [
    packages.FOLDER / name
    for name in (
        "embedgov/errors.py",
        "embedgov_study/errors.py",
        "embedgov_study/project.py",
        "embedgov_press/chapters.py",
        "embedgov_press/kernels.py",
        "embedgov_press/dependencies.py",
        "embedgov_press/scratch.py",
    )
]


def digest(path: Path) -> str:
    """The SHA-256 sum of a file; of a folder, of the names in it; empty where there is neither."""
    if path.is_dir():
        return _sum("\n".join(sorted(inner.name for inner in path.iterdir())).encode())
    return _sum(path.read_bytes()) if path.is_file() else ""


def _sum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def folder_hash(folder: Path) -> str:
    """One sum of all files in a folder, with their names."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return _sum("\n".join(f"{digest(p)} {p.relative_to(folder).as_posix()}" for p in files).encode())


def name_of(path: Path) -> str | None:
    """The name of a file in records: relative to the project, or below ``src`` for the package's own.

    Returns
    -------
    str or None
        None for a file of neither, which the locked packages or the system own.
    """
    if any(map(path.is_relative_to, packages.PACKAGES)):
        return f"src/{path.relative_to(packages.FOLDER).as_posix()}"
    root = here().root
    if path.is_relative_to(root) and not path.is_relative_to(root / ".venv"):
        return path.relative_to(root).as_posix()
    return None


def path_of(name: str) -> Path:
    """Where the file of that name in records lies; the opposite of `name_of`."""
    own = tuple(f"src/{package.name}/" for package in packages.PACKAGES)
    return packages.FOLDER / name.removeprefix("src/") if name.startswith(own) else here().root / name


def visible_files(folder: Path) -> list[Path]:
    """The files of a folder, sorted, but for hidden ones and what Python leaves: no build reads these."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file()
        and not any(
            part.startswith((".", "__pycache__")) or part.endswith(".egg-info")
            for part in path.relative_to(folder).parts
        )
    )


def input_hashes() -> dict[str, str]:
    """Content hashes of everything that the book is made from, by their names in records."""
    project = here()
    found = [project.config, project.toc, *sorted(project.root.glob("requirements*"))]
    for folder in (project.data, project.notebooks, project.book, *packages.PACKAGES):
        found += visible_files(folder)
    return {name_of(path): digest(path) for path in found if path.is_file()}


@cache
def toolchain() -> dict[str, str]:
    """What a run depends on beside files of the project: Python, the packages, how it is done."""
    installed = sorted(path.name for path in Path(sysconfig.get_path("purelib")).glob("*.dist-info"))
    return {
        "Python": sys.version,
        "the installed packages": _sum("\n".join(installed).encode()),
        "how chapters are executed": _sum("".join(map(digest, _MAKERS)).encode()),
    }


def write_record(copy: Path, *, parameters: Mapping, reads: Iterable[Path], seconds: float) -> None:
    """Write the record of an executed copy beside it.

    Parameters
    ----------
    copy : Path
        The executed copy; its record has the same name with the ending ``json``.
    parameters : mapping
        The values that the run was given.
    reads : iterable of Path
        Files that the run opened for reading, and folders that it listed.
    seconds : float
        How long the run took.
    """
    names = {name_of(path) for path in reads if not _of_the_build(path)} - {None}
    record = {
        "parameters": dict(parameters),
        "toolchain": toolchain(),
        "reads": {name: digest(path_of(name)) for name in sorted(names)},
        "copy": digest(copy),
        "seconds": round(seconds, 2),
    }
    save(copy.with_suffix(".json"), record)


def save(file: Path, record: Mapping) -> None:
    """Write a record, with a sum of it, whole or not at all."""
    write_whole(file, _text(dict(record) | {"sum": _sum(_text(record).encode())}))


def write_whole(file: Path, text: str) -> Path:
    """Put a text in the place of what a file holds, whole or not at all."""
    fresh = file.with_name(f"{file.name}.fresh")
    fresh.write_text(text, encoding="utf-8")
    return fresh.replace(file)


def load(file: Path) -> dict:
    """A record as it was written; empty where there is none, or one that was damaged."""
    try:
        record = json.loads(file.read_text(encoding="utf-8"))
        return record if record.pop("sum") == _sum(_text(record).encode()) else {}
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        return {}


def _text(record: Mapping) -> str:
    return json.dumps(record, indent=1, ensure_ascii=False)


def _of_the_build(path: Path) -> bool:
    """Whether a file is what a build makes, or a folder that Python looks for modules in."""
    project = here()
    made = path.is_relative_to(project.build) or path.is_relative_to(project.executed)
    looked = path.is_dir() and any(map(path.is_relative_to, packages.PACKAGES))
    return made or path == project.notebooks or looked


def read_record(copy: Path) -> dict:
    """The record of an executed copy; empty where there is none that can be read."""
    return load(copy.with_suffix(".json"))


def stale_reason(copy: Path, known: Mapping[str, str]) -> str:
    """Say why an executed copy with its own parameters no longer follows from what it was made from.

    Parameters
    ----------
    copy : Path
        The executed copy.
    known : mapping
        Content hashes that are known already, as `input_hashes` gives them.

    Returns
    -------
    str
        The reason in a few words; empty if the copy may be used again.
    """
    record = read_record(copy)
    if not copy.is_file():
        return "never executed"
    if not record:
        return "no record of its execution"
    if record.get("parameters"):
        return "executed with other parameters"
    if record.get("copy") != digest(copy):
        return "the executed copy was altered"
    now = toolchain()
    for what, then in record.get("toolchain", {}).items() or [("its toolchain", None)]:
        if now.get(what) != then:
            return f"{what} changed"
    changed = [
        name
        for name, then in record.get("reads", {"": ""}).items()
        if (known[name] if name in known else digest(path_of(name))) != then
    ]
    if changed:
        more = f" and {len(changed) - 1} more" if changed[1:] else ""
        return f"{changed[0]}{more} changed"
    return ""
