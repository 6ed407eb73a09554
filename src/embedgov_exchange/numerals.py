"""Read numbers in Chinese text, whether in digits or in characters."""

import re
import unicodedata

_CHARACTERS = "零〇一二两三四五六七八九十百千万"
_OTHER = {"〇": 0, "两": 2}
_HALVES = {"上半年": "H1", "下半年": "H2"}
_TOKEN = re.compile(rf"[A-Z]?\d+|(?<![A-Za-z])[A-Z](?![A-Za-z])|[{_CHARACTERS}]+(?![{_CHARACTERS}是])")


def read(text: str) -> list[str]:
    """Read the numbers of a text in their order, as digits.

    A point or a dash ends a number, so that dates and percentages are the numbers they consist of.
    What only counts the parts of a sentence, as in ``一是``, is no number.
    A letter that stands alone is kept, as in ``1+N+X``, and the halves of a year are H1 and H2.

    Parameters
    ----------
    text
        The text; full-width signs and thousands separators are not known to it.

    Returns
    -------
    list of str
        ``"三年"`` gives ``["3"]``, ``"2015年上半年"`` ``["2015", "H1"]``, ``"92.5%"`` ``["92", "5"]``.
    """
    for half, sign in _HALVES.items():
        text = text.replace(half, sign)
    return [_plain(token) for token in _TOKEN.findall(text)]


def _plain(token: str) -> str:
    if token.isdecimal():
        return str(int(token))
    if token[0] not in _CHARACTERS:
        return token
    whole = part = digit = 0
    for character in token:
        value = _OTHER.get(character, -1)
        value = value if value >= 0 else int(unicodedata.numeric(character))
        if value < 10:
            digit = value
        elif value < 10_000:
            part, digit = part + (digit or 1) * value, 0
        else:
            whole, part, digit = whole + (part + digit) * value, 0, 0
    return str(whole + part + digit)
