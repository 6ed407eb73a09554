"""The manifest: the SHA-256 of every source file of the book and of every file that a build makes.

``MANIFEST.sha256`` is what ``sha256sum --check`` reads.
Its comment lines name the environment of the build, so that a difference can be explained:
other inputs, another Python, other packages, another processor.
What none of these explains is a fault.
"""

import json
import platform
import re
import sysconfig
from pathlib import Path
from typing import NamedTuple

import numpy as np
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from embedgov_study.language import say
from embedgov_study.project import here

from .dependencies import digest, visible_files, write_whole
from .errors import BuildError

INPUTS = (
    "data",
    "locale",
    "notebooks",
    "book",
    "src",
    "_config.yml",
    "_toc.yml",
    "pyproject.toml",
    "requirements.txt",
    "requirements.lock",
    "LICENSE",  # which every hand-out holds
    "LICENSE-TEXT",
)

CERTIFICATE = "certificate"  # the name of its page and of its data in the site
# Files of the site that no two runs have in common, and why.
APART = {
    f"{CERTIFICATE}.html": "says when, how long and on which machine the book was built",
    f"{CERTIFICATE}.json": "holds what that page shows",
}

GROUPS = ("inputs", "executed notebooks", "figures and tables", "pages")
_FOLDERS = {r"_executed/|_build/\w+/_executed/": 1, r"_build/html/(?:\w+/)?downloads/": 2, r"_build/html/": 3}

LOCKED = "requirements.lock"  # the packages, where none deviates
_HEADER = """\
# Sums of what the book is made from and of what is made. `make book`, then
# `embedgov manifest --check` compares and says why something may differ;
# `sha256sum --check MANIFEST.sha256` compares without saying why.
"""


class Manifest(NamedTuple):
    """Hashes of files, and the environment in which they were made."""

    made_with: dict[str, str]  # Python, packages, platform, processor
    sums: dict[str, str]  # by path, relative to the project's folder


class Comparison(NamedTuple):
    """The files that differ from a manifest, by group, and the reasons why they may."""

    counts: dict[str, int]  # files in either
    differing: dict[str, dict[str, str]]  # path: differs, is missing or is new
    reasons: dict[str, list[str]]  # why a group may differ; none is a fault

    @property
    def status(self) -> int:
        """0: nothing differs; 3: something does, with a reason; 1: something without a reason."""
        faults = [group for group, files in self.differing.items() if files and not self.reasons[group]]
        return 1 if faults else 3 if any(self.differing.values()) else 0


def group(path: str) -> str:
    """Name the group of the manifest to which a path belongs."""
    return GROUPS[next((i for start, i in _FOLDERS.items() if re.match(start, path)), 0)]


def input_files(root: Path) -> list[Path]:
    """List the source files of the book.

    Parameters
    ----------
    root : Path
        The project's folder.

    Returns
    -------
    list of Path
        Files relative to `root`, sorted; hidden files, what Python leaves behind and the pages
        of the instructor's edition with their catalogues, which the site must not even name, do not count.
    """
    found = []
    for name in INPUTS:
        place = root / name
        found += visible_files(place) if place.is_dir() else [place] if place.is_file() else []
    found = sorted(path.relative_to(root) for path in found)
    return [path for path in found if "book/instructor/" not in path.as_posix()]


def of_project(root: Path, site: Path | None = None, executed: Path | None = None) -> Manifest:
    """Make the manifest of the project as it is now.

    Parameters
    ----------
    root : Path
        The project's folder.
    site, executed : Path, optional
        A site and executed notebooks that are not yet in their places.
    """
    site, executed = site or root / "_build" / "html", executed or root / "_executed"
    sums = {path.as_posix(): digest(root / path) for path in input_files(root)}
    for path in sorted(executed.glob("*.ipynb")):
        sums[f"_executed/{path.name}"] = digest(path)
    for path in sorted((root / "_build").glob("*/_executed/*.ipynb")):  # of other languages
        sums[path.relative_to(root).as_posix()] = digest(path)
    for path in sorted(site.rglob("*")):
        name = path.relative_to(site).as_posix()
        if path.is_file() and path.name not in APART:
            sums[f"_build/html/{name}"] = digest(path)
    return Manifest(environment(root / "requirements.lock"), sums)


