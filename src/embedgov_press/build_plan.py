"""The plan of a build: which chapters to execute again, whether to build the pages again, and why."""

from dataclasses import dataclass
from pathlib import Path

from embedgov_study.project import here

from . import dependencies, editions
from .execution import chapters


@dataclass(frozen=True)
class Plan:
    """What a build has to do; nothing if there are no chapters and no reason to build the pages."""

    inputs: dict[str, str]  # content hashes of all that the book is made from, by name
    chapters: dict[str, str]  # the chapters to execute, each with the reason
    pages: str  # reason to rebuild the pages, or "" if they are up to date
    editions: dict[str, str]  # the other languages of the site, each with a sum of what it is made from
    joined: bool  # whether the site has these editions, and each is up to date

    def __str__(self) -> str:
        lines = [f"{name}: {reason}" for name, reason in self.chapters.items()]
        kept = len(chapters()) - len(lines)
        lines += [f"executed chapters used again: {kept}"] if kept and self.pages else []
        lines.append(f"pages: {self.pages or 'nothing to do'}")
        names = ", ".join(self.editions) or "none"
        lines += [] if self.joined else [f"editions in other languages: {names}, to be brought up to date"]
        return "\n".join(lines)


def plan(target: Path, force: bool = False, only_english: bool = False) -> Plan:
    """Plan a build: compare the present sources with those that a site was built from.

    Parameters
    ----------
    target : Path
        The folder of the site.
    force : bool
        Do everything again.
    only_english : bool
        Without the editions in other languages.
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
    elif made["site"] != dependencies.folder_hash(target, but=made.get("editions", {})):
        pages = "the site was altered"
    elif made["copies"] != _copies(executed):
        pages = "other executed chapters than those of the site"
    else:
        pages = ""
    wanted = {} if only_english else editions.wanted(known)
    joined = wanted == made.get("editions", {}) and all(
        made["sites"].get(name) == dependencies.folder_hash(target / name) for name in wanted
    )
    return Plan(known, again, pages, wanted, joined and not (force and wanted))


def write(target: Path, made: Plan, executed: Path, fresh: Path) -> None:
    """Record, in a JSON file next to a site, what the site was built from.

    It is called before the site is moved to its place.

    Parameters
    ----------
    target : Path
        The place of the site.
    made : Plan
        The plan that was carried out.
    executed, fresh : Path
        The executed chapters and the pages, still in temporary folders.
    """
    dependencies.save(
        _place(target),
        {
            "inputs": made.inputs,
            "toolchain": dependencies.toolchain(),
            "copies": _copies(executed),
            "site": dependencies.folder_hash(fresh, but=made.editions),
            "editions": made.editions,
            "sites": {name: dependencies.folder_hash(fresh / name) for name in made.editions},
        },
    )


def _copies(folder: Path) -> dict[str, str]:
    return {path.stem: dependencies.digest(path) for path in sorted(folder.glob("*.ipynb"))}


def _place(target: Path) -> Path:
    return target.with_name(f"{target.name}.json")
