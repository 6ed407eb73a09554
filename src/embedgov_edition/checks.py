"""What a catalogue lacks: translations, or in them what their messages have."""

import csv
import re
import string
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from . import catalogue, code, markdown
from .messages import CODE, SAID, VALUES, all_messages

ALLOWED = "allowed:"  # a translator's comment, ``# allowed: 20, 90``, names what the check is to pass over

_ROLE = re.compile(r"\{([\w:]+)\}`((?:[^`<]*<)?)([^`<>]+)>?`")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_LITERAL = re.compile(r"(?<![`}])`([^`]+)`(?!`)")
_CHINESE = r"[\u4e00-\u9fff]"
_GAP = re.compile(rf"{_CHINESE} +{_CHINESE}")
_NARROW = re.compile(rf"{_CHINESE}[,;:?!](?!//)|{_CHINESE}\.(?=\s|$)")
_MONTHS = "January February March April May June July August September October November December".split()

# As in 第三批: numbers that a translation may have in words.
_DIGITS = "零一二三四五六七八九"
_SPOKEN = {str(i): tuple(each) for i, each in enumerate(_DIGITS)} | {"2": ("二", "两"), "10": ("十",)}
_SPOKEN |= {str(10 + i): (f"十{each}",) for i, each in enumerate(_DIGITS[1:], 1)}


@dataclass(frozen=True)
class Fault:
    """A message that cannot be published as it is."""

    file: str
    message: str
    kind: str  # what `summary` counts
    reason: str

    def __str__(self) -> str:
        words = " ".join(self.message.split())
        return f"{self.file}: “{words[:70]}{'…' if len(words) > 70 else ''}”: {self.reason}"


MISSING, FUZZY, ROLES, NUMBERS, VALUES_, MARKS, TERMS = KINDS = (
    "missing",
    "fuzzy",
    "with other references",
    "with other numbers",
    "with other values",
    "with faulty marks",
    "with other terms",
)


def faults(language: str, names: Iterable[Path] | None = None) -> list[Fault]:
    """Find what is not translated, no longer applies, or is not as its message.

    Parameters
    ----------
    language : str
        The folder below ``locale``.
    names : iterable of Path, optional
        The catalogues, as `embedgov_edition.messages.all_messages` names them; all by default.
    """
    found, sources, known = [], all_messages(), terms(language)
    for name in sources if names is None else names:
        file = f"locale/{language}/{name.as_posix()}"
        held = {each.id: each for each in catalogue.read(catalogue.folder(language) / name) if each.id}
        kinds = {}
        for each in sources.get(name, []):
            kinds.setdefault(each.text, each.kind)
        for message, kind in kinds.items():
            own = held.get(message)
            if own is None or not own.string:
                found.append(Fault(file, message, MISSING, "is not translated"))
            elif own.fuzzy:
                found.append(Fault(file, message, FUZZY, "changed after it was translated"))
            else:
                passed = allowed(own.user_comments)
                for what, reason in unlike(message, own.string, kind, known, passed):
                    found.append(Fault(file, message, what, reason))
    return found


def summary(found: list[Fault]) -> str:
    """Count faults by their kind."""
    counts = Counter(fault.kind for fault in found)
    return ", ".join(f"{counts[kind]} {kind}" for kind in KINDS)


def allowed(comments: Iterable[str]) -> set[str]:
    """What a translator's comments say that the check is to pass over."""
    return {
        part.strip()
        for comment in comments
        if comment.strip().startswith(ALLOWED)
        for part in comment.strip().removeprefix(ALLOWED).split(",")
    }


def terms(language: str) -> dict[str, tuple[re.Pattern, list[str]]]:
    """The terms to which translations are held: each with how it is found, and its words.

    They are the rows of ``terms.csv`` in the folder of the language whose column ``checked`` says yes.
    """
    file = catalogue.folder(language) / "terms.csv"
    if not file.is_file():
        return {}
    with open(file, encoding="utf-8", newline="") as opened:
        return {
            row["en"]: (_words(row["en"]), row["zh"].split("；"))
            for row in csv.DictReader(opened)
            if row["checked"] == "yes"
        }


def _words(term: str) -> re.Pattern:
    plural = re.sub(r"y$", "(?:y|ies)", term) if re.search("[^aeiou]y$", term) else f"{term}(?:e?s)?"
    return re.compile(rf"(?<![\w-]){plural}(?![\w-])", re.I)


