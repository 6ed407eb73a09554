"""Numbers as figures write them."""


def number(value: float, places: int | None = None) -> str:
    """A number as figures write it.

    Parameters
    ----------
    value : float
        The number.
    places : int, optional
        Decimal places; as many as it needs by default.

    Returns
    -------
    str
        The number with a proper minus sign.

    Examples
    --------
    >>> number(-0.5)
    '−0.5'
    """
    text = f"{value:g}" if places is None else f"{value:.{places}f}"
    if not float(text):
        text = text.removeprefix("-")
    return text.replace("-", "\u2212")
