"""Where the evidence for a statement stands: one address per row of a table."""

import re

from ..errors import NotebookError

# The page on which a row is shown, by the form of the row's id.
_PAGES = {
    r"B\d-\d\d": "evidence/{0}",
    r"Z\d\d": "evidence/{0}",
    r"(Z\d\d|ALL)-\d\d": "evidence/{1}#{0}",
    r"N\d{3}": "tables/numbers#{0}",
    r"D\d\d": "tables/definitions#{0}",
    r"Q\d\d": "tables/issues#{0}",
    r"R\d\d": "tables/literature#{0}",
    r"E\d\d": "tables/practice_evidence#{0}",
    r"[FLD]\d": "tables/findings_limits_directions#{0}",
    r"C\d{3}": "notebooks/claims#{0}",
}


def address(row_id: str) -> str:
    """Say where the book shows a row, as seen from a chapter.

    Parameters
    ----------
    row_id : str
        The id of a designation (``B3-02``), a described zone (``Z01``), a segment (``Z01-02``),
        a public report (``E05``), a number (``N016``), a definition (``D04``), an issue (``Q02``),
        a work (``R05``), a finding, limit or direction (``F1``) or a claim (``C001``).

    Returns
    -------
    str
        A relative address, for `embedgov.press.display.table`.

    Raises
    ------
    NotebookError
        If no row has an id of this form.
    """
    for form, page in _PAGES.items():
        if found := re.fullmatch(form, row_id):
            page, _, place = page.format(row_id, *found.groups()).partition("#")
            return f"../{page}.html" + (f"#{place}" if place else "")
    raise NotebookError(f"no row of the tables has an id like {row_id!r}")