def unlike(
    message: str,
    translation: str,
    kind: str,
    known: dict[str, tuple[re.Pattern, list[str]]] | None = None,
    passed: frozenset[str] | set[str] = frozenset(),
) -> list[tuple[str, str]]:
    """Find what a translation has otherwise than its message.

    Parameters
    ----------
    message, translation : str
        The English text and what stands for it.
    kind : str
        What the message is.
    known : dict, optional
        As `terms` gives them.
    passed : set of str
        Numbers and terms that are passed over.

    Returns
    -------
    list of tuple
        For each fault its kind and the reason.
    """
    if message == translation:
        return []
    found = list(_values(message, translation, kind))
    own, new = _visible(message, kind), _visible(translation, kind)
    if not kind.startswith(CODE):
        for what, pattern in (("references", _ROLE), ("links", _LINK), ("code", _LITERAL)):
            asked, given = _targets(pattern, message), _targets(pattern, translation)
            if asked != given:
                found.append(
                    (ROLES, f"lacks {what} {_listed(asked - given)}, has more {_listed(given - asked)}")
                )
        if _stray(translation) and not _stray(message):
            found.append((MARKS, "has an asterisk that makes no emphasis; put the full stop behind it"))
    found += _numbers(own, new, passed)
    if gap := _GAP.search(new):
        found.append((MARKS, f"has a space between Chinese: {gap[0]!r}"))
    if narrow := _NARROW.search(new):
        found.append((MARKS, f"has a Latin sign behind Chinese: {narrow[0]!r}"))
    for term, (pattern, words) in (known or {}).items():
        if term not in passed and pattern.search(own) and not any(word in translation for word in words):
            found.append((TERMS, f"has “{term}” without {' or '.join(words)}"))
    return found


def _listed(names: set) -> str:
    return ", ".join(sorted(map(str, names))) or "none"


def _targets(pattern: re.Pattern, text: str) -> set[str]:
    if pattern is _ROLE:
        return {f"{role} {target.strip().casefold()}" for role, _, target in _ROLE.findall(text)}
    return set(pattern.findall(_ROLE.sub("", text)))


def _values(message: str, translation: str, kind: str) -> Iterable[tuple[str, str]]:
    try:
        if kind.startswith(VALUES):
            asked, given = code.bare(message), code.bare(translation)
        elif kind == SAID or "{}" in message:
            asked, given = _places(message), _places(translation)
            if message.count("{}") != translation.count("{}"):
                given |= {"{} as often"}
        else:
            return
    except ValueError as error:
        yield VALUES_, str(error)
        return
    if asked != given:
        yield VALUES_, f"lacks the values {_listed(asked - given)}, has more {_listed(given - asked)}"


def _places(text: str) -> set[str]:
    return {f"{{{name}}}" for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def _visible(text: str, kind: str) -> str:
    """The words of a text, without values, addresses and what references lead to."""
    text = _ROLE.sub(lambda role: role[2].rstrip("< ") or ("" if role[1] != "term" else role[3]), text)
    text = _LITERAL.sub("", _LINK.sub("]", text))
    if kind.startswith((VALUES, SAID)):
        text = re.sub(r"\{[^{}]*\}", "", text)
    return re.sub(r"https?://\S+|<[^>]*>", "", text)


def _numbers(own: str, new: str, passed: Iterable[str]) -> list[tuple[str, str]]:
    asked, given = set(re.findall(r"\d+", own)), set(re.findall(r"\d+", new))
    months = {str(i) for i, month in enumerate(_MONTHS, 1) if re.search(rf"\b{month}\b", own)}
    if more := given - asked - months - set(passed):
        return [(NUMBERS, f"has the number {_listed(more)}, which the message has not")]
    spoken = {number for number, words in _SPOKEN.items() if any(word in new for word in words)}
    if less := asked - given - spoken - set(passed):
        return [(NUMBERS, f"lacks the number {_listed(less)}")]
    return []


def _stray(text: str) -> bool:
    """Whether an asterisk stands in the text as it is shown."""
    if "*" not in text:
        return False
    tokens = markdown.parser().parse(markdown.flowing(text))
    return any(
        "*" in child.content
        for token in tokens
        if token.type == "inline"
        for child in token.children or []
        if child.type == "text"
    )
