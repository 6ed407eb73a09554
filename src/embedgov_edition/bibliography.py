"""Works as another edition cites them: a work in Chinese by its Chinese authors, title and journal."""

import re

_ENTRY = re.compile(r"^@\w+\{.*?^\}", re.M | re.S)


def translated(bibliography: str, language: str) -> str:
    """Put the fields of a language in the place of those without one: ``author_zh`` in that of ``author``.

    Parameters
    ----------
    bibliography : str
        A BibTeX file with a field a line.
    language : str
        How the fields end that are taken.
    """
    return _ENTRY.sub(lambda entry: _entry(entry[0], language), bibliography)


def _entry(entry: str, language: str) -> str:
    for name in re.findall(rf"^ *(\w+)_{language} *=", entry, re.M):
        entry = re.sub(rf"^ *{name} *=.*\n", "", entry, flags=re.M)
        entry = re.sub(rf"^( *{name})_{language}( *=)", r"\1\2", entry, flags=re.M)
    return entry