def environment(lock: Path) -> dict[str, str]:
    """Describe the environment: Python, packages, platform and processor.

    Vectorised code of NumPy depends on what the processor can do, and with it the last digits.
    """
    others = deviating_packages(lock)
    simd = np.show_config(mode="dicts").get("SIMD Extensions", {})
    return {
        "Python": platform.python_version(),
        "packages": say("{lock}, but {others}", lock=LOCKED, others=say(", ").join(others))
        if others
        else LOCKED,
        "platform": " ".join((platform.system(), platform.machine(), *platform.libc_ver())).strip(),
        "processor": " ".join([*simd.get("baseline", []), *simd.get("found", [])]) or "unknown",
    }


def locked_packages(lock: Path, python: str) -> dict[str, Requirement]:
    """Read the packages that a lock names for one version of Python.

    Parameters
    ----------
    lock : Path
        A file as ``uv pip compile --generate-hashes`` writes it.
    python : str
        A full version, such as ``3.12.1``.

    Raises
    ------
    BuildError
        If an entry has no hash, or two entries for one package apply.
    """
    found = {}
    entries = re.split(r"\n(?=[a-z])", re.sub(r"^#.*\n", "", lock.read_text(encoding="utf-8"), flags=re.M))
    markers = {"python_full_version": python, "python_version": python.rpartition(".")[0]}
    for entry in entries:
        requirement = Requirement(entry.partition(" \\\n")[0].strip())
        hashes = re.findall(r"--hash=sha256:[0-9a-f]{64}\b", entry)
        if not hashes or len(requirement.specifier) != 1 or not str(requirement.specifier).startswith("=="):
            raise BuildError(f"{lock.name}: {requirement} has no exact version with a hash; run `make lock`")
        if requirement.marker is None or requirement.marker.evaluate(markers):
            if requirement.name in found:
                raise BuildError(
                    f"{lock.name}: {requirement.name} is locked twice for Python {python}; run `make lock`"
                )
            found[requirement.name] = requirement
    return found


def deviating_packages(lock: Path) -> list[str]:
    """List the installed packages whose version is not the locked one."""
    if not lock.is_file():
        return []
    folders = (folder.stem for folder in Path(sysconfig.get_path("purelib")).glob("*.dist-info"))
    installed = {
        canonicalize_name(name): version
        for name, _, version in (folder.rpartition("-") for folder in folders)
    }
    return [
        say(
            "{package} {installed} instead of {locked}",
            package=name,
            installed=installed[name],
            locked=str(requirement.specifier)[2:],
        )
        for name, requirement in locked_packages(lock, platform.python_version()).items()
        if name in installed and not requirement.specifier.contains(installed[name], prereleases=True)
    ]


