"""Dependency records: the SHA-256 of every file that a chapter read, stored next to the executed notebook.

An executed notebook is used again only while every one of these files is unchanged.
Time stamps play no part: a file that is touched changes nothing, and one that is replaced by an
older one with other content does.
"""

import hashlib
import json
import sys
import sysconfig
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from pathlib import Path

from embedgov_study.project import here

from . import packages

# Code that runs chapters; if it changes, every chapter is stale. It includes our modules that a
# kernel imports before it starts to note what it reads.
_MAKERS = [
    packages.FOLDER / name
    for name in (
        "embedgov/errors.py",
        "embedgov_study/errors.py",
        "embedgov_study/language.py",
        "embedgov_study/project.py",
        "embedgov_press/execution.py",
        "embedgov_press/kernels.py",
        "embedgov_press/dependencies.py",
        "embedgov_press/scratch.py",
    )
]


def digest(path: Path) -> str:
    """The SHA-256 of a file's content or of the names in a folder; empty if the path does not exist."""
    if path.is_dir():
        return _sum("\n".join(sorted(inner.name for inner in path.iterdir())).encode())
    return _sum(path.read_bytes()) if path.is_file() else ""


def _sum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def sum_of(hashes: Mapping[str, str]) -> str:
    """One SHA-256 of many, by their names."""
    return _sum(_text(dict(sorted(hashes.items()))).encode())


def folder_hash(folder: Path, but: Collection[str] = ()) -> str:
    """One SHA-256 of all files in a folder, names and contents, leaving out the folders named in `but`."""
    files = sorted(
        path for path in folder.rglob("*") if path.is_file() and path.relative_to(folder).parts[0] not in but
    )
    return _sum("\n".join(f"{digest(p)} {p.relative_to(folder).as_posix()}" for p in files).encode())


def name_of(path: Path) -> str | None:
    """The name under which a file stands in records: its path within the project, or below ``src`` for code.

    Returns
    -------
    str or None
        None for any other file, which belongs to an installed package or to the system.
    """
    if any(map(path.is_relative_to, packages.PACKAGES)):
        return f"src/{path.relative_to(packages.FOLDER).as_posix()}"
    root = here().root
    if path.is_relative_to(root) and not path.is_relative_to(root / ".venv"):
        return path.relative_to(root).as_posix()
    return None


def path_of(name: str) -> Path:
    """The path of a file that is named in a record; the inverse of `name_of`."""
    own = tuple(f"src/{package.name}/" for package in packages.PACKAGES)
    return packages.FOLDER / name.removeprefix("src/") if name.startswith(own) else here().root / name


def visible_files(folder: Path) -> list[Path]:
    """List the files of a folder, sorted, without hidden files and what Python leaves behind."""
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
    """The content hash of every source file of the book, by its name in records."""
    project = here()
    found = [project.config, project.toc, *sorted(project.root.glob("requirements*"))]
    for folder in (project.data, project.notebooks, project.book, *packages.PACKAGES):
        found += visible_files(folder)
    return {name_of(path): digest(path) for path in found if path.is_file()}


@cache
def toolchain() -> dict[str, str]:
    """Hashes of what a run depends on beside the project's files: Python, packages, the code that runs it."""
    installed = sorted(path.name for path in Path(sysconfig.get_path("purelib")).glob("*.dist-info"))
    return {
        "Python": sys.version,
        "the installed packages": _sum("\n".join(installed).encode()),
        "how chapters are executed": _sum("".join(map(digest, _MAKERS)).encode()),
    }


def write_record(copy: Path, *, parameters: Mapping, reads: Iterable[Path], seconds: float) -> None:
    """Write the dependency record of an executed notebook next to it.

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
    """Write a record together with its own hash, completely or not at all."""
    write_whole(file, _text(dict(record) | {"sum": _sum(_text(record).encode())}))


def write_whole(file: Path, text: str) -> Path:
    """Replace the content of a file, completely or not at all."""
    fresh = file.with_name(f"{file.name}.fresh")
    fresh.write_text(text, encoding="utf-8")
    return fresh.replace(file)


def load(file: Path) -> dict:
    """Read a record; empty if there is none or its hash does not fit."""
    try:
        record = json.loads(file.read_text(encoding="utf-8"))
        return record if record.pop("sum") == _sum(_text(record).encode()) else {}
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        return {}


def _text(record: Mapping) -> str:
    return json.dumps(record, indent=1, ensure_ascii=False)


def _of_the_build(path: Path) -> bool:
    """Whether a path is made by a build, or is a folder in which Python looks for modules."""
    project = here()
    made = path.is_relative_to(project.build) or path.is_relative_to(project.executed)
    looked = path.is_dir() and any(map(path.is_relative_to, packages.PACKAGES))
    return made or path in (project.root, project.notebooks) or looked


def read_record(copy: Path) -> dict:
    """Read the dependency record of an executed notebook; empty if there is none that is sound."""
    return load(copy.with_suffix(".json"))


def stale_reason(copy: Path, known: Mapping[str, str]) -> str:
    """Say why an executed notebook is out of date.

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
