"""What a class hands in: archives of learning platforms, copies, versions, namesakes, and who is missing."""

import csv
import io
import os
import re
import time
import zipfile
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from embedgov_study.language import say

from .errors import TeachingError
from .sheet_reader import Sheet, name_key
from .table_files import LARGEST, RATIO, Refused, decoded, one_line

FILES = 2000  # in an archive of a platform
UNPACKED = 500 * 2**20  # bytes of all that such an archive holds
# What a list of a class may call the column of names and that of ids.
_NAMES = ("name", "full name", "learner", "student", "姓名", "vollständiger name", "nom complet")
_IDS = ("id", "identifier", "participant", "id number", "学号")


def unpacked(paths: Sequence[Path], into: Path) -> list[Path]:
    """Unpack the archives among files and folders, as Moodle and Canvas give them.

    Parameters
    ----------
    paths : sequence of Path
        Files and folders; those that end in ``.zip`` and hold no workbook are unpacked.
    into : Path
        An empty folder.

    Returns
    -------
    list of Path
        The same, with a folder for each archive.

    Raises
    ------
    TeachingError
        An archive is torn, locked or larger than `UNPACKED` or `FILES`, or a path in it leads out of it.
    """
    found = []
    for number, path in enumerate(map(Path, paths)):
        if path.suffix.lower() != ".zip" or not path.is_file():
            found.append(path)
            continue
        folder = into / str(number)
        try:
            with zipfile.ZipFile(path) as archive:
                _unpack(archive, path, folder)
        except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError) as error:
            raise TeachingError(
                f"{path} cannot be unpacked ({type(error).__name__}); download it again, or unpack it and "
                "name the folder"
            ) from error
        found.append(folder)
    return found


def _unpack(archive: zipfile.ZipFile, path: Path, folder: Path) -> None:
    parts = [part for part in archive.infolist() if not part.is_dir()]
    if len(parts) > FILES or sum(part.file_size for part in parts) > UNPACKED:
        raise TeachingError(
            f"{path} holds more than {FILES} files or {UNPACKED >> 20} MB; unpack it and name the folder"
        )
    for part in parts:
        target = (folder / part.filename).resolve()
        if not target.is_relative_to(folder.resolve()):
            raise TeachingError(f"{path}: {one_line(part.filename)} leads out of the archive; do not use it")
        target.parent.mkdir(parents=True, exist_ok=True)
        with open(target, "wb") as file:  # what is too large is refused by its size, so it may stay a hole
            if part.file_size > LARGEST or part.file_size > RATIO * max(part.compress_size, 2**20):
                file.truncate(part.file_size)
            else:
                file.write(archive.read(part))
        when = time.mktime((*part.date_time, 0, 0, -1))
        os.utime(target, (when, when))


def settle(sheets: Sequence[Sheet], latest: bool = False) -> None:
    """Say of sheets that could be one learner's which counts, and tell learners of one name apart.

    Sheets are one learner's if they have one name, or if a platform gives them one id.
    The same codes twice count once. Of different ones the latest counts if `latest`, by the date of the
    file; else all are refused, since nobody can tell. Learners of one name whose files lie in folders
    of their own, or have ids of their own, are two: id or folder is added to the name.

    Parameters
    ----------
    sheets : sequence of Sheet
        As read; ``refused``, ``superseded``, ``aside``, ``learner`` and ``messages`` are set.
    latest : bool
        Whether of several versions the latest counts.
    """
    attempts = defaultdict(list)
    for one in sheets:
        if not one.refused:
            who = one.submission.id if one.submission else name_key(one.learner)
            attempts[one.of, one.set, bool(one.submission), who].append(one)
    for group in attempts.values():
        kept = _without_copies(group)
        folders = {_folder(one) for one in kept}
        if kept[0].submission or "" in folders or len(folders) < len(kept):
            _choose(kept, latest)
    namesakes = defaultdict(set)
    for one in sheets:
        if not one.refused and not one.superseded:
            namesakes[name_key(one.learner)].add(_mark(one))
    for one in sheets:
        if one.refused or one.superseded or len(namesakes[name_key(one.learner)]) < 2:
            continue
        one.messages.append(
            say("Somebody else has this name, so an id stands behind yours.")
            if one.submission
            else say("Somebody else has this name, so a folder stands behind yours.")
        )
        one.aside = say("another learner has this name")
        one.learner = f"{one.learner} ({_mark(one)})"


def _mark(one: Sheet) -> str:
    """What tells a learner from another of the same name."""
    return one.submission.id if one.submission else _folder(one) or say("no folder")


