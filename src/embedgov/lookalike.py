"""Recognise texts that look alike but differ in blanks, dashes, the width of signs or invisible signs."""

import re
import unicodedata
from collections.abc import Iterable

# Signs without a form of their own that Unicode counts among marks and letters, and the blank of Braille.
_UNSEEN = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\ufe00-\ufe0f\U000e0100-\U000e01ef]")


def seen(text: str) -> str:
    """Fold a text so that texts that look alike become equal.

    Parameters
    ----------
    text : str
        For example the id of a unit.

    Returns
    -------
    str
        In the compatibility form of Unicode (NFKC), so that width does not count; every dash as a hyphen;
        without blanks and signs that are not seen, such as control and format characters.
    """
    plain = _UNSEEN.sub("", unicodedata.normalize("NFKC", text)).replace("\N{MINUS SIGN}", "-")
    kinds = ((sign, unicodedata.category(sign)) for sign in plain)
    return "".join(
        "-" if kind == "Pd" else sign for sign, kind in kinds if not (sign.isspace() or kind[0] == "C")
    )


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
        `` (it looks like 'u1', but differs by a blank, a dash, width or a sign not seen)``, or
        nothing if no other text looks like it.
    """
    own = seen(text)
    for other in others:
        if other != text and seen(other) == own:
            return f" (it looks like {other!r}, but differs by a blank, a dash, width or a sign not seen)"
    return ""
