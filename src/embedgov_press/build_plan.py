"""What a build has to do again, and why."""

from dataclasses import dataclass
from pathlib import Path

from embedgov_study.project import here

from . import dependencies
from .chapters import chapters


@dataclass(frozen=True)
class Plan:
    """What is to be done for a site; nothing where both reasons are empty."""

    inputs: dict[str, str]  # content hashes of all that the book is made from, by name
    chapters: dict[str, str]  # the chapters to be executed, with the reason of each
    pages: str  # why the pages are to be built; empty: the site is as it would be built

    def __str__(self) -> str:
        lines = [f"{name}: {reason}" for name, reason in self.chapters.items()]
        kept = len(chapters()) - len(lines)
        lines += [f"executed chapters used again: {kept}"] if kept and self.pages else []
        return "\n".join([*lines, f"pages: {self.pages or 'nothing to do'}"])


def plan(target: Path, force: bool = False) -> Plan:
    """Compare what the book is made from with what a site was made from.

    Parameters
    ----------
    target : Path
        The folder of the site.
    force : bool
        Do everything again.
    """
    known, executed = dependencies.input_hashes(), here().executed
    again = {
        name: "asked for" if force else dependencies.stale_reason(executed / f"{name}.ipynb", known)
        for name in chapters()
    }
    again = {name: reason for name, reason in again.items() if reason}
    made = dependencies.load(_place(target))
    before = made.get("inputs", {})
    changed = sorted(name for name in {*known, *before} if known.get(name) != before.get(name))
    if force:
        pages = "asked for"
    elif not made or not target.is_dir():
        pages = "never built"
    elif again:
        pages = f"chapters to execute: {len(again)}"
    elif changed:
        pages = f"{changed[0]}{f' and {len(changed) - 1} more' if changed[1:] else ''} changed"
    elif made["toolchain"] != dependencies.toolchain():
        pages = "Python, a package or the way of building changed"
    elif made["site"] != dependencies.folder_hash(target):
        pages = "the site was altered"
    elif made["copies"] != _copies(executed):
        pages = "other executed chapters than those of the site"
    else:
        pages = ""
    return Plan(known, again, pages)


def write(target: Path, made: Plan, executed: Path, fresh: Path) -> None:
    """Note beside a site what it was made from, before it is put in its place."""
    dependencies.save(
        _place(target),
        {
            "inputs": made.inputs,
            "toolchain": dependencies.toolchain(),
            "copies": _copies(executed),
            "site": dependencies.folder_hash(fresh),
        },
    )


def _copies(folder: Path) -> dict[str, str]:
    return {path.stem: dependencies.digest(path) for path in sorted(folder.glob("*.ipynb"))}


def _place(target: Path) -> Path:
    return target.with_name(f"{target.name}.json")
