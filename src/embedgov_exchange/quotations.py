"""Find quotations from the sources that are longer than a term.

The article and the ministry's texts are not ours to publish: what the repository quotes ends at
twelve characters. Names of places, the title and the name of the programme may be longer.
"""

import csv
import io
import os
import re
import subprocess
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

LONGEST = 12  # characters that a quotation may have
_RUN = LONGEST + 1
_CHINESE = "[\u3400-\u9fff]"
# What cites a source instead of quoting it: the title, with the name of the programme in it.
_CITED = "城市社区治理社会化的要素嵌入与整体性建构——基于“第三批全国社区治理和服务创新实验区”的案例分析"
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
        cited = {run for name in [_CITED, *names] for run in _runs(name)}
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

    No quotation runs from one text to the next. A cell of a CSV file is a text of its own. Escapes,
    as notebooks have them, are resolved. A file that is not UTF-8 has no text.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (UnicodeDecodeError, OSError):
        return []
    if path.suffix == ".csv":
        return _cells(text)
    escape = r"\\(?:u([0-9a-fA-F]{4})|n)"
    return [(1, re.sub(escape, lambda found: chr(int(found[1] or "20", 16)), text))]


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
