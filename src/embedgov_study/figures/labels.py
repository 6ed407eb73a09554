"""The fixed texts of this study's figures, in both languages, from ``labels.csv``."""

from embedgov.plotting import labels


def label(label_id: str, language: str = "en", **values) -> str:
    """One fixed text of a figure, as `embedgov.plotting.labels.label`, but from this package's table.

    Parameters
    ----------
    label_id, language, **values
        As there.

    Returns
    -------
    str
        The text.

    Raises
    ------
    PlottingError
        As there.

    Examples
    --------
    >>> label("batch_3", "zh")
    '第三批'
    """
    return labels.label(label_id, language, package=__package__, **values)