def _folder(one: Sheet) -> str:
    return one.file.rpartition("/")[0]


def _without_copies(group: list[Sheet]) -> list[Sheet]:
    kept = []
    for one in sorted(group, key=lambda one: (len(one.file), one.file)):
        same = [
            each
            for each in kept
            if (each.answers, each.confidence, each.notes) == (one.answers, one.confidence, one.notes)
        ]
        if same:
            one.superseded = say("the same codes as in {file}, which counts", file=same[0].file)
        else:
            kept.append(one)
    return kept


def _choose(group: list[Sheet], latest: bool) -> None:
    if len(group) < 2:
        return
    newest = max(one.changed for one in group)
    newest_ones = [one for one in group if one.changed == newest]
    for one in group:
        others = say(", ").join(other.file for other in group if other is not one)
        if latest and len(newest_ones) == 1:
            if one is not newest_ones[0]:
                one.superseded = say("an older version of {file}, which counts", file=newest_ones[0].file)
            continue
        one.refused = (
            say(
                "there is another sheet of the same id, {id}, with other codes; if these are two people, give "
                "each a name of their own, if one, hand in one sheet",
                id=one.submission.id,
            )
            if one.submission
            else say(
                "there is another sheet of the same name, {name}, with other codes; if these are two people, "
                "give each a name of their own, if one, hand in one sheet",
                name=one.learner,
            )
        )
        one.aside = (
            say("the other: {files}; both have the same date", files=others)
            if latest
            else say("the other: {files}; with --latest the latest version counts", files=others)
        )


# ---- the list of a class


def roster(path: Path) -> list[tuple[str, str]]:
    """Read the list of a class: names, and ids where it has them.

    Parameters
    ----------
    path : Path
        Text with one name a line, or CSV with a header that has a column of names, such as ``name``,
        ``full name``, ``student`` or 姓名; also ``id`` or 学号, by which a platform's submissions are
        found.

    Returns
    -------
    list of (name, id)

    Raises
    ------
    TeachingError
        The file is not there, is in an encoding that cannot be told, or is empty.
    """
    try:
        text, _ = decoded(Path(path).read_bytes(), ("姓名", "学号"))
    except (OSError, Refused) as error:
        raise TeachingError(
            f"{path} cannot be read as a list of a class ({error}); save it as CSV UTF-8"
        ) from error
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    rows = [[one_line(cell) for cell in row] for row in csv.reader(io.StringIO(text), delimiter=delimiter)]
    rows = [row for row in rows if any(row)]
    if not rows:
        raise TeachingError(f"{path} is empty; write one name a line")
    header = [cell.casefold() for cell in rows[0]]
    names = [at for at, cell in enumerate(header) if cell in _NAMES]
    ids = [at for at, cell in enumerate(header) if cell in _IDS]
    given = "first name" in header and "last name" in header
    if names or ids or given:
        rows = rows[1:]
    listed = []
    for row in rows:
        cells = [*row, *[""] * (len(header) - len(row))]
        if given and not names:
            name = f"{cells[header.index('first name')]} {cells[header.index('last name')]}"
        else:
            name = cells[names[0] if names else 0]
        # Moodle calls the same id "Participant 123" in its list and 123 in names of folders.
        listed.append((name, re.sub(r"\D*(\d+)", r"\1", cells[ids[0]]) if ids else ""))
    return listed


def missing(listed: Sequence[tuple[str, str]], sheets: Sequence[Sheet]) -> tuple[list[str], list[str]]:
    """Who of a list has handed nothing in, and who handed something in and is not on the list.

    Parameters
    ----------
    listed : sequence of (name, id)
        As of `roster`.
    sheets : sequence of Sheet
        Of refused ones, too, something was handed in.

    Returns
    -------
    missing, unknown : list of str
        Names of the list; files.
    """
    keys = [(_letters(name), number) for name, number in listed]
    absent = dict(enumerate(listed))
    unknown = []
    for one in sheets:
        own = {_letters(one.learner), _letters(one.learner.partition(" (")[0])}
        own |= {_letters(one.submission.learner)} if one.submission else set()
        by_id = [at for at, (_, number) in enumerate(keys) if one.submission and number == one.submission.id]
        hits = by_id or [at for at, (name, _) in enumerate(keys) if name in own]
        if not hits:
            unknown.append(one.file)
        absent.pop(next((at for at in hits if at in absent), None), None)
    return [name or number for name, number in absent.values()], unknown


def _letters(name: str) -> str:
    """The letters of a name in the order of the alphabet of its words: Canvas writes them as one word."""
    return "".join(sorted(re.sub(r"[\W_]", "", name_key(name))))
