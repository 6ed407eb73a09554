"""Recognise texts that look alike but differ in blanks, in the width of signs or in invisible signs."""

import unicodedata
from collections.abc import Iterable


def seen(text: str) -> str:
    """Fold a text so that texts that look alike become equal.

    Parameters
    ----------
    text : str
        For example the id of a unit.

    Returns
    -------
    str
        In the compatibility form of Unicode (NFKC), so that width does not count; without blanks,
        control and format characters.
    """
    plain = unicodedata.normalize("NFKC", text)
    return "".join(sign for sign in plain if not (sign.isspace() or unicodedata.category(sign)[0] == "C"))


def lookalike(text: str, others: Iterable[str]) -> str:
    """Say in words that a text looks like another one, for the end of a message.

    Parameters
    ----------
    text : str
        The text that was not found, or was not expected.
    others : iterable of str
        What is known.

    Returns
    -------
    str
        `` (it looks like 'u1', but differs by a blank, by width or by a sign that is not seen)``, or
        nothing if no other text looks like it.
    """
    own = seen(text)
    for other in others:
        if other != text and seen(other) == own:
            return f" (it looks like {other!r}, but differs by a blank, by width or by a sign not seen)"
    return ""
