"""The errors of `embedgov`, and the base of those of the other packages.

Every message says what is wrong, where, and what to do next.
"""


class EmbedgovError(Exception):
    """Base of all errors that the command line prints without a traceback."""


class DataError(EmbedgovError):
    """A table, a code or a value is not what its schema allows."""


class PlottingError(EmbedgovError):
    """A figure was asked for something that its data, its labels or its fonts cannot give."""


class ClaimError(EmbedgovError):
    """A claim of the ledger cannot be checked as its row says."""
