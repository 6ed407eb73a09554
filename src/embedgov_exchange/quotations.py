"""Find quotations from the sources that are longer than a term.

The article and the ministry's texts are not ours to publish: what the repository quotes ends at
twelve characters. Names of places and what `data/registry/names.csv` lists may be longer.
"""

import csv
import io
import os
import re
import subprocess
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from html.parser import HTMLParser
from pathlib import Path

LONGEST = 12  # characters that a quotation may have
_RUN = LONGEST + 1
_CHINESE = "[\u3400-\u9fff]"
_OTHER = "[^`<>{}\u3400-\u9fff]"  # within a tag or a hole, which is read like the rest where it has Chinese
_MADE = {"_build", "_executed", "_sources", "__pycache__"}  # folders that nobody writes in


class Quotations:
    """13-character runs of the sources, which must not appear in the repository.

    Parameters
    ----------
    sources
        The texts of the sources; a quotation never runs from one into the next.
    names
        Names that may be longer.
    """

    def __init__(self, sources: Iterable[str], names: Iterable[str]):
        runs = {run for text in sources for run in _runs(text)}
        cited = {run for name in names for run in _runs(name)}
        self._runs = {run for run in runs - cited if len(re.findall(_CHINESE, run)) >= _RUN - 2}

    def find(self, text: str, line: int = 1) -> Iterator[tuple[int, str]]:
        """Find the long quotations in a text.

        Signs and spaces do not count: a long quotation is thirteen letters and digits of a source
        in a row, of which at least eleven are Chinese.

        Parameters
        ----------
        text
            The text.
        line
            Number of its first line.

        Yields
        ------
        line, quotation
            The line on which the quotation starts, and the characters that are shared.
        """
        chars, lines = _squeezed(text, line)
        place = 0
        while place + _RUN <= len(chars):
            end = place
            while chars[end : end + _RUN] in self._runs:
                end += 1
            if end > place:
                end += LONGEST
                yield lines[place], chars[place:end]
            place = max(end, place + 1)


def _squeezed(text: str, first: int = 1) -> tuple[str, list[int]]:
    """The letters and digits of a text, and the line of each; nothing of a text without Chinese."""
    if not re.search(_CHINESE, text):
        return "", []
    kept = [
        (char, number)
        for number, line in enumerate(text.split("\n"), first)
        for char in unicodedata.normalize("NFKC", line)
        if char.isalnum()
    ]
    return "".join(char for char, _ in kept), [number for _, number in kept]


def _runs(text: str) -> Iterator[str]:
    chars, _ = _squeezed(text)
    return (chars[place : place + _RUN] for place in range(len(chars) - LONGEST))


def readable_texts(path: Path) -> list[tuple[int, str]]:
    """Read a file as separate texts, each with the number of its first line.

    No quotation runs from one text to the next. A cell of a CSV file is a text of its own, and so is
    a message of a catalogue, a paragraph or a cell of a page of HTML and an attribute of one.
    What stands between characters and is not seen does not part them: escapes, as notebooks have
    them, are resolved, roles show their words, tags and the holes of f-strings show nothing.
    A file that is not UTF-8 has no text.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (UnicodeDecodeError, OSError):
        return []
    if path.suffix == ".html":
        return _page(text)
    if path.suffix == ".csv":
        return _cells(text)
    texts = _messages(text) if path.suffix == ".po" else [(1, text)]
    return [(line, _seen(one)) for line, one in texts]


def _seen(text: str) -> str:
    """What a reader sees of a text that has escapes, roles, tags and holes; no line more or less."""

    def lines(hidden: str) -> str:
        return "\n" * hidden.count("\n")

    escape = r"\\(?:u([0-9a-fA-F]{4})|n)"
    text = re.sub(escape, lambda found: chr(int(found[1] or "20", 16)), text)
    text = re.sub(r"\{glue:\w+\}`[^`]*`", lambda found: lines(found[0]), text)
    role = rf"\{{[\w:-]+\}}`([^`<]*)(<{_OTHER}*>)?`"
    text = re.sub(role, lambda found: found[1] + lines(found[2] or ""), text)
    return re.sub(rf"</?[a-zA-Z]{_OTHER}*>|\{{{_OTHER}*\}}", lambda found: lines(found[0]), text)


def _messages(text: str) -> list[tuple[int, str]]:
    """The messages of a catalogue and their translations."""
    texts, string = [], r'"((?:[^"\\]|\\.)*)"'
    for number, line in enumerate(text.splitlines(), 1):
        if found := re.fullmatch(rf"msg\w+ {string}", line):
            texts.append((number, found[1]))
        elif texts and (found := re.fullmatch(string, line)):
            texts[-1] = texts[-1][0], f"{texts[-1][1]}\n{found[1]}"
        elif line.strip():
            texts.append((number, line))
    return texts


_APART = (
    "address article aside blockquote br button caption dd details div dl dt figcaption figure footer h1 h2 h3"
    " h4 h5 h6 header hr li main nav ol option p pre section select summary table tbody td text tfoot th thead"
    " title tr ul"
).split()  # elements of HTML before and after which another text begins
_ATTRIBUTES = {"alt", "aria-label", "content", "placeholder", "title"}  # whose text is read or heard


class _Page(HTMLParser):
    """Collects the texts of a page; scripts and styles have none."""

    def __init__(self):
        super().__init__()
        self.texts, self.silent = [(1, "")], 0

    def part(self, tag: str) -> None:
        if tag in _APART and self.texts[-1][1]:
            self.texts.append((self.getpos()[0], ""))

    def handle_starttag(self, tag, attrs):
        self.silent += tag in ("script", "style")
        here = self.texts.pop()
        self.texts += [(self.getpos()[0], text) for name, text in attrs if name in _ATTRIBUTES and text]
        self.texts.append(here)
        self.part(tag)

    def handle_endtag(self, tag):
        self.silent -= tag in ("script", "style")
        self.part(tag)

    def handle_data(self, data):
        if not self.silent:
            line, text = self.texts[-1]
            self.texts[-1] = (line if text else self.getpos()[0]), text + data


def _page(text: str) -> list[tuple[int, str]]:
    page = _Page()
    page.feed(text)
    page.close()
    return page.texts


def _cells(text: str) -> list[tuple[int, str]]:
    reader = csv.reader(io.StringIO(text, newline=""))
    cells, line = [], 1
    try:
        for row in reader:
            cells += [(line, cell) for cell in row]
            line = reader.line_num + 1
    except csv.Error:
        return [(1, text)]
    return cells


def project_files(root: Path, given: Collection[Path] = ()) -> list[Path]:
    """List the files of the project.

    Parameters
    ----------
    root
        The project.
    given
        Copies of the sources, which are no part of the project unless git tracks them.

    Returns
    -------
    list of Path
        The files that git tracks; without git, all but what a build makes and what is hidden.
    """
    try:
        done = subprocess.run(["git", "-C", root, "ls-files", "-z"], capture_output=True)
    except OSError:
        done = None
    if done and done.returncode == 0 and done.stdout:
        return [root / name for name in os.fsdecode(done.stdout).split("\0") if name]
    return [
        path
        for path in sorted(root.rglob("*"))
        if path.is_file()
        and path.resolve() not in given
        and not any(
            part in _MADE or part.endswith(".egg-info") or part.startswith(".")
            for part in path.relative_to(root).parts
        )
    ]