def read(path: Path) -> Manifest:
    """Read a manifest.

    Raises
    ------
    BuildError
        If there is none, or a line is neither a comment nor a sum and a path.
    """
    if not path.is_file():
        raise BuildError(say("there is no {name}; run `embedgov manifest` to write one", name=path.name))
    made_with, sums = {}, {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if stated := re.fullmatch(r"# (Python|packages|platform|processor): (.+)", line):
            made_with[stated[1]] = stated[2]
        elif listed := re.fullmatch(r"([0-9a-f]{64})  (\S.*)", line):
            sums[listed[2]] = listed[1]
        elif line and not line.startswith("#"):
            raise BuildError(
                f"{path.name}:{number}: {line[:60]!r} is no sum and path; "
                "run `embedgov manifest` to write the file anew"
            )
    return Manifest(made_with, sums)


def write() -> Path:
    """Write the manifest of the book that was built last.

    Raises
    ------
    BuildError
        If there is no site, or something that it was made from was changed since.
    """
    now = _built()
    lines = [f"# {key}: {value}\n" for key, value in now.made_with.items()]
    lines += ["#\n# Left out, because no two runs have them in common:\n"]
    lines += [f"#   _build/html/{name}, which {why}\n" for name, why in APART.items()]
    for each in GROUPS:
        listed = sorted(path for path in now.sums if group(path) == each)
        lines += [f"#\n# {each}: {len(listed)} files\n"]
        lines += [f"{now.sums[path]}  {path}\n" for path in listed]
    return write_whole(here().manifest, _HEADER + "#\n" + "".join(lines))


def check_build() -> Comparison:
    """Compare the last build with ``MANIFEST.sha256``.

    Raises
    ------
    BuildError
        If there is no manifest or no site, or something that the site was made from was changed
        since it was built.
    """
    return compare(read(here().manifest), _built())


def compare(published: Manifest, current: Manifest) -> Comparison:
    """Compare two manifests: which files differ, and which reasons there are.

    Executed notebooks may differ with the inputs, Python, the packages, the platform and the
    processor; figures, tables and pages with the inputs, Python, the packages and the executed
    notebooks.
    """
    counts, differing, reasons = {}, {}, {}
    known = sorted(published.sums.keys() | current.sums.keys())
    others = {
        key: _other(key, value, published.made_with.get(key))
        for key, value in current.made_with.items()
        if value != published.made_with.get(key)
    }
    for each in GROUPS:
        files = [path for path in known if group(path) == each]
        counts[each] = len(files)
        differing[each] = {
            path: "is new"
            if path not in published.sums
            else "is missing"
            if path not in current.sums
            else "differs"
            for path in files
            if published.sums.get(path) != current.sums.get(path)
        }
        if each == "inputs":
            reasons[each] = [say("these files were changed, added or removed after the manifest was written")]
            continue
        permitted = ["Python", "packages"]
        permitted += ["platform", "processor"] if each == "executed notebooks" else []
        reasons[each] = [say("the inputs differ")] if differing["inputs"] else []
        if each != "executed notebooks" and differing["executed notebooks"]:
            reasons[each].append(say("the executed notebooks differ"))
        reasons[each] += [others[key] for key in permitted if key in others]
    return Comparison(counts, differing, reasons)


def _other(key: str, here: str, there: str | None) -> str:
    """How a part of the environment differs from that of the manifest."""
    values = {"here": here, "there": there}
    return {
        "Python": say("another Python: {here} here, {there} in the manifest", **values),
        "packages": say("other packages: {here} here, {there} in the manifest", **values),
        "platform": say("another platform: {here} here, {there} in the manifest", **values),
        "processor": say("another processor: {here} here, {there} in the manifest", **values),
    }[key]


def summary(comparison: Comparison) -> str:
    """Describe a comparison in words, one line per group and per file that differs."""
    lines = []
    for each, paths in comparison.differing.items():
        count = comparison.counts[each]
        if not paths:
            lines.append(f"{each}: {count} files, all as in the manifest")
            continue
        lines.append(f"{each}: {len(paths)} of {count} files not as in the manifest")
        lines += [f"  {what:10} {path}" for path, what in paths.items()]
        lines += [f"  may be so:  {why}" for why in comparison.reasons[each]]
        if not comparison.reasons[each]:
            lines.append(
                "  a fault: inputs, Python, packages and processor do not explain it; "
                "`make reproduce` shows whether two builds here agree"
            )
    return "\n".join(lines)


def _built() -> Manifest:
    """Make the manifest of the last build; refuse if there is none, or if a source changed since."""
    project = here()
    certificate = project.site / f"{CERTIFICATE}.json"
    if not certificate.is_file():
        raise BuildError(f"there is no finished site in {project.site}; run `make book` first")
    now = of_project(project.root)
    then = json.loads(certificate.read_text(encoding="utf-8"))["inputs"]
    changed = sorted(
        path
        for path in then.keys() | {p for p in now.sums if group(p) == "inputs"}
        if then.get(path) != now.sums.get(path)
    )
    if changed:
        more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
        raise BuildError(f"the site was built before {changed[0]}{more} changed; run `make book` first")
    return now
