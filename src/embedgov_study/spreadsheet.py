"""Recognise cells that a spreadsheet program or a word processor has altered, such as dates and quotes."""

import re
import unicodedata

_CHINESE = re.compile("[\u3400-\u9fff]")
_MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec)"
_WIDE = re.compile("[０-９Ａ-Ｚａ-ｚ]")
_WIDE_SIGNS = re.compile("[\u3000-\u303f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uffef]")
_CURLY = re.compile("[‘’“”‚„]")
_DATE = re.compile(
    rf"\d{{1,4}}[- ]{_MONTH}(?:[- ]\d{{1,4}})?|{_MONTH}[- ]\d{{1,4}}"  # 4-Jan, Jul-15
    r"|\d{1,2}/\d{1,2}/(?:\d{4}|\d{2})(?: \d{1,2}:\d\d.*)?|\d{4}/\d{1,2}/\d{1,2}.*"  # 7/1/2015, 2015/7/1
    r"|\d{1,2}月\d{1,2}日",  # 1月4日
    re.IGNORECASE,
)
_UNSEEN = ("Cc", "Cf", "Zl", "Zp")
_EXPONENT = re.compile(r"[+-]?\d+(?:\.\d+)?E[+-]?\d+", re.IGNORECASE)
_FAULT = re.compile(r"#(?:N/A|REF!|NAME\?|VALUE!|DIV/0!|NUM!|NULL!|SPILL!|CALC!)|#{3,}")


def damage(cell: str, chinese: bool) -> tuple[str, str] | None:
    """Say what a program has probably done to a cell.

    Parameters
    ----------
    cell
        The text of the cell.
    chinese
        Whether the column holds Chinese, in which curly quotation marks and wide signs are right.

    Returns
    -------
    tuple of str, optional
        What is expected instead, and what to do; None if nothing can be told from the cell alone.
        A range or a number that was shortened or has lost its zeros is seen by the pattern of its
        column only.
    """
    if cell.isascii() and cell.isalnum():
        if not _EXPONENT.fullmatch(cell):
            return None
    elif cell != cell.strip():
        return "a cell without a blank at its beginning or end", "delete the blank"
    for sign in cell:
        if sign not in "\r\n" and (unicodedata.category(sign) in _UNSEEN or sign in "\xa0\u202f\ufffd"):
            name = unicodedata.name(sign, "").lower() or f"U+{ord(sign):04X}"
            return f"only signs that are seen, not {name}", "delete the sign, or write a blank"
    if _DATE.fullmatch(cell):
        return (
            "no date as a spreadsheet writes it",
            "write again what stood there (a range, a number, or a date as in 2015-07), "
            "in a program that leaves cells alone",
        )
    if _EXPONENT.fullmatch(cell):
        return "all digits, not a number with an exponent as a spreadsheet shortens it", "write all digits"
    if _FAULT.fullmatch(cell):
        return "a value, not what a spreadsheet shows in the place of one", "write the value again"
    if _WIDE.search(cell):
        return "letters and digits of half width", "write them without an input method for Chinese"
    if not chinese and not _CHINESE.search(cell):
        if _CURLY.search(cell):
            return "straight quotation marks and apostrophes", "write ' and \" for the curly ones"
        if _WIDE_SIGNS.search(cell):
            return "signs of half width, as there is no Chinese here", "write the sign of half width"
    return None
