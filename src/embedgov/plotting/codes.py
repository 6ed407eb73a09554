"""The names that codes have in a figure."""

from collections.abc import Hashable, Iterable

import pandas as pd

from ..errors import PlottingError
from .labels import require_language
from .rows import require_rows
from .text import sentence


def code_names(codes: pd.DataFrame | None, used: Iterable[Hashable], language: str) -> dict[Hashable, str]:
    """Name of each code that is used, in the order of the codebook.

    Parameters
    ----------
    codes : pandas.DataFrame or None
        A codebook, with ``code`` and, as `language` says, ``label_en`` or ``label_zh``;
        without one, codes are named by themselves, in the order of their use.
    used : iterable of hashable
        The codes that a figure shows.
    language : {"en", "zh"}
        Language of the names.

    Returns
    -------
    dict of hashable to str
        The name of each code.

    Raises
    ------
    PlottingError
        If the codebook lacks a code that is used.
    """
    name, used = f"label_{require_language(language)}", list(dict.fromkeys(used))
    if codes is None:
        return {code: str(code) for code in used}
    require_rows(codes, ("code", name), key=("code",), called="codes")
    names = dict(zip(codes["code"], codes[name]))
    for code in used:
        if code not in names:
            raise PlottingError(
                f"data has the code {code!r}, but codes['code'] holds only {', '.join(map(str, names))}"
            )
    return {code: sentence(text) for code, text in names.items() if code in used}
