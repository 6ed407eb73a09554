"""Find what programs would lose or misplace in a REFI-QDA project, though its schema allows it."""

import io
import re
import uuid
import xml.etree.ElementTree as ET
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator

# What no text may hold: all but one line of the Basic Multilingual Plane, of which all programs count
# the characters alike. Some count UTF-16 units, and some the end of a line as two.
FOREIGN = re.compile("[^\x20-\x7e\xa0-\ud7ff\ue000-\ufffd]")
_TARGETS = {
    "CodeRef": "Code",
    "VariableRef": "Variable",
    "SourceRef": "TextSource",
    "SelectionRef": "PlainTextSelection",
}
_USERS = ("creatingUser", "modifyingUser", "creatingUserGUID", "modifyingUserGUID")
_MADE = ("TextSource", "PlainTextSelection", "Coding")  # what must say who made it


def faults(content: bytes) -> list[str]:
    """List what a program would lose or misplace in a project, though its schema allows it.

    Parameters
    ----------
    content
        A ``.qdpx`` file that the schema of the standard allows.

    Returns
    -------
    list of str
        One line per fault: a reference without its target or in another form, an id or a name
        that is not unique, a coding that does not say who coded or that says the same as another,
        a text that is missing or not in the form in which positions are counted, a position
        outside its text. Empty when there is none.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    root = ET.fromstring(files.pop("project.qde"))
    for element in root.iter():
        element.tag = element.tag.partition("}")[2]
    return [*_unresolved(root), *_alike(root), *_misplaced(root, files)]


def _unresolved(root: ET.Element) -> Iterator[str]:
    """Ids and references: in one form, since QualCoder compares them letter by letter."""
    kinds, codable = defaultdict(list), set()
    for element in root.iter():
        if guid := element.get("guid"):
            kinds[guid].append(element.tag)
            if guid != str(uuid.UUID(guid)):
                yield f"{_place(element)}: the id is not written in lower case without braces"
            if element.get("isCodable") == "true":
                codable.add(guid)
    for guid, tags in kinds.items():
        if len(tags) > 1 and sorted(tags) != ["Case", "Code"]:
            yield f"{guid}: the id of {len(tags)} things: {', '.join(tags)}"
    for element in root.iter():
        target = element.get("targetGUID")
        if element.tag in _TARGETS and _TARGETS[element.tag] not in kinds[target]:
            yield f"{element.tag} to {target}: there is no {_TARGETS[element.tag]} with this id"
        if element.tag == "CodeRef" and "Code" in kinds[target] and target not in codable:
            yield f"CodeRef to {target}: this code is a heading and cannot be given"
        if element.tag in _MADE and not element.get("creatingUser"):
            yield f"{_place(element)}: it does not say who made it"
        for name in _USERS:
            if (user := element.get(name)) and "User" not in kinds[user]:
                yield f"{_place(element)}: there is no user {user}"


def _alike(root: ET.Element) -> Iterator[str]:
    """Names and codings that programs take for the same thing, and names they cannot use."""
    for tag in ("User", "Code", "Variable", "Case", "TextSource"):
        names = Counter((element.get("name") or "").casefold() for element in root.iter(tag))
        for name, count in names.items():
            if count > 1 or not name.strip():
                yield f"{tag} {name!r}: a name that {count} have; each needs its own"
    for source in root.iter("TextSource"):
        if re.search(r'[\\/:*?"<>|]', source.get("name") or ""):
            yield f"{_place(source)}: the name cannot be that of a file"
        given = Counter(
            (*_span(selection), selection.get("creatingUser"), reference.get("targetGUID"))
            for selection in source.iter("PlainTextSelection")
            for reference in selection.iter("CodeRef")
        )
        for (start, end, user, code), count in given.items():
            if count > 1:
                yield f"{_place(source)}: {count} codings of {start} to {end} with {code} by {user}"
        for selection in source.iter("PlainTextSelection"):
            for coding in selection.iter("Coding"):
                if coding.get("creatingUser") != selection.get("creatingUser"):
                    yield f"{_place(coding)}: its selection says that somebody else coded"


def _misplaced(root: ET.Element, files: dict[str, bytes]) -> Iterator[str]:
    """Texts and positions in them, which count the characters of Unicode from 0."""
    unread = set(files)
    for source in root.iter("TextSource"):
        path = (source.get("plainTextPath") or "").replace("internal://", "sources/", 1)
        if path not in files:
            yield f"{_place(source)}: there is no file {path!r} in the archive"
            continue
        unread.discard(path)
        try:
            text = files[path].decode("utf-8")
        except UnicodeDecodeError:
            yield f"{path}: not UTF-8"
            continue
        if found := FOREIGN.search(text):
            yield f"{path}: U+{ord(found[0]):04X} would move the positions after it"
        for selection in source.iter("PlainTextSelection"):
            start, end = _span(selection)
            if not 0 <= start < end <= len(text):
                yield f"{_place(selection)}: from {start} to {end} of {len(text)} characters"
    yield from (f"{path}: no text of the project" for path in sorted(unread))


def _span(selection: ET.Element) -> tuple[int, int]:
    return int(selection.get("startPosition")), int(selection.get("endPosition"))


def _place(element: ET.Element) -> str:
    return f"{element.tag} {element.get('name') or element.get('guid')}"
