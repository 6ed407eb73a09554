"""Build the editions in other languages beside the English one, and join their sites into one.

The copy of the project in a language, which `embedgov_edition.copy` writes, is built by a process of
its own, as any project; its site becomes a folder of the site, such as ``html/zh``.
What both sites hold alike, such as scripts and pictures, is there once.
Every page links to the same page in the other languages; a script adds the place on the page.
"""

import html
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from embedgov_edition import catalogue, copy
from embedgov_study.language import language
from embedgov_study.project import here

from . import dependencies
from .errors import BuildError

NAMES = {"en": ("en", "English"), "zh": ("zh-Hans", "中文")}  # its tag, and what it calls itself
_SHARED = ("_static", "_images", "downloads")  # folders of a site whose files other pages may show
_BUTTONS = '<div class="article-header-buttons">'
_SWITCH = re.compile(r"<!-- editions -->.*?<!-- /editions -->\n?", re.S)
_URL = re.compile(r"""url\(["']?([^"')?#]+)""")  # of a style, which stays beside it
_ADDRESS = re.compile(r'\b((?:href|src)=")((?:\.\./)*)((?:_static|_images|downloads)/[^"?#]+)')


def wanted(inputs: Mapping[str, str]) -> dict[str, str]:
    """The languages that have catalogues, each with a sum of all that its edition is made from.

    Parameters
    ----------
    inputs : mapping
        Content hashes of all that the English edition is made from.
    """
    if language() != "en":  # a copy has no copies
        return {}
    root, found = here().root, {}
    for name in catalogue.languages():
        files = dependencies.visible_files(catalogue.folder(name))
        own = {path.relative_to(root).as_posix(): dependencies.digest(path) for path in files}
        found[name] = dependencies.sum_of(inputs | own | dependencies.toolchain())
    return found


class Copies:
    """Running builds of the copies of the project."""

    def __init__(self, names: list[str], folder: Path, lock: int, force: bool):
        self.builds = {}
        for name in names:
            root = copy.write(name)
            log = open(folder / f"log-{name}", "w+", encoding="utf-8")
            command = [sys.executable, "-P", "-m", "embedgov", "book", *(["--force"] if force else [])]
            process = subprocess.Popen(
                command,
                cwd=root,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
                pass_fds=(lock,),
                process_group=0,
            )
            self.builds[name] = (process, log, root)

    def finished(self) -> dict[str, Path]:
        """Wait until all have ended; return the folder of each site.

        Raises
        ------
        BuildError
            With what the build of a copy said.
        """
        for name, (process, log, _) in self.builds.items():
            if process.wait():
                log.seek(0)
                lines = log.read().replace("\r", "\n").splitlines()
                said = [line for line in lines if line.strip() and not line.startswith("chapters:")]
                raise BuildError(f"the edition {name}: " + "\n".join(said[-20:]))
        return {name: root / "_build" / "html" for name, (*_, root) in self.builds.items()}

    def stop(self) -> None:
        """End those that still run."""
        for process, log, _ in self.builds.values():
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            process.wait()
            log.close()


@contextmanager
def building(names: list[str], folder: Path, lock: int, force: bool) -> Iterator[Copies]:
    """Build copies while something else is done; none of them outlives it."""
    copies = Copies(names, folder, lock, force)
    try:
        yield copies
    finally:
        copies.stop()


def join(site: Path, others: Mapping[str, Path]) -> None:
    """Put the sites of other languages into a site, and link the pages of all to each other.

    Parameters
    ----------
    site : Path
        The finished English site.
    others : mapping
        The site of each other language.
    """
    for name, other in others.items():
        target = site / name
        shutil.copytree(other, target)
        _share(site, target)
    for name in ("en", *others):
        for page in pages(site, name):
            text = page.read_text(encoding="utf-8")
            new = _with_switch(_SWITCH.sub("", text), page.relative_to(site), name, list(others), site)
            if new != text:
                page.write_text(new, encoding="utf-8")


def pages(site: Path, name: str) -> list[Path]:
    """The pages of one edition of a site."""
    if name != "en":
        return sorted((site / name).rglob("*.html"))
    return sorted(page for page in site.rglob("*.html") if page.relative_to(site).parts[0] not in NAMES)


def without_others(site: Path, into: Path, *patterns: str) -> None:
    """Copy the English part of a site, as it was before others were joined to it."""
    leave = shutil.ignore_patterns(*patterns)

    def ignored(folder: str, names: list[str]) -> set[str]:
        top = set(NAMES) if Path(folder) == site else set()
        return set(leave(folder, names)) | (top & set(names))

    shutil.copytree(site, into, ignore=ignored, dirs_exist_ok=True)
    for page in into.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        if "<!-- editions -->" in text:
            page.write_text(_SWITCH.sub("", text), encoding="utf-8")


def _share(site: Path, other: Path) -> None:
    """Remove from a site what the site around it holds alike, and let its pages lead there."""
    alike = set()
    for folder in _SHARED:
        for file in sorted((other / folder).rglob("*")):
            twin = site / file.relative_to(other)
            if file.is_file() and file.suffix != ".css" and twin.is_file():
                if file.stat().st_size == twin.stat().st_size and file.read_bytes() == twin.read_bytes():
                    alike.add(file.relative_to(other).as_posix())
    styles = (style.read_text(encoding="utf-8") for style in (other / "_static").rglob("*.css"))
    used = {address.rpartition("/")[2] for text in styles for address in _URL.findall(text)}
    alike = {name for name in alike if name.rpartition("/")[2] not in used}
    for page in other.rglob("*.html"):
        text = page.read_text(encoding="utf-8")

        def shared(address: re.Match) -> str:
            start, up, name = address.groups()
            return f"{start}{up}../{name}" if html.unescape(name) in alike else address[0]

        new = _ADDRESS.sub(shared, text)
        if new != text:
            page.write_text(new, encoding="utf-8")
    for name in alike:
        (other / name).unlink()


def _with_switch(text: str, page: Path, own: str, others: list[str], site: Path) -> str:
    """A page with links to itself in the other languages, in its head and for readers."""
    if not others:
        return text
    within = page.relative_to(own) if own != "en" else page
    up = "../" * (len(page.parts) - 1)
    address = {
        name: up + ("" if name == "en" else f"{name}/") + within.as_posix() for name in ("en", *others)
    }
    there = {
        name: link
        for name, link in address.items()
        if (site / ("" if name == "en" else name) / within).is_file()
    }
    if len(there) < 2:
        return text
    heads = "".join(f'<link rel="alternate" hreflang="{NAMES[n][0]}" href="{a}">\n' for n, a in there.items())
    links = "".join(
        f'<a class="edition-switch" href="{a}" hreflang="{NAMES[n][0]}" lang="{NAMES[n][0]}">{NAMES[n][1]}</a>\n'
        for n, a in there.items()
        if n != own
    )
    text = text.replace("</head>", f"<!-- editions -->\n{heads}<!-- /editions -->\n</head>", 1)
    return text.replace(_BUTTONS, f"{_BUTTONS}<!-- editions -->\n{links}<!-- /editions -->\n", 1)
