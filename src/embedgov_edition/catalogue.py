"""Catalogues: what stands in another language for each message, in files of gettext's form.

A message is known by its own words. Where these change, the old translation no longer applies;
it stays in the file, marked as fuzzy and beside the words that it was made for, until somebody has
seen to it.
"""

import functools
from collections import Counter, defaultdict
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import PoFileError, denormalize, read_po, write_po

from embedgov.errors import DataError
from embedgov_study.project import here

from .messages import Message, all_messages

THEME = "theme"  # the folder of catalogues of the words of Sphinx and the theme, which no source of ours has
LOCALES = {"zh": "zh_CN"}  # how Sphinx and gettext call a language
_HEADER = """\
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""
_PLACES = 3  # of a message that occurs often, so many are named


def languages() -> list[str]:
    """The languages that have catalogues."""
    folder = here().root / "locale"
    return sorted(each.name for each in folder.iterdir() if each.is_dir()) if folder.is_dir() else []


def folder(language: str) -> Path:
    """Where the catalogues of a language are."""
    return here().root / "locale" / language


def read(file: Path) -> Catalog:
    """Read a catalogue; empty where there is no file.

    Raises
    ------
    DataError
        With the file and the reason, if it is no catalogue.
    """
    if not file.is_file():
        return Catalog(fuzzy=False)
    return _read(file, file.read_bytes())


@functools.lru_cache(maxsize=256)
def _read(file: Path, content: bytes) -> Catalog:
    try:
        found = read_po(BytesIO(content), abort_invalid=True)
    except (PoFileError, UnicodeDecodeError, ValueError) as error:
        name = file.relative_to(here().root)
        raise DataError(f"{name} is no catalogue: {error}; mend that line") from None
    for each in found:  # Babel writes the former words of a message, and reads them as a comment
        former = [line[1:].strip() for line in each.user_comments if line.startswith("|")]
        if former:
            each.previous_id = [denormalize("\n".join(former).removeprefix("msgid "))]
            each.user_comments = [line for line in each.user_comments if not line.startswith("|")]
    return found


def translations(language: str, name: Path) -> dict[str, str]:
    """What stands for each message of a catalogue, as far as it still applies.

    Parameters
    ----------
    language : str
        The folder below ``locale``.
    name : Path
        The catalogue, as `embedgov_edition.messages.all_messages` names it.
    """
    entries = read(folder(language) / name)
    return {each.id: each.string for each in entries if each.id and each.string and not each.fuzzy}


def template(messages: Iterable[Message]) -> Catalog:
    """Messages as a catalogue without translations, each with what it is and where it stands."""
    made, kinds, places = Catalog(fuzzy=False), defaultdict(dict), defaultdict(dict)
    for each in messages:
        kinds[each.text][each.kind] = None
        places[each.text][each.place] = None
    for text, own in kinds.items():
        where = [(place, None) for place in list(places[text])[:_PLACES]]
        made.add(text, locations=where, auto_comments=list(own)[:_PLACES])
    return made


def update(language: str) -> dict[Path, tuple[int, int]]:
    """Bring the catalogues up to date with the sources.

    A message that changed gets its old translation, marked as fuzzy, and one that another catalogue
    has already gets the translation of that. Catalogues without a source are removed.

    Parameters
    ----------
    language : str
        The folder below ``locale``.

    Returns
    -------
    dict
        For each catalogue the number of its messages, and of those without a translation that applies.
    """
    sources = all_messages()
    memory, found = _memory(language, sources), {}
    for name, messages in sources.items():
        file = folder(language) / name
        now, then = template(messages), read(file)
        before = {each.id: each for each in then if each.id}
        made = Catalog(fuzzy=False)
        for each in before.values():
            made.add(each.id, each.string, flags=each.flags)
        made.update(now, no_fuzzy_matching=not any(each.string for each in before.values()))
        for each in made:
            if each.id in memory and (not each.string or each.fuzzy):
                each.string, each.previous_id = memory[each.id], []
                each.flags.discard("fuzzy")
            if own := before.get(each.id):
                each.user_comments = own.user_comments
                each.previous_id = each.previous_id or own.previous_id if each.fuzzy else []
            each.flags.discard("python-brace-format")  # which is said of roles, too
        _write(made, file, language)
        entries = [each for each in made if each.id]
        found[name] = len(entries), sum(not each.string or each.fuzzy for each in entries)
    for file in folder(language).rglob("*.po"):
        name = file.relative_to(folder(language))
        if name not in sources and name.parts[0] != THEME:
            file.unlink()
    return found


def _memory(language: str, names: Iterable[Path]) -> dict[str, str]:
    """For each message that is translated somewhere, its most frequent translation."""
    known = defaultdict(Counter)
    for name in names:
        for message, string in translations(language, name).items():
            known[message][string] += 1
    return {message: strings.most_common(1)[0][0] for message, strings in known.items()}


def _write(catalogue: Catalog, file: Path, language: str) -> None:
    """Write a catalogue, the same for the same messages, and only if it is another than before."""
    made = BytesIO()
    write_po(
        made,
        catalogue,
        width=0,
        omit_header=True,
        ignore_obsolete=True,
        include_previous=True,
        include_lineno=False,
    )
    content = _HEADER.format(language=LOCALES.get(language, language)).encode() + made.getvalue()
    if not file.is_file() or file.read_bytes() != content:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
